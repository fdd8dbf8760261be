//! Small closed sets of words that are asked for every value.
//!
//! In: a text. Out: whether it is one of the words, or begins with one. A filter of a few bits answers for nearly all texts that are none.

/// Bits of the filters.
const BITS: usize = 4096;

/// Bytes by which longer words are told apart where they may stand anywhere: two characters of kanji or kana.
const HEAD: usize = 6;

/// Words of a set at most.
const MOST: usize = 1024;

/// No further word.
const NONE: u16 = u16::MAX;

/// A closed set of words.
pub struct Words {
    words: &'static [&'static str],
    /// The first word of each bucket of `ends`, and the next one of the same bucket behind each word.
    first: [u16; 256],
    next: [u16; MOST],
    /// First byte, last byte and length of each word, mixed to one bit.
    ends: [u64; BITS / 64],
    /// First bytes of each word that is shorter than a head, mixed to one bit.
    shorts: [u64; BITS / 64],
    /// The heads of the others.
    heads: [u64; BITS / 64],
}

impl Words {
    /// The set of these words, none of them empty.
    pub const fn new(words: &'static [&'static str]) -> Self {
        assert!(words.len() <= MOST);
        let (mut ends, mut shorts) = ([0; BITS / 64], [0; BITS / 64]);
        let (mut first, mut next) = ([NONE; 256], [NONE; MOST]);
        let (mut heads, mut i) = ([0; BITS / 64], 0);
        while i < words.len() {
            let word = words[i].as_bytes();
            let end = of_ends(word);
            ends[end / 64] |= 1 << (end % 64);
            (next[i], first[end % 256]) = (first[end % 256], i as u16);
            match word.first_chunk() {
                Some(head) => {
                    let head = of_head(head);
                    heads[head / 64] |= 1 << (head % 64);
                }
                None => {
                    let short = of_short(word);
                    shorts[short / 64] |= 1 << (short % 64);
                }
            }
            i += 1;
        }
        Self {
            words,
            first,
            next,
            ends,
            shorts,
            heads,
        }
    }

    /// Whether the text is one of the words.
    #[inline]
    pub fn has(&self, text: &str) -> bool {
        self.like(text).any(|word| word == text)
    }

    /// Whether the text is one of the words but for the case of ASCII letters.
    #[inline]
    pub fn has_any_case(&self, text: &str) -> bool {
        self.like(text).any(|word| word.eq_ignore_ascii_case(text))
    }

    /// The words that are alike at their ends: all those that the text may be.
    #[inline]
    fn like(&self, text: &str) -> impl Iterator<Item = &'static str> + '_ {
        let mut at = match self.may_be(text) {
            true => self.first[of_ends(text.as_bytes()) % 256],
            false => NONE,
        };
        std::iter::from_fn(move || {
            let word = self.words.get(usize::from(at))?;
            at = self.next[usize::from(at)];
            Some(*word)
        })
    }

    /// Whether one of the words stands anywhere in the text.
    pub fn stands_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|at| {
            let rest = &bytes[at..];
            // Words begin where characters begin.
            rest[0] & 0xC0 != 0x80
                && self.may_begin(rest)
                && self
                    .words
                    .iter()
                    .any(|word| rest.starts_with(word.as_bytes()))
        })
    }

    #[inline]
    fn may_begin(&self, rest: &[u8]) -> bool {
        let short = of_short(rest);
        if self.shorts[short / 64] >> (short % 64) & 1 != 0 {
            return true;
        }
        rest.first_chunk().is_some_and(|head| {
            let head = of_head(head);
            self.heads[head / 64] >> (head % 64) & 1 != 0
        })
    }

    #[inline]
    fn may_be(&self, text: &str) -> bool {
        if text.is_empty() {
            return false;
        }
        let end = of_ends(text.as_bytes());
        self.ends[end / 64] >> (end % 64) & 1 != 0
    }
}

/// The bit of a word, the same in both cases of ASCII letters.
#[inline]
const fn of_ends(word: &[u8]) -> usize {
    let (first, last) = (word[0] | 0x20, word[word.len() - 1] | 0x20);
    ((first as usize) * 37 + (last as usize) * 5 + word.len() * 131) % BITS
}

/// The bit of the first two bytes; of the first three outside ASCII, where the first two are nearly always the same.
#[inline]
const fn of_short(rest: &[u8]) -> usize {
    let mut mixed = rest[0] as usize * 7;
    if rest.len() > 1 {
        mixed += rest[1] as usize * 67;
    }
    if rest[0] >= 0xE0 && rest.len() > 2 {
        mixed += rest[2] as usize * 5;
    }
    mixed % BITS
}

/// The bit of a head.
#[inline]
const fn of_head(head: &[u8; HEAD]) -> usize {
    let word = u64::from_le_bytes([head[0], head[1], head[2], head[3], head[4], head[5], 0, 0]);
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize % BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    static WORDS: Words = Words::new(&["a", "info", "n a", "株式会社", "(株)", "様"]);

    #[test]
    fn words_and_no_others() {
        let check = |text: &str, is: bool, any_case: bool, inside: bool| {
            assert_eq!(WORDS.has(text), is, "{text}");
            assert_eq!(WORDS.has_any_case(text), any_case, "{text}");
            assert_eq!(WORDS.stands_in(text), inside, "{text}");
        };
        check("", false, false, false);
        check("a", true, true, true);
        check("A", false, true, false);
        check("info", true, true, true);
        check("INFO", false, true, false);
        check("inflo", false, false, false);
        check("株式会社", true, true, true);
        check("山田株式会社", false, false, true);
        check("山田(株)", false, false, true);
        check("佐藤", false, false, false);
        check("様", true, true, true);
        check("\u{69}\u{301}", false, false, false);
    }

    #[test]
    fn every_word_passes_its_own_filters() {
        for word in WORDS.words {
            assert!(
                WORDS.has(word) && WORDS.has_any_case(&word.to_uppercase()),
                "{word}"
            );
            assert!(WORDS.stands_in(&format!("１{word}")), "{word}");
        }
    }
}
