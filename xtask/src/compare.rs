//! Compares documents and pages. Documents are compared by [`openapi_compare`], with descriptions read
//! as the pages are.

use jiff::civil::Date;
use openapi_compare::finding::Finding;
use openapi_compare::{Options, compare_with, models as of_models};
use serde_json::Value;

use crate::page::words;

pub mod beside;
pub mod codes;
mod flood;
pub mod prose;

pub use openapi_compare::{Error, Side};

fn options(today: Option<Date>) -> Options {
    Options {
        reads_alike: |before, after| words(before) == words(after),
        today,
    }
}

/// Compares two OpenAPI documents: by operation, of each operation the worst first, then by
/// property and rule. With the day of the comparison, what is removed before its sunset is told so.
///
/// # Errors
///
/// If one of them is not an OpenAPI 3.0 or 3.1 document, or has a reference without a target.
pub fn compare(old: &Value, new: &Value, today: Option<Date>) -> Result<Vec<Finding>, Error> {
    Ok(compare_with(old, new, &options(today))?.findings)
}

/// What changed of the schemas that no operation refers to.
///
/// # Errors
///
/// As [`compare`].
pub fn models(old: &Value, new: &Value, today: Option<Date>) -> Result<Vec<Finding>, Error> {
    Ok(of_models::compare(old, new, &options(today))?.findings)
}
