//! Everything that is specific to PaySsam: its pages, the files in `openapi/`, and the library.

pub mod accepted;
pub mod build;
pub mod diff;
pub mod document;
pub mod error;
pub mod exit;
pub mod facade;
pub mod fetch;
mod heads;
pub mod level;
pub mod pins;
pub mod pull;
pub mod reconstructed;
pub mod regeneration;
pub mod rehearse;
pub mod snapshot;
pub mod sources;
pub mod upstream;
