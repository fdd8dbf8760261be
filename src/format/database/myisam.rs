//! Rows of MyISAM, the engine of older MySQL and MariaDB (`.MYD`).
//!
//! In: the rows, and the definition of their table beside them (`.frm`). Out: its live rows; what deleted rows left as a member, to
//! be carved. Rows of fixed length stand one behind the other; those of varying length are packed into blocks, a longer one
//! into several (MySQL source, `mi_dynrec.c`: `_mi_get_block_info`, `_mi_rec_unpack`; `ha_myisam.cc`: `table2myisam`;
//! `mi_create.c`; read 2026-11, and held against `.MYI` files of MariaDB 10.11). The file has no mark of its own: its name's ending tells it,
//! and without the definition, or for tables that `myisampack` wrote, it is carved.

use std::io::Write;
use std::ops::{ControlFlow, Range};

use super::innodb::frm::{self, Column, Form};
use super::innodb::value::{Kind, Size};
use crate::format::gather::Gather;
use crate::format::{Context, Format, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault, Spool};

/// Rows of MyISAM.
pub(crate) const FORMAT: Format = Format {
    name: "myisam",
    title: "MySQL and MariaDB data files (MyISAM `.MYD`, with the `.frm` beside it)",
    extensions: &["myd"],
    raw: true,
    tabular: true,
    sniff: |head| if head.extension == "myd" { 80 } else { 0 },
    open,
};

/// Options of a table: rows of varying length, packed by `myisampack`, a checksum behind each row.
const VARYING: usize = 1;
const PACKED: usize = 4;
const CHECKSUM: usize = 32;
/// Pieces of one row, and bytes that its blocks are multiples of.
const PIECES: usize = 100_000;
/// Bytes of a deleted block that tell of other deleted ones.
const DELETED_HEAD: usize = 20;
/// A pointer in the place of a text.
const POINTER: usize = 8;

/// Whether bytes are the first of the definition of a table of this engine.
pub fn is_definition(bytes: &[u8]) -> bool {
    frm::is_myisam(bytes)
}

/// How a field is written in a packed row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is.
    Whole,
    /// Not at all where it is zero.
    Zero,
    /// Without blanks at one of its ends.
    Blanks,
    /// With a length of as many bytes before it; none where it is empty.
    Text(usize),
    /// With a length of as many bytes before it.
    Varying(usize),
}

/// A piece of a row: a field, or what stands between two.
#[derive(Debug)]
struct Field {
    column: Option<usize>,
    how: How,
    /// Where it stands in a row in memory, and the bytes that it takes there.
    at: usize,
    len: usize,
    /// The bit that tells that there is no value.
    absent: Option<usize>,
    /// Whether its first byte is the lowest, and the highest bit its sign.
    is_low: bool,
    is_signed: bool,
    kind: Kind,
}

struct Rows<'a> {
    bytes: &'a [u8],
    table: Table,
    fields: Vec<Field>,
    /// Bytes of each row; `None` where they vary.
    fixed: Option<usize>,
    has_checksum: bool,
    /// Where each part begins, and where the last ends.
    starts: Vec<usize>,
    deleted: Vec<Range<usize>>,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let unknown = |what: &str| Fault::whole(Code::Unsupported, format!("the columns: {what}"));
    let definition = context.definition.as_deref();
    let definition = definition.ok_or_else(|| unknown("no definition beside the file"))?;
    let form = is_definition(definition).then(|| frm::form(definition));
    let form = form
        .flatten()
        .filter(|form| form.options & PACKED == 0)
        .ok_or_else(|| unknown("their definition is not understood"))?;
    let is_varying = form.options & VARYING != 0;
    let has_checksum = form.options & CHECKSUM != 0;
    let fields = fields(&form, is_varying).ok_or_else(|| unknown("of a type that is not known"))?;
    let mut rows = Rows {
        bytes,
        table: Table {
            name: context.stem.clone(),
            columns: form.names.into_iter().map(Some).collect(),
            ..Table::default()
        },
        fields,
        fixed: (!is_varying).then_some(form.row_bytes + usize::from(has_checksum)),
        has_checksum,
        starts: vec![0],
        deleted: Vec::new(),
        context: context.clone(),
    };
    rows.split();
    Ok(Box::new(rows))
}

