//! What a comparison found: one change, how bad it is for callers, and where to look.
//!
//! ```
//! use openapi_compare::{compare, finding::{Direction, Level}};
//! use serde_json::json;
//!
//! let api = |needed: bool| {
//!     let parameter = json!({"name": "page", "in": "query", "required": needed, "schema": {}});
//!     json!({"openapi": "3.1.0", "paths": {"/bills": {"get": {"parameters": [parameter]}}}})
//! };
//! let report = compare(&api(false), &api(true))?;
//! let finding = &report.findings[0];
//! assert_eq!(finding.id, "request-parameter-became-required");
//! assert_eq!((finding.level, finding.direction), (Level::Breaking, Some(Direction::Request)));
//! assert_eq!(finding.pointer, "/paths/~1bills/get/parameters/0/required");
//! # Ok::<(), openapi_compare::Error>(())
//! ```

use serde_json::Value;
use sha2::{Digest, Sha256};

mod kind;
mod level;

pub use kind::{Bound, Composition, Keyword, Kind, Scope, Shift, Step};
pub use level::{Direction, Level};

/// One change, with its level. The documents may have written each of its texts: escape them where they
/// are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of change it is, as its rule names it.
    pub kind: Kind,
    /// What the rule is about.
    pub scope: Scope,
    /// The rule, such as `request-property-became-required`.
    pub id: String,
    /// How bad it is.
    pub level: Level,
    /// The operation, such as `POST /payments`.
    pub operation: Option<String>,
    /// The operation's id, such as `createPayment`.
    pub operation_id: Option<String>,
    /// Request or response, if the rule distinguishes them.
    pub direction: Option<Direction>,
    /// The property or parameter, its names joined by `/`, such as `payer/name`.
    pub path: Option<String>,
    /// JSON pointer into the newer document, or into the older one if it is gone from there.
    pub pointer: String,
    /// The old value.
    pub before: Option<Value>,
    /// The new value.
    pub after: Option<Value>,
    /// The change in one sentence.
    pub message: String,
    /// Identifies the change, whatever else changed.
    pub fingerprint: String,
    /// The source file that implements what changed, if the program around this crate knows one.
    pub implemented_by: Option<String>,
}

impl Finding {
    /// Computes the fingerprint from the rule, the place in the API (operation, direction and
    /// property, not the pointer), and both values.
    pub fn with_fingerprint(mut self) -> Self {
        let place = serde_json::json!([self.operation, self.path]);
        self.fingerprint = self.digest(&place);
        self
    }

    /// A digest of the rule, the direction, both values, and the place.
    pub(crate) fn digest(&self, place: &Value) -> String {
        let parts = serde_json::json!([
            self.id,
            self.direction,
            sorted(self.before.as_ref()),
            sorted(self.after.as_ref()),
            place,
        ]);
        let digest = Sha256::digest(parts.to_string());
        let bytes = digest[..8].iter();
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The value with the keys of its objects in alphabetical order.
fn sorted(value: Option<&Value>) -> Value {
    match value {
        None => Value::Null,
        Some(Value::Object(object)) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            members
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(Some(value))))
                .collect()
        }
        Some(Value::Array(items)) => items.iter().map(|item| sorted(Some(item))).collect(),
        Some(other) => other.clone(),
    }
}
