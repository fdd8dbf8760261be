//! leakscope tells which kinds of personal data leaked files hold, where, and of how many people.

pub mod text;
pub mod source;
pub mod format;
pub mod pattern;
pub mod classify;
pub mod column;
pub mod identity;
pub mod scope;
pub mod scan;
pub mod report;
