//! Tables whose columns stand below one another, parted by blanks: what sqlcmd, SQL*Plus and reports print, lists kept by hand.
//!
//! In: lines. Out: a record for each row, its cells without the blanks around them; titles, page numbers and lines that do not fit are running text. A
//! rule of dashes below the names tells the columns; without one they are where every line has two blanks and more, or where every line has as many
//! pieces between such blanks.

use unicode_width::UnicodeWidthChar;

use super::gather::Gather;
use super::line_rows::{LineRows, Said};
use super::{Context, Format, Head, Item, Member, Reader, Sink};
use crate::source::{Bytes, Code, Fault};
use crate::text::Encoding;

/// Tables in columns of blanks.
pub(crate) const FORMAT: Format = Format {
    name: "aligned",
    title: "Tables in columns of blanks (sqlcmd, SQL*Plus, printed reports)",
    extensions: &["txt", "lst", "prn", "out", "rpt", "log"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Bytes and lines that tell the columns.
const HEAD: usize = 64 << 10;
const LINES: usize = 200;
/// Rows without which nothing is known: with a rule, and without one.
const RULED: usize = 2;
const FEWEST: usize = 6;
/// The share of lines that must be rows.
const ALIKE: f64 = 0.9;
/// Dashes of a rule, all together.
const DASHES: usize = 6;
/// Lines above the rule at most.
const ABOVE: usize = 40;
/// Characters of a line that is looked at.
const LONGEST: usize = 4096;
/// Characters of a piece from which on it is no value of a list.
const LONG: usize = 30;
/// Columns at most.
const COLUMNS: usize = 100;

/// How places on a line are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    /// A character each.
    Characters,
    /// As terminals and printers do: two for a full-width character.
    Places,
}

/// Where the columns are.
#[derive(Clone, Debug, PartialEq)]
enum Layout {
    /// From these places on, of which the first is the first column's.
    At(Unit, Vec<usize>),
    /// Between two blanks and more, so many.
    Pieces(usize),
}

/// A table in columns of blanks.
#[derive(Debug)]
struct Found {
    layout: Layout,
    columns: Vec<Option<String>>,
    /// Lines that are the names of the columns or the rule below them, without blanks at their end; reports repeat them on each page.
    above: Vec<String>,
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{3000}'
}

impl Unit {
    fn of(self, c: char) -> usize {
        match self {
            Unit::Characters => 1,
            Unit::Places => c.width().unwrap_or(0),
        }
    }

    /// Which places of a line are taken.
    fn taken(self, line: &str) -> Vec<bool> {
        let mut taken = Vec::new();
        for c in line.chars().take(LONGEST) {
            taken.resize(taken.len() + self.of(c), !is_blank(c));
        }
        taken
    }

    /// Where a place is in the line's text; its end for places behind it.
    fn byte(self, line: &str, place: usize) -> usize {
        let mut at = 0;
        for (byte, c) in line.char_indices() {
            if at >= place {
                return byte;
            }
            at += self.of(c);
        }
        line.len()
    }
}

impl Layout {
    fn width(&self) -> usize {
        match self {
            Layout::At(_, starts) => starts.len(),
            Layout::Pieces(n) => *n,
        }
    }

    /// The cells of a line; `None` where it is no row.
    fn cells<'l>(&self, line: &'l str) -> Option<Vec<&'l str>> {
        let line = line.trim_end();
        let cells: Vec<&str> = match self {
            Layout::Pieces(_) => pieces(line.trim()).collect(),
            Layout::At(unit, starts) => {
                let bytes: Vec<usize> = starts.iter().map(|at| unit.byte(line, *at)).collect();
                let fits = |at: &usize| *at == 0 || line[..*at].ends_with(is_blank);
                if !bytes[1..].iter().all(|at| *at == line.len() || fits(at)) {
                    return None;
                }
                let ends = bytes[1..].iter().copied().chain([line.len()]);
                let first = [0].into_iter().chain(bytes[1..].iter().copied());
                first
                    .zip(ends)
                    .map(|(from, to)| line[from..to].trim())
                    .collect()
            }
        };
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        (cells.len() == self.width() && filled >= 2).then_some(cells)
    }
}

/// What stands between two blanks and more.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut ends = text.char_indices().zip(text.chars().skip(1));
        let end = ends.find(|((_, c), next)| is_blank(*c) && is_blank(*next));
        let piece = end.map_or(text, |((at, _), _)| &text[..at]);
        rest = end.map(|((at, _), _)| text[at..].trim_start_matches(is_blank));
        Some(piece)
    })
}

