//! The facade follows the specification: no field of an answer is lost, and no limit is another.

mod support {
    pub mod caller;
    #[cfg(feature = "schemars")]
    pub mod silence;
    pub mod spec;
}

use std::collections::{BTreeMap, BTreeSet};

use httpmock::MockServer;
use payssam::{
    Approval, Bill, BillId, BillState, Cancel, CancelReason, Cancellation, Client, Credentials,
    KoreanTime, Won,
};
use serde_json::{Value, json};

use support::{
    caller::{API_KEY, bill_id, cancel, client},
    spec::{upstream, validator},
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

/// One property of an answer: its name, a value that no other property has, and how the facade
/// gives it.
type Property<T> = (&'static str, &'static str, fn(&T) -> Option<String>);

fn text(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

const READ: &[Property<Bill>] = &[
    ("billId", "2024-0001", |bill| Some(bill.id().to_string())),
    ("apprState", "C", |bill| {
        Some(bill.state().letter().to_owned()).filter(|letter| !letter.is_empty())
    }),
    ("apprPayType", "CARD_RP", |bill| {
        let pay_type = bill.approval().pay_type().unwrap()?;
        Some(pay_type.to_string())
    }),
    ("apprCardType", "체크", |bill| {
        text(bill.approval().card_type().unwrap())
    }),
    ("apprDt", "20240102030405", |bill| {
        bill.approval()
            .approved_at()
            .unwrap()
            .map(KoreanTime::digits)
    }),
    ("apprOriginDt", "20230102030405", |bill| {
        bill.approval()
            .original_approved_at()
            .unwrap()
            .map(KoreanTime::digits)
    }),
    ("apprPrice", "45000", |bill| {
        bill.approval().price().unwrap().map(|won| won.to_string())
    }),
    ("apprIssuer", "현대카드", |bill| {
        text(bill.approval().issuer_name().unwrap())
    }),
    ("apprIssuerCd", "issuer code", |bill| {
        text(bill.approval().issuer_code().unwrap())
    }),
    ("apprIssuerNum", "1234********7890", |bill| {
        let number = bill.approval().issuer_number().unwrap()?;
        Some(number.to_string())
    }),
    ("apprAcquirerCd", "acquirer code", |bill| {
        text(bill.approval().acquirer_code().unwrap())
    }),
    ("apprAcquirerNm", "acquirer name", |bill| {
        text(bill.approval().acquirer_name().unwrap())
    }),
    ("apprNum", "approval number", |bill| {
        text(bill.approval().approval_number().unwrap())
    }),
    ("apprOriginNum", "original number", |bill| {
        text(bill.approval().original_approval_number().unwrap())
    }),
    ("apprResCd", "response code", |bill| {
        text(bill.approval().response_code().unwrap())
    }),
    ("apprMonthly", "12", |bill| {
        let months = bill.approval().installment_months().unwrap()?;
        Some(months.to_string())
    }),
    ("apprCashNum", "receipt number", |bill| {
        let number = bill.approval().cash_receipt().approval_number().unwrap()?;
        Some(number.reveal().to_owned())
    }),
    ("apprCashTrader", "1", |bill| {
        text(bill.approval().cash_receipt().trader().unwrap())
    }),
    ("apprCashIssuanceNumber", "issuance number", |bill| {
        let number = bill.approval().cash_receipt().issuance_number().unwrap()?;
        Some(number.reveal().to_owned())
    }),
    ("apprCardMerchantNum", "card merchant", |bill| {
        text(bill.approval().healthcare().card_merchant_number().unwrap())
    }),
    ("catId", "terminal", |bill| {
        text(bill.approval().healthcare().terminal_id().unwrap())
    }),
    ("dscTxNum", "transaction", |bill| {
        text(bill.approval().healthcare().transaction_number().unwrap())
    }),
    ("cardType", "common card type", |bill| {
        text(bill.approval().common_card_type().unwrap())
    }),
    ("apprSign", "c2lnbmVk", |bill| {
        let sign = bill.approval().healthcare().sign().unwrap()?;
        Some(base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            sign,
        ))
    }),
    ("udItem", "my own item", |bill| {
        bill.approval().user_item::<String>().unwrap()
    }),
];

/// Echoed by PaySsam, and deliberately left behind: who asks has it already, and it is a secret.
const READ_LEFT_BEHIND: &[&str] = &["apiKey"];

const CANCEL: &[Property<Cancellation>] = &[
    ("member", "a member", |done| text(done.member().unwrap())),
    ("merchant", "a merchant", |done| {
        text(done.merchant().unwrap())
    }),
    ("billId", "2024-0001", |done| {
        Some(done.bill_id().to_string())
    }),
    ("apprNum", "approval number", |done| {
        text(done.approval_number().unwrap())
    }),
    ("apprOriginNum", "original number", |done| {
        text(done.original_approval_number().unwrap())
    }),
    ("apprCancelDt", "20240102030405", |done| {
        done.cancelled_at().unwrap().map(KoreanTime::digits)
    }),
];

/// Echoed by PaySsam, and deliberately left behind: the key is a secret, and the hash was compared
/// with the one that was sent.
const CANCEL_LEFT_BEHIND: &[&str] = &["apiKey", "hash"];

fn compare<T>(component: &str, properties: &[Property<T>], left_behind: &[&'static str]) {
    let specification = upstream();
    let published = &specification["components"]["schemas"][component]["properties"];
    let published: BTreeSet<&str> = published
        .as_object()
        .expect("properties")
        .keys()
        .map(String::as_str)
        .collect();
    let mut served: Vec<&str> = properties.iter().map(|(name, ..)| *name).collect();
    served.extend(left_behind);
    let count = served.len();
    let served: BTreeSet<&str> = served.into_iter().collect();
    assert_eq!(served.len(), count, "a property has two entries");
    assert_eq!(served, published);
}

#[test]
fn every_property_of_the_answer_to_a_read_has_a_getter() {
    compare("BillReadPortResponse", READ, READ_LEFT_BEHIND);
}

#[test]
fn every_property_of_the_answer_to_a_cancellation_has_a_getter() {
    compare("BillCancelPortResponse", CANCEL, CANCEL_LEFT_BEHIND);
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

#[test]
fn an_answer_that_fills_every_property_is_one_of_the_specification() {
    let mut read = json!({});
    for (name, value, _) in READ {
        read[name] = json!(value);
    }
    let mut cancel = json!({});
    for (name, value, _) in CANCEL {
        cancel[name] = json!(value);
    }
    let specification = upstream();
    for (component, data) in [
        ("BaseResponseBillReadPortResponse", read),
        ("BaseResponseBillCancelPortResponse", cancel),
    ] {
        let answer = json!({"code": "0000", "message": "m", "data": data});
        if let Err(error) = validator(&specification, component).validate(&answer) {
            panic!("{component}: {error}");
        }
    }
}

#[test]
fn every_operation_of_the_specification_has_a_test_of_its_request() {
    let specification = upstream();
    let operations: BTreeMap<&str, Vec<&str>> = specification["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            (path.as_str(), methods.map(String::as_str).collect())
        })
        .collect();
    assert_eq!(
        operations,
        BTreeMap::from([
            ("/auth/mapping", vec!["post"]),
            ("/bill", vec!["post"]),
            ("/bill/cancel", vec!["post"]),
            ("/bill/destroy", vec!["post"]),
            ("/bill/read", vec!["post"]),
            ("/bill/resend", vec!["post"]),
            ("/cash-receipt/cancel", vec!["post"]),
            ("/cash-receipt/issue", vec!["post"]),
            ("/cash-receipt/read", vec!["post"]),
            ("/read/merchant/remain_count", vec!["post"]),
            ("/read/remain_count", vec!["post"]),
        ])
    );
}

// Limits

/// The lengths that the specification allows for a property: at least, at most.
fn lengths(component: &str, property: &str) -> (usize, usize) {
    let specification = upstream();
    let property = &specification["components"]["schemas"][component]["properties"][property];
    let limit = |keyword: &str| {
        let limit = property[keyword].as_u64().expect("a limit");
        usize::try_from(limit).expect("a length")
    };
    (limit("minLength"), limit("maxLength"))
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

const REQUESTS: [&str; 2] = ["BillReadPortRequest", "BillCancelPortRequest"];

#[test]
fn an_api_key_is_as_long_as_the_specification_allows() {
    for request in REQUESTS {
        let (_, most) = lengths(request, "apiKey");
        allows_at_most(most, |key| Credentials::new(key, "m", "m").is_ok());
    }
}

#[test]
fn a_member_is_as_long_as_the_specification_allows() {
    for request in REQUESTS {
        let (_, most) = lengths(request, "member");
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
    for request in REQUESTS {
        let (_, most) = lengths(request, "merchant");
        allows_at_most(most, |merchant| {
            let scoped = client("http://127.0.0.1:9").with_merchant("m", &merchant);
            let credentials = Credentials::new("k", "m", &merchant);
            assert_eq!(scoped.is_ok(), credentials.is_ok());
            credentials.is_ok()
        });
    }
}

#[test]
fn a_bill_id_is_as_long_as_the_specification_allows() {
    for bill in ["ReadBillInfo", "CancelBillInfo"] {
        let (least, most) = lengths(bill, "billId");
        allows_at_most(most, |id| BillId::new(id).is_ok());
        assert!(BillId::new("가".repeat(least)).is_ok());
        assert!(BillId::new("가".repeat(least - 1)).is_err());
    }
}

#[test]
fn a_cancel_reason_is_as_long_as_the_specification_allows() {
    let (least, most) = lengths("CancelBillInfo", "cancelReason");
    allows_at_most(most, |reason| {
        let accepted = CancelReason::new(&reason).is_ok();
        assert_eq!(cancel().reason(&reason).is_ok(), accepted);
        accepted
    });
    assert!(CancelReason::new("가".repeat(least)).is_ok());
}

#[tokio::test]
async fn the_longest_values_that_are_accepted_are_sent() {
    let specification = upstream();
    let server = MockServer::start_async().await;
    let validators = REQUESTS.map(|request| validator(&specification, request));
    let mock = server
        .mock_async(|when, then| {
            when.is_true(move |request| {
                let body: Value = serde_json::from_slice(request.body_ref()).unwrap_or_default();
                let request = usize::from(request.uri().path() == "/bill/cancel");
                validators[request].is_valid(&body)
            });
            then.status(200)
                .json_body(json!({"code": "0000", "data": {"apprNum": "1"}}));
        })
        .await;
    let (_, key) = lengths("BillReadPortRequest", "apiKey");
    let (_, member) = lengths("BillReadPortRequest", "member");
    let (_, merchant) = lengths("BillReadPortRequest", "merchant");
    let (_, id) = lengths("ReadBillInfo", "billId");
    let (_, reason) = lengths("CancelBillInfo", "cancelReason");
    let credentials =
        Credentials::new("가".repeat(key), "가".repeat(member), "가".repeat(merchant)).unwrap();
    let client = Client::builder(credentials)
        .base_url(server.base_url())
        .build()
        .unwrap();
    let id = BillId::new("가".repeat(id)).unwrap();
    client.bills().read(&id).await.expect("a bill");
    let cancel = Cancel::new(id, Won::new(Won::MAX).unwrap())
        .reason("가".repeat(reason))
        .unwrap();
    client.bills().cancel(cancel).await.expect("success");
    mock.assert_calls_async(2).await;
}

// What only the prose of the specification says

/// The letters before a bracket or a colon: `F(결제완료), W(미결제)` or `F:승인, W:대기`.
fn letters(prose: &str, mark: char) -> BTreeSet<String> {
    prose
        .match_indices(mark)
        .filter_map(|(place, _)| prose[..place].chars().next_back())
        .filter(char::is_ascii_uppercase)
        .map(String::from)
        .collect()
}

fn known_letters() -> BTreeSet<String> {
    ('A'..='Z')
        .map(String::from)
        .filter(|letter| !matches!(BillState::from_letter(letter), BillState::Unknown(_)))
        .collect()
}

#[test]
fn the_states_of_the_specification_are_those_that_are_known() {
    let specification = upstream();
    let read = specification["paths"]["/bill/read"]["post"]["description"]
        .as_str()
        .expect("a description");
    let states = read
        .lines()
        .find(|line| line.contains("appr_state"))
        .expect("the line of states");
    assert_eq!(letters(states, '('), known_letters());

    let property = &specification["components"]["schemas"]["BillReadPortResponse"]["properties"];
    let property = property["apprState"]["description"]
        .as_str()
        .expect("a description");
    assert_eq!(letters(property, ':'), known_letters());
}

#[test]
fn the_moves_of_the_specification_are_those_that_a_bill_can_make() {
    let specification = upstream();
    let read = specification["paths"]["/bill/read"]["post"]["description"]
        .as_str()
        .expect("a description");
    let mut published = BTreeSet::new();
    for line in read.lines().filter(|line| line.contains("->")) {
        let states: Vec<String> = line
            .split("->")
            .flat_map(|state| letters(state, '('))
            .collect();
        published.extend(
            states
                .windows(2)
                .map(|pair| (pair[0].clone(), pair[1].clone())),
        );
    }
    let mut possible = BTreeSet::new();
    for from in known_letters() {
        for to in known_letters() {
            if BillState::from_letter(&from).can_become(&BillState::from_letter(&to)) {
                possible.insert((from.clone(), to));
            }
        }
    }
    assert_eq!(possible, published);
}

#[test]
fn dates_have_the_form_that_the_specification_describes() {
    let specification = upstream();
    let at: KoreanTime = "20240102030405".parse().unwrap();
    for (component, property) in [
        ("BillReadPortResponse", "apprDt"),
        ("BillCancelPortResponse", "apprCancelDt"),
    ] {
        let property = &specification["components"]["schemas"][component]["properties"][property];
        let description = property["description"].as_str().expect("a description");
        let (_, form) = description.split_once('(').expect("a form");
        let form = form.trim_end_matches(')');
        let written = form
            .replace("YYYY", "2024")
            .replace("MM", "01")
            .replace("DD", "02")
            .replace("hh", "03")
            .replace("mm", "04")
            .replace("ss", "05");
        assert_eq!(written, at.digits(), "{form}");
    }
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
    use payssam::{CodeKind, Delivery, Doubt, Error, Operation, PayType, ResultCode};
    use schemars::{JsonSchema, schema_for};
    use serde::Serialize;

    use super::{support::silence::Silence, *};

    /// The properties and the required ones of an object in a JSON Schema.
    fn shape(schema: &Value) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let properties = schema["properties"].as_object();
        let required = schema["required"].as_array();
        (
            properties
                .into_iter()
                .flat_map(|properties| properties.keys().map(String::as_str))
                .collect(),
            required
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
        )
    }

    #[test]
    fn the_generated_types_have_the_properties_of_the_specification() {
        let specification = upstream();
        let published = specification["components"]["schemas"]
            .as_object()
            .expect("components");
        let mut generated = BTreeSet::new();
        for (root, schema) in payssam::contract::raw_schemas() {
            let schema = schema.to_value();
            assert_eq!(shape(&schema), shape(&published[root]), "{root}");
            generated.insert(root.to_owned());
            for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
                if let Some(component) = published.get(name) {
                    assert_eq!(shape(definition), shape(component), "{name} in {root}");
                    generated.insert(name.clone());
                }
            }
        }
        let components: BTreeSet<String> = published.keys().cloned().collect();
        assert_eq!(generated, components);
    }

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

    #[test]
    fn the_schema_of_a_bill_id_has_the_limits_of_the_specification() {
        let (least, most) = lengths("ReadBillInfo", "billId");
        let schema = own_schema::<BillId>();
        assert!(schema.is_valid(&json!("가".repeat(least))));
        assert!(schema.is_valid(&json!("가".repeat(most))));
        assert!(!schema.is_valid(&json!("가".repeat(least - 1))));
        assert!(!schema.is_valid(&json!("가".repeat(most + 1))));
    }

    #[test]
    fn the_schema_of_a_cancel_reason_has_the_limit_of_the_specification() {
        let (_, most) = lengths("CancelBillInfo", "cancelReason");
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
