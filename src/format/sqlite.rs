//! SQLite database files.
//!
//! In: the bytes of one database. Out: the rows of its ordinary tables, as UTF-8 text: numbers as they are written in SQL,
//! blobs when they are text, also packed or in another encoding; the others are members. Views, virtual tables and SQLite's
//! own tables are not read; the tables in which a full-text index keeps its contents are, as those may stand nowhere else,
//! while its word lists and segments are not.
//!
//! Deleted rows that still stand in the file are given as tables of their own, `NAME (remnants)`, where as many columns tell
//! the table they were in, else `(remnants)`; a row that is live too is not given again. A write-ahead log beside the database
//! is read with it ([`with_log`]); alone it is read for what it holds.
//!
//! The file is hostile input to a C library: it is opened read-only and as one that nobody changes (a small one from a copy in memory),
//! in defensive mode, without trusted schema, with cell checks, and with a bound on the work
//! of a query
//! (SQLite's "Defense against the dark arts", <https://www.sqlite.org/security.html>, read 2026-11).

mod blobs;
mod file;
mod pages;
#[cfg(test)]
mod tests;
mod wal;

use std::fs::File;
use std::io::Read;
use std::ops::{ControlFlow, Range};
use std::sync::{Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use self::blobs::Blobs;
use self::pages::{Pages, Value};
use crate::format::{Batch, Cell, Context, Head, Item, REFERENCES, Reader, Reference, Sink, Table};
use crate::source::{Budget, Bytes, Code, Fault, Limits};

/// SQLite databases.
pub(crate) const FORMAT: super::Format = super::Format {
    name: "sqlite",
    title: "SQLite databases",
    extensions: &["sqlite", "sqlite3", "db"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Write-ahead logs of SQLite without their database.
pub(crate) const LOG: super::Format = super::Format {
    name: "sqlite-wal",
    title: "SQLite write-ahead logs, read with the database beside them or alone",
    extensions: &["sqlite-wal", "db-wal", "wal"],
    raw: true,
    tabular: true,
    sniff: |head| if wal::is_log(head.bytes) { 97 } else { 0 },
    open: open_log,
};

/// The first bytes of every database.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the header says by which versions it is written and read. A database in WAL mode cannot be read from memory unless it says
/// otherwise.
const WAL_VERSIONS: Range<usize> = 18..20;
/// Records of one batch.
const BATCH_ROWS: usize = 1024;
/// Text of one batch, in bytes, unless one record is longer.
const BATCH_BYTES: usize = 1 << 20;
/// Steps of SQLite's machine between two looks at the bound on work.
const STEPS: i32 = 100_000;
/// Steps allowed for each byte of the database: a scan takes a fraction of one; a hostile schema could take any number.
const STEPS_PER_BYTE: u64 = 16;

/// Whether the first bytes are those of a database.
pub fn sniff(head: &Head<'_>) -> u8 {
    if head.bytes.starts_with(MAGIC) {
        100
    } else {
        0
    }
}

/// Opens a database and lists its tables. Of one that SQLite refuses the pages are read one by one.
pub fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(open_owned(bytes.clone(), context)?))
}

/// Whether a file is a database and the one beside it its write-ahead log, by their first bytes.
pub fn is_pair(database: &[u8], log: &[u8]) -> bool {
    let size = |at: std::ops::Range<usize>, bytes: &[u8]| bytes.get(at).map(<[u8]>::to_vec);
    let of_log = size(10..12, log);
    database.starts_with(MAGIC) && wal::is_log(log) && size(16..18, database) == of_log
}

/// A database and the write-ahead log beside it as one; `None` where these are no such pair.
pub fn with_log(database: &[u8], log: &[u8], limits: &Limits) -> Result<Option<Bytes>, Fault> {
    if !database.is_empty() && !database.starts_with(MAGIC) {
        return Ok(None);
    }
    let merged = wal::merge(database, log, limits)?;
    Ok(merged.filter(|(_, whole)| *whole).map(|(bytes, _)| bytes))
}

fn open_log<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let lost = "the log";
    let malformed = || Fault::whole(Code::Malformed, lost);
    let (merged, _) = wal::merge(&[], bytes, &context.limits)?.ok_or_else(malformed)?;
    let database = open_owned(merged, context)?;
    Ok(Box::new(Database {
        is_log: true,
        ..database
    }))
}

