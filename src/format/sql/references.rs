//! Which columns a script says to hold the numbers of another table: `FOREIGN KEY (a) REFERENCES t (b)` in a `CREATE TABLE` or an `ALTER TABLE`, and
//! `REFERENCES t` behind a column.
//!
//! In: the text of such a statement. Out: its references. What is written otherwise is passed over: the reader of rows needs none of it.

use super::catalog::Catalog;
use super::lexer::{Lexer, Stop};
use super::statement::Target;

/// Bytes of a statement that is looked at.
const LONGEST: usize = 1 << 20;

/// A reference as a statement has it.
pub(super) struct Declared {
    pub(super) table: Target,
    pub(super) column: String,
    pub(super) of: Target,
    pub(super) to: Option<String>,
}

impl Lexer<'_> {
    /// The references in the statement that began at `start` and was passed.
    pub(super) fn references(&self, start: usize, out: &mut Catalog) {
        let Some(text) = self.bytes.get(start..self.at.min(start + LONGEST)) else {
            return;
        };
        let is_word = |word: &[u8]| word.eq_ignore_ascii_case(b"REFERENCES");
        let mut words = text.split(|byte| !byte.is_ascii_alphabetic());
        if !words.any(is_word) {
            return;
        }
        let mut inner = Lexer {
            bytes: text,
            at: 0,
            encoding: self.encoding,
            session: self.session.clone(),
        };
        // What cannot be read ends the references, not the dump.
        let _ = inner.declared(start, out);
    }

    fn declared(&mut self, start: usize, out: &mut Catalog) -> Result<(), Stop> {
        for word in ["CREATE", "ALTER", "TEMPORARY", "TEMP", "GLOBAL", "UNLOGGED"] {
            self.take_word(word)?;
        }
        if !self.take_word("TABLE")? {
            return Ok(());
        }
        for word in ["IF", "NOT", "EXISTS", "ONLY"] {
            self.take_word(word)?;
        }
        let Some(name) = self.name()? else {
            return Ok(());
        };
        let table = self.target(start, name);
        let (mut depth, mut column, mut from) = (0_u32, None, Vec::new());
        loop {
            self.skip_blank()?;
            let Some(byte) = self.peek() else {
                return Ok(());
            };
            let begins = matches!(byte, b'(' | b',') && depth <= 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b'\'' => {
                    self.string(self.session.slash())?;
                    continue;
                }
                b'`' | b'"' => {
                    self.identifier()?;
                    continue;
                }
                _ if self.word().is_empty() => {}
                _ => {
                    if self.take_word("FOREIGN")? {
                        from = self.foreign_key()?;
                    } else if self.take_word("REFERENCES")? {
                        let from = std::mem::take(&mut from);
                        let from = if from.is_empty() {
                            column.take().into_iter().collect()
                        } else {
                            from
                        };
                        self.referenced(start, &table, from, out)?;
                    } else if self.take_word("ADD")? {
                        self.take_word("COLUMN")?;
                        column = self.begun()?;
                    } else {
                        self.at += self.word().len();
                    }
                    continue;
                }
            }
            self.at += 1;
            if begins && depth == 1 {
                column = self.begun()?;
            }
        }
    }

    /// The column whose definition begins here, if one does.
    fn begun(&mut self) -> Result<Option<String>, Stop> {
        self.skip_blank()?;
        const OTHERS: [&str; 4] = ["CONSTRAINT", "FOREIGN", "ADD", "REFERENCES"];
        let word = String::from_utf8_lossy(self.word()).to_ascii_uppercase();
        let is_column = !OTHERS.contains(&&*word) && self.peek() != Some(b'(');
        if is_column {
            self.identifier()
        } else {
            Ok(None)
        }
    }

    /// `KEY [name] (a, b)`.
    fn foreign_key(&mut self) -> Result<Vec<String>, Stop> {
        self.take_word("KEY")?;
        if self.peek() != Some(b'(') {
            self.name()?;
        }
        Ok(self.listed()?.unwrap_or_default())
    }

    /// A list of names, if one stands here.
    fn listed(&mut self) -> Result<Option<Vec<String>>, Stop> {
        match self.peek() {
            Some(b'(') => self.columns(),
            _ => Ok(None),
        }
    }

    /// `t (b)` behind `REFERENCES`. Numbers of several columns stand for nobody alone.
    fn referenced(
        &mut self,
        start: usize,
        table: &Target,
        mut from: Vec<String>,
        out: &mut Catalog,
    ) -> Result<(), Stop> {
        let Some(name) = self.name()? else {
            return Ok(());
        };
        let to = self.listed()?.unwrap_or_default();
        if let (Some(column), true) = (from.pop(), from.is_empty()) {
            out.declare(Declared {
                table: table.clone(),
                column,
                of: self.target(start, name),
                to: to.into_iter().next(),
            });
        }
        Ok(())
    }
}
