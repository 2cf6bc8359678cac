//! Compares the models of two documents: the schemas that no operation refers to, as on a page that has
//! no operations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::comparing::{Error, Options, compare_with};
use crate::finding::{Finding, Kind, Scope};
use crate::pointer::percent_decoded;
use crate::report::Report;
use crate::rules;

const SCHEMAS: &str = "#/components/schemas/";

/// What changed of the models from `old` to `new`. Each counts as something that is sent and received.
///
/// ```
/// use openapi_compare::{Options, finding::Level, models};
/// use serde_json::json;
///
/// let models = |kind: &str| json!({
///     "openapi": "3.1.0",
///     "components": {"schemas": {"Payment": {"type": kind}}},
/// });
/// let report = models::compare(&models("string"), &models("object"), &Options::default())?;
/// assert_eq!(report.worst(), Some(Level::Breaking));
/// # Ok::<(), openapi_compare::Error>(())
/// ```
///
/// # Errors
///
/// As [`compare_with`].
pub fn compare(old: &Value, new: &Value, options: &Options) -> Result<Report, Error> {
    let (before, after) = (models(old), models(new));
    let in_both: BTreeSet<&str> = before.intersection(&after).copied().collect();
    let mut findings = Vec::new();
    let removed = before.iter().filter(|name| schema(new, name).is_none());
    let removed = removed.map(|name| Finding {
        before: schema(old, name).cloned(),
        message: format!("the model {name} was removed"),
        ..of_model(Kind::ModelRemoved, name)
    });
    let added = after.iter().filter(|name| schema(old, name).is_none());
    let added = added.map(|name| Finding {
        after: schema(new, name).cloned(),
        message: format!("the model {name} was added"),
        ..of_model(Kind::ModelAdded, name)
    });
    findings.extend(removed.chain(added).map(Finding::with_fingerprint));
    if in_both.is_empty() {
        return Ok(Report { findings });
    }
    let changed = compare_with(
        &as_operations(old, &in_both),
        &as_operations(new, &in_both),
        options,
    )?;
    // The order of the names is that of the paths.
    let names: Vec<&str> = in_both.into_iter().collect();
    findings.extend(changed.findings.into_iter().map(|finding| {
        let place = finding.operation.as_deref().unwrap_or_default();
        let index = place
            .rsplit('/')
            .next()
            .and_then(|index| index.parse::<usize>().ok());
        let name = index
            .and_then(|index| names.get(index))
            .copied()
            .unwrap_or_default();
        let path = finding
            .path
            .as_ref()
            .map_or(name.to_owned(), |path| format!("{name}/{path}"));
        let finding = Finding {
            operation: None,
            operation_id: None,
            message: format!("model {name}: {}", finding.message),
            path: Some(path),
            ..finding
        };
        finding.with_fingerprint()
    }));
    Ok(Report { findings })
}

fn of_model(kind: Kind, name: &str) -> Finding {
    Finding {
        path: Some(name.to_owned()),
        pointer: format!("/components/schemas/{name}"),
        ..rules::finding(kind, Scope::Api)
    }
}

/// The document with an operation for each of these models.
fn as_operations(document: &Value, names: &BTreeSet<&str>) -> Value {
    let paths = names.iter().enumerate().map(|(index, name)| {
        let name = name.replace('~', "~0").replace('/', "~1");
        let content = json!({"application/json": {"schema": {"$ref": format!("{SCHEMAS}{name}")}}});
        let item = json!({"post": {
            "requestBody": {"content": content},
            "responses": {"200": {"content": content}},
        }});
        (format!("/{index}"), item)
    });
    let paths: Map<String, Value> = paths.collect();
    json!({
        "openapi": document["openapi"],
        "components": document["components"],
        "paths": paths,
    })
}

fn schema<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.get("components")?.get("schemas")?.get(name)
}

/// The names of the schemas that nothing outside of them refers to.
fn models(document: &Value) -> BTreeSet<&str> {
    let schemas = document.get("components").and_then(|it| it.get("schemas"));
    let Some(schemas) = schemas.and_then(Value::as_object) else {
        return BTreeSet::new();
    };
    let by_reference: BTreeMap<String, &str> = schemas
        .keys()
        .map(|name| (name.replace('~', "~0").replace('/', "~1"), name.as_str()))
        .collect();
    let mut left: BTreeSet<&str> = schemas.keys().map(String::as_str).collect();
    let mut open = Vec::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("components", Value::Object(kinds)) => {
                open.extend(
                    kinds
                        .iter()
                        .filter(|(kind, _)| *kind != "schemas")
                        .map(|(_, it)| it),
                );
            }
            (_, value) => open.push(value),
        }
    }
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                let to = members.get("$ref").and_then(Value::as_str);
                let to = to
                    .and_then(|to| to.strip_prefix(SCHEMAS))
                    .map(percent_decoded);
                let name = to.as_deref().and_then(|to| to.split('/').next());
                if let Some(name) = name.and_then(|name| by_reference.get(name))
                    && left.remove(name)
                {
                    open.extend(schemas.get(*name));
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    left
}
