//! Namesakes of two sources: somebody who moved between two exports, or two people.
//!
//! In: people with the sources they stand in, and groups of namesakes. Out: how far chance explains the namesakes between sources. Chance makes as many
//! among the people of one source as between as many of two; a source in which nobody has a namesake gives little room for chance between it and
//! another one.

use foldhash::HashMap;

use super::keys::Walk;

/// Sources by a bit each; where there are more, nothing is told.
const MOST: u32 = u64::BITS;

/// Sets of sources that are told apart; where there are more, nothing is told.
const SETS: usize = 1 << 10;

/// Namesakes that may have been expected where none were seen, at one in twenty (Poisson).
const UNSEEN: f64 = 3.0;

/// The sources that a node's record stands in, one bit each; `None` where that is not known.
pub(super) fn sources(walk: Walk<'_>, at: u32) -> Option<u64> {
    let seen = walk.store.seen_of(walk.nodes[at as usize].tuple as usize);
    let mut bits = 0;
    for (source, _) in seen {
        bits |= 1u64.checked_shl(source).filter(|_| source < MOST)?;
    }
    (bits != 0).then_some(bits)
}

/// Pairs of people, and of namesakes among them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Pairs {
    all: u64,
    namesakes: u64,
}

/// Who stands in which sources.
#[derive(Default)]
pub(super) struct Between {
    within: Pairs,
    between: Pairs,
}

impl Between {
    /// From the sources of every person that has a name, and those of each group of namesakes; `None` where nothing is told, or there is one source.
    pub(super) fn new<'a>(
        people: impl Iterator<Item = u64>,
        namesakes: impl Iterator<Item = &'a [u64]>,
    ) -> Option<Self> {
        let mut of_set: HashMap<u64, u64> = HashMap::default();
        for set in people {
            *of_set.entry(set).or_default() += 1;
            if of_set.len() > SETS {
                return None;
            }
        }
        let mut told = Self::default();
        let sets: Vec<(u64, u64)> = of_set.into_iter().collect();
        for (at, &(a, n)) in sets.iter().enumerate() {
            told.within.all += n * (n - 1) / 2;
            for &(b, m) in &sets[..at] {
                told.of(a, b).all += n * m;
            }
        }
        for group in namesakes {
            for (at, &a) in group.iter().enumerate() {
                for &b in &group[..at] {
                    told.of(a, b).namesakes += 1;
                }
            }
        }
        (told.between.all > 0).then_some(told)
    }

    fn of(&mut self, a: u64, b: u64) -> &mut Pairs {
        if a & b == 0 {
            &mut self.between
        } else {
            &mut self.within
        }
    }

    /// The share of chance in the namesakes between sources, at most.
    pub(super) fn chance(&self) -> f64 {
        let rate = (self.within.namesakes as f64 + UNSEEN) / self.within.all.max(1) as f64;
        rate * self.between.all as f64 / self.between.namesakes.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lists of six hundred, of whom two hundred stand in both: namesakes between them are people who moved, unless there are as many within.
    #[test]
    fn chance_works_within_a_source_too() {
        let people = || {
            let of = |set, n| std::iter::repeat_n(set, n);
            of(1, 400).chain(of(2, 400)).chain(of(3, 200))
        };
        let chance = |within: usize, between: usize| {
            let groups = [vec![[1, 1]; within], vec![[1, 2]; between]].concat();
            let groups = groups.iter().map(|group| &group[..]);
            Between::new(people(), groups).map(|told| told.chance())
        };
        let moved = chance(0, 90).expect("two sources");
        assert!(moved < 0.03, "{moved}");
        let by_chance = chance(180, 90).expect("two sources");
        assert!((0.8..1.2).contains(&by_chance), "{by_chance}");
        let one = Between::new([1, 1, 3].into_iter(), std::iter::empty());
        assert!(one.is_none());
    }
}
