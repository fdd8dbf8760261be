//! The middle layer of an Outlook store: heaps, trees on them, properties and tables ([MS-PST] 2.3).
//!
//! In: a node. Out: its properties, or the rows of its table, each value as number, type and bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::pages::{Layout, Node, Pages, Work, number};
use crate::format::mail::property::kind;
use crate::source::{Code, Fault};

/// Bytes of one heap: the values in it are short, longer ones stand in nodes of their own.
const HEAP_BYTES: usize = 64 << 20;
/// Levels of a tree on a heap.
const LEVELS: u8 = 8;
/// Rows of a table that are read: recipients of one message.
const ROWS: usize = 100_000;
/// Values in a list.
const LIST: usize = 10_000;

/// One value: number, type, bytes.
pub(super) struct Value {
    pub(super) id: u16,
    pub(super) of: u16,
    pub(super) raw: Vec<u8>,
}

/// Which values are wanted.
pub(super) type Wants<'w> = dyn Fn(u16, u16) -> bool + 'w;

fn damaged() -> Fault {
    Fault::whole(Code::Malformed, "the properties of an item")
}

/// A node opened: its heap, and the nodes below it.
pub(super) struct Heap<'p, 'a> {
    pages: &'p Pages<'a>,
    work: &'p Work,
    blocks: Vec<Cow<'a, [u8]>>,
    below: BTreeMap<u32, Node>,
    /// What of it could not be read.
    pub(super) fault: Option<Fault>,
}

impl<'p, 'a> Heap<'p, 'a> {
    /// Opens a node. What hangs below it may be missing: many items have nothing there.
    pub(super) fn open(pages: &'p Pages<'a>, node: Node, work: &'p Work) -> Result<Self, Fault> {
        let (mut blocks, mut len) = (Vec::new(), 0);
        let read = pages.data(node.data, work, &mut |block| {
            len += block.len();
            blocks.push(block);
            if len > HEAP_BYTES {
                return Err(damaged());
            }
            Ok(())
        });
        if blocks.is_empty() {
            return Err(read.err().unwrap_or_else(damaged));
        }
        let below = pages.below(node.below, work);
        let fault = read.err().or(below.as_ref().err().cloned());
        Ok(Self {
            pages,
            work,
            blocks,
            below: below.unwrap_or_default(),
            fault,
        })
    }

    /// The nodes below it.
    pub(super) fn below(&self) -> impl Iterator<Item = Node> {
        self.below.values().copied()
    }

    /// A node below it.
    pub(super) fn node(&self, id: u32) -> Option<Node> {
        self.below.get(&id).copied()
    }

    /// What stands on the heap under a number: five bits of type, then the place in a block, then the block.
    fn get(&self, id: u32) -> Option<&[u8]> {
        let (index, block) = match self.pages.layout {
            Layout::Large => (id >> 5 & 0x3fff, id >> 19),
            _ => (id >> 5 & 0x7ff, id >> 16),
        };
        if id & 0x1f != 0 {
            return None;
        }
        let block = self.blocks.get(block as usize)?;
        let map = number(block, 0, 2)? as usize;
        // Two counts, then where each begins, and the last ends.
        let at = map + 4 + (index as usize).checked_sub(1)? * 2;
        let n = number(block, map, 2)?;
        if u64::from(index) > n {
            return None;
        }
        block.get(number(block, at, 2)? as usize..number(block, at + 2, 2)? as usize)
    }

    /// What the heap is, and where it begins.
    fn root(&self, of: u8) -> Result<u32, Fault> {
        let head = self.blocks.first().and_then(|block| block.get(..8));
        match head {
            Some([_, _, 0xec, found, a, b, c, d]) if *found == of => {
                Ok(u32::from_le_bytes([*a, *b, *c, *d]))
            }
            _ => Err(damaged()),
        }
    }

