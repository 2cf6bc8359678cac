//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.
#![allow(
    clippy::duplicate_mod,
    reason = "each file says what it needs of the support, so that it can be a test of its own"
)]

#[path = "browser_hostile.rs"]
mod browser_hostile;
#[path = "judge.rs"]
mod judge;
#[path = "ledgers.rs"]
mod ledgers;
#[path = "page.rs"]
mod page;
#[path = "runs.rs"]
mod runs;
#[path = "stream.rs"]
mod stream;
mod support;
