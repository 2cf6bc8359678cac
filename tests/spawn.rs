//! The future of every call is `Send`, and a task that owns its handle and its request is `'static`.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod samples;
}

use payssam::{Error, Outcome, ResendBill};
use serde_json::json;
use tokio::task::JoinHandle;

use support::{
    caller::{bill_id, cancel, client},
    closed_port::ClosedPort,
    samples,
};

/// Spawns a call of `$handle`, which the task owns, as it owns what the call borrows.
macro_rules! spawned {
    ($handle:expr, $request:expr, |$owned:ident, $borrowed:ident| $call:expr) => {{
        let ($owned, $borrowed) = ($handle, $request);
        let task: JoinHandle<Result<(), Error>> =
            tokio::spawn(async move { $call.await.map(drop) });
        task
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_can_be_spawned_with_an_owned_handle() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url());
    let price = samples::issue().price();
    let tasks = [
        spawned!(client.bills(), bill_id(), |bills, id| bills.read(&id)),
        spawned!(client.bills(), cancel(), |bills, cancel| bills
            .cancel(&cancel)),
        spawned!(client.bills(), cancel(), |bills, cancel| {
            bills.cancel_and_confirm(&cancel)
        }),
        spawned!(client.bills(), samples::send(), |bills, send| bills
            .send(&send)),
        spawned!(client.bills(), samples::send(), |bills, send| {
            bills.send_and_confirm(&send)
        }),
        spawned!(
            client.bills(),
            ResendBill::new(bill_id()),
            |bills, resend| { bills.resend(&resend) }
        ),
        spawned!(client.bills(), samples::destroy(), |bills, destroy| {
            bills.destroy(&destroy)
        }),
        spawned!(client.bills(), samples::destroy(), |bills, destroy| {
            bills.destroy_and_confirm(&destroy)
        }),
        spawned!(client.receipts(), samples::issue(), |receipts, issue| {
            receipts.issue(&issue)
        }),
        spawned!(client.receipts(), samples::issue(), |receipts, issue| {
            receipts.issue_and_confirm(&issue)
        }),
        spawned!(
            client.receipts(),
            samples::issue().cancellation(),
            |receipts, cancel| receipts.cancel(&cancel)
        ),
        spawned!(
            client.receipts(),
            samples::issue().cancellation(),
            |receipts, cancel| receipts.cancel_and_confirm(&cancel)
        ),
        spawned!(client.receipts(), bill_id(), |receipts, id| {
            receipts.read(&id, price)
        }),
        spawned!(client.points(), (), |points, _nothing| points.partner()),
        spawned!(client.points(), (), |points, _nothing| points.merchant()),
        spawned!(
            client.onboarding(),
            samples::new_merchant(),
            |onboarding, merchant| { onboarding.register(&merchant) }
        ),
        spawned!(client.clone(), json!({}), |client, body| {
            client.call("/bill/rp", &body)
        }),
    ];
    // The handles outlive the client that they came from.
    drop(client);
    for (number, task) in tasks.into_iter().enumerate() {
        let error = task.await.expect("no panic").unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{number}: {error}");
    }
}
