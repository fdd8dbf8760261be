//! Bytes of one source, however they came: mapped, read into memory, or spooled to an unlinked file.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::{Deref, Range};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use super::guard::{self, Map};
use super::{Code, Fault, Limits};

/// Files up to this size are read: that is as fast as a map, and nothing can be cut off under it.
const SMALL: u64 = 64 << 10;
/// Room left on the file system that holds the spools, for everybody else.
const RESERVE: u64 = 256 << 20;
/// Bytes written to a spool file between two looks at the room left.
const CHECK_EVERY: u64 = 16 << 20;

/// The bytes of a source. Cheap to clone and to slice: all share one owner.
#[derive(Clone)]
pub struct Bytes {
    owner: Arc<Owner>,
    range: Range<usize>,
    beside: Option<Arc<Bytes>>,
}

enum Owner {
    Memory { bytes: Vec<u8>, changed: bool },
    File { map: Map, file: File, stat: Stat },
    Spool { map: Map, file: File },
}

/// What tells that a file is still the one that was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stat {
    inode: (u64, u64),
    len: u64,
    modified: (i64, i64),
}

impl fmt::Debug for Bytes {
    /// Their number: what they say is never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Bytes {
    /// Bytes in memory.
    pub fn owned(bytes: Vec<u8>) -> Self {
        Self::new(Owner::Memory {
            bytes,
            changed: false,
        })
    }

    /// Opens a file: local regular files are mapped; small ones, special ones (pipes, `/proc`, devices) and those on network
    /// file systems are read, into memory or a spool.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(unreadable)?;
        let stat = stat(&file).map_err(unreadable)?;
        let regular = file.metadata().is_ok_and(|meta| meta.is_file());
        if regular
            && stat.len > SMALL
            && is_local(&file)
            && let Some(map) = Map::guarded(&file)
        {
            return Ok(Self::new(Owner::File { map, file, stat }));
        }
        Self::read(file, stat)
    }

    /// Reads a stream to its end, such as standard input.
    pub fn stream(stream: &mut dyn Read, limits: &Limits) -> Result<Self, Fault> {
        let mut spool = Spool::new(limits);
        io::copy(stream, &mut spool).map_err(|error| fault_of(&error, spool.len()))?;
        spool.finish()
    }

    fn read(mut file: File, before: Stat) -> Result<Self, Fault> {
        let mut spool = Spool::new(&Limits::default());
        io::copy(&mut file, &mut spool).map_err(|error| fault_of(&error, spool.len()))?;
        let changed = before.len > 0 && stat(&file).is_ok_and(|after| after != before);
        match (spool.file, changed) {
            (None, changed) => Ok(Self::new(Owner::Memory {
                bytes: spool.memory,
                changed,
            })),
            (file, _) => Spool { file, ..spool }.finish(),
        }
    }

    /// The file that holds these bytes, if one does: for another process to map.
    pub fn file(&self) -> Option<File> {
        match &*self.owner {
            Owner::Memory { .. } => None,
            Owner::File { file, .. } | Owner::Spool { file, .. } => file.try_clone().ok(),
        }
    }

    /// Where these bytes lie in what holds them: in [`Bytes::file`], if there is one.
    pub fn place(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The same bytes for the rest of the process, to be changed here and nowhere else; `None` where no file holds them. For a process
    /// that reads nothing else: they are never given back.
    pub fn leaked(&self) -> Option<&'static mut [u8]> {
        match &*self.owner {
            Owner::Memory { .. } => None,
            Owner::File { file, .. } | Owner::Spool { file, .. } => {
                guard::leaked(file, self.range.clone())
            }
        }
    }

    /// What another process handed on: a `range` of a file, which is mapped, or else a stream, which is all of it.
    pub fn handed(file: File, range: Range<usize>, limits: &Limits) -> Result<Self, Fault> {
        if !file.metadata().is_ok_and(|meta| meta.is_file()) {
            return Self::stream(&mut &file, limits);
        }
        let stat = stat(&file).map_err(unreadable)?;
        let map = Map::guarded(&file)
            .ok_or_else(|| Fault::whole(Code::Unreadable, "the whole source"))?;
        Ok(Self::new(Owner::File { map, file, stat }).slice(range))
    }

    fn new(owner: Owner) -> Self {
        let len = owner.bytes().len();
        Self {
            owner: Arc::new(owner),
            range: 0..len,
            beside: None,
        }
    }

    /// The same bytes with a file that belongs to them, out of the container that holds both.
    pub fn with(self, beside: Option<Bytes>) -> Self {
        Self {
            beside: beside.map(Arc::new),
            ..self
        }
    }

    /// The file that belongs to these bytes, where their container holds one.
    pub fn beside(&self) -> Option<&Bytes> {
        self.beside.as_deref()
    }

    /// Some of these bytes, without copying them. The range is cut to what there is.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let end = self.range.start + range.end.min(self.len());
        let start = (self.range.start + range.start.min(self.len())).min(end);
        Self {
            owner: Arc::clone(&self.owner),
            range: start..end,
            beside: None,
        }
    }

    /// Tells whether the file behind these bytes changed since it was opened: ask when it has been read. What was read past
    /// the fault's offset was zeros.
    pub fn changed(&self) -> Option<Fault> {
        let (now, before, lost_at) = match &*self.owner {
            Owner::File {
                map,
                file,
                stat: before,
            } => (stat(file).ok(), before, map.lost_at()),
            Owner::Memory { changed: true, .. } => {
                return Some(Fault::whole(Code::Changed, "unknown"));
            }
            Owner::Memory { .. } | Owner::Spool { .. } => return None,
        };
        let shorter = now.filter(|now| now.len < before.len).map(|now| now.len);
        // Pages are lost whole, and only when read: the new length is more exact where it is still known.
        match (shorter, lost_at) {
            (Some(len), _) => Some(Fault::at(
                Code::Changed,
                len,
                format!("{} bytes", before.len - len),
            )),
            (None, Some(at)) => Some(Fault::at(
                Code::Changed,
                at,
                format!("up to {} bytes", before.len - at),
            )),
            (None, None) if now != Some(*before) => Some(Fault::whole(Code::Changed, "unknown")),
            (None, None) => None,
        }
    }
}

