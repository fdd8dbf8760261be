//! Text encodings: which one it is, and decoding.

/// A text encoding. The names in the report are WHATWG labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8, and ASCII.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Shift_JIS as Windows writes it (CP932).
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP.
    Iso2022Jp,
    /// Windows-1252, and ISO-8859-1.
    Windows1252,
}

/// What detection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// Length of the byte order mark in bytes, 0 without.
    pub bom: usize,
    /// Whether the bytes are text at all.
    pub text: bool,
}

/// Guesses the encoding of the first bytes of a source, and verifies the guess.
pub fn detect(_head: &[u8]) -> Guess {
    todo!()
}

impl Encoding {
    /// Its name in the report: `utf-8`, `shift_jis`, ….
    pub fn name(self) -> &'static str {
        todo!()
    }
    /// The encoding of a name or a usual alias (`sjis`, `cp932`, `windows-31j`, `latin1`), case and `-`/`_` ignored.
    pub fn parse(_name: &str) -> Option<Self> {
        todo!()
    }
    /// Decodes `raw`; borrows when nothing has to change. Invalid bytes become U+FFFD; the count of them is returned.
    pub fn decode(self, _raw: &[u8]) -> (std::borrow::Cow<'_, str>, usize) {
        todo!()
    }
}
