//! JSON: one document, or a document on every line.
//!
//! In: bytes in an ASCII-compatible encoding. Out: records whose cells are ranges of the source's bytes; nested members
//! become columns such as `address.city` and `orders[].name`. In JSON Lines every line is a record of one table, and a bad
//! line costs itself only. In a document every array that is reached through objects is a table named by its path, its
//! elements are the records, and what else stands above is one record. Rows that are lists have a column for each place, named by their first row or by
//! a list beside them. An element or a line with a long array inside is
//! read as such a document too. A document of columns is read row by row. Nothing is kept but the current batch; a document is surveyed for places where parts may begin.
//!
//! Steps that only tell a type are no columns: MongoDB's (`{"$oid": …}`) and, in files that have them, DynamoDB's
//! (`{"S": …}`). In phpMyAdmin's export every element that is a table is one here. Records that name their table, as those of Django's
//! fixtures do, are records of that table.

mod columns;
mod document;
mod heads;
mod kinds;
mod parts;
mod shape;
mod token;
mod written;

use std::ops::ControlFlow;

use self::columns::Columns;
use self::document::{Task, Walk};
use self::kinds::Tables;
use self::parts::Document;
use self::shape::{ROOT, Rows};
use self::token::{Stop, Tokens};
#[cfg(feature = "columnar")]
pub(super) use self::written::date;
pub(super) use self::written::{Written, bytes, instant, string};
#[cfg(any(feature = "columnar", feature = "databases"))]
pub(super) use self::written::{bare, float};
use super::{Context, Format, Head, Item, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::Encoding;

pub(crate) const DOCUMENT: Format = Format {
    name: "json",
    title: "JSON documents",
    extensions: &["json"],
    raw: false,
    tabular: true,
    sniff: |head| {
        if kind(head) == Some(Kind::Document) {
            80
        } else {
            0
        }
    },
    open: open_document,
};

pub(crate) const LINES: Format = Format {
    name: "jsonl",
    title: "JSON Lines, Elasticsearch _bulk",
    extensions: &["jsonl", "ndjson", "json"],
    raw: false,
    tabular: true,
    sniff: |head| {
        if kind(head) == Some(Kind::Lines) {
            80
        } else {
            0
        }
    },
    open: open_lines,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Document,
    Lines,
}

/// What kind of JSON the first bytes are, if any.
fn kind(head: &Head<'_>) -> Option<Kind> {
    let start = text_start(head.bytes);
    let limits = Limits::default();
    let mut rows = Rows::new(head.bytes, head.encoding, &limits, "");
    let mut tokens = Tokens::new(head.bytes, start, head.encoding == Encoding::ShiftJis);
    let named_lines = matches!(head.extension, "jsonl" | "ndjson");
    if !matches!(tokens.peek().ok()?, b'{' | b'[') {
        return None;
    }
    let from = tokens.at;
    let result = tokens.value(ROOT, Some(&mut rows));
    let one_line =
        memchr::memchr(b'\n', &head.bytes[from..tokens.at.min(head.bytes.len())]).is_none();
    match result {
        // A word in brackets or braces is no JSON; a truncated document has at least a value or a key.
        Err(Stop::Bad(_)) => {
            (named_lines || one_line && later_lines(head.bytes, from)).then_some(Kind::Lines)
        }
        Err(Stop::End) if one_line && named_lines => Some(Kind::Lines),
        Err(Stop::End) => (tokens.at > from + 1).then_some(Kind::Document),
        Ok(()) => match tokens.peek() {
            Err(_) => Some(if named_lines {
                Kind::Lines
            } else {
                Kind::Document
            }),
            Ok(b'{' | b'[') => Some(if one_line {
                Kind::Lines
            } else {
                Kind::Document
            }),
            Ok(_) => (head.bytes[from] == b'{').then_some(Kind::Lines),
        },
    }
}

/// Whether of the lines after the first two are whole objects: then only the first is bad.
fn later_lines(bytes: &[u8], from: usize) -> bool {
    let whole =
        |line: &[u8]| line.trim_ascii().starts_with(b"{\"") && line.trim_ascii().ends_with(b"}");
    bytes[from..]
        .split(|b| *b == b'\n')
        .skip(1)
        .take(2)
        .filter(|line| whole(line))
        .count()
        == 2
}

/// Where JSON begins: after a byte order mark and the request line of a saved `_bulk` call.
fn text_start(bytes: &[u8]) -> usize {
    let start = if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let head = &bytes[start..bytes.len().min(start + 200)];
    let request = head.starts_with(b"POST ") || head.starts_with(b"PUT ");
    match memchr::memchr(b'\n', head) {
        Some(end) if request => start + end + 1,
        _ => start,
    }
}

/// JSON text and how to read it.
struct Json<'a> {
    bytes: &'a [u8],
    start: usize,
    stem: String,
    encoding: Encoding,
    limits: Limits,
    writer: Writer,
    /// As [`Context::header`].
    header: fn(&[String], &[Vec<String>]) -> bool,
}

