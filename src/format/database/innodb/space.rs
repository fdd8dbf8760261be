//! The pages of a tablespace.
//!
//! In: a file's bytes. Out: its pages, which of them are in use, the records of one, and the text that stands on pages of
//! its own (MySQL source documentation, "InnoDB page structure", `fil0types.h`, `fsp0fsp.h`, `page0page.h`, `lob0lob.h`;
//! MariaDB's `fsp0types.h`; read 2026-11). Every offset in a page is taken for a lie until it is checked.

use super::value::number;
use crate::source::{Bytes, Code, Fault};

/// Kinds of pages.
pub(super) const INDEX: u64 = 17_855;
pub(super) const SDI: u64 = 17_853;
/// The root of an index to which MariaDB added columns without writing its rows anew.
pub(super) const INSTANT: u64 = 18;
const HEADER: u64 = 8;
const BLOB: u64 = 10;
const SDI_BLOB: u64 = 18;
const LOB_DATA: u64 = 23;
const LOB_FIRST: u64 = 24;
/// Pages that are packed or encrypted, in MySQL and MariaDB.
const PACKED: [u64; 2] = [14, 34_354];
const ENCRYPTED: [u64; 4] = [15, 16, 17, 37_401];

/// Bytes of the header of every page, and of the check at its end.
const FIL_HEADER: usize = 38;
const FIL_TRAILER: usize = 8;
/// Where the list of extents begins on a page that has one, and bytes of an extent's entry before its map of pages.
const EXTENTS: usize = 150;
const EXTENT_HEAD: usize = 24;
/// The page number that means none.
const NONE: u64 = 0xffff_ffff;
/// Pages that are looked at to tell whether all are packed or encrypted.
const LOOKED_AT: usize = 64;

/// A tablespace.
pub(super) struct Space<'a> {
    pub(super) bytes: &'a Bytes,
    /// Bytes of a page.
    pub(super) size: usize,
    flags: u64,
}

/// Whether bytes are the first of a tablespace: a header page whose two space numbers agree and whose flags make sense.
pub(super) fn is_space(bytes: &[u8]) -> bool {
    let page = |range| bytes.get(range).map_or(NONE, number);
    page(4..8) == 0
        && page(24..26) == HEADER
        && page(34..38) == page(38..42)
        && page(34..38) != NONE
        && page_size(page(54..58)).is_some()
}

/// Bytes of a page by the flags of a tablespace.
fn page_size(flags: u64) -> Option<usize> {
    // MariaDB since 10.5 marks its newer flags by a bit that no older file has.
    let shift = if flags & 0x10 == 0 {
        flags >> 6 & 15
    } else {
        flags & 15
    };
    match shift {
        0 => Some(16 << 10),
        3..=7 => Some(512 << shift),
        _ => None,
    }
}

impl<'a> Space<'a> {
    /// The tablespace, if it is one.
    pub(super) fn new(bytes: &'a Bytes) -> Option<Self> {
        let flags = is_space(bytes).then(|| number(&bytes[54..58]))?;
        let size = page_size(flags)?;
        Some(Self { bytes, size, flags })
    }

    /// Number of whole pages.
    pub(super) fn n_pages(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// Why none of its rows can be read, if so.
    pub(super) fn is_closed(&self) -> Option<Fault> {
        let is_maria = self.flags & 0x10 != 0;
        let packed_rows = !is_maria && self.flags >> 1 & 15 != 0;
        let kinds =
            (1..self.n_pages().min(LOOKED_AT)).filter_map(|nth| Some((self.kind(nth)?, nth)));
        let (mut packed, mut encrypted) = (packed_rows, !is_maria && self.flags & 1 << 13 != 0);
        for (kind, nth) in kinds {
            packed |=
                PACKED.contains(&kind) || is_maria && kind & 0x8000 != 0 && kind != ENCRYPTED[3];
            // MariaDB keeps the kind of a page, and writes the number of the key where there is nothing else.
            let key = self.page(nth).map_or(0, |page| number(&page[26..30]));
            encrypted |= ENCRYPTED.contains(&kind) || kind == INDEX && key != 0;
        }
        let whole = |code| Some(Fault::whole(code, "the rows of the tablespace"));
        match (encrypted, packed) {
            (true, _) => whole(Code::Encrypted),
            (_, true) => whole(Code::Unsupported),
            _ => None,
        }
    }

    /// A whole page.
    pub(super) fn page(&self, nth: usize) -> Option<&'a [u8]> {
        let start = nth.checked_mul(self.size)?;
        self.bytes.get(start..start.checked_add(self.size)?)
    }

