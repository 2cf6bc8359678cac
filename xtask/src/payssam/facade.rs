//! What a change of the specification does to the Rust API.
//!
//! [`ROWS`] maps the properties of the specification to public items of the library, and says how
//! the library treats them. Responses are read leniently and everything in them is already
//! optional, so most changes of a response need no code; requests are written strictly, so a
//! narrower limit refuses calls that worked.

mod effect;
mod rows;

use std::cmp::Reverse;

use serde_json::Value;

use openapi_compare::finding::{Direction, Finding, Kind, Level, Scope};

use crate::compare::beside::{is_about_result_codes, is_of_a_pin};
use crate::report::{Release, RustChange, RustSide};

pub use rows::{
    BESIDE, Beside, LEFT_BEHIND, LeftBehind, OPERATIONS, ROWS, Role, Row, Served, Subject,
};

/// Whether the library serves any operation of a document.
///
/// Documents without any of them are not about the library.
pub fn serves(document: &Value) -> bool {
    OPERATIONS.iter().any(|served| {
        served
            .operation
            .split_once(' ')
            .is_some_and(|(method, path)| {
                let method = method.to_ascii_lowercase();
                document["paths"][path].get(method).is_some()
            })
    })
}

/// Sets the source file of each change that has none yet.
pub fn name_files(findings: &mut [Finding]) {
    for finding in findings {
        if finding.implemented_by.is_none() {
            finding.implemented_by = place(finding).map(|place| place.file.to_owned());
        }
    }
}

/// Whether a change removes a property that the library reads from a response, or makes it
/// optional.
pub fn loses_what_it_reads(finding: &Finding) -> bool {
    let kind = finding.kind;
    finding.direction == Some(Direction::Response)
        && (kind.removes_property(Direction::Response) || kind.is_now_optional())
        && place(finding).is_some_and(|place| place.row.is_some())
}

/// What the changes do to the Rust API. Changes of descriptions do nothing, and changes of a whole
/// document without a source file are not about the library.
pub fn rust_side(findings: &[Finding]) -> RustSide {
    let mut side = RustSide::default();
    for finding in findings {
        if finding.operation.is_none() && finding.implemented_by.is_none() {
            continue;
        }
        let Some(place) = place(finding) else {
            continue;
        };
        side.release = side.release.max(Some(Release::Patch));
        if finding.level == Level::Doc {
            continue;
        }
        let (release, follows) = effect::of(finding, place.row);
        side.release = side.release.max(Some(release));
        let change = RustChange {
            operation: finding.operation.clone(),
            property: finding.path.clone().filter(|path| !path.is_empty()),
            item: place.item.to_owned(),
            file: place.file.to_owned(),
            follows,
            release,
        };
        if !side.items.contains(&change) {
            side.items.push(change);
        }
    }
    side.items.sort_by_key(|item| Reverse(item.release));
    side
}

/// Where in the library a change belongs.
struct Place {
    item: &'static str,
    file: &'static str,
    /// The row of the property itself, if it has one.
    row: Option<&'static Row>,
}

impl Place {
    fn of(row: &'static Row, path: &str) -> Self {
        Place {
            item: row.item,
            file: row.file,
            row: (row.path == path).then_some(row),
        }
    }
}

impl From<&'static Beside> for Place {
    fn from(beside: &'static Beside) -> Self {
        Place {
            item: beside.item,
            file: beside.file,
            row: None,
        }
    }
}

fn place(finding: &Finding) -> Option<Place> {
    let Some(operation) = finding.operation.as_deref() else {
        return beside(finding);
    };
    let served = OPERATIONS
        .iter()
        .find(|served| served.operation == operation)?;
    let named = finding.implemented_by.as_deref();
    let in_operation = place_in(served, finding);
    match named {
        // A pin names the file that implements its prose, which may differ from the getter's.
        Some(file) if is_of_a_pin(finding.kind) && file != in_operation.file => {
            place_of(file).or(Some(in_operation))
        }
        _ => Some(in_operation),
    }
}

fn place_in(served: &'static Served, finding: &Finding) -> Place {
    let operation = Place {
        item: served.item,
        file: served.file,
        row: None,
    };
    let (Some(direction), false) = (finding.direction, is_beside_the_body(finding.scope)) else {
        return operation;
    };
    let path = without_choices(finding.path.as_deref().unwrap_or_default());
    nearest(served.operation, direction, &path).map_or(operation, |row| Place::of(row, &path))
}

/// The path without the steps into members of `oneOf` and its like, which are not in the data.
fn without_choices(path: &str) -> String {
    let is_name = |step: &&str| {
        !["oneOf[", "anyOf[", "allOf["]
            .iter()
            .any(|choice| step.starts_with(choice))
    };
    let names: Vec<&str> = path.split('/').filter(is_name).collect();
    names.join("/")
}

/// Whether a rule is about a parameter or a header, which may have the name of a property.
fn is_beside_the_body(scope: Scope) -> bool {
    matches!(scope, Scope::RequestParameter | Scope::ResponseHeader)
}

/// The row of a property, or of the nearest property around it.
fn nearest(operation: &str, direction: Direction, path: &str) -> Option<&'static Row> {
    ROWS.iter()
        .filter(|row| row.operation == operation && row.direction == direction)
        .filter(|row| {
            path.strip_prefix(row.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .max_by_key(|row| row.path.len())
}

/// The place of a change outside of operations: servers, security, result codes, or one with a
/// source file.
fn beside(finding: &Finding) -> Option<Place> {
    let subject = subject(finding.kind);
    let known = BESIDE
        .iter()
        .find(|beside| subject.is_some() && beside.rules == subject);
    match known {
        Some(beside) => Some(Place::from(beside)),
        None => place_of(finding.implemented_by.as_deref()?),
    }
}

/// What a change of the whole document is about.
fn subject(kind: Kind) -> Option<Subject> {
    if kind.is_about_a_server() {
        Some(Subject::Server)
    } else if kind.is_about_security() {
        Some(Subject::Security)
    } else if is_about_result_codes(kind) {
        Some(Subject::ResultCodes)
    } else {
        None
    }
}

/// The main item of a file of the library.
fn place_of(file: &str) -> Option<Place> {
    let beside = BESIDE.iter().find(|beside| beside.file == file);
    let row = ROWS.iter().find(|row| row.file == file);
    beside.map(Place::from).or(row.map(|row| Place {
        item: row.item,
        file: row.file,
        row: None,
    }))
}
