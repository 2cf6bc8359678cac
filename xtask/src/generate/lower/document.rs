//! The document around the schemas: allowed keys, version and paths.

use serde_json::{Map, Value, json};

use super::error::{Error, shape};
use super::{prose, schema};
use crate::openapi::spec::Part;
use crate::openapi::spec::is_method;
use openapi_compare::pointer::Pointer;

const DOCUMENT: &[&str] = &[
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "security",
    "tags",
    "paths",
    "webhooks",
    "components",
    "externalDocs",
];
const INFO: &[&str] = &[
    "title",
    "summary",
    "description",
    "termsOfService",
    "contact",
    "license",
    "version",
];
const LICENSE: &[&str] = &["name", "identifier", "url"];
const SERVER: &[&str] = &["url", "description", "variables"];
const TAG: &[&str] = &["name", "description", "externalDocs"];
const PATH_ITEM: &[&str] = &["$ref", "summary", "description", "servers", "parameters"];
const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];
const BODY: &[&str] = &["$ref", "summary", "description", "content", "required"];
const RESPONSE: &[&str] = &[
    "$ref",
    "summary",
    "description",
    "headers",
    "content",
    "links",
];
const MEDIA_TYPE: &[&str] = &["schema", "example", "examples", "encoding"];
const PARAMETER: &[&str] = &[
    "$ref",
    "summary",
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];
const COMPONENTS: &[&str] = &[
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
];

/// Refuses every key that neither OpenAPI nor JSON Schema defines, and every value that is not a
/// schema where one is expected. Extensions and keys with the value `null` are ignored.
pub(super) fn check(document: &Part<'_>) -> Result<(), Error> {
    known(document, DOCUMENT)?;
    version(document)?;
    if let Some(info) = document.child("info") {
        known(&info, INFO)?;
        if let Some(license) = info.child("license") {
            known(&license, LICENSE)?;
        }
    }
    for (section, keys) in [("servers", SERVER), ("tags", TAG)] {
        if let Some(list) = document.child(section) {
            each_item(&list, |item| known(item, keys))?;
        }
    }
    if let Some(paths) = document.child("paths") {
        each_member(&paths, check_path_item)?;
    }
    if let Some(components) = document.child("components") {
        known(&components, COMPONENTS)?;
        for (kind, check) in [
            (
                "schemas",
                schema::check as fn(&Part<'_>) -> Result<(), Error>,
            ),
            ("requestBodies", check_body),
            ("responses", check_response),
            ("parameters", check_parameter),
            ("pathItems", check_path_item),
        ] {
            if let Some(all) = components.child(kind) {
                // Names of schemas may look like extensions.
                object(&all)?;
                all.children().try_for_each(|(_, it)| check(&it))?;
            }
        }
    }
    Ok(())
}

fn check_path_item(item: &Part<'_>) -> Result<(), Error> {
    object(item)?;
    for (key, inner) in item.children().filter(|(key, _)| !key.starts_with("x-")) {
        match key {
            method if is_method(method) => check_operation(&inner)?,
            "parameters" => each_item(&inner, check_parameter)?,
            key if PATH_ITEM.contains(&key) => {}
            _ => return Err(Error::Unknown { pointer: inner.at }),
        }
    }
    Ok(())
}

fn check_operation(operation: &Part<'_>) -> Result<(), Error> {
    known(operation, OPERATION)?;
    if let Some(parameters) = operation.child("parameters") {
        each_item(&parameters, check_parameter)?;
    }
    if let Some(body) = operation.child("requestBody") {
        check_body(&body)?;
    }
    if let Some(responses) = operation.child("responses") {
        each_member(&responses, check_response)?;
        for (status, response) in responses.children() {
            let digits = status.strip_suffix("XX").or(status.strip_suffix("xx"));
            let is_range = digits.is_some_and(|first| first.parse().is_ok_and(|it: u8| it < 10));
            let is_status = status.parse().is_ok_and(|it: u16| (100..600).contains(&it));
            if !is_status && !is_range && status != "default" && !status.starts_with("x-") {
                return Err(Error::Unknown {
                    pointer: response.at,
                });
            }
        }
    }
    Ok(())
}

fn check_body(body: &Part<'_>) -> Result<(), Error> {
    known(body, BODY)?;
    check_content(body)
}

fn check_response(response: &Part<'_>) -> Result<(), Error> {
    known(response, RESPONSE)?;
    check_content(response)
}

fn check_content(parent: &Part<'_>) -> Result<(), Error> {
    if let Some(content) = parent.child("content") {
        each_member(&content, |media_type| {
            known(media_type, MEDIA_TYPE)?;
            media_type
                .child("schema")
                .map_or(Ok(()), |it| schema::check(&it))
        })?;
    }
    Ok(())
}

fn check_parameter(parameter: &Part<'_>) -> Result<(), Error> {
    known(parameter, PARAMETER)?;
    check_content(parameter)?;
    parameter
        .child("schema")
        .map_or(Ok(()), |it| schema::check(&it))
}

fn known(part: &Part<'_>, keys: &[&str]) -> Result<(), Error> {
    object(part)?;
    let mut unknown = part
        .children()
        .filter(|(key, _)| !key.starts_with("x-") && !keys.contains(key));
    match unknown.next() {
        Some((_, inner)) => Err(Error::Unknown { pointer: inner.at }),
        None => Ok(()),
    }
}

fn object<'a>(part: &Part<'a>) -> Result<&'a Map<String, Value>, Error> {
    match part.value {
        Value::Object(object) => Ok(object),
        other => Err(shape(&part.at, "an object", other)),
    }
}

