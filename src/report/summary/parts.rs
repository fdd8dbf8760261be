//! The people by role, by place and by what is known of them together: a few lines, the largest parts first.

use unicode_width::UnicodeWidthStr;

use super::{Lang, Page, fit, grouped, pad, words};
use crate::pattern::KindInfo;
use crate::scope::{Headcount, KindTotal, Region, Subjects};

/// Sets of kinds that are told.
const MAX_SETS: usize = 3;

impl Page {
    /// The breakdowns that say something: a single part that is everybody says nothing.
    pub(super) fn parts(
        &mut self,
        subjects: &Subjects,
        totals: &[KindTotal],
        searched: &[&KindInfo],
    ) {
        let lang = self.lang();
        let roles: Vec<(String, u64)> = subjects
            .by_role
            .iter()
            .map(|&(role, persons)| (words::role(lang, role).to_owned(), persons.best))
            .collect();
        let regions = regions(lang, subjects);
        let labels = words::part_labels(lang);
        let width = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let mut lines = Vec::new();
        for (label, parts) in labels.into_iter().zip([roles, regions]) {
            if parts.iter().filter(|part| part.1 > 0).count() > 1 {
                let room = self.style.width.saturating_sub(width + 4);
                let line = listed(lang, &parts, room);
                lines.push(format!("  {}  {line}", pad(label, width)));
            }
        }
        let sets = subjects.by_kinds.iter().filter(|set| set.1.best > 0);
        if subjects.by_kinds.len() > 1 {
            for (nth, (kinds, persons)) in sets.take(MAX_SETS).enumerate() {
                let mut kinds = kinds.clone();
                kinds.sort_by_key(|kind| {
                    let total = totals.iter().find(|total| total.kind == *kind);
                    std::cmp::Reverse(total.map_or(0, |total| total.persons.best))
                });
                let titles: Vec<String> = kinds.iter().map(|k| self.title(k, searched)).collect();
                let what = titles.join(words::plus(lang));
                let label = if nth == 0 { labels[2] } else { "" };
                let text = format!("  {}  {}  {what}", pad(label, width), grouped(persons.best));
                lines.push(fit(&text, self.style.width));
            }
        }
        if !lines.is_empty() {
            self.heading(words::parts_heading(lang));
            lines.iter().for_each(|line| self.cut_line(line));
        }
    }
}

/// Prefectures and states, countries without parts, and those of whom no place is known.
fn regions(lang: Lang, subjects: &Subjects) -> Vec<(String, u64)> {
    let split = |country: Region| {
        let mut parts = subjects.by_region.iter();
        parts.any(|part| part.0.country() == country)
    };
    let whole = subjects.by_country.iter();
    let whole = whole.filter(|(country, _)| !split(*country));
    let mut all: Vec<&(Region, Headcount)> = subjects.by_region.iter().chain(whole).collect();
    all.sort_by_key(|(region, persons)| (std::cmp::Reverse(persons.best), *region));
    let name = |region: Region| match lang {
        Lang::En => region.english().to_owned(),
        Lang::Ja => region.japanese().to_owned(),
    };
    let mut parts: Vec<(String, u64)> = all
        .into_iter()
        .map(|&(region, persons)| (name(region), persons.best))
        .collect();
    if !parts.is_empty() {
        parts.push((words::nowhere(lang).to_owned(), subjects.nowhere.best));
    }
    parts
}

/// As many parts as fit, the last one kept, and how many are left out.
fn listed(lang: Lang, parts: &[(String, u64)], room: usize) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter(|part| part.1 > 0)
        .map(|(name, number)| words::part(lang, name, &grouped(*number)))
        .collect();
    let comma = words::comma(lang);
    let whole = parts.join(comma);
    if whole.width() <= room {
        return whole;
    }
    for shown in (0..parts.len().saturating_sub(1)).rev() {
        let hidden = words::more_parts(lang, parts.len() - 1 - shown);
        let last = &parts[parts.len() - 1..];
        let line = [&parts[..shown], &[hidden], last].concat().join(comma);
        if line.width() <= room {
            return line;
        }
    }
    fit(&whole, room)
}
