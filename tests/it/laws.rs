//! Properties of the count that hold for any population: they are checked through the binary on generated lists.

use proptest::prelude::*;
use serde_json::Value;

use crate::people::{self, Person, Rng};
use crate::plant::{member_fields, user_fields};
use crate::run::{self, items, number};
use crate::sheet::{Sheet, plain};

/// Scans files and gives the report.
fn scan(files: &[(&str, String)]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the file can be written");
    }
    run::report(folder.path(), &["."])
}

fn members(people: &[Person]) -> String {
    Sheet::of("members", member_fields(), people).csv()
}

fn users(people: &[Person]) -> String {
    Sheet::of("users", user_fields(), people).json_lines()
}

fn best(report: &Value) -> u64 {
    number(report, &["subjects", "persons", "best"])
}

/// Who is found, apart from how often: rows, households and people.
fn who(report: &Value) -> [Value; 4] {
    ["rows", "households", "organisations", "persons"].map(|name| report["subjects"][name].clone())
}

/// Few cases, because each runs the binary; more on request.
fn config() -> ProptestConfig {
    let cases = if run::slow() { 100 } else { 6 };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_file_under_two_names_is_the_same_rows_and_people(seed in 1u64..80, n in 1usize..60) {
        let list = members(&people::population(seed, n));
        let once = scan(&[("a.csv", list.clone())]);
        let twice = scan(&[("a.csv", list.clone()), ("copy of a.csv", list)]);
        prop_assert_eq!(who(&once), who(&twice));
        prop_assert_eq!(best(&once), n as u64);
    }

    #[test]
    fn disjoint_populations_add(seed in 1u64..79, n in 1usize..40, m in 1usize..40) {
        let (a, b) = (people::population(seed, n), people::population(seed + 1, m));
        let both = scan(&[("a.csv", members(&a)), ("b.jsonl", users(&b))]);
        prop_assert_eq!(best(&both), best(&scan(&[("a.csv", members(&a))])) + best(&scan(&[("b.jsonl", users(&b))])));
    }

    #[test]
    fn overlapping_populations_are_counted_once(seed in 1u64..80, n in 3usize..60) {
        let people = people::population(seed, n);
        let (front, back) = (&people[..n * 2 / 3], &people[n / 3..]);
        prop_assert_eq!(best(&scan(&[("a.csv", members(front)), ("b.jsonl", users(back))])), n as u64);
    }

    #[test]
    fn the_order_of_rows_is_nothing(seed in 1u64..80, n in 2usize..60) {
        let mut people = people::population(seed, n);
        let straight = scan(&[("a.jsonl", users(&people))]);
        Rng::new(seed).shuffle(&mut people);
        let shuffled = scan(&[("a.jsonl", users(&people))]);
        prop_assert_eq!(who(&straight), who(&shuffled));
    }

    #[test]
    fn cutting_a_list_into_files_is_nothing(seed in 1u64..80, n in 20usize..60, at in 5usize..15) {
        let people = people::population(seed, n);
        let whole = scan(&[("a.csv", members(&people))]);
        let cut = scan(&[("a.csv", members(&people[..at])), ("b.csv", members(&people[at..]))]);
        prop_assert_eq!(who(&whole), who(&cut));
    }

    #[test]
    fn renaming_customer_numbers_is_nothing(seed in 1u64..80, n in 1usize..60) {
        let people = people::population(seed, n);
        let mut renamed = member_fields();
        renamed[0] = plain("会員番号", |r| format!("X-{:08}", r.n * 7_919 + 13));
        let before = scan(&[("a.csv", members(&people))]);
        let after = scan(&[("a.csv", Sheet::of("members", renamed, &people).csv())]);
        prop_assert_eq!(who(&before), who(&after));
    }
}

/// Every `{min, best, max}` in a value, with its path.
fn headcounts(value: &Value, at: String, found: &mut Vec<(String, [u64; 3])>) {
    if let Value::Object(members) = value {
        if let (Some(min), Some(best), Some(max)) =
            (members.get("min"), members.get("best"), members.get("max"))
        {
            let numbers = [min, best, max].map(|n| {
                n.as_u64()
                    .unwrap_or_else(|| panic!("{at}: {n} is no count"))
            });
            found.push((at.clone(), numbers));
        }
        for (name, member) in members {
            headcounts(member, format!("{at}/{name}"), found);
        }
    } else if let Value::Array(values) = value {
        for (i, value) in values.iter().enumerate() {
            headcounts(value, format!("{at}/{i}"), found);
        }
    }
}

#[test]
fn bounds_are_in_order_and_parts_do_not_exceed_the_whole() {
    for (name, folder) in run::folders() {
        let report = run::report(&folder, &["input"]);
        let mut found = Vec::new();
        headcounts(&report, String::new(), &mut found);
        assert!(!found.is_empty(), "{name} has no headcount");
        for (at, [min, best, max]) in &found {
            assert!(min <= best && best <= max, "{name}{at}: {min} {best} {max}");
        }
        let subjects = &report["subjects"];
        let (records, rows) = (number(subjects, &["records"]), number(subjects, &["rows"]));
        assert!(rows <= records, "{name}: {rows} rows of {records} records");
        let sets: u64 = items(subjects, "by_kinds")
            .iter()
            .map(|set| number(set, &["persons", "best"]))
            .sum();
        assert_eq!(
            sets,
            best(&report),
            "{name}: people by kinds are all people"
        );
        for kind in items(&report, "kinds") {
            assert!(
                number(kind, &["distinct"]) <= number(kind, &["matches"]),
                "{name}: {kind}"
            );
            assert!(
                number(kind, &["persons", "best"]) <= best(&report),
                "{name}: {kind}"
            );
        }
        totals(&name, &report);
    }
}

/// Totals are the sums of what they total.
fn totals(name: &str, report: &Value) {
    let coverage = &report["coverage"];
    let sources = items(report, "sources");
    assert_eq!(
        number(coverage, &["sources"]),
        sources.len() as u64,
        "{name}: sources"
    );
    for status in [
        "complete",
        "carved",
        "partial",
        "encrypted",
        "skipped",
        "excluded",
    ] {
        let count = sources
            .iter()
            .filter(|source| source["status"] == status)
            .count() as u64;
        assert_eq!(
            number(coverage, &[status]),
            count,
            "{name}: {status} sources"
        );
    }
    for kind in items(report, "kinds") {
        let tables = items(report, "tables")
            .iter()
            .flat_map(|table| items(table, "columns"))
            .flat_map(|column| items(column, "findings"));
        let sum: u64 = tables
            .filter(|finding| finding["kind"] == kind["kind"])
            .map(|finding| number(finding, &["matches"]))
            .sum();
        assert_eq!(
            number(kind, &["matches"]),
            sum,
            "{name}: {} in all columns",
            kind["kind"]
        );
    }
}
