//! Outlook's files, written by hand as [MS-PST] and [MS-OXTNEF] tell: what no other program that could be had here writes.
//!
//! In: contacts and messages. Out: a store in each of the three layouts. It has what a reader needs, not what Outlook does:
//! no allocation maps, no lists of the folders' items, no views. readpst and libpff open what is written here, but look for the
//! items in those lists.

use std::io::Write as _;

use crate::formats::{check, population};
use crate::people;
use crate::plant::{Folder, member_fields, say_headers};
use crate::sheet::{Sheet, encode};

/// How a store is laid out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Layout {
    /// 32-bit, texts in Shift_JIS.
    Narrow,
    /// 64-bit, pages of 512 bytes.
    Wide,
    /// 64-bit, pages of 4 KiB, blocks deflated.
    Large,
}

/// Types of values.
const LONG: u16 = 0x0003;
const NARROW: u16 = 0x001e;
const WIDE: u16 = 0x001f;
const BINARY: u16 = 0x0102;
/// A set of names that anybody may add to.
const PUBLIC: u16 = 2;
/// `PSETID_Address`, the first set of the stream.
const ADDRESS: u16 = 3;
const ADDRESS_SET: [u8; 16] = [4, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// A property: number, type, bytes.
type Property = (u16, u16, Vec<u8>);

/// Somebody: name and address.
pub(crate) type Who<'a> = (&'a str, &'a str);

/// One mail.
pub(crate) struct Mail<'a> {
    pub(crate) from: Who<'a>,
    pub(crate) to: Vec<Who<'a>>,
    pub(crate) subject: &'a str,
    pub(crate) body: &'a str,
    /// Name and bytes.
    pub(crate) files: Vec<(&'a str, &'a [u8])>,
}

/// A store that is being written.
pub(crate) struct Store {
    layout: Layout,
    /// Number and bytes of each block.
    blocks: Vec<(u64, Vec<u8>)>,
    /// Number, data, what hangs below, folder.
    nodes: Vec<(u32, u64, u64, u32)>,
    /// Names of properties: set, number or text.
    names: Vec<(u16, Result<u32, String>)>,
}

impl Store {
    pub(crate) fn new(layout: Layout) -> Self {
        let mut store = Self {
            layout,
            blocks: Vec::new(),
            nodes: Vec::new(),
            names: Vec::new(),
        };
        store.folder(0x122, 0x122, "");
        store.folder(0x8022, 0x122, "Top of Outlook data file");
        store
    }

    fn text(&self, id: u16, text: &str) -> Property {
        match self.layout {
            Layout::Narrow => (
                id,
                NARROW,
                encoding_rs::SHIFT_JIS.encode(text).0.into_owned(),
            ),
            _ => (
                id,
                WIDE,
                text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ),
        }
    }

    /// The number of a named property of this store.
    fn named(&mut self, set: u16, name: Result<u32, String>) -> u16 {
        let name = (set, name);
        let at = self.names.iter().position(|known| *known == name);
        0x8000
            + at.unwrap_or_else(|| {
                self.names.push(name);
                self.names.len() - 1
            }) as u16
    }

    fn block(&mut self, data: Vec<u8>, is_tree: bool) -> u64 {
        let id = (self.blocks.len() as u64 + 1) * 4 + if is_tree { 2 } else { 0 };
        self.blocks.push((id, data));
        id
    }

    /// Long data, in a tree of blocks.
    fn data(&mut self, data: &[u8]) -> u64 {
        const BLOCK: usize = 8_000;
        if data.len() <= BLOCK {
            return self.block(data.to_vec(), false);
        }
        let ids: Vec<u64> = data
            .chunks(BLOCK)
            .map(|piece| self.block(piece.to_vec(), false))
            .collect();
        let mut tree = vec![1, 1];
        tree.extend((ids.len() as u16).to_le_bytes());
        tree.extend((data.len() as u32).to_le_bytes());
        ids.iter().for_each(|&id| self.number(id, &mut tree));
        self.block(tree, true)
    }

    /// Writes a number of a block or a place.
    fn number(&self, number: u64, out: &mut Vec<u8>) {
        match self.layout {
            Layout::Narrow => out.extend((number as u32).to_le_bytes()),
            _ => out.extend(number.to_le_bytes()),
        }
    }