/// The columns that a rule of dashes tells: where each of its runs begins.
fn rule(line: &str) -> Option<Vec<usize>> {
    let signs = line.chars().all(|c| matches!(c, '-' | '=' | ' '));
    let dashes = line.chars().filter(|c| *c != ' ').count();
    if !signs || dashes < DASHES {
        return None;
    }
    let bytes = line.as_bytes();
    let begins = |at: &usize| bytes[*at] != b' ' && (*at == 0 || bytes[*at - 1] == b' ');
    let starts: Vec<usize> = (0..bytes.len()).filter(begins).collect();
    (2..=COLUMNS).contains(&starts.len()).then_some(starts)
}

/// The table under a rule.
fn ruled(lines: &[String]) -> Option<Found> {
    let below = |at: usize| lines[at + 1..].iter().filter(|line| !line.is_empty());
    let at = (1..lines.len().min(ABOVE)).find(|at| rule(&lines[*at]).is_some())?;
    let starts = rule(&lines[at])?;
    let units = [Unit::Characters, Unit::Places];
    let layouts = units.map(|unit| Layout::At(unit, starts.clone()));
    // Behind the rows stands how many there are.
    let rows = |layout: &Layout| {
        let is_row = |line: &&String| layout.cells(line).is_some();
        below(at).take_while(is_row).count()
    };
    let layout = layouts.into_iter().rev().max_by_key(rows)?;
    if rows(&layout) < RULED {
        return None;
    }
    let names = lines[..at].iter().rev().find(|line| !line.is_empty());
    let names = names.and_then(|line| Some((line.clone(), layout.cells(line)?)));
    let columns = match &names {
        Some((_, names)) => names.iter().map(|name| named(name)).collect(),
        None => vec![None; starts.len()],
    };
    let above = names.map(|(line, _)| line).into_iter();
    Some(Found {
        above: above.chain([lines[at].clone()]).collect(),
        layout,
        columns,
    })
}

fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// The places at which columns begin in lines of which each has two blanks and more before every one of them.
fn gaps(lines: &[&String], unit: Unit) -> Option<Layout> {
    let taken: Vec<Vec<bool>> = lines.iter().map(|line| unit.taken(line)).collect();
    let width = taken.iter().map(Vec::len).max()?;
    let few = lines.len() / 50;
    let mut starts = vec![0];
    let mut blanks = 0;
    for place in 0..width {
        let n = taken
            .iter()
            .filter(|line| line.get(place).is_some_and(|taken| *taken))
            .count();
        match n <= few {
            true => blanks += 1,
            false => {
                if blanks >= 2 && place > blanks {
                    starts.push(place);
                }
                blanks = 0;
            }
        }
    }
    (3..=COLUMNS)
        .contains(&starts.len())
        .then_some(Layout::At(unit, starts))
}

/// As many pieces between wide blanks as most lines have: two only where one of them has digits in every line, which sentences have not.
fn parted(lines: &[&String]) -> Option<Layout> {
    let first = pieces(lines.get(lines.len() / 2)?.trim()).count();
    let layout = Layout::Pieces(first);
    let digits = |nth: usize| {
        let has = |line: &&&String| {
            let piece = pieces(line.trim()).nth(nth).unwrap_or_default();
            piece.contains(|c: char| c.is_ascii_digit()) && piece.len() <= 40
        };
        lines.iter().filter(has).count() as f64 >= lines.len() as f64 * ALIKE
    };
    let sure = match first {
        0 | 1 => false,
        2 => digits(0) || digits(1),
        n => n <= COLUMNS,
    };
    // What goes on for long, or has a label inside, is said in words.
    let is_said = |line: &&&String| {
        let mut pieces = pieces(line.trim());
        pieces.any(|piece| piece.chars().count() > LONG || piece.contains(": "))
    };
    let sure = sure && lines.iter().filter(is_said).count() * 2 < lines.len();
    sure.then_some(layout)
}

