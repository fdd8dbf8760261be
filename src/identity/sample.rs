//! Tables too large to weigh all similar records: what weighing would take off the count, estimated from samples.
//!
//! A sample is of blocks, not of records, so that both records of a pair are in it or none: all whose family name begins alike, and all
//! of one birth date. What the second finds that the first could not (a name that begins otherwise) is added to it. Blocks are
//! drawn by the hash of their value; what is merged in them is expanded to all by the ratio of records (Cochran, *Sampling Techniques*,
//! 3rd edition, 1977, ch. 9A: clusters of unequal size), and its standard error comes from how much blocks differ.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::fact::{Fact, Token, hash, mix};
use super::keys::first;
use super::resolve::{Node, Resolution, linked, ranked};
use super::review::Applied;
use super::tuples::{Rows, Tuples};
use super::{Headcount, keys::Walk};

/// By what samples are drawn: the beginning of the family name, the birth date, the beginning of the given name.
pub(super) const SAMPLES: usize = 3;

/// Tuples of a sample at most.
pub(super) const MOST: usize = 1 << 18;

/// Letters of a family name that make a block.
const LETTERS: usize = 2;

/// Standard errors by which the lower bound is widened: it holds in 19 of 20 samples.
const ERRORS: f64 = 2.0;

/// The block of a tuple in each sample; `None` where it does not say what makes the blocks.
type Blocks = [Option<u32>; SAMPLES];

/// Which part of all blocks is drawn for each sample: those whose hash begins with so many zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sieve([u32; SAMPLES]);

impl Sieve {
    /// Whether a tuple of these facts is in any sample.
    pub(super) fn keeps<'a>(self, facts: impl Iterator<Item = (Fact, u8, &'a str)>) -> bool {
        let blocks = blocks(facts);
        (0..SAMPLES).any(|sample| self.draws(sample, blocks[sample]))
    }

    fn draws(self, sample: usize, block: Option<u32>) -> bool {
        block.is_some_and(|block| block.leading_zeros() >= self.0[sample])
    }

    /// The coarser of two, sample by sample.
    pub(super) fn least(self, other: Sieve) -> Sieve {
        Sieve(std::array::from_fn(|at| self.0[at].min(other.0[at])))
    }

    /// The finer of two, sample by sample.
    pub(super) fn most(self, other: Sieve) -> Sieve {
        Sieve(std::array::from_fn(|at| self.0[at].max(other.0[at])))
    }
}

/// How many tuples each sieve would keep.
#[derive(Clone, Debug)]
pub(super) struct Kept([[usize; u32::BITS as usize + 1]; SAMPLES]);

impl Default for Kept {
    fn default() -> Self {
        Self([[0; u32::BITS as usize + 1]; SAMPLES])
    }
}

impl Kept {
    /// Counts a tuple of these facts.
    pub(super) fn count<'a>(&mut self, facts: impl Iterator<Item = (Fact, u8, &'a str)>) {
        for (counts, block) in self.0.iter_mut().zip(blocks(facts)) {
            if let Some(block) = block {
                counts[block.leading_zeros() as usize] += 1;
            }
        }
    }

    /// Adds those of other tuples.
    pub(super) fn add(&mut self, other: &Kept) {
        for (ours, theirs) in self.0.iter_mut().zip(&other.0) {
            ours.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
    }

    /// The coarsest sieve that keeps no more than so many for a sample.
    pub(super) fn sieve(&self, most: usize) -> Sieve {
        Sieve(self.0.each_ref().map(|counts| {
            let (mut left, mut bits) = (counts.iter().sum::<usize>(), 0);
            while left > most && bits < 32 {
                left -= counts[bits];
                bits += 1;
            }
            bits as u32
        }))
    }
}

