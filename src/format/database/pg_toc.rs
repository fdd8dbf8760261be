//! The table of contents of PostgreSQL's archives (`toc.dat` of `pg_dump -Fd` and `-Ft`).
//!
//! In: the file. Out: for each table with data its name, its columns and the file that holds its rows. Written after
//! `ReadHead` and `ReadToc` of `pg_backup_archiver.c`, PostgreSQL 15 to 17: strings behind their length, numbers behind their
//! sign, in as many bytes as the head says. Entries before a fault count.

use std::collections::HashMap;
use std::sync::Arc;

use crate::format::sql;
use crate::source::{Code, Fault};
use crate::text::Encoding;

/// The first bytes.
pub(super) const MAGIC: &[u8] = b"PGDMP";
/// Where the kind of archive stands: 3 is a tar archive, and what folders say of themselves, too; 5 is a folder.
const KIND: usize = 10;
/// Entries that are read; what stands behind them is said.
const ENTRIES: usize = 10_000_000;
/// Bytes of the statement that sets the encoding.
const SETTING: usize = 4_096;

/// What the file tells.
#[derive(Default)]
pub(super) struct Toc {
    pub(super) tables: Vec<Stored>,
    pub(super) encoding: Encoding,
    /// The statement that sets the encoding.
    pub(super) setting: Arc<[u8]>,
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
    /// The statement that creates it, before data that are statements themselves. Each stands here once, before the first data of its
    /// table.
    pub(super) definition: Option<Arc<[u8]>>,
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
    bytes.starts_with(MAGIC) && matches!(bytes.get(KIND), Some(3 | 5))
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
        let count = usize::try_from(count).ok()?;
        for _ in 0..count.min(ENTRIES) {
            entries.push(entry(&mut input, version)?);
        }
        (count <= ENTRIES).then_some(())
    });
    let fault = || Fault::at(Code::Malformed, input.at as u64, "the further tables");
    let declared = entries.iter().find(|entry| entry.kind == b"ENCODING");
    let encoding = declared.and_then(|entry| sql::declared_encoding(&entry.definition));
    let encoding = encoding.unwrap_or_default();
    let setting = declared.map_or(Arc::default(), |entry| {
        entry
            .definition
            .get(..SETTING)
            .unwrap_or(&entry.definition)
            .into()
    });
    let fault = whole.is_none().then(fault);
    let (data, others): (Vec<Entry>, Vec<Entry>) = entries
        .into_iter()
        .partition(|entry| entry.kind == b"TABLE DATA");
    let mut definitions: Definitions = HashMap::new();
    for entry in others.into_iter().filter(|entry| entry.kind == b"TABLE") {
        let name = (entry.schema, entry.tag);
        definitions.entry(name).or_insert(entry.definition);
    }
    let tables = data.into_iter();
    Toc {
        tables: tables
            .map(|entry| stored(entry, &mut definitions, encoding))
            .collect(),
        encoding,
        setting,
        fault,
    }
}

/// The statements that create tables, by schema and name.
type Definitions = HashMap<(Vec<u8>, Vec<u8>), Vec<u8>>;

fn stored(entry: Entry, definitions: &mut Definitions, encoding: Encoding) -> Stored {
    let text = |raw: &[u8]| encoding.decode(raw).0.into_owned();
    let schema = match entry.schema.as_slice() {
        [] => String::new(),
        schema => text(schema) + ".",
    };
    let (name, file) = (schema + &text(&entry.tag), text(&entry.file));
    let is_copy = !entry.copy.is_empty();
    let columns = is_copy.then(|| sql::copy_columns(&entry.copy, encoding).unwrap_or_default());
    let definition = match is_copy {
        true => None,
        false => definitions.remove(&(entry.schema, entry.tag)),
    };
    Stored {
        name,
        columns,
        file,
        definition: definition.map(Arc::from),
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
