//! Special-care-required personal information in texts: what is said of somebody's illness, creed, crime.
//!
//! In: a text, and where people are named in it. Out: matches. In running text a word counts beside a word of context of its own kind and near
//! a person's name; in a cell the table tells whether it speaks of people (see `column`), and words that leave no doubt need no context.

use super::{Match, Why};
use crate::pattern::special::{self, Weight, Word};
use crate::pattern::{Kind, Part, Patterns};

/// Bytes between a word and its context.
const CONTEXT: usize = 48;

/// Bytes between a word and the person's name, in running text.
const NAME: usize = 160;

/// What was found in a text before.
struct Known {
    all: Places,
    names: Places,
}

impl Known {
    fn of(matches: &[Match], name: Option<Kind>) -> Self {
        let names = matches.iter().filter(|found| Some(found.kind) == name);
        Self {
            all: Places::of(matches.iter()),
            names: Places::of(names),
        }
    }
}

/// Places in a text in order of their starts, each with the furthest end up to it.
struct Places(Vec<(usize, usize)>);

impl Places {
    fn of<'m>(matches: impl Iterator<Item = &'m Match>) -> Self {
        let mut places: Vec<(usize, usize)> = matches.map(|at| (at.start, at.end)).collect();
        places.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut places {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Self(places)
    }

    /// Whether one of them has a byte in a range.
    fn meets(&self, range: std::ops::Range<usize>) -> bool {
        let before = self.0.partition_point(|place| place.0 < range.end);
        before > 0 && self.0[before - 1].1 > range.start
    }
}

/// Finds the words of special care. One per thread; keeps its scratch.
pub(super) struct Finder {
    kinds: Vec<Option<Kind>>,
    name: Option<Kind>,
    words: Vec<Word>,
}

impl Finder {
    pub(super) fn new(patterns: &Patterns) -> Self {
        let kinds = special::kinds().iter();
        Self {
            kinds: kinds.map(|name| patterns.kind(name)).collect(),
            name: patterns.kind("person-name"),
            words: Vec::new(),
        }
    }

    /// Adds what a text says to `out`, whose matches from `from` on are those found in it before.
    pub(super) fn find(&mut self, text: &str, cell: bool, from: usize, out: &mut Vec<Match>) {
        self.words.clear();
        match cell {
            true => special::words(text, &mut self.words),
            false => self.near_names(text, &out[from..]),
        }
        if self.words.iter().all(|word| word.weight == Weight::Context) {
            return;
        }
        let before = out.len();
        let known = Known::of(&out[from..], self.name);
        // Words come in order: of those that were taken for something the furthest end tells.
        let mut reached = 0;
        for (at, word) in self.words.iter().enumerate() {
            let Some(kind) = self.kinds[word.kind].filter(|_| word.weight != Weight::Context)
            else {
                continue;
            };
            let context = self.context(text, at);
            let named = || {
                known
                    .names
                    .meets(word.start.saturating_sub(NAME)..word.end + NAME)
            };
            let sure = word.weight == Weight::Sure && cell;
            let taken = reached > word.start || known.all.meets(word.start..word.end);
            if taken || denied(text, word) || !sure && context.is_none() || !cell && !named() {
                continue;
            }
            reached = reached.max(word.end);
            out.push(Match {
                kind,
                part: Part::Whole,
                start: word.start,
                end: word.end,
                confidence: if context.is_some() { 0.7 } else { 0.5 },
                why: Why {
                    list: "special-care",
                    label: context.unwrap_or_default(),
                    ..Why::default()
                },
            });
        }
        if out.len() > before {
            out[from..].sort_by_key(|found| (found.start, found.kind));
        }
    }

    /// Looks for words on the lines that a name stands near; further off they say nothing of anybody.
    fn near_names(&mut self, text: &str, found: &[Match]) {
        let bytes = text.as_bytes();
        let names = found.iter().filter(|found| Some(found.kind) == self.name);
        let mut done = 0;
        for name in names {
            // Words hold no line end: from one line end to another all that stand near the name are whole.
            let first = name.start.saturating_sub(NAME).max(done);
            let from = memchr::memrchr(b'\n', &bytes[done..first]).map_or(done, |n| done + n + 1);
            let last = (name.end + NAME).min(bytes.len());
            if last <= done {
                continue;
            }
            let to = memchr::memchr(b'\n', &bytes[last..]).map_or(bytes.len(), |n| last + n + 1);
            let before = self.words.len();
            special::words(&text[from..to], &mut self.words);
            for word in &mut self.words[before..] {
                word.start += from;
                word.end += from;
            }
            done = to;
        }
    }

