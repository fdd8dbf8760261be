//! One postal address in Latin letters, read word by word from its number.
//!
//! In: the words around a number ([`super::address_tokens`]). Out: the first and the last word of the address, where there is one. Each piece that
//! only addresses have (a street's type, a box, a state with its postal code, a country) adds to a score.

use super::address_tokens::{Token, inward, is_measure, joined_code, outward};
use super::text_address::{ABBREVIATED, Line, is_country};
use crate::pattern::dict;
use crate::pattern::streets::{self, Role};

/// The score at which words are an address.
const ENOUGH: i32 = 3;

/// An address while it is read.
pub(super) struct Parse<'a, 't> {
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
    pub(super) fn from(
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
        // May 5, 2014
        let day = i > 1 && self.tokens[i - 1].number && month(self.tokens.get(i - 2));
        let dated = self.dated(i)
            || i > 0 && !self.tokens[i - 1].last && month(self.tokens.get(i - 1))
            || day && year(&t);
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
        // 0005B, and the number of a line above: no house.
        let code = letters > 0 && (t.text.starts_with('0') || t.last);
        if self.years(i) {
            return None;
        }
        let house =
            t.number && letters <= 2 && (1..=6).contains(&digits) && !money && !counted && !code
                || t.postcode() && !year(&t);
        house.then_some(())
    }

    /// Whether the number is the year of a copyright or an event: `1991-2010, Jane Lane`, `in 2012 via`, one at the end of its line.
    fn years(&self, i: usize) -> bool {
        let t = &self.tokens[i];
        let four = |part: &str| part.len() == 4 && part.starts_with(['1', '2']);
        if t.text
            .split_once('-')
            .is_some_and(|(a, b)| four(a) && four(b))
        {
            return true;
        }
        let street = |n: &&Token<'_>| n.role.any(Role::PREFIX);
        let next = self.tokens.get(i + 1);
        let small = next.is_some_and(|n| !self.lower && !n.capital && street(&n));
        year(t) && (t.last || small || t.comma && !next.as_ref().is_some_and(street))
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
        let (mut found, mut names, mut plain) = (None, 0, true);
        // OS X 10.4, via Example XY1234
        if self.tokens[i].text.contains('.') || !self.tokens[i].number {
            return false;
        }
        for s in (low.max(i.saturating_sub(8))..i).rev() {
            let t = &self.tokens[s];
            // via a PEP 302
            let article = !self.lower && t.text == "a";
            if t.last || t.number || article || t.role.any(Role::STOP) || t.comma && s + 1 != i {
                break;
            }
            // C. Mayor 5, not 12 C. Rain today 0.
            let long = t.text.len() >= 3 || (t.capital || t.dot) && plain;
            plain &= t.capital || t.role.any(Role::PARTICLE);
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
                || t.number && (self.dated(k) || is_measure(self.tokens, k))
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
        let most = if prev.text == "#" { 1 } else { 3 };
        if prev.role.any(Role::UNIT)
            && t.text.len() <= most
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
            // 18 C. Heavy rain
            let long = t.text.trim_end_matches('.').len() >= 2;
            if follows && long && !t.last && !t.comma {
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
            self.typed = if !self.lower && self.line.begins(self.tokens[self.start].start) {
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

pub(super) fn abbreviates(t: &Token<'_>) -> bool {
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
