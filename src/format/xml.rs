//! XML: exports of databases and applications.
//!
//! In: text. Out: the elements that repeat as records of tables, what their leaves hold as columns (`address.city`), and
//! text outside of records as lines `name: value`. Dumps of MySQL (`field name="…"`) and phpMyAdmin (`column name="…"`)
//! name their columns and tables by attributes.
//!
//! The document is read twice: first to learn which elements repeat, then for its records. Entities are not expanded.

mod records;
mod shape;
mod workbook;

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use self::records::Records;
use self::shape::Shape;
use super::markup::{attributes, decoded, local, push_text, reader, untagged};
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

pub(crate) const FORMAT: Format = Format {
    name: "xml",
    title: "XML, mysqldump --xml, phpMyAdmin, workbooks of Excel 2003",
    extensions: &["xml"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Elements inside one another; deeper ones are said and their text joins that of the deepest.
const DEPTH: usize = 128;

struct Xml {
    text: Bytes,
    shape: Shape,
    context: Context,
}

fn sniff(head: &Head<'_>) -> u8 {
    let bytes = head
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head.bytes)
        .trim_ascii_start();
    if bytes.starts_with(b"<?xml") {
        return 85;
    }
    let Some(name) = bytes.strip_prefix(b"<") else {
        return 0;
    };
    let len = name.iter().take_while(|byte| is_name(**byte)).count();
    let is_tag = len > 0
        && !name[0].is_ascii_digit()
        && matches!(
            name.get(len),
            Some(b' ' | b'>' | b'\r' | b'\n' | b'\t' | b'/')
        );
    let ends =
        memchr::memmem::find(name, b"</").is_some() || memchr::memmem::find(name, b"/>").is_some();
    match (is_tag && ends, bytes.starts_with(b"<!DOCTYPE ")) {
        (true, _) => 55,
        (_, true) if ends => 55,
        _ => 0,
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':') || byte >= 0x80
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let text = decoded(bytes, context.encoding, &context.limits)?;
    if workbook::is_one(as_text(&text)) {
        let context = context.clone();
        return Ok(Box::new(workbook::Workbook { text, context }));
    }
    let shape = Shape::learn(as_text(&text));
    Ok(Box::new(Xml {
        text,
        shape,
        context: context.clone(),
    }))
}

fn as_text(bytes: &Bytes) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl Reader for Xml {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let text = as_text(&self.text);
        let mut walk = Walk::new(self);
        let mut reader = reader(text);
        let flow = loop {
            let event = match reader.read_event() {
                Ok(Event::Eof) => break walk.finish(sink),
                Ok(event) => event,
                Err(_) => {
                    let at =
                        text.ceil_char_boundary((reader.error_position() as usize).min(text.len()));
                    break walk.broken(text, at, sink);
                }
            };
            if walk.event(&event, sink).is_break() {
                break ControlFlow::Break(());
            }
        };
        match (flow, walk.fault) {
            (ControlFlow::Continue(()), Some(fault)) => Err(fault),
            _ => Ok(()),
        }
    }
}

/// An element that has not ended.
struct Open {
    /// Its number in the shape.
    path: u32,
    /// How long the column's name was before it.
    name: usize,
    /// Whether elements or attributes of it gave values.
    has_parts: bool,
}

/// The record being read.
#[derive(Default)]
struct Record {
    /// Elements open when it began; it ends with the last of them.
    depth: usize,
    /// Its own attribute `name`, and that of the element around it.
    own: Option<String>,
    /// Whether its fields are named by attributes.
    keyed: bool,
    table: String,
    values: Vec<(String, String)>,
    bytes: usize,
}

struct Walk<'a> {
    xml: &'a Xml,
    open: Vec<Open>,
    /// Elements too deep to be told apart.
    deeper: usize,
    /// Attribute `name` of the element around the records.
    above: Option<String>,
    record: Option<Record>,
    column: String,
    value: String,
    records: Records<'a>,
    beside: Prose,
    fault: Option<Fault>,
}

impl<'a> Walk<'a> {
    fn new(xml: &'a Xml) -> Self {
        Self {
            xml,
            open: Vec::new(),
            deeper: 0,
            above: None,
            record: None,
            column: String::new(),
            value: String::new(),
            records: Records::new(&xml.context.limits),
            beside: Prose::new(format!("{} (text)", xml.context.stem), &xml.context.limits),
            fault: None,
        }
    }

    fn event(&mut self, event: &Event<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match event {
            Event::Start(start) => self.begin(start, sink),
            Event::Empty(start) => {
                self.begin(start, sink)?;
                self.end(sink)
            }
            Event::End(_) => self.end(sink),
            Event::Comment(text) => self.aside(text, sink),
            Event::PI(text) => self.aside(text, sink),
            // Its entities.
            Event::DocType(text) => {
                self.aside(text.split_once('[').map_or("", |(_, set)| set), sink)
            }
            event => {
                if self.value.len() <= self.xml.context.limits.record_bytes {
                    push_text(event, &mut self.value);
                } else {
                    self.fault = Some(Fault::whole(Code::RecordTooLong, "the rest of a text"));
                }
                ControlFlow::Continue(())
            }
        }
    }

