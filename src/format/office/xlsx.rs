//! Workbooks of Office Open XML: xlsx, xlsm and their templates (ECMA-376 part 1, 18).
//!
//! In: the parts of a workbook. Out: the tables of every sheet, hidden ones with `(hidden)` or `(very hidden)` behind their
//! name, and whatever else holds data without being seen: caches of pivot tables and of linked workbooks, comments,
//! drawings, connections, properties. Embedded files are members.

use std::ops::ControlFlow;

use quick_xml::events::Event;

use super::super::flow::Flow;
use super::super::markup::{attribute, attributes, local, local_of, push_text, reader};
use super::super::prose::Prose;
use super::super::{Context, Format, Reader, Sink};
use super::beside::Beside;
use super::number::Styles;
use super::package::{self, Kind, Package};
use super::pivot;
use super::record;
use super::sheet::{self, Shared};
use super::strings::Strings;
use super::xlsb;
use crate::source::{Bytes, Code, Fault};

/// Excel workbooks.
pub(crate) const XLSX: Format = Format {
    name: "xlsx",
    title: "Excel workbooks (xlsx, xlsm)",
    extensions: &["xlsx", "xlsm", "xltx", "xltm", "xlam"],
    raw: true,
    tabular: true,
    sniff: |head| match package::kind(head) {
        Some(Kind::Workbook) => 97,
        _ => 0,
    },
    open,
};

/// What one part of the reader is.
enum Part {
    /// A sheet: its table's name and its part in the package.
    Sheet(String, String),
    /// The records of a pivot table's cache, after its definition.
    Pivot(String),
    /// A linked workbook's cells.
    External(String),
    Comments(String),
    Persons(String),
    /// Constants that names stand for.
    Names,
    /// Texts in drawings, charts, connections.
    Text(String),
    Properties,
    /// A file inside.
    Member(usize),
}

struct Workbook {
    package: Package,
    parts: Vec<Part>,
    shared: Shared,
    faults: Vec<Fault>,
    context: Context,
}

/// Opens a workbook, its parts XML or binary.
pub(super) fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut package = Package::open(bytes, context)?;
    if let Some(fault) = package::locked(&package) {
        return Err(fault);
    }
    let (sheets, is_1904) = sheets(&package, context);
    if sheets.is_empty() {
        // Not the workbook that it seemed to be.
        return (super::super::archive::ZIP.open)(bytes, context);
    }
    let mut faults = std::mem::take(&mut package.faults);
    let mut shared = Shared {
        is_1904,
        ..Shared::default()
    };
    let strings = if let Some(text) = package.text("xl/sharedStrings.xml", context) {
        Some(Strings::read(&text, &context.limits))
    } else {
        let part = package.bytes("xl/sharedStrings.bin");
        part.map(|part| xlsb::strings(part, &context.limits))
    };
    if let Some((strings, fault)) = strings {
        shared.strings = strings;
        faults.extend(fault);
    }
    if let Some(text) = package.text("xl/styles.xml", context) {
        shared.styles = Styles::read(&text);
    } else if let Some(part) = package.bytes("xl/styles.bin") {
        shared.styles = xlsb::styles(part);
    }
    let mut parts = parts(&package, sheets);
    package.settle(
        taken(&parts)
            .iter()
            .map(String::as_str)
            .chain(record::PARTS),
    );
    parts.extend((0..package.n_members()).map(Part::Member));
    Ok(Box::new(Workbook {
        package,
        parts,
        shared,
        faults,
        context: context.clone(),
    }))
}

