//! zip archives (APPNOTE.TXT 6.3.10), their central directory read by the `zip` crate.
//!
//! Every entry of the directory is a member, and so is every one of several with the same name. An archive without a
//! readable directory (cut, or damaged at its end) is searched for local headers. Entries that overlap others are a bomb
//! or a lie and are not read: one byte of the archive belongs to one member.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::ops::Range;

use flate2::bufread::DeflateDecoder;
use memchr::memmem;
use zip::read::{Config, read_zipfile_from_stream_with_options};
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::crypt::{self, Lock};
use super::names::{self, RawName};
use super::pairs::{self, Pairs};
#[cfg(feature = "archives")]
use super::stream::LZMA_DICTIONARY;
use super::{BEFORE, inflate, is_some, spanned, sum};
#[cfg(feature = "databases")]
use crate::format::database::bacpac;
use crate::format::{Context, Format, Head, Item, Member, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};

/// zip, and what is packed as zip (xlsx, docx, jar, epub) where no format of its own takes it.
pub const ZIP: Format = Format {
    name: "zip",
    title: "zip; the rows of BACPAC (SQL Server)",
    extensions: &["zip"],
    raw: true,
    tabular: false,
    sniff,
    open,
};

pub(super) const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// Length of the record that ends the directory, without its comment.
pub(super) const END_BYTES: usize = 22;
/// Flag bits (APPNOTE 4.4.4).
const ENCRYPTED: u16 = 1;
/// Of LZMA only.
#[cfg(feature = "archives")]
const END_MARK: u16 = 1 << 1;
const DESCRIPTOR: u16 = 1 << 3;
const STRONG: u16 = 1 << 6;
const UTF_8: u16 = 1 << 11;
/// Method number of AES encryption as WinZip writes it (AE-1 and AE-2).
const AES: u16 = 99;
/// A local header that says of the stream behind it only that it is packed as Deflate64 (method 9), for the crate that unpacks it.
const DEFLATE64: &[u8] = b"PK\x03\x04\x15\0\x08\0\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const WHOLE: &str = "the whole member";

fn sniff(head: &Head<'_>) -> u8 {
    match head.bytes {
        [b'P', b'K', 3, 4, ..] => 95,
        // An empty archive, and the marker of one that was meant to be split.
        [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, b'P', b'K', 3, 4, ..] => 90,
        // The last file of one that was split begins anywhere.
        bytes if head.extension == "zip" && bytes.contains(&0) => 1,
        _ => 0,
    }
}

/// One file of the archive.
struct Entry {
    name: Vec<u8>,
    flags: u16,
    method: Method,
    /// Where its local header begins.
    header: usize,
    /// Where its packed bytes stand.
    data: Range<usize>,
    /// Length and checksum once unpacked; `None` where only a descriptor after the data tells.
    unpacked: Option<(u64, u32)>,
    /// What locks it, when it is encrypted in a way that is known.
    lock: Option<Lock>,
    /// Why it is not read, or not whole.
    flaw: Option<Code>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
    Deflate64,
    Bzip2,
    Lzma,
    Zstd,
    Xz,
    Ppmd,
    Other,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let mut faults = Vec::new();
    let n_before = spanned::n_before(bytes);
    let listed = directory(bytes, &context.limits).filter(|_| n_before.is_none());
    let (mut entries, more) = match listed {
        Some((mut entries, more)) => {
            if !more {
                // What stands behind the directory is a file of its own.
                let listed = &bytes[..end_record(bytes).unwrap_or(bytes.len())];
                faults.extend(unlisted(listed, &mut entries, &context.limits));
            }
            entries.extend(behind(bytes));
            if !more {
                let before = before(bytes, &entries);
                entries.extend(before);
            }
            (entries, more)
        }
        None => {
            let lost = "the directory; members were searched for";
            let cut = || Fault::at(Code::Truncated, bytes.len() as u64, lost);
            faults.push(n_before.map_or_else(cut, spanned::missing));
            search(bytes, 0, &context.limits)
        }
    };
    if more {
        faults.push(Fault::whole(Code::OverBudget, "the further members"));
    }
    refuse_overlaps(&mut entries);
    entries.retain(|entry| !matches!(entry.name.last(), Some(b'/' | b'\\')));
    let names = names(&entries);
    let zip = Box::new(Zip {
        bytes,
        entries,
        pairs: pairs::of(&names),
        names,
        faults,
        context: context.clone(),
    });
    #[cfg(feature = "databases")]
    if bacpac::is_bacpac(&zip.names) {
        let names = zip.names.clone();
        return Ok(bacpac::open(zip, names, context));
    }
    Ok(zip)
}

