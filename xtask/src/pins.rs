//! `openapi/pins.toml`: the prose that carries a contract, and the source file
//! that keeps to it.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Finding, Level};
use crate::snapshot::Snapshot;
use crate::sources::digest;

/// The file's name in `openapi/`.
pub const PINS: &str = "pins.toml";

/// Why pins can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("openapi/pins.toml can't be read: {0}")]
    File(#[from] std::io::Error),
    /// The file is not what this module reads.
    #[error("openapi/pins.toml can't be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A pin does not say which string it pins.
    #[error("openapi/pins.toml: `{0}` needs either a pointer or a heading")]
    Place(String),
    /// The prose of a pin is not the one that was implemented.
    #[error(
        "openapi/pins.toml: `{name}` does not hold: {found}; read the prose, change {implemented_by} if it must follow, then record the new digest"
    )]
    Broken {
        /// The pin.
        name: String,
        /// What is there instead.
        found: String,
        /// The source file.
        implemented_by: String,
    },
    /// The source file of a pin is not there.
    #[error("openapi/pins.toml: `{name}` is implemented by {implemented_by}, which does not exist")]
    NoFile {
        /// The pin.
        name: String,
        /// The source file.
        implemented_by: String,
    },
}

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// The pins, in the order of the file.
    #[serde(rename = "pin", default)]
    pub pins: Vec<Pin>,
}

/// One string.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// What the prose rules, as messages name it.
    pub name: String,
    /// The page on which it is published.
    pub page: String,
    /// JSON pointer into `upstream.json`, or else …
    pub pointer: Option<String>,
    /// … the heading of the page whose text it is; sections of one name count as one.
    pub heading: Option<String>,
    /// SHA-256 of the exact string, lower-case hex.
    pub sha256: String,
    /// The source file that keeps to it, seen from the workspace.
    pub implemented_by: String,
    /// Why a change of it matters.
    pub why: String,
}

/// Reads the text of `pins.toml`.
///
/// # Errors
///
/// [`Error::Toml`] with line and column, [`Error::Place`] with the pin's name.
pub fn parse(text: &str) -> Result<Pins, Error> {
    let pins: Pins = toml::from_str(text)?;
    for pin in &pins.pins {
        if pin.pointer.is_some() == pin.heading.is_some() {
            return Err(Error::Place(pin.name.clone()));
        }
    }
    Ok(pins)
}

/// Reads `pins.toml` in `openapi`; a folder without one pins nothing.
///
/// # Errors
///
/// As [`parse`]; [`Error::File`] if it is there and can't be read.
pub fn read(openapi: &Path) -> Result<Pins, Error> {
    match fs::read_to_string(openapi.join(PINS)) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Pins::default()),
        Err(error) => Err(error.into()),
    }
}

impl Pins {
    /// Proves that every pin holds for `snapshot`, and that the source files
    /// are there, seen from `workspace`.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] or [`Error::NoFile`] with the first pin that fails.
    pub fn verify(&self, snapshot: &Snapshot, workspace: &Path) -> Result<(), Error> {
        for pin in &self.pins {
            let found = match pin.find(snapshot) {
                Some(text) if digest(text.as_bytes()) == pin.sha256 => None,
                Some(text) => Some(format!("its sha256 is \"{}\"", digest(text.as_bytes()))),
                None => Some(format!("{} is not there", pin.place())),
            };
            let name = pin.name.clone();
            let implemented_by = pin.implemented_by.clone();
            if let Some(found) = found {
                return Err(Error::Broken {
                    name,
                    found,
                    implemented_by,
                });
            }
            if !workspace.join(&pin.implemented_by).is_file() {
                return Err(Error::NoFile {
                    name,
                    implemented_by,
                });
            }
        }
        Ok(())
    }

    /// Raises every change of a pinned string, from `old` to `new`, to a
    /// finding of its own, in place of the finding that a text changed.
    pub fn raise(&self, findings: &mut Vec<Finding>, old: &Snapshot, new: &Snapshot) {
        for pin in &self.pins {
            let (before, after) = (pin.find(old), pin.find(new));
            let (before, after) = (before.as_deref(), after.as_deref());
            if before.is_some() && before != after {
                let raised = pin.raised(findings, before, after);
                findings.retain(|finding| !pin.covers(finding, before));
                findings.push(raised);
            }
        }
    }
}

impl Pin {
    /// The pinned string, as far as `snapshot` has it.
    pub fn find<'a>(&self, snapshot: &'a Snapshot) -> Option<Cow<'a, str>> {
        if let Some(pointer) = &self.pointer {
            return snapshot.document.pointer(pointer)?.as_str().map(Cow::from);
        }
        let page = snapshot.pages.iter().find(|page| page.file == self.page)?;
        let text = page.by_heading().remove(self.heading.as_deref()?)?;
        Some(Cow::from(text))
    }

    fn place(&self) -> String {
        match (&self.pointer, &self.heading) {
            (Some(pointer), _) => pointer.clone(),
            (None, Some(heading)) => format!("{}#{heading}", self.page),
            (None, None) => self.page.clone(),
        }
    }

    /// Whether `finding` says no more than that this string changed. Its pointer
    /// may be that of the value which the string describes.
    fn covers(&self, finding: &Finding, before: Option<&str>) -> bool {
        finding.level == Level::Doc
            && self.place().starts_with(&finding.pointer)
            && finding.before.as_ref().and_then(Value::as_str) == before
    }

    fn raised(&self, findings: &[Finding], before: Option<&str>, after: Option<&str>) -> Finding {
        let mut plain = findings.iter();
        let plain = plain.find(|finding| self.covers(finding, before));
        let (id, act) = match after {
            Some(_) => ("pinned-prose-changed", "changed"),
            None => ("pinned-prose-gone", "vanished"),
        };
        let finding = Finding {
            id: id.to_owned(),
            level: Level::Review,
            operation: plain.and_then(|plain| plain.operation.clone()),
            operation_id: plain.and_then(|plain| plain.operation_id.clone()),
            direction: plain.and_then(|plain| plain.direction),
            path: plain
                .and_then(|plain| plain.path.clone())
                .or_else(|| Some(self.name.clone())),
            pointer: self.place(),
            before: before.map(Value::from),
            after: after.map(Value::from),
            message: format!(
                "{} {act}; implemented in {}",
                self.name, self.implemented_by
            ),
            fingerprint: String::new(),
            implemented_by: Some(self.implemented_by.clone()),
        };
        finding.with_fingerprint()
    }
}
