//! Address books and directories as text: LDIF, vCard, iCalendar.

mod card;
mod content;
mod ldif;

pub(super) use card::{CALENDAR, CARD};
pub(super) use ldif::LDIF;

use std::ops::Range;

use memchr::{memchr, memchr2};

/// The parts of a text whose records begin with a mark at the start of a line: a record belongs to the part that it begins in.
pub(super) struct Parts {
    start: usize,
    part_bytes: usize,
    end: usize,
}

impl Parts {
    pub(super) fn new(bytes: &[u8], part_bytes: usize) -> Self {
        let start = if bytes.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Self {
            start,
            part_bytes: part_bytes.max(1),
            end: bytes.len(),
        }
    }

    pub(super) fn len(&self) -> usize {
        (self.end - self.start).div_ceil(self.part_bytes)
    }

    /// Where the first record begins; the end if there is none.
    pub(super) fn first(&self, bytes: &[u8], is_record: impl Fn(&[u8]) -> bool) -> usize {
        let starts = Starts { bytes, is_record };
        starts.next(self.start).unwrap_or(self.end)
    }

    /// The records of a part, each up to the next one; what stands before the first record of all is none.
    pub(super) fn records(
        &self,
        bytes: &[u8],
        part: usize,
        is_record: impl Fn(&[u8]) -> bool,
    ) -> Vec<Range<usize>> {
        let from = self.start + part * self.part_bytes;
        let to = (from + self.part_bytes).min(self.end);
        let starts = Starts { bytes, is_record };
        let mut found = Vec::new();
        let mut at = starts.next(from);
        while let Some(start) = at.filter(|&start| start < to) {
            at = starts.next(start + 1);
            found.push(start..at.unwrap_or(self.end));
        }
        found
    }
}

/// Finds where records begin.
struct Starts<'a, F> {
    bytes: &'a [u8],
    is_record: F,
}

impl<F: Fn(&[u8]) -> bool> Starts<'_, F> {
    /// The first record that begins at or after an offset: marks stand at the starts of lines, in capitals or not.
    fn next(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let begins_line = match at {
                0 => true,
                3 if self.bytes.starts_with(b"\xEF\xBB\xBF") => true,
                _ => matches!(self.bytes.get(at - 1), Some(b'\n' | b'\r')),
            };
            let rest = self.bytes.get(at..)?;
            if begins_line && (self.is_record)(rest) {
                return Some(at);
            }
            at += memchr2(b'\n', b'\r', rest)? + 1;
        }
    }
}

/// The logical lines of a record: a line that begins with a blank goes on the one before it (RFC 2849, 5545 and 6350).
fn unfolded(record: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut at = 0;
    while at < record.len() {
        let end = memchr(b'\n', &record[at..]).map_or(record.len(), |n| at + n);
        let line = record[at..end]
            .strip_suffix(b"\r")
            .unwrap_or(&record[at..end]);
        match (line.first(), lines.last_mut()) {
            (Some(b' ' | b'\t'), Some(last)) => last.extend_from_slice(&line[1..]),
            _ => lines.push(line.to_vec()),
        }
        at = end + 1;
    }
    lines
}
