//! The pipeline: the only room that knows the order of the stages, and the only one that starts tasks.
//!
//! **Guess, read, check.** Which keys a record gives is known only once its columns are judged, and a column is judged by
//! the tally of all its values. So each source is read under a plan guessed from a few of its parts; then the verdicts are
//! taken again, by the same function, from the full tallies, and if they read records differently the source is read once
//! more. Tallies do not depend on the plan, so the guess never shows in the result.
//!
//! The files of findings and subjects are written by reading the sources again under the final verdicts (`replay`), so
//! that nothing but counts and keys is ever kept.

mod assemble;
mod beside;
mod clock;
mod cluster;
mod faults;
mod headings;
mod judged;
mod keys;
mod lately;
mod pass;
mod ppap;
mod read;
mod replay;
mod safe_names;
mod source;
mod support;
mod table;
mod title_words;
mod titles;
mod within;

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use self::beside::Beside;
use self::read::Worker;
use self::replay::{Line, Wanted};
use self::source::Node;
use crate::format::apart::Program;
use crate::identity::{self, Answers, Locus, Rejected, Resolution, Store};
use crate::pattern::{KindSet, Patterns};
use crate::scope::{Doubt, Explained, FindingRow, ReviewRow, Scope, Status, SubjectRow, ToldRow};
use crate::source::{Budget, Bytes, Fault, Found, Limits, Passwords, State, walk};
use crate::text::Encoding;

/// How to scan. Plain data.
#[derive(Clone, Debug)]
pub struct Options {
    /// Worker threads; 0 = one per core.
    pub threads: usize,
    /// Kinds to look for; `None` = all.
    pub kinds: Option<KindSet>,
    /// Records sampled from each source to guess its plan; never shows in the result.
    pub samples: usize,
    /// Looks at every value anew and takes no short cut: the twin against which the fast ways are tested.
    pub slow: bool,
    /// Bounds.
    pub limits: Limits,
    /// What reads sources whose parsers are not ours, in a process of its own; `None` reads everything in this one.
    pub apart: Option<Arc<Program>>,
    /// The text encoding of every source, instead of detecting it.
    pub encoding: Option<Encoding>,
    /// Glob patterns of paths to leave out; listed as excluded.
    pub exclude: Vec<String>,
    /// Domains of the user's own organisation, in lower case: whoever has a mailbox there or below is told apart.
    pub own_domains: Vec<String>,
    /// Whether to keep why records are one person, for [`Scan::explain`] and [`Scan::review`].
    pub traced: bool,
    /// What the user says of doubtful pairs.
    pub answers: Answers,
    /// Whether passwords that stand in mail are tried on what is encrypted.
    pub ppap: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 0,
            kinds: None,
            samples: 2_000,
            slow: false,
            limits: Limits::default(),
            apart: None,
            encoding: None,
            exclude: Vec::new(),
            own_domains: Vec::new(),
            traced: false,
            answers: Answers::default(),
            ppap: false,
        }
    }
}

/// How far a scan is; the caller polls it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of files done.
    pub bytes: AtomicU64,
    /// Bytes of all files; known once walking is over.
    pub total: AtomicU64,
    /// Records read.
    pub records: AtomicU64,
}

/// A finished scan: the result, and what is needed to read the sources again.
pub struct Scan<'p> {
    /// The result.
    pub scope: Scope,
    roots: Vec<Root>,
    resolution: Resolution,
    run: Run<'p>,
    pool: rayon::ThreadPool,
}

/// A file found, and what was read of it.
struct Root {
    found: Found,
    node: Node,
    /// Standard input, kept: it cannot be read again.
    stdin: Option<Bytes>,
}

/// What all tasks of one run share.
struct Run<'p> {
    patterns: &'p Patterns,
    options: Options,
    progress: &'p Progress,
    /// What containers may still inflate to in this reading.
    budget: Mutex<Budget>,
    /// Files that are read with one beside them.
    beside: Beside,
    /// Idle workers: their dictionaries' scratch is kept from source to source.
    workers: Mutex<Vec<Worker<'p>>>,
}

impl<'p> Run<'p> {
    fn take_worker(&self) -> Worker<'p> {
        let idle = self
            .workers
            .lock()
            .expect("no task panics while it holds the lock")
            .pop();
        let mut worker = idle.unwrap_or_else(|| Worker::new(self.patterns, &self.options));
        worker.forget();
        worker.sampling = false;
        worker
    }

    fn budget(&self) -> Budget {
        self.budget
            .lock()
            .expect("no task panics while it holds the lock")
            .clone()
    }

    /// Each reading has the whole budget: what could be read once can be read again.
    fn renew_budget(&self) {
        let budget = Budget::new(self.options.limits.inflated_bytes);
        *self
            .budget
            .lock()
            .expect("no task panics while it holds the lock") = budget;
    }

    fn give_back(&self, worker: Worker<'p>) {
        self.workers
            .lock()
            .expect("no task panics while it holds the lock")
            .push(worker);
    }
}

