//! The links (`shortUrl`) under which payers find their bills.

use std::collections::HashMap;

use payssam::{Error, redact::MASKED};
use sha2::{Digest, Sha256};

use crate::key::Key;

/// The path of every link, before its name.
pub(crate) const PATH: &str = "/pay/";

/// The path of a link as the log shows it.
pub(crate) fn shown() -> String {
    format!("{PATH}{MASKED}")
}

/// Whether a text is the name of a link.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() == 2 * NAME_BYTES && text.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
}

/// The path of a link.
pub(crate) fn path(name: &str) -> String {
    format!("{PATH}{name}")
}

/// How many bytes of randomness are in a name: 128 bits.
const NAME_BYTES: usize = 16;

/// The links to the bills that were sent.
///
/// Whoever knows a link can pay its bill, so its name is random, whatever the seed of faults is: it cannot
/// be guessed from the bill or from other links. All names have the same length, so that a fault that cuts
/// a response cuts it in the same place again.
pub(crate) struct Links {
    /// The URL of every link, before its name.
    base: String,
    /// What the names are made from, different for each mock server.
    secret: [u8; 32],
    keys: HashMap<String, Key>,
    made: u64,
}

impl Links {
    /// `origin` is where the mock server listens, such as `http://127.0.0.1:8787`.
    pub(crate) fn new(origin: &str) -> Result<Self, Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::config("randomness", error))?;
        Ok(Links {
            base: format!("{origin}{PATH}"),
            secret,
            keys: HashMap::new(),
            made: 0,
        })
    }

    /// Makes the link to a bill, and returns its name.
    pub(crate) fn add(&mut self, key: Key) -> String {
        self.made += 1;
        let name = self.name(self.made);
        self.keys.insert(name.clone(), key);
        name
    }

    /// The URL of a link.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }

    /// Forgets the links of these bills.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(&Key) -> bool) {
        self.keys.retain(|_, key| !is_meant(key));
    }

    /// Takes links that were made before.
    pub(crate) fn take(&mut self, links: impl Iterator<Item = (String, Key)>) {
        self.keys.extend(links);
    }

    /// Forgets all links, and takes these.
    pub(crate) fn replace(&mut self, links: impl Iterator<Item = (String, Key)>) {
        self.keys = links.collect();
    }

    /// The bill of a link, by its name.
    pub(crate) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.get(name)
    }

    /// Letters only, two for each byte.
    fn name(&self, number: u64) -> String {
        let mut digest = Sha256::new();
        digest.update(self.secret);
        digest.update(number.to_be_bytes());
        let bytes = digest.finalize();
        let letter = |half: u8| char::from(b'a' + half);
        bytes[..NAME_BYTES]
            .iter()
            .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
            .collect()
    }
}
