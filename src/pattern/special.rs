//! Words of special-care-required personal information: illness, disability, creed, crime, origin.
//!
//! In: a text. Out: where such words stand, of which kind they are, and which words around make them somebody's. The words stand in
//! `patterns/lists/special-care.tsv`.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

const WORDS: &str = include_str!("../../patterns/lists/special-care.tsv");

/// How surely a word speaks of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// In a table of people wherever it stands.
    Sure,
    /// Only beside a word of context.
    Weak,
    /// A word of context: `diagnosed`, 通院.
    Context,
}

/// A word that stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, in small letters.
    pub word: &'static str,
    /// Its kind's number in [`kinds`].
    pub kind: usize,
    /// How surely it speaks of a person.
    pub weight: Weight,
    /// First byte in the text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

struct Lexicon {
    finder: AhoCorasick,
    words: Vec<(&'static str, usize, Weight)>,
    kinds: Vec<&'static str>,
}

/// Names of the kinds that have words, sorted.
pub fn kinds() -> &'static [&'static str] {
    &lexicon().kinds
}

/// Adds the words of a text to `out`, in order; of several at one place the longest. Latin words are whole words.
pub fn words(text: &str, out: &mut Vec<Word>) {
    let lexicon = lexicon();
    let bytes = text.as_bytes();
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    for found in lexicon.finder.find_iter(text) {
        let (word, kind, weight) = lexicon.words[found.pattern().as_usize()];
        let (start, end) = (found.start(), found.end());
        let before = start.checked_sub(1).map(|at| &bytes[at]);
        let latin = |b: u8| b.is_ascii_alphanumeric();
        let whole = !(latin(bytes[start]) && letter(before)
            || latin(bytes[end - 1]) && letter(bytes.get(end)));
        if whole {
            out.push(Word {
                word,
                kind,
                weight,
                start,
                end,
            });
        }
    }
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let rows = || {
            WORDS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| {
                    let mut cells = line.split('\t');
                    Some((cells.next()?, cells.next()?, cells.next()?))
                })
        };
        let mut kinds: Vec<&str> = rows().map(|row| row.1).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let words: Vec<_> = rows()
            .map(|(word, kind, weight)| {
                let weight = match weight {
                    "sure" => Weight::Sure,
                    "weak" => Weight::Weak,
                    _ => Weight::Context,
                };
                let kind = kinds.binary_search(&kind).expect("it was made of these");
                (word, kind, weight)
            })
            .collect();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words.iter().map(|row| row.0))
            .expect("some hundred short words make an automaton");
        Lexicon {
            finder,
            words,
            kinds,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_list() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let mut out = Vec::new();
            words(text, &mut out);
            let got: Vec<_> = out.iter().map(|w| (w.word, kinds()[w.kind])).collect();
            assert_eq!(got, expected, "{text}");
        };
        check(
            "糖尿病で通院",
            &[("糖尿病", "special.health"), ("通院", "special.health")],
        );
        check("Diabetes, type 2", &[("diabetes", "special.health")]);
        check("prediabetes and the dui1", &[]);
        check(
            "身体障害者手帳2級",
            &[("身体障害者手帳", "special.disability")],
        );
        check("", &[]);
    }

    #[test]
    fn the_list_is_in_order() {
        let known = super::super::Patterns::builtin();
        for kind in kinds() {
            assert!(known.kind(kind).is_some(), "{kind}");
        }
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
            assert_eq!(line, line.to_lowercase(), "{line}");
        }
    }
}
