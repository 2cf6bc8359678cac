//! The bills that are watched, and what reads said about them.

use payssam::{BillId, Won};
use rusqlite::{Connection, OptionalExtension, Result, Row, TransactionBehavior};

use super::columns::{Millis, parsed, won};
use crate::{act::names, merchant::Merchant, schedule::Dates};

names! {
    /// What is known of a bill.
    pub enum KnownState {
        /// Nobody has paid it.
        Unpaid = "unpaid",
        /// It is paid as expected.
        Paid = "paid",
        /// It reads as paid with another amount.
        Mismatched = "mismatched",
        /// The money went back.
        Cancelled = "cancelled",
        /// Nobody can pay it any more.
        Destroyed = "destroyed",
    }
}

/// A bill as the ledger knows it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) bill_id: BillId,
    pub(crate) state: Option<KnownState>,
    pub(crate) price: Option<Won>,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) dates: Dates,
    pub(crate) read_at: Option<Millis>,
    pub(crate) next_read_at: Option<Millis>,
    pub(crate) failures: u32,
}

macro_rules! columns {
    () => {
        "bill_id, state, price, reference, known_since, expires_at, paid_at, read_at, next_read_at, failures"
    };
}

fn bill(row: &Row<'_>) -> Result<Known> {
    let state: Option<String> = row.get(1)?;
    Ok(Known {
        bill_id: parsed(row, 0)?,
        state: state.as_deref().and_then(KnownState::from_name),
        price: won(row, 2)?,
        reference: row.get(3)?,
        dates: Dates {
            known_since: row.get(4)?,
            expires_at: row.get(5)?,
            paid_at: row.get(6)?,
        },
        read_at: row.get(7)?,
        next_read_at: row.get(8)?,
        failures: row.get(9)?,
    })
}

pub(crate) fn get(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
) -> Result<Option<Known>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_bills WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3"
        ))?
        .query_row(
            (merchant.member(), merchant.merchant(), bill_id.as_str()),
            bill,
        )
        .optional()
}

/// The bills of a merchant that an id may mean: its own, and those that differ by leading zeros only, because a
/// callback may have it as a number.
pub(crate) fn meant(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
) -> Result<Vec<Known>> {
    if !bill_id.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(get(database, merchant, bill_id)?.into_iter().collect());
    }
    // An id has 20 digits at most, so there are no more of them.
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_bills WHERE member = ?1 AND merchant = ?2 \
             AND bill_id NOT GLOB '*[^0-9]*' AND ltrim(bill_id, '0') = ltrim(?3, '0') LIMIT 20"
        ))?
        .query_map(
            (merchant.member(), merchant.merchant(), bill_id.as_str()),
            bill,
        )?
        .collect()
}

/// The bills of a merchant after this id of which a read or the response to a send has shown that they are there.
pub(crate) fn sent(
    database: &Connection,
    merchant: &Merchant,
    after: &str,
    limit: usize,
) -> Result<Vec<Known>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_bills AS bill WHERE member = ?1 AND merchant = ?2 AND bill_id > ?3 \
             AND (state IS NOT NULL OR EXISTS (SELECT 1 FROM payssam_events AS event WHERE event.member = ?1 \
             AND event.merchant = ?2 AND event.bill_id = bill.bill_id AND kind = 'sent')) ORDER BY bill_id LIMIT ?4"
        ))?
        .query_map(
            (
                merchant.member(),
                merchant.merchant(),
                after,
                limit as i64,
            ),
            bill,
        )?
        .collect()
}

/// Whether the ledger has a bill of this merchant.
pub(crate) fn has_any(database: &Connection, merchant: &Merchant) -> Result<bool> {
    database
        .prepare("SELECT 1 FROM payssam_bills WHERE member = ?1 AND merchant = ?2 LIMIT 1")?
        .exists((merchant.member(), merchant.merchant()))
}

/// What is known when a bill is first mentioned.
pub(crate) struct Mentioned<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) bill_id: &'a BillId,
    pub(crate) price: Option<Won>,
    pub(crate) reference: Option<&'a str>,
    pub(crate) expires_at: Option<Millis>,
    pub(crate) is_watched: bool,
    pub(crate) next_read_at: Option<Millis>,
}

