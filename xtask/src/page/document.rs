//! Reads the OpenAPI documents of a block of code. What looks like one and can't be read is an error:
//! it must never look like removed operations.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::json::{json_within, without_position};
use super::room::Room;
use super::yaml;
use crate::invisible::is_invisible;
use crate::openapi::spec::is_method;

/// What a block has.
#[derive(Debug)]
pub(super) enum Found {
    /// Its documents; none if it is something else.
    Documents(Vec<Value>),
    /// JSON that is broken at this line and column (in bytes), both from 1.
    BrokenJson {
        line: usize,
        column: usize,
        reason: String,
    },
    /// Something else that can't be read, at this line if one is known.
    Unread {
        line: Option<usize>,
        problem: Problem,
    },
}

/// Why a spec can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// YAML that is broken, or has what JSON can't say.
    #[error(
        "it is not valid YAML: {0}; capture the page again, or report it to whoever publishes the page"
    )]
    Yaml(String),
    /// An older version.
    #[error("it is Swagger 2.0; ask whoever publishes the page for OpenAPI 3.0 or 3.1")]
    Swagger,
    /// An array with something else in it.
    #[error(
        "it is an array, and not each of its items is an OpenAPI document; ask whoever publishes the page for one document in each block"
    )]
    Array,
    /// A document inside of something else, or without its version.
    #[error(
        "it has operations, but is not an object with the key `openapi`; ask whoever publishes the page for a whole OpenAPI document"
    )]
    Other,
    /// Operations that are none.
    #[error(
        "its `paths` is no object; ask whoever publishes the page for a whole OpenAPI document"
    )]
    Paths,
    /// A path or an operation that is nothing.
    #[error(
        "a path or an operation of it is null; ask whoever publishes the page for a whole OpenAPI document"
    )]
    Nothing,
    /// YAML that was cut short is YAML, and every operation behind the cut would look removed.
    #[error(
        "it has no path and no webhook, as in YAML that was cut short; capture the page again, or report it to whoever publishes the page"
    )]
    Short,
    /// Quotes that no parser takes.
    #[error(
        "it has typographic quotes instead of \"; ask whoever publishes the page to put it into a block of code, with \" in it"
    )]
    Quotes,
    /// GitBook shows a spec that is not on the page.
    #[error(
        "it shows a spec that is not on the page; capture the page where the spec is written out, or get the spec from the address in the block"
    )]
    Elsewhere,
    /// A spec where no code is.
    #[error("it is not in a block of code; ask whoever publishes the page to put it into one")]
    NotInCode,
}

/// Reads a block.
pub(super) fn read(info: &str, content: &str, room: &Room) -> Found {
    let content = &*without_unseen_ends(content);
    match json_within(content, room) {
        Ok(value) => from_json(value),
        Err(error) if has_typographic_quotes(content, &error) => Found::Unread {
            line: Some(line_of_quotes(content, &error)),
            problem: Problem::Quotes,
        },
        Err(error) if sets_out_to_be_json(info, content) => Found::BrokenJson {
            line: error.line(),
            column: error.column(),
            reason: without_position(&error),
        },
        Err(_) if mark(content).is_some() => from_yaml(content, room),
        Err(_) => Found::Documents(Vec::new()),
    }
}

/// What nobody sees at both ends, such as a byte order mark, as blanks, so that every place keeps its offset.
fn without_unseen_ends(content: &str) -> Cow<'_, str> {
    let is_end = |c: char| c.is_whitespace() || is_invisible(c);
    let is_odd = |c: char| is_invisible(c) && !c.is_whitespace();
    let inside = content.trim_matches(is_end);
    if inside.is_empty() || content.len() == inside.len() {
        return Cow::Borrowed(content);
    }
    let start = content.len() - content.trim_start_matches(is_end).len();
    let (before, after) = (&content[..start], &content[start + inside.len()..]);
    if !before.contains(is_odd) && !after.contains(is_odd) {
        return Cow::Borrowed(content);
    }
    let blank = |text: &str| -> String {
        let blanks = text.chars().map(|c| match c {
            '\n' => "\n".to_owned(),
            other => " ".repeat(other.len_utf8()),
        });
        blanks.collect()
    };
    // Blanks before its first key would indent YAML.
    let before = match inside.starts_with(['{', '[']) {
        true => blank(before),
        false => "\n".repeat(before.matches('\n').count()),
    };
    Cow::Owned(format!("{before}{inside}{}", blank(after)))
}

