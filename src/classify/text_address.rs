//! Postal addresses in Latin letters, in running text and on lines of their own.
//!
//! In: a text. Out: hits. The anchor is a number at the beginning of a word (a house number, a postal code, the number of a box). From there the
//! words are read as an address is written, on both sides; each piece that only addresses have adds to a score. An address runs over the
//! ends of lines, from its street or box to its postal code or country; a name or a company before it is no part of it.

use std::ops::Range;

use super::address_anchor;
use super::address_parse::{Parse, abbreviates};
use super::address_tokens::{MOST, Token, inward, is_measure, joined_code, outward, read};
use super::text::{Hit, What, floor};
use crate::pattern::dict;
use crate::pattern::streets::{self, Role};

/// Words that are pieces of an address before its street.
const PIECES: Role = Role::UNIT
    .or(Role::BOX)
    .or(Role::POST)
    .or(Role::TYPE)
    .or(Role::WAY)
    .or(Role::DIRECTION);

/// Words whose abbreviations have a dot.
pub(super) const ABBREVIATED: Role = Role::TYPE
    .or(Role::WEAK)
    .or(Role::DIRECTION)
    .or(Role::UNIT)
    .or(Role::POST)
    .or(Role::PREFIX)
    .or(Role::WAY);

/// Bytes that are read behind an anchor, and before it.
const AHEAD: usize = 360;
const BEHIND: usize = 96;

/// Adds the addresses of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut tokens = Vec::new();
    let (mut at, mut done) = (0, 0);
    while let Some(anchor) = address_anchor::next(text, at) {
        let from = beginning(text, done, anchor);
        let to = floor(text, (anchor + AHEAD).min(text.len()));
        let (from, stop) = window(text, from, anchor, to, &mut tokens);
        // What the window may have cut off is read again.
        let cut = stop >= to && to < text.len() || tokens.len() == MOST;
        let first = tokens.iter().position(|t| t.end() > anchor).unwrap_or(0);
        let limit = match tokens.get(first + (tokens.len() - first) / 2) {
            Some(t) if cut => t.start.max(anchor + 1),
            _ => stop.max(anchor + 1),
        };
        if signal(&tokens) {
            let line = Line { text, from };
            judge(&line, &tokens, anchor..limit, hits, &mut done);
        }
        at = limit.max(done).max(anchor + 1);
    }
}

/// Whether the text, a value of its own, is an address or its street.
pub(super) fn is_address(text: &str) -> bool {
    let mut hits = Vec::new();
    find(text, &mut hits);
    hits.first()
        .is_some_and(|hit| (hit.end - hit.start) * 2 >= text.len())
}

/// Where to begin to read: at the beginning of the line, or not too far before the anchor.
fn beginning(text: &str, done: usize, anchor: usize) -> usize {
    let least = done.max(anchor.saturating_sub(BEHIND));
    let before = &text.as_bytes()[least.min(anchor)..anchor];
    match memchr::memrchr(b'\n', before) {
        // The line above may tell the street.
        Some(n) => memchr::memrchr(b'\n', &before[..n])
            .filter(|&above| n - above > 1)
            .map_or(least + n + 1, |above| least + above + 1),
        None if least == 0 || least == done => floor(text, least),
        // In the middle of a line: at the next blank.
        None => least + memchr::memchr(b' ', before).map_or(before.len(), |n| n + 1),
    }
}

/// Reads the words around the anchor; gives where they begin and where they end.
fn window<'t>(
    text: &'t str,
    mut from: usize,
    anchor: usize,
    to: usize,
    tokens: &mut Vec<Token<'t>>,
) -> (usize, usize) {
    loop {
        let stop = read(text, from, to, tokens);
        if stop > anchor || stop >= to {
            return (from, stop);
        }
        // A sign that ends addresses stands before the anchor.
        let sign = text[stop..].chars().next().map_or(1, char::len_utf8);
        from = stop + sign;
    }
}

/// Whether some word speaks of an address at all.
fn signal(tokens: &[Token<'_>]) -> bool {
    let sure = Role::TYPE
        .or(Role::WEAK)
        .or(Role::PREFIX)
        .or(Role::BOX)
        .or(Role::UNIT)
        .or(Role::WAY)
        .or(Role::DIRECTION);
    tokens.iter().enumerate().any(|(at, t)| {
        t.role.any(sure)
            || t.number
                && (at > 0
                    && (inward(t.text) && outward(tokens[at - 1].text)
                        || streets::compound(tokens[at - 1].text))
                    || tokens
                        .get(at + 1)
                        .is_some_and(|next| next.capital && streets::compound(next.text))
                    || t.zip() && at > 0
                    || t.postcode() && tokens.get(at + 1).is_some_and(|next| next.capital))
            || joined_code(t.text)
    }) || country_before(tokens, tokens.len()).is_some()
}

/// The text, and where the words that were read begin.
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) from: usize,
}

