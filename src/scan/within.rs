//! Records inside the cells of a record: JSON, base64 of text, and tables of names and values (`meta_key`, `meta_value`).
//!
//! In: a batch of rows. Out: the same rows with a column for each thing that stood in such a cell: `customer.name` of a column `customer` that
//! holds `{"name": …}`, `first_name` of a row whose `meta_key` says so. The cell itself is left empty, so that nothing is counted twice. What each
//! row becomes depends on that row alone, however a source was cut into batches.

use std::collections::{HashMap, HashSet};

use mail_parser::decoders::base64::base64_decode;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::keys;
use crate::classify;
use crate::column;
use crate::format::{Batch, Cell, Shape, Table};
use crate::pattern::Patterns;
use crate::text::{Encoding, Escape, undoubled, unescape};

/// Bytes of a cell that is looked into; a longer one is a text.
const LONGEST: usize = 1 << 16;
/// Bytes of the shortest base64 that is looked into: shorter words are that by chance.
const SHORTEST: usize = 24;
/// Values of one cell that get a column each; a cell with more is left as it is.
const VALUES: usize = 128;
/// New columns of a batch that are called as they are; as many more are called by the last step of their paths.
const COLUMNS: usize = 1 << 12;
/// Keys of which it is remembered whether they may name a column.
const KEYS: usize = 1 << 12;
/// Numbers from here on have not all their digits.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Characters of a key that names a column; a longer one is data.
const KEY: usize = 40;

/// A batch that was made wider.
pub(super) struct Wide {
    table: Table,
    bytes: Vec<u8>,
    cells: Vec<Cell>,
    /// Columns that the rows had before, which come first.
    width: usize,
}

impl Wide {
    /// The wider batch. It stands nowhere in the source.
    pub(super) fn batch(&self) -> Batch<'_> {
        Batch {
            table: &self.table,
            // What stands in escapes need not have a sign in the source's own encoding.
            encoding: Encoding::Utf8,
            escape: Escape::None,
            bytes: &self.bytes,
            origin: None,
            cells: &self.cells,
        }
    }

    /// The cell of the batch that it was made of, for one of its columns; `None` for those that came out of cells.
    pub(super) fn cell(&self, of: &Batch<'_>, record: u64, column: usize) -> Option<Cell> {
        let row = usize::try_from(record).ok()?.checked_mul(self.width)?;
        let cell = of.cells.get(row.checked_add(column)?);
        cell.copied().filter(|_| column < self.width)
    }
}

/// The batch made wider; `None` where no cell holds a record.
pub(super) fn widen(patterns: &Patterns, batch: &Batch<'_>) -> Option<Wide> {
    let width = batch.table.columns.len();
    if batch.table.shape != Shape::Rows || width == 0 {
        return None;
    }
    let names = || batch.table.columns.iter().map(Option::as_deref);
    let pair = column::attributes(names()).map(|(key, value)| Pair {
        key,
        value,
        path: None,
    });
    // Where the step before says what the values are (`phones[].value`), their names say no more of it.
    let told = |pair: &Pair| {
        let name = batch.table.columns[pair.value].as_deref();
        let told = |name: &str| {
            // An answer is of the kind that its question asks for.
            let last = name.rsplit("[].").next().unwrap_or(name).to_lowercase();
            if ["answer", "response", "question"].contains(&last.trim_end_matches('s')) {
                return false;
            }
            let one = name.strip_suffix('s').unwrap_or(name);
            let mut hits = [name, one]
                .into_iter()
                .filter_map(|name| patterns.header(name));
            hits.any(|hit| hit.kind.is_some())
        };
        name.is_some_and(told) || pair.path.as_deref().is_some_and(told)
    };
    let lists = listed(names()).into_iter().filter(|pair| !told(pair));
    let pairs: Vec<Pair> = pair.into_iter().chain(lists).collect();
    let may_hold = |cell: &Cell| {
        let raw = &batch.bytes[cell.range()];
        may_be_json(raw) || may_be_base64(raw)
    };
    if pairs.is_empty() && !batch.cells.iter().any(may_hold) {
        return None;
    }
    let mut widening = Widening::new(batch);
    for cells in batch.cells.chunks_exact(width) {
        widening.row(patterns, cells, &pairs);
    }
    widening.finish()
}

