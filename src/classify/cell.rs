//! The shapes of one cell.
//!
//! In: the text of a cell. Out: every [`Shape`] it has. A pure function of the text: no column, no neighbour, no language setting. One pass
//! over the bytes counts their classes, and only what the counts allow is tried. Nothing is allocated for the usual cell.

use super::annotated;
use super::cell_digits::{
    date, digits_only, digits_with_signs, iso_date, phone_written, written_date,
};
use super::cell_masked::{domain_login, masked, masked_number, ruined, ruined_card};
use super::cell_words::{at_in_words, bare_host, blood_type, gender, honorific, letter_sets};
use super::identity_cells;
use super::japanese;
use super::latin;
use super::names_scripts;
use super::number::{self, Written};
use super::text_mail::is_prefixed;
use super::text_tokens::is_crypted;
use super::{Shape, Shapes};
use crate::pattern::domains::is_top_level;
use crate::text::{Words, is_hyphen, narrow, whole_number};

/// Cells longer than this are text or a blob and are not looked at any closer.
const LONG_BYTES: usize = 1024;

/// How many characters of each class an ASCII cell has.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) digits: u16,
    pub(super) upper: u16,
    pub(super) lower: u16,
    pub(super) blanks: u16,
    pub(super) at: u16,
    pub(super) dots: u16,
    pub(super) hyphens: u16,
    pub(super) colons: u16,
    pub(super) slashes: u16,
    pub(super) stars: u16,
    /// Signs of numbers other than the above: `+ ( ) ,`.
    pub(super) signs: u16,
    /// Anything else that is ASCII.
    pub(super) others: u16,
}

/// Eight counters of one byte each in a word.
type Lanes = u64;

/// What each byte adds to the two words of counters.
static CLASSES: [[Lanes; 2]; 256] = {
    let (mut table, mut b) = ([[0; 2]; 256], 0);
    while b < 256 {
        let class = match b as u8 {
            b'0'..=b'9' => 0,
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b' ' | b'\t' | b'\n' | b'\r' => 3,
            b'@' => 4,
            b'.' => 5,
            b'-' => 6,
            b':' => 7,
            b'/' => 8,
            b'*' => 9,
            b'+' | b'(' | b')' | b',' => 10,
            _ => 11,
        };
        table[b][class / 8] = 1 << (class % 8 * 8);
        b += 1;
    }
    table
};

impl Counts {
    fn of(text: &[u8]) -> Self {
        let mut c = [0u16; 12];
        for chunk in text.chunks(255) {
            let (mut low, mut high): (Lanes, Lanes) = (0, 0);
            for &b in chunk {
                let [l, h] = CLASSES[usize::from(b)];
                low += l;
                high += h;
            }
            for (class, count) in c.iter_mut().enumerate() {
                let lanes = if class < 8 { low } else { high };
                *count += (lanes >> (class % 8 * 8) & 0xFF) as u16;
            }
        }
        let [
            digits,
            lower,
            upper,
            blanks,
            at,
            dots,
            hyphens,
            colons,
            slashes,
            stars,
            signs,
            others,
        ] = c;
        Self {
            digits,
            upper,
            lower,
            blanks,
            at,
            dots,
            hyphens,
            colons,
            slashes,
            stars,
            signs,
            others,
        }
    }

    fn letters(&self) -> u16 {
        self.upper + self.lower
    }
}

/// All shapes of a cell. White space around it, ideographic blanks too, is no part of it; an empty cell has none.
pub fn shapes(cell: &str) -> Shapes {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Shapes::NONE;
    }
    if let Some(number) = long_number(cell) {
        return shapes(number);
    }
    if cell.len() > LONG_BYTES {
        let text = cell
            .bytes()
            .take(LONG_BYTES)
            .any(|b| b == b' ' || b >= 0x80);
        return Shapes::of(&[if text { Shape::Sentence } else { Shape::Token }]);
    }
    if let Some(shapes) = plain(cell) {
        return shapes;
    }
    annotated::with_name(cell, general(cell))
}

