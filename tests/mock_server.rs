//! The mock server behaves like PaySsam as far as that is known, and says so where it is not.
mod support {
    pub mod spec;
}

use httpmock::Method::POST;
use payssam::{BillId, BillState, Cancel, Client, Credentials, Error, ResultCode, Won, signature};
use payssam_mock::{API_KEY, MEMBER, MERCHANT, MockServer};
use serde_json::{Value, json};

const ID: &str = "2024-0001";
const PRICE: u64 = 45_000;

fn id() -> BillId {
    BillId::new(ID).unwrap()
}

fn price() -> Won {
    Won::new(PRICE).unwrap()
}

async fn with_bill() -> MockServer {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(id(), price()).unwrap();
    mock
}

async fn with_paid_bill() -> MockServer {
    let mock = with_bill().await;
    mock.pay(&id()).unwrap();
    mock
}

fn read_request() -> Value {
    json!({
        "apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT,
        "bill": {"billId": ID},
    })
}

fn cancel_request() -> Value {
    json!({
        "apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT,
        "bill": {
            "billId": ID,
            "price": PRICE.to_string(),
            "hash": signature::sign(&id(), price()).as_str(),
        },
    })
}

/// Changes a value inside a request; `null` takes it away.
fn changed(mut request: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = request
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    match value {
        Value::Null => drop(parent.remove(key).unwrap()),
        value => drop(parent.insert(key.to_owned(), value)),
    }
    request
}

async fn post(mock: &MockServer, path: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(format!("{}{path}", mock.base_url()))
        .body(body)
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let answer = answer.json().await.unwrap();
    let described = match path {
        "/bill/cancel" => path,
        _ => "/bill/read",
    };
    fits(described, &answer);
    (status, answer)
}

/// Holds a response against the types that the library was written by, which `decisions.rs` holds
/// against the specification. Refusals carry `data: null`, which was measured and is not published.
fn fits(path: &str, response: &Value) {
    let decided = support::spec::decided();
    let known = |place: &str, value: &Value| {
        let place = format!("POST {path} response {place}");
        match decided.get(&place).map(|known| &known["type"]) {
            Some(kind) if kind == "string" => assert!(value.is_string(), "{place}: {value}"),
            Some(kind) if kind == "object" => assert!(value.is_object(), "{place}: {value}"),
            other => panic!("{place} is {value}, and {other:?} was decided about"),
        }
    };
    for (name, value) in response.as_object().expect("an object") {
        if !value.is_null() {
            known(name, value);
        }
        for (inner, value) in value.as_object().into_iter().flatten() {
            known(&format!("{name}/{inner}"), value);
        }
    }
}

#[tokio::test]
async fn a_bill_goes_from_unpaid_over_paid_to_cancelled() {
    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let bill = client.bills().read(&id()).await.unwrap();
    assert_eq!(*bill.state(), BillState::Unpaid);
    assert_eq!(bill.approval().approval_number().unwrap(), None);

    mock.pay(&id()).unwrap();
    let paid = client.bills().read(&id()).await.unwrap();
    assert_eq!(*paid.state(), BillState::Paid);
    assert_eq!(paid.approval().price().unwrap(), Some(price()));
    assert_eq!(
        paid.approval().approved_at().unwrap(),
        mock.bill(&id()).unwrap().paid_at()
    );

    let cancelled = client
        .bills()
        .cancel(Cancel::new(id(), price()))
        .await
        .unwrap();
    assert_eq!(cancelled.bill_id(), &id());
    assert_eq!(
        cancelled.original_approval_number().unwrap(),
        paid.approval().approval_number().unwrap()
    );
    assert_eq!(
        cancelled.cancelled_at().unwrap(),
        mock.bill(&id()).unwrap().cancelled_at()
    );
    let after = client.bills().read(&id()).await.unwrap();
    assert_eq!(*after.state(), BillState::Cancelled);
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Cancelled);
}

