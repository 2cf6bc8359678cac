//! The stream of findings: one read for each line, a bounded number of them at the same time.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream, StreamExt, future::BoxFuture, future::FutureExt, stream::FuturesUnordered,
};
use payssam::{Bills, Client, RetryPolicy};

use crate::{
    finding::Finding,
    judge::found,
    pace::{PATIENCE, Pace},
    reading::{ATTEMPTS, read},
    subject::Subject,
};

/// How many bills are read at the same time, unless the caller says otherwise.
pub const CONCURRENCY: usize = 8;

/// Compares what the books say with what PaySsam says: a [`Stream`] of one [`Finding`] for each line, in the order in which
/// they end.
///
/// Lines are [`Belief`](crate::Belief)s, [`Line`](crate::Line)s, or [`BillId`](payssam::BillId)s alone. A bill of which the books say nothing is
/// [`Unsettled`](crate::Class::Unsettled), with what PaySsam says, unless it is not found or could not be read; its line is its place
/// in the iterator, from 1. One is taken from the iterator when there is a place for it, so
/// memory does not grow with their number. Only `POST /bill/read` is called, which changes nothing. That two lines
/// have the same bill id is not noticed here: a [`Run`](crate::Run) over a [`Ledger`](crate::Ledger) does that.
///
/// A bill is read up to five times, or once if the client's [`RetryPolicy`] is off; its own retries are not used. While
/// PaySsam responds with HTTP 429 or 5xx or cannot be reached, fewer bills are read at the same time, and `Retry-After`
/// is kept, up to an hour; with success the number grows again. After eight reads in a row that brought nothing, there are at
/// least five seconds before the next one, so that an outage uses up the attempts of few bills. Once nothing was read
/// for five minutes ([`patience`](Reconciliation::patience); the pauses that PaySsam asked for do not count), no more is
/// asked for: what is left is [`CouldNotBeRead`](crate::Class::CouldNotBeRead).
///
/// ```no_run
/// use payssam_reconcile::{Belief, BelievedState, Class, reconcile};
///
/// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
/// let books = vec![Belief {
///     line: 1,
///     bill_id: "2024-0001".parse()?,
///     amount: Some("45000".parse()?),
///     state: BelievedState::Paid,
///     day: None,
/// }];
/// let mut findings = reconcile(books, &client).concurrency(4);
/// while let Some(finding) = findings.next().await {
///     match finding.class {
///         Class::Agrees => {}
///         Class::CouldNotBeRead => println!("ask again: {}", finding.reason),
///         class => println!("{class}: {}", finding.reason),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[doc(alias = "대사")]
pub fn reconcile<I>(lines: I, client: &Client) -> Reconciliation
where
    I: IntoIterator<Item: Into<Subject> + 'static>,
    I::IntoIter: Send + 'static,
{
    let is_single = client.retry_policy() == RetryPolicy::off();
    Reconciliation {
        subjects: Box::new((1..).zip(lines.into_iter().map(Into::into))),
        bills: client.with_retry(RetryPolicy::off()).bills(),
        running: FuturesUnordered::new(),
        at_once: CONCURRENCY,
        rate: None,
        patience: PATIENCE,
        attempts: if is_single { 1 } else { ATTEMPTS },
        pace: None,
    }
}

/// The findings of [`reconcile`], as a [`Stream`]. [`next`](Reconciliation::next) needs no further crate.
#[must_use = "nothing is asked before it is polled"]
pub struct Reconciliation {
    /// With their places, from 1.
    subjects: Box<dyn Iterator<Item = (u64, Subject)> + Send>,
    bills: Bills,
    running: FuturesUnordered<BoxFuture<'static, Finding>>,
    at_once: usize,
    rate: Option<f64>,
    patience: Duration,
    attempts: u32,
    /// Set by the first poll.
    pace: Option<Arc<Pace>>,
}

impl Reconciliation {
    /// The most bills that are read at the same time; 8 by default, and 0 counts as 1. Set it before the first poll.
    pub fn concurrency(mut self, most: usize) -> Self {
        self.at_once = most.max(1);
        self
    }

    /// The most reads that begin in a second; without a limit by default. What is not above zero counts as no limit. Set
    /// it before the first poll.
    pub fn rate(mut self, per_second: f64) -> Self {
        self.rate = Some(per_second);
        self
    }

    /// For how long nothing may be read before no more is asked for, if at least eight reads in a row failed; five minutes by
    /// default. The pauses that PaySsam asked for (HTTP 429, `Retry-After`) do not count. While reads fail, a sixtieth
    /// of it, at most five seconds, passes between them. Set it before the first poll.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The next finding; `None` after the last.
    pub async fn next(&mut self) -> Option<Finding> {
        StreamExt::next(self).await
    }
}

impl Reconciliation {
    /// A finding that is there already. No further bill is asked for.
    pub(crate) fn ready(&mut self) -> Option<Finding> {
        // Whoever polls later is woken: what becomes ready until then is kept.
        let ready = StreamExt::next(&mut self.running).now_or_never();
        ready.flatten()
    }
}

impl Stream for Reconciliation {
    type Item = Finding;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Finding>> {
        let this = &mut *self;
        let (at_once, rate, patience) = (this.at_once, this.rate, this.patience);
        let pace = this
            .pace
            .get_or_insert_with(|| Arc::new(Pace::new(at_once, rate, patience)));
        while this.running.len() < at_once {
            let Some((place, subject)) = this.subjects.next() else {
                break;
            };
            let question = match subject.into_question(place) {
                Ok(question) => question,
                Err(finding) => return Poll::Ready(Some(finding)),
            };
            let (bills, pace, attempts) = (this.bills.clone(), pace.clone(), this.attempts);
            let call = async move {
                let seen = read(&bills, &question, &pace, attempts).await;
                found(
                    question.line,
                    &question.bill_id,
                    question.belief.as_ref(),
                    &seen,
                )
            };
            this.running.push(call.boxed());
        }
        this.running.poll_next_unpin(context)
    }
}

impl fmt::Debug for Reconciliation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reconciliation")
            .field("concurrency", &self.at_once)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
