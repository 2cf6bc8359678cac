//! How the command ends, as numbers that scripts and CI can rely on.
//!
//! 101 is left alone: it is what a panic gives.

use crate::build;

/// Done, nothing to complain about.
pub const DONE: u8 = 0;
/// The arguments make no sense (given by clap).
pub const USAGE: u8 = 2;
/// Generated files do not follow from the pages any more.
pub const STALE: u8 = 4;
/// Anything that has no code of its own, such as a full disk.
pub const OTHER: u8 = 100;
/// The checked-in spec can't be read: `sources.toml`, a page or its digest,
/// the list of operations, a generated file.
pub const SPEC_UNREADABLE: u8 = 102;
/// A page can't be read as a spec: no fence, broken JSON, fences that
/// disagree, a keyword that lowering does not know.
pub const PAGE_UNREADABLE: u8 = 104;

/// The exit code that `error` ends the command with.
pub fn code(error: &build::Error) -> u8 {
    match error {
        build::Error::Stale { .. } => STALE,
        build::Error::Sources(_) | build::Error::Unreadable { .. } => SPEC_UNREADABLE,
        build::Error::Page(_) | build::Error::Assemble(_) | build::Error::Lower(_) => {
            PAGE_UNREADABLE
        }
        build::Error::Write { .. } => OTHER,
    }
}
