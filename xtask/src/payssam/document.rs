//! Reads one file to compare: an OpenAPI document in JSON or YAML, or a documentation page in
//! Markdown, depending on the content. A file named `.json` is always JSON, one named `.yaml` or
//! `.yml` always YAML.

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
    let is_yaml = is_named(path, "yaml") || is_named(path, "yml");
    if is_named(path, "json") || (!is_yaml && looks_like_json(&text)) {
        return json(&text, file).map(Snapshot::of_document);
    }
    if is_yaml || looks_like_yaml(&text) {
        return yaml(&text, file).map(Snapshot::of_document);
    }
    let page = page::read(&text, &file, true)?;
    Ok(Snapshot::of(vec![page])?)
}

fn is_named(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// Markdown has no key before everything else.
fn looks_like_yaml(text: &str) -> bool {
    let is_empty = |line: &&str| line.is_empty() || line.starts_with('#') || *line == "---";
    let first = text.lines().map(str::trim_end).find(|it| !is_empty(it));
    first.is_some_and(|line| line.starts_with("openapi:"))
}

/// A page may begin with `{% hint %}`, JSON can't.
fn looks_like_json(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('{') && !start.starts_with("{%")
}

fn json(text: &str, file: String) -> Result<Value, Error> {
    // An error at the end is located at the last character.
    let text = text.trim_end();
    let document = page::json(&quoted(text)).map_err(|error| Error::Json {
        file: file.clone(),
        line: error.line(),
        column: error.column().max(1),
        reason: reason(text, &error),
    })?;
    openapi(document, file)
}

fn yaml(text: &str, file: String) -> Result<Value, Error> {
    let document = page::yaml::document(text).map_err(|error| Error::Yaml {
        file: file.clone(),
        line: error.line,
        reason: error.reason,
    })?;
    let document = openapi(document, file.clone())?;
    match page::has_entries(&document) {
        true => Ok(document),
        // YAML that was cut short is still YAML, and every operation behind the cut would look removed.
        false => Err(Error::NoSpec {
            file,
            found: "no path and no webhook, as in YAML that was cut short".to_owned(),
        }),
    }
}

fn openapi(document: Value, file: String) -> Result<Value, Error> {
    let version = document.get("openapi");
    let known = |version: &str| version.starts_with("3.0.") || version.starts_with("3.1.");
    if version.and_then(Value::as_str).is_some_and(known) {
        return Ok(document);
    }
    let found = match version {
        Some(version) => format!("`openapi`: {version}"),
        None if document.is_object() => "no `openapi`".to_owned(),
        None => "another value".to_owned(),
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
