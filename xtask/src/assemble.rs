//! Puts the specs of all pages together into one OpenAPI 3.1 document, with
//! every value as it was published.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::page::{Fence, Place};
use crate::pointer::Pointer;
use crate::reconstructed;

/// Why the pages do not make one document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Two fences say different things about one thing.
    #[error(
        "{} and {} disagree at {pointer}: {} against {}; capture the older page again, or report the contradiction upstream",
        places[0], places[1], says[0], says[1]
    )]
    Conflict {
        /// Where it was said first, and where it was said otherwise.
        places: Box<[Place; 2]>,
        /// The topmost value that differs.
        pointer: Pointer,
        /// What the two places say, shortened.
        says: Box<[String; 2]>,
    },
    /// A fence has a key that OpenAPI 3.1 does not.
    #[error(
        "{place}: unknown key at {pointer}; expected a key of an OpenAPI 3.1 document, or a rule for this one in xtask/src/assemble.rs"
    )]
    UnknownKey {
        /// The fence.
        place: Place,
        /// The key.
        pointer: Pointer,
    },
    /// A part has another shape than OpenAPI gives it.
    #[error("{place}: expected {expected} at {pointer}, found {found}")]
    Shape {
        /// The fence.
        place: Place,
        /// The part.
        pointer: Pointer,
        /// What OpenAPI demands.
        expected: &'static str,
        /// What stands there, shortened.
        found: String,
    },
}

/// Keys that speak for the whole document. Leaving one out says something too
/// (no `servers` means `/`, no `security` means none), so fences must agree
/// on its absence as well.
const FOR_THE_WHOLE: [&str; 6] = [
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "security",
    "externalDocs",
];

/// Merges `fences` into one document, in the order in which things are first seen.
///
/// Paths, their operations and components are collected; one that is defined
/// twice must be equal as JSON, the order of keys aside. `tags` are united.
/// Everything else must be the same in every fence.
///
/// # Errors
///
/// [`Error::Conflict`] names both fences and the JSON pointer.
pub fn assemble(fences: &[Fence]) -> Result<Value, Error> {
    agree_on_the_whole(fences)?;
    let root = Pointer::root();
    let mut document = Map::new();
    for (key, fence) in keys(fences, &root)? {
        let at = root.child(key);
        let value = match key {
            "paths" | "webhooks" | "components" => collected(fences, &at, 2)?,
            "tags" => united(fences, &at)?,
            _ if FOR_THE_WHOLE.contains(&key) => agreed(fences, &at)?,
            _ => {
                return Err(Error::UnknownKey {
                    place: fence.place.clone(),
                    pointer: at,
                });
            }
        };
        document.insert(key.to_owned(), value);
    }
    Ok(Value::Object(document))
}

fn agree_on_the_whole(fences: &[Fence]) -> Result<(), Error> {
    let speaks = |fence: &&Fence| !reconstructed::is_piece(&fence.place.file);
    let fences: Vec<&Fence> = fences.iter().filter(speaks).collect();
    for pair in fences.windows(2) {
        for key in FOR_THE_WHOLE {
            let says = (pair[0].document.get(key), pair[1].document.get(key));
            if says.0 != says.1 {
                let at = Pointer::root().child(key);
                return Err(conflict(pair[0], pair[1], says, at));
            }
        }
    }
    Ok(())
}

/// The object at `at`, put together from all fences. Definitions lie `levels`
/// keys deep (an operation under its path and method, a component under its
/// kind and name); those are not merged any further.
fn collected(fences: &[Fence], at: &Pointer, levels: usize) -> Result<Value, Error> {
    if levels == 0 {
        return agreed(fences, at);
    }
    let mut object = Map::new();
    for (key, _) in keys(fences, at)? {
        let value = collected(fences, &at.child(key), levels - 1)?;
        object.insert(key.to_owned(), value);
    }
    Ok(Value::Object(object))
}

/// The value at `at`, which must be the same wherever it is said.
fn agreed(fences: &[Fence], at: &Pointer) -> Result<Value, Error> {
    let mut said = said(fences, at);
    let Some((first, value)) = said.next() else {
        return Ok(Value::Null);
    };
    match said.find(|(_, other)| *other != value) {
        Some((second, other)) => {
            let says = (Some(value), Some(other));
            Err(conflict(first, second, says, at.clone()))
        }
        None => Ok(value.clone()),
    }
}

fn united(fences: &[Fence], at: &Pointer) -> Result<Value, Error> {
    let mut united = Vec::new();
    for (fence, value) in said(fences, at) {
        let items = value
            .as_array()
            .ok_or_else(|| shape(fence, at, "an array", value))?;
        for item in items {
            if !united.contains(item) {
                united.push(item.clone());
            }
        }
    }
    Ok(Value::Array(united))
}

/// The keys of the objects at `at` in the order in which they are first seen,
/// each with the fence that has it first.
fn keys<'a>(fences: &'a [Fence], at: &Pointer) -> Result<Vec<(&'a str, &'a Fence)>, Error> {
    let mut seen = HashSet::new();
    let mut keys = Vec::new();
    for (fence, value) in said(fences, at) {
        let object = value
            .as_object()
            .ok_or_else(|| shape(fence, at, "an object", value))?;
        let new = object.keys().filter(|key| seen.insert(key.as_str()));
        keys.extend(new.map(|key| (key.as_str(), fence)));
    }
    Ok(keys)
}

fn said<'a>(fences: &'a [Fence], at: &Pointer) -> impl Iterator<Item = (&'a Fence, &'a Value)> {
    fences
        .iter()
        .filter_map(|fence| Some((fence, at.find_in(&fence.document)?)))
}

