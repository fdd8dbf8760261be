//! tar archives: old, ustar, pax and GNU, concatenated ones included, read by the `tar` crate.
//!
//! Members are ranges of the archive's own bytes. An archive cut short gives its last member as far as it goes; what stands
//! behind a damaged header is left to be carved.

mod sparse;

use std::io::Cursor;
use std::ops::Range;

use self::sparse::Holes;
use super::names::{self, RawName};
use super::pairs::{self, Pairs};
use super::{REST, give, inflate};
#[cfg(feature = "databases")]
use crate::format::database::pg_files;
use crate::format::{Context, Format, Head, Item, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits, Spool, fault_of};

/// tar.
pub const TAR: Format = Format {
    name: "tar",
    title: "tar",
    extensions: &["tar"],
    raw: true,
    tabular: false,
    sniff,
    open,
};

/// Bytes of a header, and of what everything is padded to.
const BLOCK: usize = 512;

fn sniff(head: &Head<'_>) -> u8 {
    let Some(header) = head.bytes.first_chunk::<BLOCK>() else {
        return 0;
    };
    // The sum over the header, its own field counted as blanks (POSIX.1-2017, pax, ustar interchange format).
    let told = std::str::from_utf8(&header[148..156]).ok();
    let told = told.and_then(|text| u32::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok());
    let blank = |at: usize| {
        if (148..156).contains(&at) {
            b' '
        } else {
            header[at]
        }
    };
    let sum: u32 = (0..BLOCK).map(|at| u32::from(blank(at))).sum();
    let signed: i64 = (0..BLOCK).map(|at| i64::from(blank(at) as i8)).sum();
    let right = told.is_some_and(|told| told == sum || i64::from(told) == signed) && header[0] != 0;
    match (right, header[257..].starts_with(b"ustar")) {
        (true, true) => 99,
        (true, false) => 92,
        (false, true) => 60,
        (false, false) => 0,
    }
}

/// One file of the archive.
struct Entry {
    name: Vec<u8>,
    data: Range<usize>,
    /// Length that the header declares.
    len: u64,
    /// How its holes are told, where it has any.
    sparse: Option<Sparse>,
}

/// How a sparse file tells its holes.
enum Sparse {
    /// In its header, which stands here.
    Header(usize),
    /// In the attributes of a pax header, or in front of its data.
    Told(Holes),
}

impl Entry {
    /// What the archive was cut short by.
    fn missing(&self) -> Option<Fault> {
        let found = self.data.len() as u64;
        let lost = self.len.checked_sub(found).filter(|&lost| lost > 0)?;
        Some(Fault::at(Code::Truncated, found, format!("{lost} bytes")))
    }
}

struct Tar<'a> {
    bytes: &'a Bytes,
    entries: Vec<Entry>,
    names: Vec<String>,
    /// Files that belong to others.
    pairs: Pairs,
    faults: Vec<Fault>,
    /// Where the archive stops being one.
    broken: Option<Fault>,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let tar = list(bytes, context)?;
    #[cfg(feature = "databases")]
    if (0..tar.entries.len()).any(|nth| pg_files::is_toc(&tar.names[nth], &tar.contents(nth))) {
        return pg_files::open(bytes, context);
    }
    Ok(Box::new(tar))
}

