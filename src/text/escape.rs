//! How a format writes characters inside a cell that would end it, and how that is undone.

use super::Encoding;
use super::transcode::locate_decoded;

/// The escapes of a batch's cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// Bytes stand for themselves.
    #[default]
    None,
    /// This quote is doubled (`""` in CSV, `''` in standard SQL). A lone quote closed the quoted part of a cell: it is
    /// dropped, and what follows it stands for itself (`a"b` of the CSV field `"a"b` is `ab`).
    Doubled(u8),
    /// Backslash escapes of MySQL strings, and the doubled quote. With quote 0 nothing is doubled (`LOAD DATA` without
    /// `ENCLOSED BY`).
    MySql(u8),
    /// PostgreSQL `COPY` text: `\t \n \\ \ooo \xHH`.
    PgCopy,
    /// PostgreSQL `E''` strings, and the doubled quote.
    PgString,
    /// JSON strings.
    Json,
    /// Hexadecimal digits of UTF-8 text (`0x…`, `X'…'`).
    Hex,
}

/// Undoes the escapes of a decoded cell. `out` is emptied first.
pub fn unescape(text: &str, escape: Escape, out: &mut String) {
    out.clear();
    let mut bytes = Vec::new();
    walk(text, escape, |_, piece| {
        if let Piece::Byte(b) = piece {
            bytes.push(b);
            return true;
        }
        flush(&mut bytes, out);
        match piece {
            Piece::Text(same) => out.push_str(same),
            Piece::Char(c) => out.push(c),
            Piece::Byte(_) => {}
        }
        true
    });
    flush(&mut bytes, out);
}

fn flush(bytes: &mut Vec<u8>, out: &mut String) {
    if !bytes.is_empty() {
        out.push_str(&String::from_utf8_lossy(bytes));
        bytes.clear();
    }
}

