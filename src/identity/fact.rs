//! Facts: what a record says of one person, in normal forms, each with its type.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::column::{PERHAPS, PIECE_OF};

/// The type of a fact. The order is that in which a mention lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(super) enum Fact {
    /// Family and given name as one word, however they were written.
    Name = 1,
    /// Family name.
    Family,
    /// Given name.
    Given,
    /// Middle names.
    Middle,
    /// Reading of the whole name, in katakana.
    Reading,
    /// Birth date, `yyyymmdd`; with `~` before it when day and month may be the other way round.
    Birth,
    /// E-mail address that may name a person.
    Mail,
    /// Phone number of a person.
    Phone,
    /// Phone number that a household or an office shares.
    SharedPhone,
    /// Payment card number.
    Card,
    /// My Number and its like, kept for life: two people cannot have one, and one cannot have two.
    Primary,
    /// Other number that names one person (of the kind beside it), who may get another one: a passport.
    Id,
    /// Bank account.
    Account,
    /// Login name.
    User,
    /// First characters of a name that is not split, to find families by.
    Clan,
    /// Address down to the house number.
    Place,
    /// Municipality, where it stands apart.
    City,
    /// Postal code.
    Zip,
    /// Name of an organisation.
    Company,
    /// Mailbox of a function, not of a person (`info@`).
    RoleMail,
    /// What tells apart a father and a son of one name: `jr`, `sr`, `ii` ….
    Generation,
    /// `m` or `f`.
    Sex,
    /// Where somebody was born.
    Origin,
    /// The organisation that a person's record names.
    Employer,
    /// A name that stands for somebody's descent, without anything that tells who bears it.
    Descent,
    /// The name beside it may be none: words of a running text that look like one; and so may the mailbox that stands alone.
    Doubt,
    /// A number by which tables point at one person, with its sort: `customer 17`.
    Member,
    /// The family name is all that a column of names tells of somebody.
    Listed,
    /// How the name may be said: its readings in Latin letters, `|` between them; with `*` before them where it is written in kanji.
    Sound,
    /// An age or a job, which tells nobody but namesakes apart, of whom nothing else is known.
    Trait,
    /// A hash of what a record says beside its person, in a table that holds copies of records.
    Rest,
}

impl Fact {
    pub(super) const ALL: [Fact; 31] = [
        Fact::Name,
        Fact::Family,
        Fact::Given,
        Fact::Middle,
        Fact::Reading,
        Fact::Birth,
        Fact::Mail,
        Fact::Phone,
        Fact::SharedPhone,
        Fact::Card,
        Fact::Primary,
        Fact::Id,
        Fact::Account,
        Fact::User,
        Fact::Clan,
        Fact::Place,
        Fact::City,
        Fact::Zip,
        Fact::Company,
        Fact::RoleMail,
        Fact::Generation,
        Fact::Sex,
        Fact::Origin,
        Fact::Employer,
        Fact::Descent,
        Fact::Doubt,
        Fact::Member,
        Fact::Listed,
        Fact::Sound,
        Fact::Trait,
        Fact::Rest,
    ];
}

/// Facts of one person, sorted and without repetition once sealed.
#[derive(Clone, Default)]
pub(super) struct Facts {
    text: String,
    items: Vec<(Fact, u8, u32, u32)>,
}

impl Facts {
    /// No facts, in the memory of these.
    pub(super) fn emptied(mut self) -> Self {
        self.text.clear();
        self.items.clear();
        self
    }

    /// Adds a fact; empty values are none. `kind` tells apart numbers of several kinds.
    pub(super) fn push(&mut self, fact: Fact, kind: u8, value: &str) {
        if value.is_empty() || self.text.len() + value.len() > u32::MAX as usize {
            return;
        }
        if self.items.is_empty() {
            self.text.reserve(128);
            self.items.reserve(12);
        }
        let start = self.text.len() as u32;
        self.text.push_str(value);
        self.items.push((fact, kind, start, self.text.len() as u32));
    }

