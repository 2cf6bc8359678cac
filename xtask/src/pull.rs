//! Takes what is published now into `openapi/`: all of it, or nothing.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::build::{self, Generated, Outcome, SOURCES};
use crate::page::Fence;
use crate::sources::{self, Sources, digest};
use crate::upstream::Upstream;
use crate::{lower, page};

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `sources.toml` can't be edited.
    #[error("openapi/sources.toml can't be read: {0}")]
    Sources(#[from] toml_edit::TomlError),
    /// The spec says something that can't be lowered.
    #[error(transparent)]
    Lower(#[from] lower::Error),
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] build::Error),
}

/// Writes the pages, `sources.toml` and the generated files into `openapi`.
///
/// A page that did not change keeps the day on which it was captured; `today` is
/// that of the others.
///
/// # Errors
///
/// Any, and then every file is as it was.
pub fn take(
    openapi: &Path,
    sources: &Sources,
    sources_text: &str,
    upstream: &Upstream,
    today: Date,
) -> Result<Vec<Outcome>, Error> {
    let mut files = Vec::new();
    for (source, text) in sources.pages.iter().zip(&upstream.texts) {
        files.extend(text.clone().map(|text| (source.file.clone(), text)));
    }
    let edited = edit_sources(sources_text, sources, upstream, today)?;
    files.push((SOURCES.to_owned(), edited));
    for Generated { name, text } in build::generated(&upstream.snapshot.document)? {
        files.push((name.to_owned(), text));
    }
    Ok(build::replace_all(openapi, files)?)
}

/// `sources.toml` with its comments and its order, brought up to date.
fn edit_sources(
    text: &str,
    sources: &Sources,
    upstream: &Upstream,
    today: Date,
) -> Result<String, Error> {
    let mut document: DocumentMut = text.parse()?;
    let pages = upstream.texts.iter().zip(&upstream.snapshot.pages);
    for (index, (source, (text, page))) in sources.pages.iter().zip(pages).enumerate() {
        let entry = entry(&mut document, index);
        if let (Some(text), Some(entry)) = (text, entry) {
            edit_entry(entry, source, text, page, today);
        }
    }
    Ok(document.to_string())
}

/// The `index`-th page, whether they are `[[page]]` or a list of inline tables.
fn entry(document: &mut DocumentMut, index: usize) -> Option<&mut dyn TableLike> {
    match document.get_mut("page")? {
        Item::ArrayOfTables(tables) => tables.get_mut(index).map(|table| table as _),
        Item::Value(Value::Array(tables)) => tables
            .get_mut(index)?
            .as_inline_table_mut()
            .map(|table| table as _),
        _ => None,
    }
}

fn edit_entry(
    entry: &mut dyn TableLike,
    source: &sources::Page,
    text: &str,
    page: &page::Page,
    today: Date,
) {
    let found = digest(text.as_bytes());
    if found != source.sha256 {
        let date = toml_edit::Date {
            year: today.year().unsigned_abs(),
            month: today.month().unsigned_abs(),
            day: today.day().unsigned_abs(),
        };
        let date = toml_edit::Datetime {
            date: Some(date),
            time: None,
            offset: None,
        };
        set(entry, "captured", date.into());
        set(entry, "sha256", found.into());
    }
    set(entry, "standing", "published".into());
    let listed: BTreeSet<&str> = source.operations.iter().map(String::as_str).collect();
    let operations: Vec<String> = page.fences.iter().flat_map(Fence::operations).collect();
    if listed != operations.iter().map(String::as_str).collect() {
        let operations: toml_edit::Array = operations.into_iter().collect();
        set(entry, "operations", operations.into());
    }
}

/// Changes a value and keeps the comment that stands beside it.
fn set(entry: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = entry.get_mut(key).and_then(Item::as_value_mut) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    }
}

/// The day in Korea, where the pages are published.
pub fn today() -> Date {
    const KOREA: jiff::tz::Offset = jiff::tz::Offset::constant(9);
    KOREA.to_datetime(jiff::Timestamp::now()).date()
}
