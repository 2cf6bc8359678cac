//! The intents: what was asked for, how far it is, and who works on it.

use payssam::BillId;
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

use super::{
    bills,
    columns::{Millis, parsed, time, won},
    events,
};
use crate::{
    act::Act,
    error::Error,
    intent::{Intent, IntentState},
    merchant::Merchant,
    request::Request,
};

/// How long a claim of an intent lasts unless it is renewed.
pub(crate) const LEASE: Millis = 60_000;

/// What identifies an intent. The number tells resends of one bill apart.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) merchant: Merchant,
    pub(crate) bill_id: BillId,
    pub(crate) act: Act,
    pub(crate) number: i64,
}

impl Key {
    fn columns(&self) -> (&str, &str, &str, &str, i64) {
        (
            self.merchant.member(),
            self.merchant.merchant(),
            self.bill_id.as_str(),
            self.act.as_str(),
            self.number,
        )
    }
}

/// What is recorded before anything is sent.
pub(crate) struct New<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) request: &'a Request,
    pub(crate) json: &'a str,
    pub(crate) digest: &'a [u8],
    pub(crate) reference: Option<&'a str>,
    pub(crate) not_after: Millis,
    pub(crate) expires_at: Option<Millis>,
}

/// What came of asking for an intent to work on.
pub(crate) enum Claim {
    /// Nobody else works on it.
    Yours {
        token: i64,
        /// The request may have left before.
        resuming: bool,
        request: Box<Request>,
        attempts: u32,
    },
    /// Somebody else works on it.
    Busy,
    /// There is nothing to do.
    Ended,
}

macro_rules! this_intent {
    () => {
        "member = ?1 AND merchant = ?2 AND bill_id = ?3 AND act = ?4 AND number = ?5"
    };
}

macro_rules! columns {
    () => {
        "member, merchant, bill_id, act, number, state, price, reference, recorded_at, result, was_already"
    };
}

fn intent(row: &Row<'_>) -> Result<(Key, Intent)> {
    let member: String = row.get(0)?;
    let merchant: String = row.get(1)?;
    let (act, state): (String, String) = (row.get(3)?, row.get(5)?);
    let merchant = Merchant::new(member, merchant);
    let act = Act::from_name(&act).ok_or(rusqlite::Error::InvalidQuery)?;
    let key = Key {
        merchant: merchant.clone(),
        bill_id: parsed(row, 2)?,
        act,
        number: row.get(4)?,
    };
    let intent = Intent {
        merchant,
        bill_id: key.bill_id.clone(),
        act,
        state: IntentState::from_name(&state).ok_or(rusqlite::Error::InvalidQuery)?,
        price: won(row, 6)?,
        reference: row.get(7)?,
        recorded_at: time(row.get(8)?),
        result: row.get(9)?,
        was_already: row.get(10)?,
        error: None,
        short_url: None,
    };
    Ok((key, intent))
}

pub(crate) fn get(database: &Connection, key: &Key) -> Result<Option<Intent>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_intents WHERE ",
            this_intent!()
        ))?
        .query_row(key.columns(), |row| Ok(intent(row)?.1))
        .optional()
}

