//! The mock server responds like PaySsam as far as that is known, and with codes of its own where it is
//! not.

use crate::support::{
    HASH, HASH_WITH_PHONE, ID, PHONE, change_request, changed, code, http, id, points_request,
    post, post_body, price, read_request, receipt_request,
    receiver::{Received, Receiver},
    send_request, spec, with_bill, with_paid_bill,
};
use payssam::{BillId, BillState, CancelBill, Client, Credentials, Error, ResultCode, Won};
use payssam_mock::{API_KEY, Event, MEMBER, MERCHANT, MockServer};
use serde_json::{Value, json};

/// A callback URL that gets no callbacks.
const CALLBACK: &str = "https://payssam.example/hook";

#[tokio::test]
async fn a_bill_goes_from_unpaid_to_paid_to_cancelled() {
    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let bill = client.bills().read(&id()).await.unwrap();
    assert_eq!(*bill.state(), BillState::Unpaid);
    assert_eq!(bill.approval().approval_number(), None);

    mock.pay(&id()).unwrap();
    let paid = client.bills().read(&id()).await.unwrap();
    assert_eq!(*paid.state(), BillState::Paid);
    assert_eq!(paid.approval().price().unwrap(), Some(price()));
    assert_eq!(
        paid.approval().approved_at().unwrap(),
        mock.bill(&id()).unwrap().paid_at()
    );

    let cancelled = client
        .bills()
        .cancel(&CancelBill::new(id(), price()))
        .await
        .unwrap();
    assert_eq!(cancelled.bill_id(), &id());
    assert_eq!(
        cancelled.original_approval_number(),
        paid.approval().approval_number()
    );
    assert_eq!(
        cancelled.cancelled_at().unwrap(),
        mock.bill(&id()).unwrap().cancelled_at()
    );
    let after = client.bills().read(&id()).await.unwrap();
    assert_eq!(*after.state(), BillState::Cancelled);
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Cancelled);
}

#[tokio::test]
async fn responses_have_the_types_of_the_specification() {
    // `code` checks each response against its schema.
    let mock = with_bill().await;
    let other = changed(read_request(), "/bill/billId", "other".into());
    for (path, request, expected) in [
        ("/bill/read", read_request(), "0000"),
        ("/bill/cancel", change_request(), "MOCK_NOT_PAID"),
        ("/bill/resend", read_request(), "0000"),
        ("/bill/read", other, "BILL_003"),
    ] {
        assert_eq!(code(&mock, path, &request).await, expected, "{path}");
    }
    mock.pay(&id()).unwrap();
    let mut receipt = receipt_request();
    receipt["cashReceipt"]["billId"] = "1024".into();
    receipt["cashReceipt"]["hash"] =
        "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0".into();
    for (path, request) in [
        ("/bill/read", read_request()),
        ("/bill/cancel", change_request()),
        ("/bill/read", read_request()),
        ("/bill", send_request("bill-1", CALLBACK)),
        ("/cash-receipt/issue", receipt.clone()),
        ("/cash-receipt/read", receipt.clone()),
        ("/cash-receipt/cancel", receipt.clone()),
        ("/cash-receipt/read", receipt),
        ("/read/remain_count", points_request()),
        ("/read/merchant/remain_count", points_request()),
    ] {
        assert_eq!(code(&mock, path, &request).await, "0000", "{path}");
    }
    let mapping = json!({
        "apiKey": API_KEY, "memberId": "a", "merchantId": "b", "businessNumber": "1234567891",
        "callbackUrl": CALLBACK, "redirectUrl": CALLBACK,
    });
    assert_eq!(code(&mock, "/auth/mapping", &mapping).await, "0000");
    let mock = with_bill().await;
    assert_eq!(
        code(&mock, "/bill/destroy", &change_request()).await,
        "0000"
    );
}

