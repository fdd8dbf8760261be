//! The pages of a database file, read without SQLite: records that were deleted, and those of files that SQLite refuses.
//!
//! In: the file's bytes. Out: records that stand in no live table, each once (<https://www.sqlite.org/fileformat2.html>, read
//! 2026-11). Free pages keep what stood on them until they are used again; so does the space of deleted records within a
//! page. Index pages are left out: they only repeat values.

use std::collections::HashSet;
use std::hash::BuildHasher;

use crate::text::Encoding;

/// Bytes of the file header.
const FILE_HEADER: usize = 100;
/// First byte of a table's leaf page.
const LEAF: u8 = 0x0D;
/// Columns of a record at most (SQLITE_MAX_COLUMN).
const COLUMNS: usize = 2_000;
/// Live records remembered at most, to tell copies of them: 400 MB.
const REMEMBERED: usize = 50_000_000;

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// A database file as its pages.
pub(super) struct Pages<'a> {
    bytes: &'a [u8],
    size: usize,
    usable: usize,
    encoding: Encoding,
    /// Pages that the file header counts; those behind are left from before.
    counted: usize,
}

impl<'a> Pages<'a> {
    /// The pages by the file header; `None` when it tells no possible size.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let size = match number(bytes.get(16..18)?) as usize {
            1 => 65_536,
            size if size >= 512 && size.is_power_of_two() => size,
            _ => return None,
        };
        let encoding = match number(bytes.get(56..60)?) {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let usable = size
            .checked_sub(usize::from(bytes[20]))
            .filter(|&usable| usable >= 480)?;
        let all = bytes.len().div_ceil(size);
        let told = number(&bytes[28..32]) as usize;
        let valid = told > 0 && bytes[24..28] == *bytes.get(92..96)?;
        let counted = if valid { told.min(all) } else { all };
        Some(Self {
            bytes,
            size,
            usable,
            encoding,
            counted,
        })
    }

    fn page(&self, number: usize) -> Option<&'a [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.size)?;
        let page = self.bytes.get(start..)?;
        Some(&page[..page.len().min(self.usable)])
    }

    fn all(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    /// Numbers of the free pages: those on the list, and those behind the end of the database.
    fn free(&self) -> HashSet<usize> {
        let mut free: HashSet<usize> = (self.counted + 1..=self.all()).collect();
        let mut trunk = self.bytes.get(32..36).map_or(0, number) as usize;
        while trunk > 0 && free.insert(trunk) {
            let Some(page) = self.page(trunk).filter(|page| page.len() >= 8) else {
                break;
            };
            let count = (number(&page[4..8]) as usize).min((page.len() - 8) / 4);
            free.extend(
                page[8..8 + count * 4]
                    .chunks(4)
                    .map(|leaf| number(leaf) as usize),
            );
            trunk = number(&page[..4]) as usize;
        }
        free
    }

    /// Calls `give` with every record that stands in no live table, and no live record is. `known` are the numbers of columns
    /// of the tables that there are, if any are known.
    pub(super) fn remnants(&self, known: &[usize], give: &mut dyn FnMut(Vec<Value>) -> bool) {
        let free = self.free();
        let mut seen = Seen::default();
        for number in (1..=self.all()).filter(|number| !free.contains(number)) {
            for cell in self.live_cells(number) {
                seen.insert(cell);
            }
        }
        for number in 1..=self.all() {
            let Some(page) = self.page(number) else {
                continue;
            };
            if free.contains(&number) {
                if !self.region(page, &[], &mut seen, give) {
                    return;
                }
                continue;
            }
            for region in self.gaps(number) {
                if !self.region(region, known, &mut seen, give) {
                    return;
                }
            }
        }
    }

    /// Calls `give` with every record of the file's table pages, live or not: for a file that SQLite refuses.
    pub(super) fn every_record(&self, give: &mut dyn FnMut(Vec<Value>) -> bool) {
        let mut seen = Seen::default();
        for number in 1..=self.all() {
            let Some(page) = self.page(number) else {
                continue;
            };
            if !self.region(page, &[], &mut seen, give) {
                return;
            }
        }
    }

    /// Where the header of a leaf page begins, if it is one.
    fn leaf(&self, number: usize) -> Option<(&'a [u8], usize)> {
        let at = if number == 1 { FILE_HEADER } else { 0 };
        let page = self.page(number)?;
        (page.get(at) == Some(&LEAF) && page.len() >= at + 8).then_some((page, at))
    }

    /// The payloads of a leaf page's records, as far as they stand on it.
    fn live_cells(&self, number: usize) -> Vec<&'a [u8]> {
        let Some((page, at)) = self.leaf(number) else {
            return Vec::new();
        };
        let count = self::number(&page[at + 3..at + 5]) as usize;
        let pointers = page[at + 8..].chunks_exact(2).take(count);
        pointers
            .filter_map(|pointer| self.payload(page.get(self::number(pointer) as usize..)?))
            .map(|(payload, _, _)| payload)
            .collect()
    }

    /// The stretches of a live page that hold no live record.
    fn gaps(&self, number: usize) -> Vec<&'a [u8]> {
        let Some((page, at)) = self.leaf(number) else {
            return Vec::new();
        };
        let field = |from: usize| self::number(&page[at + from..at + from + 2]) as usize;
        let start = at + 8 + 2 * field(3);
        let end = if field(5) == 0 { page.len() } else { field(5) };
        let mut gaps: Vec<&[u8]> = page.get(start..end.min(page.len())).into_iter().collect();
        let mut block = field(1);
        // Free blocks are listed in ascending order; a chain that goes back is broken.
        while let Some(header) = page.get(block..block + 4).filter(|_| block > 0) {
            let (next, len) = (
                self::number(&header[..2]) as usize,
                self::number(&header[2..]) as usize,
            );
            gaps.extend(page.get(block + 4..(block + len).min(page.len())));
            if next <= block {
                break;
            }
            block = next;
        }
        gaps
    }

    /// A cell of a table's leaf page: its payload as far as it stands here, the payload's whole length, and its end.
    fn payload<'p>(&self, cell: &'p [u8]) -> Option<(&'p [u8], usize, usize)> {
        let (len, a) = varint(cell)?;
        let (_, b) = varint(cell.get(a..)?)?;
        let len = usize::try_from(len).ok()?;
        let most = self.usable - 35;
        let local = if len <= most {
            len
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let local = least + (len - least) % (self.usable - 4);
            if local <= most { local } else { least }
        };
        let end = (a + b).checked_add(local)?;
        Some((cell.get(a + b..end)?, len, end))
    }

    /// Looks for whole cells, and for records whose cell header was overwritten, at every place of a stretch. In a free page
    /// any table's may stand; in the gaps of a live one those of `known` widths, whose first bytes the list of free blocks
    /// overwrote.
    fn region(
        &self,
        region: &[u8],
        known: &[usize],
        seen: &mut Seen,
        give: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> bool {
        let fits = |values: &Vec<Value>| known.is_empty() || known.contains(&values.len());
        let mut at = 0;
        while at + 4 < region.len() {
            let rest = &region[at..];
            let whole = self.payload(rest).and_then(|(payload, len, end)| {
                let values = self.record(payload, Some(len)).filter(&fits)?;
                Some((values, payload, end))
            });
            let headless = || {
                let values = self.record(rest, None).filter(&fits)?;
                let (header, body) = lengths(rest)?;
                Some((values, rest.get(..header + body)?, header + body))
            };
            let bare = || known.iter().find_map(|&width| self.bare(rest, width));
            match whole.or_else(headless).or_else(bare) {
                Some((values, payload, end)) => {
                    if seen.insert(payload) && !is_schema(&values) && !give(values) {
                        return false;
                    }
                    at += end;
                }
                None => at += 1,
            }
        }
        true
    }

    /// A record of a known width of which not even the header's length is left: its types, then its values. That says little,
    /// so three texts must be there.
    fn bare<'p>(&self, rest: &'p [u8], width: usize) -> Option<(Vec<Value>, &'p [u8], usize)> {
        let (mut header, mut kinds) = (0, Vec::with_capacity(width.min(COLUMNS)));
        for _ in 0..width.min(COLUMNS) {
            let (kind, n) = varint(rest.get(header..)?)?;
            size(kind)?;
            kinds.push(kind);
            header += n;
        }
        let mut at = header;
        let (mut values, mut texts) = (Vec::with_capacity(width), 0);
        for kind in kinds {
            let end = at.checked_add(size(kind)?)?;
            let value = self.value(kind, rest.get(at..end)?)?;
            texts += usize::from(matches!(&value, Value::Text(text) if text.len() > 1));
            values.push(value);
            at = end;
        }
        (texts >= 3).then(|| (values, &rest[..at], at))
    }

    /// Reads a record. Its parts must make up `len` bytes, or, where that is not known, stand here whole; all of its text
    /// must be text, and some of it there.
    fn record(&self, payload: &[u8], len: Option<usize>) -> Option<Vec<Value>> {
        let (header, body) = lengths(payload)?;
        if len.map_or(header + body > payload.len(), |len| header + body != len) {
            return None;
        }
        let mut types = &payload[varint(payload)?.1..header];
        let mut rest = &payload[header..];
        let mut values = Vec::new();
        let mut letters = 0;
        while !types.is_empty() {
            let (kind, n) = varint(types)?;
            types = &types[n..];
            let size = size(kind)?.min(rest.len());
            let (raw, tail) = rest.split_at(size);
            rest = tail;
            let value = self.value(kind, raw)?;
            if let Value::Text(text) = &value {
                letters += text.len();
            }
            values.push(value);
        }
        (letters >= 4 && values.len() >= 2).then_some(values)
    }

    fn value(&self, kind: u64, raw: &[u8]) -> Option<Value> {
        let signed = |raw: &[u8]| {
            let first = raw.first().map_or(0, |&byte| i64::from(byte as i8));
            raw.iter()
                .skip(1)
                .fold(first, |n, &byte| n << 8 | i64::from(byte))
        };
        Some(match kind {
            0 => Value::Null,
            1..=6 => Value::Integer(signed(raw)),
            7 => Value::Real(f64::from_bits(signed(raw) as u64)),
            8 | 9 => Value::Integer(kind as i64 - 8),
            _ if kind.is_multiple_of(2) => Value::Blob(raw.to_vec()),
            _ => {
                let (text, bad) = self.encoding.decode(raw);
                let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                if bad > 0 || text.contains(control) {
                    return None;
                }
                Value::Text(text.into_owned())
            }
        })
    }
}

