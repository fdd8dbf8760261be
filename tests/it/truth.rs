//! What was planted is found. Every fixture has a `truth.toml`, written by the generator together with the data:
//!
//! ```toml
//! persons = 312                                   # exact, or { min = 300, max = 320 } where the data do not settle it
//! households = { min = 250, max = 280 }           # of people whose address is known
//! organisations = 6
//!
//! [kinds.email]                                   # over all sources of the folder
//! matches = 500                                   # values planted: filled cells, and occurrences in running text
//! distinct = 300                                  # after normalising; left out where that is no simple thing
//! persons = 290                                   # people of whom one was planted
//!
//! [[source]]                                      # values planted, source by source
//! source = "input/members.csv"                    # as the report writes it, when the fixture's folder is where it runs
//! kinds = { email = 120, phone = 118 }
//!
//! [[column]]                                      # every column of every table
//! source = "input/members.csv"
//! table = "members"
//! column = "氏名"
//! kind = "person-name"                            # "" for a decoy: nothing may be found there
//! part = "family"                                 # left out for the whole
//! optional = true                                 # may be found or not: codes, say
//!
//! [[problem]]                                     # no other problem may be reported
//! source = "input/broken.csv"
//! code = "unclosed-quote"
//! ```
//!
//! The test prints precision and recall of values and of columns per kind, and the headcount of every fixture, and compares
//! them with `fixtures/floors.toml`. Floors only rise: `UPDATE_EXPECT=1` lifts them to what is reached now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::people::Person;
use crate::run::{self, items, number, text};
use crate::sheet::Sheet;

/// What the generator planted in one folder.
#[derive(Default)]
pub(crate) struct Truth {
    people: BTreeMap<u32, u32>,
    settled: BTreeSet<u32>,
    organisations: BTreeSet<String>,
    kinds: BTreeMap<&'static str, Planted>,
    sources: BTreeMap<String, BTreeMap<&'static str, u64>>,
    columns: String,
    problems: String,
    /// People who may be missed: those of a source that is cut short.
    doubtful: BTreeSet<u32>,
}

#[derive(Default)]
struct Planted {
    matches: u64,
    distinct: BTreeSet<String>,
    persons: BTreeSet<u32>,
}

impl Truth {
    /// Enters a sheet as a table of a source, its columns and its values.
    pub(crate) fn sheet(&mut self, source: &str, sheet: &Sheet) {
        let names: Vec<String> = sheet.fields.iter().map(|field| field.name.into()).collect();
        self.named(source, sheet, &names);
    }

    /// The same for a table without a header: columns are `#1`, `#2`, ….
    pub(crate) fn headless(&mut self, source: &str, sheet: &Sheet) {
        let names: Vec<String> = (1..=sheet.fields.len()).map(|n| format!("#{n}")).collect();
        self.named(source, sheet, &names);
    }

    /// The same with names of the caller's.
    pub(crate) fn named(&mut self, source: &str, sheet: &Sheet, names: &[String]) {
        for (field, name) in sheet.fields.iter().zip(names) {
            self.column(
                source,
                &sheet.name,
                name,
                field.kind,
                field.part,
                field.optional,
            );
        }
        for (cells, who) in &sheet.rows {
            for (cell, field) in cells
                .iter()
                .zip(&sheet.fields)
                .filter(|(cell, field)| !cell.is_empty() && !field.kind.is_empty())
            {
                if !field.optional {
                    self.say(source, field.kind, field.part, cell, who.get(field.who));
                }
            }
        }
    }

    /// Enters a column.
    pub(crate) fn column(
        &mut self,
        source: &str,
        table: &str,
        column: &str,
        kind: &str,
        part: &str,
        optional: bool,
    ) {
        let part = if part.is_empty() {
            String::new()
        } else {
            format!("part = {part:?}\n")
        };
        let optional = if optional { "optional = true\n" } else { "" };
        write!(
            self.columns,
            "\n[[column]]\nsource = {source:?}\ntable = {table:?}\ncolumn = {}\nkind = {kind:?}\n{part}{optional}",
            quoted(column)
        )
        .expect("a String takes all text");
    }

