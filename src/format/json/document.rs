//! A walk through a document: which of its values are tables, which records stand in them, and what stands above.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::heads::{self, Heads};
use super::kinds::Tables;
use super::parts::Survey;
use super::shape::{At, ROOT, Rows};
use super::token::{Stop, Tokens};
use super::{Json, Writer};
use crate::format::Sink;
use crate::text::{Escape, unescape};

/// Arrays inside the elements of arrays that are tables of their own; deeper ones lose what is beyond their columns.
const NESTED_TABLES: usize = 8;
/// Tables of one document that have names of their own. So many are no tables, but lists by key (`{"user1":[…],"user2":[…]}`): those
/// that follow are one table for each object in which they stand, and further ones one for the document.
const NAMED_TABLES: [usize; 2] = [1_000, 10_000];

/// A walk through a document.
pub(super) struct Walk<'w, 's, 'a> {
    json: &'w Json<'a>,
    sink: &'w mut Sink<'s>,
    /// The sink wants no more.
    pub(super) broken: bool,
    /// Tables that the walk is inside of.
    depth: usize,
    task: Task<'w>,
}

/// What a walk is for. All tasks meet the same mistakes at the same places.
pub(super) enum Task<'w> {
    /// Gives everything.
    Whole,
    /// Gives what is in tables, up to a record or a document that begins here.
    Tables(usize),
    /// As before, and has come to its end.
    Ended,
    /// Passes over the tables, and gives what stands above.
    Above(&'w Survey),
    /// Gives nothing, and notes where others may begin.
    Survey(&'w mut Survey),
}

/// Where a walk is, above the tables.
#[derive(Clone)]
pub(super) struct Place {
    levels: Vec<Level>,
    /// The path as the name of a table.
    pub(super) name: String,
    /// Tables so far.
    tables: usize,
    /// Where the record above the tables begins.
    first: usize,
    /// Names of columns from the last list of such.
    names: Option<Arc<[String]>>,
    /// The names of the columns of the table that stands here, if its rows are lists.
    heads: Option<Heads>,
}

/// An object above the tables.
#[derive(Clone)]
struct Level {
    path: At,
    hint: usize,
    /// The length of its table name.
    name: usize,
    /// The table that phpMyAdmin says it is.
    table: Option<String>,
}

impl Place {
    /// The name of the table that stands here; empty for the document's own.
    fn table(&self) -> &str {
        let object = self.levels.last().map_or(0, |level| level.name);
        match NAMED_TABLES.map(|most| self.tables > most) {
            [_, true] => "",
            [true, _] => self.name.get(..object).unwrap_or(""),
            _ => &self.name,
        }
    }
}

impl<'w, 's, 'a> Walk<'w, 's, 'a> {
    pub(super) fn new(json: &'w Json<'a>, sink: &'w mut Sink<'s>, task: Task<'w>) -> Self {
        Self {
            json,
            sink,
            broken: false,
            depth: 0,
            task,
        }
    }

    /// Whether there is nothing more to do.
    pub(super) fn is_over(&self) -> bool {
        self.broken || matches!(self.task, Task::Ended)
    }

    /// Reads one value above the tables; `prefix` is the path that leads to it. `above` takes what is in no table.
    pub(super) fn document(
        &mut self,
        tokens: &mut Tokens<'_>,
        mut above: Option<&mut Rows<'_>>,
        prefix: &str,
        key: Option<Key>,
    ) -> Result<(), Stop> {
        tokens.peek()?;
        let first = key.map_or(tokens.at, |key| key.start);
        if let Task::Survey(survey) = &mut self.task {
            survey.document(first, tokens.deep);
        }
        if let Some(above) = above.as_deref_mut() {
            above.begin(first);
            if let Some(key) = key {
                key.give(above);
            }
        }
        let place = Place {
            levels: Vec::new(),
            name: prefix.to_owned(),
            tables: 0,
            first,
            names: None,
            heads: None,
        };
        self.members(tokens, above, place, None)
    }

    /// Goes on at a record in the middle of a table.
    pub(super) fn resume(
        &mut self,
        tokens: &mut Tokens<'_>,
        place: Place,
        is_array: bool,
    ) -> Result<(), Stop> {
        self.members(tokens, None, place, Some(is_array))
    }

    /// Reads the value at a place and what follows it, to the document's end. `inside` = in the middle of a table, and whether that is
    /// an array.
    fn members(
        &mut self,
        tokens: &mut Tokens<'_>,
        mut above: Option<&mut Rows<'_>>,
        mut place: Place,
        mut inside: Option<bool>,
    ) -> Result<(), Stop> {
        let mut path = ROOT;
        let result = loop {
            let entered = if inside.is_some() {
                self.table(tokens, &place, inside.take()).map(|()| false)
            } else {
                if self.json.writer == Writer::PhpMyAdmin {
                    note_table(tokens, &mut place);
                }
                self.value(tokens, path, &mut place, above.as_deref_mut())
            };
            match entered {
                Err(stop) => break Err(stop),
                Ok(true) => place.levels.push(Level {
                    path,
                    hint: 0,
                    name: place.name.len(),
                    table: None,
                }),
                Ok(false) if self.is_over() => return Ok(()),
                Ok(false) => {}
            }
            // The record above the tables must lie within one batch.
            if let Some(above) = above.as_deref_mut()
                && tokens.at - place.first > 1 << 26
            {
                self.broken |= above.pause(tokens.at, self.sink).is_break()
                    || above.flush(self.sink).is_break();
                above.begin(tokens.at);
                place.first = tokens.at;
            }
            match next_member(tokens, &mut place, above.as_deref_mut()) {
                Ok(Some(next)) => path = next,
                Ok(None) => break Ok(()),
                Err(stop) => break Err(stop),
            }
        };
        if let Some(above) = above {
            self.broken |= above.end(tokens.at, self.sink).is_break();
        }
        result
    }

    /// Reads a value above the tables. True when it is an object that has been entered.
    fn value(
        &mut self,
        tokens: &mut Tokens<'_>,
        path: At,
        place: &mut Place,
        above: Option<&mut Rows<'_>>,
    ) -> Result<bool, Stop> {
        let is_table = match tokens.peek()? {
            b'{' if is_map(tokens) => true,
            b'{' if place.levels.len() < 64 => {
                tokens.at += 1;
                return Ok(true);
            }
            byte => byte == b'[',
        };
        if is_table {
            place.tables += 1;
            note_heads(self.json, tokens, place);
            self.table(tokens, place, None)?;
        } else {
            tokens.value(path, above)?;
        }
        Ok(false)
    }

    /// Reads an array, or an object whose members are records and whose keys become its first column, as a table. `inside` as in
    /// [`Walk::members`].
    fn table(
        &mut self,
        tokens: &mut Tokens<'_>,
        place: &Place,
        inside: Option<bool>,
    ) -> Result<(), Stop> {
        let json = self.json;
        let start = tokens.at;
        if let Task::Above(survey) = self.task
            && self.depth == 0
        {
            return survey.pass_over(tokens);
        }
        let name = match place.table() {
            "" => &json.stem,
            path => path,
        };
        let heads = place.heads.as_ref().map(|heads| Arc::clone(&heads.names));
        let mut tables = Tables::new(json, name, self.depth == NESTED_TABLES).headed(heads);
        self.depth += 1;
        let result = self.records(tokens, place, &mut tables, inside);
        self.depth -= 1;
        self.broken |= !self.broken && tables.finish(self.sink).is_break();
        if let Task::Survey(survey) = &mut self.task
            && self.depth == 0
        {
            survey.table(start, tokens.at, result.is_ok());
        }
        result
    }

    fn records(
        &mut self,
        tokens: &mut Tokens<'_>,
        place: &Place,
        tables: &mut Tables<'_>,
        inside: Option<bool>,
    ) -> Result<(), Stop> {
        let is_array = match inside {
            Some(is_array) => is_array,
            None => tokens.take(b'[')?,
        };
        let close = if is_array { b']' } else { b'}' };
        if inside.is_none() {
            if !is_array {
                tokens.expect(b'{')?;
            }
            if tokens.take(close)? {
                return Ok(());
            }
        }
        let header = place.heads.as_ref().and_then(|heads| heads.row);
        while !self.broken {
            tokens.peek()?;
            match &mut self.task {
                // The row that names the columns is no record.
                _ if header == Some(tokens.at) => tokens.step_over()?,
                Task::Tables(until) if self.depth == 1 && tokens.at >= *until => {
                    self.task = Task::Ended;
                    return Ok(());
                }
                Task::Survey(survey) => {
                    survey.record(tokens.at, tokens.deep, place, is_array);
                    if !is_array {
                        tokens.key()?;
                    }
                    tokens.value(ROOT, None)?;
                }
                _ => self.record(tokens, place, tables, is_array)?,
            }
            if self.broken || !tokens.take(b',')? {
                break;
            }
        }
        if self.broken {
            Ok(())
        } else {
            tokens.expect(close)
        }
    }

    /// Reads one record of a table.
    fn record(
        &mut self,
        tokens: &mut Tokens<'_>,
        place: &Place,
        tables: &mut Tables<'_>,
        is_array: bool,
    ) -> Result<(), Stop> {
        let several = self.json.writer == Writer::PhpMyAdmin && self.depth == 1;
        let start = tokens.at;
        let mut key = None;
        if !is_array {
            let raw = tokens.key()?;
            key = Some(Key {
                start: start + 1,
                end: start + 1 + raw.len(),
                escaped: raw.contains(&b'\\'),
            });
        }
        tables.begin(start, tokens);
        if let Some(key) = key {
            key.give(tables.rows());
        }
        let value = tokens.at;
        let mut result = Ok(());
        if !several {
            result = tokens.value(ROOT, Some(tables.rows()));
        }
        match tables.forget_long(self.sink) {
            ControlFlow::Continue(false) if !several => {
                self.broken |= tables.end(tokens.at, self.sink).is_break();
            }
            ControlFlow::Continue(_) => {
                tokens.at = value;
                result = self.nested(tokens, place.table(), tables.rows(), key);
            }
            ControlFlow::Break(()) => self.broken = true,
        }
        result
    }

    /// Reads a record that holds tables: what stands above them is a record of the same table.
    fn nested(
        &mut self,
        tokens: &mut Tokens<'_>,
        path: &str,
        of: &Rows<'_>,
        key: Option<Key>,
    ) -> Result<(), Stop> {
        let mut above = self.json.flat_rows(of.name()).of_form(of.form());
        let result = self.document(tokens, Some(&mut above), path, key);
        self.broken |= !self.broken && above.finish(self.sink).is_break();
        result
    }
}

/// The key of a record in a table by key: a range of the source.
#[derive(Clone, Copy)]
pub(super) struct Key {
    start: usize,
    end: usize,
    escaped: bool,
}

impl Key {
    /// Makes it the record's first value.
    fn give(self, rows: &mut Rows<'_>) {
        let column = rows.member(ROOT, b"(key)", &mut 0);
        rows.value(column, Some((self.start, self.end)), self.escaped);
    }
}

/// Looks at a list before it is read: it may name the columns of others, or be rows whose columns are named.
fn note_heads(json: &Json<'_>, tokens: &Tokens<'_>, place: &mut Place) {
    place.heads = heads::of_rows(json, tokens, place.names.as_ref());
    let step = place.name.rsplit('.').next().unwrap_or_default();
    if heads::is_list_of_names(step)
        && let Some(names) = heads::named(json, tokens)
    {
        place.names = Some(names);
    }
}

/// Takes the name of a table from phpMyAdmin's `{"type":"table","name":"…","database":"…","data":[…]}`.
fn note_table(tokens: &Tokens<'_>, place: &mut Place) {
    let Some(level) = place.levels.last_mut() else {
        return;
    };
    let step = &place.name[level.name..];
    let mut ahead = tokens.clone();
    match step.trim_start_matches('.') {
        "name" if ahead.peek() == Ok(b'"') => {
            level.table = ahead.scalar().ok().map(|found| {
                String::from_utf8_lossy(&tokens.bytes[found.start..found.end]).into_owned()
            });
        }
        "data" => {
            if let Some(table) = level.table.take() {
                place.name = table;
            }
        }
        _ => {}
    }
}

/// Whether the object that comes next is a table by key, as Firebase exports it: its first members are objects, and two of
/// them in a row begin with the same key. Looks no further than a mebibyte.
fn is_map(tokens: &Tokens<'_>) -> bool {
    let end = tokens.bytes.len().min(tokens.at + (1 << 20));
    let mut ahead = Tokens::new(&tokens.bytes[..end], tokens.at + 1, tokens.trails);
    let mut first_keys: Vec<&[u8]> = Vec::new();
    while first_keys.len() < 4 {
        let Ok(_) = ahead.key() else { return false };
        if ahead.peek() != Ok(b'{') {
            return false;
        }
        let mut inside = Tokens::new(ahead.bytes, ahead.at + 1, ahead.trails);
        let Ok(key) = inside.key() else { return false };
        first_keys.push(key);
        if ahead.step_over().is_err() || ahead.take(b',') != Ok(true) {
            break;
        }
    }
    first_keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// Goes to the next member of the innermost object; `None` when the last one is closed.
fn next_member(
    tokens: &mut Tokens<'_>,
    place: &mut Place,
    above: Option<&mut Rows<'_>>,
) -> Result<Option<At>, Stop> {
    let Place { levels, name, .. } = place;
    loop {
        let Some(level) = levels.last_mut() else {
            return Ok(None);
        };
        name.truncate(level.name);
        let entered = tokens.bytes[..tokens.at].last() == Some(&b'{');
        if tokens.take(b'}')? {
            levels.pop();
            continue;
        }
        if !entered {
            tokens.expect(b',')?;
        }
        let key = tokens.key()?;
        let mut step = String::new();
        unescape(&String::from_utf8_lossy(key), Escape::Json, &mut step);
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&step);
        return Ok(Some(match above {
            Some(above) => above.member(level.path, key, &mut level.hint),
            None => ROOT,
        }));
    }
}