    /// The records of a tree on the heap, each a key and a value; `sizes` are theirs.
    fn tree(&self, id: u32, sizes: (u8, u8)) -> Result<Vec<&[u8]>, Fault> {
        let head = self.get(id).and_then(|raw| raw.get(..8));
        let Some(&[0xb5, key, value, levels, a, b, c, d]) = head else {
            return Err(damaged());
        };
        if (key, value) != sizes || levels > LEVELS {
            return Err(damaged());
        }
        let mut found = Vec::new();
        let mut todo = vec![(u32::from_le_bytes([a, b, c, d]), levels)];
        let mut left = self.blocks.iter().map(|block| block.len()).sum::<usize>();
        while let Some((id, level)) = todo.pop() {
            // An empty tree has no root.
            let Some(raw) = self.get(id) else { continue };
            left = left.checked_sub(raw.len() + 1).ok_or_else(damaged)?;
            if level == 0 {
                found.extend(raw.chunks_exact(usize::from(key) + usize::from(value)));
                continue;
            }
            let below = raw.chunks_exact(usize::from(key) + 4).rev();
            todo.extend(
                below.filter_map(|entry| {
                    Some((number(entry, usize::from(key), 4)? as u32, level - 1))
                }),
            );
        }
        Ok(found)
    }

    /// The wanted properties of the node. One that cannot be read leaves the others.
    pub(super) fn properties(&mut self, wants: &Wants<'_>) -> Result<Vec<Value>, Fault> {
        let root = self.root(0xbc)?;
        let mut out = Vec::new();
        let mut fault = None;
        for record in self.tree(root, (2, 6))? {
            let [id, of] = [0, 2].map(|at| u16::from_le_bytes([record[at], record[at + 1]]));
            if !wants(id, of) {
                continue;
            }
            match self.value(of, &record[4..8]) {
                Ok(raw) => out.push(Value { id, of, raw }),
                Err(lost) => fault = Some(lost),
            }
        }
        self.fault = self.fault.take().or(fault);
        Ok(out)
    }

    /// A value from its four bytes: itself, or where it stands.
    fn value(&self, of: u16, raw: &[u8]) -> Result<Vec<u8>, Fault> {
        if matches!(
            of,
            kind::SHORT | kind::LONG | kind::FLAG | 0x0004 | 0x000a | 0
        ) {
            return Ok(raw.to_vec());
        }
        let id = number(raw, 0, 4).unwrap_or(0) as u32;
        match id {
            0 => Ok(Vec::new()),
            id if id & 0x1f == 0 => self.get(id).map(<[u8]>::to_vec).ok_or_else(damaged),
            id => {
                let node = self.node(id).ok_or_else(damaged)?;
                self.pages.whole(node.data, HEAP_BYTES, self.work)
            }
        }
    }

    /// The record of one property: its type and its four bytes.
    fn record(&self, id: u16) -> Result<(u16, &[u8]), Fault> {
        let missing = || Fault::whole(Code::Truncated, "an attachment that is not in the store");
        let records = self.tree(self.root(0xbc)?, (2, 6))?;
        let found = records
            .into_iter()
            .find(|record| record[..2] == id.to_le_bytes());
        let record = found.ok_or_else(missing)?;
        Ok((u16::from_le_bytes([record[2], record[3]]), &record[4..8]))
    }

    /// The node that an object is kept in.
    pub(super) fn object(&self, id: u16) -> Option<Node> {
        let (kind::OBJECT, raw) = self.record(id).ok()? else {
            return None;
        };
        let place = self.get(number(raw, 0, 4)? as u32)?;
        self.node(number(place, 0, 4)? as u32)
    }

    /// Gives the bytes of a value, which may be long.
    pub(super) fn content(
        &self,
        id: u16,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (of, raw) = self.record(id)?;
        let at = number(raw, 0, 4).unwrap_or(0) as u32;
        match self.node(at) {
            Some(node) if at & 0x1f != 0 => self.stream(node, take),
            _ => take(&self.value(of, raw)?),
        }
    }

