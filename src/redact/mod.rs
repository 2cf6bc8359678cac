//! What may be shown of texts that come from outside or are personal.

mod escape;
mod invisible;
mod link;
mod mask;
mod shown;
pub(crate) mod view;

pub use escape::escape;
pub use invisible::is_invisible;
pub use link::shown_link;
pub use mask::{MASKED, mask};
pub use shown::shown;
pub(crate) use shown::{shown_within, without_key};
