//! Matches in running text.
//!
//! In: a text, of any length. Out: what stands in it, in order of start. Each recogniser looks only where its anchor stands (an `@`, a run of
//! digits, a line with Japanese in it, a capital letter), so that text without anchors costs one pass over its bytes.
//!
//! Spans: surname and given name are one, the honorific is outside, a reading in brackets is a span of its own; an address runs from the
//! prefecture (or the municipality) to the building.

use std::ops::Range;

use super::cell::{email, host_name, ip, local_byte, shapes};
use super::memo::Memo;
use super::number::{self, Written};
use super::text_japanese::Line;
use super::text_latin;
use super::{Match, Shape, Shapes};
use crate::pattern::{Failure, Kind, Matcher, Needs, Part, Patterns};
use crate::text::read_date;

/// What the recognisers of this room find; the kinds' names are those of `patterns/kinds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Email,
    Phone,
    Card,
    BankAccount,
    Ip,
    MyNumber,
    PostalCode,
    Name,
    Address,
    BirthDate,
    Age,
    Credential,
}

const KINDS: [(What, &str); 12] = [
    (What::Email, "email"),
    (What::Phone, "phone"),
    (What::Card, "payment-card"),
    (What::BankAccount, "bank-account"),
    (What::Ip, "ip-address"),
    (What::MyNumber, "jp.my-number"),
    (What::PostalCode, "postal-code"),
    (What::Name, "person-name"),
    (What::Address, "postal-address"),
    (What::BirthDate, "birth-date"),
    (What::Age, "age"),
    (What::Credential, "credential"),
];

/// A find before its kind is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) what: What,
    pub(super) part: Part,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) confidence: f32,
}

impl Hit {
    pub(super) fn new(what: What, range: Range<usize>, confidence: f32) -> Self {
        Self {
            what,
            part: Part::Whole,
            start: range.start,
            end: range.end,
            confidence,
        }
    }
}

/// Finds personal data in text. One per thread; keeps its scratch.
pub struct Scanner<'p> {
    kinds: [Option<Kind>; KINDS.len()],
    hits: Vec<Hit>,
    line: Line,
    memo: Memo,
    patterns: &'p Patterns,
    /// Whether there are rules of the user's own, which run on every word.
    own: bool,
}

impl<'p> Scanner<'p> {
    /// A scanner for the kinds of these patterns; a kind they do not have is not reported.
    pub fn new(patterns: &'p Patterns) -> Self {
        Self {
            kinds: KINDS.map(|(_, name)| patterns.kind(name)),
            hits: Vec::new(),
            line: Line::default(),
            memo: Memo::new(),
            patterns,
            own: patterns.rules().iter().any(|rule| rule.own),
        }
    }

    /// Adds all matches in a running text to `out`, in order of start; matches of one kind do not overlap.
    pub fn text(&mut self, text: &str, out: &mut Vec<Match>) {
        find(text, &mut self.line, &mut self.hits);
        self.deliver(out);
        if self.own {
            self.own_rules(text, out);
        }
    }

