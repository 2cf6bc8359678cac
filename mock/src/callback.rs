//! A callback that the mock server sent.

use std::{fmt, sync::Arc};

use payssam::{
    BillId, KoreanTime,
    redact::{escape, mask},
};
use serde_json::Value;
use url::Url;

use crate::{http_client::End, key::Key};

/// A callback that the mock server sent, and the response to it. `Debug` does not show its body.
#[derive(Clone)]
#[doc(alias = "webhook")]
pub struct MockCallback {
    pub(crate) bill_id: BillId,
    pub(crate) at: KoreanTime,
    pub(crate) repeat: u32,
    pub(crate) is_forged: bool,
    pub(crate) http_status: Option<u16>,
    pub(crate) is_acknowledged: bool,
    pub(crate) id: u64,
    pub(crate) key: Key,
    pub(crate) url: Url,
    /// What was sent, with its secrets masked.
    pub(crate) body: Arc<Value>,
    /// How many bytes were sent.
    pub(crate) body_bytes: usize,
    /// The first bytes of the response, without the keys of partners.
    pub(crate) response: Vec<u8>,
    /// How many bytes of the response were read.
    pub(crate) response_bytes: usize,
    pub(crate) response_end: Option<End>,
    /// How the response differs from the acknowledgement, or why there was none.
    pub(crate) difference: Option<String>,
}

impl MockCallback {
    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self)
            + self.key.bytes()
            + self.url.as_str().len()
            + self.response.len()
            + self.body_bytes
    }

    /// The first bytes of the response as they may be shown. Line ends, which many receivers add, are `\r` and `\n`.
    pub(crate) fn shown_response(&self) -> String {
        let masked = mask(&String::from_utf8_lossy(&self.response));
        let mut shown = String::with_capacity(masked.len());
        for c in masked.chars() {
            match c {
                '\r' => shown.push_str("\\r"),
                '\n' => shown.push_str("\\n"),
                c => shown.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        shown
    }

    /// Its number, which its repeats share.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How the response differs from the acknowledgement, such as `HTTP 500 instead of HTTP 200`, or why there was
    /// none; `None` if it was acknowledged.
    pub fn difference(&self) -> Option<&str> {
        self.difference.as_deref()
    }

    /// The bill that it is about.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// When it was sent, by the clock of the mock server.
    pub fn at(&self) -> KoreanTime {
        self.at
    }

    /// How often it had been sent before: 0 the first time, 24 the last.
    pub fn repeat(&self) -> u32 {
        self.repeat
    }

    /// Whether it was sent by [`forge_callback`](crate::MockServer::forge_callback).
    pub fn is_forged(&self) -> bool {
        self.is_forged
    }

    /// The HTTP status of the response; `None` when there was no response within 10 seconds.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// Whether the response was HTTP 200 with the body
    /// `{"code":"0000","msg":"성공하였습니다."}`, byte for byte. After any other response the
    /// callback is sent again.
    pub fn is_acknowledged(&self) -> bool {
        self.is_acknowledged
    }
}

impl fmt::Debug for MockCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forged = if self.is_forged { "forged, " } else { "" };
        write!(
            formatter,
            "MockCallback({forged}bill {}, repeat {}, HTTP {:?}, acknowledged {})",
            self.bill_id, self.repeat, self.http_status, self.is_acknowledged
        )
    }
}
