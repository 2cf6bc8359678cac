//! GitBook's own blocks, `{% … %}`.

use super::elements::shows_one_of_elsewhere;

/// The longest tag that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The name of a tag, and whether it shows a spec of elsewhere.
pub(super) fn tag(tag: &str) -> (&str, bool) {
    let inside = tag.strip_prefix("{%").unwrap_or(tag);
    let inside = inside.trim_start_matches('-').trim_start();
    let length = inside
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(inside.len());
    let name = &inside[..length];
    let plain = name.to_ascii_lowercase();
    let shows = ["openapi", "swagger", "api-method"]
        .iter()
        .any(|it| plain.starts_with(it));
    let near = near(inside);
    let is_linked = match plain.as_str() {
        "file" | "content-ref" => is_a_spec_file(near),
        "embed" => is_a_spec_file(near) || shows_one_of_elsewhere("embed", near),
        _ => false,
    };
    (name, shows || is_linked)
}

/// What is looked at of a tag.
fn near(tag: &str) -> &str {
    let mut most = tag.len().min(LONGEST);
    while !tag.is_char_boundary(most) {
        most -= 1;
    }
    let tag = &tag[..most];
    &tag[..tag.find("%}").unwrap_or(tag.len())]
}

fn is_a_spec_file(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let is_named = ["openapi", "swagger", "api-docs"]
        .iter()
        .any(|it| tag.contains(it));
    is_named && [".json", ".yaml", ".yml"].iter().any(|it| tag.contains(it))
}