/// Adds a bill, or completes what is known of it. A price and a reference that are known stay. One that was
/// purged is in the state to which its events led; of one that was mismatched, the price is not known any more.
pub(crate) fn mention(database: &Connection, it: &Mentioned<'_>, now: Millis) -> Result<()> {
    database
        .execute(
            "INSERT INTO payssam_bills (member, merchant, bill_id, price, reference, expires_at, is_watched, \
             known_since, next_read_at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, \
             (SELECT CASE kind WHEN 'destroyed_elsewhere' THEN 'destroyed' WHEN 'mismatch' THEN 'mismatched' ELSE kind END \
             FROM payssam_events WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND kind <> 'sent' \
             ORDER BY CASE kind WHEN 'mismatch' THEN 2 WHEN 'paid' THEN 1 ELSE 0 END LIMIT 1)) ON CONFLICT DO UPDATE SET \
             price = COALESCE(price, excluded.price), reference = COALESCE(reference, excluded.reference), \
             expires_at = COALESCE(expires_at, excluded.expires_at), \
             is_watched = MAX(is_watched, excluded.is_watched), next_read_at = CASE \
             WHEN state IN ('cancelled', 'destroyed') THEN next_read_at \
             ELSE MIN(COALESCE(next_read_at, excluded.next_read_at), COALESCE(excluded.next_read_at, next_read_at)) \
             END",
            (
                it.merchant.member(),
                it.merchant.merchant(),
                it.bill_id.as_str(),
                it.price.map(|won| won.get() as i64),
                it.reference,
                it.expires_at,
                it.is_watched,
                now,
                it.next_read_at,
            ),
        )
        .map(drop)
}

/// Forgets a bill that certainly never came to be.
pub(crate) fn forget(database: &Connection, merchant: &Merchant, bill_id: &BillId) -> Result<()> {
    database
        .execute(
            "DELETE FROM payssam_bills WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND state IS NULL \
             AND is_watched = 0",
            (merchant.member(), merchant.merchant(), bill_id.as_str()),
        )
        .map(drop)
}

/// Claims bills that are due, so that no other process reads them until then.
pub(crate) fn claim_due(
    connection: &mut Connection,
    merchant: &Merchant,
    now: Millis,
    until: Millis,
    limit: usize,
) -> Result<Vec<BillId>> {
    let ids = |database: &Connection| -> Result<Vec<BillId>> {
        database
            .prepare(
                "SELECT bill_id FROM payssam_bills WHERE member = ?1 AND merchant = ?2 \
                 AND next_read_at IS NOT NULL AND next_read_at <= ?3 ORDER BY next_read_at LIMIT ?4",
            )?
            .query_map(
                (merchant.member(), merchant.merchant(), now, limit as i64),
                |row| parsed(row, 0),
            )?
            .collect()
    };
    // Most looks find nothing, and need no lock.
    if ids(connection)?.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let due = ids(&transaction)?;
    {
        let mut claim = transaction.prepare(
            "UPDATE payssam_bills SET next_read_at = ?4 WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3",
        )?;
        for id in &due {
            claim.execute((merchant.member(), merchant.merchant(), id.as_str(), until))?;
        }
    }
    transaction.commit()?;
    Ok(due)
}

/// Sets when a bill is read next, after a read that failed.
pub(crate) fn not_read(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    next_read_at: Option<Millis>,
) -> Result<()> {
    database
        .execute(
            "UPDATE payssam_bills SET failures = failures + 1, next_read_at = ?4 \
             WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND next_read_at IS NOT NULL",
            (
                merchant.member(),
                merchant.merchant(),
                bill_id.as_str(),
                next_read_at,
            ),
        )
        .map(drop)
}

/// How many bills are due to be read.
pub(crate) fn count_due(database: &Connection, now: Millis) -> Result<u64> {
    database.query_row(
        "SELECT COUNT(*) FROM payssam_bills WHERE next_read_at IS NOT NULL AND next_read_at <= ?1",
        [now],
        |row| row.get::<_, i64>(0).map(|count| count as u64),
    )
}