#[tokio::test]
async fn responses_have_the_types_that_were_decided_about() {
    let mock = with_bill().await;
    // `post` holds each answer against its schema.
    let expect = |(status, answer): (u16, Value), code: &str| {
        assert_eq!(status, 200);
        assert_eq!(answer["code"], code);
    };
    expect(
        post(&mock, "/bill/read", read_request().to_string()).await,
        "0000",
    );
    expect(
        post(&mock, "/bill/cancel", cancel_request().to_string()).await,
        "MOCK_NOT_PAID",
    );
    mock.pay(&id()).unwrap();
    expect(
        post(&mock, "/bill/read", read_request().to_string()).await,
        "0000",
    );
    expect(
        post(&mock, "/bill/cancel", cancel_request().to_string()).await,
        "0000",
    );
    expect(
        post(&mock, "/bill/read", read_request().to_string()).await,
        "0000",
    );
    let other = changed(read_request(), "/bill/billId", "other".into());
    expect(
        post(&mock, "/bill/read", other.to_string()).await,
        "BILL_003",
    );
}

#[tokio::test]
async fn refusals_come_with_http_200_and_the_known_code() {
    let mock = with_paid_bill().await;
    let long = |n: usize| Value::from("가".repeat(n));
    let rows = [
        ("/bill/read", "/apiKey", Value::Null, "PARTNER_002", ""),
        ("/bill/read", "/apiKey", "".into(), "PARTNER_002", ""),
        ("/bill/read", "/apiKey", "other".into(), "PARTNER_003", ""),
        (
            "/bill/read",
            "/apiKey",
            long(33),
            "VALIDATION_002",
            "apiKey",
        ),
        (
            "/bill/read",
            "/member",
            Value::Null,
            "VALIDATION_002",
            "member",
        ),
        (
            "/bill/read",
            "/member",
            long(61),
            "VALIDATION_002",
            "member",
        ),
        (
            "/bill/read",
            "/merchant",
            Value::Null,
            "VALIDATION_002",
            "merchant",
        ),
        (
            "/bill/read",
            "/merchant",
            long(61),
            "VALIDATION_002",
            "merchant",
        ),
        (
            "/bill/read",
            "/merchant",
            "other".into(),
            "BILL_003",
            "청구서를 찾을 수 없습니다.",
        ),
        ("/bill/read", "/member", "other".into(), "BILL_003", ""),
        ("/bill/read", "/bill", Value::Null, "VALIDATION_002", "bill"),
        (
            "/bill/read",
            "/bill/billId",
            Value::Null,
            "VALIDATION_002",
            "billId",
        ),
        (
            "/bill/read",
            "/bill/billId",
            "".into(),
            "VALIDATION_002",
            "billId",
        ),
        (
            "/bill/read",
            "/bill/billId",
            long(21),
            "VALIDATION_002",
            "billId",
        ),
        ("/bill/read", "/bill/billId", "other".into(), "BILL_003", ""),
        (
            "/bill/cancel",
            "/bill/hash",
            Value::Null,
            "VALIDATION_002",
            "hash",
        ),
        (
            "/bill/cancel",
            "/bill/hash",
            "00".into(),
            "VALIDATION_002",
            "해싱값",
        ),
        (
            "/bill/cancel",
            "/bill/price",
            Value::Null,
            "VALIDATION_002",
            "price",
        ),
        (
            "/bill/cancel",
            "/bill/price",
            "45001".into(),
            "VALIDATION_002",
            "해싱값",
        ),
        (
            "/bill/cancel",
            "/bill/cancelReason",
            long(21),
            "VALIDATION_002",
            "cancelReason",
        ),
        // PaySsam's own codes for these are not known.
        (
            "/bill/read",
            "/bill/billId",
            20.into(),
            "MOCK_NOT_TEXT",
            "billId",
        ),
        (
            "/bill/read",
            "/bill",
            "2024".into(),
            "MOCK_NOT_AN_OBJECT",
            "bill",
        ),
    ];
    for (path, pointer, value, code, named) in rows {
        let whole = match path {
            "/bill/read" => read_request(),
            _ => cancel_request(),
        };
        let request = changed(whole, pointer, value);
        let (status, answer) = post(&mock, path, request.to_string()).await;
        assert_eq!(status, 200, "{request}");
        assert_eq!(answer["code"], code, "{request}: {answer}");
        assert!(
            answer["message"].as_str().unwrap().contains(named),
            "{answer}"
        );
        assert_eq!(answer.get("data"), Some(&Value::Null), "{answer}");
    }
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Paid);
}

#[tokio::test]
async fn a_hash_of_three_parts_is_refused() {
    let mock = with_paid_bill().await;
    let three = signature::sign_with_phone(&id(), "01012345678", price()).unwrap();
    let request = changed(cancel_request(), "/bill/hash", three.as_str().into());
    let (_, answer) = post(&mock, "/bill/cancel", request.to_string()).await;
    assert_eq!(answer["code"], "VALIDATION_002");
}

