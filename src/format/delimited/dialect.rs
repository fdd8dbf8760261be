//! Settles how a file separates its fields, from its first bytes.

use super::super::Cell;
use super::colons;
use super::split::{Bounds, Cursor, Dialect};
use crate::text::Encoding;

/// A dialect, and how well the first rows agree with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) dialect: Dialect,
    /// Where the first row begins: after the byte order mark and an Excel `sep=;` line.
    pub(super) start: usize,
    /// Whether the file says its separator itself.
    declared: bool,
    /// Fields of most rows.
    width: usize,
    /// Rows seen, and those of them with the usual width.
    rows: usize,
    regular: usize,
    /// Rows whose last field is empty.
    trailing: usize,
    /// Fields of the first row.
    first: usize,
    /// Rows with a quote inside a field that none opens.
    stray: usize,
    /// Whether a field of the first row begins with a blank, as words behind a comma do.
    spaced: bool,
    /// Rows whose last field begins with a blank and has a number behind a word, as the lines of a list `Young, Sharon 05/28/1977`.
    listed: usize,
}

/// Separators, the likeliest first.
const SEPARATORS: [(Option<u8>, u8, &[u8]); 11] = [
    (None, b'\t', b""),
    (None, b',', b""),
    (None, b';', b""),
    (None, b'|', b""),
    (Some(b'+'), b'|', b"&|"),
    (Some(b'&'), b'|', b""),
    // Hive and other programs that leave signs of texts alone.
    (None, 0x01, b""),
    (None, 0x1f, b""),
    (None, b'^', b""),
    (None, b'~', b""),
    (None, b':', b""),
];

/// Rows looked at.
const ROWS: usize = 200;

impl Found {
    /// Whether the rows alone make it delimited text, whatever the file is called.
    pub(super) fn is_sure(&self, head: &[u8]) -> bool {
        let agrees = self.regular * 10 >= self.rows * 8;
        // Two fields of which the second is empty: lines of a program that end in `;` or `,`.
        let ends_lines = self.width == 2 && self.trailing * 2 > self.rows;
        self.declared
            || !ends_lines
                && match (self.dialect.delimiter, self.width) {
                    (_, 0 | 1) => false,
                    (b'\t' | b';' | b'|' | b'^' | 0x01 | 0x1f, _) => agrees && self.rows >= 2,
                    (b':', _) => self.is_sure_of_colons(head),
                    (_, 2) => {
                        self.regular * 20 >= self.rows * 19
                            && self.listed * 2 <= self.rows
                            && self.rows >= 3
                            && !is_log(head, self.start)
                    }
                    _ => agrees && self.rows >= 2 && !is_log(head, self.start),
                }
    }

    /// Whether a colon parts the fields. It parts the words of logs and of prose, and names from values, too: lists of accounts are regular, and so are
    /// rows of at least three fields whose colons stand as close as those of no text.
    fn is_sure_of_colons(&self, head: &[u8]) -> bool {
        if self.regular * 20 < self.rows * 19 || self.rows < 2 {
            return false;
        }
        let accounts = || self.rows >= 3 && accounts(head, &self.dialect, self.start, self.width);
        match self.width {
            2 => accounts() || colons::logins(head, self.start),
            3..=5 if accounts() => true,
            width => {
                let rows = if width < 6 { 8 } else { 2 };
                self.rows >= rows
                    && !is_log(head, self.start)
                    && colons::are_close(head, &self.dialect, self.start)
            }
        }
    }

    /// Whether colons part the rows though another sign seems to: a comma behind which a blank stands parts the words of a value.
    fn is_over(&self, other: &Self, head: &[u8]) -> bool {
        let words = other.spaced && matches!(other.dialect.delimiter, b',' | b';');
        (words && self.width > other.width || !other.is_sure(head)) && self.is_sure(head)
    }

    /// Whether the sign parts every row like the first.
    fn parts_all(&self) -> bool {
        let alike = self.regular == self.rows && self.first == self.width;
        alike && self.width >= 2 && self.rows >= 2
    }

    /// Whether another sign is the separator however many fields this one makes: it parts all rows alike, and this one stands inside its values. The
    /// names of the columns have none of it (a list in every answer of a form), or what it parts are halves of quoted texts.
    fn is_inside(&self, other: &Self) -> bool {
        let unnamed = self.first == 1 && !other.spaced;
        let halves = self.stray * 2 > self.rows && other.stray == 0;
        other.parts_all() && (unnamed || halves)
    }

    fn is_better(&self, other: &Self) -> bool {
        match (self.is_inside(other), other.is_inside(self)) {
            (true, false) => false,
            (false, true) => true,
            _ => self.score() > other.score(),
        }
    }

    fn score(&self) -> (usize, usize) {
        if self.width < 2 {
            return (0, 0);
        }
        let share = self.regular * 100 / self.rows.max(1);
        // A separator of many fields in fewer rows beats one of few fields in all of them.
        (share * share * (2 + self.width.min(12)), self.width)
    }
}

