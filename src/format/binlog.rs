//! Rows of a MySQL binary log as `mysqlbinlog --verbose` prints them.
//!
//! In: lines `### INSERT INTO …`, `### SET`, `###   @1=0 /* INT … */`. Out: a record for each list of values, of the table that is named above it; a changed row
//! is two, as it was and as it is. Statements between them are a member of SQL. Source: "mysqlbinlog Row Event Display", MySQL 8.4 Reference Manual 6.6.9.2.

use std::ops::ControlFlow;

use memchr::memmem;

use super::gather::Gather;
use super::{Context, Format, Head, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// Rows of a binary log as text.
pub(crate) const FORMAT: Format = Format {
    name: "binlog",
    title: "Rows of MySQL's binary log, as mysqlbinlog prints them",
    extensions: &["sql", "txt", "log"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// What stands before every line of a row.
const MARK: &str = "### ";
/// What goes before the name of a table.
const STATEMENTS: [&str; 3] = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];

fn sniff(head: &Head<'_>) -> u8 {
    // At the beginnings of lines: programs and manuals name these marks, too.
    let has = |text: &str| {
        let mut found = memmem::find_iter(head.bytes, text.as_bytes());
        found.any(|at| at == 0 || head.bytes[at - 1] == b'\n')
    };
    let told = has("###   @1=") && STATEMENTS.iter().any(|word| has(&format!("{MARK}{word}`")));
    if told { 97 } else { 0 }
}

struct Log<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Log {
        bytes,
        encoding: context.encoding,
        limits: context.limits.clone(),
    }))
}

/// The rows of one table that stand together.
#[derive(Default)]
struct Rows {
    name: String,
    /// Each with where it stands.
    rows: Vec<(u64, Vec<Option<String>>)>,
}

/// Rows that are given away together.
const ROWS: usize = 1 << 10;

impl Reader for Log<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = Rows::default();
        let (mut others, mut at) = (String::new(), 0);
        for raw in self.bytes.split_inclusive(|&byte| byte == b'\n') {
            let start = at;
            at += raw.len();
            let line = self.encoding.decode(raw).0;
            let line = line.trim_end();
            let Some(told) = line.strip_prefix(MARK) else {
                others.push_str(line);
                others.push('\n');
                if others.len() >= self.limits.in_memory_bytes
                    && statements(&mut others, sink).is_break()
                {
                    return Ok(());
                }
                continue;
            };
            if self
                .row(told.trim_start(), start as u64, &mut rows, sink)
                .is_break()
            {
                return Ok(());
            }
        }
        if self.give(&mut rows, sink).is_continue() && !others.trim().is_empty() {
            let _ = statements(&mut others, sink);
        }
        Ok(())
    }
}

/// Gives the statements between the rows as a source of their own.
fn statements(others: &mut String, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let text = std::mem::take(others).into_bytes();
    sink(Item::Member(Member::whole(
        "statements.sql",
        Bytes::owned(text),
    )))
}

impl Log<'_> {
    /// Takes a line of a row.
    fn row(&self, line: &str, at: u64, rows: &mut Rows, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if let Some(name) = STATEMENTS.iter().find_map(|word| line.strip_prefix(word)) {
            let name = name.replace('`', "");
            if name != rows.name {
                self.give(rows, sink)?;
                rows.name = name;
            }
        } else if matches!(line, "SET" | "WHERE") {
            if rows.rows.len() >= ROWS {
                self.give(rows, sink)?;
            }
            rows.rows.push((at, Vec::new()));
        } else if let Some((place, told)) =
            line.strip_prefix('@').and_then(|line| line.split_once('='))
            && let Some((_, row)) = rows.rows.last_mut()
            && let Ok(place @ 1..=4096) = place.parse::<usize>()
        {
            row.resize(row.len().max(place), None);
            row[place - 1] = value(told);
        }
        ControlFlow::Continue(())
    }

    fn give(&self, rows: &mut Rows, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let width = rows
            .rows
            .iter()
            .map(|(_, row)| row.len())
            .max()
            .unwrap_or(0);
        if width == 0 {
            return ControlFlow::Continue(());
        }
        let table = Table {
            name: rows.name.clone(),
            columns: vec![None; width],
            ..Table::default()
        };
        let mut out = Gather::new(table, &self.limits, sink);
        for (at, row) in rows.rows.drain(..) {
            row.iter().for_each(|cell| out.value(cell.as_deref()));
            out.end(at)?;
        }
        out.flush()
    }
}

/// A value, without the comment on its type behind it.
fn value(told: &str) -> Option<String> {
    let Some(quoted) = told.strip_prefix('\'') else {
        let bare = told.split(" /*").next().unwrap_or_default();
        // `-1 (4294967295)`
        let bare = bare.split(" (").next().unwrap_or_default().trim();
        return (bare != "NULL").then(|| bare.to_owned());
    };
    let text = quoted.split("' /*").next().unwrap_or_default();
    let text = text.strip_suffix('\'').unwrap_or(text);
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes[at..]
            .strip_prefix(b"\\x")
            .and_then(|code| code.get(..2))
            .and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 4 } else { 1 };
    }
    let text = String::from_utf8_lossy(&out).into_owned();
    // A day is written `1985:04:03`.
    let day = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    Some(if day { text.replace(':', "-") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[test]
    fn rows_of_a_log() {
        let text = "# at 4\n### INSERT INTO `shop`.`people`\n### SET\n###   @1=-1 (4294967295) /* INT meta=0 nullable=0 is_null=0 */\n\
                    ###   @2='O\\x27Neil' /* VARSTRING(255) */\n###   @3='1985:04:03'\n###   @4=NULL\n# at 9\n\
                    ### UPDATE `shop`.`people`\n### WHERE\n###   @1=2\n###   @2='Ann'\n### SET\n###   @1=2\n###   @2='Anna'\nBEGIN\n";
        let told = [
            "shop.people: -1, O'Neil, 1985-04-03, -",
            "shop.people: 2, Ann, -, -",
            "shop.people: 2, Anna, -, -",
        ];
        let shown = show(&FORMAT, text.as_bytes(), &context());
        assert_eq!(shown.len(), 4, "{shown:?}");
        for (shown, told) in shown.iter().zip(told) {
            for word in told
                .split([':', ','])
                .map(str::trim)
                .filter(|word| *word != "-")
            {
                assert!(shown.contains(word), "{shown} {told}");
            }
        }
    }
}
