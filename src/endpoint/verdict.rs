//! What a response proves: success, a rejection, or nothing.

use std::{error::Error as _, io, iter};

use super::{
    expected::Expected,
    response::{Envelope, Fields},
};
use crate::outcome::{CodeKind, NotSentReason, UnknownReason};

/// What a response proves.
pub(super) enum Verdict {
    Success,
    Rejection,
    Unknown(UnknownReason),
}

/// Whether the HTTP status rejects the request, unless the result code contradicts it.
pub(super) fn is_rejecting(http_status: u16) -> bool {
    (400..500).contains(&http_status) && http_status != 408
}

impl Verdict {
    /// Decides only from the HTTP status and the result code; also from the data if they contradict it: a
    /// success about something else, or a rejection about the very request.
    pub(super) fn of(expected: &Expected, envelope: &Envelope<'_>, http_status: u16) -> Self {
        if envelope.codes_differ {
            return Verdict::Unknown(UnknownReason::Contradiction);
        }
        if envelope.code_is_number {
            return Verdict::Unknown(UnknownReason::InvalidResponse);
        }
        let kind = envelope.code.as_deref().map(CodeKind::of);
        let rejection = || match Verdict::confirms(expected, &envelope.data) {
            true => Verdict::Unknown(UnknownReason::Contradiction),
            false => Verdict::Rejection,
        };
        match (kind, http_status) {
            (Some(CodeKind::Unclear), _) => Verdict::Unknown(UnknownReason::UnclearCode),
            (Some(CodeKind::Success), status) if is_rejecting(status) => {
                Verdict::Unknown(UnknownReason::Contradiction)
            }
            (_, status) if is_rejecting(status) => rejection(),
            (_, status) if status != 200 => Verdict::Unknown(UnknownReason::HttpStatus),
            (None, _) => Verdict::Unknown(UnknownReason::InvalidResponse),
            (Some(CodeKind::Success), _) => Verdict::of_data(expected, &envelope.data),
            (Some(_), _) => rejection(),
        }
    }

    /// Whether the data are about what was requested: they name it, and nothing in them contradicts the request.
    fn confirms(expected: &Expected, data: &Fields) -> bool {
        let Some(id) = expected.subject.bill_id() else {
            return false;
        };
        let hash = expected.hash.as_ref();
        let is_id = |text: &str| text.trim() == id.as_str();
        let has_id = data.text("billId").is_some_and(is_id)
            || data.raw("billId").is_some() && !data.contradicts_id("billId", id.as_str());
        let has_hash = hash.is_some_and(|hash| {
            let echo = data.text("hash");
            echo.is_some_and(|echo| hash.matches(echo.trim()))
        });
        let is_other_bill = !has_id && data.raw("billId").is_some();
        let is_other_hash = !has_hash && hash.is_some() && data.raw("hash").is_some();
        (has_id || has_hash) && !is_other_bill && !is_other_hash
    }

    fn of_data(expected: &Expected, data: &Fields) -> Self {
        if expected.has_data && !data.holds_something() {
            return Verdict::Unknown(UnknownReason::EmptyResponse);
        }
        let is_other_bill = expected
            .subject
            .bill_id()
            .is_some_and(|id| data.contradicts_id("billId", id.as_str()));
        let is_other_hash = expected
            .hash
            .as_ref()
            .is_some_and(|hash| data.contradicts("hash", |echo| hash.matches(echo)));
        if is_other_bill || is_other_hash || (expected.contradicts)(data) {
            return Verdict::Unknown(UnknownReason::Contradiction);
        }
        match expected.needs_bill_id && data.raw("billId").is_none() {
            true => Verdict::Unknown(UnknownReason::NoBillId),
            false => Verdict::Success,
        }
    }
}

/// Why a response was interrupted.
pub(super) fn interruption(error: &reqwest::Error) -> UnknownReason {
    match error.is_timeout() {
        true => UnknownReason::Timeout,
        false => UnknownReason::ConnectionLost,
    }
}

/// Why there was no connection.
pub(super) fn no_connection(error: &reqwest::Error) -> NotSentReason {
    if error.is_timeout() {
        return NotSentReason::ConnectTimeout;
    }
    let mut causes = iter::successors(error.source(), |cause| (*cause).source());
    causes
        .find_map(|cause| {
            // The HTTP library distinguishes these two only in the text of its errors.
            match cause.to_string() {
                words if words.starts_with("dns error") => {
                    return Some(NotSentReason::NameNotResolved);
                }
                words if is_of_tls(&words) => return Some(NotSentReason::Tls),
                _ => {}
            }
            match innermost(cause.downcast_ref()?).kind() {
                io::ErrorKind::ConnectionRefused => Some(NotSentReason::ConnectionRefused),
                // Only TLS reads data before there is a connection.
                io::ErrorKind::InvalidData => Some(NotSentReason::Tls),
                _ => None,
            }
        })
        .unwrap_or(NotSentReason::NotConnected)
}

/// The I/O error that others only wrap.
fn innermost(error: &io::Error) -> &io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    inner.map_or(error, innermost)
}

/// Whether the text is that of a TLS error.
fn is_of_tls(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ["certificate", "tls", "ssl", "handshake", "alert"]
        .iter()
        .any(|word| words.contains(word))
}
