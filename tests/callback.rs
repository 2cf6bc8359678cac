//! A callback is verified only when the bill, read from PaySsam, agrees with it.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod script;
    pub mod wire;
}

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use payssam::{
    BillState, Client, Credentials, Error, UnknownReason, VerifyLimit, Won,
    callback::{
        self, ApprovalCallback, KNOWN_SENDERS, NotVerified, Part, Seen, SeenInMemory,
        VerifiedApproval, from_known_sender,
    },
};
use serde_json::{Value, json};
use support::{
    caller::{API_KEY, client},
    script::{BAD_GATEWAY, NOT_FOUND, PAID, Reply, server},
    wire::Server,
};

/// A callback as it was observed.
fn camel() -> Value {
    json!({
        "apiKey": API_KEY, "billId": "2024-0001", "apprState": "F", "apprPrice": "45000",
        "apprDt": "20240102030405", "apprNum": "12345678", "apprIssuerNum": "123456******7890",
        "apprCashIssuanceNumber": "01098765432", "apprMonthly": "0", "udItem": {"a": [1]},
    })
}

/// The same in the older spelling.
fn snake() -> Value {
    json!({
        "api_key": API_KEY, "bill_id": "2024-0001", "appr_state": "F", "appr_price": "45000",
        "appr_dt": "20240102030405", "appr_num": "12345678",
        "appr_issuer_num": "123456******7890", "appr_cash_issuance_number": "01098765432",
        "appr_monthly": "0", "ud_item": {"a": [1]},
    })
}

fn parsed(callback: &Value) -> ApprovalCallback {
    ApprovalCallback::parse(callback.to_string().as_bytes()).unwrap()
}

fn with(mut callback: Value, name: &str, value: Value) -> Value {
    callback[name] = value;
    callback
}

