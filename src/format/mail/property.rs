//! Properties of Outlook's items ([MS-OXPROPS]), from whatever held them.
//!
//! In: number, type and bytes of each property, and the store's names for the numbers that every store gives out anew
//! ([MS-PST] 2.4.7, [MS-OXMSG] 2.2.3). Out: an [`Item`].

use std::collections::BTreeMap;

use super::item::Item;
use crate::format::codepage::codec;
use crate::format::json::instant;
use crate::text::detect;

/// Types of property values ([MS-OXCDATA] 2.11.1).
pub(super) mod kind {
    pub(in super::super) const SHORT: u16 = 0x0002;
    pub(in super::super) const LONG: u16 = 0x0003;
    pub(in super::super) const FLAG: u16 = 0x000b;
    pub(in super::super) const OBJECT: u16 = 0x000d;
    pub(in super::super) const NARROW: u16 = 0x001e;
    pub(in super::super) const WIDE: u16 = 0x001f;
    pub(in super::super) const TIME: u16 = 0x0040;
    pub(in super::super) const BINARY: u16 = 0x0102;
    /// Set in the type of a list.
    pub(in super::super) const LIST: u16 = 0x1000;
}

/// The body as HTML, as compressed RTF, and the members of a distribution list that are no contacts of the store.
const HTML: u16 = 0x1013;
const RTF: u16 = 0x1009;
const MEMBERS: u16 = 0x8054;
/// What the sets of Outlook's own names have in common: `{000620xx-0000-0000-C000-000000000046}`, without the first byte.
const OUTLOOK: [u8; 15] = [0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
/// Longest name of a property, in bytes of UTF-16.
const NAME_BYTES: usize = 512;

/// What a number of a store stands for.
enum Name {
    /// One of Outlook's own properties, under its published number.
    Known(u16),
    /// A field that a person or a program made up.
    Own(String),
}

/// The names that a store has for the numbers from 0x8000 on.
#[derive(Default)]
pub(super) struct Names(BTreeMap<u16, Name>);

impl Names {
    /// Reads the three streams of names: sets, entries, texts.
    pub(super) fn read(sets: &[u8], entries: &[u8], texts: &[u8]) -> Self {
        let mut names = BTreeMap::new();
        for entry in entries.chunks_exact(8) {
            let number = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
            let set = u16::from_le_bytes([entry[4], entry[5]]);
            let Some(id) = u16::from_le_bytes([entry[6], entry[7]]).checked_add(0x8000) else {
                continue;
            };
            // The lowest bit tells a text; sets 1 and 2 stand in no stream.
            let name = if set & 1 == 1 {
                text_at(texts, number as usize).map(Name::Own)
            } else {
                let at = usize::from(set >> 1).checked_sub(3).map(|n| n * 16);
                let set = at.and_then(|at| sets.get(at..at + 16));
                let known = set.and_then(|set| Self::known(set, number));
                known.map(Name::Known)
            };
            names.extend(name.map(|name| (id, name)));
        }
        Self(names)
    }

    /// The published number of a field of one of Outlook's own sets.
    pub(super) fn known(set: &[u8], number: u32) -> Option<u16> {
        let number = u16::try_from(number).ok()?;
        (set.get(1..) == Some(&OUTLOOK)).then_some(number)
    }
}

/// A text of the stream of names: its length in bytes, then UTF-16.
fn text_at(texts: &[u8], at: usize) -> Option<String> {
    let (len, rest) = texts.get(at..)?.split_first_chunk::<4>()?;
    let raw = rest.get(..(u32::from_le_bytes(*len) as usize).min(NAME_BYTES))?;
    Some(wide(raw))
}

/// A text in UTF-16, without what stands behind its end.
pub(super) fn wide(raw: &[u8]) -> String {
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(raw).0;
    text.trim_end_matches('\0').to_owned()
}

/// A text that is decoded once the item's code page is known.
enum Text {
    Decoded(String),
    Raw(Vec<u8>),
}

/// The properties of one item, attachment or recipient, while they come in.
pub(super) struct Properties<'n> {
    names: &'n Names,
    numbers: BTreeMap<u16, i64>,
    texts: BTreeMap<u16, Text>,
    own: Vec<(String, Text)>,
    html: Vec<u8>,
    rtf: Vec<u8>,
    members: Vec<Vec<u8>>,
}

