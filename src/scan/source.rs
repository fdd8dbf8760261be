//! One source: identified, opened, read under a plan that is checked, and its members likewise.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Run;
use super::headings;
use super::judged::judge;
use super::pass::{Count, Extent, pass};
use super::safe_names::{safe_name, table_names};
use super::table::{Plan, TableCount};
use super::titles::Of;
use crate::column;
use crate::format::{self, CARVE, Context, Format, Head, Member, Reader, TEXT, identify, settle};
use crate::identity::Store;
use crate::scope::{SafeName, Status};
use crate::source::{Bytes, Code, Fault, Limits, SourcePath, Spool};
use crate::text::{Encoding, Foreign, Guess, Origins, Transcoder, decode_utf32, detect, utf32};

/// What was read of one source, and of its members.
pub(super) struct Node {
    pub(super) path: SourcePath,
    pub(super) safe: SafeName,
    pub(super) format: &'static str,
    pub(super) encoding: &'static str,
    pub(super) bytes: u64,
    pub(super) status: Status,
    /// Faults with the stage in which they came.
    pub(super) faults: Vec<(&'static str, Fault)>,
    pub(super) tables: Vec<TableCount>,
    /// Names of the tables and their columns, made safe.
    pub(super) names: Vec<(SafeName, Vec<SafeName>)>,
    pub(super) plan: Plan,
    pub(super) store: Store,
    /// Members by their place (part, number in the part).
    pub(super) members: Vec<((usize, u32), Node)>,
    /// What its reader left behind a fault, read as text or carved.
    pub(super) rest: Option<Box<Rest>>,
    /// The people in names of the file, its tables and columns.
    pub(super) headings: Option<Box<Node>>,
}

/// The part of a source that its own reader could not read.
pub(super) struct Rest {
    /// Where it begins in the reader's bytes.
    pub(super) from: usize,
    /// What reads it.
    pub(super) format: &'static Format,
    pub(super) node: Node,
}

/// A source opened for reading: its text as the reader sees it, and how that lies in the source.
pub(super) struct Opened {
    pub(super) format: &'static Format,
    pub(super) encoding: &'static str,
    /// What the reader sees: the text from `from` on.
    pub(super) bytes: Bytes,
    text: Bytes,
    from: usize,
    context: Context,
    /// Bytes of the byte order mark that were taken off.
    shift: u64,
    origins: Option<Origins>,
    /// Decoded as a whole (UTF-32, and encodings of other scripts): how many bytes of it were bad. Offsets are not told.
    decoded: Option<u64>,
}

impl Opened {
    /// The offset in the source of an offset in the reader's bytes.
    pub(super) fn offset(&self, at: u64) -> Option<u64> {
        let at = at + self.from as u64;
        match &self.origins {
            Some(origins) => origins.locate(&self.text, at),
            None if self.decoded.is_some() => None,
            None => Some(at + self.shift),
        }
    }

    /// The same source from `from` on, for a reader that takes anything.
    pub(super) fn rest(&self, from: usize, format: &'static Format) -> Opened {
        Opened {
            format,
            encoding: if format.raw {
                ""
            } else {
                self.context.encoding.name()
            },
            bytes: self.text.slice(from..self.text.len()),
            text: self.text.clone(),
            from,
            context: self.context.clone(),
            shift: self.shift,
            origins: self.origins.clone(),
            decoded: self.decoded,
        }
    }

    /// What reads the rest of a source whose own reader failed at an offset: text where it is text, else carving. Without
    /// an offset all of it is carved, which counts nothing twice that was read already.
    fn fall_back(&self, at: Option<u64>) -> Option<(usize, &'static Format)> {
        let Some(at) = at else {
            return Some((0, CARVE));
        };
        let from = usize::try_from(at)
            .ok()
            .filter(|&from| from < self.text.len())?;
        let text = !self.format.raw && detect(&self.text[from..]).text;
        Some((from, if text { TEXT } else { CARVE }))
    }

    /// The reader over the bytes.
    pub(super) fn reader(&self) -> Result<Box<dyn Reader + '_>, Fault> {
        format::open(self.format, &self.bytes, &self.context)
    }
}

