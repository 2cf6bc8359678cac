//! The files of a report: whole, or not there.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use payssam::Error;
use payssam_reconcile::Finding;
use tempfile::{Builder, NamedTempFile};

use super::outcome;
use crate::{exit, failure::Failure, output::Problem};

/// Whether both paths lead to one file.
pub(super) fn are_same(one: &Path, other: &Path) -> bool {
    let own = |path: &Path| -> Option<PathBuf> {
        let folder = folder(path).canonicalize().ok()?;
        let whole = folder.join(path.file_name()?);
        Some(whole.canonicalize().unwrap_or(whole))
    };
    one == other || own(one).is_some_and(|one| Some(one) == own(other))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Whether the file can be written, before anything is asked.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    let problem = match (path.is_dir(), is_special(path)) {
        (true, _) => "it is a folder".to_owned(),
        (_, true) => return Ok(()),
        // Without a name where the system can do that, so that a kill leaves nothing.
        _ => match tempfile::tempfile_in(folder(path)) {
            Ok(_) => return Ok(()),
            Err(error) => format!("nothing can be written in its folder: {error}"),
        },
    };
    Err(Error::invalid_input("report", format!("{}: {problem}", path.display())).into())
}

/// A pipe or a device, which cannot be replaced.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir())
}

/// A new file in the same folder, which is removed unless it is kept.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".payssam-reconcile-");
    // As open as any file that a command writes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder(path))
}

/// Writes the file. Whoever reads it sees the old one or the new one.
pub(super) fn write(
    path: &Path,
    has_journal: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let written = || -> io::Result<()> {
        if is_special(path) {
            let mut to = BufWriter::new(fs::OpenOptions::new().write(true).open(path)?);
            write(&mut to)?;
            return to.flush();
        }
        let mut to = BufWriter::with_capacity(64 * 1024, beside(path)?);
        write(&mut to)?;
        let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|error| {
        let next = outcome::all_read(has_journal);
        let message = format!("{} could not be written: {error}; {next}", path.display());
        Failure::Reconcile(Problem::new("report", message), exit::UNKNOWN)
    })
}

/// Writes to stdout. A closed pipe is not a failure: its reader needs no more.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut to = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let written = write(&mut to).and_then(|()| to.flush());
    // What is left in it cannot be written either.
    drop(to.into_parts());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let message = format!("the findings could not be written: {error}");
            Err(Failure::Reconcile(
                Problem::new("report", message),
                exit::UNKNOWN,
            ))
        }
        _ => Ok(()),
    }
}

/// Writes each finding as a line of JSON. Their texts have no invisible characters.
pub(super) fn json_lines(
    findings: impl Iterator<Item = io::Result<Finding>>,
    to: &mut dyn Write,
) -> io::Result<()> {
    for finding in findings {
        serde_json::to_writer(&mut *to, &finding?)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

/// How a page refers to a file: a path relative to the folder of the page. `None` if there is none, as between two drives.
pub(super) fn link(page: &Path, file: &Path) -> Option<String> {
    let from = folder(page).canonicalize().ok()?;
    let to = folder(file).canonicalize().ok()?.join(file.file_name()?);
    let (mut up, mut down) = (from.components().peekable(), to.components().peekable());
    // What has no beginning in common has no way from one to the other.
    if up.peek() != down.peek() {
        return None;
    }
    while up.peek().is_some() && up.peek() == down.peek() {
        up.next();
        down.next();
    }
    let down = down.map(|part| part.as_os_str().to_str());
    let parts = up.map(|_| Some("..")).chain(down);
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}
