//! What a rule that fired means for a public item.

use serde_json::Value;

use super::rows::{Role, Row};
use crate::compare::rules;
use crate::finding::{Direction, Finding, Kind, Level, Scope};
use crate::report::Release::{self, Major, Minor, Patch};

type Effect = (Release, String);

/// The level by the rule alone: a report may show a change as worse, so that somebody looks at it.
fn level(finding: &Finding) -> Level {
    rules::rule(finding.kind, finding.scope).level
}

/// What becomes of the item; `row` is that of the property itself, if it has one.
pub(super) fn of(finding: &Finding, row: Option<&Row>) -> Effect {
    let path = finding.path.as_deref().unwrap_or_default();
    if finding.kind.is_about_result_codes() {
        return of_result_code(finding.kind, path);
    }
    if finding.kind.is_of_a_pin() {
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

fn of_result_code(kind: Kind, code: &str) -> Effect {
    match kind {
        Kind::ResultCodeAdded => (
            Minor,
            format!("can name `{code}`, which is of `CodeKind::Unknown` until then."),
        ),
        Kind::ResultCodeRemoved => (
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
fn of_end(kind: Kind) -> Option<(Release, &'static str)> {
    match kind {
        Kind::Deprecated | Kind::DeprecatedWithSunset | Kind::SunsetInvalid => {
            Some((Minor, "gets `#[deprecated]`."))
        }
        Kind::Reactivated => Some((Patch, "loses `#[deprecated]`, if it has it.")),
        Kind::SunsetSet | Kind::SunsetDeleted | Kind::SunsetEarlier | Kind::SunsetLater => Some((
            Patch,
            "stays, and names another date of its end in its `#[deprecated]`.",
        )),
        _ => None,
    }
}

/// A property of a request that the library sends.
fn of_sent(finding: &Finding, role: Role) -> Effect {
    let kind = finding.kind;
    let (release, follows) = if kind.removes_property(Direction::Request) {
        sent_no_more(role)
    } else if kind.is_now_required() {
        match role {
            Role::Choice => (Major, "becomes a must: a call without it is refused."),
            _ => (Patch, "stays: it is always sent."),
        }
    } else if kind.is_now_optional() {
        (Patch, "stays: it is sent all the same.")
    } else if kind.is_about_null() {
        (Patch, "stays: `null` is never sent.")
    } else if kind.is_about_a_default() {
        (Patch, "stays: nothing is left to a default of PaySsam.")
    } else if let Some(effect) = of_end(kind) {
        effect
    } else if kind.is_about_a_format() {
        sent_within_other_limits(level(finding), role)
    } else if kind.is_about_a_type() {
        sent_in_another_type(finding, role)
    } else if kind.is_about_a_limit() {
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
    let kind = finding.kind;
    let (release, follows) = if kind.removes_property(Direction::Response) {
        got_no_more(role)
    } else if kind.is_now_optional() || kind.is_about_null() {
        (Patch, "stays: that there is no value is foreseen.")
    } else if kind.is_now_required() {
        (Patch, "stays: it says `None` less often.")
    } else if let Some(effect) = of_end(kind) {
        effect
    } else if kind.is_about_a_format() {
        (Patch, "stays: answers are read whatever their format.")
    } else if kind.is_about_a_type() {
        got_in_another_type(finding, role)
    } else if let (true, Role::Open { unknown }) = (kind.names_new_values(), role) {
        let follows = format!("can name the new values, which are `{unknown}` until then.");
        return (Minor, follows);
    } else if kind.is_about_a_limit() || kind.is_about_a_default() {
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

/// A property that the library neither sends nor reads.
fn of_stranger(finding: &Finding, direction: Direction, path: &str) -> Effect {
    let kind = finding.kind;
    match direction {
        Direction::Request if finding.scope == Scope::RequestReadOnlyProperty => {
            (Patch, format!("stays: only answers carry `{path}`."))
        }
        Direction::Response if finding.scope == Scope::ResponseWriteOnlyProperty => {
            (Patch, format!("stays: only requests carry `{path}`."))
        }
        Direction::Request if kind.adds_property(direction) && must_be_sent(finding) => (
            Major,
            format!("has to ask for `{path}`: a call without it is refused."),
        ),
        Direction::Request if kind.adds_property(direction) => {
            (Minor, format!("can offer `{path}` as a choice."))
        }
        Direction::Response if kind.adds_property(direction) => {
            (Minor, format!("can get a getter for `{path}`."))
        }
        Direction::Request
            if level(finding) == Level::Breaking && !kind.removes_property(direction) =>
        {
            (
                Major,
                format!("may be refused for what it does not send: read the change of `{path}`."),
            )
        }
        Direction::Request => (Patch, format!("stays: it does not send `{path}`.")),
        Direction::Response => (Patch, format!("stays: it does not read `{path}`.")),
    }
}

fn must_be_sent(finding: &Finding) -> bool {
    let is_required = matches!(
        finding.kind,
        Kind::RequiredPropertyAdded
            | Kind::RequiredPropertyWithDefaultAdded
            | Kind::ParameterAddedRequired
    );
    is_required && level(finding) > Level::Info
}

/// A change that is about no property.
fn of_operation(finding: &Finding) -> Effect {
    let kind = finding.kind;
    let (release, follows) = if kind == Kind::CannotBeSent {
        (
            Minor,
            "fails before anything is sent until it can send this too.",
        )
    } else if kind.is_about_a_server() {
        (
            Patch,
            "stays: the address is the caller's to give, and may have to be another.",
        )
    } else if kind.removes_operation() {
        (Major, "has nothing left to call: it has to go.")
    } else if let Some(effect) = of_end(kind) {
        effect
    } else if is_about_having_a_body(finding) {
        (Patch, "stays: there is always a body.")
    } else if is_about_a_status(kind) {
        (
            Patch,
            "stays: HTTP 200 with code 0000 alone is success, anything else a `payssam::Error`.",
        )
    } else if is_about_a_media_type(kind) {
        (
            Patch,
            "stays: how the library reads and writes bodies has to follow.",
        )
    } else if is_about_a_name(kind) {
        (Patch, "stays: the name is used inside only.")
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

/// Whether there is a body, or `null` in its place.
fn is_about_having_a_body(finding: &Finding) -> bool {
    let kind = finding.kind;
    matches!(kind, Kind::BodyBecameRequired | Kind::BodyBecameOptional)
        || finding.scope == Scope::RequestBody && kind.is_about_null()
}

fn is_about_a_status(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SuccessStatusAdded
            | Kind::SuccessStatusRemoved
            | Kind::OtherStatusAdded
            | Kind::OtherStatusRemoved
    )
}

fn is_about_a_media_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::MediaTypeAdded
            | Kind::MediaTypeRemoved
            | Kind::MediaTypeSchemaAdded
            | Kind::MediaTypeSchemaRemoved
    )
}

fn is_about_a_name(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::OperationIdAdded
            | Kind::OperationIdRemoved
            | Kind::TagAdded
            | Kind::TagRemoved
            | Kind::TagListChanged
    )
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
