//! The texts of a PowerPoint presentation of 1997 to 2003 ([MS-PPT], its drawings [MS-ODRAW]).
//!
//! In: the stream of a presentation. Out: the texts of its slides, notes and comments as running text, documents pasted into
//! it as members. A table is a group of
//! shapes, one a cell: shapes of a group that stand in rows and columns are a table, by their places.

mod records;

use std::ops::ControlFlow;

use flate2::bufread::ZlibDecoder;

use self::records::Records;
use super::super::archive::inflate;
use super::super::flow::Flow;
use super::super::{Context, Item, Member, Reader, Sink};
use super::binary::{four, wide};
use crate::source::{Bytes, Code, Fault};

/// Records: a group of shapes, a shape, its place in the group ([MS-ODRAW] 2.2.16, 2.2.14, 2.2.39).
const GROUP: u16 = 0xf003;
const SHAPE: u16 = 0xf004;
const PLACE: u16 = 0xf00f;
/// Texts in UTF-16 and in one byte a character, and strings, which comments and names are ([MS-PPT] 2.9.42, 2.9.43, 2.2.3).
const WIDE: u16 = 0x0fa0;
const STRING: u16 = 0x0fba;
const NARROW: u16 = 0x0fa8;
/// A document that was pasted, packed or as it is ([MS-PPT] 2.10.34).
const OBJECT: u16 = 0x1011;
/// Objects of one presentation.
const MOST: usize = 10_000;
/// Containers inside containers.
const DEPTH: usize = 64;

/// A presentation.
pub(super) struct Slides {
    pub(super) stream: Vec<u8>,
    pub(super) context: Context,
}

impl Reader for Slides {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut flow = Flow::new(&self.context.stem, &self.context);
        // Whether the sink wants no more does not matter: the part is over.
        if read(&self.stream, &mut flow, sink).is_continue() && flow.finish(sink).is_continue() {
            let _ = self.objects(sink);
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-16le")
    }
}

impl Slides {
    /// Gives the documents that were pasted.
    fn objects(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut n = 0;
        for record in Records::new(&self.stream) {
            let (head, kind, bytes) = (record.head, record.kind, record.bytes);
            if kind != OBJECT || bytes.is_empty() {
                continue;
            }
            if n >= MOST {
                let fault = Fault::whole(Code::OverBudget, "further objects");
                return sink(Item::Fault(fault));
            }
            n += 1;
            let (bytes, fault) = match (head >> 4, bytes.get(4..)) {
                (1, Some(packed)) => {
                    let mut stream = ZlibDecoder::new(packed);
                    inflate(&mut stream, packed.len() as u64, &self.context)
                }
                _ => (Some(Bytes::owned(bytes.to_vec())), None),
            };
            sink(Item::Member(Member {
                name: format!("object {n}"),
                len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
                bytes,
                fault,
            }))?;
        }
        ControlFlow::Continue(())
    }
}

/// A shape that is being read: where its records end, its text, and whether it has a place in a group.
#[derive(Default)]
struct Shape {
    end: usize,
    is_placed: bool,
    left: i32,
    top: i32,
    text: String,
}

/// What is open where the records are read.
#[derive(Default)]
struct Open {
    /// Groups, and their shapes that have a text and a place; the innermost last.
    groups: Vec<(usize, Vec<Shape>)>,
    shape: Option<Shape>,
}

/// Reads the texts of the records, and says how many records are damaged.
fn read(stream: &[u8], flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut open = Open::default();
    let mut records = Records::new(stream);
    for record in records.by_ref() {
        open.close(record.at, flow, sink)?;
        if record.is_container {
            match record.kind {
                SHAPE => {
                    open.close_shape(flow, sink)?;
                    open.shape = Some(Shape {
                        end: record.end,
                        ..Shape::default()
                    });
                }
                GROUP if open.groups.len() < DEPTH => open.groups.push((record.end, Vec::new())),
                _ => {}
            }
            continue;
        }
        let bytes = record.bytes;
        match (record.kind, &mut open.shape) {
            (PLACE, Some(shape)) => {
                let side = |at| four(bytes, at).map(|n| n as i32);
                if let (Some(left), Some(top)) = (side(0), side(4)) {
                    (shape.left, shape.top, shape.is_placed) = (left, top, true);
                }
            }
            (WIDE | STRING | NARROW, Some(shape)) => {
                push(&mut shape.text, &text(record.kind, bytes));
            }
            (WIDE | STRING | NARROW, None) => paragraphs(&text(record.kind, bytes), flow, sink)?,
            _ => {}
        }
    }
    open.close(usize::MAX, flow, sink)?;
    if records.damaged > 0 {
        let lost = format!("{} records of the presentation", records.damaged);
        sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
    }
    ControlFlow::Continue(())
}

