//! The lower layer of an Outlook store: pages, the trees of nodes and of blocks, and blocks in the clear ([MS-PST] 2.2).
//!
//! In: the bytes of a store. Out: its nodes, and the data of each as a row of blocks. Of pages of 4 KiB and deflated
//! blocks, which Outlook 2013 brought for `.ost`, no specification is published; what is read here is what the files show.
//!
//! A page that is damaged costs what hangs on it and is said; a checksum is not looked at, since damaged data is still data.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::{Decompress, FlushDecompress};

use super::cipher;
use crate::source::{Code, Fault};

/// The first bytes of a store.
pub(super) const MAGIC: &[u8] = b"!BDN";
/// Levels of a tree of pages or of blocks; the format's own bound is lower.
const LEVELS: u8 = 8;
/// Bytes of blocks that may be read of a store: so many times its length, and so many more.
const WORK: (u64, u64) = (64, 256 << 20);
/// A block that is next to empty costs as much as this.
const STEP: u64 = 64;

/// The three layouts that there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    /// 32-bit, texts in a code page: up to Outlook 2002.
    Narrow,
    /// 64-bit, pages of 512 bytes.
    Wide,
    /// 64-bit, pages of 4 KiB, blocks deflated.
    Large,
}

/// A node: what a folder, message or table is kept in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Its number; the lowest five bits are its type.
    pub(super) id: u32,
    /// The block of its data, and of the nodes below it; 0 for none.
    pub(super) data: u64,
    pub(super) below: u64,
    /// The folder that it lies in.
    pub(super) parent: u32,
}

impl Node {
    /// Its type ([MS-PST] 2.2.2.1).
    pub(super) fn of(self) -> u32 {
        self.id & 0x1f
    }
}

/// A store's pages.
pub(super) struct Pages<'a> {
    bytes: &'a [u8],
    pub(super) layout: Layout,
    cipher: u8,
    /// Where the root pages of the two trees stand.
    nodes_at: u64,
    blocks_at: u64,
}

/// What reading a store may still cost: an honest one is read once or twice.
pub(super) struct Work(AtomicU64);

/// Reads a number of so many bytes.
pub(super) fn number(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let raw = bytes.get(at..at.checked_add(len)?)?;
    Some(
        raw.iter()
            .rev()
            .fold(0, |n, &byte| n << 8 | u64::from(byte)),
    )
}

/// A page of a tree: its level and its entries.
struct Page<'a> {
    level: u8,
    entries: std::slice::ChunksExact<'a, u8>,
}

