//! Whether two texts read alike.

use serde_json::Value;

use crate::page;

/// Whether a reader sees the same words in both, whatever their markup.
pub(super) fn reads_alike(before: Option<&Value>, after: Option<&Value>) -> bool {
    match (before, after) {
        _ if before == after => true,
        (Some(Value::String(before)), Some(Value::String(after))) => {
            page::words(before) == page::words(after)
        }
        _ => false,
    }
}
