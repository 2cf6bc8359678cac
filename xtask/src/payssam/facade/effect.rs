//! What a rule that fired means for a public item.

use serde_json::Value;

use super::rows::{Role, Row};
use crate::compare::rules;
use crate::finding::{Direction, Finding, Level};
use crate::payssam::regeneration::CANNOT_BE_SENT;
use crate::report::Release::{self, Major, Minor, Patch};

type Effect = (Release, String);

/// Rules of values that a schema admits, by a part of their ids.
const LIMITS: [&str; 8] = [
    "-max",
    "-min",
    "-pattern",
    "-enum",
    "-const",
    "-multiple-of",
    "-unique-items",
    "-format",
];

/// Rules of the type itself, which are those of some changes of a `format` too.
const TYPES: [&str; 4] = [
    "-type-changed",
    "-type-generalized",
    "-type-specialized",
    "-list-of-types",
];

/// The types that a schema can name.
const JSON_TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "object", "array", "null",
];

/// Whether a rule says that a property is no longer there for sure.
pub(super) fn takes_away(id: &str, direction: Direction) -> bool {
    removes(id, direction) || id.contains("-became-optional")
}

/// Whether a rule is one of those for the tables of result codes.
fn is_about_result_codes(id: &str) -> bool {
    id.starts_with("result-code-")
}

/// Whether a finding says that pinned words changed.
pub(super) fn is_of_a_pin(id: &str) -> bool {
    id.starts_with("pinned-prose-")
}

/// The level by the rule alone: a report may show a change as worse, so that somebody looks at it.
fn level(finding: &Finding) -> Level {
    rules::level(&finding.id).unwrap_or(finding.level)
}

/// What becomes of the item; `row` is that of the property itself, if it has one.
pub(super) fn of(finding: &Finding, row: Option<&Row>) -> Effect {
    let path = finding.path.as_deref().unwrap_or_default();
    if is_about_result_codes(&finding.id) {
        return of_result_code(&finding.id, path);
    }
    if is_of_a_pin(&finding.id) {
        return (
            Patch,
            "stands for words that changed: read them against its source.".to_owned(),
        );
    }
    match (finding.direction, row) {
        (Some(Direction::Request), Some(row)) => of_sent(finding, row.role),
        (Some(Direction::Response), Some(row)) => of_got(finding, row.role),
        (Some(direction), None) if !path.is_empty() => of_stranger(finding, direction, path),
        _ => of_operation(finding),
    }
}

fn removes(id: &str, direction: Direction) -> bool {
    let hidden = match direction {
        Direction::Request => "-became-read-only",
        Direction::Response => "-became-write-only",
    };
    id.contains("-property-removed") || id.contains("-schema-became-false") || id.contains(hidden)
}

fn adds(id: &str, direction: Direction) -> bool {
    let shown = match direction {
        Direction::Request => "-became-not-read-only",
        Direction::Response => "-became-not-write-only",
    };
    id.starts_with("new-") || id.contains("-property-added") || id.contains(shown)
}

fn says_one_of(id: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| id.contains(part))
}

fn of_result_code(id: &str, code: &str) -> Effect {
    match id {
        "result-code-added" => (
            Minor,
            format!("can name `{code}`, which is of `CodeKind::Unknown` until then."),
        ),
        "result-code-removed" => (
            Patch,
            format!("stays: `{code}` is no longer listed, and may still be answered."),
        ),
        _ => (
            Patch,
            format!("stays: read whether `{code}` is still of the right `CodeKind`."),
        ),
    }
}

/// That the end of something is announced, moved or called off.
fn of_end(id: &str) -> Option<(Release, &'static str)> {
    if id.contains("-deprecated") {
        Some((Minor, "gets `#[deprecated]`."))
    } else if id.contains("reactivated") {
        Some((Patch, "loses `#[deprecated]`, if it has it."))
    } else if id.contains("sunset") {
        Some((
            Patch,
            "stays, and names another date of its end in its `#[deprecated]`.",
        ))
    } else {
        None
    }
}

