//! The command line: status, stdout and stderr of every command. `LEAKSCOPE_BIN` points it at any build.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A small list of invented people.
pub(crate) const PEOPLE: &str = "\
氏名,メールアドレス,電話番号,生年月日
佐藤 美咲,misaki.sato@example.com,090-1111-2201,1984-03-05
鈴木 健太,kenta.suzuki@example.com,090-1111-2202,1979-11-21
高橋 由美,yumi.takahashi@example.net,090-1111-2203,1991-07-14
田中 翔太,shota.tanaka@example.org,090-1111-2204,1988-01-30
伊藤 直樹,naoki.ito@example.com,090-1111-2205,1969-09-09
";

const PRODUCTS: &str =
    "sku,title,stock\nA-1,Carrots,12\nA-2,Onions,9\nA-3,Leeks,7\nA-4,Beans,31\nA-5,Corn,2\n";

/// The program, in a plain environment.
pub(crate) fn leakscope() -> Command {
    let program =
        std::env::var_os("LEAKSCOPE_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_leakscope").into());
    let mut command = Command::new(program);
    for name in [
        "LC_MESSAGES",
        "LANG",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// What a run left.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn code(self, expected: i32) -> Self {
        assert_eq!(
            self.code,
            Some(expected),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

fn run<S: AsRef<OsStr>>(args: &[S]) -> Run {
    leakscope().args(args).output().unwrap().into()
}

/// A folder with some files in it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            fs::create_dir_all(folder.path(name).parent().unwrap()).unwrap();
            fs::write(folder.path(name), bytes).unwrap();
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Scans a file and checks how many people it has: at least, best, at most.
pub(crate) fn check_people(name: &str, content: &str, expected: [u64; 3]) {
    check_people_in(name, content.as_bytes(), expected);
}

/// Checks how many people a file of any bytes is said to name, at least, at best and at most.
#[track_caller]
pub(crate) fn check_people_in(name: &str, content: &[u8], expected: [u64; 3]) {
    let folder = Folder::with(&[(name, content)]);
    let report = crate::run::report(&folder.path(""), &[name]);
    let persons = &report["subjects"]["persons"];
    let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().expect("a number"));
    assert_eq!(told, expected, "{}", String::from_utf8_lossy(content));
}

/// The kinds found in a file.
pub(crate) fn kinds(name: &str, content: &str) -> Vec<String> {
    let folder = Folder::with(&[(name, content.as_bytes())]);
    let report = crate::run::report(&folder.path(""), &[name]);
    let kinds = report["kinds"].as_array().expect("a list of kinds");
    let kinds = kinds
        .iter()
        .map(|kind| kind["kind"].as_str().expect("a name").to_owned());
    kinds.collect()
}

fn people() -> Folder {
    Folder::with(&[("people.csv", PEOPLE.as_bytes())])
}

#[track_caller]
fn refused(args: &[&str], why: &str) {
    let run = run(args).code(2);
    assert_eq!(run.stdout, "", "{args:?}");
    assert!(run.stderr.contains(why), "{args:?}: {}", run.stderr);
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn help_of_every_command() {
    let pages: [&[&str]; 10] = [
        &[],
        &["scan"],
        &["explain"],
        &["patterns"],
        &["patterns", "list"],
        &["patterns", "check"],
        &["patterns", "explain"],
        &["schema"],
        &["completions"],
        &["man"],
    ];
    for page in pages {
        for flag in ["-h", "--help"] {
            let help = run(&[page, &[flag]].concat()).code(0);
            assert!(help.stdout.contains("Usage: leakscope"), "{page:?}");
            assert_eq!(help.stderr, "");
        }
    }
    let long = run(&["scan", "--help"]).stdout;
    for told in [
        "Exit codes:",
        "130  interrupted",
        "Examples:",
        "--fail-on",
        "NO_COLOR",
        "[default: 8]",
    ] {
        assert!(long.contains(told), "{told}");
    }
    assert!(!long.contains("--part-bytes"));
    assert!(run(&["-h"]).stdout.lines().count() < 40);
}

#[test]
fn without_arguments_help_goes_to_stderr() {
    let run = run::<&str>(&[]).code(2);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("Usage: leakscope"));
}

#[test]
fn version() {
    assert_eq!(
        run(&["--version"]).code(0).stdout,
        concat!("leakscope ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn schema_prints_the_checked_in_file() {
    let run = run(&["schema"]).code(0);
    assert_eq!(run.stdout, include_str!("../../src/report/schema.json"));
}

#[test]
fn completions_and_manual_pages() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell]).code(0).stdout;
        assert!(
            script.contains("leakscope") && script.contains("fail-on"),
            "{shell}"
        );
    }
    refused(&["completions", "tcsh"], "tcsh");
    assert!(run(&["man"]).code(0).stdout.contains(".TH leakscope"));
    assert!(run(&["man", "scan"]).code(0).stdout.contains("fail\\-on"));
    refused(&["man", "nothing"], "no command is called `nothing`");
}

