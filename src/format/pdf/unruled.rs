//! Tables that a page does not rule: lines whose cells begin where those of other lines begin.
//!
//! In: the lines of a page. Out: rows of cells, and lines that are no row. A cell that is too long for its column goes on in the
//! next line, which is no row of its own then.

use std::collections::BTreeMap;

use super::APART;
use super::page::{Cell, width_of};
use super::ruled::join;

/// Lines with as many cells that make a table, and the share of the page's lines that must be rows of it.
const ROWS: usize = 3;
const TABLE: f32 = 0.5;
/// How far below its line a cell goes on, in sizes of its font.
const BELOW: f32 = 2.5;

/// What a line is, or several that are one row.
#[derive(Debug, PartialEq)]
pub(super) enum Row {
    /// Columns and texts of a row's cells.
    Cells(Vec<(usize, String)>),
    /// A line that is no row.
    Text(String),
}

/// Where the columns of a page's table begin: as in its fullest lines. None when few lines fit.
pub(super) fn columns(lines: &[Vec<Cell>]) -> Vec<f32> {
    let mut counts = BTreeMap::<usize, usize>::new();
    for line in lines.iter().filter(|line| line.len() >= 2) {
        *counts.entry(line.len()).or_default() += 1;
    }
    let Some((width, _)) = counts.into_iter().rfind(|(_, n)| *n >= ROWS) else {
        return Vec::new();
    };
    let full: Vec<&Vec<Cell>> = lines.iter().filter(|line| line.len() == width).collect();
    // Headers may stand in the middle of their columns: where most begin.
    let begin = |column: usize| {
        let mut xs: Vec<f32> = full.iter().map(|line| line[column].x).collect();
        xs.sort_by(f32::total_cmp);
        xs[xs.len() / 2]
    };
    let columns: Vec<f32> = (0..width).map(begin).collect();
    if is_table(lines, &columns) {
        columns
    } else {
        Vec::new()
    }
}

/// Whether enough lines of a page are rows of a table with these columns. Lines of one cell may be the rest of one.
pub(super) fn is_table(lines: &[Vec<Cell>], columns: &[f32]) -> bool {
    let rows = lines.iter().filter(|line| places(line, columns).is_some());
    let rows = rows.count();
    let is_rest =
        |line: &&Vec<Cell>| line.len() == 1 && place(&line[0], columns).is_some_and(|at| at > 0);
    let rests = lines.iter().filter(is_rest).count();
    rows > 0 && rows as f32 >= (lines.len() - rests) as f32 * TABLE
}

/// The column in which a cell begins.
fn place(cell: &Cell, columns: &[f32]) -> Option<usize> {
    columns.iter().position(|x| (x - cell.x).abs() <= APART)
}

/// The columns of a line's cells: one after the other in a full line, else by where they begin. `None` for a line that is
/// no row of the table.
fn places(line: &[Cell], columns: &[f32]) -> Option<Vec<usize>> {
    if line.len() == columns.len() && line.len() >= 2 {
        return Some((0..columns.len()).collect());
    }
    if line.len() < 2 || line.len() > columns.len() {
        return None;
    }
    line.iter().map(|cell| place(cell, columns)).collect()
}

/// A cell of a row that may go on in the next line, or on the next page.
pub(super) struct Part {
    column: usize,
    text: String,
    /// Where its last line stands, and ends.
    y: f32,
    end: f32,
}

/// The lines of a page as rows of a table with these columns. The last row stays `open`, as it may go on on the next page.
pub(super) fn rows(lines: &[Vec<Cell>], columns: &[f32], open: &mut Option<Vec<Part>>) -> Vec<Row> {
    // Where the last column ends.
    let edge = lines.iter().flatten().map(|cell| cell.end);
    let edge = edge.fold(0.0, f32::max);
    let right = |column: usize| columns.get(column + 1).copied().unwrap_or(edge);
    // What goes on stands at the top of the page, however far down that is.
    for part in open.iter_mut().flatten() {
        part.y = f32::NEG_INFINITY;
    }
    let mut rows = Vec::new();
    for line in lines {
        if let Some(row) = open
            && let Some(parts) = rest_of(row, line, columns, &right)
        {
            for (cell, at) in line.iter().zip(parts) {
                let part = &mut row[at];
                let width = (right(part.column) - columns[part.column]) / cell.size;
                join(&mut part.text, cell.text.trim(), width);
                (part.y, part.end) = (cell.y, cell.end);
            }
            continue;
        }
        rows.extend(open.take().map(closed));
        match places(line, columns) {
            Some(places) => {
                let part = |(cell, column): (&Cell, usize)| Part {
                    column,
                    text: cell.text.trim().to_owned(),
                    y: cell.y,
                    end: cell.end,
                };
                *open = Some(line.iter().zip(places).map(part).collect());
            }
            None => {
                let cells: Vec<&str> = line.iter().map(|cell| cell.text.as_str()).collect();
                rows.push(Row::Text(cells.join("\t")));
            }
        }
    }
    rows
}

