//! Words as a reader sees them: every run of white space is one space, and the characters are
//! composed, however they were typed.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::elements::{Shows, shows};
use super::tag::{self, pieces};
use crate::invisible::is_invisible;

/// Shows the text behind it in reverse.
const REVERSED: char = '\u{202e}';

/// Words, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    text: String,
    /// Whether the next character begins a word.
    apart: bool,
    /// Whether the next character is shown in reverse.
    reversed: bool,
}

impl Words {
    /// Adds text; white space in it ends a word. Characters that nobody sees are left out, but for one that shows
    /// the text behind it in reverse.
    pub fn push(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.apart = true;
            } else if is_invisible(character) {
                self.reversed = character == REVERSED || self.reversed && character != '\u{202c}';
            } else {
                if self.apart && !self.text.is_empty() {
                    self.text.push(' ');
                }
                if self.reversed {
                    self.text.push(REVERSED);
                }
                (self.apart, self.reversed) = (false, false);
                self.text.push(character);
            }
        }
    }

    /// Ends the word.
    pub fn part(&mut self) {
        (self.apart, self.reversed) = (true, false);
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

/// Whether nobody sees anything of a text.
pub(super) fn is_unseen(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// The words of a piece of HTML.
pub(super) fn of_html(html: &str) -> String {
    let mut words = Words::default();
    let mut lists = Lists::default();
    for (text, tag) in pieces(html) {
        words.push(&html_escape::decode_html_entities(&html[text]));
        if let Some(tag) = tag {
            lists.tag(&html[tag], &mut words);
        }
    }
    words.finish()
}

/// The lists of HTML that are open: for each, the number of its next item if they have numbers.
#[derive(Debug, Default)]
pub(super) struct Lists {
    open: Vec<Option<i64>>,
}

impl Lists {
    /// Adds what a reader sees of a tag: most end a word, some only change how a word looks. A tag that HTML does
    /// not have is text, and one that changes what a word means is kept.
    pub fn tag(&mut self, tag: &str, words: &mut Words) {
        let Some(name) = tag::name(tag) else {
            return;
        };
        match shows(&name) {
            Shows::Nothing => {}
            Shows::Mark(mark) => words.push(mark),
            Shows::Itself => words.push(tag),
            Shows::End => words.part(),
        }
        match name.as_str() {
            "ol" => self.open.push(Some(tag::number(tag, "start").unwrap_or(1))),
            "ul" | "menu" | "dir" => self.open.push(None),
            "/ol" | "/ul" | "/menu" | "/dir" => drop(self.open.pop()),
            "li" => {
                if let Some(Some(next)) = self.open.last_mut() {
                    let number = tag::number(tag, "value").unwrap_or(*next);
                    words.add(&format!("{number}."));
                    *next = number.saturating_add(1);
                }
            }
            _ => {}
        }
    }
}

/// The text of preformatted HTML, with its line ends.
pub(super) fn preformatted(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (piece, tag) in pieces(html) {
        html_escape::decode_html_entities_to_string(&html[piece], &mut text);
        let name = tag.and_then(|tag| tag::name(&html[tag]));
        if name.as_deref() == Some("br") {
            text.push('\n');
        }
    }
    text
}
