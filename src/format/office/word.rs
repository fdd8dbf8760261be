//! The text of a Word document of 1997 to 2003 ([MS-DOC]), and of Word 6 and 95.
//!
//! In: the streams of a document. Out: its paragraphs as running text, its tables as tables. Where text of the older ones
//! stands is as the newer documents' header keeps it (fcMin, fcMac), and as read from documents that others wrote.

use std::ops::ControlFlow;

use super::super::codepage::codec;
use super::super::flow::Flow;
use super::super::objects::Objects;
use super::super::{Context, Reader, Sink};
use super::binary::{four, two, wide};
use crate::source::Fault;
use crate::text::{Encoding, detect};

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

/// Whether a document is of Word 6 or 95, by its first number: of Western editions, and of those for East Asia.
pub(super) fn is_old(document: &[u8]) -> bool {
    matches!(two(document, 0), Some(0xa5dc | 0xa697..=0xa699))
}

/// The text of a document of Word 6 or 95: one range of the stream, or pieces of it where it was saved fast. Its characters
/// are of a code page, or of UTF-16 where a flag says so.
pub(super) fn old_text(document: &[u8]) -> Option<String> {
    let flags = two(document, 0x0a)?;
    let (from, to) = (
        four(document, 0x18)? as usize,
        four(document, 0x1c)? as usize,
    );
    let is_wide = flags & 0x1000 != 0;
    let mut raw = Vec::new();
    if flags & 4 != 0 {
        old_pieces(document, if is_wide { 2 } else { 1 }, &mut raw);
    }
    if raw.is_empty() {
        raw.extend_from_slice(document.get(from..to.min(document.len()))?);
    }
    if is_wide {
        return Some(wide(&raw));
    }
    // The language ([MS-LCID]) of the document tells no more than that of the program; the text's own bytes win.
    let found = detect(&raw).encoding;
    let language = two(document, 6).map_or(0, |id| id & 0x3ff);
    Some(match (found, language) {
        (Encoding::ShiftJis | Encoding::EucJp, 0x11) | (Encoding::ShiftJis, _) => {
            found.decode(&raw).0.into_owned()
        }
        _ if is_of_mac(document) => {
            let text = encoding_rs::MACINTOSH.decode_without_bom_handling(&raw).0;
            text.into_owned()
        }
        _ => {
            let page = codec(page_of(language));
            page.decode_without_bom_handling(&raw).0.into_owned()
        }
    })
}

/// Whether a document of Word 6 or 95 is of the Macintosh: its header says so of the program, or of the characters.
fn is_of_mac(document: &[u8]) -> bool {
    document.get(0x12) == Some(&1) || two(document, 0x14) == Some(256)
}

/// The pieces of a document of Word 6 or 95 that was saved fast, in the order of the text.
fn old_pieces(document: &[u8], width: usize, out: &mut Vec<u8>) -> Option<()> {
    let (at, len) = (
        four(document, 0x160)? as usize,
        four(document, 0x164)? as usize,
    );
    let mut clx = document.get(at..at.checked_add(len)?)?;
    while clx.first() == Some(&1) {
        clx = clx.get(3 + usize::from(two(clx, 1)?)..)?;
    }
    let plc = clx.strip_prefix(&[2])?.get(4..)?;
    let n = plc.len().checked_sub(4)? / 12;
    for piece in 0..n {
        let chars = four(plc, piece * 4 + 4)?.checked_sub(four(plc, piece * 4)?)? as usize;
        let at = four(plc, (n + 1) * 4 + piece * 8 + 2)? as usize;
        let bytes = document.get(at..).unwrap_or_default();
        out.extend_from_slice(&bytes[..chars.checked_mul(width)?.min(bytes.len())]);
        // Pieces may not give more than the document holds.
        if out.len() > document.len() {
            break;
        }
    }
    Some(())
}

/// The Windows code page of a language's main number ([MS-LCID]).
fn page_of(language: u16) -> i32 {
    match language {
        0x04 => 936,
        0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x24 => 1250,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2f => 1251,
        0x08 => 1253,
        0x1f => 1254,
        0x0d => 1255,
        0x01 => 1256,
        0x25..=0x27 => 1257,
        0x11 => 932,
        0x12 => 949,
        _ => 1252,
    }
}

/// A document that is text, with the marks of its cells and rows in it.
pub(super) struct Document {
    pub(super) text: String,
    /// What is kept inside it.
    pub(super) objects: Objects,
    pub(super) context: Context,
}

impl Reader for Document {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // Whether the sink wants no more does not matter: the part is over.
        if self.give(sink).is_continue() {
            let _ = self.objects.give(sink);
        }
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
    fn texts_of_word_6() {
        // What the header says: its number, language, flags, and where the text begins and ends.
        let document = |language: u16, flags: u16, text: &[u8]| {
            let mut out = vec![0; 0x300];
            let end = 0x300 + text.len() as u32;
            out[..2].copy_from_slice(&0xa5dcu16.to_le_bytes());
            out[6..8].copy_from_slice(&language.to_le_bytes());
            out[10..12].copy_from_slice(&flags.to_le_bytes());
            out[0x18..0x1c].copy_from_slice(&0x300u32.to_le_bytes());
            out[0x1c..0x20].copy_from_slice(&end.to_le_bytes());
            out.extend_from_slice(text);
            out
        };
        fn check(document: Vec<u8>, expected: &str) {
            assert!(is_old(&document));
            assert_eq!(old_text(&document).unwrap(), expected);
        }
        let text = "氏名 山田太郎\r住所 東京都千代田区表町\r";
        let sjis = encoding_rs::SHIFT_JIS.encode(text).0;
        check(document(0x411, 0, &sjis), text);
        check(
            document(0x419, 0, b"\xcf\xe8\xf1\xfc\xec\xee\r"),
            "Письмо\r",
        );
        check(document(0x409, 0, b"caf\xe9\r"), "café\r");
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(document(0x411, 0x1000, &units), text);
        // Of the Macintosh.
        let mut mac = document(0x409, 0, b"caf\x8e\r");
        mac[0x12] = 1;
        check(mac, "café\r");
        // Saved fast: the second piece stands before the first.
        let mut fast = document(0x409, 4, b"two one ");
        let at = fast.len() as u32;
        let mut clx = vec![2, 28, 0, 0, 0];
        clx.extend([0u32, 4, 8].map(u32::to_le_bytes).concat());
        for place in [0x304u32, 0x300] {
            clx.extend([&[0, 0][..], &place.to_le_bytes(), &[0, 0]].concat());
        }
        fast[0x160..0x164].copy_from_slice(&at.to_le_bytes());
        fast[0x164..0x168].copy_from_slice(&(clx.len() as u32).to_le_bytes());
        fast.extend(clx);
        check(fast, "one two ");
    }

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
