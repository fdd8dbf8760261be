//! Tables that a page rules: their lines, and what stands between them.
//!
//! In: what a page draws, and its pieces of text. Out: rows of cells. The text of a cell goes on over several lines; where a word was
//! broken at the cell's edge it is put together again.

use super::page::Piece;

/// Lines of one page that are looked at, before and after those that touch are put together.
const LINES: usize = 1 << 16;
const MERGED: usize = 2_000;
/// Tables of one page.
const TABLES: usize = 100;
/// What is so close, in points, is the same.
const CLOSE: f32 = 2.0;

/// A line from left to right or from the bottom to the top: where it stands, and from where to where.
#[derive(Clone, Copy, Debug)]
struct Line {
    at: f32,
    from: f32,
    to: f32,
}

/// The lines that a page draws.
#[derive(Default)]
pub(super) struct Ruling {
    /// Lines of the path that is being built.
    across: Vec<Line>,
    down: Vec<Line>,
    start: (f32, f32),
    point: (f32, f32),
    /// How many of them were painted.
    n_across: usize,
    n_down: usize,
}

impl Ruling {
    /// Takes an operation on paths (ISO 32000-1, 8.5); points are given as they stand on the page.
    pub(super) fn take(
        &mut self,
        operator: &str,
        n: impl Fn(usize) -> f32,
        place: impl Fn(f32, f32) -> (f32, f32),
    ) {
        match operator {
            "m" => {
                self.start = place(n(0), n(1));
                self.point = self.start;
            }
            "l" => self.line_to(place(n(0), n(1))),
            "c" => self.point = place(n(4), n(5)),
            "v" | "y" => self.point = place(n(2), n(3)),
            "h" => self.line_to(self.start),
            "re" => {
                self.point = place(n(0), n(1));
                self.start = self.point;
                self.line_to(place(n(0) + n(2), n(1)));
                self.line_to(place(n(0) + n(2), n(1) + n(3)));
                self.line_to(place(n(0), n(1) + n(3)));
                self.line_to(self.start);
            }
            "s" | "b" | "b*" => {
                self.line_to(self.start);
                self.paint();
            }
            "S" | "f" | "F" | "f*" | "B" | "B*" => self.paint(),
            // A path that only cuts off what is drawn after it.
            "n" => {
                self.across.truncate(self.n_across);
                self.down.truncate(self.n_down);
            }
            _ => {}
        }
    }

    fn paint(&mut self) {
        (self.n_across, self.n_down) = (self.across.len(), self.down.len());
    }

    fn line_to(&mut self, to: (f32, f32)) {
        let from = std::mem::replace(&mut self.point, to);
        let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        if self.across.len() + self.down.len() >= LINES || !(width + height).is_finite() {
            return;
        }
        if height < 1.0 && width > CLOSE {
            self.across.push(Line {
                at: from.1,
                from: from.0.min(to.0),
                to: from.0.max(to.0),
            });
        } else if width < 1.0 && height > CLOSE {
            self.down.push(Line {
                at: from.0,
                from: from.1.min(to.1),
                to: from.1.max(to.1),
            });
        }
    }

    /// The tables that the lines make, from the top of the page to its bottom.
    fn tables(mut self) -> Vec<Frame> {
        self.across.truncate(self.n_across);
        self.down.truncate(self.n_down);
        let (across, down) = (merged(self.across), merged(self.down));
        if across.len() > MERGED || down.len() > MERGED {
            return Vec::new();
        }
        let mut frames = Vec::new();
        let mut taken = vec![false; down.len()];
        for first in 0..down.len() {
            if taken[first] {
                continue;
            }
            let mut frame = Frame::default();
            // Lines that touch, from one to the next.
            let mut seen = vec![false; across.len()];
            let mut left = vec![first];
            taken[first] = true;
            while let Some(nth) = left.pop() {
                frame.xs.push(down[nth].at);
                for (i, line) in across
                    .iter()
                    .enumerate()
                    .filter(|(_, line)| touch(line, &down[nth]))
                {
                    if std::mem::replace(&mut seen[i], true) {
                        continue;
                    }
                    frame.ys.push(line.at);
                    for (j, other) in down.iter().enumerate() {
                        if !taken[j] && touch(line, other) {
                            taken[j] = true;
                            left.push(j);
                        }
                    }
                }
            }
            frame.settle();
            if frame.xs.len() >= 3 && frame.ys.len() >= 3 {
                frames.push(frame);
            }
        }
        frames.sort_by(|a, b| {
            b.ys[0]
                .total_cmp(&a.ys[0])
                .then(a.xs[0].total_cmp(&b.xs[0]))
        });
        frames.truncate(TABLES);
        frames
    }
}

