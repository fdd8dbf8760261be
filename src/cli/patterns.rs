//! `leakscope patterns`: what is looked for, and its proof.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leakscope::pattern::{self, Key, KindInfo, Patterns};
use leakscope::report::summary::Lang;

use super::{Exit, Failure, PatternsCommand, print, say, terminal};

pub(super) fn run(command: &PatternsCommand) -> Result<Exit, Failure> {
    match command {
        PatternsCommand::List { patterns } => {
            let own = own(patterns)?;
            let patterns = chosen(&own);
            print(list(patterns.kinds(), terminal::locale()).as_bytes())?
        }
        PatternsCommand::Explain { kind, patterns } => {
            let own = own(patterns)?;
            let patterns = chosen(&own);
            print(explain(named(patterns, kind)?).as_bytes())?
        }
        PatternsCommand::Check { file } => return check(file.as_deref()),
    }
    Ok(Exit::Complete)
}

/// The built-in patterns with the user's own; `None` without own ones.
pub(super) fn own(paths: &[PathBuf]) -> Result<Option<Patterns>, Failure> {
    if paths.is_empty() {
        return Ok(None);
    }
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let loaded = Patterns::load(&paths).map_err(|error| Failure(error.to_string()))?;
    Ok(Some(loaded))
}

/// The user's own patterns, else the built-in ones.
pub(super) fn chosen(own: &Option<Patterns>) -> &Patterns {
    match own {
        Some(own) => own,
        None => Patterns::builtin(),
    }
}

/// One kind a line: name, title.
fn list(kinds: &[KindInfo], lang: Lang) -> String {
    let width = kinds.iter().map(|info| info.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for info in kinds {
        let title = match lang {
            Lang::En => &info.title_en,
            Lang::Ja => &info.title_ja,
        };
        let _ = writeln!(text, "{:<width$}  {title}", info.name);
    }
    text
}

fn named<'p>(patterns: &'p Patterns, name: &str) -> Result<&'p KindInfo, Failure> {
    let found = patterns
        .kinds()
        .iter()
        .find(|info| info.name == name || info.also.iter().any(|also| also == name));
    found.ok_or_else(|| {
        Failure(format!(
            "no kind is called `{name}`; `leakscope patterns list` names them"
        ))
    })
}

fn explain(info: &KindInfo) -> String {
    let key = match info.key {
        Key::None => "does not tell people apart",
        Key::Weak => "tells people apart together with other values",
        Key::Household => "tells households apart",
        Key::Strong => "tells people apart alone",
    };
    let also = info.also.join(", ");
    let mut text = format!("{}\n  {}\n  {}\n", info.name, info.title_en, info.title_ja);
    let rows = [
        ("Sensitivity", info.sensitivity.as_str()),
        ("As a key", key),
        ("Also called", &also),
        ("How it is found", &info.description),
        ("Limits", &info.limits),
        ("Source", &info.source),
    ];
    for (label, what) in rows.iter().filter(|(_, what)| !what.is_empty()) {
        let _ = write!(text, "\n{label}\n  {}\n", what.trim().replace('\n', "\n  "));
    }
    text
}

/// Proves the patterns by their examples, and says what failed.
fn check(file: Option<&Path>) -> Result<Exit, Failure> {
    let failures = failures(file)?;
    for failure in &failures {
        say(failure);
    }
    if !failures.is_empty() {
        let examples = if failures.len() == 1 {
            "example"
        } else {
            "examples"
        };
        return Err(Failure(format!("{} {examples} failed", failures.len())));
    }
    print(b"every example matches, every counter-example does not\n")?;
    Ok(Exit::Complete)
}

/// What failed, one line each: rule, and which of its examples. Their texts are not shown: a user's own rules may hold real
/// values.
fn failures(file: Option<&Path>) -> Result<Vec<String>, Failure> {
    let loaded;
    let patterns = match file {
        None => Patterns::builtin(),
        Some(file) => {
            loaded = Patterns::load(&[file]).map_err(|error| Failure(error.to_string()))?;
            &loaded
        }
    };
    let failed = leakscope::classify::check_patterns(patterns);
    Ok(failed.iter().map(told).collect())
}

fn told(failure: &pattern::Failure) -> String {
    let pattern::Failure {
        rule,
        example,
        number,
    } = failure;
    match (example, number) {
        (true, 0) => format!("{rule}: has no example"),
        (false, 0) => format!("{rule}: has no counter-example"),
        (true, number) => format!("{rule}: example {number} does not match"),
        (false, number) => format!("{rule}: counter-example {number} matches"),
    }
}
