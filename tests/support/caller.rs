//! The client, the bill and the cancellation of these tests.

use payssam::{BillId, CancelBill, Client, Credentials, RetryPolicy, Won};

pub const API_KEY: &str = "0123456789abcdef0123456789abcdef";

/// A client for the merchant `member-1`, `merchant-1` that makes every request once.
pub fn client(base_url: &str) -> Client {
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member("member-1")
        .merchant("merchant-1")
        .build()
        .expect("credentials");
    Client::builder(credentials)
        .base_url(base_url)
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

/// The bill 2024-0001.
pub fn bill_id() -> BillId {
    BillId::new("2024-0001").expect("a bill id")
}

/// The cancellation of 2024-0001, which was paid with 45,000 won.
pub fn cancel() -> CancelBill {
    CancelBill::new(bill_id(), Won::new(45_000).expect("a price"))
}
