//! PostgreSQL's archives of several files: tar archives (`pg_dump -Ft`) and folders (`-Fd`), which come here packed.
//!
//! In: a tar archive with a `toc.dat` in it. Out: a record per row of the tables' files, under the names of their columns;
//! data written as `INSERT` are members, behind the statement that creates their table; so are large objects, and whatever
//! else stands in the archive.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::pg_dump::copy_rows;
use super::pg_toc::{self, Stored, Toc};
use crate::format::archive::{TarFile, inflate, tar_files, unpacker};
use crate::format::{Context, Format, Head, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::Encoding;

/// Archives of several files.
pub(crate) const FORMAT: Format = Format {
    name: "pg_dump-files",
    title: "PostgreSQL tar archives and folders (pg_dump -Ft, -Fd)",
    extensions: &["tar"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Name of the table of contents, and bytes of a tar archive's header.
const TOC: &str = "toc.dat";
const BLOCK: usize = 512;

/// A tar archive whose first file is a table of contents.
fn sniff(head: &Head<'_>) -> u8 {
    let is_named = head.bytes.starts_with(b"toc.dat\0");
    let is_toc = head.bytes.get(BLOCK..).is_some_and(pg_toc::is_toc);
    if is_named && is_toc { 100 } else { 0 }
}

/// What is done with a file of the archive.
enum Use {
    /// Rows, or statements, of a table.
    Data(Table, Option<Prelude>, Encoding),
    Member,
    /// Read already, or made of what the other files hold.
    Nothing,
}

/// What stands before statements: the setting of the encoding, and the statement that creates their table.
type Prelude = [Arc<[u8]>; 2];

struct Files {
    files: Vec<(TarFile, Use)>,
    context: Context,
    encoding: Encoding,
    faults: Vec<Fault>,
    /// Where the archive stops being one.
    broken: Option<Fault>,
}

pub(crate) fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (files, faults, broken) = tar_files(bytes, context)?;
    let mut tocs: BTreeMap<String, (Toc, BTreeMap<String, usize>)> = BTreeMap::new();
    for file in &files {
        if let Some(folder) = file.name.strip_suffix(TOC)
            && pg_toc::is_toc(&file.bytes)
        {
            let toc = pg_toc::read(&file.bytes);
            let tables = toc.tables.iter().enumerate();
            let places = tables
                .map(|(nth, table)| (table.file.clone(), nth))
                .collect();
            tocs.insert(folder.to_owned(), (toc, places));
        }
    }
    let mut opened = Files {
        files: Vec::new(),
        context: context.clone(),
        encoding: tocs
            .values()
            .next()
            .map_or(Encoding::Utf8, |(toc, _)| toc.encoding),
        faults,
        broken,
    };
    let mut there = 0;
    for file in files {
        let purpose = purpose(&file.name, &mut tocs);
        there += usize::from(matches!(purpose, Use::Data(..)));
        opened.files.push((file, purpose));
    }
    let tables: usize = tocs.values().map(|(toc, _)| toc.tables.len()).sum();
    if tables > there {
        let lost = format!(
            "the rows of {} tables whose files are not there",
            tables - there
        );
        opened.faults.push(Fault::whole(Code::Truncated, lost));
    }
    let faults = tocs.into_values().filter_map(|(toc, _)| toc.fault);
    opened.faults.extend(faults);
    Ok(Box::new(opened))
}

/// What is done with a file, by its name and the tables of contents by their folders. A further file of that name is no table's.
fn purpose(name: &str, tocs: &mut BTreeMap<String, (Toc, BTreeMap<String, usize>)>) -> Use {
    let (folder, name) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
    let Some((toc, places)) = tocs.get_mut(folder) else {
        return Use::Member;
    };
    match places.remove(unpacked_name(name)) {
        Some(nth) => data(&toc.tables[nth], toc),
        // What pg_restore is to run holds no data, and the lists of large objects are numbers.
        None if name == TOC || name == "restore.sql" => Use::Nothing,
        None if name.starts_with("blobs") && name.ends_with(".toc") => Use::Nothing,
        None => Use::Member,
    }
}

fn data(stored: &Stored, toc: &Toc) -> Use {
    let columns = stored.columns.clone().unwrap_or_default();
    let table = Table {
        name: stored.name.clone(),
        columns: columns.into_iter().map(Some).collect(),
        ..Table::default()
    };
    let prelude = || {
        [
            toc.setting.clone(),
            stored.definition.clone().unwrap_or_default(),
        ]
    };
    let prelude = stored.columns.is_none().then(prelude);
    Use::Data(table, prelude, toc.encoding)
}

impl Reader for Files {
    fn parts(&self) -> usize {
        self.files.len() + usize::from(self.broken.is_some())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some((file, purpose)) = self.files.get(part) else {
            return self.broken.clone().map_or(Ok(()), Err);
        };
        let _ = match purpose {
            Use::Nothing => ControlFlow::Continue(()),
            Use::Member => file.give(sink),
            Use::Data(table, prelude, encoding) => {
                let before = prelude
                    .as_ref()
                    .map_or(Vec::new(), |parts| parts.join(&b'\n'));
                let (bytes, fault) = self.unpacked(file, &before);
                match prelude {
                    Some(_) => sink(Item::Member(Member {
                        name: format!("{}.sql", table.name),
                        len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
                        bytes,
                        fault,
                    })),
                    None => self.rows(file, table, *encoding, (bytes, fault), sink),
                }
            }
        };
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.encoding.name())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Files {
    /// The contents of a file behind a prelude, unpacked.
    fn unpacked(&self, file: &TarFile, prelude: &[u8]) -> (Option<Bytes>, Option<Fault>) {
        let len = file.bytes.len() as u64;
        let (bytes, fault) = match unpacker(&file.bytes) {
            None if prelude.is_empty() => (Some(file.bytes.clone()), None),
            None => inflate(&mut prelude.chain(&file.bytes[..]), len, &self.context),
            Some(Ok(stream)) => inflate(&mut prelude.chain(stream), len, &self.context),
            Some(Err(_)) => (
                None,
                Some(Fault::whole(Code::Malformed, "the rows of a table")),
            ),
        };
        (bytes, fault.or_else(|| file.fault.clone()))
    }

    fn rows(
        &self,
        file: &TarFile,
        table: &Table,
        encoding: Encoding,
        (bytes, fault): (Option<Bytes>, Option<Fault>),
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        // A file cut short ends inside a row, which is no fault of its own.
        let bytes = bytes.unwrap_or_else(|| Bytes::owned(Vec::new()));
        let end = match &fault {
            Some(_) => memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1),
            None => bytes.len(),
        };
        copy_rows(
            &bytes[..end],
            table,
            encoding,
            file.at,
            &self.context.limits,
            sink,
        )?;
        match fault {
            Some(fault) => sink(Item::Fault(Fault {
                at: Some(file.at),
                ..fault
            })),
            None => ControlFlow::Continue(()),
        }
    }
}

/// A file's name without what packs it.
fn unpacked_name(name: &str) -> &str {
    [".gz", ".lz4", ".zst"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

/// Whether a file of a folder belongs to its table of contents.
pub fn is_beside(name: &str) -> bool {
    let plain = unpacked_name(name);
    let digits = plain.strip_prefix("blob_").unwrap_or(plain);
    let digits = digits.strip_suffix(".dat").unwrap_or_default();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number || (name.starts_with("blobs") && name.ends_with(".toc"))
}

/// Whether a file is called as the table of contents of a folder.
pub fn is_named(name: &str) -> bool {
    name == TOC
}

/// Whether a file is the table of contents of a folder, by its name and first bytes.
pub fn is_toc(name: &str, head: &[u8]) -> bool {
    name.rsplit('/').next() == Some(TOC) && pg_toc::is_toc(head)
}
