//! What speaks against links in spite of all that speaks for them: values that differ where those of one person hardly ever do in these
//! data. Under the strict rules such clusters fall apart; under the lax ones such links need more that agrees.
//!
//! How often is learned from the data: where one person has many addresses, another address says nothing.

use rayon::prelude::*;

use super::deep::Deep;
use super::profile::field::{self, COUNT};
use super::profile::{Levels, level};
use super::score::is_unmet;

/// Fields whose values differ in less than this share of one person's pairs speak against a link.
pub(super) const RARELY: f64 = 0.05;

/// Larger clusters are left as they are: every pair of a cluster is looked at.
const LARGEST: usize = 64;

/// What a cluster contradicts itself in.
#[derive(Clone, Copy, PartialEq)]
enum Contradiction {
    /// Ways to reach somebody, or birth dates: nothing tells how many people are behind them.
    Contacts,
    /// Numbers: they tell who is who.
    Numbers,
    /// What stands beside copies of one record: it tells who is who, but a name and a town alone hold no part of such a cluster together.
    Copies,
}

/// Takes apart the clusters of the strict pass that contradict themselves: to their tuples, or by their numbers.
pub(super) fn fall_apart(deep: &Deep<'_>, strict: &mut [u32]) {
    let rarely = deep.rarely_differ();
    let mut members: Vec<(u32, u32)> = strict.iter().copied().zip(0u32..).collect();
    members.par_sort_unstable();
    let groups: Vec<&[(u32, u32)]> = members
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| (2..=LARGEST).contains(&group.len()))
        .collect();
    let parts: Vec<Vec<(u32, u32)>> = groups
        .into_par_iter()
        .map(|group| parts_of(deep, group, &rarely))
        .collect();
    for (at, root) in parts.into_iter().flatten() {
        strict[at as usize] = root;
    }
}

/// Members of a cluster with their new roots; nothing when it stays whole.
fn parts_of(deep: &Deep<'_>, group: &[(u32, u32)], rarely: &[bool; COUNT]) -> Vec<(u32, u32)> {
    let pairs = (0..group.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let pairs: Vec<_> = pairs
        .map(|(i, j)| {
            let levels = deep.levels(group[i].1, group[j].1);
            (i, j, contradiction(&levels, rarely), is_loose(&levels))
        })
        .collect();
    let is_in = |what: Contradiction| pairs.iter().any(|pair| pair.2 == Some(what));
    let mut parent: Vec<usize> = (0..group.len()).collect();
    if !is_in(Contradiction::Contacts) {
        let of_copies = is_in(Contradiction::Copies);
        if !of_copies && !is_in(Contradiction::Numbers) {
            return Vec::new();
        }
        let holds = |is_loose: bool| !(of_copies && is_loose);
        let joined = pairs
            .iter()
            .filter(|pair| pair.2.is_none() && holds(pair.3));
        joined.for_each(|&(i, j, ..)| join(&mut parent, i, j));
    }
    let at = |i: usize| group[i].1;
    (0..group.len())
        .map(|i| (at(i), at(root(&parent, i))))
        .collect()
}

/// Whether nothing but names holds two together: their mailboxes or phones are others, or nothing of the one is known beside.
fn is_loose(levels: &Levels) -> bool {
    let stands = |field: usize, at: u8| levels.of[field] == at;
    let contacts = [field::MAIL, field::PHONE];
    let tells = [
        field::BIRTH,
        field::ID,
        field::MAIL,
        field::PHONE,
        field::PLACE,
        field::REST,
    ];
    is_unmet(&levels.of) && contacts.iter().any(|&way| stands(way, level::DIFFERENT))
        || tells.iter().all(|&way| stands(way, level::MISSING))
}

fn contradiction(levels: &Levels, rarely: &[bool; COUNT]) -> Option<Contradiction> {
    let differ = |field: usize| rarely[field] && levels.of[field] == level::DIFFERENT;
    // What stands beside two people parts them, and does not make one of two given names of a family.
    let copies = match levels.of[field::REST] {
        level::DIFFERENT => true,
        level::EXACT => {
            let [given, family] = [field::GIVEN, field::FAMILY].map(|field| levels.of[field]);
            given == level::DIFFERENT && family == level::EXACT
        }
        _ => false,
    };
    if [field::MAIL, field::PHONE, field::BIRTH]
        .into_iter()
        .any(differ)
    {
        Some(Contradiction::Contacts)
    } else if copies {
        Some(Contradiction::Copies)
    } else if differ(field::ID) {
        Some(Contradiction::Numbers)
    } else {
        None
    }
}

fn root(parent: &[usize], mut at: usize) -> usize {
    while parent[at] != at {
        at = parent[at];
    }
    at
}

fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}

/// Fields in which a slip of the pen agrees, too: few others have a value so near.
const NEARLY: [usize; 7] = [
    field::GIVEN,
    field::FAMILY,
    field::BIRTH,
    field::ID,
    field::MAIL,
    field::PHONE,
    field::PLACE,
];

/// Whether more agrees than speaks against a pair: each value that differs and rarely does weighs as much as two that agree, or as one
/// way to reach somebody. Half of all people are of one sex, and a given name alone is many people's.
pub(super) fn outweighed(levels: &Levels, rarely: &[bool; COUNT]) -> bool {
    let equal = |field: &usize| levels.of[*field] == level::EXACT;
    let near = |field: &usize| levels.of[*field] == level::NEAR;
    let contacts = [field::MAIL, field::PHONE, field::ID];
    let agree = (0..COUNT)
        .filter(|&at| at != field::SEX && equal(&at))
        .count()
        + contacts.iter().filter(|at| equal(at)).count();
    let nearly = NEARLY.iter().filter(|at| near(at)).count();
    let differ = |field: &usize| rarely[*field] && levels.of[*field] == level::DIFFERENT;
    let known = levels.of.iter().filter(|&&of| of != level::MISSING).count();
    let given_alone = known == 1 && equal(&field::GIVEN);
    !given_alone && (agree + nearly > 2 * (0..COUNT).filter(differ).count() || agree == 0)
}

#[cfg(test)]
mod tests {
    use super::level::{DIFFERENT, EXACT};
    use super::*;

    /// A name and a company hold nothing together where copies are told apart, nor does a mailbox of their own.
    #[test]
    fn names_alone_hold_loosely() {
        for (given, expected) in [
            (&[(field::GIVEN, EXACT), (field::EMPLOYER, EXACT)][..], true),
            (&[(field::MAIL, DIFFERENT)], true),
            (&[(field::PHONE, DIFFERENT), (field::MAIL, EXACT)], false),
            (&[(field::PHONE, DIFFERENT), (field::REST, EXACT)], false),
            (&[(field::PLACE, DIFFERENT)], false),
            (&[(field::REST, EXACT)], false),
        ] {
            let mut levels = Levels::default();
            given
                .iter()
                .for_each(|&(field, level)| levels.of[field] = level);
            assert_eq!(is_loose(&levels), expected, "{given:?}");
        }
    }
}
