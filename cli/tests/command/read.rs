//! `payssam bill read` shows a bill: every field of a payment, and nothing of a payment that never was.

use serde_json::{Value, json};

use crate::support::{
    PHONE,
    canned_server::CannedServer,
    mock_server::mock,
    process::{json_of, run, run_with_stdin},
    text::{keys, row, rows},
};

const CARD: &str = "1234567812345678";
const RECEIPT: &str = "987654321";
/// Base64 of 9 bytes.
const SIGN: &str = "c2lnbmF0dXJl";

const READ: [&str; 3] = ["bill", "read", "1"];

/// A response with every field, for a bill in this state.
fn every_field(state: &str) -> Value {
    json!({
        "apiKey": "the-key",
        "billId": "1",
        "apprPayType": "CARD_VAN",
        "apprCardType": "신용",
        "apprDt": "20260102030405",
        "apprOriginDt": "260102030405",
        "apprPrice": 1234567,
        "apprIssuer": "국민카드",
        "apprIssuerCd": "01",
        "apprIssuerNum": CARD,
        "apprAcquirerCd": "02",
        "apprAcquirerNm": "매입사",
        "apprNum": "30001",
        "apprOriginNum": "30000",
        "apprResCd": "0000",
        "apprMonthly": "3",
        "apprState": state,
        "apprCashNum": RECEIPT,
        "apprCashTrader": "0",
        "apprCashIssuanceNumber": PHONE,
        "apprCardMerchantNum": "m-7",
        "catId": "t-8",
        "dscTxNum": "x-9",
        "cardType": "c-1",
        "apprSign": SIGN,
        "udItem": {"order": "mine"},
    })
}

#[test]
fn every_field_of_a_paid_bill_is_a_row_and_personal_ones_are_masked() {
    let server = CannedServer::with_data(every_field("F"));
    let ended = run(&READ, &server.environment());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let rows = rows(&ended.stdout);
    assert_eq!(
        rows,
        [
            ("bill id", "1"),
            ("state", "paid (F)"),
            ("amount", "1,234,567 won"),
            ("approved at", "2026-01-02 03:04:05 KST"),
            ("originally approved at", "2026-01-02 03:04:05 KST"),
            ("pay type", "CARD_VAN"),
            ("card type", "신용"),
            ("common card type", "c-1"),
            ("instalments", "3 months"),
            ("issuer", "국민카드"),
            ("issuer code", "01"),
            ("card or account number", "****5678"),
            ("acquirer", "매입사"),
            ("acquirer code", "02"),
            ("approval number", "30001"),
            ("original approval number", "30000"),
            ("response code", "0000"),
            ("cash receipt number", "[masked]"),
            ("cash receipt trader", "0"),
            ("cash receipt issued to", "[masked]"),
            ("card merchant number", "m-7"),
            ("terminal id", "t-8"),
            ("transaction number", "x-9"),
            ("signature", "9 bytes, never shown"),
            ("user item", "16 bytes of JSON, shown with --reveal"),
        ]
    );
    assert_eq!(ended.stdout.lines().count(), rows.len());
    for line in ended.stdout.lines() {
        let (label, value) = line.split_at(26);
        assert!(label.ends_with("  ") && !value.starts_with(' '), "{line}");
    }
}

#[test]
fn a_cancelled_bill_says_when_it_was_cancelled() {
    let server = CannedServer::with_data(every_field("C"));
    let text = run(&READ, &server.environment()).stdout;
    assert_eq!(row(&text, "state"), Some("cancelled (C)"));
    assert_eq!(row(&text, "cancelled at"), Some("2026-01-02 03:04:05 KST"));
    assert_eq!(row(&text, "cancellation number"), Some("30001"));
    assert_eq!(row(&text, "original approval number"), Some("30000"));
    assert_eq!(row(&text, "approved at"), None);
    assert_eq!(row(&text, "approval number"), None);
}

