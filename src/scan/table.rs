//! What is counted while reading: tables, columns and the kinds found in them, mergeable in any order.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex};

use foldhash::fast::FixedState;

use crate::column::{self, Copies, Pairing, Tally, Verdict};
use crate::format::{self, Shape};
use crate::identity;
use crate::pattern::{Kind, Part, Patterns};
use crate::source::{Slab, SlabWriter};
use crate::text::Masked;

/// Masked samples kept of a finding.
const SAMPLES: usize = 3;

/// Which column: by name and occurrence, or by position where it has no name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ColumnKey {
    pub(super) name: Option<String>,
    pub(super) nth: u32,
}

impl ColumnKey {
    /// A hash of it, equal in every run.
    pub(super) fn hash(&self) -> u64 {
        FixedState::with_seed(11).hash_one((&self.name, self.nth))
    }
}

/// The keys of a batch's columns.
pub(super) fn column_keys(table: &format::Table) -> Vec<ColumnKey> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut keys = Vec::with_capacity(table.columns.len());
    for (position, name) in table.columns.iter().enumerate() {
        keys.push(match name {
            None => ColumnKey {
                name: None,
                nth: position as u32,
            },
            Some(name) => {
                let nth = seen.entry(name).or_insert(0);
                *nth += 1;
                ColumnKey {
                    name: Some(name.clone()),
                    nth: *nth - 1,
                }
            }
        });
    }
    keys
}

/// Place of a first appearance: part, batch in the part, position in the batch. Sorting by it gives the order of a serial
/// reader, however the source was cut.
pub(super) type Seen = (usize, u32, u32);

/// What was counted of one table.
#[derive(Clone, Debug)]
pub(super) struct TableCount {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) seen: Seen,
    pub(super) columns: Vec<ColumnCount>,
    pub(super) keys: HashMap<ColumnKey, usize>,
    /// Records of each part that holds some of the table.
    pub(super) part_records: BTreeMap<usize, u64>,
    /// Columns of mailboxes or phones of which rows have both.
    pairings: HashMap<[ColumnKey; 2], Pairing>,
    /// Rows that may be copies of one record.
    pub(super) copies: Copies,
}

/// What was counted of one column.
#[derive(Clone, Debug)]
pub(super) struct ColumnCount {
    pub(super) key: ColumnKey,
    pub(super) seen: Seen,
    pub(super) tally: Tally,
    pub(super) found: BTreeMap<(Kind, Part), Box<Found>>,
}

/// What was counted of one kind in one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) matches: u64,
    pub(super) distinct: Distinct,
    /// The first masked values, with their places.
    pub(super) samples: Vec<((usize, u64), Masked)>,
    /// Values lately looked at for a sample, by hash or likeness: few values may give fewer masks than are wanted.
    tried: Vec<u64>,
    /// Payment cards by network.
    pub(super) networks: BTreeMap<&'static str, u64>,
    /// Highest confidence of a match.
    pub(super) confidence: f32,
}

/// Hashes kept of values that were looked at for a sample.
const TRIED: usize = 64;

impl TableCount {
    /// A table first seen at a place.
    pub(super) fn new(table: &format::Table, seen: Seen) -> Self {
        Self {
            name: table.name.clone(),
            shape: table.shape,
            seen,
            columns: Vec::new(),
            keys: HashMap::new(),
            part_records: BTreeMap::new(),
            pairings: HashMap::new(),
            copies: Copies::default(),
        }
    }

    /// Adds what stands beside what in two columns.
    pub(super) fn pair(&mut self, columns: [ColumnKey; 2], pairing: &Pairing) {
        self.pairings.entry(columns).or_default().add(pairing);
    }

    /// The pairings, by the places of their columns.
    pub(super) fn pairings(&self) -> Vec<(usize, usize, &Pairing)> {
        let places = |columns: &[ColumnKey; 2]| columns.each_ref().map(|key| self.keys[key]);
        let pairings = self.pairings.iter().map(|(columns, pairing)| {
            let [a, b] = places(columns);
            (a.min(b), a.max(b), pairing)
        });
        let mut pairings: Vec<_> = pairings.collect();
        pairings.sort_by_key(|&(a, b, _)| (a, b));
        pairings
    }

