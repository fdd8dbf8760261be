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

/// Pairs of those names that are writings of one, by their places, the higher first. An initial that fits several is one of them, and no link between
/// them: the first it is that bears a name of its own.
pub(super) fn of_one(names: &[[&str; 2]]) -> Vec<(usize, usize)> {
    let pair = |a: usize, b: usize| (a.max(b), a.min(b));
    let all = || 0..names.len();
    let equal = all().flat_map(|a| (0..a).map(move |b| (a, b)));
    let mut found: Vec<(usize, usize)> = equal
        .filter(|&(a, b)| are_forms(names[a], names[b]))
        .collect();
    for short in all() {
        let full = all().filter(|&full| full != short && is_short_of(names[short], names[full]));
        found.extend(full.take(1).map(|full| pair(short, full)));
    }
    found
}

fn is_latin(names: [&str; 2]) -> bool {
    names.iter().all(|name| !name.is_empty() && name.is_ascii())
}

/// Whether the family name is equal, and both given names are forms of one.
fn are_forms(a: [&str; 2], b: [&str; 2]) -> bool {
    is_latin(a) && is_latin(b) && a[0] == b[0] && nicknames::full(a[1]) == nicknames::full(b[1])
}

/// Whether the first is the second with an initial for the given name, in either order.
fn is_short_of(short: [&str; 2], full: [&str; 2]) -> bool {
    let fits = |[family, given]: [&str; 2]| family == full[0] && is_initial(given, full[1]);
    is_latin(short) && is_latin(full) && (fits(short) || fits([short[1], short[0]]))
}

fn is_initial(initial: &str, name: &str) -> bool {
    initial.len() == 1 && name.len() > 1 && name.starts_with(initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings() {
        let check = |names: &[[&str; 2]], expected: &[(usize, usize)]| {
            assert_eq!(of_one(names), expected, "{names:?}");
        };
        let two = |a: [&str; 2], b: [&str; 2], expected: bool| {
            check(&[a, b], if expected { &[(1, 0)] } else { &[] });
            check(&[b, a], if expected { &[(1, 0)] } else { &[] });
        };
        let mary = ["johnson", "mary"];
        two(mary, ["johnson", "m"], true);
        two(mary, ["m", "johnson"], true);
        two(["johnson", "robert"], ["johnson", "bob"], true);
        two(mary, ["johnson", "j"], false);
        two(mary, ["jones", "m"], false);
        two(mary, ["johnson", "mark"], false);
        two(mary, ["johnson", ""], false);
        two(["johnson", "m"], ["johnson", "a"], false);
        two(["佐藤", "m"], ["佐藤", "mary"], false);
        // One initial, and two whom it may stand for.
        let [john, jane] = [["vetter", "john"], ["vetter", "jane"]];
        check(&[john, jane, ["vetter", "j"]], &[(2, 0)]);
        check(&[["vetter", "j"], jane, john], &[(1, 0)]);
        let [robert, bob] = [["repp", "robert"], ["repp", "bob"]];
        check(&[robert, bob, ["repp", "roberta"]], &[(1, 0)]);
    }
}
