//! Statements: which hold data, what they settle for later ones, and what is passed over.

use std::ops::Range;
use std::sync::Arc;

use super::catalog::Catalog;
use super::comments::commented;
use super::lexer::{Dialect, Lexer, Stop, is_verb};
use super::value::Value;

/// Where the records of a statement go: the table and columns as the statement names them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// Offset of the statement.
    pub at: usize,
    /// The name as written, without quotes.
    pub name: Vec<String>,
    /// The statement's own list of columns.
    pub columns: Option<Vec<String>>,
    pub database: Option<Arc<str>>,
    pub schema: Option<Arc<str>>,
    pub dialect: Dialect,
    /// Oracle's `INSERT ALL`: further `INTO … VALUES` may follow.
    pub all: bool,
}

/// What stands at the position after a statement was read.
pub(super) enum Step {
    /// The first name of `INSERT … SET a = 1, b = 2`, one record.
    Assignments(Arc<Target>),
    /// The first tuple's `(`.
    Tuples(Arc<Target>),
    /// The first line of `COPY` data.
    Copy(Arc<Target>),
    /// `COPY` data in another form: CSV, or with options.
    OtherCopy(Arc<Target>, Other),
    /// The next statement, after one that may hold values but no rows.
    Passed,
    /// The next statement.
    Next,
    /// The end.
    End,
}

/// Another form of `COPY` data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// Delimited text, with or without a header.
    Delimited {
        header: bool,
    },
    Binary,
}

/// The header of the last `INSERT`: dumps with a row per statement repeat it.
#[derive(Clone, Default)]
pub(super) struct Header(Option<(Range<usize>, Arc<Target>)>);

impl Target {
    /// Keys in the catalog, the most precise first: the full name in its database, the last part of the name in it.
    pub(super) fn keys(&self) -> [String; 2] {
        let database = self.database.as_deref().unwrap_or_default();
        let schema = self
            .schema
            .as_deref()
            .filter(|_| self.name.len() == 1)
            .map(|s| format!("{s}."))
            .unwrap_or_default();
        let full = format!("{database}\u{1}{schema}{}", self.name.join(".")).to_lowercase();
        let last = format!(
            "{database}\u{2}{}",
            self.name.last().map_or("", String::as_str)
        )
        .to_lowercase();
        [full, last]
    }

    /// The table's name in the report; `several` when the file holds more than one database.
    pub(super) fn table_name(&self, several: bool) -> String {
        let mut parts: Vec<&str> = self
            .name
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        if let (1, Some(schema)) = (parts.len(), self.schema.as_deref()) {
            parts.insert(0, schema);
        }
        let most = if matches!(self.dialect, Dialect::Postgres | Dialect::MsSql) {
            2
        } else {
            1
        };
        if let (true, true, Some(database)) =
            (several, parts.len() <= most, self.database.as_deref())
        {
            parts.insert(0, database);
        }
        parts.join(".")
    }
}

