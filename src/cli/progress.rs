//! How far a scan is, on stderr.

use std::io::{self, IsTerminal};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};
use leakscope::scan::Progress;

use super::{When, say};

/// Ten looks a second on a terminal, a line every two seconds elsewhere.
const TICK: Duration = Duration::from_millis(100);
const LINE: Duration = Duration::from_secs(2);
const TEMPLATE: &str = "{bar:24} {decimal_bytes} of {decimal_total_bytes}  {decimal_bytes_per_sec}  {msg} records  {eta} left";

/// Does the work and shows meanwhile how far it is.
pub(super) fn shown<T>(when: When, progress: &Progress, work: impl FnOnce() -> T) -> T {
    let terminal = io::stderr().is_terminal();
    match when {
        When::Never => return work(),
        When::Auto if !terminal => return work(),
        _ => {}
    }
    thread::scope(|threads| {
        let (working, done) = mpsc::channel::<()>();
        threads.spawn(move || {
            if terminal {
                draw(progress, &done)
            } else {
                tell(progress, &done)
            }
        });
        let result = work();
        drop(working);
        result
    })
}

/// Draws a bar until the work is done, then takes it away.
fn draw(progress: &Progress, done: &Receiver<()>) {
    let bar = ProgressBar::new(0);
    bar.set_style(
        ProgressStyle::with_template(TEMPLATE).expect("the template is a constant and well-formed"),
    );
    while done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_length(progress.total.load(Relaxed));
        bar.set_position(progress.bytes.load(Relaxed));
        bar.set_message(progress.records.load(Relaxed).to_string());
    }
    bar.finish_and_clear();
}

/// Says it in lines, for logs.
fn tell(progress: &Progress, done: &Receiver<()>) {
    while done.recv_timeout(LINE) == Err(RecvTimeoutError::Timeout) {
        tell_once(progress);
    }
    tell_once(progress);
}

fn tell_once(progress: &Progress) {
    let (bytes, total) = (progress.bytes.load(Relaxed), progress.total.load(Relaxed));
    let records = progress.records.load(Relaxed);
    say(&format!(
        "read {} of {}, {records} records",
        DecimalBytes(bytes),
        DecimalBytes(total)
    ));
}
