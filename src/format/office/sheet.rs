//! One sheet of a workbook: rows and cells, also as links to other workbooks keep them.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::grid::Grid;
use super::super::markup::{attributes, local, local_of, push_text, reader};
use super::super::{Context, Item, Sink};
use super::beside::Beside;
use super::merged::Merged;
use super::number::{Styles, write};
use super::strings::{Named, Rich, Strings};
use crate::source::{Code, Fault};

/// What the cells of a workbook refer to.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    /// Whether days are counted from 1904.
    pub(super) is_1904: bool,
}

/// A cell being read.
#[derive(Default)]
struct Cell {
    column: usize,
    style: usize,
    kind: Kind,
    value: String,
    rich: Rich,
}

/// What a cell's value is (ECMA-376 part 1, 18.18.11).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    /// Text, dates as text.
    Text,
    Boolean,
    Error,
}

/// Where in a cell the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    Inline,
}

/// Reads a sheet's rows into tables of this name. Damage costs the row that it is in.
pub(super) fn read(
    text: &str,
    name: &str,
    shared: &Shared,
    context: &Context,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut sheet = Sheet {
        grid: Grid::new(name, context),
        shared,
        cell: Cell::default(),
        shown: String::new(),
        inside: Inside::Nothing,
        row: 0,
        next: 0,
        missing: 0,
        named: Named::by(text.len()),
        beside: Beside::new(name, context),
        merged: Merged::of(text),
    };
    let mut at = 0;
    while let Some(bad) = sheet.rows(&text[at..], sink)? {
        let bad = at + bad;
        let rest = &text.as_bytes()[bad..];
        let next = memchr::memmem::find(rest, b"<row").map_or(text.len(), |found| bad + found);
        let lost = format!("{} bytes of a sheet", next - bad);
        sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
        at = next;
    }
    end_sheet(sheet.grid, sheet.missing, &sheet.named, sink)?;
    sheet.beside.flush(sink)
}

/// Gives away what is left of a sheet, and says how many cells refer to a text that is not there.
pub(super) fn end_sheet(
    grid: Grid<'_>,
    missing: u64,
    named: &Named,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if let Some(fault) = named.fault() {
        sink(Item::Fault(fault))?;
    }
    if missing > 0 {
        let lost = format!("{missing} cells whose text is missing");
        sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
    }
    grid.finish(sink)
}

struct Sheet<'a> {
    grid: Grid<'a>,
    shared: &'a Shared,
    cell: Cell,
    shown: String,
    inside: Inside,
    /// Number of the row, from 1.
    row: u64,
    /// Column of the next cell that does not say.
    next: usize,
    /// Cells that refer to a text that is not there.
    missing: u64,
    named: Named,
    beside: Beside,
    merged: Merged,
}

