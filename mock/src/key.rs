//! What a bill or a cash receipt is found by.

/// The identifier of a bill or a cash receipt together with its member and merchant: it belongs to the
/// merchant that sent it, and others do not find it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key([Box<str>; 3]);

impl Key {
    pub(crate) fn new(member: &str, merchant: &str, bill_id: &str) -> Self {
        Key([member.into(), merchant.into(), bill_id.into()])
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self) + self.0.iter().map(|part| part.len()).sum::<usize>()
    }

    pub(crate) fn bill_id(&self) -> &str {
        &self.0[2]
    }

    pub(crate) fn parts(&self) -> &[Box<str>] {
        &self.0
    }
}
