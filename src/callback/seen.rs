//! Remembers which payments were booked: the trait that every store implements.

use std::{sync::Arc, time::Duration};

use crate::bill::PaymentKey;

/// Remembers which payments were booked, so that each is booked once, however often and in however many
/// processes its callback arrives. [`book_once`](super::book_once) uses it.
///
/// Before a payment is booked it is *claimed*. A claim is given to one handler at a time, and ends with its
/// *lease*: a process that dies frees what it had claimed. Each claim of a payment has a higher *token* than
/// the one before it, so that a handler that was paused beyond its lease cannot mark as booked what another
/// has taken over.
///
/// [`SeenInMemory`](super::SeenInMemory) implements it. For books in SQLite take the crate `payssam-ledger`
/// instead. For another database implement it yourself; `examples/seen_in_postgres` is an implementation for
/// PostgreSQL. A store must
///
/// - decide each method in one atomic step, for all processes together;
/// - never give a token twice for one key, not even after a release;
/// - take [`renew`](Seen::renew) and [`mark_booked`](Seen::mark_booked) only for the latest token and before
///   the lease has ended, by one clock for all processes;
/// - never forget that a payment was booked;
/// - return an error for every failure, never an end that it is not sure of.
///
/// Do not block the thread in its futures.
pub trait Seen: Sync {
    /// Why the store failed.
    type Error: Send;

    /// How long a claim lasts that [`book_once`](super::book_once) makes and renews: 60 seconds by default.
    fn lease(&self) -> Duration {
        DEFAULT_LEASE
    }

    /// Claims a payment for as long as `lease`, unless it is claimed by another or booked.
    ///
    /// # Errors
    ///
    /// When the store fails. Respond with [`retry_later`](super::retry_later) then: nothing is known of the
    /// payment.
    fn claim(
        &self,
        key: &PaymentKey,
        lease: Duration,
    ) -> impl Future<Output = Result<Claimed, Self::Error>> + Send;

    /// Extends the lease of a claim to `lease` from now. `false` when it has ended, or was taken over.
    ///
    /// # Errors
    ///
    /// When the store fails.
    fn renew(
        &self,
        claim: &Claim,
        lease: Duration,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Remembers for good that the payment was booked with this claim. `false` when its lease has ended, or it
    /// was taken over: another may book the payment. It may be repeated.
    ///
    /// # Errors
    ///
    /// When the store fails.
    fn mark_booked(&self, claim: &Claim) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Ends a claim after the booking failed, so that the payment can be claimed again at once. Nothing
    /// happens where the claim was taken over, or the payment is booked.
    ///
    /// # Errors
    ///
    /// When the store fails. The claim ends with its lease then.
    fn release(&self, claim: &Claim) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

impl<S: Seen + Send> Seen for Arc<S> {
    type Error = S::Error;

    fn lease(&self) -> Duration {
        S::lease(self)
    }

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed, Self::Error> {
        S::claim(self, key, lease).await
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, Self::Error> {
        S::renew(self, claim, lease).await
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool, Self::Error> {
        S::mark_booked(self, claim).await
    }

    async fn release(&self, claim: &Claim) -> Result<(), Self::Error> {
        S::release(self, claim).await
    }
}

/// How long a claim lasts unless something else is set.
pub(super) const DEFAULT_LEASE: Duration = Duration::from_secs(60);

/// How an attempt to claim a payment ended. A failure of the store is none of these, but an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Claimed {
    /// It is yours: book it, then mark it as booked.
    Yours(Claim),
    /// Another handler is booking it. Respond with [`retry_later`](super::retry_later): nobody knows yet how
    /// that ends.
    InProgress,
    /// It was booked before. [Acknowledge](super::acknowledge) the callback.
    Booked,
}

/// The right to book one payment until a lease ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Claim {
    key: PaymentKey,
    token: i64,
}

impl Claim {
    /// For implementations of [`Seen`]: the claim with this fencing token.
    pub fn new(key: PaymentKey, token: i64) -> Self {
        Claim { key, token }
    }

    /// What was claimed.
    pub fn key(&self) -> &PaymentKey {
        &self.key
    }

    /// The fencing token: higher than that of each earlier claim of this payment.
    pub fn token(&self) -> i64 {
        self.token
    }
}