#[tokio::test]
async fn the_bytes_of_a_read_are_those_that_were_recorded() {
    let mock = with_paid_bill().await;
    let at = mock.bill(&id()).unwrap().paid_at().unwrap();
    let at = at.civil().strftime("%Y%m%d%H%M%S").to_string();
    assert_eq!(
        post(&mock, "/bill/read", &read_request()).await,
        json!({"code": "0000", "message": "성공하였습니다.", "data": {
            "apiKey": API_KEY, "billId": ID, "apprState": "F", "apprPrice": "45000",
            "apprPayType": "CARD_VAN", "apprCardType": "신용", "apprDt": at, "apprOriginDt": at,
            "apprIssuer": "모의카드", "apprIssuerNum": "123456******7890",
            "apprNum": "00000001", "apprOriginNum": "00000001", "apprMonthly": "0",
            "apprCashNum": "", "apprCashTrader": "", "apprCashIssuanceNumber": "",
        }})
    );
}

#[tokio::test]
async fn rejections_come_with_http_200_and_the_known_code() {
    let mock = with_paid_bill().await;
    let long = |n: usize| Value::from("가".repeat(n));
    let read = "/bill/read";
    let cancel = "/bill/cancel";
    let rows = [
        (read, "/apiKey", Value::Null, "PARTNER_002", ""),
        (read, "/apiKey", "".into(), "PARTNER_002", ""),
        (read, "/apiKey", "other".into(), "PARTNER_002", ""),
        (read, "/apiKey", long(33), "VALIDATION_002", "apiKey"),
        (read, "/member", Value::Null, "VALIDATION_002", "member"),
        (read, "/member", long(61), "VALIDATION_002", "member"),
        (read, "/merchant", Value::Null, "VALIDATION_002", "merchant"),
        (read, "/merchant", long(61), "VALIDATION_002", "merchant"),
        (
            read,
            "/merchant",
            "other".into(),
            "BILL_003",
            "청구서를 찾을 수 없습니다.",
        ),
        (read, "/member", "other".into(), "BILL_003", ""),
        (read, "/bill", Value::Null, "VALIDATION_002", "bill"),
        (
            read,
            "/bill/billId",
            Value::Null,
            "VALIDATION_002",
            "billId",
        ),
        (read, "/bill/billId", "".into(), "VALIDATION_002", "billId"),
        (read, "/bill/billId", long(21), "VALIDATION_002", "billId"),
        (read, "/bill/billId", "other".into(), "BILL_003", ""),
        (cancel, "/bill/hash", Value::Null, "VALIDATION_002", "hash"),
        (
            cancel,
            "/bill/hash",
            "00".into(),
            "VALIDATION_002",
            "해싱값",
        ),
        (
            cancel,
            "/bill/hash",
            HASH.to_uppercase().into(),
            "VALIDATION_002",
            "해싱값",
        ),
        (
            cancel,
            "/bill/hash",
            HASH_WITH_PHONE.into(),
            "VALIDATION_002",
            "해싱값",
        ),
        (
            cancel,
            "/bill/price",
            Value::Null,
            "VALIDATION_002",
            "price",
        ),
        (
            cancel,
            "/bill/price",
            "45001".into(),
            "VALIDATION_002",
            "해싱값",
        ),
        // PaySsam's own codes for these are not known.
        (read, "/bill/billId", 20.into(), "MOCK_NOT_TEXT", "billId"),
        (read, "/bill", "2024".into(), "MOCK_NOT_AN_OBJECT", "bill"),
    ];
    for (path, pointer, value, code, named) in rows {
        let whole = match path {
            "/bill/read" => read_request(),
            _ => change_request(),
        };
        let request = changed(whole, pointer, value);
        let response = post(&mock, path, &request).await;
        assert_eq!(response["code"], code, "{request}: {response}");
        let message = response["message"].as_str().unwrap();
        assert!(message.contains(named), "{response}");
        assert_eq!(response.get("data"), Some(&Value::Null), "{response}");
    }
    let mut long_reason = change_request();
    long_reason["bill"]["cancelReason"] = long(21);
    let response = post(&mock, cancel, &long_reason).await;
    assert_eq!(response["code"], "VALIDATION_002");
    assert_eq!(response["message"], "cancelReason는 최대 20자입니다.");
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Paid);
}

