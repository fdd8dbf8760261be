//! Runs the binary as a user does, with a limit on its time, and reads what it says.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a run of the binary gave.
pub(crate) struct Run {
    /// Exit status; `None` when a signal ended it.
    pub(crate) status: Option<i32>,
    /// Standard output.
    pub(crate) stdout: Vec<u8>,
    /// Standard error.
    pub(crate) stderr: String,
}

/// The folder of the fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The fixtures by name: every folder of `fixtures/`.
pub(crate) fn folders() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(fixtures()).expect("fixtures/ is there");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("fixtures/ can be read").path())
        .filter(|path| path.is_dir())
        .map(|path| {
            (
                path.file_name()
                    .expect("a folder has a name")
                    .to_string_lossy()
                    .into_owned(),
                path,
            )
        })
        .collect();
    folders.sort();
    assert!(
        !folders.is_empty(),
        "no fixture in {}",
        fixtures().display()
    );
    folders
}

/// Whether expected files are to be rewritten.
pub(crate) fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}

/// Whether the large and hostile cases are wanted too.
pub(crate) fn slow() -> bool {
    std::env::var_os("LEAKSCOPE_SLOW").is_some_and(|value| value == "1")
}

/// The binary under test: the one of this build, or that of `LEAKSCOPE_BIN`.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("LEAKSCOPE_BIN").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_leakscope")),
        PathBuf::from,
    )
}

/// Runs the binary in a folder. Panics when it takes longer than a minute.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_within(folder, arguments, Duration::from_secs(60))
}

/// Runs the binary in a folder. Panics when it takes longer than `limit`.
pub(crate) fn run_within(folder: &Path, arguments: &[&str], limit: Duration) -> Run {
    let mut child = Command::new(binary())
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdout = child.stdout.take().expect("stdout is piped");
    let mut stderr = child.stderr.take().expect("stderr is piped");
    let reading = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let reading_errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr
            .read_to_end(&mut bytes)
            .map(|_| String::from_utf8_lossy(&bytes).into_owned())
    });
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if start.elapsed() > limit {
            child
                .kill()
                .and_then(|()| child.wait())
                .expect("a child can be ended");
            panic!("{arguments:?} was not done after {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Run {
        status: status.code(),
        stdout: reading
            .join()
            .expect("the reader does not panic")
            .expect("stdout can be read"),
        stderr: reading_errors
            .join()
            .expect("the reader does not panic")
            .expect("stderr can be read"),
    }
}

/// Scans inputs in a folder and gives the report. Panics unless the run finished, with all read or not (exit 0 or 3).
pub(crate) fn report(folder: &Path, arguments: &[&str]) -> Value {
    let run = run(folder, &[&["scan", "--json"], arguments].concat());
    assert!(
        matches!(run.status, Some(0 | 3)),
        "{arguments:?} in {}: status {:?}\n{}",
        folder.display(),
        run.status,
        run.stderr
    );
    serde_json::from_slice(&run.stdout).expect("the report is JSON")
}

/// The report without what may differ between two equal runs.
pub(crate) fn lasting(mut report: Value) -> Value {
    report
        .as_object_mut()
        .expect("the report is an object")
        .remove("run")
        .expect("the report says how it was made");
    report
}

/// The number at a path of member names.
pub(crate) fn number(value: &Value, path: &[&str]) -> u64 {
    let found = path.iter().fold(value, |value, name| &value[*name]);
    found
        .as_u64()
        .unwrap_or_else(|| panic!("{} is no number: {found}", path.join(".")))
}

/// The members of an array, none when it is absent.
pub(crate) fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// The text of a member.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} is no text: {value}"))
}
