//! Rows as SQL Server writes them in files of its own form (`bcp -n`, and the data of BACPAC).
//!
//! In: the types of a table's columns, and bytes. Out: the values of each row as text. Before a value stands its length, in
//! one byte to eight by its type, or none (SQL Server, "Specify prefix length in data files"); which of the types without a
//! length of their own have one differs between the programs that write these files, so each way is tried, and the one that
//! reads the most rows is taken.

use crate::format::codepage::codec;
use crate::format::json::instant;

/// Bytes of a file by which the way of writing is told.
const SAMPLE: usize = 1 << 20;
/// Rows of one table that are looked at.
const ROWS: usize = 4_096;
/// Days from 0001-01-01 to 9999-12-31, the last that a `date` can be.
const LAST_DAY: i64 = 3_652_058;

/// A column: its type, whether it may be empty, and the code page of its texts of eight bits where it is not the database's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) page: Option<i32>,
}

/// A type, as far as it matters for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole numbers of so many bytes; one byte has no sign.
    Int(u8),
    Bit,
    /// Floating point numbers of so many bytes.
    Float(u8),
    /// Ten-thousandths, in so many bytes.
    Money(u8),
    /// Days since 1900 and parts of the day: in eight bytes, or four.
    DateTime(u8),
    /// Days since the year 1.
    Date,
    /// A time of day with so many places, and whether a date and an offset follow.
    Time {
        places: u8,
        date: bool,
        offset: bool,
    },
    Decimal,
    Uuid,
    /// Text in UTF-16 (`wide`) or in a code page.
    Text {
        wide: bool,
        size: Size,
    },
    /// Bytes that are no text.
    Binary(Size),
}

/// Bytes of the length before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    One,
    Two,
    Four,
    Eight,
}

/// Which values have a length before them though their type has only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// Numbers and old dates that cannot be empty.
    numbers: bool,
    /// New dates and times, decimals, identifiers that cannot be empty.
    others: [bool; 3],
}

/// The way in which the data of a table are written; `None` when none reads even the first row.
pub(super) fn way(columns: &[Column], bytes: &[u8]) -> Option<Way> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let is_whole = sample.len() == bytes.len();
    let ways = (0..16u8).map(|bits| Way {
        // First what the manual says: a length only where a number may be empty, always for the others.
        numbers: bits & 8 != 0,
        others: [bits & 1 == 0, bits & 2 == 0, bits & 4 == 0],
    });
    let score = |way: &Way| {
        let (mut at, mut n) = (0, 0);
        let mut cells = Vec::new();
        while at < sample.len() && n < ROWS {
            cells.clear();
            match row(columns, *way, sample, at, &mut cells) {
                Some(end) if end > at => at = end,
                _ => break,
            }
            n += 1;
        }
        let is_read = is_whole && at == sample.len();
        (is_read, n)
    };
    // Of ways that read alike the first is taken.
    let mut best: Option<((bool, usize), Way)> = None;
    for way in ways {
        let found = score(&way);
        if found.1 > 0 && best.is_none_or(|(known, _)| found > known) {
            best = Some((found, way));
        }
    }
    best.map(|(_, way)| way)
}

/// Reads one row: where it ends, with a range of the bytes or nothing for each value; `None` for what is no row.
pub(super) fn row(
    columns: &[Column],
    way: Way,
    bytes: &[u8],
    mut at: usize,
    cells: &mut Vec<Option<(usize, usize)>>,
) -> Option<usize> {
    for column in columns {
        let len = match prefix(column, way) {
            Some(size) => {
                let (len, start) = length(size, bytes, at)?;
                at = start;
                len
            }
            None => Some(fixed(column.kind)?),
        };
        let Some(len) = len else {
            cells.push(column.nullable.then_some(None)?);
            continue;
        };
        let end = at.checked_add(len).filter(|&end| end <= bytes.len())?;
        is_right(column.kind, &bytes[at..end]).then_some(())?;
        cells.push(Some((at, end)));
        at = end;
    }
    Some(at)
}

/// The length before a value and where the value begins; no length stands for no value.
fn length(size: Size, bytes: &[u8], at: usize) -> Option<(Option<usize>, usize)> {
    let width = match size {
        Size::One => 1,
        Size::Two => 2,
        Size::Four => 4,
        Size::Eight => 8,
    };
    let raw = bytes.get(at..at.checked_add(width)?)?;
    let empty = raw.iter().all(|&byte| byte == 0xff);
    let len = raw
        .iter()
        .rev()
        .fold(0u64, |len, &byte| len << 8 | u64::from(byte));
    let len = if empty {
        None
    } else {
        Some(usize::try_from(len).ok()?)
    };
    Some((len, at + width))
}

fn prefix(column: &Column, way: Way) -> Option<Size> {
    let when = |always: bool| (always || column.nullable).then_some(Size::One);
    match column.kind {
        Kind::Text { size, .. } | Kind::Binary(size) => Some(size),
        Kind::Int(_) | Kind::Bit | Kind::Float(_) | Kind::Money(_) | Kind::DateTime(_) => {
            when(way.numbers)
        }
        Kind::Date | Kind::Time { .. } => when(way.others[0]),
        Kind::Decimal => when(way.others[1]),
        Kind::Uuid => when(way.others[2]),
    }
}

