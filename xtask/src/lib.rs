//! Keeps `openapi/` in step with PaySsam's published pages.
//!
//! Each module is one stage, which takes the result of the stage before it. Only [`payssam::build`]
//! writes to the disk, only [`payssam::fetch`] uses the network, and only [`console`] prints.
//!
//! ```text
//! published pages ──fetch──▶ upstream ──pull──▶ pages/*.md, sources.toml
//!
//! pages/*.md ──page──▶ fences ──assemble──▶ upstream.json ──lower──▶ client.json
//! reconstructed/*.json ──▶ ┘
//!     ▲
//! sources.toml lists the pages and their provenance
//!
//! two snapshots ──compare, pins──▶ findings ──level──▶ regeneration, facade ──▶ report
//! ```
//!
//! Everything specific to PaySsam is in [`payssam`]. The other modules work with the documents and
//! pages of any API and import nothing of it; `tests/rooms.rs` has the table of who may import whom.

#![forbid(unsafe_code)]

pub mod compare;
pub mod console;
pub mod generate;
mod invisible;
pub mod openapi;
pub mod page;
pub mod payssam;
pub mod report;
