//! Sends a bill (청구서 발송).

use serde::{Deserialize, Serialize};

use super::{
    bills::Bills,
    read::{Bill, ReadBill},
};
use crate::{
    client::Many,
    endpoint::signature::Signature,
    endpoint::{Body, Endpoint, Fields, Link, Names, Text, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::{self, Confirmed, Confirming, Creation, Found, Write, created},
    redact::{self, view::view},
    value::{
        BillId, BillMessage, CallbackUrl, ExpiryDate, IssuerName, PayerName, PhoneNumber,
        ProductName, Tax, Won,
    },
};

/// What every bill needs.
///
/// ```
/// use payssam::{BillId, NewBill, PayerName, PhoneNumber, ProductName, SendBill, Won};
/// use payssam::callback::CallbackUrl;
///
/// let bill = NewBill {
///     bill_id: BillId::generate(),
///     product: ProductName::new("3월 수강료")?,
///     price: Won::new(45_000)?,
///     payer: PayerName::new("김하나")?,
///     phone: PhoneNumber::new("010-1234-5678")?,
///     callback: CallbackUrl::new("https://academy.example/payssam")?,
/// };
/// let send = SendBill::kakaotalk(bill).expires("2026-12-31")?;
/// # Ok::<(), payssam::Error>(())
/// ```
///
/// `Debug` masks phone and payer; serde writes and reads everything whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct NewBill {
    /// A new id: an id that was used before is rejected permanently, even after a cancellation.
    pub bill_id: BillId,
    /// What the payer pays for.
    pub product: ProductName,
    /// The amount, in won.
    pub price: Won,
    /// The payer's name.
    pub payer: PayerName,
    /// The payer's phone. It is part of the hash, even when no message is sent to it.
    pub phone: PhoneNumber,
    /// Where PaySsam posts the callback of the payment.
    pub callback: CallbackUrl,
}

/// The request to send a bill.
///
/// `Debug` masks phone and payer. serde writes and reads everything whole, so that it can be stored before
/// it is sent: keep it where personal data may be kept.
#[doc(alias = "청구서")]
#[doc(alias = "발송")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(try_from = "Stored")]
#[must_use]
pub struct SendBill {
    #[serde(flatten)]
    bill: NewBill,
    send_by: SendBy,
    issuer: Option<IssuerName>,
    tax: Option<Tax>,
    message: Option<BillMessage>,
    expires: Option<ExpiryDate>,
    redirect: Option<CallbackUrl>,
}

/// A request as it was stored, before its parts are checked against each other.
#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Stored {
    #[serde(flatten)]
    bill: NewBill,
    send_by: SendBy,
    issuer: Option<IssuerName>,
    tax: Option<Tax>,
    message: Option<BillMessage>,
    expires: Option<ExpiryDate>,
    redirect: Option<CallbackUrl>,
}

impl TryFrom<Stored> for SendBill {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        let send = SendBill {
            issuer: stored.issuer,
            message: stored.message,
            expires: stored.expires,
            redirect: stored.redirect,
            ..SendBill::new(stored.bill, stored.send_by)
        };
        match stored.tax {
            Some(tax) => send.tax(tax),
            None => Ok(send),
        }
    }
}

/// How a bill is sent (`sendType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum SendBy {
    KakaoTalk,
    Link,
}

impl SendBill {
    /// Sends it to the payer's phone by KakaoTalk (`TALK`).
    pub fn kakaotalk(bill: NewBill) -> Self {
        SendBill::new(bill, SendBy::KakaoTalk)
    }

    /// Makes a link only, for the caller to pass on (`URL`).
    ///
    /// The link is in the response to the send, and nowhere else: a read does not return it. If that response is lost,
    /// so is the link, and [`resend`](Bills::resend) sends no message that has it. Then destroy the bill, and send
    /// another under a new id; or send bills by [KakaoTalk](SendBill::kakaotalk), which can be sent again.
    pub fn link(bill: NewBill) -> Self {
        SendBill::new(bill, SendBy::Link)
    }

    fn new(bill: NewBill, send_by: SendBy) -> Self {
        SendBill {
            bill,
            send_by,
            issuer: None,
            tax: None,
            message: None,
            expires: None,
            redirect: None,
        }
    }

    /// Sets how much of the price is tax (`supplyPrice`, `tax`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when its amount is not that of the bill.
    pub fn tax(mut self, tax: Tax) -> Result<Self, Error> {
        if tax.price() != self.bill.price {
            return Err(Error::invalid_input(
                "tax",
                format!(
                    "it is for {} won, but the bill is for {} won",
                    tax.price(),
                    self.bill.price
                ),
            ));
        }
        self.tax = Some(tax);
        Ok(self)
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill.bill_id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.bill.price
    }
}

