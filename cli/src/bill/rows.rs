//! A bill and its cancellation as rows of text.

use std::fmt;

use payssam::{
    Bill, BillId, BillState, Cancellation, ConfirmedCancellation, KoreanTime, Malformed, PayType,
    Personal,
    redact::{self, MASKED},
};
use serde_json::value::RawValue;

use crate::rows::{self, Rows};

/// The rows of a bill.
pub(crate) fn bill_rows(bill: &Bill, reveal: bool) -> Rows {
    let approval = bill.approval();
    let raw = |field| approval.raw(field);
    let seen = |text: &str| {
        if reveal {
            text.to_owned()
        } else {
            redact::mask(text)
        }
    };
    let text = |text, field| shown_text(text, field, |field| raw(field).map(seen), seen);
    let time = |read| shown(read, |field| raw(field).map(seen), rows::time);
    let personal = |number: Option<Personal<'_>>, field| match number {
        Some(number) => rows::personal(Some(number), reveal),
        None => shown_text(
            None,
            field,
            |field| raw(field).map(|raw| if reveal { raw } else { MASKED }),
            str::to_owned,
        ),
    };
    // The same two fields are of the approval, or of the cancellation after one.
    let (at, number) = match bill.state() {
        BillState::Cancelled => ("cancelled at", "cancellation number"),
        _ => ("approved at", "approval number"),
    };
    let (receipt, healthcare) = (approval.cash_receipt(), approval.healthcare());
    let pay_type = approval.pay_type();

    let mut rows = Rows::default();
    rows.put("bill id", bill.bill_id().to_string());
    rows.put("state", state(bill.state()));
    if bill.is_unpaid() || bill.is_destroyed() {
        return rows;
    }
    rows.put(
        "amount",
        shown(approval.price(), |field| raw(field).map(seen), rows::won),
    );
    rows.put(at, time(approval.approved_at()));
    rows.put(
        "originally approved at",
        time(approval.original_approved_at()),
    );
    rows.put(
        "pay type",
        text(pay_type.as_ref().map(PayType::as_str), "apprPayType"),
    );
    rows.put("card type", text(approval.card_type(), "apprCardType"));
    rows.put(
        "common card type",
        text(approval.common_card_type(), "cardType"),
    );
    rows.put(
        "instalments",
        shown(
            approval.installment_months(),
            |field| raw(field).map(seen),
            instalments,
        ),
    );
    rows.put("issuer", text(approval.issuer_name(), "apprIssuer"));
    rows.put("issuer code", text(approval.issuer_code(), "apprIssuerCd"));
    let issuer_number = approval.issuer_number().map(|number| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    });
    rows.put(
        "card or account number",
        issuer_number.or_else(|| personal(None, "apprIssuerNum")),
    );
    rows.put("acquirer", text(approval.acquirer_name(), "apprAcquirerNm"));
    rows.put(
        "acquirer code",
        text(approval.acquirer_code(), "apprAcquirerCd"),
    );
    rows.put(number, text(approval.approval_number(), "apprNum"));
    rows.put(
        "original approval number",
        text(approval.original_approval_number(), "apprOriginNum"),
    );
    rows.put("response code", text(approval.response_code(), "apprResCd"));
    rows.put(
        "cash receipt number",
        personal(receipt.approval_number(), "apprCashNum"),
    );
    rows.put(
        "cash receipt trader",
        text(receipt.trader(), "apprCashTrader"),
    );
    rows.put(
        "cash receipt issued to",
        personal(receipt.issuance_number(), "apprCashIssuanceNumber"),
    );
    rows.put(
        "card merchant number",
        text(healthcare.card_merchant_number(), "apprCardMerchantNum"),
    );
    rows.put("terminal id", text(healthcare.terminal_id(), "catId"));
    rows.put(
        "transaction number",
        text(healthcare.transaction_number(), "dscTxNum"),
    );
    rows.put(
        "signature",
        shown(
            healthcare.sign(),
            |field| raw(field).map(|text| format!("{} bytes", text.len())),
            |sign| format!("{} bytes, never shown", sign.len()),
        ),
    );
    rows.put("user item", user_item(bill, reveal));
    rows
}

