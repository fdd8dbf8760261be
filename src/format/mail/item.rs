//! Items of Outlook as records: messages, appointments and tasks as mail, contacts and lists of them as rows.
//!
//! In: an [`Item`], whose properties any of the containers gave. Out: batches of the tables of messages and of contacts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::forms::Said;
use super::message::others;
use super::{compressed, messages};
use crate::format::json::{Written, string};
use crate::format::{Batch, Cell, Context, Item as Given, Sink, Table, rtf};
use crate::source::Limits;

/// Decoded items are given once they fill so many bytes.
const BATCH_BYTES: usize = 1 << 20;

/// One item.
#[derive(Default)]
pub(super) struct Item {
    /// Texts by property number, decoded; times as `2024-12-31T…`.
    pub(super) texts: BTreeMap<u16, String>,
    /// Fields that somebody named: user-defined ones, and header fields of the internet.
    pub(super) own: Vec<(String, String)>,
    /// Body as HTML.
    pub(super) html: String,
    /// Body as compressed RTF.
    pub(super) rtf: Vec<u8>,
    /// Kind (1 to, 2 cc, 3 bcc), name and address.
    pub(super) recipients: Vec<(i32, String, String)>,
    /// Name and address of the members of a distribution list.
    pub(super) members: Vec<(String, String)>,
}

/// Properties that hold the sender's address, the best first: SMTP, then what may be an Exchange name.
const SENDER: [u16; 5] = [0x5d01, 0x5d02, 0x0c1f, 0x0065, 0x0c1d];
/// Texts of an item that name further people, under the names that header fields have for such: who received it, where
/// and with whom an appointment is, whose task it is.
const FURTHER: [(&str, u16); 9] = [
    ("Delivered-To", 0x0076),
    ("Delivered-To", 0x5d07),
    ("Resent-From", 0x5d0a),
    ("Location", 0x8208),
    ("Attendees", 0x8238),
    ("Owner", 0x811f),
    ("Delegator", 0x8121),
    ("Contacts", 0x853a),
    ("Contacts", 0x8586),
];
/// The properties of a contact, under names that tell what they are ([MS-OXOCNTC]).
const CONTACT: [(u16, &str); 38] = [
    (0x3001, "full name"),
    (0x3a11, "family name"),
    (0x3a06, "given name"),
    (0x3a44, "middle name"),
    (0x3a4f, "nickname"),
    (0x802d, "family name kana"),
    (0x802c, "given name kana"),
    (0x3a16, "organization"),
    (0x3a18, "department"),
    (0x3a17, "job title"),
    (0x3a08, "work phone"),
    (0x3a1b, "work phone"),
    (0x3a02, "work phone"),
    (0x3a1a, "phone"),
    (0x3a1f, "phone"),
    (0x3a09, "home phone"),
    (0x3a2f, "home phone"),
    (0x3a1c, "mobile phone"),
    (0x3a1d, "radio phone"),
    (0x3a1e, "car phone"),
    (0x3a2e, "phone"),
    (0x3a24, "fax"),
    (0x3a25, "home fax"),
    (0x3a15, "address"),
    (0x3a2a, "postal code"),
    (0x3a42, "birthday"),
    (0x3a41, "anniversary"),
    (0x3a48, "spouse name"),
    (0x3a58, "children"),
    (0x3a4e, "manager name"),
    (0x3a30, "assistant name"),
    (0x3a4a, "employee id"),
    (0x3a5b, "home postal code"),
    (0x3a61, "other postal code"),
    (0x8062, "messenger"),
    (0x39fe, "email"),
    (0x3003, "email"),
    (0x1000, "note"),
];
/// Pieces of an address, which stand apart in the store: of work, of home, and of another place.
const ADDRESSES: [(&str, [u16; 4]); 3] = [
    ("work address", [0x8047, 0x8046, 0x8045, 0x804a]),
    ("home address", [0x3a5c, 0x3a59, 0x3a5d, 0x3a5e]),
    ("other address", [0x3a62, 0x3a5f, 0x3a63, 0x3a64]),
];
/// Addresses that stand in one piece too.
const WHOLE_ADDRESSES: [(u16, &str); 3] = [
    (0x801b, "work address"),
    (0x801a, "home address"),
    (0x801c, "other address"),
];

impl Item {
    pub(super) fn text(&self, id: u16) -> &str {
        self.texts.get(&id).map_or("", |text| text.trim())
    }

    /// The first of some texts that is not empty.
    pub(super) fn first(&self, ids: &[u16]) -> Option<&str> {
        let mut texts = ids.iter().map(|&id| self.text(id));
        texts.find(|text| !text.is_empty())
    }

    /// The name of an attachment's file.
    pub(super) fn file_name(&self) -> String {
        let name = self.first(&[0x3707, 0x3704, 0x3001]);
        name.unwrap_or("attachment").to_owned()
    }

