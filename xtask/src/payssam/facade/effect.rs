//! What a change means for a public item of the library.

use serde_json::Value;

use super::rows::{Role, Row};
use crate::compare::beside;
use crate::report::Release::{self, Major, Minor, Patch};
use openapi_compare::finding::{Direction, Finding, Kind, Level, Scope};

type Effect = (Release, String);

/// The level of the rule. A report may show a higher one, so that somebody looks at the change.
fn level(finding: &Finding) -> Level {
    beside::rule(finding.kind, finding.scope).level
}

/// What happens to the item. `row` is that of the property itself, if it has one.
pub(super) fn of(finding: &Finding, row: Option<&Row>) -> Effect {
    let path = finding.path.as_deref().unwrap_or_default();
    if beside::is_about_result_codes(finding.kind) {
        return of_result_code(finding.kind, path);
    }
    if beside::is_of_a_pin(finding.kind) {
        return (
            Patch,
            "implements prose that changed: compare its source with the new text.".to_owned(),
        );
    }
    match (finding.direction, row) {
        (Some(Direction::Request), Some(row)) => of_sent(finding, row.role),
        (Some(Direction::Response), Some(row)) => of_received(finding, row.role),
        (Some(direction), None) if !path.is_empty() => of_unknown(finding, direction, path),
        _ => of_operation(finding),
    }
}

fn of_result_code(kind: Kind, code: &str) -> Effect {
    match kind {
        beside::RESULT_CODE_ADDED => (
            Minor,
            format!("can get a name for `{code}`, which is `CodeKind::Unknown` until then."),
        ),
        beside::RESULT_CODE_REMOVED => (
            Patch,
            format!("does not change: `{code}` is no longer listed but may still be returned."),
        ),
        _ => (
            Patch,
            format!("does not change: check that `{code}` still has the right `CodeKind`."),
        ),
    }
}

