//! The patterns prove themselves, and every kind of the documentation is there with examples for and against.

use std::collections::BTreeSet;

use crate::run;

/// The kinds that the main job finds.
const KINDS: [&str; 17] = [
    "age",
    "bank-account",
    "birth-date",
    "credential",
    "email",
    "free-answer",
    "gender",
    "ip-address",
    "jp.my-number",
    "occupation",
    "payment-card",
    "person-name",
    "phone",
    "postal-address",
    "postal-code",
    "registration-time",
    "username",
];

fn root() -> std::path::PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// The pattern files, by kind.
fn files() -> Vec<(String, toml::Table)> {
    let entries =
        std::fs::read_dir(root().join("patterns/kinds")).expect("patterns/kinds is there");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("patterns/kinds can be read").path();
            let text = std::fs::read_to_string(&path).expect("a pattern file is text");
            let name = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            (
                name,
                toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())),
            )
        })
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

#[test]
fn every_example_matches_and_no_counter_example_does() {
    let run = run::run(&root(), &["patterns", "check"]);
    assert_eq!(
        run.status,
        Some(0),
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        run.stderr
    );
}

#[test]
fn the_kinds_of_the_documentation_are_there() {
    let have: BTreeSet<String> = files().into_iter().map(|(name, _)| name).collect();
    let missing: Vec<_> = KINDS.iter().filter(|&&kind| !have.contains(kind)).collect();
    assert!(missing.is_empty(), "no file for {missing:?}");
}

/// The number of strings below members of this name, however deep.
fn strings(value: &toml::Value, name: &str) -> usize {
    match value {
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, value)| match value {
                toml::Value::Array(items) if key == name => items.len(),
                value => strings(value, name),
            })
            .sum(),
        toml::Value::Array(items) => items.iter().map(|item| strings(item, name)).sum(),
        _ => 0,
    }
}

#[test]
fn every_kind_has_examples_and_counter_examples() {
    for (name, table) in files() {
        let value = toml::Value::Table(table);
        for list in ["examples", "counter_examples"] {
            assert!(strings(&value, list) > 0, "{name} has no {list}");
        }
    }
}

#[test]
fn every_file_is_built_in_and_can_be_explained() {
    let list = run::run(&root(), &["patterns", "list"]);
    let told = String::from_utf8_lossy(&list.stdout).into_owned();
    for (name, _) in files() {
        assert!(told.contains(&name), "`patterns list` does not know {name}");
        let explained = run::run(&root(), &["patterns", "explain", &name]);
        assert_eq!(
            explained.status,
            Some(0),
            "`patterns explain {name}`: {}",
            explained.stderr
        );
    }
    assert_eq!(
        run::run(&root(), &["patterns", "explain", "no-such-kind"]).status,
        Some(2)
    );
}