#[test]
fn bad_flags_give_no_result() {
    let folder = people();
    let csv = folder.arg("people.csv");
    refused(&["scan"], "<PATH>");
    refused(&["scan", &csv, "--no-such-flag"], "--no-such-flag");
    refused(&["scan", &csv, "--kinds", "email,shoe-size"], "shoe-size");
    refused(&["scan", &csv, "--encoding", "klingon"], "klingon");
    refused(&["scan", &csv, "--fail-on", "shoe-size"], "shoe-size");
    refused(&["scan", &csv, "--fail-on", "persons>many"], "many");
    refused(
        &["scan", &csv, "--kinds", "email", "--fail-on", "phone"],
        "phone",
    );
    refused(&["scan", &csv, "--reveal"], "--findings");
    refused(&["scan", &csv, "-j", "0"], "1 to 1024");
    refused(&["scan", &csv, "--limit-inflated", "much"], "1T");
    refused(&["scan", &folder.arg("missing.csv")], "nothing to read");
    refused(&["missing-command-and-path"], "nothing to read");
    refused(
        &[
            "scan",
            &csv,
            "-o",
            &folder.arg("no/such/folder/report.json"),
        ],
        "cannot write",
    );
    refused(&["scan", &csv, "-o", &folder.arg(".")], "cannot write");
    refused(&["scan", &csv, "-o", "-"], "--json");
    refused(&["scan", &csv, "-o", &csv], "is an input");
    let twice = folder.arg("out");
    refused(
        &["scan", &csv, "-o", &twice, "--findings", &twice],
        "asked for twice",
    );
    assert_eq!(folder.names(), ["people.csv"]);
    assert_eq!(read(&folder.path("people.csv")), PEOPLE);
}

