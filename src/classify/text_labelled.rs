//! Values behind labels in texts: `性別：男`, `Diagnosis: asthma`, `年収　４５０万円`, `Familienstand: ledig`.
//!
//! In: a text, and what was found in it. Out: matches of the kinds that a label alone tells. Labels are the words of columns; what letters, forms and
//! notes say of somebody in lines of one label each is what a table says in columns of those names. In running text somebody must be named nearby.

use super::cell::shapes;
use super::{Match, Shape, Shapes, Why};
use crate::pattern::{HeaderHit, Kind, Part, Patterns};

/// Longest label, in bytes.
const LABEL: usize = 60;
/// Longest value, in bytes.
const VALUE: usize = 400;
/// Somebody is named so many bytes before or behind, in running text.
const NEAR: usize = 2000;

/// What a value must be to be of a kind.
#[derive(Clone, Copy)]
enum Value {
    /// Of one of the sets that the shape knows.
    Gender,
    Date,
    Amount,
    /// Some words, no numbers.
    Words,
    /// What is said of somebody, but not that there is nothing.
    Said,
}

/// The kinds, and what their values are.
const KINDS: [(&str, Value); 19] = [
    ("birth-date", Value::Date),
    ("birth-place", Value::Words),
    ("employer", Value::Words),
    ("family", Value::Words),
    ("financial", Value::Amount),
    ("gender", Value::Gender),
    ("marital-status", Value::Words),
    ("nationality", Value::Words),
    ("occupation", Value::Words),
    ("special.belief", Value::Said),
    ("special.crime", Value::Said),
    ("special.crime-victim", Value::Said),
    ("special.disability", Value::Said),
    ("special.health", Value::Said),
    ("special.race", Value::Said),
    ("special.sex-life", Value::Said),
    ("special.social-status", Value::Said),
    ("special.union", Value::Said),
    ("special.welfare", Value::Said),
];

/// Whether a kind, by its name, is said of somebody: in a cell only of a table of people or beside a name. Dates of birth are known by their words as well.
pub fn is_said_of_somebody(kind: &str) -> bool {
    kind.starts_with("special.")
        || kind != "birth-date" && KINDS.iter().any(|known| known.0 == kind)
}

/// Words of columns that mean something else in texts: the condition of goods, the race of a jockey, the treatment of waste.
#[rustfmt::skip]
const OTHERWISE: [&str; 34] = [
    "adl", "benh", "bolest", "charges", "church", "condition", "cor", "creed", "csp", "dosage", "drug", "drugs", "genome", "injuries", "injury", "iris", "job",
    "jobcode", "jobid", "natio", "offence", "offense", "prescription", "profile", "race", "retina", "snp", "surgery", "symptom", "symptoms", "tani", "treatment",
    "union", "voting",
];

/// Finds values behind labels. One per thread.
pub(super) struct Finder<'p> {
    patterns: &'p Patterns,
    kinds: [Option<Kind>; KINDS.len()],
    /// Kinds that name somebody.
    people: [Option<Kind>; 3],
    name: Option<Kind>,
}

impl<'p> Finder<'p> {
    pub(super) fn new(patterns: &'p Patterns) -> Self {
        Self {
            patterns,
            kinds: KINDS.map(|(name, _)| patterns.kind(name)),
            people: ["person-name", "email", "phone"].map(|name| patterns.kind(name)),
            name: patterns.kind("person-name"),
        }
    }

    /// Adds what labels say in a text to `out`, whose matches from `from` on are those found in it before.
    pub(super) fn find(&self, text: &str, cell: bool, from: usize, out: &mut Vec<Match>) {
        if out.len() == from && !cell {
            return;
        }
        let before = out.len();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let mut pieces = Pieces { line, at: 0 };
            while let Some((label, value)) = pieces.next_piece() {
                let Some((kind, sort)) = self.kind(label, &line[value.clone()]) else {
                    continue;
                };
                let (start, end) = (at + value.start, at + value.end);
                let near = &out[from..before];
                if !cell && !self.is_named(near, start) {
                    continue;
                }
                let is_known = within(near, start..end).any(|found| found.kind == kind);
                if !is_known {
                    out.push(Match {
                        kind,
                        part: Part::Whole,
                        start,
                        end,
                        confidence: 0.7,
                        why: Why {
                            label: sort,
                            ..Why::default()
                        },
                    });
                }
            }
            at += line.len();
        }
        if out.len() > before {
            self.settle(&mut out.drain(from..).collect(), before - from, out);
        }
    }

    /// Puts the matches in order. Where somebody works is nobody's name.
    fn settle(&self, found: &mut Vec<Match>, before: usize, out: &mut Vec<Match>) {
        let new = found.split_off(before);
        let is_taken = |name: &Match| {
            Some(name.kind) == self.name
                && within(&new, name.start..name.end)
                    .any(|of| of.start <= name.start && name.end <= of.end)
        };
        found.retain(|name| !is_taken(name));
        found.extend(new);
        found.sort_by_key(|found| (found.start, found.kind));
        out.append(found);
    }

    /// Whether somebody is named near a place.
    fn is_named(&self, found: &[Match], at: usize) -> bool {
        let mut near = within(found, at.saturating_sub(NEAR)..at + NEAR);
        near.any(|found| self.people.contains(&Some(found.kind)))
    }

    /// The kind that a label and its value tell together, and the name of the rule.
    fn kind(&self, label: &str, value: &str) -> Option<(Kind, &'static str)> {
        let hit = self.patterns.label(label)?;
        let known = self
            .kinds
            .iter()
            .position(|kind| kind.is_some() && *kind == hit.kind)?;
        let (name, of) = KINDS[known];
        let is_meant = hit.strength >= 2 && !OTHERWISE.contains(&hit.word.as_str());
        let fits = is_meant && hit.part == Part::Whole && fits(of, value, &hit);
        fits.then_some((hit.kind?, name))
    }
}

