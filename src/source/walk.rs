//! x
/// A file found.
pub struct Found;
/// Walks.
pub fn walk() {}
