//! Puts the specs of all pages together into one OpenAPI 3.1 document, with
//! every value as it was published.

mod names;
mod paths;
mod same;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::openapi::spec::Part;
use crate::page::{Fence, Place};
use openapi_compare::pointer::Pointer;
use paths::{operations, path_items};

/// Why the pages can't be merged into one document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Two fences contradict each other.
    #[error(
        "{} and {} disagree at {}: {} versus {}; capture the older page again, or report the contradiction upstream",
        places[0], places[1], pointer.shown(), says[0], says[1]
    )]
    Conflict {
        /// The two fences, the first one first.
        places: Box<[Place; 2]>,
        /// The topmost value that differs.
        pointer: Pointer,
        /// The two values, shortened.
        says: Box<[String; 2]>,
    },
    /// A fence has a key that OpenAPI 3.1 does not.
    #[error(
        "{place}: unknown key at {}; expected a key of an OpenAPI document, or a rule for this one in xtask/src/generate/assemble.rs",
        pointer.shown()
    )]
    UnknownKey {
        /// The fence.
        place: Place,
        /// The key.
        pointer: Pointer,
    },
    /// A part has another shape than OpenAPI gives it.
    #[error(
        "{place}: expected {expected} at {}, found {found}; ask whoever publishes the page to correct it",
        pointer.shown()
    )]
    Shape {
        /// The fence.
        place: Place,
        /// The part.
        pointer: Pointer,
        /// What OpenAPI requires.
        expected: &'static str,
        /// What is there, shortened.
        found: String,
    },
}

