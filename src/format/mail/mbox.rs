//! Where the messages of a mailbox begin.
//!
//! mbox has no specification that all writers follow (RFC 4155 describes only one of them), so a line starts a message
//! when it looks like an envelope, stands after a blank line or names both an address and a time, and is followed by a
//! header. `Content-Length` (mboxcl) is trusted only when another envelope, or the end, stands where it says.

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

/// Longest line that is looked at as an envelope or a header name.
const LINE: usize = 1_000;
/// Bytes of a header block searched for `Content-Length`.
const HEADER: usize = 16 << 10;

/// Offset of the first message: after a byte order mark and blank lines.
pub(super) fn first(bytes: &[u8]) -> usize {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    mark + bytes[mark..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// Offsets at which messages start. Empty for an empty mailbox.
pub(super) fn split(bytes: &[u8]) -> Vec<usize> {
    let first = first(bytes);
    if first == bytes.len() {
        return Vec::new();
    }
    let finder = Finder::new(b"\nFrom ");
    let mut starts = vec![first];
    let mut at = after_content(bytes, first).map_or(first, |end| end - 1);
    while let Some(found) = finder.find(&bytes[at..]) {
        let line = at + found + 1;
        at = line;
        if starts_message(bytes, line) {
            starts.push(line);
            if let Some(end) = after_content(bytes, line) {
                at = end - 1;
            }
        }
    }
    starts
}

/// Whether the `From ` line at `line` starts a message.
fn starts_message(bytes: &[u8], line: usize) -> bool {
    let before = &bytes[..line];
    let after_blank = before.ends_with(b"\n\n") || before.ends_with(b"\r\n\r\n");
    match look(&bytes[line..]) {
        Some(look) => {
            look.header_follows
                && if after_blank {
                    look.address || look.time
                } else {
                    look.address && look.time
                }
        }
        None => false,
    }
}

/// Whether a mailbox begins here.
pub(super) fn envelope(bytes: &[u8]) -> bool {
    look(bytes).is_some_and(|look| look.header_follows && (look.address || look.time))
}

/// What tells an envelope from a sentence.
struct Look {
    address: bool,
    time: bool,
    header_follows: bool,
}

fn look(bytes: &[u8]) -> Option<Look> {
    let rest = bytes.strip_prefix(b"From ")?;
    let rest = &rest[..rest.len().min(2 * LINE)];
    let end = memchr(b'\n', rest)?;
    let mut words = rest[..end]
        .split(|byte| byte.is_ascii_whitespace())
        .filter(|word| !word.is_empty());
    let sender = words.next().unwrap_or_default();
    let address = sender == b"-" || sender == b"MAILER-DAEMON" || sender.contains(&b'@');
    let time = words.any(|word| is_time(word) || is_weekday(word));
    let next = rest[end + 1..]
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let next = next.strip_prefix(b">From ").map_or(next, |_| b"x:");
    Some(Look {
        address,
        time,
        header_follows: header_name(next).is_some(),
    })
}

fn is_time(word: &[u8]) -> bool {
    matches!(word, [a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()))
}

fn is_weekday(word: &[u8]) -> bool {
    [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"]
        .iter()
        .any(|day| word == *day || word == [*day, &b","[..]].concat())
}

/// The field name that a header line begins with (RFC 5322 2.2: printable ASCII but the colon).
pub(super) fn header_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr(b':', &line[..line.len().min(100)])?;
    let name = &line[..colon];
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

/// The end of the message at `start` by its `Content-Length`, if an envelope or the end of the mailbox stands there.
fn after_content(bytes: &[u8], start: usize) -> Option<usize> {
    let window = &bytes[start..bytes.len().min(start + HEADER)];
    let mut length = None;
    let mut line_start = 0;
    for newline in memchr_iter(b'\n', window) {
        let line = &window[line_start..newline];
        line_start = newline + 1;
        if line.is_empty() || line == b"\r" {
            let mut end = start.checked_add(line_start)?.checked_add(length?)?;
            while end < bytes.len() && matches!(bytes[end], b'\r' | b'\n') {
                end += 1;
            }
            let stands = end == bytes.len()
                || end < bytes.len() && bytes[end - 1] == b'\n' && envelope(&bytes[end..]);
            return stands.then_some(end);
        }
        if line.len() < LINE
            && line.len() > 15
            && line[..15].eq_ignore_ascii_case(b"content-length:")
        {
            length = std::str::from_utf8(&line[15..])
                .ok()
                .and_then(|text| text.trim().parse().ok());
        }
    }
    None
}

/// The message without its envelope line.
pub(super) fn without_envelope(raw: &[u8]) -> &[u8] {
    let mut raw = raw;
    while raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        raw = memchr(b'\n', raw).map_or(&raw[raw.len()..], |end| &raw[end + 1..]);
    }
    raw
}

/// Undoes the quoting of `From ` at line starts (mboxo and mboxrd: one `>` less).
pub(super) fn unquote(text: &str) -> Option<String> {
    if !text.contains(">From ") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let quoted = line.starts_with('>') && line.trim_start_matches('>').starts_with("From ");
        out.push_str(if quoted { &line[1..] } else { line });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_start_at_envelopes() {
        let check = |text: &str, expected: &[usize]| {
            assert_eq!(split(text.as_bytes()), expected, "{text:?}")
        };
        let first = "From a@example.com Mon Jan  1 10:00:00 2024\nSubject: x\n\nbody\n";
        let n = first.len();
        check("", &[]);
        check("\u{feff}\r\n\n", &[]);
        check(&format!("\u{feff}\n\n{first}"), &[5]);
        check(first, &[0]);
        check(
            &format!("{first}\nFrom b@example.com Tue Jan  2 10:00:00 2024\nTo: x\n"),
            &[0, n + 1],
        );
        // No blank line before, but address and time.
        check(
            &format!("{first}From b@example.com Tue Jan  2 10:00:00 2024\nTo: x\n"),
            &[0, n],
        );
        // Thunderbird, and an envelope without a date.
        check(
            &format!("{first}\nFrom - Tue Jan  2 10:00:00 2024\nX-Mozilla-Status: 0009\n"),
            &[0, n + 1],
        );
        check(
            &format!("{first}\nFrom b@example.com\nTo: x\n"),
            &[0, n + 1],
        );
        // Sentences.
        check(
            &format!("{first}\nFrom here on it is downhill.\nTo: x\n"),
            &[0],
        );
        check(
            &format!("{first}\nFrom Mon on we meet at 10:00\nin the hall\n"),
            &[0],
        );
        check(
            &format!("{first}>From b@example.com Tue Jan  2 10:00:00 2024\nTo: x\n"),
            &[0],
        );
        // CRLF.
        check(
            "From - Tue 10:00\r\nA: b\r\n\r\nc\r\n\r\nFrom - Tue 10:00\r\nA: b\r\n\r\n",
            &[0, 31],
        );
    }

    #[test]
    fn content_length_is_trusted_where_it_fits() {
        let inner = "\nFrom x@example.com Mon Jan  1 10:00:00 2024\nTo: quoted\n";
        let next = "From b@example.com Tue Jan  2 10:00:00 2024\nTo: x\n\n";
        let mailbox = |length: usize| {
            let first = format!(
                "From a@example.com Mon Jan  1 10:00:00 2024\nContent-Length: {length}\n\n{inner}\n"
            );
            (format!("{first}{next}"), first.len())
        };
        let (text, second) = mailbox(inner.len());
        assert_eq!(split(text.as_bytes()), [0, second]);
        let (text, second) = mailbox(inner.len() - 10);
        assert_eq!(split(text.as_bytes()).len(), 3);
        assert_eq!(split(text.as_bytes())[2], second);
    }

    #[test]
    fn quoting_is_undone() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(unquote(text).as_deref(), expected);
        check(
            ">From a\n>>From b\n> From c\nx >From d",
            Some("From a\n>From b\n> From c\nx >From d"),
        );
        check("From a", None);
    }
}
