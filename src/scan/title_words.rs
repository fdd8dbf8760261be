//! The words of names of files, tables and columns, and which two of them are a name.
//!
//! In: a name. Out: its words; whether two words are a given name and a surname.

use std::ops::Range;

use crate::pattern::dict::{self, Lists};

/// Letters of the extension of a file.
const EXTENSION: usize = 4;

/// The words of a path that are no extension of a file: up to four letters behind the last dot of a step.
pub(super) fn without_extensions<'n>(
    name: &'n str,
    words: &'n [Range<usize>],
) -> impl Iterator<Item = Range<usize>> + 'n {
    let is_extension = |word: &Range<usize>| {
        let behind = name[word.end..].chars().next();
        name[..word.start].ends_with('.')
            && word.len() <= EXTENSION
            && behind.is_none_or(|c| matches!(c, '/' | '\\' | '!'))
    };
    words
        .iter()
        .filter(move |word| !is_extension(word))
        .cloned()
}

/// Whether what was found in the name of a file may be somebody's there: words stand beside one another by chance in such names, so in Latin letters it must
/// be a pair of known names; four numbers are a version.
pub(super) fn may_be_somebodys(text: &str) -> bool {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        let numbers = text.split('.').map(str::len);
        return numbers.clone().count() != 4 || numbers.max() > Some(2);
    }
    let plain = |c: char| is_latin(c) && !c.is_ascii_digit() && c != '@';
    let words: Vec<&str> = words(text).map(|word| &text[word]).collect();
    let known = || words.windows(2).any(|pair| is_known_pair(pair[0], pair[1]));
    !text.chars().all(plain) || words.len() < 2 || known()
}

/// Whether two words are a given name and a surname of the lists, and no ordinary words by chance.
pub(super) fn is_known_pair(first: &str, second: &str) -> bool {
    const SHORTEST: usize = 3;
    let is = |given: &str, family: &str| {
        let (one, other) = (dict::latin(given), dict::latin(family));
        let strong = (
            one.any(Lists::GIVEN_STRONG),
            other.any(Lists::SURNAME_STRONG),
        );
        let sure = match (one.any(Lists::COMMON), other.any(Lists::COMMON)) {
            // Mark Young, as names are written.
            (true, true) => strong.0 && strong.1 && is_titled(given) && is_titled(family),
            (false, false) => strong.0 || strong.1,
            (true, false) => strong.0 && strong.1,
            // lukas price: a surname that is a word, too, behind a given name that is none.
            (false, true) => strong.1 && (strong.0 || given.len() >= 5),
        };
        // Olga Ivanova: a surname that no list has, as names are written.
        let unknown = is_titled(given) && is_titled(family) && family.len() >= 5;
        let alone = unknown && other.is_empty() && strong.0 && !one.any(Lists::COMMON);
        let written = is_titled(given) && is_titled(family) && strong.1;
        let long = match given.len() >= SHORTEST {
            true => family.len() >= SHORTEST || strong.0,
            false => written,
        };
        let listed = sure && one.any(Lists::GIVEN) && other.any(Lists::SURNAME);
        long && (listed || alone || is_romaji(family, given))
    };
    let of_place = OF_PLACES
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first));
    !of_place && (is(first, second) || is(second, first))
}

/// Words before the names of people that are places then: San Juan, South Georgia.
pub(super) const OF_PLACES: [&str; 18] = [
    "San", "Santa", "Saint", "St", "Los", "Las", "El", "New", "Fort", "Mount", "North", "South",
    "East", "West", "Port", "Lake", "Cape", "Upper",
];

/// Whether a word is written as names are.
fn is_titled(word: &str) -> bool {
    title(word) == word
}

/// Whether two words are a surname and a given name of Japan in Latin letters, and nothing else.
pub(super) fn is_romaji(family: &str, given: &str) -> bool {
    let plain = |word| !dict::latin(word).any(Lists::COMMON.or(Lists::GIVEN));
    let known = dict::romaji(family).any(Lists::SURNAME);
    known && dict::romaji(given).any(Lists::GIVEN) && plain(family) && plain(given)
}

/// A word in small letters after a capital one.
pub(super) fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// The words of a name: runs of letters; a capital letter behind a small one begins another (`FelixGarrison`).
pub(super) fn words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = name.char_indices().peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|(_, c)| !is_letter(*c)).is_some() {}
        let &(start, first) = chars.peek()?;
        let (mut end, mut before) = (start, first);
        while let Some((at, c)) = chars.next_if(|&(_, c)| {
            is_letter(c)
                && is_latin(c) == is_latin(first)
                && !(before.is_lowercase() && c.is_uppercase())
        }) {
            (end, before) = (at + c.len_utf8(), c);
        }
        Some(start..end)
    })
}

/// Whether a letter is a Latin one, with an accent too.
pub(super) fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c != '・' || matches!(c, '々' | 'ー' | '\'')
}
