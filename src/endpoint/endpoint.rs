//! What an operation is.

use super::{
    body::Body,
    response::{Fields, Names},
    signature::Signature,
};
use crate::{operation::Operation, outcome::Subject};

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

    /// Whether the response must say which bill it is about, because money depends on it.
    fn needs_bill_id(&self) -> bool {
        false
    }

    /// Gives the body of the request to `send`.
    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R;

    /// Whether the response contradicts itself in a field that decides.
    fn contradicts(_: &Fields) -> bool {
        false
    }

    fn response(&self, data: Fields) -> Self::Response;
}
