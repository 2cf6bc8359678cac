//! Operations: requests, responses, and what a call needs that the library does not support.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::error::{Error, shape};
use super::expand::Expansion;
use super::place::Place;
use super::{document, names, prose};
use crate::openapi::spec::{self, Part};

/// The prefix of schema names of operations that no page describes yet.
const RECONSTRUCTED: &str = "Reconstructed";

/// The place of an operation.
pub(super) struct Where<'a> {
    pub(super) document: &'a Part<'a>,
    pub(super) path: &'a str,
    pub(super) item: &'a Part<'a>,
    pub(super) method: &'a str,
}

/// The lowered operation; its schemas go to `expansion`.
///
/// The one response is "any status, any content". The generated client would throw away status
/// and headers of a response that does not fit its schema, and call a payment that succeeded
/// an error. This way it returns the bytes with both, and the library reads them leniently.
pub(super) fn lower(
    here: &Where<'_>,
    operation: &Part<'_>,
    expansion: &mut Expansion,
) -> Result<Value, Error> {
    let prefix = names::type_prefix(here.method, here.path);
    let mut lowered = Map::new();
    let id = names::operation_id(here.method, here.path);
    lowered.insert("operationId".to_owned(), id.into());
    for key in ["summary", "description"] {
        if let Some(words) = operation.child(key) {
            let words = prose::plain(document::text(&words)?);
            lowered.insert(key.to_owned(), words.into());
        }
    }
    let mut missing = BTreeSet::new();
    missing.extend(parameters(here, operation)?);
    missing.extend(security(here, operation)?);
    let request = request(operation, &prefix, expansion, &mut missing)?;
    lowered.extend(request.map(|body| ("requestBody".to_owned(), body)));
    for (_, response) in operation.child("responses").iter().flat_map(Part::children) {
        followed(response)?;
    }
    let success = spec::success(operation);
    let words = success
        .as_ref()
        .and_then(|success| success.child("description"));
    let words = words.map_or(Ok(""), |words| document::text(&words))?;
    lowered.insert(
        "responses".to_owned(),
        json!({"default": {"description": prose::plain(words), "content": {"*/*": {}}}}),
    );
    if is_reconstructed(operation) {
        lowered.insert("x-reconstructed".to_owned(), true.into());
    }
    if !missing.is_empty() {
        let missing: Vec<Value> = missing.into_iter().map(Value::from).collect();
        lowered.insert("x-unsupported".to_owned(), missing.into());
    }
    if let Some(schema) = spec::response(operation) {
        // Rules of a response can't forbid a request.
        expansion.body(&schema, &Place::root(&prefix, "Response"))?;
        let pointer = format!("#/components/schemas/{prefix}Response");
        lowered.insert("x-response".to_owned(), pointer.into());
    }
    Ok(Value::Object(lowered))
}

fn request(
    operation: &Part<'_>,
    prefix: &str,
    expansion: &mut Expansion,
    missing: &mut BTreeSet<String>,
) -> Result<Option<Value>, Error> {
    let Some(body) = followed_child(operation, "requestBody")? else {
        return Ok(None);
    };
    let content = spec::request_content(&body);
    let is_sendable = content
        .as_ref()
        .is_some_and(|(name, _)| !spec::essence(name).ends_with("+json"));
    if !is_sendable && body.value["required"] == true {
        let media_types = body.child("content");
        let all = media_types
            .iter()
            .flat_map(Part::children)
            .map(|(name, _)| names::shown(name));
        let all: BTreeSet<String> = all.collect();
        missing.insert(match all.is_empty() {
            true => "a request body without a media type".to_owned(),
            false => format!("a request body of {}", Vec::from_iter(all).join(" or ")),
        });
    }
    let Some((_, media_type)) = content else {
        return Ok(None);
    };
    let place = Place::root(prefix, "Request");
    let anything = Value::Object(Map::new());
    let schema = media_type.child("schema").unwrap_or_else(|| Part {
        value: &anything,
        ..media_type.clone()
    });
    missing.extend(expansion.body(&schema, &place)?);
    let reference = format!("#/components/schemas/{prefix}Request");
    Ok(Some(json!({
        "required": true,
        "content": {"application/json": {"schema": {"$ref": reference}}},
    })))
}

