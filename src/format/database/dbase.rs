//! dBase, FoxPro and Clipper tables (`.dbf`).
//!
//! In: a header of fields and records of one length (dBase file structure, dBase LLC, read 2026-11; Visual FoxPro, "Table
//! File Structure"). Out: a record per row. Rows marked as deleted stand in the file until it is packed: they are given as
//! a table of their own. Memo fields hold the number of a block only; the texts stand in a `.dbt` or `.fpt` beside it
//! (the forms of dBase III and IV, and of FoxPro: "Memo File Structure"). Without that file they are said to be missing.

use std::ops::ControlFlow;

use crate::format::gather::Gather;
use crate::format::{Context, Format, Head, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::{Encoding, detect};

/// dBase tables.
pub(crate) const FORMAT: Format = Format {
    name: "dbase",
    title: "dBase, FoxPro and Clipper tables",
    extensions: &["dbf"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// First bytes: dBase III to 7, FoxBASE and FoxPro, with and without memos.
const VERSIONS: [u8; 18] = [
    0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7b, 0x83, 0x8b, 0x8c, 0x8e, 0xcb, 0xe5,
    0xf5, 0xfb,
];
/// Records that are read to tell the encoding, in bytes.
const SAMPLE_BYTES: usize = 64 << 10;

/// One field of a record.
struct Field {
    name: String,
    kind: u8,
    /// Offset in the record.
    start: usize,
    len: usize,
}

/// What the header says.
struct Header {
    n_records: usize,
    /// Where the first record stands.
    start: usize,
    record_len: usize,
    fields: Vec<Field>,
    encoding: Encoding,
    /// Whether its memos are as FoxPro writes them.
    is_foxpro: bool,
}

fn sniff(head: &Head<'_>) -> u8 {
    let Some([version, _, month, day, rest @ ..]) = head.bytes.first_chunk::<32>() else {
        return 0;
    };
    let start = usize::from(u16::from_le_bytes([rest[4], rest[5]]));
    let record_len = u64::from(u16::from_le_bytes([rest[6], rest[7]]));
    let n_records = u64::from(u32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]));
    let plausible =
        VERSIONS.contains(version) && *month <= 12 && *day <= 31 && start >= 65 && record_len > 1;
    let kinds = b"CNFDLMIBGPTYVQ@O+W0";
    let is_field = head
        .bytes
        .get(if *version == 4 { 68 + 32 } else { 32 + 11 })
        .is_some_and(|kind| kinds.contains(kind));
    if !plausible || !is_field {
        return 0;
    }
    let end = start as u64 + n_records * record_len;
    if end <= head.len && head.len - end <= record_len.max(1_024) {
        95
    } else {
        70
    }
}

/// Reads the header. `None` when there is not one field.
fn header(bytes: &[u8], given: Encoding) -> Option<Header> {
    let fixed = bytes.first_chunk::<32>()?;
    let number = |at: usize| usize::from(u16::from_le_bytes([fixed[at], fixed[at + 1]]));
    let n_records = u32::from_le_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]) as usize;
    let (start, record_len) = (number(8), number(10));
    // dBase 7 has longer names.
    let (first, size, name_len) = if fixed[0] == 4 {
        (68, 48, 32)
    } else {
        (32, 32, 11)
    };
    let encoding = code_page(fixed[29], bytes.get(start..).unwrap_or_default(), given);
    let (mut fields, mut offset) = (Vec::new(), 1);
    for raw in bytes.get(first..start.min(bytes.len()))?.chunks_exact(size) {
        if raw[0] == 0x0d {
            break;
        }
        let name = raw[..name_len]
            .split(|&byte| byte == 0)
            .next()
            .unwrap_or_default();
        let (kind, len) = (
            raw[name_len],
            usize::from(raw[name_len + if size == 48 { 1 } else { 5 }]),
        );
        // Clipper keeps the high byte of a long text's length in the decimals.
        let high = usize::from(raw[name_len + if size == 48 { 2 } else { 6 }]);
        let len = if kind == b'C' { len + (high << 8) } else { len };
        if offset + len > record_len {
            break;
        }
        fields.push(Field {
            name: encoding.decode(name).0.trim().to_owned(),
            kind,
            start: offset,
            len,
        });
        offset += len;
    }
    (!fields.is_empty()).then_some(Header {
        n_records,
        start,
        record_len,
        fields,
        encoding,
        is_foxpro: matches!(fixed[0], 0x30..=0x32 | 0xf5 | 0xfb),
    })
}

