//! Tables of PostgreSQL as they lie in a cluster's folder (`base/DATABASE/FILE`).
//!
//! In: the file of a table, and what the catalogue beside it tells of its columns. Out: a record per live row; deleted rows and
//! the old forms of changed ones, which stand there until the table is vacuumed, as a table of their own, `NAME (remnants)`, each
//! once and none that is a live row. Long values are fetched from the file that holds them, and unpacked. Without a catalogue
//! nothing tells where a value ends, so the file is carved.

mod catalogue;
mod document;
mod packed;
mod page;
#[cfg(test)]
mod tests;
mod value;

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

pub use self::catalogue::{Catalogue, Heap, Shared};
pub use self::page::Transactions;

use self::catalogue::Column;
use self::page::{PAGE, Row, low, rows};
use crate::format::gather::Gather;
use crate::format::{Context, Format, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault};

/// Tables of a cluster.
pub(crate) const FORMAT: Format = Format {
    name: "postgres",
    title: "PostgreSQL data files, in the folder of their cluster or database",
    extensions: &[],
    raw: true,
    tabular: true,
    sniff: |head| {
        if page::is_table(head.bytes) && head.len.is_multiple_of(PAGE as u64) {
            90
        } else {
            0
        }
    },
    open,
};

/// Name of the tables of deleted rows.
const REMNANTS: &str = " (remnants)";
/// Deleted rows that are remembered, to give each once.
const REMEMBERED: usize = 20_000_000;
/// The first byte of a value that stands elsewhere, and the kind of reference that files have.
const ELSEWHERE: u8 = 1;
const ON_DISK: u8 = 18;

struct Rows<'a> {
    bytes: &'a Bytes,
    heap: Arc<Heap>,
    context: Context,
    live: Table,
    left: Table,
    /// Pages of a part.
    n_part: usize,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let lost = "the columns of the rows: no catalogue beside the file, or a table of the catalogue";
    let heap = context
        .heap
        .clone()
        .ok_or_else(|| Fault::whole(Code::Unsupported, lost))?;
    let table = |suffix: &str| Table {
        name: format!("{}{suffix}", heap.name),
        columns: heap
            .columns
            .iter()
            .map(|column| Some(column.name.clone()))
            .collect(),
        ..Table::default()
    };
    Ok(Box::new(Rows {
        bytes,
        live: table(""),
        left: table(REMNANTS),
        n_part: (context.limits.part_bytes / PAGE).max(1),
        context: context.clone(),
        heap,
    }))
}

