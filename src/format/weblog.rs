//! Logs of web servers: the common and the combined form of NCSA (Apache, nginx), and W3C's extended form (IIS).
//!
//! In: text. Out: a record per request: who asked, under which name, for what; its query strings are decoded. Lines that are no
//! request are running text. Sources: Apache HTTP Server 2.4, "Log Files"; nginx, "ngx_http_log_module"; W3C working draft
//! WD-logfile-960323 (all read 2026-11). Logs of JSON lines are JSON.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use memchr::memchr;

use super::gather::Gather;
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::{Encoding, decoded_queries};

/// Logs of web servers.
pub(crate) const FORMAT: Format = Format {
    name: "weblog",
    title: "Logs of web servers (common, combined, W3C extended)",
    extensions: &["log"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Lines by which a log is told, and the share of them that must be requests.
const SNIFFED: usize = 40;
const REQUESTS: usize = 90;
/// What names the columns of W3C's form.
const FIELDS: &[u8] = b"#Fields:";
/// Lists of columns in one log, and columns of one list.
const LISTS: usize = 10_000;
const COLUMNS: usize = 200;
/// Columns of NCSA's forms; the last holds what a server was told to write besides.
const NCSA: [&str; 11] = [
    "host",
    "client ip",
    "ident",
    "user",
    "time",
    "request",
    "status",
    "bytes",
    "referer",
    "user agent",
    "further",
];

fn sniff(head: &Head<'_>) -> u8 {
    let whole = head.bytes.len() as u64 == head.len;
    let mut lines: Vec<&[u8]> = head.bytes.split_inclusive(|&byte| byte == b'\n').collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    let lines = lines.into_iter().take(SNIFFED).map(<[u8]>::trim_ascii);
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
    let is_told = lines.iter().any(|line| line.starts_with(FIELDS));
    if is_told
        && lines
            .iter()
            .all(|line| line[0] == b'#' || line.contains(&b' '))
    {
        return 95;
    }
    let requests = lines.iter().filter(|line| ncsa(line).is_some()).count();
    if requests > 0 && requests * 100 >= lines.len() * REQUESTS {
        92
    } else {
        0
    }
}

struct Log<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    stem: String,
    /// Where W3C's columns are told, and which.
    lists: Vec<(usize, Table)>,
    ncsa: Table,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let table = |columns: Vec<Option<String>>| Table {
        name: context.stem.clone(),
        columns,
        ..Table::default()
    };
    let mut lists = Vec::new();
    for at in memchr::memmem::find_iter(bytes, FIELDS).take(LISTS) {
        if at > 0 && !matches!(bytes[at - 1], b'\n' | 0xbf) {
            continue;
        }
        let names = &bytes[at + FIELDS.len()..line_end(bytes, at)];
        let names = String::from_utf8_lossy(names).into_owned();
        let names = names.split_ascii_whitespace().take(COLUMNS);
        lists.push((at, table(names.map(|name| Some(name.to_owned())).collect())));
    }
    let ncsa = table(NCSA.map(|name| Some(name.to_owned())).into());
    Ok(Box::new(Log {
        bytes,
        encoding: context.encoding,
        limits: context.limits.clone(),
        stem: context.stem.clone(),
        lists,
        ncsa,
    }))
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1)
}

