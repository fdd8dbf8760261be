//! Messages saved by Outlook (`.msg`).
//!
//! In: an OLE container with a stream for each property ([MS-OXMSG]). Out: a record per message, attached messages
//! included, or per contact; attachments as members; a body that is only RTF as a member too.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cfb::CompoundFile;
use mail_parser::decoders::html::html_to_text;

use super::forms::Said;
use super::mapi::{self, Item};
use super::messages;
use crate::format::json::{Written, instant, string};
use crate::format::{
    Batch, Cell, Context, Format, Head, Item as Given, Member, Names, Reader, Sink,
};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::{Encoding, Escape, detect};

/// Outlook messages.
pub(crate) const FORMAT: Format = Format {
    name: "msg",
    title: "Outlook messages and contacts (.msg)",
    extensions: &["msg", "oft"],
    raw: true,
    tabular: false,
    sniff,
    open,
};

/// The first bytes of every OLE container.
const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Name of the stream of short properties.
const PROPERTIES: &str = "__properties_version1.0";
/// Messages attached to messages; deeper ones are left out and said.
const DEPTH: usize = 8;
/// Entries of a container that are looked at.
const ENTRIES: usize = 100_000;

fn sniff(head: &Head<'_>) -> u8 {
    if !head.bytes.starts_with(&MAGIC) {
        return 0;
    }
    let name: Vec<u8> = PROPERTIES
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    match memchr::memmem::find(head.bytes, &name) {
        Some(_) => 98,
        // The directory may stand at the end.
        None if matches!(head.extension, "msg" | "oft") => 60,
        None => 0,
    }
}

struct Saved<'a> {
    bytes: &'a [u8],
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Saved {
        bytes,
        limits: context.limits.clone(),
    }))
}

/// An item with what hangs on it.
struct Found {
    item: Item,
    encoding: Encoding,
    attachments: Vec<(String, Vec<u8>)>,
}

/// A container, its entries by path, and what was found in it.
struct Store<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Length of each stream; `None` for a folder.
    entries: BTreeMap<PathBuf, Option<u64>>,
    longest: u64,
    found: Vec<Found>,
    faults: Vec<Fault>,
}

impl Reader for Saved<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let file = CompoundFile::open(Cursor::new(self.bytes))
            .map_err(|_| Fault::at(Code::Malformed, 0, "the whole source"))?;
        let entries = file
            .walk()
            .take(ENTRIES)
            .map(|entry| {
                (
                    entry.path().to_owned(),
                    entry.is_stream().then_some(entry.len()),
                )
            })
            .collect();
        let mut store = Store {
            file,
            entries,
            longest: self.bytes.len() as u64,
            found: Vec::new(),
            faults: Vec::new(),
        };
        store.item(Path::new("/"), 32, DEPTH);
        for (index, found) in store.found.iter().enumerate() {
            if self.give(index, found, sink).is_break() {
                return Ok(());
            }
        }
        for fault in store.faults {
            if sink(Given::Fault(fault)).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-16le")
    }
}

impl Saved<'_> {
    /// Gives one item and its members.
    fn give(&self, index: usize, found: &Found, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let body = body(found);
        if found.item.is_contact() {
            let mut rows = Written::new("contacts", &self.limits);
            let out = rows.out();
            for (n, (name, value)) in found.item.contact().iter().enumerate() {
                out.push(if n == 0 { b'{' } else { b',' });
                string(name, out);
                out.push(b':');
                string(value, out);
            }
            if !out.is_empty() {
                out.push(b'}');
                rows.end(0, sink)?;
                rows.flush(sink)?;
            }
        } else {
            let (mut text, mut cells) = (String::new(), Vec::new());
            for column in found.item.columns().iter().chain([&body]) {
                let start = text.len();
                text.push_str(
                    &column[..column.floor_char_boundary(self.limits.record_bytes.min(1 << 27))],
                );
                cells.push(if column.is_empty() {
                    Cell::ABSENT
                } else {
                    Cell::new(start, text.len(), false)
                });
            }
            sink(Given::Batch(Batch {
                table: &messages(),
                encoding: Encoding::Utf8,
                escape: Escape::None,
                bytes: text.as_bytes(),
                origin: None,
                cells: &cells,
            }))?;
        }
        let mut names = Names::default();
        let rtf = (body.is_empty() && !found.item.rtf.is_empty())
            .then(|| ("body.rtf".to_owned(), mapi::rtf(&found.item.rtf)));
        for (name, content) in found.attachments.iter().cloned().chain(rtf) {
            sink(Given::Member(Member {
                name: names.distinct(format!("{index}/{name}")),
                len: content.len() as u64,
                bytes: Some(Bytes::owned(content)),
                fault: None,
            }))?;
        }
        ControlFlow::Continue(())
    }
}

