//! Values of one tuple: from `(` to `)`.
//!
//! A value keeps the range of its text in the source and says how that text is escaped; nothing is decoded here.

use memchr::memchr;

use super::lexer::{Dialect, Lexer, Literal, Slash, Stop};
use crate::text::Escape;

/// A set of escapes under any of which a value's text reads right.
pub(super) type EscapeSet = u8;

/// The escapes of the sets, by bit.
pub(super) const ESCAPES: [Escape; 7] = [
    Escape::Doubled(b'\''),
    Escape::Doubled(b'"'),
    Escape::MySql(b'\''),
    Escape::MySql(b'"'),
    Escape::PgString,
    Escape::PgCopy,
    Escape::Hex,
];

const DOUBLED_SINGLE: EscapeSet = 1 << 0;
const DOUBLED_DOUBLE: EscapeSet = 1 << 1;
const MYSQL_SINGLE: EscapeSet = 1 << 2;
const MYSQL_DOUBLE: EscapeSet = 1 << 3;
const PG_STRING: EscapeSet = 1 << 4;
pub(super) const PG_COPY: EscapeSet = 1 << 5;
pub(super) const HEX: EscapeSet = 1 << 6;

/// How a value stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Null,
    /// As it is.
    Plain,
    /// Escaped in one of these ways.
    Escaped(EscapeSet),
    /// Hexadecimal digits of bytes that may be text.
    Hex,
    /// An expression that gives text: `replace('…','\n',char(10))`, `UNISTR('…')`, `U&'…'`.
    Expression,
}

/// One value: a range of the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub start: usize,
    pub end: usize,
    pub form: Form,
}

impl Value {
    pub(super) fn plain(start: usize, end: usize) -> Self {
        Self {
            start,
            end,
            form: Form::Plain,
        }
    }
}

/// Brackets in brackets of one value; deeper ones are not SQL that anybody wrote.
const DEPTH: u32 = 1_000;

impl<'a> Lexer<'a> {
    /// Reads a tuple; the position is at its `(`, and behind its `)` afterwards. At most `limit` values are kept; the number
    /// of all is returned.
    pub(super) fn tuple(&mut self, limit: usize, values: &mut Vec<Value>) -> Result<usize, Stop> {
        values.clear();
        self.at += 1;
        let mut n_values = 0;
        loop {
            while self.peek() == Some(b' ') {
                self.at += 1;
            }
            let value = self.value()?;
            n_values += 1;
            if values.len() < limit {
                values.push(value);
            }
            let end = self.peek();
            self.at += 1;
            match end {
                Some(b',') => {}
                Some(b')') => return Ok(n_values),
                _ => return Err(Stop::Truncated),
            }
        }
    }

    /// Reads a value; the position is at the `,` or `)` behind it afterwards. The usual forms are read in place.
    #[inline]
    fn value(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        match self.peek() {
            None => return Err(Stop::Truncated),
            Some(b'\'') => {
                let literal = self.string(self.session.slash())?;
                if matches!(self.peek(), Some(b',' | b')')) {
                    return Ok(self.string_value(&literal));
                }
            }
            Some(b'0'..=b'9' | b'-' | b'.') => {
                let n = self.rest()[1..]
                    .iter()
                    .take_while(|b| b.is_ascii_digit() || **b == b'.')
                    .count();
                self.at += 1 + n;
                if matches!(self.peek(), Some(b',' | b')')) {
                    return Ok(Value::plain(start, self.at));
                }
            }
            Some(b'N' | b'n')
                if self.rest().len() > 4 && self.rest()[..4].eq_ignore_ascii_case(b"NULL") =>
            {
                self.at += 4;
                if matches!(self.peek(), Some(b',' | b')')) {
                    return Ok(Value {
                        start,
                        end: start,
                        form: Form::Null,
                    });
                }
            }
            _ => {}
        }
        self.at = start;
        self.expression()
    }

