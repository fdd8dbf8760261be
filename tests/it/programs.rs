//! Files that other programs wrote hold the same people as the table they were made of; `tests/programs/README.md` tells how.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use leakscope::format::{Catalogue, Heap};
use leakscope::source::Bytes;
use serde_json::Value;

use crate::run::{self, items, text};

const PASSWORD: &str = "Kuma-2026";
/// Files of a cluster of PostgreSQL: they tell what they are only where they lie.
const CLUSTER: &str = "postgres-cluster.tar.gz";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The files, by name, but for what tells of them.
fn files() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("an entry can be read").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("a name is UTF-8"))
        .filter(|name| name != "README.md" && name != CLUSTER)
        .collect();
    names.sort();
    names
}

fn scan(name: &str, password: &str) -> Value {
    let arguments = ["scan", "--json", "--password", password, name];
    let run = run::run(&folder(), &arguments);
    serde_json::from_slice(&run.stdout).expect("the report is JSON")
}

/// People, and distinct values of each kind.
fn essence(report: &Value) -> (Value, Vec<(String, Value)>) {
    let kinds = items(report, "kinds").iter();
    let kinds = kinds.map(|kind| (text(kind, "kind").to_owned(), kind["distinct"].clone()));
    (report["subjects"]["persons"].clone(), kinds.collect())
}

/// One of the files.
pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("the file is there")
}

/// The files that fuzzing begins with: those that open fast.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let fast = |name: &String| !name.contains("agile") && !name.contains("locked-names");
    let path = |name: String| folder().join(name);
    let names = files().into_iter().filter(fast).map(path);
    let read = |path: PathBuf| std::fs::read(path).expect("the file can be read");
    names.filter(|path| path.is_file()).map(read).collect()
}

/// The files of a cluster by their paths.
fn cluster() -> BTreeMap<String, Vec<u8>> {
    let file = std::fs::File::open(folder().join(CLUSTER)).expect("the file is there");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entries = archive.entries().expect("it is an archive");
    let files = entries.map(|entry| {
        let mut entry = entry.expect("the archive is whole");
        let path = entry.path().expect("it has a path");
        let path = path.to_str().expect("it is ASCII").to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it is whole");
        (path, bytes)
    });
    files.collect()
}

/// What the catalogue of the cluster tells of its table.
pub(crate) fn heap() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    let read = || {
        let files = cluster();
        let file = |number: u32| {
            let path = format!("cluster/base/16558/{number}");
            files.get(&path).map(|bytes| Bytes::owned(bytes.clone()))
        };
        let map = &files["cluster/base/16558/pg_filenode.map"];
        let catalogue = Catalogue::read(map, &file, Arc::default(), None);
        let catalogue = catalogue.expect("the catalogue is read");
        let table = catalogue.table(16_559, &|number| file(number).into_iter().collect());
        Arc::new(table.expect("the table is there"))
    };
    Arc::clone(HEAP.get_or_init(read))
}

/// The file of the cluster's table.
pub(crate) fn table() -> Vec<u8> {
    cluster()
        .remove("cluster/base/16558/16559")
        .expect("the table is there")
}

#[test]
fn a_cluster_is_read_by_its_catalogue() {
    let root = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in cluster() {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder"))
            .expect("a folder is made");
        std::fs::write(path, bytes).expect("a file is written");
    }
    let arguments = ["scan", "--json", "cluster"];
    let run = run::run(root.path(), &arguments);
    let report: Value = serde_json::from_slice(&run.stdout).expect("the report is JSON");
    let tables = items(&report, "tables").iter();
    let tables = tables.filter(|table| text(table, "format") == "postgres");
    let tables: Vec<_> = tables
        .map(|table| (text(table, "name"), &table["records"]))
        .collect();
    assert_eq!(
        tables,
        [("members", &8.into()), ("members (remnants)", &1.into())]
    );
    assert_eq!(report["subjects"]["persons"]["best"], 9);
}

/// The rows of a table of MariaDB, and the definition that stands beside them.
pub(crate) fn tablespace() -> Vec<u8> {
    std::fs::read(folder().join("mariadb/members.ibd")).expect("the file can be read")
}

/// Rows of MyISAM, and their definition.
pub(crate) fn of_myisam() -> (Vec<u8>, Vec<u8>) {
    let read = |name: &str| std::fs::read(folder().join("mariadb-myisam").join(name));
    let read = |name| read(name).expect("the file can be read");
    (read("members.MYD"), read("members.frm"))
}

pub(crate) fn definition() -> Vec<u8> {
    std::fs::read(folder().join("mariadb/members.frm")).expect("the file can be read")
}

#[test]
fn every_program_wrote_the_same_people() {
    let expected = essence(&scan("members.csv", PASSWORD));
    assert_eq!(expected.0["best"], 8);
    assert_eq!(expected.1.len(), 5);
    for name in files() {
        let report = scan(&name, PASSWORD);
        assert_eq!(essence(&report), expected, "{name}");
        // What signs a message is searched for text only, and that is said.
        let problems = items(&report, "problems").iter();
        let other = |problem: &&Value| !text(problem, "source").ends_with("certificates.der");
        let problems: Vec<&Value> = problems.filter(other).collect();
        assert!(problems.is_empty(), "{name}: {problems:?}");
    }
}

/// Files that belong together are read together in an archive, too.
#[test]
fn what_belongs_together_in_archives() {
    let expected = essence(&scan("members.csv", PASSWORD));
    for name in ["mariadb", "mariadb-myisam", "dbf-foxpro", "dbf-dbase3"] {
        let entries = std::fs::read_dir(folder().join(name)).expect("the folder is there");
        let read = |path: PathBuf| std::fs::read(path).expect("the file can be read");
        let files: Vec<(String, Vec<u8>)> = entries
            .map(|entry| entry.expect("an entry can be read"))
            .map(|entry| {
                let file = entry.file_name().into_string().expect("a name is UTF-8");
                (format!("var/data/{file}"), read(entry.path()))
            })
            .collect();
        let named: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let mut tar = tar::Builder::new(Vec::new());
        for (name, bytes) in &files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            let added = tar.append_data(&mut header, name, &bytes[..]);
            added.expect("a file is added");
        }
        let tar = tar.into_inner().expect("the archive ends");
        for archive in [crate::sheet::zipped(&named), crate::sheet::gzip(&tar, 1)] {
            let report = crate::formats::scan("backup", &archive);
            assert_eq!(essence(&report), expected, "{name}");
        }
    }
}

#[test]
fn another_password_opens_nothing() {
    let locked: Vec<String> = files()
        .into_iter()
        .filter(|name| {
            ["locked", "aes", "agile"]
                .iter()
                .any(|word| name.contains(word))
        })
        .collect();
    assert_eq!(locked.len(), 7, "{locked:?}");
    for name in locked {
        let report = scan(&name, "Kuma-2025");
        assert_eq!(report["subjects"]["persons"]["max"], 0, "{name}");
        let codes = items(&report, "problems").iter();
        let codes: Vec<&str> = codes.map(|problem| text(problem, "code")).collect();
        assert_eq!(codes, ["encrypted"], "{name}");
    }
}
