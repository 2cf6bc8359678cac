//! What the helpers of an error say of each of its variants.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod closed_port;
    pub mod responses;
    pub mod samples;
    pub mod script;
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BillState, Client, ConfirmPolicy, Credentials, Error, Operation, Outcome, Rejection,
    Subject, UnknownReason,
};

use support::{
    caller::{bill_id, cancel, client},
    calls::call,
    closed_port::ClosedPort,
    responses::{REJECTION, responding},
    script::{Reply, server},
};

/// The error of an operation that gets this response.
async fn error(operation: Operation, status: u16, body: &str) -> Error {
    let server = responding(status, body).await;
    call(operation, &client(&server.base_url()))
        .await
        .unwrap_err()
}

/// Checks the helpers; `can_retry` is whether the same request can be sent once more as it is.
#[track_caller]
fn check(error: &Error, outcome: Outcome, can_retry: bool) {
    assert_eq!(error.outcome(), outcome, "{error}");
    assert_eq!(error.is_rejected(), outcome == Outcome::Rejected, "{error}");
    assert_eq!(error.is_unknown(), outcome == Outcome::Unknown, "{error}");
    assert_eq!(error.is_retryable(), can_retry, "{error}");
}

#[test]
fn invalid_input_and_a_wrong_configuration_are_not_sent_and_not_retryable() {
    let input = Error::from(BillId::new("").unwrap_err());
    assert!(matches!(input, Error::InvalidInput { .. }));
    let credentials = Credentials::builder()
        .api_key("k")
        .member("m")
        .merchant("s");
    let config = Client::builder(credentials.build().unwrap()).build();
    let config = config.unwrap_err();
    assert!(matches!(config, Error::Config { .. }));
    for error in [input, config] {
        check(&error, Outcome::NotSent, false);
        assert_eq!(error.not_sent_reason(), None);
        assert!(error.operation().is_none() && error.subject().is_none());
        assert!(error.attempts().is_empty());
    }
}

#[tokio::test]
async fn what_was_not_sent_is_retryable() {
    let closed_port = ClosedPort::new();
    for &operation in Operation::ALL {
        let ended = call(operation, &client(&closed_port.base_url())).await;
        let error = ended.unwrap_err();
        assert!(matches!(error, Error::NotSent { .. }));
        check(&error, Outcome::NotSent, true);
    }
}

#[tokio::test]
async fn a_rejection_is_retryable_only_for_a_read_that_came_too_often() {
    for &operation in Operation::ALL {
        for (status, body) in [(200, REJECTION), (400, ""), (404, REJECTION)] {
            let error = error(operation, status, body).await;
            check(&error, Outcome::Rejected, false);
        }
        let busy = error(operation, 429, "").await;
        check(&busy, Outcome::Rejected, !operation.is_write());
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_retryable_only_for_a_read() {
    for &operation in Operation::ALL {
        for (status, body) in [(502, ""), (200, "<html>"), (200, r#"{"code":"ERROR"}"#)] {
            let error = error(operation, status, body).await;
            check(&error, Outcome::Unknown, !operation.is_write());
        }
    }
}

#[tokio::test]
async fn what_failed_on_the_way_is_the_source_of_the_error() {
    let closed_port = ClosedPort::new();
    let not_sent = call(Operation::BillRead, &client(&closed_port.base_url())).await;
    let server = server(&[Reply::Lost]).await;
    let lost = call(Operation::BillRead, &client(&server.base_url())).await;
    for error in [not_sent.unwrap_err(), lost.unwrap_err()] {
        let source = std::error::Error::source(&error).expect("the error of HTTP");
        assert!(source.is::<reqwest::Error>(), "{source}");
    }
    let response = error(Operation::BillRead, 502, "").await;
    assert!(std::error::Error::source(&response).is_none());
}

#[tokio::test]
async fn a_cancellation_whose_check_was_not_sent_says_why() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url());
    let cancel = cancel().check_first();
    let error = client.bills().cancel(&cancel).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(
        error.to_string().contains("refused the connection"),
        "{error}"
    );
}

#[tokio::test]
async fn a_resumed_cancellation_that_never_left_is_unknown_and_keeps_its_cause() {
    let closed_port = ClosedPort::new();
    let policy = ConfirmPolicy::new().deadline(Duration::from_millis(50));
    let client = client(&closed_port.base_url()).with_confirm(policy);
    let cancel = cancel();
    let resumed = client.bills().cancel_and_confirm(&cancel).resuming().await;
    let error = resumed.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let source = std::error::Error::source(&error).expect("the error of HTTP");
    assert!(source.is::<reqwest::Error>(), "{source}");
}

#[test]
fn an_abandoned_request_is_unknown_by_its_time_limit() {
    for &operation in Operation::ALL {
        let error = Error::abandoned(operation, Subject::Bill(bill_id()));
        check(&error, Outcome::Unknown, !operation.is_write());
        assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
        assert_eq!(error.bill_id(), Some(&bill_id()));
    }
}

#[tokio::test]
async fn a_rejection_by_a_response_has_the_response_and_no_state() {
    let error = error(Operation::BillCancel, 404, REJECTION).await;
    let Error::Rejected { rejection, .. } = &error else {
        panic!("{error}");
    };
    let Rejection::Response(response) = rejection else {
        panic!("{rejection:?}");
    };
    assert_eq!(response.http_status(), 404);
    assert_eq!(response.code().unwrap().as_str(), "BILL_003");
    assert_eq!(response.message().raw(), "m");
    assert_eq!(error.response().unwrap().http_status(), 404);
    assert_eq!(error.http_status(), Some(404));
    assert_eq!(error.state(), None);
}

#[tokio::test]
async fn a_rejection_by_the_state_has_the_state_and_no_response() {
    let unpaid = r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"W"}}"#;
    let server = responding(200, unpaid).await;
    let client = client(&server.base_url());
    let cancel = cancel().check_first();
    let plain = client.bills().cancel(&cancel).await.map(drop);
    let confirmed = client.bills().cancel_and_confirm(&cancel).await.map(drop);
    for error in [plain.unwrap_err(), confirmed.unwrap_err()] {
        let Error::Rejected { rejection, .. } = &error else {
            panic!("{error}");
        };
        let Rejection::State { state, problem, .. } = rejection else {
            panic!("{rejection:?}");
        };
        assert_eq!(state, &Some(BillState::Unpaid));
        assert_eq!(
            &**problem,
            "the bill is unpaid, and only a paid bill can be cancelled"
        );
        assert_eq!(error.state(), Some(&BillState::Unpaid));
        assert!(error.response().is_none());
        assert_eq!((error.http_status(), error.code()), (None, None));
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        assert_eq!(error.bill_id(), Some(&bill_id()));
        check(&error, Outcome::Rejected, false);
    }
}