/// How the head's table is laid out, if it is one.
fn settle(
    head: &[u8],
    whole: bool,
    encoding: Encoding,
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<Found> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let end = match whole {
        true => text.len(),
        false => memchr::memrchr(b'\n', text)?,
    };
    // What other signs part is another format's.
    let signs: [&[u8]; 3] = [b"  ", b"---", b"==="];
    let has = |sign: &&[u8]| memchr::memmem::find(&text[..end], sign).is_some();
    if !signs.iter().any(has) {
        return None;
    }
    let lines = text[..end].split(|&byte| byte == b'\n').take(LINES);
    let lines: Vec<String> = lines
        .map(|line| encoding.decode(line).0.trim_end().to_owned())
        .collect();
    let rows: Vec<&String> = lines.iter().filter(|line| !line.is_empty()).collect();
    let other = |line: &&&String| line.contains(['\t', '|', ';', '{', '<']);
    if rows.iter().filter(other).count() * 5 > rows.len() {
        return None;
    }
    if let Some(found) = ruled(&lines) {
        return Some(found);
    }
    let fits = |layout: &Layout| {
        let n = rows.iter().filter(|line| layout.cells(line).is_some());
        let n = n.count();
        n >= FEWEST && n as f64 >= rows.len() as f64 * ALIKE
    };
    // A title may stand above, and names of columns that are wider than their columns.
    let body = &rows[rows.len().min(2)..];
    let at = |unit| gaps(body, unit).filter(fits);
    let widest = |layout: &Layout| layout.width();
    let placed = [Unit::Places, Unit::Characters].into_iter().filter_map(at);
    let layout = placed.max_by_key(widest);
    let layout = layout.or_else(|| parted(body).filter(fits))?;
    let cells = |line: &&String| {
        let cells = layout.cells(line)?;
        Some(cells.into_iter().map(str::to_owned).collect())
    };
    // Commas part the cells, which are only set in columns.
    let table: Vec<Vec<String>> = rows.iter().filter_map(cells).collect();
    let commas = |row: &&Vec<String>| row[..row.len() - 1].iter().all(|cell| cell.ends_with(','));
    if table.iter().filter(commas).count() * 2 > table.len() {
        return None;
    }
    let first = rows.iter().find(|line| layout.cells(line).is_some())?;
    // Names of columns have no dates or numbers of cases in them.
    let digits = |cell: &String| cell.bytes().filter(u8::is_ascii_digit).count() >= 4;
    let is_header = !table[0].iter().any(digits) && header(&table[0], &table[1..]);
    Some(Found {
        columns: match is_header {
            true => table[0].iter().map(|name| named(name)).collect(),
            false => vec![None; layout.width()],
        },
        above: is_header.then(|| (*first).clone()).into_iter().collect(),
        layout,
    })
}

fn sniff(head: &Head<'_>) -> u8 {
    let whole = head.bytes.len() as u64 == head.len;
    match settle(head.bytes, whole, head.encoding, |_, _| false) {
        Some(_) => 64,
        None => 0,
    }
}

struct Aligned<'a> {
    lines: LineRows<'a>,
    layout: Layout,
    above: Vec<String>,
    /// The tables under rules of other columns, which are sources of their own.
    further: Vec<Bytes>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let whole = head.len() == bytes.len();
    let found = settle(head, whole, context.encoding, context.header);
    let found = found.ok_or_else(|| Fault::whole(Code::Unsupported, "no columns of blanks"))?;
    let mut cuts = match &found.layout {
        Layout::At(..) => tables(bytes),
        Layout::Pieces(_) => Vec::new(),
    };
    cuts.push(bytes.len());
    let further = cuts
        .array_windows()
        .map(|&[from, to]| bytes.slice(from..to));
    Ok(Box::new(Aligned {
        further: further.collect(),
        lines: LineRows::new(&bytes[..cuts[0]], context, found.columns),
        layout: found.layout,
        above: found.above,
    }))
}

/// Where tables begin whose rule is another than that of the table before: at the line above the rule.
fn tables(bytes: &[u8]) -> Vec<usize> {
    let (mut found, mut last) = (Vec::new(), None);
    let (mut at, mut before) = (0, 0);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let bare = line.trim_ascii_end();
        let is_rule = matches!(bare.first(), Some(b'-' | b'=')) && bare.len() <= LONGEST;
        let starts = std::str::from_utf8(bare)
            .ok()
            .filter(|_| is_rule)
            .and_then(rule);
        if starts.is_some() {
            if last.is_some() && last != starts {
                found.push(before);
            }
            last = starts;
        }
        if !bare.is_empty() {
            before = at;
        }
        at += line.len();
    }
    found
}