impl Reader for Log<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.limits.part_bytes.max(1))
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let size = self.limits.part_bytes.max(1);
        let (from, to) = (part * size, (part + 1).saturating_mul(size));
        // A line belongs to the part that it begins in.
        let mut at = match from {
            0 => 0,
            from => memchr(b'\n', &self.bytes[from - 1..]).map_or(self.bytes.len(), |n| from + n),
        };
        let end = to.min(self.bytes.len());
        let mut others = Prose::new(format!("{} (lines)", self.stem), &self.limits);
        while at < end {
            // As far as the columns hold.
            let nth = self.lists.partition_point(|(list, _)| *list <= at);
            let next = self
                .lists
                .get(nth)
                .map_or(end, |(list, _)| (*list).min(end));
            let table = nth
                .checked_sub(1)
                .map_or(&self.ncsa, |nth| &self.lists[nth].1);
            let columns = (nth > 0).then_some(&table.columns[..]);
            let mut rows = Gather::new(table.clone(), &self.limits, sink);
            let mut left = Vec::new();
            while at < next {
                let line = at..line_end(self.bytes, at);
                at = line.end;
                match self.request(columns, &line, &mut rows) {
                    Some(ControlFlow::Break(())) => return Ok(()),
                    Some(ControlFlow::Continue(())) => {}
                    None if self.is_about(&line) => {}
                    None => left.push(line),
                }
            }
            if rows.flush().is_break() {
                return Ok(());
            }
            for line in left {
                let line = self.encoding.decode(&self.bytes[line]).0;
                if others.line(&line, sink).is_break() {
                    return Ok(());
                }
            }
        }
        // Whether the sink wants no more does not matter: the part is over.
        let _ = others.flush(sink);
        Ok(())
    }
}

impl Log<'_> {
    /// Whether a line only tells of the log: its program, its columns, when it began.
    fn is_about(&self, line: &Range<usize>) -> bool {
        let about: [&[u8]; 4] = [b"#Software:", b"#Version:", b"#Date:", FIELDS];
        about
            .iter()
            .any(|word| self.bytes[line.clone()].starts_with(word))
    }

    /// Gives the request in a line, in W3C's form under its columns; `None` where there is none.
    fn request(
        &self,
        columns: Option<&[Option<String>]>,
        line: &Range<usize>,
        rows: &mut Gather<'_, '_>,
    ) -> Option<ControlFlow<()>> {
        let raw = self.bytes[line.clone()].trim_ascii();
        if raw.is_empty() || raw[0] == b'#' {
            return None;
        }
        let mut value = |raw: &[u8], column: Option<&str>| {
            let text = self.encoding.decode(raw).0;
            let told = !matches!(&*text, "" | "-");
            let decoded = memchr(b'%', raw).and_then(|_| decoded_queries(&text));
            let text = decoded.as_deref().unwrap_or(&text);
            let shown = match column {
                // Pairs of names and values, apart, as other forms have them in a line.
                Some("cs-uri-query") => Cow::Owned(format!("? {}", text.replace('&', " & "))),
                // IIS writes blanks so.
                Some("cs(User-Agent)") => Cow::Owned(text.replace('+', " ")),
                _ => Cow::Borrowed(text),
            };
            rows.value(told.then_some(&*shown));
        };
        match columns {
            Some(columns) => {
                let fields = raw.split(|&byte| byte == b' ');
                let names = columns.iter().map(Option::as_deref);
                fields.zip(names).for_each(|(raw, name)| value(raw, name));
            }
            None => ncsa(raw)?.into_iter().for_each(|raw| value(raw, None)),
        }
        Some(rows.end(line.start as u64))
    }
}

/// The fields of a request in NCSA's forms, in the order of [`NCSA`]. Names of hosts may stand before it (`vhost_combined`).
fn ncsa(line: &[u8]) -> Option<[&[u8]; 11]> {
    let open = memchr(b'[', line)?;
    let who: Vec<&[u8]> = line[..open]
        .trim_ascii_end()
        .splitn(5, |&byte| byte == b' ')
        .collect();
    let (host, [client, ident, user]) = match who[..] {
        [client, ident, user] => (&b""[..], [client, ident, user]),
        [host, client, ident, user] => (host, [client, ident, user]),
        _ => return None,
    };
    let rest = &line[open + 1..];
    let close = memchr(b']', &rest[..rest.len().min(40)])?;
    let time = &rest[..close];
    // 10/Oct/2000:13:55:36 -0700
    let is_time = time.len() >= 20
        && time[0].is_ascii_digit()
        && time[2] == b'/'
        && time[6] == b'/'
        && time[11] == b':';
    let mut rest = rest[close + 1..].strip_prefix(b" ")?;
    if !is_time || client.is_empty() || rest.first() != Some(&b'"') {
        return None;
    }
    let request = field(&mut rest);
    let (status, bytes) = (field(&mut rest), field(&mut rest));
    if status.len() != 3 && status != b"-"
        || !status
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'-')
    {
        return None;
    }
    let (referer, agent) = (field(&mut rest), field(&mut rest));
    Some([
        host, client, ident, user, time, request, status, bytes, referer, agent, rest,
    ])
}

