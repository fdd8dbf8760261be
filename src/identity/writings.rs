//! The names of a tuple, and whether those of two are writings of one: kanji and romaji that sound alike, `Mary Johnson` and `M. Johnson` or
//! `Johnson M`, `Robert` and `Bob`. Such writings are no evidence of their own: they are asked for where a value that reaches one person stands
//! beside both.

use super::fact::{Fact, Token};
use super::nicknames;
use super::tuples::Tuples;

/// The names of a tuple and its birth date; 0 where unknown.
#[derive(Clone, Copy, Default)]
pub(super) struct Names {
    pub(super) name: u64,
    pub(super) family: u64,
    pub(super) given: u64,
    pub(super) reading: u64,
    pub(super) birth: u64,
    /// A name in Latin letters has one for each order of its halves, one in kanji with many readings two as well.
    sounds: [u64; 2],
}

impl Names {
    pub(super) fn of(tokens: &[Token]) -> Self {
        let mut names = Self::default();
        for &token in tokens {
            match token.fact() {
                Fact::Name => names.name = token.0,
                Fact::Family => names.family = token.0,
                Fact::Given => names.given = token.0,
                Fact::Reading => names.reading = token.0,
                Fact::Birth => names.birth = token.0,
                Fact::Sound => names.sounds = [token.0, names.sounds[0]],
                _ => {}
            }
        }
        names
    }

    /// Whether they may be one name in two scripts.
    pub(super) fn sounds_like(&self, other: &Self) -> bool {
        let like = |a: u64| other.sounds.iter().any(|&b| Token(a).same_sound(Token(b)));
        self.sounds.into_iter().any(like)
    }
}

/// Family and given name of a tuple; empty where unknown, and where normal forms were dropped.
pub(super) fn names(store: &Tuples, tuple: usize) -> [&str; 2] {
    let mut names = [""; 2];
    for (fact, _, value) in store.facts_of(tuple) {
        match fact {
            Fact::Family => names[0] = value,
            Fact::Given => names[1] = value,
            _ => {}
        }
    }
    names
}

/// Whether two names, of which no part is missing, may be one: the family name is equal, and of the given names one is the initial of the other, or
/// both are forms of one. In a name with an initial either half may be it.
pub(super) fn may_be_one(a: [&str; 2], b: [&str; 2]) -> bool {
    let is_latin = |name: &&str| !name.is_empty() && name.is_ascii();
    if !a.iter().chain(&b).all(is_latin) {
        return false;
    }
    let initialled = |short: [&str; 2], full: [&str; 2]| {
        let halves = [short, [short[1], short[0]]];
        halves
            .iter()
            .any(|[family, given]| *family == full[0] && is_initial(given, full[1]))
    };
    initialled(a, b)
        || initialled(b, a)
        || a[0] == b[0] && nicknames::full(a[1]) == nicknames::full(b[1])
}

fn is_initial(initial: &str, name: &str) -> bool {
    initial.len() == 1 && name.len() > 1 && name.starts_with(initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings() {
        let check = |a: [&str; 2], b: [&str; 2], expected: bool| {
            assert_eq!(may_be_one(a, b), expected, "{a:?} {b:?}");
            assert_eq!(may_be_one(b, a), expected, "{b:?} {a:?}");
        };
        let mary = ["johnson", "mary"];
        check(mary, ["johnson", "m"], true);
        check(mary, ["m", "johnson"], true);
        check(["johnson", "robert"], ["johnson", "bob"], true);
        check(mary, ["johnson", "j"], false);
        check(mary, ["jones", "m"], false);
        check(mary, ["johnson", "mark"], false);
        check(mary, ["johnson", ""], false);
        check(["johnson", "m"], ["johnson", "a"], false);
        check(["佐藤", "m"], ["佐藤", "mary"], false);
    }
}
