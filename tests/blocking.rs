//! The client whose calls block: the same API, inside and outside of a runtime.
use std::{fs, path::Path, thread};

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
        Err(NotVerified::Differs { .. })
    ));
    let answer = client.call("/bill/read", json!({"bill": {"billId": "2024-0001"}}));
    assert!(answer.unwrap().json().contains("2024-0001"));
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
fn another_shop_shares_the_thread_and_debug_shows_no_key() {
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

/// The names of the functions in a file that begin with this.
fn functions(file: &str, beginning: &str) -> Vec<String> {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let names = source.lines().filter_map(|line| {
        let name = line.trim_start().strip_prefix(beginning)?;
        Some(name.split(['(', '<']).next()?.to_owned())
    });
    names.collect()
}

#[test]
fn every_call_of_the_client_has_its_blocking_form() {
    for (theirs, ours) in [
        (
            &[
                "src/bill/read.rs",
                "src/bill/cancel.rs",
                "src/bill/confirm.rs",
                "src/bill/send.rs",
                "src/bill/send_confirm.rs",
                "src/bill/resend.rs",
                "src/bill/destroy.rs",
            ][..],
            "src/blocking/bills.rs",
        ),
        (
            &[
                "src/receipt/issue.rs",
                "src/receipt/cancel.rs",
                "src/receipt/history.rs",
                "src/receipt/confirm.rs",
            ],
            "src/blocking/receipts.rs",
        ),
        (&["src/points.rs"], "src/blocking/points.rs"),
        (&["src/mapping.rs"], "src/blocking/mapping.rs"),
        (
            &["src/raw_call.rs", "src/callback/verify.rs"],
            "src/blocking/mod.rs",
        ),
    ] {
        let ours = functions(ours, "pub fn ");
        let calls = theirs
            .iter()
            .flat_map(|file| functions(file, "pub async fn "));
        let calls: Vec<String> = calls.collect();
        assert!(!calls.is_empty(), "{theirs:?}");
        for call in calls {
            assert!(
                ours.contains(&call),
                "{call} of {theirs:?} has no blocking form"
            );
        }
    }
}
