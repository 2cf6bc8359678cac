//! A response that contradicts itself or the request proves nothing.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod errors;
    pub mod responses;
}

use payssam::{Operation, Outcome, UnknownReason};
use serde_json::{Value, json};

use support::{
    caller::{bill_id, client},
    errors::check,
    responses::{HASH, cancelled, read, responding},
};

#[tokio::test]
async fn a_field_given_twice_with_different_values_is_neither_of_them() {
    let response = |fields: &str| {
        responding(
            200,
            format!(r#"{{"code":"0000","data":{{"billId":"2024-0001",{fields}}}}}"#),
        )
    };
    let server = response(r#""apprState":"F","apprState":"C""#).await;
    let error = client(&server.base_url()).bills().read(&bill_id()).await;
    assert_eq!(
        error.unwrap_err().unknown_reason(),
        Some(UnknownReason::Contradiction)
    );

    let server =
        response(r#""apprState":"F","udItem":"x","udItem":"123","apprNum":"1","apprNum":"2""#)
            .await;
    let bill = client(&server.base_url()).bills().read(&bill_id()).await;
    let bill = bill.expect("a bill");
    assert_eq!(bill.approval().approval_number(), None);
    assert_eq!(
        bill.approval().user_item::<Value>().unwrap_err().field(),
        "udItem"
    );
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
        let cancelled = cancelled(data.clone()).await.map(drop).unwrap_err();
        let response = json!({"code": "0000", "message": "m", "data": data});
        let read = read(response).await.map(drop).unwrap_err();
        for (error, operation) in [
            (cancelled, Operation::BillCancel),
            (read, Operation::BillRead),
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
