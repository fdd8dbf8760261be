//! Whole columns: the exports of common systems, and tables whose columns are masked, ruined, split or named wrongly.
//!
//! `columns/systems.txt` lists the column names of some two dozen systems, `columns/exports.txt` those of tables as offices, schools,
//! clinics and shops write them out, `columns/values.tsv` what stands in them and what must be found, `columns/tables.txt` small tables written out with what must be found in each column.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::run;

const SYSTEMS: &str = include_str!("columns/systems.txt");
const EXPORTS: &str = include_str!("columns/exports.txt");
const VALUES: &str = include_str!("columns/values.tsv");
const TABLES: &str = include_str!("columns/tables.txt");

/// A table as CSV, and what must be found in each of its columns.
struct Table {
    title: String,
    rows: Vec<Vec<String>>,
    expected: Vec<String>,
}

/// What was found in a column: `kind/part:matches`, first what the column is as a whole.
fn found(column: &Value) -> Vec<String> {
    let findings = column["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|finding| {
            let part = finding["part"]
                .as_str()
                .map_or_else(String::new, |part| format!("/{part}"));
            let kind = finding["kind"].as_str().expect("a kind");
            format!("{kind}{part}:{}", finding["matches"])
        })
        .collect()
}

/// Whether what was found is what must be: `-` nothing, `?` anything, else a kind (any part of it), a kind and part, or these with
/// the number of matches; several, split by `|`, are one of them.
fn holds(expected: &str, found: &[String]) -> bool {
    expected.split('|').any(|one| match (one, found.first()) {
        ("?", _) => true,
        ("-", first) => first.is_none(),
        (_, None) => false,
        (one, Some(first)) => {
            let (kind, _) = first.rsplit_once(':').expect("has a number");
            let whole = kind.split('/').next().expect("has a first piece");
            first == one || kind == one || whole == one
        }
    })
}

/// Scans the tables, each a file of its own, and says which columns are not what they must be.
fn check(tables: &[Table]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut names = BTreeMap::new();
    for (at, table) in tables.iter().enumerate() {
        let name = format!("t{at:03}.csv");
        let mut writer = csv::Writer::from_path(folder.path().join(&name)).expect("a file");
        for row in &table.rows {
            writer.write_record(row).expect("a row");
        }
        writer.flush().expect("written");
        names.insert(name, table);
    }
    let report = folder.path().join("report.json");
    let path = report.to_str().expect("a path of letters");
    let arguments = ["scan", ".", "-o", path, "--quiet", "--progress", "never"];
    assert_eq!(run::run(folder.path(), &arguments).status, Some(0));
    let text = std::fs::read_to_string(&report).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let (mut wrong, mut columns) = (String::new(), 0);
    for told in report["tables"].as_array().expect("tables") {
        let source = told["source"].as_str().expect("a source");
        let table = &names[source.rsplit('/').next().expect("a file name")];
        for column in told["columns"].as_array().expect("columns") {
            let at = column["index"].as_u64().expect("an index") as usize;
            let (expected, found) = (&table.expected[at], found(column));
            columns += 1;
            if !holds(expected, &found) {
                let (title, name) = (&table.title, &column["name"]);
                let _ = writeln!(wrong, "{title}, {name}: {expected} wanted, {found:?} found");
            }
        }
    }
    let all: usize = tables.iter().map(|table| table.expected.len()).sum();
    assert_eq!(columns, all, "columns that are reported");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The tables of a list of column names, ten rows each: `name = values`, then ` ! ` and what must be found if not what the values are; a table
/// `headerless` has no row of names.
fn listed(names: &'static str) -> Vec<Table> {
    let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty());
    let values: BTreeMap<&str, (&str, Vec<&str>)> = lines(VALUES)
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut cells = line.split('\t');
            let mut next = || cells.next().expect("three cells");
            (next(), (next(), next().split('|').collect()))
        })
        .collect();
    let mut tables: Vec<Table> = Vec::new();
    for line in lines(names).filter(|line| !line.starts_with("## ")) {
        if let Some(title) = line.strip_prefix("# ") {
            tables.push(Table {
                title: title.to_owned(),
                rows: vec![Vec::new(); if title.contains("headerless") { 10 } else { 11 }],
                expected: Vec::new(),
            });
            continue;
        }
        let (name, token) = line.rsplit_once("= ").expect("name = token");
        let (token, other) = token.split_once(" ! ").unwrap_or((token, ""));
        let (expected, cells) = &values[token];
        let expected = if other.is_empty() { expected } else { other };
        let table = tables.last_mut().expect("a title before its columns");
        table.expected.push(expected.to_owned());
        let first = table.rows.len() - 10;
        let (names, rows) = table.rows.split_at_mut(first);
        if let [names] = names {
            names.push(name.trim_end().to_owned());
        }
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push((*cell).to_owned());
        }
    }
    tables
}

#[test]
fn the_exports_of_common_systems_are_read() {
    check(&listed(SYSTEMS));
}

#[test]
fn the_tables_of_offices_schools_clinics_and_shops_are_read() {
    check(&listed(EXPORTS));
}