/// The entries of the central directory, and whether there are more than the limit. `None` when it cannot be read.
fn directory(bytes: &[u8], limits: &Limits) -> Option<(Vec<Entry>, bool)> {
    let mut archive = ZipIterable::try_new(Cursor::new(bytes), Config::default()).ok()?;
    let most = usize::try_from(limits.members).unwrap_or(usize::MAX);
    let mut entries = Vec::new();
    let more = archive.len() > most;
    for found in archive.files().ok()?.take(most) {
        let found = found.ok()?;
        let packed = found.compressed_size();
        let (data, flaw) = data(bytes, found.header_start(), packed);
        let local = usize::try_from(found.header_start())
            .ok()
            .and_then(|at| Local::parse(bytes, at));
        let (method, lock) = match &local {
            Some(local) => (local.method(), local.lock(found.crc32())),
            None => (Method::Other, None),
        };
        entries.push(Entry {
            name: found.name_raw().to_vec(),
            flags: found.flags().as_u16(),
            method: match found.compression() {
                CompressionMethod::STORE => Method::Stored,
                CompressionMethod::DEFLATE => Method::Deflated,
                CompressionMethod::ZSTD => Method::Zstd,
                // The local header tells what is inside the encryption (AE-x, method 99), and of rarer methods.
                _ => method,
            },
            lock,
            header: usize::try_from(found.header_start()).unwrap_or(usize::MAX),
            data,
            unpacked: Some((found.size(), found.crc32())),
            flaw,
        });
    }
    Some((entries, more))
}

/// The packed bytes of an entry whose local header is at `header`.
fn data(bytes: &[u8], header: u64, packed: u64) -> (Range<usize>, Option<Code>) {
    let local = usize::try_from(header)
        .ok()
        .and_then(|at| Local::parse(bytes, at));
    let Some(local) = local else {
        return (0..0, Some(Code::Malformed));
    };
    let end = usize::try_from(packed)
        .ok()
        .and_then(|packed| local.data.checked_add(packed));
    match end {
        Some(end) if end <= bytes.len() => (local.data..end, None),
        _ => (local.data..bytes.len(), Some(Code::Truncated)),
    }
}

/// A local header (APPNOTE 4.3.7), as far as it is needed.
struct Local<'a> {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    unpacked: u32,
    modified: u16,
    name: &'a [u8],
    extra: &'a [u8],
    /// Where the data begins.
    data: usize,
}

impl<'a> Local<'a> {
    fn parse(bytes: &'a [u8], at: usize) -> Option<Self> {
        let header: &[u8; LOCAL_BYTES] = bytes.get(at..)?.first_chunk()?;
        let two = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let four = |at: usize| u32::from(two(at)) | u32::from(two(at + 2)) << 16;
        let name_start = at + LOCAL_BYTES;
        let name_end = name_start + usize::from(two(26));
        let data = name_end + usize::from(two(28));
        (header.starts_with(LOCAL) && data <= bytes.len()).then(|| Self {
            flags: two(6),
            method: two(8),
            crc: four(14),
            packed: four(18),
            unpacked: four(22),
            modified: two(10),
            name: &bytes[name_start..name_end],
            extra: &bytes[name_end..data],
            data,
        })
    }

    /// How it is packed; inside the encryption, where there is one.
    fn method(&self) -> Method {
        let method = crypt::aes_extra(self.extra).map_or(self.method, |(_, method)| method);
        match method {
            0 => Method::Stored,
            8 => Method::Deflated,
            9 => Method::Deflate64,
            12 => Method::Bzip2,
            14 => Method::Lzma,
            93 => Method::Zstd,
            95 => Method::Xz,
            98 => Method::Ppmd,
            _ => Method::Other,
        }
    }

