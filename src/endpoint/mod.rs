//! The one way to call an operation: credentials, limits, signature, retries, decoding and verdict.
//!
//! An operation is one `impl` of [`Endpoint`]; nothing here knows a single operation.

mod call;
mod field;
mod malformed;
mod response;
mod response_type;
pub mod signature;
mod trace;
mod verdict;

#[cfg(fuzzing)]
pub(crate) use call::decide;
pub use malformed::Malformed;
pub(crate) use {
    field::{Account, Field, Masked, Months, Text},
    response::{DATA, Fields, Names, Spelling, text},
    response_type::{getter_type, response_type},
};

use serde_json::{Map, Value};

use crate::{endpoint::signature::Signature, operation::Operation, outcome::Subject, raw::Given};

/// An operation of the API: what is sent, what must come back, and what the response becomes.
pub(crate) trait Endpoint {
    type Response;

    const OPERATION: Operation;
    /// The fields of the response that are kept.
    const NAMES: &'static Names;
    /// Whether a success must have data.
    const HAS_DATA: bool = true;

    /// What the call is about. A response about another bill contradicts it.
    fn subject(&self) -> Subject;

    /// The hash of the request. A response with another hash contradicts it.
    fn hash(&self) -> Option<Signature> {
        None
    }

    /// Gives the body of the request to `send`.
    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R;

    /// Whether the response contradicts itself in a field that decides.
    fn contradicts(_: &Fields) -> bool {
        false
    }

    fn response(&self, data: Fields) -> Self::Response;
}

/// Fields of a request under PaySsam's names.
pub(crate) type FieldList<'b> = [(&'static str, Given<'b>)];

/// The body of a request.
pub(crate) enum Body<'b> {
    /// `apiKey`, `member` and `merchant`, and these fields in an inner object.
    Inner(&'static str, &'b FieldList<'b>),
    /// `apiKey`, `member` and `merchant`.
    Merchant,
    /// `apiKey` and these fields.
    Partner(&'b FieldList<'b>),
    /// Any fields to any path; `apiKey`, `member` and `merchant` are added.
    Free(&'b str, &'b Map<String, Value>),
}
