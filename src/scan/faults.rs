//! The faults of a source, however many: the first of each code are kept, the others counted.

use std::collections::BTreeMap;

use crate::source::{Code, Fault};

/// Faults of one code that a source tells one by one.
const FAULTS: usize = 100;
/// Faults kept before those that will not be told are dropped.
const ROOM: usize = 1 << 12;

/// Faults in any order. What becomes of them depends neither on it nor on how they were spread over several of these.
#[derive(Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    /// How many were dropped of each code.
    dropped: BTreeMap<Code, usize>,
}

impl Faults {
    /// Adds a fault.
    pub(super) fn push(&mut self, fault: Fault) {
        self.kept.push(fault);
        if self.kept.len() >= ROOM {
            self.condense();
        }
    }

    /// Adds those of another worker.
    pub(super) fn merge(&mut self, other: Faults) {
        other.kept.into_iter().for_each(|fault| self.push(fault));
        for (code, dropped) in other.dropped {
            *self.dropped.entry(code).or_insert(0) += dropped;
        }
    }

    /// The faults to tell, in order; of a code that came very often the last one says how many followed.
    pub(super) fn finish(mut self) -> Vec<Fault> {
        self.condense();
        for fault in self.kept.iter_mut().rev() {
            // From behind, the first of a code that is met is its last.
            if let Some(dropped) = self.dropped.remove(&fault.code) {
                let n = dropped + 1;
                fault.lost = format!("what {n} faults of this code from here on cost");
            }
        }
        self.kept
    }

    /// Sorts; adds up values beyond the limit of columns, which are told once per part; drops what will not be told.
    fn condense(&mut self) {
        self.kept.sort();
        let mut sums: BTreeMap<String, usize> = BTreeMap::new();
        let mut kept: Vec<Fault> = Vec::new();
        let mut of_code = 0;
        for fault in self.kept.drain(..) {
            let columns = fault.code == Code::TooManyColumns;
            if let Some((n, thing)) = counted(&fault.lost).filter(|_| columns)
                && let Some(&at) = sums.get(thing)
            {
                let before = counted(&kept[at].lost).map_or(0, |(n, _)| n);
                kept[at].lost = format!("{} {thing}", n.saturating_add(before));
                continue;
            }
            let known = kept.last().is_some_and(|last| last.code == fault.code);
            of_code = if known { of_code + 1 } else { 1 };
            if of_code <= FAULTS {
                if let Some((_, thing)) = counted(&fault.lost).filter(|_| columns) {
                    sums.insert(thing.to_owned(), kept.len());
                }
                kept.push(fault);
            } else {
                *self.dropped.entry(fault.code).or_insert(0) += 1;
            }
        }
        self.kept = kept;
    }
}

/// `3 values` is 3 of `values`.
fn counted(lost: &str) -> Option<(u64, &str)> {
    let (n, thing) = lost.split_once(' ')?;
    Some((n.parse().ok()?, thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(faults: &[Fault], workers: usize) -> Vec<Fault> {
        let mut parts: Vec<Faults> = Vec::new();
        parts.resize_with(workers, Faults::default);
        for (at, fault) in faults.iter().enumerate() {
            parts[at % workers].push(fault.clone());
        }
        let mut all = Faults::default();
        parts.into_iter().for_each(|part| all.merge(part));
        all.finish()
    }

    #[test]
    fn values_beyond_the_columns_are_added_up() {
        let wide = |at, lost: &str| Fault::at(Code::TooManyColumns, at, lost);
        let faults = [
            wide(90, "4 values"),
            wide(50, "fields"),
            wide(5, "3 values"),
        ];
        for workers in 1..4 {
            assert_eq!(
                told(&faults, workers),
                [wide(5, "7 values"), wide(50, "fields")]
            );
        }
    }

    #[test]
    fn many_things_beyond_the_columns() {
        let wide = |at: usize| {
            let lost = format!("3 values of row {}", at % 150);
            Fault::at(Code::TooManyColumns, at as u64, lost)
        };
        let faults: Vec<Fault> = (0..300).map(wide).collect();
        let told = told(&faults, 1);
        assert_eq!(told.len(), FAULTS);
        assert_eq!(told[0].lost, "6 values of row 0");
        assert_eq!(
            told[99].lost,
            "what 101 faults of this code from here on cost"
        );
    }

    #[test]
    fn many_faults_are_told_shortly_and_take_little_room() {
        let bad = |at| Fault::at(Code::Malformed, at, "9 bytes");
        let mut faults: Vec<Fault> = (0..20_000).rev().map(bad).collect();
        faults.push(Fault::whole(Code::Changed, "unknown"));
        for workers in [1, 2, 7] {
            let told = told(&faults, workers);
            assert_eq!(told.len(), FAULTS + 1);
            assert_eq!(told[99], bad(98));
            let rest = "what 19901 faults of this code from here on cost";
            assert_eq!(told[100], Fault::at(Code::Malformed, 99, rest));
        }
        let mut kept = Faults::default();
        faults.into_iter().for_each(|fault| kept.push(fault));
        assert!(kept.kept.len() < ROOM);
    }
}
