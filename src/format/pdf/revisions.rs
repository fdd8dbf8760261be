//! Earlier revisions (ISO 32000-1, 7.5.6): a change is written behind what it replaces, which stays.
//!
//! In: what the last revision holds, and what an earlier one does. Out: of the latter what the former does not hold any more,
//! as tables of its own.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::super::{Batch, Cell, Item, Shape, Sink, Table};
use crate::source::Fault;

/// Earlier revisions that are read: the last ones.
pub(super) const REVISIONS: usize = 16;
/// The mark that ends a revision, and how far before it the place of its table of objects is told.
const END: &[u8] = b"%%EOF";
const TAIL: usize = 64;
/// What the tables of earlier revisions are called behind their own name.
const EARLIER: &str = "(earlier revisions)";

/// Where the earlier revisions end, in their order. The first end of a file that is made for the web is none: it tells no
/// place.
pub(super) fn ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends: Vec<usize> = memchr::memmem::find_iter(bytes, END)
        .filter(|&at| is_end(&bytes[at.saturating_sub(TAIL)..at], at))
        .map(|at| at + END.len())
        .collect();
    // The last one is that of the document.
    ends.pop();
    ends
}

/// Whether what stands before the mark tells a place before it.
fn is_end(tail: &[u8], at: usize) -> bool {
    let told = memchr::memmem::rfind(tail, b"startxref").and_then(|start| {
        let digits = tail[start + 9..].trim_ascii();
        std::str::from_utf8(digits).ok()?.parse::<usize>().ok()
    });
    told.is_some_and(|place| 0 < place && place < at)
}

/// What was given so far: rows, lines, faults and members.
#[derive(Default)]
pub(super) struct Seen {
    rows: HashSet<Vec<u8>>,
    faults: HashSet<(&'static str, String)>,
    members: HashSet<(String, u64)>,
}

impl Seen {
    /// Notes what the last revision holds.
    pub(super) fn note(&mut self, item: &Item<'_>) {
        match item {
            Item::Batch(batch) => rows(batch).for_each(|row| {
                self.rows.insert(row);
            }),
            Item::Fault(fault) => {
                self.is_new_fault(fault);
            }
            Item::Member(member) => {
                self.members.insert((member.name.clone(), member.len));
            }
        }
    }

    /// Gives what is not noted yet, and notes it.
    pub(super) fn give(&mut self, item: Item<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match item {
            Item::Batch(batch) => self.rows(&batch, sink),
            Item::Fault(fault) if self.is_new_fault(&fault) => sink(Item::Fault(Fault {
                lost: format!("{} of an earlier revision", fault.lost),
                ..fault
            })),
            Item::Member(mut member) if self.members.insert((member.name.clone(), member.len)) => {
                member.name = format!("{EARLIER} {}", member.name);
                sink(Item::Member(member))
            }
            Item::Fault(_) | Item::Member(_) => ControlFlow::Continue(()),
        }
    }

    fn is_new_fault(&mut self, fault: &Fault) -> bool {
        self.faults
            .insert((fault.code.as_str(), fault.lost.clone()))
    }

    fn rows(&mut self, batch: &Batch<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let table = Table {
            name: format!("{} {EARLIER}", batch.table.name),
            ..batch.table.clone()
        };
        let fresh: Vec<bool> = rows(batch).map(|row| self.rows.insert(row)).collect();
        if !fresh.contains(&true) {
            return ControlFlow::Continue(());
        }
        if batch.table.shape == Shape::Lines {
            let lines = lines(batch).zip(&fresh).filter(|(_, fresh)| **fresh);
            let text: Vec<&[u8]> = lines.map(|(line, _)| line).collect();
            let text = text.join(&b'\n');
            let cells = [Cell::new(0, text.len(), false)];
            return sink(Item::Batch(Batch::rebuilt(&table, &text, &cells)));
        }
        let rows = batch.cells.chunks_exact(batch.table.columns.len().max(1));
        let fresh = rows.zip(&fresh).filter(|(_, fresh)| **fresh);
        let cells: Vec<Cell> = fresh.flat_map(|(row, _)| row).copied().collect();
        sink(Item::Batch(Batch {
            table: &table,
            cells: &cells,
            ..*batch
        }))
    }
}

/// The rows of a batch, each as its values; of running text the lines.
fn rows<'a>(batch: &'a Batch<'_>) -> Box<dyn Iterator<Item = Vec<u8>> + 'a> {
    if batch.table.shape == Shape::Lines {
        return Box::new(lines(batch).map(<[u8]>::to_vec));
    }
    let rows = batch.cells.chunks_exact(batch.table.columns.len().max(1));
    Box::new(rows.map(|row| {
        let values: Vec<&[u8]> = row.iter().map(|cell| &batch.bytes[cell.range()]).collect();
        values.join(&b'\t')
    }))
}

fn lines<'a>(batch: &'a Batch<'_>) -> impl Iterator<Item = &'a [u8]> {
    let blocks = batch.cells.iter().map(|cell| &batch.bytes[cell.range()]);
    blocks.flat_map(|block| {
        block
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_revisions() {
        let check =
            |text: &str, expected: &[usize]| assert_eq!(ends(text.as_bytes()), expected, "{text}");
        check("", &[]);
        check("%PDF-1.4 x startxref\n9\n%%EOF", &[]);
        check(
            "%PDF-1.4 x startxref\n9\n%%EOF\ny startxref 20 %%EOF\n",
            &[28],
        );
        check(
            "%PDF-1.4 x startxref\n0\n%%EOF\ny startxref 20 %%EOF\n",
            &[],
        );
        check(
            "%PDF-1.4 x startxref\n99\n%%EOF\ny %%EOF startxref 9 %%EOF\n",
            &[],
        );
    }
}
