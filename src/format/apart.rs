//! Readers of other people's code, in a process of their own.
//!
//! In: a source of a format in `APART`. Out: the same items that its reader gives here. A parser that recurses without end, asks for all
//! memory or aborts takes its whole process with it, which no code of ours can catch; so this program starts itself again, with bounds that
//! the operating system holds (address space, processor time, no core dump, in which data would lie), and takes what the reader gives from
//! a pipe. When that process ends before it said so, what it gave counts, and the fault says that the rest is missing.
//!
//! Parent and child are the same file, so the frames between them have no version. The parent trusts them no more than a file: lengths are
//! bounded and cells checked.

mod frame;
mod serve;

use std::env;
use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use self::frame::{Frame, Input};
use self::serve::Request;
use super::{Context, Format, Item, Member, Reader, Reference, Sink};
use crate::source::{Budget, Bytes, Code, Fault, Limits, Spool, fault_of};

pub use self::serve::serve;

/// Formats whose parsers are not ours and take a source's structure at its word: C code (SQLite), parsers that panicked on damaged files
/// (Parquet), and those that keep whole documents in memory.
const APART: [&str; 6] = ["sqlite", "parquet", "avro", "access", "redis", "pdf"];

/// The argument that makes the program a reader.
pub const ARGUMENT: &str = "read-apart";
/// The environment variable that tells such a reader what to read; further pieces of a long request stand in those with a number behind
/// the name. Passwords stand in it, which an argument would show to everybody.
const REQUEST: &str = "LEAKSCOPE_READ_APART";

/// Bytes of one environment variable: Linux takes no string above 128 KiB.
const REQUEST_BYTES: usize = 64 << 10;

/// What another run asks this process to read, by its environment.
pub fn request() -> Option<String> {
    let mut request = env::var(REQUEST).ok()?;
    for piece in (1..).map_while(|n| env::var(format!("{REQUEST}_{n}")).ok()) {
        request += &piece;
    }
    Some(request)
}

/// How a reader gets a process of its own.
#[derive(Clone, Debug)]
pub struct Program {
    /// This program, or one that answers [`ARGUMENT`] with [`serve`] as it does.
    pub path: PathBuf,
    /// Bytes of address space that a reader may have, beside four times its source: some keep a table or a document whole.
    pub memory: u64,
}

impl Program {
    /// A program with the usual bound: 2 GiB.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            memory: 2 << 30,
        }
    }
}

/// Opens a source, in another process if there is a program for it and the format's parser is not ours.
pub fn open<'a>(
    format: &'static Format,
    bytes: &'a Bytes,
    context: &'a Context,
) -> Result<Box<dyn Reader + 'a>, Fault> {
    let Some(program) = context
        .apart
        .as_ref()
        .filter(|_| APART.contains(&format.name))
    else {
        return (format.open)(bytes, context);
    };
    let apart = Apart {
        format,
        bytes: by_itself(bytes, &context.limits)?,
        context,
        program,
        parts: 1,
        encoding: None,
        faults: Vec::new(),
        references: Vec::new(),
        begun: Mutex::default(),
    };
    match apart.open() {
        Ok(apart) => Ok(Box::new(apart?)),
        // No process can be had: read it here.
        Err(_) => (format.open)(bytes, context),
    }
}

/// Bytes that are a file by themselves, or few: a process for each part would copy out of a larger file what its parser must have alone.
fn by_itself(bytes: &Bytes, limits: &Limits) -> Result<Bytes, Fault> {
    let is_part = |file: File| {
        let len = file.metadata().map_or(0, |meta| meta.len());
        len != bytes.len() as u64
    };
    if bytes.len() <= limits.in_memory_bytes || !bytes.file().is_some_and(is_part) {
        return Ok(bytes.clone());
    }
    Bytes::stream(&mut &bytes[..], limits)
}

/// A reader in another process, one for each part that is read.
struct Apart<'a> {
    format: &'static Format,
    bytes: Bytes,
    context: &'a Context,
    program: &'a Program,
    parts: usize,
    encoding: Option<&'static str>,
    faults: Vec<Fault>,
    references: Vec<Reference>,
    /// The process that opened the source, if it goes on with its only part.
    begun: Mutex<Option<Session>>,
}

impl<'a> Apart<'a> {
    /// Opens the source there. The outer error is that no process could be had.
    fn open(mut self) -> std::io::Result<Result<Self, Fault>> {
        let mut session = self.start(None)?;
        Ok(match session.next() {
            Some(Frame::Hello(hello)) => {
                self.parts = hello.parts;
                self.encoding = hello.encoding;
                self.faults = hello.faults;
                self.references = hello.references;
                if hello.parts == 1 {
                    self.begun = Mutex::new(Some(session));
                } else {
                    session.ended();
                }
                Ok(self)
            }
            Some(Frame::Refused(fault)) => Err(fault),
            _ => Err(session.died("the whole source")),
        })
    }

