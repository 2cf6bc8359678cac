//! Many calls, as an iterator.

use std::{fmt, sync::Arc};

use tokio::sync::{Mutex, mpsc};

use super::client::Client;
use crate::{client, outcome::Error};

type Requests<R> = Box<dyn Iterator<Item = R> + Send>;
type Start<R, T> = fn(client::Client, Requests<R>, usize) -> client::Many<T>;

/// One call for each of many requests, as [`payssam::Many`](crate::Many): an iterator over what came of each, in the
/// order of the requests.
///
/// The calls are made on the thread of the client, and as many are ahead of the iterator as may be made at the
/// same time. If it is dropped, no further call is begun, and those that were are made to their end.
#[must_use = "nothing is requested before its first item is asked for"]
pub struct Many<R, T> {
    client: Client,
    at_once: usize,
    start: Start<R, T>,
    fail: fn(R, Error) -> T,
    state: State<R, T>,
}

enum State<R, T> {
    New(Requests<R>),
    /// `None` comes after the last.
    Running(Arc<Mutex<mpsc::Receiver<Option<T>>>>),
    /// There is no thread for the calls.
    Failed(Requests<R>, Error),
    Ended,
}

impl<R: Send + 'static, T: Send + 'static> Many<R, T> {
    pub(super) fn new<I>(
        client: &Client,
        requests: I,
        start: Start<R, T>,
        fail: fn(R, Error) -> T,
    ) -> Self
    where
        I: IntoIterator<Item = R>,
        I::IntoIter: Send + 'static,
    {
        Many {
            client: client.clone(),
            at_once: client::AT_ONCE,
            start,
            fail,
            state: State::New(Box::new(requests.into_iter())),
        }
    }

    /// As [`Many::concurrency`](crate::Many::concurrency).
    pub fn concurrency(mut self, most: usize) -> Self {
        self.at_once = most.max(1);
        self
    }

    fn begin(&self, requests: Requests<R>) -> State<R, T> {
        let (sender, receiver) = mpsc::channel(1);
        let (start, at_once) = (self.start, self.at_once);
        let runtime = match self.client.runtime() {
            Ok(runtime) => runtime,
            Err(error) => return State::Failed(requests, error),
        };
        let client = self.client.asynchronous();
        runtime.spawn(async move {
            let mut many = start(client, requests, at_once);
            loop {
                let item = many.next().await;
                let is_last = item.is_none();
                if sender.send(item).await.is_err() || is_last {
                    return;
                }
            }
        });
        State::Running(Arc::new(Mutex::new(receiver)))
    }
}

impl<R: Send + 'static, T: Send + 'static> Iterator for Many<R, T> {
    type Item = T;

    /// # Panics
    ///
    /// When the process was forked after the first item, because the calls are not in the child; and when a call panicked.
    fn next(&mut self) -> Option<T> {
        if let State::New(_) = self.state
            && let State::New(requests) = std::mem::replace(&mut self.state, State::Ended)
        {
            self.state = self.begin(requests);
        }
        match &mut self.state {
            State::Running(receiver) => {
                let receiver = receiver.clone();
                let next = self
                    .client
                    .wait(|_| async move { Ok::<_, Error>(receiver.lock().await.recv().await) });
                let item = match next {
                    Ok(Some(item)) => item,
                    Ok(None) => panic!("a call panicked"),
                    Err(error) => panic!("{error}"),
                };
                if item.is_none() {
                    self.state = State::Ended;
                }
                item
            }
            State::Failed(requests, error) => {
                let request = requests.next()?;
                Some((self.fail)(request, error.clone()))
            }
            State::New(_) | State::Ended => None,
        }
    }
}

impl<R, T> fmt::Debug for Many<R, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Many")
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
