//! A payment is booked once: claims, leases, and what becomes of a booking that is interrupted.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod payments;
    pub mod store;
    pub mod wire;
}

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use payssam::callback::{
    Booking, Claim, Claimed, NotBooked, PaymentKey, PaymentKind, Seen, SeenInMemory,
    VerifiedPayment, acknowledge, book_once, retry_later,
};
use serde_json::{Value, json};
use support::{
    payments::{callback, cancellation, fields, payment, payment_of, reading},
    store::{claimed, keeps_its_promises},
};
use tokio::{
    sync::Notify,
    time::{advance, sleep},
};

const LEASE: Duration = Duration::from_secs(60);

/// A booking that succeeds.
async fn booked() -> Result<(), Infallible> {
    Ok(())
}

#[tokio::test]
async fn claims_in_memory_keep_their_promises() {
    let seen = Arc::new(SeenInMemory::new());
    keeps_its_promises(seen.clone(), seen).await;
}

#[test]
fn a_lease_is_as_long_as_it_was_set() {
    let lease = Duration::from_secs(7);
    assert_eq!(SeenInMemory::new().lease(), LEASE);
    assert_eq!(SeenInMemory::new().with_lease(lease).lease(), lease);
}

#[tokio::test]
async fn equal_bill_ids_of_two_merchants_are_two_payments() {
    let seen = SeenInMemory::new();
    for merchant in ["gangnam", "mapo"] {
        let payment = payment_of(merchant, "00012345".into()).await;
        assert_eq!(payment.merchant(), merchant);
        let first = book_once(&seen, &payment, |_| booked()).await.unwrap();
        let again = book_once(&seen, &payment, |_| booked()).await.unwrap();
        assert_eq!((first, again), (Booking::Booked, Booking::Duplicate));
    }
    let (_server, client) = reading(fields("F", "00012345".into())).await;
    let client = client.with_member("member-2").unwrap();
    let payment = callback()
        .verify(&client.with_merchant("mapo").unwrap())
        .await;
    let other_member = book_once(&seen, &payment.unwrap(), |_| booked()).await;
    assert_eq!(other_member.unwrap(), Booking::Booked);
}

#[tokio::test]
async fn an_approval_number_that_comes_late_or_in_another_form_is_no_other_payment() {
    let numbers = [
        Value::Null,
        json!(""),
        json!("00012345"),
        json!("12345"),
        json!(12345),
        json!(" 00012345 "),
    ];
    for first in &numbers {
        let seen = SeenInMemory::new();
        let payment = payment_of("merchant-1", first.clone()).await;
        let end = book_once(&seen, &payment, |_| booked()).await.unwrap();
        assert_eq!(end, Booking::Booked);
        for later in &numbers {
            let again = payment_of("merchant-1", later.clone()).await;
            let end = book_once(&seen, &again, |_| booked()).await.unwrap();
            assert_eq!(end, Booking::Duplicate, "{first}, then {later}");
        }
    }
}

#[tokio::test]
async fn a_cancellation_is_booked_once_beside_its_payment() {
    let seen = SeenInMemory::new();
    let (payment, cancellation) = (payment().await, cancellation().await);
    assert_eq!(payment.key().kind(), PaymentKind::Paid);
    assert_eq!(cancellation.key().kind(), PaymentKind::Cancelled);
    let paid = book_once(&seen, &payment, |_| booked()).await.unwrap();
    let cancelled = book_once(&seen, &cancellation, |_| booked()).await.unwrap();
    let again = book_once(&seen, &cancellation, |_| booked()).await.unwrap();
    assert_eq!(
        [paid, cancelled, again],
        [Booking::Booked, Booking::Booked, Booking::Duplicate]
    );
}

#[tokio::test]
async fn a_payment_that_another_is_booking_is_to_be_sent_again() {
    let (seen, payment) = (SeenInMemory::new(), payment().await);
    let meanwhile = book_once(&seen, &payment, |_| async {
        let other = book_once(&seen, &payment, |_| booked()).await.unwrap();
        assert_eq!(other, Booking::InProgress);
        assert_eq!(other.response(), retry_later());
        Ok::<_, Infallible>(())
    });
    let end = meanwhile.await.unwrap();
    assert_eq!(end, Booking::Booked);
    assert_eq!(end.response(), acknowledge());
    assert_eq!(Booking::Duplicate.response(), acknowledge());
}

