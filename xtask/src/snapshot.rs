//! All pages as they stood at one time, and the one document that they make.

use serde_json::{Map, Value};

use crate::{assemble, codes, page};

/// What was published at one time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The pages.
    pub pages: Vec<page::Page>,
    /// Their specs, assembled.
    pub document: Value,
}

impl Snapshot {
    /// Puts pages together.
    ///
    /// # Errors
    ///
    /// That of [`assemble::assemble`] if they contradict each other.
    pub fn of(pages: Vec<page::Page>) -> Result<Self, assemble::Error> {
        let fences: Vec<page::Fence> = pages
            .iter()
            .flat_map(|page| page.fences.iter().cloned())
            .collect();
        let document = assemble::assemble(&fences)?;
        Ok(Self { pages, document })
    }

    /// A document that was not published on pages.
    pub fn of_document(document: Value) -> Self {
        let pages = Vec::new();
        Self { pages, document }
    }

    /// Whether the pages hold no document at all, but result codes.
    pub fn is_without_spec(&self) -> bool {
        self.document.as_object().is_some_and(Map::is_empty)
    }

    /// The result codes of all pages.
    pub fn codes(&self) -> Vec<codes::Row> {
        let codes = self.pages.iter().flat_map(|page| page.codes.iter());
        codes.cloned().collect()
    }
}
