//! When a request is retried, and when it must not be.

mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod log;
    pub mod script;
    pub mod wire;
}

use std::time::{Duration, Instant};

use payssam::{BillState, Client, Error, Operation, Outcome, RetryPolicy, UnknownReason};

use support::{
    caller::{bill_id, cancel, client},
    closed_port::ClosedPort,
    log::Log,
    script::{BAD_GATEWAY, CANCEL_DONE, ERROR, HTML, NOT_FOUND, PAID, Reply, requested, server},
    wire::{Action, Server},
};

/// No test may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Three attempts without long pauses.
fn policy() -> RetryPolicy {
    RetryPolicy::new().pauses(Duration::from_millis(5), Duration::from_millis(5))
}

fn persistent(server: &Server) -> Client {
    client(&server.base_url()).with_retry(policy())
}

async fn read(client: &Client) -> Result<BillState, Error> {
    let (bills, id) = (client.bills(), bill_id());
    let read = tokio::time::timeout(PATIENCE, bills.read(&id)).await;
    read.expect("it ends").map(|bill| bill.state().clone())
}

async fn cancelled(client: &Client) -> Result<(), Error> {
    let ended = tokio::time::timeout(PATIENCE, client.bills().cancel(&cancel())).await;
    ended.expect("it ends").map(drop)
}

#[tokio::test]
async fn a_read_is_retried_until_it_succeeds() {
    for script in [
        [Reply::Lost, BAD_GATEWAY, PAID],
        [HTML, ERROR, PAID],
        [
            Reply::Http("408 Request Timeout", ""),
            Reply::Http("307 Temporary Redirect", ""),
            PAID,
        ],
        [
            Reply::Http("429 Too Many Requests", ""),
            Reply::Http("503 Service Unavailable", ""),
            PAID,
        ],
    ] {
        let server = server(&script).await;
        assert_eq!(read(&persistent(&server)).await.unwrap(), BillState::Paid);
        assert_eq!(requested(&server), ["read", "read", "read"]);
    }
}

#[tokio::test]
async fn three_attempts_are_the_default() {
    let server = server(&[BAD_GATEWAY]).await;
    let client = client(&server.base_url()).with_retry(RetryPolicy::default());
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(requested(&server), ["read", "read", "read"]);
}

#[tokio::test]
async fn an_error_lists_its_attempts_and_how_each_ended() {
    let server = server(&[Reply::Lost, HTML, BAD_GATEWAY]).await;
    let error = read(&persistent(&server)).await.unwrap_err();
    let ended: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| {
            (
                attempt.operation(),
                attempt.unknown_reason(),
                attempt.http_status(),
            )
        })
        .collect();
    assert_eq!(
        ended,
        [
            (
                Operation::BillRead,
                Some(UnknownReason::ConnectionLost),
                None
            ),
            (
                Operation::BillRead,
                Some(UnknownReason::InvalidResponse),
                Some(200)
            ),
            (
                Operation::BillRead,
                Some(UnknownReason::HttpStatus),
                Some(502)
            ),
        ]
    );
    assert!(
        error
            .attempts()
            .iter()
            .all(|attempt| attempt.outcome() == Some(Outcome::Unknown))
    );
    assert_eq!(
        error.to_string(),
        "bill read outcome unknown after 3 attempts: the HTTP status proves nothing, HTTP 502 \
         (bill 2024-0001); nothing changed, read again"
    );
    let shown = error.attempts()[1].to_string();
    let (shown, seconds) = shown.rsplit_once(", ").unwrap();
    assert_eq!(
        shown,
        "bill read: unknown, the response is not in PaySsam's format, HTTP 200"
    );
    assert!(seconds.ends_with(" s"), "{seconds}");
}

#[tokio::test]
async fn a_cancellation_that_may_have_left_is_not_retried() {
    for reply in [
        Reply::Lost,
        HTML,
        ERROR,
        BAD_GATEWAY,
        NOT_FOUND,
        Reply::Http("408 Request Timeout", ""),
        Reply::Http("429 Too Many Requests", "retry-after: 0\r\n"),
        Reply::Http("307 Temporary Redirect", "location: /bill/cancel\r\n"),
    ] {
        let server = server(&[reply, CANCEL_DONE]).await;
        let error = cancelled(&persistent(&server)).await.unwrap_err();
        assert_ne!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.attempts().len(), 1);
        assert_eq!(requested(&server), ["cancel"]);
    }
}

