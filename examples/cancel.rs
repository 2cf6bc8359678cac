//! Cancels one bill and says what became of the money:
//! `cargo run --example cancel -- 2024-0001 45000`.
//!
//! Needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`.

use std::{env, error::Error};

use payssam::{BillId, BillState, Cancel, Client, Delivery, Won};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let id = BillId::new(arguments.next().ok_or("which bill?")?)?;
    let price: Won = arguments.next().ok_or("paid with how much?")?.parse()?;
    let client = Client::from_env()?;

    let cancel = Cancel::new(id.clone(), price).reason("고객 요청")?;
    let error = match client.bills().cancel(cancel).await {
        Ok(done) => {
            println!("cancelled: {done:?}");
            return Ok(());
        }
        Err(error) => error,
    };
    match error.delivery() {
        Delivery::NotSent => println!("nothing happened, try again: {error}"),
        Delivery::Received => println!("PaySsam said no, nothing happened: {error}"),
        // The money may have gone back. Only the bill itself can tell.
        Delivery::Unknown => {
            println!("{error}");
            match client.bills().read(&id).await?.state() {
                BillState::Cancelled => println!("it was cancelled"),
                BillState::Paid => println!("it is not cancelled so far"),
                state => println!("the bill is {state}"),
            }
        }
    }
    Ok(())
}
