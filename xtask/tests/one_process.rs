//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.
#![allow(
    clippy::duplicate_mod,
    reason = "each file says what it needs of the support, so that it can be a test of its own"
)]

#[path = "accepted.rs"]
mod accepted;
#[path = "command.rs"]
mod command;
#[path = "diff.rs"]
mod diff;
#[path = "facade.rs"]
mod facade;
#[path = "lowering.rs"]
mod lowering;
#[path = "pages.rs"]
mod pages;
#[path = "pins.rs"]
mod pins;
#[path = "pull.rs"]
mod pull;
#[path = "reconstructed.rs"]
mod reconstructed;
#[path = "regeneration.rs"]
mod regeneration;
#[path = "report.rs"]
mod report;
#[path = "rooms.rs"]
mod rooms;
#[path = "spec_build.rs"]
mod spec_build;
#[path = "test_files.rs"]
mod test_files;
#[path = "workflows.rs"]
mod workflows;
