//! What a bill or a cash receipt is found by.

use std::sync::Arc;

/// The identifier of a bill or a cash receipt together with its partner, member and merchant: it belongs to the
/// merchant that sent it, and others do not find it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    partner: Arc<str>,
    /// Member, merchant and bill id.
    parts: Arc<[Box<str>; 3]>,
}

impl Key {
    pub(crate) fn new(partner: &Arc<str>, member: &str, merchant: &str, bill_id: &str) -> Self {
        Key {
            partner: partner.clone(),
            parts: Arc::new([member.into(), merchant.into(), bill_id.into()]),
        }
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self) + self.parts.iter().map(|part| part.len()).sum::<usize>()
    }

    pub(crate) fn partner(&self) -> &str {
        &self.partner
    }

    pub(crate) fn member(&self) -> &str {
        &self.parts[0]
    }

    pub(crate) fn merchant(&self) -> &str {
        &self.parts[1]
    }

    pub(crate) fn bill_id(&self) -> &str {
        &self.parts[2]
    }

    /// Member, merchant and bill id.
    pub(crate) fn parts(&self) -> &[Box<str>] {
        &*self.parts
    }
}
