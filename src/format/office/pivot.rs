//! The cache of a pivot table: it holds the whole list that the table was made of, also when the sheet with the list was
//! taken out (ECMA-376 part 1, 18.10).

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::grid::Grid;
use super::super::markup::{attribute, local, local_of, reader};
use super::super::{Context, Sink};

/// Values that the fields of a cache keep, all together.
const SHARED: usize = 1 << 22;

/// A column of the list.
struct Field {
    name: String,
    values: Vec<String>,
}

/// Gives the records of a cache; where it has none, the values that its fields keep.
pub(super) fn read(
    definition: &str,
    records: Option<&str>,
    name: &str,
    context: &Context,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let fields = fields(definition);
    let mut grid = Grid::new(name, context);
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    grid.header(&names, sink)?;
    match records {
        Some(records) => self::records(records, &fields, &mut grid, sink)?,
        None => {
            for (column, field) in fields.iter().enumerate() {
                for value in &field.values {
                    grid.cell(column, value, None);
                    grid.end_row(sink)?;
                }
            }
        }
    }
    grid.finish(sink)
}

/// The fields with the values that records refer to.
fn fields(definition: &str) -> Vec<Field> {
    let mut reader = reader(definition);
    let mut fields: Vec<Field> = Vec::new();
    let (mut kept, mut in_shared) = (0, false);
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(start) | Event::Empty(start) => match local(start) {
                b"cacheField" => fields.push(Field {
                    name: attribute(start, "name").unwrap_or_default().into_owned(),
                    values: Vec::new(),
                }),
                b"sharedItems" => in_shared = matches!(event, Event::Start(_)),
                b"s" | b"n" | b"d" | b"b" | b"m" | b"e" if in_shared && kept < SHARED => {
                    kept += 1;
                    if let Some(field) = fields.last_mut() {
                        field.values.push(value(start));
                    }
                }
                _ => {}
            },
            Event::End(end) if local_of(end.name().into_inner()) == b"sharedItems" => {
                in_shared = false
            }
            Event::Eof => break,
            _ => {}
        }
    }
    fields
}

fn value(start: &BytesStart<'_>) -> String {
    if matches!(local(start), b"m" | b"e") {
        return String::new();
    }
    let value = attribute(start, "v").unwrap_or_default();
    // Dates are given with a time that most of them do not have.
    value.strip_suffix("T00:00:00").unwrap_or(&value).to_owned()
}

fn records(
    text: &str,
    fields: &[Field],
    grid: &mut Grid<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut reader = reader(text);
    let mut column = 0;
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Start(start) | Event::Empty(start) => match local(start) {
                b"r" => column = 0,
                b"x" => {
                    let at = attribute(start, "v").and_then(|at| at.parse::<usize>().ok());
                    let value = fields.get(column).and_then(|field| field.values.get(at?));
                    grid.cell(column, value.map_or("", String::as_str), None);
                    column += 1;
                }
                b"s" | b"n" | b"d" | b"b" | b"m" | b"e" => {
                    grid.cell(column, &value(start), None);
                    column += 1;
                }
                _ => {}
            },
            Event::End(end) if local_of(end.name().into_inner()) == b"r" => grid.end_row(sink)?,
            Event::Eof => break,
            _ => {}
        }
    }
    ControlFlow::Continue(())
}
