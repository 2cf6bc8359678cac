//! What to respond to a callback.

use crate::bill::NotVerified;

/// The HTTP response to a callback, for any web framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Response {
    http_status: u16,
    body: &'static str,
}

impl Response {
    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The value of the header `content-type`.
    pub fn content_type(&self) -> &'static str {
        "application/json;charset=UTF-8"
    }

    /// The body, to be sent as it is.
    pub fn body(&self) -> &'static str {
        self.body
    }
}

/// The response that PaySsam expects, byte for byte. The callback is not sent again.
///
/// ```
/// let response = payssam::callback::acknowledge();
/// assert_eq!(response.http_status(), 200);
/// assert_eq!(response.body(), r#"{"code":"0000","msg":"성공하였습니다."}"#);
/// ```
pub fn acknowledge() -> Response {
    Response {
        http_status: 200,
        body: r#"{"code":"0000","msg":"성공하였습니다."}"#,
    }
}

/// Another response, so that PaySsam sends the callback again within the hour.
pub fn retry_later() -> Response {
    Response {
        http_status: 503,
        body: r#"{"code":"RETRY_LATER","msg":"retry later"}"#,
    }
}

impl NotVerified {
    /// What to respond to the callback: [`retry_later`], whatever the reason.
    ///
    /// Not even a forged callback is acknowledged, because one of a payment that a read does not show yet looks
    /// the same. After [`CancelledSince`](NotVerified::CancelledSince), book the cancellation and
    /// [`acknowledge`] then.
    pub fn response(&self) -> Response {
        retry_later()
    }
}
