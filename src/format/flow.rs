//! A document as it flows: paragraphs, and tables between and inside them.
//!
//! In: text, ends of paragraphs, begins and ends of tables, rows and cells, in any order that hostile markup may have.
//! Out: the paragraphs as running text, every table through a [`Grid`] of its own.

use std::ops::ControlFlow;

use super::grid::Grid;
use super::prose::Prose;
use super::{Context, Sink};

/// Tables inside tables; deeper ones are text of the cell.
const DEPTH: usize = 8;
/// Columns that one cell may take.
const COLUMNS: usize = 1_000;

/// Takes a document.
pub(super) struct Flow<'c> {
    context: &'c Context,
    name: String,
    prose: Prose,
    /// The paragraph so far.
    line: String,
    tables: Vec<Table<'c>>,
    /// Tables so deep that they are text.
    deeper: usize,
    n_tables: usize,
}

/// A table that has not ended.
struct Table<'c> {
    grid: Grid<'c>,
    column: usize,
    /// `None` between cells.
    cell: Option<Open>,
    in_row: bool,
}

/// A cell that has not ended.
struct Open {
    text: String,
    /// Columns and rows that it takes.
    columns: usize,
    rows: usize,
    /// Whether it only goes on with the one above it.
    goes_on: bool,
}

impl<'c> Flow<'c> {
    /// An empty document; its tables are called `NAME table 1`, ….
    pub(super) fn new(name: &str, context: &'c Context) -> Self {
        Self {
            context,
            name: name.to_owned(),
            prose: Prose::new(name, &context.limits),
            line: String::new(),
            tables: Vec::new(),
            deeper: 0,
            n_tables: 0,
        }
    }

    /// Adds text to the paragraph.
    pub(super) fn text(&mut self, text: &str) {
        self.line.push_str(text);
    }

    /// The paragraph so far, for those who add to it.
    pub(super) fn line(&mut self) -> &mut String {
        &mut self.line
    }

    /// Ends the paragraph.
    pub(super) fn end_paragraph(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let line = std::mem::take(&mut self.line);
        let cell = self.tables.last_mut().and_then(|table| table.cell.as_mut());
        let flow = match cell {
            Some(Open { text, .. }) => {
                let line = line.trim();
                if !line.is_empty() {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(line);
                }
                ControlFlow::Continue(())
            }
            None => self.prose.line(line.trim(), sink),
        };
        self.line = line;
        self.line.clear();
        flow
    }

    /// Begins a table.
    pub(super) fn begin_table(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.end_paragraph(sink)?;
        if self.tables.len() >= DEPTH {
            self.deeper += 1;
            return ControlFlow::Continue(());
        }
        self.n_tables += 1;
        let name = format!("{} table {}", self.name, self.n_tables);
        self.tables.push(Table {
            grid: Grid::new(name, self.context),
            column: 0,
            cell: None,
            in_row: false,
        });
        ControlFlow::Continue(())
    }

    /// Begins a row, and ends the one before.
    pub(super) fn begin_row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.deeper == 0 {
            self.end_row(sink)?;
            if let Some(table) = self.tables.last_mut() {
                table.in_row = true;
            }
        }
        ControlFlow::Continue(())
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.deeper > 0 {
            return ControlFlow::Continue(());
        }
        self.end_cell(sink)?;
        match self.tables.last_mut() {
            Some(table) if table.in_row => {
                (table.in_row, table.column) = (false, 0);
                table.grid.end_row(sink)
            }
            _ => ControlFlow::Continue(()),
        }
    }

    /// Begins a cell that takes so many columns, and ends the one before.
    pub(super) fn begin_cell(&mut self, span: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.end_cell(sink)?;
        if self.deeper == 0
            && let Some(table) = self.tables.last_mut()
        {
            table.in_row = true;
            table.cell = Some(Open {
                text: String::new(),
                columns: span.clamp(1, COLUMNS),
                rows: 1,
                goes_on: false,
            });
        }
        ControlFlow::Continue(())
    }

    /// Begins a cell of a table whose rows leave out what cells above reach into.
    pub(super) fn begin_spanning(
        &mut self,
        columns: usize,
        rows: usize,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        self.begin_cell(columns, sink)?;
        if self.deeper == 0
            && let Some(table) = self.tables.last_mut()
        {
            table.column = table.grid.free(table.column);
        }
        self.reaches(rows);
        ControlFlow::Continue(())
    }

    /// Tells how many columns the open cell takes.
    pub(super) fn spans(&mut self, columns: usize) {
        if let Some(cell) = self.open_cell() {
            cell.columns = columns.clamp(1, COLUMNS);
        }
    }

    /// Tells how many rows the open cell takes.
    pub(super) fn reaches(&mut self, rows: usize) {
        if let Some(cell) = self.open_cell() {
            cell.rows = rows;
        }
    }

    /// Tells that the open cell only goes on with the one above it.
    pub(super) fn goes_on(&mut self) {
        if let Some(cell) = self.open_cell() {
            cell.goes_on = true;
        }
    }

    fn open_cell(&mut self) -> Option<&mut Open> {
        let table = self.tables.last_mut().filter(|_| self.deeper == 0);
        table.and_then(|table| table.cell.as_mut())
    }

    /// Ends the cell.
    pub(super) fn end_cell(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.end_paragraph(sink)?;
        if self.deeper == 0
            && let Some(table) = self.tables.last_mut()
            && let Some(cell) = table.cell.take()
        {
            let columns = table.column..table.column + cell.columns;
            if !cell.goes_on {
                table.grid.cut(table.column);
            }
            table.grid.cell(table.column, &cell.text, None);
            table.column = columns.end;
            table.grid.reach(columns, cell.rows);
        }
        ControlFlow::Continue(())
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.deeper > 0 {
            self.deeper -= 1;
            return self.end_paragraph(sink);
        }
        self.end_row(sink)?;
        match self.tables.pop() {
            Some(table) => table.grid.finish(sink),
            None => ControlFlow::Continue(()),
        }
    }

    /// Ends everything that is open.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.deeper = 0;
        while !self.tables.is_empty() {
            self.end_table(sink)?;
        }
        self.end_paragraph(sink)?;
        self.prose.flush(sink)
    }
}
