//! Batches of records whose columns are named one by one.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::super::{Batch, Cell, Item, Shape, Sink, Table};
use crate::source::{Code, Fault, Limits};

/// Values of one name in one record that get a column each.
const REPEATS: usize = 16;
const ROWS: usize = 1024;
const CELLS: usize = 1 << 16;
const TEXT: usize = 1 << 20;

/// Gathers records of one table after the other.
pub(super) struct Records<'a> {
    limits: &'a Limits,
    table: Table,
    /// Columns of a name, in this batch.
    by_name: HashMap<String, Vec<usize>>,
    text: String,
    values: Vec<(usize, Cell)>,
    ends: Vec<usize>,
    beyond: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            table: Table::default(),
            by_name: HashMap::new(),
            text: String::new(),
            values: Vec::new(),
            ends: Vec::new(),
            beyond: 0,
        }
    }

    /// Adds a record.
    pub(super) fn push(
        &mut self,
        table: &str,
        values: &[(String, String)],
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        if values.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.table.name != table {
            self.flush(sink)?;
            self.table = Table {
                name: table.to_owned(),
                columns: Vec::new(),
                shape: Shape::Rows,
            };
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (name, value) in values {
            let nth = seen.entry(name).or_default();
            *nth += 1;
            let Some(column) = self.column(name, *nth - 1) else {
                self.beyond += 1;
                continue;
            };
            let start = self.text.len();
            self.text.push_str(value);
            self.values
                .push((column, Cell::new(start, self.text.len(), false)));
        }
        self.ends.push(self.values.len());
        let width = self.table.columns.len();
        if self.ends.len() >= ROWS
            || (self.ends.len() + 1) * width > CELLS
            || self.text.len() >= TEXT
        {
            self.flush(sink)?;
        }
        ControlFlow::Continue(())
    }

    /// The column of the n-th value of a name; `None` beyond the limits.
    fn column(&mut self, name: &str, nth: usize) -> Option<usize> {
        if let Some(column) = self.by_name.get(name).and_then(|columns| columns.get(nth)) {
            return Some(*column);
        }
        let column = self.table.columns.len();
        if nth >= REPEATS || column >= self.limits.columns {
            return None;
        }
        self.table.columns.push(Some(name.to_owned()));
        self.by_name
            .entry(name.to_owned())
            .or_default()
            .push(column);
        Some(column)
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let width = self.table.columns.len();
        if self.ends.is_empty() || width == 0 {
            self.ends.clear();
            return ControlFlow::Continue(());
        }
        let mut cells = vec![Cell::ABSENT; self.ends.len() * width];
        let mut from = 0;
        for (row, &end) in self.ends.iter().enumerate() {
            for (column, cell) in &self.values[from..end] {
                cells[row * width + column] = *cell;
            }
            from = end;
        }
        let flow = sink(Item::Batch(Batch::rebuilt(
            &self.table,
            self.text.as_bytes(),
            &cells,
        )));
        self.text.clear();
        self.values.clear();
        self.ends.clear();
        // The next batch may have other columns.
        self.table.columns.clear();
        self.by_name.clear();
        flow
    }

    /// Gives away what is left, and says what was lost.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.flush(sink)?;
        if self.beyond > 0 {
            let lost = format!("{} values", std::mem::take(&mut self.beyond));
            sink(Item::Fault(Fault::whole(Code::TooManyColumns, lost)))?;
        }
        ControlFlow::Continue(())
    }
}
