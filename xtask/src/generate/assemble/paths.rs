//! The path items of a document, and their operations.

use serde_json::{Map, Value};

use crate::openapi::spec::is_method;

pub(super) fn path_items(
    document: &mut Value,
) -> impl Iterator<Item = (&String, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths
        .into_iter()
        .flatten()
        .filter_map(|(path, item)| Some((path, item.as_object_mut()?)))
}

pub(super) fn operations(
    item: &mut Map<String, Value>,
) -> impl Iterator<Item = &mut Map<String, Value>> {
    item.iter_mut()
        .filter(|(key, _)| is_method(key))
        .filter_map(|(_, operation)| operation.as_object_mut())
}
