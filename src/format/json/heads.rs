//! Names of columns that stand apart from the rows: rows written as lists, under a first one that names their columns (`[["氏名", "電話番号"], ["…", "…"]]`,
//! as the Google Sheets API answers), or beside a list that does (`{"columns": […], "rows": [[…], …]}`: pandas' `split`, Metabase, InfluxDB, BigQuery).
//!
//! In: a list, looked at before it is read. Out: the names, and the row that holds them.

use std::sync::Arc;

use super::Json;
use super::token::{Stop, Tokens};
use crate::text::{Escape, unescape};

/// Rows that are looked at behind the first one.
const ROWS: usize = 20;
/// Cells of a row that are looked at.
const CELLS: usize = 1 << 12;

/// What lists of names are called, folded.
const LISTS: [&str; 10] = [
    "columns",
    "cols",
    "fields",
    "header",
    "headers",
    "columnnames",
    "fieldnames",
    "names",
    "schema",
    "metadata",
];

/// Members by which an object in such a list names its column.
const NAMES: [&[u8]; 5] = [b"name", b"columnName", b"field", b"label", b"title"];

/// The names of the columns of a list of rows.
#[derive(Clone)]
pub(super) struct Heads {
    pub(super) names: Arc<[String]>,
    /// Where the row stands that holds them, if one does: it is no record.
    pub(super) row: Option<usize>,
}

/// Whether a list that is called so may name the columns of another one.
pub(super) fn is_list_of_names(step: &str) -> bool {
    let folded = step.chars().filter(|c| *c != '_' && *c != '-');
    let folded: String = folded.flat_map(char::to_lowercase).collect();
    LISTS.contains(&folded.as_str())
}

/// The names in the list that comes next: strings, or objects with a name each.
pub(super) fn named(json: &Json<'_>, tokens: &Tokens<'_>) -> Option<Arc<[String]>> {
    let mut ahead = tokens.clone();
    let mut names = Vec::new();
    if !ahead.take(b'[').ok()? {
        return None;
    }
    loop {
        names.push(match ahead.peek().ok()? {
            b'"' => json.cell(&mut ahead).ok()??,
            b'{' => name_of(json, &mut ahead)?,
            _ => return None,
        });
        if names.len() > CELLS {
            return None;
        }
        if !ahead.take(b',').ok()? {
            break;
        }
    }
    (ahead.take(b']').ok()? && names.len() >= 2).then(|| names.into())
}

/// The name that an object of such a list has; the object is stepped over.
fn name_of(json: &Json<'_>, ahead: &mut Tokens<'_>) -> Option<String> {
    let mut inside = ahead.clone();
    ahead.step_over().ok()?;
    let mut found: Option<(usize, String)> = None;
    inside.expect(b'{').ok()?;
    while inside.at < ahead.at {
        let key = inside.key().ok()?;
        let rank = NAMES.iter().position(|name| *name == key);
        match inside.peek().ok()? {
            b'{' | b'[' => inside.step_over().ok()?,
            _ => {
                let value = json.cell(&mut inside).ok()?;
                let better = |rank: &usize| found.as_ref().is_none_or(|(known, _)| rank < known);
                if let Some((rank, value)) = rank.filter(better).zip(value) {
                    found = Some((rank, value));
                }
            }
        }
        if !inside.take(b',').ok()? {
            break;
        }
    }
    found.map(|(_, name)| name)
}

/// The names for the rows of the list that comes next; `beside` are those of a list before it.
pub(super) fn of_rows(
    json: &Json<'_>,
    tokens: &Tokens<'_>,
    beside: Option<&Arc<[String]>>,
) -> Option<Heads> {
    let mut ahead = tokens.clone();
    if !ahead.take(b'[').ok()? {
        return None;
    }
    let with = |names: &Arc<[String]>| Heads {
        names: Arc::clone(names),
        row: None,
    };
    match ahead.peek().ok()? {
        b'[' => {}
        // BigQuery's `{"f": [{"v": "…"}, {"v": "…"}]}` (REST reference, "Table data", read 2026-11).
        b'{' => {
            ahead.at += 1;
            let is_row = ahead.key().ok()? == b"f" && ahead.peek().ok()? == b'[';
            return beside.filter(|_| is_row).map(with);
        }
        _ => return None,
    }
    let start = ahead.at;
    let (first, is_text) = row(json, &mut ahead)?;
    if let Some(names) = beside.filter(|names| names.len() == first.len()) {
        return Some(with(names));
    }
    let mut rows = Vec::new();
    while rows.len() < ROWS && ahead.take(b',').ok()? {
        match row(json, &mut ahead) {
            Some((row, _)) if row.len() <= first.len() => rows.push(row),
            _ => return None,
        }
    }
    let is_header = is_text && first.len() >= 2 && !rows.is_empty() && (json.header)(&first, &rows);
    is_header.then(|| Heads {
        names: first.into(),
        row: Some(start),
    })
}

/// The cells of the row that comes next, and whether all of them are strings; none where a list or an object stands in it.
fn row(json: &Json<'_>, ahead: &mut Tokens<'_>) -> Option<(Vec<String>, bool)> {
    let (mut cells, mut is_text) = (Vec::new(), true);
    if !ahead.take(b'[').ok()? || ahead.take(b']').ok()? {
        return None;
    }
    loop {
        is_text &= ahead.peek().ok()? == b'"';
        cells.push(json.cell(ahead).ok()?.unwrap_or_default());
        if cells.len() > CELLS {
            return None;
        }
        if !ahead.take(b',').ok()? {
            break;
        }
    }
    ahead.take(b']').ok()?.then_some((cells, is_text))
}

impl Json<'_> {
    /// The scalar that comes next as text; `None` for null.
    fn cell(&self, tokens: &mut Tokens<'_>) -> Result<Option<String>, Stop> {
        let found = tokens.scalar()?;
        if found.null {
            return Ok(None);
        }
        let mut text = String::new();
        let raw = &tokens.bytes[found.start..found.end];
        unescape(&self.encoding.decode(raw).0, Escape::Json, &mut text);
        Ok(Some(text))
    }
}
