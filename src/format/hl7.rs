//! Messages of hospitals: HL7 version 2, of one message, a batch, or as they went over the wire.
//!
//! In: segments of one line each, `PID|1||7000^^^RGH^MR||Davis^Deborah^A||19690921|F`; an `MSH` opens each message and tells the separators. Out: a
//! row for each message with what `PID` says of the patient, and next of kin, guarantor, doctors, diagnoses and allergies in columns more;
//! what no column takes of a patient, kin or guarantor in columns of its own, and all other segments, fields and codes as text. Names of
//! fields: HL7 2.5.1, chapters 3 and 6.

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
/// Bytes from a place on within which a part is cut at a message: those of a part have 31 bits.
const FAR: usize = 64 << 20;

/// Where a value stands in a segment: field and component as the standard numbers them, repetition from 0. Field 0 is what no other place
/// takes, by the number of the piece.
struct Place {
    name: &'static str,
    field: usize,
    component: usize,
    repetition: usize,
    /// Whether it is a time, of which the day is wanted.
    is_time: bool,
}

const fn at(name: &'static str, field: usize, component: usize) -> Place {
    Place {
        name,
        field,
        component,
        repetition: 0,
        is_time: false,
    }
}

/// The same of the second repetition, or a later one.
const fn again(name: &'static str, field: usize, component: usize) -> Place {
    nth(name, field, component, 1)
}

const fn nth(name: &'static str, field: usize, component: usize, repetition: usize) -> Place {
    Place {
        repetition,
        ..at(name, field, component)
    }
}

/// The n-th piece of what no other place takes: it is of the same person.
const fn other(name: &'static str, n: usize) -> Place {
    at(name, 0, n)
}

/// The day of a time: its first eight digits, or all of one that is written otherwise.
const fn day(name: &'static str, field: usize) -> Place {
    Place {
        is_time: true,
        ..at(name, field, 1)
    }
}

