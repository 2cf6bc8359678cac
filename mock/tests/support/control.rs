//! Calls of the control API.

use payssam_mock::MockServer;
use serde_json::Value;

use super::http;

/// The origin of a mock server.
pub fn origin(mock: &MockServer) -> String {
    let base_url = mock.base_url();
    base_url.strip_suffix("/partner").unwrap().to_owned()
}

/// Calls the control API, and gives the HTTP status and the JSON.
pub async fn call(mock: &MockServer, method: &str, path: &str, body: &str) -> (u16, Value) {
    let url = format!("{}/_mock{path}", origin(mock));
    let request = http().request(method.parse().unwrap(), url);
    let request = match method {
        "POST" => request
            .header("content-type", "application/json")
            .body(body.to_owned()),
        _ => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

#[track_caller]
fn assert_success((status, response): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{response}");
    response
}

pub async fn get(mock: &MockServer, path: &str) -> Value {
    assert_success(call(mock, "GET", path, "").await)
}

pub async fn post(mock: &MockServer, path: &str, body: Value) -> Value {
    assert_success(call(mock, "POST", path, &body.to_string()).await)
}

/// The HTTP status and the code of a refusal.
pub async fn refusal(mock: &MockServer, method: &str, path: &str, body: &str) -> (u16, String) {
    let (status, response) = call(mock, method, path, body).await;
    (status, response["code"].as_str().unwrap_or_default().to_owned())
}
