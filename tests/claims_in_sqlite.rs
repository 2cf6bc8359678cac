//! Claims in a SQLite file, of many processes, in the transaction that books and outside of it.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod database;
    pub mod payments;
    pub mod store;
    pub mod wire;
}

use std::{fs, path::Path, sync::Arc, time::Duration};

use payssam::callback::{
    Booking, Claimed, NotBooked, PaymentKey, Seen, SeenInSqlite, VerifiedPayment, book_once,
    retry_later,
    rusqlite::{self, Connection, TransactionBehavior},
};
use serde_json::Value;
use support::{
    database::Database,
    payments::{cancellation, payment, payment_of},
    store::{claimed, keeps_its_promises},
};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A database with a table for bookings that takes every row.
fn books(database: &Database) -> Connection {
    let connection = database.connect();
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS bookings (bill_id TEXT, won INTEGER)")
        .unwrap();
    SeenInSqlite::prepare(&connection).unwrap();
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

fn key_of(claimed: &Claimed) -> &PaymentKey {
    match claimed {
        Claimed::Yours(claim) => claim.key(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn claims_in_sqlite_keep_their_promises() {
    let database = Database::new("promises");
    let seen = SeenInSqlite::open(&database.0).unwrap();
    let other_process = SeenInSqlite::open(&database.0).unwrap();
    keeps_its_promises(seen, other_process).await;
}

/// Also the journal, which appears while a transaction is open.
#[cfg(unix)]
#[tokio::test]
async fn the_files_of_the_database_are_of_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (database, payment) = (Database::new("owner"), payment().await);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    drop(SeenInSqlite::open(&database.0).unwrap());
    let mut connection = database.connect();
    let transaction = connection.transaction().unwrap();
    let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(key_of(&claimed), payment.key());
    let mut journal = database.0.clone().into_os_string();
    journal.push("-journal");
    assert_eq!(mode(&database.0), 0o600);
    assert_eq!(mode(Path::new(&journal)), 0o600);
    drop(transaction);

    // The permissions of a file that was there are its owner's own decision.
    let shared = Database::new("shared");
    fs::write(&shared.0, "").unwrap();
    fs::set_permissions(&shared.0, fs::Permissions::from_mode(0o640)).unwrap();
    drop(SeenInSqlite::open(&shared.0).unwrap());
    assert_eq!(mode(&shared.0), 0o640);
}

#[tokio::test]
async fn a_claim_in_a_transaction_goes_with_it() {
    let (database, payment) = (Database::new("transaction"), payment().await);
    let mut books = books(&database);
    for commits in [false, true] {
        let transaction = books.transaction().unwrap();
        let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
        assert_eq!(key_of(&claimed), payment.key());
        book_in(&transaction, &payment);
        if commits {
            transaction.commit().unwrap();
        }
    }
    let transaction = books.transaction().unwrap();
    let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(claimed, Claimed::Booked);
    let cancelled = SeenInSqlite::claim_in(&transaction, &cancellation().await).unwrap();
    assert!(matches!(cancelled, Claimed::Yours(_)));
    drop(transaction);
    assert_eq!(count(&books), 1);
}

#[tokio::test]
async fn a_claim_in_a_transaction_and_one_with_a_lease_have_the_same_ends() {
    let database = Database::new("both");
    let seen = SeenInSqlite::open(&database.0).unwrap();
    let mut books = books(&database);
    let [a, b, c] = ["a", "b", "c"];

    // Leased elsewhere.
    let payment = payment_of(a, Value::Null).await;
    let claim = claimed(&seen, payment.key(), HOUR).await;
    let transaction = books.transaction().unwrap();
    let meanwhile = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(meanwhile, Claimed::InProgress);
    drop(transaction);
    assert!(seen.mark_booked(&claim).await.unwrap());
    let transaction = books.transaction().unwrap();
    let after = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(after, Claimed::Booked);
    drop(transaction);

    // Booked in a transaction.
    let payment = payment_of(b, Value::Null).await;
    let transaction = books.transaction().unwrap();
    let ours = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(key_of(&ours), payment.key());
    transaction.commit().unwrap();
    let after = seen.claim(payment.key(), HOUR).await.unwrap();
    assert_eq!(after, Claimed::Booked);

    // Taken over from a process that died.
    let payment = payment_of(c, Value::Null).await;
    let lease = Duration::from_millis(50);
    let stale = claimed(&seen, payment.key(), lease).await;
    sleep(2 * lease).await;
    let transaction = books.transaction().unwrap();
    let ours = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(key_of(&ours), payment.key());
    transaction.commit().unwrap();
    assert!(!seen.mark_booked(&stale).await.unwrap());
}

#[tokio::test]
async fn a_handler_that_was_paused_past_its_lease_commits_nothing() {
    let database = Database::new("paused");
    let lease = Duration::from_millis(100);
    let seen = SeenInSqlite::open(&database.0).unwrap().with_lease(lease);
    let (payment, mut books) = (payment().await, books(&database));
    for is_taken_over in [false, true] {
        let ended = book_once(&seen, &payment, |claim| {
            let (database, payment) = (&database, &payment);
            async move {
                // The whole thread stops, as when the machine or the process is paused.
                std::thread::sleep(2 * lease);
                let mut books = database.connect();
                if is_taken_over {
                    let transaction = books.transaction().unwrap();
                    let other = SeenInSqlite::claim_in(&transaction, payment).unwrap();
                    assert_eq!(key_of(&other), payment.key());
                    book_in(&transaction, payment);
                    transaction.commit().unwrap();
                }
                let transaction = books.transaction().unwrap();
                book_in(&transaction, payment);
                match SeenInSqlite::mark_booked_in(&transaction, &claim)? {
                    true => transaction.commit(),
                    false => transaction.rollback(),
                }
            }
        });
        let ended = ended.await;
        assert!(matches!(ended, Err(NotBooked::ClaimLost)), "{ended:?}");
        assert_eq!(count(&books), i64::from(is_taken_over));
    }
    let transaction = books.transaction().unwrap();
    let after = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(after, Claimed::Booked);
}

#[tokio::test]
async fn a_booking_that_is_marked_in_its_own_transaction_ends_as_booked() {
    let database = Database::new("marked");
    let seen = SeenInSqlite::open(&database.0).unwrap();
    let (payment, books) = (payment().await, books(&database));
    for expected in [Booking::Booked, Booking::Duplicate] {
        let end = book_once(&seen, &payment, |claim| {
            let (database, payment) = (&database, &payment);
            async move {
                let mut books = database.connect();
                let transaction = books.transaction()?;
                assert!(SeenInSqlite::mark_booked_in(&transaction, &claim)?);
                book_in(&transaction, payment);
                transaction.commit()
            }
        });
        assert_eq!(end.await.unwrap(), expected);
        assert_eq!(count(&books), 1);
    }
}

#[tokio::test]
async fn a_locked_database_is_an_error_and_never_an_end() {
    let (database, payment) = (Database::new("locked"), payment().await);
    let mut books = books(&database);
    books.busy_timeout(Duration::ZERO).unwrap();
    let mut other = database.connect();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .unwrap();
    let transaction = books.transaction().unwrap();
    let error = SeenInSqlite::claim_in(&transaction, &payment).unwrap_err();
    assert!(error.to_string().contains("locked"), "{error}");
    drop((transaction, lock));
    let transaction = books.transaction().unwrap();
    let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
    assert_eq!(key_of(&claimed), payment.key());
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_never_an_end() {
    let (database, payment) = (Database::new("full"), payment().await);
    let mut books = books(&database);
    // As full as the disk: no page can be added, and those that are there hold something else.
    books
        .execute_batch(
            "CREATE TABLE filler (x BLOB); INSERT INTO filler VALUES (zeroblob(100000));",
        )
        .unwrap();
    let pages: i64 = books
        .query_row("PRAGMA page_count", (), |row| row.get(0))
        .unwrap();
    books.pragma_update(None, "max_page_count", pages).unwrap();
    let mut booked = 0;
    let mut failed = None;
    for number in 0..1_000 {
        let payment = payment_of(&format!("shop-{number}"), Value::Null).await;
        let transaction = books.transaction().unwrap();
        match SeenInSqlite::claim_in(&transaction, &payment) {
            Ok(claimed) => {
                assert_eq!(key_of(&claimed), payment.key());
                transaction.commit().unwrap();
                booked += 1;
            }
            Err(error) => {
                failed = Some((error, payment));
                break;
            }
        }
    }
    let (error, lost) = failed.expect("it becomes full");
    assert!(booked > 0);
    assert!(error.to_string().contains("full"), "{error}");
    books
        .pragma_update(None, "max_page_count", pages + 100)
        .unwrap();
    for payment in [payment, lost] {
        let transaction = books.transaction().unwrap();
        let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap();
        assert_eq!(key_of(&claimed), payment.key());
        transaction.commit().unwrap();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_answered_with_retry() {
    let (database, payment) = (Database::new("broken"), payment().await);
    let seen = SeenInSqlite::open(&database.0).unwrap();
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

#[tokio::test(flavor = "current_thread")]
async fn a_locked_database_does_not_block_the_other_work_of_a_runtime() {
    let (database, payment) = (Database::new("worker"), payment().await);
    let seen = Arc::new(SeenInSqlite::open(&database.0).unwrap());
    let mut other = database.connect();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .unwrap();
    let claims: Vec<_> = (0..4)
        .map(|_| {
            let (seen, key) = (seen.clone(), payment.key().clone());
            tokio::spawn(async move { seen.claim(&key, HOUR).await.unwrap() })
        })
        .collect();
    // The only worker goes on with this while the database is locked.
    for _ in 0..100 {
        sleep(Duration::from_millis(2)).await;
        assert!(claims.iter().all(|claim| !claim.is_finished()));
    }
    drop(lock);
    let mut ours = 0;
    for claim in claims {
        ours += usize::from(matches!(claim.await.unwrap(), Claimed::Yours(_)));
    }
    assert_eq!(ours, 1);
}

#[tokio::test]
async fn many_claims_of_a_locked_database_fail_before_a_web_server_gives_up() {
    let (database, payment) = (Database::new("many"), payment().await);
    let seen = Arc::new(SeenInSqlite::open(&database.0).unwrap());
    let mut other = database.connect();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .unwrap();
    let claims = (0..20).map(|_| {
        let (seen, key) = (seen.clone(), payment.key().clone());
        async move { seen.claim(&key, HOUR).await }
    });
    let claims: JoinSet<_> = claims.collect();
    // One after the other they would take 100 seconds.
    let ended = timeout(Duration::from_secs(30), claims.join_all()).await;
    assert!(ended.expect("an error").iter().all(Result::is_err));
    drop(lock);
    let claimed = seen.claim(payment.key(), HOUR).await.unwrap();
    assert_eq!(key_of(&claimed), payment.key());
}

#[tokio::test]
async fn a_lease_of_a_clock_that_was_set_back_does_not_last() {
    let (database, payment) = (Database::new("clock"), payment().await);
    let seen = SeenInSqlite::open(&database.0).unwrap();
    let dead = claimed(&seen, payment.key(), HOUR).await;
    // The claim was made a year ahead of now, and its process died.
    let year = 365 * 24 * 60 * 60 * 1_000_i64;
    database
        .connect()
        .execute(
            "UPDATE payssam_seen SET leased_from = leased_from + ?1, leased_until = leased_until + ?1",
            [year],
        )
        .unwrap();
    let ours = claimed(&seen, payment.key(), HOUR).await;
    assert!(ours.token() > dead.token());
}

#[tokio::test]
async fn a_table_of_another_shape_is_an_error_that_says_how_to_adopt_it() {
    let (database, payment) = (Database::new("old"), payment().await);
    let mut old = database.connect();
    old.execute_batch(
        "CREATE TABLE payssam_seen (bill_id TEXT NOT NULL, state TEXT NOT NULL,
            approval_number TEXT NOT NULL, PRIMARY KEY (bill_id, state, approval_number)) WITHOUT ROWID;
         INSERT INTO payssam_seen VALUES ('2024-0001', 'F', ''), ('2024-0001', 'F', '00012345');",
    )
    .unwrap();
    let opened = SeenInSqlite::open(&database.0).unwrap_err();
    let transaction = old.transaction().unwrap();
    let claimed = SeenInSqlite::claim_in(&transaction, &payment).unwrap_err();
    drop(transaction);
    for error in [opened, claimed, SeenInSqlite::prepare(&old).unwrap_err()] {
        let message = error.to_string();
        for part in ["another shape", "member and merchant", "book nothing"] {
            assert!(message.contains(part), "{message}");
        }
    }
    let message = SeenInSqlite::prepare(&old).unwrap_err().to_string();
    // The statements that the message gives, in its parentheses.
    let statement = |begin: &str, end: &str| {
        let from = message.find(begin).unwrap();
        let length = message[from..].find(end).unwrap() + end.len();
        message[from..from + length].to_owned()
    };
    let rename = statement("ALTER TABLE", "TO payssam_seen_old");
    let adopt = statement("INSERT OR IGNORE", "FROM payssam_seen_old");
    old.execute_batch(&rename).unwrap();
    let seen = SeenInSqlite::open(&database.0).unwrap();
    let adopt = adopt
        .replace("'MEMBER'", "'member-1'")
        .replace("'MERCHANT'", "'merchant-1'");
    old.execute_batch(&adopt).unwrap();
    let known = seen.claim(payment.key(), HOUR).await.unwrap();
    assert_eq!(known, Claimed::Booked);
    let other = payment_of("mapo", Value::Null).await;
    let other = seen.claim(other.key(), HOUR).await.unwrap();
    assert!(matches!(other, Claimed::Yours(_)));
}