    /// Adds all facts of others.
    pub(super) fn append(&mut self, others: &Facts) {
        if self.text.len() + others.text.len() > u32::MAX as usize {
            return;
        }
        let start = self.text.len() as u32;
        self.text.push_str(&others.text);
        let moved =
            |&(fact, kind, from, to): &(Fact, u8, u32, u32)| (fact, kind, start + from, start + to);
        self.items.extend(others.items.iter().map(moved));
    }

    /// The facts in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Fact, u8, &str)> {
        self.items
            .iter()
            .map(|&(fact, kind, start, end)| (fact, kind, &self.text[start as usize..end as usize]))
    }

    /// The first value of a type.
    pub(super) fn get(&self, fact: Fact) -> Option<&str> {
        self.iter().find(|item| item.0 == fact).map(|item| item.2)
    }

    /// Whether there is a fact of this type.
    pub(super) fn has(&self, fact: Fact) -> bool {
        self.items.iter().any(|item| item.0 == fact)
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Keeps the facts of some types.
    pub(super) fn retain(&mut self, keep: impl Fn(Fact) -> bool) {
        self.items.retain(|item| keep(item.0));
    }

    /// Takes over the other's facts of these types.
    pub(super) fn take(&mut self, other: &Facts, of: &[Fact]) {
        for (fact, kind, value) in other.iter() {
            if of.contains(&fact) {
                self.push(fact, kind, value);
            }
        }
    }

    /// Sorts, so that the order of columns does not show, and drops repetitions.
    pub(super) fn seal(&mut self) {
        let text = self.text.as_bytes();
        let value = |item: &(Fact, u8, u32, u32)| &text[item.2 as usize..item.3 as usize];
        let sort = |item: &(Fact, u8, u32, u32)| (item.0 as u16) << 8 | u16::from(item.1);
        // Few are of one type: their values are seldom looked at.
        self.items.sort_unstable_by(|a, b| {
            let by_type = sort(a).cmp(&sort(b));
            by_type.then_with(|| value(a).cmp(value(b)))
        });
        self.items
            .dedup_by(|a, b| (a.0, a.1) == (b.0, b.1) && value(a) == value(b));
    }
}

impl std::fmt::Debug for Facts {
    /// Types only: values never leave this room.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.items.iter().map(|item| item.0))
            .finish()
    }
}

/// A fact as a number: five bits of type, 59 of hash. Identity numbers keep their kind in the topmost eight bits of the hash, numbers by which
/// tables point at people their sort, birth dates stand as they are.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    bytemuck::Pod,
    bytemuck::Zeroable,
)]
#[repr(transparent)]
pub(super) struct Token(pub(super) u64);

const HASH_BITS: u32 = 59;
const AMBIGUOUS: u64 = 1 << 40;
/// Set in the token of a [`Fact::Member`] that is so by the name of its column alone.
const UNSURE: u64 = 1;
/// Set in that of a row that is a piece of a record.
pub(super) const PIECE: u64 = 2;

impl Token {
    /// The token of a fact.
    pub(super) fn new(fact: Fact, kind: u8, value: &str) -> Self {
        Self::with(fact, kind, value, hash(0, value))
    }

    /// The token of a fact whose value has this [`hash`] of seed 0.
    pub(super) fn with(fact: Fact, kind: u8, value: &str, hash: u64) -> Self {
        let hash = match fact {
            Fact::Birth => {
                let digits = value.trim_start_matches('~');
                let date: u64 = digits.parse().unwrap_or(0);
                if digits.len() == value.len() {
                    date
                } else {
                    date | AMBIGUOUS
                }
            }
            Fact::Id | Fact::Primary => {
                // The hash is of the value alone: the order of numbers of one kind does not hang on the kind's own number.
                u64::from(kind) << 51 | mix(1, hash) >> 13
            }
            // The sort of a number that tables point by, where identity numbers have their kind.
            Fact::Member => {
                let signs = value.len() - value.trim_start_matches([PERHAPS, PIECE_OF]).len();
                let (signs, bare) = value.split_at(signs);
                let hash = match signs {
                    "" => hash,
                    _ => self::hash(0, bare),
                };
                let flag = |sign, bit| if signs.contains(sign) { bit } else { 0 };
                let flags = flag(PERHAPS, UNSURE) | flag(PIECE_OF, PIECE);
                u64::from(kind) << 51 | hash >> 13 & !(UNSURE | PIECE) | flags
            }
            Fact::Sound => sounds(value),
            _ => hash >> 5,
        };
        Self((fact as u64) << HASH_BITS | hash)
    }

