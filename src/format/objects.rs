//! Documents inside compound files: what was pasted into a text, a sheet or a message as an object.
//!
//! In: a compound file. Out: a member for each storage that holds a document, made a compound file of its own; for what a
//! program packed whole (a file of the new formats, any file by its name) those bytes. Of a file that is cut, what can still
//! be opened.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cfb::CompoundFile;

use super::{Item, Member, Sink};
use crate::source::{Bytes, Code, Fault};

/// Streams by which a storage is known for a document.
const DOCUMENTS: [&str; 5] = [
    "WordDocument",
    "Workbook",
    "Book",
    "PowerPoint Document",
    "__properties_version1.0",
];
/// Streams that are a file themselves ([MS-OLEDS] 2.3.6 for the second).
const PACKED: [&str; 2] = ["Package", NATIVE];
const NATIVE: &str = "\u{1}Ole10Native";
/// Objects of one file.
const MOST: usize = 10_000;

/// The first bytes of every compound file ([MS-CFB] 2.2).
const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Sectors of the table that the header lists ([MS-CFB] 2.2), and what no sector has for its number (2.1).
const LISTED: usize = 109;
const LAST: u32 = 0xffff_fffa;
/// Bytes that a small file may lack.
const MISSING: usize = 16 << 20;

/// Whether a compound file is a message of Outlook ([MS-OXMSG] 2.4). Its directory may stand anywhere.
#[cfg(feature = "mail-stores")]
pub(super) fn is_message(bytes: &Bytes) -> bool {
    let container = bytes.starts_with(MAGIC).then(|| container(bytes)).flatten();
    let file = container.and_then(|(whole, _)| CompoundFile::open(Cursor::new(whole)).ok());
    file.is_some_and(|file| file.is_stream("/__properties_version1.0"))
}

/// A compound file that can be opened, and what it lacks. Some programs list more sectors than they write; where a chain leads
/// to those, the file is cut.
pub(super) fn container(bytes: &Bytes) -> Option<(Bytes, Option<Fault>)> {
    let opens = |bytes: &[u8]| CompoundFile::open(Cursor::new(bytes)).is_ok();
    if opens(bytes) {
        return Some((bytes.clone(), None));
    }
    let shift = number(bytes, 30)? as u16;
    let sector = 1usize << Some(shift).filter(|shift| matches!(shift, 9 | 12))?;
    let tables = number(bytes, 44)? as usize;
    let len = tables.checked_mul(sector / 4)?.checked_add(1)? * sector;
    // A table has a sector of its own, and hardly any file lacks so much more than it has.
    let most = MISSING.max(bytes.len().saturating_mul(16));
    if tables > bytes.len() / sector || len <= bytes.len() || len > most {
        return None;
    }
    let mut filled = bytes.to_vec();
    filled.resize(len, 0);
    let lost = n_lost(bytes, sector, tables) * sector;
    let cut = || {
        let lost = format!("{lost} bytes that it tells of");
        Fault::at(Code::Truncated, bytes.len() as u64, lost)
    };
    opens(&filled).then(|| (Bytes::owned(filled), (lost > 0).then(cut)))
}

/// How many sectors are not there to which chains of the table lead.
fn n_lost(bytes: &[u8], sector: usize, tables: usize) -> usize {
    let n_written = (bytes.len().div_ceil(sector) - 1) as u32;
    let table = |nth: usize| {
        let at = (number(bytes, 76 + nth * 4)? as usize)
            .checked_add(1)?
            .checked_mul(sector)?;
        bytes.get(at..at.checked_add(sector)?)
    };
    let tables = (0..tables.min(LISTED)).filter_map(table);
    let entries = tables.flat_map(|table| table.chunks_exact(4));
    let next = entries.filter_map(|entry| number(entry, 0));
    next.filter(|next| (n_written..LAST).contains(next)).count()
}

/// A number of four bytes.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The objects of a compound file.
#[derive(Default)]
pub(super) struct Objects {
    found: Vec<(String, Bytes)>,
    faults: Vec<Fault>,
}

impl Objects {
    /// Finds the objects below a storage, not counting what the storage itself is. Together they hold no more bytes than
    /// `most`.
    pub(super) fn below<F: Read + Seek>(
        file: &mut CompoundFile<F>,
        root: &Path,
        most: u64,
    ) -> Self {
        let mut objects = Self::default();
        let mut left = most;
        let mut last: Option<PathBuf> = None;
        let (storages, further) = storages(file, root);
        objects.faults.extend(further);
        for storage in storages {
            // What stands in an object is the object's; it comes right behind it.
            if last
                .as_ref()
                .is_some_and(|outer| storage.starts_with(outer))
            {
                continue;
            }
            let Some(found) = object(file, &storage, root, &mut left) else {
                continue;
            };
            if objects.found.len() >= MOST {
                objects.faults.push(further_objects());
                break;
            }
            match found {
                Ok((name, bytes, further)) => {
                    objects.found.push((name, bytes));
                    objects.faults.extend(further);
                }
                Err(fault) => objects.faults.push(fault),
            }
            last = Some(storage);
        }
        objects
    }