#[tokio::test]
async fn a_booking_that_fails_is_to_be_sent_again_and_can_be_made_at_once() {
    let (seen, payment) = (SeenInMemory::new(), payment().await);
    let failed = book_once(&seen, &payment, |_| async { Err("the disk is full") }).await;
    let error = failed.unwrap_err();
    assert!(matches!(error, NotBooked::Booking("the disk is full")));
    assert_eq!(error.response(), retry_later());
    let message = error.to_string();
    assert!(message.contains("the disk is full"), "{message}");
    assert!(message.contains("sent again"), "{message}");
    let end = book_once(&seen, &payment, |_| booked()).await.unwrap();
    assert_eq!(end, Booking::Booked);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_frees_its_claim() {
    let (seen, payment) = (SeenInMemory::new().with_lease(LEASE), payment().await);
    // A process that dies is one whose future is never polled again.
    {
        let booking = book_once(&seen, &payment, |_| {
            std::future::pending::<Result<(), Infallible>>()
        });
        let mut booking = Box::pin(booking);
        let poll = std::future::poll_fn(|context| {
            assert!(booking.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        });
        poll.await;
    }
    let early = book_once(&seen, &payment, |_| booked()).await.unwrap();
    assert_eq!(early, Booking::InProgress);
    advance(LEASE).await;
    let late = book_once(&seen, &payment, |_| booked()).await.unwrap();
    assert_eq!(late, Booking::Booked);
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_renewed_for_as_long_as_the_booking_runs() {
    let seen = Arc::new(SeenInMemory::new().with_lease(LEASE));
    let payment = payment().await;
    let booking = {
        let (seen, payment) = (seen.clone(), payment.clone());
        tokio::spawn(async move {
            book_once(&seen, &payment, |_| async {
                sleep(100 * LEASE).await;
                Ok::<_, Infallible>(())
            })
            .await
        })
    };
    for _ in 0..150 {
        sleep(LEASE / 2).await;
        let other = book_once(&seen, &payment, |_| booked()).await.unwrap();
        assert_eq!(other, Booking::InProgress);
    }
    assert_eq!(booking.await.unwrap().unwrap(), Booking::Booked);
}

/// Books when it is told to, and remembers whether it did.
async fn book_when(go: Arc<Notify>, has_booked: Arc<AtomicBool>) -> Result<(), Infallible> {
    go.notified().await;
    has_booked.store(true, SeqCst);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_was_paused_past_its_lease_books_nothing() {
    let seen = Arc::new(SeenInMemory::new().with_lease(LEASE));
    let payment = payment().await;
    let (go, has_booked) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let handler = {
        let (seen, payment) = (seen.clone(), payment.clone());
        let booking = book_when(go.clone(), has_booked.clone());
        tokio::spawn(async move { book_once(&seen, &payment, |_| booking).await })
    };
    tokio::task::yield_now().await;
    // When it goes on, all is ready at the same time: its booking and its timers.
    go.notify_one();
    advance(LEASE).await;
    let ended = handler.await.unwrap();
    assert!(matches!(ended, Err(NotBooked::ClaimLost)), "{ended:?}");
    assert_eq!(ended.unwrap_err().response(), retry_later());
    assert!(!has_booked.load(SeqCst));
    let end = book_once(&seen, &payment, |_| booked()).await.unwrap();
    assert_eq!(end, Booking::Booked);
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_another_took_over_is_not_marked_as_booked() {
    let (seen, payment) = (SeenInMemory::new(), payment().await);
    let stale = claimed(&seen, payment.key(), LEASE).await;
    advance(LEASE).await;
    assert!(!seen.mark_booked(&stale).await.unwrap(), "its lease ended");
    let other = claimed(&seen, payment.key(), LEASE).await;
    assert!(!seen.mark_booked(&stale).await.unwrap());
    assert!(seen.mark_booked(&other).await.unwrap());
    assert!(!seen.mark_booked(&stale).await.unwrap());
}

/// A store that fails as often as it is told to.
#[derive(Default)]
struct Failing {
    seen: SeenInMemory,
    claim: bool,
    renew: bool,
    mark: bool,
    renewals: AtomicUsize,
}

#[derive(Debug)]
struct Locked;

impl fmt::Display for Locked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("database is locked")
    }
}

impl Error for Locked {}

impl Seen for Failing {
    type Error = Locked;

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed, Locked> {
        match self.claim {
            true => Err(Locked),
            false => Ok(self.seen.claim(key, lease).await.unwrap()),
        }
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, Locked> {
        self.renewals.fetch_add(1, SeqCst);
        match self.renew {
            true => Err(Locked),
            false => Ok(self.seen.renew(claim, lease).await.unwrap()),
        }
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool, Locked> {
        match self.mark {
            true => Err(Locked),
            false => Ok(self.seen.mark_booked(claim).await.unwrap()),
        }
    }

    async fn release(&self, _: &Claim) -> Result<(), Locked> {
        Err(Locked)
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_ends_in_retry_and_never_in_an_acknowledgement() {
    let payment = payment().await;
    let fails_to_claim = Failing {
        claim: true,
        ..Failing::default()
    };
    let ended = book_once(&fails_to_claim, &payment, |_| async {
        panic!("nothing is booked without a claim") as Result<(), Infallible>
    });
    let error = ended.await.unwrap_err();
    assert!(matches!(error, NotBooked::Store(Locked)));
    assert!(error.source().is_some_and(|source| source.is::<Locked>()));
    assert!(error.to_string().contains("database is locked"), "{error}");
    assert_eq!(error.response(), retry_later());

    let fails_to_mark = Failing {
        mark: true,
        ..Failing::default()
    };
    let ended = book_once(&fails_to_mark, &payment, |_| booked()).await;
    assert_eq!(ended.unwrap_err().response(), retry_later());

    // The booking's own error counts, whatever becomes of the release.
    let ended = book_once(&Failing::default(), &payment, |_| async { Err("full") }).await;
    assert!(matches!(ended, Err(NotBooked::Booking("full"))));
}

#[tokio::test(start_paused = true)]
async fn a_booking_is_dropped_when_its_claim_cannot_be_renewed() {
    let payment = payment().await;
    let store = Failing {
        renew: true,
        ..Failing::default()
    };
    let has_booked = AtomicBool::new(false);
    let ended = book_once(&store, &payment, |_| async {
        sleep(2 * LEASE).await;
        has_booked.store(true, SeqCst);
        Ok::<_, Infallible>(())
    });
    let ended = ended.await;
    assert!(matches!(ended, Err(NotBooked::ClaimLost)), "{ended:?}");
    assert!(!has_booked.load(SeqCst));
    assert!(store.renewals.load(SeqCst) > 1, "it tries again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_can_be_spawned() {
    let (seen, payment): (_, VerifiedPayment) = (Arc::new(SeenInMemory::new()), payment().await);
    let task = tokio::spawn(async move { book_once(&seen, &payment, |_| booked()).await });
    assert_eq!(task.await.unwrap().unwrap(), Booking::Booked);
}
