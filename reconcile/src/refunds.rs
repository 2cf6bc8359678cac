//! Payments that the books paid back on a later line, and PaySsam still holds.

use std::collections::HashMap;

use payssam::BillState;

use crate::{belief::BelievedState, class::Class, digest, finding::Finding};

/// The bills whose later line says cancelled. This takes 16 bytes for each of them.
#[derive(Debug, Default)]
pub(crate) struct Refunds {
    /// The digests of their ids, sorted before they are looked for.
    refunded: Vec<u128>,
    /// Those of which PaySsam still says paid, with the line that says so too.
    held: HashMap<u128, u64>,
}

impl Refunds {
    /// Notes a later line of a bill that says cancelled.
    pub(crate) fn note(&mut self, finding: &Finding) {
        if let (true, Some(id)) = (is_refund(finding), &finding.bill_id) {
            self.refunded.push(digest::of_id(id));
        }
    }

    /// Ends the notes: whether there is anything to look for.
    pub(crate) fn sort(&mut self) -> bool {
        self.refunded.sort_unstable();
        !self.refunded.is_empty()
    }

    /// Looks at what PaySsam says of a bill that has such a line, where the books say paid first.
    pub(crate) fn look(&mut self, finding: &Finding) {
        let believed = finding.here.as_ref().map(|here| here.state);
        let said = finding.there.as_ref().map(|there| &there.state);
        if (believed, said) != (Some(BelievedState::Paid), Some(&BillState::Paid)) {
            return;
        }
        let Some(id) = finding.bill_id.as_ref().map(digest::of_id) else {
            return;
        };
        if self.refunded.binary_search(&id).is_ok() {
            self.held.insert(id, finding.line);
        }
    }

    /// The finding, with what is known of the payment that its line paid back.
    pub(crate) fn explained(&self, finding: Finding) -> Finding {
        if self.held.is_empty() || !is_refund(&finding) {
            return finding;
        }
        let id = finding.bill_id.as_ref().map(digest::of_id);
        let Some(line) = id.and_then(|id| self.held.get(&id)) else {
            return finding;
        };
        let reason = format!(
            "{}; the books paid it back, and PaySsam still holds the payment (line {line})",
            finding.reason
        );
        Finding { reason, ..finding }
    }
}

fn is_refund(finding: &Finding) -> bool {
    let believed = finding.here.as_ref().map(|here| here.state);
    finding.class == Class::DuplicateLine && believed == Some(BelievedState::Cancelled)
}
