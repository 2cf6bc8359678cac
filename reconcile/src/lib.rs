//! Compares a business's books with what PaySsam (결제선생) says: one read for each bill, and a [`Finding`] for each line.
//!
//! PaySsam has no list of bills by period, so nobody knows that yesterday's books are right before every bill was read.

#![forbid(unsafe_code)]

mod belief;
mod class;
mod finding;
mod page;
mod shard;
mod states;
mod summary;

pub use belief::{Belief, BelievedState};
pub use class::Class;
pub use finding::{Finding, Here, There};
pub use page::page;
pub use shard::Shard;
pub use states::States;
pub use summary::{Counts, Summary};
