//! Nothing that is printed, logged or stored shows a secret: not a value, not an error, not any of
//! its causes, not a panic, not a line that this crate or any that it uses writes to its log.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod closed_port;
    pub mod errors;
    pub mod log;
    pub mod samples;
    pub mod wire;
}

use std::{error::Error as _, panic, sync::LazyLock, time::Duration};

use httpmock::MockServer;
use payssam::{
    BillId, CancelBill, Client, ConfirmPolicy, Credentials, Error, Operation, Won, signature,
};
use serde::Serialize;
use serde_json::{Value, json};
use tracing_subscriber::util::SubscriberInitExt;

use support::{
    caller::{API_KEY, bill_id, cancel, client},
    calls::call,
    closed_port::ClosedPort,
    errors::is_about_no_bill,
    log::Log,
    wire::{Action, Server, http},
};

/// What must not be shown anywhere, in upper or lower case.
const MARKS: &[&str] = &[
    API_KEY,
    // Phone numbers.
    "01098765432",
    // What the caller sends.
    "01012345678",
    "2208162517",
    "010-9876-5432",
    "98765432",
    // A card number that came unmasked, in two spellings, but for its last four digits.
    "9410123456785678",
    "941012345678",
    "9410-1234-5678",
    // The cash receipt.
    "CASH-RECEIPT-77",
    "01087654321",
    // The payer's signature in Base64, and decoded.
    "c2lnbmF0dXJl",
    "signature of the payer",
    // The partner's own item.
    "김하나의 학생증",
    // The user and the password in a rejected base URL.
    "hunter2",
];

fn hash() -> String {
    let price = Won::new(45_000).unwrap();
    signature::sign(&bill_id(), price).as_str().to_owned()
}

/// All that this process writes to its log, from [`watch`] on.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    log.subscriber().init();
    log
});

/// Starts to record the log.
fn watch() {
    LazyLock::force(&LOG);
}

/// Checks that there is no secret in the log since the last check.
#[track_caller]
fn log_is_clean() {
    let lines = LOG.take();
    is_clean(&lines, MARKS);
}

#[track_caller]
fn is_clean(text: &str, marks: &[&str]) {
    let lower = text.to_lowercase();
    for mark in marks.iter().copied().chain([hash().as_str()]) {
        assert!(!lower.contains(&mark.to_lowercase()), "{mark} in {text}");
    }
}

#[track_caller]
fn debug_is_clean(value: &impl std::fmt::Debug) {
    is_clean(&format!("{value:?}"), MARKS);
    is_clean(&format!("{value:#?}"), MARKS);
}

#[track_caller]
fn stored_is_clean(value: &impl Serialize) {
    log_is_clean();
    is_clean(&serde_json::to_string(value).unwrap(), MARKS);
    is_clean(&serde_json::to_string_pretty(value).unwrap(), MARKS);
}

fn unwrapped(ended: Result<(), Error>) {
    ended.unwrap();
}

/// Checks everything that an error can show.
#[track_caller]
fn error_is_clean(error: &Error) {
    log_is_clean();
    for attempt in error.attempts() {
        debug_is_clean(attempt);
        is_clean(&attempt.to_string(), MARKS);
    }
    let unwraps = panic::AssertUnwindSafe(|| unwrapped(Err(error.clone())));
    let panicked = panic::catch_unwind(unwraps).unwrap_err();
    is_clean(panicked.downcast_ref::<String>().unwrap(), MARKS);
    debug_is_clean(error);
    stored_is_clean(error);
    is_clean(&format!("{error}"), MARKS);
    is_clean(&format!("{error:#}"), MARKS);
    let mut cause = error.source();
    while let Some(error) = cause {
        debug_is_clean(&error);
        is_clean(&format!("{error}"), MARKS);
        is_clean(&format!("{error:#}"), MARKS);
        cause = error.source();
    }
}

/// A server that gives this response to every request.
async fn responding(status: u16, body: impl AsRef<[u8]>) -> MockServer {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(status).body(body);
        })
        .await;
    server
}