fn blocks<'a>(facts: impl Iterator<Item = (Fact, u8, &'a str)>) -> Blocks {
    let mut best = [("", u8::MAX); SAMPLES];
    for (fact, _, value) in facts {
        for (best, of) in best.iter_mut().zip(DRAWN_BY) {
            let rank = of.iter().position(|&of| of == fact);
            if let Some(rank) = rank.map(|rank| rank as u8).filter(|&rank| rank < best.1) {
                *best = (value, rank);
            }
        }
    }
    let [family, birth, given] = best.map(|(value, _)| value);
    let begin = |name: &str| {
        let end = name.char_indices().nth(LETTERS);
        let begin = &name[..end.map_or(name.len(), |(end, _)| end)];
        (!begin.is_empty()).then(|| (hash(0xb10c, begin) >> 32) as u32)
    };
    let birth = (!birth.is_empty()).then(|| {
        let class = Token::new(Fact::Birth, 0, birth).birth_class();
        (mix(class, 0xb10c) >> 32) as u32
    });
    [begin(family), birth, begin(given)]
}

/// What tells the block of each sample, the best first. How a name begins that is not split stands for the family name.
const DRAWN_BY: [&[Fact]; SAMPLES] = [
    &[Fact::Clan, Fact::Family, Fact::Name, Fact::Reading],
    &[Fact::Birth],
    &[Fact::Given],
];

/// Whether a tuple says what makes the blocks of a sample.
fn has_block(sample: usize, tokens: &[Token]) -> bool {
    let mut of = DRAWN_BY[sample].iter();
    of.any(|&fact| first(tokens, fact) != 0)
}

/// What weighing similar records would change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sampled {
    /// Distinct records whose similar ones were weighed.
    pub records: u64,
    /// People whom weighing would take off the count, estimated.
    pub merged: u64,
    /// The standard error of that estimate.
    pub error: u64,
}

/// Lowers `best` and `min` by what the samples say; `max` stays as counted. `walk` and `roots` are of the exact links, under the lax and
/// the plain rules.
pub(super) fn estimate(walk: Walk<'_>, roots: [&[u32]; 2], sieve: Sieve, to: &mut Resolution) {
    let counted = to.persons;
    let mut left = [counted.min, counted.best].map(Left::new);
    let mut records = 0;
    for sample in 0..SAMPLES {
        let (tuples, origin, blocks) = drawn(walk.store, sample, sieve);
        records += origin.len() as u64;
        let (nodes, rank) = ranked(&tuples);
        let sub = Walk {
            store: &tuples,
            nodes: &nodes,
            rank: &rank,
        };
        let linking = linked(sub, &Applied::default(), false);
        let of_all = |at: &Node| {
            let tuple = origin[at.tuple as usize] as usize;
            (walk.rank[tuple], blocks[at.tuple as usize])
        };
        let members: Vec<(u32, Blocks)> = nodes.iter().map(of_all).collect();
        let all = all_in(walk, sample);
        for ((left, roots), clusters) in left.iter_mut().zip(roots).zip(&linking.roots) {
            let cast = Cast::new(walk.nodes, roots);
            left.lower(&cast.merged(&members, clusters, sample), all);
        }
    }
    let [lax, plain] = left;
    let best = plain.people.round() as u64;
    let min = (lax.people - ERRORS * lax.variance.sqrt()).max(0.0).round() as u64;
    let persons = Headcount {
        min: min.min(best),
        best,
        max: counted.max,
    };
    let share = |part: u64, of: u64| part as f64 / (of as f64).max(1.0);
    to.scale(
        share(persons.min, counted.min),
        share(persons.best, counted.best),
    );
    to.persons = persons;
    to.sampled = Some(Sampled {
        records,
        merged: counted.best.saturating_sub(best),
        error: plain.variance.sqrt().ceil() as u64,
    });
}

/// Records of people that say what makes the blocks of a sample.
fn all_in(walk: Walk<'_>, sample: usize) -> f64 {
    let found = walk.gather(|_, tokens, out| {
        if has_block(sample, tokens) {
            out.push(());
        }
    });
    found.len() as f64
}

/// The people of all blocks that are left after what the samples merge, with the variance of that number.
#[derive(Clone, Copy)]
struct Left {
    counted: f64,
    people: f64,
    variance: f64,
}

impl Left {
    fn new(counted: u64) -> Self {
        let counted = counted as f64;
        Self {
            counted,
            people: counted,
            variance: 0.0,
        }
    }

