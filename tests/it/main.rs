//! The integration tests: one binary, one module per subject.

#![allow(clippy::unwrap_used, missing_docs)]

mod canary;
mod cli;
mod schema;
