//! How a format writes characters inside a cell that would end it, and how that is undone.

use super::Encoding;

/// The escapes of a batch's cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// Bytes stand for themselves.
    #[default]
    None,
    /// This quote is doubled (`""` in CSV, `''` in standard SQL).
    Doubled(u8),
    /// Backslash escapes of MySQL strings, and the doubled quote.
    MySql(u8),
    /// PostgreSQL `COPY` text: `\t \n \\ \ooo \xHH`.
    PgCopy,
    /// PostgreSQL `E''` strings, and the doubled quote.
    PgString,
    /// JSON strings.
    Json,
    /// Hexadecimal digits of UTF-8 text (`0x…`, `X'…'`).
    Hex,
}

/// Undoes the escapes of a decoded cell.
pub fn unescape(_text: &str, _escape: Escape, _out: &mut String) {
    todo!()
}

/// The offset in `raw` at which byte `at` of the decoded and unescaped cell stands.
pub fn locate(
    _raw: &[u8],
    _encoding: Encoding,
    _escape: Escape,
    _escaped: bool,
    _at: usize,
) -> usize {
    todo!()
}