fn shape(fence: &Fence, at: &Pointer, expected: &'static str, found: &Value) -> Error {
    Error::Shape {
        place: fence.place.clone(),
        pointer: at.clone(),
        expected,
        found: shortened(Some(found)),
    }
}

fn conflict(
    first: &Fence,
    second: &Fence,
    says: (Option<&Value>, Option<&Value>),
    at: Pointer,
) -> Error {
    let (pointer, first_says, second_says) = first_difference(says.0, says.1, at);
    Error::Conflict {
        places: Box::new([first.place.clone(), second.place.clone()]),
        pointer,
        says: Box::new([shortened(first_says), shortened(second_says)]),
    }
}

type Difference<'a> = (Pointer, Option<&'a Value>, Option<&'a Value>);

/// Goes down as long as both sides are objects, so that the message shows the
/// one value that differs and not two whole components.
fn first_difference<'a>(
    first: Option<&'a Value>,
    second: Option<&'a Value>,
    at: Pointer,
) -> Difference<'a> {
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (first, second) else {
        return (at, first, second);
    };
    let mut keys = left.keys().chain(right.keys());
    match keys.find(|key| left.get(*key) != right.get(*key)) {
        Some(key) => first_difference(left.get(key), right.get(key), at.child(key)),
        None => (at, first, second),
    }
}

fn shortened(value: Option<&Value>) -> String {
    const LONGEST: usize = 60;
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fence(line: usize, document: Value) -> Fence {
        let place = Place {
            file: "pages/some.md".to_owned(),
            line,
            number: 1,
        };
        Fence { place, document }
    }

    #[test]
    fn paths_methods_components_and_tags_of_all_fences_come_together_in_order() {
        let one = json!({
            "openapi": "3.1.0",
            "tags": [{"name": "z"}],
            "paths": {"/z": {"post": {"operationId": "z"}}},
            "components": {"schemas": {"Z": {}}},
        });
        let two = json!({
            "openapi": "3.1.0",
            "tags": [{"name": "z"}, {"name": "a"}],
            "paths": {"/a": {"post": {}}, "/z": {"get": {}}},
            "components": {"schemas": {"A": {}, "Z": {}}, "examples": {"A": {}}},
        });
        let whole = assemble(&[fence(1, one), fence(2, two)]).unwrap();
        let expected = json!({
            "openapi": "3.1.0",
            "tags": [{"name": "z"}, {"name": "a"}],
            "paths": {"/z": {"post": {"operationId": "z"}, "get": {}}, "/a": {"post": {}}},
            "components": {"schemas": {"Z": {}, "A": {}}, "examples": {"A": {}}},
        });
        assert_eq!(whole.to_string(), expected.to_string());
    }

    #[test]
    fn published_values_stay_verbatim() {
        let document = json!({
            "openapi": "3.1.0",
            "servers": [{"url": null, "description": "Generated server url"}],
            "paths": {"/a": {"post": {"description": "    네 칸\n"}}},
        });
        assert_eq!(assemble(&[fence(1, document.clone())]).unwrap(), document);
    }

    #[test]
    fn the_same_component_twice_is_no_conflict_whatever_the_order_of_its_keys() {
        let one = json!({"components": {"schemas": {"A": {"type": "string", "maxLength": 1}}}});
        let two = json!({"components": {"schemas": {"A": {"maxLength": 1, "type": "string"}}}});
        assert_eq!(
            assemble(&[fence(1, one.clone()), fence(2, two)]).unwrap(),
            one
        );
    }

    #[test]
    fn a_conflict_names_both_places_and_the_value_that_differs() {
        let one = json!({"components": {"schemas": {"A": {"type": "string", "maxLength": 20}}}});
        let two = json!({"components": {"schemas": {"A": {"type": "string", "maxLength": 30}}}});
        let error = assemble(&[fence(11, one), fence(27, two)]).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with(
                "pages/some.md:11 (fence 1) and pages/some.md:27 (fence 1) disagree at \
                 /components/schemas/A/maxLength: 20 against 30"
            ),
            "{message}"
        );
    }

    #[test]
    fn one_operation_described_twice_differently_is_a_conflict() {
        let one = json!({"paths": {"/a": {"post": {"operationId": "a"}}}});
        let two = json!({"paths": {"/a": {"post": {}}}});
        let error = assemble(&[fence(1, one), fence(2, two)]).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("/paths/~1a/post/operationId: \"a\" against nothing"),
            "{message}"
        );
    }

    #[test]
    fn what_speaks_for_the_whole_document_must_be_the_same_in_every_fence() {
        for key in FOR_THE_WHOLE {
            let other = assemble(&[fence(1, json!({key: "1"})), fence(2, json!({key: "2"}))]);
            let absent = assemble(&[fence(1, json!({key: "1"})), fence(2, json!({}))]);
            for error in [other.unwrap_err(), absent.unwrap_err()] {
                assert!(
                    error.to_string().contains(&format!(" at /{key}:")),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn an_unknown_top_level_key_is_refused_by_name_and_place() {
        let error = assemble(&[fence(1, json!({})), fence(7, json!({"pahts": {}}))]).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with("pages/some.md:7 (fence 1): unknown key at /pahts"),
            "{message}"
        );
    }

    #[test]
    fn a_part_of_the_wrong_shape_is_named() {
        for (document, expected) in [
            (
                json!({"paths": []}),
                "expected an object at /paths, found []",
            ),
            (
                json!({"paths": {"/a": 1}}),
                "expected an object at /paths/~1a, found 1",
            ),
            (json!({"tags": {}}), "expected an array at /tags, found {}"),
        ] {
            let message = assemble(&[fence(1, document)]).unwrap_err().to_string();
            assert!(message.ends_with(expected), "{message}");
        }
    }
}
