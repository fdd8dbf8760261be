//! Messages of hospitals: HL7 version 2, of one message, a batch, or as they went over the wire.
//!
//! In: segments of one line each, `PID|1||7000^^^RGH^MR||Davis^Deborah^A||19690921|F`; an `MSH` opens each message and tells the separators. Out: a
//! row for each message with what `PID` says of the patient, and next of kin, guarantor, doctor, diagnoses and allergies in columns more;
//! all other segments as text. Names of fields: HL7 2.5.1, chapters 3 and 6. Of repeated fields the first repetition is read, of
//! telephones every one.

use std::ops::{ControlFlow, Range};

use super::{Batch, Cell, Context, Format, Head, Item, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Fault};
use crate::text::{Encoding, Escape};

/// HL7 version 2.
pub(crate) const FORMAT: Format = Format {
    name: "hl7",
    title: "HL7 v2 messages (hospitals)",
    extensions: &["hl7", "er7"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Messages of a batch of rows.
const ROWS: usize = 256;
/// Further segments of one kind that a row has room for; more stand in the text.
const MOST: usize = 16;

/// Where a value stands in a segment: column, field (as the standard numbers them), component from 1, at most so many bytes.
type Place = (&'static str, usize, usize, usize);

/// A value of any length.
const ALL: usize = usize::MAX;

/// Segments that give columns.
const SEGMENTS: [(&[u8; 3], &[Place]); 6] = [
    (
        b"PID",
        &[
            ("mrn", 3, 1, ALL),
            ("last_name", 5, 1, ALL),
            ("first_name", 5, 2, ALL),
            ("middle_name", 5, 3, ALL),
            ("mothers_maiden_name", 6, 1, ALL),
            ("birth_date", 7, 1, 8),
            ("sex", 8, 1, ALL),
            ("race", 10, 2, ALL),
            ("address", 11, 1, ALL),
            ("address2", 11, 2, ALL),
            ("city", 11, 3, ALL),
            ("state", 11, 4, ALL),
            ("zip", 11, 5, ALL),
            ("country", 11, 6, ALL),
            ("home_phone", 13, 1, ALL),
            ("email", 13, 4, ALL),
            ("work_phone", 14, 1, ALL),
            ("marital_status", 16, 1, ALL),
            ("religion", 17, 2, ALL),
            ("ssn", 19, 1, ALL),
            ("drivers_license", 20, 1, ALL),
        ],
    ),
    (
        b"NK1",
        &[
            ("contact[].last_name", 2, 1, ALL),
            ("contact[].first_name", 2, 2, ALL),
            ("contact[].relationship", 3, 2, ALL),
            ("contact[].address", 4, 1, ALL),
            ("contact[].city", 4, 3, ALL),
            ("contact[].state", 4, 4, ALL),
            ("contact[].zip", 4, 5, ALL),
            ("contact[].phone", 5, 1, ALL),
        ],
    ),
    (
        b"GT1",
        &[
            ("guarantor_last_name", 3, 1, ALL),
            ("guarantor_first_name", 3, 2, ALL),
            ("guarantor_address", 5, 1, ALL),
            ("guarantor_city", 5, 3, ALL),
            ("guarantor_zip", 5, 5, ALL),
            ("guarantor_phone", 6, 1, ALL),
        ],
    ),
    (
        b"PV1",
        &[
            ("doctor_last_name", 7, 2, ALL),
            ("doctor_first_name", 7, 3, ALL),
        ],
    ),
    (
        b"DG1",
        &[("diagnosis", 3, 2, ALL), ("diagnosis", 4, 1, ALL)],
    ),
    (b"AL1", &[("allergy", 3, 2, ALL)]),
];

/// Marks of a message on the wire: its start and its end.
const FRAME: [u8; 2] = [0x0b, 0x1c];

/// The signs between fields, components and repetitions.
#[derive(Clone, Copy)]
struct Signs {
    field: u8,
    component: u8,
    repetition: u8,
}

impl Signs {
    /// Those that a header (`MSH|^~\&|…`, also of a batch or a file) tells.
    fn of(line: &[u8]) -> Option<Self> {
        let known = [b"MSH", b"BHS", b"FHS"]
            .iter()
            .any(|name| line.starts_with(*name));
        let [field, component, repetition, escape, ..] = *line.get(3..)? else {
            return None;
        };
        let signs = [field, component, repetition, escape];
        let distinct = (0..4).all(|at| !signs[..at].contains(&signs[at]));
        let all = signs.iter().all(u8::is_ascii_punctuation);
        (known && all && distinct).then_some(Self {
            field,
            component,
            repetition,
        })
    }

    /// A component of a field of a segment.
    fn get(
        self,
        bytes: &[u8],
        segment: Range<usize>,
        (_, field, component, most): Place,
    ) -> Option<Range<usize>> {
        let field = piece(bytes, segment, self.field, field)?;
        let first = piece(bytes, field, self.repetition, 0)?;
        let value = piece(bytes, first, self.component, component - 1)?;
        let value = value.start..value.end.min(value.start.saturating_add(most));
        // Two quotes say that there is none.
        (!value.is_empty() && &bytes[value.clone()] != b"\"\"").then_some(value)
    }
}

/// The n-th piece of a range between signs.
fn piece(bytes: &[u8], range: Range<usize>, sign: u8, n: usize) -> Option<Range<usize>> {
    let mut start = range.start;
    let inside = &bytes[range.clone()];
    let mut ends = memchr::memchr_iter(sign, inside).map(|at| range.start + at);
    for _ in 0..n {
        start = ends.next()? + 1;
    }
    Some(start..ends.next().unwrap_or(range.end))
}

fn sniff(head: &Head<'_>) -> u8 {
    let start = head
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head.bytes);
    let start = start.trim_ascii_start();
    let start = start.strip_prefix(&FRAME[..1]).unwrap_or(start);
    if Signs::of(start).is_some() { 97 } else { 0 }
}

struct Messages<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    part_bytes: usize,
    stem: String,
    text: Table,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Messages {
        bytes,
        encoding: context.encoding,
        part_bytes: context.limits.part_bytes.max(1),
        stem: context.stem.clone(),
        text: Table {
            name: format!("{} (text)", context.stem),
            columns: vec![None],
            shape: Shape::Lines,
        },
    }))
}

