//! Reconciles an unknown outcome by reading: the engine behind every `*_and_confirm`.

mod confirmed;
mod confirming;
#[cfg(feature = "preview")]
mod created;
mod engine;
mod trace;
mod write;

pub use confirmed::Confirmed;
pub use confirming::Confirming;
#[cfg(feature = "preview")]
pub(crate) use {
    created::created,
    engine::create,
    write::{Creation, Found},
};
pub(crate) use {
    engine::change,
    write::{Change, Read, Stand, Write},
};