    /// The block that lists nodes below a node: number, data, what hangs below.
    fn below(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        if nodes.is_empty() {
            return 0;
        }
        let mut out = vec![2, 0];
        out.extend((nodes.len() as u16).to_le_bytes());
        if self.layout != Layout::Narrow {
            out.extend([0; 4]);
        }
        for &(id, data, below) in nodes {
            [id.into(), data, below]
                .iter()
                .for_each(|&n| self.number(n, &mut out));
        }
        self.block(out, true)
    }

    /// Writes properties; long values go to nodes of their own, and what else hangs below is added to them.
    fn properties(
        &mut self,
        mut all: Vec<Property>,
        mut below: Vec<(u32, u64, u64)>,
    ) -> (u64, u64) {
        all.sort_by_key(|(id, ..)| *id);
        let mut heap = Heap::default();
        let mut records = Vec::new();
        // The head of the tree and its records go first.
        heap.0.resize(2, Vec::new());
        for (id, of, raw) in all {
            let value = match of {
                LONG => u32::from_le_bytes(raw[..4].try_into().expect("four bytes")),
                _ if raw.is_empty() => 0,
                _ if raw.len() > 3_500 => {
                    let node = (below.len() as u32 + 0x800) << 5 | 0x1f;
                    let data = self.data(&raw);
                    below.push((node, data, 0));
                    node
                }
                _ => heap.add(raw),
            };
            records.extend([id.to_le_bytes(), of.to_le_bytes()].concat());
            records.extend(value.to_le_bytes());
        }
        heap.0[0] = vec![0xb5, 2, 6, 0, 0x40, 0, 0, 0];
        heap.0[1] = records;
        below.sort_unstable();
        (
            self.block(heap.bytes(0xbc, 0x20), false),
            self.below(&below),
        )
    }

    /// Writes a folder.
    pub(crate) fn folder(&mut self, id: u32, parent: u32, name: &str) {
        let name = self.text(0x3001, name);
        let (data, below) = self.properties(vec![name], Vec::new());
        self.nodes.push((id, data, below, parent));
    }

    fn message(&mut self, folder: u32, mut all: Vec<Property>, below: Vec<(u32, u64, u64)>) {
        all.push((0x3ffd, LONG, 932_u32.to_le_bytes().to_vec()));
        let (data, below) = self.properties(all, below);
        let id = (self.nodes.len() as u32 + 0x10_000) << 5 | 0x04;
        self.nodes.push((id, data, below, folder));
    }

    /// Writes an item that nobody sees: the people whom Outlook completes.
    pub(crate) fn completed(&mut self, folder: u32, stream: Vec<u8>) {
        let class = self.text(0x001a, "IPM.Configuration.Autocomplete");
        self.message(folder, vec![class, (0x7c09, BINARY, stream)], Vec::new());
        let node = self.nodes.last_mut().expect("it was written");
        node.0 = node.0 & !0x1f | 0x08;
    }

    /// Writes a contact of fields that somebody made up.
    pub(crate) fn contact(&mut self, folder: u32, fields: &[(&str, &str)]) {
        let mut all = vec![self.text(0x001a, "IPM.Contact")];
        for (name, value) in fields {
            let id = self.named(PUBLIC, Err((*name).to_owned()));
            all.push(self.text(id, value));
        }
        self.message(folder, all, Vec::new());
    }

    /// Writes a contact of Outlook's own fields.
    pub(crate) fn known(&mut self, folder: u32, fields: &[(u16, &str)], address: &str) {
        let mut all = vec![self.text(0x001a, "IPM.Contact")];
        all.extend(fields.iter().map(|(id, value)| self.text(*id, value)));
        let id = self.named(ADDRESS, Ok(0x8083));
        all.push(self.text(id, address));
        self.message(folder, all, Vec::new());
    }

    /// Writes a mail.
    pub(crate) fn mail(&mut self, folder: u32, mail: &Mail<'_>) {
        let mut below = Vec::new();
        if !mail.to.is_empty() {
            let table = self.recipients(&mail.to);
            below.push((0x692, table, 0));
        }
        for (n, (name, bytes)) in mail.files.iter().enumerate() {
            let all = vec![
                self.text(0x3707, name),
                (0x3705, LONG, 1_u32.to_le_bytes().to_vec()),
                (0x3701, BINARY, bytes.to_vec()),
            ];
            let (data, more) = self.properties(all, Vec::new());
            below.push(((n as u32 + 0x400) << 5 | 0x05, data, more));
        }
        let all = vec![
            self.text(0x001a, "IPM.Note"),
            self.text(0x0037, mail.subject),
            self.text(0x0c1a, mail.from.0),
            self.text(0x5d01, mail.from.1),
            self.text(0x1000, mail.body),
        ];
        self.message(folder, all, below);
    }

