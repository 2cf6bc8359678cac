//! The contract of the JSON: one vocabulary in every result and error.

use serde_json::Value;

use crate::support::{
    CLOSED, SEND,
    canned_server::CannedServer,
    mock_server::mock,
    process::{at, error_of, json_of},
};

/// The results of all commands for bills, receipts and points.
fn results() -> Vec<Value> {
    let (_mock_server, at) = mock(&["--bill", "p:1000:F", "--bill", "q:1000:F"]);
    let send = [&SEND[..], &["--id", "s"]].concat();
    let send_and_confirm = [&SEND[..], &["--id", "t", "--confirm"]].concat();
    let issue = [
        "receipt",
        "issue",
        "--id",
        "r",
        "--price",
        "7500",
        "--taxed",
        "--phone",
        "01012345678",
    ];
    let commands = [
        &["bill", "read", "p"][..],
        &["bill", "read", "p", "--reveal"],
        &["bill", "cancel", "p", "--price", "1000"],
        &["bill", "cancel", "q", "--price", "1000", "--confirm"],
        &send,
        &send_and_confirm,
        &["bill", "read", "s"],
        &["bill", "resend", "s"],
        &["bill", "destroy", "s", "--price", "45000"],
        &["bill", "destroy", "s", "--price", "45000", "--confirm"],
        &issue,
        &["receipt", "read", "r", "--price", "7500", "--reveal"],
        &[
            "receipt", "cancel", "r", "--price", "7500", "--trader", "person",
        ],
        &["points"],
        &["demo"],
    ];
    commands
        .iter()
        .map(|command| json_of(command, &at))
        .collect()
}

/// Every key and value in `value`.
fn fields(value: &Value) -> Vec<(&str, &Value)> {
    match value {
        Value::Array(values) => values.iter().flat_map(fields).collect(),
        Value::Object(object) => object
            .iter()
            .flat_map(|(key, value)| {
                let mut found = fields(value);
                found.push((key, value));
                found
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_id_of_a_bill_or_receipt_is_always_bill_id() {
    for result in results() {
        let fields = fields(&result);
        for former in ["id", "receipt_id", "already"] {
            assert!(!fields.iter().any(|(key, _)| *key == former), "{result}");
        }
        let is_about_a_bill = result.get("partner").is_none();
        let ids = fields.iter().filter(|(key, _)| *key == "bill_id");
        assert_eq!(ids.count() > 0, is_about_a_bill, "{result}");
    }
}

#[test]
fn amounts_are_numbers() {
    let results = results();
    let amounts: Vec<_> = results
        .iter()
        .flat_map(fields)
        .filter(|(key, _)| ["price", "supply_price", "tax", "balance"].contains(key))
        .collect();
    for name in ["price", "supply_price", "tax", "balance"] {
        assert!(amounts.iter().any(|(key, _)| *key == name), "{name}");
    }
    for (name, amount) in amounts {
        assert!(amount.is_u64(), "{name}: {amount}");
    }
}

#[test]
fn an_error_has_the_outcome_of_the_request() {
    let read = ["--no-retry", "bill", "read", "1"];
    let rejecting = CannedServer::rejecting("BILL_003", "no");
    let failing = CannedServer::responding("502 Bad Gateway", "");
    for (code, environment, kind, outcome) in [
        (2, at("no url"), "config", "not_sent"),
        (3, rejecting.environment(), "rejected", "rejected"),
        (4, at(CLOSED), "not_sent", "not_sent"),
        (5, failing.environment(), "outcome_unknown", "unknown"),
    ] {
        // `error_of` checks that there is no other key, such as the former `delivery`.
        let error = error_of(code, &read, &environment);
        assert_eq!(error["kind"], kind);
        assert_eq!(error["outcome"], outcome);
    }
}
