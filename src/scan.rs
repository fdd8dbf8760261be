//! The pipeline: the only room that knows the order of the stages, and the only one that starts tasks.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;

use crate::pattern::{KindSet, Patterns};
use crate::scope::{FindingRow, Scope, SubjectRow};
use crate::source::Limits;
use crate::text::Encoding;

/// How to scan. Plain data.
#[derive(Clone, Debug)]
pub struct Options {
    /// Worker threads; 0 = one per core.
    pub threads: usize,
    /// Kinds to look for; `None` = all.
    pub kinds: Option<KindSet>,
    /// Records sampled from each source to guess its plan; never shows in the result.
    pub samples: usize,
    /// Bounds.
    pub limits: Limits,
    /// The text encoding of every source, instead of detecting it.
    pub encoding: Option<Encoding>,
    /// Glob patterns of paths to leave out; listed as excluded.
    pub exclude: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 0,
            kinds: None,
            samples: 2_000,
            limits: Limits::default(),
            encoding: None,
            exclude: Vec::new(),
        }
    }
}

/// How far a scan is; the caller polls it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of files done.
    pub bytes: AtomicU64,
    /// Bytes of all files; known once walking is over.
    pub total: AtomicU64,
    /// Records read.
    pub records: AtomicU64,
}

/// A finished scan: the result, and what is needed to read the sources again.
pub struct Scan {
    /// The result.
    pub scope: Scope,
}

/// Tells what personal data the inputs hold and of how many people. `-` is standard input. Never fails as a whole: see
/// [`Scope::problems`].
pub fn scan(
    _inputs: &[PathBuf],
    _patterns: &Patterns,
    _options: &Options,
    _progress: &Progress,
) -> Scan {
    todo!()
}

impl Scan {
    /// Reads the sources again and gives every match, in order of source, table and record. `reveal` adds the raw values.
    pub fn findings(&self, _reveal: bool, _sink: &mut dyn FnMut(FindingRow) -> ControlFlow<()>) {
        todo!()
    }
    /// Reads the sources again and gives every record that speaks of a subject, in order of source, table and record.
    pub fn subjects(&self, _sink: &mut dyn FnMut(SubjectRow) -> ControlFlow<()>) {
        todo!()
    }
}