/// A sunset that is announced, moved or called off.
fn of_end(kind: Kind) -> Option<(Release, &'static str)> {
    match kind {
        Kind::Deprecated | Kind::DeprecatedWithSunset | Kind::SunsetInvalid => {
            Some((Minor, "gets `#[deprecated]`."))
        }
        Kind::Reactivated => Some((
            Patch,
            "is no longer deprecated: remove `#[deprecated]` if it is there.",
        )),
        Kind::SunsetSet | Kind::SunsetDeleted | Kind::SunsetEarlier | Kind::SunsetLater => Some((
            Patch,
            "does not change: update the date in its `#[deprecated]`.",
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
            Role::Choice => (Major, "becomes required: a call without it is refused."),
            _ => (Patch, "does not change: it is always sent."),
        }
    } else if kind.is_now_optional() {
        (Patch, "does not change: it is still sent.")
    } else if kind.is_about_null() {
        (Patch, "does not change: `null` is never sent.")
    } else if kind.is_about_a_default() {
        (
            Patch,
            "does not change: the library does not rely on defaults.",
        )
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
        Role::Made => (Patch, "does not change: the library stops sending it."),
        _ => (Major, "has no property to be sent as: it must be removed."),
    }
}

fn sent_in_another_type(finding: &Finding, role: Role) -> (Release, &'static str) {
    if role == Role::Made || is_text_or_number(finding.after.as_ref()) {
        (Patch, "does not change: the library writes the new type.")
    } else {
        (Major, "must take a value of the new type.")
    }
}

fn sent_within_other_limits(level: Level, role: Role) -> (Release, &'static str) {
    match (role, level) {
        (Role::Made, _) => (
            Patch,
            "does not change: the value that the library computes must respect the new limit.",
        ),
        (_, Level::Breaking | Level::Review | Level::Warn) => (
            Major,
            "refuses values that it accepted: the limit is stricter.",
        ),
        _ => (
            Minor,
            "accepts values that it refused: the limit is looser.",
        ),
    }
}

/// A property of a response that the library reads.
fn of_received(finding: &Finding, role: Role) -> Effect {
    let kind = finding.kind;
    let (release, follows) = if kind.removes_property(Direction::Response) {
        received_no_more(role)
    } else if kind.is_now_optional() || kind.is_about_null() {
        (
            Patch,
            "does not change: a missing value is already handled.",
        )
    } else if kind.is_now_required() {
        (Patch, "does not change: it returns `None` less often.")
    } else if let Some(effect) = of_end(kind) {
        effect
    } else if kind.is_about_a_format() {
        (
            Patch,
            "does not change: responses are read regardless of the format.",
        )
    } else if kind.is_about_a_type() {
        received_in_another_type(finding, role)
    } else if let (true, Role::Open { unknown }) = (kind.names_new_values(), role) {
        let follows = format!("can name the new values, which are `{unknown}` until then.");
        return (Minor, follows);
    } else if kind.is_about_a_limit() || kind.is_about_a_default() {
        (Patch, "does not change: responses are read without limits.")
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

fn received_no_more(role: Role) -> (Release, &'static str) {
    match role {
        Role::Checked => (
            Patch,
            "does not change: this part of the response is no longer compared with the request.",
        ),
        _ => (Major, "has nothing left to read: it must be removed."),
    }
}

fn received_in_another_type(finding: &Finding, role: Role) -> (Release, &'static str) {
    match role {
        Role::Json => (Patch, "does not change: any JSON is read."),
        Role::Frame => (Major, "finds nothing where it reads: it must change."),
        _ if is_text_or_number(finding.after.as_ref()) => {
            (Patch, "does not change: text and numbers are read alike.")
        }
        _ => (
            Major,
            "returns `Malformed` for values of the new type: its return type must change.",
        ),
    }
}

/// A property that the library neither sends nor reads.
fn of_unknown(finding: &Finding, direction: Direction, path: &str) -> Effect {
    let kind = finding.kind;
    match direction {
        Direction::Request if finding.scope == Scope::RequestReadOnlyProperty => (
            Patch,
            format!("does not change: only responses have `{path}`."),
        ),
        Direction::Response if finding.scope == Scope::ResponseWriteOnlyProperty => (
            Patch,
            format!("does not change: only requests have `{path}`."),
        ),
        Direction::Request if kind.adds_property(direction) && must_be_sent(finding) => (
            Major,
            format!("must ask for `{path}`: a call without it is refused."),
        ),
        Direction::Request if kind.adds_property(direction) => {
            (Minor, format!("can offer `{path}` as an option."))
        }
        Direction::Response if kind.adds_property(direction) => {
            (Minor, format!("can get a getter for `{path}`."))
        }
        Direction::Request
            if level(finding) == Level::Breaking && !kind.removes_property(direction) =>
        {
            (
                Major,
                format!("may be refused: check the change of `{path}`, which it does not send."),
            )
        }
        Direction::Request => (
            Patch,
            format!("does not change: it does not send `{path}`."),
        ),
        Direction::Response => (
            Patch,
            format!("does not change: it does not read `{path}`."),
        ),
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

/// A change that is not about a property.
fn of_operation(finding: &Finding) -> Effect {
    let kind = finding.kind;
    let (release, follows) = if kind == beside::CANNOT_BE_SENT {
        (
            Minor,
            "fails before anything is sent until the library supports this.",
        )
    } else if kind.is_about_a_server() {
        (
            Patch,
            "does not change: callers set the address and may have to update it.",
        )
    } else if kind.removes_operation() {
        (Major, "has nothing left to call: it must be removed.")
    } else if let Some(effect) = of_end(kind) {
        effect
    } else if is_about_having_a_body(finding) {
        (Patch, "does not change: there is always a body.")
    } else if is_about_a_status(kind) {
        (
            Patch,
            "does not change: only HTTP 200 with code 0000 is success; everything else is a `payssam::Error`.",
        )
    } else if is_about_a_media_type(kind) {
        (
            Patch,
            "does not change: the way the library reads and writes bodies must follow.",
        )
    } else if is_about_a_name(kind) {
        (Patch, "does not change: the name is only used internally.")
    } else {
        return unforeseen(level(finding));
    };
    (release, follows.to_owned())
}

/// Whether the change is about having a body, or `null` instead.
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
        Level::Breaking => (Major, "may have to change: check the change.".to_owned()),
        _ => (
            Patch,
            "probably does not change: check the change.".to_owned(),
        ),
    }
}

/// The names in a text that may be a list.
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
