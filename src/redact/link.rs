//! Links, which are of no use when they are shown in part.

use reqwest::Url;

use super::shown::shown;

/// A link of a response as it is, if it is one: an http or https address of visible ASCII characters. Any
/// other text as [`shown`] has it.
///
/// ```
/// let link = "https://pay.example/0123456789";
/// assert_eq!(payssam::redact::shown_link(link), link);
/// assert_eq!(payssam::redact::shown_link("0123456789"), "[masked]");
/// ```
pub fn shown_link(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_link = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
    match is_plain && is_link {
        true => text.to_owned(),
        false => shown(text),
    }
}