    /// Starts a process that opens the source, or reads one of its parts.
    fn start(&self, part: Option<usize>) -> std::io::Result<Session> {
        let request = Request::new(self.format, part, &self.bytes, self.context, self.program);
        let file = self.bytes.file();
        let mut command = Command::new(&self.program.path);
        command
            .arg(ARGUMENT)
            .envs(pieces(&request.to_json()))
            .stdin(match file {
                Some(file) => Stdio::from(file),
                None => Stdio::piped(),
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A reader that ends before it has taken all is found out when its answer is read.
            let _ = stdin.write_all(&self.bytes);
        }
        let output = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(Session {
            child,
            input: Input::new(BufReader::with_capacity(1 << 16, output)),
            budget: self.context.budget.clone(),
            taken: 0,
        })
    }
}

/// A request as environment variables.
fn pieces(request: &str) -> Vec<(String, String)> {
    let mut pieces = Vec::new();
    let mut rest = request;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(REQUEST_BYTES));
        let name = match pieces.len() {
            0 => REQUEST.to_owned(),
            n => format!("{REQUEST}_{n}"),
        };
        pieces.push((name, piece.to_owned()));
        rest = behind;
    }
    pieces
}

impl Reader for Apart<'_> {
    fn parts(&self) -> usize {
        self.parts
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let begun = self
            .begun
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let session = match begun {
            Some(session) => Ok(session),
            None => self.start(Some(part)),
        };
        let Ok(mut session) = session else {
            // It could be opened there a moment ago: the machine is full.
            return (self.format.open)(&self.bytes, self.context)?.read(part, sink);
        };
        let mut table = super::Table::default();
        loop {
            let flow = match session.next() {
                Some(Frame::Table(next)) => {
                    table = next;
                    ControlFlow::Continue(())
                }
                Some(Frame::Batch(batch)) => match batch.of(&table) {
                    Some(batch) => sink(Item::Batch(batch)),
                    None => return Err(session.died("the rest")),
                },
                Some(Frame::Member { name, len, bytes }) => {
                    let member = self.member(&mut session, name, len, bytes)?;
                    sink(Item::Member(member))
                }
                Some(Frame::Fault(fault)) => sink(Item::Fault(fault)),
                Some(Frame::End { fault, spent }) => {
                    session.taken = spent;
                    session.ended();
                    return fault.map_or(Ok(()), Err);
                }
                _ => return Err(session.died("the rest")),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        self.encoding
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn references(&self) -> Vec<Reference> {
        self.references.clone()
    }
}

impl Apart<'_> {
    /// Takes a member's bytes.
    fn member(
        &self,
        session: &mut Session,
        name: String,
        len: u64,
        has_bytes: bool,
    ) -> Result<Member, Fault> {
        let mut spool = Spool::new(&self.context.limits);
        let mut full = None;
        let fault = loop {
            match session.next() {
                Some(Frame::Chunk(chunk)) if full.is_none() => {
                    full = spool
                        .write_all(&chunk)
                        .err()
                        .map(|error| fault_of(&error, spool.len()));
                }
                Some(Frame::Chunk(_)) => {}
                Some(Frame::MemberEnd(fault)) => break full.or(fault),
                _ => return Err(session.died("the rest")),
            }
        };
        let bytes = has_bytes.then(|| spool.finish()).transpose()?;
        Ok(Member {
            name,
            bytes,
            fault,
            len,
        })
    }
}

/// A process and what it says. It is ended when nobody listens any more.
struct Session {
    child: Child,
    input: Input<BufReader<ChildStdout>>,
    budget: Budget,
    /// Bytes it gave, which are charged if it does not come to say what it inflated.
    taken: u64,
}

impl Session {
    /// What it says next; `None` when it says nothing any more, or nothing sensible.
    fn next(&mut self) -> Option<Frame> {
        let frame = self.input.frame().ok()?;
        self.taken += match &frame {
            Frame::Batch(batch) => batch.len(),
            Frame::Chunk(chunk) => chunk.len(),
            _ => 0,
        } as u64;
        Some(frame)
    }

    /// The fault of a process that ended early.
    fn died(&mut self, lost: &str) -> Fault {
        let _ = self.child.kill();
        let over_time = self.child.wait().is_ok_and(ran_out_of_time);
        let code = if over_time {
            Code::OverTime
        } else {
            Code::Crashed
        };
        Fault::whole(code, lost)
    }
}

/// Time in which a process ends that has said all.
const ENDS_WITHIN: Duration = Duration::from_secs(2);

impl Session {
    /// Lets a process end by itself that has nothing more to say.
    fn ended(mut self) {
        let wait = Duration::from_millis(1);
        for _ in 0..ENDS_WITHIN.as_millis() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(wait);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.budget.charge(self.taken);
    }
}

/// Whether the operating system ended a process because its time was up.
fn ran_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(libc::SIGXCPU)
}