/// Segments that give columns.
const SEGMENTS: [(&[u8; 3], &[Place]); 6] = [
    (
        b"PID",
        &[
            at("mrn", 3, 1),
            at("last_name", 5, 1),
            at("first_name", 5, 2),
            at("middle_name", 5, 3),
            again("alias_last_name", 5, 1),
            again("alias_first_name", 5, 2),
            at("mothers_maiden_name", 6, 1),
            day("birth_date", 7),
            at("sex", 8, 1),
            at("alias2_last_name", 9, 1),
            at("alias2_first_name", 9, 2),
            at("race", 10, 2),
            at("address", 11, 1),
            at("address2", 11, 2),
            at("city", 11, 3),
            at("state", 11, 4),
            at("zip", 11, 5),
            at("country", 11, 6),
            at("home_phone", 13, 1),
            at("phone", 13, 12),
            again("phone2", 13, 12),
            at("email", 13, 4),
            again("home_phone2", 13, 1),
            again("email2", 13, 4),
            nth("home_phone3", 13, 1, 2),
            nth("email3", 13, 4, 2),
            nth("home_phone4", 13, 1, 3),
            nth("email4", 13, 4, 3),
            at("work_phone", 14, 1),
            at("work_email", 14, 4),
            again("work_phone2", 14, 1),
            again("work_email2", 14, 4),
            at("marital_status", 16, 1),
            at("religion", 17, 2),
            at("ssn", 19, 1),
            at("drivers_license", 20, 1),
            at("birth_place", 23, 1),
            other("other", 1),
            other("other2", 2),
            other("other3", 3),
            other("other4", 4),
            other("other5", 5),
            other("other6", 6),
        ],
    ),
    (
        b"NK1",
        &[
            at("contact[].last_name", 2, 1),
            at("contact[].first_name", 2, 2),
            at("contact[].relationship", 3, 2),
            at("contact[].address", 4, 1),
            at("contact[].city", 4, 3),
            at("contact[].state", 4, 4),
            at("contact[].zip", 4, 5),
            at("contact[].phone", 5, 1),
            at("contact[].email", 5, 4),
            again("contact[].phone2", 5, 1),
            again("contact[].email2", 5, 4),
            at("contact[].work_phone", 6, 1),
            day("contact[].birth_date", 16),
            other("contact[].other", 1),
            other("contact[].other2", 2),
            other("contact[].other3", 3),
        ],
    ),
    (
        b"GT1",
        &[
            at("guarantor_last_name", 3, 1),
            at("guarantor_first_name", 3, 2),
            at("guarantor_address", 5, 1),
            at("guarantor_city", 5, 3),
            at("guarantor_zip", 5, 5),
            at("guarantor_phone", 6, 1),
            at("guarantor_email", 6, 4),
            at("guarantor_work_phone", 7, 1),
            day("guarantor_birth_date", 8),
            at("guarantor_ssn", 12, 1),
            other("guarantor_other", 1),
            other("guarantor_other2", 2),
        ],
    ),
    (
        b"PV1",
        &[at("doctor_last_name", 7, 2), at("doctor_first_name", 7, 3)],
    ),
    (b"DG1", &[at("diagnosis", 3, 2), at("diagnosis", 4, 1)]),
    (b"AL1", &[at("allergy", 3, 2)]),
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
    fn get(self, bytes: &[u8], segment: Range<usize>, place: &Place) -> Option<Range<usize>> {
        let field = pieces(bytes, segment, self.field).nth(place.field)?;
        let one = pieces(bytes, field, self.repetition).nth(place.repetition)?;
        let value = pieces(bytes, one, self.component).nth(place.component - 1)?;
        let told = &bytes[value.clone()];
        let is_day = place.is_time && told.iter().take_while(|b| b.is_ascii_digit()).count() >= 8;
        let value = if is_day {
            value.start..value.start + 8
        } else {
            value
        };
        // Two quotes say that there is none.
        (!value.is_empty() && &bytes[value.clone()] != b"\"\"").then_some(value)
    }

    /// What no place takes of a segment: whole fields, repetitions, and components side by side.
    fn rest(self, bytes: &[u8], segment: &Range<usize>, places: &[Place]) -> Vec<Range<usize>> {
        let mut rest = Vec::new();
        // The name of the segment and its number are nobody's.
        let fields = pieces(bytes, segment.clone(), self.field);
        for (field, range) in fields.enumerate().skip(2) {
            let of_field = || places.iter().filter(move |place| place.field == field);
            if of_field().next().is_none() {
                rest.push(range);
                continue;
            }
            for (nth, range) in pieces(bytes, range, self.repetition).enumerate() {
                let takes = |component| {
                    of_field().any(|place| (place.repetition, place.component) == (nth, component))
                };
                let mut open = false;
                for (component, range) in pieces(bytes, range, self.component).enumerate() {
                    let free = !takes(component + 1);
                    match rest.last_mut().filter(|_| free && open) {
                        Some(last) => last.end = range.end,
                        None if free => rest.push(range),
                        None => {}
                    }
                    open = free;
                }
            }
        }
        rest.retain(|range| is_telling(&bytes[range.clone()]));
        rest
    }
}

/// Whether a text is more than a code of three signs.
fn is_telling(text: &[u8]) -> bool {
    let mut signs = text
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    signs.nth(3).is_some() || !text.is_ascii()
}

/// The pieces of a range between signs.
fn pieces(bytes: &[u8], range: Range<usize>, sign: u8) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr::memchr_iter(sign, &bytes[range.clone()]).map(move |at| range.start + at);
    let mut start = range.start;
    ends.chain([range.end]).map(move |end| {
        let piece = start..end;
        start = end + 1;
        piece
    })
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
    /// Where the parts begin, and the end.
    cuts: Vec<Cut>,
    stem: String,
    text: Table,
}

