//! Sending, resending and destroying bills, with the mock server and with scripted ones: one bill for each
//! id, whatever fails.
mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    pub mod closed_port;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod samples;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod script;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BillState, CancelBill, Client, ConfirmPolicy, ConfirmedSend, DestroyBill, Error,
    NewBill, Operation, Outcome, ResendBill, ResultCode, SendBill, UnknownReason, Won,
};
use payssam_mock::{Event, Fault, MockServer, Schedule};
use serde_json::json;
use support::{
    caller::{bill_id, client},
    closed_port::ClosedPort,
    samples::{self, new_bill},
    script::{BAD_GATEWAY, ERROR, HTML, NOT_FOUND, PAID, Reply, requested, server},
    wire::Server,
};

const SENT: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","shortUrl":"https://s.example/1"}}"#,
);
const UNPAID: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W","apprPrice":"45000"}}"#,
);
const OF_ANOTHER_AMOUNT: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W","apprPrice":"44000"}}"#,
);
const DESTROYED: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"D"}}"#);
const DONE: Reply = Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001"}}"#);
const ID_USED: Reply = Reply::Body(r#"{"code":"BILL_001","message":"used","data":null}"#);
const INSUFFICIENT_POINTS: Reply =
    Reply::Body(r#"{"code":"POINT_001","message":"short","data":null}"#);
const UNLISTED: Reply = Reply::Body(r#"{"code":"NEW_001","message":"no","data":null}"#);
const CANCELLED: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"C"}}"#);
const WITHOUT_AMOUNT: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W"}}"#);
const WITH_AN_ODD_AMOUNT: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W","apprPrice":"much"}}"#,
);
const BUSY: Reply = Reply::Http("429 Too Many Requests", "");

/// Long enough for many requests.
const SOON: Duration = Duration::from_millis(300);

fn policy() -> ConfirmPolicy {
    ConfirmPolicy::new().pauses(Duration::from_millis(1), Duration::from_millis(2))
}

async fn sent(script: &[Reply], policy: ConfirmPolicy) -> (Result<ConfirmedSend, Error>, Server) {
    let server = server(script).await;
    let client = client(&server.base_url()).with_confirm(policy);
    let ended = client.bills().send_and_confirm(&samples::send()).await;
    (ended, server)
}

async fn destroyed(script: &[Reply]) -> (Result<payssam::ConfirmedDestroy, Error>, Server) {
    let server = server(script).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let ended = client
        .bills()
        .destroy_and_confirm(&samples::destroy())
        .await;
    (ended, server)
}

/// A mock server, a client of it, and the bill 2024-0001, sent.
async fn with_a_bill() -> (MockServer, Client) {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    client.bills().send(&samples::send()).await.unwrap();
    (mock, client)
}

fn code(error: &Error) -> &str {
    error.code().unwrap().as_str()
}

// The mock server

