//! Where the links of a page lead.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::tag;

/// The destinations of all links, from top to bottom, as they are written: those of Markdown and of HTML, and bare
/// addresses in text.
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
    let mut links = Vec::new();
    let mut text = String::new();
    let (mut is_link, mut is_code) = (false, false);
    for event in Parser::new_ext(&markdown, Options::empty()) {
        match event {
            Event::Text(more) if !is_link && !is_code => {
                text.push_str(&more);
                continue;
            }
            // Marks within an address are part of it.
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => {
                text.push('_');
                continue;
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                links.push(dest_url.into_string());
                is_link = true;
            }
            Event::End(TagEnd::Link) => is_link = false,
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::InlineHtml(html) | Event::Html(html) => {
                links.extend(tag::pieces(&html).filter_map(|(_, tag)| address(&html[tag?])));
                links.extend(tag::pieces(&html).flat_map(|(text, _)| bare(&html[text])));
            }
            _ => {}
        }
        links.extend(bare(&text));
        text.clear();
    }
    links.extend(bare(&text));
    links
}

/// Where an `<a>` leads.
fn address(tag: &str) -> Option<String> {
    if tag::name(tag)? != "a" {
        return None;
    }
    let value = tag::value(tag, "href")?;
    Some(html_escape::decode_html_entities(value).into_owned())
}

/// Addresses in a text, without the marks of the sentence around them.
fn bare(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = lower[from..].find("http").map(|at| from + at) {
        from = at + 4;
        let address = &text[at..];
        let scheme = &lower[at..];
        if !scheme.starts_with("http://") && !scheme.starts_with("https://") {
            continue;
        }
        // What follows a sentence's last word in Korean is part of no address, since it would be encoded in one.
        let end = address.find(|c: char| !c.is_ascii_graphic() || "<>\"'`()[]{}|^\\".contains(c));
        let address = &address[..end.unwrap_or(address.len())];
        from = at + address.len().max(4);
        found.push(
            address
                .trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_'])
                .to_owned(),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn a_link_is_found_however_it_is_written() {
        for list in [
            "- [a](https://h/a.md)",
            "- <https://h/a.md>",
            "- [a][b]\n\n[b]: https://h/a.md",
            "- a: https://h/a.md, and more",
            "수납은 https://h/a.md에서",
            "<a class=\"b\" href=\"https://h/a.md\">a</a>",
            "<ul>\n<li><A HREF='https://h/a.md'>a</A>\n</ul>",
            "<a href=https://h/a.md>a</a>",
        ] {
            assert_eq!(links(list), ["https://h/a.md"], "{list}");
        }
        assert_eq!(links("https://h/a_b_c.md"), ["https://h/a_b_c.md"]);
        assert_eq!(
            links("`https://h/a.md`\n\n```\nhttps://h/b.md\n```\n"),
            [""; 0]
        );
    }
}
