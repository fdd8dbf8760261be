//! Bank statements in MT940 (SWIFT, and as German and Dutch banks print it): who paid, from which account, and what for.
//!
//! In: lines `:61:` and `:86:`. Out: a record for each movement; what stands under other tags is text. Fields of `:86:` are those of the German
//! banks (`?32` and `?33` the name, `?31` the account, `?20` to `?29` and `?60` to `?63` the purpose; DFÜ-Abkommen, annex 3, chapter 8) or words
//! between slashes (`/NAME/`, `/IBAN/`).

use std::ops::ControlFlow;

use super::gather::Gather;
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// MT940.
pub(crate) const FORMAT: Format = Format {
    name: "mt940",
    title: "Bank statements (MT940, MT942)",
    extensions: &["sta", "mt940", "940", "txt"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Columns of a movement.
const COLUMNS: [&str; 5] = ["movement", "payer", "iban", "purpose", "booking"];
/// Bytes of one movement that are kept.
const LONGEST: usize = 1 << 16;

/// The tag at the beginning of a line, and what stands behind it.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let digits = tag.bytes().take_while(u8::is_ascii_digit).count();
    (digits == 2 && (2..=3).contains(&tag.len())).then_some((tag, rest))
}

fn sniff(head: &Head<'_>) -> u8 {
    let starts = |text: &str| {
        let mut found = memchr::memmem::find_iter(head.bytes, text.as_bytes());
        found.any(|at| at == 0 || head.bytes[at - 1] == b'\n')
    };
    let all = [":20:", ":25", ":61:"].iter().all(|tag| starts(tag));
    if all { 94 } else { 0 }
}

struct Statement<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    table: Table,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Statement {
        bytes,
        encoding: context.encoding,
        limits: context.limits.clone(),
        table: Table {
            name: context.stem.clone(),
            columns: COLUMNS
                .iter()
                .map(|name| Some((*name).to_owned()))
                .collect(),
            ..Table::default()
        },
    }))
}

/// A movement on its way.
struct Movement {
    at: u64,
    told: String,
    /// What stands under `:86:`, if that has come.
    more: Option<String>,
}

/// Words between slashes that tell what follows; under `CNTP` account, bank, name and town of the other side.
const WORDS: [&str; 12] = [
    "NAME", "IBAN", "REMI", "BIC", "EREF", "TRTP", "CSID", "MARF", "ADDR", "ISDT", "CNTP", "USTD",
];

/// Name, account and purpose of what stands under `:86:`, and all that has no place of its own.
fn fields(more: &str) -> [String; 4] {
    let (mut name, mut account, mut purpose) = (String::new(), String::new(), String::new());
    let mut booking = String::new();
    let mut add = |key: &str, value: &str| match key {
        "32" | "33" | "NAME" => name.push_str(value),
        "31" | "IBAN" => account.push_str(value.trim()),
        "" | "REMI" | "USTD" => purpose.push_str(value),
        key if ("20"..="29").contains(&key) || ("60"..="63").contains(&key) => {
            purpose.push_str(value);
        }
        _ => {
            booking.push(' ');
            booking.push_str(value);
        }
    };
    let is_coded = more.len() > 3 && more.as_bytes()[..3].iter().all(u8::is_ascii_digit);
    if is_coded && more[3..].starts_with('?') {
        for field in more[4..].split('?') {
            match field.split_at_checked(2) {
                Some((key, value)) => add(key, value),
                None => add(field, field),
            }
        }
    } else if let Some(words) = more.strip_prefix('/') {
        let (mut key, mut nth) = ("/", 0);
        for word in words.split('/') {
            if WORDS.contains(&word) {
                (key, nth) = (word, 0);
                continue;
            }
            match (key, nth) {
                ("CNTP", 0) => add("IBAN", word),
                ("CNTP", 2) => add("NAME", word),
                ("CNTP", _) => add("/", word),
                (_, 0) => add(key, word),
                // A slash of the value.
                _ => {
                    add(key, "/");
                    add(key, word);
                }
            }
            nth += 1;
        }
    } else {
        add("", more);
    }
    [name, account, purpose, booking]
}

impl Movement {
    /// Takes a line that goes on with it; whether there was room.
    fn take(&mut self, line: &str) -> bool {
        let told = self.more.as_mut().unwrap_or(&mut self.told);
        let room = told.len() + line.len() <= LONGEST;
        if room {
            told.push_str(line);
        }
        room
    }

    fn give(self, rows: &mut Gather<'_, '_>) -> ControlFlow<()> {
        let fields = fields(self.more.as_deref().unwrap_or_default());
        rows.value(Some(&self.told));
        for field in &fields {
            rows.value(Some(field.trim()).filter(|field| !field.is_empty()));
        }
        rows.end(self.at)
    }
}

