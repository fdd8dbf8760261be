//! Names of people among capitalised words.
//!
//! In: a text. Out: windows of words that may hold a name, with what speaks for and against each word as features. A window is a row of capitalised words, initials and particles; words in lower case are only looked at as neighbours. The trainer
//! shares this file.

use super::tagger::feature;
use crate::pattern::dict::{self, Lists};

/// Longest window, in words.
pub(super) const WINDOW: usize = 10;
/// Neighbours on each side of a window.
const BESIDE: usize = 2;

/// A word or a sign.
#[derive(Clone, Copy, Default)]
pub(super) struct Token {
    /// First byte in the text.
    pub(super) start: usize,
    /// End, exclusive.
    pub(super) end: usize,
    word: u32,
    shape: Shape,
    lists: u8,
    ending: u32,
    beginning: u32,
    /// The byte that follows at once.
    next: u8,
}

/// How a token is written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Shape {
    /// The text ends here.
    #[default]
    Edge,
    Line,
    Sign,
    Lower,
    Number,
    Capital,
    Shout,
    Letter,
    Initial,
    Mixed,
    Hyphened,
    Digits,
    Particle,
}

/// A row of words that may hold a name, two neighbours on each side.
pub(super) struct Window {
    tokens: [Token; WINDOW + 2 * BESIDE],
    n: usize,
    /// How much of what stands around it is signs of code and tables, 0 to 3.
    signs: u32,
}

/// A reading that only the romanised Japanese lists know.
const ROMAJI: u8 = 128;

/// Whether it goes before a surname and is written in lower case.
#[rustfmt::skip]
fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "van" | "von" | "de" | "der" | "den" | "da" | "dos" | "del" | "di" | "la" | "le" | "bin" | "al" | "du" | "el" | "ibn"
            | "ben" | "y" | "e" | "ter" | "ten" | "zu" | "af" | "av"
    )
}
/// Whether a full stop behind it is no end of a sentence.
#[rustfmt::skip]
fn is_abbreviation(word: &str) -> bool {
    matches!(
        word,
        "Mr" | "Mrs" | "Ms" | "Dr" | "Prof" | "Rev" | "Sen" | "Rep" | "Gov" | "Gen" | "Col" | "Lt" | "Sgt" | "Capt" | "Maj" | "St"
            | "Jr" | "Sr" | "Hon" | "Fr" | "Pres" | "Msgr" | "Supt" | "Insp" | "Cmdr" | "Det"
    )
}

/// Signs of code and tables.
const SIGNS: [bool; 256] = {
    let (mut signs, mut at) = ([false; 256], 0);
    let all = b"{}();=<>_[]|\\`#&*/+";
    while at < all.len() {
        signs[all[at] as usize] = true;
        at += 1;
    }
    signs
};

/// Calls `give` with each window of the text.
pub(super) fn windows(text: &str, mut give: impl FnMut(&Window)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let b = bytes[at];
        // Past U+2E80, which begins with E2, there are no capitals.
        let letter = matches!(b, 0xC3..=0xE2) && capital_at(text, at);
        if !(b.is_ascii_uppercase() || letter) || inside(bytes, at) {
            at += 1;
            continue;
        }
        let mut window = Window::at(text, at);
        at = window
            .words()
            .last()
            .map_or(at + 1, |word| word.end)
            .max(at + 1);
        if window.may_hold_name() {
            window.look_around(text);
            give(&window);
        }
    }
}

/// Titles, which are no part of the name behind them.
#[rustfmt::skip]
const TITLES: [&str; 30] = [
    "Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Madam", "Rev", "Reverend", "Sen", "Senator", "Rep", "Gov", "Governor",
    "President", "Judge", "Justice", "Capt", "Captain", "Col", "Gen", "Lt", "Sgt", "Hon", "Lord", "Lady", "Dame",
];

/// Whether the word is a title.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word.trim_end_matches('.'))
}

/// Whether the character that begins at the byte is a capital.
fn capital_at(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c.is_uppercase() && c < '\u{2E80}')
}

/// Whether the byte stands inside a word, a path, an address or an expression.
fn inside(bytes: &[u8], at: usize) -> bool {
    let Some(&before) = at.checked_sub(1).map(|n| &bytes[n]) else {
        return false;
    };
    match before {
        b'_' | b'/' | b'@' | b'\\' | b'$' => true,
        b'.' | b'-' | b'\'' | b':' => {
            at >= 2
                && (bytes[at - 2].is_ascii_alphanumeric() && before != b':'
                    || before == b':' && bytes[at - 2] == b':')
        }
        0x80.. => bytes[..at].len() >= 2 && (0xC3..0xE0).contains(&bytes[at - 2]),
        _ => before.is_ascii_alphanumeric(),
    }
}

