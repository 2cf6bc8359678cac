//! The facade follows the specification: no field of a response is lost, and no limit is another.
//!
//! What these tests hold stays true whatever is published; `decisions.rs` has what a person decides.

mod support {
    pub mod caller;
    pub mod properties;
    #[cfg(feature = "schemars")]
    pub mod silence;
    pub mod spec;
}

use httpmock::MockServer;
use payssam::{Approval, Bill, BillId, CancelReason, Cancellation, Client, Credentials, Won};
use serde_json::{Value, json};

#[cfg(feature = "schemars")]
use support::spec::decided;
use support::{
    caller::{API_KEY, bill_id, cancel, client},
    properties::{CANCEL, READ, text},
    spec::{Body, lengths, properties, upstream},
};

/// A client of a server that answers success and `data`.
async fn answering(data: Value) -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200)
                .json_body(json!({"code": "0000", "message": "m", "data": data}));
        })
        .await;
    let client = client(&server.base_url());
    (server, client)
}

async fn bill(data: Value) -> Bill {
    let (_server, client) = answering(data).await;
    client.bills().read(&bill_id()).await.expect("a bill")
}

async fn cancelled(data: Value) -> Cancellation {
    let (_server, client) = answering(data).await;
    client.bills().cancel(cancel()).await.expect("success")
}

#[tokio::test]
async fn a_property_of_a_bill_comes_out_of_its_own_getter_and_of_no_other() {
    for (name, value, _) in READ {
        let mut data = json!({"billId": "2024-0001"});
        data[name] = json!(value);
        let bill = bill(data).await;
        for (other, _, get) in READ {
            let expected = match *other {
                same if same == *name => text(Some(value)),
                "billId" => text(Some("2024-0001")),
                _ => None,
            };
            assert_eq!(get(&bill), expected, "{name} by way of {other}");
        }
        if *name != "billId" && *name != "apprState" {
            assert_eq!(bill.approval().raw(name), Some(*value));
        }
    }
}

#[tokio::test]
async fn a_property_of_a_cancellation_comes_out_of_its_own_getter_and_of_no_other() {
    for (name, value, _) in CANCEL {
        let mut data = json!({"billId": "2024-0001"});
        data[name] = json!(value);
        let done = cancelled(data).await;
        for (other, _, get) in CANCEL {
            let expected = match *other {
                same if same == *name => text(Some(value)),
                "billId" => text(Some("2024-0001")),
                _ => None,
            };
            assert_eq!(get(&done), expected, "{name} by way of {other}");
        }
        assert_eq!(done.raw(name), Some(*value));
    }
}

#[tokio::test]
async fn the_key_that_payssam_echoes_is_left_behind() {
    let bill = bill(json!({"billId": "2024-0001", "apiKey": API_KEY})).await;
    assert_eq!(bill.approval().raw("apiKey"), None);
    let done = cancelled(json!({"billId": "2024-0001", "apiKey": API_KEY})).await;
    assert_eq!(done.raw("apiKey"), None);
}

// Limits

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

const REQUESTS: [&str; 2] = ["/bill/read", "/bill/cancel"];

/// The most characters of a property, if the specification says how many.
fn most(path: &str, place: &str) -> Option<usize> {
    lengths(&upstream_request(path, place)).1
}

fn upstream_request(path: &str, place: &str) -> Value {
    let published = properties(&upstream(), path, Body::Request);
    published.get(place).cloned().unwrap_or_default()
}

#[test]
fn an_api_key_is_as_long_as_the_specification_allows() {
    for most in REQUESTS.into_iter().filter_map(|path| most(path, "apiKey")) {
        allows_at_most(most, |key| Credentials::new(key, "m", "m").is_ok());
    }
}

#[test]
fn a_member_is_as_long_as_the_specification_allows() {
    for most in REQUESTS.into_iter().filter_map(|path| most(path, "member")) {
        allows_at_most(most, |member| {
            let scoped = client("http://127.0.0.1:9").with_merchant(&member, "m");
            let credentials = Credentials::new("k", &member, "m");
            assert_eq!(scoped.is_ok(), credentials.is_ok());
            credentials.is_ok()
        });
    }
}

#[test]
fn a_merchant_is_as_long_as_the_specification_allows() {
    for most in REQUESTS
        .into_iter()
        .filter_map(|path| most(path, "merchant"))
    {
        allows_at_most(most, |merchant| {
            let scoped = client("http://127.0.0.1:9").with_merchant("m", &merchant);
            let credentials = Credentials::new("k", "m", &merchant);
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
            assert_eq!(cancel().reason(&reason).is_ok(), accepted);
            accepted
        });
    }
    assert!(CancelReason::new("가".repeat(least)).is_ok());
}

/// Asks for the approval of a bill by name, so that its type is one that callers can write down.
fn price(approval: &Approval) -> Option<Won> {
    approval.price().unwrap()
}

#[tokio::test]
async fn an_approval_can_be_named_and_handed_on() {
    let bill = bill(json!({"billId": "2024-0001", "apprPrice": "45000"})).await;
    assert_eq!(price(bill.approval()), Some(Won::new(45_000).unwrap()));
}

#[cfg(feature = "schemars")]
mod schemas {
    use jsonschema::Validator;
    use payssam::{
        BillState, CodeKind, Delivery, Doubt, Error, KoreanTime, Operation, PayType, ResultCode,
    };
    use schemars::{JsonSchema, schema_for};
    use serde::Serialize;

