//! Reads one bill (청구서 단건 조회).

use super::{approval::Approval, bills::Bills};
use crate::{
    client::Many,
    endpoint::{Body, Endpoint, Fields, Names},
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::Read,
    redact::view::view,
    value::{BillId, BillState},
};

/// A bill as PaySsam knows it.
///
/// serde writes `{"bill_id","state","approval"}`, with secrets masked as in [`Approval`]. `approval` is
/// `null` unless the bill was paid, because PaySsam may send fields of a payment before there is one.
#[derive(Clone)]
pub struct Bill {
    bill_id: BillId,
    state: BillState,
    approval: Approval,
}

impl Bill {
    /// The id that the read was for.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The state of the bill (`apprState`).
    pub fn state(&self) -> &BillState {
        &self.state
    }

    /// Whether nobody has paid it yet.
    pub fn is_unpaid(&self) -> bool {
        self.state == BillState::Unpaid
    }

    /// Whether it is paid.
    pub fn is_paid(&self) -> bool {
        self.state == BillState::Paid
    }

    /// Whether it was paid and then cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.state == BillState::Cancelled
    }

    /// Whether it was destroyed before anybody paid.
    pub fn is_destroyed(&self) -> bool {
        self.state == BillState::Destroyed
    }

    fn was_paid(&self) -> bool {
        !matches!(self.state, BillState::Unpaid | BillState::Destroyed)
    }

    /// The payment, if there is one.
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
}

view! {
    Bill, "Bill", it, {
        bill_id: &'a BillId = &it.bill_id,
        state: &'a BillState = &it.state,
        approval: Option<&'a Approval> = it.was_paid().then_some(&it.approval),
    }
}

/// The request to read a bill.
pub(crate) struct ReadBill {
    bill_id: BillId,
    decides_money: bool,
}

impl ReadBill {
    pub(crate) fn new(bill_id: BillId) -> Self {
        ReadBill {
            bill_id,
            decides_money: false,
        }
    }

    /// A read that decides whether money is booked or returned: its response must name the bill.
    pub(crate) fn deciding_money(bill_id: BillId) -> Self {
        ReadBill {
            bill_id,
            decides_money: true,
        }
    }
}

impl Endpoint for ReadBill {
    type Response = Bill;

    const OPERATION: Operation = Operation::BillRead;
    const NAMES: &'static Names = Approval::NAMES;

    fn subject(&self) -> Subject {
        Subject::Bill(self.bill_id.clone())
    }

    fn needs_bill_id(&self) -> bool {
        self.decides_money
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Inner(
            "bill",
            &[("billId", self.bill_id.as_str().into())],
        ))
    }

    fn contradicts(data: &Fields) -> bool {
        data.contradicts_itself("apprState")
    }

    fn response(&self, data: Fields) -> Bill {
        let state = match data.read("apprState") {
            Ok(letter) => BillState::from_letter(letter.unwrap_or_default()),
            Err(_) => BillState::Unknown(data.raw("apprState").unwrap_or_default().to_owned()),
        };
        Bill {
            bill_id: self.bill_id.clone(),
            state,
            approval: Approval::new(data),
        }
    }
}

impl Read for ReadBill {
    fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    fn state(bill: &Bill) -> Option<BillState> {
        Some(bill.state.clone())
    }
}

impl Bills {
    /// Reads one bill (청구서 단건 조회), `POST /bill/read`. Published.
    ///
    /// Only bills that this client's member and merchant sent are found. A read changes nothing, so the
    /// client retries it by its [retry policy](crate::ClientBuilder::retry).
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// let bill = client.bills().read(&"2024-0001".parse()?).await?;
    /// if bill.is_paid() {
    ///     println!("{:?}", bill.approval().price());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with [`ResultCode::BILL_NOT_FOUND`](crate::ResultCode::BILL_NOT_FOUND) when the
    /// member and merchant have no such bill; else see [`Error`]. A response that says success but holds no
    /// bill, another bill, or two states is [`Error::OutcomeUnknown`].
    #[doc(alias = "조회")]
    pub async fn read(&self, id: &BillId) -> Result<Bill, Error> {
        self.client.execute(&ReadBill::new(id.clone())).await
    }

    /// Reads many bills, at most eight at the same time unless [`concurrency`](Many::concurrency) says otherwise.
    ///
    /// Each item is an id and what [`read`](Bills::read) returned for it, in the order of the ids. One that
    /// fails does not end the others. PaySsam has no list of bills by period: this is how to close the books
    /// of a month.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, ids: Vec<payssam::BillId>) {
    /// let mut bills = client.bills().read_many(ids).concurrency(4);
    /// while let Some((id, bill)) = bills.next().await {
    ///     match bill {
    ///         Ok(bill) => println!("{id} is {}", bill.state()),
    ///         Err(error) => println!("{error}"), // not read: neither paid nor unpaid
    ///     }
    /// }
    /// # }
    /// ```
    #[doc(alias = "조회")]
    pub fn read_many<I>(&self, ids: I) -> Many<(BillId, Result<Bill, Error>)>
    where
        I: IntoIterator<Item = BillId>,
        I::IntoIter: Send + 'static,
    {
        let bills = self.clone();
        Many::new(ids.into_iter().map(move |id| {
            let bills = bills.clone();
            async move {
                let bill = bills.read(&id).await;
                (id, bill)
            }
        }))
    }
}
