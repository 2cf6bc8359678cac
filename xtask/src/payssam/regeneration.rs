//! Predicts what happens when the client is regenerated and nobody touches `src/`: whether it
//! builds, which tests need a decision, and which release it needs.
//!
//! The prediction uses the two snapshots and the findings. The rehearsal
//! (`cargo xtask spec rehearse`) compares it with what really happens.
//!
//! Regenerating never changes the public API. It needs no release if `client.json` does not
//! change, a [`Release::Minor`] if a request allows more than before, and else a
//! [`Release::Patch`].

mod surface;

use serde_json::Value;

use crate::compare::beside;
use crate::payssam::facade::OPERATIONS;
use crate::payssam::snapshot::Snapshot;
use crate::report::{Outside, Regeneration, Release};
use openapi_compare::finding::{Direction, Finding, Kind};
use surface::Surface;

/// Predicts the result of regenerating from `new`. `findings` are all changes since `old`.
pub fn predict(old: &Snapshot, new: &Snapshot, findings: &[Finding]) -> Regeneration {
    let client = match new.client() {
        Ok(client) => client,
        Err(refusal) => {
            return Regeneration {
                refusal: Some(Outside::of(refusal.to_string())),
                decisions: Vec::new(),
                release: None,
            };
        }
    };
    Regeneration {
        refusal: None,
        decisions: decisions(&old.document, &new.document, client, findings),
        release: release(old.client().ok(), client, findings),
    }
}

/// The tests of decisions whose subject changed.
fn decisions(old: &Value, new: &Value, client: &Value, findings: &[Finding]) -> Vec<&'static str> {
    let is_of_a_pin = |finding: &Finding| beside::is_of_a_pin(finding.kind);
    let is_served = |name: &str| OPERATIONS.iter().any(|served| served.operation == name);
    let mut demands = unsupported(client).into_iter();
    let (before, after) = (Surface::of(old), Surface::of(new));
    let asked = [
        (
            "decide_date_forms",
            before.date_forms() != after.date_forms(),
        ),
        ("decide_getters", before.getters() != after.getters()),
        ("decide_limits", before.has_other_limits(&after)),
        ("decide_moves", before.moves() != after.moves()),
        (
            "decide_operations",
            surface::operations(old) != surface::operations(new),
        ),
        ("decide_pins", findings.iter().any(is_of_a_pin)),
        (
            "decide_properties",
            before.properties() != after.properties(),
        ),
        (
            "decide_requests",
            before.requests() != after.requests() || demands.any(|(name, _)| is_served(&name)),
        ),
        ("decide_states", before.states() != after.states()),
        ("decide_types", before.has_other_types(&after)),
    ];
    let asked = asked.into_iter().filter(|(_, is_asked)| *is_asked);
    asked.map(|(name, _)| name).collect()
}

fn release(before: Option<&Value>, after: &Value, findings: &[Finding]) -> Option<Release> {
    if before == Some(after) {
        None
    } else if widens_a_request(findings) || can_be_sent_again(before, after) {
        Some(Release::Minor)
    } else {
        Some(Release::Patch)
    }
}

/// Whether a request allows more in a property whose type stays.
fn widens_a_request(findings: &[Finding]) -> bool {
    let place = |finding: &Finding| (finding.operation.clone(), finding.path.clone());
    let requests = findings
        .iter()
        .filter(|finding| finding.direction == Some(Direction::Request));
    let of_another_type = requests
        .clone()
        .filter(|finding| changes_the_type(finding.kind));
    let of_another_type: Vec<_> = of_another_type.map(place).collect();
    requests
        .filter(|finding| finding.kind.widens())
        .any(|finding| !of_another_type.contains(&place(finding)))
}

/// Whether the generated type may change. A narrower type or another format may change it too.
fn changes_the_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TypeChanged
            | Kind::TypeSpecialized
            | Kind::FormatAdded
            | Kind::FormatChanged
            | Kind::FormatSpecialized
    )
}

/// Whether an unsupported requirement of an operation is gone.
fn can_be_sent_again(before: Option<&Value>, after: &Value) -> bool {
    let after = unsupported(after);
    let before = before.map(unsupported).unwrap_or_default();
    before.iter().any(|demand| !after.contains(demand))
}

/// The unsupported requirements of a lowered document: the operation, and what it requires.
fn unsupported(client: &Value) -> Vec<(String, String)> {
    let paths = client["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    });
    let mut found = Vec::new();
    for (name, operation) in operations {
        let demands = operation["x-unsupported"].as_array().into_iter().flatten();
        let demands = demands.filter_map(Value::as_str);
        found.extend(demands.map(|demand| (name.clone(), demand.to_owned())));
    }
    found
}

/// One finding for each new requirement that the library does not support. A new operation has
/// no callers yet.
pub fn what_cannot_be_sent(old: &Snapshot, new: &Snapshot) -> Vec<Finding> {
    let (Ok(before), Ok(after)) = (old.client(), new.client()) else {
        return Vec::new();
    };
    let known = surface::operations(&old.document);
    let demanded_before = unsupported(before);
    let demands = unsupported(after).into_iter();
    demands
        .filter(|demand| known.contains(&demand.0) && !demanded_before.contains(demand))
        .map(demanded)
        .collect()
}

fn demanded((operation, what): (String, String)) -> Finding {
    let finding = Finding {
        pointer: format!("/paths of {operation}"),
        operation: Some(operation),
        direction: Some(Direction::Request),
        message: format!(
            "each call is refused before it is sent: it requires {what}, which this version does not support"
        ),
        after: Some(Value::from(what)),
        ..beside::finding(beside::CANNOT_BE_SENT)
    };
    finding.with_fingerprint()
}