    fn kind(&self, nth: usize) -> Option<u64> {
        self.page(nth).map(|page| number(&page[24..26]))
    }

    /// Whether a page was given back, so that what stands on it is left from before.
    pub(super) fn is_free(&self, nth: usize) -> bool {
        // Extents are of 1 MiB, of 2 and 4 MiB with pages of 32 and 64 KiB; their list stands on every page of this number.
        let pages = if self.size >= 16 << 10 {
            64
        } else {
            (1 << 20) / self.size
        };
        let Some(list) = self.page(nth / self.size * self.size) else {
            return false;
        };
        let nth = nth % self.size;
        let entry = EXTENTS + nth / pages * (EXTENT_HEAD + pages / 4);
        let bit = 2 * (nth % pages);
        let byte = list.get(entry + EXTENT_HEAD + bit / 8);
        byte.is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }

    /// A page of records, of an index of rows or of the dictionary.
    pub(super) fn node(&self, nth: usize) -> Option<Node<'a>> {
        let page = self.page(nth)?;
        let kind = number(&page[24..26]);
        let is_node = matches!(kind, INDEX | SDI | INSTANT) && number(&page[4..8]) == nth as u64;
        is_node.then_some(Node { page, kind })
    }

    /// The root page of the dictionary that MySQL 8 keeps in a tablespace.
    pub(super) fn dictionary(&self) -> Option<usize> {
        // Behind the list of extents, and room for what tells of encryption.
        let pages = if self.size >= 16 << 10 {
            64
        } else {
            (1 << 20) / self.size
        };
        let extents = self.size / pages * (EXTENT_HEAD + pages / 4);
        let at = EXTENTS + extents + 115;
        let told = self.bytes.get(at + 4..at + 8).map_or(0, number) as usize;
        let is_root = |nth: &usize| self.node(*nth).is_some_and(|node| node.kind == SDI);
        [told].into_iter().chain(1..LOOKED_AT).find(is_root)
    }

    /// What stands on pages of its own, by the reference of 20 bytes at the end of a value; at most so many bytes. `None` where
    /// the pages are not there or hold something else.
    pub(super) fn outside(&self, reference: &[u8], most: usize) -> Option<Vec<u8>> {
        let first = usize::try_from(number(reference.get(4..8)?)).ok()?;
        let offset = usize::try_from(number(&reference[8..12])).ok()?;
        let len = usize::try_from(number(reference.get(12..20)?) & 0xffff_ffff).ok()?;
        let mut out = Vec::new();
        match self.kind(first)? {
            BLOB | SDI_BLOB => self.chain(first, offset, len.min(most), &mut out)?,
            LOB_FIRST => self.list(first, len.min(most), &mut out)?,
            _ => return None,
        }
        (out.len() >= len.min(most)).then_some(out)
    }

    /// Pages of which each tells the next.
    fn chain(&self, first: usize, offset: usize, len: usize, out: &mut Vec<u8>) -> Option<()> {
        let (mut nth, mut at) = (first, offset.max(FIL_HEADER));
        while out.len() < len {
            let page = self.page(nth)?;
            let part = usize::try_from(number(page.get(at..at + 4)?)).ok()?;
            let next = number(page.get(at + 4..at + 8)?);
            let data = page.get(at + 8..(at + 8).checked_add(part)?)?;
            matches!(number(&page[24..26]), BLOB | SDI_BLOB).then_some(())?;
            // Every page must give something, so a ring of them ends.
            (!data.is_empty()).then_some(())?;
            out.extend_from_slice(&data[..data.len().min(len - out.len())]);
            if next == NONE {
                break;
            }
            (nth, at) = (usize::try_from(next).ok()?, FIL_HEADER);
        }
        Some(())
    }

    /// Pages that the first one lists (MySQL 8): each entry of 60 bytes tells the next entry, a page and its part's length.
    fn list(&self, first: usize, len: usize, out: &mut Vec<u8>) -> Option<()> {
        const LIST: usize = FIL_HEADER + 1 + 1 + 4 + 6 + 4 + 4 + 6;
        const FIRST_DATA: usize = 696;
        const DATA: usize = FIL_HEADER + 1 + 4 + 6;
        let head = self.page(first)?;
        let place = |raw: &[u8]| Some((number(raw.get(..4)?), number(raw.get(4..6)?) as usize));
        let (mut nth, mut at) = place(&head[LIST + 4..])?;
        while out.len() < len && nth != NONE {
            let entry = self
                .page(usize::try_from(nth).ok()?)?
                .get(at..at.checked_add(60)?)?;
            let on = usize::try_from(number(&entry[48..52])).ok()?;
            let part = number(&entry[52..56]) as usize;
            let start = match self.kind(on)? {
                LOB_FIRST => FIRST_DATA,
                LOB_DATA => DATA,
                _ => return None,
            };
            let data = self.page(on)?.get(start..start.checked_add(part)?)?;
            (!data.is_empty()).then_some(())?;
            out.extend_from_slice(&data[..data.len().min(len - out.len())]);
            (nth, at) = place(&entry[6..])?;
        }
        Some(())
    }
}