#[tokio::test]
async fn a_bill_is_sent_only_with_valid_values() {
    let mock = MockServer::start().await.unwrap();
    let rows = [
        ("phone", "010-1234-5678", "MOCK_PHONE"),
        ("sendType", "SMS", "MOCK_SEND_TYPE"),
        ("hash", HASH, "VALIDATION_002"),
        ("price", "45,000", "VALIDATION_002"),
        ("price", "12345678901", "VALIDATION_002"),
    ];
    for (field, value, expected) in rows {
        let request = changed(
            send_request(ID, CALLBACK),
            &format!("/bill/{field}"),
            value.into(),
        );
        assert_eq!(code(&mock, "/bill", &request).await, expected, "{field}");
    }
    let mut expires = send_request(ID, CALLBACK);
    expires["bill"]["expireDt"] = "20261231".into();
    assert_eq!(code(&mock, "/bill", &expires).await, "MOCK_EXPIRE_DT");
    for id in [" 1", "1,2"] {
        let request = send_request(id, CALLBACK);
        assert_eq!(code(&mock, "/bill", &request).await, "MOCK_INVALID", "{id}");
    }
    assert!(mock.bill(&id()).is_none());
    assert_eq!(
        code(&mock, "/bill", &send_request(ID, CALLBACK)).await,
        "0000"
    );
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Unpaid);
}

#[tokio::test]
async fn a_bill_id_that_the_public_types_cannot_hold_is_not_implemented() {
    let mock = MockServer::start().await.unwrap();
    let request = send_request("1\u{200b}2", CALLBACK).to_string();
    let (status, response) = post_body(&mock, "/bill", request).await;
    assert_eq!(status, 501);
    assert_eq!(response["code"], "MOCK_NOT_REPRESENTABLE");
}

#[tokio::test]
async fn a_bill_id_is_taken_for_good() {
    let mock = with_bill().await;
    mock.destroy(&id()).unwrap();
    let request = send_request(ID, CALLBACK);
    assert_eq!(code(&mock, "/bill", &request).await, "BILL_001");
    assert_eq!(
        code(&mock, "/cash-receipt/issue", &receipt_request()).await,
        "BILL_001"
    );
    let error = mock.add_bill(id(), price()).unwrap_err();
    assert!(error.to_string().contains("already used it"), "{error}");
}

#[tokio::test]
async fn only_an_unpaid_bill_is_resent_or_destroyed() {
    let mock = with_bill().await;
    assert_eq!(code(&mock, "/bill/resend", &read_request()).await, "0000");
    mock.pay(&id()).unwrap();
    assert_eq!(
        code(&mock, "/bill/resend", &read_request()).await,
        "BILL_006"
    );
    let destroy = change_request();
    assert_eq!(code(&mock, "/bill/destroy", &destroy).await, "MOCK_PAID");
    let mock = with_bill().await;
    assert_eq!(code(&mock, "/bill/destroy", &destroy).await, "0000");
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Destroyed);
    assert_eq!(
        code(&mock, "/bill/destroy", &destroy).await,
        "MOCK_DESTROYED"
    );
}

#[tokio::test]
async fn only_a_paid_bill_is_cancelled_and_only_with_its_price() {
    let cancel = || CancelBill::new(id(), price());
    let code = |error: Error| {
        assert_eq!(error.kind(), "rejected");
        error.code().unwrap().as_str().to_owned()
    };

    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let unpaid = client.bills().cancel(&cancel()).await.unwrap_err();
    assert_eq!(code(unpaid), "MOCK_NOT_PAID");

    mock.pay(&id()).unwrap();
    let other_price = CancelBill::new(id(), Won::new(1).unwrap());
    let differs = client.bills().cancel(&other_price).await.unwrap_err();
    assert_eq!(code(differs), "MOCK_PRICE_DIFFERS");

    mock.cancel(&id()).unwrap();
    let twice = client.bills().cancel(&cancel()).await.unwrap_err();
    assert_eq!(code(twice), "MOCK_ALREADY_CANCELLED");

    let mock = with_bill().await;
    mock.destroy(&id()).unwrap();
    let client = mock.client().unwrap();
    let destroyed = client.bills().cancel(&cancel()).await.unwrap_err();
    assert_eq!(code(destroyed), "MOCK_DESTROYED");
    let bill = client.bills().read(&id()).await.unwrap();
    assert_eq!(*bill.state(), BillState::Destroyed);
}

