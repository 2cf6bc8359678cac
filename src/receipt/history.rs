//! Reading what became of a cash receipt (현금영수증 조회).

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Receipts;
use crate::{
    BillId, Doubt, Error, KoreanTime, Malformed, Operation, Personal, Won,
    answer::{Fields, Names, Spelling},
    signature, written,
};
#[cfg(fuzzing)]
use crate::{Client, raw::Answer};

/// What the answer to a reading may hold. The echoed `apiKey` is left behind.
const FIELDS: &Names<2> = &Names::new(["billId", INFO]).with_json(INFO);

const INFO: &str = "info";

/// What an entry of the history may hold.
const ENTRY: &Names<8> = &Names::new([
    "apprPrice",
    "apprSupplyPrice",
    "apprTax",
    "trader",
    "apprNum",
    "apprState",
    "apprDt",
    "issuanceNumber",
]);

/// What became of a cash receipt: one entry for its issue, and one for its cancellation.
#[derive(Clone)]
pub struct ReceiptHistory {
    id: BillId,
    entries: Result<Vec<ReceiptEntry>, Malformed>,
}

impl ReceiptHistory {
    fn new(id: &BillId, data: &Fields<2>) -> Self {
        ReceiptHistory {
            id: id.clone(),
            entries: entries(data),
        }
    }

    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The entries (`info`). Their order is not promised.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when `info` is not a list of objects.
    pub fn entries(&self) -> Result<&[ReceiptEntry], Malformed> {
        self.entries.as_deref().map_err(Clone::clone)
    }
}

fn entries(data: &Fields<2>) -> Result<Vec<ReceiptEntry>, Malformed> {
    let Some(json) = data.json(INFO)? else {
        return Ok(Vec::new());
    };
    let malformed = || Malformed::new(INFO, "a list of objects was expected");
    let list: Vec<&RawValue> = serde_json::from_str(&json).map_err(|_| malformed())?;
    list.into_iter()
        .map(|entry| {
            let fields = Fields::decode(entry.get(), ENTRY, Spelling::Camel);
            fields.map(|fields| ReceiptEntry { fields })
        })
        .collect::<Option<_>>()
        .ok_or_else(malformed)
}

/// Whether a cash receipt was issued or cancelled (`apprState`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReceiptState {
    /// `F`: issued.
    Issued,
    /// `C`: cancelled.
    Cancelled,
    /// Any other letters, as they came. Empty when there were none.
    Unknown(String),
}

/// One entry in the history of a cash receipt.
///
/// serde writes `{"state","price","supply_price","tax","at","approval_number","issuance_number"}`, with
/// the numbers masked.
#[derive(Clone)]
pub struct ReceiptEntry {
    fields: Fields<8>,
}

impl ReceiptEntry {
    /// Issued or cancelled (`apprState`).
    pub fn state(&self) -> ReceiptState {
        match self.fields.text("apprState") {
            Ok(Some("F")) => ReceiptState::Issued,
            Ok(Some("C")) => ReceiptState::Cancelled,
            _ => {
                let letters = self.fields.raw("apprState").unwrap_or_default();
                ReceiptState::Unknown(letters.to_owned())
            }
        }
    }

    /// The amount (`apprPrice`).
    pub fn price(&self) -> Result<Option<Won>, Malformed> {
        self.fields.parsed("apprPrice", str::parse)
    }

    /// The amount without the tax, in won (`apprSupplyPrice`).
    pub fn supply_price(&self) -> Result<Option<u64>, Malformed> {
        self.fields.parsed("apprSupplyPrice", str::parse)
    }

    /// The tax, in won (`apprTax`).
    pub fn tax(&self) -> Result<Option<u64>, Malformed> {
        self.fields.parsed("apprTax", str::parse)
    }

    /// The field `trader`, as it came: `0` for a person, `1` for a business.
    pub fn trader(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("trader")
    }

    /// The approval number (`apprNum`).
    pub fn approval_number(&self) -> Result<Option<Personal<'_>>, Malformed> {
        Ok(self.fields.text("apprNum")?.map(Personal::new))
    }

    /// When (`apprDt`). It comes in 12 digits here, not in 14 (measured).
    pub fn at(&self) -> Result<Option<KoreanTime>, Malformed> {
        self.fields.parsed("apprDt", str::parse)
    }

    /// The number that it is for (`issuanceNumber`).
    pub fn issuance_number(&self) -> Result<Option<Personal<'_>>, Malformed> {
        Ok(self.fields.text("issuanceNumber")?.map(Personal::new))
    }

    /// Any field as it came, by the name that PaySsam gives it.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl Receipts<'_> {
    /// Reads what became of a cash receipt (현금영수증 조회), `POST /cash-receipt/read`. It changes nothing,
    /// and is made again by the [retry policy](crate::ClientBuilder::retry).
    ///
    /// Standing: reconstructed, measured. What PaySsam answers for a receipt that is not there is not
    /// known.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn read(&self, id: &BillId, price: Won) -> Result<ReceiptHistory, Error> {
        self.client.check_runtime()?;
        let call = self.call(Operation::ReceiptRead, id);
        let request = call.request(
            "cashReceipt",
            &[
                ("billId", id.as_str().into()),
                ("hash", signature::sign(id, price).as_str().into()),
                ("price", price.to_string().as_str().into()),
            ],
        )?;
        let send = || self.client.raw().send(&request);
        let data = call.make(FIELDS, send, doubts(id)).await?;
        Ok(ReceiptHistory::new(id, &data))
    }
}

/// Finds out whether an answer speaks of another receipt.
fn doubts(id: &BillId) -> impl Fn(&Fields<2>) -> Option<Doubt> {
    |data| data.doubt(|data| data.contradicts("billId", |echo| echo == id.as_str()))
}

/// Reads this answer as that to a reading of the history.
#[cfg(fuzzing)]
pub(crate) fn answered(
    client: &Client,
    id: &BillId,
    answer: Answer,
) -> Result<ReceiptHistory, Error> {
    let call = client.receipts().call(Operation::ReceiptRead, id);
    let data = call.judge(Ok(answer), FIELDS, doubts(id))?;
    Ok(ReceiptHistory::new(id, &data))
}

/// An entry as it is logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    /// `issued`, `cancelled`, or PaySsam's letters.
    state: String,
    price: Option<&'a str>,
    supply_price: Option<&'a str>,
    tax: Option<&'a str>,
    /// RFC 3339 with the offset of Korea, or as it came when it is malformed.
    at: Option<String>,
    approval_number: Option<Personal<'a>>,
    issuance_number: Option<Personal<'a>>,
}

impl Serialize for ReceiptEntry {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let raw = |field: &'static str| self.fields.raw(field);
        Written {
            state: match self.state() {
                ReceiptState::Issued => "issued".into(),
                ReceiptState::Cancelled => "cancelled".into(),
                ReceiptState::Unknown(letters) => letters,
            },
            price: raw("apprPrice"),
            supply_price: raw("apprSupplyPrice"),
            tax: raw("apprTax"),
            at: written::time(self.at(), raw),
            approval_number: raw("apprNum").map(Personal::new),
            issuance_number: raw("issuanceNumber").map(Personal::new),
        }
        .serialize(to)
    }
}

impl fmt::Debug for ReceiptEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("ReceiptEntry", self, formatter)
    }
}

impl fmt::Debug for ReceiptHistory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReceiptHistory")
            .field("id", &self.id)
            .field("entries", &self.entries)
            .finish()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ReceiptEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ReceiptEntry".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
