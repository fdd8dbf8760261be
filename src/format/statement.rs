//! Bank statements in MT940 (SWIFT, and as German and Dutch banks print it): who paid, from which account, and what for.
//!
//! In: lines `:61:` and `:86:`. Out: a record for each movement; what stands under other tags is text. Fields of `:86:` are those of the German
//! banks (`?32` and `?33` the name, `?31` the account, `?20` to `?29` and `?60` to `?63` the purpose; DFÜ-Abkommen, annex 3, chapter 8) or words
//! between slashes (`/NAME/`, `/IBAN/`).

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
const COLUMNS: [&str; 4] = ["movement", "payer", "iban", "purpose"];
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
    /// What stands under `:86:`.
    more: String,
}

/// Name, account and purpose of what stands under `:86:`.
fn fields(more: &str) -> [String; 3] {
    let (mut name, mut account, mut purpose) = (String::new(), String::new(), String::new());
    let mut add = |key: &str, value: &str| match key {
        "32" | "33" | "NAME" => name.push_str(value),
        "31" | "IBAN" => account.push_str(value.trim()),
        "REMI" | "" => purpose.push_str(value),
        key if ("20"..="29").contains(&key) || ("60"..="63").contains(&key) => {
            purpose.push_str(value);
        }
        _ => {}
    };
    let is_coded = more.len() > 3 && more.as_bytes()[..3].iter().all(u8::is_ascii_digit);
    if is_coded && more[3..].starts_with('?') {
        for field in more[4..].split('?') {
            match field.split_at_checked(2) {
                Some((key, value)) => add(key, value),
                None => add("", field),
            }
        }
    } else if more.starts_with('/') {
        let mut key = "";
        for word in more.split('/').skip(1) {
            match word {
                "NAME" | "IBAN" | "REMI" | "BIC" | "EREF" | "TRTP" | "CSID" | "MARF" | "ADDR"
                | "ISDT" | "CNTP" => key = word,
                value => add(key, value),
            }
        }
    } else {
        add("", more);
    }
    [name, account, purpose]
}

impl Movement {
    fn give(self, rows: &mut Gather<'_, '_>) -> std::ops::ControlFlow<()> {
        let fields = fields(&self.more);
        rows.value(Some(&self.told));
        for field in &fields {
            rows.value(Some(field.trim()).filter(|field| !field.is_empty()));
        }
        rows.end(self.at)
    }
}

impl Reader for Statement<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (mut open, mut others, mut at) = (None::<Movement>, Vec::new(), 0);
        let mut rows = Gather::new(self.table.clone(), &self.limits, sink);
        for raw in self.bytes.split_inclusive(|&byte| byte == b'\n') {
            let start = at as u64;
            at += raw.len();
            let line = self.encoding.decode(raw).0;
            // Blanks at the end of a line are those between words.
            let line = line.trim_end_matches(['\r', '\n']);
            match (tag(line), &mut open) {
                (Some(("61", told)), _) => {
                    let next = Movement {
                        at: start,
                        told: told.to_owned(),
                        more: String::new(),
                    };
                    if let Some(last) = open.replace(next)
                        && last.give(&mut rows).is_break()
                    {
                        return Ok(());
                    }
                }
                (Some(("86", more)), Some(movement)) => movement.more.push_str(more),
                (None, Some(movement)) if !matches!(line, "" | "-" | "-}") => {
                    if movement.more.len() + line.len() <= LONGEST {
                        movement.more.push_str(line);
                    } else {
                        others.push(line.to_owned());
                    }
                }
                (Some(_), _) => {
                    if let Some(last) = open.take()
                        && last.give(&mut rows).is_break()
                    {
                        return Ok(());
                    }
                    others.push(line.to_owned());
                }
                (None, _) => others.push(line.to_owned()),
            }
        }
        if open.is_some_and(|last| last.give(&mut rows).is_break()) || rows.flush().is_break() {
            return Ok(());
        }
        let mut prose = Prose::new(format!("{} (lines)", self.table.name), &self.limits);
        for line in others.iter().filter(|line| !line.is_empty()) {
            if prose.line(line, sink).is_break() {
                return Ok(());
            }
        }
        let _ = prose.flush(sink);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[test]
    fn movements_are_records() {
        let text = ":20:START\r\n:25:12030000/0000202051\r\n:61:2605040504CR473,00N062NONREF\r\n:86:166?00GUTSCHRIFT?20SVWZ+RE 1\r\n000?30DEUTDEFFXXX?31DE89370400440532013000?32ANN \r\nLEE\r\n:61:2605040504DR1,00NTRF\r\n:86:/TRTP/SEPA/IBAN/NL91ABNA0417164300/NAME/B JANSEN/REMI/rent\r\n:61:2605050505DR1,00NTRF\r\n:86:card payment\r\n:62F:C260504EUR1,00\r\n-\r\n";
        assert_eq!(
            show(&FORMAT, text.as_bytes(), &context()),
            [
                "t: movement=2605040504CR473,00N062NONREF, payer=ANN LEE, iban=DE89370400440532013000, purpose=SVWZ+RE 1000",
                "t: movement=2605040504DR1,00NTRF, payer=B JANSEN, iban=NL91ABNA0417164300, purpose=rent",
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