/// The sheets' names and parts, in their order, and whether days are counted from 1904. Sheets that the workbook does not
/// list come last.
fn sheets(package: &Package, context: &Context) -> (Vec<(String, String)>, bool) {
    let relations = relations(package, context);
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    let text = package.text("xl/workbook.xml", context);
    let mut reader = reader(text.as_deref().unwrap_or_default());
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => match local(&start) {
                b"workbookPr" => {
                    let date = attribute(&start, "date1904");
                    is_1904 = date.is_some_and(|date| matches!(&*date, "1" | "true" | "on"));
                }
                b"sheet" => {
                    let name = attribute(&start, "name").unwrap_or_default().into_owned();
                    let state = attribute(&start, "state").unwrap_or_default();
                    let id = attribute(&start, "id").unwrap_or_default();
                    let part = relations.iter().find(|(known, _)| *known == *id);
                    if let Some((_, part)) = part.filter(|(_, part)| package.bytes(part).is_some())
                    {
                        sheets.push((shown(name, &state), part.clone()));
                    }
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if let Some(workbook) = package.bytes("xl/workbook.bin") {
        let (found, from_1904) = xlsb::sheets(workbook);
        is_1904 |= from_1904;
        sheets.extend(found.into_iter().filter_map(|(name, id)| {
            let (_, part) = relations.iter().find(|(known, _)| *known == id)?;
            package.bytes(part).map(|_| (name, part.clone()))
        }));
    }
    for part in package.numbered(&["xl/worksheets/"]) {
        let known = sheets
            .iter()
            .any(|(_, known): &(String, String)| known.eq_ignore_ascii_case(&part));
        let stem = part
            .rsplit('/')
            .next()
            .unwrap_or(&part)
            .trim_end_matches(".xml")
            .trim_end_matches(".bin");
        if !known && !part.contains("_rels/") {
            sheets.push((stem.to_owned(), part));
        }
    }
    (sheets, is_1904)
}

/// A sheet's name with what its state hides.
pub(super) fn shown(name: String, state: &str) -> String {
    match state {
        "hidden" => format!("{name} (hidden)"),
        "veryHidden" => format!("{name} (very hidden)"),
        _ => name,
    }
}

/// The parts that the workbook refers to, by number.
fn relations(package: &Package, context: &Context) -> Vec<(String, String)> {
    let mut relations = Vec::new();
    let text = ["xl/_rels/workbook.xml.rels", "xl/_rels/workbook.bin.rels"]
        .iter()
        .find_map(|name| package.text(name, context));
    let Some(text) = text else {
        return relations;
    };
    let mut reader = reader(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) if local(&start) == b"Relationship" => {
                let id = attribute(&start, "Id").unwrap_or_default().into_owned();
                let target = attribute(&start, "Target").unwrap_or_default();
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("xl/{}", target.trim_start_matches("./")),
                };
                relations.push((id, target));
            }
            Ok(Event::Eof) | Err(_) => return relations,
            Ok(_) => {}
        }
    }
}

fn parts(package: &Package, sheets: Vec<(String, String)>) -> Vec<Part> {
    let mut parts: Vec<Part> = sheets
        .into_iter()
        .map(|(name, part)| Part::Sheet(name, part))
        .collect();
    let named = |beginnings: &[&str], make: fn(String) -> Part| {
        package
            .numbered(beginnings)
            .into_iter()
            .map(make)
            .collect::<Vec<_>>()
    };
    parts.extend(named(&["xl/pivotCache/pivotCacheDefinition"], Part::Pivot));
    parts.extend(named(&["xl/externalLinks/externalLink"], Part::External));
    parts.extend(named(
        &["xl/comments", "xl/threadedComments/"],
        Part::Comments,
    ));
    parts.extend(named(&["xl/persons/"], Part::Persons));
    let texts = [
        "xl/drawings/drawing",
        "xl/charts/chart",
        "xl/diagrams/data",
        "xl/connections",
        "xl/queryTables/",
        "xl/revisions/",
    ];
    parts.extend(named(&texts, Part::Text));
    parts.extend([Part::Names, Part::Properties]);
    parts
}

/// Names of the parts of the package that these are read from.
fn taken(parts: &[Part]) -> Vec<String> {
    let mut names: Vec<String> = ["xml", "bin"]
        .iter()
        .map(|ending| format!("xl/sharedStrings.{ending}"))
        .collect();
    for part in parts {
        match part {
            Part::Pivot(name) => {
                names.extend([name.clone(), name.replace("Definition", "Records")])
            }
            Part::Sheet(_, name)
            | Part::External(name)
            | Part::Comments(name)
            | Part::Persons(name)
            | Part::Text(name) => names.push(name.clone()),
            Part::Names | Part::Properties | Part::Member(_) => {}
        }
    }
    names
}

