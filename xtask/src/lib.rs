//! Keeps `openapi/` true to PaySsam's published pages.
//!
//! Each module is one stage. A stage takes what the stage above it found and
//! returns what it found itself; only [`build`] touches the disk.
//!
//! ```text
//! pages/*.md ──page──▶ fences ──assemble──▶ upstream.json ──lower──▶ client.json
//!     ▲
//! sources.toml says which pages there are, and how we know them
//! ```

#![forbid(unsafe_code)]

pub mod assemble;
pub mod build;
pub mod exit;
pub mod lower;
pub mod page;
pub mod pointer;
pub mod sources;
