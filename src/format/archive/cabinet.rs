//! Cabinets of Windows (`.cab`): stored, MSZIP and LZX.
//!
//! The layout is that of [MS-CAB]; MSZIP is that of [MS-MCI]; LZX is unpacked by the `lzxd` crate, which panics on damaged blocks.
//! A folder is one stream, in which its files stand one behind the other: it is one part, unpacked once. What goes on in another
//! cabinet of a set is said to be missing.

use std::io::{self, Read};
use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};
use lzxd::{Lzxd, WindowSize};

use super::names::{self, RawName};
use super::{give, inflate};
use crate::format::guard::guarded;
use crate::format::{Context, Format, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

/// Cabinets.
pub const CABINET: Format = Format {
    name: "cab",
    title: "Cabinets of Windows",
    extensions: &["cab"],
    raw: true,
    tabular: false,
    // The reserved field behind the mark is zero, the version 1.3.
    sniff: |head| match head.bytes.get(..26) {
        Some([b'M', b'S', b'C', b'F', 0, 0, 0, 0, .., 3, 1]) => 98,
        _ => 0,
    },
    open,
};

/// Bytes of the header before its optional fields.
const HEADER: usize = 36;
/// Flags of the header: a cabinet before this one, one behind it, and bytes reserved in headers.
const BEFORE: u16 = 1;
const BEHIND: u16 = 2;
const RESERVED: u16 = 4;
/// Attribute of a file whose name is UTF-8.
const UTF_8: u16 = 0x80;
/// Most that a block may give.
const BLOCK: usize = 32 << 10;
/// Numbers of folders from which on a file goes on in another cabinet.
const CONTINUED: u16 = 0xFFFD;
const REST: &str = "the further members";
const WHOLE: &str = "the whole member";

/// One file of the cabinet.
struct Entry {
    name: Vec<u8>,
    utf8: bool,
    folder: u16,
    /// Where it stands in its folder.
    range: Range<usize>,
    /// Whether bytes of it belong to another file: a bomb, or a lie.
    overlaps: bool,
}

/// A stream of blocks.
struct Folder {
    at: usize,
    blocks: u16,
    packing: u16,
}

struct Cabinet<'a> {
    bytes: &'a Bytes,
    folders: Vec<Folder>,
    entries: Vec<Entry>,
    /// The entries of each folder, and in the last place those that go on elsewhere.
    by_folder: Vec<Vec<usize>>,
    names: Vec<String>,
    faults: Vec<Fault>,
    /// Bytes reserved in the header of a block.
    reserved: usize,
    context: Context,
}

/// Reads fields one after the other.
struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn one(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn two(&mut self) -> Option<u16> {
        let two = *self.take(2)?.first_chunk()?;
        Some(u16::from_le_bytes(two))
    }

    fn four(&mut self) -> Option<u32> {
        let four = *self.take(4)?.first_chunk()?;
        Some(u32::from_le_bytes(four))
    }

    /// A text with the zero that ends it.
    fn text(&mut self) -> Option<&'a [u8]> {
        let len = memchr::memchr(0, self.bytes.get(self.at..)?)?;
        self.take(len + 1).map(|text| &text[..len])
    }
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let cut = || Fault::at(Code::Truncated, bytes.len() as u64, "the list of members");
    let mut fields = Fields { bytes, at: 8 };
    let Head {
        len,
        folders,
        files,
        reserved,
        flags,
    } = head(&mut fields).ok_or_else(cut)?;
    let mut faults = Vec::new();
    if flags & (BEFORE | BEHIND) != 0 {
        let lost = "what stands in the other cabinets of the set";
        faults.push(Fault::whole(Code::Truncated, lost));
    }
    if len as usize > bytes.len() {
        faults.push(Fault::at(Code::Truncated, bytes.len() as u64, REST));
    }
    fields.at = files.0;
    let mut entries = Vec::new();
    for nth in 0..files.1 {
        let at = fields.at as u64;
        if u64::from(nth) >= context.limits.members {
            faults.push(Fault::whole(Code::OverBudget, REST));
            break;
        }
        match entry(&mut fields) {
            Some(entry)
                if usize::from(entry.folder) < folders.len() || entry.folder >= CONTINUED =>
            {
                entries.push(entry);
            }
            found => {
                let code = found.map_or(Code::Truncated, |_| Code::Malformed);
                faults.push(Fault::at(code, at, REST));
                break;
            }
        }
    }
    refuse_overlaps(&mut entries);
    let names = names::decode(entries.iter().map(|entry: &Entry| RawName {
        bytes: &entry.name,
        utf8: entry.utf8,
    }));
    let mut by_folder = vec![Vec::new(); folders.len() + 1];
    for (nth, entry) in entries.iter().enumerate() {
        by_folder[usize::from(entry.folder).min(folders.len())].push(nth);
    }
    Ok(Box::new(Cabinet {
        bytes,
        folders,
        by_folder,
        entries,
        names: names
            .into_iter()
            .map(|name| name.replace('\\', "/"))
            .collect(),
        faults,
        reserved,
        context: context.clone(),
    }))
}

