//! `winmail.dat`: what Outlook sends of a message in one attachment ([MS-OXTNEF]).
//!
//! In: attributes, each with a checksum, and lists of properties in some of them. Out: the message or contact as any other
//! of Outlook's items; its attachments as members, attached messages being such files again.

use std::ops::{ControlFlow, Range};

use super::item::{Item, Rows};
use super::property::{Names, Page, Properties, code_page, decode, kind, wide};
use crate::format::{
    Context, Format, Head, Item as Given, Member, Names as Distinct, Reader, Sink,
};
use crate::source::{Bytes, Code, Fault};

/// Attachments of Outlook.
pub(crate) const FORMAT: Format = Format {
    name: "tnef",
    title: "Outlook's winmail.dat (TNEF)",
    extensions: &["dat", "tnef"],
    raw: true,
    tabular: false,
    sniff: |head: &Head<'_>| match head.bytes.strip_prefix(&MAGIC) {
        // A key of two bytes, then the first attribute's level.
        Some([_, _, MESSAGE | ATTACHMENT, ..]) => 98,
        _ => 0,
    },
    open: |bytes, context| {
        Ok(Box::new(Tnef {
            bytes,
            context: context.clone(),
        }))
    },
};

const MAGIC: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
/// Levels of attributes.
const MESSAGE: u8 = 1;
const ATTACHMENT: u8 = 2;
/// Attributes ([MS-OXTNEF] 2.1.3.1); the older ones say what a property says too.
const CODE_PAGE: u16 = 0x9007;
const CLASS: u16 = 0x8008;
const FROM: u16 = 0x8000;
const SUBJECT: u16 = 0x8004;
const BODY: u16 = 0x800c;
const PROPERTIES: u16 = 0x9003;
const RECIPIENTS: u16 = 0x9004;
const ATTACHMENT_BEGINS: u16 = 0x9002;
const ATTACHMENT_TITLE: u16 = 0x8010;
const ATTACHMENT_DATA: u16 = 0x800f;
const ATTACHMENT_PROPERTIES: u16 = 0x9005;
/// The content of an attachment, which goes before the attribute that holds it too.
const CONTENT: u16 = 0x3701;
/// Values in one list.
const VALUES: u32 = 100_000;

struct Tnef<'a> {
    bytes: &'a Bytes,
    context: Context,
}

/// A cursor over a range of the source.
#[derive(Clone)]
struct At<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> At<'a> {
    fn take(&mut self, len: usize) -> Option<Range<usize>> {
        let end = self.at.checked_add(len).filter(|&end| end <= self.end)?;
        let range = self.at..end;
        self.at = end;
        Some(range)
    }

    fn raw(&mut self, len: usize) -> Option<&'a [u8]> {
        self.take(len).map(|range| &self.bytes[range])
    }

    fn short(&mut self) -> Option<u16> {
        self.raw(2).map(|raw| u16::from_le_bytes([raw[0], raw[1]]))
    }

    fn long(&mut self) -> Option<u32> {
        let raw = self.raw(4)?;
        Some(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))
    }

    /// What is counted by four bytes, and filled up to a multiple of four.
    fn counted(&mut self) -> Option<Range<usize>> {
        let len = self.long()? as usize;
        let range = self.take(len)?;
        let _ = self.take(len.wrapping_neg() % 4);
        Some(range)
    }
}

/// An attachment while its attributes come.
#[derive(Default)]
struct Attachment {
    title: Vec<u8>,
    content: Option<Range<usize>>,
    item: Item,
}

/// What was found.
struct Found<'n> {
    properties: Properties<'n>,
    recipients: Vec<Properties<'n>>,
    attachments: Vec<Attachment>,
    /// Attributes of the older kind.
    class: Vec<u8>,
    subject: Vec<u8>,
    body: Vec<u8>,
    from: Option<(Vec<u8>, Vec<u8>)>,
    page: Option<Page>,
    faults: Vec<Fault>,
}