    /// Whether it is a contact or a list of them, and not a message.
    pub(super) fn is_contact(&self) -> bool {
        let class = self.text(0x001a).to_ascii_lowercase();
        class.starts_with("ipm.contact") || class.starts_with("ipm.distlist")
    }

    /// Settles a body that is only there as RTF: as the text, or, when it has tables, as a document of its own.
    pub(super) fn settle_rtf(&mut self, context: &Context) -> Option<Vec<u8>> {
        let only = self.text(0x1000).is_empty() && self.html.is_empty();
        let raw = std::mem::take(&mut self.rtf);
        let rtf = only.then(|| compressed::inflate(&raw))?;
        match rtf::text(&rtf, context) {
            Some(text) => drop(self.texts.insert(0x1000, text)),
            None => return Some(rtf),
        }
        None
    }

    /// The columns of a message up to the body.
    fn columns(&self) -> [String; 8] {
        let name = self.first(&[0x0042, 0x0c1a]);
        let address = SENDER
            .map(|id| self.text(id))
            .into_iter()
            .find(|address| address.contains('@'));
        let list = |kind: i32| {
            let found = self.recipients.iter().filter(|(found, ..)| *found == kind);
            found
                .map(|(_, name, address)| person(name, address))
                .filter(|person| !person.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let shown = |kind: i32, id: u16| {
            Some(list(kind))
                .filter(|list| !list.is_empty())
                .unwrap_or_else(|| self.text(id).to_owned())
        };
        [
            person(name.unwrap_or_default(), address.unwrap_or_default()),
            shown(1, 0x0e04),
            shown(2, 0x0e03),
            shown(3, 0x0e02),
            self.text(0x0050).to_owned(),
            self.text(0x0037).to_owned(),
            self.text(0x0039).to_owned(),
            self.headers(),
        ]
    }

    /// Of the headers as they came, those that hold an address, and what else names people.
    fn headers(&self) -> String {
        let came = others(self.text(0x007d));
        let mut lines: Vec<String> = Some(came)
            .into_iter()
            .filter(|came| !came.is_empty())
            .collect();
        for (name, id) in FURTHER {
            let text = self.text(id);
            // Exchange names of mailboxes say nothing.
            if !text.is_empty() && !text.starts_with('/') {
                lines.push(format!("{name}: {text}"));
            }
        }
        // Programs keep documents of their own here.
        let is_field = |text: &str| text.contains('@') && !text.trim().contains('\n');
        let own = self.own.iter().filter(|(_, text)| is_field(text));
        lines.extend(own.map(|(name, text)| format!("{name}: {text}")));
        lines.join("\n")
    }

    /// The body: plain text, and what only its HTML form says.
    fn body(&self) -> String {
        let mut body = self.texts.get(&0x1000).cloned().unwrap_or_default();
        let html = self.texts.get(&0x1013).unwrap_or(&self.html);
        if !html.is_empty() {
            let form = super::body::text_of_html(html);
            let said = Said::of(&body);
            said.push_rest(&form, &mut body);
        }
        body
    }

    /// The members of a contact.
    pub(super) fn contact(&self) -> Vec<(&str, String)> {
        let mut out: Vec<(&str, String)> = CONTACT
            .iter()
            .map(|(id, name)| (*name, self.text(*id).to_owned()))
            .collect();
        for (name, pieces) in ADDRESSES {
            let whole = WHOLE_ADDRESSES.iter().find(|(_, of)| *of == name);
            let whole = whole.map_or("", |(id, _)| self.text(*id));
            let pieces = pieces
                .map(|id| self.text(id))
                .into_iter()
                .filter(|piece| !piece.is_empty());
            let joined = pieces.collect::<Vec<_>>().join(" ");
            let one_line = || whole.split_whitespace().collect::<Vec<_>>().join(" ");
            out.push((
                name,
                if joined.is_empty() {
                    one_line()
                } else {
                    joined
                },
            ));
        }
        // A contact has up to three addresses, which stand in several forms each.
        let named = self.texts.range(0x8000..).map(|(_, text)| text.trim());
        let known: Vec<String> = out.iter().map(|(_, value)| value.clone()).collect();
        let mut mails: Vec<&str> = named
            .filter(|text| is_address(text) && !known.iter().any(|known| known == text))
            .collect();
        mails.sort_unstable();
        mails.dedup();
        out.extend(mails.into_iter().map(|mail| ("email", mail.to_owned())));
        out.retain(|(_, value)| !value.is_empty());
        // An Exchange name is no address of mail.
        out.retain(|(name, value)| *name != "email" || value.contains('@'));
        let mut seen = std::collections::BTreeSet::new();
        out.retain(|(_, value)| seen.insert(value.clone()));
        let own = self
            .own
            .iter()
            .filter(|(_, value)| !value.trim().is_empty());
        out.extend(own.map(|(name, value)| (name.as_str(), value.trim().to_owned())));
        out
    }
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace) && !text.contains(['(', '<', ','])
}

/// `Name <address>`, as the headers of a message write it.
fn person(name: &str, address: &str) -> String {
    let name = name.trim().trim_matches('\'');
    let quote = if name.contains([',', '<', '>', '"']) {
        "\""
    } else {
        ""
    };
    match (name.is_empty() || name == address, address.contains('@')) {
        (true, true) => address.to_owned(),
        (true, false) => String::new(),
        (false, true) => format!("{quote}{}{quote} <{address}>", name.replace('"', "")),
        (false, false) => format!("{quote}{}{quote}", name.replace('"', "")),
    }
}

/// Items of one folder on their way out.
pub(super) struct Rows<'l> {
    table: Table,
    text: String,
    cells: Vec<Cell>,
    contacts: Written<'l>,
    record_bytes: usize,
}

