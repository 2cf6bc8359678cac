//! `payssam receipt`: cash receipts.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::{
    Connection, Output,
    confirm::Confirm,
    connection,
    output::{self, Rows},
};
use payssam::{
    BillId, CancelReceipt, Error, IssueReceipt, Personal, PhoneNumber, ReceiptEntry, ReceiptHolder,
    ReceiptState, ResidentNumber, Trader, Vat, Won,
};

/// Issues, cancels or reads a cash receipt (현금영수증).
///
/// Reconstructed, not published: PaySsam may see it otherwise.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::ENVIRONMENT)]
pub(crate) struct ReceiptArguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Issue(Issue),
    Cancel(Cancel),
    Read(Read),
}

/// Issues a cash receipt (현금영수증 발행); no bill needs to exist.
///
/// With --confirm one receipt is issued, whatever fails; without, read its history after exit
/// code 5, and never issue it under another id.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam receipt issue --price 45000 --tax-free --phone 010-1234-5678 --confirm",
    "payssam receipt issue --price 110000 --taxed --business 220-81-62517",
]))]
struct Issue {
    /// The receipt's id: 1 to 20 characters, no comma, never used before [default: a new one].
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: Option<String>,
    /// The amount in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    #[command(flatten)]
    tax: Tax,
    #[command(flatten)]
    holder: Holder,
    #[command(flatten)]
    confirm: Confirm,
    /// Show personal data as it came.
    #[arg(long)]
    reveal: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Tax {
    /// There is no tax in the price.
    #[arg(long)]
    tax_free: bool,
    /// The tax of 10 % is in the price.
    #[arg(long)]
    taxed: bool,
    /// So much tax is in the price, in won.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    tax: Option<String>,
}

impl Tax {
    fn of(&self, price: Won) -> Result<Vat, Error> {
        if self.taxed {
            return Ok(Vat::included(price));
        }
        let Some(tax) = &self.tax else {
            return Ok(Vat::free(price));
        };
        let tax: u64 = tax
            .parse()
            .map_err(|_| Error::invalid_input("tax", "it must be digits alone"))?;
        Vat::new(price, price.get().saturating_sub(tax), tax)
    }
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Holder {
    /// A person's mobile phone.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: Option<String>,
    /// A person's resident registration number (주민등록번호).
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    resident: Option<String>,
    /// A business registration number (사업자등록번호).
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    business: Option<String>,
}

impl Holder {
    fn checked(&self) -> Result<ReceiptHolder, Error> {
        if let Some(number) = &self.business {
            return Ok(ReceiptHolder::Business(number.parse()?));
        }
        if let Some(number) = &self.resident {
            let number: ResidentNumber = number.parse()?;
            return Ok(ReceiptHolder::Person(number.into()));
        }
        let phone = PhoneNumber::new(self.phone.as_deref().unwrap_or_default())?;
        Ok(ReceiptHolder::Person(phone.into()))
    }
}

/// Cancels a cash receipt (현금영수증 취소).
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam receipt cancel 2024-0001 --price 45000 --trader person --confirm",
]))]
struct Cancel {
    /// The receipt's id.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the receipt in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Whom it was issued to.
    #[arg(long, value_enum)]
    trader: Whom,
    #[command(flatten)]
    confirm: Confirm,
    /// Show personal data as it came.
    #[arg(long)]
    reveal: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Whom {
    Person,
    Business,
}

/// Reads what became of a cash receipt (현금영수증 조회). A read changes nothing.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam receipt read 2024-0001 --price 45000",
]))]
struct Read {
    /// The receipt's id.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the receipt in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Show personal data as it came.
    #[arg(long)]
    reveal: bool,
}

impl ReceiptArguments {
    pub(crate) fn reveal(&self) -> bool {
        match &self.act {
            Act::Issue(issue) => issue.reveal,
            Act::Cancel(cancel) => cancel.reveal,
            Act::Read(read) => read.reveal,
        }
    }

    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        match self.act {
            Act::Issue(issue) => issue.run(connection, output).await,
            Act::Cancel(cancel) => cancel.run(connection, output).await,
            Act::Read(read) => read.run(connection, output).await,
        }
    }
}

/// A write of a receipt as JSON.
#[derive(Serialize)]
struct Written<'a> {
    receipt_id: &'a str,
    state: &'static str,
    approval_number: Option<String>,
    already: bool,
    confirmed_by_reading: bool,
}

