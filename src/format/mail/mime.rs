//! The structure of a message: multiparts down to leaves, in time linear in the bytes and the bounded depth.
//!
//! Part bounds are found from the outside in, so that a leaf is always a slice of the message and a lying inner boundary
//! cannot reach beyond its part (RFC 2046 5.1). Header fields are parsed by `mail-parser`.

use std::borrow::Cow;

use mail_parser::{HeaderName, HeaderValue, Message, MessageParser};
use memchr::memchr;
use memchr::memmem::Finder;

/// Multiparts inside multiparts; deeper ones are given as they stand.
const DEPTH: usize = 16;
/// Parts of one message; further ones are not looked at.
const PARTS: usize = 10_000;
/// Bytes of one header block that are parsed.
const HEADER_BYTES: usize = 1 << 20;

/// What a leaf holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text to be read by people.
    Plain,
    /// The same as HTML.
    Html,
    /// A message of its own.
    Message,
    /// Anything else: an attachment.
    File,
}

/// How a leaf is written (RFC 2045 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    Identity,
    Base64,
    QuotedPrintable,
}

/// A part that has no parts.
pub(super) struct Leaf<'a> {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) transfer: Transfer,
    /// Whether it is another form of a text that stands before it.
    pub(super) again: bool,
    pub(super) body: &'a [u8],
}

/// What went wrong in the structure, and at which byte of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A multipart has no closing boundary.
    Unclosed(usize),
    /// Deeper than the limit.
    TooDeep(usize),
    /// More parts than the limit.
    TooMany(usize),
}

/// The parts of a message.
pub(super) struct Leaves<'a> {
    message: &'a [u8],
    full: bool,
    pub(super) leaves: Vec<Leaf<'a>>,
    pub(super) flaws: Vec<Flaw>,
}

/// Header fields of a message or part, and what is below them.
pub(super) struct Split<'a> {
    pub(super) header: &'a [u8],
    pub(super) body: &'a [u8],
}

/// Splits a message or part at its first blank line.
pub(super) fn split(raw: &[u8]) -> Split<'_> {
    let mut at = 0;
    while at < raw.len() {
        let end = memchr(b'\n', &raw[at..]).map_or(raw.len(), |end| at + end + 1);
        if matches!(&raw[at..end], b"\n" | b"\r\n") {
            return Split {
                header: &raw[..end],
                body: &raw[end..],
            };
        }
        at = end;
        if at > HEADER_BYTES {
            return Split {
                header: &raw[..at.min(HEADER_BYTES)],
                body: &raw[at.min(HEADER_BYTES)..],
            };
        }
    }
    Split {
        header: raw,
        body: &raw[raw.len()..],
    }
}

/// A header block as UTF-8: old mailers write Japanese in it as it is.
pub(super) fn readable(header: &[u8]) -> Cow<'_, [u8]> {
    match super::message::unlabelled(header) {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Parses header fields; the block is [`readable`].
pub(super) fn fields(header: &[u8]) -> Option<Message<'_>> {
    MessageParser::default().parse_headers(header)
}

/// Finds the leaves of a message.
pub(super) fn leaves<'a>(
    message: &'a [u8],
    root: Option<&Message<'_>>,
    body: &'a [u8],
) -> Leaves<'a> {
    let mut found = Leaves {
        message,
        full: false,
        leaves: Vec::new(),
        flaws: Vec::new(),
    };
    let about = root.map_or_else(About::plain, |root| About::of(root, Kind::Plain));
    found.part(&about, body, 0);
    found
}

/// What a part's header says of its body.
struct About {
    media: String,
    default: Kind,
    boundary: Option<String>,
    charset: Option<String>,
    name: Option<String>,
    attachment: bool,
    transfer: Transfer,
}

impl About {
    fn plain() -> Self {
        Self {
            media: String::new(),
            default: Kind::Plain,
            boundary: None,
            charset: None,
            name: None,
            attachment: false,
            transfer: Transfer::Identity,
        }
    }

