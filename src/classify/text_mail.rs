//! E-mail addresses in running text, in logs and in addresses of pages.
//!
//! In: a text. Out: hits. The anchor is an `@`, or its escape `%40`. RFC 5321 (4.1.2) lets `=`, `?` and `/` stand in a local part, but where they do in
//! the field, they belong to a key (`user=`), to a query (`?mail=`) or to a path before the address.

use std::ops::Range;

use memchr::memmem::Finder;

use super::cell::{email, host_name, local_byte};
use super::message_ids;
use super::text::{Fixed, Hit, What};
use crate::pattern::Part;

/// The sign `@` as it stands in queries and paths (RFC 3986, 2.1).
static ESCAPED_AT: Fixed = Fixed::new(|| Finder::new("%40"));

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
        while start < at && b"'`.*=/{|&#?!+-~^$%".contains(&bytes[start]) {
            start += 1;
        }
        // a='b@c': what stands before the last sign that no address has is not part of it
        if let Some(cut) = bytes[start..at].iter().rposition(|b| b"'`{}|&".contains(b)) {
            start += cut + 1;
        }
        // X12 says what follows: `PER*IP**TE*2025550101*EM*mary@example.com`.
        if let Some(cut) = memchr::memmem::rfind(&bytes[start..at], b"*EM*") {
            start += cut + 4;
        }
        start += local_start(&text[start..at]);
        start += decoded_start(&bytes[start..at]);
        let end = host_end(bytes, at + 1);
        if let Some(user) = user_of_url(bytes, at) {
            if user.end == at {
                account(text, user, hits);
            }
            continue;
        }
        if start < at && email(&text[start..end]) && host_name(&text[at + 1..end]) {
            // git@host:path, scp-like and user:password@host are no mail
            if bytes.get(end) == Some(&b':')
                && bytes
                    .get(end + 1)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                && bytes[start..at].eq_ignore_ascii_case(b"git")
            {
                continue;
            }
            if message_ids::is_labelled(text, start) {
                continue;
            }
            hits.push(Hit::new(What::Email, start..end, 0.99));
        }
    }
}

/// What stands before the last `@` of an address of a service: `postgres://shop:secret@db.example.com/shop`.
fn account(text: &str, user: Range<usize>, hits: &mut Vec<Hit>) {
    let Some(colon) = memchr::memchr(b':', &text.as_bytes()[user.clone()]) else {
        return;
    };
    let name = user.start..user.start + colon;
    let secret = name.end + 1..user.end;
    if email(&text[name.clone()]) {
        hits.push(Hit::new(What::Email, name, 0.99));
    }
    if secret.len() >= 3 {
        hits.push(Hit {
            part: Part::Password,
            ..Hit::new(What::Credential, secret, 0.9)
        });
    }
}

/// The user and password around or before an `@` in the address of a service (RFC 3986, 3.2.1): from behind `scheme://` to the last `@`, since
/// passwords are written with one as they are (`P@ssword`). Behind the sign of a query another address begins.
fn user_of_url(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(160);
    let user = |b: &u8| !b.is_ascii_whitespace() && !b"/?#\"'<>,".contains(b);
    let n = bytes[from..at].iter().rev().take_while(|b| user(b)).count();
    let start = at - n;
    if n == 0 || !bytes[..start].ends_with(b"://") {
        return None;
    }
    let rest = bytes[start..].iter().take(320).take_while(|b| user(b));
    let mut end = None;
    for (nth, byte) in rest.enumerate() {
        match byte {
            b'@' => end = Some(start + nth),
            b'&' | b'=' | b';' | b'|' if end.is_some() => break,
            _ => {}
        }
    }
    end.filter(|end| at <= *end).map(|end| start..end)
}

/// E-mail addresses whose `@` is escaped, as queries and paths have it: `?email=yoko.sato%40example.com`.
pub(super) fn escaped_emails(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in ESCAPED_AT.find_iter(bytes) {
        let start = escaped_start(bytes, at);
        let host = at + ESCAPED_AT.needle().len();
        let end = host_end(bytes, host);
        if start < at && host_name(&text[host..end]) {
            hits.push(Hit::new(What::Email, start..end, 0.95));
        }
    }
}

/// Whether an escaped `@` stands in a value.
pub(super) fn has_escaped_at(value: &str) -> bool {
    ESCAPED_AT.find(value.as_bytes()).is_some()
}

