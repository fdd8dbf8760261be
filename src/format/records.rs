//! Records written one field a line: `mysql` with `\G`, `psql` with `\x`, lists in YAML, forms and cards as text.
//!
//! In: lines `key: value`, the same keys again and again. Out: a record from each line on that begins as the first of all, a field under each key; a
//! line without a key belongs to the value before it. What stands before the first record is text.

use std::ops::Range;

use memchr::memrchr;

use super::directory::Parts;
use super::json::{Written, string};
use super::prose::Prose;
use super::{Context, Format, Head, Item, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::Encoding;

/// Records of one field a line.
pub(crate) const FORMAT: Format = Format {
    name: "records",
    title: "Records of one field a line (mysql \\G, psql \\x, lists in YAML, forms as text)",
    extensions: &["txt", "yaml", "yml", "log", "out"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Bytes that tell what the records are.
const HEAD: usize = 64 << 10;
/// So many records, at least, make a table.
const FEWEST: usize = 3;
/// Keys that a record has, at least; where rows are numbered, one less does.
const KEYS: usize = 3;
/// Longest key, in characters.
const LONGEST_KEY: usize = 40;
/// Longest start of a line up to the end of its key, in bytes.
const LONGEST_MARK: usize = 400;
/// Words of a key, at most.
const WORDS: usize = 6;
/// The share of records that must have the keys of most.
const ALIKE: f64 = 0.7;
/// The share of lines that must have a key.
const KEYED: f64 = 0.7;

/// How the file writes its records.
#[derive(Clone, Debug, PartialEq)]
struct Style {
    /// The bytes with which the first line of each record begins, up to the end of its key.
    mark: Vec<u8>,
    /// What stands between key and value.
    between: Between,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Between {
    Colon,
    /// As `psql` writes them.
    Bar,
}

/// What a line is.
enum Line<'t> {
    /// Between records: blank, a rule, or `*** 1. row ***`.
    Rule {
        numbered: bool,
    },
    Field {
        key: &'t str,
        value: &'t str,
    },
    More,
}

impl Between {
    fn line(self, line: &str) -> Line<'_> {
        let text = line.trim();
        if let Some(numbered) = rule(text) {
            return Line::Rule { numbered };
        }
        let text = text.strip_prefix("- ").unwrap_or(text);
        let split = match self {
            Between::Bar => text
                .split_once('|')
                .or(text.strip_suffix('|').map(|key| (key, ""))),
            Between::Colon => text.split_once([':', '：']).filter(|(key, value)| {
                let wide = text[key.len()..].starts_with('：');
                wide || is_apart(key, value)
            }),
        };
        match split {
            Some((key, value)) if is_key(key.trim()) => Line::Field {
                key: key.trim(),
                value: value.trim(),
            },
            _ => Line::More,
        }
    }
}

/// Whether a value stands apart from a colon behind its key: `std::fmt` and `http://` are no fields; Japanese is written without blanks.
fn is_apart(key: &str, value: &str) -> bool {
    let next = value.chars().next();
    !key.is_ascii() || next.is_none_or(|c| c.is_whitespace() || !c.is_ascii())
}

/// Whether a line only parts records, and whether it numbers them.
fn rule(line: &str) -> Option<bool> {
    let is_sign = |c: char| matches!(c, '-' | '=' | '*' | '_' | '+' | '#' | '─' | '＝' | '－');
    let words = line.trim_matches(is_sign).trim();
    if words.is_empty() {
        return Some(false);
    }
    let is_number = |word: &str| {
        word.trim_end_matches('.')
            .bytes()
            .all(|b| b.is_ascii_digit())
    };
    let mysql = line.starts_with("***") && line.ends_with("***");
    let mysql = mysql && words.strip_suffix(". row").is_some_and(is_number);
    let psql = line.starts_with("-[ RECORD ") && line.contains(" ]");
    (mysql || psql).then_some(true)
}

fn is_key(key: &str) -> bool {
    key.chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
        && key.chars().count() <= LONGEST_KEY
        && key.split_whitespace().count() <= WORDS
        && !key.contains(['"', '{', '}', '<', '>', ';', '。', '、', '?', '!', '=', ','])
}

/// How the head writes its records, if it has any.
fn style(head: &[u8], encoding: Encoding) -> Option<Style> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    // The last line may be cut.
    let end = if head.len() < HEAD {
        text.len()
    } else {
        memrchr(b'\n', text)?
    };
    let lines = || {
        text[..end]
            .split(|&byte| byte == b'\n')
            .map(<[u8]>::trim_ascii_end)
    };
    let is_bar = lines()
        .find(|line| !line.is_empty())?
        .starts_with(b"-[ RECORD ");
    let between = if is_bar { Between::Bar } else { Between::Colon };
    let (mut mark, mut numbered, mut keyed, mut told) = (Vec::new(), false, 0usize, 0usize);
    // Records before which a line without a key stands: a title, which a reader of text understands.
    let (mut titled, mut is_title) = (0usize, false);
    let mut records: Vec<Vec<String>> = Vec::new();
    for raw in lines() {
        if !mark.is_empty() && raw.starts_with(&mark) {
            records.push(Vec::new());
            titled += usize::from(is_title && !mark.trim_ascii_start().starts_with(b"- "));
        }
        let line = encoding.decode(raw).0;
        match between.line(&line) {
            Line::Rule {
                numbered: is_numbered,
            } => (numbered, is_title) = (numbered | is_numbered, false),
            Line::Field { key, value } => {
                is_title = false;
                // A line that names a list: `customers:`.
                if mark.is_empty() && value.is_empty() && !is_bar {
                    continue;
                }
                if mark.is_empty() {
                    mark = mark_of(raw, key, encoding)?;
                    records.push(Vec::new());
                }
                (keyed, told) = (keyed + 1, told + 1);
                records.last_mut()?.push(key.to_owned());
            }
            Line::More if mark.is_empty() => {}
            Line::More => (told, is_title) = (told + 1, true),
        }
    }
    let fewest = KEYS - usize::from(numbered || is_bar);
    (is_table(&records, fewest) && titled * 3 < records.len()).then_some(())?;
    (keyed as f64 >= KEYED * told as f64).then_some(Style { mark, between })
}

/// The bytes of a line up to the end of its key and what stands between it and the value.
fn mark_of(raw: &[u8], key: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let is_key = |&end: &usize| encoding.decode(&raw[..end]).0.ends_with(key);
    let end = (1..=raw.len().min(LONGEST_MARK)).find(is_key)?;
    let blanks = raw[end..].iter().take_while(|&&byte| byte == b' ').count();
    let sign = match raw.get(end + blanks)? {
        b':' | b'|' => 1,
        // `：` has three bytes in UTF-8, and two in the others.
        _ if encoding == Encoding::Utf8 => 3,
        _ => 2,
    };
    raw.get(..end + blanks + sign).map(<[u8]>::to_vec)
}

/// Whether most of the records have the same keys, each but the last, which may be cut.
fn is_table(records: &[Vec<String>], fewest: usize) -> bool {
    if records.len() < FEWEST {
        return false;
    }
    let whole = &records[..records.len() - 1];
    let longest = whole.iter().max_by_key(|keys| keys.len());
    let Some(all) = longest.filter(|keys| keys.len() >= fewest) else {
        return false;
    };
    let is_alike = |keys: &&Vec<String>| {
        let known = keys.iter().filter(|key| all.contains(key)).count();
        known >= fewest && known * 2 > all.len() && known * 10 >= keys.len() * 9
    };
    whole.iter().filter(is_alike).count() as f64 >= ALIKE * whole.len() as f64
}

fn sniff(head: &Head<'_>) -> u8 {
    match style(head.bytes, head.encoding) {
        Some(_) => 82,
        None => 0,
    }
}

struct Records<'a> {
    bytes: &'a [u8],
    name: String,
    encoding: Encoding,
    limits: Limits,
    style: Style,
    parts: Parts,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let style = style(head, context.encoding);
    let lost = || Fault::whole(Code::Unsupported, "no records of one field a line");
    Ok(Box::new(Records {
        bytes,
        name: context.stem.clone(),
        encoding: context.encoding,
        limits: context.limits.clone(),
        style: style.ok_or_else(lost)?,
        parts: Parts::new(bytes, context.limits.part_bytes),
    }))
}

