//! The edge: flags, terminal, files to write, exit codes. The only printing there is.

mod apart;
mod condition;
mod exit;
mod explain;
mod files;
mod memory;
mod patterns;
mod progress;
mod scan;
mod terminal;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use leakscope::report::json::SCHEMA;
use leakscope::report::summary::Lang;

pub(crate) use exit::Exit;

/// Tell what personal data leaked files hold, where, and of how many people
///
/// leakscope is pointed at exported data after a breach (database dumps, CSV, JSON Lines, mail, archives) and says which kinds
/// of personal data they hold, where, and of how many people. Everything stays on this machine: there is no network access,
/// and no report holds a raw value.
///
/// `leakscope PATH` is short for `leakscope scan PATH`.
#[derive(Parser)]
#[command(name = "leakscope", version, arg_required_else_help = true, max_term_width = 100, after_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
Exit codes:
    0  finished; every source was read completely
    1  finished; a --fail-on limit was reached (wins over 3)
    2  no result: bad flags or patterns, no readable input, or a report could not be written
    3  finished; some source was read in part or not at all: the numbers are a lower bound
  130  interrupted

Examples:
  leakscope scan DUMPS/
  leakscope scan DUMPS/ -o report.json --findings findings.jsonl --subjects subjects.csv
  zcat leak.sql.gz | leakscope scan - --json | jq .subjects.persons
  leakscope scan exports/ --fail-on payment-card --fail-on 'persons>1000'";

#[derive(Subcommand)]
enum Command {
    Scan(Box<ScanArgs>),
    Explain(Box<ExplainArgs>),
    #[command(subcommand)]
    Patterns(PatternsCommand),
    /// Print the JSON Schema of the report
    ///
    /// Within a version of the report fields are added, never renamed or dropped.
    Schema,
    /// Print completions for a shell
    ///
    /// Put them where the shell looks: `leakscope completions zsh > ~/.zfunc/_leakscope`.
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    ///
    /// Read it with `leakscope man | man -l -`.
    Man {
        /// A command to print the page of
        command: Option<String>,
    },
}

/// Scan files and folders, and tell what they hold
///
/// Folders are walked, hidden files included; symbolic links are not followed. Archives and mail attachments are opened. The
/// summary goes to stdout. Sources that cannot be read do not stop the scan: they are listed, and the exit code is 3.
///
/// Files are written beside their place first and moved there when they are whole; only their owner may read them.
#[derive(Args)]
#[command(after_help = AFTER)]
struct ScanArgs {
    /// Files and folders to scan; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArgs,

    /// Print the report on stdout instead of the summary
    ///
    /// The summary goes to stderr then. `leakscope schema` describes the report.
    #[arg(long, help_heading = "Output")]
    json: bool,

    /// Write the report to a file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Write every match to a file, as JSON Lines
    ///
    /// One line per match: source, table, record (from 0), column, start and end (byte offsets in the decompressed source), kind,
    /// confidence, masked value. The sources are read once more for it.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    findings: Option<PathBuf>,

    /// Write every record and the person it speaks of to a file, as CSV
    ///
    /// Columns: source, table, record (from 0), role, subject (a number, the same wherever the same person appears), kinds
    /// (joined by `;`). A name that a spreadsheet would run as a formula has a `'` before it.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    subjects: Option<PathBuf>,

    /// Write the doubtful pairs of records to a file, as CSV, for you to answer
    ///
    /// One line per pair on which the numbers hang, and per strong link that was refused; the strongest first, at most 10,000. Columns:
    /// pair, answer (empty), counted, bits, why, same, similar, differ, and where both records stand. `--answers` reads it back. The
    /// sources are read once more for it.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    review: Option<PathBuf>,

    /// Add the raw values to the findings file
    ///
    /// The file holds personal data then. Nothing else ever holds a raw value.
    #[arg(long, requires = "findings", help_heading = "Output")]
    reveal: bool,

    /// Exit with 1 when a condition holds; may be given several times
    ///
    /// `any` (any kind was found), a kind (`payment-card`), `KIND>N` (more than N distinct values of it), `persons>N` (more than
    /// N people are possible: the upper bound counts).
    #[arg(long, value_name = "CONDITION", help_heading = "Result")]
    fail_on: Vec<String>,

    /// Look for these kinds only, separated by commas
    ///
    /// `leakscope patterns list` names them. Default: all.
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        help_heading = "Input"
    )]
    kinds: Vec<String>,

    /// Write the summary in this language [default: that of the locale, else en]
    #[arg(long, value_enum, value_name = "LANG", help_heading = "Terminal")]
    lang: Option<LangArg>,

    /// Colour the summary
    ///
    /// `auto` colours on a terminal, unless NO_COLOR is set.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, help_heading = "Terminal")]
    color: When,

    /// Show on stderr how far it is
    ///
    /// `auto` shows it on a terminal.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, help_heading = "Terminal")]
    progress: When,

    /// Print no summary and no progress
    #[arg(short, long, help_heading = "Terminal")]
    quiet: bool,

    /// Size of the parts that sources are cut into; never shows in the result (for tests)
    #[arg(long, hide = true, value_name = "BYTES", value_parser = terminal::parse_size)]
    part_bytes: Option<u64>,

    /// Records sampled to guess a source's plan; never shows in the result (for tests)
    #[arg(long, hide = true, value_name = "N")]
    samples: Option<usize>,

    /// Look at every value anew, without short cuts; for tests
    #[arg(long, hide = true)]
    slow: bool,
}

