//! Bounds how many changes of one kind a page can make a report list.

use super::beside;
use openapi_compare::finding::{Finding, Kind};

/// How many are listed. Nobody reads more, and a hostile page would fill the memory with them.
const MOST: usize = 10_000;

/// The changes, of each kind at most so many; the others become one change of their kind that counts them.
pub(super) fn bounded(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut kept = Vec::new();
    let mut counted: Vec<(Kind, usize)> = Vec::new();
    for finding in findings {
        let index = counted.iter().position(|(kind, _)| *kind == finding.kind);
        let index = index.unwrap_or_else(|| {
            counted.push((finding.kind, 0));
            counted.len() - 1
        });
        counted[index].1 += 1;
        match counted[index].1 {
            count if count <= MOST => kept.push(finding),
            // The first that is not listed makes room for the count of the others.
            count if count == MOST + 1 => kept.push(Finding {
                before: None,
                after: None,
                path: None,
                ..beside::finding(finding.kind)
            }),
            _ => {}
        }
    }
    for (kind, count) in counted.into_iter().filter(|(_, count)| *count > MOST) {
        let is_count = |it: &&mut Finding| it.kind == kind && it.message.is_empty();
        if let Some(finding) = kept.iter_mut().find(is_count) {
            let further = count - MOST;
            finding.message = format!("{further} more changes of this kind are not listed");
            finding.pointer = "/".to_owned();
            *finding = finding.clone().with_fingerprint();
        }
    }
    kept
}