/// Lists what stands in an archive.
fn list<'a>(bytes: &'a Bytes, context: &Context) -> Result<Tar<'a>, Fault> {
    let mut archive = tar::Archive::new(Cursor::new(&bytes[..]));
    archive.set_ignore_zeros(true);
    let mut entries = Vec::new();
    let (mut faults, mut broken) = (Vec::new(), None);
    let mut end = 0;
    let malformed = |at: usize| Fault::at(Code::Malformed, at as u64, "the further members");
    for found in archive.entries_with_seek().map_err(|_| malformed(0))? {
        let Ok(mut found) = found else {
            broken = Some(malformed(end)).filter(|_| end < bytes.len());
            break;
        };
        let start = usize::try_from(found.raw_file_position()).unwrap_or(usize::MAX);
        let len = found.size();
        let start = start.min(bytes.len());
        let stop = start.saturating_add(usize::try_from(len).unwrap_or(usize::MAX));
        let data = start..stop.min(bytes.len());
        end = data
            .end
            .saturating_add(data.len().wrapping_neg() % BLOCK)
            .min(bytes.len());
        let kind = found.header().entry_type();
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            continue;
        }
        if entries.len() as u64 >= context.limits.members {
            faults.push(Fault::whole(Code::OverBudget, "the further members"));
            break;
        }
        let name = found.path_bytes().into_owned();
        let header = usize::try_from(found.raw_header_position()).unwrap_or(usize::MAX);
        let attributes = found.pax_extensions().ok().flatten();
        let told = attributes.and_then(|attributes| sparse::read(attributes, &bytes[data.clone()]));
        let (name, sparse) = match told {
            Some((told, holes)) => (told.unwrap_or(name), Some(Sparse::Told(holes))),
            None => {
                let is_sparse = kind.is_gnu_sparse();
                (name, is_sparse.then_some(Sparse::Header(header)))
            }
        };
        entries.push(Entry {
            name,
            data,
            len,
            sparse,
        });
    }
    let names = names::decode(entries.iter().map(|entry: &Entry| RawName {
        bytes: &entry.name,
        utf8: false,
    }));
    Ok(Tar {
        bytes,
        entries,
        pairs: pairs::of(&names),
        names,
        faults,
        broken,
        context: context.clone(),
    })
}

/// A file of an archive, for formats that consist of several.
#[cfg(feature = "databases")]
pub(in crate::format) struct TarFile {
    pub(in crate::format) name: String,
    pub(in crate::format) bytes: Bytes,
    /// Where it begins in the archive.
    pub(in crate::format) at: u64,
    /// What is missing of it.
    pub(in crate::format) fault: Option<Fault>,
}

#[cfg(feature = "databases")]
impl TarFile {
    /// Gives it as a member.
    pub(in crate::format) fn give(&self, sink: &mut Sink<'_>) -> std::ops::ControlFlow<()> {
        let found = (Some(self.bytes.clone()), self.fault.clone());
        give(&self.name, found, self.bytes.len() as u64, sink)
    }
}

/// The files of an archive, what could not be listed, and where it stops being one.
#[cfg(feature = "databases")]
pub(in crate::format) fn files(
    bytes: &Bytes,
    context: &Context,
) -> Result<(Vec<TarFile>, Vec<Fault>, Option<Fault>), Fault> {
    let tar = list(bytes, context)?;
    let file = |(nth, entry): (usize, &Entry)| {
        let (bytes, fault) = match &entry.sparse {
            Some(sparse) => tar.sparse(nth, sparse),
            None => (Some(tar.contents(nth)), None),
        };
        TarFile {
            name: tar.names[nth].clone(),
            bytes: bytes.unwrap_or_else(|| Bytes::owned(Vec::new())),
            at: entry.data.start as u64,
            fault: fault.or_else(|| entry.missing()),
        }
    };
    let files = tar.entries.iter().enumerate().map(file).collect();
    Ok((files, tar.faults, tar.broken))
}

/// Packs files into an archive, so that what reads such can read a folder.
pub fn pack(
    files: &mut dyn Iterator<Item = (String, Result<Bytes, Fault>)>,
    limits: &Limits,
) -> Result<Bytes, Fault> {
    let mut builder = tar::Builder::new(Spool::new(limits));
    for (name, bytes) in files {
        let bytes = bytes?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        builder
            .append_data(&mut header, name, &bytes[..])
            .map_err(|error| fault_of(&error, 0))?;
    }
    let spool = builder.into_inner().map_err(|error| fault_of(&error, 0))?;
    spool.finish()
}

