//! All pages at one time, and the document assembled from them.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use crate::generate::{assemble, lower};
use crate::page;
use crate::page::codes;
use openapi_compare::spelling;

/// All pages at one time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The pages.
    pub pages: Vec<page::Page>,
    /// Their specs, assembled.
    pub document: Value,
    client: Arc<OnceLock<Result<Value, lower::Error>>>,
}

impl Snapshot {
    /// Assembles pages.
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
        Ok(Self {
            pages,
            ..Self::of_document(document)
        })
    }

    /// A document without pages.
    pub fn of_document(document: Value) -> Self {
        Self {
            pages: Vec::new(),
            document,
            client: Arc::default(),
        }
    }

    /// The document, lowered.
    ///
    /// # Errors
    ///
    /// That of [`lower::lower`].
    pub fn client(&self) -> Result<&Value, &lower::Error> {
        let client = self.client.get_or_init(|| lower::lower(&self.document));
        client.as_ref()
    }

    /// Which block of the pages has what is at a pointer of the document.
    pub fn place_of(&self, pointer: &str) -> Option<&page::Place> {
        let whole = self.document.pointer(pointer)?;
        let mut fences = self.pages.iter().flat_map(|page| &page.fences);
        let fence = fences.find(|fence| fence.document.pointer(pointer) == Some(whole));
        fence.map(|fence| &fence.place)
    }

    /// What is misspelled and understood nevertheless, with its place.
    pub fn remarks(&self) -> Vec<String> {
        match self.pages.is_empty() {
            true => {
                let found = spelling::misspellings(&self.document);
                let mut seen = HashSet::new();
                let first = found.iter().filter(|found| seen.insert(found.says));
                first.map(ToString::to_string).collect()
            }
            false => {
                let remarks = self.pages.iter().flat_map(|page| &page.remarks);
                remarks.cloned().collect()
            }
        }
    }

    /// Whether the pages have only result codes and no document.
    pub fn is_without_spec(&self) -> bool {
        self.document.as_object().is_some_and(Map::is_empty)
    }

    /// The result codes of all pages.
    pub fn codes(&self) -> Vec<codes::Row> {
        let codes = self.pages.iter().flat_map(|page| page.codes.iter());
        codes.cloned().collect()
    }
}