/// Where a part begins, and the signs of the message that it begins inside of.
#[derive(Clone, Copy)]
struct Cut {
    at: usize,
    signs: Option<Signs>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Messages {
        bytes,
        encoding: context.encoding,
        cuts: cuts(bytes, context.limits.part_bytes.clamp(1, 1 << 30)),
        stem: context.stem.clone(),
        text: Table {
            name: format!("{} (text)", context.stem),
            columns: vec![None],
            shape: Shape::Lines,
        },
    }))
}

/// Where parts begin: at the first message behind each place, or at a line where that is far. The bytes are searched once in all, or
/// twice.
fn cuts(bytes: &[u8], part_bytes: usize) -> Vec<Cut> {
    let mut cuts = vec![Cut { at: 0, signs: None }];
    // The message behind the place, and the signs of the one around it.
    let (mut next, mut signs) = (message_from(bytes, 0), None);
    for place in (part_bytes..bytes.len()).step_by(part_bytes) {
        if next < place {
            let last = message_before(bytes, next, place);
            signs = Signs::of(&bytes[last..]);
            next = message_from(bytes, place);
        }
        let far = next - place > FAR;
        let at = if far { line_from(bytes, place) } else { next };
        cuts.push(Cut {
            at: at.max(cuts[cuts.len() - 1].at),
            signs: signs.filter(|_| far),
        });
    }
    if !bytes.is_empty() {
        cuts.push(Cut {
            at: bytes.len(),
            signs: None,
        });
    }
    cuts
}

/// Whether a message begins here: a line may begin with the same letters.
fn is_message(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| bytes[at]);
    before.is_none_or(|byte| matches!(byte, b'\r' | b'\n' | 0x0b))
        && Signs::of(&bytes[at..]).is_some()
}

/// Where the first message at or after a place begins.
fn message_from(bytes: &[u8], place: usize) -> usize {
    let found = memchr::memmem::find_iter(&bytes[place..], b"MSH");
    let mut found = found.map(|at| place + at);
    found
        .find(|at| is_message(bytes, *at))
        .unwrap_or(bytes.len())
}

/// Where the last message before a place begins; the first begins here.
fn message_before(bytes: &[u8], first: usize, place: usize) -> usize {
    let found = memchr::memmem::rfind_iter(&bytes[first..place], b"MSH");
    let mut found = found.map(|at| first + at);
    found.find(|at| is_message(bytes, *at)).unwrap_or(first)
}

/// Where the first line after a place begins, or the first character where that is far, too.
fn line_from(bytes: &[u8], place: usize) -> usize {
    let near = &bytes[place..bytes.len().min(place + FAR)];
    if let Some(at) = memchr::memchr2(b'\r', b'\n', near) {
        return place + at + 1;
    }
    let inside = near.iter().take_while(|byte| *byte & 0xc0 == 0x80);
    place + inside.take(3).count()
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

/// A part being read: its bytes, and where they stand in the source.
struct Part<'a> {
    of: &'a Messages<'a>,
    bytes: &'a [u8],
    origin: u64,
    /// What goes to the table of text.
    text: Vec<Cell>,
}

/// The lines of a part.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let rest = &bytes[at..];
            let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            let (mut start, end) = (at, at + end);
            at = end + 1;
            while start < end && FRAME.contains(&bytes[start]) {
                start += 1;
            }
            if start < end {
                return Some(start..end);
            }
        }
        None
    })
}

