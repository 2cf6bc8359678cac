//! A snapshot may come from anywhere: all of it is checked before anything changes.

use crate::support::{
    ID,
    control::{call, get, post},
    post as call_payssam, receipt_request,
    receiver::Receiver,
    send_request,
};
use payssam_mock::MockServer;
use serde_json::{Value, json};

/// A mock server with all that a snapshot has.
async fn filled(receiver: &Receiver) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    call_payssam(&mock, "/bill", &send_request("a", &receiver.url())).await;
    call_payssam(&mock, "/bill", &send_request("b", &receiver.url())).await;
    post(
        &mock,
        "/callbacks/hold?member=mock-member",
        json!({"is_held": true}),
    )
    .await;
    post(&mock, "/bills/a/pay", json!({"by": "account"})).await;
    post(&mock, "/bills/b/pay", json!({})).await;
    post(&mock, "/bills/b/cancel", json!({})).await;
    let issued = call_payssam(&mock, "/cash-receipt/issue", &receipt_request()).await;
    assert_eq!(issued["code"], "0000", "{ID}");
    for when in [
        json!({"first": 3}),
        json!({"every": 3}),
        json!({"per_second": 3}),
        json!({"probability": 0.5, "seed": 7}),
        json!({"milliseconds": 9, "merchant": "mock-merchant"}),
    ] {
        let mut fault = json!({"fault": "latency", "operation": "bill resend"});
        fault
            .as_object_mut()
            .unwrap()
            .extend(when.as_object().unwrap().clone());
        post(&mock, "/faults", fault).await;
    }
    post(&mock, "/clock/advance", json!({"seconds": 5})).await;
    mock
}

/// What of the world shows.
async fn shown(mock: &MockServer) -> [Value; 5] {
    let mut snapshot = get(mock, "/snapshot").await;
    // Numbers go on.
    snapshot["world"]["last_number"].take();
    [
        snapshot,
        get(mock, "/bills").await["bills"].clone(),
        get(mock, "/callbacks").await,
        get(mock, "/faults").await,
        get(mock, "/clock").await["ahead_seconds"].clone(),
    ]
}

#[tokio::test]
async fn a_snapshot_comes_back_as_it_was() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = filled(&receiver).await;
    let (snapshot, before) = (get(&mock, "/snapshot").await, shown(&mock).await);
    post(&mock, "/reset", json!({})).await;
    assert_eq!(get(&mock, "/bills").await["total"], 0);
    post(&mock, "/restore", snapshot).await;
    assert_eq!(shown(&mock).await, before);
}

