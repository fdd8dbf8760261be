//! SQL dumps as text: mysqldump, mariadb-dump, phpMyAdmin, pg_dump, `sqlite3 .dump`, SQL Server and Oracle scripts.
//!
//! In: ASCII-compatible text in any of these dialects. Out: the tuples of `INSERT … VALUES` and `REPLACE`, and the lines of
//! `COPY … FROM stdin`, as records of the table they name. Columns are named by the statement's own list, else by the
//! `CREATE TABLE` of the file, else not at all.
//!
//! `INSERT … SET` is a record too. The data of a `COPY` in CSV are a member named after the table; in binary they are not
//! read, and said.
//!
//! Values of `UPDATE`, `DELETE`, `MERGE`, `CALL`, `WITH` and `INSERT … SELECT` are running text, and so are comments, definitions and
//! bodies of routines where they may tell of people, and stretches that are no SQL: the table `NAME (statements)`. The tables
//! `sqlite_…` are not read: they repeat what stands elsewhere.
//!
//! One pass over the bytes finds where parts may begin (a tuple, a line, a statement), with what must be known there; a part
//! is then read by the same lexer. All faults of statements are found by that pass, which leaves the broken stretch out of
//! the parts: reading a part never has to recover.

mod catalog;
mod comments;
mod lexer;
mod notes;
mod references;
mod rows;
mod sniff;
mod statement;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use memchr::{memchr, memchr2, memmem};

use self::catalog::Catalog;
use self::lexer::{Dialect, Lexer, Session, Stop, is_verb};
use self::rows::Rows;
use self::statement::{Header, Other, Step, Target};
use crate::format::prose::Prose;
use crate::format::{Context, Member, Reader, Reference, Sink};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::Encoding;

pub use self::sniff::{declared_encoding, sniff};

/// SQL dumps as text.
pub(crate) const FORMAT: super::Format = super::Format {
    name: "sql",
    title: "SQL dumps as text: mysqldump, pg_dump (COPY and INSERT), SQLite, SQL Server and Oracle scripts",
    extensions: &["sql", "dump"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Faults told one by one; further ones of the same file are not.
const FAULTS: usize = 1_000;
/// Places at which a broken file is taken up again; then the rest is given up.
const RESUMES: usize = 10_000;

/// Opens a dump: finds its parts, tables and faults.
pub fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Dump::new(bytes, context)))
}

/// The columns that a `COPY … FROM stdin;` names.
#[cfg(feature = "databases")]
pub(super) fn copy_columns(statement: &[u8], encoding: Encoding) -> Option<Vec<String>> {
    let text = [statement.trim_ascii_end(), b"\n\\.\n"].concat();
    let mut lexer = Lexer {
        bytes: &text,
        at: 0,
        encoding,
        session: Session::new(Dialect::Postgres),
    };
    match lexer.statement(&mut Header::default(), None) {
        Ok(Step::Copy(target)) => target.columns.clone(),
        _ => None,
    }
}

/// The columns of the one table that a script creates, as `mysqldump --tab` puts it beside the table's data.
pub fn created_columns(script: &[u8], encoding: Encoding) -> Option<Vec<String>> {
    let mut lexer = Lexer {
        bytes: script,
        at: 0,
        encoding,
        session: Session::new(sniff::dialect(script)),
    };
    let (mut header, mut catalog) = (Header::default(), Catalog::default());
    while let Ok(Step::Next | Step::Passed) = lexer.statement(&mut header, Some(&mut catalog)) {}
    catalog.only()
}

/// Which columns a script says to hold the numbers of another table.
#[cfg(feature = "databases")]
pub(super) fn references(script: &[u8], encoding: Encoding) -> Vec<Reference> {
    let mut lexer = Lexer {
        bytes: script,
        at: 0,
        encoding,
        session: Session::new(sniff::dialect(script)),
    };
    let (mut header, mut catalog) = (Header::default(), Catalog::default());
    while let Ok(Step::Next | Step::Passed) = lexer.statement(&mut header, Some(&mut catalog)) {}
    catalog.references(false)
}

/// What stands where a part begins.
#[derive(Clone)]
enum Mode {
    Statement,
    Tuples(Arc<Target>),
    Copy(Arc<Target>),
    /// Delimited text to its end; whether it has a header.
    Delimited(Arc<Target>, bool),
    /// What is no SQL, to its end.
    Noise,
}

