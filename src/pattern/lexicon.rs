//! Tables of words: how they are made and read.
//!
//! In: words. Out: the lists each is in. An open-addressing table of 24 bits of hash and 8 flags per word, as little-endian bytes. The large tables
//! are made when the crate is built, by `build.rs`, which shares this file; so it knows nothing of the crate.

/// In which lists a word is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lists(pub(super) u8);

impl Lists {
    /// A surname.
    pub const SURNAME: Lists = Lists(1);
    /// A given name.
    pub const GIVEN: Lists = Lists(2);
    /// A surname that is common (Latin letters), or a reading of several (kana).
    pub const SURNAME_STRONG: Lists = Lists(4);
    /// A given name that is common (Latin letters), or a reading of several (kana).
    pub const GIVEN_STRONG: Lists = Lists(8);
    /// An ordinary word as well.
    pub const WORD: Lists = Lists(16);
    /// The name of a place as well.
    pub const PLACE: Lists = Lists(32);
    /// The name of a town (町域); in the lexicon of kana, the name of a foreigner.
    pub const TOWN: Lists = Lists(64);
    /// A name of a foreigner in katakana.
    pub const FOREIGN: Lists = Lists(64);
    /// A word that is written in lower case, or the name of a thing and of nobody (Latin letters).
    pub const COMMON: Lists = Lists(64);
    /// The name of an organisation or a work as well.
    pub const PROPER: Lists = Lists(128);

    /// Whether it is in one of these.
    pub fn any(self, of: Lists) -> bool {
        self.0 & of.0 != 0
    }
    /// In one or the other.
    pub const fn or(self, other: Lists) -> Lists {
        Lists(self.0 | other.0)
    }
    /// Those of both.
    pub const fn and(self, other: Lists) -> Lists {
        Lists(self.0 & other.0)
    }
    /// The lists as bits.
    pub const fn bits(self) -> u8 {
        self.0
    }
    /// Whether it is in no list.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The words of a list: its lines but for those that begin with `#`.
pub(super) fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// First two columns of a table.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    entries(text).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?))
    })
}

/// Drops what romanisation drops: the second half of long vowels.
pub(super) fn shorten(kana: &mut [char; 16], n: usize) -> usize {
    let (mut to, mut previous) = (0, ' ');
    for at in 0..n {
        let c = kana[at];
        let long = match c {
            'ー' => true,
            'ウ' => {
                "オコソトノホモヨロゴゾドボポョウクスツヌフムユルグズブプュ".contains(previous)
            }
            'オ' => "オコトノホモヨゴドボ".contains(previous),
            'イ' => previous == 'イ',
            _ => false,
        };
        if !(long && to > 0) {
            kana[to] = match c {
                'ヂ' => 'ジ',
                'ヅ' => 'ズ',
                'ヲ' => 'オ',
                _ => c,
            };
            previous = kana[to];
            to += 1;
        }
    }
    to
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes a further character of a word into its hash.
#[inline]
fn longer(hash: u64, c: char) -> u64 {
    let hash = (hash ^ u64::from(c)).wrapping_mul(0x2545_F491_4F6C_DD1D);
    hash ^ hash >> 29
}

/// For the first two characters of words, hashed, how long words are that begin so: a byte each, a bit a length. A filter that fits in a cache
/// where the words do not.
pub(super) struct Beginnings<S> {
    /// The table as bytes, for [`Beginnings::read`].
    pub(super) bytes: S,
}

/// Longest word whose length [`Beginnings`] tells.
#[allow(dead_code, reason = "filled when the crate is built")]
const TOLD: usize = 8;

#[allow(dead_code, reason = "filled when the crate is built")]
impl Beginnings<Vec<u8>> {
    /// An empty filter.
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; 1 << 17],
        }
    }

    /// Adds a word.
    pub(super) fn insert(&mut self, word: &str) {
        let mut chars = word.chars();
        if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
            let n = (2 + chars.count()).min(TOLD);
            let at = self.slot(first, second);
            self.bytes[at] |= 1 << (n - 1);
        }
    }
}

impl Beginnings<&'static [u8]> {
    /// A filter that was made before.
    pub(super) const fn read(bytes: &'static [u8]) -> Self {
        Self { bytes }
    }
}

