//! Values as InnoDB stores them in the rows of a clustered index.
//!
//! In: a column's type as MySQL numbers it (`enum_field_types` of MySQL's `field_types.h`, the same in MariaDB), and a value's
//! bytes. Out: how many bytes it takes in a row, and its text. Whole numbers stand with their highest byte first, signed
//! ones with the sign turned (MySQL Internals Manual, "InnoDB Record Structure"); times and decimals as in MySQL's own rows
//! ("Date and Time Data Type Representation", `decimal2bin`). Read 2026-11.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::charset::Charset;
use super::document;
use crate::format::json::instant;

/// How a value is turned into text.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format::database) enum Kind {
    /// A whole number of one to eight bytes.
    Int {
        signed: bool,
    },
    Float,
    Double,
    Decimal {
        precision: usize,
        scale: usize,
    },
    /// Year, month and day in three bytes.
    Date,
    /// A time of day, of so many places of a second.
    Time(usize),
    DateTime(usize),
    Timestamp(usize),
    /// Date and time as one number, written before MySQL 5.6.
    Digits,
    /// Seconds since 1970, written before MySQL 5.6.
    Seconds,
    Year,
    /// Text; `padded` where blanks at its end mean nothing.
    Text {
        charset: Charset,
        padded: bool,
    },
    /// Bytes of any meaning: given where they are text.
    Bytes,
    Bits,
    Enum(Vec<String>),
    Set(Vec<String>),
    /// JSON in MySQL's binary form.
    Document,
    /// An address on the internet, of four bytes or sixteen.
    Address,
    /// Shapes on a map and InnoDB's own fields: not given.
    Hidden,
}

/// What a value takes in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format::database) enum Size {
    /// Always so many bytes.
    Fixed(usize),
    /// Its length stands before the row, in one byte.
    Short,
    /// Its length stands before the row, in one byte or two; it may stand on pages of its own.
    Long,
}

/// A column's type.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format::database) struct Type {
    pub(in crate::format::database) kind: Kind,
    pub(in crate::format::database) size: Size,
}

/// What a dictionary says of a column's type.
pub(super) struct Told {
    /// Number of the type in `enum_field_types`.
    pub(super) number: u32,
    /// Longest value in bytes; the width in which numbers and times are shown.
    pub(super) len: usize,
    /// Digits behind the point.
    pub(super) scale: usize,
    pub(super) unsigned: bool,
    /// Number of the collation.
    pub(super) collation: u32,
    /// The values of an `ENUM` or a `SET`.
    pub(super) elements: Vec<String>,
}

/// Values of fixed length beyond this are stored as if of varying length (`DICT_MAX_FIXED_COL_LEN`).
const LONGEST_FIXED: usize = 768;

impl Type {
    /// A field of InnoDB's own.
    pub(super) fn hidden(len: usize) -> Self {
        Self {
            kind: Kind::Hidden,
            size: Size::Fixed(len),
        }
    }

    /// A type that a plugin of MariaDB brings.
    pub(super) fn of_plugin(name: &str) -> Option<Self> {
        let (kind, len) = match name {
            "inet4" => (Kind::Address, 4),
            "inet6" => (Kind::Address, 16),
            "uuid" => (Kind::Hidden, 16),
            _ => return None,
        };
        Some(Self {
            kind,
            size: Size::Fixed(len),
        })
    }