fn unread(problem: Problem) -> Found {
    let line = None;
    Found::Unread { line, problem }
}

fn is_document(value: &Value) -> bool {
    value.get("openapi").is_some()
}

fn from_json(value: Value) -> Found {
    if is_document(&value) {
        return match value.get("paths") {
            Some(Value::Object(paths)) if paths.values().any(has_nothing) => {
                unread(Problem::Nothing)
            }
            None | Some(Value::Object(_)) => Found::Documents(vec![value]),
            Some(_) => unread(Problem::Paths),
        };
    }
    match value {
        Value::Array(items) if items.iter().any(is_document) => {
            match items.iter().all(is_document) {
                true => Found::Documents(items),
                false => unread(Problem::Array),
            }
        }
        value => hidden(&value).map_or(Found::Documents(Vec::new()), unread),
    }
}

/// Whether a document has a path or a webhook: without one, YAML may have been cut short.
pub(crate) fn has_entries(document: &Value) -> bool {
    let mut parts = ["paths", "webhooks", "x-webhooks"].iter();
    parts.any(|part| {
        let members = document.get(part).and_then(Value::as_object);
        members.is_some_and(|members| !members.is_empty())
    })
}

/// Whether a path is nothing, or an operation of it is: it would look removed.
fn has_nothing(item: &Value) -> bool {
    let mut members = item.as_object().into_iter().flatten();
    item.is_null() || members.any(|(key, operation)| is_method(key) && operation.is_null())
}

fn from_yaml(content: &str, room: &Room) -> Found {
    let documents = match yaml::documents(content, room) {
        Ok(documents) => documents,
        Err(error) => {
            return Found::Unread {
                line: Some(error.line),
                problem: Problem::Yaml(error.to_string()),
            };
        }
    };
    let mut all = Vec::new();
    for document in documents {
        match from_json(document) {
            Found::Documents(found) => all.extend(found),
            other => return other,
        }
    }
    if !all.iter().all(has_entries) {
        return unread(Problem::Short);
    }
    match all.is_empty() {
        true => unread(Problem::Other),
        false => Found::Documents(all),
    }
}

/// Why a value that is no document has one in it.
fn hidden(root: &Value) -> Option<Problem> {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) if has_version(members, "swagger") => {
                return Some(Problem::Swagger);
            }
            Value::Object(members)
                if has_version(members, "openapi") || has_operations(members) =>
            {
                return Some(Problem::Other);
            }
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) if mark(text).is_some() => return Some(Problem::Other),
            _ => {}
        }
    }
    None
}

fn has_version(members: &Map<String, Value>, key: &str) -> bool {
    match members.get(key) {
        Some(Value::String(version)) => version.starts_with(|first: char| first.is_ascii_digit()),
        Some(Value::Number(_)) => members.contains_key("paths"),
        _ => false,
    }
}

fn has_operations(members: &Map<String, Value>) -> bool {
    let paths = members.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().any(|(path, item)| {
        let mut methods = item.as_object().into_iter().flat_map(Map::keys);
        path.starts_with('/') && methods.any(|key| is_method(key))
    })
}

/// Distinguishes a broken spec from a broken example: by the info string, or because it begins
/// like a document with `openapi` in front.
fn sets_out_to_be_json(info: &str, content: &str) -> bool {
    let language = info.split_whitespace().next().unwrap_or_default();
    let json = language.to_ascii_lowercase().starts_with("json");
    let object = content.trim_start().strip_prefix('{');
    let first = object.map(|rest| rest.trim_start());
    // It may be cut off within the first key.
    let in_front = first
        .is_some_and(|rest| rest.starts_with("\"openapi") || json && rest.starts_with("\"swagger"));
    let unmarked = language.is_empty() && first.is_some_and(|rest| rest.starts_with('"'));
    let is_named = ["\"openapi\"", "\"swagger\"", "\"paths\""]
        .iter()
        .any(|name| content.contains(name));
    in_front || (json || unmarked) && (is_named || mark(content).is_some())
}

fn is_typographic_quote(c: char) -> bool {
    matches!(
        c,
        '“' | '”' | '„' | '‟' | '‘' | '’' | '″' | '＂' | '«' | '»'
    )
}

