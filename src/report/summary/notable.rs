//! What is worth a second look: people with very many records, values that many people share, and links that were refused although
//! much speaks for them. Where nothing stands out, nothing is told.

use unicode_width::UnicodeWidthStr;

use super::{Lang, Page, grouped, pad, words};
use crate::report::explain::term;
use crate::report::review::reason;
use crate::scope::{Hub, Large, Refused, Subjects};

/// Lines of each sort.
const LINES: usize = 3;
/// Records of one person that are many, if they are also so many times those of the average.
const MANY_RECORDS: u64 = 10;
const TIMES_AVERAGE: u64 = 5;
/// A value of fewer people may be a family's.
const MANY_PEOPLE: u64 = 10;
/// Refused links below so many bits have little for them.
const MUCH_BITS: f64 = 0.0;

impl Page {
    /// The people, values and pairs that stand out.
    pub(super) fn notable(&mut self, subjects: &Subjects) {
        let lang = self.lang();
        let people = subjects.persons.best.max(1);
        let many = |large: &&Large| {
            large.records >= MANY_RECORDS
                && large.records * people >= TIMES_AVERAGE * subjects.records
        };
        let large = subjects.largest.iter().filter(many);
        let hubs = subjects.hubs.iter();
        let hubs = hubs.filter(|hub| hub.persons >= MANY_PEOPLE);
        let refused = subjects.refused.iter().filter(|refused| {
            let much = refused.link.bits.is_some_and(|bits| bits >= MUCH_BITS);
            much && !refused.subjects.contains(&0)
        });
        let lines: [Vec<String>; 3] = [
            large.take(LINES).map(|one| of_large(lang, one)).collect(),
            hubs.take(LINES).map(|one| of_hub(lang, one)).collect(),
            refused.take(LINES).map(|one| of_pair(lang, one)).collect(),
        ];
        if lines.iter().all(Vec::is_empty) {
            return;
        }
        self.heading(words::notable_heading(lang));
        let labels = words::notable_labels(lang);
        let width = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        for (label, lines) in labels.into_iter().zip(lines) {
            for (nth, line) in lines.into_iter().enumerate() {
                let label = if nth == 0 { label } else { "" };
                self.cut_line(&format!("  {}  {line}", pad(label, width)));
            }
        }
    }
}

fn of_large(lang: Lang, large: &Large) -> String {
    let [subject, records, rows] = [large.subject, large.records, large.rows].map(grouped);
    match lang {
        Lang::En => format!("person {subject}: {records} records, {rows} of them distinct"),
        Lang::Ja => format!("本人{subject}: {records}件（異なるもの{rows}件）"),
    }
}

fn of_hub(lang: Lang, hub: &Hub) -> String {
    let (what, masked) = (term(hub.what, lang), hub.masked.as_str());
    let persons = grouped(hub.persons);
    match lang {
        Lang::En => format!("{what} {masked}: {persons} people"),
        Lang::Ja => format!("{what} {masked}: {persons}人"),
    }
}

fn of_pair(lang: Lang, refused: &Refused) -> String {
    let [a, b] = refused.subjects.map(grouped);
    let why = reason(&refused.link, lang);
    match lang {
        Lang::En => format!("persons {a} and {b}: {why}"),
        Lang::Ja => format!("本人{a}と本人{b}: {why}"),
    }
}