/// Whether a record is one of the schema's own.
fn is_schema(values: &[Value]) -> bool {
    let [Value::Text(kind), _, _, _, _] = values else {
        return false;
    };
    matches!(kind.as_str(), "table" | "index" | "view" | "trigger")
}

/// Lengths of a record's header and of its body, when they are possible.
fn lengths(payload: &[u8]) -> Option<(usize, usize)> {
    let (header, n) = varint(payload)?;
    let header = usize::try_from(header).ok().filter(|&header| header > n)?;
    let mut types = payload.get(n..header)?;
    let (mut body, mut columns) = (0usize, 0);
    while !types.is_empty() {
        let (kind, n) = varint(types)?;
        body = body.checked_add(size(kind)?)?;
        types = &types[n..];
        columns += 1;
        if columns > COLUMNS {
            return None;
        }
    }
    Some((header, body))
}

/// Bytes of a value by its serial type; `None` for those that do not occur in files.
fn size(kind: u64) -> Option<usize> {
    Some(match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind as usize,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => usize::try_from((kind - 12) / 2)
            .ok()
            .filter(|&size| size < 1 << 30)?,
    })
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, &byte| n << 8 | u32::from(byte))
}

/// A number of one to nine bytes, and how many they are.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut n = 0;
    for (i, &byte) in bytes.iter().take(9).enumerate() {
        if i == 8 {
            return Some((n << 8 | u64::from(byte), 9));
        }
        n = n << 7 | u64::from(byte & 0x7F);
        if byte < 0x80 {
            return Some((n, i + 1));
        }
    }
    None
}

/// Records seen, by hash.
#[derive(Default)]
struct Seen {
    hashes: HashSet<u64, foldhash::fast::FixedState>,
}

impl Seen {
    /// Whether a payload is new.
    fn insert(&mut self, payload: &[u8]) -> bool {
        if self.hashes.len() >= REMEMBERED {
            return true;
        }
        let hash = foldhash::quality::FixedState::with_seed(7).hash_one(payload);
        self.hashes.insert(hash)
    }
}
