//! GitBook's own blocks, `{% … %}`.

/// The name of a tag, and whether it shows a spec of elsewhere.
pub(super) fn tag(tag: &str) -> (&str, bool) {
    let inside = tag
        .trim_start_matches("{%")
        .trim_start_matches('-')
        .trim_start();
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
    let tag = tag.to_ascii_lowercase();
    let is_named = ["openapi", "swagger", "api-docs"]
        .iter()
        .any(|it| tag.contains(it));
    is_named && [".json", ".yaml", ".yml"].iter().any(|it| tag.contains(it))
}
