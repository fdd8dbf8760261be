//! The result of a scan as plain data with public fields. No logic, no serialisation.
//!
//! From here on [`Masked`] and [`SafeName`] are the only text of a value there is.

use std::sync::Arc;

pub use crate::column::Evidence;
pub use crate::identity::{
    Agreement, Answer, Doubt, Evidence as PairEvidence, Headcount, Hub, Large, Link, Refusal,
    Refused, Rules, Why,
};
pub use crate::pattern::region::Region;
use crate::source::Code;
pub use crate::text::{Masked, SafeName};

/// What the inputs hold, and of how many people.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Every source and member, sorted by path, and what became of it.
    pub sources: Vec<Coverage>,
    /// Every table, by source, in the order in which it first appears there.
    pub tables: Vec<Table>,
    /// Totals of every kind found, sorted by name.
    pub kinds: Vec<KindTotal>,
    /// The people.
    pub subjects: Subjects,
    /// What could not be read, sorted by source, offset and code.
    pub problems: Vec<Problem>,
}

/// What became of one source.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Its path through containers, made safe.
    pub source: SafeName,
    /// Format name.
    pub format: &'static str,
    /// Text encoding's name, empty for binary formats.
    pub encoding: &'static str,
    /// Its length in bytes.
    pub bytes: u64,
    /// How far it was read.
    pub status: Status,
    /// Records read; before the fault, where there was one.
    pub records: u64,
    /// People of whom its own records speak; its members are sources of their own.
    pub persons: Headcount,
    /// Why it was not read completely.
    pub reason: Option<Code>,
    /// Byte offset of the reason in the (decompressed) source, where known.
    pub at: Option<u64>,
}

/// How far a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Every byte was read and understood.
    Complete,
    /// Every byte was looked at and the text in it searched, but nothing more is understood of it.
    Carved,
    /// Some of it was read.
    Partial,
    /// It is locked by a password that was not given: none of it was read.
    Encrypted,
    /// None of it was read.
    Skipped,
    /// Left out by the user's word.
    Excluded,
}

/// One table of one source.
#[derive(Clone, Debug)]
pub struct Table {
    /// The source's path, made safe.
    pub source: SafeName,
    /// Its name, made safe.
    pub name: SafeName,
    /// Format name.
    pub format: &'static str,
    /// Text encoding's name.
    pub encoding: &'static str,
    /// Records read.
    pub records: u64,
    /// Columns in order.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, made safe; `#3` when it has none.
    pub name: SafeName,
    /// Position from 0.
    pub index: u32,
    /// Values that are not empty.
    pub values: u64,
    /// Empty and absent values.
    pub empty: u64,
    /// Of whom the column speaks: `self`, `recipient`, ….
    pub role: &'static str,
    /// The kinds found in it, the surest first.
    pub findings: Vec<Finding>,
}

/// A kind found in a column.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind's name.
    pub kind: String,
    /// Which piece of the kind, if not the whole: `family`, `city`, …
    pub part: Option<&'static str>,
    /// Values of this kind (occurrences, in running text).
    pub matches: u64,
    /// Distinct values after normalising.
    pub distinct: u64,
    /// Payment cards by network, sorted by name; empty for other kinds.
    pub networks: Vec<(&'static str, u64)>,
    /// 0 to 1.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// A few values, masked.
    pub samples: Vec<Masked>,
}

/// A kind over all sources.
#[derive(Clone, Debug)]
pub struct KindTotal {
    /// Its name.
    pub kind: String,
    /// Names of the same thing elsewhere.
    pub also: Vec<String>,
    /// Values found.
    pub matches: u64,
    /// Distinct values after normalising.
    pub distinct: u64,
    /// Sources it occurs in.
    pub sources: u64,
    /// People of whom it was found.
    pub persons: Headcount,
}