impl Written<'_> {
    fn tell(self, output: Output) {
        let mut rows = Rows::default();
        rows.put("receipt id", self.receipt_id.to_owned());
        rows.put("state", self.state.to_owned());
        rows.put("approval number", self.approval_number.clone());
        let proof = output::proof(self.already, self.confirmed_by_reading, self.state);
        rows.put("confirmed by", proof);
        output.result(rows, &self);
    }
}

fn shown(number: Option<Personal<'_>>, reveal: bool) -> Option<String> {
    number.map(|number| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    })
}

impl Issue {
    async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let id = match &self.id {
            Some(id) => id.parse()?,
            None => BillId::generate(),
        };
        let vat = self.tax.of(self.price.parse()?)?;
        let issue = IssueReceipt::of(vat).to(id, self.holder.checked()?);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let receipts = client.receipts();
        let (issued, confirmed_by_reading) = if self.confirm.confirm {
            let done = receipts.issue_and_confirm(issue.clone()).await?;
            (done.answer().cloned(), done.confirmed_by_reading())
        } else {
            (Some(receipts.issue(issue.clone()).await?), false)
        };
        let number = issued
            .as_ref()
            .and_then(|issued| issued.approval_number().ok()?);
        let written = Written {
            receipt_id: issue.id().as_str(),
            state: "issued",
            approval_number: shown(number, self.reveal),
            already: false,
            confirmed_by_reading,
        };
        written.tell(output);
        Ok(())
    }
}

impl Cancel {
    async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let trader = match self.trader {
            Whom::Person => Trader::Person,
            Whom::Business => Trader::Business,
        };
        let cancel = CancelReceipt::new(BillId::new(&self.id)?, self.price.parse()?, trader);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let receipts = client.receipts();
        let (answer, already, confirmed_by_reading) = if self.confirm.confirm {
            let done = receipts.cancel_and_confirm(cancel.clone()).await?;
            (
                done.answer().cloned(),
                done.already(),
                done.confirmed_by_reading(),
            )
        } else {
            (Some(receipts.cancel(cancel.clone()).await?), false, false)
        };
        let number = answer
            .as_ref()
            .and_then(|answer| answer.approval_number().ok()?);
        let written = Written {
            receipt_id: cancel.id().as_str(),
            state: "cancelled",
            approval_number: shown(number, self.reveal),
            already,
            confirmed_by_reading,
        };
        written.tell(output);
        Ok(())
    }
}

#[derive(Serialize)]
struct History<'a> {
    receipt_id: &'a str,
    /// `null` when PaySsam's list is malformed.
    entries: Option<&'a [ReceiptEntry]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revealed: Option<Vec<Revealed<'a>>>,
}

/// What is masked in an entry, as it came.
#[derive(Serialize)]
struct Revealed<'a> {
    approval_number: Option<&'a str>,
    issuance_number: Option<&'a str>,
}

impl Read {
    async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let (id, price) = (BillId::new(&self.id)?, self.price.parse()?);
        let client = connection.client_from_env()?;
        let history = client.receipts().read(&id, price).await?;
        let entries = history.entries();
        let mut rows = Rows::default();
        rows.put("receipt id", id.to_string());
        match &entries {
            Ok([]) => rows.put("history", "empty".to_owned()),
            Ok(entries) => entries.iter().for_each(|entry| self.put(&mut rows, entry)),
            Err(malformed) => rows.put("history", malformed.to_string()),
        }
        let entries = entries.ok();
        let reveal = |entry| {
            let raw = |field| ReceiptEntry::raw(entry, field);
            Revealed {
                approval_number: raw("apprNum"),
                issuance_number: raw("issuanceNumber"),
            }
        };
        let revealed = entries.filter(|_| self.reveal);
        let history = History {
            receipt_id: id.as_str(),
            entries,
            revealed: revealed.map(|entries| entries.iter().map(reveal).collect()),
        };
        output.result(rows, &history);
        Ok(())
    }

    fn put(&self, rows: &mut Rows, entry: &ReceiptEntry) {
        let state = match entry.state() {
            ReceiptState::Issued => "issued (F)".to_owned(),
            ReceiptState::Cancelled => "cancelled (C)".to_owned(),
            _ => format!("unknown ({})", entry.raw("apprState").unwrap_or_default()),
        };
        let at = match entry.at() {
            Ok(at) => at.map(output::time),
            Err(malformed) => Some(malformed.to_string()),
        };
        rows.put("state", state);
        rows.put("at", at);
        rows.put("amount", entry.price().ok().flatten().map(output::won));
        let number = entry.approval_number().unwrap_or_default();
        rows.put("approval number", shown(number, self.reveal));
        let number = entry.issuance_number().unwrap_or_default();
        rows.put("issued for", shown(number, self.reveal));
    }
}
