//! The fields of a response: what their getters give, what is malformed, and what is kept as it came.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod responses;
}

use payssam::{Bill, BillState, CancelBill, Malformed, PayType, Won};
use serde_json::{Value, json};

use support::{
    caller::{API_KEY, bill_id, client},
    responses::{HASH, bill, cancelled, responding},
};

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
async fn a_cancellation_has_its_numbers_and_its_time() {
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
    // The page swaps the two descriptions; the values are kept as they came.
    assert_eq!(done.member(), Some("merchant-1"));
    assert_eq!(done.merchant(), Some("member-1"));
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let server = responding(
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
    let response =
        json!({"code": "0000", "message": "ok", "data": {"billId": 1024, "apprState": "C"}});
    let server = responding(200, response.to_string()).await;
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
async fn a_state_that_is_not_a_text_is_an_unknown_state() {
    let bill = bill(json!({"billId": "2024-0001", "apprState": {"a": 1}})).await;
    assert_eq!(bill.state(), &BillState::Unknown(r#"{"a":1}"#.into()));
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
async fn a_masked_card_number_is_escaped() {
    let number = "12****\u{1b}[2J\n::error::\u{202e}7890";
    let bill = bill(json!({"billId": "2024-0001", "apprIssuerNum": number})).await;
    let read = bill.approval().issuer_number().expect("a number");
    let shown = [read.to_string(), format!("{read:?}"), format!("{bill:?}")];
    for shown in shown {
        assert!(!shown.contains(['\u{1b}', '\n', '\u{202e}']), "{shown:?}");
        assert!(shown.contains("12****"), "{shown:?}");
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
        ("1234*5678*9012*3456", "****3456"),
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

/// Calls the getter of a field and drops its value.
type Getter = fn(&Bill) -> Result<(), Malformed>;

#[tokio::test]
async fn a_malformed_value_is_kept_and_its_getter_names_the_field() {
    let object = json!({"a": [1, 2]});
    let rows: &[(&str, Value, Getter)] = &[
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
        ("apprPrice", json!("45.000"), |bill| {
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
    for (field, value, read) in rows {
        let mut data = json!({"billId": "2024-0001", "apprState": "F"});
        data[field] = value.clone();
        let bill = bill(data).await;
        assert_eq!(bill.state(), &BillState::Paid);

        let error = read(&bill).expect_err(field);
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

/// Whether the getter of a field gives no text.
type HasNoText = fn(&Bill) -> bool;

#[tokio::test]
async fn a_text_field_that_holds_another_kind_of_json_has_no_text_and_is_kept() {
    let object = json!({"a": [1, 2]});
    let rows: &[(&str, HasNoText)] = &[
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
