//! Masking: the only forms in which a value, or a name from the data, may leave the program.

use std::fmt;

/// A value of which only the shape is left.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Masked(String);

/// A name from the data (column, table, member, path) without personal data in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SafeName(String);

impl Masked {
    /// Masks a value: an e-mail address keeps its first letter and top-level domain (`t***@e******.jp`), digits keep their
    /// last two of ten and more, other values their first character; the rest is `*`, separators stay.
    pub fn new(_value: &str) -> Self {
        todo!()
    }
    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SafeName {
    /// A name of which the given byte ranges are personal data and are masked.
    pub fn new(_name: &str, _personal: &[std::ops::Range<usize>]) -> Self {
        todo!()
    }
    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