    /// The type by what is told of it; `None` for one that is not known.
    pub(super) fn of(told: Told) -> Option<Self> {
        let signed = !told.unsigned;
        let int = |len| Some((Kind::Int { signed }, Size::Fixed(len)));
        // Digits of a second are shown behind a point.
        let places = |width: usize| told.len.saturating_sub(width + 1).min(6);
        let n_elements = told.elements.len();
        let (kind, size) = match told.number {
            1 => int(1),
            2 => int(2),
            9 => int(3),
            3 => int(4),
            8 => int(8),
            4 => Some((Kind::Float, Size::Fixed(4))),
            5 => Some((Kind::Double, Size::Fixed(8))),
            7 => Some((Kind::Seconds, Size::Fixed(4))),
            10 | 14 => Some((Kind::Date, Size::Fixed(3))),
            11 => Some((Kind::Int { signed: true }, Size::Fixed(3))),
            12 => Some((Kind::Digits, Size::Fixed(8))),
            13 => Some((Kind::Year, Size::Fixed(1))),
            17 => Some((Kind::Timestamp(places(19)), fraction(4, places(19)))),
            18 => Some((Kind::DateTime(places(19)), fraction(5, places(19)))),
            19 => Some((Kind::Time(places(10)), fraction(3, places(10)))),
            246 => decimal(&told),
            247 => {
                let size = if n_elements < 256 { 1 } else { 2 };
                return Some(Self {
                    kind: Kind::Enum(told.elements),
                    size: Size::Fixed(size),
                });
            }
            248 => {
                let size = match n_elements.div_ceil(8) {
                    0 => 1,
                    size @ 1..=4 => size,
                    _ => 8,
                };
                return Some(Self {
                    kind: Kind::Set(told.elements),
                    size: Size::Fixed(size),
                });
            }
            16 => Some((Kind::Bits, Size::Fixed(told.len.div_ceil(8)))),
            245 => Some((Kind::Document, Size::Long)),
            255 | 242 => Some((Kind::Hidden, Size::Long)),
            249..=252 => Some((text(&told, false), Size::Long)),
            15 | 253 => Some((text(&told, false), varying(told.len))),
            254 => Some((text(&told, true), padded(&told))),
            _ => None,
        }?;
        Some(Self { kind, size })
    }
}

/// A time's bytes with those for its places.
fn fraction(len: usize, places: usize) -> Size {
    Size::Fixed(len + places.div_ceil(2))
}

fn varying(longest: usize) -> Size {
    if longest > 255 {
        Size::Long
    } else {
        Size::Short
    }
}

/// `CHAR` is of fixed length where all characters are equally long.
fn padded(told: &Told) -> Size {
    let fixed = Charset::of(told.collation).is_none_or(Charset::is_fixed);
    if fixed && told.len <= LONGEST_FIXED {
        Size::Fixed(told.len)
    } else {
        varying(told.len)
    }
}

fn text(told: &Told, padded: bool) -> Kind {
    match Charset::of(told.collation) {
        Some(charset) => Kind::Text { charset, padded },
        None => Kind::Bytes,
    }
}

/// Bytes of so many digits, up to nine.
const DIGIT_BYTES: [usize; 10] = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

fn decimal(told: &Told) -> Option<(Kind, Size)> {
    let point = usize::from(told.scale > 0);
    let sign = usize::from(!told.unsigned);
    let precision = told.len.checked_sub(point + sign)?;
    let whole = precision.checked_sub(told.scale)?;
    let bytes = |digits: usize| digits / 9 * 4 + DIGIT_BYTES[digits % 9];
    let kind = Kind::Decimal {
        precision,
        scale: told.scale,
    };
    (precision <= 65).then(|| (kind, Size::Fixed(bytes(whole) + bytes(told.scale))))
}

/// A number of up to eight bytes, the highest first.
pub(super) fn number(raw: &[u8]) -> u64 {
    raw.iter().fold(0, |n, &byte| n << 8 | u64::from(byte))
}

/// A number whose sign is turned.
fn signed(raw: &[u8]) -> i64 {
    let bits = 8 * raw.len().clamp(1, 8) as u32;
    let turned = number(raw) ^ (1 << (bits - 1));
    // Move the sign up to the highest bit, and back.
    (turned << (64 - bits)) as i64 >> (64 - bits)
}