    /// Takes off what a sample merges beyond the samples before it; so many records there are in `all` blocks.
    fn lower(&mut self, merged: &Merged, all: f64) {
        let blocks = merged.of_block.values();
        let (merges, records) = blocks.clone().fold((0.0, 0.0), |sum, block| {
            (sum.0 + block.merges, sum.1 + block.records)
        });
        if merges == 0.0 {
            return;
        }
        let (rate, more) = (merges / records, all / records);
        // Of those whom the earlier samples leave.
        let of = (self.counted - merged.before * more).max(merges * more);
        let weight = self.people / of;
        let spread = blocks.map(|block| (block.merges - rate * block.records).powi(2));
        let n = merged.of_block.len() as f64;
        let undrawn = (1.0 - records / all).max(0.0);
        self.people -= weight * merges * more;
        self.variance +=
            (weight * more).powi(2) * undrawn * spread.sum::<f64>() * n / (n - 1.0).max(1.0);
    }
}

/// What the clusters of a sample merge of the people counted.
#[derive(Default)]
struct Merged {
    of_block: BTreeMap<u32, Block>,
    /// People whom the earlier samples could have merged.
    before: f64,
}

#[derive(Default)]
struct Block {
    merges: f64,
    records: f64,
}

/// The tuples of a sample, where they stand among all, and their blocks.
fn drawn(store: &Tuples, sample: usize, sieve: Sieve) -> (Tuples, Vec<u32>, Vec<Blocks>) {
    let (mut rows, mut origin, mut of) = (Rows::default(), Vec::new(), Vec::new());
    for at in 0..store.tuples().len() {
        let blocks = blocks(store.facts_of(at));
        if sieve.draws(sample, blocks[sample]) {
            rows.copy(store.view(), at);
            origin.push(at as u32);
            of.push(blocks);
        }
    }
    (store.some(rows), origin, of)
}

/// People as the exact links have them, being merged further.
struct Cast<'r> {
    roots: &'r [u32],
    /// By root: whether one of its members names somebody.
    strong: Vec<bool>,
}

impl<'r> Cast<'r> {
    fn new(nodes: &[Node], roots: &'r [u32]) -> Self {
        let mut strong = vec![false; nodes.len()];
        for (node, &root) in nodes.iter().zip(roots) {
            strong[root as usize] |= node.strong;
        }
        Self { roots, strong }
    }

    /// What the clusters of a sample merge. `members` are the sample's nodes, with their node among all and their blocks; `clusters` the
    /// roots that the sample gives them. Those who are in one block of an earlier sample were merged there.
    fn merged(mut self, members: &[(u32, Blocks)], clusters: &[u32], sample: usize) -> Merged {
        let mut parent: HashMap<u32, u32> = HashMap::default();
        let mut merged = Merged::default();
        for earlier in 0..sample {
            let mut heads: HashMap<(u32, u32), u32> = HashMap::default();
            for (&(node, blocks), &cluster) in members.iter().zip(clusters) {
                if let Some(block) = blocks[earlier] {
                    let head = *heads.entry((cluster, block)).or_insert(node);
                    merged.before += f64::from(u8::from(self.join(&mut parent, head, node)));
                }
            }
        }
        for (&(node, blocks), &cluster) in members.iter().zip(clusters) {
            let block = blocks[sample].expect("it was drawn by its block");
            let block = merged.of_block.entry(block).or_default();
            block.records += 1.0;
            let head = members[cluster as usize].0;
            block.merges += f64::from(u8::from(self.join(&mut parent, head, node)));
        }
        merged
    }

