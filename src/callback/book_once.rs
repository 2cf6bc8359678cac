//! Books a payment once: claims it, keeps the claim while it is booked, and marks it as booked.

use std::{
    error, fmt,
    future::poll_fn,
    pin::pin,
    sync::{Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{
    acknowledge::{Response, acknowledge, retry_later},
    seen::{Claim, Claimed, Seen},
};
use crate::{bill::PaymentKey, policy::by};

/// Books a verified payment, or a verified cancellation, unless it was booked before.
///
/// It is for books in PostgreSQL and its like. Where they are in SQLite, take the crate `payssam-ledger`: one of the
/// two for a bill, never both.
///
/// It claims the payment in `seen`, runs `book` with the claim, renews the claim meanwhile, and marks the
/// payment as booked. When the claim is lost, because the program was paused for longer than its
/// [lease](Seen::lease) or the store cannot be reached, `book` is dropped where it is. When this future itself
/// is dropped, as a web server may do when the connection breaks, the claim ends with its lease.
///
/// ```no_run
/// use payssam::{Client, callback::{self, ApprovalCallback, NotVerified, Response, SeenInMemory, book_once}};
///
/// async fn on_callback(client: &Client, seen: &SeenInMemory, body: &[u8]) -> Response {
///     let Ok(callback) = ApprovalCallback::parse(body) else {
///         return callback::retry_later();
///     };
///     let booked = match callback.verify(client).await {
///         Ok(payment) => {
///             let (id, amount) = (payment.bill_id(), payment.amount().get());
///             book_once(seen, &payment, |_claim| book(id.as_str(), amount)).await
///         }
///         Err(NotVerified::CancelledSince(cancellation)) => {
///             let id = cancellation.bill_id();
///             book_once(seen, &*cancellation, |_claim| book_cancellation(id.as_str())).await
///         }
///         Err(error) => {
///             eprintln!("{error}");
///             return error.response();
///         }
///     };
///     match booked {
///         Ok(end) => end.response(),
///         Err(error) => {
///             eprintln!("{error}");
///             error.response()
///         }
///     }
/// }
/// # async fn book(_: &str, _: u64) -> Result<(), std::io::Error> { Ok(()) }
/// # async fn book_cancellation(_: &str) -> Result<(), std::io::Error> { Ok(()) }
/// ```
///
/// # How often a payment is booked
///
/// - Exactly once, if `book` marks the payment as booked in its own transaction, as the example for PostgreSQL
///   does (`examples/seen_in_postgres`), and commits only if that succeeds. A handler that was paused beyond its
///   lease commits nothing then.
/// - At least once otherwise. If the process dies after `book` has taken effect and before the payment is
///   marked, or if it is paused or cut off from the store just then, the next callback books it again. Let the
///   booking itself find the duplicate, such as by a unique [`PaymentKey`](super::PaymentKey).
///
/// # Errors
///
/// [`NotBooked`]; respond with [`retry_later`].
pub fn book_once<S, P, B, E>(
    seen: &S,
    payment: &P,
    book: impl FnOnce(Claim) -> B + Send,
) -> impl Future<Output = Result<Booking, NotBooked<S::Error, E>>> + Send
where
    S: Seen,
    P: AsRef<PaymentKey> + ?Sized,
    B: Future<Output = Result<(), E>> + Send,
    E: Send,
{
    let key = payment.as_ref().clone();
    async move {
        let lease = seen.lease();
        let hold = Hold::new(lease);
        let claim = match seen.claim(&key, lease).await.map_err(NotBooked::Store)? {
            Claimed::Yours(claim) => claim,
            Claimed::InProgress => return Ok(Booking::InProgress),
            Claimed::Booked => return Ok(Booking::Duplicate),
        };
        match hold.during(seen, &claim, book(claim.clone())).await {
            None => return Err(NotBooked::ClaimLost),
            Some(Err(error)) => {
                // If it fails, the claim ends with its lease.
                drop(seen.release(&claim).await);
                return Err(NotBooked::Booking(error));
            }
            Some(Ok(())) => {}
        }
        match seen.mark_booked(&claim).await {
            Ok(true) => Ok(Booking::Booked),
            Ok(false) => Err(NotBooked::ClaimLost),
            Err(error) => Err(NotBooked::Store(error)),
        }
    }
}

/// Until when a claim is certainly held: its lease, counted from before it was asked for.
struct Hold {
    lease: Duration,
    /// `None` for ever.
    ends_at: Mutex<Option<Instant>>,
}

impl Hold {
    fn new(lease: Duration) -> Self {
        Hold {
            lease,
            ends_at: Mutex::new(Instant::now().checked_add(lease)),
        }
    }

    fn ends_at(&self) -> Option<Instant> {
        *self.ends_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        self.ends_at().is_some_and(|end| end <= Instant::now())
    }

    /// Books while the claim is held; `None` when it was lost first.
    async fn during<S: Seen, T>(
        &self,
        seen: &S,
        claim: &Claim,
        booking: impl Future<Output = T>,
    ) -> Option<T> {
        let (mut booking, mut renewing) = (pin!(booking), pin!(self.renew(seen, claim)));
        poll_fn(|context| {
            // After a pause of the whole program the timers may not have noticed yet.
            if self.is_over() || renewing.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            booking.as_mut().poll(context).map(Some)
        })
        .await
    }

    /// Renews the claim, until it is lost.
    async fn renew<S: Seen>(&self, seen: &S, claim: &Claim) {
        loop {
            sleep(self.lease / 3).await;
            loop {
                let asked_at = Instant::now();
                match self.in_time(seen.renew(claim, self.lease)).await {
                    Some(Ok(true)) => {
                        self.extend(asked_at);
                        break;
                    }
                    // It may pass before the lease ends.
                    Some(Err(_)) if !self.is_over() => sleep(self.lease / 20).await,
                    _ => return,
                }
            }
        }
    }

    /// What a call returns before the claim ends.
    async fn in_time<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        by(self.ends_at(), call).await
    }

    fn extend(&self, from: Instant) {
        let mut ends_at = self.ends_at.lock().unwrap_or_else(PoisonError::into_inner);
        *ends_at = from.checked_add(self.lease);
    }
}

/// How [`book_once`] ended without a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Booking {
    /// It was booked now.
    Booked,
    /// It was booked before.
    Duplicate,
    /// Another handler is booking it.
    InProgress,
}

