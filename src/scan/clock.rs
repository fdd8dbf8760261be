//! How long a source may be read: what takes longer than any honest file is ended, and said.
//!
//! The only clock of the library. It never shows in a result but by its problem entry.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The part of [`crate::source::Limits::source_time`] that every part of a source may take besides.
const SHARE: u32 = 120;

/// The time of one source, all threads together.
pub(super) struct Clock {
    limit: u64,
    spent: AtomicU64,
}

impl Clock {
    /// The clock of a source of so many parts.
    pub(super) fn new(time: Duration, parts: usize) -> Self {
        let parts = u32::try_from(parts).unwrap_or(u32::MAX);
        let limit = time.saturating_add((time / SHARE).saturating_mul(parts));
        Self {
            limit: u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX),
            spent: AtomicU64::new(0),
        }
    }

    /// Whether the time is over.
    pub(super) fn is_up(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.limit
    }

    /// Begins to measure on this thread.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch {
            clock: self,
            since: Instant::now(),
        }
    }
}

/// What one thread spends.
pub(super) struct Watch<'c> {
    clock: &'c Clock,
    since: Instant,
}

impl Watch<'_> {
    /// Adds what was spent since the last time, and says whether the time is over.
    pub(super) fn tick(&mut self) -> bool {
        let now = Instant::now();
        let spent = now.saturating_duration_since(self.since).as_nanos();
        self.since = now;
        let spent = u64::try_from(spent).unwrap_or(u64::MAX);
        self.clock.spent.fetch_add(spent, Ordering::Relaxed);
        self.clock.is_up()
    }

    /// Forgets what was spent since the last time: a member has a clock of its own.
    pub(super) fn skip(&mut self) {
        self.since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_several_parts() {
        let clock = Clock::new(Duration::from_secs(120), 3);
        assert_eq!(clock.limit, 123_000_000_000);
        let mut watch = clock.watch();
        assert!(!watch.tick());
        watch.since -= Duration::from_secs(124);
        assert!(watch.tick() && clock.is_up());
        let endless = Clock::new(Duration::MAX, 3);
        assert_eq!(endless.limit, u64::MAX);
    }
}
