//! Rows that are copies of one record: what they say of somebody was typed anew or spoilt, and the rest is the same (the time of entry, the job, the
//! source). Which columns are so is told from all rows, by hashes.
//!
//! In: rows that have a mailbox, a phone number or the like in common, and say different things of whom they reach. Out: the columns in which
//! such rows always agree, and others do not: what a row says there is a sign of who it is about. In orders of one customer goods and dates
//! differ; members of a family have names of their own, which the rest does not outweigh.

use std::collections::BTreeMap;

use super::Verdict;
use crate::pattern::{Key, Part, Patterns};

/// Ways to reach somebody whose rows are compared: a fair sample.
const WAYS: usize = 512;
/// Rows that are kept of one.
const ROWS: usize = 3;
/// Columns that are compared.
const COLUMNS: usize = 32;
/// So many with several rows, at least, tell what copies have in common.
const FEWEST: u32 = 6;
/// The share of copies that agree in a column.
const AGREE: f64 = 0.9;
/// The share of strangers, at most, that agree in all those columns: what more have in common tells nothing.
const CHANCE: f64 = 0.1;

/// A row: the hash of all that it says of somebody, and of its other cells those of column and value, in order.
type Row = (u64, Box<[(u32, u32)]>);

/// What was seen of a table's rows: those of the ways with the smallest hashes, a fair sample however it is read (bottom-k, Cohen and Kaplan
/// 2007). Those of parts add up to that of the whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies(BTreeMap<u64, Vec<Row>>);

impl Copies {
    /// Whether rows that have this way are in the sample, as far as it is known.
    pub fn wants(&self, way: u64) -> bool {
        let last = self.0.last_key_value();
        self.0.len() < WAYS || last.is_some_and(|last| way <= *last.0)
    }

    /// Counts a row that has this way: by the hash of all it says of somebody (`who`), and by those of its other cells, each with that of its column.
    pub fn row(&mut self, way: u64, who: u64, cells: &[(u64, u64)]) {
        if self.wants(way) {
            let cells = cells.iter().map(|cell| (cell.0 as u32, cell.1 as u32));
            let mut cells: Vec<_> = cells.collect();
            cells.sort_unstable();
            cells.truncate(COLUMNS);
            self.put(way, (who, cells.into()));
        }
    }

    fn put(&mut self, way: u64, row: Row) {
        let rows = self.0.entry(way).or_default();
        if let Err(at) = rows.binary_search(&row) {
            rows.insert(at, row);
            rows.truncate(ROWS);
        }
        if self.0.len() > WAYS {
            self.0.pop_last();
        }
    }

    /// Adds what another part counted.
    pub fn add(&mut self, other: &Self) {
        for (&way, rows) in &other.0 {
            if self.wants(way) {
                rows.iter().for_each(|row| self.put(way, row.clone()));
            }
        }
    }

    /// Of each column, how many pairs of rows with a common way agree in it, and how many of strangers. Where one of them has no value, they
    /// do not; a row that has none at all is left out.
    fn agreements(&self) -> BTreeMap<u32, [Agreement; 2]> {
        let mut columns: BTreeMap<u32, [Agreement; 2]> = BTreeMap::new();
        let mut count = |a: &Row, b: &Row, strangers: usize| {
            let is_in = |row: &Row, cell| row.1.binary_search(cell).is_ok();
            let more = b.1.iter().filter(|cell| !is_in(a, cell));
            for cell in a.1.iter().chain(more) {
                let sums = &mut columns.entry(cell.0).or_default()[strangers];
                sums.all += 1;
                sums.equal += u32::from(is_in(a, cell) && is_in(b, cell));
            }
        };
        for rows in self.0.values() {
            let mut told = rows.iter().filter(|row| !row.1.is_empty());
            let Some(first) = told.next() else { continue };
            let others = told.filter(|row| row.0 != first.0);
            others.for_each(|row| count(first, row, 0));
        }
        let firsts: Vec<&Row> = self.0.values().map(|rows| &rows[0]).collect();
        for pair in firsts.windows(2).filter(|pair| pair[0].0 != pair[1].0) {
            count(pair[0], pair[1], 1);
        }
        columns
    }

    /// The columns, by hash, in which copies agree; none where the table has no copies, or they have little in common that strangers have not.
    fn common(&self) -> Vec<u32> {
        let agreements = self.agreements();
        let agree = agreements
            .iter()
            .filter(|(_, [copies, _])| copies.all >= FEWEST && copies.share() >= AGREE);
        let agree: Vec<_> = agree.collect();
        let chance: f64 = agree
            .iter()
            .map(|(_, [_, strangers])| strangers.share())
            .product();
        let found = (chance <= CHANCE).then(|| agree.into_iter().map(|(&column, _)| column));
        found.into_iter().flatten().collect()
    }
}

