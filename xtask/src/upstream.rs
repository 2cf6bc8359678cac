//! Reads what is published now: all pages, or nothing.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::fetch::{self, Fetcher, Listing, Origin};
use crate::page::Fence;
use crate::snapshot::Snapshot;
use crate::sources::{self, Sources, Standing};
use crate::{assemble, build, page, reconstructed};

/// Why it is not known what is published now.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A page could not be had.
    #[error("{0}; nothing was compared or changed")]
    Fetch(#[from] fetch::Error),
    /// A page that nobody could capture yet is not in the folder either.
    #[error(transparent)]
    CheckedIn(build::Error),
    /// A page can't be read as a spec.
    #[error(
        "{address}.md can't be read as a spec: {reason} (lines are those of the normalised page)"
    )]
    Page {
        /// The page's address.
        address: String,
        /// What is wrong with it.
        reason: page::Error,
    },
    /// Two pages disagree.
    #[error("the published pages disagree: {0}")]
    Assemble(#[from] assemble::Error),
}

/// What is published now.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// What there is of each page of `sources.toml`, in its order.
    pub taken: Vec<Taken>,
    /// All of them, read.
    pub snapshot: Snapshot,
    /// How the list of published pages differs from ours.
    pub listing: Listing,
    /// What somebody should know who looks at the result.
    pub warnings: Vec<String>,
}

/// What there is of one page of `sources.toml`. Texts are normalised.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It is published.
    Published {
        /// Its text.
        text: String,
        /// The same, read.
        page: page::Page,
    },
    /// It is reconstructed, and still not published.
    Kept(page::Page),
    /// It is reconstructed, and a page that nobody knew the address of describes it.
    Discovered {
        /// Where that page is published.
        address: String,
        /// Its text.
        text: String,
        /// The same, read.
        page: page::Page,
    },
    /// It is reconstructed, and the page that was discovered for another describes it too.
    Covered,
}

impl Taken {
    fn page(&self) -> Option<&page::Page> {
        match self {
            Taken::Published { page, .. } | Taken::Kept(page) | Taken::Discovered { page, .. } => {
                Some(page)
            }
            Taken::Covered => None,
        }
    }
}

/// Fetches and reads every page of `sources`, one after the other. While there are pieces whose
/// pages nobody knows the address of, pages that are listed and not captured are looked at too.
///
/// # Errors
///
/// That of the first page that fails: with one page missing, every comparison
/// would call its operations removed.
pub fn read(openapi: &Path, sources: &Sources, origin: Origin) -> Result<Upstream, Error> {
    let fetcher = Fetcher::new(origin)?;
    let progress = progress(sources.pages.len() + 1);
    let (mut taken, mut warnings) = (Vec::new(), Vec::new());
    for source in &sources.pages {
        progress.set_message(source.file.clone());
        taken.push(take(&fetcher, openapi, source, &mut warnings)?);
        progress.inc(1);
    }
    progress.set_message("the list of pages");
    let mut listing = listing(&fetcher, sources, &mut warnings);
    discover(&fetcher, sources, &mut taken, &mut listing, &mut warnings);
    progress.finish_and_clear();
    let snapshot = Snapshot::of(taken.iter().filter_map(Taken::page).cloned().collect())?;
    Ok(Upstream {
        taken,
        snapshot,
        listing,
        warnings,
    })
}

fn take(
    fetcher: &Fetcher,
    openapi: &Path,
    source: &sources::Page,
    warnings: &mut Vec<String>,
) -> Result<Taken, Error> {
    let kept = || build::read_page(openapi, source).map_err(Error::CheckedIn);
    let Some(address) = &source.address else {
        return kept().map(Taken::Kept);
    };
    let file = published_file(&source.file, address, &[]);
    let text = match fetcher.page(address, &file) {
        Err(error) if source.standing == Standing::Reconstructed && error.is_missing() => {
            warnings.push(format!(
                "{error}; {} stays as it was reconstructed",
                source.file
            ));
            return kept().map(Taken::Kept);
        }
        text => text?,
    };
    let page = page::read(&text, &file, source.operations.is_empty()).map_err(|reason| {
        let address = address.clone();
        Error::Page { address, reason }
    })?;
    Ok(Taken::Published { text, page })
}

/// Looks for the operations of the pieces on the pages that are listed and not captured.
fn discover(
    fetcher: &Fetcher,
    sources: &Sources,
    taken: &mut [Taken],
    listing: &mut Listing,
    warnings: &mut Vec<String>,
) {
    let is_sought = |(source, taken): &(&sources::Page, &Taken)| {
        source.address.is_none() && matches!(taken, Taken::Kept(_))
    };
    let Some(first) = sources
        .pages
        .iter()
        .find_map(|page| page.address.as_deref())
    else {
        return;
    };
    let mut names: Vec<String> = sources.pages.iter().map(|page| page.file.clone()).collect();
    listing.unknown.retain(|path| {
        if !sources
            .pages
            .iter()
            .zip(&*taken)
            .any(|pair| is_sought(&pair))
        {
            return true;
        }
        let Some(address) = fetch::beside(first, path) else {
            return true;
        };
        let file = published_file("", &address, &names);
        let read = fetcher
            .page(&address, &file)
            .map_err(|error| error.to_string());
        let read = read.and_then(|text| match page::read(&text, &file, true) {
            Ok(page) => Ok(Some((text, page))),
            Err(page::Error::NoSpec { .. }) => Ok(None),
            Err(error) => Err(error.to_string()),
        });
        let (text, page) = match read {
            Ok(Some(found)) => found,
            Ok(None) => return true,
            Err(error) => {
                warnings.push(format!("{error}; nobody knows what {path} describes"));
                return true;
            }
        };
        let operations: Vec<String> = page.fences.iter().flat_map(Fence::operations).collect();
        let mut found = Some(Taken::Discovered {
            address,
            text,
            page,
        });
        for (source, taken) in sources.pages.iter().zip(taken.iter_mut()) {
            if is_sought(&(source, taken))
                && source
                    .operations
                    .iter()
                    .any(|sought| operations.contains(sought))
            {
                *taken = found.take().unwrap_or(Taken::Covered);
            }
        }
        names.push(file);
        found.is_some()
    });
}

/// The file of a published page: the one it has, or, where that is a piece or there is none, one
/// by the last name of the address, or by all of them if it is one of `others`.
fn published_file(file: &str, address: &str, others: &[String]) -> String {
    if !file.is_empty() && !reconstructed::is_piece(file) {
        return file.to_owned();
    }
    let path = address.split("://").last().unwrap_or(address);
    let mut names: Vec<&str> = path
        .split('/')
        .skip(1)
        .filter(|name| !name.is_empty())
        .collect();
    let last = names.split_off(names.len().saturating_sub(1)).concat();
    let short = format!("pages/{last}.md");
    match others.contains(&short) {
        true => format!("pages/{}-{last}.md", names.join("-")),
        false => short,
    }
}

/// Draws to stderr, and only to a terminal.
fn progress(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Asks the host of the first page. Pages of another host are not looked up.
fn listing(fetcher: &Fetcher, sources: &Sources, warnings: &mut Vec<String>) -> Listing {
    let Some(first) = sources
        .pages
        .iter()
        .find_map(|page| page.address.as_deref())
    else {
        return Listing::default();
    };
    match fetcher.index(first) {
        Ok(index) => index.compare(&sources.pages),
        Err(error) => {
            warnings.push(format!(
                "{error}; it is not known which pages are new or gone"
            ));
            Listing::default()
        }
    }
}