/// A column of names and the one of their values.
struct Pair {
    key: usize,
    value: usize,
    /// The path of the list that they stand in, where they are those of a list of objects.
    path: Option<String>,
}

/// The columns of lists of names and values (`Attributes[].Name`, `Attributes[].Value`), each name with the value that stands in one object with it.
fn listed<'n>(names: impl Iterator<Item = Option<&'n str>> + Clone) -> Vec<Pair> {
    const KEYS: [&str; 12] = [
        "name",
        "key",
        "field",
        "fieldname",
        "attribute",
        "attributename",
        "property",
        // Forms (Typeform, Tally) and registers of patients (DHIS2).
        "displayname",
        "label",
        "question",
        "title",
        "prompt",
    ];
    const VALUES: [&str; 5] = ["value", "val", "values", "answer", "response"];
    let ends = |name: &'n str, words: &[&str]| {
        let (path, last) = name.rsplit_once("[].")?;
        words
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word))
            .then_some(path)
    };
    let lists = |words: &'static [&str]| {
        // An object may have several of the words.
        let mut nth: HashMap<&str, usize> = HashMap::new();
        let mut found = Vec::new();
        for (at, name) in names.clone().enumerate() {
            if let Some((path, name)) = name.and_then(|name| Some((ends(name, words)?, name))) {
                let n = nth.entry(name).or_default();
                found.push((path, *n, at));
                *n += 1;
            }
        }
        found
    };
    let values = lists(&VALUES);
    if values.is_empty() {
        return Vec::new();
    }
    let places: HashMap<(&str, usize), usize> = values
        .into_iter()
        .map(|(path, nth, at)| ((path, nth), at))
        .collect();
    let keys = lists(&KEYS).into_iter();
    let pair = |(path, nth, key): (&str, usize, usize)| {
        let value = *places.get(&(path, nth))?;
        let path = Some(path.replace("[]", ""));
        Some(Pair { key, value, path })
    };
    keys.filter_map(pair).collect()
}

/// Whether a cell may hold a record in JSON, by its ends.
fn may_be_json(raw: &[u8]) -> bool {
    // Nearly all cells are told by their first byte.
    if !raw
        .first()
        .is_some_and(|first| b"{[ \t\r\n".contains(first))
    {
        return false;
    }
    let inner = raw.trim_ascii();
    let (Some(first), Some(last)) = (inner.first(), inner.last()) else {
        return false;
    };
    (8..=LONGEST).contains(&inner.len()) && matches!((first, last), (b'{', b'}') | (b'[', b']'))
}

/// Whether a cell has only the letters of base64, and as many as whole groups of them have.
fn may_be_base64(raw: &[u8]) -> bool {
    (SHORTEST..=LONGEST).contains(&raw.len())
        && raw.len().is_multiple_of(4)
        && raw[0].is_ascii_alphanumeric()
        && raw
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// The text that stands in base64, if it is one: no sign of control, and not a word by chance.
fn decoded(text: &str) -> Option<String> {
    if !may_be_base64(text.as_bytes()) {
        return None;
    }
    let text = String::from_utf8(base64_decode(text.as_bytes())?).ok()?;
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    (!text.is_empty() && text.chars().all(is_text)).then_some(text)
}

/// Rows on their way.
struct Widening<'b> {
    batch: &'b Batch<'b>,
    bytes: Vec<u8>,
    /// Cells of all rows: those that they had, and then what came out of them.
    rows: Vec<(Vec<Cell>, Vec<(usize, Cell)>)>,
    /// Names of new columns with their occurrence, and where they are.
    columns: HashMap<(String, u32), usize>,
    names: Vec<String>,
    scratch: String,
    /// Values that were looked at as names of columns, and whether they are.
    keys: HashMap<String, bool>,
}