    use super::{support::silence::Silence, *};

    fn own_schema<T: JsonSchema>() -> Validator {
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema_for!(T).to_value())
            .expect("a schema")
    }

    /// Holds what serde writes against the schema of its type.
    fn fits<T: JsonSchema + Serialize>(value: &T) {
        let written = serde_json::to_value(value).expect("JSON");
        if let Err(error) = own_schema::<T>().validate(&written) {
            panic!("{} is {written}: {error}", T::schema_name());
        }
    }

    #[test]
    fn what_serde_writes_of_a_value_fits_its_schema() {
        fits(&bill_id());
        fits(&BillId::new("👍".repeat(20)).unwrap());
        fits(&Won::new(1).unwrap());
        fits(&Won::new(Won::MAX).unwrap());
        fits(&CancelReason::new("").unwrap());
        fits(&CancelReason::new("가".repeat(20)).unwrap());
        fits(&"20240102030405".parse::<KoreanTime>().unwrap());
        fits(&ResultCode::SUCCESS);
        fits(&ResultCode::new(""));
        for letter in ["W", "F", "C", "D", "", "환불"] {
            fits(&BillState::from_letter(letter));
        }
        for delivery in [Delivery::NotSent, Delivery::Received, Delivery::Unknown] {
            fits(&delivery);
            let written = serde_json::to_value(delivery).unwrap();
            assert_eq!(written, delivery.as_str());
        }
        for operation in [Operation::BillRead, Operation::BillCancel] {
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
        for doubt in [
            Doubt::Timeout,
            Doubt::ConnectionLost,
            Doubt::AnswerTooLarge,
            Doubt::NotAnAnswer,
            Doubt::HttpStatus,
            Doubt::UnclearCode,
            Doubt::Contradiction,
            Doubt::NothingInAnswer,
        ] {
            fits(&doubt);
        }
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

    #[tokio::test]
    async fn what_serde_writes_of_an_answer_fits_its_schema() {
        let full = |properties: &[(&str, &str)]| {
            let mut data = json!({});
            for (name, value) in properties {
                data[name] = json!(value);
            }
            data
        };
        let read: Vec<_> = READ
            .iter()
            .map(|(name, value, _)| (*name, *value))
            .collect();
        let done: Vec<_> = CANCEL
            .iter()
            .map(|(name, value, _)| (*name, *value))
            .collect();
        let odd = json!({"a": [1]});
        let malformed = json!({
            "billId": "2024-0001",
            "apprState": odd,
            "apprPayType": odd,
            "apprDt": "어제",
            "apprOriginDt": odd,
            "apprPrice": "45,000",
            "apprIssuerNum": odd,
            "apprMonthly": "일시불",
            "apprCancelDt": "어제",
            "apprNum": odd,
            "apprSign": "not Base64!"
        });
        for data in [
            full(&read),
            json!({"billId": "2024-0001"}),
            malformed.clone(),
        ] {
            let bill = bill(data).await;
            fits(&bill);
            fits(bill.approval());
            if let Ok(Some(number)) = bill.approval().issuer_number() {
                fits(&number);
            }
            if let Ok(Some(number)) = bill.approval().cash_receipt().approval_number() {
                fits(&number);
            }
        }
        for data in [full(&done), json!({"billId": "2024-0001"}), malformed] {
            fits(&cancelled(data).await);
        }
    }

    #[tokio::test]
    async fn what_serde_writes_of_an_error_fits_its_schema() {
        async fn answered(body: Value) -> Error {
            let server = MockServer::start_async().await;
            server
                .mock_async(|when, then| {
                    when.any_request();
                    then.status(200).json_body(body);
                })
                .await;
            let client = client(&server.base_url());
            client.bills().cancel(cancel()).await.map(drop).unwrap_err()
        }

        let silence = Silence::new();
        let unreachable = client(&silence.base_url());
        for (error, written) in [
            (
                BillId::new("").unwrap_err(),
                json!({
                    "kind": "invalid_input", "delivery": "not_sent",
                    "operation": null, "code": null, "bill_id": null
                }),
            ),
            (
                answered(json!({"code": "BILL_003", "message": "m", "data": null})).await,
                json!({
                    "kind": "rejected", "delivery": "received",
                    "operation": "bill cancel", "code": "BILL_003", "bill_id": "2024-0001"
                }),
            ),
            (
                unreachable.bills().read(&bill_id()).await.unwrap_err(),
                json!({
                    "kind": "not_sent", "delivery": "not_sent",
                    "operation": "bill read", "code": null, "bill_id": "2024-0001"
                }),
            ),
            (
                answered(json!({})).await,
                json!({
                    "kind": "outcome_unknown", "delivery": "unknown",
                    "operation": "bill cancel", "code": null, "bill_id": "2024-0001"
                }),
            ),
            (
                Client::builder(Credentials::new("k", "m", "m").unwrap())
                    .build()
                    .unwrap_err(),
                json!({
                    "kind": "config", "delivery": "not_sent",
                    "operation": null, "code": null, "bill_id": null
                }),
            ),
        ] {
            fits(&error);
            let mut expected = written;
            expected["message"] = json!(error.to_string());
            assert_eq!(serde_json::to_value(&error).unwrap(), expected);
        }
    }
}
