//! What each answer means: the documented ones, the measured ones, and everything that is none.

mod support {
    pub mod caller;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod sender;
    pub mod silence;
    pub mod spec;
    pub mod wire;
}

use std::time::Duration;

use httpmock::MockServer;
use payssam::{
    Bill, BillState, CancelBill, Cancellation, Client, CodeKind, Credentials, Error, Malformed,
    Operation, Outcome, PayType, ResendBill, RetryPolicy, UnknownReason, Won,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::mpsc::{self, Receiver},
};

use support::sender;
use support::{
    caller::{API_KEY, bill_id, cancel, client},
    silence::Silence,
    wire::{Server, Turn, http},
};

/// The hash of a cancellation of 2024-0001 with 45,000 won.
const HASH: &str = "681f35e06c7051b89ccc878847ee4cc169e2f26b82ccd014aa4445c91a0e155e";

const OPERATIONS: &[Operation] = &[
    Operation::BillRead,
    Operation::BillCancel,
    Operation::BillSend,
    Operation::BillResend,
    Operation::BillDestroy,
    Operation::ReceiptIssue,
    Operation::ReceiptCancel,
    Operation::ReceiptRead,
    Operation::PointsPartner,
    Operation::PointsMerchant,
    Operation::MerchantRegister,
];

/// Makes the call and tells only whether it succeeded.
async fn call(operation: Operation, client: &Client) -> Result<(), Error> {
    match operation {
        Operation::BillRead => client.bills().read(&bill_id()).await.map(drop),
        Operation::BillSend => client.bills().send(&sender::send()).await.map(drop),
        Operation::BillResend => client
            .bills()
            .resend(&ResendBill::new(bill_id()))
            .await
            .map(drop),
        Operation::BillDestroy => client.bills().destroy(&sender::destroy()).await.map(drop),
        Operation::ReceiptIssue => client.receipts().issue(&sender::issue()).await.map(drop),
        Operation::ReceiptCancel => {
            let cancel = sender::issue().cancellation();
            client.receipts().cancel(&cancel).await.map(drop)
        }
        Operation::ReceiptRead => {
            let price = sender::issue().price();
            client.receipts().read(&bill_id(), price).await.map(drop)
        }
        Operation::PointsPartner => client.points().partner().await.map(drop),
        Operation::PointsMerchant => client.points().merchant().await.map(drop),
        Operation::MerchantRegister => client
            .onboarding()
            .register(&sender::new_shop())
            .await
            .map(drop),
        _ => client.bills().cancel(&cancel()).await.map(drop),
    }
}

fn is_about_no_bill(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::PointsPartner | Operation::PointsMerchant | Operation::MerchantRegister
    )
}

/// What an error about the call ends with before it says what to do.
fn about(operation: Operation) -> String {
    match operation {
        Operation::ReceiptIssue | Operation::ReceiptCancel | Operation::ReceiptRead => {
            "(receipt 2024-0001)".into()
        }
        operation if is_about_no_bill(operation) => format!("({})", operation.path()),
        _ => "(bill 2024-0001)".into(),
    }
}

/// A server that answers every request so.
async fn answering(status: u16, body: impl AsRef<[u8]>) -> MockServer {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(status)
                .header("content-type", "application/json")
                .body(body);
        })
        .await;
    server
}

/// Reads the bill 2024-0001 from this answer.
async fn read(answer: Value) -> Result<Bill, Error> {
    let server = answering(200, answer.to_string()).await;
    client(&server.base_url()).bills().read(&bill_id()).await
}

/// The bill of an answer that says success and holds `data`.
async fn bill(data: Value) -> Bill {
    read(json!({"code": "0000", "message": "성공하였습니다.", "data": data}))
        .await
        .expect("a bill")
}

/// Cancels the bill 2024-0001 and gets an answer that says success and holds `data`.
async fn cancelled(data: Value) -> Result<Cancellation, Error> {
    let answer = json!({"code": "0000", "message": "성공하였습니다.", "data": data});
    let server = answering(200, answer.to_string()).await;
    client(&server.base_url()).bills().cancel(&cancel()).await
}

/// Checks everything that an error about the bill 2024-0001 tells, but its words.
fn check(error: &Error, operation: Operation, delivery: Outcome, code: Option<&str>) {
    let kind = match delivery {
        Outcome::NotSent => "not_sent",
        Outcome::Rejected => "rejected",
        Outcome::Unknown => "outcome_unknown",
    };
    assert_eq!(error.outcome(), delivery, "{error}");
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.code().map(|code| code.as_str()), code, "{error}");
    assert_eq!(error.operation(), Some(operation), "{error}");
    let id = bill_id();
    let expected = (!is_about_no_bill(operation)).then_some(&id);
    assert_eq!(error.bill_id(), expected, "{error}");
}

// Success

