//! The file that says that the mock server can be called.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

use payssam::{Error, redact};

/// A file with the base URL, which is removed when this is dropped.
pub(super) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Removes an earlier one: from now on it is there only while the mock server can be called.
    pub(super) fn begin(path: PathBuf) -> Result<Self, Error> {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(refuse(&path, "removed", &error))
            }
            _ => Ok(ReadyFile(path)),
        }
    }

    /// Writes it whole or not at all: whoever sees it can read it.
    pub(super) fn write(&self, base_url: &str) -> Result<(), Error> {
        write_whole(&self.0, base_url).map_err(|error| refuse(&self.0, "written", &error))
    }
}

fn refuse(path: &Path, done: &str, error: &io::Error) -> Error {
    let path = redact::escape(&path.to_string_lossy());
    Error::config("ready file", format!("{path} cannot be {done}: {error}"))
}

fn write_whole(path: &Path, base_url: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", process::id()));
    let written =
        fs::write(&beside, format!("{base_url}\n")).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may not be there.
        let _ = fs::remove_file(&beside);
    }
    written
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Somebody may have removed it.
        let _ = fs::remove_file(&self.0);
    }
}
