//! How bytes become records: one file and one row of [`FORMATS`] per format.
//!
//! In: [`Bytes`]. Out: batches of records whose cells are still raw bytes, members (files inside the file), and faults.
//! This room knows no kinds of personal data.
//!
//! A reader is cut into parts that any thread may read, in any order, more than once; the records it gives do not
//! depend on how large the parts are.

mod accounts;
mod aligned;
pub mod apart;
pub mod archive;
mod binlog;
mod carve;
mod chat;
mod codepage;
#[cfg(feature = "columnar")]
mod columnar;
mod database;
mod delimited;
mod directory;
mod flow;
pub mod folder;
mod gather;
mod grid;
mod groups;
mod guard;
mod hl7;
#[cfg(feature = "office")]
mod html;
mod json;
mod labelled;
mod line_rows;
mod lines;
pub mod mail;
mod markup;
mod medical;
#[cfg(any(feature = "office", feature = "mail-stores"))]
mod objects;
mod office;
#[cfg(feature = "pdf")]
mod pdf;
mod prose;
mod records;
mod replies;
mod rtf;
mod sideways;
pub mod sql;
pub mod sqlite;
mod statement;
mod tuples;
mod weblog;
mod xml;
mod zengin;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::source::{Budget, Bytes, Fault, Limits};
use crate::text::{Encoding, Escape};

pub use self::database::dbase::has_memos;
pub use self::database::innodb::is_pair as is_tablespace;
pub use self::database::myisam::is_definition as is_myisam;
pub use self::database::postgres::{Catalogue, Heap, Shared, Transactions};
pub use self::guard::is_guarded;
pub use self::sideways::is_type;

/// One format: how it is recognised and opened.
pub struct Format {
    /// Name in the report.
    pub name: &'static str,
    /// What it is, for the README's table.
    pub title: &'static str,
    /// File name endings, without the dot; they only break ties.
    pub extensions: &'static [&'static str],
    /// Whether it reads the source's own bytes. Otherwise it is given ASCII-compatible text: UTF-16 and ISO-2022-JP are
    /// transcoded to UTF-8 before it sniffs and opens, and [`Encoding`] is one of UTF-8, Shift_JIS, EUC-JP, Windows-1252.
    pub raw: bool,
    /// Whether its tables have columns to be judged, so that a sample is worth reading first.
    pub tabular: bool,
    /// How sure the first bytes make it: 0 = no, 100 = certain.
    pub sniff: fn(&Head<'_>) -> u8,
    /// Opens it: settles tables, encoding and parts.
    pub open: for<'a> fn(&'a Bytes, &Context) -> Result<Box<dyn Reader + 'a>, Fault>,
}

/// Every format, the more certain sniffers first.
pub const FORMATS: &[Format] = &[
    archive::GZIP,
    archive::ZSTD,
    archive::ZIP,
    office::XLSX,
    office::XLSB,
    office::DOCX,
    office::PPTX,
    office::ODS,
    office::ODT,
    #[cfg(feature = "office")]
    office::OLE,
    #[cfg(feature = "office")]
    office::XLS_CACHE,
    #[cfg(feature = "office")]
    html::FORMAT,
    xml::FORMAT,
    rtf::FORMAT,
    #[cfg(feature = "pdf")]
    pdf::FORMAT,
    #[cfg(feature = "archives")]
    archive::BZIP2,
    #[cfg(feature = "archives")]
    archive::XZ,
    #[cfg(feature = "archives")]
    archive::LZ4,
    #[cfg(all(feature = "databases", feature = "archives"))]
    database::pg_files::FORMAT,
    #[cfg(feature = "archives")]
    archive::TAR,
    #[cfg(feature = "archives")]
    archive::SEVENZ,
    #[cfg(feature = "archives")]
    archive::RAR,
    #[cfg(feature = "archives")]
    archive::LZH,
    #[cfg(feature = "archives")]
    archive::COMPRESS,
    #[cfg(feature = "archives")]
    archive::LZMA,
    #[cfg(feature = "archives")]
    archive::LZIP,
    #[cfg(feature = "archives")]
    archive::CPIO,
    #[cfg(feature = "archives")]
    archive::CABINET,
    #[cfg(feature = "archives")]
    archive::SELF_EXTRACTING,
    mail::MBOX,
    mail::EML,
    mail::EMLX,
    #[cfg(feature = "mail-stores")]
    mail::MSG,
    #[cfg(feature = "mail-stores")]
    mail::PST,
    #[cfg(feature = "mail-stores")]
    mail::NK2,
    #[cfg(feature = "mail-stores")]
    mail::TNEF,
    mail::SMIME,
    sqlite::FORMAT,
    #[cfg(feature = "databases")]
    database::bson::ARCHIVE,
    #[cfg(feature = "databases")]
    database::bson::BSON,
    #[cfg(feature = "databases")]
    database::pg_dump::FORMAT,
    #[cfg(feature = "databases")]
    database::redis::FORMAT,
    #[cfg(feature = "databases")]
    database::access::FORMAT,
    #[cfg(feature = "columnar")]
    columnar::parquet::FORMAT,
    #[cfg(feature = "columnar")]
    columnar::avro::FORMAT,
    database::dbase::FORMAT,
    database::innodb::FORMAT,
    database::myisam::FORMAT,
    database::postgres::FORMAT,
    zengin::FORMAT,
    medical::FORMAT,
    accounts::FORMAT,
    hl7::FORMAT,
    directory::CARD,
    directory::CALENDAR,
    directory::LDIF,
    chat::LINE,
    chat::WHATSAPP,
    weblog::FORMAT,
    binlog::FORMAT,
    statement::FORMAT,
    replies::FORMAT,
    sqlite::LOG,
    sql::FORMAT,
    json::DOCUMENT,
    json::LINES,
    tuples::FORMAT,
    labelled::FORMAT,
    aligned::FORMAT,
    delimited::FORMAT,
    records::FORMAT,
    carve::FORMAT,
    lines::FORMAT,
];

