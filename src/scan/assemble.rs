//! From what was read to the [`Scope`]: names made safe, totals, the people.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::source::Node;
use super::table::{ColumnCount, Distinct, Found, TableCount};
use crate::column::{Evidence, Verdict};
use crate::format::Shape;
use crate::identity::{Headcount, Resolution};
use crate::pattern::region::Region;
use crate::pattern::{Kind, KindSet, Part, Patterns, Role};
use crate::scope::{
    Answer, Answers, Column, Coverage, Finding, KindTotal, Masked, Own, Problem, SafeName, Sampled,
    Scope, Subjects, Table,
};
use crate::source::Code;

/// Totals of one kind while they are added up.
#[derive(Default)]
struct Total {
    matches: u64,
    distinct: Distinct,
    sources: BTreeSet<usize>,
}

/// Tells what was found, but for the people. Takes the sets of distinct values out of the nodes: they are counted, and their memory given
/// back, before people are resolved.
pub(super) fn assemble(patterns: &Patterns, nodes: Vec<&mut Node>) -> Scope {
    let mut scope = Scope::default();
    let mut totals: BTreeMap<Kind, Total> = BTreeMap::new();
    for node in nodes {
        add_node(patterns, node, &mut scope, &mut totals);
    }
    scope.kinds = totals
        .into_iter()
        .map(|(kind, mut total)| {
            let info = &patterns.kinds()[kind.0 as usize];
            KindTotal {
                kind: info.name.clone(),
                also: info.also.clone(),
                matches: total.matches,
                distinct: total.distinct.len(),
                sources: total.sources.len() as u64,
                persons: Headcount::default(),
            }
        })
        .collect();
    scope.problems.sort();
    scope
}

/// Adds the people.
pub(super) fn add_people(
    patterns: &Patterns,
    options: &Options,
    resolution: &Resolution,
    scope: &mut Scope,
) {
    let by_kind: BTreeMap<Kind, Headcount> = resolution.by_kind.iter().copied().collect();
    for total in &mut scope.kinds {
        let kind = patterns.kind(&total.kind);
        let persons = kind.and_then(|kind| by_kind.get(&kind).copied());
        total.persons = persons.unwrap_or_default();
    }
    scope.subjects = subjects(patterns, options, resolution);
    for (source, persons) in scope.sources.iter_mut().zip(&resolution.by_source) {
        source.persons = *persons;
    }
    if resolution.left_out > 0 {
        scope.problems.push(Problem {
            source: SafeName::new("(all sources)", &[]),
            stage: "read",
            code: Code::OverBudget,
            at: None,
            lost: format!(
                "{} distinct records, of whom nobody is counted",
                resolution.left_out
            ),
        });
        scope.problems.sort();
    }
}

/// Adds one source and its members, depth first.
fn add_node(
    patterns: &Patterns,
    node: &mut Node,
    scope: &mut Scope,
    totals: &mut BTreeMap<Kind, Total>,
) {
    let ordinal = scope.sources.len();
    scope.sources.push(coverage(node));
    for (stage, fault) in &node.faults {
        let lost = fault.lost.clone();
        scope.problems.push(Problem {
            source: node.safe.clone(),
            stage,
            code: fault.code,
            at: fault.at,
            lost,
        });
    }
    for (table, (name, column_names)) in node.tables.iter_mut().zip(&node.names) {
        let records = records(table);
        let shape = table.shape;
        if shape.is_carved() {
            table.columns.iter_mut().for_each(as_values);
        }
        let columns = table.columns.iter_mut().enumerate().map(|(index, column)| {
            let verdict = node
                .plan
                .column(&table.name, &column.key)
                .map(|(_, verdict)| verdict);
            for (&(kind, _), found) in &mut column.found {
                let total = totals.entry(kind).or_default();
                total.matches += found.matches;
                total.sources.insert(ordinal);
            }
            let findings = findings(patterns, column, verdict, totals);
            let tally = &column.tally;
            let role = role(shape, verdict, &column_names[index]);
            Column {
                name: column_names[index].clone(),
                index: index as u32,
                values: tally.values,
                empty: tally.empty,
                role,
                findings,
            }
        });
        let columns = columns.collect();
        scope.tables.push(Table {
            source: node.safe.clone(),
            name: name.clone(),
            format: node.format,
            encoding: node.encoding,
            records,
            columns,
        });
    }
    for (_, member) in &mut node.members {
        add_node(patterns, member, scope, totals);
    }
    if let Some(rest) = &mut node.rest {
        add_node(patterns, &mut rest.node, scope, totals);
    }
    if let Some(headings) = &mut node.headings {
        add_node(patterns, headings, scope, totals);
    }
}

