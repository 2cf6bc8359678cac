//! The links (`shortUrl`) under which payers find their bills.

use std::collections::HashMap;

use crate::key::Key;

/// The path of every link, before its name.
pub(crate) const PATH: &str = "/pay/";

/// The links to the bills that were sent.
pub(crate) struct Links {
    /// The URL of every link, before its name.
    base: String,
    keys: HashMap<String, Key>,
}

impl Links {
    /// `origin` is where the mock server listens, such as `http://127.0.0.1:8787`.
    pub(crate) fn new(origin: &str) -> Self {
        Links {
            base: format!("{origin}{PATH}"),
            keys: HashMap::new(),
        }
    }

    /// Makes the link to a bill from the hash of its request, and returns its URL.
    pub(crate) fn add(&mut self, key: Key, hash: &str) -> String {
        let name = format!("{}-{}", self.keys.len() + 1, &hash[..8]);
        let url = format!("{}{name}", self.base);
        self.keys.insert(name, key);
        url
    }

    /// The bill of a link, by its name.
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.get(name)
    }
}