/// The encoding by the language driver (dBase; FoxPro "Code Pages Supported by Visual FoxPro"), or by the records. Japanese
/// files mostly say nothing.
fn code_page(driver: u8, records: &[u8], given: Encoding) -> Encoding {
    match driver {
        0x13 | 0x7b => Encoding::ShiftJis,
        0x03 | 0x57 | 0x58 | 0x59 => Encoding::Windows1252,
        _ => match detect(&records[..records.len().min(SAMPLE_BYTES)]).encoding {
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Iso2022Jp => given,
            found => found,
        },
    }
}

struct Rows<'a> {
    bytes: &'a [u8],
    header: Header,
    limits: Limits,
    live: Table,
    deleted: Table,
    /// Records that are there, and records of a part.
    n_there: usize,
    n_part: usize,
    memos: Option<Memos>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let header = header(bytes, context.encoding)
        .ok_or_else(|| Fault::at(Code::Malformed, 0, "the whole source"))?;
    let table = |name: String| Table {
        name,
        columns: header
            .fields
            .iter()
            .map(|field| Some(field.name.clone()))
            .collect(),
        ..Table::default()
    };
    let room = bytes.len().saturating_sub(header.start) / header.record_len;
    let n_there = room.min(header.n_records);
    let memos = context.memos.clone();
    let memos = memos.map(|memos| Memos::of(memos, bytes, &header, n_there, &context.limits));
    Ok(Box::new(Rows {
        bytes,
        live: table(context.stem.clone()),
        deleted: table(format!("{} (deleted)", context.stem)),
        n_there,
        n_part: (context.limits.part_bytes / header.record_len).max(1),
        limits: context.limits.clone(),
        memos,
        header,
    }))
}

/// Whether bytes, at least the header of a file, are those of a table that has memos in a file of their own: by its version,
/// since not all programs set the flag by which Visual FoxPro tells, and by a field for them.
pub fn has_memos(bytes: &[u8]) -> bool {
    let version = bytes.first().copied().unwrap_or(0);
    let head = Head {
        bytes,
        len: bytes.len() as u64,
        encoding: Encoding::Utf8,
        extension: "",
    };
    let is_kept = matches!(
        version,
        0x30..=0x32 | 0x83 | 0x8b | 0x8c | 0x8e | 0xcb | 0xe5 | 0xf5 | 0xfb
    );
    let has_field = |header: Header| header.fields.iter().any(|field| field.kind == b'M');
    is_kept && sniff(&head) > 0 && header(bytes, Encoding::Utf8).is_some_and(has_field)
}

/// The file of a table's memos. A memo ends where the next one that a record names begins, and a second record that names one
/// is given none: together the memos are no longer than their file.
struct Memos {
    bytes: Bytes,
    is_foxpro: bool,
    /// The blocks that records name, ascending, and the record that names each first.
    named: Vec<(usize, usize)>,
    record_bytes: usize,
    /// Memos of records that name one of an earlier record, and blocks with something in them that no record names.
    n_repeated: usize,
    n_unnamed: usize,
}

impl Memos {
    fn of(bytes: Bytes, table: &[u8], header: &Header, n_there: usize, limits: &Limits) -> Self {
        let kept = |kind: u8| matches!(kind, b'M' | b'G' | b'P' | b'W');
        let fields: Vec<&Field> = header.fields.iter().filter(|f| kept(f.kind)).collect();
        let records = table[header.start.min(table.len())..].chunks_exact(header.record_len);
        let mut named = Vec::new();
        for (nth, record) in records.take(n_there).enumerate() {
            let raw = fields
                .iter()
                .map(|field| &record[field.start..field.start + field.len]);
            named.extend(raw.filter_map(block).map(|block| (block, nth)));
        }
        named.sort_unstable();
        let all = named.len();
        named.dedup_by_key(|(block, _)| *block);
        let mut memos = Self {
            bytes,
            is_foxpro: header.is_foxpro,
            n_repeated: all - named.len(),
            named,
            record_bytes: limits.record_bytes,
            n_unnamed: 0,
        };
        memos.n_unnamed = memos.unnamed();
        memos
    }

    /// Bytes of a block.
    fn size(&self) -> usize {
        let told = match (self.is_foxpro, self.bytes.get(6..8), self.bytes.get(20..22)) {
            (true, Some(&[a, b]), _) => u16::from_be_bytes([a, b]),
            // dBase III keeps nothing there.
            (false, _, Some(&[a, b])) if self.bytes[16] != 3 => u16::from_le_bytes([a, b]),
            _ => 0,
        };
        if told == 0 { 512 } else { usize::from(told) }
    }