/// Writes an intent down, unless it is there with the same content.
pub(crate) fn record(
    transaction: &Transaction<'_>,
    new: &New<'_>,
    now: Millis,
) -> std::result::Result<Key, Error> {
    let (act, bill_id) = (new.request.act(), new.request.bill_id());
    let mut key = Key {
        merchant: new.merchant.clone(),
        bill_id: bill_id.clone(),
        act,
        number: 0,
    };
    if act == Act::Resend {
        key.number = transaction.query_row(
            "SELECT COALESCE(MAX(number), 0) + 1 FROM payssam_intents WHERE member = ?1 AND merchant = ?2 \
             AND bill_id = ?3 AND act = ?4",
            (
                new.merchant.member(),
                new.merchant.merchant(),
                bill_id.as_str(),
                act.as_str(),
            ),
            |row| row.get(0),
        )?;
    }
    let price = new.request.price().map(|won| won.get() as i64);
    let known: Option<(String, Option<Vec<u8>>, Option<i64>)> = transaction
        .query_row(
            concat!(
                "SELECT state, digest, price FROM payssam_intents WHERE ",
                this_intent!()
            ),
            key.columns(),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    if let Some((state, digest, known_price)) = known {
        let state = IntentState::from_name(&state);
        // Nothing of it happened, so it may be asked for again.
        let is_over = matches!(state, Some(IntentState::Rejected | IntentState::NotSent));
        let is_same = match digest {
            Some(digest) => digest == new.digest,
            None => known_price == price,
        };
        if !is_same && (act.creates() || !is_over) {
            return Err(Error::OtherContent {
                act,
                bill_id: bill_id.clone(),
            });
        }
        if !is_over {
            return Ok(key);
        }
    } else if act == Act::Send && events::has_any(transaction, new.merchant, bill_id)? {
        return Err(Error::Purged(bill_id.clone()));
    }
    transaction.execute(
        "INSERT INTO payssam_intents (member, merchant, bill_id, act, number, state, request, digest, price, reference, \
         recorded_at, not_after, next_at) VALUES (?1, ?2, ?3, ?4, ?5, 'recorded', ?6, ?7, ?8, ?9, ?10, ?11, ?10) \
         ON CONFLICT DO UPDATE SET state = excluded.state, request = excluded.request, digest = excluded.digest, \
         price = excluded.price, reference = excluded.reference, recorded_at = excluded.recorded_at, \
         not_after = excluded.not_after, next_at = excluded.next_at, sent_at = NULL, ended_at = NULL, result = NULL, \
         was_already = 0, leased_until = 0, attempts = 0",
        rusqlite::params![
            key.merchant.member(),
            key.merchant.merchant(),
            bill_id.as_str(),
            act.as_str(),
            key.number,
            new.json,
            new.digest,
            price,
            new.reference,
            now,
            new.not_after,
        ],
    )?;
    if act == Act::Send {
        // A callback may come before the response.
        let mentioned = bills::Mentioned {
            merchant: new.merchant,
            bill_id,
            price: new.request.price(),
            reference: new.reference,
            expires_at: new.expires_at,
            is_watched: false,
            next_read_at: None,
        };
        bills::mention(transaction, &mentioned, now)?;
    }
    Ok(key)
}

/// Claims an intent: from now on its request may have left. One that is uncertain for longer than `patience` is left to a
/// person: somebody may have returned the money by hand since.
pub(crate) fn claim(
    transaction: &Transaction<'_>,
    key: &Key,
    now: Millis,
    patience: Millis,
) -> Result<Claim> {
    type Columns = (String, Option<String>, Millis, Millis, u32, Option<Millis>);
    let found: Option<Columns> = transaction
        .query_row(
            concat!(
                "SELECT state, request, not_after, leased_until, attempts, sent_at FROM payssam_intents WHERE ",
                this_intent!()
            ),
            key.columns(),
            |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                ))
            },
        )
        .optional()?;
    let Some((state, Some(request), not_after, leased_until, attempts, sent_at)) = found else {
        return Ok(Claim::Ended);
    };
    let resuming = match IntentState::from_name(&state) {
        Some(IntentState::Recorded) => false,
        Some(IntentState::Sending) => true,
        _ => return Ok(Claim::Ended),
    };
    // A lease that ends further away was taken before the clock was set back.
    if now < leased_until && leased_until <= now.saturating_add(LEASE) {
        return Ok(Claim::Busy);
    }
    if !resuming && now >= not_after {
        end(transaction, key, IntentState::NotSent, "not_after", now)?;
        return Ok(Claim::Ended);
    }
    if resuming && key.act == Act::Resend {
        end(transaction, key, IntentState::Unknown, "response_lost", now)?;
        return Ok(Claim::Ended);
    }
    let is_old = sent_at.is_some_and(|at| now.saturating_sub(at) >= patience);
    if resuming && is_old {
        leave_to_person(transaction, key, now)?;
        return Ok(Claim::Ended);
    }
    let Ok(request) = Request::from_json(key.act, &request) else {
        tracing::warn!(
            target: "payssam_ledger",
            bill_id = %key.bill_id,
            act = key.act.as_str(),
            "a stored request cannot be read, and is left to the newer version that wrote it"
        );
        return Ok(Claim::Busy);
    };
    let token = transaction.query_row(
        concat!(
            "UPDATE payssam_intents SET state = 'sending', token = token + 1, leased_until = ?7, next_at = ?7, \
             sent_at = COALESCE(sent_at, ?6) WHERE ",
            this_intent!(),
            " RETURNING token"
        ),
        rusqlite::params![
            key.merchant.member(),
            key.merchant.merchant(),
            key.bill_id.as_str(),
            key.act.as_str(),
            key.number,
            now,
            now.saturating_add(LEASE),
        ],
        |row| row.get(0),
    )?;
    Ok(Claim::Yours {
        token,
        resuming,
        request: Box::new(request),
        attempts,
    })
}