    /// Enters one value, and of whom it is; of nobody in particular when `who` is `None`.
    pub(crate) fn say(
        &mut self,
        source: &str,
        kind: &'static str,
        part: &str,
        value: &str,
        who: Option<&Person>,
    ) {
        if let Some(company) = who.and_then(|who| who.company.as_ref()) {
            self.organisations.insert(company.clone());
            if kind == "person-name" {
                return;
            }
        }
        let planted = self.kinds.entry(kind).or_default();
        planted.matches += 1;
        if part.is_empty()
            && let Some(normal) = normal(kind, value)
        {
            planted.distinct.insert(normal);
        }
        *self
            .sources
            .entry(source.into())
            .or_default()
            .entry(kind)
            .or_default() += 1;
        if let Some(person) = who.filter(|who| who.company.is_none()) {
            planted.persons.insert(person.id);
            self.people.insert(person.id, person.household);
            if kind == "postal-address" && part != "prefecture" {
                self.settled.insert(person.id);
            }
        }
    }

    /// Enters a problem that must be reported.
    pub(crate) fn problem(&mut self, source: &str, code: &str) {
        write!(
            self.problems,
            "\n[[problem]]\nsource = {source:?}\ncode = {code:?}\n"
        )
        .expect("a String takes all text");
    }

    /// Says that these people may be missed.
    pub(crate) fn doubt(&mut self, people: &[Person]) {
        self.doubtful.extend(people.iter().map(|person| person.id));
    }

    /// The text of `truth.toml`.
    pub(crate) fn to_toml(&self) -> String {
        let sure = self
            .people
            .keys()
            .filter(|id| !self.doubtful.contains(id))
            .count();
        // Only who has a known address is counted to a household.
        let homes = |doubtful: bool| {
            let of = self.people.iter().filter(|(id, _)| {
                self.settled.contains(id) && (doubtful || !self.doubtful.contains(id))
            });
            of.map(|(_, home)| home).collect::<BTreeSet<_>>().len()
        };
        let mut out = String::from(
            "# Written by the generator of tests/it with UPDATE_EXPECT=1; tests/it/truth.rs explains it.\n",
        );
        let range = |min: usize, max: usize| {
            if min == max {
                min.to_string()
            } else {
                format!("{{ min = {min}, max = {max} }}")
            }
        };
        let lines = [
            ("persons", range(sure, self.people.len())),
            ("households", range(homes(false), homes(true))),
            ("organisations", self.organisations.len().to_string()),
        ];
        for (name, value) in lines {
            writeln!(out, "{name} = {value}").expect("a String takes all text");
        }
        for (kind, planted) in &self.kinds {
            write!(out, "\n[kinds.{kind:?}]\nmatches = {}\n", planted.matches)
                .expect("a String takes all text");
            if !planted.distinct.is_empty() {
                writeln!(out, "distinct = {}", planted.distinct.len())
                    .expect("a String takes all text");
            }
            writeln!(out, "persons = {}", planted.persons.len()).expect("a String takes all text");
        }
        for (source, kinds) in &self.sources {
            let kinds: Vec<_> = kinds
                .iter()
                .map(|(kind, matches)| format!("{kind:?} = {matches}"))
                .collect();
            write!(
                out,
                "\n[[source]]\nsource = {source:?}\nkinds = {{ {} }}\n",
                kinds.join(", ")
            )
            .expect("a String takes all text");
        }
        out + &self.columns + &self.problems
    }
}

/// The normal form by which distinct values are counted, for kinds where that is a simple thing.
fn normal(kind: &str, value: &str) -> Option<String> {
    let value: String = value.nfkc().collect();
    let digits = || {
        value
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    match kind {
        "email" => Some(value.to_lowercase()),
        "phone" => Some(
            digits()
                .strip_prefix("81")
                .map_or_else(&digits, |rest| format!("0{rest}")),
        ),
        "postal-code" | "payment-card" | "jp.my-number" => Some(digits()),
        "ip-address" => Some(value),
        _ => None,
    }
}

/// `truth.toml` as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) persons: Amount,
    households: Amount,
    organisations: Amount,
    #[serde(default)]
    kinds: BTreeMap<String, Kind>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    column: Vec<Column>,
    #[serde(default)]
    problem: Vec<Problem>,
}

