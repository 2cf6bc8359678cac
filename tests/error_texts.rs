//! What an error says: what happened, what it means for the money, and what to do next.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod errors;
    pub mod responses;
    pub mod samples;
}

use payssam::{CodeKind, Operation, Outcome};
use serde_json::json;

use support::{
    caller::client,
    calls::call,
    errors::{about, check, is_about_no_bill},
    responses::responding,
};

#[tokio::test]
async fn a_rejection_keeps_code_and_message() {
    let body = r#"{"code":"BILL_003","message":"청구서를 찾을 수 없습니다.","data":null}"#;
    for (operation, text) in [
        (
            Operation::BillRead,
            "bill read rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); nothing changed",
        ),
        (
            Operation::BillCancel,
            "bill cancel rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); nothing changed",
        ),
    ] {
        let server = responding(200, body).await;
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        assert_eq!(error.http_status(), Some(200));
        assert_eq!(error.code().unwrap().kind(), CodeKind::BillNotFound);
        assert_eq!(error.raw_message(), Some("청구서를 찾을 수 없습니다."));
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn msg_is_read_where_message_is_missing() {
    for (body, text) in [
        (r#"{"code":"BILL_003","msg":"둘","data":null}"#, Some("둘")),
        (
            r#"{"code":"BILL_003","message":"하나","msg":"둘"}"#,
            Some("하나"),
        ),
        (
            r#"{"msg":"둘","message":"하나","code":"BILL_003"}"#,
            Some("하나"),
        ),
        (r#"{"code":"BILL_003","message":"","msg":"둘"}"#, Some("둘")),
        (
            r#"{"code":"BILL_003","message":null,"msg":"둘"}"#,
            Some("둘"),
        ),
        (r#"{"code":"BILL_003"}"#, None),
    ] {
        let server = responding(200, body).await;
        for operation in Operation::ALL.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
            assert_eq!(error.raw_message(), text, "{body}");
            assert_eq!(
                error.to_string(),
                match text {
                    Some(text) => format!(
                        "{operation} rejected: BILL_003 {text} {}; nothing changed",
                        about(operation)
                    ),
                    None => format!(
                        "{operation} rejected: BILL_003 {}; nothing changed",
                        about(operation)
                    ),
                }
            );
        }
    }
}

#[tokio::test]
async fn a_message_shows_neither_long_numbers_nor_invisible_characters() {
    let text = "010-1234-5678\u{1b}[31m 확인\u{202e}\n";
    let body = json!({"code": "BILL_003", "message": text, "data": null});
    let server = responding(200, body.to_string()).await;
    let error = call(Operation::BillCancel, &client(&server.base_url()))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "bill cancel rejected: BILL_003 [masked]\\u{1b}[31m 확인\\u{202e}\\u{a} (bill 2024-0001); nothing changed"
    );
    assert_eq!(error.raw_message(), Some(text));
}

#[tokio::test]
async fn an_unknown_outcome_says_what_is_known_and_what_to_do() {
    let body = r#"{"code":"ERROR","message":"처리 중 오류가 발생하였습니다.","data":null}"#;
    let server = responding(200, body).await;
    let client = client(&server.base_url());
    assert_eq!(
        call(Operation::BillCancel, &client)
            .await
            .unwrap_err()
            .to_string(),
        "bill cancel outcome unknown: PaySsam itself does not know what happened, HTTP 200, ERROR \
         처리 중 오류가 발생하였습니다. (bill 2024-0001); it may have been carried out: read the \
         bill before you repeat it or return money by hand"
    );
    assert_eq!(
        call(Operation::BillRead, &client)
            .await
            .unwrap_err()
            .to_string(),
        "bill read outcome unknown: PaySsam itself does not know what happened, HTTP 200, ERROR \
         처리 중 오류가 발생하였습니다. (bill 2024-0001); nothing changed, read again"
    );
}

#[tokio::test]
async fn the_message_of_a_contradictory_success_is_kept() {
    for data in ["null", r#"{"billId":"2024-0002"}"#] {
        let body = format!(r#"{{"code":"0000","message":"성공하였습니다.","data":{data}}}"#);
        let server = responding(200, body).await;
        // A response about no bill cannot name another one.
        let of_a_bill = Operation::ALL
            .iter()
            .copied()
            .filter(|of| !is_about_no_bill(*of));
        for operation in of_a_bill {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(data);
            check(&error, operation, Outcome::Unknown, Some("0000"));
            assert_eq!(error.raw_message(), Some("성공하였습니다."));
            let text = error.to_string();
            let expected = format!(", HTTP 200, 0000 성공하였습니다. {}; ", about(operation));
            assert!(text.contains(&expected), "{text}");
        }
    }
}