/// Takes a field off a line: up to the next blank, or in quotes, in which a backslash goes before those of the field.
fn field<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let line = *rest;
    let (field, end) = match line.strip_prefix(b"\"") {
        Some(quoted) => {
            let mut at = 0;
            while at < quoted.len() && quoted[at] != b'"' {
                at += if quoted[at] == b'\\' { 2 } else { 1 };
            }
            let end = at.min(quoted.len());
            (&quoted[..end], (end + 2).min(line.len()))
        }
        None => {
            let end = memchr(b' ', line).unwrap_or(line.len());
            (&line[..end], end)
        }
    };
    *rest = line[end..].trim_ascii_start();
    field
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn check(text: &str, expected: &[&str]) {
        for part_bytes in [1, 30, 100, 8 << 20] {
            let mut context = context();
            context.limits.part_bytes = part_bytes;
            assert_eq!(
                show(&FORMAT, text.as_bytes(), &context),
                expected,
                "{part_bytes}"
            );
        }
    }

    fn sniffed(text: &str) -> u8 {
        sniff(&Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        })
    }

    #[test]
    fn common_and_combined() {
        let common = "192.0.2.1 - hanako [10/Oct/2026:13:55:36 +0900] \"GET /a?q=%E5%B1%B1 HTTP/1.0\" 200 2326\n";
        check(
            common,
            &[
                "t: client ip=192.0.2.1, user=hanako, time=10/Oct/2026:13:55:36 +0900, request=GET /a?q=山 HTTP/1.0, status=200, bytes=2326",
            ],
        );
        let combined = "www.example.jp:443 192.0.2.1 - - [10/Oct/2026:13:55:36 +0900] \"GET /\\\"a\\\" HTTP/1.0\" 200 - \"-\" \"Mozilla/5.0 (X)\" 192.0.2.9 x\n";
        check(
            combined,
            &[
                "t: host=www.example.jp:443, client ip=192.0.2.1, time=10/Oct/2026:13:55:36 +0900, request=GET /\\\"a\\\" HTTP/1.0, status=200, user agent=Mozilla/5.0 (X), further=192.0.2.9 x",
            ],
        );
        assert_eq!((sniffed(common), sniffed(combined)), (92, 92));
        assert_eq!(sniffed("[INFO] 10:00 started\n"), 0);
        assert_eq!(sniffed("a - - [b] \"c\" 200 1\n"), 0);
        assert_eq!(sniffed(&common[..60]), 0);
    }

    #[test]
    fn extended() {
        let text = "#Software: IIS\r\n#Fields: time cs-username c-ip\r\n10:00 hanako 192.0.2.1\r\n10:01 - 192.0.2.2\r\n\
                    #Fields: c-ip cs-uri-query\r\n192.0.2.3 mail=a%40b.example&x=1\r\n";
        check(
            &text[16..],
            &[
                "t: time=10:00, cs-username=hanako, c-ip=192.0.2.1",
                "t: time=10:01, c-ip=192.0.2.2",
                "t: c-ip=192.0.2.3, cs-uri-query=? mail=a@b.example & x=1",
            ],
        );
        assert_eq!(sniffed(text), 95);
    }
}