#[tokio::test]
async fn states_that_do_not_allow_a_cancellation_get_a_code_of_the_mock_server() {
    let cancel = || Cancel::new(id(), price());
    let code = |error: Error| {
        assert_eq!(error.kind(), "rejected");
        error.code().unwrap().as_str().to_owned()
    };

    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let unpaid = client.bills().cancel(cancel()).await.unwrap_err();
    assert_eq!(code(unpaid), "MOCK_NOT_PAID");

    mock.pay(&id()).unwrap();
    let other_price = Cancel::new(id(), Won::new(1).unwrap());
    let differs = client.bills().cancel(other_price).await.unwrap_err();
    assert_eq!(code(differs), "MOCK_PRICE_DIFFERS");

    mock.cancel(&id()).unwrap();
    let twice = client.bills().cancel(cancel()).await.unwrap_err();
    assert_eq!(code(twice), "MOCK_ALREADY_CANCELLED");

    let mock = with_bill().await;
    mock.destroy(&id()).unwrap();
    let client = mock.client().unwrap();
    let destroyed = client.bills().cancel(cancel()).await.unwrap_err();
    assert_eq!(code(destroyed), "MOCK_DESTROYED");
    let bill = client.bills().read(&id()).await.unwrap();
    assert_eq!(*bill.state(), BillState::Destroyed);
}

#[tokio::test]
async fn what_is_no_call_is_refused_by_http() {
    let mock = with_bill().await;
    for body in ["", "{", "<html>", "\u{feff}"] {
        let (status, answer) = post(&mock, "/bill/read", body).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(answer["code"], "MOCK_MALFORMED_JSON");
    }
    for path in ["/bill/rp", "/bill/read/", "/bill/cancelx", ""] {
        let (status, answer) = post(&mock, path, read_request().to_string()).await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(answer["code"], "MOCK_NO_SUCH_PATH");
    }
    let outside = mock.base_url().replace("/partner", "/bill/read");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http
        .post(outside)
        .body(read_request().to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    fits("/bill/read", &answer.json().await.unwrap());
    let get = http
        .get(format!("{}/bill/read", mock.base_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), 405);
    fits("/bill/read", &get.json().await.unwrap());
    let too_large = vec![b' '; 1024 * 1024 + 1];
    let (status, _) = post(&mock, "/bill/read", too_large).await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn the_key_is_echoed_and_never_shown_by_the_client() {
    let mock = with_paid_bill().await;
    let (_, answer) = post(&mock, "/bill/read", read_request().to_string()).await;
    assert_eq!(answer["data"]["apiKey"], API_KEY);
    let bill = mock.client().unwrap().bills().read(&id()).await.unwrap();
    assert!(!format!("{bill:?}").contains(API_KEY));
    assert!(!serde_json::to_string(&bill).unwrap().contains(API_KEY));
}

#[tokio::test]
async fn shops_are_kept_apart() {
    let mock = with_bill().await;
    let other = mock.with_merchant(MEMBER, "other").unwrap();
    other.add_bill(id(), Won::new(7).unwrap()).unwrap();
    other.pay(&id()).unwrap();
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Unpaid);

    let client = mock.client().unwrap();
    let there = client.with_merchant(MEMBER, "other").unwrap();
    assert_eq!(
        *there.bills().read(&id()).await.unwrap().state(),
        BillState::Paid
    );
    let nowhere = client.with_merchant("nobody", MERCHANT).unwrap();
    let error = nowhere.bills().read(&id()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ResultCode::BILL_NOT_FOUND));
}

#[tokio::test]
async fn of_many_cancellations_at_once_exactly_one_takes() {
    let mock = with_paid_bill().await;
    let client = mock.client().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let client = client.clone();
        calls.spawn(async move { client.bills().cancel(Cancel::new(id(), price())).await });
    }
    let done = calls
        .join_all()
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    assert_eq!(done, 1);
}

#[tokio::test]
async fn requests_are_remembered_and_their_debug_shows_no_secret() {
    let mock = with_paid_bill().await;
    let client = mock.client().unwrap();
    client
        .bills()
        .cancel(Cancel::new(id(), price()))
        .await
        .unwrap();
    let requests = mock.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method(), "POST");
    assert_eq!(requests[0].path(), "/bill/cancel");
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_slice(requests[0].body()).unwrap();
    assert_eq!(body, cancel_request());
    assert!(!format!("{requests:?}").contains(API_KEY));
}

