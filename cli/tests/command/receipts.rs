//! `payssam receipt` issues, reads and cancels cash receipts.

use serde_json::{Value, json};

use crate::support::{
    CLOSED,
    mock_server::mock,
    process::{Environment, at, error_of, json_of, rejection_of, run},
    text::{assert_in_order, row},
};

const ISSUE: [&str; 9] = [
    "receipt",
    "issue",
    "--id",
    "r",
    "--price",
    "7500",
    "--taxed",
    "--business",
    "220-81-62517",
];
const READ: [&str; 5] = ["receipt", "read", "r", "--price", "7500"];

fn cancel(trader: &str) -> [&str; 8] {
    [
        "receipt",
        "cancel",
        "r",
        "--price",
        "7500",
        "--confirm",
        "--trader",
        trader,
    ]
}

#[test]
fn a_receipt_is_issued_once() {
    let (_mock_server, at) = mock(&[]);
    assert_eq!(
        json_of(&ISSUE, &at),
        json!({
            "bill_id": "r",
            "state": "issued",
            "approval_number": "[masked]",
            "was_already_there": false,
            "confirmed_by_read": false,
        })
    );
    assert_eq!(rejection_of(&ISSUE, &at), "BILL_001");
    let again = json_of(&[&ISSUE[..], &["--confirm"]].concat(), &at);
    assert_eq!(again["was_already_there"], true);
}

#[test]
fn a_new_id_is_generated_and_shown() {
    let (_mock_server, at) = mock(&[]);
    let issue = ["receipt", "issue", "--price", "1000", "--tax-free"];
    let ended = run(&[&issue[..], &["--phone", "01012345678"]].concat(), &at);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(row(&ended.stdout, "bill id").unwrap().len(), 20);
    assert_eq!(row(&ended.stdout, "state"), Some("issued"));
    assert_eq!(row(&ended.stdout, "approval number"), Some("[masked]"));
    assert_eq!(
        row(&ended.stdout, "confirmed by"),
        Some("PaySsam's response")
    );
}

#[test]
fn a_receipt_is_issued_to_a_card_or_for_a_payer_who_gave_no_number() {
    for (holder, number) in [
        (&["--card", "1234 5678 9012 3456"][..], "1234567890123456"),
        (&["--self-issue"], "0100001234"),
    ] {
        let (_mock_server, at) = mock(&[]);
        let issue = [
            "receipt", "issue", "--id", "r", "--price", "7500", "--taxed",
        ];
        let issued = json_of(&[&issue[..], holder].concat(), &at);
        assert_eq!(issued["state"], "issued");
        let history = json_of(&[&READ[..], &["--reveal"]].concat(), &at);
        assert_eq!(history["revealed"][0]["issuance_number"], number);
        let done = json_of(&cancel("person"), &at);
        assert_eq!(done["was_already_cancelled"], false);
    }
    for holder in [&[][..], &["--self-issue", "--phone", "01012345678"]] {
        let issue = ["receipt", "issue", "--price", "7500", "--taxed"];
        let ended = run(&[&issue[..], holder].concat(), &at(CLOSED));
        assert_eq!(ended.code, 2, "{ended:?}");
    }
}

#[test]
fn in_json_the_amounts_of_a_receipt_are_numbers_and_its_numbers_are_masked() {
    let (_mock_server, at) = mock(&[]);
    json_of(&ISSUE, &at);
    let history = json_of(&READ, &at);
    assert_eq!(history["bill_id"], "r");
    let entry = &history["entries"][0];
    assert_eq!(entry["state"], "issued");
    assert_eq!(entry["price"], 7500);
    assert_eq!(entry["supply_price"], 6818);
    assert_eq!(entry["tax"], 682);
    assert_eq!(entry["approval_number"], "[masked]");
    assert_eq!(entry["issuance_number"], "[masked]");
    assert_eq!(history.get("revealed"), None);
}

#[test]
fn reveal_shows_the_number_that_a_receipt_was_issued_to() {
    let (_mock_server, at) = mock(&[]);
    json_of(&ISSUE, &at);
    let reveal = [&READ[..], &["--reveal"]].concat();
    let revealed = json_of(&reveal, &at);
    assert_eq!(revealed["revealed"][0]["issuance_number"], "2208162517");
    let text = run(&reveal, &at).stdout;
    assert_eq!(row(&text, "issued to"), Some("2208162517"));
    let text = run(&READ, &at).stdout;
    assert_eq!(row(&text, "issued to"), Some("[masked]"));
    assert!(!text.contains("2208162517"), "{text}");
}

#[test]
fn a_receipt_is_cancelled_for_the_trader_that_it_was_issued_to() {
    let (_mock_server, at) = mock(&[]);
    json_of(&ISSUE, &at);
    assert_eq!(rejection_of(&cancel("person"), &at), "MOCK_TRADER");
    assert_eq!(
        json_of(&cancel("business"), &at),
        json!({
            "bill_id": "r",
            "state": "cancelled",
            "approval_number": "[masked]",
            "was_already_cancelled": false,
            "confirmed_by_read": false,
        })
    );
    assert_eq!(
        json_of(&cancel("business"), &at)["was_already_cancelled"],
        true
    );
    let ended = run(&READ, &at);
    assert_eq!(row(&ended.stdout, "bill id"), Some("r"));
    assert_in_order(&ended.stdout, &["cancelled (C)", "7,500 won", "issued (F)"]);
}

#[test]
fn confirm_reconciles_a_lost_response_by_reading() {
    let (_mock_server, at) = mock(&[
        "--fault",
        "apply-then-close@receipt-issue",
        "--fault",
        "apply-then-close@receipt-cancel",
    ]);
    let issued = json_of(&[&ISSUE[..], &["--confirm"]].concat(), &at);
    assert_eq!(issued["confirmed_by_read"], true);
    assert_eq!(issued["approval_number"], Value::Null);
    let cancelled = json_of(&cancel("business"), &at);
    assert_eq!(cancelled["confirmed_by_read"], true);
    assert_eq!(cancelled["was_already_cancelled"], false);
}

#[test]
fn an_unknown_outcome_warns_against_another_id() {
    let (_mock_server, at) = mock(&["--fault", "apply-then-close@receipt-issue"]);
    let error = error_of(5, &ISSUE, &at);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("never issue it under another id"),
        "{message}"
    );
}

#[test]
fn a_receipt_needs_one_valid_tax_and_one_valid_holder() {
    for arguments in [
        &["--taxed"][..],
        &["--phone", "01012345678"],
        &["--taxed", "--tax-free", "--phone", "01012345678"],
        &[
            "--taxed",
            "--phone",
            "01012345678",
            "--business",
            "2208162517",
        ],
        &["--tax", "1001", "--phone", "01012345678"],
        &["--tax", "x", "--phone", "01012345678"],
        &["--taxed", "--business", "2208162518"],
    ] {
        let issue = [&["receipt", "issue", "--price", "1000"], arguments].concat();
        let unreachable: Environment = at(CLOSED);
        let error = error_of(2, &issue, &unreachable);
        assert_eq!(error["kind"], "invalid_input", "{arguments:?}");
        assert!(!error.to_string().contains("2208162518"), "{error}");
    }
}
