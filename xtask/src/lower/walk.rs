//! Finds the parts of a document that the steps work on.

use serde_json::{Map, Value};

use super::{Error, shape};
use crate::page::is_method;
use crate::pointer::Pointer;

/// Objects found in a document, each with its pointer.
type Objects<'a> = Vec<(Pointer, &'a mut Map<String, Value>)>;

/// The value as an object.
pub(super) fn object<'a>(
    value: &'a mut Value,
    at: &Pointer,
) -> Result<&'a mut Map<String, Value>, Error> {
    match value {
        Value::Object(object) => Ok(object),
        other => Err(shape(at, "an object", other)),
    }
}

/// The members of the object under `key`, each with its pointer; none if
/// there is no such key.
pub(super) fn members<'a>(
    parent: &'a mut Map<String, Value>,
    key: &str,
    at: &Pointer,
) -> Result<Vec<(Pointer, &'a mut Value)>, Error> {
    let at = at.child(key);
    let Some(value) = parent.get_mut(key) else {
        return Ok(Vec::new());
    };
    let members = object(value, &at)?.iter_mut();
    Ok(members
        .map(|(name, value)| (at.child(name), value))
        .collect())
}

/// The items of the array under `key`, each with its pointer; none if there
/// is no such key.
pub(super) fn items<'a>(
    parent: &'a mut Map<String, Value>,
    key: &str,
    at: &Pointer,
) -> Result<Vec<(Pointer, &'a mut Value)>, Error> {
    let at = at.child(key);
    match parent.get_mut(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items
            .iter_mut()
            .enumerate()
            .map(|(index, item)| (at.child(index), item))
            .collect()),
        Some(other) => Err(shape(&at, "an array", other)),
    }
}

/// Every path item.
pub(super) fn path_items(document: &mut Value) -> Result<Objects<'_>, Error> {
    let root = Pointer::root();
    members(object(document, &root)?, "paths", &root)?
        .into_iter()
        .map(|(at, item)| Ok((at.clone(), object(item, &at)?)))
        .collect()
}

/// Every operation.
pub(super) fn operations(document: &mut Value) -> Result<Objects<'_>, Error> {
    let mut operations = Vec::new();
    for (at, item) in path_items(document)? {
        for (key, value) in item.iter_mut().filter(|(key, _)| is_method(key)) {
            let at = at.child(key);
            operations.push((at.clone(), object(value, &at)?));
        }
    }
    Ok(operations)
}