/// The body: plain text, and what only its HTML form says.
fn body(found: &Found) -> String {
    let mut body = found.item.texts.get(&0x1000).cloned().unwrap_or_default();
    let html = found.item.texts.get(&0x1013).cloned().unwrap_or_else(|| {
        let raw = &found.item.html;
        match std::str::from_utf8(raw) {
            Ok(text) => text.to_owned(),
            Err(_) => found.encoding.decode(raw).0.into_owned(),
        }
    });
    if !html.is_empty() {
        let form = html_to_text(&html);
        let said = Said::of(&body);
        said.push_rest(&form, &mut body);
    }
    body
}

impl Store<'_> {
    /// Reads a stream; nothing when there is none.
    fn stream(&mut self, path: &Path) -> Vec<u8> {
        let mut out = Vec::new();
        if let Ok(stream) = self.file.open_stream(path)
            && stream.take(self.longest).read_to_end(&mut out).is_err()
        {
            self.faults
                .push(Fault::whole(Code::Malformed, "a property"));
        }
        out
    }

    /// The children of a folder.
    fn children(&self, of: &Path) -> Vec<(PathBuf, Option<u64>)> {
        let below = self
            .entries
            .range(of.to_owned()..)
            .take_while(|(path, _)| path.starts_with(of));
        below
            .filter(|(path, _)| path.parent() == Some(of))
            .map(|(path, len)| (path.clone(), *len))
            .collect()
    }

    /// The properties of a folder: numbers and times from the stream of short ones, texts and bytes from their own.
    fn properties(&mut self, of: &Path, header: usize) -> (Item, BTreeMap<u16, i64>, Encoding) {
        let mut numbers = BTreeMap::new();
        let mut item = Item::default();
        let short = self.stream(&of.join(PROPERTIES));
        for entry in short.get(header..).unwrap_or_default().chunks_exact(16) {
            let tag = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
            let value = i64::from_le_bytes([8, 9, 10, 11, 12, 13, 14, 15].map(|n| entry[n]));
            let id = (tag >> 16) as u16;
            match tag & 0xffff {
                0x0003 => drop(numbers.insert(id, i64::from(value as i32))),
                // Tenths of microseconds from 1601.
                0x0040 => {
                    let mut out = Vec::new();
                    instant(value / 10_000 - 11_644_473_600_000, &mut out);
                    item.texts.insert(
                        id,
                        String::from_utf8_lossy(&out).trim_matches('"').to_owned(),
                    );
                }
                _ => {}
            }
        }
        let page = |id: u16| numbers.get(&id).and_then(|&page| code_page(page));
        let encoding = page(0x3ffd).or(page(0x3fde));
        for (path, len) in self.children(of) {
            let Some((id, kind)) = property(&path).filter(|_| len.is_some()) else {
                continue;
            };
            let raw = match kind {
                0x001e | 0x001f | 0x0102 if id != 0x3701 => self.stream(&path),
                _ => continue,
            };
            match (kind, id) {
                (0x001f, _) => {
                    let text = encoding_rs::UTF_16LE
                        .decode_without_bom_handling(&raw)
                        .0
                        .into_owned();
                    item.texts
                        .insert(id, text.trim_end_matches('\0').to_owned());
                }
                (0x001e, _) => {
                    let encoding = encoding.unwrap_or_else(|| detect(&raw).encoding);
                    item.texts.insert(
                        id,
                        encoding.decode(&raw).0.trim_end_matches('\0').to_owned(),
                    );
                }
                (_, 0x1013) => item.html = raw,
                (_, 0x1009) => item.rtf = raw,
                _ => {}
            }
        }
        let html = page(0x3fde).unwrap_or_else(|| detect(&item.html).encoding);
        (item, numbers, html)
    }

    /// Reads the item of a folder, and the messages attached to it.
    fn item(&mut self, of: &Path, header: usize, depth: usize) {
        let (mut item, _, encoding) = self.properties(of, header);
        let mut attachments = Vec::new();
        let mut inner = Vec::new();
        for (path, len) in self.children(of) {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            if len.is_some() {
                continue;
            }
            if name.starts_with("__recip_version1.0_") {
                let (found, numbers, _) = self.properties(&path, 8);
                let text = |id: u16| found.texts.get(&id).cloned().unwrap_or_default();
                let address = [0x39fe, 0x3003]
                    .map(text)
                    .into_iter()
                    .find(|text| text.contains('@'));
                let kind = numbers.get(&0x0c15).map_or(1, |&kind| kind as i32 & 0xf);
                item.recipients
                    .push((kind, text(0x3001), address.unwrap_or_default()));
            } else if name.starts_with("__attach_version1.0_") {
                let (found, ..) = self.properties(&path, 8);
                let names = [0x3707, 0x3704, 0x3001]
                    .map(|id| found.texts.get(&id).cloned().unwrap_or_default());
                let name = names
                    .into_iter()
                    .find(|name| !name.trim().is_empty())
                    .unwrap_or_else(|| "attachment".to_owned());
                let embedded = path.join("__substg1.0_3701000D");
                match self.entries.get(&embedded) {
                    Some(None) => inner.push(embedded),
                    _ => attachments.push((name, self.stream(&path.join("__substg1.0_37010102")))),
                }
            }
        }
        self.found.push(Found {
            item,
            encoding,
            attachments,
        });
        for path in inner {
            if depth == 0 {
                self.faults
                    .push(Fault::whole(Code::TooDeep, "an attached message"));
            } else {
                self.item(&path, 24, depth - 1);
            }
        }
    }
}

