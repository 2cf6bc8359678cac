//! Looks for specs in what is no part of a page, such as comments and footers, so that none is lost there: what has
//! an operation that the page does not describe elsewhere counts.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::blocks;
use super::document::{self, Found};
use super::gitbook;
use super::room::Room;
use super::tag;
use crate::openapi::spec::is_method;

/// How much of a text that is in no block of code is looked at, in bytes.
const LONGEST: usize = 1 << 16;

/// The operations that a document describes, each as `METHOD /path`.
pub(super) fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let keys = item.as_object().into_iter().flat_map(|item| item.keys());
            keys.filter(|key| is_method(key))
                .map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

/// Where the last spec of a text begins that describes an operation which none before it does, and which is none of
/// `told`.
pub(super) fn last_untold(text: &str, mut told: BTreeSet<String>) -> Option<usize> {
    if blocks::is_all_marks(text) {
        return None;
    }
    let blocks = blocks::read(text);
    let room = Room::of(text);
    let mut last = None;
    for code in &blocks.code {
        let is_untold = match document::read(&code.info, &code.content, &room) {
            Found::Documents(documents) => {
                let found: Vec<String> = documents.iter().flat_map(operations).collect();
                let is_untold = found.iter().any(|operation| !told.contains(operation));
                told.extend(found);
                is_untold
            }
            _ => names_another(&code.content, &told),
        };
        if is_untold {
            last = Some(code.range.start);
        }
    }
    let is_untold = |tag: &Range<usize>| {
        let path = tag::value(&text[tag.clone()], "path");
        path.is_none_or(|path| !is_path_of(&told, path))
    };
    let tags = blocks.tags.iter().filter(|tag| {
        let (_, shows) = gitbook::tag(&text[(*tag).clone()]);
        shows
    });
    let shown = tags.chain(&blocks.embedded).filter(|tag| is_untold(tag));
    let shown = shown.map(|tag| tag.start);
    let is_in_code = |at: usize| blocks.code.iter().any(|code| code.range.contains(&at));
    let written = document::marks(text).map(|mark| mark.at);
    let written = written.filter(|at| {
        let mut end = text.len().min(at + LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        names_another(&text[*at..end], &told)
    });
    shown
        .chain(written)
        .filter(|at| !is_in_code(*at))
        .chain(last)
        .max()
}

/// Whether a text that is no document names a path that none of these operations has.
fn names_another(text: &str, told: &BTreeSet<String>) -> bool {
    document::mark(text).is_some() && paths(text).any(|path| !is_path_of(told, path))
}

fn is_path_of(operations: &BTreeSet<String>, path: &str) -> bool {
    let mut known = operations.iter().filter_map(|it| it.split_once(' '));
    known.any(|(_, known)| known == path)
}

/// The keys in a text that are paths.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('/').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_key = before.is_none_or(|c| c.is_whitespace() || !c.is_alphanumeric() && c != '/');
        let rest = &text[at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "/-_.{}~%".contains(c)))?;
        let (path, after) = rest.split_at(end);
        let after = document::without_quote(after).0.trim_start();
        (is_key && path.len() > 1 && after.starts_with(':')).then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> BTreeSet<String> {
        BTreeSet::from(["POST /a".to_owned()])
    }

    #[test]
    fn a_spec_counts_if_it_has_an_operation_that_is_told_nowhere_else() {
        let spec = |path: &str| {
            format!("{{\"openapi\":\"3.1.0\",\"paths\":{{\"{path}\":{{\"post\":{{}}}}}}}}")
        };
        for (text, is_untold) in [
            (format!("```json\n{}\n```\n", spec("/b")), true),
            (format!("```json\n{}\n```\n", spec("/a")), false),
            (format!("```json\n{}…\n```\n", spec("/b")), true),
            (format!("```json\n{}…\n```\n", spec("/a")), false),
            (spec("/b"), true),
            (spec("/a"), false),
            (
                "```yaml\nopenapi: 3.1.0\npaths:\n  /b: [\n```\n".to_owned(),
                true,
            ),
            ("it is \"openapi\": \"3.1.0\"\n".to_owned(), false),
            ("GET https://a/b.md?ask=<question>\n".to_owned(), false),
            ("{% openapi src=\"a.json\" %}\n".to_owned(), true),
            (
                "{% openapi src=\"a.json\" path=\"/b\" %}\n".to_owned(),
                true,
            ),
            (
                "{% openapi src=\"a.json\" path=\"/a\" %}\n".to_owned(),
                false,
            ),
        ] {
            assert_eq!(last_untold(&text, told()).is_some(), is_untold, "{text}");
        }
    }
}
