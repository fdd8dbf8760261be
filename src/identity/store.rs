//! Mentions collapsed: equal ones are one tuple with a count.
//!
//! While records are read, a worker notes mentions in its [`Log`] and hands them over to a [`SharedStore`], which is cut into shards by the first
//! bits of identities, so that workers rarely wait for one another. What a source gave is a [`Store`]; those of several sources are
//! absorbed into one, shard by shard. Once all is read it becomes [`Tuples`], in the order of identities, so that nothing depends on
//! the order in which mentions came.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use foldhash::HashMap;
use rayon::prelude::*;

use super::away::{Labels, Run, Writer};
use super::fact::Token;
use super::sample::{self, Kept, Sieve};
use super::seen::{self, Roles, Seen};
use super::tuples::{Label, Laid, Ordered, Rows, SHARD_BITS, Tuple, Tuples, fits, read, shard_of};
use super::{Locus, Mention};

/// How many distinct tuples are compared with those that are similar but not equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Above so many their normal forms are dropped, but for those of the samples.
    pub(super) tuples: usize,
    /// Bytes of normal forms above which they are dropped.
    pub(super) bytes: usize,
    /// Tuples of a sample.
    pub(super) sample: usize,
    /// Bytes of tuples above which those whose normal forms were dropped go to files. It never shows in what they are resolved to.
    pub(super) room: usize,
}

impl Default for Most {
    fn default() -> Self {
        Self {
            tuples: 2_000_000,
            bytes: u32::MAX as usize,
            sample: sample::MOST,
            room: usize::MAX,
        }
    }
}

/// A run's stores are several at one time: those that are being filled, the one of all, and its tuples in order.
const STORES: usize = 4;

impl Most {
    /// The usual limits, with so many bytes of memory for all stores of a run.
    fn within(memory: usize) -> Self {
        Self {
            room: memory / STORES,
            ..Self::default()
        }
    }

    /// Tuples of a sample in one shard: twice its part, so that nothing is dropped that all shards together keep.
    fn of_shard(self) -> usize {
        ((2 * self.sample) >> SHARD_BITS).max(1)
    }
}

/// Mentions of a worker's log above which it hands them over.
const HANDED: usize = 1 << 13;

/// Tuples from which on shards are absorbed by several threads.
const MANY: usize = 1 << 13;

/// Bytes of a shard that are put away at least: runs are to be long.
const LEAST_AWAY: usize = if cfg!(test) { 1 << 10 } else { 1 << 20 };

const UNPOISONED: &str = "no task panics while it holds the lock";

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
    /// Bytes that stayed when tuples were last put away.
    stayed: usize,
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
        let both = mine.and(label);
        let number = if both == mine {
            known.label
        } else {
            self.intern(both)
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
        self.slots = vec![0; (self.rows.tuples.len() * 2 + 2).next_power_of_two().max(8)];
        let mask = self.slots.len() - 1;
        for (tuple, position) in self.rows.tuples.iter().zip(1u64..) {
            let mut slot = tuple.id as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = print(tuple.id) | position;
        }
    }

    /// Puts the tuples whose normal forms were dropped into files, where they take more than this room. The others stay: which they are
    /// must not depend on when this was.
    fn put_away(&mut self, number: usize, room: usize, away: &Mutex<Writer>) {
        let Some((sieve, _)) = self.sieve else { return };
        // What stays is not looked at again and again.
        if self.rows.bytes() - self.stayed <= room.max(LEAST_AWAY) {
            return;
        }
        let mut stay = Rows::default();
        let mut order: Vec<(u128, u32)> = Vec::new();
        for (tuple, at) in self.rows.tuples.iter().zip(0u32..) {
            if sieve.keeps(self.rows.facts_of(at as usize)) {
                stay.copy(self.rows.view(), at as usize);
            } else {
                order.push((tuple.id, at));
            }
        }
        order.sort_unstable();
        let order = order.into_iter().map(|(_, at)| at as usize);
        away.lock().expect(UNPOISONED).put(
            number,
            self.rows.view(),
            order,
            Arc::new((self.labels.clone(), self.seen.clone())),
        );
        self.rows = stay;
        self.stayed = self.rows.bytes();
        self.grow();
    }

    /// The tuples in the order of their identities.
    fn sorted(&self) -> Rows {
        let mut rows = Rows {
            tuples: Vec::with_capacity(self.rows.tuples.len()),
            tokens: Vec::with_capacity(self.rows.tokens.len()),
            text: Vec::with_capacity(self.rows.text.len()),
        };
        for at in self.rows.order() {
            rows.copy(self.rows.view(), at as usize);
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
        let shared = SharedStore::of(most);
        shared.take(&mut self, true);
        shared.into_store()
    }
}

