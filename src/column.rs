//! What a column holds: from its name and the tally of its values' shapes to a verdict. Sees counts, never values.

use crate::classify::Shape;
use crate::pattern::{Kind, Part, Patterns, Role};

/// Counts over a column's values; tallies of parts add up.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Values that are neither absent, empty nor fillers.
    pub values: u64,
    /// Absent, empty and filler values.
    pub empty: u64,
    /// Characters of all values.
    pub chars: u64,
    /// Values that have each [`Shape`].
    pub shapes: [u64; 64],
    /// Values in which running-text matches were found, by kind; counted only for values that are no single thing
    /// (see `classify`).
    pub embedded: std::collections::BTreeMap<(Kind, Part), u64>,
}

impl Tally {
    /// Adds another part's tally.
    pub fn add(&mut self, _other: &Tally) {
        todo!()
    }
    /// Share of the values that have a shape, 0 to 1.
    pub fn share(&self, shape: Shape) -> f64 {
        if self.values == 0 {
            0.0
        } else {
            self.shapes[shape as usize] as f64 / self.values as f64
        }
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What the whole value is, if it is one thing.
    pub whole: Option<Whole>,
    /// Of whom the column speaks.
    pub role: Role,
    /// Second and further person of one role.
    pub slot: u16,
    /// The column says which organisation (a company name): its rows may be about companies.
    pub organisation: bool,
}

/// A column whose values are one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The kind.
    pub kind: Kind,
    /// Which piece of it.
    pub part: Part,
    /// 0 to 1.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Values with none of these shapes are not counted as matches (but scanned as text); empty = every value counts.
    pub accept: crate::classify::Shapes,
}

/// Why; the report's `evidence` in this room's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// A shape fits this share of the values.
    Pattern {
        /// Name of the shape or pattern.
        id: String,
        /// 0 to 1.
        share: f64,
    },
    /// A check digit was computed.
    Check {
        /// Its name.
        name: String,
        /// Values that pass.
        passed: u64,
        /// Values that fail.
        failed: u64,
    },
    /// The column's name.
    Header {
        /// The vocabulary's word.
        word: String,
    },
    /// This share of the values is in a list.
    List {
        /// Its name.
        name: String,
        /// 0 to 1.
        share: f64,
    },
    /// A neighbouring column or the words around.
    Context {
        /// The word or column.
        word: String,
    },
}

/// Decides every column of a table together: siblings (姓 beside 名) support each other.
pub fn verdicts(
    _patterns: &Patterns,
    _table: &str,
    _columns: &[(Option<&str>, &Tally)],
) -> Vec<Verdict> {
    todo!()
}

/// Whether the first row of a delimited file names its columns (and holds no data). `rows` are some of the rows after it.
pub fn is_header(_first: &[String], _rows: &[Vec<String>]) -> bool {
    todo!()
}
