//! PDF (ISO 32000-1).
//!
//! In: bytes. Out: the text of its pages, what lines frame and lines of several cells as rows of tables, the rest as running text; values of
//! forms, annotations and properties as lines; embedded files as members. Characters whose meaning the file does not tell,
//! pages that are but pictures, and what is damaged are said. What earlier revisions held and the last one does not, is given as
//! tables `NAME (earlier revisions)`.

mod damage;
mod font;
mod glyphs;
mod japan1;
mod page;
mod revisions;
mod ruled;
mod stream;
#[cfg(test)]
mod tests;
mod unruled;
mod widths;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use lopdf::xref::XrefRecovery;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use self::page::{Fonts, Found};
use self::revisions::Seen;
use self::unruled::{Part, Row};
use super::grid::Grid;
use super::prose::Prose;
use super::{Context, Format, Item, Member, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

pub(crate) const FORMAT: Format = Format {
    name: "pdf",
    title: "PDF: text, forms, attachments",
    extensions: &["pdf"],
    raw: true,
    tabular: true,
    sniff: |head| {
        let start = &head.bytes[..head.bytes.len().min(1024)];
        match memchr::memmem::find(start, b"%PDF-") {
            Some(0) => 97,
            Some(_) => 70,
            None => 0,
        }
    },
    open,
};

/// Bytes that one stream, and the content of one page, may inflate to.
const STREAM: usize = 64 << 20;
/// What the pages together may inflate to: so many times the file, and at least so much.
const RATIO: usize = 60;
const LEAST: usize = 128 << 20;
/// Pages of a document.
const PAGES: usize = 100_000;
/// Cells that begin so far from one another, in points, are of one column.
const APART: f32 = 4.0;

struct Pdf<'a> {
    document: Document,
    /// What it was opened with.
    password: Option<String>,
    bytes: &'a [u8],
    source: &'a Bytes,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    // One that only its owner locked opens without a password.
    let given = context.limits.passwords.iter().map(Some);
    let (mut document, mut password) = (Err(locked()), None);
    for given in std::iter::once(None).chain(given) {
        document = load(bytes, given);
        password = given.map(str::to_owned);
        if !matches!(&document, Err(fault) if fault.code == Code::Encrypted) {
            break;
        }
    }
    Ok(Box::new(Pdf {
        document: document?,
        password,
        bytes,
        source: bytes,
        context: context.clone(),
    }))
}

/// Loads a document, and opens it with a password.
fn load(bytes: &[u8], password: Option<&str>) -> Result<Document, Fault> {
    let options = LoadOptions {
        max_decompressed_size: Some(STREAM),
        password: password.map(str::to_owned),
        ..LoadOptions::default()
    };
    let mut document =
        Document::load_mem_with_options(bytes, options).map_err(|error| match error {
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => locked(),
            _ => Fault::whole(Code::Malformed, "the whole document"),
        })?;
    // A trailer that holds the lock itself, and does not refer to it, is left as it is.
    if document.is_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(locked());
    }
    font::say_what_they_are(&mut document);
    Ok(document)
}

fn locked() -> Fault {
    Fault::whole(Code::Encrypted, "the whole document")
}

impl Reader for Pdf<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (ends, are_sure) = revisions::ends(self.bytes);
        // Whether the sink wants no more does not matter: the part is over.
        let _ = if ends.is_empty() {
            self.all(sink)
        } else {
            self.revisions(&ends, are_sure, sink)
        };
        Ok(())
    }
}

/// What was lost of the pages.
#[derive(Default)]
struct Lost {
    unknown: usize,
    pictures: usize,
    cut: usize,
    damaged: damage::Pages,
}

