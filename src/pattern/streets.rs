//! Words of postal addresses in Latin letters.
//!
//! In: a word. Out: what it is in an address (a street's type, a unit, a post office box, a function word that no address has). The words stand in
//! `patterns/lists/address-words.tsv`.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;

const WORDS: &str = include_str!("../../patterns/lists/address-words.tsv");

/// Bytes of the longest word.
const LONGEST: usize = 24;

/// What a word is in an address; a word may be several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Role(u16);

impl Role {
    /// Ends the name of a street: `Street`, `Ave`.
    pub const TYPE: Role = Role(1);
    /// The same, of words that have another meaning: `Park`, `Hill`, `Run`.
    pub const WEAK: Role = Role(2);
    /// Begins the name of a street: `rue`, `via`, `ul.`.
    pub const PREFIX: Role = Role(4);
    /// A unit of a building: `Apt`, `Suite`, `#`.
    pub const UNIT: Role = Role(8);
    /// A box: `Box`, `Postfach`.
    pub const BOX: Role = Role(16);
    /// A post office or a carrier's route before a box: `PO`, `PSC`, `RR`.
    pub const POST: Role = Role(32);
    /// A numbered road, its number behind it: `Highway`, `CR`.
    pub const WAY: Role = Role(64);
    /// A point of the compass.
    pub const DIRECTION: Role = Role(128);
    /// A small word inside of names: `de`, `la`, `of`.
    pub const PARTICLE: Role = Role(256);
    /// A word that no address has: verbs, pronouns, measures.
    pub const STOP: Role = Role(512);
    /// A month.
    pub const MONTH: Role = Role(1024);

    /// In one or the other.
    pub const fn or(self, other: Role) -> Role {
        Role(self.0 | other.0)
    }

    /// This without those.
    pub const fn without(self, those: Role) -> Role {
        Role(self.0 & !those.0)
    }

    /// Whether it is one of these.
    pub const fn any(self, of: Role) -> bool {
        self.0 & of.0 != 0
    }

    fn named(name: &str) -> Option<Role> {
        Some(match name {
            "type" => Role::TYPE,
            "weak" => Role::WEAK,
            "prefix" => Role::PREFIX,
            "unit" => Role::UNIT,
            "box" => Role::BOX,
            "post" => Role::POST,
            "way" => Role::WAY,
            "direction" => Role::DIRECTION,
            "particle" => Role::PARTICLE,
            "stop" => Role::STOP,
            "month" => Role::MONTH,
            _ => return None,
        })
    }
}

/// The words and endings, by their text.
struct Words {
    roles: HashMap<&'static str, Role, FixedState>,
    endings: HashMap<&'static str, (), FixedState>,
    /// Whether there may be a word with these first and last letters and of this length.
    known: [u64; FILTER / 64],
    /// Whether there may be an ending with these two last bytes.
    ends: [u64; FILTER / 64],
}

/// Bits of the filters before the tables.
const FILTER: usize = 4096;

/// The place of a word in the filter of words.
fn outline(word: &[u8]) -> usize {
    let first = word.first().map_or(0, u8::to_ascii_lowercase);
    let last = word.last().map_or(0, u8::to_ascii_lowercase);
    ((usize::from(first) * 5) ^ (usize::from(last) * 83) ^ (word.len() * 997)) % FILTER
}

/// The place of an ending in the filter of endings.
fn ending(word: &[u8]) -> usize {
    match word {
        [.., a, b] => {
            let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
            usize::from(a & 63) << 6 | usize::from(b & 63)
        }
        _ => 0,
    }
}

fn words() -> &'static Words {
    static WORDS_READ: OnceLock<Words> = OnceLock::new();
    WORDS_READ.get_or_init(|| {
        let mut words = Words {
            roles: HashMap::with_hasher(FixedState::with_seed(0)),
            endings: HashMap::with_hasher(FixedState::with_seed(0)),
            known: [0; FILTER / 64],
            ends: [0; FILTER / 64],
        };
        for line in WORDS.lines().filter(|line| !line.starts_with("# ")) {
            let Some((class, list)) = line.split_once('\t') else {
                continue;
            };
            for word in list.split(' ') {
                if let Some(role) = Role::named(class) {
                    let known = words.roles.entry(word).or_default();
                    *known = known.or(role);
                    let bit = outline(word.as_bytes());
                    words.known[bit / 64] |= 1 << (bit % 64);
                } else {
                    let bit = ending(word.as_bytes());
                    words.ends[bit / 64] |= 1 << (bit % 64);
                    words.endings.insert(word, ());
                }
            }
        }
        words
    })
}

