//! Cancels the payment of one bill (결제 취소) and reports what happened to the money:
//! `cargo run --example cancel -- 2024-0001 45000`.
//!
//! It needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`. `payssam mock`
//! prints them for a mock server.

use std::{env, error::Error};

use payssam::{BillId, CancelBill, Client, Outcome, Won};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let id = BillId::new(arguments.next().ok_or("the bill id is missing")?)?;
    let price: Won = arguments.next().ok_or("the price is missing")?.parse()?;
    let client = Client::from_env()?;

    let cancel = CancelBill::new(id, price).reason("고객 요청")?;
    match client.bills().cancel_and_confirm(&cancel).await {
        Ok(done) if done.was_already_cancelled() => println!("already cancelled: {done:?}"),
        Ok(done) => println!("cancelled: {done:?}"),
        Err(error) => match error.outcome() {
            Outcome::NotSent => println!("nothing changed, try again: {error}"),
            Outcome::Rejected => println!("nothing changed, the bill is not cancelled: {error}"),
            Outcome::Unknown => {
                println!("not certain yet, run this again later: {error}");
                for attempt in error.attempts() {
                    println!("  {attempt}");
                }
            }
        },
    }
    Ok(())
}
