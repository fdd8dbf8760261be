//! Rows of values in brackets, one a line, without the statement or the program around them: `(1, 'anna', NULL),`, `["a", 2],`.
//!
//! In: lines that begin with a bracket and end with the other, each with as many values. Out: a record for each; other lines are running text. Pieces of dumps are
//! written so, and lists in programs.

use super::line_rows::LineRows;
use super::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault};
use crate::text::Encoding;

/// Rows in brackets.
pub(crate) const FORMAT: Format = Format {
    name: "tuples",
    title: "Rows of values in brackets, one a line (`(1, 'anna', NULL),`)",
    extensions: &["txt", "sql", "py"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Bytes and lines that tell how wide the rows are, and the rows that must be there.
const HEAD: usize = 64 << 10;
const LINES: usize = 60;
const FEWEST: usize = 3;

/// The values of a line; `None` where it is no row in brackets.
fn values(line: &str) -> Option<Vec<Option<String>>> {
    let line = line.trim().trim_end_matches([',', ';']).trim_end();
    let inner = match line.as_bytes() {
        [b'(', .., b')'] | [b'[', .., b']'] => &line[1..line.len() - 1],
        _ => return None,
    };
    let (mut values, mut rest) = (Vec::new(), inner.trim());
    loop {
        let (value, behind) = value(rest)?;
        values.push(value);
        match behind.strip_prefix(',') {
            // (1, 'a',)
            Some(next) if next.trim().is_empty() => return Some(values),
            Some(next) => rest = next.trim_start(),
            None => return behind.is_empty().then_some(values),
        }
    }
}

/// The value that a text begins with, and what stands behind it.
fn value(text: &str) -> Option<(Option<String>, &str)> {
    let sign = text.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let Some(sign) = sign else {
        let end = text.find(',').unwrap_or(text.len());
        let bare = text[..end].trim();
        let is_bare =
            !bare.contains(['\'', '"', '(', ')', '[', ']', '{', '}', ' ']) && !bare.is_empty();
        let told = !["NULL", "null", "None", "nil"].contains(&bare);
        return is_bare.then(|| (told.then(|| bare.to_owned()), &text[end..]));
    };
    let (mut out, mut chars) = (String::new(), text.char_indices().skip(1).peekable());
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                other => out.push(other),
            },
            c if c == sign && chars.peek().is_some_and(|next| next.1 == sign) => {
                out.push(sign);
                chars.next();
            }
            c if c == sign => return Some((Some(out), text[at + 1..].trim_start())),
            c => out.push(c),
        }
    }
    None
}

/// How many values most rows of a head have, if they are such rows: one of them at least is a text in quotes.
fn width(head: &[u8], whole: bool, encoding: Encoding) -> Option<usize> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let end = if whole {
        text.len()
    } else {
        memchr::memrchr(b'\n', text)?
    };
    let lines = text[..end]
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty()).take(LINES);
    let is_row = |line: &[u8]| {
        let comma = line.ends_with(b",") || line.ends_with(b";");
        matches!(line[0], b'(' | b'[')
            && (comma || matches!(line[line.len() - 1], b')' | b']'))
            && line.contains(&b',')
    };
    // Most files have no such line.
    if !lines.clone().take(3).any(is_row) {
        return None;
    }
    let (mut n, mut widths) = (0, std::collections::BTreeMap::<usize, usize>::new());
    for line in lines {
        n += 1;
        let quoted = line.contains(&b'\'') || line.contains(&b'"');
        if let Some(values) = values(&encoding.decode(line).0).filter(|_| quoted) {
            *widths.entry(values.len()).or_default() += 1;
        }
    }
    let (width, rows) = widths.into_iter().max_by_key(|found| found.1)?;
    (width >= 2 && rows >= FEWEST && rows * 10 >= n * 8).then_some(width)
}

fn sniff(head: &Head<'_>) -> u8 {
    let whole = head.bytes.len() as u64 == head.len;
    // JSON, which is surer, is written so, too.
    match width(head.bytes, whole, head.encoding) {
        Some(_) => 72,
        None => 0,
    }
}

struct Tuples<'a>(LineRows<'a>);

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let width = width(head, head.len() == bytes.len(), context.encoding);
    let lost = || Fault::whole(Code::Unsupported, "no rows in brackets");
    let columns = vec![None; width.ok_or_else(lost)?];
    Ok(Box::new(Tuples(LineRows::new(bytes, context, columns))))
}

impl Reader for Tuples<'_> {
    fn parts(&self) -> usize {
        self.0.parts()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let width = self.0.table.columns.len();
        self.0.read(part, sink, &|line, rows| {
            let row = values(line).filter(|row| row.len() <= width);
            let values = row.iter().flatten();
            values.for_each(|value| rows.value(value.as_deref()));
            row.is_some()
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_brackets() {
        let check = |line: &str, expected: Option<&[&str]>| {
            let row = values(line).map(|row| {
                let cells = row
                    .into_iter()
                    .map(|cell| cell.unwrap_or_else(|| "-".into()));
                cells.collect::<Vec<_>>()
            });
            let expected = expected.map(|row| row.iter().map(|cell| (*cell).to_owned()).collect());
            assert_eq!(row, expected, "{line}");
        };
        check(
            "(1, 'O''Neil', NULL, -1.5),",
            Some(&["1", "O'Neil", "-", "-1.5"]),
        );
        check("(1,'a\\'b, c',''),", Some(&["1", "a'b, c", ""]));
        check("  [\"Ann\", 2],", Some(&["Ann", "2"]));
        check("('Ann', None)", Some(&["Ann", "-"]));
        check("(see above, and below)", None);
        check("(f(x), 'a')", None);
        check("[INFO] started, ok]", None);
    }

    #[test]
    fn programs_are_none() {
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(
                width(text.as_bytes(), true, Encoding::Utf8),
                expected,
                "{text}"
            );
        };
        check("(1, 'a'),\n(2, 'b'),\n(3, 'c');\n", Some(2));
        check("(defun f (x, y))\n(1, 2)\n(3, 4)\n(5, 6)\n", None);
        check("(1, 'a'),\n(2, 'b'),\n", None);
        check(
            "INSERT INTO t VALUES\n(1, 'a'),\n(2, 'b'),\n(3, 'c');\n",
            None,
        );
    }
}
