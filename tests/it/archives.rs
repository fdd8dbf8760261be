//! Archives of every kind give what is in them; what is locked is said, and opened with the right password; what nothing
//! reads is carved, quietly.

use std::io::{Cursor, Write};

use serde_json::Value;

use crate::people::{self, Rng};
use crate::plant::user_fields;
use crate::run::{self, items, number, text};
use crate::sheet::{Mail, Sheet, encode, gzip, zipped};

pub(crate) const PEOPLE: usize = 40;
const PASSWORD: &str = "Kuma-2026";

pub(crate) fn users() -> Sheet {
    Sheet::of("users", user_fields(), &people::population(90, PEOPLE))
}

/// Scans files with further arguments.
pub(crate) fn scan(files: &[(&str, Vec<u8>)], arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("the file can be written");
    }
    let run = run::run(
        folder.path(),
        &[&["scan", "--json", "."], arguments].concat(),
    );
    assert!(!run.stderr.contains(PASSWORD), "{}", run.stderr);
    assert!(!String::from_utf8_lossy(&run.stdout).contains(PASSWORD));
    serde_json::from_slice(&run.stdout).expect("the report is JSON")
}

/// Distinct values of a kind.
pub(crate) fn distinct(report: &Value, kind: &str) -> u64 {
    let found = items(report, "kinds")
        .iter()
        .find(|found| found["kind"] == kind);
    found.map_or(0, |found| number(found, &["distinct"]))
}

pub(crate) fn persons(report: &Value) -> u64 {
    number(report, &["subjects", "persons", "best"])
}

/// The status of the source whose path ends so.
pub(crate) fn status<'a>(report: &'a Value, end: &str) -> &'a str {
    let found = items(report, "sources")
        .iter()
        .find(|source| text(source, "source").ends_with(end));
    text(
        found.unwrap_or_else(|| panic!("no source {end} in {}", report["sources"])),
        "status",
    )
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, *bytes)
            .expect("the member can be written");
    }
    builder.into_inner().expect("the archive can be written")
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(bytes).expect("the stream can be written");
    writer.finish().expect("the stream can be written")
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(6);
    let mut writer =
        lzma_rust2::XzWriter::new(Vec::new(), options).expect("the stream can be begun");
    writer.write_all(bytes).expect("the stream can be written");
    writer.finish().expect("the stream can be written")
}

pub(crate) fn lz4(bytes: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new().block_size(lz4_flex::frame::BlockSize::Max64KB);
    let mut writer = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    writer.write_all(bytes).expect("the stream can be written");
    writer.finish().expect("the stream can be written")
}

pub(crate) fn sevenz(name: &str, bytes: &[u8], password: Option<(&str, bool)>) -> Vec<u8> {
    use sevenz_rust2::{
        ArchiveEntry, ArchiveWriter, EncoderMethod, Password, encoder_options::AesEncoderOptions,
    };
    let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).expect("the archive can be begun");
    if let Some((password, header)) = password {
        let aes = AesEncoderOptions::new(Password::new(password));
        writer.set_content_methods(vec![aes.into(), EncoderMethod::LZMA2.into()]);
        writer.set_encrypt_header(header);
    }
    writer
        .push_archive_entry(ArchiveEntry::new_file(name), Some(bytes))
        .expect("the member can be written");
    writer
        .finish()
        .expect("the archive can be written")
        .into_inner()
}

/// A zip archive encrypted in the traditional way.
fn locked(name: &str, bytes: &[u8], password: &str) -> Vec<u8> {
    use zip::unstable::write::FileOptionsExt;
    let options = zip::write::SimpleFileOptions::default()
        .with_deprecated_encryption(password.as_bytes())
        .expect("the password is ASCII");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file(name, options)
        .expect("the member can be begun");
    writer.write_all(bytes).expect("the member can be written");
    writer
        .finish()
        .expect("the archive can be written")
        .into_inner()
}

/// A rar archive of version 5 with one stored file.
pub(crate) fn rar(name: &str, bytes: &[u8]) -> Vec<u8> {
    volumes(name, bytes, 1).concat()
}

