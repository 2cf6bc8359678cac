//! The errors of all commands.

use std::path::PathBuf;

use crate::generate::assemble;
use crate::payssam::{accepted, build, pins, pull, upstream};
use crate::{compare, page};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The generated files can't be made, or are stale.
    #[error(transparent)]
    Build(#[from] build::Error),
    /// The checked-in spec can't be read.
    #[error("the checked-in spec can't be read: {0}")]
    CheckedIn(build::Error),
    /// The pins can't be read, or do not match.
    #[error(transparent)]
    Pins(#[from] pins::Error),
    /// The acceptances can't be read.
    #[error(transparent)]
    Accepted(#[from] accepted::Error),
    /// The published pages can't be read.
    #[error(transparent)]
    Upstream(#[from] upstream::Error),
    /// The published pages can't be taken over.
    #[error(transparent)]
    Pull(#[from] pull::Error),
    /// Two documents can't be compared.
    #[error(
        "{old} and {new} can't be compared: {reason}{}; ask whoever publishes it to correct it",
        block.as_ref().map(|block| format!(", in {block}")).unwrap_or_default()
    )]
    Compare {
        /// The old document's file or folder.
        old: String,
        /// The new document's.
        new: String,
        /// Which of them is wrong, and where.
        reason: Box<compare::Error>,
        /// The block of a page that is wrong, if it is one.
        block: Option<Box<page::Place>>,
    },
    /// A file to compare can't be read from the disk.
    #[error("{} can't be read: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        reason: std::io::Error,
    },
    /// A report can't be written to the disk.
    #[error("{} can't be written: {reason}", path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        reason: std::io::Error,
    },
    /// A file to compare is a page without a readable spec.
    #[error(transparent)]
    Page(#[from] page::Error),
    /// A file to compare is a page whose specs disagree.
    #[error(transparent)]
    Assemble(#[from] assemble::Error),
    /// A file to compare is not JSON.
    #[error("{file}:{line}:{column}: not valid JSON: {reason}")]
    Json {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The error of the parser.
        reason: String,
    },
    /// A file to compare is not YAML.
    #[error("{file}:{line}: not valid YAML: {reason}")]
    Yaml {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A file to compare is JSON or YAML but not an OpenAPI document.
    #[error(
        "{file}: expected an OpenAPI document, an object whose `openapi` is \"3.0.…\" or \"3.1.…\"; found {found}"
    )]
    NoSpec {
        /// The file.
        file: String,
        /// What it is instead.
        found: String,
    },
}
