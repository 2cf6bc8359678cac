//! What a comparison found.

use crate::causes::{self, Cause};
use crate::finding::{Finding, Level};

/// All changes between two documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The changes, one for each place that they show at.
    pub findings: Vec<Finding>,
}

impl Report {
    /// The level of the worst change; `None` if nothing changed.
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }

    /// The changes by their causes: one that shows at many places, such as the title of a schema
    /// that all operations share, is one cause with its places counted.
    ///
    /// ```
    /// use openapi_compare::compare;
    /// use serde_json::json;
    ///
    /// let api = |title: &str| {
    ///     let body = json!({"content": {"application/json": {
    ///         "schema": {"$ref": "#/components/schemas/Payment"}
    ///     }}});
    ///     let operation = json!({"requestBody": body});
    ///     json!({
    ///         "openapi": "3.1.0",
    ///         "paths": {"/a": {"post": operation}, "/b": {"post": operation}},
    ///         "components": {"schemas": {"Payment": {"title": title}}},
    ///     })
    /// };
    /// let report = compare(&api("Payment"), &api("A payment"))?;
    /// let causes = report.causes();
    /// assert_eq!((causes.len(), causes[0].places), (1, 2));
    /// # Ok::<(), openapi_compare::Error>(())
    /// ```
    pub fn causes(&self) -> Vec<Cause> {
        causes::of(&self.findings)
    }
}
