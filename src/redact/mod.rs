//! What may be shown of texts that come from outside or are personal.

mod escape;
mod invisible;
mod mask;
pub(crate) mod view;

pub use escape::escape;
pub use invisible::is_invisible;
pub use mask::{MASKED, mask};

/// A text from outside as logs and errors show it: numbers and keys masked, invisible characters escaped.
pub(crate) fn shown(text: &str) -> String {
    escape(&mask(text))
}
