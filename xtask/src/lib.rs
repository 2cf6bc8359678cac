//! Keeps `openapi/` true to PaySsam's published pages.
//!
//! Each module is one stage. A stage takes what the stage above it found and
//! returns what it found itself. [`build`] alone writes to the disk, [`fetch`]
//! alone talks to the network.
//!
//! ```text
//! published pages ──fetch──▶ upstream ──pull──▶ pages/*.md, sources.toml
//!
//! pages/*.md ──page──▶ fences ──assemble──▶ upstream.json ──lower──▶ client.json
//! reconstructed/*.json ──▶ ┘
//!     ▲
//! sources.toml says which pages there are, and how we know them
//!
//! two snapshots ──compare, codes, pins──▶ findings ──regeneration, facade──▶ report
//! ```

#![forbid(unsafe_code)]

pub mod accepted;
pub mod assemble;
pub mod build;
pub mod codes;
pub mod compare;
pub mod diff;
pub mod document;
pub mod error;
pub mod exit;
pub mod facade;
pub mod fetch;
pub mod finding;
pub mod lower;
pub mod markdown;
pub mod page;
pub mod pins;
pub mod pointer;
pub mod pull;
pub mod reconstructed;
pub mod regeneration;
pub mod rehearse;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod sources;
pub mod spec;
pub mod upstream;