    /// Gives the data of a node below this one.
    pub(super) fn stream(
        &self,
        node: Node,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.pages
            .data(node.data, self.work, &mut |block| take(&block))
    }

    /// The rows of a table, with the wanted columns that each has a value in.
    pub(super) fn rows(&mut self, wants: &Wants<'_>) -> Result<Vec<Vec<Value>>, Fault> {
        let info = self.get(self.root(0x7c)?).ok_or_else(damaged)?.to_vec();
        let short = |at: usize| number(&info, at, 2).map(|n| n as usize);
        let (Some(bitmap_at), Some(size)) = (short(6), short(8)) else {
            return Err(damaged());
        };
        let long = |at: usize| number(&info, at, 4).map(|n| n as u32);
        let (Some(index), Some(matrix)) = (long(10), long(14)) else {
            return Err(damaged());
        };
        if size == 0 || bitmap_at > size {
            return Err(damaged());
        }
        let blocks = self.matrix(matrix)?;
        let n_index = match self.pages.layout {
            Layout::Narrow => 2,
            _ => 4,
        };
        let mut out = Vec::new();
        let mut fault = None;
        for record in self.tree(index, (4, n_index))?.into_iter().take(ROWS) {
            let n = number(record, 4, usize::from(n_index)).ok_or_else(damaged)? as usize;
            // Rows do not go over the end of a block.
            let in_block = blocks
                .first()
                .map_or(1, |block| (block.len() / size).max(1));
            let at = n % in_block * size;
            let row = blocks
                .get(n / in_block)
                .and_then(|block| block.get(at..at + size));
            let Some(row) = row else {
                fault = Some(damaged());
                continue;
            };
            let mut values = Vec::new();
            for column in info.get(22..).unwrap_or_default().chunks_exact(8) {
                let [of, id, at] =
                    [0, 2, 4].map(|n| u16::from_le_bytes([column[n], column[n + 1]]));
                let (len, bit) = (usize::from(column[6]), usize::from(column[7]));
                let there = row
                    .get(bitmap_at + bit / 8)
                    .is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
                let cell = row.get(usize::from(at)..usize::from(at) + len);
                let (true, Some(cell)) = (there && wants(id, of), cell) else {
                    continue;
                };
                // Times stand in the row, everything else that is longer than four bytes does not.
                let raw = if len == 4 {
                    self.value(of, cell)
                } else {
                    Ok(cell.to_vec())
                };
                match raw {
                    Ok(raw) => values.push(Value { id, of, raw }),
                    Err(lost) => fault = Some(lost),
                }
            }
            out.push(values);
        }
        self.fault = self.fault.take().or(fault);
        Ok(out)
    }

    /// The blocks that hold the rows of a table.
    fn matrix(&self, id: u32) -> Result<Vec<Cow<'_, [u8]>>, Fault> {
        if id == 0 {
            return Ok(Vec::new());
        }
        if id & 0x1f == 0 {
            return Ok(vec![Cow::Borrowed(self.get(id).ok_or_else(damaged)?)]);
        }
        let node = self.node(id).ok_or_else(damaged)?;
        let (mut blocks, mut len) = (Vec::new(), 0);
        self.pages.data(node.data, self.work, &mut |block| {
            len += block.len();
            blocks.push(block);
            if len > HEAP_BYTES {
                return Err(damaged());
            }
            Ok(())
        })?;
        Ok(blocks)
    }
}

/// The values of a list: a count and where each begins, for texts and bytes.
pub(super) fn list(raw: &[u8]) -> Vec<&[u8]> {
    let n = (number(raw, 0, 4).unwrap_or(0) as usize).min(LIST);
    let start = |i: usize| number(raw, 4 + i * 4, 4).map(|at| at as usize);
    let value = |i: usize| {
        let end = if i + 1 < n { start(i + 1)? } else { raw.len() };
        raw.get(start(i)?..end)
    };
    (0..n).filter_map(value).collect()
}
