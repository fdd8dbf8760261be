//! From values to batches: the second half of reading a part.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use memchr::memchr3;

use super::catalog::Catalog;
use super::lexer::{Lexer, Slash};
use super::notes;
use super::statement::Target;
use super::value::{ESCAPES, EscapeSet, Form, HEX, PG_COPY, Value, is_hex};
use crate::format::prose::Prose;
use crate::format::{Batch, Cell, Item, Member, Sink, Table};
use crate::source::{Code, Fault};
use crate::text::{Encoding, Escape, is_shift_jis_trail, unescape};

/// Records of one batch.
const BATCH_ROWS: usize = 1024;
/// Bytes that one batch spans, unless one record does.
const BATCH_BYTES: usize = 16 << 20;
/// Longest run of hexadecimal digits that is given as it is when it is no text: a digest, not a picture.
const DIGEST_DIGITS: usize = 128;

/// Collects records of one table, and gives them to the sink.
pub(super) struct Rows<'a, 's, 'c> {
    bytes: &'a [u8],
    encoding: Encoding,
    catalog: &'c Catalog,
    several_databases: bool,
    sink: &'s mut Sink<'c>,
    /// What stands beside the rows.
    notes: Prose,
    target: Option<Arc<Target>>,
    /// The target's table with the columns it is known to have.
    named: Table,
    /// The same with as many columns as the records at hand.
    table: Table,
    cells: Vec<Cell>,
    n_rows: usize,
    /// The batch's range of the source.
    start: usize,
    end: usize,
    escapes: EscapeSet,
    /// Text that had to be decoded; the cells point into it when `is_rebuilt`.
    scratch: Vec<u8>,
    is_rebuilt: bool,
    hex: Vec<u8>,
}

impl<'a, 's, 'c> Rows<'a, 's, 'c> {
    pub(super) fn new(
        lexer: &Lexer<'a>,
        catalog: &'c Catalog,
        several_databases: bool,
        (notes, sink): (Prose, &'s mut Sink<'c>),
    ) -> Self {
        Self {
            notes,
            bytes: lexer.bytes,
            encoding: lexer.encoding,
            catalog,
            several_databases,
            sink,
            target: None,
            named: Table::default(),
            table: Table::default(),
            cells: Vec::new(),
            n_rows: 0,
            start: 0,
            end: 0,
            escapes: EscapeSet::MAX,
            scratch: Vec::new(),
            is_rebuilt: false,
            hex: Vec::new(),
        }
    }

    /// Takes the records of another table from here on.
    pub(super) fn open(&mut self, target: &Arc<Target>) -> ControlFlow<()> {
        if self
            .target
            .as_ref()
            .is_some_and(|old| Arc::ptr_eq(old, target))
        {
            return ControlFlow::Continue(());
        }
        self.target = Some(Arc::clone(target));
        let name = target.table_name(self.several_databases);
        let columns = self.catalog.told(target).into_iter().map(Some).collect();
        let named = Table {
            name,
            columns,
            ..Table::default()
        };
        if named == self.named {
            return ControlFlow::Continue(());
        }
        let flow = self.flush();
        self.table = named.clone();
        self.named = named;
        flow
    }

    /// Gives what may tell of people in a stretch between rows. What belongs together is given at once: where parts end must not show.
    pub(super) fn beside(&mut self, stretch: Range<usize>, changes: bool) -> ControlFlow<()> {
        let mut flow = ControlFlow::Continue(());
        // The end of the dump may be passed.
        let stretch = self.bytes.get(stretch).unwrap_or_default();
        notes::lines(stretch, changes, self.encoding, &mut |line| {
            if flow.is_continue() {
                flow = self.notes.line(line, self.sink);
            }
        });
        flow?;
        self.notes.flush(self.sink)
    }

    /// Gives a stretch that is no SQL as it stands.
    pub(super) fn noise(&mut self, stretch: Range<usize>) -> ControlFlow<()> {
        for line in self.bytes[stretch].split(|&byte| byte == b'\n') {
            let line = self.encoding.decode(line).0;
            self.notes.line(&line, self.sink)?;
        }
        self.notes.flush(self.sink)
    }

    /// Columns that the table is known to have; 0 when nothing says so.
    pub(super) fn n_columns(&self) -> usize {
        self.named.columns.len()
    }