/// The digits of a long number with an empty fraction: a phone, a card, a day in one number. Amounts have fewer digits.
pub fn long_number(cell: &str) -> Option<&str> {
    whole_number(cell).filter(|digits| (8..=19).contains(&digits.len()))
}

/// The shapes of what most cells of numbers, dates, postal codes and e-mail addresses are, without counting classes; `None` for all else.
/// The same as [`general`] tells.
fn plain(text: &str) -> Option<Shapes> {
    let cell = text.as_bytes();
    if !cell[0].is_ascii_digit() {
        return plain_email(text);
    }
    let mut out = Shapes::NONE;
    // Every byte is looked at, so that the compiler makes vector code of it.
    if cell
        .iter()
        .fold(true, |all, byte| all & byte.is_ascii_digit())
    {
        if cell[0] == b'0' && cell.iter().all(|&byte| byte == b'0') {
            return None;
        }
        digits_only(cell, &mut out);
        return Some(out);
    }
    if let Ok(code) = cell.try_into() {
        return plain_postal(code);
    }
    if let Some(shapes) = plain_phone(text) {
        return Some(shapes);
    }
    let filler = [&b"9999-12-31"[..], b"1900-01-01", b"1970-01-01"].contains(&cell);
    out.add(iso_date(cell).filter(|_| !filler)?);
    Some(out)
}

/// `123-4567`, which may be a street number or a phone number of seven digits as well.
fn plain_postal(code: &[u8; 8]) -> Option<Shapes> {
    const SHAPES: Shapes = Shapes::of(&[Shape::PostalJp, Shape::JpStreet, Shape::PhoneLoose]);
    let digits = code.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_plain = code[3] == b'-' && digits == 7 && !matches!(code, b"000-0000" | b"999-9999");
    is_plain.then_some(SHAPES)
}

/// `090-1234-5678`, `03-1234-5678`: ten or eleven digits from 0 on, in three groups.
fn plain_phone(text: &str) -> Option<Shapes> {
    let cell = text.as_bytes();
    if !matches!(cell.len(), 12 | 13) || cell[0] != b'0' || cell[cell.len() - 5] != b'-' {
        return None;
    }
    let (mut digits, mut n) = ([0; 16], 0);
    for &byte in cell {
        digits[n] = byte;
        n += usize::from(byte.is_ascii_digit());
    }
    let digits = &digits[..n];
    let groups = cell[..cell.len() - 5].iter().position(|&byte| byte == b'-');
    let is_plain = n + 2 == cell.len()
        && groups.is_some_and(|at| (2..=5).contains(&at) && at + 6 < cell.len())
        && digits.iter().any(|&byte| byte != b'0')
        && text != "012-345-6789";
    if !is_plain {
        return None;
    }
    let mut out = Shapes::of(&[match number::jp_line(digits) {
        Some(_) => Shape::PhoneJp,
        None => Shape::PhoneLoose,
    }]);
    if identity_cells::written(text) {
        out.insert(Shape::NationalId);
    }
    Some(out)
}

/// An address whose local part has no signs but dots, hyphens, `_` and `+`.
fn plain_email(cell: &str) -> Option<Shapes> {
    let is_local = |&byte: &u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    let bytes = cell.as_bytes();
    let at = bytes.iter().position(|byte| !is_local(byte))?;
    // What begins with `xxxx` may be masked.
    let host = cell.get(at + 1..)?;
    let is_plain = bytes[at] == b'@'
        && (1..=64).contains(&at)
        && bytes.len() <= 254
        && bytes[0] | 0x20 != b'x'
        && is_plain_host(host.as_bytes())
        && host.rsplit('.').next().is_some_and(is_top_level)
        && !FILLER_MAILBOXES.has_any_case(cell);
    is_plain.then_some(Shapes::of(&[Shape::Email]))
}

