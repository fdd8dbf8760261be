//! Documents inside compound files: what was pasted into a text, a sheet or a message as an object.
//!
//! In: a compound file. Out: a member for each storage that holds a document, made a compound file of its own; for what a
//! program packed whole (a file of the new formats, any file by its name) those bytes.

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
