//! Reads one bill (청구서 조회): `cargo run --example read -- 2024-0001`.
//!
//! It needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`. `payssam mock`
//! prints them for a mock server.

use std::{env, error::Error};

use payssam::{BillId, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = BillId::new(env::args().nth(1).ok_or("the bill id is missing")?)?;
    let bill = Client::from_env()?.bills().read(&id).await?;
    println!("{}: {}", bill.bill_id(), bill.state());
    if bill.is_paid() {
        // Both may be missing even when the bill is paid.
        if let Some(price) = bill.approval().price()? {
            println!("amount: {price} won");
        }
        if let Some(time) = bill.approval().approved_at()? {
            println!("approved at: {time}");
        }
    }
    Ok(())
}
