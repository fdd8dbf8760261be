//! Texts and slides of Office Open XML: docx, pptx (ECMA-376 part 1, 17 and 19).
//!
//! In: the parts of a document. Out: its paragraphs as running text and its tables as tables; headers, footers, notes,
//! comments and deleted text too, as they left the house with the file. Embedded files are members.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::flow::Flow;
use super::super::markup::{attribute, local, local_of, push_text, reader};
use super::super::{Context, Format, Item, Reader, Sink};
use super::package::{self, Kind, Package};
use super::record;
use crate::source::{Bytes, Code, Fault};

/// Word documents.
pub(crate) const DOCX: Format = Format {
    name: "docx",
    title: "Word documents (docx, docm)",
    extensions: &["docx", "docm", "dotx", "dotm"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head) {
        Some(Kind::Document) => 97,
        _ => 0,
    },
    open: |bytes, context| {
        let parts = [
            "word/document",
            "word/header",
            "word/footer",
            "word/footnotes",
            "word/endnotes",
            "word/comments",
            "word/charts/chart",
            "word/diagrams/data",
            "word/people",
            "word/settings",
        ];
        open(bytes, context, &parts, "word/glossary/")
    },
};

/// PowerPoint presentations.
pub(crate) const PPTX: Format = Format {
    name: "pptx",
    title: "PowerPoint presentations (pptx, pptm)",
    extensions: &["pptx", "pptm", "ppsx", "potx"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head) {
        Some(Kind::Presentation) => 97,
        _ => 0,
    },
    open: |bytes, context| {
        let parts = [
            "ppt/slides/slide",
            "ppt/notesSlides/",
            "ppt/comments/",
            "ppt/diagrams/data",
            "ppt/charts/chart",
            "ppt/slideMasters/",
            "ppt/slideLayouts/",
            "ppt/notesMasters/",
            "ppt/handoutMasters/",
            "ppt/authors",
            "ppt/tags/",
        ];
        open(bytes, context, &parts, "ppt/commentAuthors")
    },
};

struct Document {
    package: Package,
    /// Parts with text, in their order.
    texts: Vec<String>,
    n_members: usize,
    faults: Vec<Fault>,
    context: Context,
}

fn open<'a>(
    bytes: &'a Bytes,
    context: &Context,
    parts: &[&str],
    more: &str,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut package = Package::open(bytes, context)?;
    if let Some(fault) = package::locked(&package) {
        return Err(fault);
    }
    // The main part first, not where its letters put it.
    let mut texts = Vec::new();
    for beginning in parts.iter().copied().chain([more]) {
        texts.extend(
            package
                .numbered(&[beginning])
                .into_iter()
                .filter(|name| !name.contains("_rels/")),
        );
    }
    texts.dedup();
    if texts.is_empty() {
        // Not the document that it seemed to be.
        return (super::super::archive::ZIP.open)(bytes, context);
    }
    let faults = std::mem::take(&mut package.faults);
    package.settle(texts.iter().map(String::as_str).chain(record::PARTS));
    let n_members = package.n_members();
    Ok(Box::new(Document {
        package,
        texts,
        n_members,
        faults,
        context: context.clone(),
    }))
}

impl Reader for Document {
    /// All texts are one part, so that their order and the numbers of their tables are those of the document.
    fn parts(&self) -> usize {
        1 + self.n_members
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // Whether the sink wants no more does not matter: the part is over.
        let _ = match part.checked_sub(1) {
            None => self.texts(sink),
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
    fn texts(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut flow = Flow::new(&self.context.stem, &self.context);
        for part in &self.texts {
            match self.package.text(part, &self.context) {
                Some(text) => read(&text, &mut flow, sink)?,
                None => sink(Item::Fault(Fault::whole(
                    Code::Malformed,
                    "a part of the document",
                )))?,
            }
        }
        record::links(&self.package, &self.context, &mut flow, sink)?;
        flow.finish(sink)?;
        record::properties(&self.package, &self.context, sink)
    }
}

/// Reads one part into the flow. What stands before a mistake counts.
fn read(text: &str, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = reader(text);
    let mut in_text = false;
    let mut changes = Changes::default();
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(_) => {
                let left = text.len().saturating_sub(reader.buffer_position() as usize);
                let lost = format!("the last {left} bytes of a part");
                sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
                break;
            }
        };
        match &event {
            // The same once more, for programs that do not know the first form (ECMA-376 part 3, 7.6).
            Event::Start(start) if local(start) == b"Fallback" => {
                let _ = reader.read_to_end(start.name());
            }
            Event::Start(start) => {
                changes.begin(local(start), flow);
                begin(start, flow, sink)?;
                in_text = is_text(local(start)) || in_text;
            }
            Event::Empty(start) => begin(start, flow, sink)?,
            Event::End(end) => match local_of(end.name().into_inner()) {
                b"p" | b"txbxContent" => flow.end_paragraph(sink)?,
                b"tc" => flow.end_cell(sink)?,
                b"tr" => flow.end_row(sink)?,
                b"tbl" => flow.end_table(sink)?,
                b"cm" | b"pt" => flow.end_paragraph(sink)?,
                name if is_text(name) => in_text = false,
                name => changes.end(name),
            },
            event if in_text => {
                changes.text();
                push_text(event, flow.line());
            }
            _ => {}
        }
    }
    flow.end_paragraph(sink)
}