/// Mentions, equal ones collapsed. Stores of sources are absorbed into one; the order does not matter.
#[derive(Default)]
pub struct Store {
    /// With their numbers, in their order; those of a small source that are empty are left out: a folder of mails has a store of each.
    shards: Vec<(usize, Shard)>,
    /// Tuples that were put away, and what puts more of them away.
    runs: Vec<Run>,
    away: Mutex<Writer>,
    /// The tuples whose normal forms are kept; `None` for all.
    sieve: Option<Sieve>,
    len: usize,
    /// Bytes of normal forms.
    bytes: usize,
    most: Most,
}

impl Store {
    /// An empty store; the stores of a run have so many bytes of memory.
    pub fn within(memory: usize) -> Self {
        Self::of(Most::within(memory))
    }

    /// An empty store under other limits than the usual ones.
    pub(super) fn of(most: Most) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Takes in another store, its places shifted. Of a large one, which is of one source, only the source may be another.
    pub fn absorb(&mut self, mut other: Store, shift: &(dyn Fn(Locus) -> Locus + Sync)) {
        if other.shards.is_empty() {
            return;
        }
        let source = shift(Locus::default()).source;
        other.runs.iter_mut().for_each(|run| run.of_source(source));
        self.runs.append(&mut other.runs);
        self.fill();
        if other.sieve.is_some() {
            self.sift();
        } else if self.sieve.is_some() {
            other.sift();
        }
        let least = if other.len < MANY { 1 << SHARD_BITS } else { 1 };
        let mut theirs = Vec::new();
        theirs.resize_with(1 << SHARD_BITS, || None);
        for (number, shard) in other.shards {
            theirs[number] = Some(shard);
        }
        self.shards
            .par_iter_mut()
            .zip(theirs)
            .with_min_len(least)
            .filter_map(|((_, ours), theirs)| Some((ours, theirs?)))
            .for_each(|(ours, theirs)| ours.absorb(theirs, shift));
        self.settle();
        let room = self.most.room >> SHARD_BITS;
        let shards = self.shards.par_iter_mut();
        shards.for_each(|(number, shard)| shard.put_away(*number, room, &self.away));
    }

    /// Puts an empty shard where one was left out.
    fn fill(&mut self) {
        if self.shards.len() == 1 << SHARD_BITS {
            return;
        }
        let mut known = std::mem::take(&mut self.shards).into_iter().peekable();
        let all = (0..1 << SHARD_BITS).map(|number| {
            let is = |known: &(usize, Shard)| known.0 == number;
            known
                .next_if(is)
                .unwrap_or_else(|| (number, Shard::default()))
        });
        self.shards = all.collect();
    }

    /// Counts anew, and drops normal forms where there are too many.
    fn settle(&mut self) {
        let rows = || self.shards.iter().map(|(_, shard)| &shard.rows);
        self.len = rows().map(|rows| rows.tuples.len()).sum();
        self.bytes = rows().map(|rows| rows.text.len()).sum();
        let Most { tuples, bytes, .. } = self.most;
        // Of a store that has put tuples away only some are here.
        let sifted = self.shards.iter().any(|(_, shard)| shard.sieve.is_some());
        if sifted || self.len > tuples || self.bytes > bytes {
            self.sift();
        }
    }

    /// Keeps the normal forms of the samples only. Which tuples those are depends on what was stored, not in which order.
    fn sift(&mut self) {
        let most = self.most;
        self.shards
            .par_iter_mut()
            .for_each(|(_, shard)| shard.sift(most.of_shard()));
        let mut all = Kept::default();
        let mut finest = Sieve::default();
        let shards = self.shards.iter();
        for (sieve, kept) in shards.filter_map(|(_, shard)| shard.sieve.as_ref()) {
            finest = finest.most(*sieve);
            all.add(kept);
        }
        self.sieve = Some(all.sieve(most.sample).most(finest));
    }