/// Pairs that have a value in some column, and those of them in which it is the same.
#[derive(Clone, Copy, Debug, Default)]
struct Agreement {
    all: u32,
    equal: u32,
}

impl Agreement {
    fn share(self) -> f64 {
        f64::from(self.equal) / f64::from(self.all.max(1))
    }
}

/// What a column tells of a row's person, as far as copies are told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who it is: names, addresses, birth dates.
    Who,
    /// A way to reach him, or a number that only he has.
    Way,
    /// Neither.
    Rest,
}

/// Kinds that name nobody, and are compared with those of others all the same.
const COMPARED: [&str; 6] = [
    "postal-code",
    "birth-place",
    "employer",
    "gender",
    "age",
    "free-answer",
];

/// What a column under this verdict tells; `None` for what points at organisations or at programs.
pub fn side(patterns: &Patterns, verdict: &Verdict) -> Option<Side> {
    if verdict.member.is_some() {
        return Some(Side::Way);
    }
    if verdict.organisation || verdict.machine {
        return None;
    }
    let Some(whole) = &verdict.whole else {
        return Some(Side::Rest);
    };
    let info = &patterns.kinds()[usize::from(whole.kind.0)];
    let region = matches!(whole.part, Part::Prefecture | Part::Country);
    Some(match info.key {
        Key::None if COMPARED.contains(&info.name.as_str()) => return None,
        Key::Household if region => Side::Rest,
        Key::None => Side::Rest,
        Key::Strong => Side::Way,
        Key::Weak | Key::Household => Side::Who,
    })
}

/// Notes of the columns of a table, whose keys have these hashes, in which copies of a record agree.
pub(super) fn note(
    patterns: &Patterns,
    (copies, keys): (&Copies, &[u64]),
    verdicts: &mut [Verdict],
) {
    let common = copies.common();
    for (verdict, &key) in verdicts.iter_mut().zip(keys) {
        let is_rest = side(patterns, verdict) == Some(Side::Rest);
        verdict.copied = is_rest && common.contains(&(key as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash of a person's mailbox.
    fn way(n: u64) -> u64 {
        n * 0x9e37_79b9 % 1_009
    }

    /// Rows of 40 people, those of the second half told twice: the columns 1 (the time of entry) and 2 (one of three sources) are copied with
    /// them, column 3 (a number of the row) is not.
    fn seen() -> Vec<(u64, u64, [(u64, u64); 3])> {
        let once = |n: u64| (way(n), n, [(1, n / 2), (2, n % 3), (3, n)]);
        let again = |n: u64| (way(n), n + 100, [(1, n / 2), (2, n % 3), (3, n + 100)]);
        (0..40).map(once).chain((20..40).map(again)).collect()
    }

    fn of<'r>(rows: impl IntoIterator<Item = &'r (u64, u64, [(u64, u64); 3])>) -> Copies {
        let mut copies = Copies::default();
        rows.into_iter()
            .for_each(|(way, who, cells)| copies.row(*way, *who, cells));
        copies
    }

    #[test]
    fn columns_in_which_copies_agree() {
        let rows = seen();
        assert_eq!(of(&rows).common(), [1, 2]);
        // Nobody twice, and everybody twice with one source of all: nothing to tell, and nothing told.
        assert!(of(&rows[..40]).common().is_empty());
        let one_source = rows
            .iter()
            .map(|&(way, who, _)| (way, who, [(1, 7), (2, 7), (3, who)]));
        assert!(of(&one_source.collect::<Vec<_>>()).common().is_empty());
    }

    /// Rows that say nothing beside their person are no sign that copies differ; rows that lack some of it are.
    #[test]
    fn rows_without_a_value() {
        let rows = seen();
        let mut copies = of(&rows);
        (20..40).for_each(|n| copies.row(way(n), n + 200, &[]));
        assert_eq!(copies.common(), [1, 2]);
        let mut copies = of(&rows);
        (20..40).for_each(|n| copies.row(way(n), n + 200, &[(1, n / 2)]));
        assert_eq!(copies.common(), [1]);
    }

    #[test]
    fn parts_in_any_order_are_the_whole() {
        let moved = |n: u64| {
            let rows = seen().into_iter();
            rows.map(move |(way, who, cells)| (way + n * 7_919, who, cells))
        };
        let rows: Vec<_> = (0..50).flat_map(moved).collect();
        let whole = of(&rows);
        for parts in [2, 7, 300] {
            let mut sum = Copies::default();
            rows.chunks(rows.len() / parts + 1)
                .rev()
                .for_each(|part| sum.add(&of(part)));
            assert_eq!(sum, whole, "{parts} parts");
        }
    }
}
