//! Records of one line each in which every value stands behind its name: `Email: … - Name: … - Followers: …`, `{'name': '…', 'email': '…'},`.
//!
//! In: lines with the same names in the same order. Out: a record for each, a field under each name; other lines are running text. Source: dumps of
//! accounts as programs print them, rows of dictionaries in Python and of objects in JavaScript.

use memchr::memchr;

use super::line_rows::LineRows;
use super::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault};
use crate::text::Encoding;

/// Lines of values behind their names.
pub(crate) const FORMAT: Format = Format {
    name: "labelled",
    title: "Records of one line, each value behind its name (`Name: … - Email: …`)",
    extensions: &["txt", "log", "out", "py", "js"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Bytes and lines that tell how the lines are written.
const HEAD: usize = 64 << 10;
const LINES: usize = 60;
/// Lines that are looked at for the names: the first may be a title.
const FIRST: usize = 4;
/// So many records, at least, make a table of three names; of two names more.
const FEWEST: usize = 3;
const FEWEST_OF_TWO: usize = 12;
/// Longest name, in characters, and its words.
const LONGEST: usize = 30;
const WORDS: usize = 4;
/// Names of one line, at most.
const NAMES: usize = 200;
/// What stands between a value and the next name, the longest first.
const SIGNS: [&str; 16] = [
    " -- ", " - ", " | ", " / ", " · ", " ; ", " , ", ", ", "; ", "\t", "|", ",", ";", "\u{3000}",
    "、", "／",
];

/// How the lines are written.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    names: Vec<String>,
    /// What stands before each value: the sign behind the value before it, the name and the colon.
    marks: Vec<String>,
}

impl Form {
    /// The values of a line; `None` where its first name, or half of the others, are not there.
    fn values<'t>(&self, line: &'t str) -> Option<Vec<Option<&'t str>>> {
        let mut rest = line.trim().strip_prefix(self.marks.first()?.as_str())?;
        let mut values = vec![None; self.marks.len()];
        let (mut open, mut told) = (0, 1);
        for (nth, mark) in self.marks.iter().enumerate().skip(1) {
            if let Some(at) = rest.find(mark.as_str()) {
                values[open] = Some(bare(&rest[..at]));
                rest = &rest[at + mark.len()..];
                (open, told) = (nth, told + 1);
            }
        }
        values[open] = Some(bare(rest));
        (told * 2 >= self.marks.len()).then_some(values)
    }

    fn is_whole(&self, line: &str) -> bool {
        let values = self.values(line);
        values.is_some_and(|values| values.iter().all(Option::is_some))
    }
}

/// A value without the blanks and quotes around it, and what ends a row of a program.
fn bare(value: &str) -> &str {
    let value = value.trim();
    let row = value.trim_end_matches(['}', ')', ']', ',', ';']).trim_end();
    for text in [value, row] {
        let inside = |sign: char| text.strip_prefix(sign)?.strip_suffix(sign);
        if let Some(inside) = inside('"').or_else(|| inside('\'')) {
            return inside;
        }
    }
    match value.ends_with(['}', ')']) && !value.contains(['{', '(']) {
        true => bare(row),
        false => value,
    }
}

/// The name at the beginning of a piece of a line, without quotes, and where the value behind its colon begins.
fn named(piece: &str) -> Option<(&str, usize)> {
    let (at, colon) = piece
        .char_indices()
        .find(|(_, c)| matches!(c, ':' | '：'))?;
    let value = at + colon.len_utf8();
    let name = piece[..at]
        .trim_start_matches(['{', '(', '[', ' ', '-', '*'])
        .trim();
    let name = name.trim_matches(['"', '\'']);
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().count() <= LONGEST
        && name.split_whitespace().count() <= WORDS
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '/' | '#' | '(' | ')' | '（' | '）' | '・' | 'ー' | '\''))
        && !piece[value..].starts_with(['/', ':', '='])
        // `Mar 1 10:00:00`
        && !(name.ends_with(|c: char| c.is_ascii_digit()) && piece[value..].starts_with(|c: char| c.is_ascii_digit()))
        && name.bytes().filter(u8::is_ascii_digit).count() * 2 <= name.len();
    is_name.then_some((name, value))
}

/// How a line is written under a sign between its fields.
fn form(line: &str, sign: &str) -> Option<Form> {
    let (mut names, mut marks) = (Vec::<String>::new(), Vec::new());
    for (nth, piece) in line.trim().split(sign).enumerate() {
        let Some((name, value)) = named(piece) else {
            if nth == 0 {
                return None;
            }
            continue;
        };
        if names.len() < NAMES && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
            marks.push(format!(
                "{}{}",
                if nth == 0 { "" } else { sign },
                &piece[..value]
            ));
        }
    }
    (names.len() >= 2).then_some(Form { names, marks })
}

/// How the lines of a head are written, if they are such records.
fn settle(head: &[u8], whole: bool, encoding: Encoding) -> Option<Form> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let end = if whole {
        text.len()
    } else {
        memchr::memrchr(b'\n', text)?
    };
    let text = &text[..end];
    // Most files have no name in their first lines.
    let first = text
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty());
    let may_be = |line: &[u8]| memchr(b':', line).is_some() || !line.is_ascii();
    if !first.clone().take(FIRST).any(may_be) {
        return None;
    }
    let lines: Vec<_> = first
        .take(LINES)
        .map(|line| encoding.decode(line).0)
        .collect();
    let forms = lines.iter().take(FIRST).filter_map(|line| {
        let forms = SIGNS.iter().rev().filter_map(|sign| form(line, sign));
        forms.max_by_key(|form| form.names.len())
    });
    forms.filter_map(|form| held(form, &lines)).next()
}

