//! The people whom Outlook completes while somebody types: `.nk2` files to Outlook 2007, later the stream that the store keeps.
//!
//! In: the stream (Microsoft, "Autocomplete Stream", Office client developer reference; read 2026-11): rows of properties, as many as it
//! tells. Out: a record for each, with names, addresses, and whatever text there is.

use std::ops::ControlFlow;

use super::property::{Names, Properties, kind};
use crate::format::json::{Written, string};
use crate::format::{Format, Head, Reader, Sink};
use crate::source::{Code, Fault, Limits};

/// Lists of people to be completed.
pub(crate) const FORMAT: Format = Format {
    name: "nk2",
    title: "Outlook's lists of people whom it completes (.nk2, AutoComplete)",
    extensions: &["nk2"],
    raw: true,
    tabular: true,
    sniff,
    open: |bytes, context| {
        Ok(Box::new(List {
            bytes,
            limits: context.limits.clone(),
            stem: context.stem.clone(),
        }))
    },
};

/// What the stream begins with, and the versions that were written.
const MAGIC: &[u8] = b"\x0d\xf0\xad\xba";
const VERSIONS: std::ops::RangeInclusive<u8> = 7..=12;
/// Bytes before the rows, and of a property before its value.
const HEADER: usize = 16;
const PROPERTY: usize = 16;
/// A property's identifier, and further types of values ([MS-OXCDATA] 2.11.1).
const IDENTIFIER: u16 = 0x0048;
const FIXED: [u16; 9] = [
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x000b, 0x0014, 0x0040,
];
/// Where names and addresses stand; all other text is given, too.
const NAMES: [u16; 4] = [0x3001, 0x3a20, 0x5ff6, 0x6001];
const ADDRESSES: [u16; 2] = [0x39fe, 0x3003];
/// The way in which an address is meant (`SMTP`, `EX`), and what programs call the row.
const WAY: u16 = 0x3002;

struct List<'a> {
    bytes: &'a [u8],
    limits: Limits,
    stem: String,
}

fn sniff(head: &Head<'_>) -> u8 {
    match head.bytes {
        [_, _, _, _, version, 0, 0, 0, _, 0, 0, 0, ..] if VERSIONS.contains(version) => {
            if head.bytes.starts_with(MAGIC) {
                97
            } else if head.extension == "nk2" {
                60
            } else {
                0
            }
        }
        _ => 0,
    }
}

/// A walk along the rows.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let raw = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(raw)
    }

    fn long(&mut self) -> Option<usize> {
        let raw = self.take(4)?.first_chunk()?;
        usize::try_from(u32::from_le_bytes(*raw)).ok()
    }

    fn counted(&mut self) -> Option<&'a [u8]> {
        let len = self.long()?;
        self.take(len)
    }

    /// One property, put where it belongs.
    fn property(&mut self, row: &mut Properties<'_>) -> Option<()> {
        let head = self.take(PROPERTY)?;
        let two = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let (of, id) = (two(0), two(2));
        match of {
            kind::WIDE => row.put(id, of, self.counted()?),
            kind::NARROW => {
                let raw = self.counted()?;
                let end = memchr::memchr(0, raw).unwrap_or(raw.len());
                row.put(id, of, &raw[..end]);
            }
            kind::BINARY => drop(self.counted()?),
            IDENTIFIER => drop(self.take(16)?),
            list if list & kind::LIST != 0 => {
                let n = self.long()?;
                let mut values = Vec::new();
                for _ in 0..n {
                    values.push(self.counted()?);
                }
                row.put_list(id, of, &values);
            }
            of => FIXED.contains(&of).then_some(())?,
        }
        Some(())
    }

    fn row<'n>(&mut self, names: &'n Names) -> Option<Properties<'n>> {
        let mut row = Properties::new(names);
        for _ in 0..self.long()? {
            self.property(&mut row)?;
        }
        Some(row)
    }
}

impl Reader for List<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut walk = Walk {
            bytes: self.bytes,
            at: HEADER - 4,
        };
        let names = Names::default();
        let mut out = Written::new(&self.stem, &self.limits);
        for _ in 0..walk.long().unwrap_or(0) {
            let at = walk.at;
            let Some(row) = walk.row(&names) else {
                let _ = out.flush(sink);
                let lost = format!("{} bytes", self.bytes.len() - at);
                return Err(Fault::at(Code::Malformed, at as u64, lost));
            };
            if give(row, &mut out, at as u64, sink).is_break() {
                return Ok(());
            }
        }
        let _ = out.flush(sink);
        Ok(())
    }
}

