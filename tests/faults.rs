//! The mock server injects the faults that it is given, and its history shows what really happened.
mod support {
    pub mod faults;
    pub mod stranger;
}

use std::time::{Duration, Instant};

use payssam::{
    BillId, BillState, CancelBill, Client, Credentials, Error, Operation, ResultCode, RetryPolicy,
    UnknownReason, Won,
};
use payssam_mock::{Event, Fault, MockServer, Schedule};
use support::{
    faults::{Seen, quick},
    stranger,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// No wait may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn id(name: &str) -> BillId {
    BillId::new(name).unwrap()
}

fn price() -> Won {
    Won::new(45_000).unwrap()
}

/// A mock server with the paid bill `bill-1`.
async fn with_paid_bill() -> MockServer {
    let mock = MockServer::start().await.unwrap();
    add_paid(&mock, "bill-1");
    mock
}

fn add_paid(mock: &MockServer, name: &str) {
    mock.add_bill(id(name), price()).unwrap();
    mock.pay(&id(name)).unwrap();
}

/// A client that makes every request once.
fn client(mock: &MockServer, time_limit: Duration) -> Client {
    Client::builder(mock.credentials().clone())
        .base_url(mock.base_url())
        .timeout(time_limit)
        .retry(RetryPolicy::off())
        .build()
        .unwrap()
}

fn events(mock: &MockServer, name: &str) -> Vec<(Event, Option<Operation>, Option<Fault>)> {
    let bill = mock.bill(&id(name)).unwrap();
    let history = bill.history().iter();
    history
        .map(|entry| (entry.event().clone(), entry.operation(), entry.fault()))
        .collect()
}

#[tokio::test]
async fn every_fault_looks_and_acts_as_documented() {
    for fault in quick() {
        let mock = with_paid_bill().await;
        mock.inject(fault, Schedule::once().on(Operation::BillCancel));
        let time_limit = match fault {
            Fault::ApplyThenHang => Duration::from_millis(300),
            _ => PATIENCE,
        };
        let client = client(&mock, time_limit);
        let cancelled = client
            .bills()
            .cancel(&CancelBill::new(id("bill-1"), price()))
            .await;
        assert_eq!(
            Seen::of(&cancelled),
            Seen::Success.through(fault),
            "{fault}"
        );
        mock.wait_until_idle().await;
        let (event, state) = match fault.applies() {
            true => (Event::Cancelled, BillState::Cancelled),
            false => (Event::NotApplied, BillState::Paid),
        };
        assert_eq!(*mock.bill(&id("bill-1")).unwrap().state(), state, "{fault}");
        assert_eq!(
            events(&mock, "bill-1")[2..],
            [(event, Some(Operation::BillCancel), Some(fault))],
        );
    }
}

#[tokio::test]
async fn faults_apply_to_reads_too() {
    for fault in quick() {
        let mock = with_paid_bill().await;
        mock.inject(fault, Schedule::once());
        let time_limit = match fault {
            Fault::ApplyThenHang => Duration::from_millis(300),
            _ => PATIENCE,
        };
        let client = client(&mock, time_limit);
        let read = client.bills().read(&id("bill-1")).await;
        assert_eq!(Seen::of(&read), Seen::Success.through(fault), "{fault}");
        if let Ok(bill) = read {
            assert_eq!(*bill.state(), BillState::Paid);
            assert_eq!(bill.approval().price(), Ok(Some(price())), "{fault}");
        }
        let again = client.bills().read(&id("bill-1")).await.unwrap();
        assert_eq!(*again.state(), BillState::Paid);
    }
}

