//! Names that a mail address bears out.
//!
//! In: a text or a header of mail, and where its addresses are. Out: the display names before them (RFC 5322, 3.4) that the address says again,
//! though no list knows them: `"Tarnwick, Oda" <oda.tarnwick@example.com>`, `Oda Tarnwick <otarnwick@example.com>`.

use std::ops::Range;

use super::latin::plain;
use super::text::{Hit, What};
use crate::pattern::dict::{self, Lists};

/// How sure a name is that its address says again.
const BORNE_OUT: f32 = 0.8;
/// Longest display name, in words.
const WORDS: usize = 4;

/// Adds the names before the addresses of a text, which were found.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let addresses = hits.len();
    let mut from = 0;
    for at in 0..addresses {
        let address = hits[at].start..hits[at].end;
        if hits[at].what == What::Email && from <= address.start {
            let name = display(text, from, address.clone());
            hits.extend(name.map(|name| Hit::new(What::Name, name, BORNE_OUT)));
            from = address.end;
        }
    }
}

/// Where the display name stands before the `<` of an address that begins at a byte, if the address says it again.
pub(super) fn display(text: &str, from: usize, address: Range<usize>) -> Option<Range<usize>> {
    let before = text[from..address.start]
        .strip_suffix('<')?
        .trim_end_matches([' ', '\t']);
    let name = match before.strip_suffix('"') {
        Some(quoted) => &quoted[quoted.rfind(['"', '\n'])? + 1..],
        None => last_words(before),
    };
    let start = name.as_ptr() as usize - text.as_ptr() as usize;
    is_borne_out(name, &text[address]).then(|| start..start + name.len())
}

/// The words at the end of a text that one display name may consist of: capitalised, but for particles.
fn last_words(text: &str) -> &str {
    let line = text
        .rsplit(['\n', ':', ',', ';', '>', '"', '(', '[', '|', '\t'])
        .next()
        .unwrap_or(text);
    let line = line.trim_start();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let mut from = line.len();
    for (n, word) in line.rsplit(' ').enumerate() {
        let at = word.as_ptr() as usize - line.as_ptr() as usize;
        if n == WORDS || word.is_empty() || !capital(word) && from == line.len() {
            break;
        }
        if capital(word) {
            from = at;
        }
    }
    &line[from..]
}

/// Whether an address says the words of a name again: two of them, or one and what the others begin with; a given name alone where it is the
/// whole local part. The name of a host is a company's, words of the language are those of an office.
pub(super) fn is_borne_out(name: &str, address: &str) -> bool {
    let Some((local, host)) = address.split_once('@') else {
        return false;
    };
    let local = folded(local.split('+').next().unwrap_or(local));
    let host = folded(host);
    let mut words = [const { String::new() }; WORDS];
    let mut n = 0;
    for word in name.split([' ', ',']).filter(|word| !word.is_empty()) {
        let is_word =
            |c: char| c.is_alphabetic() && c < '\u{2E80}' || matches!(c, '.' | '\'' | '’' | '-');
        if n == WORDS || !word.chars().all(is_word) {
            return false;
        }
        let known = dict::latin(word);
        if known.any(Lists::COMMON.or(Lists::WORD)) && !known.any(Lists::SURNAME.or(Lists::GIVEN)) {
            return false;
        }
        words[n] = folded(word);
        if words[n].len() >= 3 && host.contains(&words[n]) {
            return false;
        }
        n += 1;
    }
    let words = &words[..n];
    match words {
        [only] => only.len() >= 3 && *only == local && dict::latin(name).any(Lists::GIVEN_STRONG),
        [_, _, ..] => agree(words, &local),
        [] => false,
    }
}

/// Whether the letters of a local part are those of the words.
fn agree(words: &[String], local: &str) -> bool {
    let is_whole = |word: &&String| word.len() >= 3 && local.contains(word.as_str());
    let mut whole = words.iter().filter(is_whole);
    let (Some(first), second) = (whole.next(), whole.next()) else {
        return false;
    };
    if second.is_some() {
        return true;
    }
    let rest = local.replacen(first.as_str(), "", 1);
    let is_rest = |word: &String| word != first && !rest.is_empty() && word.starts_with(&rest);
    words.iter().any(is_rest)
}

/// The letters of a word, in lower case and without accents.
fn folded(word: &str) -> String {
    word.chars()
        .map(plain)
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_bear_names_out() {
        let check = |text: &str, expected: Option<&str>| {
            let end = text.rfind('>').unwrap();
            let start = text.rfind('<').unwrap() + 1;
            let found = display(text, 0, start..end).map(|range| &text[range]);
            assert_eq!(found, expected, "{text}");
        };
        check(
            "\"Tarnwick, Oda\" <Oda.Tarnwick@example.com>",
            Some("Tarnwick, Oda"),
        );
        check(
            "From: Oda Tarnwick <otarnwick@example.com>",
            Some("Oda Tarnwick"),
        );
        check("On Monday Oda Tarnwick <oda@example.com>", None);
        check(
            "cc \"Oda K. Tarnwick\" <tarnwick.o@example.com>",
            Some("Oda K. Tarnwick"),
        );
        check("\"Julie\"<julie@example.com>", Some("Julie"));
        check("\"Support\"<support@example.com>", None);
        check("\"Tarnwick Billing\" <billing@tarnwick.example>", None);
        check("\"Tarnwick Oda\" <info@example.com>", None);
        check("Wrvx Tarnwick <oda.tarnwick@example.com>", None);
    }
}