/// Bytes of a value whose type tells them.
fn fixed(kind: Kind) -> Option<usize> {
    Some(match kind {
        Kind::Int(n) | Kind::Float(n) | Kind::Money(n) | Kind::DateTime(n) => usize::from(n),
        Kind::Bit => 1,
        Kind::Date => 3,
        Kind::Time {
            places,
            date,
            offset,
        } => time_bytes(places) + if date { 3 } else { 0 } + if offset { 2 } else { 0 },
        // Places before and behind the point, the sign, and the number.
        Kind::Decimal => 19,
        Kind::Uuid => 16,
        Kind::Text { .. } | Kind::Binary(_) => return None,
    })
}

fn time_bytes(places: u8) -> usize {
    match places {
        0..=2 => 3,
        3..=4 => 4,
        _ => 5,
    }
}

/// Whether bytes can be a value of a type.
fn is_right(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Bit => matches!(bytes, [0 | 1]),
        Kind::Decimal => {
            matches!(bytes, [1..=38, 0..=38, 0 | 1, rest @ ..] if (4..=16).contains(&rest.len()))
        }
        Kind::Text { wide: true, .. } => {
            bytes.len().is_multiple_of(2)
                && char::decode_utf16(
                    bytes
                        .chunks(2)
                        .map(|two| u16::from_le_bytes([two[0], two[1]])),
                )
                .all(|c| c.is_ok_and(|c| c != '\u{fffe}'))
        }
        Kind::Text { .. } | Kind::Binary(_) => true,
        Kind::Date => fixed(kind) == Some(bytes.len()) && days(bytes) <= LAST_DAY,
        Kind::DateTime(8) => {
            fixed(kind) == Some(bytes.len())
                && (-53_690..=2_958_463).contains(&number(&bytes[..4]))
                && (0..25_920_000).contains(&number(&bytes[4..]))
        }
        _ => fixed(kind) == Some(bytes.len()),
    }
}

/// A number with a sign, the lowest byte first.
fn number(bytes: &[u8]) -> i64 {
    let bits = 64 - 8 * bytes.len().min(8) as u32;
    let number = unsigned(bytes) as i64;
    number
        .checked_shl(bits)
        .map_or(number, |shifted| shifted >> bits)
}

fn unsigned(bytes: &[u8]) -> u64 {
    let bytes = &bytes[..bytes.len().min(8)];
    bytes
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn days(bytes: &[u8]) -> i64 {
    unsigned(&bytes[..bytes.len().min(3)]) as i64
}

/// Days from the year 1 and from 1900 to 1970.
const YEAR_1: i64 = 719_162;
const YEAR_1900: i64 = 25_567;
const DAY: i64 = 86_400_000;

/// A value as text; `None` for what is none. Texts of eight bits are in the code page.
pub(super) fn text(kind: Kind, bytes: &[u8], page: i32) -> Option<String> {
    Some(match kind {
        Kind::Int(1) => unsigned(bytes).to_string(),
        Kind::Int(_) => number(bytes).to_string(),
        Kind::Bit => unsigned(bytes).to_string(),
        Kind::Float(4) => f32::from_le_bytes(bytes.try_into().ok()?).to_string(),
        Kind::Float(_) => f64::from_le_bytes(bytes.try_into().ok()?).to_string(),
        Kind::Money(4) => scaled(number(bytes).into(), 4),
        // The higher half stands first.
        Kind::Money(_) => {
            let high = number(bytes.get(..4)?);
            let low = unsigned(bytes.get(4..)?);
            scaled(i128::from(high) << 32 | i128::from(low), 4)
        }
        Kind::DateTime(4) => {
            let (days, minutes) = (unsigned(bytes.get(..2)?), unsigned(bytes.get(2..)?));
            shown((days as i64 - YEAR_1900) * DAY + minutes as i64 * 60_000)
        }
        Kind::DateTime(_) => {
            let (days, ticks) = (number(bytes.get(..4)?), number(bytes.get(4..)?));
            shown((days - YEAR_1900) * DAY + ticks * 10 / 3)
        }
        Kind::Date => shown((days(bytes) - YEAR_1) * DAY),
        Kind::Time { places, date, .. } => {
            let (time, rest) = bytes.split_at_checked(time_bytes(places))?;
            let units = 10i64.checked_pow(u32::from(places))?;
            let millis = (unsigned(time) as i64).checked_mul(1_000)? / units;
            if date {
                shown((days(rest) - YEAR_1) * DAY + millis)
            } else {
                let day = shown(millis.rem_euclid(DAY));
                day.split_once('T')
                    .map_or("00:00:00", |(_, time)| time)
                    .trim_end_matches('Z')
                    .to_owned()
            }
        }
        Kind::Decimal => {
            let (head, rest) = bytes.split_at_checked(3)?;
            let number = rest
                .iter()
                .rev()
                .fold(0u128, |number, &byte| number << 8 | u128::from(byte));
            let number = i128::try_from(number).ok()?;
            scaled(
                if head[2] == 0 { -number } else { number },
                usize::from(head[1]),
            )
        }
        Kind::Uuid => uuid(bytes.try_into().ok()?),
        Kind::Text { wide: true, .. } => encoding_rs::UTF_16LE
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
        Kind::Text { .. } => codec(page)
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
        Kind::Binary(_) => return None,
    })
}

fn shown(millis: i64) -> String {
    let mut out = Vec::new();
    instant(millis, &mut out);
    String::from_utf8_lossy(&out).trim_matches('"').to_owned()
}

/// A number with so many places behind the point.
fn scaled(number: i128, places: usize) -> String {
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let sign = if number < 0 { "-" } else { "" };
    match places {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part}"),
    }
}

