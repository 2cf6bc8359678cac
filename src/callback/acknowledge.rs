//! What a callback is answered with.

/// What to answer to a callback, whatever the web framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Answer {
    http_status: u16,
    body: &'static str,
}

impl Answer {
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

/// The answer that PaySsam expects, byte for byte: the callback does not come again.
pub fn acknowledge() -> Answer {
    Answer {
        http_status: 200,
        body: r#"{"code":"0000","msg":"성공하였습니다."}"#,
    }
}

/// An answer that is not the expected one, so that the callback comes again within the hour.
pub fn retry_later() -> Answer {
    Answer {
        http_status: 503,
        body: r#"{"code":"RETRY_LATER","msg":"retry later"}"#,
    }
}
