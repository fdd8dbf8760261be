//! Binary workbooks (xlsb, [MS-XLSB]): the package of an xlsx whose sheets, strings and styles are records.
//!
//! In: parts of the package. Out: the names of its sheets, its shared strings and styles, the rows of a sheet.

use std::ops::ControlFlow;

use super::super::grid::Grid;
use super::super::{Context, Format, Item, Sink};
use super::binary::{eight, four, rk, two, wide};
use super::merged::Merged;
use super::number::{Styles, write};
use super::package::{self, Kind};
use super::record;
use super::sheet::{Shared, end_sheet};
use super::strings::{Named, Rich, Strings};
use super::xlsx::{open, shown};
use crate::source::{Code, Fault, Limits, Spool};

/// Excel binary workbooks.
pub(crate) const XLSB: Format = Format {
    name: "xlsb",
    title: "Excel binary workbooks (xlsb)",
    extensions: &["xlsb"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head) {
        Some(Kind::BinaryWorkbook) => 97,
        _ => 0,
    },
    open,
};

/// Numbers of records ([MS-XLSB] 2.3.2).
mod kind {
    pub(super) const ROW: u16 = 0;
    pub(super) const RK: u16 = 2;
    pub(super) const BOOL: u16 = 4;
    pub(super) const REAL: u16 = 5;
    pub(super) const TEXT: u16 = 6;
    pub(super) const SHARED: u16 = 7;
    pub(super) const FORMULA_TEXT: u16 = 8;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMULA_BOOL: u16 = 10;
    /// Cells that stand right of the one before and do not tell their column.
    pub(super) const SHORT_BLANK: u16 = 12;
    pub(super) const SHORT_SHARED: u16 = 18;
    pub(super) const STRING_ITEM: u16 = 19;
    pub(super) const FORMAT: u16 = 44;
    pub(super) const STYLE: u16 = 47;
    pub(super) const RICH_TEXT: u16 = 62;
    pub(super) const WORKBOOK: u16 = 153;
    pub(super) const SHEET: u16 = 156;
    pub(super) const MERGED: u16 = 176;
    pub(super) const CELL_STYLES: u16 = 617;
    pub(super) const CELL_STYLES_END: u16 = 618;
    pub(super) const AUTHOR: u16 = 632;
    pub(super) const COMMENT: u16 = 635;
    pub(super) const COMMENT_TEXT: u16 = 637;
}

/// A blank cell, and the last kind of a cell.
const BLANK: u16 = 1;
const LAST_CELL: u16 = 11;
/// Styles and formats that are kept.
const STYLES: usize = 65_536;
const FORMATS: usize = 4_096;

/// The records of a part; ends where one is cut.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest;
        // Seven bits a byte, low ones first; two bytes for the kind, four for the length.
        let mut number = |most: u32| {
            let mut number = 0u32;
            for nth in 0..most {
                let (&byte, tail) = rest.split_first()?;
                rest = tail;
                number |= u32::from(byte & 0x7f) << (7 * nth);
                if byte & 0x80 == 0 {
                    break;
                }
            }
            Some(number)
        };
        let kind = number(2)? as u16;
        let len = number(4)? as usize;
        let (data, rest) = rest.split_at_checked(len)?;
        self.rest = rest;
        Some((kind, data))
    }
}

/// A string at an offset, and where it ends; `None` also for the null of nullable ones.
fn string(data: &[u8], at: usize) -> Option<(String, usize)> {
    let len = four(data, at)? as usize;
    let start = at + 4;
    let end = start.checked_add(len.checked_mul(2)?)?;
    Some((wide(data.get(start..end)?), end))
}

/// A text with its readings ([MS-XLSB] 2.5.121).
fn rich(data: &[u8]) -> Option<Rich> {
    let flags = *data.first()?;
    let (text, mut at) = string(data, 1)?;
    let mut rich = Rich::default();
    rich.text = text;
    if flags & 1 != 0 {
        let runs = four(data, at)? as usize;
        at = runs.checked_mul(4)?.checked_add(at + 4)?;
    }
    if flags & 2 != 0 {
        readings(data, at, &mut rich);
    }
    Some(rich)
}

/// How a text is read: the whole reading, and which piece of it belongs where.
fn readings(data: &[u8], at: usize, rich: &mut Rich) -> Option<()> {
    let (reading, at) = string(data, at)?;
    let reading: Vec<u16> = reading.encode_utf16().collect();
    let n = four(data, at)? as usize;
    let runs = data.get(at + 4..)?;
    let size = runs.len().checked_div(n)?;
    let runs: Vec<[usize; 3]> = runs
        .chunks_exact(size.max(6))
        .take(n)
        .map_while(|run| {
            let number = |at| two(run, at).map(usize::from);
            Some([number(0)?, number(2)?, number(4)?])
        })
        .collect();
    for (nth, [from, base, len]) in runs.iter().enumerate() {
        let to = runs.get(nth + 1).map_or(reading.len(), |next| next[0]);
        let piece = reading.get(*from..to)?;
        rich.add_reading(*base, base + len, String::from_utf16_lossy(piece));
    }
    Some(())
}