impl Open {
    /// Ends what ends at or before an offset.
    fn close(&mut self, at: usize, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.shape.as_ref().is_some_and(|shape| shape.end <= at) {
            self.close_shape(flow, sink)?;
        }
        while self.groups.last().is_some_and(|(end, _)| *end <= at) {
            if let Some((_, shapes)) = self.groups.pop() {
                give(shapes, flow, sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Ends a shape: one that has its place in a group waits for the others of it.
    fn close_shape(&mut self, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match (self.shape.take(), self.groups.last_mut()) {
            (Some(shape), Some((_, shapes))) if shape.is_placed => {
                if !shape.text.trim().is_empty() {
                    shapes.push(shape);
                }
                ControlFlow::Continue(())
            }
            (Some(shape), _) => paragraphs(&shape.text, flow, sink),
            (None, _) => ControlFlow::Continue(()),
        }
    }
}

fn text(kind: u16, bytes: &[u8]) -> String {
    let text = match kind {
        NARROW => bytes.iter().map(|&byte| char::from(byte)).collect(),
        _ => wide(bytes),
    };
    // Lines of a paragraph, and characters that stand for fields.
    let shown = |c: char| match c {
        '\r' | '\n' | '\u{b}' | '\u{c}' => '\n',
        c if c.is_control() => '\t',
        c => c,
    };
    text.chars().map(shown).collect()
}

fn push(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
}

fn paragraphs(text: &str, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    for line in text.lines() {
        flow.text(line);
        flow.end_paragraph(sink)?;
    }
    ControlFlow::Continue(())
}

/// Gives the shapes of a group: a table where they stand in rows and columns, else one text after the other.
fn give(mut shapes: Vec<Shape>, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let Some(lefts) = columns(&shapes) else {
        for shape in shapes {
            paragraphs(&shape.text, flow, sink)?;
        }
        return ControlFlow::Continue(());
    };
    shapes.sort_by_key(|shape| (shape.top, shape.left));
    flow.begin_table(sink)?;
    for row in shapes.chunk_by(|a, b| a.top == b.top) {
        flow.begin_row(sink)?;
        let mut column = 0;
        for shape in row {
            let place = lefts.binary_search(&shape.left).unwrap_or(column);
            if place > column {
                flow.begin_cell(place - column, sink)?;
            }
            column = place + 1;
            flow.begin_cell(1, sink)?;
            paragraphs(&shape.text, flow, sink)?;
            flow.end_cell(sink)?;
        }
        flow.end_row(sink)?;
    }
    flow.end_table(sink)
}

/// Where the columns of a table begin; `None` for shapes that are none: at least two rows and columns, no two shapes at one
/// place, and more than half of the places taken.
fn columns(shapes: &[Shape]) -> Option<Vec<i32>> {
    let distinct = |of: fn(&Shape) -> i32| {
        let mut all: Vec<i32> = shapes.iter().map(of).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (lefts, tops) = (distinct(|shape| shape.left), distinct(|shape| shape.top));
    let mut places: Vec<_> = shapes.iter().map(|shape| (shape.top, shape.left)).collect();
    places.sort_unstable();
    places.dedup();
    let is_table = lefts.len() >= 2
        && tops.len() >= 2
        && places.len() == shapes.len()
        && shapes.len() * 2 > lefts.len().saturating_mul(tops.len());
    is_table.then_some(lefts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show_reader};

    fn record(is_container: bool, kind: u16, inner: &[u8]) -> Vec<u8> {
        let head = if is_container { 0x0fu16 } else { 0 };
        let len = inner.len() as u32;
        [
            &head.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &len.to_le_bytes(),
            inner,
        ]
        .concat()
    }

    fn cell(left: i32, top: i32, text: &str) -> Vec<u8> {
        let place = [left, top, left + 9, top + 9].map(i32::to_le_bytes);
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let text = record(true, 0xf00d, &record(false, WIDE, &units));
        record(
            true,
            SHAPE,
            &[record(false, PLACE, &place.concat()), text].concat(),
        )
    }

    fn check(shapes: &[Vec<u8>], expected: &[&str]) {
        let group = record(true, GROUP, &shapes.concat());
        let after = record(false, NARROW, b"after\rit");
        let stream = record(true, 0x03e8, &[group, after].concat());
        let slides = Slides {
            stream,
            context: context(),
        };
        assert_eq!(show_reader(&slides), expected);
    }

    #[test]
    fn empty_objects_are_none_and_too_many_are_said() {
        let check = |stream: Vec<u8>, expected: (usize, usize)| {
            let slides = Slides {
                stream,
                context: context(),
            };
            let mut found = (0, 0);
            let read = slides.read(0, &mut |item| {
                match item {
                    Item::Member(_) => found.0 += 1,
                    Item::Fault(_) => found.1 += 1,
                    _ => {}
                }
                ControlFlow::Continue(())
            });
            assert!(read.is_ok());
            assert_eq!(found, expected);
        };
        let one = record(false, OBJECT, b"x");
        check(
            [record(false, OBJECT, b"").repeat(MOST), one.clone()].concat(),
            (1, 0),
        );
        check(one.repeat(MOST), (MOST, 0));
        check(one.repeat(MOST + 5), (MOST, 1));
    }

    #[test]
    fn groups_of_shapes() {
        // Cells stand in any order, and empty ones are not there.
        let table = [
            cell(0, 0, "氏名"),
            cell(10, 0, "電話"),
            cell(10, 5, "1"),
            cell(0, 5, "山田"),
            cell(0, 9, "佐藤"),
        ];
        let expected = [
            "t table 1: 氏名=山田, 電話=1",
            "t table 1: 氏名=佐藤",
            "t: after",
            "t: it",
        ];
        check(&table, &expected);
        let chart = [cell(0, 0, "a"), cell(7, 5, "b"), cell(3, 9, "c")];
        check(&chart, &["t: a", "t: b", "t: c", "t: after", "t: it"]);
    }
}
