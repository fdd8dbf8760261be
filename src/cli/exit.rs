//! How the program ends.

use std::process::ExitCode;

/// The exit codes; they are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Finished; every source was read completely.
    Complete = 0,
    /// Finished; a `--fail-on` limit was reached. Wins over [`Exit::Incomplete`].
    Limit = 1,
    /// No result: bad flags or patterns, no readable input, or a report could not be written.
    NoResult = 2,
    /// Finished; some source was read in part or not at all: the numbers are a lower bound.
    Incomplete = 3,
    /// Interrupted by a signal; no file was left half-written.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