/// The best dialect with at least two fields, if any.
pub(super) fn sniff(head: &[u8], encoding: Encoding, cut: bool) -> Option<Found> {
    let found = settle(head, encoding, cut);
    (found.declared || found.width >= 2).then_some(found)
}

/// The best dialect; a comma when there is nothing to go by.
pub(super) fn settle(head: &[u8], encoding: Encoding, cut: bool) -> Found {
    let mut start = if head.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let newline = newline(head);
    let declared = declared(&head[start..], newline);
    if let Some((_, len)) = declared {
        start += len;
    }
    let mut best: Option<Found> = None;
    for (before, delimiter, tail) in SEPARATORS {
        if declared.is_some_and(|(byte, _)| byte != delimiter || before.is_some()) {
            continue;
        }
        let dialect = dialect(head, (before, delimiter, tail), newline, encoding);
        let found = measure(head, start, dialect, declared.is_some(), cut);
        // A colon does not compete with the others: it stands in times, and between names and values.
        let better = |best: &Found| match delimiter {
            b':' => found.is_over(best, head),
            _ => found.is_better(best),
        };
        if best.as_ref().is_none_or(better) {
            best = Some(found);
        }
    }
    let comma = || {
        measure(
            head,
            start,
            dialect(head, (None, b',', b""), newline, encoding),
            false,
            cut,
        )
    };
    best.filter(|b| b.score() > (0, 0) || b.declared)
        .unwrap_or_else(comma)
}

/// Excel's first line `sep=;`: the separator and the length of the line.
fn declared(head: &[u8], newline: u8) -> Option<(u8, usize)> {
    let head = head.get(..16).unwrap_or(head);
    let line = memchr::memchr(newline, head)?;
    let text = head[..line].trim_ascii_end();
    let text = text
        .strip_prefix(b"\"")
        .and_then(|t| t.strip_suffix(b"\""))
        .unwrap_or(text);
    match text {
        [
            b's' | b'S',
            b'e' | b'E',
            b'p' | b'P',
            b'=',
            byte @ (b',' | b';' | b'|' | b':'),
        ] => Some((*byte, line + 1)),
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] => Some((b'\t', line + 1)),
        _ => None,
    }
}

