//! The token of forms. Only a page of this process has it.

use std::sync::Arc;

use payssam::Error;
use sha2::{Digest, Sha256};

/// 128 random bits, in hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Token(Arc<str>);

impl Token {
    pub(crate) fn new() -> Result<Self, Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Error::config("randomness", error))?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Token(digits.into()))
    }

    /// That of the forms of one page, which says nothing about this one.
    pub(super) fn of(&self, page: &str) -> Self {
        let digest = Sha256::digest(format!("{} {page}", self.0));
        let digits = digest[..16].iter().map(|byte| format!("{byte:02x}"));
        Token(digits.collect::<String>().into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares digests, so that the time says nothing about the token.
    pub(super) fn is(&self, given: &str) -> bool {
        Sha256::digest(given.as_bytes()) == Sha256::digest(self.0.as_bytes())
    }
}
