//! Exit codes, which scripts and CI rely on.
//!
//! 101 is not used, because a panic exits with it.

use crate::payssam::error::Error;
use crate::payssam::{build, fetch, pins, pull, upstream};

/// Success, without changes at or above `--fail-on`.
pub const DONE: u8 = 0;
/// Something changed that is at or above `--fail-on`.
pub const CHANGED: u8 = 1;
/// The arguments are invalid (used by clap).
pub const USAGE: u8 = 2;
/// Generated files are stale.
pub const STALE: u8 = 4;
/// Any other error, such as a full disk.
pub const OTHER: u8 = 100;
/// The checked-in spec can't be read: `sources.toml`, `pins.toml`,
/// `accepted.toml`, a page or its digest, the list of operations, a generated
/// file.
pub const SPEC_UNREADABLE: u8 = 102;
/// Upstream can't be reached, did not return a whole page, or leads where the command does not
/// follow: from https to http, or to more pages than it fetches in one run.
pub const UPSTREAM_UNREACHABLE: u8 = 103;
/// A page can't be read as a spec: no fence, broken JSON, fences that
/// disagree, a keyword that lowering does not know.
pub const PAGE_UNREADABLE: u8 = 104;

/// The exit code that `error` ends the command with.
pub fn code(error: &Error) -> u8 {
    match error {
        Error::Build(error) => of_build(error),
        Error::CheckedIn(_) | Error::Accepted(_) => SPEC_UNREADABLE,
        Error::Pins(error) => of_pins(error),
        Error::Upstream(error) => of_upstream(error),
        Error::Pull(pull::Error::Sources(_)) => SPEC_UNREADABLE,
        Error::Pull(pull::Error::Lower(_)) => PAGE_UNREADABLE,
        Error::Pull(pull::Error::Disk(error)) => of_build(error),
        Error::File { .. } | Error::Report { .. } => OTHER,
        Error::Compare { .. }
        | Error::Page(_)
        | Error::Assemble(_)
        | Error::Json { .. }
        | Error::Yaml { .. }
        | Error::NoSpec { .. } => PAGE_UNREADABLE,
    }
}

fn of_build(error: &build::Error) -> u8 {
    match error {
        build::Error::Stale { .. } => STALE,
        build::Error::Sources(_)
        | build::Error::Reconstructed(_)
        | build::Error::Unreadable { .. } => SPEC_UNREADABLE,
        build::Error::Page(_) | build::Error::Assemble(_) | build::Error::Lower(_) => {
            PAGE_UNREADABLE
        }
        build::Error::Write { .. } => OTHER,
    }
}

fn of_pins(error: &pins::Error) -> u8 {
    match error {
        pins::Error::File(_) | pins::Error::Toml(_) | pins::Error::Place(_) => SPEC_UNREADABLE,
        pins::Error::Broken { .. } | pins::Error::NoFile { .. } => OTHER,
    }
}

fn of_upstream(error: &upstream::Error) -> u8 {
    match error {
        upstream::Error::Fetch(fetch::Error::Address { .. }) => SPEC_UNREADABLE,
        upstream::Error::Fetch(
            fetch::Error::Unreachable { .. }
            | fetch::Error::Downgrade { .. }
            | fetch::Error::TooMany { .. },
        ) => UPSTREAM_UNREACHABLE,
        upstream::Error::Fetch(fetch::Error::Html { .. } | fetch::Error::NotText(_)) => {
            PAGE_UNREADABLE
        }
        upstream::Error::CheckedIn(_) => SPEC_UNREADABLE,
        upstream::Error::Page { .. } | upstream::Error::Assemble(_) => PAGE_UNREADABLE,
    }
}