    /// The memo at a block, if a record is the first to name it.
    fn get(&self, block: usize, record: usize) -> Option<&[u8]> {
        let nth = self.nth(block)?;
        (self.named[nth].1 == record).then_some(())?;
        self.text(nth)
    }

    fn nth(&self, block: usize) -> Option<usize> {
        self.named
            .binary_search_by_key(&block, |(block, _)| *block)
            .ok()
    }

    /// The memo at the `nth` of the named blocks.
    fn text(&self, nth: usize) -> Option<&[u8]> {
        let block = self.named[nth].0;
        let blocks = self
            .named
            .get(nth + 1)
            .map_or(usize::MAX, |next| next.0 - block);
        let most = blocks.saturating_mul(self.size()).min(self.record_bytes);
        memo(&self.bytes, block, self.is_foxpro, most)
    }

    /// How many blocks hold something although no record names them or a memo that they belong to.
    fn unnamed(&self) -> usize {
        let size = self.size();
        let is_used = |range: std::ops::Range<usize>| {
            let bytes = self.bytes.get(range).unwrap_or_default();
            bytes.iter().any(|byte| !matches!(byte, 0 | 0x1a | b' '))
        };
        // The first 512 bytes are the file's header.
        let (mut at, mut n) = (512, 0);
        let ends = (0..self.named.len()).filter_map(|nth| {
            let text = self.text(nth)?;
            let end = text.as_ptr_range().end as usize - self.bytes.as_ptr() as usize;
            Some((self.named[nth].0.checked_mul(size)?, end))
        });
        for (start, end) in ends.chain([(self.bytes.len(), self.bytes.len())]) {
            while at < start {
                n += usize::from(is_used(at..(at + size).min(start)));
                at += size;
            }
            at = at.max(end.next_multiple_of(size));
        }
        n
    }
}

/// The memo that begins at a block, at most so many bytes: behind its length (FoxPro, dBase IV), or up to an end mark (dBase III).
fn memo(memos: &[u8], block: usize, is_foxpro: bool, most: usize) -> Option<&[u8]> {
    let at = |bytes: usize| block.checked_mul(bytes);
    if is_foxpro {
        let size = usize::from(u16::from_be_bytes(*memos.get(6..)?.first_chunk()?));
        let rest = memos.get(at(size)?..).filter(|_| size > 0)?;
        // What it is (a text is 1), and its length.
        let len = u32::from_be_bytes(*rest.get(4..)?.first_chunk()?) as usize;
        let text = rest.get(8..)?;
        return Some(&text[..len.min(text.len()).min(most)]);
    }
    let told = usize::from(u16::from_le_bytes(*memos.get(20..)?.first_chunk()?));
    for bytes in [told, 512] {
        let rest = memos.get(at(bytes)?..).filter(|_| bytes > 0);
        if let Some(&[0xff, 0xff, 8, 0, a, b, c, d, ref text @ ..]) = rest {
            let len = (u32::from_le_bytes([a, b, c, d]) as usize).saturating_sub(8);
            return Some(&text[..len.min(text.len()).min(most)]);
        }
    }
    let rest = memos.get(at(512)?..)?;
    let rest = &rest[..rest.len().min(most)];
    Some(&rest[..memchr::memchr(0x1a, rest).unwrap_or(rest.len())])
}

/// The number of the block that a memo field tells; `None` where there is no memo.
fn block(raw: &[u8]) -> Option<usize> {
    let block = match raw.first_chunk::<4>() {
        Some(bytes) if raw.len() == 4 => u32::from_le_bytes(*bytes) as usize,
        _ => std::str::from_utf8(raw).ok()?.trim().parse().ok()?,
    };
    (block > 0).then_some(block)
}

impl Reader for Rows<'_> {
    fn parts(&self) -> usize {
        self.n_there.div_ceil(self.n_part)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let records = part * self.n_part..((part + 1) * self.n_part).min(self.n_there);
        for (table, mark) in [(&self.live, false), (&self.deleted, true)] {
            let mut rows = Gather::new(table.clone(), &self.limits, sink);
            for n in records.clone() {
                let at = self.header.start + n * self.header.record_len;
                let record = &self.bytes[at..at + self.header.record_len];
                if (record[0] == b'*') == mark && self.record(record, at, &mut rows).is_break() {
                    return Ok(());
                }
            }
            if rows.flush().is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some(self.header.encoding.name())
    }

    fn faults(&self) -> Vec<Fault> {
        let missing = self.header.n_records - self.n_there;
        let fault = Fault::at(
            Code::Truncated,
            self.bytes.len() as u64,
            format!("{missing} records"),
        );
        let records = (missing > 0).then_some(fault);
        let unread = self.unread_memos();
        let memos = (unread > 0).then(|| {
            let lost = format!("{unread} memos, which stand in another file or beyond its end");
            Fault::whole(Code::Truncated, lost)
        });
        let more = self.memos.as_ref().into_iter().flat_map(|memos| {
            let repeated = format!("{} memos that stand in two records", memos.n_repeated);
            let unnamed = format!("{} blocks of memos that no record names", memos.n_unnamed);
            let said = [(memos.n_repeated, repeated), (memos.n_unnamed, unnamed)];
            let said = said.into_iter().filter(|(n, _)| *n > 0);
            said.map(|(_, what)| Fault::whole(Code::Malformed, what))
        });
        records.into_iter().chain(memos).chain(more).collect()
    }
}

