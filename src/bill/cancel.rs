//! Cancels a paid bill (청구서 결제 취소).

use serde::{Deserialize, Serialize};
use tracing::Span;

use super::{
    bills::Bills,
    read::{Bill, ReadBill},
};
use crate::{
    endpoint::{
        self, Body, Endpoint, Fields, Malformed, Names, Text, response_type,
        signature::{self, Signature},
    },
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::{self, Change, Confirmed, Confirming, Stand, Write},
    redact::{
        self,
        view::{Shown, view},
    },
    value::{BillId, BillState, CancelReason, KoreanTime, Won},
};

/// The cancellation of a paid bill, always of its whole amount.
///
/// ```
/// use payssam::{BillId, CancelBill, Won};
///
/// let cancel = CancelBill::new(BillId::new("2024-0001")?, Won::new(45_000)?).reason("고객 요청")?;
/// # Ok::<(), payssam::Error>(())
/// ```
///
/// serde writes and reads it whole, `{"bill_id","price","reason"}` and `"check_first":true` if that is set,
/// so that it can be stored before it is sent.
#[doc(alias = "refund")]
#[doc(alias = "void")]
#[doc(alias = "환불")]
#[doc(alias = "취소")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct CancelBill {
    bill_id: BillId,
    price: Won,
    #[serde(default)]
    reason: Option<CancelReason>,
    #[serde(
        default,
        skip_serializing_if = "std::ops::Not::not",
        alias = "confirm_first"
    )]
    check_first: bool,
}

impl CancelBill {
    /// Cancels the bill `bill_id`, which was paid with `price`.
    pub fn new(bill_id: BillId, price: Won) -> Self {
        CancelBill {
            bill_id,
            price,
            reason: None,
            check_first: false,
        }
    }

    /// Sets the reason (`cancelReason`), at most 20 characters.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CancelReason::new`].
    pub fn reason<R>(mut self, reason: R) -> Result<Self, Error>
    where
        R: TryInto<CancelReason>,
        Error: From<R::Error>,
    {
        self.reason = Some(reason.try_into()?);
        Ok(self)
    }

    /// Reads the bill first, and sends a cancellation only if the bill is paid with exactly this price
    /// (`apprPrice`).
    pub fn check_first(mut self) -> Self {
        self.check_first = true;
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

    /// The reason, if there is one.
    pub fn cancel_reason(&self) -> Option<&CancelReason> {
        self.reason.as_ref()
    }

    /// Whether the bill is read before it is cancelled.
    pub fn checks_first(&self) -> bool {
        self.check_first
    }
}

response_type! {
    /// A cancellation that PaySsam confirmed, of the bill and the hash that were sent.
    ///
    /// serde writes `{"bill_id","approval_number","original_approval_number","cancelled_at"}`.
    pub struct Cancellation, "Cancellation" of BillId, {
        /// The approval number of the cancellation (`apprNum`).
        approval_number: Text = "apprNum",
        /// The approval number of the payment that was cancelled (`apprOriginNum`).
        original_approval_number: Text = "apprOriginNum",
        /// When it was cancelled (`apprCancelDt`).
        cancelled_at: KoreanTime = "apprCancelDt",
    }
    hidden {
        /// The field `member` of the response, as received. The page describes it as the store's code and
        /// `merchant` as the user's, the other way round than in requests.
        member: Text = "member",
        /// The field `merchant` of the response, as received; see [`member`](Cancellation::member).
        merchant: Text = "merchant",
    }
    echoed { "billId", "hash", }
}

impl Endpoint for CancelBill {
    type Response = Cancellation;

    const OPERATION: Operation = Operation::BillCancel;
    const NAMES: &'static Names = Cancellation::NAMES;

