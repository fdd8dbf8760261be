//! Mentions collapsed: equal ones are one tuple with a count.
//!
//! While records are read, a worker notes mentions in its [`Log`] and hands them over to a [`SharedStore`], which is cut into shards by the first
//! bits of identities, so that workers rarely wait for one another. What a source gave is a [`Store`]; those of several sources are
//! absorbed into one, shard by shard. Once all is read it becomes [`Tuples`], in the order of identities, so that nothing depends on
//! the order in which mentions came.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use foldhash::HashMap;
use rayon::prelude::*;

use super::area::Area;
use super::fact::{Fact, Token, hash, mix};
use super::loose::Setting;
use super::sample::{self, Kept, Sieve};
use super::seen::{self, Roles, Seen};
use super::{Locus, Mention};
use crate::pattern::KindSet;

/// How many distinct tuples are compared with those that are similar but not equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Above so many their normal forms are dropped, but for those of the samples.
    pub(super) tuples: usize,
    /// Bytes of normal forms above which they are dropped.
    pub(super) bytes: usize,
    /// Tuples of a sample.
    pub(super) sample: usize,
}

impl Default for Most {
    fn default() -> Self {
        Self {
            tuples: 2_000_000,
            bytes: u32::MAX as usize,
            sample: sample::MOST,
        }
    }
}

impl Most {
    /// Tuples of a sample in one shard: twice its part, so that nothing is dropped that all shards together keep.
    fn of_shard(self) -> usize {
        ((2 * self.sample) >> SHARD_BITS).max(1)
    }
}

/// Bits of an identity that tell its shard.
const SHARD_BITS: u32 = 5;

/// Mentions of a worker's log above which it hands them over.
const HANDED: usize = 1 << 13;

/// Tuples from which on shards are absorbed by several threads.
const MANY: usize = 1 << 13;

/// One distinct mention.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuple {
    /// Hash of the normal forms and kinds.
    pub(super) id: u128,
    /// Record and source where it stood first.
    record: u64,
    source: u32,
    /// Where and as whom it was seen, as its shard numbers such sets.
    seen: u32,
    /// Records that say the same.
    pub(super) records: u32,
    /// Index into [`Tuples::labels`].
    pub(super) label: u32,
    /// End of its tokens; they begin where those of the tuple before end.
    tokens_end: u32,
    /// End of its text.
    text_end: u32,
}

/// What a tuple is counted under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Label {
    /// The kinds of data it holds.
    pub(super) kinds: KindSet,
    /// Where the person lives.
    pub(super) area: Area,
    /// Has a mailbox of the user's own organisation.
    pub(super) own: bool,
    /// What says it: of several, what tells most.
    pub(super) setting: Setting,
}

/// Some tuples with their tokens and normal forms.
#[derive(Default)]
pub(super) struct Rows {
    tuples: Vec<Tuple>,
    tokens: Vec<Token>,
    /// Normal forms in the order of the tokens, a length before each; none of tuples of which they were dropped.
    text: Vec<u8>,
}

impl Rows {
    #[inline]
    fn tokens_of(&self, at: usize) -> &[Token] {
        let start = match at {
            0 => 0,
            _ => self.tuples[at - 1].tokens_end,
        };
        &self.tokens[start as usize..self.tuples[at].tokens_end as usize]
    }

    fn text_of(&self, at: usize) -> &[u8] {
        let start = match at {
            0 => 0,
            _ => self.tuples[at - 1].text_end,
        };
        &self.text[start as usize..self.tuples[at].text_end as usize]
    }

    /// The facts of a tuple with their normal forms; none once they were dropped.
    fn facts_of(&self, at: usize) -> impl Iterator<Item = (Fact, u8, &str)> {
        let mut text = self.text_of(at);
        self.tokens_of(at).iter().map_while(move |token| {
            let (len, rest) = text.split_at_checked(4)?;
            let len = u32::from_le_bytes(len.try_into().ok()?) as usize;
            let (value, rest) = rest.split_at_checked(len)?;
            text = rest;
            Some((token.fact(), token.kind(), std::str::from_utf8(value).ok()?))
        })
    }