#[tokio::test]
async fn a_paid_bill_is_read_in_domain_types() {
    let bill = bill(json!({
        "apiKey": API_KEY,
        "billId": "2024-0001",
        "apprPayType": "CARD_VAN",
        "apprCardType": "신용",
        "apprDt": "20240102030405",
        "apprPrice": "45000",
        "apprIssuer": "현대카드",
        "apprMonthly": "3",
        "apprState": "F",
        "apprCashNum": "",
        "apprSign": "7ISc66qF",
        "udItem": {"student": "김하나"}
    }))
    .await;
    assert_eq!(bill.bill_id(), &bill_id());
    assert_eq!(bill.state(), &BillState::Paid);
    let approval = bill.approval();
    assert_eq!(approval.pay_type(), Some(PayType::CardVan));
    assert_eq!(approval.card_type(), Some("신용"));
    assert_eq!(approval.price(), Ok(Some(Won::new(45_000).unwrap())));
    assert_eq!(approval.issuer_name(), Some("현대카드"));
    assert_eq!(approval.installment_months(), Ok(Some(3)));
    assert_eq!(
        approval.healthcare().sign(),
        Ok(Some("서명".as_bytes().to_vec()))
    );
    assert_eq!(
        approval.user_item::<Value>(),
        Ok(Some(json!({"student": "김하나"})))
    );
}

#[tokio::test]
async fn a_cancellation_tells_its_numbers_and_when_it_was_made() {
    let done = cancelled(json!({
        "apiKey": API_KEY,
        "member": "merchant-1",
        "merchant": "member-1",
        "billId": "2024-0001",
        "hash": HASH,
        "apprNum": "87654321",
        "apprOriginNum": "12345678",
        "apprCancelDt": "20240102030405"
    }))
    .await
    .expect("success");
    assert_eq!(done.bill_id(), &bill_id());
    assert_eq!(done.approval_number(), Some("87654321"));
    assert_eq!(done.original_approval_number(), Some("12345678"));
    let at = done.cancelled_at().unwrap().expect("a time");
    assert_eq!(at.to_string(), "2024-01-02T03:04:05+09:00");
    // The page swaps the two descriptions; what came is handed on as it came.
    assert_eq!(done.member(), Some("merchant-1"));
    assert_eq!(done.merchant(), Some("member-1"));
}

#[tokio::test]
async fn a_hash_that_is_echoed_in_any_case_is_success() {
    for hash in [HASH.to_owned(), HASH.to_uppercase()] {
        let done = cancelled(json!({"billId": "2024-0001", "hash": hash})).await;
        assert!(done.is_ok(), "{done:?}");
    }
}