/// Whether an operation is reconstructed, as the name of its schema shows.
fn is_reconstructed(operation: &Part<'_>) -> bool {
    let schema = spec::request(operation).or_else(|| spec::response(operation));
    let reference = schema
        .as_ref()
        .and_then(|schema| schema.value["$ref"].as_str());
    let name = reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
    name.is_some_and(|name| name.starts_with(RECONSTRUCTED))
}

/// The member, and what it refers to.
fn followed_child<'a>(parent: &Part<'a>, key: &str) -> Result<Option<Part<'a>>, Error> {
    parent.child(key).map(followed).transpose()
}

pub(super) fn followed(part: Part<'_>) -> Result<Part<'_>, Error> {
    let reference = part.clone();
    part.followed().ok_or_else(|| {
        let expected = "a reference that leads to something in this document";
        shape(
            &reference.at.child("$ref"),
            expected,
            &reference.value["$ref"],
        )
    })
}

/// The parameters that every call has to send.
fn parameters(here: &Where<'_>, operation: &Part<'_>) -> Result<Vec<String>, Error> {
    let mut required = BTreeMap::new();
    for name in document::parameters(here.path).unwrap_or_default() {
        required.insert(("path", name.to_owned()), true);
    }
    // An operation overrides its path.
    for parent in [here.item, operation] {
        for parameter in parent.child("parameters").iter().flat_map(Part::items) {
            let parameter = followed(parameter)?;
            let name = parameter
                .child("name")
                .map_or(Ok(""), |name| document::text(&name))?;
            let place = match parameter.value["in"].as_str() {
                Some("header") => "header",
                Some("query") => "query parameter",
                Some("cookie") => "cookie",
                Some("path") => "path",
                _ => {
                    let expected = "header, query, path or cookie";
                    return Err(shape(
                        &parameter.at.child("in"),
                        expected,
                        &parameter.value["in"],
                    ));
                }
            };
            let is_required = place == "path" || parameter.value["required"] == true;
            // OpenAPI: the bodies define these two.
            let is_ours = place == "header"
                && ["accept", "content-type"].contains(&name.to_ascii_lowercase().as_str());
            required.insert((place, name.to_owned()), is_required && !is_ours);
        }
    }
    let required = required.into_iter().filter(|(_, is_required)| *is_required);
    let required = required.map(|((place, name), _)| match place {
        "path" => format!("path parameter {}", names::shown(&name)),
        place => format!("{place} {}", names::shown(&name)),
    });
    Ok(required.collect())
}

/// The security schemes without which no call is accepted.
fn security(here: &Where<'_>, operation: &Part<'_>) -> Result<Option<String>, Error> {
    let own = operation.child("security");
    let Some(security) = own.or_else(|| here.document.child("security")) else {
        return Ok(None);
    };
    let Value::Array(ways) = security.value else {
        return Err(shape(&security.at, "an array", security.value));
    };
    let is_open = |way: &Value| way.as_object().is_some_and(Map::is_empty);
    if ways.is_empty() || ways.iter().any(is_open) {
        return Ok(None);
    }
    let schemes = here
        .document
        .child("components")
        .and_then(|all| all.child("securitySchemes"));
    let mut texts = BTreeSet::new();
    for way in security.items() {
        if !way.value.is_object() {
            return Err(shape(&way.at, "an object", way.value));
        }
        let mut all = BTreeSet::new();
        for (name, _) in way.children() {
            let scheme = schemes
                .as_ref()
                .and_then(|all| all.child(name))
                .and_then(Part::followed);
            let kind = scheme
                .as_ref()
                .and_then(|scheme| scheme.value["type"].as_str());
            let kind = kind.unwrap_or("of unknown type");
            all.insert(format!(
                "security scheme {} ({})",
                names::shown(name),
                names::shown(kind)
            ));
        }
        texts.insert(all.into_iter().collect::<Vec<_>>().join(" and "));
    }
    Ok(Some(texts.into_iter().collect::<Vec<_>>().join(" or ")))
}