#[tokio::test]
async fn a_cash_receipt_is_issued_read_and_cancelled_once() {
    let mock = MockServer::start().await.unwrap();
    let request = receipt_request();
    assert!(mock.receipt(&id()).is_none());
    assert_eq!(
        code(&mock, "/cash-receipt/read", &request).await,
        "MOCK_NO_RECEIPT"
    );
    for (field, value, expected) in [
        ("supplyPrice", "40908", "MOCK_AMOUNTS"),
        ("trader", "2", "MOCK_TRADER"),
        ("issuanceNumber", "010-1234-5678", "MOCK_ISSUANCE_NUMBER"),
        ("issuanceNumber", "2208162517", "MOCK_ISSUANCE_NUMBER"),
        ("hash", HASH_WITH_PHONE, "VALIDATION_002"),
    ] {
        let wrong = changed(
            request.clone(),
            &format!("/cashReceipt/{field}"),
            value.into(),
        );
        let found = code(&mock, "/cash-receipt/issue", &wrong).await;
        assert_eq!(found, expected, "{field}");
    }
    let issued = post(&mock, "/cash-receipt/issue", &request).await;
    assert_eq!(issued["data"]["apprCashNum"], "00000001");
    let receipt = mock.receipt(&id()).unwrap();
    assert_eq!(receipt.price(), price());
    assert!(!receipt.is_cancelled());
    let shown = format!("{receipt:?}");
    assert!(shown.contains("is_cancelled: false") && !shown.contains(PHONE));

    let read = post(&mock, "/cash-receipt/read", &request).await;
    let entry = &read["data"]["info"][0];
    assert_eq!(entry["apprState"], "F");
    assert_eq!(entry["apprSupplyPrice"], "40909");
    assert_eq!(entry["apprDt"].as_str().unwrap().len(), 12);

    let business = changed(request.clone(), "/cashReceipt/trader", "1".into());
    let cancel = "/cash-receipt/cancel";
    assert_eq!(code(&mock, cancel, &business).await, "MOCK_TRADER");
    assert_eq!(code(&mock, cancel, &request).await, "0000");
    assert!(mock.receipt(&id()).unwrap().is_cancelled());
    let again = code(&mock, cancel, &request).await;
    assert_eq!(again, "MOCK_ALREADY_CANCELLED");
    let read = post(&mock, "/cash-receipt/read", &request).await;
    assert_eq!(read["data"]["info"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn sending_a_bill_costs_55_points() {
    let mock = MockServer::start().await.unwrap();
    let balance = || async {
        let response = post(&mock, "/read/remain_count", &points_request()).await;
        response["data"]["balance"].as_u64().unwrap()
    };
    assert_eq!(balance().await, 1_000_000_000);
    mock.set_points(100);
    let bill = |id| send_request(id, CALLBACK);
    assert_eq!(code(&mock, "/bill", &bill("1")).await, "0000");
    assert_eq!(balance().await, 45);
    assert_eq!(code(&mock, "/bill", &bill("2")).await, "POINT_001");
    assert!(mock.bill(&BillId::new("2").unwrap()).is_none());
    mock.set_points(55);
    assert_eq!(code(&mock, "/bill", &bill("2")).await, "0000");
    assert_eq!(balance().await, 0);
}

#[tokio::test]
async fn requests_that_are_no_operation_are_rejected_by_http_status() {
    let mock = with_bill().await;
    for body in ["", "{", "<html>", "\u{feff}"] {
        let (status, response) = post_body(&mock, "/bill/read", body).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(response["code"], "MOCK_MALFORMED_JSON");
    }
    for path in ["/bill/rp", "/bill/read/", "/bill/cancelx", ""] {
        let (status, response) = post_body(&mock, path, read_request().to_string()).await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(response["code"], "MOCK_NO_SUCH_PATH");
    }
    let outside = mock.base_url().replace("/partner", "/bill/read");
    let request = http().post(outside).body(read_request().to_string());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 404);
    spec::assert_response("/bill/read", &response.json().await.unwrap());
    let request = http().get(format!("{}/bill/read", mock.base_url()));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 405);
    let response: Value = response.json().await.unwrap();
    spec::assert_response("/bill/read", &response);
    assert_eq!(response["code"], "MOCK_NOT_POST");
    let (status, response) = post_body(&mock, "/bill/read", "[]").await;
    assert_eq!(
        (status, &response["code"]),
        (200, &"MOCK_NOT_AN_OBJECT".into())
    );
}

#[tokio::test]
async fn the_key_is_in_the_response_and_the_client_does_not_show_it() {
    let mock = with_paid_bill().await;
    let response = post(&mock, "/bill/read", &read_request()).await;
    assert_eq!(response["data"]["apiKey"], API_KEY);
    let bill = mock.client().unwrap().bills().read(&id()).await.unwrap();
    assert!(!format!("{bill:?}").contains(API_KEY));
    assert!(!serde_json::to_string(&bill).unwrap().contains(API_KEY));
}

#[tokio::test]
async fn merchants_are_kept_apart() {
    let mock = with_bill().await;
    let other = mock
        .with_member(MEMBER)
        .unwrap()
        .with_merchant("other")
        .unwrap();
    other.add_bill(id(), Won::new(7).unwrap()).unwrap();
    other.pay(&id()).unwrap();
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Unpaid);
    assert_eq!(other.bill(&id()).unwrap().price().get(), 7);

    let client = mock.client().unwrap();
    let there = client
        .with_member(MEMBER)
        .unwrap()
        .with_merchant("other")
        .unwrap();
    assert_eq!(
        *there.bills().read(&id()).await.unwrap().state(),
        BillState::Paid
    );
    let nowhere = client
        .with_member("nobody")
        .unwrap()
        .with_merchant(MERCHANT)
        .unwrap();
    let error = nowhere.bills().read(&id()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ResultCode::BILL_NOT_FOUND));
}