    /// What locks it; `crc` is the checksum that the directory tells.
    fn lock(&self, crc: u32) -> Option<Lock> {
        if self.flags & ENCRYPTED == 0 {
            return None;
        }
        if self.method == AES {
            return crypt::aes_extra(self.extra).map(|(strength, _)| Lock::Aes(strength));
        }
        // The password's check byte is of the time where the checksum came only after the data (APPNOTE 6.1.6).
        let check = if self.flags & DESCRIPTOR != 0 {
            self.modified.to_le_bytes()[1]
        } else {
            crc.to_le_bytes()[3]
        };
        (self.flags & STRONG == 0).then_some(Lock::Traditional(check))
    }
}

/// Adds the members that stand where no member of the directory does: of an archive before this one, and those that were
/// struck from the directory only. Says how many of them are not whole.
fn unlisted(bytes: &[u8], entries: &mut Vec<Entry>, limits: &Limits) -> Option<Fault> {
    let mut known: Vec<Range<usize>> = entries
        .iter()
        .map(|entry| entry.header..entry.data.end.max(entry.header))
        .collect();
    known.sort_unstable_by_key(|range| range.start);
    known.push(bytes.len()..bytes.len());
    let (mut end, mut lost, mut first) = (0, 0, None);
    for range in known {
        let gap = end..range.start.min(bytes.len());
        end = end.max(range.end);
        if gap.len() <= LOCAL_BYTES || entries.len() as u64 >= limits.members {
            continue;
        }
        for entry in search(&bytes[..gap.end], gap.start, limits).0 {
            if entry.flaw.is_none() && entry.unpacked.is_some() {
                entries.push(entry);
            } else {
                lost += 1;
                first = first.or(Some(entry.header as u64));
            }
        }
    }
    let lost = format!("{lost} members that the directory does not list");
    first.map(|at| Fault::at(Code::Malformed, at, lost))
}

/// Where the record stands that ends the directory (APPNOTE 4.3.16).
fn end_record(bytes: &[u8]) -> Option<usize> {
    memmem::rfind(bytes, b"PK\x05\x06")
}

/// What stands behind the end of the directory, its comment too.
fn behind(bytes: &[u8]) -> Option<Entry> {
    let header = end_record(bytes)?;
    let data = header
        .checked_add(END_BYTES)
        .filter(|&at| at < bytes.len())?..bytes.len();
    beside(bytes, "(behind the directory)", header, data)
}

/// What stands before the first member: a program that unpacks the archive, or anything else.
fn before(bytes: &[u8], entries: &[Entry]) -> Option<Entry> {
    // What begins as a member is a damaged one, or the mark of an archive that was meant to be split (APPNOTE 8.5.5).
    let whole = entries.iter().filter(|entry| entry.flaw.is_none());
    let first = whole.map(|entry| entry.header).min();
    let first = first.or_else(|| end_record(bytes))?;
    let marks: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x07\x08", b"PK00"];
    let is_other = !marks.iter().any(|mark| bytes.starts_with(mark));
    beside(bytes, BEFORE, 0, 0..first.min(bytes.len())).filter(|_| is_other)
}

/// Bytes that are no member, as one; nothing where they are blank.
fn beside(bytes: &[u8], name: &str, header: usize, data: Range<usize>) -> Option<Entry> {
    is_some(&bytes[data.clone()]).then(|| Entry {
        name: name.as_bytes().to_vec(),
        flags: UTF_8,
        method: Method::Stored,
        header,
        data,
        unpacked: None,
        lock: None,
        flaw: None,
    })
}

