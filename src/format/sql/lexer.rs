//! Tokens of SQL text: blanks and comments, names, string literals, statements that are passed over.
//!
//! In: bytes, a position and the [`Session`]. It knows no tables and no records.

use std::sync::Arc;

use memchr::{memchr, memchr2, memmem};

use crate::text::{Encoding, is_shift_jis_trail};

/// Which program's SQL it is: it decides the escapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Nothing said so far: a literal decides for itself.
    #[default]
    Unknown,
    MySql,
    Postgres,
    Sqlite,
    MsSql,
    Oracle,
}

/// What a backslash inside a plain string literal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slash {
    Plain,
    MySql,
    Postgres,
    /// Plain, until one stands before what would be the closing quote.
    Ask,
}

/// What earlier statements settle for later ones. Cheap to clone: every part starts with one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Session {
    pub dialect: Dialect,
    /// MySQL `NO_BACKSLASH_ESCAPES`.
    pub plain_backslash: bool,
    /// PostgreSQL `standard_conforming_strings = off`.
    pub legacy_strings: bool,
    /// The client's statement delimiter; `;` but inside `DELIMITER ;;` blocks.
    pub delimiter: Arc<[u8]>,
    /// `USE`, `CREATE DATABASE`, `\connect`.
    pub database: Option<Arc<str>>,
    /// The first schema of `search_path`, unless it is the default one.
    pub schema: Option<Arc<str>>,
}

impl Session {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            plain_backslash: false,
            legacy_strings: false,
            delimiter: Arc::from(&b";"[..]),
            database: None,
            schema: None,
        }
    }

    pub(super) fn slash(&self) -> Slash {
        match self.dialect {
            Dialect::MySql if !self.plain_backslash => Slash::MySql,
            Dialect::Postgres if self.legacy_strings => Slash::Postgres,
            Dialect::Unknown => Slash::Ask,
            _ => Slash::Plain,
        }
    }
}

/// Why a statement ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end inside it.
    Truncated,
    /// Something stands at this offset that cannot stand there.
    Malformed(usize),
}

/// A string literal that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal {
    /// Range of what stands between the quotes.
    pub start: usize,
    pub end: usize,
    /// It holds its own quote, doubled.
    pub doubled: bool,
    /// It holds a backslash that escapes something.
    pub slashed: bool,
    /// How its backslashes were read.
    pub slash: Slash,
    /// The quote.
    pub quote: u8,
}

/// A position in SQL text. Trail bytes of Shift_JIS are never taken for a backslash or a quote.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    pub encoding: Encoding,
    pub session: Session,
}

/// Names longer than this are none.
const NAME_BYTES: usize = 1 << 12;

