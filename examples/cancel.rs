//! Cancels one bill and says what became of the money:
//! `cargo run --example cancel -- 2024-0001 45000`.
//!
//! Needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`.

use std::{env, error::Error};

use payssam::{BillId, CancelBill, Client, Outcome, Won};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let id = BillId::new(arguments.next().ok_or("which bill?")?)?;
    let price: Won = arguments.next().ok_or("paid with how much?")?.parse()?;
    let client = Client::from_env()?;

    let cancel = CancelBill::new(id, price).reason("고객 요청")?;
    match client.bills().cancel_and_confirm(&cancel).await {
        Ok(done) if done.was_already_cancelled() => println!("it was cancelled before: {done:?}"),
        Ok(done) => println!("cancelled: {done:?}"),
        Err(error) => match error.outcome() {
            Outcome::NotSent => println!("nothing happened, try again: {error}"),
            Outcome::Rejected => println!("PaySsam said no, nothing happened: {error}"),
            Outcome::Unknown => {
                println!("nobody knows yet, so run this again later: {error}");
                for attempt in error.attempts() {
                    println!("  {attempt}");
                }
            }
        },
    }
    Ok(())
}
