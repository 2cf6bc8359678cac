//! Several test suites at one mock server: none notices another, and a reset leaves nothing behind.

use std::time::Duration;

use crate::support::{
    control::{call, get, origin, post, refusal},
    http, post as call_payssam,
    receiver::Receiver,
};
use payssam_mock::{MockServer, Seed};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SEED: &str = r#"
[[merchants]]
partner = "academy"
key = "academy-key"
member = "academy"
merchant = "gangnam"

[[merchants]]
partner = "academy"
member = "academy"
merchant = "jamsil"

[[merchants]]
partner = "clinic"
key = "clinic-key"
member = "clinic"
merchant = "main"

[[faults]]
fault = "429"
operation = "bill resend"
merchant = "gangnam"

[[faults]]
fault = "307"
operation = "bill resend"
"#;

async fn start() -> MockServer {
    let seed = Seed::parse(SEED).unwrap();
    MockServer::builder().seed(seed).start().await.unwrap()
}

async fn bill(mock: &MockServer, merchant: &str, id: &str, receiver: &Receiver) {
    let bill = json!({"bill_id": id, "price": 1000, "merchant": merchant, "partner": partner(merchant),
        "callback_url": receiver.url()});
    post(mock, "/bills", bill).await;
}

fn partner(merchant: &str) -> &'static str {
    match merchant {
        "main" => "clinic",
        _ => "academy",
    }
}

/// A read of this merchant's bill.
async fn read(mock: &MockServer, merchant: &str, id: &str) -> String {
    let partner = partner(merchant);
    let request = json!({"apiKey": format!("{partner}-key"), "member": partner, "merchant": merchant,
        "bill": {"billId": id}});
    let response = call_payssam(mock, "/bill/read", &request).await;
    response["code"].as_str().unwrap().to_owned()
}

fn bodies(receiver: &Receiver) -> Vec<String> {
    let bodies = receiver.bodies().into_iter();
    let parsed = bodies.map(|body| serde_json::from_str::<Value>(&body).unwrap());
    parsed
        .map(|body| body["billId"].as_str().unwrap().to_owned())
        .collect()
}

fn field(list: &Value, name: &str) -> Vec<Value> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item[name].clone()).collect()
}

