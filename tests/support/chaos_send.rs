//! Many sends and destroys at once with faults in many requests: one bill for each id.

use payssam::{
    BillId, BillState, ConfirmedDestroy, ConfirmedSend, DestroyBill, Error, NewBill, Outcome,
    PayerName, PhoneNumber, ProductName, ResultCode, SendBill, Won, callback::CallbackUrl,
};
use payssam_mock::{Event, MockServer};

use super::chaos::{Endings, all_at_once, client, inject_everything};

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

/// Every tenth id is already used, by a bill of another amount.
fn is_taken(number: usize) -> bool {
    number % 10 == 9
}

/// Sends so many bills and compares what the client reports of each with the mock server.
///
/// # Panics
///
/// When they differ, an id has two bills or stays unknown, or a task is lost.
pub async fn send(bills: usize, seed: u64) -> Endings {
    let mock = MockServer::start().await.expect("a mock server");
    for number in (0..bills).filter(|number| is_taken(*number)) {
        let other = Won::new(44_000).expect("a price");
        mock.add_bill(id(number), other).expect("a new bill");
    }
    inject_everything(&mock, seed);
    let client = client(&mock);
    let call = |number: usize| {
        let client = client.clone();
        async move {
            let send = SendBill::link(new_bill(number));
            client.bills().send_and_confirm(&send).await
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
    if ended.is_ok() {
        assert!(!is_taken(number), "{}", script());
        assert_eq!(made, 1, "{}", script());
    }
}

fn ending(number: usize, ended: &Result<ConfirmedSend, Error>, seed: u64) -> &'static str {
    match ended {
        Ok(done) if !done.confirmed_by_read() => "sent, as the response said",
        Ok(_) => "sent, as a read showed",
        Err(error) if is_taken(number) && error.code() == Some(&ResultCode::BILL_ID_USED) => {
            "rejected: the id was taken"
        }
        // The rejection was lost, and the bill that is there has another amount.
        Err(error) if is_taken(number) && error.outcome() == Outcome::Unknown => {
            "another bill has the id"
        }
        Err(_) => panic!("seed {seed}: bill-{number} ended as {ended:?}"),
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
            client.bills().destroy_and_confirm(&destroy).await
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