#[tokio::test]
async fn a_late_request_is_carried_out_although_the_client_gave_up() {
    let mock = with_paid_bill().await;
    mock.inject(Fault::Latency(Duration::from_millis(400)), Schedule::once());
    let client = client(&mock, Duration::from_millis(100));
    let cancel = CancelBill::new(id("bill-1"), price());
    let error = client.bills().cancel(&cancel).await.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
    let is_cancelled = async {
        while *mock.bill(&id("bill-1")).unwrap().state() != BillState::Cancelled {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, is_cancelled).await.unwrap();
}

#[tokio::test]
async fn a_slow_request_holds_up_no_other_request() {
    let mock = with_paid_bill().await;
    add_paid(&mock, "bill-2");
    let slow_cancel = Schedule::once().on(Operation::BillCancel);
    mock.inject(Fault::Latency(PATIENCE * 2), slow_cancel);
    let client = client(&mock, PATIENCE * 3);
    let slow = tokio::spawn({
        let client = client.clone();
        async move {
            let cancel = CancelBill::new(id("bill-1"), price());
            client.bills().cancel(&cancel).await.map(drop)
        }
    });
    while mock.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for name in ["bill-2", "bill-1"] {
        let (bills, other) = (client.bills(), id(name));
        let read = timeout(PATIENCE, bills.read(&other)).await;
        let bill = read.expect("it does not wait").unwrap();
        assert_eq!((bill.bill_id(), bill.state()), (&other, &BillState::Paid));
    }
    assert!(!slow.is_finished());
    assert_eq!(mock.requests().len(), 3);
    slow.abort();
}

/// Which of the first ten requests of a bill a schedule hits.
async fn hit(mock: &MockServer, name: &str) -> Vec<u64> {
    let client = client(mock, PATIENCE);
    let mut hit = Vec::new();
    for place in 1..=10 {
        if client.bills().read(&id(name)).await.is_err() {
            hit.push(place);
        }
    }
    hit
}

#[tokio::test]
async fn a_schedule_names_the_requests() {
    let all: Vec<u64> = (1..=10).collect();
    for (schedule, expected) in [
        (Schedule::always(), &all[..]),
        (Schedule::once(), &[1]),
        (Schedule::first(3), &[1, 2, 3]),
        (Schedule::sequence([2, 5, 9]), &[2, 5, 9]),
        (Schedule::sequence([]), &[]),
        (Schedule::probability(0.0, 1).unwrap(), &[]),
        (Schedule::probability(1.0, 1).unwrap(), &all),
        (Schedule::always().on(Operation::BillRead), &all),
        (Schedule::always().on(Operation::BillCancel), &[]),
    ] {
        let mock = with_paid_bill().await;
        mock.inject(Fault::CloseAfterReading, schedule.clone());
        assert_eq!(hit(&mock, "bill-1").await, expected, "{schedule:?}");
        mock.clear_faults();
        assert_eq!(hit(&mock, "bill-1").await, [0_u64; 0]);
    }
}

#[tokio::test]
async fn a_probability_is_repeated_by_its_seed_whatever_other_faults_and_bills_there_are() {
    let hit_places = |seed, is_alone: bool| async move {
        let mock = with_paid_bill().await;
        add_paid(&mock, "bill-2");
        let never = Schedule::probability(0.0, seed).unwrap();
        if !is_alone {
            mock.inject(Fault::ApplyThenClose, never);
            hit(&mock, "bill-2").await;
        }
        mock.inject(
            Fault::CloseAfterReading,
            Schedule::probability(0.5, seed).unwrap(),
        );
        hit(&mock, if is_alone { "bill-1" } else { "bill-2" }).await
    };
    let (one, other) = (hit_places(7, true).await, hit_places(8, true).await);
    assert_eq!(one, hit_places(7, false).await);
    assert_ne!(one, other);
    for hit in [one, other] {
        assert!((1..10).contains(&hit.len()), "half of ten: {hit:?}");
    }
}

#[tokio::test]
async fn a_probability_is_a_number_from_0_to_1() {
    for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = Schedule::probability(wrong, 1).unwrap_err();
        assert!(error.to_string().contains("from 0 to 1"), "{error}");
    }
}

