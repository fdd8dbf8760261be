//! Splits delimited bytes into records and fields: the innermost loop of the tool.
//!
//! Whoever changes this: measure first (`benches/split.rs`). The bytes that matter are found sixty-four at a time as the
//! bits of a word, by comparisons that the compiler turns into vector code; only then is anything decided. The same rules
//! of quoting stand in `quotes.rs`, which finds out where parts begin; the two must agree on every byte.

use super::super::Cell;
use crate::text::is_shift_jis_trail;

/// How a file separates its fields and records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The field separator, or its last byte.
    pub(super) delimiter: u8,
    /// The byte that must stand before the delimiter, of separators of two bytes (`+|`).
    pub(super) before: Option<u8>,
    /// The bytes that must stand before a line break for it to end a record (`&|`).
    pub(super) tail: &'static [u8],
    /// The quote, which opens only at the start of a field.
    pub(super) quote: Option<u8>,
    /// Whether a backslash takes its meaning from the next byte, and `\N` is no value (MySQL `INTO OUTFILE`).
    pub(super) backslash: bool,
    /// The last byte of a line break.
    pub(super) newline: u8,
    /// Whether `|` and `\` may be the second byte of a character (Shift_JIS).
    pub(super) trails: bool,
}

impl Dialect {
    fn needles(&self) -> [u8; 4] {
        [
            self.delimiter,
            self.newline,
            self.quote.unwrap_or(self.delimiter),
            if self.backslash {
                b'\\'
            } else {
                self.delimiter
            },
        ]
    }

    /// Whether the byte at `at` is the second byte of a Shift_JIS character.
    pub(super) fn is_trail(&self, bytes: &[u8], at: usize) -> bool {
        self.trails && is_shift_jis_trail(bytes, at)
    }

    /// Whether the byte at `at` is taken by a backslash before it.
    pub(super) fn is_escaped(&self, bytes: &[u8], at: usize) -> bool {
        if !self.backslash {
            return false;
        }
        let from = bytes[..at]
            .iter()
            .rposition(|b| *b != b'\\')
            .map_or(0, |i| i + 1);
        let from = from + usize::from(from < at && self.is_trail(bytes, from));
        (at - from) % 2 == 1
    }

    fn ends_field(&self, bytes: &[u8], at: usize, field: usize) -> bool {
        self.before.is_none_or(|b| at > field && bytes[at - 1] == b)
            && !self.is_trail(bytes, at)
            && (self.delimiter != b':' || !is_within(bytes, at))
    }

    /// The end of a record's last field, if the line break at `at` ends the record.
    fn end_of_record(&self, bytes: &[u8], at: usize, field: usize) -> Option<usize> {
        let carriage = self.newline == b'\n' && at > field && bytes[at - 1] == b'\r';
        let end = at - usize::from(carriage);
        bytes[field..end]
            .ends_with(self.tail)
            .then(|| end - self.tail.len())
    }
}

/// Whether a colon stands inside a time behind a day (`5/12/2018 12:00:00 AM`) or an address of a site (`https://example.com`).
fn is_within(bytes: &[u8], at: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let two = |at: usize| digit(at) && digit(at + 1) && !digit(at + 2);
    // Where the hour begins, if the colon at `at` stands behind one: a blank or a `T` stands before it.
    let behind_hour = |at: usize| {
        let start = at
            - bytes[..at]
                .iter()
                .rev()
                .take(2)
                .take_while(|b| b.is_ascii_digit())
                .count();
        start < at
            && start > 0
            && matches!(bytes[start - 1], b' ' | b'T')
            && start > 1
            && digit(start - 2)
    };
    match bytes.get(at + 1) {
        Some(b'/') => bytes[at + 1..].starts_with(b"//"),
        Some(_) if two(at + 1) => {
            behind_hour(at)
                || at >= 3 && bytes[at - 3] == b':' && two(at - 2) && behind_hour(at - 3)
        }
        _ => false,
    }
}

/// Positions of four bytes, in order.
struct Hits<'a> {
    bytes: &'a [u8],
    needles: [u8; 4],
    /// Start of the block after the one that `mask` is of.
    next_block: usize,
    mask: u64,
}

