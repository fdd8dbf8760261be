//! Words of special-care-required personal information: illness, disability, creed, crime, origin.
//!
//! In: a text. Out: where such words stand, of which kind they are, and which words around make them somebody's. The words stand in
//! `patterns/lists/special-care.tsv`.

use std::sync::OnceLock;

const WORDS: &str = include_str!("../../patterns/lists/special-care.tsv");

/// How surely a word speaks of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// In a table of people wherever it stands.
    Sure,
    /// Only beside a word of context.
    Weak,
    /// A word of context: `diagnosed`, 通院.
    Context,
}

/// A word that stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, in small letters.
    pub word: &'static str,
    /// Its kind's number in [`kinds`].
    pub kind: usize,
    /// How surely it speaks of a person.
    pub weight: Weight,
    /// First byte in the text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

struct Lexicon {
    words: Vec<(&'static str, usize, Weight)>,
    kinds: Vec<&'static str>,
    /// Whether a word begins with three bytes of this hash.
    begins: [u64; BEGINNINGS / 64],
    /// For the same hash, shortened, the first word that may begin so; [`NONE`] for none.
    first: [u16; BUCKETS],
    /// The next word of the same bucket after each.
    next: Vec<u16>,
}

const BEGINNINGS: usize = 8192;
const BUCKETS: usize = 512;
const NONE: u16 = u16::MAX;

/// The hash of three bytes in small letters, the first of them lowest.
fn beginning(three: u32) -> usize {
    (three.wrapping_mul(0x9E37_79B1) >> 19) as usize
}

impl Lexicon {
    /// The longest word that the text has from here on; the first of the list where a word stands in it twice.
    fn longest(&self, rest: &[u8], beginning: usize) -> Option<usize> {
        let mut found: Option<usize> = None;
        let mut at = self.first[beginning % BUCKETS];
        while at != NONE {
            let n = usize::from(at);
            let word = self.words[n].0.as_bytes();
            let is = rest
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word));
            if is && found.is_none_or(|found| self.words[found].0.len() < word.len()) {
                found = Some(n);
            }
            at = self.next[n];
        }
        found
    }
}

/// Names of the kinds that have words, sorted.
pub fn kinds() -> &'static [&'static str] {
    &lexicon().kinds
}

/// Adds the words of a text to `out`, in order; of several at one place the longest. Latin words are whole words.
pub fn words(text: &str, out: &mut Vec<Word>) {
    let lexicon = lexicon();
    let bytes = text.as_bytes();
    let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let (mut three, mut from) = (0, 0);
    for (end, b) in (1..).zip(bytes) {
        three = three >> 8 | u32::from(b.to_ascii_lowercase()) << 16;
        let hash = beginning(three);
        if lexicon.begins[hash / 64] >> (hash % 64) & 1 == 0 || end < from + 3 {
            continue;
        }
        let start = end - 3;
        let Some(n) = lexicon.longest(&bytes[start..], hash) else {
            continue;
        };
        let (word, kind, weight) = lexicon.words[n];
        let end = start + word.len();
        from = end;
        let before = start.checked_sub(1).map(|at| &bytes[at]);
        let latin = |b: u8| b.is_ascii_alphanumeric();
        let whole = !(latin(bytes[start]) && letter(before)
            || latin(bytes[end - 1]) && letter(bytes.get(end)));
        if whole {
            out.push(Word {
                word,
                kind,
                weight,
                start,
                end,
            });
        }
    }
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let rows = || {
            WORDS
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| {
                    let mut cells = line.split('\t');
                    Some((cells.next()?, cells.next()?, cells.next()?))
                })
        };
        let mut kinds: Vec<&str> = rows().map(|row| row.1).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let words: Vec<_> = rows()
            .map(|(word, kind, weight)| {
                let weight = match weight {
                    "sure" => Weight::Sure,
                    "weak" => Weight::Weak,
                    _ => Weight::Context,
                };
                let kind = kinds.binary_search(&kind).expect("it was made of these");
                (word, kind, weight)
            })
            .collect();
        let mut lexicon = Lexicon {
            next: vec![NONE; words.len()],
            words,
            kinds,
            begins: [0; BEGINNINGS / 64],
            first: [NONE; BUCKETS],
        };
        for (n, (word, ..)) in lexicon.words.iter().enumerate().rev() {
            let head = word.as_bytes().first_chunk::<3>();
            let [a, b, c] = *head.expect("no word of the list is shorter than three bytes");
            let hash = beginning(u32::from_le_bytes([a, b, c, 0]));
            lexicon.begins[hash / 64] |= 1 << (hash % 64);
            lexicon.next[n] = lexicon.first[hash % BUCKETS];
            lexicon.first[hash % BUCKETS] = n as u16;
        }
        lexicon
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_list() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let mut out = Vec::new();
            words(text, &mut out);
            let got: Vec<_> = out.iter().map(|w| (w.word, kinds()[w.kind])).collect();
            assert_eq!(got, expected, "{text}");
        };
        check(
            "糖尿病で通院",
            &[("糖尿病", "special.health"), ("通院", "special.health")],
        );
        check("Diabetes, type 2", &[("diabetes", "special.health")]);
        check("prediabetes and the dui1", &[]);
        check(
            "身体障害者手帳2級",
            &[("身体障害者手帳", "special.disability")],
        );
        check("", &[]);
    }

    #[test]
    fn the_list_is_in_order() {
        let known = super::super::Patterns::builtin();
        for kind in kinds() {
            assert!(known.kind(kind).is_some(), "{kind}");
        }
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
            let word = line.split('\t').next().unwrap_or_default();
            assert!(word.len() >= 3, "too short to be looked for: {line}");
            assert_eq!(line, line.to_lowercase(), "{line}");
        }
    }
}
