//! The control API. Each response in this file is compared with its OpenAPI document.

use std::time::Duration;

use crate::support::{
    HASH, ID, PHONE, change_request, changed, code,
    control::{call, get, origin, post, refusal},
    http, post as call_payssam, read_request,
    receiver::Receiver,
    send_request, with_bill, with_paid_bill,
};
use payssam_mock::{API_KEY, MockServer};
use serde_json::{Value, json};

async fn start() -> MockServer {
    MockServer::start().await.unwrap()
}

/// The names of the events of a bill.
async fn events(mock: &MockServer, id: &str) -> Vec<String> {
    let bill = get(mock, &format!("/bills/{id}")).await;
    let history = bill["history"].as_array().unwrap().iter();
    history
        .map(|entry| entry["event"].as_str().unwrap().to_owned())
        .collect()
}

fn ids(list: &Value) -> Vec<u64> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn the_served_document_is_the_one_of_the_source_and_is_openapi_3_1() {
    let mock = start().await;
    let served = http()
        .get(format!("{}/_mock/openapi.json", origin(&mock)))
        .send()
        .await
        .unwrap();
    assert_eq!(
        served.headers()["content-type"],
        "application/json;charset=UTF-8"
    );
    let served = served.text().await.unwrap();
    assert_eq!(served, include_str!("../src/control/openapi.json"));
}

#[tokio::test]
async fn a_bill_is_paid_expired_cancelled_and_marked_as_paid_on_site_at_the_desk() {
    let mock = start().await;
    for id in ["a", "b", "c"] {
        post(&mock, "/bills", json!({"bill_id": id, "price": 1000})).await;
    }
    let paid = post(&mock, "/bills/a/pay", json!({})).await;
    assert_eq!(paid["state"], "paid");
    let cancelled = post(&mock, "/bills/a/cancel", json!({})).await;
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(events(&mock, "a").await, ["added", "paid", "cancelled"]);

    let expired = post(&mock, "/bills/b/expire", json!({})).await;
    assert_eq!(expired["is_expired"], true);
    assert_eq!(expired["state"], "unpaid");
    let refused = refusal(&mock, "POST", "/bills/b/pay", "{}").await;
    assert_eq!(refused, (410, "MOCK_EXPIRED".to_owned()));

    let on_site = post(&mock, "/bills/c/paid-on-site", json!({})).await;
    assert_eq!(
        (&on_site["state"], &on_site["is_paid_on_site"]),
        (&"destroyed".into(), &true.into())
    );
    // The API of PaySsam shows no more than the state.
    let read = changed(read_request(), "/bill/billId", "c".into());
    let read = call_payssam(&mock, "/bill/read", &read).await;
    assert_eq!(read["data"]["apprState"], "D");
    for (act, id) in [
        ("pay", "c"),
        ("cancel", "b"),
        ("expire", "a"),
        ("paid-on-site", "a"),
    ] {
        let path = format!("/bills/{id}/{act}");
        let expected = (409, "MOCK_WRONG_STATE".to_owned());
        assert_eq!(
            refusal(&mock, "POST", &path, "{}").await,
            expected,
            "{path}"
        );
    }
    let missing = refusal(&mock, "POST", "/bills/none/pay", "{}").await;
    assert_eq!(missing, (404, "MOCK_NO_BILL".to_owned()));
}

#[tokio::test]
async fn the_history_of_a_bill_has_requests_and_responses_masked_and_the_rule_that_was_broken() {
    let mock = start().await;
    let callback = "http://127.0.0.1:9/secret-path";
    call_payssam(&mock, "/bill", &send_request(ID, callback)).await;
    mock.pay(&crate::support::id()).unwrap();
    let wrong = changed(change_request(), "/bill/hash", "0".repeat(64).into());
    call_payssam(&mock, "/bill/cancel", &wrong).await;
    call_payssam(&mock, "/bill/cancel", &change_request()).await;

    let bill = get(&mock, &format!("/bills/{ID}")).await;
    assert_eq!(
        (&bill["product"], &bill["payer"]),
        (&"수강료".into(), &"김**".into())
    );
    let history = bill["history"].as_array().unwrap();
    assert_eq!(
        events(&mock, ID).await,
        ["added", "paid", "rejected", "cancelled"]
    );
    let numbers: Vec<u64> = history
        .iter()
        .map(|entry| entry["number"].as_u64().unwrap())
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    let [sent, _, rejected, cancelled] = &history[..] else {
        panic!("{history:?}")
    };
    assert_eq!(sent["request"]["bill"]["price"], "45000");
    assert_eq!(sent["hash"], format!("sha256(\"{ID},[masked],45000\")"));
    assert_eq!(rejected["response"]["code"], "VALIDATION_002");
    assert!(
        rejected["reason"].as_str().unwrap().contains("hash"),
        "{rejected}"
    );
    assert_eq!(cancelled["hash"], format!("sha256(\"{ID},45000\")"));
    assert_eq!(cancelled["reason"], Value::Null);
    let whole = bill.to_string();
    for secret in [API_KEY, PHONE, "secret-path", "김하나", HASH] {
        assert!(!whole.contains(secret), "{secret}: {whole}");
    }
}

