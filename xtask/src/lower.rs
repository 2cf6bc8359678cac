//! Lowers the assembled OpenAPI 3.1 document to the 3.0.3 that the client
//! generator reads.
//!
//! Changing the version string is not lowering: the generator fails on some
//! 3.1 keywords and drops others in silence. So each difference is one step,
//! and a keyword that no step knows is an error.

mod answer;
mod document;
mod prose;
mod schema;
mod walk;

use serde_json::Value;

use crate::pointer::Pointer;
use crate::reconstructed;

/// Why a document can't be lowered. Pointers lead into the assembled document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A keyword that nobody thought of when the steps were written.
    #[error(
        "assembled spec, {pointer}: no lowering step knows this keyword; add one in xtask/src/lower/ that says what becomes of it"
    )]
    Unknown {
        /// The keyword.
        pointer: Pointer,
    },
    /// A part has another shape than OpenAPI gives it, or than the generator takes.
    #[error("assembled spec, {pointer}: expected {expected}, found {found}")]
    Shape {
        /// The part.
        pointer: Pointer,
        /// What must stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// OpenAPI 3.0 has no words for this.
    #[error("assembled spec, {pointer}: OpenAPI 3.0 can't express {what}")]
    Inexpressible {
        /// The keyword.
        pointer: Pointer,
        /// What it says.
        what: String,
    },
}

/// The document in OpenAPI 3.0.3.
///
/// # Errors
///
/// The first thing that no step can carry over, with its JSON pointer.
pub fn lower(upstream: &Value) -> Result<Value, Error> {
    let mut document = reconstructed::without_standing(upstream.clone());
    for step in [
        document::refuse_unknown_keys,
        document::lower_version,
        document::drop_servers_without_url,
        schema::lower_schemas,
        schema::refuse_dangling_references,
        answer::hand_over_bytes,
        prose::make_plain,
    ] {
        document = step(document)?;
    }
    Ok(document)
}

/// Shorthand of the steps: a shape error at `at`.
fn shape(at: &Pointer, expected: &'static str, found: &Value) -> Error {
    Error::Shape {
        pointer: at.clone(),
        expected,
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_steps_together_lower_a_whole_document() {
        let upstream = json!({
            "openapi": "3.1.0",
            "info": {"title": "OpenAPI definition", "version": "v0"},
            "tags": [],
            "servers": [{"url": null}],
            "paths": {"/bill/read": {"post": {
                "operationId": "billRead",
                "description": "    조회\n",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bill"}}}},
                "responses": {"200": {"description": "성공", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bill"}}}}},
            }}},
            "components": {"schemas": {"Bill": {"properties": {
                "memo": {"type": ["string", "null"], "examples": ["가"]},
                "next": {"$ref": "#/components/schemas/Bill", "description": "다음"},
                "price": {"type": "integer", "exclusiveMinimum": 0},
                "any": true,
            }}}},
        });
        let client = json!({
            "openapi": "3.0.3",
            "info": {"title": "OpenAPI definition", "version": "v0"},
            "tags": [],
            "paths": {"/bill/read": {"post": {
                "operationId": "billRead",
                "description": "조회",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bill"}}}},
                "responses": {"default": {"description": "성공", "content": {"*/*": {}}}},
            }}},
            "components": {"schemas": {"Bill": {"properties": {
                "memo": {"type": "string", "nullable": true, "example": "가"},
                "next": {"$ref": "#/components/schemas/Bill"},
                "price": {"type": "integer", "minimum": 0, "exclusiveMinimum": true},
                "any": {},
            }}}},
        });
        assert_eq!(lower(&upstream).unwrap(), client);
    }
}
