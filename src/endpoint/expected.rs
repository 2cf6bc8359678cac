//! What a response must say to be believed.

use super::{endpoint::Endpoint, response::Fields, signature::Signature};
use crate::outcome::Subject;

/// What a response must say to be believed.
pub(super) struct Expected {
    /// A response about another bill contradicts it.
    pub(super) subject: Subject,
    /// A response with another hash contradicts it.
    pub(super) hash: Option<Signature>,
    pub(super) has_data: bool,
    pub(super) needs_bill_id: bool,
    /// Whether the response contradicts itself in a field that decides.
    pub(super) contradicts: fn(&Fields) -> bool,
}

impl Expected {
    pub(super) fn by<E: Endpoint>(endpoint: &E) -> Self {
        Expected {
            subject: endpoint.subject(),
            hash: endpoint.hash(),
            has_data: E::HAS_DATA,
            needs_bill_id: endpoint.needs_bill_id(),
            contradicts: E::contradicts,
        }
    }
}
