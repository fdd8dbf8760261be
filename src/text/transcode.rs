//! Streams UTF-16 and ISO-2022-JP into UTF-8 and remembers where it came from.
//!
//! In: chunks of any size. Out: UTF-8, the count of bad bytes, and [`Origins`], which maps an offset in the text back to
//! the source. Memory does not grow with the source but for one checkpoint per 64 KiB.

use super::Encoding;
use super::encoding::{char_len, decode_more};

/// Source bytes between two checkpoints.
const STRIDE: usize = 64 << 10;

/// Turns chunks of a source into UTF-8.
pub struct Transcoder {
    encoding: Encoding,
    decoder: encoding_rs::Decoder,
    /// Bytes of a character that the last chunk cut.
    held: Vec<u8>,
    source: u64,
    text: u64,
    origins: Origins,
}

/// Where transcoded text came from, and what was bad in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    encoding: Encoding,
    /// Pairs of text offset and source offset, both at the start of a character, ascending.
    checkpoints: Vec<(u64, u64)>,
    /// Offset in the source of the first bad byte.
    pub first_bad: Option<u64>,
    /// Bytes that made no character: lone surrogates, broken sequences.
    pub bad: u64,
}

impl Transcoder {
    /// A transcoder of a source whose text begins at offset `start` (the length of the byte order mark).
    pub fn new(encoding: Encoding, start: u64) -> Self {
        let decoder = encoding.whatwg().new_decoder_without_bom_handling();
        let origins = Origins {
            encoding,
            checkpoints: vec![(0, start)],
            first_bad: None,
            bad: 0,
        };
        Self {
            encoding,
            decoder,
            held: Vec::new(),
            source: start,
            text: 0,
            origins,
        }
    }

    /// Takes the next bytes and adds their text to `out`.
    pub fn push(&mut self, chunk: &[u8], out: &mut String) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(STRIDE));
            rest = later;
            self.held.extend_from_slice(now);
            let whole = self.whole(&self.held);
            let held = self.held.split_off(whole);
            let block = std::mem::replace(&mut self.held, held);
            self.block(&block, false, out);
        }
    }

    /// Ends the source: what is left of a cut character is bad.
    pub fn finish(mut self, out: &mut String) -> Origins {
        let block = std::mem::take(&mut self.held);
        self.block(&block, true, out);
        self.origins
    }

    /// How much of `bytes` ends with a whole character.
    fn whole(&self, bytes: &[u8]) -> usize {
        if self.encoding == Encoding::Iso2022Jp {
            return bytes.len();
        }
        let even = bytes.len() & !1;
        let cut = even >= 2
            && matches!(
                (self.encoding, bytes[even - 2], bytes[even - 1]),
                (Encoding::Utf16Le, _, 0xD8..=0xDB) | (Encoding::Utf16Be, 0xD8..=0xDB, _)
            );
        if cut { even - 2 } else { even }
    }

    fn block(&mut self, block: &[u8], last: bool, out: &mut String) {
        let before = out.len();
        let (source, first_bad) = (self.source, &mut self.origins.first_bad);
        let bad = decode_more(&mut self.decoder, block, last, out, |end, len| {
            first_bad.get_or_insert((source + end as u64).saturating_sub(len as u64));
        });
        self.origins.bad += bad as u64;
        self.source += block.len() as u64;
        self.text += (out.len() - before) as u64;
        let since = self
            .origins
            .checkpoints
            .last()
            .map_or(0, |c| self.source - c.1);
        let exact = self.encoding != Encoding::Iso2022Jp || block.last() == Some(&b'\n');
        if since >= STRIDE as u64 && exact {
            self.origins.checkpoints.push((self.text, self.source));
        }
    }
}

impl Origins {
    /// The offset in the source of byte `at` of `text`, exactly; `None` where the encoding does not tell (ISO-2022-JP).
    pub fn locate(&self, text: &[u8], at: u64) -> Option<u64> {
        if self.encoding == Encoding::Iso2022Jp {
            return None;
        }
        let (from, source) = self.near(at);
        let between = text.get(from as usize..at as usize)?;
        // A character of four bytes is a pair of surrogates; a bad unit became U+FFFD, of three.
        let units: u64 = between
            .iter()
            .map(|b| u64::from(b & 0xC0 != 0x80) + u64::from(*b >= 0xF0))
            .sum();
        Some(source + units * 2)
    }

    /// The last checkpoint at or before byte `at` of the text: its text offset and its source offset.
    pub fn near(&self, at: u64) -> (u64, u64) {
        let after = self.checkpoints.partition_point(|c| c.0 <= at);
        self.checkpoints[after.max(1) - 1]
    }
}