/// Whether such quotes are around a key that only a spec has, or broke off what is a spec.
fn has_typographic_quotes(content: &str, error: &serde_json::Error) -> bool {
    let keys = ["openapi", "swagger"].iter().any(|name| {
        let mut places = content.match_indices(name);
        places.any(|(at, _)| {
            content[..at].ends_with(is_typographic_quote)
                || content[at + name.len()..].starts_with(is_typographic_quote)
        })
    });
    keys || mark(content).is_some() && breaks_off_at_quotes(content, error)
}

fn breaks_off_at_quotes(content: &str, error: &serde_json::Error) -> bool {
    let line = content.split('\n').nth(error.line().saturating_sub(1));
    let line = line.unwrap_or_default();
    let mut at = line.len().min(error.column().saturating_sub(1));
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    let before = line[..at].chars().next_back();
    let here = line[at..].chars().next();
    [before, here]
        .into_iter()
        .flatten()
        .any(is_typographic_quote)
}

/// The line where they are, from 1.
fn line_of_quotes(content: &str, error: &serde_json::Error) -> usize {
    if breaks_off_at_quotes(content, error) {
        return error.line();
    }
    let before = content.find(is_typographic_quote).unwrap_or_default();
    content[..before].matches('\n').count() + 1
}

/// How a key is quoted, or begins.
const QUOTES: [&str; 16] = [
    "\\\"", "\"", "'", "`", "“", "”", "„", "‘", "’", "″", "＂", "«", "»", "&quot;", "&#34;",
    "&#x22;",
];

/// Where a text has what only a spec has: `openapi` or `swagger` with a version, or `paths` with a path.
pub(super) fn mark(text: &str) -> Option<usize> {
    marks(text).next().map(|mark| mark.at)
}

/// What looks like a spec.
pub(super) struct Mark {
    pub at: usize,
    /// Whether the key is in quotes.
    pub is_quoted: bool,
}

/// All of them.
pub(super) fn marks(text: &str) -> impl Iterator<Item = Mark> + '_ {
    ["openapi", "swagger", "paths"]
        .into_iter()
        .flat_map(move |name| {
            let places = text.match_indices(name);
            places.filter_map(move |(at, _)| {
                let (before, after) = (&text[..at], &text[at + name.len()..]);
                let (opened, is_opened) =
                    match QUOTES.iter().find(|quote| before.ends_with(**quote)) {
                        Some(quote) => (before.len() - quote.len(), true),
                        None => (before.len(), false),
                    };
                let is_a_word = !is_opened
                    && text[..opened]
                        .ends_with(|c: char| c.is_alphanumeric() || "/-_.$#@".contains(c));
                if is_a_word {
                    return None;
                }
                let (after, is_closed) = without_quote(after);
                let value = after.trim_start().strip_prefix(':')?;
                let is_spec = match name {
                    "paths" => {
                        let value = value.trim_start();
                        let value = value.strip_prefix('{').map_or(value, str::trim_start);
                        without_quote(value).0.starts_with('/')
                    }
                    _ => {
                        let (value, _) = without_quote(value.trim_start());
                        let mut characters = value.chars();
                        let major = characters.next()?;
                        ('2'..='4').contains(&major)
                            && !characters.next().is_some_and(char::is_alphanumeric)
                    }
                };
                is_spec.then_some(Mark {
                    at,
                    is_quoted: is_opened && is_closed,
                })
            })
        })
}

pub(super) fn without_quote(text: &str) -> (&str, bool) {
    match QUOTES.iter().find_map(|quote| text.strip_prefix(quote)) {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_what_only_a_spec_has() {
        for text in [
            "\"openapi\": \"3.1.0\"",
            "openapi: 3.0.3",
            "swagger: '2.0'",
            "{“openapi”: “3.1.0”}",
            "&quot;openapi&quot;: &quot;3.1.0&quot;",
            "\\\"openapi\\\":\\\"3.1.0\\\"",
            "paths:\n  /bill:\n    post:\n",
            "\"paths\" : { \"/bill\" : {",
        ] {
            assert!(mark(text).is_some(), "{text}");
        }
        for text in [
            "openapi",
            "openapi: true",
            "let a = {\"openapi\": b};",
            "the openapi 3.1",
            "x-openapi: 3.1",
            "https://a/openapi:3000",
            "\"paths\": 3",
            "openapi: 30000",
        ] {
            assert!(mark(text).is_none(), "{text}");
        }
    }
}