/// A program whose JSON has a shape of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Any,
    /// Values stand under their types.
    Dynamo,
    /// The elements of the document are tables and other things.
    PhpMyAdmin,
    /// The people of a workspace, whom the messages beside it name by their numbers.
    Slack,
}

struct Lines<'a>(Json<'a>);

fn json<'a>(bytes: &'a Bytes, context: &Context) -> Json<'a> {
    let start = text_start(bytes);
    Json {
        bytes,
        start,
        stem: context.stem.clone(),
        encoding: context.encoding,
        limits: context.limits.clone(),
        writer: writer(&bytes[start..bytes.len().min(start + WRITER_BYTES)]),
        header: context.header,
    }
}

/// Bytes by which the writer is told.
const WRITER_BYTES: usize = 64 << 10;

/// Which program wrote it, as far as that matters.
fn writer(head: &[u8]) -> Writer {
    let plugin = &head[..head.len().min(1_000)];
    if memchr::memmem::find(plugin, b"\"header\"").is_some()
        && memchr::memmem::find(plugin, b"plugin for PHPMyAdmin").is_some()
    {
        return Writer::PhpMyAdmin;
    }
    // `{"S":"…"}`: one type and a string as the only member of an object, again and again.
    let typed = memchr::memmem::find_iter(head, b"\"S\"").filter(|&at| {
        let before = head[..at].trim_ascii_end();
        let after = head[at + 3..].trim_ascii_start().strip_prefix(b":");
        before.ends_with(b"{")
            && after.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
    });
    match typed.take(3).count() {
        3 => Writer::Dynamo,
        _ if is_slack(head) => Writer::Slack,
        _ => Writer::Any,
    }
}

/// Whether it is `users.json` of a Slack export: people with a team and a profile, whose numbers begin with `U` or `W` (Slack help,
/// "How to read Slack data exports", read 2026-11).
fn is_slack(head: &[u8]) -> bool {
    let has = |name: &[u8]| memchr::memmem::find(head, name);
    let value = has(b"\"id\"").map(|at| head[at + 4..].trim_ascii_start());
    let value = value.and_then(|rest| rest.strip_prefix(b":"));
    let value = value.and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\""));
    let is_number = value.is_some_and(|value| {
        let len = value
            .iter()
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        matches!(value.first(), Some(b'U' | b'W')) && (9..=12).contains(&len.count())
    });
    is_number && has(b"\"team_id\"").is_some() && has(b"\"profile\"").is_some()
}

fn open_document<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let json = json(bytes, context);
    Ok(match columns::survey(&json) {
        Some(found) => Box::new(Columns::new(json, found)),
        None => Box::new(Document::new(json)),
    })
}

fn open_lines<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Lines(json(bytes, context))))
}

