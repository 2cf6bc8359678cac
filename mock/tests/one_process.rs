//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.

#[path = "callbacks.rs"]
mod callbacks;
#[path = "control.rs"]
mod control;
#[path = "docs.rs"]
mod docs;
#[path = "edges.rs"]
mod edges;
#[path = "expiry.rs"]
mod expiry;
#[path = "faults.rs"]
mod faults;
#[path = "limits.rs"]
mod limits;
#[path = "responses.rs"]
mod responses;
#[path = "seed.rs"]
mod seed;
#[path = "slow_receivers.rs"]
mod slow_receivers;
#[path = "snapshots.rs"]
mod snapshots;
#[path = "state_file.rs"]
mod state_file;
#[path = "suites.rs"]
mod suites;
mod support;
#[path = "web_pages.rs"]
mod web_pages;
