//! Text encodings: which one it is, and decoding.
//!
//! In: raw bytes. Out: a [`Guess`], or text and the number of bytes that made none. Detection guesses and then verifies:
//! a guess that does not decode to plausible Japanese is not taken, because Shift_JIS decodes nearly anything.
//!
//! Exports appended to each other mix encodings, so a cell that is invalid in its table's encoding is tried in the others
//! before its bytes are called bad.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    DecoderResult, EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

/// A text encoding. The names in the report are WHATWG labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8, and ASCII.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Shift_JIS as Windows writes it (CP932).
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP.
    Iso2022Jp,
    /// Windows-1252, and ISO-8859-1.
    Windows1252,
}

/// What detection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// Length of the byte order mark in bytes, 0 without.
    pub bom: usize,
    /// Whether the bytes are text at all.
    pub text: bool,
}

/// Bytes that detection looks at.
const HEAD: usize = 64 << 10;

/// Guesses the encoding of the first bytes of a source, and verifies the guess.
///
/// The end of `head` may lie in the middle of a character. UTF-32 is told as no text: [`super::utf32`] reads it.
pub fn detect(head: &[u8]) -> Guess {
    let guess = |encoding, bom, text| Guess {
        encoding,
        bom,
        text,
    };
    match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return guess(Encoding::Utf8, 4, false),
        [0xEF, 0xBB, 0xBF, ..] => return guess(Encoding::Utf8, 3, true),
        [0xFF, 0xFE, ..] => return guess(Encoding::Utf16Le, 2, true),
        [0xFE, 0xFF, ..] => return guess(Encoding::Utf16Be, 2, true),
        _ => {}
    }
    let head = &head[..head.len().min(HEAD)];
    if let Some(encoding) = utf16_by_nul(head) {
        return guess(encoding, 0, true);
    }
    let text = is_text(head) && !super::is_binary(head);
    if head.is_ascii() {
        let encoding = if is_iso_2022_jp(head) {
            Encoding::Iso2022Jp
        } else {
            Encoding::Utf8
        };
        return guess(encoding, 0, text);
    }
    if is_utf8(head) {
        return guess(Encoding::Utf8, 0, text);
    }
    let encoding = match legacy(head) {
        // Files joined in two encodings: the cells and lines that are not UTF-8 are told apart where they are read.
        Encoding::Windows1252 if has_japanese_utf8(head) => Encoding::Utf8,
        encoding => encoding,
    };
    // No text in one byte a character has zeros; here and there one is padded with them.
    let n_zeros = memchr::memchr_iter(0, head).count();
    let is_padded = encoding != Encoding::Windows1252 || n_zeros * 200 <= head.len();
    guess(encoding, 0, text && is_padded)
}

/// Whether Japanese in UTF-8 stands somewhere in the bytes: in one twentieth of what stands between ASCII, and eight characters of it. By chance one
/// character in thirty of Chinese in GB 18030 or of Thai fits, but hardly a whole word.
fn has_japanese_utf8(head: &[u8]) -> bool {
    let (mut good, mut all) = (0, 0);
    for run in head.split(u8::is_ascii).filter(|run| !run.is_empty()) {
        let is_japanese = |text: &str| text.chars().all(is_wide_japanese);
        all += run.len();
        good += match std::str::from_utf8(run) {
            Ok(text) if is_japanese(text) => run.len(),
            _ => 0,
        };
    }
    good >= 24 && good * 20 >= all
}

/// Letters of scripts by their blocks (Unicode 16, `Blocks.txt`): Greek, Cyrillic, Armenian, Hebrew, Arabic, those of India, Thai and
/// Lao, Georgian, Korean, and Latin with two marks, as Vietnamese is written.
const SCRIPTS: [&[RangeInclusive<u16>]; 10] = [
    &[0x370..=0x3FF, 0x1F00..=0x1FFF],
    &[0x400..=0x52F],
    &[0x530..=0x58F],
    &[0x590..=0x5FF],
    &[
        0x600..=0x6FF,
        0x750..=0x77F,
        0xFB50..=0xFDFF,
        0xFE70..=0xFEFE,
    ],
    &[0x900..=0xDFF],
    &[0xE00..=0xEFF],
    &[0x10A0..=0x10FF],
    &[0xAC00..=0xD7A3, 0x1100..=0x11FF, 0x3130..=0x318F],
    &[0x1E00..=0x1EFF, 0x300..=0x36F],
];

