//! Files that are read together with one beside them: write-ahead logs of SQLite, long texts of dBase tables, the columns of
//! MySQL tables, archives that
//! were split, and folders that PostgreSQL's `pg_dump -Fd` writes.
//!
//! In: the files of a run. Out: the bytes of a file with those that belong to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cluster::Clusters;
use crate::format::archive::spanned;
use crate::format::{Heap, folder, has_memos, is_myisam, is_tablespace, sqlite};
use crate::source::{Bytes, Fault, Found, Limits, Spool, State, fault_of};

/// Bytes by which a file is told.
const HEAD: u64 = 64;
/// Bytes that the header of a dBase table takes at most (its length has 16 bits).
const TABLE_HEAD: u64 = 64 << 10;
/// Volumes of one rar archive.
const MOST_VOLUMES: usize = 10_000;

/// What belongs to which file.
#[derive(Default)]
pub(super) struct Beside {
    /// Logs by the path of their database.
    logs: BTreeMap<PathBuf, PathBuf>,
    /// The further parts of an archive by the path of its first.
    parts: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// The files of a folder by the path of the one that tells what they are.
    folders: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// Files of long texts by the path of their table.
    memos: BTreeMap<PathBuf, PathBuf>,
    /// Files that tell the columns of a table by the path of its rows.
    definitions: BTreeMap<PathBuf, PathBuf>,
    /// What PostgreSQL's databases tell of the files in their folders.
    clusters: Clusters,
    /// What the files are that are read with another.
    read_with: BTreeMap<PathBuf, &'static str>,
}

impl Beside {
    pub(super) fn of(found: &[Found]) -> Self {
        let files = found.iter().filter(|found| found.state == State::File);
        let files: BTreeSet<&Path> = files.map(|found| found.path.as_path()).collect();
        let mut beside = Self {
            logs: files.iter().filter_map(|log| pair(log, &files)).collect(),
            parts: files
                .iter()
                .filter_map(|first| set(first, &files))
                .collect(),
            folders: files
                .iter()
                .filter_map(|toc| contents(toc, &files))
                .collect(),
            memos: files
                .iter()
                .filter_map(|table| memos(table, &files))
                .collect(),
            definitions: files
                .iter()
                .filter_map(|rows| definition(rows, &files))
                .collect(),
            clusters: Clusters::of(&files),
            read_with: BTreeMap::new(),
        };
        let parts = beside.parts.values().chain(beside.folders.values());
        let parts = parts.flatten().map(|part| (part, "part"));
        let memos = beside.memos.values().map(|memos| (memos, "dbase-memo"));
        let logs = beside.logs.values().map(|log| (log, "sqlite-wal"));
        let definitions = beside.definitions.values();
        let definitions = definitions.map(|definition| (definition, "mysql-definition"));
        let long = beside.clusters.long_values(&files);
        let long = long.iter().map(|path| (path, "postgres-long-values"));
        let all = parts
            .chain(memos)
            .chain(logs)
            .chain(definitions)
            .chain(long);
        beside.read_with = all.map(|(path, what)| (path.clone(), what)).collect();
        beside
    }

    /// The file of a table's long texts, on disk or in the archive that holds both.
    pub(super) fn memos(&self, table: &Path, bytes: &Bytes) -> Option<Bytes> {
        let found = self.memos.get(table).map(|path| Bytes::open(path).ok());
        found.unwrap_or_else(|| bytes.beside().cloned())
    }

    /// The file that tells the columns of a table's rows, on disk or in the archive that holds both.
    pub(super) fn definition(&self, rows: &Path, bytes: &Bytes) -> Option<Bytes> {
        let found = self
            .definitions
            .get(rows)
            .map(|path| Bytes::open(path).ok());
        found.unwrap_or_else(|| bytes.beside().cloned())
    }

    /// What tells how a file of PostgreSQL is read.
    pub(super) fn heap(&self, file: &Path) -> Option<Arc<Heap>> {
        self.clusters.heap(file).map(Arc::new)
    }

