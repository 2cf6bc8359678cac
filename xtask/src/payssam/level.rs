//! How bad each change is for this project. No other stage changes the level that a rule gave.

use super::facade;
use crate::finding::{Finding, Level};

/// Raises the level of a finding above that of its rule where the change affects this project more:
/// to [`Level::Breaking`] if a response loses something that the library reads, which is checked
/// only if the library serves the document; to at least [`Level::Review`] if a string goes into
/// generated code.
pub fn raise(findings: &mut [Finding], is_served: bool) {
    for finding in findings {
        if is_served && facade::loses_what_it_reads(finding) {
            finding.level = Level::Breaking;
        }
        if finding.kind.enters_generated_code() {
            finding.level = finding.level.max(Level::Review);
        }
    }
}
