//! Changes with one cause, such as the title of a schema that many operations share, told once.

use std::collections::{HashMap, HashSet};

use crate::finding::{Finding, Kind};

/// A change and the number of places that it shows at.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The change at its first place, with the number of the others in its message.
    pub finding: Finding,
    /// At how many places it shows.
    pub places: u64,
}

/// What makes a change the same: where it is written, how it is judged, and by what it is
/// implemented.
fn key(finding: &Finding) -> Option<String> {
    // Without a place in a document nobody knows whether two are the same.
    if finding.pointer.len() < 2 {
        return None;
    }
    let Finding {
        kind,
        level,
        pointer,
        before,
        after,
        implemented_by,
        ..
    } = finding;
    Some(format!(
        "{kind:?} {level} {pointer} {before:?} {after:?} {implemented_by:?}"
    ))
}

/// Separates the changes that share a cause with one that is meant from the others: those, and the
/// rest. Places that were only counted are with the changes that they repeat.
pub fn divided(
    findings: Vec<Finding>,
    is_meant: impl Fn(&Finding) -> bool,
) -> (Vec<Finding>, Vec<Finding>) {
    let meant = findings.iter().filter(|it| is_meant(it));
    let meant: HashSet<String> = meant.filter_map(key).collect();
    let is_one = |it: &Finding| is_meant(it) || key(it).is_some_and(|it| meant.contains(&it));
    let is_counted = |it: &Finding| matches!(it.kind, Kind::FurtherPlaces(..));
    let (counted, told): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_counted);
    let (mut these, mut others): (Vec<_>, Vec<_>) = told.into_iter().partition(is_one);
    let repeats = |all: &[Finding], it: &Finding| {
        let below = format!("{}/", it.pointer);
        let mut all = all.iter().filter(|it| it.pointer.starts_with(&below));
        all.any(|told| told.level == it.level)
    };
    for finding in counted {
        let is_one = is_one(&finding) || repeats(&these, &finding) && !repeats(&others, &finding);
        match is_one {
            true => these.push(finding),
            false => others.push(finding),
        }
    }
    (these, others)
}

/// The changes in their order, each cause once. Places that a comparison only counted are added to the
/// changes that they repeat.
///
/// ```
/// use openapi_compare::{causes, compare};
/// use serde_json::json;
///
/// let api = |title: &str| {
///     let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Bill"}}});
///     let operation = json!({"requestBody": {"content": content}});
///     json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation, "put": operation}},
///         "components": {"schemas": {"Bill": {"type": "object", "title": title}}}})
/// };
/// let report = compare(&api("bill"), &api("invoice"))?;
/// assert_eq!(report.findings.len(), 2);
/// let causes = causes::of(&report.findings);
/// assert_eq!((causes.len(), causes[0].places), (1, 2));
/// # Ok::<(), openapi_compare::Error>(())
/// ```
pub fn of(findings: &[Finding]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let is_counted = |it: &&Finding| matches!(it.kind, Kind::FurtherPlaces(..));
    for finding in findings.iter().filter(|it| !is_counted(it)) {
        let key = key(finding);
        match key.as_ref().and_then(|key| known.get(key)) {
            Some(index) => causes[*index].places += 1,
            None => {
                if let Some(key) = key {
                    known.insert(key, causes.len());
                }
                causes.push(Cause {
                    finding: finding.clone(),
                    places: 1,
                });
            }
        }
    }
    for finding in findings.iter().filter(is_counted) {
        let Kind::FurtherPlaces(worst, count) = finding.kind else {
            continue;
        };
        let below = format!("{}/", finding.pointer);
        let mut is_told = false;
        for cause in &mut causes {
            if cause.finding.pointer.starts_with(&below) && cause.finding.level <= worst {
                cause.places += count;
                is_told |= cause.finding.level == worst;
            }
        }
        if !is_told {
            causes.push(Cause {
                finding: finding.clone(),
                places: 1,
            });
        }
    }
    for Cause { finding, places } in &mut causes {
        match *places - 1 {
            0 => {}
            1 => finding.message.push_str(" (and 1 more place)"),
            more => finding
                .message
                .push_str(&format!(" (and {more} more places)")),
        }
    }
    causes
}