/// Where the host ends that begins at an offset.
fn host_end(bytes: &[u8], from: usize) -> usize {
    let host = bytes[from..]
        .iter()
        .take(253)
        .take_while(|&&b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        .count();
    let mut end = from + host;
    while end > from && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    end
}

/// Where the local part begins that ends at an escaped `@`: letters, digits, dots and the like, escaped or not.
fn escaped_start(bytes: &[u8], at: usize) -> usize {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-+~".contains(&b);
    let mut start = at;
    while at - start < 64 && start > 0 {
        let before = bytes[start - 1];
        if is_plain(before) {
            start -= 1;
        } else if before == b'%' {
            // The two digits behind were taken for letters: they are an escape, of a sign that belongs to the address or ends it.
            match bytes.get(start..start + 2).and_then(unescaped) {
                Some(sign) if start + 2 <= at && is_plain(sign) => start -= 1,
                Some(_) if start + 2 <= at => return start + 2,
                _ => break,
            }
        } else {
            break;
        }
    }
    let signs = bytes[start..at].iter().take_while(|b| b"._-+~".contains(b));
    start + signs.count()
}

/// Where the local part begins that has escapes before it: `redirect=%2Freset%3Femail%3Dyoko@example.com`.
fn decoded_start(local: &[u8]) -> usize {
    let ends = |at: &usize| {
        let sign = local.get(at + 1..at + 3).and_then(unescaped);
        sign.is_some_and(|sign| b"=/?&: <\"'".contains(&sign))
    };
    let escapes = memchr::memchr_iter(b'%', local);
    escapes.rev().find(ends).map_or(0, |at| at + 3)
}

/// The sign that two hexadecimal digits stand for.
fn unescaped(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

/// Where the local part begins in what stands before an `@`: behind the key (`user=`), the query (`?`) and the path (`/u/`) that it is the value of.
/// An address within the local part, as lists and gateways send from it (`bounce+user=example.com@lists.example.org`, SRS, BATV), is left whole.
pub(super) fn local_start(before: &str) -> usize {
    let bytes = before.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b'=' | b'?' | b'/')) {
        return 0;
    }
    let path = bytes.iter().rposition(|b| matches!(b, b'?' | b'/'));
    let path = path.map_or(0, |at| at + 1);
    let local = &before[path..];
    match local.rfind('=') {
        Some(_) if is_rewritten(local) => path,
        Some(sign) => path + sign + 1,
        None => path,
    }
}

/// Whether the local part of a value that is an address as a whole begins with a path, a query or a known key. Of a value nothing else is known, and
/// what made-up data have before a `=` is a part of the address.
pub(super) fn is_prefixed(local: &str) -> bool {
    let start = local_start(local);
    let before = local[..start].trim_end_matches('=');
    let word = before.rsplit(['-', '_', '.', '&']).next().unwrap_or(before);
    start > 0
        && (before.len() + 1 != start
            || before.contains(['?', '/', '&'])
            || word.len() <= 2
            || is_key(word))
}

/// Whether a word is a key that an address is the value of.
fn is_key(word: &str) -> bool {
    KEYS.iter().any(|key| word.eq_ignore_ascii_case(key))
}

/// Whether a local part with `=` holds another address: a bounce address (VERP: the `=` stands for that one's `@`), or one that a gateway signed.
fn is_rewritten(local: &str) -> bool {
    let begins = |mark: &str| {
        let head = local.get(..mark.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(mark))
    };
    // SRS (libsrs2), BATV (draft-levine-smtp-batv), and Barracuda's form of it.
    if [
        "srs0=", "srs0+", "srs0-", "srs1=", "srs1+", "srs1-", "prvs=", "btv1==",
    ]
    .iter()
    .any(|mark| begins(mark))
    {
        return true;
    }
    let Some((key, host)) = local.rsplit_once('=') else {
        return false;
    };
    if !host_name(host) || key.contains('=') {
        return false;
    }
    let last = key.rsplit(['-', '_', '.']).next().unwrap_or(key);
    key.contains('+') || last.len() < key.len() && !is_key(last)
}