/// The fields in the order in which they stand in a row.
fn fields(form: &Form, is_varying: bool) -> Option<Vec<Field>> {
    // Whether there is a value is told by bits before the row; the first of a row of fixed length tells whether it is deleted.
    let mut bit = usize::from(!is_varying);
    let mut fields = Vec::new();
    for (nth, column) in form.columns.iter().enumerate() {
        let absent = column.field.nullable.then_some(bit);
        bit += usize::from(column.field.nullable);
        let is_bits = column.number == 16;
        // Odd bits stand there, too.
        bit += if is_bits { column.len % 8 } else { 0 };
        if form.is_virtual.contains(&nth) || is_bits && column.len < 8 {
            continue;
        }
        fields.push(field(nth, column, absent, is_varying)?);
    }
    fields.sort_by_key(|field| field.at);
    let mut whole = Vec::with_capacity(fields.len() + 1);
    let mut at = 0;
    for field in fields {
        whole.extend((field.at > at).then(|| gap(at, field.at - at)));
        (field.at >= at).then_some(())?;
        at = field.at + field.len;
        whole.push(field);
    }
    whole.extend((form.row_bytes > at).then(|| gap(at, form.row_bytes - at)));
    (at <= form.row_bytes).then_some(whole)
}

/// What stands between fields: the bits.
fn gap(at: usize, len: usize) -> Field {
    Field {
        column: None,
        how: How::Whole,
        at,
        len,
        absent: None,
        is_low: false,
        is_signed: false,
        kind: Kind::Hidden,
    }
}

fn field(nth: usize, column: &Column, absent: Option<usize>, is_varying: bool) -> Option<Field> {
    let kind = &column.field.of.kind;
    let stored = match column.field.of.size {
        Size::Fixed(len) => Some(len),
        Size::Short | Size::Long => None,
    };
    let prefix = 1 + usize::from(column.len > 255);
    let (len, packed) = match column.number {
        _ if column.is_plugin => (stored?, How::Zero),
        249 => (1 + POINTER, How::Text(1)),
        252 => (2 + POINTER, How::Text(2)),
        250 => (3 + POINTER, How::Text(3)),
        251 | 255 | 245 => (4 + POINTER, How::Text(4)),
        15 => (column.len + prefix, How::Varying(prefix)),
        254 => (
            column.len,
            if column.len > 3 {
                How::Blanks
            } else {
                How::Whole
            },
        ),
        16 => (column.len / 8, How::Zero),
        // Written before MySQL 5.
        10 => (4, How::Zero),
        7 => (stored?, How::Whole),
        17 | 246 if stored? <= 3 || column.zerofill => (stored?, How::Whole),
        17 | 246 => (stored?, How::Blanks),
        247 => (stored?, How::Whole),
        _ => (stored?, How::Zero),
    };
    let is_signed = matches!(kind, Kind::Int { signed: true } | Kind::Digits);
    let is_number = matches!(
        kind,
        Kind::Int { .. } | Kind::Digits | Kind::Seconds | Kind::Date | Kind::Enum(_) | Kind::Set(_)
    );
    Some(Field {
        column: Some(nth),
        how: match packed {
            How::Text(_) | How::Varying(_) => packed,
            _ if is_varying => packed,
            _ => How::Whole,
        },
        at: column.at.checked_sub(1)?,
        len,
        absent,
        is_low: is_number,
        is_signed,
        kind: match column.number {
            // Its odd bits stand elsewhere; a date of four bytes is a number.
            16 => Kind::Hidden,
            10 => Kind::Int { signed: false },
            _ => kind.clone(),
        },
    })
}

/// A block of rows of varying length.
struct Block {
    /// Its bytes of a row, and where the next block begins.
    data: Range<usize>,
    end: usize,
    /// Bytes of the whole row, where it begins here.
    row: Option<usize>,
    /// Where the row goes on.
    next: Option<usize>,
    is_deleted: bool,
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let raw = bytes.get(at..at.checked_add(len)?)?;
    let value = raw.iter().fold(0_u64, |n, &byte| n << 8 | u64::from(byte));
    usize::try_from(value).ok()
}

