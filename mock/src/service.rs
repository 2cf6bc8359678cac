//! How the mock server responds to a request. That depends only on the request, the bills and the time.

use payssam::{Error, KoreanTime, Operation, ResultCode};
use serde_json::{Value, json};
use url::Url;

use crate::{
    bill_operations,
    event::Event,
    fault::Fault,
    history::HistoryEntry,
    key::Key,
    limits::{Limits, Violation},
    links::Links,
    loopback, operation_path,
    points::Points,
    receipt_operations,
    rejection::Rejection,
    request_body::RequestBody,
    response::Response,
    store::Store,
    target::Target,
};

/// A request, and what is known of it before it is carried out.
pub(crate) struct ServiceRequest<'r> {
    pub(crate) method: &'r str,
    /// The path behind the base URL; empty for any other path.
    pub(crate) path: &'r str,
    /// Whether it says that its body is JSON.
    pub(crate) is_json: bool,
    pub(crate) body: &'r [u8],
    pub(crate) target: Option<&'r Target>,
    pub(crate) fault: Option<Fault>,
}

/// The rules of the mock server and its data.
pub(crate) struct Service {
    pub(crate) api_key: String,
    limits: Limits,
    pub(crate) store: Store,
    pub(crate) points: Points,
    pub(crate) links: Links,
}

impl Service {
    pub(crate) fn new(api_key: &str, links: Links) -> Result<Self, Error> {
        Ok(Service {
            api_key: api_key.to_owned(),
            limits: Limits::new()?,
            store: Store::default(),
            points: Points::default(),
            links,
        })
    }

    /// Carries a request out.
    pub(crate) fn respond(&mut self, request: &ServiceRequest<'_>, now: KoreanTime) -> Response {
        let result = self.carry_out(request, now);
        let operation = request.target.map(|target| target.operation);
        let event = match (&result, operation) {
            (Err(rejection), _) => Event::Rejected(ResultCode::new(rejection.code)),
            (Ok(_), Some(Operation::BillCancel)) => Event::Cancelled,
            (Ok(_), Some(Operation::BillSend)) => Event::Added,
            (Ok(_), Some(Operation::BillResend)) => Event::Resent,
            (Ok(_), Some(Operation::BillDestroy)) => Event::Destroyed,
            (Ok(_), _) => Event::Read,
        };
        self.record(request, event, now);
        match result {
            Ok(data) => Response::success(data),
            Err(rejection) => Response::rejection(&rejection),
        }
    }

    /// Responds to a request that a fault keeps from being carried out.
    pub(crate) fn skip(&mut self, request: &ServiceRequest<'_>, now: KoreanTime) -> Response {
        self.record(request, Event::NotApplied, now);
        Response::error()
    }

    /// Refuses a request for a bill or a cash receipt for which another one is in progress.
    pub(crate) fn refuse(&mut self, request: &ServiceRequest<'_>, now: KoreanTime) -> Response {
        let rejection = Rejection::new(
            "MOCK_IN_PROGRESS",
            "another request for this bill or cash receipt is in progress",
        );
        self.record(
            request,
            Event::Rejected(ResultCode::new(rejection.code)),
            now,
        );
        Response::rejection(&rejection)
    }

    /// The URL and the body of the callback of a bill; `None` when there is no such bill or none is sent to
    /// its callback URL.
    ///
    /// PaySsam's own callbacks sometimes have the key and sometimes do not (observed). These have
    /// it, because a receiver must never show it.
    pub(crate) fn callback(&self, key: &Key) -> Option<(Url, String)> {
        let bill = self.store.bill(key)?;
        let url = loopback::callback_url(bill.callback_url.as_deref()?).ok()?;
        let body = bill_operations::status(&self.api_key.as_str().into(), bill);
        Some((url, body.to_string()))
    }

    fn record(&mut self, request: &ServiceRequest<'_>, event: Event, at: KoreanTime) {
        let Some(target) = request.target else {
            return;
        };
        let entry = HistoryEntry {
            at,
            event,
            operation: Some(target.operation),
            fault: request.fault,
        };
        self.store.record(&target.key, entry);
    }

