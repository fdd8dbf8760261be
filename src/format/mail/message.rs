//! One message as a record: its address headers decoded, its text parts joined, its attachments as members.

use std::borrow::Cow;
use std::ops::Range;

use mail_parser::{Addr, Address, Header, HeaderValue};
use memchr::memchr_iter;
use memchr::memmem::{Finder, find};

use super::forms::Said;
use super::mbox;
use super::mime::{self, Flaw, Kind, Leaf, Transfer};
use super::uuencode;
use crate::format::{Cell, Item, MAIL_COLUMNS, Member, Names};
use crate::source::{Bytes, Code, Fault};
use crate::text::{Encoding, detect};

/// Header fields that hold an `@` or an address of a machine, but of no person: message numbers and signatures.
const NOT_PEOPLE: [&str; 7] = [
    "message-id",
    "references",
    "in-reply-to",
    "dkim-signature",
    "arc-seal",
    "arc-message-signature",
    "content-id",
];
/// Header fields that name a person's machine without an `@`.
const MACHINES: [&str; 3] = ["x-originating-ip", "x-sender-ip", "x-client-ip"];

/// Records decoded so far.
pub(super) struct Rows {
    pub(super) text: String,
    pub(super) cells: Vec<Cell>,
}

impl Rows {
    /// Makes a cell of what was written since `start`.
    fn cell(&mut self, start: usize) {
        self.cells.push(Cell::new(start, self.text.len(), false));
    }
}

/// Where a message comes from.
pub(super) struct Origin<'a> {
    /// What it is a slice of.
    pub(super) source: &'a Bytes,
    /// Its number in the source.
    pub(super) index: usize,
    /// Whether `>From ` in it stands for `From `.
    pub(super) mailbox: bool,
    /// Whether what it is a slice of is the source itself, and not a transcoded copy.
    pub(super) stands: bool,
}

impl Origin<'_> {
    /// The offset in the source of a slice of it.
    fn at(&self, slice: &[u8]) -> usize {
        slice.as_ptr() as usize - self.source.as_ptr() as usize
    }
}

/// A record whose cells stand in the source as they are.
pub(super) struct Standing<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset of the bytes in the source.
    pub(super) at: u64,
    pub(super) cells: [Cell; MAIL_COLUMNS.len()],
}

/// Reads one message: its record into `rows`, unless it stands in the source, and its members and faults into `rest`.
pub(super) fn read<'a>(
    raw: &'a [u8],
    origin: &Origin<'_>,
    rows: &mut Rows,
    rest: &mut Vec<Item<'static>>,
) -> Option<Standing<'a>> {
    let split = mime::split(raw);
    let header = mime::readable(split.header);
    let fields = mime::fields(&header);
    let headers = fields.as_ref().map_or(&[][..], |fields| fields.headers());
    let found = mime::leaves(raw, fields.as_ref(), split.body);
    let offset = origin.at(raw);
    rest.extend(
        found
            .flaws
            .iter()
            .map(|&flaw| Item::Fault(fault(flaw, offset))),
    );
    members(&found.leaves, origin, rest);

    let plain = origin.stands && matches!(header, Cow::Borrowed(_));
    if let Some(cells) = plain
        .then(|| standing(raw, headers, &found.leaves, origin.mailbox))
        .flatten()
    {
        return Some(Standing {
            bytes: raw,
            at: offset as u64,
            cells,
        });
    }
    decoded(headers, &header, &found.leaves, origin.mailbox, rows);
    None
}