/// What the header says.
struct Head {
    /// Length of the cabinet.
    len: u32,
    folders: Vec<Folder>,
    /// Where its files are listed, and how many.
    files: (usize, u16),
    /// Bytes reserved in the header of a block.
    reserved: usize,
    flags: u16,
}

fn head(fields: &mut Fields<'_>) -> Option<Head> {
    let len = fields.four()?;
    fields.four()?;
    let files = fields.four()?;
    fields.at = HEADER - 10;
    let [n_folders, n_files, flags] = [fields.two()?, fields.two()?, fields.two()?];
    fields.at = HEADER;
    let (mut of_folder, mut of_block) = (0, 0);
    if flags & RESERVED != 0 {
        let of_header = fields.two()?;
        (of_folder, of_block) = (fields.one()?, fields.one()?);
        fields.take(usize::from(of_header))?;
    }
    for flag in [BEFORE, BEHIND] {
        if flags & flag != 0 {
            // A file and a disk.
            fields.text()?;
            fields.text()?;
        }
    }
    let mut folders = Vec::new();
    for _ in 0..n_folders {
        folders.push(Folder {
            at: fields.four()? as usize,
            blocks: fields.two()?,
            packing: fields.two()?,
        });
        fields.take(usize::from(of_folder))?;
    }
    Some(Head {
        len,
        folders,
        files: (files as usize, n_files),
        reserved: usize::from(of_block),
        flags,
    })
}

fn entry(fields: &mut Fields<'_>) -> Option<Entry> {
    let [len, start] = [fields.four()?, fields.four()?].map(|number| number as usize);
    let [folder, _, _, attributes] = [fields.two()?, fields.two()?, fields.two()?, fields.two()?];
    Some(Entry {
        name: fields.text()?.to_vec(),
        utf8: attributes & UTF_8 != 0,
        folder,
        range: start..start.checked_add(len)?,
        overlaps: false,
    })
}

/// Marks the files that begin before the end of another one: one byte of a folder belongs to one file.
fn refuse_overlaps(entries: &mut [Entry]) {
    let mut order: Vec<&mut Entry> = entries.iter_mut().collect();
    order.sort_by_key(|entry| (entry.folder, entry.range.start));
    let (mut folder, mut end) = (0, 0);
    for entry in order.into_iter().filter(|entry| !entry.range.is_empty()) {
        if entry.folder != folder {
            (folder, end) = (entry.folder, 0);
        }
        entry.overlaps = entry.range.start < end;
        end = end.max(entry.range.end);
    }
}

