//! Readings of what is no person's name: フリガナ beside 会社名, カナ beside 商品, 読み in a dictionary.
//!
//! In: the columns of a table and the verdicts on them. Out: which of them hold readings of things.

use super::several::piece;
use super::{Verdict, View};
use crate::classify::Shape::*;
use crate::pattern::{Part, Patterns, READINGS, Role};

/// Gives a bare reading right of somebody's name the role of that name: フリガナ behind 担当者名 is the contact's.
pub(super) fn follow(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let part = |verdict: &Verdict| piece(patterns, verdict);
    for at in 1..views.len() {
        let (left, right) = (&verdicts[at - 1], &verdicts[at]);
        let word = views[at].hit.as_ref().map_or("", |hit| hit.word.as_str());
        let own = right.role == Role::Own && right.slot == 0;
        let reading = part(right) == Some(Part::Reading) && READINGS.contains(&word);
        if own && reading && part(left) == Some(Part::Whole) {
            (verdicts[at].role, verdicts[at].slot) = (left.role, left.slot);
        }
    }
}

/// Of each column, whether it is the reading of what is no person's name: フリガナ right of 会社名 or 商品. A reading is that of the column
/// left of it where that holds names of people or things, else that of the table's names, else that of the column right of it; of nothing at all
/// where it splits into surnames and given names.
pub(super) fn of_things(
    patterns: &Patterns,
    views: &[View<'_>],
    verdicts: &[Verdict],
) -> Vec<bool> {
    let part = |at: usize| piece(patterns, &verdicts[at]);
    let readings = [Part::Reading, Part::FamilyReading, Part::GivenReading];
    let people = |at: usize| part(at).is_some_and(|part| !readings.contains(&part));
    // What the words of the column say is a thing, an organisation or a place; or words of which none is a known name.
    let thing = |at: usize| {
        let (view, verdict) = (&views[at], &verdicts[at]);
        let told = view.sort().starts_with("org.")
            || ["neg.product", "neg.listed", "bank.name", "bank.branch"].contains(&view.sort())
            || view.sort().starts_with("address.") && view.sort() != "address.postal";
        let words = view.most(&[HanShort, Kana, Capitalised, Word, Sentence, Organisation]);
        let unknown = view.name.is_some() && view.hit.is_none() && verdict.whole.is_none();
        let generic = view.sort() == "name.full" && verdict.whole.is_none();
        let medical = view.sort() == "special.health" && words >= 0.5;
        view.tally.values > 0
            && (told || verdict.organisation || medical || (unknown || generic) && words >= 0.5)
    };
    let some = (0..views.len()).any(people);
    let of_thing = |at: usize| {
        let bare = part(at) == Some(Part::Reading) && verdicts[at].role == Role::Own;
        let word = views[at].hit.as_ref().map_or("", |hit| hit.word.as_str());
        // シメイ says that it is a name.
        if !bare
            || views[at].name.is_none()
            || views[at].strength() > 0 && !READINGS.contains(&word)
        {
            return false;
        }
        let full = views[at].tally.share(KanaFullName) >= 0.5;
        match at.checked_sub(1) {
            Some(left) if people(left) => false,
            Some(left) if thing(left) => !(full && some),
            _ if some => false,
            _ => at + 1 < views.len() && thing(at + 1) || !full,
        }
    };
    (0..views.len()).map(of_thing).collect()
}