#[tokio::test]
async fn a_cancellation_that_holds_something_and_contradicts_nothing_is_success() {
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
async fn fields_that_nobody_knows_are_ignored() {
    let server = answering(
        200,
        json!({
            "trace": {"id": 7},
            "code": "0000",
            "message": "ok",
            "data": {"billId": "2024-0001", "apprState": "F", "new": [1, {"a": null}], "more": 1.5},
            "timestamp": 1
        })
        .to_string(),
    )
    .await;
    let bill = client(&server.base_url()).bills().read(&bill_id()).await;
    assert_eq!(bill.expect("a bill").state(), &BillState::Paid);
}

#[tokio::test]
async fn numbers_are_read_where_text_is_documented() {
    let bill = bill(json!({
        "billId": "2024-0001",
        "apprDt": 20240102030405_u64,
        "apprPrice": 45000,
        "apprMonthly": 0,
        "apprNum": 12345678,
        "apprIssuerNum": 9410123456785678_u64
    }))
    .await;
    let approval = bill.approval();
    assert_eq!(approval.price(), Ok(Some(Won::new(45_000).unwrap())));
    assert_eq!(approval.installment_months(), Ok(Some(0)));
    assert_eq!(approval.approval_number(), Some("12345678"));
    let at = approval.approved_at().unwrap().expect("a time");
    assert_eq!(at.digits(), "20240102030405");
    let number = approval.issuer_number().expect("a number");
    assert_eq!(number.reveal(), "9410123456785678");
    assert_eq!(number.to_string(), "****5678");
}

#[tokio::test]
async fn a_bill_id_that_comes_as_a_number_is_the_same_bill() {
    let id = payssam::BillId::new("1024").unwrap();
    let answer =
        json!({"code": "0000", "message": "ok", "data": {"billId": 1024, "apprState": "C"}});
    let server = answering(200, answer.to_string()).await;
    let client = client(&server.base_url());
    assert_eq!(
        client.bills().read(&id).await.unwrap().state(),
        &BillState::Cancelled
    );
    let cancel = CancelBill::new(id.clone(), Won::new(45_000).unwrap());
    assert_eq!(client.bills().cancel(&cancel).await.unwrap().bill_id(), &id);
}

#[tokio::test]
async fn a_state_is_known_by_its_letter_and_kept_if_it_is_not_known() {
    for (state, expected) in [
        (json!("W"), BillState::Unpaid),
        (json!("F"), BillState::Paid),
        (json!("C"), BillState::Cancelled),
        (json!("D"), BillState::Destroyed),
        (json!("R"), BillState::Unknown("R".into())),
        (json!("f"), BillState::Unknown("f".into())),
        (json!("F "), BillState::Unknown("F ".into())),
        (json!("환불"), BillState::Unknown("환불".into())),
        (json!(7), BillState::Unknown("7".into())),
        (json!(""), BillState::Unknown(String::new())),
        (Value::Null, BillState::Unknown(String::new())),
    ] {
        let bill = bill(json!({"billId": "2024-0001", "apprState": state})).await;
        assert_eq!(bill.state(), &expected);
    }
    let bill = bill(json!({"billId": "2024-0001"})).await;
    assert_eq!(bill.state(), &BillState::Unknown(String::new()));
}

#[tokio::test]
async fn empty_null_and_missing_are_no_value() {
    let fields = [
        "apprPayType",
        "apprDt",
        "apprPrice",
        "apprIssuerNum",
        "apprNum",
        "apprMonthly",
        "apprCashNum",
        "apprSign",
        "udItem",
    ];
    for nothing in [Some(json!("")), Some(Value::Null), None] {
        let mut data = json!({"billId": "2024-0001", "apprState": "F"});
        if let Some(nothing) = nothing {
            for field in fields {
                data[field] = nothing.clone();
            }
        }
        let bill = bill(data).await;
        let approval = bill.approval();
        assert_eq!(approval.pay_type(), None);
        assert_eq!(approval.approved_at(), Ok(None));
        assert_eq!(approval.price(), Ok(None));
        assert_eq!(approval.issuer_number(), None);
        assert_eq!(approval.approval_number(), None);
        assert_eq!(approval.installment_months(), Ok(None));
        assert_eq!(approval.cash_receipt().approval_number(), None);
        assert_eq!(approval.healthcare().sign(), Ok(None));
        assert_eq!(approval.user_item::<Value>(), Ok(None));
        for field in fields {
            assert_eq!(approval.raw(field), None);
        }
    }
    let done = cancelled(json!({"billId": "2024-0001", "apprNum": "", "apprCancelDt": ""}))
        .await
        .unwrap();
    assert_eq!(done.approval_number(), None);
    assert_eq!(done.cancelled_at(), Ok(None));
}

#[tokio::test]
async fn pay_types_are_named_or_kept() {
    for (code, expected) in [
        ("CARD_VAN", PayType::CardVan),
        ("CARD_RP", PayType::CardRp),
        ("KEYIN", PayType::KeyIn),
        ("OFFLINE_CARD", PayType::OfflineCard),
        ("OFFLINE_CASH", PayType::OfflineCash),
        ("0", PayType::Other("0".into())),
        ("카카오페이", PayType::Other("카카오페이".into())),
    ] {
        let bill = bill(json!({"billId": "2024-0001", "apprPayType": code})).await;
        let pay_type = bill.approval().pay_type().expect("a pay type");
        assert_eq!(pay_type, expected);
        assert_eq!(pay_type.as_str(), code);
    }
}

#[tokio::test]
async fn a_card_number_is_shown_as_payssam_masked_it_or_by_its_last_four_digits() {
    for (number, shown) in [
        ("123456******7890", "123456******7890"),
        ("1234-56**-****-7890", "1234-56**-****-7890"),
        ("9410123456785678", "****5678"),
        ("9410-1234-5678-5678", "****5678"),
        ("110-123-456789", "****6789"),
        ("5678", "****"),
        ("계좌", "****"),
    ] {
        let bill = bill(json!({"billId": "2024-0001", "apprIssuerNum": number})).await;
        let read = bill.approval().issuer_number().expect("a number");
        assert_eq!(read.to_string(), shown);
        assert_eq!(format!("{read:?}"), shown);
        assert_eq!(serde_json::to_value(read).unwrap(), json!(shown));
        assert_eq!(read.reveal(), number);

        let written = serde_json::to_value(&bill).unwrap();
        assert_eq!(written["approval"]["issuer_number"], json!(shown));
        assert!(format!("{bill:?}").contains(shown));
        if number != shown {
            assert!(!format!("{bill:?}").contains(number));
        }
    }
}

#[tokio::test]
async fn fourteen_and_twelve_digits_are_the_same_second_in_korea() {
    for digits in ["20240102030405", "240102030405"] {
        let bill =
            bill(json!({"billId": "2024-0001", "apprDt": digits, "apprOriginDt": digits})).await;
        for at in [
            bill.approval().approved_at(),
            bill.approval().original_approved_at(),
        ] {
            let at = at.unwrap().expect("a time");
            assert_eq!(at.timestamp().to_string(), "2024-01-01T18:04:05Z");
        }
        let done = cancelled(json!({"apprCancelDt": digits})).await.unwrap();
        let at = done.cancelled_at().unwrap().expect("a time");
        assert_eq!(at.timestamp().to_string(), "2024-01-01T18:04:05Z");
    }
}

#[tokio::test]
async fn a_partners_own_item_is_any_json() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Item {
        student: String,
        class: u8,
    }

    for item in [
        json!({"student": "김하나", "class": 3}),
        json!(["a", 1, null]),
        json!("글"),
        json!(1.5),
        json!(false),
    ] {
        let bill = bill(json!({"billId": "2024-0001", "udItem": item})).await;
        assert_eq!(bill.approval().user_item::<Value>(), Ok(Some(item)));
    }
    let bill =
        bill(json!({"billId": "2024-0001", "udItem": {"student": "김하나", "class": 3}})).await;
    assert_eq!(
        bill.approval().user_item::<Item>(),
        Ok(Some(Item {
            student: "김하나".into(),
            class: 3
        }))
    );
    let error = bill.approval().user_item::<Vec<u8>>().unwrap_err();
    assert_eq!(error.field(), "udItem");
}

