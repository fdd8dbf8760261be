//! The columns of JSON records: paths such as `orders[].name`, and batches made of what stands at them.
//!
//! Records mostly have the same members in the same order, so each path remembers which member came next last time.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::super::{Batch, Cell, Item, Shape, Sink, Table};
use super::Writer;
use super::kinds::Form;
use crate::source::{Code, Fault, Limits};
use crate::text::{Encoding, Escape, unescape};

/// Values of one path in one record that get a column each; further ones are said.
const REPEATS: usize = 16;
const ROWS: usize = 1024;
const CELLS: usize = 1 << 16;
const SPAN: usize = 1 << 26;
/// Paths remembered; past that they are forgotten between two batches.
const PATHS: usize = 1 << 16;

/// Steps that only tell a type: MongoDB's extended JSON (v2 specification, 2017).
const WRAPPERS: [&str; 10] = [
    "$oid",
    "$date",
    "$numberInt",
    "$numberLong",
    "$numberDouble",
    "$numberDecimal",
    "$uuid",
    "$symbol",
    "$binary",
    "$timestamp",
];

/// Steps that only tell a type in DynamoDB's JSON (Amazon DynamoDB developer guide, "Data type descriptors", read 2026-11).
/// `NULL` is none of them: what stands under it is no value.
const DYNAMO_WRAPPERS: [&str; 9] = ["S", "N", "B", "BOOL", "M", "L", "SS", "NS", "BS"];

/// A value of a row as BigQuery writes it.
const CELL: &str = "f[].v";

/// One path.
#[derive(Default)]
struct Path {
    /// The name of the column that ends here.
    name: String,
    /// Raw keys of the members, in the order they were first seen.
    members: Vec<(Box<[u8]>, u32)>,
    by_key: BTreeMap<Box<[u8]>, u32>,
    /// Elements of the array that stands here.
    elements: Option<u32>,
    /// Columns of the occurrences, valid in the batch of this number.
    columns: Vec<u32>,
    batch: u64,
    /// Occurrences in the record of this number.
    seen: usize,
    record: u64,
}

/// Number of a path.
pub(super) type At = u32;
/// The record itself.
pub(super) const ROOT: At = 0;

