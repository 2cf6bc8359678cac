//! An id of digits that comes back as a JSON number, which has no leading zeros.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod wire;
}

use payssam::{
    BillId, CancelBill, Error, UnknownReason, Won,
    callback::{ApprovalCallback, NotVerified},
};

use support::{
    caller::client,
    wire::{Action, Server, http},
};

/// Ids that were asked for, and other writings of them, as JSON, that agree.
const AGREE: &[(&str, &str)] = &[
    ("00012345", "12345"),
    ("00012345", "\"00012345\""),
    ("12345", "12345"),
    ("000", "0"),
    ("0", "0"),
    ("01234567890123456789", "1234567890123456789"),
    ("00000000000000000001", "1"),
    ("99999999999999999999", "99999999999999999999"),
];

/// Ids that were asked for, and echoes, as JSON, that are of another bill or of none.
const DIFFER: &[(&str, &str)] = &[
    ("00012345", "\"12345\""),
    ("12345", "\"00012345\""),
    ("00012345", "\"0012345\""),
    ("00012345", "123450"),
    ("00012345", "12346"),
    ("00012345", "2345"),
    ("00012345", "12345.0"),
    ("00012345", "1.2345e4"),
    ("00012345", "-12345"),
    ("000", "-0"),
    ("a0012345", "12345"),
    ("0001-2345", "12345"),
    ("00012345", "[12345]"),
    ("00012345", "true"),
    ("０００12345", "12345"),
];

async fn server(echo: &str) -> Server {
    let entry = r#"{"apprState":"F","apprPrice":"45000"}"#;
    let body = format!(
        r#"{{"code":"0000","data":{{"billId":{echo},"apprState":"F","apprPrice":"45000","info":[{entry}]}}}}"#
    );
    Server::start(move |_| Action::Write(http("200 OK", &body))).await
}

/// Makes each kind of call about a bill or a receipt.
async fn called(id: &BillId, echo: &str) -> Vec<Result<BillId, Error>> {
    let price = Won::new(45_000).unwrap();
    let server = server(echo).await;
    let client = client(&server.base_url());
    let (bills, receipts) = (client.bills(), client.receipts());
    let cancel = CancelBill::new(id.clone(), price);
    let callback = format!(r#"{{"billId":"{id}","apprState":"F"}}"#);
    let callback = ApprovalCallback::parse(callback.as_bytes()).unwrap();
    let verified = callback.verify(&client).await;
    vec![
        bills.read(id).await.map(|bill| bill.bill_id().clone()),
        bills
            .cancel(&cancel)
            .await
            .map(|done| done.bill_id().clone()),
        receipts
            .read(id, price)
            .await
            .map(|history| history.bill_id().clone()),
        match verified {
            Ok(approval) => Ok(approval.bill_id().clone()),
            Err(NotVerified::NotRead(error)) => Err(error),
            Err(other) => panic!("{other}"),
        },
    ]
}

#[tokio::test]
async fn an_id_of_digits_agrees_with_the_number_that_is_left_without_its_zeros() {
    for (asked, echo) in AGREE {
        let id = BillId::new(asked).unwrap();
        for called in called(&id, echo).await {
            assert_eq!(called.unwrap().as_str(), *asked, "{echo}");
        }
    }
}

#[tokio::test]
async fn a_text_without_the_zeros_and_any_other_number_is_another_bill() {
    for (asked, echo) in DIFFER {
        let id = BillId::new(asked).unwrap();
        for called in called(&id, echo).await {
            let error = called.expect_err(echo);
            let reason = error.unknown_reason();
            assert_eq!(reason, Some(UnknownReason::Contradiction), "{asked} {echo}");
        }
    }
}

/// A cancellation that is rejected with an id in the data.
async fn rejected(asked: &str, echo: &str) -> Error {
    let body = format!(r#"{{"code":"BILL_006","message":"no","data":{{"billId":{echo}}}}}"#);
    let server = Server::start(move |_| Action::Write(http("200 OK", &body))).await;
    let cancel = CancelBill::new(BillId::new(asked).unwrap(), Won::new(45_000).unwrap());
    let client = client(&server.base_url());
    client.bills().cancel(&cancel).await.unwrap_err()
}

#[tokio::test]
async fn a_rejection_whose_data_name_the_very_bill_is_unknown_and_one_that_names_another_is_a_rejection()
 {
    for (asked, echo) in AGREE {
        let reason = rejected(asked, echo).await.unknown_reason();
        assert_eq!(reason, Some(UnknownReason::Contradiction), "{asked} {echo}");
    }
    for (asked, echo) in DIFFER {
        let error = rejected(asked, echo).await;
        assert!(error.is_rejected(), "{asked} {echo}: {error}");
    }
}

#[tokio::test]
async fn a_callback_with_a_number_for_such_an_id_is_about_another_bill() {
    let callback = ApprovalCallback::parse(br#"{"billId":12345,"apprState":"F"}"#).unwrap();
    assert_eq!(callback.bill_id().as_str(), "12345");
    let body = r#"{"code":"BILL_003","message":"no","data":null}"#;
    let server = Server::start(move |_| Action::Write(http("200 OK", body))).await;
    let NotVerified::NotRead(error) = callback
        .verify(&client(&server.base_url()))
        .await
        .unwrap_err()
    else {
        panic!("it was read");
    };
    assert_eq!(error.code().unwrap().as_str(), "BILL_003");
}
