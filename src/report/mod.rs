//! How a result is told: the JSON report, the summary, the findings and subjects files.
//!
//! In: [`crate::scope`]. Out: text for people and for programs. This room computes nothing but sums; nothing it writes
//! holds a raw value, but the `value` of a findings file when the user asked for it by name.

pub mod explain;
pub mod findings;
pub mod json;
pub mod review;
pub mod subjects;
pub mod summary;

use crate::pattern::{KindInfo, KindSet, Patterns};
use crate::scope::{Scope, Status};

/// What differs between two runs over the same input. The edge fills it in: the library has no clock.
#[derive(Clone, Debug)]
pub struct Run {
    /// Name and version of the program.
    pub tool: String,
    /// Digest of the patterns.
    pub patterns: String,
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// Seconds that it took.
    pub seconds: f64,
    /// Worker threads.
    pub threads: usize,
}

/// Sums over the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Sources and members.
    pub sources: u64,
    /// Bytes of the sources; those of members are in their containers'.
    pub bytes: u64,
    /// Read to the last byte.
    pub complete: u64,
    /// Searched for text, but not understood.
    pub carved: u64,
    /// Read in part.
    pub partial: u64,
    /// Locked by a password.
    pub encrypted: u64,
    /// Not read.
    pub skipped: u64,
    /// Left out by the user's word.
    pub excluded: u64,
    /// Things that could not be read as they should have been.
    pub problems: u64,
}

impl Coverage {
    /// The sums of a scope.
    pub fn of(scope: &Scope) -> Self {
        let (sources, problems) = (scope.sources.len() as u64, scope.problems.len() as u64);
        let mut sum = Coverage {
            sources,
            problems,
            ..Coverage::default()
        };
        for source in &scope.sources {
            if !source.source.as_str().contains("!/") {
                sum.bytes += source.bytes;
            }
            match source.status {
                Status::Complete => sum.complete += 1,
                Status::Carved => sum.carved += 1,
                Status::Partial => sum.partial += 1,
                Status::Encrypted => sum.encrypted += 1,
                Status::Skipped => sum.skipped += 1,
                Status::Excluded => sum.excluded += 1,
            }
        }
        sum
    }

    /// Whether all that was not excluded was read to the last byte, and something was.
    pub fn is_complete(&self) -> bool {
        let unread = self.carved + self.partial + self.encrypted + self.skipped + self.problems;
        self.complete > 0 && unread == 0
    }

    /// Whether anything was read.
    pub fn is_readable(&self) -> bool {
        self.complete > 0 || self.partial > 0 || self.carved > 0
    }
}

/// The kinds that a scan looked for, in order of name; `kinds` is the choice of the options.
pub fn searched(patterns: &Patterns, kinds: Option<KindSet>) -> Vec<&KindInfo> {
    let all = patterns.kinds();
    match kinds {
        None => all.iter().collect(),
        Some(set) => set
            .iter()
            .filter_map(|kind| all.get(usize::from(kind.0)))
            .collect(),
    }
}