impl<'n> Properties<'n> {
    pub(super) fn new(names: &'n Names) -> Self {
        Self {
            names,
            numbers: BTreeMap::new(),
            texts: BTreeMap::new(),
            own: Vec::new(),
            html: Vec::new(),
            rtf: Vec::new(),
            members: Vec::new(),
        }
    }

    /// The same without a property, for what hangs on the item.
    pub(super) fn anew(&self) -> Self {
        Self::new(self.names)
    }

    /// Whether a property says something that [`Properties::put`] keeps: pictures, keys and caches are not read at all.
    pub(super) fn wants(&self, id: u16, of: u16) -> bool {
        match of {
            kind::BINARY => matches!(id, HTML | RTF),
            kind::OBJECT => false,
            list if list & kind::LIST != 0 => {
                let members = || matches!(self.names.0.get(&id), Some(Name::Known(MEMBERS)));
                match list & !kind::LIST {
                    kind::BINARY => members(),
                    one => matches!(one, kind::NARROW | kind::WIDE),
                }
            }
            one => matches!(
                one,
                kind::SHORT | kind::LONG | kind::FLAG | kind::NARROW | kind::WIDE | kind::TIME
            ),
        }
    }

    /// Takes one value: a text without a count, a number in as many bytes as there are.
    pub(super) fn put(&mut self, id: u16, of: u16, raw: &[u8]) {
        let text = match (of, id) {
            (kind::BINARY, HTML) => return self.html = raw.to_vec(),
            (kind::BINARY, RTF) => return self.rtf = raw.to_vec(),
            (kind::WIDE, _) => Text::Decoded(wide(raw)),
            (kind::NARROW, _) => Text::Raw(raw.to_vec()),
            (kind::TIME, _) => match raw.first_chunk() {
                Some(raw) => Text::Decoded(time(i64::from_le_bytes(*raw))),
                None => return,
            },
            (kind::SHORT | kind::LONG | kind::FLAG, _) => {
                let number = match (of, raw) {
                    (kind::LONG, [a, b, c, d, ..]) => i32::from_le_bytes([*a, *b, *c, *d]).into(),
                    (kind::SHORT, [a, b, ..]) => i16::from_le_bytes([*a, *b]).into(),
                    (_, raw) => raw.first().map_or(0, |&byte| i64::from(byte)),
                };
                self.numbers.insert(id, number);
                return;
            }
            _ => return,
        };
        self.text(id, text);
    }

    /// Takes a list of values.
    pub(super) fn put_list(&mut self, id: u16, of: u16, values: &[&[u8]]) {
        match of & !kind::LIST {
            kind::WIDE => {
                let values: Vec<_> = values.iter().map(|raw| wide(raw)).collect();
                self.text(id, Text::Decoded(values.join(", ")));
            }
            kind::NARROW => self.text(id, Text::Raw(values.join(&b", "[..]))),
            kind::BINARY => self.members.extend(values.iter().map(|raw| raw.to_vec())),
            _ => {}
        }
    }

    fn text(&mut self, id: u16, text: Text) {
        match self.names.0.get(&id) {
            Some(Name::Known(id)) => drop(self.texts.insert(*id, text)),
            Some(Name::Own(name)) => self.own.push((name.clone(), text)),
            // A number without a name in a store that has names says nothing.
            None if id >= 0x8000 && !self.names.0.is_empty() => {}
            None => drop(self.texts.insert(id, text)),
        }
    }

    /// Takes a field under a name of its own (`TNEF` writes the names beside the values).
    pub(super) fn put_own(&mut self, name: String, of: u16, raw: &[u8]) {
        match of {
            kind::WIDE => self.own.push((name, Text::Decoded(wide(raw)))),
            kind::NARROW => self.own.push((name, Text::Raw(raw.to_vec()))),
            _ => {}
        }
    }

    /// Kind (1 to, 2 cc, 3 bcc), name and address of a recipient of a message in this code page.
    pub(super) fn recipient(self, page: Option<i64>) -> (i32, String, String) {
        self.recipient_in(page.and_then(code_page))
    }