/// End of the word that begins at a byte.
fn word_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(&b) = bytes.get(end) {
        if b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'-') {
            end += 1;
        } else if b >= 0x80 {
            match text[end..].chars().next() {
                Some(c) if c.is_alphanumeric() && c < '\u{2E80}' || c == '’' => {
                    end += c.len_utf8()
                }
                _ => break,
            }
        } else {
            break;
        }
    }
    let word = text[at..end].trim_end_matches(['\'', '-', '’']);
    let word = ["'s", "’s", "'S"]
        .into_iter()
        .find_map(|tail| word.strip_suffix(tail))
        .unwrap_or(word);
    at + word.len().max(1)
}

impl Token {
    /// Whether it is a surname or a given name, among others.
    pub(super) fn is_name(&self) -> bool {
        self.is_in(Lists::SURNAME.or(Lists::GIVEN))
    }

    fn is_in(&self, lists: Lists) -> bool {
        self.lists & lists.bits() != 0
            && matches!(self.shape, Shape::Capital | Shape::Hyphened | Shape::Mixed)
    }

    /// Whether it may stand between a given name and a surname.
    pub(super) fn is_between(&self) -> bool {
        matches!(self.shape, Shape::Initial | Shape::Letter | Shape::Particle)
    }

    fn word(text: &str, start: usize, end: usize) -> Self {
        let word = &text[start..end];
        let shape = shape(word);
        let known = !matches!(
            shape,
            Shape::Lower
                | Shape::Number
                | Shape::Particle
                | Shape::Initial
                | Shape::Letter
                | Shape::Digits
        );
        let lists = if known { lists(word) } else { 0 };
        let bytes = word.as_bytes();
        Self {
            start,
            end,
            word: hash(bytes),
            shape,
            lists,
            ending: hash(&bytes[bytes.len().saturating_sub(3)..]),
            beginning: hash(&bytes[..bytes.len().min(3)]),
            next: text.as_bytes().get(end).copied().unwrap_or(b'\n'),
        }
    }

    fn sign(start: usize, end: usize, c: char) -> Self {
        Self {
            start,
            end,
            word: c as u32,
            shape: if c == '\n' { Shape::Line } else { Shape::Sign },
            ..Self::default()
        }
    }
}

