//! The events, in order, and which of them are booked.

use payssam::{BillId, KoreanTime, Won};
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

use super::columns::{Millis, parsed, time, won};
use crate::{
    event::{Event, EventKind, Unbooked},
    merchant::Merchant,
};

/// What a new event says.
pub(crate) struct New<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) bill_id: &'a BillId,
    pub(crate) kind: EventKind,
    pub(crate) amount: Option<Won>,
    pub(crate) happened_at: Option<KoreanTime>,
    pub(crate) approval_number: Option<&'a str>,
    pub(crate) by_us: Option<bool>,
}

/// Adds an event, unless the bill has one of this kind: then nothing changes.
pub(crate) fn add(transaction: &Transaction<'_>, new: &New<'_>, now: Millis) -> Result<bool> {
    let added = transaction.execute(
        "INSERT INTO payssam_events (member, merchant, bill_id, kind, amount, reference, happened_at, \
         approval_number, by_us, recorded_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, \
         (SELECT reference FROM payssam_bills WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3), \
         ?6, ?7, ?8, ?9, ?9) ON CONFLICT DO NOTHING",
        (
            new.merchant.member(),
            new.merchant.merchant(),
            new.bill_id.as_str(),
            new.kind.as_str(),
            new.amount.map(|won| won.get() as i64),
            new.happened_at.map(|time| time.to_string()),
            new.approval_number,
            new.by_us,
            now,
        ),
    )?;
    Ok(added == 1)
}

pub(crate) fn has(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    kind: EventKind,
) -> Result<bool> {
    database.query_row(
        "SELECT EXISTS (SELECT 1 FROM payssam_events WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 \
         AND kind = ?4)",
        (
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            kind.as_str(),
        ),
        |row| row.get(0),
    )
}

/// Whether anything ever happened to this bill.
pub(crate) fn has_any(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
) -> Result<bool> {
    database.query_row(
        "SELECT EXISTS (SELECT 1 FROM payssam_events WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3)",
        (merchant.member(), merchant.merchant(), bill_id.as_str()),
        |row| row.get(0),
    )
}

/// Whether anything ever happened to a bill of this merchant.
pub(crate) fn has_any_of(database: &Connection, merchant: &Merchant) -> Result<bool> {
    database
        .prepare("SELECT 1 FROM payssam_events WHERE member = ?1 AND merchant = ?2 LIMIT 1")?
        .exists((merchant.member(), merchant.merchant()))
}

macro_rules! columns {
    () => {
        "number, member, merchant, bill_id, kind, amount, reference, happened_at, approval_number, by_us, attempts, \
         EXISTS (SELECT 1 FROM payssam_events paid WHERE paid.member = e.member AND paid.merchant = e.merchant \
         AND paid.bill_id = e.bill_id AND paid.kind = 'paid' AND paid.delivered_at IS NOT NULL), \
         recorded_at, waits, delivered_at"
    };
}

fn event(row: &Row<'_>) -> Result<Event> {
    let kind: String = row.get(4)?;
    let happened_at: Option<String> = row.get(7)?;
    let member: String = row.get(1)?;
    let merchant: String = row.get(2)?;
    Ok(Event {
        number: row.get(0)?,
        merchant: Merchant::new(member, merchant),
        bill_id: parsed(row, 3)?,
        kind: EventKind::from_name(&kind).ok_or(rusqlite::Error::InvalidQuery)?,
        amount: won(row, 5)?,
        reference: row.get(6)?,
        happened_at: happened_at.and_then(|text| text.parse().ok()),
        approval_number: row.get(8)?,
        by_us: row.get(9)?,
        attempt: row.get(10)?,
        payment_booked: row.get(11)?,
    })
}

/// The next event to be booked: the oldest of its bill, and due.
pub(crate) fn next(database: &Connection, now: Millis) -> Result<Option<Event>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_events e WHERE delivered_at IS NULL AND waits = 0 AND next_at <= ?1 AND NOT EXISTS \
             (SELECT 1 FROM payssam_events b WHERE b.member = e.member AND b.merchant = e.merchant \
             AND b.bill_id = e.bill_id AND b.number < e.number AND b.delivered_at IS NULL) \
             ORDER BY next_at, number LIMIT 1"
        ))?
        .query_row([now], event)
        .optional()
}

/// Marks an event as booked, as a part of the transaction that books it. What follows is behind a savepoint, which is
/// gone if somebody ends the transaction.
pub(crate) fn deliver(transaction: &Transaction<'_>, number: i64, now: Millis) -> Result<()> {
    transaction.execute(
        "UPDATE payssam_events SET delivered_at = ?2 WHERE number = ?1",
        (number, now),
    )?;
    transaction.execute_batch("SAVEPOINT payssam_event")
}

/// Whether the transaction is the one in which the event was marked.
pub(crate) fn is_whole(transaction: &Transaction<'_>) -> bool {
    !transaction.is_autocommit() && transaction.execute_batch("RELEASE payssam_event").is_ok()
}

/// Counts a failure of the handler. `was_ended` if that ended the transaction, perhaps with the mark in it.
pub(crate) fn failed(
    database: &Connection,
    number: i64,
    next_at: Millis,
    waits: bool,
    was_ended: bool,
) -> Result<()> {
    database
        .execute(
            "UPDATE payssam_events SET attempts = attempts + 1, next_at = ?2, waits = ?3, delivered_at = NULL \
             WHERE number = ?1 AND (delivered_at IS NULL OR ?4)",
            (number, next_at, waits, was_ended),
        )
        .map(drop)
}

/// Lets the events of a bill that wait for a person be tried again.
pub(crate) fn retry(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    now: Millis,
) -> Result<usize> {
    database.execute(
        "UPDATE payssam_events SET attempts = 0, waits = 0, next_at = ?4 WHERE member = ?1 AND merchant = ?2 \
         AND bill_id = ?3 AND delivered_at IS NULL AND (waits = 1 OR attempts > 0)",
        (
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            now,
        ),
    )
}

/// Unbooked events, the oldest first.
pub(crate) fn unbooked(database: &Connection, limit: usize) -> Result<Vec<Unbooked>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_events e WHERE delivered_at IS NULL ORDER BY number LIMIT ?1"
        ))?
        .query_map([limit as i64], |row| {
            Ok(Unbooked {
                event: event(row)?,
                recorded_at: time(row.get(12)?),
                waits_for_person: row.get(13)?,
            })
        })?
        .collect()
}

/// How many events are not booked, and how many of these wait for a person.
pub(crate) fn count(database: &Connection) -> Result<(u64, u64)> {
    database.query_row(
        "SELECT COUNT(*), COALESCE(SUM(waits), 0) FROM payssam_events WHERE delivered_at IS NULL",
        (),
        |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)),
    )
}

/// The events of a bill in order, each with whether it is booked.
pub(crate) fn of_bill(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
) -> Result<Vec<(Event, bool)>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_events e WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 ORDER BY number"
        ))?
        .query_map(
            (merchant.member(), merchant.merchant(), bill_id.as_str()),
            |row| Ok((event(row)?, row.get::<_, Option<i64>>(14)?.is_some())),
        )?
        .collect()
}