    /// The verdicts on the columns, which have these names and tallies.
    pub(super) fn verdicts(
        &self,
        patterns: &Patterns,
        columns: &[(Option<&str>, &Tally)],
    ) -> Vec<Verdict> {
        let keys: Vec<u64> = self
            .columns
            .iter()
            .map(|column| column.key.hash())
            .collect();
        let seen = column::Seen {
            pairings: &self.pairings(),
            copies: Some((&self.copies, &keys)),
        };
        column::verdicts(patterns, &self.name, columns, seen)
    }

    /// The index of a column, made if it is new.
    pub(super) fn column(&mut self, key: &ColumnKey, seen: Seen) -> usize {
        if let Some(&index) = self.keys.get(key) {
            let column = &mut self.columns[index];
            column.seen = column.seen.min(seen);
            return index;
        }
        let index = self.columns.len();
        self.keys.insert(key.clone(), index);
        self.columns.push(ColumnCount {
            key: key.clone(),
            seen,
            tally: Tally::default(),
            found: BTreeMap::new(),
        });
        index
    }

    /// Records of all parts.
    pub(super) fn records(&self) -> u64 {
        self.part_records.values().sum()
    }

    /// Adds what another worker counted of the same table.
    pub(super) fn merge(&mut self, other: TableCount) {
        self.seen = self.seen.min(other.seen);
        for (part, records) in other.part_records {
            *self.part_records.entry(part).or_insert(0) += records;
        }
        for (columns, pairing) in other.pairings {
            self.pair(columns, &pairing);
        }
        self.copies.add(&other.copies);
        for column in other.columns {
            let index = self.column(&column.key, column.seen);
            let mine = &mut self.columns[index];
            mine.tally.add(&column.tally);
            for (kind, found) in column.found {
                mine.found.entry(kind).or_default().merge(*found);
            }
        }
    }

    /// Puts the columns in the order of their first appearance, and makes absent values of columns that other batches
    /// lack count as empty.
    pub(super) fn settle(&mut self) {
        self.columns.sort_by_key(|column| column.seen);
        self.keys = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, column)| (column.key.clone(), i))
            .collect();
        if self.shape == Shape::Rows {
            let records = self.records();
            for column in &mut self.columns {
                let counted = column.tally.values + column.tally.empty;
                column.tally.empty += records.saturating_sub(counted);
            }
        }
    }

    /// Gives back what is needed only while records are read: a folder of mails has a table of each.
    pub(super) fn close(&mut self) {
        self.pairings = HashMap::new();
        self.copies = Copies::default();
        self.columns.shrink_to_fit();
        for found in self
            .columns
            .iter_mut()
            .flat_map(|column| column.found.values_mut())
        {
            found.tried = Vec::new();
            found.distinct.run.shrink_to_fit();
            found.distinct.tail.shrink_to_fit();
        }
    }

    /// Column names for deciding verdicts.
    pub(super) fn names(&self) -> Vec<(Option<&str>, &Tally)> {
        self.columns
            .iter()
            .map(|column| (column.key.name.as_deref(), &column.tally))
            .collect()
    }
}

impl Found {
    /// Counts one match of a value that was counted before.
    pub(super) fn again(&mut self, network: Option<&'static str>) {
        self.matches += 1;
        if let Some(network) = network {
            *self.networks.entry(network).or_insert(0) += 1;
        }
    }

    /// Counts one match; `network` is that of a payment card, `scratch` any string.
    pub(super) fn add(
        &mut self,
        (kind, part): (Kind, Part),
        value: &str,
        network: Option<&'static str>,
        confidence: f32,
        at: (usize, u64),
        scratch: &mut String,
    ) {
        self.again(network);
        let hash = identity::distinct_hash(kind, part, value, scratch);
        self.distinct.insert(hash);
        self.confidence = self.confidence.max(confidence);
        if self.samples.len() < SAMPLES && self.is_untried(likeness(value).unwrap_or(hash)) {
            let masked = Masked::new(value);
            if self.samples.iter().all(|(_, sample)| *sample != masked) {
                self.samples.push((at, masked));
            }
        }
    }

    fn is_untried(&mut self, hash: u64) -> bool {
        self.tried.resize(TRIED, 0);
        let slot = &mut self.tried[hash as usize % TRIED];
        std::mem::replace(slot, hash) != hash
    }