    fn subject(&self) -> Subject {
        Subject::Bill(self.bill_id.clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(signature::sign(&self.bill_id, self.price))
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        let reason = self.reason.as_ref().map(CancelReason::as_str);
        send(Body::Inner(
            "bill",
            &[
                ("billId", self.bill_id.as_str().into()),
                ("price", self.price.to_string().as_str().into()),
                ("cancelReason", reason.into()),
                ("hash", hash.into()),
            ],
        ))
    }

    fn response(&self, fields: Fields) -> Cancellation {
        Cancellation::new(&self.bill_id, fields)
    }
}

impl Bills {
    /// Cancels a paid bill (청구서 결제 취소), `POST /bill/cancel`. The money goes back to the payer.
    /// Published.
    ///
    /// Success means that PaySsam reported success and that nothing in its response contradicts the request.
    /// The request is never retried once it may have left;
    /// [`cancel_and_confirm`](Bills::cancel_and_confirm) also reconciles an unknown outcome.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{CancelBill, Won};
    ///
    /// let cancel = CancelBill::new("2024-0001".parse()?, Won::new(45_000)?).check_first();
    /// let cancelled = client.bills().cancel(&cancel).await?;
    /// println!("{:?}", cancelled.approval_number());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] [read](Bills::read) the bill before anything else: the money may have
    /// been returned. [`Error::NotSent`] means that this call cancelled nothing, and so does [`Error::Rejected`] if
    /// it [is settled](Error::is_settled); if not, read the bill too.
    ///
    /// With [`check_first`](CancelBill::check_first) it is [`Error::Rejected`] by state when the bill is not
    /// paid, or was paid with another amount, and [`Error::NotSent`] when it could not be read, or
    /// its amount could not.
    ///
    /// # Dropped futures
    ///
    /// If the future is dropped, by a `select!` or a time limit of your own, the outcome is unknown: the
    /// cancellation may have been sent, and may be carried out. Read the bill.
    #[doc(alias = "refund")]
    #[doc(alias = "void")]
    #[doc(alias = "환불")]
    #[doc(alias = "취소")]
    pub async fn cancel(&self, cancel: &CancelBill) -> Result<Cancellation, Error> {
        if cancel.check_first {
            let checked = self.check(cancel).await;
            checked.inspect_err(|error| endpoint::ended(&Span::current(), error))?;
        }
        self.client.execute(cancel).await
    }

    async fn check(&self, cancel: &CancelBill) -> Result<(), Error> {
        match self.client.execute_step(&cancel.read()).await {
            Ok(bill) => cancel.check(&bill),
            Err(error @ (Error::NotSent { .. } | Error::OutcomeUnknown { .. })) => {
                let subject = cancel.subject();
                Err(Error::not_read(Operation::BillCancel, subject, Some(error)))
            }
            Err(error) => Err(error),
        }
    }

    /// Cancels a paid bill (청구서 결제 취소) and confirms the outcome, by a read where necessary.
    ///
    /// If the outcome of the cancellation is unknown, the bill is read with growing pauses until its state
    /// decides: if it is cancelled, that is success; if it is still paid, the cancellation did not take
    /// effect and is sent again. It is safe to call this again for the same bill, because a bill is cancelled
    /// only once.
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client limits how long and how often it tries.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{CancelBill, Won};
    ///
    /// let cancel = CancelBill::new("2024-0001".parse()?, Won::new(45_000)?);
    /// let done = client.bills().cancel_and_confirm(&cancel).await?;
    /// println!("cancelled before: {}", done.was_already_cancelled());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam rejected it, the outcome of no cancellation is unknown, and reads show for the
    ///   [settling time](crate::ConfirmPolicy::settling) that the bill is not cancelled (or that there is
    ///   none); or, with [`CancelBill::check_first`], the bill is not paid or was paid with another amount.
    ///   Nothing changed.
    /// - [`Error::NotSent`]: no cancellation left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: the outcome was still unknown at the deadline; [`Error::attempts`] lists
    ///   the requests. It is safe to call this again later. With
    ///   [`UnknownReason::EarlierWrite`](crate::UnknownReason::EarlierWrite), PaySsam rejected a cancellation while
    ///   an earlier one may still be carried out; [`Error::code`] is that of the last rejection. If the bill
    ///   stays paid, the price was probably wrong.
    ///
    /// # Dropped futures
    ///
    /// If the future is dropped, nothing more is sent, and the outcome is unknown. Call this again,
    /// [`resuming`](Confirming::resuming).
    #[doc(alias = "refund")]
    #[doc(alias = "idempotent")]
    #[doc(alias = "멱등")]
    pub fn cancel_and_confirm<'r>(
        &self,
        cancel: &'r CancelBill,
    ) -> Confirming<'r, ConfirmedCancellation> {
        let client = self.client.clone();
        Confirming::new(move |resuming| async move {
            reconcile::change(&client, cancel, resuming).await
        })
    }
}

impl Write for CancelBill {
    type Read = ReadBill;

    fn read(&self) -> ReadBill {
        ReadBill::deciding_money(self.bill_id.clone())
    }
}

