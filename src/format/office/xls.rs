//! Workbooks of Excel 5 to 2003 (BIFF, [MS-XLS]).
//!
//! In: the stream of the workbook. Out: the tables of its sheets, hidden ones too, comments as running text.

use std::ops::ControlFlow;

use super::super::codepage::codec;
use super::super::grid::Grid;
use super::super::objects::Objects;
use super::super::prose::Prose;
use super::super::{Context, Item, Reader, Sink};
use super::binary::{eight, four, rk, two, wide};
use super::merged::Merged;
use super::number::{Styles, write};
use super::sheet::Shared;
use super::strings::{Named, Rich, Strings};
use super::xlsx::shown;
use crate::source::{Code, Fault, Limits, Spool};

/// Numbers of records ([MS-XLS] 2.3.2).
mod kind {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const EOF: u16 = 0x0a;
    pub(super) const HEADER: u16 = 0x14;
    pub(super) const FOOTER: u16 = 0x15;
    pub(super) const NOTE: u16 = 0x1c;
    pub(super) const DATE_1904: u16 = 0x22;
    pub(super) const CONTINUE: u16 = 0x3c;
    pub(super) const CODE_PAGE: u16 = 0x42;
    pub(super) const BOUND_SHEET: u16 = 0x85;
    pub(super) const MUL_RK: u16 = 0xbd;
    pub(super) const RICH_STRING: u16 = 0xd6;
    pub(super) const STYLE: u16 = 0xe0;
    pub(super) const MERGED: u16 = 0xe5;
    pub(super) const LINK: u16 = 0x1b8;
    pub(super) const SHARED: u16 = 0xfc;
    pub(super) const LABEL_SHARED: u16 = 0xfd;
    pub(super) const TEXT_OBJECT: u16 = 0x1b6;
    pub(super) const NUMBER: u16 = 0x203;
    pub(super) const LABEL: u16 = 0x204;
    pub(super) const BOOL: u16 = 0x205;
    pub(super) const STRING: u16 = 0x207;
    pub(super) const RK: u16 = 0x27e;
    pub(super) const FORMAT: u16 = 0x41e;
    pub(super) const BEGIN: u16 = 0x809;
}

/// One record: its kind, its data, and where it begins.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// The records from an offset on.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = two(self.stream, self.at)?;
        let len = usize::from(two(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let end = (start + len).min(self.stream.len());
        self.at = end;
        Some(Record {
            kind,
            data: &self.stream[start..end],
        })
    }
}

/// A sheet: its name with its state, and where it begins.
struct Sheet {
    name: String,
    at: usize,
}

struct Workbook {
    stream: Vec<u8>,
    sheets: Vec<Sheet>,
    shared: Shared,
    /// Whether texts are in a code page, and which: before Excel 97.
    page: Option<&'static encoding_rs::Encoding>,
    /// Documents inside it.
    objects: Objects,
    context: Context,
    faults: Vec<Fault>,
}

/// Opens the stream of a workbook, in which objects stand.
pub(super) fn open<'a>(
    stream: Vec<u8>,
    objects: Objects,
    context: &Context,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut book = Workbook {
        stream: Vec::new(),
        sheets: Vec::new(),
        shared: Shared::default(),
        page: None,
        objects,
        context: context.clone(),
        faults: Vec::new(),
    };
    book.globals(&stream)?;
    if book.sheets.is_empty() {
        return Err(Fault::whole(Code::Malformed, "the whole workbook"));
    }
    book.stream = stream;
    Ok(Box::new(book))
}

impl Workbook {
    /// Reads what comes before the sheets.
    fn globals(&mut self, stream: &[u8]) -> Result<(), Fault> {
        let mut records = Records { stream, at: 0 };
        let (mut styles, mut codes) = (Vec::new(), Vec::new());
        let mut is_wide = true;
        let mut page = encoding_rs::WINDOWS_1252;
        while let Some(record) = records.next() {
            let data = record.data;
            match record.kind {
                kind::BEGIN => is_wide = two(data, 0).is_none_or(|version| version >= 0x0600),
                kind::CODE_PAGE => page = codec(two(data, 0).map_or(1252, i32::from)),
                kind::DATE_1904 => self.shared.is_1904 = two(data, 0) == Some(1),
                kind::STYLE if styles.len() < 65_536 => styles.push(two(data, 2).unwrap_or(0)),
                kind::FORMAT if codes.len() < 4_096 => {
                    let page = (!is_wide).then_some(page);
                    let code = match page {
                        None => string(data, 2, 2, None),
                        page => string(data, 2, 1, page),
                    };
                    codes.extend(two(data, 0).zip(code));
                }
                kind::BOUND_SHEET => {
                    let page = (!is_wide).then_some(page);
                    let name = string(data, 6, 1, page).unwrap_or_default();
                    let state = match data.get(4).map(|state| state & 3) {
                        Some(1) => "hidden",
                        Some(2) => "veryHidden",
                        _ => "",
                    };
                    let at = four(data, 0).map_or(usize::MAX, |at| at as usize);
                    self.sheets.push(Sheet {
                        name: shown(name, state),
                        at,
                    });
                }
                kind::SHARED => {
                    let (strings, fault) = shared_strings(data, &mut records, &self.context.limits);
                    self.shared.strings = strings;
                    self.faults.extend(fault);
                }
                kind::EOF => break,
                _ => {}
            }
        }
        self.page = (!is_wide).then_some(page);
        self.shared.styles = Styles::of(&styles, &codes);
        Ok(())
    }
}

