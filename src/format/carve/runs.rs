//! Runs of text in bytes that are not text as a whole.
//!
//! In: a block of bytes. Out: ranges with the encoding in which they are text, in order, none overlapping. Whether bytes are
//! text is weighed: every character adds what it is worth as evidence against chance (about ten times the bits by which text
//! is likelier than random bytes), and a run is text from [`ENOUGH`] on. Nothing here knows what the text says.

use std::ops::Range;
use std::sync::LazyLock;

use crate::text::Encoding;

/// Evidence from which on a run is text: six letters, two kanji in UTF-8, four in other encodings, two kana.
const ENOUGH: u32 = 100;
/// Evidence of Japanese that noise does not reach.
const BEYOND_DOUBT: u32 = 300;
/// Bytes below which no run of them is text.
const SHORTEST: usize = 4;
/// Evidence lost since its best place at which a run ends there.
const DROP: i32 = 60;
/// Weight of a half-width katakana after another.
const NARROW: i32 = 15;

/// Text in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// What it is written in; UTF-8 for plain ASCII.
    pub(super) encoding: Encoding,
    /// Evidence that it is text.
    weight: u32,
    /// Whether it is plain ASCII, which every encoding but UTF-16 can take.
    plain: bool,
}

impl Run {
    /// What is left of a run from `at` on, where it is enough.
    fn from(mut self, at: usize) -> Option<Run> {
        let left = self.range.end.saturating_sub(at);
        self.weight = (self.weight as u64 * left as u64 / self.range.len().max(1) as u64) as u32;
        self.range.start = at;
        (self.weight >= ENOUGH).then_some(self)
    }
}

/// Finds the runs of a block. Takes time in proportion to its length.
///
/// In bytes that are known to be code, pictures or compressed, `wary` asks for more evidence of Japanese: a gigabyte of noise
/// holds hundreds of runs of four kanji.
pub(super) fn runs(block: &[u8], wary: bool) -> Vec<Run> {
    let mut found = any_runs(block);
    if wary || is_noise(block) {
        found.retain(|run| run.plain || run.weight >= BEYOND_DOUBT || is_ascii(block, run));
    }
    found
}

/// Whether a run of UTF-16 holds nothing but ASCII.
fn is_ascii(block: &[u8], run: &Run) -> bool {
    let bytes = &block[run.range.clone()];
    let high = usize::from(run.encoding == Encoding::Utf16Le);
    matches!(run.encoding, Encoding::Utf16Le | Encoding::Utf16Be)
        && bytes.iter().skip(high).step_by(2).all(|&byte| byte == 0)
}

/// Whether bytes look compressed or encrypted: every value as often as any other, near enough.
fn is_noise(block: &[u8]) -> bool {
    if block.len() < 4096 {
        return false;
    }
    let mut counts = [0u32; 256];
    block
        .iter()
        .for_each(|&byte| counts[usize::from(byte)] += 1);
    let len = block.len() as f64;
    let share = |&count: &u32| f64::from(count) / len;
    let present = counts.iter().filter(|&&count| count > 0);
    let entropy: f64 = present
        .map(|count| -share(count) * share(count).log2())
        .sum();
    entropy > 7.8
}

fn any_runs(block: &[u8]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < block.len() {
        if !is_text_byte(block[at]) {
            // A big-endian unit of ASCII begins with a zero.
            // Kana one byte out of step are kana and punctuation of the other byte order: the better reading counts.
            let next = wide_run(block, at + 1);
            match wide_run(block, at) {
                Some(run) => {
                    let better = next.filter(|next| next.weight > run.weight);
                    at = push(&mut found, better.unwrap_or(run), block);
                }
                None => at += 1,
            }
            continue;
        }
        let end = line_end(block, at);
        at = line(block, at..end, &mut found);
    }
    found
}

/// Takes the runs of one stretch without control bytes; returns where to go on.
fn line(block: &[u8], stretch: Range<usize>, found: &mut Vec<Run>) -> usize {
    let mut at = stretch.start;
    for run in narrow_runs(block, stretch.clone()) {
        while at < run.range.start {
            match wide_run(block, at) {
                Some(wide) => at = push(found, wide, block),
                None => at += 1,
            }
        }
        if at > run.range.start {
            // UTF-16 took the beginning: what is left of the run is weighed anew.
            if let Some(rest) = run.from(at) {
                at = push(found, rest, block);
            }
            continue;
        }
        // Kana in UTF-16 are pairs of ASCII bytes: the better reading of the same bytes counts.
        let begins = at..(at + 4).min(run.range.end);
        let wide = begins.filter_map(|at| wide_run(block, at)).next();
        match wide.filter(|wide| beats(wide, &run)) {
            Some(wide) => at = push(found, wide, block),
            None => at = push(found, run, block),
        }
    }
    while at < stretch.end {
        match wide_run(block, at) {
            Some(wide) => at = push(found, wide, block),
            None => at += 1,
        }
    }
    at
}

