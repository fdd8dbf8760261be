//! The second reading: sources are read again under the final verdicts, to write one line per match or record. Nothing of
//! it was kept from the first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use super::Run;
use super::headings;
use super::read::{Given, Hit, Worker};
use super::source::{Node, Opened, with_reader};
use super::table::{ColumnKey, Plan, TableCount};
use super::within::{Wide, widen};
use crate::classify::Why;
use crate::column::Tally;
use crate::format::{Batch, Cell, Item, Reader, Shape};
use crate::identity::{Mention, Resolution};
use crate::pattern::Patterns;
use crate::scope::{Evidence, FindingRow, Masked, Revealed, SafeName, SubjectRow, ToldRow};
use crate::source::{Bytes, Code};
use crate::text::Locator;

/// What the second reading is for.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// Every match; raw values too when `reveal`.
    Findings { reveal: bool },
    /// Every record that speaks of a subject.
    Subjects(&'a Resolution),
    /// Every record that is one of these distinct ones, with what it says.
    Some(&'a BTreeSet<u64>),
    /// Every record that speaks of this subject, with what it says.
    One(&'a Resolution, u64),
}

/// A line of one of the files.
pub(super) enum Line {
    Finding(FindingRow),
    Subject(SubjectRow),
    Told(ToldRow),
}

/// Takes the lines in order.
pub(super) type Lines<'a> = dyn FnMut(Line) -> ControlFlow<()> + 'a;

/// Reads a source again: its own records first, then its members, then what its reader left.
pub(super) fn replay(
    run: &Run<'_>,
    node: &Node,
    bytes: &Bytes,
    wanted: Wanted<'_>,
    lines: &mut Lines<'_>,
) -> ControlFlow<()> {
    // What could not be opened at the first reading has nothing to give.
    with_reader(run, &node.path, bytes, |opened, reader, _| {
        records(run, node, opened, reader, wanted, lines)?;
        members(run, node, reader, wanted, lines)?;
        if let Some(rest) = &node.rest {
            let opened = opened.rest(rest.from, rest.format);
            if let Ok(reader) = opened.reader() {
                records(run, &rest.node, &opened, &*reader, wanted, lines)?;
            }
        }
        let member = headings::member(run.patterns, &node.path, &node.tables);
        match (&node.headings, member.and_then(|member| member.bytes)) {
            (Some(node), Some(bytes)) => replay(run, node, &bytes, wanted, lines),
            _ => ControlFlow::Continue(()),
        }
    })
    .unwrap_or(ControlFlow::Continue(()))
}

/// Reads the records of a source again.
fn records(
    run: &Run<'_>,
    node: &Node,
    opened: &Opened,
    reader: &dyn Reader,
    wanted: Wanted<'_>,
    lines: &mut Lines<'_>,
) -> ControlFlow<()> {
    if node.tables.is_empty() {
        return ControlFlow::Continue(());
    }
    let names = Names::of(node);
    let step = rayon::current_num_threads() * 2;
    for first in (0..reader.parts()).step_by(step) {
        let parts = first..(first + step).min(reader.parts());
        let rows: Vec<Vec<Line>> = parts
            .into_par_iter()
            .map(|part| part_lines(run, node, &names, opened, reader, part, wanted))
            .collect();
        for line in rows.into_iter().flatten() {
            lines(line)?;
        }
    }
    ControlFlow::Continue(())
}

/// Reads the members of a source again.
fn members(
    run: &Run<'_>,
    node: &Node,
    reader: &dyn Reader,
    wanted: Wanted<'_>,
    lines: &mut Lines<'_>,
) -> ControlFlow<()> {
    if node.members.is_empty() {
        return ControlFlow::Continue(());
    }
    let members: HashMap<(usize, u32), &Node> = node
        .members
        .iter()
        .map(|(place, member)| (*place, member))
        .collect();
    // Those behind the last one that was read are not waited for: time may have run out there.
    let last = node.members.iter().map(|(place, _)| *place).max();
    for part in 0..=last.map_or(0, |(part, _)| part) {
        let (mut nth, mut end) = (0, ControlFlow::Continue(()));
        let mut is_over = false;
        let mut sink = |item: Item<'_>| {
            if let Item::Member(member) = item {
                if let (Some(node), Some(bytes)) = (members.get(&(part, nth)), &member.bytes) {
                    end = replay(run, node, bytes, wanted, lines);
                }
                is_over = Some((part, nth)) == last;
                nth += 1;
            }
            if is_over { ControlFlow::Break(()) } else { end }
        };
        // Faults were told at the first reading.
        let _ = catch_unwind(AssertUnwindSafe(|| reader.read(part, &mut sink)));
        end?;
    }
    ControlFlow::Continue(())
}

/// Safe names and record numbers of a source's tables.
struct Names<'a> {
    tables: HashMap<&'a str, TableNames<'a>>,
}