    /// Gives the objects as members.
    pub(super) fn give(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        for (name, bytes) in &self.found {
            sink(Item::Member(Member::whole(name.clone(), bytes.clone())))?;
        }
        for fault in &self.faults {
            sink(Item::Fault(fault.clone()))?;
        }
        ControlFlow::Continue(())
    }
}

fn further_objects() -> Fault {
    Fault::whole(Code::OverBudget, "further objects")
}

/// The storages below one, each before those inside it, and what is said when there are more.
fn storages<F: Read + Seek>(file: &CompoundFile<F>, root: &Path) -> (Vec<PathBuf>, Option<Fault>) {
    let below = file.walk().filter(|entry| entry.is_storage());
    let mut below: Vec<PathBuf> = below
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.starts_with(root) && path != root)
        .take(MOST + 1)
        .collect();
    let further = (below.len() > MOST).then(further_objects);
    below.truncate(MOST);
    below.sort();
    (below, further)
}

/// Name and bytes of an object, and what is said to be missing of it.
type Object = (String, Bytes, Option<Fault>);

/// The object that a storage is, if it is one.
fn object<F: Read + Seek>(
    file: &mut CompoundFile<F>,
    storage: &Path,
    root: &Path,
    left: &mut u64,
) -> Option<Result<Object, Fault>> {
    let name = storage.strip_prefix(root).unwrap_or(storage);
    let name = name.to_string_lossy().into_owned();
    let packed = PACKED
        .iter()
        .find(|name| file.is_stream(storage.join(name)));
    if let Some(&stream) = packed {
        let bytes = match read(file, &storage.join(stream), left) {
            Ok(bytes) => bytes,
            Err(fault) => return Some(Err(fault)),
        };
        let (label, bytes) = match stream {
            NATIVE => native(&bytes).unwrap_or((String::new(), &bytes)),
            _ => (String::new(), &bytes[..]),
        };
        let name = if label.is_empty() {
            name
        } else {
            format!("{name}/{label}")
        };
        return Some(Ok((name, Bytes::owned(bytes.to_vec()), None)));
    }
    let is_document = DOCUMENTS
        .iter()
        .any(|name| file.is_stream(storage.join(name)));
    is_document.then(|| {
        copy(file, storage, left).map(|(bytes, further)| (name, Bytes::owned(bytes), further))
    })
}

/// The bytes of a stream, charged to what is left.
fn read<F: Read + Seek>(
    file: &mut CompoundFile<F>,
    path: &Path,
    left: &mut u64,
) -> Result<Vec<u8>, Fault> {
    let malformed = |_| Fault::whole(Code::Malformed, "an object");
    let stream = file.open_stream(path).map_err(malformed)?;
    let len = stream.len();
    if len > *left {
        return Err(Fault::whole(Code::Malformed, "an object"));
    }
    *left -= len;
    let mut bytes = Vec::new();
    stream
        .take(len)
        .read_to_end(&mut bytes)
        .map_err(malformed)?;
    if bytes.len() as u64 != len {
        return Err(Fault::whole(Code::Truncated, "an object"));
    }
    Ok(bytes)
}

/// A storage as a compound file, and what is said when it holds more than is copied.
pub(super) fn copy<F: Read + Seek>(
    file: &mut CompoundFile<F>,
    storage: &Path,
    left: &mut u64,
) -> Result<(Vec<u8>, Option<Fault>), Fault> {
    let malformed = |_| Fault::whole(Code::Malformed, "an object");
    let mut walk = file.walk_storage(storage).map_err(malformed)?;
    let entries: BTreeMap<PathBuf, bool> = walk
        .by_ref()
        .take(MOST)
        .map(|entry| (entry.path().to_owned(), entry.is_stream()))
        .collect();
    let further = walk.next().is_some().then(further_objects);
    drop(walk);
    let mut out = CompoundFile::create(Cursor::new(Vec::new())).map_err(malformed)?;
    for (path, is_stream) in entries {
        let Ok(inner) = path.strip_prefix(storage) else {
            continue;
        };
        let to = Path::new("/").join(inner);
        if is_stream {
            let bytes = read(file, &path, left)?;
            let mut stream = out.create_stream(&to).map_err(malformed)?;
            stream.write_all(&bytes).map_err(malformed)?;
        } else if to != Path::new("/") {
            out.create_storage_all(&to).map_err(malformed)?;
        }
    }
    out.flush().map_err(malformed)?;
    Ok((out.into_inner().into_inner(), further))
}

