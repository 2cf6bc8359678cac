//! What a client can make the mock server hold: connections, half of a request, and memory.

use std::{net::SocketAddr, time::Duration};

use crate::support::{
    changed, http, id, points_request, post_body, price, read_request, receipt_request,
    send_request,
    wire::{self, address, request},
    with_bill,
};
use payssam::BillId;
use payssam_mock::{Event, Fault, Schedule};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// The most connections at the same time.
const CONNECTIONS: usize = 256;

/// The most bytes of a body.
const BODY: usize = 64 * 1024;

const MIB: usize = 1024 * 1024;

/// A whole request that reads the bill.
fn read(address: SocketAddr) -> String {
    let headers = [
        format!("host: {address}"),
        "content-type: application/json".to_owned(),
    ];
    request(
        "POST",
        "/partner/bill/read",
        &headers,
        &read_request().to_string(),
    )
}

/// Sends the first bytes of a request, and then one byte of `more` each second, and waits until the mock
/// server ends the connection. Where the clock is paused, no time passes in truth.
async fn half_sent(address: SocketAddr, begin: &str, more: Option<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may be ended before all is written.
    drop(stream.write_all(begin.as_bytes()).await);
    let (mut from, mut to) = stream.into_split();
    let trickle = tokio::spawn(async move {
        while let Some(byte) = more {
            sleep(Duration::from_secs(1)).await;
            if to.write_all(&[byte]).await.is_err() {
                break;
            }
        }
        // The connection stays open from this side.
        std::future::pending::<()>().await;
    });
    let mut received = Vec::new();
    let ended = timeout(Duration::from_secs(300), from.read_to_end(&mut received));
    // Whether it is closed or reset.
    drop(
        ended
            .await
            .unwrap_or_else(|_| panic!("{begin:?} is still read")),
    );
    trickle.abort();
}

#[tokio::test(start_paused = true)]
async fn headers_that_never_end_are_given_up() {
    let mock = with_bill().await;
    let address = address(&mock);
    for begin in ["", "POST", "POST /partner/bill/read HTTP/1.1\r\nhost: "] {
        half_sent(address, begin, None).await;
    }
    half_sent(
        address,
        "POST /partner/bill/read HTTP/1.1\r\nhost: ",
        Some(b'a'),
    )
    .await;
    assert!(mock.requests().is_empty());
    assert_eq!(wire::send(address, &read(address)).await.code(), "0000");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let mock = with_bill().await;
    let address = address(&mock);
    let whole = read(address);
    let begin = &whole[..whole.len() - 5];
    half_sent(address, begin, None).await;
    let long = whole.replace("content-length: ", "content-length: 1");
    half_sent(address, &long, Some(b' ')).await;
    let chunked = "transfer-encoding: chunked\r\nx-length: ";
    half_sent(address, &whole.replace("content-length: ", chunked), None).await;
    assert!(mock.requests().is_empty());
    assert_eq!(wire::send(address, &whole).await.code(), "0000");
}

/// A request to the control API.
fn advance(address: SocketAddr, body: &str) -> String {
    let headers = [
        format!("host: {address}"),
        "content-type: application/json".to_owned(),
    ];
    wire::request("POST", "/_mock/clock/advance", &headers, body)
}

