//! Fetches the published pages, or copies of them.
//!
//! One request at a time, each with a limit of the time in all, and a `User-Agent` that names the project.
//! Nothing leads from https to http, a page has a limited size, also unpacked, and one run fetches a limited
//! number of pages: what is published may be hostile, and so may be everybody on the way.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, TRANSFER_ENCODING,
};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url, Version};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};
use rustls_platform_verifier::Verifier;
use tokio::runtime::{Builder, Runtime};

use crate::page;
use crate::payssam::sources::{self, Provenance};

const USER_AGENT: &str = concat!(
    "payssam-xtask/",
    env!("CARGO_PKG_VERSION"),
    " (checks a client library against the published pages)"
);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long a page may take in all, unless the command says so.
pub const PAGE_WITHIN: Duration = Duration::from_secs(60);
/// More than 20 MB of prose or JSON. The captured pages are a thousandth of this size.
const LARGEST: u64 = 24 * 1024 * 1024;
const MOST_REDIRECTS: usize = 5;
/// The captured pages and the list of pages are about a tenth of this.
const MOST_PAGES: usize = 100;

/// The list of all published pages.
const INDEX: &str = "llms.txt";

/// Why a page can't be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address in `sources.toml` or of `--from` is invalid.
    #[error("`{address}` is not a valid page address: {reason}; expected https://host/path")]
    Address {
        /// What was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There was no response, or an incomplete one.
    #[error("{place} can't be reached: {reason}")]
    Unreachable {
        /// The file or address.
        place: String,
        /// What happened.
        reason: String,
        /// Whether the server or folder is there but does not have the page.
        missing: bool,
    },
    /// Something under https leads to http, where anybody on the way can write the page.
    #[error(
        "{place} leads from https to http, to {to}, which is never followed; ask whoever publishes the pages to correct it"
    )]
    Downgrade {
        /// The address.
        place: String,
        /// Where it leads.
        to: String,
    },
    /// There are more pages than one run fetches.
    #[error(
        "{place} was not fetched: it is beyond the limit of {MOST_PAGES} pages; look at {INDEX}, and raise MOST_PAGES in xtask/src/payssam/fetch.rs if all of them are needed"
    )]
    TooMany {
        /// The first page that was not fetched.
        place: String,
    },
    /// The response is not Markdown.
    #[error(
        "{place} is an HTML page; expected Markdown, which GitBook serves at a page's address plus .md"
    )]
    Html {
        /// The file or address.
        place: String,
    },
    /// The response is not text.
    #[error(transparent)]
    NotText(page::Error),
}

impl Error {
    fn unreachable(place: impl ToString, reason: impl ToString) -> Self {
        Self::Unreachable {
            place: place.to_string(),
            reason: reason.to_string(),
            missing: false,
        }
    }

    fn missing(place: impl ToString, reason: impl ToString) -> Self {
        Self::Unreachable {
            place: place.to_string(),
            reason: reason.to_string(),
            missing: true,
        }
    }

    /// Whether there is a server, or a folder, and the page is not in it.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unreachable { missing: true, .. })
    }

    /// Whether it ends the run even if the page could be done without.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Downgrade { .. } | Self::TooMany { .. })
    }
}

/// Where pages are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Each page's own address.
    Published,
    /// A server that has copies under the same paths.
    Mirror(Url),
    /// A folder with copies.
    Folder(PathBuf),
}

impl Origin {
    /// Reads the value of `--from`: an address begins with `http://` or
    /// `https://`, everything else is a folder.
    ///
    /// # Errors
    ///
    /// [`Error::Address`] if it is an invalid address.
    pub fn parse(from: &str) -> Result<Self, Error> {
        if from.starts_with("http://") || from.starts_with("https://") {
            return address(from).map(Self::Mirror);
        }
        Ok(Self::Folder(PathBuf::from(from)))
    }
}

fn address(text: &str) -> Result<Url, Error> {
    Url::parse(text).map_err(|error| Error::Address {
        address: text.to_owned(),
        reason: error.to_string(),
    })
}

/// The address of another page of the same host.
pub fn beside(page: &str, path: &str) -> Option<String> {
    let mut beside = address(page).ok()?;
    beside.set_path(path);
    Some(beside.into())
}

