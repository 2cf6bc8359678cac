//! Issues a cash receipt (현금영수증 발행).

use serde::{Deserialize, Serialize};

use super::{
    cancel::CancelReceipt,
    history::{ReadReceipt, ReceiptEntry, ReceiptHistory, ReceiptState},
    holder::ReceiptHolder,
    receipts::Receipts,
};
use crate::{
    endpoint::signature::{self, Signature},
    endpoint::{Body, Endpoint, Fields, Masked, Names, Text, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::{self, Confirmed, Confirming, Creation, Found, Write, created},
    redact::view::view,
    value::{BillId, Tax, Won},
};

/// A cash receipt without a holder yet, from [`IssueReceipt::tax_free`] and its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct UnaddressedReceipt {
    tax: Tax,
}

impl UnaddressedReceipt {
    /// Sets whom it is for, and the id under which it can be cancelled and read later. The id must be new:
    /// no receipt and no bill may have used it ([`BillId::generate`]). No bill needs to exist.
    pub fn to(self, bill_id: BillId, holder: ReceiptHolder) -> IssueReceipt {
        IssueReceipt {
            bill_id,
            tax: self.tax,
            holder,
        }
    }
}

/// The request to issue a cash receipt.
///
/// `Debug` masks whom it is for. serde writes and reads everything whole, so that it can be stored before it
/// is sent: keep it where personal data may be kept.
///
/// ```
/// use payssam::{BillId, IssueReceipt, PhoneNumber, ReceiptHolder, Won};
///
/// let phone = PhoneNumber::new("010-1234-5678")?;
/// let issue = IssueReceipt::tax_free(Won::new(45_000)?)
///     .to(BillId::generate(), ReceiptHolder::Person(phone.into()));
/// # Ok::<(), payssam::Error>(())
/// ```
#[doc(alias = "현금영수증")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct IssueReceipt {
    bill_id: BillId,
    tax: Tax,
    holder: ReceiptHolder,
}

impl IssueReceipt {
    /// For an amount without tax (면세): the supply price is the whole amount.
    pub fn tax_free(price: Won) -> UnaddressedReceipt {
        IssueReceipt::of(Tax::free(price))
    }

    /// For an amount that includes the tax of 10 % (과세), split as [`Tax::included`] splits it.
    pub fn taxed(price: Won) -> UnaddressedReceipt {
        IssueReceipt::of(Tax::included(price))
    }

    /// For an amount with these parts.
    pub fn of(tax: Tax) -> UnaddressedReceipt {
        UnaddressedReceipt { tax }
    }

    /// The id of the receipt.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.tax.price()
    }

    /// The amount and its parts.
    pub fn tax(&self) -> Tax {
        self.tax
    }

    /// Whom it is for.
    pub fn holder(&self) -> &ReceiptHolder {
        &self.holder
    }

    /// The cancellation of this receipt.
    pub fn cancellation(&self) -> CancelReceipt {
        CancelReceipt::new(self.bill_id.clone(), self.price(), self.holder.trader())
    }
}

response_type! {
    /// A cash receipt that PaySsam issued.
    ///
    /// serde writes `{"bill_id","approval_number","issuance_number"}`, with the numbers masked.
    pub struct IssuedReceipt, "IssuedReceipt" of BillId, {
        /// The approval number of the tax office (`apprCashNum`).
        approval_number: Masked = "apprCashNum",
        /// The number that it is for (`issuanceNumber`), perhaps masked by PaySsam.
        issuance_number: Masked = "issuanceNumber",
    }
    hidden {
        /// The field `trader`, as received: `0` for a person, `1` for a business.
        trader: Text = "trader",
    }
    echoed { "billId", "hash", }
}

impl Endpoint for IssueReceipt {
    type Response = IssuedReceipt;

    const OPERATION: Operation = Operation::ReceiptIssue;
    const NAMES: &'static Names = IssuedReceipt::NAMES;