    /// Appends a tuple of others.
    pub(super) fn copy(&mut self, from: &Rows, at: usize) {
        self.push(from.tuples[at], from.tokens_of(at), from.text_of(at));
    }

    /// Drops the normal forms of all tuples that a sieve does not keep.
    fn drop_text(&mut self, sieve: Sieve) {
        let mut text = Vec::new();
        let ends: Vec<u32> = (0..self.tuples.len())
            .map(|at| {
                if sieve.keeps(self.facts_of(at)) {
                    text.extend_from_slice(self.text_of(at));
                }
                text.len() as u32
            })
            .collect();
        for (tuple, end) in self.tuples.iter_mut().zip(ends) {
            tuple.text_end = end;
        }
        self.text = text;
    }

    fn push(&mut self, tuple: Tuple, tokens: &[Token], text: &[u8]) {
        self.tokens.extend_from_slice(tokens);
        self.text.extend_from_slice(text);
        self.tuples.push(Tuple {
            tokens_end: self.tokens.len() as u32,
            text_end: self.text.len() as u32,
            ..tuple
        });
    }
}

impl Rows {
    fn clear(&mut self) {
        self.tuples.clear();
        self.tokens.clear();
        self.text.clear();
    }
}

/// The tuples whose identities begin with some bits.
#[derive(Default)]
struct Shard {
    rows: Rows,
    labels: Vec<Label>,
    label_index: HashMap<Label, u32>,
    seen: Seen,
    /// The tuples whose normal forms are kept; `None` for all.
    sieve: Option<(Sieve, Kept)>,
    /// Open addressing: above, some bits of the identity; below, the position of a tuple plus one, 0 where free.
    slots: Vec<u64>,
}