struct TableNames<'a> {
    table: &'a TableCount,
    name: &'a SafeName,
    columns: &'a [SafeName],
}

impl<'a> Names<'a> {
    fn of(node: &'a Node) -> Self {
        let tables = node.tables.iter().zip(&node.names);
        Self {
            tables: tables
                .map(|(table, (name, columns))| {
                    (
                        table.name.as_str(),
                        TableNames {
                            table,
                            name,
                            columns,
                        },
                    )
                })
                .collect(),
        }
    }
}

fn part_lines(
    run: &Run<'_>,
    node: &Node,
    names: &Names<'_>,
    opened: &Opened,
    reader: &dyn Reader,
    part: usize,
    wanted: Wanted<'_>,
) -> Vec<Line> {
    let mut worker = run.take_worker();
    let mut lines = Vec::new();
    let mut read: BTreeMap<String, u64> = BTreeMap::new();
    // A source whose time ran out is read again as far as it was counted.
    let of_part = |names: &TableNames<'_>| names.table.part_records.get(&part).copied();
    let mut left: u64 = names.tables.values().filter_map(of_part).sum();
    let is_ended = is_ended(node);
    if is_ended && left == 0 {
        run.give_back(worker);
        return lines;
    }
    let mut sink = |item: Item<'_>| {
        if let Item::Batch(batch) = item
            && let Some(names) = names.tables.get(batch.table.name.as_str())
        {
            let before = names
                .table
                .part_records
                .range(..part)
                .map(|(_, records)| records)
                .sum::<u64>();
            let read = read.entry(batch.table.name.clone()).or_insert(0);
            let records = batch_lines(
                run,
                &mut worker,
                node,
                names,
                opened,
                &batch,
                before + *read,
                wanted,
                &mut lines,
            );
            *read += records;
            left = left.saturating_sub(records);
        }
        if is_ended && left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let _ = catch_unwind(AssertUnwindSafe(|| reader.read(part, &mut sink)));
    run.give_back(worker);
    lines
}

/// Whether the time for a source was over before its end.
fn is_ended(node: &Node) -> bool {
    node.faults
        .iter()
        .any(|(_, fault)| fault.code == Code::OverTime)
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site; everything is a reference"
)]
fn batch_lines<'p>(
    run: &Run<'p>,
    worker: &mut Worker<'p>,
    node: &Node,
    names: &TableNames<'_>,
    opened: &Opened,
    batch: &Batch<'_>,
    base: u64,
    wanted: Wanted<'_>,
    lines: &mut Vec<Line>,
) -> u64 {
    let wide = widen(run.patterns, batch);
    let wider = wide.as_ref().map(Wide::batch);
    let read = wider.as_ref().unwrap_or(batch);
    let keys: Vec<ColumnKey> = worker.keys(read.table).to_vec();
    let places = &names.table.keys;
    let columns: Vec<_> = keys.iter().map(|key| places.get(key).copied()).collect();
    let of_columns: Vec<Arc<[Evidence]>> = keys
        .iter()
        .map(|key| reasons_of(&node.plan, &batch.table.name, key))
        .collect();
    let mut locator = Locator::default();
    let mut tallies = vec![Tally::default(); keys.len()];
    let mut slots: Vec<&mut Tally> = tallies.iter_mut().collect();
    let sum = worker.batch(
        read,
        &node.plan,
        &mut slots,
        &mut |given| match (given, wanted) {
            (Given::Hit(hit), Wanted::Findings { reveal }) => {
                let column = columns[hit.column];
                let of_column = || Arc::clone(&of_columns[hit.column]);
                let evidence = hit
                    .why
                    .map_or_else(of_column, |why| reasons(run.patterns, why));
                let cell = cell_of(wide.as_ref(), batch, &hit);
                lines.push(Line::Finding(FindingRow {
                    evidence,
                    ..finding(
                        run,
                        node,
                        names,
                        opened,
                        (batch, &mut locator),
                        (&hit, cell),
                        base + hit.record,
                        column,
                        reveal,
                    )
                }));
            }
            (Given::Mention(record, mention), Wanted::Subjects(resolution)) => {
                lines.extend(
                    subject(run, node, names, resolution, mention, base + record)
                        .map(Line::Subject),
                );
            }
            (Given::Mention(record, mention), wanted) if is_told(mention, wanted) => {
                lines.push(Line::Told(told(node, names, mention, base + record)));
            }
            _ => {}
        },
    );
    sum.records
}

