//! The language of the pages.

use hyper::{
    HeaderMap,
    header::{ACCEPT_LANGUAGE, COOKIE},
};

const COOKIE_NAME: &str = "mock_language";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Korean,
    English,
}

impl Language {
    /// Its tag of BCP 47.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Language::Korean => "ko",
            Language::English => "en",
        }
    }

    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let main = tag.trim().split('-').next().unwrap_or_default();
        [Language::Korean, Language::English]
            .into_iter()
            .find(|language| main.eq_ignore_ascii_case(language.tag()))
    }

    /// What was chosen before, or what the browser prefers; else Korean.
    pub(super) fn of_headers(headers: &HeaderMap) -> Self {
        Language::of_cookie(headers)
            .or_else(|| Language::preferred(headers))
            .unwrap_or(Language::Korean)
    }

    fn of_cookie(headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == COOKIE_NAME)
            .find_map(|(_, tag)| Language::of_tag(tag))
    }

    fn preferred(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        let mut best: Option<(Self, f32)> = None;
        for range in text.split(',') {
            let (tag, parameter) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameter.trim().strip_prefix("q=");
            let quality = quality.map_or(1.0, |digits| digits.parse().unwrap_or(0.0));
            if let Some(language) = Language::of_tag(tag)
                && quality > best.map_or(0.0, |(_, best)| best)
            {
                best = Some((language, quality));
            }
        }
        best.map(|(language, _)| language)
    }

    /// The header that keeps it.
    pub(super) fn cookie(self) -> String {
        format!(
            "{COOKIE_NAME}={}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly",
            self.tag()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_before_what_the_browser_prefers_and_korean_when_nothing_is_known() {
        for (cookie, accepted, expected) in [
            ("", "", Language::Korean),
            ("", "fr, de;q=0.5", Language::Korean),
            ("", "en-US,en;q=0.9", Language::English),
            ("", "en;q=0.3, ko;q=0.7", Language::Korean),
            ("", "ko;q=0, en;q=0.1", Language::English),
            ("a=b; mock_language=en", "ko", Language::English),
            ("mock_language=xx", "en", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(COOKIE, cookie), (ACCEPT_LANGUAGE, accepted)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(
                Language::of_headers(&headers),
                expected,
                "{cookie} {accepted}"
            );
        }
    }
}