/// Tells what personal data the inputs hold and of how many people. `-` is standard input. Never fails as a whole: see
/// [`Scope::problems`].
///
/// # Panics
///
/// When the operating system refuses to start threads.
pub fn scan<'p>(
    inputs: &[PathBuf],
    patterns: &'p Patterns,
    options: &Options,
    progress: &'p Progress,
) -> Scan<'p> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .stack_size(STACK_BYTES)
        .build()
        .expect("the operating system starts threads");
    let found = walk(inputs, &options.exclude);
    progress
        .total
        .store(found.iter().map(|found| found.len).sum(), Ordering::Relaxed);
    let mut run = Run {
        patterns,
        options: options.clone(),
        progress,
        budget: Mutex::new(Budget::new(options.limits.inflated_bytes)),
        beside: Beside::of(&found),
        workers: Mutex::new(Vec::new()),
    };
    if options.ppap {
        let mailed = pool.install(|| ppap::passwords(&run, &found));
        let given = options.limits.passwords.iter().map(str::to_owned);
        run.options.limits.passwords = Passwords::new(given.chain(mailed));
        run.renew_budget();
    }
    let run = run;
    let (roots, scope, resolution) = pool.install(|| {
        let mut roots = read_roots(&run, found);
        let mut store = Store::within(options.limits.memory_bytes);
        let mut ordinal = 0;
        for root in &mut roots {
            absorb(&mut root.node, &mut store, &mut ordinal);
        }
        let nodes = roots.iter_mut().map(|root| &mut root.node).collect();
        let mut scope = assemble::assemble(patterns, nodes);
        let resolution = identity::resolve_with(patterns, store, &options.answers, options.traced);
        assemble::add_people(patterns, options, &resolution, &mut scope);
        (roots, scope, resolution)
    });
    Scan {
        scope,
        roots,
        resolution,
        run,
        pool,
    }
}

/// Stack of a worker: members are scanned inside the task that reads their container, at most [`Limits::depth`] deep.
const STACK_BYTES: usize = 16 << 20;

/// Reads all files, the largest first, and puts them back in their order.
fn read_roots(run: &Run<'_>, found: Vec<Found>) -> Vec<Root> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(found[index].len));
    let mut nodes: Vec<(usize, Root)> = order
        .into_par_iter()
        .with_max_len(1)
        .map(|index| (index, read_root(run, found[index].clone())))
        .collect();
    nodes.sort_by_key(|(index, _)| *index);
    let mut roots: Vec<Root> = nodes.into_iter().map(|(_, root)| root).collect();
    // The files of a folder that could not be put together are read one by one.
    let apart = roots
        .iter()
        .filter(|root| root.node.status == Status::Skipped);
    let apart = apart.flat_map(|root| run.beside.folder(&root.found.path));
    let apart: BTreeSet<PathBuf> = apart.cloned().collect();
    for root in &mut roots {
        if apart.contains(&root.found.path) {
            *root = read_alone(run, root.found.clone());
        }
    }
    roots
}

/// Reads a file, if it is not read with another.
fn read_root(run: &Run<'_>, found: Found) -> Root {
    let Some(format) = run.beside.read_with(&found.path) else {
        return read_alone(run, found);
    };
    let path = found.source.clone();
    let node = source::unread(run, path, found.len, Status::Complete, "discover", None);
    Root {
        found,
        node: Node { format, ..node },
        stdin: None,
    }
}

fn read_alone(run: &Run<'_>, found: Found) -> Root {
    let path = found.source.clone();
    let fail = |fault: Fault| {
        source::unread(
            run,
            path.clone(),
            found.len,
            Status::Skipped,
            "discover",
            Some(fault),
        )
    };
    let opened = match &found.state {
        State::Excluded => {
            let node = source::unread(
                run,
                path.clone(),
                found.len,
                Status::Excluded,
                "discover",
                None,
            );
            return Root {
                found,
                node,
                stdin: None,
            };
        }
        State::Fault(fault) => Err(fault.clone()),
        State::Stdin => Bytes::stream(&mut std::io::stdin().lock(), &run.options.limits),
        State::File => run.beside.open(&found.path, &run.options.limits),
    };
    let bytes = match opened {
        Ok(bytes) => bytes,
        Err(fault) => {
            let node = fail(fault);
            return Root {
                found,
                node,
                stdin: None,
            };
        }
    };
    let mut node = source::scan_source(run, path.clone(), &bytes, 0);
    if let Some(fault) = bytes.changed() {
        node.faults.push(("read", fault));
        node.status = node.status.max(Status::Partial);
    }
    let stdin = (found.state == State::Stdin).then_some(bytes);
    Root { found, node, stdin }
}

