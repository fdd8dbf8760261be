//! Redis: snapshots (RDB) and the append-only file (AOF).
//!
//! In: a snapshot, or the commands as clients send them (RESP), or a snapshot with commands behind it. Out: a record per
//! key. Keys have no columns and no tables, but patterns: `user:1` and `user:2` are records of `user:*`, whose columns are
//! the fields of their hashes or the members of their JSON.
//!
//! Values of modules are walked over by the reader of snapshots; how many keys they are is said. So are streams, which are read
//! here.

mod stream;

use std::cell::Cell as Counter;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::memchr;
use rdb::{RdbDecoder, RdbValue};

use self::stream::Stream;

use crate::format::json::{Written, bytes as text_of, string};
use crate::format::{Context, Format, Head, Item, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};

/// Snapshots and append-only files.
pub(crate) const FORMAT: Format = Format {
    name: "redis",
    title: "Redis snapshots and append-only files (RDB, AOF)",
    extensions: &["rdb", "aof"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Patterns that get a table each; further keys share one.
const TABLES: usize = 1_000;
/// Text held for all tables together.
const HELD_BYTES: usize = 32 << 20;
/// Arguments of a command; longer ones are no commands.
const ARGUMENTS: usize = 1 << 20;

fn sniff(head: &Head<'_>) -> u8 {
    match head.bytes {
        [b'R', b'E', b'D', b'I', b'S', rest @ ..] if digits(rest, 4) => 98,
        [b'V', b'A', b'L', b'K', b'E', b'Y', rest @ ..] if digits(rest, 3) => 98,
        bytes
            if command(bytes, 0)
                .is_some_and(|(words, _)| words[0].is_ascii() && words[0].len() < 32) =>
        {
            90
        }
        _ => 0,
    }
}

fn digits(bytes: &[u8], n: usize) -> bool {
    bytes.len() >= n && bytes[..n].iter().all(u8::is_ascii_digit)
}

struct Store<'a> {
    bytes: &'a [u8],
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Store {
        bytes,
        limits: context.limits.clone(),
    }))
}

impl Reader for Store<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut tables = Tables {
            limits: &self.limits,
            database: 0,
            tables: BTreeMap::new(),
            held: 0,
            sink,
        };
        let result = if self.bytes.starts_with(b"*") {
            commands(self.bytes, 0, &mut tables)
        } else {
            snapshot(self.bytes, &mut tables)
        };
        match result {
            Ok(ControlFlow::Break(())) => Ok(()),
            Ok(ControlFlow::Continue(())) => {
                let _ = tables.flush();
                Ok(())
            }
            Err(fault) => {
                let _ = tables.flush();
                Err(fault)
            }
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }
}

/// Where a reader is.
struct Counted<'a, 'n> {
    rest: &'a [u8],
    at: &'n Counter<usize>,
}

impl Read for Counted<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.rest.read(buffer)?;
        self.at.set(self.at.get() + n);
        Ok(n)
    }
}

