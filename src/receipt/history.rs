//! Reads the history of a cash receipt (현금영수증 조회).

use serde_json::value::RawValue;

use super::receipts::Receipts;
use crate::{
    endpoint::signature::{self, Signature},
    endpoint::{
        Body, Endpoint, Field, Fields, Malformed, Masked, Names, Spelling, Text, response_type,
    },
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::Read,
    redact::view::view,
    value::{BillId, BillState, KoreanTime, Won, open_enum::open_enum},
};

const INFO: &str = "info";

/// The history of a cash receipt: one entry for its issue, and one for its cancellation.
///
/// serde writes `{"bill_id","entries"}`, where `entries` is `null` when they are malformed.
#[derive(Clone)]
pub struct ReceiptHistory {
    bill_id: BillId,
    entries: Result<Vec<ReceiptEntry>, Malformed>,
}

impl ReceiptHistory {
    /// The id of the receipt.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The entries (`info`). Their order is not guaranteed.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when `info` is not a list of objects.
    pub fn entries(&self) -> Result<&[ReceiptEntry], Malformed> {
        self.entries.as_deref().map_err(Clone::clone)
    }
}

view! {
    ReceiptHistory, "ReceiptHistory", it, {
        bill_id: &'a BillId = &it.bill_id,
        entries: Option<&'a [ReceiptEntry]> = it.entries.as_deref().ok(),
    }
}

fn entries(data: &Fields) -> Result<Vec<ReceiptEntry>, Malformed> {
    let Some(json) = data.json(INFO)? else {
        return Ok(Vec::new());
    };
    let malformed = || Malformed::new(INFO, "it is not a list of objects");
    let list: Vec<&RawValue> = serde_json::from_str(&json).map_err(|_| malformed())?;
    list.into_iter()
        .map(|entry| {
            let fields = Fields::decode(entry.get(), ReceiptEntry::NAMES, Spelling::Camel);
            fields.map(|fields| ReceiptEntry { fields })
        })
        .collect::<Option<_>>()
        .ok_or_else(malformed)
}

open_enum! {
    /// Whether a cash receipt was issued or cancelled (`apprState`).
    ///
    /// `Display` and serde write `issued`, `cancelled`, or PaySsam's letters.
    pub enum ReceiptState: letter, from_letter {
        /// `F`: issued.
        Issued = "F", "issued";
        /// `C`: cancelled.
        Cancelled = "C", "cancelled";
    }
    other {
        /// Any other letters, as received. Empty when there were none.
        Unknown = "";
    }
}

impl Field for ReceiptState {
    type Value<'f> = ReceiptState;
    type Shown<'f> = ReceiptState;

    fn value(fields: &Fields, name: &'static str) -> ReceiptState {
        match fields.text(name) {
            Some(letter) => ReceiptState::from_letter(letter),
            None => ReceiptState::Unknown(fields.raw(name).unwrap_or_default().to_owned()),
        }
    }

    fn shown(fields: &Fields, name: &'static str) -> Option<ReceiptState> {
        Some(ReceiptState::value(fields, name))
    }
}

response_type! {
    /// One entry in the history of a cash receipt.
    ///
    /// serde writes `{"state","price","supply_price","tax","at","approval_number","issuance_number"}`, with
    /// amounts as numbers and personal numbers masked.
    pub struct ReceiptEntry, "ReceiptEntry", {
        /// Issued or cancelled (`apprState`).
        state: ReceiptState = "apprState",
        /// The amount in won (`apprPrice`).
        price: Won = "apprPrice",
        /// The amount without the tax, in won (`apprSupplyPrice`).
        supply_price: u64 = "apprSupplyPrice",
        /// The tax, in won (`apprTax`).
        tax: u64 = "apprTax",
        /// When (`apprDt`). It has 12 digits here, not 14 (observed).
        at: KoreanTime = "apprDt",
        /// The approval number (`apprNum`).
        approval_number: Masked = "apprNum",
        /// The number that it is for (`issuanceNumber`).
        issuance_number: Masked = "issuanceNumber",
    }
    hidden {
        /// The field `trader`, as received: `0` for a person, `1` for a business.
        trader: Text = "trader",
    }
}

/// The request to read a cash receipt.
pub(crate) struct ReadReceipt {
    pub(crate) bill_id: BillId,
    pub(crate) price: Won,
    /// Whether it decides that a write took effect: its response must name the receipt.
    pub(crate) decides_money: bool,
}

impl Endpoint for ReadReceipt {
    type Response = ReceiptHistory;

    const OPERATION: Operation = Operation::ReceiptRead;
    const NAMES: &'static Names = &Names::new(&["billId", INFO]).with_json(INFO);

    fn subject(&self) -> Subject {
        Subject::Receipt(self.bill_id.clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(signature::sign(&self.bill_id, self.price))
    }

    fn needs_bill_id(&self) -> bool {
        self.decides_money
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Inner(
            "cashReceipt",
            &[
                ("billId", self.bill_id.as_str().into()),
                ("hash", hash.into()),
                ("price", self.price.to_string().as_str().into()),
            ],
        ))
    }

    fn response(&self, data: Fields) -> ReceiptHistory {
        ReceiptHistory {
            bill_id: self.bill_id.clone(),
            entries: entries(&data),
        }
    }
}

impl Read for ReadReceipt {
    fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    fn state(_: &ReceiptHistory) -> Option<BillState> {
        None
    }
}

impl Receipts {
    /// Reads the history of a cash receipt (현금영수증 조회), `POST /cash-receipt/read`. It changes nothing, so
    /// the client retries it by its [retry policy](crate::ClientBuilder::retry).
    ///
    /// Reconstructed: observed. How PaySsam responds for a receipt that does not exist is unknown.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::Won;
    ///
    /// let history = client.receipts().read(&"2024-0001".parse()?, Won::new(45_000)?).await?;
    /// for entry in history.entries().unwrap_or_default() {
    ///     println!("{:?} {:?}", entry.state(), entry.at());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`].
    #[doc(alias = "현금영수증 조회")]
    pub async fn read(&self, id: &BillId, price: Won) -> Result<ReceiptHistory, Error> {
        let read = ReadReceipt {
            bill_id: id.clone(),
            price,
            decides_money: false,
        };
        self.client.execute(&read).await
    }
}