impl<'l> Rows<'l> {
    /// Of the folder with this path; a lone item is in none.
    pub(super) fn new(folder: Option<&str>, limits: &'l Limits) -> Self {
        let name = |table: &str| folder.map_or(table.to_owned(), |path| format!("{path}/{table}"));
        Self {
            table: Table {
                name: name("messages"),
                ..messages()
            },
            text: String::new(),
            cells: Vec::new(),
            contacts: Written::new(&name("contacts"), limits),
            record_bytes: limits.record_bytes.min(1 << 27),
        }
    }

    /// Adds an item.
    pub(super) fn item(&mut self, item: &Item, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if item.is_contact() {
            self.contact(&item.contact(), sink)?;
            for (name, address) in &item.members {
                let address = Some(address).filter(|address| address.contains('@'));
                let pairs = [
                    ("full name", name.clone()),
                    ("email", address.cloned().unwrap_or_default()),
                ];
                self.contact(&pairs, sink)?;
            }
            return ControlFlow::Continue(());
        }
        let body = item.body();
        for column in item.columns().iter().chain([&body]) {
            let start = self.text.len();
            let end = column.floor_char_boundary(self.record_bytes);
            self.text.push_str(&column[..end]);
            self.cells.push(if column.is_empty() {
                Cell::ABSENT
            } else {
                Cell::new(start, self.text.len(), false)
            });
        }
        if self.text.len() >= BATCH_BYTES {
            self.flush(sink)?;
        }
        ControlFlow::Continue(())
    }

    fn contact(&mut self, pairs: &[(&str, String)], sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
        let Some(first) = pairs.next() else {
            return ControlFlow::Continue(());
        };
        let out = self.contacts.out();
        for (n, (name, value)) in std::iter::once(first).chain(pairs).enumerate() {
            out.push(if n == 0 { b'{' } else { b',' });
            string(name, out);
            out.push(b':');
            string(&value[..value.floor_char_boundary(self.record_bytes)], out);
        }
        out.push(b'}');
        self.contacts.end(0, sink)
    }

    /// Gives the items away.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if !self.cells.is_empty() {
            let flow = sink(Given::Batch(Batch::rebuilt(
                &self.table,
                self.text.as_bytes(),
                &self.cells,
            )));
            self.text.clear();
            self.cells.clear();
            flow?;
        }
        self.contacts.flush(sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_written_as_in_headers() {
        let check =
            |name: &str, address: &str, expected: &str| assert_eq!(person(name, address), expected);
        check(
            "山田 太郎",
            "taro@example.com",
            "山田 太郎 <taro@example.com>",
        );
        check("Doe, J", "j@example.com", "\"Doe, J\" <j@example.com>");
        check("'a@example.com'", "a@example.com", "a@example.com");
        check("山田", "/O=EX/CN=YAMADA", "山田");
        check("", "", "");
    }

    #[test]
    fn contacts_have_their_addresses() {
        let mut item = Item::default();
        item.texts.extend([
            (0x001a, "IPM.Contact".to_owned()),
            (0x3a11, "山田".to_owned()),
            (0x8083, "taro@example.com".to_owned()),
            (0x8084, "太郎 (taro@example.com)".to_owned()),
            (0x8093, "taro@example.com".to_owned()),
            (0x3003, "/O=EX/CN=YAMADA".to_owned()),
            (0x3a59, "千代田区".to_owned()),
            (0x801b, "大阪市\r\n北区".to_owned()),
        ]);
        item.own.push(("会員番号".to_owned(), "A-1".to_owned()));
        assert!(item.is_contact());
        let expected = [
            ("family name", "山田"),
            ("work address", "大阪市 北区"),
            ("home address", "千代田区"),
            ("email", "taro@example.com"),
            ("会員番号", "A-1"),
        ];
        assert_eq!(
            item.contact(),
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }
}
