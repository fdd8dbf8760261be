//! Parquet files.
//!
//! In: a schema at the end, and groups of rows kept by column. Out: a record per row, nested members as columns. A part is a
//! group of rows.
//!
//! The reader of this crate panics on some damaged files (`formats.md` of the research: 26 of 4,000 mutants, most of them in
//! the printing of times, which is not asked for here): a panic is caught and is a damaged group.

use std::ops::ControlFlow;

use parquet::errors::{ParquetError, Result as Read};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::record::{Field, Row};

use crate::format::guard::guarded;
use crate::format::json::{Written, bare, bytes as text_of, date, float, instant, string};
use crate::format::{Context, Format, Head, Item, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};

/// Parquet files.
pub(crate) const FORMAT: Format = Format {
    name: "parquet",
    title: "Parquet",
    extensions: &["parquet"],
    raw: true,
    tabular: true,
    sniff: |head: &Head<'_>| {
        if head.bytes.starts_with(b"PAR1") {
            100
        } else {
            0
        }
    },
    open,
};

/// Values inside values; deeper ones are left out.
const DEPTH: usize = 64;
/// A column of a group of rows that claims to be longer is not read.
const COLUMN_BYTES: i64 = 1 << 31;

/// The source's bytes, as the reader of columns asks for them.
struct Source(Bytes);

impl Length for Source {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

impl AsRef<[u8]> for Source {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Source {
    /// Some of the bytes, shared.
    fn range(&self, start: u64, len: usize) -> Read<Self> {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        if start > self.0.len() {
            return Err(ParquetError::EOF("beyond the end".to_owned()));
        }
        Ok(Self(self.0.slice(start..start.saturating_add(len))))
    }
}

impl ChunkReader for Source {
    type T = std::io::Cursor<Source>;

    fn get_read(&self, start: u64) -> Read<Self::T> {
        Ok(std::io::Cursor::new(self.range(start, usize::MAX)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Read<bytes::Bytes> {
        let found = self.range(start, length)?;
        if found.0.len() < length {
            return Err(ParquetError::EOF("beyond the end".to_owned()));
        }
        Ok(bytes::Bytes::from_owner(found))
    }
}

struct Groups {
    file: SerializedFileReader<Source>,
    name: String,
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let whole = |code| Fault::whole(code, "the whole source");
    if bytes.ends_with(b"PARE") {
        return Err(whole(Code::Encrypted));
    }
    if !bytes.ends_with(b"PAR1") {
        return Err(Fault::at(
            Code::Truncated,
            bytes.len() as u64,
            "the whole source: its schema stands at the end",
        ));
    }
    let file = guarded(|| SerializedFileReader::new(Source(bytes.clone())));
    let Some(Ok(file)) = file else {
        return Err(whole(Code::Malformed));
    };
    Ok(Box::new(Groups {
        file,
        name: context.stem.clone(),
        limits: context.limits.clone(),
    }))
}

impl Reader for Groups {
    fn parts(&self) -> usize {
        self.file.num_row_groups()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let meta = self.file.metadata().row_group(part);
        let at = meta
            .columns()
            .iter()
            .map(|column| column.data_page_offset())
            .min();
        let at = at.and_then(|at| u64::try_from(at).ok()).unwrap_or(0);
        let fault = || Fault::at(Code::Malformed, at, "the rest of a group of rows");
        if meta
            .columns()
            .iter()
            .any(|column| column.uncompressed_size() > COLUMN_BYTES)
        {
            return Err(Fault::at(Code::OverBudget, at, "a group of rows"));
        }
        let mut rows = Written::new(&self.name, &self.limits);
        let Some(Ok(group)) = guarded(|| self.file.get_row_group(part)) else {
            return Err(fault());
        };
        let Some(Ok(mut found)) = guarded(|| group.get_row_iter(None)) else {
            return Err(fault());
        };
        let result = loop {
            // Only the reader's own step is guarded: what the sink does is not its fault.
            let next = guarded(|| found.next());
            match next {
                Some(None) => break Ok(()),
                Some(Some(Ok(row))) => {
                    record(&row, rows.out(), DEPTH);
                    if rows.end(at, sink).is_break() {
                        return Ok(());
                    }
                }
                Some(Some(Err(_))) | None => break Err(fault()),
            }
        };
        if rows.flush(sink) == ControlFlow::Break(()) {
            return Ok(());
        }
        if let Err(fault) = result {
            let _ = sink(Item::Fault(fault));
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }
}

fn record(row: &Row, out: &mut Vec<u8>, depth: usize) {
    out.push(b'{');
    for (n, (name, field)) in row.get_column_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        string(name, out);
        out.push(b':');
        value(field, out, depth);
    }
    out.push(b'}');
}

fn value(field: &Field, out: &mut Vec<u8>, depth: usize) {
    if depth == 0 {
        return bare("null", out);
    }
    match field {
        Field::Null => bare("null", out),
        Field::Bool(truth) => bare(truth, out),
        Field::Byte(n) => bare(n, out),
        Field::Short(n) => bare(n, out),
        Field::Int(n) | Field::TimeMillis(n) => bare(n, out),
        Field::Long(n) | Field::TimeMicros(n) => bare(n, out),
        Field::UByte(n) => bare(n, out),
        Field::UShort(n) => bare(n, out),
        Field::UInt(n) => bare(n, out),
        Field::ULong(n) => bare(n, out),
        Field::Float16(n) => float(f64::from(n.to_f32()), out),
        Field::Float(n) => float(f64::from(*n), out),
        Field::Double(n) => float(*n, out),
        Field::Decimal(n) => decimal(n.data(), n.scale(), out),
        Field::Str(text) => string(text, out),
        Field::Bytes(raw) => text_of(raw.data(), out),
        Field::Date(days) => date(i64::from(*days), out),
        Field::TimestampMillis(n) => instant(*n, out),
        Field::TimestampMicros(n) => instant(n.div_euclid(1_000), out),
        Field::Group(row) => record(row, out, depth - 1),
        Field::ListInternal(list) => elements(list.elements().iter(), out, depth),
        Field::MapInternal(map) => {
            out.push(b'{');
            for (n, (key, found)) in map.entries().iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                match key {
                    Field::Str(name) => string(name, out),
                    _ => string("value", out),
                }
                out.push(b':');
                value(found, out, depth - 1);
            }
            out.push(b'}');
        }
    }
}

fn elements<'f>(found: impl Iterator<Item = &'f Field>, out: &mut Vec<u8>, depth: usize) {
    out.push(b'[');
    for (n, field) in found.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        value(field, out, depth - 1);
    }
    out.push(b']');
}

/// Writes a number of big-endian bytes with a decimal point in it; one longer than 16 bytes is left out.
fn decimal(raw: &[u8], scale: i32, out: &mut Vec<u8>) {
    if raw.is_empty() || raw.len() > 16 || !(0..=38).contains(&scale) {
        return bare("null", out);
    }
    let sign = if raw[0] & 0x80 != 0 { -1_i128 } else { 0 };
    let number = raw
        .iter()
        .fold(sign, |number, &byte| number << 8 | i128::from(byte));
    let digits = format!(
        "{:0width$}",
        number.unsigned_abs(),
        width = scale as usize + 1
    );
    let (whole, part) = digits.split_at(digits.len() - scale as usize);
    let minus = if number < 0 { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    string(&format!("{minus}{whole}{point}{part}"), out);
}
