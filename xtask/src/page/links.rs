//! Where the links of a page lead.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The destinations of all links, from top to bottom, as they are written.
pub fn links(markdown: &str) -> Vec<String> {
    // A control character ends a destination, and so would hide a page.
    let is_control = |c: char| c.is_ascii_control() && c != '\n' && c != '\t';
    let mut markdown = Cow::Borrowed(markdown);
    if markdown.contains(is_control) {
        let mut encoded = String::with_capacity(markdown.len());
        for character in markdown.chars() {
            match is_control(character) {
                true => encoded += &format!("%{:02X}", u32::from(character)),
                false => encoded.push(character),
            }
        }
        markdown = Cow::Owned(encoded);
    }
    let events = Parser::new_ext(&markdown, Options::empty());
    let links = events.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}
