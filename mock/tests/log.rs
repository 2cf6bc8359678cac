//! The log: one entry for each request, fault and callback, with the reason and without secrets.

mod support;

use std::net::TcpListener;

use payssam::{BillId, Credentials, Operation};
use payssam_mock::{API_KEY, Fault, LogEntry, LogKind, MockLog, MockServer, Schedule, pay_by_link};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{
    HASH_WITH_PHONE, ID, PHONE, change_request, changed, code, http, id, post, read_request,
    receipt_request, receiver::Receiver, send_request, with_bill, with_paid_bill,
};

const CALLBACK: &str = "https://academy.example/secret-path";

async fn next(log: &mut MockLog) -> LogEntry {
    log.next().await.expect("the mock server runs")
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The reason for which a request is rejected.
async fn reason(mock: &MockServer, path: &str, request: &Value) -> String {
    let mut log = mock.log();
    code(mock, path, request).await;
    let entry = next(&mut log).await;
    assert_eq!(entry.kind(), LogKind::Request);
    entry.reason().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_is_one_entry_with_its_code() {
    let mock = with_bill().await;
    let mut log = mock.log();
    post(&mock, "/bill/read", &read_request()).await;
    post(&mock, "/bill/cancel", &change_request()).await;
    let entry = next(&mut log).await;
    assert_eq!(entry.kind(), LogKind::Request);
    assert_eq!(entry.method(), Some("POST"));
    assert_eq!(entry.path(), Some("/bill/read"));
    assert_eq!(entry.bill_id(), Some(ID));
    assert_eq!(entry.code(), Some("0000"));
    assert_eq!(entry.http_status(), Some(200));
    assert_eq!(entry.reason(), None);
    let line = entry.to_string();
    let at = entry.at().unwrap().to_string();
    assert_eq!(line, format!("{at} POST /bill/read bill {ID}: 0000"));
    let entry = next(&mut log).await;
    assert_eq!(entry.code(), Some("MOCK_NOT_PAID"));
    assert_eq!(entry.reason(), Some("the bill is unpaid, and must be paid"));
}

#[tokio::test]
async fn the_mistake_in_a_hash_is_named() {
    let mock = with_paid_bill().await;
    for (text, part) in [
        (
            format!("{ID},{PHONE},45000"),
            "the hash is not the SHA-256 of billId,price",
        ),
        (format!("{ID},45,000"), "the price with commas"),
        (format!("45000,{ID}"), "another order"),
        (format!("{ID}45000"), "joined by a comma alone"),
        (format!("{ID}|45000"), "joined by a comma alone"),
        ("anything".to_owned(), "three-part hash"),
    ] {
        let request = changed(change_request(), "/bill/hash", sha256(&text).into());
        for path in ["/bill/cancel", "/bill/destroy"] {
            let reason = reason(&mock, path, &request).await;
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }
    let upper = change_request()["bill"]["hash"]
        .as_str()
        .unwrap()
        .to_uppercase();
    let request = changed(change_request(), "/bill/hash", upper.into());
    let upper = reason(&mock, "/bill/cancel", &request).await;
    assert!(upper.contains("lower-case"), "{upper}");

    let send = |text: &str| {
        changed(
            send_request("new", CALLBACK),
            "/bill/hash",
            sha256(text).into(),
        )
    };
    for (text, part) in [
        ("new,010-1234-5678,45000", "the phone with hyphens"),
        ("new,01012345678,45,000", "the price with commas"),
        ("new,45000", "leaves out phone"),
        ("45000,01012345678,new", "another order"),
    ] {
        let reason = reason(&mock, "/bill", &send(text)).await;
        assert!(reason.contains(part), "{text}: {reason}");
    }
}

#[tokio::test]
async fn the_three_part_hash_of_a_bill_that_was_sent_is_recognized_on_a_cancel_and_a_destroy() {
    let mock = MockServer::start().await.unwrap();
    post(&mock, "/bill", &send_request(ID, CALLBACK)).await;
    let request = changed(change_request(), "/bill/hash", HASH_WITH_PHONE.into());
    for path in ["/bill/cancel", "/bill/destroy"] {
        let reason = reason(&mock, path, &request).await;
        assert!(
            reason.starts_with("the hash is the three-part hash of a send"),
            "{reason}"
        );
    }
    assert!(!format!("{:?}", mock.bill(&id())).contains(HASH_WITH_PHONE));
}

#[tokio::test]
async fn the_mistake_in_a_phone_or_a_price_is_named() {
    let mock = with_paid_bill().await;
    let hyphens = changed(
        send_request("new", CALLBACK),
        "/bill/phone",
        "010-1234-5678".into(),
    );
    let found = reason(&mock, "/bill", &hyphens).await;
    assert!(
        found.contains("phone") && found.contains("hyphens"),
        "{found}"
    );
    let signed = |price: &str| {
        let request = changed(change_request(), "/bill/price", price.into());
        changed(
            request,
            "/bill/hash",
            sha256(&format!("{ID},{price}")).into(),
        )
    };
    for (price, part) in [
        ("45,000", "commas"),
        ("44000", "price is 44000, and must be 45000"),
    ] {
        let found = reason(&mock, "/bill/cancel", &signed(price)).await;
        assert!(found.contains(part), "{price}: {found}");
    }
    let mut commas = send_request("new", CALLBACK);
    commas["bill"]["price"] = "45,000".into();
    commas["bill"]["hash"] = sha256(&format!("new,{PHONE},45,000")).into();
    let found = reason(&mock, "/bill", &commas).await;
    assert!(
        found.contains("price") && found.contains("commas"),
        "{found}"
    );
}

#[tokio::test]
async fn a_bill_of_another_merchant_and_a_wrong_key_are_named() {
    let mock = with_bill().await;
    let other = changed(read_request(), "/merchant", "another".into());
    let found = reason(&mock, "/bill/read", &other).await;
    assert!(found.contains("another member or merchant"), "{found}");
    let missing = changed(read_request(), "/bill/billId", "missing".into());
    let found = reason(&mock, "/bill/read", &missing).await;
    assert_eq!(found, "there is no bill with this id");
    let key = changed(read_request(), "/apiKey", "another".into());
    let found = reason(&mock, "/bill/read", &key).await;
    assert!(found.contains("apiKey"), "{found}");
}

#[tokio::test]
async fn a_fault_is_an_entry_of_its_own() {
    let mock = with_paid_bill().await;
    mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::BillCancel),
    );
    mock.inject(
        Fault::BadGateway { applied: false },
        Schedule::once().on(Operation::BillRead),
    );
    let mut log = mock.log();
    for (path, request) in [
        ("/bill/read", read_request()),
        ("/bill/cancel", change_request()),
    ] {
        let post = http().post(format!("{}{path}", mock.base_url()));
        let post = post.header("content-type", "application/json");
        let _ = post.body(request.to_string()).send().await;
    }
    let entries = [
        next(&mut log).await,
        next(&mut log).await,
        next(&mut log).await,
        next(&mut log).await,
    ];
    let kinds = entries.each_ref().map(LogEntry::kind);
    let pair = [LogKind::Fault, LogKind::Request];
    assert_eq!(kinds.as_slice(), [pair, pair].concat());
    assert_eq!(
        entries[0].fault(),
        Some(Fault::BadGateway { applied: false })
    );
    assert_eq!(entries[0].reason(), Some("the request is not carried out"));
    assert_eq!(
        (entries[1].code(), entries[1].reason()),
        (None, Some("not carried out"))
    );
    let line = entries[2].to_string();
    assert!(
        line.contains(" fault apply-then-close: POST /bill/cancel bill 2024-0001"),
        "{line}"
    );
    assert_eq!(entries[3].code(), Some("0000"));
}

#[tokio::test]
async fn a_callback_is_an_entry_with_the_server_of_its_address_only() {
    let receiver = Receiver::acknowledging(1).await;
    let mock = MockServer::start().await.unwrap();
    let url = format!("{}/secret-path", receiver.url());
    post(&mock, "/bill", &send_request(ID, &url)).await;
    let mut log = mock.log();
    mock.pay(&id()).unwrap();
    let first = next(&mut log).await;
    assert_eq!(first.kind(), LogKind::Callback);
    assert_eq!(first.bill_id(), Some(ID));
    assert_eq!(
        first.address(),
        Some(&*format!("{}/[masked]", receiver.url()))
    );
    assert_eq!(
        (first.http_status(), first.is_acknowledged()),
        (Some(500), Some(false))
    );
    mock.duplicate_callback(&id()).unwrap();
    let second = next(&mut log).await;
    assert_eq!(
        (second.http_status(), second.is_acknowledged()),
        (Some(200), Some(true))
    );
    let line = second.to_string();
    assert!(
        line.ends_with("/[masked]: HTTP 200, acknowledged"),
        "{line}"
    );
}

#[tokio::test]
async fn an_address_that_gets_no_callback_is_named_with_the_reason() {
    let mock = MockServer::start().await.unwrap();
    for (number, (url, part)) in [
        ("https://academy.example/secret-path", "not on loopback"),
        ("http://10.0.0.1/secret-path", "not on loopback"),
        ("https://127.0.0.1:8080/secret-path", "https"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!("bill-{number}");
        let mut log = mock.log();
        post(&mock, "/bill", &send_request(&text, url)).await;
        assert_eq!(next(&mut log).await.kind(), LogKind::Request);
        let early = next(&mut log).await;
        mock.pay(&BillId::new(&text).unwrap()).unwrap();
        for entry in [early, next(&mut log).await] {
            assert_eq!(entry.kind(), LogKind::NoCallback);
            assert_eq!(entry.bill_id(), Some(&*text));
            assert!(entry.reason().unwrap().contains(part), "{entry}");
            assert!(entry.to_string().contains(" no callback bill"), "{entry}");
            assert!(!entry.to_string().contains("secret-path"), "{entry}");
        }
    }
    mock.wait_until_idle().await;
    assert!(mock.callbacks().is_empty());
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/secret-path", free.local_addr().unwrap());
    drop(free);
    let mock = MockServer::start().await.unwrap();
    post(&mock, "/bill", &send_request(ID, &url)).await;
    let mut log = mock.log();
    mock.pay(&id()).unwrap();
    let entry = next(&mut log).await;
    assert_eq!(entry.kind(), LogKind::Callback);
    assert_eq!(
        (entry.http_status(), entry.is_acknowledged()),
        (None, Some(false))
    );
    let reason = entry.reason().unwrap();
    assert!(
        reason.contains("nobody listens there, so no callback was sent"),
        "{reason}"
    );
}

#[tokio::test]
async fn refusals_before_an_operation_and_payments_are_entries_too() {
    let mock = MockServer::start().await.unwrap();
    let sent = post(&mock, "/bill", &send_request(ID, CALLBACK)).await;
    let link = sent["data"]["shortUrl"].as_str().unwrap();
    let mut log = mock.log();
    pay_by_link(link).await.unwrap();
    assert_eq!(next(&mut log).await.kind(), LogKind::NoCallback);
    let paid = next(&mut log).await;
    assert_eq!(paid.path(), Some("/pay/[masked]"));
    assert_eq!((paid.bill_id(), paid.http_status()), (Some(ID), Some(200)));
    pay_by_link(link).await.unwrap_err();
    let again = next(&mut log).await;
    assert_eq!(
        (again.http_status(), again.reason()),
        (Some(409), Some("The bill is not unpaid."))
    );

    let read = || http().post(format!("{}/bill/read", mock.base_url()));
    let foreign = read().header("origin", "https://shop.example").body("{}");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    assert_eq!(next(&mut log).await.code(), Some("MOCK_FOREIGN_ORIGIN"));
    let large = read()
        .header("content-type", "application/json")
        .body(vec![b' '; 65_537]);
    assert_eq!(large.send().await.unwrap().status(), 413);
    let entry = next(&mut log).await;
    assert_eq!(
        (entry.code(), entry.http_status()),
        (Some("MOCK_TOO_LARGE"), Some(413))
    );
}

#[tokio::test]
async fn no_entry_has_a_secret_or_more_than_one_line() {
    let mock = MockServer::start().await.unwrap();
    let mut log = mock.log();
    let receipt = receipt_request();
    post(&mock, "/cash-receipt/issue", &receipt).await;
    post(&mock, "/bill", &send_request("new", CALLBACK)).await;
    let hostile = json!({
        "apiKey": API_KEY, "member": "m", "merchant": "s",
        "bill": {"billId": format!("1\n\u{202e}\u{1b}[31m{}", "x".repeat(1_000))},
    });
    post(&mock, "/bill/read", &hostile).await;
    let path = format!("{}/{API_KEY}/{PHONE}/{HASH_WITH_PHONE}", mock.base_url());
    http().get(path).send().await.unwrap();
    drop(mock);
    let mut entries = 0;
    while let Some(entry) = log.next().await {
        entries += 1;
        for text in [entry.to_string(), format!("{entry:?}")] {
            for secret in [API_KEY, PHONE, HASH_WITH_PHONE, "secret-path"] {
                assert!(!text.contains(secret), "{text}");
            }
            assert!(!text.contains(['\n', '\u{1b}', '\u{202e}']), "{text}");
            assert!(text.chars().count() < 1_000, "{text}");
        }
    }
    assert_eq!(entries, 5);
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_how_much_it_missed() {
    let mock = with_bill().await;
    let mut log = mock.log();
    let client = mock.client().unwrap();
    for _ in 0..1_100 {
        client.bills().read(&id()).await.unwrap();
    }
    let entry = next(&mut log).await;
    assert_eq!(entry.kind(), LogKind::Missed);
    let missed = entry.missed_entries().unwrap();
    drop(mock);
    let mut read = 0;
    while log.next().await.is_some() {
        read += 1;
    }
    assert_eq!(missed + read, 1_100);
    assert!(read <= 1_024, "{read}");
}

#[tokio::test]
async fn a_key_of_another_mock_server_is_masked_as_well() {
    let credentials = Credentials::builder()
        .api_key("the-secret")
        .member("m")
        .merchant("s");
    let mock = MockServer::builder()
        .credentials(credentials.build().unwrap())
        .start()
        .await
        .unwrap();
    let mut log = mock.log();
    http()
        .get(format!("{}/the-secret", mock.base_url()))
        .send()
        .await
        .unwrap();
    let entry = next(&mut log).await;
    assert_eq!(entry.path(), Some("/[masked]"));
}

#[tokio::test]
async fn no_beginning_of_a_key_is_left_where_a_text_is_cut_or_masked() {
    // The digits alone would be masked, and the letters around them left.
    for key in ["the-secret-key", "secret-01012345678-key"] {
        let credentials = Credentials::builder().api_key(key);
        let credentials = credentials.member("m").merchant("s").build().unwrap();
        let mock = MockServer::builder().credentials(credentials);
        let mock = mock.start().await.unwrap();
        let mut log = mock.log();
        for start in 80..=100 {
            let text = format!("{}{key}", "a".repeat(start - 1));
            let method = reqwest::Method::from_bytes(text.as_bytes()).unwrap();
            let path = format!("{}/{}", mock.base_url(), &text[1..]);
            http().request(method, path).send().await.unwrap();
            let read = json!({
                "apiKey": key, "member": "m", "merchant": "s", "bill": {"billId": text},
            });
            post(&mock, "/bill/read", &read).await;
        }
        drop(mock);
        let mut entries = 0;
        while let Some(entry) = log.next().await {
            entries += 1;
            for text in [entry.to_string(), format!("{entry:?}")] {
                for beginning in ["aat", "aas", "secret"] {
                    assert!(!text.contains(beginning), "{text}");
                }
            }
        }
        assert_eq!(entries, 42);
    }
}