/// The errors of every operation that gets this response, and of a raw call.
///
/// A call about a bill must fail. For the others, a response about another bill or without data may be a
/// success.
async fn errors(status: u16, body: impl AsRef<[u8]>) -> Vec<Error> {
    let server = responding(status, body).await;
    let client = client(&server.base_url());
    let mut errors = Vec::new();
    for &operation in Operation::ALL {
        match call(operation, &client).await {
            Err(error) => errors.push(error),
            Ok(()) => assert!(is_about_no_bill(operation), "{operation} succeeded"),
        }
    }
    errors.extend(client.call("/bill/rp", data_to_send()).await.err());
    errors
}

/// What a raw call may carry.
fn data_to_send() -> Value {
    json!({"bill": {"phone": "01098765432", "hash": hash()}})
}

/// The data of a response that holds every secret that it can.
fn data() -> Value {
    json!({
        "apiKey": API_KEY,
        "billId": "2024-0001",
        "hash": hash(),
        "apprState": "F",
        "apprPrice": "45000",
        "apprDt": "20240102030405",
        "apprIssuerNum": "9410123456785678",
        "apprCashNum": "CASH-RECEIPT-77",
        "apprCashIssuanceNumber": "01087654321",
        "apprSign": "c2lnbmF0dXJlIG9mIHRoZSBwYXllcg==",
        "udItem": {"card": "김하나의 학생증", "phone": "010-9876-5432"}
    })
}

fn success(data: Value) -> String {
    json!({"code": "0000", "message": "m", "data": data}).to_string()
}

#[tokio::test]
async fn a_bill_shows_no_secret() {
    watch();
    for number in ["9410123456785678", "9410-1234-5678-5678"] {
        let mut data = data();
        data["apprIssuerNum"] = json!(number);
        let server = responding(200, success(data)).await;
        let bill = client(&server.base_url())
            .bills()
            .read(&bill_id())
            .await
            .unwrap();
        let approval = bill.approval();
        debug_is_clean(&bill);
        stored_is_clean(&bill);
        debug_is_clean(approval);
        stored_is_clean(approval);

        let card = approval.issuer_number().unwrap();
        let receipt = approval.cash_receipt();
        debug_is_clean(&card);
        stored_is_clean(&card);
        is_clean(&card.to_string(), MARKS);
        for personal in [receipt.approval_number(), receipt.issuance_number()] {
            let personal = personal.unwrap();
            debug_is_clean(&personal);
            stored_is_clean(&personal);
            is_clean(&personal.to_string(), MARKS);
        }

        // What is masked can still be revealed.
        assert_eq!(card.reveal(), number);
        let issuance = receipt.issuance_number().unwrap();
        assert_eq!(issuance.reveal(), "01087654321");
        let sign = approval.healthcare().sign().unwrap().unwrap();
        assert_eq!(sign, b"signature of the payer");
    }
}

#[tokio::test]
async fn a_bill_shows_that_a_secret_is_there() {
    watch();
    let server = responding(200, success(data())).await;
    let bill = client(&server.base_url())
        .bills()
        .read(&bill_id())
        .await
        .unwrap();
    let written = serde_json::to_value(&bill).unwrap();
    let approval = written["approval"].as_object().unwrap();
    assert_eq!(approval["issuer_number"], "****5678");
    assert_eq!(approval["cash_receipt_approval_number"], "[masked]");
    assert_eq!(approval["cash_receipt_issuance_number"], "[masked]");
    assert_eq!(approval["sign_length"], 32);
    assert_eq!(approval["price"], 45_000);
    assert_eq!(approval["approved_at"], "2024-01-02T03:04:05+09:00");
}

#[tokio::test]
async fn a_bill_shows_a_text_that_is_no_secret() {
    watch();
    let mut data = data();
    data["apprIssuer"] = "하나카드".into();
    let server = responding(200, success(data)).await;
    let client = client(&server.base_url());
    let bill = client.bills().read(&bill_id()).await.unwrap();
    let written = serde_json::to_value(&bill).unwrap();
    assert_eq!(written["approval"]["issuer_name"], "하나카드");
    assert!(format!("{bill:?}").contains("하나카드"), "{bill:?}");
}

