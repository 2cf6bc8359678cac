//! A callback that the mock server sent.

use std::fmt;

use payssam::{BillId, KoreanTime};

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
}

impl MockCallback {
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
