//! MongoDB's dumps: `collection.bson` and `mongodump --archive`.
//!
//! In: documents in BSON, one behind the other; in an archive, slices of collections one after another (mongo-tools,
//! "common/archive", read 2026-11). Out: a record per document, nested members as columns like `address.city`.
//!
//! A document says its own length, so that parts are found without reading it. Behind a length that cannot be true nothing
//! can be found any more; what stands before it counts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bson::raw::{RawBsonRef, RawDocument};

use crate::format::json::{Written, bare, bytes as text_of, float, instant, string};
use crate::format::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};

/// Collections dumped one by one.
pub(crate) const BSON: Format = Format {
    name: "bson",
    title: "MongoDB dumps (mongodump, BSON)",
    extensions: &["bson"],
    raw: true,
    tabular: true,
    sniff: sniff_bson,
    open: open_bson,
};

/// All collections in one file.
pub(crate) const ARCHIVE: Format = Format {
    name: "mongodump",
    title: "MongoDB archives (mongodump --archive)",
    extensions: &["archive"],
    raw: true,
    tabular: true,
    sniff: |head| {
        if head.bytes.starts_with(&MAGIC) {
            100
        } else {
            0
        }
    },
    open: open_archive,
};

/// The first bytes of an archive.
const MAGIC: [u8; 4] = 0x8199_e26d_u32.to_le_bytes();
/// What stands behind the documents of a slice.
const END: [u8; 4] = [0xff; 4];
/// Longest document: MongoDB's limit, and some room (BSON specification; mongo-tools "MaxBSONSize").
const DOCUMENT_BYTES: usize = (16 << 20) + (16 << 10);
/// Documents inside documents; deeper ones are left out and said.
const DEPTH: usize = 100;
/// Text held for all collections of an archive together.
const HELD_BYTES: usize = 32 << 20;

/// The document at an offset, by its length and its last byte.
fn document(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let len = bytes.get(at..)?.first_chunk::<4>()?;
    let len = usize::try_from(i32::from_le_bytes(*len)).ok()?;
    let document = bytes.get(at..at.checked_add(len)?)?;
    ((5..=DOCUMENT_BYTES).contains(&len) && document.ends_with(&[0])).then_some(document)
}

fn sniff_bson(head: &Head<'_>) -> u8 {
    let Some(len) = head.bytes.first_chunk::<4>() else {
        return 0;
    };
    let len = i32::from_le_bytes(*len);
    // A type, a name without control characters, and its end.
    let element = &head.bytes[4..];
    let name = element.iter().skip(1).take(128).position(|&byte| byte == 0);
    let is_name =
        name.is_some_and(|end| end > 0 && element[1..=end].iter().all(|&byte| byte >= 0x20));
    let is_type = matches!(element.first(), Some(1..=0x13 | 0x7f | 0xff));
    if !(5..=DOCUMENT_BYTES as i32).contains(&len) || len as u64 > head.len || !is_type || !is_name
    {
        return 0;
    }
    match document(head.bytes, 0) {
        Some(first)
            if first.len() as u64 == head.len || document(head.bytes, first.len()).is_some() =>
        {
            90
        }
        Some(_) => 60,
        // The first document is longer than what is seen.
        None if len as usize > head.bytes.len() => 60,
        None => 0,
    }
}

/// A file of documents, cut into parts.
struct Documents<'a> {
    bytes: &'a [u8],
    name: String,
    limits: Limits,
    /// Where each part begins, and the last ends.
    cuts: Vec<usize>,
}

fn open_bson<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (mut cuts, mut at) = (vec![0], 0);
    while let Some(document) = document(bytes, at) {
        at += document.len();
        if at - cuts[cuts.len() - 1] >= context.limits.part_bytes {
            cuts.push(at);
        }
    }
    if cuts[cuts.len() - 1] < at {
        cuts.push(at);
    }
    Ok(Box::new(Documents {
        bytes,
        name: context.stem.clone(),
        limits: context.limits.clone(),
        cuts,
    }))
}

impl Reader for Documents<'_> {
    fn parts(&self) -> usize {
        self.cuts.len() - 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = Written::new(&self.name, &self.limits);
        let mut at = self.cuts[part];
        while at < self.cuts[part + 1] {
            let Some(found) = document(self.bytes, at) else {
                break;
            };
            if give(found, at, &mut rows, sink).is_break() {
                return Ok(());
            }
            at += found.len();
        }
        let _ = rows.flush(sink);
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }

    fn faults(&self) -> Vec<Fault> {
        rest_fault(self.bytes, self.cuts[self.cuts.len() - 1])
            .into_iter()
            .collect()
    }
}

