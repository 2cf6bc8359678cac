//! How bad each change is for this project. No other stage changes the level that a rule gave.

use super::facade;
use openapi_compare::finding::{Finding, Level};

/// Raises the level of a finding above that of its rule where the change affects this project more:
/// to [`Level::Breaking`] if a response loses something that the library reads; to at least
/// [`Level::Review`] if a string goes into generated code. A document that the library does not
/// serve affects neither.
pub fn raise(findings: &mut [Finding], is_served: bool) {
    if !is_served {
        return;
    }
    for finding in findings {
        if facade::loses_what_it_reads(finding) {
            finding.level = Level::Breaking;
        }
        if finding.kind.enters_generated_code() {
            finding.level = finding.level.max(Level::Review);
        }
    }
}
