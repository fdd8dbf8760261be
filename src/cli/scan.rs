//! `leakscope scan`: from flags to options, from the result to its reports and the exit code.

use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use leakscope::identity::Answers;
use leakscope::pattern::{KindInfo, KindSet, Patterns};
use leakscope::report::summary::{Lang, Style, summary};
use leakscope::report::{self, Coverage, Run, findings, json, review, subjects};
use leakscope::scan::{Options, Progress, Scan};
use leakscope::scope::Scope;
use leakscope::source::{Limits, Passwords};
use leakscope::text::Encoding;

use super::apart;
use super::condition::Condition;
use super::files::{self, Output};
use super::memory;
use super::{Exit, Failure, ReadArgs, ScanArgs, When, print, progress, say, terminal};

pub(super) fn run(args: &ScanArgs) -> Result<Exit, Failure> {
    let own = super::patterns::own(&args.read.patterns)?;
    let patterns = super::patterns::chosen(&own);
    let options = options(args, patterns)?;
    let searched = report::searched(patterns, options.kinds);
    let conditions = conditions(args, &searched)?;
    check_inputs(&args.paths)?;
    files::clean_at_interrupt();
    check_outputs(args)?;

    let (started, clock) = (terminal::timestamp(), Instant::now());
    let progress = Progress::default();
    let when = if args.quiet {
        When::Never
    } else {
        args.progress
    };
    let scan = progress::shown(when, &progress, || {
        leakscope::scan::scan(&args.paths, patterns, &options, &progress)
    });

    check_answers(&args.read, &scan)?;

    let mut outputs = Vec::new();
    outputs.extend(
        args.review
            .as_deref()
            .map(|path| write_review(path, &scan))
            .transpose()?,
    );
    outputs.extend(
        args.findings
            .as_deref()
            .map(|path| write_findings(path, &scan, args.reveal))
            .transpose()?,
    );
    outputs.extend(
        args.subjects
            .as_deref()
            .map(|path| write_subjects(path, &scan))
            .transpose()?,
    );
    let run = Run {
        tool: concat!("leakscope ", env!("CARGO_PKG_VERSION")).to_owned(),
        patterns: patterns.digest(),
        started,
        seconds: clock.elapsed().as_secs_f64(),
        threads: options.threads,
    };
    outputs.extend(
        args.output
            .as_deref()
            .map(|path| write_report(path, &scan.scope, &searched, &run))
            .transpose()?,
    );
    outputs.into_iter().try_for_each(Output::finish)?;

    if let Some(path) = args.findings.as_deref().filter(|_| args.reveal) {
        say(&format!(
            "{} holds raw values, as --reveal asks: handle it like the leaked data",
            path.display()
        ));
    }
    tell(args, &scan.scope, &searched, &run)?;
    Ok(exit(&scan.scope, &conditions))
}

/// The library's options: what the flags say, checked.
fn options(args: &ScanArgs, patterns: &Patterns) -> Result<Options, Failure> {
    let defaults = Options::default();
    let read = read_options(&args.read)?;
    let part_bytes = args
        .part_bytes
        .and_then(|bytes| usize::try_from(bytes).ok());
    Ok(Options {
        kinds: kinds(&args.kinds, patterns)?,
        samples: args.samples.unwrap_or(defaults.samples),
        slow: args.slow,
        // The slow way reads everything in this process, too.
        apart: read.apart.filter(|_| !args.slow),
        limits: Limits {
            part_bytes: part_bytes.unwrap_or(defaults.limits.part_bytes),
            ..read.limits
        },
        traced: args.review.is_some(),
        ..read
    })
}

/// The options that decide which records there are and who is one person.
pub(super) fn read_options(args: &ReadArgs) -> Result<Options, Failure> {
    let defaults = Options::default();
    let encoding = args.encoding.as_deref().map(|name| {
        let unknown = || {
            Failure(format!(
                "--encoding {name}: no such encoding; `leakscope scan --help` names them"
            ))
        };
        Encoding::parse(name).ok_or_else(unknown)
    });
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let answers = args.answers.as_deref().map(answers).transpose()?;
    Ok(Options {
        threads: args.threads.unwrap_or_else(cores),
        limits: Limits {
            depth: args.limit_depth,
            inflated_bytes: args.limit_inflated,
            source_time: match args.limit_time {
                0 => Duration::MAX,
                seconds => Duration::from_secs(seconds),
            },
            passwords: passwords(args)?,
            memory_bytes: args
                .memory
                .or_else(memory::usual)
                .and_then(|bytes| usize::try_from(bytes).ok())
                .unwrap_or(usize::MAX),
            ..defaults.limits
        },
        apart: apart::program(),
        encoding: encoding.transpose()?,
        exclude: args.exclude.clone(),
        own_domains: args.own_domain.clone(),
        answers: answers.unwrap_or_default(),
        ppap: args.ppap,
        ..defaults
    })
}

