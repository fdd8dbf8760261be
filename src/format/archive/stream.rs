//! Compressed files: gzip, zstd, bzip2, xz, lzma, lzip and lz4. One member each, inflated over all concatenated members or frames.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::inflate;
use crate::format::{Context, Format, Head, Item, Member, Reader, Sink};
use crate::source::{Bytes, Code, Fault};
use crate::text::detect;

/// gzip (RFC 1952), concatenated members and bgzip included.
pub const GZIP: Format = Format {
    name: "gzip",
    title: "gzip",
    extensions: &["gz", "tgz"],
    raw: true,
    tabular: false,
    sniff: sniff_gzip,
    open: open_gzip,
};

/// Zstandard (RFC 8878), concatenated frames included.
pub const ZSTD: Format = Format {
    name: "zstd",
    title: "Zstandard",
    extensions: &["zst", "zstd"],
    raw: true,
    tabular: false,
    sniff: sniff_zstd,
    open: open_zstd,
};

/// bzip2, concatenated streams included.
#[cfg(feature = "archives")]
pub const BZIP2: Format = Format {
    name: "bzip2",
    title: "bzip2",
    extensions: &["bz2", "tbz", "tbz2"],
    raw: true,
    tabular: false,
    // The block size, and the first block's mark or the end's.
    sniff: |head| match head.bytes {
        [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            0x31,
            0x41,
            0x59,
            0x26,
            0x53,
            0x59,
            ..,
        ] => 98,
        [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            0x17,
            0x72,
            0x45,
            0x38,
            0x50,
            0x90,
            ..,
        ] => 98,
        _ => 0,
    },
    open: |bytes, context| open_with(bytes, context, bzip2),
};

/// xz, concatenated streams included.
#[cfg(feature = "archives")]
pub const XZ: Format = Format {
    name: "xz",
    title: "xz",
    extensions: &["xz", "txz"],
    raw: true,
    tabular: false,
    sniff: |head| {
        if head.bytes.starts_with(b"\xFD7zXZ\0") {
            98
        } else {
            0
        }
    },
    open: |bytes, context| open_with(bytes, context, xz),
};

/// LZMA as the first versions of the xz utilities and the LZMA SDK write it: no magic, no checksum.
#[cfg(feature = "archives")]
pub const LZMA: Format = Format {
    name: "lzma",
    title: "LZMA alone",
    extensions: &["lzma", "tlz"],
    raw: true,
    tabular: false,
    sniff: |head| if is_lzma(head.bytes) { 90 } else { 0 },
    open: |bytes, context| open_with(bytes, context, lzma),
};

/// lzip, concatenated members included.
#[cfg(feature = "archives")]
pub const LZIP: Format = Format {
    name: "lzip",
    title: "lzip",
    extensions: &["lz"],
    raw: true,
    tabular: false,
    // Version 1, and a dictionary of 4 KiB to 512 MiB (lzip manual, "File format").
    sniff: |head| match head.bytes {
        [b'L', b'Z', b'I', b'P', 1, size, ..] if matches!(size & 0x1F, 12..=29) => 98,
        _ => 0,
    },
    open: |bytes, context| open_with(bytes, context, lzip),
};

/// LZ4 frames, concatenated ones and those of old versions included.
#[cfg(feature = "archives")]
pub const LZ4: Format = Format {
    name: "lz4",
    title: "LZ4",
    extensions: &["lz4"],
    raw: true,
    tabular: false,
    sniff: |head| match head.bytes {
        [0x04, 0x22, 0x4D, 0x18, ..] => 98,
        [0x02, 0x21, 0x4C, 0x18, ..] => 90,
        _ => 0,
    },
    open: |bytes, context| open_with(bytes, context, lz4),
};

fn sniff_gzip(head: &Head<'_>) -> u8 {
    // Method 8 is the only one; the upper flag bits are reserved and zero (RFC 1952 2.3.1).
    matches!(head.bytes, [0x1f, 0x8b, 8, flags, ..] if flags & 0xe0 == 0)
        .then_some(98)
        .unwrap_or(0)
}

fn sniff_zstd(head: &Head<'_>) -> u8 {
    match head.bytes {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => 98,
        // A skippable frame (RFC 8878 3.1.2), as seekable zstd files may begin with.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => 80,
        _ => 0,
    }
}

fn open_gzip<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let header_name = GzDecoder::new(&bytes[..])
        .header()
        .and_then(|header| header.filename().map(decoded_name));
    let name = header_name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| stem(context));
    Ok(Box::new(Stream {
        bytes,
        context: context.clone(),
        name,
        decoder: gzip,
    }))
}

fn open_zstd<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    open_with(bytes, context, zstd)
}