impl Sheet<'_> {
    /// Reads rows to the end, or to a mistake: then its offset.
    fn rows(&mut self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<(), Option<usize>> {
        let mut reader = reader(text);
        loop {
            let event = match reader.read_event() {
                Ok(Event::Eof) => return ControlFlow::Continue(None),
                Ok(event) => event,
                Err(_) => {
                    let at = (reader.error_position() as usize).max(1).min(text.len());
                    return ControlFlow::Continue(Some(text.ceil_char_boundary(at)));
                }
            };
            match &event {
                Event::Start(start) => self.start(start, &event, sink)?,
                Event::Empty(start) => match local(start) {
                    b"row" => self.begin_row(start, sink)?,
                    b"c" | b"cell" => self.next += 1,
                    _ => {
                        self.beside.start(start, sink)?;
                        self.beside.end(sink)?;
                    }
                },
                Event::End(end) => match local_of(end.name().into_inner()) {
                    b"row" => {
                        self.merged.tell(self.row, &mut self.grid);
                        self.grid.end_row(sink)?;
                        self.next = 0;
                    }
                    b"c" | b"cell" => self.end_cell(),
                    b"v" | b"is" => self.inside = Inside::Nothing,
                    _ if self.inside == Inside::Inline => self.cell.rich.event(&event),
                    _ => self.beside.end(sink)?,
                },
                _ => match self.inside {
                    Inside::Value => push_text(&event, &mut self.cell.value),
                    Inside::Inline => self.cell.rich.event(&event),
                    Inside::Nothing => self.beside.text(&event),
                },
            }
        }
    }

    fn start(
        &mut self,
        start: &BytesStart<'_>,
        event: &Event<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        match local(start) {
            b"row" => self.begin_row(start, sink)?,
            b"c" | b"cell" => self.begin_cell(start),
            b"v" => self.inside = Inside::Value,
            b"is" => self.inside = Inside::Inline,
            _ if self.inside == Inside::Inline => self.cell.rich.event(event),
            _ => self.beside.start(start, sink)?,
        }
        ControlFlow::Continue(())
    }

    fn begin_row(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let told = attributes(start)
            .find(|(name, _)| *name == b"r")
            .and_then(|(_, number)| number.parse().ok());
        let row = told.unwrap_or(self.row.saturating_add(1));
        self.next = 0;
        // A row that was not ended.
        self.grid.end_open_row(sink)?;
        if row != self.row.saturating_add(1) && self.row > 0 {
            let left_out = row.saturating_sub(self.row.saturating_add(1));
            self.grid.pass(left_out as usize, sink)?;
        }
        self.row = row;
        ControlFlow::Continue(())
    }

    fn begin_cell(&mut self, start: &BytesStart<'_>) {
        let cell = &mut self.cell;
        (cell.column, cell.style, cell.kind) = (self.next, 0, Kind::Number);
        cell.value.clear();
        cell.rich.clear();
        self.inside = Inside::Nothing;
        for (name, value) in attributes(start) {
            match name {
                b"r" => cell.column = column(value.as_bytes()).unwrap_or(self.next),
                b"s" => cell.style = value.parse().unwrap_or(0),
                b"t" => cell.kind = kind(&value),
                _ => {}
            }
        }
        self.next = cell.column + 1;
    }

    fn end_cell(&mut self) {
        let cell = &self.cell;
        match cell.kind {
            Kind::Inline => {
                let reading = cell.rich.reading();
                self.grid
                    .cell(cell.column, &cell.rich.text, reading.as_deref());
            }
            Kind::Shared => {
                let number = cell.value.trim().parse::<usize>().ok();
                match number.and_then(|number| self.shared.strings.get(number)) {
                    Some((text, reading)) if self.named.takes(text) => {
                        self.grid.cell(cell.column, text, reading);
                    }
                    Some(_) => {}
                    None => self.missing += u64::from(!cell.value.is_empty()),
                }
            }
            Kind::Text => self.grid.cell(cell.column, &cell.value, None),
            Kind::Boolean => {
                let word = if cell.value.trim() == "1" {
                    "TRUE"
                } else {
                    "FALSE"
                };
                self.grid.cell(cell.column, word, None);
            }
            Kind::Number => {
                self.shown.clear();
                let format = self.shared.styles.get(cell.style);
                write(&cell.value, format, self.shared.is_1904, &mut self.shown);
                self.grid.cell(cell.column, &self.shown, None);
            }
            Kind::Error => {}
        }
        self.inside = Inside::Nothing;
    }
}

fn kind(name: &str) -> Kind {
    match name {
        "s" => Kind::Shared,
        "inlineStr" => Kind::Inline,
        "str" | "d" => Kind::Text,
        "b" => Kind::Boolean,
        "e" => Kind::Error,
        _ => Kind::Number,
    }
}

/// The column of a cell's place: `A1` is 0, `XFD9` is 16,383.
pub(super) fn column(place: &[u8]) -> Option<usize> {
    let letters = place.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let mut column = 0usize;
    for byte in letters.take(5) {
        column = column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1;
    }
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_places() {
        for (place, expected) in [
            ("A1", Some(0)),
            ("z9", Some(25)),
            ("AA10", Some(26)),
            ("XFD1048576", Some(16_383)),
            ("12", None),
        ] {
            assert_eq!(column(place.as_bytes()), expected, "{place}");
        }
    }
}