impl Reader for Tnef<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let names = Names::default();
        let mut found = Found {
            properties: Properties::new(&names),
            recipients: Vec::new(),
            attachments: Vec::new(),
            class: Vec::new(),
            subject: Vec::new(),
            body: Vec::new(),
            from: None,
            page: None,
            faults: Vec::new(),
        };
        let cut = self.attributes(&mut found);
        let attachments = std::mem::take(&mut found.attachments);
        let (faults, page) = (std::mem::take(&mut found.faults), found.page);
        let mut item = found.item();
        let flow = self.give(&mut item, attachments, page, faults, sink);
        match cut {
            Some(fault) if flow.is_continue() => Err(fault),
            _ => Ok(()),
        }
    }
}

impl Tnef<'_> {
    /// Reads all attributes, up to the end or to what is none; tells where that is.
    fn attributes(&self, found: &mut Found<'_>) -> Option<Fault> {
        let mut at = At {
            bytes: self.bytes,
            at: 6,
            end: self.bytes.len(),
        };
        let cut = |at: usize| Fault::at(Code::Truncated, at as u64, "the rest of the message");
        while at.at < at.end {
            let start = at.at;
            let (Some(level), Some(id)) = (at.raw(1).map(|raw| raw[0]), at.long()) else {
                return Some(cut(start));
            };
            if !matches!(level, MESSAGE | ATTACHMENT) {
                let lost = "what follows the message";
                return Some(Fault::at(Code::Malformed, start as u64, lost));
            }
            let Some(data) = at.long().and_then(|len| at.take(len as usize)) else {
                return Some(cut(start));
            };
            let sum = self.bytes[data.clone()]
                .iter()
                .fold(0_u16, |sum, &byte| sum.wrapping_add(byte.into()));
            // It is read all the same: what is damaged is mostly one byte of a text.
            match at.short() {
                Some(said) if said == sum => {}
                Some(_) => found.faults.push(Fault::at(
                    Code::Malformed,
                    start as u64,
                    "nothing, but the checksum of an attribute is wrong",
                )),
                None => found.faults.push(cut(at.at)),
            }
            let cursor = At {
                at: data.start,
                end: data.end,
                ..at.clone()
            };
            found.attribute(id as u16, cursor);
        }
        None
    }

    fn give(
        &self,
        item: &mut Item,
        attachments: Vec<Attachment>,
        page: Option<Page>,
        faults: Vec<Fault>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let rtf = item.settle_rtf(&self.context);
        let mut rows = Rows::new(None, &self.context.limits);
        rows.item(item, sink)?;
        rows.flush(sink)?;
        for fault in faults {
            sink(Given::Fault(fault))?;
        }
        let mut names = Distinct::default();
        let mut member = |name: &str, bytes: Bytes, sink: &mut Sink<'_>| {
            sink(Given::Member(Member::whole(
                names.distinct(format!("0/{name}")),
                bytes,
            )))
        };
        if let Some(rtf) = rtf {
            member("body.rtf", Bytes::owned(rtf), sink)?;
        }
        for found in attachments {
            let Some(content) = found.content else {
                continue;
            };
            let title = decode(&found.title, page);
            let title = title.trim_end_matches('\0');
            let name = match found.item.file_name() {
                // Of the two, the long name is in the properties.
                name if name != "attachment" => name,
                _ if !title.trim().is_empty() => title.to_owned(),
                name => name,
            };
            member(&name, self.bytes.slice(content), sink)?;
        }
        ControlFlow::Continue(())
    }
}