/// Keeps a claim. `false` when it was lost.
pub(crate) fn renew(database: &Connection, key: &Key, token: i64, now: Millis) -> Result<bool> {
    update(
        database,
        key,
        token,
        "leased_until = ?7, next_at = ?7",
        now.saturating_add(LEASE),
    )
}

/// Ends an open intent without an effect that is known, and erases its request.
fn end(
    database: &Connection,
    key: &Key,
    state: IntentState,
    result: &str,
    now: Millis,
) -> Result<()> {
    database.execute(
        concat!(
            "UPDATE payssam_intents SET state = ?6, result = ?7, ended_at = ?8, request = NULL, leased_until = 0 \
             WHERE ",
            this_intent!(),
            " AND state IN ('recorded', 'sending', 'waits_for_person')"
        ),
        rusqlite::params![
            key.merchant.member(),
            key.merchant.merchant(),
            key.bill_id.as_str(),
            key.act.as_str(),
            key.number,
            state.as_str(),
            result,
            now,
        ],
    )?;
    if key.act == Act::Send {
        bills::forget(database, &key.merchant, &key.bill_id)?;
    }
    Ok(())
}

/// Ends an intent that certainly took effect, whoever holds its claim. `false` if it had ended before.
pub(crate) fn done(
    database: &Connection,
    key: &Key,
    was_already: bool,
    now: Millis,
) -> Result<bool> {
    let ended = database.execute(
        concat!(
            "UPDATE payssam_intents SET state = 'done', was_already = ?6, ended_at = ?7, request = NULL, \
             result = NULL, leased_until = 0 WHERE ",
            this_intent!(),
            " AND state IN ('recorded', 'sending', 'waits_for_person')"
        ),
        rusqlite::params![
            key.merchant.member(),
            key.merchant.merchant(),
            key.bill_id.as_str(),
            key.act.as_str(),
            key.number,
            was_already,
            now,
        ],
    )?;
    Ok(ended == 1)
}

/// Ends an intent that certainly did not take effect, if the claim is still this one: another may have sent it since.
pub(crate) fn end_without_effect(
    database: &Connection,
    key: &Key,
    token: i64,
    state: IntentState,
    result: &str,
    now: Millis,
) -> Result<()> {
    match is_mine(database, key, token)? {
        true => end(database, key, state, result, now),
        false => Ok(()),
    }
}

fn is_mine(database: &Connection, key: &Key, token: i64) -> Result<bool> {
    let (member, merchant, bill_id, act, number) = key.columns();
    database
        .prepare(concat!(
            "SELECT 1 FROM payssam_intents WHERE ",
            this_intent!(),
            " AND token = ?6 AND state = 'sending'"
        ))?
        .exists((member, merchant, bill_id, act, number, token))
}

