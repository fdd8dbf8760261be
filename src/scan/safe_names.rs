//! Names from the data as they may be shown: of sources, tables and columns.
//!
//! In: a name. Out: the same with personal data in it masked.

use super::Run;
use super::keys;
use super::table::TableCount;
use super::title_words::may_be_somebodys;
use super::titles::{self, Of};
use crate::classify;
use crate::scope::SafeName;

/// Dots of a name at which it is looked at in pieces, too.
const JOINTS: usize = 12;

/// A name from the data without personal data in it.
pub(super) fn safe_name(run: &Run<'_>, name: &str, of: Of) -> SafeName {
    let mut worker = run.take_worker();
    let mut personal = worker.scanner.name_ranges(name);
    // Some prefectures are surnames, too; as a column they are the place.
    let is_place = |text: &str| classify::shapes(text).has(classify::Shape::JpPrefecture);
    personal.retain(|range| of == Of::File || !is_place(&name[range.clone()]));
    // Keys of nested JSON are joined by dots, which hide where a value ends: `a@example.com.4111…`.
    if name.contains('@') || name.bytes().filter(u8::is_ascii_digit).count() >= 7 {
        let ends = name.match_indices('.').map(|(at, _)| at).take(JOINTS);
        let starts: Vec<usize> = std::iter::once(0)
            .chain(ends.clone().map(|at| at + 1))
            .collect();
        for end in ends.chain([name.len()]) {
            for &start in starts.iter().filter(|&&start| start < end) {
                let found = worker.scanner.name_ranges(&name[start..end]);
                personal.extend(
                    found
                        .into_iter()
                        .map(|range| range.start + start..range.end + start),
                );
            }
        }
        personal = joined(personal);
    }
    // A file is named like somebody whatever stands before and behind: `staff/John_Smith.txt`.
    for stem in stems(name) {
        let blanks = name[stem.clone()].replace(['_', '(', ')', '[', ']', ','], " ");
        let found = worker.scanner.name_ranges(&blanks);
        personal.extend(
            found
                .into_iter()
                .map(|range| range.start + stem.start..range.end + stem.start),
        );
    }
    if of == Of::File {
        personal.retain(|range| may_be_somebodys(&name[range.clone()]));
    }
    personal.extend(titles::beside(run.patterns, name, of, &personal));
    personal.extend(titles::ranges(run.patterns, name, of));
    run.give_back(worker);
    SafeName::new(name, &joined(personal))
}

/// The steps of a path without what stands behind their last dot; none for a name that is one such step as a whole.
fn stems(name: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut at = 0;
    let steps = name.split(['/', '\\']).map(move |step| {
        let start = at;
        at += step.len() + 1;
        let stem = step.rsplit_once('.').map_or(step, |(stem, _)| stem);
        start..start + stem.len()
    });
    steps.filter(|stem| !stem.is_empty() && (stem.len() < name.len() || name.contains('_')))
}

/// Ranges in order, those that touch made one.
fn joined(mut ranges: Vec<std::ops::Range<usize>>) -> Vec<std::ops::Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<std::ops::Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

pub(super) fn table_names(run: &Run<'_>, table: &TableCount) -> (SafeName, Vec<SafeName>) {
    let names = table
        .columns
        .iter()
        .map(|column| column.key.name.as_deref());
    (
        safe_name(run, &table.name, Of::File),
        column_names(run, names.collect()),
    )
}

/// The names of the columns of a table. Where one holds somebody's data, a record was taken for them, and what is no word of fields is somebody's as well.
fn column_names(run: &Run<'_>, names: Vec<Option<&str>>) -> Vec<SafeName> {
    let plain = |(index, name): (usize, &Option<&str>)| match name {
        Some(name) => safe_name(run, name, Of::Column),
        None => SafeName::new(&format!("#{}", index + 1), &[]),
    };
    let mut safe: Vec<SafeName> = names.iter().enumerate().map(plain).collect();
    let is_masked = |(name, safe): (&Option<&str>, &SafeName)| {
        name.is_some_and(|name| *safe != SafeName::new(name, &[]))
    };
    if names.iter().zip(&safe).any(is_masked) {
        for (name, safe) in names.into_iter().zip(&mut safe) {
            let Some(name) = name.filter(|name| *safe == SafeName::new(name, &[])) else {
                continue;
            };
            let digits = name.bytes().filter(u8::is_ascii_digit).count();
            // A date without its century has six.
            if digits >= 6 || !keys::is_of_nobody(run.patterns, name) {
                *safe = SafeName::new(name, std::slice::from_ref(&(0..name.len())));
            }
        }
    }
    safe
}