impl Owner {
    fn bytes(&self) -> &[u8] {
        match self {
            Owner::Memory { bytes, .. } => bytes,
            Owner::File { map, .. } | Owner::Spool { map, .. } => map,
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.owner.bytes()[self.range.clone()]
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Collects the bytes of a stream: in memory while small, then in an unlinked file.
pub struct Spool {
    memory: Vec<u8>,
    in_memory_bytes: usize,
    file: Option<File>,
    written: u64,
    unchecked: u64,
}

impl Spool {
    /// An empty spool that keeps [`Limits::in_memory_bytes`] in memory.
    pub fn new(limits: &Limits) -> Self {
        Self {
            memory: Vec::new(),
            in_memory_bytes: limits.in_memory_bytes,
            file: None,
            written: 0,
            unchecked: 0,
        }
    }

    /// Bytes collected so far.
    pub fn len(&self) -> u64 {
        self.memory.len() as u64 + self.written
    }

    /// Whether nothing was collected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes collected.
    pub fn finish(mut self) -> Result<Bytes, Fault> {
        let Some(file) = self.file.take() else {
            self.memory.shrink_to_fit();
            return Ok(Bytes::owned(self.memory));
        };
        let lost = format!("{} bytes", self.written);
        Map::private(&file)
            .map(|map| Bytes::new(Owner::Spool { map, file }))
            .ok_or_else(|| Fault::whole(Code::Unreadable, lost))
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        make_room(&file, self.memory.len() as u64)?;
        file.write_all(&self.memory)?;
        self.written = self.memory.len() as u64;
        self.memory = Vec::new();
        self.file = Some(file);
        Ok(())
    }
}

impl Write for Spool {
    /// Fails with [`io::ErrorKind::StorageFull`] when there is no room for the spool file; what was collected stays.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() {
            if self.memory.len() + bytes.len() <= self.in_memory_bytes {
                self.memory.extend_from_slice(bytes);
                return Ok(bytes.len());
            }
            self.spill()?;
        }
        let Some(file) = &mut self.file else {
            unreachable!("spilled above")
        };
        if self.unchecked >= CHECK_EVERY {
            make_room(file, CHECK_EVERY)?;
            self.unchecked = 0;
        }
        let n = file.write(bytes)?;
        self.written += n as u64;
        self.unchecked += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The fault that an error of reading a stream or filling a spool is.
pub fn fault_of(error: &io::Error, at: u64) -> Fault {
    let code = if error.kind() == io::ErrorKind::StorageFull {
        Code::NoSpace
    } else {
        Code::Unreadable
    };
    Fault::at(code, at, "the rest of the source")
}

fn unreadable(_: io::Error) -> Fault {
    Fault::whole(Code::Unreadable, "the whole source")
}

fn stat(file: &File) -> io::Result<Stat> {
    let meta = file.metadata()?;
    Ok(Stat {
        inode: (meta.dev(), meta.ino()),
        len: meta.len(),
        modified: (meta.mtime(), meta.mtime_nsec()),
    })
}

/// Checks that the file system has room for `more` bytes and the reserve.
fn make_room(file: &File, more: u64) -> io::Result<()> {
    let room = rustix::fs::fstatvfs(file)?;
    // A file system that does not say is asked by writing to it.
    if room.f_blocks > 0
        && room.f_bavail.saturating_mul(room.f_frsize) < more.saturating_add(RESERVE)
    {
        return Err(io::ErrorKind::StorageFull.into());
    }
    Ok(())
}

/// Whether the file lies on a file system whose files cannot vanish with a network.
#[cfg(target_os = "linux")]
fn is_local(file: &File) -> bool {
    /// Magic numbers of statfs(2): 9p, AFS, Ceph, CIFS, Coda, FUSE, Lustre, NCP, NFS, SMB, SMB2.
    const REMOTE: [u32; 11] = [
        0x0102_1997,
        0x5346_414f,
        0x00c3_6400,
        0xff53_4d42,
        0x7375_7245,
        0x6573_5546,
        0x0bd0_0bd0,
        0x564c,
        0x6969,
        0x517b,
        0xfe53_4d42,
    ];
    // The field's type differs between architectures; the magic numbers have 32 bits.
    rustix::fs::fstatfs(file).is_ok_and(|found| !REMOTE.contains(&(found.f_type as u32)))
}

/// Elsewhere it is not known, and files are read.
#[cfg(not(target_os = "linux"))]
fn is_local(_file: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(in_memory_bytes: usize) -> Limits {
        Limits {
            in_memory_bytes,
            ..Limits::default()
        }
    }

    fn temp(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn files_of_every_size_are_read_whole() {
        for len in [0, 1, SMALL as usize, SMALL as usize + 1, 1 << 20] {
            let data: Vec<u8> = (0..len).map(|i| i as u8).collect();
            let file = temp(&data);
            let bytes = Bytes::open(file.path()).unwrap();
            assert_eq!(&*bytes, &data[..]);
            assert_eq!(bytes.changed(), None);
        }
    }

    #[test]
    fn files_without_a_length_are_read() {
        let bytes = Bytes::open(Path::new("/proc/self/status")).unwrap();
        assert!(bytes.starts_with(b"Name:"));
        assert_eq!(bytes.changed(), None);
    }

    #[test]
    fn a_missing_file_is_unreadable() {
        let fault = Bytes::open(Path::new("/nonexistent/file")).err().unwrap();
        assert_eq!(fault.code, Code::Unreadable);
    }

    #[test]
    fn threads_may_share() {
        fn check<T: Send + Sync + Clone>() {}
        check::<Bytes>();
    }

    #[test]
    fn slices_share_and_are_cut() {
        let bytes = Bytes::owned(b"0123456789".to_vec());
        let middle = bytes.slice(2..8);
        assert_eq!(&*middle, b"234567");
        assert_eq!(&*middle.slice(1..100), b"34567");
        assert_eq!(&*middle.slice(90..100), b"");
        drop(bytes);
        assert_eq!(&*middle.slice(0..2), b"23");
    }

    #[test]
    fn a_file_that_shrinks_is_said() {
        let file = temp(&vec![b'x'; 1 << 20]);
        let bytes = Bytes::open(file.path()).unwrap();
        file.as_file().set_len(100_000).unwrap();
        assert_eq!(bytes.iter().filter(|&&byte| byte == b'x').count(), 100_000);
        let fault = bytes.slice(0..10).changed().unwrap();
        assert_eq!((fault.code, fault.at), (Code::Changed, Some(100_000)));
    }

    #[test]
    fn a_file_that_grows_is_said() {
        let mut file = temp(&vec![b'x'; 1 << 20]);
        let bytes = Bytes::open(file.path()).unwrap();
        file.write_all(b"more").unwrap();
        assert_eq!(bytes.changed().unwrap().code, Code::Changed);
    }

    #[test]
    fn spools_keep_every_byte() {
        let data: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
        for in_memory in [0, 1, 1_000, 99_999, 100_000, 1 << 20] {
            for step in [1_000, 7_777, 100_000] {
                let mut spool = Spool::new(&limits(in_memory));
                data.chunks(step)
                    .for_each(|chunk| spool.write_all(chunk).unwrap());
                assert_eq!(spool.len(), 100_000);
                assert_eq!(spool.file.is_some(), in_memory < 100_000);
                assert_eq!(&*spool.finish().unwrap(), &data[..]);
            }
        }
        assert!(Spool::new(&limits(0)).finish().unwrap().is_empty());
    }

    #[test]
    fn streams_are_read_to_their_end() {
        let mut stream = io::repeat(b'y').take(1 << 20);
        assert_eq!(
            Bytes::stream(&mut stream, &limits(1 << 16)).unwrap().len(),
            1 << 20
        );
    }
}
