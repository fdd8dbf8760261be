//! One record of a clustered index: where its fields stand.
//!
//! In: a page, the place of a record, and the table's fields. Out: the bytes of each field (MySQL source, `rem0rec.h`,
//! `rem0wrec.h`; MariaDB's `rem0rec.h`; read 2026-11). Lengths and a map of what is absent stand before a record, in reverse;
//! records written before columns were added or dropped "instantly" have fewer or other fields than the table has now.

use super::space::Node;
use super::value::{Size, Type, number};

/// A field of a table's rows, in the order in which they stand.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::format::database) struct Field {
    /// The column whose value it is; `None` for parts of keys and InnoDB's own.
    pub(in crate::format::database) column: Option<usize>,
    pub(in crate::format::database) of: Type,
    pub(in crate::format::database) nullable: bool,
    /// The version of the table in which it came, and in which it went; 0 for none.
    pub(super) added: u8,
    pub(super) dropped: u8,
    /// Its value in rows that were written before it came.
    pub(super) default: Option<Vec<u8>>,
}

/// The fields of a table's rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) fields: Vec<Field>,
    /// Number of fields of rows written before columns were first added instantly (MySQL to 8.0.28, MariaDB).
    pub(super) n_before: Option<usize>,
}

/// A field's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored<'a> {
    Null,
    /// In the record.
    Here(&'a [u8]),
    /// Its beginning, and 20 bytes that tell where the rest stands.
    Outside(&'a [u8]),
    /// Not in the record: the field's default.
    Missing,
}

/// What the bits of a record say.
const DELETED: u8 = 0x20;
const FIRST: u8 = 0x10;
const VERSIONED: u8 = 0x40;
const ADDED: u8 = 0x80;
/// Kinds of records in the low bits before the distance to the next: rows, and MariaDB's rows with added columns.
const ROW: u8 = 0;
const MARIA_ADDED: u8 = 4;

/// The bits of a record at an origin that lies behind the page's header.
fn info(node: &Node<'_>, origin: usize) -> u8 {
    let back = if node.is_compact() { 5 } else { 6 };
    node.page[origin - back]
}

/// Whether a record is marked as deleted.
pub(super) fn is_deleted(node: &Node<'_>, origin: usize) -> bool {
    info(node, origin) & DELETED != 0
}

/// Whether a record of a leaf tells of added columns rather than of a row (MariaDB).
pub(super) fn is_note(node: &Node<'_>, origin: usize) -> bool {
    info(node, origin) & FIRST != 0
}

impl Layout {
    /// The stored fields of a record; `None` where its lengths contradict the page.
    pub(super) fn read<'a>(&self, node: &Node<'a>, origin: usize) -> Option<Vec<Stored<'a>>> {
        if node.is_compact() {
            self.compact(node, origin)
        } else {
            self.redundant(node, origin)
        }
    }

    /// Whether a record has a field, by what its header says: the first of so many fields, or those of a version.
    fn present(&self, node: &Node<'_>, origin: usize, before: &mut Back<'_>) -> Option<Vec<bool>> {
        let kind = node.page[origin - 3] & 7;
        let info = info(node, origin);
        let first = |n: usize| {
            let mut left = n;
            let has = |field: &Field| {
                let is_old = field.added == 0 && left > 0;
                left -= usize::from(is_old);
                is_old
            };
            self.fields.iter().map(has).collect()
        };
        let of_version = |version: u8| {
            let has = |field: &Field| {
                field.added <= version && (field.dropped == 0 || field.dropped > version)
            };
            self.fields.iter().map(has).collect()
        };
        match (kind, self.n_before) {
            (ROW, _) if info & VERSIONED != 0 => Some(of_version(before.byte()?)),
            (ROW, _) if info & ADDED != 0 => {
                let n = usize::from(before.byte()?);
                let n = if n < 0x80 {
                    n
                } else {
                    (n & 0x7f) << 8 | usize::from(before.byte()?)
                };
                Some(first(n))
            }
            (ROW, Some(n)) => Some(first(n)),
            (ROW, None) => Some(of_version(0)),
            (MARIA_ADDED, Some(n)) => {
                let low = usize::from(before.byte()?);
                let added = if low < 0x80 {
                    low
                } else {
                    low & 0x7f | usize::from(before.byte()?) << 7
                };
                let all = n + added + 1;
                (all <= self.fields.len()).then(|| first(all))
            }
            _ => None,
        }
    }

    fn compact<'a>(&self, node: &Node<'a>, origin: usize) -> Option<Vec<Stored<'a>>> {
        let mut before = Back {
            page: node.page,
            at: origin.checked_sub(5)?,
        };
        let present = self.present(node, origin, &mut before)?;
        let there = || {
            self.fields
                .iter()
                .zip(&present)
                .filter(|(_, there)| **there)
        };
        let n_nullable = there().filter(|(field, _)| field.nullable).count();
        let mut absent = Back { ..before };
        before.at = before.at.checked_sub(n_nullable.div_ceil(8))?;
        let (mut at, mut map, mut bit) = (origin, 0, 8);
        let mut stored = Vec::with_capacity(self.fields.len());
        for (field, &there) in self.fields.iter().zip(&present) {
            if !there {
                stored.push(Stored::Missing);
                continue;
            }
            if field.nullable {
                if bit == 8 {
                    (map, bit) = (absent.byte()?, 0);
                }
                bit += 1;
                if map >> (bit - 1) & 1 == 1 {
                    stored.push(Stored::Null);
                    continue;
                }
            }
            let (len, outside) = match field.of.size {
                Size::Fixed(len) => (len, false),
                Size::Short => (usize::from(before.byte()?), false),
                Size::Long => match usize::from(before.byte()?) {
                    len @ ..0x80 => (len, false),
                    high => {
                        let low = usize::from(before.byte()?);
                        ((high & 0x3f) << 8 | low, high & 0x40 != 0)
                    }
                },
            };
            let raw = node
                .page
                .get(at..at + len)
                .filter(|_| at + len <= node.end())?;
            at += len;
            stored.push(if outside {
                Stored::Outside(raw)
            } else {
                Stored::Here(raw)
            });
        }
        Some(stored)
    }

    /// The old form: before the record stands where each field ends, in one byte or two.
    fn redundant<'a>(&self, node: &Node<'a>, origin: usize) -> Option<Vec<Stored<'a>>> {
        let header = number(node.page.get(origin - 6..origin)?);
        let (n, is_short) = (header >> 17 & 0x3ff, header >> 16 & 1 == 1);
        let n = usize::try_from(n).ok()?;
        if n > self.fields.len() {
            return None;
        }
        let mut before = Back {
            page: node.page,
            at: origin.checked_sub(6)?,
        };
        let (mut at, mut stored) = (0, Vec::with_capacity(n));
        for _ in 0..n {
            let (end, null, outside) = if is_short {
                let byte = usize::from(before.byte()?);
                (byte & 0x7f, byte & 0x80 != 0, false)
            } else {
                // The two bytes stand in their usual order, so from behind the lower comes first.
                let low = usize::from(before.byte()?);
                let pair = usize::from(before.byte()?) << 8 | low;
                (pair & 0x3fff, pair & 0x8000 != 0, pair & 0x4000 != 0)
            };
            let range = origin + at..origin + end;
            let raw = node
                .page
                .get(range.clone())
                .filter(|_| range.end <= node.end())?;
            at = end;
            stored.push(match (null, outside) {
                (true, _) => Stored::Null,
                (_, true) => Stored::Outside(raw),
                _ => Stored::Here(raw),
            });
        }
        stored.resize(self.fields.len(), Stored::Missing);
        Some(stored)
    }
}

/// Bytes read backwards.
struct Back<'a> {
    page: &'a [u8],
    at: usize,
}

impl Back<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.at = self.at.checked_sub(1)?;
        self.page.get(self.at).copied()
    }
}
