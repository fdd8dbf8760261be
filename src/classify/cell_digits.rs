//! The shapes of a cell of digits and of the signs that numbers are written with: counters, dates, phones, cards, postal codes.
//!
//! In: an ASCII cell (full width already narrowed) and the count of its classes. Out: shapes added to those it has.

use super::cell::{Counts, ip, ipv4};
use super::identity_cells;
use super::number::{self, Written};
use super::{Shape, Shapes};
use crate::text::{Date, read_date};

/// Years in which grown-ups who live were born.
const BIRTHS: std::ops::RangeInclusive<u16> = 1916..=2009;

pub(super) fn digits_only(d: &[u8], out: &mut Shapes) {
    out.insert(Shape::Digits);
    out.insert(Shape::Integer);
    let value = d
        .iter()
        .take(4)
        .fold(0u32, |n, &b| n * 10 + u32::from(b - b'0'));
    match d.len() {
        1..=3 => {
            if value <= 130 && (d.len() == 1 || d[0] != b'0') {
                out.insert(Shape::AgeLike);
            }
            if d.len() == 1 && matches!(d[0], b'0' | b'1' | b'2' | b'9') {
                out.insert(Shape::Gender);
                if d[0] < b'2' {
                    out.insert(Shape::Bool);
                }
            }
            if d.len() == 3 {
                out.insert(Shape::Digits3Or4);
            }
        }
        4 => out.insert(Shape::Digits3Or4),
        5 => out.insert(Shape::PostalUs),
        7 => {
            out.insert(Shape::Digits7);
        }
        8 if Date::new(value, pair(d, 4), pair(d, 6))
            .is_some_and(|d| (1850..2200).contains(&d.year)) =>
        {
            out.insert(Shape::Date);
            if BIRTHS.contains(&(value as u16)) {
                out.insert(Shape::AgeLike);
            }
        }
        12 => {
            out.insert(Shape::Digits12);
            if number::my_number(d) {
                out.insert(Shape::MyNumber);
            }
        }
        14 if number::timestamp(d) => out.insert(Shape::DateTime),
        _ => {}
    }
    if matches!(d.len(), 11 | 13 | 15 | 18) && identity_cells::bare(d) {
        out.insert(Shape::NationalId);
    }
    phone_digits(d, out);
    cards(d, out);
}

pub(super) fn pair(d: &[u8], at: usize) -> u32 {
    u32::from(d[at] - b'0') * 10 + u32::from(d[at + 1] - b'0')
}

/// Bare digits as a phone number.
pub(super) fn phone_digits(d: &[u8], out: &mut Shapes) {
    if !(9..=13).contains(&d.len()) {
        return;
    }
    if number::jp_line(d).is_some() {
        out.insert(Shape::PhoneJp);
    } else if let [b'8', b'1', rest @ ..] = d {
        if number::jp_national(rest).is_some() && rest[0] != b'0' {
            out.insert(Shape::PhoneJp);
        }
    } else if d[0] != b'0' && d.len() <= 10 && number::jp_national(d).is_some()
        || number::nanp(d)
        || matches!(d, [b'1', b'3'..=b'9', ..] if d.len() == 11)
    {
        out.insert(Shape::PhoneLoose);
    }
}

pub(super) fn cards(d: &[u8], out: &mut Shapes) {
    if !(12..=19).contains(&d.len()) || !number::issuer(d) || number::timestamp(d) {
        return;
    }
    out.insert(if number::card(d) {
        Shape::Card
    } else {
        Shape::CardLike
    });
}