/// The lines of a statement that are no movements, which are given as text.
#[derive(Default)]
struct Others {
    lines: Vec<String>,
    /// What they take.
    bytes: usize,
}

impl Others {
    fn push(&mut self, line: &str) {
        self.bytes += line.len() + size_of::<String>();
        self.lines.push(line.to_owned());
    }
}

impl Statement<'_> {
    /// Takes a line; the movement that it ends is given.
    fn line(
        line: &str,
        at: u64,
        open: &mut Option<Movement>,
        others: &mut Others,
        rows: &mut Gather<'_, '_>,
    ) -> ControlFlow<()> {
        match (tag(line), &mut *open) {
            (Some(("61", told)), _) => {
                let next = Movement {
                    at,
                    told: told.to_owned(),
                    more: None,
                };
                if let Some(last) = open.replace(next) {
                    last.give(rows)?;
                }
            }
            (Some(("86", more)), Some(movement)) => {
                movement.more.get_or_insert_default();
                if !movement.take(more) {
                    others.push(line);
                }
            }
            (None, Some(movement)) if !matches!(line, "" | "-" | "-}") => {
                if !movement.take(line) {
                    others.push(line);
                }
            }
            (Some(_), _) => {
                if let Some(last) = open.take() {
                    last.give(rows)?;
                }
                others.push(line);
            }
            (None, _) => others.push(line),
        }
        ControlFlow::Continue(())
    }

    fn text(&self, others: &mut Others, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut prose = Prose::new(format!("{} (lines)", self.table.name), &self.limits);
        for line in std::mem::take(others).lines {
            if !line.is_empty() {
                prose.line(&line, sink)?;
            }
        }
        prose.flush(sink)
    }
}

impl Reader for Statement<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (mut open, mut others, mut at) = (None::<Movement>, Others::default(), 0);
        let mut lines = self.bytes.split_inclusive(|&byte| byte == b'\n').peekable();
        while lines.peek().is_some() {
            let mut rows = Gather::new(self.table.clone(), &self.limits, sink);
            while others.bytes < self.limits.part_bytes.max(1)
                && let Some(raw) = lines.next()
            {
                let line = self.encoding.decode(raw).0;
                // Blanks at the end of a line are those between words.
                let line = line.trim_end_matches(['\r', '\n']);
                if Self::line(line, at, &mut open, &mut others, &mut rows).is_break() {
                    return Ok(());
                }
                at += raw.len() as u64;
            }
            let last = open.take_if(|_| lines.peek().is_none());
            if last.is_some_and(|last| last.give(&mut rows).is_break())
                || rows.flush().is_break()
                || self.text(&mut others, sink).is_break()
            {
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[test]
    fn movements_are_records() {
        let text = ":20:START\r\n:25:12030000/0000202051\r\n:61:2605040504CR473,00N062NONREF\r\n:86:166?00GUTSCHRIFT?20SVWZ+RE 1\r\n000?30DEUTDEFFXXX?31DE89370400440532013000?32ANN \r\nLEE\r\n:61:2605040504DR1,00NTRF\r\n:86:/TRTP/SEPA/IBAN/NL91ABNA0417164300/NAME/B JANSEN/REMI/rent\r\n:61:2605050505DR1,00NTRF\r\n/OCMT/EUR1,00/\r\n:86:/CNTP/NL91ABNA0417164300/ABNANL2A/C DE VRIES/Utrecht/REMI/USTD/a/b/\r\n:61:2605050505DR1,00NTRF\r\n:86:card payment\r\n:62F:C260504EUR1,00\r\n-\r\n";
        assert_eq!(
            show(&FORMAT, text.as_bytes(), &context()),
            [
                "t: movement=2605040504CR473,00N062NONREF, payer=ANN LEE, iban=DE89370400440532013000, purpose=SVWZ+RE 1000, booking=GUTSCHRIFT DEUTDEFFXXX",
                "t: movement=2605040504DR1,00NTRF, payer=B JANSEN, iban=NL91ABNA0417164300, purpose=rent, booking=SEPA",
                "t: movement=2605050505DR1,00NTRF/OCMT/EUR1,00/, payer=C DE VRIES, iban=NL91ABNA0417164300, purpose=a/b/, booking=ABNANL2A Utrecht",
                "t: movement=2605050505DR1,00NTRF, purpose=card payment",
                "t (lines): :20:START",
                "t (lines): :25:12030000/0000202051",
                "t (lines): :62F:C260504EUR1,00",
                "t (lines): -",
            ]
        );
    }

    #[test]
    fn tags_and_fields_of_any_text_are_no_fault() {
        for text in [
            "", ":", ":61:", ":86:?", "166?", "166?3", "/", "//NAME", "16é?32x", "é",
        ] {
            let _ = (tag(text), fields(text));
        }
        assert_eq!(tag(":28C:1"), Some(("28C", "1")));
        assert_eq!(tag(":x:1"), None);
    }
}
