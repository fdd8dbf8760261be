//! Three numbers and why: breakdowns of the people.

use super::cli::leakscope;
use super::run::{fixtures, items, number, report, text};

/// The people of a breakdown's entry.
fn people_of(list: &[serde_json::Value], name: &str, value: &str) -> u64 {
    let entry = list.iter().find(|entry| text(entry, name) == value);
    entry.map_or(0, |entry| number(entry, &["persons", "best"]))
}

#[test]
fn who_is_one_person_does_not_depend_on_the_kinds_asked_for() {
    let shop = fixtures().join("farm-shop");
    let whole = report(&shop, &["input"]);
    for kind in ["email", "birth-date", "person-name"] {
        let some = report(&shop, &["input", "--kinds", kind]);
        let (all, some) = (&whole["subjects"], &some["subjects"]);
        for member in ["persons", "households", "rows", "by_role", "by_region"] {
            assert_eq!(all[member], some[member], "--kinds {kind}: {member}");
        }
        let mut kinds = items(&whole, "kinds").iter();
        let of_kind = kinds.find(|total| text(total, "kind") == kind).unwrap();
        assert_eq!(some["asked"], of_kind["persons"], "--kinds {kind}");
    }
    assert!(whole["subjects"].get("asked").is_none());
}

#[test]
fn gift_orders_are_broken_down_by_role_and_prefecture() {
    let report = report(&fixtures().join("csv-gift-orders"), &["input"]);
    let subjects = &report["subjects"];
    let (roles, regions) = (items(subjects, "by_role"), items(subjects, "by_region"));
    let all = number(subjects, &["persons", "best"]);
    let (orderers, recipients) = (
        people_of(roles, "role", "orderer"),
        people_of(roles, "role", "recipient"),
    );
    assert!(0 < orderers && orderers < all, "{orderers} of {all}");
    assert!(orderers + recipients >= all, "{orderers} + {recipients}");
    let living: u64 = regions
        .iter()
        .map(|r| number(r, &["persons", "best"]))
        .sum();
    assert!(living >= all * 9 / 10, "{living} of {all}");
    assert!(
        regions
            .iter()
            .all(|region| text(region, "region").starts_with("JP-"))
    );
    let source = &items(&report, "sources")[0];
    assert_eq!(number(source, &["persons", "best"]), all);
}

#[test]
fn own_people_are_counted_by_themselves() {
    let input = fixtures().join("farm-shop/input");
    let run = |domain: &str| {
        let mut command = leakscope();
        command
            .arg("scan")
            .arg(&input)
            .args(["--json", "--own-domain", domain]);
        let output = command.output().unwrap();
        (output.status.code(), output)
    };
    let (code, output) = run("@Example.com");
    assert_eq!(code, Some(0));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let own = &report["subjects"]["own"];
    assert_eq!(own["domains"], serde_json::json!(["example.com"]));
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(
        summary.contains("your own people (example.com)"),
        "{summary}"
    );
    let (code, output) = run("nonsense");
    assert_eq!(code, Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("a mail domain is needed")
    );
}
