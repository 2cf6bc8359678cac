//! The handle to the bills of a merchant.

use crate::client::handle::handle;

handle! {
    /// The bills of one member and merchant, from [`Client::bills`](crate::Client::bills).
    ///
    /// It owns a clone of the client, so that its futures can move to another task:
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, id: payssam::BillId) {
    /// let bills = client.bills();
    /// let read = tokio::spawn(async move { bills.read(&id).await });
    /// # drop(read);
    /// # }
    /// ```
    #[doc(alias = "청구서")]
    pub struct Bills;
    /// The bills of the member and merchant that this client is for.
    bills
}
