//! Hashes of Redis as `redis-cli` prints them: `1) "name"`, `2) "…"`.
//!
//! In: replies of numbered lines, a name and its value in turn. Out: a record for each reply; other lines are running text. Lists and sets are written alike: a text is
//! read so only where the same names stand in the odd lines of most replies. Source: redis.io, "Redis CLI" (read 2026-11).

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::json::{Written, string};
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// Sessions of `redis-cli`.
pub(crate) const FORMAT: Format = Format {
    name: "redis-cli",
    title: "Hashes of Redis as redis-cli prints them",
    extensions: &["txt", "log", "out"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Replies, at least, by which they are told.
const FEWEST: usize = 3;
/// Lines that are looked at.
const LINES: usize = 400;
/// Names and values of one reply; what comes behind them is running text.
const MOST: usize = 1 << 13;

/// The number and the text of a line of a reply.
fn line(raw: &str) -> Option<(usize, &str)> {
    let (number, text) = raw.trim().split_once(") ")?;
    let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((number.parse().ok()?, text))
}

fn sniff(head: &Head<'_>) -> u8 {
    if memchr::memmem::find(head.bytes, b"1) \"").is_none() {
        return 0;
    }
    let text = head.encoding.decode(head.bytes).0;
    let (mut replies, mut names) = (0, HashMap::<&str, usize>::new());
    for (number, text) in text.lines().take(LINES).filter_map(line) {
        replies += usize::from(number == 1);
        if number % 2 == 1 {
            *names.entry(text).or_default() += 1;
        }
    }
    let again = names.values().filter(|n| **n * 2 > replies).count();
    let is_told = replies >= FEWEST && again >= 1 && again * 2 >= names.len();
    if is_told { 84 } else { 0 }
}

struct Session<'a> {
    bytes: &'a [u8],
    name: String,
    encoding: Encoding,
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Session {
        bytes,
        name: context.stem.clone(),
        encoding: context.encoding,
        limits: context.limits.clone(),
    }))
}

impl Reader for Session<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = Written::new(&self.name, &self.limits);
        let mut others = Prose::new(format!("{} (lines)", self.name), &self.limits);
        let mut open: Vec<String> = Vec::new();
        let (mut at, mut begin) = (0, 0);
        for raw in self.bytes.split_inclusive(|&byte| byte == b'\n') {
            let start = at;
            at += raw.len();
            let text = self.encoding.decode(raw).0;
            let told = line(&text);
            let ends = told.is_none_or(|(number, _)| number != open.len() + 1);
            if ends && put(&mut open, begin, &mut rows, sink).is_break() {
                return Ok(());
            }
            match told {
                Some((number, text)) if number == open.len() + 1 && number <= MOST => {
                    begin = if number == 1 { start as u64 } else { begin };
                    open.push(unescaped(text));
                }
                _ => {
                    if others.line(&text, sink).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        if put(&mut open, begin, &mut rows, sink).is_continue() && rows.flush(sink).is_continue() {
            let _ = others.flush(sink);
        }
        Ok(())
    }
}

/// Writes a reply as a record.
fn put(
    open: &mut Vec<String>,
    at: u64,
    rows: &mut Written<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if open.is_empty() {
        return ControlFlow::Continue(());
    }
    let out = rows.out();
    for (nth, pair) in open.chunks(2).enumerate() {
        out.push(if nth == 0 { b'{' } else { b',' });
        string(&pair[0], out);
        out.push(b':');
        string(pair.get(1).map_or("", String::as_str), out);
    }
    out.push(b'}');
    open.clear();
    rows.end(at, sink)
}

/// A text without its escapes: `\"`, `\n`, `\xe3`.
fn unescaped(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while at < bytes.len() {
        let code = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let (byte, n) = match bytes[at..] {
            [b'\\', b'x', a, b, ..] => match code(&[a, b]) {
                Some(byte) => (byte, 4),
                None => (b'\\', 1),
            },
            [b'\\', b'n', ..] => (b'\n', 2),
            [b'\\', b'r', ..] => (b'\r', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', other, ..] => (other, 2),
            [byte, ..] => (byte, 1),
            [] => break,
        };
        out.push(byte);
        at += n;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[test]
    fn hashes_are_records_and_lists_are_none() {
        let hash = |n: usize| {
            format!(
                "127.0.0.1:6379> HGETALL user:{n}\n 1) \"name\"\n 2) \"Zo\\xc3\\xab \\\"{n}\\\"\"\n 3) \"mail\"\n 4) \"u{n}@example.com\"\n"
            )
        };
        let text: String = (0..5).map(hash).collect();
        let shown = show(&FORMAT, text.as_bytes(), &context());
        assert!(
            shown.contains(&"t: name=Zoë \\\"3\\\", mail=u3@example.com".to_owned()),
            "{shown:?}"
        );
        let sure = |text: &str| {
            sniff(&Head {
                bytes: text.as_bytes(),
                len: text.len() as u64,
                encoding: Encoding::Utf8,
                extension: "",
            })
        };
        assert_eq!(sure(&text), 84);
        let list = |n: usize| {
            format!("> SMEMBERS s{n}\n1) \"a{n}@example.com\"\n2) \"b{n}@example.com\"\n")
        };
        assert_eq!(sure(&(0..5).map(list).collect::<String>()), 0);
    }
}