impl Reader for Records<'_> {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let begins = |at: &[u8]| at.starts_with(&self.style.mark);
        let first = || self.parts.first(self.bytes, begins);
        if part == 0 && self.before(first(), sink).is_none() {
            return Ok(());
        }
        let mut rows = Written::new(&self.name, &self.limits);
        for range in self.parts.records(self.bytes, part, begins) {
            let start = range.start;
            let end = range.end.min(start + self.limits.record_bytes);
            let bad = self.fields(start..end, rows.out());
            if rows.end(start as u64, sink).is_break() {
                return Ok(());
            }
            let cut = (end < range.end).then(|| {
                let lost = format!("{} bytes of the record", range.end - end);
                Fault::at(Code::RecordTooLong, start as u64, lost)
            });
            let bad = (bad > 0).then(|| {
                let lost = format!("{bad} bytes of the record");
                Fault::at(Code::BadEncoding, start as u64, lost)
            });
            for fault in cut.into_iter().chain(bad) {
                if rows.flush(sink).is_break() || sink(Item::Fault(fault)).is_break() {
                    return Ok(());
                }
            }
        }
        let _ = rows.flush(sink);
        Ok(())
    }
}

impl Records<'_> {
    /// Gives what stands before the first record; `None` when the sink breaks.
    fn before(&self, end: usize, sink: &mut Sink<'_>) -> Option<()> {
        let mut prose = Prose::new(format!("{} (text)", self.name), &self.limits);
        for raw in self.bytes[..end].split(|&byte| byte == b'\n') {
            let line = self.encoding.decode(raw).0;
            let is_rule = rule(line.trim()).is_some();
            if !is_rule && prose.line(&line, sink).is_break() {
                return None;
            }
        }
        prose.flush(sink).is_continue().then_some(())
    }

    /// Writes the fields of a record; how many of its bytes made no character.
    fn fields(&self, range: Range<usize>, out: &mut Vec<u8>) -> usize {
        let (text, bad) = self.encoding.decode(&self.bytes[range]);
        let mut open: Option<(&str, String)> = None;
        out.push(b'{');
        let mut is_first = true;
        let mut put = |field: Option<(&str, String)>, out: &mut Vec<u8>| {
            let Some((key, value)) = field else { return };
            if !std::mem::take(&mut is_first) {
                out.push(b',');
            }
            string(key, out);
            out.push(b':');
            string(plain(value.trim()), out);
        };
        for line in text.lines() {
            match self.style.between.line(line) {
                Line::Rule { .. } => {}
                Line::Field { key, value } => {
                    put(open.replace((key, value.to_owned())), out);
                }
                Line::More => match &mut open {
                    Some((_, value)) => {
                        value.push('\n');
                        value.push_str(line.trim());
                    }
                    None => open = Some(("", line.trim().to_owned())),
                },
            }
        }
        put(open, out);
        out.push(b'}');
        bad
    }
}