#[tokio::test]
async fn only_the_fault_that_was_injected_first_applies() {
    let mock = with_paid_bill().await;
    mock.inject(Fault::RedirectElsewhere, Schedule::sequence([1]));
    mock.inject(Fault::BadGateway { applied: false }, Schedule::first(2));
    let client = client(&mock, PATIENCE);
    for status in [307, 502] {
        let error = client.bills().read(&id("bill-1")).await.unwrap_err();
        assert_eq!(error.http_status(), Some(status));
    }
    client.bills().read(&id("bill-1")).await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_client_that_follows_it_is_seen() {
    let paths = |mock: &MockServer| -> Vec<String> {
        let requests = mock.requests();
        let paths = requests.iter().map(|request| request.path().to_owned());
        paths.collect()
    };
    let mock = with_paid_bill().await;
    mock.inject(Fault::RedirectElsewhere, Schedule::once());
    let own = client(&mock, PATIENCE);
    own.bills().read(&id("bill-1")).await.unwrap_err();
    assert_eq!(paths(&mock), ["/bill/read"]);

    let mock = with_paid_bill().await;
    mock.inject(Fault::RedirectElsewhere, Schedule::once());
    let following = stranger::client();
    let url = format!("{}/bill/read", mock.base_url());
    drop(
        following
            .post(url)
            .json(&serde_json::json!({}))
            .send()
            .await,
    );
    assert!(paths(&mock).len() > 1, "{:?}", paths(&mock));
}

#[tokio::test]
async fn too_many_requests_come_with_the_time_to_wait_in_whole_seconds() {
    for (wait, expected) in [(0, 0), (1, 1), (1_000, 1), (1_001, 2)] {
        let mock = with_paid_bill().await;
        let retry_after = Duration::from_millis(wait);
        mock.inject(Fault::TooManyRequests { retry_after }, Schedule::once());
        let error = client(&mock, PATIENCE)
            .bills()
            .read(&id("bill-1"))
            .await
            .unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(expected)));
    }
}

#[tokio::test]
async fn an_attempt_tells_what_came_back_and_how_long_it_took() {
    let mock = with_paid_bill().await;
    let retry_after = Duration::from_secs(7);
    mock.inject(Fault::TooManyRequests { retry_after }, Schedule::once());
    let client = client(&mock, PATIENCE);
    let begun = Instant::now();
    let error = client.bills().read(&id("bill-1")).await.unwrap_err();
    let took = begun.elapsed();
    let [attempt] = error.attempts() else {
        panic!("{} attempts", error.attempts().len());
    };
    assert_eq!(attempt.http_status(), Some(429));
    assert_eq!(attempt.retry_after(), Some(retry_after));
    let code = ResultCode::new("MOCK_TOO_MANY_REQUESTS");
    assert_eq!(attempt.code(), Some(&code));
    assert!(!attempt.elapsed().is_zero() && attempt.elapsed() <= took);

    let error = client.bills().read(&id("nobody-s")).await.unwrap_err();
    let attempt = &error.attempts()[0];
    assert_eq!(attempt.code(), error.code());
    assert_eq!(attempt.http_status(), Some(200));
    assert_eq!(attempt.retry_after(), None);
}

#[tokio::test]
async fn the_history_shows_what_really_happened() {
    let mock = with_paid_bill().await;
    let client = client(&mock, PATIENCE);
    let cancel = || CancelBill::new(id("bill-1"), price());
    mock.inject(Fault::CloseAfterReading, Schedule::sequence([2]));
    client.bills().read(&id("bill-1")).await.unwrap();
    client.bills().cancel(&cancel()).await.unwrap_err();
    mock.inject(Fault::ApplyThenClose, Schedule::once());
    client.bills().cancel(&cancel()).await.unwrap_err();
    client.bills().cancel(&cancel()).await.unwrap_err();
    let (read, cancelled) = (Some(Operation::BillRead), Some(Operation::BillCancel));
    assert_eq!(
        events(&mock, "bill-1"),
        [
            (Event::Added, None, None),
            (Event::Paid, None, None),
            (Event::Read, read, None),
            (Event::NotApplied, cancelled, Some(Fault::CloseAfterReading)),
            (Event::Cancelled, cancelled, Some(Fault::ApplyThenClose)),
            (
                Event::Rejected(ResultCode::new("MOCK_ALREADY_CANCELLED")),
                cancelled,
                None
            ),
        ]
    );
    let bill = mock.bill(&id("bill-1")).unwrap();
    assert_eq!(bill.cancellations(), 1);
    let times: Vec<_> = bill.history().iter().map(|entry| entry.at()).collect();
    assert!(times.is_sorted());
}

