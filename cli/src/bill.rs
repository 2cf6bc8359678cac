//! `payssam bill`: reading and cancelling; the rest is in `bill_send`.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    Connection, Output,
    bill_send::{DestroyArguments, ResendArguments, SendArguments},
    confirm::Confirm,
    connection,
    output::{self, Rows},
};
use payssam::{
    AccountNumber, Bill, BillId, BillState, Cancel, Cancellation, ConfirmedCancellation, Error,
    KoreanTime, Malformed, Personal, Won,
};

/// Sends, reads, cancels or destroys a bill (청구서).
#[derive(Args)]
#[command(verbatim_doc_comment, arg_required_else_help = false, after_help = connection::ENVIRONMENT)]
pub(crate) struct BillArguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Read(Read),
    Cancel(CancelArguments),
    Send(SendArguments),
    Resend(ResendArguments),
    Destroy(DestroyArguments),
}

/// Reads a bill (청구서 조회): its state, and its payment if there is one.
///
/// Only bills that PAYSSAM_MEMBER and PAYSSAM_MERCHANT sent are found. A read changes
/// nothing. Amounts are in won, times in Korean time (KST, UTC+9).
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill read 2024-0001",
    "payssam --output json bill read 2024-0001",
]))]
struct Read {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// Show personal data as it came.
    ///
    /// Card, account and cash receipt numbers, the partner's own item (udItem), and, in
    /// text, PaySsam's message if it refuses.
    #[arg(long)]
    reveal: bool,
}

/// Cancels a paid bill (청구서 결제 취소): the money goes back to the payer.
///
/// Always the whole amount, and only of a bill that is paid; nobody is asked again.
/// The request is never repeated once it may have left. After exit code 5 the money may
/// have been returned: read the bill before anything else, or run the same with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill cancel 2024-0001 --price 45000",
    "payssam bill cancel 2024-0001 --price 45000 --reason '고객 요청'",
    "payssam bill cancel 2024-0001 --price 45000 --confirm --deadline 5m",
]))]
struct CancelArguments {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that was paid, in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Why, in at most 20 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
    #[command(flatten)]
    confirm: Confirm,
    /// Read the bill before, and send nothing unless it is paid with this very price.
    #[arg(long)]
    confirm_first: bool,
    /// Show PaySsam's message as it came if it refuses (in text); it may hold personal data.
    #[arg(long)]
    reveal: bool,
}

impl BillArguments {
    pub(crate) fn reveal(&self) -> bool {
        match &self.act {
            Act::Read(read) => read.reveal,
            Act::Cancel(cancel) => cancel.reveal,
            Act::Send(send) => send.reveal,
            Act::Resend(resend) => resend.reveal,
            Act::Destroy(destroy) => destroy.reveal,
        }
    }

    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        match self.act {
            Act::Read(read) => read.run(connection, output).await,
            Act::Cancel(cancel) => cancel.run(connection, output).await,
            Act::Send(send) => send.run(connection, output).await,
            Act::Resend(resend) => resend.run(connection, output).await,
            Act::Destroy(destroy) => destroy.run(connection, output).await,
        }
    }
}

impl Read {
    async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let id = BillId::new(&self.id)?;
        let client = connection.client_from_env()?;
        let bill = client.bills().read(&id).await?;
        let text = rows(&bill, self.reveal);
        if self.reveal {
            let revealed = Revealed::of(&bill);
            let bill = &bill;
            output.result(text, &RevealedBill { bill, revealed });
        } else {
            output.result(text, &bill);
        }
        Ok(())
    }
}

impl CancelArguments {
    async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let mut cancel = Cancel::new(BillId::new(&self.id)?, self.price.parse::<Won>()?);
        if let Some(reason) = &self.reason {
            cancel = cancel.reason(reason)?;
        }
        if self.confirm_first {
            cancel = cancel.confirm_first();
        }
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        if self.confirm.confirm {
            let done = client.bills().cancel_and_confirm(cancel).await?;
            output.result(confirmation_rows(&done), &done);
        } else {
            let done = client.bills().cancel(cancel).await?;
            output.result(cancellation_rows(&done), &done);
        }
        Ok(())
    }
}

/// A bill with what is masked in it.
#[derive(Serialize)]
struct RevealedBill<'a> {
    #[serde(flatten)]
    bill: &'a Bill,
    revealed: Revealed<'a>,
}

/// What is masked in a bill, as it came.
#[derive(Serialize)]
struct Revealed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_approval_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_issuance_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_item: Option<Box<RawValue>>,
}

impl<'a> Revealed<'a> {
    fn of(bill: &'a Bill) -> Self {
        let approval = bill.approval();
        Revealed {
            issuer_number: approval.raw("apprIssuerNum"),
            cash_receipt_approval_number: approval.raw("apprCashNum"),
            cash_receipt_issuance_number: approval.raw("apprCashIssuanceNumber"),
            user_item: approval.user_item().unwrap_or_default(),
        }
    }
}