/// The matches that have a byte in a range, of those in order of start. What reaches in from further off than the longest value is not looked for.
fn within(found: &[Match], range: std::ops::Range<usize>) -> impl Iterator<Item = &Match> {
    let first = found.partition_point(|found| found.start + VALUE < range.start);
    let near = found[first..].iter();
    near.take_while(move |found| found.start < range.end)
        .filter(move |found| range.start < found.end)
}

/// Whether a value may stand behind a label of its kind.
fn fits(of: Value, value: &str, hit: &HeaderHit) -> bool {
    let of_value = shapes(value);
    let any = |these: &[Shape]| of_value.any(Shapes::of(these));
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let digits = value.chars().filter(|c| c.is_numeric()).count();
    let chars = value.chars().count();
    // Code: `position: relative;`, `color: {`.
    if value.ends_with([';', '{', '(', '[', '\\']) || value.starts_with(['<', '{', '%']) {
        return false;
    }
    match of {
        Value::Gender => any(&[Shape::Gender]),
        Value::Date => any(&[Shape::Date, Shape::EraDate]) || is_short_date(value),
        Value::Amount => {
            digits >= 2 && chars <= 40 && !any(&[Shape::Date, Shape::DateTime, Shape::Email])
        }
        Value::Words => {
            let most = if hit.sort.starts_with("org.") { 60 } else { 40 };
            letters >= 1
                && letters > digits
                && chars <= most
                && !is_nothing(value)
                && !any(&[Shape::Email, Shape::Url, Shape::Sentence])
        }
        Value::Said => letters >= 2 && !is_nothing(value) && !any(&[Shape::Email, Shape::Url]),
    }
}

/// `3/12/85`, `S56.3.4生`: of no label but a birth date's is it known what they are.
fn is_short_date(value: &str) -> bool {
    let bare = value
        .trim_end_matches('生')
        .trim_start_matches(['S', 'H', 'T', 'M', 'R']);
    let parts: Vec<&str> = bare.split(['/', '.', '-']).collect();
    let is_number = |part: &&str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()) && *part != "0"
    };
    parts.len() == 3 && parts.iter().all(is_number)
}

/// Whether a form says that there is nothing to say.
fn is_nothing(value: &str) -> bool {
    #[rustfmt::skip]
    const NOTHING: [&str; 32] = [
        "なし", "無し", "無", "特になし", "ナシ", "ありません", "不明", "未記入", "未入力", "該当なし", "none", "no", "nil", "n/a", "na", "unknown", "not specified", "not applicable",
        "keine", "keiner", "nein", "aucun", "aucune", "néant", "non", "ninguno", "ninguna", "nessuno", "nessuna", "nenhum", "nenhuma", "geen",
    ];
    let bare = value.trim_end_matches(['。', '.', ' ']);
    NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// The pieces of a line that have a label each.
struct Pieces<'t> {
    line: &'t str,
    at: usize,
}

impl<'t> Pieces<'t> {
    /// The next label and the place of what stands behind it.
    fn next_piece(&mut self) -> Option<(&'t str, std::ops::Range<usize>)> {
        loop {
            let rest = &self.line[self.at..];
            let (label, sign) = next_sign(rest)?;
            let start = self.at + sign;
            let value = self.line[start..].trim_start_matches(is_blank);
            let start = self.line.len() - value.len();
            // No further, or many labels on one long line would each read to its end.
            let value = &value[..value.floor_char_boundary(VALUE + 1)];
            // The value ends where the next label begins, or the line.
            let wide = ["\u{3000}", "  ", "\t", "|", "｜", "／"];
            let ends = wide.iter().filter_map(|sign| value.find(sign));
            let mut next = value.len();
            for end in ends {
                let behind =
                    value[end..].trim_start_matches([' ', '\u{3000}', '\t', '|', '｜', '／']);
                if next_sign(behind).is_some() {
                    next = next.min(end);
                }
            }
            self.at = start + next;
            let value = value[..next].trim_end_matches(|c: char| {
                is_blank(c) || matches!(c, '|' | '｜' | '／' | ',' | '、')
            });
            if !value.is_empty() && value.len() <= VALUE {
                return Some((label, start..start + value.len()));
            }
        }
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '：' | '=' | '】' | ']' | '］' | '>' | '"')
}

