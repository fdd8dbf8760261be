//! How Japanese names that are written in kanji may sound.
//!
//! In: a surname or given name in kanji. Out: its readings in Latin letters with long vowels short, as `identity` writes kana and romaji. One
//! person stands in kanji here, in kana or Latin letters there: a reading that fits is evidence, never proof.

use std::hash::BuildHasher;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::dict::sound;
use super::lexicon::shorten;
use crate::text::{katakana, new_form};

/// Readings of one sort of names, by the hash of the kanji. Equal hashes of different names only make a reading possible that is none.
struct Readings(Vec<(u64, &'static str)>);

static SURNAMES: LazyLock<Readings> =
    LazyLock::new(|| Readings::new(include_str!("../../patterns/lists/jp-surname-sounds.txt")));
static GIVEN: LazyLock<Readings> =
    LazyLock::new(|| Readings::new(include_str!("../../patterns/lists/jp-given-sounds.txt")));

impl Readings {
    fn new(list: &'static str) -> Self {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        let lines = lines.filter_map(|line| line.split_once(' '));
        let pairs = lines.flat_map(|(sound, names)| {
            let names = names.split(' ');
            names.map(move |name| (hash(name), sound))
        });
        let mut pairs: Vec<(u64, &'static str)> = pairs.collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    fn of(&'static self, name: &str) -> impl Iterator<Item = &'static str> + Clone {
        let hash = hash(name);
        let from = self.0.partition_point(|pair| pair.0 < hash);
        let pairs = self.0[from..].iter();
        pairs
            .take_while(move |pair| pair.0 == hash)
            .map(|pair| pair.1)
    }
}

fn hash(name: &str) -> u64 {
    FixedState::with_seed(0).hash_one(name)
}

/// The readings of a surname in folded kanji, in order of the alphabet; none for a name that no list knows.
pub fn surname_sounds(name: &str) -> impl Iterator<Item = &'static str> + Clone {
    SURNAMES.of(name)
}

/// The readings of a given name, likewise.
pub fn given_sounds(name: &str) -> impl Iterator<Item = &'static str> + Clone {
    GIVEN.of(name)
}

/// Whether a surname in kanji may be read as a word in kana or Latin letters says, vowels long or short; `None` where no list knows how it is read.
pub fn may_be_read(surname: &str, word: &str) -> Option<bool> {
    let mut said = [' '; 16];
    let is_kana = word
        .chars()
        .all(|c| matches!(katakana(c), '\u{30A1}'..='\u{30FC}'));
    let n = match is_kana {
        true if word.chars().count() <= said.len() => {
            let mut n = 0;
            for c in word.chars() {
                said[n] = katakana(c);
                n += 1;
            }
            Some(shorten(&mut said, n))
        }
        true => None,
        false => sound(word, false, &mut said),
    };
    let folded: String = surname.chars().map(|c| new_form(katakana(c))).collect();
    let known = surname_sounds(&folded);
    let is_so = |reading: &str| {
        [false, true].into_iter().any(|apart| {
            let mut sounds = [' '; 16];
            let len = sound(reading, apart, &mut sounds);
            len.is_some_and(|len| n == Some(len) && sounds[..len] == said[..len])
        })
    };
    known.map(is_so).reduce(|one, other| one || other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_in_kana_and_latin_letters() {
        let check = |surname: &str, word: &str, expected: Option<bool>| {
            assert_eq!(may_be_read(surname, word), expected, "{surname} {word}");
        };
        check("佐藤", "サトウ", Some(true));
        check("佐藤", "さとう", Some(true));
        check("佐藤", "Sato", Some(true));
        check("佐藤", "SATOH", Some(true));
        check("大野", "オオノ", Some(true));
        check("東", "ヒガシ", Some(true));
        check("佐藤", "ヤマダ", Some(false));
        check("佐藤", "Tanaka", Some(false));
        check("営業部", "サトウ", None);
    }

    #[test]
    fn names_sound_as_they_are_read() {
        let check = |name: &str, surname: &[&str], given: &[&str]| {
            assert_eq!(surname_sounds(name).collect::<Vec<_>>(), surname, "{name}");
            assert_eq!(given_sounds(name).collect::<Vec<_>>(), given, "{name}");
        };
        check("佐藤", &["sato"], &[]);
        check("東", &["azuma", "higashi", "to"], &["azuma", "higashi"]);
        check("健太", &[], &["kenta"]);
        check("Smith", &[], &[]);
        assert!(surname_sounds("佐々木").any(|sound| sound == "sasaki"));
    }
}
