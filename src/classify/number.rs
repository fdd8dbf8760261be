//! Numbers: phones, cards and identifiers, from their digits.
//!
//! In: digits, with what stood around them. Out: yes or no. Nothing is searched for.

use crate::pattern::{check, dict, phones};

/// The digits of a written number, and how it was written; ASCII only (full width is narrowed before).
#[derive(Clone, Copy)]
pub(super) struct Written {
    digits: [u8; 32],
    len: usize,
    /// Groups of digits.
    pub(super) groups: usize,
    /// Length of the first four groups.
    pub(super) group: [u8; 8],
    /// It began with `+`.
    pub(super) plus: bool,
    /// It has brackets.
    pub(super) brackets: bool,
}

impl Written {
    /// Reads digits in groups that blanks, hyphens, dots, slashes or brackets separate; `None` when there is anything else, when two and more separators follow
    /// each other (but for brackets and blanks), or when there are more than 32 digits.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut w = Written {
            digits: [0; 32],
            len: 0,
            groups: 0,
            group: [0; 8],
            plus: false,
            brackets: false,
        };
        let (mut in_group, mut separators, mut open) = (false, 0, 0i32);
        for (at, &b) in text.iter().enumerate() {
            match b {
                b'0'..=b'9' => {
                    if w.len == 32 {
                        return None;
                    }
                    if !in_group {
                        w.groups += 1;
                        in_group = true;
                        separators = 0;
                    }
                    w.digits[w.len] = b;
                    w.len += 1;
                    if w.groups <= 8 {
                        w.group[w.groups - 1] += 1;
                    }
                    continue;
                }
                b'+' if w.len == 0 && !w.plus => w.plus = true,
                b'(' if open == 0 => {
                    open = 1;
                    w.brackets = true;
                }
                b')' if open == 1 => open = 0,
                b' ' => {}
                b'-' | b'.' | b'/' if at > 0 => {
                    separators += 1;
                    if separators > 1 {
                        return None;
                    }
                }
                _ => return None,
            }
            in_group = false;
        }
        (w.len > 0 && open == 0).then_some(w)
    }

    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..self.len]
    }

    /// Whether its first six digits are a day: 311290 or 901231.
    fn begins_with_date(&self) -> bool {
        let pair = |at: usize| {
            self.digits[at..at + 2]
                .iter()
                .fold(0, |n, b| n * 10 + b - b'0')
        };
        let day = |day: u8| (1..=31).contains(&day);
        (1..=12).contains(&pair(2)) && (day(pair(0)) || day(pair(4)))
    }

    /// Whether its groups are those of numbers that are no phones: four digits twice and three or four (parcels, lots, identity cards), 3, 2 and
    /// 4 or 5 (US social security, companies of Korea), or a date in six digits and five or seven more (identity numbers of Korea and Latvia).
    pub(super) fn is_no_phone(&self) -> bool {
        let trunk = self.digits[0] == b'0' || self.brackets;
        self.groups == 3 && !trunk && matches!(self.group[..3], [4, 4, 3] | [3, 2, 4 | 5])
            || self.groups == 3 && !self.brackets && self.group[..3] == [4; 3]
            // 5340-01-234-5678: a stock number of NATO (STANAG 3150).
            || self.groups == 4 && !trunk && self.group[..4] == [4, 2, 3, 4]
            || self.groups == 2 && matches!(self.group[..2], [6, 5 | 7]) && self.begins_with_date()
    }
}

/// What kind of line a Japanese number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Mobile,
    Fixed,
    Ip,
    Service,
}

/// The line of a number of the Japanese plan, its leading 0 with it (plan of the Ministry of Internal Affairs and Communications).
pub(super) fn jp_line(d: &[u8]) -> Option<Line> {
    if d.first() != Some(&b'0') || d.iter().all(|&b| b == b'0') {
        return None;
    }
    match (d.len(), d) {
        (11, [_, b'8', b'0', b'0', ..]) => Some(Line::Service),
        (11, [_, b'6'..=b'9', b'0', b'1'..=b'9', ..]) => Some(Line::Mobile),
        (11, [_, b'5', b'0', b'1'..=b'9', ..]) => Some(Line::Ip),
        (10, [_, b'1', b'2', b'0', ..] | [_, b'5', b'7', b'0', ..] | [_, b'9', b'9', b'0', ..]) => {
            Some(Line::Service)
        }
        (10, _) => {
            let area = dict::area_code(d)?;
            (d[area] != b'0').then_some(Line::Fixed)
        }
        _ => None,
    }
}

