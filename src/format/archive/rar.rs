//! rar archives 1.3 to 7, read by the `rars` crate. Members that no password opens are listed with their names and sizes.
//!
//! Solid archives are one stream, so all members are one part. Volumes that stand one behind the other are one archive. Of an
//! archive that is cut or damaged those members are read whose blocks are whole.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::io::{self, Cursor, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use rars::{
    Archive, ArchiveReadOptions, ArchiveReader, Error, ErrorKind, ExtractionDecision,
    ExtractionErrorAction,
};

use super::names::{self, RawName};
use super::{REST, give, too_much, volumes};
use crate::format::{Context, Format, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Spool, fault_of};

/// rar.
pub const RAR: Format = Format {
    name: "rar",
    title: "rar",
    extensions: &["rar"],
    raw: true,
    tabular: false,
    // RAR 1.5 to 4, 5 to 7, and 1.3.
    sniff: |head| match head.bytes {
        [b'R', b'a', b'r', b'!', 0x1A, 7, 0 | 1, ..] => 98,
        [b'R', b'E', 0x7E, 0x5E, ..] => 80,
        _ => 0,
    },
    open,
};

/// Bytes of headers, of a dictionary and of working memory that an archive may ask for.
const HEADER_BYTES: u64 = 256 << 20;
const DICTIONARY_BYTES: u64 = 512 << 20;
const WORKSPACE_BYTES: u64 = 1 << 30;

struct Rar {
    /// Its volumes, one at least.
    volumes: Vec<Archive>,
    members: Vec<rars::ArchiveMemberMeta>,
    /// Name of every member, and whether it is a file.
    names: Vec<(String, bool)>,
    len: u64,
    context: Context,
    /// What opens its locked members.
    password: Option<Vec<u8>>,
    /// Where the blocks begin that are not read.
    cut: Option<u64>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let refused = |error: Error| Fault::whole(code(&error), "the list of members");
    let (mut volumes, mut password, mut cut) = (Vec::new(), None, None);
    for range in volumes::ranges(bytes) {
        let (volume, start, is_last) = (
            bytes.slice(range.clone()),
            range.start,
            range.end == bytes.len(),
        );
        let (volume, fitting) = match list(&volume, context) {
            Err(error) if is_last && code(&error) == Code::Malformed => {
                let (found, end) = whole(&volume, context).ok_or_else(|| refused(error))?;
                cut = Some((start + end) as u64);
                found
            }
            listed => listed.map_err(refused)?,
        };
        volumes.push(volume);
        password = password.or(fitting);
    }
    let password = password.or_else(|| fitting(&volumes, context));
    let members: Vec<_> = match &volumes[..] {
        [one] => one.members().collect(),
        all => rars::volume_members(all).map_err(refused)?,
    };
    let decoded = names::decode(members.iter().map(|member| RawName {
        bytes: &member.meta.name,
        utf8: member.name_is_unicode(),
    }));
    let is_file = |meta: &rars::ArchiveMemberMeta| !meta.is_directory && !meta.is_redirection;
    let names = decoded
        .into_iter()
        .zip(&members)
        .map(|(name, member)| (name.replace('\\', "/"), is_file(&member.meta)))
        .collect();
    let len = bytes.len() as u64;
    Ok(Box::new(Rar {
        volumes,
        members: members.into_iter().map(|member| member.meta).collect(),
        names,
        len,
        context: context.clone(),
        password,
        cut,
    }))
}

/// What can be listed of an archive that is cut or damaged, and where that ends: as many of its blocks as can be read, one
/// member at least.
fn whole(bytes: &Bytes, context: &Context) -> Option<(Listed, usize)> {
    let ends = volumes::ends(bytes);
    let listed = |end: usize| list(&bytes.slice(0..end), context).ok();
    // The first damaged block spoils every list that it is in.
    let n_good = ends.partition_point(|&end| listed(end).is_some());
    let end = *ends.get(n_good.checked_sub(1)?)?;
    let found = listed(end).filter(|(archive, _)| archive.members().next().is_some());
    Some((found?, end))
}

/// An archive, and the password that its list of members needed.
type Listed = (Archive, Option<Vec<u8>>);

