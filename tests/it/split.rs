//! Archives over several files are read as one; where some of the files are missing, that is said.

use serde_json::Value;

use crate::people;
use crate::plant::user_fields;
use crate::run::{items, report, run, text};
use crate::sheet::{Sheet, zipped};

const PEOPLE: u64 = 60;

fn archive() -> Vec<u8> {
    let people = people::population(91, PEOPLE as usize);
    let (some, others) = people.split_at(25);
    let file = |name, people| Sheet::of(name, user_fields(), people).csv().into_bytes();
    zipped(&[
        ("some.csv", file("some", some)),
        ("others.csv", file("others", others)),
    ])
}

fn put(bytes: &mut [u8], at: usize, value: usize, len: usize) {
    bytes[at..at + len].copy_from_slice(&(value as u64).to_le_bytes()[..len]);
}

fn four(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(*bytes[at..].first_chunk().expect("it is there")) as usize
}

/// An archive as zip splits it: a mark before it, offsets that count from the beginning of their file (APPNOTE 8.5).
fn spanned(archive: &[u8], size: usize) -> Vec<Vec<u8>> {
    let mut bytes = [b"PK\x07\x08", archive].concat();
    let end = bytes.len() - 22;
    let directory = four(&bytes, end + 16) + 4;
    let mut at = directory;
    while at < end {
        let header = four(&bytes, at + 42) + 4;
        put(&mut bytes, at + 34, header / size, 2);
        put(&mut bytes, at + 42, header % size, 4);
        at += 46
            + [28, 30, 32]
                .map(|n| four(&bytes, at + n) & 0xffff)
                .iter()
                .sum::<usize>();
    }
    put(&mut bytes, end + 4, end / size, 2);
    put(&mut bytes, end + 6, directory / size, 2);
    put(&mut bytes, end + 16, directory % size, 4);
    bytes.chunks(size).map(<[u8]>::to_vec).collect()
}

fn folder_of(files: &[(&str, &Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("the file can be written");
    }
    folder
}

fn scan(files: &[(&str, &Vec<u8>)]) -> Value {
    report(folder_of(files).path(), &["."])
}

/// Whether it is said that something could not be read: by a problem, or by no result at all where nothing is left but the end of a directory.
fn is_said(files: &[(&str, &Vec<u8>)]) -> bool {
    let run = run(folder_of(files).path(), &["scan", "--json", "."]);
    let nothing = || run.stderr.contains("1 problem");
    let told = || serde_json::from_slice(&run.stdout).is_ok_and(|told| !problems(&told).is_empty());
    match run.status {
        Some(2) => nothing(),
        status => status == Some(3) && told(),
    }
}

fn problems(report: &Value) -> Vec<String> {
    let problems = items(report, "problems").iter();
    let told = |problem| format!("{} {}", text(problem, "source"), text(problem, "code"));
    problems.map(told).collect()
}

#[test]
fn zips_over_several_files_are_one() {
    let archive = archive();
    for size in [
        archive.len() / 4 + 8,
        archive.len() / 3 + 8,
        archive.len() - 200,
    ] {
        let files = spanned(&archive, size);
        let names: Vec<String> = (1..files.len())
            .map(|n| format!("a.z{n:02}"))
            .chain(["a.zip".into()])
            .collect();
        let named: Vec<(&str, &Vec<u8>)> = names.iter().map(String::as_str).zip(&files).collect();
        let report = scan(&named);
        assert_eq!(problems(&report), [""; 0], "{size}");
        assert_eq!(report["subjects"]["persons"]["best"], PEOPLE, "{size}");
        // Without one of them nothing is clean, and what is whole is read.
        for missing in 0..named.len() {
            let mut rest = named.clone();
            rest.remove(missing);
            assert!(is_said(&rest), "{size} without {missing}");
        }
    }
    let parts: Vec<Vec<u8>> = archive
        .chunks(archive.len() / 3 + 1)
        .map(<[u8]>::to_vec)
        .collect();
    let names = ["a.zip.001", "a.zip.002", "a.zip.003"];
    let named: Vec<(&str, &Vec<u8>)> = names.into_iter().zip(&parts).collect();
    let report = scan(&named);
    assert_eq!(problems(&report), [""; 0]);
    assert_eq!(report["subjects"]["persons"]["best"], PEOPLE);
    for missing in 0..3 {
        let mut rest = named.clone();
        rest.remove(missing);
        assert!(!problems(&scan(&rest)).is_empty(), "without {missing}");
    }
}
