//! One population, every format: the same people as CSV in every encoding, JSON, SQL dumps and SQLite, bare and inside
//! containers, give the same values of each kind and the same headcount.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::people;
use crate::plant::{member_fields, user_fields};
use crate::run::{self, items, number, text};
use crate::sheet::{Sheet, encode, gzip, zipped, zstandard};

const PEOPLE: usize = 80;

pub(crate) fn population() -> Sheet {
    Sheet::of("users", user_fields(), &people::population(40, PEOPLE))
}

/// Scans one file, given by name and bytes.
pub(crate) fn scan(name: &str, bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join(name), bytes).expect("the file can be written");
    run::report(folder.path(), &[name])
}

/// What must be equal: matches and distinct values of each kind, and the people.
pub(crate) fn essence(report: &Value) -> BTreeMap<String, (u64, u64)> {
    let mut essence: BTreeMap<_, _> = items(report, "kinds")
        .iter()
        .map(|kind| {
            (
                text(kind, "kind").to_string(),
                (number(kind, &["matches"]), number(kind, &["distinct"])),
            )
        })
        .collect();
    let subjects = &report["subjects"];
    essence.insert(
        "persons".into(),
        (
            number(subjects, &["persons", "min"]),
            number(subjects, &["persons", "max"]),
        ),
    );
    essence.insert("best".into(), (number(subjects, &["persons", "best"]), 0));
    essence.insert(
        "rows, households".into(),
        (
            number(subjects, &["rows"]),
            number(subjects, &["households"]),
        ),
    );
    essence
}

/// The essence of the population as plain CSV, which the other formats must have too.
fn usual() -> BTreeMap<String, (u64, u64)> {
    let essence = essence(&scan("users.csv", population().csv().as_bytes()));
    assert_eq!(
        essence["best"],
        (PEOPLE as u64, 0),
        "clean data are counted exactly"
    );
    assert!(
        essence.contains_key("email") && essence.contains_key("person-name"),
        "{essence:?}"
    );
    essence
}

/// Compares files of the population with the plain CSV.
pub(crate) fn check(files: &[(&str, Vec<u8>)]) {
    let usual = usual();
    for (name, bytes) in files {
        let report = scan(name, bytes);
        assert_eq!(essence(&report), usual, "{name}");
        assert_eq!(
            items(&report, "problems").len(),
            0,
            "{name}: {}",
            report["problems"]
        );
    }
}

#[test]
fn delimited_text() {
    let sheet = population();
    check(&[
        ("semicolon.csv", sheet.delimited(';', true, "\n").into()),
        ("pipe.txt", sheet.delimited('|', true, "\n").into()),
        ("tab.tsv", sheet.delimited('\t', true, "\r\n").into()),
        ("no-ending", sheet.csv().into()),
        ("no-last-newline.csv", sheet.csv().trim_end().into()),
    ]);
}

#[test]
fn encodings() {
    let text = population().csv();
    let labels = [
        "utf-8-bom",
        "shift_jis",
        "euc-jp",
        "iso-2022-jp",
        "utf-16le-bom",
        "utf-16be-bom",
        "utf-16le",
    ]
    .map(|label| (label, encode(&text, label)));
    let usual = usual();
    for (label, bytes) in labels {
        let report = scan("users.csv", &bytes);
        assert_eq!(essence(&report), usual, "{label}");
        let told = text_of_encoding(&report);
        assert_eq!(told, label.trim_end_matches("-bom"), "{label}");
    }
}

fn text_of_encoding(report: &Value) -> String {
    text(&items(report, "sources")[0], "encoding").to_lowercase()
}

#[test]
fn json_and_dumps_and_databases() {
    let sheet = population();
    check(&[
        ("users.jsonl", sheet.json_lines().into()),
        ("users.json", sheet.json().into()),
        ("mysql.sql", sheet.mysql().into()),
        ("postgres.sql", sheet.postgres().into()),
        ("sqlite.sql", sheet.sqlite_dump().into()),
        ("server.sql", sheet.sql_server().into()),
        (
            "server-utf16.sql",
            encode(&sheet.sql_server(), "utf-16le-bom"),
        ),
        ("users.db", sheet.sqlite()),
    ]);
}

#[test]
fn containers() {
    let csv: Vec<u8> = population().csv().into();
    let zip = |bytes: &[u8]| zipped(&[("users.csv", bytes.to_vec())]);
    check(&[
        ("users.csv.gz", gzip(&csv, 6)),
        ("users.csv.zst", zstandard(&csv)),
        ("users.zip", zip(&csv)),
        ("users.zip.gz", gzip(&zip(&csv), 1)),
        ("zip-in-zip.zip", zip(&zip(&csv))),
        ("sqlite.db.gz", gzip(&population().sqlite(), 6)),
        (
            "two-members.gz",
            [gzip(&csv[..1_000], 6), gzip(&csv[1_000..], 6)].concat(),
        ),
    ]);
}

#[test]
fn a_container_of_all_formats_holds_the_same_people() {
    let sheet = population();
    let archive = zipped(&[
        ("users.csv", encode(&sheet.csv(), "shift_jis")),
        ("users.jsonl", sheet.json_lines().into()),
        ("dump.sql", sheet.mysql().into()),
        ("users.db", sheet.sqlite()),
    ]);
    let report = scan("all.zip", &archive);
    let usual = usual();
    let all = essence(&report);
    assert_eq!(all["best"], usual["best"]);
    assert_eq!(all["persons"], usual["persons"]);
    assert_eq!(all["email"], (usual["email"].0 * 4, usual["email"].1));
}

#[test]
fn a_mailbox_of_the_people_counts_them() {
    let sheet = Sheet::of("members", member_fields(), &people::population(41, PEOPLE));
    let report = scan("members.mbox", &sheet.mbox());
    let persons = &report["subjects"]["persons"];
    let (least, most) = (number(persons, &["min"]), number(persons, &["max"]));
    assert!(least <= PEOPLE as u64 && PEOPLE as u64 <= most, "{persons}");
    let best = number(persons, &["best"]);
    assert!(best.abs_diff(PEOPLE as u64) <= 4, "{persons}");
}
