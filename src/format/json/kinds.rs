//! Records that tell themselves of which table they are: one list of them holds several tables.
//!
//! In: a record, looked at before it is read. Out: the rows of the table that it names, or those of the list where it names none. What a
//! record tells is told by that record alone, so parts may begin anywhere. The tables of a list are given away together, in the order of
//! their first records: so the order in which tables are first met does not depend on the size of the parts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Json;
use super::shape::Rows;
use super::token::Tokens;
use crate::format::Sink;

/// Tables of a list that are gathered at a time.
const TABLES: usize = 256;
/// Bytes of the source that the rows of several tables are gathered from.
const SPAN: usize = 1 << 22;
/// Members that are looked at.
const MEMBERS: usize = 8;

/// How records name their table.
pub(super) struct Form {
    /// The member that names it.
    tells: &'static [&'static [u8]],
    /// The object of the values: a step that is no part of their names.
    inner: &'static [u8],
    /// What else may stand before it.
    others: &'static [&'static [u8]],
    /// Whether the name has two words with a dot between.
    dotted: bool,
    /// Further steps that are no part of names.
    steps: &'static [&'static str],
}

/// What writes records of several tables into one list.
static FORMS: [Form; 4] = [
    // Django, "Serializing Django objects: JSON": `{"model": "auth.user", "pk": 1, "fields": {…}}` (documentation 5.2, read 2026-11).
    Form {
        tells: &[b"model"],
        inner: b"fields",
        others: &[b"pk"],
        dotted: true,
        steps: &["fields"],
    },
    // JSON:API 1.1, "Resource Objects" (2022): `{"type": "users", "id": "1", "attributes": {…}, "relationships": {"author": {"data": …}}}`.
    Form {
        tells: &[b"type"],
        inner: b"attributes",
        others: &[b"id", b"lid", b"links", b"meta", b"relationships"],
        dotted: false,
        steps: &["attributes", "relationships", "data"],
    },
    // Elasticsearch's hits, and so elasticdump's lines: `{"_index": "users", "_id": "1", "_source": {…}}`.
    Form {
        tells: &[b"_index"],
        inner: b"_source",
        others: &[b"_type", b"_id", b"_score", b"_version", b"_routing"],
        dotted: false,
        steps: &["_source"],
    },
    // GraphQL, "Type Name Introspection" (October 2021), and Sanity's exports: the values stand beside the name.
    Form {
        tells: &[b"__typename", b"_type"],
        inner: b"",
        others: &[b"id", b"_id", b"_rev", b"_createdAt", b"_updatedAt"],
        dotted: false,
        steps: &[],
    },
];

impl Form {
    /// Whether a step is no part of the names below it.
    pub(super) fn leaves_out(&self, step: &str, at_root: bool) -> bool {
        let at = self.steps.iter().position(|known| *known == step);
        // The values stand in the record itself; `data` stands deeper.
        at.is_some_and(|at| at_root == (at < 2))
    }

    fn knows(&self, key: &[u8]) -> bool {
        key == self.inner || self.tells.contains(&key) || self.others.contains(&key)
    }

    /// Whether a value may name a table.
    fn is_name(&self, name: &[u8]) -> bool {
        let starts = name
            .first()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        let of_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-:/".contains(b);
        starts
            && name.len() <= 64
            && name.iter().all(of_name)
            && (!self.dotted || memchr::memchr(b'.', name).is_some())
    }
}

/// What a record tells of its table.
type Told<'b> = (&'static Form, &'b [u8]);

