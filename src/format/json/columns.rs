//! A JSON document that is written column by column: `{"name": ["…", "…"], "email": ["…", "…"]}`, or as pandas does by default,
//! `{"name": {"0": "…", "1": "…"}, "email": {…}}`.
//!
//! In: a document whose only members are lists of scalars, all equally long, or objects whose keys count from 0. Out: its rows. Every column
//! has a place of its own in the text, and they go on together: nothing is kept but the rows of one batch.

use std::ops::ControlFlow;

use super::super::{Batch, Cell, Item, Reader, Shape, Sink, Table};
use super::Json;
use super::token::{Scalar, Stop, Tokens};
use crate::source::{Code, Fault};
use crate::text::{Escape, unescape};

/// Rows of a batch.
const ROWS: usize = 1024;
/// Two lists alone may be any two lists: they are columns from so many elements on.
const OF_TWO: u64 = 10;

/// The document.
pub(super) struct Columns<'a> {
    json: Json<'a>,
    table: Table,
    /// Where the first value of each column begins: its key, in objects.
    starts: Vec<usize>,
    rows: u64,
    /// Whether columns are objects.
    keyed: bool,
}

impl<'a> Columns<'a> {
    /// The document, as it was surveyed.
    pub(super) fn new(json: Json<'a>, found: Survey<'a>) -> Self {
        let columns = found.names.iter().map(|key| {
            let mut name = String::new();
            unescape(&json.encoding.decode(key).0, Escape::Json, &mut name);
            Some(name).filter(|name| !name.is_empty())
        });
        let table = Table {
            name: json.stem.clone(),
            columns: columns.collect(),
            shape: Shape::Rows,
        };
        Self {
            json,
            table,
            starts: found.starts,
            rows: found.rows,
            keyed: found.keyed,
        }
    }

    /// The next value of a column.
    fn next(&self, tokens: &mut Tokens<'_>) -> Result<Scalar, Stop> {
        if self.keyed {
            tokens.key()?;
        }
        let value = tokens.scalar()?;
        tokens.take(b',')?;
        Ok(value)
    }

    fn give(&self, sink: &mut Sink<'_>) -> Result<ControlFlow<()>, Stop> {
        let bytes = self.json.bytes;
        let mut cursors: Vec<Tokens<'_>> = self
            .starts
            .iter()
            .map(|&at| self.json.tokens(bytes, at))
            .collect();
        let (mut text, mut cells) = (Vec::new(), Vec::new());
        let most = self.json.limits.record_bytes.min(1 << 30);
        for row in 1..=self.rows {
            for cursor in &mut cursors {
                let value = self.next(cursor)?;
                // A value of more bytes than a record may have is left out, as elsewhere it is cut.
                if value.null || value.end - value.start > most {
                    cells.push(Cell::ABSENT);
                    continue;
                }
                let start = text.len();
                text.extend_from_slice(&bytes[value.start..value.end]);
                cells.push(Cell::new(start, text.len(), value.escaped));
            }
            if row == self.rows || row.is_multiple_of(ROWS as u64) || text.len() > most {
                let batch = Batch {
                    table: &self.table,
                    encoding: self.json.encoding,
                    escape: Escape::Json,
                    bytes: &text,
                    origin: None,
                    cells: &cells,
                };
                if sink(Item::Batch(batch)).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                text.clear();
                cells.clear();
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Reader for Columns<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        // The document was surveyed: only one that changes while it is read can stop.
        match self.give(sink) {
            Ok(_) => Ok(()),
            Err(_) => Err(Fault::whole(
                Code::Malformed,
                "the rows behind the last one given",
            )),
        }
    }
}

/// What a document of columns has.
pub(super) struct Survey<'a> {
    names: Vec<&'a [u8]>,
    starts: Vec<usize>,
    rows: u64,
    keyed: bool,
}

/// Looks at a whole document, or at as much of it as shows that it is none of columns.
pub(super) fn survey<'a>(json: &Json<'a>) -> Option<Survey<'a>> {
    members(json).ok().flatten()
}

fn members<'a>(json: &Json<'a>) -> Result<Option<Survey<'a>>, Stop> {
    let mut tokens = json.tokens(json.bytes, json.start);
    let mut found = Survey {
        names: Vec::new(),
        starts: Vec::new(),
        rows: 0,
        keyed: false,
    };
    if !tokens.take(b'{')? {
        return Ok(None);
    }
    loop {
        let name = tokens.key()?;
        let keyed = match tokens.peek()? {
            b'{' => true,
            b'[' => false,
            _ => return Ok(None),
        };
        tokens.at += 1;
        let first = found.names.is_empty();
        if found.names.len() >= json.limits.columns || !first && keyed != found.keyed {
            return Ok(None);
        }
        found.starts.push(tokens.at);
        found.names.push(name);
        let Some(rows) = values(&mut tokens, keyed)? else {
            return Ok(None);
        };
        if !first && rows != found.rows {
            return Ok(None);
        }
        (found.rows, found.keyed) = (rows, keyed);
        if !tokens.take(b',')? {
            break;
        }
    }
    tokens.expect(b'}')?;
    let several = match found.names.len() {
        0 | 1 => false,
        2 if !found.keyed => found.rows >= OF_TWO,
        _ => found.rows >= 2,
    };
    // What stands behind the document is for the reader of documents.
    let ends = tokens.peek().is_err();
    Ok((several && ends).then_some(found))
}

/// How many scalars a list or an object has, whose beginning was read; `None` where it has others, or keys that do not count from 0.
fn values(tokens: &mut Tokens<'_>, keyed: bool) -> Result<Option<u64>, Stop> {
    let mut rows = 0u64;
    loop {
        if keyed {
            let key = tokens.key()?;
            let number = std::str::from_utf8(key)
                .ok()
                .and_then(|key| key.parse().ok());
            if number != Some(rows) {
                return Ok(None);
            }
        }
        if matches!(tokens.peek()?, b'{' | b'[' | b']' | b'}') {
            return Ok(None);
        }
        tokens.scalar()?;
        rows += 1;
        if !tokens.take(b',')? {
            tokens.expect(if keyed { b'}' } else { b']' })?;
            return Ok(Some(rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{context, show};

    #[test]
    fn columns_are_read_as_rows() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let found = show(&super::super::DOCUMENT, text.as_bytes(), &context());
            assert_eq!(found, expected, "{text}");
        }
        check(
            r#"{"n":{"0":"Ann","1":null,"2":"Bob"},"m":{"0":1,"1":2,"2":3}}"#,
            &["t: n=Ann, m=1", "t: m=2", "t: n=Bob, m=3"],
        );
        check(
            r#"{"n":["a","b"],"m":["c","d"],"o":[1,2]}"#,
            &["t: n=a, m=c, o=1", "t: n=b, m=d, o=2"],
        );
        // Two lists of people, and people by their numbers.
        check(
            r#"{"admins":["a","b"],"users":["c","d"]}"#,
            &["admins: ?=a", "admins: ?=b", "users: ?=c", "users: ?=d"],
        );
        check(
            r#"{"17":{"n":"a","m":"b"},"18":{"n":"c","m":"d"}}"#,
            &["t: (key)=17, n=a, m=b", "t: (key)=18, n=c, m=d"],
        );
    }
}