    /// The rules of the user's own, on every word; a rule that needs a context needs one of its keywords before the word.
    fn own_rules(&self, text: &str, out: &mut Vec<Match>) {
        let from = out.len();
        let inside =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '+');
        for word in text.split(|c: char| !inside(c)) {
            let word = word.trim_matches(['.', '-', '/']);
            if word.is_empty() || word.len() > 256 {
                continue;
            }
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            for rule in self.patterns.rules().iter().filter(|rule| rule.own) {
                let before = &text[floor(text, start.saturating_sub(48))..start];
                let supported = match rule.needs {
                    Needs::Nothing => true,
                    Needs::Context | Needs::ColumnOrContext => rule
                        .keywords
                        .iter()
                        .any(|word| before.to_lowercase().contains(word.as_str())),
                    Needs::Column => false,
                };
                if supported && rule.accepts(word) == Some(true) {
                    out.push(Match {
                        kind: rule.kind,
                        part: rule.part,
                        start,
                        end: start + word.len(),
                        confidence: 0.8,
                    });
                    break;
                }
            }
        }
        out[from..].sort_by_key(|hit| (hit.start, hit.kind));
    }

    /// The shapes of a cell; when it is no single thing, what stands in it is added to `out`.
    pub fn cell(&mut self, cell: &str, out: &mut Vec<Match>) -> Shapes {
        let slot = self.memo.slot(cell);
        if let Some(shapes) = slot.and_then(|slot| self.memo.get(slot, cell)) {
            return shapes;
        }
        let shapes = shapes(cell);
        if embeds(cell, shapes) {
            self.text(cell, out);
        } else if let Some(slot) = slot {
            self.memo.put(slot, cell, shapes);
        }
        shapes
    }

    /// Adds the names and addresses of a mail header (`Name <a@b>, "C, D" <c@d>`).
    pub fn mailboxes(&mut self, header: &str, out: &mut Vec<Match>) {
        self.hits.clear();
        emails(header, &mut self.hits);
        let mut from = 0;
        for at in 0..self.hits.len() {
            let (start, end) = (self.hits[at].start, self.hits[at].end);
            if let Some(name) = display_name(header, from, start) {
                self.hits.push(Hit::new(What::Name, name, 0.8));
            }
            from = end;
        }
        self.deliver(out);
    }

    /// The personal data inside the name of a column, file or table: only what is sure (addresses, numbers, full names).
    pub fn name_ranges(&mut self, name: &str) -> Vec<Range<usize>> {
        find(name, &mut self.line, &mut self.hits);
        let mut ranges: Vec<_> = self
            .hits
            .iter()
            .filter(|h| h.what != What::Name && h.what != What::Age || h.confidence >= 0.7)
            .map(|h| h.start..h.end)
            .collect();
        let trimmed = name.trim();
        let whole = shapes(trimmed);
        if whole.any(Shapes::of(&[
            Shape::Email,
            Shape::Card,
            Shape::MyNumber,
            Shape::Iban,
            Shape::PhoneJp,
            Shape::PhoneIntl,
        ])) {
            let start = name.len() - name.trim_start().len();
            ranges.push(start..start + trimmed.len());
        }
        ranges.sort_by_key(|r| (r.start, r.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for r in ranges {
            match merged.last_mut().filter(|last| last.end >= r.start) {
                Some(last) => last.end = last.end.max(r.end),
                None => merged.push(r),
            }
        }
        merged
    }

    fn deliver(&mut self, out: &mut Vec<Match>) {
        settle(&mut self.hits);
        for hit in &self.hits {
            if let Some(kind) = self.kinds[hit.what as usize] {
                out.push(Match {
                    kind,
                    part: hit.part,
                    start: hit.start,
                    end: hit.end,
                    confidence: hit.confidence,
                });
            }
        }
    }
}

/// Whether something may stand inside the cell that is not the whole of it.
fn embeds(cell: &str, shapes: Shapes) -> bool {
    const SINGLE: Shapes = Shapes::of(&[
        Shape::Filler,
        Shape::Email,
        Shape::Url,
        Shape::Ip,
        Shape::Mac,
        Shape::Uuid,
        Shape::PhoneJp,
        Shape::PhoneIntl,
        Shape::Card,
        Shape::Digits,
        Shape::Integer,
        Shape::Decimal,
        Shape::Date,
        Shape::EraDate,
        Shape::DateTime,
        Shape::Time,
        Shape::Hash,
        Shape::JpFullName,
        Shape::KanaFullName,
        Shape::LatinFullName,
        Shape::Iban,
        Shape::PostalJp,
        Shape::Word,
        Shape::HanShort,
    ]);
    if cell.len() > 1024 || shapes.has(Shape::Sentence) {
        return true;
    }
    if shapes.any(SINGLE) {
        return shapes.has(Shape::Url) && cell.contains('@');
    }
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.len() >= 12 && (digits >= 9 || cell.contains('@'))
        || cell.contains(['：', '\n'])
        || cell.contains(": ")
}

/// Every recogniser over the text; the hits may overlap.
pub(super) fn find(text: &str, line: &mut Line, hits: &mut Vec<Hit>) {
    hits.clear();
    emails(text, hits);
    digits(text, hits);
    ipv6(text, hits);
    credentials(text, hits);
    text_latin::find(text, hits);
    if !text.is_ascii() {
        line.find(text, hits);
    }
}

/// Sorts the hits; of two that overlap in one kind, or where one explains the other away, the surer stays.
pub(super) fn settle(hits: &mut Vec<Hit>) {
    let rank = |w: What| match w {
        What::Email => 0,
        What::Card | What::BankAccount | What::Credential => 1,
        What::Ip | What::MyNumber => 2,
        What::BirthDate => 3,
        What::Address => 4,
        What::Phone => 5,
        What::PostalCode => 6,
        What::Name => 7,
        What::Age => 8,
    };
    hits.sort_by(|a, b| {
        (a.start, rank(a.what))
            .cmp(&(b.start, rank(b.what)))
            .then(b.end.cmp(&a.end))
            .then(b.confidence.total_cmp(&a.confidence))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for &hit in hits.iter() {
        match kept.last_mut().filter(|last| last.end > hit.start) {
            None => kept.push(hit),
            Some(last)
                if rank(hit.what) < rank(last.what)
                    || hit.what == last.what
                        && hit.confidence > last.confidence
                        && hit.end >= last.end =>
            {
                *last = hit
            }
            Some(_) => {}
        }
    }
    *hits = kept;
}

/// E-mail addresses: from each `@` to both sides.
fn emails(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        let first = bytes[..at]
            .iter()
            .rev()
            .take(64)
            .take_while(|&&b| local_byte(b))
            .count();
        let mut start = at - first;
        while start < at && b"'`.*=/{|&#?!+-~^$%_".contains(&bytes[start]) && bytes[start] != b'_' {
            start += 1;
        }
        // a='b@c', key=b@c: what stands before the last sign that no address has is not part of it
        if let Some(cut) = bytes[start..at].iter().rposition(|b| b"'`{}|&".contains(b)) {
            start += cut + 1;
        }
        let host = bytes[at + 1..]
            .iter()
            .take(253)
            .take_while(|&&b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            .count();
        let mut end = at + 1 + host;
        while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        if start < at
            && text.is_char_boundary(start)
            && email(&text[start..end])
            && host_name(&text[at + 1..end])
        {
            // git@host:path, scp-like and user:password@host are no mail
            if bytes.get(end) == Some(&b':')
                && bytes
                    .get(end + 1)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                && bytes[start..at].eq_ignore_ascii_case(b"git")
            {
                continue;
            }
            hits.push(Hit::new(What::Email, start..end, 0.99));
        }
    }
}

/// Runs of digits with what may stand between them: phones, cards, IBANs, addresses, postal codes, dates.
fn digits(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skip) = bytes[at..]
        .iter()
        .position(|b| b.is_ascii_digit() || *b == 0xEF)
    {
        at += skip;
        if bytes[at] == 0xEF
            && !(bytes.get(at + 1) == Some(&0xBC) && matches!(bytes.get(at + 2), Some(0x90..=0x99)))
        {
            at += 1;
            continue;
        }
        let run = Run::around(text, at);
        at = run.end.max(at + 1);
        run.judge(text, hits);
    }
}

/// Digits in groups, narrowed, with where each stood.
struct Run {
    start: usize,
    end: usize,
    narrowed: [u8; 48],
    at: [u32; 49],
    len: usize,
    digits: usize,
    long: bool,
}

impl Run {
    /// The run that begins at a digit; a `+`, `(` or both just before it belong to it.
    fn around(text: &str, first: usize) -> Self {
        let bytes = text.as_bytes();
        let mut start = first;
        while start > 0 && first - start < 3 && matches!(bytes[start - 1], b'+' | b'(') {
            start -= 1;
        }
        let mut run = Self {
            start,
            end: first,
            narrowed: [0; 48],
            at: [0; 49],
            len: 0,
            digits: 0,
            long: false,
        };
        let (mut gap, mut end_len) = (0, 0);
        for (offset, c) in text[start..].char_indices() {
            let narrow = crate::text::narrow(c);
            let c = if crate::text::is_hyphen(c) || c == 'ー' || c == '~' {
                '-'
            } else {
                narrow
            };
            let digit = c.is_ascii_digit();
            if !(digit || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+') && gap < 2)
                || c == '+' && run.digits > 0
            {
                break;
            }
            // What follows a card's worth of digits after a blank is another number.
            if c == ' ' && run.digits >= 13 {
                break;
            }
            if run.len == 48 {
                run.long = true;
                break;
            }
            run.narrowed[run.len] = c as u8;
            run.at[run.len] = (start + offset) as u32;
            run.len += 1;
            if digit {
                gap = 0;
                run.digits += 1;
                end_len = run.len;
                run.end = start
                    + offset
                    + text[start + offset..]
                        .chars()
                        .next()
                        .map_or(1, char::len_utf8);
            } else {
                gap += 1;
            }
        }
        run.len = end_len;
        run.at[end_len] = run.end as u32;
        if run.long {
            // Skip the rest of an endless number.
            run.end += bytes[run.end..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
        }
        run
    }

    fn judge(&self, text: &str, hits: &mut Vec<Hit>) {
        let bytes = text.as_bytes();
        if self.long || self.digits < 1 {
            return;
        }
        let before = self.start.checked_sub(1).map_or(b' ', |at| bytes[at]);
        let after = bytes.get(self.end).copied().unwrap_or(b' ');
        let glued = before.is_ascii_alphanumeric()
            || matches!(before, b'_' | b'#' | b'=' | b'$' | b'%' | b'\\') && before != b'='
            || after.is_ascii_alphabetic()
            || after == b'_';
        let label = &text[floor(text, self.start.saturating_sub(48))..self.start];
        if before.is_ascii_uppercase() && self.digits >= 2 && iban(text, self.start, hits) {
            return;
        }
        let year = text[self.end..].starts_with('年');
        if self.digits <= 3 && !year {
            self.age(text, label, hits);
            return;
        }
        if self.digits <= 8 && self.birth_date(text, label, hits) {
            return;
        }
        if glued {
            return;
        }
        let tail = bytes
            .get(self.end + 1)
            .is_some_and(u8::is_ascii_alphanumeric);
        let runs_on = matches!(before, b'-' | b'.' | b':' | b'/' | b',')
            && self.start >= 2
            && bytes[self.start - 2].is_ascii_alphanumeric()
            || matches!(after, b'-' | b':' | b'/' | b'=' | b'%') && tail;
        let narrowed = &self.narrowed[..self.len];
        if runs_on && !(before == b':' || before == b'/') {
            return;
        }
        if self.ip(narrowed, hits) {
            return;
        }
        if (12..=19).contains(&self.digits) && self.card_or_id(narrowed, label, hits) {
            return;
        }
        if self.digits >= 7 {
            self.phones(text, label, hits);
        }
        if self.digits == 7 && self.postal(text, narrowed, hits) {}
    }

    /// Whether nothing else stands on the line.
    fn alone(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r');
        let before = bytes[..self.start].iter().rev().take(8).find(|b| !blank(b));
        let after = bytes[self.end..].iter().take(8).find(|b| !blank(b));
        let edge = |b: Option<&u8>, end: bool| b == Some(&b'\n') || b.is_none() && end;
        edge(before, self.start < 8) && edge(after, bytes.len() - self.end < 8)
    }

    fn range(&self, from: usize, to: usize) -> Range<usize> {
        self.at[from] as usize..self.at[to] as usize
    }

    fn ip(&self, narrowed: &[u8], hits: &mut Vec<Hit>) -> bool {
        if narrowed.iter().filter(|&&b| b == b'.').count() < 3 {
            return false;
        }
        let end = narrowed
            .iter()
            .position(|b| !b.is_ascii_digit() && *b != b'.')
            .unwrap_or(narrowed.len());
        if super::cell::ipv4(&narrowed[..end]) {
            hits.push(Hit::new(What::Ip, self.range(0, end), 0.9));
            return true;
        }
        false
    }

    fn card_or_id(&self, narrowed: &[u8], label: &str, hits: &mut Vec<Hit>) -> bool {
        if narrowed
            .iter()
            .any(|b| !(b.is_ascii_digit() || matches!(b, b' ' | b'-')))
        {
            return false;
        }
        let Some(written) = Written::read(narrowed) else {
            return false;
        };
        let d = written.digits();
        let even = written.groups == 1
            || written.group[..written.groups.min(8)]
                .iter()
                .all(|&n| (3..=7).contains(&n))
                && written.groups <= 5;
        if even
            && number::card(d)
            && (written.groups > 1 || d[0] != b'2' || labelled(label, CARD_LABELS))
        {
            hits.push(Hit::new(What::Card, self.range(0, self.len), 0.95));
            return true;
        }
        if even && number::luhn(d) && d.iter().any(|b| b != &d[0]) && labelled(label, CARD_LABELS) {
            hits.push(Hit::new(What::Card, self.range(0, self.len), 0.85));
            return true;
        }
        if d.len() == 12 && number::my_number(d) && labelled(label, MY_NUMBER_LABELS) {
            hits.push(Hit::new(What::MyNumber, self.range(0, self.len), 0.95));
            return true;
        }
        false
    }

    fn postal(&self, text: &str, narrowed: &[u8], hits: &mut Vec<Hit>) -> bool {
        let shaped = self.len == 8 && narrowed[3] == b'-' || self.len == 7;
        let sign = text[..self.start]
            .trim_end_matches([' ', '\u{3000}'])
            .ends_with(['〒', '〶']);
        let rest = text[self.end..].trim_start_matches([' ', '\u{3000}', '\n', '\r']);
        let mut folded = [' '; 16];
        let mut n = 0;
        for c in rest.chars().take(16) {
            folded[n] = super::japanese::fold_char(c);
            n += 1;
        }
        let address = self.len == 8 && crate::pattern::dict::place(&folded[..n]).is_some();
        let found = shaped
            && (sign
                || address
                || labelled(
                    &text[floor(text, self.start.saturating_sub(40))..self.start],
                    POSTAL_LABELS,
                ));
        if found {
            hits.push(Hit::new(What::PostalCode, self.range(0, self.len), 0.95));
        }
        found
    }

    /// A date of birth: a date with a label before it or 生まれ after it.
    fn birth_date(&self, text: &str, label: &str, hits: &mut Vec<Hit>) -> bool {
        let tail = &text[self.end..];
        let tail = &tail[..floor(tail, tail.len().min(120))];
        let tail = tail
            .char_indices()
            .nth(40)
            .map_or(tail, |(at, _)| &tail[..at]);
        // 1967年7月11日生。
        let born = || {
            tail.find(['日', '生']).is_some_and(|n| {
                tail[n..].starts_with("日生")
                    || tail[n..].starts_with("日、生")
                    || tail.contains("生まれ")
                    || tail.contains("生れ")
            })
        };
        let words = !tail.is_ascii() && born()
            || memchr::memmem::find(tail.as_bytes(), b"born").is_some()
            || labelled(label, BIRTH_LABELS);
        if !words {
            return false;
        }
        // The era may stand before the first digit.
        let from = ["昭和", "平成", "大正", "明治", "令和", "S", "H", "T", "M"]
            .iter()
            .find(|e| text[..self.start].ends_with(*e))
            .map_or(self.start, |e| self.start - e.len());
        let Some(read) = read_date(&text[from..], false) else {
            return false;
        };
        let end = from + read.end;
        hits.push(Hit::new(What::BirthDate, from..end, 0.9));
        true
    }

    fn age(&self, text: &str, label: &str, hits: &mut Vec<Hit>) {
        let value = self.narrowed[..self.len].iter().try_fold(0u32, |n, b| {
            b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))
        });
        if value.is_none_or(|v| v > 120)
            || self.start > 0 && text.as_bytes()[self.start - 1].is_ascii_alphanumeric()
        {
            return;
        }
        let rest = &text[self.end..];
        let after = rest.starts_with(['歳', '才'])
            || rest
                .trim_start_matches([' ', '-'])
                .get(..8)
                .is_some_and(|r| {
                    r.eq_ignore_ascii_case("year old")
                        || r.eq_ignore_ascii_case("years ol")
                        || r.eq_ignore_ascii_case("year-old")
                        || r.eq_ignore_ascii_case("years-ol")
                });
        if after
            || labelled(
                &label[floor(label, label.len().saturating_sub(12))..],
                AGE_LABELS,
            )
        {
            hits.push(Hit::new(What::Age, self.range(0, self.len), 0.8));
        }
    }

    /// Phone numbers in the run: the whole run, or the parts between blanks that are numbers of their own.
    fn phones(&self, text: &str, label: &str, hits: &mut Vec<Hit>) {
        let whole = &self.narrowed[..self.len];
        let context = labelled(label, PHONE_LABELS);
        if !context && self.alone(text) && phone_alone(whole) {
            hits.push(Hit::new(What::Phone, self.range(0, self.len), 0.6));
            return;
        }
        if let Some(confidence) = phone(whole, context) {
            hits.push(Hit::new(What::Phone, self.range(0, self.len), confidence));
            return;
        }
        let mut from = 0;
        while from < self.len {
            let word = whole[from..]
                .iter()
                .position(|&b| b == b' ' || b == b'/')
                .map_or(self.len, |n| from + n);
            // The longest stretch of words from here that is a phone number.
            let mut end = self.len;
            let found = loop {
                if let Some(confidence) =
                    phone(&whole[from..end], context).filter(|c| *c > 0.6 || context)
                {
                    break Some(confidence);
                }
                match whole[from..end]
                    .iter()
                    .rposition(|&b| b == b' ' || b == b'/')
                {
                    Some(n) if n > 0 => end = from + n,
                    _ => break None,
                }
            };
            if let Some(confidence) = found {
                hits.push(Hit::new(What::Phone, self.range(from, end), confidence));
                from = end + 1;
            } else {
                from = word + 1;
            }
        }
        let _ = text;
    }
}

/// Whether the characters, alone on a line, are written as a phone number is.
fn phone_alone(written: &[u8]) -> bool {
    let Some(read) = Written::read(written) else {
        return false;
    };
    let d = read.digits();
    let trunk = d[0] == b'0' && d.get(1) != Some(&b'0');
    let plain = written
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'(' | b')'));
    if read.plus || looks_like_date(&read) || !plain {
        return false;
    }
    match read.groups {
        1 => trunk && (10..=11).contains(&d.len()),
        2..=6 => {
            (7..=12).contains(&d.len())
                && (trunk
                    || read.brackets
                    || read.groups >= 3
                    || written.contains(&b'-') && read.group[1] >= 4)
                && read.group[..read.groups].iter().all(|&n| n <= 8)
        }
        _ => false,
    }
}