    /// What a file is that was read with another.
    pub(super) fn read_with(&self, path: &Path) -> Option<&'static str> {
        self.read_with.get(path).copied()
    }

    /// The files of the folder that a file tells of; none when it tells of none.
    pub(super) fn folder(&self, toc: &Path) -> &[PathBuf] {
        self.folders.get(toc).map_or(&[], Vec::as_slice)
    }

    /// Opens a file: a database with its log, an archive with all its parts, from a copy.
    pub(super) fn open(&self, path: &Path, limits: &Limits) -> Result<Bytes, Fault> {
        let bytes = Bytes::open(path)?;
        if let Some(parts) = self.parts.get(path) {
            // The last file of a split zip archive is called as the archive, the first one of others.
            if path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("zip"))
            {
                let files = parts.iter().map(|part| Bytes::open(part));
                let files = files.chain([Ok(bytes)]).collect::<Result<Vec<_>, _>>()?;
                return spanned::joined(&files, limits);
            }
            return joined(bytes, parts, limits);
        }
        if let Some(parts) = self.folders.get(path) {
            let file = |path: &PathBuf| {
                let name = path.file_name().unwrap_or_default();
                (name.to_string_lossy().into_owned(), Bytes::open(path))
            };
            return folder::pack(
                &mut std::iter::once(&path.to_owned()).chain(parts).map(file),
                limits,
            );
        }
        let Some(log) = self.logs.get(path) else {
            return Ok(bytes);
        };
        let merged = sqlite::with_log(&bytes, &Bytes::open(log)?, limits)?;
        Ok(merged.unwrap_or(bytes))
    }
}

/// A database and its log.
fn pair(log: &Path, files: &BTreeSet<&Path>) -> Option<(PathBuf, PathBuf)> {
    let name = log.as_os_str().as_encoded_bytes();
    let base = name.strip_suffix(b"-wal")?;
    let base = files
        .iter()
        .find(|path| path.as_os_str().as_encoded_bytes() == base)?;
    let fits = sqlite::is_pair(&head(base)?, &head(log)?);
    fits.then(|| (base.to_path_buf(), log.to_path_buf()))
}

/// A dBase table and the file of its long texts.
fn memos(table: &Path, files: &BTreeSet<&Path>) -> Option<(PathBuf, PathBuf)> {
    let is_table = table.extension()?.eq_ignore_ascii_case("dbf");
    let there = ["fpt", "FPT", "dbt", "DBT", "Fpt", "Dbt"]
        .into_iter()
        .map(|ending| table.with_extension(ending))
        .find(|memos| is_table && files.contains(memos.as_path()))?;
    let mut header = Vec::new();
    let file = File::open(table).ok()?;
    file.take(TABLE_HEAD).read_to_end(&mut header).ok()?;
    let is_whole = has_memos(&header) && File::open(&there).is_ok();
    is_whole.then(|| (table.to_path_buf(), there))
}

/// The rows of a table of MySQL or MariaDB, or of one of its partitions (`TABLE#P#PART.ibd`, `….MYD`), and the file that tells its columns.
fn definition(rows: &Path, files: &BTreeSet<&Path>) -> Option<(PathBuf, PathBuf)> {
    let ends = |ending| {
        rows.extension()
            .is_some_and(|found| found.eq_ignore_ascii_case(ending))
    };
    let stem = rows.file_stem()?.to_str()?;
    let table = stem.split("#P#").next().unwrap_or(stem);
    let there = rows.with_file_name(format!("{table}.frm"));
    if !(ends("ibd") || ends("myd")) || !files.contains(there.as_path()) {
        return None;
    }
    let definition = head(&there)?;
    let fits = is_tablespace(&head(rows)?, &definition) || ends("myd") && is_myisam(&definition);
    fits.then(|| (rows.to_path_buf(), there))
}

/// The table of contents of a folder that `pg_dump -Fd` wrote, and the files that belong to it.
fn contents(toc: &Path, files: &BTreeSet<&Path>) -> Option<(PathBuf, Vec<PathBuf>)> {
    let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
    if !folder::is_named(&name(toc)?) || !folder::is_toc(&name(toc)?, &head(toc)?) {
        return None;
    }
    let folder = toc.parent()?;
    let below = files
        .range(folder..)
        .take_while(|path| path.starts_with(folder));
    let parts = below.filter(|path| path.parent() == Some(folder));
    let parts = parts.filter(|path| name(path).is_some_and(|name| folder::is_beside(&name)));
    // One that cannot be opened is told on its own, and its rows are missing from the folder.
    let parts = parts.filter(|path| File::open(path).is_ok());
    Some((
        toc.to_owned(),
        parts.map(|path| path.to_path_buf()).collect(),
    ))
}

/// The first part of an archive, and those that follow it: `NAME.001` with `.002` …, `NAME.part1.rar` with `.part2.rar` …, `NAME.rar`
/// with `.r00` …, `.s00` …. Logs are called `.001`, too: what it holds tells. `NAME.zip` is the last of `NAME.z01` ….
fn set(first: &Path, files: &BTreeSet<&Path>) -> Option<(PathBuf, Vec<PathBuf>)> {
    let there = |path: &PathBuf| files.contains(path.as_path());
    let extension = first.extension()?.to_str()?;
    let parts: Vec<PathBuf> = match extension {
        "001" => (2..1_000)
            .map(|number| first.with_extension(format!("{number:03}")))
            .take_while(there)
            .collect(),
        "rar" | "RAR" => volumes(first, extension, &there)?,
        "zip" | "ZIP" => {
            let parts = before(first, &extension[..1])?;
            return parts
                .iter()
                .all(there)
                .then(|| (first.to_path_buf(), parts));
        }
        _ => return None,
    };
    (!parts.is_empty() && is_begun(first)?).then(|| (first.to_path_buf(), parts))
}