/// A node of a source of which nothing could be read.
pub(super) fn unread(
    run: &Run<'_>,
    path: SourcePath,
    bytes: u64,
    status: Status,
    stage: &'static str,
    fault: Option<Fault>,
) -> Node {
    let safe = safe_name(run, path.as_str(), Of::File);
    let faults = fault.into_iter().map(|fault| (stage, fault)).collect();
    Node {
        path,
        safe,
        format: "",
        encoding: "",
        bytes,
        status,
        faults,
        tables: Vec::new(),
        names: Vec::new(),
        plan: Plan::default(),
        store: Store::default(),
        members: Vec::new(),
        rest: None,
        headings: None,
    }
}

/// Whether something else may read what a reader could not.
pub(super) fn is_fallible(code: Code) -> bool {
    matches!(
        code,
        Code::Malformed
            | Code::Truncated
            | Code::Unsupported
            | Code::OverTime
            | Code::Crashed
            | Code::Bug
    )
}

/// Opens a source, its reader, and hands both on; what its own format cannot open is read as text or carved, and the fault
/// handed on too. Gives the format's name and the fault when nothing can read it.
pub(super) fn with_reader<T>(
    run: &Run<'_>,
    path: &SourcePath,
    bytes: &Bytes,
    then: impl FnOnce(&Opened, &dyn Reader, Option<Fault>) -> T,
) -> Result<T, (&'static str, Fault)> {
    let opened = open(run, path, bytes).map_err(|fault| ("", fault))?;
    let fault = match opened.reader() {
        Ok(reader) => return Ok(then(&opened, &*reader, None)),
        Err(fault) => fault,
    };
    let name = opened.format.name;
    let Some((_, format)) = is_fallible(fault.code)
        .then(|| opened.fall_back(Some(0)))
        .flatten()
    else {
        return Err((name, fault));
    };
    let opened = opened.rest(0, format);
    let reader = opened.reader().map_err(|fault| (name, fault))?;
    Ok(then(&opened, &*reader, Some(fault)))
}