/// A write-ahead log whose database is not there.
fn log() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("a.db");
    let db = rusqlite::Connection::open(&path).expect("the database can be made");
    db.execute_batch(
        "PRAGMA journal_mode = wal; CREATE TABLE users (name TEXT, mail TEXT);
         INSERT INTO users VALUES ('Taro Yamada', 'taro@example.com'), ('Hanako Sato', 'hanako@example.com');",
    )
    .expect("the rows can be written");
    std::fs::read(folder.path().join("a.db-wal")).expect("the log can be read")
}

/// A small file of each kind of container, for mutants.
pub(crate) fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let csv = b"id,name,mail\n1,Taro Yamada,taro@example.com\n2,Hanako Sato,hanako@example.com\n"
        .repeat(20);
    let two = [("a.csv", &csv[..]), ("b.csv", b"x,y\n1,2\n")];
    let lzh = [
        &b"\x1b\xda-lh0-\x03\0\0\0\x03\0\0\0\0\0\0\x50\x20\0\x05b.csv\x01\x02"[..],
        b"1,2\0",
    ];
    vec![
        ("tar", tar(&two)),
        ("bzip2", bzip2(&csv)),
        ("xz", xz(&csv)),
        ("lz4", lz4(&csv)),
        ("7z", sevenz("a.csv", &csv, None)),
        ("locked 7z", sevenz("a.csv", &csv, Some((PASSWORD, false)))),
        ("locked zip", locked("a.csv", &csv, PASSWORD)),
        ("lzh", lzh.concat()),
        ("rar", rar("a.csv", &csv)),
        (
            "self-extracting",
            [&b"MZ\x90\0\x03\0\0\0"[..], &sevenz("a.csv", &csv, None)].concat(),
        ),
        ("log", log()),
        ("deleted rows", with_deleted_rows()),
    ]
}

#[test]
fn every_container_holds_the_same_people() {
    let csv = users().csv().into_bytes();
    let half = csv.len() / 2;
    let cases = [
        (
            "users.tar",
            tar(&[("docs/users.csv", &csv), ("empty.txt", b"")]),
        ),
        ("users.tar.gz", gzip(&tar(&[("users.csv", &csv)]), 6)),
        ("users.csv.bz2", bzip2(&csv)),
        (
            "two.bz2",
            [bzip2(&csv[..half]), bzip2(&csv[half..])].concat(),
        ),
        ("users.csv.xz", xz(&csv)),
        ("two.xz", [xz(&csv[..half]), xz(&csv[half..])].concat()),
        ("users.csv.lz4", lz4(&csv)),
        ("two.lz4", [lz4(&csv[..half]), lz4(&csv[half..])].concat()),
        ("users.7z", sevenz("users.csv", &csv, None)),
        ("users.tar.xz", xz(&tar(&[("users.csv", &csv)]))),
        ("users.rar", rar("users.csv", &csv)),
        (
            "in-7z.zip",
            zipped(&[("users.7z", sevenz("users.csv", &csv, None))]),
        ),
    ];
    for (name, bytes) in cases {
        let report = scan(&[(name, bytes)], &[]);
        assert_eq!(
            items(&report, "problems").len(),
            0,
            "{name}: {}",
            report["problems"]
        );
        assert_eq!(persons(&report), PEOPLE as u64, "{name}");
        assert_eq!(distinct(&report, "email"), PEOPLE as u64, "{name}");
    }
}