    /// The tuples in the order of their identities.
    pub(super) fn into_tuples(mut self) -> Tuples {
        let away = std::mem::take(&mut self.away);
        self.runs
            .extend(away.into_inner().expect(UNPOISONED).finish());
        self.fill();
        for (_, shard) in &mut self.shards {
            shard.slots = Vec::new();
        }
        let rows = self.shards.iter().map(|(_, shard)| &shard.rows);
        if self.runs.is_empty() && fits(rows, self.most.room) {
            return self.copied();
        }
        let mut written = Ordered::new(self.most.room);
        self.runs.sort_by_key(|run| run.shard);
        // A few shards at a time: each is freed as soon as it is copied.
        let step = rayon::current_num_threads().max(1);
        let mut shards = self.shards.into_iter();
        let mut seen = Vec::new();
        loop {
            let some: Vec<(usize, Shard)> = shards.by_ref().take(step).collect();
            if some.is_empty() {
                break;
            }
            let sorted = some.into_par_iter().map(|(number, mut shard)| {
                shard.rows = shard.sorted();
                (number, shard)
            });
            for (number, shard) in sorted.collect::<Vec<(usize, Shard)>>() {
                let runs = self.runs.partition_point(|run| run.shard < number)
                    ..self.runs.partition_point(|run| run.shard <= number);
                let mut sources = shard.seen;
                let stayed = (shard.rows.view(), &*shard.labels);
                written.add(stayed, &self.runs[runs], &mut sources);
                seen.push(sources);
            }
        }
        written.finish(self.sieve, seen)
    }

    /// The tuples in the order of their identities, each shard copied to its place as soon as it is in order.
    fn copied(self) -> Tuples {
        let mut out = Laid::of(self.shards.iter().map(|(_, shard)| &shard.rows));
        let mut labels = Labels::default();
        let mut places = out.places();
        let shards = self.shards.into_iter().map(|(_, shard)| {
            let number = |&label: &Label| labels.number(label);
            let numbers: Vec<u32> = shard.labels.iter().map(number).collect();
            (places.next(&shard.rows), numbers, shard)
        });
        let shards: Vec<_> = shards.collect();
        let seen = shards.into_par_iter().map(|(place, numbers, shard)| {
            place.fill(shard.rows.view(), &shard.rows.order(), &numbers);
            shard.seen
        });
        let seen = seen.collect();
        out.finish(self.sieve, labels, seen)
    }
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
    away: Mutex<Writer>,
    most: Most,
}

impl SharedStore {
    /// An empty store; the stores of a run have so many bytes of memory.
    pub fn within(memory: usize) -> Self {
        Self::of(Most::within(memory))
    }

    /// An empty store under other limits than the usual ones.
    pub(super) fn of(most: Most) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Takes over a worker's mentions when there are many of them, or when it is `done`.
    pub fn take(&self, log: &mut Log, done: bool) {
        if log.len == 0 || log.len < HANDED && !done {
            return;
        }
        let (mut grown, mut bytes) = (0, 0);
        let shallow = self.shallow.load(Relaxed);
        let mut coarsest: Option<Sieve> = None;
        let room = self.most.room >> SHARD_BITS;
        let shards = self.shards.iter().zip(&mut log.shards).enumerate();
        for (number, (shard, noted)) in shards {
            let mut shard = shard.lock().expect(UNPOISONED);
            let (rows, text) = (shard.rows.tuples.len(), shard.rows.text.len());
            shard.take(noted);
            grown += shard.rows.tuples.len() - rows;
            bytes += shard.rows.text.len() - text;
            if shallow {
                shard.sift(self.most.of_shard());
                let sieve = shard.sieve.as_ref().map(|sieve| sieve.0);
                coarsest = sieve.map(|sieve| coarsest.map_or(sieve, |of| of.least(sieve)));
                shard.put_away(number, room, &self.away);
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
        let runs = self.away.into_inner().expect(UNPOISONED).finish();
        let shards = self.shards.into_iter();
        let shards = shards.map(|shard| shard.into_inner().expect(UNPOISONED));
        let holds = |shard: &Shard| !runs.is_empty() || !shard.rows.tuples.is_empty();
        let mut store = Store {
            shards: (0..)
                .zip(shards)
                .filter(|(_, shard)| holds(shard))
                .collect(),
            runs,
            most: self.most,
            ..Store::default()
        };
        store.settle();
        store.shards.shrink_to_fit();
        store
    }
}
