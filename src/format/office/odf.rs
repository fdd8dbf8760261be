//! OpenDocument: spreadsheets (ods), texts and presentations (odt, odp) (ODF 1.3 part 3).
//!
//! In: the parts of a document. Out: sheets as tables, paragraphs as running text, comments and deletions with them.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::flow::Flow;
use super::super::grid::Grid;
use super::super::markup::{attribute, attributes, local, local_of, push_text, reader};
use super::super::prose::Prose;
use super::super::{Context, Format, Item, Reader, Sink};
use super::package::{self, Kind, Package, Text};
use super::{beside, record};
use crate::source::{Bytes, Code, Fault};

/// Spreadsheets.
pub(crate) const ODS: Format = Format {
    name: "ods",
    title: "OpenDocument spreadsheets",
    extensions: &["ods", "ots", "fods"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head).or_else(|| package::flat(head)) {
        Some(Kind::Spreadsheet) => 97,
        _ => 0,
    },
    open: |bytes, context| open(bytes, context, true),
};

/// Texts and presentations.
pub(crate) const ODT: Format = Format {
    name: "odt",
    title: "OpenDocument texts and presentations (odt, odp)",
    extensions: &["odt", "ott", "odp", "otp", "odg", "fodt", "fodp"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head).or_else(|| package::flat(head)) {
        Some(Kind::Text) => 97,
        _ => 0,
    },
    open: |bytes, context| open(bytes, context, false),
};

/// Times that one row or cell may be repeated with its contents, and cells that repetition may add to a document.
const REPEATS: usize = 10_000;
const ADDED: usize = 1 << 22;
/// No column stands further right.
const COLUMNS: usize = 1 << 24;

struct Document {
    package: Package,
    is_spreadsheet: bool,
    n_members: usize,
    context: Context,
    faults: Vec<Fault>,
}

fn open<'a>(
    bytes: &'a Bytes,
    context: &Context,
    is_spreadsheet: bool,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut package = if bytes.starts_with(b"PK") {
        Package::open(bytes, context)?
    } else {
        // All of it in one XML file.
        Package::flat(bytes, "content.xml")
    };
    let manifest = package.text("META-INF/manifest.xml", context);
    let is_locked = manifest.is_some_and(|text| text.contains("encryption-data"));
    if is_locked || package::locked(&package).is_some() {
        return Err(Fault::whole(Code::Encrypted, "the whole document"));
    }
    let faults = std::mem::take(&mut package.faults);
    package.settle(["content.xml", "styles.xml", "meta.xml"]);
    let n_members = package.n_members();
    Ok(Box::new(Document {
        package,
        is_spreadsheet,
        n_members,
        context: context.clone(),
        faults,
    }))
}

