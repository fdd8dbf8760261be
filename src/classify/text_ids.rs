//! Identity numbers in running text.
//!
//! In: a text. Out: hits. A word of digits and letters is compared with the shapes of `id_table` and `id_forms`; it counts with a label beside it, and without one
//! only where shape and check leave next to no chance: written in the scheme's own form, or alone on a line.

use std::sync::OnceLock;

use super::id_forms::FORMS;
use super::id_table::{ANY, IDS, Id};
use super::text::{Hit, What, floor, next_digit};
use super::text_labels::Triples;
use crate::pattern::Part;
use crate::pattern::check::{self, Check};
use crate::text::parse_date;

/// Words of so many characters with digits among them are looked at.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=22;

/// Adds the identity numbers of a text, or of a cell: what is alone in a cell has a column that decides.
pub(super) fn find(text: &str, cell: bool, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skip) = next_digit(&bytes[at..]) {
        at += skip;
        if matches!(bytes[at], b'0' | b'1' | b'3')
            && let Some(hit) = super::text_devices::wallet(text, at)
        {
            at = hit.end;
            hits.push(hit);
            continue;
        }
        let Some(word) = word_around(bytes, at) else {
            at += bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            continue;
        };
        let end = word.1;
        if let Some(hit) =
            grown(bytes, word).find_map(|(start, end)| number(text, cell, start, end))
        {
            at = hit.end.max(at + 1);
            hits.push(hit);
        } else {
            at = end.max(at + 1);
        }
    }
}

/// The word of letters, digits and separators around a digit; `None` for what is too long or has too few digits.
fn word_around(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let inside =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'/' | b'+' | b'(' | b')');
    let before = bytes[..at]
        .iter()
        .rev()
        .take(24)
        .take_while(|b| inside(b))
        .count();
    let after = bytes[at..]
        .iter()
        .take(40)
        .take_while(|b| inside(b))
        .count();
    let (mut start, mut end) = (at - before, at + after);
    while start < end && !bytes[start].is_ascii_alphanumeric() {
        start += 1;
    }
    while end > start && !(bytes[end - 1].is_ascii_alphanumeric() || bytes[end - 1] == b')') {
        end -= 1;
    }
    if bytes[end - 1] == b')' && !bytes[start..end].contains(&b'(') {
        end -= 1;
    }
    let glued = start > 0
        && matches!(
            bytes[start - 1],
            b'_' | b'#' | b'$' | b'=' | b'@' | b'&' | b'%'
        )
        || matches!(bytes.get(end), Some(b'_' | b'@' | b'=' | b'%'));
    (end > at && end - start <= 40 && !glued).then_some((start, end))
}