/// Whether a line from left to right meets one from the bottom to the top.
fn touch(across: &Line, down: &Line) -> bool {
    let within = |at: f32, line: &Line| at >= line.from - CLOSE && at <= line.to + CLOSE;
    within(down.at, across) && within(across.at, down)
}

/// Lines that go on in one another, or lie on one another, made one.
fn merged(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut all: Vec<Line> = Vec::new();
    // Those at about one place, in the order of where they begin.
    for same in lines.chunk_by_mut(|a, b| b.at - a.at < 1.0) {
        let at = same[0].at;
        same.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut last: Option<Line> = None;
        for line in same {
            match &mut last {
                Some(last) if line.from <= last.to + CLOSE => last.to = last.to.max(line.to),
                _ => all.extend(last.replace(Line { at, ..*line })),
            }
        }
        all.extend(last);
    }
    all
}

/// Where the columns of a table and its rows begin and end.
#[derive(Default, Debug)]
struct Frame {
    /// From left to right.
    xs: Vec<f32>,
    /// From the top to the bottom.
    ys: Vec<f32>,
}

impl Frame {
    fn settle(&mut self) {
        self.xs.sort_by(f32::total_cmp);
        self.ys.sort_by(|a, b| b.total_cmp(a));
        self.xs.dedup_by(|a, b| (*a - *b).abs() <= CLOSE);
        self.ys.dedup_by(|a, b| (*a - *b).abs() <= CLOSE);
    }

    /// The row and column of a piece.
    fn place(&self, piece: &Piece) -> Option<(usize, usize)> {
        // A little above the line that it stands on, and behind where it begins.
        let (x, y) = (piece.x + piece.size * 0.2, piece.y + piece.size * 0.3);
        let column = self.xs.partition_point(|&left| left <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|&top| top >= y).checked_sub(1)?;
        (column + 1 < self.xs.len() && row + 1 < self.ys.len()).then_some((row, column))
    }
}

/// A table: where its columns begin, and its rows with the columns of their cells.
pub(super) struct Table {
    pub(super) columns: Vec<f32>,
    pub(super) rows: Vec<Vec<(usize, String)>>,
}

/// Takes the pieces of ruled tables out of a page's.
pub(super) fn take(ruling: Ruling, pieces: &mut Vec<Piece>) -> Vec<Table> {
    let mut tables = Vec::new();
    for frame in ruling.tables() {
        let mut inside: Vec<((usize, usize), &Piece)> = pieces
            .iter()
            .filter_map(|piece| Some((frame.place(piece)?, piece)))
            .collect();
        inside.sort_by(|a, b| {
            let below = b.1.y.total_cmp(&a.1.y);
            a.0.cmp(&b.0).then(below).then(a.1.x.total_cmp(&b.1.x))
        });
        let mut rows: Vec<Vec<(usize, String)>> = Vec::new();
        for row in inside.chunk_by(|a, b| a.0.0 == b.0.0) {
            let cells = row.chunk_by(|a, b| a.0.1 == b.0.1).map(|cell| {
                let column = cell[0].0.1;
                let width = frame.xs[column + 1] - frame.xs[column];
                let text = text(cell.iter().map(|(_, piece)| *piece), width);
                (column, text)
            });
            rows.push(cells.filter(|(_, cell)| !cell.is_empty()).collect());
        }
        // Boxes around text are no table.
        if rows.iter().filter(|row| row.len() >= 2).count() < 2 {
            continue;
        }
        pieces.retain(|piece| frame.place(piece).is_none());
        tables.push(Table {
            columns: frame.xs,
            rows,
        });
    }
    tables
}

/// The text of a cell so wide, from its pieces from the top to the bottom.
fn text<'p>(pieces: impl Iterator<Item = &'p Piece>, width: f32) -> String {
    let mut lines: Vec<Vec<&Piece>> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if (line[0].y - piece.y).abs() <= line[0].size * 0.4 => line.push(piece),
            _ => lines.push(vec![piece]),
        }
    }
    let mut out = String::new();
    for mut line in lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let (size, mut end) = (line[0].size, f32::INFINITY);
        let mut text = String::new();
        for piece in line {
            if piece.x - end > size * 0.15 {
                text.push(' ');
            }
            text.push_str(&piece.text);
            end = piece.end;
        }
        join(&mut out, text.trim(), width / size);
    }
    out
}