/// The files before the last one of a zip archive that was split, all of them.
fn before(last: &Path, letter: &str) -> Option<Vec<PathBuf>> {
    let n = spanned::n_before(&tail(last)?)?;
    let part = |number: usize| last.with_extension(format!("{letter}{number:02}"));
    let is_first = spanned::is_first(&head(&part(1))?);
    is_first.then(|| (1..=n).map(part).collect())
}

/// The volumes behind the first one of a rar archive; `None` for one that is not the first.
fn volumes(
    first: &Path,
    extension: &str,
    there: &dyn Fn(&PathBuf) -> bool,
) -> Option<Vec<PathBuf>> {
    let stem = first.file_stem()?.to_str()?;
    let lower = stem.to_ascii_lowercase();
    if let Some(at) = lower.rfind(".part") {
        let digits = &stem[at + 5..];
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            if digits.parse() != Ok(1) {
                return None;
            }
            let name = |number: usize| {
                let width = digits.len();
                format!("{}{number:0width$}.{extension}", &stem[..at + 5])
            };
            let parts = (2..MOST_VOLUMES).map(|number| first.with_file_name(name(number)));
            return Some(parts.take_while(there).collect());
        }
    }
    let letters = if extension == "rar" {
        b'r'..=b'z'
    } else {
        b'R'..=b'Z'
    };
    let parts = letters.flat_map(|letter| (0..100).map(move |number| (char::from(letter), number)));
    let parts = parts.map(|(letter, number)| first.with_extension(format!("{letter}{number:02}")));
    Some(parts.take_while(there).collect())
}

/// Whether a file is the beginning of an archive that goes on elsewhere.
fn is_begun(path: &Path) -> Option<bool> {
    let head = head(path)?;
    let len = std::fs::metadata(path).ok()?.len();
    if head.starts_with(b"7z\xBC\xAF\x27\x1C") {
        // Where the list of members stands, and how long it is.
        let number = |at: usize| {
            head.get(at..)?
                .first_chunk()
                .map(|n| u64::from_le_bytes(*n))
        };
        let end = number(12)?.checked_add(number(20)?)?.checked_add(32)?;
        return Some(end > len);
    }
    if head.starts_with(b"Rar!\x1a\x07") {
        return Some(true);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(memchr::memmem::find(&tail(path)?, b"PK\x05\x06").is_none());
    }
    None
}

fn tail(path: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let len = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(len.saturating_sub(spanned::TAIL as u64)))
        .ok()?;
    let mut tail = Vec::new();
    file.take(spanned::TAIL as u64)
        .read_to_end(&mut tail)
        .ok()?;
    Some(tail)
}

fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let file = File::open(path).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    Some(head)
}

/// All parts in one.
fn joined(first: Bytes, parts: &[PathBuf], limits: &Limits) -> Result<Bytes, Fault> {
    let mut spool = Spool::new(limits);
    let mut add = |bytes: &[u8]| {
        spool
            .write_all(bytes)
            .map_err(|error| fault_of(&error, spool.len()))
    };
    add(&first)?;
    for part in parts {
        add(&Bytes::open(part)?)?;
    }
    spool.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::walk;

    #[cfg(all(feature = "databases", feature = "archives"))]
    #[test]
    fn files_of_a_folder_that_cannot_be_opened_are_none_of_it() {
        let folder = std::env::temp_dir().join(format!("leakscope-beside-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, bytes) in [
            ("toc.dat", &b"PGDMP\x01\x0e\x00\x04\x08\x03"[..]),
            ("1.dat", b"x"),
            ("2.dat", b"y"),
        ] {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        let found = walk(std::slice::from_ref(&folder), &[]);
        std::fs::remove_file(folder.join("2.dat")).unwrap();
        let beside = Beside::of(&found);
        std::fs::remove_dir_all(&folder).unwrap();
        let names = |path: &PathBuf| path.file_name().unwrap().to_owned();
        let parts: Vec<_> = beside
            .folder(&folder.join("toc.dat"))
            .iter()
            .map(names)
            .collect();
        assert_eq!(parts, ["1.dat"]);
        assert_eq!(beside.read_with(&folder.join("1.dat")), Some("part"));
        assert_eq!(beside.read_with(&folder.join("2.dat")), None);
    }
}
