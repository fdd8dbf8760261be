//! The JSON report, `leakscope.report/1`.
//!
//! The types below are the wire format: within version 1 fields may be added, never renamed or dropped. Every array has the
//! order of [`Scope`]. All that differs between two runs over the same bytes stands under `run`. `schema.json` beside this
//! file describes the same; a test holds the two together.

use std::collections::BTreeMap;

use std::io::{self, Write};

use serde::Serialize;

use super::summary::Lang;
use super::{Coverage, Run, review};
use crate::pattern::KindInfo;
use crate::scope::{self, Scope};
use crate::source::Code;

/// The version of the report.
pub const VERSION: &str = "leakscope.report/1";
/// The report's JSON Schema.
pub const SCHEMA: &str = include_str!("schema.json");

/// Writes the report of a scan that looked for the kinds of `searched`.
pub fn write(
    mut out: impl Write,
    scope: &Scope,
    searched: &[&KindInfo],
    run: &Run,
) -> io::Result<()> {
    let report = Report {
        schema: VERSION,
        run: RunTwin {
            tool: &run.tool,
            patterns: &run.patterns,
            started: &run.started,
            seconds: round(run.seconds, 1_000.0),
            threads: run.threads,
        },
        coverage: CoverageTwin::from(Coverage::of(scope)),
        searched: searched.iter().map(|info| info.name.as_str()).collect(),
        sources: scope.sources.iter().map(Source::from).collect(),
        tables: scope.tables.iter().map(Table::from).collect(),
        kinds: scope
            .kinds
            .iter()
            .map(|total| Kind::new(total, searched))
            .collect(),
        subjects: Subjects::from(&scope.subjects),
        problems: scope.problems.iter().map(Problem::from).collect(),
    };
    serde_json::to_writer_pretty(&mut out, &report)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    run: RunTwin<'a>,
    coverage: CoverageTwin,
    searched: Vec<&'a str>,
    sources: Vec<Source<'a>>,
    tables: Vec<Table<'a>>,
    kinds: Vec<Kind<'a>>,
    subjects: Subjects<'a>,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct RunTwin<'a> {
    tool: &'a str,
    patterns: &'a str,
    started: &'a str,
    seconds: f64,
    threads: usize,
}

#[derive(Serialize)]
struct CoverageTwin {
    sources: u64,
    bytes: u64,
    complete: u64,
    carved: u64,
    partial: u64,
    encrypted: u64,
    skipped: u64,
    excluded: u64,
}

#[derive(Serialize)]
struct Source<'a> {
    source: &'a str,
    format: &'a str,
    encoding: &'a str,
    bytes: u64,
    status: &'static str,
    records: u64,
    persons: Headcount,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
}

#[derive(Serialize)]
struct Table<'a> {
    source: &'a str,
    name: &'a str,
    format: &'a str,
    encoding: &'a str,
    records: u64,
    columns: Vec<Column<'a>>,
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    index: u32,
    values: u64,
    empty: u64,
    role: &'a str,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    matches: u64,
    distinct: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    networks: BTreeMap<&'a str, u64>,
    confidence: f64,
    evidence: Vec<Evidence<'a>>,
    samples: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Evidence<'a> {
    Pattern {
        id: &'a str,
        share: f64,
    },
    Check {
        name: &'a str,
        passed: u64,
        failed: u64,
    },
    Header {
        word: &'a str,
    },
    List {
        name: &'a str,
        share: f64,
    },
    Context {
        word: &'a str,
    },
}

#[derive(Serialize)]
struct Kind<'a> {
    kind: &'a str,
    title: Title<'a>,
    also: &'a [String],
    matches: u64,
    distinct: u64,
    sources: u64,
    persons: Headcount,
}

#[derive(Serialize)]
struct Title<'a> {
    en: &'a str,
    ja: &'a str,
}

#[derive(Serialize)]
struct Headcount {
    min: u64,
    best: u64,
    max: u64,
}

#[derive(Serialize)]
struct Subjects<'a> {
    records: u64,
    rows: u64,
    households: u64,
    organisations: u64,
    #[serde(skip_serializing_if = "is_zero")]
    parents: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unweighed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sampled: Option<Sampled>,
    persons: Headcount,
    conflicts: u64,
    anybody: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Headcount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<Answers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<Own<'a>>,
    largest: Vec<Large>,
    hubs: Vec<Hub<'a>>,
    refused: Vec<Refused>,
    by_kinds: Vec<ByKinds<'a>>,
    by_role: Vec<ByRole>,
    by_country: Vec<ByRegion>,
    nowhere: Headcount,
    by_region: Vec<ByRegion>,
}

