//! `Debug` by way of what serde writes, so that both leave out and mask the same.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::{KoreanTime, Malformed};

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

/// A time in RFC 3339, or as it came when it is malformed.
pub(crate) fn time<'r>(
    read: Result<Option<KoreanTime>, Malformed>,
    raw: impl Fn(&'static str) -> Option<&'r str>,
) -> Option<String> {
    match read {
        Ok(time) => time.map(|time| time.to_string()),
        Err(malformed) => raw(malformed.field()).map(str::to_owned),
    }
}
