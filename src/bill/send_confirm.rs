//! Sending a bill until it is certain that it is there, once.

use tracing::{Instrument, field::Empty, info_span};

use super::{
    Bill, BillId, Bills, Send, SentBill,
    pursuit::{Proof, Pursued, Pursuit, Write},
};
use crate::{Delivery, Doubt, Error, Malformed, Operation, ResultCode, attempt::Attempt};

/// A bill that is there for certain, once: PaySsam said so in its answer to the sending, or a reading
/// found it.
#[derive(Clone, Debug)]
pub struct ConfirmedSending {
    id: BillId,
    proof: Proof<SentBill>,
    attempts: Vec<Attempt>,
}

impl ConfirmedSending {
    /// The bill.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The link to it (`shortUrl`); `None` also when the answer was lost, for a reading does not tell
    /// it.
    pub fn short_url(&self) -> Result<Option<&str>, Malformed> {
        match &self.proof {
            Proof::Answer(sent) => sent.short_url(),
            Proof::Reading(_) => Ok(None),
        }
    }

    /// Whether a reading showed it, rather than the answer to a sending.
    pub fn confirmed_by_reading(&self) -> bool {
        self.proof.is_reading()
    }

    /// The bill as it was read, if that was the proof.
    pub fn reading(&self) -> Option<&Bill> {
        match &self.proof {
            Proof::Answer(_) => None,
            Proof::Reading(bill) => Some(bill),
        }
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

impl Bills<'_> {
    /// Sends a bill (청구서 발송) and finds out what became of it.
    ///
    /// If the outcome is unknown, the bill is read: found is success; not found, it is sent again with the
    /// same identifier. PaySsam takes an identifier once, so that there is one bill at most, however
    /// late an earlier sending arrives. The identifier must be new
    /// ([`BillId::generate`]): a bill that an earlier call sent under it can't be told from this one.
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client says how long and how often.
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam refused, and no sending of this call is in doubt. With
    ///   [`ResultCode::BILL_ID_USED`] there is a bill of an earlier call under this identifier: read it.
    /// - [`Error::NotSent`]: no sending left this machine.
    /// - [`Error::OutcomeUnknown`]: it could not be found out in time. Call this again with the same
    ///   identifier: it does no harm. With [`Doubt::Contradiction`], the bill under this identifier has
    ///   another amount.
    pub async fn send_and_confirm(&self, send: &Send) -> Result<ConfirmedSending, Error> {
        let span = info_span!(
            "payssam.send_and_confirm",
            payssam.bill_id = send.bill_id().as_str(),
            payssam.attempts = Empty,
            payssam.delivery = Empty,
            payssam.confirmed_by_reading = Empty,
            payssam.already = Empty,
        );
        let mut pursuit = Pursuit::new(self.client, send);
        let ended = pursuit.sending().instrument(span.clone()).await;
        let Pursued {
            proof, attempts, ..
        } = pursuit.end(ended.map(|proof| (proof, false)), &span)?;
        Ok(ConfirmedSending {
            id: send.bill_id().clone(),
            proof,
            attempts,
        })
    }
}

impl Write for Send {
    type Answer = SentBill;

    const OPERATION: Operation = Operation::BillSend;

    fn bill_id(&self) -> &BillId {
        Send::bill_id(self)
    }

    async fn send(&self, bills: Bills<'_>) -> Result<SentBill, Error> {
        bills.send(self).await
    }
}

impl Pursuit<'_, Send> {
    async fn sending(&mut self) -> Result<Proof<SentBill>, Error> {
        let mut doubt: Option<Error> = None;
        let mut writes = 0;
        loop {
            writes += 1;
            let error = match self.send().await {
                Ok(sent) => return Ok(Proof::Answer(sent.into())),
                Err(error) => error,
            };
            if error.delivery() == Delivery::Unknown {
                doubt = Some(error.clone());
            }
            let is_too_soon = error.http_status() == Some(429);
            let is_last = writes >= self.policy().writes;
            let Some(doubt) = &doubt else {
                let pause = self.pause();
                if is_too_soon && !is_last && self.waits(pause).await {
                    continue;
                }
                return Err(error);
            };
            // Once the identifier is known to be taken, only the bill itself is an answer.
            let is_taken = error.code() == Some(&ResultCode::BILL_ID_USED);
            let pause = self.pause();
            let read = self
                .read_until(pause, |read| match read {
                    Ok(_) => true,
                    Err(refusal) => !is_taken && is_not_found(refusal),
                })
                .await;
            match read {
                Some(Ok(bill)) if self.is_of_another_amount(&bill) => {
                    return Err(doubt.clone().because(Doubt::Contradiction));
                }
                Some(Ok(bill)) => return Ok(Proof::Reading(bill.into())),
                Some(Err(_)) if !is_last => {}
                _ => return Err(doubt.clone()),
            }
        }
    }

    fn is_of_another_amount(&self, bill: &Bill) -> bool {
        let price = bill.approval().price();
        matches!(price, Ok(Some(price)) if price != self.write.price())
    }
}

/// Whether PaySsam says that there is no such bill.
fn is_not_found(error: &Error) -> bool {
    matches!(error, Error::Rejected { code: Some(code), .. } if *code == ResultCode::BILL_NOT_FOUND)
}
