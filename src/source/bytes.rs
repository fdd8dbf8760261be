//! Bytes of one source, however they came.

use std::ops::Deref;

/// The bytes of a source: mapped, in memory, or spooled to an unlinked file and mapped.
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// Bytes in memory.
    pub fn owned(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}
/// Collects the bytes of a stream: in memory while small, then in an unlinked file.
pub struct Spool {}