/// The word with what follows it after blanks (`130 692 544`, `AA 12 34 56 B`), the longest first: with two letters before it, and without (`ID 14 329 185 102`).
fn grown(bytes: &[u8], word: (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let (start, end) = word;
    let lettered = end - start <= 7
        && start >= 3
        && bytes[start - 1] == b' '
        && bytes[start - 3..start - 1]
            .iter()
            .all(u8::is_ascii_alphabetic)
        && (start == 3 || !bytes[start - 4].is_ascii_alphanumeric());
    let ends = ends(bytes, word, lettered);
    let from = move |start: usize| ends.into_iter().flatten().map(move |end| (start, end));
    let with_letters = lettered.then(|| from(start - 3));
    with_letters.into_iter().flatten().chain(from(start))
}

/// Where the word ends with up to six groups more, the longest first.
fn ends(bytes: &[u8], word: (usize, usize), lettered: bool) -> [Option<usize>; 7] {
    let group = |from: usize| {
        let group = bytes[from..].iter().take(8);
        group.take_while(|b| b.is_ascii_alphanumeric()).count()
    };
    let mut end = word.1;
    let mut ends = [None; 7];
    ends[6] = Some(end);
    for slot in (0..6).rev() {
        if bytes.get(end) != Some(&b' ') {
            break;
        }
        let n = group(end + 1);
        let next = &bytes[end + 1..end + 1 + n];
        let is_number = next.iter().any(u8::is_ascii_digit)
            || n == 1 && (lettered || next[0].is_ascii_uppercase());
        let closed = !bytes
            .get(end + 1 + n)
            .is_some_and(|b| matches!(b, b'-' | b'/' | b':'));
        if !(1..=7).contains(&n) || !is_number || !closed || end - word.0 > 24 {
            break;
        }
        end += 1 + n;
        ends[slot] = Some(end);
    }
    ends
}

/// The identity number that the bytes are, if they are one.
fn number(text: &str, cell: bool, start: usize, end: usize) -> Option<Hit> {
    let written = text.get(start..end)?;
    let (mut compact, mut n, mut digits) = ([0u8; 24], 0, 0u32);
    for b in written.bytes() {
        if b.is_ascii_alphanumeric() {
            if n == compact.len() {
                return None;
            }
            compact[n] = b.to_ascii_uppercase();
            digits |= u32::from(b.is_ascii_digit()) << n;
            n += 1;
        }
    }
    if !LENGTHS.contains(&n) || digits.count_ones() < 4 || is_day(written) {
        return None;
    }
    let compact = std::str::from_utf8(&compact[..n]).ok()?;
    let mut around = None;
    rows(n)
        .iter()
        .filter(|row| row.classes.iter().any(|classes| classes.fit(digits)))
        .map(|row| (row.id, row.check))
        .filter(|(id, _)| id.shapes.iter().any(|shape| fits(compact, shape)))
        // A shape of any letters and digits is one word, and no date.
        .filter(|(id, _)| !id.shapes.contains(&"*") || !written.contains([' ', '.', '/']))
        .filter(|(id, check)| id.check.is_empty() || checked(*check, written, compact))
        .find_map(|(id, check)| {
            let around = around.get_or_insert_with(|| Around::of(text, start, end));
            let form = |forms: &[&str]| forms.iter().any(|form| fits(written, form));
            let any = || match id.what == What::NationalId && !id.check.is_empty() && n >= 11 {
                true => around.before.first_of(ANY),
                false => None,
            };
            let label = around
                .before
                .first_of(id.labels)
                .or_else(|| around.behind.first_of(id.labels));
            let label = label.filter(|word| !of_a_work(word, written));
            let (confidence, label) = if label.is_some() {
                (0.9, label)
            } else if form(id.sure) {
                (0.8, None)
            } else if around.alone
                && (form(id.alone) && (!cell || own_form(written))
                    || !cell && in_list(text, (start, end), id, check))
            {
                (0.6, None)
            } else {
                (0.6, Some(any()?))
            };
            let mut hit = Hit::new(id.what, start..end, confidence).because(id.check, label);
            if id.what == What::BankAccount {
                hit.part = if id.check.is_empty() {
                    Part::Account
                } else {
                    Part::Bank
                };
            }
            Some(hit)
        })
}

/// Whether a word is a day, `2031-04-15` or `15.04.2031`, whatever label goes before: `Passport expires:`.
fn is_day(written: &str) -> bool {
    let separators = written.bytes().filter(|b| matches!(b, b'-' | b'.' | b'/'));
    written.len() == 10 && separators.count() == 2 && parse_date(written, true).is_some()
}

/// Whether a number is written in groups of a form of its own: 12.345.678-5, but not 1234-5678-9012, as parcels are numbered.
fn own_form(written: &str) -> bool {
    let fours = written.split(['-', ' ']).all(|group| group.len() == 4);
    !fours && written.contains(['-', '.', ' ', '/'])
}

/// Whether the lines around hold numbers of the same scheme, each alone on its line: two and more that pass its check, and more than fail.
fn in_list(text: &str, (start, end): (usize, usize), id: &Id, check: Option<&Check>) -> bool {
    const NEAR: usize = 300;
    let own = &text[start..end];
    let weak = check.is_none_or(|check| check.chance > 0.12 || check.name.ends_with("-form"));
    let wild = id.shapes.contains(&"*") && id.check != "de.card";
    if weak || wild || !plainly_written(id, own) {
        return false;
    }
    let above = text[floor(text, start.saturating_sub(NEAR))..start]
        .rsplit('\n')
        .skip(1);
    let below = text[end..floor(text, (end + NEAR).min(text.len()))]
        .split('\n')
        .skip(1);
    let (mut passed, mut failed) = (0, 0);
    for line in above.chain(below).map(str::trim) {
        let mut compact = [0u8; 24];
        let letters = line.bytes().filter(u8::is_ascii_alphanumeric);
        let len = letters.zip(&mut compact).map(|(b, slot)| *slot = b).count();
        let Ok(number) = std::str::from_utf8(&compact[..len]) else {
            continue;
        };
        let shaped = line.len() <= 30
            && id
                .shapes
                .iter()
                .any(|shape| *shape != "*" && fits(number, shape));
        if !shaped || line == own {
            continue;
        }
        match checked(check, line, number) {
            true => passed += 1,
            false => failed += 1,
        }
    }
    passed >= 2 && passed > failed
}

/// Whether a number is written without separators, in one of the scheme's own forms, or in threes; short ones that begin with 0 are rather phones.
fn plainly_written(id: &Id, written: &str) -> bool {
    let bare = written.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut forms = id.alone.iter().chain(id.sure);
    let mut groups = written.split([' ', '-']);
    let threes = groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    (bare || forms.any(|form| fits(written, form)) || threes)
        && !(written.starts_with('0') && written.len() <= 11)
}

/// Whether a bare word of licences speaks of a work's: what follows is its name, its years or the hash of a change, not a number of letters in
/// capitals and digits (`License: ISO-1986`, `2003-2004`, `21baa73`).
fn of_a_work(label: &str, written: &str) -> bool {
    let year = |part: &str| {
        part.len() == 4 && part.starts_with(['1', '2']) && part.bytes().all(|b| b.is_ascii_digit())
    };
    matches!(label, "licence" | "license")
        && (written.bytes().any(|b| b.is_ascii_lowercase())
            || written.split('-').next_back().is_some_and(year) && written.contains('-'))
}

/// What stands around a number on its line.
struct Around {
    before: Words,
    /// Up to the end of the clause: `… es mi NIE`.
    behind: Words,
    alone: bool,
}

impl Around {
    fn of(text: &str, start: usize, end: usize) -> Self {
        // As many characters in scripts of three bytes each.
        let near = floor(text, start.saturating_sub(48));
        let reach = if text[near..start].is_ascii() {
            48
        } else {
            120
        };
        let before = &text[floor(text, start.saturating_sub(reach))..start];
        let behind = &text[end..floor(text, (end + 40).min(text.len()))];
        let clause = |b: &u8| matches!(b, b'\n' | b'.' | b',' | b';');
        let behind = match behind.bytes().position(|b| clause(&b)) {
            Some(n) => &behind[..n],
            None => behind,
        };
        let line = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |n| n + 1);
        Self {
            before: Words::of(&before[line..]),
            behind: Words::of(behind),
            alone: alone_on_line(text, start, end),
        }
    }
}

