//! What the ledger believes of each bill.

use payssam::{BillId, Won};
use serde::Serialize;

use crate::{
    error::Error,
    ledger::Ledger,
    merchant::Merchant,
    store::{
        bills::{self, KnownState},
        columns,
    },
};

/// How many bills are returned at once.
const AT_ONCE: usize = 1_000;

/// What the ledger believes of a bill that was certainly sent. serde writes
/// `{"bill_id","amount","state","day"}`: a line of a ledger of `payssam reconcile`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KnownBill {
    /// The bill.
    pub bill_id: BillId,
    /// The amount in won that is expected.
    pub amount: Option<Won>,
    /// `unpaid`, `paid`, `cancelled` or `destroyed`. A bill that reads as paid with another amount is `paid`.
    pub state: &'static str,
    /// The day in Korea on which it was paid.
    pub day: Option<Box<str>>,
}

impl Ledger {
    /// What the ledger believes of the bills of a merchant, in the order of their ids: at most 1,000 that come after this
    /// id. Bills of which nothing is certain yet, and purged ones, are not among them.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub async fn bills(
        &self,
        merchant: &Merchant,
        after: Option<&BillId>,
    ) -> Result<Vec<KnownBill>, Error> {
        let merchant = merchant.clone();
        let after = after.map(|id| id.as_str().to_owned()).unwrap_or_default();
        let bills = self
            .inner
            .books(move |books| Ok(bills::sent(books, &merchant, &after, AT_ONCE)?));
        let known = bills.await?.into_iter().map(|bill| KnownBill {
            bill_id: bill.bill_id,
            amount: bill.price,
            state: match bill.state {
                None => KnownState::Unpaid.as_str(),
                Some(KnownState::Mismatched) => KnownState::Paid.as_str(),
                Some(state) => state.as_str(),
            },
            day: bill.dates.paid_at.map(|millis| {
                let korea = jiff::tz::Offset::constant(9).to_datetime(columns::time(millis));
                korea.date().to_string().into()
            }),
        });
        Ok(known.collect())
    }
}
