//! Workbooks in one XML file, as Excel 2003 and many programs that export write them, also under the ending `.xls` (SpreadsheetML).
//!
//! In: the text. Out: the tables of every sheet; comments, properties, headers and links as lines beside them.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::grid::Grid;
use super::super::markup::{attribute, attributes, local, local_of, push_text, reader};
use super::super::prose::Prose;
use super::super::{Context, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

/// Where the namespace of such workbooks is looked for.
const HEAD: usize = 4 << 10;
/// Columns of a sheet.
const COLUMNS: usize = 16_384;
/// Rows of a sheet.
const ROWS: u64 = 1_048_576;

/// Whether a document is such a workbook.
pub(super) fn is_one(text: &str) -> bool {
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
    has(b"Workbook") && has(b"urn:schemas-microsoft-com:office:spreadsheet")
}

/// A workbook, and its text.
pub(super) struct Workbook {
    pub(super) text: Bytes,
    pub(super) context: Context,
}

impl Reader for Workbook {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let text = super::as_text(&self.text);
        let mut sheets = Sheets::new(&self.context);
        match sheets.read(text, sink) {
            ControlFlow::Continue(Some(fault)) => Err(fault),
            _ => Ok(()),
        }
    }
}

/// Where the text of an event belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// The value of a cell, and how it is read.
    Value,
    Reading,
    Comment,
}

struct Sheets<'c> {
    context: &'c Context,
    grid: Option<Grid<'c>>,
    /// Number of the row, from 1.
    row: u64,
    /// Column of the next cell that does not say.
    next: usize,
    cell: Cell,
    inside: Inside,
    /// What stands beside the cells: the name of the element and its text.
    name: String,
    text: String,
    beside: Prose,
}

#[derive(Default)]
struct Cell {
    column: usize,
    /// Rows that it takes.
    rows: usize,
    is_open: bool,
    is_date: bool,
    value: String,
    reading: String,
}

