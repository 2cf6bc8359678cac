//! Reads the published pages: all of them, or nothing.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::console::Progress;
use crate::generate::assemble;
use crate::page;
use crate::page::Fence;
use crate::payssam::build;
use crate::payssam::fetch::{self, Fetcher, Listing, Origin};
use crate::payssam::snapshot::Snapshot;
use crate::payssam::sources::{self, Provenance, Sources};

/// Why the published pages can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A page can't be fetched.
    #[error("{0}; nothing was compared or changed")]
    Fetch(#[from] fetch::Error),
    /// A reconstruction in the folder can't be read.
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
    /// Two pages contradict each other.
    #[error("the published pages can't be put together: {0}")]
    Assemble(#[from] assemble::Error),
}

/// What is published now.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// The result for each page of `sources.toml`, in its order.
    pub taken: Vec<Taken>,
    /// Pages without an entry in `sources.toml` that describe what another page described.
    pub added: Vec<Added>,
    /// All of them, read.
    pub snapshot: Snapshot,
    /// How the list of published pages differs from `sources.toml`.
    pub listing: Listing,
    /// Warnings for whoever reads the result.
    pub warnings: Vec<String>,
}

/// The result for one page of `sources.toml`. Texts are normalised.
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
    /// A page with another address describes it: it is reconstructed and has none, or has moved.
    Discovered {
        /// Where that page is published.
        address: String,
        /// Its text.
        text: String,
        /// The same, read.
        page: page::Page,
    },
    /// Other pages describe all of it.
    Covered,
}

/// A published page without an entry.
#[derive(Clone, Debug)]
pub struct Added {
    /// Where it is published.
    pub address: String,
    /// Its text, normalised.
    pub text: String,
    /// The same, read.
    pub page: page::Page,
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

/// Fetches and reads every page of `sources`, one after the other. Pages that are listed but not
/// captured are searched for operations that no other page describes: reconstructed ones, and those
/// of pages that are no longer published or no longer describe them.
///
/// # Errors
///
/// That of the first page that fails: with one page missing, every comparison
/// would report its operations as removed. A page that is no longer published fails unless
/// others describe all of its operations. Something that leads from https to http, or to more pages
/// than one run fetches, fails even if it leads to a page that could be done without.
///
/// Each page is given up after `page_within`.
pub fn read(
    openapi: &Path,
    sources: &Sources,
    origin: Origin,
    page_within: Duration,
) -> Result<Upstream, Error> {
    let fetcher = Fetcher::new(origin, page_within)?;
    let progress = Progress::new(sources.pages.len() + 1, "{pos}/{len} {wide_msg}");
    let (mut reading, mut missing) = (Reading::default(), Vec::new());
    let mut redirected = Vec::new();
    for source in &sources.pages {
        progress.at(&source.file);
        let taken = take(&fetcher, openapi, source, &mut reading.warnings);
        reading.entries.push(match taken {
            Ok((taken, moved_to)) => {
                redirected.push(moved_to);
                Entry::Taken(taken)
            }
            Err(Error::Fetch(error)) if error.is_missing() => {
                missing.push((source, error));
                redirected.push(None);
                Entry::Missing
            }
            Err(error) => return Err(error),
        });
        progress.step();
    }
    progress.at("the list of pages");
    let mut listing = listing(&fetcher, sources, &mut reading.warnings)?;
    reading.follow(sources, redirected, &mut listing);
    reading.follow_names(&fetcher, sources, &mut listing)?;
    reading.cover(sources);
    reading.discover(&fetcher, sources, &mut listing)?;
    progress.finish();
    let described = reading.described();
    for (source, error) in missing {
        let mut operations = source.operations.iter();
        if operations.len() == 0 || !operations.all(|it| described.contains(it)) {
            return Err(error.into());
        }
        listing.gone.retain(|path| !is_address(source, path));
    }
    let Reading {
        entries,
        added,
        warnings,
    } = reading;
    let taken: Vec<Taken> = entries.into_iter().map(Taken::from).collect();
    let pages = taken.iter().filter_map(Taken::page);
    let pages = pages.chain(added.iter().map(|added| &added.page));
    let snapshot = Snapshot::of(pages.cloned().collect())?;
    let mut warnings = warnings;
    warnings.extend(snapshot.remarks());
    Ok(Upstream {
        taken,
        added,
        snapshot,
        listing,
        warnings,
    })
}

/// What is known so far.
#[derive(Default)]
struct Reading {
    /// The result so far for each page of `sources.toml`.
    entries: Vec<Entry>,
    added: Vec<Added>,
    warnings: Vec<String>,
}

enum Entry {
    Taken(Taken),
    /// It was captured and is no longer published.
    Missing,
}

impl From<Entry> for Taken {
    /// A page that is no longer published is covered by others, or the pull fails.
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Taken(taken) => taken,
            Entry::Missing => Taken::Covered,
        }
    }
}

