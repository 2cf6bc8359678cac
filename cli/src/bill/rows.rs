//! A bill and its cancellation as rows of text.

use payssam::{
    Bill, BillId, BillState, Cancellation, ConfirmedCancellation, KoreanTime, Malformed, Personal,
};
use serde_json::value::RawValue;

use crate::rows::{self, Rows};

/// The rows of a bill.
pub(crate) fn bill_rows(bill: &Bill, reveal: bool) -> Rows {
    let approval = bill.approval();
    let raw = |field| approval.raw(field);
    let text = |text: Option<&str>| text.map(str::to_owned);
    let time = |read| shown(read, raw, rows::time);
    let personal = |number: Option<Personal<'_>>| rows::personal(number, reveal);
    // The same two fields are of the approval, or of the cancellation after one.
    let (at, number) = match bill.state() {
        BillState::Cancelled => ("cancelled at", "cancellation number"),
        _ => ("approved at", "approval number"),
    };
    let (receipt, healthcare) = (approval.cash_receipt(), approval.healthcare());

    let mut rows = Rows::default();
    rows.put("bill id", bill.bill_id().to_string());
    rows.put("state", state(bill.state()));
    if bill.is_unpaid() || bill.is_destroyed() {
        return rows;
    }
    rows.put("amount", shown(approval.price(), raw, rows::won));
    rows.put(at, time(approval.approved_at()));
    rows.put(
        "originally approved at",
        time(approval.original_approved_at()),
    );
    rows.put("pay type", approval.pay_type().map(|code| code.to_string()));
    rows.put("card type", text(approval.card_type()));
    rows.put("common card type", text(approval.common_card_type()));
    rows.put(
        "instalments",
        shown(approval.installment_months(), raw, instalments),
    );
    rows.put("issuer", text(approval.issuer_name()));
    rows.put("issuer code", text(approval.issuer_code()));
    rows.put(
        "card or account number",
        approval.issuer_number().map(|number| match reveal {
            true => number.reveal().to_owned(),
            false => number.to_string(),
        }),
    );
    rows.put("acquirer", text(approval.acquirer_name()));
    rows.put("acquirer code", text(approval.acquirer_code()));
    rows.put(number, text(approval.approval_number()));
    rows.put(
        "original approval number",
        text(approval.original_approval_number()),
    );
    rows.put("response code", text(approval.response_code()));
    rows.put("cash receipt number", personal(receipt.approval_number()));
    rows.put("cash receipt trader", text(receipt.trader()));
    rows.put(
        "cash receipt issued to",
        personal(receipt.issuance_number()),
    );
    rows.put(
        "card merchant number",
        text(healthcare.card_merchant_number()),
    );
    rows.put("terminal id", text(healthcare.terminal_id()));
    rows.put("transaction number", text(healthcare.transaction_number()));
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
pub(crate) fn cancellation_rows(done: &Cancellation) -> Rows {
    cancelled_rows(
        done.bill_id(),
        |field| done.raw(field),
        done.cancelled_at(),
        done.approval_number(),
        done.original_approval_number(),
    )
}

/// The rows of a confirmed cancellation, with what confirms it.
pub(super) fn confirmed_cancellation_rows(done: &ConfirmedCancellation) -> Rows {
    let mut rows = cancelled_rows(
        done.bill_id(),
        |field| done.raw(field),
        done.cancelled_at(),
        done.approval_number(),
        done.original_approval_number(),
    );
    let proof = rows::proof(
        done.was_already_cancelled(),
        done.confirmed_by_read(),
        "cancelled",
    );
    rows.put("confirmed by", proof);
    rows
}

fn cancelled_rows<'c>(
    id: &BillId,
    raw: impl Fn(&'static str) -> Option<&'c str>,
    at: Result<Option<KoreanTime>, Malformed>,
    number: Option<&'c str>,
    original_number: Option<&'c str>,
) -> Rows {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let mut rows = Rows::default();
    rows.put("bill id", id.to_string());
    rows.put("state", state(&BillState::Cancelled));
    rows.put("cancelled at", shown(at, &raw, rows::time));
    rows.put("cancellation number", text(number));
    rows.put("original approval number", text(original_number));
    rows
}

/// A state and its letter, such as `paid (F)`.
pub(crate) fn state(state: &BillState) -> String {
    match state {
        BillState::Unknown(letter) if letter.is_empty() => {
            "unknown (no state in the response)".into()
        }
        BillState::Unknown(letter) => format!("unknown ({letter})"),
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

fn instalments(months: u16) -> String {
    match months {
        0 => "single payment".to_owned(),
        1 => "1 month".to_owned(),
        months => format!("{months} months"),
    }
}

fn user_item(bill: &Bill, reveal: bool) -> Option<String> {
    let item: Box<RawValue> = bill.approval().user_item().ok()??;
    Some(match reveal {
        true => item.get().to_owned(),
        false => format!("{} bytes of JSON, shown with --reveal", item.get().len()),
    })
}