#[tokio::test]
async fn a_snapshot_with_anything_wrong_in_it_changes_nothing() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = filled(&receiver).await;
    let (snapshot, before) = (get(&mock, "/snapshot").await, shown(&mock).await);
    let huge = [json!(u64::MAX), json!(9_007_199_254_740_993_u64)];
    let mut wrong: Vec<(String, Value)> = Vec::new();
    for pointer in [
        "/world/ahead_seconds",
        "/world/ahead_nanoseconds",
        "/world/last_number",
        "/world/transactions",
        "/world/last_callback",
        "/world/last_fault",
        "/world/points/first",
        "/world/faults/0/id",
        "/world/faults/0/when/first",
        "/world/faults/0/requests",
        "/world/faults/0/met",
        "/world/faults/0/milliseconds",
        "/world/faults/0/second/0",
        "/world/faults/0/second/1",
        "/world/faults/1/when/every",
        "/world/faults/2/when/beyond_per_second",
        "/bills/0/price",
        "/bills/0/first",
        "/entries/0/number",
        "/entries/0/exchange/http_status",
        "/receipts/0/price",
        "/callbacks/0/id",
        "/callbacks/0/repeat",
    ] {
        wrong.extend(
            huge.iter()
                .map(|number| (pointer.to_owned(), number.clone())),
        );
    }
    for (pointer, value) in [
        ("/world/ahead_seconds", json!(-1)),
        ("/world/faults/0/met", json!(1)),
        ("/world/faults/0/fault", json!("none")),
        ("/world/faults/0/operation", json!("none")),
        ("/world/faults/0/partner", json!("nobody")),
        ("/world/faults/1/id", json!(1)),
        ("/world/points", json!({"nobody": 1})),
        ("/world/held/0/partner", json!("nobody")),
        ("/bills/0/state", json!("Q")),
        ("/bills/0/state", json!("W")),
        ("/bills/0/payment", Value::Null),
        ("/bills/1/cancellation", Value::Null),
        ("/bills/0/payment/number", json!("00099999")),
        ("/bills/0/payment/number", json!("1")),
        ("/bills/0/payment/at", json!("-009999-01-02T01:59:59Z")),
        (
            "/bills/0/payment",
            json!(["00000001", "2026-01-02T03:04:05Z"]),
        ),
        ("/bills/0/is_paid_on_site", json!(true)),
        ("/bills/0/partner", json!("nobody")),
        ("/bills/0/bill_id", json!("a,b")),
        ("/bills/0/bill_id", json!("b")),
        ("/bills/0/member", json!("m".repeat(61))),
        ("/bills/0/link", json!("../a")),
        ("/bills/0/link", json!("z".repeat(32))),
        ("/bills/0/send_hash", json!("0".repeat(64))),
        ("/entries/0/event", json!("none")),
        ("/entries/0/bill_id", json!("none")),
        ("/entries/0/at", json!("1999-12-31T00:00:00Z")),
        (
            "/entries/1/number",
            snapshot["entries"][0]["number"].clone(),
        ),
        ("/receipts/0/tax", json!("1")),
        ("/receipts/0/supply_price", json!("18446744073709551615")),
        ("/receipts/0/trader", json!("2")),
        ("/callbacks/0/repeat", json!(25)),
        ("/callbacks/0/url", json!("http://payssam.example/")),
        ("/callbacks/0/url", json!("http://user@127.0.0.1/")),
        ("/callbacks/0/body", json!({"apiKey": "k"})),
        ("/callbacks/0/body", json!([1])),
        ("/callbacks/1/id", snapshot["callbacks"][0]["id"].clone()),
        ("/world", json!([])),
    ] {
        wrong.push((pointer.to_owned(), value));
    }
    for (pointer, value) in wrong {
        let mut changed = snapshot.clone();
        let place = changed.pointer_mut(&pointer);
        *place.unwrap_or_else(|| panic!("{pointer}: {snapshot}")) = value.clone();
        let (status, response) = call(&mock, "POST", "/restore", &changed.to_string()).await;
        assert_eq!(status, 400, "{pointer}: {value}");
        let message = response["message"].as_str().unwrap();
        assert!(!message.contains("NotA"), "{pointer}: {message}");
        assert_eq!(shown(&mock).await, before, "{pointer}: {value}");
    }
    let mut links = snapshot.clone();
    links["bills"][0]["link"] = snapshot["bills"][1]["link"].clone();
    assert_eq!(
        call(&mock, "POST", "/restore", &links.to_string()).await.0,
        400
    );
}

#[tokio::test]
async fn a_snapshot_with_a_field_that_is_none_is_refused() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = filled(&receiver).await;
    let snapshot = get(&mock, "/snapshot").await;
    for pointer in [
        "",
        "/world",
        "/world/faults/0",
        "/world/held/0",
        "/bills/0",
        "/bills/0/payment",
        "/entries/0",
        "/entries/0/exchange",
        "/receipts/0",
        "/receipts/0/issue",
        "/callbacks/0",
    ] {
        let mut changed = snapshot.clone();
        let place = changed.pointer_mut(pointer).unwrap();
        place["unknown"] = 1.into();
        let (status, response) = call(&mock, "POST", "/restore", &changed.to_string()).await;
        assert_eq!(status, 400, "{pointer}");
        let message = response["message"].as_str().unwrap();
        assert!(message.contains("unknown"), "{pointer}: {message}");
    }
}

#[tokio::test]
async fn a_hash_with_three_parts_is_recognized_after_a_restore_too() {
    let mock = MockServer::start().await.unwrap();
    let url = "http://127.0.0.1:9/";
    let sent = call_payssam(&mock, "/bill", &send_request(ID, url)).await;
    assert_eq!(sent["code"], "0000");
    let snapshot = get(&mock, "/snapshot").await;
    post(&mock, "/reset", json!({})).await;
    post(&mock, "/restore", snapshot).await;
    let mut request = send_request(ID, url);
    for field in [
        "phone",
        "sendType",
        "productName",
        "memberName",
        "callbackUrl",
    ] {
        request["bill"].as_object_mut().unwrap().remove(field);
    }
    let mut destroy = request.clone();
    destroy["bill"]["hash"] = "0".repeat(64).into();
    for request in [request, destroy] {
        let refused = call_payssam(&mock, "/bill/destroy", &request).await;
        assert_eq!(refused["code"], "VALIDATION_002");
    }
    let requests = get(&mock, "/requests").await;
    let reason = |index: usize| {
        requests["requests"][index]["reason"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(reason(0).contains("phone"), "{}", reason(0));
    assert_ne!(reason(0), reason(1));
}
