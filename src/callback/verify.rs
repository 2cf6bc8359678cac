//! Verifies a callback by reading the bill.

use std::{error, fmt};

use super::approval::ApprovalCallback;
use crate::{
    bill::Bill,
    client::Client,
    outcome::Error,
    value::{BillId, Won},
};

/// A payment that a read of the bill has shown. Only this may be booked.
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifiedApproval {
    bill: Bill,
    amount: Won,
}

impl VerifiedApproval {
    /// The bill as it was read. Nothing else of the callback is kept.
    pub fn bill(&self) -> &Bill {
        &self.bill
    }

    /// The bill that was paid.
    pub fn bill_id(&self) -> &BillId {
        self.bill.bill_id()
    }

    /// The amount that was paid, in won.
    pub fn amount(&self) -> Won {
        self.amount
    }

    /// The approval number of the payment (`apprNum`), as it was read.
    pub fn approval_number(&self) -> Option<&str> {
        self.bill.approval().raw("apprNum")
    }
}

impl ApprovalCallback {
    /// Reads the bill and compares what the callback says about it: bill id, state and amount. Only what was
    /// read is trusted, so a field that the callback does not have needs no comparison.
    ///
    /// The client must be for the member and merchant that sent the bill.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// use payssam::callback::ApprovalCallback;
    ///
    /// let approval = ApprovalCallback::parse(body)?.verify(&client).await?;
    /// println!("bill {} was paid with {} won", approval.bill_id(), approval.amount());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotVerified`]; book nothing then.
    pub async fn verify(&self, client: &Client) -> Result<VerifiedApproval, NotVerified> {
        let bill = client
            .bills()
            .read(self.bill_id())
            .await
            .map_err(NotVerified::NotRead)?;
        let differs = |part| NotVerified::Differs {
            bill_id: self.bill_id().clone(),
            part,
        };
        let claims_another = self.state().is_some_and(|claimed| claimed != bill.state());
        if !bill.is_paid() || claims_another {
            return Err(differs(Part::State));
        }
        let Ok(Some(amount)) = bill.approval().price() else {
            return Err(differs(Part::Amount));
        };
        match self.approval().price() {
            Ok(claimed) if claimed.is_none_or(|claimed| claimed == amount) => {}
            _ => return Err(differs(Part::Amount)),
        }
        Ok(VerifiedApproval { bill, amount })
    }
}

/// Why a callback is not verified. Book nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotVerified {
    /// The bill could not be read, or the merchant has none with this id.
    NotRead(Error),
    /// The bill was read, and differs from the callback, or is not paid with an amount that can be read.
    #[non_exhaustive]
    Differs {
        /// The bill.
        bill_id: BillId,
        /// What differs.
        part: Part,
    },
}

impl NotVerified {
    /// Whether the same callback may be verified later, because the bill could not be read this time.
    pub fn may_pass_later(&self) -> bool {
        match self {
            NotVerified::NotRead(error) => !error.is_rejected() || error.is_rate_limited(),
            NotVerified::Differs { .. } => false,
        }
    }
}

/// What differs between a callback and its bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The state: the bill is not paid, or the callback claims another state.
    State,
    /// The amount.
    Amount,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Part::State => "state",
            Part::Amount => "amount",
        })
    }
}

impl fmt::Display for NotVerified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotVerified::NotRead(error) => {
                write!(
                    formatter,
                    "the callback is not verified: {error}; book nothing"
                )
            }
            NotVerified::Differs { bill_id, part } => write!(
                formatter,
                "the callback is not verified: its {part} is not that of bill {bill_id}; book nothing"
            ),
        }
    }
}

impl error::Error for NotVerified {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            NotVerified::NotRead(error) => Some(error),
            NotVerified::Differs { .. } => None,
        }
    }
}