    /// Gives what stands in comments and instructions as lines; tags in it are left out.
    fn aside(&mut self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        for line in untagged(text, |_| false).lines() {
            self.beside.line(line.trim(), sink)?;
        }
        ControlFlow::Continue(())
    }

    fn begin(&mut self, start: &BytesStart<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.open.len() >= DEPTH {
            self.deeper += 1;
            self.fault = Some(Fault::whole(
                Code::TooDeep,
                "the names of elements nested deeper",
            ));
            return ControlFlow::Continue(());
        }
        // Text before an element inside it: mixed content.
        self.give_value(sink)?;
        let name = String::from_utf8_lossy(local(start)).into_owned();
        let parent = self.open.last().map_or(shape::ROOT, |open| open.path);
        let path = self.xml.shape.child(parent, &name);
        if let Some(open) = self.open.last_mut() {
            open.has_parts = true;
        }
        let begins = self.record.is_none() && self.xml.shape.is_record(path);
        let before = self.column.len();
        if begins {
            self.record = Some(Record {
                depth: self.open.len(),
                table: name,
                ..Record::default()
            });
            self.column.clear();
        } else if self.record.is_some() {
            push_step(&mut self.column, &name);
        } else {
            self.column = name;
            self.above = None;
        }
        self.open.push(Open {
            path,
            name: if begins || self.record.is_none() {
                0
            } else {
                before
            },
            has_parts: false,
        });
        self.attributes(start, begins, sink)
    }

