//! Rows of cells as sheets and documents hold them, made into tables.
//!
//! In: cells by row and column, a row at a time. Out: batches of the tables that stand there, each under its own header,
//! and what stands beside them as running text. A sheet is no table: titles stand above the header, several tables below
//! one another, forms have their labels on the left, notes follow. So each block of rows without a blank one between
//! them is looked at before it is given away, and no more of it is kept than that takes.

mod block;
mod reach;

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range, RangeInclusive};

use self::block::Make;
use self::reach::Reaches;
use super::prose::Prose;
use super::{Batch, Cell, Context, Item, Shape, Sink, Table};
use crate::source::{Code, Fault};
use crate::text::hiragana_to_katakana;

/// Rows of a batch.
const ROWS: usize = 1024;
/// Cells of a batch: bounds what narrow rows among wide ones cost.
const CELLS: usize = 1 << 16;
/// Text of a batch, in bytes.
const TEXT: usize = 1 << 20;
/// Rows of a block that are looked at to tell what it is.
const SAMPLE: usize = 200;
/// Tables told apart in one sheet; what follows belongs to the last one.
const TABLES: usize = 256;
/// Rows of a header at most.
const HEADER_ROWS: usize = 3;

/// One row: cells in the order they came.
#[derive(Default)]
struct Row {
    text: String,
    cells: Vec<Value>,
}

/// One cell: its column, its text and how it is read (furigana).
struct Value {
    column: usize,
    text: Range<usize>,
    reading: Option<Range<usize>>,
    /// Whether the text stands in a merged cell above.
    again: bool,
    /// Rows that the cell takes which it is told again from; 1 for those that are not.
    rows: usize,
}

impl Row {
    fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// Columns and texts of the cells that hold something.
    fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = |cell: &Value| (cell.column, &self.text[cell.text.clone()]);
        self.cells
            .iter()
            .map(text)
            .filter(|(_, text)| !text.trim().is_empty())
    }

    fn is_blank(&self, cell: &Value) -> bool {
        self.text[cell.text.clone()].trim().is_empty()
    }

    /// Whether it is none of a table of so many columns: a line of its own. Below a merged cell one that sums up or ends the list: any
    /// other goes on with what stands above.
    fn is_note(&self, width: usize) -> bool {
        let mut own = self.own();
        let (Some((_, text)), None) = (own.next(), own.next()) else {
            return false;
        };
        let filled = self.filled().count();
        width >= 3 && (filled == 1 || filled < width && block::is_closing(text))
    }

    /// Takes the cells out of it whose texts are in no name of a column.
    fn take_unused(&mut self, columns: &[Option<String>]) -> Self {
        let is_used = |text: &str| {
            let name = block::name_of(text);
            columns
                .iter()
                .flatten()
                .any(|column| column.contains(&*name))
        };
        let text = &self.text;
        let (used, unused) = std::mem::take(&mut self.cells)
            .into_iter()
            .partition(|cell: &Value| is_used(&text[cell.text.clone()]));
        self.cells = used;
        Self {
            text: text.clone(),
            cells: unused,
        }
    }

    /// Columns and texts of the cells that hold something themselves.
    fn own(&self) -> impl Iterator<Item = (usize, &str)> {
        let own = self.cells.iter().filter(|cell| !cell.again);
        own.map(|cell| (cell.column, &self.text[cell.text.clone()]))
            .filter(|(_, text)| !text.trim().is_empty())
    }
}

/// A table under whose header rows are being read.
struct Layout {
    name: String,
    /// Column of the first cell.
    first: usize,
    columns: Vec<Option<String>>,
}

/// Takes the cells of one sheet, and gives its tables.
pub(super) struct Grid<'c> {
    context: &'c Context,
    name: String,
    row: Row,
    /// The rows of a block that has not been looked at yet.
    block: Vec<Row>,
    block_bytes: usize,
    /// Whether rows belong to a block that was looked at.
    settled: bool,
    layout: Option<Layout>,
    /// The rows of the header, until a row stands under it: alone they are no header.
    bare: Vec<Row>,
    /// The tables so far.
    known: Vec<(Vec<Option<String>>, String)>,
    out: Out,
    beside: Prose,
    reaches: Reaches,
    /// Values beyond the limit of columns, and bytes of cells beyond that of a record.
    beyond: u64,
    cut: u64,
}

impl<'c> Grid<'c> {
    /// An empty sheet of this name.
    pub(super) fn new(name: impl Into<String>, context: &'c Context) -> Self {
        let name = name.into();
        Self {
            context,
            row: Row::default(),
            block: Vec::new(),
            block_bytes: 0,
            settled: false,
            layout: None,
            bare: Vec::new(),
            known: Vec::new(),
            out: Out::default(),
            reaches: Reaches::new(context.limits.columns),
            beside: Prose::new(format!("{name} (text)"), &context.limits),
            name,
            beyond: 0,
            cut: 0,
        }
    }

