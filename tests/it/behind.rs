//! Archives behind something else: programs that unpack themselves, pictures, scripts, bytes before an archive.

use serde_json::Value;

use crate::archives::{PEOPLE, distinct, persons, rar, scan, sevenz, status, users};
use crate::people::Rng;
use crate::run::{items, text};
use crate::sheet::zipped;

/// A program that unpacks archives: noise, with the marks that it looks for, and one mailbox.
fn program(magic: &[u8]) -> Vec<u8> {
    let mut rng = Rng::new(95);
    let mut noise = || -> Vec<u8> { (0..3_000).map(|_| rng.next() as u8).collect() };
    let marks =
        b"7z\xBC\xAF\x27\x1C\0\x04Rar!\x1A\x07\x01\0Rar!\x1A\x07\0MSCF\0\0\0\0PK\x05\x06PK\x03\x04";
    let by = b"\0\0\0\0zoe.quinn@example.com\0\0\0\0";
    [magic, &noise(), marks, &noise(), by].concat()
}

fn cabinet() -> Vec<u8> {
    crate::programs::file("gcab.cab")
}

/// An archive whose directory counts from the beginning of the program.
fn adjusted(program: &[u8], zip: &[u8]) -> Vec<u8> {
    let mut all = [program, zip].concat();
    let add = |all: &mut [u8], at: usize| {
        let four: &mut [u8; 4] = all[at..].first_chunk_mut().expect("the field is there");
        *four = (u32::from_le_bytes(*four) + program.len() as u32).to_le_bytes();
    };
    let entry = memchr::memmem::rfind(&all, b"PK\x01\x02").expect("there is a directory");
    let end = memchr::memmem::rfind(&all, b"PK\x05\x06").expect("the directory ends");
    add(&mut all, entry + 42);
    add(&mut all, end + 16);
    all
}

fn check(name: &str, bytes: Vec<u8>, people: usize, before: &str) -> Value {
    let report = scan(&[(name, bytes)], &[]);
    assert_eq!(status(&report, name), "complete", "{name}");
    let stub = format!("{name}!/(before the archive)");
    assert_eq!(status(&report, &stub), before, "{name}");
    assert_eq!(
        persons(&report),
        people as u64,
        "{name}: {}",
        report["sources"]
    );
    report
}

#[test]
fn archives_behind_programs_and_pictures() {
    let csv = users().csv().into_bytes();
    let [zip, seven, rar] = [
        zipped(&[("users.csv", csv.clone())]),
        sevenz("users.csv", &csv, None),
        rar("users.csv", &csv),
    ];
    for magic in [
        &b"MZ\x90\0\x03\0\0\0"[..],
        b"\x7FELF\x02\x01\x01\0",
        b"\xFF\xD8\xFF\xE0\0\x10JFIF\0",
    ] {
        let program = program(magic);
        let behind = |archive: &[u8]| [&program[..], archive].concat();
        for bytes in [
            behind(&zip),
            adjusted(&program, &zip),
            behind(&seven),
            behind(&rar),
        ] {
            // The one mailbox of the program is found, too.
            let report = check("users.exe", bytes, PEOPLE + 1, "carved");
            assert_eq!(distinct(&report, "email"), PEOPLE as u64 + 1);
        }
        let signature: Vec<u8> = (0..900).map(|n| (n * 37 % 251) as u8).collect();
        // What is signed has its signature at the end.
        let signed = [behind(&seven), signature].concat();
        let report = check("users.exe", signed, PEOPLE + 1, "carved");
        assert_eq!(status(&report, "(behind the archive)"), "carved");
        check("members.exe", behind(&cabinet()), 9, "carved");
    }
}

#[test]
fn zips_behind_anything() {
    let zip = zipped(&[("users.csv", users().csv().into_bytes())]);
    let script = b"#!/bin/sh\nunzip -q \"$0\"\nexit 0\n";
    check(
        "users.run",
        [&script[..], &zip].concat(),
        PEOPLE,
        "complete",
    );
    let list = "name,mail\nAnn Marsh,ann@example.com\nBob Lee,bob@example.com\n";
    check(
        "two.csv",
        [list.as_bytes(), &zip].concat(),
        PEOPLE + 2,
        "complete",
    );
    // A text that ends as an archive does is none.
    let report = scan(
        &[("a.txt", [list.as_bytes(), b"PK\x05\x06", &[0; 18]].concat())],
        &[],
    );
    assert_eq!(items(&report, "sources").len(), 1);
}

#[test]
fn what_is_cut_behind_a_program_is_said() {
    let csv = users().csv().into_bytes();
    let program = program(b"MZ\x90\0");
    for archive in [
        sevenz("users.csv", &csv, None),
        rar("users.csv", &csv),
        cabinet(),
    ] {
        let cut = &archive[..archive.len() - archive.len() / 4];
        let report = scan(&[("users.exe", [&program[..], cut].concat())], &[]);
        let other = items(&report, "sources").iter().filter(|source| {
            let path = text(source, "source");
            !path.ends_with("(before the archive)") && path != "./users.exe"
        });
        // A cabinet that is not whole is not taken for one.
        let mut other = other.peekable();
        assert!(other.peek().is_some() || status(&report, "users.exe") == "carved");
        assert!(
            other.all(|source| text(source, "status") != "complete"),
            "{}",
            report["sources"]
        );
    }
}