/// The text that stands in another as the bytes of its UTF-8, each written as a character: `Ã©` for é, as Facebook and Instagram write all that
/// is not ASCII into their JSON, and databases that took UTF-8 for Latin-1. `None` for all else.
pub fn undoubled(text: &str) -> Option<String> {
    // Characters from U+0080 to U+00FF, which stand in UTF-8 behind these bytes; all others are none of bytes.
    let is_byte = |&byte: &u8| byte < 0xC4;
    if text.is_ascii() || !text.bytes().all(|byte| is_byte(&byte)) {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    String::from_utf8(bytes).ok()
}

/// The offset in `raw` at which byte `at` of the decoded and unescaped cell stands.
///
/// Past the end it is the length of `raw`, so an exclusive end may be located too.
pub(super) fn locate(
    raw: &[u8],
    encoding: Encoding,
    escape: Escape,
    escaped: bool,
    at: usize,
) -> usize {
    if raw.is_ascii() && !escaped {
        return at.min(raw.len());
    }
    let (text, bad) = encoding.decode(raw);
    let mut decoded = at;
    if escaped && escape != Escape::None {
        let mut seen = 0;
        decoded = text.len();
        walk(&text, escape, |start, piece| {
            let len = match piece {
                Piece::Text(same) => same.len(),
                Piece::Char(c) => c.len_utf8(),
                Piece::Byte(_) => 1,
            };
            if seen + len > at {
                decoded = if matches!(piece, Piece::Text(_)) {
                    start + at - seen
                } else {
                    start
                };
                return false;
            }
            seen += len;
            true
        });
    }
    if decoded >= text.len() {
        return raw.len();
    }
    if bad == 0 && encoding.settle(raw) == Encoding::Utf8 {
        decoded
    } else {
        locate_decoded(raw, encoding, decoded)
    }
}

/// What a stretch of the escaped text stands for.
enum Piece<'t> {
    Text(&'t str),
    Char(char),
    /// A byte of UTF-8 given by number.
    Byte(u8),
}

/// Calls `take` with each piece and where it begins in `text`, until it says no.
fn walk<'t>(text: &'t str, escape: Escape, mut take: impl FnMut(usize, Piece<'t>) -> bool) {
    if escape == Escape::Hex {
        return walk_hex(text, take);
    }
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = next_special(&bytes[at..], escape) {
        at += found;
        let (len, piece) = step(&text[at..], escape);
        let closing = len == 1 && piece.is_none();
        match piece {
            None if !closing => at += len,
            piece => {
                if from < at && !take(from, Piece::Text(&text[from..at])) {
                    return;
                }
                if let Some(piece) = piece
                    && !take(at, piece)
                {
                    return;
                }
                at += len;
                from = at;
            }
        }
        if closing {
            break;
        }
    }
    if from < bytes.len() {
        take(from, Piece::Text(&text[from..]));
    }
}

fn next_special(bytes: &[u8], escape: Escape) -> Option<usize> {
    match escape {
        Escape::None | Escape::Hex => None,
        Escape::Doubled(quote) => memchr::memchr(quote, bytes),
        Escape::MySql(0) | Escape::PgCopy | Escape::Json => memchr::memchr(b'\\', bytes),
        Escape::MySql(quote) => memchr::memchr2(b'\\', quote, bytes),
        Escape::PgString => memchr::memchr2(b'\\', b'\'', bytes),
    }
}

/// Reads one escape at the start of `text`: its length and what it stands for. `None` of length 1 is a closing quote,
/// `None` of more bytes stands for itself.
fn step(text: &str, escape: Escape) -> (usize, Option<Piece<'_>>) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let Some(second) = chars.next() else {
        // A quote or backslash at the very end stands for itself, but a closing quote is dropped.
        return (
            1,
            if first == '\\' {
                Some(Piece::Char(first))
            } else {
                None
            },
        );
    };
    if first != '\\' {
        return if second == first {
            (2, Some(Piece::Char(first)))
        } else {
            (1, None)
        };
    }
    let len = 1 + second.len_utf8();
    let plain = |c| (len, Some(Piece::Char(c)));
    match (escape, second) {
        (Escape::Json | Escape::PgString, 'u') => unicode(text, 4),
        (Escape::PgString, 'U') => unicode(text, 8),
        (Escape::PgCopy | Escape::PgString, 'x') => numbered(text, 2, 16, 2),
        (Escape::PgCopy | Escape::PgString, '0'..='7') => numbered(text, 1, 8, 3),
        (Escape::MySql(_), '%' | '_') => (len, None),
        (Escape::MySql(_), '0') => plain('\0'),
        (Escape::MySql(_), 'Z') => plain('\u{1A}'),
        (_, 'n') => plain('\n'),
        (_, 't') => plain('\t'),
        (_, 'r') => plain('\r'),
        (_, 'b') => plain('\u{8}'),
        (Escape::Json | Escape::PgCopy | Escape::PgString, 'f') => plain('\u{C}'),
        (Escape::PgCopy, 'v') => plain('\u{B}'),
        (_, other) => plain(other),
    }
}

/// `\uXXXX`, with its low surrogate if it has one; a lone one is U+FFFD.
fn unicode(text: &str, digits: usize) -> (usize, Option<Piece<'_>>) {
    let number = |from: usize| {
        text.get(from..from + digits)
            .and_then(|d| u32::from_str_radix(d, 16).ok())
    };
    let len = 2 + digits;
    let Some(high) = number(2) else {
        return (2, Some(Piece::Char('\u{FFFD}')));
    };
    if (0xD800..0xDC00).contains(&high)
        && text.get(len..len + 2) == Some("\\u")
        && let Some(low @ 0xDC00..=0xDFFF) = number(len + 2)
    {
        let c = char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        return (2 * len, Some(Piece::Char(c.unwrap_or('\u{FFFD}'))));
    }
    (
        len,
        Some(Piece::Char(char::from_u32(high).unwrap_or('\u{FFFD}'))),
    )
}

/// A byte by number, of at most `most` digits from `from`.
fn numbered(text: &str, from: usize, radix: u32, most: usize) -> (usize, Option<Piece<'_>>) {
    let digits = text[from..]
        .bytes()
        .take(most)
        .take_while(|b| char::from(*b).is_digit(radix))
        .count();
    match u32::from_str_radix(&text[from..from + digits], radix) {
        Ok(byte) => (from + digits, Some(Piece::Byte(byte as u8))),
        Err(_) => (from, Some(Piece::Char('x'))),
    }
}