/// Reads a snapshot, and the commands behind it.
fn snapshot(bytes: &[u8], tables: &mut Tables<'_, '_, '_>) -> Result<ControlFlow<()>, Fault> {
    let at = Counter::new(0);
    let lost = |code, at: usize| Fault::at(code, at as u64, format!("{} bytes", bytes.len() - at));
    // Valkey writes Redis's format under its own name since version 9 (release notes of Valkey 9.0).
    let (magic, skip): (&[u8], _) = if bytes.starts_with(b"VALKEY") {
        (b"REDIS0011", 9)
    } else {
        (b"", 0)
    };
    at.set(skip);
    let body = Counted {
        rest: &bytes[skip.min(bytes.len())..],
        at: &at,
    };
    let decoder = RdbDecoder::new(magic.chain(body), rdb::filter::Simple::new());
    let decoder = decoder.map_err(|_| lost(Code::Unsupported, 0))?;
    let (mut declared, mut given) = (0_u64, 0_u64);
    let mut decoder = decoder;
    loop {
        let mut start = at.get();
        while let Some(found) = stream::at(bytes, start) {
            given += 1;
            if tables.stream(bytes, start, &found).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            start = found.end;
        }
        let Some(found) = decoder.next() else { break };
        let found = found.map_err(|error| match error {
            rdb::RdbError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                lost(Code::Truncated, start)
            }
            _ => lost(Code::Malformed, start),
        })?;
        match &found {
            RdbValue::SelectDb(number) => tables.database = u64::from(*number),
            RdbValue::ResizeDb { db_size, .. } => declared += u64::from(*db_size),
            RdbValue::AuxField { .. } | RdbValue::Checksum(_) => {}
            _ => given += 1,
        }
        if tables.take(start, found).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    if declared > given {
        let lost = format!("{} keys: values of modules", declared - given);
        if tables
            .fault(Fault::at(Code::Unsupported, at.get() as u64, lost))
            .is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    commands(bytes, at.get(), tables)
}

/// Reads commands up to the end.
fn commands(
    bytes: &[u8],
    from: usize,
    tables: &mut Tables<'_, '_, '_>,
) -> Result<ControlFlow<()>, Fault> {
    let mut at = from;
    while at < bytes.len() {
        // Annotations of time stand between commands (`#TS:…`, Redis 7).
        if bytes[at] == b'#' {
            at = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
            continue;
        }
        let Some((words, end)) = command(bytes, at) else {
            let code = if bytes[at] == b'*' {
                Code::Truncated
            } else {
                Code::Malformed
            };
            return Err(Fault::at(
                code,
                at as u64,
                format!("{} bytes", bytes.len() - at),
            ));
        };
        if tables.command(at, &words).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        at = end;
    }
    Ok(ControlFlow::Continue(()))
}

/// The words of a command `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`, and where it ends.
fn command(bytes: &[u8], at: usize) -> Option<(Vec<&[u8]>, usize)> {
    let number = |at: usize, mark: u8| {
        let rest = bytes.get(at..)?.strip_prefix(&[mark])?;
        let end = memchr(b'\r', &rest[..rest.len().min(12)])?;
        let number: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        (rest.get(end + 1) == Some(&b'\n')).then_some((number, at + 1 + end + 2))
    };
    let (n_words, mut at) = number(at, b'*')?;
    if n_words == 0 || n_words > ARGUMENTS {
        return None;
    }
    let mut words = Vec::new();
    for _ in 0..n_words {
        let (len, start) = number(at, b'$')?;
        let end = start.checked_add(len)?;
        words.push(bytes.get(start..end)?);
        at = end + 2;
        if bytes.get(end..at) != Some(b"\r\n") {
            return None;
        }
    }
    Some((words, at))
}

/// The tables of a store, one for each pattern of keys.
struct Tables<'t, 'g, 's> {
    limits: &'t Limits,
    database: u64,
    tables: BTreeMap<String, Written<'t>>,
    held: usize,
    sink: &'g mut Sink<'s>,
}

