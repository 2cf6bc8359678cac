//! `openapi/pins.toml`: prose that carries a contract, and the source file that
//! implements it.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::compare::beside;
use crate::openapi::spec::{self, Part};
use crate::page;
use crate::payssam::snapshot::Snapshot;
use crate::payssam::sources::digest;
use openapi_compare::finding::{Direction, Finding, Level};

/// The file's name in `openapi/`.
pub const PINS: &str = "pins.toml";

/// Why pins can't be read, or do not match.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("openapi/pins.toml can't be read: {0}")]
    File(#[from] std::io::Error),
    /// The file does not have the expected format.
    #[error("openapi/pins.toml can't be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A pin does not name a string.
    #[error(
        "openapi/pins.toml: `{0}` needs either a heading, or an operation such as \"POST /bill/read\" and a place in it: \"summary\", \"description\", or the path of a property such as \"request/bill/hash\" or \"response/data/apprState\""
    )]
    Place(String),
    /// The prose of a pin changed.
    #[error(
        "openapi/pins.toml: `{name}` does not match: {found}; read the prose, update {implemented_by} if needed, then record the new digest"
    )]
    Broken {
        /// The pin.
        name: String,
        /// What is there instead.
        found: String,
        /// The source file.
        implemented_by: String,
    },
    /// The source file of a pin does not exist.
    #[error("openapi/pins.toml: `{name}` is implemented by {implemented_by}, which does not exist")]
    NoFile {
        /// The pin.
        name: String,
        /// The source file.
        implemented_by: String,
    },
}

/// The whole file.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// The pins, in the order of the file.
    pub pins: Vec<Pin>,
}

/// One string.
#[derive(Clone, Debug)]
pub struct Pin {
    /// The name of the rule, for messages.
    pub name: String,
    /// The page on which it is published.
    pub page: String,
    /// Which string it is.
    pub pinned: Pinned,
    /// SHA-256 of the string's words as a reader sees them, with one space between them; lower-case hex.
    pub sha256: String,
    /// The source file that implements it, relative to the workspace.
    pub implemented_by: String,
    /// Why a change of it matters.
    pub why: String,
}

/// Which string a pin holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// A description in the spec, whatever the names of its classes.
    Spec {
        /// Such as `POST /bill/cancel`.
        operation: String,
        /// Where in it.
        place: Place,
    },
    /// The text below a heading of the page; sections of one name count as one.
    Heading(String),
}

/// A description in an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The operation's `summary`.
    Summary,
    /// The operation's `description`.
    Description,
    /// That of a body, or of a property in it.
    Body {
        /// Of the request or of the response.
        direction: Direction,
        /// The names that lead there, joined by `/`; empty for the body itself.
        path: String,
    },
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let (first, path) = text.split_once('/').unwrap_or((text, ""));
        let is_path = text == first || path.split('/').all(|name| !name.is_empty());
        let direction = match first {
            "summary" if text == first => return Some(Place::Summary),
            "description" if text == first => return Some(Place::Description),
            "request" => Direction::Request,
            "response" => Direction::Response,
            _ => return None,
        };
        let path = path.to_owned();
        is_path.then_some(Place::Body { direction, path })
    }

    fn find<'a>(&self, operation: &Part<'a>) -> Option<Part<'a>> {
        let (direction, path) = match self {
            Place::Summary => return operation.child("summary"),
            Place::Description => return operation.child("description"),
            Place::Body { direction, path } => (direction, path),
        };
        let body = match direction {
            Direction::Request => spec::request(operation)?,
            Direction::Response => spec::response(operation)?,
        };
        let mut names = path.split('/').filter(|name| !name.is_empty());
        let schema = names.try_fold(body, |schema, name| spec::inside(&schema, name))?;
        spec::description(&schema)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (direction, path) = match self {
            Place::Summary => return f.write_str("summary"),
            Place::Description => return f.write_str("description"),
            Place::Body { direction, path } => (direction, path),
        };
        f.write_str(match direction {
            Direction::Request => "request",
            Direction::Response => "response",
        })?;
        match path.is_empty() {
            true => Ok(()),
            false => write!(f, "/{path}"),
        }
    }
}