fn walk_hex<'t>(text: &'t str, mut take: impl FnMut(usize, Piece<'t>) -> bool) {
    let prefix = if text.starts_with("0x") || text.starts_with("0X") {
        2
    } else {
        0
    };
    for (i, pair) in text.as_bytes()[prefix..].chunks(2).enumerate() {
        let digit = |b: u8| char::from(b).to_digit(16);
        let (Some(high), Some(low)) = (digit(pair[0]), pair.get(1).and_then(|b| digit(*b))) else {
            return;
        };
        if !take(prefix + 2 * i, Piece::Byte((high << 4 | low) as u8)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(escape: Escape, text: &str, expected: &str) {
        let mut out = String::from("left over");
        unescape(text, escape, &mut out);
        assert_eq!(out, expected, "{escape:?} {text}");
        // Every character of the result that stands in the text unchanged is found there.
        for (at, c) in expected
            .char_indices()
            .filter(|(_, c)| c.is_alphabetic() && escape != Escape::Hex)
        {
            let found = locate(text.as_bytes(), Encoding::Utf8, escape, true, at);
            assert!(
                text[found..].starts_with(c) || text[found..].starts_with('\\'),
                "{escape:?} {text} {at}"
            );
        }
    }

    #[test]
    fn text_that_was_encoded_twice() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(undoubled(text).as_deref(), expected, "{text}");
        };
        let twice = |text: &str| text.bytes().map(char::from).collect::<String>();
        check(&twice("佐藤 太郎"), Some("佐藤 太郎"));
        check(&twice("Zoë"), Some("Zoë"));
        check("Zoë", None);
        check("佐藤", None);
        check("Mary", None);
    }

    #[test]
    fn escapes_are_undone() {
        check(Escape::None, "a\\n", "a\\n");
        check(Escape::Doubled(b'"'), "a\"\"b", "a\"b");
        check(Escape::Doubled(b'"'), "a\"b\"\"c", "ab\"\"c");
        check(Escape::Doubled(b'"'), "a\"", "a");
        check(
            Escape::MySql(b'\''),
            "O\\'Neil ''x'' \\0\\n\\Z\\%表\\表",
            "O'Neil 'x' \0\n\u{1A}\\%表表",
        );
        check(Escape::MySql(0), "a\"\"b\\tc", "a\"\"b\tc");
        check(
            Escape::PgCopy,
            "a\\tb\\\\c\\101\\x42\\343\\201\\202''",
            "a\tb\\cABあ''",
        );
        check(
            Escape::PgString,
            "it''s \\u3042\\U0001F600\\'",
            "it's あ😀'",
        );
        check(
            Escape::Json,
            "\\u5c71\\u7530 \\\"\\/\\ud83d\\ude00\\ud83d!",
            "山田 \"/😀\u{FFFD}!",
        );
        check(Escape::Json, "\\u12", "\u{FFFD}12");
        check(Escape::Json, "end\\", "end\\");
        check(Escape::Hex, "0xE38182", "あ");
        check(Escape::Hex, "616263", "abc");
        check(Escape::Hex, "61x", "a");
    }

    #[test]
    fn every_cut_of_an_escape_is_read() {
        for escape in [
            Escape::Json,
            Escape::PgCopy,
            Escape::PgString,
            Escape::MySql(b'\''),
            Escape::Doubled(b'"'),
            Escape::Hex,
        ] {
            let text = "\\ud83d\\ude00\\x4\\77''\"\"\\U0001F600\\表";
            for (at, _) in text.char_indices() {
                let mut out = String::new();
                unescape(&text[..at], escape, &mut out);
                for i in 0..=out.len() + 1 {
                    assert!(locate(&text.as_bytes()[..at], Encoding::Utf8, escape, true, i) <= at);
                }
            }
        }
    }

    #[test]
    fn offsets_are_found_in_the_raw_cell() {
        let sjis = encoding_rs::SHIFT_JIS.encode("表能a").0.into_owned();
        let check = |raw: &[u8], encoding, escaped, at, expected| {
            assert_eq!(
                locate(raw, encoding, Escape::Doubled(b'"'), escaped, at),
                expected,
                "{at}"
            );
        };
        check(b"abc", Encoding::Utf8, false, 2, 2);
        check(b"abc", Encoding::Utf8, false, 9, 3);
        check(b"a\"\"bc", Encoding::Utf8, true, 2, 3);
        check("あ\"\"b".as_bytes(), Encoding::Utf8, true, 4, 5);
        check(&sjis, Encoding::ShiftJis, false, 3, 2);
        check(&sjis, Encoding::ShiftJis, false, 6, 4);
        check(&sjis, Encoding::ShiftJis, false, 7, 5);
    }
}
