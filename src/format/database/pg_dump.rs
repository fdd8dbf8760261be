//! PostgreSQL's custom archives (`pg_dump -Fc`).
//!
//! In: a table of contents, and the data of each table, compressed. Out: a record per row of `COPY` data; data written as
//! `INSERT` are members, behind the statement that creates their table. Large objects are not read, and said.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use pgdumpx::{Archive, CopyRowReader, DataLocation, DumpId, FieldRef, PgDumpError, TocEntry};

use crate::format::archive::inflate;
use crate::format::gather::Gather;
use crate::format::{Context, Format, Head, Item, Member, Reader, Reference, Sink, Table, sql};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::Encoding;

/// Custom archives.
pub(crate) const FORMAT: Format = Format {
    name: "pg_dump",
    title: "PostgreSQL custom archives (pg_dump -Fc)",
    extensions: &["dump", "backup", "pgdump"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Parts of one archive: each reads the table of contents again.
const PARTS: usize = 64;

/// The first bytes, and at offset 10 the form: 1 is custom (pg_backup_archiver.h).
fn sniff(head: &Head<'_>) -> u8 {
    if head.bytes.starts_with(b"PGDMP") && head.bytes.get(10) == Some(&1) {
        100
    } else {
        0
    }
}

/// What is read of one entry.
struct Entry {
    id: DumpId,
    /// Where its data stand.
    at: u64,
    table: Table,
    /// The statement that creates the table, before data that are statements themselves.
    prelude: Option<Vec<u8>>,
}

struct Dump<'a> {
    bytes: &'a [u8],
    context: Context,
    entries: Vec<Entry>,
    encoding: Encoding,
    faults: Vec<Fault>,
    references: Vec<Reference>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let archive = Archive::open(Cursor::new(&bytes[..]))
        .map_err(|error| fault(&error, 0, "the whole source"))?;
    let toc = archive.entries();
    let declared = toc
        .iter()
        .find(|entry| entry.description_bytes() == b"ENCODING");
    let declared =
        declared.and_then(|entry| sql::declared_encoding(entry.definition()?.as_bytes()));
    let encoding = declared.unwrap_or(Encoding::Utf8);
    let text = |raw: &[u8]| encoding.decode(raw).0.into_owned();
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for entry in toc {
        let DataLocation::Offset(at) = entry.data_location() else {
            if entry.has_data() && entry.data_location() == DataLocation::Unknown {
                faults.push(Fault::whole(
                    Code::Unsupported,
                    "a table whose place the archive does not say",
                ));
            }
            continue;
        };
        match entry.description_bytes() {
            b"TABLE DATA" => {}
            b"BLOBS" | b"BLOB METADATA" => {
                faults.push(Fault::at(Code::Unsupported, at, "large objects"));
                continue;
            }
            _ => continue,
        }
        let copy = entry
            .copy_statement()
            .filter(|statement| !statement.as_bytes().is_empty());
        let columns = copy.and_then(|statement| sql::copy_columns(statement.as_bytes(), encoding));
        let schema = entry
            .namespace_bytes()
            .filter(|schema| !schema.is_empty())
            .map(|schema| text(schema) + ".");
        entries.push(Entry {
            id: entry.id(),
            at,
            table: Table {
                name: schema.unwrap_or_default() + &text(entry.name_bytes()),
                columns: columns.unwrap_or_default().into_iter().map(Some).collect(),
                ..Table::default()
            },
            prelude: copy.is_none().then(|| prelude(toc, entry)),
        });
    }
    Ok(Box::new(Dump {
        bytes,
        context: context.clone(),
        entries,
        encoding,
        faults,
        references: references(toc, encoding),
    }))
}

/// What the archive says of columns with the numbers of other tables.
fn references(toc: &[TocEntry], encoding: Encoding) -> Vec<Reference> {
    let constraints = toc
        .iter()
        .filter(|entry| entry.description_bytes() == b"FK CONSTRAINT");
    let script: Vec<u8> = constraints
        .filter_map(|entry| entry.definition())
        .flat_map(|definition| definition.as_bytes().iter().copied().chain([b'\n']))
        .collect();
    sql::references(&script, encoding)
}

/// The statement that creates an entry's table.
fn prelude(toc: &[TocEntry], entry: &TocEntry) -> Vec<u8> {
    let creates = |other: &&TocEntry| {
        other.description_bytes() == b"TABLE"
            && other.name_bytes() == entry.name_bytes()
            && other.namespace_bytes() == entry.namespace_bytes()
    };
    let settings = toc
        .iter()
        .filter(|other| other.description_bytes() == b"ENCODING");
    settings
        .chain(toc.iter().find(creates))
        .filter_map(|entry| entry.definition())
        .flat_map(|definition| definition.as_bytes().iter().copied().chain([b'\n']))
        .collect()
}

fn fault(error: &PgDumpError, at: u64, lost: &str) -> Fault {
    let code = match error {
        PgDumpError::Io { source, .. } if source.kind() == std::io::ErrorKind::UnexpectedEof => {
            Code::Truncated
        }
        PgDumpError::UnsupportedEntryCompression { .. } => Code::Unsupported,
        _ => Code::Malformed,
    };
    Fault::at(code, at, lost)
}

/// Gives the rows of `COPY` data that stand at an offset of the source.
pub(super) fn copy_rows<R: Read>(
    reader: R,
    table: &Table,
    encoding: Encoding,
    at: u64,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut rows = Gather::new(table.clone(), limits, sink);
    let mut copy = CopyRowReader::new(reader);
    loop {
        match copy.next_row() {
            Ok(Some(row)) => {
                for field in row.fields() {
                    match field {
                        FieldRef::Null => rows.value(None),
                        FieldRef::Bytes(raw) => rows.value(Some(&encoding.decode(raw).0)),
                    }
                }
                rows.end(at)?;
            }
            Ok(None) => return rows.flush(),
            Err(error) => return rows.fault(fault(&error, at, "the rest of a table's rows")),
        }
    }
}

impl Dump<'_> {
    fn per_part(&self) -> usize {
        self.entries.len().div_ceil(PARTS).max(1)
    }

    /// Reads the rows of one entry.
    fn rows(
        &self,
        archive: &mut Archive<Cursor<&[u8]>>,
        entry: &Entry,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let limits = &self.context.limits;
        match archive.entry_reader(entry.id) {
            Ok(Some(reader)) => {
                copy_rows(reader, &entry.table, self.encoding, entry.at, limits, sink)
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => {
                let fault = fault(&error, entry.at, "the rows of a table");
                sink(Item::Fault(fault))
            }
        }
    }

    /// Gives the statements of one entry as a member.
    fn statements(
        &self,
        archive: &mut Archive<Cursor<&[u8]>>,
        entry: &Entry,
        prelude: &[u8],
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let (bytes, fault) = match archive.entry_reader(entry.id) {
            Ok(Some(mut reader)) => {
                let mut both = std::io::Read::chain(prelude, &mut reader);
                inflate(&mut both, self.bytes.len() as u64, &self.context)
            }
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => (None, Some(fault(&error, entry.at, "the rows of a table"))),
        };
        sink(Item::Member(Member {
            name: format!("{}.sql", entry.table.name),
            len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            bytes,
            fault,
        }))
    }
}

impl Reader for Dump<'_> {
    fn parts(&self) -> usize {
        self.entries.len().div_ceil(self.per_part())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut archive = Archive::open(Cursor::new(self.bytes))
            .map_err(|error| fault(&error, 0, "the rows of tables"))?;
        let n = self.per_part();
        for entry in self.entries.iter().skip(part * n).take(n) {
            let flow = match &entry.prelude {
                Some(prelude) => self.statements(&mut archive, entry, prelude, sink),
                None => self.rows(&mut archive, entry, sink),
            };
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.encoding.name())
    }

    fn references(&self) -> Vec<Reference> {
        self.references.clone()
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}
