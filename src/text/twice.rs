//! Text that was encoded twice: UTF-8 taken for Latin-1 or Windows-1252 and written as UTF-8 again (`JosÃ©` for José), the commonest damage of exports.
//!
//! In: UTF-8. Out: whether it is such text, and the text as it was. What was not encoded twice stays as it stands.

use std::borrow::Cow;

/// Characters that Windows-1252 has where Latin-1 has controls, from 0x80 on; five places have none (WHATWG Encoding Standard, index windows-1252).
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Encoded characters of so many bytes are no chance.
const FEWEST: usize = 2;

/// The byte that a character stands for, if it was a byte.
fn byte_of(c: char) -> Option<u8> {
    let place = || WINDOWS.iter().position(|&known| known == c);
    u8::try_from(u32::from(c))
        .ok()
        .or_else(|| place().map(|at| 0x80 + at as u8))
}

/// The bytes that the characters of a text stand for; of others those in UTF-8.
fn bytes_of(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        match byte_of(c) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether all characters beyond ASCII are bytes of UTF-8. `bytes` may begin and end in the middle of a character.
pub(super) fn is_twice(bytes: &[u8]) -> bool {
    // Of every such character the first byte makes one of À to ô.
    if memchr::memchr(0xC3, bytes).is_none() {
        return false;
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(char::REPLACEMENT_CHARACTER);
    let beyond = || text.chars().filter(|c| !c.is_ascii());
    if beyond().any(|c| byte_of(c).is_none()) {
        return false;
    }
    let mut once = Vec::with_capacity(text.len());
    bytes_of(text, &mut once);
    let n = beyond().count();
    let (begin, end) = (
        once.iter().position(|&byte| !(0x80..0xC0).contains(&byte)),
        once.len(),
    );
    let once = &once[begin.unwrap_or(end)..];
    let whole = match std::str::from_utf8(once) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    n >= FEWEST && whole
}

/// Decodes a text from its beginning to its end.
#[derive(Default)]
pub(super) struct Decoder {
    /// Bytes of a character that a chunk cut: of the outer and of the inner one.
    held: [Vec<u8>; 2],
}

impl Decoder {
    /// Adds what the next bytes are to `text`; returns the number of bytes that are no character.
    pub(super) fn push(&mut self, bytes: &[u8], last: bool, text: &mut String) -> u64 {
        let [outer, inner] = &mut self.held;
        outer.extend_from_slice(bytes);
        let end = if last { outer.len() } else { whole(outer) };
        let bad = outer[..end]
            .utf8_chunks()
            .map(|chunk| chunk.invalid().len() as u64)
            .sum();
        let out: Cow<'_, str> = String::from_utf8_lossy(&outer[..end]);
        bytes_of(&out, inner);
        outer.drain(..end);
        let end = if last { inner.len() } else { whole(inner) };
        for chunk in inner[..end].utf8_chunks() {
            text.push_str(chunk.valid());
            let single = |&byte: &u8| match byte {
                0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
                _ => char::from(byte),
            };
            text.extend(chunk.invalid().iter().map(single));
        }
        inner.drain(..end);
        bad
    }
}

/// How much of some bytes ends with a whole character.
fn whole(bytes: &[u8]) -> usize {
    let from = bytes.len().saturating_sub(4);
    let lead = bytes[from..]
        .iter()
        .rposition(|&byte| !(0x80..0xC0).contains(&byte));
    let Some(at) = lead.map(|at| from + at) else {
        return bytes.len();
    };
    let len = match bytes[at] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    if at + len > bytes.len() {
        at
    } else {
        bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str) -> String {
        text.bytes()
            .map(|byte| match byte {
                0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
                _ => char::from(byte),
            })
            .collect()
    }

    #[test]
    fn texts_that_were_encoded_twice() {
        for text in [
            "name,city\nJosé García,Málaga\nZoë Müller,Köln\n",
            "氏名\n佐藤 太郎\n",
            "it’s “quoted” – Łódź\n",
        ] {
            let damaged = twice(text);
            assert!(is_twice(damaged.as_bytes()), "{text}");
            for size in [1, 2, 3, 5, 100] {
                let (mut decoder, mut found) = (Decoder::default(), String::new());
                let pieces = damaged.as_bytes().chunks(size);
                let n = pieces.len();
                let bad: u64 = pieces
                    .enumerate()
                    .map(|(at, piece)| decoder.push(piece, at + 1 == n, &mut found))
                    .sum();
                assert_eq!((found.as_str(), bad), (text, 0), "in pieces of {size}");
            }
        }
    }

    #[test]
    fn texts_that_were_encoded_once() {
        for text in [
            "José García,Málaga\n",
            "São João\nÂngela\n",
            "佐藤 太郎, José\n",
            "name\n",
            "25°C\n",
            "Â\n",
            "Müller Ã\u{a9} 佐藤\n",
        ] {
            assert!(!is_twice(text.as_bytes()), "{text}");
        }
    }

    /// What stands in such a file as it should is left alone.
    #[test]
    fn what_was_encoded_once_stays() {
        let mut found = String::new();
        let text = format!("{}é, 佐藤 ’\n", twice("José "));
        assert_eq!(
            Decoder::default().push(text.as_bytes(), true, &mut found),
            0
        );
        assert_eq!(found, "José é, 佐藤 ’\n");
    }
}
