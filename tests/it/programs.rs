//! Files that other programs wrote hold the same people as the table they were made of; `tests/programs/README.md` tells how.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{self, items, text};

const PASSWORD: &str = "Kuma-2026";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The files, by name, but for what tells of them.
fn files() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("an entry can be read").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("a name is UTF-8"))
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    names
}

fn scan(name: &str, password: &str) -> Value {
    let arguments = ["scan", "--json", "--password", password, name];
    let run = run::run(&folder(), &arguments);
    serde_json::from_slice(&run.stdout).expect("the report is JSON")
}

/// People, and distinct values of each kind.
fn essence(report: &Value) -> (Value, Vec<(String, Value)>) {
    let kinds = items(report, "kinds").iter();
    let kinds = kinds.map(|kind| (text(kind, "kind").to_owned(), kind["distinct"].clone()));
    (report["subjects"]["persons"].clone(), kinds.collect())
}

/// The files that fuzzing begins with: those that open fast.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let fast = |name: &String| !name.contains("agile") && !name.contains("locked-names");
    let path = |name: String| folder().join(name);
    let names = files().into_iter().filter(fast).map(path);
    let read = |path: PathBuf| std::fs::read(path).expect("the file can be read");
    names.filter(|path| path.is_file()).map(read).collect()
}

/// The rows of a table of MariaDB, and the definition that stands beside them.
pub(crate) fn tablespace() -> Vec<u8> {
    std::fs::read(folder().join("mariadb/members.ibd")).expect("the file can be read")
}

pub(crate) fn definition() -> Vec<u8> {
    std::fs::read(folder().join("mariadb/members.frm")).expect("the file can be read")
}

#[test]
fn every_program_wrote_the_same_people() {
    let expected = essence(&scan("members.csv", PASSWORD));
    assert_eq!(expected.0["best"], 8);
    assert_eq!(expected.1.len(), 5);
    for name in files() {
        let report = scan(&name, PASSWORD);
        assert_eq!(essence(&report), expected, "{name}");
        // What signs a message is searched for text only, and that is said.
        let problems = items(&report, "problems").iter();
        let other = |problem: &&Value| !text(problem, "source").ends_with("certificates.der");
        let problems: Vec<&Value> = problems.filter(other).collect();
        assert!(problems.is_empty(), "{name}: {problems:?}");
    }
}

#[test]
fn another_password_opens_nothing() {
    let locked: Vec<String> = files()
        .into_iter()
        .filter(|name| {
            ["locked", "aes", "agile"]
                .iter()
                .any(|word| name.contains(word))
        })
        .collect();
    assert_eq!(locked.len(), 6, "{locked:?}");
    for name in locked {
        let report = scan(&name, "Kuma-2025");
        assert_eq!(report["subjects"]["persons"]["max"], 0, "{name}");
        let codes = items(&report, "problems").iter();
        let codes: Vec<&str> = codes.map(|problem| text(problem, "code")).collect();
        assert_eq!(codes, ["encrypted"], "{name}");
    }
}