    /// Adds a cell to the row; `reading` is how it is pronounced.
    pub(super) fn cell(&mut self, column: usize, text: &str, reading: Option<&str>) {
        if text.is_empty() {
            return;
        }
        let limit = self.context.limits.record_bytes;
        let room = limit.saturating_sub(self.row.text.len());
        let end = text.floor_char_boundary(room);
        self.cut += (text.len() - end) as u64;
        if self.row.cells.len() >= self.context.limits.columns {
            self.beyond += 1;
            return;
        }
        let reading = reading.filter(|reading| {
            !reading.trim().is_empty()
                && reading.len() < 1024
                && hiragana_to_katakana(text) != *reading
        });
        let mut push = |text: &str| {
            let start = self.row.text.len();
            self.row.text.push_str(text);
            start..self.row.text.len()
        };
        let text = push(&text[..end]);
        let reading = reading.map(&mut push);
        self.row.cells.push(Value {
            column,
            text,
            reading,
            again: false,
            rows: 1,
        });
    }

    /// Tells that the cell of these columns in this row takes so many rows: those below are told its text.
    pub(super) fn reach(&mut self, columns: Range<usize>, rows: usize) {
        if rows > 1 {
            let mut cells = self.row.cells.iter().rev();
            let text = cells
                .find(|cell| cell.column == columns.start)
                .map_or("", |cell| &self.row.text[cell.text.clone()]);
            self.reaches.begin(columns, rows, text);
        }
    }

    /// The first column from this one on that no cell above reaches into.
    pub(super) fn free(&self, column: usize) -> usize {
        self.reaches.free(column)
    }

    /// Ends the cell that reaches into a column from above.
    pub(super) fn cut(&mut self, column: usize) {
        self.reaches.cut(column);
    }

    /// Passes rows that the sheet does not hold, as nothing stands in them.
    pub(super) fn pass(&mut self, rows: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.reaches.end_rows(rows);
        self.gap(sink)
    }