/// One message: its patient and further segments, by their place in [`SEGMENTS`].
#[derive(Default)]
struct Message {
    signs: Option<Signs>,
    segments: Vec<(usize, Range<usize>)>,
}

/// Rows of one layout that wait to be given.
#[derive(Default)]
struct Rows {
    table: Table,
    cells: Vec<Cell>,
    n: usize,
}

impl Messages<'_> {
    /// The lines of the part, from its first message to the first of the next part.
    fn lines(&self, part: usize) -> impl Iterator<Item = Range<usize>> {
        let from = self.message_from(part * self.part_bytes);
        let to = self.message_from((part + 1).saturating_mul(self.part_bytes));
        let mut at = if part == 0 { 0 } else { from };
        std::iter::from_fn(move || {
            while at < to {
                let rest = &self.bytes[at..to];
                let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
                let (mut start, end) = (at, at + end);
                at = end + 1;
                while start < end && FRAME.contains(&self.bytes[start]) {
                    start += 1;
                }
                if start < end {
                    return Some(start..end);
                }
            }
            None
        })
    }

    /// Where the first message at or after a place begins.
    fn message_from(&self, place: usize) -> usize {
        let Some(rest) = self.bytes.get(place..) else {
            return self.bytes.len();
        };
        let opens = |at: &usize| {
            let before = (place + at).checked_sub(1).map(|at| self.bytes[at]);
            before.is_none_or(|byte| matches!(byte, b'\r' | b'\n' | 0x0b))
        };
        let found = memchr::memmem::find_iter(rest, b"MSH").find(opens);
        found.map_or(self.bytes.len(), |at| place + at)
    }

    /// Adds the row of a message; those of another layout are given before.
    fn add(&self, message: &mut Message, rows: &mut Rows, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(signs) = message.signs.filter(|_| !message.segments.is_empty()) else {
            return ControlFlow::Continue(());
        };
        message.segments.sort_by_key(|segment| segment.0);
        let places = message.segments.iter().flat_map(|(kind, segment)| {
            let places = SEGMENTS[*kind].1.iter();
            places.map(move |place| (place, segment))
        });
        let names: Vec<_> = places.clone().map(|(place, _)| Some(place.0)).collect();
        let same = rows
            .table
            .columns
            .iter()
            .map(Option::as_deref)
            .eq(names.iter().copied());
        if !same || rows.n >= ROWS {
            self.give(rows, sink)?;
            let columns = names.into_iter().map(|name| name.map(str::to_owned));
            rows.table = Table {
                name: self.stem.clone(),
                columns: columns.collect(),
                shape: Shape::Rows,
            };
        }
        rows.cells.extend(places.map(|(place, segment)| {
            let value = signs.get(self.bytes, segment.clone(), *place);
            value.map_or(Cell::ABSENT, |value| {
                Cell::new(value.start, value.end, false)
            })
        }));
        rows.n += 1;
        message.segments.clear();
        ControlFlow::Continue(())
    }

    fn give(&self, rows: &mut Rows, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if rows.n > 0 {
            self.batch(&rows.table, &rows.cells, sink)?;
        }
        (rows.n, rows.table) = (0, Table::default());
        rows.cells.clear();
        ControlFlow::Continue(())
    }

    fn batch(&self, table: &Table, cells: &[Cell], sink: &mut Sink<'_>) -> ControlFlow<()> {
        sink(Item::Batch(Batch {
            table,
            encoding: self.encoding,
            escape: Escape::None,
            bytes: self.bytes,
            origin: Some(0),
            cells,
        }))
    }

    fn read_part(&self, part: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let (mut message, mut rows) = (Message::default(), Rows::default());
        let mut text: Vec<Cell> = Vec::new();
        for line in self.lines(part) {
            let bytes = &self.bytes[line.clone()];
            if let Some(signs) = Signs::of(bytes) {
                self.add(&mut message, &mut rows, sink)?;
                message = Message {
                    signs: Some(signs),
                    ..Message::default()
                };
                continue;
            }
            let kind = SEGMENTS
                .iter()
                .position(|(name, _)| bytes.starts_with(*name));
            let patient = kind == Some(0);
            if patient && message.segments.iter().any(|segment| segment.0 == 0) {
                // A message of several patients: a row each.
                self.add(&mut message, &mut rows, sink)?;
            }
            let n = message
                .segments
                .iter()
                .filter(|segment| Some(segment.0) == kind)
                .count();
            match kind {
                Some(kind) if message.signs.is_some() && n < MOST => {
                    message.segments.push((kind, line));
                }
                _ => text.push(Cell::new(line.start, line.end, false)),
            }
        }
        self.add(&mut message, &mut rows, sink)?;
        self.give(&mut rows, sink)?;
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        self.batch(&self.text, &text, sink)
    }
}