/// A string whose length takes `size` bytes: with a byte of flags, or in a code page.
fn string(
    data: &[u8],
    at: usize,
    size: usize,
    page: Option<&'static encoding_rs::Encoding>,
) -> Option<String> {
    let len = match size {
        1 => usize::from(*data.get(at)?),
        _ => usize::from(two(data, at)?),
    };
    let rest = data.get(at + size..)?;
    Some(match page {
        Some(page) => page
            .decode_without_bom_handling(&rest[..len.min(rest.len())])
            .0
            .into_owned(),
        None => {
            let (&flags, rest) = rest.split_first()?;
            characters(rest, len, flags & 1 != 0)
        }
    })
}

/// Characters of one byte (the low half of UTF-16) or two.
fn characters(bytes: &[u8], len: usize, is_wide: bool) -> String {
    if is_wide {
        wide(&bytes[..(len * 2).min(bytes.len())])
    } else {
        bytes
            .iter()
            .take(len)
            .map(|&byte| char::from(byte))
            .collect()
    }
}

/// The shared strings, which go on in the records after theirs.
fn shared_strings<'a>(
    data: &'a [u8],
    records: &mut Records<'a>,
    limits: &Limits,
) -> (Strings, Option<Fault>) {
    let mut pieces = Pieces {
        now: data.get(8..).unwrap_or_default(),
        records,
    };
    let count = four(data, 4).unwrap_or(0);
    let mut strings = Strings::default();
    let mut spool = Spool::new(limits);
    let mut lost = None;
    for nth in 0..count {
        let Some(rich) = pieces.string() else {
            let left = format!("{} shared strings", count - nth);
            lost = Some(Fault::whole(Code::Malformed, left));
            break;
        };
        if let Err(fault) = strings.push(&rich, &mut spool) {
            lost = Some(fault);
            break;
        }
    }
    strings.finish(spool, lost)
}

/// Data that goes on over several records.
struct Pieces<'r, 'a> {
    now: &'a [u8],
    records: &'r mut Records<'a>,
}

impl Pieces<'_, '_> {
    /// Goes to the next record if this one is used up; says whether there is more.
    fn more(&mut self) -> bool {
        while self.now.is_empty() {
            let before = self.records.at;
            match self.records.next() {
                Some(record) if record.kind == kind::CONTINUE => self.now = record.data,
                _ => {
                    self.records.at = before;
                    return false;
                }
            }
        }
        true
    }

    fn take(&mut self, len: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < len {
            if !self.more() {
                return None;
            }
            let n = (len - bytes.len()).min(self.now.len());
            bytes.extend_from_slice(&self.now[..n]);
            self.now = &self.now[n..];
        }
        Some(bytes)
    }

    fn string(&mut self) -> Option<Rich> {
        let head = self.take(3)?;
        let (len, flags) = (usize::from(two(&head, 0)?), head[2]);
        let runs = match flags & 8 {
            0 => 0,
            _ => usize::from(two(&self.take(2)?, 0)?),
        };
        let extra = match flags & 4 {
            0 => 0,
            _ => four(&self.take(4)?, 0)? as usize,
        };
        let mut rich = Rich::default();
        let (mut left, mut is_wide) = (len, flags & 1 != 0);
        while left > 0 {
            if self.now.is_empty() {
                // Characters that go on begin with a flag of their own.
                if !self.more() {
                    return None;
                }
                is_wide = self.now[0] & 1 != 0;
                self.now = &self.now[1..];
            }
            let size = 1 + usize::from(is_wide);
            let n = left.min(self.now.len() / size);
            if n == 0 && !self.now.is_empty() {
                return None;
            }
            rich.text.push_str(&characters(self.now, n, is_wide));
            self.now = &self.now[n * size..];
            left -= n;
        }
        self.take(runs * 4)?;
        if extra > 0 {
            phonetic(&self.take(extra)?, &mut rich);
        }
        Some(rich)
    }
}