impl<'b> Widening<'b> {
    fn new(batch: &'b Batch<'b>) -> Self {
        Self {
            batch,
            bytes: Vec::new(),
            rows: Vec::new(),
            columns: HashMap::new(),
            names: Vec::new(),
            scratch: String::new(),
            keys: HashMap::new(),
        }
    }

    /// Whether a value names a column. It is shown then, so that one that may be somebody's stays in its cell.
    fn is_shown(&mut self, patterns: &Patterns, key: &str) -> bool {
        if let Some(&shown) = self.keys.get(key) {
            return shown;
        }
        let known = || patterns.header(key).is_some_and(|hit| hit.kind.is_some());
        // Ids of messages are written like mailboxes: what says that they are none is shown, too.
        let told = || known() || classify::is_of_messages(key);
        let shown = is_key(key) && told() && keys::is_of_nobody(patterns, key);
        if self.keys.len() < KEYS {
            self.keys.insert(key.to_owned(), shown);
        }
        shown
    }

    /// The columns of values that get a name in this row, with it, and those that the names stand in, where each is of one object of a list.
    fn named(
        &mut self,
        patterns: &Patterns,
        cells: &[Cell],
        pairs: &[Pair],
    ) -> (HashMap<usize, String>, HashSet<usize>) {
        let (mut named, mut keys) = (HashMap::new(), HashSet::new());
        for pair in pairs {
            let Some(name) = self.text(cells[pair.key]) else {
                continue;
            };
            // A word of the list that names nothing known, and nobody, is no value either.
            let of_list = pair.path.is_some() && is_key(&name);
            let told = of_list && keys::is_of_nobody(patterns, &name);
            let shown = self.is_shown(patterns, &name);
            if !told && !shown {
                continue;
            }
            // An object may have a number for its name beside the name in words.
            if named.contains_key(&pair.value) && !shown {
                keys.insert(pair.key);
                continue;
            }
            let path = pair.path.as_ref();
            keys.extend(path.map(|_| pair.key));
            let name = path.map_or(name.clone(), |path| format!("{path}.{name}"));
            named.insert(pair.value, name);
        }
        (named, keys)
    }

    fn row(&mut self, patterns: &Patterns, cells: &[Cell], pairs: &[Pair]) {
        let mut own = Vec::with_capacity(cells.len());
        let mut new: Vec<(String, String)> = Vec::new();
        let (named, keys) = self.named(patterns, cells, pairs);
        for (at, &cell) in cells.iter().enumerate() {
            let before = new.len();
            if let Some(name) = named.get(&at)
                && let Some(value) = self.text(cell)
            {
                if !self.inside(name, &value, &mut new) {
                    new.push((name.clone(), value));
                }
            } else if self.may_hold(cell) {
                let name = self.batch.table.columns[at].as_deref().unwrap_or("");
                if let Some(value) = self.text(cell) {
                    self.inside(name, &value, &mut new);
                }
            }
            own.push(if new.len() > before || keys.contains(&at) {
                Cell::ABSENT
            } else {
                self.copied(cell)
            });
        }
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut more = Vec::with_capacity(new.len());
        for (name, value) in new {
            let name = self.fitting(name, &seen);
            let nth = seen.entry(name.clone()).or_default();
            let column = self.column(name, *nth);
            *nth += 1;
            more.push((column, self.added(&value)));
        }
        self.rows.push((own, more));
    }

    fn may_hold(&self, cell: Cell) -> bool {
        let raw = &self.batch.bytes[cell.range()];
        may_be_json(raw) || may_be_base64(raw)
    }

