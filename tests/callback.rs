//! A callback is verified only when the bill, read from PaySsam, agrees with it.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod script;
    pub mod wire;
}

use std::{
    error::Error as _,
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use payssam::{
    BillState, Client, Credentials, Error, UnknownReason, VerifyLimit, Won,
    callback::{
        ApprovalCallback, KNOWN_SENDERS, NotVerified, Part, PaymentKind, VerifiedPayment,
        acknowledge, from_known_sender, retry_later,
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
const DESTROYED: Reply = Reply::Body(
    r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"D","apprPrice":"45000"}}"#,
);
const UNKNOWN_STATE: Reply = Reply::Body(
    r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"Z","apprPrice":"45000"}}"#,
);
const WITH_WORDS_FOR_AMOUNT: Reply = Reply::Body(
    r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F","apprPrice":"45 thousand"}}"#,
);
const WITHOUT_AMOUNT: Reply =
    Reply::Body(r#"{"code":"0000","data":{"billId":"2024-0001","apprState":"F"}}"#);

async fn verified(callback: &Value, reply: Reply) -> Result<VerifiedPayment, NotVerified> {
    let server = server(&[reply]).await;
    parsed(callback).verify(&client(&server.base_url())).await
}

#[test]
fn both_spellings_are_read() {
    for callback in [camel(), snake()] {
        // The beginning of a name is another one.
        let callback = with(callback, "bill_id_of_partner", json!("2024-0002"));
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
        let payment = verified(&callback, PAID).await.unwrap();
        assert_eq!(payment.bill_id().as_str(), "2024-0001");
        assert_eq!(
            (payment.member(), payment.merchant()),
            ("member-1", "merchant-1")
        );
        assert_eq!(payment.amount(), Won::new(45_000).unwrap());
        assert_eq!(*payment.bill().state(), BillState::Paid);
    }
}

#[tokio::test]
async fn a_mismatch_says_which_part_differs_and_what_was_read() {
    let amount = Won::new(45_000).unwrap();
    for (callback, reply, expected, state, is_retryable) in [
        (
            with(camel(), "apprPrice", json!("44999")),
            PAID,
            Part::Amount,
            BillState::Paid,
            false,
        ),
        (camel(), UNPAID, Part::State, BillState::Unpaid, true),
        (
            with(camel(), "apprState", json!("W")),
            UNPAID,
            Part::State,
            BillState::Unpaid,
            true,
        ),
        (camel(), DESTROYED, Part::State, BillState::Destroyed, false),
        (
            with(camel(), "apprState", json!("C")),
            PAID,
            Part::State,
            BillState::Paid,
            false,
        ),
        (
            with(camel(), "apprPrice", json!("44999")),
            CANCELLED,
            Part::Amount,
            BillState::Cancelled,
            false,
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
        assert_eq!(error.state(), Some(&state));
        assert_eq!(error.amount(), Some(amount));
        assert_eq!(error.is_retryable(), is_retryable, "{error}");
        let message = error.to_string();
        for part in [
            &format!("the {expected} of bill 2024-0001"),
            &state.to_string(),
            "45000 won",
            "book nothing",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[tokio::test]
async fn what_a_callback_says_unreadably_never_blocks_a_payment_that_the_read_confirms() {
    for (name, values) in [
        (
            "apprPrice",
            [
                json!("a lot"),
                json!("0"),
                json!(-1),
                json!([45_000]),
                json!(1e300),
                json!(true),
            ],
        ),
        (
            "apprState",
            [
                json!(7),
                json!("paid?"),
                json!("f"),
                json!(["F"]),
                json!({"F": 1}),
                json!(false),
            ],
        ),
    ] {
        for value in values {
            let callback = with(camel(), name, value.clone());
            let payment = verified(&callback, PAID).await;
            let payment = payment.unwrap_or_else(|error| panic!("{name} {value}: {error}"));
            assert_eq!(payment.amount(), Won::new(45_000).unwrap());
        }
    }
    let twice = r#"{"billId":"2024-0001","apprState":"F","appr_state":"W","apprPrice":"1","appr_price":"2"}"#;
    let server = server(&[PAID]).await;
    let callback = ApprovalCallback::parse(twice.as_bytes()).unwrap();
    let payment = callback.verify(&client(&server.base_url())).await.unwrap();
    assert_eq!(payment.amount(), Won::new(45_000).unwrap());
}

#[tokio::test]
async fn an_unreadable_amount_in_the_read_is_retryable_and_says_so() {
    for reply in [WITHOUT_AMOUNT, WITH_WORDS_FOR_AMOUNT] {
        let error = verified(&camel(), reply).await.unwrap_err();
        assert!(
            matches!(&error, NotVerified::AmountUnreadable { .. }),
            "{error}"
        );
        assert!(error.is_retryable());
        assert_eq!(error.state(), Some(&BillState::Paid));
        assert_eq!(error.amount(), None);
        let message = error.to_string();
        assert!(
            message.contains("an amount that cannot be read"),
            "{message}"
        );
        assert!(!message.contains("45 thousand"), "{message}");
    }
}

#[tokio::test]
async fn a_state_in_the_read_that_nobody_knows_is_retryable() {
    let error = verified(&camel(), UNKNOWN_STATE).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert!(error.to_string().contains("unknown:Z"), "{error}");
}

#[tokio::test]
async fn a_bill_that_was_cancelled_since_gives_its_cancellation() {
    for state in ["F", "C"] {
        let callback = with(camel(), "apprState", json!(state));
        let error = verified(&callback, CANCELLED).await.unwrap_err();
        assert!(!error.is_retryable());
        assert_eq!(error.state(), Some(&BillState::Cancelled));
        assert_eq!(error.amount(), Won::new(45_000).ok());
        assert_eq!(error.bill_id().unwrap().as_str(), "2024-0001");
        assert!(error.source().is_none());
        let message = error.to_string();
        assert!(message.contains("book the cancellation"), "{message}");
        let NotVerified::CancelledSince(cancellation) = error else {
            panic!("{error}");
        };
        assert_eq!(cancellation.amount(), Won::new(45_000).ok());
        let key = cancellation.key();
        assert_eq!((key.member(), key.merchant()), ("member-1", "merchant-1"));
        assert_eq!(key.bill_id().as_str(), "2024-0001");
        assert_eq!(key.kind(), PaymentKind::Cancelled);
    }
}

#[tokio::test]
async fn a_callback_whose_bill_cannot_be_read_is_not_verified_yet() {
    let error = verified(&camel(), BAD_GATEWAY).await.unwrap_err();
    assert!(matches!(
        &error,
        NotVerified::NotRead(Error::OutcomeUnknown { .. })
    ));
    assert!(error.is_retryable());
    let error = verified(&camel(), NOT_FOUND).await.unwrap_err();
    assert!(matches!(
        &error,
        NotVerified::NotRead(Error::Rejected { .. })
    ));
    assert!(error.is_retryable(), "the bill may be found later");
    assert_eq!(error.bill_id().unwrap().as_str(), "2024-0001");
    assert_eq!((error.state(), error.amount()), (None, None));
    let source = error.source().expect("the error of the read");
    let source = source.downcast_ref().expect("an error of the library");
    assert!(matches!(source, Error::Rejected { .. }), "{source}");
}

#[test]
fn a_callback_of_exactly_1_mib_is_parsed() {
    let body = |size: usize| {
        let around = r#"{"billId":"1","x":""}"#.len();
        format!(r#"{{"billId":"1","x":"{}"}}"#, "9".repeat(size - around))
    };
    let largest = 1024 * 1024;
    assert!(ApprovalCallback::parse(body(largest).as_bytes()).is_ok());
    assert!(ApprovalCallback::parse(body(largest + 1).as_bytes()).is_err());
}

#[test]
fn the_key_of_a_callback_is_in_no_other_field_of_it() {
    for name in ["apiKey", "api_key"] {
        let callback = with(
            camel(),
            "apprIssuer",
            json!(format!("before {API_KEY} after")),
        );
        let callback = parsed(&with(callback, name, json!(API_KEY)));
        let issuer = callback.approval().issuer_name().unwrap();
        assert!(!issuer.contains(API_KEY), "{issuer}");
        assert!(issuer.starts_with("before "), "{issuer}");
    }
    // An empty one is in each of them, and takes nothing away.
    let callback = parsed(&with(camel(), "apiKey", json!("")));
    assert_eq!(callback.approval().approval_number(), Some("12345678"));
}

#[test]
fn the_acknowledgement_is_what_payssam_expects_to_the_byte_and_what_comes_later_is_not() {
    let done = acknowledge();
    assert_eq!(done.http_status(), 200);
    assert_eq!(done.content_type(), "application/json;charset=UTF-8");
    assert_eq!(done.body(), r#"{"code":"0000","msg":"성공하였습니다."}"#);
    let later = retry_later();
    assert_eq!(later.http_status(), 503);
    assert_eq!(later.content_type(), done.content_type());
    let body: Value = serde_json::from_str(later.body()).unwrap();
    assert_eq!(body["code"], "RETRY_LATER");
}

#[test]
fn a_kind_of_payment_is_stored_by_a_name_of_its_own() {
    let names = [PaymentKind::Paid, PaymentKind::Cancelled].map(PaymentKind::as_str);
    assert_eq!(names, ["paid", "cancelled"]);
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
    assert!(error.is_retryable());
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
    assert!(error.is_retryable());
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