/// The fault that stands where the documents end before the source does.
fn rest_fault(bytes: &[u8], at: usize) -> Option<Fault> {
    let rest = bytes.len() - at;
    let declared = bytes[at..]
        .first_chunk::<4>()
        .map(|len| i32::from_le_bytes(*len));
    let cut = declared.is_none_or(|len| len > rest as i32 && len <= DOCUMENT_BYTES as i32);
    let code = if cut {
        Code::Truncated
    } else {
        Code::Malformed
    };
    (rest > 0).then(|| Fault::at(code, at as u64, format!("{rest} bytes")))
}

/// Gives a document as a record, and says what of it cannot be read.
fn give(raw: &[u8], at: usize, rows: &mut Written<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let read = RawDocument::from_bytes(raw)
        .map_err(|_| Code::Malformed)
        .and_then(|found| members(found, rows.out(), DEPTH));
    rows.end(at as u64, sink)?;
    match read {
        Ok(()) => ControlFlow::Continue(()),
        Err(code) => {
            rows.flush(sink)?;
            let lost = "values of the document";
            sink(crate::format::Item::Fault(Fault::at(code, at as u64, lost)))
        }
    }
}

/// Writes a document's members. What stands before a fault is kept.
fn members(document: &RawDocument, out: &mut Vec<u8>, depth: usize) -> Result<(), Code> {
    let (mut result, mut first) = (Ok(()), true);
    out.push(b'{');
    for element in document {
        let Ok((key, found)) = element else {
            result = Err(Code::Malformed);
            break;
        };
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        string(key.as_str(), out);
        out.push(b':');
        result = result.and(value(found, out, depth));
    }
    out.push(b'}');
    result
}

fn value(found: RawBsonRef<'_>, out: &mut Vec<u8>, depth: usize) -> Result<(), Code> {
    match found {
        RawBsonRef::Document(_) | RawBsonRef::Array(_) if depth == 0 => {
            bare("null", out);
            return Err(Code::TooDeep);
        }
        RawBsonRef::Document(inner) => return members(inner, out, depth - 1),
        RawBsonRef::Array(inner) => {
            let (mut result, mut first) = (Ok(()), true);
            out.push(b'[');
            for element in inner {
                let Ok(element) = element else {
                    result = Err(Code::Malformed);
                    break;
                };
                if !std::mem::take(&mut first) {
                    out.push(b',');
                }
                result = result.and(value(element, out, depth - 1));
            }
            out.push(b']');
            return result;
        }
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => {
            string(text, out);
        }
        RawBsonRef::JavaScriptCodeWithScope(code) => string(code.code, out),
        RawBsonRef::RegularExpression(found) => string(found.pattern.as_str(), out),
        RawBsonRef::Double(number) => float(number, out),
        RawBsonRef::Boolean(truth) => bare(truth, out),
        RawBsonRef::Int32(number) => bare(number, out),
        RawBsonRef::Int64(number) => bare(number, out),
        RawBsonRef::Decimal128(number) => string(&number.to_string(), out),
        RawBsonRef::DateTime(time) => instant(time.timestamp_millis(), out),
        RawBsonRef::Timestamp(time) => instant(i64::from(time.time) * 1_000, out),
        RawBsonRef::ObjectId(id) => string(&id.to_hex(), out),
        RawBsonRef::Binary(found) => text_of(found.bytes, out),
        _ => bare("null", out),
    }
    Ok(())
}

/// All collections of an archive, in one part: their slices are mixed.
struct Archive<'a> {
    bytes: &'a [u8],
    limits: Limits,
}

fn open_archive<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Archive {
        bytes,
        limits: context.limits.clone(),
    }))
}

impl Reader for Archive<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut at = MAGIC.len();
        // The prelude: a document on the archive, and one on each collection.
        while let Some(found) = document(self.bytes, at) {
            at += found.len();
        }
        let mut collections: BTreeMap<String, Written<'_>> = BTreeMap::new();
        let mut held = 0;
        while self.bytes[at.min(self.bytes.len())..].starts_with(&END) {
            at += END.len();
            let Some(header) = document(self.bytes, at) else {
                break;
            };
            at += header.len();
            let rows = collections
                .entry(namespace(header))
                .or_insert_with_key(|name| Written::new(name, &self.limits));
            let start = at;
            while let Some(found) = document(self.bytes, at) {
                if give(found, at, rows, sink).is_break() {
                    return Ok(());
                }
                at += found.len();
            }
            held += at - start;
            if held > HELD_BYTES {
                held = 0;
                for rows in collections.values_mut() {
                    if rows.flush(sink).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        for mut rows in collections.into_values() {
            if rows.flush(sink).is_break() {
                return Ok(());
            }
        }
        match rest_fault(self.bytes, at.min(self.bytes.len())) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-8")
    }
}

/// The collection whose documents follow a header of a slice.
fn namespace(header: &[u8]) -> String {
    let Ok(header) = RawDocument::from_bytes(header) else {
        return String::new();
    };
    let text = |key| header.get_str(key).unwrap_or_default();
    format!("{}.{}", text("db"), text("collection"))
}
