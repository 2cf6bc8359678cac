//! What the HTTP status and the result code of a response prove: success, a rejection, or nothing.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod errors;
    pub mod responses;
    pub mod samples;
}

use payssam::{CodeKind, Error, Operation, Outcome, UnknownReason};
use serde_json::{Value, json};

use support::{
    caller::{cancel, client},
    calls::call,
    errors::{about, check},
    responses::{HASH, REJECTION, SUCCESS, cancelled, responding},
};

const HTML: &str = "<html><body>502 Bad Gateway</body></html>";

#[tokio::test]
async fn a_hash_that_is_echoed_in_any_case_is_success() {
    for hash in [HASH.to_owned(), HASH.to_uppercase()] {
        let done = cancelled(json!({"billId": "2024-0001", "hash": hash})).await;
        assert!(done.is_ok(), "{done:?}");
    }
}

#[tokio::test]
async fn a_cancellation_with_data_and_without_contradiction_is_success() {
    for data in [
        json!({"billId": "2024-0001"}),
        json!({"hash": HASH}),
        json!({"apprNum": "1"}),
        json!({"billId": "", "hash": null, "apprNum": "1"}),
        json!({"aNewField": {"deep": true}}),
    ] {
        let done = cancelled(data.clone()).await;
        assert!(done.is_ok(), "{data}: {done:?}");
    }
}

/// What the text of a rejection says at its end.
fn after_a_rejection(operation: Operation, is_listed: bool) -> &'static str {
    match operation {
        _ if is_listed || !operation.is_write() => "; nothing changed",
        Operation::BillCancel => {
            "; this proves little: read the bill before you return money by hand"
        }
        Operation::BillSend => "; this proves little: read the bill before you send another",
        Operation::BillResend => "; this proves little: the message may have been sent",
        Operation::BillDestroy => {
            "; this proves little: read the bill before you send a corrected one"
        }
        Operation::ReceiptIssue => {
            "; this proves little: read its history before you issue another"
        }
        Operation::ReceiptCancel => {
            "; this proves little: read its history before you issue a corrected one"
        }
        _ => "; this proves little: find out by a read what became of it",
    }
}

#[tokio::test]
async fn white_space_around_a_code_is_ignored() {
    let spaces = [" ", "\\t", "\\r\\n", "\\u00a0", "\\u3000", "  "];
    for space in spaces {
        let body = format!(
            r#"{{"code":"{space}0000{space}","data":{{"billId":"2024-0001","hash":"{HASH}"}}}}"#
        );
        let server = responding(200, body).await;
        let client = client(&server.base_url());
        client.bills().cancel(&cancel()).await.unwrap();
        let body = format!(r#"{{"code":"BILL_003{space}","data":null}}"#);
        let server = responding(200, body).await;
        let client = self::client(&server.base_url());
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client).await.unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        }
    }
    // The same code twice is one code; white space alone is none.
    let server = responding(200, r#"{"code":"BILL_003 ","code":" BILL_003"}"#).await;
    let error = call(Operation::BillCancel, &client(&server.base_url())).await;
    check(
        &error.unwrap_err(),
        Operation::BillCancel,
        Outcome::Rejected,
        Some("BILL_003"),
    );
    let server = responding(200, r#"{"code":" ","data":null}"#).await;
    let error = call(Operation::BillCancel, &client(&server.base_url())).await;
    check(
        &error.unwrap_err(),
        Operation::BillCancel,
        Outcome::Unknown,
        None,
    );
}

#[tokio::test]
async fn a_code_that_is_a_number_is_no_code() {
    for code in ["0", "0.0", "9970", "-1", "1e3"] {
        let server = responding(200, format!(r#"{{"code":{code},"data":null}}"#)).await;
        let client = client(&server.base_url());
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client).await.unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
        }
    }
}

#[tokio::test]
async fn a_rejection_whose_data_confirm_the_request_is_a_contradiction() {
    for (status, data) in [
        (200, json!({"billId": "2024-0001"})),
        (200, json!({"billId": "2024-0001", "hash": HASH})),
        (200, json!({"billId": "2024-0001", "apprNum": "1"})),
        (400, json!({"billId": "2024-0001", "hash": HASH})),
    ] {
        for code in ["NEW_001", "BILL_003", "00000", "SUCCESS"] {
            let error = rejected(status, code, &data).await;
            assert_eq!(error.outcome(), Outcome::Unknown, "{data}");
            assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
            assert_eq!(error.code().unwrap().as_str(), code);
            assert!(!error.is_settled());
        }
    }
    for data in [
        json!(null),
        json!({}),
        json!({"billId": "another"}),
        json!({"billId": "2024-0001", "hash": "0".repeat(64)}),
        json!({"apprNum": "1"}),
    ] {
        let error = rejected(200, "NEW_001", &data).await;
        assert_eq!(error.outcome(), Outcome::Rejected, "{data}");
    }
}

async fn rejected(status: u16, code: &str, data: &Value) -> Error {
    let body = json!({"code": code, "message": "m", "data": data});
    let server = responding(status, body.to_string()).await;
    let client = client(&server.base_url());
    client.bills().cancel(&cancel()).await.unwrap_err()
}

#[tokio::test]
async fn a_rejection_is_settled_by_a_code_of_the_table_only() {
    let data = json!(null);
    for (status, code, is_settled) in [
        (200, "BILL_003", true),
        (200, "VALIDATION_002", true),
        (200, "BILL_006", true),
        (400, "VALIDATION_002", true),
        (200, "NEW_001", false),
        (200, "9970", false),
        (200, "PARTNER_007", false),
        (404, "NEW_001", false),
    ] {
        assert_eq!(rejected(status, code, &data).await.is_settled(), is_settled);
    }
    let server = responding(404, HTML).await;
    let error = call(Operation::BillCancel, &client(&server.base_url())).await;
    assert!(!error.unwrap_err().is_settled(), "no code at all");
}

#[tokio::test]
async fn an_unknown_code_is_a_rejection_with_its_message() {
    let body = r#"{"code":"BILL_999","message":"새로운 오류","data":null}"#;
    for operation in Operation::ALL.iter().copied() {
        let server = responding(200, body).await;
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Rejected, Some("BILL_999"));
        assert_eq!(error.code().unwrap().kind(), CodeKind::Unknown);
        assert_eq!(
            error.to_string(),
            format!(
                "{operation} rejected: BILL_999 새로운 오류 {}{}",
                about(operation),
                after_a_rejection(operation, false)
            )
        );
        assert_eq!(error.is_settled(), !operation.is_write());
    }
}

