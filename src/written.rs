//! `Debug` by way of what serde writes, so that both leave out and mask the same.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// Writes a struct with the fields that serde gives it, without those that have no value.
pub(crate) fn debug(
    name: &str,
    value: &impl Serialize,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    if let Ok(Value::Object(fields)) = serde_json::to_value(value) {
        for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            shown.field(field, &format_args!("{value}"));
        }
    }
    shown.finish()
}
