//! Doubtful pairs: written for the user to answer, read back, and the numbers move accordingly.

use serde_json::Value;

use super::cli::{Folder, leakscope};
use super::run::number;

/// A My Number: eleven digits and their check digit.
fn my_number(at: usize) -> String {
    let body = format!("{:011}", 10_203_040_506 + at * 7_919);
    let weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let digits = body.bytes().map(|byte| usize::from(byte - b'0'));
    let sum: usize = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let rest = sum % 11;
    format!("{body}{}", if rest <= 1 { 0 } else { 11 - rest })
}

/// Two who share name and postal code and are reached in different ways; a garbled date; a father and a son of one name; two of one
/// name and address with two numbers; and people beside.
fn members() -> String {
    let mut csv = String::from("氏名,生年月日,メールアドレス,電話番号,郵便番号,住所,個人番号\n");
    csv.push_str(concat!(
        "田中 一郎,1971-03-04,,,100-0001,,\n",
        "田中 一郎,,ichiro.tanaka@example.com,,100-0001,,\n",
        "田中 一郎,,,090-1111-2233,100-0001,東京都千代田区千代田1-1,\n",
        "鈴木 花子,1980-05-06,hanako.s@example.net,,150-0002,,\n",
        "鈴木 花子,1980-05-16,,,150-0002,東京都渋谷区渋谷2-3-4,\n",
        "高橋 健,1950-01-02,ken@example.org,,530-0001,大阪府大阪市北区梅田1-1-1,\n",
        "高橋 健,1985-09-10,ken@example.org,,530-0001,大阪府大阪市北区梅田1-1-1,\n",
    ));
    for at in [100, 101] {
        let number = my_number(at);
        csv.push_str(&format!(
            "伊藤 翔,,,,460-0008,愛知県名古屋市中区栄3-2-1,{number}\n"
        ));
    }
    for at in 0..60 {
        csv.push_str(&format!(
            "山{0}本 {1}子,19{2:02}-0{3}-1{3},user{at}@example.com,080-0000-{at:04},0{2:02}-00{2:02},埼玉県川越市{4}-{3},{5}\n",
            ["下", "田", "川", "口", "崎"][at % 5],
            ["由", "恵", "和", "幸", "久", "京", "千", "美", "文", "孝", "節", "昌"][at / 5],
            at + 30,
            at % 9 + 1,
            at + 1,
            my_number(at),
        ));
    }
    csv
}

struct Ran {
    code: Option<i32>,
    persons: [u64; 3],
    report: Value,
    stderr: String,
}

fn scan(folder: &Folder, flags: &[&str]) -> Ran {
    let mut command = leakscope();
    command.current_dir(folder.path(""));
    command
        .args(["scan", "members.csv", "--json", "--lang", "en"])
        .args(flags);
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let person = |name| match output.stdout.is_empty() {
        true => 0,
        false => number(&report, &["subjects", "persons", name]),
    };
    Ran {
        code: output.status.code(),
        persons: ["min", "best", "max"].map(person),
        stderr: String::from_utf8(output.stderr).unwrap(),
        report,
    }
}

/// The lines of a file of questions, by the names of its columns.
fn questions(text: &str) -> Vec<Vec<String>> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let rows = csv
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

/// The file with every pair of these ways of counting answered so.
fn answered(text: &str, answer: impl Fn(&str) -> &'static str) -> String {
    let (heading, _) = text.split_once('\n').unwrap();
    let mut out = format!("{heading}\n");
    for row in questions(text) {
        out.push_str(&format!("{},{}\n", row[0], answer(&row[2])));
    }
    out
}