/// How sure the characters are one phone number; `None` when they are not.
fn phone(written: &[u8], context: bool) -> Option<f32> {
    let read = Written::read(written)?;
    let d = read.digits();
    if read.plus {
        return number::international(d).then_some(0.95);
    }
    // A date or a date with a time is no phone number.
    if d.len() >= 8 && looks_like_date(&read) {
        return None;
    }
    let groups = read.groups;
    let grouped = (2..=4).contains(&groups) && read.group[groups - 1] >= 2;
    let dots = written.contains(&b'.');
    if number::jp_line(d).is_some()
        && (groups == 1
            || grouped && read.group[0] >= 2 && read.group[groups - 1] >= 3 && groups <= 3)
        && (context || !dots)
        && !written.contains(&b'/')
    {
        if groups > 1 {
            return Some(0.95);
        }
        return (d.len() == 11 && number::jp_line(d) == Some(number::Line::Mobile))
            .then_some(0.7)
            .or(context.then_some(0.9));
    }
    let nanp = number::nanp(d) || d.len() == 11 && d[0] == b'1' && number::nanp(&d[1..]);
    let tail = read.group[..groups.min(8)].ends_with(&[3, 4]);
    if nanp && (tail || read.brackets) && grouped {
        return Some(0.85);
    }
    (context && (7..=15).contains(&d.len()) && groups <= 5).then_some(0.75)
}