impl Lexer<'_> {
    /// Reads the next statement up to its data. Statements without data are passed; tables they create go to the catalog.
    pub(super) fn statement(
        &mut self,
        header: &mut Header,
        catalog: Option<&mut Catalog>,
    ) -> Result<Step, Stop> {
        self.skip_blank()?;
        if let Some((range, target)) = &header.0
            && self.rest().starts_with(&self.bytes[range.clone()])
            && self.bytes.get(self.at + range.len()) == Some(&b'(')
        {
            self.at += range.len();
            return Ok(Step::Tuples(Arc::clone(target)));
        }
        let Some(byte) = self.peek() else {
            return Ok(Step::End);
        };
        let start = self.at;
        if self.rest().starts_with(&self.session.delimiter) {
            self.at += self.session.delimiter.len();
            return Ok(Step::Next);
        }
        match byte {
            b'\\' => self.psql_command(header),
            b'/' | b'@' | b'.' => self.skip_line(),
            b';' | b')' | b'(' => self.at += 1,
            _ => return self.verb(start, header, catalog),
        }
        Ok(Step::Next)
    }

    fn verb(
        &mut self,
        start: usize,
        header: &mut Header,
        catalog: Option<&mut Catalog>,
    ) -> Result<Step, Stop> {
        let word = self.word().to_ascii_uppercase();
        match &word[..] {
            b"INSERT" | b"REPLACE" => return self.insert(start, header),
            b"COPY" => return self.copy(start),
            b"CREATE" => {
                *header = Header::default();
                self.create(start, catalog)?;
            }
            b"USE" => {
                *header = Header::default();
                self.at += word.len();
                self.skip_blank()?;
                if self.peek() == Some(b'[') {
                    self.session.dialect = Dialect::MsSql;
                }
                self.session.database = self.identifier()?.map(Arc::from);
                self.skip_statement_line()?;
            }
            b"ALTER" => {
                self.skip_statement(false)?;
                if let Some(catalog) = catalog {
                    self.references(start, catalog);
                }
            }
            b"COMMENT" => {
                self.comment_on(start, catalog)?;
                self.skip_statement(false)?;
            }
            b"SET" | b"SELECT" => {
                self.skip_statement(false)?;
                self.settle(start, header);
            }
            b"PRAGMA" => {
                self.session.dialect = Dialect::Sqlite;
                self.skip_statement(false)?;
            }
            b"DELIMITER" => self.delimiter(),
            b"GO" => {
                self.session.dialect = Dialect::MsSql;
                self.skip_line();
            }
            b"REM" | b"PROMPT" => {
                self.session.dialect = Dialect::Oracle;
                self.skip_line();
            }
            b"BEGIN" => {
                self.at += word.len();
                self.skip_statement_line()?;
            }
            b"UPDATE" | b"DELETE" | b"MERGE" | b"CALL" | b"WITH" | b"EXEC" | b"EXECUTE" => {
                self.skip_statement(false)?;
                return Ok(Step::Passed);
            }
            b"" => return Err(self.unknown_byte()),
            _ if is_verb(&word) || self.is_known_word(&word) => self.skip_statement(false)?,
            _ => return Err(Stop::Malformed(start)),
        }
        Ok(Step::Next)
    }

    /// Statements of one word more than the verbs, and what clients print into a dump.
    fn is_known_word(&self, word: &[u8]) -> bool {
        const WORDS: [&[u8]; 22] = [
            b"ABORT",
            b"ATTACH",
            b"CLUSTER",
            b"DBCC",
            b"DEALLOCATE",
            b"DETACH",
            b"DISABLE",
            b"DO",
            b"ENABLE",
            b"END",
            b"EXIT",
            b"EXPLAIN",
            b"FLUSH",
            b"QUIT",
            b"REFRESH",
            b"REINDEX",
            b"RELEASE",
            b"RENAME",
            b"RESET",
            b"SAVEPOINT",
            b"SECURITY",
            b"SPOOL",
        ];
        WORDS.contains(&word)
    }

    fn unknown_byte(&self) -> Stop {
        Stop::Malformed(self.at)
    }

    /// Passes the rest of a short statement: to its delimiter or the end of the line.
    fn skip_statement_line(&mut self) -> Result<(), Stop> {
        let rest = self.rest();
        let end = memchr::memchr2(b';', b'\n', rest).unwrap_or(rest.len());
        self.at += end;
        if self.rest().starts_with(&self.session.delimiter) {
            self.at += self.session.delimiter.len();
        }
        Ok(())
    }

    /// `\connect db`, `\restrict …` and other lines of psql.
    fn psql_command(&mut self, header: &mut Header) {
        self.session.dialect = Dialect::Postgres;
        let line_start = self.at;
        self.skip_line();
        let line = self.decode(&self.bytes[line_start..self.at.min(line_start + 1024)]);
        let mut words = line.split_whitespace();
        if matches!(words.next(), Some("\\connect" | "\\c")) {
            let name = words
                .find(|word| !word.starts_with('-'))
                .unwrap_or_default();
            let name = name.rsplit_once("dbname=").map_or(name, |(_, name)| name);
            self.session.database = Some(Arc::from(name.trim_matches(['"', '\''])));
            self.session.schema = None;
            *header = Header::default();
        }
    }

    fn delimiter(&mut self) {
        let start = self.at + "DELIMITER".len();
        self.skip_line();
        let word = self.bytes[start.min(self.at)..self.at].trim_ascii();
        if !word.is_empty() && word.len() <= 16 {
            self.session.delimiter = Arc::from(word);
        }
    }

    /// What a `SET` or `SELECT set_config(…)` that was passed settles.
    fn settle(&mut self, start: usize, header: &mut Header) {
        let text = &self.bytes[start..self.at.min(start + 512)];
        let text = String::from_utf8_lossy(text).to_lowercase();
        let value = |name: &str| {
            let rest = &text[text.find(name)? + name.len()..];
            let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "=',\"".contains(c));
            let rest = rest.strip_prefix("to ").unwrap_or(rest);
            let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "=',\"".contains(c));
            Some(
                rest.split(|c: char| c.is_whitespace() || "',\";)".contains(c))
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            )
        };
        if let Some(on) = value("standard_conforming_strings") {
            self.session.dialect = Dialect::Postgres;
            self.session.legacy_strings = on == "off";
        }
        if let Some(path) = value("search_path") {
            let default = matches!(
                &path[..],
                "" | "public" | "pg_catalog" | "false" | "true" | "$user"
            );
            self.session.schema = (!default).then(|| Arc::from(path));
            *header = Header::default();
        }
        if text.contains("sql_mode") && !text.contains("@old_sql_mode */") {
            self.session.plain_backslash = text.contains("no_backslash_escapes");
        }
    }

    pub(super) fn target(&self, at: usize, name: Vec<String>) -> Target {
        Target {
            at,
            name,
            columns: None,
            database: self.session.database.clone(),
            schema: self.session.schema.clone(),
            dialect: self.session.dialect,
            all: false,
        }
    }

    /// `INSERT … VALUES`: to the first tuple.
    fn insert(&mut self, start: usize, header: &mut Header) -> Result<Step, Stop> {
        self.at += self.word().len();
        self.skip_blank()?;
        let mut all = false;
        loop {
            let word = self.word().to_ascii_uppercase();
            match &word[..] {
                b"ALL" | b"FIRST" => all = true,
                b"OR" => {
                    self.take_word("OR")?;
                    self.at += self.word().len();
                    self.skip_blank()?;
                    continue;
                }
                b"INTO" | b"IGNORE" | b"LOW_PRIORITY" | b"HIGH_PRIORITY" | b"DELAYED"
                | b"OVERWRITE" | b"TABLE" => {}
                _ => break,
            }
            self.at += word.len();
            self.skip_blank()?;
        }
        if self.peek() == Some(b'[') && self.session.dialect == Dialect::Unknown {
            self.session.dialect = Dialect::MsSql;
        }
        if self.peek() == Some(b'`') {
            self.session.dialect = Dialect::MySql;
        }
        self.into(start, all, header)
    }

    /// Behind `INSERT INTO`: name, columns, `VALUES`.
    fn into(&mut self, start: usize, all: bool, header: &mut Header) -> Result<Step, Stop> {
        let Some(name) = self.name()? else {
            return Err(self.malformed());
        };
        let mut target = Target {
            all,
            ..self.target(start, name)
        };
        loop {
            let word = self.word().to_ascii_uppercase();
            match (&word[..], self.peek()) {
                (b"VALUES" | b"VALUE", _) => break,
                (b"PARTITION", _) => {
                    self.take_word("PARTITION")?;
                    self.columns()?;
                }
                (b"AS" | b"OVERRIDING" | b"SYSTEM" | b"USER", _) => {
                    self.at += word.len();
                    self.skip_blank()?;
                }
                (b"SET", _) => {
                    self.take_word("SET")?;
                    return Ok(Step::Assignments(Arc::new(target)));
                }
                (b"", Some(b'(')) if target.columns.is_none() => match self.columns()? {
                    // `INSERT INTO t () VALUES (…)`: a list that was left out.
                    Some(columns) if columns.is_empty() => {}
                    Some(columns) => target.columns = Some(columns),
                    None => return self.no_rows(),
                },
                (b"", None) => return Err(Stop::Truncated),
                _ => return self.no_rows(),
            }
        }
        self.at += self.word().len();
        self.skip_blank()?;
        self.take_word("ROW")?;
        if self.peek() != Some(b'(') {
            return Err(self.malformed());
        }
        let target = Arc::new(target);
        if !all {
            header.0 = Some((start..self.at, Arc::clone(&target)));
        }
        Ok(Step::Tuples(target))
    }

    /// `INSERT … SELECT`, `INSERT … DEFAULT VALUES`.
    fn no_rows(&mut self) -> Result<Step, Stop> {
        self.skip_statement(false)?;
        Ok(Step::Passed)
    }

    /// `COPY` of a query, or to and from a file: nothing that was leaked stands in it.
    fn no_data(&mut self) -> Result<Step, Stop> {
        self.skip_statement(false)?;
        Ok(Step::Next)
    }

    /// Reads `(a, b, c)`; `None` when it is no list of names.
    pub(super) fn columns(&mut self) -> Result<Option<Vec<String>>, Stop> {
        let mut columns = Vec::new();
        self.take_byte(b'(')?;
        if self.take_byte(b')')? {
            return Ok(Some(columns));
        }
        loop {
            let word = self.word();
            if columns.is_empty()
                && (word.eq_ignore_ascii_case(b"SELECT") || word.eq_ignore_ascii_case(b"WITH"))
            {
                return Ok(None);
            }
            let Some(mut name) = self.name()? else {
                return Err(self.malformed());
            };
            columns.extend(name.pop());
            if self.take_byte(b')')? {
                return Ok(Some(columns));
            }
            if !self.take_byte(b',')? {
                return Err(self.malformed());
            }
        }
    }

    /// Reads `a = 1, b = 2` up to what ends the statement: the target with these columns, and the values.
    pub(super) fn assignments(
        &mut self,
        target: &Target,
        limit: usize,
        values: &mut Vec<Value>,
    ) -> Result<Arc<Target>, Stop> {
        let mut columns = Vec::new();
        values.clear();
        loop {
            let Some(mut name) = self.name()? else {
                return Err(self.malformed());
            };
            if !self.take_byte(b'=')? {
                return Err(self.malformed());
            }
            let value = self.assigned()?;
            if values.len() < limit {
                columns.extend(name.pop());
                values.push(value);
            }
            self.skip_blank()?;
            if !self.take_byte(b',')? {
                break;
            }
        }
        Ok(Arc::new(Target {
            columns: Some(columns),
            ..target.clone()
        }))
    }

    /// Behind a tuple: the next tuple's `(`, or the statement's end.
    pub(super) fn after_tuple(
        &mut self,
        target: &Arc<Target>,
        header: &mut Header,
    ) -> Result<Step, Stop> {
        self.skip_blank()?;
        let Some(byte) = self.peek() else {
            return Ok(Step::End);
        };
        if byte == b',' {
            self.at += 1;
            self.skip_blank()?;
            self.take_word("ROW")?;
            if self.peek() == Some(b'(') {
                return Ok(Step::Tuples(Arc::clone(target)));
            }
            return Err(self.malformed());
        }
        let word = self.word();
        if target.all && word.eq_ignore_ascii_case(b"INTO") {
            let start = self.at;
            self.take_word("INTO")?;
            return self.into(start, true, header);
        }
        if word.is_empty() {
            if byte != b';' && byte != b'/' && !self.rest().starts_with(&self.session.delimiter) {
                return Err(self.malformed());
            }
        } else if target.all || !is_verb(word) {
            // `ON DUPLICATE KEY UPDATE`, `RETURNING`, `AS new`.
            self.skip_statement(false)?;
        }
        Ok(Step::Next)
    }

    /// `COPY t (a, b) FROM stdin;`: to the first line of data.
    fn copy(&mut self, start: usize) -> Result<Step, Stop> {
        self.at += "COPY".len();
        self.skip_blank()?;
        if self.peek() == Some(b'(') {
            return self.no_data();
        }
        let Some(name) = self.name()? else {
            return Err(self.malformed());
        };
        let columns = if self.peek() == Some(b'(') {
            self.columns()?
        } else {
            None
        };
        if !self.take_word("FROM")? || !self.take_word("STDIN")? {
            return self.no_data();
        }
        self.session.dialect = Dialect::Postgres;
        let options = self.at;
        self.skip_statement(false)?;
        let options = self.bytes[options..self.at].to_ascii_uppercase();
        let target = Target {
            columns,
            ..self.target(start, name)
        };
        let terminated = options.ends_with(b";");
        self.skip_line();
        if !terminated || self.at >= self.bytes.len() {
            return Err(Stop::Truncated);
        }
        let has = |option: &[u8]| memchr::memmem::find(&options, option).is_some();
        let header = has(b"HEADER") && !has(b"HEADER FALSE") && !has(b"HEADER OFF");
        if has(b"BINARY") {
            return Ok(Step::OtherCopy(Arc::new(target), Other::Binary));
        }
        if [&b"CSV"[..], b"DELIMITER", b"NULL"].into_iter().any(has) {
            return Ok(Step::OtherCopy(
                Arc::new(target),
                Other::Delimited { header },
            ));
        }
        Ok(Step::Copy(Arc::new(target)))
    }

    /// `CREATE …`: tables go to the catalog, a database becomes the current one of MySQL, routines are passed whole.
    fn create(&mut self, start: usize, catalog: Option<&mut Catalog>) -> Result<(), Stop> {
        self.at += "CREATE".len();
        // `CREATE GLOBAL TEMPORARY TABLE`, `CREATE DEFINER=… PROCEDURE`: the noun stands among the next few words.
        for _ in 0..12 {
            self.skip_blank()?;
            let word = self.word().to_ascii_uppercase();
            match &word[..] {
                b"TABLE" => {
                    self.at += word.len();
                    return self.create_table(start, catalog);
                }
                b"DATABASE" => break,
                b"PROCEDURE" | b"PROC" | b"FUNCTION" | b"TRIGGER" | b"EVENT" | b"PACKAGE"
                | b"TYPE" => {
                    return self.skip_routine();
                }
                b"VIEW" if self.session.dialect == Dialect::MsSql => return self.skip_routine(),
                b"VIEW" | b"INDEX" | b"SCHEMA" | b"SEQUENCE" | b"EXTENSION" | b"USER" | b"ROLE" => {
                    break;
                }
                b"" if matches!(self.peek(), Some(b'\'' | b'"' | b'`' | b'[')) => {
                    self.identifier()?;
                }
                b"" if matches!(self.peek(), None | Some(b'(' | b';')) => break,
                b"" => self.at += 1,
                _ => self.at += word.len(),
            }
        }
        self.skip_statement(false)
    }

    fn skip_routine(&mut self) -> Result<(), Stop> {
        let line_end: &[u8] = match self.session.dialect {
            Dialect::MsSql => b"GO",
            Dialect::Oracle => b"/",
            Dialect::Postgres => return self.skip_statement(true),
            _ => return self.skip_statement(true),
        };
        while self.at < self.bytes.len() {
            let start = self.at;
            self.skip_line();
            if self.bytes[start..self.at]
                .trim_ascii()
                .eq_ignore_ascii_case(line_end)
            {
                break;
            }
        }
        Ok(())
    }

    fn create_table(&mut self, start: usize, catalog: Option<&mut Catalog>) -> Result<(), Stop> {
        self.skip_blank()?;
        if self.take_word("IF")? {
            self.take_word("NOT")?;
            self.take_word("EXISTS")?;
        }
        if self.peek() == Some(b'`') {
            self.session.dialect = Dialect::MySql;
        }
        if self.peek() == Some(b'[') && self.session.dialect == Dialect::Unknown {
            self.session.dialect = Dialect::MsSql;
        }
        let Some(name) = self.name()? else {
            return Err(self.malformed());
        };
        let target = self.target(start, name);
        if self.take_byte(b'(')? {
            let columns = self.column_definitions()?;
            if let (Some(catalog), false) = (catalog, columns.is_empty()) {
                catalog.add(&target, columns);
                self.references(start, catalog);
            }
        }
        self.skip_statement(false)
    }

    /// The names of the columns in a `CREATE TABLE`; the position is behind its `(`, and behind its `)` afterwards.
    fn column_definitions(&mut self) -> Result<Vec<String>, Stop> {
        let mut columns = Vec::new();
        loop {
            let quoted = matches!(self.peek(), Some(b'`' | b'"' | b'[' | b'\''));
            let name = self.identifier()?;
            self.skip_blank()?;
            match name {
                Some(name) if quoted || !self.is_constraint(&name) => columns.push(name),
                _ => {}
            }
            let mut comment = None;
            let more = self.skip_definition(&mut comment)?;
            if let (Some(comment), Some(name)) = (comment, columns.last_mut()) {
                *name = commented(name, &comment);
            }
            if !more {
                return Ok(columns);
            }
        }
    }

    /// Whether a bare first word makes a line of a `CREATE TABLE` something else than a column.
    fn is_constraint(&self, word: &str) -> bool {
        let mysql = matches!(self.session.dialect, Dialect::MySql);
        match &word.to_ascii_uppercase()[..] {
            "CONSTRAINT" | "PRIMARY" | "FOREIGN" | "UNIQUE" | "CHECK" | "EXCLUDE" | "LIKE" => true,
            "KEY" | "INDEX" | "FULLTEXT" | "SPATIAL" | "PERIOD" => mysql,
            _ => false,
        }
    }

    /// Passes the rest of a definition, and takes the text of its `COMMENT`; false at the end of the list.
    fn skip_definition(&mut self, comment: &mut Option<String>) -> Result<bool, Stop> {
        let mut depth = 0_u32;
        loop {
            self.skip_blank()?;
            let Some(byte) = self.peek() else {
                return Err(Stop::Truncated);
            };
            match byte {
                b'(' => depth += 1,
                b')' if depth == 0 => {
                    self.at += 1;
                    return Ok(false);
                }
                b')' => depth -= 1,
                b',' if depth == 0 => {
                    self.at += 1;
                    self.skip_blank()?;
                    return Ok(true);
                }
                b';' => return Err(Stop::Malformed(self.at)),
                b'\'' => {
                    self.string(self.session.slash())?;
                    continue;
                }
                b'`' | b'"' | b'['
                    // `int[]`, `DEFAULT ARRAY['a']`
                    if (byte != b'['
                        || !matches!(
                            self.bytes.get(self.at + 1),
                            Some(b']' | b'\'' | b'0'..=b'9')
                        ))
                    => {
                        self.identifier()?;
                        continue;
                    }
                b'C' | b'c' if depth == 0 && self.word().eq_ignore_ascii_case(b"COMMENT") => {
                    self.take_word("COMMENT")?;
                    if self.peek() == Some(b'\'') {
                        *comment = Some(self.comment_text()?);
                    }
                    continue;
                }
                b'A'..=b'Z' | b'a'..=b'z' => {
                    self.at += self.word().len().max(1);
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}