/// What became of a source. Its reason is its first fault, one that costs records before one that costs letters.
fn coverage(node: &Node) -> Coverage {
    let faults = || node.faults.iter().map(|(_, fault)| fault);
    let reason = faults()
        .find(|fault| fault.code != Code::BadEncoding)
        .or_else(|| faults().next());
    Coverage {
        source: node.safe.clone(),
        format: node.format,
        encoding: node.encoding,
        bytes: node.bytes,
        status: node.status,
        records: node.tables.iter().map(records).sum(),
        persons: Headcount::default(),
        reason: reason.map(|fault| fault.code),
        at: reason.and_then(|fault| fault.at),
    }
}

/// Records of a table; what was carved has none.
fn records(table: &TableCount) -> u64 {
    if table.shape.is_carved() {
        0
    } else {
        table.records()
    }
}

/// What a match is worth that was carved, of one in a text: nothing around it says what it is.
const CARVED: f32 = 0.7;

/// Counts different values for occurrences: the same value stands in pages, indexes and logs.
fn as_values(column: &mut ColumnCount) {
    for found in column.found.values_mut() {
        found.matches = found.distinct.len();
        found.confidence *= CARVED;
    }
}

/// Of whom a column speaks, in the report's word.
fn role(shape: Shape, verdict: Option<&Verdict>, name: &crate::scope::SafeName) -> &'static str {
    match (shape, verdict) {
        (Shape::Mail, _) => match name.as_str() {
            "from" | "reply-to" => Role::Sender.as_str(),
            "to" | "cc" | "bcc" => Role::Recipient.as_str(),
            _ => Role::Other.as_str(),
        },
        (_, Some(verdict)) => verdict.role.as_str(),
        (_, None) => Role::Own.as_str(),
    }
}

