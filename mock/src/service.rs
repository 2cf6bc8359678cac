//! How the mock server responds to a request. That depends only on the request, the bills and the time.

use payssam::{BillState, Error, KoreanTime, Operation, ResultCode};
use serde_json::{Value, json};
use url::Url;

use crate::{
    bill::MockBill,
    bill_operations,
    event::Event,
    key::Key,
    limits::{Limits, Violation},
    links::Links,
    operation_path,
    partner::{Partner, Partners},
    points::Points,
    reach::Reach,
    receipt_operations,
    rejection::Rejection,
    request_body::{RequestBody, text},
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
    pub(crate) body: Result<&'r RequestBody, &'r str>,
    pub(crate) target: Option<&'r Target>,
}

/// The rules of the mock server and its data.
pub(crate) struct Service {
    pub(crate) partners: Partners,
    limits: Limits,
    pub(crate) store: Store,
    pub(crate) links: Links,
    pub(crate) reach: Reach,
}

impl Service {
    pub(crate) fn new(partners: Partners, links: Links, reach: Reach) -> Result<Self, Error> {
        Ok(Service {
            partners,
            limits: Limits::new()?,
            store: Store::default(),
            links,
            reach,
        })
    }

    /// Carries a request out, and tells what happened.
    pub(crate) fn respond(
        &mut self,
        request: &ServiceRequest<'_>,
        now: KoreanTime,
    ) -> (Response, Event) {
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
        match result {
            Ok(data) => (Response::success(data), event),
            Err(rejection) => (Response::rejection(&rejection), event),
        }
    }

    /// Responds to a request that a fault keeps from being carried out.
    pub(crate) fn skip() -> (Response, Event) {
        (Response::error(), Event::NotApplied)
    }

    /// Refuses a request for a bill or a cash receipt for which another one is in progress.
    pub(crate) fn refuse() -> (Response, Event) {
        let rejection = Rejection::new(
            "MOCK_IN_PROGRESS",
            "another request for this bill or cash receipt is in progress",
        );
        let event = Event::Rejected(ResultCode::new(rejection.code));
        (Response::rejection(&rejection), event)
    }

    /// The URL and the body of the callback of a bill, without the key of its partner; `None` when there is no such
    /// bill or none is sent to its callback URL.
    pub(crate) fn callback(&self, key: &Key) -> Option<(Url, Value)> {
        let bill = self.store.bill(key)?;
        let url = self
            .reach
            .callback_url(bill.callback_url.as_deref()?)
            .ok()?;
        // A payment is called back, and nothing that comes after it.
        let paid = MockBill {
            state: BillState::Paid,
            payment: bill.payment.clone(),
            paid_by: bill.paid_by,
            ..MockBill::new(bill.id().clone(), bill.price())
        };
        let mut body = bill_operations::status(&Value::Null, &paid);
        if let Some(fields) = body.as_object_mut() {
            fields.remove("apiKey");
        }
        Some((url, body))
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
        let body = request.body.map_err(|error| {
            Rejection::with_http_status(
                400,
                "MOCK_MALFORMED_JSON",
                format!("the body is not valid JSON: {error}"),
            )
        })?;
        self.check_limits(request.path, body)?;
        let not_served = || {
            Rejection::with_http_status(
                501,
                "MOCK_NOT_SERVED",
                "the mock server does not serve this operation",
            )
        };
        let partner = self.partners.name_of(text(body.api_key()));
        let (member, merchant) = (text(body.member()), text(body.merchant()));
        let is_known = |partner: &Partner| partner.acts_for(member, merchant);
        let operation = operation_path::operation(request.path);
        let is_for_nobody = matches!(
            operation,
            Some(Operation::PointsPartner | Operation::MerchantRegister)
        );
        if !is_for_nobody && !self.partners.by_name(&partner).is_some_and(is_known) {
            let rejection =
                Rejection::new("PARTNER_004", "찾을 수 없는 하위사업장 연동 정보입니다.");
            return Err(
                rejection.because("the seed has no such member and merchant of this partner")
            );
        }
        let Target { key, .. } = request.target.ok_or_else(not_served)?;
        let store = &mut self.store;
        match operation {
            Some(Operation::BillRead) => bill_operations::read(store, body, key),
            Some(Operation::BillCancel) => bill_operations::cancel(store, body, key, now),
            Some(Operation::BillSend) => {
                let (partners, links) = (&mut self.partners, &mut self.links);
                bill_operations::send(store, partners, links, &self.reach, body, now)
            }
            Some(Operation::BillResend) => bill_operations::resend(store, body, key),
            Some(Operation::BillDestroy) => bill_operations::destroy(store, body, key, now),
            Some(Operation::ReceiptIssue) => receipt_operations::issue(store, body, key, now),
            Some(Operation::ReceiptCancel) => receipt_operations::cancel(store, body, key, now),
            Some(Operation::ReceiptRead) => receipt_operations::read(store, body, key),
            Some(Operation::PointsPartner) => Ok(self.points_of(&partner)),
            // Bills of this partner are paid with the points of the partner.
            Some(Operation::PointsMerchant) => Ok(Points(0).balance()),
            Some(Operation::MerchantRegister) => Ok(json!({"url": "https://mock.invalid/mapping"})),
            _ => Err(not_served()),
        }
    }

    fn points_of(&self, partner: &str) -> Value {
        let partner = self.partners.by_name(partner);
        partner.map_or(Value::Null, |partner| partner.points.balance())
    }

    /// Checks the key first, as PaySsam does, and then the limits of the specification.
    fn check_limits(&self, path: &str, request: &RequestBody) -> Result<(), Rejection> {
        let violation = self.limits.check(path, request.json()).err();
        match request.api_key() {
            Value::String(key) if self.partners.by_key(key).is_some() => {}
            Value::String(key) if !key.is_empty() => match &violation {
                Some(Violation::TooLong(field, _)) if field == "apiKey" => {}
                _ => return Err(Rejection::unknown_key()),
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