/// Fetches pages from one origin.
#[derive(Debug)]
pub struct Fetcher {
    origin: Origin,
    /// None where pages come from a folder.
    network: Option<Network>,
    fetched: Cell<usize>,
}

/// A page that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its Markdown, normalised.
    pub text: String,
    /// The address to which its own leads now, if it is another one.
    pub moved_to: Option<String>,
}

impl Fetcher {
    /// A fetcher for `origin`, which gives a page up after `page_within`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] if TLS can't be set up.
    pub fn new(origin: Origin, page_within: Duration) -> Result<Self, Error> {
        let is_https_only = match &origin {
            Origin::Folder(_) => None,
            Origin::Published => Some(true),
            Origin::Mirror(base) => Some(base.scheme() == "https"),
        };
        let network = is_https_only.map(|https| Network::new(https, page_within));
        let network = network.transpose()?;
        Ok(Self {
            origin,
            network,
            fetched: Cell::new(0),
        })
    }

    /// The page at `address`; a folder may have it under the name of `file`.
    ///
    /// # Errors
    ///
    /// Any. An incomplete page is never returned.
    pub fn page(&self, page: &str, file: &str) -> Result<Fetched, Error> {
        let published = address(&format!("{}.md", page.trim_end_matches('/')))?;
        self.count(&published)?;
        let mut last = None;
        let text = match &self.origin {
            Origin::Published => {
                let (text, at) = self.get(&published)?;
                last = Some(at.path().to_owned());
                text
            }
            Origin::Mirror(base) => {
                let (text, at) = self.get(&moved(&published, base))?;
                let above = base.path().trim_end_matches('/');
                last = at.path().strip_prefix(above).map(str::to_owned);
                text
            }
            Origin::Folder(folder) => {
                let name = Path::new(file).file_name().unwrap_or_default();
                let names = [
                    PathBuf::from(file),
                    PathBuf::from(name),
                    PathBuf::from(published.path().trim_start_matches('/')),
                ];
                read_first(folder, &names)?
            }
        };
        let last = last.filter(|path| path != published.path());
        Ok(Fetched {
            text: page::normalise(&text),
            moved_to: last.and_then(|path| beside(page, &page_path(&path))),
        })
    }

    /// The list of all pages that the host of the page at this address publishes.
    ///
    /// # Errors
    ///
    /// Any; a host need not have such a list.
    pub fn index(&self, page: &str) -> Result<Index, Error> {
        let published = address(page)?;
        let mut root = published.clone();
        root.set_path(INDEX);
        self.count(&root)?;
        let (place, text) = match &self.origin {
            Origin::Published => (root.to_string(), self.get(&root)?.0),
            Origin::Mirror(base) => {
                let root = moved(&root, base);
                (root.to_string(), self.get(&root)?.0)
            }
            Origin::Folder(folder) => (
                folder.join(INDEX).display().to_string(),
                read_first(folder, &[PathBuf::from(INDEX)])?,
            ),
        };
        let index = Index::parse(&text, &root);
        if index.pages.is_empty() {
            return Err(Error::unreachable(place, "the list has no pages"));
        }
        Ok(index)
    }

    fn count(&self, next: &Url) -> Result<(), Error> {
        let fetched = self.fetched.get();
        if fetched == MOST_PAGES {
            let place = next.to_string();
            return Err(Error::TooMany { place });
        }
        self.fetched.set(fetched + 1);
        Ok(())
    }

    /// The text, and the address that it has after all redirects.
    fn get(&self, address: &Url) -> Result<(String, Url), Error> {
        let no_network = || Error::unreachable(address, "pages are read from a folder");
        let network = self.network.as_ref().ok_or_else(no_network)?;
        let Body { bytes, at, html } = network.get(address)?;
        Ok((text(bytes, html, address.as_str())?, at))
    }
}

/// A client that asks for one page at a time.
#[derive(Debug)]
struct Network {
    client: Client,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
    page_within: Duration,
}

/// A whole response.
struct Body {
    bytes: Vec<u8>,
    at: Url,
    html: bool,
}

