//! How much memory a scan takes: large files that hold few people take little.
//!
//! Measured is what the program itself holds (`RssAnon`), not the pages of mapped files, which the system takes back when
//! it needs them. `LEAKSCOPE_SLOW=1` adds files of 2 GB.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::run::{binary, slow};

/// People that are written over and over.
const PEOPLE: usize = 500;

fn person(n: usize) -> [String; 4] {
    let n = n % PEOPLE;
    [
        format!("{n}"),
        format!("person{n}@example.com"),
        format!("090-{:04}-{:04}", 1000 + n, 9999 - n),
        format!("19{:02}-{:02}-{:02}", 50 + n % 50, 1 + n % 12, 1 + n % 28),
    ]
}

/// A table of rows, a line each.
fn csv(path: &Path, bytes: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"id,email,phone,birth_date\n").unwrap();
    let (mut n, mut written) = (0, 0);
    while written < bytes {
        let row = person(n).join(",") + "\n";
        file.write_all(row.as_bytes()).unwrap();
        (n, written) = (n + 1, written + row.len() as u64);
    }
    file.flush().unwrap();
}

/// The same rows in a single statement on a single line.
fn insert(path: &Path, bytes: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let create = "CREATE TABLE users (id int, email text, phone text, birth_date date);\n";
    file.write_all(create.as_bytes()).unwrap();
    file.write_all(b"INSERT INTO users VALUES ").unwrap();
    let (mut n, mut written) = (0, 0);
    while written < bytes {
        let comma = if n == 0 { "" } else { "," };
        let row = format!("{comma}('{}')", person(n).join("','"));
        file.write_all(row.as_bytes()).unwrap();
        (n, written) = (n + 1, written + row.len() as u64);
    }
    file.write_all(b";\n").unwrap();
    file.flush().unwrap();
}

/// The same rows in a document that is read in one piece.
fn xml(path: &Path, bytes: u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"<users>\n").unwrap();
    let (mut n, mut written) = (0, 0);
    while written < bytes {
        let [id, mail, phone, birth] = person(n);
        let row = format!(
            "<user id=\"{id}\" email=\"{mail}\" phone=\"{phone}\" birth_date=\"{birth}\"/>\n"
        );
        file.write_all(row.as_bytes()).unwrap();
        (n, written) = (n + 1, written + row.len() as u64);
    }
    file.write_all(b"</users>\n").unwrap();
    file.flush().unwrap();
}

/// The most memory of its own that a scan of the file held, in bytes.
fn peak(path: &Path) -> u64 {
    let mut child = Command::new(binary())
        .args(["scan", "--quiet", "--threads", "2"])
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0;
    let code = loop {
        if let Some(code) = child.try_wait().unwrap() {
            break code;
        }
        peak = peak.max(anonymous(&status).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(code.code(), Some(0), "the scan of {}", path.display());
    assert!(peak > 0, "nothing was measured");
    peak
}

fn anonymous(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

#[track_caller]
fn check(write: fn(&Path, u64), name: &str, bytes: u64, most: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    write(&path, bytes);
    let peak = peak(&path);
    assert!(
        peak < most,
        "{name} of {} MB took {} MB, more than {} MB",
        bytes >> 20,
        peak >> 20,
        most >> 20
    );
}

#[test]
#[cfg(target_os = "linux")]
fn few_people_in_large_files_take_little_memory() {
    check(csv, "people.csv", 64 << 20, 150 << 20);
    check(insert, "people.sql", 32 << 20, 150 << 20);
    check(xml, "people.xml", 24 << 20, 32 << 20);
    if slow() {
        check(csv, "people.csv", 2 << 30, 700 << 20);
        check(insert, "people.sql", 2 << 30, 700 << 20);
        check(xml, "people.xml", 1 << 30, 300 << 20);
    }
}