impl Kind {
    /// A value's text; `None` where it has none.
    pub(in crate::format::database) fn text<'r>(&self, raw: &'r [u8]) -> Option<Cow<'r, str>> {
        let owned = |text: String| Some(Cow::Owned(text));
        match self {
            Kind::Hidden => None,
            Kind::Text { charset, padded } => {
                let text = charset.decode(raw);
                Some(if *padded { trimmed(text) } else { text })
            }
            Kind::Bytes => {
                let text = std::str::from_utf8(raw).ok()?;
                let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                let text = text.trim_end_matches('\0');
                (!text.contains(control)).then_some(Cow::Borrowed(text))
            }
            _ if raw.is_empty() => match self {
                Kind::Document => None,
                _ => owned(String::new()),
            },
            Kind::Int { signed: true } => owned(signed(raw).to_string()),
            Kind::Int { signed: false } | Kind::Bits => owned(number(raw).to_string()),
            Kind::Float => owned(f32::from_le_bytes(*raw.first_chunk()?).to_string()),
            Kind::Double => owned(f64::from_le_bytes(*raw.first_chunk()?).to_string()),
            Kind::Decimal { precision, scale } => digits(raw, *precision, *scale).map(Cow::Owned),
            Kind::Document => document::text(raw).map(Cow::Owned),
            Kind::Address => match raw.len() {
                4 => owned(Ipv4Addr::from(*raw.first_chunk()?).to_string()),
                _ => owned(Ipv6Addr::from(*raw.first_chunk()?).to_string()),
            },
            Kind::Enum(elements) => {
                let nth = usize::try_from(number(raw)).ok()?.checked_sub(1);
                owned(nth.map_or_else(String::new, |nth| {
                    elements.get(nth).cloned().unwrap_or_default()
                }))
            }
            Kind::Set(elements) => {
                let bits = number(raw);
                let is_set = |nth: &usize| *nth < 64 && bits >> nth & 1 == 1;
                let set = (0..elements.len()).filter(is_set);
                let set: Vec<&str> = set.map(|nth| elements[nth].as_str()).collect();
                owned(set.join(","))
            }
            _ => self.time(raw).map(Cow::Owned),
        }
    }

    fn time(&self, raw: &[u8]) -> Option<String> {
        Some(match self {
            Kind::Date => {
                let n = number(raw) & 0x7f_ffff;
                format!("{:04}-{:02}-{:02}", n >> 9, n >> 5 & 15, n & 31)
            }
            Kind::Year => match raw[0] {
                0 => "0000".to_owned(),
                year => (1900 + u32::from(year)).to_string(),
            },
            Kind::Digits => {
                let n = signed(raw).unsigned_abs();
                let (date, time) = (n / 1_000_000, n % 1_000_000);
                format!("{} {}", split(date, '-'), split(time, ':'))
            }
            Kind::Seconds => moment(number(raw)),
            Kind::Timestamp(places) => {
                let (seconds, rest) = raw.split_at_checked(4)?;
                moment(number(seconds)) + &second(rest, *places)
            }
            Kind::DateTime(places) => {
                let (whole, rest) = raw.split_at_checked(5)?;
                let n = number(whole) & 0x7f_ffff_ffff;
                let (date, time) = (n >> 17, n & 0x1_ffff);
                let (months, day) = (date >> 5, date & 31);
                format!(
                    "{:04}-{:02}-{day:02} {:02}:{:02}:{:02}",
                    months / 13,
                    months % 13,
                    time >> 12,
                    time >> 6 & 63,
                    time & 63
                ) + &second(rest, *places)
            }
            Kind::Time(places) => time_of_day(raw, *places),
            _ => return None,
        })
    }
}

/// Text without the blanks at its end.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches(' ')),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end_matches(' ').len());
            Cow::Owned(text)
        }
    }
}

/// `20240131` as `2024-01-31`, `123456` as `12:34:56`.
fn split(n: u64, by: char) -> String {
    let width = if by == '-' { 4 } else { 2 };
    format!(
        "{:0width$}{by}{:02}{by}{:02}",
        n / 10_000,
        n / 100 % 100,
        n % 100
    )
}

fn moment(seconds: u64) -> String {
    let mut out = Vec::new();
    let millis = i64::try_from(seconds).unwrap_or(0).saturating_mul(1_000);
    instant(millis, &mut out);
    let text = String::from_utf8_lossy(&out).trim_matches('"').to_owned();
    match text.get(..19) {
        _ if seconds == 0 => "0000-00-00 00:00:00".to_owned(),
        Some(text) => text.replace('T', " "),
        // Midnight is told by the date alone.
        None => format!("{text} 00:00:00"),
    }
}

/// The part of a second, with its point.
fn second(raw: &[u8], places: usize) -> String {
    if places == 0 {
        return String::new();
    }
    let width = places.div_ceil(2) * 2;
    let all = format!("{:0width$}", number(raw));
    format!(".{}", all.get(..places).unwrap_or(&all))
}

/// A time of day or a span of it; negative ones are counted down from the middle of the range.
fn time_of_day(raw: &[u8], places: usize) -> String {
    let bits = 8 * raw.len().min(8) as u32;
    let fraction_bits = bits.saturating_sub(24);
    let n = (number(raw) as i64).wrapping_sub(1 << (bits - 1));
    let (sign, n) = (if n < 0 { "-" } else { "" }, n.unsigned_abs());
    let (time, part) = (n >> fraction_bits, n & ((1 << fraction_bits) - 1));
    let bytes = part.to_be_bytes();
    let part = second(&bytes[8 - places.div_ceil(2)..], places);
    let (hour, minute) = (time >> 12 & 0x3ff, time >> 6 & 63);
    format!("{sign}{hour:02}:{minute:02}:{:02}{part}", time & 63)
}