/// A stretch of the dump that can be read by itself.
struct Part {
    start: usize,
    end: usize,
    mode: Mode,
    session: Session,
}

struct Dump<'a> {
    source: &'a Bytes,
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    parts: Vec<Part>,
    catalog: Catalog,
    faults: Vec<Fault>,
    several_databases: bool,
    /// The name of the table of what stands beside the rows.
    notes: String,
}

impl<'a> Dump<'a> {
    fn new(source: &'a Bytes, context: &Context) -> Self {
        let bytes: &'a [u8] = source;
        let start = if bytes.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let session = Session::new(sniff::dialect(bytes));
        let mut index = Index {
            lexer: Lexer {
                bytes,
                at: start,
                encoding: context.encoding,
                session: session.clone(),
            },
            limits: &context.limits,
            part: Part {
                start,
                end: start,
                mode: Mode::Statement,
                session,
            },
            parts: Vec::new(),
            catalog: Catalog::default(),
            header: Header::default(),
            databases: BTreeSet::new(),
            faults: Vec::new(),
            n_resumes: 0,
            n_reread: 0,
        };
        index.run();
        Self {
            source,
            bytes,
            encoding: context.encoding,
            limits: context.limits.clone(),
            parts: index.parts,
            catalog: index.catalog,
            faults: index.faults,
            several_databases: index.databases.len() > 1,
            notes: format!("{} (statements)", context.stem),
        }
    }
}

impl Reader for Dump<'_> {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let part = &self.parts[part];
        let mut lexer = Lexer {
            bytes: self.bytes,
            at: part.start,
            encoding: self.encoding,
            session: part.session.clone(),
        };
        let notes = Prose::new(self.notes.clone(), &self.limits);
        let mut rows = Rows::new(&lexer, &self.catalog, self.several_databases, (notes, sink));
        if self.read_part(part, &mut lexer, &mut rows).is_continue() {
            // Nothing follows that a break could stop.
            let _ = rows.flush();
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn references(&self) -> Vec<Reference> {
        self.catalog.references(self.several_databases)
    }
}

impl<'a> Dump<'a> {
    fn read_part(
        &self,
        part: &Part,
        lexer: &mut Lexer<'a>,
        rows: &mut Rows<'a, '_, '_>,
    ) -> ControlFlow<()> {
        let mut values = Vec::new();
        let mut header = Header::default();
        let mut mode = part.mode.clone();
        if let Mode::Delimited(target, has_header) = &mode {
            return rows.member(self.delimited(part.start..part.end, target, *has_header));
        }
        if matches!(mode, Mode::Noise) {
            return rows.noise(part.start..part.end);
        }
        while lexer.at < part.end {
            let mut beside = lexer.at;
            let step = match &mode {
                Mode::Statement => lexer.statement(&mut header, None),
                Mode::Tuples(target) => {
                    let start = lexer.at;
                    if lexer.tuple(self.limits.columns, &mut values).is_err() || lexer.at > part.end
                    {
                        break;
                    }
                    if !is_internal(target) {
                        rows.open(target)?;
                        rows.push(start, lexer.at, &mut values)?;
                    }
                    if lexer.at >= part.end {
                        break;
                    }
                    beside = lexer.at;
                    lexer.after_tuple(target, &mut header)
                }
                Mode::Copy(target) => {
                    self.copied(part, target, lexer, rows)?;
                    beside = lexer.at;
                    Ok(Step::Next)
                }
                Mode::Delimited(..) | Mode::Noise => break,
            };
            if step.is_ok() {
                rows.beside(beside..lexer.at, matches!(step, Ok(Step::Passed)))?;
            }
            let step = match step {
                Ok(Step::Assignments(target)) => {
                    self.assignments(&target, lexer, rows, &mut values)?;
                    lexer.after_tuple(&target, &mut header)
                }
                step => step,
            };
            // The faults were found by the index.
            match step {
                Ok(Step::Tuples(target)) => mode = Mode::Tuples(target),
                Ok(Step::Copy(target)) => mode = Mode::Copy(target),
                Ok(Step::Next | Step::Passed) => mode = Mode::Statement,
                Ok(Step::Assignments(_) | Step::OtherCopy(..) | Step::End) | Err(_) => break,
            }
        }
        ControlFlow::Continue(())
    }

