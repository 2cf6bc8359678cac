//! What `cancel_and_confirm` and `check_first` promise: certainty, or an honest word that there is
//! none.

mod support {
    pub mod caller;
    pub mod silence;
    pub mod story;
    pub mod wire;
}

use std::time::{Duration, Instant};

use payssam::{
    BillState, Client, ConfirmPolicy, ConfirmedCancellation, Error, NotSentReason, Operation,
    Outcome, UnknownReason, Won,
};
use serde_json::json;

use support::{
    caller::{bill_id, cancel, client},
    silence::Silence,
    story::{BAD_GATEWAY, CANCEL_DONE, ERROR, HTML, Met, NOT_FOUND, PAID, asked, server},
    wire::Server,
};

const CANCELLED: Met = Met::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"C","apprPrice":"45000","apprNum":"2","apprOriginNum":"1","apprDt":"20240102030405"}}"#,
);
const UNPAID: Met =
    Met::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W"}}"#);
const DESTROYED: Met =
    Met::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"D"}}"#);
const NEW_STATE: Met =
    Met::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"X"}}"#);
const REFUSED: Met = Met::Body(r#"{"code":"NEW_001","message":"no","data":null}"#);

/// No test may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn policy() -> ConfirmPolicy {
    ConfirmPolicy::new().pauses(Duration::from_millis(5), Duration::from_millis(5))
}

/// A deadline that stories without an end wait for.
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

/// Pursues the cancellation while the server tells this story.
async fn pursued(
    story: &[Met],
    policy: ConfirmPolicy,
) -> (Result<ConfirmedCancellation, Error>, Server) {
    let server = server(story).await;
    let client = client(&server.base_url()).with_confirm(policy);
    (confirmed(&client, cancel()).await, server)
}

#[tokio::test]
async fn an_answer_that_says_success_needs_no_reading() {
    let (ended, server) = pursued(&[CANCEL_DONE], policy()).await;
    let done = ended.unwrap();
    assert!(!done.was_already_cancelled());
    assert!(!done.confirmed_by_read());
    assert_eq!(done.approval_number(), Some("2"));
    assert!(done.response().is_some() && done.read().is_none());
    assert_eq!(asked(&server), ["cancel"]);
}

#[tokio::test]
async fn a_lost_answer_is_found_by_reading() {
    for lost in [
        Met::Lost,
        HTML,
        ERROR,
        BAD_GATEWAY,
        Met::Http("408 Request Timeout", ""),
        Met::Http("307 Temporary Redirect", "location: /\r\n"),
    ] {
        let (ended, server) = pursued(&[lost, CANCELLED], policy()).await;
        let done = ended.unwrap();
        assert!(done.confirmed_by_read());
        assert!(!done.was_already_cancelled());
        assert_eq!(done.bill_id(), &bill_id());
        assert_eq!(done.approval_number(), Some("2"));
        assert_eq!(done.original_approval_number(), Some("1"));
        let at = done.cancelled_at().unwrap().expect("a time");
        assert_eq!(at.to_string(), "2024-01-02T03:04:05+09:00");
        assert_eq!(asked(&server), ["cancel", "read"]);
        let met: Vec<_> = done
            .attempts()
            .iter()
            .map(|attempt| (attempt.operation(), attempt.outcome()))
            .collect();
        assert_eq!(
            met,
            [
                (Operation::BillCancel, Some(Outcome::Unknown)),
                (Operation::BillRead, None),
            ]
        );
    }
}