/// How a text is read ([MS-XLS] 2.5.86, ExtRst).
fn phonetic(data: &[u8], rich: &mut Rich) -> Option<()> {
    let runs = usize::from(two(data, 8)?);
    let len = usize::from(two(data, 12)?);
    let text = data.get(14..14 + len * 2)?;
    let run = |nth: usize, at: usize| two(data, 14 + len * 2 + nth * 6 + at).map(usize::from);
    for nth in 0..runs {
        let (from, base, base_len) = (run(nth, 0)?, run(nth, 2)?, run(nth, 4)?);
        let to = if nth + 1 < runs {
            run(nth + 1, 0)?
        } else {
            len
        };
        let piece = text.get(from * 2..to * 2)?;
        rich.add_reading(base, base + base_len, wide(piece));
    }
    Some(())
}

impl Reader for Workbook {
    fn parts(&self) -> usize {
        self.sheets.len() + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(sheet) = self.sheets.get(part) else {
            let _ = self.objects.give(sink);
            return Ok(());
        };
        let mut records = Records {
            stream: &self.stream,
            at: sheet.at.min(self.stream.len()),
        };
        if records
            .next()
            .is_none_or(|record| record.kind != kind::BEGIN)
        {
            return Err(Fault::whole(Code::Malformed, "a sheet"));
        }
        let mut rows = Rows {
            merged: merged(&self.stream, sheet.at),
            book: self,
            grid: Grid::new(sheet.name.as_str(), &self.context),
            beside: Prose::new("comments", &self.context.limits),
            row: 0,
            shown: String::new(),
            formula: None,
            text_left: None,
            named: Named::by(self.stream.len() / self.sheets.len().max(1)),
        };
        let mut depth = 1;
        for record in records {
            match record.kind {
                // Charts in the sheet.
                kind::BEGIN => depth += 1,
                kind::EOF => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if rows.record(&record, sink).is_break() {
                return Ok(());
            }
        }
        if rows.grid.finish(sink).is_continue() && rows.beside.flush(sink).is_continue() {
            rows.named.fault().map(|fault| sink(Item::Fault(fault)));
        }
        if depth > 0 {
            let at = self.stream.len() as u64;
            return Err(Fault::at(Code::Truncated, at, "the rest of a sheet"));
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(if self.page.is_some() {
            "windows code page"
        } else {
            "utf-16le"
        })
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

/// Texts of a link that lead to somebody ([MS-XLS] 2.4.140): behind the cells, the kind of the link and its flags stand texts in
/// UTF-16 and numbers, all of them at even places.
fn targets(link: &[u8]) -> Vec<String> {
    let units = link.get(32..).unwrap_or_default().chunks_exact(2);
    let units: Vec<u16> = units
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
        .collect();
    let texts = units
        .split(|&unit| unit < 0x20)
        .map(String::from_utf16_lossy);
    texts
        .filter(|text| text.contains('@') || text.starts_with("tel:"))
        .map(|text| {
            let target = text
                .trim_start_matches("mailto:")
                .trim_start_matches("tel:");
            target.to_owned()
        })
        .collect()
}

/// The merged cells of the sheet that begins here; they stand behind the rows ([MS-XLS] 2.4.168).
fn merged(stream: &[u8], at: usize) -> Merged {
    let mut merged = Merged::default();
    let records = Records { stream, at };
    // Charts have a beginning and an end of their own.
    let mut depth = 0i64;
    for record in records {
        match record.kind {
            kind::BEGIN => depth += 1,
            kind::EOF => depth -= 1,
            kind::MERGED if depth == 1 => {
                for cells in record.data.get(2..).unwrap_or_default().chunks_exact(8) {
                    let number = |nth: usize| two(cells, 2 * nth).unwrap_or(0);
                    let rows = u64::from(number(0))..=u64::from(number(1));
                    merged.add(rows, number(2).into()..=number(3).into());
                }
            }
            _ => {}
        }
        if depth <= 0 {
            break;
        }
    }
    merged
}

struct Rows<'a> {
    book: &'a Workbook,
    merged: Merged,
    grid: Grid<'a>,
    beside: Prose,
    row: usize,
    shown: String,
    /// Column of a formula whose text follows.
    formula: Option<usize>,
    /// Characters of a text object that follow.
    text_left: Option<usize>,
    named: Named,
}

impl Rows<'_> {
    fn record(&mut self, record: &Record<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let data = record.data;
        match record.kind {
            kind::TEXT_OBJECT => self.text_left = two(data, 10).map(usize::from),
            kind::CONTINUE => {
                if let (Some(len), Some((&flags, rest))) =
                    (self.text_left.take(), data.split_first())
                {
                    let text = match self.book.page {
                        Some(page) => page.decode_without_bom_handling(data).0.into_owned(),
                        None => characters(rest, len, flags & 1 != 0),
                    };
                    for line in text.lines() {
                        self.beside.line(line, sink)?;
                    }
                }
            }
            kind::NOTE => {
                let author = string(data, 8, 2, self.book.page).unwrap_or_default();
                self.beside.line(&author, sink)?;
            }
            kind::LINK => {
                for target in targets(data) {
                    self.beside.line(&target, sink)?;
                }
            }
            kind::HEADER | kind::FOOTER => {
                let size = if self.book.page.is_some() { 1 } else { 2 };
                let text = string(data, 0, size, self.book.page).unwrap_or_default();
                self.beside.line(&text, sink)?;
            }
            kind::STRING => {
                if let Some(column) = self.formula.take() {
                    let text = string(data, 0, 2, self.book.page).unwrap_or_default();
                    self.grid.cell(column, &text, None);
                }
            }
            _ => self.cell(record, sink)?,
        }
        ControlFlow::Continue(())
    }

    fn cell(&mut self, record: &Record<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let data = record.data;
        let is_cell = matches!(
            record.kind,
            kind::FORMULA
                | kind::MUL_RK
                | kind::RICH_STRING
                | kind::LABEL_SHARED
                | kind::NUMBER
                | kind::LABEL
                | kind::BOOL
                | kind::RK
        );
        let (true, Some(row), Some(column)) = (is_cell, two(data, 0), two(data, 2)) else {
            return ControlFlow::Continue(());
        };
        let (row, column) = (usize::from(row), usize::from(column));
        if row != self.row {
            self.merged.tell(self.row as u64, &mut self.grid);
            self.grid.end_open_row(sink)?;
            if row != self.row + 1 {
                self.grid.pass(row.saturating_sub(self.row + 1), sink)?;
            }
            self.row = row;
        }
        let style = two(data, 4).unwrap_or(0);
        match record.kind {
            kind::LABEL_SHARED => {
                let number = four(data, 6).map(|number| number as usize);
                let found = number.and_then(|number| self.book.shared.strings.get(number));
                if let Some((text, reading)) = found.filter(|(text, _)| self.named.takes(text)) {
                    self.grid.cell(column, text, reading);
                }
            }
            kind::LABEL | kind::RICH_STRING => {
                let text = string(data, 6, 2, self.book.page).unwrap_or_default();
                self.grid.cell(column, &text, None);
            }
            kind::BOOL if data.get(7) == Some(&0) => {
                let word = if data.get(6) == Some(&1) {
                    "TRUE"
                } else {
                    "FALSE"
                };
                self.grid.cell(column, word, None);
            }
            kind::NUMBER => self.number(column, style, eight(data, 6)),
            kind::RK => self.number(column, style, four(data, 6).map(rk)),
            kind::MUL_RK => {
                for (nth, cell) in data[4..].chunks_exact(6).enumerate() {
                    self.number(
                        column + nth,
                        two(cell, 0).unwrap_or(0),
                        four(cell, 2).map(rk),
                    );
                }
            }
            kind::FORMULA if two(data, 12) == Some(0xffff) => {
                self.formula = (data.get(6) == Some(&0)).then_some(column);
                if data.get(6) == Some(&1) {
                    let is_true = data.get(8).is_some_and(|&value| value != 0);
                    let word = if is_true { "TRUE" } else { "FALSE" };
                    self.grid.cell(column, word, None);
                }
            }
            kind::FORMULA => self.number(column, style, eight(data, 6)),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn number(&mut self, column: usize, style: u16, number: Option<f64>) {
        if let Some(number) = number {
            self.shown.clear();
            let format = self.book.shared.styles.get(usize::from(style));
            write(
                &number.to_string(),
                format,
                self.book.shared.is_1904,
                &mut self.shown,
            );
            self.grid.cell(column, &self.shown, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_links() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let check = |texts: &[&str], expected: &[&str]| {
            let mut link = vec![0; 32];
            for text in texts {
                link.extend((text.len() as u32).to_le_bytes());
                link.extend([wide(text), vec![0; 2]].concat());
            }
            assert_eq!(targets(&link), expected);
        };
        check(&[], &[]);
        check(&["佐藤", "mailto:a@example.com"], &["a@example.com"]);
        check(
            &["tel:03-0000-0000", "https://example.com/"],
            &["03-0000-0000"],
        );
        assert_eq!(targets(&[1; 7]), [""; 0]);
    }
}