    fn merge(&mut self, other: Found) {
        self.matches += other.matches;
        for (network, cards) in other.networks {
            *self.networks.entry(network).or_insert(0) += cards;
        }
        self.distinct.merge(other.distinct);
        self.confidence = self.confidence.max(other.confidence);
        self.samples.extend(other.samples);
        self.samples.sort_by_key(|a| a.0);
    }

    /// The first samples that differ.
    pub(super) fn first_samples(&self) -> Vec<Masked> {
        let mut samples: Vec<Masked> = Vec::new();
        for (_, sample) in &self.samples {
            if samples.len() < SAMPLES && !samples.contains(sample) {
                samples.push(sample.clone());
            }
        }
        samples
    }
}

/// A hash that two values have in common only if they have one mask: of all that a mask depends on, which is the class of every character, the
/// first one, and the last two digits. `None` for values whose masks depend on more.
fn likeness(value: &str) -> Option<u64> {
    const LONGEST: usize = 40;
    let bytes = value.as_bytes();
    if bytes.len() > LONGEST || !value.is_ascii() || bytes.contains(&b'@') {
        return None;
    }
    let mut classes = [0u8; LONGEST];
    for (class, byte) in classes.iter_mut().zip(bytes) {
        *class = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' => b'a',
            other => *other,
        };
    }
    if let Some(first) = bytes.iter().position(u8::is_ascii_alphanumeric) {
        classes[first] = bytes[first];
    }
    let digits = (0..bytes.len())
        .rev()
        .filter(|&at| bytes[at].is_ascii_digit());
    for at in digits.take(2) {
        classes[at] = bytes[at];
    }
    Some(FixedState::with_seed(1).hash_one(&classes[..bytes.len()]))
}

/// An exact set of 64-bit hashes: a sorted run and an unsorted tail, 8 to 16 bytes an element; above a bound further sorted runs, in files,
/// which may have elements in common.
///
/// Of n distinct values, n²/2⁶⁵ pairs are expected to collide: 0.0003 of 10⁸.
#[derive(Clone, Debug, Default)]
pub(super) struct Distinct {
    run: Vec<u64>,
    tail: Vec<u64>,
    last: u64,
    away: Vec<Arc<Slab<u64>>>,
}

impl Distinct {
    fn insert(&mut self, hash: u64) {
        if hash == self.last && !(self.run.is_empty() && self.tail.is_empty()) {
            return;
        }
        self.last = hash;
        self.tail.push(hash);
        if self.tail.len() >= self.room() {
            self.compact();
        }
    }

    /// Elements of the tail from which on it is merged into the run.
    fn room(&self) -> usize {
        (self.run.len() / 2).max(1 << 12)
    }

    fn compact(&mut self) {
        self.tail.sort_unstable();
        self.tail.dedup();
        merge_into(&mut self.run, &self.tail);
        self.tail.clear();
    }

    /// Adds another set.
    pub(super) fn merge(&mut self, mut other: Distinct) {
        self.away.append(&mut other.away);
        if self.run.is_empty() && self.tail.is_empty() {
            other.away = std::mem::take(&mut self.away);
            *self = other;
            return;
        }
        // Of a folder of mails each has its own: no merging while they are few.
        if other.run.len() + other.tail.len() < self.room() {
            self.tail.append(&mut other.run);
            self.tail.append(&mut other.tail);
            if self.tail.len() >= self.room() {
                self.compact();
            }
            return;
        }
        other.compact();
        self.compact();
        self.tail = Vec::new();
        merge_into(&mut self.run, &other.run);
    }

    /// Adds elements that another set hands over, and leaves it empty. Costs no merging while they are few beside those here. Above so many
    /// elements the run is put into a file.
    fn take(&mut self, other: &mut Distinct, most: usize) {
        for hashes in [&mut other.run, &mut other.tail] {
            self.tail.append(hashes);
        }
        if self.tail.len() >= self.room().min(most) {
            self.compact();
        }
        if self.run.len() >= most {
            let mut file = SlabWriter::new(0);
            file.extend_from_slice(&self.run);
            self.away.push(Arc::new(file.finish()));
            self.run = Vec::new();
        }
    }

