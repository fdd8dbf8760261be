//! The bytes of a stream, and whether all of them could be had.
//!
//! The library gives back what it could inflate and does not say where it had to stop. So Flate streams, which nearly all
//! are, are inflated here; the other filters are the library's.

use flate2::{Decompress, FlushDecompress, Status};
use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

/// What a stream holds.
pub(super) struct Plain {
    /// Its bytes, as far as they could be had.
    pub(super) bytes: Vec<u8>,
    /// Whether some could not be had, or are not those that were written.
    pub(super) is_damaged: bool,
}

/// It would give more bytes than it may.
pub(super) struct TooLong;

/// Undoes the filters of a stream, to so many bytes at most.
///
/// # Errors
///
/// When it would give more.
pub(super) fn plain(stream: &Stream, limit: usize) -> Result<Plain, TooLong> {
    let names = match stream.filters() {
        Ok(filters) => filters,
        Err(_) if !stream.dict.has(b"Filter") => Vec::new(),
        Err(_) => return Ok(nothing()),
    };
    if let [b"FlateDecode"] = names[..]
        && !is_predicted(&stream.dict)
    {
        return inflate(&stream.content, limit);
    }
    let bytes = match stream.get_plain_content_with_limit(limit) {
        Ok(bytes) => bytes,
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => return Err(TooLong),
        Err(_) => return Ok(nothing()),
    };
    // What stands before a Flate filter is undone once more, to see whether that ends as it should.
    let mut is_damaged = false;
    for (nth, _) in names
        .iter()
        .enumerate()
        .filter(|(_, n)| **n == b"FlateDecode")
    {
        let inner = before(stream, &names[..nth])
            .get_plain_content_with_limit(limit)
            .map_err(|_| TooLong)?;
        is_damaged |= inflate(&inner, limit)?.is_damaged;
    }
    Ok(Plain { bytes, is_damaged })
}

fn nothing() -> Plain {
    Plain {
        bytes: Vec::new(),
        is_damaged: true,
    }
}

/// Whether a predictor must be undone behind the filter (ISO 32000-1, 7.4.4.4).
fn is_predicted(dict: &Dictionary) -> bool {
    let one = |params: &Object| {
        params
            .as_dict()
            .and_then(|dict| dict.get(b"Predictor"))
            .is_ok_and(|predictor| predictor.as_i64().is_ok_and(|n| n > 1))
    };
    match dict.get(b"DecodeParms") {
        Ok(Object::Array(all)) => all.iter().any(one),
        Ok(params) => one(params),
        Err(_) => false,
    }
}

/// The same stream under the first of its filters only.
fn before(stream: &Stream, names: &[&[u8]]) -> Stream {
    let mut dict = Dictionary::new();
    let names = names.iter().map(|name| Object::Name(name.to_vec()));
    dict.set("Filter", names.collect::<Vec<_>>());
    if let Ok(params @ Object::Array(_)) = stream.dict.get(b"DecodeParms") {
        dict.set("DecodeParms", params.clone());
    }
    Stream::new(dict, stream.content.clone())
}

/// Inflates a zlib stream (RFC 1950): its two first bytes are not looked at, its sum at the end is, where it is there.
fn inflate(packed: &[u8], limit: usize) -> Result<Plain, TooLong> {
    let Some(body) = packed.get(2..) else {
        // An empty stream is none; one byte is the line end before `endstream`.
        return Ok(Plain {
            bytes: Vec::new(),
            is_damaged: false,
        });
    };
    let mut inflater = Decompress::new(false);
    let mut bytes = Vec::new();
    loop {
        if bytes.len() > limit {
            return Err(TooLong);
        }
        let room = (bytes.len().max(body.len() * 2).max(1 << 10)).min(limit + 1 - bytes.len());
        bytes.reserve(room.max(64));
        let (read, given) = (inflater.total_in() as usize, bytes.len());
        let status = inflater.decompress_vec(&body[read..], &mut bytes, FlushDecompress::None);
        let read = inflater.total_in() as usize;
        match status {
            Ok(Status::StreamEnd) if bytes.len() > limit => return Err(TooLong),
            Ok(Status::StreamEnd) => {
                let sum = body[read..]
                    .first_chunk()
                    .map(|sum| u32::from_be_bytes(*sum));
                let is_damaged = sum.is_some_and(|sum| sum != adler(&bytes));
                return Ok(Plain { bytes, is_damaged });
            }
            Ok(_) if bytes.len() > given => {}
            _ => {
                return Ok(Plain {
                    bytes,
                    is_damaged: true,
                });
            }
        }
    }
}

/// The checksum Adler-32 (RFC 1950, 8.2).
fn adler(bytes: &[u8]) -> u32 {
    // 5,552 is the most that can be added up before a sum outgrows 32 bits.
    let (mut a, mut b) = (1u32, 0u32);
    for chunk in bytes.chunks(5552) {
        for byte in chunk {
            a += u32::from(*byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(text).expect("a vector takes all");
        encoder.finish().expect("a vector takes all")
    }

    /// What a Flate stream gives: its bytes and whether they are damaged; nothing where it is too long.
    fn check(content: Vec<u8>, limit: usize, expected: Option<(&[u8], bool)>) {
        let stream = Stream::new(lopdf::dictionary! { "Filter" => "FlateDecode" }, content);
        let found = plain(&stream, limit).ok();
        let found = found.as_ref().map(|p| (p.bytes.as_slice(), p.is_damaged));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_flate_stream_is_whole_or_said() {
        let text: Vec<u8> = (0..4000u64)
            .flat_map(|n| n.pow(3).to_string().into_bytes())
            .collect();
        let whole = packed(&text);
        check(whole.clone(), 1 << 20, Some((&text, false)));
        check(whole.clone(), text.len(), Some((&text, false)));
        check(whole.clone(), text.len() - 1, None);
        // A line end behind it, and a sum that is not there any more.
        check(
            [&whole[..], b"\r\n"].concat(),
            1 << 20,
            Some((&text, false)),
        );
        check(
            whole[..whole.len() - 4].to_vec(),
            1 << 20,
            Some((&text, false)),
        );
        check(Vec::new(), 1 << 20, Some((b"", false)));
        // The sum is another, a byte in the middle is, the end is cut.
        let mut other = whole.clone();
        *other.last_mut().unwrap() ^= 1;
        check(other, 1 << 20, Some((&text, true)));
        let cut = Stream::new(
            lopdf::dictionary! { "Filter" => "FlateDecode" },
            whole[..whole.len() / 2].to_vec(),
        );
        let cut = plain(&cut, 1 << 20).ok().unwrap();
        assert!(cut.is_damaged && !cut.bytes.is_empty() && text.starts_with(&cut.bytes));
    }

    #[test]
    fn filters_before_flate_are_undone() {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>() + ">";
        let whole = packed(b"BT (Hanako Yamada) Tj ET");
        let stream = |content: String| {
            let filters = vec!["ASCIIHexDecode".into(), "FlateDecode".into()];
            let dict = lopdf::dictionary! { "Filter" => Object::Array(filters) };
            plain(&Stream::new(dict, content.into_bytes()), 1 << 20)
                .ok()
                .unwrap()
        };
        let found = stream(hex(&whole));
        assert_eq!(
            (found.bytes.as_slice(), found.is_damaged),
            (&b"BT (Hanako Yamada) Tj ET"[..], false)
        );
        assert!(stream(hex(&whole[..12])).is_damaged);
    }
}
