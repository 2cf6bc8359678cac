//! Cash receipts, points and the registration of merchants, with the mock server and with scripted ones.
mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod samples;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod script;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BusinessNumber, CancelReceipt, Client, ConfirmPolicy, ConfirmedIssue, Error,
    IssueReceipt, Operation, Outcome, PhoneNumber, ReceiptCardNumber, ReceiptHistory,
    ReceiptHolder, ReceiptState, ResidentNumber, Tax, Trader, UnknownReason, Won,
};
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::{Value, json};
use support::{
    caller::{bill_id, client},
    samples::{self, issue},
    script::{BAD_GATEWAY, ERROR, HTML, Reply, server},
};

const ISSUED: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprCashNum":"123456789"}}"#,
);
const HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"F","apprPrice":"45000"}]}}"#,
);
const CANCELLED_HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"C"},{"apprState":"F"}]}}"#,
);
const EMPTY_HISTORY: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[]}}"#);
const ANOTHER_HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"F","apprPrice":"44000"}]}}"#,
);
const ODD_HISTORY: Reply = Reply::Body(
    r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","info":[{"apprState":"X"}]}}"#,
);
const REJECTED: Reply = Reply::Body(r#"{"code":"NEW_001","message":"no","data":null}"#);
const ID_USED: Reply = Reply::Body(r#"{"code":"BILL_001","message":"used","data":null}"#);

fn policy() -> ConfirmPolicy {
    ConfirmPolicy::new().pauses(Duration::from_millis(1), Duration::from_millis(2))
}

fn price() -> Won {
    Won::new(45_000).unwrap()
}

fn cancel() -> CancelReceipt {
    issue().cancellation()
}

async fn with_a_receipt() -> (MockServer, Client) {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    client.receipts().issue(&issue()).await.unwrap();
    (mock, client)
}

fn code(error: &Error) -> &str {
    error.code().unwrap().as_str()
}

/// What was requested, by the last name of the path.
fn requested(server: &support::wire::Server) -> Vec<String> {
    let (_, requests) = server.received();
    let name = |request: &String| {
        let path = request.split(' ').nth(1).unwrap();
        path.rsplit('/').next().unwrap().to_owned()
    };
    requests.iter().map(name).collect()
}

async fn issued(script: &[Reply]) -> (Result<ConfirmedIssue, Error>, support::wire::Server) {
    let server = server(script).await;
    let client = client(&server.base_url()).with_confirm(policy());
    (client.receipts().issue_and_confirm(&issue()).await, server)
}

// Numbers

#[test]
fn a_business_number_is_ten_digits_of_which_the_last_checks_the_others() {
    for number in ["220-81-62517", "2208162517", "124-81-00998", "104-81-53190"] {
        let digits = number.replace('-', "");
        assert_eq!(BusinessNumber::new(number).unwrap().reveal(), digits);
    }
    for wrong in [
        "",
        "220-81-62518",
        "220-81-6251",
        "220-81-625170",
        "22081625a7",
        "２２０８１６２５１７",
    ] {
        let error = BusinessNumber::new(wrong).unwrap_err();
        assert_eq!(Error::from(error.clone()).outcome(), Outcome::NotSent);
        assert!(!error.to_string().contains("8162"), "{error}");
    }
    for place in 0..10 {
        let mut digits = b"2208162517".to_vec();
        digits[place] = b'0' + (digits[place] - b'0' + 1) % 10;
        let slip = String::from_utf8(digits).unwrap();
        assert!(BusinessNumber::new(&slip).is_err(), "{slip}");
    }
}

#[test]
fn a_resident_number_is_checked_where_it_has_a_check_digit() {
    for number in [
        "900101-1234568",
        // Of October 2020 and after, and of a foreigner: nothing to check.
        "201001-3123456",
        "251231-4000000",
        "900101-5123456",
    ] {
        let digits = number.replace('-', "");
        assert_eq!(ResidentNumber::new(number).unwrap().reveal(), digits);
    }
    for wrong in ["900101-1234567", "200930-3123456"] {
        assert!(ResidentNumber::new(wrong).is_err(), "{wrong}");
        assert!(
            ResidentNumber::without_check_digit(wrong).is_ok(),
            "{wrong}"
        );
    }
    for wrong in [
        "",
        "900101",
        "901301-1234567",
        "900230-1234567",
        "900101-123456",
        "900101-12345678",
        "900101-123456a",
    ] {
        for refused in [
            ResidentNumber::new(wrong),
            ResidentNumber::without_check_digit(wrong),
        ] {
            let error = refused.unwrap_err();
            assert!(!error.to_string().contains("9001"), "{error}");
        }
    }
}

#[test]
fn a_resident_number_with_a_birthday_in_the_future_is_refused() {
    let now = payssam::KoreanTime::from_timestamp(jiff::Timestamp::now());
    // A day off each way, because midnight may pass while this runs.
    let day = |days: i64| {
        let at = now.timestamp() + jiff::SignedDuration::from_hours(24 * days);
        let digits = payssam::KoreanTime::from_timestamp(at).digits();
        digits[2..8].to_owned()
    };
    for century in [3, 4, 7, 8] {
        for (born, is_valid) in [
            (day(-1), true),
            (day(2), false),
            ("991231".to_owned(), false),
        ] {
            let number = format!("{born}-{century}000000");
            for taken in [
                ResidentNumber::new(&number),
                ResidentNumber::without_check_digit(&number),
                serde_json::from_value(json!(number))
                    .map_err(|_| ResidentNumber::new("").unwrap_err()),
            ] {
                assert_eq!(taken.is_ok(), is_valid, "{born} {century}");
            }
        }
    }
    for century in [1, 2, 5, 6, 9, 0] {
        let number = format!("{}-{century}000000", day(2));
        assert!(
            ResidentNumber::without_check_digit(&number).is_ok(),
            "{century}"
        );
    }
    let error = ResidentNumber::new("991231-3000000")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("in the future") && !error.contains("9912"),
        "{error}"
    );
}

#[test]
fn a_receipt_card_has_13_to_19_digits() {
    for number in [
        "1234-5678-9012-3",
        "1234 5678 9012 3456",
        "1234567890123456789",
    ] {
        let card = ReceiptCardNumber::new(number).unwrap();
        assert_eq!(card.reveal(), number.replace(['-', ' '], ""));
        assert!(!format!("{card:?}").contains("1234"));
    }
    for wrong in [
        "",
        "123456789012",
        "12345678901234567890",
        "123456789012345x",
        "１２３４５６７８９０１２３",
        "1234-5678-9012-345*",
    ] {
        let error = ReceiptCardNumber::new(wrong).unwrap_err().to_string();
        assert!(error.contains("13 to 19 digits"), "{error}");
        assert!(!error.contains("1234"), "{error}");
    }
}

#[tokio::test]
async fn a_receipt_is_issued_to_a_card_and_to_the_number_for_payers_without_one() {
    let card = ReceiptCardNumber::new("1234-5678-9012-3456").unwrap();
    for (holder, number) in [
        (ReceiptHolder::Card(card), "1234567890123456"),
        (ReceiptHolder::SelfIssue, "0100001234"),
    ] {
        let mock = payssam_mock::MockServer::start().await.unwrap();
        let client = mock.client().unwrap();
        let issue = IssueReceipt::tax_free(price()).to(bill_id(), holder);
        assert_eq!(issue.holder().trader(), Trader::Person);
        let shown = format!("{issue:?} {issue:#?}");
        assert!(!shown.contains("12345678"), "{shown}");
        let issued = client.receipts().issue(&issue).await.unwrap();
        assert_eq!(issued.issuance_number().unwrap().reveal(), number);
        assert_eq!(issued.trader(), Some("0"));
        let history = client.receipts().read(&bill_id(), price()).await.unwrap();
        let entry = &history.entries().unwrap()[0];
        assert_eq!(entry.issuance_number().unwrap().reveal(), number);
        let cancelled = client
            .receipts()
            .cancel_and_confirm(&issue.cancellation())
            .await;
        assert!(!cancelled.unwrap().was_already_cancelled());
    }
}

#[test]
fn a_receipt_shows_in_debug_neither_phone_nor_number() {
    let resident = ResidentNumber::new("900101-1234568").unwrap();
    let business = BusinessNumber::new("220-81-62517").unwrap();
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        issue(),
        ReceiptHolder::Person(resident.into()),
        ReceiptHolder::Business(business),
        samples::new_merchant(),
    );
    for secret in ["0101234", "9001011", "2208162"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_parts_of_a_receipt_are_those_of_its_amount() {
    let to = |receipt: payssam::UnaddressedReceipt| {
        receipt.to(bill_id(), issue().holder().clone()).tax()
    };
    assert_eq!(to(IssueReceipt::tax_free(price())), Tax::free(price()));
    assert_eq!(to(IssueReceipt::taxed(price())), Tax::included(price()));
    let vat = Tax::new(price(), 45_000 - 7, 7).unwrap();
    assert_eq!(to(IssueReceipt::of(vat)), vat);
}

// The mock server

#[tokio::test]
async fn a_receipt_is_issued_read_and_cancelled() {
    let (mock, client) = with_a_receipt().await;
    let history = client.receipts().read(&bill_id(), price()).await.unwrap();
    let [entry] = history.entries().unwrap() else {
        panic!("{history:?}");
    };
    assert_eq!(entry.state(), ReceiptState::Issued);
    assert_eq!(entry.price(), Ok(Some(price())));
    assert_eq!(entry.supply_price(), Ok(Some(45_000)));
    assert_eq!(entry.tax(), Ok(Some(0)));
    assert_eq!(entry.trader(), Some("0"));
    let number = entry.issuance_number().unwrap();
    assert_eq!(number.reveal(), "01012345678");
    assert!(entry.at().unwrap().is_some());
    assert_eq!(entry.raw("apprDt").unwrap().len(), 12);

    let cancelled = client.receipts().cancel(&cancel()).await.unwrap();
    assert!(cancelled.approval_number().is_some());
    let history = client.receipts().read(&bill_id(), price()).await.unwrap();
    let states: Vec<_> = history
        .entries()
        .unwrap()
        .iter()
        .map(|entry| entry.state())
        .collect();
    assert_eq!(states, [ReceiptState::Cancelled, ReceiptState::Issued]);
    assert!(mock.receipt(&bill_id()).unwrap().is_cancelled());
}

#[tokio::test]
async fn an_id_is_taken_once_by_a_bill_or_a_receipt() {
    let (mock, client) = with_a_receipt().await;
    let again = client.receipts().issue(&issue()).await.unwrap_err();
    assert_eq!(code(&again), "BILL_001");
    let bill = client.bills().send(&samples::send()).await.unwrap_err();
    assert_eq!(code(&bill), "BILL_001");
    let of_a_bill = BillId::new("a-bill").unwrap();
    mock.add_bill(of_a_bill.clone(), price()).unwrap();
    let receipt = IssueReceipt::taxed(price()).to(of_a_bill, issue().holder().clone());
    let refused = client.receipts().issue(&receipt).await.unwrap_err();
    assert_eq!(code(&refused), "BILL_001");
    assert!(
        refused
            .to_string()
            .ends_with("(receipt a-bill); nothing changed"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_mock_server_rejects_what_does_not_fit_the_receipt() {
    let (_mock_server, client) = with_a_receipt().await;
    let receipts = client.receipts();
    let business = CancelReceipt::new(bill_id(), price(), Trader::Business);
    let error = receipts.cancel(&business).await.unwrap_err();
    assert_eq!(code(&error), "MOCK_TRADER");
    let other = Won::new(44_000).unwrap();
    let error = receipts.read(&bill_id(), other).await.unwrap_err();
    assert_eq!(code(&error), "MOCK_PRICE_DIFFERS");
    let missing = BillId::new("missing").unwrap();
    let error = receipts.read(&missing, price()).await.unwrap_err();
    assert_eq!(code(&error), "MOCK_NO_RECEIPT");
    receipts.cancel(&cancel()).await.unwrap();
    let error = receipts.cancel(&cancel()).await.unwrap_err();
    assert_eq!(code(&error), "MOCK_ALREADY_CANCELLED");
}

#[tokio::test]
async fn a_receipt_without_supply_price_is_rejected_as_by_payssam() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    let hash = payssam::signature::sign(&bill_id(), price());
    let mut receipt = json!({
        "billId": "2024-0001", "hash": hash.as_str(), "price": "45000", "tax": "0",
        "issuanceNumber": "01012345678", "trader": "0",
    });
    let error = client
        .call("/cash-receipt/issue", json!({"cashReceipt": receipt}))
        .await
        .unwrap_err();
    assert_eq!(code(&error), "VALIDATION_002");
    assert_eq!(error.raw_message(), Some("supplyPrice는 필수값입니다."));
    for (field, value, expected) in [
        ("supplyPrice", "44999", "MOCK_AMOUNTS"),
        ("trader", "2", "MOCK_TRADER"),
        ("issuanceNumber", "010-1234-5678", "MOCK_ISSUANCE_NUMBER"),
    ] {
        receipt["supplyPrice"] = json!("45000");
        let before = receipt[field].clone();
        receipt[field] = json!(value);
        let body = json!({"cashReceipt": receipt});
        let error = client.call("/cash-receipt/issue", body).await.unwrap_err();
        assert_eq!(code(&error), expected);
        receipt[field] = before;
    }
}

#[tokio::test]
async fn points_are_spent_by_sends_and_run_out() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    mock.set_points(109);
    let points = client.points().partner().await.unwrap();
    assert_eq!(points.balance(), Ok(Some(109)));
    assert!(points.charge_url().is_some());
    client.bills().send(&samples::send()).await.unwrap();
    assert_eq!(
        client.points().partner().await.unwrap().balance(),
        Ok(Some(54))
    );
    assert_eq!(
        client.points().merchant().await.unwrap().balance(),
        Ok(Some(0))
    );
    let bill = payssam::NewBill {
        bill_id: BillId::generate(),
        ..samples::new_bill()
    };
    let short = client
        .bills()
        .send(&payssam::SendBill::kakaotalk(bill))
        .await
        .unwrap_err();
    assert_eq!(code(&short), "POINT_001");
}

#[tokio::test]
async fn the_registration_of_a_merchant_has_an_address() {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    let registration = client
        .onboarding()
        .register(&samples::new_merchant())
        .await
        .unwrap();
    let url = registration.url().unwrap();
    assert!(url.starts_with("https://"), "{url}");
    assert!(!format!("{registration:?}").contains("https"));
    for wrong in [String::new(), "m".repeat(31)] {
        let new_merchant = samples::new_merchant;
        for merchant in [
            payssam::RegisterMerchant {
                member: wrong.clone(),
                ..new_merchant()
            },
            payssam::RegisterMerchant {
                merchant: wrong.clone(),
                ..new_merchant()
            },
        ] {
            let error = client.onboarding().register(&merchant).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::NotSent);
        }
    }
    let longest = "가".repeat(30);
    let merchant = payssam::RegisterMerchant {
        member: longest.clone(),
        merchant: longest,
        ..samples::new_merchant()
    };
    client.onboarding().register(&merchant).await.unwrap();
    assert_eq!(mock.requests().len(), 2);
}

// Responses

/// A client of a server that gives success and `data`; keep the server as long as the client.
async fn called(data: Value) -> (httpmock::MockServer, Client) {
    let server = httpmock::MockServer::start_async().await;
    let body = json!({"code": "0000", "message": "m", "data": data});
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).json_body(body);
        })
        .await;
    let client = client(&server.base_url());
    (server, client)
}