/// The shapes of a cell that is neither empty nor long, whatever is in it.
pub(super) fn general(cell: &str) -> Shapes {
    if cell.is_ascii() {
        return ascii(cell, &Counts::of(cell.as_bytes()));
    }
    // Full-width digits and letters: the same value as its ASCII form.
    let mut narrowed = [0u8; 96];
    let mut len = 0;
    for c in cell.chars() {
        let c = if is_hyphen(c) || c == 'ー' && len > 0 && narrowed[len - 1].is_ascii_digit() {
            '-'
        } else {
            narrow(c)
        };
        if !c.is_ascii() || len == narrowed.len() {
            return wide(cell);
        }
        narrowed[len] = c as u8;
        len += 1;
    }
    match std::str::from_utf8(&narrowed[..len]) {
        Ok(text) => ascii(trimmed(text), &Counts::of(&narrowed[..len])),
        Err(_) => Shapes::NONE,
    }
}

fn trimmed(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{FEFF}'),
    }
}

/// Shapes of a cell with characters that have no ASCII form.
fn wide(cell: &str) -> Shapes {
    let (mut out, seen) = japanese::shapes(cell);
    if out.0 == 0 {
        out = if seen.japanese && cell.len() <= 80 {
            Shapes::of(&[Shape::Word])
        } else {
            latin::accented(cell)
        };
        if cell.len() <= 120 && names_scripts::full(cell) {
            out.insert(Shape::ScriptFullName);
        }
    } else if out.has(Shape::HanShort) && !out.any(NOT_CHINESE) && names_scripts::chinese(cell) {
        out.insert(Shape::ScriptFullName);
    }
    if cell.len() <= 24 && blood_type(cell) {
        out.insert(Shape::BloodType);
    }
    if cell.len() <= 24 && gender(cell) {
        out.insert(Shape::Gender);
    }
    if seen.at && email(&cell.replace('＠', "@")) {
        out.insert(Shape::Email);
    }
    if seen.number {
        out.add(written_date(cell));
    }
    out
}

/// Shapes of what begins with a surname of China by chance.
const NOT_CHINESE: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::JpSurname,
    Shape::JpAddress,
    Shape::JpPrefecture,
    Shape::JpCity,
    Shape::JpStreet,
    Shape::Organisation,
    Shape::Occupation,
    Shape::Country,
    Shape::Bool,
    Shape::Gender,
]);

fn ascii(cell: &str, counts: &Counts) -> Shapes {
    let mut out = Shapes::NONE;
    if filler(cell, counts) {
        out.insert(Shape::Filler);
        return out;
    }
    let bytes = cell.as_bytes();
    let len = bytes.len();
    if counts.digits as usize == len {
        digits_only(bytes, &mut out);
    } else if counts.letters() as usize == len {
        latin::word(cell, &mut out);
        letter_sets(cell, &mut out);
    } else if counts.letters() == 0 && counts.digits > 0 {
        digits_with_signs(cell, counts, &mut out);
    } else if counts.at > 0 && counts.blanks == 0 {
        with_at(cell, &mut out);
    } else if counts.letters() > 0 {
        mixed(cell, counts, &mut out);
    }
    if counts.stars >= 3 || masked(bytes) {
        out.insert(Shape::Masked);
        masked_number(bytes, &mut out);
    }
    if len <= 5 && bytes[len - 1] == b'.' && honorific(cell) {
        out.insert(Shape::Gender);
    }
    if len <= 8 && matches!(bytes[0] | 0x20, b'a' | b'b' | b'o' | b'0') && blood_type(cell) {
        out.insert(Shape::BloodType);
    }
    out
}

/// Mailboxes that stand for nothing.
static FILLER_MAILBOXES: Words = Words::new(&[
    "test@example.com",
    "test@test.com",
    "user@example.com",
    "none@none.com",
    "noreply@example.com",
    "no@mail.com",
    "a@a.com",
    "test@test.test",
]);