impl Booking {
    /// What to respond to the callback: [`acknowledge`] when it is booked, [`retry_later`] while another is
    /// booking it.
    pub fn response(self) -> Response {
        match self {
            Booking::Booked | Booking::Duplicate => acknowledge(),
            Booking::InProgress => retry_later(),
        }
    }
}

/// Why [`book_once`] does not know that a payment is booked: book it again when its callback is sent again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotBooked<S, E> {
    /// The store failed. If it failed after the booking, the payment may be booked already.
    Store(S),
    /// The booking failed.
    Booking(E),
    /// The lease of the claim ended while the payment was booked, so another may book it.
    ClaimLost,
}

impl<S, E> NotBooked<S, E> {
    /// What to respond to the callback: always [`retry_later`].
    pub fn response(&self) -> Response {
        retry_later()
    }
}

impl<S: fmt::Display, E: fmt::Display> fmt::Display for NotBooked<S, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the payment is not known to be booked: ")?;
        match self {
            NotBooked::Store(error) => write!(formatter, "the store of claims failed: {error}")?,
            NotBooked::Booking(error) => write!(formatter, "the booking failed: {error}")?,
            NotBooked::ClaimLost => formatter.write_str("its claim was lost")?,
        }
        formatter.write_str("; respond that the callback should be sent again")
    }
}

impl<S, E> error::Error for NotBooked<S, E>
where
    S: error::Error + 'static,
    E: error::Error + 'static,
{
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            NotBooked::Store(error) => Some(error),
            NotBooked::Booking(error) => Some(error),
            NotBooked::ClaimLost => None,
        }
    }
}