/// Whether bytes that begin as something else end with an archive: the record that ends a directory stands right behind one.
pub(in crate::format) fn is_behind(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(spanned::TAIL);
    let Some(end) = memmem::rfind(&bytes[from..], b"PK\x05\x06").map(|at| from + at) else {
        return false;
    };
    let four = |at: usize| {
        let found = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
        found.map_or(0, |four| u32::from_le_bytes(*four) as usize)
    };
    let is_entry = |end: usize, len: usize| {
        let start = end.checked_sub(len).filter(|_| len > 0);
        start.is_some_and(|at| bytes[at..].starts_with(b"PK\x01\x02"))
    };
    // Large archives have a record of their own before it, and where that is (APPNOTE 4.3.14 and 4.3.15).
    let large = end.checked_sub(20 + 56).filter(|&at| {
        bytes[at..].starts_with(b"PK\x06\x06") && bytes[end - 20..].starts_with(b"PK\x06\x07")
    });
    is_entry(end, four(end + 12)) || large.is_some_and(|at| is_entry(at, four(at + 40)))
}

/// Searches for local headers from an offset on, and takes what stands between two of them where no length is told.
fn search(bytes: &[u8], from: usize, limits: &Limits) -> (Vec<Entry>, bool) {
    let finder = memmem::Finder::new(b"PK");
    let next = |from: usize| {
        let marks = finder
            .find_iter(bytes.get(from..).unwrap_or_default())
            .map(move |at| from + at);
        // Local header, directory entry, end of directory.
        marks
            .into_iter()
            .find(|&at| matches!(bytes.get(at + 2..at + 4), Some([3, 4] | [1, 2] | [5, 6])))
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = next(from);
    while let Some(start) = at {
        let Some(local) = Local::parse(bytes, start) else {
            at = next(start + 4);
            continue;
        };
        if entries.len() as u64 >= limits.members {
            return (entries, true);
        }
        let told = local.flags & DESCRIPTOR == 0 && local.packed != u32::MAX;
        let (end, flaw) = match local.data.checked_add(local.packed as usize) {
            Some(end) if told && end <= bytes.len() => (end, None),
            _ if told => (bytes.len(), Some(Code::Truncated)),
            _ => (next(local.data).unwrap_or(bytes.len()), None),
        };
        let (end, unpacked) = if told {
            (end, Some((u64::from(local.unpacked), local.crc)))
        } else {
            descriptor(bytes, local.data..end)
        };
        entries.push(Entry {
            name: local.name.to_vec(),
            flags: local.flags,
            method: local.method(),
            lock: local.lock(local.crc),
            header: start,
            data: local.data..end,
            unpacked,
            flaw,
        });
        at = next(end);
    }
    (entries, false)
}

/// Cuts a data descriptor (APPNOTE 4.3.9) off the end of an entry's data: where the data ends, and the length and checksum
/// that the descriptor tells. The signature and a packed length that fits prove it.
fn descriptor(bytes: &[u8], data: Range<usize>) -> (usize, Option<(u64, u32)>) {
    for (len, wide) in [(16, false), (24, true)] {
        let found = bytes[data.clone()]
            .len()
            .checked_sub(len)
            .map(|packed| (packed, &bytes[data.start + packed..data.end]));
        let Some((packed, found)) = found.filter(|(_, found)| found.starts_with(b"PK\x07\x08"))
        else {
            continue;
        };
        let four = |at: usize| {
            u32::from_le_bytes([found[at], found[at + 1], found[at + 2], found[at + 3]])
        };
        let eight = |at: usize| u64::from(four(at)) | u64::from(four(at + 4)) << 32;
        let (told, unpacked) = if wide {
            (eight(8), eight(16))
        } else {
            (u64::from(four(8)), u64::from(four(12)))
        };
        if told == packed as u64 {
            return (data.start + packed, Some((unpacked, four(4))));
        }
    }
    (data.end, None)
}

/// Refuses entries whose data overlaps that of another one which begins before them.
fn refuse_overlaps(entries: &mut [Entry]) {
    let mut order: Vec<usize> = (0..entries.len())
        .filter(|&i| !entries[i].data.is_empty())
        .collect();
    order.sort_by_key(|&i| (entries[i].data.start, i));
    let mut end = 0;
    for i in order {
        let entry = &mut entries[i];
        if entry.data.start < end {
            entry.flaw = Some(Code::Malformed);
            entry.data = 0..0;
        } else {
            end = entry.data.end;
        }
    }
}

/// The names of all entries: by their flag, else by what all of them look like together.
fn names(entries: &[Entry]) -> Vec<String> {
    names::decode(entries.iter().map(|entry| RawName {
        bytes: &entry.name,
        utf8: entry.flags & UTF_8 != 0,
    }))
}

/// An archive; each entry is one part.
struct Zip<'a> {
    bytes: &'a Bytes,
    entries: Vec<Entry>,
    names: Vec<String>,
    /// Files that belong to others.
    pairs: Pairs,
    faults: Vec<Fault>,
    context: Context,
}