/// Identifies a source and readies its bytes for a reader.
pub(super) fn open(run: &Run<'_>, path: &SourcePath, bytes: &Bytes) -> Result<Opened, Fault> {
    let name = path.as_str().rsplit(['/', '\\']).next().unwrap_or("");
    let (stem, extension) = match name.rsplit_once('.') {
        // What stands behind the last dot of a mailbox is no extension.
        Some((stem, _))
            if stem
                .rsplit_once('@')
                .is_some_and(|(_, host)| !host.contains('.')) =>
        {
            (name, String::new())
        }
        Some((stem, extension)) if !stem.is_empty() => (stem, extension.to_lowercase()),
        _ => (name, String::new()),
    };
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let (mut guess, foreign) = guess(bytes, head);
    if let Some(forced) = run.options.encoding {
        guess.encoding = forced;
    }
    let look = |head: &[u8], encoding| {
        identify(&Head {
            bytes: head,
            len: bytes.len() as u64,
            encoding,
            extension: &extension,
        })
    };
    let raw = Some(settle(look(head, guess.encoding), bytes)).filter(|format| format.raw);
    let filled = without_holes(head).filter(|_| !guess.text && raw.is_none());
    if let Some(filled) = &filled {
        let found = detect(filled);
        let narrow = !matches!(found.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        if found.text && narrow && run.options.encoding.is_none() {
            guess = found;
        }
    }
    let limits = |format: &Format| match (format.raw, format.name) {
        (false, _) | (_, "mbox" | "carved") => run.options.limits.of_source(bytes.len()),
        _ => run.options.limits.clone(),
    };
    let context = |encoding, format: &Format| Context {
        stem: stem.to_owned(),
        encoding,
        limits: limits(format),
        budget: run.budget(),
        header: column::is_header,
        columns: beside(path, &extension, encoding),
        memos: run.beside.memos(Path::new(path.as_str()), bytes),
        definition: run.beside.definition(Path::new(path.as_str()), bytes),
        heap: run.beside.heap(Path::new(path.as_str())),
        apart: run.options.apart.clone(),
        alone: false,
    };
    let decoded = |encoding, (text, bad): (Bytes, u64)| {
        let format = look(&text[..text.len().min(HEAD_BYTES)], Encoding::Utf8);
        Opened {
            context: context(Encoding::Utf8, format),
            format,
            encoding,
            bytes: text.clone(),
            text,
            from: 0,
            shift: 0,
            origins: None,
            decoded: Some(bad),
        }
    };
    if let Some(big) = utf32(head).filter(|_| run.options.encoding.is_none()) {
        let text = decode_wide(bytes, big, &run.options.limits)?;
        return Ok(decoded(if big { "utf-32be" } else { "utf-32le" }, text));
    }
    if let Some(foreign) = foreign.filter(|_| raw.is_none() && run.options.encoding.is_none()) {
        let text = decode_foreign(bytes, foreign, &run.options.limits)?;
        return Ok(decoded(foreign.name, text));
    }
    let unknown = !guess.text && run.options.encoding.is_none();
    if let Some(format) = raw.or(unknown.then_some(CARVE)) {
        let context = context(guess.encoding, format);
        return Ok(Opened {
            format,
            encoding: "",
            bytes: bytes.clone(),
            text: bytes.clone(),
            from: 0,
            context,
            shift: 0,
            origins: None,
            decoded: None,
        });
    }
    let shift = guess.bom as u64;
    let body = bytes.slice(guess.bom..bytes.len());
    let (encoding, body, origins) = match guess.encoding {
        Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Iso2022Jp => {
            let (text, origins) = transcode(guess.encoding, &body, shift, &run.options.limits)?;
            (Encoding::Utf8, text, Some(origins))
        }
        encoding => (encoding, body, None),
    };
    let head = &body[..body.len().min(HEAD_BYTES)];
    let format = look(filled.as_deref().unwrap_or(head), encoding);
    Ok(Opened {
        format,
        encoding: guess.encoding.name(),
        bytes: body.clone(),
        text: body,
        from: 0,
        context: context(encoding, format),
        shift,
        origins,
        decoded: None,
    })
}

/// Zeros in a row that no text has: a sector that was not written, or is lost.
const HOLE: [u8; 64] = [0; 64];
/// Holes in the first bytes of a text; what has more is no text.
const HOLES: usize = 4;

/// The first bytes without their holes; `None` if there are none, or too many.
fn without_holes(head: &[u8]) -> Option<Vec<u8>> {
    let holes: Vec<std::ops::Range<usize>> = holes(head).take(HOLES + 1).collect();
    if holes.is_empty() || holes.len() > HOLES {
        return None;
    }
    let mut filled = Vec::with_capacity(head.len());
    let mut from = 0;
    for hole in holes {
        filled.extend_from_slice(&head[from..hole.start]);
        from = hole.end;
    }
    filled.extend_from_slice(&head[from..]);
    Some(filled)
}

/// The holes in some bytes.
fn holes(bytes: &[u8]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let finder = memchr::memmem::Finder::new(&HOLE).into_owned();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + finder.find(&bytes[at..])?;
        let rest = &bytes[start..];
        let len = rest.iter().position(|&byte| byte != 0);
        at = start + len.unwrap_or(rest.len());
        Some(start..at)
    })
}

/// What is lost of a text for the holes in it.
fn lost_in_holes(opened: &Opened) -> Option<Fault> {
    // Readers of mail are given the bytes as they are, and those are text all the same.
    let is_text = !opened.format.raw || matches!(opened.format.name, "mbox" | "eml" | "emlx");
    if !is_text || opened.from > 0 {
        return None;
    }
    let mut holes = holes(&opened.bytes);
    let first = holes.next()?;
    let n_bytes = first.len() + holes.map(|hole| hole.len()).sum::<usize>();
    let lost = format!("{n_bytes} bytes, which are zeros");
    Some(Fault::at(Code::Malformed, first.start as u64, lost))
}