/// A number for a word, case ignored.
fn hash(word: &[u8]) -> u32 {
    word.iter().fold(0x811C_9DC5, |hash, b| {
        (hash ^ u32::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}

fn lists(word: &str) -> u8 {
    let mut lists = dict::latin(word);
    if lists.is_empty() && word.contains('-') {
        // Anne-Marie, Garcia-Lopez
        lists = word
            .split('-')
            .map(dict::latin)
            .reduce(Lists::and)
            .unwrap_or_default();
    }
    if !lists.is_empty() || word.len() < 3 {
        return lists.bits();
    }
    let romaji = dict::romaji(word);
    lists.bits() | romaji.bits() & 15 | if romaji.is_empty() { 0 } else { ROMAJI }
}

fn shape(word: &str) -> Shape {
    let bytes = word.as_bytes();
    let (mut upper, mut lower, mut digits) = (0, 0, false);
    for b in bytes {
        upper += usize::from(b.is_ascii_uppercase());
        lower += usize::from(b.is_ascii_lowercase() || *b >= 0x80);
        digits |= b.is_ascii_digit();
    }
    let first = bytes[0].is_ascii_uppercase() || bytes[0] >= 0x80 && capital_at(word, 0);
    match bytes {
        [_] if upper == 1 => Shape::Letter,
        [.., b'.'] if upper + bytes.iter().filter(|&&b| b == b'.').count() == bytes.len() => {
            Shape::Initial
        }
        _ if upper == 0 && !first && digits => Shape::Number,
        _ if upper == 0 && !first && is_particle(word) => Shape::Particle,
        _ if upper == 0 && !first => Shape::Lower,
        _ if digits => Shape::Digits,
        _ if lower == 0 => Shape::Shout,
        _ if word.contains('-') => Shape::Hyphened,
        _ if upper > 1 => Shape::Mixed,
        _ => Shape::Capital,
    }
}

impl Window {
    /// The window that begins with the capital at a byte.
    fn at(text: &str, at: usize) -> Self {
        let mut window = Self {
            tokens: [Token::default(); WINDOW + 2 * BESIDE],
            n: 0,
            signs: 0,
        };
        let mut start = at;
        let mut particles = 0;
        while window.n < WINDOW {
            let Some(end) = token_end(text, start) else {
                break;
            };
            let token = Token::word(text, start, end);
            let particle = token.shape == Shape::Particle;
            if matches!(token.shape, Shape::Lower | Shape::Number) || particle && particles == 2 {
                break;
            }
            particles = if particle { particles + 1 } else { 0 };
            window.tokens[BESIDE + window.n] = token;
            window.n += 1;
            match (token.next, token.shape) {
                (b' ', _) => start = end + 1,
                (b',', _) if window.n == 1 && turned(text, start, end) => {
                    window.tokens[BESIDE + 1] = Token::sign(end, end + 1, ',');
                    window.n = 2;
                    start = end + 2;
                }
                (b'A'..=b'Z', Shape::Initial) => start = end,
                _ => break,
            }
        }
        // A particle belongs to the name only before the rest of it.
        while window.n > 1 && window.tokens[BESIDE + window.n - 1].shape == Shape::Particle {
            window.n -= 1;
        }
        window
    }

    /// Adds what stands beside the words.
    fn look_around(&mut self, text: &str) {
        let (Some(first), Some(last)) = (self.words().first(), self.words().last()) else {
            return;
        };
        let (at, end) = (first.start, last.end);
        let bytes = text.as_bytes();
        self.tokens[1] = before(text, at);
        self.tokens[0] = before(text, self.tokens[1].start);
        let n = BESIDE + self.n;
        self.tokens[n] = after(text, end);
        self.tokens[n + 1] = match self.tokens[n].shape {
            Shape::Edge => Token::default(),
            _ => after(text, self.tokens[n].end),
        };
        let around = &bytes[at.saturating_sub(32)..bytes.len().min(end + 32)];
        let signs = around.iter().filter(|b| SIGNS[usize::from(**b)]).count();
        self.signs = match signs {
            0 => 0,
            1..=2 => 1,
            3..=5 => 2,
            _ => 3,
        };
    }

    /// The words of the window.
    pub(super) fn words(&self) -> &[Token] {
        &self.tokens[BESIDE..BESIDE + self.n]
    }

    /// Whether it is worth asking the model: not a single ordinary word or abbreviation.
    fn may_hold_name(&self) -> bool {
        let [word] = self.words() else {
            return self.n > 1;
        };
        let named = word.lists & Lists::SURNAME.or(Lists::GIVEN).bits() != 0;
        match word.shape {
            Shape::Capital | Shape::Hyphened | Shape::Mixed => {
                named || word.lists & Lists::COMMON.bits() == 0
            }
            Shape::Shout => named,
            _ => false,
        }
    }

    /// Whether a common given name stands before another name.
    pub(super) fn is_listed(&self) -> bool {
        (1..self.n).any(|at| self.begins_name(at - 1))
    }

    /// Whether a word is a common given name that the next one goes with, by the lists.
    pub(super) fn begins_name(&self, at: usize) -> bool {
        let [given, next, ..] = &self.words()[at..] else {
            return false;
        };
        let is_common = given.lists & Lists::COMMON.bits() != 0;
        given.is_in(Lists::GIVEN_STRONG)
            && (next.is_in(Lists::SURNAME_STRONG) || !is_common && next.is_name())
    }

    /// The features of one of its words.
    pub(super) fn features(&self, at: usize, mut add: impl FnMut(u32)) {
        let t = |offset: usize| &self.tokens[at + offset];
        let (b2, b1, own, a1, a2) = (t(0), t(1), t(2), t(3), t(4));
        let class = |t: &Token| u32::from(t.lists) << 8 | t.shape as u32;
        let (before, me, after) = (class(b1), class(own), class(a1));
        let lists = u32::from(own.lists);
        let place = (at.min(3) * 8 + self.n.min(4)) as u32;
        add(feature(1, own.word, 0));
        add(feature(2, b1.word, b1.shape as u32));
        add(feature(3, a1.word, a1.shape as u32));
        add(feature(4, b2.word, 0));
        add(feature(5, a2.word, 0));
        add(feature(6, own.shape as u32, place));
        add(feature(7, lists, 0));
        add(feature(8, me, u32::from(own.next)));
        add(feature(9, me, before));
        add(feature(10, me, after));
        add(feature(11, me, before << 16 | after));
        add(feature(12, own.ending, own.shape as u32));
        add(feature(13, own.beginning, own.shape as u32));
        add(feature(
            14,
            own.shape as u32,
            (b1.shape as u32) << 8 | a1.shape as u32,
        ));
        add(feature(15, me, place));
        add(feature(16, b1.word, me));
        add(feature(17, a1.word, me));
        add(feature(18, b1.word, b2.word));
        add(feature(19, a1.word, a2.word));
        let (left, right) = (&self.tokens[BESIDE - 1], &self.tokens[BESIDE + self.n]);
        add(feature(20, left.word, place));
        add(feature(21, right.word, place));
        add(feature(22, own.word, b1.word));
        add(feature(23, own.word, a1.word));
        add(feature(24, self.signs, own.shape as u32));
        add(feature(25, self.signs, lists));
    }
}

/// Whether the word is the first half of `"Smith, John A."` or `Smith, John <`: a surname, a comma, a given name, and what closes a mail's name.
fn turned(text: &str, start: usize, end: usize) -> bool {
    let quoted = text.as_bytes().get(start.wrapping_sub(1)) == Some(&b'"');
    let Some(rest) = text[end..].strip_prefix(", ") else {
        return false;
    };
    let close = rest.bytes().take(40).position(|b| {
        !(b.is_ascii_alphabetic() || matches!(b, b' ' | b'.' | b'-' | b'\'') || b >= 0x80)
    });
    rest.starts_with(|c: char| c.is_uppercase())
        && close.is_some_and(|at| match rest.as_bytes()[at] {
            b'"' => quoted && rest[..at].matches(' ').count() <= 2,
            b'<' | b'(' | b'[' => rest[..at].ends_with(' ') && rest[..at].matches(' ').count() <= 3,
            _ => false,
        })
}

/// End of the word, initial or abbreviation that begins at a byte; `None` where no letter or digit stands.
fn token_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = *bytes.get(start)?;
    if !(first.is_ascii_alphanumeric()
        || first >= 0x80
            && text[start..].starts_with(|c: char| c.is_alphabetic() && c < '\u{2E80}'))
    {
        return None;
    }
    let mut end = word_end(text, start);
    if bytes.get(end) == Some(&b'.') {
        if end - start == 1 && first.is_ascii_uppercase() {
            end += 1;
            // J.R.R.
            while bytes.get(end).is_some_and(u8::is_ascii_uppercase)
                && bytes.get(end + 1) == Some(&b'.')
            {
                end += 2;
            }
        } else if is_abbreviation(&text[start..end]) {
            end += 1;
        }
    }
    Some(end)
}

/// The token that ends before a byte, blanks between.
fn before(text: &str, at: usize) -> Token {
    let head = text[..at].trim_end_matches([' ', '\t', '\r']);
    let Some(c) = head.chars().next_back() else {
        return Token::default();
    };
    let end = head.len();
    if !c.is_alphanumeric() || c >= '\u{2E80}' {
        return Token::sign(end - c.len_utf8(), end, c);
    }
    let bytes = head.as_bytes();
    let word = bytes
        .iter()
        .rev()
        .take(24)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'-'))
        .count();
    let start = end - word.max(c.len_utf8());
    let word = &head[start..end];
    Token {
        start,
        end,
        word: hash(word.as_bytes()),
        shape: shape(word),
        ..Token::default()
    }
}

/// The token that begins at or after a byte, blanks between.
fn after(text: &str, at: usize) -> Token {
    let rest = text[at..].trim_start_matches([' ', '\t', '\r']);
    let start = text.len() - rest.len();
    let Some(c) = rest.chars().next() else {
        return Token::default();
    };
    if !c.is_alphanumeric() || c >= '\u{2E80}' {
        return Token::sign(start, start + c.len_utf8(), c);
    }
    let word = rest
        .bytes()
        .take(24)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'\'' | b'-'))
        .count();
    let word = &rest[..word.max(c.len_utf8())];
    Token {
        start,
        end: start + word.len(),
        word: hash(word.as_bytes()),
        shape: shape(word),
        ..Token::default()
    }
}
