//! Avro files whose blocks are packed with xz, which their parser would take another C library for: rewritten with plain blocks.
//!
//! In: a file. Out: the same one under the codec `null`. Its blocks are a number of records, a length, the packed records and the
//! file's mark, which the header ends with (Apache Avro specification 1.12, "Object Container Files").

use std::io::Write;

use crate::format::Context;
use crate::source::{Bytes, Code, Fault, Spool, fault_of};

/// Bytes of the mark behind every block.
const MARK: usize = 16;
/// Entries of the header.
const ENTRIES: usize = 10_000;

/// The file with plain blocks, and what kept the rest from being unpacked.
pub(super) fn unpacked(
    bytes: &Bytes,
    context: &Context,
) -> Result<Option<(Bytes, Option<Fault>)>, Fault> {
    let whole = || Fault::at(Code::Malformed, 0, "the whole source");
    let (codec, header) = header(bytes).ok_or_else(whole)?;
    let mut spool = Spool::new(&context.limits);
    let write = |spool: &mut Spool, bytes: &[u8]| {
        let at = spool.len();
        spool.write_all(bytes).map_err(|error| fault_of(&error, at))
    };
    write(&mut spool, &bytes[..codec.start])?;
    write(&mut spool, b"\x08null")?;
    write(&mut spool, &bytes[codec.end..header])?;
    let mark = &bytes[header - MARK..header];
    let (mut at, mut fault) = (header, None);
    while at < bytes.len() && fault.is_none() {
        let start = at as u64;
        let lost = |code| Fault::at(code, start, "the rest of the source, from this block on");
        let Some((records, packed)) = block(bytes, &mut at, mark) else {
            fault = Some(lost(Code::Malformed));
            break;
        };
        let (plain, cause) = inflated(packed, context);
        if let Some(cause) = cause {
            fault = Some(lost(cause.code));
            break;
        }
        let plain = plain.unwrap_or_else(|| Bytes::owned(Vec::new()));
        write(
            &mut spool,
            &[number(records), number(plain.len() as i64)].concat(),
        )?;
        write(&mut spool, &plain)?;
        write(&mut spool, mark)?;
    }
    Ok(Some((spool.finish()?, fault)))
}

/// KiB that unpacking a block may take: the largest dictionary of the presets, 64 MiB, and what stands beside it.
#[cfg(feature = "archives")]
const MEMORY: u32 = (64 << 10) + (1 << 10);

#[cfg(feature = "archives")]
fn inflated(packed: &[u8], context: &Context) -> (Option<Bytes>, Option<Fault>) {
    let mut stream = lzma_rust2::XzReader::new_mem_limit(packed, true, MEMORY);
    crate::format::archive::inflate(&mut stream, packed.len() as u64, context)
}

#[cfg(not(feature = "archives"))]
fn inflated(_: &[u8], _: &Context) -> (Option<Bytes>, Option<Fault>) {
    (None, Some(Fault::whole(Code::Unsupported, "the block")))
}

/// Where the codec's name stands with its length, and where the header ends.
fn header(bytes: &[u8]) -> Option<(std::ops::Range<usize>, usize)> {
    let (mut at, mut codec) = (4, None);
    loop {
        let n = taken(bytes, &mut at)?;
        if n == 0 {
            break;
        }
        if n < 0 {
            // The length of the entries follows.
            taken(bytes, &mut at)?;
        }
        for _ in 0..usize::try_from(n.unsigned_abs())
            .ok()
            .filter(|&n| n <= ENTRIES)?
        {
            let key = text(bytes, &mut at)?;
            let start = at;
            text(bytes, &mut at)?;
            if key == b"avro.codec" {
                codec = Some(start..at);
            }
        }
    }
    let end = at.checked_add(MARK).filter(|&end| end <= bytes.len())?;
    Some((codec?, end))
}

/// A block's number of records and its packed bytes, if the mark stands behind them.
fn block<'a>(bytes: &'a [u8], at: &mut usize, mark: &[u8]) -> Option<(i64, &'a [u8])> {
    let records = taken(bytes, at)?;
    let packed = text(bytes, at)?;
    let end = *at + MARK;
    (bytes.get(*at..end)? == mark).then_some(())?;
    *at = end;
    Some((records, packed))
}

fn text<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let len = usize::try_from(taken(bytes, at)?).ok()?;
    let end = at.checked_add(len)?;
    let text = bytes.get(*at..end)?;
    *at = end;
    Some(text)
}

/// A number: seven bits a byte, the low ones first, the sign in the lowest.
fn taken(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut value = 0u64;
    for shift in 0..10 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7F).checked_shl(7 * shift)?;
        if byte & 0x80 == 0 {
            return Some((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    None
}

/// A number, written so.
fn number(value: i64) -> Vec<u8> {
    let mut left = (value << 1 ^ value >> 63) as u64;
    let mut out = Vec::new();
    while left >= 0x80 {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
    out
}

#[cfg(all(test, feature = "archives"))]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    /// A file of one column, whose blocks are packed with xz.
    fn packed(blocks: &[&[&str]]) -> Vec<u8> {
        let schema = r#"{"type":"record","name":"r","fields":[{"name":"a","type":"string"}]}"#;
        let text = |text: &[u8]| [number(text.len() as i64), text.to_vec()].concat();
        let codec = [text(b"avro.codec"), text(b"xz")].concat();
        let schema = [text(b"avro.schema"), text(schema.as_bytes())].concat();
        let mark = [7u8; MARK];
        let mut file = [b"Obj\x01", &number(2)[..], &codec, &schema, &[0], &mark].concat();
        for rows in blocks {
            let plain: Vec<u8> = rows.iter().flat_map(|row| text(row.as_bytes())).collect();
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut writer =
                lzma_rust2::XzWriter::new(Vec::new(), options).expect("a stream can be begun");
            writer.write_all(&plain).expect("memory takes it");
            let block = text(&writer.finish().expect("memory takes it"));
            file.extend([&number(rows.len() as i64)[..], &block, &mark].concat());
        }
        file
    }

    #[test]
    fn blocks_are_unpacked_up_to_the_damaged_one() {
        let whole = packed(&[&["山田", "佐藤"], &["鈴木"]]);
        let read = |bytes: &[u8]| show(&super::super::FORMAT, bytes, &context());
        assert_eq!(read(&whole), ["t: a=山田", "t: a=佐藤", "t: a=鈴木"]);
        let cut = &whole[..whole.len() - 20];
        assert_eq!(read(cut), ["t: a=山田", "t: a=佐藤", "! malformed"]);
        // A block that unpacks to more than the run may give.
        let context = Context {
            budget: crate::source::Budget::new(30),
            ..context()
        };
        let long = "x".repeat(100);
        let bomb = packed(&[&["山田"], &[&long]]);
        let found = show(&super::super::FORMAT, &bomb, &context);
        assert_eq!(found, ["t: a=山田", "! over-budget"]);
    }
}
