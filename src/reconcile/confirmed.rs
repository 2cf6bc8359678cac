//! A write that certainly took effect.

use crate::{outcome::Attempt, value::BillId};

/// A write that certainly took effect, once: its own response said so, or a read showed it.
///
/// `T` is the response of the write, `R` that of the read. serde writes `bill_id`, the details of the proof,
/// for a change whether it was made before (such as `was_already_cancelled`), and `confirmed_by_read`.
#[derive(Clone)]
pub struct Confirmed<T, R> {
    pub(crate) bill_id: BillId,
    pub(crate) proof: Proof<T, R>,
    pub(crate) was_already: bool,
    pub(crate) attempts: Vec<Attempt>,
}

/// What proves that a write took effect.
#[derive(Clone)]
pub(crate) enum Proof<T, R> {
    /// The response of the write.
    Response(Box<T>),
    /// A read.
    Read(Box<R>),
}

impl<T, R> Confirmed<T, R> {
    /// What the proof says: the response of the write, or the read.
    pub(crate) fn proved<'a, V>(
        &'a self,
        response: impl FnOnce(&'a T) -> V,
        read: impl FnOnce(&'a R) -> V,
    ) -> V {
        match &self.proof {
            Proof::Response(it) => response(it),
            Proof::Read(it) => read(it),
        }
    }

    /// The id of the bill or of the cash receipt.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The response of the write, unless it was lost.
    pub fn response(&self) -> Option<&T> {
        self.proved(Some, |_| None)
    }

    /// What was read, if that was the proof.
    pub fn read(&self) -> Option<&R> {
        self.proved(|_| None, Some)
    }

    /// Whether a read was the proof, instead of the response of the write.
    pub fn confirmed_by_read(&self) -> bool {
        self.read().is_some()
    }

    /// The requests that were made, the first one first.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}
