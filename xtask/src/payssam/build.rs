//! Runs the stages over the folder `openapi/`, and is the only module that
//! reads and writes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::generate::{assemble, lower};
use crate::page;
use crate::payssam::snapshot::Snapshot;
use crate::payssam::{reconstructed, sources};

/// The assembled document, OpenAPI 3.1 as published.
pub const UPSTREAM: &str = "upstream.json";
/// The lowered document, OpenAPI 3.0.3, which the crate's build script reads.
pub const CLIENT: &str = "client.json";

/// The list of the captured pages.
pub const SOURCES: &str = "sources.toml";

/// Why the generated files can't be made, or are stale.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `sources.toml` and the pages do not match.
    #[error(transparent)]
    Sources(#[from] sources::Error),
    /// A page holds no readable spec.
    #[error(transparent)]
    Page(#[from] page::Error),
    /// A reconstruction can't be used.
    #[error(transparent)]
    Reconstructed(#[from] reconstructed::Error),
    /// The pages contradict each other.
    #[error(transparent)]
    Assemble(#[from] assemble::Error),
    /// The spec can't be lowered.
    #[error(transparent)]
    Lower(#[from] lower::Error),
    /// A checked-in file can't be read.
    #[error("{} can't be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        reason: io::Error,
    },
    /// A generated file can't be written.
    #[error("{} can't be written: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        reason: io::Error,
    },
    /// Generated files are stale.
    #[error("{}; run `cargo xtask spec build` to update", listed(files))]
    Stale {
        /// Those files, in the order in which they are generated.
        files: Vec<Stale>,
    },
}

/// A generated file that does not match the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its name in `openapi/`.
    pub name: &'static str,
    /// Whether it is there at all.
    pub missing: bool,
}

fn listed(files: &[Stale]) -> String {
    let texts: Vec<String> = files
        .iter()
        .map(|file| {
            let state = if file.missing { "missing" } else { "stale" };
            format!("openapi/{} is {state}", file.name)
        })
        .collect();
    texts.join(", ")
}

/// A generated file and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its name in `openapi/`.
    pub name: &'static str,
    /// What belongs in it.
    pub text: String,
}

/// What happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was written because its text changed.
    Wrote(String),
    /// It was up to date.
    Unchanged(String),
    /// It was removed.
    Removed(String),
}

/// Generates the files from what is checked in under `openapi`, without writing them.
///
/// # Errors
///
/// That of the first stage that fails.
pub fn generate(openapi: &Path) -> Result<[Generated; 2], Error> {
    Ok(generated(&snapshot(openapi)?.document)?)
}

/// Generates the files from the assembled document.
///
/// # Errors
///
/// That of [`lower::lower`].
pub fn generated(upstream: &Value) -> Result<[Generated; 2], lower::Error> {
    let client = lower::lower(upstream)?;
    Ok(
        [(UPSTREAM, upstream), (CLIENT, &client)].map(|(name, document)| Generated {
            name,
            text: pretty(document),
        }),
    )
}

/// The text of `sources.toml`, and its content.
///
/// # Errors
///
/// [`Error::Unreadable`] or [`Error::Sources`].
pub fn read_sources(openapi: &Path) -> Result<(String, sources::Sources), Error> {
    let text = read_text(&openapi.join(SOURCES))?;
    let sources = sources::parse(&text)?;
    Ok((text, sources))
}

/// What is checked in.
///
/// # Errors
///
/// That of the first page that does not match `sources.toml`, or can't be read.
pub fn snapshot(openapi: &Path) -> Result<Snapshot, Error> {
    let (_, sources) = read_sources(openapi)?;
    let mut pages = Vec::new();
    for page in &sources.pages {
        pages.push(read_page(openapi, page)?);
    }
    Ok(Snapshot::of(pages)?)
}

pub(crate) fn read_page(openapi: &Path, source: &sources::Page) -> Result<page::Page, Error> {
    let path = openapi.join(&source.file);
    let bytes = fs::read(&path).map_err(|reason| Error::Unreadable { path, reason })?;
    source.verify_digest(&bytes)?;
    let text = page::decode(bytes, &source.file)?;
    let page = match page::is_reconstruction(&source.file) {
        true => reconstructed::read(&text, &source.file)?,
        false => page::read(&text, &source.file, source.operations.is_empty())?,
    };
    source.verify_operations(&page.fences)?;
    Ok(page)
}

fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|reason| Error::Unreadable {
        path: path.to_owned(),
        reason,
    })
}

/// Two spaces of indentation and a newline at the end, so that a change shows
/// as few changed lines.
fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

/// Checks that the generated files in `openapi` match the pages byte for byte.
///
/// # Errors
///
/// [`Error::Stale`] names each file that does not; else as [`generate`].
pub fn check(openapi: &Path) -> Result<(), Error> {
    let mut files = Vec::new();
    for Generated { name, text } in generate(openapi)? {
        let on_disk = read_if_there(&openapi.join(name))?;
        if on_disk.as_deref() != Some(text.as_bytes()) {
            let missing = on_disk.is_none();
            files.push(Stale { name, missing });
        }
    }
    if files.is_empty() {
        return Ok(());
    }
    Err(Error::Stale { files })
}

/// Generates the files and writes those that changed.
///
/// # Errors
///
/// [`Error::Write`] if writing fails; else as [`generate`], and then no file
/// is touched.
pub fn write(openapi: &Path) -> Result<Vec<Outcome>, Error> {
    let generated = generate(openapi)?;
    let files = generated.map(|Generated { name, text }| (name.to_owned(), Some(text)));
    replace_all(openapi, files.into())
}

/// Writes those of `files` (by their names in `openapi`) that changed, and removes
/// those without a text: all of them, or none.
///
/// # Errors
///
/// [`Error::Write`] names the file that can't be written.
pub fn replace_all(
    openapi: &Path,
    files: Vec<(String, Option<String>)>,
) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    let mut changed = Vec::new();
    for (name, text) in files {
        let path = openapi.join(&name);
        let on_disk = fs::read(&path).ok();
        if on_disk.as_deref() == text.as_deref().map(str::as_bytes) {
            outcomes.push(Outcome::Unchanged(name));
        } else {
            outcomes.push(match &text {
                Some(_) => Outcome::Wrote(name),
                None => Outcome::Removed(name),
            });
            changed.push((path, text));
        }
    }
    let written = write_beside(&changed).and_then(|()| rename_all(&changed));
    if written.is_err() {
        for (path, _) in &changed {
            // Leftovers are useless, and the first error is the one to report.
            let _ = fs::remove_file(beside(path));
        }
    }
    written.map(|()| outcomes)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn write_beside(files: &[(PathBuf, Option<String>)]) -> Result<(), Error> {
    for (path, text) in with_text(files) {
        fs::write(beside(path), text).map_err(|reason| not_written(path, reason))?;
    }
    Ok(())
}

/// Renames, so that nobody ever reads half a file. If one of the files can't be renamed, those
/// before it are restored.
fn rename_all(files: &[(PathBuf, Option<String>)]) -> Result<(), Error> {
    let mut done = Vec::new();
    for (path, text) in files {
        let renamed = put(path, text.is_some());
        match renamed {
            Ok(old) => done.push((path, old)),
            Err(reason) => {
                for (path, old) in done.into_iter().rev() {
                    restore(path, old);
                }
                return Err(not_written(path, reason));
            }
        }
    }
    Ok(())
}

fn with_text(files: &[(PathBuf, Option<String>)]) -> impl Iterator<Item = (&Path, &str)> {
    let files = files.iter();
    files.filter_map(|(path, text)| Some((path.as_path(), text.as_deref()?)))
}

/// Replaces or removes the file, and returns its old content.
fn put(path: &Path, is_there: bool) -> io::Result<Option<Vec<u8>>> {
    let old = match fs::read(path) {
        Ok(old) => Some(old),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => None,
        Err(reason) => return Err(reason),
    };
    match is_there {
        true => fs::rename(beside(path), path)?,
        false => fs::remove_file(path)?,
    }
    Ok(old)
}

/// The earlier error is reported. If restoring fails too, git has the old file.
fn restore(path: &Path, old: Option<Vec<u8>>) {
    let _ = match old {
        Some(old) => fs::write(path, old),
        None => fs::remove_file(path),
    };
}

fn not_written(path: &Path, reason: io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        reason,
    }
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(Error::Unreadable {
            path: path.to_owned(),
            reason,
        }),
    }
}
