//! The table of contents of PostgreSQL's archives (`toc.dat` of `pg_dump -Fd` and `-Ft`).
//!
//! In: the file. Out: for each table with data its name, its columns and the file that holds its rows. Written after
//! `ReadHead` and `ReadToc` of `pg_backup_archiver.c`, PostgreSQL 15 to 17: strings behind their length, numbers behind their
//! sign, in as many bytes as the head says. Entries before a fault count.

use crate::format::sql;
use crate::source::{Code, Fault};
use crate::text::Encoding;

/// The first bytes, and where the kind of archive stands: 3 is a tar archive, and what folders say of themselves, too.
pub(super) const MAGIC: &[u8] = b"PGDMP";
/// What a string or the whole of a dependency list may not be longer than, by what there is.
const ENTRIES: usize = 10_000_000;

/// What the file tells.
#[derive(Default)]
pub(super) struct Toc {
    pub(super) tables: Vec<Stored>,
    pub(super) encoding: Encoding,
    pub(super) fault: Option<Fault>,
}

/// A table with data.
pub(super) struct Stored {
    /// `schema.table`.
    pub(super) name: String,
    /// Names of its columns; `None` where the data are statements.
    pub(super) columns: Option<Vec<String>>,
    /// The file that holds its data, without what packs it.
    pub(super) file: String,
    /// The statements that stand before data that are statements themselves.
    pub(super) prelude: Vec<u8>,
}

/// One entry, as far as it is looked at.
#[derive(Default)]
struct Entry {
    tag: Vec<u8>,
    kind: Vec<u8>,
    definition: Vec<u8>,
    copy: Vec<u8>,
    schema: Vec<u8>,
    file: Vec<u8>,
}

/// Whether bytes are such a table of contents.
pub(super) fn is_toc(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) && matches!(bytes.get(10), Some(3 | 5))
}

/// Reads a table of contents.
pub(super) fn read(bytes: &[u8]) -> Toc {
    let mut input = Input {
        bytes,
        at: MAGIC.len(),
        int_bytes: 4,
    };
    let mut entries = Vec::new();
    let whole = head(&mut input).and_then(|(version, count)| {
        for _ in 0..usize::try_from(count).ok()?.min(ENTRIES) {
            entries.push(entry(&mut input, version)?);
        }
        Some(())
    });
    let fault = || Fault::at(Code::Malformed, input.at as u64, "the further tables");
    let declared = entries.iter().find(|entry| entry.kind == b"ENCODING");
    let encoding = declared.and_then(|entry| sql::declared_encoding(&entry.definition));
    let encoding = encoding.unwrap_or_default();
    let data = entries.iter().filter(|entry| entry.kind == b"TABLE DATA");
    Toc {
        tables: data
            .map(|entry| stored(entry, &entries, encoding))
            .collect(),
        encoding,
        fault: whole.is_none().then(fault),
    }
}

fn stored(entry: &Entry, all: &[Entry], encoding: Encoding) -> Stored {
    let text = |raw: &[u8]| encoding.decode(raw).0.into_owned();
    let schema = match entry.schema.as_slice() {
        [] => String::new(),
        schema => text(schema) + ".",
    };
    let is_copy = !entry.copy.is_empty();
    let mut prelude = Vec::new();
    if !is_copy {
        let settings = all.iter().filter(|other| other.kind == b"ENCODING");
        let table = all.iter().find(|other| {
            other.kind == b"TABLE" && other.tag == entry.tag && other.schema == entry.schema
        });
        for other in settings.chain(table) {
            prelude.extend_from_slice(&other.definition);
            prelude.push(b'\n');
        }
    }
    Stored {
        name: schema + &text(&entry.tag),
        columns: is_copy.then(|| sql::copy_columns(&entry.copy, encoding).unwrap_or_default()),
        file: text(&entry.file),
        prelude,
    }
}

/// The head: the version, and how many entries there are.
fn head(input: &mut Input<'_>) -> Option<((u8, u8), i64)> {
    let version = (input.byte()?, input.byte()?);
    input.byte()?;
    input.int_bytes = usize::from(input.byte()?);
    if version.0 != 1 || version.1 < 10 || !(1..=8).contains(&input.int_bytes) {
        return None;
    }
    // Bytes of an offset, the kind of archive, and how data are packed: since 1.15 one byte.
    input.byte()?;
    input.byte()?;
    if version.1 >= 15 {
        input.byte()?;
    } else {
        input.number()?;
    }
    // When it was made.
    for _ in 0..7 {
        input.number()?;
    }
    // The database, and the versions of the server and of pg_dump.
    for _ in 0..3 {
        input.string()?;
    }
    Some((version, input.number()?))
}

fn entry(input: &mut Input<'_>, version: (u8, u8)) -> Option<Entry> {
    let since = |minor: u8| version.1 >= minor;
    // Its number, whether it has data, and its numbers in the catalogue.
    input.number()?;
    input.number()?;
    input.string()?;
    input.string()?;
    let mut entry = Entry {
        tag: input.string()?,
        kind: input.string()?,
        ..Entry::default()
    };
    if since(11) {
        input.number()?;
    }
    entry.definition = input.string()?;
    input.string()?;
    entry.copy = input.string()?;
    entry.schema = input.string()?;
    input.string()?;
    if since(14) {
        input.string()?;
    }
    if since(16) {
        input.number()?;
    }
    // Its owner, and whether rows have numbers.
    input.string()?;
    input.string()?;
    // What it depends on, up to a string that is none.
    while input.optional()?.is_some() {}
    entry.file = input.string()?;
    Some(entry)
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
    int_bytes: usize,
}

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// A number: its sign, then its bytes, the lowest first.
    fn number(&mut self) -> Option<i64> {
        let is_negative = self.byte()? != 0;
        let bytes = self.bytes.get(self.at..self.at + self.int_bytes)?;
        self.at += self.int_bytes;
        let number = bytes.iter().rev().try_fold(0i64, |number, &byte| {
            number.checked_mul(256)?.checked_add(i64::from(byte))
        })?;
        Some(if is_negative { -number } else { number })
    }

    /// A string; a negative length is none.
    fn optional(&mut self) -> Option<Option<Vec<u8>>> {
        let len = self.number()?;
        let Ok(len) = usize::try_from(len) else {
            return Some(None);
        };
        let bytes = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(Some(bytes.to_vec()))
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        Some(self.optional()?.unwrap_or_default())
    }
}
