//! Whether the command ever had a connection to PaySsam: before the first, no request can have left.

use std::{
    future,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll},
};

use tower_layer::Layer;
use tower_service::Service;

use super::stop;

static WAS_MADE: AtomicBool = AtomicBool::new(false);

/// Whether a connection was ever complete, with its TLS.
pub(crate) fn was_any_made() -> bool {
    WAS_MADE.load(Ordering::SeqCst)
}

/// A layer around the connector of an HTTP client that notes when a connection is complete, and gives none out
/// after a signal.
#[derive(Clone, Copy)]
pub(crate) struct NoteConnections;

impl<S> Layer<S> for NoteConnections {
    type Service = Noting<S>;

    fn layer(&self, connector: S) -> Noting<S> {
        Noting(connector)
    }
}

/// A connector.
#[derive(Clone)]
pub(crate) struct Noting<S>(S);

impl<S, R> Service<R> for Noting<S>
where
    S: Service<R>,
    S::Response: Send,
    S::Error: Send,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, to: R) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async move {
            let connection = connecting.await;
            if connection.is_ok() {
                WAS_MADE.store(true, Ordering::SeqCst);
                // Either this sees the signal, or the signal sees the connection.
                if stop::has_begun() {
                    future::pending::<()>().await;
                }
            }
            connection
        })
    }
}