#[tokio::test]
async fn bills_are_listed_the_latest_first_and_filtered() {
    let mock = start().await;
    for number in 1..=120 {
        let id = format!("bill-{number}");
        post(
            &mock,
            "/bills",
            json!({"bill_id": id, "price": 1, "product": "Yoga"}),
        )
        .await;
    }
    post(&mock, "/bills/bill-7/pay", json!({})).await;
    let all = get(&mock, "/bills").await;
    assert_eq!(all["total"], 120);
    assert_eq!(all["bills"].as_array().unwrap().len(), 100);
    assert_eq!(all["bills"][0]["bill_id"], "bill-120");
    let rest = get(&mock, "/bills?offset=100&limit=1000").await;
    assert_eq!(rest["bills"].as_array().unwrap().len(), 20);
    for (query, total) in [
        ("state=paid", 1),
        ("state=W", 119),
        ("text=yoga", 120),
        ("text=BILL-11", 11),
        ("partner=none", 0),
        ("member=mock-member&merchant=mock-merchant", 120),
    ] {
        assert_eq!(
            get(&mock, &format!("/bills?{query}")).await["total"],
            total,
            "{query}"
        );
    }
    for query in ["state=x", "limit=0", "limit=1001", "stat=paid", "offset=-1"] {
        let refused = refusal(&mock, "GET", &format!("/bills?{query}"), "").await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{query}");
    }
    let (_, refused) = call(&mock, "GET", "/bills?stat=paid", "").await;
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("nearest is `state`"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_bill_id_with_a_slash_or_hangul_is_found_in_the_path() {
    let mock = start().await;
    post(&mock, "/bills", json!({"bill_id": "3월/김 1", "price": 1})).await;
    let path = "/bills/3%EC%9B%94%2F%EA%B9%80%201";
    assert_eq!(get(&mock, path).await["bill_id"], "3월/김 1");
}

#[tokio::test]
async fn an_id_that_several_merchants_have_needs_the_merchant() {
    let mock = with_bill().await;
    let other = mock.with_merchant("another").unwrap();
    other
        .add_bill(crate::support::id(), crate::support::price())
        .unwrap();
    let path = format!("/bills/{ID}");
    let (status, refused) = call(&mock, "GET", &path, "").await;
    assert_eq!(
        (status, &refused["code"]),
        (409, &"MOCK_SEVERAL_BILLS".into())
    );
    assert!(
        refused["message"].as_str().unwrap().contains("another"),
        "{refused}"
    );
    post(&mock, &format!("{path}/pay?merchant=another"), json!({})).await;
    assert_eq!(
        get(&mock, &format!("{path}?merchant=another")).await["state"],
        "paid"
    );
    assert_eq!(
        get(&mock, &format!("{path}?merchant=mock-merchant")).await["state"],
        "unpaid"
    );
}

#[tokio::test]
async fn a_used_bill_id_is_a_conflict() {
    let mock = with_bill().await;
    let body = json!({"bill_id": ID, "price": 1}).to_string();
    let refused = refusal(&mock, "POST", "/bills", &body).await;
    assert_eq!(refused, (409, "BILL_001".to_owned()));
}

/// A mock server that holds its callbacks, and two bills that were paid.
async fn with_held_callbacks(receiver: &Receiver) -> MockServer {
    let mock = start().await;
    post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    for id in ["a", "b", "c"] {
        let bill = json!({"bill_id": id, "price": 1000, "callback_url": receiver.url()});
        post(&mock, "/bills", bill).await;
        post(&mock, &format!("/bills/{id}/pay"), json!({})).await;
    }
    mock
}

fn called_back(receiver: &Receiver) -> Vec<String> {
    let bodies = receiver.bodies().into_iter();
    bodies
        .map(|body| {
            let body: Value = serde_json::from_str(&body).unwrap();
            body["billId"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn callbacks_are_held_reordered_delivered_and_let_go() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = with_held_callbacks(&receiver).await;
    let list = get(&mock, "/callbacks").await;
    assert_eq!(
        (&list["is_held"], ids(&list["waiting"])),
        (&true.into(), vec![1, 2, 3])
    );
    assert_eq!(list["waiting"][0]["state"], "held");
    mock.wait_until_idle().await;
    assert_eq!(called_back(&receiver), [""; 0]);

    let order = post(&mock, "/callbacks/reorder", json!({})).await;
    assert_eq!(order["ids"], json!([3, 2, 1]));
    post(&mock, "/callbacks/reorder", json!({"ids": [2]})).await;
    let refused = refusal(&mock, "POST", "/callbacks/reorder", r#"{"ids": [9]}"#).await;
    assert_eq!(refused, (400, "MOCK_INVALID".to_owned()));

    let delivered = post(&mock, "/callbacks/deliver", json!({"bill_id": "a"})).await;
    assert_eq!(delivered["delivered"], 1);
    mock.wait_until_idle().await;
    assert_eq!(called_back(&receiver), ["a"]);
    post(&mock, "/callbacks/hold", json!({"is_held": false})).await;
    mock.wait_until_idle().await;
    assert_eq!(called_back(&receiver), ["a", "b", "c"]);
    let one = get(&mock, "/callbacks?bill=b").await;
    assert_eq!(ids(&one["sent"]), [2]);
    assert_eq!(one["sent"][0]["is_acknowledged"], true);
}

#[tokio::test]
async fn a_callback_shows_how_its_response_differs_from_the_acknowledgement_and_when_it_is_due() {
    let receiver = Receiver::start(|_, _| (200, r#"{"code": "0000"}"#.to_owned())).await;
    let mock = start().await;
    let bill = json!({"bill_id": "a", "price": 1000, "callback_url": format!("{}/secret", receiver.url())});
    post(&mock, "/bills", bill).await;
    post(&mock, "/bills/a/pay", json!({})).await;
    mock.wait_until_idle().await;
    let list = get(&mock, "/callbacks").await;
    let (sent, due) = (&list["sent"][0], &list["waiting"][0]);
    assert_eq!(sent["response"], r#"{"code": "0000"}"#);
    assert_eq!(sent["difference"], "byte 9 is 0x20 instead of 0x22");
    assert_eq!(sent["body"]["apprState"], "F");
    assert_eq!((&sent["id"], &due["id"]), (&1.into(), &1.into()));
    assert_eq!(due["repeat"], 1);
    let hour = |text: &Value| text.as_str().unwrap()[..13].to_owned();
    assert_ne!(hour(&sent["at"]), hour(&due["due_at"]));
    let whole = list.to_string();
    assert!(
        !whole.contains(API_KEY) && !whole.contains("/secret"),
        "{whole}"
    );
}

#[tokio::test]
async fn what_follows_the_acknowledgement_is_shown_apart_from_a_response_that_breaks_off() {
    let exact = crate::support::receiver::ACKNOWLEDGEMENT;
    let behind = |byte: &str| {
        format!("it goes on behind the 46 bytes of the acknowledgement: byte 47 is {byte}")
    };
    let long = "x".repeat(5_000);
    for (came, shown, bytes, end, difference) in [
        (exact.to_owned(), exact.to_owned(), 46, "whole", None),
        (
            format!("{exact}\n"),
            format!("{exact}\\n"),
            47,
            "whole",
            Some(behind("0x0a")),
        ),
        (
            format!("{exact}\r\n"),
            format!("{exact}\\r\\n"),
            48,
            "whole",
            Some(behind("0x0d")),
        ),
        (
            format!("{exact}{long}"),
            format!("{exact}{}", &long[..1_024 - 46]),
            1_024,
            "goes_on",
            Some(behind("0x78")),
        ),
    ] {
        let receiver = Receiver::start(move |_, _| (200, came.clone())).await;
        let mock = start().await;
        let forgery = json!({"url": receiver.url(), "bill_id": "a", "price": 5});
        post(&mock, "/callbacks/forge", forgery).await;
        mock.wait_until_idle().await;
        let list = get(&mock, "/callbacks").await;
        let sent = &list["sent"][0];
        assert_eq!(sent["response"], shown);
        assert_eq!(sent["response_bytes"], bytes);
        assert_eq!(sent["response_end"], end);
        assert_eq!(sent["difference"].as_str(), difference.as_deref());
        assert_eq!(sent["is_acknowledged"], difference.is_none());
    }

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answered = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 47\r\n\r\n";
        write!(stream, "{head}{exact}").unwrap();
    });
    let mock = start().await;
    let forgery = json!({"url": url, "bill_id": "a", "price": 5});
    post(&mock, "/callbacks/forge", forgery).await;
    mock.wait_until_idle().await;
    answered.join().unwrap();
    let list = get(&mock, "/callbacks").await;
    let sent = &list["sent"][0];
    assert_eq!(sent["response_end"], "broke_off");
    assert_eq!(
        sent["difference"],
        "it broke off after 46 bytes, and more were announced"
    );
}

#[tokio::test]
async fn a_callback_is_duplicated_and_forged() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    let bill = json!({"bill_id": "a", "price": 1000, "callback_url": receiver.url()});
    post(&mock, "/bills", bill).await;
    let duplicate = r#"{"bill_id": "a"}"#;
    let refused = refusal(&mock, "POST", "/callbacks/duplicate", duplicate).await;
    assert_eq!(refused, (409, "MOCK_NO_CALLBACK".to_owned()));
    post(&mock, "/bills/a/pay", json!({})).await;
    post(&mock, "/callbacks/duplicate", json!({"bill_id": "a"})).await;
    let forgery = json!({"url": receiver.url(), "bill_id": "never-sent", "price": 5});
    post(&mock, "/callbacks/forge", forgery).await;
    mock.wait_until_idle().await;
    assert_eq!(called_back(&receiver), ["a", "a", "never-sent"]);
    assert!(!receiver.bodies()[2].contains("apiKey"));
    for url in [
        "https://127.0.0.1/",
        "http://payssam.example/",
        "http://u@127.0.0.1/",
        "x",
    ] {
        let forgery = json!({"url": url, "bill_id": "a", "price": 5}).to_string();
        let refused = refusal(&mock, "POST", "/callbacks/forge", &forgery).await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{url}");
    }
}

#[tokio::test]
async fn a_forged_callback_goes_to_the_url_of_its_bill_unless_another_is_given() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    let bill = json!({"bill_id": "a", "price": 1000, "callback_url": receiver.url()});
    post(&mock, "/bills", bill).await;
    post(&mock, "/bills", json!({"bill_id": "b", "price": 1000})).await;
    post(
        &mock,
        "/callbacks/forge",
        json!({"bill_id": "a", "price": 5}),
    )
    .await;
    mock.wait_until_idle().await;
    assert_eq!(called_back(&receiver), ["a"]);
    for (id, status, code) in [("b", 400, "MOCK_INVALID"), ("none", 404, "MOCK_NO_BILL")] {
        let forgery = json!({"bill_id": id, "price": 5}).to_string();
        let refused = refusal(&mock, "POST", "/callbacks/forge", &forgery).await;
        assert_eq!(refused, (status, code.to_owned()));
    }
}

#[tokio::test]
async fn a_bill_is_paid_by_card_or_by_bank_transfer_and_a_read_says_which() {
    let mock = start().await;
    for (id, payment, by, kind) in [
        ("a", json!({}), "card", "CARD_VAN"),
        ("b", json!({"by": "card"}), "card", "CARD_VAN"),
        ("c", json!({"by": "account"}), "account", "BANK"),
    ] {
        post(&mock, "/bills", json!({"bill_id": id, "price": 1000})).await;
        assert_eq!(
            get(&mock, &format!("/bills/{id}")).await["paid_by"],
            Value::Null
        );
        let paid = post(&mock, &format!("/bills/{id}/pay"), payment).await;
        assert_eq!(paid["paid_by"], by);
        let request =
            crate::support::changed(crate::support::read_request(), "/bill/billId", id.into());
        let read = crate::support::post(&mock, "/bill/read", &request).await;
        assert_eq!(read["data"]["apprPayType"], kind);
    }
    post(&mock, "/bills", json!({"bill_id": "d", "price": 1000})).await;
    let refused = refusal(&mock, "POST", "/bills/d/pay", r#"{"by": "cheque"}"#).await;
    assert_eq!(refused, (400, "MOCK_INVALID".to_owned()));
    // It stays known.
    let snapshot = get(&mock, "/snapshot").await;
    post(&mock, "/restore", snapshot).await;
    assert_eq!(get(&mock, "/bills/c").await["paid_by"], "account");
}

#[tokio::test]
async fn in_24_hours_of_the_clock_a_callback_is_repeated_24_times_and_in_the_25th_not() {
    let receiver = Receiver::acknowledging(usize::MAX).await;
    let mock = start().await;
    let bill = json!({"bill_id": "a", "price": 1000, "callback_url": receiver.url()});
    post(&mock, "/bills", bill).await;
    post(&mock, "/bills/a/pay", json!({})).await;
    mock.wait_until_idle().await;
    for repeats in 1..=24 {
        post(&mock, "/clock/advance", json!({"hours": 1})).await;
        mock.wait_until_idle().await;
        assert_eq!(receiver.received().len(), 1 + repeats);
    }
    assert_eq!(get(&mock, "/callbacks").await["waiting"], json!([]));
    post(&mock, "/clock/advance", json!({"hours": 1})).await;
    post(&mock, "/clock/advance", json!({"days": 30})).await;
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 25);
    assert_eq!(
        get(&mock, "/clock").await["ahead_seconds"],
        25 * 3600 + 30 * 86400
    );
}

/// Which of so many reads get an error.
async fn met(mock: &MockServer, reads: usize) -> Vec<usize> {
    let mut met = Vec::new();
    for number in 1..=reads {
        if code(mock, "/bill/read", &read_request()).await == "ERROR" {
            met.push(number);
        }
    }
    met
}

#[tokio::test]
async fn faults_meet_the_next_the_first_or_every_nth_request_of_their_operation() {
    for (when, expected) in [
        (json!({"next": true}), vec![1]),
        (json!({"first": 3}), vec![1, 2, 3]),
        (json!({"every": 4}), vec![4, 8]),
        (json!({}), (1..=10).collect()),
        (json!({"operation": "bill cancel"}), vec![]),
        (json!({"probability": 0.0}), vec![]),
        (json!({"probability": 1.0, "seed": 7}), (1..=10).collect()),
    ] {
        let mock = with_bill().await;
        let mut fault = json!({"fault": "error-code", "operation": "bill read"});
        fault
            .as_object_mut()
            .unwrap()
            .extend(when.as_object().unwrap().clone());
        post(&mock, "/faults", fault).await;
        assert_eq!(met(&mock, 10).await, expected, "{when}");
        let list = get(&mock, "/faults").await;
        assert_eq!(list["faults"][0]["met"], expected.len(), "{list}");
    }
}

#[tokio::test]
async fn a_seed_of_a_probability_repeats_the_same_faults() {
    let mut seen = Vec::new();
    for seed in [7, 7, 8] {
        let mock = with_bill().await;
        let fault = json!({"fault": "error-code", "probability": 0.5, "seed": seed});
        post(&mock, "/faults", fault).await;
        seen.push(met(&mock, 30).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn requests_beyond_so_many_in_a_second_of_the_clock_meet_the_fault() {
    let mock = with_bill().await;
    // The clock may begin another second meanwhile, and then two more pass.
    post(
        &mock,
        "/faults",
        json!({"fault": "error-code", "per_second": 2}),
    )
    .await;
    let first = met(&mock, 2).await;
    assert_eq!(first, [0; 0]);
    let mut passed = 2;
    loop {
        let code = code(&mock, "/bill/read", &read_request()).await;
        if code == "ERROR" {
            break;
        }
        passed += 1;
        assert!(passed < 200, "no request met the fault");
    }
    post(&mock, "/clock/advance", json!({"seconds": 1})).await;
    assert_eq!(met(&mock, 2).await, [0; 0]);
}

#[tokio::test]
async fn faults_are_removed_one_by_one_or_all_and_wrong_ones_are_refused_with_the_nearest_name() {
    let mock = with_bill().await;
    for fault in ["429", "307", "latency"] {
        post(
            &mock,
            "/faults",
            json!({"fault": fault, "operation": "bill send"}),
        )
        .await;
    }
    let (_, left) = call(&mock, "DELETE", "/faults/2", "").await;
    assert_eq!(ids(&left["faults"]), [1, 3]);
    assert_eq!(refusal(&mock, "DELETE", "/faults/2", "").await.0, 404);
    let (_, left) = call(&mock, "DELETE", "/faults", "").await;
    assert_eq!(left["faults"], json!([]));
    for (fault, part) in [
        (json!({"fault": "latensy"}), "the nearest is `latency`"),
        (
            json!({"fault": "429", "operation": "bill cancle"}),
            "the nearest is `bill cancel`",
        ),
        (
            json!({"fault": "429", "frist": 1}),
            "the nearest is `first`",
        ),
        (
            json!({"fault": "429", "first": 1, "every": 2}),
            "give one of",
        ),
        (json!({"fault": "429", "probability": 1.5}), "from 0 to 1"),
        (
            json!({"fault": "429", "seed": 1}),
            "a seed needs a probability",
        ),
        (
            json!({"fault": "307", "milliseconds": 1}),
            "takes no milliseconds",
        ),
        (json!({"fault": "307", "every": 0}), "1 or more"),
        (json!({}), "missing field `fault`"),
    ] {
        let (status, refused) = call(&mock, "POST", "/faults", &fault.to_string()).await;
        assert_eq!(status, 400, "{fault}");
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains(part), "{fault}: {message}");
    }
}

#[tokio::test]
async fn the_requests_that_came_are_seen_masked_whether_they_were_carried_out_or_not() {
    let mock = with_paid_bill().await;
    let unknown_key = changed(read_request(), "/apiKey", "somebody-elses-key".into());
    let in_the_id = changed(unknown_key, "/bill/billId", "somebody-elses-key".into());
    call_payssam(&mock, "/bill/read", &in_the_id).await;
    call_payssam(&mock, "/bill/cancel", &change_request()).await;
    let list = get(&mock, "/requests").await;
    let requests = list["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0]["code"], "PARTNER_002");
    assert_eq!(requests[0]["partner"], Value::Null);
    assert_eq!(requests[1]["path"], "/bill/cancel");
    let whole = list.to_string() + &get(&mock, "/events").await.to_string();
    for secret in [API_KEY, "somebody-elses-key"] {
        assert!(!whole.contains(secret), "{secret}: {whole}");
    }
    let last = requests[1]["number"].as_u64().unwrap();
    let later = get(&mock, &format!("/requests?after={last}")).await;
    assert_eq!(later["requests"], json!([]));
}

#[tokio::test]
async fn everything_that_happens_is_one_event_after_the_other() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start().await;
    call_payssam(&mock, "/bill", &send_request(ID, &receiver.url())).await;
    post(&mock, &format!("/bills/{ID}/pay"), json!({})).await;
    mock.wait_until_idle().await;
    post(&mock, "/faults", json!({"fault": "429", "next": true})).await;
    post(&mock, "/clock/advance", json!({"seconds": 1})).await;
    let list = get(&mock, "/events").await;
    let events = list["events"].as_array().unwrap();
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "request",
            "bill",
            "bill",
            "callback_queued",
            "callback_sent",
            "faults_changed",
            "clock_advanced"
        ]
    );
    let numbers: Vec<u64> = events
        .iter()
        .map(|event| event["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=7).collect::<Vec<_>>());
    assert_eq!(
        (&list["last_event"], &list["has_gap"]),
        (&7.into(), &false.into())
    );
    assert_eq!(get(&mock, "/events?after=100").await["has_gap"], true);
}

#[tokio::test]
async fn the_stream_goes_on_where_it_was_lost() {
    let mock = with_paid_bill().await;
    let url = format!("{}/_mock/events/stream", origin(&mock));
    let mut stream = http()
        .get(url)
        .header("last-event-id", "1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        stream.headers()["content-type"],
        "text/event-stream;charset=UTF-8"
    );
    let mut text = String::new();
    let patience = Duration::from_secs(20);
    while !text.contains("\n\n") {
        let chunk = tokio::time::timeout(patience, stream.chunk())
            .await
            .unwrap();
        text += std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap();
    }
    assert!(text.starts_with("id: 2\nevent: bill\ndata: {"), "{text}");
    post(&mock, &format!("/bills/{ID}/cancel"), json!({})).await;
    while !text.contains("\"event\":\"cancelled\"") {
        let chunk = tokio::time::timeout(patience, stream.chunk())
            .await
            .unwrap();
        text += std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn waiting_ends_when_the_bill_has_the_state_and_otherwise_after_its_time() {
    let mock = start().await;
    let waiting = get(&mock, "/wait?bill=a&state=paid&seconds=30");
    let paying = async {
        post(&mock, "/bills", json!({"bill_id": "a", "price": 1})).await;
        post(&mock, "/bills/a/pay", json!({})).await;
    };
    let (waited, ()) = tokio::join!(waiting, paying);
    assert_eq!(
        waited,
        json!({"bill_id": "a", "is_reached": true, "state": "paid"})
    );
    let waited = get(&mock, "/wait?bill=a&state=cancelled&seconds=0.05").await;
    assert_eq!(
        waited,
        json!({"bill_id": "a", "is_reached": false, "state": "paid"})
    );
    let waited = get(&mock, "/wait?bill=b&state=paid&seconds=0").await;
    assert_eq!(waited["state"], Value::Null);
    for query in [
        "bill=a&state=x",
        "bill=a",
        "bill=a&state=paid&seconds=31",
        "bill=a&state=paid&seconds=NaN",
    ] {
        let refused = refusal(&mock, "GET", &format!("/wait?{query}"), "").await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn no_more_than_64_requests_wait_at_the_same_time() {
    let mock = start().await;
    let url = format!("{}/_mock/events/stream", origin(&mock));
    let mut streams = Vec::new();
    for _ in 0..64 {
        streams.push(http().get(&url).send().await.unwrap());
    }
    let refused = refusal(&mock, "GET", "/wait?bill=a&state=paid", "").await;
    assert_eq!(refused, (503, "MOCK_TOO_MANY_WAITING".to_owned()));
    // Everything else is served.
    get(&mock, "/bills").await;
    drop(streams.pop());
    loop {
        let (status, _) = call(&mock, "GET", "/wait?bill=a&state=paid&seconds=0", "").await;
        if status == 200 {
            break;
        }
    }
}

#[tokio::test]
async fn a_snapshot_is_restored_whole_and_a_wrong_one_changes_nothing() {
    let receiver = Receiver::acknowledging(usize::MAX).await;
    let mock = with_held_callbacks(&receiver).await;
    call_payssam(&mock, "/bill", &send_request(ID, "http://127.0.0.1:9/")).await;
    call_payssam(
        &mock,
        "/cash-receipt/issue",
        &changed(
            crate::support::receipt_request(),
            "/cashReceipt/billId",
            "r".into(),
        ),
    )
    .await;
    post(
        &mock,
        "/faults",
        json!({"fault": "error-code", "every": 3, "operation": "bill read"}),
    )
    .await;
    met(&mock, 1).await;
    post(&mock, "/clock/advance", json!({"days": 2})).await;
    let before = [
        get(&mock, "/snapshot").await,
        get(&mock, "/bills").await["bills"].clone(),
        get(&mock, &format!("/bills/{ID}")).await,
        get(&mock, "/callbacks").await,
        get(&mock, "/faults").await,
    ];
    let snapshot = before[0].clone();
    let text = snapshot.to_string();
    assert!(
        !text.contains(API_KEY) && !text.contains("김하나"),
        "{text}"
    );

    post(&mock, "/reset", json!({})).await;
    assert_eq!(get(&mock, "/bills").await["total"], 0);
    assert_eq!(get(&mock, "/faults").await["faults"], json!([]));
    assert_eq!(get(&mock, "/callbacks").await["is_held"], false);
    assert_eq!(get(&mock, "/clock").await["ahead_seconds"], 0);

    let mut wrong = snapshot.clone();
    wrong["bills"][0]["state"] = "Q".into();
    let mut foreign = snapshot.clone();
    foreign["bills"][0]["partner"] = "nobody".into();
    let mut double = snapshot.clone();
    double["bills"][1] = double["bills"][0].clone();
    for wrong in [wrong, foreign, double] {
        let refused = refusal(&mock, "POST", "/restore", &wrong.to_string()).await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()));
        assert_eq!(get(&mock, "/bills").await["total"], 0);
    }

    post(&mock, "/restore", snapshot).await;
    let mut after = [
        get(&mock, "/snapshot").await,
        get(&mock, "/bills").await["bills"].clone(),
        get(&mock, &format!("/bills/{ID}")).await,
        get(&mock, "/callbacks").await,
        get(&mock, "/faults").await,
    ];
    // Numbers go on, so that nobody takes two events for one.
    after[0]["world"]["last_number"] = before[0]["world"]["last_number"].clone();
    assert_eq!(after, before);
    // The third read is still the one that fails.
    assert_eq!(met(&mock, 2).await, [2]);
}

#[tokio::test]
async fn each_behaviour_says_how_sure_it_is() {
    let mock = start().await;
    let list = get(&mock, "/fidelity").await;
    let behaviours = list["behaviours"].as_array().unwrap();
    for provenance in ["known", "reported", "assumed"] {
        assert!(behaviours.iter().any(|one| one["provenance"] == provenance));
    }
    let mut names: Vec<&str> = behaviours
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    // Every code of the mock server's own is named by the list.
    let text = list.to_string();
    for code in [
        "MOCK_AMOUNTS",
        "MOCK_CALLBACK_URL",
        "MOCK_EXPIRED",
        "MOCK_EXPIRE_DT",
        "MOCK_FULL",
        "MOCK_INVALID",
        "MOCK_IN_PROGRESS",
        "MOCK_ISSUANCE_NUMBER",
        "MOCK_NOT_AN_OBJECT",
        "MOCK_NOT_REPRESENTABLE",
        "MOCK_NOT_SERVED",
        "MOCK_NOT_TEXT",
        "MOCK_NO_RECEIPT",
        "MOCK_PHONE",
        "MOCK_PRICE_DIFFERS",
        "MOCK_SEND_TYPE",
        "MOCK_STATE_FILE",
        "MOCK_TRADER",
    ] {
        assert!(text.contains(code), "{code}");
    }
    let expiry = behaviours
        .iter()
        .find(|one| one["name"] == "expiry")
        .unwrap();
    assert_eq!(expiry["provenance"], "assumed");
}

#[tokio::test]
async fn a_path_or_a_method_that_is_none_and_a_body_that_is_no_json_are_refused() {
    let mock = with_bill().await;
    let url = |path: &str| format!("{}/_mock{path}", origin(&mock));
    for (method, path, status, code) in [
        ("GET", "/none", 404, "MOCK_NO_SUCH_PATH"),
        ("GET", "", 404, "MOCK_NO_SUCH_PATH"),
        ("DELETE", "/bills", 405, "MOCK_NO_SUCH_METHOD"),
    ] {
        let request = http().request(method.parse().unwrap(), url(path));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let response: Value = response.json().await.unwrap();
        assert_eq!(response["code"], code);
    }
    for (kind, body, status) in [
        ("text/plain", "{}", 415),
        ("application/x-www-form-urlencoded", "a=b", 415),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", r#"{"hour": 1}"#, 400),
        ("application/json; charset=utf-8", r#"{"hours": 1}"#, 200),
    ] {
        let request = http()
            .post(url("/clock/advance"))
            .header("content-type", kind);
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), status, "{kind} {body}");
    }
    // Nothing of this is among the requests to PaySsam's operations.
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_limit_that_is_null_is_refused_and_means_never_all() {
    let mock = with_bill().await;
    for (path, body) in [
        ("/faults", r#"{"fault": "latency", "probability": null}"#),
        (
            "/faults",
            r#"{"fault": "latency", "probability": 0.5, "seed": null}"#,
        ),
        ("/faults", r#"{"fault": "latency", "first": null}"#),
        ("/faults", r#"{"fault": "latency", "merchant": null}"#),
        ("/callbacks/deliver", r#"{"id": null}"#),
        ("/callbacks/deliver", r#"{"bill_id": null}"#),
        ("/callbacks/reorder", r#"{"ids": null}"#),
    ] {
        let refused = refusal(&mock, "POST", path, body).await;
        assert_eq!(refused, (400, "MOCK_INVALID".to_owned()), "{path} {body}");
    }
    assert_eq!(get(&mock, "/faults").await["faults"], json!([]));
}