/// The answers in a file.
fn answers(path: &Path) -> Result<Answers, Failure> {
    let cannot = |why: String| Failure(format!("--answers {}: {why}", path.display()));
    let bytes = fs::read(path).map_err(|error| cannot(error.to_string()))?;
    review::read(&bytes).map_err(|faults| cannot(some(&faults)))
}

/// The first of many sentences, and how many more there are.
fn some(faults: &[String]) -> String {
    let (shown, hidden) = faults.split_at(faults.len().min(FAULTS));
    let more = match hidden.len() {
        0 => String::new(),
        n => format!("; and {n} more"),
    };
    shown.join("; ") + &more
}

/// Answers that cannot be used are all told up to so many.
const FAULTS: usize = 10;

/// Answers that mean none of these data: numbers that leave out some of them are not what the user asked for.
pub(super) fn check_answers(args: &ReadArgs, scan: &Scan<'_>) -> Result<(), Failure> {
    let faults: Vec<String> = scan.rejected().iter().map(review::told).collect();
    match &args.answers {
        Some(path) if !faults.is_empty() => Err(Failure(format!(
            "--answers {}: {}",
            path.display(),
            some(&faults)
        ))),
        _ => Ok(()),
    }
}

/// The passwords of the flags, and of the lines of the file; a line may be in Shift_JIS.
fn passwords(args: &ReadArgs) -> Result<Passwords, Failure> {
    let mut all = args.password.clone();
    if let Some(path) = &args.password_file {
        let bytes = fs::read(path)
            .map_err(|error| Failure(format!("--password-file {}: {error}", path.display())))?;
        let lines = bytes.split(|&byte| byte == b'\n');
        let text = |line: &[u8]| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
            Encoding::Utf8.decode(line).0.into_owned()
        };
        all.extend(lines.map(text));
    }
    Ok(Passwords::new(all))
}

fn kinds(names: &[String], patterns: &Patterns) -> Result<Option<KindSet>, Failure> {
    let mut set = KindSet::default();
    for name in names {
        let unknown = || {
            Failure(format!(
                "--kinds: no kind is called `{name}`; `leakscope patterns list` names them"
            ))
        };
        set = set.with(patterns.kind(name.trim()).ok_or_else(unknown)?);
    }
    Ok((!names.is_empty()).then_some(set))
}

fn conditions(args: &ScanArgs, searched: &[&KindInfo]) -> Result<Vec<Condition>, Failure> {
    let names: Vec<&str> = searched.iter().map(|info| info.name.as_str()).collect();
    args.fail_on
        .iter()
        .map(|text| Condition::parse(text, &names).map_err(Failure))
        .collect()
}

/// One input that is there is enough: the scan lists the others as problems.
pub(super) fn check_inputs(paths: &[PathBuf]) -> Result<(), Failure> {
    let mut why = Vec::new();
    for path in paths {
        match fs::symlink_metadata(path) {
            _ if path.as_os_str() == "-" => return Ok(()),
            Ok(_) => return Ok(()),
            Err(error) => why.push(format!("{}: {error}", path.display())),
        }
    }
    Err(Failure(format!("nothing to read: {}", why.join("; "))))
}

/// All files that are asked for can be written, and are different ones.
fn check_outputs(args: &ScanArgs) -> Result<(), Failure> {
    let all = [&args.output, &args.findings, &args.subjects, &args.review];
    let paths: Vec<&Path> = all.into_iter().filter_map(|path| path.as_deref()).collect();
    for (i, path) in paths.iter().enumerate() {
        files::check(path, &args.paths)?;
        if paths[..i].contains(path) && !path.exists() | path.is_file() {
            return Err(Failure(format!("{} is asked for twice", path.display())));
        }
    }
    Ok(())
}

fn write_report(
    path: &Path,
    scope: &Scope,
    searched: &[&KindInfo],
    run: &Run,
) -> Result<Output, Failure> {
    let mut output = Output::create(path)?;
    output.write(|out| json::write(out, scope, searched, run))?;
    Ok(output)
}

