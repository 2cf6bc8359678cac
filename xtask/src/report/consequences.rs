//! What the changes mean for the library and its next release.

use std::fmt;

use super::outside::Outside;

/// The Rust side of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RustSide {
    /// The work, that for the largest release first.
    pub items: Vec<RustChange>,
    /// The next release; `None` if no change is about anything that the library serves.
    pub release: Option<Release>,
}

/// What one change of the specification does to one public item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustChange {
    /// The operation, such as `POST /bill/read`; `None` for the whole document.
    pub operation: Option<String>,
    /// The property, such as `data/apprPrice`; `None` for the operation itself.
    pub property: Option<String>,
    /// The public item, such as `payssam::Approval::price`.
    pub item: String,
    /// The source file, such as `src/bill/approval.rs`.
    pub file: String,
    /// What happens to the item, in one sentence of which it is the subject.
    pub follows: String,
    /// The release that this change alone would need.
    pub release: Release,
}

impl RustChange {
    /// Where in the API, such as `POST /bill/read data/apprPrice`.
    pub fn place(&self) -> String {
        match (&self.operation, &self.property) {
            (Some(operation), Some(property)) => format!("{operation} {property}"),
            (Some(place), None) | (None, Some(place)) => place.clone(),
            (None, None) => "the whole document".to_owned(),
        }
    }
}

/// A step of the version, the smallest first.
///
/// The names are those of versions from 1.0 on. While a version begins with 0, Cargo treats the
/// middle number as the major one: a major change moves it, and all others move the last number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// Nothing public changes, except documentation.
    Patch,
    /// Something public is added, is deprecated, or accepts more.
    Minor,
    /// Something public is removed or changes its type, or a call that worked is refused.
    Major,
}

impl Release {
    /// `patch`, `minor` or `major`.
    pub fn as_str(self) -> &'static str {
        match self {
            Release::Patch => "patch",
            Release::Minor => "minor",
            Release::Major => "major",
        }
    }

    /// The name, and which number of a version that begins with 0 it moves.
    pub fn explained(self) -> &'static str {
        match self {
            Release::Patch => "patch",
            Release::Minor => "minor (while the version begins with 0, its last number moves)",
            Release::Major => "major (while the version begins with 0, its middle number moves)",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The result of regenerating without touching the facade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regeneration {
    /// Why the new document can't be lowered. Nothing is regenerated then.
    pub refusal: Option<Outside<'static>>,
    /// The tests that will fail because a person has to decide, by name, in alphabetical order.
    pub decisions: Vec<&'static str>,
    /// The release that it needs; `None` if `client.json` stays as it is.
    pub release: Option<Release>,
}

impl Regeneration {
    /// Whether the regenerated library builds.
    pub fn builds(&self) -> bool {
        self.refusal.is_none()
    }

    /// The same as a sentence of which "regenerating alone" is the subject.
    pub fn explained(&self) -> Outside<'_> {
        if let Some(refusal) = &self.refusal {
            return refusal.behind("is refused: ");
        }
        let decisions = match self.decisions.as_slice() {
            [] => "needs no decision".to_owned(),
            names => format!("needs a decision: {}", names.join(", ")),
        };
        let release = match self.release {
            None => "needs no release".to_owned(),
            Some(release) => format!("needs a {release} release"),
        };
        Outside::of(format!("builds; {decisions}; {release}"))
    }
}
