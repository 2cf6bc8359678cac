//! Reading and sending many bills: in order, a bounded number at the same time, none missing.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod samples;
}

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{Stream, StreamExt};
use payssam::{
    BillId, BillState, Bills, ConfirmedSend, NewBill, Operation, Outcome, SendBill, Won, blocking,
};
use payssam_mock::{Fault, MockServer, Schedule};
use support::samples;

fn id(number: usize) -> BillId {
    BillId::new(format!("bill-{number}")).unwrap()
}

/// A mock server with so many bills, of which every third is paid.
async fn with_bills(count: usize) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    for number in 0..count {
        mock.add_bill(id(number), Won::new(1_000).unwrap()).unwrap();
        if number % 3 == 0 {
            mock.pay(&id(number)).unwrap();
        }
    }
    mock
}

fn state(number: usize) -> BillState {
    match number % 3 {
        0 => BillState::Paid,
        _ => BillState::Unpaid,
    }
}

#[tokio::test]
async fn many_bills_are_read_in_order_and_none_is_missing() {
    let mock = with_bills(300).await;
    // Responses come in another order.
    let slow = Fault::Latency(Duration::from_millis(20));
    mock.inject(slow, Schedule::probability(0.3, 7).unwrap());
    let bills = mock.client().unwrap().bills();
    let mut read = bills.read_many((0..300).map(id)).concurrency(16);
    for number in 0..300 {
        let (found, bill) = read.next().await.expect("none is missing");
        assert_eq!(found, id(number));
        assert_eq!(*bill.unwrap().state(), state(number));
    }
    assert!(read.next().await.is_none());
    assert!(read.next().await.is_none());
}

#[tokio::test]
async fn a_bill_that_cannot_be_read_ends_no_other() {
    let mock = with_bills(9).await;
    let bills = mock.client().unwrap().bills();
    let ids = [id(0), id(77), id(1)];
    let read: Vec<_> = bills.read_many(ids.clone()).collect().await;
    assert_eq!(
        read.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(),
        ids
    );
    let outcomes = read.iter().map(|(_, bill)| bill.as_ref().map(drop));
    let outcomes: Vec<_> = outcomes
        .map(|ended| ended.map_err(|error| error.outcome()))
        .collect();
    assert_eq!(outcomes, [Ok(()), Err(Outcome::Rejected), Ok(())]);
}

/// How many more ids were taken from an iterator than results came, at most.
async fn most_ahead<S: Stream + Unpin>(taken: Arc<AtomicUsize>, mut read: S) -> (usize, usize) {
    let (mut most, mut came) = (0, 0);
    while read.next().await.is_some() {
        most = most.max(taken.load(Ordering::SeqCst) - came);
        came += 1;
    }
    (most, came)
}

#[tokio::test]
async fn no_more_calls_than_allowed_are_made_at_the_same_time() {
    let mock = with_bills(60).await;
    let bills = mock.client().unwrap().bills();
    for (allowed, expected) in [(None, 8), (Some(3), 3), (Some(1), 1), (Some(0), 1)] {
        let taken = Arc::new(AtomicUsize::new(0));
        let counting = taken.clone();
        let ids = (0..60).map(move |number| {
            counting.fetch_add(1, Ordering::SeqCst);
            id(number)
        });
        let read = bills.read_many(ids);
        let read = match allowed {
            Some(allowed) => read.concurrency(allowed),
            None => read,
        };
        assert_eq!(
            taken.load(Ordering::SeqCst),
            0,
            "nothing before it is polled"
        );
        assert_eq!(most_ahead(taken, read).await, (expected, 60));
    }
}

fn send(number: usize) -> SendBill {
    let bill_id = id(number);
    SendBill::link(NewBill {
        bill_id,
        ..samples::new_bill()
    })
}

async fn send_all(bills: &Bills) -> Vec<(BillId, bool)> {
    let mut sent = bills.send_many((0..40).map(send)).concurrency(5);
    let mut all = Vec::new();
    while let Some((id, sent)) = sent.next().await {
        all.push((id, matches!(sent.unwrap(), ConfirmedSend::AlreadyThere(_))));
    }
    all
}

#[tokio::test]
async fn many_bills_are_sent_once_in_order_and_again_they_are_there() {
    let mock = MockServer::start().await.unwrap();
    let lost = Schedule::probability(0.3, 7)
        .unwrap()
        .on(Operation::BillSend);
    mock.inject(Fault::ApplyThenClose, lost);
    let bills = mock.client().unwrap().bills();
    let sent = send_all(&bills).await;
    assert_eq!(
        sent,
        (0..40)
            .map(|number| (id(number), false))
            .collect::<Vec<_>>()
    );
    mock.clear_faults();
    let again = send_all(&bills).await;
    assert_eq!(
        again,
        (0..40).map(|number| (id(number), true)).collect::<Vec<_>>()
    );
}

#[test]
fn a_dropped_iterator_of_a_blocking_client_begins_no_further_call() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(with_bills(1));
    let client = blocking::Client::new(mock.client().unwrap()).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let counting = taken.clone();
    let ids = std::iter::repeat_with(move || {
        counting.fetch_add(1, Ordering::SeqCst);
        id(0)
    });
    let mut read = client.bills().read_many(ids).concurrency(4);
    assert!(read.next().is_some());
    drop(read);
    // The iterator of the ids is dropped when no call can be begun any more.
    let deadline = Instant::now() + Duration::from_secs(20);
    while Arc::strong_count(&taken) > 1 {
        assert!(Instant::now() < deadline, "the calls go on");
        std::thread::sleep(Duration::from_millis(5));
    }
    // Four at the same time, one that was returned, and two that waited to be.
    let begun = taken.load(Ordering::SeqCst);
    assert!((1..=7).contains(&begun), "{begun}");
}

#[test]
fn a_blocking_client_reads_and_sends_many_as_iterators() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(with_bills(50));
    let client = blocking::Client::new(mock.client().unwrap()).unwrap();
    let read = client.bills().read_many((0..50).map(id)).concurrency(4);
    let mut count = 0;
    for (number, (found, bill)) in read.enumerate() {
        assert_eq!(found, id(number));
        assert_eq!(*bill.unwrap().state(), state(number));
        count += 1;
    }
    assert_eq!(count, 50);
    let sent = client.bills().send_many((100..120).map(send));
    assert_eq!(sent.filter(|(_, sent)| sent.is_ok()).count(), 20);
    // Inside of a runtime too.
    runtime.block_on(async {
        let mut read = client.bills().read_many([id(1)]);
        assert!(read.next().is_some() && read.next().is_none());
    });
}
