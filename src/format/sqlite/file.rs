//! A database as a file that SQLite can open, without a copy of the data under a name.
//!
//! SQLite opens files by path. The file of a source has one. A spool has none, and is not to get one that outlives a process which is killed:
//! a process of its own maps it; in any other it, or a copy, gets a name in the folder for temporary files, which is removed again as soon as
//! SQLite has opened it.

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::source::Bytes;

/// A file that holds these bytes and nothing else: that from which they are mapped, else a new one without a name.
pub(super) fn of(bytes: &Bytes) -> io::Result<File> {
    if let Some(file) = bytes.file()
        && file.metadata()?.len() == bytes.len() as u64
    {
        return Ok(file);
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Opens a file by a path: its own, or a name that is gone when this returns.
pub(super) fn with_path(
    file: &File,
    open: impl Fn(&Path) -> rusqlite::Result<rusqlite::Connection>,
) -> rusqlite::Result<rusqlite::Connection> {
    if let Some(path) = name(file) {
        return open(&path);
    }
    let named = link(file).or_else(|_| copy(file));
    let named = named.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    open(&named)
}

/// Where the system tells what files a process has open.
#[cfg(target_os = "linux")]
fn opened(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// The path of a file that has one.
#[cfg(target_os = "linux")]
fn name(file: &File) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let path = std::fs::read_link(opened(file)).ok()?;
    let (named, ours) = (std::fs::metadata(&path).ok()?, file.metadata().ok()?);
    (named.dev() == ours.dev() && named.ino() == ours.ino()).then_some(path)
}

#[cfg(not(target_os = "linux"))]
fn name(_: &File) -> Option<std::path::PathBuf> {
    None
}

/// A name for a file without one, as long as this lives. Linux gives a file but one, and none where the file system had to make it under a
/// name.
#[cfg(target_os = "linux")]
fn link(file: &File) -> io::Result<tempfile::TempPath> {
    use rustix::fs::{AtFlags, CWD, linkat};
    let make = |path: &Path| {
        linkat(CWD, opened(file), CWD, path, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
    };
    let named = tempfile::Builder::new().make_in(env::temp_dir(), make)?;
    Ok(named.into_temp_path())
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File) -> io::Result<tempfile::TempPath> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A copy under a name, as long as this lives.
fn copy(file: &File) -> io::Result<tempfile::TempPath> {
    let mut named = tempfile::NamedTempFile::new()?;
    let mut block = vec![0; 1 << 20];
    let mut at = 0;
    // Other threads read the same file: its position is nobody's.
    loop {
        let n = file.read_at(&mut block, at)?;
        if n == 0 {
            return Ok(named.into_temp_path());
        }
        named.write_all(&block[..n])?;
        at += n as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, Spool};

    fn database() -> Vec<u8> {
        let named = tempfile::NamedTempFile::new().expect("a temporary file");
        let connection = rusqlite::Connection::open(named.path()).expect("a database");
        let sql = "CREATE TABLE t(a); INSERT INTO t VALUES('x'),('y');";
        connection.execute_batch(sql).expect("a table");
        drop(connection);
        std::fs::read(named.path()).expect("it was written")
    }

    #[test]
    fn files_without_a_name_are_opened_and_stay_without() {
        let bytes = database();
        let limits = Limits {
            in_memory_bytes: 0,
            ..Limits::default()
        };
        let mut spool = Spool::new(&limits);
        spool.write_all(&bytes).expect("there is room");
        let spooled = spool.finish().expect("there is room");
        let padded = Bytes::owned([&bytes[..], b"behind"].concat());
        for bytes in [spooled, padded.slice(0..bytes.len())] {
            let file = of(&bytes).expect("there is room");
            for how in [link, copy] {
                let Ok(named) = how(&file) else { continue };
                assert!(named.exists());
            }
            let path = std::cell::RefCell::default();
            let open = |at: &Path| {
                *path.borrow_mut() = at.to_owned();
                rusqlite::Connection::open(at)
            };
            let connection = with_path(&file, open).expect("it is a database");
            assert!(!path.borrow().exists());
            let rows: u32 = connection
                .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
                .expect("it has rows");
            assert_eq!(rows, 2);
        }
    }

    #[test]
    fn a_file_with_a_name_is_opened_where_it_lies() {
        let mut named = tempfile::NamedTempFile::new().expect("a temporary file");
        named.write_all(&database()).expect("there is room");
        let file = named.reopen().expect("it is there");
        if cfg!(target_os = "linux") {
            assert_eq!(name(&file).as_deref(), Some(named.path()));
        }
    }
}