#[tokio::test]
async fn one_of_many_concurrent_cancellations_succeeds() {
    let mock = with_paid_bill().await;
    let client = mock.client().unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let client = client.clone();
        calls.spawn(async move { client.bills().cancel(&CancelBill::new(id(), price())).await });
    }
    let results = calls.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(mock.bill(&id()).unwrap().cancellations(), 1);
}

#[tokio::test]
async fn requests_are_kept_and_their_debug_output_shows_no_secret() {
    let mock = with_paid_bill().await;
    let request = change_request();
    assert_eq!(code(&mock, "/bill/cancel", &request).await, "0000");
    let requests = mock.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method(), "POST");
    assert_eq!(requests[0].path(), "/bill/cancel");
    assert_eq!(
        requests[0].header("content-length"),
        Some(&*request.to_string().len().to_string())
    );
    assert_eq!(requests[0].header("x-none"), None);
    assert_eq!(requests[0].body(), request.to_string().as_bytes());
    let shown = format!("{requests:?}");
    assert!(shown.contains("/bill/cancel"), "{shown}");
    assert!(!shown.contains(API_KEY) && !shown.contains(HASH), "{shown}");

    let outside = mock.base_url().replace("/partner", "/elsewhere");
    http().post(outside).send().await.unwrap();
    assert_eq!(mock.requests()[1].path(), "/elsewhere");
}

#[tokio::test]
async fn the_history_records_rejections_and_reads_with_their_operation() {
    let mock = with_bill().await;
    code(&mock, "/bill/read", &read_request()).await;
    code(&mock, "/bill/cancel", &change_request()).await;
    code(&mock, "/bill/resend", &read_request()).await;
    code(&mock, "/bill/destroy", &change_request()).await;
    let bill = mock.bill(&id()).unwrap();
    let history: Vec<(Event, Option<&str>)> = bill
        .history()
        .iter()
        .map(|entry| {
            let operation = entry.operation();
            let operation = operation.map(|operation| operation.path());
            assert_eq!(entry.fault(), None);
            (entry.event().clone(), operation)
        })
        .collect();
    assert_eq!(
        history,
        [
            (Event::Added, None),
            (Event::Read, Some("/bill/read")),
            (
                Event::Rejected(ResultCode::new("MOCK_NOT_PAID")),
                Some("/bill/cancel")
            ),
            (Event::Resent, Some("/bill/resend")),
            (Event::Destroyed, Some("/bill/destroy")),
        ]
    );
    let read = &bill.history()[1];
    assert_eq!(format!("{read:?}"), "Read by bill read");
}

#[tokio::test]
async fn a_bill_cannot_change_in_a_way_that_its_state_does_not_allow() {
    let mock = with_bill().await;
    assert!(mock.cancel(&id()).is_err());
    let error = mock.pay(&BillId::new("none").unwrap()).unwrap_err();
    assert!(error.to_string().contains("no such bill"), "{error}");
    mock.pay(&id()).unwrap();
    assert!(mock.pay(&id()).is_err());
    let error = mock.destroy(&id()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid bill state: a bill that is paid cannot become destroyed; nothing was sent"
    );
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Paid);
}

