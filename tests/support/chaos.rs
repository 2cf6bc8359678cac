//! Many cancellations at once with faults in many requests, and how each ended.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::faults::quick;
use payssam::{
    BillId, BillState, CancelBill, Client, ConfirmPolicy, ConfirmedCancellation, Confirming, Error,
    Operation, Outcome, RetryPolicy, Won,
};
use payssam_mock::{Event, Fault, HistoryEntry, MockServer, Schedule};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

/// The part of the requests that have a fault.
pub const FAULTY: f64 = 0.3;

/// The time limit of a request.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// A request with this latency arrives after its client has abandoned it.
const LATE: Duration = Duration::from_millis(1_500);

/// Much longer than a request that was rejected, or is in progress, takes until it is applied.
pub const SETTLING: Duration = Duration::from_secs(1);

/// How many calls are made at the same time.
const AT_ONCE: usize = 64;

/// How many calls ended in which way.
pub type Endings = BTreeMap<&'static str, usize>;

/// Cancels so many bills and compares what the client reports of each with the mock server.
///
/// # Panics
///
/// When they differ, a bill stays unknown or is cancelled twice, or a task is lost.
pub async fn run(bills: usize, seed: u64) -> Endings {
    let first = MockServer::start().await.expect("a mock server");
    // Every id is that of a bill of each of two merchants.
    let second = first.with_merchant("second").expect("a merchant");
    let mocks = [first, second];
    let mock = |number: usize| &mocks[number / 10 % 2];
    let ids: Vec<BillId> = (0..bills).map(|number| add(mock(number), number)).collect();
    inject_everything(&mocks[0], seed);
    let clients = [client(&mocks[0]), client(&mocks[1])];
    let call = |number: usize| {
        let client = clients[number / 10 % 2].clone();
        let id = ids[number].clone();
        async move {
            let cancel = request(number, id);
            let client = match Kind::of(number) {
                // Once the outcome of such a cancellation is unknown, nothing settles it.
                Kind::PaidOtherwise | Kind::Unpaid => {
                    client.with_confirm(confirm_policy().deadline(3 * SETTLING))
                }
                _ => client,
            };
            let bills = client.bills();
            let call = || bills.cancel_and_confirm(&cancel);
            match Kind::of(number) {
                Kind::CancelledByADeadProcess => {
                    let dies_after = Duration::from_millis(number as u64 / 10 % 4);
                    drop(timeout(dies_after, bills.cancel(&cancel)).await);
                    call().resuming().await
                }
                _ => until_it_leaves(call).await,
            }
        }
    };
    let look = |number: usize, ended: &Ended| check(mock(number), &ids[number], ended, seed);
    let ended_calls = all_at_once(bills, seed, call, look).await;
    let mut endings = Endings::new();
    for (number, ended) in &ended_calls {
        check(mock(*number), &ids[*number], ended, seed);
        *endings.entry(ending(*number, ended, seed)).or_default() += 1;
    }
    endings
}

/// A client with short pauses and a late deadline.
pub fn client(mock: &MockServer) -> Client {
    Client::builder(mock.credentials().clone())
        .base_url(mock.base_url())
        .timeout(TIME_LIMIT)
        .retry(RetryPolicy::new().pauses(Duration::from_millis(1), Duration::from_millis(5)))
        .confirm(confirm_policy())
        .build()
        .expect("a client")
}

pub fn confirm_policy() -> ConfirmPolicy {
    ConfirmPolicy::new()
        .writes(30)
        .deadline(Duration::from_secs(120))
        .settling(SETTLING)
        .pauses(Duration::from_millis(1), Duration::from_millis(20))
}

/// Makes so many calls, some of them at the same time, and gives how each ended, once all are over and
/// nothing can arrive late any more. `look` sees each as it ends.
///
/// # Panics
///
/// When a task is lost.
pub async fn all_at_once<F, T>(
    calls: usize,
    seed: u64,
    call: impl Fn(usize) -> F,
    look: impl Fn(usize, &T),
) -> BTreeMap<usize, T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for number in 0..calls {
        let (call, places) = (call(number), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire().await.expect("it is never closed");
            (number, call.await)
        });
    }
    let mut ended_calls = BTreeMap::new();
    while let Some(ended) = tasks.join_next().await {
        let (number, ended) = ended.unwrap_or_else(|panic| panic!("seed {seed}: {panic}"));
        look(number, &ended);
        ended_calls.insert(number, ended);
    }
    assert_eq!(ended_calls.len(), calls, "seed {seed}: a task was lost");
    sleep(LATE).await;
    ended_calls
}

/// Makes a call again whose time limit ended before there was a connection, as on a busy machine it may.
pub async fn until_it_leaves<'r, C>(call: impl Fn() -> Confirming<'r, C>) -> Result<C, Error> {
    loop {
        match call().await {
            Err(error) if error.outcome() == Outcome::NotSent => {}
            ended => return ended,
        }
    }
}

/// What a bill is when its cancellation begins.
enum Kind {
    Paid,
    /// Paid, and a process that died may have sent the same cancellation.
    CancelledByADeadProcess,
    PaidOtherwise,
    Unpaid,
    Cancelled,
}

impl Kind {
    fn of(number: usize) -> Self {
        match number % 10 {
            6 => Kind::CancelledByADeadProcess,
            7 => Kind::PaidOtherwise,
            8 => Kind::Unpaid,
            9 => Kind::Cancelled,
            _ => Kind::Paid,
        }
    }
}