impl Reader for Tar<'_> {
    fn parts(&self) -> usize {
        self.entries.len() + usize::from(self.broken.is_some())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(entry) = self.entries.get(part) else {
            return self.broken.clone().map_or(Ok(()), Err);
        };
        let own = self.contents(part);
        let of = |nth: usize| Some(self.contents(nth));
        if let Some(member) = self.pairs.part(part, &self.names[part], &own, of) {
            let _ = sink(Item::Member(member));
            return Ok(());
        }
        let found = if let Some(sparse) = &entry.sparse {
            self.sparse(part, sparse)
        } else {
            let beside = self.pairs.beside(part).map(|nth| self.contents(nth));
            (Some(self.contents(part).with(beside)), entry.missing())
        };
        let _ = give(&self.names[part], found, entry.len, sink);
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Tar<'_> {
    /// The bytes of a file as they stand in the archive.
    fn contents(&self, nth: usize) -> Bytes {
        self.bytes.slice(self.entries[nth].data.clone())
    }

    /// A sparse file with its holes filled, which are charged to the budget. Where its header tells them, the archive is read from
    /// there on.
    fn sparse(&self, nth: usize, sparse: &Sparse) -> (Option<Bytes>, Option<Fault>) {
        let header = match sparse {
            Sparse::Header(header) => *header,
            Sparse::Told(holes) => {
                let data = self.contents(nth);
                let mut filled = holes.filled(&data);
                return inflate(&mut filled, self.bytes.len() as u64, &self.context);
            }
        };
        let from = self.bytes.get(header..).unwrap_or_default();
        let mut archive = tar::Archive::new(Cursor::new(from));
        let found = archive.entries_with_seek().ok();
        match found.and_then(|mut entries| entries.next()?.ok()) {
            Some(mut entry) => inflate(&mut entry, self.bytes.len() as u64, &self.context),
            None => (None, Some(Fault::whole(Code::Malformed, REST))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder
                .append_data(&mut header, name, text.as_bytes())
                .unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn holes_of_sparse_files_are_filled() {
        // A hole of 512 bytes, then data (GNU tar, "Storing Sparse Files", the old form).
        let mut header = tar::Header::new_gnu();
        header.set_path("s").unwrap();
        header.set_entry_type(tar::EntryType::GNUSparse);
        header.set_size(4);
        let gnu = header.as_gnu_mut().unwrap();
        gnu.sparse[0].set_offset(512);
        gnu.sparse[0].set_length(4);
        gnu.set_real_size(516);
        header.set_cksum();
        let mut builder = tar::Builder::new(archive(&[("a", "1")])[..2 * BLOCK].to_vec());
        builder.append(&header, &b"data"[..]).unwrap();
        let bytes = builder.into_inner().unwrap();
        let found = members(&TAR, &bytes, &context());
        let texts: Vec<&[u8]> = found
            .iter()
            .map(|member| &member.bytes.as_ref().unwrap()[..])
            .collect();
        let expected = [b"1", &[&[0; 512], &b"data"[..]].concat()[..]];
        assert_eq!(texts, expected);
        #[cfg(feature = "databases")]
        {
            let (found, _, _) = files(&Bytes::owned(bytes), &context()).unwrap();
            let texts: Vec<&[u8]> = found.iter().map(|file| &file.bytes[..]).collect();
            assert_eq!(texts, expected);
        }
    }

    #[test]
    fn members_of_whole_cut_and_joined_archives() {
        let long = "名簿/".repeat(60) + "一覧.csv";
        let bytes = archive(&[("a.csv", "1,2\n"), (&long, "3,4\n")]);
        let check = |bytes: &[u8], expected: &[String]| {
            assert_eq!(show(&members(&TAR, bytes, &context())), expected);
        };
        let both = ["a.csv: 1,2\n".to_string(), format!("{long}: 3,4\n")];
        check(&bytes, &both);
        check(
            &[&bytes[..], &archive(&[("b", "5")])].concat(),
            &[&both[..], &["b: 5".to_string()]].concat(),
        );
        let cut = archive(&[("a.csv", &"x".repeat(2_000))]);
        check(
            &cut[..BLOCK + 100],
            &[format!("a.csv: {} truncated Some(100)", "x".repeat(100))],
        );
    }
}