/// UTF-16 without a byte order mark: ASCII characters leave a NUL in one half of the pairs and none in the other.
fn utf16_by_nul(head: &[u8]) -> Option<Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let (encoding, many, few) = if odd > even {
        (Encoding::Utf16Le, odd, even)
    } else {
        (Encoding::Utf16Be, even, odd)
    };
    // 가 and the wide blank have a zero in the other half.
    if many * 20 < pairs || few * 3 > many {
        return None;
    }
    // Letters of one script beside the Latin and Japanese: numbers of two bytes are of all.
    let (mut good, mut scripts) = (0usize, [0usize; SCRIPTS.len()]);
    for pair in head.chunks_exact(2) {
        let unit = if encoding == Encoding::Utf16Le {
            [pair[0], pair[1]]
        } else {
            [pair[1], pair[0]]
        };
        let unit = u16::from_le_bytes(unit);
        let is_usual = matches!(
            unit,
            0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0x24F | 0x2010..=0x2026 | 0x3000..=0x30FF
                | 0x4E00..=0x9FFF | 0xFF01..=0xFF9F | 0xD800..=0xDFFF
        );
        let of = |ranges: &&[RangeInclusive<u16>]| ranges.iter().any(|range| range.contains(&unit));
        if is_usual {
            good += 1;
        } else if let Some(script) = SCRIPTS.iter().position(of) {
            scripts[script] += 1;
        }
    }
    good += scripts.into_iter().max().unwrap_or(0);
    let bad = pairs - good;
    (bad * 20 <= good).then_some(encoding)
}

/// Whether control bytes are rare enough for text. Compressed or random bytes have one in nine.
fn is_text(head: &[u8]) -> bool {
    let control =
        |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x08 | 0x0C | 0x1A | 0x1B);
    head.iter().filter(|b| control(b)).count() * 20 <= head.len()
}

/// Whether seven-bit bytes hold Japanese by escape sequences (RFC 1468): `ESC $ B`, `ESC $ @`, `ESC ( I`, `ESC ( J`.
fn is_iso_2022_jp(head: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, head).any(|at| {
        matches!(
            head[at + 1..],
            [b'$', b'B' | b'@', ..] | [b'(', b'I' | b'J', ..]
        )
    })
}

/// Whether the bytes are UTF-8, allowing a cut character at the end and few strangers: one bad sequence to ten good ones.
fn is_utf8(head: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        bad += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    bad == 0 || bad * 10 < good
}

/// Which of the old encodings it is: the plausible Japanese one, else Windows-1252.
fn legacy(head: &[u8]) -> Encoding {
    let (sjis, euc) = (
        japanese(head, Encoding::ShiftJis),
        japanese(head, Encoding::EucJp),
    );
    match (sjis.plausible(), euc.plausible()) {
        (true, false) => Encoding::ShiftJis,
        (false, true) => Encoding::EucJp,
        (false, false) => Encoding::Windows1252,
        (true, true) if sjis.score() * 2 > euc.score() * 3 => Encoding::ShiftJis,
        (true, true) if euc.score() * 2 > sjis.score() * 3 => Encoding::EucJp,
        (true, true) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(head, true);
            if detector.guess(Some(b"jp"), Utf8Detection::Deny) == EUC_JP {
                Encoding::EucJp
            } else {
                Encoding::ShiftJis
            }
        }
    }
}

/// How Japanese some bytes look in one encoding.
#[derive(Default)]
struct Looks {
    /// Kana and the kanji that people use.
    usual: usize,
    /// Half-width katakana in runs.
    narrow: usize,
    /// Characters that hardly occur: rare kanji, lone half-width katakana, private use.
    odd: usize,
    /// Bytes that are no character.
    bad: usize,
}

impl Looks {
    fn plausible(&self) -> bool {
        let good = self.usual + self.narrow;
        good > 0 && self.bad * 50 <= good && self.odd * 4 <= good
    }

