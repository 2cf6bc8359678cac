//! A payment is verified without a callback by the same read, and ends in the same types.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod script;
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BillState, Client, Error, RetryPolicy, UnknownReason, VerifyLimit, Won, blocking,
    callback::{ApprovalCallback, NotVerified, Part, VerifiedPayment},
};
use payssam_mock::{Fault, MockServer, Schedule};
use support::{
    caller::{bill_id, client},
    script::{BAD_GATEWAY, NOT_FOUND, PAID, Reply, server},
};

fn price() -> Won {
    Won::new(45_000).unwrap()
}

/// A mock server with an unpaid bill.
async fn mock() -> MockServer {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(bill_id(), price()).unwrap();
    mock
}

/// A client that retries a read, without pauses.
fn retrying(base_url: &str, attempts: u32) -> Client {
    let policy = RetryPolicy::new()
        .attempts(attempts)
        .pauses(Duration::ZERO, Duration::ZERO);
    client(base_url).with_retry(policy)
}

#[tokio::test]
async fn a_payment_without_a_callback_is_the_same_as_one_with_it() {
    let mock = mock().await;
    mock.pay(&bill_id()).unwrap();
    let client = mock.client().unwrap();
    let plain: VerifiedPayment = client.bills().verify_payment(&bill_id()).await.unwrap();
    let expecting = client.bills().verify_payment(&bill_id());
    let expecting = expecting.expecting(price()).await.unwrap();
    let callback = ApprovalCallback::parse(br#"{"billId":"2024-0001"}"#).unwrap();
    let called_back = callback.verify(&client).await.unwrap();
    for payment in [plain, expecting] {
        assert_eq!(payment.key(), called_back.key());
        assert_eq!(payment.amount(), called_back.amount());
        assert_eq!(payment.approval_number(), called_back.approval_number());
        assert_eq!(payment.member(), client.credentials().member());
        assert_eq!(payment.merchant(), client.credentials().merchant());
    }
}

#[tokio::test]
async fn a_payment_of_another_amount_is_not_verified_and_shows_what_was_read() {
    let mock = mock().await;
    mock.pay(&bill_id()).unwrap();
    let bills = mock.client().unwrap().bills();
    let more = Won::new(45_001).unwrap();
    let error = bills.verify_payment(&bill_id()).expecting(more).await;
    let error = error.unwrap_err();
    assert!(
        matches!(
            error,
            NotVerified::Differs {
                part: Part::Amount,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.amount(), Some(price()));
    assert_eq!(error.state(), Some(&BillState::Paid));
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("45000 won"), "{error}");
}

#[tokio::test]
async fn it_is_retryable_while_the_bill_reads_unpaid_or_is_not_found() {
    let mock = mock().await;
    let bills = mock.client().unwrap().bills();
    let missing = BillId::new("missing").unwrap();
    for id in [bill_id(), missing] {
        let error = bills.verify_payment(&id).expecting(price()).await;
        assert!(error.unwrap_err().is_retryable(), "{id}");
    }
    mock.pay(&bill_id()).unwrap();
    drop(bills.verify_payment(&bill_id()).await.unwrap());
    mock.cancel(&bill_id()).unwrap();
    let error = bills.verify_payment(&bill_id()).await.unwrap_err();
    assert!(!error.is_retryable(), "{error}");
    assert!(error.cancellation().is_some(), "{error}");
}

#[tokio::test]
async fn a_read_is_retried_by_the_policy_of_the_client() {
    let server = server(&[BAD_GATEWAY, BAD_GATEWAY, PAID]).await;
    let client = retrying(&server.base_url(), 3);
    drop(client.bills().verify_payment(&bill_id()).await.unwrap());
    assert_eq!(server.received().1.len(), 3);
}

#[tokio::test]
async fn it_ends_within_its_time_whatever_the_retry_policy() {
    for reply in [Reply::Never, BAD_GATEWAY] {
        let server = server(&[reply]).await;
        let limited = Client::builder(client(&server.base_url()).credentials().clone())
            .base_url(server.base_url())
            .retry(
                RetryPolicy::new()
                    .attempts(u32::MAX)
                    .pauses(Duration::from_millis(20), Duration::from_millis(20)),
            )
            .verify_limit(VerifyLimit::new().time(Duration::from_millis(200)))
            .build()
            .unwrap();
        let ended = limited.bills().verify_payment(&bill_id());
        let ended = tokio::time::timeout(Duration::from_secs(20), ended.into_future());
        let error = ended.await.expect("a time limit").unwrap_err();
        assert!(error.is_retryable());
        let NotVerified::NotRead(Error::OutcomeUnknown { reason, .. }) = error else {
            panic!("{error}");
        };
        assert_eq!(reason, UnknownReason::Timeout);
    }
}

#[tokio::test]
async fn the_limits_of_callbacks_do_not_count_it() {
    let server = server(&[NOT_FOUND]).await;
    let limited = Client::builder(client(&server.base_url()).credentials().clone())
        .base_url(server.base_url())
        .verify_limit(VerifyLimit::new().per_minute(1).per_bill_and_minute(1))
        .build()
        .unwrap();
    for _ in 0..10 {
        let error = limited.bills().verify_payment(&bill_id()).await;
        assert!(matches!(error.unwrap_err(), NotVerified::NotRead(_)));
    }
    assert_eq!(server.received().1.len(), 10);
    let callback = ApprovalCallback::parse(br#"{"billId":"2024-0001"}"#).unwrap();
    let error = callback.verify(&limited).await.unwrap_err();
    assert!(matches!(error, NotVerified::NotRead(_)), "{error}");
}

#[tokio::test]
async fn a_read_that_does_not_name_the_bill_verifies_nothing() {
    let nameless = Reply::Body(r#"{"code":"0000","data":{"apprState":"F","apprPrice":"45000"}}"#);
    let server = server(&[nameless]).await;
    let bills = client(&server.base_url()).bills();
    let error = bills.verify_payment(&bill_id()).await.unwrap_err();
    let NotVerified::NotRead(Error::OutcomeUnknown { reason, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!(reason, UnknownReason::NoBillId);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_spawned_with_an_owned_handle() {
    let mock = mock().await;
    mock.pay(&bill_id()).unwrap();
    let bills = mock.client().unwrap().bills();
    let task = tokio::spawn(async move { bills.verify_payment(&bill_id()).await });
    assert_eq!(task.await.unwrap().unwrap().amount(), price());
    let bills = mock.client().unwrap().bills();
    let verify = bills.verify_payment(&bill_id()).expecting(price());
    drop(bills);
    let task = tokio::spawn(verify.into_future());
    assert_eq!(task.await.unwrap().unwrap().amount(), price());
}

#[test]
fn it_has_a_blocking_form() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(mock());
    let client = blocking::Client::new(mock.client().unwrap()).unwrap();
    let verify = || client.bills().verify_payment(&bill_id());
    assert!(verify().wait().unwrap_err().is_retryable());
    mock.pay(&bill_id()).unwrap();
    assert_eq!(verify().wait().unwrap().amount(), price());
    assert!(verify().expecting(price()).wait().is_ok());
    let error = verify().expecting(Won::new(1).unwrap()).wait();
    assert_eq!(error.unwrap_err().amount(), Some(price()));
    mock.inject(Fault::ErrorCode { applied: false }, Schedule::always());
    assert!(verify().wait().unwrap_err().is_retryable());
}