impl<'a> Hits<'a> {
    fn new(bytes: &'a [u8], needles: [u8; 4], from: usize) -> Self {
        Self {
            bytes,
            needles,
            next_block: from,
            mask: 0,
        }
    }

    /// The next position, or the length of the bytes when there is none.
    #[inline(always)]
    fn next(&mut self) -> usize {
        while self.mask == 0 {
            if !self.load() {
                return self.bytes.len();
            }
        }
        let at = self.next_block - 64 + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        at
    }

    #[inline]
    fn load(&mut self) -> bool {
        let rest = &self.bytes[self.next_block.min(self.bytes.len())..];
        if let Some(block) = rest.first_chunk::<64>() {
            self.mask = mask(block, self.needles);
        } else if rest.is_empty() {
            return false;
        } else {
            let mut block = [0; 64];
            block[..rest.len()].copy_from_slice(rest);
            self.mask = mask(&block, self.needles) & ((1 << rest.len()) - 1);
        }
        self.next_block += 64;
        true
    }
}

/// The bit of each byte that equals one of the needles.
#[inline(always)]
fn mask(block: &[u8; 64], [a, b, c, d]: [u8; 4]) -> u64 {
    let mut flags = [0u8; 64];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(*byte == a)
            | u8::from(*byte == b)
            | u8::from(*byte == c)
            | u8::from(*byte == d);
    }
    let mut mask = 0;
    for (i, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Eight bytes of 0 or 1 become eight bits: the product gathers bit 8i at bit 56 + i.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * i);
    }
    mask
}

/// Reads records one after the other.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    dialect: &'a Dialect,
    /// Positions of quotes that are never closed, ascending: they stand for themselves.
    literals: &'a [usize],
    hits: Hits<'a>,
    at: usize,
}

/// Bounds of one record.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes; what is beyond is cut off.
    pub(super) bytes: usize,
    /// Fields; further ones are dropped.
    pub(super) fields: usize,
}

/// Where a record stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its first byte.
    pub(super) start: usize,
    /// The end of its text, before the line break.
    pub(super) end: usize,
    /// Whether it was longer than the bound and was cut.
    pub(super) cut: bool,
    /// Whether fields were dropped.
    pub(super) dropped: bool,
}

/// A field as it is being read.
struct Field {
    start: usize,
    escaped: bool,
    /// Position of the closing quote, once the field was quoted and closed.
    close: Option<usize>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(
        bytes: &'a [u8],
        dialect: &'a Dialect,
        literals: &'a [usize],
        at: usize,
    ) -> Self {
        Self {
            bytes,
            dialect,
            literals,
            hits: Hits::new(bytes, dialect.needles(), at),
            at,
        }
    }

    /// Where the next record begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Reads one record and adds its cells, relative to `base`. An empty line adds none.
    pub(super) fn next(
        &mut self,
        base: usize,
        bounds: Bounds,
        cells: &mut Vec<Cell>,
    ) -> Option<Record> {
        let start = self.at;
        if start >= self.bytes.len() {
            return None;
        }
        let mut record = Record {
            start,
            end: 0,
            cut: false,
            dropped: false,
        };
        let mut field = Field {
            start,
            escaped: false,
            close: None,
        };
        let first = cells.len();
        loop {
            let at = self.hits.next();
            let byte = self.bytes.get(at).copied().unwrap_or(self.dialect.newline);
            if byte == self.dialect.delimiter {
                if self.dialect.ends_field(self.bytes, at, field.start) {
                    let end = at - usize::from(self.dialect.before.is_some());
                    self.push(&field, end, (base, first, bounds), &mut record, cells);
                    field = Field {
                        start: at + 1,
                        escaped: false,
                        close: None,
                    };
                }
            } else if byte == self.dialect.newline {
                let last = at >= self.bytes.len();
                let end = self.dialect.end_of_record(self.bytes, at, field.start);
                if let Some(end) = end.or(last.then_some(at)) {
                    record.end = end;
                    self.at = at + 1;
                    if end > start {
                        self.push(&field, end, (base, first, bounds), &mut record, cells);
                    }
                    return Some(record);
                }
            } else if Some(byte) == self.dialect.quote {
                if at == field.start
                    && (self.literals.is_empty() || self.literals.binary_search(&at).is_err())
                {
                    self.quoted(&mut field);
                }
            } else if !self.dialect.is_trail(self.bytes, at) {
                field.escaped = true;
                self.skip_escaped(at);
            }
        }
    }