#[tokio::test]
async fn changes_without_a_request_are_in_the_history_too() {
    let mock = with_paid_bill().await;
    mock.cancel(&id("bill-1")).unwrap();
    mock.cancel(&id("bill-1")).unwrap_err();
    mock.add_bill(id("bill-2"), price()).unwrap();
    mock.destroy(&id("bill-2")).unwrap();
    let done = |event| (event, None, None);
    assert_eq!(
        events(&mock, "bill-1"),
        [
            done(Event::Added),
            done(Event::Paid),
            done(Event::Cancelled)
        ]
    );
    assert_eq!(
        events(&mock, "bill-2"),
        [done(Event::Added), done(Event::Destroyed)]
    );
}

#[tokio::test]
async fn the_history_is_bounded_and_keeps_every_change() {
    let mock = with_paid_bill().await;
    let client = client(&mock, PATIENCE);
    for _ in 0..1_010 {
        client.bills().read(&id("bill-1")).await.unwrap();
    }
    client
        .bills()
        .cancel(&CancelBill::new(id("bill-1"), price()))
        .await
        .unwrap();
    let events = events(&mock, "bill-1");
    assert_eq!(events.len(), 1_003);
    assert_eq!(events[0].0, Event::Added);
    assert_eq!(events[1].0, Event::Paid);
    assert_eq!(events[1_002].0, Event::Cancelled);
}

#[tokio::test]
async fn faults_apply_to_malformed_requests_without_a_panic() {
    for fault in quick() {
        let mock = with_paid_bill().await;
        mock.inject(fault, Schedule::always());
        let address = mock.base_url()["http://".len()..]
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let patience = match fault {
            Fault::ApplyThenHang => Duration::from_millis(200),
            _ => PATIENCE,
        };
        for request in [
            "POST /partner/bill/read HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n{\"a",
            "GET /partner HTTP/1.1\r\nhost: a\r\n\r\n",
            "POST /elsewhere HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n[]",
        ] {
            let request = request.replace("host: a", &format!("host: {address}"));
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut response = [0; 1];
            let first = timeout(patience, stream.read(&mut response)).await;
            let silent = matches!(first, Err(_) | Ok(Ok(0) | Err(_)));
            let ends = matches!(
                fault,
                Fault::CloseBeforeReading
                    | Fault::CloseAfterReading
                    | Fault::ApplyThenClose
                    | Fault::ApplyThenHang
                    | Fault::InProgress(_)
            );
            assert_eq!(silent, ends, "{fault}: {request}");
        }
        mock.clear_faults();
        client(&mock, PATIENCE)
            .bills()
            .read(&id("bill-1"))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_hangs_ends_with_the_mock_server() {
    let mock = with_paid_bill().await;
    mock.inject(Fault::ApplyThenHang, Schedule::always());
    let client = client(&mock, PATIENCE);
    let hanging = tokio::spawn(async move { client.bills().read(&id("bill-1")).await.map(drop) });
    while mock.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(mock);
    let error = timeout(PATIENCE, hanging)
        .await
        .unwrap()
        .unwrap()
        .unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::ConnectionLost));
}

#[test]
fn the_name_of_a_fault_is_read_back() {
    let mut names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    for (fault, name) in Fault::ALL.iter().zip(&names) {
        assert_eq!(name.parse::<Fault>().unwrap(), *fault);
        assert_eq!(fault.to_string(), *name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fault::ALL.len());
}

#[test]
fn a_name_that_does_not_exist_lists_those_that_do() {
    for wrong in ["", "Latency", "latency ", "apply_then_close", "503-html"] {
        let error = wrong.parse::<Fault>().unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }));
        for fault in Fault::ALL {
            assert!(error.to_string().contains(fault.name()), "{error}");
        }
    }
}

#[tokio::test]
async fn members_and_merchants_have_their_own_faults() {
    let merchants = MockServer::builder()
        .credentials(
            Credentials::builder()
                .api_key("key")
                .member("member")
                .merchant("store-1")
                .build()
                .unwrap(),
        )
        .start()
        .await
        .unwrap();
    let other = merchants
        .with_member("member")
        .unwrap()
        .with_merchant("store-2")
        .unwrap();
    merchants.inject(
        Fault::CloseAfterReading,
        Schedule::probability(0.5, 4).unwrap(),
    );
    for merchant in [&merchants, &other] {
        add_paid(merchant, "bill-1");
    }
    let (one, two) = (hit(&merchants, "bill-1").await, hit(&other, "bill-1").await);
    assert_ne!(one, two);
}