/// Gives back an intent whose request certainly never left.
pub(crate) fn not_sent_yet(
    database: &Connection,
    key: &Key,
    token: i64,
    next_at: Millis,
) -> Result<()> {
    update(
        database,
        key,
        token,
        "state = 'recorded', sent_at = NULL, leased_until = 0, attempts = attempts + 1, next_at = ?7",
        next_at,
    )
    .map(drop)
}

/// Gives back an intent whose outcome is unknown.
pub(crate) fn uncertain(
    database: &Connection,
    key: &Key,
    token: i64,
    next_at: Millis,
) -> Result<()> {
    update(
        database,
        key,
        token,
        "leased_until = 0, attempts = attempts + 1, next_at = ?7",
        next_at,
    )
    .map(drop)
}

/// Lets an intent wait for a person. Its bill is read, which may prove what became of it.
fn leave_to_person(database: &Connection, key: &Key, now: Millis) -> Result<()> {
    database.execute(
        concat!(
            "UPDATE payssam_intents SET state = 'waits_for_person', leased_until = 0 WHERE ",
            this_intent!(),
            " AND state = 'sending'"
        ),
        key.columns(),
    )?;
    if !matches!(key.act, Act::Send | Act::Cancel | Act::Destroy) {
        return Ok(());
    }
    let intent = get(database, key)?;
    let mentioned = bills::Mentioned {
        merchant: &key.merchant,
        bill_id: &key.bill_id,
        price: intent.as_ref().and_then(|intent| intent.price),
        reference: intent
            .as_ref()
            .and_then(|intent| intent.reference.as_deref()),
        expires_at: None,
        is_watched: key.act != Act::Send,
        next_read_at: Some(now),
    };
    bills::mention(database, &mentioned, now)
}

fn update(database: &Connection, key: &Key, token: i64, set: &str, value: Millis) -> Result<bool> {
    let sql = format!(
        concat!(
            "UPDATE payssam_intents SET {} WHERE ",
            this_intent!(),
            " AND token = ?6 AND state = 'sending'"
        ),
        set
    );
    let changed = database.prepare(&sql)?.execute(rusqlite::params![
        key.merchant.member(),
        key.merchant.merchant(),
        key.bill_id.as_str(),
        key.act.as_str(),
        key.number,
        token,
        value,
    ])?;
    Ok(changed == 1)
}

/// Ends an uncertain intent that a read proved to have taken effect.
pub(super) fn settle(
    transaction: &Transaction<'_>,
    merchant: &Merchant,
    bill_id: &BillId,
    act: Act,
    now: Millis,
) -> Result<bool> {
    let settled = transaction.execute(
        "UPDATE payssam_intents SET state = 'done', ended_at = ?5, request = NULL, result = NULL, leased_until = 0 \
         WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND act = ?4 \
         AND state IN ('sending', 'waits_for_person')",
        (
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            act.as_str(),
            now,
        ),
    )?;
    Ok(settled > 0)
}

/// Whether somebody works on this act now.
pub(super) fn is_claimed(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    act: Act,
    now: Millis,
) -> Result<bool> {
    database
        .prepare(
            "SELECT 1 FROM payssam_intents WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND act = ?4 \
             AND state = 'sending' AND leased_until > ?5 AND leased_until <= ?5 + ?6",
        )?
        .exists((
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            act.as_str(),
            now,
            LEASE,
        ))
}

/// Whether a request of this ledger may have done this.
pub(super) fn may_have_left(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    act: Act,
) -> Result<bool> {
    database
        .prepare(
            "SELECT 1 FROM payssam_intents WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND act = ?4 \
             AND (state IN ('sending', 'waits_for_person') OR state = 'done' AND was_already = 0)",
        )?
        .exists((
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            act.as_str(),
        ))
}

