//! Who a record is about: mentions taken from records, and their linking to subjects with bounds.
//!
//! In: the classified fields of a record. Out: [`Resolution`]. This room does not know where records come from.
//!
//! A [`Mention`] is a bag of typed facts in normal form. [`Store`] collapses equal ones. [`resolve`] links what is left in three
//! nested passes: *strict* links hold in every count, *plain* ones make the best count, *lax* ones only the lowest.

mod address;
mod again;
mod area;
mod author;
mod away;
mod bare;
mod blocks;
mod breakdown;
mod candidates;
mod chance;
mod clusters;
mod copied;
mod count;
mod date;
mod deep;
mod doubt;
mod edits;
mod ends;
mod extract;
mod fact;
mod full;
mod guests;
mod household;
mod joint;
mod kanji;
mod keys;
mod ladder;
mod letters;
mod likely;
mod listed;
mod lists;
mod loose;
mod meet;
mod namesakes;
mod nicknames;
mod normal;
mod notable;
mod numbers;
mod pieces;
mod profile;
mod prose;
mod resolve;
mod review;
mod romaji;
mod said;
mod sample;
mod score;
mod seen;
mod sound;
mod spoken;
mod store;
mod trace;
mod tuples;
mod whole;
mod writings;

use area::Area;

use crate::classify::Match;
use crate::pattern::{Key, Kind, KindSet, Part, Patterns, Role};
pub use fact::hash as hash_of;
use fact::{Fact, Facts};
use ladder::Ladder;
pub use loose::Setting;
pub use notable::{Hub, Large, Refused};
pub use resolve::{Resolution, resolve, resolve_with};
pub use review::{Answer, Answers, PairId, Rejected};
use said::Said;
pub use sample::Sampled;
pub use store::{Log, SharedStore, Store};
pub use trace::{Agreement, Doubt, Evidence, Link, Refusal, Rules, Why};

/// One classified value of a row.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Which piece of the kind.
    pub part: Part,
    /// Of whom.
    pub role: Role,
    /// Second and further person of one role in a record.
    pub slot: u16,
    /// Decoded, not normalised.
    pub value: &'a str,
}

/// What stands in a row beside its classified values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The value of a company column.
    pub organisation: Option<&'a str>,
    /// A name stands in the row that is as well an organisation's as somebody's.
    pub undecided: bool,
    /// Numbers that point at the row's person in other tables, each with its sort.
    pub members: &'a [(&'a str, &'a str)],
    /// The fields are cells of columns, not places in a text: a family name alone is all that the list tells of somebody.
    pub listed: bool,
    /// Most names in the column are of Korea or China, written as one word: 김민준, 王伟.
    pub eastern: bool,
    /// The number of the household whose member the row is about, and whose head it names.
    pub household: Option<&'a str>,
    /// Hashes of some columns, and of what the row says there, where copies of one record agree in these columns.
    pub rest: Option<(u64, u64)>,
}

/// A number of people with its bounds under the stated rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headcount {
    /// At least: under the lax rules.
    pub min: u64,
    /// The count.
    pub best: u64,
    /// At most: under the strict rules.
    pub max: u64,
}

impl Headcount {
    /// From the numbers under the lax, the plain and the strict rules. Of a part of the people they need not be in order: a link moves
    /// somebody from one set of kinds to another.
    pub fn of([lax, plain, strict]: [u64; 3]) -> Self {
        Self {
            min: lax.min(plain).min(strict),
            best: plain,
            max: lax.max(plain).max(strict),
        }
    }
}

/// Where a mention was first seen; orders subjects, so that their numbers depend on nothing but the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locus {
    /// Ordinal of the source.
    pub source: u32,
    /// Record from 0.
    pub record: u64,
}

/// What one record says of one person.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Of whom it speaks.
    pub role: Role,
    /// The kinds of data it holds of that person.
    pub kinds: KindSet,
    /// Byte offset in the text it was found in; 0 for rows. Tells the line of a block.
    pub at: usize,
    area: Area,
    /// Has a mailbox of the user's own organisation.
    own: bool,
    /// What it stands in.
    setting: Setting,
    facts: Facts,
}

/// Takes mentions from records. One per thread; holds scratch.
pub struct Extractor<'p> {
    ids: KindIds,
    scratch: String,
    /// Facts of mentions that are done with: their memory is used again.
    pool: Vec<Facts>,
    /// Names read lately; `None` reads every name anew.
    said: Option<Said>,
    own_domains: Vec<String>,
    _patterns: std::marker::PhantomData<&'p Patterns>,
}

