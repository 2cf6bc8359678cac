//! The ledger of a merchant who uses PaySsam (결제선생): every intent is carried to a certain outcome, and every payment is
//! booked once.
//!
//! PaySsam has no list of bills, no idempotency keys and no signature on callbacks. So somebody must remember what was
//! sent, believe no callback, find the payment whose callback never came, and survive a crash between the request and
//! the database. This crate does, in tables of your own SQLite file.
//!
//! ```no_run
//! use payssam::{BillId, CancelBill, Client, NewBill, SendBill};
//! use payssam_ledger::{EventKind, Ledger, Merchant, Reference};
//!
//! # async fn example(client: Client, bill: NewBill, id: BillId, body: &[u8])
//! # -> Result<(), Box<dyn std::error::Error>> {
//! let price = bill.price;
//! let ledger = Ledger::open("books.db")?;
//! // Written down, sent, and what became of it written down.
//! let sent = ledger.send(&client, &SendBill::kakaotalk(bill).reference("order 4711")).await?;
//! println!("{}", sent.state());
//! let _cancelled = ledger.cancel(&client, &CancelBill::new(id, price)).await?;
//! // Stored, committed, and only then answered.
//! let response = ledger.receive(&Merchant::from(client.credentials()), body)?;
//! // Each event once, in your own transaction.
//! ledger.run([client], |event, tx| match event.kind() {
//!     EventKind::Paid => tx
//!         .execute("INSERT INTO income VALUES (?1)", [event.bill_id().as_str()])
//!         .map(drop),
//!     _ => Ok(()),
//! }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The guide `docs/ledger.md` of the repository has recipes and the states of intents and events.
//!
//! # What is kept
//!
//! While the outcome of a request is not certain, the whole request is kept, with the payer's name and phone. The
//! transaction that records a certain outcome erases it. After that there is no name, phone, key, card or receipt number
//! in any column. Ids, amounts, times, approval numbers and your own references stay until [`Ledger::purge`].

#![forbid(unsafe_code)]

mod act;
mod carry;
mod clock;
mod deliver;
mod error;
mod event;
mod intent;
mod known_bill;
mod ledger;
mod merchant;
mod overview;
mod rate;
mod reading;
mod receive;
mod reference;
mod request;
mod schedule;
mod settings;
mod step;
mod store;
mod watched;
mod worker;

pub use rusqlite;

pub use act::Act;
pub use clock::{Clock, ManualClock, SystemClock};
pub use error::Error;
pub use event::{Event, EventKind, Unbooked};
pub use intent::{Intent, IntentState};
pub use known_bill::KnownBill;
pub use ledger::Ledger;
pub use merchant::Merchant;
pub use overview::{Open, Purged, Shown, ShownEvent};
pub use request::{Reference, Referenced};
pub use settings::LedgerBuilder;
pub use watched::Watch;
