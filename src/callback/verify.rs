//! Verifies a callback by reading the bill.

use std::{error, fmt};

use tokio::time::timeout;

use super::approval::ApprovalCallback;
use crate::{
    bill::{Bill, ReadBill},
    client::{Client, Full},
    endpoint::Endpoint,
    operation::Operation,
    outcome::Error,
    policy::RetryPolicy,
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
    /// The client must be for the member and merchant that sent the bill. It makes one request, whatever its
    /// retry policy, and not more than its [`VerifyLimit`](crate::VerifyLimit) allows: anybody can post a
    /// callback.
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
        let bill = self.read(client).await?;
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

impl ApprovalCallback {
    /// Reads the bill once, if the limits allow it: whoever posts callbacks must not make this client work.
    async fn read(&self, client: &Client) -> Result<Bill, NotVerified> {
        let (gate, credentials) = (client.verify_gate(), client.credentials());
        let merchant = (credentials.member(), credentials.merchant());
        gate.admit(merchant, self.bill_id())
            .map_err(|full| NotVerified::TooMany {
                bill_id: self.bill_id().clone(),
                of_this_bill: matches!(full, Full::ThisBill),
            })?;
        let once = client.with_retry(RetryPolicy::off());
        let read = ReadBill::deciding_money(self.bill_id().clone());
        let turn = async {
            let _turn = gate.turn().await;
            once.execute(&read).await
        };
        timeout(gate.limit().time, turn)
            .await
            .unwrap_or_else(|_| Err(Error::abandoned(Operation::BillRead, read.subject())))
            .map_err(NotVerified::NotRead)
    }
}

/// Why a callback is not verified. Book nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotVerified {
    /// The bill could not be read, or the merchant has none with this id.
    NotRead(Error),
    /// Too many callbacks came within a minute ([`VerifyLimit`](crate::VerifyLimit)), so nothing was read.
    #[non_exhaustive]
    TooMany {
        /// The bill.
        bill_id: BillId,
        /// Whether they were about this bill; else about any.
        of_this_bill: bool,
    },
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
            NotVerified::TooMany { .. } => true,
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

impl From<Error> for NotVerified {
    fn from(error: Error) -> Self {
        NotVerified::NotRead(error)
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
            NotVerified::TooMany {
                bill_id,
                of_this_bill,
            } => {
                let about = if *of_this_bill { "it" } else { "all bills" };
                write!(
                    formatter,
                    "the callback about bill {bill_id} is not verified: too many callbacks about {about} \
                     within a minute, so nothing was read; book nothing, and respond that it should be sent \
                     again"
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
            NotVerified::TooMany { .. } | NotVerified::Differs { .. } => None,
        }
    }
}
