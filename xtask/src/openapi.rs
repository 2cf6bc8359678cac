//! OpenAPI documents: places in them, and the way to an operation, a body or a schema.

pub mod spec;
pub mod type_names;
