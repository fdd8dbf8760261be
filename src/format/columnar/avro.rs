//! Avro object container files.
//!
//! In: a schema, and blocks of records (Apache Avro specification 1.12, "Object Container Files"). Out: a record each,
//! nested members as columns. Where a block cannot be read the rest is lost, and said.

mod xz;

use std::ops::ControlFlow;
use std::sync::Once;

use apache_avro::types::Value;

use crate::format::json::{Written, bare, bytes as text_of, date, float, instant, string};
use crate::format::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};

/// Avro files.
pub(crate) const FORMAT: Format = Format {
    name: "avro",
    title: "Avro",
    extensions: &["avro"],
    raw: true,
    tabular: true,
    sniff: |head: &Head<'_>| {
        if head.bytes.starts_with(b"Obj\x01") {
            100
        } else {
            0
        }
    },
    open,
};

/// Bytes that a length in the file may ask for at once.
const ALLOCATION_BYTES: usize = 128 << 20;
/// Values inside values; deeper ones are left out.
const DEPTH: usize = 64;

struct Blocks<'a> {
    bytes: &'a [u8],
    /// The same file with blocks that are not packed, where they are packed in a way that the parser does not read, and what
    /// kept the rest from being unpacked.
    unpacked: Option<(Bytes, Option<Fault>)>,
    name: String,
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    static BOUND: Once = Once::new();
    BOUND.call_once(|| {
        apache_avro::util::max_allocation_bytes(ALLOCATION_BYTES);
    });
    let unpacked = match codec(bytes) {
        Some(b"xz") => xz::unpacked(bytes, context)?,
        None | Some(b"null" | b"deflate" | b"snappy" | b"zstandard" | b"bzip2") => None,
        Some(_) => {
            return Err(Fault::whole(
                Code::Unsupported,
                "the whole source: packed in a way that is not read",
            ));
        }
    };
    let plain = unpacked.as_ref().map_or(&bytes[..], |(bytes, _)| bytes);
    if apache_avro::Reader::new(plain).is_err() {
        return Err(Fault::at(Code::Malformed, 0, "the whole source"));
    }
    Ok(Box::new(Blocks {
        bytes,
        unpacked,
        name: context.stem.clone(),
        limits: context.limits.clone(),
    }))
}

/// The codec that the header names: the name stands behind `avro.codec` and its length.
fn codec(bytes: &[u8]) -> Option<&[u8]> {
    let head = &bytes[..bytes.len().min(1 << 20)];
    let at = memchr::memmem::find(head, b"avro.codec")? + 10;
    let len = usize::from(*head.get(at)?) / 2;
    head.get(at + 1..at + 1 + len)
}

impl Reader for Blocks<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let unpacked = self.unpacked.as_ref();
        let plain = unpacked.map_or(self.bytes, |(bytes, _)| bytes);
        let mut rest = plain;
        // Of a file that was unpacked it is not told where.
        let at = |rest: &[u8]| (plain.len() - rest.len()) as u64;
        let fault = |at: u64| {
            Fault::at(
                Code::Malformed,
                at,
                "the rest of the source, from this block on",
            )
        };
        let mut rows = Written::new(&self.name, &self.limits);
        let mut result = Ok(());
        // A reader of its own for the position: blocks are decoded one by one as they are asked for.
        let reader = apache_avro::Reader::new(&mut rest).map_err(|_| fault(0))?;
        for found in reader {
            let Ok(found) = found else {
                result = Err(());
                break;
            };
            value(&found, rows.out(), DEPTH);
            if rows.end(0, sink).is_break() {
                return Ok(());
            }
        }
        if rows.flush(sink) == ControlFlow::Break(()) {
            return Ok(());
        }
        match unpacked {
            None => result.map_err(|()| fault(at(rest))),
            Some((_, None)) => result.map_err(|()| Fault {
                at: None,
                ..fault(0)
            }),
            Some((_, Some(lost))) => Err(lost.clone()),
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }
}

fn value(found: &Value, out: &mut Vec<u8>, depth: usize) {
    if depth == 0 {
        return bare("null", out);
    }
    match found {
        Value::Boolean(truth) => bare(truth, out),
        Value::Int(n) | Value::TimeMillis(n) => bare(n, out),
        Value::Long(n) | Value::TimeMicros(n) => bare(n, out),
        Value::Float(n) => float(f64::from(*n), out),
        Value::Double(n) => float(*n, out),
        Value::Bytes(raw) | Value::Fixed(_, raw) => text_of(raw, out),
        Value::String(text) | Value::Enum(_, text) => string(text, out),
        Value::Union(_, inner) => value(inner, out, depth - 1),
        Value::Array(elements) => {
            out.push(b'[');
            for (n, element) in elements.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                value(element, out, depth - 1);
            }
            out.push(b']');
        }
        Value::Map(map) => {
            // A map has no order; a report must have one.
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            object(
                members.into_iter().map(|(name, found)| (&name[..], found)),
                out,
                depth,
            );
        }
        Value::Record(fields) => object(
            fields.iter().map(|(name, found)| (&name[..], found)),
            out,
            depth,
        ),
        Value::Date(days) => date(i64::from(*days), out),
        Value::TimestampMillis(n) | Value::LocalTimestampMillis(n) => instant(*n, out),
        Value::TimestampMicros(n) | Value::LocalTimestampMicros(n) => {
            instant(n.div_euclid(1_000), out)
        }
        Value::TimestampNanos(n) | Value::LocalTimestampNanos(n) => {
            instant(n.div_euclid(1_000_000), out)
        }
        Value::BigDecimal(n) => string(&n.to_string(), out),
        Value::Uuid(id) => string(&id.to_string(), out),
        Value::Null | Value::Decimal(_) | Value::Duration(_) => bare("null", out),
    }
}

fn object<'v>(
    members: impl Iterator<Item = (&'v str, &'v Value)>,
    out: &mut Vec<u8>,
    depth: usize,
) {
    out.push(b'{');
    for (n, (name, found)) in members.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        string(name, out);
        out.push(b':');
        value(found, out, depth - 1);
    }
    out.push(b'}');
}
