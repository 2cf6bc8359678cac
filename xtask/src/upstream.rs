//! Reads what is published now: all pages, or nothing.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::fetch::{self, Fetcher, Listing, Origin};
use crate::snapshot::Snapshot;
use crate::sources::{self, Sources, Standing};
use crate::{assemble, build, page};

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
    /// The pages' texts, normalised, in the order of `sources.toml`; `None` for a
    /// reconstructed page that is still not published.
    pub texts: Vec<Option<String>>,
    /// All of them, read.
    pub snapshot: Snapshot,
    /// How the list of published pages differs from ours.
    pub listing: Listing,
    /// What somebody should know who looks at the result.
    pub warnings: Vec<String>,
}

/// Fetches and reads every page of `sources`, one after the other.
///
/// # Errors
///
/// That of the first page that fails: with one page missing, every comparison
/// would call its operations removed.
pub fn read(openapi: &Path, sources: &Sources, origin: Origin) -> Result<Upstream, Error> {
    let fetcher = Fetcher::new(origin)?;
    let progress = progress(sources.pages.len() + 1);
    let (mut texts, mut pages, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for source in &sources.pages {
        progress.set_message(source.address.clone());
        let text = match fetcher.page(source) {
            Err(error) if source.standing == Standing::Reconstructed && error.is_missing() => {
                warnings.push(format!(
                    "{error}; {} stays as it was reconstructed",
                    source.file
                ));
                None
            }
            text => Some(text?),
        };
        pages.push(read_page(openapi, source, text.as_deref())?);
        texts.push(text);
        progress.inc(1);
    }
    progress.set_message("the list of pages");
    let listing = listing(&fetcher, sources, &mut warnings);
    progress.finish_and_clear();
    let snapshot = Snapshot::of(pages)?;
    Ok(Upstream {
        texts,
        snapshot,
        listing,
        warnings,
    })
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

fn read_page(
    openapi: &Path,
    source: &sources::Page,
    text: Option<&str>,
) -> Result<page::Page, Error> {
    let Some(text) = text else {
        return build::read_page(openapi, source).map_err(Error::CheckedIn);
    };
    page::read(text, &source.file, source.operations.is_empty()).map_err(|reason| Error::Page {
        address: source.address.clone(),
        reason,
    })
}

/// Asks the host of the first page. Pages of another host are not looked up.
fn listing(fetcher: &Fetcher, sources: &Sources, warnings: &mut Vec<String>) -> Listing {
    let Some(first) = sources.pages.first() else {
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
