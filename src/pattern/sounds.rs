//! How Japanese names that are written in kanji may sound.
//!
//! In: a surname or given name in kanji. Out: its readings in Latin letters with long vowels short, as `identity` writes kana and romaji. One
//! person stands in kanji here, in kana or Latin letters there: a reading that fits is evidence, never proof.

use std::hash::BuildHasher;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

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

#[cfg(test)]
mod tests {
    use super::*;

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