impl Part<'_> {
    /// Adds the row of a message; those of another layout are given before.
    fn add(
        &mut self,
        message: &mut Message,
        rows: &mut Rows,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let Some(signs) = message.signs.filter(|_| !message.segments.is_empty()) else {
            return ControlFlow::Continue(());
        };
        message.segments.sort_by_key(|segment| segment.0);
        let places = message.segments.iter().flat_map(|(kind, segment)| {
            let places = SEGMENTS[*kind].1.iter();
            places.map(move |place| (place, segment))
        });
        let names: Vec<_> = places.clone().map(|(place, _)| Some(place.name)).collect();
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
                name: self.of.stem.clone(),
                columns: columns.collect(),
                shape: Shape::Rows,
            };
        }
        rows.n += 1;
        for (kind, segment) in message.segments.drain(..) {
            let places = SEGMENTS[kind].1;
            let mut rest = signs.rest(self.bytes, &segment, places).into_iter();
            let cell = |value: Range<usize>| Cell::new(value.start, value.end, false);
            rows.cells.extend(places.iter().map(|place| {
                let value = match place.field {
                    0 => rest.next(),
                    _ => signs.get(self.bytes, segment.clone(), place),
                };
                value.map_or(Cell::ABSENT, cell)
            }));
            self.text.extend(rest.map(cell));
        }
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
            encoding: self.of.encoding,
            escape: Escape::None,
            bytes: self.bytes,
            origin: Some(self.origin),
            cells,
        }))
    }

    /// Reads the part; the signs are those of the message that it begins inside of.
    fn read(&mut self, signs: Option<Signs>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut rows = Rows::default();
        let mut message = Message {
            signs,
            ..Message::default()
        };
        for line in lines(self.bytes) {
            let bytes = &self.bytes[line.clone()];
            if let Some(signs) = Signs::of(bytes) {
                self.add(&mut message, &mut rows, sink)?;
                message = Message {
                    signs: Some(signs),
                    ..Message::default()
                };
                // Behind the name and the signs: who sends it, and to whom.
                let fields = pieces(self.bytes, line, signs.field).skip(2);
                let telling = fields.filter(|field| is_telling(&self.bytes[field.clone()]));
                self.text
                    .extend(telling.map(|field| Cell::new(field.start, field.end, false)));
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
                _ => self.text.push(Cell::new(line.start, line.end, false)),
            }
        }
        self.add(&mut message, &mut rows, sink)?;
        self.give(&mut rows, sink)?;
        if self.text.is_empty() {
            return ControlFlow::Continue(());
        }
        self.batch(&self.of.text, &self.text, sink)
    }
}