    /// The same, where the encoding is known.
    pub(super) fn recipient_in(self, encoding: Option<Page>) -> (i32, String, String) {
        let kind = self.number(0x0c15).map_or(1, |kind| kind as i32 & 0xf);
        let item = self.item(encoding);
        let name = item.first(&[0x3001, 0x5ff6, 0x3a20]).unwrap_or_default();
        let address = [0x39fe, 0x3003]
            .map(|id| item.text(id))
            .into_iter()
            .find(|text| text.contains('@'));
        (
            kind,
            name.to_owned(),
            address.unwrap_or_default().to_owned(),
        )
    }

    /// A number, if it came.
    pub(super) fn number(&self, id: u16) -> Option<i64> {
        self.numbers.get(&id).copied()
    }

    /// The code page that the item names.
    pub(super) fn page(&self) -> Option<Page> {
        let page = |id: u16| self.number(id).and_then(code_page);
        page(0x3ffd).or(page(0x3fde))
    }

    /// Everything, decoded: texts of eight bits in the code page that the item names, else in `fallback`, else in what they
    /// look like.
    pub(super) fn item(self, fallback: Option<Page>) -> Item {
        let narrow = self.page().or(fallback);
        let decoded = |text: Text| match text {
            Text::Decoded(text) => text,
            Text::Raw(raw) => decode(&raw, narrow).trim_end_matches('\0').to_owned(),
        };
        let html = match std::str::from_utf8(&self.html) {
            Ok(text) => text.to_owned(),
            Err(_) => decode(&self.html, self.number(0x3fde).and_then(code_page)),
        };
        let texts = self.texts.into_iter();
        let own = self.own.into_iter();
        Item {
            texts: texts.map(|(id, text)| (id, decoded(text))).collect(),
            own: own.map(|(name, text)| (name, decoded(text))).collect(),
            html,
            rtf: self.rtf,
            members: self.members.iter().filter_map(|raw| member(raw)).collect(),
            recipients: Vec::new(),
        }
    }
}

/// A time, counted in tenths of microseconds from 1601.
fn time(value: i64) -> String {
    let mut out = Vec::new();
    instant(value / 10_000 - 11_644_473_600_000, &mut out);
    String::from_utf8_lossy(&out).trim_matches('"').to_owned()
}

/// Name and address of a member of a distribution list, as a one-off entry ([MS-OXCDATA] 2.2.5.1): flags, identifier,
/// version, flags of which the highest tells UTF-16, then name, type and address, each up to a zero.
fn member(raw: &[u8]) -> Option<(String, String)> {
    const ONE_OFF: [u8; 16] = [
        0x81, 0x2b, 0x1f, 0xa4, 0xbe, 0xa3, 0x10, 0x19, 0x9d, 0x6e, 0, 0xdd, 1, 0x0f, 0x54, 2,
    ];
    let rest = raw.get(4..)?.strip_prefix(&ONE_OFF)?;
    let flags = u16::from_le_bytes([*rest.get(2)?, *rest.get(3)?]);
    let rest = rest.get(4..)?;
    let texts: Vec<String> = if flags & 0x8000 != 0 {
        wide(rest).split('\0').map(str::to_owned).collect()
    } else {
        let text = |raw: &[u8]| decode(raw, None);
        rest.split(|&byte| byte == 0).map(text).collect()
    };
    let [name, _, address] = texts.get(..3)? else {
        return None;
    };
    Some((name.clone(), address.clone()))
}

/// The encoding of texts of eight bits.
pub(super) type Page = &'static encoding_rs::Encoding;

/// The encoding of a Windows code page; `None` for what is none.
pub(super) fn code_page(page: i64) -> Option<Page> {
    Some(match page {
        50_220..=50_222 => encoding_rs::ISO_2022_JP,
        20_127 => encoding_rs::UTF_8,
        28_591..=28_606 => {
            encoding_rs::Encoding::for_label(format!("iso-8859-{}", page - 28_590).as_bytes())?
        }
        20_866 => encoding_rs::KOI8_R,
        21_866 => encoding_rs::KOI8_U,
        54_936 => encoding_rs::GB18030,
        874 | 932 | 936 | 949 | 950 | 1_250..=1_258 | 20_932 | 51_932 | 65_001 => {
            codec(i32::try_from(page).ok()?)
        }
        _ => return None,
    })
}

/// Text in a code page, or in what it looks like.
pub(super) fn decode(raw: &[u8], page: Option<Page>) -> String {
    match page {
        Some(page) => page.decode_without_bom_handling(raw).0.into_owned(),
        None => detect(raw).encoding.decode(raw).0.into_owned(),
    }
}
