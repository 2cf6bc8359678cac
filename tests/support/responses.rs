//! Servers that give one response, and what the client makes of it.

use httpmock::MockServer;
use payssam::{Bill, Cancellation, Error};
use serde_json::{Value, json};

use super::caller::{bill_id, cancel, client};

/// The hash of a cancellation of 2024-0001 with 45,000 won.
pub const HASH: &str = "681f35e06c7051b89ccc878847ee4cc169e2f26b82ccd014aa4445c91a0e155e";

/// A success about the bill 2024-0001.
pub const SUCCESS: &str = r#"{"code":"0000","message":"m","data":{"billId":"2024-0001"}}"#;

/// A rejection by its code.
pub const REJECTION: &str = r#"{"code":"BILL_003","message":"m","data":null}"#;

/// A server that gives this response to every request.
pub async fn responding(status: u16, body: impl AsRef<[u8]>) -> MockServer {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(status)
                .header("content-type", "application/json")
                .body(body);
        })
        .await;
    server
}

/// Reads the bill 2024-0001 out of this response.
pub async fn read(response: Value) -> Result<Bill, Error> {
    let server = responding(200, response.to_string()).await;
    client(&server.base_url()).bills().read(&bill_id()).await
}

/// The bill of a response that says success and holds `data`.
pub async fn bill(data: Value) -> Bill {
    read(json!({"code": "0000", "message": "성공하였습니다.", "data": data}))
        .await
        .expect("a bill")
}

/// Cancels the bill 2024-0001 and gets a response that says success and holds `data`.
pub async fn cancelled(data: Value) -> Result<Cancellation, Error> {
    let response = json!({"code": "0000", "message": "성공하였습니다.", "data": data});
    let server = responding(200, response.to_string()).await;
    client(&server.base_url()).bills().cancel(&cancel()).await
}