/// Values that stand for nothing.
fn filler(cell: &str, counts: &Counts) -> bool {
    let bytes = cell.as_bytes();
    if bytes.iter().all(|b| b"-._ /*?#".contains(b)) {
        return counts.stars < 3;
    }
    if counts.digits > 0 && counts.letters() == 0 {
        let zeros = bytes.iter().all(|b| b"0-/ .:".contains(b));
        return match bytes.iter().filter(|&&b| b == b'0').count() {
            n if zeros && n >= 6 => true,
            _ => matches!(
                cell,
                "999-9999-9999"
                    | "999-9999"
                    | "9999-12-31"
                    | "1900-01-01"
                    | "1970-01-01"
                    | "012-345-6789"
            ),
        };
    }
    static WORDS: Words = Words::new(&[
        "null",
        "\\n",
        "nan",
        "n/a",
        "na",
        "none",
        "nil",
        "#n/a",
        "#ref!",
        "undefined",
        "unknown",
        "empty",
        "no data",
        "not available",
        "not applicable",
        "tbd",
        "xxx",
        "xxxx",
        "x",
        "dummy",
        "anonymous",
        "(null)",
        "deleted user",
        "former user",
        "total",
        "subtotal",
        "sub total",
        "grand total",
    ]);
    if bytes.len() <= 14 && counts.digits == 0 {
        return WORDS.has_any_case(cell);
    }
    counts.at == 1 && FILLER_MAILBOXES.has_any_case(cell)
}

/// Whether the text is an IPv4 or an IPv6 address, a zone allowed.
pub(super) fn ip(text: &str) -> bool {
    if ipv4(text.as_bytes()) {
        return true;
    }
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    (3..=45).contains(&address.len())
        && address.bytes().filter(|&b| b == b':').count() >= 2
        && address
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.')
        && !zone.is_empty()
        && address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Four numbers to 255 without leading zeros.
pub(super) fn ipv4(bytes: &[u8]) -> bool {
    (7..=15).contains(&bytes.len())
        && bytes.split(|&b| b == b'.').count() == 4
        && bytes.split(|&b| b == b'.').all(|p| {
            (1..=3).contains(&p.len())
                && p.iter().all(u8::is_ascii_digit)
                && (p.len() == 1 || p[0] != b'0')
                && p.iter().fold(0u32, |n, &b| n * 10 + u32::from(b - b'0')) <= 255
        })
}

/// One word with an `@` in it.
fn with_at(cell: &str, out: &mut Shapes) {
    if email(cell) || cell.strip_prefix("mailto:").is_some_and(email) {
        out.insert(Shape::Email);
    } else if url(cell) {
        out.insert(Shape::Url);
    } else if let Some((local, host)) = cell.split_once('@')
        && !local.is_empty()
        && !host.is_empty()
        && local.bytes().all(local_byte)
        && !is_prefixed(local)
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
    {
        out.insert(Shape::EmailLoose);
    }
}

/// A byte of the local part of an address (RFC 5322 atext, and dots anywhere: old carrier addresses have them doubled and at the end).
pub(super) fn local_byte(b: u8) -> bool {
    const LOCAL: [bool; 256] = {
        let (mut table, mut b) = ([false; 256], 0);
        while b < 128 {
            table[b] = (b as u8).is_ascii_graphic()
                && !matches!(
                    b as u8,
                    b'"' | b'('
                        | b')'
                        | b','
                        | b':'
                        | b';'
                        | b'<'
                        | b'>'
                        | b'@'
                        | b'['
                        | b'\\'
                        | b']'
                );
            b += 1;
        }
        table
    };
    LOCAL[usize::from(b)]
}

/// Whether the text is an e-mail address: a local part of at most 64 bytes and a host name with a plausible top-level domain.
pub(super) fn email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && (quoted || !is_prefixed(local))
        && (quoted
            || local.bytes().all(local_byte)
            || local.bytes().all(|b| b >= 0x80 || local_byte(b)))
        && host_name(host)
}