    /// The nearest word of context of the same kind on the same line.
    fn context(&self, text: &str, at: usize) -> Option<&'static str> {
        let word = &self.words[at];
        let apart = |other: &Word| match other.start >= word.end {
            true => &text[word.end..other.start],
            false => text.get(other.end..word.start).unwrap_or_default(),
        };
        let first = self.words[..at]
            .iter()
            .rposition(|w| w.end + CONTEXT < word.start);
        self.words[first.map_or(0, |first| first + 1)..]
            .iter()
            .take_while(|other| other.start <= word.end + CONTEXT)
            .filter(|other| other.weight == Weight::Context && other.kind == word.kind)
            .filter(|other| !apart(other).contains('\n'))
            .min_by_key(|other| apart(other).len())
            .map(|other| other.word)
    }
}

/// Whether the words beside say that it is not so: 喘息なし, 糖尿病：無, `no asthma`.
fn denied(text: &str, word: &Word) -> bool {
    const BEHIND: [&str; 6] = [
        "なし",
        "無し",
        "ナシ",
        "の既往なし",
        "の既往歴なし",
        "ではない",
    ];
    const BEFORE: [&str; 6] = [
        "no ",
        "no known ",
        "no history of ",
        "denies ",
        "without ",
        "not ",
    ];
    let rest = text[word.end..].trim_start_matches([' ', '\u{3000}', ':', '：', '(', '（']);
    let alone = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    if BEHIND.iter().any(|no| rest.starts_with(no)) || rest.strip_prefix('無').is_some_and(alone) {
        return true;
    }
    let before = &text.as_bytes()[..word.start];
    BEFORE.iter().any(|no| {
        before
            .len()
            .checked_sub(no.len())
            .is_some_and(|at| before[at..].eq_ignore_ascii_case(no.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Scanner;
    use super::*;

    fn kinds(cell: bool, text: &str) -> Vec<String> {
        let patterns = Patterns::builtin();
        let mut scanner = Scanner::new(patterns);
        let mut found = Vec::new();
        if cell {
            let shapes = scanner.shapes(text);
            scanner.inside(text, shapes, &mut found);
        } else {
            scanner.text(text, &mut found);
        }
        let told = found.iter().map(|found| {
            let name = &patterns.info(found.kind).name;
            (name.clone(), text[found.start..found.end].to_owned())
        });
        told.filter(|(name, _)| name.starts_with("special."))
            .map(|(name, value)| format!("{name} {value}"))
            .collect()
    }

    #[test]
    fn cells() {
        let check =
            |text: &str, expected: &[&str]| assert_eq!(kinds(true, text), expected, "{text}");
        check("糖尿病", &["special.health 糖尿病"]);
        check("糖尿病あり。運動は控えめに。", &["special.health 糖尿病"]);
        check("身体障害者手帳2級", &["special.disability 身体障害者手帳"]);
        check("がん", &[]);
        check("がんの治療のため入院中", &["special.health がん"]);
        check("asthma", &["special.health asthma"]);
        check("エホバの証人", &["special.belief エホバの証人"]);
        check("生活保護受給", &["special.welfare 生活保護受給"]);
        check("喘息なし", &[]);
        check("糖尿病：無", &[]);
        check("no asthma", &[]);
        check("佐藤 太郎", &[]);
        check("いつもありがとうございます", &[]);
    }

    #[test]
    fn running_text() {
        let check =
            |text: &str, expected: &[&str]| assert_eq!(kinds(false, text), expected, "{text}");
        check(
            "佐藤太郎様は糖尿病で通院されています。",
            &["special.health 糖尿病"],
        );
        check(
            "Mary Johnson was diagnosed with asthma in 2019.",
            &["special.health asthma"],
        );
        check("糖尿病の治療法について解説します。", &[]);
        check("Asthma treatment guidelines were updated.", &[]);
        check("鈴木花子さんから糖尿病の本を借りた。", &[]);
    }
}