/// The first three groups have the lowest byte first.
fn uuid(bytes: [u8; 16]) -> String {
    let number = |bytes: &[u8]| unsigned(bytes);
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>()
    };
    format!(
        "{:08X}-{:04X}-{:04X}-{}-{}",
        number(&bytes[..4]),
        number(&bytes[4..6]),
        number(&bytes[6..8]),
        hex(&bytes[8..10]),
        hex(&bytes[10..])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_types() {
        fn check(kind: Kind, bytes: &[u8], expected: &str) {
            assert!(is_right(kind, bytes), "{kind:?}");
            assert_eq!(
                text(kind, bytes, 932).as_deref(),
                Some(expected),
                "{kind:?}"
            );
        }
        check(Kind::Int(4), &(-7i32).to_le_bytes(), "-7");
        check(Kind::Int(1), &[200], "200");
        check(Kind::Bit, &[1], "1");
        check(Kind::Float(8), &1.5f64.to_le_bytes(), "1.5");
        check(Kind::Money(4), &123_456i32.to_le_bytes(), "12.3456");
        check(Kind::Money(8), &[0, 0, 0, 0, 0x40, 0xe2, 1, 0], "12.3456");
        check(Kind::Date, &[0xec, 0x08, 0x0b], "1981-01-01");
        // 1900-01-01 is day 0; a tick is a 300th of a second.
        check(
            Kind::DateTime(8),
            &[1, 0, 0, 0, 0x2c, 1, 0, 0],
            "1900-01-02T00:00:01Z",
        );
        check(Kind::DateTime(4), &[1, 0, 61, 0], "1900-01-02T01:01:00Z");
        let time = |date| Kind::Time {
            places: 0,
            date,
            offset: false,
        };
        check(time(false), &[1, 0, 0], "00:00:01");
        check(
            time(true),
            &[1, 0, 0, 0xec, 0x08, 0x0b],
            "1981-01-01T00:00:01Z",
        );
        let decimal = [&[10, 2, 0][..], &1_234u128.to_le_bytes()].concat();
        check(Kind::Decimal, &decimal, "-12.34");
        let mut id = [0u8; 16];
        (id[0], id[15]) = (1, 0xff);
        check(Kind::Uuid, &id, "00000001-0000-0000-0000-0000000000FF");
        let sjis = encoding_rs::SHIFT_JIS.encode("山田").0;
        check(
            Kind::Text {
                wide: false,
                size: Size::Two,
            },
            &sjis,
            "山田",
        );
    }

    #[test]
    fn dates_have_three_bytes() {
        let check = |bytes: &[u8], expected| assert_eq!(is_right(Kind::Date, bytes), expected);
        check(&[0xda, 0xb9, 0x37], true); // 9999-12-31
        check(&[0xdb, 0xb9, 0x37], false);
        check(&[1, 0], false);
        check(&[1, 0, 0, 0], false);
    }

    #[test]
    fn the_way_is_told_by_the_rows() {
        let column = |kind, nullable| Column {
            name: String::new(),
            kind,
            nullable,
            page: None,
        };
        let name = Kind::Text {
            wide: true,
            size: Size::Two,
        };
        let columns = [
            column(Kind::Int(4), false),
            column(name, true),
            column(Kind::Date, false),
        ];
        // A row with and one without a length before the date, which cannot be empty.
        let with = |len: bool| {
            let date = [&[3u8][..usize::from(len)], &[0xdb, 7, 0x0b]].concat();
            let row = [&7i32.to_le_bytes()[..], &2u16.to_le_bytes(), b"a\0", &date].concat();
            [row.clone(), row].concat()
        };
        for len in [true, false] {
            let bytes = with(len);
            let way = way(&columns, &bytes).unwrap();
            assert_eq!(way.others[0], len);
            let mut cells = Vec::new();
            let end = row(&columns, way, &bytes, 0, &mut cells).unwrap();
            assert_eq!((end, cells.len()), (bytes.len() / 2, 3));
        }
        assert_eq!(way(&columns, b"xx"), None);
    }
}