/// The intents of a merchant that somebody must work on now.
pub(crate) fn due(
    database: &Connection,
    merchant: &Merchant,
    now: Millis,
    limit: usize,
) -> Result<Vec<Key>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_intents WHERE member = ?1 AND merchant = ?2 AND state IN ('recorded', 'sending') \
             AND next_at <= ?3 AND NOT (?3 < leased_until AND leased_until <= ?3 + ?4) ORDER BY next_at LIMIT ?5"
        ))?
        .query_map(
            (
                merchant.member(),
                merchant.merchant(),
                now,
                LEASE,
                limit as i64,
            ),
            |row| Ok(intent(row)?.0),
        )?
        .collect()
}

/// Not sent in time; or uncertain for longer than that, while nobody works on it.
macro_rules! late {
    () => {
        " FROM payssam_intents WHERE state IN ('recorded', 'sending', 'waits_for_person') AND \
         (state = 'recorded' AND not_after <= ?1 OR state = 'sending' AND sent_at <= ?1 - ?2 \
         AND NOT (?1 < leased_until AND leased_until <= ?1 + ?3))"
    };
}

/// Whether the time of any intent is over.
pub(crate) fn is_any_late(database: &Connection, now: Millis, patience: Millis) -> Result<bool> {
    database
        .prepare(concat!("SELECT 1", late!()))?
        .exists((now, patience, LEASE))
}

/// Ends what was not sent in time, and leaves to a person what is uncertain for longer than `patience`, whoever they are
/// of: that needs no client, and no leave of PaySsam's.
pub(crate) fn expire(
    transaction: &Transaction<'_>,
    now: Millis,
    patience: Millis,
) -> Result<usize> {
    let late: Vec<(Key, Intent)> = transaction
        .prepare(concat!("SELECT ", columns!(), late!(), " LIMIT 1000"))?
        .query_map((now, patience, LEASE), intent)?
        .collect::<Result<_>>()?;
    for (key, intent) in &late {
        match (intent.state, key.act) {
            (IntentState::Recorded, _) => {
                end(transaction, key, IntentState::NotSent, "not_after", now)?;
            }
            (_, Act::Resend) => {
                end(transaction, key, IntentState::Unknown, "response_lost", now)?;
            }
            _ => leave_to_person(transaction, key, now)?,
        }
    }
    Ok(late.len())
}

/// Resumes the intents of a bill that wait for a person.
pub(crate) fn retry(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
    now: Millis,
) -> Result<usize> {
    database.execute(
        "UPDATE payssam_intents SET state = 'sending', sent_at = ?4, next_at = ?4, attempts = 0, leased_until = 0 \
         WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 AND state = 'waits_for_person'",
        (
            merchant.member(),
            merchant.merchant(),
            bill_id.as_str(),
            now,
        ),
    )
}

/// Intents without a certain outcome, those that wait for a person first.
pub(crate) fn open(database: &Connection, limit: usize) -> Result<Vec<Intent>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_intents WHERE state IN ('recorded', 'sending', 'waits_for_person') \
             ORDER BY state = 'waits_for_person' DESC, recorded_at LIMIT ?1"
        ))?
        .query_map([limit as i64], |row| Ok(intent(row)?.1))?
        .collect()
}

/// How many intents have no certain outcome, and how many of these wait for a person.
pub(crate) fn count(database: &Connection) -> Result<(u64, u64)> {
    database.query_row(
        "SELECT COUNT(*), COALESCE(SUM(state = 'waits_for_person'), 0) FROM payssam_intents \
         WHERE state IN ('recorded', 'sending', 'waits_for_person')",
        (),
        |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)),
    )
}

/// All intents of a bill or receipt.
pub(crate) fn of_bill(
    database: &Connection,
    merchant: &Merchant,
    bill_id: &BillId,
) -> Result<Vec<Intent>> {
    database
        .prepare(concat!(
            "SELECT ",
            columns!(),
            " FROM payssam_intents WHERE member = ?1 AND merchant = ?2 AND bill_id = ?3 ORDER BY recorded_at"
        ))?
        .query_map(
            (merchant.member(), merchant.merchant(), bill_id.as_str()),
            |row| Ok(intent(row)?.1),
        )?
        .collect()
}