fn looks_like_date(read: &Written) -> bool {
    let d = read.digits();
    let two = |at: usize| u32::from(d[at] - b'0') * 10 + u32::from(d[at + 1] - b'0');
    (19..=20).contains(&two(0))
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && (read.groups == 1 || read.group[0] == 4 || read.group[0] == 8)
        || read.groups >= 3 && read.group[0] == 4 && read.group[1] <= 2 && read.group[2] <= 2
}

/// An IBAN that begins with the two letters before the digit at `at`: whether there is one.
fn iban(text: &str, at: usize, hits: &mut Vec<Hit>) -> bool {
    let bytes = text.as_bytes();
    if at < 2
        || !bytes[at - 2..at].iter().all(u8::is_ascii_uppercase)
        || at > 2 && bytes[at - 3].is_ascii_alphanumeric()
    {
        return false;
    }
    let start = at - 2;
    let longest = bytes[start..]
        .iter()
        .take(44)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-'))
        .count();
    for len in (15..=longest).rev() {
        let end = start + len;
        if bytes[end - 1].is_ascii_alphanumeric()
            && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
            && number::iban(&bytes[start..end])
        {
            hits.push(Hit::new(What::BankAccount, start..end, 0.98));
            return true;
        }
    }
    false
}

/// IPv6 addresses: words of hexadecimal digits and colons.
fn ipv6(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memmem::find_iter(bytes, b":") {
        let is = |b: &u8| b.is_ascii_hexdigit() || *b == b':' || *b == b'.';
        if at > 0
            && bytes[..at]
                .iter()
                .rev()
                .take_while(|b| is(b))
                .any(|&b| b == b':')
        {
            continue;
        }
        let start = at
            - bytes[..at]
                .iter()
                .rev()
                .take(5)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
        let mut end = at + bytes[at..].iter().take(46).take_while(|b| is(b)).count();
        while end > start && bytes[end - 1] == b'.' {
            end -= 1;
        }
        let edge = |b: Option<&u8>| {
            b.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_' && *b != b':')
        };
        let groups = bytes[start..end].iter().filter(|&&b| b == b':').count();
        let digits = bytes[start..end]
            .iter()
            .filter(|b| b.is_ascii_digit())
            .count();
        if groups >= 2
            && end - start >= 7
            && digits >= 2
            && edge(start.checked_sub(1).map(|n| &bytes[n]))
            && edge(bytes.get(end))
            && ip(&text[start..end])
        {
            hits.push(Hit::new(What::Ip, start..end, 0.85));
        }
    }
}

