//! Writes the published pages into `openapi/`: all of them, or nothing.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::generate::lower;
use crate::page;
use crate::page::Fence;
use crate::payssam::build::{self, Generated, Outcome, SOURCES};
use crate::payssam::sources::{self, Sources, digest};
use crate::payssam::upstream::{Added, Taken, Upstream};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `sources.toml` can't be edited.
    #[error("openapi/sources.toml can't be read: {0}")]
    Sources(#[from] toml_edit::TomlError),
    /// The spec can't be lowered.
    #[error(transparent)]
    Lower(#[from] lower::Error),
    /// A file can't be read or written.
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
/// Any; then no file changes.
pub fn take(
    openapi: &Path,
    sources: &Sources,
    sources_text: &str,
    upstream: &Upstream,
    today: Date,
) -> Result<Vec<Outcome>, Error> {
    let mut files = Vec::new();
    for (source, taken) in sources.pages.iter().zip(&upstream.taken) {
        if let Taken::Published { text, page } | Taken::Discovered { text, page, .. } = taken {
            files.push((page.file.clone(), Some(text.clone())));
        }
        if replaces_the_file(source, taken) {
            files.push((source.file.clone(), None));
        }
    }
    for Added { text, page, .. } in &upstream.added {
        files.push((page.file.clone(), Some(text.clone())));
    }
    let edited = edit_sources(sources_text, sources, upstream, today)?;
    files.push((SOURCES.to_owned(), Some(edited)));
    for Generated { name, text } in build::generated(&upstream.snapshot.document)? {
        files.push((name.to_owned(), Some(text)));
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
    for (index, (source, taken)) in sources.pages.iter().zip(&upstream.taken).enumerate() {
        let (text, page, address) = match taken {
            Taken::Published { text, page } => (text, page, None),
            Taken::Discovered {
                text,
                page,
                address,
            } => (text, page, Some(address)),
            Taken::Kept(_) | Taken::Covered => continue,
        };
        if let Some(entry) = entry(&mut document, index) {
            edit_entry(entry, source, text, page, address, today);
        }
    }
    let covered = |taken: &Taken| matches!(taken, Taken::Covered);
    let taken = upstream.taken.iter().enumerate().rev();
    for (index, _) in taken.filter(|(_, taken)| covered(taken)) {
        remove_entry(&mut document, index);
    }
    for added in &upstream.added {
        add_entry(&mut document, added, today);
    }
    Ok(document.to_string())
}

/// Adds a page after all others.
fn add_entry(document: &mut DocumentMut, added: &Added, today: Date) {
    let Added {
        address,
        text,
        page,
    } = added;
    let operations: toml_edit::Array = page.fences.iter().flat_map(Fence::operations).collect();
    let fields: [(&str, Value); 6] = [
        ("file", page.file.as_str().into()),
        ("address", address.into()),
        ("captured", toml_date(today).into()),
        ("sha256", digest(text.as_bytes()).into()),
        ("provenance", "published".into()),
        ("operations", operations.into()),
    ];
    match document.get_mut("page") {
        Some(Item::ArrayOfTables(tables)) => {
            let mut table = toml_edit::Table::new();
            for (key, value) in fields {
                table.insert(key, Item::Value(value));
            }
            tables.push(table);
        }
        Some(Item::Value(Value::Array(tables))) => {
            tables.push(toml_edit::InlineTable::from_iter(fields));
        }
        _ => {}
    }
}

fn toml_date(date: Date) -> toml_edit::Datetime {
    let date = toml_edit::Date {
        year: date.year().unsigned_abs(),
        month: date.month().unsigned_abs(),
        day: date.day().unsigned_abs(),
    };
    toml_edit::Datetime {
        date: Some(date),
        time: None,
        offset: None,
    }
}

/// Whether the old file is no longer needed: it was a reconstruction, and the page has another
/// name.
fn replaces_the_file(source: &sources::Page, taken: &Taken) -> bool {
    match taken {
        Taken::Published { page, .. } | Taken::Discovered { page, .. } => page.file != source.file,
        Taken::Covered => true,
        Taken::Kept(_) => false,
    }
}

fn remove_entry(document: &mut DocumentMut, index: usize) {
    match document.get_mut("page") {
        Some(Item::ArrayOfTables(tables)) => drop(tables.remove(index)),
        Some(Item::Value(Value::Array(tables))) => drop(tables.remove(index)),
        _ => {}
    }
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
    address: Option<&String>,
    today: Date,
) {
    if let Some(address) = address {
        insert(entry, "address", address.into());
    }
    insert(entry, "file", page.file.as_str().into());
    let found = digest(text.as_bytes());
    if found != source.sha256 {
        set(entry, "captured", toml_date(today).into());
        set(entry, "sha256", found.into());
    }
    set(entry, "provenance", "published".into());
    let listed: BTreeSet<&str> = source.operations.iter().map(String::as_str).collect();
    let operations: Vec<String> = page.fences.iter().flat_map(Fence::operations).collect();
    if listed != operations.iter().map(String::as_str).collect() {
        let operations: toml_edit::Array = operations.into_iter().collect();
        set(entry, "operations", operations.into());
    }
}

/// Changes a value and keeps its comment.
fn set(entry: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = entry.get_mut(key).and_then(Item::as_value_mut) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    }
}

/// Sets a value that may not be there yet.
fn insert(entry: &mut dyn TableLike, key: &str, value: Value) {
    match entry.contains_key(key) {
        true => set(entry, key, value),
        false => drop(entry.insert(key, Item::Value(value))),
    }
}

/// The day in Korea, where the pages are published.
pub fn today() -> Date {
    const KOREA: jiff::tz::Offset = jiff::tz::Offset::constant(9);
    KOREA.to_datetime(jiff::Timestamp::now()).date()
}