    /// The table of recipients: row number, version, kind, name, address.
    fn recipients(&mut self, to: &[Who<'_>]) -> u64 {
        let text = if self.layout == Layout::Narrow {
            NARROW
        } else {
            WIDE
        };
        let columns: [(u16, u16, u16); 5] = [
            (LONG, 0x0c15, 8),
            (text, 0x3001, 12),
            (text, 0x39fe, 16),
            (LONG, 0x67f2, 0),
            (LONG, 0x67f3, 4),
        ];
        let mut heap = Heap::default();
        heap.0.resize(4, Vec::new());
        let (mut index, mut matrix) = (Vec::new(), Vec::new());
        for (n, (name, address)) in to.iter().enumerate() {
            index.extend((n as u32).to_le_bytes());
            match self.layout {
                Layout::Narrow => index.extend((n as u16).to_le_bytes()),
                _ => index.extend((n as u32).to_le_bytes()),
            }
            let [name, address] = [(0x3001, name), (0x39fe, address)].map(|(id, value)| {
                let raw = self.text(id, value).2;
                heap.add(raw)
            });
            for value in [n as u32, 1, 1, name, address] {
                matrix.extend(value.to_le_bytes());
            }
            matrix.push(0xf8);
        }
        let mut info = vec![0x7c, 5];
        for end in [20_u16, 20, 20, 21] {
            info.extend(end.to_le_bytes());
        }
        for id in [0x40_u32, 0x80, 0] {
            info.extend(id.to_le_bytes());
        }
        for (n, (of, id, at)) in [columns[0], columns[1], columns[2], columns[3], columns[4]]
            .iter()
            .enumerate()
        {
            // Bits are given out in the order of the places.
            let bit = [2, 3, 4, 0, 1][n];
            info.extend([of.to_le_bytes(), id.to_le_bytes(), at.to_le_bytes()].concat());
            info.extend([4, bit]);
        }
        let value = if self.layout == Layout::Narrow { 2 } else { 4 };
        heap.0[0] = info;
        heap.0[1] = vec![0xb5, 4, value, 0, 0x60, 0, 0, 0];
        heap.0[2] = index;
        heap.0[3] = matrix;
        self.block(heap.bytes(0x7c, 0x20), false)
    }

    /// Writes the node of names.
    fn names(&mut self) {
        let (mut entries, mut texts) = (Vec::new(), Vec::new());
        for (n, (set, name)) in self.names.iter().enumerate() {
            let (number, kind) = match name {
                Ok(number) => (*number, 0),
                Err(text) => {
                    let raw: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                    let at = texts.len() as u32;
                    texts.extend((raw.len() as u32).to_le_bytes());
                    texts.extend(&raw);
                    texts.resize(texts.len().next_multiple_of(4), 0);
                    (at, 1)
                }
            };
            entries.extend(number.to_le_bytes());
            entries.extend((set << 1 | kind).to_le_bytes());
            entries.extend((n as u16).to_le_bytes());
        }
        let all = vec![
            (1, LONG, 1_u32.to_le_bytes().to_vec()),
            (2, BINARY, ADDRESS_SET.to_vec()),
            (3, BINARY, entries),
            (4, BINARY, texts),
        ];
        let (data, below) = self.properties(all, Vec::new());
        self.nodes.push((0x61, data, below, 0));
    }

    /// The store's own node, which says what the top folder is.
    fn store(&mut self) {
        let mut entry = vec![0; 20];
        entry.extend(0x8022_u32.to_le_bytes());
        let all = vec![
            (0x0ff9, BINARY, vec![0; 16]),
            self.text(0x3001, "store"),
            (0x35e0, BINARY, entry),
        ];
        let (data, below) = self.properties(all, Vec::new());
        self.nodes.push((0x21, data, below, 0));
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.names();
        self.store();
        let (page, align) = match self.layout {
            Layout::Large => (4_096, 512),
            _ => (512, 64),
        };
        let mut out = vec![0; page.max(1_024)];
        let mut places = Vec::new();
        for (id, data) in &self.blocks {
            let at = out.len() as u64;
            let stored = match self.layout {
                Layout::Large if data.len() > 200 => {
                    let level = flate2::Compression::default();
                    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), level);
                    packed.write_all(data).expect("memory takes it");
                    packed.finish().expect("memory takes it")
                }
                _ => data.clone(),
            };
            places.push((*id, at, stored.len() as u16, data.len() as u16));
            out.extend(&stored);
            self.end_block(*id, &stored, data.len(), align, &mut out);
        }
        self.nodes.sort_unstable();
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .map(|&(id, data, below, parent)| {
                let mut entry = Vec::new();
                [id.into(), data, below]
                    .iter()
                    .for_each(|&n| self.number(n, &mut entry));
                entry.extend(parent.to_le_bytes());
                entry.resize(
                    if self.layout == Layout::Narrow {
                        16
                    } else {
                        32
                    },
                    0,
                );
                (u64::from(id), entry)
            })
            .collect();
        let blocks: Vec<_> = places
            .iter()
            .map(|&(id, at, len, whole)| {
                let mut entry = Vec::new();
                [id, at].iter().for_each(|&n| self.number(n, &mut entry));
                entry.extend(len.to_le_bytes());
                if self.layout == Layout::Large {
                    entry.extend(whole.to_le_bytes());
                }
                entry.extend(2_u16.to_le_bytes());
                entry.resize(
                    if self.layout == Layout::Narrow {
                        12
                    } else {
                        24
                    },
                    0,
                );
                (id, entry)
            })
            .collect();
        let nodes = self.tree(0x81, nodes, page, &mut out);
        let blocks = self.tree(0x80, blocks, page, &mut out);
        self.header(nodes, blocks, &mut out);
        out
    }

    /// Fills a block up, and writes what stands behind it.
    fn end_block(&self, id: u64, stored: &[u8], whole: usize, align: usize, out: &mut Vec<u8>) {
        let size = match self.layout {
            Layout::Narrow => 12,
            Layout::Wide => 16,
            Layout::Large => 24,
        };
        let start = out.len() - stored.len();
        out.resize(
            start + (stored.len() + size).next_multiple_of(align) - size,
            0,
        );
        let mark = mark(start as u64, id);
        out.extend((stored.len() as u16).to_le_bytes());
        out.extend(mark.to_le_bytes());
        match self.layout {
            Layout::Narrow => {
                out.extend((id as u32).to_le_bytes());
                out.extend(checksum(stored).to_le_bytes());
            }
            _ => {
                out.extend(checksum(stored).to_le_bytes());
                out.extend(id.to_le_bytes());
            }
        }
        if self.layout == Layout::Large {
            out.extend([0, 0]);
            out.extend((whole as u16).to_le_bytes());
            out.extend([0; 4]);
        }
    }

    /// Writes pages of entries and, above them, pages of pages; gives number and place of the root.
    fn tree(
        &self,
        of: u8,
        entries: Vec<(u64, Vec<u8>)>,
        page: usize,
        out: &mut Vec<u8>,
    ) -> (u64, u64) {
        let (mut level, mut entries) = (0, entries);
        loop {
            let size = entries[0].1.len();
            let room = match self.layout {
                Layout::Narrow => 496,
                Layout::Wide => 488,
                Layout::Large => 4_056,
            };
            let mut above = Vec::new();
            for some in entries.chunks(room / size) {
                out.resize(out.len().next_multiple_of(page), 0);
                let at = out.len() as u64;
                let id = at / 512 * 4;
                let mut body: Vec<u8> = some.iter().flat_map(|(_, raw)| raw.clone()).collect();
                body.resize(room, 0);
                let (n, most) = (some.len() as u16, (room / size) as u16);
                match self.layout {
                    Layout::Large => {
                        body.extend([n.to_le_bytes(), most.to_le_bytes()].concat());
                        body.extend([size as u8, level]);
                        body.resize(4_072, 0);
                    }
                    _ => body.extend([n as u8, most as u8, size as u8, level]),
                }
                if self.layout == Layout::Wide {
                    body.extend([0; 4]);
                }
                let sum = checksum(&body);
                out.extend(&body);
                out.extend([of, of]);
                out.extend(mark(at, id).to_le_bytes());
                match self.layout {
                    Layout::Narrow => {
                        out.extend((id as u32).to_le_bytes());
                        out.extend(sum.to_le_bytes());
                    }
                    _ => {
                        out.extend(sum.to_le_bytes());
                        out.extend(id.to_le_bytes());
                    }
                }
                out.resize(out.len().next_multiple_of(page), 0);
                let mut entry = Vec::new();
                [some[0].0, id, at]
                    .iter()
                    .for_each(|&n| self.number(n, &mut entry));
                above.push((some[0].0, entry, id, at));
            }
            if let [(_, _, id, at)] = above[..] {
                return (id, at);
            }
            entries = above
                .into_iter()
                .map(|(key, entry, ..)| (key, entry))
                .collect();
            level += 1;
        }
    }

    fn header(&self, nodes: (u64, u64), blocks: (u64, u64), out: &mut [u8]) {
        let (version, root, sentinel) = match self.layout {
            Layout::Narrow => (15_u16, 0xa4, 0x1cc),
            Layout::Wide => (23, 0xb4, 0x200),
            Layout::Large => (36, 0xb4, 0x200),
        };
        let len = out.len() as u64;
        out[..4].copy_from_slice(b"!BDN");
        out[8..10].copy_from_slice(if self.layout == Layout::Large {
            b"SO"
        } else {
            b"SM"
        });
        out[10..12].copy_from_slice(&version.to_le_bytes());
        out[12..14].copy_from_slice(&19_u16.to_le_bytes());
        out[14..16].copy_from_slice(&[1, 1]);
        let mut tail = vec![0; 4];
        for n in [len, 0, 0, 0, nodes.0, nodes.1, blocks.0, blocks.1] {
            self.number(n, &mut tail);
        }
        tail.push(2);
        out[root..root + tail.len()].copy_from_slice(&tail);
        out[sentinel] = 0x80;
        let part = checksum(&out[8..8 + 471]);
        out[4..8].copy_from_slice(&part.to_le_bytes());
        if self.layout != Layout::Narrow {
            let whole = checksum(&out[8..8 + 516]);
            out[0x20c..0x210].copy_from_slice(&whole.to_le_bytes());
        }
    }
}