const PHONE_LABELS: &[&str] = &[
    "tel",
    "phone",
    "fax",
    "mobile",
    "call",
    "cell",
    "電話",
    "携帯",
    "連絡先",
    "ファックス",
    "ＴＥＬ",
    "ＦＡＸ",
    "ファクス",
    "℡",
    "☎",
    "fon",
    "dial",
    "whatsapp",
    "reach",
];
const CARD_LABELS: &[&str] = &["card", "カード", "visa", "master", "credit"];
const MY_NUMBER_LABELS: &[&str] = &[
    "マイナンバー",
    "個人番号",
    "my number",
    "mynumber",
    "my_number",
];
const POSTAL_LABELS: &[&str] = &["郵便番号", "zip", "postal"];
const BIRTH_LABELS: &[&str] = &[
    "生年月日",
    "誕生日",
    "お誕生",
    "birth",
    "born",
    "dob",
    "d.o.b",
    "geburts",
    "naissance",
];
const AGE_LABELS: &[&str] = &["年齢", "age:", "age ", "aged ", "満"];

/// Whether one of the words stands in the text before a value; a new line in between ends the label's reach.
fn labelled(before: &str, words: &[&str]) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let near = &line[floor(line, line.len().saturating_sub(40))..];
    let (mut lower, bytes) = ([0; 48], near.as_bytes());
    lower[..bytes.len()].copy_from_slice(bytes);
    lower[..bytes.len()].make_ascii_lowercase();
    let lower = &lower[..bytes.len()];
    let ascii = near.is_ascii();
    words.iter().filter(|w| !ascii || w.is_ascii()).any(|w| {
        let (first, w) = (w.as_bytes()[0], w.as_bytes());
        memchr::memchr_iter(first, lower).any(|at| lower[at..].starts_with(w))
    })
}