/// Labels of letters, digits and hyphens, the last a top-level domain.
pub(super) fn host_name(host: &str) -> bool {
    let Some((_, top)) = host.rsplit_once('.') else {
        return false;
    };
    if is_plain_host(host.as_bytes()) {
        return is_top_level(top);
    }
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && (l
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                || l.chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    host.split('.').all(label)
        && (2..=24).contains(&top.len())
        && (is_top_level(top)
            || !top.is_ascii() && top.bytes().all(|b| b.is_ascii_alphabetic() || b >= 0x80)
            || top.starts_with("xn--"))
}

/// Whether a host is written as most are: labels of ASCII letters, digits and inner hyphens, the last of letters. One pass, for what
/// [`host_name`] says of all hosts.
pub(super) fn is_plain_host(host: &[u8]) -> bool {
    let (mut dots, mut len, mut letters) = (0, 0, true);
    for (at, &b) in host.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => len += 1,
            b'0'..=b'9' | b'_' => (len, letters) = (len + 1, false),
            b'-' if len > 0 && host.get(at + 1).is_some_and(|&next| next != b'.') => {
                (len, letters) = (len + 1, false);
            }
            b'.' if (1..=63).contains(&len) => (dots, len, letters) = (dots + 1, 0, true),
            _ => return false,
        }
    }
    dots > 0 && letters && (2..=24).contains(&len)
}

pub(super) fn url(text: &str) -> bool {
    let head = &text.as_bytes()[..text.len().min(8)];
    let scheme = |s: &[u8]| head.len() > s.len() && head[..s.len()].eq_ignore_ascii_case(s);
    scheme(b"http://")
        || head.len() == 8 && head.eq_ignore_ascii_case(b"https://")
        || scheme(b"ftp://")
        || scheme(b"www.")
}

/// Letters together with digits, blanks or signs.
fn mixed(cell: &str, counts: &Counts, out: &mut Shapes) {
    let bytes = cell.as_bytes();
    if url(cell) {
        out.insert(Shape::Url);
        return;
    }
    if counts.others > 0 && counts.blanks == 0 && domain_login(bytes) {
        out.insert(Shape::DomainLogin);
        return;
    }
    if counts.upper == 1 && counts.digits >= 3 && bytes.len() <= 24 && ruined(cell) {
        out.insert(Shape::Ruined);
        if ruined_card(cell) {
            out.insert(Shape::CardLike);
        }
    }
    if counts.dots > 0 && counts.blanks + counts.at + counts.upper == 0 && bare_host(cell) {
        out.insert(Shape::Url);
        return;
    }
    if counts.at == 0 && counts.others > 0 && at_in_words(cell) {
        out.insert(Shape::EmailLoose);
        return;
    }
    if counts.blanks == 0 && counts.digits > 0 {
        code(cell, counts, out);
    } else if counts.digits >= 4 && counts.lower == 0 && spaced_code(counts) {
        out.insert(Shape::Code);
    }
    if counts.digits >= 3 && counts.digits <= 18 && bytes.len() <= 48 {
        date(cell, out);
    }
    if counts.colons >= 2 && ip(cell) {
        out.insert(Shape::Ip);
    }
    let long = (9..=22).contains(&bytes.len());
    if long && counts.digits >= 5 && counts.letters() <= 9 && identity_cells::written(cell) {
        out.insert(Shape::NationalId);
    }
    if counts.digits >= 9 && counts.upper >= 2 && number::iban(bytes) {
        out.insert(Shape::Iban);
    }
    if counts.digits >= 7 && counts.letters() <= 10 {
        phone_with_words(cell, out);
    }
    if counts.digits > 0 && bytes.len() <= 10 {
        latin::postal_code(cell, out);
    }
    latin::several_words(cell, counts, out);
}

/// A number of letters and digits in groups: `AB 12 34 56 C`.
fn spaced_code(counts: &Counts) -> bool {
    let signs = counts.others + counts.at + counts.colons + counts.slashes + counts.signs;
    counts.upper <= 4 && counts.blanks <= 5 && counts.digits <= 18 && signs + counts.dots == 0
}