/// Whether what a mention says is wanted.
fn is_told(mention: &Mention, wanted: Wanted<'_>) -> bool {
    match wanted {
        Wanted::One(resolution, wanted) => resolution.subject(mention) == Some(wanted),
        Wanted::Some(tuples) => tuples.contains(&mention.tuple()),
        Wanted::Findings { .. } | Wanted::Subjects(_) => false,
    }
}

/// The cell of the source's own batch that a match stands in; `None` for what stood inside a cell.
fn cell_of(wide: Option<&Wide>, batch: &Batch<'_>, hit: &Hit<'_>) -> Option<Cell> {
    match wide {
        Some(wide) => wide.cell(batch, hit.record, hit.column),
        None => Some(hit.cell),
    }
}

/// Why the values of a column are of its kind.
fn reasons_of(plan: &Plan, table: &str, key: &ColumnKey) -> Arc<[Evidence]> {
    plan.column(table, key)
        .and_then(|(_, verdict)| verdict.whole.as_ref())
        .map_or_else(Arc::default, |whole| whole.evidence.as_slice().into())
}

/// Why a match in a text is one, in the report's words.
fn reasons(patterns: &Patterns, why: Why) -> Arc<[Evidence]> {
    let mut evidence = Vec::new();
    let rule = why
        .rule
        .and_then(|rule| patterns.rules().get(usize::from(rule)));
    let form = rule.map_or(why.form, |rule| rule.id.as_str());
    if !form.is_empty() {
        evidence.push(Evidence::Pattern {
            id: form.to_owned(),
            share: 1.0,
        });
    }
    if !why.list.is_empty() {
        evidence.push(Evidence::List {
            name: why.list.to_owned(),
            share: 1.0,
        });
    }
    if !why.check.is_empty() {
        evidence.push(Evidence::Check {
            name: why.check.to_owned(),
            passed: 1,
            failed: 0,
        });
    }
    if !why.label.is_empty() {
        evidence.push(Evidence::Context {
            word: why.label.to_owned(),
        });
    }
    evidence.into()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site; everything is a reference"
)]
fn finding(
    run: &Run<'_>,
    node: &Node,
    names: &TableNames<'_>,
    opened: &Opened,
    (batch, locator): (&Batch<'_>, &mut Locator),
    (hit, cell): (&Hit<'_>, Option<Cell>),
    record: u64,
    column: Option<usize>,
    reveal: bool,
) -> FindingRow {
    let shape = batch.table.shape;
    let column = column.filter(|_| shape != Shape::Lines && !shape.is_carved());
    let mut place = |at: usize| {
        let (cell, origin) = (cell?, batch.origin?);
        let form = (batch.encoding, batch.escape, cell.is_escaped());
        let inside = locator.locate(batch.bytes, cell.range(), form, at);
        opened.offset(origin + (cell.range().start + inside) as u64)
    };
    let value = hit.value();
    let info = &run.patterns.kinds()[hit.kind.0 as usize];
    // A name that holds personal data is a raw value like any other.
    let shown = |name: &str, safe: &SafeName| match reveal {
        true => SafeName::new(name, &[]),
        false => safe.clone(),
    };
    let heading = |index: usize| {
        let safe = &names.columns[index];
        let name = names.table.columns[index].key.name.as_deref();
        name.map_or_else(|| safe.clone(), |name| shown(name, safe))
    };
    FindingRow {
        source: shown(node.path.as_str(), &node.safe),
        table: shown(&names.table.name, names.name),
        record,
        column: column.map(heading),
        column_index: column.map(|index| index as u32),
        start: place(hit.range.start),
        end: place(hit.range.end),
        kind: info.name.clone(),
        part: hit.part.as_str(),
        network: hit.network(),
        confidence: hit.confidence,
        evidence: Arc::default(),
        masked: if info.is_secret() {
            Masked::secret()
        } else {
            Masked::new(value)
        },
        value: reveal.then(|| Revealed(value.to_owned())),
    }
}

fn told(node: &Node, names: &TableNames<'_>, mention: &Mention, record: u64) -> ToldRow {
    ToldRow {
        source: node.safe.clone(),
        table: names.name.clone(),
        record,
        role: mention.role.as_str(),
        tuple: mention.tuple(),
        facts: mention.told(),
    }
}

fn subject(
    run: &Run<'_>,
    node: &Node,
    names: &TableNames<'_>,
    resolution: &Resolution,
    mention: &Mention,
    record: u64,
) -> Option<SubjectRow> {
    let subject = resolution.subject(mention)?;
    Some(SubjectRow {
        source: node.safe.clone(),
        table: names.name.clone(),
        record,
        role: mention.role.as_str(),
        subject,
        kinds: mention
            .kinds
            .iter()
            .map(|kind| run.patterns.kinds()[kind.0 as usize].name.clone())
            .collect(),
    })
}
