//! Carries an intent to certainty: written down, sent, and its outcome written down.

use std::{sync::Arc, time::Duration};

use payssam::{
    BillState, CancelBill, CancelReceipt, Client, DestroyBill, Error as CallError, IssueReceipt,
    Outcome, Rejection, ResendBill, SendBill, redact::escape,
};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    act::Act,
    error::Error,
    intent::{Intent, IntentState},
    ledger::{Inner, Ledger},
    merchant::Merchant,
    reference,
    request::{Effect, Referenced, Request, content},
    schedule::{self, Dates},
    step::step,
    store::{
        bills::{self, KnownState},
        columns::Millis,
        intents::{self, Claim, Key},
        seen::{self, Seen},
    },
};

/// How long a call waits for another that works on the same intent.
const WAIT: Duration = Duration::from_secs(180);

/// How often a claim is renewed.
const RENEWAL: Duration = Duration::from_secs(15);

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident($Request:ident);)+) => {
        impl Ledger {
            $($(#[$doc])*
            ///
            /// The request is written down, then sent, and then what became of it is. The intent says how far it
            /// got. While it is open, the [worker](Ledger::run) of any process goes on with it: do not ask for it
            /// in another way. Asked for again with the same content, it is the same intent; after
            /// [`Rejected`](IntentState::Rejected) or [`NotSent`](IntentState::NotSent), when nothing of it happened, it
            /// is sent once more.
            ///
            /// # Errors
            ///
            /// [`Error`]; except for [`Error::Open`], nothing was sent and
            /// nothing will be. PaySsam's own errors are in the
            /// intent.
            pub async fn $name(
                &self,
                client: &Client,
                request: impl Into<Referenced<$Request>>,
            ) -> Result<Intent, Error> {
                let Referenced { request, reference } = request.into();
                self.inner.carry(client, request.into(), reference).await
            })+
        }
    };
}

acts! {
    /// Sends a bill, once. See [`Bills::send_and_confirm`](payssam::Bills::send_and_confirm).
    send(SendBill);
    /// Sends the message for a bill again. No read shows whether that happened: if the response is lost, it ends as
    /// [`Unknown`](IntentState::Unknown) and is never repeated automatically. Each call is an intent of its own.
    resend(ResendBill);
    /// Cancels a paid bill, once. See [`Bills::cancel_and_confirm`](payssam::Bills::cancel_and_confirm).
    cancel(CancelBill);
    /// Destroys an unpaid bill, once. See [`Bills::destroy_and_confirm`](payssam::Bills::destroy_and_confirm).
    destroy(DestroyBill);
    /// Issues a cash receipt, once. See [`Receipts::issue_and_confirm`](payssam::Receipts::issue_and_confirm).
    issue_receipt(IssueReceipt);
    /// Cancels a cash receipt, once. See
    /// [`Receipts::cancel_and_confirm`](payssam::Receipts::cancel_and_confirm).
    cancel_receipt(CancelReceipt);
}

/// What an attempt of a request proved.
#[derive(Clone)]
enum End {
    Done {
        was_already: bool,
    },
    /// It ended without an effect.
    Over(IntentState, Box<str>),
    NotSentYet,
    Uncertain,
}

impl Inner {
    async fn carry(
        self: &Arc<Self>,
        client: &Client,
        request: Request,
        reference: Option<Box<str>>,
    ) -> Result<Intent, Error> {
        reference::check(reference.as_deref())?;
        let merchant = Merchant::from(client.credentials());
        let json = request
            .to_json()
            .map_err(|_| Error::System("the request cannot be written down".into()))?;
        let digest = self.digest(&[
            request.act().as_str(),
            &content(&json),
            reference.as_deref().unwrap_or_default(),
        ]);
        let expires_at = json["expires"].as_str().and_then(schedule::midnight_after);
        let (now, not_after) = (self.now(), self.after(self.settings.not_after));
        step!("before intent");
        let key = self
            .write(move |transaction| {
                let new = intents::New {
                    merchant: &merchant,
                    request: &request,
                    json: &json.to_string(),
                    digest: &digest,
                    reference: reference.as_deref(),
                    not_after,
                    expires_at,
                };
                intents::record(transaction, &new, now)
            })
            .await?;
        step!("intent");
        // From here on the worker of any process may send it.
        self.follow(client, &key)
            .await
            .map_err(|error| Error::Open(Box::new(error)))
    }

