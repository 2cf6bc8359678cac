//! Compares the result codes of two snapshots, row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::beside::{self, RESULT_CODE_ADDED, RESULT_CODE_CHANGED, RESULT_CODE_REMOVED};
use super::flood::bounded;
use crate::page::codes::Row;
use openapi_compare::finding::{Direction, Finding};

/// What changed from the `old` rows to the `new` ones. The order of rows and their pages
/// do not matter.
pub fn compare(old: &[Row], new: &[Row]) -> Vec<Finding> {
    let (old, new) = (by_code(old), by_code(new));
    let codes: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let codes = codes.into_iter();
    bounded(codes.filter_map(|code| compared(code, old.get(code), new.get(code))))
}

/// All texts about a code, because several tables may list it.
#[derive(Default)]
struct Said<'a> {
    texts: BTreeSet<(&'a str, &'a str)>,
    place: Option<&'a Row>,
}

fn by_code(rows: &[Row]) -> BTreeMap<&str, Said<'_>> {
    let mut codes: BTreeMap<&str, Said<'_>> = BTreeMap::new();
    for row in rows {
        let said = codes.entry(&row.code).or_default();
        said.texts.insert((&row.message, &row.cause));
        said.place.get_or_insert(row);
    }
    codes
}

fn compared(code: &str, old: Option<&Said<'_>>, new: Option<&Said<'_>>) -> Option<Finding> {
    let (kind, act) = match (old, new) {
        (Some(old), Some(new)) if old.texts == new.texts => return None,
        (Some(_), Some(_)) => (RESULT_CODE_CHANGED, "has another message or cause"),
        (Some(_), None) => (RESULT_CODE_REMOVED, "was removed"),
        (None, _) => (RESULT_CODE_ADDED, "was added"),
    };
    let place = new.or(old)?.place?;
    let finding = Finding {
        direction: Some(Direction::Response),
        path: Some(code.to_owned()),
        pointer: format!("{}:{}", place.file, place.line),
        before: old.map(value),
        after: new.map(value),
        message: format!("the result code {code} {act}"),
        ..beside::finding(kind)
    };
    Some(finding.with_fingerprint())
}

fn value(said: &Said<'_>) -> Value {
    let mut texts: Vec<Value> = said
        .texts
        .iter()
        .map(|(message, cause)| json!({"message": message, "cause": cause}))
        .collect();
    match texts.len() {
        1 => texts.remove(0),
        _ => Value::Array(texts),
    }
}
