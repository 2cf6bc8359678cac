//! Runs the stages over the folder `openapi/`, and is the only module that
//! reads and writes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{assemble, lower, page, sources};

/// The assembled document, OpenAPI 3.1 as published.
pub const UPSTREAM: &str = "upstream.json";
/// The lowered document, OpenAPI 3.0.3, which the crate's build script reads.
pub const CLIENT: &str = "client.json";

const SOURCES: &str = "sources.toml";

/// Why the generated files could not be made, or are not what they should be.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `sources.toml` and the pages do not fit together.
    #[error(transparent)]
    Sources(#[from] sources::Error),
    /// A page holds no readable spec.
    #[error(transparent)]
    Page(#[from] page::Error),
    /// The pages disagree.
    #[error(transparent)]
    Assemble(#[from] assemble::Error),
    /// The spec says something that can't be lowered.
    #[error(transparent)]
    Lower(#[from] lower::Error),
    /// A checked-in file can't be read.
    #[error("{} can't be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A generated file can't be written.
    #[error("{} can't be written: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// Generated files do not follow from the pages.
    #[error("{}; renew with `cargo xtask spec build`", listed(files))]
    Stale {
        /// Those files, in the order in which they are made.
        files: Vec<Stale>,
    },
}

/// A generated file that is not what the pages make of it.
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

/// What became of a generated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its text changed and is on disk now.
    Wrote(&'static str),
    /// It was right already and was not touched.
    Unchanged(&'static str),
}

/// Makes the generated files from what is checked in under `openapi`, and
/// writes nothing.
///
/// # Errors
///
/// That of the first stage that fails.
pub fn generate(openapi: &Path) -> Result<[Generated; 2], Error> {
    let sources = sources::parse(&read_text(&openapi.join(SOURCES))?)?;
    let mut fences = Vec::new();
    for page in &sources.pages {
        fences.extend(read_page(openapi, page)?);
    }
    let upstream = assemble::assemble(&fences)?;
    let client = lower::lower(&upstream)?;
    Ok(
        [(UPSTREAM, upstream), (CLIENT, client)].map(|(name, document)| Generated {
            name,
            text: pretty(&document),
        }),
    )
}

fn read_page(openapi: &Path, page: &sources::Page) -> Result<Vec<page::Fence>, Error> {
    let path = openapi.join(&page.file);
    let bytes = fs::read(&path).map_err(|reason| Error::Unreadable { path, reason })?;
    page.verify_digest(&bytes)?;
    let text = page::decode(bytes, &page.file)?;
    let fences = page::fences(&text, &page.file)?;
    page.verify_operations(&fences)?;
    Ok(fences)
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

/// Proves that the generated files in `openapi` are what the pages make of
/// them, byte for byte.
///
/// # Errors
///
/// [`Error::Stale`] names each file that is not; else as [`generate`].
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

/// Makes the generated files and writes those that changed.
///
/// # Errors
///
/// [`Error::Write`] if the disk refuses; else as [`generate`], and then no file
/// is touched.
pub fn write(openapi: &Path) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    for Generated { name, text } in generate(openapi)? {
        let path = openapi.join(name);
        if read_if_there(&path)?.as_deref() == Some(text.as_bytes()) {
            outcomes.push(Outcome::Unchanged(name));
        } else {
            replace(&path, &text)?;
            outcomes.push(Outcome::Wrote(name));
        }
    }
    Ok(outcomes)
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

/// Writes beside and renames, so that nobody ever reads half a file.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let beside = path.with_extension("json.new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|reason| {
        // What is left over is of no use, and the first error is the one to tell.
        let _ = fs::remove_file(&beside);
        Error::Write {
            path: path.to_owned(),
            reason,
        }
    })
}
