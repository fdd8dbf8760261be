//! Postal addresses in Latin letters, in running text and on lines of their own.
//!
//! In: a text. Out: hits. The anchor is a number at the beginning of a word (a house number, a postal code, the number of a box). From there the
//! words are read as an address is written, on both sides; each piece that only addresses have adds to a score. An address runs over the
//! ends of lines, from its street or box to its postal code or country; a name or a company before it is no part of it.

use std::ops::Range;

use super::address_tokens::{MOST, Token, inward, joined_code, outward, read};
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
const ABBREVIATED: Role = Role::TYPE
    .or(Role::WEAK)
    .or(Role::DIRECTION)
    .or(Role::UNIT)
    .or(Role::POST)
    .or(Role::PREFIX)
    .or(Role::WAY);

/// Bytes that are read behind an anchor, and before it.
const AHEAD: usize = 360;
const BEHIND: usize = 110;

/// The score at which words are an address.
const ENOUGH: i32 = 3;

/// Adds the addresses of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut done) = (0, 0);
    while let Some(anchor) = next_anchor(bytes, at) {
        let from = beginning(text, done, anchor);
        let to = floor(text, (anchor + AHEAD).min(text.len()));
        let (from, stop) = window(text, from, anchor, to, &mut tokens);
        // What the window may have cut off is read again.
        let cut = stop >= to && to < text.len() || tokens.len() == MOST;
        let limit = match tokens.get(tokens.len().saturating_sub(MOST / 2)) {
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

/// The next number at the beginning of a word that may stand in an address.
fn next_anchor(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let run = bytes[at..]
            .iter()
            .take(16)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let before = at.checked_sub(1).map_or(b' ', |n| bytes[n]);
        let opens = matches!(
            before,
            b' ' | b'\n' | b',' | b'#' | b'(' | b'>' | b':' | b'"' | b'\'' | b'\r' | b'\t' | b'-'
        ) || before >= 0x80
            || before.is_ascii_uppercase();
        let after = bytes.get(at + run).copied().unwrap_or(b' ');
        let closes = !matches!(
            after,
            b':' | b'=' | b'_' | b'%' | b'@' | b'\\' | b'+' | b'*'
        );
        if opens && closes && run <= 9 {
            return Some(at);
        }
        at += run.max(1);
    }
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
struct Line<'t> {
    text: &'t str,
    from: usize,
}

impl Line<'_> {
    /// Whether nothing but blanks and marks of quoted mail goes before on the line.
    fn begins(&self, at: usize) -> bool {
        self.text.as_bytes()[..at]
            .iter()
            .rev()
            .take(24)
            .find(|b| !matches!(b, b' ' | b'>' | b'\r' | b'\t' | b'"' | b'?'))
            .is_none_or(|&b| b == b'\n')
    }

    /// Whether nothing goes on after it on the line.
    fn ends(&self, at: usize) -> bool {
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
    fn labelled(&self, at: usize) -> bool {
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
        if !(t.number || code || t.postcode()) || !begun || i < low {
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

fn is_country(words: &[Token<'_>]) -> bool {
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

/// An address while it is read.
struct Parse<'a, 't> {
    line: &'a Line<'t>,
    tokens: &'a [Token<'t>],
    /// First word.
    start: usize,
    /// Last word that is sure to belong to it.
    good: usize,
    score: i32,
    /// Words of names since the house number.
    names: usize,
    /// Words since the last sure one.
    pending: usize,
    /// The street has been told.
    street: bool,
    /// The word before is part of a street's name that began with `rue` and such.
    prefixed: bool,
    /// A second number after the street has been read.
    second: bool,
    direction: bool,
    /// What the street's type has added to the score.
    typed: i32,
    /// The house number stands first and an English word of streets behind it: postal codes come last.
    english: bool,
    /// A postal code has been read; so many words of a city may follow.
    zip: bool,
    city: usize,
    /// Where a state stands.
    state: Option<usize>,
    /// The line has no capitals.
    lower: bool,
    country: bool,
}

impl<'a, 't> Parse<'a, 't> {
    /// The first and last word of the address around the number at `i`, words before `low` left alone.
    fn from(
        line: &'a Line<'t>,
        tokens: &'a [Token<'t>],
        i: usize,
        low: usize,
    ) -> Option<(usize, usize)> {
        let first = tokens[..i]
            .iter()
            .rposition(|t| t.last)
            .map_or(0, |n| n + 1);
        let lower = tokens[first..]
            .iter()
            .scan(false, |over, t| {
                let now = *over;
                *over |= t.last;
                (!now).then_some(t)
            })
            .all(|t| !t.capital || t.number);
        let mut parse = Parse {
            line,
            tokens,
            start: i,
            good: i,
            score: 0,
            names: 0,
            pending: 0,
            street: false,
            prefixed: false,
            second: false,
            direction: false,
            typed: 0,
            english: false,
            zip: false,
            city: 0,
            state: None,
            lower,
            country: false,
        };
        parse.before(i, low)?;
        parse.behind(i + 1);
        parse.settle()
    }

    /// Whether the number is the day of a date: `3 June 1944`.
    fn dated(&self, i: usize) -> bool {
        self.tokens
            .get(i + 1)
            .is_some_and(|t| t.role.any(Role::MONTH))
            && self.tokens.get(i + 2).is_none_or(|t| t.number)
    }

    /// What stands before the number and belongs to it.
    fn before(&mut self, i: usize, low: usize) -> Option<()> {
        let t = self.tokens[i];
        let month = |t: Option<&Token<'_>>| t.is_some_and(|t| t.role.any(Role::MONTH));
        let dated =
            self.dated(i) || i > 0 && !self.tokens[i - 1].last && month(self.tokens.get(i - 1));
        if dated {
            return None;
        }
        if self.boxed(i, low) || self.street_before(i, low) || self.prefix_before(i, low) {
            return Some(());
        }
        if self.code_before(i, low) {
            return Some(());
        }
        let letters = t.text.chars().filter(|c| c.is_alphabetic()).count();
        let digits = t
            .text
            .split(['-', '–', '/'])
            .map(|part| part.bytes().filter(u8::is_ascii_digit).count())
            .max()
            .unwrap_or(0);
        let money = self.line.text[..t.start].ends_with(['$', '£', '€', '¥']);
        let counted = i > 0 && self.tokens[i - 1].text == "#";
        let house = t.number && letters <= 2 && (1..=6).contains(&digits) && !money && !counted
            || t.postcode() && !year(&t);
        house.then_some(())
    }

    /// `PO Box 5`, `Unit 12 Box 5`, `RR 2 Box 7`.
    fn boxed(&mut self, i: usize, low: usize) -> bool {
        let roles = Role::BOX.or(Role::POST).or(Role::UNIT).or(Role::WAY);
        let mut s = i;
        let (mut boxes, mut posts, mut units) = (0, 0, 0);
        while s > low && i - s < 9 && (!self.tokens[s - 1].last || i - s == 0) {
            let t = &self.tokens[s - 1];
            if !(t.role.any(roles) || t.number && s < i && t.text.len() <= 5) || t.last {
                break;
            }
            boxes += u32::from(t.role.any(Role::BOX));
            posts += u32::from(t.role.any(Role::POST));
            units += u32::from(t.role.any(Role::UNIT) && t.text != "#");
            s -= 1;
        }
        // A number at the very beginning is a house number, not a box.
        while s < i && self.tokens[s].number {
            s += 1;
        }
        let next_box = self
            .tokens
            .get(i + 1)
            .is_some_and(|t| t.role.any(Role::BOX));
        if boxes + posts == 0 && !(units > 0 && next_box)
            || posts > 0 && boxes == 0 && self.tokens[s].text.len() < 2
        {
            return false;
        }
        self.score = match (boxes, posts, units) {
            (1.., 1.., _) => 4,
            (1.., 0, 1..) => 3,
            (1.., ..) => 2,
            _ if next_box => 2,
            _ => 0,
        };
        if self.score == 0 {
            return false;
        }
        self.start = s;
        self.street = true;
        true
    }

    /// `Hauptstraße 5`, `Koepenicker Str. 74`, `Nizami Street 70`.
    fn street_before(&mut self, i: usize, low: usize) -> bool {
        if i <= low || self.tokens[i - 1].last || self.tokens[i].text.len() > 7 {
            return false;
        }
        let prev = &self.tokens[i - 1];
        let one = (prev.capital || self.lower) && streets::compound(prev.text);
        let name = |n: usize| {
            n >= low && {
                let t = &self.tokens[n];
                t.capital
                    && !t.last
                    && !t.comma
                    && !t.number
                    && !t.role.any(Role::STOP.or(Role::PARTICLE))
            }
        };
        let typed = prev.role.any(Role::TYPE) && i >= low + 2 && name(i - 2);
        if !one && !typed {
            return false;
        }
        let mut s = i - 1;
        let most = if one { 1 } else { 3 };
        while s > low && i - s <= most && name(s - 1) {
            let adjective = self.tokens[s - 1].text.ends_with("er") || self.tokens[s - 1].dot;
            if one && !adjective {
                break;
            }
            s -= 1;
        }
        self.start = s;
        self.score = if one { 3 } else { 2 };
        self.street = true;
        self.second = true;
        true
    }

    /// `rue de la Paix 3`, `Via Roma, 5`.
    fn prefix_before(&mut self, i: usize, low: usize) -> bool {
        let (mut found, mut names) = (None, 0);
        for s in (low.max(i.saturating_sub(8))..i).rev() {
            let t = &self.tokens[s];
            if t.last || t.number || t.role.any(Role::STOP) || t.comma && s + 1 != i {
                break;
            }
            let long = t.capital || t.text.len() >= 3;
            let numbered = [
                "calle",
                "carrera",
                "cra",
                "cra.",
                "kra",
                "transversal",
                "diagonal",
            ]
            .iter()
            .any(|word| t.text.eq_ignore_ascii_case(word));
            // Cyprus Avenue in Cork.
            let behind = t.role.any(Role::TYPE)
                && s > low
                && self.tokens[s - 1].capital
                && !self.tokens[s - 1].last;
            if t.role.any(Role::PREFIX) && !behind && (names > 0 || numbered && t.capital) && long {
                found = Some(s);
            }
            names += usize::from(t.capital || self.lower);
        }
        let Some(s) = found else {
            return false;
        };
        self.start = s;
        self.score = 3;
        self.street = true;
        self.second = true;
        true
    }

    /// `London SW1A 1AA`, `Melbourne VIC 3000`: a postal code, and the words before it on the line.
    fn code_before(&mut self, i: usize, low: usize) -> bool {
        let t = &self.tokens[i];
        let british = i > low && inward(t.text) && outward(self.tokens[i - 1].text);
        let state = i > low
            && !self.tokens[i - 1].last
            && (self.tokens[i - 1].state_code() || super::latin::state(self.tokens[i - 1].text))
            && (t.zip() || t.digits() == Some(4));
        if !british && !state && !joined_code(t.text) {
            return false;
        }
        let mut s = i - usize::from(british || state);
        while s > low && i - s < 6 {
            let word = &self.tokens[s - 1];
            let name =
                (word.capital || word.role.any(Role::PARTICLE)) && !word.role.any(Role::STOP);
            if word.last || word.dot || word.number || !name {
                break;
            }
            s -= 1;
        }
        while s < i && !self.tokens[s].capital {
            s += 1;
        }
        if state && i - s < 2 {
            return false;
        }
        self.start = s;
        self.score = 3;
        self.zip = true;
        self.street = true;
        true
    }

    /// Reads on from `from`.
    fn behind(&mut self, from: usize) {
        let mut k = from;
        while k < self.tokens.len() {
            let (t, prev) = (self.tokens[k], self.tokens[k - 1]);
            let stopped = prev.dot && !abbreviation(&prev)
                || prev.last && self.new_line(k)
                || t.role.any(Role::STOP)
                    && !(t.capital && self.pending > 0 && t.role.any(Role::WEAK))
                || self.pending > 6
                || t.number && self.dated(k)
                || prev.last && self.country;
            if stopped {
                break;
            }
            let next = if t.number {
                self.number(k)
            } else {
                self.word(k)
            };
            match next {
                Some(n) => k = n,
                None => break,
            }
        }
        self.finish(k);
    }

    /// Whether the line that begins at `k` is no part of the address.
    fn new_line(&self, k: usize) -> bool {
        let t = &self.tokens[k];
        let front = self.tokens[self.start].number && !self.prefixed && !self.second;
        let coded = self.zip && self.state.is_some();
        fresh(&self.tokens[k..])
            || t.number && (self.english || front && t.digits() == Some(4))
            || coded && !(1..=4).any(|n| self.tokens.get(k..k + n).is_some_and(is_country))
    }

    fn accept(&mut self, k: usize, score: i32) -> Option<usize> {
        self.good = k;
        self.pending = 0;
        self.score += score;
        Some(k + 1)
    }

    fn wait(&mut self, k: usize) -> Option<usize> {
        self.pending += 1;
        Some(k + 1)
    }

    fn number(&mut self, k: usize) -> Option<usize> {
        let (t, prev) = (self.tokens[k], self.tokens[k - 1]);
        let next = self.tokens.get(k + 1);
        if self.state == Some(k - 1) && (t.zip() || t.digits() == Some(4)) {
            self.zip = true;
            return self.accept(k, 3);
        }
        if inward(t.text) && outward(prev.text) {
            self.zip = true;
            return self.accept(k, 3);
        }
        if prev.role.any(Role::UNIT.or(Role::BOX)) && t.text.len() <= 8 {
            let score = if prev.role.any(Role::BOX) {
                2
            } else {
                i32::from(!self.direction) + 1
            };
            return self.accept(k, score);
        }
        if prev.role.any(Role::WAY) && t.text.len() <= 5 {
            let score = if self.street { 1 } else { 3 };
            self.street = true;
            return self.accept(k, score);
        }
        if !self.second && !self.zip && t.text.len() <= 5 && !prev.last && k > self.start + 1 {
            let one = streets::compound(prev.text);
            let whole = self.street && t.zip();
            if (self.names > 0 || self.street || one) && !whole {
                self.second = true;
                let score = if one && !self.street { 3 } else { 1 };
                self.street |= one;
                return self.accept(k, score);
            }
        }
        // A number before the name of the street: 143 31 rue.
        if k == self.start + 1
            && t.text.len() <= 4
            && next.is_some_and(|n| n.capital || n.role.any(Role::PREFIX))
        {
            return self.accept(k, 1);
        }
        let told = self.street && (prev.comma || prev.last) && next.is_some_and(|n| n.capital);
        if (t.postcode() && (!year(&t) || told) || t.zip())
            && !self.zip
            && (self.street || self.score > 0 || self.names > 0)
        {
            self.zip = true;
            self.city = 4;
            // 1234 AB; 123 45
            let letters = next.is_some_and(|n| {
                t.digits() == Some(4)
                    && n.text.len() == 2
                    && n.text.bytes().all(|b| b.is_ascii_uppercase())
            });
            if letters {
                return self.accept(k + 1, 2);
            }
            return self.accept(k, 1 + i32::from(prev.comma || prev.last || self.country));
        }
        let halves =
            t.digits() == Some(3) && next.is_some_and(|n| matches!(n.digits(), Some(2 | 3)));
        if halves && !self.zip && self.street {
            self.zip = true;
            self.city = 4;
            return self.accept(k + 1, 1);
        }
        None
    }

    fn word(&mut self, k: usize) -> Option<usize> {
        let (t, prev) = (self.tokens[k], self.tokens[k - 1]);
        let next = self.tokens.get(k + 1);
        let edge = next.is_none() || t.comma || t.last;
        if let Some(n) = self.state_at(k, edge) {
            return Some(n);
        }
        if (prev.comma || prev.last || self.zip || next.is_none() || t.last)
            && let Some(n) = self.country_at(k)
        {
            return Some(n);
        }
        if self.country {
            return None;
        }
        if self.city > 0 && t.capital {
            self.city = if t.comma || t.last { 0 } else { self.city - 1 };
            return self.accept(k, 0);
        }
        let street = Role::TYPE.or(Role::WEAK);
        if prev.role.any(Role::UNIT)
            && t.text.len() <= 3
            && k > self.start + 1
            && t.capital
            && !t.role.any(street)
        {
            return self.accept(k, 1);
        }
        if t.role.any(Role::DIRECTION) && (t.capital || self.lower) {
            return self.direction_at(k);
        }
        if let Some(n) = self.street_at(k) {
            return Some(n);
        }
        if t.role.any(Role::UNIT) {
            let alone =
                edge && self.street && t.text.len() > 1 || prev.ordinal && self.good > self.start;
            return if alone {
                self.accept(k, 1)
            } else {
                self.wait(k)
            };
        }
        if t.role.any(Role::WAY.or(Role::POST).or(Role::BOX)) && (t.capital || self.lower) {
            self.names += usize::from(!self.street);
            return self.wait(k);
        }
        let small = t.role.any(Role::PARTICLE)
            && (self.street || self.names > 0 || next.is_some_and(|n| n.capital));
        if !(t.capital || t.ordinal || self.lower || small) {
            return None;
        }
        self.names += usize::from(!self.street && !small);
        if self.prefixed && t.capital && self.pending <= 2 {
            self.prefixed = !(t.comma || t.last);
            return self.accept(k, 0);
        }
        self.wait(k)
    }

    fn direction_at(&mut self, k: usize) -> Option<usize> {
        if k == self.start + 1 {
            self.direction = true;
            self.score += 1;
            return self.wait(k);
        }
        if k == self.good + 1 && self.street {
            return self.accept(k, 0);
        }
        self.wait(k)
    }

    /// A street's type, a beginning of one, or a street in one word.
    fn street_at(&mut self, k: usize) -> Option<usize> {
        let t = self.tokens[k];
        let next = self.tokens.get(k + 1);
        let named = self.names > 0 || self.direction && k > self.start + 2;
        if t.role.any(Role::PREFIX) && !self.street && self.names == 0 && k <= self.start + 2 {
            let follows =
                next.is_some_and(|n| n.capital || n.role.any(Role::PARTICLE) || self.lower);
            if follows && !t.last && !t.comma {
                self.street = true;
                self.prefixed = true;
                return self.accept(k, 3);
            }
        }
        if t.role.any(Role::TYPE) && named {
            let score = if self.street && self.typed == 0 {
                0
            } else {
                3 - self.typed
            };
            self.english |= self.tokens[self.start].number && t.text.is_ascii() && !self.prefixed;
            self.street = true;
            self.typed = 3;
            return self.accept(k, score);
        }
        // 9912 Avenue H
        if t.role.any(Role::TYPE)
            && !self.street
            && next.is_some_and(|n| n.text.len() <= 2 && n.capital)
            && t.capital
        {
            self.street = true;
            return self.accept(k + 1, 3);
        }
        let counted = next.is_some_and(|n| n.number) && self.tokens[k - 1].capital;
        if t.role.any(Role::WEAK) && named && !self.street && (t.capital || self.lower || counted) {
            self.street = true;
            self.typed = if self.line.begins(self.tokens[self.start].start) {
                2
            } else {
                1
            };
            return self.accept(k, self.typed);
        }
        if t.capital && !self.street && self.names == 0 && streets::compound(t.text) {
            self.street = true;
            return self.accept(k, 2);
        }
        None
    }

    /// A state by its code or name.
    fn state_at(&mut self, k: usize, edge: bool) -> Option<usize> {
        let t = self.tokens[k];
        let next = self.tokens.get(k + 1);
        let zip = |n: usize| {
            self.tokens
                .get(n)
                .is_some_and(|t| t.zip() || t.digits() == Some(4))
        };
        if k < self.start + 2 && !self.street {
            return None;
        }
        // CT is a court before it is Connecticut.
        if t.role.any(Role::TYPE) && self.names > 0 && !self.street && !zip(k + 1) {
            return None;
        }
        let code = t.state_code()
            || t.text.len() == 2
                && t.capital
                && zip(k + 1)
                && super::latin::STATE_CODES
                    .iter()
                    .any(|s| t.text.eq_ignore_ascii_case(s))
            || self.lower
                && t.text.len() == 2
                && (zip(k + 1) || next.is_none() || t.last)
                && super::latin::STATE_CODES
                    .iter()
                    .any(|s| t.text.eq_ignore_ascii_case(s));
        let one = (t.capital || self.lower) && t.text.len() >= 4 && super::latin::state(t.text);
        let two = next
            .filter(|n| n.capital && !t.last && !t.comma)
            .is_some_and(|n| {
                let chars = t.text.chars().chain([' ']).chain(n.text.chars());
                t.capital && dict::value(chars.flat_map(char::to_lowercase)).state
            });
        let canadian = next.is_some_and(|n| outward(n.text));
        if (code || one) && (edge || zip(k + 1) || canadian || self.tokens[k - 1].comma) {
            self.state = Some(k);
            return self.accept(k, 1);
        }
        if two {
            let ends = zip(k + 2)
                || self.tokens.get(k + 2).is_none()
                || self.tokens[k + 1].last
                || self.tokens[k + 1].comma;
            if ends {
                self.state = Some(k + 1);
                return self.accept(k + 1, 1);
            }
        }
        None
    }

    fn country_at(&mut self, k: usize) -> Option<usize> {
        if !self.tokens[k].capital || self.country {
            return None;
        }
        let n = (1..=4).rev().find(|&n| {
            k + n <= self.tokens.len()
                && self.tokens[k..k + n - 1]
                    .iter()
                    .all(|t| !t.last && !t.comma)
                && is_country(&self.tokens[k..k + n])
        })?;
        self.country = true;
        self.accept(k + n - 1, 2)
    }

    /// Takes in the words behind the last sure one when the line or the sentence ends with them.
    fn finish(&mut self, k: usize) {
        if self.score < ENOUGH - 2 || self.country {
            return;
        }
        let mut end = self.good;
        while end + 1 < k && !self.tokens[end].last && !self.tokens[end].dot {
            end += 1;
        }
        let words = end - self.good;
        let t = &self.tokens[end];
        let most = if t.last || end + 1 == self.tokens.len() {
            5
        } else {
            3
        };
        let closed = t.last || t.comma || t.dot || end + 1 == self.tokens.len();
        let small = t.role.any(Role::PARTICLE) && !t.capital;
        if words > 0 && words <= most && closed && !small {
            self.good = end;
        }
    }

    fn settle(&self) -> Option<(usize, usize)> {
        let (s, e) = (self.start, self.good);
        let letters = |t: &Token<'_>| t.text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        if s == e || !self.tokens[s..=e].iter().any(|t| !t.number && letters(t)) {
            return None;
        }
        let (first, last) = (self.tokens[s].start, self.tokens[e].end());
        let own = self.line.begins(first) && self.line.ends(last);
        let words = e - s + 1;
        let mut score = self.score;
        if own && self.direction && self.names > 0 && words <= 8 {
            score += 2;
        }
        if own && self.typed == 2 && words <= 5 {
            score += 1;
        }
        if own && self.zip && self.tokens[s].number {
            score += 1;
        }
        if self.lower && !own && !self.line.begins(first) {
            score -= 2;
        }
        if (ENOUGH - 2..ENOUGH).contains(&score) && self.line.labelled(first.max(self.line.from)) {
            score += 2;
        }
        (score >= ENOUGH).then_some((s, e))
    }
}

/// Whether the number may be a year.
fn year(t: &Token<'_>) -> bool {
    t.digits() == Some(4) && matches!(&t.text[..2], "15" | "16" | "17" | "18" | "19" | "20")
}

fn abbreviates(t: &Token<'_>) -> bool {
    t.role.any(ABBREVIATED) && t.text.len() <= 5
}

/// Whether a dot behind the word is that of an abbreviation.
fn abbreviation(t: &Token<'_>) -> bool {
    let short = t.text.len() <= 3 || t.text.len() <= 5 && t.text.contains('.');
    (t.role.any(ABBREVIATED) || streets::compound(t.text) || short && !t.number) && !t.last
}

/// Whether the line that begins with this word is the beginning of another address: a house number with a street, a box.
fn fresh(tokens: &[Token<'_>]) -> bool {
    let end = tokens
        .iter()
        .position(|t| t.last)
        .map_or(tokens.len(), |n| n + 1);
    let line = &tokens[..end];
    let first = &line[0];
    let street = Role::TYPE
        .or(Role::BOX)
        .or(Role::PREFIX)
        .or(Role::WAY)
        .or(Role::POST);
    let told = line
        .iter()
        .any(|t| t.role.any(street) || t.capital && !t.number && streets::compound(t.text));
    let weak = line
        .iter()
        .skip(2)
        .any(|t| t.role.any(Role::WEAK.or(Role::UNIT)));
    let direction = line.get(1).is_some_and(|t| t.role.any(Role::DIRECTION));
    if first.number {
        return !first.postcode()
            || told
            || weak
            || direction
            || line.iter().skip(1).any(|t| t.number);
    }
    if line.iter().any(|t| t.role.any(Role::BOX)) && line.iter().any(|t| t.role.any(Role::POST)) {
        return true;
    }
    let military = first.role.any(Role::POST) && line.iter().any(|t| t.state_code());
    told && !military && !first.role.any(Role::UNIT) && line.iter().any(|t| t.number)
}