impl<'a> Lexer<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    /// Whether byte `at` is the second byte of a Shift_JIS character. `from` is where the text begins.
    fn is_trail(&self, from: usize, at: usize) -> bool {
        self.encoding == Encoding::ShiftJis && is_shift_jis_trail(&self.bytes[from..], at - from)
    }

    /// Passes blanks and comments. MySQL's versioned comments (`/*!40101 … */`) are code: only their brackets are passed.
    pub(super) fn skip_blank(&mut self) -> Result<(), Stop> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => self.at += 1,
                b'-' if self.rest().starts_with(b"--") => self.skip_line(),
                b'#' if matches!(self.session.dialect, Dialect::MySql | Dialect::Unknown) => {
                    self.skip_line()
                }
                b'/' if self.rest().starts_with(b"/*") => self.skip_comment()?,
                b'*' if self.rest().starts_with(b"*/") => self.at += 2,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    fn skip_comment(&mut self) -> Result<(), Stop> {
        let rest = self.rest();
        let opener = if rest.starts_with(b"/*!") {
            3
        } else if rest.starts_with(b"/*M!") && !rest.starts_with(b"/*M!999999") {
            4
        } else {
            0
        };
        if opener > 0 {
            self.session.dialect = Dialect::MySql;
            let digits = rest[opener..]
                .iter()
                .take(6)
                .take_while(|b| b.is_ascii_digit())
                .count();
            self.at += opener + digits;
            return Ok(());
        }
        let Some(end) = memmem::find(&rest[2..], b"*/") else {
            self.at = self.bytes.len();
            return Err(Stop::Truncated);
        };
        self.at += 2 + end + 2;
        Ok(())
    }

    /// Passes the rest of the line, and its end.
    pub(super) fn skip_line(&mut self) {
        self.at = memchr(b'\n', self.rest()).map_or(self.bytes.len(), |n| self.at + n + 1);
    }

    /// Whether only blanks stand between the start of the line and the position.
    pub(super) fn at_line_start(&self) -> bool {
        let before = self.bytes[..self.at]
            .iter()
            .rev()
            .take(64)
            .find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        matches!(before, None | Some(b'\n'))
    }

    /// The word at the position, without passing it; empty when there is none.
    pub(super) fn word(&self) -> &'a [u8] {
        let rest = self.rest();
        let end = rest
            .iter()
            .take(NAME_BYTES)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_'))
            .count();
        &rest[..end]
    }

    /// Passes `word` if it stands here, and the blanks behind it.
    pub(super) fn take_word(&mut self, word: &str) -> Result<bool, Stop> {
        if !self.word().eq_ignore_ascii_case(word.as_bytes()) {
            return Ok(false);
        }
        self.at += word.len();
        self.skip_blank()?;
        Ok(true)
    }

    /// Passes one byte if it stands here, and the blanks behind it.
    pub(super) fn take_byte(&mut self, byte: u8) -> Result<bool, Stop> {
        if self.peek() != Some(byte) {
            return Ok(false);
        }
        self.at += 1;
        self.skip_blank()?;
        Ok(true)
    }

    /// Reads a name with dots in it, blanks behind passed: `db.t`, `[dbo].[t]`, `"a"."b"`. `None` if none stands here.
    pub(super) fn name(&mut self) -> Result<Option<Vec<String>>, Stop> {
        let mut parts = Vec::new();
        loop {
            let Some(part) = self.identifier()? else {
                return if parts.is_empty() {
                    Ok(None)
                } else {
                    Err(self.malformed())
                };
            };
            parts.push(part);
            self.skip_blank()?;
            if parts.len() == 4 || !self.take_byte(b'.')? {
                return Ok(Some(parts));
            }
        }
    }

    /// Reads one name, quoted in any dialect's way or bare.
    pub(super) fn identifier(&mut self) -> Result<Option<String>, Stop> {
        let close = match self.peek() {
            Some(b'`') => b'`',
            Some(b'"') => b'"',
            Some(b'\'') => b'\'',
            Some(b'[') => b']',
            _ => return Ok(self.bare_identifier()),
        };
        let start = self.at + 1;
        let mut at = start;
        loop {
            let limit = self.bytes.len().min(start + NAME_BYTES);
            let Some(found) = memchr(close, &self.bytes[at..limit]) else {
                return if limit == self.bytes.len() {
                    Err(Stop::Truncated)
                } else {
                    Err(self.malformed())
                };
            };
            at += found + 1;
            if self.is_trail(start, at - 1) {
                continue;
            }
            if self.bytes.get(at) != Some(&close) {
                break;
            }
            at += 1;
        }
        let mut name = self.decode(&self.bytes[start..at - 1]);
        let close = char::from(close);
        if name.contains(close) {
            name = name.replace(&format!("{close}{close}"), &close.to_string());
        }
        self.at = at;
        Ok(Some(name))
    }

    fn bare_identifier(&mut self) -> Option<String> {
        let rest = self.rest();
        let is_name = |b: &&u8| {
            b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'#' | b'@' | b'-' | 0x80..)
        };
        let mut end = rest.iter().take(NAME_BYTES).take_while(is_name).count();
        // A trail byte may be any of `@[\]^`{|}~`: go on behind it.
        while self.is_trail(self.at, self.at + end) && end < rest.len() {
            end += 1 + rest[end + 1..]
                .iter()
                .take(NAME_BYTES)
                .take_while(is_name)
                .count();
        }
        if end == 0 {
            return None;
        }
        self.at += end;
        Some(self.decode(&rest[..end]))
    }

    pub(super) fn decode(&self, raw: &[u8]) -> String {
        match std::str::from_utf8(raw) {
            Ok(text) => text.to_owned(),
            Err(_) => self.encoding.decode(raw).0.into_owned(),
        }
    }

    pub(super) fn malformed(&self) -> Stop {
        if self.at >= self.bytes.len() {
            Stop::Truncated
        } else {
            Stop::Malformed(self.at)
        }
    }

    /// Reads a string literal; the position is at its opening quote, and behind the closing one afterwards.
    #[inline]
    pub(super) fn string(&mut self, slash: Slash) -> Result<Literal, Stop> {
        let quote = self.bytes[self.at];
        let start = self.at + 1;
        let mut literal = Literal {
            start,
            end: start,
            doubled: false,
            slashed: false,
            slash,
            quote,
        };
        let escapes = matches!(slash, Slash::MySql | Slash::Postgres);
        let mut at = start;
        loop {
            let rest = &self.bytes[at..];
            let found = find_quote(rest, quote, if escapes { b'\\' } else { quote });
            let Some(found) = found else {
                return Err(Stop::Truncated);
            };
            at += found;
            if self.bytes[at] == b'\\' {
                if self.is_trail(start, at) {
                    at += 1;
                } else {
                    literal.slashed = true;
                    at = (at + 2).min(self.bytes.len());
                }
                continue;
            }
            if slash == Slash::Ask
                && at > start
                && self.bytes[at - 1] == b'\\'
                && self.is_escaped_quote(start, at)
            {
                self.session.dialect = Dialect::MySql;
                return self.string(Slash::MySql);
            }
            if self.bytes.get(at + 1) != Some(&quote) {
                break;
            }
            literal.doubled = true;
            at += 2;
        }
        literal.end = at;
        self.at = at + 1;
        Ok(literal)
    }

    /// Whether the quote at `at`, which a backslash precedes, is one that MySQL escaped. `'C:\'` before a comma, a bracket or
    /// the end is none.
    fn is_escaped_quote(&self, start: usize, at: usize) -> bool {
        let slashes = self.bytes[start..at]
            .iter()
            .rev()
            .take_while(|&&b| b == b'\\')
            .count();
        let trail = self.is_trail(start, at - slashes);
        if (slashes - usize::from(trail)) % 2 == 0 {
            return false;
        }
        let mut behind = self.bytes[at + 1..]
            .iter()
            .take(64)
            .skip_while(|b| b.is_ascii_whitespace());
        !matches!(behind.next(), None | Some(b',' | b')' | b';'))
    }

    /// Reads PostgreSQL's `$tag$…$tag$`; `None` if none begins here.
    pub(super) fn dollar_string(&mut self) -> Result<Option<Literal>, Stop> {
        let rest = self.rest();
        let tag = rest[1..]
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | 0x80..))
            .count();
        if rest.get(1 + tag) != Some(&b'$') || rest[1].is_ascii_digit() {
            return Ok(None);
        }
        let tag = &rest[..tag + 2];
        let start = self.at + tag.len();
        let Some(found) = memmem::find(&self.bytes[start..], tag) else {
            return Err(Stop::Truncated);
        };
        let end = start + found;
        self.at = end + tag.len();
        Ok(Some(Literal {
            start,
            end,
            doubled: false,
            slashed: false,
            slash: Slash::Plain,
            quote: b'$',
        }))
    }

    /// Passes what stands up to and with the statement's delimiter. In SQL Server scripts, which have none, a line that begins
    /// with a verb ends it too; in all others, where it was forgotten, one that begins rows or a table.
    ///
    /// In a `routine`, statements inside `BEGIN … END` belong to it: it ends as the sqlite3 shell says, at `; END ;`.
    pub(super) fn skip_statement(&mut self, routine: bool) -> Result<(), Stop> {
        let mut body = Body::Before;
        let delimiter = Arc::clone(&self.session.delimiter);
        let start = self.at;
        loop {
            self.skip_blank()?;
            let Some(byte) = self.peek() else {
                return Ok(());
            };
            if self.rest().starts_with(&delimiter) && (&*delimiter != b";" || body.is_over()) {
                self.at += delimiter.len();
                return Ok(());
            }
            if byte.is_ascii_alphabetic() || byte == b'_' {
                let word = self.word();
                let ends = word.eq_ignore_ascii_case(b"GO")
                    || !routine
                        && match self.session.dialect {
                            Dialect::MsSql => is_verb(word),
                            _ => self.begins_data(word),
                        };
                if ends && self.at > start && self.at_line_start() {
                    return Ok(());
                }
                self.at += word.len();
                body = if routine { body.word(word) } else { body };
                if !matches!(self.peek(), Some(b'\'')) || !matches!(word, b"E" | b"e") {
                    continue;
                }
                self.string(Slash::Postgres)?;
                continue;
            }
            self.skip_token(byte)?;
            body = if byte == b';' {
                body.semicolon()
            } else {
                body.other()
            };
        }
    }

    /// Whether `INSERT INTO`, `REPLACE INTO` or `CREATE TABLE` stands here. A `MERGE` has its `INSERT (…)` without `INTO`.
    fn begins_data(&self, word: &[u8]) -> bool {
        let rest = self.rest();
        let behind = rest[word.len()..].trim_ascii_start();
        let next = behind.split(|b| !b.is_ascii_alphabetic()).next();
        let next = next.unwrap_or_default();
        let is = |word: &[u8], wanted: &[u8]| word.eq_ignore_ascii_case(wanted);
        match (word, next) {
            (b"", _) => false,
            _ if is(word, b"INSERT") => is(next, b"INTO") || is(next, b"IGNORE"),
            _ if is(word, b"REPLACE") => is(next, b"INTO"),
            _ => is(word, b"CREATE") && is(next, b"TABLE"),
        }
    }

    pub(super) fn skip_token(&mut self, byte: u8) -> Result<(), Stop> {
        match byte {
            b'\'' => self.string(self.session.slash()).map(drop),
            b'"' => self
                .string(if self.session.dialect == Dialect::MySql {
                    Slash::MySql
                } else {
                    Slash::Plain
                })
                .map(drop),
            b'`' => self.string(Slash::Plain).map(drop),
            b'$' => {
                if self.dollar_string()?.is_none() {
                    self.at += 1;
                }
                Ok(())
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }
}

/// Finds the first of two bytes. Most values are shorter than what makes a vector search pay: the first bytes are looked at
/// eight at a time.
#[inline]
fn find_quote(rest: &[u8], quote: u8, slash: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    // Marks the bytes that are zero; the lowest mark is exact.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    for (n, chunk) in rest.chunks_exact(8).take(4).enumerate() {
        let word = u64::from_le_bytes(chunk.try_into().expect("chunks of eight bytes"));
        let marks =
            zeros(word ^ (ONES * u64::from(quote))) | zeros(word ^ (ONES * u64::from(slash)));
        if marks != 0 {
            return Some(8 * n + marks.trailing_zeros() as usize / 8);
        }
    }
    let passed = rest.len().min(32) / 8 * 8;
    memchr2(quote, slash, &rest[passed..]).map(|n| passed + n)
}