#[test]
fn an_unpaid_or_destroyed_bill_shows_no_approval() {
    for (letter, state) in [("W", "unpaid"), ("D", "destroyed")] {
        let server = CannedServer::with_data(every_field(letter));
        for more in [&[][..], &["--reveal"]] {
            let ended = run(&[&READ[..], more].concat(), &server.environment());
            assert_eq!(
                ended.stdout,
                format!("bill id  1\nstate    {state} ({letter})\n")
            );
        }
        assert_eq!(
            json_of(&READ, &server.environment()),
            json!({"bill_id": "1", "state": state, "approval": null})
        );
        assert_eq!(
            json_of(&[&READ[..], &["--reveal"]].concat(), &server.environment()),
            json!({"bill_id": "1", "state": state, "approval": null, "revealed": null})
        );
    }
}

#[test]
fn empty_fields_are_left_out() {
    let server = CannedServer::with_data(json!({
        "billId": "1", "apprState": "F", "apprDt": "", "apprIssuer": null, "udItem": null,
    }));
    let ended = run(&READ, &server.environment());
    assert_eq!(ended.stdout, "bill id  1\nstate    paid (F)\n");
    assert_eq!(
        json_of(&[&READ[..], &["--reveal"]].concat(), &server.environment()),
        json!({"bill_id": "1", "state": "paid", "approval": {}, "revealed": {}})
    );
}

#[test]
fn in_json_amounts_are_numbers_times_have_their_offset_and_secrets_are_masked() {
    let server = CannedServer::with_data(every_field("F"));
    let json = json_of(&READ, &server.environment());
    assert_eq!(keys(&json), ["approval", "bill_id", "state"]);
    assert_eq!(
        (&json["bill_id"], &json["state"]),
        (&json!("1"), &json!("paid"))
    );
    let approval = &json["approval"];
    assert_eq!(approval["price"], 1_234_567);
    assert_eq!(approval["approved_at"], "2026-01-02T03:04:05+09:00");
    assert_eq!(approval["issuer_number"], "****5678");
    for secret in [CARD, RECEIPT, PHONE, SIGN, "mine", "the-key"] {
        assert!(!json.to_string().contains(secret), "{json}");
    }
}