/// Moves the mentions of a source and its members into one store, in order.
fn absorb(node: &mut Node, store: &mut Store, ordinal: &mut u32) {
    let source = *ordinal;
    *ordinal += 1;
    store.absorb(std::mem::take(&mut node.store), &|at| Locus {
        source,
        ..at
    });
    for (_, member) in &mut node.members {
        absorb(member, store, ordinal);
    }
    if let Some(rest) = &mut node.rest {
        absorb(&mut rest.node, store, ordinal);
    }
    if let Some(headings) = &mut node.headings {
        absorb(headings, store, ordinal);
    }
}

impl Scan<'_> {
    /// Reads the sources again and gives every match, by source, then in the order in which they stand there.
    pub fn findings(
        &self,
        reveal: bool,
        sink: &mut (dyn FnMut(FindingRow) -> ControlFlow<()> + Send),
    ) {
        self.replay(Wanted::Findings { reveal }, &mut |line| match line {
            Line::Finding(row) => sink(row),
            Line::Subject(_) | Line::Told(_) => ControlFlow::Continue(()),
        });
    }

    /// Reads the sources again and gives every record that speaks of a subject, by source, then in the order in which they
    /// stand there.
    pub fn subjects(&self, sink: &mut (dyn FnMut(SubjectRow) -> ControlFlow<()> + Send)) {
        self.replay(Wanted::Subjects(&self.resolution), &mut |line| match line {
            Line::Subject(row) => sink(row),
            Line::Finding(_) | Line::Told(_) => ControlFlow::Continue(()),
        });
    }

    /// Reads the sources again and gives the records of one subject, at most `limit` of them, and the links that make them one
    /// person; `None` when there is no such subject. The links are there only after a traced scan.
    pub fn explain(&self, subject: u64, limit: usize) -> Option<Explained> {
        let mut explained = Explained::default();
        let resolution = &self.resolution;
        self.replay(Wanted::One(resolution, subject), &mut |line| {
            if let Line::Told(record) = line {
                explained.records += 1;
                if explained.told.len() < limit {
                    explained.told.push(record);
                }
            }
            ControlFlow::Continue(())
        });
        let ours = |id| resolution.subject_of(id) == Some(subject);
        let links = resolution.links.iter();
        let links = links.filter(|link| ours(link.a) && ours(link.b));
        explained.links = links.cloned().collect();
        (explained.records > 0).then_some(explained)
    }

    /// The answers that could not be used; empty when all were.
    pub fn rejected(&self) -> &[Rejected] {
        &self.resolution.rejected
    }

    /// Pairs on which the numbers hang, or on which the user has answered.
    pub fn doubtful(&self) -> usize {
        self.resolution.doubts.len()
    }

    /// Reads the sources again and gives the pairs on which the numbers hang, the strongest first, at most `limit` of them, and those
    /// that the user has answered. They are there only after a traced scan.
    pub fn review(&self, limit: usize) -> Vec<ReviewRow> {
        let doubts = self.resolution.doubts.iter().enumerate();
        let doubts = doubts.filter(|(at, doubt)| *at < limit || doubt.answer.is_some());
        let doubts: Vec<&Doubt> = doubts.map(|(_, doubt)| doubt).collect();
        let both = doubts.iter().flat_map(|doubt| [doubt.link.a, doubt.link.b]);
        let tuples: BTreeSet<u64> = both.collect();
        let mut told: HashMap<u64, ToldRow> = HashMap::new();
        self.replay(Wanted::Some(&tuples), &mut |line| {
            if let Line::Told(record) = line {
                told.entry(record.tuple).or_insert(record);
            }
            if told.len() < tuples.len() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        let rows = doubts.into_iter().filter_map(|doubt| {
            Some(ReviewRow {
                doubt: doubt.clone(),
                records: [
                    told.get(&doubt.link.a)?.clone(),
                    told.get(&doubt.link.b)?.clone(),
                ],
            })
        });
        rows.collect()
    }

    fn replay(&self, wanted: Wanted<'_>, lines: &mut (dyn FnMut(Line) -> ControlFlow<()> + Send)) {
        self.run.renew_budget();
        self.pool.install(|| {
            for root in &self.roots {
                let bytes = match (&root.found.state, &root.stdin) {
                    (State::Stdin, Some(bytes)) => bytes.clone(),
                    (State::File, _) => match self
                        .run
                        .beside
                        .open(&root.found.path, &self.run.options.limits)
                    {
                        Ok(bytes) => bytes,
                        Err(_) => continue,
                    },
                    _ => continue,
                };
                if replay::replay(&self.run, &root.node, &bytes, wanted, lines).is_break() {
                    return;
                }
            }
        });
    }
}