impl Pdf<'_> {
    fn all(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.pages(sink)?;
        self.objects(sink)?;
        damage::give(&self.document, self.source, sink)
    }

    /// Gives the document, and what only the revisions hold that end there. Where that is not sure an end may be that of a document
    /// inside this one.
    fn revisions(&self, ends: &[usize], are_sure: bool, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut seen = Seen::default();
        self.all(&mut |item| {
            seen.note(&item);
            sink(item)
        })?;
        let left_out = ends.len().saturating_sub(revisions::REVISIONS);
        let mut damaged = 0;
        for &end in ends[left_out..].iter().rev() {
            let bytes = &self.bytes[..end];
            let fits = |document: &Document| match document.xref_recovery {
                None => true,
                Some(recovery) => are_sure && recovery != XrefRecovery::Reconstructed,
            };
            let document = load(bytes, self.password.as_deref());
            let Some(document) = document.ok().filter(fits) else {
                damaged += usize::from(are_sure);
                continue;
            };
            let earlier = Pdf {
                document,
                password: None,
                bytes,
                source: self.source,
                context: self.context.clone(),
            };
            let mut give = |item: Item<'_>| seen.give(item, sink);
            earlier.pages(&mut give)?;
            earlier.objects(&mut give)?;
        }
        let lost = [(Code::OverBudget, left_out), (Code::Malformed, damaged)];
        for (code, n) in lost.into_iter().filter(|(_, n)| *n > 0) {
            let lost = format!("{n} earlier revisions");
            sink(Item::Fault(Fault::whole(code, lost)))?;
        }
        ControlFlow::Continue(())
    }

    fn pages(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut grid = Grid::new(self.context.stem.as_str(), &self.context);
        let mut prose = Prose::new(
            format!("{} (pages)", self.context.stem),
            &self.context.limits,
        );
        let mut fonts = Fonts::new();
        let mut left = self.bytes.len().saturating_mul(RATIO).max(LEAST);
        let mut columns = Columns::default();
        let (mut lost, mut n) = (Lost::default(), 0);
        let n_told = self.pages_told();
        let n_in_tree = self.document.page_iter().take(PAGES).count();
        for page in self.every_page() {
            n += 1;
            if left == 0 {
                lost.cut += 1;
                continue;
            }
            let found = page::read(&self.document, page, &mut fonts, left.min(STREAM));
            left = left.saturating_sub(found.bytes.max(1));
            lost.unknown += found.unknown;
            lost.cut += usize::from(found.is_cut);
            if found.is_damaged {
                lost.damaged.add(n, found.damaged_at);
            }
            lost.pictures +=
                usize::from(found.has_images && found.lines.is_empty() && found.tables.is_empty());
            give(&found, &mut grid, &mut prose, &mut columns, sink)?;
        }
        if let Some(row) = columns.row.take() {
            row_of(unruled::closed(row), &mut grid, &mut prose, sink)?;
        }
        grid.finish(sink)?;
        prose.flush(sink)?;
        if let Some(fault) = lost.damaged.fault() {
            sink(Item::Fault(fault))?;
        }
        let damaged_fonts = fonts.values().filter(|font| font.is_damaged).count();
        let faults = [
            (
                Code::Malformed,
                damaged_fonts,
                "fonts whose characters are not all told",
            ),
            (
                Code::BadEncoding,
                lost.unknown,
                "characters whose font does not tell what they are",
            ),
            (
                Code::Unsupported,
                lost.pictures,
                "pages without a text layer",
            ),
            (Code::OverBudget, lost.cut, "pages, in part or whole"),
            (
                Code::Malformed,
                n_told.max(1).saturating_sub(n_in_tree),
                "pages that are not where they should be",
            ),
        ];
        for (code, n, what) in faults {
            if n > 0 {
                sink(Item::Fault(Fault::whole(code, format!("{n} {what}"))))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The pages in their order, and behind them those that damage parted from the tree of pages.
    fn every_page(&self) -> Vec<ObjectId> {
        let mut pages: Vec<ObjectId> = self.document.page_iter().take(PAGES).collect();
        if pages.len() < self.pages_told().max(1) {
            let seen: BTreeSet<ObjectId> = pages.iter().copied().collect();
            let objects = self.document.objects.iter();
            let others = objects.filter(|(id, object)| {
                let dict = object.as_dict();
                dict.is_ok_and(|dict| dict.has_type(b"Page")) && !seen.contains(*id)
            });
            pages.extend(others.map(|(id, _)| *id).take(PAGES - pages.len()));
        }
        pages
    }

    /// How many pages the document says it has.
    fn pages_told(&self) -> usize {
        let pages = self
            .document
            .catalog()
            .and_then(|catalog| catalog.get_deref(b"Pages", &self.document))
            .and_then(Object::as_dict);
        let count = pages.and_then(|pages| pages.get_deref(b"Count", &self.document));
        let count = count.and_then(Object::as_i64).unwrap_or(0);
        // No more than objects may be: a document can claim anything.
        usize::try_from(count).unwrap_or(0).min(PAGES)
    }

    /// Gives what stands outside of pages: values of forms, annotations, properties, embedded files.
    fn objects(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut prose = Prose::new("forms and properties", &self.context.limits);
        let mut members = Vec::new();
        for object in self.document.objects.values() {
            let dict = match object {
                Object::Dictionary(dict) => dict,
                Object::Stream(stream) => &stream.dict,
                _ => continue,
            };
            self.texts(dict, &mut prose, sink)?;
            if dict.has(b"EF") {
                members.extend(self.embedded(dict));
            }
        }
        prose.flush(sink)?;
        for member in members {
            sink(Item::Member(member))?;
        }
        ControlFlow::Continue(())
    }

    /// Texts of a dictionary that are none of a page's.
    fn texts(&self, dict: &Dictionary, prose: &mut Prose, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let text = |key: &[u8]| dict.get_deref(key, &self.document).ok().and_then(string);
        // A form's field: its name is the label of its value.
        if let (Some(name), Some(value)) = (text(b"T"), text(b"V")) {
            prose.line(&format!("{name}: {value}"), sink)?;
        }
        for key in ["Contents", "Author", "Title", "Subject", "Keywords", "URI"] {
            if let Some(value) = text(key.as_bytes()) {
                let value = value.trim_start_matches("mailto:");
                for line in value.split(['\r', '\n']) {
                    prose.line(line, sink)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn embedded(&self, dict: &Dictionary) -> Option<Member> {
        let text = |key: &[u8]| dict.get_deref(key, &self.document).ok().and_then(string);
        let name = text(b"UF")
            .or_else(|| text(b"F"))
            .unwrap_or_else(|| "file".to_owned());
        let files = dict
            .get_deref(b"EF", &self.document)
            .and_then(Object::as_dict)
            .ok()?;
        let file = files
            .get_deref(b"UF", &self.document)
            .or_else(|_| files.get_deref(b"F", &self.document))
            .ok()?;
        let stream = file.as_stream().ok()?;
        let plain = stream::plain(stream, STREAM).ok();
        let is_damaged = plain.as_ref().is_some_and(|plain| plain.is_damaged);
        let bytes = plain.map(|plain| plain.bytes);
        let charged = bytes.filter(|bytes| self.context.budget.charge(bytes.len() as u64));
        let fault = match &charged {
            None => Some(Fault::whole(Code::OverBudget, "the whole member")),
            Some(bytes) if is_damaged => {
                let at = bytes.len() as u64;
                Some(Fault::at(Code::Malformed, at, "the rest of the member"))
            }
            Some(_) => None,
        };
        Some(Member {
            name,
            len: charged.as_ref().map_or(stream.content.len(), Vec::len) as u64,
            bytes: charged.map(Bytes::owned),
            fault,
        })
    }
}

/// Where the columns of the tables before began: of one with lines between its cells, and of one without.
#[derive(Default)]
struct Columns {
    ruled: Vec<f32>,
    open: Vec<f32>,
    /// A row of the latter that may go on.
    row: Option<Vec<Part>>,
}

/// Gives a page: the lines of its table as rows, the others as text.
fn give(
    found: &Found,
    grid: &mut Grid<'_>,
    prose: &mut Prose,
    before: &mut Columns,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    for table in &found.tables {
        // One that goes on from the page before has its columns where they were.
        let pairs = table.columns.iter().zip(before.ruled.iter());
        let goes_on = table.columns.len() == before.ruled.len()
            && pairs.clone().all(|(a, b)| (a - b).abs() <= APART);
        if !goes_on {
            grid.gap(sink)?;
        }
        before.ruled.clone_from(&table.columns);
        for row in &table.rows {
            for (column, cell) in row {
                grid.cell(*column, cell, None);
            }
            grid.end_row(sink)?;
        }
    }
    // A table goes on where no other begins.
    let own = unruled::columns(&found.lines);
    if !own.is_empty() || !unruled::is_table(&found.lines, &before.open) {
        if let Some(row) = before.row.take() {
            row_of(unruled::closed(row), grid, prose, sink)?;
        }
        before.open = own;
    }
    for row in unruled::rows(&found.lines, &before.open, &mut before.row) {
        row_of(row, grid, prose, sink)?;
    }
    ControlFlow::Continue(())
}

fn row_of(
    row: Row,
    grid: &mut Grid<'_>,
    prose: &mut Prose,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    match row {
        Row::Cells(cells) => {
            for (column, text) in cells {
                grid.cell(column, text.trim(), None);
            }
            grid.end_row(sink)
        }
        Row::Text(text) => prose.line(&text, sink),
    }
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 by its mark, else taken for Latin, or Shift_JIS as Japanese
/// programs write it.
fn string(object: &Object) -> Option<String> {
    let bytes = match object {
        Object::String(bytes, _) | Object::Name(bytes) => bytes,
        _ => return None,
    };
    let text = match bytes.as_slice() {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        bytes if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8.decode(bytes).0,
        bytes => match encoding_rs::SHIFT_JIS
            .decode_without_bom_handling_and_without_replacement(bytes)
        {
            Some(text) => text,
            None => encoding_rs::WINDOWS_1252.decode(bytes).0,
        },
    };
    Some(text.into_owned()).filter(|text| !text.trim().is_empty())
}
