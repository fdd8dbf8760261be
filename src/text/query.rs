//! Query strings in running text: what a web server's log keeps of the forms that people sent.

use std::borrow::Cow;

use super::detect;

/// Longest piece of a text that is taken for one word.
const WORD: usize = 16 << 10;

/// The text with the escapes of its query strings undone (`email=a%40b.example&name=%E5%B1%B1`), or nothing when it has none.
/// Other percent signs stay; so does the number of lines.
pub fn decoded_queries(text: &str) -> Option<String> {
    let mut out = String::new();
    // What was written, and up to where words were looked at.
    let (mut done, mut seen) = (0, 0);
    for at in memchr::memchr_iter(b'%', text.as_bytes()) {
        if at < seen || hex(&text.as_bytes()[at..]).is_none() {
            continue;
        }
        let (start, end) = word(text, seen, at);
        seen = end;
        let word = &text[start..end];
        // A query begins behind the path that it belongs to; without one it has a name at least.
        let query = word.find('?').map_or(0, |n| n + 1);
        if !word[query..].contains('=') {
            continue;
        }
        if let Some(decoded) = decoded(&word[query..]) {
            out.push_str(&text[done..start + query]);
            out.push_str(&decoded);
            done = end;
        }
    }
    if done == 0 {
        return None;
    }
    out.push_str(&text[done..]);
    Some(out)
}

/// The word around an offset, or as much of it as may be one.
fn word(text: &str, from: usize, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"<>'`".contains(byte);
    let from = from.max(at.saturating_sub(WORD));
    let before = bytes[from..at].iter().rposition(ends);
    let start = before.map_or(from, |n| from + n + 1);
    let most = bytes.len().min(at + WORD);
    let behind = bytes[at..most].iter().position(ends);
    let end = behind.map_or(most, |n| at + n);
    (
        text.ceil_char_boundary(start),
        text.floor_char_boundary(end),
    )
}

/// A query with its escapes undone; nothing when that gives no text.
fn decoded(query: &str) -> Option<String> {
    let (bytes, mut raw, mut at) = (query.as_bytes(), Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        match hex(&bytes[at..]) {
            // A line stays one.
            Some(value) if value < 0x20 || value == 0x7f => raw.push(b' '),
            Some(value) => raw.push(value),
            None if byte == b'+' => raw.push(b' '),
            None => raw.push(byte),
        }
        at += if hex(&bytes[at..]).is_some() { 3 } else { 1 };
    }
    let text = match String::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => {
            let raw = error.into_bytes();
            match detect(&raw).encoding.decode(&raw) {
                (Cow::Owned(text), 0) => text,
                _ => return None,
            }
        }
    };
    Some(text)
}

/// The byte that `%41` stands for.
fn hex(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*high)? * 16 + digit(*low)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(decoded_queries(text).as_deref(), expected, "{text}");
        };
        check(
            "\"GET /e%20x?email=a%40example.com&name=%E5%B1%B1%E7%94%B0+%E5%A4%AA HTTP/1.1\" 100%25",
            Some("\"GET /e%20x?email=a@example.com&name=山田 太 HTTP/1.1\" 100%25"),
        );
        // Shift_JIS, and a line break that would make two records.
        check("q=%8ER%93c%91%BE%98Y&x=a%0D%0Ab", Some("q=山田太郎&x=a  b"));
        check("a=1 50% b", None);
        check("path/%E5%B1%B1", None);
        check("a=%zz&b=%4", None);
        check("名=%41\n太=%42", Some("名=A\n太=B"));
        check("", None);
    }

    #[test]
    fn long_words_end() {
        let text = format!("a={}", "%41é".repeat(50_000));
        assert!(decoded_queries(&text).is_some_and(|text| text.contains("Aé")));
    }
}