impl Entry {
    /// Whether a page that describes it takes its place.
    fn gives_way(&self, source: &sources::Page) -> bool {
        match self {
            Entry::Taken(Taken::Kept(_)) => source.address.is_none(),
            Entry::Taken(_) => false,
            Entry::Missing => true,
        }
    }
}

impl Reading {
    /// The operations that pages describe, without reconstructions.
    fn described(&self) -> BTreeSet<String> {
        let taken = self.entries.iter().filter_map(|entry| match entry {
            Entry::Taken(Taken::Published { page, .. } | Taken::Discovered { page, .. }) => {
                Some(page)
            }
            _ => None,
        });
        let pages = taken.chain(self.added.iter().map(|added| &added.page));
        let fences = pages.flat_map(|page| &page.fences);
        fences.flat_map(Fence::operations).collect()
    }

    /// The operations that no page describes any longer, or yet.
    fn sought(&self, sources: &Sources) -> BTreeSet<String> {
        let described = self.described();
        let entries = sources.pages.iter().zip(&self.entries);
        entries
            .filter(|(source, entry)| {
                entry.gives_way(source) || source.provenance == Provenance::Published
            })
            .flat_map(|(source, _)| &source.operations)
            .filter(|operation| !described.contains(*operation))
            .cloned()
            .collect()
    }

    /// Gives each page that redirects its new address, if the list agrees.
    fn follow(
        &mut self,
        sources: &Sources,
        redirected: Vec<Option<String>>,
        listing: &mut Listing,
    ) {
        let entries = sources.pages.iter().zip(&mut self.entries);
        for ((source, entry), moved_to) in entries.zip(redirected) {
            let (Some(to), Entry::Taken(Taken::Published { text, page })) = (moved_to, &*entry)
            else {
                continue;
            };
            let from = |path: &&String| is_address(source, path);
            let (Some(gone), Some(new)) = (
                listing.gone.iter().position(|path| from(&path)),
                listing
                    .unknown
                    .iter()
                    .position(|path| to.ends_with(path.as_str())),
            ) else {
                continue;
            };
            listing.gone.remove(gone);
            listing.unknown.remove(new);
            self.warnings.push(moved(source, &to));
            *entry = Entry::Taken(Taken::Discovered {
                text: text.clone(),
                page: page.clone(),
                address: to,
            });
        }
    }

