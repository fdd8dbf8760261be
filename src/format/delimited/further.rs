//! Further tables in one file, each under a header of its own, as reports and sheets that were saved as text have them.
//!
//! In: the bytes behind the first header. Out: where the other tables begin: behind a blank row or a title, with a row that names columns.

use super::split::{Cursor, Record};
use super::{Cell, Way, sample};

/// Longer files are not looked at: their rows are one table.
const LONGEST: usize = 4 << 20;

/// Bytes of a table's beginning that are looked at.
const HEAD: usize = 16 << 10;

/// Beginnings that are looked at: more gaps are a way of writing rows.
const GAPS: usize = 64;

/// Rows of a title above a header.
const TITLES: usize = 3;

/// Where the tables behind the first one begin. `names` are those of the first table's columns, if it has a header.
pub(super) fn tables(
    bytes: &[u8],
    start: usize,
    way: Way<'_>,
    names: Option<&[Option<String>]>,
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(names) = names.filter(|names| bytes.len() <= LONGEST && names.len() >= 2) else {
        return found;
    };
    let mut first: Vec<String> = names
        .iter()
        .map(|name| name.clone().unwrap_or_default())
        .collect();
    let mut cursor = Cursor::new(bytes, way.0, &[], start);
    let mut cells: Vec<Cell> = Vec::new();
    let (mut gap, mut rows, mut gaps) = (None, 0, 0);
    while let Some(record) = cursor.next(0, way.3, &mut cells) {
        let filled = cells
            .iter()
            .filter(|cell| !bytes[cell.range()].trim_ascii().is_empty());
        match filled.count() {
            0 => gap = gap.or(Some(record.start)),
            1 if rows > 0 => gap = gap.or(Some(record.start)),
            n => {
                if let Some(at) = gap.take().filter(|_| rows > 0 && n > 1) {
                    gaps += 1;
                    if gaps > GAPS {
                        break;
                    }
                    if let Some(names) = begins(bytes, at, way, &first, header) {
                        found.push(at);
                        first = names;
                    }
                }
                rows += 1;
            }
        }
        cells.clear();
    }
    found
}

/// The names of the columns, if a table with others begins here.
fn begins(
    bytes: &[u8],
    at: usize,
    way: Way<'_>,
    first: &[String],
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<Vec<String>> {
    let end = bytes.len().min(at + HEAD);
    let rows: Vec<(Record, Vec<String>)> = sample(&bytes[..end], at, way, end < bytes.len());
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let titles = rows.iter().take_while(|row| filled(&row.1) <= 1).count();
    let ((_, names), rows) = rows.get(titles..).and_then(<[_]>::split_first)?;
    let n = filled(names);
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.1.clone())
        .take_while(|row| filled(row) > 1)
        .collect();
    let known = names
        .iter()
        .filter(|name| !name.trim().is_empty() && header(std::slice::from_ref(*name), &[]));
    let data = rows.first().map_or(0, |row| filled(row));
    let begins = titles <= TITLES
        && n >= 2
        && data >= 2
        && data <= n + 1
        && known.count() * 2 > n
        && !names
            .iter()
            .any(|name| name.trim().starts_with(|c: char| c.is_ascii_digit()))
        && names
            .iter()
            .map(|name| name.trim())
            .ne(first.iter().map(|name| name.trim()))
        && header(names, &rows);
    begins.then(|| names.clone())
}
