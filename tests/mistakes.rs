//! Mistakes that integrations of PaySsam are known to have made: with this client they are impossible, or
//! they are errors.
mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod log;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod samples;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::{collections::HashSet, time::Duration};

use payssam::{
    BillId, BillState, CancelReason, Client, Credentials, KoreanTime, NewBill, Operation, Outcome,
    RetryPolicy, SendBill, Won, callback::ApprovalCallback, signature,
};
use payssam_mock::{Event, Fault, MockServer, Schedule};
use serde_json::Value;
use support::{
    caller::{API_KEY, bill_id, cancel, client},
    log::Log,
    samples,
    wire::{Action, Server, http},
};

fn body(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

/// The body of the one request that this server received.
fn sent(server: &Server) -> Value {
    let (_, requests) = server.received();
    assert_eq!(requests.len(), 1);
    body(&requests[0])
}

async fn saying(body: &'static str) -> Server {
    Server::start(move |_| Action::Write(http("200 OK", body))).await
}

#[tokio::test]
async fn a_destroy_has_a_hash_of_two_parts() {
    let server = saying("{}").await;
    let _ = client(&server.base_url())
        .bills()
        .destroy(&samples::destroy())
        .await;
    let hash = signature::sign(&bill_id(), Won::new(45_000).unwrap());
    assert_eq!(sent(&server)["bill"]["hash"], hash.as_str());
}

#[tokio::test]
async fn the_phone_in_the_hash_is_the_phone_in_the_body() {
    let server = saying("{}").await;
    let phone = "010-1234-5678".parse().unwrap();
    let bill = NewBill {
        phone,
        ..samples::new_bill()
    };
    let _ = client(&server.base_url())
        .bills()
        .send(&SendBill::kakaotalk(bill))
        .await;
    let bill = &sent(&server)["bill"];
    let phone = bill["phone"].as_str().unwrap();
    let price = Won::new(45_000).unwrap();
    let hash = signature::sign_with_phone(&bill_id(), phone, price).unwrap();
    assert_eq!(bill["hash"], hash.as_str());
    assert_eq!(phone, "01012345678");
}

#[test]
fn a_price_has_no_commas() {
    assert!("45,000".parse::<Won>().is_err());
    assert_eq!(Won::new(45_000).unwrap().to_string(), "45000");
}

#[tokio::test]
async fn nothing_is_sent_elsewhere_after_an_http_error() {
    for status in [
        "404 Not Found",
        "500 Internal Server Error",
        "503 Service Unavailable",
    ] {
        let server = Server::start(move |_| Action::Write(http(status, ""))).await;
        let credentials = Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap();
        let client = Client::builder(credentials)
            .base_url(server.base_url())
            .retry(RetryPolicy::new().pauses(Duration::ZERO, Duration::ZERO))
            .build()
            .unwrap();
        assert!(client.bills().send(&samples::send()).await.is_err());
        let (_, requests) = server.received();
        assert_eq!(requests.len(), 1, "{status}");
        assert!(requests[0].starts_with("POST /bill HTTP"), "{status}");
    }
}

#[test]
fn ids_of_one_millisecond_do_not_collide() {
    let ids: HashSet<BillId> = (0..10_000).map(|_| BillId::generate()).collect();
    assert_eq!(ids.len(), 10_000);
}

#[test]
fn a_cancel_reason_has_at_most_20_characters() {
    assert!(CancelReason::new("가".repeat(20)).is_ok());
    assert!(CancelReason::new("가".repeat(21)).is_err());
}

#[test]
fn the_letter_c_is_not_collected_but_cancelled() {
    assert_eq!(BillState::from_letter("C"), BillState::Cancelled);
    assert_eq!(BillState::from_letter("C").to_string(), "cancelled");
}

#[test]
fn a_callback_of_a_registration_is_no_payment_whatever_its_status() {
    for status in [
        "INITIALIZED",
        "MEMBER_MAPPED",
        "MERCHANT_OPENING",
        "COMPLETED",
        "PAUSED",
    ] {
        let body = format!(r#"{{"status":"{status}","memberId":"m","merchantId":"s"}}"#);
        assert!(
            ApprovalCallback::parse(body.as_bytes()).is_err(),
            "{status}"
        );
    }
}

#[tokio::test]
async fn the_key_is_in_no_line_of_the_log() {
    let log = Log::default();
    let recording = log.of_this_thread();
    let mock = MockServer::start().await.unwrap();
    mock.inject(Fault::ServerError { applied: true }, Schedule::once());
    let client = mock.client().unwrap();
    let _ = client.bills().send(&samples::send()).await;
    let _ = client.receipts().issue(&samples::issue()).await;
    let _ = client.points().partner().await;
    drop(recording);
    let lines = log.take();
    assert!(lines.contains("payssam.request"), "{lines}");
    for secret in [payssam_mock::API_KEY, "01012345678", "김하나"] {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
}

#[test]
fn fourteen_digits_are_korean_time() {
    let time: KoreanTime = "20260102030405".parse().unwrap();
    assert_eq!(time.timestamp().to_string(), "2026-01-01T18:04:05Z");
}

#[tokio::test]
async fn a_cancellation_that_timed_out_is_not_a_failed_one() {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(bill_id(), Won::new(45_000).unwrap()).unwrap();
    mock.pay(&bill_id()).unwrap();
    let once = Schedule::once().on(Operation::BillCancel);
    mock.inject(Fault::ApplyThenHang, once);
    let client = Client::builder(mock.credentials().clone())
        .base_url(mock.base_url())
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let error = client.bills().cancel(&cancel()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(
        error.to_string().contains("return money by hand"),
        "{error}"
    );
    let bill = mock.bill(&bill_id()).unwrap();
    let events = bill.history().iter().map(|entry| entry.event());
    assert_eq!(
        events.filter(|event| **event == Event::Cancelled).count(),
        1
    );
    let done = client.bills().cancel_and_confirm(&cancel()).await.unwrap();
    assert!(done.was_already_cancelled());
}
