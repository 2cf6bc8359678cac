//! Reads bills that callbacks or the schedule ask for, and records what the reads prove.

use std::{sync::Arc, time::Duration};

use payssam::{
    Bill, BillId, BillState, Client, ResultCode, RetryPolicy, Won, callback::NotVerified,
};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    error::Error,
    ledger::Inner,
    merchant::Merchant,
    rate::LONGEST_PAUSE,
    schedule,
    step::step,
    store::{
        bills::{self, KnownState},
        columns::Millis,
        hints::{self, Hint},
        seen::{self, Seen},
    },
};

/// How many bills of a merchant are taken at once, of each kind.
const BATCH: usize = 8;

/// How long a bill that is being read is left to this process.
const LEASE: Duration = Duration::from_secs(120);

/// How long a read waits for its turn: shorter than its lease.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// How long a callback is looked at that no read confirms.
const PATIENCE: Duration = Duration::from_secs(48 * 60 * 60);

/// After how many reads that found nothing a callback of an unknown bill is forgotten.
const FORGERY: u32 = 6;

/// After how many reads in which a bill is unclear a person must look at it: those of some hours.
const UNCLEAR: u32 = 12;

/// What a read came to.
enum Reading {
    Seen(Box<Seen>),
    /// The merchant has no such bill.
    Absent,
    /// It is there, and its state or its amount cannot be read.
    Unclear,
    /// Nothing is known; PaySsam asked to be left alone for so long.
    Failed(Duration),
}

impl Inner {
    /// Reads bills of this merchant that are due. Returns how many.
    pub(crate) async fn read_due(
        self: &Arc<Self>,
        client: &Client,
        stopped: &watch::Receiver<u64>,
    ) -> Result<usize, Error> {
        let merchant = Merchant::from(client.credentials());
        let (now, until) = (self.now(), self.after(LEASE));
        // What is claimed now could not be read before its lease ends.
        if self.rate.is_paused(LONGEST_TURN) {
            return Ok(0);
        }
        let claimed = merchant.clone();
        let rate = self.clone();
        let hinted = self.with_callbacks(move |callbacks| {
            let file = &mut callbacks.file;
            let mut due = hints::claim_due(file, &claimed, true, now, until, BATCH)?;
            // Strangers can make these up.
            while due.len() < 2 * BATCH
                && hints::is_due(file, &claimed, false, now)?
                && rate.rate.admit_unknown(&claimed)
            {
                due.extend(hints::claim_due(file, &claimed, false, now, until, 1)?);
            }
            Ok(due)
        });
        let hinted = hinted.await?;
        let claimed = merchant.clone();
        let due = self
            .books(move |books| Ok(bills::claim_due(books, &claimed, now, until, BATCH)?))
            .await?;
        let count = hinted.len() + due.len();
        let mut reads = JoinSet::new();
        for hint in hinted {
            let (inner, client, merchant) = (self.clone(), client.clone(), merchant.clone());
            let stopped = stopped.clone();
            reads.spawn(async move { inner.verify(&client, &merchant, hint, stopped).await });
        }
        for id in due {
            let (inner, client, merchant) = (self.clone(), client.clone(), merchant.clone());
            let stopped = stopped.clone();
            reads.spawn(async move { inner.sweep(&client, &merchant, id, stopped).await });
        }
        let mut failure = None;
        while let Some(ended) = reads.join_next().await {
            let ended = ended.unwrap_or_else(|error| Err(Error::System(error.to_string().into())));
            failure = failure.or(ended.err());
        }
        failure.map_or(Ok(count), Err)
    }

    /// Reads a bill about which a callback came.
    async fn verify(
        self: &Arc<Self>,
        client: &Client,
        merchant: &Merchant,
        hint: Hint,
        stopped: watch::Receiver<u64>,
    ) -> Result<(), Error> {
        let Some(reading) = self.read(client, &hint.bill_id, stopped).await else {
            return Ok(());
        };
        let now = self.now();
        let asked = reading.asked_to_wait(now);
        let age = now.saturating_sub(hint.first_at);
        let is_old = age > schedule::millis(PATIENCE);
        // What PaySsam itself does not say ends no callback.
        let (is_counted, is_over) = match &reading {
            Reading::Failed(_) => (false, false),
            Reading::Unclear => (true, false),
            Reading::Absent => (true, is_old || hint.attempts >= FORGERY),
            Reading::Seen(seen) => (true, seen.state != BillState::Unpaid || is_old),
        };
        match reading {
            Reading::Seen(seen) => self.record_read(merchant, &hint.bill_id, *seen).await?,
            Reading::Unclear if hint.attempts >= UNCLEAR => {
                let (merchant, id) = (merchant.clone(), hint.bill_id.clone());
                self.write(move |transaction| Ok(seen::unclear(transaction, &merchant, &id, now)?))
                    .await?;
                self.wake.notify_waiters();
            }
            Reading::Unclear | Reading::Absent | Reading::Failed(_) => {}
        }
        step!("read");
        let merchant = merchant.clone();
        self.with_callbacks(move |callbacks| {
            let file = &callbacks.file;
            let again = schedule::verify_again(hint.attempts, now).max(asked);
            match is_over {
                true => hints::forget(file, &merchant, &hint)?,
                false => hints::later(file, &merchant, &hint, is_counted, again)?,
            }
            Ok(())
        })
        .await
    }

