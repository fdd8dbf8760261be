//! Messages saved by Outlook (`.msg`).
//!
//! In: an OLE container with a stream for each property ([MS-OXMSG]). Out: a record per message, attached messages
//! included, or per contact; attachments as members; a body that is only RTF as a member too.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cfb::CompoundFile;

use super::item::{Item, Rows};
use super::property::{Names, Properties, kind};
use crate::format::{
    Context, Format, Head, Item as Given, Member, Names as Distinct, Reader, Sink, objects,
};
use crate::source::{Bytes, Code, Fault};

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
/// Folder of the names of properties.
const NAMES: &str = "/__nameid_version1.0";
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
    /// The container, and what it lacks; `None` when it cannot be opened.
    container: Option<(Bytes, Option<Fault>)>,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Saved {
        container: objects::container(bytes),
        bytes,
        context: context.clone(),
    }))
}

/// An item with what hangs on it.
struct Found {
    item: Item,
    attachments: Vec<(String, Vec<u8>)>,
}

/// A container, its entries by path, and what was found in it.
struct Store<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Length of each stream; `None` for a folder.
    entries: BTreeMap<PathBuf, Option<u64>>,
    longest: u64,
    /// Bytes that attached objects may still have.
    left: u64,
    found: Vec<Found>,
    faults: Vec<Fault>,
}

impl Reader for Saved<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let whole = self.container.as_ref().map(|(whole, _)| &whole[..]);
        let file = CompoundFile::open(Cursor::new(whole.unwrap_or(self.bytes)))
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
            left: self.bytes.len() as u64,
            found: Vec::new(),
            faults: Vec::new(),
        };
        let [sets, numbers, texts] = ["00020102", "00030102", "00040102"]
            .map(|tag| store.stream(&Path::new(NAMES).join(format!("__substg1.0_{tag}"))));
        let names = Names::read(&sets, &numbers, &texts);
        store.item(Path::new("/"), 32, DEPTH, &names);
        for (index, found) in store.found.into_iter().enumerate() {
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

    fn faults(&self) -> Vec<Fault> {
        let cut = self.container.as_ref().and_then(|(_, cut)| cut.clone());
        cut.into_iter().collect()
    }
}