impl Network {
    fn new(is_https_only: bool, page_within: Duration) -> Result<Self, Error> {
        let failed = |reason: String| Error::unreachable("the network", reason);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failed(error.to_string()))?;
        let client = Client::builder()
            .https_only(is_https_only)
            .tls_backend_preconfigured(tls().map_err(|error| failed(error.to_string()))?)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_WITHIN.min(page_within))
            .redirect(Policy::custom(within_the_host))
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| failed(chain(&error)))?;
        Ok(Self {
            client,
            runtime: Some(runtime),
            page_within,
        })
    }

    /// The whole of a response, within the limit of time, redirects and all.
    fn get(&self, address: &Url) -> Result<Body, Error> {
        let within = self.page_within;
        let late = || {
            let seconds = within.as_secs();
            let reason = format!(
                "it took longer than {seconds} s in all; try again later, or allow more with --timeout"
            );
            Error::unreachable(address, reason)
        };
        let Some(runtime) = &self.runtime else {
            return Err(late());
        };
        let whole = self.whole(address);
        // The timer needs the runtime.
        let answer = runtime.block_on(async { tokio::time::timeout(within, whole).await });
        answer.unwrap_or_else(|_| Err(late()))
    }

    async fn whole(&self, address: &Url) -> Result<Body, Error> {
        let unreachable = |reason: String| Error::unreachable(address, reason);
        let sent = self.client.get(address.clone()).send().await;
        let mut response = sent.map_err(|error| unreachable(chain(&error)))?;
        check(&response, address)?;
        let (html, at) = (is_html(response.headers()), response.url().clone());
        let is_packed = is_packed(response.headers()).map_err(unreachable)?;
        let mut bytes = Vec::new();
        while let Some(part) = response
            .chunk()
            .await
            .map_err(|error| unreachable(chain(&error)))?
        {
            bytes.extend_from_slice(&part);
            if bytes.len() as u64 > LARGEST {
                return Err(unreachable(too_large()));
            }
        }
        if is_packed {
            bytes = body(MultiGzDecoder::new(bytes.as_slice())).map_err(unreachable)?;
        }
        Ok(Body { bytes, at, html })
    }
}

impl Drop for Network {
    /// Does not wait for a name that is still being looked up.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn too_large() -> String {
    format!("it is larger than {LARGEST} bytes")
}

/// Whether a response is packed with gzip, the one encoding that is read.
fn is_packed(headers: &HeaderMap) -> Result<bool, String> {
    let encoding = headers.get(CONTENT_ENCODING);
    let encoding = encoding.map(|encoding| String::from_utf8_lossy(encoding.as_bytes()));
    match encoding.as_deref().map(str::trim) {
        None | Some("" | "identity") => Ok(false),
        Some(gzip)
            if ["gzip", "x-gzip"]
                .iter()
                .any(|it| gzip.eq_ignore_ascii_case(it)) =>
        {
            Ok(true)
        }
        Some(other) => Err(format!(
            "it is encoded as {other}; expected gzip, or no encoding"
        )),
    }
}

/// TLS 1.2 or 1.3 by rustls with ring, trusting what the platform trusts.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let crypto = Arc::new(ring::default_provider());
    let verifier = Arc::new(Verifier::new(crypto.clone())?);
    let config = ClientConfig::builder_with_provider(crypto)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(config.with_no_client_auth())
}

fn within_the_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let host = |address: &Url| (address.host_str().map(str::to_owned), address.port());
    let first = attempt.previous().first().map(host);
    let last = attempt.previous().last();
    let is_downgrade = last.is_some_and(|last| leads_to_http(last, attempt.url()));
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("too many redirects")
    } else if first == Some(host(attempt.url())) && !is_downgrade {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn leads_to_http(from: &Url, to: &Url) -> bool {
    from.scheme() == "https" && to.scheme() != "https"
}

fn check(response: &Response, address: &Url) -> Result<(), Error> {
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(LOCATION);
        let to = to.map_or("nowhere".into(), |to| {
            String::from_utf8_lossy(to.as_bytes())
        });
        let target = response.url().join(&to);
        if target.is_ok_and(|target| leads_to_http(response.url(), &target)) {
            let (place, to) = (address.to_string(), to.into_owned());
            return Err(Error::Downgrade { place, to });
        }
        let reason = format!("it redirects to another host, {to}; such redirects are not followed");
        return Err(Error::unreachable(address, reason));
    }
    if status == StatusCode::NOT_FOUND || status == StatusCode::GONE {
        return Err(Error::missing(address, format!("the response is {status}")));
    }
    if status != StatusCode::OK {
        let reason = format!("the response is {status}; expected 200 OK");
        return Err(Error::unreachable(address, reason));
    }
    if response.version() < Version::HTTP_2 && !says_where_it_ends(response.headers()) {
        let reason = "the response has no length, so it may be cut off";
        return Err(Error::unreachable(address, reason));
    }
    Ok(())
}

