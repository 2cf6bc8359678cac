//! What PaySsam could publish tomorrow, and what then has to follow: written by hand, case by case.

mod demands;
mod fields;
mod hostile;
mod limits;
mod names;
mod pages;
mod prose;
mod responses;

use super::site::Site;
use crate::finding::Level;
use crate::payssam::exit;
use crate::payssam::facade::Release;

/// One change of the site.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// A short name that stays.
    pub name: &'static str,
    /// The change.
    pub change: fn(&mut Site),
    /// What has to follow.
    pub expect: Expect,
}

impl Case {
    /// Whether its texts try to become code.
    pub fn is_hostile(&self) -> bool {
        hostile::CASES.iter().any(|case| case.name == self.name)
    }
}

/// What has to follow from a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Nothing is taken.
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

/// Every case, in the order in which they are rehearsed.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [
        fields::CASES,
        limits::CASES,
        names::CASES,
        responses::CASES,
        demands::CASES,
        pages::CASES,
        prose::CASES,
        hostile::CASES,
    ]
    .into_iter()
    .flatten()
}

const DATE_FORMS: &str = "decide_date_forms";
const GETTERS: &str = "decide_getters";
const LIMITS: &str = "decide_limits";
const MOVES: &str = "decide_moves";
const OPERATIONS: &str = "decide_operations";
const PINS: &str = "decide_pins";
const PROPERTIES: &str = "decide_properties";
const REQUESTS: &str = "decide_requests";
const STATES: &str = "decide_states";
const TYPES: &str = "decide_types";

const CANCEL: &str = "POST /bill/cancel";
const READ: &str = "POST /bill/read";

/// Nothing that is compiled changes.
const NONE: Option<Release> = None;
const PATCH: Option<Release> = Some(Release::Patch);
const MINOR: Option<Release> = Some(Release::Minor);

const fn builds(
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
const UNCHANGED: Expect = Expect::Builds {
    decisions: &[],
    release: None,
    worst: None,
};

const fn refused(word: &'static str) -> Expect {
    Expect::Refused {
        code: exit::PAGE_UNREADABLE,
        word,
    }
}
