//! The lines of a ledger of which nothing is known yet, read ahead in a thread of their own.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    vec,
};

use crate::{error::Error, ledger::Lines, line::Line, survey::Survey};

/// How many lines are handed over at once, and how often that is done ahead.
const BATCH: usize = 64;
const AHEAD: usize = 4;

/// How far the lines are.
#[derive(Debug, Default)]
pub(crate) struct Status {
    /// The lines of which something was known.
    pub(crate) skipped: u64,
    /// Why there are no more of them.
    pub(crate) failure: Option<Error>,
    /// Whether all were read, and they are those of the survey.
    pub(crate) is_whole: bool,
}

/// The lines of the shard that are not `known`, as the journal has it.
pub(crate) fn unknown_lines(
    lines: Lines,
    survey: Survey,
    known: Vec<u64>,
) -> Result<(UnknownLines, Arc<Mutex<Status>>), Error> {
    let (batches, received) = sync_channel(AHEAD);
    let reader = thread::Builder::new().name("ledger".to_owned());
    let reader = reader
        .spawn(move || read(lines, survey, &known, &batches))
        .map_err(Error::file("a thread"))?;
    let status = Arc::new(Mutex::new(Status::default()));
    let lines = UnknownLines {
        received: Some(received),
        batch: Vec::new().into_iter(),
        status: status.clone(),
        reader: Some(reader),
    };
    Ok((lines, status))
}

struct Batch {
    lines: Vec<Line>,
    skipped: u64,
    /// Set in the last one: whether it was the whole ledger.
    end: Option<Result<bool, Error>>,
}

/// Hands all lines over, until nobody takes them any more.
fn read(mut lines: Lines, mut survey: Survey, known: &[u64], batches: &SyncSender<Batch>) {
    loop {
        let mut batch = Batch {
            lines: Vec::with_capacity(BATCH),
            skipped: 0,
            end: None,
        };
        while batch.lines.len() < BATCH && batch.end.is_none() {
            match lines.next() {
                Some(Ok(line)) => match survey.place(line) {
                    Some(line) if is_known(known, line.number()) => batch.skipped += 1,
                    Some(line) => batch.lines.push(line),
                    None => {}
                },
                Some(Err(error)) => batch.end = Some(Err(error)),
                None => batch.end = Some(Ok(survey.is_of(&lines))),
            }
        }
        let is_over = batch.end.is_some();
        if batches.send(batch).is_err() || is_over {
            return;
        }
    }
}

fn is_known(known: &[u64], line: u64) -> bool {
    let word = known.get((line / 64) as usize);
    word.is_some_and(|word| word >> (line % 64) & 1 == 1)
}

pub(crate) struct UnknownLines {
    /// `None` once it is over.
    received: Option<Receiver<Batch>>,
    batch: vec::IntoIter<Line>,
    status: Arc<Mutex<Status>>,
    reader: Option<JoinHandle<()>>,
}

impl Iterator for UnknownLines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(line) = self.batch.next() {
                return Some(line);
            }
            // Without a last batch it is not whole.
            let batch = self.received.as_ref()?.recv().ok()?;
            let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
            status.skipped += batch.skipped;
            self.batch = batch.lines.into_iter();
            match batch.end {
                None => {}
                Some(Ok(is_whole)) => status.is_whole = is_whole,
                Some(Err(error)) => status.failure = Some(error),
            }
        }
    }
}

impl Drop for UnknownLines {
    /// Whoever reads the ledger next must not meet this reader in its file.
    fn drop(&mut self) {
        self.received = None;
        if let Some(reader) = self.reader.take() {
            drop(reader.join());
        }
    }
}