fn block(bytes: &[u8], at: usize) -> Option<Block> {
    let kind = *bytes.get(at)?;
    let big = |from: usize, len: usize| number(bytes, at + from, len);
    // Bytes of the head, of the row's part, unused ones behind it, of the whole row, and where it goes on.
    let (head, len, unused, row, next) = match kind {
        0 => (0, big(1, 3)?, 0, None, None),
        1 => (3, big(1, 2)?, 0, Some(big(1, 2)?), None),
        2 => (4, big(1, 3)?, 0, Some(big(1, 3)?), None),
        3 => (4, big(1, 2)?, big(3, 1)?, Some(big(1, 2)?), None),
        4 => (5, big(1, 3)?, big(4, 1)?, Some(big(1, 3)?), None),
        5 => (13, big(3, 2)?, 0, Some(big(1, 2)?), Some(big(5, 8)?)),
        6 => (15, big(4, 3)?, 0, Some(big(1, 3)?), Some(big(7, 8)?)),
        7 => (3, big(1, 2)?, 0, None, None),
        8 => (4, big(1, 3)?, 0, None, None),
        9 => (4, big(1, 2)?, big(3, 1)?, None, None),
        10 => (5, big(1, 3)?, big(4, 1)?, None, None),
        11 => (11, big(1, 2)?, 0, None, Some(big(3, 8)?)),
        12 => (12, big(1, 3)?, 0, None, Some(big(4, 8)?)),
        13 => (16, big(5, 3)?, 0, Some(big(1, 4)?), Some(big(8, 8)?)),
        _ => return None,
    };
    let data = at + head..at + head + len;
    let end = data.end + unused;
    // Blocks are multiples of four bytes and of twenty at least.
    (end <= bytes.len() && end >= at + DELETED_HEAD && (end - at).is_multiple_of(4)).then_some(
        Block {
            data,
            end,
            row,
            next,
            is_deleted: kind == 0,
        },
    )
}

impl Rows<'_> {
    /// Finds where parts begin, and what is deleted.
    fn split(&mut self) {
        let step = self.context.limits.part_bytes.max(1);
        let (mut at, mut start) = (0, 0);
        while at < self.bytes.len() {
            if at - start >= step {
                self.starts.push(at);
                start = at;
            }
            let (end, rest) = match self.fixed {
                Some(len) if len > 0 && self.bytes.len() - at >= len => {
                    let is_deleted = self.bytes[at] == 0;
                    (at + len, is_deleted.then_some(at + 1..at + len))
                }
                Some(_) => break,
                None => {
                    let Some(block) = block(self.bytes, at) else {
                        break;
                    };
                    let rest = at + DELETED_HEAD..block.end;
                    (block.end, block.is_deleted.then_some(rest))
                }
            };
            self.deleted.extend(rest.filter(|rest| !rest.is_empty()));
            at = end;
        }
        self.starts.push(at);
    }

    /// The bytes of the row that begins in a block, put together in `row`.
    fn collect(&self, first: &Block, len: usize, row: &mut Vec<u8>) -> Option<()> {
        row.clear();
        row.extend_from_slice(&self.bytes[first.data.clone()]);
        let mut next = first.next;
        for _ in 0..PIECES {
            let Some(at) = next else { break };
            let block =
                block(self.bytes, at).filter(|block| block.row.is_none() && !block.is_deleted)?;
            row.extend_from_slice(&self.bytes[block.data.clone()]);
            (row.len() <= len).then_some(())?;
            next = block.next;
        }
        (row.len() == len && next.is_none()).then_some(())
    }

    /// Where the value of each column stands in a row; `None` for one that is not as the definition says.
    fn values(&self, row: &[u8]) -> Option<Vec<Option<Range<usize>>>> {
        let mut places = vec![None; self.table.columns.len()];
        let is_varying = self.fixed.is_none();
        let row = if self.has_checksum && is_varying {
            &row[..row.len().checked_sub(1)?]
        } else {
            row
        };
        let is_packed = |field: &Field| matches!(field.how, How::Zero | How::Blanks | How::Text(_));
        let n_bits = self.fields.iter().filter(|field| is_packed(field)).count();
        let mut at = if is_varying { n_bits.div_ceil(8) } else { 0 };
        let set = |bit: usize| row.get(bit / 8).map(|byte| byte >> (bit % 8) & 1 == 1);
        let (mut bit, mut bits_at) = (0, None);
        for field in &self.fields {
            let is_set = is_varying && is_packed(field) && set(bit)?;
            bit += usize::from(is_packed(field));
            let place = if is_varying {
                packed(row, &mut at, field, is_set)?
            } else {
                let start = at;
                at += field.len;
                unpacked(row, start, field)?
            };
            if field.column.is_none() && field.at == 0 {
                bits_at = Some(place.start);
            }
            if let Some(column) = field.column {
                places[column] = Some(place);
            }
        }
        for field in self.fields.iter().filter(|_| bits_at.is_some()) {
            if let (Some(column), Some(bit)) = (field.column, field.absent)
                && row.get(bits_at? + bit / 8)? >> (bit % 8) & 1 == 1
            {
                places[column] = None;
            }
        }
        (!is_varying || at == row.len()).then_some(places)
    }

    fn give(&self, row: &[u8], at: usize, gather: &mut Gather<'_, '_>) -> Option<ControlFlow<()>> {
        let places = self.values(row)?;
        let mut texts = vec![None; places.len()];
        for field in &self.fields {
            let Some(place) = field.column.and_then(|column| places[column].clone()) else {
                continue;
            };
            texts[field.column?] = text(field, &row[place]);
        }
        texts.iter().for_each(|text| gather.value(text.as_deref()));
        Some(gather.end(at as u64))
    }

    /// Gives the rows of a part, and tells of those that are not understood.
    fn rows(&self, part: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let (mut row, mut n_bad, mut first) = (Vec::new(), 0_u64, None);
        let mut gather = Gather::new(self.table.clone(), &self.context.limits, sink);
        let mut at = part.start;
        while at < part.end {
            let (end, given) = match self.fixed {
                Some(len) => {
                    let raw = &self.bytes[at..at + len];
                    let given = (raw[0] != 0).then(|| self.give(raw, at, &mut gather));
                    (at + len, given)
                }
                None => {
                    let Some(block) = block(self.bytes, at) else {
                        break;
                    };
                    let given = block.row.map(|len| {
                        self.collect(&block, len, &mut row)?;
                        self.give(&row, at, &mut gather)
                    });
                    (block.end, given)
                }
            };
            match given {
                None => {}
                Some(Some(flow)) => flow?,
                Some(None) => {
                    n_bad += 1;
                    first = first.or(Some(at as u64));
                }
            }
            at = end;
        }
        if let Some(first) = first {
            let lost = format!("{n_bad} rows that are not as their definition says");
            gather.fault(Fault::at(Code::Malformed, first, lost))?;
        }
        gather.flush()
    }

    /// What deleted rows left.
    fn remnants(&self, sink: &mut Sink<'_>) {
        let mut spool = Spool::new(&self.context.limits);
        for rest in &self.deleted {
            // Rows do not touch.
            let written = spool.write_all(&self.bytes[rest.clone()]);
            if written.and_then(|()| spool.write_all(b"\0\0")).is_err() {
                break;
            }
        }
        if let Ok(bytes) = spool.finish() {
            let _ = sink(Item::Member(Member::whole("(deleted rows)", bytes)));
        }
    }
}

