//! What the HTTP status and the result code of a response prove: success, a rejection, or nothing.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod errors;
    pub mod responses;
    pub mod samples;
}

use payssam::{CodeKind, Operation, Outcome, UnknownReason};
use serde_json::json;

use support::{
    caller::client,
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
                "{operation} rejected: BILL_999 새로운 오류 {}; nothing changed",
                about(operation)
            )
        );
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
        ("0000 ", CodeKind::Unknown),
        ("SUCCESS", CodeKind::Unknown),
        ("error", CodeKind::Unknown),
    ] {
        let body = json!({"code": code, "message": "m", "data": {"billId": "2024-0001"}});
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
                (Outcome::Rejected, _) => "; nothing changed",
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
