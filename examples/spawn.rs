//! Reads many bills at once, on tasks of their own, but at most eight at a time:
//! `cargo run --example spawn -- 2024-0001 2024-0002 2024-0003`.
//!
//! It needs `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`. `payssam mock`
//! prints them for a mock server.

use std::{env, error::Error};

use payssam::{Bill, BillId, Client};
use tokio::task::{JoinError, JoinSet};

const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ids: Vec<BillId> = env::args()
        .skip(1)
        .map(BillId::new)
        .collect::<Result<_, _>>()?;
    let client = Client::from_env()?;

    let mut reads = JoinSet::new();
    for id in ids {
        if reads.len() == AT_ONCE
            && let Some(read) = reads.join_next().await
        {
            show(read)?;
        }
        // The handle owns a clone of the client, so the task borrows nothing.
        let bills = client.bills();
        reads.spawn(async move {
            let read = bills.read(&id).await;
            (id, read)
        });
    }
    while let Some(read) = reads.join_next().await {
        show(read)?;
    }
    Ok(())
}

fn show(read: Result<(BillId, Result<Bill, payssam::Error>), JoinError>) -> Result<(), JoinError> {
    match read? {
        (id, Ok(bill)) => println!("{id}: {}", bill.state()),
        (id, Err(error)) => println!("{id}: {error}"),
    }
    Ok(())
}
