//! Keeps `openapi/` true to PaySsam's published pages.
//!
//! Each module is one stage. A stage takes what the stage above it found and
//! returns what it found itself. [`payssam::build`] alone writes to the disk, [`payssam::fetch`]
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

pub mod compare;
pub mod finding;
pub mod generate;
pub mod openapi;
pub mod page;
pub mod payssam;
pub mod report;