#[test]
fn a_scan_answers_on_stdout() {
    let folder = people();
    let run = run(&["scan", &folder.arg("people.csv")]).code(0);
    assert!(run.stdout.starts_with("People"), "{}", run.stdout);
    assert!(
        run.stdout.contains("Every source was read completely."),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn a_path_alone_is_scanned() {
    let folder = people();
    let (long, short) = (
        run(&["scan", &folder.arg("people.csv")]),
        run(&[folder.arg("people.csv")]),
    );
    assert_eq!(long.code(0).stdout, short.code(0).stdout);
}

#[test]
fn the_report_goes_where_it_is_asked_for() {
    let folder = people();
    let json = run(&["scan", "--json", &folder.arg("people.csv")]).code(0);
    let report = json.json();
    assert_eq!(report["schema"], "leakscope.report/1");
    assert_eq!(report["subjects"]["persons"]["best"], 5);
    assert!(json.stderr.starts_with("People"), "{}", json.stderr);

    let written = run(&[
        "scan",
        &folder.arg("people.csv"),
        "-o",
        &folder.arg("report.json"),
    ])
    .code(0);
    assert!(written.stdout.starts_with("People"));
    let mut from_file: Value = serde_json::from_str(&read(&folder.path("report.json"))).unwrap();
    let mut from_stdout = report;
    for report in [&mut from_file, &mut from_stdout] {
        report.as_object_mut().unwrap().remove("run");
    }
    assert_eq!(from_file, from_stdout);
    assert_eq!(folder.names(), ["people.csv", "report.json"]);
}

#[test]
fn an_existing_report_is_replaced_whole() {
    let folder = people();
    fs::write(folder.path("report.json"), "x".repeat(1 << 20)).unwrap();
    run(&[
        "scan",
        "-q",
        &folder.arg("people.csv"),
        "-o",
        &folder.arg("report.json"),
    ])
    .code(0);
    assert!(serde_json::from_str::<Value>(&read(&folder.path("report.json"))).is_ok());
}

#[cfg(unix)]
#[test]
fn devices_are_written_in_place() {
    let folder = people();
    run(&["scan", "-q", &folder.arg("people.csv"), "-o", "/dev/null"]).code(0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn quiet_prints_nothing() {
    let folder = people();
    let run = run(&[
        "scan",
        "--quiet",
        "--progress",
        "always",
        &folder.arg("people.csv"),
    ])
    .code(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn progress_is_told_on_stderr_when_asked_for() {
    let folder = people();
    let run = run(&["scan", "--progress", "always", &folder.arg("people.csv")]).code(0);
    assert!(run.stderr.contains("5 records"), "{}", run.stderr);
    assert!(!run.stderr.contains('\x1b'));
}

#[test]
fn limits_that_are_reached_exit_with_1() {
    let folder = people();
    let csv = folder.arg("people.csv");
    for reached in ["any", "email", "email>4", "persons>4", "persons"] {
        run(&["scan", "-q", &csv, "--fail-on", reached]).code(1);
    }
    for free in ["payment-card", "email>5", "persons>5"] {
        run(&["scan", "-q", &csv, "--fail-on", free]).code(0);
    }
    run(&[
        "scan",
        "-q",
        &csv,
        "--fail-on",
        "payment-card",
        "--fail-on",
        "email",
    ])
    .code(1);
    run(&[
        "scan",
        "-q",
        &csv,
        &folder.arg("missing.csv"),
        "--fail-on",
        "email",
    ])
    .code(1);
}

#[test]
fn what_cannot_be_read_is_told_and_exits_with_3() {
    let folder = people();
    let args = [
        "scan",
        &folder.arg("people.csv"),
        &folder.arg("missing.csv"),
    ];
    let run = run(&args).code(3);
    assert!(run.stdout.contains("missing.csv"), "{}", run.stdout);
    assert!(
        run.stdout.contains("the numbers are a lower bound"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_empty_folder_is_no_result() {
    let folder = Folder::with(&[]);
    let run = run(&["scan", &folder.arg("")]).code(2);
    assert!(run.stderr.contains("no readable input"), "{}", run.stderr);
    assert!(
        !run.stdout.contains("No personal data was found"),
        "{}",
        run.stdout
    );
}

#[test]
fn none_found_is_said_over_complete_coverage() {
    let folder = Folder::with(&[("products.csv", PRODUCTS.as_bytes())]);
    let clean = run(&["scan", &folder.arg("")]).code(0);
    assert!(
        clean.stdout.starts_with("No personal data was found"),
        "{}",
        clean.stdout
    );
    let holed = run(&["scan", &folder.arg(""), &folder.arg("missing.csv")]).code(3);
    assert!(
        !holed.stdout.contains("No personal data was found"),
        "{}",
        holed.stdout
    );
    assert!(
        holed
            .stdout
            .replace('\n', " ")
            .contains("personal data may still be there"),
        "{}",
        holed.stdout
    );
}

#[test]
fn standard_input_is_a_source() {
    let mut command = leakscope();
    command
        .args(["scan", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(PEOPLE.as_bytes())
        .unwrap();
    let run = Run::from(child.wait_with_output().unwrap()).code(0);
    let report = run.json();
    assert_eq!(report["sources"][0]["source"], "-");
    assert_eq!(report["subjects"]["persons"]["best"], 5);
}

#[test]
fn findings_are_lines_without_values_unless_revealed() {
    let folder = people();
    let (csv, out) = (folder.arg("people.csv"), folder.arg("findings.jsonl"));
    run(&["scan", &csv, "--findings", &out]).code(0);
    let lines: Vec<Value> = read(&folder.path("findings.jsonl"))
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let email = lines.iter().find(|line| line["kind"] == "email").unwrap();
    assert_eq!(
        (&email["record"], &email["column"], &email["column_index"]),
        (&0.into(), &"メールアドレス".into(), &1.into())
    );
    let place = |line: &Value| {
        line["start"].as_u64().unwrap() as usize..line["end"].as_u64().unwrap() as usize
    };
    assert_eq!(&PEOPLE[place(email)], "misaki.sato@example.com");
    assert_eq!(email["masked"], "m*****.****@e******.com");
    assert!(lines.iter().all(|line| line.get("value").is_none()));

    let revealed = run(&["scan", &csv, "--findings", &out, "--reveal"]).code(0);
    assert!(
        revealed.stderr.contains("holds raw values"),
        "{}",
        revealed.stderr
    );
    assert!(read(&folder.path("findings.jsonl")).contains("\"value\":\"misaki.sato@example.com\""));
}

#[test]
fn subjects_are_csv() {
    let folder = people();
    run(&[
        "scan",
        &folder.arg("people.csv"),
        "--subjects",
        &folder.arg("subjects.csv"),
    ])
    .code(0);
    let text = read(&folder.path("subjects.csv"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("source,table,record,role,subject,kinds"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(
        rows.iter()
            .map(|row| (row[2], row[3], row[4]))
            .collect::<Vec<_>>(),
        [
            ("0", "self", "1"),
            ("1", "self", "2"),
            ("2", "self", "3"),
            ("3", "self", "4"),
            ("4", "self", "5"),
        ]
    );
    assert!(
        rows.iter()
            .all(|row| row[5].split(';').any(|kind| kind == "email"))
    );
}

#[test]
fn the_language_is_that_of_the_locale_unless_asked_for() {
    let folder = people();
    let csv = folder.arg("people.csv");
    let begins = |env: &[(&str, &str)], flags: &[&str]| {
        let mut command = leakscope();
        command
            .env_remove("LC_ALL")
            .envs(env.iter().copied())
            .args(["scan", &csv])
            .args(flags);
        let run = Run::from(command.output().unwrap()).code(0);
        run.stdout.chars().take(4).collect::<String>()
    };
    assert_eq!(begins(&[], &[]), "Peop");
    assert_eq!(begins(&[("LANG", "ja_JP.UTF-8")], &[]), "本人の数");
    assert_eq!(
        begins(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "en_US.UTF-8")], &[]),
        "Peop"
    );
    assert_eq!(
        begins(
            &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "ja_JP.UTF-8")],
            &[]
        ),
        "本人の数"
    );
    assert_eq!(
        begins(&[("LC_ALL", "ja_JP.UTF-8")], &["--lang", "en"]),
        "Peop"
    );
    assert_eq!(begins(&[], &["--lang", "ja"]), "本人の数");
}

#[test]
fn colour_is_for_terminals() {
    let folder = people();
    let csv = folder.arg("people.csv");
    let plain = run(&["scan", &csv]).code(0).stdout;
    assert!(!plain.contains('\x1b'));
    assert!(
        run(&["scan", &csv, "--color", "always"])
            .code(0)
            .stdout
            .contains("\x1b[1m")
    );
    assert_eq!(
        run(&["scan", &csv, "--color", "never"]).code(0).stdout,
        plain
    );
    let no_colour = Run::from(
        leakscope()
            .env("NO_COLOR", "1")
            .args(["scan", &csv])
            .output()
            .unwrap(),
    )
    .code(0);
    assert_eq!(no_colour.stdout, plain);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = people();
    let csv = folder.arg("people.csv");
    let commands: [&[&str]; 5] = [
        &["schema"],
        &["man"],
        &["--help"],
        &["scan", &csv],
        &["scan", "--json", "-q", &csv],
    ];
    for args in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = Run::from(leakscope().args(args).stdout(writer).output().unwrap()).code(0);
        assert_eq!(run.stderr, "", "{args:?}");
    }
}

#[test]
fn only_some_kinds_are_looked_for() {
    let folder = people();
    let report = run(&[
        "scan",
        "--json",
        "--kinds",
        "email,phone",
        &folder.arg("people.csv"),
    ])
    .code(0)
    .json();
    let names = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|kind| kind["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&report["kinds"]), ["email", "phone"]);
    assert_eq!(report["searched"], serde_json::json!(["email", "phone"]));
}

#[test]
fn what_is_excluded_is_listed_and_no_problem() {
    let folder = Folder::with(&[
        ("people.csv", PEOPLE.as_bytes()),
        ("products.csv", PRODUCTS.as_bytes()),
    ]);
    let report = run(&["scan", "--json", "--exclude", "*people*", &folder.arg("")])
        .code(0)
        .json();
    assert_eq!(report["coverage"]["excluded"], 1);
    assert_eq!(report["kinds"], serde_json::json!([]));
}

#[test]
fn patterns_are_listed_explained_and_proved() {
    let list = run(&["patterns", "list"]).code(0).stdout;
    for kind in ["email", "payment-card", "person-name", "jp.my-number"] {
        assert!(
            list.lines()
                .any(|line| line.split_whitespace().next() == Some(kind)),
            "{kind}"
        );
        let explained = run(&["patterns", "explain", kind]).code(0).stdout;
        assert!(
            explained.starts_with(kind) && explained.contains("Sensitivity"),
            "{explained}"
        );
    }
    refused(&["patterns", "explain", "shoe-size"], "shoe-size");
    assert_eq!(run(&["patterns", "check"]).code(0).stderr, "");
    refused(
        &["patterns", "check", "no-such-file.toml"],
        "no-such-file.toml",
    );
}

/// Waits until the scan of an endless input says that it works, then interrupts it.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_file() {
    let folder = Folder::with(&[]);
    let mut command = leakscope();
    command.args([
        "scan",
        "-",
        "--progress",
        "always",
        "-o",
        &folder.arg("report.json"),
    ]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Held open: waiting closes it, and an input that ends is a scan that ends well.
    let open = child.stdin.take();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("leakscope: read"), "{line}");
    assert!(
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(open);
    assert_eq!(folder.names(), [""; 0]);
}
