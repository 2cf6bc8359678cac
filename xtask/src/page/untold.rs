//! Looks for specs in what is no part of a page, such as comments and footers, so that none is lost there: what has
//! an operation that the page does not describe elsewhere counts.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use serde_json::Value;

use super::blocks;
use super::document::{self, Found};
use super::gitbook;
use super::room::Room;
use super::tag;
use crate::openapi::spec::is_method;

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
    let path_of = |operation: &String| operation.split_once(' ').map(|(_, path)| path.to_owned());
    let mut paths: HashSet<String> = told.iter().filter_map(path_of).collect();
    let mut last = None;
    for code in &blocks.code {
        let is_untold = match document::read(&code.info, &code.content, &room) {
            Found::Documents(documents) => {
                let found: Vec<String> = documents.iter().flat_map(operations).collect();
                let is_untold = found.iter().any(|operation| !told.contains(operation));
                paths.extend(found.iter().filter_map(path_of));
                told.extend(found);
                is_untold
            }
            _ => names_another(&code.content, &paths),
        };
        if is_untold {
            last = Some(code.range.start);
        }
    }
    let is_untold = |tag: &Range<usize>| {
        let path = tag::value(&text[tag.clone()], "path");
        path.is_none_or(|path| !paths.contains(path))
    };
    let tags = blocks.tags.iter().filter(|tag| {
        let (_, shows) = gitbook::tag(&text[(*tag).clone()]);
        shows
    });
    let shown = tags.chain(&blocks.embedded).filter(|tag| is_untold(tag));
    let shown = shown.map(|tag| tag.start);
    let is_in_code = |at: usize| {
        let after = blocks.code.partition_point(|code| code.range.start <= at);
        let index = after.checked_sub(1);
        index.is_some_and(|index| blocks.code[index].range.contains(&at))
    };
    // Each is looked at up to the next one.
    let mut marks: Vec<usize> = document::marks(text).map(|mark| mark.at).collect();
    marks.sort_unstable();
    let ends = marks.iter().skip(1).copied().chain([text.len()]);
    let written = marks
        .iter()
        .copied()
        .zip(ends)
        .filter(|(at, end)| !is_in_code(*at) && names_another(&text[*at..*end], &paths));
    shown
        .filter(|at| !is_in_code(*at))
        .chain(written.map(|(at, _)| at))
        .chain(last)
        .max()
}

/// Whether a text that is no document names a path that is none of these.
fn names_another(text: &str, told: &HashSet<String>) -> bool {
    document::mark(text).is_some() && keys(text).any(|path| !told.contains(path))
}

/// The keys in a text that are paths.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('/').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_key = before.is_none_or(|c| c.is_whitespace() || !c.is_alphanumeric() && c != '/');
        if !is_key {
            return None;
        }
        let rest = &text[at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "/-_.{}~%".contains(c)))?;
        let (path, after) = rest.split_at(end);
        let after = document::without_quote(after).0.trim_start();
        (path.len() > 1 && after.starts_with(':')).then_some(path)
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
