//! Bad input becomes a problem and nothing worse: no panic, no hang, no lost neighbour.
//!
//! Every fixture file is cut at many lengths and has bytes flipped by seed; further files are made to lie. All stand beside a
//! good file, which must be read as if they were not there. `LEAKSCOPE_SLOW=1` tries ten times as many.

use std::path::{Path, PathBuf};
use std::time::Duration;

use leakscope::pattern::Patterns;
use leakscope::scan::{Options, Progress, scan};
use leakscope::source::{Code, Limits};

use crate::people::{self, Rng};
use crate::plant::user_fields;
use crate::run::{self, items, number, text};
use crate::sheet::{Sheet, gzip, zipped, zstandard};

const GOOD: usize = 30;

/// Scans hostile files beside a good one.
fn check(what: &str, files: &[(String, Vec<u8>)]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("the file can be written");
    }
    let good = Sheet::of("good", user_fields(), &people::population(70, GOOD));
    std::fs::write(folder.path().join("good.csv"), good.csv()).expect("the file can be written");
    let run = run::run_within(
        folder.path(),
        &["scan", "--json", "--threads", "2", "."],
        Duration::from_secs(50),
    );
    assert!(
        matches!(run.status, Some(0 | 3)),
        "{what}: status {:?}\n{}",
        run.status,
        run.stderr
    );
    let report: serde_json::Value =
        serde_json::from_slice(&run.stdout).expect("the report is JSON");
    let bugs: Vec<_> = items(&report, "problems")
        .iter()
        .filter(|problem| problem["code"] == "bug")
        .collect();
    assert!(bugs.is_empty(), "{what}: {bugs:?}");
    let is_good = |table: &&serde_json::Value| {
        text(table, "source").ends_with("good.csv") && !text(table, "source").contains('!')
    };
    let table = items(&report, "tables")
        .iter()
        .find(is_good)
        .unwrap_or_else(|| panic!("{what}: the good file is not read"));
    assert_eq!(number(table, &["records"]), GOOD as u64, "{what}");
    let columns = items(table, "columns").iter();
    let emails = columns
        .flat_map(|column| items(column, "findings"))
        .find(|finding| finding["kind"] == "email");
    assert_eq!(
        emails.map(|finding| number(finding, &["matches"])),
        Some(GOOD as u64),
        "{what}"
    );
    let known = items(&report, "sources")
        .iter()
        .filter(|source| !text(source, "source").contains('!'))
        .count();
    assert_eq!(
        known,
        files.len() + 1,
        "{what}: every file is accounted for"
    );
}

/// The files of the fixtures, the small ones unless all are asked for.
fn seeds() -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a fixture can be read") {
            let path = entry.expect("a fixture can be read").path();
            if path.is_dir() {
                walk(&path, files)
            } else {
                files.push(path)
            }
        }
    }
    let mut files = Vec::new();
    for (_, folder) in run::folders() {
        walk(&folder.join("input"), &mut files);
    }
    files.sort();
    let most = if run::slow() { u64::MAX } else { 40_000 };
    files.retain(|path| path.metadata().is_ok_and(|metadata| metadata.len() <= most));
    assert!(files.len() > 15, "only {} seeds", files.len());
    files
}

fn tries() -> u64 {
    if run::slow() { 100 } else { 8 }
}

/// The file's ending, with a dot.
fn ending(path: &Path) -> String {
    path.extension().map_or(String::new(), |ending| {
        format!(".{}", ending.to_string_lossy())
    })
}

#[test]
fn fixtures_cut_short() {
    let mut rng = Rng::new(81);
    for path in seeds() {
        let bytes = std::fs::read(&path).expect("a fixture can be read");
        let mut files = vec![(format!("nothing{}", ending(&path)), Vec::new())];
        for i in 0..tries() {
            // Half of the cuts fall into the head, where structures are dense.
            let keep = if i % 2 == 0 {
                rng.below(bytes.len().min(600) as u64)
            } else {
                rng.below(bytes.len() as u64)
            };
            files.push((
                format!("cut-{i}{}", ending(&path)),
                bytes[..keep as usize].to_vec(),
            ));
        }
        check(&format!("{} cut", path.display()), &files);
    }
}

