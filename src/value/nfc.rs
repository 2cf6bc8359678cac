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
    match is_plain(text) {
        true => Cow::Borrowed(text),
        false => ComposingNormalizerBorrowed::new_nfc().normalize(text),
    }
}

pub(crate) fn is_composed(text: &str) -> bool {
    is_plain(text) || ComposingNormalizerBorrowed::new_nfc().is_normalized(text)
}

/// Whether all of a text is ASCII and whole syllables of Hangul, which is composed, and almost every text: the
/// normalizer takes far longer to say so.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    chars.all(|char| matches!(char, '\0'..='\x7f' | '가'..='힣'))
}
