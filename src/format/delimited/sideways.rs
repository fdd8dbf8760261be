//! A table that lies on its side, given upright: each column behind the labels is a record.

use std::ops::ControlFlow;

use super::super::sideways::{self, Labels};
use super::split::{Cursor, Record};
use super::{Batch, Cell, Delimited, Item, SAMPLE, Shape, Sink, Table};
use crate::text::unescape;

/// The rows of a file that begin with a label, where its table lies on its side. `more` says that the sample is not all of it.
pub(super) fn labels(
    sample: &[(Record, Vec<String>)],
    more: bool,
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<Labels> {
    if more || sample.len() >= SAMPLE || sample.iter().any(|(row, _)| row.cut || row.dropped) {
        return None;
    }
    let rows: Vec<Vec<String>> = sample.iter().map(|row| row.1.clone()).collect();
    sideways::labels(&rows, header, true)
}

impl Delimited<'_> {
    /// Gives a record for each column behind the labels; rows without a label are lines of text.
    pub(super) fn give_sideways(&self, labels: &Labels, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let start = self.cuts[0];
        let mut cursor = Cursor::new(self.bytes, &self.dialect, &self.quotes.literals, start);
        let (mut fields, mut names, mut n) = (Vec::new(), Vec::new(), 0);
        let mut cells = Vec::new();
        while let Some(record) = cursor.next(start, self.bounds, &mut cells) {
            let row = std::mem::take(&mut cells);
            if row.is_empty() {
                continue;
            }
            if labels.rows.contains(&n) {
                names.push(Some(self.name_of(start, row[labels.column])));
                fields.push(row);
            } else {
                self.give_text(record.start..record.end, "beside the table", sink)?;
            }
            n += 1;
        }
        let width = fields.iter().map(Vec::len).max().unwrap_or(0);
        let is_blank = |cell: &Cell| {
            let at = cell.range();
            self.bytes[start + at.start..start + at.end]
                .trim_ascii()
                .is_empty()
        };
        let mut cells = Vec::new();
        for at in labels.column + 1..width {
            let record = fields
                .iter()
                .map(|row| row.get(at).copied().unwrap_or(Cell::ABSENT));
            if !record
                .clone()
                .all(|cell| cell.is_absent() || is_blank(&cell))
            {
                cells.extend(record);
            }
        }
        let table = Table {
            name: self.table.name.clone(),
            columns: names,
            shape: Shape::Rows,
        };
        sink(Item::Batch(Batch {
            table: &table,
            encoding: self.encoding,
            escape: self.escape,
            bytes: &self.bytes[start..],
            origin: Some(start as u64),
            cells: &cells,
        }))
    }

    /// A label as it is read.
    fn name_of(&self, base: usize, cell: Cell) -> String {
        let at = cell.range();
        let raw = self
            .encoding
            .decode(&self.bytes[base + at.start..base + at.end])
            .0;
        let mut name = String::new();
        match cell.is_escaped() {
            true => unescape(&raw, self.escape, &mut name),
            false => name.push_str(&raw),
        }
        name.trim().to_owned()
    }
}
