//! What a call tells `tracing`: a span for every request, named as OpenTelemetry names HTTP clients.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod log;
    pub mod script;
    pub mod wire;
}

use std::time::Duration;

use payssam::{Client, ConfirmPolicy, RetryPolicy};
use support::{
    caller::{bill_id, cancel, client},
    closed_port::ClosedPort,
    log::Log,
    script::{BAD_GATEWAY, CANCEL_DONE, ERROR, NOT_FOUND, PAID, Reply, server},
};

const CANCELLED: Reply =
    Reply::Body(r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"C"}}"#);

/// The closing lines of the spans of this name, in which all of their fields stand.
fn closed(log: &str, name: &str) -> Vec<String> {
    let opening = format!("{name}{{");
    log.lines()
        .filter(|line| line.contains(" payssam::") && line.contains(": close "))
        .filter_map(|line| line.rsplit_once(&opening))
        .map(|(_, fields)| fields.to_owned())
        .collect()
}

fn quick(client: &Client) -> Client {
    let (first, most) = (Duration::from_millis(1), Duration::from_millis(5));
    client
        .with_retry(RetryPolicy::new().pauses(first, most))
        .with_confirm(ConfirmPolicy::new().pauses(first, most))
}

/// The log of a call.
async fn logged<T>(call: impl Future<Output = T>) -> (T, String) {
    let log = Log::default();
    let recording = log.of_this_thread();
    let ended = call.await;
    drop(recording);
    (ended, log.take())
}

#[track_caller]
fn has(fields: &str, expected: &[&str]) {
    for field in expected {
        let found = fields.contains(&format!("{field} ")) || fields.contains(&format!("{field}}}"));
        assert!(found, "{field} in {fields}");
    }
}

#[tokio::test]
async fn a_request_is_a_span_with_what_was_requested_and_how_it_ended() {
    let server = server(&[PAID]).await;
    let client = client(&server.base_url());
    let (_, log) = logged(client.bills().read(&bill_id())).await;
    let spans = closed(&log, "payssam.request");
    assert_eq!(spans.len(), 1, "{log}");
    let (address, port) = server.base_url()["http://".len()..]
        .split_once(':')
        .map(|(address, port)| (address.to_owned(), port.to_owned()))
        .unwrap();
    has(
        &spans[0],
        &[
            "otel.name=POST /bill/read",
            r#"otel.kind="client""#,
            r#"http.request.method="POST""#,
            &format!("url.full={}/bill/read", server.base_url()),
            &format!("server.address={address:?}"),
            &format!("server.port={port}"),
            "http.response.status_code=200",
            r#"payssam.operation="bill read""#,
            r#"payssam.bill_id="2024-0001""#,
            "payssam.attempt=1",
            r#"payssam.code="0000""#,
        ],
    );
    assert!(spans[0].contains("payssam.elapsed_ms="));
    for absent in ["error.type", "resend_count", "payssam.outcome"] {
        assert!(!spans[0].contains(absent), "{}", spans[0]);
    }
}

#[tokio::test]
async fn a_failure_is_in_the_span_and_a_warning() {
    for (reply, expected) in [
        (
            NOT_FOUND,
            &[
                "http.response.status_code=200",
                r#"payssam.code="BILL_003""#,
                r#"payssam.outcome="rejected""#,
                r#"error.type="rejected""#,
            ][..],
        ),
        (
            BAD_GATEWAY,
            &[
                "http.response.status_code=502",
                r#"payssam.outcome="unknown""#,
                r#"error.type="502""#,
            ],
        ),
        (
            Reply::Lost,
            &[
                r#"payssam.outcome="unknown""#,
                r#"error.type="connection_lost""#,
            ],
        ),
        (
            ERROR,
            &[
                r#"payssam.code="ERROR""#,
                r#"payssam.outcome="unknown""#,
                r#"error.type="unclear_code""#,
            ],
        ),
    ] {
        let server = server(&[reply]).await;
        let client = client(&server.base_url());
        let (ended, log) = logged(client.bills().cancel(&cancel())).await;
        let error = ended.unwrap_err();
        let spans = closed(&log, "payssam.request");
        assert_eq!(spans.len(), 1, "{log}");
        has(&spans[0], expected);
        let warning = log.lines().find(|line| line.contains(" WARN ")).unwrap();
        assert!(warning.ends_with(&error.to_string()), "{warning}");
    }
}

#[tokio::test]
async fn a_request_that_never_left_says_so() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url());
    let (_, log) = logged(client.bills().cancel(&cancel())).await;
    let spans = closed(&log, "payssam.request");
    has(
        &spans[0],
        &[r#"payssam.outcome="not_sent""#, r#"error.type="not_sent""#],
    );
    assert!(!spans[0].contains("status_code"), "{}", spans[0]);
}