/// The word in lower case, if it is short enough to be in a list.
fn lower<'b>(word: &str, room: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    if word.is_ascii() {
        let lower = room.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        return std::str::from_utf8(lower).ok();
    }
    let mut len = 0;
    for c in word.chars() {
        let c = c.to_lowercase().next().unwrap_or(c);
        if len + c.len_utf8() > LONGEST {
            return None;
        }
        len += c.encode_utf8(&mut room[len..]).len();
    }
    std::str::from_utf8(&room[..len]).ok()
}

/// What a word is, case ignored; a dot behind it may be part of the listed word or not.
pub fn role(word: &str) -> Role {
    let words = words();
    // A word of ASCII without a dot is decided by the filter, most times.
    let bit = outline(word.as_bytes());
    if words.known[bit / 64] >> (bit % 64) & 1 == 0 && word.bytes().all(|b| b < 0x80 && b != b'.') {
        return Role::default();
    }
    let mut room = [0; LONGEST];
    let Some(lower) = lower(word, &mut room) else {
        return Role::default();
    };
    let plain = lower.trim_end_matches('.');
    let known = |word: &str| words.roles.get(word).copied();
    known(lower)
        .or_else(|| known(plain))
        // N.W.
        .or_else(|| match plain.as_bytes() {
            [a @ (b'n' | b's'), b'.', b @ (b'e' | b'w')] => {
                std::str::from_utf8(&[*a, *b]).ok().and_then(known)
            }
            _ => None,
        })
        .unwrap_or_default()
}

/// Whether a word ends as names of streets in one word do: `Hauptstraße`, `Storgatan`, `Keizersgracht`.
pub fn compound(word: &str) -> bool {
    let words = words();
    let bit = ending(word.trim_end_matches('.').as_bytes());
    if words.ends[bit / 64] >> (bit % 64) & 1 == 0 && word.is_ascii() {
        return false;
    }
    let mut room = [0; LONGEST];
    let Some(lower) = lower(word, &mut room) else {
        return false;
    };
    let plain = lower.trim_end_matches('.');
    (3..=9).any(|n| {
        plain
            .len()
            .checked_sub(n)
            .filter(|&at| at >= 3 && plain.is_char_boundary(at))
            .is_some_and(|at| words.endings.contains_key(&plain[at..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_roles() {
        let check = |word: &str, wanted: Role| assert!(role(word).any(wanted), "{word}");
        check("Street", Role::TYPE);
        check("AVE.", Role::TYPE);
        check("hill", Role::WEAK);
        check("Rue", Role::PREFIX);
        check("ul.", Role::PREFIX);
        check("#", Role::UNIT);
        check("P.O.", Role::POST);
        check("Box", Role::BOX);
        check("NW", Role::DIRECTION);
        check("were", Role::STOP);
        assert_eq!(role("Springfield"), Role::default());
        assert_eq!(role(""), Role::default());
    }

    #[test]
    fn streets_in_one_word() {
        for (word, expected) in [
            ("Hauptstraße", true),
            ("Storgatan", true),
            ("Keizersgracht", true),
            ("Mannerheimintie", true),
            ("Schillerstr.", true),
            ("Straße", false),
            ("Berlin", false),
            ("", false),
        ] {
            assert_eq!(compound(word), expected, "{word}");
        }
    }

    #[test]
    fn every_class_is_known() {
        for line in WORDS.lines().filter(|line| !line.starts_with("# ")) {
            let (class, list) = line.split_once('\t').expect("a class and its words");
            assert!(class == "suffix" || Role::named(class).is_some(), "{class}");
            assert!(
                list.split(' ')
                    .all(|word| !word.is_empty() && word.len() <= LONGEST)
            );
        }
    }
}
