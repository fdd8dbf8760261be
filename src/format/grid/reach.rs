//! Cells that reach into the rows below them: merged ones.
//!
//! The file holds their text once; a reader sees it beside each of those rows, and takes the number in the second row for one
//! of the person in the first.

use std::ops::Range;

use super::{Row, Value};

/// Cells that reach downwards at one time. More take no room of their own.
const OPEN: usize = 256;
/// Longest text that is told again, in bytes: names, departments and addresses are shorter.
const TEXT: usize = 256;
/// Bytes that may be told again: so many, and so many times those that stand there.
const GIVEN: usize = 64 << 10;
const TIMES: usize = 8;

/// A cell that reaches downwards.
struct Reach {
    columns: Range<usize>,
    /// Rows left, the one that is being read among them.
    rows: usize,
    text: String,
}

/// The cells that reach into the row that is being read.
#[derive(Default)]
pub(super) struct Reaches {
    open: Vec<Reach>,
    /// Bytes of cells, and bytes that were told again.
    own: usize,
    given: usize,
    /// Cells that were not told again, as that would have been too much.
    pub(super) lost: u64,
}

impl Reaches {
    /// Begins a cell that takes so many rows, more than the one that is being read.
    pub(super) fn begin(&mut self, columns: Range<usize>, rows: usize, text: &str) {
        if columns.is_empty() {
            return;
        }
        if self.open.len() >= OPEN {
            self.lost += 1;
            return;
        }
        let is_short = text.len() <= TEXT;
        self.open.push(Reach {
            columns,
            rows,
            text: if is_short { text } else { "" }.to_owned(),
        });
    }

    /// The first column from this one on that no cell above reaches into.
    pub(super) fn free(&self, mut column: usize) -> usize {
        // Each takes the column behind itself, so that none is passed twice.
        for _ in 0..self.open.len() {
            let taken = self
                .open
                .iter()
                .find(|reach| reach.columns.contains(&column));
            match taken {
                Some(reach) => column = reach.columns.end,
                None => break,
            }
        }
        column
    }

    /// Ends the cell that reaches into a column: another one stands there.
    pub(super) fn cut(&mut self, column: usize) {
        self.open.retain(|reach| !reach.columns.contains(&column));
    }

    /// Adds the texts from above to a row that has some of its own.
    pub(super) fn fill(&mut self, row: &mut Row) {
        self.own += row.text.len();
        for reach in &self.open {
            let column = reach.columns.start;
            let is_taken = |cell: &Value| reach.columns.contains(&cell.column);
            if reach.text.is_empty() || row.cells.iter().any(is_taken) {
                continue;
            }
            self.given += reach.text.len();
            if self.given > GIVEN + self.own.saturating_mul(TIMES) {
                self.lost += 1;
                continue;
            }
            let start = row.text.len();
            row.text.push_str(&reach.text);
            let at = row.cells.iter().position(|cell| cell.column > column);
            let value = Value {
                column,
                text: start..row.text.len(),
                reading: None,
                again: true,
            };
            row.cells.insert(at.unwrap_or(row.cells.len()), value);
        }
    }

    /// Ends so many rows.
    pub(super) fn end_rows(&mut self, n: usize) {
        self.open.retain_mut(|reach| {
            reach.rows = reach.rows.saturating_sub(n);
            reach.rows > 0
        });
    }
}
