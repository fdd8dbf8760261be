//! Parsers of other crates that panic on damaged files.

use std::cell::Cell;
#[cfg(any(feature = "archives", feature = "columnar"))]
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught by `guarded`: it is a damaged file, not a defect, and is not to be told as one.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a step of a parser that may panic; `None` when it did. What the step was working on must not be used again.
#[cfg(any(feature = "archives", feature = "columnar"))]
pub(super) fn guarded<T>(step: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(step)).ok();
    GUARDED.set(before);
    result
}