/// A property of a request that the library sends.
fn of_sent(finding: &Finding, role: Role) -> Effect {
    let id = finding.id.as_str();
    let (release, follows) = if removes(id, Direction::Request) {
        sent_no_more(role)
    } else if id.contains("-became-required") {
        match role {
            Role::Choice => (Major, "becomes a must: a call without it is refused."),
            _ => (Patch, "stays: it is always sent."),
        }
    } else if id.contains("-became-optional") {
        (Patch, "stays: it is sent all the same.")
    } else if id.contains("nullable") {
        (Patch, "stays: `null` is never sent.")
    } else if id.contains("-default-value") {
        (Patch, "stays: nothing is left to a default of PaySsam.")
    } else if let Some(effect) = of_end(id) {
        effect
    } else if is_about_a_format(finding) {
        sent_within_other_limits(level(finding), role)
    } else if says_one_of(id, &TYPES) {
        sent_in_another_type(finding, role)
    } else if says_one_of(id, &LIMITS) {
        sent_within_other_limits(level(finding), role)
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

fn sent_no_more(role: Role) -> (Release, &'static str) {
    match role {
        Role::Made => (Patch, "stays: the library no longer sends it."),
        _ => (Major, "has nothing to be sent as any more: it has to go."),
    }
}

fn sent_in_another_type(finding: &Finding, role: Role) -> (Release, &'static str) {
    if role == Role::Made || is_text_or_number(finding.after.as_ref()) {
        (Patch, "stays: the library writes it in the new type.")
    } else {
        (Major, "has to ask for a value of the new type.")
    }
}

fn sent_within_other_limits(level: Level, role: Role) -> (Release, &'static str) {
    match (role, level) {
        (Role::Made, _) => (
            Patch,
            "stays: what the library makes has to keep the new limit.",
        ),
        (_, Level::Breaking | Level::Review | Level::Warn) => {
            (Major, "refuses values that it took: the limit moved.")
        }
        _ => (Minor, "takes values that it refused: the limit moved."),
    }
}

/// A property of an answer that the library reads.
fn of_got(finding: &Finding, role: Role) -> Effect {
    let id = finding.id.as_str();
    let (release, follows) = if removes(id, Direction::Response) {
        got_no_more(role)
    } else if says_one_of(id, &["-became-optional", "nullable"]) {
        (Patch, "stays: that there is no value is foreseen.")
    } else if id.contains("-became-required") {
        (Patch, "stays: it says `None` less often.")
    } else if let Some(effect) = of_end(id) {
        effect
    } else if is_about_a_format(finding) {
        (Patch, "stays: answers are read whatever their format.")
    } else if says_one_of(id, &TYPES) {
        got_in_another_type(finding, role)
    } else if let (true, Role::Open { unknown }) = (brings_values(id), role) {
        let follows = format!("can name the new values, which are `{unknown}` until then.");
        return (Minor, follows);
    } else if says_one_of(id, &LIMITS) || id.contains("-default-value") {
        (Patch, "stays: answers are read without limits.")
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

fn got_no_more(role: Role) -> (Release, &'static str) {
    match role {
        Role::Checked => (
            Patch,
            "stays: it can no longer compare this part of the answer with the request.",
        ),
        _ => (Major, "has nothing to read any more: it has to go."),
    }
}

fn got_in_another_type(finding: &Finding, role: Role) -> (Release, &'static str) {
    match role {
        Role::Json => (Patch, "stays: any JSON is read."),
        Role::Frame => (Major, "finds nothing where it reads: it has to change."),
        _ if is_text_or_number(finding.after.as_ref()) => {
            (Patch, "stays: text and numbers are read alike.")
        }
        _ => (
            Major,
            "says `Malformed` to values of the new type: what it returns has to change.",
        ),
    }
}

fn brings_values(id: &str) -> bool {
    says_one_of(id, &["-enum-value-added", "-became-enum", "-enum-added"])
}

/// A property that the library neither sends nor reads.
fn of_stranger(finding: &Finding, direction: Direction, path: &str) -> Effect {
    let id = finding.id.as_str();
    match direction {
        Direction::Request if id.contains("-read-only-property") => {
            (Patch, format!("stays: only answers carry `{path}`."))
        }
        Direction::Response if id.contains("-write-only-property") => {
            (Patch, format!("stays: only requests carry `{path}`."))
        }
        Direction::Request if adds(id, direction) && must_be_sent(finding) => (
            Major,
            format!("has to ask for `{path}`: a call without it is refused."),
        ),
        Direction::Request if adds(id, direction) => {
            (Minor, format!("can offer `{path}` as a choice."))
        }
        Direction::Response if adds(id, direction) => {
            (Minor, format!("can get a getter for `{path}`."))
        }
        Direction::Request if level(finding) == Level::Breaking && !removes(id, direction) => (
            Major,
            format!("may be refused for what it does not send: read the change of `{path}`."),
        ),
        Direction::Request => (Patch, format!("stays: it does not send `{path}`.")),
        Direction::Response => (Patch, format!("stays: it does not read `{path}`.")),
    }
}

fn must_be_sent(finding: &Finding) -> bool {
    finding.id.contains("required") && level(finding) > Level::Info
}

/// A change that is about no property.
fn of_operation(finding: &Finding) -> Effect {
    let id = finding.id.as_str();
    let (release, follows) = if id == CANNOT_BE_SENT {
        (
            Minor,
            "fails before anything is sent until it can send this too.",
        )
    } else if id.contains("server") {
        (
            Patch,
            "stays: the address is the caller's to give, and may have to be another.",
        )
    } else if is_gone(id) {
        (Major, "has nothing left to call: it has to go.")
    } else if let Some(effect) = of_end(id) {
        effect
    } else if id.starts_with("request-body-became") {
        (Patch, "stays: there is always a body.")
    } else if says_one_of(id, &["-status", "response-success", "response-non-success"]) {
        (
            Patch,
            "stays: HTTP 200 with code 0000 alone is success, anything else a `payssam::Error`.",
        )
    } else if id.contains("media-type") {
        (
            Patch,
            "stays: how the library reads and writes bodies has to follow.",
        )
    } else if says_one_of(id, &["operation-id", "-tag"]) {
        (Patch, "stays: the name is used inside only.")
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

/// Whether a rule says that an operation, or the path that it had, is gone.
fn is_gone(id: &str) -> bool {
    says_one_of(id, &["api-removed", "api-path-removed", "endpoint-removed"])
}

fn unforeseen(level: Level) -> Effect {
    match level {
        Level::Breaking => (Major, "may have to change: read what changed.".to_owned()),
        _ => (
            Patch,
            "stays, as far as can be told: read what changed.".to_owned(),
        ),
    }
}

/// Whether a rule of the type fired for a `format`: what stood or stands there names no type.
fn is_about_a_format(finding: &Finding) -> bool {
    let shown = finding.after.as_ref().or(finding.before.as_ref());
    says_one_of(&finding.id, &TYPES)
        && shown
            .and_then(Value::as_str)
            .is_some_and(|names| !names_of(names).all(|name| JSON_TYPES.contains(&name)))
}

/// The names in a text that may be a list of them.
fn names_of(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '/', '|', ' '])
        .filter(|name| !name.is_empty())
}

/// Whether a new type, as a name, a list of names or a schema's `type`, is text or a number.
fn is_text_or_number(after: Option<&Value>) -> bool {
    match after {
        Some(Value::String(names)) => {
            names_of(names).all(|name| ["string", "number", "integer", "null"].contains(&name))
        }
        Some(Value::Array(names)) => {
            !names.is_empty() && names.iter().all(|name| is_text_or_number(Some(name)))
        }
        Some(Value::Object(schema)) => is_text_or_number(schema.get("type")),
        _ => false,
    }
}
