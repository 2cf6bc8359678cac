//! No duration ends a call in a panic: neither what PaySsam asks for, nor what a policy allows.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod log;
    pub mod script;
    pub mod wire;
}

use std::{
    fmt::{Debug, Display},
    sync::LazyLock,
    time::Duration,
};

use payssam::{
    Client, ConfirmPolicy, Credentials, Error, Outcome, RetryPolicy, VerifyLimit,
    callback::{ApprovalCallback, NotVerified},
};
use proptest::prelude::*;
use tokio::{
    runtime::Runtime,
    time::{Instant, timeout},
};

use support::{
    caller::{API_KEY, bill_id, cancel, client},
    log::Log,
    script::{PAID, Reply},
    wire::{Action, Server, http},
};

const LONGEST: &str = "18446744073709551615";

/// What every test logs: all spans and events are written.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.subscriber()).expect("it is the only one");
    log
});

/// How long a call may wait for what never comes.
const PATIENCE: Duration = Duration::from_millis(60);

/// Responds to every request that it has no time, and when to come back.
async fn busy(retry_after: &str) -> Server {
    let response = format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: {retry_after}\r\ncontent-length: 0\r\n\r\n"
    );
    Server::start(move |_| Action::Write(response.clone().into_bytes())).await
}

/// Responds that the bill is paid, to every request.
async fn paid() -> Server {
    let Reply::Body(body) = PAID else {
        unreachable!("it has a body")
    };
    Server::start(move |_| Action::Write(http("200 OK", body))).await
}

fn callback() -> ApprovalCallback {
    ApprovalCallback::parse(br#"{"billId":"2024-0001"}"#).expect("a callback")
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// What is shown of an error, with its attempts.
fn shown(error: &Error) -> String {
    fn both(value: impl Display + Debug) -> String {
        format!("{value} {value:?} {value:#?}")
    }
    let attempts: String = error.attempts().iter().map(both).collect();
    let json = serde_json::to_string(error).expect("it can be written");
    format!("{} {attempts} {json}", both(error))
}

#[tokio::test]
async fn the_longest_retry_after_ends_every_call_under_default_policies() {
    let log = &*LOG;
    let server = busy(LONGEST).await;
    let client = client(&server.base_url()).with_retry(RetryPolicy::default());
    let (bills, id) = (client.bills(), bill_id());
    let checked = cancel().check_first();
    let mut errors = vec![
        bills.read(&id).await.unwrap_err(),
        bills.cancel(&cancel()).await.unwrap_err(),
        bills.cancel(&checked).await.unwrap_err(),
        bills.cancel_and_confirm(&cancel()).await.unwrap_err(),
        bills.cancel_and_confirm(&checked).await.unwrap_err(),
        client.call("/a", serde_json::json!({})).await.unwrap_err(),
    ];
    match callback().verify(&client).await {
        Err(NotVerified::NotRead(error)) => errors.push(error),
        other => panic!("it was not read: {other:?}"),
    }
    for error in &errors {
        assert_ne!(error.outcome(), Outcome::Rejected, "{error}");
        assert!(!shown(error).is_empty());
    }
    let attempt = &errors[0].attempts()[0];
    assert_eq!(attempt.retry_after(), Some(Duration::from_secs(u64::MAX)));
    let wait = format!("retry after {LONGEST} s");
    assert!(attempt.to_string().contains(&wait), "{attempt}");
    let log = log.take();
    assert!(log.contains("payssam.request") && log.contains("payssam.reconcile"));
}

#[test]
fn the_longest_retry_after_ends_blocking_calls() {
    let runtime = runtime();
    let server = runtime.block_on(busy(LONGEST));
    let base_url = server.base_url();
    let calls = std::thread::spawn(move || {
        let client = client(&base_url).with_retry(RetryPolicy::default());
        let client = payssam::blocking::Client::new(client).expect("a client");
        let bills = client.bills();
        [
            bills.read(&bill_id()).unwrap_err().outcome(),
            bills.cancel_and_confirm(&cancel()).unwrap_err().outcome(),
        ]
    });
    let outcomes = runtime.block_on(async {
        tokio::task::spawn_blocking(move || calls.join().expect("no panic"))
            .await
            .expect("no panic")
    });
    assert_eq!(outcomes, [Outcome::Unknown; 2]);
}

/// A time limit.
#[derive(Clone, Copy, Debug)]
enum Limit {
    Exact(Duration),
    /// So much before the last moment that the clock can show.
    BeforeTheLast(Duration),
}

impl Limit {
    fn length(self) -> Duration {
        match self {
            Limit::Exact(limit) => limit,
            Limit::BeforeTheLast(earlier) => last_moment().saturating_sub(earlier),
        }
    }
}

/// How far away the last moment is that the clock can show.
fn last_moment() -> Duration {
    let now = Instant::now();
    let fits = |wait: &Duration| now.checked_add(*wait).is_some();
    let mut wait = Duration::ZERO;
    for bit in (0..64).rev() {
        let longer = wait.checked_add(Duration::from_secs(1 << bit));
        wait = longer.filter(fits).unwrap_or(wait);
    }
    for bit in (0..30).rev() {
        let longer = wait.checked_add(Duration::from_nanos(1 << bit));
        wait = longer.filter(fits).unwrap_or(wait);
    }
    wait
}

/// A client with these limits, which are computed at the last moment.
fn limited(base_url: &str, limits: [Limit; 4], first: Duration, most: Duration) -> Client {
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .expect("credentials");
    let [request, retry, confirm, verify] = limits;
    let some = |limit: Limit| limit.length().max(Duration::from_nanos(1));
    let client = Client::builder(credentials)
        .base_url(base_url)
        .connect_timeout(some(request))
        .timeout(some(request))
        .verify_limit(VerifyLimit::new().time(verify.length()))
        .build()
        .expect("a client");
    let client = client.with_timeout(some(request)).expect("a client");
    let retry = RetryPolicy::new()
        .pauses(first, most)
        .deadline(retry.length());
    let confirm = ConfirmPolicy::new()
        .pauses(first, most)
        .deadline(confirm.length());
    client.with_retry(retry).with_confirm(confirm)
}

/// Makes each kind of call; a panic ends it.
async fn called(client: &Client) -> Vec<Error> {
    LazyLock::force(&LOG);
    let (bills, callback) = (client.bills(), callback());
    let checked = cancel().check_first();
    let (id, cancel) = (bill_id(), cancel());
    let (read, plain, confirmed, checked, verified) = tokio::join!(
        timeout(PATIENCE, bills.read(&id)),
        timeout(PATIENCE, bills.cancel(&cancel)),
        timeout(PATIENCE, bills.cancel_and_confirm(&cancel)),
        timeout(PATIENCE, bills.cancel_and_confirm(&checked)),
        timeout(PATIENCE, callback.verify(client)),
    );
    let mut errors = Vec::new();
    errors.extend(read.ok().and_then(Result::err));
    errors.extend(plain.ok().and_then(Result::err));
    errors.extend(confirmed.ok().and_then(Result::err));
    errors.extend(checked.ok().and_then(Result::err));
    if let Ok(Err(NotVerified::NotRead(error))) = verified {
        errors.push(error);
    }
    errors
}

#[tokio::test]
async fn a_limit_at_the_end_of_the_clock_is_no_panic() {
    let (paid, busy) = (paid().await, busy("0").await);
    for micros in (0..1_500).step_by(100) {
        let limit = Limit::BeforeTheLast(Duration::from_micros(micros));
        let pause = Duration::from_millis(1);
        for server in [&paid, &busy] {
            drop(called(&limited(&server.base_url(), [limit; 4], pause, pause)).await);
        }
    }
}

#[test]
fn a_limit_is_kept_up_to_a_hundred_years() {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let years = |count| VerifyLimit::new().time(count * YEAR);
    assert_ne!(years(99), years(100));
    assert_eq!(years(100), years(101));
    let little_more = VerifyLimit::new().time(100 * YEAR + Duration::from_nanos(1));
    assert_eq!(years(100), little_more);
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| Duration::new(secs, nanos)),
        (0..10_000_u64).prop_map(Duration::from_micros),
        Just(Duration::ZERO),
        Just(Duration::MAX),
        Just(Duration::from_secs(u64::MAX)),
        Just(Duration::from_secs(i64::MAX as u64)),
    ]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        3 => duration().prop_map(Limit::Exact),
        1 => (0..2_000_u64).prop_map(|micros| Limit::BeforeTheLast(Duration::from_micros(micros))),
    ]
}