/// Merges `fences` into one document, in the order in which things are first seen.
///
/// Paths, their operations and components are collected. An operation that is described twice
/// must be the same, including everything that it refers to. Different components of one name are
/// all kept: the later ones are renamed. `tags` and `servers` are merged; of everything else
/// about the whole document the first one wins.
///
/// # Errors
///
/// [`Error::Conflict`] names both fences and the JSON pointer.
pub fn assemble(fences: &[Fence]) -> Result<Value, Error> {
    for fence in fences {
        check_version(fence)?;
    }
    let mut fences = fences.to_vec();
    push_down_security(&mut fences);
    push_down_parameters(&mut fences);
    names::part(&mut fences);
    let fences = &fences;
    let root = Pointer::root();
    let mut document = Map::new();
    for (key, fence) in keys(fences, &root)? {
        let at = root.child(key);
        let value = match key {
            "openapi" => newest_version(fences),
            "paths" => paths(fences, &at)?,
            "webhooks" | "components" => collected(fences, &at, 2)?,
            "tags" | "servers" => united(fences, &at)?,
            "info" | "externalDocs" | "jsonSchemaDialect" | "security" => first(fences, &at),
            extension if extension.starts_with("x-") => first(fences, &at),
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

/// Pages differ in age, so both versions are accepted.
fn check_version(fence: &Fence) -> Result<(), Error> {
    let Some(version) = fence.document.get("openapi") else {
        return Ok(());
    };
    let is_known = |text: &str| text.starts_with("3.0.") || text.starts_with("3.1.");
    match version.as_str().is_some_and(is_known) {
        true => Ok(()),
        false => {
            let at = Pointer::root().child("openapi");
            Err(shape(fence, &at, "a version 3.0.x or 3.1.x", version))
        }
    }
}

/// 3.1 can express everything that 3.0 can.
fn newest_version(fences: &[Fence]) -> Value {
    let at = Pointer::root().child("openapi");
    let newer = said(fences, &at).find(|(_, value)| {
        value
            .as_str()
            .is_some_and(|version| version.starts_with("3.1."))
    });
    newer.map_or_else(|| first(fences, &at), |(_, value)| value.clone())
}

/// Where pages differ in the security of all their operations, each operation gets its own.
fn push_down_security(fences: &mut [Fence]) {
    let is_page = |fence: &&Fence| !fence.is_reconstruction();
    let mut said = fences
        .iter()
        .filter(is_page)
        .map(|fence| fence.document.get("security"));
    let first = said.next();
    if said.all(|security| Some(security) == first) {
        return;
    }
    for fence in fences {
        let document = Arc::make_mut(&mut fence.document);
        let Some(members) = document.as_object_mut() else {
            continue;
        };
        let Some(security) = members.shift_remove("security") else {
            continue;
        };
        for operation in path_items(document).flat_map(|(_, item)| operations(item)) {
            if operation.get("security").is_none_or(Value::is_null) {
                operation.insert("security".to_owned(), security.clone());
            }
        }
    }
}

/// Where pages differ in the parameters of a path, each operation gets those of its page.
fn push_down_parameters(fences: &mut [Fence]) {
    let mut said: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for fence in &*fences {
        let paths = fence.document.get("paths").and_then(Value::as_object);
        let items = paths.into_iter().flatten();
        for (path, item) in items.filter_map(|(path, item)| Some((path, item.as_object()?))) {
            let parameters = item.get("parameters").cloned().unwrap_or_default();
            said.entry(path.clone()).or_default().push(parameters);
        }
    }
    said.retain(|_, all| all.iter().any(|parameters| *parameters != all[0]));
    if said.is_empty() {
        return;
    }
    for fence in fences {
        for (path, item) in path_items(Arc::make_mut(&mut fence.document)) {
            if !said.contains_key(path) {
                continue;
            }
            let Some(Value::Array(shared)) = item.shift_remove("parameters") else {
                continue;
            };
            for operation in operations(item) {
                let own = operation.entry("parameters").or_insert(Value::Null);
                let own_items = own.as_array().into_iter().flatten();
                *own = shared.iter().chain(own_items).cloned().collect();
            }
        }
    }
}

/// Every path with its operations. The first description of a path wins.
fn paths(fences: &[Fence], at: &Pointer) -> Result<Value, Error> {
    let mut paths = Map::new();
    for (path, _) in keys(fences, at)? {
        let at = at.child(path);
        let mut item = Map::new();
        for (key, _) in keys(fences, &at)? {
            let at = at.child(key);
            let value = match key {
                "summary" | "description" | "servers" => first(fences, &at),
                _ => agreed(fences, &at)?,
            };
            item.insert(key.to_owned(), value);
        }
        paths.insert(path.to_owned(), Value::Object(item));
    }
    Ok(Value::Object(paths))
}

/// The object at `at`, merged from all fences. Definitions are `levels` keys deep (a
/// component under its kind and name); those are not merged further.
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

/// The value at `at`, which must be the same in all fences.
fn agreed(fences: &[Fence], at: &Pointer) -> Result<Value, Error> {
    let mut said = said(fences, at);
    let Some((first, value)) = said.next() else {
        return Ok(Value::Null);
    };
    for (second, other) in said {
        let one = part(first, at, value);
        if let Some(difference) = same::difference(&one, &part(second, at, other)) {
            return Err(Error::Conflict {
                places: Box::new([first.place.clone(), second.place.clone()]),
                pointer: difference.at,
                says: Box::new([difference.first, difference.second].map(shortened)),
            });
        }
    }
    Ok(value.clone())
}

fn part<'a>(fence: &'a Fence, at: &Pointer, value: &'a Value) -> Part<'a> {
    Part {
        document: &fence.document,
        at: at.clone(),
        value,
    }
}

/// The first value.
fn first(fences: &[Fence], at: &Pointer) -> Value {
    let first = said(fences, at).next();
    first.map_or(Value::Null, |(_, value)| value.clone())
}

fn united(fences: &[Fence], at: &Pointer) -> Result<Value, Error> {
    let mut united = Vec::new();
    let mut known = HashSet::new();
    for (fence, value) in said(fences, at) {
        let items = value
            .as_array()
            .ok_or_else(|| shape(fence, at, "an array", value))?;
        for item in items {
            if known.insert(item) {
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

/// The values of the fences at `at`, except `null`.
fn said<'a>(fences: &'a [Fence], at: &Pointer) -> impl Iterator<Item = (&'a Fence, &'a Value)> {
    fences
        .iter()
        .filter_map(|fence| Some((fence, at.find_in(&fence.document)?)))
        .filter(|(_, value)| !value.is_null())
}

fn shape(fence: &Fence, at: &Pointer, expected: &'static str, found: &Value) -> Error {
    Error::Shape {
        place: fence.place.clone(),
        pointer: at.clone(),
        expected,
        found: shortened(Some(found)),
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
        let document = Arc::new(document);
        Fence { place, document }
    }

    #[test]
    fn paths_methods_components_and_tags_of_all_fences_are_merged_in_order() {
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

    /// Two pages, assembled.
    fn both(one: Value, two: Value) -> Value {
        assemble(&[fence(1, one), fence(27, two)]).unwrap()
    }

    #[track_caller]
    fn conflict(one: Value, two: Value, expected: &str) {
        let error = assemble(&[fence(11, one), fence(27, two)]).unwrap_err();
        let message = error.to_string();
        let expected = format!(
            "pages/some.md:11 (fence 1) and pages/some.md:27 (fence 1) disagree at {expected}"
        );
        assert!(message.starts_with(&expected), "{message}");
    }

    #[test]
    fn equal_components_are_merged_whatever_the_order_of_keys() {
        let one = json!({"components": {"schemas": {"A": {"type": "string", "maxLength": 1}}}});
        let two = json!({"components": {"schemas": {"A": {"maxLength": 1, "type": "string"}}}});
        assert_eq!(both(one.clone(), two), one);
    }

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    fn post(path: &str, class: &str) -> Value {
        json!({path: {"post": {"requestBody": {"content": {"application/json": {
            "schema": reference(class),
        }}}}}})
    }

    fn request<'a>(document: &'a Value, path: &str) -> &'a Value {
        &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    }

    #[test]
    fn different_classes_with_one_name_on_two_pages_are_kept_as_two() {
        let page = |path: &str, longest: u32| {
            json!({
                "paths": post(path, "A"),
                "components": {"schemas": {
                    "A": {"properties": {"a": {"maxLength": longest}, "mapping": reference("A")}},
                    "B": {"items": reference("A")},
                }},
            })
        };
        let whole = assemble(&[
            fence(1, page("/a", 1)),
            fence(2, page("/b", 2)),
            fence(3, page("/c", 2)),
        ])
        .unwrap();
        assert_eq!(request(&whole, "/a"), &reference("A"));
        assert_eq!(request(&whole, "/b"), &reference("A2"));
        assert_eq!(request(&whole, "/c"), &reference("A2"));
        assert_eq!(
            whole["components"]["schemas"],
            json!({
                "A": {"properties": {"a": {"maxLength": 1}, "mapping": reference("A")}},
                "B": {"items": reference("A")},
                "A2": {"properties": {"a": {"maxLength": 2}, "mapping": reference("A2")}},
                "B2": {"items": reference("A2")},
            })
        );
    }

    #[test]
    fn a_new_name_is_one_that_no_page_has() {
        let one = json!({"components": {"schemas": {"A": {"maxLength": 1}}}});
        let two = json!({"components": {"schemas": {"A": {"maxLength": 2}, "A2": {}}}});
        let whole = both(one, two);
        let names: Vec<&String> = whole["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(names, ["A", "A3", "A2"]);
    }

    #[test]
    fn classes_inside_themselves_or_each_other_are_compared() {
        let page = |leaf: &str| {
            json!({"components": {"schemas": {
                "A": {"properties": {"self": reference("A"), "other": reference("B")}},
                "B": {"items": reference("A"), "properties": {"leaf": {"type": leaf}}},
            }}})
        };
        assert_eq!(both(page("string"), page("string")), page("string"));
        let two = both(page("string"), page("number"));
        let names: Vec<&String> = two["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(names, ["A", "B", "A2", "B2"]);
        assert_eq!(
            two["components"]["schemas"]["A2"]["properties"]["other"],
            reference("B2")
        );
    }

    #[test]
    fn a_class_is_the_same_if_its_references_are_whatever_their_names() {
        let page = |inner: &str| {
            json!({"components": {"schemas": {
                "A": {"items": reference(inner)},
                inner: {"type": "string"},
            }}})
        };
        let whole = both(page("B"), page("C"));
        assert_eq!(
            whole["components"]["schemas"]["A"],
            json!({"items": reference("B")})
        );
    }

    #[test]
    fn shared_components_of_every_kind_are_separated_like_classes() {
        let page = |path: &str, name: &str| {
            json!({
                "paths": {path: {"post": {
                    "parameters": [{"$ref": "#/components/parameters/P"}],
                    "security": [{"S": []}],
                }}},
                "components": {
                    "parameters": {"P": {"name": name, "in": "query"}},
                    "securitySchemes": {"S": {"type": "apiKey", "name": name, "in": "header"}},
                },
            })
        };
        let whole = both(page("/a", "a"), page("/b", "b"));
        assert_eq!(
            whole["paths"]["/a"]["post"],
            page("/a", "a")["paths"]["/a"]["post"]
        );
        assert_eq!(
            whole["paths"]["/b"]["post"],
            json!({
                "parameters": [{"$ref": "#/components/parameters/P2"}],
                "security": [{"S2": []}],
            })
        );
        assert_eq!(whole["components"]["parameters"]["P2"]["name"], "b");
        assert_eq!(whole["components"]["securitySchemes"]["S2"]["name"], "b");
    }

    #[test]
    fn one_operation_described_twice_differently_is_a_conflict() {
        conflict(
            json!({"paths": {"/a": {"post": {"operationId": "a"}}}}),
            json!({"paths": {"/a": {"post": {}}}}),
            "/paths/~1a/post/operationId: \"a\" versus nothing",
        );
    }

    #[test]
    fn a_conflict_deep_in_the_classes_of_an_operation_is_named_there() {
        let page = |longest: u32| {
            json!({
                "paths": post("/a", "A"),
                "components": {"schemas": {"A": {"allOf": [reference("B")]}, "B": {"maxLength": longest}}},
            })
        };
        assert_eq!(both(page(1), page(1)), page(1));
        conflict(
            page(20),
            page(30),
            "/components/schemas/B/maxLength: 20 versus 30",
        );
    }

    #[test]
    fn keys_of_the_whole_document_may_differ_between_pages() {
        for key in ["info", "externalDocs", "jsonSchemaDialect", "x-generator"] {
            assert_eq!(
                both(json!({key: "1"}), json!({key: "2"})),
                json!({key: "1"})
            );
            assert_eq!(both(json!({}), json!({key: "2"})), json!({key: "2"}));
        }
        let servers = |urls: &[&str]| -> Value {
            let servers: Value = urls.iter().map(|url| json!({"url": url})).collect();
            json!({"servers": servers})
        };
        assert_eq!(
            both(servers(&["a", "b"]), servers(&["b", "c"])),
            servers(&["a", "b", "c"])
        );
    }

    #[test]
    fn pages_of_both_versions_make_one_document_of_the_newer() {
        for (one, two, both_are) in [
            ("3.0.1", "3.1.0", "3.1.0"),
            ("3.1.1", "3.0.3", "3.1.1"),
            ("3.0.1", "3.0.3", "3.0.1"),
        ] {
            let whole = both(json!({"openapi": one}), json!({"openapi": two}));
            assert_eq!(whole, json!({"openapi": both_are}));
        }
        let message = assemble(&[fence(7, json!({"openapi": "2.0"}))])
            .unwrap_err()
            .to_string();
        assert!(
            message.starts_with(
                "pages/some.md:7 (fence 1): expected a version 3.0.x or 3.1.x at /openapi"
            ),
            "{message}"
        );
    }

    #[test]
    fn security_that_only_one_page_demands_is_demanded_by_the_operations_of_that_page() {
        let open = json!({"paths": {"/a": {"post": {}}}});
        let closed = json!({
            "security": [{"key": []}],
            "paths": {"/b": {"post": {}, "get": {"security": []}, "summary": "b"}},
        });
        let whole = both(open, closed.clone());
        assert_eq!(
            whole,
            json!({"paths": {
                "/a": {"post": {}},
                "/b": {"post": {"security": [{"key": []}]}, "get": {"security": []}, "summary": "b"},
            }})
        );
        assert_eq!(both(closed.clone(), closed.clone()), closed);
    }

    #[test]
    fn parameters_of_a_path_stay_with_the_operations_of_their_page() {
        let one = json!({"paths": {"/a": {"parameters": [{"name": "p"}], "post": {}}}});
        let two = json!({"paths": {"/a": {"get": {"parameters": [{"name": "q"}]}}}});
        assert_eq!(
            both(one, two),
            json!({"paths": {"/a": {
                "post": {"parameters": [{"name": "p"}]},
                "get": {"parameters": [{"name": "q"}]},
            }}})
        );
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
            assert!(message.contains(&format!("{expected}; ask")), "{message}");
        }
    }
}
