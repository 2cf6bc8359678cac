//! The JSON Schema of the library's own types.

use jsonschema::Validator;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

pub fn own_schema<T: JsonSchema>() -> Validator {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema_for!(T).to_value())
        .expect("a schema")
}

/// Holds what serde writes against the schema of its type.
pub fn fits<T: JsonSchema + Serialize>(value: &T) {
    let written = serde_json::to_value(value).expect("JSON");
    if let Err(error) = own_schema::<T>().validate(&written) {
        panic!("{} is {written}: {error}", T::schema_name());
    }
}