impl Saved<'_> {
    /// Gives one item and its members.
    fn give(&self, index: usize, mut found: Found, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let rtf = found.item.settle_rtf(&self.context);
        let mut rows = Rows::new(None, &self.context.limits);
        rows.item(&found.item, sink)?;
        rows.flush(sink)?;
        let mut names = Distinct::default();
        let rtf = rtf.map(|rtf| ("body.rtf".to_owned(), rtf));
        for (name, content) in found.attachments.into_iter().chain(rtf) {
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
    fn properties<'n>(&mut self, of: &Path, header: usize, names: &'n Names) -> Properties<'n> {
        let mut properties = Properties::new(names);
        let short = self.stream(&of.join(PROPERTIES));
        for entry in short.get(header..).unwrap_or_default().chunks_exact(16) {
            let of = u16::from_le_bytes([entry[0], entry[1]]);
            let id = u16::from_le_bytes([entry[2], entry[3]]);
            if matches!(of, kind::SHORT | kind::LONG | kind::FLAG | kind::TIME) {
                properties.put(id, of, &entry[8..]);
            }
        }
        for (path, len) in self.children(of) {
            let Some((id, of)) = property(&path).filter(|_| len.is_some()) else {
                continue;
            };
            if matches!(of, kind::NARROW | kind::WIDE | kind::BINARY) && properties.wants(id, of) {
                properties.put(id, of, &self.stream(&path));
            } else if of & kind::LIST != 0 && properties.wants(id, of) {
                self.list(&path, id, of, &mut properties);
            }
        }
        properties
    }

    /// The values of a list: each in a stream of its own, numbered behind the name of the list's.
    fn list(&mut self, path: &Path, id: u16, of: u16, properties: &mut Properties<'_>) {
        let mut values = Vec::new();
        for n in 0..ENTRIES {
            let mut name = path.as_os_str().to_owned();
            name.push(format!("-{n:08X}"));
            let value = PathBuf::from(name);
            if !self.entries.contains_key(&value) {
                break;
            }
            values.push(self.stream(&value));
        }
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        properties.put_list(id, of, &values);
    }

    /// Reads the item of a folder, and the messages attached to it.
    fn item(&mut self, of: &Path, header: usize, depth: usize, names: &Names) {
        let properties = self.properties(of, header, names);
        let page = properties.page();
        let mut item = properties.item(None);
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
                let found = self.properties(&path, 8, names);
                item.recipients.push(found.recipient_in(page));
            } else if name.starts_with("__attach_version1.0_") {
                let found = self.properties(&path, 8, names).item(page);
                let embedded = path.join("__substg1.0_3701000D");
                let is_own = |path: &Path| {
                    let name = path.file_name().and_then(|name| name.to_str());
                    name.is_some_and(|name| name.starts_with("__"))
                };
                let inside = self.children(&embedded);
                let is_message = inside.iter().any(|(path, _)| is_own(path));
                match self.entries.get(&embedded) {
                    Some(None) if is_message => inner.push(embedded),
                    // An object of another program.
                    Some(None) => match objects::copy(&mut self.file, &embedded, &mut self.left) {
                        Ok((content, further)) => {
                            attachments.push((found.file_name(), content));
                            self.faults.extend(further);
                        }
                        Err(fault) => self.faults.push(fault),
                    },
                    _ => {
                        let content = self.stream(&path.join("__substg1.0_37010102"));
                        attachments.push((found.file_name(), content));
                    }
                }
            }
        }
        self.found.push(Found { item, attachments });
        for path in inner {
            if depth == 0 {
                self.faults
                    .push(Fault::whole(Code::TooDeep, "an attached message"));
            } else {
                self.item(&path, 24, depth - 1, names);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests;
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
        tests::show(&FORMAT, raw, &tests::context())
    }

    #[test]
    fn messages_are_read() {
        let raw = message();
        let expected = [
            "messages: from=山田 太郎 <taro@example.com>, cc=佐藤 <sato@example.com>, subject=名簿の件, body=本文です\r\n追伸 090-0000-0000\n",
            "[0/名簿.csv]",
            "messages: subject=中の件名",
        ];
        assert_eq!(show(&raw), expected);
        let head = Head {
            bytes: &raw,
            len: raw.len() as u64,
            encoding: crate::text::Encoding::Utf8,
            extension: "",
        };
        assert_eq!(sniff(&head), 98);
    }

    #[test]
    fn the_directory_may_stand_anywhere() {
        // Its first sector goes to the end of the file; the table says so.
        let mut raw = message();
        let of = u32::from_le_bytes(*raw[48..].first_chunk().unwrap());
        let table = u32::from_le_bytes(*raw[76..].first_chunk().unwrap()) as usize;
        let sector = 1 << raw[30];
        let at = (of as usize + 1) * sector;
        let directory = raw[at..at + sector].to_vec();
        let last = (raw.len() / sector - 1) as u32;
        raw.extend_from_slice(&directory);
        raw[at..at + sector].fill(0);
        raw[48..52].copy_from_slice(&last.to_le_bytes());
        let table = (table + 1) * sector;
        let next = raw[table + of as usize * 4..][..4].to_vec();
        raw[table + of as usize * 4..][..4].fill(0xff);
        raw[table + last as usize * 4..][..4].copy_from_slice(&next);
        assert_eq!(show(&raw).len(), 3);
        assert!(objects::is_message(&Bytes::owned(raw)));
        assert!(!objects::is_message(&Bytes::owned(container(&[(
            "/a",
            b"1".to_vec()
        )]))));
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
            ["contacts: full name=山田 太郎, mobile phone=090-0000-0000, email=taro@example.com"]
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
