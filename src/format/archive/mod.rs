//! Archives and compressed files: they hold no records, only members that are sources again.
//!
//! In: bytes. Out: members, inflated into memory or a spool and charged to the run's budget. A member that is cut short or
//! damaged gives what came out before the fault.

#[cfg(feature = "archives")]
mod cabinet;
#[cfg(feature = "archives")]
mod compress;
#[cfg(feature = "archives")]
mod cpio;
mod crypt;
#[cfg(feature = "archives")]
mod lzh;
mod names;
mod pairs;
#[cfg(feature = "archives")]
mod rar;
#[cfg(feature = "archives")]
mod sevenz;
pub mod spanned;
mod stream;
#[cfg(feature = "archives")]
mod tar;
#[cfg(feature = "archives")]
mod volumes;
#[cfg(feature = "archives")]
mod within;
mod zip;

use std::io::{self, Read, Write};

use super::{Context, Format};
#[cfg(feature = "archives")]
use super::{Item, Member, Sink};
use crate::source::{Bytes, Code, Fault, Spool, fault_of};

#[cfg(feature = "archives")]
pub use cabinet::CABINET;
#[cfg(feature = "archives")]
pub use compress::COMPRESS;
#[cfg(feature = "archives")]
pub use cpio::CPIO;
#[cfg(feature = "archives")]
pub use lzh::LZH;
#[cfg(feature = "archives")]
pub use rar::RAR;
#[cfg(feature = "archives")]
pub use sevenz::SEVENZ;
#[cfg(all(feature = "archives", feature = "databases"))]
pub(super) use stream::unpacker;
#[cfg(feature = "archives")]
pub use stream::{BZIP2, LZ4, LZIP, LZMA, XZ};
pub use stream::{GZIP, ZSTD};
#[cfg(feature = "archives")]
pub use tar::{TAR, pack};
#[cfg(all(feature = "archives", feature = "databases"))]
pub(super) use tar::{TarFile, files as tar_files};
#[cfg(feature = "archives")]
pub use within::SELF_EXTRACTING;
#[cfg(feature = "archives")]
pub(super) use within::is_within;
pub use zip::ZIP;
pub(super) use zip::is_behind;

/// Every format of this folder.
pub const ALL: &[Format] = &[
    GZIP,
    ZSTD,
    ZIP,
    #[cfg(feature = "archives")]
    BZIP2,
    #[cfg(feature = "archives")]
    XZ,
    #[cfg(feature = "archives")]
    LZ4,
    #[cfg(feature = "archives")]
    TAR,
    #[cfg(feature = "archives")]
    SEVENZ,
    #[cfg(feature = "archives")]
    RAR,
    #[cfg(feature = "archives")]
    LZH,
    #[cfg(feature = "archives")]
    COMPRESS,
    #[cfg(feature = "archives")]
    LZMA,
    #[cfg(feature = "archives")]
    LZIP,
    #[cfg(feature = "archives")]
    CPIO,
    #[cfg(feature = "archives")]
    CABINET,
    #[cfg(feature = "archives")]
    SELF_EXTRACTING,
];

/// Bytes inflated between two looks at the budget.
const STEP: usize = 256 << 10;
/// What is lost with a fault in the middle.
const REST: &str = "the rest of the member";
/// How that is called which stands before an archive.
const BEFORE: &str = "(before the archive)";

/// Whether bytes beside an archive are any but padding.
fn is_some(bytes: &[u8]) -> bool {
    let is_blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    !bytes.iter().all(is_blank)
}

/// The checksum of some bytes, as zip, 7z and rar have it (CRC-32).
fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Reads an inflating stream to its end, or to its fault. `packed` is the length of what it inflates.
pub(super) fn inflate(
    stream: &mut dyn Read,
    packed: u64,
    context: &Context,
) -> (Option<Bytes>, Option<Fault>) {
    let mut spool = Spool::new(&context.limits);
    let mut buffer = vec![0; STEP];
    let mut fault = loop {
        let n = match stream.read(&mut buffer) {
            Ok(0) => break None,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => break Some(Fault::at(code(&error), spool.len(), REST)),
        };
        if too_much(spool.len() + n as u64, packed, context) || !context.budget.charge(n as u64) {
            break Some(Fault::at(Code::OverBudget, spool.len(), REST));
        }
        if let Err(error) = spool.write_all(&buffer[..n]) {
            break Some(fault_of(&error, spool.len()));
        }
    };
    let bytes = spool.finish().map_err(|cause| fault = Some(cause)).ok();
    (bytes, fault)
}

