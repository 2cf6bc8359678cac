//! `payssam bill read` shows a bill: every field of a payment, and nothing of a payment that never was.

use serde_json::{Value, json};

use crate::support::{
    PHONE,
    canned_server::CannedServer,
    process::{json_of, run},
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
