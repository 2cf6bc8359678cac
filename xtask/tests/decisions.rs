//! Decisions that a change of the published pages leaves to a person. Everything else is tested on
//! frozen pages; these tests look at the checked-in pages.

mod published;

use std::collections::BTreeSet;

use openapi_compare::finding::Direction;
use published::{Property, live, operations, properties, workspace};
use serde_json::Value;
use xtask::payssam::build;
use xtask::payssam::facade::{LEFT_BEHIND, OPERATIONS, ROWS};
use xtask::payssam::pins::{self, Pins};

fn upstream() -> Value {
    build::snapshot(&live()).unwrap().document
}

/// Fails with the decisions that are needed, if any.
#[track_caller]
fn decide(what: Vec<String>, how: &str) {
    assert!(
        what.is_empty(),
        "A person has to decide: {}. {how}",
        what.join("; ")
    );
}

#[test]
fn decide_pins() {
    let snapshot = build::snapshot(&live()).unwrap();
    let pins = pins::read(&live()).unwrap().pins;
    let broken = pins.into_iter().filter_map(|pin| {
        let alone = Pins { pins: vec![pin] };
        let broken = alone.verify(&snapshot, &workspace());
        broken.err().map(|error| error.to_string())
    });
    decide(
        broken.collect(),
        "Read the words as they are published now and change the source file that keeps to them, \
         if it must follow; then record the digest in openapi/pins.toml.",
    );
}

fn listed() -> BTreeSet<Property> {
    let rows = ROWS
        .iter()
        .map(|row| (row.operation, row.direction, row.path));
    let left = LEFT_BEHIND
        .iter()
        .map(|left| (left.operation, left.direction, left.path));
    rows.chain(left)
        .map(|(operation, direction, path)| (operation.to_owned(), direction, path.to_owned()))
        .collect()
}

#[test]
fn decide_properties() {
    let (mut published, listed) = (properties(&upstream()), listed());
    // Unserved operations are a decision of their own.
    let is_served = |name: &str| OPERATIONS.iter().any(|served| served.operation == name);
    published.retain(|(operation, ..)| is_served(operation));
    let shown = |(operation, direction, path): &Property| {
        let direction = match direction {
            Direction::Request => "request",
            Direction::Response => "response",
        };
        let (path, operation) = (path.escape_debug(), operation.escape_debug());
        format!("{path} in the {direction} of {operation}")
    };
    let new = published.difference(&listed);
    let gone = listed.difference(&published);
    let what = new
        .map(|property| format!("{} is new", shown(property)))
        .chain(gone.map(|property| format!("{} is gone", shown(property))));
    decide(
        what.collect(),
        "Give new properties a public item and a row in xtask/src/payssam/facade/rows.rs, or an entry in its \
         LEFT_BEHIND that says why not; remove the row of what is gone, and deprecate its item.",
    );
}

#[test]
fn decide_operations() {
    let published = operations(&upstream());
    let served = OPERATIONS.iter().map(|served| served.operation.to_owned());
    let served: BTreeSet<String> = served.collect();
    let new = published.difference(&served);
    let gone = served.difference(&published);
    let what = new
        .map(|operation| format!("{} is new", operation.escape_debug()))
        .chain(gone.map(|operation| format!("{operation} is gone")));
    decide(
        what.collect(),
        "Add a method for new operations and list it in OPERATIONS of xtask/src/payssam/facade/rows.rs; \
         remove what is gone from there, and deprecate its method.",
    );
}