/// Whether a source begins with the byte order mark of UTF-32, and whether the high byte comes first.
pub fn utf32(head: &[u8]) -> Option<bool> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] => Some(false),
        [0, 0, 0xFE, 0xFF, ..] => Some(true),
        _ => None,
    }
}

/// Adds the text of UTF-32 to `out`; what is no character becomes U+FFFD. Gives the number of bad bytes.
pub fn decode_utf32(raw: &[u8], big: bool, out: &mut String) -> u64 {
    let mut bad = 0;
    for unit in raw.chunks(4) {
        let four = unit.first_chunk::<4>().copied();
        let number = four.map(|four| match big {
            true => u32::from_be_bytes(four),
            false => u32::from_le_bytes(four),
        });
        out.push(number.and_then(char::from_u32).unwrap_or_else(|| {
            bad += unit.len() as u64;
            char::REPLACEMENT_CHARACTER
        }));
    }
    bad
}

/// The offset in `raw` of byte `at` of its decoded form.
pub(super) fn locate_decoded(raw: &[u8], encoding: Encoding, at: usize) -> usize {
    match encoding.settle(raw) {
        Encoding::Iso2022Jp => 0,
        encoding => Steps::default().to(raw, encoding, at),
    }
}

/// How far a cell was gone through to find places in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Steps {
    /// Bytes of the decoded form, and of the cell.
    text: usize,
    raw: usize,
}

impl Steps {
    /// The offset in `raw` of byte `at` of its decoded form in an encoding that keeps no state between characters. A place behind the last one is
    /// found from there.
    pub(super) fn to(&mut self, raw: &[u8], encoding: Encoding, at: usize) -> usize {
        if at < self.text {
            *self = Self::default();
        }
        while self.raw < raw.len() {
            let rest = &raw[self.raw..];
            let len = char_len(encoding, rest).min(rest.len()).max(1);
            let width = if encoding == Encoding::Utf8 && (len > 1 || rest[0] < 0x80) {
                len
            } else {
                let decoder = encoding.whatwg();
                decoder.decode_without_bom_handling(&rest[..len]).0.len()
            };
            if self.text + width > at {
                break;
            }
            self.text += width;
            self.raw += len;
        }
        self.raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_source() {
        let text = "id,氏名\n1,石井 紬 😀\n".repeat(9_000);
        for (encoding, unit) in [
            (Encoding::Utf16Le, u16::to_le_bytes as fn(u16) -> [u8; 2]),
            (Encoding::Utf16Be, u16::to_be_bytes),
        ] {
            let raw: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
            for chunk in [1, 3, 1000, 1 << 20] {
                let mut transcoder = Transcoder::new(encoding, 2);
                let mut out = String::new();
                raw.chunks(chunk).for_each(|c| transcoder.push(c, &mut out));
                let origins = transcoder.finish(&mut out);
                assert_eq!(
                    (out == text, origins.bad, origins.first_bad),
                    (true, 0, None)
                );
                let mut source = 2;
                for (at, c) in text.char_indices() {
                    if at % 997 == 0 || at > text.len() - 40 {
                        assert_eq!(
                            origins.locate(out.as_bytes(), at as u64),
                            Some(source),
                            "{at}"
                        );
                    }
                    source += 2 * c.len_utf16() as u64;
                }
                assert!(chunk < 10 || origins.checkpoints.len() > 3);
            }
        }
    }

    #[test]
    fn bad_units_are_counted() {
        let raw = [b'a', 0, 0, 0xD8, b'b', 0, 0, 0xDC, b'c'];
        let mut transcoder = Transcoder::new(Encoding::Utf16Le, 0);
        let mut out = String::new();
        raw.chunks(2).for_each(|c| transcoder.push(c, &mut out));
        let origins = transcoder.finish(&mut out);
        assert_eq!(out, "a\u{FFFD}b\u{FFFD}\u{FFFD}");
        assert_eq!((origins.bad, origins.first_bad), (5, Some(2)));
    }

    #[test]
    fn iso_2022_jp_streams() {
        let text = "件名: ご注文\n".repeat(20);
        let raw = encoding_rs::ISO_2022_JP.encode(&text).0.into_owned();
        for chunk in [1, 5, 4096] {
            let mut transcoder = Transcoder::new(Encoding::Iso2022Jp, 0);
            let mut out = String::new();
            raw.chunks(chunk).for_each(|c| transcoder.push(c, &mut out));
            assert_eq!((transcoder.finish(&mut out).bad, out == text), (0, true));
        }
    }
}