    /// The text of a cell.
    fn text(&mut self, cell: Cell) -> Option<String> {
        if cell.is_absent() {
            return None;
        }
        let (text, _) = self.batch.encoding.decode(&self.batch.bytes[cell.range()]);
        if !cell.is_escaped() {
            return Some(text.into_owned());
        }
        unescape(&text, self.batch.escape, &mut self.scratch);
        Some(undoubled(&self.scratch).unwrap_or_else(|| self.scratch.clone()))
    }

    /// Adds what stands in a value to the new columns, each under its path; whether anything does.
    fn inside(&self, name: &str, value: &str, out: &mut Vec<(String, String)>) -> bool {
        let text = decoded(value);
        let value = text.as_deref().unwrap_or(value);
        let first = out.len();
        if may_be_json(value.as_bytes())
            && let Ok(Whole(value)) = serde_json::from_str(value)
            && leaves(name, &value, out, first + VALUES)
        {
            return out.len() > first;
        }
        out.truncate(first);
        out.extend(text.map(|text| (name.to_owned(), text)));
        out.len() > first
    }

    /// A cell as it was, in the new bytes.
    fn copied(&mut self, cell: Cell) -> Cell {
        if cell.is_absent() {
            return cell;
        }
        if cell.is_escaped() {
            let text = self.text(cell).unwrap_or_default();
            return self.added(&text);
        }
        if self.batch.encoding != Encoding::Utf8 {
            let (text, _) = self.batch.encoding.decode(&self.batch.bytes[cell.range()]);
            let start = self.bytes.len();
            for (nth, piece) in text.split('\u{FFFD}').enumerate() {
                // What made no character is none in the new bytes either, and is counted there.
                self.bytes.extend((nth > 0).then_some(0xFF));
                self.bytes.extend_from_slice(piece.as_bytes());
            }
            return Cell::new(start, self.bytes.len(), false);
        }
        let start = self.bytes.len();
        self.bytes
            .extend_from_slice(&self.batch.bytes[cell.range()]);
        Cell::new(start, self.bytes.len(), false)
    }

    fn added(&mut self, text: &str) -> Cell {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        Cell::new(start, self.bytes.len(), false)
    }

    /// The name that a value's column has: its own; beyond [`COLUMNS`] the last step of its path, and then none. Only data that was made for it has
    /// more, or an object with a key for each person.
    fn fitting(&self, name: String, seen: &HashMap<String, u32>) -> String {
        let nth = seen.get(&name).copied().unwrap_or(0);
        let known = |name: &str, nth: u32| self.columns.contains_key(&(name.to_owned(), nth));
        if self.names.len() < COLUMNS || known(&name, nth) {
            return name;
        }
        let last = format!("*.{}", name.rsplit('.').next().unwrap_or(""));
        match self.names.len() < COLUMNS * 2 || known(&last, 0) {
            true => last,
            false => "*".to_owned(),
        }
    }

    /// The place of a new column.
    fn column(&mut self, name: String, nth: u32) -> usize {
        let next = self.names.len();
        let at = *self.columns.entry((name.clone(), nth)).or_insert(next);
        if at == next {
            self.names.push(name);
        }
        at
    }

    fn finish(self) -> Option<Wide> {
        if self.names.is_empty() {
            return None;
        }
        let mut columns = self.batch.table.columns.clone();
        let width = columns.len();
        let names = self.names.into_iter();
        columns.extend(names.map(|name| Some(name).filter(|name| !name.is_empty())));
        let mut cells = Vec::with_capacity(self.rows.len().saturating_mul(columns.len()));
        for (own, more) in self.rows {
            let start = cells.len();
            cells.extend(own);
            cells.resize(start + columns.len(), Cell::ABSENT);
            for (at, cell) in more {
                cells[start + width + at] = cell;
            }
        }
        Some(Wide {
            table: Table {
                name: self.batch.table.name.clone(),
                columns,
                shape: Shape::Rows,
            },
            bytes: self.bytes,
            cells,
            width,
        })
    }
}