/// A piece of a line in small letters, in which many labels are looked for.
struct Words {
    lower: String,
    triples: Triples,
}

impl Words {
    fn of(piece: &str) -> Self {
        let mut lower = String::from(piece);
        match piece.is_ascii() {
            true => lower.make_ascii_lowercase(),
            false => lower = piece.to_lowercase(),
        }
        undotted(&mut lower);
        let triples = Triples::of(lower.as_bytes());
        Self { lower, triples }
    }

    /// The first of the words that stands in the piece.
    fn first_of(&self, words: &[&'static str]) -> Option<&'static str> {
        let mut words = words.iter().copied();
        words.find(|word| self.triples.may_hold(word.as_bytes()) && stands_in(&self.lower, word))
    }
}

/// Adds a line without the dots of abbreviations, where there are any: `d.n.i.` is `dni`, too.
fn undotted(lower: &mut String) {
    let is_dot = |at: usize| lower.as_bytes()[at] == b'.';
    let dots: Vec<usize> = (1..lower.len()).filter(|&at| is_dot(at)).collect();
    let is_abbreviation = |&at: &usize| {
        let mut before = lower[..at].chars().rev();
        before.next().is_some_and(char::is_alphabetic)
            && before.next().is_none_or(|c| !c.is_alphanumeric())
    };
    let dots: Vec<usize> = dots.into_iter().filter(is_abbreviation).collect();
    if dots.len() >= 2 {
        let kept = lower.char_indices().filter(|(at, _)| !dots.contains(at));
        let line: String = kept.map(|(_, c)| c).collect();
        lower.push('\n');
        lower.push_str(&line);
    }
}

/// A row of [`IDS`] for words of one length, and its check, looked up once.
struct Row {
    id: &'static Id,
    check: Option<&'static Check>,
    /// Of each of its shapes of that length.
    classes: Vec<Classes>,
}

/// Where a shape has digits and where letters, a bit a character: most words are told by these to be none of it.
pub(super) struct Classes {
    digits: u32,
    letters: u32,
}

impl Classes {
    pub(super) fn of(shape: &str) -> Self {
        let mask = |class: fn(&u8) -> bool| {
            let bits = shape.bytes().enumerate().filter(|(_, b)| class(b));
            bits.fold(0, |mask, (at, _)| mask | 1 << at)
        };
        match shape {
            "*" => Self {
                digits: 0,
                letters: 0,
            },
            _ => Self {
                digits: mask(u8::is_ascii_digit),
                letters: mask(u8::is_ascii_alphabetic),
            },
        }
    }

    /// Whether a word with these places of digits may have the shape.
    pub(super) fn fit(&self, digits: u32) -> bool {
        self.digits & !digits == 0 && self.letters & digits == 0
    }
}

/// The rows that have a shape of so many characters, in their order.
fn rows(n: usize) -> &'static [Row] {
    static ROWS: OnceLock<Vec<Vec<Row>>> = OnceLock::new();
    let of = |n: usize| {
        let long = |shape: &&&str| shape.len() == n || **shape == "*" && ANY_LENGTH.contains(&n);
        let row = |id: &'static Id| Row {
            id,
            check: check::named(id.check),
            classes: id
                .shapes
                .iter()
                .filter(long)
                .map(|shape| Classes::of(shape))
                .collect(),
        };
        let rows = IDS.iter().chain(FORMS).map(row);
        rows.filter(|row| !row.classes.is_empty()).collect()
    };
    let all = ROWS.get_or_init(|| (0..=*LENGTHS.end()).map(of).collect());
    all.get(n).map_or(&[], Vec::as_slice)
}