impl Shard {
    /// Adds what `tuple` says, or counts it where it is known. `label` and `seen` are what its indices stand for.
    fn add(
        &mut self,
        tuple: Tuple,
        label: Label,
        seen: impl Iterator<Item = (u32, Roles)>,
        (tokens, text): (&[Token], &[u8]),
    ) {
        if (self.rows.tuples.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let slot = self.slot(tuple.id);
        if let Some(at) = position(self.slots[slot]) {
            self.merge(at, &tuple, label, seen);
            return;
        }
        let label = self.intern(label);
        let seen = seen.fold(0, |set, (source, roles)| self.seen.with(set, source, roles));
        let tuple = Tuple {
            label,
            seen,
            ..tuple
        };
        self.rows.push(tuple, tokens, text);
        self.slots[slot] = print(tuple.id) | self.rows.tuples.len() as u64;
        if let Some((_, kept)) = &mut self.sieve
            && !text.is_empty()
        {
            kept.count(self.rows.facts_of(self.rows.tuples.len() - 1));
        }
    }

    /// Keeps the normal forms of so many tuples for each sample, and drops the others.
    fn sift(&mut self, most: usize) {
        let (before, kept) = match self.sieve.take() {
            Some((sieve, kept)) => (Some(sieve), kept),
            None => {
                let mut kept = Kept::default();
                (0..self.rows.tuples.len()).for_each(|at| kept.count(self.rows.facts_of(at)));
                (None, kept)
            }
        };
        let sieve = kept.sieve(most).most(before.unwrap_or_default());
        if before != Some(sieve) {
            self.rows.drop_text(sieve);
        }
        self.sieve = Some((sieve, kept));
    }

    /// Counts a tuple that is there. The surest of two areas holds, whichever came first.
    fn merge(
        &mut self,
        at: usize,
        tuple: &Tuple,
        label: Label,
        seen: impl Iterator<Item = (u32, Roles)>,
    ) {
        let known = self.rows.tuples[at];
        let mine = self.labels[known.label as usize];
        let (area, setting) = (mine.area.max(label.area), mine.setting.min(label.setting));
        let number = if (area, setting) == (mine.area, mine.setting) {
            known.label
        } else {
            self.intern(Label {
                area,
                setting,
                ..mine
            })
        };
        let seen = seen.fold(known.seen, |set, (source, roles)| {
            self.seen.with(set, source, roles)
        });
        let first = known.first().min(tuple.first());
        self.rows.tuples[at] = Tuple {
            records: known.records.saturating_add(tuple.records),
            label: number,
            seen,
            ..known
        }
        .at(first);
    }

    /// Adds the mentions of a worker, whose memory it may use again.
    fn take(&mut self, noted: &mut Noted) {
        let Noted { rows, labels } = noted;
        for (at, (tuple, (label, roles))) in rows.tuples.iter().zip(labels.drain(..)).enumerate() {
            let seen = std::iter::once((tuple.source, roles));
            self.add(*tuple, label, seen, (rows.tokens_of(at), rows.text_of(at)));
        }
        rows.clear();
    }

    fn absorb(&mut self, other: Shard, shift: impl Fn(Locus) -> Locus) {
        let source = |source| {
            let moved = shift(Locus { source, record: 0 });
            moved.source
        };
        if self.rows.tuples.is_empty() {
            let sieve = self.sieve.take();
            *self = other;
            self.sieve = self.sieve.take().or(sieve);
            self.seen.shift(source);
            for tuple in &mut self.rows.tuples {
                *tuple = tuple.at(shift(tuple.first()));
            }
            return;
        }
        for (at, tuple) in other.rows.tuples.iter().enumerate() {
            let label = other.labels[tuple.label as usize];
            let seen = other.seen.of(tuple.seen);
            let seen = seen.map(|(at, roles)| (source(at), roles));
            let content = (other.rows.tokens_of(at), other.rows.text_of(at));
            self.add(tuple.at(shift(tuple.first())), label, seen, content);
        }
    }

    fn intern(&mut self, label: Label) -> u32 {
        *self.label_index.entry(label).or_insert_with(|| {
            self.labels.push(label);
            self.labels.len() as u32 - 1
        })
    }

    /// The slot in which a tuple is, or would be.
    fn slot(&self, id: u128) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = id as usize & mask;
        while let Some(at) = position(self.slots[slot]) {
            let alike = self.slots[slot] >> 32 == print(id) >> 32;
            if alike && self.rows.tuples[at].id == id {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![0; (self.rows.tuples.len() * 2 + 2).next_power_of_two().max(8)];
        let mask = self.slots.len() - 1;
        for entry in old {
            let Some(at) = position(entry) else { continue };
            let mut slot = self.rows.tuples[at].id as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = entry;
        }
    }

    /// The tuples in the order of their identities; their labels as `numbers` tells them anew.
    fn sorted(self, numbers: &[u32]) -> Rows {
        let Rows { tuples, .. } = &self.rows;
        let mut order: Vec<(u128, u32)> = tuples.iter().map(|tuple| tuple.id).zip(0..).collect();
        order.sort_unstable();
        let mut rows = Rows {
            tuples: Vec::with_capacity(tuples.len()),
            tokens: Vec::with_capacity(self.rows.tokens.len()),
            text: Vec::with_capacity(self.rows.text.len()),
        };
        for (_, at) in order {
            let at = at as usize;
            let label = numbers[tuples[at].label as usize];
            let tuple = Tuple {
                label,
                ..tuples[at]
            };
            rows.push(tuple, self.rows.tokens_of(at), self.rows.text_of(at));
        }
        rows
    }
}

/// Bits of an identity that are kept in a slot: neither those that tell the shard nor those that tell the slot.
fn print(id: u128) -> u64 {
    (id >> 64) as u64 & !0xffff_ffff
}

fn position(slot: u64) -> Option<usize> {
    (slot as u32 as usize).checked_sub(1)
}

fn shard_of(id: u128) -> usize {
    (id >> (u128::BITS - SHARD_BITS)) as usize
}

/// Mentions that a worker has noted and not yet handed over, one by one.
#[derive(Default)]
pub struct Log {
    /// By shard; none while it is empty.
    shards: Vec<Noted>,
    len: usize,
    /// The tuples whose normal forms are kept; `None` for all.
    sieve: Option<Sieve>,
    /// Tokens of the mention that is being noted.
    tokens: Vec<Token>,
}

/// The mentions of a log that belong to one shard.
#[derive(Default)]
struct Noted {
    rows: Rows,
    labels: Vec<(Label, Roles)>,
}

impl Log {
    /// Notes a mention of a record.
    pub fn add(&mut self, mention: &Mention, at: Locus) {
        if self.shards.is_empty() {
            self.shards.resize_with(1 << SHARD_BITS, Noted::default);
        }
        self.tokens.clear();
        let id = read(mention, |token| self.tokens.push(token));
        let noted = &mut self.shards[shard_of(id)];
        let rows = &mut noted.rows;
        rows.tokens.extend_from_slice(&self.tokens);
        if self
            .sieve
            .is_none_or(|sieve| sieve.keeps(mention.facts.iter()))
        {
            for (_, _, value) in mention.facts.iter() {
                let len = value.len() as u32;
                rows.text.extend_from_slice(&len.to_le_bytes());
                rows.text.extend_from_slice(value.as_bytes());
            }
        }
        rows.tuples.push(Tuple {
            id,
            record: at.record,
            source: at.source,
            seen: 0,
            records: 1,
            label: 0,
            tokens_end: rows.tokens.len() as u32,
            text_end: rows.text.len() as u32,
        });
        let label = Label {
            kinds: mention.kinds,
            area: mention.area,
            own: mention.own,
            setting: mention.setting,
        };
        noted.labels.push((label, seen::bit(mention.role)));
        self.len += 1;
    }

    /// All that was noted.
    pub fn into_store(self) -> Store {
        self.into_store_of(Most::default())
    }

    /// All that was noted, under other limits than the usual ones.
    pub(super) fn into_store_of(mut self, most: Most) -> Store {
        let shared = SharedStore {
            most,
            ..SharedStore::default()
        };
        shared.take(&mut self, true);
        shared.into_store()
    }
}

/// Mentions, equal ones collapsed. Stores of sources are absorbed into one; the order does not matter.
#[derive(Default)]
pub struct Store {
    /// None while it is empty.
    shards: Vec<Shard>,
    /// The tuples whose normal forms are kept; `None` for all.
    sieve: Option<Sieve>,
    len: usize,
    /// Bytes of normal forms.
    bytes: usize,
    most: Most,
}

impl Store {
    /// An empty store under other limits than the usual ones.
    #[cfg(test)]
    pub(super) fn of(most: Most) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Takes in another store, its places shifted.
    pub fn absorb(&mut self, mut other: Store, shift: &(dyn Fn(Locus) -> Locus + Sync)) {
        if other.shards.is_empty() {
            return;
        }
        self.shards.resize_with(1 << SHARD_BITS, Shard::default);
        if other.sieve.is_some() {
            self.sift();
        } else if self.sieve.is_some() {
            other.sift();
        }
        let least = if other.len < MANY { 1 << SHARD_BITS } else { 1 };
        self.shards
            .par_iter_mut()
            .zip(other.shards)
            .with_min_len(least)
            .for_each(|(ours, theirs)| ours.absorb(theirs, shift));
        self.settle();
    }

    /// Counts anew, and drops normal forms where there are too many.
    fn settle(&mut self) {
        self.len = self
            .shards
            .iter()
            .map(|shard| shard.rows.tuples.len())
            .sum();
        self.bytes = self.shards.iter().map(|shard| shard.rows.text.len()).sum();
        let Most { tuples, bytes, .. } = self.most;
        if self.sieve.is_some() || self.len > tuples || self.bytes > bytes {
            self.sift();
        }
    }

    /// Keeps the normal forms of the samples only. Which tuples those are depends on what was stored, not in which order.
    fn sift(&mut self) {
        let most = self.most;
        self.shards
            .par_iter_mut()
            .for_each(|shard| shard.sift(most.of_shard()));
        let mut all = Kept::default();
        let mut finest = Sieve::default();
        for (sieve, kept) in self.shards.iter().filter_map(|shard| shard.sieve.as_ref()) {
            finest = finest.most(*sieve);
            all.add(kept);
        }
        self.sieve = Some(all.sieve(most.sample).most(finest));
    }

    /// The tuples in the order of their identities.
    pub(super) fn into_tuples(mut self) -> Tuples {
        let mut labels: Vec<Label> = Vec::new();
        let mut index: HashMap<Label, u32> = HashMap::default();
        let mut numbers: Vec<Vec<u32>> = Vec::with_capacity(self.shards.len());
        for of_shard in self.shards.iter().map(|shard| &shard.labels) {
            let number = of_shard.iter().map(|&label| {
                *index.entry(label).or_insert_with(|| {
                    labels.push(label);
                    labels.len() as u32 - 1
                })
            });
            numbers.push(number.collect());
        }
        let seen = self.shards.iter_mut();
        let seen: Vec<Seen> = seen.map(|shard| std::mem::take(&mut shard.seen)).collect();
        let sum = |of: fn(&Rows) -> usize| self.shards.iter().map(|shard| of(&shard.rows)).sum();
        let mut rows = Rows {
            tuples: Vec::with_capacity(sum(|rows| rows.tuples.len())),
            tokens: Vec::with_capacity(sum(|rows| rows.tokens.len())),
            text: Vec::with_capacity(sum(|rows| rows.text.len())),
        };
        for shard in &mut self.shards {
            shard.slots = Vec::new();
        }
        // A few shards at a time: each is freed as soon as it is copied.
        let step = rayon::current_num_threads().max(1);
        let mut shards = self.shards.into_iter().zip(numbers);
        loop {
            let some: Vec<(Shard, Vec<u32>)> = shards.by_ref().take(step).collect();
            if some.is_empty() {
                break;
            }
            let sorted: Vec<Rows> = some
                .into_par_iter()
                .map(|(shard, numbers)| shard.sorted(&numbers))
                .collect();
            for part in sorted {
                append(&mut rows, part);
            }
        }
        Tuples {
            rows,
            sieve: self.sieve,
            labels,
            seen,
        }
    }
}

/// Appends rows; ends are counted from the first row of all.
fn append(rows: &mut Rows, part: Rows) {
    let (tokens, text) = (rows.tokens.len() as u32, rows.text.len() as u32);
    rows.tokens.extend_from_slice(&part.tokens);
    rows.text.extend_from_slice(&part.text);
    rows.tuples
        .extend(part.tuples.into_iter().map(|tuple| Tuple {
            tokens_end: tuple.tokens_end + tokens,
            text_end: tuple.text_end + text,
            ..tuple
        }));
}

/// A store that several workers fill at the same time.
#[derive(Default)]
pub struct SharedStore {
    shards: [Mutex<Shard>; 1 << SHARD_BITS],
    len: AtomicUsize,
    /// Bytes of normal forms.
    bytes: AtomicUsize,
    /// Whether normal forms are dropped but for those of the samples.
    shallow: AtomicBool,
    most: Most,
}

impl SharedStore {
    /// Takes over a worker's mentions when there are many of them, or when it is `done`.
    pub fn take(&self, log: &mut Log, done: bool) {
        if log.len == 0 || log.len < HANDED && !done {
            return;
        }
        let (mut grown, mut bytes) = (0, 0);
        let shallow = self.shallow.load(Relaxed);
        let mut coarsest: Option<Sieve> = None;
        for (shard, noted) in self.shards.iter().zip(&mut log.shards) {
            let mut shard = shard
                .lock()
                .expect("no task panics while it holds the lock");
            let (rows, text) = (shard.rows.tuples.len(), shard.rows.text.len());
            shard.take(noted);
            grown += shard.rows.tuples.len() - rows;
            bytes += shard.rows.text.len() - text;
            if shallow {
                shard.sift(self.most.of_shard());
                let sieve = shard.sieve.as_ref().map(|sieve| sieve.0);
                coarsest = sieve.map(|sieve| coarsest.map_or(sieve, |of| of.least(sieve)));
            }
        }
        log.len = 0;
        let len = self.len.fetch_add(grown, Relaxed) + grown;
        let bytes = self.bytes.fetch_add(bytes, Relaxed) + bytes;
        if len > self.most.tuples || bytes > self.most.bytes {
            self.shallow.store(true, Relaxed);
        }
        if shallow {
            log.sieve = coarsest;
        }
    }

    /// All that was handed over.
    pub fn into_store(self) -> Store {
        let shards = self.shards.into_iter().map(|shard| {
            shard
                .into_inner()
                .expect("no task panics while it holds the lock")
        });
        let mut store = Store {
            shards: shards.collect(),
            most: self.most,
            ..Store::default()
        };
        store.settle();
        if store.len == 0 {
            store.shards = Vec::new();
        }
        store
    }
}

/// All distinct mentions, in the order of their identities.
pub(super) struct Tuples {
    rows: Rows,
    /// The tuples whose normal forms are there; `None` for all.
    sieve: Option<Sieve>,
    labels: Vec<Label>,
    /// Where and as whom tuples were seen, for each shard.
    seen: Vec<Seen>,
}

impl Tuples {
    pub(super) fn tuples(&self) -> &[Tuple] {
        &self.rows.tuples
    }

    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The sources in which a tuple was seen, with the roles, the last first.
    pub(super) fn seen_of(&self, at: usize) -> impl Iterator<Item = (u32, Roles)> {
        let tuple = &self.rows.tuples[at];
        self.seen[shard_of(tuple.id)].of(tuple.seen)
    }

    /// The tokens of a tuple, in order of type.
    #[inline]
    pub(super) fn tokens_of(&self, at: usize) -> &[Token] {
        self.rows.tokens_of(at)
    }

    /// Whether the normal forms are still there.
    pub(super) fn is_deep(&self) -> bool {
        self.sieve.is_none()
    }

    /// The tuples whose normal forms are still there, where others were dropped.
    pub(super) fn sieve(&self) -> Option<Sieve> {
        self.sieve
    }

    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Some of these tuples. Where they were seen is not known of them.
    pub(super) fn some(&self, rows: Rows) -> Tuples {
        Tuples {
            rows,
            sieve: None,
            labels: self.labels.clone(),
            seen: Vec::new(),
        }
    }

    /// The facts of a tuple with their normal forms; none once they were dropped.
    pub(super) fn facts_of(&self, at: usize) -> impl Iterator<Item = (Fact, u8, &str)> {
        self.rows.facts_of(at)
    }
}

impl Tuple {
    /// Where it stood first.
    pub(super) fn first(&self) -> Locus {
        Locus {
            source: self.source,
            record: self.record,
        }
    }

    /// The tuple, first seen at a place.
    fn at(self, Locus { source, record }: Locus) -> Self {
        Self {
            record,
            source,
            ..self
        }
    }
}

/// The identity of a mention: what it says, not where or in which role.
pub(super) fn tuple_id(mention: &Mention) -> u128 {
    read(mention, |_| {})
}

/// The identity of a mention and its tokens: each value is hashed once. The upper half, by which tuples are ordered, is of the values
/// alone: which numbers the kinds have does not show in any order. The lower half is of all.
fn read(mention: &Mention, mut put: impl FnMut(Token)) -> u128 {
    let kinds = mention.kinds.0;
    let mut high = 0x5851_f42d_4c95_7f2d;
    let mut low = (kinds as u64) ^ ((kinds >> 64) as u64).rotate_left(32);
    for (fact, kind, value) in mention.facts.iter() {
        let tag = (fact as u64) << 8;
        let of_value = hash(0, value);
        put(Token::with(fact, kind, value, of_value));
        high = mix(high ^ tag, of_value);
        low = mix(
            low.rotate_left(23) ^ tag ^ u64::from(kind),
            of_value.rotate_left(32) ^ 0x5851_f42d_4c95_7f2d,
        );
    }
    u128::from(high) << 64 | u128::from(low)
}

/// The number of a tuple by which others know it: the lower half of its identity.
pub(super) fn tuple_number(id: u128) -> u64 {
    id as u64
}
