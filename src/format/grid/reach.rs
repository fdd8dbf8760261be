//! Cells that reach into the rows below them: merged ones.
//!
//! The file holds their text once; a reader sees it beside each of those rows, and takes the number in the second row for one
//! of the person in the first.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Row, Value};

/// Longest text that is told again, in bytes: names, departments and addresses are shorter. A longer one stands in its own row alone.
const TEXT: usize = 256;
/// Bytes that may be told again: so many, and so many times those that stand there.
const GIVEN: usize = 64 << 10;
const TIMES: usize = 8;

/// A cell that reaches downwards.
struct Reach {
    /// Where its columns end.
    end: usize,
    /// Rows left, the one that is being read among them.
    rows: usize,
    /// Rows from the first.
    all: usize,
    text: String,
}

/// The cells that reach into the row that is being read.
pub(super) struct Reaches {
    /// By the first of their columns, no two in one column.
    open: BTreeMap<usize, Reach>,
    /// How many may be open: as many as there may be columns.
    most: usize,
    /// Bytes of cells, and bytes that were told again.
    own: usize,
    given: usize,
    /// Cells that were not told again, as that would have been too much.
    pub(super) lost: u64,
}

impl Reaches {
    /// None yet, and never more than so many.
    pub(super) fn new(most: usize) -> Self {
        Self {
            open: BTreeMap::new(),
            most,
            own: 0,
            given: 0,
            lost: 0,
        }
    }

    /// Begins a cell that takes so many rows, more than the one that is being read.
    pub(super) fn begin(&mut self, columns: Range<usize>, rows: usize, text: &str) {
        if columns.is_empty() {
            return;
        }
        self.cut(columns.start);
        let text = if text.len() <= TEXT { text.trim() } else { "" };
        if self.open.len() >= self.most {
            self.lost += u64::from(!text.is_empty());
            return;
        }
        let next = self.open.range(columns.start..).next();
        let reach = Reach {
            end: next.map_or(columns.end, |(next, _)| columns.end.min(*next)),
            rows,
            all: rows,
            text: text.to_owned(),
        };
        self.open.insert(columns.start, reach);
    }

    /// The first column of the cell that reaches into a column.
    fn at(&self, column: usize) -> Option<usize> {
        let (start, reach) = self.open.range(..=column).next_back()?;
        (reach.end > column).then_some(*start)
    }

    /// The first column from this one on that no cell above reaches into.
    pub(super) fn free(&self, mut column: usize) -> usize {
        let Some(start) = self.at(column) else {
            return column;
        };
        for (start, reach) in self.open.range(start..) {
            if *start > column {
                break;
            }
            column = reach.end;
        }
        column
    }

    /// Ends the cell that reaches into a column: another one stands there.
    pub(super) fn cut(&mut self, column: usize) {
        if let Some(start) = self.at(column) {
            self.open.remove(&start);
        }
    }

    /// Adds the texts from above to a row that has some of its own.
    pub(super) fn fill(&mut self, row: &mut Row) {
        self.own += row.text.len();
        if self.open.is_empty() {
            return;
        }
        let mut own: Vec<usize> = row.cells.iter().map(|cell| cell.column).collect();
        own.sort_unstable();
        let n_own = own.len();
        for (&column, reach) in &self.open {
            let first = own.partition_point(|own| *own < column);
            let is_taken = own.get(first).is_some_and(|own| *own < reach.end);
            if reach.text.is_empty() || is_taken {
                continue;
            }
            self.given += reach.text.len();
            if self.given > GIVEN + self.own.saturating_mul(TIMES) {
                self.lost += 1;
                continue;
            }
            let start = row.text.len();
            row.text.push_str(&reach.text);
            row.cells.push(Value {
                column,
                text: start..row.text.len(),
                reading: None,
                again: true,
                rows: reach.all,
            });
        }
        if row.cells.len() > n_own {
            row.cells.sort_by_key(|cell| cell.column);
        }
    }

    /// Ends so many rows.
    pub(super) fn end_rows(&mut self, n: usize) {
        self.open.retain(|_, reach| {
            reach.rows = reach.rows.saturating_sub(n);
            reach.rows > 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_are_free() {
        let mut reaches = Reaches::new(4);
        reaches.begin(5..7, 3, "b");
        // One ends where the next begins.
        reaches.begin(2..6, 2, "a");
        reaches.begin(8..9, 2, "");
        let free =
            |reaches: &Reaches| -> Vec<usize> { (0..10).map(|at| reaches.free(at)).collect() };
        assert_eq!(free(&reaches), [0, 1, 7, 7, 7, 7, 7, 7, 9, 9]);
        reaches.cut(3);
        assert_eq!(free(&reaches), [0, 1, 2, 3, 4, 7, 7, 7, 9, 9]);
        reaches.end_rows(2);
        assert_eq!(free(&reaches), [0, 1, 2, 3, 4, 7, 7, 7, 8, 9]);
        reaches.end_rows(1);
        assert_eq!(free(&reaches), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn what_is_lost_is_what_would_have_been_told() {
        let lost = |n: usize, text: &str| {
            let mut reaches = Reaches::new(300);
            (0..n).for_each(|column| reaches.begin(column..column + 1, 2, text));
            reaches.lost
        };
        assert_eq!(lost(300, "a"), 0);
        assert_eq!(lost(310, ""), 0);
        assert_eq!(lost(310, &"a".repeat(TEXT + 1)), 0);
        assert_eq!(lost(310, "a"), 10);
    }
}