/// What reads anything: the runs of text in it.
pub const CARVE: &Format = &carve::FORMAT;
/// What reads any text: every line is a record.
pub const TEXT: &Format = &lines::FORMAT;

/// The format of a source, by its first bytes; the file name's ending only breaks ties. What nothing knows is read as lines.
pub fn identify(head: &Head<'_>) -> &'static Format {
    let score = |format: &Format| {
        let sure = (format.sniff)(head);
        (
            sure,
            sure > 0 && format.extensions.contains(&head.extension),
        )
    };
    let mut best = (&FORMATS[FORMATS.len() - 1], (0, false));
    for format in FORMATS {
        let found = score(format);
        if found > best.1 {
            best = (format, found);
        }
    }
    best.0
}

/// The format of a source that [`identify`] calls this: a compound file may be known by what stands in its directory only, which
/// may stand behind the first bytes, and an archive may stand behind something else.
pub fn settle(format: &'static Format, bytes: &Bytes) -> &'static Format {
    if !format.raw {
        if archive::is_behind(bytes) {
            return named(&archive::ZIP).unwrap_or(format);
        }
        #[cfg(feature = "archives")]
        if archive::is_within(bytes) {
            return named(&archive::SELF_EXTRACTING).unwrap_or(format);
        }
    }
    #[cfg(all(feature = "office", feature = "mail-stores"))]
    if format.name == office::OLE.name && objects::is_message(bytes) {
        return named(&mail::MSG).unwrap_or(format);
    }
    format
}

/// The row of a format.
fn named(format: &Format) -> Option<&'static Format> {
    FORMATS.iter().find(|row| row.name == format.name)
}

/// Opens a source, whose parser may be one that runs apart; mails in the cells of its tables are read as such.
pub fn open<'a>(
    format: &'static Format,
    bytes: &'a Bytes,
    context: &'a Context,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    let inner = apart::open(format, bytes, context)?;
    Ok(match format.tabular {
        true => Box::new(mail::InCells { inner, context }),
        false => inner,
    })
}

/// What a sniffer sees.
pub struct Head<'a> {
    /// The first bytes, at most 64 KiB.
    pub bytes: &'a [u8],
    /// Length of the whole source.
    pub len: u64,
    /// The encoding that was detected or forced.
    pub encoding: Encoding,
    /// The file name's ending, lower case, without the dot.
    pub extension: &'a str,
}

/// What an opener is told besides the bytes.
#[derive(Clone, Debug)]
pub struct Context {
    /// The file or member name's stem: the table name of formats that have none (`users` of `users.csv`).
    pub stem: String,
    /// The text encoding, detected or forced.
    pub encoding: Encoding,
    /// Bounds.
    pub limits: Limits,
    /// Inflated bytes that this run may still give.
    pub budget: Budget,
    /// Whether the first row names the columns of the rows after it.
    pub header: fn(&[String], &[Vec<String>]) -> bool,
    /// Columns that a file beside it gives to one without a header (`mysqldump --tab`: `users.sql` to `users.txt`).
    pub columns: Option<Vec<String>>,
    /// A file beside it that holds its long texts (`.dbt` and `.fpt` of dBase and FoxPro).
    pub memos: Option<Bytes>,
    /// A file beside it that tells its table's columns (`.frm` of MySQL and MariaDB).
    pub definition: Option<Bytes>,
    /// What the catalogue beside a table's file of PostgreSQL tells of it.
    pub heap: Option<Arc<Heap>>,
    /// What reads the source in a process of its own, where its parser is not ours; `None` reads it here.
    pub apart: Option<Arc<apart::Program>>,
    /// Whether this process reads this source and nothing else.
    pub alone: bool,
}