    /// Number of elements.
    pub(super) fn len(&mut self) -> u64 {
        if !self.tail.is_empty() {
            self.compact();
        }
        if self.away.is_empty() {
            return self.run.len() as u64;
        }
        let away = self.away.iter().map(|run| &run[..]);
        n_distinct(away.chain([&self.run[..]]))
    }
}

/// How many different numbers there are in sorted runs.
fn n_distinct<'r>(runs: impl Iterator<Item = &'r [u64]>) -> u64 {
    let mut heads: BinaryHeap<Reverse<(u64, &[u64])>> = runs
        .filter_map(|run| run.split_first())
        .map(|(&first, rest)| Reverse((first, rest)))
        .collect();
    let (mut n, mut last) = (0, None);
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((first, rest)) = *head;
        n += u64::from(last.replace(first) != Some(first));
        match rest.split_first() {
            Some((&next, rest)) => *head = Reverse((next, rest)),
            None => drop(PeekMut::pop(head)),
        }
    }
    n
}

/// Adds sorted numbers to sorted ones, in their own memory: from behind, where there is room.
fn merge_into(run: &mut Vec<u64>, more: &[u64]) {
    let mut left = run.len();
    run.reserve_exact(more.len());
    run.extend_from_slice(more);
    let mut to = run.len();
    for right in (0..more.len()).rev() {
        while left > 0 && run[left - 1] > more[right] {
            to -= 1;
            left -= 1;
            run[to] = run[left];
        }
        to -= 1;
        run[to] = more[right];
    }
    run.dedup();
}

/// Hashes from which on a worker hands a set over.
const HANDED: usize = 1 << 16;

/// What a set is of: table, column, kind.
type SetKey = (String, ColumnKey, Kind, Part);

/// The large sets of a source, filled by all workers: each of them would have most of the values that come again and again.
pub(super) struct SharedSets {
    sets: Mutex<HashMap<SetKey, Arc<Mutex<Distinct>>>>,
    /// Elements of a set that stay in memory.
    most: usize,
}

/// Large sets that a source may have, among which memory is divided.
const SETS: usize = 64;

impl SharedSets {
    /// No sets; so many bytes of memory for all.
    pub(super) fn within(memory: usize) -> Self {
        Self {
            sets: Mutex::default(),
            most: (memory / SETS / size_of::<u64>()).max(HANDED),
        }
    }

    /// Takes over what is large in the sets of a worker.
    pub(super) fn take(&self, tables: &mut [TableCount]) {
        for table in tables {
            for column in &mut table.columns {
                for (&(kind, part), found) in &mut column.found {
                    if found.distinct.run.len() + found.distinct.tail.len() >= HANDED {
                        let key = (table.name.clone(), column.key.clone(), kind, part);
                        let mut sets = self.sets.lock().expect(UNPOISONED);
                        let set = Arc::clone(sets.entry(key).or_default());
                        drop(sets);
                        let mut set = set.lock().expect(UNPOISONED);
                        set.take(&mut found.distinct, self.most);
                    }
                }
            }
        }
    }

    /// Gives the sets back to the merged tables of all workers.
    pub(super) fn settle(self, tables: &mut [TableCount]) {
        let mut sets = self.sets.into_inner().expect(UNPOISONED);
        if sets.is_empty() {
            return;
        }
        for table in tables {
            for column in &mut table.columns {
                for (&(kind, part), found) in &mut column.found {
                    let key = (table.name.clone(), column.key.clone(), kind, part);
                    let set = sets.remove(&key).and_then(Arc::into_inner);
                    if let Some(set) = set {
                        let rest = std::mem::take(&mut found.distinct);
                        found.distinct = set.into_inner().expect(UNPOISONED);
                        found.distinct.merge(rest);
                    }
                }
            }
        }
    }
}

const UNPOISONED: &str = "no task panics while it holds the lock";

/// The verdicts a source is read under: by table name, then by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) tables: BTreeMap<String, HashMap<ColumnKey, (usize, Verdict)>>,
}

impl Plan {
    /// The verdict on a column, if it has one.
    pub(super) fn column(&self, table: &str, key: &ColumnKey) -> Option<&(usize, Verdict)> {
        self.tables.get(table)?.get(key)
    }