/// Writes a record, decoded.
fn decoded(
    headers: &[Header<'_>],
    header: &[u8],
    leaves: &[Leaf<'_>],
    mailbox: bool,
    rows: &mut Rows,
) {
    for column in FIELDS {
        let start = rows.text.len();
        let mut n = 0;
        for found in named(headers, column) {
            rows.text.push_str(if n > 0 { ", " } else { "" });
            push_value(found, header, &mut rows.text);
            n += 1;
        }
        if n > 0 {
            rows.cell(start)
        } else {
            rows.cells.push(Cell::ABSENT)
        }
    }
    let start = rows.text.len();
    other_headers(headers, header, &mut rows.text);
    rows.cell(start);
    let start = rows.text.len();
    for leaf in leaves
        .iter()
        .filter(|leaf| matches!(leaf.kind, Kind::Plain | Kind::Html))
    {
        if rows.text.len() > start && !rows.text.ends_with('\n') {
            rows.text.push('\n');
        }
        if leaf.again {
            let mut form = String::new();
            push_text(leaf, mailbox, &mut form);
            let said = Said::of(&rows.text[start..]);
            said.push_rest(&form, &mut rows.text);
        } else {
            push_text(leaf, mailbox, &mut rows.text);
        }
    }
    rows.cell(start);
}

/// The first columns hold addresses.
const ADDRESSES: usize = 5;
/// The columns that are one header field each.
const FIELDS: &[&str] = MAIL_COLUMNS.split_at(7).0;

/// The cells of a message in which nothing is encoded, quoted, commented or repeated, so that its text stands as it is.
fn standing(
    raw: &[u8],
    headers: &[Header<'_>],
    leaves: &[Leaf<'_>],
    mailbox: bool,
) -> Option<[Cell; MAIL_COLUMNS.len()]> {
    let [leaf] = leaves else { return None };
    let body = text(leaf.body, leaf.charset.as_deref());
    let as_it_is = matches!(body, Cow::Borrowed(_)) && body.len() == leaf.body.len();
    let quoted = mailbox && mbox::unquote(&body).is_some();
    if leaf.kind != Kind::Plain || leaf.transfer != Transfer::Identity || !as_it_is || quoted {
        return None;
    }
    let mut cells = [Cell::ABSENT; MAIL_COLUMNS.len()];
    for (i, column) in FIELDS.iter().enumerate() {
        let mut fields = named(headers, column);
        let Some(range) = fields.next().map(|found| value_range(found, raw)) else {
            continue;
        };
        if fields.next().is_some() || !is_bare(&raw[range.clone()], i < ADDRESSES) {
            return None;
        }
        cells[i] = Cell::new(range.start, range.end, false);
    }
    let others = |found: &Header<'_>| is_other(found, &raw[value_range(found, raw)]);
    let first = headers.iter().position(others);
    let last = headers.iter().rposition(others);
    let mut span = 0..0;
    if let (Some(first), Some(last)) = (first, last) {
        // One cell for all: they must follow one another.
        if !headers[first..=last].iter().all(others) {
            return None;
        }
        span = headers[first].offset_field() as usize..value_range(&headers[last], raw).end;
    }
    let start = leaf.body.as_ptr() as usize - raw.as_ptr() as usize;
    cells[7] = Cell::new(span.start, span.end, false);
    cells[8] = Cell::new(start, start + leaf.body.len(), false);
    Some(cells)
}

/// Whether a field's value is its own decoded form: no encoded words, and for addresses no quotes, comments or groups, and
/// line breaks only between two of them.
fn is_bare(value: &[u8], addresses: bool) -> bool {
    let broken = |at: usize| {
        let line = value[..at].strip_suffix(b"\r").unwrap_or(&value[..at]);
        !addresses || !line.ends_with(b",")
    };
    find(value, b"=?").is_none()
        && !(addresses && value.iter().any(|byte| b"\"\\():;".contains(byte)))
        && !memchr_iter(b'\n', value).any(broken)
}

/// Where a field's value stands in its block, without the blanks around it.
fn value_range(found: &Header<'_>, block: &[u8]) -> Range<usize> {
    let end = (found.offset_end() as usize).min(block.len());
    let start = (found.offset_start() as usize).min(end);
    let value = &block[start..end];
    let start = start + (value.len() - value.trim_ascii_start().len());
    start..start + value.trim_ascii().len()
}

/// Whether a field outside the columns may hold an address.
fn is_other(found: &Header<'_>, value: &[u8]) -> bool {
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|name| found.name().eq_ignore_ascii_case(name))
    };
    let content = found
        .name()
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("content-"));
    !is(FIELDS) && !is(&NOT_PEOPLE) && !content && (value.contains(&b'@') || is(&MACHINES))
}

/// The fields of a column.
fn named<'a, 'x>(headers: &'a [Header<'x>], column: &str) -> impl Iterator<Item = &'a Header<'x>> {
    headers
        .iter()
        .filter(move |found| found.name().eq_ignore_ascii_case(column))
}