/// Adds a line to the text of a cell of this width, in sizes of its font.
pub(super) fn join(out: &mut String, line: &str, width: f32) {
    let (Some(last), Some(first)) = (out.chars().last(), line.chars().next()) else {
        out.push_str(line);
        return;
    };
    let words = |text: &str| text.chars().map(super::page::width_of).sum::<f32>();
    let before = out.rsplit(char::is_whitespace).next().unwrap_or("");
    let after = line.split(char::is_whitespace).next().unwrap_or("");
    let hyphened = last == '-'
        && before
            .chars()
            .rev()
            .nth(1)
            .is_some_and(char::is_alphanumeric);
    // Scripts without spaces break anywhere, and a word only where it is wider than the cell.
    let is_one = last >= '\u{2e80}'
        || first >= '\u{2e80}'
        || hyphened
        || words(before) + words(after) > width;
    if !is_one {
        out.push(' ');
    }
    out.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(x: f32, y: f32, text: &str) -> Piece {
        Piece {
            x,
            y,
            end: x + 5.0 * text.len() as f32,
            size: 10.0,
            text: text.to_owned(),
        }
    }

    fn draw(ruling: &mut Ruling, operators: &[(&str, [f32; 4])]) {
        for (operator, numbers) in operators {
            ruling.take(operator, |nth| numbers[nth], |x, y| (x, y));
        }
    }

    fn shown(table: &Table) -> Vec<String> {
        let show = |row: &Vec<(usize, String)>| {
            let cells: Vec<String> = row
                .iter()
                .map(|(column, cell)| format!("{column}={cell}"))
                .collect();
            cells.join(" | ")
        };
        table.rows.iter().map(show).collect()
    }

    #[test]
    fn cells_between_lines() {
        let mut ruling = Ruling::default();
        // Every cell with a frame of its own, as office programs draw them; a path that only cuts.
        for (x, y) in [(0.0, 0.0), (50.0, 0.0), (0.0, 30.0), (50.0, 30.0)] {
            draw(&mut ruling, &[("re", [x, y, 50.0, 30.0]), ("S", [0.0; 4])]);
        }
        draw(
            &mut ruling,
            &[("re", [20.0, -50.0, 10.0, 500.0]), ("n", [0.0; 4])],
        );
        let mut pieces = vec![
            piece(2.0, 48.0, "name"),
            piece(52.0, 48.0, "mail"),
            piece(2.0, 20.0, "Ann"),
            piece(2.0, 8.0, "Lee"),
            piece(52.0, 20.0, "ann.lee@"),
            piece(52.0, 8.0, "example.jp"),
            piece(0.0, 80.0, "title"),
        ];
        let tables = take(ruling, &mut pieces);
        let shown: Vec<Vec<String>> = tables.iter().map(shown).collect();
        assert_eq!(
            shown,
            [["0=name | 1=mail", "0=Ann Lee | 1=ann.lee@example.jp"]]
        );
        assert_eq!(pieces.len(), 1);
    }

    #[test]
    fn boxes_are_no_tables() {
        let mut ruling = Ruling::default();
        draw(
            &mut ruling,
            &[
                ("re", [0.0, 0.0, 90.0, 90.0]),
                ("re", [10.0, 10.0, 20.0, 20.0]),
                ("S", [0.0; 4]),
            ],
        );
        let mut pieces = vec![piece(12.0, 12.0, "a"), piece(50.0, 50.0, "b")];
        assert_eq!(take(ruling, &mut pieces).len(), 0);
        assert_eq!(pieces.len(), 2);
    }

    #[test]
    fn broken_words() {
        let check = |lines: &[&str], expected: &str| {
            let mut out = String::new();
            lines.iter().for_each(|line| join(&mut out, line, 5.0));
            assert_eq!(out, expected);
        };
        check(&["090-", "6874-", "8684"], "090-6874-8684");
        check(
            &["shota.sat", "o0@exa", "mple.jp"],
            "shota.sato0@example.jp",
        );
        check(&["東京都千代", "田区"], "東京都千代田区");
        check(&["John", "Smith"], "John Smith");
    }
}