impl Line<'_> {
    /// Whether nothing but blanks and marks of quoted mail goes before on the line.
    pub(super) fn begins(&self, at: usize) -> bool {
        self.text.as_bytes()[..at]
            .iter()
            .rev()
            .take(24)
            .find(|b| !matches!(b, b' ' | b'>' | b'\r' | b'\t' | b'"' | b'?'))
            .is_none_or(|&b| b == b'\n')
    }

    /// Whether nothing goes on after it on the line.
    pub(super) fn ends(&self, at: usize) -> bool {
        self.text.as_bytes()[at..]
            .iter()
            .take(12)
            .find(|b| !matches!(b, b' ' | b'\r' | b'.' | b',' | b'"'))
            .is_none_or(|&b| b == b'\n')
    }

    /// Where an address begins whose first line has more of it: a building, a unit, a box, a number in words; or whose street stands, without
    /// a number, on the line above.
    fn widened(&self, tokens: &[Token<'_>], low: usize, found: (usize, usize)) -> usize {
        let (start, end) = found;
        let line = tokens[..start]
            .iter()
            .rposition(|t| t.last)
            .map_or(0, |n| n + 1)
            .max(low);
        let plain = |words: &[Token<'_>]| {
            words.len() <= 7
                && words.iter().all(|t| {
                    !t.role.any(Role::STOP.or(Role::MONTH)) && !t.dot | t.role.any(ABBREVIATED)
                })
        };
        let mut first = start;
        let words = &tokens[line..start];
        let spelled = |t: &Token<'_>| {
            const NUMBERS: [&str; 12] = [
                "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
                "eleven", "twelve",
            ];
            t.role.any(PIECES) || t.number || NUMBERS.iter().any(|n| t.text.eq_ignore_ascii_case(n))
        };
        let whole = self.begins(tokens[line].start) && self.ends(tokens[end].end());
        if !words.is_empty() && whole && plain(words) && words.iter().any(spelled) {
            first = line;
        }
        if first > low && first > 0 && tokens[first - 1].last && self.begins(tokens[first].start) {
            let above = tokens[..first - 1]
                .iter()
                .rposition(|t| t.last)
                .map_or(0, |n| n + 1)
                .max(low);
            let words = &tokens[above..first];
            let (head, tail) = (&words[0], &words[words.len() - 1]);
            let street = head.capital && head.role.any(Role::PREFIX) && words.len() > 1
                || words.len() > 1 && tail.role.any(Role::TYPE) && tail.capital
                || tail.capital && streets::compound(tail.text);
            if street && plain(words) && words.iter().all(|t| !t.number) && self.begins(head.start)
            {
                first = above;
            }
            let ships = ["USS", "USNS", "USCGC", "USNV"];
            if tokens[first].role.any(Role::POST) && ships.contains(&head.text) {
                first = above;
            }
        }
        first
    }

    /// Whether the words before say that an address follows.
    pub(super) fn labelled(&self, at: usize) -> bool {
        let before = &self.text[floor(self.text, at.saturating_sub(36))..at];
        const LABELS: [&str; 14] = [
            "address",
            "live",
            "located at",
            "return to",
            "meet you at",
            "taxi to",
            "ship to",
            "deliver",
            "sent to",
            "office is at",
            "resid",
            "restaurant is at",
            "drops you off at",
            "adresse",
        ];
        let lower = before.to_ascii_lowercase();
        LABELS.iter().any(|label| lower.contains(label))
    }
}

fn judge(
    line: &Line<'_>,
    tokens: &[Token<'_>],
    anchors: Range<usize>,
    hits: &mut Vec<Hit>,
    done: &mut usize,
) {
    let (mut low, mut i) = (0, 0);
    while i < tokens.len() && tokens[i].start < anchors.end {
        let t = &tokens[i];
        if t.start < *done {
            low = i + 1;
        }
        let code = joined_code(t.text);
        let begun = t.start >= anchors.start || code;
        if !(t.number || code || t.postcode()) || !begun || i < low || is_measure(tokens, i) {
            i += 1;
            continue;
        }
        let Some(found) = Parse::from(line, tokens, i, low) else {
            i += 1;
            continue;
        };
        let first = line.widened(tokens, low, found);
        let (start, mut end) = (tokens[first].start, tokens[found.1].end());
        // The dot of `Main St.` on a line of its own.
        let dot = line.text.as_bytes().get(end) == Some(&b'.');
        if dot && line.begins(start) && line.ends(end) && abbreviates(&tokens[found.1]) {
            end += 1;
        }
        hits.push(Hit::new(What::Address, start..end, 0.8));
        *done = end;
        low = found.1 + 1;
        i = low;
    }
    if low == 0
        && tokens.len() < MOST
        && let Some((start, end)) = before_country(line, tokens)
    {
        hits.push(Hit::new(What::Address, start..end, 0.6));
        *done = end;
    }
}

/// Short lines of which the last is the name of a country and one has a number: an address of a country whose words are not known.
fn before_country(line: &Line<'_>, tokens: &[Token<'_>]) -> Option<(usize, usize)> {
    let end = tokens.len();
    let country = country_before(tokens, end)?;
    let lines = tokens[..country].iter().filter(|t| t.last).count();
    let first = tokens[..country].iter().position(|t| t.number)?;
    if (0..country).any(|at| is_measure(tokens, at)) {
        return None;
    }
    let plain = tokens[..country].iter().all(|t| {
        !t.role.any(Role::STOP.or(Role::MONTH)) && (t.capital || t.number || t.text.len() <= 4)
    });
    let own_line = country > 0 && (tokens[country - 1].last || tokens[country - 1].comma);
    let short = country <= 16 && (lines >= 1 || country <= 8);
    // The line with the number from its beginning.
    let start = tokens[..first]
        .iter()
        .rposition(|t| t.last)
        .map_or(0, |n| n + 1);
    let begins = line.begins(tokens[start].start);
    (own_line && plain && short && begins && line.ends(tokens[end - 1].end()))
        .then(|| (tokens[start].start, tokens[end - 1].end()))
}