fn checked(check: Option<&Check>, written: &str, compact: &str) -> bool {
    check.is_some_and(|check| {
        (check.passes)(compact) || check.name == "fi.hetu" && (check.passes)(written)
    })
}

/// Lengths of what has the shape `*`.
const ANY_LENGTH: std::ops::RangeInclusive<usize> = 7..=16;

/// Whether a value has the shape; `*` is any letters and digits.
pub(super) fn fits(value: &str, shape: &str) -> bool {
    if shape == "*" {
        return ANY_LENGTH.contains(&value.len())
            && value.bytes().all(|b| b.is_ascii_alphanumeric());
    }
    value.len() == shape.len()
        && value.bytes().zip(shape.bytes()).all(|(b, s)| match s {
            b'9' => b.is_ascii_digit(),
            b'A' => b.is_ascii_alphabetic(),
            s => b.eq_ignore_ascii_case(&s),
        })
}

/// Whether nothing else stands on the line.
fn alone_on_line(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r');
    let edge = |b: Option<&u8>, open: bool| b == Some(&b'\n') || b.is_none() && open;
    edge(
        bytes[..start].iter().rev().take(8).find(|b| !blank(b)),
        start < 8,
    ) && edge(
        bytes[end..].iter().take(8).find(|b| !blank(b)),
        bytes.len() - end < 8,
    )
}

/// Whether a word stands in a line of small letters; one of letters is a whole word.
fn stands_in(line: &str, word: &str) -> bool {
    let bytes = line.as_bytes();
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    let whole = |at: usize| {
        let end = at + word.len();
        let plural = bytes.get(end) == Some(&b's') && !letter(bytes.get(end + 1));
        (at == 0 || !letter(bytes.get(at - 1))) && (!letter(bytes.get(end)) || plural)
    };
    memchr::memchr_iter(word.as_bytes()[0], bytes).any(|at| {
        bytes[at..].starts_with(word.as_bytes())
            && (whole(at) || !word.is_ascii() || word.len() >= 9)
    })
}