#[tokio::test]
async fn a_bill_is_sent_read_resent_paid_and_cancelled() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    let sent = client.bills().send(&samples::send()).await.unwrap();
    assert_eq!(sent.bill_id(), &bill_id());
    let link = sent.short_url().unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    assert_eq!(sent.member(), Some("mock-member"));
    assert_eq!(sent.merchant(), Some("mock-merchant"));
    let bill = client.bills().read(&bill_id()).await.unwrap();
    assert_eq!(*bill.state(), BillState::Unpaid);
    client
        .bills()
        .resend(&ResendBill::new(bill_id()))
        .await
        .unwrap();
    mock.pay(&bill_id()).unwrap();
    let cancel = CancelBill::new(bill_id(), Won::new(45_000).unwrap());
    client.bills().cancel(&cancel).await.unwrap();
    let bill = mock.bill(&bill_id()).unwrap();
    let events: Vec<&Event> = bill.history().iter().map(|entry| entry.event()).collect();
    let expected = [
        Event::Added,
        Event::Read,
        Event::Resent,
        Event::Paid,
        Event::Cancelled,
    ];
    assert_eq!(events, expected.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_link_is_sent_without_a_message() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    client
        .bills()
        .send(&SendBill::link(new_bill()))
        .await
        .unwrap();
    let body = String::from_utf8(mock.requests()[0].body().to_vec()).unwrap();
    assert!(body.contains(r#""sendType":"URL""#));
}

#[tokio::test]
async fn a_bill_id_is_used_for_good() {
    let (mock, client) = with_a_bill().await;
    let again = client.bills().send(&samples::send()).await.unwrap_err();
    assert_eq!(code(&again), "BILL_001");
    client.bills().destroy(&samples::destroy()).await.unwrap();
    let again = client.bills().send(&samples::send()).await.unwrap_err();
    assert_eq!(again.code(), Some(&ResultCode::BILL_ID_USED));
    assert_eq!(
        *mock.bill(&bill_id()).unwrap().state(),
        BillState::Destroyed
    );
}

#[tokio::test]
async fn only_an_unpaid_bill_is_resent_or_destroyed() {
    let (mock, client) = with_a_bill().await;
    mock.pay(&bill_id()).unwrap();
    let error = client
        .bills()
        .resend(&ResendBill::new(bill_id()))
        .await
        .unwrap_err();
    assert_eq!(code(&error), "BILL_006");
    let error = client
        .bills()
        .destroy(&samples::destroy())
        .await
        .unwrap_err();
    assert_eq!(code(&error), "MOCK_PAID");
    assert_eq!(*mock.bill(&bill_id()).unwrap().state(), BillState::Paid);
    let missing = BillId::new("missing").unwrap();
    let error = client
        .bills()
        .resend(&ResendBill::new(missing.clone()))
        .await
        .unwrap_err();
    assert_eq!(code(&error), "BILL_003");
    let price = Won::new(45_000).unwrap();
    let error = client
        .bills()
        .destroy(&DestroyBill::new(missing, price))
        .await;
    assert_eq!(code(&error.unwrap_err()), "BILL_003");
}

#[tokio::test]
async fn a_bill_is_destroyed_only_with_its_price_and_once() {
    let (_mock_server, client) = with_a_bill().await;
    let other = DestroyBill::new(bill_id(), Won::new(44_000).unwrap());
    let error = client.bills().destroy(&other).await.unwrap_err();
    assert_eq!(code(&error), "MOCK_PRICE_DIFFERS");
    client.bills().destroy(&samples::destroy()).await.unwrap();
    let error = client
        .bills()
        .destroy(&samples::destroy())
        .await
        .unwrap_err();
    assert_eq!(code(&error), "MOCK_DESTROYED");
}

// Mistakes that integrations made

#[tokio::test]
async fn a_three_part_hash_on_destroy_is_rejected_by_the_mock_server_and_never_sent_by_the_client()
{
    let (mock, client) = with_a_bill().await;
    let hash =
        payssam::signature::sign_with_phone(&bill_id(), "01012345678", Won::new(45_000).unwrap());
    let body = json!({"bill": {
        "billId": "2024-0001", "price": "45000", "hash": hash.unwrap().as_str(),
    }});
    let error = client.call("/bill/destroy", body).await.unwrap_err();
    assert_eq!(code(&error), "VALIDATION_002");
    client.bills().destroy(&samples::destroy()).await.unwrap();
    assert_eq!(
        *mock.bill(&bill_id()).unwrap().state(),
        BillState::Destroyed
    );
}

#[tokio::test]
async fn the_digits_that_are_sent_are_those_that_are_hashed() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    for (number, phone) in ["010-1234-5678", "010 1234 5678", "01012345678"]
        .iter()
        .enumerate()
    {
        let id = BillId::new(format!("bill-{number}")).unwrap();
        let phone = phone.parse().unwrap();
        let bill = NewBill {
            bill_id: id,
            phone,
            ..new_bill()
        };
        client
            .bills()
            .send(&SendBill::kakaotalk(bill))
            .await
            .unwrap();
        let body = String::from_utf8(mock.requests()[number].body().to_vec()).unwrap();
        assert!(body.contains(r#""phone":"01012345678""#));
    }
}

#[tokio::test]
async fn the_mock_server_rejects_a_phone_with_hyphens_a_price_with_commas_and_a_wrong_hash() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    let bill = |changed: &str, value: &str| {
        let mut bill = json!({
            "billId": "a", "sendType": "TALK", "productName": "p", "price": "45000",
            "memberName": "m", "phone": "01012345678", "callbackUrl": "https://a.example",
        });
        bill[changed] = json!(value);
        let parts = ["billId", "phone", "price"].map(|part| bill[part].as_str().unwrap());
        let hash = sha256(&parts.join(","));
        bill["hash"] = json!(hash);
        bill
    };
    for (changed, value, expected) in [
        ("phone", "010-1234-5678", "MOCK_PHONE"),
        ("price", "45,000", "MOCK_INVALID"),
        ("price", "12345678901", "VALIDATION_002"),
        ("price", "0", "MOCK_INVALID"),
        ("sendType", "SMS", "MOCK_SEND_TYPE"),
        ("expireDt", "20261231", "MOCK_EXPIRE_DT"),
        ("billId", "123456789012345678901", "VALIDATION_002"),
        ("productName", "", "VALIDATION_002"),
    ] {
        let error = client
            .call("/bill", json!({"bill": bill(changed, value)}))
            .await;
        assert_eq!(code(&error.unwrap_err()), expected, "{changed}");
    }
    let mut wrong = bill("phone", "01012345678");
    wrong["hash"] = json!(sha256("a,45000"));
    let error = client
        .call("/bill", json!({"bill": wrong}))
        .await
        .unwrap_err();
    assert_eq!(code(&error), "VALIDATION_002");
    assert!(mock.bill(&BillId::new("a").unwrap()).is_none());
    client
        .call("/bill", json!({"bill": bill("phone", "01012345678")}))
        .await
        .unwrap();
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[tokio::test]
async fn the_tax_must_be_that_of_the_price() {
    let vat = payssam::Tax::included(Won::new(44_000).unwrap());
    let error = samples::send().tax(vat).unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("44000"), "{error}");
}

// Settling an unknown send

#[tokio::test]
async fn a_response_that_says_success_needs_no_read() {
    let (ended, server) = sent(&[SENT], policy()).await;
    let done = ended.unwrap();
    assert!(!done.confirmed_by_read());
    assert_eq!(done.short_url(), Some("https://s.example/1"));
    assert_eq!(requested(&server), ["send"]);
}

#[tokio::test]
async fn a_lost_response_is_settled_by_a_read() {
    for lost in [Reply::Lost, HTML, ERROR, BAD_GATEWAY] {
        for found in [UNPAID, PAID] {
            let (ended, server) = sent(&[lost, found], policy()).await;
            let done = ended.unwrap();
            assert!(done.confirmed_by_read());
            assert_eq!(done.bill_id(), &bill_id());
            assert_eq!(done.short_url(), None);
            assert_eq!(requested(&server), ["send", "read"]);
        }
    }
}

#[tokio::test]
async fn a_bill_that_is_not_there_is_sent_again_under_the_same_id() {
    let (ended, server) = sent(&[Reply::Lost, NOT_FOUND, SENT], policy()).await;
    assert!(!ended.unwrap().confirmed_by_read());
    assert_eq!(requested(&server), ["send", "read", "send"]);
    let (_, requests) = server.received();
    let body = |request: &str| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&requests[0]), body(&requests[2]));
}