#[tokio::test]
async fn requests_and_events_of_one_are_shown_without_those_of_others_and_of_nobody() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    // The faults of the seed.
    let begin = get(&mock, "/events").await["last_event"].clone();
    for merchant in ["gangnam", "jamsil", "main"] {
        bill(&mock, merchant, "1", &receiver).await;
        read(&mock, merchant, "1").await;
    }
    let unknown = json!({"apiKey": "nobodys-key", "member": "academy", "merchant": "gangnam", "bill": {"billId": "1"}});
    call_payssam(&mock, "/bill/read", &unknown).await;
    post(
        &mock,
        "/faults",
        json!({"fault": "429", "merchant": "jamsil", "operation": "bill send"}),
    )
    .await;
    post(
        &mock,
        "/callbacks/hold?merchant=jamsil",
        json!({"is_held": true}),
    )
    .await;
    for (query, merchants) in [
        ("merchant=gangnam", vec!["gangnam"]),
        ("partner=academy", vec!["gangnam", "jamsil"]),
        ("member=clinic", vec!["main"]),
    ] {
        let list = get(&mock, &format!("/requests?{query}")).await;
        assert_eq!(field(&list["requests"], "merchant"), merchants, "{query}");
    }
    assert_eq!(
        get(&mock, "/requests").await["requests"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let list = get(&mock, &format!("/events?merchant=gangnam&after={begin}")).await;
    assert_eq!(field(&list["events"], "kind"), ["bill", "request"]);
    let list = get(&mock, &format!("/events?merchant=jamsil&after={begin}")).await;
    let kinds = ["bill", "request", "faults_changed", "callbacks_changed"];
    assert_eq!(field(&list["events"], "kind"), kinds);
    // The stream says the same.
    let url = format!(
        "{}/_mock/events/stream?after=0&merchant=main",
        origin(&mock)
    );
    let mut stream = http().get(url).send().await.unwrap();
    post(&mock, "/bills/1/pay?merchant=gangnam", json!({})).await;
    post(&mock, "/bills/1/pay?merchant=main", json!({})).await;
    let mut text = String::new();
    while !text.contains("\"event\":\"paid\"") {
        let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await;
        text += std::str::from_utf8(&chunk.unwrap().unwrap().unwrap()).unwrap();
    }
    assert!(
        !text.contains("gangnam") && !text.contains("jamsil"),
        "{text}"
    );
}

#[tokio::test]
async fn one_holds_and_reorders_its_own_callbacks_and_a_reset_of_it_lets_them_go() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    let held = post(
        &mock,
        "/callbacks/hold?merchant=jamsil",
        json!({"is_held": true}),
    )
    .await;
    assert_eq!(held["is_held"], true);
    for (merchant, id) in [("gangnam", "g"), ("jamsil", "j1"), ("jamsil", "j2")] {
        bill(&mock, merchant, id, &receiver).await;
        post(&mock, &format!("/bills/{id}/pay"), json!({})).await;
    }
    mock.wait_until_idle().await;
    assert_eq!(bodies(&receiver), ["g"]);
    assert_eq!(
        get(&mock, "/callbacks?merchant=gangnam").await["is_held"],
        false
    );
    let own = get(&mock, "/callbacks?merchant=jamsil").await;
    assert_eq!(
        (&own["is_held"], field(&own["waiting"], "state")),
        (&true.into(), vec![json!("held"); 2])
    );
    // All are held besides; only the own ones change their order.
    post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    bill(&mock, "gangnam", "g2", &receiver).await;
    post(&mock, "/bills/g2/pay", json!({})).await;
    let order = post(&mock, "/callbacks/reorder?merchant=jamsil", json!({})).await;
    assert_eq!(order["ids"], json!([3, 2]));
    let all = get(&mock, "/callbacks").await;
    assert_eq!(field(&all["waiting"], "bill_id"), ["j2", "j1", "g2"]);
    let refused = refusal(
        &mock,
        "POST",
        "/callbacks/reorder?merchant=jamsil",
        r#"{"ids": [4]}"#,
    )
    .await;
    assert_eq!(refused, (400, "MOCK_INVALID".to_owned()));
    // Letting the own ones go does not let those of others go.
    let held = post(
        &mock,
        "/callbacks/hold?merchant=gangnam",
        json!({"is_held": false}),
    )
    .await;
    assert_eq!(held["is_held"], true);
    post(&mock, "/callbacks/hold", json!({"is_held": false})).await;
    mock.wait_until_idle().await;
    assert_eq!(bodies(&receiver), ["g", "j2", "j1", "g2"]);
    post(
        &mock,
        "/callbacks/hold?merchant=jamsil",
        json!({"is_held": true}),
    )
    .await;
    post(&mock, "/reset?member=clinic", json!({})).await;
    assert_eq!(
        get(&mock, "/callbacks?merchant=jamsil").await["is_held"],
        true
    );
    post(&mock, "/reset?merchant=jamsil", json!({})).await;
    assert_eq!(
        get(&mock, "/callbacks?merchant=jamsil").await["is_held"],
        false
    );
}

#[tokio::test]
async fn why_a_bill_is_not_found_tells_nothing_of_other_partners() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    bill(&mock, "main", "1", &receiver).await;
    bill(&mock, "jamsil", "2", &receiver).await;
    for id in ["1", "2"] {
        assert_eq!(read(&mock, "gangnam", id).await, "BILL_003");
    }
    let list = get(&mock, "/requests").await;
    let reasons = field(&list["requests"], "reason");
    assert_eq!(reasons[0], "there is no bill with this id");
    assert!(
        reasons[1]
            .as_str()
            .unwrap()
            .contains("another member or merchant"),
        "{reasons:?}"
    );
}

/// Which of so many reads meet a fault.
async fn met(mock: &MockServer, id: &str, reads: usize) -> Vec<usize> {
    let mut met = Vec::new();
    for number in 1..=reads {
        if read(mock, "gangnam", id).await == "ERROR" {
            met.push(number);
        }
    }
    met
}