fn write_findings(path: &Path, scan: &Scan, reveal: bool) -> Result<Output, Failure> {
    let mut output = Output::create(path)?;
    output.write(|out| {
        let mut written = Ok(());
        scan.findings(reveal, &mut |row| {
            written = findings::write(&mut *out, &row);
            if written.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        written
    })?;
    Ok(output)
}

fn write_subjects(path: &Path, scan: &Scan) -> Result<Output, Failure> {
    let mut output = Output::create(path)?;
    output.write(|out| {
        let mut writer = subjects::Writer::new(out)?;
        let mut written = Ok(());
        scan.subjects(&mut |row| {
            written = writer.write(&row);
            if written.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        written.and_then(|()| writer.finish())
    })?;
    Ok(output)
}

fn write_review(path: &Path, scan: &Scan) -> Result<Output, Failure> {
    let mut output = Output::create(path)?;
    let rows = scan.review(REVIEWED);
    output.write(|out| review::write(out, &rows))?;
    let hidden = scan.doubtful().saturating_sub(rows.len());
    if hidden > 0 {
        say(&format!(
            "{} holds the {} strongest doubtful pairs; {hidden} weaker ones are left out",
            path.display(),
            rows.len()
        ));
    }
    Ok(output)
}

/// Doubtful pairs that are written: more than anybody answers.
const REVIEWED: usize = 10_000;

/// Prints the one document on stdout, and beside a report the summary on stderr.
fn tell(args: &ScanArgs, scope: &Scope, searched: &[&KindInfo], run: &Run) -> Result<(), Failure> {
    let lang = args.lang.map_or_else(terminal::locale, Lang::from);
    let style = |colour, width| Style {
        lang,
        width,
        colour,
    };
    if args.json {
        let mut report = Vec::new();
        json::write(&mut report, scope, searched, run)?;
        print(&report)?;
        if !args.quiet {
            let err = io::stderr();
            let text = summary(
                scope,
                searched,
                style(terminal::colour(args.color, &err), terminal::width(&err)),
            );
            // There is nowhere to tell that this failed.
            let _ = err.lock().write_all(text.as_bytes());
        }
    } else if !args.quiet {
        let out = io::stdout();
        let text = summary(
            scope,
            searched,
            style(terminal::colour(args.color, &out), terminal::width(&out)),
        );
        print(text.as_bytes())?;
    }
    Ok(())
}

fn exit(scope: &Scope, conditions: &[Condition]) -> Exit {
    let coverage = Coverage::of(scope);
    if !coverage.is_readable() {
        say("error: no readable input");
        Exit::NoResult
    } else if conditions.iter().any(|condition| condition.holds(scope)) {
        Exit::Limit
    } else if coverage.is_complete() {
        Exit::Complete
    } else {
        Exit::Incomplete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leakscope::scope::{Coverage as Source, Headcount, SafeName, Status};

    #[track_caller]
    fn check(statuses: &[Status], conditions: &[Condition], expected: Exit) {
        let source = |&status| Source {
            source: SafeName::new("a.csv", &[]),
            format: "csv",
            encoding: "utf-8",
            bytes: 1,
            status,
            records: 1,
            persons: Headcount::default(),
            reason: None,
            at: None,
        };
        let mut scope = Scope {
            sources: statuses.iter().map(source).collect(),
            ..Scope::default()
        };
        scope.subjects.persons.max = 10;
        assert_eq!(exit(&scope, conditions), expected);
    }

    #[test]
    fn exit_codes() {
        use Status::{Carved, Complete, Encrypted, Excluded, Partial, Skipped};
        let (met, unmet) = (Condition::Persons(9), Condition::Persons(10));
        check(&[Complete], &[], Exit::Complete);
        check(
            &[Complete, Excluded],
            std::slice::from_ref(&unmet),
            Exit::Complete,
        );
        check(&[Complete], &[unmet.clone(), met.clone()], Exit::Limit);
        check(&[Complete, Skipped], &[], Exit::Incomplete);
        check(&[Partial], &[unmet], Exit::Incomplete);
        check(&[Partial], std::slice::from_ref(&met), Exit::Limit);
        check(&[Complete, Carved], &[], Exit::Incomplete);
        check(&[Complete, Encrypted], &[], Exit::Incomplete);
        check(&[Skipped, Excluded], &[met], Exit::NoResult);
        check(&[], &[], Exit::NoResult);
    }
}