impl Reader for Messages<'_> {
    fn parts(&self) -> usize {
        self.cuts.len() - 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Cut { at: from, signs } = self.cuts[part];
        let to = self.cuts[part + 1].at;
        let mut part = Part {
            of: self,
            bytes: &self.bytes[from..to],
            origin: from as u64,
            text: Vec::new(),
        };
        // Whoever takes the items has enough where the flow breaks.
        let _ = part.read(signs, sink);
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
                "mrn=700{n} last_name=Davis first_name=Deborah middle_name=A alias_last_name=Davies alias_first_name=D birth_date=19690921 sex=F address=8686 Maple Ave city=Denver state=CO zip=80203 home_phone=(303) 555-0144 other=^^RGH^MR contact[].last_name=Davis contact[].first_name=Michelle contact[].relationship=Spouse contact[].city=Denver contact[].last_name=Davis contact[].first_name=Ann diagnosis=Type 2 diabetes"
            )
        };
        // What no column takes is text, as are other segments.
        let mut expected = vec![row(1), row(2)];
        for text in ["OBX|1|NM|GLU||7.2", "E11.9", "2026", "ADT^A01"] {
            expected.extend([text.to_owned(), text.to_owned()]);
        }
        expected.sort();
        let framed = format!("\x0b{}\x1c\r\x0b{}\x1c\r", message(1), message(2));
        for raw in [&raw, &raw.replace('\r', "\r\n"), &framed] {
            for part_bytes in [1, 7, 100, 600, 1 << 20] {
                assert_eq!(show(raw, part_bytes), expected, "{part_bytes}");
            }
        }
    }

    #[test]
    fn fields_are_read_or_text() {
        let raw = "MSH|^~\\&|A|lab@b.example\rPID|1|A-17|7000^^^RGH^MR~D1234567|X9|Davis^Deborah||19690921|F|Davies^Debbie|||US|303-555-0144~303-555-0145^PRN^CP^d@a.example~303-555-0146~^^^d@c.example~303-555-0148|^^^d@d.example|||||||||Boulder\r\
                   NK1|1|Davis^Ann||||||||||||||19981231\rGT1|1|44|Davis^Paul|Davis^Pat|||303-555-0147|19700102|M|P||219-09-9999\r\
                   PV1|1|I|W||||1234^HOUSE^GREGORY|77^WILSON^JAMES~78^CUDDY^LISA\r";
        let mut expected = [
            "mrn=7000 last_name=Davis first_name=Deborah birth_date=19690921 sex=F alias2_last_name=Davies alias2_first_name=Debbie home_phone=303-555-0144 home_phone2=303-555-0145 \
             email2=d@a.example home_phone3=303-555-0146 email4=d@c.example work_email=d@d.example birth_place=Boulder \
             other=^^RGH^MR other2=D1234567 other3=PRN^CP other4=303-555-0148 contact[].last_name=Davis contact[].first_name=Ann contact[].birth_date=19981231 \
             guarantor_last_name=Davis guarantor_first_name=Paul guarantor_work_phone=303-555-0147 guarantor_birth_date=19700102 \
             guarantor_ssn=219-09-9999 guarantor_other=Davis^Pat doctor_last_name=HOUSE doctor_first_name=GREGORY",
            "lab@b.example",
            "1234",
            "77^WILSON^JAMES~78^CUDDY^LISA",
        ];
        expected.sort_unstable();
        assert_eq!(show(raw, 1 << 20), expected);
    }

    #[test]
    fn days_are_cut_from_times_alone() {
        let check = |told: &str, expected: &str| {
            let raw = format!("MSH|^~\\&|A\rPID|1||7||B||{told}\r");
            let expected = format!("mrn=7 last_name=B birth_date={expected}");
            assert_eq!(show(&raw, 1 << 20), [expected], "{told}");
        };
        check("19690921", "19690921");
        check("196909211230", "19690921");
        check("1969-09-21", "1969-09-21");
        check("10/09/1969", "10/09/1969");
        check("21 Sep 1969", "21 Sep 1969");
        check("1969", "1969");
    }

    #[test]
    fn a_line_that_begins_like_a_message_is_none() {
        let message = "MSH|^~\\&|A\rPID|1||7||B\rNTE|x\rMSH noted by nurse\rNK1|1|C^D\r";
        let raw = message.repeat(3);
        let whole = show(&raw, 1 << 20);
        assert_eq!(whole.len(), 9);
        for part_bytes in [1, 7, 30, 45, 60, 100] {
            assert_eq!(show(&raw, part_bytes), whole, "{part_bytes}");
        }
    }

    #[test]
    fn parts_have_an_end() {
        let part = 1 << 20;
        let mut bytes = b"MSH|^~\\&|A\rOBX|1\rMSH#^~\\&#A\rOBX#1\r".to_vec();
        bytes.resize(FAR + 3 * part, b'x');
        bytes[part + 7] = b'\r';
        let cuts = cuts(&bytes, part);
        assert_eq!([cuts[1].at, cuts[2].at], [part + 8, 2 * part]);
        // One that begins inside a message knows its signs.
        assert_eq!(cuts[1].signs.map(|signs| signs.field), Some(b'#'));
        assert!(cuts[cuts.len() - 2].signs.is_none());
        assert!(cuts.windows(2).all(|cut| cut[0].at <= cut[1].at));
        assert_eq!(cuts.last().map(|cut| cut.at), Some(bytes.len()));
        // A cut spares characters.
        let mut bytes = "あ".repeat(FAR).into_bytes();
        bytes.insert(0, b' ');
        assert!(std::str::from_utf8(&bytes[..line_from(&bytes, 3)]).is_ok());
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
