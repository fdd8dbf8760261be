//! The findings file: JSON Lines, one line per match.
//!
//! `{"source","table","record","column","column_index","start","end","kind","confidence","evidence","masked"}`, `part` and `network` (of a payment card) where the match
//! is a piece of its kind. `evidence` is the report's: the column's name, a check digit, a list, the word beside the match. `record` counts from 0 within the table or file. `start` and `end` are byte offsets in the
//! (decompressed) source, null for what had to be decoded. `value` is there only when the user asked for it.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{Evidence, confidence};
use crate::scope::FindingRow;

#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    table: &'a str,
    record: u64,
    column: Option<&'a str>,
    column_index: Option<u32>,
    start: Option<u64>,
    end: Option<u64>,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<&'a str>,
    confidence: f64,
    evidence: Vec<Evidence<'a>>,
    masked: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

/// Writes one match as one line.
pub fn write(mut out: impl Write, row: &FindingRow) -> io::Result<()> {
    let line = Line {
        source: row.source.as_str(),
        table: row.table.as_str(),
        record: row.record,
        column: row.column.as_ref().map(|name| name.as_str()),
        column_index: row.column_index,
        start: row.start,
        end: row.end,
        kind: &row.kind,
        part: row.part,
        network: row.network,
        confidence: confidence(row.confidence),
        evidence: row.evidence.iter().map(Evidence::from).collect(),
        masked: row.masked.as_str(),
        value: row.value.as_ref().map(|value| value.0.as_str()),
    };
    serde_json::to_writer(&mut out, &line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{Evidence, Masked, Revealed, SafeName};

    fn row() -> FindingRow {
        FindingRow {
            source: SafeName::new("users.csv", &[]),
            table: SafeName::new("users", &[]),
            record: 0,
            column: Some(SafeName::new("メール", &[])),
            column_index: Some(3),
            start: Some(12),
            end: Some(27),
            kind: "email".into(),
            part: None,
            network: None,
            confidence: 0.99,
            evidence: vec![Evidence::Context {
                word: "mail".into(),
            }]
            .into(),
            masked: Masked::new("taro@example.jp"),
            value: None,
        }
    }

    #[track_caller]
    fn check(row: &FindingRow, expected: &str) {
        let mut out = Vec::new();
        write(&mut out, row).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn one_line_per_match() {
        check(
            &row(),
            "{\"source\":\"users.csv\",\"table\":\"users\",\"record\":0,\"column\":\"メール\",\"column_index\":3,\"start\":12,\
             \"end\":27,\"kind\":\"email\",\"confidence\":0.99,\"evidence\":[{\"type\":\"context\",\"word\":\"mail\"}],\"masked\":\"t***@e******.jp\"}\n",
        );
        let text = FindingRow {
            column: None,
            column_index: None,
            start: None,
            end: None,
            part: Some("mobile"),
            value: Some(Revealed("090\n".into())),
            ..row()
        };
        check(
            &text,
            "{\"source\":\"users.csv\",\"table\":\"users\",\"record\":0,\"column\":null,\"column_index\":null,\"start\":null,\
             \"end\":null,\"kind\":\"email\",\"part\":\"mobile\",\"confidence\":0.99,\"evidence\":[{\"type\":\"context\",\"word\":\"mail\"}],\"masked\":\"t***@e******.jp\",\
             \"value\":\"090\\n\"}\n",
        );
    }
}
