//! Numbers: phones, cards and identifiers, from their digits.
//!
//! In: digits, with what stood around them. Out: yes or no. Nothing is searched for.

use crate::pattern::dict;

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

/// Whether digits after `+` are a country code and a number of the length E.164 allows; Japan's by its plan.
pub(super) fn international(d: &[u8]) -> bool {
    if !(8..=15).contains(&d.len()) {
        return false;
    }
    if let [b'8', b'1', rest @ ..] = d {
        return jp_national(rest).is_some();
    }
    match d[0] {
        b'1' => d.len() == 11 && nanp(&d[1..]),
        b'7' => d.len() == 11,
        _ => country_code(d).is_some_and(|n| d.len() - n >= 4),
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

/// Length of the country code (ITU-T E.164 assignments, 2016 list and later changes).
fn country_code(d: &[u8]) -> Option<usize> {
    match (d[0], d[1]) {
        (b'2', b'0' | b'7')
        | (b'3', b'0'..=b'4' | b'6' | b'9')
        | (b'4', b'0' | b'1' | b'3'..=b'9') => Some(2),
        (b'5', b'1'..=b'8')
        | (b'6', b'0'..=b'6')
        | (b'8', b'1' | b'2' | b'4' | b'6')
        | (b'9', b'0'..=b'5' | b'8') => Some(2),
        (b'2', b'1'..=b'6' | b'9')
        | (b'3', b'5' | b'7' | b'8')
        | (b'4', b'2')
        | (b'5', b'0' | b'9') => Some(3),
        (b'6', b'7'..=b'9') | (b'8', b'0' | b'5' | b'7' | b'8') | (b'9', b'6' | b'7' | b'9') => {
            Some(3)
        }
        _ => None,
    }
}

/// The Luhn sum is a multiple of ten (ISO/IEC 7812-1 annex B).
pub(super) fn luhn(d: &[u8]) -> bool {
    let sum: u32 = d
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &b)| {
            let v = u32::from(b - b'0') << (at & 1);
            if v > 9 { v - 9 } else { v }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether an issuer of payment cards has this prefix and this length (ISO/IEC 7812 ranges the networks publish).
pub(super) fn issuer(d: &[u8]) -> bool {
    if !(12..=19).contains(&d.len()) {
        return false;
    }
    let prefix = d[..6]
        .iter()
        .fold(0u32, |n, &b| n * 10 + u32::from(b - b'0'));
    let (p2, p3, p4) = (prefix / 10_000, prefix / 1000, prefix / 100);
    let len = d.len();
    match prefix {
        400_000..=499_999 => matches!(len, 13 | 16 | 19),
        510_000..=559_999 | 222_100..=272_099 => len == 16,
        _ if p2 == 34 || p2 == 37 => len == 15,
        _ if (3528..=3589).contains(&p4) => (16..=19).contains(&len),
        _ if p4 == 2131 || p4 == 1800 => len == 15,
        _ if (300..=305).contains(&p3) || p4 == 3095 || matches!(p2, 36 | 38 | 39) => {
            matches!(len, 14 | 16 | 19)
        }
        _ if p4 == 6011 || (644..=649).contains(&p3) || p2 == 65 || p2 == 62 || p2 == 81 => {
            (16..=19).contains(&len)
        }
        _ if matches!(p4, 5018 | 5020 | 5038 | 5893 | 6304 | 6759)
            || (6761..=6763).contains(&p4)
            || p2 == 56
            || p2 == 57
            || p2 == 58 =>
        {
            true
        }
        _ if p4 == 5019 || p2 == 60 || p2 == 82 || p3 == 508 || p4 == 9792 || prefix == 606_282 => {
            len == 16
        }
        _ if (2200..=2204).contains(&p4) => (16..=19).contains(&len),
        _ => false,
    }
}

/// Whether the digits are a payment card: issuer, length, Luhn, and no filler (fewer than three different digits).
pub(super) fn card(d: &[u8]) -> bool {
    issuer(d) && luhn(d) && {
        let seen = d.iter().fold(0u16, |seen, &b| seen | 1 << (b - b'0'));
        seen.count_ones() >= 2 && !(timestamp(d))
    }
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

/// My Number: the check digit of article 5 of the ordinance (平成26年総務省令第85号).
pub(super) fn my_number(d: &[u8]) -> bool {
    if d.len() != 12 || d.iter().all(|b| b == &d[0]) {
        return false;
    }
    let sum: u32 = (1..=11)
        .map(|n| u32::from(d[11 - n] - b'0') * (if n <= 6 { n + 1 } else { n - 5 }) as u32)
        .sum();
    let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
    u32::from(d[11] - b'0') == check
}

/// Corporate number: the check digit of the ordinance of the Ministry of Finance (平成26年財務省令第70号 第2条).
pub(super) fn corporate_number(d: &[u8]) -> bool {
    if d.len() != 13 {
        return false;
    }
    let sum: u32 = (1..=12)
        .map(|n| u32::from(d[13 - n] - b'0') * if n % 2 == 1 { 1 } else { 2 })
        .sum();
    u32::from(d[0] - b'0') == 9 - sum % 9
}

/// IBAN of the country's length with remainder 1 modulo 97 (ISO 13616-1); blanks allowed.
pub(super) fn iban(text: &[u8]) -> bool {
    let (mut compact, mut len) = ([0u8; 34], 0);
    for &b in text.iter().filter(|&&b| b != b' ' && b != b'-') {
        if len == 34 || !b.is_ascii_alphanumeric() {
            return false;
        }
        compact[len] = b.to_ascii_uppercase();
        len += 1;
    }
    let c = &compact[..len];
    if len < 15 || !c[2].is_ascii_digit() || !c[3].is_ascii_digit() {
        return false;
    }
    let country = IBAN_LENGTHS
        .iter()
        .find(|(code, _)| code.as_bytes() == &c[..2]);
    if country.is_none_or(|&(_, n)| usize::from(n) != len) {
        return false;
    }
    let rest = c[4..].iter().chain(&c[..4]).fold(0u32, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'A' + 10)) % 97,
    });
    rest == 1
}

/// Length by country: the SWIFT registry of IBAN formats.
#[rustfmt::skip]
const IBAN_LENGTHS: &[(&str, u8)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AX", 18), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22), ("BI", 27), ("BL", 27),
    ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DJ", 27), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29),
    ("ES", 24), ("FI", 18), ("FK", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GF", 27), ("GG", 22), ("GI", 23), ("GL", 18), ("GP", 27),
    ("GR", 27), ("GT", 28), ("HN", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IM", 22), ("IQ", 23), ("IS", 26), ("IT", 27), ("JE", 22),
    ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24),
    ("ME", 22), ("MF", 27), ("MK", 19), ("MN", 20), ("MQ", 27), ("MR", 27), ("MT", 31), ("MU", 30), ("NC", 27), ("NI", 28), ("NL", 18), ("NO", 15),
    ("OM", 23), ("PF", 27), ("PK", 24), ("PL", 28), ("PM", 27), ("PS", 29), ("PT", 25), ("QA", 29), ("RE", 27), ("RO", 24), ("RS", 22), ("RU", 33),
    ("SA", 24), ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("SO", 23), ("ST", 25), ("SV", 28), ("TF", 27), ("TL", 23),
    ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("WF", 27), ("XK", 20), ("YE", 30), ("YT", 27),
];

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
            corporate_number,
            &["4808640323957", "5992905090029"],
            &["6306937465783", "6475636269660"],
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