/// Where the name of a country begins that ends before `end`.
fn country_before(tokens: &[Token<'_>], end: usize) -> Option<usize> {
    (1..=4.min(end)).rev().map(|n| end - n).find(|&from| {
        let words = &tokens[from..end];
        words[0].capital
            && words[..words.len() - 1].iter().all(|t| !t.last && !t.comma)
            && is_country(words)
    })
}

pub(super) fn is_country(words: &[Token<'_>]) -> bool {
    let short = [
        "UK", "USA", "UAE", "U.S.A", "U.S.A.", "U.K.", "U.S.", "Türkiye",
    ];
    if let [one] = words
        && (short.contains(&one.text) || one.text.len() < 4)
    {
        return short.contains(&one.text);
    }
    let chars = words.iter().enumerate().flat_map(|(at, t)| {
        let blank = (at > 0).then_some(' ');
        blank
            .into_iter()
            .chain(t.text.chars().flat_map(char::to_lowercase))
    });
    dict::value(chars).country
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut hits = Vec::new();
        find(text, &mut hits);
        let got: Vec<&str> = hits.iter().map(|h| &text[h.start..h.end]).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn addresses_of_many_countries() {
        for address in [
            "12 Oak Street, Springfield, IL 62704",
            "1200 W. Elm Ave Apt 4, Springfield, IL 62704-1234",
            "PO Box 123, Cordova, AK 99574",
            "4805 Southwest 229th",
            "10 High Street, London SW1A 1AA",
            "12 rue de la Gare\n75000 Paris\nFrance",
            "Hauptstraße 5\n10115 Berlin",
            "Via Roma 12\n00100 Roma\nItalia",
            "ul. Polna 7\n00-001 Warszawa",
            "Storgatan 5",
            "28000 Five Mile Road, Livonia, MI 48154",
            "1 Example Road\nMelbourne VIC 3000\nAustralia",
        ] {
            check(address, &[address]);
            check(&format!("{address}\n\nRegards"), &[address]);
        }
    }

    #[test]
    fn addresses_in_sentences() {
        check(
            "Send it to 12 Oak Street, Springfield, IL 62704 today, please.",
            &["12 Oak Street, Springfield, IL 62704"],
        );
        check(
            "They moved to 340 Hay Street last year",
            &["340 Hay Street"],
        );
        check("Address: 5 Elm Road\nTel: 555-0142", &["5 Elm Road"]);
    }

    #[test]
    fn numbers_that_are_none() {
        for text in [
            "LTE in 2012 via Qualcomm MDM9615?",
            "at the 2011 TV Choice Awards # Amazon # UK # DVD # ITV",
            "Copyright (C) 1991-2010, Thomas G. Lane",
            "Copyright: 2008, Steven G. Lane",
            "Monday, April 21, 2014 ATTEND IN PERSON",
            "temps ranging 14 to 18 C. Heavy showers",
            "Temperature 13, 3 C. Rain today 0, 0 mm",
            "December 18, 2014 at 06:31 PM #RT #TFB #FF #Follow 6",
            "3 June 1944 -- 6 May 1945; 3 Air Division, 1 June 1945",
            "P-38 Lightning, 1944; F-86 Sabre, 1953 -- 1954.",
            "He has 3 items in 2 boxes.",
            "2024-01-02 12:34:56 INFO 3 jobs run, 12 failed",
            "between # 1 Texas and # 2 Arkansas on December 6, 1970",
            "12 monkeys, 3 way handshake",
            "6B9DD######",
            "0005B\nLEFT SQUARE BRACKET",
            "0x005b,     #  LEFT SQUARE BRACKET",
            "1F7E9\nLARGE GREEN SQUARE",
            "on Mac OS X 10.4 and later",
            "loaded via a PEP 302 loader",
            "9km NE of Anza, CA",
            "104km ESE of Kodiak Station, Alaska",
            "134km WNW of Haines Junction, Canada",
            "M 0.4 - 4km E of Mammoth Lakes, CA",
            "M 4.7 - 7km E of Hualian, Taiwan",
            "12 km W of The Geysers, CA",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn endless_numbers_are_no_trouble() {
        for piece in ["1 ", "1 a ", "12 St ", "# 1 ", "a1\n", "9 Rue ", "é1 "] {
            find(&piece.repeat(4000), &mut Vec::new());
        }
    }
}