/// The columns that a script beside a file gives it: `mysqldump --tab` writes `users.sql` and `users.txt`.
fn beside(path: &SourcePath, extension: &str, encoding: Encoding) -> Option<Vec<String>> {
    let on_disk = !path.as_str().contains("!/") && path.as_str() != "-";
    if !on_disk || !matches!(extension, "txt" | "csv" | "tsv" | "dat") {
        return None;
    }
    let script = Path::new(path.as_str()).with_extension("sql");
    let short =
        std::fs::metadata(&script).is_ok_and(|meta| meta.is_file() && meta.len() <= SCRIPT_BYTES);
    let script = short.then(|| Bytes::open(&script).ok()).flatten()?;
    crate::format::sql::created_columns(&script, encoding)
}

/// Longest script that is looked at for the columns of the file beside it.
const SCRIPT_BYTES: u64 = 1 << 20;

/// Bytes by which a source is identified.
const HEAD_BYTES: usize = 64 << 10;

/// The encoding of a source: by its head, or, where that is plain ASCII, by the first place that is not; what an SQL dump
/// declares of itself wins where its bytes bear it out. Also what encoding of another script it is, if it is one.
fn guess(bytes: &[u8], head: &[u8]) -> (Guess, Option<Foreign>) {
    let mut guess = detect(head);
    if !guess.text || guess.bom > 0 {
        return (guess, None);
    }
    let mut window = head;
    if guess.encoding == Encoding::Utf8 && head.is_ascii() {
        let Some(at) = first_beyond_ascii(bytes, head.len()) else {
            return (guess, None);
        };
        let line = memchr::memrchr(b'\n', &bytes[at.saturating_sub(HEAD_BYTES / 2)..at]);
        let start = line.map_or(at, |end| at.saturating_sub(HEAD_BYTES / 2) + end + 1);
        window = &bytes[start..bytes.len().min(start + HEAD_BYTES)];
        let found = detect(window);
        if found.text {
            guess.encoding = found.encoding;
        }
    }
    if let Some(declared) =
        crate::format::sql::declared_encoding(head).filter(|&declared| declared != guess.encoding)
    {
        // A window may end inside a character.
        let borne_out = declared.bad_bytes(window) <= 2;
        let plain = std::str::from_utf8(window).is_ok() && !window.is_ascii();
        if borne_out && !plain && declared != Encoding::Utf8 {
            guess.encoding = declared;
            return (guess, None);
        }
    }
    (guess, Foreign::of(window, guess.encoding))
}

/// The first place at or after `from` that is no plain ASCII, or that begins an escape of ISO-2022-JP.
fn first_beyond_ascii(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    for chunk in bytes[from..].chunks(CHUNK_BYTES) {
        if !chunk.is_ascii() {
            return Some(at + chunk.iter().position(|byte| !byte.is_ascii()).unwrap_or(0));
        }
        if let Some(escape) = memchr::memmem::find(chunk, b"\x1b$") {
            return Some(at + escape);
        }
        at += chunk.len();
    }
    None
}

/// Bytes that are transcoded at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Turns a source in an encoding that cannot be split by its bytes into UTF-8.
fn transcode(
    encoding: Encoding,
    body: &Bytes,
    start: u64,
    limits: &Limits,
) -> Result<(Bytes, Origins), Fault> {
    let full = |_| Fault::whole(Code::NoSpace, "the whole source");
    let mut transcoder = Transcoder::new(encoding, start);
    let mut spool = Spool::new(limits);
    let mut text = String::new();
    for chunk in body.chunks(CHUNK_BYTES) {
        transcoder.push(chunk, &mut text);
        spool.write_all(text.as_bytes()).map_err(full)?;
        text.clear();
    }
    let origins = transcoder.finish(&mut text);
    spool.write_all(text.as_bytes()).map_err(full)?;
    Ok((spool.finish()?, origins))
}

/// Turns UTF-32 with a byte order mark into UTF-8, and tells how many bytes made no character.
fn decode_wide(bytes: &[u8], big: bool, limits: &Limits) -> Result<(Bytes, u64), Fault> {
    let mut spool = Spool::new(limits);
    let (mut text, mut bad) = (String::new(), 0);
    for chunk in bytes[4..].chunks(CHUNK_BYTES) {
        bad += decode_utf32(chunk, big, &mut text);
        spool
            .write_all(text.as_bytes())
            .map_err(|_| Fault::whole(Code::NoSpace, "the whole source"))?;
        text.clear();
    }
    Ok((spool.finish()?, bad))
}