    /// Reads a bill that is due.
    async fn sweep(
        self: &Arc<Self>,
        client: &Client,
        merchant: &Merchant,
        id: BillId,
        stopped: watch::Receiver<u64>,
    ) -> Result<(), Error> {
        let Some(reading) = self.read(client, &id, stopped).await else {
            return Ok(());
        };
        match reading {
            Reading::Seen(seen) => self.record_read(merchant, &id, *seen).await,
            other => {
                let is_absent = matches!(other, Reading::Absent);
                let is_unclear = matches!(other, Reading::Unclear);
                let (inner, merchant, now) = (self.clone(), merchant.clone(), self.now());
                let asked = other.asked_to_wait(now);
                self.write(move |transaction| {
                    let Some(bill) = bills::get(transaction, &merchant, &id)? else {
                        return Ok(());
                    };
                    if is_unclear && bill.failures >= UNCLEAR {
                        seen::unclear(transaction, &merchant, &id, now)?;
                    }
                    let again = match is_absent {
                        // It may still be sent, and is read less and less. One that was paid stays watched.
                        true => {
                            let state = bill.state.unwrap_or(KnownState::Unpaid);
                            inner.next_read(state, &bill.dates, now)
                        }
                        false => Some(schedule::read_again(bill.failures, now).max(asked)),
                    };
                    Ok(bills::not_read(transaction, &merchant, &id, again)?)
                })
                .await
            }
        }
    }

    async fn record_read(
        self: &Arc<Self>,
        merchant: &Merchant,
        id: &BillId,
        seen: Seen,
    ) -> Result<(), Error> {
        let (inner, merchant, id) = (self.clone(), merchant.clone(), id.clone());
        let now: Millis = self.now();
        let recorded = self.persist(move |transaction| {
            let next = |state, dates: &_| inner.next_read(state, dates, now);
            Ok(seen::record(transaction, &merchant, &id, &seen, now, next)?)
        });
        recorded.await?;
        self.wake.notify_waiters();
        Ok(())
    }

    /// Makes one read.
    async fn read(
        &self,
        client: &Client,
        id: &BillId,
        mut stopped: watch::Receiver<u64>,
    ) -> Option<Reading> {
        let has_turn = tokio::select! {
            // After a stop no turn is taken, even if it could be.
            biased;
            _ = stopped.changed() => false,
            has_turn = self.rate.turn(LONGEST_TURN) => has_turn,
        };
        // It stays claimed, and is read when its lease has ended.
        if !has_turn {
            return None;
        }
        step!("before read");
        let once = client.with_retry(RetryPolicy::off());
        Some(match once.bills().verify_payment(id).await {
            Ok(payment) => Reading::seen(payment.bill(), Some(payment.amount())),
            Err(NotVerified::CancelledSince(cancellation)) => {
                Reading::seen(cancellation.bill(), cancellation.amount())
            }
            Err(NotVerified::Differs { state, amount, .. })
                if !matches!(state, BillState::Unknown(_)) =>
            {
                Reading::Seen(Box::new(Seen {
                    state,
                    amount: None,
                    stated: amount,
                    happened_at: None,
                    approval_number: None,
                }))
            }
            Err(NotVerified::NotRead(error)) => {
                if let Some(pause) = error.retry_after() {
                    self.rate.pause(pause);
                }
                match error.code() {
                    Some(code) if error.is_rejected() && *code == ResultCode::BILL_NOT_FOUND => {
                        Reading::Absent
                    }
                    _ => Reading::Failed(error.retry_after().unwrap_or_default()),
                }
            }
            Err(_) => Reading::Unclear,
        })
    }
}

impl Reading {
    /// Until when PaySsam asked to be left alone, also by whoever reads the bill after a restart. A day at most.
    fn asked_to_wait(&self, now: Millis) -> Millis {
        match self {
            Reading::Failed(pause) => {
                now.saturating_add(schedule::millis((*pause).min(LONGEST_PAUSE)))
            }
            _ => now,
        }
    }

    fn seen(bill: &Bill, amount: Option<Won>) -> Self {
        let approval = bill.approval();
        let number = approval.raw("apprNum").filter(|number| number.len() <= 40);
        Reading::Seen(Box::new(Seen {
            state: bill.state().clone(),
            amount,
            stated: amount,
            happened_at: approval.approved_at().ok().flatten(),
            approval_number: number.map(Into::into),
        }))
    }
}
