//! Calls of the control API.

use std::{collections::BTreeSet, sync::LazyLock};

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
    let response = response.json().await.unwrap();
    let operation = DOCUMENT.operation(method, &format!("/_mock{path}"));
    DOCUMENT.assert_response(&operation, status, &response);
    if let (200, Ok(body)) = (status, serde_json::from_str(body)) {
        DOCUMENT.assert_request(&operation, &body);
    }
    (status, response)
}

/// The document as it is in the source. That it is served is a test of its own.
static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../src/control/openapi.json");
    Document::of(&serde_json::from_str(text).unwrap())
});

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
    (
        status,
        response["code"].as_str().unwrap_or_default().to_owned(),
    )
}

/// A method and a path with its parameters, such as `GET /_mock/bills/{bill_id}`.
pub type Operation = String;

/// The OpenAPI document of the control API.
pub struct Document(Value);

impl Document {
    pub fn of(document: &Value) -> Self {
        assert_eq!(document["openapi"], "3.1.0");
        Document(document.clone())
    }

    pub fn operations(&self) -> BTreeSet<Operation> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let all = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        all.collect()
    }

    /// The operation that a request is for.
    #[track_caller]
    pub fn operation(&self, method: &str, path: &str) -> Operation {
        let path = path.split('?').next().unwrap();
        let fits = |known: &str| {
            let (known, path) = (known.split('/'), path.split('/'));
            known.clone().count() == path.clone().count()
                && known
                    .zip(path)
                    .all(|(known, part)| known == part || known.starts_with('{'))
        };
        // A path without a parameter comes first.
        let mut paths: Vec<&String> = self.0["paths"].as_object().unwrap().keys().collect();
        paths.sort_by_key(|path| path.contains('{'));
        let found = paths.into_iter().find(|known| fits(known));
        format!("{method} {}", found.unwrap_or_else(|| panic!("{path}")))
    }

    /// Checks a response against the document.
    #[track_caller]
    pub fn assert_response(&self, operation: &str, status: u16, response: &Value) {
        let (method, path) = operation.split_once(' ').unwrap();
        let operation = &self.0["paths"][path][method.to_lowercase()];
        let content = &operation["responses"][status.to_string()]["content"];
        let schema = &content["application/json"]["schema"];
        assert!(
            schema.is_object(),
            "{method} {path} has no response {status}"
        );
        self.assert_fits(schema, response);
    }

    /// Checks the body of a request that is carried out.
    #[track_caller]
    pub fn assert_request(&self, operation: &str, body: &Value) {
        let (method, path) = operation.split_once(' ').unwrap();
        let operation = &self.0["paths"][path][method.to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.assert_fits(schema, body);
    }

    #[track_caller]
    fn assert_fits(&self, schema: &Value, value: &Value) {
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{problems:?} in {value}");
    }
}
