//! Each property of a response, and how the facade gives it.

#![allow(dead_code, reason = "each test file uses its part")]

use payssam::{Bill, Cancellation, KoreanTime};

/// One property of a response: its name, a value that no other property has, and how the facade
/// gives it.
pub type Property<T> = (&'static str, &'static str, fn(&T) -> Option<String>);

pub fn text(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

pub const READ: &[Property<Bill>] = &[
    ("billId", "2024-0001", |bill| {
        Some(bill.bill_id().to_string())
    }),
    ("apprState", "C", |bill| {
        Some(bill.state().letter().to_owned()).filter(|letter| !letter.is_empty())
    }),
    ("apprPayType", "CARD_RP", |bill| {
        let pay_type = bill.approval().pay_type()?;
        Some(pay_type.to_string())
    }),
    ("apprCardType", "체크", |bill| {
        text(bill.approval().card_type())
    }),
    ("apprDt", "20240102030405", |bill| {
        bill.approval()
            .approved_at()
            .unwrap()
            .map(KoreanTime::digits)
    }),
    ("apprOriginDt", "20230102030405", |bill| {
        bill.approval()
            .original_approved_at()
            .unwrap()
            .map(KoreanTime::digits)
    }),
    ("apprPrice", "45000", |bill| {
        bill.approval().price().unwrap().map(|won| won.to_string())
    }),
    ("apprIssuer", "현대카드", |bill| {
        text(bill.approval().issuer_name())
    }),
    ("apprIssuerCd", "issuer code", |bill| {
        text(bill.approval().issuer_code())
    }),
    ("apprIssuerNum", "1234********7890", |bill| {
        let number = bill.approval().issuer_number()?;
        Some(number.to_string())
    }),
    ("apprAcquirerCd", "acquirer code", |bill| {
        text(bill.approval().acquirer_code())
    }),
    ("apprAcquirerNm", "acquirer name", |bill| {
        text(bill.approval().acquirer_name())
    }),
    ("apprNum", "approval number", |bill| {
        text(bill.approval().approval_number())
    }),
    ("apprOriginNum", "original number", |bill| {
        text(bill.approval().original_approval_number())
    }),
    ("apprResCd", "response code", |bill| {
        text(bill.approval().response_code())
    }),
    ("apprMonthly", "12", |bill| {
        let months = bill.approval().installment_months().unwrap()?;
        Some(months.to_string())
    }),
    ("apprCashNum", "receipt number", |bill| {
        let number = bill.approval().cash_receipt().approval_number()?;
        Some(number.reveal().to_owned())
    }),
    ("apprCashTrader", "1", |bill| {
        text(bill.approval().cash_receipt().trader())
    }),
    ("apprCashIssuanceNumber", "issuance number", |bill| {
        let number = bill.approval().cash_receipt().issuance_number()?;
        Some(number.reveal().to_owned())
    }),
    ("apprCardMerchantNum", "card merchant", |bill| {
        text(bill.approval().healthcare().card_merchant_number())
    }),
    ("catId", "terminal", |bill| {
        text(bill.approval().healthcare().terminal_id())
    }),
    ("dscTxNum", "transaction", |bill| {
        text(bill.approval().healthcare().transaction_number())
    }),
    ("cardType", "common card type", |bill| {
        text(bill.approval().common_card_type())
    }),
    ("apprSign", "c2lnbmVk", |bill| {
        let sign = bill.approval().healthcare().sign().unwrap()?;
        Some(base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            sign,
        ))
    }),
    ("udItem", "my own item", |bill| {
        bill.approval().user_item::<String>().unwrap()
    }),
];

/// Echoed by PaySsam, and deliberately not kept: the caller has it already, and it is a secret.
pub const READ_NOT_KEPT: &[&str] = &["apiKey"];

pub const CANCEL: &[Property<Cancellation>] = &[
    ("member", "a member", |done| text(done.member())),
    ("merchant", "a merchant", |done| text(done.merchant())),
    ("billId", "2024-0001", |done| {
        Some(done.bill_id().to_string())
    }),
    ("apprNum", "approval number", |done| {
        text(done.approval_number())
    }),
    ("apprOriginNum", "original number", |done| {
        text(done.original_approval_number())
    }),
    ("apprCancelDt", "20240102030405", |done| {
        done.cancelled_at().unwrap().map(KoreanTime::digits)
    }),
];

/// Echoed by PaySsam, and deliberately not kept: the key is a secret, and the hash was compared
/// with the one that was sent.
pub const CANCEL_NOT_KEPT: &[&str] = &["apiKey", "hash"];