#[test]
fn fixtures_with_flipped_bytes() {
    let mut rng = Rng::new(82);
    for path in seeds() {
        let bytes = std::fs::read(&path).expect("a fixture can be read");
        let files: Vec<_> = (0..tries())
            .map(|i| {
                let mut bytes = bytes.clone();
                for _ in 0..rng.range(1, 40) {
                    let span = if rng.chance(50) {
                        bytes.len().min(600)
                    } else {
                        bytes.len()
                    };
                    let at = rng.below(span as u64) as usize;
                    bytes[at] = *rng.pick(&[
                        0,
                        0xFF,
                        b'"',
                        b'\'',
                        b'\\',
                        b'\n',
                        bytes[at] ^ 0x80,
                        rng.clone().next() as u8,
                    ]);
                }
                (format!("flip-{i}{}", ending(&path)), bytes)
            })
            .collect();
        check(&format!("{} flipped", path.display()), &files);
    }
}

#[test]
fn text_without_measure() {
    let named = |name: &str, bytes: Vec<u8>| (name.to_string(), bytes);
    let million = 1_000_000;
    check(
        "text",
        &[
            named(
                "columns.csv",
                [b"a,".repeat(million), b"\n".to_vec(), b"1,".repeat(million)].concat(),
            ),
            named("one-line.txt", b"abc ".repeat(million)),
            named("one-word.txt", b"x".repeat(4 * million)),
            named("digits.txt", b"4".repeat(2 * million)),
            named("at-signs.txt", b"a@".repeat(million)),
            named("dots.txt", b"a.".repeat(million)),
            named("segments.txt", b"NM1*".repeat(million)),
            named("genealogies.txt", b"1 NAME a ".repeat(million / 4)),
            named("hyphens.txt", b"1-".repeat(million)),
            named("kanji.txt", "山".repeat(million).into()),
            named(
                "quote.csv",
                [&b"a,b\n\""[..], &b"x,y\n".repeat(million / 4)].concat(),
            ),
            named("quotes.csv", b"\"\"".repeat(million)),
            named(
                "ragged.csv",
                (0..2_000)
                    .flat_map(|n| [b",".repeat(n % 300), b"\n".to_vec()].concat())
                    .collect(),
            ),
            named("newlines.csv", b"\n".repeat(million)),
            named("returns.csv", b"a,b\r1,2\r".repeat(10_000)),
            named("nuls.bin", vec![0; million]),
            named(
                "odd-utf16.txt",
                [&b"\xFF\xFE"[..], &b"a\0".repeat(999), b"b"].concat(),
            ),
            named(
                "half-surrogates.txt",
                [&b"\xFF\xFE"[..], &b"\x00\xD8".repeat(999)].concat(),
            ),
            named(
                "open-escape.txt",
                [&b"\x1B$B"[..], &b"$3$s".repeat(9_999)].concat(),
            ),
            named(
                "lead-bytes.csv",
                [&b"name,mail\n"[..], &b"\x83".repeat(99_999)].concat(),
            ),
        ],
    );
}

#[test]
fn json_without_end() {
    let named = |name: &str, text: String| (name.to_string(), text.into_bytes());
    let keys: String = (0..50_000).map(|n| format!("\"k{n}\":1,")).collect();
    let line = format!("{{\"a\":{}\n", "[".repeat(300_000));
    let closed = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    check(
        "json",
        &[
            named("arrays.json", "[".repeat(500_000)),
            named("objects.json", "{\"a\":".repeat(300_000)),
            named("lines.jsonl", line.repeat(3)),
            named("closed.json", closed),
            named("keys.json", format!("[{{{keys}\"z\":1}}]")),
            named("string.json", format!("[\"{}", "\\u0041".repeat(300_000))),
        ],
    );
}

#[test]
fn dumps_without_end() {
    let named = |name: &str, text: String| (name.to_string(), text.into_bytes());
    let columns = "`a` int,".repeat(50_000);
    let create = format!("CREATE TABLE t ({columns});\nINSERT INTO t VALUES (1);");
    let copy = "\\x\t\\N\n".repeat(50_000);
    check(
        "dumps",
        &[
            named(
                "tuples.sql",
                "INSERT INTO t VALUES ".to_string() + &"(".repeat(500_000),
            ),
            named(
                "open.sql",
                "INSERT INTO t VALUES ('".to_string() + &"a''".repeat(300_000),
            ),
            named("columns.sql", create),
            named("comment.sql", "/*".to_string() + &"/*!".repeat(300_000)),
            named(
                "copy.sql",
                "COPY t (a, b) FROM stdin;\n".to_string() + &copy,
            ),
            named(
                "dollar.sql",
                "CREATE FUNCTION f AS $x$".to_string() + &"$y$".repeat(200_000),
            ),
        ],
    );
}

