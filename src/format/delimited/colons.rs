//! Lines with colons: which of them are rows.
//!
//! In: the first bytes of a file. Out: whether colons part fields there (`49301234567:100023:Anna:Weber:female:…`, `login:password`), or names from values, words of
//! programs and of prose, the bytes of an address or the digits of a time.

use std::collections::HashSet;

use super::super::Cell;
use super::split::{Bounds, Cursor, Dialect};

/// Rows that are looked at.
const ROWS: usize = 50;
/// Logins and passwords, at least, that are told by their form alone.
const LOGINS: usize = 8;

/// What such a list has in its columns.
pub(super) const COLUMNS: [&str; 2] = ["login", "password"];

/// The first rows, each as its fields.
pub(super) fn rows<'h>(head: &'h [u8], dialect: &Dialect, start: usize) -> Vec<Vec<&'h [u8]>> {
    let mut cursor = Cursor::new(head, dialect, &[], start);
    let bounds = Bounds {
        bytes: head.len(),
        fields: usize::MAX,
    };
    let (mut rows, mut cells) = (Vec::new(), Vec::<Cell>::new());
    while rows.len() < ROWS && cursor.next(0, bounds, &mut cells).is_some() {
        if !cells.is_empty() {
            rows.push(cells.drain(..).map(|cell| &head[cell.range()]).collect());
        }
    }
    rows
}

/// Whether the colons of most rows stand as those between fields do: no blank behind them as in prose, in `key: value` and in the lines of programs; no field
/// that opens or ends a block of a program; and more between them than the two digits of a byte.
pub(super) fn are_close(head: &[u8], dialect: &Dialect, start: usize) -> bool {
    let rows = rows(head, dialect, start);
    let close = |fields: &&Vec<&[u8]>| {
        let told =
            |byte: &u8| matches!(byte, b'{' | b'}' | b';' | b'(' | b')' | b'<' | b'>' | b'=');
        let bytes = |field: &&&[u8]| field.len() <= 2 && field.iter().all(u8::is_ascii_hexdigit);
        let filled = || fields.iter().filter(|field| !field.is_empty());
        let program = filled().filter(|field| field.iter().any(told)).count();
        let blank = |field: &&[u8]| field.starts_with(b" ") || field.ends_with(b" ");
        !fields[1..].iter().any(blank)
            && program * 4 <= fields.len()
            && filled().filter(bytes).count() * 2 < fields.len()
    };
    rows.iter().filter(close).count() * 10 >= rows.len() * 9
}

/// Whether nearly all lines are a login and what opens it: two words without a blank, hardly a login twice, and most of the others words of letters
/// and digits that no version, port or colour is written like.
pub(super) fn logins(head: &[u8], start: usize) -> bool {
    let (mut lines, mut fits, mut mixed) = (0, 0, 0);
    let (mut logins, mut secrets) = (HashSet::new(), HashSet::new());
    let text = head[start..].split(|byte| *byte == b'\n');
    for line in text
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(ROWS)
    {
        lines += 1;
        let Some(at) = memchr::memchr(b':', line) else {
            continue;
        };
        let (login, secret) = (&line[..at], &line[at + 1..]);
        let is_login = (2..=40).contains(&login.len())
            && login[0].is_ascii_alphanumeric()
            && login.iter().any(u8::is_ascii_alphabetic)
            && login
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(byte));
        let is_secret = (4..=40).contains(&secret.len())
            && secret
                .iter()
                .all(|byte| byte.is_ascii_graphic() && !b"{}()<>,/".contains(byte))
            && !secret.ends_with(b";");
        if is_login && is_secret {
            fits += 1;
            mixed += usize::from(is_mixed(secret));
            logins.insert(login);
            secrets.insert(secret);
        }
    }
    let most = |n: usize| n * 10 >= fits * 9;
    lines >= LOGINS
        && fits * 20 >= lines * 19
        && most(logins.len())
        && secrets.len() * 2 >= fits
        && mixed * 10 >= fits * 4
}

/// Whether letters stand among digits as in a password: not behind a number of a version (`1.2.3-rc1`), nor all in the digits of a hash.
fn is_mixed(secret: &[u8]) -> bool {
    let digits = secret.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = secret
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    let lead = secret
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let version = lead > 0 && matches!(secret.get(lead), Some(b'.' | b'-' | b'_'))
        || secret
            .first()
            .is_some_and(|first| matches!(first, b'v' | b'#' | b'$'));
    digits > 0 && letters > 0 && !version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_and_what_opens_them() {
        let check = |lines: &dyn Fn(usize) -> String, expected: bool| {
            let text: Vec<String> = (0..12).map(lines).collect();
            assert_eq!(
                logins(text.join("\n").as_bytes(), 0),
                expected,
                "{}",
                text[0]
            );
        };
        check(&|n| format!("user{n}:neko{n}Rx"), true);
        check(
            &|n| format!("mary.{}:Pass-{}", "a".repeat(n + 1), n * 917),
            true,
        );
        check(&|n| format!("lib{n}:amd64"), false);
        check(&|n| format!("lib{n}:1.2.{n}-2ubuntu1"), false);
        check(&|n| format!("host{n}:80{n}0"), false);
        check(&|n| format!("color{n}:#ff00a{n};"), false);
        check(&|n| format!("key{n}: value{n}"), false);
        check(&|n| format!("user:10{n}a"), false);
        check(&|n| format!("12:3{n}:00"), false);
    }
}