impl Reader for Cabinet<'_> {
    /// A part for each folder, and one for files that go on elsewhere.
    fn parts(&self) -> usize {
        self.folders.len() + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if self.by_folder[part].is_empty() {
            return Ok(());
        }
        let unpacked = self.unpack(part);
        for &nth in &self.by_folder[part] {
            let entry = &self.entries[nth];
            let found = match entry.overlaps {
                true => (None, Some(Fault::whole(Code::Malformed, WHOLE))),
                false => unpacked.file(&entry.range),
            };
            let len = entry.range.len() as u64;
            if give(&self.names[nth], found, len, sink).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

/// What came out of a folder.
struct Unpacked {
    bytes: Option<Bytes>,
    /// Why no more came, and how many bytes there are before what is damaged.
    fault: Option<Fault>,
    sure: usize,
}

impl Unpacked {
    /// A file as far as its folder came, and why not further.
    fn file(&self, range: &Range<usize>) -> (Option<Bytes>, Option<Fault>) {
        let fault = |at: Option<usize>, lost: &str| {
            let code = self
                .fault
                .as_ref()
                .map_or(Code::Truncated, |fault| fault.code);
            let at = at.map(|at| at.saturating_sub(range.start) as u64);
            Some(Fault {
                at,
                ..Fault::whole(code, lost)
            })
        };
        let Some(folder) = &self.bytes else {
            return (None, fault(None, WHOLE));
        };
        let end = range.end.min(folder.len());
        let lost = match end {
            _ if range.end <= self.sure.min(folder.len()) => None,
            _ if range.start >= folder.len() => return (None, fault(None, WHOLE)),
            end if end < range.end => fault(Some(end), super::REST),
            _ => fault(Some(self.sure), "what a damaged block holds"),
        };
        (Some(folder.slice(range.start.min(end)..end)), lost)
    }
}

/// How a folder is packed.
enum Unpacker {
    Stored,
    /// Deflate, each block with the one before as its dictionary.
    Mszip(Vec<u8>),
    Lzx(Box<Lzxd>),
}

impl Cabinet<'_> {
    /// Unpacks a folder; none stands for what goes on in another cabinet.
    fn unpack(&self, nth: usize) -> Unpacked {
        let refused = |code| Unpacked {
            bytes: None,
            fault: Some(Fault::whole(code, WHOLE)),
            sure: 0,
        };
        let Some(folder) = self.folders.get(nth) else {
            return refused(Code::Truncated);
        };
        let mut stream = Blocks {
            fields: Fields {
                bytes: self.bytes,
                at: folder.at,
            },
            left: folder.blocks,
            reserved: self.reserved,
            unpacker: match self.unpacker(folder) {
                Ok(unpacker) => unpacker,
                Err(code) => return refused(code),
            },
            out: Vec::new(),
            given: 0,
            before: 0,
            fault: None,
        };
        let (bytes, fault) = inflate(&mut stream, self.bytes.len() as u64, &self.context);
        let sure = fault.as_ref().map_or(usize::MAX, |_| stream.before);
        Unpacked { bytes, fault, sure }
    }

    fn unpacker(&self, folder: &Folder) -> Result<Unpacker, Code> {
        let window = match folder.packing >> 8 & 0x1F {
            15 => WindowSize::KB32,
            16 => WindowSize::KB64,
            17 => WindowSize::KB128,
            18 => WindowSize::KB256,
            19 => WindowSize::KB512,
            20 => WindowSize::MB1,
            _ => WindowSize::MB2,
        };
        match folder.packing & 0xF {
            0 => Ok(Unpacker::Stored),
            1 => Ok(Unpacker::Mszip(Vec::new())),
            3 => Ok(Unpacker::Lzx(Box::new(Lzxd::new(window)))),
            // Quantum.
            _ => Err(Code::Unsupported),
        }
    }
}

/// The blocks of a folder, unpacked.
struct Blocks<'a> {
    fields: Fields<'a>,
    left: u16,
    reserved: usize,
    unpacker: Unpacker,
    out: Vec<u8>,
    given: usize,
    /// Bytes of the blocks before this one.
    before: usize,
    /// What keeps the further blocks from being read.
    fault: Option<io::ErrorKind>,
}

impl Blocks<'_> {
    /// Unpacks a block, of a damaged one what comes out.
    fn block(&mut self) -> Result<(), io::ErrorKind> {
        const CUT: io::ErrorKind = io::ErrorKind::UnexpectedEof;
        const DAMAGED: io::ErrorKind = io::ErrorKind::InvalidData;
        self.before += self.out.len();
        (self.given, self.out) = (0, Vec::new());
        let sum = self.fields.four().ok_or(CUT)?;
        let packed_len = self.fields.two().ok_or(CUT)?;
        let len = self.fields.two().ok_or(CUT)?;
        let reserved = self.fields.take(self.reserved).ok_or(CUT)?;
        let rest = &self.fields.bytes[self.fields.at..];
        let (packed, mut fault) = match self.fields.take(usize::from(packed_len)) {
            Some(packed) => (packed, None),
            None => (rest, Some(CUT)),
        };
        let sizes = u32::from(packed_len) | u32::from(len) << 16;
        if fault.is_none() && sum != 0 && sum != folded(packed) ^ folded(reserved) ^ sizes {
            fault = Some(DAMAGED);
        }
        let len = usize::from(len);
        match &mut self.unpacker {
            // A block that goes on in another cabinet says nothing of what it gives.
            _ if len == 0 => fault = fault.or(Some(CUT)),
            Unpacker::Stored => self.out.extend_from_slice(packed),
            Unpacker::Mszip(before) => {
                let deflated = packed.strip_prefix(b"CK").ok_or(DAMAGED)?;
                self.out.reserve(len);
                let mut stream = Decompress::new(false);
                if !before.is_empty() {
                    stream.set_dictionary(before).map_err(|_| DAMAGED)?;
                }
                let done = stream.decompress_vec(deflated, &mut self.out, FlushDecompress::Finish);
                if !matches!(done, Ok(Status::StreamEnd)) {
                    fault = fault.or(Some(DAMAGED));
                }
                before.extend_from_slice(&self.out);
                before.drain(..before.len().saturating_sub(BLOCK));
            }
            Unpacker::Lzx(stream) if len <= BLOCK => {
                let unpacked = guarded(|| stream.decompress_next(packed, len).map(<[u8]>::to_vec));
                self.out = unpacked.and_then(Result::ok).unwrap_or_default();
            }
            Unpacker::Lzx(_) => {}
        }
        if self.out.len() != len {
            fault = fault.or(Some(DAMAGED));
        }
        self.out.truncate(len);
        fault.map_or(Ok(()), Err)
    }
}