/// What is used again from row to row.
struct Scratch<'s> {
    /// Any string.
    text: &'s mut String,
    /// Any facts.
    pool: &'s mut Vec<Facts>,
    /// Names read lately.
    said: Option<&'s mut Said>,
}

impl Scratch<'_> {
    /// No facts, in memory that was used before.
    fn facts(&mut self) -> Facts {
        let used = self.pool.pop();
        used.map_or_else(Facts::default, Facts::emptied)
    }
}

/// Facts whose memory is kept.
const POOLED: usize = 8;

impl<'p> Extractor<'p> {
    /// An extractor with empty scratch.
    pub fn new(patterns: &'p Patterns) -> Self {
        let strong = patterns
            .kinds()
            .iter()
            .zip(0..)
            .filter(|(info, _)| info.key == Key::Strong)
            .map(|(_, at)| Kind(at));
        Self::with(KindIds::new(|name| patterns.kind(name), strong))
    }

    fn with(ids: KindIds) -> Self {
        Self {
            ids,
            scratch: String::new(),
            pool: Vec::new(),
            said: Some(Said::default()),
            own_domains: Vec::new(),
            _patterns: std::marker::PhantomData,
        }
    }

    /// Tells apart whoever has a mailbox at one of these domains, in lower case, or below.
    #[must_use]
    pub fn with_own_domains(mut self, domains: &[String]) -> Self {
        self.own_domains = domains.to_vec();
        self
    }

    /// Reads every name anew if `slow`.
    #[must_use]
    pub fn with_slow(mut self, slow: bool) -> Self {
        self.said = (!slow).then(Said::default);
        self
    }

