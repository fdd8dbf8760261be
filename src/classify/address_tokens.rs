//! Words of a text as an address reads them.
//!
//! In: a text and a place in it. Out: the words from there to the next sign that no address has in it, each with what it may be in an address.

use crate::pattern::streets::{self, Role};

use super::latin::STATE_CODES;

/// Words that are read at most from one place.
pub(super) const MOST: usize = 64;

/// One word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    /// The word without the signs behind it.
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) role: Role,
    /// A house number, a postal code or a part of one: it begins with a digit, or is `B-1010`.
    pub(super) number: bool,
    /// `5th`.
    pub(super) ordinal: bool,
    pub(super) capital: bool,
    /// A comma follows.
    pub(super) comma: bool,
    /// A dot follows.
    pub(super) dot: bool,
    /// A new line follows.
    pub(super) last: bool,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Digits only.
    pub(super) fn digits(&self) -> Option<usize> {
        self.text
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then_some(self.text.len())
    }

    /// Code of a state or province, in capitals: `IL`, `NSW`; dots allowed (`N.Y.`).
    pub(super) fn state_code(&self) -> bool {
        match self.text.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
                STATE_CODES.contains(&self.text)
            }
            [_, _, _] => ["NSW", "VIC", "QLD", "TAS", "ACT"].contains(&self.text),
            [a, b'.', b, ..] if self.text.len() <= 4 => {
                STATE_CODES.iter().any(|s| s.as_bytes() == [*a, *b])
            }
            _ => false,
        }
    }

    /// Five digits, or nine with a hyphen or without.
    pub(super) fn zip(&self) -> bool {
        let hyphen = self.text.as_bytes().get(5) == Some(&b'-');
        let digits = self.text.bytes().filter(u8::is_ascii_digit).count();
        (matches!(digits, 5 | 9) && digits == self.text.len())
            || digits == 9 && hyphen && self.text.len() == 10
    }

    /// A postal code of digits as many countries write them: three to six, letters of the country or a hyphen among them.
    pub(super) fn postcode(&self) -> bool {
        let text = match self.text.split_once('-') {
            Some((country, rest))
                if (1..=2).contains(&country.len())
                    && country.bytes().all(|b| b.is_ascii_uppercase()) =>
            {
                rest
            }
            _ => self
                .text
                .trim_start_matches(|c: char| c.is_ascii_uppercase()),
        };
        if self.text.len() - text.len() > 3 {
            return false;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let hyphens = text.bytes().filter(|&b| b == b'-').count();
        digits + hyphens == text.len()
            && match hyphens {
                0 => (3 + usize::from(self.text.len() == text.len())..=6).contains(&digits),
                1 => matches!(
                    (digits, text.find('-')),
                    (5, Some(2)) | (7, Some(4 | 3)) | (8, Some(5))
                ),
                _ => false,
            }
    }
}

/// Whether a number is that of a measure, with the unit behind it or as the next word: `9km NE of Anza`, `5 miles`. `5 Mile Road` is a street.
pub(super) fn measures(word: &str, next: Option<&str>) -> bool {
    const UNITS: [&str; 12] = [
        "km", "mi", "ft", "yd", "cm", "mm", "kg", "lb", "oz", "ml", "kW", "MW",
    ];
    const WORDS: [&str; 7] = [
        "km",
        "kms",
        "mi",
        "miles",
        "kilometers",
        "kilometres",
        "metres",
    ];
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    match unit.len() == word.len() {
        true => false,
        false if unit.is_empty() => next.is_some_and(|next| WORDS.contains(&next)),
        false => UNITS.contains(&unit) || unit == "KM",
    }
}