fn asked() -> (Folder, String, [u64; 3]) {
    let folder = Folder::with(&[("members.csv", members().as_bytes())]);
    let ran = scan(&folder, &["--review", "doubtful.csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let text = std::fs::read_to_string(folder.path("doubtful.csv")).unwrap();
    (folder, text, ran.persons)
}

#[test]
fn the_questions_tell_where_and_why_and_no_value() {
    let (_folder, text, [min, best, max]) = asked();
    assert!(min <= best && best < max, "{min} {best} {max}\n{text}");
    let rows = questions(&text);
    assert!(rows.iter().any(|row| row[2] == "joined"), "{text}");
    let refused = rows.iter().find(|row| row[2] == "refused");
    let refused = refused.unwrap_or_else(|| panic!("two numbers are no question\n{text}"));
    assert!(
        refused[4].ends_with("numbers that one person has one of differ"),
        "{text}"
    );
    let bits: Vec<f64> = rows.iter().map(|row| row[3].parse().unwrap()).collect();
    assert!(bits.is_sorted_by(|a, b| a >= b), "{text}");
    for row in &rows {
        assert!(
            row[1].is_empty() && row[8] == "members.csv" && row[12] == "members.csv",
            "{text}"
        );
        assert!(
            row[10].parse::<u64>().is_ok() && row[10] != row[14],
            "{text}"
        );
        assert!(!row[5].is_empty(), "what agrees is told\n{text}");
    }
    for value in [
        "田中",
        "ichiro",
        "1111",
        "1971",
        "10203",
        "千代田",
        "example",
    ] {
        assert!(!text.contains(value), "{value}\n{text}");
    }
}

#[test]
fn a_yes_lowers_the_upper_bound_and_a_no_raises_the_lower() {
    let (folder, text, [min, best, max]) = asked();
    let apply = |answer: fn(&str) -> &'static str| {
        std::fs::write(folder.path("answers.csv"), answered(&text, answer)).unwrap();
        let ran = scan(
            &folder,
            &["--answers", "answers.csv", "--review", "again.csv"],
        );
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let again = std::fs::read_to_string(folder.path("again.csv")).unwrap();
        (ran, questions(&again))
    };
    let joined = questions(&text)
        .iter()
        .filter(|row| row[2] == "joined")
        .count() as u64;
    assert!(joined > 0);

    let (ran, again) = apply(|counted| if counted == "joined" { "yes" } else { "" });
    assert_eq!(ran.persons[..2], [min, best]);
    assert_eq!(ran.persons[2], max - joined, "{:?}", ran.persons);
    assert_eq!(number(&ran.report, &["subjects", "answers", "yes"]), joined);
    assert!(ran.stderr.contains(&format!(
        "doubtful pairs: {joined} one person, 0 two, 0 unknown"
    )));
    // What was answered is still there, with its answer.
    let kept = again
        .iter()
        .filter(|row| row[1] == "yes" && row[2] == "answered");
    assert_eq!(kept.count() as u64, joined);

    let (ran, _) = apply(|counted| if counted == "joined" { "no" } else { "" });
    assert!(
        ran.persons[0] > min && ran.persons[1] > best,
        "{:?}",
        ran.persons
    );
    assert_eq!(ran.persons[2], max);

    let (ran, _) = apply(|counted| if counted == "refused" { "yes" } else { "" });
    assert!(
        ran.persons[1] < best && ran.persons[2] < max,
        "{:?}",
        ran.persons
    );

    let (ran, again) = apply(|_| "unknown");
    assert_eq!(ran.persons, [min, best, max]);
    assert!(again.iter().all(|row| row[1] == "unknown"));
}

#[test]
fn ids_hang_on_the_data_alone() {
    let (folder, text, _) = asked();
    let mut lines: Vec<&str> = text.lines().skip(1).map(|line| &line[..32]).collect();
    lines.sort_unstable();
    // The same records in another order, and twice.
    let csv = members();
    let (heading, rows) = csv.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let turned = format!("{heading}\n{}\n{}\n", rows.join("\n"), rows[3]);
    std::fs::write(folder.path("members.csv"), turned).unwrap();
    scan(&folder, &["--review", "turned.csv", "-j", "1"]);
    let turned = std::fs::read_to_string(folder.path("turned.csv")).unwrap();
    let mut ids: Vec<&str> = turned.lines().skip(1).map(|line| &line[..32]).collect();
    ids.sort_unstable();
    assert_eq!(ids, lines);
}

#[test]
fn answers_that_cannot_be_used_are_refused_with_their_lines() {
    let (folder, text, _) = asked();
    let ids: Vec<String> = questions(&text)
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let check = |answers: String, expected: &str| {
        std::fs::write(folder.path("answers.csv"), answers).unwrap();
        let ran = scan(&folder, &["--answers", "answers.csv", "-o", "report.json"]);
        assert_eq!(ran.code, Some(2), "{expected}");
        assert!(ran.stderr.contains(expected), "{expected}\n{}", ran.stderr);
        assert!(!folder.path("report.json").exists());
    };
    check(
        "pair,reply\n".into(),
        "line 1: no columns `pair` and `answer`",
    );
    check(
        format!("pair,answer\n{},yes\n{},perhaps\n", ids[0], ids[1]),
        "line 3: the answer is not",
    );
    check(
        "pair,answer\nx,no\n".into(),
        "line 2: the first column is no id",
    );
    let unknown = format!("{}-000000000000-000000000001", &ids[0][..6]);
    check(
        format!("pair,answer\n{unknown},yes\n"),
        "line 2: the data hold no such pair",
    );
    check(
        format!("pair,answer\n{0},yes\n{0},no\n", ids[0]),
        "line 3: `no` contradicts the `yes` of line 2",
    );
    let (data, records) = ids[0].split_once('-').unwrap();
    let other = if data == "000000" { "000001" } else { "000000" };
    check(
        format!("pair,answer\n{other}-{records},yes\n"),
        "line 2: the pair is of other data",
    );
    let mut command = leakscope();
    command.current_dir(folder.path(""));
    let output = command
        .args(["scan", "members.csv", "--answers", "none.csv"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
