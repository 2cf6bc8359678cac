//! How bad each change is for this project. No other stage changes the level that a rule gave.

use super::facade;
use crate::finding::{Finding, Level};

/// Raises the level of each finding from that of its rule, where this project is hit harder:
/// [`Level::Breaking`] where something is taken from a response that the library reads, which is
/// looked at only if it serves the document; at least [`Level::Review`] where a string
/// goes into generated code.
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