/// What stands behind pages and blocks to tell that they are where they belong ([MS-PST] 5.5).
fn mark(at: u64, id: u64) -> u16 {
    let n = at as u32 ^ id as u32;
    (n >> 16) as u16 ^ n as u16
}

/// The checksum of [MS-PST] 5.3.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

/// Values on one heap.
#[derive(Default)]
struct Heap(Vec<Vec<u8>>);

impl Heap {
    /// Adds a value; gives its number. In a heap of one block that is the same in every layout.
    fn add(&mut self, raw: Vec<u8>) -> u32 {
        self.0.push(raw);
        (self.0.len() as u32) << 5
    }

    fn bytes(&self, of: u8, root: u32) -> Vec<u8> {
        let mut out = vec![0, 0, 0xec, of];
        out.extend(root.to_le_bytes());
        out.extend([0; 4]);
        let mut ends = vec![out.len() as u16];
        for raw in &self.0 {
            out.extend(raw);
            ends.push(out.len() as u16);
        }
        out.resize(out.len().next_multiple_of(2), 0);
        assert!(out.len() < 7_000, "it fits into a block");
        let at = out.len() as u16;
        out[..2].copy_from_slice(&at.to_le_bytes());
        out.extend((self.0.len() as u16).to_le_bytes());
        out.extend([0, 0]);
        ends.iter().for_each(|end| out.extend(end.to_le_bytes()));
        out
    }
}

