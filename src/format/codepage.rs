//! Windows code pages by number.

use encoding_rs::Encoding;

/// The encoding of a code page; Windows-1252 for what is not known.
pub(super) fn codec(page: i32) -> &'static Encoding {
    match page {
        // 10001 is the Macintosh's Japanese.
        932 | 10_001 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1200 => encoding_rs::UTF_16LE,
        20_932 | 51_932 => encoding_rs::EUC_JP,
        65_001 => encoding_rs::UTF_8,
        page => Encoding::for_label(format!("windows-{page}").as_bytes())
            .unwrap_or(encoding_rs::WINDOWS_1252),
    }
}