/// Whether a key names a column, and is no value itself: short, no mailbox, few digits.
fn is_key(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let signs = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | ' ' | '$' | 'ー');
    !key.is_empty() && key.chars().count() <= KEY && digits <= 2 && !key.contains(signs)
}

/// The scalars of a value with their paths, `most` at all; false where there are more, or a key is no name of a column.
fn leaves(path: &str, value: &Value, out: &mut Vec<(String, String)>, most: usize) -> bool {
    let mut add = |value: String| {
        out.push((path.to_owned(), value));
        out.len() <= most
    };
    match value {
        Value::Null => true,
        Value::Bool(flag) => add(flag.to_string()),
        Value::Number(number) => add(number.to_string()),
        Value::String(text) => add(text.clone()),
        Value::Array(values) => {
            let path = format!("{path}[]");
            values.iter().all(|value| leaves(&path, value, out, most))
        }
        Value::Object(members) => members.iter().all(|(key, value)| {
            let path = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            is_key(key) && leaves(&path, value, out, most)
        }),
    }
}

/// A value that tells all of its text: no key twice in one object, of which only the last would be left, and no number that is rounded.
struct Whole(Value);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WholeVisitor).map(Whole)
    }
}

struct WholeVisitor;

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        match number.abs() < EXACT {
            true => Ok(number.into()),
            false => Err(E::custom("a number too long")),
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Whole(value)) = from.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = serde_json::Map::new();
        while let Some((key, Whole(value))) = from.next_entry::<String, Whole>()? {
            if members.insert(key, value).is_some() {
                return Err(de::Error::custom("a key twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the columns and the cells of a table, made wider.
    fn wide(columns: &[&str], cells: &[&str]) -> Option<(Vec<String>, Vec<String>)> {
        wide_in(Encoding::Utf8, columns, cells)
    }

    fn wide_in(
        encoding: Encoding,
        columns: &[&str],
        cells: &[&str],
    ) -> Option<(Vec<String>, Vec<String>)> {
        let table = Table {
            name: "t".to_owned(),
            columns: columns
                .iter()
                .map(|name| Some((*name).to_owned()))
                .collect(),
            shape: Shape::Rows,
        };
        let bytes = cells.concat();
        let mut at = 0;
        let cells: Vec<Cell> = cells
            .iter()
            .map(|cell| {
                at += cell.len();
                Cell::new(at - cell.len(), at, false)
            })
            .collect();
        let batch = Batch {
            table: &table,
            encoding,
            escape: Escape::None,
            bytes: bytes.as_bytes(),
            origin: Some(0),
            cells: &cells,
        };
        let wide = widen(Patterns::builtin(), &batch)?;
        let wide = wide.batch();
        let names = wide.table.columns.iter().flatten().cloned().collect();
        let text = |cell: &Cell| String::from_utf8_lossy(&wide.bytes[cell.range()]).into_owned();
        Some((names, wide.cells.iter().map(text).collect()))
    }

    #[track_caller]
    fn check(columns: &[&str], cells: &[&str], expected: Option<(&[&str], &[&str])>) {
        let found = wide(columns, cells);
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(
            found,
            expected.map(|(names, cells)| (owned(names), owned(cells)))
        );
    }

    #[test]
    fn records_in_cells() {
        check(
            &["id", "customer"],
            &[
                "1",
                r#"{"name": "佐藤 太郎", "age": 41, "x": null}"#,
                "2",
                "none",
            ],
            Some((
                &["id", "customer", "customer.age", "customer.name"],
                &["1", "", "41", "佐藤 太郎", "2", "none", "", ""],
            )),
        );
        check(
            &["guests"],
            &[r#"[{"name":"A"},{"name":"B"}]"#],
            Some((
                &["guests", "guests[].name", "guests[].name"],
                &["", "A", "B"],
            )),
        );
        // A list of names and values is columns, but where its step says what the values are.
        check(
            &[
                "Attributes[].Name",
                "Attributes[].Value",
                "phones[].name",
                "phones[].value",
            ],
            &["email", "a@example.com", "home", "555-010-2030"],
            Some((
                &[
                    "Attributes[].Name",
                    "Attributes[].Value",
                    "phones[].name",
                    "phones[].value",
                    "Attributes.email",
                ],
                &["", "", "home", "555-010-2030", "a@example.com"],
            )),
        );
        check(
            &["payload"],
            &["eyJ0byI6ICJtYXJ5QGV4YW1wbGUuY29tIn0="],
            Some((&["payload", "payload.to"], &["", "mary@example.com"])),
        );
        check(
            &["user_id", "meta_key", "meta_value"],
            &["1", "first_name", "Mary", "1", "rich_editing", "true"],
            Some((
                &["user_id", "meta_key", "meta_value", "first_name"],
                &[
                    "1",
                    "first_name",
                    "",
                    "Mary",
                    "1",
                    "rich_editing",
                    "true",
                    "",
                ],
            )),
        );
    }

    #[test]
    fn other_cells_stay() {
        check(&["a"], &["{not json}"], None);
        check(&["a"], &[r#"{"mary@example.com": 1}"#], None);
        check(&["hash"], &["0123456789abcdef0123456789abcdef"], None);
        check(&["word"], &["abcdefghijklmnopqrstuvwxyzabcdef"], None);
        check(&["key", "price"], &["name", "12"], None);
        for key in [
            "鷲尾澄江 住所",
            "荒井篤の電話番号",
            "felix_garrison_email",
            "garrison phone",
        ] {
            check(&["id", "meta_key", "meta_value"], &["1", key, "1"], None);
        }
    }

    #[test]
    fn keys_twice_and_long_numbers_stay() {
        check(
            &["a"],
            &[r#"{"email":"a@example.com","email":"b@example.com"}"#],
            None,
        );
        check(&["a"], &[r#"{"a":{"b":"1","b":"2"}}"#], None);
        check(&["a"], &[r#"{"card":12345678901234567890123}"#], None);
        check(
            &["a"],
            &[r#"{"no":1234567890123456789}"#],
            Some((&["a", "a.no"], &["", "1234567890123456789"])),
        );
    }

    #[test]
    fn each_cell_has_its_own_values() {
        let list = |n: usize| {
            let values: Vec<String> = (0..n).map(|n| format!("\"v{n}\"")).collect();
            format!("[{}]", values.join(","))
        };
        let (one, two) = (list(100), list(60));
        let (names, _) = wide(&["a", "b"], &[&one, &two]).unwrap();
        assert_eq!(names.len(), 2 + 160);
        assert_eq!(wide(&["a"], &[&list(129)]), None);
    }

    #[test]
    fn signs_that_the_encoding_lacks() {
        for encoding in [Encoding::ShiftJis, Encoding::Windows1252] {
            let found = wide_in(encoding, &["a"], &[r#"{"name":"\u4f50\u85e4 Zo\u00eb"}"#]);
            let (_, cells) = found.unwrap();
            assert_eq!(cells, ["", "佐藤 Zoë"]);
        }
    }

    #[test]
    fn no_value_is_lost_for_many_names() {
        let rows: Vec<String> = (0..1200)
            .map(|row| {
                let people = (0..5).map(|n| {
                    let mail = format!("m{row}-{n}@example.com");
                    format!(r#""u{row}x{n}":{{"email":"{mail}"}}"#)
                });
                format!("{{{}}}", people.collect::<Vec<_>>().join(","))
            })
            .collect();
        let letters = |text: &str| -> String {
            let letter = |c: char| match c {
                '0'..='9' => char::from(b'a' + (c as u8 - b'0')),
                c => c,
            };
            text.chars().map(letter).collect()
        };
        let rows: Vec<String> = rows.iter().map(|row| letters(row)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let (_, cells) = wide(&["members"], &rows).unwrap();
        assert_eq!(cells.iter().filter(|cell| cell.contains('@')).count(), 6000);
    }
}