    /// Gives the records of the lines of a `COPY`, up to the end of the part.
    fn copied(
        &self,
        part: &Part,
        target: &Arc<Target>,
        lexer: &mut Lexer<'a>,
        rows: &mut Rows<'a, '_, '_>,
    ) -> ControlFlow<()> {
        rows.open(target)?;
        let Limits {
            record_bytes,
            columns,
            ..
        } = self.limits;
        match rows.copy(lexer.at, part.end, record_bytes, columns) {
            Ok(at) => lexer.at = at,
            Err(()) => return ControlFlow::Break(()),
        }
        if lexer.at < part.end {
            lexer.skip_line();
        }
        ControlFlow::Continue(())
    }

    /// Gives the record of an `INSERT … SET`. The index has left out what cannot be read.
    fn assignments(
        &self,
        target: &Target,
        lexer: &mut Lexer<'a>,
        rows: &mut Rows<'a, '_, '_>,
        values: &mut Vec<value::Value>,
    ) -> ControlFlow<()> {
        let start = lexer.at;
        let Ok(target) = lexer.assignments(target, self.limits.columns, values) else {
            return ControlFlow::Continue(());
        };
        rows.open(&target)?;
        rows.push(start, lexer.at, values)
    }
}

impl Dump<'_> {
    /// The data of a `COPY` in CSV, under the statement's columns.
    fn delimited(&self, data: std::ops::Range<usize>, target: &Target, has_header: bool) -> Member {
        let columns = target
            .columns
            .as_deref()
            .or_else(|| self.catalog.columns(target));
        let short = data.len() <= self.limits.in_memory_bytes;
        let bytes = match columns {
            Some(columns) if !has_header && short => {
                let quoted: Vec<String> = columns
                    .iter()
                    .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
                    .collect();
                let header = format!("{}\n", quoted.join(","));
                Bytes::owned([header.as_bytes(), &self.bytes[data.clone()]].concat())
            }
            _ => self.source.slice(data.clone()),
        };
        Member {
            name: format!("{}.csv", target.table_name(self.several_databases)),
            len: data.len() as u64,
            bytes: Some(bytes),
            fault: None,
        }
    }
}

/// Whether a table is SQLite's own.
fn is_internal(target: &Target) -> bool {
    target
        .name
        .last()
        .is_some_and(|name| name.starts_with("sqlite_"))
}

/// The pass that finds the parts.
struct Index<'a, 'l> {
    lexer: Lexer<'a>,
    limits: &'l Limits,
    /// The part that is growing; its end is not yet known.
    part: Part,
    parts: Vec<Part>,
    catalog: Catalog,
    header: Header,
    databases: BTreeSet<Arc<str>>,
    faults: Vec<Fault>,
    n_resumes: usize,
    /// Bytes that were read twice because of faults.
    n_reread: usize,
}

impl Index<'_, '_> {
    fn run(&mut self) {
        let mut values = Vec::new();
        let mut mode = Mode::Statement;
        loop {
            let start = self.lexer.at;
            if start - self.part.start >= self.limits.part_bytes {
                self.cut(start, start, mode.clone());
            }
            let step = match &mode {
                Mode::Statement => self
                    .lexer
                    .statement(&mut self.header, Some(&mut self.catalog))
                    .map_err(|stop| (start, stop)),
                Mode::Tuples(target) => {
                    let target = Arc::clone(target);
                    self.tuple(start, &target, &mut values)
                }
                Mode::Copy(target) => {
                    let target = Arc::clone(target);
                    self.copy(&target);
                    Ok(Step::Next)
                }
                Mode::Delimited(..) | Mode::Noise => Ok(Step::Next),
            };
            let step = match step {
                Ok(Step::Assignments(target)) => self.assignments(start, &target, &mut values),
                step => step,
            };
            self.note_database();
            mode = match step {
                Ok(Step::Tuples(target)) => Mode::Tuples(target),
                Ok(Step::Copy(target)) => Mode::Copy(target),
                Ok(Step::Next | Step::Passed) => Mode::Statement,
                Ok(Step::OtherCopy(target, other)) => {
                    self.other_copy(start, target, other);
                    Mode::Statement
                }
                Ok(Step::Assignments(_)) => Mode::Statement,
                Ok(Step::End) => break,
                Err((good_end, stop)) => match self.resume(good_end, stop) {
                    Some(at) => {
                        self.lexer.at = at;
                        self.cut(good_end, good_end, Mode::Noise);
                        self.cut(at, at, Mode::Statement);
                        Mode::Statement
                    }
                    None => {
                        let end = self.lexer.bytes.len();
                        self.cut(good_end, good_end, Mode::Noise);
                        self.cut(end, end, Mode::Statement);
                        break;
                    }
                },
            };
        }
        self.cut(
            self.lexer.bytes.len(),
            self.lexer.bytes.len(),
            Mode::Statement,
        );
    }