/// The findings of a column, what it is as a whole first, then by number.
fn findings(
    patterns: &Patterns,
    column: &mut ColumnCount,
    verdict: Option<&Verdict>,
    totals: &mut BTreeMap<Kind, Total>,
) -> Vec<Finding> {
    let whole = verdict.and_then(|verdict| verdict.whole.as_ref());
    let values = column.tally.values;
    let found = std::mem::take(&mut column.found);
    let mut findings: Vec<(bool, Finding)> = found
        .into_iter()
        .map(|((kind, part), mut found)| {
            let gone = matches!(part, Part::Masked | Part::Ruined);
            let whole = whole.filter(|whole| {
                whole.kind == kind && (whole.part == part || whole.tells_masked && gone)
            });
            let (confidence, evidence) = match whole {
                Some(whole) => (whole.confidence, whole.evidence.clone()),
                None => (
                    found.confidence,
                    embedded_evidence(patterns, kind, &found, values),
                ),
            };
            let distinct = found.distinct.len();
            let mut samples = found.first_samples();
            if patterns.kinds()[kind.0 as usize].is_secret() && !samples.is_empty() {
                samples = vec![Masked::secret()];
            }
            let networks = found.networks.into_iter().collect();
            totals
                .entry(kind)
                .or_default()
                .distinct
                .merge(found.distinct);
            let kind = patterns.kinds()[kind.0 as usize].name.clone();
            let part = Part::as_str(part);
            (
                whole.is_none(),
                Finding {
                    kind,
                    part,
                    matches: found.matches,
                    distinct,
                    networks,
                    confidence,
                    evidence,
                    samples,
                },
            )
        })
        .collect();
    findings.sort_by(|(a_in, a), (b_in, b)| {
        (a_in, b.matches, &a.kind, a.part).cmp(&(b_in, a.matches, &b.kind, b.part))
    });
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// Why something inside longer values is said to be of a kind.
fn embedded_evidence(patterns: &Patterns, kind: Kind, found: &Found, values: u64) -> Vec<Evidence> {
    let share = found.matches as f64 / values.max(found.matches).max(1) as f64;
    vec![Evidence::Pattern {
        id: patterns.kinds()[kind.0 as usize].name.clone(),
        share,
    }]
}

/// The people. `persons` are all of them, whichever kinds the user asked for: who is one person does not depend on that.
fn subjects(patterns: &Patterns, options: &Options, resolution: &Resolution) -> Subjects {
    let asked = options.kinds.unwrap_or(KindSet(u128::MAX));
    let mut by_set: BTreeMap<KindSet, [u64; 3]> = BTreeMap::new();
    for (found, numbers) in &resolution.by_kinds {
        let sums = by_set.entry(KindSet(found.0 & asked.0)).or_default();
        sums.iter_mut().zip(numbers).for_each(|(sum, n)| *sum += n);
    }
    let mut with_asked = [0; 3];
    if options.kinds.is_some() {
        by_set.remove(&KindSet::default());
        for numbers in by_set.values() {
            (0..3).for_each(|level| with_asked[level] += numbers[level]);
        }
    }
    let names = |kinds: KindSet| {
        kinds
            .iter()
            .map(|kind| patterns.kinds()[kind.0 as usize].name.clone())
            .collect::<Vec<_>>()
    };
    let mut by_kinds: Vec<_> = by_set
        .into_iter()
        .map(|(kinds, numbers)| (names(kinds), Headcount::of(numbers)))
        .collect();
    most_first(&mut by_kinds);
    let mut by_role = resolution.by_role.clone();
    by_role.sort_by_key(|(_, persons)| Reverse(persons.best));
    let of_place = |places: &[(Region, Headcount)]| {
        let mut places = places.to_vec();
        most_first(&mut places);
        places
    };
    let own = (!options.own_domains.is_empty()).then(|| Own {
        domains: options.own_domains.clone(),
        persons: resolution.own,
    });
    Subjects {
        records: resolution.records,
        rows: resolution.rows,
        households: resolution.households,
        organisations: resolution.organisations,
        parents: resolution.parents,
        unweighed: !resolution.weighed,
        sampled: resolution.sampled.map(|sampled| Sampled {
            records: sampled.records,
            merged: sampled.merged,
            error: sampled.error,
        }),
        persons: resolution.persons,
        conflicts: resolution.conflicts,
        anybody: resolution.anybody,
        asked: options.kinds.map(|_| Headcount::of(with_asked)),
        answers: answers(options),
        largest: resolution.largest.clone(),
        hubs: resolution.hubs.clone(),
        refused: resolution.refused.clone(),
        own,
        by_kinds,
        by_role: by_role
            .into_iter()
            .map(|(role, persons)| (role.as_str(), persons))
            .collect(),
        by_country: of_place(&resolution.by_country),
        nowhere: resolution.nowhere,
        by_region: of_place(&resolution.by_region),
    }
}

fn answers(options: &Options) -> Option<Answers> {
    let count = |answer| options.answers.count(answer);
    (!options.answers.is_empty()).then(|| Answers {
        yes: count(Answer::Yes),
        no: count(Answer::No),
        unknown: count(Answer::Unknown),
    })
}

fn most_first<T: Ord>(parts: &mut [(T, Headcount)]) {
    parts.sort_by(|a, b| b.1.best.cmp(&a.1.best).then_with(|| a.0.cmp(&b.0)));
}