/// Name and bytes of a file that was packed ([MS-OLEDS] 2.3.6; the fields inside as the packager of Windows writes them).
fn native(bytes: &[u8]) -> Option<(String, &[u8])> {
    let rest = bytes.get(6..)?;
    let (label, rest) = zero_ended(rest)?;
    let (_path, rest) = zero_ended(rest)?;
    let rest = rest.get(4..)?;
    let number = |bytes: &[u8]| Some(u32::from_le_bytes(*bytes.first_chunk()?) as usize);
    let rest = rest.get(4..)?.get(number(rest)?..)?;
    let data = rest.get(4..)?.get(..number(rest)?)?;
    let name = crate::text::detect(label).encoding.decode(label).0;
    let name = name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned();
    Some((name, data))
}

fn zero_ended(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, bytes)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_file_is_opened() {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for name in ["/a", "/b"] {
            let mut stream = file.create_stream(name).unwrap();
            stream.write_all(&[name.as_bytes()[1]; 40_000]).unwrap();
        }
        file.flush().unwrap();
        let raw = file.into_inner().into_inner();
        let open = |raw: &[u8]| container(&Bytes::owned(raw.to_vec()));
        assert!(open(&raw).is_some_and(|(_, cut)| cut.is_none()));
        // The last bytes are those of a stream, which is read as far as it goes.
        let (whole, cut) = open(&raw[..raw.len() - 20_000]).unwrap();
        assert_eq!(cut.unwrap().code, Code::Truncated);
        let mut file = CompoundFile::open(Cursor::new(&whole[..])).unwrap();
        let mut first = Vec::new();
        let mut stream = file.open_stream("/a").unwrap();
        stream.read_to_end(&mut first).unwrap();
        assert!(first.len() == 40_000 && first.iter().all(|&byte| byte == b'a'));
        // Nothing is made of what has no directory.
        assert!(open(&raw[..600]).is_none());
    }

    #[test]
    fn objects_of_a_file() {
        let native = [
            &[0, 0, 0, 0, 2, 0][..],
            b"list.csv\0C:\\list.csv\0\0\0\x03\0",
            &5u32.to_le_bytes(),
            b"C:\\x\0",
            &3u32.to_le_bytes(),
            b"a,b",
        ]
        .concat();
        let streams: [(&str, &[u8]); 6] = [
            ("/WordDocument", b"outer"),
            ("/ObjectPool/_1/WordDocument", b"inner"),
            ("/ObjectPool/_1/ObjectPool/_9/Workbook", b"innermost"),
            ("/ObjectPool/_2/Package", b"PK"),
            ("/ObjectPool/_3/\u{1}Ole10Native", &native),
            ("/ObjectPool/_4/\u{3}ObjInfo", b"nothing"),
        ];
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in streams {
            file.create_storage_all(Path::new(path).parent().unwrap())
                .unwrap();
            file.create_stream(path).unwrap().write_all(bytes).unwrap();
        }
        let objects = Objects::below(&mut file, Path::new("/"), 1 << 20);
        assert!(objects.faults.is_empty());
        let found = objects.found;
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["ObjectPool/_1", "ObjectPool/_2", "ObjectPool/_3/list.csv"]
        );
        assert_eq!(
            (&found[1].1[..], &found[2].1[..]),
            (&b"PK"[..], &b"a,b"[..])
        );
        let mut inner = CompoundFile::open(Cursor::new(found[0].1.to_vec())).unwrap();
        assert!(inner.is_stream("/ObjectPool/_9/Workbook"));
        let mut text = String::new();
        inner
            .open_stream("/WordDocument")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "inner");
        // What is too long together is said.
        let objects = Objects::below(&mut file, Path::new("/"), 7);
        assert_eq!(objects.faults.len(), 2);
        // One that is most of its file is whole.
        let long = "x".repeat(6_000);
        let path = "/ObjectPool/_2/Package";
        let mut stream = file.create_stream(path).unwrap();
        stream.write_all(long.as_bytes()).unwrap();
        drop(stream);
        let objects = Objects::below(&mut file, Path::new("/"), 6_500);
        assert!(objects.faults.is_empty());
        assert_eq!(objects.found[1].1.len(), long.len());
    }
}