impl<'a> Pages<'a> {
    /// Reads the header.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let damaged = || Fault::at(Code::Malformed, 0, "the whole source");
        let layout = match number(bytes, 10, 2).ok_or_else(damaged)? {
            14 | 15 => Layout::Narrow,
            // 21: a preview of the 64-bit layout; 37 and more are pages of 4 KiB too.
            20..=35 => Layout::Wide,
            36..=40 => Layout::Large,
            _ => return Err(Fault::at(Code::Unsupported, 10, "the whole source")),
        };
        let (cipher_at, nodes_at, blocks_at, len) = match layout {
            Layout::Narrow => (0x1cd, 0xbc, 0xc4, 4),
            Layout::Wide | Layout::Large => (0x201, 0xe0, 0xf0, 8),
        };
        let cipher = *bytes.get(cipher_at).ok_or_else(damaged)?;
        if cipher == 0x10 {
            // Kept by Windows under the keys of an account.
            return Err(Fault::whole(Code::Encrypted, "the whole source"));
        }
        Ok(Self {
            bytes,
            layout,
            cipher,
            nodes_at: number(bytes, nodes_at, len).ok_or_else(damaged)?,
            blocks_at: number(bytes, blocks_at, len).ok_or_else(damaged)?,
        })
    }

    /// What may be read before a store is called a bomb.
    pub(super) fn work(&self) -> Work {
        let (times, more) = WORK;
        Work(AtomicU64::new(
            (self.bytes.len() as u64)
                .saturating_mul(times)
                .saturating_add(more),
        ))
    }

    /// The length of numbers of blocks and of places.
    fn width(&self) -> usize {
        match self.layout {
            Layout::Narrow => 4,
            Layout::Wide | Layout::Large => 8,
        }
    }

    fn page(&self, at: u64) -> Option<Page<'a>> {
        let (size, meta) = match self.layout {
            Layout::Narrow => (512, 496),
            Layout::Wide => (512, 488),
            Layout::Large => (4096, 4056),
        };
        let at = usize::try_from(at).ok()?;
        let page = self.bytes.get(at..at.checked_add(size)?)?;
        let (n, entry, level) = match self.layout {
            Layout::Large => (
                number(page, meta, 2)? as usize,
                page[meta + 4],
                page[meta + 5],
            ),
            _ => (usize::from(page[meta]), page[meta + 2], page[meta + 3]),
        };
        let least = match (level, self.layout) {
            (0, Layout::Narrow) => 12,
            (0, _) => 24,
            (_, Layout::Narrow) => 12,
            (_, _) => 24,
        };
        let entry = usize::from(entry);
        let entries = page[..meta].get(..n.checked_mul(entry)?)?;
        (level <= LEVELS && entry >= least).then(|| Page {
            level,
            entries: entries.chunks_exact(entry),
        })
    }

    /// Every node, in the order of their numbers, and what could not be read of their tree.
    pub(super) fn nodes(&self) -> (Vec<Node>, Vec<Fault>) {
        let (mut nodes, mut faults) = (Vec::new(), Vec::new());
        let mut todo = vec![(self.nodes_at, LEVELS + 1)];
        // No tree has more pages than there is room for in the store.
        let mut left = self.bytes.len() / 512 + 1;
        let width = self.width();
        while let Some((at, above)) = todo.pop() {
            let page = self.page(at).filter(|page| page.level < above && left > 0);
            let Some(page) = page else {
                faults.push(Fault::at(Code::Malformed, at, "a page of nodes"));
                continue;
            };
            left -= 1;
            if page.level > 0 {
                // The last in is the first out.
                let pages = page.entries.rev();
                todo.extend(
                    pages.filter_map(|entry| Some((number(entry, 2 * width, width)?, page.level))),
                );
                continue;
            }
            nodes.extend(page.entries.filter_map(|entry| {
                Some(Node {
                    id: number(entry, 0, 4)? as u32,
                    data: number(entry, width, width)?,
                    below: number(entry, 2 * width, width)?,
                    parent: number(entry, 3 * width, 4)? as u32,
                })
            }));
        }
        (nodes, faults)
    }

    /// Where a block stands, its length, and its length once inflated.
    fn find(&self, block: u64) -> Option<(usize, usize, usize)> {
        let width = self.width();
        let (mut at, mut above) = (self.blocks_at, LEVELS + 1);
        loop {
            let page = self.page(at).filter(|page| page.level < above)?;
            let key = |entry: &[u8]| number(entry, 0, width).map(|key| key & !1);
            if page.level == 0 {
                let mut entries = page.entries;
                let entry = entries.find(|entry| key(entry) == Some(block & !1))?;
                let (place, len) = (number(entry, width, width)?, number(entry, 2 * width, 2)?);
                let inflated = match self.layout {
                    Layout::Large => number(entry, 2 * width + 2, 2)?,
                    _ => len,
                };
                return Some((
                    usize::try_from(place).ok()?,
                    len as usize,
                    inflated as usize,
                ));
            }
            let below = page.entries.rev();
            let mut below = below.skip_while(|entry| key(entry) > Some(block & !1));
            at = number(below.next()?, 2 * width, width)?;
            above = page.level;
        }
    }

    /// The bytes of a block as they were written.
    fn block(&self, block: u64, work: &Work) -> Result<Cow<'a, [u8]>, Fault> {
        let damaged = |at: usize| Fault::at(Code::Malformed, at as u64, "a block of an item");
        let missing = || Fault::whole(Code::Malformed, "a block of an item");
        let (at, len, inflated) = self.find(block).ok_or_else(missing)?;
        let raw = at.checked_add(len).and_then(|end| self.bytes.get(at..end));
        let raw = raw.ok_or_else(|| Fault::at(Code::Truncated, at as u64, "a block of an item"))?;
        work.charge(len.max(inflated) as u64)?;
        let is_tree = block & 2 != 0;
        let mut bytes = Cow::Borrowed(raw);
        if self.layout == Layout::Large && inflated != 0 && inflated != len {
            bytes = Cow::Owned(inflate(raw, inflated).ok_or_else(|| damaged(at))?);
        }
        if self.cipher != 0 && !is_tree {
            let bytes = bytes.to_mut();
            match self.cipher {
                1 => cipher::permute(bytes),
                2 => cipher::turn(bytes, block as u32),
                _ => {
                    return Err(Fault::at(
                        Code::Unsupported,
                        at as u64,
                        "a block of an item",
                    ));
                }
            }
        }
        Ok(bytes)
    }

    /// Gives the blocks of data that hang on a block, in order.
    pub(super) fn data(
        &self,
        block: u64,
        work: &Work,
        take: &mut dyn FnMut(Cow<'a, [u8]>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.data_below(block, 3, work, take)
    }

    fn data_below(
        &self,
        block: u64,
        above: u8,
        work: &Work,
        take: &mut dyn FnMut(Cow<'a, [u8]>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if block == 0 {
            return Ok(());
        }
        let bytes = self.block(block, work)?;
        if block & 2 == 0 {
            return take(bytes);
        }
        let damaged = || Fault::whole(Code::Malformed, "a block of an item");
        // Type 1, level, count, length of the data, then the blocks.
        let (Some(1), Some(&level)) = (bytes.first(), bytes.get(1)) else {
            return Err(damaged());
        };
        if level == 0 || level >= above {
            return Err(damaged());
        }
        let n = number(&bytes, 2, 2).ok_or_else(damaged)? as usize;
        let width = self.width();
        for i in 0..n {
            let below = number(&bytes, 8 + i * width, width).ok_or_else(damaged)?;
            self.data_below(below, level, work, take)?;
        }
        Ok(())
    }

    /// All the data that hangs on a block, up to a length.
    pub(super) fn whole(&self, block: u64, most: usize, work: &Work) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        self.data(block, work, &mut |bytes| {
            out.extend_from_slice(&bytes[..bytes.len().min(most - out.len())]);
            Ok(())
        })?;
        Ok(out)
    }

    /// The nodes below a node.
    pub(super) fn below(&self, block: u64, work: &Work) -> Result<BTreeMap<u32, Node>, Fault> {
        let mut out = BTreeMap::new();
        self.below_into(block, 3, work, &mut out)?;
        Ok(out)
    }

    fn below_into(
        &self,
        block: u64,
        above: u8,
        work: &Work,
        out: &mut BTreeMap<u32, Node>,
    ) -> Result<(), Fault> {
        if block == 0 {
            return Ok(());
        }
        let damaged = || Fault::whole(Code::Malformed, "the parts of an item");
        let bytes = self.block(block, work)?;
        let (Some(2), Some(&level)) = (bytes.first(), bytes.get(1)) else {
            return Err(damaged());
        };
        if level >= above {
            return Err(damaged());
        }
        let n = number(&bytes, 2, 2).ok_or_else(damaged)? as usize;
        let width = self.width();
        // Aligned as the numbers are.
        let start = width;
        let size = width * if level == 0 { 3 } else { 2 };
        work.charge(n as u64 * STEP)?;
        for i in 0..n {
            let at = start + i * size;
            let id = number(&bytes, at, 4).ok_or_else(damaged)? as u32;
            let first = number(&bytes, at + width, width).ok_or_else(damaged)?;
            if level > 0 {
                self.below_into(first, level, work, out)?;
                continue;
            }
            let below = number(&bytes, at + 2 * width, width).ok_or_else(damaged)?;
            out.insert(
                id,
                Node {
                    id,
                    data: first,
                    below,
                    parent: 0,
                },
            );
        }
        Ok(())
    }
}

impl Work {
    /// Takes what a step costs.
    fn charge(&self, bytes: u64) -> Result<(), Fault> {
        let take = |left: u64| left.checked_sub(bytes.max(STEP));
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .map(drop)
            .map_err(|_| Fault::whole(Code::OverBudget, "the rest of the store"))
    }
}

/// Inflates a block of known length.
fn inflate(raw: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(len);
    let mut stream = Decompress::new(true);
    stream
        .decompress_vec(raw, &mut out, FlushDecompress::Finish)
        .ok()?;
    (out.len() == len).then_some(out)
}
