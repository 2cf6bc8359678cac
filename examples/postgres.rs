//! Books each payment once in PostgreSQL, exactly once even when processes die:
//! `DATABASE_URL=postgres://… cargo run --example postgres`. It writes the tables `payssam_seen` and
//! `payments`. The payment is one of the mock server's.

mod seen_in_postgres;

use std::{
    env,
    error::Error,
    io,
    time::{SystemTime, UNIX_EPOCH},
};

use payssam::{
    BillId, Won,
    callback::{Response, VerifiedPayment, book_once},
};
use payssam_mock::MockServer;
use seen_in_postgres::SeenInPostgres;
use tokio_postgres::{Client, NoTls};

/// Books a payment that a read has shown, and says what to respond to its callback.
async fn on_payment(
    seen: &SeenInPostgres,
    database_url: &str,
    payment: &VerifiedPayment,
) -> Response {
    let booked = book_once(seen, payment, |claim| async move {
        // A connection of its own; take it from a pool.
        let mut database = connect(database_url).await?;
        let transaction = database.transaction().await?;
        transaction
            .execute(
                "INSERT INTO payments (merchant, bill_id, won) VALUES ($1, $2, $3)",
                &[
                    &payment.merchant(),
                    &payment.bill_id().as_str(),
                    &i64::from(payment.amount()),
                ],
            )
            .await?;
        // Last, so that what was taken over meanwhile is not committed.
        if !SeenInPostgres::mark_booked_in(&transaction, &claim).await? {
            return Err("the claim was lost".into());
        }
        transaction.commit().await?;
        Ok::<(), Box<dyn Error + Send + Sync>>(())
    });
    match booked.await {
        Ok(end) => {
            println!("bill {}: {end:?}", payment.bill_id());
            end.response()
        }
        Err(error) => {
            eprintln!("{error}");
            error.response()
        }
    }
}

async fn connect(database_url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(database_url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Ok(database_url) = env::var("DATABASE_URL") else {
        return Err("set DATABASE_URL to the address of a PostgreSQL database".into());
    };
    let database = connect(&database_url).await?;
    SeenInPostgres::prepare(&database).await?;
    database
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS payments (merchant TEXT, bill_id TEXT, won BIGINT)",
        )
        .await?;
    let mock = MockServer::start().await?;
    // An id that earlier runs have not used.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
    let (id, price) = (BillId::new(now.to_string())?, Won::new(45_000)?);
    mock.add_bill(id.clone(), price)?;
    mock.pay(&id)?;
    let payment = mock.client()?.bills().verify_payment(&id).await?;
    let seen = SeenInPostgres(connect(&database_url).await?);
    for _ in 0..2 {
        let response = on_payment(&seen, &database_url, &payment).await;
        assert_eq!(response.http_status(), 200);
    }
    let booked = database
        .query_one(
            "SELECT COUNT(*) FROM payments WHERE bill_id = $1",
            &[&id.as_str()],
        )
        .await?;
    match booked.get(0) {
        1_i64 => Ok(()),
        other => Err(io::Error::other(format!("it was booked {other} times")).into()),
    }
}