fn open_owned(bytes: Bytes, context: &Context) -> Result<Database, Fault> {
    let store = if bytes.len() <= context.limits.in_memory_bytes {
        Store::Memory
    } else if context.alone
        && let Some(mapped) = bytes.leaked()
    {
        if let Some(versions) = mapped.get_mut(WAL_VERSIONS) {
            versions.fill(1);
        }
        Store::Mapped(mapped)
    } else {
        let no_space = |_| Fault::whole(Code::NoSpace, format!("{} bytes", bytes.len()));
        Store::File(file::of(&bytes).map_err(no_space)?)
    };
    let mut database = Database {
        store,
        declared_len: declared_len(&bytes),
        bytes,
        limits: context.limits.clone(),
        budget: context.budget.clone(),
        pieces: Vec::new(),
        references: Vec::new(),
        refused: None,
        damaged: None,
        is_log: false,
        idle: Mutex::default(),
    };
    match database.list() {
        Ok((pieces, damaged)) => {
            (database.pieces, database.damaged) = (pieces, damaged);
            // Without them tables are read all the same.
            database.references = database.referenced().unwrap_or_default();
        }
        Err(error) => {
            let fault = fault(&error, "the database; its pages were searched for records");
            let mut any = false;
            if let Some(pages) = Pages::new(&database.bytes) {
                pages.every_record(&mut |_| {
                    any = true;
                    false
                });
            }
            // Without a page that holds records it is no database at all.
            if !any {
                return Err(fault);
            }
            database.refused = Some(fault);
        }
    }
    Ok(database)
}

