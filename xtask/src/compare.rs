//! Compares documents and pages. Documents are compared by [`openapi_compare`], with descriptions read
//! as the pages are.

use openapi_compare::finding::Finding;
use openapi_compare::{Options, compare_with, models as of_models};
use serde_json::Value;

use crate::page::words;

pub mod codes;
mod flood;
pub mod prose;

pub use openapi_compare::{Error, Side};

fn options() -> Options {
    Options {
        reads_alike: |before, after| words(before) == words(after),
        today: Some(
            jiff::tz::Offset::UTC
                .to_datetime(jiff::Timestamp::now())
                .date(),
        ),
    }
}

/// Compares two OpenAPI documents: by operation, of each operation the worst first, then by
/// property and rule.
///
/// # Errors
///
/// If one of them is not an OpenAPI 3.0 or 3.1 document, or has a reference without a target.
pub fn compare(old: &Value, new: &Value) -> Result<Vec<Finding>, Error> {
    Ok(compare_with(old, new, &options())?.findings)
}

/// What changed of the schemas that no operation refers to.
///
/// # Errors
///
/// As [`compare`].
pub fn models(old: &Value, new: &Value) -> Result<Vec<Finding>, Error> {
    Ok(of_models::compare(old, new, &options())?.findings)
}