impl<'c> Sheets<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            context,
            grid: None,
            row: 0,
            next: 0,
            cell: Cell::default(),
            inside: Inside::Nothing,
            name: String::new(),
            text: String::new(),
            beside: Prose::new(format!("{} (text)", context.stem), &context.limits),
        }
    }

    /// Reads all sheets. Gives what was lost at the end.
    fn read(&mut self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<(), Option<Fault>> {
        let mut reader = reader(text);
        let mut open = 0usize;
        let fault = loop {
            match reader.read_event() {
                Ok(Event::Eof) if open > 0 => {
                    let end = text.len() as u64;
                    let lost = "what follows the end of the source";
                    break Some(Fault::at(Code::Truncated, end, lost));
                }
                Ok(Event::Eof) => break None,
                Ok(Event::Start(start)) => {
                    open += 1;
                    self.start(&start, sink)?;
                }
                Ok(Event::Empty(start)) => {
                    self.start(&start, sink)?;
                    self.end(local(&start), sink)?;
                }
                Ok(Event::End(end)) => {
                    open = open.saturating_sub(1);
                    self.end(local_of(end.name().into_inner()), sink)?;
                }
                Ok(event) => push_text(&event, self.place()),
                Err(_) => {
                    let at = (reader.error_position() as usize).min(text.len());
                    let at = text.ceil_char_boundary(at);
                    for line in text[at..].lines() {
                        self.beside.line(line, sink)?;
                    }
                    let lost = format!(
                        "{} bytes, the rest of the source, read as text",
                        text.len() - at
                    );
                    break Some(Fault::at(Code::Malformed, at as u64, lost));
                }
            }
        };
        self.end(b"Cell", sink)?;
        self.end(b"Worksheet", sink)?;
        self.beside.flush(sink)?;
        ControlFlow::Continue(fault)
    }

    /// Where text goes.
    fn place(&mut self) -> &mut String {
        match self.inside {
            Inside::Value => &mut self.cell.value,
            Inside::Reading => &mut self.cell.reading,
            Inside::Comment | Inside::Nothing => &mut self.text,
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let number = |name| attribute(start, name).and_then(|n| n.trim().parse::<u64>().ok());
        match local(start) {
            b"Worksheet" => {
                self.finish_sheet(sink)?;
                let name = attribute(start, "Name").unwrap_or_default().into_owned();
                self.grid = Some(Grid::new(name, self.context));
                self.row = 0;
            }
            b"Row" => {
                let told = number("Index").map(|n| n.clamp(1, ROWS));
                let next = self.row.saturating_add(1);
                let row = told.unwrap_or(next);
                if let Some(grid) = &mut self.grid {
                    grid.end_open_row(sink)?;
                    if row != next && self.row > 0 {
                        grid.pass(row.saturating_sub(next) as usize, sink)?;
                    }
                }
                (self.row, self.next) = (row, 0);
            }
            b"Cell" => {
                let told = number("Index").map(|n| (n as usize).clamp(1, COLUMNS) - 1);
                let column = told.unwrap_or(self.next).min(COLUMNS);
                let more = number("MergeAcross").map_or(0, |n| (n as usize).min(COLUMNS));
                self.next = column + 1 + more;
                self.cell = Cell {
                    column,
                    rows: number("MergeDown").map_or(1, |n| (n as usize).saturating_add(1)),
                    is_open: true,
                    ..Cell::default()
                };
                if let Some(link) = attribute(start, "HRef") {
                    self.beside.line(link.trim_start_matches("mailto:"), sink)?;
                }
            }
            b"Comment" => {
                self.inside = Inside::Comment;
                if let Some(author) = attribute(start, "Author") {
                    self.beside.line(&author, sink)?;
                }
            }
            b"Data" if self.inside == Inside::Nothing && self.cell.is_open => {
                self.cell.is_date = attribute(start, "Type").as_deref() == Some("DateTime");
                self.inside = Inside::Value;
            }
            b"PhoneticText" if self.inside == Inside::Nothing => self.inside = Inside::Reading,
            _ if self.inside == Inside::Nothing => self.other(start, sink)?,
            _ => {}
        }
        ControlFlow::Continue(())
    }

    /// An element beside the cells: headers and footers, names of ranges, and whatever holds text.
    fn other(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.text.clear();
        self.name.clear();
        self.name.push_str(&String::from_utf8_lossy(local(start)));
        if matches!(local(start), b"Header" | b"Footer" | b"NamedRange") {
            for (name, value) in attributes(start) {
                if matches!(name, b"Data" | b"RefersTo") {
                    self.beside.line(&value, sink)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn end(&mut self, name: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
        match name {
            b"Worksheet" => self.finish_sheet(sink)?,
            b"Row" => {
                if let Some(grid) = &mut self.grid {
                    grid.end_row(sink)?;
                }
            }
            b"Cell" => self.end_cell(),
            b"Data" if self.inside == Inside::Value => self.inside = Inside::Nothing,
            b"PhoneticText" if self.inside == Inside::Reading => self.inside = Inside::Nothing,
            b"Comment" => {
                let text = std::mem::take(&mut self.text);
                for line in text.lines() {
                    self.beside.line(line.trim(), sink)?;
                }
                self.inside = Inside::Nothing;
            }
            _ if self.inside == Inside::Nothing => {
                let text = std::mem::take(&mut self.text);
                if !text.trim().is_empty() && !self.name.is_empty() {
                    self.beside
                        .line(&format!("{}: {}", self.name, text.trim()), sink)?;
                }
                self.name.clear();
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let Some(grid) = self.grid.as_mut().filter(|_| cell.is_open) else {
            return;
        };
        self.inside = Inside::Nothing;
        // A day without a time of day.
        let value = match cell.value.split_once("T00:00:00") {
            Some((day, _)) if cell.is_date => day,
            _ => &cell.value,
        };
        let reading = Some(cell.reading.as_str()).filter(|reading| !reading.is_empty());
        grid.cell(cell.column, value, reading);
        grid.reach(cell.column..cell.column + 1, cell.rows);
    }

    fn finish_sheet(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match self.grid.take() {
            Some(grid) => grid.finish(sink),
            None => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{context, show};
    use super::super::FORMAT;

    fn check(sheet: &str, expected: &[&str]) {
        let text = format!(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:\
             spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">{sheet}"
        );
        assert_eq!(show(&FORMAT, text.as_bytes(), &context()), expected);
    }

    #[test]
    fn cells_stand_where_they_say() {
        let row = |cells: &str| format!("<Row>{cells}</Row>");
        let cell = |text: &str| format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell>");
        let head = row(&["氏名", "生年月日", "電話"].map(cell).concat());
        let one = row(
            "<Cell ss:HRef=\"mailto:a@example.com\"><Data ss:Type=\"String\">山田 太郎</Data><Comment ss:Author=\"佐藤\"><ss:Data>\
             <B>退会</B></ss:Data></Comment></Cell><Cell><Data ss:Type=\"DateTime\">1980-01-02T00:00:00.000</Data></Cell>",
        );
        let two = row(
            "<Cell><Data ss:Type=\"String\">鈴木</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">090</Data></Cell>",
        );
        let sheet = format!(
            "<DocumentProperties><Author>田中</Author></DocumentProperties><Worksheet ss:Name=\"会員\"><Table>{head}{one}{two}</Table>\
             <x:Header x:Data=\"&amp;L佐々木\"/></Worksheet>"
        );
        let expected = [
            "会員: 氏名=山田 太郎, 生年月日=1980-01-02",
            "会員: 氏名=鈴木, 電話=090",
            "t (text): Author: 田中",
            "t (text): a@example.com",
            "t (text): 佐藤",
            "t (text): 退会",
            "t (text): &L佐々木",
        ];
        check(&format!("{sheet}</Workbook>"), &expected);
        check(&sheet, &[&expected[..], &["! truncated"]].concat());
    }

    #[test]
    fn numbers_of_rows_have_an_end() {
        let row = |text: &str| format!("<Cell><Data ss:Type=\"String\">{text}</Data></Cell></Row>");
        let [head, one, two] = ["mail", "a@example.com", "b@example.com"].map(row);
        let sheet = format!(
            "<Worksheet ss:Name=\"s\"><Table><Row>{head}<Row ss:Index=\"18446744073709551615\">{one}<Row>{two}</Table></Worksheet></Workbook>"
        );
        // One column is a list.
        check(
            &sheet,
            &[
                "s (text): mail",
                "s (text): a@example.com",
                "s (text): b@example.com",
            ],
        );
    }
}
