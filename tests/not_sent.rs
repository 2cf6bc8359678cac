//! Requests that provably never left this machine, and why.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod closed_port;
    pub mod errors;
    pub mod samples;
}

use std::time::Duration;

use payssam::{Client, Credentials, Error, NotSentReason, Operation, Outcome, RetryPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};

use support::{
    caller::{API_KEY, client},
    calls::call,
    closed_port::ClosedPort,
    errors::{about, check},
};

/// Checks an error about a request that was not sent, with its reason and its text.
#[track_caller]
fn check_reason(error: &Error, operation: Operation, reason: NotSentReason, text: &str) {
    check(error, operation, Outcome::NotSent, None);
    assert_eq!(error.not_sent_reason(), Some(reason), "{error}");
    assert_eq!(error.http_status(), None);
    assert_eq!(error.raw_message(), None);
    assert_eq!(
        error.to_string(),
        format!(
            "{operation} not sent: {text} {}; nothing changed, it is safe to retry",
            about(operation)
        )
    );
}

/// A client that waits 200 milliseconds for a connection.
fn hurried(base_url: String) -> Client {
    client_with(base_url, Duration::from_millis(200))
}

/// A client that waits so long for a connection, and tries once.
fn client_with(base_url: String, connect_timeout: Duration) -> Client {
    Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(base_url)
    .connect_timeout(connect_timeout)
    .timeout(Duration::from_secs(120))
    .retry(RetryPolicy::off())
    .build()
    .unwrap()
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_name_that_does_not_resolve_is_not_sent() {
    // No host has a name under `.invalid`. Without a name server the name is not resolved either.
    let client = client_with("https://payssam.invalid".into(), Duration::from_secs(60));
    for operation in [Operation::BillRead, Operation::BillCancel] {
        let error = call(operation, &client).await.unwrap_err();
        check_reason(
            &error,
            operation,
            NotSentReason::NameNotResolved,
            "the name of the server was not resolved",
        );
    }
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_name_that_no_host_can_have_is_not_sent() {
    // No label of a name is longer than 63 characters.
    let client = client(&format!("https://{}.invalid", "a".repeat(64)));
    for operation in Operation::ALL.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_never_accepted_is_not_sent_after_the_connect_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // The queue of the listener is full when a connection is not made at once.
    let mut waiting = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    let client = hurried(format!("http://{address}"));
    for operation in Operation::ALL.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("the limit is kept").unwrap_err();
        check_reason(
            &error,
            operation,
            NotSentReason::ConnectTimeout,
            "connecting took longer than the limit",
        );
    }
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let closed_port = ClosedPort::new();
    for operation in Operation::ALL.iter().copied() {
        let error = call(operation, &client(&closed_port.base_url()))
            .await
            .unwrap_err();
        check_reason(
            &error,
            operation,
            NotSentReason::ConnectionRefused,
            "the server refused the connection",
        );
    }
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_server_that_never_speaks_tls_is_not_sent_after_the_connect_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = hurried(format!("https://{address}"));
    for operation in Operation::ALL.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("the limit is kept").unwrap_err();
        check_reason(
            &error,
            operation,
            NotSentReason::ConnectTimeout,
            "connecting took longer than the limit",
        );
    }
    drop(listener);
}

/// A client of a server that says this instead of its part of a TLS handshake.
#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
async fn with_handshake(said: &'static [u8]) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Without a read there is a reset, which would hide what was said.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(said).await;
        }
    });
    client
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_failed_tls_handshake_is_not_sent() {
    // The fatal alert `handshake_failure`, and the end of the connection.
    for said in [&[0x15, 3, 3, 0, 2, 2, 40][..], &[]] {
        let client = with_handshake(said).await;
        for operation in Operation::ALL.iter().copied() {
            let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
            let error = ended.await.expect("an end").unwrap_err();
            check_reason(&error, operation, NotSentReason::Tls, "TLS failed");
        }
    }
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_server_that_speaks_plain_http_where_tls_is_expected_is_not_sent() {
    let client = with_handshake(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    for operation in Operation::ALL.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[tokio::test]
async fn plain_http_where_tls_is_expected_is_a_tls_failure() {
    let client = with_handshake(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let error = call(Operation::BillRead, &client).await.unwrap_err();
    check_reason(
        &error,
        Operation::BillRead,
        NotSentReason::Tls,
        "TLS failed",
    );
}
