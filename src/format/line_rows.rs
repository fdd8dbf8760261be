//! Text of which most lines are rows of one table.
//!
//! In: lines, and what reads a row from one. Out: a record for each row; other lines are running text, in a table `NAME (lines)`.

use std::ops::Range;

use memchr::memchr;

use super::gather::Gather;
use super::prose::Prose;
use super::{Context, Sink, Table};
use crate::source::Limits;
use crate::text::Encoding;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// A row, whose values were added.
    Row,
    /// Running text.
    Other,
    /// Nothing of its own: a rule, names of columns.
    Nothing,
}

impl From<bool> for Said {
    fn from(is_row: bool) -> Self {
        match is_row {
            true => Said::Row,
            false => Said::Other,
        }
    }
}

/// The lines of a source, and the table of their rows.
pub(super) struct LineRows<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    pub(super) table: Table,
}

impl<'a> LineRows<'a> {
    /// Rows under these names, in a table that is called as the source.
    pub(super) fn new(bytes: &'a [u8], context: &Context, columns: Vec<Option<String>>) -> Self {
        Self {
            bytes,
            encoding: context.encoding,
            limits: context.limits.clone(),
            table: Table {
                name: context.stem.clone(),
                columns,
                ..Table::default()
            },
        }
    }

    pub(super) fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.limits.part_bytes.max(1))
    }

    /// Reads the lines that begin in a part. `row` adds the values of a line to the record, or says that it is no row (`false`) and adds none.
    pub(super) fn read<S: Into<Said>>(
        &self,
        part: usize,
        sink: &mut Sink<'_>,
        row: &dyn Fn(&str, &mut Gather<'_, '_>) -> S,
    ) {
        let mut left: Vec<Range<usize>> = Vec::new();
        let mut rows = Gather::new(self.table.clone(), &self.limits, sink);
        for line in self.lines(part) {
            let raw = &self.bytes[line.clone()];
            let text = self
                .encoding
                .decode(raw.strip_prefix(MARK).unwrap_or(raw))
                .0;
            match row(&text, &mut rows).into() {
                Said::Other => left.push(line),
                Said::Row if rows.end(line.start as u64).is_break() => return,
                Said::Row | Said::Nothing => {}
            }
        }
        if rows.flush().is_break() {
            return;
        }
        let mut others = Prose::new(format!("{} (lines)", self.table.name), &self.limits);
        for line in left {
            let text = self.encoding.decode(&self.bytes[line]).0;
            if others.line(&text, sink).is_break() {
                return;
            }
        }
        let _ = others.flush(sink);
    }

    /// The lines that begin in a part.
    fn lines(&self, part: usize) -> impl Iterator<Item = Range<usize>> {
        let size = self.limits.part_bytes.max(1);
        let (from, to) = (part * size, (part + 1).saturating_mul(size));
        let bytes = self.bytes;
        let mut at = match from {
            0 => 0,
            from => memchr(b'\n', &bytes[from - 1..]).map_or(bytes.len(), |n| from + n),
        };
        std::iter::from_fn(move || {
            let start = at;
            if start >= to.min(bytes.len()) {
                return None;
            }
            at = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
            Some(start..at)
        })
    }
}
