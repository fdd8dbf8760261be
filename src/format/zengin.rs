//! Fixed records of Japanese banks: transfers, salaries and direct debits in the format of the Zengin system.
//!
//! In: records of 120 bytes, with or without line ends; half-width kana in the code of JIS X 0201, which Shift_JIS contains.
//! The first byte tells what a record is: 1 header, 2 data, 8 sums, 9 end. Out: a record for each data record, and one for
//! each header, whose client is the payer. Lengths are counted in bytes of the source (全国銀行協会「全銀協標準フォーマット」:
//! 総合振込, 給与振込, 口座振替; layouts as the banks publish them, read 2026-11).

use std::ops::{ControlFlow, Range};

use super::{Batch, Cell, Context, Format, Head, Item, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::{Encoding, Escape};

/// Zengin files.
pub(crate) const FORMAT: Format = Format {
    name: "zengin",
    title: "Zengin records of 120 bytes (transfers, salaries, direct debits)",
    extensions: &["txt", "dat", "zengin", "fb"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Length of a record, in bytes.
const RECORD: usize = 120;
/// Records of a batch.
const ROWS: usize = 1_024;

/// A field: its name and its bytes in the record.
type Field = (&'static str, Range<usize>);

/// 総合振込, 給与振込, 賞与振込.
const TRANSFER: [Field; 9] = [
    ("銀行番号", 1..5),
    ("銀行名", 5..20),
    ("支店番号", 20..23),
    ("支店名", 23..38),
    ("預金種目", 42..43),
    ("口座番号", 43..50),
    ("受取人名", 50..80),
    ("振込金額", 80..90),
    ("顧客コード", 91..111),
];
/// 口座振替.
const DEBIT: [Field; 9] = [
    ("銀行番号", 1..5),
    ("銀行名", 5..20),
    ("支店番号", 20..23),
    ("支店名", 23..38),
    ("預金種目", 42..43),
    ("口座番号", 43..50),
    ("預金者名", 50..80),
    ("引落金額", 80..90),
    ("顧客番号", 91..111),
];
/// The header of all of them.
const CLIENT: [Field; 9] = [
    ("委託者コード", 4..14),
    ("委託者名", 14..54),
    ("取組日", 54..58),
    ("銀行番号", 58..62),
    ("銀行名", 62..77),
    ("支店番号", 77..80),
    ("支店名", 80..95),
    ("預金種目", 95..96),
    ("口座番号", 96..103),
];
/// Kinds of files by the two digits behind a header's first: salaries, bonuses, transfers; direct debits.
const TRANSFERS: [&[u8]; 5] = [b"11", b"12", b"21", b"71", b"72"];
const DEBITS: [&[u8]; 1] = [b"91"];

/// Bytes from the start of one record to the next: the length, and that of the line end.
fn stride(bytes: &[u8]) -> Option<usize> {
    let is_next = |at: usize| match bytes.get(at) {
        None | Some(0x1a) => bytes.len() >= RECORD,
        Some(byte) => matches!(byte, b'1' | b'2' | b'8' | b'9'),
    };
    match bytes.get(RECORD..) {
        Some([b'\r', b'\n', ..]) if is_next(RECORD + 2) => Some(RECORD + 2),
        Some([b'\n' | b'\r', ..]) if is_next(RECORD + 1) => Some(RECORD + 1),
        Some(_) if is_next(RECORD) => Some(RECORD),
        _ => None,
    }
}

fn sniff(head: &Head<'_>) -> u8 {
    let bytes = head.bytes;
    let Some(stride) = stride(bytes).filter(|_| bytes.first() == Some(&b'1')) else {
        return 0;
    };
    let kind = &bytes[1..3];
    let known = TRANSFERS.contains(&kind) || DEBITS.contains(&kind);
    let digits = |range: Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    if !known || !matches!(bytes[3], b'0' | b'1') || !digits(4..14) || !digits(54..58) {
        return 0;
    }
    let fits = |record: &[u8]| match record[0] {
        b'2' => record[1..5]
            .iter()
            .chain(&record[80..90])
            .all(u8::is_ascii_digit),
        mark => matches!(mark, b'1' | b'8' | b'9'),
    };
    let mut records = bytes
        .chunks(stride)
        .filter(|record| record.len() >= RECORD)
        .take(100);
    if records.all(fits) { 96 } else { 0 }
}

struct Records<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// Records of a part.
    n_part: usize,
    data: (Table, &'static [Field]),
    client: (Table, &'static [Field]),
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let Some(stride) = stride(bytes) else {
        return Err(Fault::at(
            Code::Malformed,
            RECORD as u64,
            "the whole source",
        ));
    };
    let fields: &'static [Field] = if DEBITS.contains(&&bytes[1..3]) {
        &DEBIT
    } else {
        &TRANSFER
    };
    let table = |name: String, fields: &'static [Field]| {
        let columns = fields
            .iter()
            .map(|(name, _)| Some((*name).to_owned()))
            .collect();
        (
            Table {
                name,
                columns,
                shape: Shape::Rows,
            },
            fields,
        )
    };
    Ok(Box::new(Records {
        bytes,
        stride,
        n_part: (context.limits.part_bytes / stride).max(1),
        data: table(context.stem.clone(), fields),
        client: table(format!("{} (委託者)", context.stem), &CLIENT),
    }))
}

impl Records<'_> {
    /// Records that are there whole.
    fn n_records(&self) -> usize {
        (self.bytes.len() + self.stride - RECORD) / self.stride
    }

    /// Gives the records of one kind.
    fn give(
        &self,
        records: Range<usize>,
        mark: u8,
        (table, fields): &(Table, &'static [Field]),
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let mut cells = Vec::new();
        let base = records.start * self.stride;
        let bytes = &self.bytes[base..self.bytes.len().min(records.end * self.stride)];
        for record in 0..records.len() {
            let at = record * self.stride;
            if bytes[at] != mark {
                continue;
            }
            cells.extend(fields.iter().map(|(_, range)| {
                let raw = &bytes[at + range.start..at + range.end];
                let start = at + range.start + (raw.len() - raw.trim_ascii_start().len());
                Cell::new(start, start + raw.trim_ascii().len(), false)
            }));
        }
        if cells.is_empty() {
            return ControlFlow::Continue(());
        }
        sink(Item::Batch(Batch {
            table,
            encoding: Encoding::ShiftJis,
            escape: Escape::None,
            bytes,
            origin: Some(base as u64),
            cells: &cells,
        }))
    }
}

impl Reader for Records<'_> {
    fn parts(&self) -> usize {
        self.n_records().div_ceil(self.n_part)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let end = ((part + 1) * self.n_part).min(self.n_records());
        for start in (part * self.n_part..end).step_by(ROWS) {
            let records = start..(start + ROWS).min(end);
            let flow = self.give(records.clone(), b'1', &self.client, sink);
            if flow.is_break() || self.give(records, b'2', &self.data, sink).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("shift_jis")
    }

    fn faults(&self) -> Vec<Fault> {
        // What follows the last record: a line end, or the end mark of old systems.
        let end = (self.n_records() * self.stride).min(self.bytes.len());
        let rest = &self.bytes[end..];
        let rest = rest.strip_suffix(b"\x1a").unwrap_or(rest).trim_ascii();
        let fault = Fault::at(Code::Truncated, end as u64, format!("{} bytes", rest.len()));
        (!rest.is_empty()).then_some(fault).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    /// A record: fields padded to their lengths.
    fn record(fields: &[(&str, usize)]) -> Vec<u8> {
        let mut out = Vec::new();
        for (text, len) in fields {
            let mut raw = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
            raw.resize(*len, b' ');
            out.extend(raw);
        }
        out.resize(RECORD, b' ');
        out
    }

    fn file(line_end: &str) -> Vec<u8> {
        let header = record(&[
            ("1", 1),
            ("21", 2),
            ("0", 1),
            ("1234567890", 10),
            ("ｶ)ﾔｵﾔ", 40),
            ("0131", 4),
            ("0001", 4),
        ]);
        let data = record(&[
            ("2", 1),
            ("0005", 4),
            ("ﾐﾅﾄ", 15),
            ("123", 3),
            ("ｴｷﾏｴ", 15),
            ("0000", 4),
            ("1", 1),
            ("7654321", 7),
            ("ﾔﾏﾀﾞ ﾀﾛｳ", 30),
            ("0000012000", 10),
        ]);
        let [sums, end] = ["8000001000000012000", "9"].map(|text| record(&[(text, 120)]));
        [header, data, sums, end]
            .iter()
            .flat_map(|r| [&r[..], line_end.as_bytes()].concat())
            .collect()
    }

    fn show(raw: &[u8], part_bytes: usize) -> Vec<String> {
        let context = Context {
            stem: "t".into(),
            encoding: Encoding::Utf8,
            limits: Limits {
                part_bytes,
                ..Limits::default()
            },
            header: |_, _| false,
            ..crate::format::tests::context()
        };
        let bytes = Bytes::owned(raw.to_vec());
        let Ok(reader) = open(&bytes, &context) else {
            return vec![];
        };
        let mut out: Vec<String> = reader
            .faults()
            .iter()
            .map(|fault| fault.code.to_string())
            .collect();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                if let Item::Batch(batch) = item {
                    for row in batch.cells.chunks(batch.table.columns.len()) {
                        let text = |cell: &Cell| {
                            batch
                                .encoding
                                .decode(&batch.bytes[cell.range()])
                                .0
                                .into_owned()
                        };
                        out.push(row.iter().map(text).collect::<Vec<_>>().join("|"));
                    }
                }
                ControlFlow::Continue(())
            });
            assert_eq!(read, Ok(()));
        }
        out
    }

    #[test]
    fn records_with_and_without_line_ends() {
        let expected = [
            "1234567890|ｶ)ﾔｵﾔ|0131|0001|||||",
            "0005|ﾐﾅﾄ|123|ｴｷﾏｴ|1|7654321|ﾔﾏﾀﾞ ﾀﾛｳ|0000012000|",
        ];
        for line_end in ["", "\r\n", "\n", "\r"] {
            let raw = file(line_end);
            for part_bytes in [1, 500, 1 << 20] {
                assert_eq!(show(&raw, part_bytes), expected, "{line_end:?}");
            }
            let head = Head {
                bytes: &raw,
                len: raw.len() as u64,
                encoding: Encoding::Utf8,
                extension: "",
            };
            assert_eq!(sniff(&head), 96);
            assert_eq!(show(&[&raw[..], b"\x1a"].concat(), 500), expected);
        }
    }

    #[test]
    fn cut_files_say_so() {
        let raw = file("");
        assert_eq!(show(&raw[..300], 1 << 20)[0], "truncated");
        for len in 0..raw.len() {
            show(&raw[..len], 100);
        }
        let head = Head {
            bytes: b"12100",
            len: 5,
            encoding: Encoding::Utf8,
            extension: "txt",
        };
        assert_eq!(sniff(&head), 0);
    }
}
