//! The library's table of invisible characters. The file is shared instead of the crate, so that `xtask`
//! builds and can tell what is wrong when the library does not build.

#[path = "../../src/redact/invisible.rs"]
mod table;

pub(crate) use table::is_invisible;