    /// Skips to the end of a record that began before, from inside a quoted field or at a field that starts at `field`.
    /// False when the bytes end first.
    pub(super) fn skip_record(&mut self, inside: bool, field: usize) -> bool {
        let mut field = Field {
            start: field,
            escaped: false,
            close: None,
        };
        if inside {
            self.quoted(&mut field);
        }
        loop {
            let at = self.hits.next();
            let Some(&byte) = self.bytes.get(at) else {
                return false;
            };
            if byte == self.dialect.delimiter {
                if self.dialect.ends_field(self.bytes, at, field.start) {
                    field.start = at + 1;
                }
            } else if byte == self.dialect.newline {
                if self
                    .dialect
                    .end_of_record(self.bytes, at, field.start)
                    .is_some()
                {
                    self.at = at + 1;
                    return self.at < self.bytes.len();
                }
            } else if Some(byte) == self.dialect.quote {
                if at == field.start && self.literals.binary_search(&at).is_err() {
                    self.quoted(&mut field);
                }
            } else if !self.dialect.is_trail(self.bytes, at) {
                self.skip_escaped(at);
            }
        }
    }

    /// Reads on to the closing quote.
    #[inline(always)]
    fn quoted(&mut self, field: &mut Field) {
        loop {
            let at = self.hits.next();
            let Some(&byte) = self.bytes.get(at) else {
                return;
            };
            if Some(byte) == self.dialect.quote {
                if self.bytes.get(at + 1) != Some(&byte) {
                    field.close = Some(at);
                    return;
                }
                self.hits.next();
                field.escaped = true;
            } else if byte == b'\\'
                && self.dialect.backslash
                && !self.dialect.is_trail(self.bytes, at)
            {
                field.escaped = true;
                self.skip_escaped(at);
            }
        }
    }

    fn skip_escaped(&mut self, at: usize) {
        if self
            .bytes
            .get(at + 1)
            .is_some_and(|b| self.dialect.needles().contains(b))
        {
            self.hits.next();
        }
    }

    #[inline(always)]
    fn push(
        &self,
        field: &Field,
        end: usize,
        to: (usize, usize, Bounds),
        record: &mut Record,
        cells: &mut Vec<Cell>,
    ) {
        let (base, first, bounds) = to;
        if end - record.start > bounds.bytes || cells.len() - first >= bounds.fields {
            return self.push_beyond(field, end, to, record, cells);
        }
        let cell = match field.close {
            None if self.dialect.backslash && &self.bytes[field.start..end] == b"\\N" => {
                Cell::ABSENT
            }
            None => Cell::new(field.start - base, end - base, field.escaped),
            Some(close) if close + 1 == end => {
                Cell::new(field.start + 1 - base, close - base, field.escaped)
            }
            // Text after the closing quote is kept; undoing the escape drops the quote.
            Some(_) => Cell::new(field.start + 1 - base, end - base, true),
        };
        cells.push(cell);
    }

    #[cold]
    fn push_beyond(
        &self,
        field: &Field,
        end: usize,
        to: (usize, usize, Bounds),
        record: &mut Record,
        cells: &mut Vec<Cell>,
    ) {
        let (base, first, bounds) = to;
        let limit = record.start + bounds.bytes;
        record.cut |= end > limit;
        record.dropped |= cells.len() - first >= bounds.fields;
        let start = field.start + usize::from(field.close.is_some());
        if !record.dropped && start < limit {
            cells.push(Cell::new(
                start - base,
                end.min(limit) - base,
                field.escaped,
            ));
        }
    }
}
