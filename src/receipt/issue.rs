//! Issuing a cash receipt (현금영수증 발행).

use std::fmt;

use serde::{Serialize, Serializer};

use super::{CancelReceipt, ReceiptHolder, Receipts};
use crate::{
    BillId, Doubt, Error, Malformed, Operation, Personal, Vat, Won,
    answer::{Fields, Names},
    signature::{self, Signature},
    written,
};

/// What the answer to an issue may hold. The echoed `apiKey` is left behind.
const FIELDS: &Names<5> =
    &Names::new(["billId", "hash", "trader", "apprCashNum", "issuanceNumber"]);

/// A cash receipt that nobody is named on yet, from [`IssueReceipt::tax_free`] and its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct UnaddressedReceipt {
    vat: Vat,
}

impl UnaddressedReceipt {
    /// Says whom it is for, and by which identifier it is cancelled and read later. The identifier must
    /// be new, also among those of bills ([`BillId::generate`]); no bill needs to exist.
    pub fn to(self, id: BillId, holder: ReceiptHolder) -> IssueReceipt {
        IssueReceipt {
            id,
            vat: self.vat,
            holder,
        }
    }
}

/// A cash receipt that is to be issued. `Debug` does not show whom it is for.
///
/// ```
/// use payssam::{BillId, IssueReceipt, PhoneNumber, ReceiptHolder, Won};
///
/// let phone = PhoneNumber::new("010-1234-5678")?;
/// let issue = IssueReceipt::tax_free(Won::new(45_000)?)
///     .to(BillId::generate(), ReceiptHolder::Person(phone.into()));
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct IssueReceipt {
    id: BillId,
    vat: Vat,
    holder: ReceiptHolder,
}

impl IssueReceipt {
    /// Of an amount without tax (면세): the supply price is the whole.
    pub fn tax_free(price: Won) -> UnaddressedReceipt {
        IssueReceipt::of(Vat::free(price))
    }

    /// Of an amount with the tax of 10 % in it (과세), parted as [`Vat::included`] parts it.
    pub fn taxed(price: Won) -> UnaddressedReceipt {
        IssueReceipt::of(Vat::included(price))
    }

    /// Of an amount with these parts.
    pub fn of(vat: Vat) -> UnaddressedReceipt {
        UnaddressedReceipt { vat }
    }

    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.vat.price()
    }

    /// The amount and its parts.
    pub fn vat(&self) -> Vat {
        self.vat
    }

    /// Whom it is for.
    pub fn holder(&self) -> &ReceiptHolder {
        &self.holder
    }

    /// The cancellation of this receipt.
    pub fn cancellation(&self) -> CancelReceipt {
        CancelReceipt::new(self.id.clone(), self.price(), self.holder.trader())
    }

    fn hash(&self) -> Signature {
        signature::sign(&self.id, self.price())
    }
}

/// A cash receipt that PaySsam issued.
///
/// serde writes `{"receipt_id","approval_number","issuance_number"}`, with the numbers masked.
#[derive(Clone)]
pub struct IssuedReceipt {
    id: BillId,
    fields: Fields<5>,
}

impl IssuedReceipt {
    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The approval number of the tax office (`apprCashNum`).
    pub fn approval_number(&self) -> Result<Option<Personal<'_>>, Malformed> {
        Ok(self.fields.text("apprCashNum")?.map(Personal::new))
    }

    /// The number that it is for (`issuanceNumber`), perhaps masked by PaySsam.
    pub fn issuance_number(&self) -> Result<Option<Personal<'_>>, Malformed> {
        Ok(self.fields.text("issuanceNumber")?.map(Personal::new))
    }

    /// The field `trader`, as it came: `0` for a person, `1` for a business.
    pub fn trader(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("trader")
    }

    /// Any field as it came, by the name that PaySsam gives it.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl Receipts<'_> {
    /// Issues a cash receipt (현금영수증 발행), `POST /cash-receipt/issue`.
    ///
    /// Standing: reconstructed. The beginning of the page was seen, the rest measured.
    ///
    /// The request is never made again once it may have left;
    /// [`issue_and_confirm`](Receipts::issue_and_confirm) finds out what became of it.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) when the
    /// identifier was used before. After [`Error::OutcomeUnknown`] read the
    /// [history](Receipts::read), and never issue it under another identifier.
    pub async fn issue(&self, issue: IssueReceipt) -> Result<IssuedReceipt, Error> {
        self.send_issue(&issue).await
    }

    pub(super) async fn send_issue(&self, issue: &IssueReceipt) -> Result<IssuedReceipt, Error> {
        self.client.check_runtime()?;
        let call = self.call(Operation::ReceiptIssue, &issue.id);
        let hash = issue.hash();
        let request = call.request(
            "cashReceipt",
            &[
                ("billId", issue.id.as_str().into()),
                ("hash", hash.as_str().into()),
                ("price", issue.price().to_string().as_str().into()),
                (
                    "supplyPrice",
                    issue.vat.supply_price().to_string().as_str().into(),
                ),
                ("tax", issue.vat.tax().to_string().as_str().into()),
                ("issuanceNumber", issue.holder.reveal().into()),
                ("trader", issue.holder.trader().digit().into()),
            ],
        )?;
        let send = || self.client.raw().send(&request);
        let doubts = |data: &Fields<5>| -> Option<Doubt> {
            data.doubt(|data| {
                data.contradicts("billId", |echo| echo == issue.id.as_str())
                    || data.contradicts("hash", |echo| hash.matches(echo))
            })
        };
        let fields = call.make(FIELDS, send, doubts).await?;
        Ok(IssuedReceipt {
            id: issue.id.clone(),
            fields,
        })
    }
}

/// A receipt as it is logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    receipt_id: &'a str,
    approval_number: Option<Personal<'a>>,
    issuance_number: Option<Personal<'a>>,
}

impl fmt::Debug for IssuedReceipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("IssuedReceipt", self, formatter)
    }
}

impl Serialize for IssuedReceipt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written {
            receipt_id: self.id.as_str(),
            approval_number: self.fields.raw("apprCashNum").map(Personal::new),
            issuance_number: self.fields.raw("issuanceNumber").map(Personal::new),
        }
        .serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for IssuedReceipt {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IssuedReceipt".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
