//! Tags of HTML, as they are written.

use std::ops::Range;

/// The longest tag of several lines, in bytes.
pub(super) const LONGEST: usize = 4096;

/// Finds where tags end. A text that was made to be searched over and over is searched a limited number of times;
/// after that, every `>` ends a tag.
#[derive(Debug)]
pub(super) struct Ends {
    left: usize,
}

impl Ends {
    /// For the tags of a text.
    pub fn of(text: &str) -> Self {
        let left = text.len().saturating_mul(8).saturating_add(1 << 16);
        Self { left }
    }

    /// Behind the `>` that ends the tag which begins at `at`, where `first` is behind the first one: one within a
    /// quoted value ends no tag.
    pub fn end(&mut self, text: &str, at: usize, first: usize) -> usize {
        if !text[at..first].contains(['"', '\'']) {
            return first;
        }
        let bytes = text.as_bytes();
        let most = text.len().min(at + LONGEST).min(at + self.left);
        let (mut quote, mut before, mut here) = (None, b' ', at);
        while here < most {
            let byte = bytes[here];
            here += 1;
            match (byte, quote) {
                (b'>', None) => {
                    self.left -= here - at;
                    return here;
                }
                (b'"' | b'\'', None) if before == b'=' => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
        self.left -= here - at;
        first
    }
}

/// The name of the HTML tag that begins here, in lower case, an end tag's with its slash.
pub(super) fn name(tag: &str) -> Option<String> {
    let inside = tag.strip_prefix('<')?;
    let (slash, name) = match inside.strip_prefix('/') {
        Some(name) => ("/", name),
        None => ("", inside),
    };
    let length = name
        .find(|next: char| !(next.is_ascii_alphanumeric() || next == '-'))
        .unwrap_or(name.len());
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest = &name[length..];
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\n', '/', '>']);
    (is_name && ends).then(|| format!("{slash}{}", name[..length].to_ascii_lowercase()))
}

/// The value of an attribute, without quotes.
pub(super) fn value<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let mut places = lower.match_indices(attribute);
    places.find_map(|(at, _)| {
        let is_whole = lower[..at].ends_with([' ', '\t', '\n', '"', '\'', '/']);
        let value = tag[at + attribute.len()..].trim_start();
        let value = value.strip_prefix('=').filter(|_| is_whole)?.trim_start();
        let (value, end) = match value.chars().next()? {
            quote @ ('"' | '\'') => (&value[1..], value[1..].find(quote)?),
            _ => (
                value,
                value
                    .find(|c: char| c.is_whitespace() || c == '>')
                    .unwrap_or(value.len()),
            ),
        };
        Some(&value[..end])
    })
}

/// A number that is the value of an attribute.
pub(super) fn number(tag: &str, attribute: &str) -> Option<i64> {
    value(tag, attribute)?.trim().parse().ok()
}

/// The tags of a piece of HTML, and the texts between them: each text with the tag that follows it,
/// the last one with none.
pub(super) fn pieces(
    html: &str,
) -> impl Iterator<Item = (Range<usize>, Option<Range<usize>>)> + '_ {
    let mut at = Some(0);
    let mut ends = Ends::of(html);
    std::iter::from_fn(move || {
        let from = at?;
        let mut search = from;
        while let Some(start) = html[search..].find('<').map(|found| search + found) {
            let comment = html[start..].starts_with("<!--");
            if !comment && name(&html[start..]).is_none() {
                search = start + 1;
                continue;
            }
            let close = if comment { "-->" } else { ">" };
            let Some(length) = html[start..].find(close) else {
                break;
            };
            let first = start + length + close.len();
            let end = if comment {
                first
            } else {
                ends.end(html, start, first)
            };
            at = Some(end);
            return Some((from..start, Some(start..end)));
        }
        at = None;
        Some((from..html.len(), None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_ends_behind_its_quoted_values() {
        for (html, tag) in [
            ("<a title=\"b>c\">d>", "<a title=\"b>c\">"),
            ("<a title = 'b>\"c'>d>", "<a title = 'b>\"c'>"),
            ("<a don't>d'>", "<a don't>"),
            ("<a title=\"b>c", "<a title=\"b>"),
        ] {
            let first = html.find('>').map_or(html.len(), |at| at + 1);
            assert_eq!(&html[..Ends::of(html).end(html, 0, first)], tag);
        }
    }

    #[test]
    fn a_name_ends_where_html_says() {
        for (tag, expected) in [
            ("<A>", Some("a")),
            ("</h2 >", Some("/h2")),
            ("<br/>", Some("br")),
            ("<bill_id>", None),
            ("<1>", None),
            ("<금액>", None),
        ] {
            assert_eq!(name(tag).as_deref(), expected, "{tag}");
        }
    }

    #[test]
    fn an_attribute_is_read_as_a_number() {
        assert_eq!(number("<ol class='a' start=\"3\">", "start"), Some(3));
        assert_eq!(number("<li value=-2>", "value"), Some(-2));
        assert_eq!(number("<li data-value=2>", "value"), None);
    }
}