    fn subject(&self) -> Subject {
        Subject::Receipt(self.bill_id.clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(signature::sign(&self.bill_id, self.price()))
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        let supply_price = self.tax.supply_price().to_string();
        send(Body::Inner(
            "cashReceipt",
            &[
                ("billId", self.bill_id.as_str().into()),
                ("hash", hash.into()),
                ("price", self.price().to_string().as_str().into()),
                ("supplyPrice", supply_price.as_str().into()),
                ("tax", self.tax.tax().to_string().as_str().into()),
                ("issuanceNumber", self.holder.reveal().into()),
                ("trader", self.holder.trader().digit().into()),
            ],
        ))
    }

    fn response(&self, fields: Fields) -> IssuedReceipt {
        IssuedReceipt::new(&self.bill_id, fields)
    }
}

impl Receipts {
    /// Issues a cash receipt (현금영수증 발행), `POST /cash-receipt/issue`.
    ///
    /// Reconstructed: the beginning of the page was published, the rest observed.
    ///
    /// A payment by bank transfer (`BANK` as [`pay_type`](crate::Approval::pay_type)) may have a receipt already: its
    /// cash receipt is issued in the process (observed with version 1). Look at
    /// [`cash_receipt`](crate::Approval::cash_receipt) of the bill first, and issue no second one.
    ///
    /// The request is never retried once it may have left;
    /// [`issue_and_confirm`](Receipts::issue_and_confirm) also reconciles an unknown outcome.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{BillId, IssueReceipt, PhoneNumber, ReceiptHolder, Won};
    ///
    /// let holder = ReceiptHolder::Person(PhoneNumber::new("010-1234-5678")?.into());
    /// let issue = IssueReceipt::taxed(Won::new(110_000)?).to(BillId::generate(), holder);
    /// let issued = client.receipts().issue(&issue).await?;
    /// println!("issued {}", issued.bill_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) when the id was
    /// used before. After [`Error::OutcomeUnknown`] read the [history](Receipts::read), and never issue it
    /// under another id.
    #[doc(alias = "현금영수증 발행")]
    pub async fn issue(&self, issue: &IssueReceipt) -> Result<IssuedReceipt, Error> {
        self.client.execute(issue).await
    }

    /// Issues a cash receipt (현금영수증 발행) and confirms the outcome, as
    /// [`Bills::send_and_confirm`](crate::Bills::send_and_confirm) does for a bill: it reads the history, and
    /// issues the receipt again under the same id, which is accepted once.
    ///
    /// As with [`issue`](Receipts::issue), a payment by bank transfer (`BANK` as [`pay_type`](crate::Approval::pay_type)) may have a receipt already: its
    /// cash receipt is issued in the process (observed with version 1). Look at
    /// [`cash_receipt`](crate::Approval::cash_receipt) of the bill first, and issue no second one.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{BillId, IssueReceipt, PhoneNumber, ReceiptHolder, Won};
    ///
    /// let holder = ReceiptHolder::Person(PhoneNumber::new("010-1234-5678")?.into());
    /// let issue = IssueReceipt::tax_free(Won::new(45_000)?).to(BillId::generate(), holder);
    /// client.receipts().issue_and_confirm(&issue).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Bills::send_and_confirm`](crate::Bills::send_and_confirm).
    #[doc(alias = "현금영수증 발행")]
    pub fn issue_and_confirm<'r>(&self, issue: &'r IssueReceipt) -> Confirming<'r, ConfirmedIssue> {
        let client = self.client.clone();
        Confirming::new(move |resuming| async move {
            reconcile::create(&client, issue, resuming)
                .await
                .map(ConfirmedIssue::of)
        })
    }
}

impl Write for IssueReceipt {
    type Read = ReadReceipt;

    fn read(&self) -> ReadReceipt {
        ReadReceipt {
            bill_id: self.bill_id.clone(),
            price: self.price(),
            decides_money: true,
        }
    }
}

impl Creation for IssueReceipt {
    /// What is known only in part decides nothing: it is read again.
    fn find(&self, history: &ReceiptHistory) -> Found {
        let Ok(entries) = history.entries() else {
            return Found::Unclear;
        };
        if entries
            .iter()
            .any(|entry| entry.state() == ReceiptState::Cancelled)
        {
            let problem = "the receipt of this id was cancelled".to_owned();
            return Found::Gone(None, problem);
        }
        if entries
            .iter()
            .any(|entry| entry.state() != ReceiptState::Issued)
        {
            return Found::Unclear;
        }
        match entries.first().map(ReceiptEntry::price) {
            None => Found::Nothing,
            Some(Ok(Some(price))) if price == self.price() => Found::This,
            Some(Ok(Some(_))) => Found::Another,
            Some(Ok(None)) => Found::Unstated,
            Some(Err(_)) => Found::Unreadable,
        }
    }
}

created! {
    /// A cash receipt that is certainly issued, once.
    ///
    /// serde writes `{"bill_id","was_already_there","confirmed_by_read"}`.
    pub enum ConfirmedIssue {
        /// This call issued it: the response said so, or was lost and a read found the receipt.
        Issued(IssuedReceipt, ReceiptHistory),
    }
}

view! {
    Confirmed<IssuedReceipt, ReceiptHistory>, "ConfirmedIssue", it, {
        bill_id: &'a BillId = &it.bill_id,
        was_already_there: bool = it.was_already,
        confirmed_by_read: bool = it.confirmed_by_read(),
    }
}