/// The people of a sheet as contacts, every column a field that somebody made up.
pub(crate) fn contacts(sheet: &Sheet, layout: Layout) -> Vec<u8> {
    let mut store = Store::new(layout);
    store.folder(0x8082, 0x8022, "連絡先");
    for (cells, _) in &sheet.rows {
        let fields: Vec<(&str, &str)> = sheet
            .fields
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(field, cell)| (field.name, &cell[..]))
            .collect();
        store.contact(0x8082, &fields);
    }
    store.finish()
}

#[test]
#[cfg(feature = "mail-stores")]
fn contacts_of_every_layout() {
    let sheet = population();
    check(&[
        ("wide.pst", contacts(&sheet, Layout::Wide)),
        ("narrow.pst", contacts(&sheet, Layout::Narrow)),
        ("large.ost", contacts(&sheet, Layout::Large)),
    ]);
}

/// An attribute of a `winmail.dat`.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let sum = data
        .iter()
        .fold(0_u16, |sum, &byte| sum.wrapping_add(byte.into()));
    let mut out = vec![level];
    out.extend(id.to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(sum.to_le_bytes());
    out
}

/// Files as Outlook packs them into one attachment.
fn winmail(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
    out.extend(attribute(1, 0x0008_9006, &[0, 0, 1, 0]));
    out.extend(attribute(1, 0x0006_9007, &932_u64.to_le_bytes()));
    for (name, bytes) in files {
        let name = encoding_rs::SHIFT_JIS.encode(name).0;
        out.extend(attribute(2, 0x0006_9002, &[0; 14]));
        out.extend(attribute(2, 0x0001_8010, &[&name[..], &[0]].concat()));
        out.extend(attribute(2, 0x0006_800f, bytes));
    }
    out
}