#[tokio::test]
async fn every_attempt_is_a_span_of_its_own() {
    let server = server(&[BAD_GATEWAY, Reply::Lost, PAID]).await;
    let client = quick(&client(&server.base_url()));
    let (read, log) = logged(client.bills().read(&bill_id())).await;
    read.unwrap();
    let spans = closed(&log, "payssam.request");
    assert_eq!(spans.len(), 3, "{log}");
    assert!(!spans[0].contains("resend_count"));
    has(&spans[0], &["payssam.attempt=1"]);
    has(
        &spans[1],
        &["payssam.attempt=2", "http.request.resend_count=1"],
    );
    has(
        &spans[2],
        &["payssam.attempt=3", "http.request.resend_count=2"],
    );
    let pauses = log.matches("payssam.pause_ms=").count();
    assert_eq!(pauses, 2, "{log}");
}

#[tokio::test]
async fn a_confirmed_write_is_a_span_around_its_requests() {
    let server = server(&[Reply::Lost, BAD_GATEWAY, CANCELLED]).await;
    let client = quick(&client(&server.base_url()));
    let (done, log) = logged(client.bills().cancel_and_confirm(&cancel())).await;
    done.unwrap();
    let requests = closed(&log, "payssam.request");
    assert_eq!(requests.len(), 3, "{log}");
    let spans: Vec<_> = closed(&log, "payssam.reconcile")
        .into_iter()
        .filter(|fields| !fields.contains("payssam.request"))
        .collect();
    assert_eq!(spans.len(), 1, "{log}");
    has(
        &spans[0],
        &[
            r#"payssam.bill_id="2024-0001""#,
            "payssam.attempts=3",
            "payssam.confirmed_by_read=true",
            "payssam.was_already=false",
        ],
    );
    let pending =
        r#"payssam.reconcile{payssam.operation="bill cancel" payssam.bill_id="2024-0001"}"#;
    let inside = format!("{pending}:payssam.request{{");
    assert!(log.contains(&inside), "{log}");
}

#[tokio::test]
async fn a_call_that_succeeds_warns_of_nothing() {
    let server = server(&[CANCEL_DONE]).await;
    let client = client(&server.base_url());
    let (done, log) = logged(client.bills().cancel(&cancel())).await;
    done.unwrap();
    assert!(!log.contains(" WARN ") && !log.contains(" ERROR "), "{log}");
    assert_eq!(closed(&log, "payssam.request").len(), 1);
}

/// The levels of all lines that are not those of a span.
fn levels(log: &str) -> Vec<&str> {
    let is_event = |line: &&str| !line.contains(": close") && !line.contains(": new");
    let levels = ["ERROR", "WARN", "INFO"];
    let level = |line: &str| {
        levels
            .into_iter()
            .find(|level| line.contains(&format!(" {level} ")))
    };
    log.lines().filter(is_event).filter_map(level).collect()
}

#[tokio::test]
async fn an_attempt_that_is_retried_is_no_warning() {
    let server = server(&[BAD_GATEWAY, Reply::Lost, PAID]).await;
    let client = quick(&client(&server.base_url()));
    let (read, log) = logged(client.bills().read(&bill_id())).await;
    read.unwrap();
    assert_eq!(levels(&log), ["INFO", "INFO"], "{log}");
}

#[tokio::test]
async fn a_failure_is_warned_of_once_and_at_the_end() {
    let bad = server(&[BAD_GATEWAY]).await;
    let client = quick(&support::caller::client(&bad.base_url()));
    let (_, log) = logged(client.bills().read(&bill_id())).await;
    assert_eq!(levels(&log), ["INFO", "INFO", "WARN"], "{log}");

    let (_, log) = logged(client.bills().cancel(&cancel().check_first())).await;
    assert_eq!(levels(&log), ["INFO", "INFO", "INFO", "WARN"], "{log}");

    let short = ConfirmPolicy::new().deadline(Duration::from_millis(200));
    let client = client.with_confirm(short);
    for cancel in [cancel(), cancel().check_first()] {
        let (ended, log) = logged(async { client.bills().cancel_and_confirm(&cancel).await }).await;
        let error = ended.unwrap_err();
        let levels = levels(&log);
        let warnings = levels.iter().filter(|level| **level == "WARN");
        assert_eq!(warnings.count(), 1, "{log}");
        assert_eq!(levels.last(), Some(&"WARN"), "{log}");
        let warning = log.lines().find(|line| line.contains(" WARN ")).unwrap();
        assert!(warning.ends_with(&error.to_string()), "{warning}");
    }
}

#[tokio::test]
async fn what_reads_settle_is_no_warning() {
    let server = server(&[Reply::Lost, BAD_GATEWAY, CANCELLED]).await;
    let client = quick(&client(&server.base_url()));
    let cancel = cancel();
    let (done, log) = logged(async { client.bills().cancel_and_confirm(&cancel).await }).await;
    done.unwrap();
    assert_eq!(levels(&log), ["INFO", "INFO"], "{log}");
}
