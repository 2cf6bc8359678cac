//! Remembers in PostgreSQL which payments were booked: an implementation of `Seen` to copy.

use std::time::Duration;

use payssam::callback::{Claim, Claimed, PaymentKey, Seen};
use tokio_postgres::{Client, Error, GenericClient};

const CREATE: &str = "CREATE TABLE IF NOT EXISTS payssam_seen (
    member TEXT NOT NULL,
    merchant TEXT NOT NULL,
    bill_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    token BIGINT NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    booked BOOLEAN NOT NULL,
    PRIMARY KEY (member, merchant, bill_id, kind)
)";

// One statement decides, by the clock of the database: whoever inserts or updates the row has the claim. A row
// is never deleted, so its token only grows.
const CLAIM: &str = "INSERT INTO payssam_seen AS seen
    VALUES ($1, $2, $3, $4, 1, clock_timestamp() + make_interval(secs => $5), FALSE)
    ON CONFLICT (member, merchant, bill_id, kind) DO UPDATE
    SET token = seen.token + 1, leased_until = excluded.leased_until
    WHERE NOT seen.booked AND seen.leased_until <= clock_timestamp()
    RETURNING token";

const IS_BOOKED: &str = "SELECT booked FROM payssam_seen
    WHERE member = $1 AND merchant = $2 AND bill_id = $3 AND kind = $4";

const RENEW: &str = "UPDATE payssam_seen
    SET leased_until = clock_timestamp() + make_interval(secs => $6)
    WHERE member = $1 AND merchant = $2 AND bill_id = $3 AND kind = $4 AND token = $5
    AND NOT booked AND leased_until > clock_timestamp()";

const MARK_BOOKED: &str = "UPDATE payssam_seen SET booked = TRUE
    WHERE member = $1 AND merchant = $2 AND bill_id = $3 AND kind = $4 AND token = $5
    AND (booked OR leased_until > clock_timestamp())";

const RELEASE: &str = "UPDATE payssam_seen SET leased_until = '-infinity'
    WHERE member = $1 AND merchant = $2 AND bill_id = $3 AND kind = $4 AND token = $5
    AND NOT booked";

/// The table `payssam_seen` of a database. A pool of connections would do as well as this one.
pub struct SeenInPostgres(pub Client);

impl SeenInPostgres {
    /// Creates the table, unless it exists.
    pub async fn prepare(client: &impl GenericClient) -> Result<(), Error> {
        client.batch_execute(CREATE).await
    }

    /// Marks a payment as booked in the transaction that books it. `false` when the claim was lost: roll the
    /// transaction back then.
    pub async fn mark_booked_in(
        transaction: &impl GenericClient,
        claim: &Claim,
    ) -> Result<bool, Error> {
        let [member, merchant, bill_id, kind] = columns(claim.key());
        let marked = transaction
            .execute(
                MARK_BOOKED,
                &[&member, &merchant, &bill_id, &kind, &claim.token()],
            )
            .await?;
        Ok(marked == 1)
    }
}

impl Seen for SeenInPostgres {
    type Error = Error;

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed, Error> {
        let [member, merchant, bill_id, kind] = columns(key);
        let claimed = self
            .0
            .query_opt(
                CLAIM,
                &[&member, &merchant, &bill_id, &kind, &seconds(lease)],
            )
            .await?;
        if let Some(row) = claimed {
            return Ok(Claimed::Yours(Claim::new(key.clone(), row.get(0))));
        }
        let row = self
            .0
            .query_one(IS_BOOKED, &[&member, &merchant, &bill_id, &kind])
            .await?;
        Ok(match row.get(0) {
            true => Claimed::Booked,
            false => Claimed::InProgress,
        })
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, Error> {
        let [member, merchant, bill_id, kind] = columns(claim.key());
        let renewed = self
            .0
            .execute(
                RENEW,
                &[
                    &member,
                    &merchant,
                    &bill_id,
                    &kind,
                    &claim.token(),
                    &seconds(lease),
                ],
            )
            .await?;
        Ok(renewed == 1)
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool, Error> {
        SeenInPostgres::mark_booked_in(&self.0, claim).await
    }

    async fn release(&self, claim: &Claim) -> Result<(), Error> {
        let [member, merchant, bill_id, kind] = columns(claim.key());
        let released = self
            .0
            .execute(
                RELEASE,
                &[&member, &merchant, &bill_id, &kind, &claim.token()],
            )
            .await;
        released.map(drop)
    }
}

fn columns(key: &PaymentKey) -> [&str; 4] {
    [
        key.member(),
        key.merchant(),
        key.bill_id().as_str(),
        key.kind().as_str(),
    ]
}

/// At most a hundred years, because a time after it must still be one of PostgreSQL's.
fn seconds(lease: Duration) -> f64 {
    lease.as_secs_f64().min(100.0 * 365.0 * 24.0 * 60.0 * 60.0)
}
