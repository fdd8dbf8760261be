//! Birth dates: written in many ways, with day and month in an order that one value does not tell.

use unicode_normalization::UnicodeNormalization;

use crate::text::parse_date;

/// A birth date as `yyyymmdd`, with `~` before it when day and month may be the other way round; empty when unreadable, out of
/// range or a default of systems (1900-01-01, 1970-01-01). Two-digit years at the end are those from 1930 to 2029.
pub(super) fn birth(text: &str, out: &mut String) {
    out.clear();
    if let Some([year, month, day]) = iso(text.as_bytes()) {
        return put(year, month, day, false, out);
    }
    let folded: String;
    let text = if text.is_ascii() {
        text
    } else {
        folded = text.nfkc().collect();
        &folded
    };
    let (era, rest) = split_era(text.trim());
    let mut numbers = [0u32; 3];
    let mut lengths = [0usize; 3];
    let Some(count) = scan(rest, &mut numbers, &mut lengths) else {
        return;
    };
    if count < 3
        && era.is_none()
        && text.contains(char::is_alphabetic)
        && let Some(date) = parse_date(text, true)
    {
        // The month is a word of another language.
        let [month, day] = [date.month, date.day].map(u32::from);
        return put(date.year.into(), month, day, false, out);
    }
    let [a, b, c] = numbers;
    match (count, era) {
        (3, Some(base)) => put(base + a, b, c, false, out),
        (3, None) if lengths[0] == 4 => put(a, b, c, false, out),
        (3, None) if lengths[2] == 4 => put_unordered(c, a, b, out),
        (3, None) if lengths[2] == 2 && lengths[0] <= 2 => {
            put_unordered(if c < 30 { 2000 + c } else { 1900 + c }, a, b, out)
        }
        (1, Some(base)) if lengths[0] == 6 => {
            put(base + a / 10_000, a / 100 % 100, a % 100, false, out)
        }
        (1, None)
            if lengths[0] == 8
                && (1000..2100).contains(&(a / 10_000))
                && (1..=12).contains(&(a / 100 % 100)) =>
        {
            put(a / 10_000, a / 100 % 100, a % 100, false, out);
        }
        (1, None) if lengths[0] == 8 => {
            put_unordered(a % 10_000, a / 1_000_000, a / 10_000 % 100, out)
        }
        _ => {}
    }
}

/// Year, month and day of `1985-04-03`, as most dates of tables are written.
fn iso(text: &[u8]) -> Option<[u32; 3]> {
    let is_sign = |at: usize| matches!(text[at], b'-' | b'/' | b'.');
    if text.len() != 10 || !is_sign(4) || !is_sign(7) {
        return None;
    }
    let number = |digits: &[u8]| {
        let mut digits = digits.iter();
        digits.try_fold(0, |n, digit| {
            let is_digit = digit.is_ascii_digit();
            is_digit.then(|| n * 10 + u32::from(digit - b'0'))
        })
    };
    Some([
        number(&text[..4])?,
        number(&text[5..7])?,
        number(&text[8..])?,
    ])
}

/// Year, month and day that stand in three columns.
pub(super) fn birth_of_parts(year: &str, month: &str, day: &str, out: &mut String) {
    birth(
        &format!("{}-{}-{}", year.trim(), month.trim(), day.trim()),
        out,
    );
}

const ERAS: [(&str, u32); 9] = [
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("大正", 1911),
    ("明治", 1867),
    ("r", 2018),
    ("h", 1988),
    ("s", 1925),
    ("t", 1911),
];

fn split_era(text: &str) -> (Option<u32>, &str) {
    for (name, base) in ERAS {
        if let Some(head) = text.get(..name.len())
            && head.eq_ignore_ascii_case(name)
            && text[name.len()..]
                .trim_start_matches('.')
                .starts_with(|c: char| c.is_ascii_digit() || c == '元')
        {
            return (Some(base), &text[name.len()..]);
        }
    }
    (None, text)
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The first three numbers; a time of day after them is left. `None` when something else stands between.
fn scan(text: &str, numbers: &mut [u32; 3], lengths: &mut [usize; 3]) -> Option<usize> {
    let first_year: String;
    let mut rest = text;
    if !text.is_ascii() {
        first_year = text.replace('元', "1");
        rest = &first_year;
    }
    let mut count = 0;
    while count < 3 {
        rest = rest.trim_start_matches([' ', '-', '/', '.', ',', '年', '月', '日']);
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        if len > 0 && len <= 8 {
            numbers[count] = rest[..len].parse().ok()?;
            lengths[count] = len;
            rest = &rest[len..];
        } else if let Some(month) = rest.get(..3).and_then(|word| {
            MONTHS
                .iter()
                .position(|known| word.eq_ignore_ascii_case(known))
        }) {
            numbers[count] = month as u32 + 1;
            lengths[count] = 0;
            rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        } else {
            break;
        }
        count += 1;
    }
    Some(count)
}

fn put_unordered(year: u32, first: u32, second: u32, out: &mut String) {
    match (first, second) {
        (13.., _) => put(year, second, first, false, out),
        (_, 13..) => put(year, first, second, false, out),
        _ => put(
            year,
            first.min(second),
            first.max(second),
            first != second,
            out,
        ),
    }
}

fn put(year: u32, month: u32, day: u32, ambiguous: bool, out: &mut String) {
    let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let valid = (1000..2100).contains(&year)
        && (1..=12).contains(&month)
        && day >= 1
        && day <= longest[month as usize - 1];
    let default = (month, day) == (1, 1) && matches!(year, 1900 | 1970);
    if valid && !default {
        if ambiguous {
            out.push('~');
        }
        let date = year * 10_000 + month * 100 + day;
        let places = (0..8).rev().map(|place| date / 10u32.pow(place) % 10);
        out.extend(places.filter_map(|digit| char::from_digit(digit, 10)));
    }
}