#[tokio::test]
async fn an_id_that_is_used_after_an_unknown_send_was_used_by_that_send() {
    let script = [Reply::Lost, NOT_FOUND, ID_USED, NOT_FOUND, UNPAID];
    let (ended, server) = sent(&script, policy()).await;
    assert!(ended.unwrap().confirmed_by_read());
    assert_eq!(requested(&server), ["send", "read", "send", "read", "read"]);
}

#[tokio::test]
async fn an_id_that_was_used_before_is_a_rejection() {
    let (ended, server) = sent(&[INSUFFICIENT_POINTS], policy()).await;
    assert_eq!(ended.unwrap_err().outcome(), Outcome::Rejected);
    assert_eq!(requested(&server), ["send"]);
    // By a receipt, or by a bill of another merchant.
    let (ended, server) = sent(&[ID_USED, NOT_FOUND], policy().settling(SOON)).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(code(&error), "BILL_001");
    assert!(error.is_settled());
    assert!(
        requested(&server).len() > 2,
        "it is read until that is settled"
    );
}

#[tokio::test]
async fn a_bill_that_is_already_there_is_success_and_says_so() {
    for script in [
        &[ID_USED, UNPAID][..],
        &[ID_USED, NOT_FOUND, UNPAID],
        &[ID_USED, PAID],
    ] {
        let (ended, server) = sent(script, policy()).await;
        let ConfirmedSend::AlreadyThere(done) = ended.unwrap() else {
            panic!("another call sent it");
        };
        assert!(done.confirmed_by_read() && done.short_url().is_none());
        assert_eq!(requested(&server).len(), script.len());
    }
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    let first = client.bills().send_and_confirm(&samples::send()).await;
    assert!(matches!(first, Ok(ConfirmedSend::Sent(_))));
    for _ in 0..2 {
        let again = client.bills().send_and_confirm(&samples::send()).await;
        assert!(matches!(again, Ok(ConfirmedSend::AlreadyThere(_))));
    }
}