    fn score(&self) -> usize {
        (self.usual * 2 + self.narrow).saturating_sub(self.odd * 4 + self.bad * 20)
    }
}

/// Weighs the characters that `bytes` are in `encoding`, by the rows of JIS X 0208 they come from.
fn japanese(bytes: &[u8], encoding: Encoding) -> Looks {
    let mut looks = Looks::default();
    let (mut i, mut run) = (0, 0usize);
    while i < bytes.len() {
        let len = char_len(encoding, &bytes[i..]);
        let lead = bytes[i];
        let narrow = encoding == Encoding::ShiftJis && len == 1 && (0xA1..=0xDF).contains(&lead)
            || encoding == Encoding::EucJp && len == 2 && lead == 0x8E;
        if !narrow {
            looks.end_run(&mut run);
        }
        match (encoding, len, lead) {
            (_, 1, 0..=0x7F) => {}
            _ if narrow => run += 1,
            (_, 1, _) => looks.bad += usize::from(bytes.len() - i > 2),
            // Rows 1-8, 13 and the first level (16-47); the second level begins at 0x9F resp. row 48.
            (Encoding::ShiftJis, _, 0x81..=0x84 | 0x87..=0x98) => looks.usual += 1,
            (Encoding::EucJp, _, 0xA1..=0xA8 | 0xAD | 0xB0..=0xCF) => looks.usual += 1,
            _ => looks.odd += 1,
        }
        i += len;
    }
    looks.end_run(&mut run);
    looks
}

impl Looks {
    fn end_run(&mut self, run: &mut usize) {
        match std::mem::take(run) {
            0 => {}
            1 => self.odd += 1,
            n => self.narrow += n,
        }
    }
}

/// Length in bytes of the character that `raw` (not empty) begins with; 1 for a byte that begins none.
pub(crate) fn char_len(encoding: Encoding, raw: &[u8]) -> usize {
    let trail = raw.get(1).copied().unwrap_or(0);
    match (encoding, raw[0]) {
        (Encoding::Utf16Le | Encoding::Utf16Be, _) => {
            let unit = |i: usize| match (encoding, raw.get(i..i + 2)) {
                (Encoding::Utf16Le, Some(&[a, b])) | (Encoding::Utf16Be, Some(&[b, a])) => {
                    u16::from_le_bytes([a, b])
                }
                _ => 0,
            };
            let pair = (0xD800..0xDC00).contains(&unit(0)) && (0xDC00..0xE000).contains(&unit(2));
            if pair { 4 } else { raw.len().min(2) }
        }
        (_, 0..=0x7F) | (Encoding::Windows1252, _) => 1,
        (Encoding::Utf8, lead) => utf8_len(lead, raw),
        (Encoding::ShiftJis, 0x81..=0x9F | 0xE0..=0xFC) if matches!(trail, 0x40..=0x7E | 0x80..=0xFC) => {
            2
        }
        (Encoding::EucJp, 0xA1..=0xFE) if trail >= 0xA1 => 2,
        (Encoding::EucJp, 0x8E) if (0xA1..=0xDF).contains(&trail) => 2,
        (Encoding::EucJp, 0x8F) if trail >= 0xA1 && raw.get(2).is_some_and(|b| *b >= 0xA1) => 3,
        _ => 1,
    }
}

/// Whether the byte at `at` is the second byte of a Shift_JIS character: there `|` and the backslash are no syntax.
pub(crate) fn is_shift_jis_trail(bytes: &[u8], at: usize) -> bool {
    if at == 0 || bytes[at - 1] < 0x80 {
        return false;
    }
    // After a byte below 0x80 a character begins, whatever that byte was.
    let mut i = bytes[..at]
        .iter()
        .rposition(|b| *b < 0x80)
        .map_or(0, |i| i + 1);
    while i < at {
        i += if matches!(bytes[i], 0x81..=0x9F | 0xE0..=0xFC) {
            2
        } else {
            1
        };
    }
    i > at
}

fn utf8_len(lead: u8, raw: &[u8]) -> usize {
    let len = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    if raw
        .get(..len)
        .is_some_and(|c| std::str::from_utf8(c).is_ok())
    {
        len
    } else {
        1
    }
}

