//! What a request is about.

use payssam::Operation;

use crate::{key::Key, operation_path, partner::Partners, request_body::RequestBody};

/// The operation that a request asks for, and the bill or cash receipt that it names, found or not.
pub(crate) struct Target {
    pub(crate) operation: Operation,
    pub(crate) key: Key,
}

impl Target {
    /// The target of a request to a path behind the base URL; `None` when there is no such operation or
    /// the body is not JSON.
    pub(crate) fn of(path: &str, body: Option<&RequestBody>, partners: &Partners) -> Option<Self> {
        let operation = operation_path::operation(path)?;
        let body = body?;
        let key = match body.receipt().is_null() {
            true => body.bill_key(partners),
            false => body.receipt_key(partners),
        };
        Some(Target { operation, key })
    }
}
