//! What the tests of the mock server share: requests without the library's client, the response types of
//! the specification, and a receiver of callbacks.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod control;
pub mod face;
pub mod markup;
pub mod receiver;
pub mod spec;
pub mod wire;

use payssam::{BillId, Won};
use payssam_mock::{API_KEY, MEMBER, MERCHANT, MockServer};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const ID: &str = "2024-0001";
pub const PRICE: u64 = 45_000;
pub const PHONE: &str = "01012345678";

/// The SHA-256 of `2024-0001,45000`.
pub const HASH: &str = "681f35e06c7051b89ccc878847ee4cc169e2f26b82ccd014aa4445c91a0e155e";
/// The SHA-256 of `2024-0001,01012345678,45000`.
pub const HASH_WITH_PHONE: &str =
    "ad902bf75860b35d243cb48d8ef2e28e0d98dd7511c16178761c4a64ccea6f7d";

pub fn id() -> BillId {
    BillId::new(ID).unwrap()
}

pub fn price() -> Won {
    Won::new(PRICE).unwrap()
}

/// A mock server with an unpaid bill.
pub async fn with_bill() -> MockServer {
    let mock = MockServer::start().await.unwrap();
    mock.add_bill(id(), price()).unwrap();
    mock
}

/// A mock server with a paid bill.
pub async fn with_paid_bill() -> MockServer {
    let mock = with_bill().await;
    mock.pay(&id()).unwrap();
    mock
}

pub fn read_request() -> Value {
    request(json!({"billId": ID}))
}

/// Cancels or destroys the bill, or resends it.
pub fn change_request() -> Value {
    request(json!({"billId": ID, "price": "45000", "hash": HASH}))
}

pub fn send_request(id: &str, callback_url: &str) -> Value {
    let hash = Sha256::digest(format!("{id},{PHONE},{PRICE}"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    request(json!({
        "sendType": "TALK", "billId": id, "productName": "수강료", "price": "45000",
        "memberName": "김하나", "phone": PHONE, "callbackUrl": callback_url, "hash": hash,
    }))
}

/// Issues, cancels or reads a cash receipt.
pub fn receipt_request() -> Value {
    json!({
        "apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT,
        "cashReceipt": {
            "billId": ID, "price": "45000", "supplyPrice": "40909", "tax": "4091",
            "trader": "0", "issuanceNumber": PHONE, "hash": HASH,
        },
    })
}

pub fn points_request() -> Value {
    json!({"apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT})
}

fn request(bill: Value) -> Value {
    json!({"apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT, "bill": bill})
}

/// Changes a value inside a request; `null` removes it.
pub fn changed(mut request: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = request.pointer_mut(parent).unwrap();
    let parent = parent.as_object_mut().unwrap();
    match value {
        Value::Null => drop(parent.remove(key).unwrap()),
        value => drop(parent.insert(key.to_owned(), value)),
    }
    request
}

pub fn http() -> reqwest::Client {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().no_proxy();
    let client = client.tls_backend_preconfigured(config);
    let client = client.redirect(reqwest::redirect::Policy::none());
    client.build().unwrap()
}

/// Posts a body, and checks that the response has the types of the specification.
pub async fn post_body(
    mock: &MockServer,
    path: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, Value) {
    let request = http()
        .post(format!("{}{path}", mock.base_url()))
        .header("content-type", "application/json")
        .body(body);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let response = response.json().await.unwrap();
    spec::assert_response(path, &response);
    (status, response)
}

/// Posts a request, expects HTTP 200, and gives the response.
pub async fn post(mock: &MockServer, path: &str, request: &Value) -> Value {
    let (status, response) = post_body(mock, path, request.to_string()).await;
    assert_eq!(status, 200, "{request}: {response}");
    response
}

/// The result code of a request.
pub async fn code(mock: &MockServer, path: &str, request: &Value) -> String {
    let response = post(mock, path, request).await;
    response["code"].as_str().unwrap().to_owned()
}