    /// Ends the row. A blank one ends its block.
    pub(super) fn end_row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.row.filled().next().is_none() {
            self.row.clear();
            self.reaches.end_rows(1);
            return self.gap(sink);
        }
        self.reaches.fill(&mut self.row);
        self.reaches.end_rows(1);
        if self.settled {
            let row = std::mem::take(&mut self.row);
            let flow = self.give(&row, sink);
            self.row = row;
            self.row.clear();
            return flow;
        }
        self.block_bytes += self.row.text.len();
        self.block.push(std::mem::take(&mut self.row));
        if self.block.len() >= SAMPLE || self.block_bytes >= TEXT {
            self.settle(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Ends the row if cells were put into it.
    pub(super) fn end_open_row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.row.cells.is_empty() {
            ControlFlow::Continue(())
        } else {
            self.end_row(sink)
        }
    }

    /// Tells the names of the columns of all rows that come.
    pub(super) fn header(&mut self, names: &[String], sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.settled = true;
        let name = |name: &String| Some(name.clone()).filter(|name| !name.trim().is_empty());
        self.begin(0, names.iter().map(name).collect(), sink)
    }

    /// Ends the block, as blank rows do.
    pub(super) fn gap(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if !self.block.is_empty() {
            self.settle(sink)?;
        }
        self.settled = false;
        ControlFlow::Continue(())
    }

    /// Gives away what is left, and says what was lost.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.row.filled().next().is_some() {
            self.end_row(sink)?;
        }
        self.gap(sink)?;
        self.flush(sink)?;
        self.give_bare(sink)?;
        self.beside.flush(sink)?;
        if self.beyond > 0 {
            let lost = format!("{} values", self.beyond);
            sink(Item::Fault(Fault::whole(Code::TooManyColumns, lost)))?;
        }
        if self.cut > 0 {
            let lost = format!("{} bytes of cells", self.cut);
            sink(Item::Fault(Fault::whole(Code::RecordTooLong, lost)))?;
        }
        if self.reaches.lost > 0 {
            let lost = format!("{} cells below merged ones", self.reaches.lost);
            sink(Item::Fault(Fault::whole(Code::OverBudget, lost)))?;
        }
        ControlFlow::Continue(())
    }

    /// Tells what the block is, and gives its rows away.
    fn settle(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut rows = std::mem::take(&mut self.block);
        self.block_bytes = 0;
        self.settled = true;
        let mut from = 0;
        let mut bare = 0..0;
        match block::make(&rows, self.context.header) {
            Make::Form(labels) => return self.form(&rows, labels, sink),
            Make::Sideways {
                labels,
                first,
                last,
            } => return self.sideways(&rows, &labels, first + 1..=last, sink),
            Make::Table {
                rows: header,
                first,
                columns,
            } => {
                for row in &rows[..header.start] {
                    self.aside(row, sink)?;
                }
                from = header.end;
                if header.len() > 1 {
                    let over = rows[header.start].take_unused(&columns);
                    self.aside(&over, sink)?;
                }
                self.begin(first, columns, sink)?;
                bare = header;
            }
            Make::Rows { first, width } if self.layout.is_none() => {
                self.begin(first, vec![None; width], sink)?
            }
            Make::Rows { .. } | Make::Text => {}
        }
        for row in &rows[from..] {
            self.give(row, sink)?;
        }
        if from == rows.len() {
            self.bare.extend(rows.drain(bare));
        }
        ControlFlow::Continue(())
    }

    /// Gives the rows of a header under which nothing stands as text: a line of a form or a list of one looks like one.
    fn give_bare(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        for row in std::mem::take(&mut self.bare) {
            self.aside(&row, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Begins the table of a header: another one, or one that was there before.
    fn begin(
        &mut self,
        first: usize,
        columns: Vec<Option<String>>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        self.flush(sink)?;
        self.give_bare(sink)?;
        let known = self.known.iter().find(|(known, _)| *known == columns);
        let name = match (known, self.known.len()) {
            (Some((_, name)), _) => name.clone(),
            (None, 0) => self.name.clone(),
            (None, n) => format!("{} ({})", self.name, (n + 1).min(TABLES)),
        };
        if known.is_none() && self.known.len() < TABLES {
            self.known.push((columns.clone(), name.clone()));
        }
        self.layout = Some(Layout {
            name,
            first,
            columns,
        });
        ControlFlow::Continue(())
    }

    /// Gives a row of the table away, or as text where it is none of its rows.
    fn give(&mut self, row: &Row, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(layout) = &self.layout else {
            return self.aside(row, sink);
        };
        let outside = row.own().any(|(column, _)| column < layout.first);
        if outside || row.is_note(layout.columns.len()) {
            return self.aside(row, sink);
        }
        let is_name = |cell: &Value| {
            let at = cell.column.checked_sub(layout.first);
            let name = at.and_then(|at| layout.columns.get(at)?.as_deref());
            name == Some(&*block::name_of(&row.text[cell.text.clone()]))
        };
        let mut own = row
            .cells
            .iter()
            .filter(|cell| !cell.again && !row.is_blank(cell));
        if layout.columns.iter().any(Option::is_some) && own.all(is_name) {
            return ControlFlow::Continue(());
        }
        // A row into which names of columns reach is one of the header. What is merged from there over more rows is a note beside the list.
        let reached = |cell: &Value| cell.again && cell.rows <= HEADER_ROWS && is_name(cell);
        if row.cells.iter().any(reached) {
            return self.aside(row, sink);
        }
        self.bare.clear();
        self.beyond += self.out.push(row, layout, self.context.limits.columns);
        if self.out.is_full(layout.columns.len()) {
            self.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives a row as running text: its cells in one line.
    fn aside(&mut self, row: &Row, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut line = String::new();
        for (_, text) in row.own() {
            if !line.is_empty() {
                line.push('\t');
            }
            line.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        self.beside.line(&line, sink)
    }

    /// Gives a form as one record: its labels are the columns.
    fn form(
        &mut self,
        rows: &[Row],
        labels: Vec<(String, (usize, usize))>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let names = labels.iter().map(|(label, _)| label.clone()).collect();
        let value = |(row, cell): (usize, usize)| rows[row].own().nth(cell);
        let values = labels.iter().map(|(_, at)| value(*at));
        let record = record(values.map(|cell| cell.map_or("", |(_, text)| text)));
        // What is no pair of label and value.
        let paired: BTreeSet<usize> = labels.iter().map(|(_, (row, _))| *row).collect();
        self.records(rows, (names, &[record]), &paired, sink)
    }

    /// Gives a table that lies on its side: each of these columns as a record under the labels of the rows.
    fn sideways(
        &mut self,
        rows: &[Row],
        labels: &[usize],
        people: RangeInclusive<usize>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let cell = |row: usize, column| {
            let mut cells = rows[row].filled();
            let found = cells.find(|(at, _)| *at == column);
            found.map_or("", |(_, text)| text)
        };
        let name = |&row: &usize| block::name_of(cell(row, people.start() - 1)).into_owned();
        let names = labels.iter().map(name).collect();
        let records: Vec<Row> = people
            .clone()
            .map(|column| record(labels.iter().map(|&row| cell(row, column))))
            .filter(|record| !record.text.trim().is_empty())
            .collect();
        let labelled: BTreeSet<usize> = labels.iter().copied().collect();
        self.records(rows, (names, &records), &labelled, sink)
    }

    /// Gives records that were made of a block's rows, and those rows that none was made of as text. Another block follows.
    fn records(
        &mut self,
        rows: &[Row],
        (names, records): (Vec<String>, &[Row]),
        used: &BTreeSet<usize>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let layout = self.layout.take();
        self.begin(0, names.into_iter().map(Some).collect(), sink)?;
        if let Some(layout) = &self.layout {
            for record in records {
                self.beyond += self.out.push(record, layout, self.context.limits.columns);
            }
        }
        self.flush(sink)?;
        self.layout = layout;
        for (index, row) in rows.iter().enumerate() {
            if !used.contains(&index) {
                self.aside(row, sink)?;
            }
        }
        self.settled = false;
        ControlFlow::Continue(())
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match &self.layout {
            Some(layout) => self.out.flush(layout, sink),
            None => ControlFlow::Continue(()),
        }
    }
}

/// A row of these values.
fn record<'v>(values: impl Iterator<Item = &'v str>) -> Row {
    let mut record = Row::default();
    for (column, value) in values.enumerate() {
        let start = record.text.len();
        record.text.push_str(value);
        record.cells.push(Value {
            column,
            text: start..record.text.len(),
            reading: None,
            again: false,
            rows: 1,
        });
    }
    record
}

/// Rows gathered for one batch.
#[derive(Default)]
struct Out {
    text: String,
    values: Vec<(Slot, Cell)>,
    /// End of each row in `values`.
    ends: Vec<usize>,
    width: usize,
    readings: BTreeSet<usize>,
}

/// Where a value goes.
enum Slot {
    Column(usize),
    /// The reading of a column's value.
    Reading(usize),
}

impl Out {
    /// Adds a row, and says how many values were beyond the limit of columns.
    fn push(&mut self, row: &Row, layout: &Layout, limit: usize) -> u64 {
        let mut beyond = 0;
        let mut push = |text: &str| {
            let start = self.text.len();
            self.text.push_str(text);
            Cell::new(start, self.text.len(), false)
        };
        for cell in &row.cells {
            // What stands left of the table reaches into it from above.
            let Some(column) = cell.column.checked_sub(layout.first) else {
                continue;
            };
            if column >= limit {
                beyond += 1;
                continue;
            }
            self.width = self.width.max(column + 1);
            self.values
                .push((Slot::Column(column), push(&row.text[cell.text.clone()])));
            if let Some(reading) = &cell.reading {
                self.readings.insert(column);
                self.values
                    .push((Slot::Reading(column), push(&row.text[reading.clone()])));
            }
        }
        self.ends.push(self.values.len());
        beyond
    }

    /// Whether the rows must be given away before another one comes.
    fn is_full(&self, width: usize) -> bool {
        let width = width.max(self.width) + self.readings.len();
        self.ends.len() >= ROWS || (self.ends.len() + 1) * width > CELLS || self.text.len() >= TEXT
    }

    fn flush(&mut self, layout: &Layout, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.ends.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut columns = layout.columns.clone();
        columns.resize(columns.len().max(self.width), None);
        let base = columns.len();
        let readings: Vec<usize> = self.readings.iter().copied().collect();
        columns.extend(
            readings
                .iter()
                .map(|&column| Some(reading_of(&layout.columns, column))),
        );
        let width = columns.len();
        let mut cells = vec![Cell::ABSENT; self.ends.len() * width];
        let mut from = 0;
        for (row, &end) in self.ends.iter().enumerate() {
            for (slot, cell) in &self.values[from..end] {
                let column = match slot {
                    Slot::Column(column) => *column,
                    Slot::Reading(of) => base + readings.partition_point(|column| column < of),
                };
                cells[row * width + column] = *cell;
            }
            from = end;
        }
        let table = Table {
            name: layout.name.clone(),
            columns,
            shape: Shape::Rows,
        };
        let flow = sink(Item::Batch(Batch::rebuilt(
            &table,
            self.text.as_bytes(),
            &cells,
        )));
        *self = Self {
            text: std::mem::take(&mut self.text),
            ..Self::default()
        };
        self.text.clear();
        flow
    }
}

/// The name of the column that holds the readings of a column's values.
fn reading_of(columns: &[Option<String>], column: usize) -> String {
    match columns.get(column) {
        Some(Some(name)) => format!("{name}（フリガナ）"),
        _ => format!("フリガナ {}", column + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::super::tests::{context, show_reader};
    use super::*;

    /// A sheet written as lines of `a|b`; the cells `text/n` take n rows.
    struct Sheet(&'static str);

    impl Reader for Sheet {
        fn parts(&self) -> usize {
            1
        }

        fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
            let context = context();
            let mut grid = Grid::new("s", &context);
            for line in self.0.lines() {
                for (column, cell) in line.split('|').enumerate() {
                    let (text, rows) = cell.split_once('/').unwrap_or((cell, "1"));
                    grid.cell(column, text, None);
                    grid.reach(column..column + 1, rows.parse().unwrap());
                }
                assert!(grid.end_row(sink).is_continue());
            }
            assert!(grid.finish(sink).is_continue());
            Ok(())
        }
    }

    #[test]
    fn what_is_no_name_of_two_rows_is_text() {
        fn check(sheet: &'static str, expected: &[&str]) {
            assert_eq!(show_reader(&Sheet(sheet)), expected, "{sheet}");
        }
        // A title and a date are no names of columns in which nothing stands.
        check(
            "会 x@example.com|||2024\n氏名|住所|電話|\na|b|c",
            &[
                "s: 氏名=a, 住所=b, 電話=c",
                "s (text): 会 x@example.com\t2024",
            ],
        );
        check(
            "会 x@example.com|||備考\n氏名|住所|電話|\na|b|c|d",
            &[
                "s: 氏名=a, 住所=b, 電話=c, 備考=d",
                "s (text): 会 x@example.com",
            ],
        );
        check(
            "会 x@example.com|||備考\n氏名|住所|電話|\n\na|b|c|d",
            &[
                "s: 氏名=a, 住所=b, 電話=c, 備考=d",
                "s (text): 会 x@example.com",
            ],
        );
    }

    #[test]
    fn rows_below_merged_cells() {
        fn check(sheet: &'static str, expected: &[&str]) {
            assert_eq!(show_reader(&Sheet(sheet)), expected, "{sheet}");
        }
        // One that sums up is none of the table's, one that goes on with a person is.
        check(
            "部署|氏名|電話\n営業/3|a|1\n|b|2\n|合計 2名|",
            &[
                "s: 部署=営業, 氏名=a, 電話=1",
                "s: 部署=営業, 氏名=b, 電話=2",
                "s (text): 合計 2名",
            ],
        );
        check(
            "氏名|電話|備考\na/2|1|x\n|2|\nb/2|3|y\n|4|",
            &[
                "s: 氏名=a, 電話=1, 備考=x",
                "s: 氏名=a, 電話=2",
                "s: 氏名=b, 電話=3, 備考=y",
                "s: 氏名=b, 電話=4",
            ],
        );
        // A label on the left of a table.
        check(
            "|氏名|住所|電話\n|a|b|c\n\n大阪/2|d|e|f\n|g|h|i",
            &[
                "s: 氏名=a, 住所=b, 電話=c",
                "s: 氏名=g, 住所=h, 電話=i",
                "s (text): 大阪\td\te\tf",
            ],
        );
        // A row of the header.
        check(
            "氏名/2|住所/2|電話\n||携帯\na|b|c",
            &["s: 氏名=a, 住所=b, 電話=c", "s (text): 携帯"],
        );
        // A note beside the whole list, merged from its header down.
        check(
            "氏名|年齢|社外秘/4\na|30|\nb|31|\nc|32|",
            &[
                "s: 氏名=a, 年齢=30, 社外秘=社外秘",
                "s: 氏名=b, 年齢=31, 社外秘=社外秘",
                "s: 氏名=c, 年齢=32, 社外秘=社外秘",
            ],
        );
    }

    #[test]
    fn a_header_alone_is_text() {
        fn check(sheet: &'static str, expected: &[&str]) {
            assert_eq!(show_reader(&Sheet(sheet)), expected, "{sheet}");
        }
        check(
            "氏名|山田太郎|電話|03",
            &["s (text): 氏名\t山田太郎\t電話\t03"],
        );
        check("氏名|住所|電話\na|b|c", &["s: 氏名=a, 住所=b, 電話=c"]);
        check("氏名|住所|電話\n\na|b|c", &["s: 氏名=a, 住所=b, 電話=c"]);
        check(
            "氏名|住所|電話\n\n氏名|番号|値\na|b|c",
            &["s (2): 氏名=a, 番号=b, 値=c", "s (text): 氏名\t住所\t電話"],
        );
    }
}