    /// Adds a record: `values`, out of `start..end` of the source.
    pub(super) fn push(
        &mut self,
        start: usize,
        end: usize,
        values: &mut [Value],
    ) -> ControlFlow<()> {
        let mut escapes = EscapeSet::MAX;
        let mut has_expression = false;
        for value in &mut *values {
            if value.form == Form::Hex {
                value.form = self.hex_form(value);
            }
            match value.form {
                Form::Escaped(set) => escapes &= set,
                Form::Expression => has_expression = true,
                _ => {}
            }
        }
        let rebuilds = escapes == 0 || has_expression;
        let is_full = self.n_rows == BATCH_ROWS
            || end - self.start > BATCH_BYTES
            || self.scratch.len() > BATCH_BYTES;
        let differs = self.table.columns.len() != values.len() || rebuilds != self.is_rebuilt;
        if self.n_rows > 0 && (is_full || differs || (!rebuilds && self.escapes & escapes == 0)) {
            self.flush()?;
        }
        if self.n_rows == 0 {
            self.start = start;
            self.escapes = EscapeSet::MAX;
            self.is_rebuilt = rebuilds;
            if self.table.columns.len() != values.len() {
                self.table.columns.clone_from(&self.named.columns);
                self.table.columns.resize(values.len(), None);
            }
        }
        self.end = end;
        self.n_rows += 1;
        if rebuilds {
            self.rebuild(values);
        } else {
            self.escapes &= escapes;
            let base = self.start;
            self.cells
                .extend(values.iter().map(|value| match value.form {
                    Form::Null => Cell::ABSENT,
                    form => Cell::new(value.start - base, value.end - base, form != Form::Plain),
                }));
        }
        ControlFlow::Continue(())
    }

    /// Gives what was collected.
    pub(super) fn flush(&mut self) -> ControlFlow<()> {
        if self.n_rows == 0 {
            return ControlFlow::Continue(());
        }
        let escape = match self.escapes {
            _ if self.is_rebuilt => Escape::None,
            EscapeSet::MAX => Escape::None,
            set => ESCAPES[set.trailing_zeros() as usize],
        };
        let batch = Batch {
            table: &self.table,
            encoding: if self.is_rebuilt {
                Encoding::Utf8
            } else {
                self.encoding
            },
            escape,
            bytes: if self.is_rebuilt {
                &self.scratch
            } else {
                &self.bytes[self.start..self.end]
            },
            origin: (!self.is_rebuilt).then_some(self.start as u64),
            cells: &self.cells,
        };
        let flow = (self.sink)(Item::Batch(batch));
        self.cells.clear();
        self.scratch.clear();
        self.n_rows = 0;
        flow
    }

    /// Gives a member, behind the records before it.
    pub(super) fn member(&mut self, member: Member) -> ControlFlow<()> {
        self.flush()?;
        (self.sink)(Item::Member(member))
    }

    /// Gives a fault, behind the records before it.
    fn fault(&mut self, fault: Fault) -> ControlFlow<()> {
        self.flush()?;
        (self.sink)(Item::Fault(fault))
    }

    /// Reads the lines of `COPY` data from `at` up to `end` or the closing `\.`; gives where it stopped.
    pub(super) fn copy(
        &mut self,
        at: usize,
        end: usize,
        record_bytes: usize,
        limit: usize,
    ) -> Result<usize, ()> {
        let mut at = at;
        let mut values = Vec::new();
        while at < end {
            if self.bytes[at..].starts_with(b"\\.")
                && matches!(self.bytes.get(at + 2), None | Some(b'\r' | b'\n'))
            {
                return Ok(at);
            }
            let line_end = self.copy_line(at, limit, &mut values);
            let is_cut = line_end >= self.bytes.len();
            // A last line without its end is a record only if all its columns are there.
            let flow = if is_cut && values.len() != self.n_columns() {
                ControlFlow::Continue(())
            } else if line_end - at > record_bytes {
                let lost = format!("{} bytes", line_end - at);
                self.fault(Fault::at(Code::RecordTooLong, at as u64, lost))
            } else {
                self.push(at, line_end, &mut values)
            };
            if flow.is_break() {
                return Err(());
            }
            at = line_end + 1;
        }
        Ok(at)
    }

    /// Splits the line at `start` into values; gives the offset of its end.
    fn copy_line(&self, start: usize, limit: usize, values: &mut Vec<Value>) -> usize {
        values.clear();
        let (mut begin, mut at, mut escaped) = (start, start, false);
        loop {
            let found = memchr3(b'\t', b'\n', b'\\', &self.bytes[at..])
                .map_or(self.bytes.len(), |n| at + n);
            let byte = self.bytes.get(found).copied().unwrap_or(b'\n');
            if byte == b'\\' {
                let trails = self.encoding == Encoding::ShiftJis;
                let text = &self.bytes[begin..];
                let is_escape = !(trails && is_shift_jis_trail(text, found - begin));
                escaped |= is_escape;
                at = found + 1;
                // `\\` is one escape, so that its second half starts none.
                at += usize::from(is_escape && self.bytes.get(at) == Some(&b'\\'));
                continue;
            }
            let end = if byte == b'\n' && found > begin && self.bytes[found - 1] == b'\r' {
                found - 1
            } else {
                found
            };
            if values.len() < limit {
                values.push(copy_value(self.bytes, begin, end, escaped));
            }
            if byte == b'\n' {
                return found;
            }
            (begin, at, escaped) = (found + 1, found + 1, false);
        }
    }

