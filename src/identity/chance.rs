//! Namesakes: how many pairs of one name would share a birth date, an address or a postal code by chance alone.
//!
//! In a large table a common name meets itself on one birthday again and again. Names are put into classes by the number of people who
//! bear them. In each class the pairs found are compared with the pairs expected of people who have nothing to do with each other.

use rayon::prelude::*;

/// Classes of names: by the binary logarithm of their bearers.
const CLASSES: usize = 32;

/// How many people bear each name: pairs of name and count, sorted. Names of one person only are left out.
#[derive(Default)]
pub(super) struct Bearers(Vec<(u64, u32)>);

impl Bearers {
    /// Counts names, one of each person; 0 is none.
    pub(super) fn count(mut names: Vec<u64>) -> Self {
        names.retain(|&name| name != 0);
        names.par_sort_unstable();
        let groups = names.chunk_by(|a, b| a == b);
        let several = groups.filter(|group| group.len() > 1);
        Self(
            several
                .map(|group| (group[0], group.len() as u32))
                .collect(),
        )
    }

    /// People of that name, at least one.
    pub(super) fn of(&self, name: u64) -> u32 {
        self.0
            .binary_search_by_key(&name, |entry| entry.0)
            .map_or(1, |at| self.0[at].1)
    }
}

/// The share of pairs of equal name and value that chance explains, by class of name.
#[derive(Default)]
pub(super) struct Chance([f64; CLASSES]);

impl Chance {
    /// From all bearers of names, the values of all people, and the pairs found: the name of each and how many there are.
    pub(super) fn new(bearers: &Bearers, mut values: Vec<u64>, found: &[(u64, u64)]) -> Self {
        values.par_sort_unstable();
        let coincidences: u128 = values
            .chunk_by(|a, b| a == b)
            .map(|group| pairs(group.len() as u64))
            .sum();
        let mut seen = [0u128; CLASSES];
        for &(name, n) in found {
            seen[class(bearers.of(name))] += u128::from(n);
        }
        // Namesakes of one value may be one person; how often a value repeats is told by the others.
        let strangers = coincidences.saturating_sub(seen.iter().sum()) as f64;
        let chance = strangers / (pairs(values.len() as u64) as f64).max(1.0);
        let mut possible = [0u128; CLASSES];
        for &(_, n) in &bearers.0 {
            possible[class(n)] += pairs(u64::from(n));
        }
        Self(std::array::from_fn(|at| {
            possible[at] as f64 * chance / (seen[at] as f64).max(1.0)
        }))
    }

    /// The share for a name with so many bearers: 0 where chance is excluded, about 1 where it explains all.
    pub(super) fn of(&self, bearers: u32) -> f64 {
        self.0[class(bearers)]
    }
}

fn class(bearers: u32) -> usize {
    bearers.max(1).ilog2() as usize
}

fn pairs(n: u64) -> u128 {
    u128::from(n) * u128::from(n.saturating_sub(1)) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `people` bear one name and have birthdays spread over `days`; `twice` of them were entered again under other contacts.
    fn share(people: u64, days: u64, twice: u64) -> f64 {
        let day = |person: u64| person.wrapping_mul(0x9e37_79b9_7f4a_7c15) % days;
        let mut births: Vec<u64> = (0..people).chain(0..twice).map(day).collect();
        let bearers = Bearers::count(vec![7; births.len()]);
        let mut sorted = births.clone();
        sorted.sort_unstable();
        let found: Vec<(u64, u64)> = sorted
            .chunk_by(|a, b| a == b)
            .map(|group| (7, pairs(group.len() as u64) as u64))
            .collect();
        // The other names, spread over the same days.
        births.extend((people..people + 100_000).map(day));
        Chance::new(&bearers, births, &found).of(bearers.of(7))
    }

    #[test]
    fn chance_explains_namesakes_of_common_names_only() {
        assert!(share(3_000, 20_000, 0) > 0.5);
        // 18 million pairs of 6,000 entries meet 900 times by chance, beside 3,000 who were entered twice.
        assert!(share(3_000, 20_000, 3_000) < 0.3);
        assert!(share(10, 20_000, 1) < 0.01);
    }
}