    /// `default` is what a part without a type is: in a digest, a message.
    fn of(fields: &Message<'_>, default: Kind) -> Self {
        let mut about = Self {
            default,
            ..Self::plain()
        };
        if let Some(HeaderValue::ContentType(found)) = fields.header(HeaderName::ContentType) {
            about.media = format!("{}/{}", found.ctype(), found.subtype().unwrap_or_default())
                .to_ascii_lowercase();
            let attribute = |name| found.attribute(name).map(str::to_string);
            (about.boundary, about.charset, about.name) = (
                attribute("boundary"),
                attribute("charset"),
                attribute("name"),
            );
        }
        if let Some(HeaderValue::ContentType(found)) = fields.header(HeaderName::ContentDisposition)
        {
            about.attachment = found.is_attachment();
            about.name = found
                .attribute("filename")
                .map(str::to_string)
                .or(about.name);
        }
        if let Some(HeaderValue::Text(found)) = fields.header(HeaderName::ContentTransferEncoding) {
            about.transfer = match found.trim().to_ascii_lowercase().as_str() {
                "base64" => Transfer::Base64,
                "quoted-printable" => Transfer::QuotedPrintable,
                _ => Transfer::Identity,
            };
        }
        about
    }

    fn kind(&self) -> Kind {
        let text = !self.attachment && self.name.is_none();
        match self.media.as_str() {
            "" | "/" if text || self.default == Kind::Message => self.default,
            "message/rfc822" | "message/global" => Kind::Message,
            "text/html" if text => Kind::Html,
            // Delivery reports and header copies are text about people too.
            "text/plain"
            | "text/enriched"
            | "text/rfc822-headers"
            | "message/delivery-status"
            | "text/"
                if text =>
            {
                Kind::Plain
            }
            _ => Kind::File,
        }
    }
}

impl<'a> Leaves<'a> {
    fn part(&mut self, about: &About, body: &'a [u8], depth: usize) {
        let at = body.as_ptr() as usize - self.message.as_ptr() as usize;
        if self.full {
            return;
        }
        if self.leaves.len() >= PARTS {
            self.full = true;
            return self.flaws.push(Flaw::TooMany(at));
        }
        let boundary = about
            .boundary
            .as_deref()
            .filter(|boundary| about.media.starts_with("multipart/") && !boundary.is_empty());
        let Some(boundary) = boundary else {
            // A multipart without a boundary is read as the text it is.
            let kind = if about.media.starts_with("multipart/") {
                Kind::Plain
            } else {
                about.kind()
            };
            return self.leaf(about, kind, body);
        };
        if depth == DEPTH {
            self.flaws.push(Flaw::TooDeep(at));
            return self.leaf(about, Kind::Plain, body);
        }
        let (parts, closed) = parts(body, boundary.as_bytes());
        // An outer end that is missing takes the inner ones with it.
        let end = Flaw::Unclosed(at + body.len());
        if !closed && self.flaws.last() != Some(&end) {
            self.flaws.push(end);
        }
        if parts.is_empty() {
            return self.leaf(about, Kind::Plain, body);
        }
        let first = self.leaves.len();
        let default = if about.media == "multipart/digest" {
            Kind::Message
        } else {
            Kind::Plain
        };
        for raw in parts.into_iter().take(PARTS + 1) {
            let Split { header, body } = split(raw);
            let header = readable(header);
            let about =
                fields(&header).map_or_else(About::plain, |fields| About::of(&fields, default));
            self.part(&About { default, ..about }, body, depth + 1);
        }
        if about.media == "multipart/alternative" {
            self.mark_forms(first);
        }
    }

    /// Marks the forms of one text, from leaf `first` on, but the first of them.
    fn mark_forms(&mut self, first: usize) {
        let is_text = |leaf: &&mut Leaf<'_>| {
            matches!(leaf.kind, Kind::Plain | Kind::Html) && !leaf.body.trim_ascii().is_empty()
        };
        let forms = self.leaves[first..].iter_mut().filter(is_text);
        forms.skip(1).for_each(|leaf| leaf.again = true);
    }

    fn leaf(&mut self, about: &About, kind: Kind, body: &'a [u8]) {
        let (name, charset) = (about.name.clone(), about.charset.clone());
        self.leaves.push(Leaf {
            kind,
            name,
            charset,
            transfer: about.transfer,
            again: false,
            body,
        });
    }
}

