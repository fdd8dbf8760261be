//! Batches of records whose columns are named one by one. Values of a record that are too many for columns are text beside it.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::super::prose::Prose;
use super::super::{Batch, Cell, Item, Shape, Sink, Table};
use crate::source::Limits;

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
    /// Values without a column.
    beyond: Option<Prose>,
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
            beyond: None,
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
            self.finish(sink)?;
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
                let beyond = || Prose::new(format!("{table} (text)"), self.limits);
                self.beyond.get_or_insert_with(beyond).line(value, sink)?;
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

    /// Gives away what is left.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.flush(sink)?;
        match self.beyond.take() {
            Some(mut beyond) => beyond.flush(sink),
            None => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::format::tests::{context, show};

    #[test]
    fn values_without_a_column_are_text() {
        let mut context = context();
        context.limits.columns = 2;
        let row = "<r><a>1</a><b>2</b><c>山田太郎</c><d>jo@example.com</d></r>";
        let raw = format!("<t>{row}{row}</t>");
        let found = show(&super::super::FORMAT, raw.as_bytes(), &context).join("|");
        assert!(!found.contains('!'), "{found}");
        assert_eq!(found.matches("jo@example.com").count(), 2, "{found}");
        assert!(found.contains("(text)"), "{found}");
    }
}
