//! The partners that a mock server knows: whoever has a key.

use std::{slice, sync::Arc};

use payssam::redact::MASKED;

use crate::{nearest::no_such, points::Points, schedule::Scope};

/// The partner of a mock server that was told of no other.
pub(crate) const FIRST: &str = "first";

/// The key of a mock server that was given no credentials: no secret.
pub(crate) const WELL_KNOWN_KEY: &str = "mock-key";

/// A shorter key is no secret, and would be found in any text.
const SHORTEST_KEY: usize = 4;

/// Whoever has this key. Its bills are its own.
pub(crate) struct Partner {
    pub(crate) name: Arc<str>,
    pub(crate) api_key: String,
    /// Member and merchant of each that it may act for; empty for any.
    pub(crate) merchants: Vec<(String, String)>,
    pub(crate) points: Points,
}

impl Partner {
    pub(crate) fn new(name: &str, api_key: &str) -> Self {
        Partner {
            name: name.into(),
            api_key: api_key.to_owned(),
            merchants: Vec::new(),
            points: Points::default(),
        }
    }

    /// Whether it may act for this member and merchant.
    pub(crate) fn acts_for(&self, member: &str, merchant: &str) -> bool {
        let is_this = |known: &(String, String)| known.0 == member && known.1 == merchant;
        self.merchants.is_empty() || self.merchants.iter().any(is_this)
    }
}

/// All of them, in the order in which they were given.
pub(crate) struct Partners(Vec<Partner>);

impl Partners {
    pub(crate) fn new(partners: Vec<Partner>) -> Self {
        Partners(partners)
    }

    pub(crate) fn all(&self) -> &[Partner] {
        &self.0
    }

    pub(crate) fn by_key(&self, api_key: &str) -> Option<&Partner> {
        self.0.iter().find(|partner| partner.api_key == api_key)
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<&Partner> {
        self.0.iter().find(|partner| *partner.name == *name)
    }

    /// The partner with this name, or that there is none, with the nearest name.
    pub(crate) fn named(&self, name: &str) -> Result<&Partner, String> {
        self.by_name(name).ok_or_else(|| {
            let known = self.0.iter().map(|partner| &*partner.name);
            no_such("partner", name, known)
        })
    }

    /// Whether there is somebody of a scope; else which field is wrong, and why.
    pub(crate) fn check(&self, scope: &Scope) -> Result<(), (&'static str, String)> {
        let partners = match &scope.partner {
            Some(name) => {
                slice::from_ref(self.named(name).map_err(|problem| ("partner", problem))?)
            }
            None => &self.0[..],
        };
        let merchants = || partners.iter().flat_map(|partner| &partner.merchants);
        // A partner without a list acts for any.
        if partners.iter().any(|partner| partner.merchants.is_empty())
            || merchants().any(|known| scope.fits(known))
        {
            return Ok(());
        }
        let (members, names): (Vec<&str>, Vec<&str>) = merchants()
            .map(|(member, merchant)| (&**member, &**merchant))
            .unzip();
        for (field, given, known) in [
            ("member", &scope.member, members),
            ("merchant", &scope.merchant, names),
        ] {
            if let Some(name) = given
                && !known.contains(&&**name)
            {
                return Err((field, no_such(field, name, known)));
            }
        }
        let problem = "there is no such member and merchant together".to_owned();
        Err(("merchant", problem))
    }

    /// A text in which the names of partners stand for their keys.
    pub(crate) fn named_keys(&self, text: &str) -> String {
        let secret = self.0.iter().filter(|partner| is_secret(&partner.api_key));
        secret.fold(text.to_owned(), |text, partner| {
            text.replace(&partner.api_key, &stand_in(&partner.name))
        })
    }

    /// The text of which that was made.
    pub(crate) fn with_keys(&self, text: &str) -> String {
        let secret = self.0.iter().filter(|partner| is_secret(&partner.api_key));
        secret.fold(text.to_owned(), |text, partner| {
            text.replace(&stand_in(&partner.name), &partner.api_key)
        })
    }

    pub(crate) fn by_name_mut(&mut self, name: &str) -> Option<&mut Partner> {
        self.0.iter_mut().find(|partner| *partner.name == *name)
    }

    /// The name of the partner with this key; empty if nobody has it. No partner has an empty name, so nothing is
    /// found for it.
    pub(crate) fn name_of(&self, api_key: &str) -> Arc<str> {
        self.by_key(api_key)
            .map_or_else(|| "".into(), |partner| partner.name.clone())
    }

    /// The keys that are long enough to be secrets.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let keys = self.0.iter().map(|partner| &*partner.api_key);
        keys.filter(|key| is_secret(key))
    }
}

/// What stands for the key of a partner.
fn stand_in(partner: &str) -> String {
    format!("{{key of {partner}}}")
}

/// Whether a key is long enough to be a secret.
pub(crate) fn is_secret(key: &str) -> bool {
    key.len() >= SHORTEST_KEY
}

/// The text without these keys, nor the beginning of one at its end, where it may have been cut.
pub(crate) fn without_in_cut(text: &str, keys: &[&str]) -> String {
    let mut text = without(text, keys.iter().copied());
    let ends = keys.iter().flat_map(|key| {
        let ends = key.char_indices().map(|(end, _)| &key[..end]);
        ends.filter(|begin| is_secret(begin))
    });
    if let Some(begin) = ends
        .filter(|begin| text.ends_with(begin))
        .max_by_key(|begin| begin.len())
    {
        text.truncate(text.len() - begin.len());
        text.push_str(MASKED);
    }
    text
}

/// The text without these keys.
pub(crate) fn without<'k>(text: &str, keys: impl IntoIterator<Item = &'k str>) -> String {
    let mut text = text.to_owned();
    for key in keys {
        if text.contains(key) {
            text = text.replace(key, MASKED);
        }
    }
    text
}
