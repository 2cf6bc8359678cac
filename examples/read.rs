//! Reads one bill: `cargo run --example read -- 2024-0001`.
//!
//! Needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`.

use std::{env, error::Error};

use payssam::{BillId, BillState, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id = BillId::new(env::args().nth(1).ok_or("which bill?")?)?;
    let bill = Client::from_env()?.bills().read(&id).await?;
    match bill.state() {
        BillState::Paid => {
            let approval = bill.approval();
            println!(
                "paid: {:?} won at {:?}",
                approval.price()?,
                approval.approved_at()?
            );
        }
        state => println!("{state}"),
    }
    Ok(())
}