#[derive(Serialize)]
struct Answers {
    yes: u64,
    no: u64,
    unknown: u64,
}

#[derive(Serialize)]
struct Sampled {
    records: u64,
    merged: u64,
    error: u64,
}

#[derive(Serialize)]
struct Large {
    subject: u64,
    records: u64,
    rows: u64,
}

#[derive(Serialize)]
struct Hub<'a> {
    what: &'static str,
    masked: &'a str,
    persons: u64,
    records: u64,
}

#[derive(Serialize)]
struct Refused {
    subjects: [u64; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<f64>,
    why: String,
    evidence: Vec<PairEvidence>,
}

#[derive(Serialize)]
struct PairEvidence {
    what: &'static str,
    agreement: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<f64>,
}

#[derive(Serialize)]
struct Own<'a> {
    domains: &'a [String],
    persons: Headcount,
}

#[derive(Serialize)]
struct ByRole {
    role: &'static str,
    persons: Headcount,
}

#[derive(Serialize)]
struct ByRegion {
    region: &'static str,
    title: Title<'static>,
    persons: Headcount,
}

#[derive(Serialize)]
struct ByKinds<'a> {
    kinds: &'a [String],
    persons: Headcount,
}

#[derive(Serialize)]
struct Problem<'a> {
    source: &'a str,
    stage: &'a str,
    code: &'static str,
    at: Option<u64>,
    lost: &'a str,
}

impl From<Coverage> for CoverageTwin {
    fn from(sum: Coverage) -> Self {
        let Coverage {
            sources,
            bytes,
            complete,
            carved,
            partial,
            encrypted,
            skipped,
            excluded,
            problems: _,
        } = sum;
        Self {
            sources,
            bytes,
            complete,
            carved,
            partial,
            encrypted,
            skipped,
            excluded,
        }
    }
}

impl<'a> From<&'a scope::Coverage> for Source<'a> {
    fn from(source: &'a scope::Coverage) -> Self {
        Self {
            source: source.source.as_str(),
            format: source.format,
            encoding: source.encoding,
            bytes: source.bytes,
            status: status(source.status),
            records: source.records,
            persons: source.persons.into(),
            reason: source.reason.map(Code::as_str),
            at: source.at,
        }
    }
}

impl<'a> From<&'a scope::Table> for Table<'a> {
    fn from(table: &'a scope::Table) -> Self {
        Self {
            source: table.source.as_str(),
            name: table.name.as_str(),
            format: table.format,
            encoding: table.encoding,
            records: table.records,
            columns: table.columns.iter().map(Column::from).collect(),
        }
    }
}

impl<'a> From<&'a scope::Column> for Column<'a> {
    fn from(column: &'a scope::Column) -> Self {
        Self {
            name: column.name.as_str(),
            index: column.index,
            values: column.values,
            empty: column.empty,
            role: column.role,
            findings: column.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl<'a> From<&'a scope::Finding> for Finding<'a> {
    fn from(finding: &'a scope::Finding) -> Self {
        Self {
            kind: &finding.kind,
            part: finding.part,
            matches: finding.matches,
            distinct: finding.distinct,
            networks: finding.networks.iter().copied().collect(),
            confidence: confidence(finding.confidence),
            evidence: finding.evidence.iter().map(Evidence::from).collect(),
            samples: finding.samples.iter().map(scope::Masked::as_str).collect(),
        }
    }
}

impl<'a> From<&'a scope::Evidence> for Evidence<'a> {
    fn from(evidence: &'a scope::Evidence) -> Self {
        match evidence {
            scope::Evidence::Pattern { id, share } => Evidence::Pattern {
                id,
                share: round(*share, 10_000.0),
            },
            scope::Evidence::Check {
                name,
                passed,
                failed,
            } => Evidence::Check {
                name,
                passed: *passed,
                failed: *failed,
            },
            scope::Evidence::Header { word } => Evidence::Header { word },
            scope::Evidence::List { name, share } => Evidence::List {
                name,
                share: round(*share, 10_000.0),
            },
            scope::Evidence::Context { word } => Evidence::Context { word },
        }
    }
}

impl<'a> Kind<'a> {
    fn new(total: &'a scope::KindTotal, searched: &[&'a KindInfo]) -> Self {
        let info = searched.iter().find(|info| info.name == total.kind);
        let title = info.map_or(
            Title {
                en: &total.kind,
                ja: &total.kind,
            },
            |info| Title {
                en: &info.title_en,
                ja: &info.title_ja,
            },
        );
        Self {
            kind: &total.kind,
            title,
            also: &total.also,
            matches: total.matches,
            distinct: total.distinct,
            sources: total.sources,
            persons: total.persons.into(),
        }
    }
}