/// Gives a row: each text once, under what it is.
fn give(
    row: Properties<'_>,
    out: &mut Written<'_>,
    at: u64,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let item = row.item(None);
    let is_mail = |text: &str| text.contains('@') && !text.contains(char::is_whitespace);
    let mail = ADDRESSES
        .map(|id| item.text(id))
        .into_iter()
        .find(|text| is_mail(text));
    // Names are mailboxes where nobody knows better, and stand between quotes.
    let named = NAMES.map(|id| item.text(id).trim_matches(['\'', '"', ' ']));
    let name = named
        .into_iter()
        .find(|name| !name.is_empty() && !name.contains('@'));
    let shown: Vec<&str> = [mail, name].into_iter().flatten().collect();
    let is_new = |text: &&str| !text.is_empty() && !shown.contains(text);
    let mut others: Vec<&str> = item
        .texts
        .iter()
        .filter(|(id, _)| **id != WAY)
        .map(|(_, text)| text.trim_matches(['\'', '"', ' ']))
        .filter(is_new)
        .collect();
    others.sort_unstable();
    others.dedup();
    let fields = [
        ("name", name.unwrap_or_default().to_owned()),
        ("email", mail.unwrap_or_default().to_owned()),
        ("other", others.join("\n")),
    ];
    let mut fields = fields
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .peekable();
    if fields.peek().is_none() {
        return ControlFlow::Continue(());
    }
    let text = out.out();
    for (n, (name, value)) in fields.enumerate() {
        text.push(if n == 0 { b'{' } else { b',' });
        string(name, text);
        text.push(b':');
        string(value, text);
    }
    text.push(b'}');
    out.end(at, sink)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn property(id: u16, of: u16, value: &[u8]) -> Vec<u8> {
        let head = [&of.to_le_bytes()[..], &id.to_le_bytes(), &[0; 12]].concat();
        let counted = matches!(of, kind::NARROW | kind::WIDE | kind::BINARY);
        let len = (value.len() as u32).to_le_bytes();
        [&head[..], if counted { &len } else { &[] }, value].concat()
    }

    fn wide(id: u16, text: &str) -> Vec<u8> {
        let units = text.encode_utf16().chain([0]);
        let raw: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        property(id, kind::WIDE, &raw)
    }

    fn stream(rows: &[Vec<Vec<u8>>]) -> Vec<u8> {
        let mut out = [MAGIC, &[12, 0, 0, 0, 0, 0, 0, 0]].concat();
        out.extend((rows.len() as u32).to_le_bytes());
        for row in rows {
            out.extend((row.len() as u32).to_le_bytes());
            out.extend(row.concat());
        }
        out.extend([0; 12]);
        out
    }

    fn rows() -> Vec<u8> {
        let list = [&1u32.to_le_bytes()[..], &2u32.to_le_bytes(), b"ab"].concat();
        stream(&[
            vec![
                wide(0x6001, "taro@example.jp"),
                wide(0x3001, "'山田 太郎'"),
                wide(0x3002, "SMTP"),
                property(0x0fff, kind::BINARY, &[0; 40]),
                property(0x0c15, kind::LONG, &[]),
                property(0x3003, kind::NARROW, b"taro@example.jp\0"),
            ],
            vec![
                wide(0x3001, "Ann Lee"),
                wide(0x3003, "/O=EX/CN=ANN"),
                property(0x5909, 0x1102, &list),
                wide(0x39fe, "ann@example.com"),
            ],
            vec![],
        ])
    }

    #[test]
    fn rows_of_a_stream() {
        let expected = [
            "t: name=山田 太郎, email=taro@example.jp",
            "t: name=Ann Lee, email=ann@example.com, other=/O=EX/CN=ANN",
        ];
        assert_eq!(show(&FORMAT, &rows(), &context()), expected);
        for len in HEADER..rows().len() - 16 {
            let shown = show(&FORMAT, &rows()[..len], &context());
            assert_eq!(
                shown.last().map(String::as_str),
                Some("! malformed"),
                "{len}"
            );
        }
    }

    #[test]
    fn anything_ends() {
        let whole = rows();
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                show(&FORMAT, &changed, &context());
            }
        }
    }
}