fn retry_after() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|seconds| seconds.to_string()),
        (0..3_u64).prop_map(|seconds| seconds.to_string()),
        "[0-9]{1,40}",
        "-?[0-9]{0,3}(\\.[0-9]{1,3})?(e[0-9]{1,4})?",
        "[ -~]{0,40}",
        Just(LONGEST.to_owned()),
        Just(i64::MAX.to_string()),
        Just("Fri, 31 Dec 9999 23:59:59 GMT".to_owned()),
        Just("Fri, 31 Dec 9999 23:59:59 -2359".to_owned()),
        Just("Mon, 01 Jan 0001 00:00:00 GMT".to_owned()),
        (0..10_000_u16).prop_map(|year| format!("01 Jan {year:04} 00:00:00 GMT")),
    ]
}

/// So many cases; a failure is printed and stored nowhere.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn no_duration_of_payssam_or_of_a_policy_ends_a_call_in_a_panic(
        retry_after in retry_after(),
        limits in [limit(), limit(), limit(), limit()],
        first in duration(),
        most in duration(),
    ) {
        let errors = runtime().block_on(async {
            let server = busy(&retry_after).await;
            called(&limited(&server.base_url(), limits, first, most)).await
        });
        let seconds = retry_after.trim().parse::<u64>().ok().map(Duration::from_secs);
        for error in errors {
            prop_assert!(!shown(&error).is_empty());
            for attempt in error.attempts() {
                if let (Some(expected), Some(503)) = (seconds, attempt.http_status()) {
                    prop_assert_eq!(attempt.retry_after(), Some(expected));
                }
            }
        }
    }
}
