//! Households in a row: whose is what stands beside their names, and who is the head that other rows name.
//!
//! In: the drafts or the mentions of a row. Out: the same; what has no name of its own goes to the head, the dates of birth of dependents to them, and
//! members have the household's number together with their names.

use super::extract::{Draft, REACHES, is_named, name_key};
use super::fact::{Fact, Facts};
use super::joint::HOUSEHOLD;
use super::numbers::sort_number;
use super::{Mention, normal};
use crate::pattern::dict::{self, Lists};
use crate::pattern::{Kind, KindSet, Role};

/// Slots of the head and of the other members, as the list of role words has them: 世帯主; 世帯員, 同居者, 家族, 扶養家族.
const HEAD: u16 = 25;
const MEMBERS: [u16; 4] = [26, 28, 29, 120];

/// The sort of the numbers of households.
const SORT: &str = "household";

/// What says that a person without a name is somebody of his own, and no head of a household.
const OWN: [Fact; 4] = [Fact::Birth, Fact::Primary, Fact::Id, Fact::Card];

fn is_known(facts: &Facts) -> bool {
    is_named(facts) || facts.has(Fact::Reading)
}

/// Where one role only is named (注文者氏名 beside メール), the columns of no role speak of that person. Guardians, spouses and children
/// live with the row's own person; a father or mother of whom only the name is told is a part of the child's descent, in a form that asks for it
/// ([`PARENTS`]).
pub(super) fn only_name(
    birth: Option<Kind>,
    drafts: &mut Vec<Draft<'_>>,
    has_number: bool,
    has_company: bool,
) -> bool {
    lend_surname(drafts);
    let known = |draft: &Draft<'_>| is_known(&draft.facts);
    let own = drafts.first().is_some_and(|draft| draft.role == Role::Own);
    // A patient's number beside the doctor's name is not the doctor's.
    let stranger = |draft: &Draft<'_>| has_number && draft.role == Role::Other;
    // Beside a company's name, its contact is whom the row's mailbox reaches, whoever looks after them: 担当者名, 自社担当者.
    let contact = |draft: &Draft<'_>| draft.role == Role::Contact && known(draft);
    let looked_after = has_company && drafts.iter().any(contact);
    let counts = |draft: &Draft<'_>| known(draft) && !(looked_after && draft.role == Role::Other);
    let named = || drafts.iter().filter(|draft| counts(draft));
    if own && !known(&drafts[0]) && named().count() == 1 && !named().any(stranger) {
        let unnamed = drafts.remove(0);
        if let Some(named) = drafts.iter_mut().find(|draft| counts(draft)) {
            named.kinds = named.kinds.union(unnamed.kinds);
            named.facts.take(&unnamed.facts, &Fact::ALL);
        }
        return true;
    }
    if own && !known(&drafts[0]) {
        match has_number {
            true => birth_of_dependent(birth, drafts),
            false if give_to_head(drafts) => return true,
            false => {}
        }
    }
    let Some((first, others)) = drafts.split_first_mut().filter(|_| own) else {
        return false;
    };
    let kin = [Role::Guardian, Role::Spouse, Role::Child];
    let is_kin = |draft: &&mut Draft<'_>| {
        kin.contains(&draft.role) || draft.role == Role::Other && draft.slot >= HOUSEHOLD
    };
    for other in others.iter_mut().filter(is_kin) {
        given_alone(first.facts.get(Fact::Family), &mut other.facts);
        if REACHES.iter().any(|&fact| other.facts.has(fact)) || !known(other) {
            continue;
        }
        if other.role == Role::Guardian && PARENTS.contains(&other.slot) {
            other.facts.push(Fact::Descent, 0, "parent");
        } else {
            let home = [Fact::Place, Fact::City, Fact::Zip, Fact::SharedPhone];
            other.facts.take(&first.facts, &home);
        }
    }
    false
}

/// The slots of fathers and mothers, as the list of role words has them; where they are people like others, `column` gives them another.
const PARENTS: [u16; 2] = [11, 12];

/// Takes a name of one word for a given name where a child's or a spouse's stands beside that of a parent: お子様のお名前 健太 beside 保護者氏名.
pub(super) fn given_names(drafts: &mut [Draft<'_>]) {
    let lends = |draft: &Draft<'_>| {
        matches!(draft.role, Role::Own | Role::Guardian)
            && (draft.full.is_some() || draft.family.is_some())
    };
    if !drafts.iter().any(lends) {
        return;
    }
    for draft in drafts.iter_mut().filter(|draft| is_of_family(draft)) {
        if draft.given.is_none() && draft.full.is_some_and(is_given) {
            draft.given = draft.full.take();
        }
    }
}

/// Whether a value is a given name and nothing more.
fn is_given(value: &str) -> bool {
    let value = value.trim();
    let lists = match value.is_ascii() {
        true => dict::latin(value),
        false => dict::jp(&value.chars().collect::<Vec<char>>()),
    };
    !value.contains([' ', '\u{3000}', ',']) && lists.any(Lists::GIVEN)
}