    /// Ends the part that is growing at `end`, and begins the next at `start`.
    fn cut(&mut self, end: usize, start: usize, mode: Mode) {
        let next = Part {
            start,
            end: start,
            mode,
            session: self.lexer.session.clone(),
        };
        let mut part = std::mem::replace(&mut self.part, next);
        part.end = end;
        if part.end > part.start {
            self.parts.push(part);
        }
    }

    fn fault(&mut self, code: Code, at: usize, lost: String) {
        if self.faults.len() < FAULTS {
            self.faults.push(Fault::at(code, at as u64, lost));
        }
    }

    fn note_database(&mut self) {
        if let Some(database) = &self.lexer.session.database
            && self.databases.len() < 2
            && !self.databases.contains(database)
        {
            self.databases.insert(Arc::clone(database));
        }
    }

    /// Passes one tuple and what stands behind it. An error says up to where the records are good.
    fn tuple(
        &mut self,
        start: usize,
        target: &Arc<Target>,
        values: &mut Vec<value::Value>,
    ) -> Result<Step, (usize, Stop)> {
        let n_values = self
            .lexer
            .tuple(self.limits.columns, values)
            .map_err(|stop| (start, stop))?;
        let end = self.lexer.at;
        if n_values > self.limits.columns {
            self.fault(
                Code::TooManyColumns,
                start,
                format!("{} columns", n_values - self.limits.columns),
            );
        }
        let is_long = end - start > self.limits.record_bytes;
        if is_long {
            self.fault(Code::RecordTooLong, start, format!("{} bytes", end - start));
        }
        let step = self
            .lexer
            .after_tuple(target, &mut self.header)
            .map_err(|stop| (if is_long { start } else { end }, stop))?;
        if is_long {
            let mode = match &step {
                Step::Tuples(target) => Mode::Tuples(Arc::clone(target)),
                _ => Mode::Statement,
            };
            self.cut(start, self.lexer.at, mode);
        }
        let ends_in_delimiter = matches!(target.dialect, Dialect::MySql | Dialect::Postgres);
        if matches!(step, Step::End) && ends_in_delimiter {
            self.fault(Code::Truncated, end, "the rest of the dump".to_owned());
        }
        Ok(step)
    }

    /// Passes the lines of a `COPY` up to its `\.`, cutting parts at line ends.
    fn copy(&mut self, target: &Arc<Target>) {
        let data = self.lexer.at;
        let bytes = self.lexer.bytes;
        let end = copy_end(bytes, data);
        loop {
            let wanted = data.max(self.part.start.saturating_add(self.limits.part_bytes));
            if wanted >= end {
                break;
            }
            // `data` begins a line, so that a newline stands right before it.
            let Some(newline) = memchr(b'\n', &bytes[wanted - 1..end]) else {
                break;
            };
            let line = wanted + newline;
            if line >= end {
                break;
            }
            self.cut(line, line, Mode::Copy(Arc::clone(target)));
        }
        self.lexer.at = end;
        if end == bytes.len() {
            let last = memchr::memrchr(b'\n', &bytes[data..]).map_or(data, |n| data + n + 1);
            self.fault(Code::Truncated, last, "the rest of the dump".to_owned());
        } else {
            self.lexer.skip_line();
        }
    }

