//! Compound files: what office programs wrote before 2007 (xls, doc, ppt), and newer documents under a password.
//!
//! In: bytes. Out: sheets of workbooks as tables, text of documents and slides as running text, documents inside them as
//! members. Of compound files that are none of these every stream is a member.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use cfb::CompoundFile;

use super::super::objects::{self, Objects};
use super::super::{Context, Format, Item, Member, Reader, Sink};
use super::binary::{four, two};
use super::slides::Slides;
use super::summary::{Beside, With};
use super::{locked, word, xls};
use crate::source::{Bytes, Code, Fault};

/// Compound files.
pub(crate) const OLE: Format = Format {
    name: "ole",
    title: "Office files before 2007: xls, doc, ppt",
    extensions: &["xls", "xlt", "doc", "dot", "ppt", "pps"],
    raw: true,
    tabular: true,
    sniff: |head| if head.bytes.starts_with(MAGIC) { 90 } else { 0 },
    open,
};

/// The first bytes of every compound file ([MS-CFB] 2.2).
const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// How the stream of the last user marks locked slides ([MS-PPT] 2.3.2).
const LOCKED_SLIDES: u32 = 0xf3d1_c4df;
/// How long the header is in most files, and how the streams of workbooks and of slides begin ([MS-XLS] 2.4.21, [MS-PPT] 2.4.1).
const SECTOR: usize = 512;
const WORKBOOK: &[u8] = &[0x09, 0x08, 0x10, 0, 0, 0x06, 0x05, 0];
const SLIDES: &[u8] = &[0x0f, 0, 0xe8, 0x03];
/// Streams of one file that are given as members.
const STREAMS: usize = 10_000;

type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let malformed = || Fault::whole(Code::Malformed, "the whole document");
    let Some((whole, cut)) = objects::container(bytes) else {
        return without_directory(bytes, context).ok_or_else(malformed);
    };
    let mut file = CompoundFile::open(Cursor::new(&whole[..])).map_err(|_| malformed())?;
    if let Some(package) = stream(&mut file, "/EncryptedPackage", bytes.len()) {
        let info = stream(&mut file, "/EncryptionInfo", bytes.len()).unwrap_or_default();
        let bytes = locked::open_package(&info, &package, context)?;
        let name = context.stem.clone();
        return Ok(Box::new(Unlocked { bytes, name }));
    }
    let mut beside = Beside::of(&mut file, bytes.len());
    beside.cut = cut.clone();
    let with = |document| -> Result<Box<dyn Reader + 'a>, Fault> {
        Ok(Box::new(With { document, beside }))
    };
    for name in ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"] {
        if file.is_stream(name) {
            let stream = stream(&mut file, name, bytes.len()).ok_or_else(malformed)?;
            let objects = Objects::below(&mut file, Path::new("/"), bytes.len() as u64);
            return with(xls::open(
                locked::workbook(stream, context)?,
                objects,
                context,
            )?);
        }
    }
    let text = if file.is_stream("/WordDocument") {
        let document = stream(&mut file, "/WordDocument", bytes.len()).ok_or_else(malformed)?;
        word(&mut file, document, bytes.len(), context)?
    } else if let Some((folder, mut slides)) = slides(&mut file, bytes.len()) {
        let user = format!("{folder}/Current User");
        let user = stream(&mut file, &user, bytes.len()).unwrap_or_default();
        if file.exists("/EncryptedSummary") || four(&user, 12) == Some(LOCKED_SLIDES) {
            locked::slides(&mut slides, &user, context)?;
        }
        return with(Box::new(Slides {
            stream: slides,
            context: context.clone(),
        }));
    } else if cut.is_some() {
        // What it was is lost; all of its bytes are looked at.
        return Err(malformed());
    } else {
        let names = streams(&file);
        drop(file);
        return Ok(Box::new(Streams {
            bytes: whole,
            names,
        }));
    };
    with(Box::new(word::Document {
        text,
        objects: Objects::below(&mut file, Path::new("/"), bytes.len() as u64),
        context: context.clone(),
    }))
}

