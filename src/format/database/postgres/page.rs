//! The pages of a table, and the rows on them.
//!
//! In: a file's bytes. Out: its rows' headers and data, and what their bits say of their being live (PostgreSQL 17
//! documentation, 73.6 "Database Page Layout"; `htup_details.h`; read 2026-11). Files of machines with the lowest byte first.

/// Bytes of a page; other sizes must be chosen when PostgreSQL is built.
pub(super) const PAGE: usize = 8 << 10;
/// Bytes of a page's header, of a pointer to a row, and of a row's header without its map.
const HEADER: usize = 24;
const POINTER: usize = 4;
const ROW: usize = 23;
/// Size and version of the page layout since PostgreSQL 8.3.
const LAYOUT: u16 = PAGE as u16 | 4;
/// The pointer of a row that is there.
const NORMAL: u32 = 1;

/// Bits of a row (`t_infomask`).
const HAS_NULLS: u16 = 0x0001;
const HAS_NUMBER: u16 = 0x0008;
const LOCKED_ONLY: u16 = 0x0080;
const INSERTED: u16 = 0x0100;
const NOT_INSERTED: u16 = 0x0200;
const DELETED: u16 = 0x0400;
const NOT_DELETED: u16 = 0x0800;
const SEVERAL: u16 = 0x1000;

/// A number at a place, the lowest byte first.
pub(super) fn low(raw: &[u8], at: usize, len: usize) -> Option<u64> {
    let raw = raw.get(at..at.checked_add(len)?)?;
    Some(
        raw.iter()
            .rev()
            .fold(0, |n, &byte| n << 8 | u64::from(byte)),
    )
}

fn short(raw: &[u8], at: usize) -> u16 {
    low(raw, at, 2).map_or(0, |n| n as u16)
}

/// Where the pointers of a page end, where its rows begin, and where they end; `None` for what is no page.
fn bounds(page: &[u8]) -> Option<(usize, usize, usize)> {
    let [lower, upper, special] = [12, 14, 16].map(|at| usize::from(short(page, at)));
    let fits = HEADER <= lower && lower <= upper && upper <= special && special <= page.len();
    (fits && short(page, 18) == LAYOUT && short(page, 10) <= 7).then_some((lower, upper, special))
}

/// Whether bytes are the first of a table: a page of rows without room at its end, which indexes and sequences keep.
pub(super) fn is_table(bytes: &[u8]) -> bool {
    let Some((page, (lower, upper, special))) = bytes
        .get(..PAGE)
        .and_then(|page| Some((page, bounds(page)?)))
    else {
        return false;
    };
    let first = low(page, HEADER, POINTER).unwrap_or(0) as usize;
    let is_kept = first >> 15 & 3 != 1 || first & 0x7fff >= upper;
    special == PAGE && lower > HEADER && (lower - HEADER).is_multiple_of(POINTER) && is_kept
}

/// A row as it stands on its page.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    raw: &'a [u8],
    /// Place of the row on the page.
    pub(super) at: usize,
}

/// The rows of a page, and whether all that it points to could be rows.
pub(super) fn rows(page: &[u8]) -> (Vec<Row<'_>>, bool) {
    let Some((lower, _, special)) = bounds(page) else {
        // A page that was never written is all zeros.
        return (Vec::new(), page.iter().all(|&byte| byte == 0));
    };
    let (mut rows, mut whole, mut room) = (Vec::new(), true, special);
    for pointer in page[HEADER..lower].chunks_exact(POINTER) {
        let pointer = low(pointer, 0, POINTER).unwrap_or(0) as u32;
        if pointer >> 15 & 3 != NORMAL {
            continue;
        }
        let (at, len) = ((pointer & 0x7fff) as usize, (pointer >> 17) as usize);
        let raw = page
            .get(at..at + len)
            .filter(|_| at >= lower && at + len <= special);
        // Together the rows take no more room than there is.
        let row = raw.filter(|raw| raw.len() > ROW && raw.len() <= room);
        match row.map(|raw| Row { raw, at }).filter(Row::is_whole) {
            Some(row) => {
                room -= len;
                rows.push(row);
            }
            None => whole = false,
        }
    }
    (rows, whole)
}

impl<'a> Row<'a> {
    fn bits(&self) -> u16 {
        short(self.raw, 20)
    }

    fn data_at(&self) -> usize {
        usize::from(self.raw[22])
    }

    /// Number of values of the row.
    pub(super) fn width(&self) -> usize {
        usize::from(short(self.raw, 18) & 0x7ff)
    }

    fn is_whole(&self) -> bool {
        let map = if self.bits() & HAS_NULLS == 0 {
            0
        } else {
            self.width().div_ceil(8)
        };
        self.data_at() >= ROW + map && self.data_at() <= self.raw.len()
    }

    /// Whether the value of a column is there.
    pub(super) fn has(&self, column: usize) -> bool {
        let map = self.raw.get(ROW + column / 8);
        let is_set = || map.is_some_and(|byte| byte >> (column % 8) & 1 == 1);
        column < self.width() && (self.bits() & HAS_NULLS == 0 || is_set())
    }

    /// The values.
    pub(super) fn data(&self) -> &'a [u8] {
        &self.raw[self.data_at()..]
    }

    /// The number that rows of the catalogue had before PostgreSQL 12.
    pub(super) fn number(&self) -> Option<u32> {
        let at = self.data_at().checked_sub(4).filter(|&at| at >= ROW)?;
        (self.bits() & HAS_NUMBER != 0).then(|| low(self.raw, at, 4).unwrap_or(0) as u32)
    }

    /// Whether the row is live, as far as its bits and the log of transactions tell: written by a transaction that was not
    /// undone, and not deleted by one that held.
    pub(super) fn is_live(&self, log: &Transactions) -> bool {
        let bits = self.bits();
        let [written, deleted] = [0, 4].map(|at| low(self.raw, at, 4).unwrap_or(0) as u32);
        let is_written = match (bits & INSERTED != 0, bits & NOT_INSERTED != 0) {
            (false, true) => false,
            (true, _) => true,
            (false, false) => log.held(written).unwrap_or(true),
        };
        // Several transactions at once lock a row far oftener than they delete it.
        let is_kept = deleted == 0 || bits & (NOT_DELETED | LOCKED_ONLY | SEVERAL) != 0;
        let is_deleted = !is_kept && (bits & DELETED != 0 || log.held(deleted).unwrap_or(true));
        is_written && !is_deleted
    }
}

/// What became of transactions (`pg_xact`, before PostgreSQL 10 `pg_clog`): two bits for each.
#[derive(Default)]
pub struct Transactions(Vec<(u32, crate::source::Bytes)>);

impl Transactions {
    /// The log, of its files by their numbers.
    pub fn new(files: Vec<(u32, crate::source::Bytes)>) -> Self {
        Self(files)
    }

    /// Whether a transaction held; `None` where nothing tells.
    fn held(&self, number: u32) -> Option<bool> {
        const OF_A_FILE: u32 = 32 * PAGE as u32 * 4;
        // The first three numbers are for what always holds.
        if number < 3 {
            return Some(true);
        }
        let (_, bytes) = self.0.iter().find(|(nth, _)| *nth == number / OF_A_FILE)?;
        let within = number % OF_A_FILE;
        let byte = bytes.get((within / 4) as usize)?;
        Some(matches!(byte >> (2 * (within % 4)) & 3, 1 | 3))
    }
}
