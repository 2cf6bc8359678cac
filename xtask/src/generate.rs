//! From the fences of the pages to the document that the client is generated from.
//!
//! [`assemble`] makes one OpenAPI 3.1 document of them, with every value as published. [`lower`]
//! makes the 3.0.3 document from that one, with names of our own.

pub mod assemble;
pub mod lower;