#[test]
fn archives_cut_short_keep_what_came_out() {
    let csv: Vec<u8> = Sheet::of("users", user_fields(), &people::population(91, 4_000))
        .csv()
        .into();
    let cases = [
        ("users.tar", tar(&[("users.csv", &csv)])),
        ("users.csv.bz2", bzip2(&csv)),
        ("users.csv.xz", xz(&csv)),
        ("users.csv.lz4", lz4(&csv)),
    ];
    for (name, bytes) in cases {
        let report = scan(&[(name, bytes[..bytes.len() * 6 / 10].to_vec())], &[]);
        let codes: Vec<_> = items(&report, "problems")
            .iter()
            .map(|problem| text(problem, "code"))
            .collect();
        assert!(
            codes.contains(&"truncated") && !codes.contains(&"malformed"),
            "{name}: {codes:?}"
        );
        assert!(
            (1_000..4_000).contains(&persons(&report)),
            "{name}: {}",
            persons(&report)
        );
        let member = items(&report, "sources")
            .iter()
            .find(|source| source["format"] == "csv");
        let member = member.unwrap_or_else(|| panic!("{name}: {}", report["sources"]));
        assert_eq!(
            (text(member, "status"), text(member, "reason")),
            ("partial", "truncated"),
            "{name}"
        );
    }
}

#[test]
fn locked_members_are_said_and_opened() {
    let csv = users().csv().into_bytes();
    for (name, bytes, end) in [
        (
            "users.zip",
            locked("users.csv", &csv, PASSWORD),
            "users.zip!/users.csv",
        ),
        (
            "users.7z",
            sevenz("users.csv", &csv, Some((PASSWORD, false))),
            "users.7z!/users.csv",
        ),
        (
            "hidden.7z",
            sevenz("users.csv", &csv, Some((PASSWORD, true))),
            "hidden.7z",
        ),
    ] {
        let files = [(name, bytes)];
        let report = scan(&files, &[]);
        assert_eq!(status(&report, end), "encrypted", "{name}");
        assert_eq!(persons(&report), 0, "{name}");
        let wrong = scan(&files, &["--password", "wrong"]);
        assert_eq!(status(&wrong, end), "encrypted", "{name}");
        let report = scan(&files, &["--password", "wrong", "--password", PASSWORD]);
        assert_eq!(
            persons(&report),
            PEOPLE as u64,
            "{name}: {}",
            report["problems"]
        );
        assert_eq!(
            items(&report, "problems").len(),
            0,
            "{name}: {}",
            report["problems"]
        );
    }
}

#[test]
fn passwords_come_from_a_file_too() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("passwords.txt");
    std::fs::write(&path, format!("one\r\n\r\n{PASSWORD}\r\n")).expect("the file can be written");
    let path = path.to_str().expect("the path is UTF-8");
    let files = [(
        "users.zip",
        locked("users.csv", users().csv().as_bytes(), PASSWORD),
    )];
    assert_eq!(
        persons(&scan(&files, &["--password-file", path])),
        PEOPLE as u64
    );
    let run = run::run(folder.path(), &["scan", ".", "--password-file", "nothing"]);
    assert_eq!(run.status, Some(2));
}

/// AES with 128, 192 and 256 bits, written by a script over Python's hashlib and OpenSSL.
const AES_ZIP: &str = "
    504b03043300010863000000000000000000340000002000000008000b00613132382e6373760199070002004145010800010203040506070818
    3b7b103b02710e8874a1e46d2dc0c48879163732470906107a690232da5f54aa1d026d889bca9b7a375e74504b03043300010863000000000000
    000000380000002000000008000b00613139322e63737601990700020041450208000102030405060708090a0b0c899e8452904157dac1f9e5f4
    e1eb05d92d4a35576abe87436046830190b511b72d97eb0e4836af4b7203dfaf504b030433000108630000000000000000003e00000024000000
    08000b00613235362e63737601990700020041450308000102030405060708090a0b0c0d0e0f102ca1105a1824c1a9fe4a4bedea37a70e143cd8
    dfa4593d10abfd89c213b5d072733d8f13f37d16db519988ced6f9504b010233003300010863000000000000000000340000002000000008000b
    000000000000000000000000000000613132382e6373760199070002004145010800504b01023300330001086300000000000000000038000000
    2000000008000b000000000000000000000065000000613139322e6373760199070002004145020800504b010233003300010863000000000000
    0000003e0000002400000008000b0000000000000000000000ce000000613235362e6373760199070002004145030800504b0506000000000300
    0300c30000003d0100000000
";

