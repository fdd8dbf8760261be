//! Network addresses and secrets in running text.
//!
//! In: a text. Out: hits. The anchors are a colon, and the words that stand before secrets.

use std::ops::Range;

use super::cell::ip;
use memchr::memmem::Finder;

use super::text::{Fixed, Hit, What, floor};
use crate::pattern::Part;

/// IPv6 addresses: words of hexadecimal digits and colons.
pub(super) fn ipv6(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b':', bytes) {
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
        // Eight groups, or fewer and `::` for those of zeros; the last two may be an IPv4 address.
        let formed = || {
            let written = &bytes[start..end];
            groups >= 6 || written.windows(2).any(|pair| pair == b"::")
        };
        if groups < 2 || !formed() {
            continue;
        }
        let whole = suffix(bytes, end);
        if (long || whole > end && plain)
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

/// Words that a secret follows, and which part of a credential it is.
const SECRETS: [(&str, Part); 13] = [
    ("password", Part::Password),
    ("passwd", Part::Password),
    ("passphrase", Part::Password),
    ("api_key", Part::Token),
    ("apikey", Part::Token),
    ("api-key", Part::Token),
    ("secret_key", Part::Token),
    ("access_token", Part::Token),
    ("パスワード", Part::Password),
    ("暗証番号", Part::Password),
    ("pwd", Part::Password),
    ("keymaterial", Part::Password),
    ("secret_access_key", Part::Token),
];

static BEARER: Fixed = Fixed::new(|| Finder::new("earer "));
static BEARER_CAPITALS: Fixed = Fixed::new(|| Finder::new("EARER "));
static AMAZON: Fixed = Fixed::new(|| Finder::new("AKIA"));
static PEM: Fixed = Fixed::new(|| Finder::new("-----BEGIN"));
static WIDE_COLON: Fixed = Fixed::new(|| Finder::new("："));
static WIDE_EQUALS: Fixed = Fixed::new(|| Finder::new("＝"));

/// Secrets behind a label or of a known form.
pub(super) fn credentials(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut add = |range, part, confidence| {
        hits.push(Hit {
            part,
            ..Hit::new(What::Credential, range, confidence)
        });
    };
    // A label is known by the sign behind it: `password: `, `"pwd"=`.
    let label = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let ends = |word: &str| {
            let from = before.len().checked_sub(word.len());
            from.is_some_and(|from| bytes[from..before.len()].eq_ignore_ascii_case(word.as_bytes()))
        };
        let last = before.as_bytes().last().map_or(0, u8::to_ascii_lowercase);
        // The last bytes of the words.
        if !matches!(last, b'd' | b'e' | b'y' | b'n' | 0x89 | 0xB7) {
            return None;
        }
        let (_, part) = SECRETS.iter().find(|(word, _)| ends(word))?;
        Some((secret_after(text, before.len(), false)?, *part))
    };
    for at in memchr::memchr2_iter(b':', b'=', bytes) {
        if let Some((range, part)) = label(at) {
            add(range, part, 0.75);
        } else if let Some((range, part)) = secret_by_form(text, at) {
            add(range, part, 0.9);
        }
    }
    if !text.is_ascii() {
        for sign in [&WIDE_COLON, &WIDE_EQUALS] {
            for at in sign.find_iter(bytes) {
                if let Some((range, part)) = label(at) {
                    add(range, part, 0.75);
                }
            }
        }
    }
    for tail in [&BEARER, &BEARER_CAPITALS] {
        for at in tail.find_iter(bytes) {
            let bearer = at > 0 && bytes[at - 1].eq_ignore_ascii_case(&b'b');
            if bearer && let Some(range) = secret_after(text, at + tail.needle().len(), true) {
                add(range, Part::Token, 0.75);
            }
        }
    }
    for start in AMAZON.find_iter(bytes) {
        let tail = bytes[start..].iter().take(21);
        let len = tail
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            .count();
        if len == 20 {
            add(start..start + len, Part::Token, 0.95);
        }
    }
    for start in PEM.find_iter(bytes) {
        let from = start + PEM.needle().len();
        let head = &text[start..floor(text, (from + 40).min(text.len()))];
        if head.contains("PRIVATE KEY-----") {
            let body = &text[from..floor(text, (from + 8192).min(text.len()))];
            let end = body
                .find("-----END")
                .map_or(start + head.len(), |n| from + n);
            add(start..end, Part::Token, 0.99);
        }
    }
}

/// Prefixes that GitHub, GitLab, Slack, Stripe, Shopify, npm, Google and AWS document for their tokens.
#[rustfmt::skip]
const TOKENS: [&str; 22] = [
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "whsec_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxs-",
    "xapp-",
    "shpat_",
    "npm_",
    "pypi-",
    "AIza",
    "ya29.",
    "ASIA",
    "SG.",
];

