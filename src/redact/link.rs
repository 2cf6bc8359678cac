//! Links, which are of no use when they are shown in part.

use reqwest::Url;

use super::shown::shown;

/// A link as it is, if it is one: an https address of visible ASCII characters. Else as any other text.
pub(crate) fn shown_link(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_link = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
    match is_plain && is_link {
        true => text.to_owned(),
        false => shown(text),
    }
}
