//! The cache of a pivot table of an xls workbook: the whole list that the table was made of.
//!
//! In: a stream of the storage `_SX_DB_CUR` ([MS-XLS] 2.1.7.12): fields, each with the values that are in it, then for each record the
//! numbers of its values, or the values themselves where a field keeps none. Out: the records; where there are none, the values of
//! the fields. The name of who last refreshed the cache stands in its head, and is a table of one row.

use std::ops::ControlFlow;

use super::super::gather::Gather;
use super::super::{Context, Format, Head, Reader, Sink, Table};
use super::binary::two;
use crate::source::{Code, Fault};

/// Caches of xls workbooks.
pub(crate) const FORMAT: Format = Format {
    name: "xls-cache",
    title: "Caches of pivot tables in xls workbooks",
    extensions: &[],
    raw: true,
    tabular: true,
    sniff,
    open: |bytes, context| {
        Ok(Box::new(Cache {
            bytes,
            context: context.clone(),
        }))
    },
};

/// Records ([MS-XLS] 2.4): the head, a field, the numbers of a record's values, where the labels of groups begin, and the end.
const HEAD: u16 = 0xc6;
const FIELD: u16 = 0xc7;
const NUMBERS: u16 = 0xc8;
const GROUPS: u16 = 0xd8;
const END: u16 = 0x0a;
/// Values: a number, truth, an error, a whole number, text, a date, nothing.
const DOUBLE: u16 = 0xc9;
const TRUTH: u16 = 0xca;
const ERROR: u16 = 0xcb;
const WHOLE: u16 = 0xcc;
const TEXT: u16 = 0xcd;
const DATE: u16 = 0xce;
const NOTHING: u16 = 0xcf;
/// Flags of a field: it keeps its values, they stand behind each record, their numbers take two bytes.
const KEEPS: u16 = 1;
const BEHIND: u16 = 2;
const WIDE: u16 = 0x200;
/// Bytes of the head with the length of the name of who refreshed it, and of a field before its name.
const HEAD_BYTES: usize = 20;
const FIELD_BYTES: usize = 14;
/// Values that all fields keep.
const VALUES: usize = 1 << 22;

fn sniff(head: &Head<'_>) -> u8 {
    let Some(first) = record(head.bytes, 0) else {
        return 0;
    };
    // What stands behind the head are what Excel 2000 adds to it, and the first field.
    let second = record(head.bytes, first.end).map(|next| next.kind);
    let fits = first.kind == HEAD
        && first.data.len() >= HEAD_BYTES
        && matches!(second, Some(0x122 | FIELD | END));
    if fits { 90 } else { 0 }
}

struct Cache<'a> {
    bytes: &'a [u8],
    context: Context,
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    end: usize,
}

fn record(bytes: &[u8], at: usize) -> Option<Record<'_>> {
    let kind = two(bytes, at)?;
    let len = usize::from(two(bytes, at + 2)?);
    let data = bytes.get(at + 4..at + 4 + len)?;
    Some(Record {
        kind,
        data,
        end: at + 4 + len,
    })
}

#[derive(Default)]
struct Field {
    name: String,
    flags: u16,
    values: Vec<String>,
}

/// A text: its length in signs, whether they take two bytes, and they.
fn text(raw: &[u8], at: usize) -> Option<String> {
    let n = usize::from(two(raw, at)?);
    if n == 0 {
        return Some(String::new());
    }
    let is_wide = raw.get(at + 2)? & 1 == 1;
    let rest = raw.get(at + 3..)?;
    if is_wide {
        let rest = &rest[..rest.len().min(2 * n)];
        return Some(super::binary::wide(rest));
    }
    Some(rest.iter().take(n).map(|&byte| char::from(byte)).collect())
}