/// The sheets of a workbook: name, number of the relation that leads to its part; and whether days are counted from 1904.
pub(super) fn sheets(workbook: &[u8]) -> (Vec<(String, String)>, bool) {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    for (kind, data) in (Records { rest: workbook }) {
        match kind {
            kind::WORKBOOK => is_1904 = data.first().is_some_and(|flags| flags & 1 != 0),
            kind::SHEET => {
                let state = match four(data, 0) {
                    Some(1) => "hidden",
                    Some(2) => "veryHidden",
                    _ => "",
                };
                if let Some((id, at)) = string(data, 8)
                    && let Some((name, _)) = string(data, at)
                {
                    sheets.push((shown(name, state), id));
                }
            }
            _ => {}
        }
    }
    (sheets, is_1904)
}

/// The shared strings, and what was lost of them.
pub(super) fn strings(part: &[u8], limits: &Limits) -> (Strings, Option<Fault>) {
    let mut strings = Strings::default();
    let mut spool = Spool::new(limits);
    let mut lost = None;
    for (_, data) in (Records { rest: part }).filter(|(kind, _)| *kind == kind::STRING_ITEM) {
        // A string that cannot be read keeps its number.
        if let Err(fault) = strings.push(&rich(data).unwrap_or_default(), &mut spool) {
            lost = Some(fault);
            break;
        }
    }
    strings.finish(spool, lost)
}

/// The styles of cells.
pub(super) fn styles(part: &[u8]) -> Styles {
    let (mut styles, mut codes, mut in_cells) = (Vec::new(), Vec::new(), false);
    for (kind, data) in (Records { rest: part }) {
        match kind {
            kind::FORMAT if codes.len() < FORMATS => {
                codes.extend(two(data, 0).zip(string(data, 2).map(|(code, _)| code)));
            }
            kind::CELL_STYLES => in_cells = true,
            kind::CELL_STYLES_END => in_cells = false,
            kind::STYLE if in_cells && styles.len() < STYLES => {
                styles.push(two(data, 2).unwrap_or(0));
            }
            _ => {}
        }
    }
    Styles::of(&styles, &codes)
}

/// Reads a sheet's rows into tables of this name.
pub(super) fn read(
    part: &[u8],
    name: &str,
    shared: &Shared,
    context: &Context,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut sheet = Sheet {
        grid: Grid::new(name, context),
        shared,
        shown: String::new(),
        row: None,
        column: 0,
        missing: 0,
        named: Named::by(part.len()),
        merged: merged(part),
    };
    let mut records = Records { rest: part };
    for (kind, data) in records.by_ref() {
        match kind {
            kind::ROW => sheet.begin_row(four(data, 0).unwrap_or(0), sink)?,
            BLANK..=LAST_CELL | kind::RICH_TEXT => {
                sheet.column = four(data, 0).unwrap_or(0) as usize;
                sheet.cell(kind, data.get(4..).unwrap_or_default());
            }
            // The same kinds in the same order, without errors of formulas.
            kind::SHORT_BLANK..=kind::SHORT_SHARED => {
                sheet.column += 1;
                sheet.cell(kind - kind::SHORT_BLANK + BLANK, data);
            }
            _ => {}
        }
    }
    let left = records.rest.len();
    if left > 0 {
        let lost = format!("the last {left} bytes of a sheet");
        sink(Item::Fault(Fault::whole(Code::Truncated, lost)))?;
    }
    end_sheet(sheet.grid, sheet.missing, &sheet.named, sink)
}

/// The merged cells, which stand behind the rows ([MS-XLSB] 2.4.689, 2.5.160).
fn merged(part: &[u8]) -> Merged {
    let mut merged = Merged::default();
    for (_, data) in (Records { rest: part }).filter(|(kind, _)| *kind == kind::MERGED) {
        let number = |nth: usize| four(data, 4 * nth);
        if let (Some(first), Some(last), Some(left), Some(right)) =
            (number(0), number(1), number(2), number(3))
        {
            merged.add(first.into()..=last.into(), left as usize..=right as usize);
        }
    }
    merged
}

