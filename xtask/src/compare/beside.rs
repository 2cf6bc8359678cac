//! Changes beside the documents, which no comparison of documents finds: of pages, of result codes,
//! of prose that is pinned, and of what the library can send.

use std::borrow::Cow;

use openapi_compare::finding::Level::{self, Breaking, Doc, Info, Review, Warn};
use openapi_compare::finding::{Finding, Kind, Scope};
use openapi_compare::rules::{self, Rule};

/// A result code is listed that was not.
pub const RESULT_CODE_ADDED: Kind = Kind::Beside("result-code-added");
/// A result code is no longer listed.
pub const RESULT_CODE_REMOVED: Kind = Kind::Beside("result-code-removed");
/// A result code has another message or cause.
pub const RESULT_CODE_CHANGED: Kind = Kind::Beside("result-code-changed");
/// A page is published that is not captured.
pub const PAGE_ADDED: Kind = Kind::Beside("page-added");
/// A captured page is no longer in the list of published pages.
pub const PAGE_GONE: Kind = Kind::Beside("page-gone");
/// A page has a section that it did not have.
pub const PAGE_PROSE_ADDED: Kind = Kind::Beside("page-prose-added");
/// A section of a page is gone.
pub const PAGE_PROSE_REMOVED: Kind = Kind::Beside("page-prose-removed");
/// A section of a page has another text.
pub const PAGE_PROSE_CHANGED: Kind = Kind::Beside("page-prose-changed");
/// A text that a source file implements changed.
pub const PINNED_PROSE_CHANGED: Kind = Kind::Beside("pinned-prose-changed");
/// A text that a source file implements is gone.
pub const PINNED_PROSE_GONE: Kind = Kind::Beside("pinned-prose-gone");
/// An operation requires something that the client can't send.
pub const CANNOT_BE_SENT: Kind = Kind::Beside("request-cannot-be-sent");

/// The rules of all these kinds.
pub static RULES: [Rule; 11] = [
    of_the_whole(RESULT_CODE_ADDED, Info),
    of_the_whole(RESULT_CODE_REMOVED, Warn),
    of_the_whole(RESULT_CODE_CHANGED, Review),
    of_the_whole(PAGE_ADDED, Info),
    of_the_whole(PAGE_GONE, Review),
    of_the_whole(PAGE_PROSE_ADDED, Doc),
    of_the_whole(PAGE_PROSE_REMOVED, Doc),
    of_the_whole(PAGE_PROSE_CHANGED, Doc),
    of_the_whole(PINNED_PROSE_CHANGED, Review),
    of_the_whole(PINNED_PROSE_GONE, Review),
    beside(CANNOT_BE_SENT, Breaking, Scope::Operation),
];

const fn of_the_whole(kind: Kind, level: Level) -> Rule {
    beside(kind, level, Scope::Api)
}

const fn beside(kind: Kind, level: Level, scope: Scope) -> Rule {
    let id = match kind {
        Kind::Beside(id) => Cow::Borrowed(id),
        _ => panic!("the kind is one of a document"),
    };
    Rule {
        id,
        level,
        kind,
        scope,
        is_ours: true,
    }
}

/// The rule of a change, of a document or beside it.
pub fn rule(kind: Kind, scope: Scope) -> &'static Rule {
    let known = RULES.iter().find(|rule| rule.kind == kind);
    known.unwrap_or_else(|| rules::rule(kind, scope))
}

/// A finding of one of these kinds, with the id and the level of its rule. Where it is and what
/// changed is up to the caller.
pub fn finding(kind: Kind) -> Finding {
    rule(kind, Scope::Api).finding()
}

/// Whether the table of result codes changed.
pub fn is_about_result_codes(kind: Kind) -> bool {
    matches!(
        kind,
        RESULT_CODE_ADDED | RESULT_CODE_REMOVED | RESULT_CODE_CHANGED
    )
}

/// Whether pinned prose changed.
pub fn is_of_a_pin(kind: Kind) -> bool {
    matches!(kind, PINNED_PROSE_CHANGED | PINNED_PROSE_GONE)
}
