//! Surnames below what is no word for names: shifts (早番, 夜勤), and those whom the rows are of (社員, `guest`).
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts that say so of columns that nothing else is told of.

use super::named::FULL_NAMES;
use super::named_people::HALVES;
use super::table::Table;
use super::{Verdict, View};
use crate::classify::Shape::{self, *};
use crate::pattern::{Part, Patterns, Role};

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

/// Columns of those who signed for something (記入者, 確認者, 点検者), with surnames below; 業者 are companies.
fn signers(views: &[View<'_>], verdicts: &[Verdict]) -> Vec<usize> {
    const ENDINGS: [&str; 3] = ["者", "当番", "記入"];
    let is_signer = |at: &usize| {
        let view = &views[*at];
        let name = view.name.unwrap_or_default().trim();
        verdicts[*at].whole.is_none()
            && ENDINGS.iter().any(|end| name.ends_with(end))
            && !name.ends_with("業者")
            && view.most(&[JpSurname, JpFullName]) >= 0.8
            && view.most(&[JpPrefecture, JpCity, Organisation, Integer, Time]) < 0.2
    };
    (0..views.len()).filter(is_signer).collect()
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

/// Full names under a word for other names (`nickname`, as chats have them), where nothing else names the row's person, are the names.
fn nicknames(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let name = patterns.kind("person-name");
    let is = |verdict: &Verdict, alias: bool| {
        let whole = verdict.whole.as_ref();
        let own = verdict.role == Role::Own && verdict.slot == 0;
        own && whole
            .is_some_and(|whole| Some(whole.kind) == name && (whole.part == Part::Alias) == alias)
    };
    if verdicts.iter().any(|verdict| is(verdict, false)) {
        return;
    }
    let alias =
        (0..views.len()).find(|&at| is(&verdicts[at], true) && views[at].sum(FULL_NAMES) >= 0.5);
    if let Some(whole) = alias.and_then(|at| verdicts[at].whole.as_mut()) {
        whole.part = Part::Whole;
    }
}

pub(super) fn note(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    let found: Vec<usize> = people(views, table, verdicts)
        .chain(shifts(views, verdicts))
        .chain(signers(views, verdicts))
        .collect();
    for at in found {
        let (view, fits) = (&views[at], HALVES);
        let confidence = 0.3 + 0.3 * view.most(fits);
        let shapes = [fits, FULL_NAMES].concat();
        verdicts[at].whole = view.found(patterns, "person-name", Part::Whole, confidence, &shapes);
        verdicts[at].organisation = false;
    }
    nicknames(patterns, views, verdicts);
}
