//! One call for each of many requests, a bounded number of them at the same time.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{
    Stream, StreamExt,
    future::{BoxFuture, FutureExt},
    stream::FuturesOrdered,
};

/// How many calls are made at the same time, unless the caller says otherwise.
pub(crate) const AT_ONCE: usize = 8;

/// One call for each of many requests, such as from [`Bills::read_many`](crate::Bills::read_many): a
/// [`Stream`] of what came of each, in the order of the requests.
///
/// A request is taken from its iterator when there is a place for it, so memory does not grow with their number. The calls
/// make progress while the stream is polled. If it is dropped, so are the calls in progress: the outcome of a
/// write among them is unknown.
///
/// [`next`](Many::next) needs no further crate; the methods of `StreamExt` of the crate `futures` work too.
#[must_use = "nothing is requested before it is polled"]
pub struct Many<T> {
    calls: Box<dyn Iterator<Item = BoxFuture<'static, T>> + Send>,
    running: FuturesOrdered<BoxFuture<'static, T>>,
    at_once: usize,
}

impl<T: 'static> Many<T> {
    pub(crate) fn new<F>(calls: impl Iterator<Item = F> + Send + 'static) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Many {
            calls: Box::new(calls.map(FutureExt::boxed)),
            running: FuturesOrdered::new(),
            at_once: AT_ONCE,
        }
    }

    /// The same calls as tasks of the runtime, which make progress while nobody polls.
    #[cfg(feature = "blocking")]
    pub(crate) fn into_tasks(self) -> Self
    where
        T: Send,
    {
        let calls = self.calls.map(|call| {
            let task = tokio::spawn(call);
            async move {
                match task.await {
                    Ok(ended) => ended,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                }
            }
            .boxed()
        });
        Many {
            calls: Box::new(calls),
            ..self
        }
    }

    /// The most calls at the same time; 8 by default, and 0 counts as 1. One that takes long holds up what comes after
    /// it, as the order is kept.
    pub fn concurrency(mut self, most: usize) -> Self {
        self.at_once = most.max(1);
        self
    }

    /// What came of the next request; `None` after the last.
    pub async fn next(&mut self) -> Option<T> {
        StreamExt::next(self).await
    }
}

impl<T> Stream for Many<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        while this.running.len() < this.at_once {
            let Some(call) = this.calls.next() else { break };
            this.running.push_back(call);
        }
        this.running.poll_next_unpin(context)
    }
}

impl<T> fmt::Debug for Many<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Many")
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
