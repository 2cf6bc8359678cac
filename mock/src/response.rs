//! A response of the mock server before it is written.

use serde_json::{Value, json};

use crate::{log::LogEntry, rejection::Rejection};

/// HTTP status and JSON body.
pub(crate) struct Response {
    pub(crate) http_status: u16,
    pub(crate) body: Value,
    /// Why it is no success, for the log.
    pub(crate) reason: Option<String>,
}

impl Response {
    /// A rejection with a code that no table lists.
    pub(crate) fn unlisted() -> Self {
        Response::without_data(
            200,
            "MOCK_UNLISTED",
            "the mock server simulates a code that nobody knows",
        )
    }

    /// The envelope of a success.
    pub(crate) fn success(data: Value) -> Self {
        let mut body = json!({"code": "0000", "message": "성공하였습니다."});
        body["data"] = data;
        Response {
            http_status: 200,
            body,
            reason: None,
        }
    }

    /// An envelope without data.
    pub(crate) fn without_data(http_status: u16, code: &str, message: &str) -> Self {
        Response {
            http_status,
            body: json!({"code": code, "message": message, "data": null}),
            reason: Some(message.to_owned()),
        }
    }

    pub(crate) fn rejection(rejection: &Rejection) -> Self {
        let response =
            Response::without_data(rejection.http_status, rejection.code, &rejection.message);
        match &rejection.hint {
            Some(hint) => Response {
                reason: Some(hint.clone()),
                ..response
            },
            None => response,
        }
    }

    /// The result code.
    pub(crate) fn code(&self) -> Option<&str> {
        self.body["code"].as_str()
    }

    /// The entry of the log about a request, with this response to it.
    pub(crate) fn logged(&self, entry: LogEntry) -> LogEntry {
        let entry = entry.response(self.http_status, self.code());
        match &self.reason {
            Some(reason) => entry.because(reason),
            None => entry,
        }
    }

    /// What PaySsam responds when its own processing failed.
    pub(crate) fn error() -> Self {
        Response::without_data(200, "ERROR", "처리 중 오류가 발생하였습니다.")
    }
}
