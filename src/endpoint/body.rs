//! The body of a request.

use serde_json::{Map, Value};

use crate::raw::Given;

/// Fields of a request under PaySsam's names.
pub(crate) type FieldList<'b> = [(&'static str, Given<'b>)];

/// The body of a request.
pub(crate) enum Body<'b> {
    /// `apiKey`, `member` and `merchant`, and these fields in an inner object.
    Inner(&'static str, &'b FieldList<'b>),
    /// `apiKey`, `member` and `merchant`.
    #[cfg(feature = "preview")]
    Merchant,
    /// `apiKey` and these fields.
    #[cfg(feature = "preview")]
    Partner(&'b FieldList<'b>),
    /// Any fields to any path; `apiKey`, `member` and `merchant` are added.
    Free(&'b str, &'b Map<String, Value>),
}
