//! What a person has to decide when PaySsam changes the specification.
//!
//! These tests hold the library against `openapi/upstream.json`, the rest of the suite does not look at
//! it. So a pull that a person has to look at makes these fail, and no others; each says what to do.

mod support {
    pub mod caller;
    pub mod properties;
    pub mod spec;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::collections::BTreeSet;

use payssam::{BillState, Client, Error, KoreanTime, ResendBill};
use serde_json::{Map, Value, json};

use support::{
    caller::{bill_id, cancel, client},
    properties::{CANCEL, CANCEL_NOT_KEPT, Property, READ, READ_NOT_KEPT},
    spec::{Body, decided, properties, request_validator, upstream},
    wire::{Action, Server, http},
};

/// Fails with the decision that is needed.
macro_rules! decide {
    ($($message:tt)+) => {
        panic!("A person has to decide: {}", format_args!($($message)+))
    };
}

fn prose<'s>(specification: &'s Value, pointer: &str) -> &'s str {
    let prose = specification.pointer(pointer).and_then(Value::as_str);
    prose.unwrap_or_default()
}

const READ_DESCRIPTION: &str = "/paths/~1bill~1read/post/description";

fn description(specification: &Value, path: &str, place: &str) -> String {
    let properties = properties(specification, path, Body::Response);
    let property = properties.get(place).unwrap_or(&Value::Null);
    property["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

// Properties

fn compare<T>(path: &str, served: &[Property<T>], not_kept: &[&'static str]) {
    let specification = upstream();
    let published: BTreeSet<String> = properties(&specification, path, Body::Response)
        .into_keys()
        .filter_map(|place| place.strip_prefix("data/").map(str::to_owned))
        .filter(|name| !name.contains('/'))
        .collect();
    let names = served
        .iter()
        .map(|(name, ..)| *name)
        .chain(not_kept.iter().copied());
    let served: BTreeSet<String> = names.map(str::to_owned).collect();
    let without_getter: Vec<_> = published.difference(&served).collect();
    let without_property: Vec<_> = served.difference(&published).collect();
    if !without_getter.is_empty() || !without_property.is_empty() {
        decide!(
            "the response of POST {path} has {without_getter:?}, which no getter gives, and lacks \
             {without_property:?}, which one does. Write or drop the getters, then follow in \
             tests/support/properties.rs"
        );
    }
}

#[test]
fn decide_getters() {
    compare("/bill/read", READ, READ_NOT_KEPT);
    compare("/bill/cancel", CANCEL, CANCEL_NOT_KEPT);
}

// Types and limits

const LIMITS: [&str; 10] = [
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// What a property was decided to be, and what the specification says of it now.
#[derive(Debug)]
#[allow(dead_code, reason = "messages show it")]
struct Changed {
    place: String,
    then: Map<String, Value>,
    now: Map<String, Value>,
}

/// The properties that were decided about, and of which the specification says something else now under
/// these keywords.
fn changed(keywords: &[&str], only: Option<Body>) -> Vec<Changed> {
    let specification = upstream();
    let mut changed = Vec::new();
    for (place, then) in decided() {
        let mut parts = place.splitn(4, ' ').skip(1);
        let (Some(path), Some(side), Some(names)) = (parts.next(), parts.next(), parts.next())
        else {
            panic!("{place} names no property");
        };
        let body = match side {
            "request" => Body::Request,
            _ => Body::Response,
        };
        if only.is_some_and(|only| only != body) {
            continue;
        }
        let published = properties(&specification, path, body);
        let Some(property) = published.get(names) else {
            continue;
        };
        let said = |schema: &dyn Fn(&str) -> Option<Value>| -> Map<String, Value> {
            let said = keywords.iter();
            said.filter_map(|&keyword| Some((keyword.to_owned(), schema(keyword)?)))
                .collect()
        };
        let now = said(&|keyword| match keyword {
            "type" => Some(json!(kind(property))),
            _ => property.get(keyword).cloned(),
        });
        let then = said(&|keyword| then.get(keyword).cloned());
        if now != then {
            changed.push(Changed { place, then, now });
        }
    }
    changed
}

/// The type of a schema, whatever allows null beside it.
fn kind(schema: &Value) -> String {
    match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            let names: Vec<&str> = names.filter(|name| *name != "null").collect();
            names.join(" or ")
        }
        _ if schema.get("properties").is_some() => "object".to_owned(),
        _ => "any".to_owned(),
    }
}

#[test]
fn decide_limits() {
    let changed = changed(&LIMITS, Some(Body::Request));
    if !changed.is_empty() {
        decide!(
            "what requests may hold has changed: {changed:?}. The library keeps to \
             the new limits already. Follow in the documentation and JSON Schema of the types that \
             tell the old ones, then in tests/decided.json"
        );
    }
}

#[test]
fn decide_types() {
    let changed = changed(&["type"], None);
    if !changed.is_empty() {
        decide!(
            "types have changed: {changed:?}. Requests are written in the new type \
             already, if they can be, and responses are read as text or number. See whether the hash \
             and the getters still hold, then follow in tests/decided.json"
        );
    }
}

// Requests

mod preview {
    use payssam::{
        BusinessNumber, CancelReceipt, DestroyBill, IssueReceipt, NewBill, PayerName, PhoneNumber,
        ProductName, ReceiptHolder, RegisterMerchant, SendBill, Tax, Trader, Won,
        callback::CallbackUrl,
    };

    use super::*;

    fn price() -> Won {
        Won::new(45_000).unwrap()
    }

    fn url() -> CallbackUrl {
        CallbackUrl::new("https://academy.example/payssam").unwrap()
    }

    fn holder() -> ReceiptHolder {
        ReceiptHolder::Person(PhoneNumber::new("01012345678").unwrap().into())
    }

    pub async fn call(path: &str, client: &Client) -> Option<Result<(), Error>> {
        let (bills, receipts) = (client.bills(), client.receipts());
        Some(match path {
            "/bill" => {
                let bill = NewBill {
                    bill_id: bill_id(),
                    product: ProductName::new("3월 수강료").unwrap(),
                    price: price(),
                    payer: PayerName::new("김하나").unwrap(),
                    phone: PhoneNumber::new("01012345678").unwrap(),
                    callback: url(),
                };
                let send = SendBill::kakaotalk(bill)
                    .issuer("학원")
                    .unwrap()
                    .tax(Tax::free(price()))
                    .unwrap()
                    .message("안녕하세요")
                    .unwrap()
                    .expires("2099-12-31")
                    .unwrap()
                    .redirect(url())
                    .unwrap();
                bills.send(&send).await.map(drop)
            }
            "/bill/resend" => bills.resend(&ResendBill::new(bill_id())).await.map(drop),
            "/bill/destroy" => bills
                .destroy(&DestroyBill::new(bill_id(), price()))
                .await
                .map(drop),
            "/cash-receipt/issue" => {
                let issue = IssueReceipt::tax_free(price()).to(bill_id(), holder());
                receipts.issue(&issue).await.map(drop)
            }
            "/cash-receipt/cancel" => {
                let cancel = CancelReceipt::new(bill_id(), price(), Trader::Person);
                receipts.cancel(&cancel).await.map(drop)
            }
            "/cash-receipt/read" => receipts.read(&bill_id(), price()).await.map(drop),
            "/read/remain_count" => client.points().partner().await.map(drop),
            "/read/merchant/remain_count" => client.points().merchant().await.map(drop),
            "/auth/mapping" => {
                let merchant = RegisterMerchant {
                    member: "member-1".to_owned(),
                    merchant: "merchant-1".to_owned(),
                    business_number: BusinessNumber::new("124-81-00998").unwrap(),
                    callback: url(),
                    redirect: url(),
                };
                client.onboarding().register(&merchant).await.map(drop)
            }
            _ => return None,
        })
    }
}

async fn call(path: &str, client: &Client) -> Option<Result<(), Error>> {
    match path {
        "/bill/read" => Some(client.bills().read(&bill_id()).await.map(drop)),
        "/bill/cancel" => {
            let cancel = cancel().reason("고객 요청").unwrap();
            Some(client.bills().cancel(&cancel).await.map(drop))
        }
        other => preview::call(other, client).await,
    }
}

#[tokio::test]
async fn decide_requests() {
    const DONE: &str = r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001"}}"#;
    let specification = upstream();
    let mut requested = 0;
    for operation in payssam::Operation::ALL {
        let path = operation.path();
        let server = Server::start(|_| Action::Write(http("200 OK", DONE))).await;
        let Some(called) = call(path, &client(&server.base_url())).await else {
            continue;
        };
        requested += 1;
        match called {
            Err(Error::Unsupported { demand, .. }) => {
                decide!("POST {path}: {demand}. Until the library follows, no such call is sent")
            }
            // What a value may be is another decision.
            Err(Error::InvalidInput { .. }) => continue,
            other => other.expect("success"),
        }
        let (_, requests) = server.received();
        let (_, body) = requests[0].split_once("\r\n\r\n").expect("a body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        let validator = request_validator(&specification, path).expect("a request");
        if let Err(error) = validator.validate(&body) {
            decide!("the request of POST {path} is not what the specification describes: {error}");
        }
    }
    let reconstructed = if cfg!(feature = "preview") { 9 } else { 0 };
    assert_eq!(
        requested,
        2 + reconstructed,
        "an operation has no call here"
    );
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
fn decide_states() {
    let specification = upstream();
    let read = prose(&specification, READ_DESCRIPTION);
    let states = read.lines().find(|line| line.contains("appr_state"));
    let letters_of_states = letters(states.unwrap_or_default(), '(');
    let property = description(&specification, "/bill/read", "data/apprState");
    for published in [letters_of_states, letters(&property, ':')] {
        if published != known_letters() {
            decide!(
                "the specification names the states {published:?}, and the library knows {:?}. \
                 Name the new ones in src/value/bill_state.rs; until then they are `BillState::Unknown`",
                known_letters()
            );
        }
    }
}

#[test]
fn decide_moves() {
    let specification = upstream();
    let mut published = BTreeSet::new();
    for line in prose(&specification, READ_DESCRIPTION).lines() {
        let states: Vec<String> = line
            .split("->")
            .flat_map(|state| letters(state, '('))
            .collect();
        if line.contains("->") {
            let moves = states.windows(2);
            published.extend(moves.map(|pair| (pair[0].clone(), pair[1].clone())));
        }
    }
    let mut possible = BTreeSet::new();
    for from in known_letters() {
        for to in known_letters() {
            if BillState::from_letter(&from).can_become(&BillState::from_letter(&to)) {
                possible.insert((from.clone(), to));
            }
        }
    }
    if possible != published {
        decide!(
            "the specification names the moves {published:?}, and the library relies on \
             {possible:?} when it finds out what became of a write (src/value/bill_state.rs)"
        );
    }
}

#[test]
fn decide_date_forms() {
    let specification = upstream();
    let at: KoreanTime = "20240102030405".parse().unwrap();
    for (path, place) in [
        ("/bill/read", "data/apprDt"),
        ("/bill/cancel", "data/apprCancelDt"),
    ] {
        let description = description(&specification, path, place);
        let form = description.split_once('(').map_or("", |(_, form)| form);
        let written = form
            .trim_end_matches(')')
            .replace("YYYY", "2024")
            .replace("MM", "01")
            .replace("DD", "02")
            .replace("hh", "03")
            .replace("mm", "04")
            .replace("ss", "05");
        if written != at.digits() {
            decide!(
                "{place} of POST {path} is described as {description:?}, and the library reads \
                 YYYYMMDDhhmmss (src/value/korean_time.rs)"
            );
        }
    }
}
