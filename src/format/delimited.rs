//! Delimited text: CSV, TSV and their relatives.
//!
//! In: bytes in an ASCII-compatible encoding. Out: one table whose cells are ranges of the source's bytes, without their
//! quotes. Reading never fails: a quote opens only at the start of a field, `""` inside is one quote, text after the closing
//! quote is kept, rows may be short or long, and a quote that is never closed stands for itself.

mod colons;
mod dialect;
mod further;
mod quotes;
mod sideways;
mod split;

use std::ops::{ControlFlow, Range};

use self::quotes::{Quotes, Text};
use self::split::{Bounds, Cursor, Dialect, Record};
use super::groups;
use super::sideways::{Labels, is_type};
use super::{Batch, Cell, Context, Format, Head, Item, Member, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::{Encoding, Escape, unescape};

pub(crate) const FORMAT: Format = Format {
    name: "csv",
    title: "CSV, TSV and other delimited text",
    extensions: &["csv", "tsv", "tab", "psv", "txt"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Rows of a batch.
const ROWS: usize = 1024;
/// Cells of a batch; narrow rows among wide ones are padded, so this bounds the padding.
const CELLS: usize = 1 << 16;
/// Bytes that a batch spans before it is given away.
const SPAN: usize = 1 << 26;
/// Rows that are read to settle dialect and header.
const SAMPLE: usize = 200;
/// Rows in the head of a source of so many bytes that are so few that all of it is looked at.
const FEW: usize = 8;
const WIDE: usize = 4 << 20;

/// How a file is split and decoded.
type Way<'w> = (&'w Dialect, Escape, Encoding, Bounds);

struct Delimited<'a> {
    bytes: &'a [u8],
    /// Further tables under headers of their own, and what follows under other line ends.
    members: Vec<(String, Bytes)>,
    dialect: Dialect,
    encoding: Encoding,
    escape: Escape,
    bounds: Bounds,
    table: Table,
    /// The header's own bytes: a row equal to it is a header again, of files joined together.
    header: Option<&'a [u8]>,
    /// What stands above the header.
    titles: Range<usize>,
    /// The labels of a table that lies on its side.
    labels: Option<Labels>,
    cuts: Vec<usize>,
    quotes: Quotes,
}

fn sniff(head: &Head<'_>) -> u8 {
    let named = matches!(head.extension, "csv" | "tsv" | "tab" | "psv");
    let found = dialect::sniff(
        head.bytes,
        head.encoding,
        (head.bytes.len() as u64) < head.len,
    );
    match found {
        Some(found) if found.is_sure(head.bytes) => 60,
        Some(_) if named => 50,
        None if named && memchr::memchr(0, head.bytes).is_none() => 30,
        _ => 0,
    }
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (source, bytes): (&Bytes, &'a [u8]) = (bytes, bytes);
    let head = &bytes[..bytes.len().min(64 << 10)];
    let found = dialect::settle(head, context.encoding, head.len() < bytes.len());
    let dialect = found.dialect;
    let end = dialect::other_lines(bytes, dialect.newline).unwrap_or(bytes.len());
    let (bytes, head) = (&bytes[..end], &head[..head.len().min(end)]);
    let escape = escape_of(&dialect);
    let bounds = Bounds {
        bytes: context.limits.record_bytes.clamp(1, 1 << 30),
        fields: context.limits.columns.max(1),
    };
    let way = (&dialect, escape, context.encoding, bounds);
    let sample = sample(head, found.start, way, head.len() < bytes.len());
    let mut settled = settle_header(bytes, &sample, found.start, context);
    settled.name_logins(head, found.start, &dialect);
    let header = settled.header;
    let other = (end < source.len()).then(|| {
        let rest = source.slice(end..source.len());
        match header.filter(|_| rest.len() <= context.limits.in_memory_bytes) {
            Some(header) => Bytes::owned([header, b"\r", &rest].concat()),
            None => rest,
        }
    });
    let labels = labels(
        bytes,
        head.len(),
        &sample,
        (found.start, way),
        context.header,
    );
    let names = header
        .filter(|_| labels.is_none())
        .map(|_| &settled.columns[..]);
    let mut tables = further::tables(bytes, settled.start, way, names, context.header);
    tables.push(end);
    let members = members(source, &tables, other);
    let bytes = &bytes[..tables[0]];
    let (start, titles, part_bytes) = match labels {
        Some(_) => (found.start, found.start..found.start, usize::MAX),
        None => (settled.start, settled.titles, context.limits.part_bytes),
    };
    let cuts = cuts(start, bytes.len(), part_bytes);
    let quotes = Text {
        bytes,
        dialect: &dialect,
        start,
        limit: bounds.bytes,
    }
    .quotes(&cuts);
    let table = Table {
        name: context.stem.clone(),
        columns: settled.columns,
        shape: Shape::Rows,
    };
    Ok(Box::new(Delimited {
        titles,
        labels,
        bytes,
        members,
        dialect,
        encoding: context.encoding,
        escape,
        bounds,
        table,
        header,
        cuts,
        quotes,
    }))
}

fn escape_of(dialect: &Dialect) -> Escape {
    match (dialect.backslash, dialect.quote) {
        (true, quote) => Escape::MySql(quote.unwrap_or(0)),
        (false, Some(quote)) => Escape::Doubled(quote),
        (false, None) => Escape::None,
    }
}

/// Further tables, which lie between these ends, and what follows under other line ends, each as a member.
fn members(source: &Bytes, ends: &[usize], other: Option<Bytes>) -> Vec<(String, Bytes)> {
    let tables = ends.windows(2).zip(2..);
    let tables = tables.map(|(ends, n)| (format!("table {n}.csv"), source.slice(ends[0]..ends[1])));
    let other = other.map(|bytes| ("other line ends.csv".to_owned(), bytes));
    tables.chain(other).collect()
}

/// The labels of a table on its side. With thousands of people the first rows of one are longer than the head of the source, which is looked at.
fn labels(
    bytes: &[u8],
    head: usize,
    rows: &[(Record, Vec<String>)],
    (start, way): (usize, Way<'_>),
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<Labels> {
    let is_cut = head < bytes.len();
    if is_cut && rows.len() <= FEW && bytes.len() <= WIDE {
        let rows = sample(bytes, start, way, false);
        return sideways::labels(&rows, false, header);
    }
    sideways::labels(rows, is_cut, header)
}

/// Where parts begin and end: each is `part_bytes` long but the last.
fn cuts(start: usize, end: usize, part_bytes: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = (start..end).step_by(part_bytes.max(1)).collect();
    cuts.push(end);
    cuts
}

/// The first rows, decoded. The last one is left out when the head cuts it.
fn sample(
    head: &[u8],
    start: usize,
    (dialect, escape, encoding, bounds): Way<'_>,
    cut: bool,
) -> Vec<(Record, Vec<String>)> {
    let mut cursor = Cursor::new(head, dialect, &[], start);
    let (mut rows, mut cells, mut text) = (Vec::new(), Vec::new(), String::new());
    while rows.len() < SAMPLE
        && let Some(record) = cursor.next(0, bounds, &mut cells)
    {
        if !cells.is_empty() {
            let decode = |cell: Cell| {
                let raw = encoding.decode(&head[cell.range()]).0;
                if !cell.is_escaped() {
                    return raw.into_owned();
                }
                unescape(&raw, escape, &mut text);
                text.clone()
            };
            rows.push((record, cells.drain(..).map(decode).collect()));
        }
    }
    if cut && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// A row without the byte order mark that joined files leave in the middle.
fn without_mark(row: &[u8]) -> &[u8] {
    row.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(row)
}

/// What is known of a table before its records are read.
struct Settled<'a> {
    columns: Vec<Option<String>>,
    /// Where the records begin.
    start: usize,
    /// The header's own bytes.
    header: Option<&'a [u8]>,
    /// What stands above the header.
    titles: Range<usize>,
}

impl Settled<'_> {
    /// Names the columns of a list of logins and passwords, which has no names of its own.
    fn name_logins(&mut self, head: &[u8], start: usize, dialect: &Dialect) {
        let unnamed = self.header.is_none() && self.columns == [None, None];
        if unnamed && dialect.delimiter == b':' && colons::logins(head, start) {
            self.columns = colons::COLUMNS.map(|name| Some(name.to_owned())).into();
        }
    }
}

/// Rows above the header that are looked at.
const TITLES: usize = 10;

/// The columns, where the records begin, and the header's bytes. Rows of a title above the header are lines of text.
fn settle_header<'a>(
    bytes: &'a [u8],
    sample: &[(Record, Vec<String>)],
    start: usize,
    context: &Context,
) -> Settled<'a> {
    let width = usual_width(sample.iter().map(|row| row.1.len()));
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let is_title =
        |row: &[String]| width >= 2 && (row.len() == 1 || width >= 3 && filled(row) <= 1);
    // `作成日,2024/1/1,,,` is a title too, if a header follows.
    let is_sparse = |row: &[String]| is_title(row) || width >= 4 && filled(row) * 2 <= width;
    let n_titles = sample
        .iter()
        .take(TITLES)
        .take_while(|row| is_title(&row.1))
        .count();
    let n_sparse = sample
        .iter()
        .take(TITLES)
        .take_while(|row| is_sparse(&row.1))
        .count();
    // The fullest row that can be a header is one, rather than a line of the title that looks like it.
    for titles in (n_titles..=n_sparse).rev() {
        let Some((record, names)) = sample.get(titles) else {
            break;
        };
        let rows: Vec<Vec<String>> = sample[titles + 1..]
            .iter()
            .map(|row| row.1.clone())
            .collect();
        if (context.header)(names, &rows) {
            let (first, last, names) = two_rows(sample, titles, context.header)
                .unwrap_or_else(|| (record.start, *record, names.clone()));
            let next = (last.end..bytes.len())
                .find(|i| bytes[*i] == b'\n' || !matches!(bytes[*i], b'\r' | b'|' | b'&'));
            let next = next.map_or(bytes.len(), |i| i + usize::from(bytes[i] == b'\n'));
            let next = behind_names(sample, last, &names, context.header).unwrap_or(next);
            return Settled {
                columns: inherited(&names, width),
                start: next,
                header: Some(without_mark(&bytes[last.start..last.end])),
                titles: start..first,
            };
        }
    }
    let columns = match &context.columns {
        Some(names) if names.len() == width => names.iter().cloned().map(Some).collect(),
        _ => vec![None; width.max(1)],
    };
    Settled {
        columns,
        start,
        header: None,
        titles: start..start,
    }
}

/// Where the records begin behind a row that says once more what the columns are: their types, as databases and tools write them (`int,varchar(40)`), or their
/// names in another language (`Name` and 氏名).
fn behind_names(
    sample: &[(Record, Vec<String>)],
    header: Record,
    names: &[String],
    is_header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<usize> {
    let at = sample.iter().position(|row| row.0.start > header.start)?;
    let ((_, row), rows) = sample[at..].split_first()?;
    let data = rows.first()?.0.start;
    let filled = || {
        row.iter()
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    };
    let typed = filled().all(is_type);
    let names_again = || {
        let all = row.len() == names.len() && filled().count() == row.len();
        let known = |cell: &String| is_header(std::slice::from_ref(cell), &[]);
        let other = |cell: &String| cell.is_ascii() != names.concat().is_ascii();
        let rows: Vec<Vec<String>> = rows.iter().take(TITLES).map(|row| row.1.clone()).collect();
        let known = row.iter().filter(|cell| known(cell) && other(cell));
        all && known.count() * 3 >= row.len() * 2 && is_header(row, &rows)
    };
    (filled().count() >= 2 && (typed || names_again())).then_some(data)
}

/// Where the header begins, its last row and its names, if the row at `at` is one of two that name the columns: groups of them (生徒, 保護者), and what each
/// column of a group is.
fn two_rows(
    sample: &[(Record, Vec<String>)],
    at: usize,
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<(usize, Record, Vec<String>)> {
    let joined = |upper: usize| {
        let ((first, above), (last, names)) = (sample.get(upper)?, sample.get(upper + 1)?);
        groups::are_over(above, names, header)
            .then(|| (first.start, *last, groups::joined(above, names)))
    };
    let is_header = |row: usize| {
        let rows = sample.get(row + 1..).unwrap_or(&[]);
        let rows: Vec<Vec<String>> = rows.iter().take(TITLES).map(|row| row.1.clone()).collect();
        sample.get(row).is_some_and(|row| header(&row.1, &rows))
    };
    let below = || joined(at).filter(|_| is_header(at + 1));
    at.checked_sub(1).and_then(joined).or_else(below)
}

/// The columns of a header. A blank cell carries on the label to its left: `住所,,,生年月日` has three columns of an address.
fn inherited(names: &[String], width: usize) -> Vec<Option<String>> {
    let mut columns: Vec<Option<String>> = Vec::with_capacity(width);
    for name in names {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        columns.push(name.or_else(|| columns.last().cloned().flatten()));
    }
    // Fields beyond the header have no label at all.
    columns.resize(columns.len().max(width), None);
    columns
}

/// The number of fields that most rows have; of equally common ones the largest.
fn usual_width(widths: impl Iterator<Item = usize>) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    widths.for_each(|width| *counts.entry(width).or_default() += 1);
    counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))
        .map_or(0, |(width, _)| width)
}

