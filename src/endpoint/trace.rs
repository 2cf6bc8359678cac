//! The span of a request, with the names of OpenTelemetry for HTTP clients where it has one.

use std::{borrow::Cow, time::Duration};

use tracing::{Span, debug, field::Empty, info, info_span, warn};

use crate::{
    client::Client,
    operation::Operation,
    outcome::{Error, ResultCode, Subject},
    value::BillId,
};

/// The span of a request after this many earlier ones.
pub(super) fn span(
    client: &Client,
    operation: Operation,
    subject: &Subject,
    earlier: usize,
) -> Span {
    let raw = client.raw();
    let path = match subject {
        Subject::Path(path) => path,
        Subject::Bill(_) | Subject::Receipt(_) => operation.path(),
    };
    info_span!(
        "payssam.request",
        otel.name = format_args!("POST {path}"),
        otel.kind = "client",
        http.request.method = "POST",
        http.request.resend_count = (earlier > 0).then_some(earlier),
        url.full = format_args!("{}{path}", raw.base_url()),
        server.address = raw.server_address(),
        server.port = raw.server_port(),
        payssam.operation = operation.as_str(),
        payssam.bill_id = subject.bill_id().map(BillId::as_str),
        payssam.attempt = earlier + 1,
        http.response.status_code = Empty,
        payssam.code = Empty,
        payssam.outcome = Empty,
        payssam.elapsed_ms = Empty,
        "error.type" = Empty,
    )
}

/// Records in the span how the request ended.
pub(super) fn record<T>(
    span: &Span,
    ended: &Result<T, Error>,
    http_status: Option<u16>,
    elapsed: Duration,
) {
    if span.is_disabled() {
        return;
    }
    span.record("payssam.elapsed_ms", elapsed.as_secs_f64() * 1_000.0);
    span.record("http.response.status_code", http_status);
    let Err(error) = ended else {
        span.record("payssam.code", ResultCode::SUCCESS.as_str());
        debug!(parent: span, "succeeded");
        return;
    };
    span.record("payssam.outcome", error.outcome().as_str());
    let code = error.code().map(ResultCode::to_string);
    span.record("payssam.code", code.as_deref());
    let kind = match (http_status, error.unknown_reason()) {
        (Some(status @ 300..), _) => Cow::Owned(status.to_string()),
        (_, Some(reason)) => Cow::Borrowed(reason.as_str()),
        _ => Cow::Borrowed(error.kind()),
    };
    span.record("error.type", &*kind);
}

/// Says that a request failed and is sent again after a pause.
pub(super) fn retried(span: &Span, error: &Error, pause: Duration) {
    let pause_ms = pause.as_millis() as u64;
    info!(parent: span, payssam.pause_ms = pause_ms, "{error}; retry after a pause");
}

/// Says that a request failed which is one of several of a call.
pub(super) fn failed(span: &Span, error: &Error) {
    info!(parent: span, "{error}");
}

/// Says that a call failed: the one warning of it.
pub(crate) fn ended(span: &Span, error: &Error) {
    warn!(parent: span, "{error}");
}
