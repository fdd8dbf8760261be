//! Numbers by which tables point at people: whose they are in a row.
//!
//! In: the mentions of a row and its numbers, each with its sort. Out: facts of one of the mentions, or a mention of numbers alone.

use super::area::Area;
use super::fact::{Fact, Facts};
use super::loose::Setting;
use super::{Mention, normal};
use crate::pattern::{KindSet, Role};

/// Notes the numbers of a row whose mentions begin at `first`.
pub(super) fn note(
    members: &[(&str, &str)],
    out: &mut Vec<Mention>,
    first: usize,
    scratch: &mut String,
) {
    if !members.is_empty() && !bridged(members, out, first, scratch) {
        of_person(members, &mut out[first..], scratch);
    }
}

/// Numbers that point at people are those of the row's own person: of whoever has no role, else of who ordered, else of the only one, unless that is
/// told to be somebody else (the doctor beside a patient's number).
fn of_person(members: &[(&str, &str)], mentions: &mut [Mention], scratch: &mut String) {
    let of = |role| mentions.iter().position(|mention| mention.role == role);
    let only = (mentions.len() == 1 && mentions[0].role != Role::Other).then_some(0);
    let Some(at) = of(Role::Own).or_else(|| of(Role::Orderer)).or(only) else {
        return;
    };
    for &(sort, number) in members {
        if normal::member(sort, number, scratch) {
            mentions[at].facts.push(Fact::Member, 0, scratch);
        }
    }
}

/// A row that tells nothing of its own person, and has numbers of two sorts: of an order and of whoever ordered, so that what stands elsewhere under the one is
/// said of the other.
fn bridged(
    members: &[(&str, &str)],
    out: &mut Vec<Mention>,
    first: usize,
    scratch: &mut String,
) -> bool {
    let one_sort = members.windows(2).all(|pair| pair[0].0 == pair[1].0);
    let told = |mention: &Mention| matches!(mention.role, Role::Own | Role::Orderer);
    if one_sort || out[first..].iter().any(told) {
        return false;
    }
    let mut facts = Facts::default();
    for &(sort, number) in members {
        if normal::member(sort, number, scratch) {
            facts.push(Fact::Member, 0, scratch);
        }
    }
    out.push(Mention {
        role: Role::Own,
        kinds: KindSet::default(),
        at: 0,
        area: Area::default(),
        own: false,
        setting: Setting::default(),
        facts,
    });
    true
}