/// What the record that comes next tells of its table.
fn told<'b>(tokens: &Tokens<'b>) -> Option<Told<'b>> {
    let mut ahead = tokens.clone();
    if !ahead.take(b'{').ok()? || ahead.peek().ok()? == b'}' {
        return None;
    }
    let mut open = [true; FORMS.len()];
    let mut name: Option<&[u8]> = None;
    let mut inside = false;
    for _ in 0..MEMBERS {
        let key = ahead.key().ok()?;
        for (open, form) in open.iter_mut().zip(&FORMS) {
            *open &= form.knows(key);
        }
        let form = FORMS.iter().zip(open).find(|(_, open)| *open)?.0;
        let value = ahead.peek().ok()?;
        if form.tells.contains(&key) {
            if value != b'"' {
                return None;
            }
            let found = ahead.scalar().ok()?;
            let text = &ahead.bytes[found.start..found.end];
            name = Some(text).filter(|text| form.is_name(text));
            name?;
        } else {
            inside |= key == form.inner && value == b'{';
            let is_last = name.is_some() && inside;
            match value {
                _ if is_last => {}
                b'{' | b'[' => ahead.step_over().ok()?,
                _ => ahead.scalar().map(|_| ()).ok()?,
            }
        }
        if let Some(name) = name.filter(|_| inside || form.inner.is_empty()) {
            return Some((form, name));
        }
        if !ahead.take(b',').ok()? {
            return None;
        }
    }
    None
}

/// The rows of a list: of its own table, and of those that its records name.
pub(super) struct Tables<'a> {
    json: &'a Json<'a>,
    /// Whether records are not looked into further.
    flat: bool,
    /// The own table first.
    rows: Vec<Rows<'a>>,
    by_name: BTreeMap<Box<[u8]>, usize>,
    /// The table of this record.
    current: usize,
    /// Where the first record that was not given away yet begins.
    first: Option<usize>,
}

impl<'a> Tables<'a> {
    /// The same for records that are lists, whose columns have these names.
    pub(super) fn headed(mut self, heads: Option<Arc<[String]>>) -> Self {
        self.rows = self
            .rows
            .into_iter()
            .map(|rows| rows.headed(heads.clone()))
            .collect();
        self
    }

    pub(super) fn new(json: &'a Json<'a>, name: &str, flat: bool) -> Self {
        let mut tables = Self {
            json,
            flat,
            rows: Vec::new(),
            by_name: BTreeMap::new(),
            current: 0,
            first: None,
        };
        tables.add(name, None);
        tables
    }

    fn add(&mut self, name: &str, form: Option<&'static Form>) -> usize {
        let rows = if self.flat {
            self.json.flat_rows(name)
        } else {
            self.json.rows(name)
        };
        self.rows.push(rows.held(form));
        self.rows.len() - 1
    }

    /// Begins the record that comes next, whose key, if it has one, begins at an offset.
    pub(super) fn begin(&mut self, at: usize, tokens: &Tokens<'_>) {
        self.current = match told(tokens) {
            None => 0,
            Some((form, name)) => match self.by_name.get(name) {
                Some(&known) => known,
                None => {
                    let new = self.add(&String::from_utf8_lossy(name), Some(form));
                    self.by_name.insert(name.into(), new);
                    new
                }
            },
        };
        self.first.get_or_insert(at);
        self.rows().begin(at);
    }

    /// The rows of the record's table.
    pub(super) fn rows(&mut self) -> &mut Rows<'a> {
        &mut self.rows[self.current]
    }

    /// Forgets the record if it has more values of one path than get a column, and gives those before it away: it must be
    /// read as tables of its own. Says whether it did.
    pub(super) fn forget_long(&mut self, sink: &mut Sink<'_>) -> ControlFlow<(), bool> {
        let long = self.rows().forget_long();
        if long {
            self.flush(sink)?;
        }
        ControlFlow::Continue(long)
    }

    /// Ends the record, which ends at an offset. One without a single value is none.
    pub(super) fn end(&mut self, at: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.rows().end(at, sink)?;
        let far = self.rows.len() > 1 && at - self.first.unwrap_or(at) >= SPAN;
        if self.rows().is_due() || far || self.rows.len() > TABLES {
            self.flush(sink)?;
        }
        if self.rows.len() > TABLES {
            self.by_name.clear();
            for rows in self.rows.drain(1..) {
                rows.finish(sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Gives all records away.
    fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.first = None;
        if let [rows] = self.rows.as_mut_slice() {
            return rows.flush_held(sink);
        }
        let mut order: Vec<(usize, usize)> = (0..self.rows.len())
            .map(|table| (self.rows[table].base(), table))
            .collect();
        order.sort_unstable();
        for (_, table) in order {
            self.rows[table].flush_held(sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Gives away what is left, and says what was lost.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.flush(sink)?;
        for rows in self.rows {
            rows.finish(sink)?;
        }
        ControlFlow::Continue(())
    }
}
