//! Surnames below what is no word for names: shifts (早番, 夜勤), and those whom the rows are of (社員, `guest`).
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts that say so of columns that nothing else is told of.

use super::named::FULL_NAMES;
use super::named_people::HALVES;
use super::table::Table;
use super::{Verdict, View};
use crate::classify::Shape::{self, *};
use crate::pattern::{Part, Patterns};

/// Shifts of a day by the name of their columns (早番, 夜勤, `Night shift`): where surnames stand below two of them, they are of those who work then.
fn shifts(views: &[View<'_>], verdicts: &[Verdict]) -> Vec<usize> {
    const ENDINGS: [&str; 10] = [
        "番",
        "勤",
        "当直",
        "宿直",
        "日直",
        "準夜",
        "深夜",
        "シフト",
        "shift",
        "duty",
    ];
    const NAMES: &[Shape] = &[JpSurname, LatinSurname, JpFullName, LatinFullName];
    let is_shift = |at: &usize| {
        let view = &views[*at];
        let name = view.name.unwrap_or_default().trim().to_lowercase();
        let bare = name.trim_end_matches(|c: char| c.is_numeric());
        verdicts[*at].whole.is_none()
            && ENDINGS.iter().any(|end| bare.ends_with(end))
            && view.most(NAMES) >= 0.6
            && view.most(&[JpPrefecture, JpCity, Organisation, Integer, Time]) < 0.3
    };
    let found: Vec<usize> = (0..views.len()).filter(is_shift).collect();
    if found.len() < 2 { Vec::new() } else { found }
}

/// Columns that are called after people and nothing else, beside what only people have.
fn people<'v>(
    views: &'v [View<'_>],
    table: &Table,
    verdicts: &'v [Verdict],
) -> impl Iterator<Item = usize> + 'v {
    let personal = table.signals >= 1;
    (0..views.len()).filter(move |&at| {
        let view = &views[at];
        let free = verdicts[at].whole.is_none() && view.hit.is_none();
        personal && free && super::table::is_called_after_people(view) && view.most(HALVES) >= 0.5
    })
}

pub(super) fn note(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    let found: Vec<usize> = people(views, table, verdicts)
        .chain(shifts(views, verdicts))
        .collect();
    for at in found {
        let (view, fits) = (&views[at], HALVES);
        let confidence = 0.3 + 0.3 * view.most(fits);
        let shapes = [fits, FULL_NAMES].concat();
        verdicts[at].whole = view.found(patterns, "person-name", Part::Whole, confidence, &shapes);
        verdicts[at].organisation = false;
    }
}