/// Whether a word is the digits of a hash: alone, as a number of a program (`0x…`), or with the salt that went into it behind a colon (`5f4d…:x!9`).
fn is_hash(bytes: &[u8], counts: &Counts) -> bool {
    let hex = |bytes: &[u8]| {
        matches!(bytes.len(), 32 | 40 | 64 | 128) && bytes.iter().all(u8::is_ascii_hexdigit)
    };
    let bare = bytes
        .strip_prefix(b"0x")
        .or_else(|| bytes.strip_prefix(b"0X"))
        .unwrap_or(bytes);
    if counts.colons == 0 || bytes.len() < 34 {
        return hex(bare);
    }
    let at = memchr::memchr(b':', bytes).unwrap_or(bytes.len());
    let salt = bytes.len() - at;
    hex(&bytes[..at]) && (3..=66).contains(&salt)
}

/// One word of letters and digits.
fn code(cell: &str, counts: &Counts, out: &mut Shapes) {
    let bytes = cell.as_bytes();
    if is_hash(bytes, counts) {
        out.insert(Shape::Hash);
        return;
    }
    if is_crypted(cell) {
        out.insert(Shape::Hash);
        out.insert(Shape::Token);
        return;
    }
    if bytes.len() >= 13 && bytes[0] == b'$' && (cell[1..].contains('$')) {
        out.insert(Shape::Hash);
        return;
    }
    if bytes.len() == 36
        && counts.hyphens == 4
        && bytes.iter().enumerate().all(|(at, b)| {
            if matches!(at, 8 | 13 | 18 | 23) {
                *b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        })
    {
        out.insert(Shape::Uuid);
        return;
    }
    if bytes.len() == 17
        && (counts.colons == 5 || counts.hyphens == 5)
        && bytes.iter().enumerate().all(|(at, b)| {
            if at % 3 == 2 {
                *b == bytes[2]
            } else {
                b.is_ascii_hexdigit()
            }
        })
    {
        out.insert(Shape::Mac);
        return;
    }
    let plain = counts.others == 0 && counts.at == 0;
    if bytes.len() >= 20
        && bytes
            .iter()
            .all(|&b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b))
        && counts.digits >= 2
        && counts.letters() >= 6
    {
        out.insert(Shape::Token);
    } else if plain
        || bytes
            .iter()
            .all(|&b| b.is_ascii_alphanumeric() || b"_-./".contains(&b))
    {
        out.insert(Shape::Code);
        latin::numbered_name(cell, out);
    }
}

/// `03-1234-5678 ext. 12`, `Tel: 03-1234-5678`.
fn phone_with_words(cell: &str, out: &mut Shapes) {
    let start = cell
        .find(|c: char| c.is_ascii_digit() || c == '+' || c == '(')
        .unwrap_or(0);
    let label = cell[..start].trim_end_matches([' ', '.', ':']);
    if !(label.is_empty()
        || ["tel", "phone", "fax", "mobile", "ph", "cell", "t", "f", "m"]
            .iter()
            .any(|w| label.eq_ignore_ascii_case(w)))
    {
        return;
    }
    let rest = &cell[start..];
    let end = rest
        .find(|c: char| c.is_ascii_alphabetic() || c == '#')
        .unwrap_or(rest.len());
    let tail = &rest[end..];
    let digits_at = tail
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(tail.len());
    let word = tail[..digits_at].trim_end_matches([' ', '.', ':']);
    let extension = tail.is_empty()
        || ["x", "ext", "extension", "extn", "#", "ex"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w));
    if !extension
        || tail[digits_at..].len() > 6
        || !tail[digits_at..].bytes().all(|b| b.is_ascii_digit())
    {
        return;
    }
    if let Some(written) = Written::read(rest[..end].trim_end_matches([' ', ',', ';']).as_bytes()) {
        phone_written(&written, out);
    }
}

#[cfg(test)]
mod tests;
