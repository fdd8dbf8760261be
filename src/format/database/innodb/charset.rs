//! Character sets by the number of a collation, as MySQL and MariaDB number them.
//!
//! In: the number. Out: how text is decoded, and whether all characters are equally long. Numbers from MySQL's list
//! (`SHOW COLLATION` of 8.4) and MariaDB's (`SHOW COLLATION` of 11.4), read 2026-11.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::format::database) struct Charset {
    codec: &'static Encoding,
    /// Bytes of every character, where they are the same.
    width: usize,
}

/// Number of the collation of bytes that are no text.
const BINARY: u32 = 63;

impl Charset {
    /// The character set of a collation; `None` for bytes that are no text. One that is not known is read as Windows-1252.
    pub(super) fn of(collation: u32) -> Option<Self> {
        use encoding_rs as set;
        // MariaDB: collations that heed blanks at the end stand 1,024 higher, those of UCA 14.0.0 in blocks of 256.
        let number = match collation {
            0x400..0x800 => collation - 0x400,
            0x800..0x900 => 33,
            0x900..0xa00 => 45,
            0xa00..0xb00 => 35,
            0xb00..0xc00 => 54,
            0xc00..0xd00 => 60,
            number => number,
        };
        let (codec, width) = match number {
            BINARY => return None,
            33 | 45 | 46 | 76 | 83 | 192..=247 | 255.. => (set::UTF_8, 0),
            1 | 84 => (set::BIG5, 0),
            12 | 91 | 97 | 98 => (set::EUC_JP, 0),
            13 | 88 | 95 | 96 => (set::SHIFT_JIS, 0),
            19 | 85 => (set::EUC_KR, 0),
            24 | 28 | 86 | 87 => (set::GBK, 0),
            248..=250 => (set::GB18030, 0),
            35 | 90 | 128..=159 => (set::UTF_16BE, 2),
            54 | 55 | 101..=124 => (set::UTF_16BE, 0),
            56 | 62 => (set::UTF_16LE, 0),
            60 | 61 | 160..=183 => (set::UTF_16BE, 4),
            2 | 9 | 21 | 27 | 77 => (set::ISO_8859_2, 1),
            7 | 74 => (set::KOI8_R, 1),
            22 | 75 => (set::KOI8_U, 1),
            14 | 23 | 50..=52 => (set::WINDOWS_1251, 1),
            16 | 71 => (set::ISO_8859_8, 1),
            18 | 89 => (set::WINDOWS_874, 1),
            25 | 70 => (set::ISO_8859_7, 1),
            26 | 34 | 44 | 66 | 99 => (set::WINDOWS_1250, 1),
            29 | 58 | 59 => (set::WINDOWS_1257, 1),
            20 | 41 | 42 | 79 => (set::ISO_8859_13, 1),
            30 | 78 => (set::WINDOWS_1254, 1),
            36 | 68 => (set::IBM866, 1),
            39 | 53 => (set::MACINTOSH, 1),
            57 | 67 => (set::WINDOWS_1256, 1),
            _ => (set::WINDOWS_1252, 1),
        };
        Some(Self { codec, width })
    }

    /// Whether all characters are equally long.
    pub(super) fn is_fixed(self) -> bool {
        self.width > 0
    }

    /// The text of a value.
    pub(super) fn decode(self, raw: &[u8]) -> Cow<'_, str> {
        if self.width == 4 {
            let bad = char::REPLACEMENT_CHARACTER;
            let of = |four: &[u8]| {
                let n = four.iter().fold(0, |n, &byte| n << 8 | u32::from(byte));
                char::from_u32(n).unwrap_or(bad)
            };
            return Cow::Owned(raw.chunks(4).map(of).collect());
        }
        self.codec.decode_without_bom_handling(raw).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_by_collation() {
        fn check(collation: u32, raw: &[u8], expected: Option<&str>) {
            let found = Charset::of(collation).map(|charset| charset.decode(raw).into_owned());
            assert_eq!(found.as_deref(), expected, "collation {collation}");
        }
        check(63, b"abc", None);
        check(255, "山田".as_bytes(), Some("山田"));
        check(0x900, "山田".as_bytes(), Some("山田"));
        check(13, b"\x8eR\x93c", Some("山田"));
        check(12, b"\xbb\xb3\xc5\xc4", Some("山田"));
        check(35, b"\x5c\x71\x75\x30", Some("山田"));
        check(60, b"\0\x02\x0b\xb7\0\0\x91\xce", Some("𠮷野"));
        check(8, b"d\xe9f", Some("déf"));
        check(1032, b"d\xe9f", Some("déf"));
    }
}
