//! Nothing hidden shows: threads, part size, sample size and the order of the inputs leave the report as it is.

use crate::golden::difference;
use crate::run::{self, lasting};

/// Scans every fixture with and without these flags.
fn check(flags: &[&str]) {
    for (name, folder) in run::folders() {
        let usual = lasting(run::report(&folder, &["input"]));
        let flagged = lasting(run::report(&folder, &[flags, &["input"]].concat()));
        assert_eq!(
            usual,
            flagged,
            "{name} with {flags:?}: {}",
            difference(&usual, &flagged, "")
        );
    }
}

#[test]
fn threads() {
    check(&["--threads", "1"]);
    check(&["--threads", "2"]);
    check(&["--threads", "7"]);
}

#[test]
fn part_size() {
    check(&["--part-bytes", "64"]);
    check(&["--part-bytes", "1000"]);
    check(&["--part-bytes", "8388608"]);
}

#[test]
fn sample_size() {
    for samples in ["0", "1", "2000", "1000000"] {
        check(&["--samples", samples]);
    }
    check(&["--samples", "1", "--part-bytes", "1000", "--threads", "7"]);
}

/// Short cuts (values seen lately) are no other way of counting.
#[test]
fn short_cuts() {
    check(&["--slow"]);
    check(&["--slow", "--part-bytes", "1000"]);
}

/// A table long enough for the short cuts to begin, whose columns change on the way: an e-mail address among prices, a column of plans that
/// turns to names, values that repeat and values that do not.
#[test]
fn short_cuts_in_a_long_table() {
    use std::fmt::Write;
    let mut table = String::from("id,name,email,phone,birthday,plan,price,note\n");
    let families = ["佐藤", "鈴木", "高橋", "田中", "渡辺"];
    let givens = ["太郎", "花子", "健", "美咲", "直子", "誠"];
    let notes = ["", "please call back", "住所変更の届け出あり", "-"];
    for n in 0..5_000 {
        let name = format!("{} {}", families[n % 5], givens[n / 5 % 6]);
        let price = match n {
            3_000 => "stray@example.com".to_owned(),
            _ => (n % 700 * 10).to_string(),
        };
        let plan = match n {
            0..4_000 => ["free", "basic", "premium"][n % 3],
            _ => &name,
        };
        let note = match n % 40 {
            39 => format!("write to other{}@example.org", n % 400),
            _ => notes[n % 4].to_owned(),
        };
        let (month, day) = (n % 12 + 1, n % 28 + 1);
        writeln!(
            table,
            "{n},{name},user{}@example.com,090-1234-{:04},{}-{month:02}-{day:02},{plan},{price},{note}",
            n % 4_500,
            n % 3_500,
            1950 + n % 50,
        )
        .expect("a string takes all");
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("members.csv"), table).expect("the file can be written");
    let scan = |flags: &[&str]| {
        let all = [flags, &["members.csv"]].concat();
        lasting(run::report(folder.path(), &all))
    };
    let slow = scan(&["--slow"]);
    for flags in [
        &[][..],
        &["--threads", "1"],
        &["--threads", "7", "--part-bytes", "20000"],
        &["--samples", "0"],
    ] {
        let fast = scan(flags);
        assert_eq!(slow, fast, "{flags:?}: {}", difference(&slow, &fast, ""));
    }
}