/// The names that nearly all lines have, where nearly all lines have all of these in their order.
fn held(form: Form, lines: &[std::borrow::Cow<'_, str>]) -> Option<Form> {
    let most = |n: usize| n * 10 >= lines.len() * 9;
    let (mut names, mut marks) = (Vec::new(), Vec::new());
    for (nth, (name, mark)) in form.names.into_iter().zip(form.marks).enumerate() {
        let has = |line: &&std::borrow::Cow<'_, str>| match nth {
            0 => line.trim().starts_with(&mark),
            _ => line.contains(&mark),
        };
        if most(lines.iter().filter(has).count()) {
            names.push(name);
            marks.push(mark);
        } else if nth == 0 {
            return None;
        }
    }
    let fewest = match names.len() {
        0 | 1 => return None,
        2 => FEWEST_OF_TWO,
        _ => FEWEST,
    };
    let form = Form { names, marks };
    let n = lines.iter().filter(|line| form.is_whole(line)).count();
    (n >= fewest && most(n) && differs(&form, lines)).then_some(form)
}

/// Whether the values differ from line to line: what a program says again and again is no table.
fn differs(form: &Form, lines: &[std::borrow::Cow<'_, str>]) -> bool {
    let rows: std::collections::HashSet<_> =
        lines.iter().filter_map(|line| form.values(line)).collect();
    rows.len() * 4 >= lines.len() * 3
}

fn sniff(head: &Head<'_>) -> u8 {
    let whole = head.bytes.len() as u64 == head.len;
    // Before a document of JSON goes nothing.
    match settle(head.bytes, whole, head.encoding) {
        Some(_) => 70,
        None => 0,
    }
}

struct Labelled<'a> {
    lines: LineRows<'a>,
    form: Form,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let form = settle(head, head.len() == bytes.len(), context.encoding);
    let lost = || Fault::whole(Code::Unsupported, "no lines of values behind names");
    let form = form.ok_or_else(lost)?;
    let names = form.names.iter().cloned().map(Some).collect();
    let lines = LineRows::new(bytes, context, names);
    Ok(Box::new(Labelled { lines, form }))
}

impl Reader for Labelled<'_> {
    fn parts(&self) -> usize {
        self.lines.parts()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.lines.read(part, sink, &|line, rows| {
            let values = self.form.values(line);
            let is_row = values.is_some();
            let values = values.into_iter().flatten();
            values.for_each(|value| rows.value(value));
            is_row
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn lines(line: &dyn Fn(usize) -> String) -> String {
        (0..20).map(|n| line(n) + "\n").collect()
    }

    fn check(line: &dyn Fn(usize) -> String, expected: &[&str]) {
        let text = lines(line);
        let form = settle(text.as_bytes(), true, Encoding::Utf8);
        let names = form.map(|form| form.names).unwrap_or_default();
        assert_eq!(names, expected, "{}", line(0));
    }

    #[test]
    fn values_behind_their_names() {
        check(
            &|n| {
                format!(
                    "Email: u{n}@example.com - Name: A - B{n} - Created At: Thu Mar 12 03:00:12 +0000 2009"
                )
            },
            &["Email", "Name", "Created At"],
        );
        check(
            &|n| format!("{{'name': 'Anna {n}', 'dob': '1948-12-11'}},"),
            &["name", "dob"],
        );
        check(
            &|n| format!("Name:Anna {n}|DOB:1948|Phone:{n}"),
            &["Name", "DOB", "Phone"],
        );
        check(
            &|n| format!("氏名：佐藤{n}　電話：03-0000-0000　住所：東京都"),
            &["氏名", "電話", "住所"],
        );
        check(&|n| format!("12:0{n} level: a, msg: b"), &[]);
        check(&|n| format!("key{n}: value, other: x"), &[]);
        check(
            &|n| format!("Mar  1 10:00:{n:02} kernel: a, SerialNumber: b{n}, at: c"),
            &[],
        );
        check(&|_| "color: red; margin: 0; top: 1".to_owned(), &[]);
        check(&|n| format!("https://example.com/{n}, x: y"), &[]);
        check(&|n| format!("Anna{n}: I said, Bob: no"), &[]);
    }

    #[test]
    fn lines_are_records_at_every_part_size() {
        let text = lines(&|n| format!("{{'name': 'Ann, {n}', 'mail': 'u{n}@example.com'}},"));
        let text = format!("USERS = [\n{text}]\n");
        for part_bytes in [1, 70, 8 << 20] {
            let mut context = context();
            context.limits.part_bytes = part_bytes;
            let shown = show(&FORMAT, text.as_bytes(), &context);
            let mut rows = shown.iter().filter(|row| row.starts_with("t: "));
            assert_eq!(rows.clone().count(), 20, "{part_bytes}");
            assert_eq!(
                rows.next_back().map(String::as_str),
                Some("t: name=Ann, 19, mail=u19@example.com")
            );
        }
    }
}
