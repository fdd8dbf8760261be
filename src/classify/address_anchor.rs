//! Numbers that an address may begin at.
//!
//! In: a text and a place in it. Out: the next number there that is worth reading words around. Most numbers of a text stand among words in small
//! letters that no address has: those are passed over by a look at the word before and the words behind, without reading further.

use super::address_tokens::{joined_code, outward};
use super::latin;
use crate::pattern::streets::{self, Role};

/// Roles of the word before a number that make it the number of a box, a unit or a street.
const BEFORE: Role = Role::BOX
    .or(Role::POST)
    .or(Role::UNIT)
    .or(Role::WAY)
    .or(Role::TYPE)
    .or(Role::PREFIX);

/// Roles of a word in capitals behind a house number that some address has.
const BEHIND: Role = BEFORE.or(Role::WEAK).or(Role::DIRECTION);

/// Words that are looked at on each side.
const WORDS: usize = 8;

/// Bytes that are looked at on each side for a capital.
const REACH: (usize, usize) = (96, 240);

/// The next number at the beginning of a word that may stand in an address.
pub(super) fn next(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        at += super::text::next_digit(&bytes[at.min(bytes.len())..])?;
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
        if opens && closes && run <= 9 && may_begin(text, at, run) {
            return Some(at);
        }
        at += run.max(1);
    }
}

/// Whether the words around the digits allow for an address.
fn may_begin(text: &str, at: usize, run: usize) -> bool {
    let bytes = text.as_bytes();
    let start = at - back(bytes, at);
    let end = at + run + ahead(bytes, at + run);
    let word = &bytes[start..end];
    if start < at && word[0] != b'#' {
        // Inside a word only the postal codes of Britain count: EC1N8QX.
        return word[0] >= 0x80 || text.get(start..end).is_none_or(joined_code) || glued(word);
    }
    if is_date(word) {
        return false;
    }
    before(text, start, run) || behind(text, end) || small(bytes, start, end)
}

/// Whether the digits stand behind a sign that is no part of a word: `'90`, `-5`, `.5`, or belong to `#5`.
fn glued(word: &[u8]) -> bool {
    !word[0].is_ascii_alphanumeric() || word.contains(&b'#')
}

/// `2024-01-31`.
fn is_date(word: &[u8]) -> bool {
    word.len() == 10
        && word.iter().enumerate().all(|(at, b)| match at {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        })
}

fn inside(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'-' | b'.' | b'/' | b'&' | b'#')
}

/// Bytes of the word that ends before a place.
fn back(bytes: &[u8], at: usize) -> usize {
    let before = bytes[..at].iter().rev().take(32);
    before.take_while(|b| inside(**b)).count()
}

/// Bytes of the word that goes on at a place.
fn ahead(bytes: &[u8], at: usize) -> usize {
    let behind = bytes[at..].iter().take(32);
    behind.take_while(|b| inside(**b)).count()
}

/// Whether the words before make of it the number of a street, a box or a city.
fn before(text: &str, start: usize, run: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = start;
    for n in 0..WORDS {
        let blanks = bytes[..at].iter().rev().take(4);
        at -= blanks
            .take_while(|b| matches!(b, b' ') || n == 0 && **b == b',')
            .count();
        let Some(&last) = at.checked_sub(1).map(|n| &bytes[n]) else {
            return false;
        };
        if last >= 0x80 {
            // Letters with accents may be anything; no address in Latin letters goes on in Japanese.
            let c = text[..at].chars().next_back();
            return c.is_some_and(|c| c < '\u{2E80}');
        }
        let word = &bytes[at - back(bytes, at)..at];
        let Some(&first) = word.first() else {
            return false;
        };
        at -= word.len();
        if at > 0 && bytes[at - 1] >= 0x80 {
            return true;
        }
        if first.is_ascii_digit() {
            return false;
        }
        let word = &text[at..at + word.len()];
        let role = streets::role(word);
        match n {
            0 if word.starts_with('#') || role.any(BEFORE) => return true,
            0 if role.any(Role::MONTH) => return false,
            // Far off only the beginning of a street's name counts: rue de la Paix 3.
            0 if !first.is_ascii_uppercase() => return false,
            0 if streets::compound(word) || outward(word) || run >= 4 && city_code(word) => {
                return true;
            }
            _ if role.any(Role::PREFIX) => return true,
            _ if role.any(Role::STOP) => return false,
            _ => {}
        }
    }
    false
}

/// A state before its postal code.
fn city_code(word: &str) -> bool {
    word.len() <= 4 && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'.')
        || latin::state(word)
}

/// Whether the words behind, as far as they are those of a name, may be a street's.
fn behind(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = end;
    for n in 0..WORDS {
        let blanks = bytes[at..].iter().take(4);
        at += blanks.take_while(|b| **b == b' ').count();
        let Some(&first) = bytes.get(at) else {
            return n > 0;
        };
        match first {
            b',' | b'\n' | b'\r' | b'#' => return true,
            // Japanese begins here, or something that cannot be told by its first byte.
            0xE3..=0xEF => return false,
            0x80.. => return true,
            _ if first.is_ascii_digit() => return true,
            _ if !inside(first) => return false,
            _ => {}
        }
        let word = &bytes[at..at + ahead(bytes, at)];
        let next = at + word.len();
        if bytes.get(next).is_some_and(|b| *b >= 0x80) {
            return true;
        }
        let role = streets::role(&text[at..next]);
        let capital = first.is_ascii_uppercase();
        if role.any(Role::STOP) && !role.any(BEHIND) {
            return false;
        }
        let alive = match capital {
            true => role.any(BEHIND) || word.len() <= 3 || streets::compound(&text[at..next]),
            false => role.any(Role::PREFIX.or(Role::UNIT)),
        };
        if alive {
            return true;
        }
        let particle = role.any(Role::PARTICLE) || word.iter().all(|b| !b.is_ascii_alphanumeric());
        if !capital && !particle {
            return false;
        }
        at = next;
    }
    true
}

/// Whether letters stand around the number and all are small: streets count there without capitals.
fn small(bytes: &[u8], start: usize, end: usize) -> bool {
    // Japanese ends an address as a sign does.
    let plain = |b: &&u8| inside(**b) || matches!(b, b' ' | b',' | 0x80..=0xE2);
    let before = bytes[..start].iter().rev().take(REACH.0).take_while(plain);
    let behind = bytes[end..].iter().take(REACH.1).take_while(plain);
    let mut letters = false;
    for b in behind.chain(before) {
        if b.is_ascii_uppercase() {
            return false;
        }
        letters |= b.is_ascii_lowercase();
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_worth_a_look() {
        let check = |text: &str, expected: bool| {
            assert_eq!(next(text, 0).is_some(), expected, "{text}");
        };
        for text in [
            "12 Oak Street",
            "at 12 high street, london",
            "Hauptstraße 5",
            "rue de la Paix 3 is",
            "Springfield, IL 62704 today",
            "PO Box 5 and",
            "it is EC1N8QX and",
            "In Unit 7 we",
            "5 rue de la Gare",
        ] {
            check(text, true);
        }
        for text in [
            "In 2012 the company",
            "On May 5 we met",
            "2024-01-02 Main",
            "Version 3 (Of the 4) is",
            "UTF-8 is",
            "The 3 of them",
            "Since 1999 Apple has sold",
            "2005年7月14日",
        ] {
            check(text, false);
        }
    }
}
