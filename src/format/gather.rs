//! Records whose text does not stand in the source: decoded values, gathered and given as batches.
//!
//! In: values as text, record by record. Out: batches in UTF-8 without a place in the source.

use std::ops::ControlFlow;

use super::{Batch, Cell, Item, Sink, Table};
use crate::source::{Code, Fault, Limits};

/// Records of one batch.
const ROWS: usize = 1024;
/// Text of one batch, in bytes, unless one record is longer.
const BYTES: usize = 1 << 20;

/// Gathers the records of one table.
pub(super) struct Gather<'g, 's> {
    table: Table,
    text: String,
    cells: Vec<Cell>,
    /// Cells of the finished records.
    whole: usize,
    /// Where the text of the record begins.
    start: usize,
    limits: &'g Limits,
    /// Where the record that is cut stands in the source.
    cut: bool,
    sink: &'g mut Sink<'s>,
}

impl<'g, 's> Gather<'g, 's> {
    /// Begins a table; further columns than the limit allows are left out, and said by who opens it.
    pub(super) fn new(mut table: Table, limits: &'g Limits, sink: &'g mut Sink<'s>) -> Self {
        table.columns.truncate(limits.columns.max(1));
        Self {
            table,
            text: String::new(),
            cells: Vec::new(),
            whole: 0,
            start: 0,
            limits,
            cut: false,
            sink,
        }
    }

    /// Adds the record's next value.
    pub(super) fn value(&mut self, value: Option<&str>) {
        if self.cells.len() - self.whole == self.table.columns.len() {
            return;
        }
        let Some(value) = value else {
            return self.cells.push(Cell::ABSENT);
        };
        let left = (self.start + self.limits.record_bytes.min(1 << 30)) - self.text.len();
        let kept = value.floor_char_boundary(left);
        self.cut |= kept < value.len();
        let start = self.text.len();
        self.text.push_str(&value[..kept]);
        self.cells.push(Cell::new(start, self.text.len(), false));
    }

    /// Ends the record, which stands at an offset of the source. Values that are missing are absent.
    pub(super) fn end(&mut self, at: u64) -> ControlFlow<()> {
        let width = self.table.columns.len();
        self.cells.resize(self.whole + width, Cell::ABSENT);
        self.whole = self.cells.len();
        self.start = self.text.len();
        if std::mem::take(&mut self.cut) {
            let lost = format!(
                "values of the record beyond {} bytes",
                self.limits.record_bytes
            );
            self.fault(Fault::at(Code::RecordTooLong, at, lost))?;
        }
        if self.whole >= ROWS * width || self.text.len() >= BYTES {
            self.flush()?;
        }
        ControlFlow::Continue(())
    }

    /// Gives a fault, behind the records before it.
    pub(super) fn fault(&mut self, fault: Fault) -> ControlFlow<()> {
        self.flush()?;
        (self.sink)(Item::Fault(fault))
    }

    /// Gives the records away.
    pub(super) fn flush(&mut self) -> ControlFlow<()> {
        self.cells.truncate(self.whole);
        self.text.truncate(self.start);
        if self.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let flow = (self.sink)(Item::Batch(Batch::rebuilt(
            &self.table,
            self.text.as_bytes(),
            &self.cells,
        )));
        self.cells.clear();
        self.text.clear();
        (self.whole, self.start) = (0, 0);
        flow
    }
}