/// Last words of keys that an address is the value of.
const KEYS: [&str; 29] = [
    "account",
    "addr",
    "address",
    "author",
    "bcc",
    "by",
    "cc",
    "contact",
    "customer",
    "email",
    "from",
    "id",
    "login",
    "mail",
    "member",
    "name",
    "owner",
    "query",
    "rcpt",
    "recipient",
    "reply",
    "replyto",
    "sender",
    "target",
    "to",
    "uid",
    "user",
    "username",
    "usr",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The text holds exactly these addresses.
    fn check(text: &str, expected: &[&str]) {
        let mut hits = Vec::new();
        emails(text, &mut hits);
        escaped_emails(text, &mut hits);
        hits.retain(|hit| hit.what == What::Email);
        let found: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn keys_paths_and_queries_are_no_part_of_an_address() {
        for text in [
            "login user=yoko.sato@example.com OK",
            "GET /unsubscribe?mail=yoko.sato@example.com&x=1 200",
            "GET /u/yoko.sato@example.com/edit 200",
            "account=yoko.sato@example.com,plan=pro",
            "x.example/reset?yoko.sato@example.com",
            "user-email=yoko.sato@example.com",
            "user[email]=yoko.sato@example.com",
            "to=<yoko.sato@example.com>",
            "next=%2Freset%3Femail%3Dyoko.sato@example.com",
            "email='yoko.sato@example.com'",
            "uploads/2026/yoko.sato@example.com/a.pdf",
        ] {
            check(text, &["yoko.sato@example.com"]);
        }
        check("user=first.co@example.com", &["first.co@example.com"]);
        check("/a/b@c", &[]);
        check(
            "DATABASE_URL=postgres://shop:Tiger1moon@db.example.com/shop",
            &[],
        );
        check("ssh://deploy@git.example.com/a", &[]);
    }

    #[test]
    fn passwords_with_an_at_are_no_addresses() {
        #[track_caller]
        fn secret(text: &str, mails: &[&str], expected: &[&str]) {
            check(text, mails);
            let mut hits = Vec::new();
            emails(text, &mut hits);
            hits.retain(|hit| hit.what == What::Credential);
            let found: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
            assert_eq!(found, expected, "{text}");
        }
        secret(
            "postgres://shop:P@ssw0rd99@db.example.com/shop",
            &[],
            &["P@ssw0rd99"],
        );
        secret("amqp://a:b@@@@mq.example.com", &[], &["b@@@"]);
        secret(
            "ftp://yoko@example.com:Tiger1moon@ftp.example.org/",
            &["yoko@example.com"],
            &["Tiger1moon"],
        );
        secret(
            "ldap://a:Tiger1moon@ldap.example.com&mail=yoko@example.com",
            &["yoko@example.com"],
            &["Tiger1moon"],
        );
        secret(
            "http://a:Tiger1moon@example.com/?to=yoko@example.com",
            &["yoko@example.com"],
            &["Tiger1moon"],
        );
        secret(
            "smb://a:Tiger1moon@example.com yoko@example.com",
            &["yoko@example.com"],
            &["Tiger1moon"],
        );
    }

    #[test]
    fn addresses_that_hold_another_stay_whole() {
        for address in [
            "bounce+user=example.com@lists.example.org",
            "bounces-123-taro=example.jp@mail.example.com",
            "SRS0=HHH=TT=example.com=taro@example.org",
            "prvs=0123456789=taro@example.com",
            "$A12345@example.com",
            "a!b%c@example.com",
        ] {
            let bare = address.trim_start_matches('$');
            check(&format!("from {address} to"), &[bare]);
        }
    }

    #[test]
    fn values_that_are_addresses() {
        for local in ["user", "to", "q", "user_email", "/u/", "a?b", "x=y&mail"] {
            let sign = if local.ends_with('/') { "" } else { "=" };
            assert!(is_prefixed(&format!("{local}{sign}yoko")), "{local}");
        }
        for local in ["zfzjh=yoko", "yoko.sato", "bounce+yoko=example.jp"] {
            assert!(!is_prefixed(local), "{local}");
        }
    }

    #[test]
    fn escaped_addresses() {
        check(
            "https://x.example/u?user=yoko.sato%40example.com&x=1",
            &["yoko.sato%40example.com"],
        );
        check(
            "/u/yoko%2Btag%40example.com/",
            &["yoko%2Btag%40example.com"],
        );
        check("r=%2Fa%3Dyoko%40example.com", &["yoko%40example.com"]);
        check("r=%2540example.com %40example.com a%40b", &[]);
        check("icon%402x.png", &[]);
        check("é%40example.com", &[]);
    }
}
