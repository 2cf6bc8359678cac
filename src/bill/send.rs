//! Sending a bill (청구서 발송).

use std::fmt;

use serde::{Serialize, Serializer};

use super::{BillId, BillMessage, Bills, ExpiryDate, IssuerName, PayerName, ProductName};
use crate::{
    Doubt, Error, Malformed, Operation, PhoneNumber, Vat, Won,
    answer::{Fields, Names},
    call::Call,
    callback::CallbackUrl,
    raw::Request,
    signature::{self, Signature},
    written,
};

/// What the answer to a sending may hold, in the order of the reconstruction. The echoed `apiKey`
/// is left behind.
const FIELDS: &Names<5> = &Names::new(["member", "merchant", "billId", "hash", "shortUrl"]);

/// What every bill needs.
///
/// ```
/// use payssam::{BillId, NewBill, PayerName, PhoneNumber, ProductName, Send, Won};
/// use payssam::callback::CallbackUrl;
///
/// let bill = NewBill {
///     id: BillId::generate(),
///     product: ProductName::new("3월 수강료")?,
///     price: Won::new(45_000)?,
///     payer: PayerName::new("김하나")?,
///     phone: PhoneNumber::new("010-1234-5678")?,
///     callback: CallbackUrl::new("https://academy.example/payssam")?,
/// };
/// let send = Send::talk(bill).expires("2026-12-31".parse()?);
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NewBill {
    /// A new identifier: one that was used before is refused for good, also after a cancellation.
    pub id: BillId,
    /// What is paid for.
    pub product: ProductName,
    /// How much.
    pub price: Won,
    /// Who is to pay.
    pub payer: PayerName,
    /// The payer's phone. It is part of the hash, also where no message is sent to it.
    pub phone: PhoneNumber,
    /// Where PaySsam tells of the payment.
    pub callback: CallbackUrl,
}

/// A bill that is to be sent. `Debug` shows neither phone nor payer.
#[derive(Clone, Debug)]
#[must_use]
pub struct Send {
    bill: NewBill,
    by_talk: bool,
    issuer: Option<IssuerName>,
    vat: Option<Vat>,
    message: Option<BillMessage>,
    expires: Option<ExpiryDate>,
    redirect: Option<CallbackUrl>,
}

impl Send {
    /// Sends it to the payer's phone by KakaoTalk (`TALK`).
    pub fn talk(bill: NewBill) -> Self {
        Send::new(bill, true)
    }

    /// Only makes a link, for the caller to pass on (`URL`).
    pub fn link(bill: NewBill) -> Self {
        Send::new(bill, false)
    }

    fn new(bill: NewBill, by_talk: bool) -> Self {
        Send {
            bill,
            by_talk,
            issuer: None,
            vat: None,
            message: None,
            expires: None,
            redirect: None,
        }
    }

    /// Says who sends it (`billIssuer`).
    pub fn issuer(mut self, name: IssuerName) -> Self {
        self.issuer = Some(name);
        self
    }

    /// Says how much of the price is tax (`supplyPrice`, `tax`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is of another amount than the bill.
    pub fn vat(mut self, vat: Vat) -> Result<Self, Error> {
        if vat.price() != self.bill.price {
            return Err(Error::invalid_input(
                "tax",
                format!(
                    "it is that of {} won, and the bill has {}",
                    vat.price(),
                    self.bill.price
                ),
            ));
        }
        self.vat = Some(vat);
        Ok(self)
    }

    /// Says something to the payer (`message`).
    pub fn message(mut self, words: BillMessage) -> Self {
        self.message = Some(words);
        self
    }

    /// Sets the last day on which it can be paid (`expireDt`).
    pub fn expires(mut self, last: ExpiryDate) -> Self {
        self.expires = Some(last);
        self
    }

    /// Leads the payer there after paying (`pageRedirectUrl`).
    pub fn redirect(mut self, to: CallbackUrl) -> Self {
        self.redirect = Some(to);
        self
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill.id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.bill.price
    }

