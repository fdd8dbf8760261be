//! What compound files hold beside their document: its properties, and the lists that pivot tables of a workbook keep.
//!
//! In: the streams of a compound file. Out: the properties that tell of people as one record ([MS-OLEPS]), the caches as
//! members ([MS-XLS] 2.1.7.12): in their records the texts stand one by one, and are searched for as such. Many properties may
//! point at one text, so that no more of them are read than are wanted.

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use cfb::CompoundFile;

use super::super::codepage::codec;
use super::super::{Item, Member, Reader, Sink};
use super::binary::{four, two, wide};
use super::record::{PROPERTIES, Rows};
use crate::source::{Bytes, Code, Fault};

/// The streams of properties, with the numbers of those that are given and their places among [`PROPERTIES`].
const SETS: [(&str, &[(u32, usize)]); 2] = [
    (
        "/\u{5}SummaryInformation",
        &[(4, 0), (8, 1), (2, 2), (3, 3), (6, 4), (5, 5)],
    ),
    (
        "/\u{5}DocumentSummaryInformation",
        &[(2, 6), (15, 7), (14, 8)],
    ),
];
/// The number of the code page that texts of a set are in.
const CODE_PAGE: u32 = 1;
/// Kinds of values: two bytes, text in the code page, text in UTF-16.
const SHORT: u32 = 2;
const TEXT: u32 = 0x1e;
const WIDE: u32 = 0x1f;
/// Properties of a set, and streams of caches, that are looked at.
const MOST: usize = 1_000;
/// Bytes of a set of properties, and of one text in it.
const SET: usize = 4 << 20;
const LONGEST: usize = 64 << 10;
/// Where a workbook keeps the caches.
const CACHES: &str = "/_SX_DB_CUR";

/// What stands beside a document.
#[derive(Default)]
pub(super) struct Beside {
    values: [String; PROPERTIES.len()],
    caches: Vec<(String, Bytes)>,
    lost: Lost,
    /// What the file lacks.
    pub(super) cut: Option<Fault>,
}

/// What could not be read of it.
#[derive(Clone, Copy, Default)]
struct Lost {
    /// Texts of properties that are longer than what is read.
    texts: usize,
    /// Streams that end before their length, and caches beyond those that are looked at.
    broken: usize,
    caches: usize,
}

impl Beside {
    /// Nothing, as the file lacks it.
    pub(super) fn lost(cut: Fault) -> Self {
        Self {
            cut: Some(cut),
            ..Self::default()
        }
    }

    /// Reads the properties and caches of a file, of no more bytes than it has.
    pub(super) fn of<F: Read + Seek>(file: &mut CompoundFile<F>, most: usize) -> Self {
        let mut beside = Self::default();
        for (name, wanted) in SETS {
            let set = bytes(file, name, most.min(SET)).unwrap_or_default();
            beside.lost.texts += usize::from(set.len() >= SET);
            for (at, text, is_cut) in texts(&set, wanted) {
                beside.values[at] = text;
                beside.lost.texts += usize::from(is_cut);
            }
        }
        let caches = file.walk_storage(CACHES).into_iter().flatten();
        let mut names: Vec<(String, u64)> = caches
            .filter(|entry| entry.is_stream())
            .map(|entry| (entry.path().to_string_lossy().into_owned(), entry.len()))
            .collect();
        beside.lost.caches = names.len().saturating_sub(MOST);
        names.truncate(MOST);
        let mut left = most;
        for (name, len) in names {
            let cache = bytes(file, &name, left).unwrap_or_default();
            left -= cache.len();
            beside.lost.broken += usize::from((cache.len() as u64) < len);
            let name = name.rsplit('/').next().unwrap_or_default();
            beside
                .caches
                .push((format!("pivot cache {name}"), Bytes::owned(cache)));
        }
        beside
    }