#[tokio::test]
async fn every_documented_code_but_success_and_unclear_ones_is_a_rejection() {
    for (code, kind) in [
        ("PARTNER_001", CodeKind::Contract),
        ("PARTNER_002", CodeKind::Credentials),
        ("PARTNER_003", CodeKind::Credentials),
        ("PARTNER_004", CodeKind::Contract),
        ("PARTNER_005", CodeKind::Contract),
        ("PARTNER_006", CodeKind::Contract),
        ("PARTNER_007", CodeKind::Unknown),
        ("BILL_001", CodeKind::BillIdUsed),
        ("BILL_003", CodeKind::BillNotFound),
        ("BILL_006", CodeKind::BillState),
        ("VALIDATION_002", CodeKind::Request),
        ("POINT_001", CodeKind::Points),
        // Only "0000" is success.
        ("0", CodeKind::Unknown),
        ("00000", CodeKind::Unknown),
        ("SUCCESS", CodeKind::Unknown),
        ("error", CodeKind::Unknown),
    ] {
        let body = json!({"code": code, "message": "m", "data": {"billId": "another"}});
        let server = responding(200, body.to_string()).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some(code));
            assert_eq!(error.code().unwrap().kind(), kind, "{code}");
        }
    }
}

#[tokio::test]
async fn the_data_of_a_rejection_is_ignored() {
    for data in [
        r#","data":null"#,
        "",
        r#","data":"""#,
        r#","data":{}"#,
        r#","data":[]"#,
        r#","data":7"#,
        r#","data":{"billId":"another"}"#,
    ] {
        let body = format!(r#"{{"code":"BILL_003","message":"m"{data}}}"#);
        let server = responding(200, body).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        }
    }
}

/// HTTP status, body, and what they mean: what became of the request, the code that is kept, and
/// the beginning of the text after the operation.
type Row = (
    u16,
    &'static str,
    Outcome,
    Option<&'static str>,
    &'static str,
);

