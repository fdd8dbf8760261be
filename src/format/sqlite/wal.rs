//! Write-ahead logs: what SQLite wrote last stands in `NAME-wal` until it is moved into the database.
//!
//! In: a database (which may be empty) and its log. Out: the database as SQLite would see it, followed by the pages that it
//! would not: older versions, transactions not committed, frames of an older log
//! (<https://www.sqlite.org/walformat.html>, read 2026-11). Those are behind the end that the header counts, so that only
//! remnants are read from them.

use std::collections::BTreeMap;
use std::io::Write;

use crate::source::{Bytes, Fault, Limits, Spool, fault_of};

const HEADER: usize = 32;
const FRAME: usize = 24;
/// Pages of a database that may be missing for each one that its log holds.
const MISSING: usize = 8;

/// Whether bytes begin as a log does.
pub(super) fn is_log(bytes: &[u8]) -> bool {
    matches!(bytes, [0x37, 0x7F, 0x06, 0x82 | 0x83, ..]) && bytes.len() >= HEADER
}

/// A page in a log.
struct Frame<'a> {
    number: u32,
    /// Pages of the database after the transaction that this ends; 0 within one.
    commit: u32,
    page: &'a [u8],
    /// Whether it belongs to the log as it is now.
    valid: bool,
}

/// The database with its log, or `None` when the log says nothing that can be read. A database without a first page has no
/// schema, and is told as `false`.
pub(super) fn merge(
    database: &[u8],
    log: &[u8],
    limits: &Limits,
) -> Result<Option<(Bytes, bool)>, Fault> {
    let Some((size, frames)) = frames(log) else {
        return Ok(None);
    };
    let last = frames
        .iter()
        .rposition(|frame| frame.valid && frame.commit > 0);
    let mut current: BTreeMap<u32, usize> = BTreeMap::new();
    for (nth, frame) in frames
        .iter()
        .enumerate()
        .take(last.map_or(0, |last| last + 1))
    {
        if frame.valid {
            current.insert(frame.number, nth);
        }
    }
    let pages = last.map_or_else(
        || database.len().div_ceil(size),
        |last| frames[last].commit as usize,
    );
    // A log alone is of a larger database; not of any size, though. What it is too small for is read as remnants.
    let most = database.len().div_ceil(size) + frames.len() * MISSING + 1_000;
    let pages = if pages > most { 1 } else { pages.max(1) };
    let whole = current.contains_key(&1) || database.len() >= size;
    let mut spool = Spool::new(limits);
    let mut put = |bytes: &[u8]| spool.write_all(bytes).map_err(|error| fault_of(&error, 0));
    let blank = vec![0; size];
    // A first page that nobody has: only the size of pages is known.
    let mut unknown = blank.clone();
    unknown[..16].copy_from_slice(b"SQLite format 3\0");
    unknown[16..18].copy_from_slice(&log[10..12]);
    for number in 1..=pages {
        let page = match current.get(&(number as u32)) {
            Some(&nth) => frames[nth].page,
            None => database
                .get((number - 1) * size..number * size)
                .unwrap_or(if number == 1 { &unknown } else { &blank }),
        };
        if number == 1 && page.len() >= 100 {
            // Without its log the file is no database in WAL mode (bytes 18 and 19), and it has so many pages.
            let mut first = page.to_vec();
            first[18..20].fill(1);
            first[28..32].copy_from_slice(&(pages as u32).to_be_bytes());
            let change = [first[24], first[25], first[26], first[27]];
            first[92..96].copy_from_slice(&change);
            put(&first)?;
        } else {
            put(page)?;
        }
    }
    for (nth, frame) in frames.iter().enumerate() {
        if current.get(&frame.number) != Some(&nth) {
            put(frame.page)?;
        }
    }
    Ok(Some((spool.finish()?, whole)))
}

/// The size of pages, and the frames of a log; those behind one that is not valid are of an older log.
fn frames(log: &[u8]) -> Option<(usize, Vec<Frame<'_>>)> {
    if !is_log(log) {
        return None;
    }
    let four = |at: usize| u32::from_be_bytes([log[at], log[at + 1], log[at + 2], log[at + 3]]);
    let size = match four(8) as usize {
        1 => 65_536,
        size if size.is_power_of_two() && (512..=65_536).contains(&size) => size,
        _ => return None,
    };
    let big = log[3] == 0x83;
    let mut sum = checksum(&log[..24], (0, 0), big);
    let mut valid = sum == (four(24), four(28));
    let mut frames = Vec::new();
    for frame in log[HEADER..].chunks_exact(FRAME + size) {
        let (header, page) = frame.split_at(FRAME);
        let field = |at: usize| {
            u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let salted = header[8..16] == log[16..24];
        if valid {
            sum = checksum(page, checksum(&header[..8], sum, big), big);
            valid = salted && sum == (field(16), field(20));
        }
        frames.push(Frame {
            number: field(0),
            commit: field(4),
            page,
            valid,
        });
    }
    Some((size, frames))
}

/// The checksum of a log goes on from frame to frame.
fn checksum(bytes: &[u8], (mut a, mut b): (u32, u32), big: bool) -> (u32, u32) {
    let word = |four: &[u8]| {
        let four = [four[0], four[1], four[2], four[3]];
        if big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        }
    };
    for pair in bytes.chunks_exact(8) {
        a = a.wrapping_add(word(&pair[..4])).wrapping_add(b);
        b = b.wrapping_add(word(&pair[4..])).wrapping_add(a);
    }
    (a, b)
}
