//! Responses that are truncated, too large, endless or late.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod errors;
    pub mod responses;
    pub mod samples;
    pub mod wire;
}

use std::time::Duration;

use payssam::{Client, Credentials, Operation, Outcome, RetryPolicy, UnknownReason};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc::{self, Receiver},
};

use support::{
    caller::{API_KEY, client},
    calls::call,
    errors::{about, check},
    responses::SUCCESS,
    wire::{Action, Server, http},
};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_truncated_response_is_unknown() {
    let whole = String::from_utf8(http("200 OK", SUCCESS)).unwrap();
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cod\r\n";
    for (bytes, status) in [
        // Nothing, a part of the head, the head alone, a part of the body.
        (String::new(), None),
        (head[..20].to_owned(), None),
        (format!("{head}\r\n\r\n"), Some(200)),
        (
            format!("{head}\r\n\r\n{}", &body[..body.len() - 1]),
            Some(200),
        ),
        (chunked.to_owned(), Some(200)),
    ] {
        for operation in Operation::ALL.iter().copied() {
            let cut = bytes.clone();
            let server =
                Server::start(move |_| Action::WriteAndClose(cut.clone().into_bytes())).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), status);
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ConnectionLost),
                "{bytes}"
            );
            assert_eq!(server.received().1.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_response_longer_than_its_content_length_is_cut_there() {
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{SUCCESS}",
        SUCCESS.len() - 1
    );
    let server = Server::start(move |_| Action::WriteAndClose(bytes.clone().into_bytes())).await;
    for operation in Operation::ALL.iter().copied() {
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::InvalidResponse));
    }
}

#[tokio::test]
async fn a_connection_that_ends_without_a_response_is_unknown() {
    for (reads, resets) in [(false, false), (false, true), (true, false), (true, true)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&format!("http://{}", listener.local_addr().unwrap()));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if reads {
                    assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                } else {
                    // The request has arrived, and is not read.
                    stream.readable().await.unwrap();
                }
                if resets {
                    stream.set_zero_linger().unwrap();
                }
            }
        });
        for operation in Operation::ALL.iter().copied() {
            let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
            let error = ended.await.expect("an end").unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.unknown_reason(), Some(UnknownReason::ConnectionLost));
            assert_eq!(error.http_status(), None);
        }
    }
}

#[tokio::test]
async fn a_response_that_is_not_http_is_unknown() {
    let server =
        Server::start(|_| Action::WriteAndClose(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec())).await;
    for operation in Operation::ALL.iter().copied() {
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.http_status(), None);
    }
}

#[tokio::test]
async fn a_rejecting_status_stays_a_rejection_when_its_body_is_truncated_or_too_large() {
    let cut = "HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{\"code\":".to_owned();
    let large = String::from_utf8(http("404 Not Found", &" ".repeat(MIB + 1))).unwrap();
    for (bytes, status) in [(cut, 400), (large, 404)] {
        for operation in Operation::ALL.iter().copied() {
            let bytes = bytes.clone();
            let server =
                Server::start(move |_| Action::WriteAndClose(bytes.clone().into_bytes())).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, None);
            assert_eq!(error.http_status(), Some(status));
        }
    }
}

/// A client that waits no longer than this for a whole response, and tries once.
fn impatient(base_url: &str, limit: Duration) -> Client {
    Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(base_url)
    .timeout(limit)
    .retry(RetryPolicy::off())
    .build()
    .unwrap()
}

#[tokio::test]
async fn a_response_that_does_not_arrive_in_time_is_unknown() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":";
    for (bytes, status) in [("", None), (half, Some(200))] {
        for operation in Operation::ALL.iter().copied() {
            let server = Server::start(move |_| Action::Write(bytes.as_bytes().to_vec())).await;
            let client = impatient(&server.base_url(), Duration::from_millis(200));
            let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
            let error = ended.await.expect("the limit is kept").unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), status);
            assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
            let text = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: no complete response arrived within the time limit"
            );
            assert!(text.starts_with(&expected), "{text}");
            assert_eq!(server.received().1.len(), 1);
        }
    }
}

/// A success that is this long.
fn padded(length: usize) -> String {
    let (head, tail) = (
        r#"{"code":"0000","data":{"billId":"2024-0001"},"message":""#,
        "\"}",
    );
    format!(
        "{head}{}{tail}",
        "x".repeat(length - head.len() - tail.len())
    )
}

fn chunked(body: &str) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.as_bytes().chunks(100_000) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

#[tokio::test]
async fn a_response_of_one_mebibyte_is_read_and_a_byte_more_is_not() {
    for write in [|body: &str| http("200 OK", body), chunked] {
        for operation in Operation::ALL.iter().copied() {
            let server = Server::start(move |_| Action::Write(write(&padded(MIB)))).await;
            let result = call(operation, &client(&server.base_url())).await;
            assert!(result.is_ok(), "{operation}");

            let server = Server::start(move |_| Action::Write(write(&padded(MIB + 1)))).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), Some(200));
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ResponseTooLarge)
            );
            let text = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: the response is larger than 1 MiB, HTTP 200 {}",
                about(operation)
            );
            assert!(text.starts_with(&expected), "{text}");
        }
    }
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_not_waited_for() {
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
        u64::MAX / 4
    );
    for operation in Operation::ALL.iter().copied() {
        let bytes = bytes.clone();
        let server = Server::start(move |_| Action::Write(bytes.clone().into_bytes())).await;
        let client = client(&server.base_url());
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(
            error.unknown_reason(),
            Some(UnknownReason::ResponseTooLarge)
        );
    }
}

/// A server that writes the opening, and then the same bytes as long as the client reads. It reports for
/// each connection how much it wrote.
async fn endless(opening: &'static str, more: &'static [u8]) -> (String, Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (written, reported) = mpsc::channel(Operation::ALL.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut count = opening.len();
            // Without a read there is a reset, which would end the response early.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(opening.as_bytes()).await;
            while stream.write_all(more).await.is_ok() {
                count += more.len();
            }
            written.send(count).await.unwrap();
        }
    });
    (base_url, reported)
}

#[tokio::test]
async fn an_endless_response_is_read_up_to_the_limit() {
    const CHUNK: &[u8] = &{
        let mut chunk = [b' '; 0x1000 + 8];
        let (start, end) = (b"1000\r\n", chunk.len() - 2);
        let mut place = 0;
        while place < start.len() {
            chunk[place] = start[place];
            place += 1;
        }
        chunk[end] = b'\r';
        chunk[end + 1] = b'\n';
        chunk
    };
    for (opening, more) in [
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            CHUNK,
        ),
        ("HTTP/1.1 200 OK\r\n\r\n", &[b' '; 4096]),
    ] {
        let (base_url, mut written) = endless(opening, more).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&base_url)).await.unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ResponseTooLarge)
            );
            let written = tokio::time::timeout(Duration::from_secs(20), written.recv());
            let count = written.await.expect("the client stops reading").unwrap();
            // What was not read is in the buffers of two sockets.
            assert!((MIB..32 * MIB).contains(&count), "{count}");
        }
    }
}

#[tokio::test]
async fn an_endless_head_is_unknown() {
    let (base_url, _written) = endless("HTTP/1.1 200 OK\r\nx: ", &[b'x'; 4096]).await;
    for operation in Operation::ALL.iter().copied() {
        let error = call(operation, &client(&base_url)).await.unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.http_status(), None);
    }
}