/// Gives a member; breaks when the sink wants no more.
#[cfg(feature = "archives")]
fn give(
    name: &str,
    (bytes, fault): (Option<Bytes>, Option<Fault>),
    declared: u64,
    sink: &mut Sink<'_>,
) -> std::ops::ControlFlow<()> {
    let len = bytes.as_ref().map_or(declared, |bytes| bytes.len() as u64);
    sink(Item::Member(Member {
        name: name.to_owned(),
        bytes,
        fault,
        len,
    }))
}

/// Whether so many inflated bytes are more than the ratio allows.
fn too_much(inflated: u64, packed: u64, context: &Context) -> bool {
    let limits = &context.limits;
    inflated > limits.ratio_free_bytes && inflated / packed.max(1) > limits.ratio
}

/// What an error of a decompressor means.
fn code(error: &io::Error) -> Code {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Code::Truncated,
        _ => Code::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Budget, Limits};
    use crate::text::Encoding;
    use std::ops::ControlFlow;

    pub(super) fn context() -> Context {
        let limits = Limits {
            in_memory_bytes: 1 << 10,
            ..Limits::default()
        };
        Context {
            stem: "stem".to_string(),
            encoding: Encoding::Utf8,
            limits,
            header: |_, _| true,
            ..crate::format::tests::context()
        }
    }

    /// The members of an archive.
    pub(super) fn members(format: &Format, bytes: &[u8], context: &Context) -> Vec<Member> {
        let bytes = Bytes::owned(bytes.to_vec());
        let Ok(reader) = (format.open)(&bytes, context) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for part in 0..reader.parts() {
            let mut sink = |item: Item<'_>| {
                match item {
                    Item::Member(member) => found.push(member),
                    Item::Batch(_) | Item::Fault(_) => panic!("archives give members"),
                }
                ControlFlow::Continue(())
            };
            reader.read(part, &mut sink).unwrap();
        }
        found
    }

    /// Name, text and fault of each member.
    pub(super) fn show(members: &[Member]) -> Vec<String> {
        let show = |member: &Member| {
            let text = member
                .bytes
                .as_ref()
                .map_or("-".into(), |bytes| String::from_utf8_lossy(bytes));
            let fault = member.fault.as_ref().map_or(String::new(), |fault| {
                format!(" {} {:?}", fault.code, fault.at)
            });
            format!("{}: {text}{fault}", member.name)
        };
        members.iter().map(show).collect()
    }

    #[test]
    fn the_budget_is_kept() {
        let context = Context {
            budget: Budget::new(1 << 20),
            ..context()
        };
        let (bytes, fault) = inflate(&mut io::repeat(0), 10, &context);
        assert_eq!(bytes.unwrap().len(), 1 << 20);
        assert_eq!(fault, Some(Fault::at(Code::OverBudget, 1 << 20, REST)));
        assert!(!context.budget.charge(1));
    }

    #[test]
    fn the_ratio_is_kept() {
        let mut context = context();
        context.limits.ratio_free_bytes = 1 << 20;
        context.limits.ratio = 2_000;
        let (bytes, fault) = inflate(&mut io::repeat(0), 1_000, &context);
        let len = bytes.unwrap().len() as u64;
        assert!((1_500_000..=2_001_000).contains(&len), "{len}");
        assert_eq!(fault.unwrap().code, Code::OverBudget);
        let (bytes, fault) = inflate(&mut io::repeat(0).take(1 << 20), 1, &context);
        assert_eq!((bytes.unwrap().len(), fault), (1 << 20, None));
    }
}
