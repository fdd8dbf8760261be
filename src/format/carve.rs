//! Whatever nothing else reads: the runs of text in unknown and binary files, and in the compressed streams inside them.
//!
//! In: any bytes. Out: runs of ASCII, UTF-8, UTF-16 at any offset, Shift_JIS, EUC-JP and ISO-2022-JP, each a cell of its own.
//! Databases, logs and indexes hold a value many times, and old versions of it: what is found here counts as different
//! values, never as records ([`Shape::Carved`]).
//!
//! Blocks end near multiples of 64 KiB, where the bytes themselves have an end, so parts of any size give the same runs.

mod runs;

use std::io::Read;
use std::ops::{ControlFlow, Range};

use flate2::bufread::{GzDecoder, ZlibDecoder};

use super::{Batch, Cell, Context, Format, Head, Item, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::Escape;

/// Text carved out of what nothing else reads.
pub(crate) const FORMAT: Format = Format {
    name: "carved",
    title: "Anything else, FileMaker and damaged files included: the runs of text in it",
    extensions: &[],
    raw: true,
    tabular: false,
    sniff,
    open,
};

/// Distance of the points near which a block ends.
const BLOCK: usize = 64 << 10;
/// How far behind its point a block may end.
const SLACK: usize = 512;
/// FileMaker 7 to 12 and later write `HBAM7` here, and everything behind the first page XORed with 0x5A.
const FILEMAKER: (usize, &[u8]) = (14, b"HBAM7");
const FILEMAKER_XOR: u8 = 0x5A;
/// Bytes that one compressed stream inside may give.
const STREAM_BYTES: usize = 16 << 20;
/// A compressed stream that breaks counts when it gave so much: random bytes give less.
const STREAM_ENOUGH: usize = 4 << 10;

struct Carver<'a> {
    bytes: &'a [u8],
    table: Table,
    context: Context,
    /// Blocks per part.
    blocks: usize,
    xor: u8,
    /// Whether it is known to hold code, pictures or sound.
    wary: bool,
}

fn sniff(head: &Head<'_>) -> u8 {
    if is_filemaker(head.bytes) { 100 } else { 0 }
}

fn is_filemaker(bytes: &[u8]) -> bool {
    bytes
        .get(FILEMAKER.0..)
        .is_some_and(|bytes| bytes.starts_with(FILEMAKER.1))
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let wary = is_code_or_media(bytes);
    Ok(Box::new(Carver {
        bytes,
        table: Table {
            name: context.stem.clone(),
            columns: vec![None],
            shape: if wary { Shape::Code } else { Shape::Carved },
        },
        blocks: (context.limits.part_bytes / BLOCK).max(1),
        xor: if is_filemaker(bytes) {
            FILEMAKER_XOR
        } else {
            0
        },
        wary,
        context: context.clone(),
    }))
}

/// Whether the first bytes are those of programs, pictures, fonts, sound or films.
pub(super) fn is_code_or_media(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 25] = [
        b"\x7FELF",
        b"MZ",
        b"\xFE\xED\xFA\xCF",
        b"\xCE\xFA\xED\xFE",
        b"dex\n",
        b"\xDE\x12\x04\x95",
        b"\x95\x04\x12\xDE",
        b"ttcf",
        b"\x1A\x45\xDF\xA3",
        b"\xCA\xFE\xBA\xBE",
        b"\xCF\xFA\xED\xFE",
        b"\0asm",
        b"!<arch>\n",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
        b"RIFF",
        b"OggS",
        b"ID3",
        b"fLaC",
        b"wOF",
        b"OTTO",
        b"\0\x01\0\0\0",
    ];
    // Memory that was written to a file holds what its program held.
    let is_memory = bytes.starts_with(b"\x7FELF") && bytes.get(16..18).is_some_and(is_core);
    let film = bytes
        .get(4..)
        .is_some_and(|bytes| bytes.starts_with(b"ftyp"));
    let is_picture = crate::text::is_picture(bytes);
    !is_memory && (film || is_picture || MAGIC.iter().any(|magic| bytes.starts_with(magic)))
}

/// The type of an ELF file that is a core dump, in either byte order.
fn is_core(kind: &[u8]) -> bool {
    matches!(kind, [4, 0] | [0, 4])
}