/// What decides which records there are and who is one person.
#[derive(Args)]
struct ReadArgs {
    /// Look for the kinds of your own pattern files too; may be given several times
    ///
    /// A file or a folder of `*.toml`, each named after its kind (`shop.member.toml`), written as those of `patterns/kinds/`: title,
    /// columns, patterns (regex or recogniser, check, needs, keywords) with examples and counter-examples, which must hold. A file
    /// named after a built-in kind replaces it.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    patterns: Vec<PathBuf>,

    /// Read all text in this encoding
    ///
    /// utf-8, utf-16le, utf-16be, shift_jis, euc-jp, iso-2022-jp or windows-1252. Default: detected for every source.
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    encoding: Option<String>,

    /// Leave out paths that match; may be given several times
    ///
    /// What is left out is listed in the report as excluded.
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    exclude: Vec<String>,

    /// Open encrypted files with this password; may be given several times
    ///
    /// Other users of the machine see the command line: `--password-file` is safer.
    #[arg(long, value_name = "PW", help_heading = "Input")]
    password: Vec<String>,

    /// Open encrypted files with the passwords of a file, one on each line
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    password_file: Option<PathBuf>,

    /// Try the passwords that stand in mail beside encrypted attachments
    ///
    /// The Japanese habit of mailing a locked zip, and its password in the next message. All mail is read once more for it.
    #[arg(long, help_heading = "Input")]
    ppap: bool,

    /// Open containers inside containers this deep
    #[arg(long, value_name = "N", default_value_t = leakscope::source::Limits::default().depth, help_heading = "Input")]
    limit_depth: u32,

    /// Unpack this many bytes at most over the whole run
    ///
    /// k, M, G and T stand for powers of 1024.
    #[arg(long, value_name = "BYTES", default_value = "1T", value_parser = terminal::parse_size, help_heading = "Input")]
    limit_inflated: u64,

    /// Keep this much of what is read in memory, the rest in unlinked files [default: two fifths of what is free]
    ///
    /// k, M, G and T stand for powers of 1024. It holds for distinct values, and for the distinct records of a source above two million, whose
    /// hashes then go to the folder for temporary files (TMPDIR). What links records stays in memory. The result is
    /// the same.
    #[arg(long, value_name = "BYTES", value_parser = terminal::parse_size, help_heading = "Input")]
    memory: Option<u64>,

    /// Read each source for this many seconds at most, on all threads together
    ///
    /// For every 8 MiB of a source a 120th of it is added. What is left then is a problem of code `over-time`; files inside an archive have
    /// their own time. 0 sets no limit.
    #[arg(long, value_name = "SECONDS", default_value_t = leakscope::source::Limits::default().source_time.as_secs(), help_heading = "Input")]
    limit_time: u64,

    /// Tell people of this mail domain apart; may be given several times
    ///
    /// Whoever has an e-mail address there, or at a domain below, is one of your own: they stay among the people and are counted by
    /// themselves, too.
    #[arg(long, value_name = "DOMAIN", value_parser = own_domain, help_heading = "Result")]
    own_domain: Vec<String>,

    /// Take over what you have answered to doubtful pairs
    ///
    /// The file that `--review` wrote, with `yes`, `no` or `unknown` in its column `answer`: who is one person, and who is not, whatever
    /// the records say. The answers hold for the same files, read with the same flags.
    #[arg(long, value_name = "FILE", help_heading = "Result")]
    answers: Option<PathBuf>,

    /// Use this many threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
}

/// Tell which records are one person, and why
///
/// Prints the records of a subject with what they say, masked, and what links them: equal values, or similar ones with their
/// weight in bits. The numbers of subjects are those of the subjects file, if the flags are those of its scan. The sources are read twice
/// for it.
#[derive(Args)]
struct ExplainArgs {
    /// The files and folders that were scanned, or the report of the scan
    ///
    /// A report names its files as the scan was given them: run it in the same folder.
    #[arg(required = true, value_name = "REPORT|PATH")]
    paths: Vec<PathBuf>,

    /// Number of the subject
    #[arg(long, value_name = "N")]
    subject: u64,

    #[command(flatten)]
    read: ReadArgs,

    /// Write in this language [default: that of the locale, else en]
    #[arg(long, value_enum, value_name = "LANG")]
    lang: Option<LangArg>,
}