#[tokio::test]
async fn a_bill_that_is_still_paid_is_cancelled_again() {
    let (ended, server) = pursued(&[Met::Lost, PAID, CANCEL_DONE], policy()).await;
    assert!(!ended.unwrap().confirmed_by_read());
    assert_eq!(asked(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_decided_by_reading() {
    let (ended, server) = pursued(&[Met::Lost, PAID, REFUSED, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read());
    assert!(
        !done.was_already_cancelled(),
        "the first one may have been it"
    );
    assert_eq!(asked(&server), ["cancel", "read", "cancel", "read"]);

    let (ended, server) = pursued(&[Met::Lost, PAID, REFUSED, PAID], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.code().unwrap().as_str(), "NEW_001");
    assert_eq!(
        error.to_string(),
        "bill cancel rejected after 2 cancellations and 2 reads, last read as paid: NEW_001 no \
         (bill 2024-0001); nothing changed"
    );
    assert_eq!(asked(&server).len(), 4);
}

#[tokio::test]
async fn a_bill_that_is_cancelled_already_is_success() {
    let (ended, server) = pursued(&[REFUSED, CANCELLED], policy()).await;
    let done = ended.unwrap();
    assert!(done.was_already_cancelled());
    assert!(done.confirmed_by_read());
    assert_eq!(asked(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn a_refusal_of_a_bill_that_is_not_cancelled_is_rejected() {
    for state in [PAID, UNPAID, DESTROYED, NOT_FOUND] {
        let (ended, server) = pursued(&[REFUSED, state], policy()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.kind(), "rejected");
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
        assert_eq!(error.attempts().len(), 2);
        assert_eq!(asked(&server), ["cancel", "read"]);
    }
}

#[tokio::test]
async fn a_lost_cancellation_of_a_bill_that_cannot_be_cancelled_is_rejected() {
    for (state, word) in [(UNPAID, "unpaid"), (DESTROYED, "destroyed")] {
        let (ended, server) = pursued(&[Met::Lost, state], policy()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert_eq!(error.code(), None);
        let words = error.to_string();
        let expected = format!(
            "the bill is {word}, and only a paid bill can be cancelled (bill 2024-0001); nothing changed"
        );
        assert!(words.ends_with(&expected), "{words}");
        assert_eq!(asked(&server), ["cancel", "read"]);
    }
}

#[tokio::test]
async fn a_reading_that_fails_is_made_again() {
    let story = [
        Met::Lost,
        BAD_GATEWAY,
        HTML,
        Met::Lost,
        NOT_FOUND,
        NEW_STATE,
        Met::Body(r#"{"code":"0000","data":{"billId":"another","apprState":"C"}}"#),
        Met::Body(r#"{"code":"0000","data":{"billId":"2024-0001"}}"#),
        CANCELLED,
    ];
    let (ended, server) = pursued(&story, policy()).await;
    assert!(ended.unwrap().confirmed_by_read());
    assert_eq!(asked(&server).len(), story.len());
    assert_eq!(asked(&server)[1..], ["read"; 8]);
}

#[tokio::test]
async fn a_bill_that_cannot_be_read_by_the_deadline_is_unknown_and_says_what_was_tried() {
    let story = [ERROR, BAD_GATEWAY, HTML, Met::Silence];
    let (ended, server) = pursued(&story, policy().deadline(Duration::from_secs(3))).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.operation(), Some(Operation::BillCancel));
    assert_eq!(error.unknown_reason(), Some(UnknownReason::UnclearCode));
    assert_eq!(error.code().unwrap().as_str(), "ERROR");
    assert_eq!(asked(&server), ["cancel", "read", "read", "read"]);
    assert_eq!(error.attempts().len(), 4);
    assert_eq!(
        error.attempts()[3].unknown_reason(),
        Some(UnknownReason::Timeout)
    );
    let words = error.to_string();
    assert!(
        words.contains("after 1 cancellation and 3 reads"),
        "{words}"
    );
    assert!(words.ends_with("read the bill before you repeat it or return money by hand"));
}

#[tokio::test]
async fn a_refusal_that_no_reading_confirms_is_unknown() {
    for reading in [BAD_GATEWAY, NEW_STATE] {
        let (ended, _) = pursued(&[REFUSED, reading], short()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::NotRead));
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
    }
}

#[tokio::test]
async fn of_a_bill_that_is_not_there_the_reading_tells_even_after_a_refusal_for_haste() {
    let busy = Met::Http("429 Too Many Requests", "");
    let (ended, server) = pursued(&[busy, NOT_FOUND], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.code().unwrap().as_str(), "BILL_003");
    assert_eq!(asked(&server), ["cancel", "read"]);
}

#[tokio::test]
async fn a_bill_that_cannot_be_cancelled_is_named_even_after_a_refusal_for_haste() {
    let busy = Met::Http("429 Too Many Requests", "");
    for (reading, state) in [(UNPAID, "unpaid"), (DESTROYED, "destroyed")] {
        let (ended, server) = pursued(&[busy, reading], policy()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        let words = error.to_string();
        let expected = format!("the bill is {state}, and only a paid bill can be cancelled");
        assert!(words.contains(&expected), "{words}");
        assert_eq!(asked(&server), ["cancel", "read"]);
    }
}

#[tokio::test]
async fn it_is_cancelled_at_most_so_many_times() {
    for (most, cancellations) in [(0, 1), (1, 1), (3, 3), (5, 5)] {
        let mut story = Vec::new();
        for _ in 0..8 {
            story.extend([Met::Lost, PAID]);
        }
        let (ended, server) = pursued(&story, policy().writes(most)).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("last read as paid"), "{error}");
        assert_eq!(asked(&server), ["cancel", "read"].repeat(cancellations));
    }
}

#[tokio::test]
async fn three_cancellations_are_the_default() {
    let story = [Met::Lost, PAID, Met::Lost, PAID, Met::Lost, PAID, Met::Lost];
    let server = server(&story).await;
    let error = confirmed(&client(&server.base_url()), cancel())
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(asked(&server), ["cancel", "read"].repeat(3));
}

#[tokio::test]
async fn too_many_requests_is_waited_for_and_tried_again() {
    let busy = Met::Http("429 Too Many Requests", "retry-after: 1\r\n");
    let begun = Instant::now();
    let (ended, server) = pursued(&[busy, PAID, CANCEL_DONE], policy()).await;
    ended.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(asked(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_pause_that_ends_after_the_deadline_is_not_begun() {
    let busy = Met::Http("503 Service Unavailable", "retry-after: 3600\r\n");
    let (ended, server) = pursued(&[busy, CANCELLED], policy()).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(asked(&server), ["cancel"]);
}

#[tokio::test]
async fn after_the_longest_retry_after_that_there_is_the_outcome_is_unknown() {
    let busy = Met::Http(
        "503 Service Unavailable",
        "retry-after: 18446744073709551615\r\n",
    );
    let day = Duration::from_secs(86_400);
    let (ended, server) = pursued(&[busy, CANCELLED], ConfirmPolicy::new().pauses(day, day)).await;
    let error = ended.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(asked(&server), ["cancel"]);
}

#[tokio::test]
async fn what_never_left_is_not_sent() {
    let silence = Silence::new();
    let client = client(&silence.base_url()).with_confirm(policy());
    let error = confirmed(&client, cancel()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.operation(), Some(Operation::BillCancel));
}

#[tokio::test]
async fn the_deadline_holds_for_requests_on_their_way() {
    for story in [&[Met::Silence][..], &[Met::Lost, Met::Silence]] {
        let (ended, server) = pursued(story, short()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.operation(), Some(Operation::BillCancel));
        let last = error.attempts().last().unwrap();
        assert_eq!(last.unknown_reason(), Some(UnknownReason::Timeout));
        assert_eq!(asked(&server).len(), story.len());
    }
}

#[tokio::test]
async fn a_dropped_future_sends_nothing_more() {
    let server = server(&[Met::Lost, Met::Silence]).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let bills = client.bills();
    {
        let cancel = cancel();
        let mut pursuit = std::pin::pin!(bills.cancel_and_confirm(&cancel));
        while asked(&server).len() < 2 {
            tokio::select! {
                _ = &mut pursuit => panic!("no answer ever came"),
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        }
    }
    // Whatever the dropped call left behind would come before this.
    let error = tokio::time::timeout(Duration::from_millis(300), bills.cancel(&cancel())).await;
    assert!(error.is_err());
    assert_eq!(asked(&server), ["cancel", "read", "cancel"]);
}

#[tokio::test]
async fn a_confirmed_cancellation_is_written_with_its_proof() {
    let (ended, _) = pursued(&[Met::Lost, CANCELLED], policy()).await;
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

// Reading first

#[tokio::test]
async fn confirm_first_cancels_a_bill_that_is_paid_with_this_price() {
    let server = server(&[PAID, CANCEL_DONE]).await;
    let cancel = cancel().check_first();
    let done = client(&server.base_url()).bills().cancel(&cancel).await;
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(asked(&server), ["read", "cancel"]);
}

#[tokio::test]
async fn confirm_first_refuses_a_bill_in_another_state_and_sends_nothing() {
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
        assert_eq!(asked(&server), ["read"]);
    }
}

#[tokio::test]
async fn confirm_first_refuses_another_amount_and_sends_nothing() {
    for (data, problem) in [
        (
            r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45001"}}"#,
            "the bill was paid with 45001 won, not with 45000 won",
        ),
        (
            r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F"}}"#,
            "PaySsam does not say with how much the bill was paid",
        ),
        (
            r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45,000"}}"#,
            "apprPrice in PaySsam's response is malformed: it is not an amount of 1 to 9,999,999,999 \
             won in digits",
        ),
    ] {
        for confirm in [false, true] {
            let server = server(&[Met::Body(data)]).await;
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
            assert_eq!(asked(&server), ["read"]);
        }
    }
}

#[tokio::test]
async fn confirm_first_sends_nothing_when_the_bill_cannot_be_read() {
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
        let words = error.to_string();
        assert_eq!(error.not_sent_reason(), Some(NotSentReason::NotRead));
        let expected = "bill cancel not sent: the bill could not be read before";
        assert!(words.starts_with(expected), "{words}");
        let asked = asked(&server);
        assert_eq!(asked, vec!["read"; asked.len()]);
        assert!(!asked.is_empty());
    }
}

#[tokio::test]
async fn confirm_first_of_a_pursuit_knows_what_was_cancelled_before() {
    let server = server(&[BAD_GATEWAY, CANCELLED]).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let done = confirmed(&client, cancel().check_first()).await.unwrap();
    assert!(done.was_already_cancelled());
    assert_eq!(asked(&server), ["read", "read"]);
}

#[tokio::test]
async fn confirm_first_reads_once_and_then_pursues() {
    let story = [PAID, Met::Lost, PAID, Met::Lost, CANCELLED];
    let server = server(&story).await;
    let client = client(&server.base_url()).with_confirm(policy());
    let done = confirmed(&client, cancel().check_first()).await.unwrap();
    assert!(done.confirmed_by_read() && !done.was_already_cancelled());
    assert_eq!(asked(&server), ["read", "cancel", "read", "cancel", "read"]);
}

#[test]
fn confirm_first_is_stored_with_the_cancellation() {
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