/// Lines that end in CR LF, tables inside quoted fields, an answer of a megabyte, contacts in addresses, a column that turns to addresses of
/// mail half-way, and no last line break.
#[test]
fn short_cuts_in_a_tricky_table() {
    use std::fmt::Write;
    let mut table = String::from("id,氏名,フリガナ,住所,郵便番号,カード,自由回答,備考,区分\r\n");
    let long = "長い回答です。連絡先は long@example.com まで。".repeat(16_000);
    for n in 0..4_000 {
        let address = format!(
            "東京都港区芝公園{}-{}-{} コーポ{n}号室",
            n % 19 + 1,
            n % 40,
            n % 28
        );
        let address = match n % 500 {
            77 => format!("{address} TEL 03-1234-{n:04}"),
            78 => format!("{address} home{n}@example.com"),
            _ => address,
        };
        let answer = match n % 400 {
            0 if n == 1_200 => long.clone(),
            1 => format!("\"name,mail\r\n\"\"佐藤 {n}\"\",inner{n}@example.org\r\n\""),
            2 => format!("\"佐藤太郎様から090-1234-{n:04}へ\r\n折り返し\""),
            3..100 => "とても良い".to_owned(),
            _ => String::new(),
        };
        let class = match n {
            0..2_000 => ["A", "B", "会員"][n % 3].to_owned(),
            _ => format!("member{}@example.net", n % 900),
        };
        let note = ["", "休会中", "5\" disk, \"\"", "-"][n % 4].replace(',', ";");
        write!(
            table,
            "{n},佐藤 {},サトウ {},{address},105-{:04},{},{answer},{note},{class}",
            ["太郎", "花子", "健"][n % 3],
            ["タロウ", "ハナコ", "ケン"][n % 3],
            n % 97,
            ["", "4111111111111111", "4111 1111 1111 1112"][n % 3],
        )
        .expect("a string takes all");
        table.push_str(if n < 3_999 { "\r\n" } else { "" });
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("answers.csv"), table).expect("the file can be written");
    let scan = |flags: &[&str]| {
        let all = [flags, &["answers.csv"]].concat();
        lasting(run::report(folder.path(), &all))
    };
    let slow = scan(&["--slow"]);
    let kinds = slow["kinds"].as_array().expect("a list").iter();
    let mails: Vec<u64> = kinds
        .filter(|kind| kind["kind"] == "email")
        .filter_map(|kind| kind["distinct"].as_u64())
        .collect();
    // 900 members, the inner tables, the long answer.
    assert!(mails.iter().any(|&mails| mails >= 911), "{mails:?}");
    for flags in [
        &[][..],
        &["--threads", "1"],
        &["--threads", "7", "--part-bytes", "30000"],
        &["--samples", "1", "--slow", "--part-bytes", "9999"],
    ] {
        let fast = scan(flags);
        assert_eq!(slow, fast, "{flags:?}: {}", difference(&slow, &fast, ""));
    }
}

#[test]
fn two_runs() {
    check(&[]);
}

#[test]
fn order_of_inputs() {
    let folder = run::fixtures().join("farm-shop/input");
    let entries = std::fs::read_dir(&folder).expect("the fixture is there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("the folder can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    let usual = lasting(run::report(
        &folder,
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    let mut rng = crate::people::Rng::new(5);
    for _ in 0..3 {
        rng.shuffle(&mut names);
        let shuffled = lasting(run::report(
            &folder,
            &names.iter().map(String::as_str).collect::<Vec<_>>(),
        ));
        assert_eq!(
            usual,
            shuffled,
            "{names:?}: {}",
            difference(&usual, &shuffled, "")
        );
    }
}

#[test]
fn findings_and_subjects_files() {
    let folder = run::fixtures().join("farm-shop");
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let scan = |threads: &str, part: &str| {
        let path = |file: &str| {
            out.path()
                .join(format!("{threads}-{part}-{file}"))
                .to_string_lossy()
                .into_owned()
        };
        let (findings, subjects) = (path("findings.jsonl"), path("subjects.csv"));
        run::report(
            &folder,
            &[
                "--threads",
                threads,
                "--part-bytes",
                part,
                "--findings",
                &findings,
                "--subjects",
                &subjects,
                "input",
            ],
        );
        [findings, subjects]
            .map(|path| std::fs::read_to_string(path).expect("the file was written"))
    };
    let usual = scan("2", "8388608");
    assert!(
        usual.iter().all(|text| text.lines().count() > 300),
        "the files are nearly empty"
    );
    for (threads, part) in [("1", "64"), ("7", "1000")] {
        assert!(
            usual == scan(threads, part),
            "{threads} threads and parts of {part} bytes change the files"
        );
    }
}
