//! Looks into what the command wrote.

use serde_json::Value;

/// JSON on exactly one line.
#[track_caller]
pub fn one_line(text: &str) -> Value {
    assert_eq!(text.trim_end().lines().count(), 1, "one line: {text:?}");
    serde_json::from_str(text).unwrap()
}

/// The keys of an object, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The rows of text output: labels and values.
pub fn rows(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(label, value)| (label, value.trim()))
        .collect()
}

/// The value of the row with this label.
pub fn row<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let mut rows = rows(text).into_iter();
    rows.find_map(|(found, value)| (found == label).then_some(value))
}

#[track_caller]
pub fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} is missing, or in another order, in:\n{text}");
        };
        rest = after;
    }
}
