//! A call of `cancel_and_confirm` and its like, before and while it runs.

use std::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll},
};

use crate::outcome::Error;

type Running<'r, C> = Pin<Box<dyn Future<Output = Result<C, Error>> + Send + 'r>>;

/// A call of [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like: a future of the confirmed
/// write. Nothing is sent before it is polled, and nothing more after it is dropped.
///
/// It is `Send` and `Unpin`.
#[must_use = "nothing is sent before it is awaited"]
pub struct Confirming<'r, C> {
    state: State<'r, C>,
}

enum State<'r, C> {
    New(Box<dyn FnOnce(bool) -> Running<'r, C> + Send + 'r>, bool),
    Running(Running<'r, C>),
    Ended,
}

impl<'r, C> Confirming<'r, C> {
    /// `call` gets whether it is resuming.
    pub(crate) fn new<F>(call: impl FnOnce(bool) -> F + Send + 'r) -> Self
    where
        F: Future<Output = Result<C, Error>> + Send + 'r,
    {
        let call = Box::new(move |resuming| Box::pin(call(resuming)) as Running<'r, C>);
        Confirming {
            state: State::New(call, false),
        }
    }

    /// Says that the same request may have been sent before: by a process that died, or by a call that was dropped or
    /// ended in an unknown outcome. Store each request before it is sent, and make the call so when you find one without an
    /// outcome.
    ///
    /// The earlier request may still be in progress, and may be why PaySsam rejects this one. So no
    /// rejection proves that nothing changed: what no read decides until the deadline is
    /// [`UnknownReason::EarlierWrite`](crate::UnknownReason::EarlierWrite). Without it, a
    /// rejection is believed after the [settling time](crate::ConfirmPolicy::settling).
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let cancel: payssam::CancelBill = serde_json::from_str(stored)?;
    /// client.bills().cancel_and_confirm(&cancel).resuming().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn resuming(mut self) -> Self {
        if let State::New(_, resuming) = &mut self.state {
            *resuming = true;
        }
        self
    }
}

impl<C> Future for Confirming<'_, C> {
    type Output = Result<C, Error>;

    /// # Panics
    ///
    /// When it is polled after its end.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::New(..) = self.state
            && let State::New(call, resuming) = mem::replace(&mut self.state, State::Ended)
        {
            self.state = State::Running(call(resuming));
        }
        let State::Running(running) = &mut self.state else {
            panic!("it was polled after its end");
        };
        let polled = running.as_mut().poll(context);
        if polled.is_ready() {
            self.state = State::Ended;
        }
        polled
    }
}

impl<C> fmt::Debug for Confirming<'_, C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Confirming").finish_non_exhaustive()
    }
}
