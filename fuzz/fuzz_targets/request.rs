//! The requests that the responses are for.

use std::sync::LazyLock;

use payssam::{BillId, CancelBill, Client, Credentials};

#[path = "../../tests/support/examine.rs"]
pub mod examine;

pub static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let credentials = Credentials::builder().api_key("the-key").member("member").merchant("merchant").build().expect("credentials");
    Client::builder(credentials)
        .base_url("http://127.0.0.1:9")
        .build()
        .expect("a client")
});
pub static ID: LazyLock<BillId> = LazyLock::new(examine::bill_id);
pub static CANCEL: LazyLock<CancelBill> = LazyLock::new(examine::cancel);