/// Whether a run of UTF-16 says more than a run of bytes says of the part that both cover.
fn beats(wide: &Run, narrow: &Run) -> bool {
    let shared = wide.range.end.min(narrow.range.end) - wide.range.start.max(narrow.range.start);
    let share = narrow.weight as u64 * shared as u64 / narrow.range.len().max(1) as u64;
    u64::from(wide.weight) > share
}

/// Adds a run, to the one before it where only a line break stands between; returns its end.
fn push(found: &mut Vec<Run>, run: Run, block: &[u8]) -> usize {
    let end = run.range.end;
    if let Some(last) = found.last_mut() {
        let wide = |run: &Run| matches!(run.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        let same = last.encoding == run.encoding
            || (last.plain || run.plain) && !wide(last) && !wide(&run);
        let gap = &block[last.range.end..run.range.start];
        if same && !wide(&run) && gap.len() <= 2 && gap.iter().all(|b| matches!(b, b'\r' | b'\n')) {
            if last.plain {
                (last.encoding, last.plain) = (run.encoding, run.plain);
            }
            last.range.end = end;
            last.weight = last.weight.saturating_add(run.weight);
            return end;
        }
    }
    found.push(run);
    end
}

/// Whether a byte can stand in text of any encoding of bytes.
pub(super) fn is_text_byte(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x1B | 0x20..=0x7E | 0x80..=0xFF)
}

/// The end of the stretch without control bytes that begins at `at`.
fn line_end(block: &[u8], at: usize) -> usize {
    let rest = block[at..].iter().position(|&byte| !is_text_byte(byte));
    rest.map_or(block.len(), |len| at + len)
}

/// The runs of a stretch in the encoding of bytes that makes most of it.
fn narrow_runs(block: &[u8], stretch: Range<usize>) -> Vec<Run> {
    let bytes = &block[stretch.clone()];
    if bytes.len() < SHORTEST {
        return Vec::new();
    }
    let escaped = memchr::memchr_iter(0x1B, bytes).any(|at| bytes.get(at + 1) == Some(&b'$'));
    let encodings: &[Encoding] = if bytes.is_ascii() {
        if escaped {
            &[Encoding::Iso2022Jp]
        } else {
            &[Encoding::Utf8]
        }
    } else {
        &[Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp]
    };
    let mut best: (u64, Vec<Run>) = (0, Vec::new());
    for &encoding in encodings {
        let runs = runs_in(bytes, stretch.start, encoding);
        let sum = runs.iter().map(|run| u64::from(run.weight)).sum();
        if sum > best.0 {
            best = (sum, runs);
        }
    }
    best.1
}

/// The runs of some bytes in one encoding.
fn runs_in(bytes: &[u8], offset: usize, encoding: Encoding) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Growing::at(0);
    let (mut at, mut kana) = (0, false);
    while at < bytes.len() {
        let found = character(encoding, &bytes[at..]);
        let (len, mut weight) = found.unwrap_or((1, -1_000));
        // Half-width kana come in words; alone they are any byte.
        let narrow = encoding == Encoding::ShiftJis && len == 1 && bytes[at] > 0x7F;
        if narrow && !kana {
            weight = -NARROW;
        }
        kana = narrow && found.is_some();
        if run.takes(weight, at + len) {
            run.plain &= len == 1 && bytes[at] < 0x80 && bytes[at] != 0x1B;
        } else {
            runs.extend(run.done(offset, encoding));
            run = Growing::at(at + len);
        }
        at += len;
    }
    runs.extend(run.done(offset, encoding));
    runs
}

/// A run that is being read. It ends where its weight was highest.
struct Growing {
    start: usize,
    weight: i32,
    best: i32,
    /// The end where the weight was highest.
    end: usize,
    plain: bool,
}

impl Growing {
    fn at(start: usize) -> Self {
        Self {
            start,
            weight: 0,
            best: 0,
            end: start,
            plain: true,
        }
    }

    /// Adds the weight of a character that ends at `end`; false when it was no text from the start, or is no more.
    fn takes(&mut self, weight: i32, end: usize) -> bool {
        self.weight = self.weight.saturating_add(weight);
        if self.weight >= self.best {
            (self.best, self.end) = (self.weight, end);
        }
        self.weight >= 0 && self.best - self.weight < DROP
    }

    fn weight(&self) -> Option<u32> {
        u32::try_from(self.best).ok().filter(|&best| best >= ENOUGH)
    }

