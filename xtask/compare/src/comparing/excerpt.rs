//! What is shown of a value: all of it, or the beginning and a digest of a long one.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::fact::Content;

/// How many bytes of a value are shown as they are.
const SHOWN: usize = 4096;

/// How many characters of a longer one.
const BEGINNING: usize = 200;

/// Excerpts of long values, each made once, because many operations share them.
#[derive(Default)]
pub(super) struct Excerpts {
    long: HashMap<*const Value, Value>,
}

impl Excerpts {
    pub fn of(&mut self, content: &Content<'_>) -> Value {
        let value = content.value();
        if weight(value) <= SHOWN {
            return value.clone();
        }
        // A temporary value may be gone and its address reused.
        match content {
            Content::Made(_) => shortened(value),
            Content::Part(part) => {
                let known = self.long.entry(std::ptr::from_ref(*part));
                known.or_insert_with(|| shortened(value)).clone()
            }
        }
    }
}

/// Roughly how many bytes a value takes; exact enough to tell whether it is long.
pub(super) fn weight(value: &Value) -> usize {
    let mut weight = 0;
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        weight += std::mem::size_of::<Value>();
        match value {
            Value::String(text) => weight += text.len(),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                weight += members.keys().map(String::len).sum::<usize>();
                open.extend(members.values());
            }
            _ => {}
        }
        if weight > 2 * SHOWN {
            break;
        }
    }
    weight
}

/// A value for a message of one line.
pub(super) fn in_short(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > BEGINNING => {
            format!("\"{}…\"", text.chars().take(BEGINNING).collect::<String>())
        }
        other => other.to_string(),
    }
}

/// The beginning, and a digest that does not depend on the order of keys.
fn shortened(value: &Value) -> Value {
    let mut text = String::new();
    write_sorted(value, &mut text);
    let digest = Sha256::digest(&text);
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let text = value.as_str().unwrap_or(&text);
    let beginning: String = text.chars().take(BEGINNING).collect();
    format!("{beginning}… ({} bytes, sha256 {digest})", text.len()).into()
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, value) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_sorted(value, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}
