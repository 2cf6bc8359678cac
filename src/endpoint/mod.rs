//! The one way to call an operation: credentials, limits, signature, retries, decoding and verdict.
//!
//! An operation is one `impl` of [`Endpoint`]; nothing here knows a single operation.

mod amount;
mod body;
mod call;
#[expect(clippy::module_inception, reason = "one noun, one file")]
mod endpoint;
mod expected;
pub(crate) mod field;
pub(crate) mod malformed;
pub(crate) mod response;
pub(crate) mod response_type;
pub mod signature;
mod trace;
mod verdict;

#[cfg(fuzzing)]
pub(crate) use call::decide;
#[cfg(feature = "preview")]
pub(crate) use field::Link;
pub use malformed::Malformed;
pub(crate) use {
    body::Body,
    endpoint::Endpoint,
    field::{Account, Field, Masked, Months, Text},
    response::{DATA, Fields, Names, Spelling, text},
    response_type::response_type,
    trace::ended,
};
