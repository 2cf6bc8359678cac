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

use serde::{Serialize, Serializer};
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
        self.fingerprint = self.digest((&self.operation, &self.path));
        self
    }

    /// A digest of the rule, the direction, both values, and the place.
    pub(crate) fn digest(&self, place: impl Serialize) -> String {
        let (before, after) = (&self.before, &self.after);
        let values = (before.as_ref().map(Sorted), after.as_ref().map(Sorted));
        let parts = (&self.id, &self.direction, values.0, values.1, place);
        // Only a map whose keys are no texts cannot be written.
        let digest = Sha256::digest(serde_json::to_vec(&parts).unwrap_or_default());
        let bytes = digest[..8].iter();
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A value that is written with the keys of its objects in alphabetical order.
struct Sorted<'v>(&'v Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(object) => {
                let mut members: Vec<_> = object.iter().collect();
                members.sort_by_key(|(key, _)| key.as_str());
                let members = members.into_iter();
                serializer.collect_map(members.map(|(key, value)| (key, Sorted(value))))
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            other => other.serialize(serializer),
        }
    }
}