/// The archive with its members, and the password where their list is locked, too.
fn list(bytes: &Bytes, context: &Context) -> Result<Listed, Error> {
    let read = |password: Option<&[u8]>| {
        let options = ArchiveReadOptions::with_optional_password(password)
            .with_max_header_bytes(HEADER_BYTES)
            .with_max_header_count(context.limits.members);
        ArchiveReader::read_reader_with_options(Cursor::new(bytes.clone()), options)
    };
    let refused = match read(None) {
        Ok(archive) => return Ok((archive, None)),
        Err(error) if code(&error) == Code::Encrypted => error,
        Err(error) => return Err(error),
    };
    for password in context.limits.passwords.bytes() {
        if let Ok(archive) = read(Some(&password)) {
            return Ok((archive, Some(password)));
        }
    }
    Err(refused)
}

/// The first password that opens the smallest locked member: old versions have no other check than what comes out. Of several
/// volumes, the one that opens all.
fn fitting(volumes: &[Archive], context: &Context) -> Option<Vec<u8>> {
    let mut passwords = context.limits.passwords.bytes();
    let [archive] = volumes else {
        let is_locked = |volume: &Archive| volume.members().any(|member| member.meta.is_encrypted);
        return passwords.find(|password| {
            volumes.iter().any(is_locked)
                && rars::test_volumes_with_options(volumes, options(Some(password))).is_ok()
        });
    };
    let locked = archive.members().enumerate().filter(|(_, member)| {
        let meta = &member.meta;
        meta.is_encrypted && !(meta.is_directory || meta.is_split_before || meta.is_split_after)
    });
    // In a solid archive those before it are unpacked, too.
    let solid = archive.members().any(|member| member.is_solid());
    let (nth, _) = locked.min_by_key(|(nth, member)| match solid {
        true => *nth as u64,
        false => member.meta.packed_size,
    })?;
    passwords.find(|password| opens(archive, nth, password))
}

/// Whether a password opens a member.
fn opens(archive: &Archive, nth: usize, password: &[u8]) -> bool {
    let mut next = 0;
    let tried = archive.extract_with_control(options(Some(password)), |_| {
        next += 1;
        Ok(match (next - 1).cmp(&nth) {
            Ordering::Equal => ExtractionDecision::Extract(Box::new(io::sink())),
            Ordering::Less if archive.is_solid() => {
                ExtractionDecision::Extract(Box::new(io::sink()))
            }
            Ordering::Less => ExtractionDecision::Skip,
            Ordering::Greater => ExtractionDecision::Stop,
        })
    });
    tried.is_ok()
}

/// How members are unpacked.
fn options(password: Option<&[u8]>) -> ArchiveReadOptions<'_> {
    ArchiveReadOptions::with_optional_password(password)
        .with_rar50_dictionary_size_limit(DICTIONARY_BYTES)
        .with_max_reader_workspace_bytes(WORKSPACE_BYTES)
}

/// What an error of the crate means.
fn code(error: &Error) -> Code {
    match error.kind() {
        ErrorKind::PasswordRequired | ErrorKind::BadPassword => Code::Encrypted,
        ErrorKind::UnsupportedFormat | ErrorKind::UnsupportedFeature => Code::Unsupported,
        ErrorKind::ResourceLimit => Code::OverBudget,
        _ => Code::Malformed,
    }
}

/// What comes out of one member, shared with the writer that the crate owns.
struct Out {
    spool: Spool,
    fault: Option<Fault>,
    context: Context,
    packed: u64,
}