impl Rows<'_> {
    /// The text of a memo.
    fn memo(&self, raw: &[u8], at: usize) -> Option<String> {
        let record = (at - self.header.start) / self.header.record_len;
        let text = self.memos.as_ref()?.get(block(raw)?, record)?;
        let text = self.header.encoding.decode(text).0;
        let text = text.trim_end_matches(['\0', '\u{1a}']).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// How many memos there should be that cannot be found.
    fn unread_memos(&self) -> usize {
        let fields: Vec<&Field> = self
            .header
            .fields
            .iter()
            .filter(|field| field.kind == b'M')
            .collect();
        if fields.is_empty() {
            return 0;
        }
        let records = self.bytes[self.header.start.min(self.bytes.len())..]
            .chunks_exact(self.header.record_len);
        let records = records.take(self.n_there);
        let of = |record: &[u8]| {
            let raw = fields
                .iter()
                .map(|field| &record[field.start..field.start + field.len]);
            let lost = |block: usize| {
                let memos = self.memos.as_ref();
                memos.is_none_or(|memos| memo(&memos.bytes, block, memos.is_foxpro, 0).is_none())
            };
            raw.filter_map(block).filter(|&block| lost(block)).count()
        };
        records.map(of).sum()
    }

    fn record(&self, record: &[u8], at: usize, rows: &mut Gather<'_, '_>) -> ControlFlow<()> {
        for field in &self.header.fields {
            let raw = &record[field.start..field.start + field.len];
            match number(field.kind, raw) {
                Some(text) => rows.value(Some(&text)),
                None if field.kind == b'M' => rows.value(self.memo(raw, at).as_deref()),
                // Pictures and flags.
                None if matches!(field.kind, b'G' | b'P' | b'W' | b'0') => rows.value(None),
                None => {
                    let raw = raw.split(|&byte| byte == 0).next().unwrap_or_default();
                    let text = self.header.encoding.decode(raw.trim_ascii_end()).0;
                    let text = text.trim();
                    rows.value((!text.is_empty()).then_some(text));
                }
            }
        }
        rows.end(at as u64)
    }
}

