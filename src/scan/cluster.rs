//! The folders of PostgreSQL's databases: which file is which table.
//!
//! In: the files of a run. Out: what the catalogue in a database's folder tells of a file in it. A long table stands in several
//! files (`FILE`, `FILE.1`, …), each of which is read on its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::format::{Catalogue, Heap, Shared, Transactions};
use crate::source::Bytes;

/// Name of the map that tells the files of the catalogue, and bytes of it at most (it has 512).
const MAP: &str = "pg_filenode.map";
const MAP_BYTES: u64 = 4 << 10;
/// Folders of the log of transactions, since PostgreSQL 10 and before.
const LOGS: [&str; 2] = ["pg_xact", "pg_clog"];
/// Files of the log that are kept in memory, the newest 67 million transactions, and bytes of each: rows that older ones wrote
/// tell themselves what became of them.
const LOG_FILES: usize = 64;
const LOG_BYTES: u64 = 256 << 10;
/// Files that hold one table at most: 32 TB.
const SEGMENTS: u32 = 32_768;

/// What the databases of a run tell, by their folders.
#[derive(Default)]
pub(super) struct Clusters(BTreeMap<PathBuf, Catalogue>);

impl Clusters {
    pub(super) fn of(files: &BTreeSet<&Path>) -> Self {
        let (mut databases, mut logs) = (BTreeMap::new(), BTreeMap::new());
        let maps = files
            .iter()
            .filter(|path| path.file_name().is_some_and(|name| name == MAP));
        for map in maps {
            let Some((folder, number)) = map
                .parent()
                .and_then(|folder| Some((folder, number(folder)?.0)))
            else {
                continue;
            };
            let root = folder.parent().and_then(Path::parent);
            let log = logs
                .entry(root)
                .or_insert_with(|| Arc::new(log(root, files)));
            let open = |folder: &Path, nth: u32| {
                let path = folder.join(nth.to_string());
                files
                    .contains(path.as_path())
                    .then(|| Bytes::open(&path).ok())
                    .flatten()
            };
            let global = root.map(|root| root.join("global")).unwrap_or_default();
            let shared_map = beginning(&global.join(MAP), MAP_BYTES);
            let shared_map = shared_map.filter(|_| files.contains(global.join(MAP).as_path()));
            let in_global = |nth| open(&global, nth);
            let shared = shared_map.as_ref().map(|map| Shared {
                map,
                file: &in_global,
                database: number,
            });
            let in_folder = |nth| open(folder, nth);
            let read = |map: Vec<u8>| Catalogue::read(&map, &in_folder, Arc::clone(log), shared);
            if let Some(catalogue) = beginning(map, MAP_BYTES).and_then(read) {
                databases.insert(folder.to_owned(), catalogue);
            }
        }
        Self(databases)
    }

    /// What tells how a file is read.
    pub(super) fn heap(&self, file: &Path) -> Option<Heap> {
        let folder = file.parent()?;
        let (number, _) = number(file)?;
        let segments = |number: u32| {
            let names = (1..SEGMENTS).map(|nth| format!("{number}.{nth}"));
            let paths = std::iter::once(number.to_string()).chain(names);
            let opened = paths.map(|name| Bytes::open(&folder.join(name)).ok());
            opened.map_while(|bytes| bytes).collect()
        };
        self.0.get(folder)?.table(number, &segments)
    }

    /// The files of long values, which are read with their tables.
    pub(super) fn long_values(&self, files: &BTreeSet<&Path>) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for (folder, catalogue) in &self.0 {
            let long: BTreeSet<u32> = catalogue.long_values().collect();
            let below = files
                .range(folder.as_path()..)
                .take_while(|path| path.starts_with(folder));
            let is_long = |path: &&&Path| {
                path.parent() == Some(folder)
                    && number(path).is_some_and(|(number, _)| long.contains(&number))
            };
            found.extend(below.filter(is_long).map(|path| path.to_path_buf()));
        }
        found
    }
}

/// The number that a file or a folder is called by, and that of the segment.
fn number(path: &Path) -> Option<(u32, u32)> {
    let name = path.file_name()?.to_str()?;
    match name.split_once('.') {
        Some((name, segment)) => Some((name.parse().ok()?, segment.parse().ok()?)),
        None => Some((name.parse().ok()?, 0)),
    }
}

/// The log of a cluster's transactions.
fn log(root: Option<&Path>, files: &BTreeSet<&Path>) -> Transactions {
    let folders = LOGS.iter().filter_map(|name| Some(root?.join(name)));
    let mut found = Vec::new();
    for folder in folders {
        let below = files
            .range(folder.as_path()..)
            .take_while(|path| path.starts_with(&folder));
        found.extend(below.filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            Some((u32::from_str_radix(name, 16).ok()?, path.to_path_buf()))
        }));
    }
    found.sort();
    let newest = found.iter().rev().take(LOG_FILES);
    let read =
        |(nth, path): &(u32, PathBuf)| Some((*nth, Bytes::owned(beginning(path, LOG_BYTES)?)));
    Transactions::new(newest.filter_map(read).collect())
}

/// The first bytes of a file.
fn beginning(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(most)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}