/// Declares methods that set a field from a value or from its text.
macro_rules! setters {
    ($($(#[$doc:meta])* $field:ident: $Type:ty;)+) => {
        impl SendBill {
            $($(#[$doc])* pub fn $field<T>(mut self, $field: T) -> Result<Self, Error>
            where
                T: TryInto<$Type>,
                Error: From<T::Error>,
            {
                self.$field = Some($field.try_into()?);
                Ok(self)
            })+
        }
    };
}

setters! {
    /// Sets the name of the sender (`billIssuer`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`IssuerName::new`].
    issuer: IssuerName;
    /// Sets a message to the payer (`message`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`BillMessage::new`].
    message: BillMessage;
    /// Sets the last day on which it can be paid (`expireDt`), such as `2026-12-31`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`ExpiryDate::new`].
    expires: ExpiryDate;
    /// Sets where the payer is redirected after paying (`pageRedirectUrl`).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CallbackUrl::new`].
    redirect: CallbackUrl;
}

response_type! {
    /// A bill that PaySsam accepted.
    ///
    /// serde writes `{"bill_id","short_url"}`.
    pub struct SentBill, "SentBill" of BillId, {
        /// The link to the bill (`shortUrl`). Whoever has it can see the bill.
        short_url: Link = "shortUrl",
    }
    hidden {
        /// The field `member` of the response, as received.
        member: Text = "member",
        /// The field `merchant` of the response, as received.
        merchant: Text = "merchant",
    }
    echoed { "billId", "hash", }
}

impl Endpoint for SendBill {
    type Response = SentBill;

    const OPERATION: Operation = Operation::BillSend;
    const NAMES: &'static Names = SentBill::NAMES;

    fn subject(&self) -> Subject {
        Subject::Bill(self.bill_id().clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(Signature::of(&[
            self.bill.bill_id.as_str(),
            self.bill.phone.reveal(),
            &self.bill.price.to_string(),
        ]))
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        let NewBill {
            bill_id,
            product,
            price,
            payer,
            phone,
            callback,
        } = &self.bill;
        let send_type = match self.send_by {
            SendBy::KakaoTalk => "TALK",
            SendBy::Link => "URL",
        };
        let supply_price = self.tax.map(|tax| tax.supply_price().to_string());
        let tax = self.tax.map(|tax| tax.tax().to_string());
        send(Body::Inner(
            "bill",
            &[
                ("billId", bill_id.as_str().into()),
                ("sendType", send_type.into()),
                ("productName", product.as_str().into()),
                ("price", price.to_string().as_str().into()),
                ("memberName", payer.reveal().into()),
                ("phone", phone.reveal().into()),
                ("hash", hash.into()),
                ("callbackUrl", callback.as_str().into()),
                ("billIssuer", self.issuer.as_ref().map(AsRef::as_ref).into()),
                ("supplyPrice", supply_price.as_deref().into()),
                ("tax", tax.as_deref().into()),
                ("message", self.message.as_ref().map(AsRef::as_ref).into()),
                ("expireDt", self.expires.as_ref().map(AsRef::as_ref).into()),
                (
                    "pageRedirectUrl",
                    self.redirect.as_ref().map(AsRef::as_ref).into(),
                ),
            ],
        ))
    }

    fn response(&self, fields: Fields) -> SentBill {
        SentBill::new(self.bill_id(), fields)
    }
}

impl Bills {
    /// Sends a bill (청구서 발송), `POST /bill`. It costs points, by KakaoTalk or as a link.
    ///
    /// Reconstructed: the path and `sendType` are published, the fields observed or reported.
    ///
    /// The request is never retried once it may have left;
    /// [`send_and_confirm`](Bills::send_and_confirm) also reconciles an unknown outcome.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, bill: payssam::NewBill) -> Result<(), payssam::Error> {
    /// let sent = client.bills().send(&payssam::SendBill::link(bill)).await?;
    /// println!("{:?}", sent.short_url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) when the id was
    /// used before, and with
    /// [`ResultCode::INSUFFICIENT_POINTS`](crate::ResultCode::INSUFFICIENT_POINTS) when there are not enough
    /// points. After [`Error::OutcomeUnknown`] the payer may have the bill: never send it under another id.
    #[doc(alias = "발송")]
    pub async fn send(&self, send: &SendBill) -> Result<SentBill, Error> {
        self.client.execute(send).await
    }

    /// Sends a bill (청구서 발송) and confirms the outcome. It is idempotent per bill id: called again with the
    /// same bill, it returns [`ConfirmedSend::AlreadyThere`].
    ///
    /// If the outcome is unknown or the id is taken, the bill is read: if it is found with the same amount, that is
    /// success; if nothing is found after an unknown outcome, it is sent again under the same id. PaySsam accepts an id
    /// once, so there is one bill at most, however late an earlier request arrives.
    ///
    /// A read shows the amount of a bill, and neither its payer nor what it is for: a bill of the same amount
    /// for another payer under the same id cannot be told apart. So generate a new id for each bill
    /// ([`BillId::generate`]) and store it before you send. After a lost response there is no
    /// [short link](ConfirmedSend::short_url).
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client limits how long and how often it tries.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, bill: payssam::NewBill) -> Result<(), payssam::Error> {
    /// let sent = client.bills().send_and_confirm(&payssam::SendBill::kakaotalk(bill)).await?;
    /// println!("bill {} exists once", sent.bill_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam rejected it, and the outcome of no request of this call is unknown; or by
    ///   state: the bill of this id was destroyed or cancelled. With
    ///   [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) the id is taken, and not by a
    ///   bill of this merchant: take a new one.
    /// - [`Error::NotSent`]: no request left this machine.
    /// - [`Error::OutcomeUnknown`]: the outcome was still unknown at the deadline. It is safe to call this
    ///   again with the same id. With
    ///   [`UnknownReason::Contradiction`](crate::UnknownReason::Contradiction), the bill under this id has
    ///   another amount. With [`UnknownReason::NoAmount`](crate::UnknownReason::NoAmount) the id is taken
    ///   and the read does not state the amount: if you know that the earlier bill is this one, call it
    ///   [`resuming`](Confirming::resuming), and it is `AlreadyThere`.
    #[doc(alias = "발송")]
    #[doc(alias = "idempotent")]
    #[doc(alias = "멱등")]
    pub fn send_and_confirm<'r>(&self, send: &'r SendBill) -> Confirming<'r, ConfirmedSend> {
        let client = self.client.clone();
        Confirming::new(move |resuming| async move {
            reconcile::create(&client, send, resuming)
                .await
                .map(ConfirmedSend::of)
        })
    }

    /// Sends many bills with [`send_and_confirm`](Bills::send_and_confirm), at most eight at the same time unless
    /// [`concurrency`](Many::concurrency) says otherwise.
    ///
    /// Each item is an id and what came of its bill, in the order of the requests. Store the requests before,
    /// and call this again with those for which no outcome was stored: a bill that is there already is
    /// [`AlreadyThere`](ConfirmedSend::AlreadyThere), if its amount can be read.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, bills: Vec<payssam::SendBill>) {
    /// let mut sent = client.bills().send_many(bills);
    /// while let Some((id, sent)) = sent.next().await {
    ///     println!("{id}: {sent:?}");
    /// }
    /// # }
    /// ```
    #[doc(alias = "발송")]
    pub fn send_many<I>(&self, bills: I) -> Many<(BillId, Result<ConfirmedSend, Error>)>
    where
        I: IntoIterator<Item = SendBill>,
        I::IntoIter: Send + 'static,
    {
        let handle = self.clone();
        Many::new(bills.into_iter().map(move |send| {
            let handle = handle.clone();
            async move {
                let sent = handle.send_and_confirm(&send).await;
                (send.bill.bill_id, sent)
            }
        }))
    }
}

impl Write for SendBill {
    type Read = ReadBill;

    fn read(&self) -> ReadBill {
        ReadBill::deciding_money(self.bill.bill_id.clone())
    }
}

impl Creation for SendBill {
    fn find(&self, bill: &Bill) -> Found {
        let state = bill.state();
        if state.is_final() {
            let problem = format!("the bill of this id is {state}, and nobody can pay it any more");
            return Found::Gone(Some(state.clone()), problem);
        }
        match bill.approval().price() {
            Ok(Some(price)) if price == self.price() => Found::This,
            Ok(Some(_)) => Found::Another,
            Ok(None) => Found::Unstated,
            Err(_) => Found::Unreadable,
        }
    }
}

created! {
    /// A bill that certainly exists, once: the response to the send said so, or a read found it.
    ///
    /// serde writes `{"bill_id","short_url","was_already_there","confirmed_by_read"}`.
    pub enum ConfirmedSend {
        /// This call sent it: the response said so, or was lost and a read found the bill.
        Sent(SentBill, Bill),
    }
}

impl ConfirmedSend {
    /// The link to the bill (`shortUrl`); `None` also when the response was lost or the bill was there before,
    /// because a read does not return it. A bill by KakaoTalk can be [resent](Bills::resend); the link of
    /// one that was [sent as a link](SendBill::link) is lost.
    pub fn short_url(&self) -> Option<&str> {
        self.confirmed().short_url()
    }
}

impl Confirmed<SentBill, Bill> {
    /// The link to the bill (`shortUrl`); `None` also when the response was lost, because a read does not
    /// return it.
    pub fn short_url(&self) -> Option<&str> {
        self.proved(SentBill::short_url, |_| None)
    }
}

view! {
    Confirmed<SentBill, Bill>, "ConfirmedSend", it, {
        bill_id: &'a BillId = &it.bill_id,
        short_url: Option<String> = it.short_url().map(redact::shown_link),
        was_already_there: bool = it.was_already,
        confirmed_by_read: bool = it.confirmed_by_read(),
    }
}
