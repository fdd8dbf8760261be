//! Several people in one record: the elements of a list (`passengers[].name`), and a second column of names.
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts whose roles and slots tell the people apart. The n-th value of a path stands
//! in the n-th column of that name.

use std::collections::{BTreeMap, HashMap};

use super::{Tally, Verdict, View, Whole};
use crate::classify::Shape;
use crate::pattern::{Part, Patterns, Role};

/// Slots of the people in lists who have no role of their own, where the record speaks of somebody outside the list, too.
const LISTED: u16 = 1 << 10;

/// Slots of those whose column says neither that it holds names nor who they are.
const UNKNOWN: u16 = 1 << 9;

/// A column of full names under a word that nobody knows (`plus_one`, 友人), beside the column of the row's own name, names somebody else. Where
/// it is the same person all the same, the names are equal; and a name in another script is another writing.
pub(super) fn strangers(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let name = patterns.kind("person-name");
    let own = |verdict: &Verdict| {
        let is_name = |whole: &Whole| Some(whole.kind) == name && whole.part == Part::Whole;
        verdict.whole.as_ref().is_some_and(is_name)
            && (verdict.role, verdict.slot) == (Role::Own, 0)
    };
    let script = |view: &View<'_>| {
        let shapes = [
            Shape::JpFullName,
            Shape::LatinFullName,
            Shape::ScriptFullName,
        ];
        shapes
            .into_iter()
            .find(|&shape| view.tally.share(shape) >= 0.5)
    };
    let known = views
        .iter()
        .zip(verdicts.iter())
        .find(|(view, verdict)| own(verdict) && view.sort() == "name.full");
    let Some(of_own) = known.and_then(|(view, _)| script(view)) else {
        return;
    };
    for ((view, verdict), nth) in views.iter().zip(verdicts).zip(UNKNOWN..) {
        let unknown = view.hit.is_none() && view.name.is_some() && !view.nameless();
        if unknown && own(verdict) && script(view) == Some(of_own) {
            (verdict.role, verdict.slot) = (Role::Other, nth);
        }
    }
}

/// Gives the columns of every list of people the slot of their element.
pub(super) fn tell_apart(
    patterns: &Patterns,
    columns: &[(Option<&str>, &Tally)],
    verdicts: &mut [Verdict],
) {
    let name = patterns.kind("person-name");
    let names_somebody = |verdict: &Verdict| {
        let whole = verdict
            .whole
            .as_ref()
            .filter(|whole| Some(whole.kind) == name);
        whole.is_some_and(|whole| matches!(whole.part, Part::Whole | Part::Family | Part::Given))
    };
    let lists: Vec<Option<&str>> = columns.iter().map(|column| list_of(column.0?)).collect();
    // Of each list of people, whether its people have no role: the row's own person may be one of them.
    let mut of_people: BTreeMap<&str, bool> = BTreeMap::new();
    let mut outside = false;
    for (list, verdict) in lists.iter().zip(verdicts.iter()) {
        if names_somebody(verdict) {
            match list {
                Some(list) => *of_people.entry(list).or_default() |= verdict.role == Role::Own,
                None => outside |= verdict.role == Role::Own,
            }
        }
    }
    let several = of_people.values().filter(|&&own| own).count() > 1;
    let numbers: HashMap<&str, u16> = of_people.keys().copied().zip(1..).collect();
    let mut seen: HashMap<&str, u16> = HashMap::new();
    for ((list, column), verdict) in lists.iter().zip(columns).zip(verdicts) {
        let (Some(list), Some(path)) = (*list, column.0) else {
            continue;
        };
        // Of contact[].telecom[].value the people are one list above.
        let mut above = std::iter::successors(Some(list), |list| list_of(&list[..list.len() - 2]));
        let Some(list) = above.find(|list| numbers.contains_key(list)) else {
            continue;
        };
        let number = numbers[list];
        // Of `contacts[].emails[]` nobody can tell whose the n-th is: they are left with the first.
        let mut first = 0;
        let nth = if path[list.len()..].contains("[]") {
            &mut first
        } else {
            seen.entry(path).or_default()
        };
        let base = if verdict.role == Role::Own && (outside || several) {
            number.saturating_mul(LISTED)
        } else {
            0
        };
        verdict.slot = verdict.slot.saturating_add(base).saturating_add(*nth);
        *nth = nth.saturating_add(1);
    }
}

/// The list whose elements a path leads into: `order.passengers[]` of `order.passengers[].name`. The names of one person may be a list themselves
/// (`patient.name[].family`, as in FHIR), which is none of people.
fn list_of(path: &str) -> Option<&str> {
    let end = path.rfind("[].")?;
    let before = &path[..end];
    if before == "name" || before.ends_with(".name") {
        return list_of(before);
    }
    Some(&path[..end + 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_lists() {
        let check = |path: &str, list: Option<&str>| assert_eq!(list_of(path), list, "{path}");
        check("passengers[].name", Some("passengers[]"));
        check("a[].b[].c.name", Some("a[].b[]"));
        check("tags[]", None);
        check("resource.name[].family", None);
        check("a[].name[].family", Some("a[]"));
        check("name", None);
    }
}
