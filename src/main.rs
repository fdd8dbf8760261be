//! `leakscope`, the command: flags in, text and an exit code out. What it does is in the library.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::quiet_panics();
    cli::run(std::env::args_os().collect()).into()
}
