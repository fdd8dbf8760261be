//! Full names in Latin letters, as cells.
//!
//! In: a cell of a few words. Out: whether it is a known name, may be one, or is half known: a given name of the lists before a word that no list has.

use super::latin::{PARTICLES, TITLES, name, no_name};
use super::shape::{Shape, Shapes};
use crate::pattern::dict::{self, Lists};

/// What the words of a cell are.
#[derive(Default)]
struct Words {
    /// Words that are no title, particle or initial.
    tokens: usize,
    families: usize,
    givens: usize,
    known: usize,
    /// Words of the language that are no names otherwise.
    ordinary: usize,
    /// Common names that are no words.
    common: usize,
    initials: usize,
    /// Words that begin small.
    small: usize,
    titled: bool,
    dotted: bool,
    /// A word but a particle begins small.
    uncapital: bool,
    /// The first word is a given name of the lists.
    called: bool,
    /// A common given name before a common surname.
    paired: bool,
}

impl Words {
    /// The words of a cell; `None` if one of them is but signs.
    fn of(cell: &str) -> Option<Self> {
        let mut words = Self::default();
        for word in cell.split([' ', ',', '\u{A0}']).filter(|w| !w.is_empty()) {
            let plain = word.trim_matches(['.', ',', '\'', '"', '(', ')']);
            if plain.is_empty() {
                return None;
            }
            words.add(word, plain);
        }
        Some(words)
    }

    fn add(&mut self, word: &str, plain: &str) {
        let upper = plain.starts_with(char::is_uppercase);
        self.uncapital |= !upper && !PARTICLES.contains(&plain);
        self.titled |= TITLES[..10].iter().any(|t| plain.eq_ignore_ascii_case(t));
        if is_initials(plain) {
            self.initials += 1;
            self.dotted |= word.contains('.');
            return;
        }
        if TITLES.iter().any(|t| plain.eq_ignore_ascii_case(t))
            || PARTICLES.iter().any(|p| plain.eq_ignore_ascii_case(p))
            || plain.chars().count() == 1
        {
            return;
        }
        self.tokens += 1;
        self.small += usize::from(!upper);
        let (mut family, mut given) = name(plain);
        if !(family || given) {
            // Anne-Marie, Garcia-Lopez, O'Neill
            if let Some((a, b)) = plain.split_once('-') {
                let (a, b) = (name(a), name(b));
                (family, given) = (a.0 && b.0, a.1 && b.1);
            }
        }
        let lists = dict::latin(plain);
        let is_word = lists.any(Lists::WORD);
        family |= !given && !is_word && ends_as_surname(plain);
        self.families += usize::from(family);
        self.givens += usize::from(given);
        self.known += usize::from(family || given);
        self.ordinary += usize::from(is_word);
        self.called |= self.tokens == 1 && given;
        // john is written small in no text.
        let is_free = !is_word || self.tokens == 1 && !lists.any(Lists::COMMON);
        let strong = lists.any(Lists::SURNAME_STRONG.or(Lists::GIVEN_STRONG));
        self.common += usize::from(is_free && strong);
        let last = Lists::SURNAME_STRONG;
        self.paired = match self.tokens {
            1 => lists.any(Lists::GIVEN_STRONG),
            2 => self.paired && lists.any(last),
            _ => false,
        };
    }

    /// `J. Smith`, `Mr J R Smith`, `Smith, J.`
    fn is_surname(&self) -> bool {
        let plain = self.tokens == 1 && self.families == 1 && !self.uncapital;
        plain
            && (1..=2).contains(&self.initials)
            && (self.titled || self.dotted || self.ordinary == 0)
    }

    /// Green Tea, New York: words that are names as well are no name together.
    fn is_name(&self, cell: &str) -> bool {
        self.families >= 1
            && self.givens >= 1
            && self.known >= 2
            && (self.ordinary == 0 || self.common > 0)
            && !cell.starts_with("New ")
            && !cell.starts_with("San ")
            && (2..=4).contains(&self.tokens)
            && self.known + 1 >= self.tokens
    }