#[tokio::test]
async fn a_cancellation_that_provably_never_left_is_retried() {
    let closed_port = ClosedPort::new();
    let client = client(&closed_port.base_url()).with_retry(policy());
    let error = cancelled(&client).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(
        error.to_string(),
        "bill cancel not sent after 3 attempts: the server refused the connection (bill 2024-0001); \
         nothing changed, it is safe to retry"
    );
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn each_attempt_of_an_unsent_cancellation_connects_again() {
    let server = Server::start(|_| Action::WriteAndClose(Vec::new())).await;
    let address = server.base_url().replace("http:", "https:");
    let client = client(&address).with_retry(policy());
    // What the server takes for a request is the beginning of a handshake, to which it never responds.
    let error = tokio::time::timeout(PATIENCE, cancelled(&impatient(&client, &address)))
        .await
        .expect("it ends")
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(server.received().0, 3);
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
fn impatient(client: &Client, base_url: &str) -> Client {
    Client::builder(client.credentials().clone())
        .base_url(base_url)
        .connect_timeout(Duration::from_millis(200))
        .retry(client.retry_policy())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_rejection_is_not_retried() {
    for reply in [
        NOT_FOUND,
        Reply::Http("404 Not Found", ""),
        Reply::Http("401 Unauthorized", ""),
    ] {
        let server = server(&[reply, PAID]).await;
        let error = read(&persistent(&server)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert_eq!(requested(&server), ["read"]);
    }
}

#[tokio::test]
async fn off_is_one_attempt() {
    for policy in [RetryPolicy::off(), RetryPolicy::new().attempts(0)] {
        let server = server(&[BAD_GATEWAY, PAID]).await;
        let client = client(&server.base_url()).with_retry(policy);
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.attempts().len(), 1);
        assert_eq!(requested(&server), ["read"]);
    }
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    for reply in [
        Reply::Http("429 Too Many Requests", "retry-after: 1\r\n"),
        Reply::Http("503 Service Unavailable", "retry-after: 1\r\n"),
    ] {
        let server = server(&[reply, PAID]).await;
        let begun = Instant::now();
        read(&persistent(&server)).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_secs(1));
        assert_eq!(requested(&server).len(), 2);
    }
}

#[tokio::test]
async fn the_first_pause_is_no_longer_than_the_policy_says() {
    let log = Log::default();
    let recording = log.of_this_thread();
    let policy = RetryPolicy::new()
        .attempts(2)
        .pauses(Duration::from_millis(40), Duration::from_secs(3_600));
    for _ in 0..40 {
        let server = server(&[BAD_GATEWAY, PAID]).await;
        let client = client(&server.base_url()).with_retry(policy);
        assert_eq!(read(&client).await.unwrap(), BillState::Paid);
    }
    drop(recording);
    let log = log.take();
    let pauses: Vec<u64> = log
        .split("payssam.pause_ms=")
        .skip(1)
        .map(|rest| rest.split(char::is_whitespace).next().unwrap())
        .map(|digits| digits.parse().unwrap())
        .collect();
    assert_eq!(pauses.len(), 40, "{log}");
    assert!(pauses.iter().all(|pause| *pause <= 40), "{pauses:?}");
    assert!(pauses.iter().any(|pause| *pause > 10), "{pauses:?}");
}

#[tokio::test]
async fn a_pause_that_would_end_after_the_deadline_is_not_started() {
    let reply = Reply::Http("503 Service Unavailable", "retry-after: 3600\r\n");
    let server = server(&[reply, PAID]).await;
    let error = read(&persistent(&server)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(requested(&server), ["read"]);
}

#[tokio::test]
async fn the_longest_possible_retry_after_ends_the_attempts() {
    let reply = Reply::Http(
        "503 Service Unavailable",
        "retry-after: 18446744073709551615\r\n",
    );
    let server = server(&[reply, PAID]).await;
    let day = Duration::from_secs(86_400);
    let policy = RetryPolicy::new().pauses(day, day);
    let persistent = client(&server.base_url()).with_retry(policy);
    let error = read(&persistent).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(u64::MAX)));
    assert_eq!(requested(&server), ["read"]);
}

#[tokio::test]
async fn the_deadline_ends_the_attempts() {
    let server = server(&[BAD_GATEWAY]).await;
    let pause = Duration::from_millis(50);
    let policy = RetryPolicy::new()
        .attempts(u32::MAX)
        .pauses(pause, pause)
        .deadline(Duration::from_millis(500));
    let error = read(&client(&server.base_url()).with_retry(policy))
        .await
        .unwrap_err();
    let made = error.attempts().len();
    assert!(made > 1, "{made}");
    // The last one may have been abandoned before it was sent.
    let requested = requested(&server).len();
    assert!(
        requested == made || requested + 1 == made,
        "{requested} of {made}"
    );
}

#[tokio::test]
async fn a_later_attempt_is_abandoned_at_the_deadline() {
    let server = server(&[BAD_GATEWAY, Reply::Never]).await;
    let policy = policy().deadline(Duration::from_millis(500));
    let error = read(&client(&server.base_url()).with_retry(policy))
        .await
        .unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
    assert_eq!(error.attempts().len(), 2);
}

#[tokio::test]
async fn the_first_attempt_has_the_whole_time_limit_of_a_request() {
    let server = server(&[PAID]).await;
    let policy = RetryPolicy::new().deadline(Duration::ZERO);
    let client = client(&server.base_url()).with_retry(policy);
    assert_eq!(read(&client).await.unwrap(), BillState::Paid);
}

#[tokio::test]
async fn other_merchants_and_clones_keep_the_policy() {
    let policy = policy().attempts(7);
    let client = client("http://127.0.0.1:9").with_retry(policy);
    let other = client
        .with_member("member-2")
        .unwrap()
        .with_merchant("merchant-2")
        .unwrap();
    assert_eq!(other.retry_policy(), policy);
    assert_eq!(client.clone().retry_policy(), policy);
    assert_eq!(
        client
            .with_confirm(payssam::ConfirmPolicy::new())
            .retry_policy(),
        policy
    );
}
