//! What the engine needs to know of a write.

use crate::{
    endpoint::Endpoint,
    outcome::Error,
    value::{BillId, BillState},
};

/// The response of the read that goes with a write.
pub(crate) type ReadOf<W> = <<W as Write>::Read as Endpoint>::Response;

/// A write whose outcome a read can show.
pub(crate) trait Write: Endpoint {
    type Read: Read;

    /// The read that shows its outcome.
    fn read(&self) -> Self::Read;
}

/// A read of what is known under an id.
pub(crate) trait Read: Endpoint {
    fn bill_id(&self) -> &BillId;

    /// The state that it found, if it has a name.
    fn state(read: &Self::Response) -> Option<BillState>;
}

/// A write that changes what is there.
pub(crate) trait Change: Write {
    /// What a read says of the change.
    fn stand(&self, read: &ReadOf<Self>) -> Stand;

    /// Whether to read before the first write.
    fn checks_first(&self) -> bool {
        false
    }

    /// Rejects what a read before the first write found.
    fn check(&self, _: &ReadOf<Self>) -> Result<(), Error> {
        Ok(())
    }
}

/// What a read says of a change.
pub(crate) enum Stand {
    /// It has not been made, and still can be.
    Before,
    /// It has been made.
    After,
    /// It cannot be made as things are, for this reason, but the state may still change so that it can.
    NotYet(String),
    /// It has not been made and never can be, for this reason.
    Never(String),
    /// The state is not known.
    Unknown,
}

impl Stand {
    /// Whether the change has not been made, and still can be.
    pub(crate) fn is_undone(&self) -> bool {
        matches!(self, Stand::Before | Stand::NotYet(_))
    }
}

/// A write that creates something under an id that can be used only once.
#[cfg(feature = "preview")]
pub(crate) trait Creation: Write {
    fn find(&self, read: &ReadOf<Self>) -> Found;
}

/// What a read finds under an id.
#[cfg(feature = "preview")]
pub(crate) enum Found {
    /// What the write creates.
    This,
    /// Something for which the read states no amount.
    Unstated,
    /// Something of another amount.
    Another,
    /// It was there, and is no longer of use, for this reason.
    Gone(Option<BillState>, String),
    /// Something whose amount cannot be read.
    Unreadable,
    /// Something that cannot be made out.
    Unclear,
    Nothing,
}
