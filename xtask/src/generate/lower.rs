//! Lowers the assembled OpenAPI document to the 3.0.3 that the client generator reads, with
//! names of our own.
//!
//! Changing the version string is not lowering: the generator fails on some
//! 3.1 keywords and silently drops others. So each keyword has an entry that says how it is
//! lowered, and a keyword without one is an error.
//!
//! The lowered document does not depend on the names of classes, operations and tags on the
//! pages, or on their order.

mod combinations;
mod document;
mod error;
mod expand;
mod names;
mod operation;
mod place;
mod prose;
mod schema;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::openapi::spec::Part;
use crate::openapi::spec::is_method;
use openapi_compare::spelling;

pub use error::Error;
pub use names::{operation_id, type_prefix};

/// The document in OpenAPI 3.0.3.
///
/// # Errors
///
/// The first thing that can't be understood or must not reach code, with its JSON pointer.
pub fn lower(upstream: &Value) -> Result<Value, Error> {
    let upstream = spelling::corrected(upstream);
    let document = Part::whole(&upstream);
    document::check(&document)?;
    let mut expansion = expand::Expansion::default();
    let paths = lower_paths(&document, &mut expansion)?;
    Ok(json!({
        "openapi": "3.0.3",
        "info": document::info(&document)?,
        "paths": paths,
        "components": {"schemas": expansion.into_components()},
    }))
}

/// The paths by their names, with the methods of each.
fn lower_paths(
    document: &Part<'_>,
    expansion: &mut expand::Expansion,
) -> Result<BTreeMap<String, Value>, Error> {
    let mut paths = BTreeMap::new();
    let items = document.child("paths");
    for (path, item) in items.iter().flat_map(Part::children) {
        if path.starts_with("x-") {
            continue;
        }
        document::check_path(path, &item.at)?;
        let mut methods = BTreeMap::new();
        let item = operation::followed(item)?;
        for (method, operation) in item.children().filter(|(key, _)| is_method(key)) {
            let here = operation::Where {
                document,
                path,
                item: &item,
                method,
            };
            let lowered = operation::lower(&here, &operation, expansion)?;
            methods.insert(method.to_owned(), lowered);
        }
        paths.insert(path.to_owned(), json!(methods));
    }
    Ok(paths)
}
