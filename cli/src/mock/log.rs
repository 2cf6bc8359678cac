//! The log of the mock server on stderr.

use std::{
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use payssam::KoreanTime;
use payssam_mock::{Fault, LogEntry, LogKind, MockLog, MockServer};
use serde::Serialize;
use tokio::runtime;

use crate::{
    json,
    output::{Output, warn},
};

/// How long the end of the command waits for the last lines to be written.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The thread that writes the log: whoever reads stderr slowly does not slow the mock server down.
pub(super) struct Log {
    ended: Receiver<()>,
}

impl Log {
    /// Writes what happens from now on.
    pub(super) fn start(mock: &MockServer, output: Output) -> Self {
        let (end, ended) = channel();
        let log = mock.log();
        thread::spawn(move || {
            write_all(log, output);
            drop(end);
        });
        Log { ended }
    }

    /// Waits for the last lines, once the mock server has stopped.
    pub(super) fn end(self) {
        // Nothing is ever sent: the other side is dropped at the end.
        let _ = self.ended.recv_timeout(TIME_LIMIT);
    }
}

fn write_all(mut log: MockLog, output: Output) {
    let Ok(runtime) = runtime::Builder::new_current_thread().build() else {
        return;
    };
    runtime.block_on(async {
        while let Some(entry) = log.next().await {
            match output {
                Output::Text => warn(&entry),
                Output::Json => {
                    if let Ok(line) = json::line(&Line {
                        log: View::of(&entry),
                    }) {
                        warn(line);
                    }
                }
            }
        }
    });
}

#[derive(Serialize)]
struct Line<'e> {
    log: View<'e>,
}

/// An entry in JSON. What it has no value for is left out.
#[derive(Serialize)]
struct View<'e> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<KoreanTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bill_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<u64>,
}

impl<'e> View<'e> {
    fn of(entry: &'e LogEntry) -> Self {
        View {
            kind: LogKind::as_str(entry.kind()),
            at: entry.at(),
            method: entry.method(),
            path: entry.path(),
            bill_id: entry.bill_id(),
            fault: entry.fault().map(Fault::name),
            address: entry.address(),
            repeat: entry.repeat(),
            http_status: entry.http_status(),
            code: entry.code(),
            acknowledged: entry.is_acknowledged(),
            reason: entry.reason(),
            missed: entry.missed_entries(),
        }
    }
}