impl Json<'_> {
    fn rows(&self, name: &str) -> Rows<'_> {
        Rows::new(self.bytes, self.encoding, &self.limits, name).with(self.writer, true)
    }

    /// Rows of a table so deep that its records are not looked into further.
    fn flat_rows(&self, name: &str) -> Rows<'_> {
        Rows::new(self.bytes, self.encoding, &self.limits, name).with(self.writer, false)
    }

    fn tokens<'b>(&self, bytes: &'b [u8], at: usize) -> Tokens<'b> {
        Tokens::new(bytes, at, self.encoding == Encoding::ShiftJis)
    }
}

impl Reader for Lines<'_> {
    fn parts(&self) -> usize {
        (self.0.bytes.len() - self.0.start).div_ceil(self.0.limits.part_bytes.max(1))
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let json = &self.0;
        let size = json.limits.part_bytes.max(1);
        let (from, to) = (
            json.start + part * size,
            (json.start + (part + 1) * size).min(json.bytes.len()),
        );
        // A line belongs to the part that it begins in.
        let before = if part == 0 {
            Some(0)
        } else {
            memchr::memchr(b'\n', &json.bytes[from - 1..to - 1])
        };
        let Some(before) = before else { return Ok(()) };
        let mut records = Tables::new(json, &json.stem, false);
        let mut actions = Tables::new(json, "_bulk", false);
        let mut at = from + before;
        while at < to {
            let end = memchr::memchr(b'\n', &json.bytes[at..])
                .map_or(json.bytes.len(), |found| at + found);
            let tables = if is_action(&json.bytes[at..end]) {
                &mut actions
            } else {
                &mut records
            };
            if json.line(at, end, tables, sink).is_break() {
                return Ok(());
            }
            at = end + 1;
        }
        if records.finish(sink).is_continue() {
            let _ = actions.finish(sink);
        }
        Ok(())
    }
}

/// Whether a line of a `_bulk` file says what to do with the next one (Elasticsearch reference, Bulk API).
fn is_action(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    [
        &b"{\"index\""[..],
        b"{\"create\"",
        b"{\"update\"",
        b"{\"delete\"",
    ]
    .iter()
    .any(|action| {
        line.strip_prefix(*action)
            .and_then(|rest| rest.trim_ascii_start().strip_prefix(b":"))
            .is_some_and(|rest| {
                rest.trim_ascii_start().starts_with(b"{") && rest.trim_ascii_end().ends_with(b"}}")
            })
    })
}

impl Json<'_> {
    /// Reads one line. What stands before a mistake counts.
    fn line(
        &self,
        at: usize,
        end: usize,
        tables: &mut Tables<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let mut tokens = self.tokens(&self.bytes[..end], at);
        if tokens.peek().is_err() {
            return ControlFlow::Continue(());
        }
        let from = tokens.at;
        tables.begin(from, &tokens);
        let mut result = tokens.value(ROOT, Some(tables.rows()));
        if tables.forget_long(sink)? {
            tokens.at = from;
            let rows = tables.rows();
            let mut above = self.flat_rows(rows.name()).of_form(rows.form());
            let mut walk = Walk::new(self, sink, Task::Whole);
            result = walk.document(&mut tokens, Some(&mut above), "", None);
            let broken = walk.broken;
            if broken || above.finish(sink).is_break() {
                return ControlFlow::Break(());
            }
        }
        if result.is_ok() && tokens.peek().is_ok() {
            result = Err(Stop::Bad(tokens.at));
        }
        tables.end(end, sink)?;
        match result {
            Ok(()) => say_deep(&tokens, sink),
            Err(Stop::End) => sink(Item::Fault(Fault::at(
                Code::Truncated,
                end as u64,
                "the rest of the line",
            ))),
            Err(Stop::Bad(bad)) => sink(Item::Fault(Fault::at(
                Code::Malformed,
                bad as u64,
                "the rest of the line",
            ))),
        }
    }
}

/// Says that values were nested too deep to be read.
fn say_deep(tokens: &Tokens<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match tokens.deep {
        Some(at) => sink(Item::Fault(Fault::at(
            Code::TooDeep,
            at as u64,
            "the values nested deeper",
        ))),
        None => ControlFlow::Continue(()),
    }
}

#[cfg(test)]
mod tests;