/// The file as TOML has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "pin", default)]
    pins: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    page: String,
    operation: Option<String>,
    place: Option<String>,
    heading: Option<String>,
    sha256: String,
    implemented_by: String,
    why: String,
}

impl Entry {
    fn read(self) -> Result<Pin, Error> {
        let place = self.place.as_deref().map(Place::parse);
        let pinned = match (self.operation, place, self.heading) {
            (Some(operation), Some(Some(place)), None) => Pinned::Spec { operation, place },
            (None, None, Some(heading)) => Pinned::Heading(heading),
            _ => return Err(Error::Place(self.name)),
        };
        Ok(Pin {
            name: self.name,
            page: self.page,
            pinned,
            sha256: self.sha256,
            implemented_by: self.implemented_by,
            why: self.why,
        })
    }
}

/// Reads the text of `pins.toml`.
///
/// # Errors
///
/// [`Error::Toml`] with line and column, [`Error::Place`] with the pin's name.
pub fn parse(text: &str) -> Result<Pins, Error> {
    let file: File = toml::from_str(text)?;
    let pins = file.pins.into_iter().map(Entry::read);
    Ok(Pins {
        pins: pins.collect::<Result<_, _>>()?,
    })
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
    /// Checks that every pin matches `snapshot`, and that its source file exists in
    /// `workspace`.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] or [`Error::NoFile`] with the first pin that fails.
    pub fn verify(&self, snapshot: &Snapshot, workspace: &Path) -> Result<(), Error> {
        for pin in &self.pins {
            let found = match pin.find(snapshot).map(|found| found.digest()) {
                Some(found) if found == pin.sha256 => None,
                Some(found) => Some(format!("its sha256 is \"{found}\"")),
                None => Some(format!("{pin} was not found")),
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

    /// Puts a finding of its own in place of the finding that a text changed, for
    /// every pinned string that differs from `old` to `new`.
    pub fn replace(&self, findings: &mut Vec<Finding>, old: &Snapshot, new: &Snapshot) {
        for pin in &self.pins {
            let Some(before) = pin.find(old) else {
                continue;
            };
            let after = pin.find(new);
            if after
                .as_ref()
                .is_none_or(|after| after.words() != before.words())
            {
                let moved = pin.moved(new, &before, after.is_none());
                let mut raised = match &moved {
                    Some((found, _)) => pin.raised(findings, &before, Some(found)),
                    None => pin.raised(findings, &before, after.as_ref()),
                };
                if let Some((found, place)) = moved {
                    let how = match found.words() == before.words() {
                        true => "with the same words",
                        false => "with other words",
                    };
                    let (name, implemented_by) = (&pin.name, &pin.implemented_by);
                    raised.message =
                        format!("{name} moved to {place} {how}; implemented in {implemented_by}");
                }
                findings.retain(|finding| !pin.covers(finding, &before));
                findings.push(raised);
            }
        }
    }
}

/// A pinned string in a snapshot.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// JSON pointer into the document, or the page and its heading.
    pub pointer: String,
    /// The string.
    pub text: Cow<'a, str>,
}

impl Found<'_> {
    /// Its words as a reader sees them.
    fn words(&self) -> String {
        page::words(&self.text)
    }

    /// The digest that a pin records.
    pub fn digest(&self) -> String {
        digest(self.words().as_bytes())
    }
}

impl Pin {
    /// The pinned string, if `snapshot` has it.
    pub fn find<'a>(&self, snapshot: &'a Snapshot) -> Option<Found<'a>> {
        match &self.pinned {
            Pinned::Spec { operation, place } => {
                let operation = spec::operation(&snapshot.document, operation)?;
                let words = place.find(&operation)?;
                Some(Found {
                    pointer: words.at.to_string(),
                    text: Cow::from(words.value.as_str()?),
                })
            }
            Pinned::Heading(heading) => {
                let page = snapshot.pages.iter().find(|page| page.file == self.page)?;
                let text = page.by_heading().remove(heading.as_str())?;
                Some(Found {
                    pointer: self.to_string(),
                    text: Cow::from(text),
                })
            }
        }
    }

    /// The same words below a heading of another name or on another page, and where that is; if it is gone, also other
    /// words below the same heading on another page.
    fn moved<'a>(
        &self,
        new: &'a Snapshot,
        before: &Found<'_>,
        is_gone: bool,
    ) -> Option<(Found<'a>, String)> {
        let Pinned::Heading(heading) = &self.pinned else {
            return None;
        };
        if before.text.is_empty() {
            return None;
        }
        let sections = || {
            new.pages.iter().flat_map(|page| {
                let sections = page.by_heading().into_iter();
                sections.map(|(heading, text)| (page.file.as_str(), heading, text))
            })
        };
        let same = sections().find(|(_, _, text)| *text == before.text);
        let namesake = || sections().find(|(_, name, _)| is_gone && name == heading);
        let (file, heading, text) = same.or_else(namesake)?;
        let place = format!("{file}#{heading}");
        let found = Found {
            pointer: place.clone(),
            text: Cow::from(text),
        };
        Some((found, place))
    }

    /// Whether `finding` only says that this string changed.
    fn covers(&self, finding: &Finding, before: &Found<'_>) -> bool {
        let is_here = match &self.pinned {
            Pinned::Spec { operation, .. } => {
                finding.operation.as_ref() == Some(operation)
                    && finding.direction == self.direction()
                    && finding.path.as_deref().unwrap_or_default() == self.path()
            }
            Pinned::Heading(_) => finding.pointer == before.pointer,
        };
        is_here
            && finding.level == Level::Doc
            && finding.before.as_ref().and_then(Value::as_str) == Some(&before.text)
    }

    fn direction(&self) -> Option<Direction> {
        match &self.pinned {
            Pinned::Spec {
                place: Place::Body { direction, .. },
                ..
            } => Some(*direction),
            _ => None,
        }
    }

    /// The names of the property, joined by `/`; empty if it is not a property.
    fn path(&self) -> &str {
        match &self.pinned {
            Pinned::Spec {
                place: Place::Body { path, .. },
                ..
            } => path,
            _ => "",
        }
    }

    fn raised(
        &self,
        findings: &[Finding],
        before: &Found<'_>,
        after: Option<&Found<'_>>,
    ) -> Finding {
        let mut plain = findings.iter();
        let plain = plain.find(|finding| self.covers(finding, before));
        let (kind, act) = match after {
            Some(_) => (beside::PINNED_PROSE_CHANGED, "changed"),
            None => (beside::PINNED_PROSE_GONE, "was removed"),
        };
        let operation = match &self.pinned {
            Pinned::Spec { operation, .. } => Some(operation.clone()),
            Pinned::Heading(_) => None,
        };
        // Two pins of one operation are two changes.
        let path = match self.path() {
            "" => &self.name,
            path => path,
        };
        let finding = Finding {
            operation,
            operation_id: plain.and_then(|plain| plain.operation_id.clone()),
            direction: self.direction(),
            path: Some(path.to_owned()),
            pointer: after.unwrap_or(before).pointer.clone(),
            before: Some(before.text.as_ref().into()),
            after: after.map(|after| after.text.as_ref().into()),
            message: format!(
                "{} {act}; implemented in {}",
                self.name, self.implemented_by
            ),
            implemented_by: Some(self.implemented_by.clone()),
            ..beside::finding(kind)
        };
        finding.with_fingerprint()
    }
}

/// Which string it is, for messages.
impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pinned {
            Pinned::Spec { operation, place } => write!(f, "{operation} {place}"),
            Pinned::Heading(heading) => write!(f, "{}#{heading}", self.page),
        }
    }
}
