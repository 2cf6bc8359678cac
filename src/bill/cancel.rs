//! Cancelling a paid bill (청구서 결제 취소).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

use super::{Bill, BillId, BillState, Bills};
#[cfg(fuzzing)]
use crate::{Client, raw::Answer};
use crate::{
    Doubt, Error, KoreanTime, Malformed, Operation, Won,
    answer::{Fields, Names},
    call::Call,
    raw::rules,
    signature::{self, Signature},
    written,
};

/// The fields of the answer to a cancellation. The key, which PaySsam echoes, is left behind.
const FIELDS: &Names<7> = &Names::new([
    "member",
    "merchant",
    "billId",
    "hash",
    "apprNum",
    "apprOriginNum",
    "apprCancelDt",
]);

/// What is to be cancelled: a paid bill, always with its whole amount.
///
/// ```
/// use payssam::{BillId, Cancel, Won};
///
/// let cancel = Cancel::new(BillId::new("2024-0001")?, Won::new(45_000)?).reason("고객 요청")?;
/// # Ok::<(), payssam::Error>(())
/// ```
///
/// serde writes and reads `{"bill_id","price","reason"}`, and `"confirm_first":true` if that was
/// asked for, so that it can be stored before it is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct Cancel {
    bill_id: BillId,
    price: Won,
    #[serde(default)]
    reason: Option<CancelReason>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    confirm_first: bool,
}

impl Cancel {
    /// Cancels the bill `bill_id`, which was paid with `price`.
    pub fn new(bill_id: BillId, price: Won) -> Self {
        Cancel {
            bill_id,
            price,
            reason: None,
            confirm_first: false,
        }
    }

    /// Says why (`cancelReason`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as of [`CancelReason::new`].
    pub fn reason(mut self, reason: impl AsRef<str>) -> Result<Self, Error> {
        self.reason = Some(CancelReason::new(reason)?);
        Ok(self)
    }

    /// Reads the bill before anything is cancelled, and sends no cancellation unless the bill is paid
    /// with this very price (`apprPrice`).
    pub fn confirm_first(mut self) -> Self {
        self.confirm_first = true;
        self
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The amount that was paid.
    pub fn price(&self) -> Won {
        self.price
    }

    /// Why, if that was said.
    pub fn cancel_reason(&self) -> Option<&CancelReason> {
        self.reason.as_ref()
    }

    /// Whether the bill is read before it is cancelled.
    pub fn confirms_first(&self) -> bool {
        self.confirm_first
    }

    fn hash(&self) -> Signature {
        signature::sign(&self.bill_id, self.price)
    }

    /// Refuses a bill that is not paid with this price.
    pub(super) fn check(&self, bill: &Bill) -> Result<(), Error> {
        if *bill.state() != BillState::Paid {
            return Err(Error::invalid_input(
                "bill state",
                format!(
                    "bill {} is {}, and only a paid bill can be cancelled",
                    self.bill_id,
                    bill.state()
                ),
            ));
        }
        let problem = match bill.approval().price() {
            Ok(Some(paid)) if paid == self.price => return Ok(()),
            Ok(Some(paid)) => format!("it was paid with {paid} won, not with {}", self.price),
            Ok(None) => "PaySsam does not say with how much it was paid".to_owned(),
            Err(malformed) => malformed.to_string(),
        };
        Err(Error::invalid_input(
            "price",
            format!("bill {}: {problem}", self.bill_id),
        ))
    }
}

/// Why a bill is cancelled: at most 20 characters (Unicode scalar values; the limit is the
/// specification's), none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("maxLength" = 20)))]
#[serde(try_from = "String", into = "String")]
pub struct CancelReason(Box<str>);

impl CancelReason {
    /// Takes a reason as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken.
    pub fn new(reason: impl AsRef<str>) -> Result<Self, Error> {
        let reason = reason.as_ref();
        if let Some(control) = reason.chars().find(|c| c.is_control()) {
            return Err(Error::invalid_input(
                "cancel reason",
                format!(
                    "the control character U+{:04X} is not allowed",
                    control as u32
                ),
            ));
        }
        let place = ["bill", "cancelReason"];
        rules::check_length(Operation::BillCancel.path(), &place, reason)
            .map_err(|limit| Error::invalid_input("cancel reason", limit))?;
        Ok(CancelReason(reason.into()))
    }

    /// The reason as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CancelReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for CancelReason {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for CancelReason {
    type Err = Error;

    fn from_str(reason: &str) -> Result<Self, Error> {
        CancelReason::new(reason)
    }
}

impl TryFrom<String> for CancelReason {
    type Error = Error;

