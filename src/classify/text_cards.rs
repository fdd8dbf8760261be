//! What stands with a card number in running text: the data of a magnetic stripe, expiry, security code.
//!
//! In: a text, and for expiry and code the card numbers found in it: without one near by, neither is looked for.

use std::ops::Range;

use super::number;
use super::text::{Hit, What, floor};

/// Adds the numbers, names and further data of magnetic stripes (ISO/IEC 7813): `%B<number>^<name>^<data>?` and `;<number>=<data>?`.
pub(super) fn tracks(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'%', bytes) {
        if bytes.get(at + 1) != Some(&b'B') {
            continue;
        }
        let Some((card, '^')) = number_at(text, at + 2) else {
            continue;
        };
        let rest = &text[card.end + 1..floor(text, (card.end + 120).min(text.len()))];
        let Some((name, data)) = rest.split_once('^').filter(|(name, _)| name.len() <= 26) else {
            continue;
        };
        let from = card.end + 1;
        let name_end = from + name.trim_end().len();
        if name.contains('/') && name_end > from {
            hits.push(Hit::new(What::Name, from..name_end, 0.9).because("", Some("track 1")));
        }
        let start = from + name.len() + 1;
        push(card, start, data, "track 1", hits);
    }
    for at in memchr::memchr_iter(b'=', bytes) {
        let before = bytes[..at].iter().rev().take(20);
        let digits = before.take_while(|b| b.is_ascii_digit()).count();
        if !(12..=19).contains(&digits) || !bytes.get(at + 4).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        let Some((card, '=')) = number_at(text, at - digits) else {
            continue;
        };
        let data = &text[at + 1..floor(text, (at + 40).min(text.len()))];
        push(card, at + 1, data, "track 2", hits);
    }
}

/// A valid card number that begins here, and the character behind it.
fn number_at(text: &str, start: usize) -> Option<(Range<usize>, char)> {
    let digits = text[start..]
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_digit)
        .count();
    let end = start + digits;
    let next = text[end..].chars().next()?;
    number::card(&text.as_bytes()[start..end]).then_some((start..end, next))
}

/// Adds a stripe's number and, where four digits of expiry and three of service code stand there, its further data.
fn push(card: Range<usize>, start: usize, data: &str, track: &'static str, hits: &mut Vec<Hit>) {
    let digits = data.bytes().take_while(u8::is_ascii_digit).count();
    let month = data.get(2..4).and_then(|month| month.parse::<u8>().ok());
    if digits < 7 || !month.is_some_and(|month| (1..=12).contains(&month)) {
        return;
    }
    hits.push(Hit::new(What::Card, card, 0.98).because("card", Some(track)));
    hits.push(Hit::new(What::Track, start..start + digits, 0.95).because("", Some(track)));
}

const CODES: [&str; 7] = [
    "cvv2",
    "cvc2",
    "cvv",
    "cvc",
    "security code",
    "セキュリティコード",
    "セキュリティーコード",
];
const EXPIRIES: [&str; 8] = [
    "有効期限",
    "expiration date",
    "expiration",
    "expiry",
    "expires",
    "exp date",
    "exp",
    "valid thru",
];

/// Bytes before and behind a card number that are looked at.
const NEAR: (usize, usize) = (80, 160);

/// Adds expiry and security code that stand with their words near the card numbers found so far.
pub(super) fn beside_cards(text: &str, hits: &mut Vec<Hit>) {
    let cards: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| hit.what == What::Card)
        .map(|hit| hit.start..hit.end)
        .collect();
    for card in cards {
        let from = floor(text, card.start.saturating_sub(NEAR.0));
        let to = floor(text, (card.end + NEAR.1).min(text.len()));
        for part in [from..card.start, card.end..to] {
            for (what, words) in [
                (What::SecurityCode, &CODES[..]),
                (What::Expiry, &EXPIRIES[..]),
            ] {
                hits.extend(labelled(text, part.clone(), what, words));
            }
        }
    }
}

/// The value behind the first of the words in a part of the text.
fn labelled(text: &str, part: Range<usize>, what: What, words: &[&'static str]) -> Option<Hit> {
    let lower = text[part.clone()].to_ascii_lowercase();
    let (at, word) = words.iter().find_map(|word| {
        let at = lower.find(word)?;
        let letter = at > 0 && lower.as_bytes()[at - 1].is_ascii_alphabetic();
        (!letter).then_some((at + word.len(), *word))
    })?;
    let rest = &text[part.start + at..part.end];
    let gap = rest
        .char_indices()
        .take(12)
        .find(|(_, c)| c.is_ascii_digit())?
        .0;
    if rest[..gap].contains(['\n', '。', ';']) {
        return None;
    }
    let value = &rest[gap..];
    let len = match what {
        What::SecurityCode => value.bytes().take_while(u8::is_ascii_digit).count(),
        _ => value
            .bytes()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-'))
            .count(),
    };
    let fits = match what {
        What::SecurityCode => matches!(len, 3 | 4),
        _ => month_and_year(&value[..len]),
    };
    let start = part.start + at + gap;
    fits.then(|| Hit::new(what, start..start + len, 0.9).because("", Some(word)))
}

/// `04/27`, `04/2027`, `2027/04`, `0427`.
fn month_and_year(value: &str) -> bool {
    let month = |text: &str| text.len() <= 2 && (1..=12).contains(&text.parse::<u8>().unwrap_or(0));
    match value.split_once(['/', '-']) {
        Some((a, b)) => month(a) && matches!(b.len(), 2 | 4) || a.len() == 4 && month(b),
        None => value.len() == 4 && value.is_ascii() && month(&value[..2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(What, &str)]) {
        let mut hits = Vec::new();
        super::super::text_digits::find(text, &mut hits);
        tracks(text, &mut hits);
        beside_cards(text, &mut hits);
        hits.sort_by_key(|hit| (hit.start, hit.what));
        hits.dedup_by_key(|hit| (hit.start, hit.what));
        let got: Vec<(What, &str)> = hits
            .iter()
            .map(|hit| (hit.what, &text[hit.start..hit.end]))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn stripes() {
        use What::*;
        check(
            "%B4111111111111111^SATO/TARO^27051011234567890?",
            &[
                (Card, "4111111111111111"),
                (Name, "SATO/TARO"),
                (Track, "27051011234567890"),
            ],
        );
        check(
            ";5555555555554444=28011011234567890?",
            &[(Card, "5555555555554444"), (Track, "28011011234567890")],
        );
        check("x=4111111111111111=1", &[]);
        check("id=5555555555554445=28011011234567890", &[]);
    }

    #[test]
    fn expiry_and_code() {
        use What::*;
        check(
            "カード番号 4111-1111-1111-1111 有効期限：04/27 セキュリティコード：123",
            &[
                (Card, "4111-1111-1111-1111"),
                (Expiry, "04/27"),
                (SecurityCode, "123"),
            ],
        );
        check(
            "card 5555 5555 5555 4444, exp 12/2027, CVV 4567",
            &[
                (Card, "5555 5555 5555 4444"),
                (Expiry, "12/2027"),
                (SecurityCode, "4567"),
            ],
        );
        check("exp 12/27, cvv 123", &[]);
        check(
            "card 4111111111111111, experience 12",
            &[(Card, "4111111111111111")],
        );
    }
}
