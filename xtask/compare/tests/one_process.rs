//! The tests that can share one process: so they wait at the same time, and are linked once. Whatever needs a process of
//! its own, or most of the machine, is a test of its own in `Cargo.toml`.

#[path = "equal.rs"]
mod equal;
#[path = "fingerprints.rs"]
mod fingerprints;
#[path = "kinds.rs"]
mod kinds;
#[path = "oasdiff.rs"]
mod oasdiff;
#[path = "pairs.rs"]
mod pairs;
#[path = "rules.rs"]
mod rules;
#[path = "same.rs"]
mod same;
#[path = "silent.rs"]
mod silent;