async fn history(info: Value) -> ReceiptHistory {
    let (_server, client) = called(json!({"billId": "2024-0001", "info": info})).await;
    client.receipts().read(&bill_id(), price()).await.unwrap()
}

#[tokio::test]
async fn a_balance_is_a_number_or_a_text() {
    for (balance, expected) in [
        (json!(12_345), Ok(Some(12_345))),
        (json!("12345"), Ok(Some(12_345))),
        (json!(-1), Ok(Some(-1))),
        (json!(null), Ok(None)),
        (json!(""), Ok(None)),
    ] {
        let (_server, client) =
            called(json!({"balance": balance, "chargeUrl": "https://a.example"})).await;
        let points = client.points().merchant().await.unwrap();
        assert_eq!(points.balance(), expected, "{balance}");
    }
    let (_server, client) = called(json!({"balance": "many"})).await;
    let points = client.points().partner().await.unwrap();
    assert_eq!(points.balance().unwrap_err().field(), "balance");
    assert_eq!(points.raw("balance"), Some("many"));
}

#[tokio::test]
async fn a_malformed_history_affects_only_itself() {
    assert_eq!(history(json!(null)).await.entries().unwrap().len(), 0);
    assert_eq!(history(json!([])).await.entries().unwrap().len(), 0);
    for odd in [
        json!("text"),
        json!({}),
        json!([1]),
        json!([null]),
        json!(7),
    ] {
        let history = history(odd.clone()).await;
        assert_eq!(history.entries().unwrap_err().field(), "info", "{odd}");
    }
    let entries = history(json!([
        {"apprState": "X", "apprPrice": 45000, "apprDt": "never", "new": [1, {"a": null}]},
        {"apprState": "F", "apprDt": "260102030405"},
        {},
    ]))
    .await;
    let entries = entries.entries().unwrap();
    assert_eq!(entries[0].state(), ReceiptState::Unknown("X".into()));
    assert_eq!(entries[0].price(), Ok(Some(price())));
    assert!(entries[0].at().is_err());
    let at = entries[1].at().unwrap().unwrap();
    assert_eq!(at.to_string(), "2026-01-02T03:04:05+09:00");
    assert_eq!(entries[2].state(), ReceiptState::Unknown(String::new()));
}