/// Digits and signs, no letter.
pub(super) fn digits_with_signs(cell: &str, counts: &Counts, out: &mut Shapes) {
    let bytes = cell.as_bytes();
    numeric(bytes, counts, out);
    if bytes.len() <= 7 && age_band(bytes) {
        out.insert(Shape::AgeLike);
    }
    if counts.colons > 0 {
        time_or_ip(cell, counts, out);
        return;
    }
    if counts.dots == 3 && counts.digits as usize + 3 == bytes.len() && ipv4(bytes) {
        out.insert(Shape::Ip);
        return;
    }
    if counts.digits >= 5 && counts.digits <= 8 && date(cell, out) {
        return;
    }
    month_year(bytes, out);
    postal(bytes, out);
    if bytes[0] == b'#' && counts.digits as usize + 1 == bytes.len() {
        out.insert(Shape::Code); // #1001
    }
    if counts.others > 0 && !bytes.starts_with(b"#") {
        return;
    }
    if counts.hyphens > 0
        && counts.digits >= 3
        && counts.digits <= 9
        && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'-')
        && bytes[0] != b'-'
    {
        out.insert(Shape::JpStreet); // 1-2-3
    }
    let Some(written) = Written::read(bytes) else {
        return;
    };
    let d = written.digits();
    if (9..=14).contains(&d.len()) && written.groups >= 2 && identity_cells::written(cell) {
        out.insert(Shape::NationalId);
    }
    // 0.378123567 is no 037-812-3567.
    let fraction = counts.dots == 1 && written.groups == 2 && bytes.starts_with(b"0.");
    if isbn(bytes, &written) || fraction {
        return;
    }
    phone_written(&written, out);
    if !written.plus && !written.brackets && counts.dots == 0 && counts.slashes == 0 {
        let fours = written.group[..written.groups.min(8)]
            .iter()
            .all(|&n| n == 4);
        match d.len() {
            12 if fours => {
                out.insert(Shape::Digits12);
                if number::my_number(d) {
                    out.insert(Shape::MyNumber);
                }
            }
            _ => {}
        }
        if written.groups >= 3 || written.groups == 2 && written.group[0] >= 4 {
            cards(d, out);
        }
    }
}

/// The number of a book as it is printed: 978 or 979 and four more groups, 13 digits in all (ISO 2108).
pub(super) fn isbn(bytes: &[u8], written: &Written) -> bool {
    let prefix = bytes.starts_with(b"978") || bytes.starts_with(b"979");
    prefix && written.groups == 5 && written.group[0] == 3 && written.digits().len() == 13
}