impl<'n> Found<'n> {
    fn attribute(&mut self, id: u16, mut at: At<'_>) {
        let whole = &at.bytes[at.at..at.end];
        match id {
            CODE_PAGE => {
                let page = at.long().map_or(0, i64::from);
                self.page = code_page(page);
            }
            CLASS => self.class = whole.to_vec(),
            SUBJECT => self.subject = whole.to_vec(),
            BODY => self.body = whole.to_vec(),
            FROM => self.from = triple(at),
            PROPERTIES => {
                let read = list(&mut at, &mut self.properties, &mut None);
                self.lost(read);
            }
            RECIPIENTS => {
                let n = at.long().unwrap_or(0).min(VALUES);
                for _ in 0..n {
                    let mut properties = self.properties.anew();
                    let read = list(&mut at, &mut properties, &mut None);
                    self.recipients.push(properties);
                    if read.is_none() {
                        return self.lost(None);
                    }
                }
            }
            ATTACHMENT_BEGINS => self.attachments.push(Attachment::default()),
            ATTACHMENT_TITLE => self.attachment().title = whole.to_vec(),
            ATTACHMENT_DATA => self.attachment().content = Some(at.at..at.end),
            ATTACHMENT_PROPERTIES => {
                let (mut properties, mut content) = (self.properties.anew(), None);
                let read = list(&mut at, &mut properties, &mut content);
                let item = properties.item(self.page);
                let attachment = self.attachment();
                attachment.item = item;
                attachment.content = content.or(attachment.content.take());
                self.lost(read);
            }
            _ => {}
        }
    }

    /// The attachment that attributes speak of. Some programs leave its beginning out.
    fn attachment(&mut self) -> &mut Attachment {
        if self.attachments.is_empty() {
            self.attachments.push(Attachment::default());
        }
        self.attachments.last_mut().expect("there is one")
    }

    /// Notes a list that is not whole.
    fn lost(&mut self, read: Option<()>) {
        if read.is_none() {
            let lost = "the rest of the properties";
            self.faults.push(Fault::whole(Code::Malformed, lost));
        }
    }

    /// The item; what only older attributes say is added.
    fn item(self) -> Item {
        let page = self.page;
        let mut item = self.properties.item(page);
        let text = |raw: &[u8]| decode(raw, page).trim_end_matches('\0').to_owned();
        let (name, address) = self.from.unwrap_or_default();
        let address = text(&address);
        let address = address.split_once(':').map_or("", |(_, address)| address);
        let class = text(&self.class).replace("Microsoft Mail v3.0 ", "");
        let older = [
            (0x001a, class),
            (0x0037, text(&self.subject)),
            (0x1000, text(&self.body)),
            (0x0c1a, text(&name)),
            (0x0c1f, address.to_owned()),
        ];
        for (id, text) in older {
            if !text.is_empty() && item.text(id).is_empty() {
                item.texts.insert(id, text);
            }
        }
        let page = self.recipients.into_iter();
        item.recipients
            .extend(page.map(|found| found.recipient_in(self.page)));
        item
    }
}

/// Name and address of the older sender attribute: numbers of bytes, then both.
fn triple(mut at: At<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    at.take(4)?;
    let (name, address) = (at.short()?, at.short()?);
    let name = at.raw(name.into())?.to_vec();
    Some((name, at.raw(address.into())?.to_vec()))
}

