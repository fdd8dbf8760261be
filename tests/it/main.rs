//! The integration tests: one binary, one module for each thing that is proved.

mod hostile_containers;
