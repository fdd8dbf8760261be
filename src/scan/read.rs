//! From a batch to hits and mentions, under a plan. The same code serves the count and the second reading for the files
//! of findings and subjects, so that they cannot differ.

mod copies;
mod rows;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use self::rows::Chunk;
use super::Options;
use super::lately::Lately;
use super::support::Support;
use super::table::{ColumnKey, Plan, column_keys};
use crate::classify::{self, Match, Scanner, Why};
use crate::column::{Copies, Pairing, Tally, Whole};
use crate::format::{self, Batch, Cell, Shape};
use crate::identity::{Extractor, Mention, Setting};
use crate::pattern::{Kind, KindSet, Part, Patterns, check};
use crate::text::{Encoding, is_blank, undoubled, unescape};

/// What a thread needs to classify; kept from source to source.
pub(super) struct Worker<'p> {
    patterns: &'p Patterns,
    pub(super) scanner: Scanner<'p>,
    pub(super) extractor: Extractor<'p>,
    matches: Vec<Match>,
    mentions: Vec<Mention>,
    row: Row,
    chunk: Chunk,
    keys: Option<(format::Table, Vec<ColumnKey>)>,
    /// Columns of mailboxes or of phones of which rows of the last batch have both.
    pub(super) pairings: HashMap<[usize; 2], Pairing>,
    /// Rows of the table that may be copies.
    pub(super) copies: Copies,
    scratch: String,
    /// Values seen lately, by column of the table that `keys` is of.
    lately: Vec<Lately>,
    /// Whether every value is looked at anew.
    slow: bool,
    /// Whether the plan is being guessed: columns are counted, what stands in them and of whom they speak is asked by nobody.
    pub(super) sampling: bool,
    /// Kinds that the user asked for.
    kinds: Option<KindSet>,
    /// The kind of values that are texts themselves: more may stand in them.
    free_answer: Option<Kind>,
    /// Kinds that are said of somebody only in a table of people, or beside a name: special-care-required information, and what labels tell.
    special: KindSet,
    /// The kind of people's names.
    name: Option<Kind>,
    phone: Option<Kind>,
    email: Option<Kind>,
    support: Support,
    /// The kind whose network is told.
    card: Option<Kind>,
}

/// Tables with more columns than this keep no values: it would need much memory, and their columns are mostly empty.
const LATELY_COLUMNS: usize = 256;

/// Values that are kept of all columns of a table.
const LATELY_SLOTS: usize = 1 << 17;

/// One match in one record.
pub(super) struct Hit<'a> {
    /// Record within the batch (a line, for running text).
    pub(super) record: u64,
    /// Column of the batch.
    pub(super) column: usize,
    pub(super) kind: Kind,
    pub(super) part: Part,
    pub(super) confidence: f32,
    /// The decoded cell.
    pub(super) text: &'a str,
    /// The match in the decoded cell.
    pub(super) range: Range<usize>,
    /// The cell as it stands in the batch.
    pub(super) cell: Cell,
    /// Whether it is a payment card's number.
    card: bool,
    /// Whether the same value was given before in this column and pass.
    pub(super) again: bool,
    /// Why it stands in a text; `None` for a value that is of its column's kind as a whole.
    pub(super) why: Option<Why>,
}

impl Hit<'_> {
    /// The value that was matched.
    pub(super) fn value(&self) -> &str {
        &self.text[self.range.clone()]
    }

    /// The network of a payment card, by its issuer range.
    pub(super) fn network(&self) -> Option<&'static str> {
        if self.card {
            check::issuer(self.value()).map(check::Network::as_str)
        } else {
            None
        }
    }
}