/// The text of a value; `None` for what is none.
fn value(record: &Record<'_>) -> Option<String> {
    let raw = record.data;
    Some(match record.kind {
        DOUBLE => f64::from_le_bytes(*raw.first_chunk()?).to_string(),
        WHOLE => i16::from_le_bytes(*raw.first_chunk()?).to_string(),
        TEXT => text(raw, 0)?,
        DATE => {
            let (&[y, year, m, month, day, hour, minute, second], _) = raw.split_first_chunk()?;
            let (year, month) = (
                u16::from_le_bytes([y, year]),
                u16::from_le_bytes([m, month]),
            );
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        TRUTH | ERROR | NOTHING => String::new(),
        _ => return None,
    })
}

impl Cache<'_> {
    fn table(&self, suffix: &str, columns: Vec<Option<String>>) -> Table {
        Table {
            name: format!("{}{suffix}", self.context.stem),
            columns,
            ..Table::default()
        }
    }

    fn head(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let head = record(self.bytes, 0);
        let who = head.and_then(|head| text(head.data, HEAD_BYTES - 2));
        let table = self.table(" (refreshed)", vec![Some("refreshed by".to_owned())]);
        let mut gather = Gather::new(table, &self.context.limits, sink);
        if let Some(who) = who.filter(|who| !who.trim().is_empty()) {
            gather.value(Some(who.trim()));
            gather.end(0)?;
        }
        gather.flush()
    }

    /// The fields of the list, and where the records begin, or where the cache stops being one.
    fn fields(&self) -> (Vec<Field>, usize) {
        // Behind the fields of the list stand those that were made of them.
        let own = record(self.bytes, 0).and_then(|head| two(head.data, 10));
        let own = usize::from(own.unwrap_or(0));
        let (mut fields, mut at, mut kept) = (Vec::<Field>::new(), 0, 0);
        let (mut n_fields, mut is_open) = (0, false);
        while let Some(record) = record(self.bytes, at) {
            match record.kind {
                FIELD => {
                    n_fields += 1;
                    is_open = n_fields <= own;
                    if is_open {
                        fields.push(Field {
                            name: text(record.data, FIELD_BYTES).unwrap_or_default(),
                            flags: two(record.data, 0).unwrap_or(0),
                            values: Vec::new(),
                        });
                    }
                }
                NUMBERS | END => break,
                GROUPS => is_open = false,
                _ => {
                    let field = fields.last_mut().filter(|_| is_open && kept < VALUES);
                    if let (Some(field), Some(value)) = (field, value(&record)) {
                        // A list whose values all stand behind its records has no numbers.
                        if field.flags & (KEEPS | BEHIND) == BEHIND {
                            break;
                        }
                        kept += 1;
                        field.values.push(value);
                    }
                }
            }
            at = record.end;
        }
        (fields, at)
    }

    /// Gives the records; tells where the cache stops being one.
    fn records(
        &self,
        fields: &[Field],
        mut at: usize,
        gather: &mut Gather<'_, '_>,
    ) -> ControlFlow<(), usize> {
        let behind = |field: &Field| field.flags & (KEEPS | BEHIND) == BEHIND;
        let places: Vec<usize> = (0..fields.len())
            .filter(|&nth| behind(&fields[nth]))
            .collect();
        let mut row: Vec<Option<String>> = vec![None; fields.len()];
        let (mut nth, mut is_pending) = (0, false);
        while let Some(record) = record(self.bytes, at) {
            if record.kind == NUMBERS {
                if is_pending {
                    give(&mut row, at, gather)?;
                }
                is_pending = true;
                nth = 0;
                let mut from = 0;
                for (field, cell) in fields.iter().zip(&mut row) {
                    let kept = field.flags & KEEPS != 0;
                    let width = if field.flags & WIDE != 0 { 2 } else { 1 };
                    let raw = record.data.get(from..from + width).filter(|_| kept);
                    let Some(raw) = raw else { continue };
                    from += width;
                    let number = raw
                        .iter()
                        .rev()
                        .fold(0, |n, &byte| n << 8 | usize::from(byte));
                    *cell = field.values.get(number).cloned();
                }
            } else if let (Some(value), Some(&place)) = (value(&record), places.get(nth)) {
                row[place] = Some(value);
                nth += 1;
                is_pending = true;
                if nth == places.len() {
                    give(&mut row, at, gather)?;
                    (nth, is_pending) = (0, false);
                }
            }
            at = record.end;
            if record.kind == END {
                at = self.bytes.len();
            }
        }
        if is_pending {
            give(&mut row, at, gather)?;
        }
        ControlFlow::Continue(at)
    }
}