#[tokio::test]
async fn serde_masks_the_numbers_of_a_receipt() {
    let data = json!({"billId": "2024-0001", "apprCashNum": "987654321",
        "issuanceNumber": "01012345678", "trader": "0"});
    let (_server, client) = called(data).await;
    let issued = client.receipts().issue(&issue()).await.unwrap();
    let cancelled = client.receipts().cancel(&cancel()).await.unwrap();
    let history = history(
        json!([{"apprNum": "987654321", "issuanceNumber": "01012345678",
        "apprState": "F", "apprDt": "260102030405", "apprPrice": "45000"}]),
    )
    .await;
    let entries = serde_json::to_value(history.entries().unwrap()).unwrap();
    assert_eq!(entries[0]["state"], "issued");
    assert_eq!(entries[0]["at"], "2026-01-02T03:04:05+09:00");
    assert_eq!(entries[0]["approval_number"], "[masked]");
    let shown = format!(
        "{issued:?} {cancelled:?} {history:?} {entries} {} {}",
        serde_json::to_string(&issued).unwrap(),
        serde_json::to_string(&cancelled).unwrap(),
    );
    for secret in ["987654321", "01012345678"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(issued.approval_number().unwrap().reveal(), "987654321");
    assert_eq!(issued.issuance_number().unwrap().reveal(), "01012345678");
    assert_eq!(issued.trader(), Some("0"));
    assert_eq!(cancelled.raw("apprCashNum"), Some("987654321"));
}

// Settling an unknown outcome

#[tokio::test]
async fn a_lost_issue_is_found_in_the_history() {
    for lost in [Reply::Lost, HTML, ERROR, BAD_GATEWAY] {
        let (ended, server) = issued(&[lost, HISTORY]).await;
        let done = ended.unwrap();
        assert!(done.confirmed_by_read() && done.read().is_some());
        assert_eq!(requested(&server), ["issue", "read"]);
    }
    let (ended, server) = issued(&[ISSUED]).await;
    assert!(ended.unwrap().response().is_some());
    assert_eq!(requested(&server), ["issue"]);
}

#[tokio::test]
async fn an_issue_that_is_not_found_is_sent_again_under_its_id() {
    for nothing in [EMPTY_HISTORY, REJECTED] {
        let (ended, server) = issued(&[Reply::Lost, nothing, ISSUED]).await;
        assert!(ended.is_ok());
        assert_eq!(requested(&server), ["issue", "read", "issue"]);
    }
    let (ended, server) = issued(&[Reply::Lost, REJECTED, ID_USED, EMPTY_HISTORY, HISTORY]).await;
    assert!(ended.unwrap().confirmed_by_read());
    assert_eq!(
        requested(&server),
        ["issue", "read", "issue", "read", "read"]
    );
}

#[tokio::test]
async fn a_receipt_of_another_amount_is_not_taken_for_this_one() {
    let (ended, _server) = issued(&[Reply::Lost, ANOTHER_HISTORY]).await;
    let error = ended.unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
    assert_eq!(error.operation(), Some(Operation::ReceiptIssue));
}

#[tokio::test]
async fn a_lost_cancellation_is_found_in_the_history_or_sent_again() {
    let cancelled = async |script: &[Reply]| {
        let server = server(script).await;
        let client = client(&server.base_url()).with_confirm(policy());
        (
            client.receipts().cancel_and_confirm(&cancel()).await,
            server,
        )
    };
    let (ended, server) = cancelled(&[Reply::Lost, CANCELLED_HISTORY]).await;
    let done = ended.unwrap();
    assert!(done.confirmed_by_read() && !done.was_already_cancelled() && done.read().is_some());
    assert_eq!(requested(&server), ["cancel", "read"]);
    let (ended, server) = cancelled(&[Reply::Lost, HISTORY, ISSUED]).await;
    assert!(ended.unwrap().response().is_some());
    assert_eq!(requested(&server), ["cancel", "read", "cancel"]);
    let (ended, _server) = cancelled(&[REJECTED, CANCELLED_HISTORY]).await;
    assert!(ended.unwrap().was_already_cancelled());
    for script in [[REJECTED, HISTORY], [REJECTED, EMPTY_HISTORY]] {
        let (ended, _server) = cancelled(&script).await;
        let error = ended.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert!(error.is_settled());
        assert_eq!(error.code().unwrap().as_str(), "NEW_001");
    }
    let (ended, _server) = cancelled(&[REJECTED, HISTORY, CANCELLED_HISTORY]).await;
    assert!(!ended.unwrap().was_already_cancelled(), "it landed late");
    let (ended, _server) = cancelled(&[Reply::Lost, EMPTY_HISTORY, HISTORY, ISSUED]).await;
    assert!(
        ended.unwrap().response().is_some(),
        "an empty history settles nothing that is unknown"
    );
    let (ended, _server) = cancelled(&[Reply::Lost, ODD_HISTORY, CANCELLED_HISTORY]).await;
    assert_eq!(ended.unwrap().attempts().len(), 3);
}

#[tokio::test]
async fn the_futures_can_be_spawned() {
    let (mock, client) = with_a_receipt().await;
    mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::ReceiptCancel),
    );
    let task = tokio::spawn(async move {
        client.receipts().cancel_and_confirm(&cancel()).await?;
        let phone = PhoneNumber::new("010-1234-5678")?;
        let holder = ReceiptHolder::Person(phone.into());
        let issue = IssueReceipt::taxed(price()).to(BillId::generate(), holder);
        client.receipts().issue_and_confirm(&issue).await
    });
    task.await.unwrap().unwrap();
}
