//! Words as a reader sees them: every run of white space is one space, and the characters are
//! composed, however they were typed.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::markup::{FILLER, is_block, pieces, tag_name};

/// Words, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    text: String,
    /// Whether the next character begins a word.
    apart: bool,
}

impl Words {
    /// Adds text; white space in it ends a word.
    pub fn push(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.apart = true;
            } else if !is_unseen(character) {
                if self.apart && !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.apart = false;
                self.text.push(character);
            }
        }
    }

    /// Ends the word.
    pub fn part(&mut self) {
        self.apart = true;
    }

    /// Adds other words.
    pub fn add(&mut self, text: &str) {
        self.part();
        self.push(text);
        self.part();
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The words with one space between them.
    pub fn finish(self) -> String {
        match composed(&self.text) {
            Cow::Borrowed(_) => self.text,
            Cow::Owned(text) => text,
        }
    }
}

/// The text with composed characters (NFC).
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// What takes no room on a page. Marks that change the order of others are kept.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        FILLER | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'
    )
}

/// The words of a piece of HTML.
pub(super) fn of_html(html: &str) -> String {
    let mut words = Words::default();
    for (text, tag) in pieces(html) {
        words.push(&html_escape::decode_html_entities(&html[text]));
        if let Some(tag) = tag {
            add_tag(&html[tag], &mut words);
        }
    }
    words.finish()
}

/// What a reader sees of a tag: most end a word, some only change how a word looks. A tag that HTML does
/// not have is text, and one that changes what a word means is kept.
pub(super) fn add_tag(tag: &str, words: &mut Words) {
    let Some(name) = tag_name(tag) else {
        return;
    };
    match name.trim_start_matches('/') {
        name if INLINE.contains(&name) => {}
        name if is_block(name) => words.part(),
        _ => words.push(tag),
    }
}

/// Elements within a word.
const INLINE: [&str; 21] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "kbd", "label",
    "mark", "q", "small", "span", "strong", "u", "var", "wbr",
];

/// The text of preformatted HTML, with its line ends.
pub(super) fn preformatted(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (piece, tag) in pieces(html) {
        html_escape::decode_html_entities_to_string(&html[piece], &mut text);
        let name = tag.and_then(|tag| tag_name(&html[tag]));
        if name.as_deref() == Some("br") {
            text.push('\n');
        }
    }
    text
}
