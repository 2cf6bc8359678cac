//! Unicode's composed form (NFC). Some systems, such as the files of macOS, write 한글 in single letters (NFD),
//! which looks the same and is another text.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Why a text that must not be changed is refused.
pub(crate) const NOT_COMPOSED: &str = "it is not in Unicode's composed form (NFC), so it looks like another text but is \
    not equal to it: write 한글 composed, not in single letters";

/// The text in composed form.
#[cfg_attr(not(feature = "preview"), allow(dead_code))]
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

pub(crate) fn is_composed(text: &str) -> bool {
    ComposingNormalizerBorrowed::new_nfc().is_normalized(text)
}
