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

const MEMBER: &str = "title = { en = \"Member number\", ja = \"会員証番号\" }
columns = [\"member code\", \"会員証コード\"]
key = \"strong\"
normal = \"digits\"
source = \"The shop\"
description = \"SM and four digits.\"
limits = \"None.\"

[[pattern]]
regex = '^SM\\d{4}$'
needs = \"column-or-context\"
keywords = [\"member\", \"会員証\"]
examples = ['SM1234']
counter_examples = ['SM123']

[[pattern]]
regex = '^77\\d{14}$'
check = \"luhn\"
examples = ['7700000000120079']
counter_examples = ['7700000000120070']
";

/// A folder with a pattern file of the user's own and data for it.
fn shop(rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    std::fs::create_dir(folder.path().join("rules")).expect("a folder");
    write("rules/shop.member.toml", rules);
    write(
        "users.csv",
        "id,email,Member Code\n1,a@example.com,SM1234\n2,b@example.com,SM2345\n3,c@example.com,SM3456\n",
    );
    write(
        "cards.csv",
        "id,email,no\n1,a@example.com,7700000000120079\n2,b@example.com,7700000000120070\n",
    );
    write(
        "note.txt",
        "Your member number is SM1234.\nSpare parts that many shops ordered last week, SM9999 among them, are sold out.\nSee 7700000000120079 too.\n",
    );
    folder
}

#[test]
fn rules_of_the_users_own_work_like_built_in_ones() {
    let folder = shop(MEMBER);
    let arguments = [
        "scan",
        "users.csv",
        "cards.csv",
        "note.txt",
        "--patterns",
        "rules",
        "--kinds",
        "shop.member",
        "--findings",
        "found.jsonl",
        "--quiet",
        "--progress",
        "never",
    ];
    let run = run::run(folder.path(), &arguments);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    let found = std::fs::read_to_string(folder.path().join("found.jsonl")).expect("findings");
    let told: Vec<String> = found
        .lines()
        .map(|line| {
            let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(finding["kind"], "shop.member");
            format!(
                "{} {} {}",
                finding["source"].as_str().unwrap(),
                finding["record"],
                finding["evidence"]
            )
        })
        .collect();
    let header = r#"[{"type":"header","word":"membercode"}]"#;
    let rule =
        |number: u8| format!(r#"[{{"id":"shop.member/{number}","share":1.0,"type":"pattern"}}]"#);
    let mut expected = vec![format!("cards.csv 0 {}", rule(2))];
    expected.extend([
        format!("note.txt 0 {}", rule(1)),
        format!("note.txt 2 {}", rule(2)),
    ]);
    expected.extend((0..3).map(|record| format!("users.csv {record} {header}")));
    let mut told = told;
    told.sort();
    assert_eq!(told, expected);
    let list = run::run(folder.path(), &["patterns", "list", "--patterns", "rules"]);
    assert!(String::from_utf8_lossy(&list.stdout).contains("shop.member"));
    let explained = run::run(
        folder.path(),
        &["patterns", "explain", "shop.member", "--patterns", "rules"],
    );
    assert!(String::from_utf8_lossy(&explained.stdout).contains("SM and four digits."));
}

#[test]
fn rules_whose_examples_do_not_hold_are_refused_with_line_and_reason() {
    let check = |rules: &str, place: &str| {
        let folder = shop(rules);
        let run = run::run(folder.path(), &["scan", "note.txt", "--patterns", "rules"]);
        assert_eq!(run.status, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(place), "{place}: {}", run.stderr);
    };
    check(
        &MEMBER.replace("'SM1234'", "'SM12345'"),
        "shop.member.toml:9: ",
    );
    check(
        &MEMBER.replace("'SM123'", "'SM1235'"),
        "shop.member.toml:9: ",
    );
    check(
        &MEMBER.replace("check = \"luhn\"", "check = \"nun\""),
        "shop.member.toml:18: unknown check `nun`",
    );
    check(
        &MEMBER.replace("'^SM\\d{4}$'", "'^SM(\\d{4}$'"),
        "shop.member.toml:",
    );
    check(
        &MEMBER.replace("key = \"strong\"", "key = \"very\""),
        "shop.member.toml:3: unknown key strength",
    );
    check("title = 1", "shop.member.toml:1: ");
}