/// A source opened.
pub trait Reader: Sync {
    /// Number of parts. Zero for an empty source.
    fn parts(&self) -> usize;
    /// Gives the items of one part, in order. Stops early when the sink breaks. An `Err` ends the part: what was given
    /// counts, and in the last part an offset in it tells where the bytes begin that were not read at all. They are then
    /// read as text, or carved.
    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault>;
    /// The encoding to report, when the format itself settles it (SQLite, JSON) rather than detection.
    fn encoding(&self) -> Option<&'static str> {
        None
    }
    /// Faults found while opening that did not keep it from being read.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
    /// Columns that the source says to hold the numbers of another of its tables.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }
}

/// A column that holds the numbers of another table: `FOREIGN KEY (owner_id) REFERENCES users (id)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The table, as batches name it.
    pub table: String,
    /// Its column.
    pub column: String,
    /// The other table.
    pub of: String,
    /// Its column; `None` for its key.
    pub to: Option<String>,
}

/// References that are kept of one source: more are no database's.
const REFERENCES: usize = 100_000;

/// Takes what a reader gives.
pub type Sink<'s> = dyn FnMut(Item<'_>) -> ControlFlow<()> + 's;

/// What a reader gives.
pub enum Item<'a> {
    /// Some records of one table.
    Batch(Batch<'a>),
    /// A file inside the file.
    Member(Member),
    /// Something that could not be read; reading goes on after it.
    Fault(Fault),
}

/// A file inside a container.
pub struct Member {
    /// Its name in the container, decoded; not yet safe to print.
    pub name: String,
    /// Its bytes, or why there are none (encrypted, unsupported, over budget). A member cut short gives what there was in
    /// `bytes` and the fault in `fault`. One with neither is read with another one, to which it belongs.
    pub bytes: Option<Bytes>,
    /// What went wrong with it.
    pub fault: Option<Fault>,
    /// Length in bytes that the container declares or that was found.
    pub len: u64,
}

impl Member {
    /// A member all of whose bytes are there.
    pub fn whole(name: impl Into<String>, bytes: Bytes) -> Self {
        Self {
            name: name.into(),
            len: bytes.len() as u64,
            bytes: Some(bytes),
            fault: None,
        }
    }
}

/// A table's name and columns, as far as a batch knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name: of the SQL or SQLite table (`schema.table` as written), else the file's stem; `messages` for mail.
    pub name: String,
    /// Column names in the order of the cells, decoded and unescaped; `None` where the source gives no name.
    ///
    /// Batches of one table may differ (JSON objects, ragged rows): columns are the same when name and occurrence are the
    /// same, unnamed ones when the position is.
    pub columns: Vec<Option<String>>,
    /// What the records are.
    pub shape: Shape,
}

/// What the records of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Rows with columns.
    #[default]
    Rows,
    /// Mail messages: the columns are those of [`MAIL_COLUMNS`], a cell may be absent.
    Mail,
    /// Running text. One column; a cell is a block of whole lines, and **each line of it is a record**.
    Lines,
    /// Text found in bytes that are none. One column; a cell is a run of text. The same value may stand there many times,
    /// so different values are counted, and nothing is a record.
    Carved,
    /// As [`Shape::Carved`], out of programs, pictures, fonts, sound or films: what looks like a value is most often none.
    Code,
}

impl Shape {
    /// Whether the text was found in bytes that are none.
    pub fn is_carved(self) -> bool {
        matches!(self, Shape::Carved | Shape::Code)
    }
}

/// Columns of a mail message. Address headers are given decoded (RFC 2047), as `Name <local@domain>, …`.
pub const MAIL_COLUMNS: [&str; 9] = [
    "from", "to", "cc", "bcc", "reply-to", "subject", "date", "headers", "body",
];

/// One cell: a range of the batch's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    start: u32,
    end: u32,
}

const ESCAPED: u32 = 1 << 31;

impl Cell {
    /// No value: SQL `NULL`, a missing JSON member, a row that is too short.
    pub const ABSENT: Cell = Cell {
        start: u32::MAX,
        end: 0,
    };

    /// The range `start..end` of the batch's bytes; `escaped` when [`Batch::escape`] must be undone to read it.
    pub fn new(start: usize, end: usize, escaped: bool) -> Self {
        debug_assert!(start <= end && end < ESCAPED as usize);
        Self {
            start: start as u32,
            end: end as u32 | if escaped { ESCAPED } else { 0 },
        }
    }

    /// Whether there is no value.
    pub fn is_absent(self) -> bool {
        self.start == u32::MAX
    }