/// Elements that hold text: of runs, of deletions, of field codes (`HYPERLINK "mailto:…"`), of comments on slides, of
/// values in charts.
fn is_text(name: &[u8]) -> bool {
    matches!(
        name,
        b"t" | b"delText" | b"instrText" | b"delInstrText" | b"text" | b"v"
    )
}

fn begin(start: &BytesStart<'_>, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match local(start) {
        b"tbl" => flow.begin_table(sink)?,
        b"tr" => flow.begin_row(sink)?,
        b"tc" => {
            // On slides the cell tells its rows itself, and each column that it takes has a cell.
            flow.begin_cell(1, sink)?;
            flow.reaches(number(start, "rowSpan"));
            if attribute(start, "vMerge").is_some() {
                flow.goes_on();
            }
        }
        b"gridSpan" => flow.spans(number(start, "val")),
        b"vMerge" => match attribute(start, "val").as_deref() {
            Some("restart") => flow.reaches(usize::MAX),
            _ => flow.goes_on(),
        },
        b"tab" | b"ptab" => flow.text("\t"),
        b"br" | b"cr" => flow.text("\n"),
        b"noBreakHyphen" => flow.text("-"),
        // Where the letters' addressees come from, values that macros keep.
        b"connectString" | b"query" | b"docVar" | b"tag" => {
            told(start, &["val"], flow, sink)?;
        }
        // Who wrote comments.
        b"person" | b"presenceInfo" => told(start, &["author", "userId"], flow, sink)?,
        b"author" => told(start, &["name", "userId"], flow, sink)?,
        // Who wrote or changed it.
        b"comment" | b"ins" | b"del" | b"cmAuthor" => {
            let author = attribute(start, "author").or_else(|| attribute(start, "name"));
            if let (Some(author), b"comment" | b"cmAuthor") = (author, local(start)) {
                flow.text(&author);
                flow.end_paragraph(sink)?;
            }
        }
        _ => {}
    }
    ControlFlow::Continue(())
}

/// The number in an attribute: one where there is none.
fn number(start: &BytesStart<'_>, name: &str) -> usize {
    let told = attribute(start, name);
    told.and_then(|told| told.trim().parse().ok()).unwrap_or(1)
}

/// Gives the values of attributes, a line each.
fn told(
    start: &BytesStart<'_>,
    names: &[&str],
    flow: &mut Flow<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    for name in names {
        if let Some(value) = attribute(start, name) {
            flow.text(&value);
            flow.end_paragraph(sink)?;
        }
    }
    ControlFlow::Continue(())
}

/// Text that was taken out or put in: where one of them follows the other, both are words of their own.
#[derive(Default)]
struct Changes {
    open: usize,
    /// Whether what ended last was taken out; nothing where other text stands behind it.
    last: Option<bool>,
}

impl Changes {
    fn begin(&mut self, name: &[u8], flow: &mut Flow<'_>) {
        let Some(is_out) = is_out(name) else {
            return;
        };
        self.open += 1;
        let line = flow.line();
        if self.last.is_some_and(|last| last != is_out) && !line.ends_with(char::is_whitespace) {
            line.push(' ');
        }
    }

    fn end(&mut self, name: &[u8]) {
        if let Some(is_out) = is_out(name) {
            self.open = self.open.saturating_sub(1);
            self.last = Some(is_out);
        }
    }

    /// Takes note of text.
    fn text(&mut self) {
        if self.open == 0 {
            self.last = None;
        }
    }
}

/// Whether an element holds what was taken out, or put in (ECMA-376 part 1, 17.13.5).
fn is_out(name: &[u8]) -> Option<bool> {
    match name {
        b"del" | b"moveFrom" => Some(true),
        b"ins" | b"moveTo" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Shape;
    use super::super::super::tests::context;
    use super::*;

    #[test]
    fn deleted_and_inserted_words_stand_apart() {
        let check = |text: &str, expected: &str| {
            let text = format!("<w:p>{text}</w:p>");
            let context = context();
            let mut shown = String::new();
            let mut sink = |item: Item<'_>| {
                if let Item::Batch(batch) = item {
                    assert_eq!(batch.table.shape, Shape::Lines);
                    shown.push_str(&batch.encoding.decode(batch.bytes).0);
                }
                ControlFlow::Continue(())
            };
            let mut flow = Flow::new("t", &context);
            assert!(read(&text, &mut flow, &mut sink).is_continue());
            assert!(flow.finish(&mut sink).is_continue());
            assert_eq!(shown.trim_end(), expected);
        };
        let [old, new] =
            [("del", "delText", "old@x.jp"), ("ins", "t", "new@y.jp")].map(|(change, of, text)| {
                format!("<w:{change}><w:r><w:{of}>{text}</w:{of}></w:r></w:{change}>")
            });
        check(&format!("{old}{new}"), "old@x.jp new@y.jp");
        check(&format!("{new}{old}"), "new@y.jp old@x.jp");
        // One word that was put in piece by piece.
        check(&format!("{new}{new}"), "new@y.jpnew@y.jp");
        check(
            &format!("{old}<w:r><w:t>, </w:t></w:r>{new}"),
            "old@x.jp, new@y.jp",
        );
    }
}