    fn hash(&self) -> Result<Signature, Error> {
        signature::sign_with_phone(&self.bill.id, self.bill.phone.reveal(), self.bill.price)
    }

    fn request(&self, call: &Call<'_>, hash: &Signature) -> Result<Request, Error> {
        let NewBill {
            id,
            product,
            price,
            payer,
            phone,
            callback,
        } = &self.bill;
        let send_type = match self.by_talk {
            true => "TALK",
            false => "URL",
        };
        let supply_price = self.vat.map(|vat| vat.supply_price().to_string());
        let tax = self.vat.map(|vat| vat.tax().to_string());
        let expires = self.expires.map(|last| last.to_string());
        let issuer = self.issuer.as_ref().map(IssuerName::as_str);
        let message = self.message.as_ref().map(BillMessage::as_str);
        let redirect = self.redirect.as_ref().map(CallbackUrl::as_str);
        call.request(
            "bill",
            &[
                ("billId", id.as_str().into()),
                ("sendType", send_type.into()),
                ("productName", product.as_str().into()),
                ("price", price.to_string().as_str().into()),
                ("memberName", payer.reveal().into()),
                ("phone", phone.reveal().into()),
                ("hash", hash.as_str().into()),
                ("callbackUrl", callback.as_str().into()),
                ("billIssuer", issuer.into()),
                ("supplyPrice", supply_price.as_deref().into()),
                ("tax", tax.as_deref().into()),
                ("message", message.into()),
                ("expireDt", expires.as_deref().into()),
                ("pageRedirectUrl", redirect.into()),
            ],
        )
    }
}

/// A bill that PaySsam took.
///
/// serde writes `{"bill_id","short_url"}`.
#[derive(Clone)]
pub struct SentBill {
    id: BillId,
    fields: Fields<5>,
}

impl SentBill {
    /// The bill.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The link to it (`shortUrl`). Whoever has it can see the bill.
    pub fn short_url(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("shortUrl")
    }

    /// The field `member` of the answer, as it came.
    pub fn member(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("member")
    }

    /// The field `merchant` of the answer, as it came.
    pub fn merchant(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("merchant")
    }

    /// Any field as it came, by the name that PaySsam gives it.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl Bills<'_> {
    /// Sends a bill (청구서 발송), `POST /bill`. It costs points either way.
    ///
    /// Standing: reconstructed. The path and `sendType` are published, the fields measured or relayed.
    ///
    /// The request is never made again once it may have left;
    /// [`send_and_confirm`](Bills::send_and_confirm) finds out what became of it.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) when the
    /// identifier was used before, and with
    /// [`ResultCode::POINTS_SHORT`](crate::ResultCode::POINTS_SHORT) when there are too few points. After
    /// [`Error::OutcomeUnknown`] the payer may have the bill: never send it under another identifier.
    pub async fn send(&self, send: Send) -> Result<SentBill, Error> {
        self.send_bill(&send).await
    }

    pub(super) async fn send_bill(&self, send: &Send) -> Result<SentBill, Error> {
        self.client.check_runtime()?;
        let call = Call::new(Operation::BillSend, send.bill_id(), self.client);
        let hash = send.hash()?;
        let request = send.request(&call, &hash)?;
        let send_request = || self.client.raw().send(&request);
        let doubts = |data: &Fields<5>| -> Option<Doubt> {
            data.doubt(|data| {
                data.contradicts("billId", |echo| echo == send.bill_id().as_str())
                    || data.contradicts("hash", |echo| hash.matches(echo))
            })
        };
        let fields = call.make(FIELDS, send_request, doubts).await?;
        Ok(SentBill {
            id: send.bill_id().clone(),
            fields,
        })
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    bill_id: &'a str,
    short_url: Option<&'a str>,
}

impl fmt::Debug for SentBill {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("SentBill", self, formatter)
    }
}

impl Serialize for SentBill {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written {
            bill_id: self.id.as_str(),
            short_url: self.fields.raw("shortUrl"),
        }
        .serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SentBill {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SentBill".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