    fn faults(&self) -> Vec<Fault> {
        let Lost {
            texts,
            broken,
            caches,
        } = self.lost;
        let told = [
            (Code::OverBudget, texts, "properties, in part"),
            (Code::Malformed, broken, "pivot caches, in part or whole"),
            (Code::OverBudget, caches, "pivot caches"),
        ];
        let told = told
            .into_iter()
            .filter(|(_, n, _)| *n > 0)
            .map(|(code, n, what)| Fault::whole(code, format!("{n} {what}")));
        self.cut.iter().cloned().chain(told).collect()
    }

    fn give(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut rows = Rows::new("properties", &PROPERTIES);
        let values: Vec<&str> = self.values.iter().map(|value| value.trim()).collect();
        rows.row(&values, sink)?;
        rows.flush(sink)?;
        for (name, bytes) in &self.caches {
            sink(Item::Member(Member::whole(name.clone(), bytes.clone())))?;
        }
        ControlFlow::Continue(())
    }
}

fn bytes<F: Read + Seek>(file: &mut CompoundFile<F>, name: &str, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let stream = file.open_stream(name).ok()?;
    let _ = stream.take(most as u64).read_to_end(&mut bytes);
    Some(bytes)
}

/// The texts of a set of properties that are wanted, by their places, and whether they are cut ([MS-OLEPS] 2.21, 2.20). Of several of
/// one number the first.
fn texts(set: &[u8], wanted: &[(u32, usize)]) -> Vec<(usize, String, bool)> {
    let section = four(set, 44).and_then(|at| set.get(at as usize..));
    let section = section.unwrap_or_default();
    let count = four(section, 4).unwrap_or(0) as usize;
    let value = |nth: usize| {
        let id = four(section, 8 + nth * 8)?;
        let value = section.get(four(section, 12 + nth * 8)? as usize..)?;
        Some((id, four(value, 0)?, value.get(4..)?))
    };
    let values = || (0..count.min(MOST)).map_while(value);
    let page = values().find(|(id, kind, _)| (*id, *kind) == (CODE_PAGE, SHORT));
    let page = page.and_then(|(_, _, value)| two(value, 0));
    let page = codec(page.map_or(1252, i32::from));
    let text = |kind: u32, value: &[u8]| {
        let len = four(value, 0)? as usize;
        let len = match kind {
            TEXT => len,
            WIDE => len.checked_mul(2)?,
            _ => return None,
        };
        let text = value.get(4..)?;
        let is_set_cut = set.len() >= SET && text.len() < len;
        let text = if is_set_cut { text } else { text.get(..len)? };
        let text = &text[..text.len().min(LONGEST)];
        let decoded = match kind {
            TEXT => page.decode_without_bom_handling(text).0.into_owned(),
            _ => wide(text),
        };
        Some((decoded.trim_end_matches('\0').to_owned(), text.len() < len))
    };
    let first = |&(wanted, at): &(u32, usize)| {
        let mut of_number = values().filter(|(id, _, _)| *id == wanted);
        let (text, is_cut) = of_number.find_map(|(_, kind, value)| text(kind, value))?;
        Some((at, text, is_cut))
    };
    wanted.iter().filter_map(first).collect()
}

/// What stands beside a document, and then the document: where its last part breaks off, the rest of the file is not read.
pub(super) struct With<'a> {
    pub(super) document: Box<dyn Reader + 'a>,
    pub(super) beside: Beside,
}

