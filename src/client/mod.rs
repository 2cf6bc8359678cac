//! The client: where PaySsam is, who is calling, and how long a call may take.

mod authorities;
mod base_url;
mod builder;
#[expect(clippy::module_inception, reason = "one noun, one file")]
mod client;
mod credentials;
mod environment;
pub(crate) mod handle;
mod http_client;
mod many;
#[cfg(feature = "tls-by-rustls")]
mod rustls_config;
mod stray;
mod verify_gate;

pub use base_url::PAYSSAM_SANDBOX_URL;
pub use builder::ClientBuilder;
pub use client::Client;
pub use credentials::{Credentials, CredentialsBuilder};
pub use environment::setting_from_env;
#[cfg(feature = "blocking")]
pub(crate) use many::AT_ONCE;
pub use many::Many;
pub(crate) use verify_gate::Full;
