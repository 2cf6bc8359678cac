//! What `cancel_and_confirm` and `check_first` promise: a certain outcome, or an error that says that it
//! is unknown.

mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod script;
    pub mod wire;
}

use std::time::{Duration, Instant};

use payssam::{
    BillState, Client, ConfirmPolicy, ConfirmedCancellation, Error, NotSentReason, Operation,
    Outcome, UnknownReason, Won,
};
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::json;

use support::{
    caller::{bill_id, cancel, client},
    closed_port::ClosedPort,
    script::{BAD_GATEWAY, CANCEL_DONE, ERROR, HTML, NOT_FOUND, PAID, Reply, requested, server},
    wire::Server,
};

const CANCELLED: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"C","apprPrice":"45000","apprNum":"2","apprOriginNum":"1","apprDt":"20240102030405"}}"#,
);
const UNPAID: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W"}}"#);
const DESTROYED: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"D"}}"#);
const NEW_STATE: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"X"}}"#);
const REJECTED: Reply = Reply::Body(r#"{"code":"NEW_001","message":"no","data":null}"#);

const BUSY: Reply = Reply::Http("429 Too Many Requests", "");
const WRONG_PRICE: Reply =
    Reply::Body(r#"{"code":"VALIDATION_002","message":"wrong hash","data":null}"#);
const OF_ANOTHER_AMOUNT: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"F","apprPrice":"44000"}}"#,
);

/// Long enough for many requests.
const SOON: Duration = Duration::from_millis(300);

/// No test may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn policy() -> ConfirmPolicy {
    ConfirmPolicy::new().pauses(Duration::from_millis(5), Duration::from_millis(5))
}

/// A short deadline, for scripts that never settle the outcome.
fn short() -> ConfirmPolicy {
    policy().deadline(Duration::from_secs(1))
}

async fn confirmed(
    client: &Client,
    cancel: payssam::CancelBill,
) -> Result<ConfirmedCancellation, Error> {
    let ended = tokio::time::timeout(PATIENCE, client.bills().cancel_and_confirm(&cancel)).await;
    ended.expect("it ends")
}

/// Cancels and confirms with a server that follows this script.
async fn confirm(
    script: &[Reply],
    policy: ConfirmPolicy,
) -> (Result<ConfirmedCancellation, Error>, Server) {
    let server = server(script).await;
    let client = client(&server.base_url()).with_confirm(policy);
    (confirmed(&client, cancel()).await, server)
}

#[tokio::test]
async fn a_response_that_says_success_needs_no_read() {
    let (ended, server) = confirm(&[CANCEL_DONE], policy()).await;
    let done = ended.unwrap();
    assert!(!done.was_already_cancelled());
    assert!(!done.confirmed_by_read());
    assert_eq!(done.approval_number(), Some("2"));
    assert!(done.response().is_some() && done.read().is_none());
    assert_eq!(requested(&server), ["cancel"]);
}

#[tokio::test]
async fn a_lost_response_is_settled_by_a_read() {
    for lost in [
        Reply::Lost,
        HTML,
        ERROR,
        BAD_GATEWAY,
        Reply::Http("408 Request Timeout", ""),
        Reply::Http("307 Temporary Redirect", "location: /\r\n"),
    ] {
        let (ended, server) = confirm(&[lost, CANCELLED], policy()).await;
        let done = ended.unwrap();
        assert!(done.confirmed_by_read());
        assert!(!done.was_already_cancelled());
        assert_eq!(done.bill_id(), &bill_id());
        assert_eq!(done.approval_number(), Some("2"));
        assert_eq!(done.original_approval_number(), Some("1"));
        let at = done.cancelled_at().unwrap().expect("a time");
        assert_eq!(at.to_string(), "2024-01-02T03:04:05+09:00");
        assert_eq!(requested(&server), ["cancel", "read"]);
        let ended: Vec<_> = done
            .attempts()
            .iter()
            .map(|attempt| (attempt.operation(), attempt.outcome()))
            .collect();
        assert_eq!(
            ended,
            [
                (Operation::BillCancel, Some(Outcome::Unknown)),
                (Operation::BillRead, None),
            ]
        );
    }
}