/// The place of a field in a packed row.
fn packed(row: &[u8], at: &mut usize, field: &Field, is_set: bool) -> Option<Range<usize>> {
    let low = |at: usize, len: usize| {
        let raw = row.get(at..at.checked_add(len)?)?;
        Some(
            raw.iter()
                .rev()
                .fold(0, |n: usize, &byte| n << 8 | usize::from(byte)),
        )
    };
    let len = match field.how {
        How::Whole => field.len,
        How::Zero | How::Text(_) if is_set => 0,
        How::Blanks if is_set => {
            let first = usize::from(*row.get(*at)?);
            *at += 1;
            if field.len > 255 && first & 0x80 != 0 {
                *at += 1;
                first & 0x7f | usize::from(*row.get(*at - 1)?) << 7
            } else {
                first
            }
        }
        How::Zero | How::Blanks => field.len,
        How::Text(prefix) => {
            *at += prefix;
            low(*at - prefix, prefix)?
        }
        // The length of a longer one is told by a byte, or by 255 and two bytes with the high one first.
        How::Varying(1) => {
            *at += 1;
            low(*at - 1, 1)?
        }
        How::Varying(_) => match low(*at, 1)? {
            255 => {
                *at += 3;
                number(row, *at - 2, 2)?
            }
            len => {
                *at += 1;
                len
            }
        },
    };
    let start = *at;
    *at = start.checked_add(len)?;
    row.get(start..*at).map(|_| start..*at)
}

/// The place of a field in a row of fixed length.
fn unpacked(row: &[u8], at: usize, field: &Field) -> Option<Range<usize>> {
    row.get(at..at.checked_add(field.len)?)?;
    let How::Varying(prefix) = field.how else {
        return Some(at..at + field.len);
    };
    let len = match prefix {
        1 => usize::from(row[at]),
        _ => usize::from(row[at]) | usize::from(row[at + 1]) << 8,
    };
    let start = at + prefix;
    (len <= field.len - prefix).then_some(start..start + len)
}

