//! One person whom a row names twice, under two roles.
//!
//! In: the mentions of a row. Out: the same, the second with what the first is reached by, or none where it tells nothing else.

use super::Mention;
use super::extract::REACHES;
use super::fact::{Fact, Facts};
use crate::pattern::Role;

/// One row naming two roles by one name speaks of one person: the second takes over the first's contacts.
pub(super) fn unite(mentions: &mut [Mention]) {
    for at in 1..mentions.len() {
        let (before, rest) = mentions.split_at_mut(at);
        let Some(name) = rest[0].facts.get(Fact::Name) else {
            continue;
        };
        let other = rest[0].role == Role::Other;
        let same = before.iter_mut().find(|first| {
            first.facts.get(Fact::Name) == Some(name)
                || other && is_initial(&first.facts, &rest[0].facts)
        });
        let Some(first) = same else { continue };
        if other && !REACHES.iter().any(|&fact| rest[0].facts.has(fact)) {
            // The same name once more, and nothing else.
            first.kinds = first.kinds.union(rest[0].kinds);
            rest[0].facts.retain(|_| false);
            continue;
        }
        rest[0].facts.take(
            &first.facts,
            &[
                Fact::Mail,
                Fact::Phone,
                Fact::Primary,
                Fact::Id,
                Fact::Card,
                Fact::Birth,
                Fact::Reading,
            ],
        );
    }
}

/// Whether of two names of one family the one has the initial of the other's given name: John Smith, signed J. Smith.
pub(super) fn is_initial(a: &Facts, b: &Facts) -> bool {
    let given = |facts: &Facts| facts.get(Fact::Given).unwrap_or_default().to_owned();
    let (one, other) = (given(a), given(b));
    let short = |name: &str| name.len() == 1;
    a.has(Fact::Family)
        && a.get(Fact::Family) == b.get(Fact::Family)
        && (short(&one) && other.starts_with(&one) || short(&other) && one.starts_with(&other))
}
