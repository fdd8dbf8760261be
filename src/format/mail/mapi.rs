//! Items of Outlook: their properties as a message or as a contact.
//!
//! In: properties by number ([MS-OXPROPS]), recipients and attachments, from whatever held them. Out: the columns of a
//! message, or the members of a contact.

use std::collections::BTreeMap;

/// One item.
#[derive(Default)]
pub(super) struct Item {
    /// Texts by property number, decoded; times as `2024-12-31T…`.
    pub(super) texts: BTreeMap<u16, String>,
    /// Body as HTML, in the code page that the item names.
    pub(super) html: Vec<u8>,
    /// Body as compressed RTF.
    pub(super) rtf: Vec<u8>,
    /// Kind (1 to, 2 cc, 3 bcc), name and address.
    pub(super) recipients: Vec<(i32, String, String)>,
}

/// Properties that hold the sender's address, the best first: SMTP, then what may be an Exchange name.
const SENDER: [u16; 5] = [0x5d01, 0x5d02, 0x0c1f, 0x0065, 0x0c1d];
/// The properties of a contact, under names that tell what they are.
const CONTACT: [(u16, &str); 24] = [
    (0x3001, "full name"),
    (0x3a11, "family name"),
    (0x3a06, "given name"),
    (0x3a44, "middle name"),
    (0x3a4f, "nickname"),
    (0x802c, "family name kana"),
    (0x802d, "given name kana"),
    (0x3a16, "organization"),
    (0x3a18, "department"),
    (0x3a17, "job title"),
    (0x3a08, "work phone"),
    (0x3a09, "home phone"),
    (0x3a1c, "mobile phone"),
    (0x3a1d, "radio phone"),
    (0x3a24, "fax"),
    (0x3a25, "home fax"),
    (0x3a15, "address"),
    (0x3a2a, "postal code"),
    (0x3a42, "birthday"),
    (0x3a48, "spouse name"),
    (0x3a58, "children"),
    (0x3a5b, "home postal code"),
    (0x39fe, "email"),
    (0x1000, "note"),
];
/// Pieces of an address, which stand apart in the store: of home, and of another place.
const ADDRESSES: [(&str, [u16; 4]); 2] = [
    ("home address", [0x3a5c, 0x3a59, 0x3a5d, 0x3a5e]),
    ("other address", [0x3a62, 0x3a5f, 0x3a63, 0x3a64]),
];

impl Item {
    fn text(&self, id: u16) -> &str {
        self.texts.get(&id).map_or("", |text| text.trim())
    }

    /// Whether it is a contact and not a message.
    pub(super) fn is_contact(&self) -> bool {
        let class = self.text(0x001a).to_ascii_lowercase();
        class.starts_with("ipm.contact") || class.starts_with("ipm.distlist")
    }

    /// The columns of a message up to the headers; the body is the caller's.
    pub(super) fn columns(&self) -> [String; 8] {
        let name = [0x0042, 0x0c1a]
            .map(|id| self.text(id))
            .into_iter()
            .find(|name| !name.is_empty());
        let address = SENDER
            .map(|id| self.text(id))
            .into_iter()
            .find(|address| address.contains('@'));
        let list = |kind: i32| {
            let found = self.recipients.iter().filter(|(found, ..)| *found == kind);
            found
                .map(|(_, name, address)| person(name, address))
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
            // Of the headers as they came, those that hold an address.
            self.text(0x007d)
                .lines()
                .filter(|line| line.contains('@'))
                .collect::<Vec<_>>()
                .join("\n"),
        ]
    }

    /// The members of a contact.
    pub(super) fn contact(&self) -> Vec<(&'static str, String)> {
        let mut out: Vec<(&'static str, String)> = CONTACT
            .iter()
            .map(|(id, name)| (*name, self.text(*id).to_owned()))
            .collect();
        for (name, pieces) in ADDRESSES {
            let pieces = pieces
                .map(|id| self.text(id))
                .into_iter()
                .filter(|piece| !piece.is_empty());
            out.push((name, pieces.collect::<Vec<_>>().join(" ")));
        }
        // The numbers of addresses are given out anew in every store: what looks like one there is one.
        let named = self.texts.range(0x8000..).map(|(_, text)| text.trim());
        let mut mails: Vec<&str> = named.filter(|text| is_address(text)).collect();
        mails.sort_unstable();
        mails.dedup();
        out.extend(mails.into_iter().map(|mail| ("email", mail.to_owned())));
        out.retain(|(_, value)| !value.is_empty());
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

/// Undoes the compression of RTF bodies ([MS-OXRTFCP]); gives what came out before a fault.
pub(super) fn rtf(raw: &[u8]) -> Vec<u8> {
    const FIRST: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
        \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
    let Some(header) = raw.first_chunk::<16>() else {
        return Vec::new();
    };
    if &header[8..12] == b"MELA" {
        return raw[16..].to_vec();
    }
    let declared = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
    // Seventeen bytes for two at the most.
    let longest = declared.min(raw.len().saturating_mul(9));
    let mut window = [0_u8; 4096];
    window[..FIRST.len()].copy_from_slice(FIRST);
    let (mut write, mut out, mut bytes) = (FIRST.len(), Vec::new(), raw[16..].iter().copied());
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= longest {
                return out;
            }
            let Some(byte) = bytes.next() else { return out };
            if control >> bit & 1 == 0 {
                window[write] = byte;
                write = (write + 1) % window.len();
                out.push(byte);
                continue;
            }
            let Some(low) = bytes.next() else { return out };
            let word = usize::from(byte) << 8 | usize::from(low);
            let (from, len) = (word >> 4, (word & 15) + 2);
            if from == write {
                return out;
            }
            for n in 0..len {
                let byte = window[(from + n) % window.len()];
                window[write] = byte;
                write = (write + 1) % window.len();
                out.push(byte);
            }
        }
    }
    out
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
    fn rtf_is_inflated() {
        // The example of [MS-OXRTFCP] 3.1.1.
        let raw = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 3, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        assert_eq!(
            rtf(&raw),
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        for len in 0..raw.len() {
            rtf(&raw[..len]);
        }
    }

    #[test]
    fn contacts_have_their_addresses() {
        let mut item = Item::default();
        item.texts.extend([
            (0x001a, "IPM.Contact".to_owned()),
            (0x3a11, "山田".to_owned()),
            (0x8083, "taro@example.com".to_owned()),
            (0x8084, "太郎 (taro@example.com)".to_owned()),
            (0x3a59, "千代田区".to_owned()),
        ]);
        assert!(item.is_contact());
        let expected = [
            ("family name", "山田"),
            ("home address", "千代田区"),
            ("email", "taro@example.com"),
        ];
        assert_eq!(
            item.contact(),
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }
}