    /// Passes the assignments of an `INSERT … SET`, and what stands behind them.
    fn assignments(
        &mut self,
        start: usize,
        target: &Arc<Target>,
        values: &mut Vec<value::Value>,
    ) -> Result<Step, (usize, Stop)> {
        let step = self
            .lexer
            .assignments(target, self.limits.columns, values)
            .and_then(|target| self.lexer.after_tuple(&target, &mut self.header))
            .map_err(|stop| (start, stop))?;
        let len = self.lexer.at - start;
        if len > self.limits.record_bytes {
            self.fault(Code::RecordTooLong, start, format!("{len} bytes"));
            self.cut(start, self.lexer.at, Mode::Statement);
        }
        Ok(step)
    }

    /// Passes `COPY` data in another form: a part of its own.
    fn other_copy(&mut self, start: usize, target: Arc<Target>, other: Other) {
        let data = self.lexer.at;
        let end = copy_end(self.lexer.bytes, data);
        match other {
            Other::Delimited { header } => {
                self.cut(start, data, Mode::Delimited(target, header));
                self.cut(end, end, Mode::Statement);
            }
            Other::Binary => self.fault(
                Code::Unsupported,
                start,
                format!("{} bytes of COPY data", end - data),
            ),
        }
        self.lexer.at = end;
        self.lexer.skip_line();
        let done = if other == Other::Binary { start } else { end };
        self.cut(done, self.lexer.at, Mode::Statement);
    }

    /// Says a fault, and finds where to go on after it.
    fn resume(&mut self, good_end: usize, stop: Stop) -> Option<usize> {
        let len = self.lexer.bytes.len();
        self.n_resumes += 1;
        let seen = match stop {
            Stop::Truncated => len,
            Stop::Malformed(at) => at,
        };
        // A quote that is missing shows late: look for the next statement from where the good records end. What that costs
        // is bounded, so that no file makes it slow.
        self.n_reread += seen - good_end;
        let may_reread = self.n_reread <= len.saturating_mul(4).saturating_add(1 << 20);
        let from = if may_reread { good_end + 1 } else { seen };
        let next = if self.n_resumes > RESUMES {
            None
        } else {
            next_statement(&self.lexer, from.min(len), matches!(stop, Stop::Truncated))
        };
        match (stop, next) {
            (Stop::Truncated, None) => self.fault(
                Code::Truncated,
                good_end,
                format!("{} bytes", len - good_end),
            ),
            (_, None) => self.fault(
                Code::Malformed,
                seen.min(len),
                format!("{} bytes", len - good_end),
            ),
            (stop, Some(next)) => {
                let at = if stop == Stop::Truncated {
                    good_end
                } else {
                    seen
                };
                self.fault(Code::Malformed, at, format!("{} bytes", next - good_end));
            }
        }
        next
    }
}

/// Where the data of a `COPY` end: the start of the line `\.`, or the end of the file.
fn copy_end(bytes: &[u8], data: usize) -> usize {
    let mut at = data.saturating_sub(1);
    let finder = memmem::Finder::new(b"\n\\.");
    while let Some(found) = finder.find(&bytes[at..]) {
        at += found + 1;
        if matches!(bytes.get(at + 2), None | Some(b'\r' | b'\n')) {
            return at;
        }
    }
    bytes.len()
}

/// The next place from `from` on where a statement begins: behind `;` at the end of a line, or a line that begins with a verb.
/// When a string ran to the end of the file, only a line that certainly begins a statement counts.
fn next_statement(lexer: &Lexer<'_>, from: usize, only_certain: bool) -> Option<usize> {
    let bytes = lexer.bytes;
    let mut at = from;
    while let Some(found) = memchr2(b';', b'\n', &bytes[at..]) {
        let byte = bytes[at + found];
        at += found + 1;
        let line = &bytes[at..];
        if byte == b'\n' {
            let word_len = line
                .iter()
                .take(12)
                .take_while(|b| b.is_ascii_alphabetic())
                .count();
            let (word, rest) = line.split_at(word_len);
            let is_certain = [&b"INSERT"[..], b"CREATE", b"COPY", b"DROP"]
                .iter()
                .any(|w| word.eq_ignore_ascii_case(w));
            if rest.starts_with(b" ") && (is_certain || (!only_certain && is_verb(word))) {
                return Some(at);
            }
        } else if !only_certain {
            let blank = line
                .iter()
                .take(64)
                .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
                .count();
            if line.get(blank) == Some(&b'\n') {
                return Some(at);
            }
        }
    }
    None
}
