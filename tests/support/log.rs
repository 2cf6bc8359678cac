//! What this crate and its dependencies write to their log.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing_subscriber::{
    Layer as _, Registry,
    filter::{LevelFilter, filter_fn},
    fmt::{self, MakeWriter, format::FmtSpan},
    layer::SubscriberExt,
};

/// The lines that were written, with all fields of their spans.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Records everything, down to TRACE, but for the lines of httpmock, whose servers run in the same
    /// process.
    pub fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let lines = fmt::layer()
            .with_ansi(false)
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_writer(self.clone())
            .with_filter(LevelFilter::TRACE)
            .with_filter(filter_fn(|about| !about.target().starts_with("httpmock")));
        Registry::default().with(lines)
    }

    /// Records what this thread logs, until the recording is dropped.
    pub fn of_this_thread(&self) -> Recording {
        let this = Dispatch::new(self.subscriber());
        Recording {
            _guard: dispatcher::set_default(&this),
            // While there is one subscriber, tracing asks nobody about a line that a thread without it reaches
            // first, and then leaves that line out for all threads.
            _other: Dispatch::new(Log::default().subscriber()),
        }
    }

    /// What was written since it was taken last.
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().expect("no panic while it was held"));
        String::from_utf8(bytes).expect("it is text")
    }
}

/// While it lives, a log records what its thread writes.
#[must_use]
pub struct Recording {
    _guard: DefaultGuard,
    _other: Dispatch,
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().expect("no panic while it was held");
        lines.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