/// A value's text. Numbers stand with their lowest byte first, unlike in InnoDB.
fn text(field: &Field, raw: &[u8]) -> Option<String> {
    if raw.is_empty() && matches!(field.how, How::Zero) {
        let zeros = vec![0; field.len];
        return text(field, &zeros);
    }
    if !field.is_low {
        return field.kind.text(raw).map(|text| text.into_owned());
    }
    let mut turned: Vec<u8> = raw.iter().rev().copied().collect();
    if field.is_signed {
        *turned.first_mut()? ^= 0x80;
    }
    field.kind.text(&turned).map(|text| text.into_owned())
}

impl Reader for Rows<'_> {
    /// The parts of the file, and one for what deleted rows left.
    fn parts(&self) -> usize {
        self.starts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if let [start, end] = self.starts[part..]
            .iter()
            .copied()
            .take(2)
            .collect::<Vec<_>>()[..]
        {
            let _ = self.rows(start..end, sink);
            return Ok(());
        }
        if !self.deleted.is_empty() {
            self.remnants(sink);
        }
        let end = self.starts[part];
        if end < self.bytes.len() {
            let lost = format!("{} bytes", self.bytes.len() - end);
            return Err(Fault::at(Code::Malformed, end as u64, lost));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    /// What MariaDB wrote; `tests/programs/README.md` tells how. Two rows were made longer, so that each stands in two blocks.
    const ROWS: &[u8] = include_bytes!("../../../tests/programs/mariadb-myisam/members.MYD");
    const DEFINITION: &[u8] = include_bytes!("../../../tests/programs/mariadb-myisam/members.frm");
    const FIXED: &[u8] = include_bytes!("../../../tests/programs/mariadb-myisam-fixed/members.MYD");
    const FIXED_DEFINITION: &[u8] =
        include_bytes!("../../../tests/programs/mariadb-myisam-fixed/members.frm");

    fn beside(definition: &[u8]) -> Context {
        Context {
            definition: Some(Bytes::owned(definition.to_vec())),
            ..context()
        }
    }

    fn row(number: u32, rest: &str) -> String {
        format!("t: 会員番号={number}, {rest}")
    }

    #[test]
    fn rows_of_both_kinds() {
        let second = "氏名=鈴木 由美, フリガナ=スズキ ユミ, 生年月日=1951-08-25, 電話番号=090-5080-0849, \
                      メールアドレス=yumi.suzuki1@example.jp, 住所=大阪府大阪市北区梅田2-3-2";
        for (rows, definition) in [(ROWS, DEFINITION), (FIXED, FIXED_DEFINITION)] {
            let shown = show(&FORMAT, rows, &beside(definition));
            assert_eq!(shown.len(), 8, "{shown:?}");
            assert_eq!(shown[1], row(1002, second));
            assert_eq!(show(&FORMAT, rows, &context()), ["! unsupported"]);
        }
    }

    #[test]
    fn deleted_and_damaged_rows() {
        let len = FIXED.len() / 8;
        let mut rows = FIXED.to_vec();
        rows[2 * len] = 0;
        let shown = show(&FORMAT, &rows, &beside(FIXED_DEFINITION));
        assert_eq!((shown.len(), shown[7].as_str()), (8, "[(deleted rows)]"));
        // What is behind a block that is none.
        let mut rows = ROWS.to_vec();
        let end = block(ROWS, 0).expect("a block begins").end;
        rows[end] = 99;
        let shown = show(&FORMAT, &rows, &beside(DEFINITION));
        assert_eq!((shown.len(), shown[1].as_str()), (2, "! malformed"));
        // A row that is longer than it says.
        let mut rows = ROWS.to_vec();
        rows[10] = 200;
        let shown = show(&FORMAT, &rows, &beside(DEFINITION));
        assert_eq!((shown.len(), shown[7].as_str()), (8, "! malformed"));
    }

    #[test]
    fn anything_ends() {
        for (rows, definition) in [(ROWS, DEFINITION), (FIXED, FIXED_DEFINITION)] {
            for at in 0..definition.len() {
                for value in [0, 1, 0x7f, 0xff] {
                    let mut changed = definition.to_vec();
                    changed[at] = value;
                    show(&FORMAT, rows, &beside(&changed));
                }
                show(&FORMAT, rows, &beside(&definition[..at]));
            }
            for at in 0..rows.len() {
                let mut changed = rows.to_vec();
                changed[at] ^= 0xff;
                show(&FORMAT, &changed, &beside(definition));
                show(&FORMAT, &rows[..at], &beside(definition));
            }
        }
    }
}
