//! Merged cells of sheets: the files list them behind the rows.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use super::super::grid::Grid;
use super::sheet::column;

/// Merged cells that are kept of one sheet.
const KEPT: usize = 1 << 20;

/// Merged cells of more than one row, by their first one.
#[derive(Default)]
pub(super) struct Merged {
    places: BTreeMap<u64, Vec<(Range<usize>, usize)>>,
    kept: usize,
}

impl Merged {
    /// Adds the cells of these rows and columns.
    pub(super) fn add(&mut self, rows: RangeInclusive<u64>, columns: RangeInclusive<usize>) {
        if rows.end() <= rows.start() || columns.is_empty() || self.kept == KEPT {
            return;
        }
        self.kept += 1;
        let n_rows = usize::try_from(rows.end() - rows.start()).unwrap_or(usize::MAX);
        let columns = *columns.start()..columns.end().saturating_add(1);
        let place = self.places.entry(*rows.start()).or_default();
        place.push((columns, n_rows.saturating_add(1)));
    }

    /// The merged cells that the XML of a sheet lists (ECMA-376 part 1, 18.3.1.54); its rows count from 1.
    pub(super) fn of(sheet: &str) -> Self {
        let mut merged = Self::default();
        let end = memchr::memmem::rfind(sheet.as_bytes(), b"sheetData>");
        let mut rest = &sheet[end.unwrap_or(0)..];
        // The search goes on behind each element, so that no byte is looked at twice.
        while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"mergeCell") {
            let Some((element, behind)) = rest[at..].split_once('>') else {
                break;
            };
            rest = behind;
            let mut quoted = element.split(['"', '\'']);
            let place = quoted
                .find(|piece| piece.trim_end().ends_with("ref="))
                .and_then(|_| quoted.next())
                .and_then(|place| place.split_once(':'));
            if let Some((Some(from), Some(to))) = place.map(|(from, to)| (cell(from), cell(to))) {
                merged.add(from.0..=to.0, from.1..=to.1);
            }
        }
        merged
    }

    /// Tells the grid which cells of the row that it holds reach into those below.
    pub(super) fn tell(&mut self, row: u64, grid: &mut Grid<'_>) {
        for (columns, rows) in self.places.remove(&row).into_iter().flatten() {
            grid.reach(columns, rows);
        }
    }
}

/// Row and column of a place: `B3` is 3 and 1.
fn cell(place: &str) -> Option<(u64, usize)> {
    let place = place.trim().trim_start_matches('$');
    let row = place.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$');
    Some((row.parse().ok()?, column(place.as_bytes())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_sheets() {
        let check = |sheet: &str, expected: &[(u64, Range<usize>, usize)]| {
            let merged = Merged::of(sheet);
            let found = merged.places.into_iter().flat_map(|(row, places)| {
                let place = move |(columns, rows)| (row, columns, rows);
                places.into_iter().map(place)
            });
            assert_eq!(found.collect::<Vec<_>>(), expected, "{sheet}");
        };
        check("", &[]);
        check(
            "<sheetData></sheetData><mergeCells count=\"4\"><mergeCell ref=\"A2:A4\"/><mergeCell ref='B2:D3' /><mergeCell \
             ref=\"A5:B5\"/><mergeCell ref=\"A7\"/></mergeCells>",
            &[(2, 0..1, 3), (2, 1..4, 2)],
        );
        check(
            "<x:sheetData></x:sheetData><x:mergeCell ref=\"A9:A2\"/><x:mergeCell ref=\"A",
            &[],
        );
        check(
            "<sheetData/><mergeCell ref=\"A1:A99999999999999999999\"/><mergeCell ref=\"A1:XFD1048576\"/>",
            &[(1, 0..16_384, 1_048_576)],
        );
        check(
            "<sheetData/><mergeCells count=\"1\">\n<mergeCell\n ref=\"A1:A2\"/></mergeCells>",
            &[(1, 0..1, 2)],
        );
        // Elements without an end: linear in their number.
        check(
            &format!("<sheetData/>{}", "mergeCell ".repeat(1 << 20)),
            &[],
        );
        let nested = format!(
            "<sheetData/>{}ref=\"A1:A2\"/>",
            "mergeCell ".repeat(1 << 20)
        );
        check(&nested, &[(1, 0..1, 2)]);
    }
}