/// A decimal: groups of nine digits in four bytes each, the odd ones at both ends in fewer; a negative one with all bits turned.
fn digits(raw: &[u8], precision: usize, scale: usize) -> Option<String> {
    let negative = raw[0] & 0x80 == 0;
    let turn = if negative { 0xff } else { 0 };
    let mut bytes: Vec<u8> = raw.iter().map(|byte| byte ^ turn).collect();
    bytes[0] ^= 0x80;
    let whole = precision.checked_sub(scale)?;
    let (mut at, mut out) = (0, String::new());
    let mut group = |digits: usize, out: &mut String| {
        let len = DIGIT_BYTES[digits];
        let n = number(bytes.get(at..at + len)?);
        at += len;
        out.push_str(&format!("{n:0digits$}"));
        Some(())
    };
    if !whole.is_multiple_of(9) {
        group(whole % 9, &mut out)?;
    }
    for _ in 0..whole / 9 {
        group(9, &mut out)?;
    }
    let start = out.len() - out.trim_start_matches('0').len();
    let mut text = out.split_off(start.min(out.len().saturating_sub(1)));
    if scale > 0 {
        text.push('.');
        for _ in 0..scale / 9 {
            group(9, &mut text)?;
        }
        if !scale.is_multiple_of(9) {
            group(scale % 9, &mut text)?;
        }
    }
    let sign = if negative && text.contains(|c: char| matches!(c, '1'..='9')) {
        "-"
    } else {
        ""
    };
    Some(format!("{sign}{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(number: u32, len: usize, scale: usize, unsigned: bool) -> Told {
        Told {
            number,
            len,
            scale,
            unsigned,
            collation: 255,
            elements: ["a", "b", "c"].map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn values_are_told() {
        fn check(number: u32, len: usize, scale: usize, unsigned: bool, raw: &[u8], text: &str) {
            let found = Type::of(told(number, len, scale, unsigned)).expect("the type is known");
            if let Size::Fixed(size) = found.size {
                assert_eq!(size, raw.len(), "type {number}");
            }
            assert_eq!(found.kind.text(raw).as_deref(), Some(text), "type {number}");
        }
        check(1, 4, 0, false, &[0x7b], "-5");
        check(2, 5, 0, true, &[0xea, 0x60], "60000");
        check(3, 11, 0, false, &[0x80, 0, 0, 7], "7");
        check(
            8,
            20,
            0,
            false,
            &[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "-1",
        );
        check(4, 12, 31, false, &1.5f32.to_le_bytes(), "1.5");
        check(246, 14, 3, false, &[0x80, 0, 0, 0x2a, 0, 0x7d], "42.125");
        check(
            246,
            14,
            3,
            false,
            &[0x7f, 0xff, 0xff, 0xd5, 0xff, 0x82],
            "-42.125",
        );
        check(246, 5, 0, true, &[0x81, 0x86, 0x9f], "99999");
        check(14, 10, 0, false, &[0x8f, 0x78, 0x3f], "1980-01-31");
        check(
            18,
            19,
            0,
            false,
            &[0x99, 0xb2, 0xbb, 0x7e, 0xfb],
            "2024-02-29 23:59:59",
        );
        check(19, 10, 0, false, &[0x80, 0xc8, 0xb8], "12:34:56");
        check(
            17,
            19,
            0,
            false,
            &[0x65, 0x92, 0, 0x80],
            "2024-01-01 00:00:00",
        );
        check(13, 4, 0, true, &[85], "1985");
        check(247, 4, 0, false, &[2], "b");
        check(248, 8, 0, false, &[5], "a,c");
        check(254, 40, 0, false, b"abc  ", "abc");
        check(15, 40, 0, false, "山田 ".as_bytes(), "山田 ");
        check(16, 10, 0, false, &[2, 1], "513");
        assert_eq!(Type::of(told(6, 0, 0, false)), None);
    }

    #[test]
    fn any_bytes_end() {
        for number in 0..=255 {
            for len in [0, 1, 3, 4, 8, 20, 300] {
                let Some(found) = Type::of(told(number, len, 0, false)) else {
                    continue;
                };
                for size in 0..=len.max(9) {
                    for byte in [0, 1, 0x7f, 0x80, 0xff] {
                        let _ = found.kind.text(&vec![byte; size]);
                    }
                }
            }
        }
    }
}