#[test]
fn aes_entries_are_opened() {
    let digits: Vec<u8> = AES_ZIP.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).expect("digits are ASCII");
        u8::from_str_radix(text, 16).expect("two digits are a byte")
    };
    let files = [("aes.zip", digits.chunks(2).map(byte).collect::<Vec<u8>>())];
    assert_eq!(
        status(&scan(&files, &["--password", "x"]), "aes.zip!/a256.csv"),
        "encrypted"
    );
    let report = scan(&files, &["--password", "himitsu"]);
    assert_eq!(distinct(&report, "email"), 3, "{}", report["problems"]);
    assert_eq!(
        items(&report, "problems").len(),
        0,
        "{}",
        report["problems"]
    );
}

#[test]
fn passwords_mailed_after_the_archive_are_tried() {
    let (from, to) = (
        ("山田 花子", "hanako@example.com"),
        ("", "jiro@example.net"),
    );
    let zip = locked("users.csv", users().csv().as_bytes(), PASSWORD);
    let first = Mail::new(
        1,
        from,
        to,
        "ファイル送付の件",
        "添付のとおりお送りします。",
    )
    .attach("users.zip", "application/zip", zip);
    let told = format!("先ほどのファイルのパスワードをお知らせします。\n\n{PASSWORD}\n");
    let second = Mail::new(2, from, to, "【パスワード】", &told);
    let files = [("1.eml", first.eml()), ("2.eml", second.eml())];
    assert_eq!(status(&scan(&files, &[]), "users.csv"), "encrypted");
    let report = scan(&files, &["--ppap"]);
    assert_eq!(status(&report, "users.csv"), "complete");
    assert!(persons(&report) >= PEOPLE as u64);
}

#[test]
fn binary_files_are_carved() {
    let sheet = users();
    for label in [
        "utf-8",
        "shift_jis",
        "euc-jp",
        "iso-2022-jp",
        "utf-16le",
        "utf-16be",
    ] {
        let mut bytes = b"\x00\x01\x02UNKNOWN\x00".to_vec();
        for (row, line) in sheet.csv().lines().skip(1).enumerate() {
            bytes.extend([0; 24]);
            bytes.extend([row as u8 % 5, 0xFF, 0xFE, 0]);
            bytes.extend(encode(line, label));
            bytes.push(0);
        }
        let report = scan(&[("data.bin", bytes)], &[]);
        assert_eq!(status(&report, "data.bin"), "carved", "{label}");
        assert_eq!(distinct(&report, "email"), PEOPLE as u64, "{label}");
        let table = &items(&report, "tables")[0];
        assert_eq!(number(table, &["records"]), 0, "{label}");
        for kind in items(&report, "kinds") {
            assert_eq!(kind["matches"], kind["distinct"], "{label}");
        }
    }
}

#[test]
fn values_carved_many_times_count_once() {
    let line = "\x01\0\0Taro Yamada <taro@example.com>\0\x02";
    let report = scan(&[("data.bin", line.repeat(500).into_bytes())], &[]);
    assert_eq!(distinct(&report, "email"), 1);
    assert_eq!(persons(&report), 1, "{}", report["subjects"]);
}

#[test]
fn names_in_programs_need_something_beside_them() {
    let program = |kind: u8| {
        let mut bytes = b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend([kind, 0]);
        for text in [
            "Taro Yamada",
            "090-1234-5678",
            "Hanako Sato <hanako@example.com>",
        ] {
            bytes.extend([0, 1, 0, 0]);
            bytes.extend(text.bytes());
            bytes.extend([0; 8]);
        }
        bytes
    };
    let report = scan(&[("program", program(3))], &[]);
    assert_eq!(persons(&report), 1, "{}", report["kinds"]);
    assert_eq!(distinct(&report, "phone"), 0);
    assert_eq!(distinct(&report, "person-name"), 1);
    // What a program held in memory when it died is another matter.
    let report = scan(&[("core", program(4))], &[]);
    assert_eq!(distinct(&report, "phone"), 1);
}

