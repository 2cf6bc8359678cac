//! Compares a business's books with what PaySsam (결제선생) says: one read for each bill, and a [`Finding`] for each line.
//!
//! PaySsam has no list of bills by period (published), so nobody knows that yesterday's books are right before every bill
//! was read. [`reconcile`] is a stream of findings over lines that you have; a [`Run`] compares a whole [`Ledger`], a file
//! of CSV or JSON lines, with a journal from which it can be resumed. Both read only: nothing but `POST /bill/read` is
//! called.
//!
//! | question | answer |
//! | --- | --- |
//! | which class a line falls into | [`Class`]; the table of cases is in [`judge`] |
//! | what a failed read is | [`Class::CouldNotBeRead`]: neither agreement nor a mismatch |
//! | whether a line can get lost | no: the lines that go in are the sum of the classes, else [`Error::Miscounted`] |
//! | how much memory it takes | [`reconcile`]: that of the reads in progress; a [`Run`]: 16 bytes for each line beside it |

#![forbid(unsafe_code)]

mod belief;
mod class;
mod csv_report;
mod error;
mod finding;
mod journal;
mod judge;
mod ledger;
mod line;
mod pace;
mod page;
mod reading;
mod reconcile;
mod run;
mod shard;
mod states;
mod summary;
mod survey;
mod unknown;

pub use belief::{Belief, BelievedState};
pub use class::Class;
pub use csv_report::write_csv;
pub use error::Error;
pub use finding::{Finding, Here, There};
pub use judge::{Amount, Seen, judge};
pub use ledger::{Column, Format, Ledger, Lines, Mapping};
pub use line::Line;
pub use page::{MOST_ROWS, page};
pub use reconcile::{CONCURRENCY, Reconciliation, reconcile};
pub use run::{Progress, Report, Run, Settings};
pub use shard::Shard;
pub use states::States;
pub use summary::{Counts, Summary};
