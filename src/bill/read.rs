//! Reading one bill (청구서 단건 조회).

use serde::Serialize;

use super::{Approval, BillId, BillState, Bills, approval::FIELDS};
#[cfg(fuzzing)]
use crate::{Client, raw::Answer};
use crate::{Doubt, Error, Operation, answer::Fields, call::Call};

/// A bill as PaySsam knows it.
///
/// serde writes `{"id","state","approval"}`, with secrets masked as in [`Approval`].
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Bill {
    id: BillId,
    state: BillState,
    approval: Approval,
}

impl Bill {
    fn new(id: &BillId, data: Fields<25>) -> Self {
        let state = match data.text("apprState") {
            Ok(letter) => BillState::from_letter(letter.unwrap_or_default()),
            Err(_) => BillState::Unknown(data.raw("apprState").unwrap_or_default().to_owned()),
        };
        Bill {
            id: id.clone(),
            state,
            approval: Approval::new(data),
        }
    }

    /// The identifier that was asked for.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// Where the bill stands (`apprState`).
    pub fn state(&self) -> &BillState {
        &self.state
    }

    /// The payment, as far as there is one.
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
}

impl Bills<'_> {
    /// Reads one bill (청구서 단건 조회), `POST /bill/read`.
    ///
    /// Only bills that this client's member and merchant sent are found. A read changes nothing
    /// and can simply be repeated; the client does so by its
    /// [retry policy](crate::ClientBuilder::retry).
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_NOT_FOUND`](crate::ResultCode::BILL_NOT_FOUND)
    /// when there is no such bill for the member and merchant; else see [`Error`]. An answer that
    /// says success but holds no bill, another bill, or two states is [`Error::OutcomeUnknown`].
    pub async fn read(&self, id: &BillId) -> Result<Bill, Error> {
        self.client.check_runtime()?;
        let call = Call::new(Operation::BillRead, id, self.client);
        let request = call.request("bill", &[("billId", id.as_str().into())])?;
        let send = || self.client.raw().send(&request);
        let data = call.make(FIELDS, send, doubts(id)).await?;
        Ok(Bill::new(id, data))
    }
}

/// Finds out whether an answer speaks of another bill, or of two states.
fn doubts(id: &BillId) -> impl Fn(&Fields<25>) -> Option<Doubt> {
    |data| {
        data.doubt(|data| {
            data.contradicts("billId", |echo| echo == id.as_str())
                || data.contradicts_itself("apprState")
        })
    }
}

/// Reads this answer as that to a reading.
#[cfg(fuzzing)]
pub(crate) fn answered(client: &Client, id: &BillId, answer: Answer) -> Result<Bill, Error> {
    let call = Call::new(Operation::BillRead, id, client);
    let data = call.judge(Ok(answer), FIELDS, doubts(id))?;
    Ok(Bill::new(id, data))
}