    /// Gives each page that is no longer listed the address of the one listed page of its name, if that describes the
    /// same.
    fn follow_names(
        &mut self,
        fetcher: &Fetcher,
        sources: &Sources,
        listing: &mut Listing,
    ) -> Result<(), Error> {
        for (source, entry) in sources.pages.iter().zip(&mut self.entries) {
            let Entry::Taken(Taken::Published { page: old, .. }) = &*entry else {
                continue;
            };
            let (Some(from), Some(gone)) = (
                source.address.as_deref(),
                listing
                    .gone
                    .iter()
                    .position(|path| is_address(source, path)),
            ) else {
                continue;
            };
            let listed = listing.unknown.iter().chain(&listing.elsewhere);
            let mut namesakes = listed.filter(|path| fetch::is_namesake(&listing.gone[gone], path));
            let (Some(path), None) = (namesakes.next().cloned(), namesakes.next()) else {
                continue;
            };
            let Some(address) = fetch::beside(from, &path) else {
                continue;
            };
            let file = published_file(&source.file, from, &[]);
            let text = match fetcher.page(&address, &file) {
                Ok(fetched) => fetched.text,
                Err(error) if error.is_final() => return Err(error.into()),
                Err(_) => continue,
            };
            let Ok(page) = page::read(&text, &file, source.operations.is_empty()) else {
                continue;
            };
            let described = |page: &page::Page| -> BTreeSet<String> {
                page.fences.iter().flat_map(Fence::operations).collect()
            };
            if described(&page) != described(old) {
                continue;
            }
            listing.gone.remove(gone);
            listing.unknown.retain(|listed| *listed != path);
            listing.elsewhere.retain(|listed| *listed != path);
            self.warnings.push(moved(source, &address));
            *entry = Entry::Taken(Taken::Discovered {
                address,
                text,
                page,
            });
        }
        Ok(())
    }

    /// Drops every reconstruction that a page now describes.
    fn cover(&mut self, sources: &Sources) {
        let described = self.described();
        for (source, entry) in sources.pages.iter().zip(&mut self.entries) {
            let is_described = source.operations.iter().any(|it| described.contains(it));
            if matches!(entry, Entry::Taken(Taken::Kept(_))) && is_described {
                *entry = Entry::Taken(Taken::Covered);
            }
        }
    }