#[test]
fn mail_without_end() {
    const HEAD: &str = "From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n";
    const NESTED: &str = "Content-Type: message/rfc822\n\nFrom: a@example.com\nSubject: x\n";
    const FROM: &str = "From x Mon Jun  1 08:00:00 2026\n";
    let named = |name: &str, text: String| (name.to_string(), text.into_bytes());
    let part = |n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n");
    let parts: String = (0..3_000).map(part).collect();
    let words = "=?UTF-8?B?44GC?= ".repeat(50_000);
    let addresses = "<a@example.com>,".repeat(50_000);
    check(
        "mail",
        &[
            named("parts.eml", format!("{HEAD}{parts}")),
            named("nested.eml", format!("{HEAD}{}", NESTED.repeat(3_000))),
            named("header.eml", format!("{HEAD}Subject: {words}\n\nx\n")),
            named("words.mbox", format!("{FROM}From: {addresses}\n\nx\n")),
            named("froms.mbox", format!("{FROM}\n").repeat(30_000)),
        ],
    );
}

/// A small archive of a list, with bytes of its directory entry overwritten; offsets are those of the entry (APPNOTE 4.3.12).
fn lying_zip(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zipped(&[("users.csv", list())]);
    let entry = zip
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .expect("an archive has a directory");
    zip[entry + at..entry + at + bytes.len()].copy_from_slice(bytes);
    zip
}

fn list() -> Vec<u8> {
    Sheet::of("users", user_fields(), &people::population(63, 20))
        .csv()
        .into()
}

#[test]
fn archives_that_lie() {
    let named = |name: &str, bytes: Vec<u8>| (name.to_string(), bytes);
    let mut deep = list();
    for _ in 0..20 {
        deep = zipped(&[("in.zip", deep)]);
    }
    let many: Vec<String> = (0..2_000).map(|n| format!("{n}.txt")).collect();
    let many: Vec<_> = many
        .iter()
        .map(|name| (name.as_str(), Vec::new()))
        .collect();
    let outside = zipped(&[
        ("../../etc/passwd", b"root:x:0:0".to_vec()),
        ("/abs", list()),
    ]);
    check(
        "archives",
        &[
            named("larger.zip", lying_zip(24, &u32::MAX.to_le_bytes())),
            named("smaller.zip", lying_zip(24, &3u32.to_le_bytes())),
            named("offset.zip", lying_zip(42, &0x7FFF_FFFFu32.to_le_bytes())),
            named("method.zip", lying_zip(10, &99u16.to_le_bytes())),
            named("outside.zip", outside),
            named("deep.zip", deep),
            named("many.zip", zipped(&many)),
            named("lie.zip", list()),
        ],
    );
}

#[test]
fn streams_that_lie() {
    let named = |name: &str, bytes: Vec<u8>| (name.to_string(), bytes);
    let gz = gzip(&list(), 6);
    let mut sqlite = b"SQLite format 3\0".to_vec();
    sqlite.resize(8_192, 0xFF);
    check(
        "streams",
        &[
            named("bomb.gz.gz", gzip(&gzip(&vec![b'a'; 40 << 20], 6), 6)),
            named(
                "rubbish-after.gz",
                [&gz[..], &b"rubbish".repeat(100)].concat(),
            ),
            named("bad-sum.gz", [&gz[..gz.len() - 8], &[0; 8]].concat()),
            named("header-only.gz", gz[..10].to_vec()),
            named("bad.zst", [&zstandard(&list())[..60], &[0xFF; 60]].concat()),
            named("rubbish.sqlite", sqlite),
            named("lie.csv", gz),
        ],
    );
}

/// A source that takes too long is ended and said; what was read of it counts, and its neighbours are read.
#[test]
fn time_is_limited() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let sheet = Sheet::of("users", user_fields(), &people::population(71, 4_000));
    let path = folder.path().join("users.csv");
    std::fs::write(&path, sheet.csv()).expect("the file can be written");
    let patterns = Patterns::builtin();
    let records = |source_time| {
        let limits = Limits {
            source_time,
            part_bytes: 64 << 10,
            ..Limits::default()
        };
        let options = Options {
            limits,
            threads: 1,
            ..Options::default()
        };
        let progress = Progress::default();
        let scan = scan(std::slice::from_ref(&path), patterns, &options, &progress);
        let codes = scan.scope.problems.iter().map(|problem| problem.code);
        let records = scan
            .scope
            .tables
            .iter()
            .map(|table| table.records)
            .sum::<u64>();
        (records, codes.collect::<Vec<_>>())
    };
    assert_eq!(records(Duration::MAX), (4_000, vec![]));
    let (read, codes) = records(Duration::ZERO);
    assert!(read > 0 && read < 4_000, "{read}");
    assert_eq!(codes, [Code::OverTime]);
}
