//! Forgets the details of what is long over.

use rusqlite::{Result, Transaction};

use super::columns::Millis;

/// How many rows were purged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) bills: usize,
    pub(crate) intents: usize,
    pub(crate) events: usize,
}

/// Forgets bills, intents and the details of events that were over before this time. That an event was booked stays
/// known for good.
pub(crate) fn purge(transaction: &Transaction<'_>, before: Millis) -> Result<Counts> {
    // What is still to happen to a bill keeps all of it.
    let bills = transaction.execute(
        "DELETE FROM payssam_bills AS b WHERE next_read_at IS NULL AND COALESCE(read_at, known_since) < ?1 \
         AND NOT EXISTS (SELECT 1 FROM payssam_events e WHERE e.member = b.member AND e.merchant = b.merchant \
         AND e.bill_id = b.bill_id AND (e.delivered_at IS NULL OR e.delivered_at >= ?1)) \
         AND NOT EXISTS (SELECT 1 FROM payssam_intents i WHERE i.member = b.member AND i.merchant = b.merchant \
         AND i.bill_id = b.bill_id AND (i.ended_at IS NULL OR i.ended_at >= ?1))",
        [before],
    )?;
    let intents = transaction.execute(
        "DELETE FROM payssam_intents AS i WHERE ended_at < ?1 AND NOT EXISTS (SELECT 1 FROM payssam_bills b \
         WHERE b.member = i.member AND b.merchant = i.merchant AND b.bill_id = i.bill_id)",
        [before],
    )?;
    let events = transaction.execute(
        "UPDATE payssam_events AS e SET amount = NULL, reference = NULL, happened_at = NULL, approval_number = NULL, \
         by_us = NULL WHERE delivered_at < ?1 AND COALESCE(amount, reference, happened_at, approval_number, by_us) \
         IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payssam_bills b WHERE b.member = e.member \
         AND b.merchant = e.merchant AND b.bill_id = e.bill_id)",
        [before],
    )?;
    Ok(Counts {
        bills,
        intents,
        events,
    })
}