/// Tell what is looked for, and prove it
#[derive(Subcommand)]
enum PatternsCommand {
    /// List the kinds of personal data that are looked for
    List {
        /// Pattern files of your own; may be given several times
        #[arg(long, value_name = "PATH")]
        patterns: Vec<PathBuf>,
    },
    /// Prove the patterns by their examples and counter-examples
    ///
    /// Prints every failure and exits with 2 when there is one.
    Check {
        /// Pattern file to prove instead of the built-in ones
        file: Option<PathBuf>,
    },
    /// Explain how a kind is found, and what it misses
    Explain {
        /// Name of the kind, as `leakscope patterns list` prints it
        kind: String,
        /// Pattern files of your own; may be given several times
        #[arg(long, value_name = "PATH")]
        patterns: Vec<PathBuf>,
    },
}

/// When to do something that suits a terminal.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    /// Japanese
    Ja,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Ja => Lang::Ja,
            LangArg::En => Lang::En,
        }
    }
}

/// Why there is no result, said on stderr.
#[derive(Debug)]
struct Failure(String);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// A panic is a defect of ours and is reported as such, but its message may quote what was read: only its place is told.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if leakscope::format::is_guarded() {
            return;
        }
        let place = panic
            .location()
            .map(|at| format!(" at {}:{}", at.file(), at.line()));
        say(&format!(
            "internal error{}; please report it",
            place.unwrap_or_default()
        ));
    }));
}

/// Runs the command line and says how it ended.
pub(crate) fn run(args: Vec<OsString>) -> Exit {
    if let Some(request) = apart::request(&args) {
        return apart::read(&request);
    }
    let cli = match Cli::try_parse_from(with_default_command(args)) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() {
                Exit::NoResult
            } else {
                Exit::Complete
            };
            // A closed pipe is the only way this fails, and nobody is left to be told.
            let _ = error.print();
            return code;
        }
    };
    let result = match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Patterns(command) => patterns::run(&command),
        Command::Schema => print(SCHEMA.as_bytes()).map(|()| Exit::Complete),
        Command::Completions { shell } => print(&completions(shell)).map(|()| Exit::Complete),
        Command::Man { command } => manual(command.as_deref())
            .and_then(|page| print(&page))
            .map(|()| Exit::Complete),
    };
    result.unwrap_or_else(|Failure(why)| {
        say(&format!("error: {why}"));
        Exit::NoResult
    })
}

/// Makes `leakscope PATH` a scan: whatever begins with no command and asks for no help is one.
fn with_default_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let command = Cli::command();
    let Some(first) = args.get(1).and_then(|first| first.to_str()) else {
        if args.len() > 1 {
            args.insert(1, "scan".into());
        }
        return args;
    };
    let known = command.get_subcommands().any(|sub| sub.get_name() == first);
    if !known && !["help", "-h", "--help", "-V", "--version"].contains(&first) {
        args.insert(1, "scan".into());
    }
    args
}

/// Prints a document on stdout. A closed pipe is a reader that has seen enough.
fn print(document: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(document).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure(format!("cannot write to stdout: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Says something on stderr. There is nowhere to tell that this failed.
fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "leakscope: {message}");
}

fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "leakscope", &mut script);
    script
}

fn manual(name: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut command = Cli::command();
    command.build();
    let command = match name {
        None => command,
        Some(name) => {
            let Some(sub) = command.find_subcommand(name) else {
                return Err(Failure(format!(
                    "no command is called `{name}`; `leakscope --help` lists them"
                )));
            };
            sub.clone()
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}

/// A domain as the user may write it: `example.co.jp`, `@Example.co.jp`, `*.example.co.jp`.
fn own_domain(text: &str) -> Result<String, String> {
    let domain = text
        .trim()
        .trim_start_matches(['@', '*', '.'])
        .to_lowercase();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    if domain.contains('.') && !domain.ends_with('.') && domain.chars().all(plain) {
        Ok(domain)
    } else {
        Err("a mail domain is needed, like example.co.jp".to_owned())
    }
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=1024) => Ok(threads),
        _ => Err("a number from 1 to 1024 is needed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_consistent() {
        Cli::command().debug_assert();
    }

    #[track_caller]
    fn check(args: &[&str], expected: &[&str]) {
        let args = std::iter::once("leakscope")
            .chain(args.iter().copied())
            .map(OsString::from)
            .collect();
        let expected: Vec<OsString> = std::iter::once("leakscope")
            .chain(expected.iter().copied())
            .map(OsString::from)
            .collect();
        assert_eq!(with_default_command(args), expected);
    }

    #[test]
    fn a_path_is_a_scan() {
        check(&[], &[]);
        check(&["dumps"], &["scan", "dumps"]);
        check(&["--json", "dumps"], &["scan", "--json", "dumps"]);
        check(&["-"], &["scan", "-"]);
        check(&["scan", "dumps"], &["scan", "dumps"]);
        check(&["explain", "dumps"], &["explain", "dumps"]);
        check(&["schema"], &["schema"]);
        check(&["--help"], &["--help"]);
        check(&["help", "scan"], &["help", "scan"]);
    }
}
