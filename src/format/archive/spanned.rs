//! zip archives over several files (`NAME.z01`, `NAME.z02` … `NAME.zip`; APPNOTE.TXT 6.3.10, 8.1 to 8.5).
//!
//! In: the files in order. Out: one archive, in whose directory every offset is one of it. As they are, offsets count from the
//! beginning of the file in which something stands. Offsets beyond four gigabytes are left as they are: members are then searched
//! for.

use std::io::Write;

use memchr::memmem;

use super::zip::{END_BYTES, LOCAL};
use crate::source::{Bytes, Code, Fault, Limits, Spool, fault_of};

/// An entry of the directory, without its name and what stands behind that (APPNOTE 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
/// Longest directory that is changed.
const DIRECTORY: usize = 256 << 20;

/// The record that ends the directory (APPNOTE 4.3.16), as far as it is needed.
struct End {
    /// Where it stands.
    at: usize,
    /// Numbers, from 0, of the file that it is in and of the one in which the directory begins.
    disk: u16,
    directory_disk: u16,
    n_entries: u16,
    directory_at: u32,
}

impl End {
    fn find(bytes: &[u8]) -> Option<Self> {
        let at = memmem::rfind(bytes, b"PK\x05\x06")?;
        let record: &[u8; END_BYTES] = bytes[at..].first_chunk()?;
        Some(Self {
            at,
            disk: two(record, 4),
            directory_disk: two(record, 6),
            n_entries: two(record, 10),
            directory_at: four(record, 16),
        })
    }
}

fn two(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from(two(bytes, at)) | u32::from(two(bytes, at + 2)) << 16
}

/// Bytes at the end of an archive in which its directory ends: 22 and a comment.
pub const TAIL: usize = 66 << 10;

/// How many files stand before the last one of an archive, by the bytes at its end.
pub fn n_before(bytes: &[u8]) -> Option<usize> {
    let n = End::find(&bytes[bytes.len().saturating_sub(TAIL)..])?.disk;
    (n > 0 && n < u16::MAX).then_some(usize::from(n))
}

/// What is lost where so many files are not there.
pub(super) fn missing(n: usize) -> Fault {
    let lost = format!("what stands in the {n} files of the archive before this one");
    Fault::at(Code::Truncated, 0, lost)
}

/// Whether bytes are the first of an archive over several files.
pub fn is_first(head: &[u8]) -> bool {
    head.strip_prefix(b"PK\x07\x08")
        .is_some_and(|rest| rest.starts_with(LOCAL))
}

/// All files in one.
///
/// # Errors
///
/// When there is no room for them.
pub fn joined(files: &[Bytes], limits: &Limits) -> Result<Bytes, Fault> {
    let mut spool = Spool::new(limits);
    let mut add = |bytes: &[u8]| {
        let at = spool.len();
        spool.write_all(bytes).map_err(|error| fault_of(&error, at))
    };
    let starts: Vec<usize> = files
        .iter()
        .scan(0, |at, file| {
            *at += file.len();
            Some(*at - file.len())
        })
        .collect();
    let len = files.iter().map(|file| file.len()).sum::<usize>();
    let (from, text) = directory(files, &starts).unwrap_or((len, Vec::new()));
    for (file, start) in files.iter().zip(&starts) {
        let kept = from.clamp(*start, start + file.len()) - start;
        add(&file[..kept])?;
    }
    add(&text)?;
    spool.finish()
}

/// Where the directory begins in all files together, and what is to stand from there on.
fn directory(files: &[Bytes], starts: &[usize]) -> Option<(usize, Vec<u8>)> {
    let end = End::find(files.last()?)?;
    let from = starts
        .get(usize::from(end.directory_disk))?
        .checked_add(usize::try_from(end.directory_at).ok()?)?;
    let mut text = Vec::new();
    for (file, start) in files.iter().zip(starts) {
        let skip = from.saturating_sub(*start).min(file.len());
        text.extend_from_slice(&file[skip..]);
        (text.len() <= DIRECTORY).then_some(())?;
    }
    let last = text.len().checked_sub(files.last()?.len() - end.at)?;
    let mut at = 0;
    while text.get(at..last)?.starts_with(ENTRY) {
        let entry = &mut text[at..last];
        let head: [u8; ENTRY_BYTES] = *entry.first_chunk()?;
        let start = starts.get(usize::from(two(&head, 34)))?;
        let header = start.checked_add(usize::try_from(four(&head, 42)).ok()?)?;
        entry[34..36].fill(0);
        entry[42..46].copy_from_slice(&u32::try_from(header).ok()?.to_le_bytes());
        at += ENTRY_BYTES
            + [28, 30, 32]
                .map(|at| usize::from(two(&head, at)))
                .iter()
                .sum::<usize>();
    }
    let record = &mut text[last..];
    record[4..8].fill(0);
    record[8..10].copy_from_slice(&end.n_entries.to_le_bytes());
    record[16..20].copy_from_slice(&u32::try_from(from).ok()?.to_le_bytes());
    Some((from, text))
}
