//! Blobs.
//!
//! In: the blobs of one table, or of the deleted records. Out: the text of those that are text, packed or in another encoding
//! too, for their row; files among the others as members, and the rest one behind the other as members in which text is
//! searched for.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::ops::ControlFlow;

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::format::{Item, Member, Sink, carve};
use crate::source::{Budget, Bytes, Code, Fault, Limits, Spool};
use crate::text::{Encoding, detect};

/// What one packed blob may give, in bytes.
const UNPACKED: u64 = 16 << 20;
/// Shorter blobs are not taken for text of another encoding.
const SHORTEST: usize = 6;
/// Longer blobs are kept whatever they hold.
const SMALL: usize = 64;
/// Files in the blobs of one table that are members.
const FILES: u64 = 10_000;
/// What stands between two blobs: no text goes over into the next.
const APART: [u8; 16] = [0; 16];
/// First bytes of files that hold more than runs of text: archives, documents, databases.
const MAGIC: [&[u8]; 11] = [
    b"PK\x03\x04",
    b"%PDF-",
    b"\x1f\x8b",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"SQLite format 3\0",
    b"\x28\xB5\x2F\xFD",
    b"BZh",
    b"\xFD7zXZ\0",
    b"{\\rtf",
];

/// The text that a blob is: in UTF-8, UTF-16, Shift_JIS or EUC-JP, as it is or in gzip or zlib.
pub(super) fn text<'a>(blob: &'a [u8], budget: &Budget) -> Option<Cow<'a, str>> {
    let plain = std::str::from_utf8(blob).ok();
    if let Some(text) = plain {
        // Letters of ASCII in UTF-16 are text in UTF-8 as well, with a NUL behind each.
        let is_wide = memchr::memchr(0, blob).and_then(|_| decode(blob));
        return Some(is_wide.map_or(Cow::Borrowed(text), Cow::Owned));
    }
    let unpacked = match blob {
        [0x1f, 0x8b, 8, ..] => unpack(GzDecoder::new(blob)),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => unpack(ZlibDecoder::new(blob)),
        _ => None,
    };
    let text = match unpacked {
        Some(bytes) if budget.charge(bytes.len() as u64) => match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(bytes) => decode(bytes.as_bytes()),
        },
        _ => decode(blob),
    };
    text.map(Cow::Owned)
}

/// All that a stream gives, where it is whole and not too long.
fn unpack(stream: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = stream.take(UNPACKED + 1).read_to_end(&mut bytes);
    (read.is_ok() && bytes.len() as u64 <= UNPACKED).then_some(bytes)
}

