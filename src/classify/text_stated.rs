//! Names in English text that what stands around them tells, though neither the model nor a list does.
//!
//! In: the words of a window (see [`super::names_latin`]) in which the model found nobody. Out: the words that are a name: behind an office
//! (`Prime Minister Hazim Tarwan`, `the cleric Hazim Tarwan`), around what is quoted (`,” Tarwan added`), with an article of Arabic inside
//! (`Hazim al-Tarwan`).

use std::ops::Range;

use super::names_latin::Token;
use crate::pattern::dict::{self, Lists};
use crate::text::Words;

/// Offices and callings, in lower case, that only a person has. Behind each a name of two words or more may stand.
#[rustfmt::skip]
static OFFICES: Words = Words::new(&[
    "president", "minister", "senator", "secretary", "chancellor", "ambassador", "premier", "governor", "mayor", "judge", "justice", "sheikh",
    "sheik", "imam", "ayatollah", "cleric", "colonel", "lieutenant", "sergeant", "detective", "inspector", "professor", "doctor", "congressman",
    "congresswoman", "councilman", "councilwoman", "bishop", "archbishop", "cardinal", "rabbi", "pastor", "reverend", "spokesman",
    "spokeswoman", "spokesperson", "lawyer", "attorney", "prosecutor", "actor", "actress", "singer", "author", "journalist", "reporter",
    "photographer", "director", "physician", "surgeon", "dentist", "nurse", "teacher", "plaintiff", "defendant", "witness", "mr", "mrs", "ms", "dr",
]);

/// Those before which, and not behind which, the words of a department stand: Minister of Foreign Affairs Hazim Tarwan.
static HEADS: Words = Words::new(&[
    "minister",
    "secretary",
    "director",
    "head",
    "chief",
    "president",
]);

/// What somebody does who is quoted.
#[rustfmt::skip]
static SAYS: Words = Words::new(&[
    "said", "says", "told", "added", "adds", "explained", "explains", "asked", "replied", "recalled", "insisted", "joked", "admitted", "wrote",
]);

/// Words of Arabic before an article in what is no person.
#[rustfmt::skip]
static PLACES: Words = Words::new(&[
    "abu", "ain", "ansar", "asbat", "ash-sharq", "asharq", "bab", "bayt", "beit", "burj", "dar", "deir", "hizb", "jabal", "jaish", "jebel", "jund",
    "kafr", "khan", "madinat", "majlis", "marsa", "masjid", "mersa", "nahr", "qasr", "ras", "sharm", "shatt", "sidi", "souk", "tel", "tell", "umm", "wadi",
]);

/// The Arabic article as it is written before a name, its letter assimilated or not.
const ARTICLES: [&str; 14] = [
    "al-", "el-", "ul-", "ad-", "as-", "ash-", "at-", "an-", "ar-", "az-", "Al-", "El-", "Ar-",
    "As-",
];

/// Longest name, in words.
const WORDS: usize = 4;

/// Where the name is among the words of a window, if what is around it tells.
pub(super) fn find(text: &str, words: &[Token]) -> Option<Range<usize>> {
    let of = |word: &Token| &text[word.start..word.end];
    let office = words.iter().rposition(|word| is_in(&OFFICES, of(word)));
    let behind = &words[office.map_or(0, |at| at + 1)..];
    let (first, last) = (behind.first()?, behind.last()?);
    let before = text[..first.start].trim_end_matches(' ');
    let held = || {
        if office.is_some() || is_in(&OFFICES, last_word(before)) {
            return Some(behind);
        }
        let led = last_word(before) == "of"
            && is_in(&HEADS, last_word(before[..before.len() - 2].trim_end()));
        let department = behind
            .iter()
            .take_while(|word| !may_name(text, word))
            .count();
        (led && department > 0).then(|| &behind[department..])
    };
    if let Some(names) = held()
        && (2..=WORDS).contains(&names.len())
        && names
            .iter()
            .all(|word| may_name(text, word) || word.is_between())
    {
        return Some(names[0].start..names[names.len() - 1].end);
    }
    if words.len() <= 3 && words.iter().all(|word| may_name(text, word)) {
        let ends_quote = |head: &str| {
            let quoted = head.strip_suffix(['"', '”', '\'', '’']);
            quoted.is_some_and(|said| said.ends_with([',', '?', '!']))
        };
        let says = |word: &str| SAYS.has(word);
        let after = text[last.end..].trim_start_matches(' ');
        let verb = last_word(before);
        if ends_quote(before) && says(first_word(after))
            || says(verb) && ends_quote(before[..before.len() - verb.len()].trim_end_matches(' '))
        {
            return Some(first.start..last.end);
        }
    }
    with_article(text, words)
}

/// A name with an Arabic article before its last word.
fn with_article(text: &str, words: &[Token]) -> Option<Range<usize>> {
    let of = |word: &Token| &text[word.start..word.end];
    let article = |word: &Token| {
        let rest = ARTICLES
            .iter()
            .find_map(|article| of(word).strip_prefix(article));
        rest.is_some_and(|rest| rest.starts_with(char::is_uppercase))
    };
    let at = (1..words.len()).find(|&at| article(&words[at]))?;
    let run = words[..at].iter().rev().take(WORDS - 1);
    let n = run
        .take_while(|word| may_name(text, word) && !article(word))
        .count();
    let from = at - n;
    (n > 0 && !is_in(&PLACES, of(&words[from]))).then(|| words[from].start..words[at].end)
}

/// Whether a word may be a name: written as one, and in a list of names or in none.
fn may_name(text: &str, word: &Token) -> bool {
    let written = &text[word.start..word.end];
    let lower = written.chars().filter(|c| c.is_lowercase()).count();
    let known = dict::latin(written);
    lower >= 2
        && written.starts_with(char::is_uppercase)
        && !written.contains(|c: char| c.is_ascii_digit())
        && (word.is_name() || !known.any(Lists::COMMON.or(Lists::WORD).or(Lists::PLACE)))
}

/// Whether a word without its full stop is in a set, whatever its case.
fn is_in(set: &Words, word: &str) -> bool {
    set.has_any_case(word.trim_end_matches('.'))
}

fn last_word(text: &str) -> &str {
    let is_word = |b: &&u8| b.is_ascii_alphabetic();
    let n = text
        .as_bytes()
        .iter()
        .rev()
        .take(16)
        .take_while(is_word)
        .count();
    &text[text.len() - n..]
}

fn first_word(text: &str) -> &str {
    let is_word = |b: &&u8| b.is_ascii_alphabetic();
    &text[..text.as_bytes().iter().take(16).take_while(is_word).count()]
}
