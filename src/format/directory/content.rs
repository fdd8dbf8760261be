//! Lines of vCard and iCalendar: `NAME;PARAM=value:value` (RFC 6350 3.3, RFC 5545 3.1; vCard 2.1).

use mail_parser::decoders::base64::base64_decode;

use crate::text::{Encoding, detect};

/// One line.
pub(super) struct Line {
    /// The name in capitals, without its group.
    pub(super) name: String,
    /// Parameters: names in capitals, values as they stand.
    pub(super) params: Vec<(String, String)>,
    /// The value: decoded, escapes not undone.
    pub(super) value: String,
}

impl Line {
    /// Reads a line; `None` when it has no colon.
    pub(super) fn read(raw: &[u8], encoding: Encoding) -> Option<Self> {
        let mut quoted = false;
        let colon = raw.iter().position(|&byte| {
            quoted ^= byte == b'"';
            byte == b':' && !quoted
        })?;
        let head = encoding.decode(&raw[..colon]).0;
        let mut pieces = split(&head, ';').into_iter();
        let name = pieces
            .next()?
            .rsplit('.')
            .next()?
            .trim()
            .to_ascii_uppercase();
        let params: Vec<(String, String)> = pieces
            .map(|piece| match piece.split_once('=') {
                Some((name, value)) => (
                    name.trim().to_ascii_uppercase(),
                    value.trim_matches('"').to_owned(),
                ),
                // vCard 2.1 leaves the names away: `TEL;CELL:…`, `NOTE;QUOTED-PRINTABLE:…`.
                None => ("TYPE".to_owned(), piece.to_owned()),
            })
            .collect();
        let line = Self {
            name,
            params,
            value: String::new(),
        };
        let value = line.decoded(&raw[colon + 1..], encoding);
        Some(Self { value, ..line })
    }

    /// Whether a parameter has a value.
    pub(super) fn has(&self, value: &str) -> bool {
        self.params.iter().any(|(_, found)| {
            found
                .split(',')
                .any(|found| found.eq_ignore_ascii_case(value))
        })
    }

    /// The value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| &value[..])
    }

    /// Whether the value is a picture or another file.
    pub(super) fn is_binary(&self) -> bool {
        self.has("BASE64") || self.has("B") || self.value.starts_with("data:")
    }

    fn decoded(&self, raw: &[u8], encoding: Encoding) -> String {
        let bytes = if self.has("QUOTED-PRINTABLE") {
            quoted_printable(raw)
        } else if matches!(
            self.name.as_str(),
            "PHOTO" | "LOGO" | "SOUND" | "KEY" | "ATTACH"
        ) && self.is_binary()
        {
            return String::new();
        } else if self.is_binary() {
            base64_decode(raw).unwrap_or_default()
        } else {
            raw.to_vec()
        };
        let label = self.param("CHARSET").unwrap_or_default();
        let declared = encoding_rs::Encoding::for_label(label.as_bytes());
        match (std::str::from_utf8(&bytes), declared) {
            (Ok(text), _) if !bytes.contains(&0x1b) => text.to_owned(),
            (_, Some(declared)) => declared.decode_without_bom_handling(&bytes).0.into_owned(),
            _ if encoding == Encoding::Utf8 => {
                detect(&bytes).encoding.decode(&bytes).0.into_owned()
            }
            _ => encoding.decode(&bytes).0.into_owned(),
        }
    }

    /// The value's pieces between semicolons, escapes undone.
    pub(super) fn pieces(&self) -> Vec<String> {
        split(&self.value, ';')
            .iter()
            .map(|piece| plain(piece))
            .collect()
    }

    /// The value, escapes undone.
    pub(super) fn plain(&self) -> String {
        plain(&self.value)
    }
}

/// Splits at a mark that neither stands in quotes nor behind a backslash.
fn split(text: &str, mark: char) -> Vec<String> {
    let (mut pieces, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        if c == mark && !quoted && !escaped {
            pieces.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped && mark == ';' && text.contains('=');
        escaped = c == '\\' && !escaped;
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    pieces
}

/// Undoes `\n`, `\,`, `\;` and `\\`.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(raw.len()), 0);
    while let Some(&byte) = raw.get(at) {
        match (byte, digit(raw.get(at + 1)), digit(raw.get(at + 2))) {
            (b'=', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
            }
            (b'=', ..) if matches!(raw.get(at + 1), None | Some(b'\r' | b'\n')) => {}
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let check = |raw: &[u8], name: &str, pieces: &[&str]| {
            let line = Line::read(raw, Encoding::Utf8).expect("it has a colon");
            assert_eq!(
                (&line.name[..], line.pieces()),
                (name, pieces.iter().map(|p| (*p).to_owned()).collect())
            );
        };
        check(
            b"item1.EMAIL;type=INTERNET:a@example.com",
            "EMAIL",
            &["a@example.com"],
        );
        check(
            "N:山田;太郎;;;".as_bytes(),
            "N",
            &["山田", "太郎", "", "", ""],
        );
        check(b"NOTE:a\\, b\\; c\\nd", "NOTE", &["a, b; c\nd"]);
        check(
            b"ATTENDEE;CN=\"Doe: J\":mailto:j@example.com",
            "ATTENDEE",
            &["mailto:j@example.com"],
        );
        check(
            b"N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8ER=93c;=91=BE=98Y",
            "N",
            &["山田", "太郎"],
        );
        check(
            b"N;CHARSET=SHIFT_JIS:\x8eR\x93c;\x91\xbe\x98Y",
            "N",
            &["山田", "太郎"],
        );
        assert!(Line::read(b"no colon", Encoding::Utf8).is_none());
    }
}
