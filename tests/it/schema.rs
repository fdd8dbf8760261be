//! Reports against their schema.

use std::fs;
use std::path::Path;

use leakscope::report::{Run, json};
use leakscope::scope::{
    Agreement, Answers, Column, Coverage, Evidence, Finding, Headcount, Hub, KindTotal, Large,
    Link, Masked, Own, PairEvidence, Problem, Refusal, Refused, Region, SafeName, Sampled, Scope,
    Status, Subjects, Table, Why,
};
use leakscope::source::Code;
use serde_json::{Value, json};

fn safe(name: &str) -> SafeName {
    SafeName::new(name, &[])
}

fn finding() -> Finding {
    Finding {
        kind: "email".into(),
        part: Some("mobile"),
        matches: 10,
        distinct: 9,
        networks: Vec::new(),
        confidence: 1.0 / 3.0,
        evidence: vec![
            Evidence::Pattern {
                id: "email/1".into(),
                share: 2.0 / 3.0,
            },
            Evidence::Check {
                name: "luhn".into(),
                passed: 9,
                failed: 1,
            },
            Evidence::Header {
                word: "メール".into(),
            },
            Evidence::List {
                name: "family-names".into(),
                share: 1.0,
            },
            Evidence::Context {
                word: "mail".into(),
            },
        ],
        samples: vec![Masked::new("taro@example.jp")],
    }
}

fn table() -> Table {
    let whole = Finding {
        part: None,
        ..finding()
    };
    Table {
        source: safe("dump.zip!/users.csv"),
        name: safe("users"),
        format: "csv",
        encoding: "shift_jis",
        records: 10,
        columns: vec![Column {
            name: safe("メール"),
            index: 3,
            values: 10,
            empty: 0,
            role: "self",
            findings: vec![finding(), whole],
        }],
    }
}

/// Every status.
const STATUSES: [Status; 6] = [
    Status::Complete,
    Status::Partial,
    Status::Skipped,
    Status::Excluded,
    Status::Carved,
    Status::Encrypted,
];

/// People with something in every field.
fn subjects(persons: Headcount) -> Subjects {
    Subjects {
        records: 10,
        rows: 10,
        households: 9,
        organisations: 0,
        parents: 0,
        unweighed: false,
        sampled: Some(Sampled {
            records: 8,
            merged: 2,
            error: 1,
        }),
        persons,
        conflicts: 0,
        by_kinds: vec![(vec!["email".into(), "person-name".into()], persons)],
        anybody: 1,
        asked: Some(persons),
        largest: vec![Large {
            subject: 1,
            records: 5,
            rows: 2,
        }],
        hubs: vec![Hub {
            what: "phone",
            masked: Masked::new("03-1234-5678"),
            persons: 7,
            records: 8,
        }],
        refused: vec![Refused {
            subjects: [1, 2],
            link: Link {
                a: 1,
                b: 2,
                why: Why::Bits(3.25),
                rules: Err(Refusal::Births),
                bits: Some(3.25),
                evidence: vec![PairEvidence {
                    what: "name",
                    agreement: Agreement::Same,
                    bits: Some(9.0),
                }],
            },
        }],
        answers: Some(Answers {
            yes: 3,
            no: 1,
            unknown: 0,
        }),
        own: Some(Own {
            domains: vec!["example.co.jp".into()],
            persons,
        }),
        by_role: vec![("self", persons)],
        by_country: vec![(Region::named("JP").unwrap(), persons)],
        nowhere: persons,
        by_region: vec![(Region::named("JP-13").unwrap(), persons)],
    }
}

/// A result with something in every field.
fn scope() -> Scope {
    let persons = Headcount {
        min: 9,
        best: 9,
        max: 10,
    };
    let source = |status| Coverage {
        source: safe("dump.zip!/users.csv"),
        format: "csv",
        encoding: "shift_jis",
        bytes: 99,
        status,
        records: 10,
        persons,
        reason: (status == Status::Partial).then_some(Code::Truncated),
        at: (status == Status::Partial).then_some(812),
    };
    let problem = |code| Problem {
        source: safe("x.csv"),
        stage: "read",
        code,
        at: Some(812),
        lost: "12 bytes".into(),
    };
    Scope {
        sources: STATUSES.map(source).into(),
        tables: vec![table()],
        kinds: vec![KindTotal {
            kind: "email".into(),
            also: vec!["EMAIL_ADDRESS".into()],
            matches: 10,
            distinct: 9,
            sources: 1,
            persons,
        }],
        subjects: subjects(persons),
        problems: Code::ALL
            .map(problem)
            .into_iter()
            .chain([Problem {
                at: None,
                ..problem(Code::Bug)
            }])
            .collect(),
    }
}

fn report(scope: &Scope) -> Value {
    let run = Run {
        tool: "leakscope 0.1.0".into(),
        patterns: "0123abcd".into(),
        started: "2026-01-02T03:04:05Z".into(),
        seconds: 1.234_567,
        threads: 2,
    };
    let mut out = Vec::new();
    json::write(&mut out, scope, &[], &run).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(json::SCHEMA).unwrap()
}

