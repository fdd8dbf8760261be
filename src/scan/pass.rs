//! One pass over one source under a plan: parts are taken by ticket, each worker counts for itself, counts are merged.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::prelude::*;

use super::Run;
use super::clock::Clock;
use super::faults::Faults;
use super::read::{Given, Sum, Worker};
use super::source::{Node, is_fallible};
use super::table::{Plan, SharedSets, TableCount};
use super::within::widen;
use crate::column::Tally;
use crate::format::{Batch, Item, Member, Reader};
use crate::identity::{Locus, Log, SharedStore, Store};
use crate::source::{Code, Fault};

/// Records of one part that are told apart in the order of subjects: a part holds less than 2⁴⁰ of them.
const PART_SHIFT: u32 = 40;

/// What a pass counted.
#[derive(Default)]
pub(super) struct Count {
    pub(super) tables: Vec<TableCount>,
    by_name: HashMap<String, usize>,
    pub(super) store: Store,
    log: Log,
    faults: Faults,
    /// The faults to tell, once all is read.
    pub(super) told: Vec<Fault>,
    /// Members with part and number in the part.
    pub(super) members: Vec<((usize, u32), Node)>,
    /// Where the last part stopped at a fault; `Some(None)` where any stopped and it is not known what was not read.
    pub(super) stopped: Option<Option<u64>>,
    bad_bytes: u64,
    bad_at: Option<u64>,
    /// Whether the sink stopped a part early.
    pub(super) cut: bool,
    scratch: String,
}

/// Which records a pass reads.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// All; members too when `members`.
    All { members: bool },
    /// At most so many records of some parts, to guess a plan.
    Sample(usize),
}

/// What takes a member: scans it as a source.
pub(super) type Enter<'a> = dyn Fn(Member) -> Node + Sync + 'a;

/// Reads a source's parts under a plan.
pub(super) fn pass(
    run: &Run<'_>,
    reader: &dyn Reader,
    plan: &Plan,
    extent: Extent,
    enter: &Enter<'_>,
    part_done: &(dyn Fn() + Sync),
) -> Count {
    let parts: Vec<usize> = match extent {
        Extent::All { .. } => (0..reader.parts()).collect(),
        Extent::Sample(_) => sample_parts(reader.parts()),
    };
    let ticket = AtomicUsize::new(0);
    let n_workers = rayon::current_num_threads().min(parts.len()).max(1);
    let shared = Shared {
        store: SharedStore::within(run.options.limits.memory_bytes),
        sets: SharedSets::within(run.options.limits.memory_bytes / 4),
    };
    let clock = Clock::new(run.options.limits.source_time, reader.parts());
    let work = |_| {
        let mut count = Count::default();
        let mut worker = run.take_worker();
        worker.sampling = matches!(extent, Extent::Sample(_)) && !run.options.slow;
        while let Some(&part) = parts.get(ticket.fetch_add(1, Ordering::Relaxed)) {
            count.part(
                run,
                &mut worker,
                reader,
                plan,
                extent,
                part,
                enter,
                (&clock, &shared),
            );
            count.hand_over(&shared);
            part_done();
        }
        shared.store.take(&mut count.log, true);
        run.give_back(worker);
        count
    };
    let counts: Vec<Count> = (0..n_workers)
        .into_par_iter()
        .with_max_len(1)
        .map(work)
        .collect();
    let mut total = Count::default();
    for count in counts {
        total.merge(count);
    }
    total.store = shared.store.into_store();
    if clock.is_up() {
        let fault = Fault::whole(Code::OverTime, "the rest of the source");
        total.faults.push(fault);
    }
    total.settle();
    shared.sets.settle(&mut total.tables);
    total
}

/// What all workers of a pass hand over to.
struct Shared {
    store: SharedStore,
    sets: SharedSets,
}

/// Batches after which a worker hands over in the middle of a part: many sources are one part, however large.
const HAND_OVER: u32 = 16;

/// The first part, the last and one between.
fn sample_parts(parts: usize) -> Vec<usize> {
    let mut sample = vec![0, parts / 2, parts.saturating_sub(1)];
    sample.retain(|&part| part < parts);
    sample.dedup();
    sample
}

