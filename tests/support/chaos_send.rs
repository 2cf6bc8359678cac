//! Many sends and destroys at once with faults in many requests: one bill for each id.

use payssam::{
    BillId, BillState, ConfirmedDestroy, ConfirmedSend, DestroyBill, Error, NewBill, Outcome,
    PayerName, PhoneNumber, ProductName, SendBill, UnknownReason, Won, callback::CallbackUrl,
};
use payssam_mock::{Event, Fault, HistoryEntry, MockServer};
use std::time::Duration;
use tokio::time::timeout;

use super::chaos::{Endings, all_at_once, client, inject_everything, until_it_leaves};

fn id(number: usize) -> BillId {
    BillId::new(format!("bill-{number}")).expect("a bill id")
}

fn price() -> Won {
    Won::new(45_000).expect("a price")
}

fn new_bill(number: usize) -> NewBill {
    NewBill {
        bill_id: id(number),
        product: ProductName::new("수강료").expect("a name"),
        price: price(),
        payer: PayerName::new("김하나").expect("a name"),
        phone: PhoneNumber::new("01012345678").expect("a phone"),
        callback: CallbackUrl::new("https://academy.example/payssam").expect("an address"),
    }
}

/// What an id is when its bill is sent.
#[derive(PartialEq)]
enum Kind {
    New,
    /// A process that died may have sent the same bill.
    SentByADeadProcess,
    SentBefore,
    /// By a bill of another amount.
    Taken,
}

impl Kind {
    fn of(number: usize) -> Self {
        match number % 10 {
            7 => Kind::SentByADeadProcess,
            8 => Kind::SentBefore,
            9 => Kind::Taken,
            _ => Kind::New,
        }
    }
}

/// Sends so many bills and compares what the client reports of each with the mock server.
///
/// # Panics
///
/// When they differ, an id has two bills or stays unknown, or a task is lost.
pub async fn send(bills: usize, seed: u64) -> Endings {
    let mock = MockServer::start().await.expect("a mock server");
    let other = Won::new(44_000).expect("a price");
    for number in 0..bills {
        match Kind::of(number) {
            Kind::Taken => mock.add_bill(id(number), other),
            Kind::SentBefore => mock.add_bill(id(number), price()),
            Kind::New | Kind::SentByADeadProcess => Ok(()),
        }
        .expect("a new bill");
    }
    inject_everything(&mock, seed);
    let client = client(&mock);
    let call = |number: usize| {
        let client = client.clone();
        async move {
            let send = SendBill::link(new_bill(number));
            let bills = client.bills();
            let call = || bills.send_and_confirm(&send);
            match Kind::of(number) {
                Kind::SentByADeadProcess => {
                    let dies_after = Duration::from_millis(number as u64 / 10 % 4);
                    drop(timeout(dies_after, bills.send(&send)).await);
                    call().resuming().await
                }
                _ => until_it_leaves(call).await,
            }
        }
    };
    let look = |number: usize, ended: &Result<ConfirmedSend, Error>| {
        check_sent(&mock, number, ended, seed);
    };
    let ended_calls = all_at_once(bills, seed, call, look).await;
    let mut endings = Endings::new();
    for (number, ended) in &ended_calls {
        check_sent(&mock, *number, ended, seed);
        *endings.entry(ending(*number, ended, seed)).or_default() += 1;
    }
    endings
}

fn check_sent(mock: &MockServer, number: usize, ended: &Result<ConfirmedSend, Error>, seed: u64) {
    let bill = mock.bill(&id(number));
    let history = bill.as_ref().map(|bill| bill.history());
    let script = || format!("seed {seed}, bill-{number}: {ended:?}, but {history:?}");
    let made = history.unwrap_or_default().iter();
    let made = made.filter(|entry| *entry.event() == Event::Added).count();
    assert!(made <= 1, "{}", script());
    let Ok(sent) = ended else { return };
    assert!(Kind::of(number) != Kind::Taken, "{}", script());
    assert_eq!(made, 1, "{}", script());
    if let ConfirmedSend::AlreadyThere(_) = sent
        && Kind::of(number) == Kind::New
    {
        // Its own request took effect after it had been rejected.
        let rejected =
            |entry: &HistoryEntry| matches!(entry.fault(), Some(Fault::RejectThenApply(_)));
        let mut history = history.unwrap_or_default().iter();
        assert!(history.any(rejected), "{}", script());
    }
}