    fn carry_out(
        &mut self,
        request: &ServiceRequest<'_>,
        now: KoreanTime,
    ) -> Result<Value, Rejection> {
        if !self.limits.has_path(request.path) {
            return Err(Rejection::with_http_status(
                404,
                "MOCK_NO_SUCH_PATH",
                "there is no operation at this path",
            ));
        }
        if request.method != "POST" {
            return Err(Rejection::with_http_status(
                405,
                "MOCK_NOT_POST",
                "every operation is a POST",
            ));
        }
        if !request.is_json {
            return Err(Rejection::not_json());
        }
        let body = RequestBody::parse(request.body).map_err(|error| {
            Rejection::with_http_status(
                400,
                "MOCK_MALFORMED_JSON",
                format!("the body is not valid JSON: {error}"),
            )
        })?;
        self.check_limits(request.path, &body)?;
        let store = &mut self.store;
        match operation_path::operation(request.path) {
            Some(Operation::BillRead) => bill_operations::read(store, &body),
            Some(Operation::BillCancel) => bill_operations::cancel(store, &body, now),
            Some(Operation::BillSend) => {
                bill_operations::send(store, &mut self.points, &mut self.links, &body, now)
            }
            Some(Operation::BillResend) => bill_operations::resend(store, &body),
            Some(Operation::BillDestroy) => bill_operations::destroy(store, &body, now),
            Some(Operation::ReceiptIssue) => receipt_operations::issue(store, &body, now),
            Some(Operation::ReceiptCancel) => receipt_operations::cancel(store, &body, now),
            Some(Operation::ReceiptRead) => receipt_operations::read(store, &body),
            Some(Operation::PointsPartner) => Ok(self.points.balance()),
            // Bills of this partner are paid with the points of the partner.
            Some(Operation::PointsMerchant) => Ok(Points(0).balance()),
            Some(Operation::MerchantRegister) => Ok(json!({"url": "https://mock.invalid/mapping"})),
            _ => Err(Rejection::with_http_status(
                501,
                "MOCK_NOT_SERVED",
                "the mock server does not serve this operation",
            )),
        }
    }

    /// Checks the key first, as PaySsam does, and then the limits of the specification.
    fn check_limits(&self, path: &str, request: &RequestBody) -> Result<(), Rejection> {
        let violation = self.limits.check(path, request.json()).err();
        match request.api_key() {
            Value::String(key) if *key == self.api_key => {}
            Value::String(key) if !key.is_empty() => match &violation {
                Some(Violation::TooLong(field, _)) if field == "apiKey" => {}
                _ => {
                    let rejection = Rejection::new("PARTNER_003", "정상적인 파트너가 아닙니다.");
                    return Err(rejection.because("apiKey is not the one of the mock server"));
                }
            },
            _ if request.json().is_object() => {
                return Err(Rejection::new(
                    "PARTNER_002",
                    "apiKey 정보를 확인할 수 없습니다.",
                ));
            }
            _ => {}
        }
        match violation {
            None => Ok(()),
            Some(Violation::Missing(field)) => Err(Rejection::new(
                "VALIDATION_002",
                format!("{field}는 필수값입니다."),
            )),
            Some(Violation::TooLong(field, limit)) => Err(Rejection::new(
                "VALIDATION_002",
                format!("{field}는 최대 {limit}자입니다."),
            )),
            Some(Violation::NotText(field)) => Err(Rejection::new(
                "MOCK_NOT_TEXT",
                format!("{field} must be a JSON string"),
            )),
            Some(Violation::NotAnObject(field)) => Err(Rejection::new(
                "MOCK_NOT_AN_OBJECT",
                match field.as_str() {
                    "" => "the request must be a JSON object".to_owned(),
                    _ => format!("{field} must be a JSON object"),
                },
            )),
        }
    }
}