struct Sheet<'a> {
    grid: Grid<'a>,
    shared: &'a Shared,
    shown: String,
    row: Option<u32>,
    column: usize,
    /// Cells that refer to a text that is not there.
    missing: u64,
    named: Named,
    merged: Merged,
}

impl Sheet<'_> {
    fn begin_row(&mut self, row: u32, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if let Some(before) = self.row {
            self.merged.tell(before.into(), &mut self.grid);
        }
        self.grid.end_open_row(sink)?;
        if let Some(before) = self.row.filter(|before| row != before.wrapping_add(1)) {
            let left_out = row.saturating_sub(before.saturating_add(1));
            self.grid.pass(left_out as usize, sink)?;
        }
        // The first of short cells stands in the first column.
        (self.row, self.column) = (Some(row), usize::MAX);
        ControlFlow::Continue(())
    }

    /// Takes a cell whose data begin with its style.
    fn cell(&mut self, kind: u16, data: &[u8]) {
        let style = four(data, 0).unwrap_or(0) & 0xff_ffff;
        let value = data.get(4..).unwrap_or_default();
        match kind {
            kind::SHARED => {
                let number = four(value, 0).map(|number| number as usize);
                match number.and_then(|number| self.shared.strings.get(number)) {
                    Some((text, reading)) if self.named.takes(text) => {
                        self.grid.cell(self.column, text, reading);
                    }
                    Some(_) => {}
                    None => self.missing += 1,
                }
            }
            kind::TEXT | kind::FORMULA_TEXT => {
                if let Some((text, _)) = string(value, 0) {
                    self.grid.cell(self.column, &text, None);
                }
            }
            kind::RICH_TEXT => {
                if let Some(rich) = rich(value) {
                    let reading = rich.reading();
                    self.grid.cell(self.column, &rich.text, reading.as_deref());
                }
            }
            kind::BOOL | kind::FORMULA_BOOL => {
                let word = if value.first() == Some(&1) {
                    "TRUE"
                } else {
                    "FALSE"
                };
                self.grid.cell(self.column, word, None);
            }
            kind::RK => self.number(style, four(value, 0).map(rk)),
            kind::REAL | kind::FORMULA_NUMBER => self.number(style, eight(value, 0)),
            _ => {}
        }
    }

    fn number(&mut self, style: u32, number: Option<f64>) {
        let Some(number) = number else {
            return;
        };
        self.shown.clear();
        let format = self.shared.styles.get(style as usize);
        let raw = number.to_string();
        write(&raw, format, self.shared.is_1904, &mut self.shown);
        self.grid.cell(self.column, &self.shown, None);
    }
}

/// Comments with their authors.
pub(super) fn comments(part: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut rows = record::Rows::new("comments", &["author", "comment"]);
    let (mut authors, mut author) = (Vec::new(), None);
    for (kind, data) in (Records { rest: part }) {
        match kind {
            kind::AUTHOR => authors.push(string(data, 0).map_or_else(String::new, |found| found.0)),
            kind::COMMENT => author = four(data, 0).map(|author| author as usize),
            kind::COMMENT_TEXT => {
                let text = rich(data).unwrap_or_default().text;
                let author = author.take().and_then(|author| authors.get(author));
                rows.row(&[author.map_or("", String::as_str), &text], sink)?;
            }
            _ => {}
        }
    }
    rows.flush(sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_their_ends() {
        let part = [0x99, 0x01, 2, 7, 8, 0, 0, 0x13, 0x80, 0x80, 0x80, 0x01];
        let mut records = Records { rest: &part };
        assert_eq!(records.next(), Some((153, &[7, 8][..])));
        assert_eq!(records.next(), Some((0, &[][..])));
        assert_eq!(records.next(), None);
        assert_eq!(records.rest.len(), 5);
    }

    #[test]
    fn a_text_with_its_readings() {
        let mut data = vec![3];
        let text = |data: &mut Vec<u8>, text: &str| {
            data.extend((text.encode_utf16().count() as u32).to_le_bytes());
            data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        };
        text(&mut data, "山田 太郎");
        data.extend([1, 0, 0, 0, 9, 9, 9, 9]);
        text(&mut data, "ヤマダタロウ");
        data.extend([2, 0, 0, 0]);
        for run in [[0u16, 0, 2, 0, 0, 0], [3, 3, 2, 0, 0, 0]] {
            data.extend(run.into_iter().flat_map(u16::to_le_bytes));
        }
        let found = rich(&data).unwrap();
        assert_eq!(found.text, "山田 太郎");
        assert_eq!(found.reading().as_deref(), Some("ヤマダ タロウ"));
        assert!(rich(&[0, 9, 0, 0, 0, b'x']).is_none());
    }
}
