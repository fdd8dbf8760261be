//! The other side of the pipe: a process that reads one source, or one part of it, and ends.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::frame::Output;
use super::{APART, Program};
use crate::format::{Context, FORMATS, Format, Item, Reader};
use crate::source::{Budget, Bytes, Code, Fault, Limits, Passwords};
use crate::text::Encoding;

/// What to read, under which bounds.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    format: String,
    /// The part to read; `None` to open the source and go on if it has but one.
    part: Option<usize>,
    stem: String,
    encoding: String,
    /// Where in standard input the source lies, when that is a file.
    range: Range<usize>,
    memory: u64,
    passwords: Vec<String>,
    depth: u32,
    inflated_bytes: u64,
    ratio: u64,
    ratio_free_bytes: u64,
    members: u64,
    source_time: Duration,
    record_bytes: usize,
    columns: usize,
    in_memory_bytes: usize,
    part_bytes: usize,
}

impl Request {
    pub(super) fn new(
        format: &Format,
        part: Option<usize>,
        bytes: &Bytes,
        context: &Context,
        program: &Program,
    ) -> Self {
        let limits = &context.limits;
        Self {
            format: format.name.to_owned(),
            part,
            stem: context.stem.clone(),
            encoding: context.encoding.name().to_owned(),
            range: bytes.place(),
            memory: program.memory,
            passwords: limits.passwords.iter().map(str::to_owned).collect(),
            depth: limits.depth,
            inflated_bytes: context.budget.left(),
            ratio: limits.ratio,
            ratio_free_bytes: limits.ratio_free_bytes,
            members: limits.members,
            source_time: limits.source_time,
            record_bytes: limits.record_bytes,
            columns: limits.columns,
            in_memory_bytes: limits.in_memory_bytes,
            part_bytes: limits.part_bytes,
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers and strings are JSON")
    }

    fn limits(&self) -> Limits {
        Limits {
            depth: self.depth,
            inflated_bytes: self.inflated_bytes,
            ratio: self.ratio,
            ratio_free_bytes: self.ratio_free_bytes,
            members: self.members,
            source_time: self.source_time,
            record_bytes: self.record_bytes,
            columns: self.columns,
            memory_bytes: usize::MAX,
            in_memory_bytes: self.in_memory_bytes,
            part_bytes: self.part_bytes,
            passwords: Passwords::new(self.passwords.iter().cloned()),
        }
    }

    /// Asks the operating system to hold this process to its bounds, and to end it with the one that started it. A system that does not
    /// know them reads without.
    fn bound(&self, source: usize) {
        #[cfg(target_os = "linux")]
        let _ =
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
        let at_most = |resource, bound: u64, grace: u64| {
            if bound > i64::MAX as u64 - grace {
                return;
            }
            let limit = Rlimit {
                current: Some(bound),
                maximum: Some(bound + grace),
            };
            let _ = setrlimit(resource, limit);
        };
        // What a process held stands in its core dump.
        at_most(Resource::Core, 0, 0);
        let source = (source as u64).saturating_mul(4);
        at_most(Resource::As, self.memory.saturating_add(source), 0);
        // SIGXCPU says what ended it; at the second bound nothing does.
        at_most(Resource::Cpu, self.source_time.as_secs().max(1), 5);
    }
}

/// Stack of the thread that reads: as the threads have that read in the first process.
const STACK_BYTES: usize = 16 << 20;

/// Reads what a [`super::request`] asks for from `input`, the process's standard input, and writes it to `output`. `header` says
/// whether a row names the columns below it. Bounds this process as the request says.
///
/// # Errors
///
/// When nobody listens any more, or the request is none.
pub fn serve(
    request: &str,
    input: File,
    header: fn(&[String], &[Vec<String>]) -> bool,
    output: impl Write + Send,
) -> io::Result<()> {
    let request: Request = serde_json::from_str(request)?;
    let format = FORMATS
        .iter()
        .find(|format| format.name == request.format && APART.contains(&format.name));
    let (Some(format), Some(encoding)) = (format, Encoding::parse(&request.encoding)) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let limits = request.limits();
    let context = Context {
        stem: request.stem.clone(),
        encoding,
        budget: Budget::new(limits.inflated_bytes),
        limits,
        header,
        columns: None,
        memos: None,
        definition: None,
        heap: None,
        apart: None,
        alone: true,
    };
    let mut output = Output::new(BufWriter::with_capacity(1 << 16, output));
    let bytes = match Bytes::handed(input, request.range.clone(), &context.limits) {
        Ok(bytes) => bytes,
        Err(fault) => return output.refused(&fault),
    };
    request.bound(bytes.len());
    let asked = request.part;
    std::thread::scope(|scope| {
        let reading = || read(format, &bytes, &context, asked, &mut output);
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let joined = match thread.spawn_scoped(scope, reading) {
            Ok(thread) => thread.join(),
            // No more processes are allowed: the first thread's stack must do.
            Err(_) => return None,
        };
        Some(joined.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
    })
    .unwrap_or_else(|| read(format, &bytes, &context, asked, &mut output))
}

/// Opens the source and gives a part of it.
fn read<W: Write>(
    format: &Format,
    bytes: &Bytes,
    context: &Context,
    part: Option<usize>,
    output: &mut Output<W>,
) -> io::Result<()> {
    let bug = |lost: &str| Fault::whole(Code::Bug, lost);
    let opened = catch_unwind(AssertUnwindSafe(|| (format.open)(bytes, context)));
    let reader = match opened.unwrap_or_else(|_| Err(bug("the whole source"))) {
        Ok(reader) => reader,
        Err(fault) => return output.refused(&fault),
    };
    let part = match part {
        Some(part) => part,
        None => {
            let (faults, references) = (reader.faults(), reader.references());
            output.hello(reader.parts(), reader.encoding(), &faults, &references)?;
            if reader.parts() != 1 {
                return Ok(());
            }
            0
        }
    };
    let mut lost = Ok(());
    let gave = catch_unwind(AssertUnwindSafe(|| give(&*reader, part, output, &mut lost)));
    lost?;
    let fault = gave
        .unwrap_or_else(|_| Err(bug(&format!("the rest of part {part}"))))
        .err();
    let spent = context.limits.inflated_bytes - context.budget.left();
    output.end(fault.as_ref(), spent)
}

/// Gives the items of a part; `lost` is why nobody takes them any more.
fn give<W: Write>(
    reader: &dyn Reader,
    part: usize,
    output: &mut Output<W>,
    lost: &mut io::Result<()>,
) -> Result<(), Fault> {
    reader.read(part, &mut |item| {
        let sent = match item {
            Item::Batch(batch) => output.batch(&batch),
            Item::Member(member) => output.member(&member),
            Item::Fault(fault) => output.say(&fault),
        };
        match sent {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                *lost = Err(error);
                ControlFlow::Break(())
            }
        }
    })
}
