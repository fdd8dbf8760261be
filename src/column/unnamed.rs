//! Columns without names in tables of people: which of them are genders, birth dates and phones.
//!
//! In: the columns and the verdicts so far. Out: verdicts on those that only the table explains.

use super::{Evidence, MANY, Verdict, View};
use crate::classify::Shape::*;
use crate::pattern::{Part, Patterns};

/// Whether some column is told to be of a kind.
pub(super) fn told(patterns: &Patterns, verdicts: &[Verdict], kind: &str) -> bool {
    let Some(kind) = patterns.kind(kind) else {
        return false;
    };
    let is = |verdict: &Verdict| verdict.whole.as_ref().is_some_and(|w| w.kind == kind);
    verdicts.iter().any(is)
}

/// Whether a table without names of columns has one of family names and one of given names: its rows are people.
pub(super) fn is_of_halves(patterns: &Patterns, views: &[View<'_>], verdicts: &[Verdict]) -> bool {
    let name = patterns.kind("person-name");
    let has = |part: Part| {
        verdicts.iter().zip(views).any(|(verdict, view)| {
            let whole = verdict.whole.as_ref();
            let is = whole.is_some_and(|whole| Some(whole.kind) == name && whole.part == part);
            is && view.tally.different.count_ones() >= MANY
        })
    };
    views.iter().all(View::nameless) && has(Part::Family) && has(Part::Given)
}

/// Whether nearly all values are words for genders, not their numbers.
fn is_of_genders(view: &View<'_>) -> bool {
    view.tally.share(Gender) >= 0.95 && view.most(&[Integer, Digits]) < 0.05
}

/// The first column of genders, where none is told.
pub(super) fn genders(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    if told(patterns, verdicts, "gender") {
        return;
    }
    let is = |view: &View<'_>| is_of_genders(view) && view.tally.values >= 5;
    let free = |at: &usize| verdicts[*at].whole.is_none() && is(&views[*at]);
    if let Some(at) = (0..views.len()).find(free) {
        verdicts[at].whole = views[at].found(patterns, "gender", Part::Whole, 0.5, &[Gender]);
    }
}

/// In a table of people without a phone: the first nameless column of bare numbers of one length that are those of phones with the code of one country
/// (E.164: eleven digits and more): they begin alike, and lie as far apart as numbers that nobody counted up.
pub(super) fn long_phones(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    if told(patterns, verdicts, "phone") {
        return;
    }
    let is = |view: &View<'_>| {
        let (least, most) = view.tally.span;
        let unit = match least {
            10_000_000_000..=99_999_999_999 => 10_000_000_000,
            100_000_000_000..=999_999_999_999 => 100_000_000_000,
            _ => return false,
        };
        view.nameless()
            && view.tally.values >= 5
            && view.tally.share(Digits) >= 0.98
            && (11.0..=12.0).contains(&view.length())
            && least / unit == most / unit
            && most - least >= 100_000_000
            && view.most(&[NationalId, MyNumber, Card]) < 0.5
    };
    let free = |at: &usize| verdicts[*at].whole.is_none() && is(&views[*at]);
    if let Some(at) = (0..views.len()).find(free) {
        verdicts[at].whole = views[at].found(patterns, "phone", Part::Whole, 0.35, &[]);
    }
}

/// In a table of people without a birth date: the first nameless column of days of which most are so long ago that they are days of birth rather than
/// of an entry.
pub(super) fn births(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    if told(patterns, verdicts, "birth-date") {
        return;
    }
    let long_ago = |view: &View<'_>| {
        let days = view.sum(&[Date, EraDate]);
        view.nameless()
            && days >= 0.9
            && view.tally.share(DateTime) < 0.05
            && view.tally.share(AgeLike) >= 0.8 * days
            && view.tally.values >= 5
    };
    let free = |i: &usize| verdicts[*i].whole.is_none() && long_ago(&views[*i]);
    let Some(i) = (0..views.len()).find(free) else {
        return;
    };
    let whole = views[i].found(patterns, "birth-date", Part::Whole, 0.4, &[Date, EraDate]);
    verdicts[i].whole = whole.map(|mut whole| {
        whole.evidence.push(Evidence::Context {
            word: "years".to_owned(),
        });
        whole
    });
}

/// In a table without names: the first column of dates within three of one of genders, if no birth date is known.
pub(super) fn birth_beside_gender(
    patterns: &Patterns,
    views: &[View<'_>],
    verdicts: &mut [Verdict],
) {
    if views.iter().any(|view| !view.nameless()) || told(patterns, verdicts, "birth-date") {
        return;
    }
    let Some(at) = views.iter().position(is_of_genders) else {
        return;
    };
    let from = at.saturating_sub(3);
    let dates =
        |view: &View<'_>| view.sum(&[Date, EraDate]) >= 0.9 && view.tally.share(DateTime) < 0.1;
    let near =
        (from..views.len().min(at + 4)).find(|&i| verdicts[i].whole.is_none() && dates(&views[i]));
    let Some(i) = near else { return };
    if let Some(mut whole) =
        views[i].found(patterns, "birth-date", Part::Whole, 0.5, &[Date, EraDate])
    {
        whole.evidence.push(Evidence::Context {
            word: "gender".to_owned(),
        });
        verdicts[i].whole = Some(whole);
    }
    if verdicts[at].whole.is_none() {
        verdicts[at].whole = views[at].found(patterns, "gender", Part::Whole, 0.5, &[Gender]);
    }
}