/// Where in a routine's body the lexer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// No `BEGIN` yet: a delimiter ends it.
    Before,
    Inside,
    Semicolon,
    /// `; END`: a delimiter ends it.
    End,
}

impl Body {
    fn is_over(self) -> bool {
        matches!(self, Body::Before | Body::End)
    }

    fn word(self, word: &[u8]) -> Self {
        match self {
            Body::Before if word.eq_ignore_ascii_case(b"BEGIN") => Body::Inside,
            Body::Before => Body::Before,
            Body::Semicolon if word.eq_ignore_ascii_case(b"END") => Body::End,
            _ => Body::Inside,
        }
    }

    fn semicolon(self) -> Self {
        if self == Body::Before {
            self
        } else {
            Body::Semicolon
        }
    }

    fn other(self) -> Self {
        if self == Body::Before {
            self
        } else {
            Body::Inside
        }
    }
}

/// Words that begin a statement.
const VERBS: [&str; 34] = [
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DECLARE",
    "DELETE",
    "DELIMITER",
    "DROP",
    "EXEC",
    "EXECUTE",
    "GO",
    "GRANT",
    "IF",
    "INSERT",
    "LOCK",
    "PRAGMA",
    "PRINT",
    "PROMPT",
    "REM",
    "REPLACE",
    "REVOKE",
    "ROLLBACK",
    "SELECT",
    "SET",
    "START",
    "TRUNCATE",
    "UNLOCK",
    "UPDATE",
    "USE",
    "VACUUM",
];

/// Whether a word begins a statement.
pub(super) fn is_verb(word: &[u8]) -> bool {
    VERBS
        .iter()
        .any(|verb| word.eq_ignore_ascii_case(verb.as_bytes()))
}