#[tokio::test]
async fn a_key_that_is_echoed_is_masked_in_every_kind_of_value_and_a_raw_response_stays_as_it_came()
{
    watch();
    let body = format!(
        r#"{{"code":"0000","data":{{"billId":"2024-0001","apprState":"F","udItem":{{"note":"{API_KEY}"}},"apprIssuer":"a {API_KEY}","apprNum":"1","apprNum":"{API_KEY}"}}}}"#
    );
    let server = responding(200, body).await;
    let client = client(&server.base_url());
    let bill = client.bills().read(&bill_id()).await.unwrap();
    let approval = bill.approval();
    let item: Value = approval.user_item().unwrap().unwrap();
    assert_eq!(item, json!({"note": "[masked]"}));
    assert_eq!(approval.issuer_name(), Some("a [masked]"));
    // Given twice, it has neither value.
    assert_eq!(approval.approval_number(), None);
    let raw = client.call("/bill/rp", data_to_send()).await.unwrap();
    let raw: Value = raw.data().unwrap();
    assert_eq!(raw["udItem"]["note"], API_KEY);
}

#[tokio::test]
async fn a_secret_of_the_wrong_kind_stays_hidden() {
    watch();
    let mut data = data();
    for field in [
        "apprIssuerNum",
        "apprCashNum",
        "apprCashIssuanceNumber",
        "apprSign",
    ] {
        data[field] = json!({
            "numbers": ["9410123456785678", "CASH-RECEIPT-77", "01087654321"],
            "sign": "c2lnbmF0dXJlIG9mIHRoZSBwYXllcg=="
        });
    }
    let server = responding(200, success(data)).await;
    let bill = client(&server.base_url())
        .bills()
        .read(&bill_id())
        .await
        .unwrap();
    debug_is_clean(&bill);
    stored_is_clean(&bill);
    let receipt = bill.approval().cash_receipt();
    assert_eq!(bill.approval().issuer_number(), None);
    assert_eq!(receipt.approval_number(), None);
    assert_eq!(receipt.issuance_number(), None);
    for error in [
        bill.approval().healthcare().sign().map(drop).unwrap_err(),
        bill.approval().user_item::<Vec<u8>>().unwrap_err(),
    ] {
        debug_is_clean(&error);
        is_clean(&error.to_string(), MARKS);
    }
}

#[tokio::test]
async fn a_cancellation_shows_no_secret() {
    watch();
    let server = responding(200, success(data())).await;
    let done = client(&server.base_url())
        .bills()
        .cancel(&cancel())
        .await
        .unwrap();
    debug_is_clean(&done);
    stored_is_clean(&done);
}

#[tokio::test]
async fn a_raw_response_shows_no_secret() {
    watch();
    let server = responding(200, success(data())).await;
    let client = client(&server.base_url());
    let response = client.call("/bill/rp", data_to_send()).await.unwrap();
    log_is_clean();
    debug_is_clean(&response);
    let misfit = response.data::<Vec<u8>>().unwrap_err();
    debug_is_clean(&misfit);
    is_clean(&misfit.to_string(), MARKS);
}

#[tokio::test]
async fn the_client_and_its_parts_show_no_secret() {
    watch();
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .unwrap();
    debug_is_clean(&credentials);
    let builder = Client::builder(credentials).base_url("http://me:hunter2@127.0.0.1:9");
    debug_is_clean(&builder);
    let client = client("http://127.0.0.1:9");
    debug_is_clean(&client);
    debug_is_clean(&client.bills());
    debug_is_clean(
        &client
            .with_member("member-2")
            .unwrap()
            .with_merchant("merchant-2")
            .unwrap(),
    );
    debug_is_clean(&cancel());
    let price = Won::new(45_000).unwrap();
    debug_is_clean(&signature::sign(&bill_id(), price));
    let with_phone = signature::sign_with_phone(&bill_id(), "01098765432", price).unwrap();
    let shown = format!("{with_phone:?} {with_phone:#?}");
    is_clean(&shown, MARKS);
    assert!(!shown.contains(with_phone.as_str()));
}

