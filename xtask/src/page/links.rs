//! Where the links of a page lead.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The destinations of all links, from top to bottom, as they are written.
pub fn links(markdown: &str) -> Vec<String> {
    let events = Parser::new_ext(markdown, Options::empty());
    let links = events.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}
