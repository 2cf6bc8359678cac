//! When a request is made again, and when it must not be.

mod support {
    pub mod caller;
    pub mod silence;
    pub mod story;
    pub mod wire;
}

use std::time::{Duration, Instant};

use payssam::{BillState, Client, Error, Operation, Outcome, RetryPolicy, UnknownReason};

use support::{
    caller::{bill_id, cancel, client},
    silence::Silence,
    story::{BAD_GATEWAY, CANCEL_DONE, ERROR, HTML, Met, NOT_FOUND, PAID, asked, server},
    wire::{Server, Turn},
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
async fn a_read_is_made_again_until_it_is_answered() {
    for story in [
        [Met::Lost, BAD_GATEWAY, PAID],
        [HTML, ERROR, PAID],
        [
            Met::Http("408 Request Timeout", ""),
            Met::Http("307 Temporary Redirect", ""),
            PAID,
        ],
        [
            Met::Http("429 Too Many Requests", ""),
            Met::Http("503 Service Unavailable", ""),
            PAID,
        ],
    ] {
        let server = server(&story).await;
        assert_eq!(read(&persistent(&server)).await.unwrap(), BillState::Paid);
        assert_eq!(asked(&server), ["read", "read", "read"]);
    }
}

#[tokio::test]
async fn three_attempts_are_the_default() {
    let server = server(&[BAD_GATEWAY]).await;
    let client = client(&server.base_url()).with_retry(RetryPolicy::default());
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(asked(&server), ["read", "read", "read"]);
}

#[tokio::test]
async fn an_error_tells_how_many_attempts_there_were_and_what_each_met() {
    let server = server(&[Met::Lost, HTML, BAD_GATEWAY]).await;
    let error = read(&persistent(&server)).await.unwrap_err();
    let met: Vec<_> = error
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
        met,
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
        "bill read: unknown, the response is not one of PaySsam, HTTP 200"
    );
    assert!(seconds.ends_with(" s"), "{seconds}");
}

#[tokio::test]
async fn a_cancellation_that_may_have_left_is_made_once() {
    for met in [
        Met::Lost,
        HTML,
        ERROR,
        BAD_GATEWAY,
        NOT_FOUND,
        Met::Http("408 Request Timeout", ""),
        Met::Http("429 Too Many Requests", "retry-after: 0\r\n"),
        Met::Http("307 Temporary Redirect", "location: /bill/cancel\r\n"),
    ] {
        let server = server(&[met, CANCEL_DONE]).await;
        let error = cancelled(&persistent(&server)).await.unwrap_err();
        assert_ne!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.attempts().len(), 1);
        assert_eq!(asked(&server), ["cancel"]);
    }
}

#[tokio::test]
async fn a_cancellation_that_provably_never_left_is_made_again() {
    let silence = Silence::new();
    let client = client(&silence.base_url()).with_retry(policy());
    let error = cancelled(&client).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(
        error.to_string(),
        "bill cancel not sent: the server refused the connection after 3 attempts (bill 2024-0001); \
         nothing changed, it is safe to try again"
    );
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn each_attempt_of_an_unsent_cancellation_knocks_again() {
    let server = Server::start(|_| Turn::SayAndClose(Vec::new())).await;
    let address = server.base_url().replace("http:", "https:");
    let client = client(&address).with_retry(policy());
    // What the server takes for a request is the beginning of a handshake, which it never answers.
    let error = tokio::time::timeout(PATIENCE, cancelled(&impatient(&client, &address)))
        .await
        .expect("it ends")
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(server.heard().0, 3);
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn impatient(client: &Client, base_url: &str) -> Client {
    Client::builder(client.credentials().clone())
        .base_url(base_url)
        .connect_timeout(Duration::from_millis(200))
        .retry(client.retry_policy())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    for met in [
        NOT_FOUND,
        Met::Http("404 Not Found", ""),
        Met::Http("401 Unauthorized", ""),
    ] {
        let server = server(&[met, PAID]).await;
        let error = read(&persistent(&server)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert_eq!(asked(&server), ["read"]);
    }
}

#[tokio::test]
async fn off_is_one_attempt() {
    for policy in [RetryPolicy::off(), RetryPolicy::new().attempts(0)] {
        let server = server(&[BAD_GATEWAY, PAID]).await;
        let client = client(&server.base_url()).with_retry(policy);
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.attempts().len(), 1);
        assert_eq!(asked(&server), ["read"]);
    }
}

#[tokio::test]
async fn what_retry_after_asks_for_is_waited() {
    for met in [
        Met::Http("429 Too Many Requests", "retry-after: 1\r\n"),
        Met::Http("503 Service Unavailable", "retry-after: 1\r\n"),
    ] {
        let server = server(&[met, PAID]).await;
        let begun = Instant::now();
        read(&persistent(&server)).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_secs(1));
        assert_eq!(asked(&server).len(), 2);
    }
}

#[tokio::test]
async fn a_pause_that_ends_after_the_deadline_is_not_begun() {
    let met = Met::Http("503 Service Unavailable", "retry-after: 3600\r\n");
    let server = server(&[met, PAID]).await;
    let error = read(&persistent(&server)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(asked(&server), ["read"]);
}

#[tokio::test]
async fn the_longest_retry_after_that_there_is_ends_the_attempts() {
    let met = Met::Http(
        "503 Service Unavailable",
        "retry-after: 18446744073709551615\r\n",
    );
    let server = server(&[met, PAID]).await;
    let day = Duration::from_secs(86_400);
    let policy = RetryPolicy::new().pauses(day, day);
    let persistent = client(&server.base_url()).with_retry(policy);
    let error = read(&persistent).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(u64::MAX)));
    assert_eq!(asked(&server), ["read"]);
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
    // The last one may have been given up before it was sent.
    let asked = asked(&server).len();
    assert!(asked == made || asked + 1 == made, "{asked} of {made}");
}

#[tokio::test]
async fn a_later_attempt_is_given_up_at_the_deadline() {
    let server = server(&[BAD_GATEWAY, Met::Silence]).await;
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
async fn other_shops_and_clones_keep_the_policy() {
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
