//! The callbacks that came, one row for each bill.

use payssam::BillId;
use rusqlite::{Connection, Result, TransactionBehavior};

use super::columns::{Millis, parsed};
use crate::merchant::Merchant;

/// A bill about which a callback came.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    pub(crate) bill_id: BillId,
    pub(crate) first_at: Millis,
    /// How many came: one that comes while the bill is read is not lost.
    pub(crate) times: i64,
    pub(crate) attempts: u32,
}

/// What the ledger knows of what a callback names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Whose {
    KnownBill,
    /// A bill that nobody knows, of a merchant that the ledger has had bills of.
    KnownMerchant,
    Stranger,
}

/// Stores that a callback came for these bills, each of which may be read from then on. `false` if too many are pending
/// of bills that nobody knows: so many for each merchant that is known, and so many for all others.
pub(crate) fn store(
    connection: &mut Connection,
    merchant: &Merchant,
    bills: &[(BillId, Millis)],
    whose: Whose,
    now: Millis,
    most_unknown: u64,
) -> Result<bool> {
    if bills.is_empty() {
        return Ok(true);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_known = whose == Whose::KnownBill;
    let merchant_is_known = whose != Whose::Stranger;
    for (id, read_from) in bills {
        let changed = transaction.execute(
            "UPDATE payssam_hints SET times = times + 1, is_known = MAX(is_known, ?4), \
             merchant_is_known = MAX(merchant_is_known, ?6), \
             next_at = CASE WHEN attempts > 3 THEN MIN(next_at, ?5 + 60000) ELSE MIN(next_at, ?5) END \
             WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3",
            (
                merchant.member(),
                merchant.merchant(),
                id.as_str(),
                is_known,
                read_from,
                merchant_is_known,
            ),
        )?;
        if changed == 1 {
            continue;
        }
        let pending = match whose {
            Whose::KnownBill => 0,
            Whose::KnownMerchant => count_unknown(&transaction, merchant)?,
            Whose::Stranger => count_of_strangers(&transaction)?,
        };
        if !is_known && pending >= most_unknown {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO payssam_hints (member, merchant, bill_id, is_known, merchant_is_known, first_at, \
             next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                merchant.member(),
                merchant.merchant(),
                id.as_str(),
                is_known,
                merchant_is_known,
                now,
                read_from,
            ),
        )?;
    }
    transaction.commit()?;
    Ok(true)
}

fn count_unknown(database: &Connection, merchant: &Merchant) -> Result<u64> {
    database.query_row(
        "SELECT COUNT(*) FROM payssam_hints WHERE member = ?1 AND merchant = ?2 AND is_known = 0",
        (merchant.member(), merchant.merchant()),
        |row| row.get::<_, i64>(0).map(|count| count as u64),
    )
}

fn count_of_strangers(database: &Connection) -> Result<u64> {
    database.query_row(
        "SELECT COUNT(*) FROM payssam_hints WHERE is_known = 0 AND merchant_is_known = 0",
        (),
        |row| row.get::<_, i64>(0).map(|count| count as u64),
    )
}

pub(crate) fn count(database: &Connection) -> Result<u64> {
    database.query_row("SELECT COUNT(*) FROM payssam_hints", (), |row| {
        row.get::<_, i64>(0).map(|count| count as u64)
    })
}

/// Whether a callback is due.
pub(crate) fn is_due(
    database: &Connection,
    merchant: &Merchant,
    is_known: bool,
    now: Millis,
) -> Result<bool> {
    database
        .prepare(
            "SELECT 1 FROM payssam_hints WHERE member = ?1 AND merchant = ?2 AND is_known = ?3 AND next_at <= ?4",
        )?
        .exists((merchant.member(), merchant.merchant(), is_known, now))
}

/// Claims callbacks that are due, so that no other process verifies them until then.
pub(crate) fn claim_due(
    connection: &mut Connection,
    merchant: &Merchant,
    is_known: bool,
    now: Millis,
    until: Millis,
    limit: usize,
) -> Result<Vec<Hint>> {
    let due = |database: &Connection| -> Result<Vec<Hint>> {
        database
            .prepare(
                "SELECT bill_id, first_at, times, attempts FROM payssam_hints WHERE member = ?1 AND merchant = ?2 \
                 AND is_known = ?3 AND next_at <= ?4 ORDER BY next_at LIMIT ?5",
            )?
            .query_map(
                (
                    merchant.member(),
                    merchant.merchant(),
                    is_known,
                    now,
                    limit as i64,
                ),
                |row| {
                    Ok(Hint {
                        bill_id: parsed(row, 0)?,
                        first_at: row.get(1)?,
                        times: row.get(2)?,
                        attempts: row.get(3)?,
                    })
                },
            )?
            .collect()
    };
    if due(connection)?.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let hints = due(&transaction)?;
    for hint in &hints {
        transaction
            .prepare(
                "UPDATE payssam_hints SET next_at = ?4 WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3",
            )?
            .execute((
                merchant.member(),
                merchant.merchant(),
                hint.bill_id.as_str(),
                until,
            ))?;
    }
    transaction.commit()?;
    Ok(hints)
}

/// Forgets a callback that is verified, unless another came meanwhile.
pub(crate) fn forget(database: &Connection, merchant: &Merchant, hint: &Hint) -> Result<()> {
    database
        .execute(
            "DELETE FROM payssam_hints WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND times = ?4",
            (
                merchant.member(),
                merchant.merchant(),
                hint.bill_id.as_str(),
                hint.times,
            ),
        )
        .map(drop)
}

/// Sets when a callback is looked at again. `is_counted` unless PaySsam could not be reached.
pub(crate) fn later(
    database: &Connection,
    merchant: &Merchant,
    hint: &Hint,
    is_counted: bool,
    next_at: Millis,
) -> Result<()> {
    database
        .execute(
            // One that came meanwhile is looked at when it asked for that.
            "UPDATE payssam_hints SET attempts = attempts + ?4, \
             next_at = CASE WHEN times = ?6 THEN ?5 ELSE MIN(next_at, ?5) END \
             WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3",
            (
                merchant.member(),
                merchant.merchant(),
                hint.bill_id.as_str(),
                is_counted,
                next_at,
                hint.times,
            ),
        )
        .map(drop)
}