/// A row that ended.
pub(super) fn closed(row: Vec<Part>) -> Row {
    let cells = row.into_iter().map(|part| (part.column, part.text));
    Row::Cells(cells.collect())
}

/// The cells of a row that go on in a line; `None` for a line that begins something else. What goes on had no room: the first word, or
/// character of a script without spaces, did not fit behind what stands in the line above.
fn rest_of(
    row: &[Part],
    line: &[Cell],
    columns: &[f32],
    right: &dyn Fn(usize) -> f32,
) -> Option<Vec<usize>> {
    if line.is_empty() || line.len() >= columns.len() {
        return None;
    }
    let (mut parts, mut n_cut) = (Vec::new(), 0);
    for cell in line {
        let column = place(cell, columns)?;
        let at = row.iter().position(|part| part.column == column)?;
        let part = &row[at];
        if part.y - cell.y > cell.size * BELOW {
            return None;
        }
        let needed = first_width(&cell.text) * cell.size;
        n_cut += usize::from(part.end + needed > right(column) - cell.size);
        parts.push(at);
    }
    // A row most often has something in its first column.
    let begins = parts.iter().any(|&at| row[at].column == 0);
    let enough = if begins {
        line.len()
    } else {
        line.len().div_ceil(2)
    };
    (n_cut >= enough).then_some(parts)
}

/// How wide the piece is that could not be cut, in sizes of its font.
fn first_width(text: &str) -> f32 {
    let mut width = 0.0;
    for c in text.trim_start().chars() {
        if c.is_whitespace() || c >= '\u{2e80}' && width > 0.0 {
            break;
        }
        width += width_of(c);
        if c == '-' || c >= '\u{2e80}' {
            break;
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of cells at these places, in a font of size 10.
    fn line(y: f32, cells: &[(f32, &str)]) -> Vec<Cell> {
        let width = |text: &str| text.chars().map(width_of).sum::<f32>() * 10.0;
        let cell = |&(x, text): &(f32, &str)| Cell {
            x,
            y,
            end: x + width(text),
            size: 10.0,
            text: text.to_owned(),
        };
        cells.iter().map(cell).collect()
    }

    fn shown(lines: &[Vec<Cell>]) -> Vec<String> {
        let columns = columns(lines);
        let show = |row: Row| match row {
            Row::Cells(cells) => {
                let cells: Vec<String> = cells
                    .into_iter()
                    .map(|(column, text)| format!("{column}={text}"))
                    .collect();
                cells.join(" | ")
            }
            Row::Text(text) => text,
        };
        let mut open = None;
        let rows = rows(lines, &columns, &mut open);
        rows.into_iter().chain(open.map(closed)).map(show).collect()
    }

    #[test]
    fn cells_go_on_in_the_next_line() {
        let lines = [
            line(100.0, &[(0.0, "no"), (30.0, "mail"), (100.0, "住所")]),
            line(
                80.0,
                &[(0.0, "1"), (30.0, "shota.sato0@"), (100.0, "東京都千代田")],
            ),
            line(68.0, &[(30.0, "example.jp"), (100.0, "区丸の内")]),
            line(
                48.0,
                &[(0.0, "2"), (30.0, "a@example.jp"), (100.0, "東京都港区芝")],
            ),
            line(36.0, &[(100.0, "1-1")]),
            line(0.0, &[(0.0, "note")]),
        ];
        let expected = [
            "0=no | 1=mail | 2=住所",
            "0=1 | 1=shota.sato0@example.jp | 2=東京都千代田区丸の内",
            "0=2 | 1=a@example.jp | 2=東京都港区芝1-1",
            "note",
        ];
        assert_eq!(shown(&lines), expected);
    }

    #[test]
    fn rows_with_empty_cells_stay_rows() {
        let lines = [
            line(100.0, &[(0.0, "name"), (60.0, "phone"), (130.0, "city")]),
            line(88.0, &[(0.0, "Ann"), (60.0, "555-0100"), (130.0, "Leeds")]),
            line(76.0, &[(0.0, "Bob"), (130.0, "York")]),
            line(64.0, &[(60.0, "555-0101"), (130.0, "Bath")]),
            line(52.0, &[(0.0, "Cid"), (60.0, "555-0102"), (130.0, "Wells")]),
        ];
        let expected = [
            "0=name | 1=phone | 2=city",
            "0=Ann | 1=555-0100 | 2=Leeds",
            "0=Bob | 2=York",
            "1=555-0101 | 2=Bath",
            "0=Cid | 1=555-0102 | 2=Wells",
        ];
        assert_eq!(shown(&lines), expected);
    }
}
