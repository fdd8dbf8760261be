//! A document that is a zip of parts: Office Open XML (ECMA-376) and OpenDocument.
//!
//! The parts are members of the archive, read by its reader: damage, bombs, passwords and budgets are dealt with there.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::super::{Context, Head, Item, Member, Sink, archive, markup};
use super::looks;
use crate::source::{Bytes, Code, Fault};

/// Parts of one document that are looked at.
const PARTS: u64 = 20_000;
/// Where OpenDocument in one file tells its type: namespaces stand before it.
const FLAT_HEAD: usize = 16 << 10;
/// Parts longer than this are kept in a spool: a document is open as a whole.
const IN_MEMORY: usize = 64 << 10;

/// Where in a part its end is looked for.
const TAIL: usize = 64 << 10;

/// The parts of a document.
pub(super) struct Package {
    parts: Vec<Member>,
    /// Numbers of the parts that are files of their own.
    apart: Vec<usize>,
    pub(super) faults: Vec<Fault>,
}

impl Package {
    /// Unpacks all parts.
    pub(super) fn open(bytes: &Bytes, context: &Context) -> Result<Self, Fault> {
        let mut context = context.clone();
        context.limits.in_memory_bytes = context.limits.in_memory_bytes.min(IN_MEMORY);
        context.limits.members = context.limits.members.min(PARTS);
        let reader = (archive::ZIP.open)(bytes, &context)?;
        let mut package = Self {
            parts: Vec::new(),
            apart: Vec::new(),
            faults: reader.faults(),
        };
        for part in 0..reader.parts() {
            reader.read(part, &mut |item| {
                match item {
                    Item::Member(member) => package.add(member),
                    Item::Fault(fault) => package.faults.push(fault),
                    Item::Batch(_) => {}
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(package)
    }

    /// A document whose only part is the file.
    pub(super) fn flat(bytes: &Bytes, name: &str) -> Self {
        let part = Member::whole(name, bytes.clone());
        Self {
            faults: unended(&part).into_iter().collect(),
            apart: Vec::new(),
            parts: vec![part],
        }
    }

    fn add(&mut self, mut member: Member) {
        // Microsoft's own files use `/`; others were seen with `\`.
        member.name = member
            .name
            .replace('\\', "/")
            .trim_start_matches('/')
            .to_owned();
        if let Some(fault) = &member.fault
            && !is_apart(&member.name)
        {
            let lost = match &member.bytes {
                Some(bytes) => format!("what follows byte {} of a part", bytes.len()),
                None => format!("a part of {} bytes", member.len),
            };
            self.faults.push(Fault::whole(fault.code, lost));
        } else if !is_apart(&member.name) {
            self.faults.extend(unended(&member));
        }
        self.parts.push(member);
    }

    /// Settles which parts are files of their own: what the reader of the document does not take, and what is known to hold
    /// more than how it looks.
    pub(super) fn settle<'n>(&mut self, taken: impl IntoIterator<Item = &'n str>) {
        let taken: BTreeSet<String> = taken.into_iter().map(str::to_ascii_lowercase).collect();
        let is_member = |part: &Member| {
            let name = part.name.to_ascii_lowercase();
            is_apart(&part.name) || !taken.contains(&name) && !looks::is_known(&name)
        };
        let parts = self.parts.iter().enumerate();
        self.apart = parts
            .filter(|(_, part)| is_member(part))
            .map(|(number, _)| number)
            .collect();
    }

    /// Names of the parts, in the order of the archive.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }

    /// Names of the parts with these beginnings and `.xml` or `.bin` at their end, in the order of their numbers: `sheet2` before
    /// `sheet10`.
    pub(super) fn numbered(&self, beginnings: &[&str]) -> Vec<String> {
        let wanted = |name: &&str| {
            (name.ends_with(".xml") || name.ends_with(".bin"))
                && beginnings
                    .iter()
                    .any(|beginning| name.starts_with(beginning))
        };
        let mut names: Vec<String> = self.names().filter(wanted).map(str::to_owned).collect();
        names.sort_by_cached_key(|name| {
            let stem = name.trim_end_matches(".xml").trim_end_matches(".bin");
            let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let (stem, number) = stem.split_at(stem.len() - digits);
            (
                stem.to_owned(),
                number.parse::<u64>().unwrap_or(0),
                name.clone(),
            )
        });
        names
    }

    /// The bytes of a part.
    pub(super) fn bytes(&self, name: &str) -> Option<&Bytes> {
        let part = self
            .parts
            .iter()
            .find(|part| part.name.eq_ignore_ascii_case(name));
        part.and_then(|part| part.bytes.as_ref())
    }

    /// The text of a part.
    pub(super) fn text(&self, name: &str, context: &Context) -> Option<Text> {
        let bytes = self.bytes(name)?;
        markup::utf8(bytes, &context.limits).ok().map(Text)
    }

    /// How many files stand in the document as they are: pictures, embedded documents, macros.
    pub(super) fn n_members(&self) -> usize {
        self.apart.len()
    }

    /// Gives one of these files away.
    pub(super) fn give(&self, nth: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Some(member) = self.apart.get(nth).map(|&number| &self.parts[number]) else {
            return ControlFlow::Continue(());
        };
        sink(Item::Member(Member {
            name: member.name.clone(),
            bytes: member.bytes.clone(),
            fault: member.fault.clone(),
            len: member.len,
        }))
    }
}

/// A part as UTF-8.
pub(super) struct Text(Bytes);

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is to be said of a part of XML that does not end with the element that it begins with.
fn unended(part: &Member) -> Option<Fault> {
    let bytes = part.bytes.as_ref()?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_xml =
        [".xml", ".rels"].iter().any(|end| part.name.ends_with(end)) && text.starts_with(b"<");
    if !is_xml || markup::is_ended(text, TAIL) {
        return None;
    }
    Some(Fault::whole(Code::Truncated, "the end of a part"))
}

/// Whether a part is a file of its own.
fn is_apart(name: &str) -> bool {
    let mut folders = name.split('/').rev().skip(1);
    let folder = folders.next().unwrap_or("").to_ascii_lowercase();
    // Caches of binary workbooks: what text is in them is carved.
    let is_cache = matches!(folder.as_str(), "pivotcache" | "externallinks");
    if looks::is_known(&name.to_ascii_lowercase()) {
        return false;
    }
    matches!(
        folder.as_str(),
        "media" | "embeddings" | "pictures" | "customxml" | "ctrlprops"
    ) || is_cache && name.ends_with(".bin")
        || name.ends_with("vbaProject.bin")
        || name.starts_with("Object ")
}

/// The kinds of document that zips may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Workbook,
    BinaryWorkbook,
    Document,
    Presentation,
    /// OpenDocument spreadsheets, texts, presentations.
    Spreadsheet,
    Text,
}

/// What document the head of a file is, by the names of its first parts.
pub(super) fn kind(head: &Head<'_>) -> Option<Kind> {
    if !head.bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut kind = None;
    let (mut is_package, mut is_open) = (false, false);
    for at in memchr::memmem::find_iter(head.bytes, b"PK\x03\x04") {
        let Some(len) = head.bytes.get(at + 26..at + 28) else {
            break;
        };
        let len = usize::from(u16::from_le_bytes([len[0], len[1]]));
        let Some(name) = head.bytes.get(at + 30..at + 30 + len) else {
            break;
        };
        // Most programs write it first.
        if let Some(kind) = head.bytes.get(at + 30..).and_then(open_document) {
            return Some(kind);
        }
        is_open |= name == b"content.xml";
        is_package |= name == b"[Content_Types].xml" || name == b"_rels/.rels";
        let found = match name {
            b"xl/workbook.bin" | b"xl/sharedStrings.bin" | b"xl/styles.bin" => {
                Some(Kind::BinaryWorkbook)
            }
            [b'x', b'l', b'/' | b'\\', ..] => Some(Kind::Workbook),
            [b'w', b'o', b'r', b'd', b'/' | b'\\', ..] => Some(Kind::Document),
            [b'p', b'p', b't', b'/' | b'\\', ..] => Some(Kind::Presentation),
            _ => None,
        };
        // The binary workbook has XML parts, too.
        kind = match (kind, found) {
            (Some(Kind::Workbook), Some(Kind::BinaryWorkbook)) => found,
            (None, found) => found,
            (kind, _) => kind,
        };
    }
    let by_name = || match head.extension {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xlam" => Some(Kind::Workbook),
        "xlsb" => Some(Kind::BinaryWorkbook),
        "docx" | "docm" | "dotx" | "dotm" => Some(Kind::Document),
        "pptx" | "pptm" | "ppsx" | "potx" => Some(Kind::Presentation),
        _ => None,
    };
    // OpenDocument whose type is packed: only its name tells a spreadsheet, and texts hold tables, too.
    let packed = || match head.extension {
        "ods" | "ots" => Kind::Spreadsheet,
        _ => Kind::Text,
    };
    kind.or_else(|| by_name().filter(|_| is_package))
        .or_else(|| is_open.then(packed))
}

/// What OpenDocument in one XML file is (ODF 1.3 part 3, 3.1.2).
pub(super) fn flat(head: &Head<'_>) -> Option<Kind> {
    let start = &head.bytes[..head.bytes.len().min(FLAT_HEAD)];
    memchr::memmem::find(start, b"<office:document")?;
    let before = b"office:mimetype=\"application/vnd.oasis.opendocument.";
    let at = memchr::memmem::find(start, before)?;
    of_type(&start[at + before.len()..])
}

/// OpenDocument says its type in a stored first part (ODF 1.3 part 2, 3.3).
fn open_document(name_and_data: &[u8]) -> Option<Kind> {
    of_type(name_and_data.strip_prefix(b"mimetypeapplication/vnd.oasis.opendocument.")?)
}

/// What a media type's last word stands for.
fn of_type(kind: &[u8]) -> Option<Kind> {
    if kind.starts_with(b"spreadsheet") {
        Some(Kind::Spreadsheet)
    } else if kind.starts_with(b"text")
        || kind.starts_with(b"presentation")
        || kind.starts_with(b"graphics")
    {
        Some(Kind::Text)
    } else {
        None
    }
}

/// What a locked part means for the document.
pub(super) fn locked(package: &Package) -> Option<Fault> {
    let mut codes = package.faults.iter().map(|fault| fault.code);
    codes
        .any(|code| code == Code::Encrypted)
        .then(|| Fault::whole(Code::Encrypted, "the whole document"))
}
