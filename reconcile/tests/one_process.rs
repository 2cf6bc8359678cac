//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.

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