#[tokio::test]
async fn a_bill_that_is_there_with_another_amount_is_a_contradiction() {
    let (ended, _server) = sent(&[ID_USED, OF_ANOTHER_AMOUNT], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
    assert_eq!(code(&error), "BILL_001");
    let (ended, _server) = sent(&[BAD_GATEWAY, OF_ANOTHER_AMOUNT], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
    assert_eq!(error.http_status(), Some(502), "as the write ended");
}

#[tokio::test]
async fn a_bill_that_was_destroyed_or_cancelled_is_a_rejection_by_state() {
    for (state, word) in [(DESTROYED, "destroyed"), (CANCELLED, "cancelled")] {
        for before in [ID_USED, Reply::Lost] {
            let (ended, server) = sent(&[before, state], policy()).await;
            let error = ended.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Rejected);
            assert_eq!(error.state().unwrap().to_string(), word);
            assert_eq!(requested(&server), ["send", "read"]);
        }
    }
}

#[tokio::test]
async fn a_bill_whose_amount_is_not_stated_is_this_one_only_when_resuming() {
    let (ended, _server) = sent(&[ID_USED, WITHOUT_AMOUNT], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::NoAmount));
    assert!(error.to_string().contains("use a new id"), "{error}");
    let server = server(&[ID_USED, WITHOUT_AMOUNT]).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let send = samples::send();
    let resumed = client.bills().send_and_confirm(&send).resuming().await;
    assert!(matches!(resumed, Ok(ConfirmedSend::AlreadyThere(_))));
    // The request that was lost made it: nothing was there before, or its id was new.
    for script in [
        &[Reply::Lost, WITHOUT_AMOUNT][..],
        &[Reply::Lost, NOT_FOUND, ID_USED, WITHOUT_AMOUNT],
    ] {
        let (ended, _server) = sent(script, policy()).await;
        assert!(matches!(ended, Ok(ConfirmedSend::Sent(_))));
    }
    // The id was taken before anything was seen to be missing.
    let script = [Reply::Lost, UNLISTED, ID_USED, WITHOUT_AMOUNT];
    let (ended, _server) = sent(&script, policy()).await;
    assert_eq!(
        ended.unwrap_err().unknown_reason(),
        Some(UnknownReason::NoAmount)
    );
}