/// A workbook or slides of which the end is lost, and with it the directory: programs write their stream first and in one piece.
fn without_directory<'a>(bytes: &'a Bytes, context: &Context) -> Option<Box<dyn Reader + 'a>> {
    let stream = bytes.get(SECTOR..)?;
    let cut = Fault::at(
        Code::Truncated,
        bytes.len() as u64,
        "the end, and the directory",
    );
    let document: Box<dyn Reader + 'a> = if stream.starts_with(WORKBOOK) {
        let stream = locked::workbook(stream.to_vec(), context).ok()?;
        xls::open(stream, Objects::default(), context).ok()?
    } else if stream.starts_with(SLIDES) {
        Box::new(Slides {
            stream: stream.to_vec(),
            context: context.clone(),
        })
    } else {
        return None;
    };
    let beside = Beside::lost(cut);
    Some(Box::new(With { document, beside }))
}

/// The bytes of a stream; what could be read of it.
fn stream(file: &mut Compound<'_>, name: &str, most: usize) -> Option<Vec<u8>> {
    let stream = file.open_stream(name).ok()?;
    let mut bytes = Vec::new();
    // No stream is longer than its file.
    let _ = stream.take(most as u64).read_to_end(&mut bytes);
    Some(bytes)
}

/// The stream of a presentation, and the storage it stands in: where PowerPoint 95 and 97 can both read a file, that of 97.
fn slides(file: &mut Compound<'_>, most: usize) -> Option<(&'static str, Vec<u8>)> {
    ["/PP97_DUALSTORAGE", ""].into_iter().find_map(|folder| {
        let name = format!("{folder}/PowerPoint Document");
        Some((folder, stream(file, &name, most)?))
    })
}

/// The text of a Word document.
fn word(
    file: &mut Compound<'_>,
    mut document: Vec<u8>,
    most: usize,
    context: &Context,
) -> Result<String, Fault> {
    let flags = two(&document, 0x0a).unwrap_or(0);
    let malformed = || Fault::whole(Code::Malformed, "the text of the document");
    if word::is_old(&document) {
        return match flags & 0x0100 {
            0 => word::old_text(&document).ok_or_else(malformed),
            _ => Err(Fault::whole(Code::Encrypted, "the whole document")),
        };
    }
    let name = if flags & 0x0200 != 0 {
        "/1Table"
    } else {
        "/0Table"
    };
    let mut table = stream(file, name, most).unwrap_or_default();
    match (flags & 0x0100 != 0, flags & 0x8000 != 0) {
        (true, false) => locked::text(&mut document, &mut table, context)?,
        // An obfuscation of Word 95.
        (true, true) => return Err(Fault::whole(Code::Encrypted, "the whole document")),
        _ => {}
    }
    word::text(&document, &table).ok_or_else(malformed)
}

/// A document that was under a password.
struct Unlocked {
    bytes: Bytes,
    name: String,
}

impl Reader for Unlocked {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let _ = sink(Item::Member(Member {
            name: self.name.clone(),
            len: self.bytes.len() as u64,
            bytes: Some(self.bytes.clone()),
            fault: None,
        }));
        Ok(())
    }
}

/// A compound file of another program.
struct Streams {
    bytes: Bytes,
    names: Vec<String>,
}

/// Names of the streams that hold something.
fn streams(file: &Compound<'_>) -> Vec<String> {
    let streams = file
        .walk()
        .filter(|entry| entry.is_stream() && !entry.is_empty());
    let names = streams
        .take(STREAMS)
        .map(|entry| entry.path().to_string_lossy().into_owned());
    names.collect()
}

impl Reader for Streams {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let malformed = |_| Fault::whole(Code::Malformed, "the whole document");
        let mut file = CompoundFile::open(Cursor::new(&self.bytes[..])).map_err(malformed)?;
        for name in &self.names {
            let bytes = stream(&mut file, name, self.bytes.len()).map(Bytes::owned);
            let member = Member {
                name: name.trim_start_matches('/').to_owned(),
                len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
                fault: None,
                bytes,
            };
            if let ControlFlow::Break(()) = sink(Item::Member(member)) {
                break;
            }
        }
        Ok(())
    }
}
