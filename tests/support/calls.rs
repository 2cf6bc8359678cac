//! Every call of the library, with the request that it must make.

use std::fmt::Debug;

use payssam::{Client, Error, Operation, ResendBill, Won};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    caller::{API_KEY, bill_id, cancel},
    samples,
};

/// The SHA-256 of `2024-0001,45000`.
const HASH: &str = "681f35e06c7051b89ccc878847ee4cc169e2f26b82ccd014aa4445c91a0e155e";

/// The SHA-256 of `2024-0001,01012345678,45000`.
const HASH_WITH_PHONE: &str = "ad902bf75860b35d243cb48d8ef2e28e0d98dd7511c16178761c4a64ccea6f7d";

/// A call with everything that it must send. An operation with options has one for each of their combinations
/// that matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    Read,
    Cancel,
    CancelWithReason,
    SendTalk,
    SendLinkWithAll,
    Resend,
    Destroy,
    IssueToPerson,
    IssueToBusiness,
    CancelReceipt,
    ReadReceipt,
    PointsPartner,
    PointsMerchant,
    Register,
}

use Call::*;

impl Call {
    pub const ALL: &'static [Call] = &[
        Read,
        Cancel,
        CancelWithReason,
        SendTalk,
        SendLinkWithAll,
        Resend,
        Destroy,
        IssueToPerson,
        IssueToBusiness,
        CancelReceipt,
        ReadReceipt,
        PointsPartner,
        PointsMerchant,
        Register,
    ];

    /// The first call of an operation; every operation has one.
    pub fn of(operation: Operation) -> Call {
        let mut calls = Call::ALL.iter().copied();
        let first = calls.find(|call| call.operation() == operation);
        first.unwrap_or_else(|| panic!("tests/support/calls.rs has no call of {operation}"))
    }

    pub fn operation(self) -> Operation {
        match self {
            Read => Operation::BillRead,
            Cancel | CancelWithReason => Operation::BillCancel,
            SendTalk | SendLinkWithAll => Operation::BillSend,
            Resend => Operation::BillResend,
            Destroy => Operation::BillDestroy,
            IssueToPerson | IssueToBusiness => Operation::ReceiptIssue,
            CancelReceipt => Operation::ReceiptCancel,
            ReadReceipt => Operation::ReceiptRead,
            PointsPartner => Operation::PointsPartner,
            PointsMerchant => Operation::PointsMerchant,
            Register => Operation::MerchantRegister,
        }
    }

    /// The path behind the base URL, as PaySsam names it.
    pub fn path(self) -> &'static str {
        match self {
            Read => "/bill/read",
            Cancel | CancelWithReason => "/bill/cancel",
            SendTalk | SendLinkWithAll => "/bill",
            Resend => "/bill/resend",
            Destroy => "/bill/destroy",
            IssueToPerson | IssueToBusiness => "/cash-receipt/issue",
            CancelReceipt => "/cash-receipt/cancel",
            ReadReceipt => "/cash-receipt/read",
            PointsPartner => "/read/remain_count",
            PointsMerchant => "/read/merchant/remain_count",
            Register => "/auth/mapping",
        }
    }

    /// The body of the request.
    pub fn body(self) -> Value {
        let bill = match self {
            Read => json!({"billId": "2024-0001"}),
            Cancel => json!({"billId": "2024-0001", "price": "45000", "hash": HASH}),
            CancelWithReason => json!({
                "billId": "2024-0001",
                "price": "45000",
                "hash": HASH,
                "cancelReason": "고객 \"요청\""
            }),
            SendTalk => json!({
                "billId": "2024-0001",
                "sendType": "TALK",
                "productName": "3월 수강료",
                "price": "45000",
                "memberName": "김하나",
                "phone": "01012345678",
                "hash": HASH_WITH_PHONE,
                "callbackUrl": "https://academy.example/payssam",
            }),
            SendLinkWithAll => json!({
                "billId": "2024-0001",
                "sendType": "URL",
                "productName": "3월 수강료",
                "price": "45000",
                "memberName": "김하나",
                "phone": "01012345678",
                "hash": HASH_WITH_PHONE,
                "callbackUrl": "https://academy.example/payssam",
                "billIssuer": "하나 학원",
                "supplyPrice": "40909",
                "tax": "4091",
                "message": "늦지 않게\n내 주세요",
                "expireDt": "2099-12-31",
                "pageRedirectUrl": "https://academy.example/thanks",
            }),
            Resend => json!({"billId": "2024-0001"}),
            Destroy => json!({"billId": "2024-0001", "price": "45000", "hash": HASH}),
            IssueToPerson => json!({
                "billId": "2024-0001",
                "hash": HASH,
                "price": "45000",
                "supplyPrice": "45000",
                "tax": "0",
                "issuanceNumber": "01012345678",
                "trader": "0",
            }),
            IssueToBusiness => json!({
                "billId": "2024-0001",
                "hash": HASH,
                "price": "45000",
                "supplyPrice": "40909",
                "tax": "4091",
                "issuanceNumber": "2208162517",
                "trader": "1",
            }),
            CancelReceipt => {
                json!({"billId": "2024-0001", "hash": HASH, "price": "45000", "trader": "0"})
            }
            ReadReceipt => json!({"billId": "2024-0001", "hash": HASH, "price": "45000"}),
            PointsPartner => return json!({"apiKey": API_KEY}),
            PointsMerchant => json!(null),
            Register => {
                return json!({
                    "apiKey": API_KEY,
                    "memberId": "m",
                    "merchantId": "s",
                    "businessNumber": "2208162517",
                    "callbackUrl": "https://academy.example/mapping",
                    "redirectUrl": "https://academy.example/done",
                });
            }
        };
        let mut body = json!({"apiKey": API_KEY, "member": "member-1", "merchant": "merchant-1"});
        if let Some(inner) = self.inner() {
            body[inner] = bill;
        }
        body
    }

    /// The object in the envelope, if there is one.
    fn inner(self) -> Option<&'static str> {
        match self {
            IssueToPerson | IssueToBusiness | CancelReceipt | ReadReceipt => Some("cashReceipt"),
            PointsPartner | PointsMerchant | Register => None,
            _ => Some("bill"),
        }
    }

    /// Makes the call, and gives only whether it succeeded.
    pub async fn make(self, client: &Client) -> Result<(), Error> {
        self.show(client).await.map(drop)
    }

    /// Makes the call, and gives what its response shows of itself.
    pub async fn show(self, client: &Client) -> Result<Shown, Error> {
        match self {
            Read => client.bills().read(&bill_id()).await.map(shown),
            Cancel => client.bills().cancel(&cancel()).await.map(shown),
            CancelWithReason => {
                let cancel = cancel().reason("고객 \"요청\"")?;
                client.bills().cancel(&cancel).await.map(shown)
            }
            SendTalk => client.bills().send(&samples::send()).await.map(shown),
            SendLinkWithAll => {
                let send = payssam::SendBill::link(samples::new_bill())
                    .issuer("하나 학원")?
                    .tax(payssam::Tax::included(Won::new(45_000)?))?
                    .message("늦지 않게\n내 주세요")?
                    .expires("2099-12-31")?
                    .redirect("https://academy.example/thanks")?;
                client.bills().send(&send).await.map(shown)
            }
            Resend => client
                .bills()
                .resend(&ResendBill::new(bill_id()))
                .await
                .map(shown),
            Destroy => client.bills().destroy(&samples::destroy()).await.map(shown),
            IssueToPerson => client.receipts().issue(&samples::issue()).await.map(shown),
            IssueToBusiness => {
                let holder = payssam::ReceiptHolder::Business("220-81-62517".parse()?);
                let issue = payssam::IssueReceipt::taxed(Won::new(45_000)?).to(bill_id(), holder);
                client.receipts().issue(&issue).await.map(shown)
            }
            CancelReceipt => {
                let cancel = samples::issue().cancellation();
                client.receipts().cancel(&cancel).await.map(shown)
            }
            ReadReceipt => {
                let price = Won::new(45_000)?;
                client.receipts().read(&bill_id(), price).await.map(shown)
            }
            PointsPartner => client.points().partner().await.map(shown),
            PointsMerchant => client.points().merchant().await.map(shown),
            Register => client
                .onboarding()
                .register(&samples::new_merchant())
                .await
                .map(shown),
        }
    }

    /// The body of a response that says success.
    pub fn response(self) -> &'static str {
        match self {
            Read => {
                r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#
            }
            PointsPartner | PointsMerchant => {
                r#"{"code":"0000","message":"ok","data":{"balance":1}}"#
            }
            _ => r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001"}}"#,
        }
    }
}

/// What a value shows of itself.
pub struct Shown {
    pub debug: String,
    pub json: Value,
}

fn shown<T: Debug + Serialize>(response: T) -> Shown {
    Shown {
        debug: format!("{response:?}"),
        json: serde_json::to_value(&response).expect("it is JSON"),
    }
}

/// Calls an operation, and gives only whether it succeeded.
pub async fn call(operation: Operation, client: &Client) -> Result<(), Error> {
    Call::of(operation).make(client).await
}