    /// Whether two plans read records the same way; evidence and confidence may differ.
    pub(super) fn reads_like(&self, other: &Plan) -> bool {
        self.rules() == other.rules()
    }

    /// What of the verdicts matters for reading.
    fn rules(&self) -> BTreeMap<(&str, Option<&str>, u32), impl PartialEq> {
        let columns = self
            .tables
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(move |column| (table, column)));
        columns
            .filter(|(_, (_, (_, verdict)))| {
                verdict.whole.is_some()
                    || verdict.organisation
                    || verdict.goods
                    || verdict.member.is_some()
                    || verdict.perhaps.is_some()
                    || verdict.machine
                    || verdict.seldom
                    || verdict.numbers
                    || verdict.copied
                    || verdict.people
            })
            .map(|(table, (key, (_, verdict)))| {
                let whole = verdict
                    .whole
                    .as_ref()
                    .map(|whole| (whole.kind, whole.part, whole.accept));
                let things = (verdict.organisation, verdict.goods, verdict.piece);
                let chance = (verdict.unlisted, verdict.seldom, verdict.numbers);
                let flags = (
                    things,
                    chance,
                    verdict.machine,
                    verdict.people,
                    verdict.copied,
                );
                let members = (verdict.member.clone(), verdict.perhaps.clone());
                let rule = (whole, verdict.role, verdict.slot, members, flags);
                ((table.as_str(), key.name.as_deref(), key.nth), rule)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_values_are_counted_however_they_are_handed_over() {
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (n % 3);
        let all = 300_000u64;
        let expected = (0..all)
            .map(|n| hash(n % 170_001))
            .collect::<std::collections::BTreeSet<u64>>()
            .len() as u64;
        let table = format::Table {
            name: "t".to_owned(),
            ..format::Table::default()
        };
        let key = ColumnKey { name: None, nth: 0 };
        let at = (Kind(3), Part::Whole);
        let ways = [(1, 1_000_000), (1, 70_000), (3, 40_000), (7, 30)];
        let rooms = [usize::MAX, 0];
        for ((workers, handed), room) in ways.iter().flat_map(|&way| rooms.map(|room| (way, room)))
        {
            let shared = SharedSets::within(room);
            let mut tables: Vec<TableCount> = Vec::new();
            for worker in 0..workers {
                let mut count = [TableCount::new(&table, (0, 0, 0))];
                let column = count[0].column(&key, (0, 0, 0));
                for n in (worker..all).step_by(workers as usize) {
                    let found = count[0].columns[column].found.entry(at).or_default();
                    found.distinct.insert(hash(n % 170_001));
                    if n / workers % handed == 0 {
                        shared.take(&mut count);
                    }
                }
                tables.extend(count);
            }
            let mut total = tables.remove(0);
            tables.into_iter().for_each(|count| total.merge(count));
            let mut total = [total];
            shared.settle(&mut total);
            let found = total[0].columns[0]
                .found
                .get_mut(&at)
                .expect("it was found");
            assert_eq!(found.distinct.len(), expected, "{workers} workers {room}");
        }
    }

    #[test]
    fn alike_values_have_one_mask() {
        let letters = b"ab01+-. *()/:Z9";
        let mut masks: HashMap<u64, Masked> = HashMap::new();
        let (mut next, mut again) = (crate::text::random(3), 0);
        for n in 0..60_000 {
            let value: String = (0..n % 13)
                .map(|_| {
                    let many = if n % 2 == 0 { letters.len() } else { 5 };
                    let at = next(many as u64) as usize;
                    char::from(letters[at])
                })
                .collect();
            let key = likeness(&value).expect("short and ASCII");
            let masked = Masked::new(&value);
            again += usize::from(masks.contains_key(&key));
            assert_eq!(masks.entry(key).or_insert_with(|| masked.clone()), &masked);
        }
        assert!(again > 1_000, "{again}");
        for day in ["1985-04-03", "1985-04-13"] {
            assert_ne!(likeness(day), likeness("1985-04-04"), "{day}");
        }
        assert_eq!(likeness("1985-04-03"), likeness("1971-12-03"));
        assert_eq!(likeness("a@b"), None);
    }
}