impl Reader for Messages<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.part_bytes)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // Whoever takes the items has enough where the flow breaks.
        let _ = self.read_part(part, sink);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    fn show(raw: &str, part_bytes: usize) -> Vec<String> {
        let context = Context {
            stem: "t".into(),
            limits: Limits {
                part_bytes,
                ..Limits::default()
            },
            ..crate::format::tests::context()
        };
        let bytes = Bytes::owned(raw.as_bytes().to_vec());
        let reader = open(&bytes, &context).unwrap();
        let mut out = Vec::new();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                if let Item::Batch(batch) = item {
                    for row in batch.cells.chunks(batch.table.columns.len()) {
                        let cells = row.iter().zip(&batch.table.columns);
                        let told =
                            cells
                                .filter(|(cell, _)| !cell.is_absent())
                                .map(|(cell, name)| {
                                    let value = String::from_utf8_lossy(&batch.bytes[cell.range()]);
                                    name.as_ref()
                                        .map_or(value.to_string(), |name| format!("{name}={value}"))
                                });
                        out.push(told.collect::<Vec<_>>().join(" "));
                    }
                }
                ControlFlow::Continue(())
            });
            assert_eq!(read, Ok(()));
        }
        out.sort();
        out
    }

    #[test]
    fn messages_are_rows() {
        let message = |n: u32| {
            format!(
                "MSH|^~\\&|ADT|RGH|LAB|RGH|2026||ADT^A01|M{n}|P|2.5\rPID|1||700{n}^^^RGH^MR~9^^^X||Davis^Deborah^A~Davies^D||196909211200|F|||8686 Maple Ave^^Denver^CO^80203||(303) 555-0144\rNK1|1|Davis^Michelle|SPO^Spouse|\"\"^^Denver\rNK1|2|Davis^Ann\rDG1|1||E11.9^Type 2 diabetes^I10\rOBX|1|NM|GLU||7.2\r"
            )
        };
        let raw = format!("{}{}", message(1), message(2));
        let row = |n: u32| {
            format!(
                "mrn=700{n} last_name=Davis first_name=Deborah middle_name=A birth_date=19690921 sex=F address=8686 Maple Ave city=Denver state=CO zip=80203 home_phone=(303) 555-0144 contact[].last_name=Davis contact[].first_name=Michelle contact[].relationship=Spouse contact[].city=Denver contact[].last_name=Davis contact[].first_name=Ann diagnosis=Type 2 diabetes"
            )
        };
        let mut expected = vec![
            row(1),
            row(2),
            "OBX|1|NM|GLU||7.2".into(),
            "OBX|1|NM|GLU||7.2".into(),
        ];
        expected.sort();
        let framed = format!("\x0b{}\x1c\r\x0b{}\x1c\r", message(1), message(2));
        for raw in [&raw, &raw.replace('\r', "\r\n"), &framed] {
            for part_bytes in [1, 7, 100, 600, 1 << 20] {
                assert_eq!(show(raw, part_bytes), expected, "{part_bytes}");
            }
        }
    }

    #[test]
    fn what_is_no_message() {
        let check = |raw: &[u8], sure: u8| {
            let head = Head {
                bytes: raw,
                len: raw.len() as u64,
                encoding: Encoding::Utf8,
                extension: "txt",
            };
            assert_eq!(sniff(&head), sure, "{}", String::from_utf8_lossy(raw));
        };
        check(b"MSH|^~\\&|ADT", 97);
        check(b"\x0bMSH|^~\\&|ADT", 97);
        check(b"FHS|^~\\&|ADT\rBHS|^~\\&|\rMSH|^~\\&|ADT", 97);
        check(b"MSH|name|mail\n1|2|3", 0);
        check(b"MSH", 0);
        check(b"MSH||||", 0);
        for len in 0..40 {
            show(
                &"MSH|^~\\&|A\rPID|1||7||A^B\rPID|\r\x0b\x1cMSH|^~\\&\rNK1"[..len],
                5,
            );
        }
    }
}