#[test]
fn parts_of_an_archive_are_read_as_one() {
    let csv = users().csv().into_bytes();
    let whole = sevenz("users.csv", &csv, None);
    let third = whole.len() / 3;
    let parts = [
        &whole[..third],
        &whole[third..2 * third],
        &whole[2 * third..],
    ];
    let names = ["users.7z.001", "users.7z.002", "users.7z.003"];
    let files: Vec<(&str, Vec<u8>)> = names.into_iter().zip(parts.map(<[u8]>::to_vec)).collect();
    let report = scan(&files, &[]);
    assert_eq!(persons(&report), PEOPLE as u64);
    assert!(
        items(&report, "problems").is_empty(),
        "{}",
        report["problems"]
    );
    let report = scan(&files[..2], &[]);
    assert_eq!(status(&report, "users.7z.001"), "carved");
    // Logs are called so, too.
    let logs = [("a.log.001", csv.clone()), ("a.log.002", csv)];
    let report = scan(&logs, &[]);
    assert_eq!(status(&report, "a.log.002"), "complete");
    assert_eq!(
        number(&items(&report, "sources")[1], &["records"]),
        PEOPLE as u64
    );
}

#[test]
fn noise_holds_nobody() {
    let mut rng = Rng::new(93);
    let noise: Vec<u8> = (0..2 << 20).map(|_| rng.next() as u8).collect();
    let report = scan(&[("noise.bin", noise)], &[]);
    assert_eq!(status(&report, "noise.bin"), "carved");
    assert_eq!(persons(&report), 0, "{}", report["kinds"]);
    assert_eq!(text(&items(&report, "problems")[0], "code"), "unsupported");
}

#[test]
fn the_rest_of_a_broken_document_is_read_as_text() {
    // A mistake near the beginning makes it no JSON at all; this one comes later.
    let many = Sheet::of("users", user_fields(), &people::population(90, 10 * PEOPLE));
    let good = many.json();
    let records: Vec<_> = good.match_indices("{\"id\"").collect();
    let at = records[8 * PEOPLE].0;
    let broken = format!("{}<!!>{}", &good[..at], &good[at..]);
    let report = scan(&[("users.json", broken.into_bytes())], &[]);
    assert_eq!(status(&report, "users.json"), "partial");
    assert_eq!(status(&report, "users.json!/(rest)"), "complete");
    assert_eq!(
        distinct(&report, "email"),
        10 * PEOPLE as u64,
        "{}",
        report["tables"]
    );
    let source = &items(&report, "sources")[0];
    assert_eq!(text(source, "reason"), "malformed");
    assert!(
        number(source, &["at"]) >= at as u64 && number(source, &["records"]) > 300,
        "{source}"
    );
}

#[test]
fn what_its_own_format_cannot_open_is_carved() {
    let mut broken = users().sqlite();
    broken[16..100].fill(0);
    let report = scan(&[("users.db", broken)], &[]);
    assert_eq!(status(&report, "users.db"), "carved");
    assert_eq!(
        distinct(&report, "email"),
        PEOPLE as u64,
        "{}",
        report["problems"]
    );
    let codes: Vec<_> = items(&report, "problems")
        .iter()
        .map(|problem| text(problem, "code"))
        .collect();
    assert_eq!(codes, ["malformed"]);
}

/// A database of which half the rows, and another table, were deleted.
fn with_deleted_rows() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("made.sqlite");
    std::fs::write(
        &path,
        Sheet::of("users", user_fields(), &people::population(94, 400)).sqlite(),
    )
    .expect("the file can be written");
    let db = rusqlite::Connection::open(&path).expect("SQLite opens the file");
    db.execute_batch(
        "PRAGMA secure_delete=0; CREATE TABLE notes(a TEXT, b TEXT);
         INSERT INTO notes SELECT 'a note', 'paid in full ' || id FROM users;
         DROP TABLE notes; DELETE FROM users WHERE rowid % 8 >= 4;",
    )
    .expect("the rows can be deleted");
    drop(db);
    std::fs::read(&path).expect("SQLite wrote the file")
}