impl Reader for Delimited<'_> {
    fn parts(&self) -> usize {
        self.cuts.len() - 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if part == 0
            && self
                .give_text(self.titles.clone(), "above the header", sink)
                .is_break()
        {
            return Ok(());
        }
        if let Some(labels) = &self.labels {
            let _ = self.give_sideways(labels, sink);
            return Ok(());
        }
        let Some(first) = self.first_record(part) else {
            return Ok(());
        };
        let mut cursor = Cursor::new(self.bytes, &self.dialect, &self.quotes.literals, first);
        let mut rows = Rows::new(self, first);
        while cursor.at() < self.cuts[part + 1] {
            if rows.next(&mut cursor, sink).is_break() {
                return Ok(());
            }
        }
        if rows.finish(sink).is_continue() && part + 1 == self.parts() {
            for (name, bytes) in &self.members {
                if sink(Item::Member(Member::whole(name, bytes.clone()))).is_break() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        let fault = |at: &usize| {
            Fault::at(
                Code::UnclosedQuote,
                *at as u64,
                "nothing; the quote was read as it stands",
            )
        };
        self.quotes.literals.iter().map(fault).collect()
    }
}

/// Whether a line is psql's count of the rows above it, `(60 rows)`.
fn is_count(line: &[u8]) -> bool {
    let line = line.trim_ascii().strip_prefix(b"(");
    let Some((count, word)) =
        line.and_then(|line| line.split_at_checked(memchr::memchr(b' ', line)?))
    else {
        return false;
    };
    count.iter().all(u8::is_ascii_digit) && matches!(word, b" row)" | b" rows)")
}

impl Delimited<'_> {
    /// Gives bytes that are no rows of the table as lines of text; `place` says where they stand.
    fn give_text(&self, at: Range<usize>, place: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let bytes = &self.bytes[at.clone()];
        if bytes.trim_ascii().is_empty() {
            return ControlFlow::Continue(());
        }
        sink(Item::Batch(Batch {
            table: &Table {
                name: format!("{} ({place})", self.table.name),
                columns: vec![None],
                shape: Shape::Lines,
            },
            encoding: self.encoding,
            escape: Escape::None,
            bytes,
            origin: Some(at.start as u64),
            cells: &[Cell::new(0, bytes.len(), false)],
        }))
    }

    /// Where the first record that begins in a part begins.
    fn first_record(&self, part: usize) -> Option<usize> {
        let (from, to, begin) = (
            self.cuts[part],
            self.cuts[part + 1],
            self.quotes.begins[part],
        );
        let (bytes, dialect) = (self.bytes, &self.dialect);
        if part == 0 {
            return Some(from);
        }
        let before = bytes[from - 1];
        let whole = !begin.inside && !begin.skip && !dialect.is_escaped(bytes, from - 1);
        let ends_record = before == dialect.newline
            && bytes[self.cuts[0]..from - 1]
                .strip_suffix(b"\r")
                .unwrap_or(&bytes[..from - 1])
                .ends_with(dialect.tail);
        if whole && ends_record {
            return Some(from);
        }
        let begins_field =
            whole && before == dialect.delimiter && !dialect.is_trail(bytes, from - 1);
        let field = if begins_field {
            from
        } else {
            from.saturating_sub(3).max(self.cuts[0])
        };
        let mut cursor = Cursor::new(
            &bytes[..to],
            dialect,
            &self.quotes.literals,
            from + usize::from(begin.skip),
        );
        cursor.skip_record(begin.inside, field).then(|| cursor.at())
    }
}

