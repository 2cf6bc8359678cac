//! Hands events to the merchant's handler, each in the transaction that remembers it.

use std::{
    error,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use payssam::redact::shown;
use rusqlite::{Connection, DropBehavior, ErrorCode, Transaction, TransactionBehavior};

use crate::{error::Error, event::Event, ledger::Inner, schedule, step::step, store::events};

/// What came of looking for an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Delivered {
    /// None is due.
    Nothing,
    Booked,
    Failed,
}

impl Inner {
    /// Hands the next event to the handler.
    pub(crate) fn deliver_next<H, E>(
        self: &Arc<Self>,
        books: &mut Connection,
        handler: &mut H,
    ) -> Result<Delivered, Error>
    where
        H: FnMut(&Event, &mut Transaction<'_>) -> Result<(), E>,
        E: Into<Box<dyn error::Error + Send + Sync>>,
    {
        let now = self.now();
        // Most looks find nothing, and need no lock.
        if events::next(books, now)?.is_none() {
            return Ok(Delivered::Nothing);
        }
        step!("before claim");
        let mut transaction = books.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(event) = events::next(&transaction, now)? else {
            // Another process has booked it since.
            return Ok(Delivered::Booked);
        };
        events::deliver(&transaction, event.number, now)?;
        step!("claim");
        let handled = catch_unwind(AssertUnwindSafe(|| handler(&event, &mut transaction)));
        // Whatever the handler set: what failed is not committed.
        transaction.set_drop_behavior(DropBehavior::Rollback);
        let (problem, is_final) = if !events::is_whole(&transaction) {
            // What it wrote may be committed, so nobody but a person may try again.
            let problem = "the handler ended the transaction, which is not its own";
            (Some(problem.to_owned()), true)
        } else {
            match handled {
                Ok(Ok(())) => (None, false),
                Ok(Err(error)) => (Some(error.into().to_string()), false),
                Err(_) => (Some("the handler panicked".to_owned()), false),
            }
        };
        let problem = match problem {
            None => {
                step!("booking");
                match transaction.commit() {
                    Ok(()) => {
                        step!("commit");
                        return Ok(Delivered::Booked);
                    }
                    // The handler is not to blame, and the event is due still.
                    Err(error) if is_of_the_file(&error) => return Err(error.into()),
                    Err(error) => error.to_string(),
                }
            }
            Some(problem) => {
                drop(transaction);
                problem
            }
        };
        let attempts = event.attempt + 1;
        let waits = is_final || attempts >= self.settings.handler_attempts;
        tracing::warn!(
            target: "payssam_ledger",
            bill_id = %event.bill_id,
            event = event.kind.as_str(),
            attempts,
            waits_for_person = waits,
            "an event is not booked: {}",
            shown(&problem)
        );
        let again = schedule::book_again(event.attempt, self.now());
        events::failed(books, event.number, again, waits, is_final)?;
        Ok(Delivered::Failed)
    }
}

/// Whether the file failed, and not what was written to it.
fn is_of_the_file(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
        )
    )
}