#[tokio::test]
async fn a_probability_with_a_seed_repeats_whatever_else_is_there() {
    let receiver = Receiver::acknowledging(0).await;
    let fault =
        json!({"fault": "error-code", "probability": 0.5, "seed": 7, "merchant": "gangnam"});
    let mock = start().await;
    bill(&mock, "gangnam", "1", &receiver).await;
    let inject = || post(&mock, "/faults", fault.clone());
    let id = inject().await["id"].clone();
    let first = met(&mock, "1", 20).await;
    assert!((1..20).contains(&first.len()), "{first:?}");
    // After it was removed.
    call(&mock, "DELETE", &format!("/faults/{id}"), "").await;
    inject().await;
    assert_eq!(met(&mock, "1", 20).await, first);
    // After a reset of its own, for another bill, beside a fault of another suite and its requests.
    post(&mock, "/reset?merchant=gangnam", json!({})).await;
    let others =
        json!({"fault": "error-code", "probability": 0.5, "seed": 8, "merchant": "jamsil"});
    post(&mock, "/faults", others).await;
    inject().await;
    bill(&mock, "gangnam", "2", &receiver).await;
    let mut again = Vec::new();
    for number in 1..=20 {
        read(&mock, "jamsil", "2").await;
        read(&mock, "main", "2").await;
        if read(&mock, "gangnam", "2").await == "ERROR" {
            again.push(number);
        }
    }
    assert_eq!(again, first);
}

#[tokio::test]
async fn a_reset_removes_faults_within_its_scope_and_those_of_the_seed_come_back_in_their_order() {
    let mock = start().await;
    let faults = || async { field(&get(&mock, "/faults").await["faults"], "fault") };
    let seeded = faults().await;
    assert_eq!(seeded, ["429", "307"]);
    call(&mock, "DELETE", "/faults/1", "").await;
    for more in [
        json!({"fault": "latency", "partner": "academy", "merchant": "gangnam"}),
        json!({"fault": "200-html", "member": "academy", "merchant": "gangnam", "partner": "academy"}),
        json!({"fault": "502-html", "merchant": "jamsil"}),
        json!({"fault": "error-code", "partner": "academy"}),
    ] {
        post(&mock, "/faults", more).await;
    }
    post(&mock, "/reset?merchant=gangnam", json!({})).await;
    assert_eq!(faults().await, ["429", "307", "502-html", "error-code"]);
    post(&mock, "/reset?partner=academy", json!({})).await;
    assert_eq!(faults().await, ["429", "307", "502-html"]);
    post(&mock, "/reset", json!({})).await;
    assert_eq!(faults().await, seeded);
}