#[cfg(test)]
mod tests {
    use super::What::{JpDriver, NationalId, Passport, Ssn};
    use super::*;

    fn check(text: &str, expected: &[(What, &str)]) {
        let mut hits = Vec::new();
        find(text, false, &mut hits);
        let got: Vec<(What, &str)> = hits
            .iter()
            .map(|h| (h.what, &text[h.start..h.end]))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn numbers_with_a_label() {
        check("His SSN is 078-05-1123.", &[(Ssn, "078-05-1123")]);
        check("my SIN is 130-692-544", &[(NationalId, "130-692-544")]);
        check("nino: PR 12 36 12 C ok", &[(NationalId, "PR 12 36 12 C")]);
        check("Mi NIE es X9613851N", &[(NationalId, "X9613851N")]);
        check("X9613851N es mi NIE", &[(NationalId, "X9613851N")]);
        check(
            "Meine Steuer-ID: 63920584166.",
            &[(NationalId, "63920584166")],
        );
        check("pesel 78050123604", &[(NationalId, "78050123604")]);
        check("CPF 475.255.133-09", &[(NationalId, "475.255.133-09")]);
        check(
            "Steuer-ID 14 329 185 102. Danke",
            &[(NationalId, "14 329 185 102")],
        );
        check("D.N.I. 48015785-L", &[(NationalId, "48015785-L")]);
        check("R.U.T. 124808782, ok", &[(NationalId, "124808782")]);
        check("r. č. 731119/3120 ok", &[(NationalId, "731119/3120")]);
        check("ΑΦΜ 934460190.", &[(NationalId, "934460190")]);
        check("RFC GODE561231GR8 ok", &[(NationalId, "GODE561231GR8")]);
        check("C.I. 1.234.567-2", &[(NationalId, "1.234.567-2")]);
        check("Cédula: V-12345678", &[(NationalId, "V-12345678")]);
        check("ИНН 677154063389 ок", &[(NationalId, "677154063389")]);
        check(
            "Emirates ID 784-1985-1234567-1",
            &[(NationalId, "784-1985-1234567-1")],
        );
        check(
            "الرقم القومي 28501011234567 شكرا",
            &[(NationalId, "28501011234567")],
        );
        check(
            "(CNIC No 35202-1234567-1)",
            &[(NationalId, "35202-1234567-1")],
        );
        check(
            "passport number is CD7654321 and",
            &[(Passport, "CD7654321")],
        );
        check(
            "運転免許証番号：123456789012",
            &[(JpDriver, "123456789012")],
        );
        check(
            "주민등록번호 811101-1105411",
            &[(NationalId, "811101-1105411")],
        );
    }

    #[test]
    fn numbers_of_a_form_of_their_own() {
        check("a 756.9217.0769.84 b", &[]);
        check("a 756.6819.9321.83 b", &[(NationalId, "756.6819.9321.83")]);
        check("x BDGLSC99D11G224Z y", &[(NationalId, "BDGLSC99D11G224Z")]);
        check("x 121298-8150 y", &[(NationalId, "121298-8150")]);
        check("17539281X", &[(NationalId, "17539281X")]);
        check("x 17539281X y", &[]);
    }

    #[test]
    fn decoys() {
        for text in [
            "License: Unicode-DFS-2016",
            "License: ISO-1986",
            "This license is Copyright (C) 2003-2004",
            "include license files ([`21baa73`])",
            "order 130692544 shipped",
            "version 1.2.3.4567",
            "2024-01-02 12:34:56",
            "sha 9f86d081884c7d65",
            "using 1234567 items",
            "ISBN 978-4-10-109205-8",
            "tel 212-555-0142",
            "id=078-05-1123",
            "RFC 7231 of 2014-06-01",
            "CI 12345678 passed",
            "a nit: 12345678 is long",
            "Passport expires: 2031-04-15",
            "passport issued 15.04.2021 by",
        ] {
            check(text, &[]);
        }
    }
}