/// Identifiers of crypt(5), of Apache's and of LDAP's hashes (RFC 2307), and of what frameworks write (PHPass, Drupal, Django, Werkzeug).
#[rustfmt::skip]
const HASHES: [&str; 30] = [
    "$1$",
    "$2a$",
    "$2b$",
    "$2x$",
    "$2y$",
    "$5$",
    "$6$",
    "$7$",
    "$y$",
    "$gy$",
    "$apr1$",
    "$argon2",
    "$P$",
    "$H$",
    "$S$",
    "$pbkdf2",
    "$scrypt",
    "{SHA",
    "{SSHA",
    "{SMD5}",
    "{MD5}",
    "{CRYPT}",
    "pbkdf2_sha",
    "pbkdf2:sha",
    "argon2$",
    "bcrypt$",
    "bcrypt_sha256$",
    "scrypt:",
    "sha1$",
    "sha256$",
];

/// Whether a text is what only passwords are turned into: one of [`HASHES`], or what `PASSWORD()` of MySQL gives.
pub(super) fn is_crypted(text: &str) -> bool {
    const SHORTEST: usize = 20;
    let begins = || {
        HASHES
            .iter()
            .any(|form| text.starts_with(form) && text.len() >= form.len() + SHORTEST)
    };
    let of_mysql = || {
        let digits = text.strip_prefix('*');
        digits.is_some_and(|digits| {
            digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_hexdigit())
        })
    };
    text.starts_with(BEGIN_HASHES) && begins() || of_mysql()
}

/// Characters that those begin with.
const BEGIN_HASHES: [char; 6] = ['$', '{', 'p', 'a', 'b', 's'];

/// A secret that is known by its form alone behind a `:` or `=`: a token with its maker's prefix, the hash of a password, hex digits right behind a
/// mailbox or in the list that a Windows domain's accounts are dumped as (`user:500:hash:hash:::`).
fn secret_by_form(text: &str, sign: usize) -> Option<(Range<usize>, Part)> {
    let body = text[sign + 1..].trim_start_matches([' ', '\t', '"', '\'']);
    let start = text.len() - body.len();
    let run = |inside: fn(&u8) -> bool| body.bytes().take(512).take_while(&inside).count();
    let begins = |list: &[&str]| list.iter().any(|word| body.starts_with(word));
    if matches!(
        body.as_bytes().first(),
        Some(b's' | b'r' | b'w' | b'g' | b'x' | b'n' | b'p' | b'A' | b'y' | b'S')
    ) && begins(&TOKENS)
    {
        let n = run(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b));
        return (n >= 20).then_some((start..start + n, Part::Token));
    }
    if body.starts_with(BEGIN_HASHES) && begins(&HASHES) {
        let colon = body.starts_with("pbkdf2:") || body.starts_with("scrypt:");
        let n = match colon {
            true => run(|b| b.is_ascii_alphanumeric() || b"./$=+,_-:".contains(b)),
            false => run(|b| b.is_ascii_alphanumeric() || b"./$=+,_-{}".contains(b)),
        };
        let value = &body[..n];
        let parts = value.bytes().filter(|&b| b == b'$').count();
        let whole = value.starts_with('{') && value.contains('}') || parts >= 2;
        return (n >= 24 && whole).then_some((start..start + n, Part::Password));
    }
    if start != sign + 1 {
        return None;
    }
    let n = run(u8::is_ascii_hexdigit);
    let ends = !body
        .as_bytes()
        .get(n)
        .is_some_and(u8::is_ascii_alphanumeric);
    let hex = matches!(n, 32 | 40 | 64 | 128) && ends;
    (hex && is_account(text, sign)).then_some((start..start + n, Part::Password))
}

/// Whether what stands before a sign on its line is a mailbox, or a login name and a number, with a hash or without.
fn is_account(text: &str, sign: usize) -> bool {
    let bytes = &text.as_bytes()[sign.saturating_sub(160)..sign];
    let line = bytes
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |at| at + 1);
    let fields: Vec<&[u8]> = bytes[line..].split(|&b| b == b':').collect();
    let number = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    let hash = |field: &[u8]| field.len() == 32 && field.iter().all(u8::is_ascii_hexdigit);
    let bare = |field: &[u8]| !field.is_empty() && !field.iter().any(u8::is_ascii_whitespace);
    match fields.as_slice() {
        [mail] => bare(mail) && mail.contains(&b'@'),
        [login, id] => bare(login) && number(id),
        [login, id, lm] => bare(login) && number(id) && hash(lm),
        _ => false,
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
