//! A case of the rehearsal, and helpers to write cases.

use super::site::Site;
use crate::payssam::exit;
use crate::report::Release;
use openapi_compare::finding::Level;

/// One change of the site.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// A short name that stays.
    pub name: &'static str,
    /// The change.
    pub change: fn(&mut Site),
    /// The expected result.
    pub expect: Expect,
}

/// The expected result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The pull is refused.
    Refused {
        /// The exit code of the pull.
        code: u8,
        /// A part of the message.
        word: &'static str,
    },
    /// The library builds, and all other tests than these pass.
    Builds {
        /// The tests that ask for a decision, in alphabetical order.
        decisions: &'static [&'static str],
        /// The release that this alone needs.
        release: Option<Release>,
        /// The worst level of the changes in the report.
        worst: Option<Level>,
    },
}

pub(super) const DATE_FORMS: &str = "decide_date_forms";
pub(super) const GETTERS: &str = "decide_getters";
pub(super) const LIMITS: &str = "decide_limits";
pub(super) const MOVES: &str = "decide_moves";
pub(super) const OPERATIONS: &str = "decide_operations";
pub(super) const PINS: &str = "decide_pins";
pub(super) const PROPERTIES: &str = "decide_properties";
pub(super) const REQUESTS: &str = "decide_requests";
pub(super) const STATES: &str = "decide_states";
pub(super) const TYPES: &str = "decide_types";

pub(super) const CANCEL: &str = "POST /bill/cancel";
pub(super) const READ: &str = "POST /bill/read";

/// Nothing that is compiled changes.
pub(super) const NONE: Option<Release> = None;
pub(super) const PATCH: Option<Release> = Some(Release::Patch);
pub(super) const MINOR: Option<Release> = Some(Release::Minor);

pub(super) const fn builds(
    decisions: &'static [&'static str],
    release: Option<Release>,
    worst: Level,
) -> Expect {
    Expect::Builds {
        decisions,
        release,
        worst: Some(worst),
    }
}

/// The report is empty.
pub(super) const UNCHANGED: Expect = Expect::Builds {
    decisions: &[],
    release: None,
    worst: None,
};

pub(super) const fn refused(word: &'static str) -> Expect {
    Expect::Refused {
        code: exit::PAGE_UNREADABLE,
        word,
    }
}
