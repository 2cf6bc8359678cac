//! The example for PostgreSQL keeps the promises of every store. `.ci/postgres` starts a server for it; without
//! one it cannot be tried out.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod payments;
    pub mod store;
    pub mod wire;
}

#[path = "../examples/seen_in_postgres/mod.rs"]
mod seen_in_postgres;

use std::{env, time::Duration};

use payssam::callback::{Booking, NotBooked, Seen, book_once, retry_later};
use seen_in_postgres::SeenInPostgres;
use support::{
    payments::payment,
    store::{claimed, keeps_its_promises},
};
use tokio::time::sleep;
use tokio_postgres::{Client, NoTls};

/// A connection whose tables are its own: each test has a schema.
async fn connect(schema: &str) -> Client {
    let url = env::var("DATABASE_URL").expect("DATABASE_URL of a database for tests");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let use_schema = format!("SET search_path TO {schema}");
    client.batch_execute(&use_schema).await.unwrap();
    client
}

/// Creates an empty schema with both tables.
async fn prepare(schema: &str) {
    let client = connect(schema).await;
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};");
    client.batch_execute(&create).await.unwrap();
    SeenInPostgres::prepare(&client).await.unwrap();
    let bookings = "CREATE TABLE bookings (bill_id TEXT)";
    client.batch_execute(bookings).await.unwrap();
}

async fn count(client: &Client) -> i64 {
    let count = "SELECT COUNT(*) FROM bookings";
    client.query_one(count, &[]).await.unwrap().get(0)
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run .ci/postgres"]
async fn claims_in_postgres_keep_their_promises() {
    prepare("promises").await;
    let [seen, again] = [connect("promises").await, connect("promises").await];
    keeps_its_promises(SeenInPostgres(seen), SeenInPostgres(again)).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run .ci/postgres"]
async fn a_payment_is_booked_in_the_transaction_that_marks_it_or_not_at_all() {
    prepare("bookings").await;
    let (seen, payment) = (SeenInPostgres(connect("bookings").await), payment().await);
    let books = connect("bookings").await;
    let book = "INSERT INTO bookings VALUES ($1)";

    // A handler that was paused past its lease, and taken over.
    let lease = Duration::from_millis(50);
    let stale = claimed(&seen, payment.key(), lease).await;
    sleep(2 * lease).await;
    let mut late = connect("bookings").await;
    for is_taken_over in [false, true] {
        if is_taken_over {
            let end = book_once(&seen, &payment, |claim| async move {
                let mut database = connect("bookings").await;
                let transaction = database.transaction().await?;
                transaction
                    .execute(book, &[&claim.key().bill_id().as_str()])
                    .await?;
                assert!(SeenInPostgres::mark_booked_in(&transaction, &claim).await?);
                transaction.commit().await
            });
            assert_eq!(end.await.unwrap(), Booking::Booked);
        }
        let transaction = late.transaction().await.unwrap();
        transaction.execute(book, &[&"late"]).await.unwrap();
        let is_marked = SeenInPostgres::mark_booked_in(&transaction, &stale).await;
        assert!(!is_marked.unwrap());
        transaction.rollback().await.unwrap();
        assert_eq!(count(&books).await, i64::from(is_taken_over));
    }
    let again = book_once(&seen, &payment, |_| async {
        Ok::<_, tokio_postgres::Error>(())
    });
    assert_eq!(again.await.unwrap(), Booking::Duplicate);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run .ci/postgres"]
async fn a_database_that_fails_is_answered_with_retry() {
    prepare("broken").await;
    let (seen, payment) = (SeenInPostgres(connect("broken").await), payment().await);
    seen.0
        .batch_execute("DROP TABLE payssam_seen")
        .await
        .unwrap();
    assert!(seen.claim(payment.key(), seen.lease()).await.is_err());
    let ended = book_once(&seen, &payment, |_| async {
        panic!("nothing is booked without a claim") as Result<(), tokio_postgres::Error>
    });
    let error = ended.await.unwrap_err();
    assert!(matches!(error, NotBooked::Store(_)), "{error}");
    assert_eq!(error.response(), retry_later());
}
