//! Finding callbacks that came before.

use std::{
    collections::HashSet,
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use super::VerifiedApproval;
use crate::{BillId, BillState};

/// What makes a payment the same: bill id, state and approval number.
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
    /// What makes this payment the same as one that came before.
    pub fn key(&self) -> ApprovalKey {
        ApprovalKey {
            bill_id: self.bill_id().clone(),
            state: self.bill().state().clone(),
            approval_number: self.approval_number().map(str::to_owned),
        }
    }
}

/// Remembers which payments were booked, so that each is booked once, however often and from
/// however many threads its callback comes.
pub trait Seen {
    /// Why it could not be found out.
    type Error;

    /// Claims a payment. `true` is given once for each [`ApprovalKey`]: who gets it books.
    ///
    /// A process that ends between the claim and the booking leaves the payment claimed and not booked:
    /// claim in the transaction that books where you can, such as with `SeenInSqlite::claim_in`.
    fn claim(&self, approval: &VerifiedApproval) -> Result<bool, Self::Error>;

    /// Gives a claim back, because the booking failed.
    fn release(&self, approval: &VerifiedApproval) -> Result<(), Self::Error>;
}

/// Remembers in memory, until the process ends: for tests, and for bookings that find duplicates
/// themselves.
#[derive(Debug, Default)]
pub struct SeenInMemory(Mutex<HashSet<ApprovalKey>>);

impl SeenInMemory {
    /// Nothing was seen so far.
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