#[test]
fn deleted_rows_are_remnants_and_counted_once() {
    let report = scan(&[("users.db", with_deleted_rows())], &[]);
    let records = |name: &str| {
        let found = items(&report, "tables")
            .iter()
            .find(|table| table["name"] == name);
        found.map_or(0, |table| number(table, &["records"]))
    };
    assert_eq!(records("users"), 200);
    let deleted = records("users (remnants)");
    assert!(
        (150..=200).contains(&deleted),
        "{deleted} of 200 deleted rows"
    );
    assert!(
        (200 + deleted - 5..=400).contains(&persons(&report)),
        "{}",
        report["subjects"]
    );
    assert!(records("(remnants)") >= 350, "of a table that was dropped");
}

#[test]
fn a_database_is_read_with_its_log() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("made.sqlite");
    let db = rusqlite::Connection::open(&path).expect("SQLite opens a new file");
    db.execute_batch(
        "PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0; CREATE TABLE empty(a);",
    )
    .expect("the database can be begun");
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("the log can be emptied");
    let dump = users()
        .sqlite_dump()
        .replace("BEGIN TRANSACTION;", "BEGIN;");
    db.execute_batch(&dump).expect("the dump is valid SQL");
    let read =
        |end: &str| std::fs::read(format!("{}{end}", path.display())).expect("SQLite wrote it");
    let (main, log) = (read(""), read("-wal"));
    drop(db);
    let both = scan(
        &[("users.db", main.clone()), ("users.db-wal", log.clone())],
        &[],
    );
    assert_eq!(persons(&both), PEOPLE as u64, "{}", both["tables"]);
    assert_eq!(items(&both, "problems").len(), 0, "{}", both["problems"]);
    assert_eq!(status(&both, "users.db-wal"), "complete");
    assert_eq!(persons(&scan(&[("users.db", main)], &[])), 0);
    let alone = scan(&[("users.db-wal", log)], &[]);
    assert_eq!(persons(&alone), PEOPLE as u64, "{}", alone["tables"]);
    assert_eq!(status(&alone, "users.db-wal"), "partial");
}

#[test]
fn utf_32_is_read() {
    let csv = users().csv();
    for (mark, bytes) in [
        (&b"\xFF\xFE\0\0"[..], u32::to_le_bytes as fn(u32) -> [u8; 4]),
        (b"\0\0\xFE\xFF", u32::to_be_bytes),
    ] {
        let text = csv.chars().flat_map(|c| bytes(u32::from(c)));
        let report = scan(
            &[("users.csv", mark.iter().copied().chain(text).collect())],
            &[],
        );
        assert_eq!(persons(&report), PEOPLE as u64, "{}", report["sources"]);
        assert_eq!(
            items(&report, "problems").len(),
            0,
            "{}",
            report["problems"]
        );
    }
}

#[test]
fn logs_in_two_encodings_are_read_line_by_line() {
    let line = |n: usize| {
        format!("{n} 氏名: 山田 太郎 様 送付先 東京都新宿区西新宿2-8-1 user{n}@example.com 様\n")
    };
    let half = |label: &str, from: usize| -> Vec<u8> {
        (from..from + 20)
            .flat_map(|n| encode(&line(n), label))
            .collect()
    };
    let bytes = [half("utf-8", 0), half("shift_jis", 20), half("utf-8", 40)].concat();
    let report = scan(&[("app.log", bytes)], &[]);
    assert_eq!(distinct(&report, "email"), 60);
    assert_eq!(
        distinct(&report, "postal-address"),
        1,
        "{}",
        report["kinds"]
    );
    assert_eq!(
        items(&report, "problems").len(),
        0,
        "{}",
        report["problems"]
    );
}