/// The text of a field that is kept as a binary number.
fn number(kind: u8, raw: &[u8]) -> Option<String> {
    match (kind, raw.len()) {
        (b'I' | b'+', 4) => Some(i32::from_le_bytes(raw.try_into().ok()?).to_string()),
        (b'B' | b'O', 8) => Some(f64::from_le_bytes(raw.try_into().ok()?).to_string()),
        (b'Y', 8) => {
            let n = i64::from_le_bytes(raw.try_into().ok()?);
            Some(format!("{}.{:04}", n / 10_000, n.unsigned_abs() % 10_000))
        }
        // Julian day and milliseconds.
        (b'T' | b'@', 8) => {
            let (day, rest) = raw.split_at(4);
            let day = i64::from(u32::from_le_bytes(day.try_into().ok()?));
            let millis = i64::from(u32::from_le_bytes(rest.try_into().ok()?));
            let mut out = Vec::new();
            crate::format::json::instant((day - 2_440_588) * 86_400_000 + millis, &mut out);
            (day > 0).then(|| String::from_utf8_lossy(&out).trim_matches('"').to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::context;

    /// A table of a text, a number and a date, with one deleted row of two.
    fn table(driver: u8, name: &[u8]) -> Vec<u8> {
        let fields: [(&[u8], u8, u8); 3] =
            [(b"NAME", b'C', 10), (b"AGE", b'N', 3), (b"BORN", b'D', 8)];
        let start = 32 + fields.len() * 32 + 1;
        let mut out = vec![3, 124, 1, 31, 2, 0, 0, 0, start as u8, 0, 22, 0];
        out.resize(32, 0);
        out[29] = driver;
        for (name, kind, len) in fields {
            let at = out.len();
            out.resize(at + 32, 0);
            out[at..at + name.len()].copy_from_slice(name);
            (out[at + 11], out[at + 16]) = (kind, len);
        }
        out.push(0x0d);
        for mark in [b' ', b'*'] {
            out.push(mark);
            out.extend_from_slice(name);
            out.resize(out.len() + 10 - name.len(), b' ');
            out.extend_from_slice(b" 4219800131");
        }
        out.push(0x1a);
        out
    }

    fn show(raw: &[u8]) -> Vec<String> {
        crate::format::tests::show(&FORMAT, raw, &context())
    }

    #[test]
    fn records_live_and_deleted() {
        let name = encoding_rs::SHIFT_JIS.encode("山田表").0.into_owned();
        let expected = [
            "t: NAME=山田表, AGE=42, BORN=19800131",
            "t (deleted): NAME=山田表, AGE=42, BORN=19800131",
        ];
        assert_eq!(show(&table(0x7b, &name)), expected);
        let head = table(0, b"Taro");
        assert_eq!(
            show(&head),
            [
                "t: NAME=Taro, AGE=42, BORN=19800131",
                "t (deleted): NAME=Taro, AGE=42, BORN=19800131"
            ]
        );
        assert_eq!(
            show(&head[..head.len() - 10]),
            ["! truncated", "t: NAME=Taro, AGE=42, BORN=19800131"]
        );
        let sniffed = sniff(&Head {
            bytes: &head,
            len: head.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        });
        assert_eq!(sniffed, 95);
    }

    #[test]
    fn memos_of_three_programs() {
        fn check(memos: &[u8], block: usize, is_foxpro: bool, expected: Option<&str>) {
            let found = memo(memos, block, is_foxpro, 1_000)
                .map(|text| String::from_utf8_lossy(text).into_owned());
            assert_eq!(found.as_deref(), expected);
        }
        let mut third = vec![0; 512];
        third[..4].copy_from_slice(&2u32.to_le_bytes());
        third[16] = 3;
        third.extend_from_slice(b"first memo\x1a\x1a");
        check(&third, 1, false, Some("first memo"));
        check(&third, 2, false, None);
        let mut fourth = vec![0; 512];
        fourth[..4].copy_from_slice(&2u32.to_le_bytes());
        fourth[8..14].copy_from_slice(b"MEMBER");
        fourth[20..22].copy_from_slice(&512u16.to_le_bytes());
        fourth.extend_from_slice(b"\xff\xff\x08\x00\x0c\0\0\0text and the rest");
        check(&fourth, 1, false, Some("text"));
        let mut fox = vec![0; 512];
        fox[..4].copy_from_slice(&9u32.to_be_bytes());
        fox[6..8].copy_from_slice(&64u16.to_be_bytes());
        fox.extend_from_slice(b"\0\0\0\x01\0\0\0\x04text and the rest");
        check(&fox, 8, true, Some("text"));
        check(&fox, 9, true, None);
        assert_eq!(
            (
                block(b"         8"),
                block(b"          "),
                block(&[8, 0, 0, 0])
            ),
            (Some(8), None, Some(8))
        );
    }

    #[test]
    fn memos_are_given_once_and_all_are_said() {
        let mut raw = vec![0x83, 124, 1, 31, 3, 0, 0, 0, 65, 0, 11, 0];
        raw.resize(32, 0);
        raw.extend_from_slice(b"NOTE\0\0\0\0\0\0\0M\0\0\0\0\x0a");
        raw.resize(64, 0);
        raw.push(0x0d);
        assert!(has_memos(&raw));
        assert!(!has_memos(b"0,name\n1,Taro\n2,Jiro\n"));
        for block in [1, 1, 3] {
            raw.extend_from_slice(format!(" {block:10}").as_bytes());
        }
        let mut memos = vec![0; 512];
        for text in ["first", "of nobody", "third"] {
            memos.extend_from_slice(text.as_bytes());
            memos.push(0x1a);
            memos.resize(memos.len().next_multiple_of(512), 0);
        }
        let context = Context {
            memos: Some(Bytes::owned(memos)),
            ..context()
        };
        let expected = [
            "! malformed",
            "! malformed",
            "t: NOTE=first",
            "t: ",
            "t: NOTE=third",
        ];
        assert_eq!(
            crate::format::tests::show(&FORMAT, &raw, &context),
            expected
        );
    }

    #[test]
    fn changed_bytes_end() {
        let whole = table(0, b"Taro");
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                show(&changed);
            }
            show(&whole[..at]);
        }
    }
}
