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
    let only = (mentions.len() == 1 && !is_staff(mentions[0].role, members)).then_some(0);
    let Some(at) = of(Role::Own).or_else(|| of(Role::Orderer)).or(only) else {
        return;
    };
    for &(sort, number) in members {
        if normal::member(sort, number, scratch) {
            mentions[at].facts.push(Fact::Member, 0, scratch);
        }
    }
}

/// Whether those of a role look after whom the numbers of the row point at: 担当者 beside 会員番号. A customer may be a company, and 担当者 its own.
pub(super) fn is_staff(role: Role, members: &[(&str, &str)]) -> bool {
    let people = || members.iter().any(|&(sort, _)| sort != "customer");
    role == Role::Other || role == Role::Contact && people()
}

/// The row's own person, of whom nothing is known but the numbers.
pub(super) fn own(members: &[(&str, &str)], scratch: &mut String) -> Mention {
    let mut facts = Facts::default();
    for &(sort, number) in members {
        if normal::member(sort, number, scratch) {
            facts.push(Fact::Member, 0, scratch);
        }
    }
    Mention {
        role: Role::Own,
        kinds: KindSet::default(),
        at: 0,
        area: Area::default(),
        own: false,
        setting: Setting::default(),
        facts,
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
    out.push(own(members, scratch));
    true
}