#[tokio::test]
async fn an_error_of_input_shows_no_secret() {
    watch();
    let long = format!("{API_KEY}{API_KEY}");
    for error in [
        Credentials::builder()
            .api_key(long)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .map(drop),
        Credentials::builder()
            .api_key(format!("{API_KEY}\n"))
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .map(drop),
        Credentials::builder()
            .api_key(API_KEY)
            .member("")
            .merchant("merchant-1")
            .build()
            .map(drop),
        signature::sign_with_phone(&bill_id(), "010-9876-5432", Won::new(1).unwrap())
            .map(drop)
            .map_err(Error::from),
        BillId::new("010-9876-5432,").map(drop).map_err(Error::from),
        CancelBill::new(bill_id(), Won::new(1).unwrap())
            .reason("010-9876-5432 손님이 원해서 취소합니다")
            .map(drop),
    ] {
        error_is_clean(&error.unwrap_err());
    }
}

#[tokio::test]
async fn an_error_of_configuration_shows_no_secret() {
    watch();
    for base_url in [
        "http://me:hunter2@127.0.0.1:9",
        "https://me:hunter2@",
        "https://hunter2@example.invalid",
        "https://example.invalid/?password=hunter2",
        "https://example.invalid/#hunter2",
        "hunter2://example.invalid",
        "hunter2",
        "https://example.invalid:hunter2",
    ] {
        let credentials = Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap();
        let built = Client::builder(credentials).base_url(base_url).build();
        let error = built.map(drop).expect_err(base_url);
        assert_eq!(error.kind(), "config");
        error_is_clean(&error);
    }
}