    /// A row of a table: one mention per role and slot that has something to tell.
    pub fn row(&mut self, fields: &[Field<'_>], beside: Beside<'_>, out: &mut Vec<Mention>) {
        let first = out.len();
        let scratch = Scratch {
            text: &mut self.scratch,
            pool: &mut self.pool,
            said: self.said.as_mut(),
        };
        extract::row(&self.ids, fields, beside, scratch, out);
        self.mark_own(&mut out[first..]);
    }

    /// Empties a list of mentions; the next rows use their memory again.
    pub fn recycle(&mut self, mentions: &mut Vec<Mention>) {
        let room = POOLED.saturating_sub(self.pool.len());
        let done = mentions.drain(..).take(room);
        self.pool.extend(done.map(|mention| mention.facts));
    }

    /// Running text and its matches in order of start: what stands in one line, or in one labelled block, is one mention.
    pub fn text(
        &mut self,
        (text, setting): (&str, Setting),
        matches: &[Match],
        out: &mut Vec<Mention>,
    ) {
        let first = out.len();
        prose::text(&self.ids, (text, setting), matches, &mut self.scratch, out);
        self.mark_own(&mut out[first..]);
    }

    /// A text in a row whose own people are the mentions so far: ways to reach somebody whom it does not name are the first
    /// one's, or, beside those who look after him, of whom the row's numbers (`members`) point at; whom it names is a mention more.
    pub fn note(
        &mut self,
        text: &str,
        matches: &[Match],
        members: &[(&str, &str)],
        mentions: &mut Vec<Mention>,
    ) {
        let note = (text, matches, members);
        prose::note(&self.ids, note, &mut self.scratch, mentions);
    }

    /// A mail message: sender, every recipient, and whom the body speaks of; quoted replies and the sender's own signature are
    /// no new people. `cells` are decoded, in the order of `format::MAIL_COLUMNS`; `matches` those of the body.
    pub fn mail(&mut self, cells: &[Option<&str>], matches: &[Match], out: &mut Vec<Mention>) {
        let first = out.len();
        prose::mail(&self.ids, cells, matches, &mut self.scratch, out);
        self.mark_own(&mut out[first..]);
    }

    fn mark_own(&self, mentions: &mut [Mention]) {
        if self.own_domains.is_empty() {
            return;
        }
        let is_own = |mail: &str| {
            let host = mail.rsplit('@').next().unwrap_or_default();
            self.own_domains.iter().any(|domain| {
                let below = host.strip_suffix(domain.as_str());
                below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
            })
        };
        for mention in mentions {
            let mut mails = mention.facts.iter().filter(|fact| fact.0 == Fact::Mail);
            mention.own = mails.any(|(_, _, mail)| is_own(mail));
        }
    }
}

/// The hash of a value's normal form, by which distinct values are counted: width, case, kana, separators and country prefix do not
/// matter, nor the escapes of an e-mail address in a query.
pub fn distinct_hash(kind: Kind, part: Part, value: &str, scratch: &mut String) -> u64 {
    let seed = u64::from(kind.0) << 8 | part as u64;
    // Most values are short; the length of the buffer is known, so that the compiler makes vector code of the loops.
    let mut buffer = [0u8; 64];
    if value.len() <= buffer.len() {
        buffer[..value.len()].copy_from_slice(value.as_bytes());
        let look = |all: (u8, u8), &byte: &u8| {
            let (any, escaped) = all;
            (any | byte, escaped | u8::from(byte == b'%'))
        };
        let (any, escaped) = buffer.iter().fold((0, 0), look);
        if any < 0x80 && escaped == 0 {
            return short_hash(seed, &mut buffer, value.len());
        }
    }
    if memchr::memchr(b'%', value.as_bytes()).is_some()
        && let Some(mail) = normal::unescaped_mail(value)
    {
        return distinct_hash(kind, part, &mail, scratch);
    }
    if value.len() <= buffer.len() && value.is_ascii() {
        return short_hash(seed, &mut buffer, value.len());
    }
    normal::fold_closed(value, scratch);
    fact::hash_bytes(seed, national(scratch.as_bytes()))
}

/// The hash of the normal form of so many bytes of ASCII, behind which zeros stand.
fn short_hash(seed: u64, buffer: &mut [u8; 64], value_len: usize) -> u64 {
    buffer.make_ascii_lowercase();
    let signs = buffer
        .iter()
        .fold(0, |any, &byte| any | u8::from(is_sign(byte)));
    let mut len = value_len;
    if signs != 0 {
        len = 0;
        for at in 0..value_len {
            let byte = buffer[at];
            buffer[len] = byte;
            len += usize::from(!is_sign(byte));
        }
    }
    fact::hash_bytes(seed, national(&buffer[..len]))
}

/// What is left out of a value before it is compared.
#[inline(always)]
fn is_sign(byte: u8) -> bool {
    // One by one and without a branch, so that the compiler makes vector code of it.
    (byte == b' ')
        | (byte == b'\t')
        | (byte == b'\r')
        | (byte == b'\n')
        | (byte == b'-')
        | (byte == b'(')
        | (byte == b')')
        | (byte == b'/')
}

/// `+81…` without it; numbers of Japan are compared without their trunk prefix.
#[inline]
fn national(value: &[u8]) -> &[u8] {
    match value {
        [b'+', b'8', b'1', rest @ ..] => rest,
        [b'0', rest @ ..] if rest.len() >= 9 && rest.iter().all(u8::is_ascii_digit) => rest,
        _ => value,
    }
}

/// The kinds this room knows by name.
#[derive(Clone, Debug)]
struct KindIds {
    name: Option<Kind>,
    address: Option<Kind>,
    postal_code: Option<Kind>,
    phone: Option<Kind>,
    email: Option<Kind>,
    card: Option<Kind>,
    birth_date: Option<Kind>,
    user: Option<Kind>,
    gender: Option<Kind>,
    birth_place: Option<Kind>,
    /// Those that tell nobody but namesakes apart.
    traits: [Option<Kind>; 2],
    jp_driver: Option<Kind>,
    /// Those that nobody has two of.
    ladder: Ladder,
    /// Numbers of which one names one person: My Number, bank account, passport ….
    strong: KindSet,
}

impl KindIds {
    fn new(kind: impl Fn(&str) -> Option<Kind>, strong: impl Iterator<Item = Kind>) -> Self {
        let ladder = Ladder::new(&kind);
        Self {
            name: kind("person-name"),
            address: kind("postal-address"),
            postal_code: kind("postal-code"),
            phone: kind("phone"),
            email: kind("email"),
            card: kind("payment-card"),
            birth_date: kind("birth-date"),
            user: kind("username"),
            gender: kind("gender"),
            birth_place: kind("birth-place"),
            traits: [kind("age"), kind("occupation")],
            jp_driver: kind("jp.driver-licence"),
            strong: strong
                .chain(ladder.kinds())
                .fold(KindSet::default(), KindSet::with),
            ladder,
        }
    }

    /// Whether a match of this kind can tell who somebody is.
    fn tells(&self, kind: Kind) -> bool {
        self.strong.contains(kind)
            || [
                self.name,
                self.address,
                self.postal_code,
                self.phone,
                self.email,
                self.card,
                self.birth_date,
            ]
            .contains(&Some(kind))
    }
}

#[cfg(test)]
mod tests;