fn fault(flaw: Flaw, offset: usize) -> Fault {
    let at = |at: usize| (offset + at) as u64;
    match flaw {
        Flaw::Unclosed(end) => Fault::at(
            Code::Truncated,
            at(end),
            "the rest of the message, if there was any",
        ),
        Flaw::TooDeep(start) => {
            Fault::at(Code::TooDeep, at(start), "the structure of a message part")
        }
        Flaw::TooMany(start) => Fault::at(
            Code::OverBudget,
            at(start),
            "the further parts of the message",
        ),
    }
}

/// Writes the value of an address, subject or date field, decoded.
fn push_value(found: &Header<'_>, header: &[u8], out: &mut String) {
    match &found.value {
        HeaderValue::Address(address) => push_addresses(address, out),
        HeaderValue::Text(text) => out.push_str(text),
        HeaderValue::TextList(list) => out.push_str(&list.join(", ")),
        _ => push_raw(found, header, out),
    }
}

/// Writes a field as it stands, without its line breaks.
fn push_raw(found: &Header<'_>, header: &[u8], out: &mut String) {
    let raw = String::from_utf8_lossy(&header[value_range(found, header)]);
    for (i, line) in raw
        .split(['\r', '\n'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
    {
        out.push_str(if i > 0 { " " } else { "" });
        out.push_str(line);
    }
}

fn push_addresses(address: &Address<'_>, out: &mut String) {
    match address {
        Address::List(list) => push_list(list, out),
        Address::Group(groups) => {
            for (i, group) in groups.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                push_list(&group.addresses, out);
            }
        }
    }
}

fn push_list(list: &[Addr<'_>], out: &mut String) {
    for (i, addr) in list.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        match (
            addr.name
                .as_deref()
                .map(str::trim)
                .filter(|name| !name.is_empty()),
            addr.address.as_deref(),
        ) {
            (Some(name), address) => {
                // A comma in a name would look like the next address.
                let quote = if name.contains([',', '<', '>']) {
                    "\""
                } else {
                    ""
                };
                out.extend([quote, name, quote]);
                if let Some(address) = address {
                    out.extend([" <", address, ">"]);
                }
            }
            (None, address) => out.push_str(address.unwrap_or_default()),
        }
    }
}

/// Writes the fields outside the columns that may hold an address, one a line.
fn other_headers(headers: &[Header<'_>], header: &[u8], out: &mut String) {
    let start = out.len();
    for found in headers
        .iter()
        .filter(|found| is_other(found, &header[value_range(found, header)]))
    {
        if out.len() > start {
            out.push('\n');
        }
        out.extend([found.name(), ": "]);
        match &found.value {
            HeaderValue::Address(address) => push_addresses(address, out),
            _ => push_raw(found, header, out),
        }
    }
}

/// The fields of a header block outside the columns that may hold an address, one a line.
#[cfg(feature = "mail-stores")]
pub(super) fn others(header: &str) -> String {
    let fields = mime::fields(header.as_bytes());
    let headers = fields.as_ref().map_or(&[][..], |fields| fields.headers());
    let mut out = String::new();
    other_headers(headers, header.as_bytes(), &mut out);
    out
}

/// Writes a text part, decoded.
fn push_text(leaf: &Leaf<'_>, mailbox: bool, out: &mut String) {
    let bytes = mime::decode(leaf.body, leaf.transfer);
    let text = text(&bytes, leaf.charset.as_deref());
    let text = mailbox
        .then(|| mbox::unquote(&text))
        .flatten()
        .map_or(text, Cow::Owned);
    if leaf.kind == Kind::Html {
        out.push_str(&super::body::text_of_html(&text));
        push_links(&text, out);
    } else {
        out.push_str(&text);
    }
}

/// Writes the addresses that stand in `mailto:` links and not in the text that they are on.
fn push_links(html: &str, out: &mut String) {
    let finder = Finder::new(b"mailto:");
    for at in finder.find_iter(html.as_bytes()) {
        let rest = &html[at + 7..];
        let end = rest
            .bytes()
            .take(320)
            .position(|byte| matches!(byte, b'"' | b'\'' | b'?' | b'>' | b' '));
        let Some(address) = end
            .and_then(|end| rest.get(..end))
            .filter(|address| address.contains('@'))
        else {
            continue;
        };
        let shown = rest
            .bytes()
            .take(1_000)
            .position(|byte| byte == b'>')
            .and_then(|close| rest.get(close + 1..));
        if !shown.is_some_and(|shown| shown.trim_start().starts_with(address)) {
            out.extend(["\n", address]);
        }
    }
}

/// Decodes text under the label it carries; unlabelled text, or text whose label cannot be true, as what it looks like.
fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    // ASCII is the same under every label but those that shift by escapes, or that are not ASCII at all.
    let label = charset.unwrap_or_default().trim().to_ascii_lowercase();
    let seven_bit = bytes.is_ascii() && !bytes.contains(&0x1b) && !bytes.contains(&0);
    if seven_bit && !label.starts_with("utf-7") && !label.starts_with("unicode-1-1-utf-7") {
        return String::from_utf8_lossy(bytes);
    }
    let encoding = match label.as_str() {
        "" | "us-ascii" | "ascii" | "7bit" | "8bit" | "unknown-8bit" | "x-unknown" => {
            return unlabelled(bytes);
        }
        "cp932" | "ms932" => Some(encoding_rs::SHIFT_JIS),
        "cp51932" | "eucjp" | "eucjp-ms" => Some(encoding_rs::EUC_JP),
        "iso-2022-jp-ms" | "cp50220" | "cp50221" | "iso-2022-jp-1" | "iso-2022-jp-3" => {
            Some(encoding_rs::ISO_2022_JP)
        }
        label => encoding_rs::Encoding::for_label(label.as_bytes()),
    };
    match encoding {
        Some(encoding) => {
            let (text, _, errors) = encoding.decode(bytes);
            let looks = errors.then(|| detect(bytes).encoding.decode(bytes));
            // A wrong label, not just a wrong byte.
            looks
                .filter(|(_, wrong)| *wrong == 0)
                .map_or(text, |(looks, _)| looks)
        }
        None => match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
            Some(decode) => Cow::Owned(decode(bytes)),
            None => unlabelled(bytes),
        },
    }
}