#[tokio::test]
async fn the_library_and_the_mock_server_allow_the_same_moves() {
    type Step = fn(&MockServer, &BillId) -> Result<(), Error>;
    let histories: [(&[Step], BillState); 4] = [
        (&[], BillState::Unpaid),
        (&[MockServer::pay], BillState::Paid),
        (&[MockServer::pay, MockServer::cancel], BillState::Cancelled),
        (&[MockServer::destroy], BillState::Destroyed),
    ];
    let steps: [(Step, BillState); 3] = [
        (MockServer::pay, BillState::Paid),
        (MockServer::cancel, BillState::Cancelled),
        (MockServer::destroy, BillState::Destroyed),
    ];
    for (history, from) in histories {
        for (step, to) in &steps {
            let mock = with_bill().await;
            for step in history {
                step(&mock, &id()).unwrap();
            }
            assert_eq!(*mock.bill(&id()).unwrap().state(), from);
            let is_allowed = step(&mock, &id()).is_ok();
            assert_eq!(is_allowed, from.can_become(to), "{from} to {to}");
        }
        assert!(!from.can_become(&BillState::Unpaid), "{from}");
    }
}

/// What a caller learns from a client, whichever server it talks to.
async fn learned(client: &Client) -> Vec<String> {
    let mut learned = Vec::new();
    for merchant in [MERCHANT, "other"] {
        let client = client
            .with_member(MEMBER)
            .unwrap()
            .with_merchant(merchant)
            .unwrap();
        match client.bills().read(&id()).await {
            Ok(bill) => learned.push(serde_json::to_string(&bill).unwrap()),
            Err(error) => learned.push(error.to_string()),
        }
        match client.bills().cancel(&CancelBill::new(id(), price())).await {
            Ok(cancelled) => learned.push(serde_json::to_string(&cancelled).unwrap()),
            Err(error) => learned.push(error.to_string()),
        }
    }
    learned
}

#[tokio::test]
async fn a_client_learns_the_same_from_recorded_responses() {
    let mock = with_paid_bill().await;
    let by_mock_server = learned(&mock.client().unwrap()).await;

    let bill = mock.bill(&id()).unwrap();
    let digits = |at: Option<payssam::KoreanTime>| {
        let at = at.unwrap().civil();
        at.strftime("%Y%m%d%H%M%S").to_string()
    };
    let (paid, cancelled) = (digits(bill.paid_at()), digits(bill.cancelled_at()));
    let read = json!({"code": "0000", "message": "성공하였습니다.", "data": {
        "apiKey": API_KEY, "billId": ID, "apprState": "F", "apprPrice": "45000",
        "apprPayType": "CARD_VAN", "apprCardType": "신용", "apprDt": paid, "apprOriginDt": paid,
        "apprIssuer": "모의카드", "apprIssuerNum": "123456******7890",
        "apprNum": "00000001", "apprOriginNum": "00000001", "apprMonthly": "0",
        "apprCashNum": null, "apprCashTrader": "",
    }});
    let cancel = json!({"code": "0000", "message": "성공하였습니다.", "data": {
        "apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT, "billId": ID,
        "hash": HASH,
        "apprNum": "00000002", "apprOriginNum": "00000001", "apprCancelDt": cancelled,
    }});
    let none = json!({"code": "BILL_003", "message": "청구서를 찾을 수 없습니다.", "data": null});
    let recorded = Receiver::start(move |_, request: &Received| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let response = match (request.target.as_str(), body["merchant"].as_str().unwrap()) {
            ("/partner/bill/read", MERCHANT) => &read,
            ("/partner/bill/cancel", MERCHANT) => &cancel,
            _ => &none,
        };
        (200, response.to_string())
    })
    .await;
    let client = Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member(MEMBER)
            .merchant(MERCHANT)
            .build()
            .unwrap(),
    )
    .base_url(format!("{}/partner", recorded.url()))
    .build()
    .unwrap();
    assert_eq!(by_mock_server, learned(&client).await);
}