fn is_of_family(draft: &Draft<'_>) -> bool {
    matches!(draft.role, Role::Spouse | Role::Child)
}

/// Lends the surname of the row's own person, else of a parent, to children and spouses of whom the given name alone is told.
fn lend_surname(drafts: &mut [Draft<'_>]) {
    let borrows = |draft: &Draft<'_>| {
        is_of_family(draft) && !is_known(&draft.facts) && draft.facts.has(Fact::Given)
    };
    if !drafts.iter().any(borrows) {
        return;
    }
    let of = |role: Role| {
        let mut drafts = drafts.iter().filter(move |draft| draft.role == role);
        drafts.find_map(|draft| draft.facts.get(Fact::Family))
    };
    let family = of(Role::Own).or_else(|| of(Role::Guardian));
    if let Some(family) = family.map(str::to_owned) {
        let borrowers = drafts.iter_mut().filter(|draft| borrows(draft));
        borrowers.for_each(|draft| given_alone(Some(&family), &mut draft.facts));
    }
}

/// Of a member of the household whose given name alone is told (連名), the family's name is that of the row's own person.
fn given_alone(family: Option<&str>, facts: &mut Facts) {
    let (Some(family), Some(given)) = (family, facts.get(Fact::Given)) else {
        return;
    };
    if is_named(facts) || facts.has(Fact::Reading) {
        return;
    }
    let key = name_key(family, given);
    facts.push(Fact::Name, 0, &key);
    facts.push(Fact::Family, 0, family);
}

/// How near somebody is to a row that names nobody of its own: who ordered, the head of the household, a guardian, then the others.
fn nearness(draft: &Draft<'_>) -> Option<u8> {
    match draft.role {
        Role::Orderer => Some(0),
        Role::Other if draft.slot == HEAD => Some(1),
        Role::Guardian => Some(2),
        Role::Spouse => Some(3),
        Role::Child => Some(4),
        Role::Other if is_member(draft.slot) => Some(5),
        _ => None,
    }
}

fn is_member(slot: u16) -> bool {
    slot >= HOUSEHOLD || MEMBERS.contains(&slot)
}

/// Gives what a row tells of nobody by name to the nearest of those whom it names, if there are several: 世帯主氏名, 世帯員1氏名, 電話番号. Whether it was
/// given.
fn give_to_head(drafts: &mut Vec<Draft<'_>>) -> bool {
    let own = &drafts[0].facts;
    if OWN.iter().any(|&fact| own.has(fact)) {
        return false;
    }
    let near = |at: &usize| nearness(&drafts[*at]);
    let known = (1..drafts.len()).filter(|&at| is_known(&drafts[at].facts));
    let Some(head) = known.filter(|at| near(at).is_some()).min_by_key(near) else {
        return false;
    };
    let unnamed = drafts.remove(0);
    let head = &mut drafts[head - 1];
    head.kinds = head.kinds.union(unnamed.kinds);
    head.facts.take(&unnamed.facts, &Fact::ALL);
    true
}

/// Gives the date of birth beside the only name, which is that of a dependent, to him: the number in the row is that of whom he depends on.
fn birth_of_dependent(birth: Option<Kind>, drafts: &mut [Draft<'_>]) {
    const OF_THEIRS: [Fact; 2] = [Fact::Birth, Fact::Sex];
    let Some((own, others)) = drafts.split_first_mut() else {
        return;
    };
    let mut known = others.iter_mut().filter(|draft| is_known(&draft.facts));
    let (Some(one), None) = (known.next(), known.next()) else {
        return;
    };
    let depends = one.role == Role::Child || one.role == Role::Other && is_member(one.slot);
    if !depends || !own.facts.has(Fact::Birth) || one.facts.has(Fact::Birth) {
        return;
    }
    one.facts.take(&own.facts, &OF_THEIRS);
    own.facts.retain(|fact| !OF_THEIRS.contains(&fact));
    let is_theirs = |kind: &Kind| Some(*kind) == birth;
    one.kinds = own
        .kinds
        .iter()
        .filter(is_theirs)
        .fold(one.kinds, KindSet::with);
    let kept = own.kinds.iter().filter(|kind| !is_theirs(kind));
    own.kinds = kept.fold(KindSet::default(), KindSet::with);
}

/// Notes of the row's own person and of those whom it names beside, by what name they are known in the household of this number: two rows of one household
/// mean the same by it.
pub(super) fn note(number: &str, mentions: &mut [Mention], scratch: &mut String) {
    if !normal::member(SORT, number, scratch) {
        return;
    }
    let number = std::mem::take(scratch);
    for mention in mentions {
        let of = matches!(mention.role, Role::Own | Role::Other);
        if let Some(name) = mention.facts.get(Fact::Name).filter(|_| of) {
            let key = format!("{number} {name}");
            mention.facts.push(Fact::Member, sort_number(SORT), &key);
        }
    }
    *scratch = number;
}
