//! A store of claims in a SQLite file of the tests' own: it is shared by processes, and its marks are a part of the
//! transaction that books.

use std::{path::Path, sync::Arc, time::Duration};

use payssam::callback::{Claim, Claimed, PaymentKey, Seen};
use rusqlite::{Connection, Error, OptionalExtension, Result, Transaction};
use tokio::{sync::Mutex, task::spawn_blocking};

const PATIENCE: Duration = Duration::from_secs(5);

/// The longest lease that is stored, in milliseconds: a time after it still fits.
const LONGEST_LEASE: i64 = i64::MAX / 2;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS payssam_seen (
    member TEXT NOT NULL,
    merchant TEXT NOT NULL,
    bill_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    token INTEGER NOT NULL,
    leased_from INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    PRIMARY KEY (member, merchant, bill_id, kind)
) WITHOUT ROWID";

/// The clock of the machine, in milliseconds.
macro_rules! now {
    () => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}

/// Whether a lease is live. One that begins in the future was taken before the clock was set back, and would
/// last for too long.
macro_rules! live {
    () => {
        concat!(
            "(leased_from <= ",
            now!(),
            " + 1000 AND leased_until > ",
            now!(),
            ")"
        )
    };
}

/// The row of a payment.
macro_rules! this_payment {
    () => {
        "member = ?1 AND merchant = ?2 AND bill_id = ?3 AND kind = ?4"
    };
}

#[derive(Clone, Debug)]
pub struct SeenInFile {
    connection: Arc<Mutex<Connection>>,
    lease: Duration,
}

impl SeenInFile {
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(CREATE)?;
        Ok(SeenInFile {
            connection: Arc::new(Mutex::new(connection)),
            lease: Duration::from_secs(60),
        })
    }

    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Marks as booked what was claimed with a lease, as a part of the transaction that books it. `false` when
    /// the lease has ended or another took the claim over: roll the transaction back then.
    pub fn mark_booked_in(transaction: &Transaction<'_>, claim: &Claim) -> Result<bool> {
        mark_booked(transaction, claim)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let connection = self.connection.clone().lock_owned().await;
        spawn_blocking(move || call(&connection)).await.unwrap()
    }
}

impl Seen for SeenInFile {
    type Error = Error;

    fn lease(&self) -> Duration {
        self.lease
    }

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed> {
        let key = key.clone();
        self.blocking(move |database| {
            // Both statements of it must see the same rows.
            let transaction = database.unchecked_transaction()?;
            let claimed = claim(&transaction, &key, lease)?;
            transaction.commit()?;
            Ok(claimed)
        })
        .await
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool> {
        let claim = claim.clone();
        self.blocking(move |database| renew(database, &claim, lease))
            .await
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool> {
        let claim = claim.clone();
        self.blocking(move |database| mark_booked(database, &claim))
            .await
    }

    async fn release(&self, claim: &Claim) -> Result<()> {
        let claim = claim.clone();
        self.blocking(move |database| release(database, &claim))
            .await
    }
}

fn claim(database: &Connection, key: &PaymentKey, lease: Duration) -> Result<Claimed> {
    let [member, merchant, bill_id, kind] = columns(key);
    // A write comes first, so that a transaction waits for its turn instead of failing halfway.
    let claimed = database
        .query_row(
            concat!(
                "INSERT INTO payssam_seen VALUES (?1, ?2, ?3, ?4, 1, ",
                now!(),
                ", ",
                now!(),
                " + ?5, 0) ON CONFLICT DO UPDATE SET token = token + 1, leased_from = excluded.leased_from, \
                 leased_until = excluded.leased_until WHERE booked = 0 AND NOT ",
                live!(),
                " RETURNING token"
            ),
            (member, merchant, bill_id, kind, milliseconds(lease)),
            |row| row.get(0),
        )
        .optional()?;
    if let Some(token) = claimed {
        return Ok(Claimed::Yours(Claim::new(key.clone(), token)));
    }
    let is_booked = database.query_row(
        concat!("SELECT booked FROM payssam_seen WHERE ", this_payment!()),
        columns(key),
        |row| row.get(0),
    )?;
    Ok(match is_booked {
        true => Claimed::Booked,
        false => Claimed::InProgress,
    })
}

fn renew(database: &Connection, claim: &Claim, lease: Duration) -> Result<bool> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    let renewed = database.execute(
        concat!(
            "UPDATE payssam_seen SET leased_from = ",
            now!(),
            ", leased_until = ",
            now!(),
            " + ?6 WHERE ",
            this_payment!(),
            " AND token = ?5 AND booked = 0 AND ",
            live!()
        ),
        (
            member,
            merchant,
            bill_id,
            kind,
            claim.token(),
            milliseconds(lease),
        ),
    )?;
    Ok(renewed == 1)
}

fn mark_booked(database: &Connection, claim: &Claim) -> Result<bool> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    let marked = database.execute(
        concat!(
            "UPDATE payssam_seen SET booked = 1 WHERE ",
            this_payment!(),
            " AND token = ?5 AND (booked = 1 OR ",
            live!(),
            ")"
        ),
        (member, merchant, bill_id, kind, claim.token()),
    )?;
    Ok(marked == 1)
}

fn release(database: &Connection, claim: &Claim) -> Result<()> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    // The row stays, with its token: the next claim must have a higher one.
    let released = database.execute(
        concat!(
            "UPDATE payssam_seen SET leased_until = 0 WHERE ",
            this_payment!(),
            " AND token = ?5 AND booked = 0"
        ),
        (member, merchant, bill_id, kind, claim.token()),
    );
    released.map(drop)
}

/// The columns of the primary key.
fn columns(key: &PaymentKey) -> [&str; 4] {
    [
        key.member(),
        key.merchant(),
        key.bill_id().as_str(),
        key.kind().as_str(),
    ]
}

fn milliseconds(lease: Duration) -> i64 {
    i64::try_from(lease.as_millis()).map_or(LONGEST_LEASE, |lease| lease.min(LONGEST_LEASE))
}