    fn done(self, offset: usize, encoding: Encoding) -> Option<Run> {
        let plain = self.plain && encoding != Encoding::Iso2022Jp;
        self.weight().map(|weight| Run {
            range: offset + self.start..offset + self.end,
            encoding: if plain { Encoding::Utf8 } else { encoding },
            weight,
            plain,
        })
    }
}

/// Length and weight of the character that `raw` begins with; `None` when it begins none.
fn character(encoding: Encoding, raw: &[u8]) -> Option<(usize, i32)> {
    let trail = raw.get(1).copied().unwrap_or(0);
    Some(match (encoding, raw[0]) {
        // An escape into or out of JIS X 0208 (RFC 1468) says that what stands around it is text.
        (Encoding::Iso2022Jp, 0x1B)
            if matches!(raw.get(1..3), Some(b"$@" | b"$B" | b"(B" | b"(J" | b"(I")) =>
        {
            (3, 40)
        }
        (_, byte @ 0..=0x7F) => (1, ascii(byte)),
        (Encoding::Utf8, _) => {
            let most = &raw[..raw.len().min(4)];
            let chunk = most.utf8_chunks().next()?;
            let c = chunk.valid().chars().next()?;
            (c.len_utf8(), unicode(c)?)
        }
        // Rows of JIS X 0208 by their lead bytes: kana, first level of kanji, the rest.
        (Encoding::ShiftJis, 0x82) if matches!(trail, 0x9F..=0xF1) => (2, 50),
        (Encoding::ShiftJis, 0x83) if matches!(trail, 0x40..=0x7E | 0x80..=0x96) => (2, 50),
        (Encoding::ShiftJis, 0x81 | 0x82) if matches!(trail, 0x40..=0x7E | 0x80..=0xAC) => (2, 20),
        (Encoding::ShiftJis, 0x88..=0x97) if matches!(trail, 0x40..=0x7E | 0x80..=0xFC) => (2, 25),
        (Encoding::ShiftJis, 0x98..=0x9F | 0xE0..=0xEA | 0xFA..=0xFC | 0x87) if matches!(trail, 0x40..=0x7E | 0x80..=0xFC) => {
            (2, -20)
        }
        (Encoding::ShiftJis, 0xA1..=0xDF) => (1, NARROW),
        (Encoding::EucJp, 0xA4 | 0xA5) if matches!(trail, 0xA1..=0xF6) => (2, 55),
        (Encoding::EucJp, 0xA1 | 0xA3) if trail >= 0xA1 => (2, 20),
        (Encoding::EucJp, 0xB0..=0xCF) if trail >= 0xA1 => (2, 35),
        (Encoding::EucJp, 0xD0..=0xF4 | 0xAD) if trail >= 0xA1 => (2, -20),
        (Encoding::EucJp, 0x8E) if matches!(trail, 0xA1..=0xDF) => (2, 20),
        _ => return None,
    })
}

fn ascii(byte: u8) -> i32 {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => 17,
        b' ' | b'@' | b'.' | b'_' | b'-' | b'+' | b'/' | b':' | b',' | b';' | b'=' => 10,
        b'"' | b'\'' | b'(' | b')' | b'<' | b'>' | b'\t' => 0,
        0x21..=0x7E => -8,
        _ => 0,
    }
}

/// Weight of a character in UTF-8.
fn unicode(c: char) -> Option<i32> {
    Some(match c {
        '\u{3041}'..='\u{30FF}' => 60,
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FFEE}' => 55,
        '\u{3000}'..='\u{3020}' => 40,
        '\u{C0}'..='\u{24F}' => 20,
        '\u{2010}'..='\u{2044}' | '\u{A0}'..='\u{BF}' => 0,
        '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' => return None,
        c if c.is_alphanumeric() => 20,
        _ => 0,
    })
}

/// The run of UTF-16 that begins at `at`, if one does.
fn wide_run(block: &[u8], at: usize) -> Option<Run> {
    let pair = block.get(at..at + 2)?;
    let le = units(
        block,
        at,
        u16::from_le_bytes([pair[0], pair[1]]),
        u16::from_le_bytes,
    );
    let be = units(
        block,
        at,
        u16::from_be_bytes([pair[0], pair[1]]),
        u16::from_be_bytes,
    );
    let run = |(end, weight): (usize, u32), encoding| Run {
        range: at..end,
        encoding,
        weight,
        plain: false,
    };
    match (le, be) {
        (Some(le), Some(be)) if be.1 > le.1 => Some(run(be, Encoding::Utf16Be)),
        (Some(le), _) => Some(run(le, Encoding::Utf16Le)),
        (None, Some(be)) => Some(run(be, Encoding::Utf16Be)),
        (None, None) => None,
    }
}

