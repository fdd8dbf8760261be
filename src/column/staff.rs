//! Those who look after others: a few names over and over, beside the numbers of many customers.
//!
//! In: the columns of a table and the verdicts on them. Out: a role of its own for a column of few names in rows that point at many people, whatever it is
//! called: `agent` beside `customer_id`. What else stands under the same word is theirs, too.

use super::pairing::stem;
use super::several::{UNKNOWN, piece};
use super::{MANY, Verdict, View, member};
use crate::pattern::{Part, Patterns, Role};

/// The slot of those who look after the row's person.
const SLOT: u16 = UNKNOWN + 250;

/// Rows for each name at least: a customer may come again.
const EACH: u64 = 4;

pub(super) fn note(patterns: &Patterns, table: &str, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let many = |at: usize| views[at].tally.different.count_ones() >= MANY;
    let customers = (0..views.len()).any(|at| {
        let sort = verdicts[at].member.as_deref();
        let sort = sort.filter(|&sort| sort != "employee");
        sort.is_some_and(|sort| many(at) && !member::is_own_table(table, sort))
    });
    let is_name = |at: &usize| {
        let own = (verdicts[*at].role, verdicts[*at].slot) == (Role::Own, 0);
        own && matches!(
            piece(patterns, &verdicts[*at]),
            Some(Part::Whole | Part::Family | Part::Given)
        )
    };
    let names: Vec<usize> = (0..views.len()).filter(is_name).collect();
    let &[at] = names.as_slice() else {
        return;
    };
    let few = u64::from(views[at].tally.different.count_ones());
    if !customers || many(at) || views[at].tally.values < few * EACH {
        return;
    }
    let of = stem(&views[at]);
    for (other, verdict) in verdicts.iter_mut().enumerate() {
        let same = other == at || !of.is_empty() && stem(&views[other]) == of;
        if same && (verdict.role, verdict.slot) == (Role::Own, 0) && verdict.member.is_none() {
            (verdict.role, verdict.slot) = (Role::Other, SLOT);
        }
    }
}
