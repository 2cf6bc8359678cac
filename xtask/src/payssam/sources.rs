//! `openapi/sources.toml`: the captured pages, from where and when they were captured, and
//! their provenance.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};
use sha2::{Digest, Sha256};

use crate::page::Fence;

/// Why the checked-in pages can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `sources.toml` does not have the expected format.
    #[error("openapi/sources.toml can't be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// `sources.toml` is empty.
    #[error("openapi/sources.toml lists no pages; add at least one [[page]]")]
    NoPage,
    /// A published page has no address.
    #[error("openapi/sources.toml: {file} is published but has no address")]
    NoAddress {
        /// The page.
        file: String,
    },
    /// A page differs from the captured one.
    #[error(
        "{file} was edited by hand, or captured again without a new digest: sources.toml says sha256 = \"{recorded}\", the file has \"{found}\"; restore the file or record the new digest"
    )]
    Digest {
        /// The page.
        file: String,
        /// The digest in `sources.toml`.
        recorded: String,
        /// The digest of the file on disk.
        found: String,
    },
    /// A page describes other operations than it is listed with.
    #[error(
        "{file} does not describe the operations that sources.toml lists: missing from the page: {}; not listed: {}",
        list(missing),
        list(extra)
    )]
    Operations {
        /// The page.
        file: String,
        /// Listed, but not on the page.
        missing: Vec<String>,
        /// On the page, but not listed.
        extra: Vec<String>,
    },
}

fn list(operations: &[String]) -> String {
    match operations {
        [] => "none".to_owned(),
        some => some.join(", "),
    }
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// The pages, in the order in which they are assembled.
    #[serde(rename = "page")]
    pub pages: Vec<Page>,
}

/// One captured page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The path of the page, relative to `openapi/`.
    pub file: String,
    /// Where it is published; its Markdown is at this address plus `.md`. It may be unknown
    /// only for a reconstruction.
    pub address: Option<String>,
    /// The day on which the page was taken into this repository.
    #[serde(deserialize_with = "toml_date")]
    pub captured: Date,
    /// SHA-256 of the file's bytes, lower-case hex.
    pub sha256: String,
    /// How sure the page is.
    #[serde(rename = "provenance")]
    pub provenance: Provenance,
    /// What the page describes, each as `METHOD /path`.
    pub operations: Vec<String>,
}

/// How sure a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// The page itself was captured.
    Published,
    /// Reconstructed from release notes and observed behaviour, until the page can be
    /// captured.
    Reconstructed,
}

pub(crate) fn toml_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let datetime = toml::value::Datetime::deserialize(deserializer)?;
    match (datetime.date, datetime.time, datetime.offset) {
        (Some(date), None, None) => format!("{date}").parse().map_err(D::Error::custom),
        _ => Err(D::Error::custom("expected a date such as 2026-11-23")),
    }
}

/// Reads the text of `sources.toml`.
///
/// # Errors
///
/// [`Error::Toml`] names line and column, also of an unknown key;
/// [`Error::NoPage`] if there is nothing to build from.
pub fn parse(text: &str) -> Result<Sources, Error> {
    let sources: Sources = toml::from_str(text)?;
    if sources.pages.is_empty() {
        return Err(Error::NoPage);
    }
    for page in &sources.pages {
        if page.provenance == Provenance::Published && page.address.is_none() {
            return Err(Error::NoAddress {
                file: page.file.clone(),
            });
        }
    }
    Ok(sources)
}

/// SHA-256 as lower-case hex, the form that `sources.toml` keeps.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Page {
    /// Checks that `bytes`, the file on disk, are what was captured.
    ///
    /// # Errors
    ///
    /// [`Error::Digest`] with both digests.
    pub fn verify_digest(&self, bytes: &[u8]) -> Result<(), Error> {
        let found = digest(bytes);
        if found == self.sha256 {
            return Ok(());
        }
        Err(Error::Digest {
            file: self.file.clone(),
            recorded: self.sha256.clone(),
            found,
        })
    }

    /// Checks that the page's specs describe exactly the listed operations.
    ///
    /// # Errors
    ///
    /// [`Error::Operations`] names those that are missing or not listed.
    pub fn verify_operations(&self, fences: &[Fence]) -> Result<(), Error> {
        let listed: BTreeSet<String> = self.operations.iter().cloned().collect();
        let found: BTreeSet<String> = fences.iter().flat_map(Fence::operations).collect();
        if listed == found {
            return Ok(());
        }
        Err(Error::Operations {
            file: self.file.clone(),
            missing: listed.difference(&found).cloned().collect(),
            extra: found.difference(&listed).cloned().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ONE_PAGE: &str = r#"
[[page]]
file = "pages/acceptance.md"
address = "https://developers.payssam.kr/api/api-v2/acceptance"
captured = 2026-11-23
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
provenance = "published"
operations = ["POST /bill/cancel", "POST /bill/read"]
"#;

    fn page() -> Page {
        parse(ONE_PAGE).unwrap().pages.remove(0)
    }

    #[test]
    fn a_page_is_read_with_all_its_fields() {
        let page = page();
        assert_eq!(page.file, "pages/acceptance.md");
        assert_eq!(page.captured, date(2026, 11, 23));
        assert_eq!(page.provenance, Provenance::Published);
        assert_eq!(page.operations, ["POST /bill/cancel", "POST /bill/read"]);
    }

    #[test]
    fn a_mistake_in_the_file_is_named_with_its_line() {
        for (right, wrong, why) in [
            ("provenance", "provenances", "unknown field `provenances`"),
            ("\"published\"", "\"guessed\"", "unknown variant `guessed`"),
            (
                "2026-11-23",
                "2026-11-23T01:02:03Z",
                "expected a date such as",
            ),
            ("2026-11-23", "\"2026-11-23\"", "date"),
        ] {
            let message = parse(&ONE_PAGE.replace(right, wrong))
                .unwrap_err()
                .to_string();
            assert!(
                message.starts_with("openapi/sources.toml can't be read"),
                "{message}"
            );
            assert!(
                message.contains("line ") && message.contains(why),
                "{message}"
            );
        }
    }

    #[test]
    fn a_file_without_pages_is_refused() {
        assert!(matches!(parse("page = []"), Err(Error::NoPage)));
        let message = parse("").unwrap_err().to_string();
        assert!(message.contains("missing field `page`"), "{message}");
    }

    #[test]
    fn the_digest_is_the_published_test_vector_of_sha_256() {
        assert_eq!(
            page()
                .verify_digest(b"abc")
                .map_err(|error| error.to_string()),
            Ok(())
        );
    }

    #[test]
    fn an_edited_page_is_refused_with_both_digests() {
        let message = page().verify_digest(b"abd").unwrap_err().to_string();
        assert!(
            message.starts_with("pages/acceptance.md was edited by hand"),
            "{message}"
        );
        assert!(message.contains(&page().sha256), "{message}");
        assert!(message.contains(&digest(b"abd")), "{message}");
    }

    #[test]
    fn operations_that_do_not_match_the_list_are_named() {
        let text = "```json\n{\"openapi\": \"3.1.0\", \"paths\": {\
                    \"/bill/read\": {\"summary\": \"\", \"post\": {}}, \"/bill\": {\"get\": {}}}}\n```\n";
        let fences = crate::page::fences(text, "pages/acceptance.md").unwrap();
        let message = page().verify_operations(&fences).unwrap_err().to_string();
        assert!(
            message.ends_with("missing from the page: POST /bill/cancel; not listed: GET /bill"),
            "{message}"
        );
    }
}