    /// `Dawid Bajak`: somebody is called so whose surname the lists do not have, or something. `Carol Baker` may be somebody, `Rose Gold` is a colour.
    fn is_half_known(&self) -> bool {
        let half = self.called && self.known == 1 && self.ordinary == 0;
        (half || self.paired) && self.small == 0 && self.tokens == 2
    }
}

pub(super) fn full_name(cell: &str, words: usize, out: &mut Shapes) {
    if let Some(other) = no_name(cell) {
        out.insert(other);
        return;
    }
    let Some(of) = Words::of(cell) else { return };
    if words <= 5 && !of.uncapital && of.tokens >= 1 {
        out.insert(Shape::Capitalised);
    }
    if of.is_surname() {
        out.insert(Shape::LatinFullName);
    }
    // Login fails on Safari: a sentence, not a name of which one word is written small.
    if (2..of.tokens).contains(&of.small) {
        return;
    }
    if of.is_name(cell) {
        out.insert(Shape::LatinFullName);
    } else if of.is_half_known() {
        out.insert(Shape::LatinGiven);
    }
}

/// Endings of surnames, without marks over letters: what they mean in their languages is son, daughter or people of. They are so many that no list has
/// them all. Compiled for this project from the grammars' lists of patronymic and adjectival surnames.
#[rustfmt::skip]
const ENDINGS: [&str; 37] = [
    // Polish, Ukrainian, Belarusian
    "owski", "owska", "ewski", "ewska", "inski", "inska", "wicz", "czyk", "czak", "enko", "chuk", "czuk",
    // Russian, Bulgarian, Macedonian, Azerbaijani, in two genders
    "skiy", "skaya", "evich", "ovich", "ovski", "ovska", "iyev", "iyeva", "zade", "ullayev",
    // Serbian, Croatian, Bosnian
    "ovic", "evic",
    // Icelandic, Swedish
    "sdottir", "sson",
    // Romanian, Turkish, Greek, Georgian, Armenian
    "escu", "eanu", "oglu", "opoulos", "opoulou", "akis", "idis", "idou", "shvili", "dze", "yan",
];

/// Whether a word ends as surnames do; what is before the ending is a name by itself.
fn ends_as_surname(word: &str) -> bool {
    const STEM: usize = 3;
    let mut plain = [0u8; 32];
    let mut len = 0;
    for c in word.chars().map(dict::plain_lower) {
        let (Some(slot), Ok(byte)) = (plain.get_mut(len), u8::try_from(c)) else {
            return false;
        };
        (*slot, len) = (byte, len + 1);
    }
    let plain = &plain[..len];
    let ends = |end: &&str| plain.ends_with(end.as_bytes()) && len >= end.len() + STEM;
    word.starts_with(char::is_uppercase) && ENDINGS.iter().any(ends)
}

/// Whether a word is an initial or some (`J`, `J.R`).
fn is_initials(word: &str) -> bool {
    let letters = word.split('.');
    word.len() <= 6
        && letters.clone().all(|letter| letter.len() <= 2)
        && letters.clone().all(|letter| {
            let mut chars = letter.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_known_and_half_known() {
        for (cell, shape) in [
            ("Mary Smith", Some(Shape::LatinFullName)),
            ("Mary Quokkowska", Some(Shape::LatinFullName)),
            ("Björn Hyltirsson", Some(Shape::LatinFullName)),
            ("Kazimierz Dawidczyk", Some(Shape::LatinFullName)),
            ("Dawid Bajzzak", Some(Shape::LatinGiven)),
            ("John Smith", Some(Shape::LatinFullName)),
            ("Jane Doe", Some(Shape::LatinFullName)),
            ("Carol Baker", Some(Shape::LatinGiven)),
            ("Rose Gold", Some(Shape::LatinGiven)),
            ("Green Tea", None),
            ("Mary bajzzak", None),
            ("Quokka Bajzzak", None),
        ] {
            let mut out = Shapes::NONE;
            full_name(cell, 2, &mut out);
            for of in [Shape::LatinFullName, Shape::LatinGiven] {
                assert_eq!(out.has(of), shape == Some(of), "{cell}");
            }
        }
        assert!(
            !ends_as_surname("Ryan") && !ends_as_surname("Adze") && ends_as_surname("Nagurskowska")
        );
    }
}