    /// Joins the clusters of two nodes; whether there is a person less.
    fn join(&mut self, parent: &mut HashMap<u32, u32>, a: u32, b: u32) -> bool {
        let mut top = |at: u32| {
            let mut top = at;
            while let Some(&above) = parent.get(&top) {
                top = above;
            }
            // Whoever stands below is asked for again.
            if top != at {
                parent.insert(at, top);
            }
            top
        };
        let [a, b] = [a, b].map(|at| top(self.roots[at as usize]));
        if a == b {
            return false;
        }
        let (a, b) = (a.min(b), a.max(b));
        parent.insert(b, a);
        let both = self.strong[a as usize] && self.strong[b as usize];
        self.strong[a as usize] |= self.strong[b as usize];
        both
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::{Log, Most, Store};
    use super::super::tests::mentions;
    use super::super::{Locus, resolve::link};
    use super::*;

    const FEW: Most = Most {
        tuples: 500,
        bytes: usize::MAX,
        sample: 1_000,
        room: usize::MAX,
    };

    fn store(rows: &[String], most: Most) -> Store {
        let mut log = Log::default();
        for (record, row) in (0u64..).zip(rows) {
            let at = Locus { source: 0, record };
            mentions(row)
                .iter()
                .for_each(|mention| log.add(mention, at));
        }
        log.into_store_of(most)
    }

    /// So many people; of every third there is another record with a typing error in the name and another phone number.
    fn rows(people: usize, dirty: bool) -> Vec<String> {
        let syllables = [
            "mar", "ken", "lo", "sa", "ti", "bru", "no", "el", "wi", "da", "ro",
        ];
        let word = |n: usize| {
            let at = |place: u32| syllables[n / 11usize.pow(place) % 11];
            format!("{}{}{}", at(0), at(1), at(2))
        };
        let mut rows = Vec::new();
        for n in 0..people {
            let (given, family) = (word(n * 7919 % 1331), word(n * 104_729 % 1327));
            let birth = format!(
                "19{:02}-{:02}-{:02}",
                n * 31 % 80 + 10,
                n % 12 + 1,
                n * 7 % 28 + 1
            );
            let row = |given: &str, phone: usize| {
                format!(
                    "given={given} | family={family} | birth={birth} | tel=090-{:04}-{:04}",
                    phone / 10_000,
                    phone % 10_000
                )
            };
            rows.push(row(&given, 10_000_000 + n));
            if dirty && n % 3 == 0 {
                rows.push(row(&format!("{given}s"), 20_000_000 + n));
            }
        }
        rows
    }

    #[test]
    fn a_sample_tells_what_weighing_all_would() {
        let rows = rows(3_000, true);
        let whole = link(&store(&rows, Most::default()).into_tuples()).persons;
        let found = link(&store(&rows, FEW).into_tuples());
        assert!((2_970..=3_030).contains(&whole.best), "{whole:?}");
        let sampled = found.sampled.expect("there are too many");
        assert!(sampled.records < 3 * 1_000, "{sampled:?}");
        let off = found.persons.best.abs_diff(whole.best);
        assert!(
            off < 3 * sampled.error.max(10),
            "{:?} {whole:?}",
            found.persons
        );
        assert!(found.persons.min <= whole.best && whole.best <= found.persons.max);
        // Without a look at similar records every one of the 4,000 would be somebody.
        assert_eq!(found.persons.max, 4_000);
        assert!(
            found
                .by_kind
                .iter()
                .all(|kind| kind.1.best <= found.persons.best)
        );
    }

    #[test]
    fn nothing_is_taken_off_where_nobody_is_similar() {
        let found = link(&store(&rows(3_000, false), FEW).into_tuples());
        assert_eq!(found.persons.best, 3_000);
        assert_eq!(found.persons.max, 3_000);
        assert_eq!(found.sampled.map(|sampled| sampled.merged), Some(0));
    }

    #[test]
    fn which_records_are_drawn_does_not_depend_on_the_order() {
        let rows = rows(2_000, true);
        let back: Vec<String> = rows.iter().rev().cloned().collect();
        let at_once = store(&rows, FEW).into_tuples();
        let mut in_parts = Store::of(FEW);
        for part in back.chunks(700) {
            in_parts.absorb(store(part, FEW), &|at| at);
        }
        let in_parts = in_parts.into_tuples();
        assert_eq!(at_once.sieve(), in_parts.sieve());
        let sieve = at_once.sieve().expect("there are too many");
        for sample in 0..SAMPLES {
            let ids = |tuples: &Tuples| -> Vec<u128> {
                let (drawn, ..) = drawn(tuples, sample, sieve);
                drawn.tuples().iter().map(|tuple| tuple.id).collect()
            };
            assert_eq!(ids(&at_once), ids(&in_parts), "{sample}");
            assert!(!ids(&at_once).is_empty(), "{sample}");
        }
    }
}