    /// Reads the value of an assignment (`a = 'x'`); what ends it is not passed.
    pub(super) fn assigned(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'\'' | b'"' => {
                    let is_hex = self.bytes[start..self.at].eq_ignore_ascii_case(b"x");
                    let literal = self.string(self.session.slash())?;
                    let mut value = self.string_value(&literal);
                    if is_hex {
                        value.form = Form::Hex;
                    }
                    return Ok(value);
                }
                b'(' => self.skip_brackets()?,
                // `_binary 'x'`
                b' ' if self.bytes[start] == b'_'
                    && self.rest().trim_ascii_start().starts_with(b"'") =>
                {
                    self.skip_blank()?;
                }
                b',' | b';' => break,
                byte if byte.is_ascii_whitespace() => break,
                _ => self.at += 1,
            }
        }
        let text = &self.bytes[start..self.at];
        if text.is_empty()
            || text.eq_ignore_ascii_case(b"NULL")
            || text.eq_ignore_ascii_case(b"DEFAULT")
        {
            return Ok(Value {
                start,
                end: start,
                form: Form::Null,
            });
        }
        match text.strip_prefix(b"0x") {
            Some(_) => Ok(Value {
                start: start + 2,
                end: self.at,
                form: Form::Hex,
            }),
            None => Ok(Value::plain(start, self.at)),
        }
    }

    /// Passes brackets and what stands in them.
    fn skip_brackets(&mut self) -> Result<(), Stop> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            self.skip_token(byte)?;
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(Stop::Truncated)
    }

    fn string_value(&self, literal: &Literal) -> Value {
        let Literal {
            start,
            end,
            doubled,
            slashed,
            slash,
            quote,
        } = *literal;
        if !doubled && !slashed {
            let pg = self.session.dialect == Dialect::Postgres;
            if pg
                && self.bytes[start..end].starts_with(b"\\x")
                && is_hex(&self.bytes[start + 2..end])
            {
                return Value {
                    start: start + 2,
                    end,
                    form: Form::Hex,
                };
            }
            return Value::plain(start, end);
        }
        let single = quote == b'\'';
        let mysql = if single { MYSQL_SINGLE } else { MYSQL_DOUBLE };
        let standard = if single {
            DOUBLED_SINGLE
        } else {
            DOUBLED_DOUBLE
        };
        let set = match (slashed, slash) {
            (true, Slash::Postgres) => PG_STRING,
            (true, _) => mysql,
            (false, _) if memchr(b'\\', &self.bytes[start..end]).is_none() => {
                standard | mysql | if single { PG_STRING } else { 0 }
            }
            // A backslash that is not escaping (or a trail byte) reads right only where it escapes nothing; trail bytes
            // are gone once decoded.
            (false, Slash::MySql) => mysql,
            (false, Slash::Postgres) => PG_STRING,
            (false, _) => standard,
        };
        Value {
            start,
            end,
            form: Form::Escaped(set),
        }
    }

    /// Reads any other value: a literal with a prefix, a function call, a sum.
    ///
    /// The first string literal in it is the value (`to_date('2020-01-31','YYYY-MM-DD')`, `CAST(N'…' AS DateTime)`); if
    /// several are joined, the text from the first to the last; without any, the text itself.
    fn expression(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        let mut found = Found::default();
        let mut depth = 0_u32;
        loop {
            let behind = self.at;
            self.skip_blank()?;
            let Some(byte) = self.peek() else {
                return Err(Stop::Truncated);
            };
            let adjacent = behind == self.at;
            match byte {
                b',' | b')' if depth == 0 => return Ok(self.found_value(&found, start, behind)),
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'(' | b'[' | b'{' if depth < DEPTH => {
                    found.arguments += u32::from(byte == b'[');
                    depth += 1;
                    found.open.get_or_insert(self.at + 1);
                }
                b'(' | b'[' | b'{' | b';' => return Err(Stop::Malformed(self.at)),
                b'\'' | b'"' | b'$' if self.literal(byte, adjacent, depth, &mut found)? => continue,
                b'|' | b'+' => found.joined |= found.n_literals > 0,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'@' | 0x80.. => {
                    self.expression_word(depth, &mut found)?;
                    continue;
                }
                b'0'..=b'9' if adjacent && self.rest().starts_with(b"0x") => {
                    found.prefix = b"";
                    self.at += 2;
                    let digits = self
                        .rest()
                        .iter()
                        .take_while(|b| b.is_ascii_hexdigit())
                        .count();
                    found.hex.get_or_insert((self.at, self.at + digits));
                    self.at += digits;
                    continue;
                }
                _ => {}
            }
            found.prefix = b"";
            found.after_literal &= !matches!(byte, b'|' | b'+' | b':' | b'-' | b'/' | b'(');
            self.at += 1;
        }
    }

    /// Reads a string literal inside an expression; false if none begins here.
    fn literal(
        &mut self,
        byte: u8,
        adjacent: bool,
        depth: u32,
        found: &mut Found<'a>,
    ) -> Result<bool, Stop> {
        let at = self.at;
        let prefix = if adjacent { found.prefix } else { b"" };
        let (literal, form) = match (byte, prefix) {
            (b'$', _) => {
                let Some(literal) = self.dollar_string()? else {
                    return Ok(false);
                };
                (literal, Form::Plain)
            }
            (b'\'', b"q" | b"Q" | b"nq" | b"NQ" | b"Nq" | b"nQ") => {
                (self.oracle_string()?, Form::Plain)
            }
            (b'\'', b"x" | b"X") => (self.string(Slash::Plain)?, Form::Hex),
            (b'\'', b"e" | b"E") => {
                let literal = self.string(Slash::Postgres)?;
                (literal, self.string_value(&literal).form)
            }
            (b'\'', b"u&" | b"U&") => (self.string(Slash::Plain)?, Form::Expression),
            _ => {
                let plain = byte == b'"' && self.session.dialect == Dialect::Postgres;
                let literal = self.string(if plain {
                    Slash::Plain
                } else {
                    self.session.slash()
                })?;
                let value = self.string_value(&literal);
                (
                    Literal {
                        start: value.start,
                        ..literal
                    },
                    value.form,
                )
            }
        };
        if found.after_literal && depth == 0 {
            if self.session.dialect != Dialect::MySql {
                return Err(Stop::Malformed(at));
            }
            found.joined = true;
        }
        let value = Value {
            start: literal.start,
            end: literal.end,
            form,
        };
        found.first.get_or_insert(value);
        found.last_end = literal.end;
        found.n_literals += 1;
        found.after_literal = depth == 0;
        found.prefix = b"";
        Ok(true)
    }

    /// Oracle's `q'[…]'`: the position is at the quote.
    fn oracle_string(&mut self) -> Result<Literal, Stop> {
        let Some(&open) = self.bytes.get(self.at + 1) else {
            return Err(Stop::Truncated);
        };
        let close = match open {
            b'[' => b']',
            b'(' => b')',
            b'{' => b'}',
            b'<' => b'>',
            other => other,
        };
        let start = self.at + 2;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(found) = memchr::memmem::find(rest, &[close, b'\'']) else {
            return Err(Stop::Truncated);
        };
        self.at = start + found + 2;
        Ok(Literal {
            start,
            end: start + found,
            doubled: false,
            slashed: false,
            slash: Slash::Plain,
            quote: b'\'',
        })
    }

    fn expression_word(&mut self, depth: u32, found: &mut Found<'a>) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.rest();
        let n = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'@' | 0x80..))
            .count();
        let unicode = rest[n..].starts_with(b"&'") && rest[..n].eq_ignore_ascii_case(b"u");
        let word = &rest[..n + usize::from(unicode)];
        // A missing quote or bracket shows when the next statement begins.
        let verb = word.eq_ignore_ascii_case(b"INSERT") || word.eq_ignore_ascii_case(b"CREATE");
        if (verb && depth == 0 && self.at_line_start())
            || (found.after_literal && depth == 0 && !follows_literal(word))
        {
            return Err(Stop::Malformed(start));
        }
        found.after_literal = false;
        found.name = found.name.or(Some(word));
        found.prefix = word;
        self.at += word.len();
        Ok(())
    }

    /// The value that an expression gives.
    fn found_value(&self, found: &Found<'a>, start: usize, end: usize) -> Value {
        let expression = Value {
            start,
            end,
            form: Form::Expression,
        };
        let is = |name: &str| {
            found
                .name
                .is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
        };
        if let Some(first) = found.first {
            let several = found.n_literals > 1;
            return match first.form {
                Form::Expression => expression,
                _ if is("UNISTR") || (several && is("REPLACE")) => expression,
                _ if several && (found.joined || found.arguments > 0 || is("CONCAT")) => {
                    Value::plain(first.start, found.last_end)
                }
                _ => first,
            };
        }
        if let Some((start, end)) = found.hex.filter(|_| found.open.is_none()) {
            return Value {
                start,
                end,
                form: Form::Hex,
            };
        }
        let text = &self.bytes[start..end];
        if text.eq_ignore_ascii_case(b"NULL")
            || text.eq_ignore_ascii_case(b"DEFAULT")
            || text.is_empty()
        {
            return Value {
                start,
                end: start,
                form: Form::Null,
            };
        }
        match found.open {
            // `CAST(1200.00 AS Decimal(10, 2))`
            Some(open) if is("CAST") => {
                let n = self.bytes[open..end]
                    .iter()
                    .take_while(|b| !b.is_ascii_whitespace())
                    .count();
                match &self.bytes[open..open + n] {
                    b"NULL" => Value {
                        start,
                        end: start,
                        form: Form::Null,
                    },
                    _ => Value::plain(open, open + n),
                }
            }
            _ => Value::plain(start, end),
        }
    }
}

/// What an expression was seen to hold.
#[derive(Default)]
struct Found<'a> {
    first: Option<Value>,
    last_end: usize,
    n_literals: u32,
    /// `||`, `+`, or one literal behind another.
    joined: bool,
    /// Square brackets: `ARRAY['a','b']`.
    arguments: u32,
    after_literal: bool,
    /// The word right before the position.
    prefix: &'a [u8],
    /// The first word.
    name: Option<&'a [u8]>,
    /// Behind the first bracket.
    open: Option<usize>,
    hex: Option<(usize, usize)>,
}

/// Words that may stand behind a literal.
fn follows_literal(word: &[u8]) -> bool {
    const WORDS: [&str; 13] = [
        "AS", "AT", "COLLATE", "DAY", "HOUR", "MINUTE", "MONTH", "SECOND", "YEAR", "TO", "ESCAPE",
        "IS", "FORMAT",
    ];
    WORDS
        .iter()
        .any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
}

/// Whether all bytes are pairs of hexadecimal digits.
pub(super) fn is_hex(digits: &[u8]) -> bool {
    digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
}