impl Encoding {
    /// Its name in the report: `utf-8`, `shift_jis`, ….
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::ShiftJis => "shift_jis",
            Encoding::EucJp => "euc-jp",
            Encoding::Iso2022Jp => "iso-2022-jp",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    /// The encoding of a name or a usual alias (`sjis`, `cp932`, `windows-31j`, `latin1`), case and `-`/`_` ignored.
    pub fn parse(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        Some(match plain.as_str() {
            "utf8" | "utf8mb3" | "utf8mb4" | "utf8n" | "unicode11utf8" | "ascii" | "usascii" => {
                Encoding::Utf8
            }
            "utf16" | "utf16le" | "ucs2" | "unicode" => Encoding::Utf16Le,
            "utf16be" => Encoding::Utf16Be,
            "sjis" | "shiftjis" | "cp932" | "ms932" | "mskanji" | "windows31j" | "csshiftjis"
            | "shiftjis2004" | "xsjis" => Encoding::ShiftJis,
            "eucjp" | "ujis" | "eucjpms" | "xeucjp" | "eucjis2004" => Encoding::EucJp,
            "iso2022jp" | "jis" | "csiso2022jp" | "iso2022jpms" => Encoding::Iso2022Jp,
            "windows1252" | "cp1252" | "win1252" | "latin1" | "l1" | "iso88591" => {
                Encoding::Windows1252
            }
            _ => return None,
        })
    }

    /// Decodes `raw`; borrows when nothing has to change. Invalid bytes become U+FFFD; the count of them is returned.
    ///
    /// Bytes that are invalid in this encoding but clean in UTF-8, Shift_JIS or EUC-JP are read as that.
    pub fn decode(self, raw: &[u8]) -> (Cow<'_, str>, usize) {
        match self.settle(raw) {
            Encoding::Utf8 => match std::str::from_utf8(raw) {
                Ok(text) => (Cow::Borrowed(text), 0),
                Err(_) => {
                    let bad = raw.utf8_chunks().map(|c| c.invalid().len()).sum();
                    (String::from_utf8_lossy(raw), bad)
                }
            },
            other => {
                let mut text = String::new();
                let bad = decode_into(other, raw, &mut text);
                (Cow::Owned(text), bad)
            }
        }
    }

    /// The number of bytes of `raw` that [`Encoding::decode`] would call bad, without keeping the text.
    pub fn bad_bytes(self, raw: &[u8]) -> usize {
        self.decode(raw).1
    }

    /// The encoding that [`Encoding::decode`] reads `raw` in: this one, or the one that fits bytes invalid in this one.
    pub fn settle(self, raw: &[u8]) -> Self {
        if matches!(
            self,
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Iso2022Jp
        ) {
            return self;
        }
        if raw.is_ascii() {
            return Encoding::Utf8;
        }
        let utf8 = std::str::from_utf8(raw);
        match (self, utf8) {
            (Encoding::Utf8, Ok(_)) => return self,
            (Encoding::Windows1252, _) => return self,
            // A longer cell in UTF-8 is Shift_JIS now and then, but never such that all of it is Japanese both ways.
            (_, Ok(text)) if text.chars().all(|c| c.is_ascii() || is_wide_japanese(c)) => {
                return Encoding::Utf8;
            }
            _ => {}
        }
        if self != Encoding::Utf8 && is_clean(self, raw) {
            return self;
        }
        if utf8.is_ok() {
            return Encoding::Utf8;
        }
        let clean = |other: Encoding| {
            other != self && is_clean(other, raw) && japanese(raw, other).plausible()
        };
        match (clean(Encoding::ShiftJis), clean(Encoding::EucJp)) {
            (true, true) => {
                let (sjis, euc) = (
                    japanese(raw, Encoding::ShiftJis).score(),
                    japanese(raw, Encoding::EucJp).score(),
                );
                if euc > sjis {
                    Encoding::EucJp
                } else {
                    Encoding::ShiftJis
                }
            }
            (true, false) => Encoding::ShiftJis,
            (false, true) => Encoding::EucJp,
            (false, false) => self,
        }
    }

