//! Where bytes come from: paths are walked, files mapped or read, streams spooled.
//!
//! In: paths. Out: [`Bytes`] under a [`SourcePath`], within [`Limits`], or a [`Fault`]. This room does not know what
//! the bytes mean.

mod bytes;
mod fault;
mod guard;
mod slab;
mod walk;

pub use bytes::{Bytes, Spool, fault_of};
pub use fault::{Code, Fault};
pub use slab::{Slab, SlabWriter};
pub use walk::{Found, State, walk};

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The path of a source through its containers, written `dump.zip!/users.csv`.
///
/// Built from file and member names, so it is data: whoever prints it must pass it through a safe name first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(String);

impl SourcePath {
    /// A path on disk, as the user wrote it, or `-` for standard input.
    pub fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The path of a member inside this source.
    pub fn member(&self, name: &str) -> Self {
        Self(format!("{}!/{}", self.0, name.trim_start_matches('/')))
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bounds that turn hostile input into problems. Budgets are charged across nesting.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Containers inside containers; deeper ones are skipped.
    pub depth: u32,
    /// Bytes that all containers of one run may give together.
    pub inflated_bytes: u64,
    /// Largest ratio of inflated to packed bytes, judged once a member is past [`Limits::ratio_free_bytes`].
    pub ratio: u64,
    /// Inflated bytes of one member that are free of the ratio test: honest logs shrink a thousandfold.
    pub ratio_free_bytes: u64,
    /// Members of one container.
    pub members: u64,
    /// Time that reading one source may take on all threads together, its members apart; for each of its parts a 120th of it besides. It
    /// shows in the result only where it ends a source.
    pub source_time: Duration,
    /// Bytes of one record; what is beyond is cut off and said.
    pub record_bytes: usize,
    /// Columns of one table; further ones are not attributed, and said.
    pub columns: usize,
    /// Bytes of memory for the distinct records and values of all that was read; what is more goes to unlinked files. It never shows in the
    /// result.
    pub memory_bytes: usize,
    /// Inflated bytes kept in memory for one member; larger ones go to an unlinked spool file.
    pub in_memory_bytes: usize,
    /// Size of the parts that large sources are cut into, in bytes. It never shows in the result.
    pub part_bytes: usize,
    /// Passwords that encrypted sources may be opened with.
    pub passwords: Passwords,
}

/// Parts that a source is cut into at least, if they are not too small: so many that no thread waits long for the last of another.
const PARTS: usize = 64;
/// Bytes of a part below which a source is not cut into more.
const LEAST_PART: usize = 512 << 10;

impl Limits {
    /// The bounds of a source of so many bytes: the parts of a small one are small. Not for databases, each part of which is read in a process of
    /// its own, or lists the tables again.
    pub fn of_source(&self, len: usize) -> Self {
        let part_bytes = (len / PARTS).max(LEAST_PART).min(self.part_bytes);
        Self {
            part_bytes,
            ..self.clone()
        }
    }
}

/// Passwords to try, in order. They are never shown.
#[derive(Clone, Default)]
pub struct Passwords(Arc<[String]>);

impl Passwords {
    /// The passwords, without those that come twice.
    pub fn new(passwords: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = Vec::new();
        for password in passwords {
            if !password.is_empty() && !all.contains(&password) {
                all.push(password);
            }
        }
        Self(all.into())
    }

    /// Each password.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Each password as the bytes that programs make of it: UTF-8, and Shift_JIS where that differs.
    pub fn bytes(&self) -> impl Iterator<Item = Vec<u8>> {
        self.iter().flat_map(|password| {
            let (sjis, _, lost) = encoding_rs::SHIFT_JIS.encode(password);
            let other = (!lost && sjis != password.as_bytes()).then(|| sjis.into_owned());
            std::iter::once(password.as_bytes().to_vec()).chain(other)
        })
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passwords", self.0.len())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            inflated_bytes: 1 << 40,
            ratio: 2_000,
            ratio_free_bytes: 1 << 30,
            members: 1_000_000,
            source_time: Duration::from_secs(7_200),
            record_bytes: 16 << 20,
            columns: 4_096,
            memory_bytes: usize::MAX,
            in_memory_bytes: 32 << 20,
            part_bytes: 8 << 20,
            passwords: Passwords::default(),
        }
    }
}

/// What is left of [`Limits::inflated_bytes`], shared by all containers of a run.
#[derive(Clone, Debug)]
pub struct Budget(Arc<AtomicU64>);

impl Budget {
    /// A budget of so many bytes.
    pub fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// Takes bytes from the budget; takes nothing and says `false` when fewer are left.
    pub fn charge(&self, bytes: u64) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .is_ok()
    }

    /// Bytes that are left.
    pub fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Limits::default().inflated_bytes)
    }
}
