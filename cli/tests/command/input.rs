//! Values that are not valid.

use serde_json::{Value, json};

use crate::support::{
    CLOSED, PHONE, SEND,
    canned_server::CannedServer,
    process::{at, error_of},
};

#[test]
fn a_value_that_is_not_valid_is_named_and_nothing_is_sent() {
    let server = CannedServer::with_data(json!({"billId": "1"}));
    let too_long = "일".repeat(21);
    let cancel = |price| ["bill", "cancel", "1", "--price", price];
    let mut cases: Vec<(Vec<&str>, &str)> = Vec::new();
    for price in [
        "45,000",
        "045",
        "+5",
        "-5",
        "0",
        "",
        "1.5",
        "45000원",
        "10000000000",
    ] {
        cases.push((cancel(price).into(), "price"));
        cases.push((vec!["sign", "--bill-id", "1", "--price", price], "price"));
    }
    for id in ["2024,0001", "", " 1", "1\u{200b}", "1\u{1b}[31m", &too_long] {
        cases.push((vec!["bill", "read", id], "bill id"));
        cases.push((vec!["bill", "cancel", id, "--price", "1"], "bill id"));
        cases.push((vec!["sign", "--bill-id", id, "--price", "1"], "bill id"));
    }
    for reason in [too_long.as_str(), "a\nb"] {
        let arguments = [&cancel("1")[..], &["--reason", reason]].concat();
        cases.push((arguments, "cancel reason"));
    }
    for phone in ["010-1234-5678", "", "+82"] {
        let sign = ["sign", "--bill-id", "1", "--price", "1", "--phone", phone];
        cases.push((sign.into(), "phone"));
    }
    for (option, field) in [
        ("--timeout", "timeout"),
        ("--connect-timeout", "connect timeout"),
    ] {
        for duration in ["0s", "0ms", "-1s", "1s ago", "5", "soon", ""] {
            cases.push((vec!["bill", "read", "1", option, duration], field));
        }
    }
    for (arguments, field) in cases {
        let error = error_of(2, &arguments, &server.environment());
        assert_eq!(error["kind"], "invalid_input", "{arguments:?}: {error}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("invalid {field}: ")),
            "{message}"
        );
    }
    assert_eq!(server.bodies(), [Value::Null; 0]);
}

#[test]
fn a_bill_to_send_names_the_value_that_is_not_valid_without_repeating_personal_data() {
    for (place, wrong, field) in [
        (3, "45,000", "price"),
        (5, "", "product name"),
        (7, "", "payer name"),
        (9, "02-1234-5678", "phone"),
        (11, "http://academy.example", "callback url"),
    ] {
        let mut arguments = SEND;
        arguments[place] = wrong;
        let error = error_of(2, &arguments, &at(CLOSED));
        let message = error["message"].as_str().unwrap();
        let start = format!("invalid {field}: ");
        assert!(message.starts_with(&start), "{message}");
        for personal in ["1234-5678", PHONE, "김하나"] {
            assert!(!message.contains(personal), "{message}");
        }
    }
}