/// Gathers rows into batches.
struct Rows<'r, 'a> {
    reader: &'r Delimited<'a>,
    /// The table of batches wider than the usual one.
    wide: Table,
    width: usize,
    cells: Vec<Cell>,
    rows: usize,
    base: usize,
}

impl<'r, 'a> Rows<'r, 'a> {
    fn new(reader: &'r Delimited<'a>, base: usize) -> Self {
        let width = reader.table.columns.len();
        Self {
            reader,
            wide: reader.table.clone(),
            width,
            cells: Vec::new(),
            rows: 0,
            base,
        }
    }

    /// Reads one record.
    #[inline]
    fn next(&mut self, cursor: &mut Cursor<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let before = self.cells.len();
        let Some(record) = cursor.next(self.base, self.reader.bounds, &mut self.cells) else {
            return ControlFlow::Continue(());
        };
        let fields = self.cells.len() - before;
        if fields != self.width || record.cut || record.dropped {
            self.irregular(record, fields, sink)?;
        } else if self
            .reader
            .header
            .is_some_and(|h| h == without_mark(&self.reader.bytes[record.start..record.end]))
        {
            self.cells.truncate(before);
            return ControlFlow::Continue(());
        } else {
            self.rows += 1;
        }
        if self.rows >= ROWS || self.cells.len() >= CELLS || cursor.at() - self.base >= SPAN {
            self.flush(self.cells.len(), sink)?;
            self.restart(cursor.at());
        }
        ControlFlow::Continue(())
    }

