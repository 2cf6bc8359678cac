//! `payssam receipt issue`.

use clap::Args;
use payssam::{BillId, Error, IssueReceipt, PhoneNumber, ReceiptHolder, ResidentNumber, Won};
use serde::Serialize;

use crate::{
    confirm::Confirm,
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
    stdin,
};

/// Issues a cash receipt (현금영수증 발행), with or without a bill.
///
/// After exit code 5 read the receipt, or run the same command with --confirm and the same --id;
/// never issue it under another id. A bank transfer (BANK) may have a receipt already: look at the bill
/// first.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam receipt issue --price 45000 --tax-free --phone 010-1234-5678 --confirm",
    "payssam receipt issue --price 110000 --taxed --business 220-81-62517",
    "payssam receipt issue --price 45000 --tax-free --resident - < number.txt",
    "payssam receipt issue --price 45000 --tax-free --self-issue",
]))]
pub(super) struct Issue {
    /// The id of the receipt (bill_id): 1 to 20 characters, no comma, never used before [default: generated].
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: Option<String>,
    /// The amount in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    #[command(flatten)]
    tax: Tax,
    #[command(flatten)]
    holder: Holder,
    #[command(flatten)]
    confirm: Confirm,
    /// Show personal data unmasked.
    #[arg(long)]
    pub(super) reveal: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Tax {
    /// The price includes no tax.
    #[arg(long)]
    tax_free: bool,
    /// The price includes 10 % tax (부가세).
    #[arg(long)]
    taxed: bool,
    /// The tax (부가세) that the price includes, in won.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    tax: Option<String>,
}

impl Tax {
    fn of(&self, price: Won) -> Result<payssam::Tax, Error> {
        if self.taxed {
            return Ok(payssam::Tax::included(price));
        }
        let Some(tax) = &self.tax else {
            return Ok(payssam::Tax::free(price));
        };
        let tax: u64 = tax
            .parse()
            .map_err(|_| Error::invalid_input("tax", "it must be digits only"))?;
        Ok(payssam::Tax::new(
            price,
            price.get().saturating_sub(tax),
            tax,
        )?)
    }
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Holder {
    /// The mobile phone number of a person; - reads it from stdin, which no other process can see.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: Option<String>,
    /// The resident registration number (주민등록번호) of a person; - reads it from stdin.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    resident: Option<String>,
    /// The registration number (사업자등록번호) of a business.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    business: Option<String>,
    /// The number of a receipt card (현금영수증카드), 13 to 19 digits; - reads it from stdin.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    card: Option<String>,
    /// For a payer who gave no number (자진발급): the tax office's self-issue number, 010-000-1234.
    #[arg(long)]
    self_issue: bool,
}

impl Holder {
    fn checked(&self) -> Result<ReceiptHolder, Error> {
        if let Some(number) = &self.business {
            return Ok(ReceiptHolder::Business(number.parse()?));
        }
        if let Some(number) = &self.card {
            return Ok(ReceiptHolder::Card(number.parse()?));
        }
        if self.self_issue {
            return Ok(ReceiptHolder::SelfIssue);
        }
        if let Some(number) = &self.resident {
            let number: ResidentNumber = number.parse()?;
            return Ok(ReceiptHolder::Person(number.into()));
        }
        let phone = PhoneNumber::new(self.phone.as_deref().unwrap_or_default())?;
        Ok(ReceiptHolder::Person(phone.into()))
    }
}

#[derive(Serialize)]
struct Issued<'a> {
    bill_id: &'a str,
    state: &'static str,
    approval_number: Option<String>,
    was_already_there: bool,
    confirmed_by_read: bool,
}

impl Issue {
    pub(super) async fn run(
        mut self,
        connection: &Connection,
        output: Output,
    ) -> Result<(), Error> {
        stdin::fill([
            ("--phone", self.holder.phone.as_mut()),
            ("--resident", self.holder.resident.as_mut()),
            ("--card", self.holder.card.as_mut()),
        ])?;
        let id = match &self.id {
            Some(id) => id.parse()?,
            None => BillId::generate(),
        };
        let tax = self.tax.of(self.price.parse()?)?;
        let issue = IssueReceipt::of(tax).to(id, self.holder.checked()?);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let receipts = client.receipts();
        let (response, was_already_there, confirmed_by_read) = if self.confirm.confirm {
            let call = receipts.issue_and_confirm(&issue);
            let confirmed = self.confirm.of(call).await?;
            (
                confirmed.response().cloned(),
                confirmed.was_already_there(),
                confirmed.confirmed_by_read(),
            )
        } else {
            (Some(receipts.issue(&issue).await?), false, false)
        };
        let number = response
            .as_ref()
            .and_then(|issued| issued.approval_number());
        let issued = Issued {
            bill_id: issue.bill_id().as_str(),
            state: "issued",
            approval_number: rows::personal(number, self.reveal),
            was_already_there,
            confirmed_by_read,
        };
        let mut rows = Rows::default();
        rows.put("bill id", issued.bill_id.to_owned());
        rows.put("state", issued.state.to_owned());
        rows.put("approval number", issued.approval_number.clone());
        let proof = rows::proof(was_already_there, confirmed_by_read, issued.state);
        rows.put("confirmed by", proof);
        output.result(rows, &issued);
        Ok(())
    }
}