impl From<scope::Headcount> for Headcount {
    fn from(count: scope::Headcount) -> Self {
        Self {
            min: count.min,
            best: count.best,
            max: count.max,
        }
    }
}

impl<'a> From<&'a scope::Subjects> for Subjects<'a> {
    fn from(subjects: &'a scope::Subjects) -> Self {
        let by_kinds = subjects.by_kinds.iter();
        Self {
            records: subjects.records,
            rows: subjects.rows,
            households: subjects.households,
            organisations: subjects.organisations,
            parents: subjects.parents,
            unweighed: subjects.unweighed,
            sampled: subjects.sampled.map(|sampled| Sampled {
                records: sampled.records,
                merged: sampled.merged,
                error: sampled.error,
            }),
            persons: subjects.persons.into(),
            conflicts: subjects.conflicts,
            anybody: subjects.anybody,
            asked: subjects.asked.map(Headcount::from),
            answers: subjects.answers.map(|answers| Answers {
                yes: answers.yes,
                no: answers.no,
                unknown: answers.unknown,
            }),
            own: subjects.own.as_ref().map(|own| Own {
                domains: &own.domains,
                persons: own.persons.into(),
            }),
            largest: subjects.largest.iter().map(Large::from).collect(),
            hubs: subjects.hubs.iter().map(Hub::from).collect(),
            refused: subjects.refused.iter().map(Refused::from).collect(),
            by_kinds: by_kinds
                .map(|(kinds, persons)| ByKinds {
                    kinds,
                    persons: (*persons).into(),
                })
                .collect(),
            by_role: subjects
                .by_role
                .iter()
                .map(|&(role, persons)| ByRole {
                    role,
                    persons: persons.into(),
                })
                .collect(),
            by_country: by_region(&subjects.by_country),
            nowhere: subjects.nowhere.into(),
            by_region: by_region(&subjects.by_region),
        }
    }
}

impl From<&scope::Large> for Large {
    fn from(person: &scope::Large) -> Self {
        Self {
            subject: person.subject,
            records: person.records,
            rows: person.rows,
        }
    }
}

impl<'a> From<&'a scope::Hub> for Hub<'a> {
    fn from(hub: &'a scope::Hub) -> Self {
        Self {
            what: hub.what,
            masked: hub.masked.as_str(),
            persons: hub.persons,
            records: hub.records,
        }
    }
}

impl From<&scope::Refused> for Refused {
    fn from(refused: &scope::Refused) -> Self {
        let tenth = |bits: Option<f64>| bits.map(|bits| round(bits, 10.0));
        let evidence = refused.link.evidence.iter().map(|part| PairEvidence {
            what: part.what,
            agreement: match part.agreement {
                scope::Agreement::Same => "same",
                scope::Agreement::Similar => "similar",
                scope::Agreement::Differ => "differ",
            },
            bits: tenth(part.bits),
        });
        Self {
            subjects: refused.subjects,
            bits: tenth(refused.link.bits),
            why: review::reason(&refused.link, Lang::En),
            evidence: evidence.collect(),
        }
    }
}

fn by_region(places: &[(scope::Region, scope::Headcount)]) -> Vec<ByRegion> {
    let of_place = |&(region, persons): &(scope::Region, scope::Headcount)| ByRegion {
        region: region.code(),
        title: Title {
            en: region.english(),
            ja: region.japanese(),
        },
        persons: persons.into(),
    };
    places.iter().map(of_place).collect()
}

impl<'a> From<&'a scope::Problem> for Problem<'a> {
    fn from(problem: &'a scope::Problem) -> Self {
        Self {
            source: problem.source.as_str(),
            stage: problem.stage,
            code: problem.code.as_str(),
            at: problem.at,
            lost: &problem.lost,
        }
    }
}

fn status(status: scope::Status) -> &'static str {
    match status {
        scope::Status::Complete => "complete",
        scope::Status::Carved => "carved",
        scope::Status::Partial => "partial",
        scope::Status::Encrypted => "encrypted",
        scope::Status::Skipped => "skipped",
        scope::Status::Excluded => "excluded",
    }
}

/// A confidence with two decimals, so that the last bits of an addition do not show.
pub(super) fn confidence(confidence: f32) -> f64 {
    round(f64::from(confidence), 100.0)
}

fn round(number: f64, scale: f64) -> f64 {
    (number * scale).round() / scale
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded() {
        assert_eq!(confidence(0.1 + 0.2), 0.3);
        assert_eq!(confidence(0.987_65), 0.99);
        assert_eq!(round(1.0 / 3.0, 10_000.0), 0.3333);
    }
}