/// A number, or the range that the data allow.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
pub(crate) enum Amount {
    Exact(u64),
    Range { min: u64, max: u64 },
}

impl Amount {
    /// The least and the most.
    pub(crate) fn bounds(self) -> (u64, u64) {
        match self {
            Amount::Exact(n) => (n, n),
            Amount::Range { min, max } => (min, max),
        }
    }

    /// How right a number is: 1 inside the range, less by its relative distance outside.
    fn accuracy(self, found: u64) -> f64 {
        let (min, max) = self.bounds();
        let off = min.saturating_sub(found).max(found.saturating_sub(max));
        (1.0 - off as f64 / min.max(1) as f64).max(0.0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    matches: u64,
    distinct: Option<u64>,
    persons: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
    kinds: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    source: String,
    table: String,
    column: String,
    kind: String,
    part: Option<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Problem {
    source: String,
    code: String,
}

/// Reads the truth of a fixture.
pub(crate) fn expected(folder: &std::path::Path) -> Expected {
    let path = folder.join("truth.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Hits, planted and found, from which precision and recall follow.
#[derive(Default)]
struct Score {
    hits: u64,
    planted: u64,
    found: u64,
}

impl Score {
    fn precision(&self) -> f64 {
        if self.found == 0 {
            1.0
        } else {
            self.hits as f64 / self.found as f64
        }
    }

    fn recall(&self) -> f64 {
        if self.planted == 0 {
            1.0
        } else {
            self.hits as f64 / self.planted as f64
        }
    }
}

/// Values found, by source and kind, but for those of columns that may be found or not.
fn counted<'r>(expected: &Expected, report: &'r Value) -> BTreeMap<(&'r str, &'r str), u64> {
    let optional = |source: &str, table: &str, column: &str, kind: &str| {
        let same = |c: &&Column| {
            c.optional
                && c.source == source
                && c.table == table
                && c.column == column
                && c.kind == kind
        };
        expected.column.iter().find(same).is_some()
    };
    let mut found: BTreeMap<(&'r str, &'r str), u64> = BTreeMap::new();
    for table in items(report, "tables") {
        for column in items(table, "columns") {
            for finding in items(column, "findings") {
                let (source, kind) = (text(table, "source"), text(finding, "kind"));
                if !optional(source, text(table, "name"), text(column, "name"), kind) {
                    *found.entry((source, kind)).or_default() += number(finding, &["matches"]);
                }
            }
        }
    }
    found
}

/// How well the values of a kind were counted, source by source: what is too many in one does not make up for
/// what is too few in another. `None` where the truth tells no sources.
fn by_source(expected: &Expected, found: &BTreeMap<(&str, &str), u64>, kind: &str) -> Option<f64> {
    let planted: BTreeMap<&str, u64> = expected
        .source
        .iter()
        .filter_map(|source| Some((source.source.as_str(), *source.kinds.get(kind)?)))
        .collect();
    let of = |source: &str| found.get(&(source, kind)).copied().unwrap_or(0);
    let elsewhere: u64 = found
        .iter()
        .filter(|((source, of), _)| *of == kind && !planted.contains_key(source))
        .map(|(_, matches)| matches)
        .sum();
    let (least, most) = planted
        .iter()
        .fold((0, elsewhere), |(least, most), (source, &planted)| {
            (
                least + planted.min(of(source)),
                most + planted.max(of(source)),
            )
        });
    (!planted.is_empty() && most > 0).then(|| least as f64 / most as f64)
}

/// Scores of all fixtures together, and what is wrong beyond any score.
#[derive(Default)]
struct Scores {
    values: BTreeMap<String, Score>,
    columns: BTreeMap<String, Score>,
    people: Vec<(String, String, f64)>,
    faults: Vec<String>,
}

impl Scores {
    fn add(&mut self, fixture: &str, expected: &Expected, report: &Value) {
        self.add_values(expected, report);
        self.add_columns(fixture, expected, report);
        self.add_people(fixture, expected, report);
        self.add_problems(fixture, expected, report);
    }

    /// Values of a kind, source by source: as many as planted there are hits, what is beyond is false.
    fn add_values(&mut self, expected: &Expected, report: &Value) {
        let found = counted(expected, report);
        let mut planted: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for source in &expected.source {
            planted.extend(
                source
                    .kinds
                    .iter()
                    .map(|(kind, &matches)| ((source.source.as_str(), kind.as_str()), matches)),
            );
        }
        for (&(source, kind), &matches) in &planted {
            let score = self.values.entry(kind.into()).or_default();
            score.planted += matches;
            score.hits += matches.min(found.get(&(source, kind)).copied().unwrap_or(0));
        }
        for ((_, kind), matches) in found {
            self.values.entry(kind.into()).or_default().found += matches;
        }
    }

    /// Columns by name: a kind is found in them, or is not.
    fn add_columns(&mut self, fixture: &str, expected: &Expected, report: &Value) {
        let mut found: BTreeMap<(&str, &str, &str), BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for table in items(report, "tables") {
            for column in items(table, "columns") {
                let findings = items(column, "findings")
                    .iter()
                    .map(|finding| (text(finding, "kind"), finding["part"].as_str()));
                found
                    .entry((
                        text(table, "source"),
                        text(table, "name"),
                        text(column, "name"),
                    ))
                    .or_default()
                    .extend(findings);
            }
        }
        for column in &expected.column {
            let Some(findings) = found.get(&(
                column.source.as_str(),
                column.table.as_str(),
                column.column.as_str(),
            )) else {
                self.faults.push(format!(
                    "{fixture}: no column {} of {} in {}",
                    column.column, column.table, column.source
                ));
                continue;
            };
            for &kind in findings
                .keys()
                .filter(|&&kind| !(column.optional && kind == column.kind))
            {
                self.columns.entry(kind.into()).or_default().found += 1;
            }
            if column.kind.is_empty() || column.optional {
                continue;
            }
            let score = self.columns.entry(column.kind.clone()).or_default();
            score.planted += 1;
            if let Some(part) = findings.get(column.kind.as_str()) {
                score.hits += 1;
                if *part != column.part.as_deref() {
                    let Column { source, column, .. } = column;
                    self.people.push((
                        fixture.into(),
                        format!("part of {column} in {source}"),
                        0.0,
                    ));
                }
            }
        }
    }

    /// Headcounts, and whether the interval holds the truth.
    fn add_people(&mut self, fixture: &str, expected: &Expected, report: &Value) {
        let subjects = &report["subjects"];
        let best = number(subjects, &["persons", "best"]);
        let (least, most) = (
            number(subjects, &["persons", "min"]),
            number(subjects, &["persons", "max"]),
        );
        let (min, max) = expected.persons.bounds();
        let mut enter =
            |name: &str, accuracy: f64| self.people.push((fixture.into(), name.into(), accuracy));
        enter("persons", expected.persons.accuracy(best));
        enter(
            "interval",
            if least <= max && min <= most {
                1.0
            } else {
                0.0
            },
        );
        enter(
            "households",
            expected
                .households
                .accuracy(number(subjects, &["households"])),
        );
        enter(
            "organisations",
            expected
                .organisations
                .accuracy(number(subjects, &["organisations"])),
        );
        let values = counted(expected, report);
        for (name, kind) in &expected.kinds {
            let Some(found) = items(report, "kinds")
                .iter()
                .find(|found| text(found, "kind") == name)
            else {
                enter(&format!("kind {name}"), 0.0);
                continue;
            };
            let matches = by_source(expected, &values, name).unwrap_or_else(|| {
                Amount::Exact(kind.matches).accuracy(number(found, &["matches"]))
            });
            enter(&format!("matches {name}"), matches);
            enter(
                &format!("persons with {name}"),
                Amount::Exact(kind.persons).accuracy(number(found, &["persons", "best"])),
            );
            if let Some(distinct) = kind.distinct {
                enter(
                    &format!("distinct {name}"),
                    Amount::Exact(distinct).accuracy(number(found, &["distinct"])),
                );
            }
        }
    }

    /// The problems that were planted, and no other.
    fn add_problems(&mut self, fixture: &str, expected: &Expected, report: &Value) {
        let told = |problem: &Value| {
            (
                text(problem, "source").to_string(),
                text(problem, "code").to_string(),
            )
        };
        let found: BTreeSet<_> = items(report, "problems").iter().map(told).collect();
        let planted: BTreeSet<_> = expected
            .problem
            .iter()
            .map(|p| (p.source.clone(), p.code.clone()))
            .collect();
        let mut fault = |what: &str, (source, code): &(String, String)| {
            self.faults
                .push(format!("{fixture}: {what} {code} in {source}"))
        };
        planted
            .difference(&found)
            .for_each(|problem| fault("not reported:", problem));
        found
            .difference(&planted)
            .for_each(|problem| fault("reported, but not planted:", problem));
    }

    /// Everything that has a floor, by name.
    fn reached(&self) -> BTreeMap<String, f64> {
        let mut reached = BTreeMap::new();
        for (what, scores) in [("values", &self.values), ("columns", &self.columns)] {
            for (kind, score) in scores {
                reached.insert(format!("{what} {kind} precision"), score.precision());
                reached.insert(format!("{what} {kind} recall"), score.recall());
            }
        }
        for (fixture, name, accuracy) in &self.people {
            reached.insert(format!("{fixture}: {name}"), *accuracy);
        }
        reached
    }

    fn print(&self) {
        for (what, scores) in [("values", &self.values), ("columns", &self.columns)] {
            println!(
                "{:<24} {:>9} {:>9} {:>10} {:>7}",
                format!("{what} of kind"),
                "planted",
                "found",
                "precision",
                "recall"
            );
            for (kind, score) in scores {
                println!(
                    "{kind:<24} {:>9} {:>9} {:>10.3} {:>7.3}",
                    score.planted,
                    score.found,
                    score.precision(),
                    score.recall()
                );
            }
        }
        for (fixture, name, accuracy) in self.people.iter().filter(|(.., accuracy)| *accuracy < 1.0)
        {
            println!("{fixture}: {name} {accuracy:.3}");
        }
    }
}

#[test]
fn what_was_planted_is_found() {
    let mut scores = Scores::default();
    for (name, folder) in run::folders() {
        scores.add(&name, &expected(&folder), &run::report(&folder, &["input"]));
    }
    scores.print();
    let path = run::fixtures().join("floors.toml");
    let text = std::fs::read_to_string(&path).expect("fixtures/floors.toml is there");
    let mut floors: BTreeMap<String, f64> =
        toml::from_str(&text).expect("floors.toml is a table of numbers");
    let reached = scores.reached();
    let mut faults = scores.faults;
    for (name, floor) in &floors {
        match reached.get(name) {
            Some(now) if now + 1e-9 >= *floor => {}
            Some(now) => faults.push(format!("{name}: {now:.4} is below the floor of {floor}")),
            None => faults.push(format!("{name}: has a floor, but is not measured")),
        }
    }
    let mut risen = false;
    for (name, now) in reached {
        let now = (now * 1000.0).floor() / 1000.0;
        let floor = floors.entry(name.clone()).or_insert(-1.0);
        if run::updating() && now > *floor {
            (*floor, risen) = (now, true);
        } else if *floor < 0.0 {
            faults.push(format!(
                "{name}: has no floor; write it with UPDATE_EXPECT=1"
            ));
        }
    }
    if risen {
        let lines: String = floors
            .iter()
            .map(|(name, floor)| format!("{name:?} = {floor:?}\n"))
            .collect();
        std::fs::write(&path, format!("# What is reached, 1 is all. Written by tests/it/truth.rs with UPDATE_EXPECT=1; only rises.\n{lines}"))
            .expect("floors.toml can be written");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A TOML string. Rust's own quoting would write a voicing mark of half-width kana as an escape that TOML does not know.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
