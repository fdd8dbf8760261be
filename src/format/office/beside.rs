//! What stands in a sheet beside its cells: headers and footers of its pages, lists that cells are chosen from, messages, values that
//! filters and formulas name.
//!
//! In: events of a sheet or a workbook. Out: lines of text.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::markup::{attributes, local, push_text};
use super::super::prose::Prose;
use super::super::{Context, Sink};

/// Gathers it.
pub(super) struct Beside {
    prose: Prose,
    text: String,
    inside: Option<Inside>,
}

/// Whose text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Header,
    /// A formula of a rule or a name.
    Rule,
    /// A formula of a cell: what it shows stands there as well.
    Formula,
}

impl Beside {
    /// Nothing yet, of the table with this name.
    pub(super) fn new(name: &str, context: &Context) -> Self {
        Self {
            prose: Prose::new(format!("{name} (beside cells)"), &context.limits),
            text: String::new(),
            inside: None,
        }
    }

    /// Takes the beginning of an element.
    pub(super) fn start(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let wanted: &[&[u8]] = match local(start) {
            b"dataValidation" => &[b"promptTitle", b"prompt", b"errorTitle", b"error"],
            b"filter" | b"customFilter" => &[b"val"],
            b"hyperlink" => &[b"tooltip", b"display"],
            b"definedName" => &[b"comment", b"description"],
            _ => &[],
        };
        for (_, value) in attributes(start).filter(|(name, _)| wanted.contains(name)) {
            self.prose.line(&value, sink)?;
        }
        self.inside = match local(start) {
            b"oddHeader" | b"evenHeader" | b"firstHeader" | b"oddFooter" | b"evenFooter"
            | b"firstFooter" => Some(Inside::Header),
            b"formula1" | b"formula2" | b"formula" | b"definedName" => Some(Inside::Rule),
            b"f" => Some(Inside::Formula),
            _ => return ControlFlow::Continue(()),
        };
        self.text.clear();
        ControlFlow::Continue(())
    }

    /// Takes the text of an event.
    pub(super) fn text(&mut self, event: &Event<'_>) {
        if self.inside.is_some() {
            push_text(event, &mut self.text);
        }
    }

    /// Takes the end of an element.
    pub(super) fn end(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match self.inside.take() {
            Some(Inside::Header) => {
                for line in header(&self.text).lines() {
                    self.prose.line(line.trim(), sink)?;
                }
            }
            Some(inside) => {
                for literal in literals(&self.text) {
                    if inside == Inside::Rule || literal.contains('@') {
                        self.prose.line(&literal.replace(',', "\n"), sink)?;
                    }
                }
            }
            None => {}
        }
        ControlFlow::Continue(())
    }

    /// Gives it away.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.prose.flush(sink)
    }
}

/// The text of a header without its codes; left, middle and right are lines (ECMA-376 part 1, 18.3.1.46).
fn header(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => out.push('&'),
            Some('L' | 'C' | 'R') => out.push('\n'),
            // A font.
            Some('"') => while chars.next().is_some_and(|c| c != '"') {},
            // A colour.
            Some('K') => {
                for _ in 0..6 {
                    chars.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-'));
                }
            }
            // A size.
            Some('0'..='9') => while chars.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    out
}

/// The texts that a formula writes out.
pub(super) fn literals(formula: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = formula;
    while let Some(start) = rest.find('"') {
        let mut literal = String::new();
        rest = &rest[start + 1..];
        while let Some(end) = rest.find('"') {
            literal.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            if !rest.starts_with('"') {
                break;
            }
            literal.push('"');
            rest = &rest[1..];
        }
        if !literal.is_empty() {
            found.push(literal);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_without_codes() {
        let check = |text: &str, expected: &str| assert_eq!(header(text), expected, "{text}");
        check("&C山本 a@example.com", "\n山本 a@example.com");
        check(
            "&L&\"MS Gothic,Bold\"&12A&K01+000B && C&R&P/&N",
            "\nAB & C\n/",
        );
        check("&", "");
    }

    #[test]
    fn texts_of_formulas() {
        let check = |text: &str, expected: &[&str]| assert_eq!(literals(text), expected, "{text}");
        check(
            "\"a@example.com,b@example.com\"",
            &["a@example.com,b@example.com"],
        );
        check("IF(A1=\"x\"\"y\",\"\",\"z\")", &["x\"y", "z"]);
        check("Sheet1!$A$1:$B$2", &[]);
        check("\"open", &[]);
    }
}
