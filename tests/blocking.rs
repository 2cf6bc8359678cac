//! The client whose calls block: the same API, inside and outside of a runtime.
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use payssam::{
    BillId, BillState, CancelBill, Outcome, ResendBill, Won, blocking,
    callback::{ApprovalCallback, NotVerified},
};
use payssam_mock::MockServer;
use serde_json::json;
use tokio::runtime::Runtime;

fn id() -> BillId {
    BillId::new("2024-0001").unwrap()
}

fn price() -> Won {
    Won::new(45_000).unwrap()
}

/// A mock server with a paid bill, and the runtime that it runs on.
fn mock() -> (Runtime, MockServer) {
    let runtime = Runtime::new().unwrap();
    let mock = runtime.block_on(MockServer::start()).unwrap();
    mock.add_bill(id(), price()).unwrap();
    mock.pay(&id()).unwrap();
    (runtime, mock)
}

fn client(mock: &MockServer) -> blocking::Client {
    blocking::Client::new(mock.client().unwrap()).unwrap()
}

#[test]
fn it_works_outside_of_a_runtime() {
    let (_runtime, mock) = mock();
    let client = client(&mock);
    assert_eq!(
        *client.bills().read(&id()).unwrap().state(),
        BillState::Paid
    );
    let callback = json!({"billId": "2024-0001", "apprState": "F", "apprPrice": "45000"});
    let callback = ApprovalCallback::parse(callback.to_string().as_bytes()).unwrap();
    assert_eq!(client.verify(&callback).unwrap().amount(), price());
    let done = client
        .bills()
        .cancel_and_confirm(&CancelBill::new(id(), price()));
    assert!(!done.unwrap().was_already_cancelled());
    let error = client
        .bills()
        .cancel(&CancelBill::new(id(), price()))
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert!(matches!(
        client.verify(&callback),
        Err(NotVerified::CancelledSince(_))
    ));
    let response = client.call("/bill/read", json!({"bill": {"billId": "2024-0001"}}));
    assert!(response.unwrap().json().contains("2024-0001"));
}

#[test]
fn it_works_inside_of_a_runtime_and_is_dropped_there() {
    let (_runtime, mock) = mock();
    for runtime in [
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build(),
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build(),
    ] {
        let mock = mock.clone();
        runtime.unwrap().block_on(async move {
            let client = client(&mock);
            let bill = client.bills().read(&id()).unwrap();
            assert_eq!(*bill.state(), BillState::Paid);
            drop(client);
        });
    }
}

#[test]
fn threads_share_one_client() {
    let (_runtime, mock) = mock();
    let client = client(&mock);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    client.bills().read(&id()).unwrap();
                }
            });
        }
    });
    assert_eq!(mock.requests().len(), 80);
}

#[test]
fn another_merchant_shares_the_thread_and_debug_shows_no_key() {
    let (_runtime, mock) = mock();
    let client = client(&mock);
    let other = client.with_member("m").unwrap().with_merchant("s").unwrap();
    assert_eq!(other.credentials().member(), "m");
    let error = other.bills().read(&id()).unwrap_err();
    assert_eq!(error.code().unwrap().as_str(), "BILL_003");
    let shown = format!("{client:?}");
    assert!(shown.starts_with("blocking::Client("), "{shown}");
    assert!(!shown.contains(payssam_mock::API_KEY), "{shown}");
}

#[test]
fn the_whole_life_of_a_bill_is_there() {
    use payssam::{
        DestroyBill, IssueReceipt, NewBill, PhoneNumber, ReceiptHolder, SendBill,
        callback::CallbackUrl,
    };
    let (_runtime, mock) = mock();
    let client = client(&mock);
    let bill = NewBill {
        bill_id: BillId::generate(),
        product: "수강료".parse().unwrap(),
        price: price(),
        payer: "김하나".parse().unwrap(),
        phone: PhoneNumber::new("01012345678").unwrap(),
        callback: CallbackUrl::new("https://academy.example").unwrap(),
    };
    let (id, holder) = (
        bill.bill_id.clone(),
        ReceiptHolder::Person(bill.phone.clone().into()),
    );
    client
        .bills()
        .send_and_confirm(&SendBill::kakaotalk(bill))
        .unwrap();
    client.bills().resend(&ResendBill::new(id.clone())).unwrap();
    let destroy = DestroyBill::new(id, price());
    client.bills().destroy_and_confirm(&destroy).unwrap();
    let issue = IssueReceipt::taxed(price()).to(BillId::generate(), holder);
    client.receipts().issue(&issue.clone()).unwrap();
    let cancellation = issue.cancellation();
    client.receipts().cancel_and_confirm(&cancellation).unwrap();
    let history = client.receipts().read(issue.bill_id(), price()).unwrap();
    assert_eq!(history.entries().unwrap().len(), 2);
    assert!(
        client
            .points()
            .partner()
            .unwrap()
            .balance()
            .unwrap()
            .is_some()
    );
}

/// The source of every file below a folder of the library.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false => found.push((path.clone(), fs::read_to_string(&path).unwrap())),
        }
    }
    found
}

#[test]
fn every_call_of_the_client_has_a_blocking_form() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let blocking = library.join("blocking");
    let ours: String = sources(&blocking)
        .into_iter()
        .map(|(_, source)| source)
        .collect();
    let mut calls = 0;
    for (file, source) in sources(&library) {
        if file.starts_with(&blocking) {
            continue;
        }
        for line in source.lines() {
            let line = line.trim_start();
            let call = match line.strip_prefix("pub fn ") {
                Some(call) if line.contains("_and_confirm<") || line.contains("_many<") => call,
                _ => match line.strip_prefix("pub async fn ") {
                    Some(call) => call,
                    None => continue,
                },
            };
            let name = call.split(['(', '<']).next().unwrap();
            let is_there = ours.lines().any(|line| {
                let line = line.trim_start();
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let line = line.strip_prefix("fn ").unwrap_or(line);
                let after = line.strip_prefix(name);
                after.is_some_and(|after| after.starts_with(['(', '<']))
            });
            assert!(
                is_there,
                "{name} of {} has no blocking form",
                file.display()
            );
            calls += 1;
        }
    }
    assert!(calls >= 16, "{calls}");
}