/// Whether the word at a place is the number of a measure.
pub(super) fn is_measure(tokens: &[Token<'_>], at: usize) -> bool {
    let next = tokens.get(at + 1).map(|t| t.text);
    measures(tokens[at].text, next)
}

/// First half of a British (`SW1A`) or Canadian (`K1A`) postal code.
pub(super) fn outward(word: &str) -> bool {
    let b = word.as_bytes();
    let letters = b.iter().take_while(|b| b.is_ascii_uppercase()).count();
    (2..=4).contains(&b.len())
        && (1..=2).contains(&letters)
        && b.get(letters).is_some_and(u8::is_ascii_digit)
        && b[letters..]
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Second half of a British (`1AA`) or Canadian (`0B1`) postal code.
pub(super) fn inward(word: &str) -> bool {
    let b = word.as_bytes();
    b.len() == 3
        && b[0].is_ascii_digit()
        && b[1].is_ascii_uppercase()
        && (b[2].is_ascii_uppercase() || b[2].is_ascii_digit())
}

/// A British postal code written without its blank: `EC1N8QX`.
pub(super) fn joined_code(word: &str) -> bool {
    (5..=7).contains(&word.len())
        && word.is_ascii()
        && outward(&word[..word.len() - 3])
        && inward(&word[word.len() - 3..])
}

fn inside(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{2E80}'
        || matches!(
            c,
            '\'' | '’' | '-' | '–' | '.' | '/' | '&' | '#' | '½' | 'º' | '°' | '№' | '\u{300}'
                ..='\u{36F}'
        )
}

/// Reads words from `from` up to a sign that ends addresses, an empty line, or `to`; gives them and where it stopped.
pub(super) fn read<'t>(text: &'t str, from: usize, to: usize, out: &mut Vec<Token<'t>>) -> usize {
    out.clear();
    let mut at = from;
    while at < to && out.len() < MOST {
        let rest = &text[at..to];
        let len = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        if len > 0 {
            at += push(&rest[..len], at, out);
            continue;
        }
        let c = rest.chars().next().unwrap_or('\0');
        match c {
            ' ' | '\u{A0}' | '\r' => at += c.len_utf8(),
            ',' => {
                if let Some(last) = out.last_mut() {
                    last.comma = true;
                }
                at += 1;
            }
            '\n' => {
                let blank = rest[1..]
                    .trim_start_matches([' ', '\r', '\u{A0}', '>'])
                    .starts_with('\n');
                if blank {
                    return at;
                }
                if let Some(last) = out.last_mut() {
                    last.last = true;
                }
                // Marks of quoted mail at the beginning of a line.
                let marks = rest[1..]
                    .find(|c| !matches!(c, '>' | ' '))
                    .map_or(1, |n| 1 + n);
                at += marks;
            }
            ':' => {
                // `Tel:` is a label of something else.
                if out.last().is_some_and(|t| !t.last && !t.number) && out.len() > 1 {
                    out.pop();
                }
                return at;
            }
            _ => return at,
        }
    }
    at
}

/// Adds the word, or its pieces where `#` joins them; gives the bytes taken.
fn push<'t>(word: &'t str, at: usize, out: &mut Vec<Token<'t>>) -> usize {
    if word.starts_with('#') && word.len() > 1 {
        add("#", &word[..1], at, out);
        return 1;
    }
    let cut = word.find('#').filter(|&n| n > 0).unwrap_or(word.len());
    let word = &word[..cut];
    let trimmed = word.trim_end_matches(['-', '–', '\'', '/', '’']);
    let plain = trimmed.trim_end_matches('.');
    // The dot of `N.Y.` and of `12.` is the word's, that of `Street.` is not.
    let short = plain.len() <= 4 && plain.contains('.') || plain.chars().count() == 1;
    let text = if short && trimmed.len() > plain.len() {
        &trimmed[..plain.len() + 1]
    } else {
        plain
    };
    if !text.is_empty() {
        add(plain, text, at, out);
        if let Some(last) = out.last_mut() {
            last.dot = trimmed.len() > plain.len();
        }
    }
    cut
}

fn add<'t>(plain: &str, text: &'t str, start: usize, out: &mut Vec<Token<'t>>) {
    let first = text.chars().next().unwrap_or(' ');
    let digit = first.is_ascii_digit();
    let ordinal = digit
        && (3..=6).contains(&plain.len())
        && [
            "st", "nd", "rd", "th", "ST", "ND", "RD", "TH", "Th", "St", "Nd", "Rd",
        ]
        .iter()
        .any(|end| plain.ends_with(end))
        && plain.as_bytes()[..plain.len() - 2]
            .iter()
            .all(u8::is_ascii_digit);
    let mut role = if digit && !ordinal {
        Role::default()
    } else {
        streets::role(text)
    };
    // IN, US and ME in capitals are states or the country.
    if role.any(Role::STOP) && text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        role = role.without(Role::STOP);
    }
    out.push(Token {
        text,
        start,
        role,
        number: digit && !ordinal,
        ordinal,
        capital: first.is_uppercase() || first.is_alphabetic() && !first.is_lowercase(),
        comma: false,
        dot: false,
        last: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs() {
        let mut out = Vec::new();
        let text = "12 N. Main St., Apt #4\nSpringfield, IL 62704\n\nMore";
        let end = read(text, 0, text.len(), &mut out);
        let words: Vec<&str> = out.iter().map(|t| t.text).collect();
        assert_eq!(
            words,
            [
                "12",
                "N.",
                "Main",
                "St",
                "Apt",
                "#",
                "4",
                "Springfield",
                "IL",
                "62704"
            ]
        );
        assert!(out[3].comma && out[3].dot && out[6].last && out[8].state_code());
        assert_eq!(&text[end..], "\n\nMore");
    }

    #[test]
    fn postal_codes() {
        let of = |text: &'static str| {
            let mut out = Vec::new();
            read(text, 0, text.len(), &mut out);
            out[0]
        };
        for (text, expected) in [
            ("1010", true),
            ("D-10115", true),
            ("AT-1010", true),
            ("AZ1014", true),
            ("01-234", true),
            ("1234-567", true),
            ("01310-100", true),
            ("12", false),
            ("123", false),
            ("2024-01-02", false),
            ("1234567", false),
        ] {
            assert_eq!(of(text).postcode(), expected, "{text}");
        }
        assert!(outward("SW1A") && inward("1AA") && outward("K1A") && inward("0B1"));
        assert!(joined_code("EC1N8QX") && !joined_code("ABCDEFG") && !outward("SW"));
    }
}
