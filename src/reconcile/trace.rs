//! The span around the requests of a write and its reads.

use tracing::{Span, field::Empty, info_span};

use super::{confirmed::Confirmed, write::Write};
use crate::{
    outcome::{Attempt, Error},
    value::BillId,
};

pub(super) fn span<W: Write>(write: &W) -> Span {
    info_span!(
        "payssam.reconcile",
        payssam.operation = W::OPERATION.as_str(),
        payssam.bill_id = write.subject().bill_id().map(BillId::as_str),
        payssam.attempts = Empty,
        payssam.outcome = Empty,
        payssam.confirmed_by_read = Empty,
        payssam.was_already = Empty,
    )
}

/// Records how it ended.
pub(super) fn record<T, R>(
    span: &Span,
    ended: &Result<Confirmed<T, R>, Error>,
    attempts: &[Attempt],
) {
    span.record("payssam.attempts", attempts.len());
    match ended {
        Ok(confirmed) => {
            span.record("payssam.confirmed_by_read", confirmed.confirmed_by_read());
            span.record("payssam.was_already", confirmed.was_already);
        }
        Err(error) => {
            span.record("payssam.outcome", error.outcome().as_str());
        }
    }
}