/// A value without the quotes around it.
fn plain(value: &str) -> &str {
    let inside = |sign: char| value.strip_prefix(sign)?.strip_suffix(sign);
    let bare = inside('"').or_else(|| inside('\'')).unwrap_or(value);
    match bare {
        "NULL" | "null" | "~" => "",
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_records_are() {
        let check = |text: &str, expected: bool| {
            let told = style(text.as_bytes(), Encoding::Utf8);
            assert_eq!(told.is_some(), expected, "{text}");
        };
        let thrice = |record: &str| record.repeat(4);
        check(
            &thrice("N° client: 7\nNom: Anne Petit\nVille: Lyon\n\n"),
            true,
        );
        check(&thrice("- id: 7\n  name: \"Anne\"\n  city: Lyon\n"), true);
        check(
            &thrice("氏名：佐藤 花子\n電話：03-0000-0000\n住所：東京都\n"),
            true,
        );
        check(&thrice("*** 1. row ***\n  id: 7\nname: Anne\n"), true);
        check(&thrice("-[ RECORD 1 ]---\nid   | 7\nname | Anne\n"), true);
        check(
            &thrice("■佐藤 花子\n電話：03-0000-0000\n住所：東京都\n職業：教員\n"),
            false,
        );
        // Too few keys, too few records, other keys, lines of text.
        check(&thrice("id: 7\nname: Anne\n"), false);
        check("id: 7\nname: Anne\ncity: Lyon\n", false);
        check(
            "a: 1\nb: 2\nc: 3\na: 4\nd: 5\ne: 6\na: 1\nf: 2\ng: 3\na: 2\n",
            false,
        );
        check(&thrice("Anne: hello\nBob: yes\n"), false);
        check(&thrice("id: 7\nname: x\ncity: y\n{\n}\n,\n[\n]\n"), false);
        check(&thrice("12:30 a\nhttp://example.com\nstd::fmt\n"), false);
    }
}
