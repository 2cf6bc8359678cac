//! OpenAPI documents: places in them, and the way to an operation, a body or a schema.

pub mod exact;
pub mod pointer;
pub mod spec;
pub mod spelling;