/// What is shown of a bill.
pub(crate) fn rows(bill: &Bill, reveal: bool) -> Rows {
    let approval = bill.approval();
    let raw = |field| approval.raw(field);
    let text = |read| shown(read, raw, str::to_owned);
    let time = |read| shown(read, raw, output::time);
    let account = |number: AccountNumber<'_>| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    };
    let personal = |number: Personal<'_>| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    };
    // PaySsam uses the same two fields for the approval and for its cancellation.
    let (at, number) = match bill.state() {
        BillState::Cancelled => ("cancelled at", "cancellation number"),
        _ => ("approved at", "approval number"),
    };
    let (receipt, healthcare) = (approval.cash_receipt(), approval.healthcare());

    let mut rows = Rows::default();
    rows.put("bill id", bill.id().to_string());
    rows.put("state", state(bill.state()));
    rows.put("amount", shown(approval.price(), raw, output::won));
    rows.put(at, time(approval.approved_at()));
    rows.put(
        "originally approved at",
        time(approval.original_approved_at()),
    );
    rows.put(
        "pay type",
        shown(approval.pay_type(), raw, |code| code.to_string()),
    );
    rows.put("card type", text(approval.card_type()));
    rows.put("common card type", text(approval.common_card_type()));
    rows.put(
        "instalments",
        shown(approval.installment_months(), raw, instalments),
    );
    rows.put("issuer", text(approval.issuer_name()));
    rows.put("issuer code", text(approval.issuer_code()));
    rows.put(
        "card or account",
        shown(
            approval.issuer_number(),
            |field| raw(field).map(|number| account(AccountNumber::new(number))),
            account,
        ),
    );
    rows.put("acquirer", text(approval.acquirer_name()));
    rows.put("acquirer code", text(approval.acquirer_code()));
    rows.put(number, text(approval.approval_number()));
    rows.put(
        "original approval number",
        text(approval.original_approval_number()),
    );
    rows.put("response code", text(approval.response_code()));
    let masked = |read| {
        shown(
            read,
            |field| raw(field).map(|number| personal(Personal::new(number))),
            personal,
        )
    };
    rows.put("cash receipt number", masked(receipt.approval_number()));
    rows.put("cash receipt trader", text(receipt.trader()));
    rows.put("cash receipt for", masked(receipt.issuance_number()));
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
    rows.put("partner's item", user_item(bill, reveal));
    rows
}

/// What is shown of a cancellation.
pub(crate) fn cancellation_rows(done: &Cancellation) -> Rows {
    rows_of_cancelled(
        done.bill_id(),
        |field| done.raw(field),
        done.cancelled_at(),
        done.approval_number(),
        done.original_approval_number(),
    )
}

/// What is shown of a cancellation that is certain.
fn confirmation_rows(done: &ConfirmedCancellation) -> Rows {
    let mut rows = rows_of_cancelled(
        done.bill_id(),
        |field| done.raw(field),
        done.cancelled_at(),
        done.approval_number(),
        done.original_approval_number(),
    );
    let proof = output::proof(done.already(), done.confirmed_by_reading(), "cancelled");
    rows.put("confirmed by", proof);
    rows
}

fn rows_of_cancelled<'c>(
    id: &BillId,
    raw: impl Fn(&'static str) -> Option<&'c str>,
    at: Result<Option<KoreanTime>, Malformed>,
    number: Result<Option<&'c str>, Malformed>,
    original_number: Result<Option<&'c str>, Malformed>,
) -> Rows {
    let text = |read| shown(read, &raw, str::to_owned);
    let mut rows = Rows::default();
    rows.put("bill id", id.to_string());
    rows.put("state", state(&BillState::Cancelled));
    rows.put("cancelled at", shown(at, &raw, output::time));
    rows.put("cancellation number", text(number));
    rows.put("original approval number", text(original_number));
    rows
}

/// A state and its letter, such as `paid (F)`.
pub(crate) fn state(state: &BillState) -> String {
    match state {
        BillState::Unknown(letter) if letter.is_empty() => "unknown (PaySsam sent none)".into(),
        BillState::Unknown(letter) => format!("unknown ({letter})"),
        known => format!("{known} ({})", known.letter()),
    }
}

/// The value of a field, or what came instead and what is wrong with it.
fn shown<T, R: Into<String>>(
    read: Result<Option<T>, Malformed>,
    raw: impl Fn(&'static str) -> Option<R>,
    show: impl Fn(T) -> String,
) -> Option<String> {
    match read {
        Ok(value) => value.map(show),
        Err(malformed) => {
            let came = raw(malformed.field()).map(R::into).unwrap_or_default();
            Some(format!("{came}  ({malformed})"))
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
