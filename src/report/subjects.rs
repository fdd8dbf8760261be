//! The subjects file: CSV, one line per record and person it speaks of.
//!
//! `source,table,record,role,subject,kinds`. `record` counts from 0 within the table or file, `subject` is the same number
//! wherever the same person appears, `kinds` are joined by `;`. A source or table name that a spreadsheet would run as a
//! formula has a `'` before it.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::scope::SubjectRow;

/// Writes a subjects file.
pub struct Writer<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    /// Writes the heading.
    pub fn new(out: W) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["source", "table", "record", "role", "subject", "kinds"])?;
        Ok(Self { csv })
    }

    /// Writes one line.
    pub fn write(&mut self, row: &SubjectRow) -> io::Result<()> {
        let (record, subject, kinds) = (
            row.record.to_string(),
            row.subject.to_string(),
            row.kinds.join(";"),
        );
        let (source, table) = (
            no_formula(row.source.as_str()),
            no_formula(row.table.as_str()),
        );
        self.csv
            .write_record([&source, &table, record.as_str(), row.role, &subject, &kinds])?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// The cell, with a `'` before it if a spreadsheet would run it. `-`, standard input, is none.
pub(super) fn no_formula(cell: &str) -> Cow<'_, str> {
    let risky = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
    if risky && cell != "-" {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::SafeName;

    #[track_caller]
    fn check(source: &str, table: &str, expected: &str) {
        let row = SubjectRow {
            source: SafeName::new(source, &[]),
            table: SafeName::new(table, &[]),
            record: 7,
            role: "orderer",
            subject: 1,
            kinds: vec!["email".into(), "person-name".into()],
        };
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out).unwrap();
        writer.write(&row).unwrap();
        writer.finish().unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!("source,table,record,role,subject,kinds\n{expected}\n")
        );
    }

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        check(
            "a.csv",
            "users",
            "a.csv,users,7,orderer,1,email;person-name",
        );
        check("-", "stdin", "-,stdin,7,orderer,1,email;person-name");
        check(
            "a,\"b\".csv",
            "=cmd()",
            "\"a,\"\"b\"\".csv\",'=cmd(),7,orderer,1,email;person-name",
        );
        check(
            "@SUM(1)",
            "-1+2",
            "'@SUM(1),'-1+2,7,orderer,1,email;person-name",
        );
    }
}