fn each_item<'a>(
    list: &Part<'a>,
    check: impl Fn(&Part<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    if !list.value.is_array() {
        return Err(shape(&list.at, "an array", list.value));
    }
    list.items().try_for_each(|item| check(&item))
}

fn each_member<'a>(
    all: &Part<'a>,
    check: impl Fn(&Part<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    object(all)?;
    let mut members = all.children().filter(|(key, _)| !key.starts_with("x-"));
    members.try_for_each(|(_, member)| check(&member))
}

/// Both versions are accepted, because pages differ in age.
fn version(document: &Part<'_>) -> Result<(), Error> {
    let version = document.value.get("openapi").unwrap_or(&Value::Null);
    let is_known = |text: &str| text.starts_with("3.0.") || text.starts_with("3.1.");
    match version.as_str().is_some_and(is_known) {
        true => Ok(()),
        false => {
            let expected = "a version 3.0.x or 3.1.x";
            Err(shape(&document.at.child("openapi"), expected, version))
        }
    }
}

/// Title and version, which are all that the client needs of the info.
///
/// The version reaches code and so must be a plain one.
pub(super) fn info(document: &Part<'_>) -> Result<Value, Error> {
    let info = document.child("info");
    let member = |key: &str| info.as_ref().and_then(|info| info.child(key));
    let version = match member("version") {
        None => "0",
        Some(version) => match version.value.as_str() {
            Some(text) if is_plain(text, "._-") => text,
            _ => {
                let expected = "a version of letters, digits, '.', '_' and '-'";
                return Err(shape(&version.at, expected, version.value));
            }
        },
    };
    let title = member("title").map_or(Ok(""), |title| text(&title))?;
    Ok(json!({"title": prose::plain(title), "version": version}))
}

/// A part that must be a text.
pub(super) fn text<'a>(part: &Part<'a>) -> Result<&'a str, Error> {
    let text = part.value.as_str();
    text.ok_or_else(|| shape(&part.at, "a string", part.value))
}

fn is_plain(text: &str, signs: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || signs.contains(character);
    !text.is_empty() && text.chars().all(is_plain)
}

/// Refuses a path with characters that have no place in code, and one whose braces do not match.
pub(super) fn check_path(path: &str, at: &Pointer) -> Result<(), Error> {
    let is_fine = path.starts_with('/') && is_plain(path, "._/{}-") && parameters(path).is_some();
    match is_fine {
        true => Ok(()),
        false => {
            let expected = "a path that begins with '/' and has letters, digits, '.', '_', '-', '/' and {names}";
            Err(shape(at, expected, &path.into()))
        }
    }
}

/// The names in braces; `None` if the braces do not match.
pub(super) fn parameters(path: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut parts = path.split('{');
    let before = parts.next()?;
    if before.contains('}') {
        return None;
    }
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        if name.is_empty() || name.contains('/') || rest.contains('}') {
            return None;
        }
        names.push(name);
    }
    Some(names)
}