/// Gathers the values of records and gives them away as batches.
pub(super) struct Rows<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: &'a Limits,
    table: Table,
    paths: Vec<Path>,
    /// Columns of this batch: path and occurrence.
    columns: Vec<(At, usize)>,
    /// Those that `table` was made for.
    named: Vec<(At, usize)>,
    values: Vec<(u32, Cell)>,
    ends: Vec<usize>,
    cells: Vec<Cell>,
    batch: u64,
    record: u64,
    base: usize,
    start: usize,
    cut: bool,
    /// Columns that the record has values in.
    used: usize,
    /// Columns of the batch when the record began.
    columns_before: usize,
    /// First offset and number of values beyond the repeats, and beyond the columns.
    beyond: Option<(u64, u64)>,
    /// Which program wrote it: DynamoDB's types stand between names and values.
    writer: Writer,
    /// Whether the caller reads a record with long arrays in another way.
    may_be_long: bool,
    /// Whether the record has more values of one path than get a column.
    long: bool,
    /// Whether the caller says when records are given away.
    held: bool,
    /// Whether it should.
    due: bool,
    /// How the records name their table.
    form: Option<&'static Form>,
    /// Names of the columns of records that are lists.
    heads: Option<Arc<[String]>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(bytes: &'a [u8], encoding: Encoding, limits: &'a Limits, name: &str) -> Self {
        Self {
            bytes,
            encoding,
            limits,
            table: Table {
                name: name.to_owned(),
                columns: Vec::new(),
                shape: Shape::Rows,
            },
            paths: vec![Path::default()],
            columns: Vec::new(),
            named: Vec::new(),
            values: Vec::new(),
            ends: Vec::new(),
            cells: Vec::new(),
            batch: 1,
            record: 1,
            base: 0,
            start: 0,
            cut: false,
            used: 0,
            columns_before: 0,
            beyond: None,
            writer: Writer::Any,
            may_be_long: false,
            long: false,
            held: false,
            due: false,
            form: None,
            heads: None,
        }
    }

    /// The same for the JSON of a program, and for a caller that asks whether a record is long.
    pub(super) fn with(mut self, writer: Writer, may_be_long: bool) -> Self {
        (self.writer, self.may_be_long) = (writer, may_be_long);
        self
    }

    /// The same for a caller that gives the records of several tables away together; `form` is how they name theirs.
    pub(super) fn held(mut self, form: Option<&'static Form>) -> Self {
        (self.held, self.form) = (true, form);
        self
    }

    /// The same for records that name their table in this way.
    pub(super) fn of_form(mut self, form: Option<&'static Form>) -> Self {
        self.form = form;
        self
    }

    /// The same for records that are lists, whose columns have these names.
    pub(super) fn headed(mut self, heads: Option<Arc<[String]>>) -> Self {
        self.heads = heads;
        self
    }

    /// How the records name their table.
    pub(super) fn form(&self) -> Option<&'static Form> {
        self.form
    }

    /// Whether the records must be given away.
    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    /// Where the first record that was not given away begins.
    pub(super) fn base(&self) -> usize {
        self.base
    }

    /// Forgets the record if it has more values of one path than get a column: once those before it are given away, it must be read as
    /// tables of its own. Says whether it did.
    pub(super) fn forget_long(&mut self) -> bool {
        if !std::mem::take(&mut self.long) {
            return false;
        }
        self.values.truncate(self.ends.last().copied().unwrap_or(0));
        self.columns.truncate(self.columns_before);
        self.record += 1;
        self.cut = false;
        true
    }

    /// The table's name.
    pub(super) fn name(&self) -> &str {
        &self.table.name
    }

    /// Begins a record at an offset.
    pub(super) fn begin(&mut self, at: usize) {
        if self.ends.is_empty() {
            self.base = at;
        }
        self.start = at;
        self.cut = false;
        self.used = 0;
        self.columns_before = self.columns.len();
    }

    /// The path of a member, given its raw key. `hint` is the number of the member expected next, and is moved on.
    #[inline]
    pub(super) fn member(&mut self, of: At, key: &[u8], hint: &mut usize) -> At {
        if let Some((known, path)) = self.paths[of as usize].members.get(*hint)
            && **known == *key
        {
            *hint += 1;
            return *path;
        }
        self.other_member(of, key, hint)
    }

    #[cold]
    fn other_member(&mut self, of: At, key: &[u8], hint: &mut usize) -> At {
        if let Some(path) = self.paths[of as usize].by_key.get(key).copied() {
            *hint = self.paths[of as usize]
                .members
                .iter()
                .take(256)
                .position(|m| m.1 == path)
                .map_or(0, |i| i + 1);
            return path;
        }
        if self.paths.len() >= 2 * PATHS {
            return of; // A record of so many members is over every limit on columns; its values are counted there.
        }
        let mut step = String::new();
        unescape(&self.encoding.decode(key).0, Escape::Json, &mut step);
        let parent = &self.paths[of as usize].name;
        let is_type = WRAPPERS.contains(&step.as_str())
            || self.writer == Writer::Dynamo
                && of != ROOT
                && DYNAMO_WRAPPERS.contains(&step.as_str())
            || self
                .form
                .is_some_and(|form| form.leaves_out(&step, of == ROOT));
        // Slack's messages name people by the number that stands as `id` in the list of them.
        if self.writer == Writer::Slack && of == ROOT && step == "id" {
            step = "user".to_owned();
        }
        let name = match (is_type, parent.is_empty()) {
            (true, _) => parent.clone(),
            (false, true) => step,
            // A key may be long and nested a hundred times: names are for people.
            (false, false) if parent.len() > 1024 => parent.clone(),
            (false, false) => format!("{parent}.{step}"),
        };
        let path = self.add(name);
        let paths = &mut self.paths[of as usize];
        paths.members.push((key.into(), path));
        paths.by_key.insert(key.into(), path);
        *hint = paths.members.len();
        path
    }

    /// The path of an array's elements.
    pub(super) fn elements(&mut self, of: At) -> At {
        if let Some(path) = self.paths[of as usize].elements {
            return path;
        }
        let name = format!("{}[]", self.paths[of as usize].name);
        let path = self.add(name);
        self.paths[of as usize].elements = Some(path);
        path
    }

    fn add(&mut self, name: String) -> At {
        self.paths.push(Path {
            name,
            ..Path::default()
        });
        (self.paths.len() - 1) as At
    }

    /// Adds a value of the record; `None` is JSON's null.
    #[inline]
    pub(super) fn value(&mut self, at: At, range: Option<(usize, usize)>, escaped: bool) {
        let of_list = self.is_place(at);
        let path = &mut self.paths[at as usize];
        // The values of a record that is a list are its columns.
        let is_place = of_list || self.heads.is_some() && path.name == CELL;
        if path.record != self.record {
            (path.record, path.seen) = (self.record, 0);
        }
        if path.batch != self.batch {
            path.batch = self.batch;
            path.columns.clear();
        }
        let offset = range.map_or(self.start, |r| r.0) as u64;
        let seen = path.seen;
        path.seen += 1;
        if seen >= REPEATS && !is_place {
            self.long |= self.may_be_long;
            if !self.may_be_long {
                count(&mut self.beyond, offset);
            }
            return;
        }
        if self.used >= self.limits.columns {
            return count(&mut self.beyond, offset);
        }
        self.used += 1;
        let column = match path.columns.get(seen) {
            Some(column) => *column,
            None => {
                let column = self.columns.len() as u32;
                path.columns.push(column);
                self.columns.push((at, seen));
                column
            }
        };
        let cell = match range {
            None => Cell::ABSENT,
            Some((_, end)) if end - self.start > self.limits.record_bytes.min(1 << 30) => {
                self.cut = true;
                return;
            }
            Some((start, end)) => Cell::new(start - self.base, end - self.base, escaped),
        };
        self.values.push((column, cell));
    }

    /// Ends the record, which ends at an offset. One without a single value is none.
    pub(super) fn end(&mut self, at: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.pause(at, sink)?;
        self.due |= self.held && self.paths.len() > PATHS;
        if self.paths.len() > PATHS && !self.held {
            self.flush(sink)?;
            self.forget_paths();
        }
        ControlFlow::Continue(())
    }

    fn forget_paths(&mut self) {
        self.paths = vec![Path::default()];
        self.named.clear();
    }

    /// Gives the records away when their turn has come.
    pub(super) fn flush_held(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.due = false;
        self.flush(sink)?;
        if self.paths.len() > PATHS {
            self.forget_paths();
        }
        ControlFlow::Continue(())
    }

    /// Ends the record, but keeps the paths valid for the next one.
    pub(super) fn pause(&mut self, at: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.record += 1;
        if self.cut {
            let lost = format!(
                "values of the record beyond {} bytes",
                self.limits.record_bytes
            );
            sink(Item::Fault(Fault::at(
                Code::RecordTooLong,
                self.start as u64,
                lost,
            )))?;
        }
        if self.ends.last().copied().unwrap_or(0) < self.values.len() {
            self.ends.push(self.values.len());
        }
        let full = self.ends.len() >= ROWS
            || (self.ends.len() + 1) * self.columns.len() > CELLS
            || self.columns.len() > self.limits.columns;
        let full = full || at - self.base >= SPAN;
        self.due |= full && self.held;
        if full && !self.held {
            self.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives the records away.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let width = self.columns.len();
        self.cells.clear();
        self.cells.resize(self.ends.len() * width, Cell::ABSENT);
        let (mut from, mut last) = (0, 0);
        for (row, end) in self.ends.iter().enumerate() {
            for (column, cell) in &self.values[from..*end] {
                self.cells[row * width + *column as usize] = *cell;
                last = last.max(cell.range().end);
            }
            from = *end;
        }
        if self.columns != self.named {
            let columns = self.columns.iter();
            self.table.columns = columns.map(|column| self.named(column)).collect();
            self.named.clone_from(&self.columns);
        }
        let rows = self.ends.len();
        self.ends.clear();
        self.values.clear();
        self.columns.clear();
        self.batch += 1;
        if rows == 0 {
            return ControlFlow::Continue(());
        }
        let bytes = &self.bytes[self.base..self.base + last];
        sink(Item::Batch(Batch {
            table: &self.table,
            encoding: self.encoding,
            escape: Escape::Json,
            bytes,
            origin: Some(self.base as u64),
            cells: &self.cells,
        }))
    }

    /// Whether the values of records that are lists stand at a path.
    fn is_place(&self, path: At) -> bool {
        self.paths[ROOT as usize].elements == Some(path)
    }

    /// The name of a column.
    fn named(&self, &(path, nth): &(At, usize)) -> Option<String> {
        let own = &self.paths[path as usize].name;
        let told = self.heads.as_ref();
        let told = told.filter(|_| self.is_place(path) || own == CELL);
        let told = told.and_then(|heads| heads.get(nth));
        Some(told.unwrap_or(own))
            .filter(|name| !name.is_empty())
            .cloned()
    }

    /// Gives away what is left, and says what was lost.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.flush(sink)?;
        match self.beyond {
            Some((at, values)) => sink(Item::Fault(Fault::at(
                Code::TooManyColumns,
                at,
                format!("{values} values"),
            ))),
            None => ControlFlow::Continue(()),
        }
    }
}

fn count(beyond: &mut Option<(u64, u64)>, at: u64) {
    let (first, values) = beyond.unwrap_or((at, 0));
    *beyond = Some((first, values + 1));
}
