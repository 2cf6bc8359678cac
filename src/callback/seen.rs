//! Finds duplicate callbacks.

use std::{
    collections::HashSet,
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use super::verify::VerifiedApproval;
use crate::value::{BillId, BillState};

/// What identifies a payment: bill id, state and approval number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ApprovalKey {
    /// The bill.
    pub bill_id: BillId,
    /// Its state.
    pub state: BillState,
    /// The approval number, if PaySsam gave one.
    pub approval_number: Option<String>,
}

impl VerifiedApproval {
    /// What identifies this payment among duplicates.
    pub fn key(&self) -> ApprovalKey {
        ApprovalKey {
            bill_id: self.bill_id().clone(),
            state: self.bill().state().clone(),
            approval_number: self.approval_number().map(str::to_owned),
        }
    }
}

/// Remembers which payments were booked, so that each is booked once, however often and on however many
/// threads its callback arrives.
pub trait Seen {
    /// Why the store failed.
    type Error;

    /// Claims a payment. It returns `true` once for each [`ApprovalKey`]: book the payment then.
    ///
    /// If the process ends between the claim and the booking, the payment stays claimed and is not booked.
    /// Where you can, claim in the transaction that books, such as with `SeenInSqlite::claim_in`.
    fn claim(&self, approval: &VerifiedApproval) -> Result<bool, Self::Error>;

    /// Releases a claim after the booking failed.
    fn release(&self, approval: &VerifiedApproval) -> Result<(), Self::Error>;
}

/// Remembers in memory until the process ends: for tests, and where the booking itself rejects duplicates.
#[derive(Debug, Default)]
pub struct SeenInMemory(Mutex<HashSet<ApprovalKey>>);

impl SeenInMemory {
    /// An empty store.
    pub fn new() -> Self {
        SeenInMemory::default()
    }
}

impl Seen for SeenInMemory {
    type Error = Infallible;

    fn claim(&self, approval: &VerifiedApproval) -> Result<bool, Infallible> {
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(claimed.insert(approval.key()))
    }

    fn release(&self, approval: &VerifiedApproval) -> Result<(), Infallible> {
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        claimed.remove(&approval.key());
        Ok(())
    }
}
