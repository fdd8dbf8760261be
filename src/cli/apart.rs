//! This program as a reader for another run of it: see `leakscope::format::apart`.

use std::ffi::OsString;
use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, io};

use leakscope::column;
use leakscope::format::apart::{self, Program};

use super::Exit;

/// Whether another run started this one to read for it, and what.
pub(super) fn request(args: &[OsString]) -> Option<String> {
    let asked = args.get(1).is_some_and(|first| first == apart::ARGUMENT);
    asked.then(apart::request).flatten()
}

/// Reads what was asked for, from standard input to standard output. The other run sees how far it came.
pub(super) fn read(request: &str) -> Exit {
    let input = io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let done =
        input.and_then(|input| apart::serve(request, input, column::is_header, io::stdout()));
    done.map_or(Exit::NoResult, |()| Exit::Complete)
}

/// This program, for the readers that get a process of their own: the file that runs, whatever stands under its name by now.
pub(super) fn program() -> Option<Arc<Program>> {
    let running = PathBuf::from("/proc/self/exe");
    let path = if running.exists() {
        Some(running)
    } else {
        env::current_exe().ok()
    };
    path.map(|path| Arc::new(Program::new(path)))
}