/// Decodes text that says nothing of its encoding.
pub(super) fn unlabelled(bytes: &[u8]) -> Cow<'_, str> {
    let iso_2022_jp = bytes.contains(&0x1b);
    match std::str::from_utf8(bytes) {
        Ok(text) if !iso_2022_jp => Cow::Borrowed(text),
        Ok(_) => Encoding::Iso2022Jp.decode(bytes).0,
        Err(_) => detect(bytes).encoding.decode(bytes).0,
    }
}

/// Gives attachments and nested messages.
fn members(leaves: &[Leaf<'_>], origin: &Origin<'_>, rest: &mut Vec<Item<'static>>) {
    let mut names = Names::default();
    for leaf in leaves {
        let fallback = match leaf.kind {
            Kind::Plain => {
                let text = mime::decode(leaf.body, leaf.transfer);
                for file in uuencode::files(&text) {
                    let cut = Fault::at(Code::Truncated, file.bytes.len() as u64, "unknown");
                    rest.push(Item::Member(Member {
                        name: names.distinct(format!("{}/{}", origin.index, file.name)),
                        len: file.bytes.len() as u64,
                        bytes: Some(Bytes::owned(file.bytes)),
                        fault: (!file.is_whole).then_some(cut),
                    }));
                }
                continue;
            }
            Kind::Html => continue,
            Kind::Message => "message.eml",
            Kind::File => "attachment",
        };
        let name = leaf
            .name
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .unwrap_or(fallback);
        let name = format!("{}/{}", origin.index, name);
        let name = names.distinct(name);
        let bytes = match leaf.transfer {
            Transfer::Identity => {
                let at = origin.at(leaf.body);
                origin.source.slice(at..at + leaf.body.len())
            }
            encoded => Bytes::owned(mime::decode(leaf.body, encoded).into_owned()),
        };
        let len = bytes.len() as u64;
        rest.push(Item::Member(Member {
            name,
            bytes: Some(bytes),
            fault: None,
            len,
        }));
    }
}
