//! Files that are no text though few of their bytes are control characters: known by their first bytes.
//!
//! A text may begin with the letters of such a mark, so a zero must stand near them where a mark is letters alone.

/// Whether the first bytes are those of a picture, a film or sound that is made of few different bytes: RIFF, BMP, icons, colour
/// profiles (ICC.1, 7.2.9), metafiles ([MS-EMF] 2.3.4.2).
pub(crate) fn is_picture(head: &[u8]) -> bool {
    let at = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
    // The length of the header that follows ([MS-WMF] 2.2.2).
    let is_bitmap = at(0, b"BM")
        && at(6, &[0; 4])
        && matches!(
            head.get(14..18),
            Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])
        );
    let is_icon = matches!(head, [0, 0, 1 | 2, 0, 1..=64, 0, ..]);
    let is_chunked = at(0, b"RIFF") && head[4..head.len().min(64)].contains(&0);
    let is_profile = at(36, b"acsp") && head[..36].contains(&0);
    let is_metafile = at(0, &[1, 0, 0, 0]) && at(40, b" EMF");
    is_bitmap || is_icon || is_chunked || is_profile || is_metafile
}

/// Whether the first bytes are those of a file that is no text: as [`is_picture`], a table of ORC, Write and Word for DOS, or
/// what goes to a printer (PCL 5), which is reset first.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let near = head.get(3..16).unwrap_or_default();
    let is_orc = head.starts_with(b"ORC") && near.iter().any(is_control);
    let is_word = matches!(head, [0x31 | 0x32, 0xbe, 0, 0, ..]);
    is_picture(head) || is_orc || is_word || head.starts_with(b"\x1bE\x1b")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::detect;

    #[test]
    fn what_is_no_text() {
        let pad = |head: &[u8]| [head, &b"picture of nothing ".repeat(40)].concat();
        let bitmap = b"BM\x76\x08\0\0\0\0\0\0\x76\0\0\0\x28\0\0\0\x40\0\0\0";
        let sound = b"RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0\x01\0";
        for head in [&bitmap[..], sound, b"\0\0\x01\0\x01\0\x20\x20"] {
            assert!(is_picture(&pad(head)) && !detect(&pad(head)).text);
        }
        assert!(!detect(&pad(b"ORC\x0a\x07\x12\x05\x08")).text);
        for text in [
            "RIFF is a word\n",
            "BMW, Munich\n",
            "ORC\nsays\n",
            "ORCA,1\n",
            "ID3\n",
        ] {
            assert!(detect(&pad(text.as_bytes())).text, "{text}");
        }
        // Bytes of no language with zeros among them.
        let mut next = crate::text::random(7);
        let noise: Vec<u8> = (0..4_000u32)
            .map(|n| {
                if n % 50 == 0 {
                    0
                } else {
                    128 + next(128) as u8
                }
            })
            .collect();
        assert!(!detect(&noise).text);
    }
}