    /// Takes a row that is empty, short, long or cut.
    #[cold]
    fn irregular(&mut self, record: Record, fields: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if record.cut {
            let lost = format!("bytes of the record beyond {}", self.reader.bounds.bytes);
            sink(Item::Fault(Fault::at(
                Code::RecordTooLong,
                record.start as u64,
                lost,
            )))?;
        }
        if record.dropped {
            let lost = format!("fields of the record beyond {}", self.reader.bounds.fields);
            sink(Item::Fault(Fault::at(
                Code::TooManyColumns,
                record.start as u64,
                lost,
            )))?;
        }
        if fields == 0 {
            return ControlFlow::Continue(());
        }
        let before = self.cells.len() - fields;
        if fields == 1 && self.width > 1 && is_count(&self.reader.bytes[record.start..record.end]) {
            self.cells.truncate(before);
            return ControlFlow::Continue(());
        }
        if fields > self.width {
            self.flush(before, sink)?;
            self.cells.drain(..before);
            self.width = fields;
        }
        self.rows += 1;
        self.cells.resize(self.rows * self.width, Cell::ABSENT);
        ControlFlow::Continue(())
    }

    /// Gives the rows of the first `len` cells away.
    fn flush(&mut self, len: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.rows == 0 {
            return ControlFlow::Continue(());
        }
        self.rows = 0;
        let end = self.cells[..len]
            .iter()
            .map(|cell| cell.range().end)
            .max()
            .unwrap_or(0);
        let reader = self.reader;
        let bytes = &reader.bytes[self.base..self.base + end];
        let table = if self.width == reader.table.columns.len() {
            &reader.table
        } else {
            self.wide.columns.resize(self.width, None);
            &self.wide
        };
        let origin = Some(self.base as u64);
        let (encoding, escape, cells) = (reader.encoding, reader.escape, &self.cells[..len]);
        sink(Item::Batch(Batch {
            table,
            encoding,
            escape,
            bytes,
            origin,
            cells,
        }))
    }

    fn restart(&mut self, at: usize) {
        self.cells.clear();
        self.width = self.reader.table.columns.len();
        self.wide.columns.truncate(self.width);
        self.base = at;
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.flush(self.cells.len(), sink)
    }
}

#[cfg(test)]
mod tests;