impl<S: AsRef<[u8]>> Beginnings<S> {
    fn slot(&self, first: char, second: char) -> usize {
        let pair = u64::from(first) << 32 | u64::from(second);
        (pair.wrapping_mul(SEED) >> 40) as usize & (self.bytes.as_ref().len() - 1)
    }

    /// Whether there may be such a word of two characters or more.
    pub(super) fn may_be(&self, word: &[char]) -> bool {
        self.lengths(word) >> (word.len().min(TOLD) - 1) & 1 == 1
    }

    /// How many characters a word may have that the text begins with: bit 0 for one, which always may.
    fn lengths(&self, text: &[char]) -> u8 {
        match text {
            [first, second, ..] => 1 | self.bytes.as_ref()[self.slot(*first, *second)],
            _ => 1,
        }
    }
}

/// A set of words with the lists they are in: slots of four bytes each, a power of two of them.
pub(super) struct Lexicon<S> {
    /// The table as bytes, for [`Lexicon::read`].
    pub(super) slots: S,
}

impl Lexicon<Vec<u8>> {
    /// An empty table with room for so many words.
    pub(super) fn new(words: usize) -> Self {
        Self {
            slots: vec![0; (words * 3 / 2).next_power_of_two() * 4],
        }
    }

    /// Adds a word, or lists to a word.
    pub(super) fn insert(&mut self, word: impl Iterator<Item = char>, lists: Lists) {
        let (mut at, print) = self.place(word);
        loop {
            let slot = self.slot(at);
            if slot == 0 || slot >> 8 == print {
                let new = print << 8 | slot & 0xFF | u32::from(lists.0);
                self.slots[at * 4..at * 4 + 4].copy_from_slice(&new.to_le_bytes());
                return;
            }
            at = (at + 1) & self.mask();
        }
    }
}

impl Lexicon<&'static [u8]> {
    /// A table that was made before.
    pub(super) const fn read(slots: &'static [u8]) -> Self {
        Self { slots }
    }
}

impl<S: AsRef<[u8]>> Lexicon<S> {
    /// The lists a word is in.
    #[inline]
    pub(super) fn lists(&self, word: impl Iterator<Item = char>) -> Lists {
        self.at(self.place(word))
    }

    /// The lists that the first one, two and so on characters of a text are in; what the filter has no beginning of is not looked up, nor a
    /// first character that `single` knows.
    #[inline]
    pub(super) fn prefixes<const N: usize>(
        &self,
        text: &[char],
        begins: &Beginnings<&[u8]>,
        single: impl Fn(char) -> Option<Lists>,
    ) -> [Lists; N] {
        let mut out = [Lists(0); N];
        let mut hash = SEED;
        let lengths = begins.lengths(text);
        for (n, (&c, lists)) in text.iter().zip(&mut out).enumerate() {
            hash = longer(hash, c);
            *lists = match single(c).filter(|_| n == 0) {
                Some(known) => known,
                None if lengths >> n & 1 == 1 => self.at(self.place_of(hash)),
                None => continue,
            };
        }
        out
    }

    /// The lists of the word with this slot and fingerprint.
    fn at(&self, (mut at, print): (usize, u32)) -> Lists {
        loop {
            let slot = self.slot(at);
            if slot == 0 {
                return Lists(0);
            }
            if slot >> 8 == print {
                return Lists(slot as u8);
            }
            at = (at + 1) & self.mask();
        }
    }

    fn mask(&self) -> usize {
        self.slots.as_ref().len() / 4 - 1
    }

    fn slot(&self, at: usize) -> u32 {
        let b = &self.slots.as_ref()[at * 4..at * 4 + 4];
        u32::from_le_bytes([b[0], b[1], b[2], b[3]])
    }

    /// First slot and fingerprint (never 0) of a word.
    fn place(&self, word: impl Iterator<Item = char>) -> (usize, u32) {
        self.place_of(word.fold(SEED, longer))
    }

    /// First slot and fingerprint of a word whose characters [`longer`] has mixed.
    fn place_of(&self, mut hash: u64) -> (usize, u32) {
        hash = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        hash ^= hash >> 32;
        (
            hash as usize & self.mask(),
            (hash >> 40) as u32 & 0xFF_FFFF | 1,
        )
    }
}