/// A number of RAR 5: seven bits a byte, the low ones first.
fn vint(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// A block of RAR 5: its checksum, its length and what it says.
fn block(fields: &[usize], tail: &[u8]) -> Vec<u8> {
    let header = [
        fields.iter().copied().flat_map(vint).collect(),
        tail.to_vec(),
    ]
    .concat();
    let sized = [vint(header.len()), header].concat();
    [&crc(&sized).to_le_bytes()[..], &sized].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A stored file in volumes of RAR 5 (technical note of RAR 5.0, rarlab.com).
fn volumes(name: &str, bytes: &[u8], n: usize) -> Vec<Vec<u8>> {
    let chunks: Vec<&[u8]> = bytes.chunks(bytes.len().div_ceil(n)).collect();
    let volume = |(at, chunk): (usize, &&[u8])| {
        let is_last = at + 1 == chunks.len();
        let main = match at {
            0 => block(&[1, 0, usize::from(!is_last)], b""),
            at => block(&[1, 0, 3, at], b""),
        };
        let split = 2 + if at > 0 { 8 } else { 0 } + if is_last { 0 } else { 16 };
        let sum = crc(if is_last { bytes } else { chunk });
        let file: Vec<u8> = [4, bytes.len(), 0x20].into_iter().flat_map(vint).collect();
        let rest: Vec<u8> = [0, 1, name.len()].into_iter().flat_map(vint).collect();
        let file = [&file[..], &sum.to_le_bytes(), &rest, name.as_bytes()].concat();
        let file = block(&[2, split, chunk.len()], &file);
        let end = block(&[5, 0, usize::from(!is_last)], b"");
        [b"Rar!\x1a\x07\x01\x00", &main[..], &file, chunk, &end].concat()
    };
    chunks.iter().enumerate().map(volume).collect()
}

#[test]
fn volumes_of_rar_are_one_archive() {
    let csv = users().csv();
    let expected = scan(&[("users.csv", csv.clone().into_bytes())], &[]);
    let volumes = volumes("users.csv", csv.as_bytes(), 3);
    let check = |names: &[&str], whole: bool| {
        let files: Vec<_> = names.iter().copied().zip(volumes.iter().cloned()).collect();
        let report = scan(&files, &[]);
        let problems = items(&report, "problems");
        assert_eq!(problems.is_empty(), whole, "{names:?} {problems:?}");
        let is_same =
            report["subjects"] == expected["subjects"] && report["kinds"] == expected["kinds"];
        assert_eq!(is_same, whole, "{names:?}");
    };
    check(&["a.part1.rar", "a.part2.rar", "a.part3.rar"], true);
    check(&["a.part001.rar", "a.part002.rar", "a.part003.rar"], true);
    check(&["a.rar", "a.r00", "a.r01"], true);
    // The last one is missing.
    check(&["a.part1.rar", "a.part2.rar"], false);
}

/// A member that is called as leakscope calls the names of a source gains no depth by it.
#[test]
fn names_of_members_do_not_deepen() {
    let name = "(names of files and columns).csv";
    let list = b"name,email\nMary Johnson,mary@example.com\n".to_vec();
    let nested = (0..3_000).fold(list, |inner, _| zipped(&[(name, inner)]));
    let folder = crate::cli::Folder::with(&[("deep.zip", &nested[..])]);
    let report = run::report(&folder.path(""), &["deep.zip"]);
    let problems = items(&report, "problems");
    let codes: Vec<_> = problems
        .iter()
        .map(|problem| text(problem, "code"))
        .collect();
    assert_eq!(codes, ["too-deep"]);
}

/// A name does not make of a file the long texts or the definition of another's table: such files are read by themselves.
#[test]
fn files_that_are_only_called_like_parts_of_others() {
    let list = |from: usize| -> Vec<u8> {
        let rows = (from..from + 10).map(|n| format!("u{n}@example.com,303-555-01{n:02}\n"));
        format!("email,phone\n{}", rows.collect::<String>()).into_bytes()
    };
    for [table, part] in [["k.dbf", "k.dbt"], ["k.dbf", "k.fpt"], ["k.ibd", "k.frm"]] {
        let (first, second) = (list(0), list(10));
        let tarred = tar(&[(table, &first), (part, &second)]);
        let zip = zipped(&[(table, first), (part, second)]);
        for archive in [("a.tar", tarred), ("a.zip", zip)] {
            let report = scan(&[archive], &[]);
            assert_eq!(persons(&report), 20, "{table}, {part}");
        }
    }
}