/// A page of records.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) page: &'a [u8],
    pub(super) kind: u64,
}

impl<'a> Node<'a> {
    fn field(&self, at: usize) -> usize {
        number(&self.page[FIL_HEADER + at..FIL_HEADER + at + 2]) as usize
    }

    /// Distance from the leaves, which have 0.
    pub(super) fn level(&self) -> usize {
        self.field(26)
    }

    /// Number of the index that it belongs to.
    pub(super) fn index(&self) -> u64 {
        number(&self.page[FIL_HEADER + 28..FIL_HEADER + 36])
    }

    /// The page to its right.
    pub(super) fn next(&self) -> Option<usize> {
        Some(number(&self.page[12..16]))
            .filter(|&next| next != NONE)
            .map(|next| next as usize)
    }

    /// Whether no page stands to its left.
    pub(super) fn is_first(&self) -> bool {
        number(&self.page[8..12]) == NONE
    }

    /// Whether its records are in the form that came with MySQL 5.0, rather than `REDUNDANT`.
    pub(super) fn is_compact(&self) -> bool {
        self.field(4) & 0x8000 != 0
    }

    /// Number of fields of the rows before MariaDB added columns, on the root of such an index.
    pub(super) fn n_core(&self) -> usize {
        self.field(12) >> 3
    }

    /// Where records and what belongs to them end.
    pub(super) fn end(&self) -> usize {
        self.page.len() - FIL_TRAILER
    }

    /// Origins of the records in order, and whether the list is whole: as long as the page says, to its last record.
    pub(super) fn records(&self) -> (Vec<usize>, bool) {
        let (first, last) = if self.is_compact() {
            (99, 112)
        } else {
            (101, 116)
        };
        let count = self.field(16);
        let mut origins = Vec::with_capacity(count.min(self.page.len() / 8));
        let mut at = self.after(first);
        while let Some(origin) = at.filter(|&origin| origin != last) {
            if origins.len() == count || origins.len() > self.page.len() / 6 {
                return (origins, false);
            }
            origins.push(origin);
            at = self.after(origin);
        }
        let whole = at == Some(last) && origins.len() == count;
        (origins, whole)
    }

    /// Origins of records that were deleted from the page and whose room was not used again.
    pub(super) fn garbage(&self) -> Vec<usize> {
        let mut origins = Vec::new();
        let mut at = Some(self.field(6)).filter(|&at| at > 0);
        while let Some(origin) = at.filter(|&at| at > 120 && at < self.end()) {
            if origins.len() > self.page.len() / 6 {
                break;
            }
            origins.push(origin);
            at = self.after(origin).filter(|&next| next != origin);
        }
        // A list that runs in a ring gives each record once.
        origins.sort_unstable();
        origins.dedup();
        origins
    }

    /// The record after one: by a distance, or by its place in the old form.
    fn after(&self, origin: usize) -> Option<usize> {
        let raw = number(self.page.get(origin - 2..origin)?) as u16;
        let next = match (self.is_compact(), raw) {
            (_, 0) => return None,
            (true, step) => origin.wrapping_add_signed(isize::from(step as i16)) % self.page.len(),
            (false, at) => usize::from(at),
        };
        (next > 100 && next < self.end()).then_some(next)
    }
}