/// Turns text in an encoding of another script into UTF-8, and tells how many bytes made no character.
fn decode_foreign(bytes: &Bytes, foreign: Foreign, limits: &Limits) -> Result<(Bytes, u64), Fault> {
    let mut spool = Spool::new(limits);
    let mut decoder = foreign.decoder();
    let (mut text, mut bad) = (String::new(), 0);
    let mut left = bytes.len();
    for chunk in bytes.chunks(CHUNK_BYTES) {
        left -= chunk.len();
        bad += decoder.push(chunk, left == 0, &mut text);
        spool
            .write_all(text.as_bytes())
            .map_err(|_| Fault::whole(Code::NoSpace, "the whole source"))?;
        text.clear();
    }
    Ok((spool.finish()?, bad))
}

/// Scans one source and, inside it, its members.
pub(super) fn scan_source(run: &Run<'_>, path: SourcePath, bytes: &Bytes, depth: u32) -> Node {
    let len = bytes.len() as u64;
    let part_done_of = |n_parts: usize| {
        let done = AtomicU64::new(0);
        move || {
            // Bytes are counted for files only; what is inside them is theirs.
            if depth == 0 && n_parts > 0 {
                let nth = done.fetch_add(1, Ordering::Relaxed);
                let share = |n: u64| len * n.min(n_parts as u64) / n_parts as u64;
                run.progress
                    .bytes
                    .fetch_add(share(nth + 1) - share(nth), Ordering::Relaxed);
            }
        }
    };
    if bytes.is_empty() {
        return Node {
            format: "empty",
            ..unread(run, path, 0, Status::Complete, "open", None)
        };
    }
    let read = with_reader(run, &path, bytes, |opened, reader, fault| {
        let enter = |member: Member| scan_member(run, &path, member, depth + 1);
        let part_done = part_done_of(reader.parts());
        let node = read_source(run, &path, opened, reader, &enter, &part_done, fault);
        Node { bytes: len, ..node }
    });
    read.unwrap_or_else(|(format, fault)| Node {
        format,
        ..unread(run, path, len, refused(&fault), "open", Some(fault))
    })
}

/// What becomes of a source that cannot be read for a fault.
fn refused(fault: &Fault) -> Status {
    if fault.code == Code::Encrypted {
        Status::Encrypted
    } else {
        Status::Skipped
    }
}