/// The people found.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// Records that speak of a person or an organisation.
    pub records: u64,
    /// Distinct ones among them.
    pub rows: u64,
    /// Households among the people whose address or home phone is known: those who share it, and a family name, are one. People
    /// of unknown address are in none.
    pub households: u64,
    /// Organisations; they are not people.
    pub organisations: u64,
    /// Names of fathers and mothers that a form of identification asks for, of whom nothing else is told; they are not counted as people.
    pub parents: u64,
    /// Too many records to weigh all similar ones: only equal values link.
    pub unweighed: bool,
    /// Where there were too many: what weighing the similar ones of samples took off `min` and `best`.
    pub sampled: Option<Sampled>,
    /// People.
    pub persons: Headcount,
    /// Records whose strong identifiers contradict each other; never merged.
    pub conflicts: u64,
    /// Distinct records that name too little to be anybody in particular: they count in the upper bound alone.
    pub anybody: u64,
    /// People of whom one of the kinds was found that the user asked for; `None` when all are looked for.
    pub asked: Option<Headcount>,
    /// What the user answered to doubtful pairs; `None` without answers.
    pub answers: Option<Answers>,
    /// The people with the most records, the largest first, ten at most.
    pub largest: Vec<Large>,
    /// The values that most people share, by which nobody is linked alone: the most shared first, ten at most.
    pub hubs: Vec<Hub>,
    /// Links between two people that much speaks for and that were refused, the strongest first, ten at most.
    pub refused: Vec<Refused>,
    /// The user's own people, where the user told the domains.
    pub own: Option<Own>,
    /// People by the exact set of kinds found of them, the largest first.
    pub by_kinds: Vec<(Vec<String>, Headcount)>,
    /// People by role, the most first; whoever plays several counts in each.
    pub by_role: Vec<(&'static str, Headcount)>,
    /// People by the country they live in, the most first; whoever has addresses in several counts in each.
    pub by_country: Vec<(Region, Headcount)>,
    /// People of whom nothing says in which country they live.
    pub nowhere: Headcount,
    /// People by prefecture of Japan or state of the United States, the most first.
    pub by_region: Vec<(Region, Headcount)>,
}

/// What weighing the similar records of samples of a large table says of all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Distinct records in the samples.
    pub records: u64,
    /// People whom it took off the count, estimated for all.
    pub merged: u64,
    /// The standard error of that estimate, in people; `min` is lowered by two of its own.
    pub error: u64,
}

/// How many doubtful pairs the user has answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// One person: applied to all three numbers.
    pub yes: u64,
    /// Two people: applied to all three numbers.
    pub no: u64,
    /// Nobody knows: the numbers are as without.
    pub unknown: u64,
}

/// The people of the user's own organisation.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The domains of their mailboxes, as the user told them.
    pub domains: Vec<String>,
    /// How many they are; they are among [`Subjects::persons`].
    pub persons: Headcount,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The source, made safe.
    pub source: SafeName,
    /// Where in the pipeline: `discover`, `open`, `read`.
    pub stage: &'static str,
    /// What.
    pub code: Code,
    /// Byte offset in the (decompressed) source, where known.
    pub at: Option<u64>,
    /// What was lost.
    pub lost: String,
}

/// One match, for the findings file.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// The source, made safe; with `--reveal` as it is, as the table and the column.
    pub source: SafeName,
    /// The table, made safe.
    pub table: SafeName,
    /// Record from 0 within the table or file.
    pub record: u64,
    /// The column, made safe; `None` in running text.
    pub column: Option<SafeName>,
    /// Its position from 0.
    pub column_index: Option<u32>,
    /// First byte in the (decompressed) source; `None` for what had to be decoded.
    pub start: Option<u64>,
    /// End, exclusive.
    pub end: Option<u64>,
    /// The kind's name.
    pub kind: String,
    /// Which piece of the kind.
    pub part: Option<&'static str>,
    /// Network of a payment card, by its issuer range.
    pub network: Option<&'static str>,
    /// 0 to 1.
    pub confidence: f32,
    /// Why: the column's evidence, or what the match in a text rests on.
    pub evidence: Arc<[Evidence]>,
    /// The value, masked.
    pub masked: Masked,
    /// The value itself; only when the user asked for it by name (`--reveal`).
    pub value: Option<Revealed>,
}

/// A raw value that the user asked for by name. Has no `Debug` and no `Display`.
#[derive(Clone)]
pub struct Revealed(pub String);

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// One record that speaks of a subject, for the subjects file.
#[derive(Clone, Debug)]
pub struct SubjectRow {
    /// The source, made safe.
    pub source: SafeName,
    /// The table, made safe.
    pub table: SafeName,
    /// Record from 0 within the table or file.
    pub record: u64,
    /// The role's name.
    pub role: &'static str,
    /// Number of the subject.
    pub subject: u64,
    /// The kinds found of it in this record.
    pub kinds: Vec<String>,
}

/// One record that speaks of a subject, with what it says.
#[derive(Clone, Debug)]
pub struct ToldRow {
    /// The source, made safe.
    pub source: SafeName,
    /// The table, made safe.
    pub table: SafeName,
    /// Record from 0 within the table or file.
    pub record: u64,
    /// The role's name.
    pub role: &'static str,
    /// The number of the distinct record that it is; records that say the same have one.
    pub tuple: u64,
    /// What it says in normal form, masked.
    pub facts: Vec<(&'static str, Masked)>,
}

/// A doubtful pair with the places of both records.
#[derive(Clone, Debug)]
pub struct ReviewRow {
    /// The pair, and what speaks for and against one person.
    pub doubt: Doubt,
    /// The two records, where each stands first.
    pub records: [ToldRow; 2],
}

/// Why some records are one person.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// All records of the person.
    pub records: u64,
    /// The first of them.
    pub told: Vec<ToldRow>,
    /// What links them, in the order in which they were linked.
    pub links: Vec<Link>,
}
