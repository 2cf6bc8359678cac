//! Requests and the types of the facade keep to the specification, whatever is published.
//!
//! These tests hold after any change of the specification. It may keep a call from being made: then nothing
//! is sent, `decisions.rs` says what a person has to decide, and `requests.rs` fails.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod own_schema;
    pub mod samples;
    pub mod spec;
    pub mod wire;
}

use payssam::{BillId, CancelBill, CancelReason, Client, Credentials, Error, Operation, Won};
use serde_json::Value;

use support::{
    caller,
    calls::Call,
    spec::{Body, decided, lengths, properties, upstream},
    wire::{Action, Server, http},
};

/// The JSON with its numbers as texts: the specification says which of them a value is.
fn texts(json: Value) -> Value {
    match json {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, texts(value)))
            .collect(),
        other => other,
    }
}

#[tokio::test]
async fn each_operation_sends_its_request_or_nothing() {
    let published: Value = serde_json::from_str(payssam::OPENAPI).unwrap();
    for &operation in Operation::ALL {
        let calls = Call::ALL.iter().copied();
        let calls: Vec<Call> = calls.filter(|call| call.operation() == operation).collect();
        assert!(
            !calls.is_empty(),
            "no request of {operation} is tested: give it a row in tests/support/calls.rs"
        );
        for call in calls {
            assert_eq!(operation.path(), call.path());
            let server =
                Server::start(move |_| Action::Write(http("200 OK", call.response()))).await;
            let called = call.make(&caller::client(&server.base_url())).await;
            let (connections, requests) = server.received();
            if let Err(Error::Unsupported { .. } | Error::InvalidInput { .. }) = called {
                assert_eq!(connections, 0, "{call:?}");
                continue;
            }
            called.unwrap_or_else(|error| panic!("{call:?}: {error}"));
            assert_eq!(requests.len(), 1, "{call:?}");
            let (head, body) = requests[0].split_once("\r\n\r\n").expect("a body");
            let line = format!("POST {} HTTP/1.1\r\n", call.path());
            assert!(head.starts_with(&line), "{call:?}: {head}");
            let body: Value = serde_json::from_str(body).expect("JSON");
            assert_eq!(texts(body), texts(call.body()), "{call:?}");
            let described = &published["paths"][call.path()]["post"];
            assert!(described.is_object(), "{call:?} is not in OPENAPI");
        }
    }
}

/// A client that makes no call.
fn client() -> Client {
    Client::builder(
        Credentials::builder()
            .api_key("k")
            .member("m")
            .merchant("m")
            .build()
            .unwrap(),
    )
    .base_url("http://127.0.0.1:9")
    .build()
    .unwrap()
}

fn bill_id() -> BillId {
    BillId::new("1").unwrap()
}

/// Holds a newtype against a limit, with characters of one byte, of three and of four.
fn allows_at_most(most: usize, accepts: impl Fn(String) -> bool) {
    for character in ["a", "가", "👍"] {
        assert!(accepts(character.repeat(most)), "{most} × {character}");
        assert!(
            !accepts(character.repeat(most + 1)),
            "{} × {character}",
            most + 1
        );
    }
}

/// The most characters of a property, if the specification says how many.
fn most(path: &str, place: &str) -> Option<usize> {
    lengths(&upstream_request(path, place)).1
}

fn upstream_request(path: &str, place: &str) -> Value {
    let published = properties(&upstream(), path, Body::Request);
    published.get(place).cloned().unwrap_or_default()
}

#[test]
fn an_api_key_is_as_long_as_the_specification_of_a_read_allows() {
    if let Some(most) = most("/bill/read", "apiKey") {
        allows_at_most(most, |key| {
            Credentials::builder()
                .api_key(key)
                .member("m")
                .merchant("m")
                .build()
                .is_ok()
        });
    }
}

