//! What the readers of XML share: texts and attributes of events, entities resolved, namespaces left aside.

use std::borrow::Cow;
use std::io::Write;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::source::{Bytes, Fault, Limits, Spool, fault_of};
use crate::text::Encoding;

/// A reader over text that forgives what it can.
pub(super) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// The name of an element without its prefix.
pub(super) fn local<'a>(start: &'a BytesStart<'_>) -> &'a [u8] {
    local_of(start.name().into_inner())
}

/// A name without its prefix.
pub(super) fn local_of<T: AsRef<[u8]> + ?Sized>(name: &T) -> &[u8] {
    let name = name.as_ref();
    match memchr::memrchr(b':', name) {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// The value of an attribute, by its name without prefix.
pub(super) fn attribute<'a>(start: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    attributes(start)
        .find(|(found, _)| *found == name.as_bytes())
        .map(|(_, value)| value)
}

/// Names (without prefixes) and values of the attributes, as far as they can be read.
pub(super) fn attributes<'a>(
    start: &'a BytesStart<'_>,
) -> impl Iterator<Item = (&'a [u8], Cow<'a, str>)> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes.map_while(Result::ok).map(|attribute| {
        let name = local_of(attribute.key.into_inner());
        let value = match attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) {
            Ok(value) => value,
            Err(_) => attribute.value,
        };
        (name, value)
    })
}

/// Adds the characters of an event to a text, if it has any.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) {
    match event {
        Event::Text(text) => push_lines(text, out),
        Event::CData(text) => push_lines(text, out),
        Event::GeneralRef(entity) => push_entity(entity, out),
        _ => {}
    }
}

/// Adds text with its line ends made `\n` (XML 1.0, 2.11).
fn push_lines(text: &str, out: &mut String) {
    if text.contains('\r') {
        out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        out.push_str(text);
    }
}

/// Adds the character of a reference; what it does not know stays as it is written.
fn push_entity(entity: &BytesRef<'_>, out: &mut String) {
    let known = match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => entity.resolve_char_ref().ok().flatten(),
    };
    match known {
        Some(c) => out.push(c),
        None => {
            out.push('&');
            out.push_str(entity);
            out.push(';');
        }
    }
}

/// A text with tags, as in comments: without the tags. Those that `is_line` names end a line, cells are parted by tabs.
pub(super) fn untagged(text: &str, is_line: fn(&str) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = rest[1..].trim_start_matches('/');
        let len = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        if len == 0 {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            break;
        };
        let name = name[..len].to_ascii_lowercase();
        out.push(match name.as_str() {
            "td" | "th" => '\t',
            name if is_line(name) => '\n',
            _ => ' ',
        });
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Whether XML ends with the end of the element that it begins with, which is looked for in so many of its last bytes.
pub(super) fn is_ended(bytes: &[u8], tail: usize) -> bool {
    let Some(root) = root(bytes) else {
        return true;
    };
    let name_len = root
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
        .unwrap_or(root.len());
    let name = &root[..name_len];
    let last = &bytes[bytes.len() - bytes.len().min(tail)..];
    let ends = [b"</", name].concat();
    if let Some(at) = memchr::memmem::rfind(last, &ends) {
        return last[at + ends.len()..].trim_ascii_start().starts_with(b">");
    }
    // An element that is empty.
    let end = memchr::memchr(b'>', root);
    end.is_some_and(|end| root[..end].ends_with(b"/"))
}

/// What follows the `<` of the first element, behind declarations and comments.
fn root(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        rest = &rest[memchr::memchr(b'<', rest)? + 1..];
        let skipped: &[u8] = match rest.first()? {
            b'?' => b"?>",
            b'!' if rest.starts_with(b"!--") => b"-->",
            b'!' => b">",
            _ => return Some(rest),
        };
        rest = &rest[memchr::memmem::find(rest, skipped)?..];
    }
}

/// The bytes as UTF-8: UTF-16 by its byte order mark, and what is no UTF-8 with replacement characters.
///
/// # Errors
///
/// When there is no room for the text.
pub(super) fn utf8(bytes: &Bytes, limits: &Limits) -> Result<Bytes, Fault> {
    let encoding = match **bytes {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE,
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_8,
    };
    transcoded(bytes, encoding, limits)
}

/// The bytes of this encoding as UTF-8.
///
/// # Errors
///
/// When there is no room for the text.
pub(super) fn decoded(bytes: &Bytes, encoding: Encoding, limits: &Limits) -> Result<Bytes, Fault> {
    let encoding = match encoding {
        Encoding::ShiftJis => encoding_rs::SHIFT_JIS,
        Encoding::EucJp => encoding_rs::EUC_JP,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        _ => encoding_rs::UTF_8,
    };
    transcoded(bytes, encoding, limits)
}

fn transcoded(
    bytes: &Bytes,
    encoding: &'static encoding_rs::Encoding,
    limits: &Limits,
) -> Result<Bytes, Fault> {
    if encoding == encoding_rs::UTF_8 && std::str::from_utf8(bytes).is_ok() {
        return Ok(bytes.clone());
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut spool = Spool::new(limits);
    let mut text = String::new();
    let mut chunks = bytes.chunks(1 << 20).peekable();
    while let Some(chunk) = chunks.next() {
        text.clear();
        text.reserve(
            decoder
                .max_utf8_buffer_length(chunk.len())
                .unwrap_or(chunk.len() * 3),
        );
        let _ = decoder.decode_to_string(chunk, &mut text, chunks.peek().is_none());
        spool
            .write_all(text.as_bytes())
            .map_err(|error| fault_of(&error, spool.len()))?;
    }
    spool.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_documents() {
        let check = |text: &str, expected| {
            assert_eq!(is_ended(text.as_bytes(), 1 << 10), expected, "{text}");
        };
        check("", true);
        check("no markup", true);
        check("<a/>", true);
        check(
            "<?xml version='1.0'?>\n<!-- <b> --><x:a y='1'><b/></x:a >\n",
            true,
        );
        check("<!DOCTYPE a><a></a><!-- behind it -->", true);
        check("<a><b></b>", false);
        check("<a><b></b></a", false);
        check("<a y=", false);
        check("<abc><ab></ab>", false);
        check("<ab><abc></abc>", false);
    }

    #[test]
    fn tags_in_comments() {
        let check = |text: &str, expected: &str| {
            assert_eq!(untagged(text, |name| name == "tr"), expected);
        };
        check("a < b", "a < b");
        check("<tr><td>A</td><td>B</td></tr>C", "\n\tA\t\tB\t\nC");
        check("<b>A</b> <", " A  <");
        check("x <td cla", "x <td cla");
    }
}