/// The last character boundary at or before a byte.
pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Secrets behind a label or of a known form.
fn credentials(text: &str, hits: &mut Vec<Hit>) {
    const WORDS: [&str; 14] = [
        "password",
        "passwd",
        "passphrase",
        "api_key",
        "apikey",
        "api-key",
        "secret_key",
        "access_token",
        "bearer ",
        "AKIA",
        "-----BEGIN",
        "パスワード",
        "暗証番号",
        "pwd",
    ];
    static FINDER: std::sync::OnceLock<aho_corasick::AhoCorasick> = std::sync::OnceLock::new();
    let finder = FINDER.get_or_init(|| {
        aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(WORDS)
            .expect("fourteen short words make an automaton")
    });
    let bytes = text.as_bytes();
    for found in finder.find_iter(text) {
        let word = WORDS[found.pattern().as_usize()];
        let (range, part, confidence) = match word {
            "AKIA" => {
                let end = found.end()
                    + bytes[found.end()..]
                        .iter()
                        .take(17)
                        .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                        .count();
                if end - found.start() != 20 || &text[found.start()..found.end()] != "AKIA" {
                    continue;
                }
                (found.start()..end, Part::Token, 0.95)
            }
            "-----BEGIN" => {
                let head = &text[found.start()..floor(text, (found.end() + 40).min(text.len()))];
                if !head.contains("PRIVATE KEY-----") {
                    continue;
                }
                let body = &text[found.end()..floor(text, (found.end() + 8192).min(text.len()))];
                let end = body
                    .find("-----END")
                    .map_or(found.start() + head.len(), |n| found.end() + n);
                (found.start()..end, Part::Token, 0.99)
            }
            _ => {
                let Some(range) = secret_after(text, found.end(), word == "bearer ") else {
                    continue;
                };
                let token = !matches!(
                    word,
                    "password" | "passwd" | "passphrase" | "パスワード" | "暗証番号" | "pwd"
                );
                (
                    range,
                    if token { Part::Token } else { Part::Password },
                    0.75,
                )
            }
        };
        hits.push(Hit {
            what: What::Credential,
            part,
            start: range.start,
            end: range.end,
            confidence,
        });
    }
}