#[tokio::test]
async fn it_stops_with_its_last_handle() {
    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let second = mock.clone();
    drop(mock);
    client.bills().read(&id()).await.unwrap();
    drop(second);
    tokio::task::yield_now().await;
    let error = client.bills().read(&id()).await.unwrap_err();
    assert!(
        matches!(error.kind(), "not_sent" | "outcome_unknown"),
        "{error}"
    );
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let error = MockServer::builder()
        .listen("0.0.0.0:0".parse().unwrap())
        .start()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "config");
    let v6 = MockServer::builder()
        .listen("[::1]:0".parse().unwrap())
        .start()
        .await;
    if let Ok(mock) = v6 {
        mock.add_bill(id(), price()).unwrap();
        mock.client().unwrap().bills().read(&id()).await.unwrap();
    }
}

#[tokio::test]
async fn steps_that_a_bill_cannot_take_are_invalid_input() {
    let mock = with_bill().await;
    assert!(mock.add_bill(id(), price()).is_err());
    assert!(mock.cancel(&id()).is_err());
    assert!(mock.pay(&BillId::new("none").unwrap()).is_err());
    mock.pay(&id()).unwrap();
    let error = mock.destroy(&id()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid bill state: a bill that is paid cannot become destroyed; nothing was sent"
    );
}

/// What a caller learns from a call, whoever answered it.
async fn learned(client: &Client) -> Vec<String> {
    let mut learned = Vec::new();
    for merchant in [MERCHANT, "other"] {
        let client = client.with_merchant(MEMBER, merchant).unwrap();
        match client.bills().read(&id()).await {
            Ok(bill) => learned.push(serde_json::to_string(&bill).unwrap()),
            Err(error) => learned.push(error.to_string()),
        }
        match client.bills().cancel(Cancel::new(id(), price())).await {
            Ok(cancelled) => learned.push(serde_json::to_string(&cancelled).unwrap()),
            Err(error) => learned.push(error.to_string()),
        }
    }
    learned
}

#[tokio::test]
async fn the_mock_server_and_the_mock_agree() {
    let mock = with_paid_bill().await;
    let by_mock_server = learned(&mock.client().unwrap()).await;

    let bill = mock.bill(&id()).unwrap();
    let (paid, cancelled) = (
        bill.paid_at().unwrap().digits(),
        bill.cancelled_at().unwrap().digits(),
    );
    let server = httpmock::MockServer::start_async().await;
    let answer = |path: &'static str, merchant: &'static str, answer: Value| {
        server.mock(|when, then| {
            when.method(POST)
                .path(path)
                .json_body_includes(json!({"merchant": merchant}).to_string());
            then.status(200).json_body(answer);
        });
    };
    answer(
        "/partner/bill/read",
        MERCHANT,
        json!({"code": "0000", "message": "성공하였습니다.", "data": {
            "apiKey": API_KEY, "billId": ID, "apprState": "F", "apprPrice": "45000",
            "apprPayType": "CARD_VAN", "apprCardType": "신용", "apprDt": paid, "apprOriginDt": paid,
            "apprIssuer": "모의카드", "apprIssuerNum": "123456******7890",
            "apprNum": "00000001", "apprOriginNum": "00000001", "apprMonthly": "0",
            "apprCashNum": null, "apprCashTrader": "",
        }}),
    );
    answer(
        "/partner/bill/cancel",
        MERCHANT,
        json!({"code": "0000", "message": "성공하였습니다.", "data": {
            "apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT, "billId": ID,
            "hash": signature::sign(&id(), price()).as_str(),
            "apprNum": "00000002", "apprOriginNum": "00000001", "apprCancelDt": cancelled,
        }}),
    );
    for path in ["/partner/bill/read", "/partner/bill/cancel"] {
        answer(
            path,
            "other",
            json!({"code": "BILL_003", "message": "청구서를 찾을 수 없습니다.", "data": null}),
        );
    }
    let client = Client::builder(Credentials::new(API_KEY, MEMBER, MERCHANT).unwrap())
        .base_url(server.url("/partner"))
        .build()
        .unwrap();
    assert_eq!(by_mock_server, learned(&client).await);
}