/// A store with contacts, and with mail that carries a list, in it a `winmail.dat`.
pub(crate) fn folder() -> Folder {
    let mut folder = Folder::new("pst-contacts-and-mail");
    let (address_book, senders) = (people::population(71, 12), people::population(72, 6));
    let list = Sheet::of("名簿", member_fields(), &people::population(73, 10));
    let packed = Sheet::of("会員表", member_fields(), &people::population(74, 10));
    let attached = [
        ("名簿.csv", encode(&list.csv(), "shift_jis")),
        (
            "winmail.dat",
            winmail(&[("会員表.csv", packed.csv().into())]),
        ),
    ];
    let source = "input/backup.pst";
    let mut store = Store::new(Layout::Wide);
    store.folder(0x8082, 0x8022, "受信トレイ");
    store.folder(0x80a2, 0x8022, "連絡先");
    for person in &address_book {
        let name = person.joined(" ");
        store.known(
            0x80a2,
            &[(0x3001, &name), (0x3a1c, &person.mobile)],
            &person.email,
        );
        let said = [
            ("person-name", &name),
            ("phone", &person.mobile),
            ("email", &person.email),
        ];
        for (kind, value) in said {
            folder.truth.say(source, kind, "", value, Some(person));
        }
    }
    for (n, person) in senders.iter().enumerate() {
        let name = person.joined(" ");
        let files = attached.iter().take(if n == 0 { 2 } else { 0 });
        store.mail(
            0x8082,
            &Mail {
                from: (&name, &person.email),
                to: vec![("", "soumu@hatake.example")],
                subject: "名簿送付",
                body: "お世話になっております。\r\n添付のとおりお送りします。\r\n",
                files: files.map(|(name, bytes)| (*name, &bytes[..])).collect(),
            },
        );
        say_headers(&mut folder.truth, source, person, "soumu@hatake.example");
    }
    let place = format!("{source}!/受信トレイ/0");
    folder.truth.sheet(&format!("{place}/名簿.csv"), &list);
    folder
        .truth
        .sheet(&format!("{place}/winmail.dat!/0/会員表.csv"), &packed);
    folder.file("backup.pst", store.finish());
    folder
}

/// Every cut and many changed bytes of each layout: an end, and no panic.
#[test]
#[cfg(feature = "mail-stores")]
fn damaged_stores_end() {
    let sheet = population();
    for layout in [Layout::Wide, Layout::Narrow, Layout::Large] {
        let whole = contacts(&sheet, layout);
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut rng = people::Rng::new(9);
        let mut names = Vec::new();
        for n in 0..40_u64 {
            let mut changed = whole.clone();
            if n % 4 == 0 {
                changed.truncate(rng.below(whole.len() as u64) as usize);
            }
            for _ in 0..n * 4 {
                let at = rng.below(changed.len().max(1) as u64) as usize;
                if let Some(byte) = changed.get_mut(at) {
                    *byte = rng.below(256) as u8;
                }
            }
            let name = format!("{n}.pst");
            std::fs::write(folder.path().join(&name), changed).expect("the file can be written");
            names.push(name);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let report = crate::run::report(folder.path(), &names);
        let problems = crate::run::items(&report, "problems");
        let bugs = problems.iter().filter(|problem| problem["code"] == "bug");
        assert_eq!(bugs.count(), 0, "{}", report["problems"]);
        assert!(!problems.is_empty());
    }
}

/// One item that cannot be read is said, and costs no other.
#[test]
#[cfg(feature = "mail-stores")]
fn a_damaged_item_leaves_the_others() {
    let sheet = population();
    let mut bytes = contacts(&sheet, Layout::Wide);
    // The head of the heap of an item: its mark.
    let heads: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\xec\xbc\x20\x00").collect();
    let at = heads[heads.len() / 2];
    bytes[at] = 0;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("a.pst"), bytes).expect("the file can be written");
    let report = crate::run::report(folder.path(), &["a.pst"]);
    let rows = crate::run::number(&report["subjects"], &["rows"]);
    assert_eq!(rows, sheet.rows.len() as u64 - 1);
    assert_eq!(crate::run::items(&report, "problems").len(), 1);
}
