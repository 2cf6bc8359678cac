//! What serde writes of a write that is confirmed: the same for every `*_and_confirm`, whether the response
//! of the write or a read is the proof.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod samples;
    pub mod script;
    pub mod wire;
}

use payssam::{Client, ConfirmPolicy, Confirmed, ConfirmedIssue, ConfirmedSend, Error};
use serde::Serialize;
use serde_json::{Value, json};

use support::{
    caller::{cancel, client},
    samples,
    script::{CANCEL_DONE, Reply, server},
};

const REJECTED: Reply = Reply::Body(r#"{"code":"NEW_001","message":"no","data":null}"#);
const TAKEN: Reply = Reply::Body(r#"{"code":"BILL_001","message":"no","data":null}"#);
const DONE: Reply = Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001"}}"#);
const CANCELLED: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"C","apprNum":"2","apprOriginNum":"1","apprDt":"20240102030405"}}"#,
);
const UNPAID: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"W","apprPrice":"45000"}}"#,
);
const DESTROYED: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"D"}}"#);
const SENT: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","shortUrl":"https://s.example/1"}}"#,
);
const ISSUED: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprCashNum":"123456789"}}"#,
);
const HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"F","apprPrice":"45000"}]}}"#,
);
const CANCELLED_HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"C"},{"apprState":"F"}]}}"#,
);

/// What serde writes of a call that gets these responses; which proof there is must agree with it.
async fn written<T, R>(
    responses: &[Reply],
    call: impl AsyncFnOnce(Client) -> Result<Confirmed<T, R>, Error>,
) -> Value
where
    Confirmed<T, R>: Serialize,
{
    let server = server(responses).await;
    let pause = std::time::Duration::from_millis(1);
    let policy = ConfirmPolicy::new().pauses(pause, pause);
    let client = client(&server.base_url()).with_confirm(policy);
    let done = call(client).await.unwrap();
    assert_eq!(done.attempts().len(), responses.len());
    assert_ne!(done.response().is_some(), done.read().is_some());
    assert_eq!(done.confirmed_by_read(), done.read().is_some());
    assert_eq!(done.bill_id().as_str(), "2024-0001");
    serde_json::to_value(&done).unwrap()
}

#[tokio::test]
async fn a_cancellation() {
    for (responses, was_already, by_read) in [
        (&[CANCEL_DONE][..], false, false),
        (&[Reply::Lost, CANCELLED], false, true),
        (&[REJECTED, CANCELLED], true, true),
    ] {
        let written = written(responses, async |client| {
            client.bills().cancel_and_confirm(&cancel()).await
        });
        assert_eq!(
            written.await,
            json!({
                "bill_id": "2024-0001",
                "approval_number": "2",
                "original_approval_number": "1",
                "cancelled_at": "2024-01-02T03:04:05+09:00",
                "was_already_cancelled": was_already,
                "confirmed_by_read": by_read,
            })
        );
    }
}

#[tokio::test]
async fn a_send() {
    for (responses, short_url, was_there, by_read) in [
        (&[SENT][..], json!("https://s.example/1"), false, false),
        (&[Reply::Lost, UNPAID], json!(null), false, true),
        (&[TAKEN, UNPAID], json!(null), true, true),
    ] {
        let written = written(responses, async |client| {
            let sent = client.bills().send_and_confirm(&samples::send()).await?;
            assert_eq!(sent.was_already_there(), was_there);
            assert_eq!(sent.confirmed_by_read(), by_read);
            assert_eq!(sent.short_url(), short_url.as_str());
            let whole = serde_json::to_value(&sent).unwrap();
            match sent {
                ConfirmedSend::Sent(done) | ConfirmedSend::AlreadyThere(done) => {
                    assert_eq!(whole, serde_json::to_value(&done).unwrap());
                    Ok(done)
                }
            }
        });
        assert_eq!(
            written.await,
            json!({
                "bill_id": "2024-0001",
                "short_url": short_url,
                "was_already_there": was_there,
                "confirmed_by_read": by_read,
            })
        );
    }
}

#[tokio::test]
async fn a_destroy() {
    for (responses, was_already, by_read) in [
        (&[DONE][..], false, false),
        (&[Reply::Lost, DESTROYED], false, true),
        (&[REJECTED, DESTROYED], true, true),
    ] {
        let written = written(responses, async |client| {
            client
                .bills()
                .destroy_and_confirm(&samples::destroy())
                .await
        });
        assert_eq!(
            written.await,
            json!({
                "bill_id": "2024-0001",
                "was_already_destroyed": was_already,
                "confirmed_by_read": by_read,
            })
        );
    }
}

#[tokio::test]
async fn an_issue_of_a_receipt() {
    for (responses, was_there, by_read) in [
        (&[ISSUED][..], false, false),
        (&[Reply::Lost, HISTORY], false, true),
        (&[TAKEN, HISTORY], true, true),
    ] {
        let written = written(responses, async |client| {
            let issued = client
                .receipts()
                .issue_and_confirm(&samples::issue())
                .await?;
            assert_eq!(issued.was_already_there(), was_there);
            match issued {
                ConfirmedIssue::Issued(done) | ConfirmedIssue::AlreadyThere(done) => Ok(done),
            }
        });
        assert_eq!(
            written.await,
            json!({
                "bill_id": "2024-0001",
                "was_already_there": was_there,
                "confirmed_by_read": by_read,
            })
        );
    }
}

#[tokio::test]
async fn a_cancellation_of_a_receipt() {
    for (responses, was_already, by_read) in [
        (&[ISSUED][..], false, false),
        (&[Reply::Lost, CANCELLED_HISTORY], false, true),
        (&[REJECTED, CANCELLED_HISTORY], true, true),
    ] {
        let written = written(responses, async |client| {
            let cancel = samples::issue().cancellation();
            client.receipts().cancel_and_confirm(&cancel).await
        });
        assert_eq!(
            written.await,
            json!({
                "bill_id": "2024-0001",
                "was_already_cancelled": was_already,
                "confirmed_by_read": by_read,
            })
        );
    }
}