fn says_where_it_ends(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING)
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
}

fn body(reader: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut limited = reader.take(LARGEST + 1);
    limited
        .read_to_end(&mut bytes)
        .map_err(|error| chain(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    Ok(bytes)
}

fn text(bytes: Vec<u8>, html: bool, place: &str) -> Result<String, Error> {
    let text = page::decode(bytes, place).map_err(Error::NotText)?;
    if html || looks_like_html(&text) {
        let place = place.to_owned();
        return Err(Error::Html { place });
    }
    Ok(text)
}

fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    ["<!doctype html", "<html"].iter().any(|tag| {
        let start = start.as_bytes().get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    })
}

/// The first of `names` that `folder` has.
fn read_first(folder: &Path, names: &[PathBuf]) -> Result<String, Error> {
    if !folder.is_dir() {
        return Err(Error::unreachable(folder.display(), "no such folder"));
    }
    for name in names {
        let path = folder.join(name);
        let place = path.display().to_string();
        match fs::File::open(&path) {
            Ok(file) => {
                let bytes = body(file).map_err(|reason| Error::unreachable(&place, reason))?;
                return text(bytes, false, &place);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::unreachable(place, error)),
        }
    }
    let places = names
        .iter()
        .map(|name| folder.join(name).display().to_string());
    let places: Vec<_> = places.collect();
    Err(Error::missing(places.join(" or "), "no such file"))
}

/// The same path on another server, below the path of `base`.
fn moved(published: &Url, base: &Url) -> Url {
    let mut moved = base.clone();
    let above = base.path().trim_end_matches('/');
    moved.set_path(&format!("{above}{}", published.path()));
    moved.set_query(published.query());
    moved
}

/// An error with its causes, which reqwest's own message leaves out.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The pages that a host publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    root: Url,
    /// Their paths.
    pages: BTreeSet<String>,
    /// The paths of those that are linked with http in a list under https.
    downgraded: BTreeSet<String>,
}

impl Index {
    /// Reads `llms.txt`: every link in it that leads to the host of `root` names a page, whatever anchor or slash it
    /// ends in, and however its characters are encoded.
    pub fn parse(text: &str, root: &Url) -> Self {
        let links = page::links(text).into_iter();
        let links = links
            .filter_map(|link| root.join(&link).ok())
            .filter(|link| link.host_str() == root.host_str());
        let (mut pages, mut downgraded) = (BTreeSet::new(), BTreeSet::new());
        for link in links {
            let path = page_path(link.path());
            if leads_to_http(root, &link) {
                downgraded.insert(path.clone());
            }
            pages.insert(path);
        }
        Self {
            root: root.clone(),
            pages,
            downgraded,
        }
    }

    /// Compares with the captured pages of this host: pages in their sections that are
    /// not captured, and captured pages that are no longer listed. A reconstructed page
    /// need not be listed.
    ///
    /// # Errors
    ///
    /// [`Error::Downgrade`] if the list is under https and has a page to follow under http.
    pub fn compare(&self, captured: &[sources::Page]) -> Result<Listing, Error> {
        let mut known = BTreeSet::new();
        let mut gone = Vec::new();
        for page in captured {
            let Some(Ok(address)) = page.address.as_deref().map(address) else {
                continue;
            };
            if address.host_str() != self.root.host_str() {
                continue;
            }
            let path = page_path(address.path());
            if page.provenance == Provenance::Published && !self.pages.contains(&path) {
                gone.push(path.clone());
            }
            known.insert(path);
        }
        let sections: BTreeSet<&str> = known.iter().map(|path| section(path)).collect();
        let in_a_section = |page: &&String| {
            let mut sections = sections.iter();
            sections.any(|section| page.starts_with(section))
        };
        let others = self.pages.difference(&known).cloned();
        let (unknown, mut elsewhere): (Vec<String>, Vec<String>) =
            others.partition(|page| in_a_section(&page));
        elsewhere.retain(|page| gone.iter().any(|gone| is_namesake(gone, page)));
        let mut followed = unknown.iter().chain(&elsewhere);
        if let Some(path) = followed.find(|path| self.downgraded.contains(*path)) {
            let (place, to) = (self.root.to_string(), path.clone());
            return Err(Error::Downgrade { place, to });
        }
        Ok(Listing {
            unknown,
            gone,
            elsewhere,
        })
    }
}