    /// Works on an intent, or waits for whoever does.
    async fn follow(self: &Arc<Self>, client: &Client, key: &Key) -> Result<Intent, Error> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            if let Some(attempted) = self.attempt(client, key).await? {
                return Ok(attempted);
            }
            let intent = self.intent(key).await?;
            if intent.state != IntentState::Sending || begun.elapsed() > WAIT {
                return Ok(intent);
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    async fn intent(self: &Arc<Self>, key: &Key) -> Result<Intent, Error> {
        let key = key.clone();
        self.books(move |books| {
            intents::get(books, &key)?.ok_or_else(|| Error::Purged(key.bill_id.clone()))
        })
        .await
    }

    /// Makes one attempt, unless somebody else works on it or it has ended.
    pub(crate) async fn attempt(
        self: &Arc<Self>,
        client: &Client,
        key: &Key,
    ) -> Result<Option<Intent>, Error> {
        let (claimed, now) = (key.clone(), self.now());
        let patience = schedule::millis(self.settings.patience);
        let claim = self
            .persist(move |transaction| Ok(intents::claim(transaction, &claimed, now, patience)?))
            .await?;
        let Claim::Yours {
            token,
            resuming,
            request,
            attempts,
        } = claim
        else {
            return Ok(None);
        };
        step!("before request");
        let made = {
            let making = request.make(client, resuming);
            tokio::pin!(making);
            tokio::select! {
                made = &mut making => made,
                // Whoever has it now resumes it. Two that write at the same time know less than one.
                () = self.renew(key, token) => return Ok(None),
            }
        };
        step!("response");
        let (effect, error, end) = match made {
            Ok(effect) => {
                let was_already = effect.was_already;
                (effect, None, End::Done { was_already })
            }
            Err(error) => {
                let end = classify(key.act, &error, resuming);
                (Effect::default(), Some(error), end)
            }
        };
        let asked = error.as_ref().and_then(CallError::retry_after);
        if let Some(pause) = asked {
            self.rate.pause(pause);
        }
        self.record_end(key, token, attempts, end, asked).await?;
        step!("outcome");
        self.wake.notify_waiters();
        let mut intent = self.intent(key).await?;
        intent.error = error;
        intent.short_url = effect.short_url;
        Ok(Some(intent))
    }

    /// Keeps a claim until it is lost, or may be.
    async fn renew(self: &Arc<Self>, key: &Key, token: i64) {
        let lease = Duration::from_millis(intents::LEASE.unsigned_abs());
        let mut ends_at = Instant::now() + lease;
        loop {
            // A renewal that failed leaves less time than that.
            let _is_over = timeout_at(ends_at, sleep(RENEWAL)).await;
            let asked_at = Instant::now();
            let (key, now) = (key.clone(), self.now());
            let renewing = self.books(move |books| Ok(intents::renew(books, &key, token, now)?));
            match timeout_at(ends_at, renewing).await {
                Ok(Ok(true)) => ends_at = asked_at + lease,
                Ok(Err(_)) => {}
                Ok(Ok(false)) | Err(_) => return,
            }
        }
    }

    async fn record_end(
        self: &Arc<Self>,
        key: &Key,
        token: i64,
        attempts: u32,
        end: End,
        asked: Option<Duration>,
    ) -> Result<(), Error> {
        let (key, now, inner) = (key.clone(), self.now(), self.clone());
        let again = schedule::intent_again(attempts, now)
            .max(now.saturating_add(asked.map_or(0, schedule::millis)));
        self.persist(move |transaction| {
            match &end {
                End::Done { was_already } => {
                    if intents::done(transaction, &key, *was_already, now)? {
                        inner.follow_from(transaction, &key, *was_already, now)?;
                    }
                }
                End::Over(state, result) => {
                    intents::end_without_effect(transaction, &key, token, *state, result, now)?;
                }
                End::NotSentYet => {
                    intents::not_sent_yet(transaction, &key, token, again)?;
                }
                End::Uncertain => {
                    intents::uncertain(transaction, &key, token, again)?;
                    if key.act == Act::Send {
                        // It may be there, and be paid.
                        inner.read_soon(transaction, &key, again)?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// What follows for the bill from an intent that took effect.
    fn follow_from(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        key: &Key,
        was_already: bool,
        now: Millis,
    ) -> Result<(), Error> {
        let state = match key.act {
            Act::Send => {
                seen::sent(transaction, &key.merchant, &key.bill_id, !was_already, now)?;
                return self.read_soon(transaction, key, self.first_read(now));
            }
            Act::Cancel => BillState::Cancelled,
            Act::Destroy => BillState::Destroyed,
            Act::Resend | Act::IssueReceipt | Act::CancelReceipt => return Ok(()),
        };
        let intent = intents::get(transaction, key)?;
        let price = intent.as_ref().and_then(|intent| intent.price);
        let mentioned = bills::Mentioned {
            merchant: &key.merchant,
            bill_id: &key.bill_id,
            price,
            reference: intent
                .as_ref()
                .and_then(|intent| intent.reference.as_deref()),
            expires_at: None,
            is_watched: true,
            next_read_at: None,
        };
        bills::mention(transaction, &mentioned, now)?;
        let seen = Seen {
            state,
            amount: price,
            stated: price,
            happened_at: None,
            approval_number: None,
        };
        seen::record(
            transaction,
            &key.merchant,
            &key.bill_id,
            &seen,
            now,
            |state, dates| self.next_read(state, dates, now),
        )?;
        Ok(())
    }

    fn first_read(&self, now: Millis) -> Millis {
        let dates = Dates {
            known_since: now,
            expires_at: None,
            paid_at: None,
        };
        schedule::unpaid(&dates, now, self.settings.after_expiry).unwrap_or(now)
    }

    fn read_soon(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        key: &Key,
        next_read_at: Millis,
    ) -> Result<(), Error> {
        let mentioned = bills::Mentioned {
            merchant: &key.merchant,
            bill_id: &key.bill_id,
            price: None,
            reference: None,
            expires_at: None,
            is_watched: false,
            next_read_at: Some(next_read_at),
        };
        Ok(bills::mention(transaction, &mentioned, self.now())?)
    }

    /// When a bill in this state is read next.
    pub(crate) fn next_read(
        &self,
        state: KnownState,
        dates: &Dates,
        now: Millis,
    ) -> Option<Millis> {
        match state {
            KnownState::Unpaid => schedule::unpaid(dates, now, self.settings.after_expiry),
            KnownState::Paid | KnownState::Mismatched => {
                schedule::paid(dates, now, &self.settings.watch_paid)
            }
            KnownState::Cancelled | KnownState::Destroyed => None,
        }
    }
}

/// What the error of a request proves.
fn classify(act: Act, error: &CallError, resuming: bool) -> End {
    let may_have_left = resuming
        || error.attempts().iter().any(|attempt| {
            attempt.operation().is_write() && attempt.outcome() == Some(Outcome::Unknown)
        });
    let result = || -> Box<str> {
        let text = match (error.code(), error.state()) {
            (Some(code), _) => code.to_string(),
            (None, Some(state)) => format!("state:{state}"),
            (None, None) => error.kind().to_owned(),
        };
        escape(&text).chars().take(60).collect()
    };
    let is_by_state = matches!(
        error,
        CallError::Rejected {
            rejection: Rejection::State { .. },
            ..
        }
    );
    match error.outcome() {
        // What is there was made by this intent, and ended since.
        Outcome::Rejected if act.creates() && may_have_left && is_by_state => {
            End::Done { was_already: false }
        }
        Outcome::Rejected if error.http_status() == Some(429) && !may_have_left => End::NotSentYet,
        Outcome::Rejected if error.is_settled() => End::Over(IntentState::Rejected, result()),
        Outcome::NotSent if !may_have_left => match error.is_retryable() {
            true => End::NotSentYet,
            false => End::Over(IntentState::NotSent, result()),
        },
        _ if act == Act::Resend => End::Over(IntentState::Unknown, result()),
        _ => End::Uncertain,
    }
}