    /// Whether the batch's escape must be undone to read it.
    pub fn is_escaped(self) -> bool {
        self.end & ESCAPED != 0
    }

    /// The range in the batch's bytes; empty when absent.
    pub fn range(self) -> std::ops::Range<usize> {
        if self.is_absent() {
            0..0
        } else {
            self.start as usize..(self.end & !ESCAPED) as usize
        }
    }
}

/// Some records of one table, row by row.
pub struct Batch<'a> {
    /// The table.
    pub table: &'a Table,
    /// Encoding of the cells' bytes.
    pub encoding: Encoding,
    /// How escaped cells are written.
    pub escape: Escape,
    /// What the cells point into; less than 2 GiB.
    pub bytes: &'a [u8],
    /// Offset of `bytes[0]` in the (decompressed) source; `None` when the text does not stand there so (decoded, rebuilt).
    pub origin: Option<u64>,
    /// `table.columns.len()` cells per record.
    pub cells: &'a [Cell],
}

impl<'a> Batch<'a> {
    /// Records whose cells were rebuilt as UTF-8, so that they do not stand so in the source.
    fn rebuilt(table: &'a Table, bytes: &'a [u8], cells: &'a [Cell]) -> Self {
        Self {
            table,
            encoding: Encoding::Utf8,
            escape: Escape::None,
            bytes,
            origin: None,
            cells,
        }
    }

    /// Number of records (blocks, for [`Shape::Lines`]).
    pub fn rows(&self) -> usize {
        if self.table.columns.is_empty() {
            0
        } else {
            self.cells.len() / self.table.columns.len()
        }
    }
}

/// Member names given so far, with the last number that each was told apart by.
#[derive(Default)]
struct Names(HashMap<String, u64>);

impl Names {
    /// The name, with `#2`, `#3` … when another member of the container has it.
    fn distinct(&mut self, name: String) -> String {
        let Some(last) = self.0.get(&name) else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        let mut n = *last + 1;
        while self.0.contains_key(&format!("{name}#{n}")) {
            n += 1;
        }
        self.0.insert(name.clone(), n);
        let name = format!("{name}#{n}");
        self.0.insert(name.clone(), 1);
        name
    }
}

#[cfg(test)]
mod tests {
    //! What the tests of several formats share.

    use super::*;

    /// A context for tests: the file is called `t`, and a row with 氏名 in it is a header.
    pub(super) fn context() -> Context {
        Context {
            stem: "t".into(),
            encoding: Encoding::Utf8,
            limits: Limits::default(),
            budget: Budget::default(),
            header: |first, _| first.iter().any(|cell| cell == "氏名"),
            columns: None,
            memos: None,
            definition: None,
            heap: None,
            apart: None,
            alone: false,
        }
    }

    /// Everything that a source gives: its records as `table: column=value, …` in order, its faults as `! code`.
    pub(super) fn show(format: &Format, bytes: &[u8], context: &Context) -> Vec<String> {
        let bytes = Bytes::owned(bytes.to_vec());
        match (format.open)(&bytes, context) {
            Ok(reader) => show_reader(&*reader),
            Err(fault) => vec![format!("! {}", fault.code)],
        }
    }

    /// Everything that a reader gives, likewise.
    pub(super) fn show_reader(reader: &dyn Reader) -> Vec<String> {
        let faults = reader.faults();
        let faults = faults.iter().map(|fault| format!("! {}", fault.code));
        let mut shown: Vec<String> = faults.collect();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                match item {
                    Item::Batch(batch) => show_batch(&batch, &mut shown),
                    Item::Member(member) => shown.push(format!("[{}]", member.name)),
                    Item::Fault(fault) => shown.push(format!("! {}", fault.code)),
                }
                ControlFlow::Continue(())
            });
            shown.extend(read.err().map(|fault| format!("! {}", fault.code)));
        }
        shown
    }

    fn show_batch(batch: &Batch<'_>, shown: &mut Vec<String>) {
        let name = &batch.table.name;
        for row in batch.cells.chunks(batch.table.columns.len()) {
            let value = |cell: &Cell| {
                batch
                    .encoding
                    .decode(&batch.bytes[cell.range()])
                    .0
                    .into_owned()
            };
            if batch.table.shape == Shape::Lines {
                shown.extend(value(&row[0]).lines().map(|line| format!("{name}: {line}")));
                continue;
            }
            let pairs = row
                .iter()
                .zip(&batch.table.columns)
                .filter(|(cell, _)| !cell.is_absent());
            let pairs: Vec<_> = pairs
                .map(|(cell, column)| {
                    format!("{}={}", column.as_deref().unwrap_or("?"), value(cell))
                })
                .collect();
            shown.push(format!("{name}: {}", pairs.join(", ")));
        }
    }
}
