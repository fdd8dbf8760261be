//! Folders that are one source: what `pg_dump -Fd` writes.
//!
//! In: names and first bytes of files. Out: which belong together, and all of them in one archive, which the reader of
//! PostgreSQL's tar archives reads. Without the features for these nothing belongs together.

#[cfg(all(feature = "databases", feature = "archives"))]
pub use super::archive::pack;
#[cfg(all(feature = "databases", feature = "archives"))]
pub use super::database::pg_files::{is_beside, is_named, is_toc};

#[cfg(not(all(feature = "databases", feature = "archives")))]
pub use without::{is_beside, is_named, is_toc, pack};

#[cfg(not(all(feature = "databases", feature = "archives")))]
mod without {
    use crate::source::{Bytes, Code, Fault, Limits};

    /// Nothing is known.
    pub fn is_named(_name: &str) -> bool {
        false
    }

    /// Nothing is known.
    pub fn is_toc(_name: &str, _head: &[u8]) -> bool {
        false
    }

    /// Nothing is known.
    pub fn is_beside(_name: &str) -> bool {
        false
    }

    /// Nothing can be packed.
    pub fn pack(
        _files: &mut dyn Iterator<Item = (String, Result<Bytes, Fault>)>,
        _limits: &Limits,
    ) -> Result<Bytes, Fault> {
        Err(Fault::whole(Code::Unsupported, "the folder"))
    }
}