/// Reads a list of properties; `None` when it ends early. Of an attachment, `content` takes where its bytes are.
fn list(
    at: &mut At<'_>,
    properties: &mut Properties<'_>,
    content: &mut Option<Range<usize>>,
) -> Option<()> {
    let n = at.long()?;
    for _ in 0..n.min(VALUES) {
        let (of, mut id) = (at.short()?, at.short()?);
        let mut name = None;
        if id >= 0x8000 {
            let set = at.raw(16)?;
            match at.long()? {
                0 => {
                    let number = at.long()?;
                    id = Names::known(set, number).unwrap_or(0);
                }
                _ => {
                    let range = at.counted()?;
                    name = Some(wide(&at.bytes[range]));
                }
            }
        }
        let one = of & !kind::LIST;
        let fixed = match one {
            kind::SHORT | kind::LONG | kind::FLAG | 0x0001 | 0x0004 | 0x000a => Some(4),
            0x0005 | 0x0006 | 0x0007 | 0x0014 | kind::TIME => Some(8),
            0x0048 => Some(16),
            _ => None,
        };
        let many = of & kind::LIST != 0 || fixed.is_none();
        let n = if many { at.long()? } else { 1 };
        let mut values = Vec::new();
        for _ in 0..n.min(VALUES) {
            values.push(match fixed {
                Some(len) => at.take(len)?,
                None => at.counted()?,
            });
        }
        if n > VALUES {
            return None;
        }
        let raw: Vec<&[u8]> = values
            .iter()
            .map(|range| &at.bytes[range.clone()])
            .collect();
        match (id, name, one, &raw[..]) {
            // An identifier goes before a message.
            (CONTENT, _, kind::OBJECT, [_]) => {
                *content = values[0]
                    .start
                    .checked_add(16)
                    .map(|start| start.min(values[0].end)..values[0].end);
            }
            (CONTENT, _, kind::BINARY, [_]) => *content = values.pop(),
            (0, ..) | (_, _, kind::OBJECT, _) => {}
            (_, Some(name), one, [value]) => properties.put_own(name, one, value),
            (id, None, _, values) if of & kind::LIST != 0 => properties.put_list(id, of, values),
            (id, None, one, [value]) if properties.wants(id, one) => properties.put(id, one, value),
            _ => {}
        }
    }
    (n <= VALUES).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let sum = data
            .iter()
            .fold(0_u16, |sum, &byte| sum.wrapping_add(byte.into()));
        let mut out = vec![level];
        out.extend(id.to_le_bytes());
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        out.extend(sum.to_le_bytes());
        out
    }

    fn text(id: u16, text: &str) -> Vec<u8> {
        let raw: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = [kind::WIDE.to_le_bytes(), id.to_le_bytes()].concat();
        out.extend(1_u32.to_le_bytes());
        out.extend((raw.len() as u32).to_le_bytes());
        out.extend(&raw);
        out.resize(out.len() + raw.len().wrapping_neg() % 4, 0);
        out
    }

    fn list_of(properties: &[Vec<u8>]) -> Vec<u8> {
        [
            &(properties.len() as u32).to_le_bytes()[..],
            &properties.concat(),
        ]
        .concat()
    }

    fn message() -> Vec<u8> {
        let to = list_of(&[text(0x3001, "佐藤"), text(0x39fe, "sato@example.com")]);
        let sender = [
            text(0x0c1a, "山田"),
            text(0x5d01, "taro@example.com"),
            text(0x1000, "本文"),
        ];
        let body = encoding_rs::SHIFT_JIS.encode("件名の表").0;
        [
            MAGIC.to_vec(),
            vec![1, 0],
            attribute(1, 0x0006_9007, &932_u64.to_le_bytes()),
            attribute(1, 0x0001_8004, &body),
            attribute(1, 0x0006_9003, &list_of(&sender)),
            attribute(1, 0x0006_9004, &[&1_u32.to_le_bytes()[..], &to].concat()),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"LIST.CSV\0"),
            attribute(2, 0x0006_800f, b"a,b\n"),
            attribute(2, 0x0006_9005, &list_of(&[text(0x3707, "名簿.csv")])),
        ]
        .concat()
    }

    #[test]
    fn messages_and_attachments() {
        let expected = [
            "messages: from=山田 <taro@example.com>, to=佐藤 <sato@example.com>, subject=件名の表, body=本文",
            "[0/名簿.csv]",
        ];
        assert_eq!(show(&FORMAT, &message(), &context()), expected);
        let mut wrong = message();
        let len = wrong.len();
        wrong[len - 1] ^= 0xff;
        assert_eq!(
            show(&FORMAT, &wrong, &context()),
            [expected[0], "! malformed", expected[1]]
        );
    }

    #[test]
    fn damaged_messages_end() {
        let whole = message();
        for len in 0..whole.len() {
            show(&FORMAT, &whole[..len], &context());
            for value in [0, 1, 0xff] {
                let mut changed = whole.clone();
                changed[len] = value;
                show(&FORMAT, &changed, &context());
            }
        }
    }
}
