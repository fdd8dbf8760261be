//! Fixture and generator cannot differ: every folder is made anew and compared with what is checked in.
//!
//! `UPDATE_EXPECT=1` rewrites the folders. Compressed files and SQLite files are compared by what they hold, because other
//! versions of the libraries write other bytes.

use std::io::Read;
use std::path::Path;

use crate::plant::{self, Folder};
use crate::run;

/// What a file holds, so that compressors and SQLite may change how they write it.
fn content(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let inside = |file: &str, bytes: &[u8]| content(&format!("{name}!/{file}"), bytes);
    if bytes.starts_with(b"PK\x03\x04") && bytes[6] & 1 == 0 {
        let mut archive =
            zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("the archive can be read");
        let files = (0..archive.len()).flat_map(|i| {
            let mut file = archive.by_index(i).expect("the member can be read");
            let file_name = file.name().expect("the name is UTF-8").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)
                .expect("the member can be inflated");
            inside(&file_name, &bytes)
        });
        files.collect()
    } else if bytes.starts_with(b"\x1F\x8B") {
        let mut out = Vec::new();
        let whole = flate2::read::GzDecoder::new(bytes)
            .read_to_end(&mut out)
            .is_ok();
        inside(if whole { "whole" } else { "cut" }, &out)
    } else if bytes.starts_with(b"\x28\xB5\x2F\xFD") {
        inside(
            "zstd",
            &zstd::decode_all(bytes).expect("the frame can be read"),
        )
    } else if bytes.starts_with(b"SQLite format 3\0") {
        vec![(name.into(), rows(bytes))]
    } else if bytes.starts_with(b"PK\x03\x04") {
        vec![(name.into(), b"locked".to_vec())]
    } else {
        vec![(name.into(), bytes.to_vec())]
    }
}

/// The rows of a SQLite file's table `users`.
fn rows(bytes: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("read.sqlite");
    std::fs::write(&path, bytes).expect("the file can be written");
    let db = rusqlite::Connection::open(&path).expect("SQLite reads the file");
    let mut query = db
        .prepare("SELECT * FROM users")
        .expect("the table is there");
    let columns = query.column_count();
    let mut rows = query.query([]).expect("the table can be read");
    let mut out = Vec::new();
    while let Some(row) = rows.next().expect("the row can be read") {
        for i in 0..columns {
            out.extend(format!("{:?}\t", row.get_ref(i).expect("the cell can be read")).bytes());
        }
        out.push(b'\n');
    }
    out
}

/// Writes a folder anew.
fn write(folder: &Folder, at: &Path) {
    let input = at.join("input");
    if input.exists() {
        std::fs::remove_dir_all(&input).expect("the old input can be removed");
    }
    for (name, bytes) in &folder.files {
        let path = input.join(name);
        std::fs::create_dir_all(path.parent().expect("a file stands in a folder"))
            .expect("the folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
    }
    std::fs::write(at.join("truth.toml"), folder.truth.to_toml())
        .expect("the truth can be written");
}

#[test]
fn fixtures_are_what_the_generator_makes() {
    let mut faults = Vec::new();
    let folders = plant::folders();
    for folder in &folders {
        let at = run::fixtures().join(folder.name);
        let mut differs = std::fs::read_to_string(at.join("truth.toml")).unwrap_or_default()
            != folder.truth.to_toml();
        for (name, bytes) in &folder.files {
            let now = std::fs::read(at.join("input").join(name)).unwrap_or_default();
            differs |= content(name, &now) != content(name, bytes);
        }
        let there = std::fs::read_dir(at.join("input")).map_or(0, Iterator::count);
        let made = folder
            .files
            .keys()
            .map(|name| name.split('/').next())
            .collect::<std::collections::BTreeSet<_>>()
            .len();
        if differs || there != made {
            if run::updating() {
                write(folder, &at);
            } else {
                faults.push(folder.name);
            }
        }
    }
    assert!(
        faults.is_empty(),
        "differ from the generator (UPDATE_EXPECT=1 rewrites them): {faults:?}"
    );
    if !run::updating() {
        let made: Vec<_> = folders.iter().map(|folder| folder.name).collect();
        let strange: Vec<_> = run::folders()
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| !made.contains(&name.as_str()))
            .collect();
        assert!(strange.is_empty(), "no generator makes {strange:?}");
    }
}