#[tokio::test]
async fn dates_and_prices_in_payssams_message_stay_readable() {
    watch();
    for message in [
        "1,000,000,000원",
        "45,000 50,000 60,000",
        "1,000,000-2,000,000",
        "2024-01-02 12:30:45 ~ 2024. 1. 3.",
    ] {
        let body = json!({"code": "ERROR", "message": message, "data": null});
        for error in errors(200, body.to_string()).await {
            error_is_clean(&error);
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}

/// Checks that no group of a number is left.
#[track_caller]
fn shows_no_number(text: &str) {
    for part in ["9876", "5432", "1234 5678", "９８７６", "9410"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn secrets_in_payssams_message_are_masked() {
    watch();
    let upper = hash().to_uppercase();
    for message in [
        "phone 01098765432 is wrong",
        "번호 010-9876-5432 확인",
        "01098765432",
        "x01098765432x",
        "card 9410123456785678, 9410-1234-5678-5678",
        "card 9410 1234 5678 5678, 9410\u{a0}1234\u{a0}5678\u{a0}5678",
        "card 9410.1234.5678.5678, 9410–1234—5678－5678",
        "전화 010 9876 5432, 010.9876.5432, 010·9876·5432, 010。9876｡5432",
        "전화 010─9876ー5432, 010/9876/5432, 010,9876,5432, 010)9876-5432",
        "전화 ０１０９８７６５４３２, ０１０-９８７６-５４３２",
        "receipt 01087654321",
        &format!("hash {} expected", hash()),
        &format!("hash={upper}"),
        &format!("apiKey {API_KEY} 정보를 확인할 수 없습니다."),
        &format!("{API_KEY}{}", hash()),
    ] {
        for (status, code) in [
            (200, "VALIDATION_002"),
            (400, "VALIDATION_002"),
            (200, "ERROR"),
            (500, "ERROR"),
            (503, "BILL_003"),
        ] {
            let body = json!({"code": code, "message": message, "data": data()});
            for error in errors(status, body.to_string()).await {
                error_is_clean(&error);
                assert!(error.to_string().contains("[masked]"), "{error}");
                shows_no_number(&error.to_string());
                let raw = message.replace(API_KEY, "[masked]");
                assert_eq!(error.raw_message(), Some(raw.as_str()));
            }
        }
    }
}

#[tokio::test]
async fn the_key_of_the_call_is_masked_in_payssams_message_whatever_it_looks_like() {
    watch();
    for key in [
        "live-7Qx",
        "abcdefghijklmnopqrstuvwxyzabcdef",
        "12345678",
        "live_7Qx.9-A/b+c=",
        "살아있는-열쇠",
    ] {
        let message = format!("apiKey({key}) 정보를 확인할 수 없습니다.");
        for (status, code) in [(200, "PARTNER_002"), (401, "PARTNER_003"), (500, "ERROR")] {
            let body = json!({"code": code, "message": message, "data": null});
            let server = responding(status, body.to_string()).await;
            let client = Client::builder(
                Credentials::builder()
                    .api_key(key)
                    .member("member-1")
                    .merchant("merchant-1")
                    .build()
                    .unwrap(),
            )
            .base_url(server.base_url())
            .build()
            .unwrap();
            let read = client.bills().read(&bill_id()).await.map(drop);
            let cancelled = client.bills().cancel(&cancel()).await.map(drop);
            for error in [read.unwrap_err(), cancelled.unwrap_err()] {
                is_clean(&format!("{error}"), &[key]);
                is_clean(&format!("{error:?} {error:#?}"), &[key]);
                is_clean(&serde_json::to_string(&error).unwrap(), &[key]);
                assert_eq!(
                    error.raw_message(),
                    Some(message.replace(key, "[masked]").as_str())
                );
            }
        }
    }
}

#[tokio::test]
async fn a_code_that_holds_a_secret_is_masked() {
    watch();
    for secret in [API_KEY, "01098765432", &hash()] {
        let body = json!({"code": secret, "message": "m", "data": null});
        for error in errors(200, body.to_string()).await {
            error_is_clean(&error);
            assert!(error.to_string().contains("[masked]"), "{error}");
        }
    }
}

#[tokio::test]
async fn an_error_shows_nothing_of_a_body() {
    watch();
    let html = format!(
        "<html>{API_KEY} {} 010-9876-5432 9410123456785678 CASH-RECEIPT-77</html>",
        hash()
    );
    let nested = json!({"code": "BILL_003", "message": null, "data": data()}).to_string();
    let mut other = data();
    other["billId"] = json!("2024-0002");
    let half = &success(data())[..200];
    for (status, body) in [
        (200, html.as_str()),
        (400, &html),
        (502, &html),
        (307, &html),
        (200, &nested),
        (404, &nested),
        (500, &nested),
        (200, &success(other)),
        (200, half),
        (400, half),
    ] {
        for error in errors(status, body).await {
            error_is_clean(&error);
        }
    }
}

#[tokio::test]
async fn an_error_of_the_connection_shows_no_secret() {
    watch();
    let cut = http("200 OK", &success(data()));
    let cut = cut[..cut.len() - 10].to_vec();
    let garbage = format!("{API_KEY} {}\r\n\r\n", hash()).into_bytes();
    let header = format!("HTTP/1.1 200 OK\r\nx-key: {API_KEY}\u{1}\r\n\r\n").into_bytes();
    for bytes in [Vec::new(), cut, garbage, header] {
        let server = Server::start(move |_| Action::WriteAndClose(bytes.clone())).await;
        let client = client(&server.base_url());
        let read = client.bills().read(&bill_id()).await.map(drop);
        let cancelled = client.bills().cancel(&cancel()).await.map(drop);
        for error in [read.unwrap_err(), cancelled.unwrap_err()] {
            assert_eq!(error.kind(), "outcome_unknown");
            error_is_clean(&error);
        }
        // The secrets were in the requests, so there was something to mask.
        let (_, requests) = server.received();
        assert!(requests.iter().all(|request| request.contains(API_KEY)));
        assert!(requests.last().unwrap().contains(&hash()));
    }
}

#[tokio::test]
async fn an_error_of_a_time_limit_shows_no_secret() {
    watch();
    let half = http("200 OK", &success(data()))[..300].to_vec();
    let server = Server::start(move |_| Action::Write(half.clone())).await;
    let client = Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(server.base_url())
    .timeout(Duration::from_millis(200))
    .build()
    .unwrap();
    let (bills, id) = (client.bills(), bill_id());
    let within = Duration::from_secs(20);
    let read = tokio::time::timeout(within, bills.read(&id)).await;
    let cancelled = tokio::time::timeout(within, bills.cancel(&cancel())).await;
    let read = read.expect("the limit is kept").map(drop);
    let cancelled = cancelled.expect("the limit is kept").map(drop);
    for error in [read.unwrap_err(), cancelled.unwrap_err()] {
        assert_eq!(error.kind(), "outcome_unknown");
        error_is_clean(&error);
    }
}

#[tokio::test]
async fn an_error_of_a_call_that_was_not_sent_shows_no_secret() {
    watch();
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url());
    let read = client.bills().read(&bill_id()).await.map(drop);
    let cancelled = client.bills().cancel(&cancel()).await.map(drop);
    let called = client.call("/bill/rp", data_to_send()).await.map(drop);
    for error in [read, cancelled, called].map(Result::unwrap_err) {
        assert_eq!(error.kind(), "not_sent");
        error_is_clean(&error);
        assert!(error.source().is_some());
    }
}

/// A client that confirms a cancellation for half a second.
fn confirming(base_url: &str) -> Client {
    client(base_url).with_confirm(
        ConfirmPolicy::new()
            .deadline(Duration::from_millis(500))
            .pauses(Duration::from_millis(5), Duration::from_millis(20)),
    )
}

#[tokio::test]
async fn a_confirmed_cancellation_and_its_attempts_show_no_secret() {
    watch();
    let mut cancelled = data();
    cancelled["apprState"] = json!("C");
    for (first, second) in [
        (success(data()), String::new()),
        ("cut".into(), success(cancelled)),
    ] {
        let server = Server::start(move |place| match place {
            0 => Action::Write(http("200 OK", &first)),
            _ => Action::Write(http("200 OK", &second)),
        })
        .await;
        let client = confirming(&server.base_url());
        let done = client.bills().cancel_and_confirm(&cancel()).await.unwrap();
        debug_is_clean(&done);
        stored_is_clean(&done);
        for attempt in done.attempts() {
            debug_is_clean(attempt);
            is_clean(&attempt.to_string(), MARKS);
        }
    }
}

#[tokio::test]
async fn an_error_of_a_confirmed_write_shows_no_secret() {
    watch();
    let rejection = json!({"code": API_KEY, "message": hash(), "data": data()}).to_string();
    let destroyed = success(json!({"billId": "2024-0001", "apprState": "D", "apiKey": API_KEY}));
    let html = format!("<html>{API_KEY} 010-9876-5432</html>");
    for (first, second, kind) in [
        (&rejection, &destroyed, "rejected"),
        (&rejection, &html, "outcome_unknown"),
        (&html, &html, "outcome_unknown"),
        (&html, &destroyed, "rejected"),
    ] {
        let (first, second) = (first.clone(), second.clone());
        let server = Server::start(move |place| match place {
            0 => Action::Write(http("200 OK", &first)),
            _ => Action::Write(http("200 OK", &second)),
        })
        .await;
        let client = confirming(&server.base_url());
        let error = client
            .bills()
            .cancel_and_confirm(&cancel())
            .await
            .map(drop)
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.attempts().len() > 1);
        error_is_clean(&error);
    }
}

#[tokio::test]
async fn the_log_of_all_crates_is_searched() {
    // reqwest writes by the crate `log`, whose lines come to tracing from then on.
    watch();
    let log = Log::default();
    let recording = log.of_this_thread();
    let server = responding(200, success(data())).await;
    client(&server.base_url())
        .bills()
        .read(&bill_id())
        .await
        .unwrap();
    drop(recording);
    let lines = log.take();
    for target in ["payssam::", "hyper_util::", "reqwest::"] {
        assert!(lines.contains(&format!(" {target}")), "{target} in {lines}");
    }
    assert!(lines.contains("TRACE "), "{lines}");
    is_clean(&lines, MARKS);
}

#[tokio::test]
async fn a_custom_http_client_that_is_verbose_logs_no_secret() {
    // reqwest writes by the crate `log`, whose lines come to tracing from then on.
    watch();
    let log = Log::default();
    let recording = log.of_this_thread();
    let server = responding(200, success(data())).await;
    let client = Client::builder(client(&server.base_url()).credentials().clone())
        .base_url(server.base_url())
        .http_client(|http| http.connection_verbose(true))
        .build()
        .unwrap();
    client.bills().read(&bill_id()).await.unwrap();
    drop(recording);
    let lines = log.take();
    assert!(lines.contains(" reqwest::"), "{lines}");
    is_clean(&lines, MARKS);
}
