//! Many cash receipts at once while nearly everything goes wrong: one receipt for one intent, and none
//! that is cancelled without anybody knowing.

use payssam::{
    BillId, ConfirmedIssue, ConfirmedReceiptCancellation, Error, IssueReceipt, Outcome,
    PhoneNumber, ReceiptHolder, Won,
};
use payssam_mock::MockServer;

use super::chaos::{Endings, all_at_once, client, inject_everything};

fn issue(number: usize) -> IssueReceipt {
    let phone = PhoneNumber::new("01012345678").expect("a phone");
    let id = BillId::new(format!("receipt-{number}")).expect("an identifier");
    IssueReceipt::taxed(Won::new(45_000).expect("a price"))
        .to(id, ReceiptHolder::Person(phone.into()))
}

type Issued = Result<ConfirmedIssue, Error>;
type Cancelled = Result<ConfirmedReceiptCancellation, Error>;

/// Issues so many receipts, cancels every one, and holds what the client believes against the mock server.
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
            let issued = client.receipts().issue_and_confirm(&issue).await;
            (issued, client.receipts().cancel_and_confirm(&cancel).await)
        }
    };
    let look = |number: usize, (issued, cancelled): &(Issued, Cancelled)| {
        let receipt = mock.receipt(issue(number).bill_id());
        let story = || format!("seed {seed}, {number}: {issued:?}, {cancelled:?}, {receipt:?}");
        assert!(issued.is_ok() && receipt.is_some(), "{}", story());
        let is_cancelled = receipt
            .as_ref()
            .is_some_and(|receipt| receipt.is_cancelled());
        assert_eq!(cancelled.is_ok(), is_cancelled, "{}", story());
        if let Err(error) = cancelled {
            assert_ne!(error.outcome(), Outcome::Unknown, "{}", story());
        }
        assert!(
            !matches!(cancelled, Ok(done) if done.was_already_cancelled()),
            "{}",
            story()
        );
    };
    let beliefs = all_at_once(receipts, seed, call, look).await;
    let mut endings = Endings::new();
    for (number, ended) in &beliefs {
        look(*number, ended);
        let (Ok(issued), Ok(cancelled)) = ended else {
            panic!("seed {seed}: receipt-{number} ended as {ended:?}");
        };
        let name = match (issued.confirmed_by_read(), cancelled.confirmed_by_read()) {
            (false, false) => "issued and cancelled, as the answers said",
            (true, false) => "issued, as a reading showed, and cancelled",
            (false, true) => "issued, and cancelled, as a reading showed",
            (true, true) => "issued and cancelled, as readings showed",
        };
        *endings.entry(name).or_default() += 1;
    }
    endings
}