#[tokio::test]
async fn a_bill_whose_amount_cannot_be_read_is_read_again() {
    let script = [ID_USED, WITH_AN_ODD_AMOUNT, UNPAID];
    let (ended, _server) = sent(&script, policy()).await;
    assert!(matches!(ended, Ok(ConfirmedSend::AlreadyThere(_))));
    for before in [ID_USED, Reply::Lost] {
        let short = policy().deadline(SOON);
        let (ended, _server) = sent(&[before, WITH_AN_ODD_AMOUNT], short).await;
        let error = ended.unwrap_err();
        assert_eq!(
            error.unknown_reason(),
            Some(UnknownReason::UnreadableAmount)
        );
    }
}

#[tokio::test]
async fn a_send_that_takes_effect_after_its_rejection_is_found() {
    let script = [UNLISTED, NOT_FOUND, NOT_FOUND, UNPAID];
    let (ended, server) = sent(&script, policy()).await;
    let ConfirmedSend::Sent(done) = ended.unwrap() else {
        panic!("reads showed that nothing was there before");
    };
    assert!(done.confirmed_by_read());
    assert_eq!(requested(&server), ["send", "read", "read", "read"]);
    let refused = policy().settling(Duration::from_millis(20)).deadline(SOON);
    let (ended, _server) = sent(&[UNLISTED], refused).await;
    let error = ended.unwrap_err();
    assert_eq!(
        error.unknown_reason(),
        Some(UnknownReason::NotRead),
        "no read found nothing"
    );
    let (ended, _server) = sent(&[UNLISTED, NOT_FOUND], policy().settling(SOON)).await;
    let error = ended.unwrap_err();
    assert_eq!(code(&error), "NEW_001");
    assert!(error.is_settled());
}

#[tokio::test]
async fn a_resumed_send_is_not_rejected_while_the_earlier_one_may_arrive() {
    let resumed = async |script: &[Reply], policy: ConfirmPolicy| {
        let server = server(script).await;
        let client = client(&server.base_url()).with_confirm(policy);
        let send = samples::send();
        let ended = client.bills().send_and_confirm(&send).resuming().await;
        (ended, server)
    };
    let script = [
        INSUFFICIENT_POINTS,
        NOT_FOUND,
        INSUFFICIENT_POINTS,
        NOT_FOUND,
    ];
    let short = policy().writes(2).deadline(SOON);
    let (ended, _server) = resumed(&script, short).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
    assert_eq!(code(&error), "POINT_001", "the last rejection is kept");
    let script = [INSUFFICIENT_POINTS, NOT_FOUND, ID_USED, NOT_FOUND, UNPAID];
    let (ended, server) = resumed(&script, policy()).await;
    assert!(matches!(ended, Ok(ConfirmedSend::AlreadyThere(_))));
    assert_eq!(requested(&server), ["send", "read", "send", "read", "read"]);
}

#[tokio::test]
async fn a_rejection_after_an_unknown_send_proves_nothing() {
    let (ended, server) = sent(
        &[Reply::Lost, NOT_FOUND, INSUFFICIENT_POINTS, UNPAID],
        policy(),
    )
    .await;
    assert!(ended.unwrap().confirmed_by_read());
    assert_eq!(requested(&server), ["send", "read", "send", "read"]);
}