/// The parts between lines `--boundary`, and whether `--boundary--` ends them.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> (Vec<&'a [u8]>, bool) {
    let finder = Finder::new(boundary);
    let (mut found, mut start, mut at) = (Vec::new(), None::<usize>, 0);
    while let Some(hit) = finder.find(&body[at..]).map(|hit| at + hit) {
        let after = hit + boundary.len();
        at = after;
        let line = hit.wrapping_sub(2);
        if hit < 2 || &body[line..hit] != b"--" || line > 0 && body[line - 1] != b'\n' {
            continue;
        }
        let line_end = memchr(b'\n', &body[after..]).map_or(body.len(), |end| after + end + 1);
        let rest = body[after..line_end].trim_ascii_end();
        if !rest.is_empty() && !rest.starts_with(b"--") {
            continue;
        }
        if let Some(start) = start {
            // The line break before the boundary belongs to the boundary.
            let part = &body[start..line.max(start)];
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            found.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if rest.starts_with(b"--") {
            return (found, true);
        }
        start = Some(line_end);
        at = line_end;
    }
    if let Some(start) = start.filter(|&start| start < body.len()) {
        found.push(&body[start..]);
    }
    (found, false)
}

/// Undoes the transfer encoding of a leaf.
pub(super) fn decode<'a>(body: &'a [u8], transfer: Transfer) -> Cow<'a, [u8]> {
    match transfer {
        Transfer::Identity => Cow::Borrowed(body),
        Transfer::Base64 => Cow::Owned(base64(body)),
        Transfer::QuotedPrintable => Cow::Owned(quoted_printable(body)),
    }
}

/// Decodes base64 (RFC 2045 6.8): other characters are skipped, padding may be missing or stand in the middle.
fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut n) = (0u32, 0);
    for &byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                (bits, n) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
        }
    }
    out
}

/// Decodes quoted-printable (RFC 2045 6.7): what is no escape stands for itself.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let blanks = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
            .take(100)
            .count();
        match *rest {
            [high, low, ..] if digit(high).is_some() && digit(low).is_some() => {
                out.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                rest = &rest[2..];
            }
            _ if rest.get(blanks) == Some(&b'\n') => rest = &rest[blanks + 1..],
            [] => {}
            _ => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfer_encodings() {
        let check = |transfer, body: &str, expected: &[u8]| {
            assert_eq!(&*decode(body.as_bytes(), transfer), expected, "{body}")
        };
        check(Transfer::Base64, "44GC\r\n44GE", "あい".as_bytes());
        check(Transfer::Base64, "YQ==YWI=YWJj", b"aababc");
        check(Transfer::Base64, "YWI", b"ab");
        check(Transfer::Base64, "", b"");
        check(
            Transfer::QuotedPrintable,
            "a=3Db=\r\nc=E3=81=82",
            "a=bcあ".as_bytes(),
        );
        check(Transfer::QuotedPrintable, "1 = 2 =zz =", b"1 = 2 =zz ");
        check(Transfer::QuotedPrintable, "soft= \t\nbreak", b"softbreak");
    }

    fn kinds(raw: &str) -> (Vec<(Kind, String)>, Vec<Flaw>) {
        let Split { header, body } = split(raw.as_bytes());
        let found = leaves(raw.as_bytes(), fields(header).as_ref(), body);
        let show = |leaf: &Leaf<'_>| {
            (
                leaf.kind,
                String::from_utf8_lossy(&decode(leaf.body, leaf.transfer)).into_owned(),
            )
        };
        (found.leaves.iter().map(show).collect(), found.flaws)
    }

    #[test]
    fn parts_are_found_from_the_outside() {
        let raw = "Content-Type: multipart/mixed; boundary=\"=_a\"\n\npreamble\n--=_a\n\
                   Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>html\n--b--\n\
                   --=_a\nContent-Type: text/csv; name=x.csv\nContent-Transfer-Encoding: base64\n\nYQ==\n--=_a\n\
                   Content-Type: message/rfc822\n\nSubject: inner\n\nx\n--=_a--\nepilogue\n";
        let (found, flaws) = kinds(raw);
        let expected = [
            (Kind::Plain, "plain"),
            (Kind::Html, "<p>html"),
            (Kind::File, "a"),
            (Kind::Message, "Subject: inner\n\nx"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_string())));
        assert_eq!(flaws, []);
    }

    #[test]
    fn a_missing_end_is_said() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\n\ntwo";
        let (found, flaws) = kinds(raw);
        assert_eq!(
            found,
            [
                (Kind::Plain, "one".to_string()),
                (Kind::Plain, "two".to_string())
            ]
        );
        assert_eq!(flaws, [Flaw::Unclosed(raw.len())]);
    }

    #[test]
    fn depth_is_bounded() {
        let raw: String = (0..1_000)
            .map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"))
            .collect();
        let (found, flaws) = kinds(&raw);
        assert_eq!(found.len(), 1);
        assert!(flaws.iter().any(|flaw| matches!(flaw, Flaw::TooDeep(_))));
    }
}
