//! Compares the words of pages, section by section.

use serde_json::Value;

use crate::finding::{Finding, Level};
use crate::page::Page;

/// Changed words outside of the specs.
pub fn compare(old: &[Page], new: &[Page]) -> Vec<Finding> {
    new.iter()
        .filter_map(|page| Some((counterpart(old, new, page)?, page)))
        .flat_map(|(before, after)| page_prose(before, after))
        .collect()
}

/// The page that `page` was. Two files that are compared have any names.
fn counterpart<'a>(old: &'a [Page], new: &[Page], page: &Page) -> Option<&'a Page> {
    match (old, new) {
        ([only], [_]) => Some(only),
        _ => old.iter().find(|before| before.file == page.file),
    }
}

fn page_prose(old: &Page, new: &Page) -> Vec<Finding> {
    let (before, after) = (old.by_heading(), new.by_heading());
    let mut headings: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    headings.sort_unstable();
    headings.dedup();
    headings
        .into_iter()
        .filter_map(|heading| section(&new.file, heading, before.get(heading), after.get(heading)))
        .collect()
}

fn section(
    file: &str,
    heading: &str,
    before: Option<&String>,
    after: Option<&String>,
) -> Option<Finding> {
    let (id, act) = match (before, after) {
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => ("page-prose-changed", "changed"),
        (Some(_), None) => ("page-prose-removed", "is gone"),
        (None, _) => ("page-prose-added", "is new"),
    };
    let place = format!("{file}#{heading}");
    let message = match heading {
        "" => format!("the text at the top of {file} {act}"),
        _ => format!("the text below \"{heading}\" of {file} {act}"),
    };
    let finding = Finding {
        before: before.cloned().map(Value::from),
        after: after.cloned().map(Value::from),
        ..plain(id, Level::Doc, &place, message)
    };
    Some(finding.with_fingerprint())
}

fn plain(id: &str, level: Level, place: &str, message: String) -> Finding {
    Finding {
        id: id.to_owned(),
        level,
        operation: None,
        operation_id: None,
        direction: None,
        path: Some(place.to_owned()),
        pointer: place.to_owned(),
        before: None,
        after: None,
        message,
        fingerprint: String::new(),
        implemented_by: None,
    }
}
