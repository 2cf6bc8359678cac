//! `openapi/reconstructed/*.json`: operations whose pages nobody could capture yet, pieced together
//! from release notes and measured behaviour.
//!
//! A piece is an OpenAPI document without what speaks for the whole of it, with one operation: it is
//! not known how the pages divide the operations, and so each piece can give way to whatever page
//! turns out to describe it. Each property says in [`STANDING`] how it is known.

use serde_json::Value;

use crate::openapi::pointer::Pointer;
use crate::page::{self, Fence, Place};

/// The keyword that says how a property is known.
pub const STANDING: &str = "x-standing";

/// What it may say, the surest first: the page was seen in part, PaySsam's answers were looked at,
/// integrations say what the page says, integrations use it.
pub const STANDINGS: [&str; 4] = ["published", "measured", "relayed", "used"];

/// Why a piece can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no JSON.
    #[error("{file}: not valid JSON: {reason}")]
    Json {
        /// The piece.
        file: String,
        /// Where, and what was expected.
        reason: serde_json::Error,
    },
    /// Nobody said how a property is known.
    #[error("{file}: {pointer} says {found}; expected one of {}", STANDINGS.join(", "))]
    Standing {
        /// The piece.
        file: String,
        /// Where the standing belongs.
        pointer: Pointer,
        /// What stands there.
        found: String,
    },
    /// A piece can give way to a page only as a whole.
    #[error("{file}: a piece has one operation; found {}", operations.len())]
    Operations {
        /// The piece.
        file: String,
        /// What it has.
        operations: Vec<String>,
    },
}

/// Reads a piece.
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
                check_standing(property, &at.child(name), file)?;
            }
        }
        check(inner, &at, file)?;
    }
    Ok(())
}

fn check_standing(property: &Value, at: &Pointer, file: &str) -> Result<(), Error> {
    let standing = property.get(STANDING);
    match standing.and_then(Value::as_str) {
        Some(standing) if STANDINGS.contains(&standing) => Ok(()),
        _ => Err(Error::Standing {
            file: file.to_owned(),
            pointer: at.child(STANDING),
            found: standing.map_or("nothing".to_owned(), Value::to_string),
        }),
    }
}

/// The document without the standing of its properties.
pub fn without_standing(mut document: Value) -> Value {
    strip(&mut document);
    document
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.shift_remove(STANDING);
            object.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}
