//! The tests of leakscope as a whole, one module per question.

mod against;
