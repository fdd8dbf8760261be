//! leakscope tells which kinds of personal data leaked files hold, where, and of how many people.

pub mod classify;
pub mod column;
pub mod format;
pub mod identity;
pub mod pattern;
pub mod report;
pub mod scan;
pub mod scope;
pub mod source;
pub mod text;