/// Text of an encoding that bytes by chance are not.
fn decode(bytes: &[u8]) -> Option<String> {
    if bytes.len() < SHORTEST {
        return None;
    }
    let guess = detect(bytes);
    let is_utf16 = matches!(guess.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let is_japanese = matches!(guess.encoding, Encoding::ShiftJis | Encoding::EucJp);
    if !guess.text || !(is_utf16 || is_japanese) {
        return None;
    }
    let raw = &bytes[guess.bom..];
    let text = guess.encoding.decode(raw).0.into_owned();
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    let is_wide = |&c: &char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let n_wide = text.chars().filter(is_wide).count();
    let is_text = guess.encoding.bad_bytes(raw) == 0
        && !text.contains(|c: char| is_control(c) || c == char::REPLACEMENT_CHARACTER)
        && (is_utf16 || n_wide >= 2);
    is_text.then_some(text)
}

/// Whether a small blob, which is most often a number, a hash or an identifier, may hold a mailbox, a number of a telephone or a
/// word of another script.
fn may_tell(blob: &[u8]) -> bool {
    let is_wide = |text: &str| {
        text.chars()
            .filter(|&c| !c.is_ascii() && c.is_alphabetic())
            .count()
            >= 2
    };
    let has_number = |text: &str| {
        let mut pieces = text.split(|c: char| !c.is_ascii_digit() && c != '-');
        pieces.any(|piece| piece.len() >= 7)
    };
    blob.utf8_chunks().any(|chunk| {
        let text = chunk.valid();
        text.contains('@') && text.len() >= SHORTEST || has_number(text) || is_wide(text)
    })
}

/// Blobs that are no text, gathered.
pub(super) struct Blobs {
    limits: Limits,
    /// What they are called by: the table.
    name: String,
    /// Runs of text are looked for in both; in pictures and sound most are none.
    rest: Gathered,
    media: Gathered,
    n_files: u64,
}

/// Blobs one behind the other.
struct Gathered(Option<Spool>);

impl Gathered {
    fn keep(&mut self, blob: &[u8]) {
        let kept = self.0.as_mut().map(|spool| {
            let all = spool.write_all(blob);
            all.and_then(|()| spool.write_all(&APART))
        });
        if matches!(kept, Some(Err(_))) {
            self.0 = None;
        }
    }

    fn give(self, name: String, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let (bytes, fault) = match self.0 {
            Some(spool) if spool.is_empty() => return ControlFlow::Continue(()),
            Some(spool) => match spool.finish() {
                Ok(bytes) => (Some(bytes), None),
                Err(fault) => (None, Some(fault)),
            },
            None => (None, Some(Fault::whole(Code::NoSpace, "the whole member"))),
        };
        sink(Item::Member(Member {
            name,
            len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            bytes,
            fault,
        }))
    }
}

impl Blobs {
    pub(super) fn new(name: &str, limits: &Limits) -> Self {
        let gathered = || Gathered(Some(Spool::new(limits)));
        Self {
            limits: limits.clone(),
            name: name.to_owned(),
            rest: gathered(),
            media: gathered(),
            n_files: 0,
        }
    }

    /// Takes a blob that is no text: gives a file away, and keeps anything else.
    pub(super) fn take(&mut self, blob: &[u8], sink: &mut Sink<'_>) -> ControlFlow<()> {
        if MAGIC.iter().any(|magic| blob.starts_with(magic)) && self.n_files < FILES {
            self.n_files += 1;
            let mut spool = Spool::new(&self.limits);
            let bytes = match spool.write_all(blob) {
                Ok(()) => spool.finish(),
                Err(_) => Err(Fault::whole(Code::NoSpace, "the whole member")),
            };
            let (bytes, fault): (Option<Bytes>, _) = match bytes {
                Ok(bytes) => (Some(bytes), None),
                Err(fault) => (None, Some(fault)),
            };
            return sink(Item::Member(Member {
                name: format!("{} (blob {})", self.name, self.n_files),
                bytes,
                fault,
                len: blob.len() as u64,
            }));
        }
        if carve::is_code_or_media(blob) {
            self.media.keep(blob);
        } else if blob.len() > SMALL || may_tell(blob) {
            self.rest.keep(blob);
        }
        ControlFlow::Continue(())
    }

    /// Gives away what was kept.
    pub(super) fn finish(self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.rest.give(format!("{} (blobs)", self.name), sink)?;
        self.media
            .give(format!("{} (pictures and sound)", self.name), sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_blobs_that_may_tell() {
        let check = |blob: &[u8], expected| assert_eq!(may_tell(blob), expected, "{blob:x?}");
        check(b"\x0a\x10proto@example.com\x12\xff\xfe", true);
        check(b"\x0a\x0c090-0000-0000\xff", true);
        check("\u{1}山田\u{2}".as_bytes(), true);
        check(
            b"\xf8\x1d\x4f\xae\x7d\xec\x11\xd0\xa7\x65\x00\xa0\xc9\x1e\x6b\xf6",
            false,
        );
        check(b"\xff@\xffGarrison", false);
    }

    #[test]
    fn texts_of_blobs() {
        let check = |blob: &[u8], expected: Option<&str>| {
            let found = text(blob, &Budget::default());
            assert_eq!(found.as_deref(), expected, "{blob:x?}");
        };
        let utf16 =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        check(&utf16("taro@example.com"), Some("taro@example.com"));
        check(
            &[&[0xff, 0xfe][..], &utf16("山田太郎")].concat(),
            Some("山田太郎"),
        );
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("東京都港区の山田太郎さん");
        check(&sjis, Some("東京都港区の山田太郎さん"));
        let packed = |text: &[u8]| {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gz.write_all(text).unwrap();
            let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            zlib.write_all(text).unwrap();
            [gz.finish().unwrap(), zlib.finish().unwrap()]
        };
        for blob in packed("氏名 佐藤".as_bytes()) {
            check(&blob, Some("氏名 佐藤"));
            check(&blob[..blob.len() - 9], None);
        }
        check(&[0xff, 0x00], None);
        check(&[0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0], None);
        check(b"\x12\x07taro@example.com\x1a\x04\xff\xfe\x00\x01", None);
    }
}