/// Whether bytes begin as LZMA alone: the usual properties, a dictionary of 2^n or 2^n + 2^(n-1) bytes, a length below 256 GiB or
/// none, and the zero with which every stream begins (the xz utilities look for the same).
#[cfg(feature = "archives")]
fn is_lzma(head: &[u8]) -> bool {
    let Some([0x5D, a, b, c, d, len @ .., 0]) = head.first_chunk::<14>() else {
        return false;
    };
    let dictionary = u32::from_le_bytes([*a, *b, *c, *d]);
    let rest = dictionary & dictionary.wrapping_sub(1);
    let is_usual = rest == 0
        || rest & (rest - 1) == 0 && rest.trailing_zeros() == dictionary.trailing_zeros() + 1;
    let len = u64::from_le_bytes(*len);
    (is_usual && (4 << 10..=LZMA_DICTIONARY).contains(&dictionary))
        && (len == u64::MAX || (1..1 << 38).contains(&len))
}

/// Opens a stream that tells no name.
pub(super) fn open_with<'a>(
    bytes: &'a Bytes,
    context: &Context,
    decoder: Decoder,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Stream {
        bytes,
        context: context.clone(),
        name: stem(context),
        decoder,
    }))
}

/// What inflates all of a file.
type Decoder = for<'b> fn(&'b [u8]) -> io::Result<Box<dyn Read + 'b>>;

fn stem(context: &Context) -> String {
    if context.stem.is_empty() {
        "data".to_string()
    } else {
        context.stem.clone()
    }
}

/// The file name in a gzip header, without folders. It should be ISO 8859-1; writers put there what their system uses.
fn decoded_name(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.into(),
        Err(_) => detect(raw).encoding.decode(raw).0,
    };
    text.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_string()
}

/// A compressed file.
struct Stream<'a> {
    bytes: &'a Bytes,
    context: Context,
    name: String,
    decoder: Decoder,
}

impl Reader for Stream<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (bytes, fault) = match (self.decoder)(self.bytes) {
            Ok(mut stream) => inflate(&mut stream, self.bytes.len() as u64, &self.context),
            Err(_) => (
                None,
                Some(Fault::whole(Code::Malformed, "the whole member")),
            ),
        };
        let len = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let _ = sink(Item::Member(Member {
            name: self.name.clone(),
            bytes,
            fault,
            len,
        }));
        Ok(())
    }
}

/// What inflates bytes that begin as a compressed file of a kind that PostgreSQL writes; `None` for others.
#[cfg(all(feature = "archives", feature = "databases"))]
pub(in crate::format) fn unpacker(bytes: &[u8]) -> Option<io::Result<Box<dyn Read + '_>>> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(gzip(bytes)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(zstd(bytes)),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(lz4(bytes)),
        _ => None,
    }
}

fn zstd(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(zstd::stream::read::Decoder::with_buffer(bytes)?))
}

#[cfg(feature = "archives")]
fn bzip2(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(bzip2::bufread::MultiBzDecoder::new(bytes)))
}

/// Kilobytes that the dictionary of an xz file may take.
#[cfg(feature = "archives")]
const XZ_KB: u32 = 512 << 10;

#[cfg(feature = "archives")]
fn xz(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(Pieces(lzma_rust2::XzReader::new_mem_limit(
        bytes, true, XZ_KB,
    ))))
}

/// Bytes of a dictionary that a stream of LZMA may ask for.
#[cfg(feature = "archives")]
pub(super) const LZMA_DICTIONARY: u32 = 512 << 20;

#[cfg(feature = "archives")]
fn lzma(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    let mut stream = lzma_rust2::LzmaReader::new_mem_limit(bytes, XZ_KB + 1024, None)?;
    stream.set_relaxed_end_condition(false);
    stream.set_defer_errors(true);
    Ok(Box::new(Lzma(Some(stream))))
}

#[cfg(feature = "archives")]
fn lzip(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(Pieces(lzma_rust2::LzipReader::new(bytes))))
}

/// One stream of LZMA, behind which nothing stands.
#[cfg(feature = "archives")]
struct Lzma<'a>(Option<lzma_rust2::LzmaReader<&'a [u8]>>);

#[cfg(feature = "archives")]
impl Read for Lzma<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(stream) = &mut self.0 else {
            return Ok(0);
        };
        let n = stream.read(buffer)?;
        if n > 0 || buffer.is_empty() {
            return Ok(n);
        }
        let Some((rest, unused)) = self.0.take().map(lzma_rust2::LzmaReader::into_parts) else {
            return Ok(0);
        };
        if unused.iter().chain(rest).any(|&byte| byte != 0) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(0)
    }
}

/// A decoder that loses what it gave in the same call before a fault: it is asked for little at a time.
#[cfg(feature = "archives")]
struct Pieces<R>(R);

#[cfg(feature = "archives")]
impl<R: Read> Read for Pieces<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const PIECE: usize = 512;
        let n = buffer.len().min(PIECE);
        self.0.read(&mut buffer[..n])
    }
}

#[cfg(feature = "archives")]
fn lz4(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(Lz4 {
        frames: lz4_flex::frame::FrameDecoder::new(bytes),
        is_ended: is_ended(bytes),
    }))
}

/// All frames of an LZ4 file.
#[cfg(feature = "archives")]
struct Lz4<'a> {
    frames: lz4_flex::frame::FrameDecoder<&'a [u8]>,
    /// Whether the last one has the mark that ends it: its decoder does without.
    is_ended: bool,
}