const CANCELLED: Reply = Reply::Body(
    r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"C","apprPrice":"45000"}}"#,
);
const UNPAID: Reply = Reply::Body(
    r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"W","apprPrice":"45000"}}"#,
);
const WITHOUT_AMOUNT: Reply =
    Reply::Body(r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F"}}"#);

async fn verified(callback: &Value, reply: Reply) -> Result<VerifiedApproval, NotVerified> {
    let server = server(&[reply]).await;
    parsed(callback).verify(&client(&server.base_url())).await
}

#[test]
fn both_spellings_are_read() {
    for callback in [camel(), snake()] {
        let callback = parsed(&callback);
        assert_eq!(callback.bill_id().as_str(), "2024-0001");
        assert_eq!(callback.state(), Some(&BillState::Paid));
        let approval = callback.approval();
        assert_eq!(approval.price(), Ok(Some(Won::new(45_000).unwrap())));
        assert_eq!(approval.approval_number(), Some("12345678"));
        assert_eq!(
            approval.approved_at().unwrap().unwrap().to_string(),
            "2024-01-02T03:04:05+09:00"
        );
        let receipt = approval.cash_receipt().issuance_number().unwrap();
        assert_eq!(receipt.reveal(), "01098765432");
        let item: Value = approval.user_item().unwrap().unwrap();
        assert_eq!(item, json!({"a": [1]}));
    }
}

#[test]
fn numbers_and_missing_values_are_read() {
    let numbers = json!({"billId": 20240001, "apprState": "F", "apprPrice": 45000});
    let callback = parsed(&numbers);
    assert_eq!(callback.bill_id().as_str(), "20240001");
    assert_eq!(
        callback.approval().price(),
        Ok(Some(Won::new(45_000).unwrap()))
    );
    for empty in [
        json!({"billId": "1"}),
        json!({"billId": "1", "apprState": "", "apprPrice": null}),
    ] {
        let callback = parsed(&empty);
        assert_eq!(callback.state(), None);
        assert_eq!(callback.approval().price(), Ok(None));
    }
    assert_eq!(
        parsed(&json!({"billId": "1", "apprState": 7})).state(),
        Some(&BillState::Unknown("7".into()))
    );
}

#[test]
fn a_body_that_is_not_a_callback_is_rejected_without_repeating_it() {
    let large = format!(r#"{{"billId":"1","x":"{}"}}"#, "9".repeat(1024 * 1024));
    for (body, message) in [
        ("", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("\"010-9876-5432\"", "not a JSON object"),
        ("{\"billId\":\"1\"} x", "not a JSON object"),
        ("{}", "has no bill id"),
        ("{\"billId\":\"\"}", "has no bill id"),
        ("{\"billId\":\"010-9876-5432,\"}", "billId"),
        ("{\"billId\":[\"010-9876-5432\"]}", "billId"),
        ("{\"billId\":\"1\",\"bill_id\":\"2\"}", "different values"),
        (&large, "larger than 1 MiB"),
    ] {
        let error = ApprovalCallback::parse(body.as_bytes()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(message), "{shown}");
        assert!(!shown.contains("9876"), "{shown}");
        assert!(error.to_string().contains("book nothing"));
    }
}

#[test]
fn a_callback_shows_no_secret() {
    for callback in [camel(), snake()] {
        let callback = parsed(&callback);
        for shown in [format!("{callback:?}"), format!("{callback:#?}")] {
            assert!(shown.contains("2024-0001"));
            for secret in [API_KEY, "01098765432"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

#[test]
fn the_key_of_a_callback_is_compared_and_a_missing_key_is_no_mismatch() {
    let mine = Credentials::builder()
        .api_key(API_KEY)
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .unwrap();
    let other = Credentials::builder()
        .api_key("another-key")
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .unwrap();
    for callback in [camel(), snake()] {
        assert_eq!(parsed(&callback).matches_key(&mine), Some(true));
        assert_eq!(parsed(&callback).matches_key(&other), Some(false));
    }
    let without = with(camel(), "apiKey", Value::Null);
    assert_eq!(parsed(&without).matches_key(&mine), None);
}

#[tokio::test]
async fn a_callback_that_the_bill_confirms_is_verified() {
    for callback in [
        camel(),
        snake(),
        json!({"billId": "2024-0001"}),
        with(camel(), "apprPrice", json!(45_000)),
    ] {
        let approval = verified(&callback, PAID).await.unwrap();
        assert_eq!(approval.bill_id().as_str(), "2024-0001");
        assert_eq!(approval.amount(), Won::new(45_000).unwrap());
        assert_eq!(*approval.bill().state(), BillState::Paid);
    }
}

#[tokio::test]
async fn the_part_that_differs_from_the_bill_is_named() {
    for (callback, reply, expected) in [
        (
            with(camel(), "apprPrice", json!("44999")),
            PAID,
            Part::Amount,
        ),
        (
            with(camel(), "apprPrice", json!("a lot")),
            PAID,
            Part::Amount,
        ),
        (camel(), WITHOUT_AMOUNT, Part::Amount),
        (camel(), UNPAID, Part::State),
        (camel(), CANCELLED, Part::State),
        (with(camel(), "apprState", json!("C")), PAID, Part::State),
        // The bill agrees, but it is not paid.
        (
            with(camel(), "apprState", json!("C")),
            CANCELLED,
            Part::State,
        ),
    ] {
        let error = verified(&callback, reply).await.unwrap_err();
        match &error {
            NotVerified::Differs { part, bill_id, .. } => {
                assert_eq!(*part, expected);
                assert_eq!(bill_id.as_str(), "2024-0001");
            }
            other => panic!("{other}"),
        }
        assert!(!error.may_pass_later());
        let message = error.to_string();
        assert!(
            message.contains(&format!("its {expected} is not")),
            "{message}"
        );
        assert!(message.ends_with("book nothing"), "{message}");
    }
}

#[tokio::test]
async fn a_callback_whose_bill_cannot_be_read_is_not_verified_yet() {
    let error = verified(&camel(), BAD_GATEWAY).await.unwrap_err();
    assert!(matches!(
        &error,
        NotVerified::NotRead(Error::OutcomeUnknown { .. })
    ));
    assert!(error.may_pass_later());
    let error = verified(&camel(), NOT_FOUND).await.unwrap_err();
    assert!(matches!(
        &error,
        NotVerified::NotRead(Error::Rejected { .. })
    ));
    assert!(!error.may_pass_later(), "the merchant has no such bill");
}

#[test]
fn the_acknowledgement_is_exact_and_retry_later_is_not_one() {
    let response = callback::acknowledge();
    let expected = r#"{"code":"0000","msg":"성공하였습니다."}"#;
    assert_eq!((response.http_status(), response.body()), (200, expected));
    assert!(response.content_type().starts_with("application/json"));
    let later = callback::retry_later();
    assert_ne!(later.body(), expected);
    let later: Value = serde_json::from_str(later.body()).unwrap();
    assert_ne!(later["code"], "0000");
}

#[test]
fn known_senders_are_known_in_both_forms() {
    for address in KNOWN_SENDERS {
        assert!(from_known_sender(address));
        assert!(from_known_sender(IpAddr::V6(address.to_ipv6_mapped())));
    }
    for other in ["127.0.0.1", "52.78.118.83", "::1"] {
        assert!(
            !from_known_sender(other.parse::<IpAddr>().unwrap()),
            "{other}"
        );
    }
    assert!(KNOWN_SENDERS.contains(&Ipv4Addr::new(52, 78, 118, 82)));
}

/// A payment that is verified.
async fn approval() -> VerifiedApproval {
    verified(&camel(), PAID).await.unwrap()
}

/// Claims the same payment from many threads, and counts how many of them got it.
fn claims<S: Seen + Send + Sync + 'static>(seen: Arc<S>, approval: &VerifiedApproval) -> usize
where
    S::Error: std::fmt::Debug,
{
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (seen, approval) = (seen.clone(), approval.clone());
            std::thread::spawn(move || seen.claim(&approval).unwrap())
        })
        .collect();
    let claimed = threads.into_iter().map(|thread| thread.join().unwrap());
    claimed.filter(|claimed| *claimed).count()
}

#[tokio::test]
async fn a_payment_is_claimed_once_from_however_many_threads() {
    let approval = approval().await;
    let seen = Arc::new(SeenInMemory::new());
    assert_eq!(claims(seen.clone(), &approval), 1);
    assert_eq!(claims(seen.clone(), &approval), 0);
    seen.release(&approval).unwrap();
    assert_eq!(claims(seen, &approval), 1);
}

#[tokio::test]
async fn another_payment_of_the_same_bill_is_another_claim() {
    let numbered = |number: &'static str| {
        Reply::Body(match number {
            "1" => {
                r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45000","apprNum":"1"}}"#
            }
            _ => {
                r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45000","apprNum":"2"}}"#
            }
        })
    };
    let seen = SeenInMemory::new();
    let without_number = with(camel(), "apprNum", Value::Null);
    for number in ["1", "2"] {
        let approval = verified(&without_number, numbered(number)).await.unwrap();
        assert_eq!(approval.approval_number(), Some(number));
        assert!(seen.claim(&approval).unwrap());
        assert!(!seen.claim(&approval).unwrap());
    }
}

mod in_sqlite {
    use std::{
        env, fs,
        path::{Path, PathBuf},
        process,
    };

    use payssam::callback::{SeenInSqlite, rusqlite::Connection};

    use super::*;

    /// A file that is removed with its test.
    struct Database(PathBuf);

    impl Database {
        fn new(name: &str) -> Self {
            let file = format!("payssam-{name}-{}.sqlite", process::id());
            Database(env::temp_dir().join(file))
        }
    }

    impl Drop for Database {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    /// Also the journal, which appears while a transaction is open.
    #[cfg(unix)]
    #[tokio::test]
    async fn the_files_of_the_database_are_of_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let (database, approval) = (Database::new("owner"), approval().await);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        drop(SeenInSqlite::open(&database.0).unwrap());
        let mut connection = Connection::open(&database.0).unwrap();
        let transaction = connection.transaction().unwrap();
        assert!(SeenInSqlite::claim_in(&transaction, &approval).unwrap());
        let mut journal = database.0.clone().into_os_string();
        journal.push("-journal");
        assert_eq!(mode(&database.0), 0o600);
        assert_eq!(mode(Path::new(&journal)), 0o600);
        drop(transaction);

        // The permissions of a file that was there are its owner's own decision.
        let shared = Database::new("shared");
        fs::write(&shared.0, "").unwrap();
        fs::set_permissions(&shared.0, fs::Permissions::from_mode(0o640)).unwrap();
        drop(SeenInSqlite::open(&shared.0).unwrap());
        assert_eq!(mode(&shared.0), 0o640);
    }

    #[tokio::test]
    async fn a_payment_is_claimed_once_and_remembered_by_the_file() {
        let (database, approval) = (Database::new("once"), approval().await);
        let seen = Arc::new(SeenInSqlite::open(&database.0).unwrap());
        assert_eq!(claims(seen.clone(), &approval), 1);
        let other_process = Arc::new(SeenInSqlite::open(&database.0).unwrap());
        assert_eq!(claims(other_process.clone(), &approval), 0);
        seen.release(&approval).unwrap();
        assert_eq!(claims(other_process, &approval), 1);
    }

    #[tokio::test]
    async fn a_claim_in_a_transaction_goes_with_it() {
        let (database, approval) = (Database::new("transaction"), approval().await);
        let mut books = Connection::open(&database.0).unwrap();
        SeenInSqlite::prepare(&books).unwrap();
        for (commits, expected) in [(false, true), (true, true), (true, false)] {
            let transaction = books.transaction().unwrap();
            let claimed = SeenInSqlite::claim_in(&transaction, &approval).unwrap();
            assert_eq!(claimed, expected);
            if commits {
                transaction.commit().unwrap();
            }
        }
    }
}

// Forged callbacks

/// A callback about a bill, as anybody can post it.
fn forged(number: usize) -> ApprovalCallback {
    parsed(&json!({"billId": format!("forged-{number}")}))
}

fn limited(server: &Server, limit: VerifyLimit) -> Client {
    Client::builder(client(&server.base_url()).credentials().clone())
        .base_url(server.base_url())
        .verify_limit(limit)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_callback_makes_one_read_whatever_the_retry_policy() {
    let server = server(&[BAD_GATEWAY]).await;
    let client = limited(&server, VerifyLimit::new());
    for number in 0..20 {
        let error = forged(number).verify(&client).await.unwrap_err();
        assert!(matches!(error, NotVerified::NotRead(_)), "{error}");
    }
    assert_eq!(server.received().1.len(), 20);
}

#[tokio::test]
async fn forged_callbacks_make_no_more_reads_than_the_limits_of_a_minute() {
    let server = server(&[NOT_FOUND]).await;
    let client = limited(
        &server,
        VerifyLimit::new().per_minute(10).per_bill_and_minute(3),
    );
    let mapo = client.with_merchant("mapo").unwrap();
    for (client, reads) in [(&client, 3), (&mapo, 6)] {
        for _ in 0..50 {
            drop(forged(0).verify(client).await);
        }
        assert_eq!(
            server.received().1.len(),
            reads,
            "of one bill of one merchant"
        );
    }
    for number in 0..100 {
        drop(forged(number).verify(&client).await);
    }
    assert_eq!(server.received().1.len(), 10, "of all bills");
    let error = forged(200).verify(&mapo).await.unwrap_err();
    assert!(error.may_pass_later());
    assert!(
        matches!(
            &error,
            NotVerified::TooMany {
                of_this_bill: false,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("nothing was read"), "{error}");

    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    tokio::time::resume();
    drop(forged(200).verify(&mapo).await);
    assert_eq!(server.received().1.len(), 11, "a minute later");
}

#[tokio::test]
async fn forged_callbacks_make_no_more_reads_at_once_than_the_limit() {
    let server = server(&[Reply::Never]).await;
    let client = limited(&server, VerifyLimit::new().at_once(3));
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..30 {
        let client = client.clone();
        waiting.spawn(async move { drop(forged(number).verify(&client).await) });
    }
    while server.received().1.len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.received().1.len(), 3);
}

#[tokio::test]
async fn a_verification_ends_within_its_time() {
    let server = server(&[Reply::Never]).await;
    let limit = VerifyLimit::new()
        .at_once(1)
        .time(Duration::from_millis(100));
    let client = limited(&server, limit);
    for number in 0..2 {
        let error = forged(number).verify(&client).await.unwrap_err();
        let NotVerified::NotRead(Error::OutcomeUnknown { reason, .. }) = error else {
            panic!("{error}");
        };
        assert_eq!(reason, UnknownReason::Timeout);
    }
}

#[tokio::test]
async fn a_read_that_does_not_name_the_bill_verifies_nothing() {
    let nameless = Reply::Body(r#"{"code":"0000","data":{"apprState":"F","apprPrice":"45000"}}"#);
    let error = verified(&camel(), nameless).await.unwrap_err();
    assert!(error.may_pass_later());
    let NotVerified::NotRead(Error::OutcomeUnknown { reason, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!(reason, UnknownReason::NoBillId);
}

#[test]
fn a_callback_address_shows_only_its_server() {
    use payssam::callback::CallbackUrl;
    let address =
        CallbackUrl::new("https://academy.example:8443/s3cret/x?token=s3cret#s3cret").unwrap();
    let shown = format!("{address:?}");
    assert!(shown.contains("https://academy.example:8443"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(address.as_str().contains("s3cret"));
}