/// Reads a source that is open, and what its reader leaves. `fault` is why another format reads it than its own.
fn read_source(
    run: &Run<'_>,
    path: &SourcePath,
    opened: &Opened,
    reader: &dyn Reader,
    enter: &(dyn Fn(Member) -> Node + Sync),
    part_done: &(dyn Fn() + Sync),
    fault: Option<Fault>,
) -> Node {
    let (mut count, plan) = read_checked(run, opened, reader, enter, part_done);
    let opening = fault.into_iter().chain(reader.faults());
    let mut faults: Vec<(&'static str, Fault)> = opening.map(|fault| ("open", fault)).collect();
    faults.extend(count.told.drain(..).map(|fault| ("read", fault)));
    faults.extend(lost_in_holes(opened).map(|fault| ("read", fault)));
    for (_, fault) in &mut faults {
        fault.at = fault.at.and_then(|at| opened.offset(at));
    }
    faults.extend(bad_encoding(opened).map(|fault| ("read", fault)));
    let rest = count
        .stopped
        .and_then(|at| opened.fall_back(at))
        .map(|(from, format)| Box::new(read_rest(run, path, opened, from, format)));
    let headings = headings::member(run.patterns, path, &count.tables);
    let headings = headings.map(|member| Box::new(enter(member)));
    let read = !count.tables.is_empty() || !count.members.is_empty() || rest.is_some();
    let locked = faults
        .iter()
        .any(|(_, fault)| fault.code == Code::Encrypted);
    let status = match (faults.is_empty(), read) {
        _ if opened.format.name == CARVE.name => Status::Carved,
        (true, _) => Status::Complete,
        (false, true) => Status::Partial,
        (false, false) if locked => Status::Encrypted,
        (false, false) => Status::Skipped,
    };
    if status == Status::Carved && opened.from == 0 && faults.is_empty() {
        let lost = "what is no plain text in it";
        faults.push(("open", Fault::whole(Code::Unsupported, lost)));
    }
    count.tables.iter_mut().for_each(TableCount::close);
    let names = count.tables.iter();
    let names = names.map(|table| table_names(run, table)).collect();
    Node {
        safe: safe_name(run, path.as_str(), Of::File),
        path: path.clone(),
        format: opened.format.name,
        encoding: reader.encoding().unwrap_or(opened.encoding),
        bytes: opened.bytes.len() as u64,
        status,
        faults,
        tables: count.tables,
        names,
        plan,
        store: count.store,
        members: count.members,
        rest,
        headings,
    }
}

/// Bytes of a transcoded source that made no character.
fn bad_encoding(opened: &Opened) -> Option<Fault> {
    let (bad, at) = match &opened.origins {
        Some(origins) => (origins.bad, origins.first_bad),
        None => (opened.decoded?, None),
    };
    (opened.from == 0 && bad > 0).then(|| Fault {
        code: Code::BadEncoding,
        at,
        lost: format!("{bad} bytes"),
    })
}

/// Reads what a reader left behind a fault. Text and carving take anything, so this ends here.
fn read_rest(
    run: &Run<'_>,
    path: &SourcePath,
    opened: &Opened,
    from: usize,
    format: &'static Format,
) -> Rest {
    let opened = opened.rest(from, format);
    let path = path.member(REST);
    let enter = |member: Member| {
        unread(
            run,
            path.member(&member.name),
            0,
            Status::Skipped,
            "open",
            None,
        )
    };
    let node = match opened.reader() {
        Ok(reader) => read_source(run, &path, &opened, &*reader, &enter, &|| {}, None),
        Err(fault) => unread(
            run,
            path,
            opened.bytes.len() as u64,
            Status::Skipped,
            "open",
            Some(fault),
        ),
    };
    Rest { from, format, node }
}

/// How the rest of a source is called in paths.
const REST: &str = "(rest)";

/// Reads a source under a guessed plan, judges it by the full tallies, and reads it again if the guess was wrong.
fn read_checked(
    run: &Run<'_>,
    opened: &Opened,
    reader: &dyn Reader,
    enter: &(dyn Fn(Member) -> Node + Sync),
    part_done: &(dyn Fn() + Sync),
) -> (Count, Plan) {
    let mut plan = Plan::default();
    let references = reader.references();
    if opened.format.tabular && run.options.samples > 0 {
        let sample = pass(
            run,
            reader,
            &plan,
            Extent::Sample(run.options.samples),
            enter,
            &|| {},
        );
        plan = judge(run, &sample.tables, &references);
    }
    let mut count = pass(
        run,
        reader,
        &plan,
        Extent::All { members: true },
        enter,
        part_done,
    );
    let certain = judge(run, &count.tables, &references);
    if !certain.reads_like(&plan) {
        let members = std::mem::take(&mut count.members);
        // What the first reading kept is given back before the second begins.
        drop(count);
        count = pass(
            run,
            reader,
            &certain,
            Extent::All { members: false },
            enter,
            &|| {},
        );
        count.members = members;
    }
    (count, certain)
}

/// Scans a member as a source.
fn scan_member(run: &Run<'_>, container: &SourcePath, member: Member, depth: u32) -> Node {
    let path = container.member(&member.name);
    // The names of a source that is read are no level below it. Whatever else is called so gains one level, not one after the other.
    let deepest = run.options.limits.depth + u32::from(member.name == headings::NAME);
    let mut node = match member.bytes {
        None => {
            let status = member.fault.as_ref().map_or(Status::Complete, refused);
            return unread(run, path, member.len, status, "open", member.fault);
        }
        Some(_) if depth > deepest => {
            let fault = Fault::whole(Code::TooDeep, "the whole member");
            return unread(run, path, member.len, Status::Skipped, "open", Some(fault));
        }
        Some(bytes) => scan_source(run, path, &bytes, depth),
    };
    if let Some(fault) = member.fault {
        node.faults.push(("open", fault));
        node.status = node.status.max(Status::Partial);
    }
    node
}
