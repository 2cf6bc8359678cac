//! What a comparison found: one change, how bad it is for callers, and where to look.

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
    pub fn with_fingerprint(self) -> Self {
        self.with_fingerprint_within("")
    }

    /// The same, with what else tells this change from others at its place: where a parameter
    /// stands, a media type, a keyword. An empty text adds nothing.
    pub fn with_fingerprint_within(mut self, within: &str) -> Self {
        let mut parts = serde_json::json!([
            self.id,
            self.operation,
            self.direction,
            self.path,
            sorted(self.before.as_ref()),
            sorted(self.after.as_ref()),
        ]);
        if let (false, Value::Array(parts)) = (within.is_empty(), &mut parts) {
            parts.push(within.into());
        }
        let digest = Sha256::digest(parts.to_string());
        self.fingerprint = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self
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