impl Zip<'_> {
    fn unpack(&self, entry: &Entry) -> (Option<Bytes>, Option<Fault>) {
        let refused = |code| (None, Some(Fault::whole(code, WHOLE)));
        if let Some(code) = entry.flaw.filter(|_| entry.data.is_empty()) {
            return refused(code);
        }
        if entry.flags & ENCRYPTED != 0 {
            return self.unlock(entry).unwrap_or(refused(Code::Encrypted));
        }
        let packed = &self.bytes[entry.data.clone()];
        let (bytes, fault) = match entry.method {
            Method::Stored => (Some(self.bytes.slice(entry.data.clone())), None),
            _ => match self.inflate(entry, packed, packed.len()) {
                Some(found) => found,
                None => return refused(Code::Unsupported),
            },
        };
        let found = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let short = entry.flaw.map(|code| Fault::at(code, found, super::REST));
        let fault = fault
            .or(short)
            .or_else(|| check(entry, bytes.as_deref().unwrap_or_default()));
        (bytes, fault)
    }

    /// Inflates an entry's packed stream of `len` bytes; `None` for a method that is not known.
    fn inflate(
        &self,
        entry: &Entry,
        packed: impl BufRead,
        len: usize,
    ) -> Option<(Option<Bytes>, Option<Fault>)> {
        let inflate = |stream: &mut dyn Read| inflate(stream, len as u64, &self.context);
        let malformed = || (None, Some(Fault::whole(Code::Malformed, WHOLE)));
        let mut packed = packed;
        Some(match entry.method {
            Method::Stored => inflate(&mut packed),
            Method::Deflated => inflate(&mut DeflateDecoder::new(packed)),
            Method::Deflate64 => {
                let mut whole = DEFLATE64.chain(packed);
                let options = ZipReadOptions::default()
                    .override_compressed_size(len as u64)
                    .ignore_crc32(true);
                match read_zipfile_from_stream_with_options(&mut whole, options) {
                    Ok(Some(mut stream)) => inflate(&mut stream),
                    _ => malformed(),
                }
            }
            Method::Zstd => zstd::stream::read::Decoder::with_buffer(packed)
                .map_or_else(|_| malformed(), |mut stream| inflate(&mut stream)),
            #[cfg(feature = "archives")]
            Method::Bzip2 => inflate(&mut bzip2::bufread::BzDecoder::new(packed)),
            #[cfg(feature = "archives")]
            Method::Lzma => match lzma(&mut packed, entry) {
                Some(mut stream) => inflate(&mut stream),
                None => malformed(),
            },
            #[cfg(feature = "archives")]
            Method::Xz => inflate(&mut lzma_rust2::XzReader::new_mem_limit(
                packed,
                true,
                (LZMA_DICTIONARY >> 10) + (1 << 10),
            )),
            #[cfg(feature = "archives")]
            Method::Ppmd => match ppmd(&mut packed, entry) {
                Some(mut stream) => inflate(&mut stream),
                None => malformed(),
            },
            _ => return None,
        })
    }

    /// Opens an encrypted entry with the first password that fits: its check bytes and the checksum of what comes out.
    fn unlock(&self, entry: &Entry) -> Option<(Option<Bytes>, Option<Fault>)> {
        let lock = entry.lock?;
        let data = &self.bytes[entry.data.clone()];
        for password in self.context.limits.passwords.bytes() {
            let Some((plain, len)) = lock.open(data, &password) else {
                continue;
            };
            let (bytes, fault) = self.inflate(entry, BufReader::new(plain), len)?;
            let over = fault
                .as_ref()
                .is_some_and(|fault| fault.code == Code::OverBudget);
            let whole = fault.is_none()
                && bytes
                    .as_deref()
                    .is_some_and(|bytes| self.is_right(entry, lock, data, &password, bytes));
            if whole || over {
                return Some((bytes, fault));
            }
        }
        None
    }

    /// Whether what came out is what went in.
    fn is_right(
        &self,
        entry: &Entry,
        lock: Lock,
        data: &[u8],
        password: &[u8],
        bytes: &[u8],
    ) -> bool {
        match (lock, entry.unpacked) {
            // AE-2 leaves the checksum zero and signs the data.
            (Lock::Aes(strength), _) => crypt::is_signed(strength, data, password),
            (Lock::Traditional(_), Some(_)) => check(entry, bytes).is_none(),
            (Lock::Traditional(_), None) => true,
        }
    }
}