#[test]
fn masked_ruined_split_and_misnamed_columns() {
    let cells = |line: &str| -> Vec<String> {
        let cells = line.split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let mut tables = Vec::new();
    for block in TABLES.trim().split("\n\n") {
        let mut table = Table {
            title: String::new(),
            rows: Vec::new(),
            expected: Vec::new(),
        };
        for line in block.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                table.title = title.to_owned();
            } else if let Some(expected) = line.strip_prefix("> ") {
                table.expected = cells(expected);
            } else {
                table.rows.push(cells(line));
            }
        }
        tables.push(table);
    }
    check(&tables);
}

const JAPANESE: &str = include_str!("columns/japanese.tsv");

/// Name of a column of a kind, and a sentence that holds its value.
fn asked(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "person-name" => ("氏名", "担当の{}です。"),
        "postal-address" => ("住所", "お届け先は{}でお願いします。"),
        "postal-code" => ("郵便番号", "郵便番号は{}です。"),
        "phone" => ("電話番号", "電話は{}までお願いします。"),
        "birth-date" => ("生年月日", "生年月日は{}です。"),
        "jp.my-number" => ("マイナンバー", "マイナンバーは{}です。"),
        "jp.driver-licence" => ("運転免許証番号", "運転免許証番号は{}です。"),
        "passport" => ("旅券番号", "旅券番号は{}です。"),
        "jp.residence-card" => ("在留カード番号", "在留カード番号は{}です。"),
        "jp.pension" => ("基礎年金番号", "基礎年金番号は{}です。"),
        "jp.health-insurance" => ("被保険者証記号番号", "保険証の記号・番号は{}です。"),
        "jp.employment-insurance" => ("雇用保険被保険者番号", "雇用保険被保険者番号は{}です。"),
        "bank-account" => ("口座番号", "口座番号は{}です。"),
        kind => panic!("{kind} has no column here"),
    }
}

#[test]
fn japanese_values_in_many_writings() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: Vec<Vec<&str>> = JAPANESE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    for (at, row) in rows.iter().enumerate() {
        let (column, sentence) = asked(row[0]);
        let path = folder.path().join(format!("c{at:03}.csv"));
        let mut writer = csv::Writer::from_path(path).expect("a file");
        for record in [
            ["会員ID", "メール", column],
            ["10001", "taro@example.jp", row[1]],
            ["10002", "hana@example.jp", row[1]],
        ] {
            writer.write_record(record).expect("a row");
        }
        writer.flush().expect("written");
        let said = sentence.replace("{}", row[1]);
        let text = format!("お世話になっております。\n{said}\nよろしくお願いいたします。\n");
        std::fs::write(folder.path().join(format!("t{at:03}.txt")), text).expect("written");
    }
    let findings = folder.path().join("findings.jsonl");
    let path = findings.to_str().expect("a path of letters");
    let arguments = [
        "scan",
        ".",
        "--findings",
        path,
        "--quiet",
        "--progress",
        "never",
    ];
    assert_eq!(run::run(folder.path(), &arguments).status, Some(0));
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in std::fs::read_to_string(&findings)
        .expect("findings")
        .lines()
    {
        let finding: Value = serde_json::from_str(line).expect("JSON");
        let source = finding["source"].as_str().expect("a source");
        let name = source.rsplit('/').next().expect("a file name").to_owned();
        found.entry(name).or_default().push(finding);
    }
    let mut wrong = String::new();
    for (at, row) in rows.iter().enumerate() {
        let (kind, value) = (row[0], row[1]);
        let none = Vec::new();
        let has = |name: String, column: Option<u64>| {
            let findings = found.get(&name).unwrap_or(&none);
            let mut of_column = findings
                .iter()
                .filter(|finding| finding["column_index"].as_u64() == column);
            of_column.any(|finding| {
                let why = finding["evidence"].as_array().expect("evidence");
                finding["kind"] == kind && !why.is_empty()
            })
        };
        if !has(format!("c{at:03}.csv"), Some(2)) {
            let _ = writeln!(wrong, "{kind} {value}: not in a column");
        }
        if row[2] == "both" && !has(format!("t{at:03}.txt"), None) {
            let _ = writeln!(wrong, "{kind} {value}: not in a sentence");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_cell_says_of_health_is_said_of_the_rows_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = String::from("氏名,電話番号,備考\n");
    for at in 0..12 {
        let note = ["喘息で通院中", "喘息なし", "電話は夕方以降"][at % 3];
        let name = ["佐藤花子", "鈴木一郎", "高橋健太"][at % 3];
        writeln!(table, "{name},03-5550-{:04},{note}", 1000 + at).expect("written");
    }
    std::fs::write(folder.path().join("members.csv"), table).expect("a file");
    let report = run::report(folder.path(), &["scan", "."]);
    let health = run::items(&report, "kinds")
        .iter()
        .find(|kind| kind["kind"] == "special.health")
        .expect("found");
    assert_eq!(health["matches"], 4);
    assert_eq!(health["persons"]["max"], 4);
}
