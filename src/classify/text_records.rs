//! Names as the formats of records write them, in text that no reader takes: airlines (`SMITH/MARY MRS`), HL7 and DICOM (`Smith^Mary`), X12
//! (`NM1*IL*1*SMITH*MARY`), GEDCOM (`1 NAME Mary /Smith/`); and mailboxes hidden from robots (`mary[at]example.com`).
//!
//! In: a text. Out: hits: of a name its two halves. Each form has signs of its own, which are looked for first.

use std::ops::Range;

use memchr::memchr2_iter;
use memchr::memmem::Finder;

use super::cell::{host_name, local_byte};
use super::latin;
use super::text::{Fixed, Hit, What};
use crate::pattern::Part;

/// How sure the two halves of a name are in such a form.
const SURE: f32 = 0.9;

/// Letters of one half of a name.
const LONGEST: usize = 30;

/// Bytes from the sign of a form to the end of what it says: what is looked at is bounded, or many signs on one long line
/// would each read to its end.
const REACH: usize = 512;

static SEGMENT: Fixed = Fixed::new(|| Finder::new("NM1*"));
static GENEALOGY: Fixed = Fixed::new(|| Finder::new(" NAME "));
static IN_SQUARE: Fixed = Fixed::new(|| Finder::new("[at]"));
static IN_ROUND: Fixed = Fixed::new(|| Finder::new("(at)"));

/// Adds the names in the forms of records, and hidden mailboxes.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr2_iter(b'/', b'^', bytes) {
        let (before, behind) = (word_before(text, at), word_behind(text, at + 1));
        if before.len() < 2 || behind.len() < 2 {
            continue;
        }
        let fits = match bytes[at] {
            b'/' => is_titled(&text[behind.end..]) && is_upper(&text[before.clone()]),
            _ => is_known(&text[before.clone()], &text[behind.clone()]),
        };
        if fits {
            both(before, behind, hits);
        }
    }
    for at in SEGMENT.find_iter(bytes) {
        segment(text, at, hits);
    }
    for at in GENEALOGY.find_iter(bytes) {
        genealogy(text, at, hits);
    }
    for sign in [&IN_SQUARE, &IN_ROUND] {
        for at in sign.find_iter(bytes) {
            hidden(text, at, sign.needle().len(), hits);
        }
    }
}

/// Adds the halves of a name.
fn both(family: Range<usize>, given: Range<usize>, hits: &mut Vec<Hit>) {
    for (range, part) in [(family, Part::Family), (given, Part::Given)] {
        hits.push(Hit {
            part,
            ..Hit::new(What::Name, range, SURE)
        });
    }
}

/// The letters right before an offset.
fn word_before(text: &str, at: usize) -> Range<usize> {
    let letters = text.as_bytes()[..at].iter().rev().take(LONGEST);
    let len = letters.take_while(|b| b.is_ascii_alphabetic()).count();
    at - len..at
}

/// The letters right behind an offset.
fn word_behind(text: &str, at: usize) -> Range<usize> {
    let letters = text.as_bytes()[at..].iter().take(LONGEST);
    let len = letters.take_while(|b| b.is_ascii_alphabetic()).count();
    at..at + len
}

fn is_upper(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a title as airlines write it follows: `SMITH/MARY MRS`.
fn is_titled(rest: &str) -> bool {
    const TITLES: [&str; 9] = [
        "MR", "MRS", "MS", "MISS", "MSTR", "DR", "CHD", "INF", "MSTER",
    ];
    let word = rest.strip_prefix(' ').unwrap_or("");
    let end = word.find(|c: char| !c.is_ascii_alphanumeric());
    TITLES.contains(&&word[..end.unwrap_or(word.len())])
}

/// Whether two words are a family name and a given name of the lists, each with a capital letter.
fn is_known(family: &str, given: &str) -> bool {
    let capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    capital(family) && capital(given) && latin::name(family).0 && latin::name(given).1
}

/// The text from an offset up to one of the ends, [`REACH`] bytes at most.
fn until<'a>(text: &'a str, start: usize, ends: &[char]) -> &'a str {
    let reach = &text[start..text.floor_char_boundary(start + REACH)];
    &reach[..reach.find(ends).unwrap_or(reach.len())]
}

/// Adds the person of a segment NM1 of X12 (837, 834, 270): entity, type 1 for people, last name, first name.
fn segment(text: &str, at: usize, hits: &mut Vec<Hit>) {
    let mut fields = until(text, at, &['~', '\n', '\r']).split('*').map(|field| {
        let start = field.as_ptr() as usize - text.as_ptr() as usize;
        start..start + field.len()
    });
    let (person, family, given) = (fields.nth(2), fields.next(), fields.next());
    let (Some(person), Some(family), Some(given)) = (person, family, given) else {
        return;
    };
    let is_word = |range: &Range<usize>| {
        let word = &text[range.clone()];
        (1..=LONGEST * 2).contains(&word.len()) && word.chars().any(char::is_alphabetic)
    };
    if &text[person] == "1" && is_word(&family) && is_word(&given) {
        both(family, given, hits);
    }
}

/// Adds the person of a line of GEDCOM: `1 NAME Mary /Smith/`.
fn genealogy(text: &str, at: usize, hits: &mut Vec<Hit>) {
    let line = until(text, at + " NAME ".len(), &['\n', '\r']);
    let level = text[..at].ends_with(|c: char| c.is_ascii_digit());
    let Some((given, rest)) = line.split_once('/').filter(|_| level) else {
        return;
    };
    let Some((family, _)) = rest.split_once('/') else {
        return;
    };
    let (first, last) = (given.trim(), family.trim());
    if !first.is_empty() && !last.is_empty() && line.len() <= LONGEST * 4 {
        let range = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            start..start + part.len()
        };
        both(range(last), range(first), hits);
    }
}

/// Adds a mailbox whose `@` is written in a bracket.
fn hidden(text: &str, at: usize, len: usize, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let local = bytes[..at].iter().rev().take(64);
    let local = local
        .take_while(|&&b| local_byte(b) && b.is_ascii())
        .count();
    let host = bytes[at + len..].iter().take(253);
    let is_host = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let host = host.take_while(is_host).count();
    let end = at + len + host;
    let name = text[at + len..end].trim_end_matches(['.', '-']);
    if local > 0 && host_name(name) {
        let range = at - local..at + len + name.len();
        hits.push(Hit::new(What::Email, range, 0.9));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_forms_of_records() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let mut hits = Vec::new();
            find(text, &mut hits);
            let found: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
            assert_eq!(found, expected, "{text}");
        }
        check("001 SMITH/MARY MRS   10A", &["SMITH", "MARY"]);
        check("PN [Smith^Mary=x]", &["Smith", "Mary"]);
        check("NM1*IL*1*SMITH*MARY****34*1~N3*", &["SMITH", "MARY"]);
        check("NM1*PR*2*EXAMPLE HEALTH*****", &[]);
        check("1 NAME Mary /Smith/\n", &["Smith", "Mary"]);
        check("mary[at]example.com", &["mary[at]example.com"]);
        check("mary(at)example.com.", &["mary(at)example.com"]);
        check("INPUT/OUTPUT", &[]);
        check("GET /SMITH/MARY HTTP", &[]);
        check("x^y A^B Foo^Bar", &[]);
        check("foo(at)bar", &[]);
    }
}