fn ending(number: usize, ended: &Result<ConfirmedSend, Error>, seed: u64) -> &'static str {
    match (Kind::of(number), ended) {
        (Kind::SentBefore, Ok(ConfirmedSend::AlreadyThere(_))) => "sent before",
        (Kind::SentBefore, Ok(_)) => "sent, perhaps before",
        (Kind::SentByADeadProcess, Ok(_)) => "sent by this process, or by one that died",
        (Kind::New, Ok(done)) if !done.confirmed_by_read() => "sent, as the response said",
        (Kind::New, Ok(_)) => "sent, as a read showed",
        (Kind::Taken, Err(error))
            if error.unknown_reason() == Some(UnknownReason::Contradiction) =>
        {
            "another bill has the id"
        }
        _ => panic!("seed {seed}: bill-{number} ended as {ended:?}"),
    }
}

/// Destroys so many bills, of which some are paid and some already destroyed, and compares what the client
/// reports of each with the mock server.
///
/// # Panics
///
/// When they differ, a bill stays unknown, or a task is lost.
pub async fn destroy(bills: usize, seed: u64) -> Endings {
    let mock = MockServer::start().await.expect("a mock server");
    for number in 0..bills {
        mock.add_bill(id(number), price()).expect("a new bill");
        match number % 10 {
            8 => mock.pay(&id(number)),
            9 => mock.destroy(&id(number)),
            _ => Ok(()),
        }
        .expect("it can be done");
    }
    inject_everything(&mock, seed);
    let client = client(&mock);
    let call = |number: usize| {
        let client = client.clone();
        async move {
            let destroy = DestroyBill::new(id(number), price());
            let bills = client.bills();
            until_it_leaves(|| bills.destroy_and_confirm(&destroy)).await
        }
    };
    let look = |number: usize, ended: &Result<ConfirmedDestroy, Error>| {
        let bill = mock.bill(&id(number)).expect("it was added");
        let script = || {
            format!(
                "seed {seed}, bill-{number}: {ended:?}, but {:?}",
                bill.history()
            )
        };
        let is_destroyed = *bill.state() == BillState::Destroyed;
        assert_eq!(ended.is_ok(), is_destroyed, "{}", script());
        if let Err(error) = ended {
            assert_ne!(error.outcome(), Outcome::Unknown, "{}", script());
            assert_eq!(number % 10, 8, "{}", script());
        }
        let destroyed = bill.history().iter();
        let destroyed = destroyed.filter(|entry| *entry.event() == Event::Destroyed);
        assert!(destroyed.clone().count() <= 1, "{}", script());
        if matches!(ended, Ok(done) if done.was_already_destroyed()) {
            let was_rejected =
                |entry: &&HistoryEntry| matches!(entry.fault(), Some(Fault::RejectThenApply(_)));
            let destroyed = destroyed.filter(|entry| !was_rejected(entry));
            let mut requested = destroyed.filter_map(|entry| entry.operation());
            assert_eq!(requested.next(), None, "{}", script());
        }
    };
    let ended_calls = all_at_once(bills, seed, call, look).await;
    let mut endings = Endings::new();
    for (number, ended) in &ended_calls {
        look(*number, ended);
        let name = match ended {
            Ok(done) if done.was_already_destroyed() => "destroyed before",
            Ok(done) if done.confirmed_by_read() => "destroyed, as a read showed",
            Ok(_) => "destroyed, as the response said",
            Err(_) => "rejected: paid",
        };
        *endings.entry(name).or_default() += 1;
    }
    endings
}