fn dialect(
    head: &[u8],
    (before, delimiter, tail): (Option<u8>, u8, &'static [u8]),
    newline: u8,
    encoding: Encoding,
) -> Dialect {
    let plain = before.is_some() || delimiter == b':';
    // `\N` as a whole field is how MySQL and PostgreSQL write no value; then backslashes escape.
    let null = memchr::memmem::find_iter(head, b"\\N").any(|at| {
        let ends = |byte: Option<&u8>| {
            byte.is_none_or(|b| *b == delimiter || *b == newline || *b == b'\r')
        };
        ends(at.checked_sub(1).and_then(|i| head.get(i))) && ends(head.get(at + 2))
    });
    // `INTO OUTFILE` escapes a tab and a line break of a value by a backslash before it.
    let breaks = delimiter == b'\t'
        && [&b"\\\t"[..], b"\\\n"]
            .iter()
            .any(|escape| memchr::memmem::find(head, escape).is_some());
    let quoted_escape = memchr::memmem::find(head, b"\\\"").is_some()
        && memchr::memmem::find(head, b"\\\"\"").is_none();
    let starts = [delimiter, newline]
        .iter()
        .any(|byte| memchr::memmem::find(head, &[*byte, b'"']).is_some());
    let quote = !plain && (!null || starts || head.first() == Some(&b'"'));
    let doubled = memchr::memmem::find_iter(head, b"\"\"").any(|at| {
        let edge = |byte: Option<&u8>| {
            byte.is_none_or(|b| *b == delimiter || *b == newline || *b == b'\r')
        };
        !edge(at.checked_sub(1).and_then(|i| head.get(i))) && !edge(head.get(at + 2))
    });
    Dialect {
        delimiter,
        before,
        tail,
        quote: quote.then_some(b'"'),
        backslash: !plain && (null || breaks || quoted_escape && !doubled && starts),
        newline,
        trails: encoding == Encoding::ShiftJis,
    }
}

fn measure(head: &[u8], start: usize, mut dialect: Dialect, declared: bool, cut: bool) -> Found {
    // Rows of `+|` end in `&|` in some files and in a plain line break in others.
    if !dialect.tail.is_empty() && memchr::memmem::find(head, dialect.tail).is_none() {
        dialect.tail = b"";
    }
    let mut cursor = Cursor::new(head, &dialect, &[], start);
    let (mut widths, mut cells) = (Vec::new(), Vec::<Cell>::new());
    let (mut trailing, mut stray, mut spaced, mut listed) = (0, 0, false, 0);
    let bounds = Bounds {
        bytes: head.len(),
        fields: usize::MAX,
    };
    while widths.len() < ROWS && cursor.next(0, bounds, &mut cells).is_some() {
        if !cells.is_empty() {
            widths.push(cells.len());
            let last = cells.last().map_or(&b""[..], |cell| &head[cell.range()]);
            trailing += usize::from(last.is_empty());
            listed += usize::from(is_listed(last));
            let is_stray = |cell: &Cell| !cell.is_escaped() && head[cell.range()].contains(&b'"');
            stray += usize::from(dialect.quote.is_some() && cells.iter().any(is_stray));
            spaced |= widths.len() == 1
                && cells
                    .iter()
                    .any(|cell| head[cell.range()].starts_with(b" "));
            cells.clear();
        }
    }
    if cut && widths.len() > 1 && widths.len() < ROWS {
        widths.pop();
    }
    let width = super::usual_width(widths.iter().copied());
    let regular = widths.iter().filter(|w| **w == width).count();
    Found {
        dialect,
        start,
        declared,
        width,
        rows: widths.len(),
        regular,
        trailing,
        first: widths.first().copied().unwrap_or(0),
        stray,
        spaced,
        listed,
    }
}

/// Whether a field goes on as a line of a list does behind somebody's surname: ` Sharon 05/28/1977`.
fn is_listed(field: &[u8]) -> bool {
    let Some(words) = field.strip_prefix(b" ") else {
        return false;
    };
    let number = words
        .windows(2)
        .any(|pair| pair[0] == b' ' && pair[1].is_ascii_digit());
    number && words.first().is_some_and(u8::is_ascii_uppercase)
}

/// The line end that a file begins with: a carriage return where no line feed stands behind the first lines.
fn newline(head: &[u8]) -> u8 {
    let Some(first) = memchr::memchr(b'\n', head) else {
        return if head.contains(&b'\r') { b'\r' } else { b'\n' };
    };
    let before = &head[..first];
    let line = before.strip_suffix(b"\r").unwrap_or(before);
    // Behind a quote both may stand in a value.
    let open = memchr::memchr(b'"', line).unwrap_or(line.len());
    let n_ends = memchr::memchr_iter(b'\r', &line[..open])
        .take(OTHER)
        .count();
    if n_ends == OTHER { b'\r' } else { b'\n' }
}

/// Rows under other line ends from which on they are a file of their own.
const OTHER: usize = 2;

/// Where a file goes on under other line ends than it began with: a file of one system behind that of another.
pub(super) fn other_lines(bytes: &[u8], newline: u8) -> Option<usize> {
    if newline == b'\n' {
        let start = memchr::memrchr(b'\n', bytes)? + 1;
        let rest = &bytes[start..];
        let rows = memchr::memchr_iter(b'\r', rest).take(OTHER).count();
        // Behind a line break inside a value the quotes are odd: that value's end is one of them.
        let is_row = || memchr::memchr_iter(b'"', rest).count().is_multiple_of(2);
        return (rows == OTHER && is_row()).then_some(start);
    }
    let first = memchr::memchr(b'\n', bytes)?;
    let lines = memchr::memchr_iter(b'\n', &bytes[first..])
        .take(OTHER)
        .count();
    let end = first - usize::from(first > 0 && bytes[first - 1] == b'\r');
    let begin = memchr::memrchr(b'\r', &bytes[..end])? + 1;
    // A line break inside a value is none of the file's.
    let quoted = memchr::memchr(b'"', &bytes[begin..first]).is_some();
    let is_last = memchr::memchr_iter(b'\r', &bytes[first..])
        .all(|at| bytes.get(first + at + 1) == Some(&b'\n'));
    (lines == OTHER && !quoted && is_last).then_some(begin)
}

/// Whether most lines begin as those of a log do: with a time, a bracket or an address of a host.
fn is_log(head: &[u8], start: usize) -> bool {
    let (mut lines, mut logs) = (0, 0);
    for line in head[start..]
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .take(50)
    {
        let line = &line[..line.len().min(40)];
        let time = line.windows(8).any(|w| {
            matches!(
                w,
                [
                    b'0'..=b'2',
                    b'0'..=b'9',
                    b':',
                    b'0'..=b'5',
                    b'0'..=b'9',
                    b':',
                    b'0'..=b'6',
                    b'0'..=b'9'
                ]
            )
        });
        let spaced = memchr::memchr2(b',', b';', line)
            .is_none_or(|at| line[..at].contains(&b' ') && at > 12);
        lines += 1;
        logs += usize::from(line.starts_with(b"[") || time && spaced);
    }
    logs * 2 > lines
}

/// Whether most lines have an e-mail address in one place, and one field behind it: what opens the account. Before it may stand a login, or the address of the
/// site.
fn accounts(head: &[u8], dialect: &Dialect, start: usize, width: usize) -> bool {
    let (mut lines, mut fits) = (0, 0);
    for fields in colons::rows(head, dialect, start) {
        let mail = fields
            .get(width.wrapping_sub(2))
            .copied()
            .unwrap_or_default();
        lines += 1;
        fits += usize::from(mail.contains(&b'@') && !mail.contains(&b' '));
    }
    fits * 10 >= lines * 8
}
