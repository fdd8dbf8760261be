//! E-mail and network addresses and secrets in running text.
//!
//! In: a text. Out: hits. The anchors are an `@`, a colon, and the words that stand before secrets.

use std::ops::Range;

use super::cell::{email, host_name, ip, local_byte};
use super::text::{Hit, What, floor};
use crate::pattern::Part;

/// E-mail addresses: from each `@` to both sides.
pub(super) fn emails(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        let first = bytes[..at]
            .iter()
            .rev()
            .take(64)
            .take_while(|&&b| local_byte(b))
            .count();
        let mut start = at - first;
        while start < at && b"'`.*=/{|&#?!+-~^$%_".contains(&bytes[start]) && bytes[start] != b'_' {
            start += 1;
        }
        // a='b@c', key=b@c: what stands before the last sign that no address has is not part of it
        if let Some(cut) = bytes[start..at].iter().rposition(|b| b"'`{}|&".contains(b)) {
            start += cut + 1;
        }
        let host = bytes[at + 1..]
            .iter()
            .take(253)
            .take_while(|&&b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            .count();
        let mut end = at + 1 + host;
        while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        if start < at
            && text.is_char_boundary(start)
            && email(&text[start..end])
            && host_name(&text[at + 1..end])
        {
            // git@host:path, scp-like and user:password@host are no mail
            if bytes.get(end) == Some(&b':')
                && bytes
                    .get(end + 1)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                && bytes[start..at].eq_ignore_ascii_case(b"git")
            {
                continue;
            }
            hits.push(Hit::new(What::Email, start..end, 0.99));
        }
    }
}

/// IPv6 addresses: words of hexadecimal digits and colons.
pub(super) fn ipv6(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memmem::find_iter(bytes, b":") {
        let is = |b: &u8| b.is_ascii_hexdigit() || *b == b':' || *b == b'.';
        if at > 0
            && bytes[..at]
                .iter()
                .rev()
                .take_while(|b| is(b))
                .any(|&b| b == b':')
        {
            continue;
        }
        let start = at
            - bytes[..at]
                .iter()
                .rev()
                .take(5)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
        let mut end = at + bytes[at..].iter().take(46).take_while(|b| is(b)).count();
        while end > start && bytes[end - 1] == b'.' {
            end -= 1;
        }
        let edge = |b: Option<&u8>| {
            b.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_' && *b != b':')
        };
        let groups = bytes[start..end].iter().filter(|&&b| b == b':').count();
        let digits = bytes[start..end]
            .iter()
            .filter(|b| b.is_ascii_digit())
            .count();
        // ::1 is the only short one; a sign of code before it makes of it something else.
        let plain = start == 0
            || matches!(
                bytes[start - 1],
                b' ' | b'\n' | b'\t' | b'=' | b'[' | b'(' | b'"' | b'\'' | b','
            );
        let long = end - start >= 7 && digits >= 2
            || plain && bytes[start..end] == *b"::1"
            || plain && bytes[start..end].starts_with(b"fe80::");
        let whole = suffix(bytes, end);
        if groups >= 2
            && (long || whole > end && plain)
            && edge(start.checked_sub(1).map(|n| &bytes[n]))
            && edge(bytes.get(whole))
            && ip(&text[start..end])
        {
            hits.push(Hit::new(What::Ip, start..whole, 0.95));
        }
    }
}

/// End of the zone (`%eth0`) or the length of the prefix (`/64`) behind an address.
fn suffix(bytes: &[u8], end: usize) -> usize {
    let (most, inside): (usize, fn(&u8) -> bool) = match bytes.get(end) {
        Some(b'%') => (16, u8::is_ascii_alphanumeric),
        Some(b'/') => (3, u8::is_ascii_digit),
        _ => return end,
    };
    let n = bytes[end + 1..]
        .iter()
        .take(most + 1)
        .take_while(|b| inside(b))
        .count();
    if (1..=most).contains(&n) {
        end + 1 + n
    } else {
        end
    }
}

/// Secrets behind a label or of a known form.
pub(super) fn credentials(text: &str, hits: &mut Vec<Hit>) {
    const WORDS: [&str; 14] = [
        "password",
        "passwd",
        "passphrase",
        "api_key",
        "apikey",
        "api-key",
        "secret_key",
        "access_token",
        "bearer ",
        "AKIA",
        "-----BEGIN",
        "パスワード",
        "暗証番号",
        "pwd",
    ];
    static FINDER: std::sync::OnceLock<aho_corasick::AhoCorasick> = std::sync::OnceLock::new();
    let finder = FINDER.get_or_init(|| {
        aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(WORDS)
            .expect("fourteen short words make an automaton")
    });
    let bytes = text.as_bytes();
    for found in finder.find_iter(text) {
        let word = WORDS[found.pattern().as_usize()];
        let (range, part, confidence) = match word {
            "AKIA" => {
                let end = found.end()
                    + bytes[found.end()..]
                        .iter()
                        .take(17)
                        .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                        .count();
                if end - found.start() != 20 || &text[found.start()..found.end()] != "AKIA" {
                    continue;
                }
                (found.start()..end, Part::Token, 0.95)
            }
            "-----BEGIN" => {
                let head = &text[found.start()..floor(text, (found.end() + 40).min(text.len()))];
                if !head.contains("PRIVATE KEY-----") {
                    continue;
                }
                let body = &text[found.end()..floor(text, (found.end() + 8192).min(text.len()))];
                let end = body
                    .find("-----END")
                    .map_or(found.start() + head.len(), |n| found.end() + n);
                (found.start()..end, Part::Token, 0.99)
            }
            _ => {
                let Some(range) = secret_after(text, found.end(), word == "bearer ") else {
                    continue;
                };
                let token = !matches!(
                    word,
                    "password" | "passwd" | "passphrase" | "パスワード" | "暗証番号" | "pwd"
                );
                (
                    range,
                    if token { Part::Token } else { Part::Password },
                    0.75,
                )
            }
        };
        hits.push(Hit {
            check: "",
            label: "",
            what: What::Credential,
            part,
            start: range.start,
            end: range.end,
            confidence,
        });
    }
}

/// The value after a label and `:`, `=` or は; values that are variables, types or words of code are none.
fn secret_after(text: &str, at: usize, bare: bool) -> Option<Range<usize>> {
    let rest = &text[at..];
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let body = rest.trim_start_matches([' ', '\t']);
    let body = if bare {
        body
    } else {
        body.strip_prefix([':', '=', '：', '＝'])?
    };
    let body = body.trim_start_matches([' ', '\t', '\u{3000}']);
    let body = body.strip_prefix(['"', '\'', '「']).unwrap_or(body);
    let start = text.len() - body.len();
    let len = body
        .find(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '\'' | ',' | ';' | '<' | '>' | '」' | '、' | '。' | ')' | '(' | '`' | '&'
                )
        })
        .unwrap_or(body.len());
    let value = &body[..len];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let strong =
        digits >= 1 && letters >= 1 || value.bytes().any(|b| b"!@#%^*".contains(&b)) && letters > 0;
    let code = value.starts_with(['$', '{', '[', '%', '*', '/', '.', '<', '@'])
        || value.contains("::")
        || value.contains("->")
        || value.contains('[')
        || value.contains("${")
        || body[len..].starts_with('(');
    let long_enough = if bare {
        (16..=2000).contains(&len)
    } else {
        (6..=200).contains(&len)
    };
    (long_enough && strong && !code && !value.contains('.') | bare).then_some(start..start + len)
}
