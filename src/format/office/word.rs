//! The text of a Word document of 1997 to 2003 ([MS-DOC]).
//!
//! In: the streams of a document. Out: its paragraphs as running text, its tables as tables.

use std::ops::ControlFlow;

use super::super::flow::Flow;
use super::super::{Context, Reader, Sink};
use super::binary::{four, two, wide};
use crate::source::Fault;

/// Columns of a table: Word has no more ([MS-DOC] 2.4.3).
const COLUMNS: usize = 63;
/// What ends a cell, and a row after its last cell.
const MARK: char = '\u{7}';

/// The text by its pieces ([MS-DOC] 2.4.1); `None` where they cannot be found.
pub(super) fn text(document: &[u8], table: &[u8]) -> Option<String> {
    let (at, len) = (
        four(document, 0x1a2)? as usize,
        four(document, 0x1a6)? as usize,
    );
    let mut clx = table.get(at..at.checked_add(len)?)?;
    while clx.first() == Some(&1) {
        clx = clx.get(3 + usize::from(two(clx, 1)?)..)?;
    }
    let plc = clx.strip_prefix(&[2])?.get(4..)?;
    let n = plc.len().checked_sub(4)? / 12;
    let mut text = String::new();
    for piece in 0..n {
        let from = four(plc, piece * 4)?;
        let chars = four(plc, piece * 4 + 4)?.checked_sub(from)? as usize;
        let at = four(plc, (n + 1) * 4 + piece * 8 + 2)?;
        // One bit tells that characters take one byte.
        let narrow = at & 0x4000_0000 != 0;
        let at = (at & 0x3fff_ffff) as usize;
        let (at, len) = if narrow {
            (at / 2, chars)
        } else {
            (at, chars.checked_mul(2)?)
        };
        let bytes = document.get(at..).unwrap_or_default();
        let bytes = &bytes[..len.min(bytes.len())];
        // Pieces may not give more than the document holds.
        if text.len() > document.len().saturating_mul(3) {
            break;
        }
        match narrow {
            true => text.push_str(
                &encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(bytes)
                    .0,
            ),
            false => text.push_str(&wide(bytes)),
        }
    }
    Some(text)
}

/// A document that is text, with the marks of its cells and rows in it.
pub(super) struct Document {
    pub(super) text: String,
    pub(super) context: Context,
}

impl Reader for Document {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // Whether the sink wants no more does not matter: the part is over.
        let _ = self.give(sink);
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-16le")
    }
}

impl Document {
    fn give(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut flow = Flow::new(&self.context.stem, &self.context);
        let mut rest = self.text.as_str();
        while let Some(first) = rest.find(MARK) {
            // The first cell is a paragraph, what stands before it is not of the table.
            let start = rest[..first].rfind(is_break).map_or(0, |at| at + 1);
            paragraphs(&rest[..start], &mut flow, sink)?;
            rest = &rest[start..];
            let (cells, len) = cells(rest);
            table(&cells, &mut flow, sink)?;
            rest = &rest[len..];
        }
        paragraphs(rest, &mut flow, sink)?;
        flow.finish(sink)
    }
}

/// Ends of paragraphs, lines, pages, each a byte long.
fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{b}' | '\u{c}')
}

fn paragraphs(text: &str, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    for line in text.split(is_break) {
        flow.text(&plain(line));
        flow.end_paragraph(sink)?;
    }
    ControlFlow::Continue(())
}

/// Text without the characters that stand for fields and pictures.
fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\t' | '\n' => c,
        '\r' | '\u{b}' | '\u{c}' => '\n',
        c if c.is_control() => '\t',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// The cells of the table that a text begins with, ends of rows as empty ones, and the table's length. A row ends where two
/// marks meet; a paragraph after that is no cell of the next row, unless that is a cell of several.
fn cells(text: &str) -> (Vec<&str>, usize) {
    let (mut cells, mut len) = (Vec::new(), 0);
    for cell in text.split_inclusive(MARK) {
        let Some(inner) = cell.strip_suffix(MARK) else {
            break;
        };
        let ended = cells.len() >= 2 && cells.last().is_some_and(|last: &&str| last.is_empty());
        if ended && inner.contains(is_break) {
            break;
        }
        cells.push(inner);
        len += cell.len();
    }
    (cells, len)
}

/// How many cells a row has: the fewest that end every row with an empty one. Of a single row no cell but that is empty.
fn columns(cells: &[&str]) -> Option<usize> {
    (1..=COLUMNS.min(cells.len())).find(|n| {
        let mut rows = cells.chunks(n + 1);
        let is_lone = cells.len() == n + 1;
        cells.len().is_multiple_of(n + 1)
            && rows.all(|row| row[*n].is_empty())
            && !(is_lone && cells[..*n].iter().any(|cell| cell.is_empty()))
            // The last cell of a row is not empty in all of them.
            && cells.chunks(n + 1).any(|row| !row[n - 1].is_empty())
    })
}

fn table(cells: &[&str], flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    flow.begin_table(sink)?;
    let rows: Vec<&[&str]> = match columns(cells) {
        Some(n) => cells.chunks(n + 1).map(|row| &row[..n]).collect(),
        // Rows of several widths: each ends where two marks meet.
        None => cells.split(|cell| cell.is_empty()).collect(),
    };
    for row in rows {
        flow.begin_row(sink)?;
        for cell in row {
            flow.begin_cell(1, sink)?;
            flow.text(&plain(cell));
            flow.end_paragraph(sink)?;
            flow.end_cell(sink)?;
        }
        flow.end_row(sink)?;
    }
    flow.end_table(sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_tables() {
        fn check(text: &str, expected: (usize, usize, Option<usize>)) {
            let text = text.replace('|', "\u{7}");
            let (cells, len) = cells(&text);
            assert_eq!((cells.len(), len, columns(&cells)), expected, "{text:?}");
        }
        check("a|b||c|d||", (6, 10, Some(2)));
        check("a|b||c|d||after\rmore", (6, 10, Some(2)));
        check("a||b||", (4, 6, Some(1)));
        // An empty cell, and rows of two widths.
        check("a||b||c|d|e||", (8, 13, Some(3)));
        check("a|b||c||", (5, 8, None));
        check("a|b\rc||d|e||", (6, 12, Some(2)));
        check("", (0, 0, None));
    }
}
