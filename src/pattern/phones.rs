//! Plans of telephone numbers by calling code.
//!
//! In: the digits behind `+`. Out: whether a plan has numbers of that length that begin so. The plans stand in
//! `patterns/lists/phone-plans.tsv`; Japan's own, which knows area codes, is elsewhere.

use std::sync::OnceLock;

const PLANS: &str = include_str!("../../patterns/lists/phone-plans.tsv");

/// National numbers of one length: the two digits that they begin with, one bit each.
type Length = (usize, u128);

/// Whether the digits are a calling code and a number of its plan; a trunk 0 behind the code is left out where the plan has none.
pub fn in_plan(digits: &[u8]) -> bool {
    (1..=3).any(|code| {
        let number = digits.get(..code).and_then(value).unwrap_or(0);
        let Some(lengths) = plans().get(number).filter(|lengths| !lengths.is_empty()) else {
            return false;
        };
        let rest = &digits[code..];
        fits(rest, lengths) || rest.first() == Some(&b'0') && fits(&rest[1..], lengths)
    })
}

fn fits(rest: &[u8], lengths: &[Length]) -> bool {
    let Some(first) = rest.get(..2).and_then(value) else {
        return false;
    };
    lengths
        .iter()
        .any(|&(length, begins)| length == rest.len() && begins >> first & 1 == 1)
}

/// The number that a few digits are.
fn value(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0, |sum, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + usize::from(digit - b'0'))
    })
}

/// The lengths of every calling code, by its number.
fn plans() -> &'static [Vec<Length>] {
    static READ: OnceLock<Vec<Vec<Length>>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut plans = vec![Vec::new(); 1000];
        for line in PLANS.lines().filter(|line| !line.starts_with('#')) {
            if let Some((code, lengths)) = line.split_once('\t')
                && let Some(plan) = code
                    .parse()
                    .ok()
                    .and_then(|code: usize| plans.get_mut(code))
            {
                *plan = lengths.split(' ').filter_map(length).collect();
            }
        }
        plans
    })
}

/// `10:20-28,30`: the length and what its numbers begin with.
fn length(cell: &str) -> Option<Length> {
    let (length, ranges) = cell.split_once(':')?;
    let mut begins = 0u128;
    for range in ranges.split(',') {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        for first in from.parse::<u8>().ok()?..=to.parse::<u8>().ok()?.min(99) {
            begins |= 1 << first;
        }
    }
    Some((length.parse().ok()?, begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_plans() {
        let check =
            |text: &str, expected: bool| assert_eq!(in_plan(text.as_bytes()), expected, "{text}");
        check("12125550142", true);
        check("447700900123", true);
        check("4402079460958", true);
        check("33612345678", true);
        check("390612345678", true);
        check("6837012", true);
        check("491701234567", true);
        check("3361234567", false);
        check("10125550142", false);
        check("9991234567", false);
        check("44", false);
        check("", false);
    }

    #[test]
    fn every_row_is_read() {
        let rows = PLANS.lines().filter(|line| !line.starts_with('#'));
        assert!(rows.clone().count() > 200);
        for row in rows {
            let (code, lengths) = row.split_once('\t').expect("two cells");
            assert!(
                lengths.split(' ').all(|cell| length(cell).is_some()),
                "{code}"
            );
        }
    }
}