#[tokio::test(start_paused = true)]
async fn a_body_of_the_control_api_that_never_ends_is_given_up() {
    let mock = with_bill().await;
    let address = address(&mock);
    let whole = advance(address, r#"{"hours": 1}"#);
    half_sent(address, &whole[..whole.len() - 5], None).await;
    let long = whole.replace("content-length: ", "content-length: 1");
    half_sent(address, &long, Some(b' ')).await;
    half_sent(
        address,
        &long.replace("/clock/advance", "/restore"),
        Some(b' '),
    )
    .await;
    assert_eq!(wire::send(address, &whole).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_form_of_a_page_that_never_ends_is_given_up() {
    let mock = with_bill().await;
    let address = address(&mock);
    let headers = [
        format!("host: {address}"),
        "content-type: application/x-www-form-urlencoded".to_owned(),
    ];
    let whole = wire::request("POST", "/do/hold", &headers, "token=0123456789");
    half_sent(address, &whole[..whole.len() - 5], None).await;
    let long = whole.replace("content-length: ", "content-length: 1");
    half_sent(address, &long, Some(b'a')).await;
    // A whole one is refused for its token only.
    assert_eq!(wire::send(address, &whole).await.status, 403);
}

#[tokio::test]
async fn a_body_of_the_control_api_has_64_kibibytes_at_most() {
    let mock = with_bill().await;
    let address = address(&mock);
    for (length, status) in [(BODY, 200), (BODY + 1, 413)] {
        let body = r#"{"hours": 1}"#;
        let body = body.to_owned() + &" ".repeat(length - body.len());
        assert_eq!(
            wire::send(address, &advance(address, &body)).await.status,
            status
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_waits_for_its_next_request_is_closed_after_longer_than_a_client_waits() {
    let mock = with_bill().await;
    let address = address(&mock);
    let kept = read(address).replace("connection: close", "connection: keep-alive");
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(kept.as_bytes()).await.unwrap();
        let received = stream.read(&mut [0; 4096]).await.unwrap();
        assert!(received > 0);
        sleep(Duration::from_secs(30)).await;
    }
    let end = timeout(Duration::from_secs(300), stream.read(&mut [0; 1])).await;
    assert_eq!(end.expect("it is still open").unwrap_or(0), 0);
}

#[tokio::test]
async fn the_number_of_connections_is_capped_and_further_ones_wait() {
    let mock = with_bill().await;
    let address = address(&mock);
    let mut open = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST ").await.unwrap();
        open.push(stream);
    }
    let whole = read(address);
    let mut further = tokio::spawn(async move { wire::send(address, &whole).await });
    let early = timeout(Duration::from_millis(500), &mut further).await;
    assert!(early.is_err(), "{early:?}");
    open.pop();
    let response = timeout(Duration::from_secs(20), further).await;
    assert_eq!(response.unwrap().unwrap().code(), "0000");
}

#[tokio::test]
async fn a_late_request_counts_as_a_connection_though_its_client_has_disconnected() {
    let mock = with_bill().await;
    let address = address(&mock);
    let late = Fault::Latency(Duration::from_secs(600));
    mock.inject(late, Schedule::first(CONNECTIONS as u64));
    for received in 1..=CONNECTIONS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(read(address).as_bytes()).await.unwrap();
        while mock.requests().len() < received {
            sleep(Duration::from_millis(1)).await;
        }
    }
    let whole = read(address);
    let early = timeout(Duration::from_millis(500), wire::send(address, &whole)).await;
    assert!(early.is_err(), "{early:?}");
    assert_eq!(mock.requests().len(), CONNECTIONS);
}

#[tokio::test]
async fn a_body_of_more_than_64_kibibytes_is_too_large() {
    let mock = with_bill().await;
    let body = |length: usize| {
        let mut body = read_request().to_string().into_bytes();
        body.resize(length, b' ');
        body
    };
    let (status, _) = post_body(&mock, "/bill/read", body(BODY)).await;
    assert_eq!(status, 200);
    let (status, response) = post_body(&mock, "/bill/read", body(BODY + 1)).await;
    assert_eq!(status, 413);
    assert_eq!(response["code"], "MOCK_TOO_LARGE");
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn headers_of_128_kibibytes_are_too_large() {
    let mock = with_bill().await;
    let address = address(&mock);
    let long = format!("host: {address}\r\nx-long: {}", "a".repeat(2 * BODY));
    let bytes = read(address).replace(&format!("host: {address}"), &long);
    half_sent(address, &bytes, None).await;
    assert!(mock.requests().is_empty());
    assert_eq!(wire::send(address, &read(address)).await.code(), "0000");
}

#[tokio::test]
async fn the_requests_that_are_remembered_have_16_mebibytes_at_most() {
    let mock = with_bill().await;
    let (client, url) = (http(), format!("{}/bill/read", mock.base_url()));
    for number in 0..400 {
        let mut body = format!("{number:03}").into_bytes();
        body.resize(BODY, b' ');
        let post = client.post(&url).header("content-type", "application/json");
        post.body(body).send().await.unwrap();
    }
    let requests = mock.requests();
    let bytes: usize = requests.iter().map(|request| request.body().len()).sum();
    assert!((12 * MIB..=16 * MIB).contains(&bytes), "{bytes}");
    // The latest are those that are kept.
    let numbers = requests.iter().map(|request| &request.body()[..3]);
    let kept: Vec<Vec<u8>> = (400 - requests.len()..400)
        .map(|number| format!("{number:03}").into_bytes())
        .collect();
    assert!(numbers.eq(kept.iter().map(Vec::as_slice)));
}

/// A request that issues a cash receipt with a supply price of this many digits.
fn receipt(digits: usize) -> String {
    let supply_price = format!("{:0>digits$}", "40909");
    let request = changed(receipt_request(), "/cashReceipt/billId", "1024".into());
    let hash = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
    let request = changed(request, "/cashReceipt/hash", hash.into());
    changed(request, "/cashReceipt/supplyPrice", supply_price.into()).to_string()
}

#[tokio::test]
async fn bills_and_receipts_beyond_256_mebibytes_are_rejected_and_those_before_stay() {
    let mock = with_bill().await;
    let mut added = 0;
    let error = loop {
        let id = BillId::new(format!("small-{added}")).unwrap();
        match mock.add_bill(id, price()) {
            Ok(()) => added += 1,
            Err(error) => break error,
        }
        assert!(added < 1_000_000);
    };
    assert!(error.to_string().contains("256 MiB"), "{error}");
    assert!(added > 200_000, "{added}");
    let (status, response) = post_body(&mock, "/cash-receipt/issue", receipt(1_000)).await;
    assert_eq!((status, &response["code"]), (507, &"MOCK_FULL".into()));
    mock.set_points(100);
    let (status, response) = post_body(
        &mock,
        "/bill",
        send_request("bill", "https://payssam.example").to_string(),
    )
    .await;
    assert_eq!((status, &response["code"]), (507, &"MOCK_FULL".into()));

    // What is there can still be read, paid and cancelled, and the points were not spent.
    for _ in 0..100 {
        let (status, response) = post_body(&mock, "/bill/read", read_request().to_string()).await;
        assert_eq!((status, &response["code"]), (200, &"0000".into()));
    }
    mock.pay(&id()).unwrap();
    mock.cancel(&id()).unwrap();
    let bill = mock.bill(&id()).unwrap();
    assert_eq!(bill.cancellations(), 1);
    // There is no room for each of the reads.
    assert!(
        (4..20).contains(&bill.history().len()),
        "{:?}",
        bill.history()
    );
    assert_eq!(bill.history()[0].event(), &Event::Added);
    let (_, points) = post_body(&mock, "/read/remain_count", points_request().to_string()).await;
    assert_eq!(points["data"]["balance"], 100);
}