/// The end and the weight of the units of text from `at` on, where they are enough.
fn units(block: &[u8], at: usize, first: u16, unit: fn([u8; 2]) -> u16) -> Option<(usize, u32)> {
    if wide(first)? <= 0 {
        return None;
    }
    let (mut run, mut end) = (Growing::at(at), at);
    for pair in block[at..].chunks_exact(2) {
        end += 2;
        let weight = wide(unit([pair[0], pair[1]]));
        if !weight.is_some_and(|weight| run.takes(weight, end)) {
            break;
        }
    }
    run.weight().map(|weight| (run.end, weight))
}

/// Weight of a unit of UTF-16.
fn wide(unit: u16) -> Option<i32> {
    Some(match unit {
        0x30..=0x39 | 0x41..=0x5A | 0x61..=0x7A => 22,
        0x20..=0x7E => 8,
        0x09 | 0x0A | 0x0D => 0,
        0xC0..=0xFF => 0,
        0x3041..=0x3096 | 0x30A1..=0x30FE => 50,
        0x3001..=0x3002 | 0x3000 | 0xFF01..=0xFF5E | 0xFF66..=0xFF9F => 25,
        0x4E00..=0x9FFF if is_usual(unit) => 25,
        0x4E00..=0x9FFF => -20,
        _ => return None,
    })
}

/// Whether a kanji is one of the first level of JIS X 0208, those that people use.
fn is_usual(unit: u16) -> bool {
    /// A bit for each of the 65,536 units.
    static USUAL: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let mut bits = vec![0; 1024];
        for lead in 0xB0..=0xCF_u8 {
            for trail in 0xA1..=0xFE_u8 {
                let pair = [lead, trail];
                let (text, _, bad) = encoding_rs::EUC_JP.decode(&pair);
                for unit in text.encode_utf16().filter(|_| !bad) {
                    bits[usize::from(unit >> 6)] |= 1 << (unit & 63);
                }
            }
        }
        bits
    });
    USUAL[usize::from(unit >> 6)] >> (unit & 63) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
        match encoding {
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::ShiftJis => encoding_rs::SHIFT_JIS.encode(text).0.into_owned(),
            Encoding::EucJp => encoding_rs::EUC_JP.encode(text).0.into_owned(),
            Encoding::Iso2022Jp => encoding_rs::ISO_2022_JP.encode(text).0.into_owned(),
            _ => text.as_bytes().to_vec(),
        }
    }

    /// The decoded runs of a block.
    fn texts(block: &[u8]) -> Vec<String> {
        let text = |run: &Run| {
            run.encoding
                .decode(&block[run.range.clone()])
                .0
                .into_owned()
        };
        runs(block, false).iter().map(text).collect()
    }

    #[test]
    fn text_is_found_in_every_encoding_at_every_alignment() {
        let lines = [
            "山田太郎,090-1234-5678",
            "さくら市",
            "ヤマダ タロウ",
            "taro@example.com",
        ];
        for encoding in [
            Encoding::Utf8,
            Encoding::ShiftJis,
            Encoding::EucJp,
            Encoding::Iso2022Jp,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
        ] {
            for line in lines {
                for shift in 0..3 {
                    let block = [
                        &vec![7; shift][..],
                        b"\0\0\x01",
                        &encoded(encoding, line),
                        b"\x01\0\0\x02",
                    ]
                    .concat();
                    assert_eq!(texts(&block), [line], "{encoding:?} at {shift}");
                }
            }
        }
    }

    #[test]
    fn lines_of_one_text_stay_together() {
        assert_eq!(
            texts(b"\x01name,mail\r\nTaro,taro@example.com\n\x02"),
            ["name,mail\r\nTaro,taro@example.com"]
        );
        let mixed = [
            &b"\x01"[..],
            &encoded(Encoding::ShiftJis, "氏名,住所一覧"),
            b"\nabcdef\n",
            &encoded(Encoding::EucJp, "石井つむぎ"),
        ]
        .concat();
        assert_eq!(texts(&mixed), ["氏名,住所一覧\nabcdef", "石井つむぎ"]);
    }

    #[test]
    fn noise_is_not_text() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .take(1 << 20)
        .collect();
        let found: usize = runs(&noise, false).iter().map(|run| run.range.len()).sum();
        assert!(found < 15_000, "{found} bytes of a mebibyte of noise");
        assert_eq!(texts(&[0; 4096]), Vec::<String>::new());
        assert_eq!(texts(&[0xFF; 4096]), Vec::<String>::new());
    }

    #[test]
    fn any_bytes_take_little_time() {
        for unit in [
            &b"\x81"[..],
            b"a\0",
            b"\0a",
            b"\x4E\x00",
            b"\x83\x00",
            b"\xE3\x81",
            b"\x1B$B",
            b"\x9Fz",
        ] {
            let block = unit.repeat((1 << 20) / unit.len());
            for run in runs(&block, false) {
                assert!(run.range.end <= block.len());
            }
        }
    }
}
