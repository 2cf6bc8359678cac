//! Many cash receipts at once with faults in many requests: one receipt for each id, and no cancellation
//! that is not reported.

use payssam::{
    Attempt, BillId, ConfirmedIssue, ConfirmedReceiptCancellation, Error, IssueReceipt, Outcome,
    PhoneNumber, ReceiptHolder, Won,
};
use payssam_mock::MockServer;

use super::chaos::{Endings, all_at_once, client, inject_everything, until_it_leaves};

fn issue(number: usize) -> IssueReceipt {
    let phone = PhoneNumber::new("01012345678").expect("a phone");
    let id = BillId::new(format!("receipt-{number}")).expect("an identifier");
    IssueReceipt::taxed(Won::new(45_000).expect("a price"))
        .to(id, ReceiptHolder::Person(phone.into()))
}

type Issued = Result<ConfirmedIssue, Error>;
type Cancelled = Result<ConfirmedReceiptCancellation, Error>;

/// Issues so many receipts, cancels every one, and compares what the client reports with the mock server.
///
/// # Panics
///
/// When they differ, a receipt stays unknown, or a task is lost.
pub async fn run(receipts: usize, seed: u64) -> Endings {
    let mock = MockServer::start().await.expect("a mock server");
    inject_everything(&mock, seed);
    let client = client(&mock);
    let call = |number: usize| {
        let client = client.clone();
        async move {
            let issue = issue(number);
            let cancel = issue.cancellation();
            let receipts = client.receipts();
            let issued = until_it_leaves(|| receipts.issue_and_confirm(&issue)).await;
            let cancelled = until_it_leaves(|| receipts.cancel_and_confirm(&cancel)).await;
            (issued, cancelled)
        }
    };
    let look = |number: usize, (issued, cancelled): &(Issued, Cancelled)| {
        let receipt = mock.receipt(issue(number).bill_id());
        let script = || format!("seed {seed}, {number}: {issued:?}, {cancelled:?}, {receipt:?}");
        assert!(issued.is_ok() && receipt.is_some(), "{}", script());
        let is_cancelled = receipt
            .as_ref()
            .is_some_and(|receipt| receipt.is_cancelled());
        assert_eq!(cancelled.is_ok(), is_cancelled, "{}", script());
        if let Err(error) = cancelled {
            assert_ne!(error.outcome(), Outcome::Unknown, "{}", script());
        }
        if matches!(cancelled, Ok(done) if done.was_already_cancelled()) {
            // Its own request took effect after it had been rejected.
            let attempts = cancelled.as_ref().map(|done| done.attempts());
            let mut codes = attempts.into_iter().flatten().filter_map(Attempt::code);
            let rejected = codes.any(|code| code.as_str() == "MOCK_UNLISTED");
            assert!(rejected, "{}", script());
        }
    };
    let ended_calls = all_at_once(receipts, seed, call, look).await;
    let mut endings = Endings::new();
    for (number, ended) in &ended_calls {
        look(*number, ended);
        let (Ok(issued), Ok(cancelled)) = ended else {
            panic!("seed {seed}: receipt-{number} ended as {ended:?}");
        };
        let name = match (issued.confirmed_by_read(), cancelled.confirmed_by_read()) {
            (false, false) => "issued and cancelled, as the responses said",
            (true, false) => "issued, as a read showed, and cancelled",
            (false, true) => "issued, and cancelled, as a read showed",
            (true, true) => "issued and cancelled, as reads showed",
        };
        *endings.entry(name).or_default() += 1;
    }
    endings
}