    /// Looks for these operations on pages that are listed but not captured.
    fn discover(
        &mut self,
        fetcher: &Fetcher,
        sources: &Sources,
        listing: &mut Listing,
    ) -> Result<(), Error> {
        let Some(first) = sources
            .pages
            .iter()
            .find_map(|page| page.address.as_deref())
        else {
            return Ok(());
        };
        let mut names: Vec<String> = sources.pages.iter().map(|page| page.file.clone()).collect();
        let mut unread = None;
        let is_missing = |path: &&String| {
            let mut entries = sources.pages.iter().zip(&self.entries);
            entries.any(|(source, entry)| {
                let from = source.address.as_deref().unwrap_or_default();
                matches!(entry, Entry::Missing) && fetch::is_namesake(from, path)
            })
        };
        let elsewhere: BTreeSet<String> = listing
            .elsewhere
            .iter()
            .filter(is_missing)
            .cloned()
            .collect();
        let listed = std::mem::take(&mut listing.unknown);
        for path in listed.into_iter().chain(elsewhere.iter().cloned()) {
            let sought = self.sought(sources);
            let is_elsewhere = elsewhere.contains(&path);
            let address = match sought.is_empty() {
                true => None,
                false => fetch::beside(first, &path),
            };
            let Some(address) = address else {
                if !is_elsewhere {
                    listing.unknown.push(path);
                }
                continue;
            };
            let file = published_file("", &address, &names);
            let found = look(fetcher, &address, &file)?.unwrap_or_else(|error| {
                let warning = format!("{error}; what {path} describes is unknown");
                self.warnings.push(warning);
                unread.get_or_insert(error);
                None
            });
            let describes_sought = |page: &page::Page| {
                let mut operations = page.fences.iter().flat_map(Fence::operations);
                operations.any(|operation| sought.contains(&operation))
            };
            let Some((text, page)) = found.filter(|(_, page)| describes_sought(page)) else {
                if !is_elsewhere {
                    listing.unknown.push(path);
                }
                continue;
            };
            let operations: BTreeSet<String> =
                page.fences.iter().flat_map(Fence::operations).collect();
            let place = sources
                .pages
                .iter()
                .zip(&self.entries)
                .position(|(source, entry)| {
                    let describes = |it: &String| operations.contains(it);
                    entry.gives_way(source) && source.operations.iter().any(describes)
                });
            match place {
                Some(place) => {
                    let source = &sources.pages[place];
                    // A page that moved keeps its file, so that its pins still find it.
                    let page = match source.provenance == Provenance::Published {
                        true => page::read(&text, &source.file, true).unwrap_or(page),
                        false => page,
                    };
                    if source.provenance == Provenance::Published {
                        self.warnings.push(moved(source, &address));
                    }
                    self.entries[place] = Entry::Taken(Taken::Discovered {
                        address,
                        text,
                        page,
                    });
                }
                None => self.added.push(Added {
                    address,
                    text,
                    page,
                }),
            }
            names.push(file);
            self.cover(sources);
        }
        // The page that cannot be read may describe what is missing.
        match unread {
            Some(error) if self.has_lost(sources) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether no page describes any longer what a published one described.
    fn has_lost(&self, sources: &Sources) -> bool {
        let described = self.described();
        let mut published = sources.pages.iter();
        published.any(|source| {
            let mut operations = source.operations.iter();
            source.provenance == Provenance::Published
                && operations.any(|it| !described.contains(it))
        })
    }
}

/// A page that may hold a spec, or why that is unknown.
fn look(
    fetcher: &Fetcher,
    address: &str,
    file: &str,
) -> Result<Result<Option<(String, page::Page)>, Error>, Error> {
    let text = match fetcher.page(address, file) {
        Ok(fetched) => fetched.text,
        Err(error) if error.is_final() => return Err(error.into()),
        Err(error) => return Ok(Err(error.into())),
    };
    Ok(match page::read(&text, file, true) {
        Ok(page) if page.fences.is_empty() => Ok(None),
        Ok(page) => Ok(Some((text, page))),
        Err(page::Error::NoSpec { .. }) => Ok(None),
        Err(reason) => Err(Error::Page {
            address: address.to_owned(),
            reason,
        }),
    })
}

/// Whether a page was published at this path.
fn is_address(source: &sources::Page, path: &str) -> bool {
    let address = source.address.as_deref().unwrap_or_default();
    address.trim_end_matches('/').ends_with(path)
}

fn moved(source: &sources::Page, to: &str) -> String {
    let from = source.address.as_deref().unwrap_or_default();
    format!("the page {from} moved to {to}; a pull writes its new address into sources.toml")
}

fn take(
    fetcher: &Fetcher,
    openapi: &Path,
    source: &sources::Page,
    warnings: &mut Vec<String>,
) -> Result<(Taken, Option<String>), Error> {
    let kept = || build::read_page(openapi, source).map_err(Error::CheckedIn);
    let Some(address) = &source.address else {
        return Ok((Taken::Kept(kept()?), None));
    };
    let file = published_file(&source.file, address, &[]);
    let fetch::Fetched { text, moved_to } = match fetcher.page(address, &file) {
        Err(error) if source.provenance == Provenance::Reconstructed && error.is_missing() => {
            warnings.push(format!("{error}; {} stays reconstructed", source.file));
            return Ok((Taken::Kept(kept()?), None));
        }
        fetched => fetched?,
    };
    let page = page::read(&text, &file, source.operations.is_empty()).map_err(|reason| {
        let address = address.clone();
        Error::Page { address, reason }
    })?;
    Ok((Taken::Published { text, page }, moved_to))
}

/// The file of a published page. Where it has none yet or was a reconstruction, it is named by the
/// last name of the address, or by all names if that is one of `others`.
fn published_file(file: &str, address: &str, others: &[String]) -> String {
    if !file.is_empty() && !page::is_reconstruction(file) {
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

/// The list of the host of the first page. Pages of other hosts are not looked up.
fn listing(
    fetcher: &Fetcher,
    sources: &Sources,
    warnings: &mut Vec<String>,
) -> Result<Listing, Error> {
    let Some(first) = sources
        .pages
        .iter()
        .find_map(|page| page.address.as_deref())
    else {
        return Ok(Listing::default());
    };
    match fetcher.index(first) {
        Ok(index) => Ok(index.compare(&sources.pages)?),
        Err(error) if error.is_final() => Err(error.into()),
        Err(error) => {
            warnings.push(format!("{error}; new and removed pages are unknown"));
            Ok(Listing::default())
        }
    }
}