impl Tables<'_, '_, '_> {
    fn take(&mut self, at: usize, found: RdbValue) -> ControlFlow<()> {
        match found {
            RdbValue::String { key, value, .. } => self.text(at, &key, &value),
            RdbValue::Hash { key, values, .. } => {
                let fields: Vec<_> = values
                    .iter()
                    .map(|(name, value)| (&name[..], &value[..]))
                    .collect();
                self.fields(at, &key, &fields)
            }
            RdbValue::List { key, values, .. } => {
                self.list(at, &key, &mut values.iter().map(|v| &v[..]))
            }
            RdbValue::Set { key, members, .. } => {
                let mut members: Vec<&[u8]> = members.iter().map(|member| &member[..]).collect();
                members.sort_unstable();
                self.list(at, &key, &mut members.into_iter())
            }
            RdbValue::SortedSet { key, values, .. } => {
                self.list(at, &key, &mut values.iter().map(|(_, member)| &member[..]))
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// Takes the entries of a stream, a record each.
    fn stream(&mut self, bytes: &[u8], at: usize, stream: &Stream) -> ControlFlow<()> {
        let whole = stream.entries(bytes, &mut |fields| self.fields(at, &stream.key, fields))?;
        if whole {
            return ControlFlow::Continue(());
        }
        let lost = "entries of a stream";
        self.fault(Fault::at(Code::Malformed, at as u64, lost))
    }

    /// Takes a command that writes.
    fn command(&mut self, at: usize, words: &[&[u8]]) -> ControlFlow<()> {
        let verb = words[0].to_ascii_uppercase();
        match (&verb[..], &words[1..]) {
            (b"SELECT", [number, ..]) => {
                let number = std::str::from_utf8(number).unwrap_or_default();
                self.database = number.parse().unwrap_or(self.database);
            }
            (b"SET" | b"SETNX" | b"GETSET" | b"APPEND", [key, value, ..])
            | (b"SETEX" | b"PSETEX" | b"SETRANGE", [key, _, value]) => {
                return self.text(at, key, value);
            }
            (b"MSET" | b"MSETNX", pairs) => {
                for pair in pairs.chunks_exact(2) {
                    self.text(at, pair[0], pair[1])?;
                }
            }
            (b"HSET" | b"HMSET" | b"HSETNX", [key, pairs @ ..]) => {
                let pairs: Vec<_> = pairs
                    .chunks_exact(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect();
                return self.fields(at, key, &pairs);
            }
            (b"RPUSH" | b"LPUSH" | b"SADD" | b"PFADD" | b"PUBLISH", [key, values @ ..]) => {
                return self.list(at, key, &mut values.iter().copied());
            }
            (b"ZADD", [key, pairs @ ..]) => return self.list(at, key, &mut pairs.iter().copied()),
            (b"XADD", [key, _, pairs @ ..]) => {
                let pairs: Vec<_> = pairs
                    .chunks_exact(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect();
                return self.fields(at, key, &pairs);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    /// A value: the members of JSON are the record's, other text is one of its own.
    fn text(&mut self, at: usize, key: &[u8], value: &[u8]) -> ControlFlow<()> {
        self.record(at, key, &mut |out| {
            let whole = serde_json::from_slice::<serde::de::IgnoredAny>(value).is_ok();
            if matches!(value.first(), Some(b'{' | b'[')) && whole {
                // Under one name, so that a member called like the key's column cannot be taken for it.
                out.extend_from_slice(b"\"value\":");
                out.extend_from_slice(value);
            } else {
                member(b"value", value, out);
            }
        })
    }

    fn fields(&mut self, at: usize, key: &[u8], fields: &[(&[u8], &[u8])]) -> ControlFlow<()> {
        self.record(at, key, &mut |out| {
            for (n, (name, value)) in fields.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                member(name, value, out);
            }
        })
    }

    /// Elements of a list or a set: a record each.
    fn list(
        &mut self,
        at: usize,
        key: &[u8],
        values: &mut dyn Iterator<Item = &[u8]>,
    ) -> ControlFlow<()> {
        for value in values {
            self.text(at, key, value)?;
        }
        ControlFlow::Continue(())
    }

    fn record(
        &mut self,
        at: usize,
        key: &[u8],
        write: &mut dyn FnMut(&mut Vec<u8>),
    ) -> ControlFlow<()> {
        let mut name = pattern(key);
        if self.database > 0 {
            name = format!("{}:{name}", self.database);
        }
        if self.tables.len() >= TABLES && !self.tables.contains_key(&name) {
            name = "*".to_owned();
        }
        let limits = self.limits;
        let rows = self
            .tables
            .entry(name)
            .or_insert_with_key(|name| Written::new(name, limits));
        let out = rows.out();
        let before = out.len();
        out.push(b'{');
        member(b"(key)", key, out);
        let keyed = out.len();
        out.push(b',');
        write(out);
        if out.len() == keyed + 1 {
            out.truncate(keyed);
        }
        out.push(b'}');
        self.held += out.len() - before;
        rows.end(at as u64, self.sink)?;
        if self.held > HELD_BYTES {
            self.flush()?;
        }
        ControlFlow::Continue(())
    }

    fn flush(&mut self) -> ControlFlow<()> {
        self.held = 0;
        for rows in self.tables.values_mut() {
            rows.flush(self.sink)?;
        }
        ControlFlow::Continue(())
    }

    fn fault(&mut self, fault: Fault) -> ControlFlow<()> {
        self.flush()?;
        (self.sink)(Item::Fault(fault))
    }
}

fn member(name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    string(&String::from_utf8_lossy(name), out);
    out.push(b':');
    text_of(value, out);
}

/// A key without what tells it from its like: `session:taro:7f3a` is one of `session:*:*`. Only short words without digits
/// that do not stand last are kept.
fn pattern(key: &[u8]) -> String {
    let key = String::from_utf8_lossy(key);
    let ends: Vec<usize> = key
        .match_indices([':', '.', '/', '|', '-', '_'])
        .map(|(at, _)| at)
        .chain([key.len()])
        .take(16)
        .collect();
    let (mut out, mut start) = (String::new(), 0);
    for (n, &end) in ends.iter().enumerate() {
        let word = &key[start..end];
        let is_word = word.len() <= 24
            && !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        out.push_str(if is_word && (n + 1 < ends.len() || n == 0) {
            word
        } else {
            "*"
        });
        out.push_str(key.get(end..end + 1).unwrap_or_default());
        start = (end + 1).min(key.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_kind_are_one_table() {
        let check =
            |key: &str, expected: &str| assert_eq!(pattern(key.as_bytes()), expected, "{key}");
        check("user:1", "user:*");
        check("user:taro@example.com", "user:*.*");
        check("session:7f3a9b", "session:*");
        check("user:1:profile", "user:*:*");
        check("settings", "settings");
        check("0123456789abcdef", "*");
        check("", "*");
    }

    #[test]
    fn commands_are_split() {
        let text = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nb\n\r\n*1";
        let (words, end) = command(text, 0).expect("it is one");
        assert_eq!(words, [&b"SET"[..], b"a", b"b\n"]);
        assert_eq!(command(text, end), None);
        for len in 0..text.len() - 2 {
            assert_eq!(command(&text[..len], 0), None);
        }
        assert_eq!(command(b"*2\r\n$99999999999\r\n", 0), None);
    }
}
