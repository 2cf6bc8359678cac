//! Reconciles an unknown outcome by reading: the engine behind every `*_and_confirm`.

mod confirmed;
mod engine;
mod trace;
mod write;

pub use confirmed::Confirmed;
pub(crate) use {
    engine::change,
    write::{Change, Read, Stand, Write},
};
#[cfg(feature = "preview")]
pub(crate) use {
    engine::create,
    write::{Creation, Found},
};
