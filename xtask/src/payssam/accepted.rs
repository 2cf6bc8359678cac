//! `openapi/accepted.toml`: changes that somebody reviewed and accepted until a date.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use crate::payssam::sources::toml_date;
use openapi_compare::causes;
use openapi_compare::finding::Finding;

/// The file's name in `openapi/`.
pub const ACCEPTED: &str = "accepted.toml";

/// Why acceptances can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("openapi/accepted.toml can't be read: {0}")]
    File(#[from] std::io::Error),
    /// The file does not have the expected format.
    #[error("openapi/accepted.toml can't be read: {0}")]
    Toml(#[from] toml::de::Error),
}

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The acceptances, in the order of the file.
    #[serde(rename = "accept", default)]
    pub acceptances: Vec<Acceptance>,
}

/// One accepted change.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The change, by its fingerprint in the report.
    pub fingerprint: String,
    /// Why it is harmless.
    pub reason: String,
    /// The last day, in Korea, on which it is accepted.
    #[serde(deserialize_with = "toml_date")]
    pub until: Date,
}

/// Findings, divided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Divided {
    /// Not accepted.
    pub open: Vec<Finding>,
    /// Accepted.
    pub accepted: Vec<Finding>,
}

/// Reads the text of `accepted.toml`.
///
/// # Errors
///
/// [`Error::Toml`] with line and column, also of an unknown key.
pub fn parse(text: &str) -> Result<Accepted, Error> {
    Ok(toml::from_str(text)?)
}

/// Reads `accepted.toml` in `openapi`; a folder without one accepts nothing.
///
/// # Errors
///
/// As [`parse`]; [`Error::File`] if it is there and can't be read.
pub fn read(openapi: &Path) -> Result<Accepted, Error> {
    match fs::read_to_string(openapi.join(ACCEPTED)) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Accepted::default()),
        Err(error) => Err(error.into()),
    }
}

impl Accepted {
    /// Separates accepted findings from the others. Who accepts a change accepts it at every place
    /// that it shows at: a report prints the fingerprint of one of them.
    pub fn divide(&self, findings: Vec<Finding>, today: Date) -> Divided {
        let holds = |finding: &Finding| {
            let mut acceptances = self.acceptances.iter();
            acceptances.any(|accepted| {
                accepted.fingerprint == finding.fingerprint && today <= accepted.until
            })
        };
        let (accepted, open) = causes::divided(findings, holds);
        Divided { open, accepted }
    }

    /// The acceptances that have expired.
    pub fn expired(&self, today: Date) -> impl Iterator<Item = &Acceptance> {
        let acceptances = self.acceptances.iter();
        acceptances.filter(move |accepted| accepted.until < today)
    }
}
