//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.

#[path = "callbacks.rs"]
mod callbacks;
#[path = "events.rs"]
mod events;
#[path = "intents.rs"]
mod intents;
#[path = "known_bills.rs"]
mod known_bills;
#[path = "reads.rs"]
mod reads;
#[path = "recipes.rs"]
mod recipes;
mod support;