#[test]
fn reveal_shows_masked_values_but_neither_the_signature_nor_the_key() {
    let server = CannedServer::with_data(every_field("F"));
    let reveal = [&READ[..], &["--reveal"]].concat();
    let text = run(&reveal, &server.environment()).stdout;
    assert_eq!(row(&text, "card or account number"), Some(CARD));
    assert_eq!(row(&text, "cash receipt number"), Some(RECEIPT));
    assert_eq!(row(&text, "cash receipt issued to"), Some(PHONE));
    assert_eq!(row(&text, "user item"), Some(r#"{"order":"mine"}"#));

    let json = json_of(&reveal, &server.environment());
    assert_eq!(keys(&json), ["approval", "bill_id", "revealed", "state"]);
    assert_eq!(
        json["revealed"],
        json!({
            "issuer_number": CARD,
            "cash_receipt_approval_number": RECEIPT,
            "cash_receipt_issuance_number": PHONE,
            "user_item": {"order": "mine"},
        })
    );
    for shown in [text, json.to_string()] {
        assert!(
            !shown.contains(SIGN) && !shown.contains("the-key"),
            "{shown}"
        );
    }
}

#[test]
fn malformed_fields_are_shown_with_a_note_and_stay_masked() {
    let server = CannedServer::with_data(json!({
        "billId": "1",
        "apprState": "X",
        "apprDt": "20261332",
        "apprPrice": "12.000",
        "apprMonthly": "three",
        "apprIssuer": {"name": "카드"},
        "apprIssuerNum": [CARD],
        "apprCashIssuanceNumber": {"phone": PHONE},
        "apprSign": "secret!",
    }));
    let ended = run(&READ, &server.environment());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let text = &ended.stdout;
    assert_eq!(row(text, "state"), Some("unknown (X)"));
    for (label, raw, field) in [
        ("amount", "12.000", "apprPrice"),
        ("approved at", "20261332", "apprDt"),
        ("instalments", "three", "apprMonthly"),
        ("issuer", r#"{"name":"카드"}"#, "apprIssuer"),
        ("card or account number", "[masked]", "apprIssuerNum"),
        (
            "cash receipt issued to",
            "[masked]",
            "apprCashIssuanceNumber",
        ),
        ("signature", "7 bytes", "apprSign"),
    ] {
        let value = row(text, label).unwrap_or_default();
        let note = format!("{raw}  ({field} in PaySsam's response is malformed: ");
        assert!(value.starts_with(&note), "{label}: {value}");
    }
    for secret in [CARD, PHONE, "secret!"] {
        assert!(!text.contains(secret), "{text}");
    }
    let reveal = [&READ[..], &["--reveal"]].concat();
    let text = run(&reveal, &server.environment()).stdout;
    let number = row(&text, "card or account number").unwrap();
    assert!(number.starts_with(&format!("[\"{CARD}\"]  (")), "{number}");
    assert!(!text.contains("secret!"), "{text}");
}

/// The mock server's arguments for so many paid bills.
fn bills(count: usize) -> Vec<String> {
    let bill = |number| {
        [
            "--bill".to_owned(),
            format!("bill-{number}:{}:F", 1_000 + number),
        ]
    };
    (0..count).flat_map(bill).collect()
}

#[test]
fn a_thousand_bills_are_read_from_stdin_in_order_whatever_fails() {
    let mut arguments = bills(1_000);
    let faults = ["502-html", "close-after-reading", "200-empty"];
    for fault in faults {
        arguments.extend(["--fault".to_owned(), format!("{fault}:0.1@read")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (_mock_server, at) = mock(&arguments);
    let ids: String = (0..1_000)
        .map(|number| format!("bill-{number}\n"))
        .collect();
    let ended = run_with_stdin(&["bill", "read", "-", "--concurrency", "64"], &at, &ids);
    let lines: Vec<Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1_000, "none is missing");
    let mut failed = 0;
    for (number, line) in lines.iter().enumerate() {
        let id = format!("bill-{number}");
        match line.get("error") {
            None => {
                assert_eq!(line["bill_id"], id);
                assert_eq!(line["approval"]["price"], 1_000 + number);
            }
            Some(error) => {
                assert_eq!(error["bill_id"], id);
                failed += 1;
            }
        }
    }
    assert_eq!(
        ended.code == 0,
        failed == 0,
        "{failed} failed: {}",
        ended.stderr
    );
}

#[test]
fn ids_come_as_lines_or_as_json_and_an_error_stands_in_its_place() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:F", "--bill", "b:2000:W"]);
    let ids =
        "\u{feff}a\r\n\n  b \n\"a\"\n{\"bill_id\":\"b\",\"x\":1}\nnone\na,b\n{\"id\":\"a\"}\nb";
    for output in ["text", "json"] {
        let ended = run_with_stdin(&["--output", output, "bill", "read", "-"], &at, ids);
        let lines: Vec<Value> = ended
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let read: Vec<&str> = lines
            .iter()
            .map(|line| match line.get("error") {
                None => line["bill_id"].as_str().unwrap(),
                Some(error) => error["kind"].as_str().unwrap(),
            })
            .collect();
        let expected = [
            "a",
            "b",
            "a",
            "b",
            "rejected",
            "invalid_input",
            "invalid_input",
            "b",
        ];
        assert_eq!(read, expected);
        let message = lines[5]["error"]["message"].as_str().unwrap();
        assert!(message.contains("line 7: a comma"), "{message}");
        assert_eq!(ended.code, 3, "the highest of all errors");
        assert!(!ended.stderr.is_empty());
    }
    let long = "x".repeat(10_000);
    let ended = run_with_stdin(&["bill", "read", "-"], &at, &format!("{long}\na\n{long}"));
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].contains("line 1: it has more than 4096 bytes"),
        "{}",
        lines[0]
    );
    assert!(lines[1].contains("\"bill_id\":\"a\""), "{}", lines[1]);
    let ended = run_with_stdin(&["bill", "read", "-"], &at, "");
    assert_eq!((ended.code, ended.stdout.as_str()), (0, ""));
    for wrong in ["0", "65", "many"] {
        let ended = run(&["bill", "read", "-", "--concurrency", wrong], &at);
        assert_eq!(ended.code, 2);
    }
}
