//! Compares the prose of pages, section by section.

use serde_json::Value;

use super::beside::{self, PAGE_PROSE_ADDED, PAGE_PROSE_CHANGED, PAGE_PROSE_REMOVED};
use super::flood::bounded;
use crate::page::Page;
use openapi_compare::finding::Finding;

/// Changed prose outside of the specs.
pub fn compare(old: &[Page], new: &[Page]) -> Vec<Finding> {
    let pages = new
        .iter()
        .filter_map(|page| Some((counterpart(old, new, page)?, page)));
    bounded(pages.flat_map(|(before, after)| page_prose(before, after)))
}

/// The old version of `page`. Two files are compared whatever their names.
fn counterpart<'a>(old: &'a [Page], new: &[Page], page: &Page) -> Option<&'a Page> {
    match (old, new) {
        ([only], [_]) => Some(only),
        _ => old.iter().find(|before| before.file == page.file),
    }
}

fn page_prose<'a>(old: &'a Page, new: &'a Page) -> impl Iterator<Item = Finding> + 'a {
    let (before, after) = (old.by_heading(), new.by_heading());
    let mut headings: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    headings.sort_unstable();
    headings.dedup();
    headings.into_iter().filter_map(move |heading| {
        section(&new.file, heading, before.get(heading), after.get(heading))
    })
}

fn section(
    file: &str,
    heading: &str,
    before: Option<&String>,
    after: Option<&String>,
) -> Option<Finding> {
    let (kind, act) = match (before, after) {
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => (PAGE_PROSE_CHANGED, "changed"),
        (Some(_), None) => (PAGE_PROSE_REMOVED, "was removed"),
        (None, _) => (PAGE_PROSE_ADDED, "was added"),
    };
    let place = format!("{file}#{heading}");
    let message = match heading {
        "" => format!("the text at the top of {file} {act}"),
        _ => format!("the text below \"{heading}\" of {file} {act}"),
    };
    let finding = Finding {
        before: before.cloned().map(Value::from),
        after: after.cloned().map(Value::from),
        path: Some(place.clone()),
        pointer: place,
        message,
        ..beside::finding(kind)
    };
    Some(finding.with_fingerprint())
}