#[tokio::test]
async fn a_bill_that_is_still_paid_is_cancelled_again() {
    let (ended, server) = confirm(&[Reply::Lost, PAID, CANCEL_DONE], policy()).await;
    assert!(!ended.unwrap().confirmed_by_read());
    assert_eq!(requested(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_rejection_after_a_lost_response_is_settled_by_a_read() {
    let (ended, server) = confirm(&[Reply::Lost, PAID, REJECTED, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read());
    assert!(
        !done.was_already_cancelled(),
        "the first one may have been it"
    );
    assert_eq!(requested(&server), ["cancel", "read", "cancel", "read"]);
}

#[tokio::test]
async fn while_one_write_is_unknown_no_rejection_proves_that_nothing_changed() {
    for lost in [Reply::Lost, ERROR, BAD_GATEWAY] {
        for rejection in [REJECTED, WRONG_PRICE, Reply::Http("400 Bad Request", "")] {
            let (ended, server) =
                confirm(&[lost, PAID, rejection, PAID], policy().deadline(SOON)).await;
            let error = ended.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown);
            assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
            assert!(!error.is_settled());
            assert!(requested(&server).len() > 4, "it reads until the deadline");
        }
    }
    let (ended, _server) = confirm(
        &[Reply::Lost, PAID, WRONG_PRICE, PAID],
        policy().deadline(SOON),
    )
    .await;
    let error = ended.unwrap_err();
    assert_eq!(
        error.code().unwrap().as_str(),
        "VALIDATION_002",
        "the last rejection is kept"
    );
    let message = error.to_string();
    for part in [
        "bill cancel outcome unknown after 2 cancellations and ",
        "last read as paid: an earlier request may still be carried out",
        "HTTP 200, VALIDATION_002 wrong hash (bill 2024-0001); ",
        "read the bill before you repeat it or return money by hand",
        "if it stays paid and the price was wrong, cancel it with the price that the read shows",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_cancellation_in_progress_that_refuses_the_next_one_is_found() {
    let script = [Reply::Lost, PAID, REJECTED, PAID, PAID, CANCELLED];
    let (ended, server) = confirm(&script, policy()).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read() && !done.was_already_cancelled());
    assert_eq!(requested(&server).len(), script.len());
}

#[tokio::test]
async fn after_a_rejection_a_cancellation_is_sent_again_when_the_settling_time_is_over() {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(bill_id(), Won::new(44_000).unwrap()).unwrap();
    mock.pay(&bill_id()).unwrap();
    let lost = Schedule::once().on(Operation::BillCancel);
    mock.inject(Fault::CloseAfterReading, lost);
    let policy = policy().settling(Duration::from_millis(20));
    let client = mock.client().unwrap().with_confirm(policy.deadline(SOON));
    let error = confirmed(&client, cancel()).await.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
    let sent = error.attempts().iter();
    let sent = sent.filter(|attempt| attempt.operation() == Operation::BillCancel);
    assert_eq!(sent.count(), 3, "as often as the policy says");
}

async fn resumed(
    script: &[Reply],
    policy: ConfirmPolicy,
) -> (Result<ConfirmedCancellation, Error>, Server) {
    let server = server(script).await;
    let client = client(&server.base_url()).with_confirm(policy);
    let cancel = cancel();
    let call = client.bills().cancel_and_confirm(&cancel).resuming();
    let ended = tokio::time::timeout(PATIENCE, call).await;
    (ended.expect("it ends"), server)
}

#[tokio::test]
async fn a_resumed_cancellation_is_not_rejected_while_the_earlier_one_may_arrive() {
    for rejection in [REJECTED, WRONG_PRICE] {
        let (ended, _server) = resumed(&[rejection, PAID], policy().deadline(SOON)).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
    }
    let (ended, _server) = resumed(&[REJECTED, PAID, PAID, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(!done.was_already_cancelled(), "by the earlier one, perhaps");
    // States that rule a cancellation out for good decide all the same.
    let (ended, _server) = resumed(&[REJECTED, DESTROYED], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.state(), Some(&BillState::Destroyed));
}

#[tokio::test]
async fn a_resumed_cancellation_that_does_not_leave_is_not_reported_as_not_sent() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url()).with_confirm(policy().deadline(SOON));
    let cancel = cancel();
    for cancel in [cancel.clone(), cancel.check_first()] {
        let call = client.bills().cancel_and_confirm(&cancel).resuming();
        let error = call.await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        assert!(!error.is_settled());
    }
}

#[tokio::test]
async fn a_resumed_check_that_fails_proves_nothing_about_the_earlier_cancellation() {
    for read in [UNPAID, NOT_FOUND, OF_ANOTHER_AMOUNT] {
        let server = server(&[read]).await;
        let client = client(&server.base_url()).with_confirm(policy());
        let cancel = cancel().check_first();
        let call = client.bills().cancel_and_confirm(&cancel).resuming();
        let error = call.await.unwrap_err();
        assert_eq!(error.unknown_reason(), Some(UnknownReason::EarlierWrite));
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        assert_eq!(requested(&server), ["read"]);
    }
}

#[tokio::test]
async fn a_cancellation_that_takes_effect_after_its_rejection_is_found() {
    let (ended, server) = confirm(&[REJECTED, PAID, PAID, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read());
    assert!(!done.was_already_cancelled(), "a read showed it paid");
    assert_eq!(requested(&server), ["cancel", "read", "read", "read"]);
}

#[tokio::test]
async fn a_rejection_is_believed_when_the_settling_time_is_over() {
    let (ended, server) = confirm(&[REJECTED, PAID], policy().settling(SOON)).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.code().unwrap().as_str(), "NEW_001");
    assert!(error.is_settled());
    assert!(
        error
            .to_string()
            .ends_with("(bill 2024-0001); nothing changed")
    );
    assert!(
        requested(&server).len() > 2,
        "it is read until that is settled"
    );
    let cancellations = requested(&server);
    let cancellations = cancellations.iter().filter(|path| **path == "cancel");
    assert_eq!(cancellations.count(), 1);
    // The deadline comes first.
    let policy = policy().settling(PATIENCE).deadline(SOON);
    let (ended, _server) = confirm(&[REJECTED, PAID], policy).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::NotRead));
    assert_eq!(error.code().unwrap().as_str(), "NEW_001");
}

#[tokio::test]
async fn a_pause_is_no_longer_than_the_settling_time_and_not_left_out() {
    // With a longer pause, the deadline would come before the read that decides.
    let hour = Duration::from_secs(3_600);
    let settling = ConfirmPolicy::new().settling(SOON).deadline(PATIENCE / 2);
    let (ended, server) = confirm(&[REJECTED, PAID], settling.pauses(hour, hour)).await;
    assert_eq!(ended.unwrap_err().outcome(), Outcome::Rejected);
    assert!(requested(&server).len() < 20, "it pauses between reads");
}

#[tokio::test]
async fn a_code_that_says_what_is_wrong_with_the_request_is_believed_after_one_read() {
    let (ended, server) = confirm(&[WRONG_PRICE, PAID], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert!(error.is_settled());
    assert_eq!(requested(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn a_bill_that_was_already_cancelled_is_success() {
    let (ended, server) = confirm(&[REJECTED, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(done.was_already_cancelled());
    assert!(done.confirmed_by_read());
    assert_eq!(requested(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn a_rejection_stays_one_when_the_bill_is_not_cancelled() {
    for state in [PAID, UNPAID, DESTROYED, NOT_FOUND] {
        let (ended, server) = confirm(&[REJECTED, state], policy().settling(SOON)).await;
        let error = ended.unwrap_err();
        assert_eq!(error.kind(), "rejected");
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
        assert!(error.is_settled());
        let (attempts, requests) = (error.attempts(), requested(&server));
        assert_eq!(attempts.len(), requests.len());
        let cancellations = requests.iter().filter(|path| **path == "cancel");
        assert_eq!(cancellations.count(), 1);
    }
}

#[tokio::test]
async fn a_lost_cancellation_of_a_bill_that_can_never_be_cancelled_is_rejected() {
    let (ended, server) = confirm(&[Reply::Lost, DESTROYED], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.code(), None);
    let message = error.to_string();
    let expected = "the bill is destroyed, and only a paid bill can be cancelled (bill 2024-0001); \
                    nothing changed";
    assert!(message.ends_with(expected), "{message}");
    assert_eq!(requested(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn a_lost_cancellation_of_an_unpaid_bill_may_arrive_when_it_is_paid() {
    for resuming in [false, true] {
        let script: &[Reply] = match resuming {
            false => &[Reply::Lost, UNPAID],
            true => &[REJECTED, UNPAID],
        };
        let server = server(script).await;
        let policy = policy().settling(Duration::from_millis(20)).deadline(SOON);
        let client = client(&server.base_url()).with_confirm(policy);
        let cancel = cancel();
        let call = client.bills().cancel_and_confirm(&cancel);
        let ended = match resuming {
            false => call.await,
            true => call.resuming().await,
        };
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert!(!error.is_settled());
        assert!(error.to_string().contains("last read as unpaid"), "{error}");
        let requests = requested(&server);
        let cancellations = requests.iter().filter(|path| **path == "cancel");
        assert_eq!(cancellations.count(), 1);
    }
    let script = [Reply::Lost, UNPAID, UNPAID, PAID, CANCEL_DONE];
    let (ended, server) = confirm(&script, policy()).await;
    assert!(!ended.unwrap().was_already_cancelled());
    assert_eq!(
        requested(&server),
        ["cancel", "read", "read", "read", "cancel"]
    );
}

#[tokio::test]
async fn only_a_read_that_finds_nothing_confirms_that_a_rejected_cancellation_changed_nothing() {
    for refused in [
        Reply::Body(r#"{"code":"PARTNER_006","message":"m","data":null}"#),
        Reply::Body(r#"{"code":"MAINT_1","message":"m","data":null}"#),
        Reply::Http("429 Too Many Requests", ""),
    ] {
        let policy = policy().settling(Duration::from_millis(20)).deadline(SOON);
        let (ended, _server) = confirm(&[REJECTED, refused], policy).await;
        let error = ended.unwrap_err();
        assert_eq!(error.unknown_reason(), Some(UnknownReason::NotRead));
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
        let (ended, _server) = confirm(&[REJECTED, refused, refused, CANCELLED], policy).await;
        assert!(ended.unwrap().confirmed_by_read());
    }
}

#[tokio::test]
async fn a_call_outside_of_a_runtime_is_an_error_and_no_panic() {
    let client = client("http://127.0.0.1:9");
    let ended = std::thread::spawn(move || {
        let cancel = cancel();
        let mut call = client.bills().cancel_and_confirm(&cancel);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(&mut call).poll(&mut context) {
            std::task::Poll::Ready(Err(error)) => error.kind(),
            _ => panic!("it waits for a runtime"),
        }
    });
    assert_eq!(ended.join().unwrap(), "config");
}

#[tokio::test]
async fn a_read_that_fails_is_retried() {
    let script = [
        Reply::Lost,
        BAD_GATEWAY,
        HTML,
        Reply::Lost,
        NOT_FOUND,
        NEW_STATE,
        Reply::Body(r#"{"code":"0000","data":{"billId":"another","apprState":"C"}}"#),
        Reply::Body(r#"{"code":"0000","data":{"billId":"2024-0001"}}"#),
        CANCELLED,
    ];
    let (ended, server) = confirm(&script, policy()).await;
    assert!(ended.unwrap().confirmed_by_read());
    assert_eq!(requested(&server).len(), script.len());
    assert_eq!(requested(&server)[1..], ["read"; 8]);
}

#[tokio::test]
async fn a_bill_that_cannot_be_read_by_the_deadline_is_unknown_and_says_what_was_tried() {
    let script = [ERROR, BAD_GATEWAY, HTML, Reply::Never];
    let (ended, server) = confirm(&script, policy().deadline(Duration::from_secs(3))).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.operation(), Some(Operation::BillCancel));
    assert_eq!(error.unknown_reason(), Some(UnknownReason::UnclearCode));
    assert_eq!(error.code().unwrap().as_str(), "ERROR");
    assert_eq!(requested(&server), ["cancel", "read", "read", "read"]);
    assert_eq!(error.attempts().len(), 4);
    assert_eq!(
        error.attempts()[3].unknown_reason(),
        Some(UnknownReason::Timeout)
    );
    let message = error.to_string();
    assert!(
        message.contains("after 1 cancellation and 3 reads"),
        "{message}"
    );
    assert!(message.ends_with("read the bill before you repeat it or return money by hand"));
}

#[tokio::test]
async fn a_rejection_that_no_read_confirms_is_unknown() {
    for read in [BAD_GATEWAY, NEW_STATE] {
        let (ended, _) = confirm(&[REJECTED, read], short()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::NotRead));
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
    }
    let (ended, _) = confirm(&[BUSY, BAD_GATEWAY], short()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::NotRead));
    assert_eq!(error.http_status(), Some(429));
}

#[tokio::test]
async fn haste_is_not_what_became_of_a_cancellation_that_was_lost_before() {
    let script = [Reply::Lost, PAID, BUSY, BAD_GATEWAY];
    let (ended, _) = confirm(&script, short()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::ConnectionLost));
    assert_eq!(error.http_status(), None);
}

#[tokio::test]
async fn a_bill_that_does_not_exist_is_rejected_by_the_read_after_too_many_requests() {
    let busy = Reply::Http("429 Too Many Requests", "");
    let (ended, server) = confirm(&[busy, NOT_FOUND], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.code().unwrap().as_str(), "BILL_003");
    assert_eq!(requested(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn the_state_that_does_not_allow_it_is_named_after_too_many_requests() {
    let busy = Reply::Http("429 Too Many Requests", "");
    for (read, state) in [(UNPAID, "unpaid"), (DESTROYED, "destroyed")] {
        let (ended, server) = confirm(&[busy, read], policy()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        let message = error.to_string();
        let expected = format!("the bill is {state}, and only a paid bill can be cancelled");
        assert!(message.contains(&expected), "{message}");
        assert_eq!(requested(&server), ["cancel", "read"]);
    }
}

#[tokio::test]
async fn a_bill_is_cancelled_at_most_as_often_as_the_policy_says() {
    for (most, cancellations) in [(0, 1), (1, 1), (3, 3), (5, 5)] {
        let mut script = Vec::new();
        for _ in 0..8 {
            script.extend([Reply::Lost, PAID]);
        }
        script.truncate(2 * cancellations);
        let (ended, server) = confirm(&script, policy().writes(most).deadline(SOON)).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("last read as paid"), "{error}");
        let requests = requested(&server);
        let (first, later) = requests.split_at(2 * cancellations);
        assert_eq!(first, ["cancel", "read"].repeat(cancellations));
        assert!(!later.is_empty() && later.iter().all(|path| *path == "read"));
    }
}

#[tokio::test]
async fn three_cancellations_are_the_default_and_reads_follow_the_last_one() {
    let script = [
        Reply::Lost,
        PAID,
        Reply::Lost,
        PAID,
        Reply::Lost,
        PAID,
        PAID,
        CANCELLED,
    ];
    let server = server(&script).await;
    let done = confirmed(&client(&server.base_url()), cancel())
        .await
        .unwrap();
    assert!(done.confirmed_by_read());
    let requests = requested(&server);
    assert_eq!(requests[..6], ["cancel", "read"].repeat(3));
    assert_eq!(requests[6..], ["read", "read"]);
}

#[tokio::test]
async fn too_many_requests_is_waited_for_and_retried() {
    let busy = Reply::Http("429 Too Many Requests", "retry-after: 1\r\n");
    let begun = Instant::now();
    let (ended, server) = confirm(&[busy, PAID, CANCEL_DONE], policy()).await;
    ended.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(requested(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_pause_that_would_end_after_the_deadline_is_not_started() {
    let busy = Reply::Http("503 Service Unavailable", "retry-after: 3600\r\n");
    let (ended, server) = confirm(&[busy, CANCELLED], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(requested(&server), ["cancel"]);
}

#[tokio::test]
async fn the_outcome_is_unknown_after_the_longest_possible_retry_after() {
    let busy = Reply::Http(
        "503 Service Unavailable",
        "retry-after: 18446744073709551615\r\n",
    );
    let day = Duration::from_secs(86_400);
    let (ended, server) = confirm(&[busy, CANCELLED], ConfirmPolicy::new().pauses(day, day)).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(requested(&server), ["cancel"]);
}

#[tokio::test]
async fn a_cancellation_that_never_left_is_not_sent() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url()).with_confirm(policy());
    let error = confirmed(&client, cancel()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.operation(), Some(Operation::BillCancel));
}

#[tokio::test]
async fn the_deadline_holds_for_requests_in_flight() {
    for script in [&[Reply::Never][..], &[Reply::Lost, Reply::Never]] {
        let (ended, server) = confirm(script, short()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        let last = error.attempts().last().unwrap();
        assert_eq!(last.unknown_reason(), Some(UnknownReason::Timeout));
        assert_eq!(requested(&server).len(), script.len());
    }
}

#[tokio::test]
async fn a_dropped_future_sends_nothing_more() {
    let server = server(&[Reply::Lost, Reply::Never]).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let bills = client.bills();
    {
        let cancel = cancel();
        let mut pending = std::pin::pin!(bills.cancel_and_confirm(&cancel));
        while requested(&server).len() < 2 {
            tokio::select! {
                _ = &mut pending => panic!("no response ever came"),
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        }
    }
    // A request that the dropped call still sent would come before this one.
    let error = tokio::time::timeout(Duration::from_millis(300), bills.cancel(&cancel())).await;
    assert!(error.is_err());
    assert_eq!(requested(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_confirmed_cancellation_is_serialised_with_its_proof() {
    let (ended, _) = confirm(&[Reply::Lost, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert_eq!(
        serde_json::to_value(&done).unwrap(),
        json!({
            "bill_id": "2024-0001",
            "approval_number": "2",
            "original_approval_number": "1",
            "cancelled_at": "2024-01-02T03:04:05+09:00",
            "was_already_cancelled": false,
            "confirmed_by_read": true,
        })
    );
    assert!(format!("{done:?}").starts_with("ConfirmedCancellation {"));
}

// Check first

#[tokio::test]
async fn check_first_cancels_a_bill_that_is_paid_with_this_price() {
    let server = server(&[PAID, CANCEL_DONE]).await;
    let cancel = cancel().check_first();
    let done = client(&server.base_url()).bills().cancel(&cancel).await;
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(requested(&server), ["read", "cancel"]);
}

#[tokio::test]
async fn check_first_rejects_a_bill_in_another_state_and_sends_nothing() {
    for (state, word) in [
        (UNPAID, "unpaid"),
        (DESTROYED, "destroyed"),
        (CANCELLED, "cancelled"),
        (NEW_STATE, "unknown:X"),
    ] {
        let server = server(&[state]).await;
        let cancel = cancel().check_first();
        let ended = client(&server.base_url()).bills().cancel(&cancel).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert_eq!((error.code(), error.http_status()), (None, None));
        assert_eq!(error.state().unwrap().to_string(), word);
        assert_eq!(
            error.to_string(),
            format!(
                "bill cancel rejected: the bill is {word}, and only a paid bill can be cancelled \
                 (bill 2024-0001); nothing changed"
            )
        );
        assert_eq!(requested(&server), ["read"]);
    }
}

#[tokio::test]
async fn check_first_rejects_another_amount_and_sends_nothing() {
    for (data, problem) in [
        (
            r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45001"}}"#,
            "the bill was paid with 45001 won, not with 45000 won",
        ),
        (
            r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F"}}"#,
            "PaySsam does not say with how much the bill was paid",
        ),
    ] {
        for confirm in [false, true] {
            let server = server(&[Reply::Body(data)]).await;
            let cancel = cancel().check_first();
            let client = client(&server.base_url());
            let ended = match confirm {
                true => confirmed(&client, cancel).await.map(drop),
                false => client.bills().cancel(&cancel).await.map(drop),
            };
            let error = ended.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Rejected);
            assert_eq!(error.state(), Some(&BillState::Paid));
            let shown = error.to_string();
            let expected = format!("{problem} (bill 2024-0001); nothing changed");
            assert!(shown.ends_with(&expected), "{shown}");
            assert_eq!(requested(&server), ["read"]);
        }
    }
}

#[tokio::test]
async fn check_first_can_be_tried_again_when_the_amount_cannot_be_read() {
    let unreadable = Reply::Body(
        r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45.000"}}"#,
    );
    for confirm in [false, true] {
        let server = server(&[unreadable]).await;
        let client = client(&server.base_url());
        let cancel = cancel().check_first();
        let ended = match confirm {
            true => confirmed(&client, cancel).await.map(drop),
            false => client.bills().cancel(&cancel).await.map(drop),
        };
        let error = ended.unwrap_err();
        assert_eq!(error.not_sent_reason(), Some(NotSentReason::NotRead));
        assert!(error.is_retryable());
        let message = error.to_string();
        assert!(
            message.contains("the amount in the response cannot be read"),
            "{message}"
        );
        assert_eq!(requested(&server), ["read"]);
    }
}

#[tokio::test]
async fn check_first_sends_nothing_when_the_bill_cannot_be_read() {
    for confirm in [false, true] {
        let server = server(&[BAD_GATEWAY]).await;
        let client = client(&server.base_url()).with_confirm(short());
        let cancel = cancel().check_first();
        let ended = match confirm {
            true => confirmed(&client, cancel).await.map(drop),
            false => client.bills().cancel(&cancel).await.map(drop),
        };
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        let message = error.to_string();
        assert_eq!(error.not_sent_reason(), Some(NotSentReason::NotRead));
        assert!(message.starts_with("bill cancel not sent"), "{message}");
        let cause = ": the bill could not be read first: the HTTP status proves nothing (";
        assert!(message.contains(cause), "{message}");
        let requested = requested(&server);
        assert_eq!(requested, vec!["read"; requested.len()]);
        assert!(!requested.is_empty());
    }
}

#[tokio::test]
async fn check_first_with_confirm_knows_what_was_already_cancelled() {
    let server = server(&[BAD_GATEWAY, CANCELLED]).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let done = confirmed(&client, cancel().check_first()).await.unwrap();
    assert!(done.was_already_cancelled());
    assert_eq!(requested(&server), ["read", "read"]);
}

#[tokio::test]
async fn a_bill_that_this_call_saw_uncancelled_was_not_cancelled_before() {
    let settling = policy().settling(Duration::from_millis(20));
    for (checks_first, script) in [
        (true, &[PAID, REJECTED, CANCELLED][..]),
        (false, &[REJECTED, UNPAID, CANCELLED]),
        (false, &[REJECTED, PAID, CANCELLED]),
        (false, &[BUSY, PAID, REJECTED, CANCELLED]),
    ] {
        let server = server(script).await;
        let client = client(&server.base_url()).with_confirm(settling);
        let cancel = match checks_first {
            true => cancel().check_first(),
            false => cancel(),
        };
        let done = confirmed(&client, cancel).await.unwrap();
        assert!(done.confirmed_by_read());
        assert!(!done.was_already_cancelled(), "{:?}", requested(&server));
    }
}

#[tokio::test]
async fn check_first_with_confirm_reads_once_and_then_reconciles() {
    let script = [PAID, Reply::Lost, PAID, Reply::Lost, CANCELLED];
    let server = server(&script).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let done = confirmed(&client, cancel().check_first()).await.unwrap();
    assert!(done.confirmed_by_read() && !done.was_already_cancelled());
    assert_eq!(
        requested(&server),
        ["read", "cancel", "read", "cancel", "read"]
    );
}

#[test]
fn check_first_is_stored_with_the_cancellation() {
    let plain = cancel();
    let careful = cancel().check_first();
    assert!(careful.checks_first() && !plain.checks_first());
    assert_eq!(
        serde_json::to_value(&plain).unwrap(),
        json!({"bill_id": "2024-0001", "price": 45000, "reason": null})
    );
    let stored = serde_json::to_string(&careful).unwrap();
    assert_eq!(
        serde_json::from_str::<payssam::CancelBill>(&stored).unwrap(),
        careful
    );
    assert_eq!(careful.price(), Won::new(45_000).unwrap());
}

// Reads that do not name the bill

const NAMELESS_PAID: Reply =
    Reply::Body(r#"{"code":"0000","data":{"apprState":"F","apprPrice":"45000"}}"#);
const NAMELESS_CANCELLED: Reply =
    Reply::Body(r#"{"code":"0000","data":{"apprState":"C","apprPrice":"45000"}}"#);

#[tokio::test]
async fn check_first_does_not_believe_a_read_that_does_not_name_the_bill() {
    let server = server(&[NAMELESS_PAID, CANCEL_DONE]).await;
    let cancel = cancel().check_first();
    let ended = client(&server.base_url()).bills().cancel(&cancel).await;
    let error = ended.unwrap_err();
    assert_eq!(error.not_sent_reason(), Some(NotSentReason::NotRead));
    let cause = std::error::Error::source(&error)
        .expect("the read")
        .to_string();
    assert!(cause.contains("does not say which bill"), "{cause}");
    assert!(
        error.to_string().contains("does not say which bill"),
        "{error}"
    );
    assert_eq!(requested(&server), ["read"]);
}

#[tokio::test]
async fn a_read_that_does_not_name_the_bill_confirms_nothing() {
    for nameless in [NAMELESS_CANCELLED, NAMELESS_PAID] {
        let server = server(&[Reply::Lost, nameless, nameless, CANCELLED]).await;
        let client = client(&server.base_url()).with_confirm(policy());
        let done = client.bills().cancel_and_confirm(&cancel()).await;
        assert!(done.unwrap().confirmed_by_read());
        assert_eq!(requested(&server), ["cancel", "read", "read", "read"]);
    }
}