    /// What hexadecimal digits are: text, a digest that is read as its digits, or nothing to read.
    fn hex_form(&mut self, value: &Value) -> Form {
        let digits = &self.bytes[value.start..value.end];
        if digits.is_empty() {
            return Form::Plain;
        }
        self.hex.clear();
        if is_hex(digits) {
            self.hex.extend(
                digits
                    .chunks_exact(2)
                    .map(|pair| hex_digit(pair[0]) << 4 | hex_digit(pair[1])),
            );
            let is_text = std::str::from_utf8(&self.hex)
                .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()));
            if is_text {
                return Form::Escaped(HEX);
            }
        }
        if digits.len() <= DIGEST_DIGITS {
            Form::Plain
        } else {
            Form::Null
        }
    }

    /// Decodes a record whose values no single escape reads.
    fn rebuild(&mut self, values: &[Value]) {
        let mut text = String::new();
        for value in values {
            let raw = &self.bytes[value.start..value.end];
            text.clear();
            match value.form {
                Form::Null => {
                    self.cells.push(Cell::ABSENT);
                    continue;
                }
                Form::Escaped(set) => {
                    unescape(
                        &decode(self.encoding, raw),
                        ESCAPES[set.trailing_zeros() as usize],
                        &mut text,
                    );
                }
                Form::Expression => text = evaluate(raw, self.encoding),
                Form::Plain | Form::Hex => text.push_str(&decode(self.encoding, raw)),
            }
            let start = self.scratch.len();
            self.scratch.extend_from_slice(text.as_bytes());
            self.cells.push(Cell::new(start, self.scratch.len(), false));
        }
    }
}

fn hex_digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

fn decode(encoding: Encoding, raw: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(text) => text.into(),
        Err(_) => encoding.decode(raw).0,
    }
}

fn copy_value(bytes: &[u8], start: usize, end: usize, escaped: bool) -> Value {
    if !escaped {
        return Value::plain(start, end);
    }
    let raw = &bytes[start..end];
    if raw == b"\\N" {
        return Value {
            start,
            end,
            form: Form::Null,
        };
    }
    // bytea
    if raw.starts_with(b"\\\\x") && is_hex(&raw[3..]) {
        return Value {
            start: start + 3,
            end,
            form: Form::Hex,
        };
    }
    Value {
        start,
        end,
        form: Form::Escaped(PG_COPY),
    }
}

/// The text that an expression gives: `replace(replace('…','\n',char(10)),'\r',char(13))` of the sqlite3 shell, or joined
/// `UNISTR('…')`, `U&'…'`, `'…'` and `CHR(n)`.
fn evaluate(raw: &[u8], encoding: Encoding) -> String {
    let mut lexer = Lexer {
        bytes: raw,
        at: 0,
        encoding,
        session: super::lexer::Session::new(super::lexer::Dialect::Sqlite),
    };
    let (mut base, mut from): (Option<String>, Option<String>) = (None, None);
    let (mut replaces, mut unicode, mut is_char) = (false, false, false);
    while let Some(byte) = lexer.peek() {
        if byte == b'\'' {
            let Ok(literal) = lexer.string(Slash::Plain) else {
                break;
            };
            let mut text = decode(encoding, &raw[literal.start..literal.end]).into_owned();
            if literal.doubled {
                text = text.replace("''", "'");
            }
            if unicode {
                text = unicode_escapes(&text);
                unicode = false;
            }
            match &mut base {
                None => base = Some(text),
                Some(_) if replaces => from = Some(text),
                Some(base) => base.push_str(&text),
            }
            continue;
        }
        let word = lexer.word();
        if word.is_empty() {
            lexer.at += 1;
            continue;
        }
        lexer.at += word.len();
        replaces |= word.eq_ignore_ascii_case(b"replace");
        unicode |= word.eq_ignore_ascii_case(b"unistr")
            || (word.eq_ignore_ascii_case(b"u") && lexer.peek() == Some(b'&'));
        let number = std::str::from_utf8(word)
            .ok()
            .and_then(|word| word.parse::<u32>().ok())
            .and_then(char::from_u32);
        if let (true, Some(number), Some(text)) = (is_char, number, base.as_mut()) {
            match from.take() {
                Some(from) if !from.is_empty() => *text = text.replace(&from, &number.to_string()),
                _ if !replaces => text.push(number),
                _ => {}
            }
        }
        is_char = word.eq_ignore_ascii_case(b"char") || word.eq_ignore_ascii_case(b"chr");
    }
    base.unwrap_or_default()
}

/// Undoes `\30B3`, `\u30b3`, `\+0030B3`, `\U000030B3` and `\\`.
fn unicode_escapes(text: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        units.extend(rest[..at].encode_utf16());
        rest = &rest[at + 1..];
        let (skip, n_digits) = match rest.as_bytes().first() {
            Some(b'u') => (1, 4),
            Some(b'+') => (1, 6),
            Some(b'U') => (1, 8),
            _ => (0, 4),
        };
        let code = rest
            .get(skip..skip + n_digits)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                match (u16::try_from(code), char::from_u32(code)) {
                    (Ok(unit), _) => units.push(unit),
                    (_, Some(c)) => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
                    _ => units.push(0xfffd),
                }
                rest = &rest[skip + n_digits..];
            }
            None => {
                units.push(u16::from(b'\\'));
                rest = rest.strip_prefix('\\').unwrap_or(rest);
            }
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}
