//! rar archives 1.3 to 7, read by the `rars` crate. Locked members are listed with their names and sizes; they are not
//! decrypted.
//!
//! Solid archives are one stream, so all members are one part.

use std::io::{self, Cursor, Write};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use rars::{
    Archive, ArchiveReadOptions, ArchiveReader, Error, ErrorKind, ExtractionDecision,
    ExtractionErrorAction,
};

use super::names::{self, RawName};
use super::{REST, give, too_much};
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
    archive: Archive,
    /// Name of every member, and whether it is a file.
    names: Vec<(String, bool)>,
    len: u64,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let options = ArchiveReadOptions::new()
        .with_max_header_bytes(HEADER_BYTES)
        .with_max_header_count(context.limits.members);
    let archive = ArchiveReader::read_reader_with_options(Cursor::new(bytes.clone()), options)
        .map_err(|error| Fault::whole(code(&error), "the list of members"))?;
    let members: Vec<_> = archive.members().collect();
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
        archive,
        names,
        len,
        context: context.clone(),
    }))
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
        for (nth, member) in self.archive.members().enumerate().skip(first) {
            let meta = &member.meta;
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

impl Reader for Rar {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let options = ArchiveReadOptions::new()
            .with_rar50_dictionary_size_limit(DICTIONARY_BYTES)
            .with_max_reader_workspace_bytes(WORKSPACE_BYTES);
        let sink = std::cell::RefCell::new(sink);
        let open: std::cell::RefCell<Option<Open>> = std::cell::RefCell::new(None);
        let mut next = 0;
        let mut stopped = false;
        let solid = self.archive.members().any(|member| member.is_solid());
        let result = self.archive.extract_with_control_and_errors(
            options,
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
                let split = meta.is_split_before || meta.is_split_after;
                if meta.is_encrypted || split {
                    let code = if meta.is_encrypted {
                        Code::Encrypted
                    } else {
                        Code::Truncated
                    };
                    // What is packed on behind it in a solid archive cannot be unpacked without it.
                    if self
                        .refuse(nth, code, meta.unpacked_size, &mut **sink)
                        .is_break()
                        || solid
                    {
                        stopped = !solid;
                        return Ok(ExtractionDecision::Stop);
                    }
                    return Ok(ExtractionDecision::Skip);
                }
                let begun = self.begin(nth, meta.unpacked_size);
                let writer = Writer(Arc::clone(&begun.out));
                open.replace(Some(begun));
                Ok(ExtractionDecision::Extract(Box::new(writer)))
            },
            |_, error| {
                let mut sink = sink.borrow_mut();
                let fault = Fault::whole(code(error), REST);
                Ok(match self.end(open.take(), Some(fault), &mut **sink) {
                    ControlFlow::Continue(()) => ExtractionErrorAction::Continue,
                    ControlFlow::Break(()) => ExtractionErrorAction::Abort,
                })
            },
        );
        let sink = sink.into_inner();
        let fault = result.err().map(|error| Fault::whole(code(&error), REST));
        if self.end(open.take(), fault, sink).is_break() || stopped {
            return Ok(());
        }
        self.refuse_rest(next, sink);
        Ok(())
    }
}
