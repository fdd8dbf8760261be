//! Files that the user asked for: written beside their place, moved there when they are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, TempPath};

use super::{Exit, Failure};

/// Temporary files that exist now; an interrupt removes them.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Bytes held back before they are written.
const BUFFER: usize = 1 << 16;

/// A file that is being written.
pub(super) struct Output {
    asked: PathBuf,
    out: BufWriter<File>,
    /// The temporary file and the place it goes to; none for pipes and devices, which are written in place.
    moves: Option<(TempPath, PathBuf)>,
}

/// Ends the program at an interrupt, and leaves no temporary file behind.
pub(super) fn clean_at_interrupt() {
    let installed = ctrlc::set_handler(|| {
        // Held until the end, so that no further file is made.
        let temporary = temporary();
        for path in temporary.iter() {
            let _ = fs::remove_file(path);
        }
        process::exit(Exit::Interrupted as i32);
    });
    if installed.is_err() {
        super::say("cannot catch interrupts: an interrupt may leave a temporary file behind");
    }
}

/// Checks before a long scan that a file can be written at its end, and that it is none of the inputs.
pub(super) fn check(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure(
            "`-` is no file to write; `--json` prints the report".to_owned(),
        ));
    }
    if path.is_dir() {
        return Err(unwritable(
            path,
            &io::Error::from(io::ErrorKind::IsADirectory),
        ));
    }
    let same = |input: &&PathBuf| {
        input.is_file() && fs::canonicalize(input).ok() == fs::canonicalize(path).ok()
    };
    if path.is_file() && inputs.iter().any(|input| same(&input)) {
        return Err(Failure(format!(
            "{} is an input: evidence is not overwritten",
            path.display()
        )));
    }
    // A pipe that is opened and closed would end its reader.
    if path.exists() && !path.is_file() {
        return Ok(());
    }
    Output::create(path).map(drop)
}

impl Output {
    /// Opens a file for writing. What exists stays as it is until [`Output::finish`].
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        Self::open(path).map_err(|error| unwritable(path, &error))
    }

    fn open(path: &Path) -> io::Result<Self> {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&place).is_ok_and(|meta| !meta.is_file()) {
            let file = OpenOptions::new().write(true).open(&place)?;
            return Ok(Self {
                asked: path.to_owned(),
                out: BufWriter::with_capacity(BUFFER, file),
                moves: None,
            });
        }
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut known = temporary();
        let (file, temp) = Builder::new()
            .prefix(".leakscope-")
            .suffix(".part")
            .tempfile_in(folder)?
            .into_parts();
        known.push(temp.to_path_buf());
        let out = BufWriter::with_capacity(BUFFER, file);
        Ok(Self {
            asked: path.to_owned(),
            out,
            moves: Some((temp, place)),
        })
    }

    /// Writes with a function that fails with an input and output error. A closed pipe ends the writing, quietly.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match write(&mut self.out).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.moves.is_none() => {
                Ok(())
            }
            other => other.map_err(|error| unwritable(&self.asked, &error)),
        }
    }

    /// Moves the file to its place.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let Some((temp, place)) = self.moves.take() else {
            return Ok(());
        };
        let path = temp.to_path_buf();
        let moved = temp
            .persist(place)
            .map_err(|error| unwritable(&self.asked, &error.error));
        temporary().retain(|known| *known != path);
        moved
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((temp, _)) = self.moves.take() {
            let path = temp.to_path_buf();
            drop(temp);
            temporary().retain(|known| *known != path);
        }
    }
}

fn temporary() -> MutexGuard<'static, Vec<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The system's words for the error alone: the name of the temporary file says nothing to the user.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let error = error.to_string();
    let reason = error.split(" at path ").next().unwrap_or(&error);
    Failure(format!("cannot write {}: {reason}", path.display()))
}