const VERDICTS: &[Row] = {
    use Outcome::{Rejected, Unknown};
    const STATUS: &str = "outcome unknown: the HTTP status proves nothing, HTTP";
    const INVALID: &str = "outcome unknown: the response is not in PaySsam's format, HTTP 200 (";
    const UNCLEAR: &str = "outcome unknown: PaySsam itself does not know what happened, HTTP";
    const CONTRADICTION: &str =
        "outcome unknown: the response contradicts itself or the request, HTTP";
    &[
        // The status alone says no, with an envelope or without.
        (
            400,
            REJECTION,
            Rejected,
            Some("BILL_003"),
            "rejected: BILL_003 m (",
        ),
        (
            400,
            "",
            Rejected,
            None,
            "rejected: HTTP 400 without a result code (",
        ),
        (
            400,
            HTML,
            Rejected,
            None,
            "rejected: HTTP 400 without a result code (",
        ),
        (
            400,
            "{}",
            Rejected,
            None,
            "rejected: HTTP 400 without a result code (",
        ),
        (
            400,
            r#"{"message":"m"}"#,
            Rejected,
            None,
            "rejected: HTTP 400 without a result code m (",
        ),
        (
            401,
            "",
            Rejected,
            None,
            "rejected: HTTP 401 without a result code (",
        ),
        (
            403,
            HTML,
            Rejected,
            None,
            "rejected: HTTP 403 without a result code (",
        ),
        (
            404,
            REJECTION,
            Rejected,
            Some("BILL_003"),
            "rejected: BILL_003 m (",
        ),
        (
            404,
            HTML,
            Rejected,
            None,
            "rejected: HTTP 404 without a result code (",
        ),
        (
            429,
            REJECTION,
            Rejected,
            Some("BILL_003"),
            "rejected: BILL_003 m (",
        ),
        (
            429,
            "",
            Rejected,
            None,
            "rejected: HTTP 429 without a result code (",
        ),
        // But not when the body contradicts it.
        (400, SUCCESS, Unknown, Some("0000"), CONTRADICTION),
        (404, SUCCESS, Unknown, Some("0000"), CONTRADICTION),
        (
            400,
            r#"{"code":"ERROR","message":"m"}"#,
            Unknown,
            Some("ERROR"),
            UNCLEAR,
        ),
        (
            404,
            r#"{"code":"PAYMENT_001"}"#,
            Unknown,
            Some("PAYMENT_001"),
            UNCLEAR,
        ),
        (
            429,
            r#"{"code":"PAYMENT_002"}"#,
            Unknown,
            Some("PAYMENT_002"),
            UNCLEAR,
        ),
        // The status proves nothing, whatever the body says.
        (408, "", Unknown, None, STATUS),
        (408, REJECTION, Unknown, Some("BILL_003"), STATUS),
        (408, SUCCESS, Unknown, Some("0000"), STATUS),
        (500, "", Unknown, None, STATUS),
        (500, HTML, Unknown, None, STATUS),
        (500, REJECTION, Unknown, Some("BILL_003"), STATUS),
        (500, SUCCESS, Unknown, Some("0000"), STATUS),
        (502, HTML, Unknown, None, STATUS),
        (503, "", Unknown, None, STATUS),
        (503, REJECTION, Unknown, Some("BILL_003"), STATUS),
        (504, "", Unknown, None, STATUS),
        (201, "", Unknown, None, STATUS),
        (201, SUCCESS, Unknown, Some("0000"), STATUS),
        (201, REJECTION, Unknown, Some("BILL_003"), STATUS),
        (204, "", Unknown, None, STATUS),
        (302, "", Unknown, None, STATUS),
        (302, SUCCESS, Unknown, Some("0000"), STATUS),
        (302, REJECTION, Unknown, Some("BILL_003"), STATUS),
        // PaySsam itself does not know.
        (
            200,
            r#"{"code":"ERROR","message":"m","data":null}"#,
            Unknown,
            Some("ERROR"),
            UNCLEAR,
        ),
        (
            200,
            r#"{"code":"PAYMENT_001","data":null}"#,
            Unknown,
            Some("PAYMENT_001"),
            UNCLEAR,
        ),
        (
            200,
            r#"{"code":"PAYMENT_002","data":null}"#,
            Unknown,
            Some("PAYMENT_002"),
            UNCLEAR,
        ),
        (
            500,
            r#"{"code":"ERROR","data":null}"#,
            Unknown,
            Some("ERROR"),
            UNCLEAR,
        ),
        // Not a response of PaySsam.
        (200, "", Unknown, None, INVALID),
        (200, " ", Unknown, None, INVALID),
        (200, HTML, Unknown, None, INVALID),
        (200, "null", Unknown, None, INVALID),
        (200, "\"0000\"", Unknown, None, INVALID),
        (200, "[]", Unknown, None, INVALID),
        (200, "{}", Unknown, None, INVALID),
        (
            200,
            r#"{"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":"","data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":null,"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":0,"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":["0000"],"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":"0000","data":{"billId":"2024-0001""#,
            Unknown,
            None,
            INVALID,
        ),
        (
            200,
            r#"{"code":"0000","data":{"billId":"2024-0001"}} x"#,
            Unknown,
            None,
            INVALID,
        ),
        // Two codes.
        (
            200,
            r#"{"code":"0000","code":"BILL_003"}"#,
            Unknown,
            Some("BILL_003"),
            CONTRADICTION,
        ),
        (
            200,
            r#"{"code":"BILL_003","data":{"billId":"2024-0001"},"code":"0000"}"#,
            Unknown,
            Some("0000"),
            CONTRADICTION,
        ),
        (
            400,
            r#"{"code":"BILL_003","code":"BILL_001"}"#,
            Unknown,
            Some("BILL_001"),
            CONTRADICTION,
        ),
    ]
};

