//! `book_once` with a store in a file, which is marked in the transaction that books.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod database;
    pub mod payments;
    pub mod seen_in_file;
    pub mod store;
    pub mod wire;
}

use std::time::Duration;

use payssam::callback::{
    Booking, Claim, Claimed, NotBooked, Seen, VerifiedPayment, book_once, retry_later,
};
use rusqlite::Connection;
use support::{
    database::Database,
    payments::payment,
    seen_in_file::SeenInFile,
    store::{claimed, keeps_its_promises},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A database with a table for bookings that takes every row.
fn books(database: &Database) -> Connection {
    let connection = database.connect();
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS bookings (bill_id TEXT, won INTEGER)")
        .unwrap();
    connection
}

fn book_in(transaction: &rusqlite::Transaction<'_>, payment: &VerifiedPayment) {
    let row = (payment.bill_id().as_str(), i64::from(payment.amount()));
    transaction
        .execute("INSERT INTO bookings VALUES (?1, ?2)", row)
        .unwrap();
}

fn count(books: &Connection) -> i64 {
    books
        .query_row("SELECT COUNT(*) FROM bookings", (), |row| row.get(0))
        .unwrap()
}

/// Claims a payment in another process, while this thread waits.
fn claimed_elsewhere(database: &Database, payment: &VerifiedPayment) -> Claim {
    let claims = || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let seen = SeenInFile::open(&database.0).unwrap();
        runtime.block_on(claimed(&seen, payment.key(), HOUR))
    };
    std::thread::scope(|scope| scope.spawn(claims).join().unwrap())
}

#[tokio::test]
async fn claims_in_a_file_keep_their_promises() {
    let database = Database::new("promises");
    let seen = SeenInFile::open(&database.0).unwrap();
    let other_process = SeenInFile::open(&database.0).unwrap();
    keeps_its_promises(seen, other_process).await;
}

#[tokio::test]
async fn a_handler_that_was_paused_past_its_lease_commits_nothing() {
    let database = Database::new("paused");
    let lease = Duration::from_millis(100);
    let seen = SeenInFile::open(&database.0).unwrap().with_lease(lease);
    let (payment, books) = (payment().await, books(&database));
    for is_taken_over in [false, true] {
        let ended = book_once(&seen, &payment, |claim| {
            let (database, payment) = (&database, &payment);
            async move {
                // The whole thread stops, as when the machine or the process is paused.
                std::thread::sleep(2 * lease);
                let mut books = database.connect();
                if is_taken_over {
                    let claim = claimed_elsewhere(database, payment);
                    let transaction = books.transaction().unwrap();
                    book_in(&transaction, payment);
                    assert!(SeenInFile::mark_booked_in(&transaction, &claim).unwrap());
                    transaction.commit().unwrap();
                }
                let transaction = books.transaction().unwrap();
                book_in(&transaction, payment);
                match SeenInFile::mark_booked_in(&transaction, &claim)? {
                    true => transaction.commit(),
                    false => transaction.rollback(),
                }
            }
        });
        let ended = ended.await;
        assert!(matches!(ended, Err(NotBooked::ClaimLost)), "{ended:?}");
        assert_eq!(count(&books), i64::from(is_taken_over));
    }
    let after = seen.claim(payment.key(), HOUR).await.unwrap();
    assert_eq!(after, Claimed::Booked);
}

#[tokio::test]
async fn a_booking_that_is_marked_in_its_own_transaction_ends_as_booked() {
    let database = Database::new("marked");
    let seen = SeenInFile::open(&database.0).unwrap();
    let (payment, books) = (payment().await, books(&database));
    for expected in [Booking::Booked, Booking::Duplicate] {
        let end = book_once(&seen, &payment, |claim| {
            let (database, payment) = (&database, &payment);
            async move {
                let mut books = database.connect();
                let transaction = books.transaction()?;
                assert!(SeenInFile::mark_booked_in(&transaction, &claim)?);
                book_in(&transaction, payment);
                transaction.commit()
            }
        });
        assert_eq!(end.await.unwrap(), expected);
        assert_eq!(count(&books), 1);
    }
}

#[tokio::test]
async fn a_store_that_fails_is_answered_with_retry() {
    let (database, payment) = (Database::new("broken"), payment().await);
    let seen = SeenInFile::open(&database.0).unwrap();
    database
        .connect()
        .execute_batch("DROP TABLE payssam_seen")
        .unwrap();
    let ended = book_once(&seen, &payment, |_| async {
        panic!("nothing is booked without a claim") as rusqlite::Result<()>
    });
    let error = ended.await.unwrap_err();
    assert!(matches!(error, NotBooked::Store(_)), "{error}");
    assert_eq!(error.response(), retry_later());
}

#[tokio::test]
async fn a_store_that_is_locked_is_answered_with_retry() {
    let (database, payment) = (Database::new("locked"), payment().await);
    let seen = SeenInFile::open(&database.0).unwrap();
    let other = database.connect();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ended = book_once(&seen, &payment, |_| async {
        panic!("nothing is booked without a claim") as rusqlite::Result<()>
    });
    let error = ended.await.unwrap_err();
    assert!(matches!(error, NotBooked::Store(_)), "{error}");
    assert_eq!(error.response(), retry_later());
    other.execute_batch("ROLLBACK").unwrap();
    let _ = claimed(&seen, payment.key(), HOUR).await;
}