/// The value after a label and `:`, `=` or は; values that are variables, types or words of code are none.
fn secret_after(text: &str, at: usize, bare: bool) -> Option<Range<usize>> {
    let rest = &text[at..];
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let body = rest.trim_start_matches([' ', '\t']);
    let body = if bare {
        body
    } else {
        body.strip_prefix([':', '=', '：', '＝'])?
    };
    let body = body.trim_start_matches([' ', '\t', '\u{3000}']);
    let body = body.strip_prefix(['"', '\'', '「']).unwrap_or(body);
    let start = text.len() - body.len();
    let len = body
        .find(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '\'' | ',' | ';' | '<' | '>' | '」' | '、' | '。' | ')' | '(' | '`' | '&'
                )
        })
        .unwrap_or(body.len());
    let value = &body[..len];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let strong =
        digits >= 1 && letters >= 1 || value.bytes().any(|b| b"!@#%^*".contains(&b)) && letters > 0;
    let code = value.starts_with(['$', '{', '[', '%', '*', '/', '.', '<', '@'])
        || value.contains("::")
        || value.contains("->")
        || value.contains('[')
        || value.contains("${")
        || body[len..].starts_with('(');
    let long_enough = if bare {
        (16..=2000).contains(&len)
    } else {
        (6..=200).contains(&len)
    };
    (long_enough && strong && !code && !value.contains('.') | bare).then_some(start..start + len)
}

/// The display name before an address in a mail header.
fn display_name(header: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let span = &header[from..at];
    let name = span.strip_suffix('<')?.trim_end();
    let name =
        name.trim_start_matches([' ', ',', ';', '>', '\t', '\r', '\n', '"', '\'', '\u{3000}']);
    let name = name.trim_end_matches(['"', '\'', ' ', '\u{3000}']);
    let start = name.as_ptr() as usize - header.as_ptr() as usize;
    let bare = name.trim_end_matches(['様', 'さ', 'ん']);
    let found = shapes(bare);
    let is = found.any(Shapes::of(&[
        Shape::JpFullName,
        Shape::KanaFullName,
        Shape::LatinFullName,
        Shape::JpSurname,
        Shape::JpGiven,
    ]));
    (is && !found.any(Shapes::of(&[Shape::Organisation, Shape::Email])))
        .then_some(start..start + bare.len())
}

/// The recogniser of a pattern file's name: whether a value, seen alone, is of that sort.
pub fn recogniser(name: &str) -> Option<fn(&str) -> bool> {
    macro_rules! has {
        ($($shape:ident),+) => {
            |value| shapes(value).any(Shapes::of(&[$(Shape::$shape),+]))
        };
    }
    Some(match name {
        "email" => has!(Email),
        "phone" => has!(PhoneJp, PhoneIntl),
        "card" => has!(Card),
        "iban" => has!(Iban),
        "ip" => has!(Ip),
        "my-number" => has!(MyNumber),
        "date" => has!(Date, EraDate, DateTime),
        "jp-name" => has!(JpFullName),
        "kana-name" => has!(KanaFullName),
        "latin-name" => has!(LatinFullName),
        "jp-address" => has!(JpAddress),
        "street" => has!(Street, JpStreet),
        "occupation" => has!(Occupation),
        "postal-code" => has!(PostalJp, PostalUs, PostalOther),
        "gender" => has!(Gender),
        "age" => has!(AgeLike),
        "hash" => has!(Hash),
        "token" => has!(Token),
        _ => return None,
    })
}

/// Proves the examples and counter-examples of all rules: alone, and in full width where the rule has a recogniser. A rule that needs nothing
/// beside must find its examples in a sentence too.
pub fn check_patterns(patterns: &Patterns) -> Vec<Failure> {
    let fits = |rule: &crate::pattern::Rule, value: &str| match &rule.matcher {
        Matcher::Recogniser(name) => recogniser(name).is_some_and(|fits| fits(value)),
        _ => rule.accepts(value) == Some(true),
    };
    let mut failures = patterns.check(&fits);
    let mut scanner = Scanner::new(patterns);
    let mut found = Vec::new();
    for rule in patterns
        .rules()
        .iter()
        .filter(|rule| matches!(rule.matcher, Matcher::Recogniser(_)))
    {
        for (number, value) in rule.examples.iter().enumerate() {
            let wide: String = value.chars().map(widen).collect();
            found.clear();
            scanner.text(&format!("(see {value} )"), &mut found);
            let in_text =
                rule.needs != Needs::Nothing || found.iter().any(|hit| hit.kind == rule.kind);
            if !in_text || !value.contains(['.', '@', ':']) && !fits(rule, &wide) {
                failures.push(Failure {
                    rule: rule.id.clone(),
                    example: true,
                    number: number + 1,
                });
            }
        }
    }
    failures
}