#[tokio::test]
async fn status_and_code_alone_decide_the_outcome() {
    for (status, body, outcome, code, text) in VERDICTS {
        let server = responding(*status, body).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(body);
            check(&error, operation, *outcome, *code);
            assert_eq!(error.http_status(), Some(*status), "{error}");
            let shown = error.to_string();
            assert!(
                shown.starts_with(&format!("{operation} {text}")),
                "HTTP {status} {body}: {shown}"
            );
            let next = match (*outcome, operation) {
                (Outcome::Rejected, operation) => after_a_rejection(operation, code.is_some()),
                (_, operation) if !operation.is_write() => "; nothing changed, read again",
                (_, Operation::BillCancel) => {
                    "; it may have been carried out: read the bill before you repeat it or return \
                     money by hand"
                }
                (_, Operation::BillSend) => {
                    "; it may have been sent: read the bill before you send it again, and never \
                     send it under another id"
                }
                (_, Operation::BillResend) => {
                    "; the message may have been sent, and no read can tell: ask the payer before you \
                     repeat it"
                }
                (_, Operation::BillDestroy) => {
                    "; it may have been carried out: read the bill before you repeat it"
                }
                (_, Operation::ReceiptIssue) => {
                    "; it may have been issued: read its history before you issue it again, and \
                     never issue it under another id"
                }
                (_, Operation::ReceiptCancel) => {
                    "; it may have been carried out: read its history before you repeat it"
                }
                _ => "; it may have been carried out: find out by a read before you repeat it",
            };
            assert!(shown.ends_with(&(about(operation) + next)), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_no_text_does_not_change_the_verdict() {
    let data = format!(r#"{{"\ud800":"x","billId":"2024-0001","hash":"{HASH}"}}"#);
    let body = format!(r#"{{"\ud800":1,"code":"0000","data":{data}}}"#);
    let server = responding(200, body).await;
    let client = client(&server.base_url());
    client.bills().cancel(&cancel()).await.unwrap();
}

#[tokio::test]
async fn fields_that_are_not_read_do_not_change_the_verdict() {
    let nested = "[".repeat(200) + &"]".repeat(200);
    let digits = "9".repeat(400);
    for odd in [&nested, &digits, "1e999999", r#""\ud800""#, "true"] {
        let success = format!(
            r#"{{"x":{odd},"message":{odd},"code":"0000","data":{{"x":{odd},"billId":"2024-0001"}}}}"#
        );
        let rejection = format!(r#"{{"message":{odd},"code":"BILL_003","data":{odd}}}"#);
        let (success, rejection) = (
            responding(200, success).await,
            responding(200, rejection).await,
        );
        for operation in Operation::ALL.iter().copied() {
            let result = call(operation, &client(&success.base_url())).await;
            assert!(result.is_ok(), "{odd}: {result:?}");
            let error = call(operation, &client(&rejection.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        }
    }
    let body = [
        br#"{"code":"0000","message":""#.as_slice(),
        &[0xff, 0xfe],
        br#"","data":{"billId":"2024-0001"}}"#,
    ]
    .concat();
    let server = responding(200, body).await;
    for operation in Operation::ALL.iter().copied() {
        let result = call(operation, &client(&server.base_url())).await;
        assert!(result.is_ok(), "{result:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_an_invalid_response() {
    let bodies: [&[u8]; 5] = [
        b"\xff\xfe",
        b"{\xff\"code\":\"0000\",\"data\":{\"billId\":\"2024-0001\"}}",
        b"{\"code\":\"\xff\",\"data\":{\"billId\":\"2024-0001\"}}",
        b"{\"code\":\"BILL_\xff\xfe3\",\"data\":null}",
        b"{\"code\":\"0000\xc0\",\"data\":{\"billId\":\"2024-0001\"}}",
    ];
    for body in bodies {
        let server = responding(200, body).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::InvalidResponse),
                "{body:?}"
            );
        }
    }
}

#[tokio::test]
async fn success_without_data_is_unknown() {
    for data in [
        r#","data":null"#,
        "",
        r#","data":"""#,
        r#","data":{}"#,
        r#","data":{"billId":""}"#,
        r#","data":{"billId":null,"hash":null}"#,
        r#","data":[]"#,
        r#","data":["2024-0001"]"#,
        r#","data":"2024-0001""#,
        r#","data":true"#,
    ] {
        let body = format!(r#"{{"code":"0000","message":"성공하였습니다."{data}}}"#);
        let server = responding(200, body).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(data);
            check(&error, operation, Outcome::Unknown, Some("0000"));
            assert_eq!(error.http_status(), Some(200));
            assert_eq!(error.unknown_reason(), Some(UnknownReason::EmptyResponse));
            let text = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: the response says success but has no data, HTTP 200, \
                 0000"
            );
            assert!(text.starts_with(&expected), "{text}");
        }
    }
}