    /// Its type.
    #[inline]
    pub(super) fn fact(self) -> Fact {
        Fact::ALL[(self.0 >> HASH_BITS) as usize - 1]
    }

    /// The kind of an identity number, the sort of one that tables point by.
    pub(super) fn kind(self) -> u8 {
        (self.0 >> 51) as u8
    }

    /// Whether a number of a person is so by the name of its column alone.
    pub(super) fn is_unsure(self) -> bool {
        self.fact() == Fact::Member && self.0 & UNSURE != 0
    }

    /// Its type as a bit, and another one where it is a number that is not sure.
    pub(super) fn bit(self) -> u32 {
        1 << self.fact() as u32 | u32::from(self.is_unsure()) << 31
    }

    /// The token that a number of a person has where that is sure.
    pub(super) fn sure(self) -> Self {
        Self(self.0 & !(UNSURE | PIECE))
    }

    /// A birth date with day and month in ascending order, equal for both readings of an ambiguous one.
    pub(super) fn birth_class(self) -> u64 {
        let date = self.0 & 0xffff_ffff;
        let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
        if month <= 12 && day <= 12 {
            year * 10_000 + month.min(day) * 100 + month.max(day)
        } else {
            date
        }
    }

    /// Whether two birth dates may be the same day.
    pub(super) fn same_birth(self, other: Self) -> bool {
        self == other
            || (self.0 | other.0) & AMBIGUOUS != 0 && self.birth_class() == other.birth_class()
    }
}

/// Set in the token of a [`Fact::Sound`] whose name is written in kanji.
const IN_KANJI: u64 = 1 << 58;

/// Readings as a Bloom filter: three bits of 58 each, so that one name fits another by chance in 0.02 % of cases, and in 1 % where it has four
/// readings, the most that one fact holds.
fn sounds(value: &str) -> u64 {
    let bare = value.strip_prefix('*');
    let readings = bare.unwrap_or(value).split('|');
    let bits = readings.map(|reading| {
        let hash = hash(3, reading);
        [hash, hash >> 16, hash >> 32].map(|part| 1 << ((part & 0xffff) % 58))
    });
    let filter = bits.flatten().fold(0, |all: u64, bit: u64| all | bit);
    filter | if bare.is_some() { IN_KANJI } else { 0 }
}

impl Token {
    /// Whether two [`Fact::Sound`]s may be one name in two scripts.
    pub(super) fn same_sound(self, other: Self) -> bool {
        let readings = |token: Self| token.0 & (IN_KANJI - 1);
        let (a, b) = (readings(self), readings(other));
        self.0 & other.0 & IN_KANJI == 0 && a != 0 && b != 0 && (a & b == a || a & b == b)
    }
}

/// A 64-bit hash of a text; equal in every run.
#[inline]
pub fn hash(seed: u64, text: &str) -> u64 {
    hash_bytes(seed, text.as_bytes())
}

/// [`hash`] of a text's bytes.
#[inline]
pub(super) fn hash_bytes(seed: u64, text: &[u8]) -> u64 {
    FixedState::with_seed(seed ^ 0x9e37_79b9_7f4a_7c15).hash_one(text)
}

/// Mixes two tokens to one key.
#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a ^ 0x2d35_8dcc_aa6c_78a5) * u128::from(b ^ 0x8bb8_4b93_962e_acc9);
    let folded = (wide >> 64) as u64 ^ wide as u64;
    (folded ^ folded >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