/// Whether LZ4 frames have their ends (`lz4_Frame_format.md`); what is no frame is not judged.
#[cfg(feature = "archives")]
fn is_ended(bytes: &[u8]) -> bool {
    let four = |at: usize| {
        let found = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
        found.map(|four| u32::from_le_bytes(*four) as usize)
    };
    let mut at = 0;
    while at < bytes.len() {
        match four(at) {
            Some(0x184D_2204) => {
                let flags = bytes.get(at + 4).copied().map_or(0, usize::from);
                let flag = |bit: usize| flags >> bit & 1;
                // The length of the contents and the number of a dictionary may stand in the header, a checksum behind each block
                // and behind the last.
                at += 7 + 8 * flag(3) + 4 * flag(0);
                loop {
                    match four(at) {
                        None => return false,
                        Some(0) => break,
                        Some(size) => at += 4 + (size & 0x7FFF_FFFF) + 4 * flag(4),
                    }
                }
                at += 4 + 4 * flag(2);
            }
            // Old frames are blocks up to the next frame.
            Some(0x184C_2102) => {
                at += 4;
                while let Some(size) = four(at).filter(|&size| size < 0x1000_0000) {
                    at += 4 + size;
                }
            }
            Some(_) => return true,
            None => return false,
        }
    }
    at == bytes.len()
}

#[cfg(feature = "archives")]
impl Read for Lz4<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let before = self.frames.get_ref().len();
            let n = self.frames.read(buffer)?;
            let left = self.frames.get_ref().len();
            if n == 0 && left == 0 && !self.is_ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // A frame's end reads as the end; the next frame may follow.
            if n > 0 || left == 0 || left == before {
                return Ok(n);
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    Ok(Box::new(Gzip {
        rest: bytes,
        decoder: None,
    }))
}

/// All members of a gzip file, one after the other.
struct Gzip<'a> {
    rest: &'a [u8],
    decoder: Option<GzDecoder<&'a [u8]>>,
}

impl Read for Gzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(decoder) = &mut self.decoder else {
                if !self.rest.starts_with(&[0x1f, 0x8b]) {
                    // Tapes and block devices pad with zeros.
                    let padding = self.rest.iter().all(|&byte| byte == 0);
                    return if padding {
                        Ok(0)
                    } else {
                        Err(io::ErrorKind::InvalidData.into())
                    };
                }
                self.decoder = Some(GzDecoder::new(self.rest));
                continue;
            };
            let n = decoder.read(buffer)?;
            if n > 0 {
                return Ok(n);
            }
            self.rest = self.decoder.take().map_or(&[][..], GzDecoder::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;
    use std::io::Write;

    fn gz(text: &[u8], name: Option<&str>) -> Vec<u8> {
        let builder = flate2::GzBuilder::new();
        let builder = if let Some(name) = name {
            builder.filename(name)
        } else {
            builder
        };
        let mut encoder = builder.write(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn check(format: &Format, bytes: &[u8], expected: &str) {
        assert_eq!(show(&members(format, bytes, &context())), [expected]);
    }

    #[test]
    fn gzip_members_are_joined() {
        check(&GZIP, &gz(b"one", None), "stem: one");
        check(&GZIP, &gz(b"one", Some("dir/名簿.csv")), "名簿.csv: one");
        check(
            &GZIP,
            &[gz(b"one,", None), gz(b"", None), gz(b"two", None)].concat(),
            "stem: one,two",
        );
        check(
            &GZIP,
            &[gz(b"one", None), vec![0; 512]].concat(),
            "stem: one",
        );
        check(
            &GZIP,
            &[&gz(b"one", None)[..], b"garbage"].concat(),
            "stem: one malformed Some(3)",
        );
    }

    #[test]
    fn zstd_frames_are_joined() {
        let frame = |text: &[u8]| zstd::encode_all(text, 3).unwrap();
        check(&ZSTD, &frame(b"one"), "stem: one");
        check(
            &ZSTD,
            &[frame(b"one,"), frame(b"two")].concat(),
            "stem: one,two",
        );
    }

    #[test]
    fn what_came_out_before_a_fault_counts() {
        let text: Vec<u8> = (0..200_000u32)
            .flat_map(|i| i.wrapping_mul(2_654_435_761).to_string().into_bytes())
            .collect();
        for (format, packed) in [
            (&GZIP, gz(&text, None)),
            (&ZSTD, zstd::encode_all(&text[..], 3).unwrap()),
        ] {
            let found = members(format, &packed[..packed.len() / 2], &context());
            let (bytes, fault) = (
                found[0].bytes.as_ref().unwrap(),
                found[0].fault.as_ref().unwrap(),
            );
            assert!(
                bytes.len() > text.len() / 4 && text.starts_with(bytes),
                "{}",
                format.name
            );
            assert_eq!(
                (fault.code, fault.at),
                (Code::Truncated, Some(bytes.len() as u64))
            );
        }
    }
}
