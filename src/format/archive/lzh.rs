//! LZH (LHA) archives, as old Japanese systems write them: headers listed here, contents decoded by the `delharc` crate.
//!
//! Names are Shift_JIS nearly always, whose second bytes include the backslash: they are taken from the raw headers, and
//! 0xFF separates folders there.

use std::io::Cursor;

use delharc::{LhaDecodeReader, LhaHeader};

use super::names::{self, RawName};
use super::{REST, give, inflate};
use crate::format::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

/// LZH.
pub const LZH: Format = Format {
    name: "lzh",
    title: "LZH (LHA)",
    extensions: &["lzh", "lha"],
    raw: true,
    tabular: false,
    sniff,
    open,
};

/// Extended headers of a file's name and of its folder.
const FILE_NAME: u8 = 0x01;
const FOLDER: u8 = 0x02;

fn sniff(head: &Head<'_>) -> u8 {
    match head.bytes {
        [
            _,
            _,
            b'-',
            b'l',
            b'h' | b'z',
            b'0'..=b'9' | b's' | b'd' | b'x',
            b'-',
            ..,
        ]
        | [_, _, b'-', b'p', b'm', b'0'..=b'2', b'-', ..]
            if head.bytes.get(20).is_some_and(|&level| level <= 3) =>
        {
            96
        }
        _ => 0,
    }
}

/// One file of the archive: where its header begins.
struct Entry {
    at: usize,
    name: Vec<u8>,
    len: u64,
}

struct Lzh<'a> {
    bytes: &'a Bytes,
    entries: Vec<Entry>,
    names: Vec<String>,
    faults: Vec<Fault>,
    broken: Option<Fault>,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut cursor = Cursor::new(&bytes[..]);
    let mut entries = Vec::new();
    let (mut faults, mut broken) = (Vec::new(), None);
    loop {
        let at = cursor.position() as usize;
        let header = match LhaHeader::read(&mut cursor) {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(_) => {
                broken = (at < bytes.len())
                    .then(|| Fault::at(Code::Malformed, at as u64, "the further members"));
                break;
            }
        };
        let end = cursor.position().saturating_add(header.compressed_size);
        cursor.set_position(end.min(bytes.len() as u64));
        if entries.len() as u64 >= context.limits.members {
            faults.push(Fault::whole(Code::OverBudget, "the further members"));
            break;
        }
        if !header.is_directory() {
            entries.push(Entry {
                at,
                name: raw_name(&header),
                len: header.original_size,
            });
        }
        if end >= bytes.len() as u64 {
            break;
        }
    }
    let names = names::decode(entries.iter().map(|entry: &Entry| RawName {
        bytes: &entry.name,
        utf8: false,
    }));
    Ok(Box::new(Lzh {
        bytes,
        entries,
        names,
        faults,
        broken,
        context: context.clone(),
    }))
}

/// The name with its folder, as bytes; 0xFF of the folder becomes a slash.
fn raw_name(header: &LhaHeader) -> Vec<u8> {
    let (mut folder, mut name) = (Vec::new(), header.filename.to_vec());
    for extra in header.iter_extra() {
        match extra {
            [FILE_NAME, rest @ ..] => name = rest.to_vec(),
            [FOLDER, rest @ ..] => folder = rest.to_vec(),
            _ => {}
        }
    }
    // A level 0 or 1 header may end its name with a zero and a comment.
    name.truncate(
        name.iter()
            .position(|&byte| byte == 0)
            .unwrap_or(name.len()),
    );
    for byte in folder.iter_mut().filter(|byte| **byte == 0xFF) {
        *byte = b'/';
    }
    if !folder.is_empty() && !folder.ends_with(b"/") {
        folder.push(b'/');
    }
    [folder, name].concat()
}

impl Reader for Lzh<'_> {
    fn parts(&self) -> usize {
        self.entries.len() + usize::from(self.broken.is_some())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(entry) = self.entries.get(part) else {
            return self.broken.clone().map_or(Ok(()), Err);
        };
        let _ = give(&self.names[part], self.unpack(entry), entry.len, sink);
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Lzh<'_> {
    fn unpack(&self, entry: &Entry) -> (Option<Bytes>, Option<Fault>) {
        let Ok(mut reader) = LhaDecodeReader::new(&self.bytes[entry.at..]) else {
            return (None, Some(Fault::whole(Code::Malformed, REST)));
        };
        if !reader.is_decoder_supported() {
            return (
                None,
                Some(Fault::whole(Code::Unsupported, "the whole member")),
            );
        }
        let (bytes, fault) = inflate(&mut reader, self.bytes.len() as u64, &self.context);
        let found = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let fault = fault.or_else(|| {
            (!reader.crc_is_ok())
                .then(|| Fault::at(Code::Malformed, found, "nothing; length or checksum differ"))
        });
        (bytes, fault)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;

    /// A level 0 entry without compression.
    fn entry(name: &[u8], text: &[u8]) -> Vec<u8> {
        let crc = text.iter().fold(0u16, |crc, &byte| {
            (0..8).fold(crc ^ u16::from(byte), |crc, _| {
                crc >> 1 ^ if crc & 1 == 1 { 0xA001 } else { 0 }
            })
        });
        let len = (text.len() as u32).to_le_bytes();
        let head = [
            &b"-lh0-"[..],
            &len,
            &len,
            &[0, 0, 0, 0x50, 0x20, 0, name.len() as u8],
            name,
            &crc.to_le_bytes(),
        ]
        .concat();
        let sum = head.iter().fold(0u8, |sum, &byte| sum.wrapping_add(byte));
        [&[head.len() as u8, sum][..], &head, text].concat()
    }

    #[test]
    fn names_are_shift_jis_whole() {
        let sjis = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
        let bytes = [
            entry(&sjis("予約表.csv"), b"1,2"),
            entry(b"b.csv", b"3"),
            vec![0],
        ]
        .concat();
        let found = members(&LZH, &bytes, &context());
        assert_eq!(show(&found), ["予約表.csv: 1,2", "b.csv: 3"]);
    }
}
