//! Each property of a response comes out of its getter, and what serde writes of responses and errors fits
//! the JSON Schema of their types.

mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod own_schema;
    pub mod properties;
}

use httpmock::MockServer;
use payssam::{Approval, Bill, Cancellation, Client, Won};
use serde_json::{Value, json};

use support::{
    caller::{API_KEY, bill_id, cancel, client},
    properties::{CANCEL, READ, text},
};

/// A client of a server that gives success and `data`.
async fn responding(data: Value) -> (MockServer, Client) {
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
    let (_server, client) = responding(data).await;
    client.bills().read(&bill_id()).await.expect("a bill")
}

async fn cancelled(data: Value) -> Cancellation {
    let (_server, client) = responding(data).await;
    client.bills().cancel(&cancel()).await.expect("success")
}

#[tokio::test]
async fn a_way_to_pay_is_shown_as_it_came() {
    for code in ["CARD_VAN", "NEW_WAY"] {
        let bill = bill(json!({"billId": "2024-0001", "apprPayType": code})).await;
        let shown = format!("{:?}", bill.approval());
        assert!(shown.contains(&format!("pay_type: \"{code}\"")), "{shown}");
        let shown = serde_json::to_value(bill.approval()).expect("JSON");
        assert_eq!(shown["pay_type"], code);
    }
}

#[tokio::test]
async fn a_signature_and_the_item_of_the_partner_are_shown_by_their_lengths_alone() {
    let bill = bill(json!({
        "billId": "2024-0001", "apprSign": "7ISc66qF", "udItem": "a long item of the partner",
    }))
    .await;
    let shown = format!("{:?}", bill.approval());
    assert!(shown.contains("sign_length: 8"), "{shown}");
    assert!(shown.contains("user_item_length: 26"), "{shown}");
    assert!(!shown.contains("7ISc66qF") && !shown.contains("a long item"));
    let shown = serde_json::to_value(bill.approval()).expect("JSON");
    assert_eq!(shown["sign_length"], 8);
    assert_eq!(shown["user_item_length"], 26);
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
async fn the_key_that_payssam_echoes_is_not_kept() {
    let bill = bill(json!({"billId": "2024-0001", "apiKey": API_KEY})).await;
    assert_eq!(bill.approval().raw("apiKey"), None);
    let done = cancelled(json!({"billId": "2024-0001", "apiKey": API_KEY})).await;
    assert_eq!(done.raw("apiKey"), None);
}

// Types

/// Names the type of an approval, as callers can.
fn price(approval: &Approval) -> Option<Won> {
    approval.price().unwrap()
}

#[tokio::test]
async fn an_approval_can_be_named_and_handed_on() {
    let bill = bill(json!({"billId": "2024-0001", "apprPrice": "45000"})).await;
    assert_eq!(price(bill.approval()), Some(Won::new(45_000).unwrap()));
}

mod schemas {
    use payssam::{BillId, Credentials, Error};

    use super::{
        support::{closed_port::ClosedPort, own_schema::fits},
        *,
    };

    #[tokio::test]
    async fn what_serde_writes_of_a_response_fits_its_schema() {
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
            "apprPrice": "45.000",
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
            if let Some(number) = bill.approval().issuer_number() {
                fits(&number);
            }
            if let Some(number) = bill.approval().cash_receipt().approval_number() {
                fits(&number);
            }
        }
        for data in [full(&done), json!({"billId": "2024-0001"}), malformed] {
            fits(&cancelled(data).await);
        }
    }

    #[tokio::test]
    async fn what_serde_writes_of_an_error_fits_its_schema() {
        async fn called(body: Value) -> Error {
            let server = MockServer::start_async().await;
            server
                .mock_async(|when, then| {
                    when.any_request();
                    then.status(200).json_body(body);
                })
                .await;
            let client = client(&server.base_url());
            client
                .bills()
                .cancel(&cancel())
                .await
                .map(drop)
                .unwrap_err()
        }

        let closed_port = ClosedPort::new();
        let unreachable = client(&closed_port.base_url());
        for (error, written) in [
            (
                BillId::new("").unwrap_err().into(),
                json!({
                    "kind": "invalid_input", "outcome": "not_sent",
                    "operation": null, "code": null, "bill_id": null
                }),
            ),
            (
                called(json!({"code": "BILL_003", "message": "m", "data": null})).await,
                json!({
                    "kind": "rejected", "outcome": "rejected",
                    "operation": "bill cancel", "code": "BILL_003", "bill_id": "2024-0001"
                }),
            ),
            (
                unreachable.bills().read(&bill_id()).await.unwrap_err(),
                json!({
                    "kind": "not_sent", "outcome": "not_sent",
                    "operation": "bill read", "code": null, "bill_id": "2024-0001"
                }),
            ),
            (
                called(json!({})).await,
                json!({
                    "kind": "outcome_unknown", "outcome": "unknown",
                    "operation": "bill cancel", "code": null, "bill_id": "2024-0001"
                }),
            ),
            (
                Client::builder(
                    Credentials::builder()
                        .api_key("k")
                        .member("m")
                        .merchant("m")
                        .build()
                        .unwrap(),
                )
                .build()
                .unwrap_err(),
                json!({
                    "kind": "config", "outcome": "not_sent",
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