    fn attributes(
        &mut self,
        start: &BytesStart<'_>,
        begins: bool,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        for (key, value) in attributes(start) {
            if key == b"nil"
                || key.starts_with(b"xmlns")
                || matches!(key, b"schemaLocation" | b"noNamespaceSchemaLocation")
            {
                continue;
            }
            let key = String::from_utf8_lossy(key);
            match &mut self.record {
                Some(record) if begins && key == "name" => record.own = Some(value.into_owned()),
                // `<field name="mail">`: the attribute is the column.
                Some(record)
                    if key == "name"
                        && self
                            .xml
                            .shape
                            .is_keyed(self.open.last().map_or(0, |open| open.path)) =>
                {
                    record.keyed = true;
                    let step = self.open.last().map_or(0, |open| open.name);
                    self.column.truncate(step);
                    push_step(&mut self.column, &value);
                }
                Some(_) => {
                    let len = self.column.len();
                    push_step(&mut self.column, &key);
                    self.put(value.into_owned());
                    self.column.truncate(len);
                }
                None => {
                    if key == "name" {
                        self.above = Some(value.clone().into_owned());
                    }
                    self.beside.line(&format!("{key}: {value}"), sink)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn end(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.deeper > 0 {
            self.deeper -= 1;
            return ControlFlow::Continue(());
        }
        self.give_value(sink)?;
        let Some(open) = self.open.pop() else {
            return ControlFlow::Continue(());
        };
        self.column.truncate(open.name);
        match self
            .record
            .take_if(|record| record.depth == self.open.len())
        {
            Some(record) => {
                self.column.clear();
                self.end_record(record, sink)
            }
            None => ControlFlow::Continue(()),
        }
    }

    /// Gives the text so far to the column that is open, or as a line outside of records.
    fn give_value(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let value = std::mem::take(&mut self.value);
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.record.is_some() {
            self.put(trimmed.to_owned());
            return ControlFlow::Continue(());
        }
        let line = match self.column.as_str() {
            "" => trimmed.to_owned(),
            name => format!("{name}: {trimmed}"),
        };
        self.beside.line(&line, sink)
    }

    /// Adds a value to the record, unless the record is too long.
    fn put(&mut self, value: String) {
        let limit = self.xml.context.limits.record_bytes;
        let Some(record) = &mut self.record else {
            return;
        };
        record.bytes += value.len() + self.column.len();
        if record.bytes > limit {
            self.fault = Some(Fault::whole(Code::RecordTooLong, "the rest of a record"));
            return;
        }
        let column = match self.column.as_str() {
            "" => record.table.clone(),
            column => column.to_owned(),
        };
        record.values.push((column, value));
    }

    fn end_record(&mut self, mut record: Record, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let table = match (&record.own, &self.above, record.keyed) {
            (Some(own), _, true) => own.clone(),
            (None, Some(above), true) => above.clone(),
            _ => record.table.clone(),
        };
        if let (Some(own), false) = (record.own.take(), record.keyed) {
            record.values.insert(0, ("name".to_owned(), own));
        }
        self.records.push(&table, &record.values, sink)
    }

    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        // A document cut short: what was read of its last record counts.
        if !self.open.is_empty() {
            let lost = "what follows the end of the source";
            self.fault = Some(Fault::at(Code::Truncated, self.xml.text.len() as u64, lost));
        }
        while !self.open.is_empty() || self.deeper > 0 {
            self.end(sink)?;
        }
        self.give_value(sink)?;
        self.records.finish(sink)?;
        self.beside.flush(sink)
    }

    /// Ends at a mistake: the rest is read as text.
    fn broken(&mut self, text: &str, at: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.finish(sink)?;
        let lost = format!(
            "{} bytes, the rest of the source, read as text",
            text.len() - at
        );
        self.fault = Some(Fault::at(Code::Malformed, at as u64, lost));
        for line in text[at..].lines() {
            self.beside.line(line, sink)?;
        }
        self.beside.flush(sink)
    }
}

/// Longest name of a column.
const NAME: usize = 512;

fn push_step(column: &mut String, step: &str) {
    if column.len() + step.len() < NAME {
        if !column.is_empty() {
            column.push('.');
        }
        column.push_str(step);
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

    #[test]
    fn repeated_elements_are_records() {
        check(
            "<?xml version=\"1.0\"?><root><made>2024</made><user id=\"1\"><name>佐藤 &amp; Co</name><a><city>港区</city></a></user>\
             <user id=\"2\"><name>鈴木</name><tel>090</tel><tel>080</tel></user></root>",
            &[
                "user: id=1, name=佐藤 & Co, a.city=港区",
                "user: id=2, name=鈴木, tel=090, tel=080",
                "t (text): made: 2024",
            ],
        );
        check(
            "<r><p n=\"a\" m=\"b\"/><p n=\"c\" m=\"d\"/></r>",
            &["p: n=a, m=b", "p: n=c, m=d"],
        );
        check(
            "<r><v>1</v><v>2</v><v>3</v></r>",
            &["v: v=1", "v: v=2", "v: v=3"],
        );
    }

    #[test]
    fn values_deeper_down_make_records_too() {
        let transfer = |name: &str| {
            format!(
                "<Tx><Id><E2E>1</E2E></Id><Cdtr><Nm>{name}</Nm><Adr><L>a</L><L>b</L></Adr></Cdtr></Tx>"
            )
        };
        let batch = |a, b| {
            format!(
                "<Pmt><Dbtr><Nm>X</Nm></Dbtr>{}{}</Pmt>",
                transfer(a),
                transfer(b)
            )
        };
        check(
            &format!("<Doc>{}{}</Doc>", batch("Ann", "Bo"), batch("Cy", "Di")),
            &[
                "Tx: Id.E2E=1, Cdtr.Nm=Ann, Cdtr.Adr.L=a, Cdtr.Adr.L=b",
                "Tx: Id.E2E=1, Cdtr.Nm=Bo, Cdtr.Adr.L=a, Cdtr.Adr.L=b",
                "Tx: Id.E2E=1, Cdtr.Nm=Cy, Cdtr.Adr.L=a, Cdtr.Adr.L=b",
                "Tx: Id.E2E=1, Cdtr.Nm=Di, Cdtr.Adr.L=a, Cdtr.Adr.L=b",
                "t (text): Nm: X",
                "t (text): Nm: X",
            ],
        );
    }

    #[test]
    fn comments_and_instructions_are_lines() {
        check(
            "<r><!-- <u><n>山田</n></u>\n x@example.com --><u n=\"a\"/><u n=\"b\"/><?who 佐藤?></r>",
            &[
                "u: n=a",
                "u: n=b",
                "t (text): 山田",
                "t (text): x@example.com",
                "t (text): who 佐藤",
            ],
        );
    }

    #[test]
    fn dumps_name_their_columns_by_attributes() {
        check(
            "<mysqldump><database name=\"shop\"><table_structure name=\"users\"><field Field=\"id\" Type=\"int\"/></table_structure>\
             <table_data name=\"users\"><row><field name=\"id\">1</field><field name=\"mail\">a@example.com</field></row><row>\
             <field name=\"id\">2</field><field name=\"mail\" xsi:nil=\"true\"/></row></table_data><table_data name=\"tags\"><row>\
             <field name=\"tag\">x</field></row></table_data></database></mysqldump>",
            &[
                "users: id=1, mail=a@example.com",
                "users: id=2",
                "tags: tag=x",
                "t (text): name: shop",
                "t (text): name: users",
                "t (text): Field: id",
                "t (text): Type: int",
                "t (text): name: users",
                "t (text): name: tags",
            ],
        );
        check(
            "<pma_xml_export><database name=\"shop\"><table name=\"users\"><column name=\"id\">1</column><column name=\"n\">\u{5C71}\
             </column></table><table name=\"users\"><column name=\"id\">2</column><column name=\"n\">y</column></table></database>\
             </pma_xml_export>",
            &[
                "users: id=1, n=山",
                "users: id=2, n=y",
                "t (text): name: shop",
            ],
        );
    }

    #[test]
    fn broken_documents() {
        check(
            "<r><u><a>1</a></u><u><a>2</a></u><u><a>3",
            &["u: a=1", "u: a=2", "u: a=3", "! truncated"],
        );
        let deep = "<a>".repeat(100_000);
        assert!(show(&FORMAT, deep.as_bytes(), &context()).contains(&"! truncated".to_owned()));
        check(
            "<!DOCTYPE r [<!ENTITY x \"y\">]><r><u><a>&x;</a></u><u><a>b</a></u></r>",
            &["u: a=&x;", "u: a=b", "t (text): <!ENTITY x \"y\">]"],
        );
    }
}