impl Reader for With<'_> {
    fn parts(&self) -> usize {
        self.document.parts() + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if let Some(part) = part.checked_sub(1) {
            return self.document.read(part, sink);
        }
        let _ = self.beside.give(sink);
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        self.document.encoding()
    }

    fn faults(&self) -> Vec<Fault> {
        [self.document.faults(), self.beside.faults()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    /// A set of properties: number, kind, value.
    fn set(properties: &[(u32, u32, &[u8])]) -> Vec<u8> {
        let (mut places, mut values) = (Vec::new(), Vec::new());
        for (id, kind, value) in properties {
            let at = 8 + properties.len() * 8 + values.len();
            places.extend([id.to_le_bytes(), (at as u32).to_le_bytes()].concat());
            values.extend(kind.to_le_bytes());
            values.extend(*value);
            values.resize(values.len().next_multiple_of(4), 0);
        }
        let len = (8 + places.len() + values.len()) as u32;
        let mut set = vec![0; 48];
        set[44] = 48;
        set.extend(len.to_le_bytes());
        set.extend((properties.len() as u32).to_le_bytes());
        [set, places, values].concat()
    }

    fn sized(len: usize, text: &[u8]) -> Vec<u8> {
        [&(len as u32).to_le_bytes()[..], text].concat()
    }

    #[test]
    fn properties_in_their_code_page() {
        let (name, _, _) = encoding_rs::SHIFT_JIS.encode("山田太郎\0");
        let name = sized(name.len(), &name);
        let wide: Vec<u8> = "佐藤\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = sized(3, &wide);
        let page = 932u16.to_le_bytes();
        let whole = set(&[
            (1, 2, &page),
            (4, 0x1e, &name),
            (8, 0x1f, &wide),
            (9, 3, &[1; 4]),
        ]);
        let wanted = SETS[0].1;
        let told = |at: usize, text: &str| (at, text.to_owned(), false);
        let expected = [told(0, "山田太郎"), told(1, "佐藤")];
        assert_eq!(texts(&whole, wanted), expected);
        for len in 0..whole.len() {
            assert!(texts(&whole[..len], wanted).len() <= 2);
        }
        assert_eq!(texts(&set(&[(4, 0x1e, &sized(99, b"a"))]), wanted), []);
        // Of several of one number the first.
        let twice = set(&[
            (9, 0x1e, &sized(1, b"x")),
            (4, 3, &[1; 4]),
            (4, 0x1e, &sized(1, b"a")),
            (4, 0x1e, &sized(1, b"b")),
        ]);
        assert_eq!(texts(&twice, wanted), [told(0, "a")]);
        // No more of a text than is read, however long it says it is.
        let long = sized(LONGEST + 1, &vec![b'a'; LONGEST + 1]);
        let cut = [(0, "a".repeat(LONGEST), true)];
        assert_eq!(texts(&set(&[(4, 0x1e, &long)]), wanted), cut);
    }

    #[test]
    fn what_was_lost_is_said() {
        let beside = Beside {
            lost: Lost {
                texts: 1,
                broken: 0,
                caches: 2,
            },
            ..Beside::default()
        };
        let told: Vec<String> = beside
            .faults()
            .into_iter()
            .map(|fault| fault.lost)
            .collect();
        assert_eq!(told, ["1 properties, in part", "2 pivot caches"]);
        assert_eq!(Beside::default().faults(), []);
    }

    /// A document of one part that breaks off.
    struct Broken;

    impl Reader for Broken {
        fn parts(&self) -> usize {
            1
        }

        fn read(&self, part: usize, _: &mut Sink<'_>) -> Result<(), Fault> {
            assert_eq!(part, 0);
            Err(Fault::at(Code::Truncated, 7, "the rest"))
        }
    }

    #[test]
    fn the_last_part_is_the_document_s() {
        let with = With {
            document: Box::new(Broken),
            beside: Beside::default(),
        };
        let last = with.parts() - 1;
        let read = with.read(last, &mut |_| ControlFlow::Continue(()));
        assert_eq!(read.map_err(|fault| fault.at), Err(Some(7)));
    }

    #[test]
    fn streams_beside_a_document() {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_storage(CACHES).unwrap();
        let author = set(&[(4, 0x1e, &sized(4, b"Taro"))]);
        for (name, bytes) in [
            ("/\u{5}SummaryInformation", &author[..]),
            ("/_SX_DB_CUR/0001", b"list"),
        ] {
            file.create_stream(name).unwrap().write_all(bytes).unwrap();
        }
        let beside = Beside::of(&mut file, 1 << 20);
        assert_eq!(beside.values[0], "Taro");
        let caches: Vec<_> = beside
            .caches
            .iter()
            .map(|(name, bytes)| (&name[..], &bytes[..]))
            .collect();
        assert_eq!(caches, [("pivot cache 0001", &b"list"[..])]);
    }
}