impl Change for CancelBill {
    fn stand(&self, bill: &Bill) -> Stand {
        match bill.state() {
            BillState::Paid => Stand::Before,
            BillState::Cancelled => Stand::After,
            BillState::Unknown(_) => Stand::Unknown,
            state @ BillState::Unpaid => Stand::NotYet(not_paid(state)),
            state @ BillState::Destroyed => Stand::Never(not_paid(state)),
        }
    }

    fn checks_first(&self) -> bool {
        self.check_first
    }

    /// Rejects the bill unless it is paid with this price.
    fn check(&self, bill: &Bill) -> Result<(), Error> {
        let problem = match (bill.state(), bill.approval().price()) {
            (BillState::Paid, Ok(Some(paid))) if paid == self.price => return Ok(()),
            (BillState::Paid, Ok(Some(paid))) => {
                format!(
                    "the bill was paid with {paid} won, not with {} won",
                    self.price
                )
            }
            (BillState::Paid, Ok(None)) => {
                "PaySsam does not say with how much the bill was paid".to_owned()
            }
            (BillState::Paid, Err(_)) => {
                let subject = self.subject();
                let read = Error::unreadable_amount(Operation::BillRead, subject.clone());
                return Err(Error::not_read(Operation::BillCancel, subject, Some(read)));
            }
            (state, _) => not_paid(state),
        };
        Err(Error::rejected_by_state(
            Operation::BillCancel,
            self.subject(),
            Some(bill.state().clone()),
            problem,
        ))
    }
}

fn not_paid(state: &BillState) -> String {
    format!("the bill is {state}, and only a paid bill can be cancelled")
}

/// A bill that is certainly cancelled: the response to the cancellation said so, or a read showed it.
///
/// serde writes `{"bill_id","approval_number","original_approval_number","cancelled_at",
/// "was_already_cancelled","confirmed_by_read"}`.
pub type ConfirmedCancellation = Confirmed<Cancellation, Bill>;

impl Confirmed<Cancellation, Bill> {
    /// Whether the bill was cancelled before: each cancellation of this call was rejected or none was sent, and the
    /// first read showed the bill cancelled.
    ///
    /// A cancellation that PaySsam rejects with a code that nobody knows, and carries out before that read, looks the
    /// same.
    ///
    /// If a response was lost, nobody can tell whether that cancellation was the one that took effect, and
    /// this is `false`. With [`CancelBill::check_first`] the bill is read before, so that it is always known.
    pub fn was_already_cancelled(&self) -> bool {
        self.was_already
    }

    /// The approval number of the cancellation (`apprNum`).
    pub fn approval_number(&self) -> Option<&str> {
        self.proved(Cancellation::approval_number, |bill| {
            bill.approval().approval_number()
        })
    }

    /// The approval number of the payment that was cancelled (`apprOriginNum`).
    pub fn original_approval_number(&self) -> Option<&str> {
        self.proved(Cancellation::original_approval_number, |bill| {
            bill.approval().original_approval_number()
        })
    }

    /// When it was cancelled (`apprCancelDt` of the cancellation, `apprDt` of the read).
    pub fn cancelled_at(&self) -> Result<Option<KoreanTime>, Malformed> {
        self.proved(Cancellation::cancelled_at, |bill| {
            bill.approval().approved_at()
        })
    }

    /// Any field of the proof as received, by PaySsam's name.
    ///
    /// It may be personal or secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.proved(|done| done.raw(field), |bill| bill.approval().raw(field))
    }

    fn shown_cancelled_at(&self) -> Option<Shown<KoreanTime>> {
        match self.cancelled_at() {
            Ok(time) => time.map(Shown::Typed),
            Err(malformed) => self
                .raw(malformed.field())
                .map(|raw| Shown::Raw(redact::shown(raw))),
        }
    }
}

view! {
    Confirmed<Cancellation, Bill>, "ConfirmedCancellation", it, {
        bill_id: &'a BillId = &it.bill_id,
        approval_number: Option<String> = it.raw("apprNum").map(redact::shown),
        original_approval_number: Option<String> = it.raw("apprOriginNum").map(redact::shown),
        cancelled_at: Option<Shown<KoreanTime>> = it.shown_cancelled_at(),
        was_already_cancelled: bool = it.was_already,
        confirmed_by_read: bool = it.confirmed_by_read(),
    }
}