/// The schema with every object closed, so that a field that is not in it is refused.
fn closed(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties")
            && object.contains_key("required")
            && !object.contains_key("oneOf")
        {
            let choice = object.get("type").is_none();
            if !choice {
                object.insert("additionalProperties".into(), false.into());
            }
        }
        object.values_mut().for_each(closed);
    } else if let Some(array) = schema.as_array_mut() {
        array.iter_mut().for_each(closed);
    }
}

fn faults(schema: &Value, report: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_schema_is_valid() {
    assert!(jsonschema::draft202012::meta::is_valid(&schema()));
}

#[test]
fn reports_fit_the_schema_and_have_no_field_beyond_it() {
    let mut closed_schema = schema();
    closed(&mut closed_schema);
    for scope in [Scope::default(), scope()] {
        assert_eq!(faults(&schema(), &report(&scope)), [""; 0]);
        assert_eq!(faults(&closed_schema, &report(&scope)), [""; 0]);
    }
}

#[test]
fn later_fields_are_allowed_and_missing_ones_are_not() {
    let whole = report(&scope());
    let mut later = whole.clone();
    later["subjects"]["later"] = json!(1);
    later["tables"][0]["columns"][0]["findings"][0]["evidence"][0]["later"] = json!([]);
    assert_eq!(faults(&schema(), &later), [""; 0]);

    let objects = [
        "",
        "/run",
        "/coverage",
        "/sources/0",
        "/tables/0",
        "/tables/0/columns/0",
        "/kinds/0",
        "/subjects",
        "/subjects/persons",
        "/subjects/by_kinds/0",
        "/subjects/own",
        "/subjects/by_role/0",
        "/subjects/by_region/0",
        "/problems/0",
        "/tables/0/columns/0/findings/1",
        "/tables/0/columns/0/findings/0/evidence/0",
        "/tables/0/columns/0/findings/0/evidence/1",
    ];
    for at in objects {
        for field in whole.pointer(at).unwrap().as_object().unwrap().keys() {
            if at == "/subjects" && ["asked", "answers", "own", "sampled"].contains(&field.as_str())
            {
                continue;
            }
            let mut less = whole.clone();
            less.pointer_mut(at)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(field);
            assert!(
                !faults(&schema(), &less).is_empty(),
                "{at}/{field} may be missing"
            );
        }
    }
}

/// The names that other tools rely on, with the values that a result gives them.
#[test]
fn the_contract_holds() {
    let report = report(&scope());
    let has = |at: &str, expected: Value| assert_eq!(report.pointer(at), Some(&expected), "{at}");
    has("/schema", json!("leakscope.report/1"));
    has("/run/tool", json!("leakscope 0.1.0"));
    has("/run/seconds", json!(1.235));
    has(
        "/coverage",
        json!({"sources": 6, "bytes": 0, "complete": 1, "carved": 1, "partial": 1, "encrypted": 1, "skipped": 1, "excluded": 1}),
    );
    has("/sources/0/source", json!("dump.zip!/users.csv"));
    has("/sources/1/status", json!("partial"));
    has("/sources/1/reason", json!("truncated"));
    has("/sources/1/at", json!(812));
    has("/tables/0/columns/0/name", json!("メール"));
    has("/tables/0/columns/0/role", json!("self"));
    has("/tables/0/columns/0/findings/0/confidence", json!(0.33));
    has(
        "/tables/0/columns/0/findings/0/samples",
        json!(["t***@e******.jp"]),
    );
    has(
        "/tables/0/columns/0/findings/0/evidence/0",
        json!({"type": "pattern", "id": "email/1", "share": 0.6667}),
    );
    has(
        "/tables/0/columns/0/findings/0/evidence/2",
        json!({"type": "header", "word": "メール"}),
    );
    has("/kinds/0/persons", json!({"min": 9, "best": 9, "max": 10}));
    has(
        "/subjects/by_kinds/0/kinds",
        json!(["email", "person-name"]),
    );
    has(
        "/problems/4",
        json!({"source": "x.csv", "stage": "read", "code": "bad-encoding", "at": 812, "lost": "12 bytes"}),
    );
}

#[test]
fn golden_reports_fit_the_schema() {
    let Ok(fixtures) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")) else {
        return;
    };
    for folder in fixtures {
        let path = folder.unwrap().path().join("report.json");
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let mut report: Value = serde_json::from_str(&text).unwrap();
        // Golden reports are kept without the part that differs between runs.
        let run = json!({"tool": "", "patterns": "", "started": "2026-01-02T03:04:05Z", "seconds": 0, "threads": 1});
        report.as_object_mut().unwrap().entry("run").or_insert(run);
        assert_eq!(faults(&schema(), &report), [""; 0], "{}", path.display());
    }
}
