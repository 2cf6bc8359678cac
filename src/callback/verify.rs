//! Verifies a callback by reading the bill.

use super::approval::ApprovalCallback;
use crate::{
    bill::{Bill, Expected, NotVerified, ReadBill, VerifiedPayment},
    client::{Client, Full},
    endpoint::Endpoint,
    operation::Operation,
    outcome::Error,
    policy::{RetryPolicy, by, moment_after},
    value::BillState,
};

impl ApprovalCallback {
    /// Reads the bill and compares what the callback says about it: bill id, state and amount. Only what was
    /// read is trusted, so what the callback does not say, or says in a way that cannot be read, needs no
    /// comparison.
    ///
    /// The client must be for the member and merchant that sent the bill. It makes one request, whatever its
    /// retry policy, and not more than its [`VerifyLimit`](crate::VerifyLimit) allows: anybody can post a
    /// callback.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// use payssam::callback::ApprovalCallback;
    ///
    /// let payment = ApprovalCallback::parse(body)?.verify(&client).await?;
    /// println!("bill {} was paid with {} won", payment.bill_id(), payment.amount());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotVerified`]; book no payment then.
    pub async fn verify(&self, client: &Client) -> Result<VerifiedPayment, NotVerified> {
        let bill = self.read(client).await?;
        let is_known = |state: &&BillState| !matches!(state, BillState::Unknown(_));
        let expected = Expected {
            state: self.state().filter(is_known),
            amount: self.approval().price().ok().flatten(),
        };
        bill.verify(&expected, client.credentials())
    }

    /// Reads the bill once, if the limits allow it: whoever posts callbacks must not make this client work.
    async fn read(&self, client: &Client) -> Result<Bill, NotVerified> {
        client.check_runtime()?;
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
        by(moment_after(gate.limit().time), turn)
            .await
            .unwrap_or_else(|| Err(Error::abandoned(Operation::BillRead, read.subject())))
            .map_err(NotVerified::NotRead)
    }
}