impl Count {
    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; everything is a reference"
    )]
    fn part<'p>(
        &mut self,
        run: &Run<'p>,
        worker: &mut Worker<'p>,
        reader: &dyn Reader,
        plan: &Plan,
        extent: Extent,
        part: usize,
        enter: &Enter<'_>,
        (clock, shared): (&Clock, &Shared),
    ) {
        if clock.is_up() {
            return;
        }
        let mut watch = clock.watch();
        let mut place = Place {
            part,
            batches: 0,
            records: 0,
            members: 0,
        };
        let mut sink = |item: Item<'_>| match item {
            Item::Batch(batch) => {
                let before = place.records;
                match widen(run.patterns, &batch) {
                    Some(wide) => self.batch(worker, &wide.batch(), plan, &mut place),
                    None => self.batch(worker, &batch, plan, &mut place),
                }
                if place.batches.is_multiple_of(HAND_OVER) {
                    self.hand_over(shared);
                }
                // Samples and second readings are the same records again.
                if matches!(extent, Extent::All { members: true }) {
                    run.progress
                        .records
                        .fetch_add(place.records - before, Ordering::Relaxed);
                }
                match extent {
                    _ if watch.tick() => ControlFlow::Break(()),
                    Extent::Sample(limit) if place.records >= limit as u64 => {
                        self.cut = true;
                        ControlFlow::Break(())
                    }
                    _ => ControlFlow::Continue(()),
                }
            }
            Item::Member(member) => {
                if matches!(extent, Extent::All { members: true }) {
                    if watch.tick() {
                        return ControlFlow::Break(());
                    }
                    self.members.push(((part, place.members), enter(member)));
                    watch.skip();
                }
                place.members += 1;
                ControlFlow::Continue(())
            }
            Item::Fault(fault) => {
                self.faults.push(fault);
                ControlFlow::Continue(())
            }
        };
        let read = catch_unwind(AssertUnwindSafe(|| reader.read(part, &mut sink)));
        self.end_part(read, part, part + 1 == reader.parts());
    }

    /// Notes how a part ended.
    fn end_part(&mut self, read: thread::Result<Result<(), Fault>>, part: usize, is_last: bool) {
        let fault = match read {
            Ok(Ok(())) => return,
            Ok(Err(fault)) => fault,
            Err(_) => Fault::whole(Code::Bug, format!("the rest of part {part}")),
        };
        if is_fallible(fault.code) {
            self.stop(Some(fault.at.filter(|_| is_last)));
        }
        self.faults.push(fault);
    }

    /// Hands over what became many.
    fn hand_over(&mut self, shared: &Shared) {
        shared.store.take(&mut self.log, false);
        shared.sets.take(&mut self.tables);
    }

    /// Notes that a part was not read to its end.
    fn stop(&mut self, at: Option<Option<u64>>) {
        self.stopped = match (self.stopped, at) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.or(b),
        };
    }

    fn batch<'p>(
        &mut self,
        worker: &mut Worker<'p>,
        batch: &Batch<'_>,
        plan: &Plan,
        place: &mut Place,
    ) {
        let table_at = self.table(batch, place);
        let table = &mut self.tables[table_at];
        let keys = worker.keys(batch.table).to_vec();
        let columns: Vec<usize> = keys
            .iter()
            .enumerate()
            .map(|(index, key)| table.column(key, (place.part, place.batches, index as u32)))
            .collect();
        let mut tallies: Vec<Tally> = columns
            .iter()
            .map(|&index| std::mem::take(&mut table.columns[index].tally))
            .collect();
        let mut slots: Vec<&mut Tally> = tallies.iter_mut().collect();
        let (log, scratch) = (&mut self.log, &mut self.scratch);
        let (part, before) = (place.part, place.records);
        worker.copies = std::mem::take(&mut table.copies);
        let sum = worker.batch(batch, plan, &mut slots, &mut |given| match given {
            Given::Hit(hit) => {
                let found = table.columns[columns[hit.column]]
                    .found
                    .entry((hit.kind, hit.part))
                    .or_default();
                if hit.again {
                    found.again(hit.network());
                    return;
                }
                let at = (part, before + hit.record);
                found.add(
                    (hit.kind, hit.part),
                    hit.value(),
                    hit.network(),
                    hit.confidence,
                    at,
                    scratch,
                );
            }
            Given::Mention(record, mention) => {
                let record = (part as u64) << PART_SHIFT | (before + record);
                log.add(mention, Locus { source: 0, record });
            }
        });
        for ([a, b], pairing) in worker.pairings.drain() {
            table.pair([keys[a].clone(), keys[b].clone()], &pairing);
        }
        table.copies = std::mem::take(&mut worker.copies);
        for (tally, &index) in tallies.into_iter().zip(&columns) {
            table.columns[index].tally = tally;
        }
        self.account(batch, &sum, table_at, place);
    }

    fn account(&mut self, batch: &Batch<'_>, sum: &Sum, table_at: usize, place: &mut Place) {
        *self.tables[table_at]
            .part_records
            .entry(place.part)
            .or_insert(0) += sum.records;
        place.records += sum.records;
        place.batches += 1;
        if batch.table.shape.is_carved() {
            // The ends of runs are only where text is likely.
            return;
        }
        self.bad_bytes += sum.bad_bytes;
        let bad_at = sum
            .bad_at
            .and_then(|at| batch.origin.map(|origin| origin + at as u64));
        self.bad_at = [self.bad_at, bad_at].into_iter().flatten().min();
    }

    fn table(&mut self, batch: &Batch<'_>, place: &Place) -> usize {
        let seen = (place.part, place.batches, 0);
        if let Some(&index) = self.by_name.get(&batch.table.name) {
            let table = &mut self.tables[index];
            table.seen = table.seen.min(seen);
            return index;
        }
        self.by_name
            .insert(batch.table.name.clone(), self.tables.len());
        self.tables.push(TableCount::new(batch.table, seen));
        self.tables.len() - 1
    }

    fn merge(&mut self, other: Count) {
        for table in other.tables {
            match self.by_name.get(&table.name) {
                Some(&index) => self.tables[index].merge(table),
                None => {
                    self.by_name.insert(table.name.clone(), self.tables.len());
                    self.tables.push(table);
                }
            }
        }
        self.faults.merge(other.faults);
        self.members.extend(other.members);
        self.stop(other.stopped);
        self.bad_bytes += other.bad_bytes;
        self.bad_at = [self.bad_at, other.bad_at].into_iter().flatten().min();
        self.cut |= other.cut;
    }

    /// Puts everything in the order of a serial reader.
    fn settle(&mut self) {
        self.tables.sort_by_key(|table| table.seen);
        for table in &mut self.tables {
            table.settle();
        }
        self.by_name.clear();
        self.members.sort_by_key(|(place, _)| *place);
        self.told = std::mem::take(&mut self.faults).finish();
        if self.bad_bytes > 0 {
            self.told.push(Fault {
                code: Code::BadEncoding,
                at: self.bad_at,
                lost: format!("{} bytes", self.bad_bytes),
            });
        }
    }
}

/// How far a worker is in a part.
struct Place {
    part: usize,
    batches: u32,
    records: u64,
    members: u32,
}