/// Where SQLite reads the database from.
enum Store {
    Memory,
    /// Memory that is a file's.
    Mapped(&'static [u8]),
    /// A file that holds it and nothing else.
    File(File),
}

/// A range of rows of one table.
struct Piece {
    table: Table,
    /// Condition on the row number, half open; `None` for a table without row numbers, or all of one.
    rows: Option<(i64, i64)>,
    /// How the table's row number is called here: not as one of its columns.
    rowid: &'static str,
}

struct Database {
    store: Store,
    bytes: Bytes,
    /// Length that the header declares; 0 when it does not say.
    declared_len: u64,
    limits: Limits,
    budget: Budget,
    pieces: Vec<Piece>,
    references: Vec<Reference>,
    /// Why SQLite does not read it; then its pages are read for all they hold.
    refused: Option<Fault>,
    /// Why it does not read some table.
    damaged: Option<Fault>,
    /// Whether it is a log alone, in which pages are missing by nature.
    is_log: bool,
    /// Connections that nobody reads by now.
    idle: Mutex<Vec<Connection>>,
}

/// The database's length by its header (offsets 16 and 28 of <https://www.sqlite.org/fileformat2.html>, read 2026-11), which
/// counts only when the versions at 24 and 92 agree; else 0.
fn declared_len(bytes: &[u8]) -> u64 {
    let number = |at: usize| {
        bytes
            .get(at..at + 4)
            .map_or(0, |b| b.iter().fold(0, |n, &b| n << 8 | u64::from(b)))
    };
    let page = match number(16) >> 16 {
        1 => 65_536,
        size => size,
    };
    if number(24) == number(92) {
        page * number(28)
    } else {
        0
    }
}

fn fault(error: &rusqlite::Error, lost: &str) -> Fault {
    let code = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted | ErrorCode::OutOfMemory) => Code::OverBudget,
        Some(ErrorCode::TooBig) => Code::RecordTooLong,
        _ => Code::Malformed,
    };
    Fault::whole(code, lost)
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Database {
    /// A connection to the database, one that was used before if there is one.
    fn connection(&self) -> rusqlite::Result<Connection> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let mut connection = match &self.store {
            Store::Memory => {
                let bytes = &self.bytes;
                let mut connection = Connection::open_in_memory()?;
                let mut head = bytes[..bytes.len().min(100)].to_vec();
                if let Some(versions) = head.get_mut(WAL_VERSIONS) {
                    versions.fill(1);
                }
                let stream = (&head[..]).chain(&bytes[head.len()..]);
                connection.deserialize_read_exact(MAIN_DB, stream, bytes.len(), true)?;
                connection
            }
            Store::Mapped(bytes) => {
                let mut connection = Connection::open_in_memory()?;
                connection.deserialize_bytes(MAIN_DB, bytes)?;
                connection
            }
            Store::File(file) => file::with_path(file, |path| {
                let path: String = path
                    .to_string_lossy()
                    .chars()
                    .flat_map(escape_uri)
                    .collect();
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                    | OpenFlags::SQLITE_OPEN_URI
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)
            })?,
        };
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        let record_bytes = i32::try_from(self.limits.record_bytes)
            .unwrap_or(i32::MAX)
            .max(1 << 20);
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, record_bytes)?;
        connection.execute_batch("PRAGMA query_only=1; PRAGMA cell_size_check=1; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;")?;
        let mut looks_left =
            self.len().saturating_mul(STEPS_PER_BYTE) / STEPS.unsigned_abs() as u64 + 1_000;
        let is_over = move || {
            looks_left = looks_left.saturating_sub(1);
            looks_left == 0
        };
        connection.progress_handler(STEPS, Some(is_over))?;
        Ok(connection)
    }

    /// Lists the tables to read, and cuts long ones by row number; tells of one that cannot be read.
    fn list(&self) -> rusqlite::Result<(Vec<Piece>, Option<Fault>)> {
        let connection = self.connect()?;
        let mut names: Vec<(String, bool)> = Vec::new();
        let mut statement = connection.prepare(
            "SELECT name, type, wr FROM pragma_table_list WHERE schema='main' ORDER BY name",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let is_contents =
                kind == "shadow" && (name.ends_with("_content") || name.ends_with("_rowid"));
            if (kind == "table" || is_contents) && !name.starts_with("sqlite_") {
                names.push((name, row.get(2)?));
            }
        }
        let (mut pieces, mut damaged) = (Vec::new(), None);
        for (name, without_rowid) in names {
            if let Err(error) = self.cut(&connection, name, without_rowid, &mut pieces) {
                damaged = Some(fault(&error, "a table"));
            }
        }
        Ok((pieces, damaged))
    }

    /// The columns that hold the numbers of other tables, as the tables' definitions say.
    fn referenced(&self) -> rusqlite::Result<Vec<Reference>> {
        let connection = self.connect()?;
        let mut statement = connection.prepare(
            "SELECT l.name, k.\"from\", k.\"table\", k.\"to\" FROM pragma_table_list AS l, pragma_foreign_key_list(l.name) AS k \
             WHERE l.schema='main' AND (SELECT count(*) FROM pragma_foreign_key_list(l.name) AS o WHERE o.id=k.id)=1 \
             ORDER BY 1, 2, 3, 4",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |at| -> rusqlite::Result<String> {
                let name = row.get_ref(at)?.as_bytes_or_null()?;
                Ok(String::from_utf8_lossy(name.unwrap_or_default()).into_owned())
            };
            found.push(Reference {
                table: text(0)?,
                column: text(1)?,
                of: text(2)?,
                to: Some(text(3)?).filter(|to| !to.is_empty()),
            });
            if found.len() == REFERENCES {
                break;
            }
        }
        Ok(found)
    }

    fn cut(
        &self,
        connection: &Connection,
        name: String,
        without_rowid: bool,
        pieces: &mut Vec<Piece>,
    ) -> rusqlite::Result<()> {
        // Names are read as values: a statement's own column names must be UTF-8, or reading them panics.
        let mut statement = connection
            .prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid")?;
        let columns: Vec<_> = statement
            .query_map([&name], |row| {
                let name = row.get_ref(0)?.as_bytes()?;
                Ok(Some(String::from_utf8_lossy(name).into_owned()))
            })?
            .collect::<Result<_, _>>()?;
        let table = Table {
            name,
            columns,
            ..Table::default()
        };
        let is_free = |id: &&str| {
            !table
                .columns
                .iter()
                .flatten()
                .any(|column| column.eq_ignore_ascii_case(id))
        };
        let rowid = ["rowid", "_rowid_", "oid"]
            .into_iter()
            .find(|id| is_free(id));
        let (Some(rowid), false) = (rowid, without_rowid) else {
            pieces.push(Piece {
                table,
                rows: None,
                rowid: "",
            });
            return Ok(());
        };
        // The row numbers' ends are found without a scan; how many rows lie between them is only guessed.
        let sql = format!(
            "SELECT (SELECT min({rowid}) FROM {0}), (SELECT max({rowid}) FROM {0})",
            quote(&table.name)
        );
        let (first, last): (Option<i64>, Option<i64>) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (Some(first), Some(last)) = (first, last) else {
            // Nothing to read, but what was deleted from it may be left.
            let rows = Some((0, -1));
            pieces.push(Piece { table, rows, rowid });
            return Ok(());
        };
        let n_pieces = self.most_parts() as i128;
        let step = (i128::from(last) - i128::from(first)) / n_pieces + 1;
        let mut from = i128::from(first);
        while from <= i128::from(last) {
            let to = (from + step).min(i128::from(last) + 1);
            // `to` may lie one behind the largest number there is: the range includes its end instead.
            let range = (clamp(from), clamp(to - 1));
            pieces.push(Piece {
                table: table.clone(),
                rows: Some(range),
                rowid,
            });
            from = to;
        }
        Ok(())
    }
}