#[tokio::test]
async fn the_id_of_a_fault_is_never_used_again() {
    let mock = MockServer::start().await.unwrap();
    let inject = || async {
        post(&mock, "/faults", json!({"fault": "429"})).await["id"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(inject().await, 1);
    call(&mock, "DELETE", "/faults/1", "").await;
    assert_eq!(inject().await, 2);
    call(&mock, "DELETE", "/faults", "").await;
    assert_eq!(inject().await, 3);
    let snapshot = get(&mock, "/snapshot").await;
    post(&mock, "/reset", json!({})).await;
    assert_eq!(inject().await, 4);
    post(&mock, "/restore", snapshot).await;
    assert_eq!(inject().await, 5);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_refused_with_the_nearest() {
    let mock = start().await;
    let inject = |scope: Value| {
        let mut fault = json!({"fault": "429"});
        fault
            .as_object_mut()
            .unwrap()
            .extend(scope.as_object().unwrap().clone());
        fault.to_string()
    };
    for (method, path, body, near) in [
        (
            "POST",
            "/faults",
            inject(json!({"partner": "acadmy"})),
            "`academy`",
        ),
        (
            "POST",
            "/faults",
            inject(json!({"merchant": "jamsill"})),
            "`jamsil`",
        ),
        (
            "POST",
            "/faults",
            inject(json!({"member": "Klinic"})),
            "`clinic`",
        ),
        (
            "POST",
            "/faults",
            inject(json!({"partner": "clinic", "merchant": "jamsil"})),
            "no merchant",
        ),
        ("POST", "/reset?merchant=jamsill", "{}".into(), "`jamsil`"),
        ("POST", "/reset?partner=clinik", "{}".into(), "`clinic`"),
        (
            "POST",
            "/callbacks/hold?merchant=jamsill",
            r#"{"is_held": true}"#.into(),
            "`jamsil`",
        ),
        (
            "POST",
            "/callbacks/reorder?merchant=jamsill",
            "{}".into(),
            "`jamsil`",
        ),
        (
            "POST",
            "/callbacks/deliver?merchant=jamsill",
            "{}".into(),
            "`jamsil`",
        ),
        (
            "GET",
            "/requests?merchant=jamsill",
            String::new(),
            "`jamsil`",
        ),
        ("GET", "/events?merchant=jamsill", String::new(), "`jamsil`"),
        (
            "GET",
            "/events/stream?merchant=jamsill",
            String::new(),
            "`jamsil`",
        ),
        (
            "GET",
            "/wait?bill=1&state=paid&merchant=jamsill",
            String::new(),
            "`jamsil`",
        ),
        (
            "POST",
            "/callbacks/forge?merchant=jamsill",
            r#"{"url": "http://127.0.0.1:9/", "bill_id": "1", "price": 1}"#.into(),
            "`jamsil`",
        ),
    ] {
        let (status, response) = call(&mock, method, path, &body).await;
        let message = response["message"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{path} {body}: {message}");
        assert!(message.contains(near), "{path} {body}: {message}");
    }
}

#[tokio::test]
async fn a_forged_callback_is_of_whom_it_names() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    bill(&mock, "gangnam", "1", &receiver).await;
    bill(&mock, "jamsil", "1", &receiver).await;
    let forgery = json!({"url": receiver.url(), "bill_id": "1", "price": 5});
    let refused = refusal(&mock, "POST", "/callbacks/forge", &forgery.to_string()).await;
    assert_eq!(refused, (409, "MOCK_SEVERAL_BILLS".to_owned()));
    post(&mock, "/callbacks/forge?merchant=jamsil", forgery).await;
    let never = json!({"url": receiver.url(), "bill_id": "never", "price": 5});
    post(&mock, "/callbacks/forge?partner=clinic", never).await;
    mock.wait_until_idle().await;
    let list = get(&mock, "/callbacks").await;
    assert_eq!(field(&list["sent"], "merchant"), ["jamsil", "main"]);
}

#[tokio::test]
async fn a_request_that_is_late_does_not_reach_the_bill_of_after_a_reset_or_a_restore() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    for reset in ["/reset", "/reset?merchant=gangnam", "restore"] {
        for fault in ["reject-then-apply", "in-progress"] {
            let snapshot = get(&mock, "/snapshot").await;
            bill(&mock, "gangnam", "1", &receiver).await;
            bill(&mock, "jamsil", "1", &receiver).await;
            let late = json!({"fault": fault, "operation": "bill destroy", "first": 2, "milliseconds": 700});
            post(&mock, "/faults", late).await;
            let hash = Sha256::digest("1,1000");
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            for merchant in ["gangnam", "jamsil"] {
                let request = json!({"apiKey": "academy-key", "member": "academy", "merchant": merchant,
                    "bill": {"billId": "1", "price": "1000", "hash": hash}});
                let url = format!("{}/bill/destroy", mock.base_url());
                let post = http().post(url).header("content-type", "application/json");
                // The fault may end the connection.
                let _ = post.body(request.to_string()).send().await;
            }
            match reset {
                "restore" => post(&mock, "/restore", snapshot).await,
                reset => post(&mock, reset, json!({})).await,
            };
            bill(&mock, "gangnam", "1", &receiver).await;
            tokio::time::sleep(Duration::from_millis(900)).await;
            mock.wait_until_idle().await;
            let state = get(&mock, "/bills/1?merchant=gangnam").await["state"].clone();
            assert_eq!(state, "unpaid", "{reset} {fault}");
            if reset.contains("gangnam") {
                // That of another suite is carried out.
                let state = get(&mock, "/bills/1?merchant=jamsil").await["state"].clone();
                assert_eq!(state, "destroyed", "{reset} {fault}");
            }
            post(&mock, "/reset", json!({})).await;
        }
    }
}

#[tokio::test]
async fn a_whole_reset_forgets_the_requests_and_a_reset_of_one_its_own() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    for merchant in ["gangnam", "jamsil"] {
        bill(&mock, merchant, "1", &receiver).await;
        read(&mock, merchant, "1").await;
    }
    let seen = || async { field(&get(&mock, "/requests").await["requests"], "merchant") };
    post(&mock, "/reset?merchant=gangnam", json!({})).await;
    assert_eq!(seen().await, ["jamsil"]);
    assert_eq!(get(&mock, "/events?after=1").await["has_gap"], false);
    post(&mock, "/reset", json!({})).await;
    assert_eq!(seen().await, [Value::Null; 0]);
    assert!(mock.requests().is_empty());
}