impl Aligned<'_> {
    fn row(&self, line: &str, rows: &mut Gather<'_, '_>) -> Said {
        let bare = line.trim_end();
        if bare.is_empty() || self.above.iter().any(|above| above == bare) || rule(bare).is_some() {
            return Said::Nothing;
        }
        let Some(cells) = self.layout.cells(line) else {
            return Said::Other;
        };
        for cell in cells {
            rows.value(Some(cell).filter(|cell| !cell.is_empty()));
        }
        Said::Row
    }
}

impl Reader for Aligned<'_> {
    fn parts(&self) -> usize {
        self.lines.parts()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        for (bytes, nth) in self.further.iter().zip(2..).filter(|_| part == 0) {
            let table = Member::whole(format!("table {nth}.rpt"), bytes.clone());
            if sink(Item::Member(table)).is_break() {
                return Ok(());
            }
        }
        self.lines
            .read(part, sink, &|line, rows| self.row(line, rows));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            show(&FORMAT, text.as_bytes(), &context()),
            expected,
            "{text}"
        );
    }

    fn sure(text: &str) -> bool {
        let head = Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            extension: "txt",
            encoding: Encoding::Utf8,
        };
        sniff(&head) > 0
    }

    #[test]
    fn a_rule_tells_the_columns() {
        check(
            "Changed database context to 'crm'.\n\nname        mail\n----------- ----------------\nAnn Lee     ann@example.com\nBo          bo@example.com\n\n(2 rows affected)\n",
            &[
                "t: name=Ann Lee, mail=ann@example.com",
                "t: name=Bo, mail=bo@example.com",
                "t (lines): Changed database context to 'crm'.",
                "t (lines): (2 rows affected)",
            ],
        );
    }

    #[test]
    fn names_are_said_on_every_page() {
        let page = "NAME    CITY\n------- -------\nAnn     Boston\nBo      Tampa\n";
        check(
            &page.repeat(2),
            &[
                "t: NAME=Ann, CITY=Boston",
                "t: NAME=Bo, CITY=Tampa",
                "t: NAME=Ann, CITY=Boston",
                "t: NAME=Bo, CITY=Tampa",
            ],
        );
    }

    #[test]
    fn another_rule_begins_another_table() {
        let first = "name    mail\n------- ----------------\nAnn Lee ann@example.com\nBo      bo@example.com\n\n";
        let second = "id  city\n--- -------\n1   Boston\n2   Tampa\n";
        check(
            &[first, second].concat(),
            &[
                "[table 2.rpt]",
                "t: name=Ann Lee, mail=ann@example.com",
                "t: name=Bo, mail=bo@example.com",
            ],
        );
        assert_eq!(tables([first, second, first].concat().as_bytes()).len(), 2);
    }

    #[test]
    fn full_width_characters_take_two_places() {
        let rows = [
            ("佐藤花子", "東京都"),
            ("李娜", "大阪府"),
            ("山田太郎", "福岡県"),
        ];
        let mut text = String::from("氏名        番号  住所\n");
        for (n, (name, place)) in rows.iter().cycle().take(9).enumerate() {
            let blanks = 12 - 2 * name.chars().count();
            text += &format!("{name}{}{n:04}  {place}\n", " ".repeat(blanks));
        }
        let shown = show(&FORMAT, text.as_bytes(), &context());
        assert_eq!(shown[0], "t: 氏名=佐藤花子, 番号=0000, 住所=東京都");
        assert_eq!(shown[1], "t: 氏名=李娜, 番号=0001, 住所=大阪府");
        assert_eq!(shown.len(), 9);
    }

    #[test]
    fn wide_blanks_part_what_is_not_aligned() {
        let rows = "Young, Sharon   05/28/1977\nLee, Al   09/04/1943\n".repeat(4);
        let shown = show(&FORMAT, rows.as_bytes(), &context());
        assert_eq!(shown[1], "t: ?=Lee, Al, ?=09/04/1943");
        assert_eq!(shown.len(), 8);
    }

    #[test]
    fn prose_and_other_formats_are_none() {
        let prose = "It rained.  We went home.\nNobody came.  Nobody called.\n".repeat(6);
        let code = "fn main() {\n    let a  = 1;\n    let bc = 2;\n}\n".repeat(6);
        let csv = "a,  b,  c\nd,  e,  f\n".repeat(6);
        let table = "a  | b  | c\n1  | 2  | 3\n".repeat(6);
        let one = "word\n".repeat(20);
        for text in [&prose, &code, &csv, &table, &one] {
            assert!(!sure(text), "{text}");
        }
        assert!(!sure(""));
    }
}
