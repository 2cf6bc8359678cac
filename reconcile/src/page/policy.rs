//! What the page may do: nothing but its own style and script.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// The Content-Security-Policy of a page with this style and this script.
///
/// No address is in it, so nothing can be loaded or sent, and no text can become markup or code.
pub(crate) fn policy(style: &str, script: &str) -> String {
    let [style, script] =
        [style, script].map(|text| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}
