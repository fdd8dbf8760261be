//! Numbers in running text: phones, cards, identifiers, postal codes, dates of birth, ages.
//!
//! In: a text. Out: hits. Each run of digits, with the signs that numbers are written with, is judged once, by its form and by the words before it.

use std::ops::Range;

use super::cell_digits::isbn;
use super::number::{self, Written};
use super::text::{Hit, What, floor, next_digit};
use super::text_labels::{
    BIRTH_LABELS, CALL_WORDS, CARD_LABELS, MY_NUMBER_LABELS, OLD, PHONE_LABELS, POSTAL_LABELS,
    aged, born_in, code_follows, label_in, phone_right_before, turned, version_follows,
};
use crate::text::read_date;

/// Runs of digits with what may stand between them: phones, cards, IBANs, addresses, postal codes, dates.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let ascii = text.is_ascii();
    loop {
        let skip = match ascii {
            true => next_digit(&bytes[at..]),
            false => next_digit_of_any_width(&bytes[at..]),
        };
        let Some(skip) = skip else {
            return;
        };
        at += skip;
        let run = Run::around(text, at);
        at = run.end.max(at + 1);
        run.judge(text, hits);
    }
}

/// Where the first digit stands, of full width as well.
fn next_digit_of_any_width(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes[at..]
            .iter()
            .position(|b| b.is_ascii_digit() || *b == 0xEF)?;
        if bytes[at] != 0xEF || matches!(bytes[at..], [_, 0xBC, 0x90..=0x99, ..]) {
            return Some(at);
        }
        at += 1;
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
            || after.is_ascii_alphabetic() && extension(&text[self.end..]) == 0
            || after == b'_';
        let label = &text[floor(text, self.start.saturating_sub(48))..self.start];
        if before.is_ascii_uppercase() && self.digits >= 2 && iban(text, self.start, hits) {
            return;
        }
        if (3..=9).contains(&self.digits) && !glued && self.labelled_code(text, label, hits) {
            return;
        }
        let year = text[self.end..].starts_with('年');
        if self.digits <= 3 && !year {
            // 平成元年5月1日, H1.5.1
            let is_date = self.behind_era(text) && self.birth_date(text, label, hits);
            if !is_date && !self.named_birth(text, hits) {
                self.age(text, label, hits);
            }
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
            || matches!(after, b'-' | b':' | b'/' | b'=' | b'%')
                && tail
                && labelled_behind(&text[self.end..]).is_none();
        let narrowed = &self.narrowed[..self.len];
        if runs_on && !(before == b':' || before == b'/') {
            return;
        }
        if self.ip(narrowed, label, hits) {
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

    /// Whether the run stands right behind an era or its first year.
    fn behind_era(&self, text: &str) -> bool {
        let before = &text[..self.start];
        before.ends_with("元年") || self.digits >= 3 && before.ends_with(['M', 'T', 'S', 'H', 'R'])
    }

    fn range(&self, from: usize, to: usize) -> Range<usize> {
        self.at[from] as usize..self.at[to] as usize
    }

    fn ip(&self, narrowed: &[u8], label: &str, hits: &mut Vec<Hit>) -> bool {
        if narrowed.iter().filter(|&&b| b == b'.').count() < 3 {
            return false;
        }
        let from = usize::from(narrowed[0] == b'(');
        let mut end = narrowed[from..]
            .iter()
            .position(|b| !b.is_ascii_digit() && *b != b'.')
            .map_or(narrowed.len(), |n| from + n);
        if !super::cell::ipv4(&narrowed[from..end]) || numbered(label, &narrowed[from..end]) {
            return false;
        }
        // 192.0.2.0/24
        let prefix = narrowed[end..].strip_prefix(b"/").unwrap_or(b"");
        let bits = prefix.iter().take_while(|b| b.is_ascii_digit()).count();
        if (1..=2).contains(&bits) && bits == prefix.len() {
            end = narrowed.len();
        }
        let octets = &narrowed[from..end.min(from + 15)];
        if !version_follows(label, octets) {
            hits.push(Hit::new(What::Ip, self.range(from, end), 0.9));
        }
        true
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
            && (written.groups > 1
                || d[0] != b'2' && !is_article(d)
                || label_in(label, CARD_LABELS).is_some())
        {
            hits.push(Hit::new(What::Card, self.range(0, self.len), 0.95).because("card", None));
            return true;
        }
        if even
            && number::luhn(d)
            && d.iter().any(|b| b != &d[0])
            && let Some(word) = label_in(label, CARD_LABELS)
        {
            let hit = Hit::new(What::Card, self.range(0, self.len), 0.85);
            hits.push(hit.because("luhn", Some(word)));
            return true;
        }
        if d.len() == 12
            && number::my_number(d)
            && let Some(word) = label_in(label, MY_NUMBER_LABELS)
        {
            let hit = Hit::new(What::MyNumber, self.range(0, self.len), 0.95);
            hits.push(hit.because("jp.my-number", Some(word)));
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
        let before = &text[floor(text, self.start.saturating_sub(40))..self.start];
        let label = match (sign, address) {
            (true, _) => Some("〒"),
            (_, true) => Some("address"),
            _ => label_in(before, POSTAL_LABELS),
        };
        if let Some(label) = label.filter(|_| shaped) {
            let hit = Hit::new(What::PostalCode, self.range(0, self.len), 0.95);
            hits.push(hit.because("", Some(label)));
            return true;
        }
        false
    }

    /// A postal code of any country that its label stands right before: `ZIP: 48750`, `my zip code is 394 13`, `postcode 7412 SL`.
    fn labelled_code(&self, text: &str, label: &str, hits: &mut Vec<Hit>) -> bool {
        let Some(written) = Written::read(&self.narrowed[..self.len]) else {
            return false;
        };
        if written.groups > 2 || written.plus || written.brackets || !code_follows(label) {
            return false;
        }
        // The letters of a Dutch code.
        let rest = &text.as_bytes()[self.end..];
        let letters = match rest {
            [b' ', a, b, ..] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => 3,
            _ => 0,
        };
        let dutch = letters > 0
            && written.digits().len() == 4
            && !rest.get(3).is_some_and(u8::is_ascii_alphanumeric);
        let range = self.range(0, self.len);
        let end = range.end + if dutch { letters } else { 0 };
        hits.push(
            Hit::new(What::PostalCode, range.start..end, 0.85).because("", Some("postal code")),
        );
        true
    }

    /// A date of birth: a date with a label before it or 生まれ after it.
    fn birth_date(&self, text: &str, label: &str, hits: &mut Vec<Hit>) -> bool {
        // Most numbers are no dates. The era may stand before the first digit.
        let before = &text[..self.start];
        let before = before.strip_suffix("元年").unwrap_or(before);
        let last = before.bytes().next_back();
        let era = match last {
            Some(b'S' | b'H' | b'T' | b'M' | b'R') => 1,
            Some(0x80..) => ["昭和", "平成", "大正", "明治", "令和"]
                .iter()
                .find(|era| before.ends_with(*era))
                .map_or(0, |era| era.len()),
            _ => 0,
        };
        let from = match era {
            0 => self.start,
            _ => before.len() - era,
        };
        let Some(read) = read_date(&text[from..], false) else {
            return false;
        };
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
        let word = if !tail.is_ascii() && born() {
            Some("生")
        } else if memchr::memchr_iter(b'b', tail.as_bytes())
            .any(|at| tail[at..].starts_with("born"))
        {
            Some("born")
        } else {
            label_in(label, BIRTH_LABELS).or_else(|| born_in(label))
        };
        // The birthtime of a file is none.
        if word.is_none() || word == Some("birth") && label.contains("birthtime") {
            return false;
        }
        let end = from + read.end;
        hits.push(Hit::new(What::BirthDate, from..end, 0.9).because("", word));
        true
    }

    /// A date of birth whose month is written as a word: `born March 12, 1985`, `geboren am 3. April 1951`.
    fn named_birth(&self, text: &str, hits: &mut Vec<Hit>) -> bool {
        let (before, behind) = (&text[..self.start], &text[self.end..]);
        let behind = behind.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        // Not the seconds of a time, nor the day of another date.
        let is_apart = !before.ends_with([':', '-', '/', '.', '=', '_']);
        let is_day = self.digits <= 2 && is_apart && behind.starts_with([' ', ',']);
        if !is_day {
            return false;
        }
        // The word before the day: a month is one.
        let front = before.trim_end_matches([' ', '.']);
        let letters = front.chars().rev().take(12);
        let letters = letters.take_while(|c| c.is_alphabetic());
        let month = front.len() - letters.map(char::len_utf8).sum::<usize>();
        let begins = [self.start, month];
        let begins = begins
            .into_iter()
            .filter(|&at| at < before.len() || at == self.start);
        let mut dates = begins.filter_map(|at| {
            let read = read_date(&text[at..], true)?;
            (at + read.end > self.end).then_some((at, at + read.end))
        });
        let Some((from, end)) = dates.next() else {
            return false;
        };
        let is_named = text[from..end].bytes().filter(u8::is_ascii_digit).count() <= 6;
        let label = &text[floor(text, from.saturating_sub(48))..from];
        let word = label_in(label, BIRTH_LABELS).or_else(|| born_in(label));
        if !is_named || word.is_none() {
            return false;
        }
        hits.push(Hit::new(What::BirthDate, from..end, 0.9).because("", word));
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
        let unit = rest.trim_start_matches([' ', '-']).as_bytes();
        let is = |word: &str| {
            unit.get(..word.len())
                .is_some_and(|r| r.eq_ignore_ascii_case(word.as_bytes()))
                && !unit.get(word.len()).is_some_and(u8::is_ascii_alphanumeric)
        };
        let after = rest.starts_with(['歳', '才']) || OLD.iter().any(|word| is(word));
        // turned 60 degrees is no age.
        let closed = rest.is_empty()
            || rest.starts_with(['\n', '\r', '!', '?', ',', ')', ';'])
            || rest.starts_with('.') && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if after || aged(label) || closed && value > Some(0) && turned(label) {
            let word = if after { "years" } else { "age" };
            hits.push(Hit::new(What::Age, self.range(0, self.len), 0.8).because("", Some(word)));
        }
    }

    /// Phone numbers in the run: the whole run, or the parts between blanks that are numbers of their own.
    fn phones(&self, text: &str, label: &str, hits: &mut Vec<Hit>) {
        let whole = &self.narrowed[..self.len];
        if Written::read(whole).is_some_and(|written| isbn(whole, &written))
            || is_version(&text[..self.start], whole)
        {
            return;
        }
        // .cell { margin: 0 0 2132 2132 }: a brace parts what stands beside each other.
        let label = label.rsplit(['{', '}']).next().unwrap_or(label);
        let word = label_in(label, PHONE_LABELS)
            .or_else(|| labelled_behind(&text[self.end..]))
            .or_else(|| label_in(label_above(text, self.start)?, PHONE_LABELS))
            .or_else(|| label_in(label, CALL_WORDS).filter(|_| calls(whole)))
            .or_else(|| phone_right_before(label, || calls(whole)));
        // viewBox="0 0 2132 2132": the name of the attribute would say that it is a number to call.
        let word = match attribute(label) {
            Some(name) => label_in(name, PHONE_LABELS),
            None => word,
        };
        let context = word.is_some();
        let hit = |range, confidence| Hit::new(What::Phone, range, confidence).because("", word);
        let extra = extension(&text[self.end..]);
        let with_extension = |range: Range<usize>| range.start..range.end + extra;
        let listed = || phone_alone(whole) || in_list(text, self.start, self.end, whole);
        if !context && (self.alone(text) || extra > 0) && listed() {
            let range = with_extension(self.range(0, self.len));
            hits.push(hit(range, 0.6));
            return;
        }
        if let Some(confidence) = phone(whole, context) {
            let range = with_extension(self.range(0, self.len));
            hits.push(hit(range, confidence));
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
                hits.push(hit(self.range(from, end), confidence));
                from = end + 1;
            } else {
                from = word + 1;
            }
        }
        let _ = text;
    }
}

/// Whether numbers between dots are the version of a program, as browsers tell it: `Chrome/125.0.6422.112 Mobile Safari`.
fn is_version(before: &str, written: &[u8]) -> bool {
    let program = before
        .strip_suffix('/')
        .is_some_and(|name| name.ends_with(|c: char| c.is_ascii_alphabetic()));
    let dotted = written.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let groups: Vec<usize> = written.split(|&b| b == b'.').map(<[u8]>::len).collect();
    // Tel/303.555.0142
    let phone = groups == [3, 3, 4];
    program && dotted && groups.len() >= 3 && !phone
}

/// The name of the attribute whose value begins behind the text: `viewBox` of `<svg viewBox="`.
fn attribute(before: &str) -> Option<&str> {
    let open = before.strip_suffix(['"', '\''])?.strip_suffix('=')?;
    let name = open
        .rsplit(|c: char| c.is_whitespace() || c == '<')
        .next()?;
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    (!name.is_empty() && name.chars().all(inside)).then_some(name)
}

/// Whether four numbers with dots are those of a version or an object identifier by the word before: `upgrade v8 to 4.1.0.27`, `OID 1.3.101.112`.
/// Numbers as small as versions have are asked; an address with such a word before it keeps one number above 31.
fn numbered(label: &str, written: &[u8]) -> bool {
    const WORDS: [&str; 6] = [
        "version", "release", "upgrade", "update", "firmware", "build",
    ];
    let mut parts = written.split(|b| *b == b'.');
    let small = |part: &[u8]| part.len() == 1 || part.len() == 2 && part[0] <= b'3';
    let word = label
        .trim_end()
        .rsplit(|c: char| !c.is_ascii_alphabetic())
        .next();
    parts.next().is_some_and(|part| part.len() == 1)
        && (word == Some("OID") || parts.all(small) && label_in(label, &WORDS).is_some())
}

/// Whether a number has its trunk prefix or its country's: `0170 5550199`, `+33 6 12 34 56 78`.
fn calls(written: &[u8]) -> bool {
    let digits = written.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits >= 9
        && written
            .first()
            .is_some_and(|first| matches!(first, b'0' | b'+'))
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
    if read.plus || looks_like_date(&read) || !plain || read.is_no_phone() {
        return false;
    }
    match read.groups {
        1 => trunk && (10..=11).contains(&d.len()),
        2..=8 => {
            (7..=13).contains(&d.len())
                // 6-20080803-6 is a code of the writer's own.
                && (read.groups == 2 || read.group[..read.groups].iter().all(|&n| n <= 7))
                && (trunk
                    || read.brackets
                    || read.groups >= 3
                    || written.contains(&b'-') && read.group[1] >= 4)
                && read.group[..read.groups].iter().all(|&n| n <= 8)
        }
        _ => false,
    }
}

/// Whether a short number in groups stands alone on its line between lines of phone numbers: `312 3456` in a list.
fn in_list(text: &str, start: usize, end: usize, written: &[u8]) -> bool {
    let Some(read) = Written::read(written) else {
        return false;
    };
    let n = read.digits().len();
    if !(6..=9).contains(&n)
        || !(2..=4).contains(&read.groups)
        || read.plus
        || looks_like_date(&read)
    {
        return false;
    }
    let phone = |line: &str| {
        let line = line.trim().as_bytes();
        let grouped = |line: &[u8]| Written::read(line).is_some_and(|w| w.groups >= 2);
        (8..=24).contains(&line.len()) && grouped(line) && phone_alone(line)
    };
    let above = text[floor(text, start.saturating_sub(120))..start]
        .rsplit('\n')
        .skip(1)
        .take(4);
    let below = text[end..floor(text, (end + 120).min(text.len()))]
        .split('\n')
        .skip(1)
        .take(4);
    above.chain(below).filter(|line| phone(line)).count() >= 2
}

/// How sure the characters are one phone number; `None` when they are not.
fn phone(written: &[u8], context: bool) -> Option<f32> {
    let read = Written::read(written)?;
    let d = read.digits();
    // 000-0000-0000 stands for no number.
    if d.iter().all(|&b| b == b'0') {
        return None;
    }
    if read.plus {
        let short = context && (7..=15).contains(&d.len()) || read.groups >= 3 && d.len() >= 6;
        return number::international(d)
            .then_some(0.95)
            .or((short && d[0] != b'0').then_some(0.7));
    }
    // 3/10/1984 behind `call` is a date too.
    let slashes = written.iter().filter(|&&b| b == b'/').count();
    if slashes == 2 && d.len() <= 8 && read.groups == 3 {
        return None;
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
    // 252.227-7013 is a clause of the law.
    let mixed = dots && written.contains(&b'-');
    if nanp && (tail || read.brackets) && grouped && !mixed {
        return Some(0.85);
    }
    // Bare digits as long as no plan's, and more than a long distance prefix would explain.
    let bare = groups == 1 && d.len() >= 12 && d[0] != b'0';
    (context && (7..=15).contains(&d.len()) && groups <= 8 && !bare).then_some(0.75)
}

/// Length of an extension behind a number: ` x123`, ` ext. 49`, `内線12`; 0 where there is none.
fn extension(rest: &str) -> usize {
    let body = rest.trim_start_matches([' ', ',', '\u{3000}']);
    let (body, open) = match body.strip_prefix(['(', '（']) {
        Some(inner) => (inner, rest.len() - inner.len()),
        None => (body, 0),
    };
    const SIGNS: [&str; 9] = [
        "extension",
        "ext.",
        "ext",
        "内線番号",
        "内線",
        "доб.",
        "доб",
        "x",
        "#",
    ];
    let head = &body[..floor(body, body.len().min(12))];
    let lower = head.to_ascii_lowercase();
    let Some(sign) = SIGNS.iter().find(|sign| lower.starts_with(**sign)) else {
        return 0;
    };
    let number = body[sign.len()..].trim_start_matches([' ', '.', ':']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let behind = &number[digits..];
    let closed = !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    if !(1..=7).contains(&digits) || !closed || open == 0 && rest.len() - body.len() > 3 {
        return 0;
    }
    // Of `（内線123）` the brackets are part.
    match behind.strip_prefix([')', '）']) {
        Some(rest_of_line) if open > 0 => rest.len() - rest_of_line.len(),
        None if open > 0 => 0,
        _ => rest.len() - behind.len(),
    }
}

/// The word of telephones that follows: `555-0142 office`, `555-0142-Fax`.
fn labelled_behind(rest: &str) -> Option<&'static str> {
    const WORDS: [&str; 8] = [
        "office", "fax", "mobile", "cell", "home", "work", "desk", "phone",
    ];
    let word = rest.trim_start_matches([' ', '-', '(', '[']);
    let head = &word.as_bytes()[..word.len().min(6)];
    let fits = |w: &&&'static str| {
        head.len() >= w.len()
            && head[..w.len()].eq_ignore_ascii_case(w.as_bytes())
            && !word
                .as_bytes()
                .get(w.len())
                .is_some_and(u8::is_ascii_alphabetic)
    };
    WORDS
        .iter()
        .find(|w| rest.len() - word.len() <= 3 && fits(w))
        .copied()
}

/// The line above a value that begins its own line, where a label stands there: `Phone:`.
fn label_above(text: &str, start: usize) -> Option<&str> {
    let before = text[floor(text, start.saturating_sub(48))..start].trim_end_matches([' ', '\t']);
    let above = before.strip_suffix('\n')?.trim_end_matches([' ', '\r']);
    let line = above.rsplit('\n').next()?;
    line.ends_with([':', '：']).then_some(line)
}

/// `20240131`, `2024-1-31`, and the years of a copyright: `2001-2008`.
fn looks_like_date(read: &Written) -> bool {
    let d = read.digits();
    let two = |at: usize| u32::from(d[at] - b'0') * 10 + u32::from(d[at + 1] - b'0');
    if d.len() == 8 && read.groups == 2 && read.group[0] == 4 {
        let (from, to) = (two(0) * 100 + two(2), two(4) * 100 + two(6));
        if (1800..2200).contains(&from) && (from + 1..from + 60).contains(&to) {
            return true;
        }
    }
    d.len() >= 8
        && (19..=20).contains(&two(0))
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && (read.groups == 1 || read.group[0] == 4 || read.group[0] == 8)
        || read.groups >= 3
            && read.group[0] == 4
            && read.group[1] <= 2
            && read.group[2] <= 2
            && (18..=21).contains(&two(0))
            && read.group[1] >= 1
            && (1..=12).contains(
                &d[4..4 + usize::from(read.group[1])]
                    .iter()
                    .fold(0, |n, b| n * 10 + u32::from(b - b'0')),
            )
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
            hits.push(Hit::new(What::BankAccount, start..end, 0.98).because("iban", None));
            return true;
        }
    }
    false
}

/// Whether thirteen digits are the number of an article (EAN-13, GS1 General Specifications 7.9: weights 1 and 3 from the right): those of Japan begin
/// with 45 and 49, like cards of Visa that had thirteen digits.
fn is_article(digits: &[u8]) -> bool {
    let weighted = |(at, digit): (usize, &u8)| usize::from(digit - b'0') * (1 + at % 2 * 2);
    let sum: usize = digits.iter().rev().enumerate().map(weighted).sum();
    digits.len() == 13 && sum.is_multiple_of(10)
}