impl Read for Blocks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() {
            if let Some(fault) = self.fault {
                return Err(fault.into());
            }
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            self.fault = self.block().err();
            if let Some(fault) = self.fault.filter(|_| self.out.is_empty()) {
                return Err(fault.into());
            }
        }
        let n = buffer.len().min(self.out.len() - self.given);
        buffer[..n].copy_from_slice(&self.out[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

/// The checksum of a block ([MS-CAB] 3.1): its four-byte words, one over the other; what is left of them has its first byte highest.
fn folded(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let sum = words
        .iter()
        .fold(0, |sum, word| sum ^ u32::from_le_bytes(*word));
    sum ^ rest
        .iter()
        .fold(0, |word, &byte| word << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;

    /// A cabinet of two files in two stored blocks with checksums.
    fn cabinet() -> Vec<u8> {
        let file = |start: u32, len: u32, name: &str| {
            [
                &len.to_le_bytes()[..],
                &start.to_le_bytes(),
                &[0; 8],
                name.as_bytes(),
                &[0],
            ]
            .concat()
        };
        let block = |text: &[u8]| {
            let sizes = text.len() as u32 | (text.len() as u32) << 16;
            let sum = folded(text) ^ sizes;
            [&sum.to_le_bytes()[..], &sizes.to_le_bytes(), text].concat()
        };
        let files = [file(0, 6, "a.csv"), file(6, 4, "dir\\b.csv")].concat();
        let start = 44 + files.len() as u32;
        let blocks = [block(b"1,2\n3,"), block(b"5,6\n")].concat();
        let len = start + blocks.len() as u32;
        let fields = [len, 0, 44, 0].map(u32::to_le_bytes).concat();
        let head = [&b"MSCF\0\0\0\0"[..], &fields, &[3, 1, 1, 0, 2, 0], &[0; 6]].concat();
        [
            &head[..],
            &start.to_le_bytes(),
            &[2, 0, 0, 0],
            &files,
            &blocks,
        ]
        .concat()
    }

    fn check(bytes: &[u8], expected: &[&str]) {
        assert_eq!(show(&members(&CABINET, bytes, &context())), expected);
    }

    #[test]
    fn files_of_whole_and_damaged_folders() {
        let whole = cabinet();
        check(&whole, &["a.csv: 1,2\n3,", "dir/b.csv: 5,6\n"]);
        let n = whole.len();
        let mut damaged = whole.clone();
        damaged[n - 1] = b'x';
        let said = "dir/b.csv: 5,6x malformed Some(0)";
        check(&damaged, &["a.csv: 1,2\n3,", said]);
        check(
            &whole[..n - 2],
            &["a.csv: 1,2\n3,", "dir/b.csv: 5, truncated Some(2)"],
        );
        check(
            &whole[..n - 6],
            &["a.csv: 1,2\n3,", "dir/b.csv: - truncated None"],
        );
        // Of the first block all files may be: what stands in it is damaged.
        let first = memchr::memmem::find(&whole, b"1,2").unwrap();
        damaged = whole.clone();
        damaged[first] = b'9';
        check(
            &damaged,
            &[
                "a.csv: 9,2\n3, malformed Some(0)",
                "dir/b.csv: - malformed None",
            ],
        );
        // Files that share bytes.
        let shared = memchr::memmem::find(&whole, b"dir").unwrap() - 12;
        let mut lying = whole.clone();
        lying[shared] = 3;
        check(&lying, &["a.csv: 1,2\n3,", "dir/b.csv: - malformed None"]);
    }
}
