//! What the control API takes, and how it refuses the rest.

use std::time::Duration;

use crate::support::{
    control::{call, get, origin, post, refusal},
    post as call_payssam, read_request,
    receiver::Receiver,
    with_bill,
};
use payssam_mock::MockServer;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

async fn start() -> MockServer {
    MockServer::start().await.unwrap()
}

#[tokio::test]
async fn a_bill_that_is_refused_is_not_there_and_the_refusal_is_in_plain_words() {
    let mock = start().await;
    for (more, part) in [
        (
            json!({"state": "paid", "expires_on": "2020-01-01"}),
            "expired on 2020-01-01",
        ),
        (
            json!({"state": "cancelled", "expires_on": "2020-01-01"}),
            "expired on 2020-01-01",
        ),
        (
            json!({"callback_url": "http://user@127.0.0.1/"}),
            "callback_url",
        ),
        (
            json!({"callback_url": "http://user:word@127.0.0.1/"}),
            "callback_url",
        ),
        (json!({"partner": "frist"}), "the nearest is `first`"),
        (json!({"member": ""}), "a name"),
        (json!({"price": 0}), "of at most 10 digits"),
        (json!({"price": -1}), "of at most 10 digits"),
        (json!({"price": 10_000_000_000_u64}), "of at most 10 digits"),
        (json!({"price": "45,000"}), "without quotes and commas"),
        (json!({"price": 4.5}), "a whole number of won"),
        (json!({"price": null}), "a whole number of won"),
    ] {
        let mut bill = json!({"bill_id": "a", "price": 1});
        bill.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let (status, response) = call(&mock, "POST", "/bills", &bill.to_string()).await;
        let message = response["message"].as_str().unwrap();
        assert_eq!(status, 400, "{more}: {message}");
        assert!(message.contains(part), "{more}: {message}");
        for raw in ["NotMoved", "Expired(", "{ ", "user:word"] {
            assert!(!message.contains(raw), "{more}: {message}");
        }
        assert_eq!(get(&mock, "/bills").await["total"], 0, "{more}");
    }
    // A bill may be expired and unpaid, or destroyed.
    for state in ["unpaid", "destroyed"] {
        let bill =
            json!({"bill_id": state, "price": 1, "state": state, "expires_on": "2020-01-01"});
        post(&mock, "/bills", bill).await;
    }
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_refused_as_json() {
    let mock = start().await;
    for (method, path) in [
        ("GET", "/bills/%ff"),
        ("POST", "/bills/%ff/pay"),
        ("POST", "/bills/%e3%81/cancel"),
        ("DELETE", "/faults/%ff"),
    ] {
        let refused = refusal(&mock, method, path, "{}").await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn an_array_is_no_object() {
    let mock = with_bill().await;
    for (path, body) in [
        ("/bills", r#"[null, null, null, "a", 1]"#),
        ("/bills/2024-0001/pay", "[]"),
        ("/bills/2024-0001/pay", r#"["card"]"#),
        ("/bills/2024-0001/cancel", "[]"),
        ("/clock/advance", "[1, 1, 1]"),
        ("/callbacks/hold", "[true]"),
        ("/callbacks/reorder", "[[]]"),
        ("/callbacks/deliver", "[1, null]"),
        ("/faults", r#"["429"]"#),
        ("/reset", "[]"),
        ("/restore", "[{}, [], [], [], []]"),
    ] {
        let refused = refusal(&mock, "POST", path, body).await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{path} {body}");
    }
    assert_eq!(get(&mock, "/bills").await["total"], 1);
    assert_eq!(get(&mock, "/clock").await["ahead_seconds"], 0);
}

#[tokio::test]
async fn a_slow_restore_keeps_no_other_waiting_and_not_too_many_are_read_at_once() {
    let mock = with_bill().await;
    let snapshot = get(&mock, "/snapshot").await;
    let origin = origin(&mock);
    let host = origin.strip_prefix("http://").unwrap();
    let begun = format!(
        "POST /_mock/restore HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{{"
    );
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let restore = post(&mock, "/restore", snapshot.clone());
    let restored = tokio::time::timeout(Duration::from_secs(20), restore).await;
    assert_eq!(restored.unwrap()["bills"], 1);
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(begun.as_bytes()).await.unwrap();
    // It may not have come yet.
    loop {
        let (status, response) = call(&mock, "POST", "/restore", &snapshot.to_string()).await;
        if status == 503 {
            assert_eq!(response["code"], "MOCK_TOO_MANY_WAITING");
            break;
        }
    }
    drop(slow);
    loop {
        if call(&mock, "POST", "/restore", &snapshot.to_string())
            .await
            .0
            == 200
        {
            break;
        }
    }
}

#[tokio::test]
async fn ten_thousand_callbacks_wait_at_most_and_the_list_has_pages() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    let bill = json!({"bill_id": "a", "price": 1, "callback_url": receiver.url()});
    post(&mock, "/bills", bill).await;
    let id = "a".parse().unwrap();
    let price = payssam::Won::new(5).unwrap();
    for _ in 0..10_000 {
        mock.forge_callback(&receiver.url(), &id, price).unwrap();
    }
    // A payment is called back all the same.
    post(&mock, "/bills/a/pay", json!({})).await;
    assert!(mock.forge_callback(&receiver.url(), &id, price).is_err());
    assert!(mock.duplicate_callback(&id).is_err());
    for (path, body) in [
        ("/callbacks/forge", r#"{"bill_id": "a", "price": 5}"#),
        ("/callbacks/duplicate", r#"{"bill_id": "a"}"#),
    ] {
        let refused = refusal(&mock, "POST", path, body).await;
        assert_eq!(refused, (507, "MOCK_FULL".to_owned()), "{path}");
    }
    let list = get(&mock, "/callbacks").await;
    assert_eq!(
        (
            &list["total_waiting"],
            list["waiting"].as_array().unwrap().len()
        ),
        (&10_001.into(), 1_000)
    );
    let last = get(&mock, "/callbacks?offset=9999&limit=10").await;
    let ids: Vec<&Value> = last["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(ids, [10_000, 10_001]);
    for query in ["limit=0", "limit=1001", "offset=-1"] {
        let refused = refusal(&mock, "GET", &format!("/callbacks?{query}"), "").await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn requests_behind_a_number_are_the_next_ones_and_without_one_the_latest() {
    let mock = with_bill().await;
    for _ in 0..5 {
        call_payssam(&mock, "/bill/read", &read_request()).await;
    }
    let numbers = |query: &'static str| {
        let mock = mock.clone();
        async move {
            let list = get(&mock, &format!("/requests{query}")).await;
            let requests = list["requests"].as_array().unwrap().iter();
            requests
                .map(|one| one["number"].as_u64().unwrap())
                .collect::<Vec<_>>()
        }
    };
    // The bill was added first.
    assert_eq!(numbers("?limit=2").await, [5, 6]);
    assert_eq!(numbers("?after=0&limit=2").await, [2, 3]);
    assert_eq!(numbers("?after=3&limit=2").await, [4, 5]);
    assert_eq!(numbers("?after=5&limit=2").await, [6]);
    assert_eq!(numbers("?after=6").await, [0; 0]);
}

#[tokio::test]
async fn counts_and_times_of_a_fault_have_bounds() {
    let mock = start().await;
    for (field, value) in [
        ("first", json!(0)),
        ("every", json!(0)),
        ("first", json!(9_007_199_254_740_993_u64)),
        ("every", json!(u64::MAX)),
        ("per_second", json!(u64::MAX)),
        ("milliseconds", json!(u64::MAX)),
        ("first", json!(-1)),
        ("first", json!("1")),
    ] {
        let mut fault = json!({"fault": "latency"});
        fault[field] = value.clone();
        let (status, response) = call(&mock, "POST", "/faults", &fault.to_string()).await;
        assert_eq!(status, 400, "{field}: {value}");
        let message = response["message"].as_str().unwrap();
        assert!(message.contains("it must be a whole number"), "{message}");
    }
}
