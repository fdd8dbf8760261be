//! Who a record is about: mentions taken from records, and their linking to subjects with bounds.
//!
//! In: the classified fields of a record. Out: [`Resolution`]. This room does not know where records come from.

use crate::classify::Match;
use crate::pattern::{Kind, KindSet, Part, Patterns, Role};

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

/// Where a mention was first seen; orders subjects, so that their numbers depend on nothing but the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locus {
    /// Ordinal of the source.
    pub source: u32,
    /// Ordinal of the table in it.
    pub table: u32,
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
    // … keys and normal forms: private to this room
}

/// Takes mentions from records. One per thread; holds scratch.
pub struct Extractor<'p> {
    _patterns: &'p Patterns,
}

impl<'p> Extractor<'p> {
    /// An extractor with empty scratch.
    pub fn new(patterns: &'p Patterns) -> Self {
        Self {
            _patterns: patterns,
        }
    }
    /// A row of a table: one mention per role and slot that has something to tell; `organisation` is the value of a company
    /// column, if the row has one.
    pub fn row(
        &mut self,
        _fields: &[Field<'_>],
        _organisation: Option<&str>,
        _out: &mut Vec<Mention>,
    ) {
        todo!()
    }
    /// Running text and its matches in order of start: what stands in one line, or in one labelled block, is one mention.
    pub fn text(&mut self, _text: &str, _matches: &[Match], _out: &mut Vec<Mention>) {
        todo!()
    }
    /// A mail message: sender, every recipient, and whom the body speaks of; quoted replies and the sender's own signature are
    /// no new people. `cells` are decoded, in the order of `format::MAIL_COLUMNS`; `matches` those of the body.
    pub fn mail(&mut self, _cells: &[Option<&str>], _matches: &[Match], _out: &mut Vec<Mention>) {
        todo!()
    }
}

/// Mentions, equal ones collapsed. Stores of parts and sources are absorbed into one; the order does not matter.
#[derive(Default)]
pub struct Store {}

impl Store {
    /// Adds a mention of a record.
    pub fn add(&mut self, _mention: &Mention, _at: Locus) {
        todo!()
    }
    /// Takes in another store, its places shifted.
    pub fn absorb(&mut self, _other: Store, _shift: &dyn Fn(Locus) -> Locus) {
        todo!()
    }
}

/// The people.
#[derive(Default)]
pub struct Resolution {
    /// Records (record and role) that speak of a person or an organisation.
    pub records: u64,
    /// Distinct ones.
    pub rows: u64,
    /// Households.
    pub households: u64,
    /// Organisations.
    pub organisations: u64,
    /// People.
    pub persons: Headcount,
    /// Contradictions of strong identifiers that were not merged.
    pub conflicts: u64,
    /// People by kind found of them.
    pub by_kind: Vec<(Kind, Headcount)>,
    /// People by the exact set of kinds found of them.
    pub by_kinds: Vec<(KindSet, Headcount)>,
}

impl Resolution {
    /// The subject of a mention that was in the store: numbers from 1 in order of first appearance; `None` for organisations
    /// and for what names nobody.
    pub fn subject(&self, _mention: &Mention) -> Option<u64> {
        todo!()
    }
}

/// Links mentions to subjects.
pub fn resolve(_patterns: &Patterns, _store: &Store) -> Resolution {
    todo!()
}

/// The hash of a value's normal form, by which distinct values are counted.
pub fn distinct_hash(_kind: Kind, _part: Part, _value: &str) -> u64 {
    todo!()
}