/// The full-width form of an ASCII character.
fn widen(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str) -> Vec<(What, &str)> {
        let (mut line, mut hits) = (Line::default(), Vec::new());
        find(text, &mut line, &mut hits);
        settle(&mut hits);
        hits.iter()
            .map(|h| (h.what, &text[h.start..h.end]))
            .collect()
    }

    /// The text holds exactly this.
    fn check(text: &str, expected: &[(What, &str)]) {
        assert_eq!(hits(text), expected, "{text}");
    }

    #[test]
    fn numbers_and_addresses_in_sentences() {
        use What::*;
        check(
            "Mail taro@example.com, please.",
            &[(Email, "taro@example.com")],
        );
        check(
            "<a href='mailto:taro@example.com'>",
            &[(Email, "taro@example.com")],
        );
        check("電話：03-1234-5678 まで", &[(Phone, "03-1234-5678")]);
        check(
            "TEL ０３－１２３４－５６７８",
            &[(Phone, "０３－１２３４－５６７８")],
        );
        check(
            "Call +81 90-1234-5678 or (212) 555-0123.",
            &[(Phone, "+81 90-1234-5678"), (Phone, "(212) 555-0123")],
        );
        check(
            "card 4111 1111 1111 1111 was used",
            &[(Card, "4111 1111 1111 1111")],
        );
        check(
            "IBAN DE89 3704 0044 0532 0130 00 today",
            &[(BankAccount, "DE89 3704 0044 0532 0130 00")],
        );
        check(
            "マイナンバー：1234 5678 9018 です",
            &[(MyNumber, "1234 5678 9018")],
        );
        check(
            "from 192.0.2.17 and 2001:db8::1 it came",
            &[(Ip, "192.0.2.17"), (Ip, "2001:db8::1")],
        );
        check(
            "〒105-0011 東京都港区芝公園4-2-8",
            &[(PostalCode, "105-0011"), (Address, "東京都港区芝公園4-2-8")],
        );
        check("生年月日：1985年4月3日", &[(BirthDate, "1985年4月3日")]);
        check("password: hunter2!x", &[(Credential, "hunter2!x")]);
        check(
            "Send it to 123 Main Street, Springfield, IL 62704 today",
            &[(Address, "123 Main Street, Springfield, IL 62704")],
        );
    }

    #[test]
    fn names_in_sentences() {
        use What::*;
        check("佐藤太郎様からのご注文", &[(Name, "佐藤太郎")]);
        check("氏名：鈴木 花子", &[(Name, "鈴木 花子")]);
        check(
            "高橋健太（たかはしけんた）さん",
            &[(Name, "高橋健太"), (Name, "たかはしけんた")],
        );
        check("Dear Mr. Smith, thank you.", &[(Name, "Smith")]);
        check("I met Mary Johnson yesterday.", &[(Name, "Mary Johnson")]);
    }

    #[test]
    fn built_in_examples_hold() {
        assert_eq!(check_patterns(Patterns::builtin()), []);
    }

    #[test]
    fn mail_headers_and_names() {
        let patterns = Patterns::builtin();
        let mut scanner = Scanner::new(patterns);
        let mut found = Vec::new();
        let header =
            "佐藤 太郎 <taro@example.com>, \"Johnson, Mary\" <mary@example.com>, info@example.com";
        scanner.mailboxes(header, &mut found);
        let got: Vec<_> = found
            .iter()
            .map(|m| {
                (
                    patterns.kinds()[m.kind.0 as usize].name.as_str(),
                    &header[m.start..m.end],
                )
            })
            .collect();
        let expected = [
            ("person-name", "佐藤 太郎"),
            ("email", "taro@example.com"),
            ("person-name", "Johnson, Mary"),
            ("email", "mary@example.com"),
            ("email", "info@example.com"),
        ];
        assert_eq!(got, expected);
        let mut check = |name: &str, expected: &[&str]| {
            let got: Vec<_> = scanner
                .name_ranges(name)
                .into_iter()
                .map(|r| &name[r])
                .collect();
            assert_eq!(got, expected, "{name}");
        };
        check("customer_name", &[]);
        check("taro@example.com", &["taro@example.com"]);
        check("090-1234-5678", &["090-1234-5678"]);
        check("お名前", &[]);
    }

    #[test]
    fn decoys_stay_quiet() {
        for text in [
            "2024-01-02 12:34:56.789 INFO worker-12 started in 1234567 ms",
            "block blk_-1608999687919862906 of size 67108864 from /10.0.0",
            "ISBN 978-4-10-109205-8",
            "std::cout << x::y;",
            "version 1.2.3.4567",
            "order 140000050039, item 123456789018",
            "お客様各位、皆様へ",
            "株式会社佐藤商店",
            "icon@2x.png and user@host",
            "let password = config.get(\"password\");",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn hostile_text_is_no_trouble() {
        let sample = "氏名：佐藤 太郎様 〒105-0011 東京都港区芝公園4-2-8 TEL +81(0)3-1234-5678 Dear Mr. O'Neil's <a@b.example.com> 63-7.\n12 Main St.\nX IL 62704 S60.4.3生 ㍼";
        let bounds: Vec<usize> = sample.char_indices().map(|(at, _)| at).collect();
        for &from in &bounds {
            hits(&sample[from..]);
            hits(&sample[..from]);
        }
        // A fixed generator: pieces of the sample in any order.
        let mut seed = 1u32;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..12 {
                let (a, b) = (next(bounds.len()), next(6));
                text.push_str(&sample[bounds[a]..bounds[(a + b).min(bounds.len() - 1)]]);
            }
            hits(&text);
            shapes(&text);
        }
    }
}