/// Whether digits after `+` are a country code and a number of its plan; Japan's by area codes too.
pub(super) fn international(d: &[u8]) -> bool {
    if !(6..=15).contains(&d.len()) {
        return false;
    }
    match d {
        [b'8', b'1', rest @ ..] => jp_national(rest).is_some(),
        [b'1', rest @ ..] => nanp(rest),
        d => phones::in_plan(d),
    }
}

/// The line of a Japanese number behind +81, where its 0 is left out or (wrongly) kept.
pub(super) fn jp_national(rest: &[u8]) -> Option<Line> {
    let mut d = [b'0'; 16];
    let skip = usize::from(rest.first() != Some(&b'0'));
    let len = rest.len() + skip;
    if len > 11 {
        return None;
    }
    d[skip..len].copy_from_slice(rest);
    jp_line(&d[..len])
}

/// Whether ten digits are a number of the North American plan: area and exchange begin with 2 to 9, and are no service code.
pub(super) fn nanp(d: &[u8]) -> bool {
    d.len() == 10
        && (b'2'..=b'9').contains(&d[0])
        && (b'2'..=b'9').contains(&d[3])
        && d[1..3] != *b"11"
        && d[4..6] != *b"11"
}

/// The Luhn sum is a multiple of ten.
pub(super) fn luhn(d: &[u8]) -> bool {
    check::luhn(text(d))
}

/// Whether an issuer of payment cards has this prefix and this length.
pub(super) fn issuer(d: &[u8]) -> bool {
    check::issuer(text(d)).is_some()
}

/// Whether the digits are a payment card: issuer, length, Luhn, no filler, and no date with a time.
pub(super) fn card(d: &[u8]) -> bool {
    check::card(text(d)).is_some() && !timestamp(d)
}

/// Whether 14 and more digits begin as a date and a time do (`20170429233445`).
pub(super) fn timestamp(d: &[u8]) -> bool {
    let two = |at: usize| u32::from(d[at] - b'0') * 10 + u32::from(d[at + 1] - b'0');
    matches!(d.len(), 14 | 16 | 17)
        && (19..=20).contains(&two(0))
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && two(8) < 24
        && two(10) < 60
        && two(12) < 60
}

/// My Number, by its check digit.
pub(super) fn my_number(d: &[u8]) -> bool {
    check::jp_my_number(text(d))
}

/// IBAN of the country's length with a valid check; blanks and hyphens allowed.
pub(super) fn iban(written: &[u8]) -> bool {
    written
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-'))
        && check::iban(text(written))
}

/// Digits as the text that checks read.
fn text(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let check = |f: fn(&[u8]) -> bool, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|t| assert!(f(t.as_bytes()), "{t}"));
            bad.iter().for_each(|t| assert!(!f(t.as_bytes()), "{t}"));
        };
        check(
            card,
            &[
                "4111111111111111",
                "5555555555554444",
                "2223003122003222",
                "378282246310005",
                "3530111333300000",
                "30569309025904",
                "6011111111111117",
            ],
            &[
                "4111111111111112",
                "0000000000000000",
                "20170429233445",
                "1234567812345678",
                "411111111111111",
            ],
        );
        check(
            my_number,
            &["787789328790", "217421809673", "123456789018"],
            &["828915699300", "123456789012", "000000000000"],
        );
        check(
            iban,
            &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"],
            &["GB82WEST12345698765433", "DE8937040044053201300", "JP"],
        );
        check(
            |d| jp_line(d).is_some(),
            &[
                "0312345678",
                "09012345678",
                "0120123456",
                "05012345678",
                "08001234567",
            ],
            &["0000000000", "1234567890", "09002345678", "031234567"],
        );
        check(
            international,
            &["81312345678", "12125550123", "447700900123"],
            &["81012", "991", "11111111111"],
        );
    }

    #[test]
    fn written_numbers() {
        let read = |t: &str| {
            Written::read(t.as_bytes())
                .map(|w| (String::from_utf8_lossy(w.digits()).into_owned(), w.groups))
        };
        assert_eq!(read("(03) 1234-5678"), Some(("0312345678".into(), 3)));
        assert_eq!(read("+81-3-1234-5678"), Some(("81312345678".into(), 4)));
        assert_eq!(read("03--1234"), None);
        assert_eq!(read("(03"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("1a"), None);
    }
}