#[tokio::test]
async fn a_bill_of_another_amount_under_the_id_is_not_taken_for_this_one() {
    let (ended, _server) = sent(&[Reply::Lost, OF_ANOTHER_AMOUNT], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
}

#[tokio::test]
async fn too_many_requests_is_waited_for() {
    let (ended, server) = sent(&[BUSY, BUSY, SENT], policy()).await;
    assert!(ended.is_ok());
    assert_eq!(requested(&server), ["send", "send", "send"]);
    let (ended, server) = sent(&[BUSY], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.http_status(), Some(429));
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(requested(&server).len(), 3);
}

#[tokio::test]
async fn a_send_that_is_not_settled_is_unknown_and_lists_its_attempts() {
    let (ended, server) = sent(
        &[Reply::Lost, NOT_FOUND, Reply::Lost, NOT_FOUND],
        policy().writes(2).deadline(SOON),
    )
    .await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let requests = requested(&server);
    assert_eq!(requests[..4], ["send", "read", "send", "read"]);
    assert!(requests.len() > 4 && requests[4..].iter().all(|path| *path == "read"));
    let message = error.to_string();
    assert!(message.contains("after 2 sends and "), "{message}");
    let short = policy().deadline(Duration::from_millis(300));
    let (ended, _server) = sent(&[Reply::Lost, ERROR], short).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.operation(), Some(Operation::BillSend));
}

#[tokio::test]
async fn a_request_that_never_left_is_not_followed_by_a_read() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url());
    let sent = client
        .bills()
        .send_and_confirm(&samples::send())
        .await
        .map(drop);
    let destroyed = client
        .bills()
        .destroy_and_confirm(&samples::destroy())
        .await
        .map(drop);
    for ended in [sent, destroyed] {
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.attempts().len(), 1);
    }
}

// Settling an unknown destroy

#[tokio::test]
async fn a_lost_destroy_is_settled_by_a_read_or_sent_again_while_the_bill_is_unpaid() {
    let (ended, server) = destroyed(&[DONE]).await;
    let done = ended.unwrap();
    assert!(!done.confirmed_by_read() && !done.was_already_destroyed());
    assert_eq!(requested(&server), ["destroy"]);
    let (ended, server) = destroyed(&[Reply::Lost, DESTROYED]).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read() && !done.was_already_destroyed());
    assert_eq!(done.bill_id(), &bill_id());
    assert_eq!(requested(&server), ["destroy", "read"]);
    let (ended, server) = destroyed(&[Reply::Lost, UNPAID, DONE]).await;
    assert_eq!(ended.unwrap().attempts().len(), 3);
    assert_eq!(requested(&server), ["destroy", "read", "destroy"]);
}

#[tokio::test]
async fn a_bill_that_was_already_destroyed_is_success_and_says_so() {
    let (ended, _server) = destroyed(&[INSUFFICIENT_POINTS, DESTROYED]).await;
    assert!(ended.unwrap().was_already_destroyed());
}

#[tokio::test]
async fn a_bill_that_was_paid_meanwhile_is_not_destroyed() {
    for rejection in [ID_USED, Reply::Lost] {
        let (ended, server) = destroyed(&[rejection, PAID]).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert_eq!(error.operation(), Some(Operation::BillDestroy));
        assert_eq!(requested(&server), ["destroy", "read"]);
    }
    let (ended, _server) = destroyed(&[Reply::Lost, PAID]).await;
    let message = ended.unwrap_err().to_string();
    assert!(
        message.contains("the bill is paid, and only an unpaid bill can be destroyed"),
        "{message}"
    );
}

#[tokio::test]
async fn the_futures_can_be_spawned() {
    let (mock, client) = with_a_bill().await;
    mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::BillDestroy),
    );
    let task = tokio::spawn(async move {
        client
            .bills()
            .destroy_and_confirm(&samples::destroy())
            .await?;
        let bill = NewBill {
            bill_id: BillId::generate(),
            ..new_bill()
        };
        client
            .bills()
            .send_and_confirm(&SendBill::kakaotalk(bill))
            .await
    });
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn debug_of_a_bill_does_not_show_whom_it_is_for() {
    let shown = format!("{:?} {:#?}", samples::send(), new_bill());
    for secret in ["김하나", "0101234", "1234-5678"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
