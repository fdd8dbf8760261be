//! The dictionary of names in scripts other than Latin and Japanese.
//!
//! In: a word, decomposed, without accents and vowel points, in small letters. Out: whether it is a given name or a surname. The list is
//! `patterns/lists/script-names.txt`; it is read when it is first asked, since most data have no word of these scripts.

use std::sync::OnceLock;

use super::lexicon::{Lexicon, Lists, entries};

const SCRIPT_NAMES: &str = include_str!("../../patterns/lists/script-names.txt");

/// What is known of a folded word: [`Lists::SURNAME`], `GIVEN`.
pub fn script_name(folded: &[char]) -> Lists {
    static LEXICON: OnceLock<Lexicon<Vec<u8>>> = OnceLock::new();
    let lexicon = LEXICON.get_or_init(|| {
        let mut new = Lexicon::new(24_000);
        for line in entries(SCRIPT_NAMES) {
            let (word, lists) = match line.strip_suffix('+') {
                Some(word) => (word, Lists::GIVEN),
                None => (line, Lists::SURNAME),
            };
            new.insert(word.chars(), lists);
        }
        new
    });
    lexicon.lists(folded.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_read() {
        let word = |line: &'static str| line.trim_end_matches('+');
        let words: Vec<&str> = entries(SCRIPT_NAMES).map(word).collect();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        let lists = |word: &str| script_name(&word.chars().collect::<Vec<_>>());
        assert!(lists("анна").any(Lists::GIVEN));
        assert!(lists("иванов").any(Lists::SURNAME));
        assert!(lists("дождь").is_empty());
    }
}