fn give(row: &mut [Option<String>], at: usize, gather: &mut Gather<'_, '_>) -> ControlFlow<()> {
    for cell in row.iter_mut() {
        gather.value(cell.take().filter(|value| !value.is_empty()).as_deref());
    }
    gather.end(at as u64)
}

impl Reader for Cache<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (fields, at) = self.fields();
        if self.head(sink).is_break() || fields.is_empty() {
            return Ok(());
        }
        let columns = fields.iter().map(|field| Some(field.name.clone()));
        let table = self.table("", columns.collect());
        let mut gather = Gather::new(table, &self.context.limits, sink);
        let has_records = record(self.bytes, at).is_some_and(|record| record.kind != END);
        if !has_records && at < self.bytes.len() {
            let mut row = vec![None; fields.len()];
            for (nth, field) in fields.iter().enumerate() {
                for value in &field.values {
                    row[nth] = Some(value.clone());
                    if give(&mut row, at, &mut gather).is_break() {
                        return Ok(());
                    }
                }
            }
            let _ = gather.flush();
            return Ok(());
        }
        let ControlFlow::Continue(end) = self.records(&fields, at, &mut gather) else {
            return Ok(());
        };
        let _ = gather.flush();
        if end < self.bytes.len() {
            let lost = format!("{} bytes", self.bytes.len() - end);
            return Err(Fault::at(Code::Truncated, end as u64, lost));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn put(kind: u16, data: &[u8]) -> Vec<u8> {
        let len = (data.len() as u16).to_le_bytes();
        [&kind.to_le_bytes()[..], &len, data].concat()
    }

    fn string(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let raw: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        [&(units.len() as u16).to_le_bytes()[..], &[1], &raw].concat()
    }

    fn field(name: &str, flags: u16, values: &[&str]) -> Vec<u8> {
        let head = [&flags.to_le_bytes()[..], &[0; 12], &string(name)].concat();
        let values = values.iter().flat_map(|value| put(TEXT, &string(value)));
        [put(FIELD, &head), put(0x1bb, &[0; 2])]
            .concat()
            .into_iter()
            .chain(values)
            .collect()
    }

    fn cache() -> Vec<u8> {
        let head = [&[0; 10][..], &[4, 0, 5, 0, 0, 0, 1, 0], &string("木村 一")].concat();
        let bought = [&2026_u16.to_le_bytes()[..], &[5, 0, 31, 0, 0, 0]].concat();
        [
            put(HEAD, &head),
            put(0x122, &[0; 8]),
            field("氏名", KEEPS, &["山田 太郎", "Ann Lee"]),
            field(
                "mail",
                KEEPS | WIDE,
                &["taro@example.jp", "ann@example.com"],
            ),
            field("amount", BEHIND, &[]),
            field("bought", BEHIND, &[]),
            // Made of the others.
            field("group", KEEPS, &["some", "all"]),
            put(NUMBERS, &[1, 1, 0]),
            put(DOUBLE, &12.5_f64.to_le_bytes()),
            put(DATE, &bought),
            put(NUMBERS, &[0, 0, 0]),
            put(WHOLE, &[7, 0]),
            put(NOTHING, &[]),
            put(END, &[]),
        ]
        .concat()
    }

    #[test]
    fn records_of_a_cache() {
        let expected = [
            "t (refreshed): refreshed by=木村 一",
            "t: 氏名=Ann Lee, mail=ann@example.com, amount=12.5, bought=2026-05-31",
            "t: 氏名=山田 太郎, mail=taro@example.jp, amount=7",
        ];
        assert_eq!(show(&FORMAT, &cache(), &context()), expected);
        // Without its records it still tells the values of its fields.
        let at = cache()
            .windows(7)
            .position(|some| some == put(NUMBERS, &[1, 1, 0]));
        let short = [&cache()[..at.expect("it is there")], &put(END, &[])[..]].concat();
        assert_eq!(show(&FORMAT, &short, &context()).len(), 5);
    }

    #[test]
    fn anything_ends() {
        let whole = cache();
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                show(&FORMAT, &changed, &context());
            }
            show(&FORMAT, &whole[..at], &context());
        }
    }
}
