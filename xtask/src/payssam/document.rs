//! Reads one file to compare: an OpenAPI document in JSON, or a documentation page in
//! Markdown, depending on the content. A file named `.json` is always JSON.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::page;
use crate::payssam::error::Error;
use crate::payssam::snapshot::Snapshot;
use openapi_compare::exact::quoted;

/// Reads both files.
///
/// # Errors
///
/// As [`read`]; and a page with result codes but without a spec can only be
/// compared with another such page, or every operation of the other would look
/// removed.
pub fn read_both(old: &Path, new: &Path) -> Result<(Snapshot, Snapshot), Error> {
    let both = (read(old)?, read(new)?);
    for (path, one, other) in [(old, &both.0, &both.1), (new, &both.1, &both.0)] {
        if one.is_without_spec() && !other.is_without_spec() {
            let file = path.display().to_string();
            let found = "result codes only".to_owned();
            return Err(Error::NoSpec { file, found });
        }
    }
    Ok(both)
}

/// Reads the file at `path`.
///
/// # Errors
///
/// Any names the file, and line and column where there are some.
pub fn read(path: &Path) -> Result<Snapshot, Error> {
    let file = path.display().to_string();
    let bytes = fs::read(path).map_err(|reason| Error::File {
        path: path.to_owned(),
        reason,
    })?;
    let text = page::normalise(&page::decode(bytes, &file)?);
    if is_named_json(path) || looks_like_json(&text) {
        return document(&text, file).map(Snapshot::of_document);
    }
    let page = page::read(&text, &file, true)?;
    Ok(Snapshot::of(vec![page])?)
}

fn is_named_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// A page may begin with `{% hint %}`, JSON can't.
fn looks_like_json(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('{') && !start.starts_with("{%")
}

fn document(text: &str, file: String) -> Result<Value, Error> {
    // An error at the end is located at the last character.
    let text = text.trim_end();
    let document = page::json(&quoted(text)).map_err(|error| Error::Json {
        file: file.clone(),
        line: error.line(),
        column: error.column().max(1),
        reason: reason(text, &error),
    })?;
    let version = document.get("openapi");
    let known = |version: &str| version.starts_with("3.0.") || version.starts_with("3.1.");
    if version.and_then(Value::as_str).is_some_and(known) {
        return Ok(document);
    }
    let found = match version {
        Some(version) => format!("`openapi`: {version}"),
        None if document.is_object() => "no `openapi`".to_owned(),
        None => "another JSON value".to_owned(),
    };
    Err(Error::NoSpec { file, found })
}

/// Explains an early end better than the parser does.
fn reason(text: &str, error: &serde_json::Error) -> String {
    let expected = "an OpenAPI document was expected";
    let reason = page::without_position(error);
    match (text.is_empty(), error.is_eof()) {
        (true, _) => format!("the file is empty, {expected}"),
        (false, true) => format!("the file ends too early, {expected} ({reason})"),
        (false, false) => reason,
    }
}
