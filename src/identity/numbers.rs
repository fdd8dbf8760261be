//! Numbers by which tables point at people: whose they are in a row.
//!
//! In: the mentions of a row and its numbers, each with its sort. Out: facts of one of the mentions, or a mention of numbers alone.

use super::area::Area;
use super::fact::{Fact, Facts};
use super::loose::Setting;
use super::{Mention, normal};
use crate::column;
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

/// A sort without the signs before it.
fn bare(sort: &str) -> &str {
    sort.trim_start_matches([column::PERHAPS, column::PIECE_OF])
}

/// A sort as a number; two of them have the same by chance only, which makes one of the other. Those that lead on to people over a second table come behind
/// those of people: who is who is known before.
pub(super) fn sort_number(sort: &str) -> u8 {
    let sort = bare(sort);
    let all = sort
        .bytes()
        .fold(0u32, |all, byte| all.wrapping_mul(15) ^ u32::from(byte));
    (all ^ all >> 7 ^ all >> 14) as u8 & 0x7f | u8::from(column::leads_on(sort)) << 7
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
            mentions[at]
                .facts
                .push(Fact::Member, sort_number(sort), scratch);
        }
    }
}

/// Notes what a row says beside its person, of whoever has no role, or of the only one.
pub(super) fn rest((columns, values): (u64, u64), mentions: &mut [Mention]) {
    let is_own = |mention: &&mut Mention| mention.role == Role::Own;
    let is_only = mentions.len() == 1;
    let person = match is_only {
        true => mentions.first_mut(),
        false => mentions.iter_mut().find(is_own),
    };
    if let Some(person) = person.filter(|person| !person.facts.is_empty()) {
        person
            .facts
            .push(Fact::Rest, 0, &format!("{columns:016x}{values:016x}"));
    }
}

/// Whether those of a role look after whom the numbers of the row point at: 担当者 beside 会員番号. A customer may be a company, and 担当者 its own.
pub(super) fn is_staff(role: Role, members: &[(&str, &str)]) -> bool {
    let people = || members.iter().any(|&(sort, _)| bare(sort) != "customer");
    role == Role::Other || role == Role::Contact && people()
}

/// The row's own person, of whom nothing is known but the numbers.
pub(super) fn own(members: &[(&str, &str)], scratch: &mut String) -> Mention {
    let mut facts = Facts::default();
    for &(sort, number) in members {
        if normal::member(sort, number, scratch) {
            facts.push(Fact::Member, sort_number(sort), scratch);
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

#[cfg(test)]
mod tests {
    use super::sort_number;

    #[test]
    fn sorts_have_numbers_of_their_own() {
        let sorts = [
            "address",
            "applicant",
            "appointment",
            "booking",
            "candidate",
            "claim",
            "contact",
            "contract",
            "contractor",
            "customer",
            "donor",
            "employee",
            "encounter",
            "enrollment",
            "entity",
            "entry",
            "examinee",
            "guest",
            "household",
            "invoice",
            "loan",
            "member",
            "order",
            "participant",
            "passenger",
            "patient",
            "payment",
            "person",
            "policy",
            "post",
            "profile",
            "purchase",
            "registration",
            "resident",
            "shipment",
            "student",
            "subscriber",
            "subscription",
            "ticket",
            "transaction",
            "user",
            "visit",
        ];
        let mut numbers: Vec<u8> = sorts.iter().map(|sort| sort_number(sort)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), sorts.len());
    }
}
