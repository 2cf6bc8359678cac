//! What a reader sees of the elements of HTML, those that nobody should write any more included.

/// Elements that HTML shows as blocks, which GitBook writes around Markdown.
const BLOCKS: [&str; 56] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "picture",
    "search",
    "section",
    "source",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
    "video",
];

/// Other elements that end a word.
const APART: [&str; 11] = [
    "br",
    "embed",
    "iframe",
    "image",
    "img",
    "input",
    "listing",
    "plaintext",
    "pre",
    "svg",
    "xmp",
];

/// Elements within a word: all that HTML calls or called phrasing, but for those that end a word or change what one means.
/// Some of them are in [`BLOCKS`] too: around blocks they are blocks, and within a line people write them around letters.
const WITHIN: [&str; 76] = [
    "a",
    "abbr",
    "acronym",
    "area",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "button",
    "canvas",
    "center",
    "cite",
    "code",
    "command",
    "content",
    "data",
    "datalist",
    "dfn",
    "dialog",
    "element",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "keygen",
    "label",
    "link",
    "map",
    "mark",
    "marquee",
    "math",
    "meta",
    "meter",
    "multicol",
    "nextid",
    "nobr",
    "noembed",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "picture",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "samp",
    "script",
    "select",
    "shadow",
    "slot",
    "small",
    "spacer",
    "span",
    "strong",
    "style",
    "template",
    "textarea",
    "time",
    "tspan",
    "tt",
    "u",
    "var",
    "video",
    "wbr",
    "selectedcontent",
];

/// What a tag shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// Nothing, within a word.
    Nothing,
    /// The end of a word.
    End,
    /// A mark that changes what the text means.
    Mark(&'static str),
    /// Itself: HTML does not have it.
    Itself,
}

/// What the tag of this name shows, which has a slash in front if it is an end tag.
pub(super) fn shows(name: &str) -> Shows {
    let plain = name.trim_start_matches('/');
    match name {
        "del" | "/del" | "s" | "/s" | "strike" | "/strike" => return Shows::Mark("~~"),
        "sup" => return Shows::Mark("<sup>"),
        "/sup" => return Shows::Mark("</sup>"),
        "sub" => return Shows::Mark("<sub>"),
        "/sub" => return Shows::Mark("</sub>"),
        _ => {}
    }
    match () {
        () if WITHIN.contains(&plain) => Shows::Nothing,
        () if is_block(plain) || APART.contains(&plain) => Shows::End,
        () => Shows::Itself,
    }
}

/// Whether an element begins a block.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || heading_level(name).is_some()
}

/// Of `h1` to `h6`.
pub(super) fn heading_level(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Whether an element is one that shows a spec of elsewhere.
pub(super) fn shows_a_spec(name: &str) -> bool {
    [
        "openapi",
        "swagger",
        "redoc",
        "rapi-doc",
        "rapidoc",
        "elements-api",
    ]
    .iter()
    .any(|known| name.starts_with(known))
}

/// Whether an element of HTML that holds another document holds a spec, as its address says.
pub(super) fn shows_one_of_elsewhere(name: &str, tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    matches!(name, "iframe" | "embed" | "object")
        && ["openapi", "swagger", "redoc", "api-docs"]
            .iter()
            .any(|known| tag.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrasing_element_of_html_shows_nothing_or_what_it_means() {
        // https://html.spec.whatwg.org/multipage/dom.html#phrasing-content
        let phrasing = "a abbr area audio b bdi bdo button canvas cite code data datalist del dfn em i ins kbd \
                        label link map mark math meta meter noscript object output picture progress q ruby s samp \
                        script select slot small span strong sub sup template textarea time u var video wbr";
        for name in phrasing.split_whitespace() {
            let is_known = matches!(shows(name), Shows::Nothing | Shows::Mark(_));
            assert!(is_known, "{name}");
        }
        for name in ["br", "embed", "iframe", "img", "input", "svg", "p", "h1"] {
            assert_eq!(shows(name), Shows::End, "{name}");
        }
        assert_eq!(shows("price"), Shows::Itself);
    }
}
