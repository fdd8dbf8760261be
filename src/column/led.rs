//! Whose a column is by the words around: the word that its name shares with columns of a role, and the number of a household.
//!
//! In: the columns of a table and the verdicts on them. Out: the role of お届け先会社 where names of people stand in it, and which column holds numbers
//! of households, whose head other rows name.

use super::member::CODES;
use super::several::piece;
use super::{Verdict, View};
use crate::pattern::{self, Patterns, Role};

/// Kinds that a party of a row is told by.
const TOLD: [&str; 5] = [
    "email",
    "person-name",
    "phone",
    "postal-address",
    "postal-code",
];

/// What stands in a column whose name tells no role, and begins with the word of one, is of that one: always where it is a party's of a parcel or an
/// order, else where another column has it.
pub(super) fn follow(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let kinds = TOLD.map(|kind| patterns.kind(kind));
    let roles: Vec<(Role, u16)> = verdicts
        .iter()
        .map(|verdict| (verdict.role, verdict.slot))
        .collect();
    for (view, verdict) in views.iter().zip(verdicts) {
        let kind = verdict.whole.as_ref().map(|whole| Some(whole.kind));
        let own = (verdict.role, verdict.slot) == (Role::Own, 0);
        let name = view
            .name
            .filter(|_| own && kind.is_some_and(|kind| kinds.contains(&kind)));
        let Some((role, is_party)) = name.and_then(|name| patterns.leading_role(name)) else {
            continue;
        };
        if is_party || roles.contains(&role) {
            (verdict.role, verdict.slot) = role;
        }
    }
}

/// Notes the column of the numbers of households in a table whose rows name their own person and another, who is the head.
pub(super) fn households(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let named = |role: Role| {
        let is = |verdict: &Verdict| verdict.role == role && piece(patterns, verdict).is_some();
        verdicts.iter().any(is)
    };
    if !named(Role::Own) || !named(Role::Other) {
        return;
    }
    let at = (0..views.len()).find(|&at| {
        let name = views[at].name.unwrap_or_default();
        is_of_households(name) && views[at].sum(CODES) >= 0.9
    });
    if let Some(at) = at {
        verdicts[at].household = true;
    }
}

/// Whether a name is one for numbers of households: 世帯番号, `household_id`.
fn is_of_households(name: &str) -> bool {
    const NUMBERS: [&str; 6] = ["id", "no", "number", "code", "番号", "コード"];
    let words = pattern::words_of(name);
    let rest = |one: &str| {
        let rest = one.strip_prefix("世帯").or(one.strip_prefix("household"));
        rest.is_some_and(|rest| NUMBERS.contains(&rest))
    };
    words.len() <= 3 && rest(&words.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_households() {
        for name in [
            "世帯番号",
            "世帯ＩＤ",
            "世帯コード",
            "household_id",
            "HouseholdNo",
        ] {
            assert!(is_of_households(name), "{name}");
        }
        for name in [
            "世帯",
            "世帯主",
            "世帯人数",
            "household",
            "household_income",
        ] {
            assert!(!is_of_households(name), "{name}");
        }
    }
}
