//! Records of other formats written as JSON: documents of databases, whose members have no columns of their own.
//!
//! In: one JSON object per record. Out: batches as of JSON Lines, without a place in the source.

use std::io::Write as _;
use std::ops::ControlFlow;

use super::{Item, Json, Tables, Writer};
use crate::format::{Batch, Sink};
use crate::source::{Fault, Limits};
use crate::text::Encoding;

/// Text gathered before it is given away, in bytes.
const BYTES: usize = 1 << 20;

/// Gathers the records of one table.
pub(in crate::format) struct Written<'l> {
    name: String,
    limits: &'l Limits,
    text: Vec<u8>,
    /// The end of each record, and its offset in the source.
    ends: Vec<(usize, u64)>,
}

impl<'l> Written<'l> {
    /// Begins a table.
    pub(in crate::format) fn new(name: &str, limits: &'l Limits) -> Self {
        Self {
            name: name.to_owned(),
            limits,
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Where the next record is to be written, as one JSON value.
    pub(in crate::format) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Ends the record, which stands at an offset of the source.
    pub(in crate::format) fn end(&mut self, at: u64, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.ends.push((self.text.len(), at));
        if self.text.len() >= BYTES {
            self.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives the records away.
    pub(in crate::format) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let json = Json {
            bytes: &self.text,
            start: 0,
            stem: self.name.clone(),
            encoding: Encoding::Utf8,
            limits: self.limits.clone(),
            writer: Writer::Any,
            header: |_, _| false,
        };
        let mut tables = Tables::new(&json, &json.stem, false);
        let mut start = 0;
        for &(end, at) in &self.ends {
            let mut moved = placed(sink, at);
            json.line(start, end, &mut tables, &mut moved)?;
            start = end;
        }
        let at = self.ends.last().map_or(0, |&(_, at)| at);
        tables.finish(&mut placed(sink, at))?;
        self.ends.clear();
        self.text.clear();
        ControlFlow::Continue(())
    }
}

/// The sink for records of which only the offset of one is known.
fn placed<'s, 'x>(
    sink: &'s mut Sink<'x>,
    at: u64,
) -> impl FnMut(Item<'_>) -> ControlFlow<()> + use<'s, 'x> {
    move |item| match item {
        Item::Batch(batch) => sink(Item::Batch(Batch {
            origin: None,
            ..batch
        })),
        Item::Fault(fault) => sink(Item::Fault(Fault {
            at: Some(at),
            ..fault
        })),
        member @ Item::Member(_) => sink(member),
    }
}

/// Writes a string.
pub(in crate::format) fn string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a string is JSON, and memory takes it");
}

/// Writes a scalar that needs no quotes: a number or a literal.
pub(in crate::format) fn bare(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    write!(out, "{value}").expect("memory takes what is written");
}

/// Writes a floating-point number; what JSON has no number for is a string.
#[cfg(any(feature = "columnar", feature = "databases"))]
pub(in crate::format) fn float(value: f64, out: &mut Vec<u8>) {
    match value.is_finite() {
        true => bare(value, out),
        false => bare(format_args!("\"{value}\""), out),
    }
}

/// Writes bytes: text as a string, anything else as null.
pub(in crate::format) fn bytes(value: &[u8], out: &mut Vec<u8>) {
    let is_text = |text: &&str| !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    match std::str::from_utf8(value).ok().filter(is_text) {
        Some(text) => string(text, out),
        None => bare("null", out),
    }
}

/// Writes a day, counted from 1970-01-01, as `2024-12-31`.
pub(in crate::format) fn date(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(days);
    bare(format_args!("\"{year:04}-{month:02}-{day:02}\""), out);
}

/// Writes a time, counted in milliseconds from 1970-01-01; midnight, which birthdays have, as the day alone.
pub(in crate::format) fn instant(millis: i64, out: &mut Vec<u8>) {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    if rest == 0 {
        return date(days, out);
    }
    let (year, month, day) = civil(days);
    let seconds = rest / 1_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    bare(
        format_args!("\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z\""),
        out,
    );
}

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.clamp(-200_000_000_000, 200_000_000_000) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_write_them() {
        let check = |millis: i64, expected: &str| {
            let mut out = Vec::new();
            instant(millis, &mut out);
            assert_eq!(
                String::from_utf8(out).expect("it is text"),
                format!("\"{expected}\"")
            );
        };
        check(0, "1970-01-01");
        check(951_782_400_000, "2000-02-29");
        check(-1_577_923_200_000, "1920-01-01");
        check(1_700_000_000_000, "2023-11-14T22:13:20Z");
        check(i64::MIN, "-292275055-05-16T16:47:04Z");
    }

    #[test]
    fn values_that_json_lacks() {
        let check = |write: &dyn Fn(&mut Vec<u8>), expected: &str| {
            let mut out = Vec::new();
            write(&mut out);
            assert_eq!(String::from_utf8(out).expect("it is text"), expected);
        };
        check(&|out| float(f64::NAN, out), "\"NaN\"");
        check(&|out| float(1.5, out), "1.5");
        check(&|out| bytes(b"a\"b", out), "\"a\\\"b\"");
        check(&|out| bytes(b"\0\x01", out), "null");
    }
}