#[test]
fn a_member_is_as_long_as_the_specification_of_a_read_allows() {
    if let Some(most) = most("/bill/read", "member") {
        allows_at_most(most, |member| {
            let scoped = client().with_member(&member);
            let credentials = Credentials::builder()
                .api_key("k")
                .member(&member)
                .merchant("m")
                .build();
            assert_eq!(scoped.is_ok(), credentials.is_ok());
            credentials.is_ok()
        });
    }
}

#[test]
fn a_merchant_is_as_long_as_the_specification_of_a_read_allows() {
    if let Some(most) = most("/bill/read", "merchant") {
        allows_at_most(most, |merchant| {
            let scoped = client().with_merchant(&merchant);
            let credentials = Credentials::builder()
                .api_key("k")
                .member("m")
                .merchant(&merchant)
                .build();
            assert_eq!(scoped.is_ok(), credentials.is_ok());
            credentials.is_ok()
        });
    }
}

#[test]
fn a_bill_id_is_as_long_as_the_specification_of_a_read_allows() {
    let (least, most) = lengths(&upstream_request("/bill/read", "bill/billId"));
    if let Some(most) = most {
        allows_at_most(most, |id| BillId::new(id).is_ok());
    }
    let least = least.max(1);
    assert!(BillId::new("가".repeat(least)).is_ok());
    assert!(BillId::new("가".repeat(least - 1)).is_err());
}

#[test]
fn a_cancel_reason_is_as_long_as_the_specification_allows() {
    let (least, most) = lengths(&upstream_request("/bill/cancel", "bill/cancelReason"));
    if let Some(most) = most {
        allows_at_most(most, |reason| {
            let accepted = CancelReason::new(&reason).is_ok();
            let cancel = CancelBill::new(bill_id(), Won::new(1).unwrap());
            assert_eq!(cancel.reason(&reason).is_ok(), accepted);
            accepted
        });
    }
    assert!(CancelReason::new("가".repeat(least)).is_ok());
}

mod schemas {
    use payssam::{
        BillState, CodeKind, KoreanTime, NotSentReason, Outcome, PayType, ResultCode, UnknownReason,
    };
    use schemars::JsonSchema;
    use serde::Serialize;
    use serde_json::json;

    use super::{
        support::own_schema::{fits, own_schema},
        *,
    };

    #[test]
    fn what_serde_writes_of_a_value_fits_its_schema() {
        fits(&bill_id());
        let longest = |path, place| most(path, place).unwrap_or(20).min(20);
        let id = "👍".repeat(longest("/bill/read", "bill/billId"));
        fits(&BillId::new(id).unwrap());
        fits(&Won::new(1).unwrap());
        fits(&Won::new(Won::MAX).unwrap());
        let (least, _) = lengths(&upstream_request("/bill/cancel", "bill/cancelReason"));
        fits(&CancelReason::new("가".repeat(least)).unwrap());
        let reason = "가".repeat(longest("/bill/cancel", "bill/cancelReason"));
        fits(&CancelReason::new(reason).unwrap());
        fits(&"20240102030405".parse::<KoreanTime>().unwrap());
        fits(&ResultCode::SUCCESS);
        fits(&ResultCode::new(""));
        for letter in ["W", "F", "C", "D", "", "환불"] {
            fits(&BillState::from_letter(letter));
        }
        let outcomes = [Outcome::NotSent, Outcome::Rejected, Outcome::Unknown];
        all_fit(&outcomes, |outcome| outcome.as_str());
        for &operation in Operation::ALL.iter().chain(&[Operation::Raw]) {
            fits(&operation);
            let written = serde_json::to_value(operation).unwrap();
            assert_eq!(written, operation.as_str());
        }
        for pay_type in ["CARD_VAN", "KEYIN", "0", "카카오페이"].map(PayType::from) {
            fits(&pay_type);
        }
        for code in ResultCode::KNOWN {
            fits(&code.kind());
        }
        fits(&CodeKind::Unknown);
        let reasons = [
            UnknownReason::Timeout,
            UnknownReason::ConnectionLost,
            UnknownReason::ResponseTooLarge,
            UnknownReason::InvalidResponse,
            UnknownReason::HttpStatus,
            UnknownReason::UnclearCode,
            UnknownReason::Contradiction,
            UnknownReason::EmptyResponse,
            UnknownReason::NoBillId,
            UnknownReason::EarlierWrite,
            UnknownReason::NoAmount,
            UnknownReason::UnreadableAmount,
            UnknownReason::NotRead,
        ];
        all_fit(&reasons, |reason| reason.as_str());
        let reasons = [
            NotSentReason::NameNotResolved,
            NotSentReason::ConnectionRefused,
            NotSentReason::Tls,
            NotSentReason::ConnectTimeout,
            NotSentReason::NotConnected,
            NotSentReason::NotRead,
        ];
        all_fit(&reasons, |reason| reason.as_str());
    }