struct Writer(Arc<Mutex<Out>>);

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        let (so_far, n) = (out.spool.len(), bytes.len() as u64);
        if too_much(so_far + n, out.packed, &out.context) || !out.context.budget.charge(n) {
            out.fault = Some(Fault::at(Code::OverBudget, so_far, REST));
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        out.spool
            .write_all(bytes)
            .map(|()| bytes.len())
            .inspect_err(|error| {
                out.fault = Some(fault_of(error, so_far));
            })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A member that is being unpacked.
struct Open {
    nth: usize,
    declared: u64,
    out: Arc<Mutex<Out>>,
}

impl Rar {
    fn begin(&self, nth: usize, declared: u64) -> Open {
        let out = Out {
            spool: Spool::new(&self.context.limits),
            fault: None,
            context: self.context.clone(),
            packed: self.len,
        };
        Open {
            nth,
            declared,
            out: Arc::new(Mutex::new(out)),
        }
    }

    /// Gives a member as far as it came.
    fn end(
        &self,
        open: Option<Open>,
        fault: Option<Fault>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let Some(Open { nth, declared, out }) = open else {
            return ControlFlow::Continue(());
        };
        let Ok(mut out) = out.lock() else {
            return ControlFlow::Continue(());
        };
        let spool = std::mem::replace(&mut out.spool, Spool::new(&self.context.limits));
        let fault = out.fault.take().or(fault);
        let found = match spool.finish() {
            Ok(bytes) => (Some(bytes), fault),
            Err(cause) => (None, Some(cause)),
        };
        give(&self.names[nth].0, found, declared, sink)
    }

    /// Gives the members from the `first` on without their contents.
    fn refuse_rest(&self, first: usize, sink: &mut Sink<'_>) {
        for (nth, meta) in self.members.iter().enumerate().skip(first) {
            let code = if meta.is_encrypted {
                Code::Encrypted
            } else {
                Code::Malformed
            };
            let is_file = self.names[nth].1;
            if is_file && self.refuse(nth, code, meta.unpacked_size, sink).is_break() {
                return;
            }
        }
    }

    /// Gives a member without its contents.
    fn refuse(
        &self,
        nth: usize,
        code: Code,
        declared: u64,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let fault = Fault::whole(code, "the whole member");
        give(&self.names[nth].0, (None, Some(fault)), declared, sink)
    }
}

impl Rar {
    /// Why a member is not unpacked at all.
    fn refusal(&self, meta: &rars::ArchiveMemberMeta) -> Option<Code> {
        if meta.is_encrypted && self.password.is_none() {
            Some(Code::Encrypted)
        } else if meta.is_split_before || meta.is_split_after {
            Some(Code::Truncated)
        } else {
            None
        }
    }

    /// Gives a member that broke off: what came out, but of a locked one nothing, as another password makes noise of it.
    fn broken(
        &self,
        open: Option<Open>,
        locked: bool,
        error: &Error,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        match open {
            Some(open) if locked && code(error) != Code::OverBudget => {
                self.refuse(open.nth, Code::Encrypted, open.declared, sink)
            }
            open => self.end(open, Some(Fault::whole(code(error), REST)), sink),
        }
    }
}

impl Rar {
    /// Reads an archive of several volumes. The crate stops at the first member that it cannot unpack.
    fn read_volumes(&self, sink: &mut Sink<'_>) {
        // Links give nothing.
        let files = self.members.iter().enumerate();
        let mut files = files.filter(|(_, meta)| !meta.is_redirection);
        let mut open: Option<Open> = None;
        let (mut next, mut stopped) = (0, false);
        let password = self.password.as_deref();
        let result =
            rars::extract_volumes_to_with_options(&self.volumes, options(password), |_| {
                if self.end(open.take(), None, sink).is_break() {
                    stopped = true;
                }
                let found = files.next().filter(|_| !stopped);
                let (nth, meta) = found.ok_or(Error::InvalidHeader("no more members wanted"))?;
                next = nth + 1;
                if meta.is_directory {
                    return Ok(Box::new(io::sink()));
                }
                let begun = self.begin(nth, meta.unpacked_size);
                let writer = Writer(Arc::clone(&begun.out));
                open = Some(begun);
                Ok(Box::new(writer))
            });
        let locked = next > 0 && self.members[next - 1].is_encrypted;
        let flow = match result {
            _ if stopped => return,
            Ok(()) => self.end(open.take(), None, sink),
            Err(error) => self.broken(open.take(), locked, &error, sink),
        };
        if flow.is_continue() {
            self.refuse_rest(next, sink);
        }
    }
}

impl Reader for Rar {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        match &self.volumes[..] {
            [archive] => self.read_archive(archive, sink),
            _ => self.read_volumes(sink),
        }
        let rest = "the members from here on";
        self.cut
            .map_or(Ok(()), |at| Err(Fault::at(Code::Truncated, at, rest)))
    }
}