/// Number and type of the property that a stream holds: `__substg1.0_0037001F`.
fn property(path: &Path) -> Option<(u16, u16)> {
    let name = path.file_name()?.to_str()?.strip_prefix("__substg1.0_")?;
    let number = |range| u16::from_str_radix(name.get(range)?, 16).ok();
    (name.len() == 8).then_some((number(0..4)?, number(4..8)?))
}

/// The encoding of a Windows code page.
fn code_page(page: i64) -> Option<Encoding> {
    Some(match page {
        932 => Encoding::ShiftJis,
        20_932 | 51_932 => Encoding::EucJp,
        50_220..=50_222 => Encoding::Iso2022Jp,
        65_001 | 20_127 => Encoding::Utf8,
        1_252 | 28_591 => Encoding::Windows1252,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Budget;
    use std::io::Write;

    /// A container of streams.
    fn container(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in streams {
            if let Some(folder) = Path::new(path).parent() {
                file.create_storage_all(folder).unwrap();
            }
            file.create_stream(path).unwrap().write_all(bytes).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn sjis(text: &str) -> Vec<u8> {
        encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
    }

    /// Short properties: tag and value.
    fn short(header: usize, properties: &[(u32, u64)]) -> Vec<u8> {
        let mut out = vec![0; header];
        for (tag, value) in properties {
            out.extend(tag.to_le_bytes());
            out.extend([0; 4]);
            out.extend(value.to_le_bytes());
        }
        out
    }

    fn message() -> Vec<u8> {
        container(&[
            ("/__properties_version1.0", short(32, &[(0x3ffd_0003, 932)])),
            ("/__substg1.0_001A001F", wide("IPM.Note")),
            ("/__substg1.0_0037001E", sjis("名簿の件")),
            ("/__substg1.0_0C1A001F", wide("山田 太郎")),
            ("/__substg1.0_5D01001F", wide("taro@example.com")),
            ("/__substg1.0_0C1F001F", wide("/O=EX/CN=YAMADA")),
            ("/__substg1.0_1000001E", sjis("本文です\r\n")),
            (
                "/__substg1.0_10130102",
                sjis("<p>本文です</p><p>追伸 090-0000-0000</p>"),
            ),
            (
                "/__recip_version1.0_#00000000/__properties_version1.0",
                short(8, &[(0x0c15_0003, 2)]),
            ),
            (
                "/__recip_version1.0_#00000000/__substg1.0_3001001F",
                wide("佐藤"),
            ),
            (
                "/__recip_version1.0_#00000000/__substg1.0_39FE001F",
                wide("sato@example.com"),
            ),
            (
                "/__attach_version1.0_#00000000/__substg1.0_3707001F",
                wide("名簿.csv"),
            ),
            (
                "/__attach_version1.0_#00000000/__substg1.0_37010102",
                b"a,b\n".to_vec(),
            ),
            (
                "/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_0037001F",
                wide("中の件名"),
            ),
        ])
    }

    fn show(raw: &[u8]) -> Vec<String> {
        let context = Context {
            stem: "t".into(),
            encoding: Encoding::Utf8,
            limits: Limits::default(),
            budget: Budget::default(),
            header: |_, _| false,
            columns: None,
        };
        let bytes = Bytes::owned(raw.to_vec());
        let reader = open(&bytes, &context).unwrap_or_else(|_| unreachable!("it opens anything"));
        let mut out = Vec::new();
        let result = reader.read(0, &mut |item| {
            match item {
                Given::Batch(batch) => {
                    let cells = batch
                        .cells
                        .iter()
                        .zip(&batch.table.columns)
                        .filter(|(cell, _)| !cell.is_absent());
                    let cell = |(cell, name): (&Cell, &Option<String>)| {
                        let text = String::from_utf8_lossy(&batch.bytes[cell.range()]);
                        format!(
                            "{}={}",
                            name.as_deref().unwrap_or("-"),
                            text.trim().replace(['\r', '\n'], "/")
                        )
                    };
                    out.push(cells.map(cell).collect::<Vec<_>>().join(" "));
                }
                Given::Member(member) => out.push(format!("[{}] {}", member.name, member.len)),
                Given::Fault(fault) => out.push(fault.code.to_string()),
            }
            ControlFlow::Continue(())
        });
        out.extend(result.err().map(|fault| fault.code.to_string()));
        out
    }

    #[test]
    fn messages_are_read() {
        let raw = message();
        let expected = [
            "from=山田 太郎 <taro@example.com> cc=佐藤 <sato@example.com> subject=名簿の件 body=本文です//追伸 090-0000-0000",
            "[0/名簿.csv] 4",
            "subject=中の件名",
        ];
        assert_eq!(show(&raw), expected);
        let head = Head {
            bytes: &raw,
            len: raw.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        };
        assert_eq!(sniff(&head), 98);
    }

    #[test]
    fn contacts_are_read() {
        let raw = container(&[
            ("/__substg1.0_001A001F", wide("IPM.Contact")),
            ("/__substg1.0_3001001F", wide("山田 太郎")),
            ("/__substg1.0_3A1C001F", wide("090-0000-0000")),
            ("/__substg1.0_8083001F", wide("taro@example.com")),
        ]);
        assert_eq!(
            show(&raw),
            ["full name=山田 太郎 mobile phone=090-0000-0000 email=taro@example.com"]
        );
    }

    #[test]
    fn damaged_messages_end() {
        let whole = message();
        for len in (0..whole.len()).step_by(97) {
            show(&whole[..len]);
            for value in [0, 0xff] {
                let mut changed = whole.clone();
                changed[len] = value;
                show(&changed);
            }
        }
    }
}
