//! Small tables of documents whose columns are known: comments, properties.

use std::ops::ControlFlow;

use quick_xml::events::Event;

use super::super::flow::Flow;
use super::super::markup::{attribute, local, local_of, push_text, reader};
use super::super::{Batch, Cell, Context, Item, Shape, Sink, Table};
use super::package::Package;

/// Rows of a batch, and its text in bytes.
const ROWS: usize = 1024;
const TEXT: usize = 1 << 20;

/// Gathers rows of one table.
pub(super) struct Rows {
    table: Table,
    text: String,
    cells: Vec<Cell>,
}

impl Rows {
    pub(super) fn new(name: &str, columns: &[&str]) -> Self {
        Self {
            table: Table {
                name: name.to_owned(),
                columns: columns
                    .iter()
                    .map(|name| Some((*name).to_owned()))
                    .collect(),
                shape: Shape::Rows,
            },
            text: String::new(),
            cells: Vec::new(),
        }
    }

    /// Adds a row, unless all of it is empty.
    pub(super) fn row(&mut self, cells: &[&str], sink: &mut Sink<'_>) -> ControlFlow<()> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return ControlFlow::Continue(());
        }
        for cell in cells {
            if cell.trim().is_empty() {
                self.cells.push(Cell::ABSENT);
                continue;
            }
            let start = self.text.len();
            self.text.push_str(cell);
            self.cells.push(Cell::new(start, self.text.len(), false));
        }
        if self.cells.len() >= ROWS * self.table.columns.len() || self.text.len() >= TEXT {
            self.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives the rows away.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let flow = sink(Item::Batch(Batch::rebuilt(
            &self.table,
            self.text.as_bytes(),
            &self.cells,
        )));
        self.text.clear();
        self.cells.clear();
        flow
    }
}

/// The document's properties that tell of people, as one record (ECMA-376 part 2, 8.3.4; part 1, 22.2).
pub(super) const PROPERTIES: [&str; 10] = [
    "creator",
    "lastModifiedBy",
    "title",
    "subject",
    "description",
    "keywords",
    "category",
    "Company",
    "Manager",
    "custom",
];

/// The parts that hold properties.
pub(super) const PARTS: [&str; 4] = [
    "docProps/core.xml",
    "docProps/app.xml",
    "docProps/custom.xml",
    "meta.xml",
];

/// Gives the properties of an Office Open XML document.
pub(super) fn properties(
    package: &Package,
    context: &Context,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut values: [String; PROPERTIES.len()] = Default::default();
    for part in PARTS {
        let Some(text) = package.text(part, context) else {
            continue;
        };
        let mut reader = reader(&text);
        let mut inside = None;
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) => {
                    let name = local(start);
                    let name = if name == b"initial-creator" {
                        b"lastModifiedBy"
                    } else {
                        name
                    };
                    let at = PROPERTIES.iter().position(|known| known.as_bytes() == name);
                    let custom =
                        matches!(name, b"lpwstr" | b"lpstr").then_some(PROPERTIES.len() - 1);
                    // The other properties list the titles of parts.
                    inside = at.or(custom.filter(|_| part.ends_with("custom.xml")));
                }
                Event::End(end) => {
                    if inside == Some(PROPERTIES.len() - 1)
                        && local_of(end.name().into_inner()) != b"property"
                    {
                        values[PROPERTIES.len() - 1].push('\n');
                    }
                    inside = None;
                }
                Event::Eof => break,
                event => {
                    if let Some(at) = inside {
                        push_text(event, &mut values[at]);
                    }
                }
            }
        }
    }
    let mut rows = Rows::new("properties", &PROPERTIES);
    let values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    rows.row(&values, sink)?;
    rows.flush(sink)
}

/// Gives the targets of links out of the document (`mailto:…`), a line each.
pub(super) fn links(
    package: &Package,
    context: &Context,
    flow: &mut Flow<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let names: Vec<String> = package
        .names()
        .filter(|name| name.ends_with(".rels"))
        .map(str::to_owned)
        .collect();
    for name in names {
        let Some(text) = package.text(&name, context) else {
            continue;
        };
        let mut reader = reader(&text);
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) | Event::Empty(start) if local(start) == b"Relationship" => {
                    let is_outside = attribute(start, "TargetMode").as_deref() == Some("External");
                    if let Some(target) = attribute(start, "Target").filter(|_| is_outside) {
                        flow.text(&target);
                        flow.end_paragraph(sink)?;
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }
    ControlFlow::Continue(())
}