impl Rar {
    fn read_archive(&self, archive: &Archive, sink: &mut Sink<'_>) {
        let sink = RefCell::new(sink);
        let open: RefCell<Option<Open>> = RefCell::new(None);
        let (mut next, mut stopped, mut locked) = (0, false, false);
        let solid = archive.members().any(|member| member.is_solid());
        let result = archive.extract_with_control_and_errors(
            options(self.password.as_deref()),
            |member| {
                let nth = next;
                next += 1;
                let mut sink = sink.borrow_mut();
                if self.end(open.take(), None, &mut **sink).is_break() {
                    stopped = true;
                    return Ok(ExtractionDecision::Stop);
                }
                let meta = &member.meta;
                if meta.is_directory || meta.is_redirection {
                    return Ok(ExtractionDecision::Skip);
                }
                if let Some(code) = self.refusal(meta) {
                    let flow = self.refuse(nth, code, meta.unpacked_size, &mut **sink);
                    stopped = flow.is_break();
                    // What is packed on behind it in a solid archive cannot be unpacked without it.
                    return Ok(if stopped || solid {
                        ExtractionDecision::Stop
                    } else {
                        ExtractionDecision::Skip
                    });
                }
                locked = meta.is_encrypted;
                let begun = self.begin(nth, meta.unpacked_size);
                let writer = Writer(Arc::clone(&begun.out));
                open.replace(Some(begun));
                Ok(ExtractionDecision::Extract(Box::new(writer)))
            },
            |member, error| {
                let mut sink = sink.borrow_mut();
                let flow = self.broken(open.take(), member.meta.is_encrypted, error, &mut **sink);
                Ok(match flow {
                    ControlFlow::Continue(()) => ExtractionErrorAction::Continue,
                    ControlFlow::Break(()) => ExtractionErrorAction::Abort,
                })
            },
        );
        let sink = sink.into_inner();
        let flow = match &result {
            Ok(_) => self.end(open.take(), None, sink),
            Err(error) => self.broken(open.take(), locked, error, sink),
        };
        if flow.is_continue() && !stopped {
            self.refuse_rest(next, sink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, show};
    use super::*;
    use crate::format::Item;
    use flate2::Crc;

    /// A block of RAR 5 (technical note of RAR 5.0, rarlab.com) whose numbers are all below 128.
    fn block(fields: &[u8], data: &[u8]) -> Vec<u8> {
        let mut sum = Crc::new();
        let header = [&[fields.len() as u8][..], fields].concat();
        sum.update(&header);
        [&sum.sum().to_le_bytes()[..], &header, data].concat()
    }

    /// A stored file.
    fn file(name: u8, data: &[u8]) -> Vec<u8> {
        let len = data.len() as u8;
        block(&[2, 2, len, 0, len, 0, 0, 0, 1, name], data)
    }

    /// Members and the fault of the part.
    fn read(bytes: &[u8]) -> (Vec<String>, Option<(Code, Option<u64>)>) {
        let bytes = Bytes::owned(bytes.to_vec());
        let reader = match open(&bytes, &context()) {
            Ok(reader) => reader,
            Err(fault) => return (Vec::new(), Some((fault.code, fault.at))),
        };
        let mut found = Vec::new();
        let read = reader.read(0, &mut |item| {
            if let Item::Member(member) = item {
                found.push(member);
            }
            ControlFlow::Continue(())
        });
        (show(&found), read.err().map(|fault| (fault.code, fault.at)))
    }

    #[test]
    fn whole_members_of_a_cut_archive_are_read() {
        let blocks = [
            b"Rar!\x1a\x07\x01\0".to_vec(),
            block(&[1, 0, 0], b""),
            file(b'a', b"1,2"),
            file(b'b', b"3,4"),
            block(&[5, 0, 0], b""),
        ];
        let ends: Vec<usize> = (1..=5).map(|n| blocks[..n].concat().len()).collect();
        let all = blocks.concat();
        let both = ["a: 1,2", "b: 3,4"];
        assert_eq!(read(&all), (both.map(String::from).to_vec(), None));
        for cut in ends[2]..all.len() {
            let n = 1 + usize::from(cut >= ends[3]);
            let at = ends[1 + n] as u64;
            let (members, fault) = read(&all[..cut]);
            assert_eq!(members, both[..n], "{cut}");
            // An archive may do without the block that ends it.
            let whole = cut as u64 == at;
            assert_eq!(
                fault,
                (!whole).then_some((Code::Truncated, Some(at))),
                "{cut}"
            );
        }
        // The header of the second file is damaged.
        let mut damaged = all.clone();
        damaged[ends[2] + 7] ^= 0x20;
        assert_eq!(read(&damaged).0, both[..1]);
        assert_eq!(read(&all[..ends[1] + 1]).1, Some((Code::Malformed, None)));
    }
}