#[tokio::test]
async fn a_field_given_twice_with_different_values_is_neither_of_them() {
    let answer = |fields: &str| {
        answering(
            200,
            format!(r#"{{"code":"0000","data":{{"billId":"2024-0001",{fields}}}}}"#),
        )
    };
    let server = answer(r#""apprState":"F","apprState":"C""#).await;
    let error = client(&server.base_url()).bills().read(&bill_id()).await;
    assert_eq!(
        error.unwrap_err().unknown_reason(),
        Some(UnknownReason::Contradiction)
    );

    let server =
        answer(r#""apprState":"F","udItem":"x","udItem":"123","apprNum":"1","apprNum":"2""#).await;
    let bill = client(&server.base_url()).bills().read(&bill_id()).await;
    let bill = bill.expect("a bill");
    assert_eq!(bill.approval().approval_number(), None);
    assert_eq!(
        bill.approval().user_item::<Value>().unwrap_err().field(),
        "udItem"
    );
}

// Malformed values

/// Reads one field of a bill and drops what it holds.
type Reading = fn(&Bill) -> Result<(), Malformed>;

#[tokio::test]
async fn a_malformed_value_is_kept_and_its_getter_names_the_field() {
    let object = json!({"a": [1, 2]});
    let rows: &[(&str, Value, Reading)] = &[
        ("apprDt", json!("2024-01-02 03:04:05"), |bill| {
            bill.approval().approved_at().map(drop)
        }),
        ("apprDt", json!("20241302030405"), |bill| {
            bill.approval().approved_at().map(drop)
        }),
        ("apprDt", json!("202401020304"), |bill| {
            bill.approval().approved_at().map(drop)
        }),
        ("apprDt", json!("2024010203040"), |bill| {
            bill.approval().approved_at().map(drop)
        }),
        (
            "apprDt",
            json!("２０２４０１０２０３０４０５"),
            |bill| bill.approval().approved_at().map(drop),
        ),
        ("apprDt", object.clone(), |bill| {
            bill.approval().approved_at().map(drop)
        }),
        ("apprOriginDt", json!("어제"), |bill| {
            bill.approval().original_approved_at().map(drop)
        }),
        ("apprPrice", json!("45,000"), |bill| {
            bill.approval().price().map(drop)
        }),
        ("apprPrice", json!("-45000"), |bill| {
            bill.approval().price().map(drop)
        }),
        ("apprPrice", json!(45000.5), |bill| {
            bill.approval().price().map(drop)
        }),
        ("apprPrice", json!("99999999999"), |bill| {
            bill.approval().price().map(drop)
        }),
        ("apprPrice", json!(true), |bill| {
            bill.approval().price().map(drop)
        }),
        ("apprMonthly", json!("일시불"), |bill| {
            bill.approval().installment_months().map(drop)
        }),
        ("apprMonthly", json!("-1"), |bill| {
            bill.approval().installment_months().map(drop)
        }),
        ("apprMonthly", json!("99999999"), |bill| {
            bill.approval().installment_months().map(drop)
        }),
        ("apprSign", json!("not Base64!"), |bill| {
            bill.approval().healthcare().sign().map(drop)
        }),
        ("apprSign", object.clone(), |bill| {
            bill.approval().healthcare().sign().map(drop)
        }),
    ];
    for (field, value, reading) in rows {
        let mut data = json!({"billId": "2024-0001", "apprState": "F"});
        data[field] = value.clone();
        let bill = bill(data).await;
        assert_eq!(bill.state(), &BillState::Paid);

        let error = reading(&bill).expect_err(field);
        assert_eq!(error.field(), *field);
        assert!(
            error
                .to_string()
                .starts_with(&format!("{field} in PaySsam's response is malformed: ")),
            "{error}"
        );
        let raw = match value {
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        assert_eq!(bill.approval().raw(field), Some(raw.as_str()));
    }
}

#[tokio::test]
async fn a_text_field_that_holds_another_kind_of_json_has_no_text_and_is_kept() {
    let object = json!({"a": [1, 2]});
    let rows: &[(&str, fn(&Bill) -> bool)] = &[
        ("apprPayType", |bill| bill.approval().pay_type().is_none()),
        ("apprIssuer", |bill| bill.approval().issuer_name().is_none()),
        ("apprIssuerNum", |bill| {
            bill.approval().issuer_number().is_none()
        }),
        ("apprCashNum", |bill| {
            bill.approval().cash_receipt().approval_number().is_none()
        }),
        ("catId", |bill| {
            bill.approval().healthcare().terminal_id().is_none()
        }),
    ];
    for (field, has_no_text) in rows {
        let mut data = json!({"billId": "2024-0001", "apprState": "F"});
        data[field] = object.clone();
        let bill = bill(data).await;
        assert!(has_no_text(&bill), "{field}");
        assert_eq!(bill.approval().raw(field), Some(r#"{"a":[1,2]}"#));
    }
}

#[tokio::test]
async fn a_malformed_date_does_not_undo_a_cancellation() {
    let done =
        cancelled(json!({"billId": "2024-0001", "apprCancelDt": "방금", "apprNum": {"a": 1}}))
            .await
            .expect("success");
    assert_eq!(done.cancelled_at().unwrap_err().field(), "apprCancelDt");
    assert_eq!(done.raw("apprCancelDt"), Some("방금"));
    assert_eq!(done.approval_number(), None);
    assert_eq!(done.raw("apprNum"), Some(r#"{"a":1}"#));
}

#[tokio::test]
async fn a_state_that_is_no_text_is_an_unknown_state() {
    let bill = bill(json!({"billId": "2024-0001", "apprState": {"a": 1}})).await;
    assert_eq!(bill.state(), &BillState::Unknown(r#"{"a":1}"#.into()));
}

// Refusals

#[tokio::test]
async fn a_refusal_keeps_code_and_message() {
    let body = r#"{"code":"BILL_003","message":"청구서를 찾을 수 없습니다.","data":null}"#;
    for (operation, words) in [
        (
            Operation::BillRead,
            "bill read rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); nothing changed",
        ),
        (
            Operation::BillCancel,
            "bill cancel rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); nothing changed",
        ),
    ] {
        let server = answering(200, body).await;
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        assert_eq!(error.http_status(), Some(200));
        assert_eq!(error.code().unwrap().kind(), CodeKind::BillNotFound);
        assert_eq!(error.raw_message(), Some("청구서를 찾을 수 없습니다."));
        assert_eq!(error.to_string(), words);
    }
}

#[tokio::test]
async fn an_unknown_code_is_a_refusal_with_its_words() {
    let body = r#"{"code":"BILL_999","message":"새로운 오류","data":null}"#;
    for operation in OPERATIONS.iter().copied() {
        let server = answering(200, body).await;
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
async fn every_documented_code_of_a_refusal_is_received() {
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
        let server = answering(200, body.to_string()).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some(code));
            assert_eq!(error.code().unwrap().kind(), kind, "{code}");
        }
    }
}

#[tokio::test]
async fn msg_is_read_where_message_is_missing() {
    for (body, words) in [
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
        let server = answering(200, body).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
            assert_eq!(error.raw_message(), words, "{body}");
            assert_eq!(
                error.to_string(),
                match words {
                    Some(words) => format!(
                        "{operation} rejected: BILL_003 {words} {}; nothing changed",
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
async fn data_of_a_refusal_is_of_no_importance() {
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
        let server = answering(200, body).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, Some("BILL_003"));
        }
    }
}

#[tokio::test]
async fn a_message_shows_neither_long_numbers_nor_invisible_characters() {
    let words = "010-1234-5678\u{1b}[31m 확인\u{202e}\n";
    let body = json!({"code": "BILL_003", "message": words, "data": null});
    let server = answering(200, body.to_string()).await;
    let error = call(Operation::BillCancel, &client(&server.base_url()))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "bill cancel rejected: BILL_003 [masked]\\u{1b}[31m 확인\\u{202e}\\u{a} (bill 2024-0001); nothing changed"
    );
    assert_eq!(error.raw_message(), Some(words));
}

// The verdict over HTTP status and code

const SUCCESS: &str = r#"{"code":"0000","message":"m","data":{"billId":"2024-0001"}}"#;
const REFUSAL: &str = r#"{"code":"BILL_003","message":"m","data":null}"#;
const HTML: &str = "<html><body>502 Bad Gateway</body></html>";

/// HTTP status, body, and what they mean: what became of the request, the code that is kept, and
/// the beginning of the words after the operation.
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
    const NO_ANSWER: &str = "outcome unknown: the response is not one of PaySsam, HTTP 200 (";
    const UNCLEAR: &str = "outcome unknown: PaySsam itself does not know what happened, HTTP";
    const CONTRADICTION: &str =
        "outcome unknown: the response contradicts itself or the request, HTTP";
    &[
        // The status alone says no, with an envelope or without.
        (
            400,
            REFUSAL,
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
            REFUSAL,
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
            REFUSAL,
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
        // But not when the body speaks against it.
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
        // The status leaves it open, whatever the body says.
        (408, "", Unknown, None, STATUS),
        (408, REFUSAL, Unknown, Some("BILL_003"), STATUS),
        (408, SUCCESS, Unknown, Some("0000"), STATUS),
        (500, "", Unknown, None, STATUS),
        (500, HTML, Unknown, None, STATUS),
        (500, REFUSAL, Unknown, Some("BILL_003"), STATUS),
        (500, SUCCESS, Unknown, Some("0000"), STATUS),
        (502, HTML, Unknown, None, STATUS),
        (503, "", Unknown, None, STATUS),
        (503, REFUSAL, Unknown, Some("BILL_003"), STATUS),
        (504, "", Unknown, None, STATUS),
        (201, "", Unknown, None, STATUS),
        (201, SUCCESS, Unknown, Some("0000"), STATUS),
        (201, REFUSAL, Unknown, Some("BILL_003"), STATUS),
        (204, "", Unknown, None, STATUS),
        (302, "", Unknown, None, STATUS),
        (302, SUCCESS, Unknown, Some("0000"), STATUS),
        (302, REFUSAL, Unknown, Some("BILL_003"), STATUS),
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
        // No answer of PaySsam.
        (200, "", Unknown, None, NO_ANSWER),
        (200, " ", Unknown, None, NO_ANSWER),
        (200, HTML, Unknown, None, NO_ANSWER),
        (200, "null", Unknown, None, NO_ANSWER),
        (200, "\"0000\"", Unknown, None, NO_ANSWER),
        (200, "[]", Unknown, None, NO_ANSWER),
        (200, "{}", Unknown, None, NO_ANSWER),
        (
            200,
            r#"{"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":"","data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":null,"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":0,"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":["0000"],"data":{"billId":"2024-0001"}}"#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":"0000","data":{"billId":"2024-0001""#,
            Unknown,
            None,
            NO_ANSWER,
        ),
        (
            200,
            r#"{"code":"0000","data":{"billId":"2024-0001"}} x"#,
            Unknown,
            None,
            NO_ANSWER,
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
async fn status_and_code_alone_decide_what_an_answer_means() {
    for (status, body, delivery, code, words) in VERDICTS {
        let server = answering(*status, body).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(body);
            check(&error, operation, *delivery, *code);
            assert_eq!(error.http_status(), Some(*status), "{error}");
            let shown = error.to_string();
            assert!(
                shown.starts_with(&format!("{operation} {words}")),
                "HTTP {status} {body}: {shown}"
            );
            let next = match (*delivery, operation) {
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
async fn an_unknown_outcome_says_what_is_known_and_what_to_do() {
    let body = r#"{"code":"ERROR","message":"처리 중 오류가 발생하였습니다.","data":null}"#;
    let server = answering(200, body).await;
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
async fn what_nobody_reads_cannot_change_the_verdict() {
    let nested = "[".repeat(200) + &"]".repeat(200);
    let digits = "9".repeat(400);
    for odd in [&nested, &digits, "1e999999", r#""\ud800""#, "true"] {
        let success = format!(
            r#"{{"x":{odd},"message":{odd},"code":"0000","data":{{"x":{odd},"billId":"2024-0001"}}}}"#
        );
        let refusal = format!(r#"{{"message":{odd},"code":"BILL_003","data":{odd}}}"#);
        let (success, refusal) = (answering(200, success).await, answering(200, refusal).await);
        for operation in OPERATIONS.iter().copied() {
            let answered = call(operation, &client(&success.base_url())).await;
            assert!(answered.is_ok(), "{odd}: {answered:?}");
            let error = call(operation, &client(&refusal.base_url()))
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
    let server = answering(200, body).await;
    for operation in OPERATIONS.iter().copied() {
        let answered = call(operation, &client(&server.base_url())).await;
        assert!(answered.is_ok(), "{answered:?}");
    }
}

// Success that cannot be believed

#[tokio::test]
async fn success_that_holds_nothing_is_unknown() {
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
        let server = answering(200, body).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(data);
            check(&error, operation, Outcome::Unknown, Some("0000"));
            assert_eq!(error.http_status(), Some(200));
            assert_eq!(error.unknown_reason(), Some(UnknownReason::EmptyResponse));
            let words = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: the response says success but has no data, HTTP 200, \
                 0000"
            );
            assert!(words.starts_with(&expected), "{words}");
        }
    }
}

#[tokio::test]
async fn the_words_of_a_success_that_cannot_be_believed_are_kept() {
    for data in ["null", r#"{"billId":"2024-0002"}"#] {
        let body = format!(r#"{{"code":"0000","message":"성공하였습니다.","data":{data}}}"#);
        let server = answering(200, body).await;
        // An answer about no bill can't speak of another.
        let of_a_bill = OPERATIONS
            .iter()
            .copied()
            .filter(|of| !is_about_no_bill(*of));
        for operation in of_a_bill {
            let error = call(operation, &client(&server.base_url()))
                .await
                .expect_err(data);
            check(&error, operation, Outcome::Unknown, Some("0000"));
            assert_eq!(error.raw_message(), Some("성공하였습니다."));
            let words = error.to_string();
            let expected = format!(", HTTP 200, 0000 성공하였습니다. {}; ", about(operation));
            assert!(words.contains(&expected), "{words}");
        }
    }
}

#[tokio::test]
async fn success_for_another_bill_is_unknown() {
    for id in [
        json!("2024-0002"),
        json!("2024-0001 "),
        json!("2024-001"),
        json!(20240001),
        json!(["2024-0001"]),
    ] {
        let data = json!({"billId": id, "apprState": "C", "apprNum": "1", "hash": HASH});
        let cancelling = cancelled(data.clone()).await.map(drop).unwrap_err();
        let answer = json!({"code": "0000", "message": "m", "data": data});
        let reading = read(answer).await.map(drop).unwrap_err();
        for (error, operation) in [
            (cancelling, Operation::BillCancel),
            (reading, Operation::BillRead),
        ] {
            check(&error, operation, Outcome::Unknown, Some("0000"));
            assert_eq!(error.http_status(), Some(200));
            assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
        }
    }
}

#[tokio::test]
async fn a_cancellation_with_another_hash_is_unknown() {
    for hash in [
        json!(HASH.replace('e', "f")),
        json!("x"),
        json!(1),
        json!({"a": 1}),
    ] {
        let error = cancelled(json!({"billId": "2024-0001", "hash": hash}))
            .await
            .map(drop)
            .unwrap_err();
        check(
            &error,
            Operation::BillCancel,
            Outcome::Unknown,
            Some("0000"),
        );
        assert_eq!(error.unknown_reason(), Some(UnknownReason::Contradiction));
    }
}

// Answers that do not come whole

#[tokio::test]
async fn an_answer_that_is_cut_is_unknown() {
    let whole = String::from_utf8(http("200 OK", SUCCESS)).unwrap();
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cod\r\n";
    for (bytes, status) in [
        // Nothing, a part of the head, the head alone, a part of the body.
        (String::new(), None),
        (head[..20].to_owned(), None),
        (format!("{head}\r\n\r\n"), Some(200)),
        (
            format!("{head}\r\n\r\n{}", &body[..body.len() - 1]),
            Some(200),
        ),
        (chunked.to_owned(), Some(200)),
    ] {
        for operation in OPERATIONS.iter().copied() {
            let cut = bytes.clone();
            let server = Server::start(move |_| Turn::SayAndClose(cut.clone().into_bytes())).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), status);
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ConnectionLost),
                "{bytes}"
            );
            assert_eq!(server.heard().1.len(), 1);
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_longer_than_its_length_says_is_judged_by_what_its_length_covers() {
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{SUCCESS}",
        SUCCESS.len() - 1
    );
    let server = Server::start(move |_| Turn::SayAndClose(bytes.clone().into_bytes())).await;
    for operation in OPERATIONS.iter().copied() {
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.unknown_reason(), Some(UnknownReason::InvalidResponse));
    }
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_is_unknown() {
    for (reads, resets) in [(false, false), (false, true), (true, false), (true, true)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&format!("http://{}", listener.local_addr().unwrap()));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if reads {
                    assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                } else {
                    // The request is there, and nobody reads it.
                    stream.readable().await.unwrap();
                }
                if resets {
                    stream.set_zero_linger().unwrap();
                }
            }
        });
        for operation in OPERATIONS.iter().copied() {
            let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
            let error = ended.await.expect("an end").unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.unknown_reason(), Some(UnknownReason::ConnectionLost));
            assert_eq!(error.http_status(), None);
        }
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_no_code_and_no_answer() {
    let bodies: [&[u8]; 5] = [
        b"\xff\xfe",
        b"{\xff\"code\":\"0000\",\"data\":{\"billId\":\"2024-0001\"}}",
        b"{\"code\":\"\xff\",\"data\":{\"billId\":\"2024-0001\"}}",
        b"{\"code\":\"BILL_\xff\xfe3\",\"data\":null}",
        b"{\"code\":\"0000\xc0\",\"data\":{\"billId\":\"2024-0001\"}}",
    ];
    for body in bodies {
        let server = answering(200, body).await;
        for operation in OPERATIONS.iter().copied() {
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
async fn what_is_not_http_is_unknown() {
    let server = Server::start(|_| Turn::SayAndClose(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec())).await;
    for operation in OPERATIONS.iter().copied() {
        let error = call(operation, &client(&server.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.http_status(), None);
    }
}

#[tokio::test]
async fn a_refusing_status_stays_a_refusal_when_its_body_is_cut_or_too_large() {
    let cut = "HTTP/1.1 400 Bad Request\r\ncontent-length: 100\r\n\r\n{\"code\":".to_owned();
    let large = String::from_utf8(http("404 Not Found", &" ".repeat(MIB + 1))).unwrap();
    for (bytes, status) in [(cut, 400), (large, 404)] {
        for operation in OPERATIONS.iter().copied() {
            let bytes = bytes.clone();
            let server =
                Server::start(move |_| Turn::SayAndClose(bytes.clone().into_bytes())).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Rejected, None);
            assert_eq!(error.http_status(), Some(status));
        }
    }
}

/// A client that waits no longer than this for a whole answer, and asks once.
fn impatient(base_url: &str, limit: Duration) -> Client {
    Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(base_url)
    .timeout(limit)
    .retry(RetryPolicy::off())
    .build()
    .unwrap()
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":";
    for (bytes, status) in [("", None), (half, Some(200))] {
        for operation in OPERATIONS.iter().copied() {
            let server = Server::start(move |_| Turn::Say(bytes.as_bytes().to_vec())).await;
            let client = impatient(&server.base_url(), Duration::from_millis(200));
            let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
            let error = ended.await.expect("the limit is kept").unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), status);
            assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
            let words = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: no complete response arrived within the time limit"
            );
            assert!(words.starts_with(&expected), "{words}");
            assert_eq!(server.heard().1.len(), 1);
        }
    }
}

// The cap

const MIB: usize = 1024 * 1024;

/// A success that is this long.
fn padded(length: usize) -> String {
    let (head, tail) = (
        r#"{"code":"0000","data":{"billId":"2024-0001"},"message":""#,
        "\"}",
    );
    format!(
        "{head}{}{tail}",
        "x".repeat(length - head.len() - tail.len())
    )
}

fn chunked(body: &str) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.as_bytes().chunks(100_000) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

#[tokio::test]
async fn an_answer_of_one_mebibyte_is_read_and_a_byte_more_is_not() {
    for write in [|body: &str| http("200 OK", body), chunked] {
        for operation in OPERATIONS.iter().copied() {
            let server = Server::start(move |_| Turn::Say(write(&padded(MIB)))).await;
            let answered = call(operation, &client(&server.base_url())).await;
            assert!(answered.is_ok(), "{operation}");

            let server = Server::start(move |_| Turn::Say(write(&padded(MIB + 1)))).await;
            let error = call(operation, &client(&server.base_url()))
                .await
                .unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(error.http_status(), Some(200));
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ResponseTooLarge)
            );
            let words = error.to_string();
            let expected = format!(
                "{operation} outcome unknown: the response is larger than 1 MiB, HTTP 200 {}",
                about(operation)
            );
            assert!(words.starts_with(&expected), "{words}");
        }
    }
}

#[tokio::test]
async fn an_announced_length_over_the_cap_is_not_waited_for() {
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
        u64::MAX / 4
    );
    for operation in OPERATIONS.iter().copied() {
        let bytes = bytes.clone();
        let server = Server::start(move |_| Turn::Say(bytes.clone().into_bytes())).await;
        let client = client(&server.base_url());
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(
            error.unknown_reason(),
            Some(UnknownReason::ResponseTooLarge)
        );
    }
}

/// A server that writes the opening, and then the same bytes for as long as somebody reads them. It
/// tells for each connection how much it got rid of.
async fn endless(opening: &'static str, more: &'static [u8]) -> (String, Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (written, told) = mpsc::channel(OPERATIONS.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut count = opening.len();
            // Without a read there is a reset, which would end the answer before its time.
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(opening.as_bytes()).await;
            while stream.write_all(more).await.is_ok() {
                count += more.len();
            }
            written.send(count).await.unwrap();
        }
    });
    (base_url, told)
}

#[tokio::test]
async fn an_endless_answer_stops_at_the_cap() {
    const CHUNK: &[u8] = &{
        let mut chunk = [b' '; 0x1000 + 8];
        let (start, end) = (b"1000\r\n", chunk.len() - 2);
        let mut place = 0;
        while place < start.len() {
            chunk[place] = start[place];
            place += 1;
        }
        chunk[end] = b'\r';
        chunk[end + 1] = b'\n';
        chunk
    };
    for (opening, more) in [
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            CHUNK,
        ),
        ("HTTP/1.1 200 OK\r\n\r\n", &[b' '; 4096]),
    ] {
        let (base_url, mut written) = endless(opening, more).await;
        for operation in OPERATIONS.iter().copied() {
            let error = call(operation, &client(&base_url)).await.unwrap_err();
            check(&error, operation, Outcome::Unknown, None);
            assert_eq!(
                error.unknown_reason(),
                Some(UnknownReason::ResponseTooLarge)
            );
            let written = tokio::time::timeout(Duration::from_secs(20), written.recv());
            let count = written.await.expect("nobody reads on").unwrap();
            // What was not read lies in the buffers of two sockets.
            assert!((MIB..32 * MIB).contains(&count), "{count}");
        }
    }
}

#[tokio::test]
async fn an_endless_head_is_unknown() {
    let (base_url, _written) = endless("HTTP/1.1 200 OK\r\nx: ", &[b'x'; 4096]).await;
    for operation in OPERATIONS.iter().copied() {
        let error = call(operation, &client(&base_url)).await.unwrap_err();
        check(&error, operation, Outcome::Unknown, None);
        assert_eq!(error.http_status(), None);
    }
}

// No connection

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_name_that_is_not_resolved_is_not_sent() {
    // No label of a name is longer than 63 characters, so that nobody is even asked for this one.
    let client = client(&format!("https://{}.invalid", "a".repeat(64)));
    for operation in OPERATIONS.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_nobody_accepts_is_not_sent_after_the_connect_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // The queue of the listener is full when a connection is not made at once.
    let mut waiting = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    let client = Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(format!("http://{address}"))
    .connect_timeout(Duration::from_millis(200))
    .timeout(Duration::from_secs(60))
    .retry(RetryPolicy::off())
    .build()
    .unwrap();
    for operation in OPERATIONS.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("the limit is kept").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let silence = Silence::new();
    for operation in OPERATIONS.iter().copied() {
        let error = call(operation, &client(&silence.base_url()))
            .await
            .unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
        assert_eq!(error.http_status(), None);
        assert_eq!(error.raw_message(), None);
        assert_eq!(
            error.to_string(),
            format!(
                "{operation} not sent: the server refused the connection {}; nothing \
                 changed, it is safe to try again",
                about(operation)
            )
        );
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_server_that_never_speaks_tls_is_not_sent_after_the_connect_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
    .base_url(format!("https://{address}"))
    .connect_timeout(Duration::from_millis(200))
    .timeout(Duration::from_secs(60))
    .build()
    .unwrap();
    for operation in OPERATIONS.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("the limit is kept").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
    drop(listener);
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_failed_tls_handshake_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Not a word of TLS.
            drop(stream.write_all(b"HTTP/1.1 400\r\n\r\n").await);
        }
    });
    for operation in OPERATIONS.iter().copied() {
        let ended = tokio::time::timeout(Duration::from_secs(20), call(operation, &client));
        let error = ended.await.expect("an end").unwrap_err();
        check(&error, operation, Outcome::NotSent, None);
    }
}