impl Reader for Workbook {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // Whether the sink wants no more does not matter: the part is over.
        let _ = self.part(&self.parts[part], sink)?;
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Workbook {
    fn part(&self, part: &Part, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, Fault> {
        let lost = || Fault::whole(Code::Malformed, "the whole part of a workbook");
        let raw = |name: &str| self.package.bytes(name).ok_or_else(lost);
        let text = |name: &str| self.package.text(name, &self.context).ok_or_else(lost);
        Ok(match part {
            Part::Sheet(name, part) if part.ends_with(".bin") => {
                xlsb::read(raw(part)?, name, &self.shared, &self.context, sink)
            }
            Part::Comments(part) if part.ends_with(".bin") => xlsb::comments(raw(part)?, sink),
            Part::Sheet(name, part) => {
                sheet::read(&text(part)?, name, &self.shared, &self.context, sink)
            }
            Part::Pivot(part) => {
                let records = part.replace("Definition", "Records");
                let records = self.package.text(&records, &self.context);
                let name = format!("pivot cache {}", number(part));
                pivot::read(&text(part)?, records.as_deref(), &name, &self.context, sink)
            }
            Part::External(part) => {
                let name = format!("linked workbook {}", number(part));
                sheet::read(&text(part)?, &name, &self.shared, &self.context, sink)
            }
            Part::Comments(part) => self.comments(&text(part)?, sink),
            Part::Persons(part) => persons(&text(part)?, sink),
            Part::Text(part) => self.texts(&text(part)?, sink),
            Part::Names => self.names(sink),
            Part::Properties => self.properties(sink),
            Part::Member(nth) => self.package.give(*nth, sink),
        })
    }

    /// Constants that names stand for.
    fn names(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let text = self.package.text("xl/workbook.xml", &self.context);
        let mut reader = reader(text.as_deref().unwrap_or_default());
        let mut beside = Beside::new("names", &self.context);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) => beside.start(start, sink)?,
                Event::End(_) => beside.end(sink)?,
                Event::Eof => break,
                event => beside.text(event),
            }
        }
        beside.flush(sink)
    }

    /// Properties, and links out of the workbook.
    fn properties(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut flow = Flow::new("links", &self.context);
        record::links(&self.package, &self.context, &mut flow, sink)?;
        flow.finish(sink)?;
        record::properties(&self.package, &self.context, sink)
    }

    /// Comments with their authors, old style and threaded.
    fn comments(&self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut reader = reader(text);
        let mut rows = record::Rows::new("comments", &["author", "comment"]);
        let (mut authors, mut author, mut comment) =
            (Vec::<String>::new(), String::new(), String::new());
        let mut inside: &[u8] = b"";
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) => match local(start) {
                    b"author" => {
                        authors.push(String::new());
                        inside = b"author";
                    }
                    b"comment" => {
                        let of =
                            attribute(start, "authorId").and_then(|id| id.parse::<usize>().ok());
                        author = of
                            .and_then(|of| authors.get(of))
                            .cloned()
                            .unwrap_or_default();
                    }
                    b"t" | b"text" => inside = b"text",
                    b"rPh" => inside = b"",
                    _ => {}
                },
                Event::End(end) => match local_of(end.name().into_inner()) {
                    b"comment" | b"threadedComment" => {
                        rows.row(&[&author, &comment], sink)?;
                        author.clear();
                        comment.clear();
                    }
                    b"author" | b"t" => inside = b"",
                    _ => {}
                },
                Event::Eof => break,
                event if inside == b"text" => push_text(event, &mut comment),
                event if inside == b"author" => {
                    if let Some(author) = authors.last_mut() {
                        push_text(event, author);
                    }
                }
                _ => {}
            }
        }
        rows.flush(sink)
    }

    /// All texts of a part, and the settings of connections, a line each.
    fn texts(&self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut reader = reader(text);
        let mut prose = Prose::new("drawings and connections", &self.context.limits);
        let mut line = String::new();
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) | Event::Empty(start) => {
                    for (name, value) in attributes(start) {
                        if matches!(
                            name,
                            b"connection"
                                | b"command"
                                | b"url"
                                | b"descr"
                                | b"sourceFile"
                                | b"userName"
                        ) {
                            prose.line(&value, sink)?;
                        }
                    }
                }
                Event::End(end) => {
                    if matches!(
                        local_of(end.name().into_inner()),
                        b"p" | b"v" | b"pt" | b"f" | b"is"
                    ) {
                        prose.line(&line, sink)?;
                        line.clear();
                    }
                }
                Event::Eof => break,
                event => push_text(event, &mut line),
            }
        }
        prose.line(&line, sink)?;
        prose.flush(sink)
    }
}

/// The people who wrote threaded comments.
fn persons(text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = reader(text);
    let mut rows = record::Rows::new("persons", &["displayName", "userId"]);
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(start) | Event::Empty(start) if local(start) == b"person" => {
                let name = attribute(start, "displayName").unwrap_or_default();
                let id = attribute(start, "userId").unwrap_or_default();
                rows.row(&[&name, &id], sink)?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    rows.flush(sink)
}

/// The number at the end of a part's name.
fn number(part: &str) -> &str {
    let stem = part.trim_end_matches(".xml");
    &stem[stem.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}