    pub(super) fn whatwg(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::ShiftJis => SHIFT_JIS,
            Encoding::EucJp => EUC_JP,
            Encoding::Iso2022Jp => ISO_2022_JP,
            Encoding::Windows1252 => WINDOWS_1252,
        }
    }
}

/// Kana, kanji, and the full and half width forms.
fn is_wide_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

fn is_clean(encoding: Encoding, raw: &[u8]) -> bool {
    encoding
        .whatwg()
        .decode_without_bom_handling_and_without_replacement(raw)
        .is_some()
}

/// Decodes all of `raw` at the end of `out`; returns the number of bytes that made no character.
fn decode_into(encoding: Encoding, raw: &[u8], out: &mut String) -> usize {
    let mut decoder = encoding.whatwg().new_decoder_without_bom_handling();
    decode_more(&mut decoder, raw, true, out, |_, _| {})
}

/// Decodes one chunk at the end of `out`; tells `on_bad` of each bad sequence (its end in `raw`, its length).
pub(super) fn decode_more(
    decoder: &mut encoding_rs::Decoder,
    raw: &[u8],
    last: bool,
    out: &mut String,
    mut on_bad: impl FnMut(usize, usize),
) -> usize {
    let (mut at, mut bad) = (0, 0);
    loop {
        out.reserve(
            decoder
                .max_utf8_buffer_length_without_replacement(raw.len() - at)
                .unwrap_or(4096)
                .max(16),
        );
        let (result, read) = decoder.decode_to_string_without_replacement(&raw[at..], out, last);
        at += read;
        match result {
            DecoderResult::InputEmpty => return bad,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(len, after) => {
                out.push('\u{FFFD}');
                bad += usize::from(len);
                on_bad(at - usize::from(after).min(at), usize::from(len));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = "番号,氏名,フリガナ,住所,電話\n1,石井 紬,イシイ ツムギ,奈良県奈良市登大路町1-2,090-0000-0001\n\
                          2,表 能子,オモテ ノリコ,東京都新宿区十二社3-4,03-0000-0002\n";

    fn bytes(encoding: Encoding, text: &str) -> Vec<u8> {
        match encoding {
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            other => other.whatwg().encode(text).0.into_owned(),
        }
    }

    const ALL: [Encoding; 6] = [
        Encoding::Utf8,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::ShiftJis,
        Encoding::EucJp,
        Encoding::Iso2022Jp,
    ];

    #[test]
    fn detects_japanese_cut_anywhere() {
        for encoding in ALL {
            let raw = bytes(encoding, &PEOPLE.repeat(3));
            for len in 120..raw.len() {
                let found = detect(&raw[..len]);
                assert_eq!(
                    found,
                    Guess {
                        encoding,
                        bom: 0,
                        text: true
                    },
                    "{encoding:?} {len}"
                );
            }
        }
    }

    #[test]
    fn detects_special_heads() {
        let check = |head: &[u8], encoding, bom, text| {
            assert_eq!(
                detect(head),
                Guess {
                    encoding,
                    bom,
                    text
                },
                "{head:?}"
            )
        };
        check(b"", Encoding::Utf8, 0, true);
        check(b"id,name\n", Encoding::Utf8, 0, true);
        check(b"\xEF\xBB\xBFid", Encoding::Utf8, 3, true);
        check(b"\xFF\xFEi\0", Encoding::Utf16Le, 2, true);
        check(b"\xFE\xFF\0i", Encoding::Utf16Be, 2, true);
        check(b"\xFF\xFE\0\0i\0\0\0", Encoding::Utf8, 4, false);
        check(b"\0\0\xFE\xFF\0\0\0i", Encoding::Utf8, 4, false);
        check(
            "nom;prénom\nMüller;André\nÅse;Zoë\n".as_bytes(),
            Encoding::Utf8,
            0,
            true,
        );
        check(
            &bytes(Encoding::Windows1252, "nom;prénom\nMüller;André\nÅse;Zoë\n"),
            Encoding::Windows1252,
            0,
            true,
        );
        check(
            &bytes(Encoding::ShiftJis, "0001,ﾔﾏﾀﾞ ﾀﾛｳ,100\n0002,ｲｼｲ ﾂﾑｷﾞ,200\n"),
            Encoding::ShiftJis,
            0,
            true,
        );
    }

    #[test]
    fn utf_16_of_every_script_is_told_without_its_mark() {
        for text in [
            "Имя,Фамилия,Телефон\nАнна,Иванова,+7 495 000-00-01\nПётр,Смирнов,+7 495 000-00-02\n",
            "Όνομα;Τηλέφωνο\nΜαρία Παπαδοπούλου;210 0000001\n",
            "이름,전화\n김가영,02-000-0001\n박가가,02-000-0002\n가나가,가\n",
            "姓名,电话\n王芳,010-00000001\n李娜,010-00000002\n",
            "الاسم,الهاتف\nمريم خالد,+20 2 0000001\n",
            "שם,טלפון\nנועה כהן,03-0000001\n",
            "ชื่อ,โทร\nสมชาย ใจดี,02-000-0001\n",
            "नाम,फ़ोन\nप्रिया शर्मा,011-0000001\n",
            "Họ tên,Điện thoại\nNguyễn Thị Hạnh,024 0000001\n",
            "番号,氏名\u{3000}漢字,住所\n1,山田\u{3000}太郎,東京都\n2,佐藤\u{3000}花子,大阪府\n",
        ] {
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
                let found = detect(&bytes(encoding, &text.repeat(3)));
                assert_eq!((found.encoding, found.text), (encoding, true), "{text}");
            }
        }
        // Numbers of two bytes are of every script.
        let numbers = (0..2_000u16).flat_map(|n| (n.wrapping_mul(37) % 4_000).to_le_bytes());
        assert!(!detect(&numbers.collect::<Vec<u8>>()).text);
    }

    #[test]
    fn tells_binary_from_text() {
        let mut seed = 7u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .take(4096)
        .collect();
        assert!(!detect(&noise).text);
        assert!(!detect(&[0; 100]).text);
        assert!(detect(b"one stray\0 NUL in a long enough line of a log").text);
    }

    #[test]
    fn decoding_gives_back_what_was_encoded() {
        for encoding in ALL {
            assert_eq!(
                encoding.decode(&bytes(encoding, PEOPLE)),
                (Cow::Borrowed(PEOPLE), 0),
                "{encoding:?}"
            );
        }
        assert!(matches!(
            Encoding::ShiftJis.decode(b"plain"),
            (Cow::Borrowed("plain"), 0)
        ));
    }

    #[test]
    fn cells_of_another_encoding_are_read() {
        for table in [Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp] {
            for cell in [Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp] {
                if (table, cell) == (Encoding::ShiftJis, Encoding::EucJp) {
                    continue; // EUC-JP is mostly valid Shift_JIS: nothing in a cell gives it away.
                }
                for text in [
                    "石井 紬",
                    "東京都新宿区",
                    "イシイ ツムギ",
                    "ありがとうございます",
                ] {
                    assert_eq!(
                        table.decode(&bytes(cell, text)),
                        (Cow::Borrowed(text), 0),
                        "{table:?} {cell:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn bad_bytes_are_counted() {
        let check = |encoding: Encoding, raw: &[u8], text: &str, bad| {
            assert_eq!(encoding.decode(raw), (Cow::Borrowed(text), bad))
        };
        check(Encoding::Utf8, b"a\xFFb", "a\u{FFFD}b", 1);
        check(Encoding::Utf8, b"a\xE3\x81", "a\u{FFFD}", 2);
        check(Encoding::ShiftJis, b"a\xFFb", "a\u{FFFD}b", 1);
        check(Encoding::Utf16Le, b"a\0\0\xD8b\0", "a\u{FFFD}b", 2);
    }

    #[test]
    fn names_and_aliases() {
        for encoding in ALL {
            assert_eq!(Encoding::parse(encoding.name()), Some(encoding));
        }
        let check = |name, expected| assert_eq!(Encoding::parse(name), expected, "{name}");
        check("Windows-31J", Some(Encoding::ShiftJis));
        check("CP932", Some(Encoding::ShiftJis));
        check("ujis", Some(Encoding::EucJp));
        check("latin1", Some(Encoding::Windows1252));
        check("utf8mb4", Some(Encoding::Utf8));
        check("klingon", None);
    }
}
