//! Says where a ledger is, to whoever listens.

/// A step that is about to be made, or was made: an event of `tracing` at the level DEBUG, with the target
/// `payssam_ledger::step`. Tests kill a process there.
macro_rules! step {
    ($name:literal) => {
        ::tracing::debug!(target: "payssam_ledger::step", step = $name)
    };
}
pub(crate) use step;