/// An age band as surveys write it: `20-24`, `20~29`, `65+`.
fn age_band(bytes: &[u8]) -> bool {
    let years = |digits: &[u8]| {
        let all = (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        let read = |n: u32, &b: &u8| n * 10 + u32::from(b - b'0');
        all.then(|| digits.iter().fold(0, read))
            .filter(|&years| years <= 130)
    };
    if let Some(lower) = bytes.strip_suffix(b"+") {
        return years(lower).is_some();
    }
    bytes
        .iter()
        .position(|b| matches!(b, b'-' | b'~'))
        .is_some_and(|at| {
            matches!((years(&bytes[..at]), years(&bytes[at + 1..])), (Some(a), Some(b)) if a < b)
        })
}

/// Integers with sign and thousands, decimals.
pub(super) fn numeric(bytes: &[u8], counts: &Counts, out: &mut Shapes) {
    let body = bytes
        .strip_prefix(b"-")
        .or_else(|| bytes.strip_prefix(b"+"))
        .unwrap_or(bytes);
    if body.is_empty()
        || !body
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
        || counts.dots > 1
        || !body[0].is_ascii_digit()
    {
        return;
    }
    let whole = body.split(|&b| b == b'.').next().unwrap_or(body);
    let mut parts = whole.split(|&b| b == b',');
    let grouped = parts
        .next()
        .is_some_and(|p| p.len() <= 3 || !whole.contains(&b','))
        && parts.all(|p| p.len() == 3);
    if grouped {
        out.insert(if counts.dots == 1 {
            Shape::Decimal
        } else {
            Shape::Integer
        });
    } else if counts.dots == 0 && counts.signs == 1 {
        out.insert(Shape::Decimal); // 3,14
    }
}

pub(super) fn phone_written(written: &Written, out: &mut Shapes) {
    let d = written.digits();
    let groups = written.groups;
    let loose = (7..=15).contains(&d.len()) && (2..=5).contains(&groups);
    // 38 63 79 40
    let pairs = d.len() == 8 && groups == 4 && written.group[..4] == [2; 4];
    if written.plus {
        if number::international(d) {
            out.insert(Shape::PhoneIntl);
            if d.starts_with(b"81") {
                out.insert(Shape::PhoneJp);
            }
        } else if loose {
            out.insert(Shape::PhoneLoose);
        }
        return;
    }
    if (1..=4).contains(&groups)
        && number::jp_line(d).is_some()
        && (groups == 1 || written.group[..groups.min(8)].iter().all(|&n| n >= 1))
    {
        out.insert(Shape::PhoneJp);
    } else if loose && (d.len() >= 9 || written.brackets || pairs) && !written.is_no_phone()
        || d.len() == 7 && groups == 2 && written.group[0] == 3
    {
        out.insert(Shape::PhoneLoose);
    }
}

/// A date that is all of the cell.
pub(super) fn date(cell: &str, out: &mut Shapes) -> bool {
    if let Some(date) = iso_date(cell.as_bytes()) {
        out.add(date);
        return true;
    }
    let date = written_date(cell);
    out.add(date);
    date != Shapes::NONE
}

/// The shapes of a date that is all of the cell, read word by word.
pub(super) fn written_date(cell: &str) -> Shapes {
    let Some(read) = read_date(cell, false).filter(|read| read.end == cell.len()) else {
        return Shapes::NONE;
    };
    match (read.time, read.era) {
        (true, _) => Shapes::of(&[Shape::DateTime]),
        (_, true) if BIRTHS.contains(&read.date.year) => {
            Shapes::of(&[Shape::EraDate, Shape::AgeLike])
        }
        (_, true) => Shapes::of(&[Shape::EraDate]),
        _ => day(read.date.year),
    }
}

/// The shapes of a date without a time.
fn day(year: u16) -> Shapes {
    if BIRTHS.contains(&year) {
        Shapes::of(&[Shape::Date, Shape::AgeLike])
    } else {
        Shapes::of(&[Shape::Date])
    }
}

/// `1985-04-03` or `1985/04/03`, with ` 10:20:30` or without: what most dates of a table look like.
pub(super) fn iso_date(b: &[u8]) -> Option<Shapes> {
    let separator = *b.get(4).filter(|s| matches!(s, b'-' | b'/'))?;
    let form: &[u8] = match b.len() {
        10 => b"dddd-dd-dd",
        19 => b"dddd-dd-dd dd:dd:dd",
        _ => return None,
    };
    let fits = b.iter().zip(form).all(|(&b, form)| match form {
        b'd' => b.is_ascii_digit(),
        b'-' => b == separator,
        form => b == *form,
    });
    let day = fits
        .then(|| Date::new(pair(b, 0) * 100 + pair(b, 2), pair(b, 5), pair(b, 8)))
        .flatten()?;
    if !(1000..3000).contains(&day.year) {
        return None;
    }
    if b.len() == 10 {
        return Some(self::day(day.year));
    }
    (pair(b, 11) < 24 && pair(b, 14) < 60 && pair(b, 17) < 60)
        .then_some(Shapes::of(&[Shape::DateTime]))
}

pub(super) fn time_or_ip(cell: &str, counts: &Counts, out: &mut Shapes) {
    let bytes = cell.as_bytes();
    if counts.digits >= 7 && date(cell, out) {
        return;
    }
    let mut parts = bytes.split(|&b| b == b':');
    let clock = parts.clone().count() <= 3
        && parts
            .next()
            .is_some_and(|p| (1..=2).contains(&p.len()) && p.iter().all(u8::is_ascii_digit))
        && parts.all(|p| {
            p.len() >= 2
                && p[..2].iter().all(u8::is_ascii_digit)
                && p.get(2).is_none_or(|&b| b == b'.')
        });
    if clock {
        out.insert(Shape::Time);
    } else if ip(cell) {
        out.insert(Shape::Ip);
    }
}

pub(super) fn month_year(bytes: &[u8], out: &mut Shapes) {
    let month = |b: &[u8]| {
        b.len() == 2 && b.iter().all(u8::is_ascii_digit) && (1..=12).contains(&pair(b, 0))
    };
    let year = |b: &[u8]| {
        b.iter().all(u8::is_ascii_digit)
            && (b.len() == 2 && pair(b, 0) >= 10 || b.len() == 4 && pair(b, 0) == 20)
    };
    let is = match bytes.len() {
        5 if bytes[2] == b'/' || bytes[2] == b'-' => month(&bytes[..2]) && year(&bytes[3..]),
        7 if bytes[2] == b'/' || bytes[2] == b'-' => month(&bytes[..2]) && year(&bytes[3..]),
        7 if bytes[4] == b'/' || bytes[4] == b'-' => year(&bytes[..4]) && month(&bytes[5..]),
        _ => false,
    };
    if is {
        out.insert(Shape::MonthYear);
    }
}

pub(super) fn postal(bytes: &[u8], out: &mut Shapes) {
    let shape = |s: &[u8]| {
        bytes.len() == s.len()
            && bytes.iter().zip(s).all(|(b, s)| {
                if *s == b'9' {
                    b.is_ascii_digit()
                } else {
                    b == s
                }
            })
    };
    if shape(b"999-9999") {
        out.insert(Shape::PostalJp);
    } else if shape(b"99999-9999") {
        out.insert(Shape::PostalUs);
    } else if shape(b"99999-999") || shape(b"99-999") || shape(b"9999-999") || shape(b"999 99") {
        out.insert(Shape::PostalOther);
    }
}