/// What a batch gives, one after the other in order of record.
pub(super) enum Given<'a> {
    /// A match.
    Hit(Hit<'a>),
    /// What a record (of the batch) says of one person.
    Mention(u64, &'a Mention),
}

/// What reading a batch came to.
#[derive(Default)]
pub(super) struct Sum {
    /// Records in it.
    pub(super) records: u64,
    /// Bytes that are not valid in the encoding.
    pub(super) bad_bytes: u64,
    /// Offset of the first of them in the batch.
    pub(super) bad_at: Option<usize>,
}

/// The cells of a record or some, decoded.
#[derive(Default)]
struct Row {
    cells: Vec<Decoded>,
    arena: String,
    unescaped: String,
}

/// Where a decoded cell stands.
#[derive(Clone)]
enum Decoded {
    Absent,
    /// In the batch's bytes, which are valid UTF-8.
    Batch(Range<usize>),
    /// In the row's arena.
    Arena(Range<usize>),
}

impl<'p> Worker<'p> {
    pub(super) fn new(patterns: &'p Patterns, options: &Options) -> Self {
        Self {
            patterns,
            scanner: Scanner::new(patterns),
            extractor: Extractor::new(patterns)
                .with_own_domains(&options.own_domains)
                .with_slow(options.slow),
            matches: Vec::new(),
            mentions: Vec::new(),
            row: Row::default(),
            chunk: Chunk::default(),
            keys: None,
            pairings: HashMap::new(),
            copies: Copies::default(),
            scratch: String::new(),
            lately: Vec::new(),
            slow: options.slow,
            sampling: false,
            kinds: options.kinds,
            free_answer: patterns.kind("free-answer"),
            special: special_kinds(patterns),
            name: patterns.kind("person-name"),
            phone: patterns.kind("phone"),
            email: patterns.kind("email"),
            support: Support::new(patterns),
            card: patterns.kind("payment-card"),
        }
    }

    /// Forgets the values seen lately: before every pass, and between tables.
    pub(super) fn forget(&mut self) {
        self.lately.clear();
        let columns = self.keys.as_ref().map_or(0, |(_, keys)| keys.len());
        if !self.slow && columns <= LATELY_COLUMNS {
            let room = LATELY_SLOTS / columns.max(1);
            self.lately.resize(columns, Lately::within(room));
        }
    }

    /// The keys of a batch's columns.
    pub(super) fn keys(&mut self, table: &format::Table) -> &[ColumnKey] {
        if self.keys.as_ref().is_none_or(|(known, _)| known != table) {
            self.keys = Some((table.clone(), column_keys(table)));
            self.forget();
        }
        &self.keys.as_ref().expect("set above").1
    }

    /// Classifies a batch's records under the plan. `tallies` has one tally per column of the batch.
    pub(super) fn batch(
        &mut self,
        batch: &Batch<'_>,
        plan: &Plan,
        tallies: &mut [&mut Tally],
        give: &mut dyn FnMut(Given<'_>),
    ) -> Sum {
        match batch.table.shape {
            Shape::Lines | Shape::Carved | Shape::Code => self.lines(batch, tallies, give),
            Shape::Mail => self.mail(batch, tallies, give),
            Shape::Rows => self.rows(batch, plan, tallies, give),
        }
    }

    /// Gives a value that is of its column's kind as a whole.
    fn give_whole(
        &self,
        (record, column, again): (u64, usize, bool),
        (whole, part): (&Whole, Part),
        (text, range): (&str, Range<usize>),
        cell: Cell,
        give: &mut dyn FnMut(Given<'_>),
    ) {
        if self.wanted(whole.kind) {
            give(Given::Hit(Hit {
                record,
                column,
                kind: whole.kind,
                part,
                confidence: whole.confidence,
                text,
                range,
                cell,
                card: self.is_card(whole.kind, part),
                again,
                why: None,
            }));
        }
    }

    fn give_mentions(&mut self, record: u64, give: &mut dyn FnMut(Given<'_>)) {
        for mention in &self.mentions {
            give(Given::Mention(record, mention));
        }
    }

    /// Gives the matches of one text; `record_at` tells the record of an offset.
    fn give_matches(
        &self,
        matches: &[Match],
        text: &str,
        column: usize,
        cell: Cell,
        record_at: &mut dyn FnMut(usize) -> u64,
        give: &mut dyn FnMut(Given<'_>),
    ) {
        for found in matches.iter().filter(|found| self.wanted(found.kind)) {
            give(Given::Hit(Hit {
                record: record_at(found.start),
                column,
                kind: found.kind,
                part: found.part,
                confidence: found.confidence,
                text,
                range: found.start..found.end,
                cell,
                card: self.is_card(found.kind, found.part),
                again: false,
                why: Some(found.why),
            }));
        }
    }

    fn is_card(&self, kind: Kind, part: Part) -> bool {
        Some(kind) == self.card && part == Part::Whole
    }

    fn wanted(&self, kind: Kind) -> bool {
        self.kinds.is_none_or(|kinds| kinds.contains(kind))
    }

    fn lines(
        &mut self,
        batch: &Batch<'_>,
        tallies: &mut [&mut Tally],
        give: &mut dyn FnMut(Given<'_>),
    ) -> Sum {
        let text = Text::of(batch);
        let setting = match batch.table.shape.is_carved() {
            true => Setting::Carved,
            false => Setting::Lines,
        };
        let mut sum = Sum::default();
        let mut row = std::mem::take(&mut self.row);
        for cell in by_line(batch, text).iter() {
            row.clear();
            row.decode(batch, text, std::slice::from_ref(cell), &mut sum);
            let Some(block) = row.get(&row.cells[0], text) else {
                continue;
            };
            self.matches.clear();
            self.scanner.text(block, &mut self.matches);
            if setting == Setting::Carved {
                self.support.drop_short(block, &mut self.matches);
            }
            if batch.table.shape == Shape::Code {
                self.support.keep(&mut self.matches);
            }
            let lines = count_lines(block);
            tallies[0].values += lines;
            let base = sum.records;
            let mut line = LineAt::new(block);
            let matches = &self.matches;
            self.give_matches(matches, block, 0, *cell, &mut |at| base + line.of(at), give);
            self.extractor.recycle(&mut self.mentions);
            self.extractor
                .text((block, setting), &self.matches, &mut self.mentions);
            let mut line = LineAt::new(block);
            for mention in &self.mentions {
                give(Given::Mention(base + line.of(mention.at), mention));
            }
            sum.records += lines;
        }
        self.row = row;
        sum
    }

    fn mail(
        &mut self,
        batch: &Batch<'_>,
        tallies: &mut [&mut Tally],
        give: &mut dyn FnMut(Given<'_>),
    ) -> Sum {
        let text = Text::of(batch);
        let mut sum = Sum::default();
        let mut row = std::mem::take(&mut self.row);
        let width = batch.table.columns.len();
        for cells in batch.cells.chunks_exact(width.max(1)) {
            row.clear();
            row.decode(batch, text, cells, &mut sum);
            let values: Vec<Option<&str>> =
                row.cells.iter().map(|cell| row.get(cell, text)).collect();
            for (column, value) in values.iter().enumerate() {
                self.matches.clear();
                let Some(value) = value.filter(|value| !value.trim().is_empty()) else {
                    tallies[column].empty += 1;
                    continue;
                };
                tallies[column].values += 1;
                match format::MAIL_COLUMNS[column] {
                    "from" | "to" | "cc" | "bcc" | "reply-to" => {
                        self.scanner.mailboxes(value, &mut self.matches)
                    }
                    _ => self.scanner.text(value, &mut self.matches),
                }
                let (matches, cell) = (&self.matches, cells[column]);
                self.give_matches(matches, value, column, cell, &mut |_| sum.records, give);
            }
            // The body is the last column: its matches are still there.
            self.extractor.recycle(&mut self.mentions);
            self.extractor
                .mail(&values, &self.matches, &mut self.mentions);
            self.give_mentions(sum.records, give);
            sum.records += 1;
        }
        self.row = row;
        sum
    }
}

fn special_kinds(patterns: &Patterns) -> KindSet {
    let kinds = patterns.kinds().iter().enumerate();
    kinds
        .filter(|(_, info)| classify::is_said_of_somebody(&info.name))
        .fold(KindSet::default(), |set, (at, _)| set.with(Kind(at as u8)))
}

impl Row {
    fn clear(&mut self) {
        self.cells.clear();
        self.arena.clear();
    }

    /// Adds cells.
    fn decode(&mut self, batch: &Batch<'_>, text: Option<Text<'_>>, cells: &[Cell], sum: &mut Sum) {
        for &cell in cells {
            let decoded = if cell.is_absent() {
                Decoded::Absent
            } else if text.is_some() && !cell.is_escaped() {
                Decoded::Batch(cell.range())
            } else {
                self.decode_cell(batch, cell, sum)
            };
            self.cells.push(decoded);
        }
    }

    fn decode_cell(&mut self, batch: &Batch<'_>, cell: Cell, sum: &mut Sum) -> Decoded {
        let (decoded, bad) = batch.encoding.decode(&batch.bytes[cell.range()]);
        if bad > 0 {
            sum.bad_bytes += bad as u64;
            sum.bad_at.get_or_insert(cell.range().start);
        }
        let start = self.arena.len();
        if cell.is_escaped() {
            unescape(&decoded, batch.escape, &mut self.unescaped);
            match undoubled(&self.unescaped) {
                Some(text) => self.arena.push_str(&text),
                None => self.arena.push_str(&self.unescaped),
            }
        } else {
            self.arena.push_str(&decoded);
        }
        Decoded::Arena(start..self.arena.len())
    }

    fn get<'a>(&'a self, cell: &Decoded, text: Option<Text<'a>>) -> Option<&'a str> {
        match cell {
            Decoded::Absent => None,
            Decoded::Batch(range) => text.map(|text| text.get(range)),
            Decoded::Arena(range) => Some(&self.arena[range.clone()]),
        }
    }
}

/// The bytes that a batch's cells cover, as text, when they need no decoding.
#[derive(Clone, Copy)]
struct Text<'a> {
    base: usize,
    text: &'a str,
}

impl<'a> Text<'a> {
    fn of(batch: &Batch<'a>) -> Option<Self> {
        if batch.encoding != Encoding::Utf8 {
            return None;
        }
        let present = batch.cells.iter().filter(|cell| !cell.is_absent());
        let covered = present.map(|cell| cell.range()).fold(None, |all, range| {
            let Range { start, end } = all.unwrap_or(range.clone());
            Some(start.min(range.start)..end.max(range.end))
        });
        let Range { start: base, end } = covered.unwrap_or_default();
        let text = simdutf8::basic::from_utf8(batch.bytes.get(base..end.max(base))?).ok()?;
        Some(Self { base, text })
    }

    fn get(self, range: &Range<usize>) -> &'a str {
        self.text
            .get(range.start - self.base..range.end - self.base)
            .unwrap_or("")
    }
}

/// The cells of running text; a block that is not valid as a whole, as where files in two encodings were joined, as its lines.
fn by_line<'a>(batch: &Batch<'a>, text: Option<Text<'_>>) -> Cow<'a, [Cell]> {
    let wide = matches!(
        batch.encoding,
        Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Iso2022Jp
    );
    let valid = |cell: &Cell| {
        cell.is_escaped() || batch.encoding.bad_bytes(&batch.bytes[cell.range()]) == 0
    };
    if text.is_some() || wide || batch.cells.iter().all(valid) {
        return Cow::Borrowed(batch.cells);
    }
    let mut cells = Vec::new();
    for cell in batch.cells {
        if valid(cell) {
            cells.push(*cell);
            continue;
        }
        let mut at = cell.range().start;
        for line in batch.bytes[cell.range()].split_inclusive(|&byte| byte == b'\n') {
            cells.push(Cell::new(at, at + line.len(), false));
            at += line.len();
        }
    }
    Cow::Owned(cells)
}

/// Where the value itself stands: without blanks around it, and without the fraction of a number that has none.
fn trimmed(value: &str) -> Range<usize> {
    if let [first, .., last] = value.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
        && *last != b'0'
    {
        return 0..value.len();
    }
    let mut chars = value.chars();
    let ends = [chars.next(), chars.next_back()];
    if !ends.into_iter().flatten().any(char::is_whitespace) {
        return 0..classify::long_number(value).unwrap_or(value).len();
    }
    let start = value.len() - value.trim_start().len();
    let value = value.trim();
    start..start + classify::long_number(value).unwrap_or(value).len()
}

fn count_lines(block: &str) -> u64 {
    let ends = memchr::memchr_iter(b'\n', block.as_bytes()).count() as u64;
    ends + u64::from(!block.is_empty() && !block.ends_with('\n'))
}

/// Tells the line of offsets that mostly grow.
struct LineAt<'a> {
    block: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineAt<'a> {
    fn new(block: &'a str) -> Self {
        Self {
            block: block.as_bytes(),
            at: 0,
            line: 0,
        }
    }

    fn of(&mut self, offset: usize) -> u64 {
        let offset = offset.min(self.block.len());
        if offset < self.at {
            (self.at, self.line) = (0, 0);
        }
        self.line += memchr::memchr_iter(b'\n', &self.block[self.at..offset]).count() as u64;
        self.at = offset;
        self.line
    }
}