fn add(mock: &MockServer, number: usize) -> BillId {
    let (tens, ones) = (number / 20, number % 10);
    let id = BillId::new(format!("bill-{tens}-{ones}")).expect("a bill id");
    let price = match Kind::of(number) {
        Kind::PaidOtherwise => 44_000,
        _ => 45_000,
    };
    let price = Won::new(price).expect("a price");
    mock.add_bill(id.clone(), price).expect("a new bill");
    match Kind::of(number) {
        Kind::Unpaid => Ok(()),
        Kind::Cancelled => mock.pay(&id).and_then(|()| mock.cancel(&id)),
        _ => mock.pay(&id),
    }
    .expect("it can be done");
    id
}

/// The cancellation; every second one checks the bill first.
fn request(number: usize, id: BillId) -> CancelBill {
    let cancel = CancelBill::new(id, Won::new(45_000).expect("a price"));
    match number / 20 % 2 {
        0 => cancel,
        _ => cancel.check_first(),
    }
}

/// Injects every fault with the same probability, so that together they hit [`FAULTY`].
pub fn inject_everything(mock: &MockServer, seed: u64) {
    let late = [Fault::Latency(LATE)];
    let faults: Vec<Fault> = quick().into_iter().chain(late).collect();
    let each = 1.0 - (1.0 - FAULTY).powf(1.0 / faults.len() as f64);
    let writes = Operation::ALL
        .iter()
        .filter(|operation| operation.is_write());
    for fault in faults {
        let schedule = || Schedule::probability(each, seed).expect("a probability");
        match fault {
            // A read that is rejected changes nothing, and ends a call that checks first.
            Fault::RejectThenApply(_) => {
                for write in writes.clone() {
                    mock.inject(fault, schedule().on(*write));
                }
            }
            _ => mock.inject(fault, schedule()),
        }
    }
}

type Ended = Result<ConfirmedCancellation, Error>;

/// Compares what the client reports with the mock server.
fn check(mock: &MockServer, id: &BillId, ended: &Ended, seed: u64) {
    let bill = mock.bill(id).expect("it was added");
    let script = || format!("seed {seed}, {id}: {ended:?}, but {:?}", bill.history());
    let is_cancelled = *bill.state() == BillState::Cancelled;
    match ended {
        Ok(_) => assert!(is_cancelled, "{}", script()),
        Err(error) => {
            let is_known = error.outcome() != Outcome::Unknown;
            let can_be_cancelled = bill.price() == Won::new(45_000).expect("a price")
                && *bill.state() != BillState::Unpaid;
            assert!(is_known || !can_be_cancelled, "{}", script());
            assert!(!is_cancelled, "{}", script());
            assert!(!is_known || error.is_settled(), "{}", script());
        }
    }
    if let Ok(done) = ended
        && done.was_already_cancelled()
    {
        let cancelled = bill
            .history()
            .iter()
            .find(|entry| *entry.event() == Event::Cancelled);
        let was_rejected =
            |entry: &HistoryEntry| matches!(entry.fault(), Some(Fault::RejectThenApply(_)));
        assert!(
            cancelled.is_some_and(|entry| entry.operation().is_none() || was_rejected(entry)),
            "{}",
            script()
        );
    }
    assert!(bill.cancellations() <= 1, "{}", script());
    let is_resumed = id.as_str().ends_with("-6");
    let repeats = !is_resumed && repeats_what_was_done(bill.history());
    assert!(!repeats, "{}", script());
}

/// Whether the client sent a cancellation although it could know that the bill was cancelled.
///
/// It could not know when one of the two arrived late.
fn repeats_what_was_done(history: &[HistoryEntry]) -> bool {
    let is_late = |entry: &HistoryEntry| {
        matches!(
            entry.fault(),
            Some(Fault::Latency(_) | Fault::InProgress(_) | Fault::RejectThenApply(_))
        )
    };
    let mut later = history
        .iter()
        .skip_while(|entry| *entry.event() != Event::Cancelled || entry.operation().is_none());
    match later.next() {
        Some(done) if !is_late(done) => {
            later.any(|entry| entry.operation() == Some(Operation::BillCancel) && !is_late(entry))
        }
        _ => false,
    }
}

/// Names how a call ended; what is possible depends on its bill.
fn ending(number: usize, ended: &Ended, seed: u64) -> &'static str {
    match (Kind::of(number), ended) {
        (Kind::Paid, Ok(done)) if !done.confirmed_by_read() => "cancelled, as the response said",
        (Kind::Paid, Ok(_)) => "cancelled, as a read showed",
        (Kind::Cancelled, Ok(done)) if done.was_already_cancelled() => "cancelled before",
        (Kind::Cancelled, Ok(_)) => "cancelled, perhaps before",
        (Kind::CancelledByADeadProcess, Ok(done)) if !done.was_already_cancelled() => {
            "cancelled by this process, or by one that died"
        }
        (Kind::PaidOtherwise, Err(error)) if error.is_unknown() => "unknown: another amount",
        (Kind::PaidOtherwise, Err(_)) => "rejected: another amount",
        (Kind::Unpaid, Err(error)) if error.is_unknown() => "unknown: not paid",
        (Kind::Unpaid, Err(_)) => "rejected: not paid",
        _ => panic!("seed {seed}: bill-{number} ended as {ended:?}"),
    }
}