fn clamp(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn escape_uri(c: char) -> Vec<char> {
    match c {
        '%' | '?' | '#' => format!("%{:02x}", u32::from(c)).chars().collect(),
        _ => vec![c],
    }
}

impl Reader for Database {
    fn parts(&self) -> usize {
        self.most_parts().min(self.pieces.len() + 1)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut last = Ok(());
        for piece in self.pieces_of(part) {
            if let Err(before) = std::mem::replace(&mut last, Ok(()))
                && sink(Item::Fault(before)).is_break()
            {
                return Ok(());
            }
            let Some(piece) = self.pieces.get(piece) else {
                let mut blobs = Blobs::new(REMNANTS, &self.limits);
                self.remnants(&mut blobs, sink);
                if blobs.finish(sink).is_break() || self.give_blobs(sink).is_break() {
                    return Ok(());
                }
                let damaged = self.damaged.clone().filter(|_| !self.is_log);
                last = damaged.map_or(Ok(()), Err);
                continue;
            };
            match self.give(piece, sink) {
                Ok(ControlFlow::Break(())) => return Ok(()),
                result => last = result.map(drop),
            }
        }
        last
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }

    fn references(&self) -> Vec<Reference> {
        self.references.clone()
    }

    fn faults(&self) -> Vec<Fault> {
        let lost = self.declared_len.saturating_sub(self.len());
        let cut = Fault::at(Code::Truncated, self.len(), format!("{lost} bytes"));
        let cut = Some(cut).filter(|_| lost > 0);
        let damaged = self.damaged.clone().filter(|_| self.is_log);
        let all = [cut, self.refused.clone(), damaged];
        all.into_iter().flatten().collect()
    }
}

impl Database {
    /// Parts at most: for each another process lists the tables again.
    fn most_parts(&self) -> usize {
        (self.bytes.len() / self.limits.part_bytes.max(1) + 1).min(256)
    }

    /// The pieces of a part; one more than there are stands for the remnants, and for blobs that are no text: what is gathered
    /// over a table must not depend on where its pieces end.
    fn pieces_of(&self, part: usize) -> Range<usize> {
        let (n_pieces, n_parts) = (self.pieces.len() + 1, self.parts());
        part * n_pieces / n_parts..(part + 1) * n_pieces / n_parts
    }

    /// Gives the rows of a piece.
    fn give(&self, piece: &Piece, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, Fault> {
        let mut rows = Rows {
            table: &piece.table,
            text: Vec::new(),
            cells: Vec::new(),
            n_rows: 0,
            budget: &self.budget,
            sink,
        };
        let result = self.read_piece(piece, &mut rows);
        if !matches!(result, Ok(ControlFlow::Break(()))) && rows.flush().is_break() {
            return Ok(ControlFlow::Break(()));
        }
        result.map_err(|error| fault(&error, "the rest of a table"))
    }

    fn read_piece(
        &self,
        part: &Piece,
        rows: &mut Rows<'_, '_>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let connection = self.connection()?;
        let flow = self.select(&connection, part, rows)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(connection);
        Ok(flow)
    }

    fn select(
        &self,
        connection: &Connection,
        part: &Piece,
        rows: &mut Rows<'_, '_>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let columns: Vec<_> = part
            .table
            .columns
            .iter()
            .flatten()
            .map(|column| quote(column))
            .collect();
        let mut sql = format!(
            "SELECT {} FROM {} NOT INDEXED",
            columns.join(","),
            quote(&part.table.name)
        );
        if let Some((first, last)) = part.rows {
            sql += &format!(
                " WHERE {0} BETWEEN {first} AND {last} ORDER BY {0}",
                part.rowid
            );
        }
        let mut statement = connection.prepare(&sql)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            for column in 0..part.table.columns.len() {
                rows.push(row.get_ref(column)?);
            }
            if rows.end_row().is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Gives the blobs that are no text, table by table. What cannot be read was said by the part that it is in.
    fn give_blobs(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(connection) = self.connect().ok().filter(|_| self.refused.is_none()) else {
            return ControlFlow::Continue(());
        };
        let mut last: Option<&str> = None;
        for table in self.pieces.iter().map(|piece| &piece.table) {
            if last.replace(&table.name) == Some(&table.name) {
                continue;
            }
            let mut blobs = Blobs::new(&table.name, &self.limits);
            match self.blobs_of(&connection, table, &mut blobs, sink) {
                Ok(flow) => flow?,
                Err(error) => {
                    let fault = fault(&error, "blobs of a table");
                    if fault.code != Code::Malformed {
                        sink(Item::Fault(fault))?;
                    }
                }
            }
            blobs.finish(sink)?;
        }
        ControlFlow::Continue(())
    }

    fn blobs_of(
        &self,
        connection: &Connection,
        table: &Table,
        blobs: &mut Blobs,
        sink: &mut Sink<'_>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let names: Vec<String> = table
            .columns
            .iter()
            .flatten()
            .map(|name| quote(name))
            .collect();
        let each =
            |make: fn(&String) -> String| names.iter().map(make).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT {} FROM {} NOT INDEXED WHERE 'blob' IN ({})",
            each(|name| format!("CASE WHEN typeof({name})='blob' THEN {name} END")),
            quote(&table.name),
            each(|name| format!("typeof({name})")),
        );
        let mut statement = connection.prepare(&sql)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            for column in 0..names.len() {
                if let ValueRef::Blob(blob) = row.get_ref(column)?
                    && blobs::text(blob, &self.budget).is_none()
                    && blobs.take(blob, sink).is_break()
                {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Name of the table of deleted records that could be of several tables or of none.
const REMNANTS: &str = "(remnants)";

impl Database {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Gives the deleted records that still stand in the file.
    fn remnants(&self, blobs: &mut Blobs, sink: &mut Sink<'_>) {
        let Some(pages) = Pages::new(&self.bytes) else {
            return;
        };
        let tables = self.tables_by_width();
        let mut group: (usize, Vec<Vec<Value>>) = (0, Vec::new());
        let mut give = |values: Vec<Value>| {
            if group.0 != values.len() || group.1.len() == BATCH_ROWS {
                if self.flush(&tables, &mut group, blobs, sink).is_break() {
                    return false;
                }
                group.0 = values.len();
            }
            group.1.push(values);
            true
        };
        if self.refused.is_some() {
            pages.every_record(&mut give);
        } else {
            let mut widths: Vec<usize> = tables.iter().map(|(width, _)| *width).collect();
            widths.sort_unstable();
            widths.dedup();
            pages.remnants(&widths, &mut give);
        }
        let _ = self.flush(&tables, &mut group, blobs, sink);
    }

    /// The live tables by their number of columns, in order; under a name of their own.
    fn tables_by_width(&self) -> Vec<(usize, Table)> {
        let mut tables: Vec<(usize, Table)> = Vec::new();
        for part in &self.pieces {
            let name = format!("{} {REMNANTS}", part.table.name);
            if tables.iter().all(|(_, table)| table.name != name) {
                let table = Table {
                    name,
                    ..part.table.clone()
                };
                tables.push((table.columns.len(), table));
            }
        }
        tables
    }

    /// Gives records of one width, as rows of the only table that is so wide.
    fn flush(
        &self,
        tables: &[(usize, Table)],
        (width, group): &mut (usize, Vec<Vec<Value>>),
        blobs: &mut Blobs,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        if group.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut of_width = tables.iter().filter(|table| table.0 == *width);
        let table = match (of_width.next(), of_width.next()) {
            (Some((_, table)), None) => table.clone(),
            _ => Table {
                name: REMNANTS.to_owned(),
                columns: vec![None; *width],
                ..Table::default()
            },
        };
        let mut rows = Rows {
            table: &table,
            text: Vec::new(),
            cells: Vec::new(),
            n_rows: 0,
            budget: &self.budget,
            sink,
        };
        for values in group.drain(..) {
            for value in &values {
                if let Value::Blob(blob) = value
                    && blobs::text(blob, &self.budget).is_none()
                {
                    blobs.take(blob, rows.sink)?;
                }
                rows.push(match value {
                    Value::Null => ValueRef::Null,
                    Value::Integer(number) => ValueRef::Integer(*number),
                    Value::Real(number) => ValueRef::Real(*number),
                    Value::Text(text) => ValueRef::Text(text.as_bytes()),
                    Value::Blob(bytes) => ValueRef::Blob(bytes),
                });
            }
            rows.end_row()?;
        }
        rows.flush()
    }
}

/// Collects rows, and gives them to the sink.
struct Rows<'a, 's> {
    table: &'a Table,
    text: Vec<u8>,
    cells: Vec<Cell>,
    n_rows: usize,
    budget: &'a Budget,
    sink: &'a mut Sink<'s>,
}

impl Rows<'_, '_> {
    fn push(&mut self, value: ValueRef<'_>) {
        let start = self.text.len();
        match value {
            ValueRef::Null => return self.cells.push(Cell::ABSENT),
            ValueRef::Integer(number) => self.text.extend_from_slice(number.to_string().as_bytes()),
            ValueRef::Real(number) => self
                .text
                .extend_from_slice(format!("{number:?}").as_bytes()),
            ValueRef::Text(text) => self.text.extend_from_slice(text),
            ValueRef::Blob(blob) => match blobs::text(blob, self.budget) {
                Some(text) => self.text.extend_from_slice(text.as_bytes()),
                None => return self.cells.push(Cell::ABSENT),
            },
        }
        self.cells.push(Cell::new(start, self.text.len(), false));
    }

    fn end_row(&mut self) -> ControlFlow<()> {
        self.n_rows += 1;
        if self.n_rows == BATCH_ROWS || self.text.len() > BATCH_BYTES {
            self.flush()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn flush(&mut self) -> ControlFlow<()> {
        if self.n_rows == 0 {
            return ControlFlow::Continue(());
        }
        let flow = (self.sink)(Item::Batch(Batch::rebuilt(
            self.table,
            &self.text,
            &self.cells,
        )));
        self.text.clear();
        self.cells.clear();
        self.n_rows = 0;
        flow
    }
}
