//! GitBook's own blocks, `{% … %}`.

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
    let is_linked =
        matches!(plain.as_str(), "file" | "embed" | "content-ref") && is_a_spec_file(inside);
    (name, shows || is_linked)
}

fn is_a_spec_file(tag: &str) -> bool {
    let mut most = tag.len().min(LONGEST);
    while !tag.is_char_boundary(most) {
        most -= 1;
    }
    let tag = &tag[..most];
    let end = tag.find("%}").unwrap_or(tag.len());
    let tag = tag[..end].to_ascii_lowercase();
    let is_named = ["openapi", "swagger", "api-docs"]
        .iter()
        .any(|it| tag.contains(it));
    is_named && [".json", ".yaml", ".yml"].iter().any(|it| tag.contains(it))
}
