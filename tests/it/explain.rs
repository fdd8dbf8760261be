//! Three numbers and why: breakdowns of the people, and what makes records one person.

use super::cli::{Folder, leakscope};
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

/// One person in three writings, and her sister at the same address.
const SISTERS: &str = "\
氏名,メールアドレス,電話番号,住所
佐藤 美咲,misaki.sato@example.com,090-1111-2201,東京都千代田区千代田1-1
佐藤美咲,misaki.sato@example.com,090-3333-4401,東京都千代田区千代田1-1
佐藤　美咲,m.sato@example.net,090-3333-4401,大阪府大阪市北区梅田2-2
佐藤 由美,yumi.sato@example.org,090-5555-6601,東京都千代田区千代田1-1
鈴木 健太,kenta.suzuki@example.com,090-1111-2202,北海道札幌市中央区大通3-3
";

#[test]
fn a_person_is_explained_without_values() {
    let folder = Folder::with(&[("members.csv", SISTERS.as_bytes())]);
    let explain = |subject: &str, lang: &str| {
        let mut command = leakscope();
        command
            .current_dir(folder.path(""))
            .args(["explain", "members.csv"]);
        command.args(["--subject", subject, "--lang", lang]);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let english = explain("1", "en");
    for told in [
        "Subject 1: 3 records, 3 of them distinct",
        "members.csv: members, record 0 from 0, self",
        "[1] = [2]",
        "equal e-mail",
        "same: name",
        "differ: ",
    ] {
        let flipped = told.replace("[1] = [2]", "[2] = [1]");
        assert!(
            english.contains(told) || english.contains(&flipped),
            "{told}\n{english}"
        );
    }
    let japanese = explain("1", "ja");
    assert!(japanese.contains("同一人とした根拠"), "{japanese}");
    for text in [&english, &japanese] {
        for value in ["misaki.sato", "11112201", "美咲", "千代田"] {
            assert!(!text.contains(value), "{value}\n{text}");
        }
    }
    assert!(explain("2", "en").contains("There is one record only."));
}

#[test]
fn a_report_tells_what_to_explain() {
    let folder = Folder::with(&[("members.csv", SISTERS.as_bytes())]);
    let run = |args: &[&str]| {
        let mut command = leakscope();
        let output = command
            .current_dir(folder.path(""))
            .args(args)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            stderr,
        )
    };
    run(&["scan", "members.csv", "-q", "-o", "report.json"]);
    let from_path = run(&["explain", "members.csv", "--subject", "3"]);
    let from_report = run(&["explain", "report.json", "--subject", "3"]);
    assert_eq!(from_path, from_report);
    assert_eq!(from_report.0, Some(0));
    let (code, _, stderr) = run(&["explain", "report.json", "--subject", "99"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("no subject 99"), "{stderr}");
    std::fs::rename(folder.path("members.csv"), folder.path("moved.csv")).unwrap();
    let (code, _, stderr) = run(&["explain", "report.json", "--subject", "1"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("1 of the 1 files"), "{stderr}");
}

#[test]
fn an_explanation_is_the_same_at_any_number_of_threads() {
    let input = fixtures().join("farm-shop/input");
    let run = |threads: &str| {
        let mut command = leakscope();
        command
            .arg("explain")
            .arg(&input)
            .args(["--subject", "7", "-j", threads]);
        command.output().unwrap().stdout
    };
    let one = run("1");
    assert!(!one.is_empty());
    assert!(one == run("3"));
}