/// A value as it stands in a row.
#[derive(Clone, Copy)]
enum Stored<'a> {
    Null,
    Here(&'a [u8]),
    /// Packed: unpacked length, whether by LZ4, and the bytes.
    Packed(usize, bool, &'a [u8]),
    /// A reference to a value in another file.
    Elsewhere(&'a [u8]),
}

impl Reader for Rows<'_> {
    /// The parts of the file, and one for deleted rows.
    fn parts(&self) -> usize {
        self.n_pages().div_ceil(self.n_part) + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let pages = part * self.n_part..((part + 1) * self.n_part).min(self.n_pages());
        let _ = if pages.is_empty() {
            self.remnants(sink)
        } else {
            self.pages(pages, sink)
        };
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        let part = self.bytes.len() % PAGE;
        let at = (self.bytes.len() - part) as u64;
        let cut = Fault::at(Code::Truncated, at, format!("{part} bytes of a page"));
        let more = self
            .heap
            .columns
            .len()
            .saturating_sub(self.context.limits.columns);
        let many = Fault::whole(Code::TooManyColumns, format!("{more} columns"));
        let all = [(part, cut), (more, many)].into_iter();
        all.filter(|(n, _)| *n > 0)
            .map(|(_, fault)| fault)
            .collect()
    }
}

impl<'a> Rows<'a> {
    fn n_pages(&self) -> usize {
        self.bytes.len() / PAGE
    }

    fn page(&self, nth: usize) -> &'a [u8] {
        let bytes: &'a Bytes = self.bytes;
        &bytes[nth * PAGE..(nth + 1) * PAGE]
    }

    fn pages(&self, pages: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        // Every long value belongs to one row, so together they are no longer than their files.
        let mut most: usize = self.heap.long.iter().map(|file| file.len()).sum();
        let mut bad = Vec::new();
        let mut gather = Gather::new(self.live.clone(), &self.context.limits, sink);
        for nth in pages {
            let at = (nth * PAGE) as u64;
            let (rows, mut whole) = rows(self.page(nth));
            let mut n_lost = 0;
            for row in rows.into_iter().filter(|row| row.is_live(&self.heap.log)) {
                match self.values(&row) {
                    Some(values) => {
                        n_lost += self.row(&values, &mut most, &mut gather);
                        gather.end(at + row.at as u64)?;
                    }
                    None => whole = false,
                }
            }
            if n_lost > 0 {
                let lost = format!("{n_lost} long values that stand elsewhere or do not unpack");
                gather.fault(Fault::at(Code::Malformed, at, lost))?;
            }
            if !whole {
                bad.push(nth);
                gather.fault(Fault::at(Code::Malformed, at, "some rows of a page"))?;
            }
        }
        gather.flush()?;
        for nth in bad {
            sink(Item::Member(Member {
                name: format!("page {nth}"),
                bytes: Some(self.bytes.slice(nth * PAGE..(nth + 1) * PAGE)),
                fault: None,
                len: PAGE as u64,
            }))?;
        }
        ControlFlow::Continue(())
    }

    /// The values of a row; `None` where its lengths contradict it. Columns that came after it was written are not there.
    fn values<'r>(&self, row: &Row<'r>) -> Option<Vec<Stored<'r>>> {
        let (data, mut at) = (row.data(), 0usize);
        let mut values = Vec::with_capacity(self.heap.columns.len());
        for (nth, column) in self.heap.columns.iter().enumerate() {
            if !row.has(nth) {
                values.push(Stored::Null);
                continue;
            }
            let (value, end) = stored(column, data, at)?;
            values.push(value);
            at = end;
        }
        (row.width() <= self.heap.columns.len()).then_some(values)
    }

    /// Adds the values of a row; gives the number of those that could not be had.
    fn row(&self, values: &[Stored<'_>], most: &mut usize, gather: &mut Gather<'_, '_>) -> usize {
        let mut n_lost = 0;
        for (column, stored) in self.heap.columns.iter().zip(values) {
            let whole = match stored {
                Stored::Null => {
                    gather.value(None);
                    continue;
                }
                Stored::Here(raw) => {
                    self.give(column, raw, gather);
                    continue;
                }
                Stored::Packed(len, is_lz4, raw) => self.unpacked(raw, *len, *is_lz4),
                Stored::Elsewhere(reference) => self.fetched(reference, most),
            };
            n_lost += usize::from(whole.is_none());
            match whole {
                Some(raw) => self.give(column, &raw, gather),
                None => gather.value(None),
            }
        }
        n_lost
    }

    /// Gives a value's text.
    fn give(&self, column: &Column, raw: &[u8], gather: &mut Gather<'_, '_>) {
        let kind = column.told_as();
        if value::is_text(kind) {
            // Names are filled up with zeros, texts of a fixed length with blanks.
            let raw = if kind == 19 {
                raw.split(|&byte| byte == 0).next().unwrap_or(raw)
            } else {
                raw
            };
            let (text, bad) = self.heap.encoding.decode(raw);
            let is_none = column.is_unknown()
                && (bad > 0 || text.contains(|c: char| c.is_control() && !c.is_whitespace()));
            let text = if kind == 1_042 {
                text.trim_end_matches(' ')
            } else {
                &text
            };
            return gather.value((!is_none).then_some(text));
        }
        let label = || {
            let number = low(raw, 0, 4).filter(|_| column.is_unknown() && column.len == 4)?;
            self.heap.labels.get(&(number as u32)).cloned()
        };
        gather.value(value::text(kind, raw).or_else(label).as_deref());
    }

    fn unpacked(&self, raw: &[u8], len: usize, is_lz4: bool) -> Option<Vec<u8>> {
        let fits =
            len <= self.context.limits.record_bytes && self.context.budget.charge(len as u64);
        fits.then(|| packed::unpack(raw, len, is_lz4)).flatten()
    }

    /// A value out of the file of long values: the length before it was packed, with four bytes more, its length there, and its
    /// number.
    fn fetched(&self, reference: &[u8], most: &mut usize) -> Option<Vec<u8>> {
        let raw_len = usize::try_from(low(reference, 0, 4)?)
            .ok()?
            .checked_sub(4)?;
        let len = (low(reference, 4, 4)? & 0x3fff_ffff) as usize;
        let number = low(reference, 8, 4)? as u32;
        let parts = self.heap.parts.get_or_init(|| parts(&self.heap));
        let first = parts.partition_point(|part| part.0 < number);
        let mut raw = Vec::new();
        for (nth, part) in parts[first..]
            .iter()
            .take_while(|part| part.0 == number)
            .enumerate()
        {
            // Of a value that was written again the parts stand there twice; they are numbered from 0.
            if part.1 as usize != nth || raw.len() >= len {
                break;
            }
            let file = self.heap.long.get(part.2 as usize)?;
            raw.extend_from_slice(chunk(file, part.3)?.1);
        }
        *most = most.checked_sub(raw.len())?;
        if raw.len() != len {
            return None;
        }
        if len >= raw_len {
            return Some(raw);
        }
        let told = low(&raw, 0, 4)?;
        self.unpacked(&raw[4..], (told & 0x3fff_ffff) as usize, told >> 30 == 1)
    }

    /// Gives the deleted rows that no live row equals.
    fn remnants(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut left = HashSet::<u64, foldhash::fast::FixedState>::default();
        for (_, row) in self.every(false) {
            if left.len() < REMEMBERED {
                left.insert(hash(&row));
            }
        }
        if left.is_empty() {
            return ControlFlow::Continue(());
        }
        for (_, row) in self.every(true) {
            left.remove(&hash(&row));
        }
        let mut gather = Gather::new(self.left.clone(), &self.context.limits, sink);
        for (at, row) in self.every(false) {
            if left.remove(&hash(&row))
                && let Some(mut values) = self.values(&row)
            {
                // Long values of deleted rows may be gone: what stands there need not be theirs.
                for value in &mut values {
                    if matches!(value, Stored::Elsewhere(_)) {
                        *value = Stored::Null;
                    }
                }
                self.row(&values, &mut 0, &mut gather);
                gather.end(at)?;
            }
        }
        gather.flush()
    }

    /// All live rows, or all deleted ones, with their places.
    fn every(&self, live: bool) -> impl Iterator<Item = (u64, Row<'a>)> + '_ {
        (0..self.n_pages()).flat_map(move |nth| {
            let rows = rows(self.page(nth)).0.into_iter();
            let of_kind = rows.filter(move |row| row.is_live(&self.heap.log) == live);
            of_kind.map(move |row| ((nth * PAGE + row.at) as u64, row))
        })
    }
}

/// A hash of a row's values.
fn hash(row: &Row<'_>) -> u64 {
    let mut hasher = foldhash::quality::FixedState::with_seed(13).build_hasher();
    for nth in 0..row.width() {
        hasher.write_u8(u8::from(row.has(nth)));
    }
    hasher.write(row.data());
    hasher.finish()
}

/// The value of a column at a place, and where it ends.
fn stored<'r>(column: &Column, data: &'r [u8], at: usize) -> Option<(Stored<'r>, usize)> {
    let here = |start: usize, end: usize| Some((Stored::Here(data.get(start..end)?), end));
    match column.len {
        len @ 0.. => {
            let start = at.next_multiple_of(column.align);
            here(start, start + len as usize)
        }
        -2 => {
            let len = data.get(at..)?.iter().position(|&byte| byte == 0)?;
            Some((Stored::Here(&data[at..at + len]), at + len + 1))
        }
        _ => {
            let first = *data.get(at)?;
            if first == ELSEWHERE {
                let reference = data.get(at + 2..at + 18)?;
                return (data[at + 1] == ON_DISK)
                    .then_some((Stored::Elsewhere(reference), at + 18));
            }
            if first & 1 == 1 {
                let end = at + usize::from(first >> 1);
                return here(at + 1, end);
            }
            // Longer values begin at a multiple, with zeros before them.
            let start = at.next_multiple_of(column.align);
            let head = low(data, start, 4)?;
            let end = start.checked_add((head >> 2) as usize)?;
            if head & 3 == 0 {
                return here(start + 4, end);
            }
            let told = low(data, start + 4, 4)?;
            let raw = data.get(start + 8..end)?;
            let packed = Stored::Packed((told & 0x3fff_ffff) as usize, told >> 30 == 1, raw);
            Some((packed, end))
        }
    }
}