/// The path of a page without what may follow its name, with single slashes, and without encoded characters that
/// need no encoding.
fn page_path(path: &str) -> String {
    let path = decoded(path);
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    let path = format!("/{}", names.join("/"));
    let is_markdown =
        path.len() > 3 && path.as_bytes()[path.len() - 3..].eq_ignore_ascii_case(b".md");
    let end = path.len() - if is_markdown { 3 } else { 0 };
    path[..end].trim_end_matches('/').to_owned()
}

/// Decodes what need not be encoded: letters, digits and `-._~`.
fn decoded(path: &str) -> String {
    let mut decoded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        decoded += &rest[..at];
        let code = rest.get(at + 1..at + 3);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        let plain = byte.map(char::from);
        match plain.filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c)) {
            Some(plain) => {
                decoded.push(plain);
                rest = &rest[at + 3..];
            }
            None => {
                decoded.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    decoded + rest
}

/// Whether two pages have the same name in different places.
pub fn is_namesake(one: &str, other: &str) -> bool {
    let name = |path: &str| {
        let name = path.trim_end_matches('/').rsplit('/').next();
        name.unwrap_or_default().to_ascii_lowercase()
    };
    one != other && !name(one).is_empty() && name(one) == name(other)
}

/// The section of a page: its path without the last name.
fn section(path: &str) -> &str {
    path.rfind('/').map_or(path, |end| &path[..=end])
}

/// How the list of published pages differs from the captured ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Paths of pages that are published but not captured.
    pub unknown: Vec<String>,
    /// Paths of captured pages that are no longer listed.
    pub gone: Vec<String>,
    /// Paths of pages in other sections that have the name of one that is gone, so that it may have moved there.
    pub elsewhere: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str, provenance: &str) -> sources::Page {
        let text = format!(
            "[[page]]\nfile = \"pages/a.md\"\naddress = \"{address}\"\ncaptured = 2026-11-23\n\
             sha256 = \"\"\nprovenance = \"{provenance}\"\noperations = []\n"
        );
        sources::parse(&text).unwrap().pages.remove(0)
    }

    #[test]
    fn an_index_is_compared_by_path_within_the_sections_of_the_captured_pages() {
        let root = Url::parse("https://docs.example.com/llms.txt").unwrap();
        let text = "# Docs\n\n- [A](https://docs.example.com/api/v2/a.md): first\n\
                    - [B](/api/v2/b.md)\n- [C](https://docs.example.com/guide/c.md)\n\
                    - [D](https://elsewhere.example.com/api/v2/d.md)\n";
        let captured = [
            source("https://docs.example.com/api/v2/a", "published"),
            source("https://docs.example.com/api/v2/y", "reconstructed"),
            source("https://docs.example.com/api/v2/z", "published"),
            source("https://other.example.com/guide/c", "published"),
        ];
        let listing = Index::parse(text, &root).compare(&captured).unwrap();
        assert_eq!(listing.unknown, ["/api/v2/b"]);
        assert_eq!(listing.gone, ["/api/v2/z"]);
    }

    #[test]
    fn a_mirror_keeps_the_path_below_its_own() {
        let published = Url::parse("https://docs.example.com/api/a.md").unwrap();
        for (base, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/a.md"),
            (
                "http://127.0.0.1:8080/copy/",
                "http://127.0.0.1:8080/copy/api/a.md",
            ),
        ] {
            let base = Url::parse(base).unwrap();
            assert_eq!(moved(&published, &base).as_str(), expected);
        }
    }

    #[test]
    fn html_is_recognised_by_its_beginning() {
        assert!(looks_like_html("\u{feff}\n<!DOCTYPE html>"));
        assert!(looks_like_html("<HTML lang=\"ko\">"));
        assert!(!looks_like_html("# <html>"));
        assert!(!looks_like_html("<한글>"));
    }
}