/// The rows of a cancellation.
pub(crate) fn cancellation_rows(cancellation: &Cancellation) -> Rows {
    cancelled_rows(
        cancellation.bill_id(),
        |field| cancellation.raw(field),
        cancellation.cancelled_at(),
        cancellation.approval_number(),
        cancellation.original_approval_number(),
    )
}

/// The rows of a confirmed cancellation, with what confirms it.
pub(super) fn confirmed_cancellation_rows(confirmed: &ConfirmedCancellation) -> Rows {
    let mut rows = cancelled_rows(
        confirmed.bill_id(),
        |field| confirmed.raw(field),
        confirmed.cancelled_at(),
        confirmed.approval_number(),
        confirmed.original_approval_number(),
    );
    let proof = rows::proof(
        confirmed.was_already_cancelled(),
        confirmed.confirmed_by_read(),
        "cancelled",
    );
    rows.put("confirmed by", proof);
    rows
}

fn cancelled_rows<'c>(
    id: &BillId,
    raw: impl Fn(&'static str) -> Option<&'c str> + Copy,
    at: Result<Option<KoreanTime>, Malformed>,
    number: Option<&'c str>,
    original_number: Option<&'c str>,
) -> Rows {
    let masked = |field| raw(field).map(redact::mask);
    let text = |text, field| shown_text(text, field, masked, redact::mask);
    let mut rows = Rows::default();
    rows.put("bill id", id.to_string());
    rows.put("state", state(&BillState::Cancelled));
    rows.put("cancelled at", shown(at, masked, rows::time));
    rows.put("cancellation number", text(number, "apprNum"));
    rows.put(
        "original approval number",
        text(original_number, "apprOriginNum"),
    );
    rows
}

/// A state and its letter, such as `paid (F)`.
pub(crate) fn state(state: &BillState) -> String {
    match state {
        BillState::Unknown(letter) if letter.is_empty() => {
            "unknown (no state in the response)".into()
        }
        BillState::Unknown(letter) => format!("unknown ({})", redact::mask(letter)),
        known => format!("{known} ({})", known.letter()),
    }
}

/// The value of a field, or the malformed value and what is wrong with it.
fn shown<T, R: Into<String>>(
    read: Result<Option<T>, Malformed>,
    raw: impl Fn(&'static str) -> Option<R>,
    show: impl Fn(T) -> String,
) -> Option<String> {
    match read {
        Ok(value) => value.map(show),
        Err(malformed) => {
            let raw = raw(malformed.field()).map(R::into).unwrap_or_default();
            Some(format!("{raw}  ({malformed})"))
        }
    }
}

/// The text of a field, or the malformed value and that it is not a text.
fn shown_text<'t, R: fmt::Display>(
    text: Option<&'t str>,
    field: &'static str,
    raw: impl Fn(&'static str) -> Option<R>,
    show: impl Fn(&'t str) -> String,
) -> Option<String> {
    let malformed =
        |raw| format!("{raw}  ({field} in PaySsam's response is malformed: text was expected)");
    match text {
        Some(text) => Some(show(text)),
        None => raw(field).map(malformed),
    }
}

fn instalments(months: u16) -> String {
    match months {
        0 => "single payment".to_owned(),
        1 => "1 month".to_owned(),
        months => format!("{months} months"),
    }
}

fn user_item(bill: &Bill, reveal: bool) -> Option<String> {
    let item: Box<RawValue> = match bill.approval().user_item() {
        Ok(item) => item?,
        Err(malformed) => return Some(malformed.to_string()),
    };
    Some(match reveal {
        true => item.get().to_owned(),
        false => format!("{} bytes of JSON, shown with --reveal", item.get().len()),
    })
}