/// A part of a long value at a place of its file: its numbers, and its bytes.
fn chunk(file: &Bytes, at: u64) -> Option<((u32, u32), &[u8])> {
    let (nth, place) = (at as usize / PAGE, at as usize % PAGE);
    let page = file.get(nth * PAGE..(nth + 1) * PAGE)?;
    let row = rows(page).0.into_iter().find(|row| row.at == place)?;
    part_of(&row)
}

fn part_of<'r>(row: &Row<'r>) -> Option<((u32, u32), &'r [u8])> {
    let data = row.data();
    let numbers = (low(data, 0, 4)? as u32, low(data, 4, 4)? as u32);
    let first = *data.get(8)?;
    let raw = if first & 1 == 1 {
        data.get(9..8 + usize::from(first >> 1))?
    } else {
        data.get(12..8usize.checked_add((low(data, 8, 4)? >> 2) as usize)?)?
    };
    Some((numbers, raw))
}

/// Where the parts of long values stand, in order.
fn parts(heap: &Heap) -> Vec<(u32, u32, u32, u64)> {
    let mut parts = Vec::new();
    for (nth, file) in heap.long.iter().enumerate() {
        for (page, bytes) in file.chunks_exact(PAGE).enumerate() {
            for row in rows(bytes)
                .0
                .into_iter()
                .filter(|row| row.is_live(&heap.log))
            {
                if let Some(((number, part), _)) = part_of(&row) {
                    parts.push((number, part, nth as u32, (page * PAGE + row.at) as u64));
                }
            }
        }
    }
    parts.sort_unstable();
    parts.dedup_by_key(|part| (part.0, part.1));
    parts
}