impl Reader for Document {
    fn parts(&self) -> usize {
        1 + self.n_members
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let text = |name| self.package.text(name, &self.context);
        // Whether the sink wants no more does not matter: the part is over.
        let _ = match part.checked_sub(1) {
            None => match text("content.xml") {
                Some(content) => self.texts(&content, text("styles.xml"), sink),
                None => return Err(Fault::whole(Code::Malformed, "the whole document")),
            },
            Some(nth) => self.package.give(nth, sink),
        };
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Document {
    fn texts(&self, content: &str, styles: Option<Text>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.is_spreadsheet {
            Sheets::new(&self.context).read(content, sink)?;
            // Headers and footers stand with the styles of pages.
            if let Some(styles) = styles {
                let name = format!("{} (headers)", self.context.stem);
                let mut flow = Flow::new(&name, &self.context);
                read_text(&styles, &mut flow, sink)?;
                flow.finish(sink)?;
            }
        } else {
            let mut flow = Flow::new(&self.context.stem, &self.context);
            read_text(content, &mut flow, sink)?;
            // Headers and footers stand with the styles of pages.
            if let Some(styles) = styles {
                read_text(&styles, &mut flow, sink)?;
            }
            flow.finish(sink)?;
        }
        record::properties(&self.package, &self.context, sink)
    }
}

/// Reads a text into the flow.
fn read_text(text: &str, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut paragraphs = 0u32;
    events(text, sink, |event, sink| {
        match event {
            Event::Start(start) => match local(start) {
                b"p" | b"h" | b"creator" => paragraphs += 1,
                b"table" => flow.begin_table(sink)?,
                b"table-row" => flow.begin_row(sink)?,
                // Each place that a merged cell covers has a cell of its own.
                b"table-cell" | b"covered-table-cell" => {
                    flow.begin_cell(repeats(start, b"number-columns-repeated"), sink)?;
                    flow.reaches(repeats(start, b"number-rows-spanned"));
                    if local(start) == b"covered-table-cell" {
                        flow.goes_on();
                    }
                }
                b"a" => link(start, flow.line()),
                _ => space(start, flow.line()),
            },
            Event::Empty(start) => match local(start) {
                b"table-cell" | b"covered-table-cell" => {
                    flow.begin_cell(repeats(start, b"number-columns-repeated"), sink)?;
                    if local(start) == b"covered-table-cell" {
                        flow.goes_on();
                    }
                    flow.end_cell(sink)?;
                }
                _ => space(start, flow.line()),
            },
            Event::End(end) => match local_of(end.name().into_inner()) {
                b"p" | b"h" | b"creator" => {
                    paragraphs = paragraphs.saturating_sub(1);
                    flow.end_paragraph(sink)?;
                }
                b"table-cell" | b"covered-table-cell" => flow.end_cell(sink)?,
                b"table-row" => flow.end_row(sink)?,
                b"table" => flow.end_table(sink)?,
                _ => {}
            },
            event if paragraphs > 0 => push_text(event, flow.line()),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    flow.end_paragraph(sink)
}

/// The target of a link that leads to somebody, before its text.
fn link(start: &BytesStart<'_>, line: &mut String) {
    let target = attribute(start, "href").unwrap_or_default();
    if target.contains('@') || target.starts_with("tel:") {
        if !line.is_empty() && !line.ends_with(char::is_whitespace) {
            line.push(' ');
        }
        line.push_str(
            target
                .trim_start_matches("mailto:")
                .trim_start_matches("tel:"),
        );
        line.push(' ');
    }
}

/// White space that is an element.
fn space(start: &BytesStart<'_>, line: &mut String) {
    match local(start) {
        b"tab" => line.push('\t'),
        b"line-break" => line.push('\n'),
        b"s" => line.push(' '),
        _ => {}
    }
}

fn repeats(start: &BytesStart<'_>, name: &[u8]) -> usize {
    let found = attributes(start).find(|(found, _)| *found == name);
    found
        .and_then(|(_, times)| times.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// Gives the events of a text but for embedded files. What stands before a mistake counts; what stands behind it is said.
fn events(
    text: &str,
    sink: &mut Sink<'_>,
    mut take: impl FnMut(&Event<'_>, &mut Sink<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut reader = reader(text);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return ControlFlow::Continue(()),
            Ok(Event::Start(start)) if local(&start) == b"binary-data" => {
                let _ = reader.read_to_end(start.name());
            }
            Ok(event) => take(&event, sink)?,
            Err(_) => {
                let left = text.len() - (reader.buffer_position() as usize).min(text.len());
                let lost = format!("the last {left} bytes of a part");
                return sink(Item::Fault(Fault::whole(Code::Malformed, lost)));
            }
        }
    }
}

/// The sheets of a spreadsheet.
struct Sheets<'c> {
    context: &'c Context,
    grid: Option<Grid<'c>>,
    /// The cells of the row, with their columns and the rows that they take.
    row: Vec<(usize, String, usize)>,
    column: usize,
    row_repeats: usize,
    cell: Cell,
    /// Depth of paragraphs, and whether they belong to a comment.
    paragraphs: u32,
    comment: Option<String>,
    comments: Prose,
    /// Targets of links, lists that cells are chosen from.
    beside: Prose,
    hidden: Vec<String>,
    style: String,
    added: usize,
}

#[derive(Default)]
struct Cell {
    open: bool,
    repeats: usize,
    /// Rows that it takes.
    rows: usize,
    /// The value that stands beside the text shown.
    value: String,
    is_number: bool,
    text: String,
}

impl<'c> Sheets<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            context,
            grid: None,
            row: Vec::new(),
            column: 0,
            row_repeats: 1,
            cell: Cell::default(),
            paragraphs: 0,
            comment: None,
            comments: Prose::new("comments", &context.limits),
            beside: Prose::new(format!("{} (beside cells)", context.stem), &context.limits),
            hidden: Vec::new(),
            style: String::new(),
            added: 0,
        }
    }

    fn read(mut self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        events(text, sink, |event, sink| {
            match event {
                Event::Start(start) => self.start(start, sink)?,
                Event::Empty(start) => {
                    self.start(start, sink)?;
                    self.end(local(start), sink)?;
                }
                Event::End(end) => self.end(local_of(end.name().into_inner()), sink)?,
                event if self.paragraphs > 0 => match &mut self.comment {
                    Some(comment) => push_text(event, comment),
                    None => push_text(event, &mut self.cell.text),
                },
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        self.end(b"table", sink)?;
        if self.added >= ADDED {
            let fault = Fault::whole(Code::OverBudget, "further repetitions of rows and cells");
            sink(Item::Fault(fault))?;
        }
        self.comments.flush(sink)?;
        self.beside.flush(sink)
    }

    fn start(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match local(start) {
            b"style" => self.style = attribute(start, "name").unwrap_or_default().into_owned(),
            b"table-properties" if attribute(start, "display").as_deref() == Some("false") => {
                self.hidden.push(self.style.clone());
            }
            b"table" if self.grid.is_none() => {
                let name = attribute(start, "name").unwrap_or_default().into_owned();
                let style = attribute(start, "style-name").unwrap_or_default();
                let is_hidden = self.hidden.iter().any(|hidden| *hidden == *style);
                let name = super::xlsx::shown(name, if is_hidden { "hidden" } else { "" });
                self.grid = Some(Grid::new(name, self.context));
            }
            b"table-row" => {
                self.row.clear();
                self.column = 0;
                self.row_repeats = repeats(start, b"number-rows-repeated");
                if let Some(grid) = &mut self.grid {
                    grid.end_open_row(sink)?;
                }
            }
            b"table-cell" | b"covered-table-cell" => self.begin_cell(start),
            b"a" => {
                let mut line = String::new();
                link(start, &mut line);
                self.beside.line(&line, sink)?;
            }
            b"content-validation" => {
                let rule = attribute(start, "condition").unwrap_or_default();
                for literal in beside::literals(&rule) {
                    self.beside.line(&literal, sink)?;
                }
            }
            b"annotation" => self.comment = Some(String::new()),
            b"p" | b"h" | b"creator" => {
                self.paragraphs += 1;
                let text = self.comment.as_mut().unwrap_or(&mut self.cell.text);
                if !text.is_empty() {
                    text.push('\n');
                }
            }
            _ => space(start, self.comment.as_mut().unwrap_or(&mut self.cell.text)),
        }
        ControlFlow::Continue(())
    }

    fn begin_cell(&mut self, start: &BytesStart<'_>) {
        let mut cell = Cell {
            open: true,
            repeats: repeats(start, b"number-columns-repeated"),
            rows: repeats(start, b"number-rows-spanned"),
            ..Cell::default()
        };
        for (name, value) in attributes(start) {
            match name {
                b"value-type" => {
                    cell.is_number = matches!(&*value, "float" | "currency" | "percentage")
                }
                b"value" | b"date-value" | b"string-value" => cell.value = value.into_owned(),
                _ => {}
            }
        }
        self.cell = cell;
    }

    fn end(&mut self, name: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
        match name {
            b"p" | b"h" | b"creator" => self.paragraphs = self.paragraphs.saturating_sub(1),
            b"annotation" => {
                let comment = self.comment.take().unwrap_or_default();
                self.comments.line(&comment, sink)?;
            }
            b"table-cell" | b"covered-table-cell" => self.end_cell(),
            b"table-row" => self.end_row(sink)?,
            b"table" => {
                if let Some(grid) = self.grid.take() {
                    grid.finish(sink)?;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if !cell.open {
            return;
        }
        let value = cell.shown();
        let at = self.column;
        self.column = self.column.saturating_add(cell.repeats).min(COLUMNS);
        if value.trim().is_empty() {
            return;
        }
        let times = cell
            .repeats
            .min(self.context.limits.columns)
            .min(ADDED - self.added.min(ADDED) + 1);
        self.added += times - 1;
        for nth in 0..times {
            self.row.push((at + nth, value.to_owned(), cell.rows));
        }
    }

    fn end_row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(grid) = &mut self.grid else {
            return ControlFlow::Continue(());
        };
        if self.row.is_empty() {
            return grid.pass(self.row_repeats, sink);
        }
        let room = (ADDED - self.added.min(ADDED)) / self.row.len() + 1;
        let times = self.row_repeats.min(REPEATS).min(room);
        self.added += (times - 1) * self.row.len();
        for _ in 0..times {
            for (column, text, rows) in &self.row {
                grid.cell(*column, text, None);
                grid.reach(*column..*column + 1, *rows);
            }
            grid.end_row(sink)?;
        }
        self.row.clear();
        ControlFlow::Continue(())
    }
}

impl Cell {
    /// The text shown, unless it shows less than the value: dates, and numbers rounded or with an exponent.
    fn shown(&self) -> &str {
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        let is_less = self.is_number
            && (digits(&self.text) < digits(&self.value) || self.text.contains(['E', 'e']));
        if self.text.is_empty() || is_less || !self.is_number && !self.value.is_empty() {
            &self.value
        } else {
            &self.text
        }
    }
}