/// The stream behind the properties that LZMA has in a zip (APPNOTE 5.8.8): a version, their length, and how it was packed.
/// It ends with a mark where a flag says so, else after as many bytes as the entry tells.
#[cfg(feature = "archives")]
fn lzma<R: Read>(mut packed: R, entry: &Entry) -> Option<impl Read> {
    let mut head = [0; 9];
    packed.read_exact(&mut head).ok()?;
    let [_, _, 5, 0, props, a, b, c, d] = head else {
        return None;
    };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    if dictionary > LZMA_DICTIONARY {
        return None;
    }
    let len = entry.unpacked.filter(|_| entry.flags & END_MARK == 0);
    let len = len.map_or(u64::MAX, |(len, _)| len);
    lzma_rust2::LzmaReader::new_with_props(packed, len, props, dictionary, None).ok()
}

/// The stream behind the two bytes that tell how PPMd packed (APPNOTE 5.10): the order less one, megabytes less one, and what is
/// done when the memory is full. It ends after as many bytes as the entry tells, or with a mark.
#[cfg(feature = "archives")]
fn ppmd<R: Read>(mut packed: R, entry: &Entry) -> Option<impl Read> {
    let mut head = [0; 2];
    packed.read_exact(&mut head).ok()?;
    let head = u32::from(u16::from_le_bytes(head));
    let (order, bytes) = ((head & 15) + 1, ((head >> 4 & 0xFF) + 1) << 20);
    let stream = ppmd_rust::Ppmd8Decoder::new(packed, order, bytes, (head >> 12).into()).ok()?;
    let len = entry.unpacked.map_or(u64::MAX, |(len, _)| len);
    Some(stream.take(len))
}

/// Holds the declared length and checksum against what came out.
fn check(entry: &Entry, bytes: &[u8]) -> Option<Fault> {
    let (len, crc) = entry.unpacked?;
    let found = bytes.len() as u64;
    if found < len {
        return Some(Fault::at(
            Code::Truncated,
            found,
            format!("{} bytes", len - found),
        ));
    }
    (found != len || sum(bytes) != crc)
        .then(|| Fault::at(Code::Malformed, found, "nothing; length or checksum differ"))
}

impl Reader for Zip<'_> {
    fn parts(&self) -> usize {
        self.entries.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let entry = &self.entries[part];
        let (bytes, fault) = self.unpack(entry);
        let beside = self.pairs.beside(part);
        let beside = beside.and_then(|nth| self.unpack(&self.entries[nth]).0);
        let bytes = bytes.map(|bytes| bytes.with(beside));
        let declared = entry.unpacked.map_or(0, |(len, _)| len);
        let len = bytes.as_ref().map_or(declared, |bytes| bytes.len() as u64);
        let whole = bytes.is_some() && fault.is_none();
        let of = |nth: usize| self.unpack(&self.entries[nth]).0;
        let own = bytes.as_deref().unwrap_or_default();
        let read_with = self.pairs.part(part, &self.names[part], own, of);
        let member = read_with.filter(|_| whole).unwrap_or_else(|| Member {
            name: self.names[part].clone(),
            bytes,
            fault,
            len,
        });
        let _ = sink(Item::Member(member));
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

#[cfg(test)]
mod tests;