/// The label that a piece of a line begins with, if it can be one, and where the sign behind it ends.
fn next_sign(piece: &str) -> Option<(&str, usize)> {
    const MARKS: [char; 18] = [
        ' ', '\u{3000}', '\t', '|', '｜', '／', '■', '□', '・', '*', '●', '○', '◆', '◇', '[', '［',
        '【', '-',
    ];
    let front = piece.trim_start_matches(MARKS);
    let begin = piece.len() - front.len();
    // Lines of logs begin with figures; labels of code are small.
    if !front.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase()) {
        return None;
    }
    let reach = &front[..front.floor_char_boundary(LABEL)];
    let sign = reach.char_indices().find(|&(at, c)| {
        matches!(c, ':' | '：' | '=' | '】' | '］' | '\u{3000}' | '\t' | '\n')
            || c == ' ' && reach[at..].starts_with("  ")
    })?;
    // `HTTPS://`
    if sign.1 == '\n' || front[sign.0..].starts_with("://") {
        return None;
    }
    Some((&front[..sign.0], begin + sign.0 + sign.1.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::super::Scanner;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let patterns = Patterns::builtin();
        let mut out = Vec::new();
        Scanner::new(patterns).text(text, &mut out);
        let told = out
            .iter()
            .map(|found| (&patterns.info(found.kind).name, found));
        told.filter(|(name, _)| KINDS.iter().any(|kind| kind.0 == name.as_str()))
            .map(|(name, found)| format!("{name} {}", &text[found.start..found.end]))
            .collect()
    }

    #[test]
    fn labels_tell_what_values_are() {
        for (line, expected) in [
            ("性別：男", &["gender 男"][..]),
            ("Sex: F", &["gender F"]),
            ("Geschlecht: männlich", &["gender männlich"]),
            ("病名：２型糖尿病", &["special.health ２型糖尿病"]),
            (
                "Diagnosis: seasonal asthma",
                &["special.health seasonal asthma"],
            ),
            ("■アレルギー　卵、そば", &["special.health 卵、そば"]),
            ("年収　４５０万円", &["financial ４５０万円"]),
            ("Familienstand: ledig", &["marital-status ledig"]),
            ("国籍：ブラジル", &["nationality ブラジル"]),
            ("性別：女　　国籍：日本", &["gender 女", "nationality 日本"]),
            (
                "| Occupation: plumber | Religion: none |",
                &["occupation plumber"],
            ),
            ("Data di nascita: 12/03/1985", &["birth-date 12/03/1985"]),
            (
                "Fecha de nacimiento: 3 de marzo de 1957",
                &["birth-date 3 de marzo de 1957"],
            ),
            ("DOB: 3/12/85", &["birth-date 3/12/85"]),
            ("病名：なし", &[]),
            ("Condition: used, like new", &[]),
            ("position: relative;", &[]),
            ("Diagnosis", &[]),
        ] {
            let text = format!("Mary Johnson, mary@example.com\n{line}\n");
            assert_eq!(found(&text), expected, "{line}");
            // Of nobody.
            if !line.contains("birth") && !expected.iter().any(|kind| kind.starts_with("birth")) {
                assert_eq!(found(&format!("{line}\n")), [""; 0], "{line}");
            }
        }
    }

    #[test]
    fn births_in_prose() {
        for (text, expected) in [
            ("geboren am 3. April 1951 in Bonn", "3. April 1951"),
            ("Klaus Weber (geb. 03.04.1951)", "03.04.1951"),
            ("Klaus Weber (*03.04.1951)", "03.04.1951"),
            ("Klaus Weber *03.04.1951", "03.04.1951"),
            ("née le 14 mars 1957 à Lyon", "14 mars 1957"),
            ("nato a Bologna il 12/03/1985", "12/03/1985"),
            ("nacida el 3 de marzo de 1957", "3 de marzo de 1957"),
            ("nascido em 3 de março de 1957", "3 de março de 1957"),
            ("født 12. marts 1985", "12. marts 1985"),
            ("born on 12 March 1985 in Leeds", "12 March 1985"),
            ("born March 12, 1985 in Leeds", "March 12, 1985"),
            ("urodzona 1 maja 1990", "1 maja 1990"),
            ("родился 5 мая 1980 года", "5 мая 1980"),
        ] {
            assert_eq!(found(text), [format!("birth-date {expected}")], "{text}");
        }
        for text in [
            "published on 12 March 1985",
            "Arthur. 12/03/1985",
            "5 * 3/4/1999",
            "*03.04.1951* Meeting",
            "März 3, 12",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