impl Reader for Carver<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(BLOCK).div_ceil(self.blocks)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let last = self.bytes.len().div_ceil(BLOCK);
        for block in part * self.blocks..((part + 1) * self.blocks).min(last) {
            let range = end_of(self.bytes, block)..end_of(self.bytes, block + 1);
            let flow = if self.xor == 0 {
                let origin = Some(range.start as u64);
                self.give(&self.bytes[range.clone()], origin, sink)
            } else {
                let plain: Vec<u8> = self.bytes[range.clone()]
                    .iter()
                    .map(|b| b ^ self.xor)
                    .collect();
                self.give(&plain, Some(range.start as u64), sink)
            };
            if flow.is_break() || self.streams(range, sink).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Where the block before point `block` ends: behind a line break or two control bytes near the point, so that hardly a value
/// is cut in two.
fn end_of(bytes: &[u8], block: usize) -> usize {
    let point = block.saturating_mul(BLOCK).min(bytes.len());
    if point == 0 || point == bytes.len() {
        return point;
    }
    let near = &bytes[point - 1..bytes.len().min(point + SLACK)];
    let control = |byte: &u8| !runs::is_text_byte(*byte);
    let pair = near
        .windows(2)
        .position(|pair| pair[0] == b'\n' || pair.iter().all(control));
    let lone = || {
        near.iter()
            .position(control)
            .or_else(|| near.iter().position(|&b| b == b' '))
    };
    match pair.or_else(lone) {
        Some(found) if pair.is_some() && near[found..].starts_with(b"\n\0") => point + found + 1,
        Some(found) => point + found,
        None => point,
    }
}

impl Carver<'_> {
    /// Gives the runs of a block, those of one encoding at a time.
    fn give(&self, block: &[u8], origin: Option<u64>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let runs = runs::runs(block, self.wary);
        for group in runs.chunk_by(|a, b| a.encoding == b.encoding) {
            let cells: Vec<Cell> = group
                .iter()
                .map(|run| Cell::new(run.range.start, run.range.end, false))
                .collect();
            sink(Item::Batch(Batch {
                table: &self.table,
                encoding: group[0].encoding,
                escape: Escape::None,
                bytes: block,
                origin,
                cells: &cells,
            }))?;
        }
        ControlFlow::Continue(())
    }

    /// Inflates the zlib and gzip streams that begin in a block, and gives the text in them.
    fn streams(&self, block: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut done = block.start;
        for at in memchr::memchr2_iter(0x78, 0x1F, &self.bytes[block.clone()]) {
            let at = block.start + at;
            // The pixels of a PNG are no text.
            if at < done || self.bytes[..at].ends_with(b"IDAT") {
                continue;
            }
            let rest = &self.bytes[at..];
            let (text, read) = match rest {
                // Compression method 8, a window of 32 KiB, no dictionary (RFC 1950 2.2).
                [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] => {
                    let mut stream = ZlibDecoder::new(rest);
                    let out = inflate(&mut stream);
                    (out, stream.total_in() as usize)
                }
                [0x1F, 0x8B, 8, flags, ..] if flags & 0xE0 == 0 => {
                    let mut stream = GzDecoder::new(rest);
                    let out = inflate(&mut stream);
                    (out, 1)
                }
                _ => continue,
            };
            let (text, more) = text;
            if text.is_empty() {
                continue;
            }
            let over = !self.context.budget.charge(text.len() as u64);
            if over || more {
                let lost = "the rest of a compressed stream inside";
                sink(Item::Fault(Fault::at(Code::OverBudget, at as u64, lost)))?;
            }
            if over {
                continue;
            }
            done = at + read;
            for (nth, _) in text.chunks(BLOCK).enumerate() {
                self.give(
                    &text[end_of(&text, nth)..end_of(&text, nth + 1)],
                    None,
                    sink,
                )?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// What a stream gives, and whether there is more; nothing when it is no stream.
fn inflate(stream: &mut dyn Read) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let whole = stream
        .take(STREAM_BYTES as u64 + 1)
        .read_to_end(&mut out)
        .is_ok();
    if !whole && out.len() < STREAM_ENOUGH {
        out.clear();
    }
    let more = out.len() > STREAM_BYTES;
    out.truncate(STREAM_BYTES);
    (out, more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;
    use crate::text::Encoding;
    use std::io::Write;

    /// The decoded runs of some bytes at a part size, with their offsets.
    fn carved(bytes: &[u8], part_bytes: usize) -> Vec<(Option<u64>, String)> {
        let bytes = Bytes::owned(bytes.to_vec());
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
        let reader = open(&bytes, &context).expect("anything is carved");
        let mut found = Vec::new();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                if let Item::Batch(batch) = item {
                    for cell in batch.cells {
                        let range = cell.range();
                        let at = batch.origin.map(|origin| origin + range.start as u64);
                        found.push((
                            at,
                            batch.encoding.decode(&batch.bytes[range]).0.into_owned(),
                        ));
                    }
                }
                ControlFlow::Continue(())
            });
            assert_eq!(read, Ok(()));
        }
        found
    }

    #[test]
    fn parts_of_any_size_give_the_same() {
        let mut bytes = Vec::new();
        for n in 0..9_000 {
            bytes.extend_from_slice(&[0, 0, 1, (n % 7) as u8]);
            bytes.extend_from_slice(format!("user{n}@example.com,山田太郎").as_bytes());
        }
        let found = carved(&bytes, 8 << 20);
        assert_eq!(found.len(), 9_000);
        for part_bytes in [1, 64 << 10, 200_000] {
            assert_eq!(carved(&bytes, part_bytes), found);
        }
    }

    #[test]
    fn compressed_streams_are_looked_into() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(b"inside: hanako@example.com").unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(b"within: jiro@example.com").unwrap();
        let bytes = [
            &[0xFF, 1][..],
            &zlib.finish().unwrap(),
            &[0; 9],
            &gzip.finish().unwrap(),
            &[0; 9],
        ]
        .concat();
        let found: Vec<String> = carved(&bytes, 8 << 20)
            .into_iter()
            .filter(|(at, _)| at.is_none())
            .map(|(_, text)| text)
            .collect();
        assert_eq!(
            found,
            ["inside: hanako@example.com", "within: jiro@example.com"]
        );
    }

    #[test]
    fn filemaker_is_unmasked() {
        let mut bytes = vec![0; 64];
        bytes[14..19].copy_from_slice(b"HBAM7");
        bytes.extend(b"\x01taro@example.com\x02".iter().map(|b| b ^ 0x5A));
        let found = carved(&bytes, 8 << 20);
        assert!(
            found.contains(&(Some(65), "taro@example.com".into())),
            "{found:?}"
        );
    }
}