    fn try_from(reason: String) -> Result<Self, Error> {
        CancelReason::new(reason)
    }
}

impl From<CancelReason> for String {
    fn from(reason: CancelReason) -> String {
        reason.0.into()
    }
}

/// A cancellation that PaySsam confirmed, of the bill and the hash that were sent.
///
/// serde writes `{"bill_id","approval_number","original_approval_number","cancelled_at"}`.
#[derive(Clone)]
pub struct Cancellation {
    bill_id: BillId,
    fields: Fields<7>,
}

impl Cancellation {
    fn new(cancel: &Cancel, fields: Fields<7>) -> Self {
        Cancellation {
            bill_id: cancel.bill_id.clone(),
            fields,
        }
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The approval number of the cancellation (`apprNum`).
    pub fn approval_number(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("apprNum")
    }

    /// The approval number of the payment that was cancelled (`apprOriginNum`).
    pub fn original_approval_number(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("apprOriginNum")
    }

    /// When it was cancelled (`apprCancelDt`).
    pub fn cancelled_at(&self) -> Result<Option<KoreanTime>, Malformed> {
        self.fields.parsed("apprCancelDt", str::parse)
    }

    /// The field `member` of the answer. The page describes it as the shop's code and `merchant`
    /// as the user's, the other way round than for requests; it is given as it came.
    pub fn member(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("member")
    }

    /// The field `merchant` of the answer, as it came; see [`member`](Cancellation::member).
    pub fn merchant(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("merchant")
    }

    /// Any field as it came, by the name that PaySsam gives it, such as `apprCancelDt`.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl Bills<'_> {
    /// Cancels a paid bill (청구서 결제 취소), `POST /bill/cancel`. The money goes back to the payer.
    ///
    /// Success means that PaySsam said so and that nothing in its answer contradicts the request. The
    /// request is never made again once it may have left; to find out what became of it as well, call
    /// [`cancel_and_confirm`](Bills::cancel_and_confirm).
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] [read](Bills::read) the bill before anything else: the
    /// money may have been returned. [`Error::Rejected`] and [`Error::NotSent`] mean that nothing
    /// was cancelled by this call.
    ///
    /// With [`confirm_first`](Cancel::confirm_first) it is [`Error::InvalidInput`] when the bill is not
    /// paid or was paid with another amount, and [`Error::NotSent`] when it could not be read.
    ///
    /// # Dropped futures
    ///
    /// If the future is dropped, by a `select!` or a time limit of the caller's own, the outcome is
    /// unknown: the cancellation may have been sent, and may be carried out. Read the bill.
    pub async fn cancel(&self, cancel: Cancel) -> Result<Cancellation, Error> {
        if cancel.confirm_first {
            let read = self.read(&cancel.bill_id).await;
            cancel.check(&read.map_err(Error::before_cancellation)?)?;
        }
        self.send_cancel(&cancel).await
    }

    pub(super) async fn send_cancel(&self, cancel: &Cancel) -> Result<Cancellation, Error> {
        self.client.check_runtime()?;
        let call = Call::new(Operation::BillCancel, &cancel.bill_id, self.client);
        let hash = cancel.hash();
        let reason = cancel.reason.as_ref().map(CancelReason::as_str);
        let request = call.request(
            "bill",
            &[
                ("billId", cancel.bill_id.as_str().into()),
                ("price", cancel.price.to_string().as_str().into()),
                ("cancelReason", reason.into()),
                ("hash", hash.as_str().into()),
            ],
        )?;
        let send = || self.client.raw().send(&request);
        let data = call.make(FIELDS, send, doubts(cancel)).await?;
        Ok(Cancellation::new(cancel, data))
    }
}

/// Finds out whether an answer speaks of another bill, or of another hash.
fn doubts(cancel: &Cancel) -> impl Fn(&Fields<7>) -> Option<Doubt> {
    let hash = cancel.hash();
    move |data| {
        data.doubt(|data| {
            data.contradicts("billId", |echo| echo == cancel.bill_id.as_str())
                || data.contradicts("hash", |echo| hash.matches(echo))
        })
    }
}

/// Reads this answer as that to a cancellation.
#[cfg(fuzzing)]
pub(crate) fn answered(
    client: &Client,
    cancel: &Cancel,
    answer: Answer,
) -> Result<Cancellation, Error> {
    let call = Call::new(Operation::BillCancel, &cancel.bill_id, client);
    let data = call.judge(Ok(answer), FIELDS, doubts(cancel))?;
    Ok(Cancellation::new(cancel, data))
}

/// A cancellation as it is logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    bill_id: &'a str,
    approval_number: Option<&'a str>,
    original_approval_number: Option<&'a str>,
    /// RFC 3339 with the offset of Korea, or as it came when it is malformed.
    cancelled_at: Option<String>,
}

impl Cancellation {
    fn written(&self) -> Written<'_> {
        Written {
            bill_id: self.bill_id.as_str(),
            approval_number: self.fields.raw("apprNum"),
            original_approval_number: self.fields.raw("apprOriginNum"),
            cancelled_at: written::time(self.cancelled_at(), |field| self.raw(field)),
        }
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("Cancellation", self, formatter)
    }
}

impl Serialize for Cancellation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Cancellation {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cancellation".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
