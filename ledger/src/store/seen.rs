//! What a read proves, and the events that follow from it.

use payssam::{BillId, BillState, KoreanTime, Won};
use rusqlite::{Result, Transaction};

use super::{
    bills::{self, Known, KnownState},
    columns::Millis,
    events::{self, New},
    intents,
};
use crate::{act::Act, event::EventKind, merchant::Merchant, schedule::Dates};

/// What one read of a bill showed.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) state: BillState,
    /// The amount that was paid.
    pub(crate) amount: Option<Won>,
    /// The amount that the read states, also of a bill that is not paid.
    pub(crate) stated: Option<Won>,
    pub(crate) happened_at: Option<KoreanTime>,
    pub(crate) approval_number: Option<Box<str>>,
}

/// Records what a read showed: the state, which never moves backwards, and the events that follow from it. `next` says
/// when a bill in a state is read next.
pub(crate) fn record(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    bill_id: &BillId,
    seen: &Seen,
    now: Millis,
    next: impl Fn(KnownState, &Dates) -> Option<Millis>,
) -> Result<()> {
    let Some(mut known) = bills::get(transaction, merchant, bill_id)? else {
        mention(transaction, merchant, bill_id, now)?;
        return record(transaction, merchant, bill_id, seen, now, next);
    };
    settle_intents(transaction, merchant, &known, seen, now)?;
    let (state, kind) = decide(known.state, known.price, seen);
    let by_us = |act| intents::may_have_left(transaction, merchant, bill_id, act);
    let (kind, by_us) = match kind {
        Some(EventKind::Cancelled) => (kind, Some(by_us(Act::Cancel)?)),
        Some(EventKind::Destroyed) => match by_us(Act::Destroy)? {
            true => (kind, Some(true)),
            false => (Some(EventKind::DestroyedElsewhere), Some(false)),
        },
        _ => (kind, None),
    };
    if let Some(kind) = kind {
        let is_destroyed = state == Some(KnownState::Destroyed);
        let new = New {
            merchant,
            bill_id,
            kind,
            amount: if is_destroyed {
                known.price
            } else {
                seen.amount
            },
            happened_at: seen.happened_at,
            approval_number: seen.approval_number.as_deref(),
            by_us,
        };
        let is_new = events::add(transaction, &new, now)?;
        if !is_new && kind == EventKind::Mismatch {
            tracing::warn!(
                target: "payssam_ledger",
                %bill_id,
                "it differs once more from what was expected, and one mismatch of it was an event before"
            );
        }
    }
    let was_paid = matches!(state, Some(KnownState::Paid | KnownState::Mismatched));
    if was_paid && known.dates.paid_at.is_none() {
        known.dates.paid_at = Some(now);
    }
    let next_read_at = next(state.unwrap_or(KnownState::Unpaid), &known.dates);
    let is_as_expected = state == Some(KnownState::Paid);
    transaction.execute(
        "UPDATE payssam_bills SET state = ?4, price = COALESCE(price, ?5), paid_at = ?6, read_at = ?7, \
         next_read_at = ?8, failures = 0 WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3",
        (
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            state.map(KnownState::as_str),
            seen.amount
                .filter(|_| is_as_expected)
                .map(|won| won.get() as i64),
            known.dates.paid_at,
            now,
            next_read_at,
        ),
    )?;
    Ok(())
}

/// Records that a bill is there, and that its state or its amount cannot be read again and again: it may have been paid,
/// so a person must look at it. What is known of it stays as it is.
pub(crate) fn unclear(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    bill_id: &BillId,
    now: Millis,
) -> Result<()> {
    if bills::get(transaction, merchant, bill_id)?.is_none() {
        mention(transaction, merchant, bill_id, now)?;
    }
    let new = New {
        merchant,
        bill_id,
        kind: EventKind::Mismatch,
        amount: None,
        happened_at: None,
        approval_number: None,
        by_us: None,
    };
    events::add(transaction, &new, now).map(drop)
}

/// Watches a bill that nobody spoke of before.
fn mention(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    bill_id: &BillId,
    now: Millis,
) -> Result<()> {
    let mentioned = bills::Mentioned {
        merchant,
        bill_id,
        price: None,
        reference: None,
        expires_at: None,
        is_watched: true,
        next_read_at: Some(now),
    };
    bills::mention(transaction, &mentioned, now)
}

/// What a read changes: the state that is known then, and what happened.
fn decide(
    known: Option<KnownState>,
    price: Option<Won>,
    seen: &Seen,
) -> (Option<KnownState>, Option<EventKind>) {
    use KnownState::{Cancelled, Destroyed, Mismatched, Paid, Unpaid};
    let is_expected = match (price, seen.amount) {
        (_, None) => false,
        (Some(price), Some(amount)) => price == amount,
        // One that was mismatched and purged is never booked as paid.
        (None, Some(_)) => known != Some(Mismatched),
    };
    match (known, &seen.state) {
        (None, BillState::Unpaid) => (Some(Unpaid), None),
        (None | Some(Unpaid | Mismatched), BillState::Paid) if is_expected => {
            (Some(Paid), Some(EventKind::Paid))
        }
        (None | Some(Unpaid | Mismatched), BillState::Paid) => {
            (Some(Mismatched), Some(EventKind::Mismatch))
        }
        (Some(Paid), BillState::Paid) if !is_expected => (known, Some(EventKind::Mismatch)),
        (None | Some(Unpaid | Paid | Mismatched), BillState::Cancelled) => {
            (Some(Cancelled), Some(EventKind::Cancelled))
        }
        (None | Some(Unpaid), BillState::Destroyed) => {
            (Some(Destroyed), Some(EventKind::Destroyed))
        }
        // No bill moves so. Somebody must look at it.
        (Some(Paid | Mismatched), BillState::Destroyed)
        | (Some(Destroyed), BillState::Paid | BillState::Cancelled) => {
            (known, Some(EventKind::Mismatch))
        }
        // It was read before it moved on.
        _ => (known, None),
    }
}

/// Ends the intents that this read proves: nobody needs to ask once more.
fn settle_intents(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    known: &Known,
    seen: &Seen,
    now: Millis,
) -> Result<()> {
    let bill_id = &known.bill_id;
    let is_another =
        matches!((known.price, seen.stated), (Some(price), Some(stated)) if price != stated);
    // Whoever sends it now may learn that the id was taken before.
    let is_left_to_the_sender = seen.state == BillState::Unpaid
        && intents::is_claimed(transaction, merchant, bill_id, Act::Send, now)?;
    if !matches!(seen.state, BillState::Unknown(_))
        && !is_another
        && !is_left_to_the_sender
        && intents::settle(transaction, merchant, bill_id, Act::Send, now)?
    {
        sent(transaction, merchant, bill_id, true, now)?;
    }
    match seen.state {
        BillState::Cancelled => {
            intents::settle(transaction, merchant, bill_id, Act::Cancel, now)?;
        }
        BillState::Destroyed => {
            intents::settle(transaction, merchant, bill_id, Act::Destroy, now)?;
        }
        _ => {}
    }
    Ok(())
}

/// Records that a bill was certainly sent, by this ledger or before.
pub(crate) fn sent(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    bill_id: &BillId,
    by_us: bool,
    now: Millis,
) -> Result<()> {
    let price = bills::get(transaction, merchant, bill_id)?.and_then(|bill| bill.price);
    let new = New {
        merchant,
        bill_id,
        kind: EventKind::Sent,
        amount: price,
        happened_at: None,
        approval_number: None,
        by_us: Some(by_us),
    };
    events::add(transaction, &new, now).map(drop)
}
