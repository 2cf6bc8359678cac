//! `openapi/reconstructed/*.json`: operations whose pages are not captured yet, reconstructed from
//! release notes and observed behaviour.
//!
//! A reconstruction is an OpenAPI document with one operation and without servers, tags and the
//! like, so that it can be replaced by whichever page turns out to describe the operation. Each
//! property has its provenance in [`PROVENANCE`].

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::page::{self, Fence, Place};
use openapi_compare::pointer::Pointer;

/// The keyword for the provenance of a property: how sure it is.
pub const PROVENANCE: &str = "x-provenance";

/// Its values, the surest first: part of the page was seen (`published`); observed in responses of PaySsam
/// (`observed`); reported by integrations that quote the page (`reported`); used by integrations (`used`).
pub const PROVENANCES: [&str; 4] = ["published", "observed", "reported", "used"];

/// Why a reconstruction can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not JSON.
    #[error("{file}: not valid JSON: {reason}")]
    Json {
        /// The reconstruction.
        file: String,
        /// Where, and what was expected.
        reason: serde_json::Error,
    },
    /// A property has no valid provenance.
    #[error("{file}: {pointer} is {found}; expected one of {}", PROVENANCES.join(", "))]
    Provenance {
        /// The reconstruction.
        file: String,
        /// Where it is expected.
        pointer: Pointer,
        /// What is there.
        found: String,
    },
    /// A reconstruction must have exactly one operation.
    #[error("{file}: a reconstruction must have exactly one operation; found {}", operations.len())]
    Operations {
        /// The reconstruction.
        file: String,
        /// Its operations.
        operations: Vec<String>,
    },
}

/// Reads a reconstruction.
///
/// # Errors
///
/// Any.
pub fn read(text: &str, file: &str) -> Result<page::Page, Error> {
    let document = page::json(text).map_err(|reason| Error::Json {
        file: file.to_owned(),
        reason,
    })?;
    check(&document, &Pointer::root(), file)?;
    let place = Place {
        file: file.to_owned(),
        line: 1,
        number: 1,
    };
    let document = Arc::new(document);
    let fence = Fence { place, document };
    let operations = fence.operations();
    if operations.len() != 1 {
        return Err(Error::Operations {
            file: file.to_owned(),
            operations,
        });
    }
    Ok(page::Page {
        file: file.to_owned(),
        fences: vec![fence],
        codes: Vec::new(),
        sections: Vec::new(),
        remarks: Vec::new(),
    })
}

fn check(value: &Value, at: &Pointer, file: &str) -> Result<(), Error> {
    let Value::Object(object) = value else {
        return Ok(());
    };
    for (key, inner) in object {
        let at = at.child(key);
        if key == "properties"
            && let Value::Object(properties) = inner
        {
            for (name, property) in properties {
                check_provenance(property, &at.child(name), file)?;
            }
        }
        check(inner, &at, file)?;
    }
    Ok(())
}

fn check_provenance(property: &Value, at: &Pointer, file: &str) -> Result<(), Error> {
    let provenance = property.get(PROVENANCE);
    match provenance.and_then(Value::as_str) {
        Some(provenance) if PROVENANCES.contains(&provenance) => Ok(()),
        _ => Err(Error::Provenance {
            file: file.to_owned(),
            pointer: at.child(PROVENANCE),
            found: provenance.map_or("missing".to_owned(), Value::to_string),
        }),
    }
}

/// The document without the provenance of its properties.
pub fn without_provenance(document: &Value) -> Cow<'_, Value> {
    if !has_provenance(document) {
        return Cow::Borrowed(document);
    }
    let mut document = document.clone();
    strip(&mut document);
    Cow::Owned(document)
}

fn has_provenance(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.contains_key(PROVENANCE) || object.values().any(has_provenance)
        }
        Value::Array(values) => values.iter().any(has_provenance),
        _ => false,
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.shift_remove(PROVENANCE);
            object.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}
