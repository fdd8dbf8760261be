//! Running text that does not stand in the source as such: paragraphs of documents, notes beside tables.
//!
//! In: lines. Out: batches of [`Shape::Lines`], whose blocks end where the text says, never where the source was cut.

use std::ops::ControlFlow;

use super::{Batch, Cell, Item, Shape, Sink, Table};
use crate::source::{Code, Fault, Limits};

/// A block is given away once it is so long.
const BLOCK: usize = 64 << 10;

/// Gathers lines of one table of running text.
pub(super) struct Prose {
    table: Table,
    text: String,
    /// Longest line, in bytes.
    limit: usize,
    /// Bytes of lines that were too long.
    cut: u64,
}

impl Prose {
    /// No lines yet, of a table with this name.
    pub(super) fn new(name: impl Into<String>, limits: &Limits) -> Self {
        Self {
            table: Table {
                name: name.into(),
                columns: vec![None],
                shape: Shape::Lines,
            },
            text: String::new(),
            limit: limits.record_bytes.clamp(BLOCK, 1 << 30),
            cut: 0,
        }
    }

    /// Adds a line; line breaks in it make several.
    pub(super) fn line(&mut self, line: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let line = line.trim_end();
        if line.trim_start().is_empty() {
            return ControlFlow::Continue(());
        }
        let end = line.floor_char_boundary(self.limit);
        self.cut += (line.len() - end) as u64;
        self.text.push_str(&line[..end]);
        self.text.push('\n');
        if self.text.len() >= BLOCK {
            self.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives away what was gathered.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.cut > 0 {
            let lost = format!("{} bytes of a paragraph", self.cut);
            self.cut = 0;
            sink(Item::Fault(Fault::whole(Code::RecordTooLong, lost)))?;
        }
        if self.text.is_empty() {
            return ControlFlow::Continue(());
        }
        let flow = sink(Item::Batch(Batch::rebuilt(
            &self.table,
            self.text.as_bytes(),
            &[Cell::new(0, self.text.len(), false)],
        )));
        self.text.clear();
        flow
    }
}