    /// Holds every variant of an enum against its schema, which has no other one.
    fn all_fit<T: Serialize + JsonSchema>(variants: &[T], name: impl Fn(&T) -> &'static str) {
        let mut names: Vec<String> = Vec::new();
        for variant in variants {
            fits(variant);
            assert_eq!(serde_json::to_value(variant).unwrap(), name(variant));
            names.push(name(variant).to_owned());
        }
        let schema = schemars::schema_for!(T).to_value();
        let mut described = enumerated(&schema);
        names.sort();
        described.sort();
        assert_eq!(names, described, "{}", T::schema_name());
    }

    /// The texts that a schema enumerates.
    fn enumerated(schema: &Value) -> Vec<String> {
        let list = |keyword: &str| schema[keyword].as_array().cloned().unwrap_or_default();
        let texts = list("enum").into_iter().chain([schema["const"].clone()]);
        let own = texts.filter_map(|text| text.as_str().map(str::to_owned));
        let inner = list("oneOf")
            .iter()
            .flat_map(enumerated)
            .collect::<Vec<_>>();
        own.chain(inner).collect()
    }

    /// The lengths that were decided about; those of the specification may have moved since.
    fn decided_lengths(place: &str) -> (usize, usize) {
        let (least, most) = lengths(&decided()[place].clone().into());
        (least, most.expect("a limit"))
    }

    #[test]
    fn the_schema_of_a_bill_id_has_the_limits_that_were_decided_about() {
        let (least, most) = decided_lengths("POST /bill/read request bill/billId");
        let schema = own_schema::<BillId>();
        assert!(schema.is_valid(&json!("가".repeat(least))));
        assert!(schema.is_valid(&json!("가".repeat(most))));
        assert!(!schema.is_valid(&json!("가".repeat(least - 1))));
        assert!(!schema.is_valid(&json!("가".repeat(most + 1))));
    }

    #[test]
    fn the_schema_of_a_cancel_reason_has_the_limit_that_was_decided_about() {
        let (_, most) = decided_lengths("POST /bill/cancel request bill/cancelReason");
        let schema = own_schema::<CancelReason>();
        assert!(schema.is_valid(&json!("가".repeat(most))));
        assert!(!schema.is_valid(&json!("가".repeat(most + 1))));
    }

    #[test]
    fn the_schema_of_an_amount_has_its_limits() {
        let schema = own_schema::<Won>();
        assert!(schema.is_valid(&json!(1)));
        assert!(schema.is_valid(&json!(Won::MAX)));
        for wrong in [
            json!(0),
            json!(Won::MAX + 1),
            json!(-1),
            json!(1.5),
            json!("1"),
        ] {
            assert!(!schema.is_valid(&wrong), "{wrong}");
        }
    }

    #[test]
    fn the_schema_of_a_time_is_not_that_of_payssams_digits() {
        let schema = own_schema::<KoreanTime>();
        assert!(schema.is_valid(&json!("2024-01-02T03:04:05+09:00")));
        assert!(!schema.is_valid(&json!("20240102030405")));
    }
}
