//! What a request is about.

use payssam::Operation;

use crate::{key::Key, operation_path, request_body::RequestBody};

/// The operation that a request asks for, and the bill or cash receipt that it names, found or not.
pub(crate) struct Target {
    pub(crate) operation: Operation,
    pub(crate) key: Key,
}

impl Target {
    /// The target of a request to a path behind the base URL; `None` when there is no such operation or
    /// the body is not JSON.
    pub(crate) fn of(path: &str, body: &[u8]) -> Option<Self> {
        let operation = operation_path::operation(path)?;
        let body = RequestBody::parse(body).ok()?;
        let key = match body.receipt().is_null() {
            true => body.bill_key(),
            false => body.receipt_key(),
        };
        Some(Target { operation, key })
    }
}
