//! `leakscope explain`: which records are one person, and why.

use std::fs;
use std::path::{Path, PathBuf};

use leakscope::report::explain::explain;
use leakscope::report::summary::Lang;
use leakscope::scan::{Options, Progress};
use serde_json::Value;

use super::{Exit, ExplainArgs, Failure, print, say, terminal};

/// Records of one person that are shown.
const RECORDS: usize = 200;

/// Bytes of a report at most.
const REPORT_BYTES: u64 = 1 << 30;

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let report = match args.paths.as_slice() {
        [path] => report(path),
        _ => None,
    };
    let paths = match &report {
        Some(report) => inputs(report, &args.paths[0])?,
        None => args.paths.clone(),
    };
    super::scan::check_inputs(&paths)?;
    let options = Options {
        traced: true,
        ..super::scan::read_options(&args.read)?
    };
    let progress = Progress::default();
    let own = super::patterns::own(&args.read.patterns)?;
    let patterns = super::patterns::chosen(&own);
    let scan = leakscope::scan::scan(&paths, patterns, &options, &progress);
    super::scan::check_answers(&args.read, &scan)?;
    let persons = scan.scope.subjects.persons;
    let told = |name: &str| {
        report
            .as_ref()?
            .pointer("/subjects/persons")?
            .get(name)?
            .as_u64()
    };
    let changed = |name, now| told(name).is_some_and(|then| then != now);
    if changed("best", persons.best) || changed("min", persons.min) || changed("max", persons.max) {
        say("the data are not read as for the report: subjects may have other numbers now");
    }
    let Some(explained) = scan.explain(args.subject, RECORDS) else {
        return Err(Failure(format!(
            "there is no subject {}: the people are numbered from 1 to {}",
            args.subject, persons.best
        )));
    };
    let lang = args.lang.map_or_else(terminal::locale, Lang::from);
    print(explain(args.subject, &explained, lang).as_bytes())?;
    Ok(Exit::Complete)
}

/// The report in a file, if it is one.
fn report(path: &Path) -> Option<Value> {
    let is_small = fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() < REPORT_BYTES);
    let text = is_small.then(|| fs::read(path).ok()).flatten()?;
    let report: Value = serde_json::from_slice(&text).ok()?;
    (report["schema"] == "leakscope.report/1").then_some(report)
}

/// The files that a report was made of. Names that were masked in it, or relative to another folder, are not found.
fn inputs(report: &Value, path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let sources = report["sources"].as_array().into_iter().flatten();
    let read = sources.filter(|source| source["status"] != "excluded");
    let names = read.filter_map(|source| source["source"].as_str());
    let files: Vec<PathBuf> = names
        .filter(|name| !name.contains("!/"))
        .map(PathBuf::from)
        .collect();
    let missing = files.iter().filter(|file| !file.exists()).count();
    if missing == 0 && !files.is_empty() {
        return Ok(files);
    }
    Err(Failure(format!(
        "{missing} of the {} files of {} are not found from here: give their paths instead of the report",
        files.len(),
        path.display()
    )))
}
