//! Calls to operations that are not documented.

mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    pub mod closed_port;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    Client, Credentials, Error, Operation, Outcome, RawResponse, RetryPolicy, UnknownReason,
};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{
    caller::{API_KEY, client},
    closed_port::ClosedPort,
    wire::{Action, Server, http},
};

const DONE: &str = r#"{"code":"0000","message":"ok","data":{"billId":"2026-0001"}}"#;

async fn saying(status: &'static str, body: &'static str) -> Server {
    Server::start(move |_| Action::Write(http(status, body))).await
}

/// The result of a call that gets this response.
async fn called(status: &'static str, body: &'static str) -> Result<RawResponse, Error> {
    let server = saying(status, body).await;
    let client = client(&server.base_url());
    client.call("/bill/rp", json!({})).await
}

/// The body that is sent for this one.
async fn sent(body: Value) -> Value {
    let server = saying("200 OK", DONE).await;
    let client = client(&server.base_url());
    client.call("/bill/rp", body).await.unwrap();
    let (_, requests) = server.received();
    let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn a_raw_call_posts_the_envelope_with_the_fields_of_the_caller() {
    let server = saying("200 OK", DONE).await;
    let merchant = client(&format!("{}/partner", server.base_url()));
    let fields = json!({"bill": {"billId": "2026-0001"}});
    merchant.call("/rp/manage", fields).await.unwrap();
    let (_, requests) = server.received();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /partner/rp/manage HTTP/1.1\r\n"),
        "{head}"
    );
    let head = head.to_ascii_lowercase();
    for line in [
        "content-type: application/json",
        "accept: application/json",
        concat!("user-agent: payssam/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!head.contains("api-version"), "{head}");
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({
            "apiKey": API_KEY,
            "member": "member-1",
            "merchant": "merchant-1",
            "bill": {"billId": "2026-0001"},
        })
    );
}

#[tokio::test]
async fn a_merchant_in_the_body_overrides_that_of_the_client_and_null_leaves_it_out() {
    assert_eq!(
        sent(json!({"member": "m", "merchant": null})).await,
        json!({"apiKey": API_KEY, "member": "m"})
    );
    assert_eq!(
        sent(json!({"member": null, "merchant": null, "memberId": "m"})).await,
        json!({"apiKey": API_KEY, "memberId": "m"})
    );
}

#[tokio::test]
async fn a_type_of_the_callers_own_is_sent_as_serde_writes_it() {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Mine {
        pay_method: &'static str,
    }
    let server = saying("200 OK", DONE).await;
    let client = client(&server.base_url());
    let mine = Mine { pay_method: "CARD" };
    client.call("/customer/pay-method", mine).await.unwrap();
    assert!(server.received().1[0].contains(r#""payMethod":"CARD""#));
}

#[tokio::test]
async fn a_key_in_the_body_and_a_body_that_is_not_an_object_are_rejected_unsent() {
    let server = saying("200 OK", DONE).await;
    let client = client(&server.base_url());
    for body in [
        json!({"apiKey": "leaked-secret"}),
        json!({"apiKey": null}),
        json!(["leaked-secret"]),
        json!("leaked-secret"),
        json!(null),
    ] {
        let error = client.call("/bill/rp", body).await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput { field: "body", .. }));
        assert!(!format!("{error} {error:?}").contains("leaked"), "{error}");
    }
    assert_eq!(server.received().0, 0);
}

#[tokio::test]
async fn a_path_that_could_lead_elsewhere_is_rejected_unsent() {
    let server = saying("200 OK", DONE).await;
    let client = client(&server.base_url());
    for path in [
        "",
        "/",
        "bill/rp",
        "//elsewhere/rp",
        "/bill//rp",
        "/bill/",
        "/bill/../rp",
        "/bill/./rp",
        "/bill/...",
        "/bill/rp?key=1",
        "/bill/rp#a",
        "/bill/%2e%2e",
        "/bill\\rp",
        "/bill/r p",
        "/bill/청구",
        "@elsewhere/rp",
        ".elsewhere/rp",
        "/bill/rp\r\nx: y",
    ] {
        let error = client.call(path, json!({})).await.unwrap_err();
        assert!(
            matches!(error, Error::InvalidInput { field: "path", .. }),
            "{path}"
        );
    }
    for path in [
        "/bill/rp",
        "/partner/auth/mapping-status",
        "/read/remain_count",
        "/v2.1/a",
    ] {
        client.call(path, json!({})).await.unwrap();
    }
    assert_eq!(server.received().1.len(), 4);
}

#[tokio::test]
async fn the_data_of_the_response_is_kept_exactly_as_it_came() {
    for data in [
        r#"{"billId":"2026-0001","n":  12345678901234567890123.10}"#,
        r#"[1,2]"#,
        r#""text""#,
        r#""""#,
        "{}",
        "null",
        "1e999999",
        r#"{"a":"\ud800"}"#,
    ] {
        let whole: &'static str = format!(r#"{{"code":"0000","data":{data}}}"#).leak();
        let response = called("200 OK", whole).await.unwrap();
        assert_eq!(response.json(), data);
    }
    let response = called("200 OK", r#"{"code":"0000"}"#).await.unwrap();
    assert_eq!(response.json(), "null");
}

#[tokio::test]
async fn the_data_can_be_decoded_as_a_type_and_a_misfit_shows_no_value() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    struct Mine {
        bill_id: String,
    }
    let response = called("200 OK", DONE).await.unwrap();
    let bill_id = "2026-0001".to_owned();
    assert_eq!(response.data::<Mine>().unwrap(), Mine { bill_id });
    let misfit = response.data::<Vec<u8>>().unwrap_err();
    assert_eq!(misfit.field(), "data");
    assert!(!misfit.to_string().contains("2026"), "{misfit}");
    let misfit = called("200 OK", r#"{"code":"0000","data":"01012345678"}"#)
        .await
        .unwrap();
    let misfit = misfit.data::<Mine>().unwrap_err();
    assert!(!misfit.to_string().contains("0101"), "{misfit}");
    let nothing = called("200 OK", r#"{"code":"0000"}"#).await.unwrap();
    assert_eq!(nothing.data::<Option<Mine>>().unwrap(), None);
}

#[tokio::test]
async fn the_outcome_is_decided_as_for_any_other_call() {
    let refused = called(
        "200 OK",
        r#"{"code":"BILL_003","message":"전화 010-1234-5678","data":null}"#,
    );
    let error = refused.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.operation(), Some(Operation::Raw));
    assert_eq!(error.bill_id(), None);
    assert_eq!(
        error.to_string(),
        "raw call rejected: BILL_003 전화 [masked] (/bill/rp); nothing changed"
    );
    for (status, body, reason) in [
        ("200 OK", r#"{"code":"ERROR"}"#, UnknownReason::UnclearCode),
        ("200 OK", "<html>", UnknownReason::InvalidResponse),
        ("502 Bad Gateway", DONE, UnknownReason::HttpStatus),
        (
            "200 OK",
            r#"{"code":"0000","code":"BILL_003"}"#,
            UnknownReason::Contradiction,
        ),
        (
            "200 OK",
            r#"{"code":"0000","data":1,"data":2}"#,
            UnknownReason::Contradiction,
        ),
    ] {
        let error = called(status, body).await.unwrap_err();
        assert_eq!(error.unknown_reason(), Some(reason), "{body}");
        let message = error.to_string();
        let hint =
            "(/bill/rp); it may have been carried out: find out by a read before you repeat it";
        assert!(message.ends_with(hint), "{message}");
    }
    let written = serde_json::to_value(called("200 OK", "").await.unwrap_err()).unwrap();
    assert_eq!(written["operation"], "raw call");
    assert_eq!(written["bill_id"], Value::Null);
}

#[tokio::test]
async fn a_raw_call_is_retried_only_when_it_provably_never_left() {
    let policy = RetryPolicy::new().pauses(Duration::from_millis(1), Duration::from_millis(2));
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .unwrap();
    let client = |base_url: String| {
        let builder = Client::builder(credentials.clone()).base_url(base_url);
        builder.retry(policy).build().unwrap()
    };
    for status in [
        "502 Bad Gateway",
        "429 Too Many Requests",
        "408 Request Timeout",
    ] {
        let server = saying(status, "").await;
        let error = client(server.base_url()).call("/bill/rp", json!({})).await;
        assert_eq!(error.unwrap_err().attempts().len(), 1, "{status}");
        assert_eq!(server.received().1.len(), 1, "{status}");
    }
    let closed_port = ClosedPort::new();
    let error = client(closed_port.base_url())
        .call("/bill/rp", json!({}))
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.attempts().len(), 3);
}

#[tokio::test]
async fn debug_shows_nothing_of_the_response() {
    let response = called(
        "200 OK",
        r#"{"code":"0000","data":{"phone":"01012345678"}}"#,
    );
    assert_eq!(
        format!("{:?}", response.await.unwrap()),
        "RawResponse(23 bytes)"
    );
}
