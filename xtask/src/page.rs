//! Reads a documentation page: GitBook Markdown with OpenAPI documents in
//! code fences.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::openapi::pointer;
use crate::openapi::spec::is_method;

pub mod codes;
pub mod markdown;

use markdown::{Code, Parts};

const BANNER: &str = "> For the complete documentation index";
const AGENT_HEADING: &str = "# Agent Instructions";

/// Why a page can't be read as a spec.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The page is not text.
    #[error("{file}: byte {offset} is not UTF-8; capture the page again")]
    NotText {
        /// The page.
        file: String,
        /// Offset of the first bad byte, from 0.
        offset: usize,
    },
    /// A fence that looks like a spec is not JSON.
    #[error(
        "{file}:{line}:{column}: fence {number} is marked as a spec but is not valid JSON: {reason}"
    )]
    Json {
        /// The page.
        file: String,
        /// Line on the page, from 1.
        line: usize,
        /// Column in that line in bytes, from 1.
        column: usize,
        /// Which fence of the page, from 1.
        number: usize,
        /// The error of the parser.
        reason: String,
    },
    /// The page has no spec.
    #[error(
        "{file}: no spec on this page: it has {fences} code fence(s), and none holds a JSON object with the key `openapi`"
    )]
    NoSpec {
        /// The page.
        file: String,
        /// How many code fences of any kind it has.
        fences: usize,
    },
}

/// The position of a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page's name, as the caller gave it.
    pub file: String,
    /// Line of the opening fence, from 1.
    pub line: usize,
    /// Which code fence of the page, counted from 1 over all kinds.
    pub number: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, number } = self;
        write!(f, "{file}:{line} (fence {number})")
    }
}

/// An OpenAPI document on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// Where it was found.
    pub place: Place,
    /// The document: an object with the key `openapi`.
    pub document: Value,
}

impl Fence {
    /// Whether it is a [reconstruction](is_reconstruction), which describes one operation only.
    pub fn is_reconstruction(&self) -> bool {
        is_reconstruction(&self.place.file)
    }

    /// The operations that the document describes, each as `METHOD /path`.
    pub fn operations(&self) -> Vec<String> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        paths
            .flat_map(|(path, item)| {
                let keys = item.as_object().into_iter().flat_map(|item| item.keys());
                keys.filter(|key| is_method(key))
                    .map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect()
    }
}

/// Whether a file is a reconstruction, an OpenAPI document of one operation, instead of a page.
pub fn is_reconstruction(file: &str) -> bool {
    file.ends_with(".json")
}

/// The page without what GitBook adds: the banner on top, the section for agents at
/// the end, a byte order mark, CRLF line ends.
///
/// The result ends in exactly one newline. Normalising is idempotent.
pub fn normalise(page: &str) -> String {
    let page = page.replace("\r\n", "\n").replace('\r', "\n");
    let body = without_agent_section(without_banner(&page));
    format!("{}\n", body.trim_end_matches('\n'))
}

fn without_banner(page: &str) -> &str {
    let mut rest = page.trim_start_matches('\u{feff}');
    while rest.starts_with(BANNER) {
        rest = skip_lines(rest, |line| line.starts_with('>'));
        rest = skip_lines(rest, |line| line.trim().is_empty());
        rest = rest.trim_start_matches('\u{feff}');
    }
    rest
}

fn skip_lines(text: &str, skip: impl Fn(&str) -> bool) -> &str {
    let skipped: usize = text
        .split_inclusive('\n')
        .take_while(|line| skip(line))
        .map(str::len)
        .sum();
    &text[skipped..]
}

fn without_agent_section(page: &str) -> &str {
    let mut rule = None;
    let mut offset = 0;
    for line in page.split_inclusive('\n') {
        match (line.trim_end(), rule) {
            (AGENT_HEADING, Some(rule)) => return without_blank_end(&page[..rule]),
            ("---", _) => rule = Some(offset),
            ("", _) => {}
            _ => rule = None,
        }
        offset += line.len();
    }
    page
}

fn without_blank_end(text: &str) -> &str {
    let Some(last) = text.rfind(|character: char| !character.is_whitespace()) else {
        return "";
    };
    let line_end = text[last..].find('\n').map_or(text.len(), |end| last + end);
    &text[..line_end]
}

/// The text of a page that was read as bytes; `file` names it in messages.
///
/// # Errors
///
/// [`Error::NotText`] if it is not UTF-8.
pub fn decode(bytes: Vec<u8>, file: &str) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| Error::NotText {
        file: file.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}

/// Every spec on the page, from top to bottom; `file` names the page in
/// messages.
///
/// A code fence is a spec if its content is a JSON object with the key
/// `openapi`, whatever its info string says. Other fences are ignored.
///
/// # Errors
///
/// [`Error::Json`] if a fence marked as JSON, or not marked at all, contains
/// `"openapi"` but can't be parsed: a broken spec must not look like a page
/// with fewer operations. [`Error::NoSpec`] if no fence is a spec.
pub fn fences(page: &str, file: &str) -> Result<Vec<Fence>, Error> {
    fences_of(&markdown::split(page), file)
}

/// Replaces references to path items by what they refer to, so that all operations are found
/// below `paths`.
fn with_path_items_in_place(mut document: Value) -> Value {
    let whole = document.clone();
    let items = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in items.into_iter().flat_map(|items| items.values_mut()) {
        let at = item["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
        if let Some(found) = at.and_then(|at| whole.pointer(at)) {
            *item = found.clone();
        }
    }
    document
}

fn fences_of(parts: &Parts<'_>, file: &str) -> Result<Vec<Fence>, Error> {
    let mut fences = Vec::new();
    for (index, block) in parts.code.iter().enumerate() {
        let place = Place {
            file: file.to_owned(),
            line: block.line,
            number: index + 1,
        };
        match json(&block.content) {
            Ok(document) if document.get("openapi").is_some() => {
                let document = with_path_items_in_place(document);
                fences.push(Fence { place, document });
            }
            Err(error) if sets_out_to_be_a_spec(block) => {
                return Err(broken_json(block, place, &error));
            }
            _ => {}
        }
    }
    if fences.is_empty() {
        return Err(Error::NoSpec {
            file: file.to_owned(),
            fences: parts.code.len(),
        });
    }
    Ok(fences)
}

/// Distinguishes a broken spec from a broken example: by the info string, or because it begins
/// like a document with `openapi` in front.
fn sets_out_to_be_a_spec(block: &Code<'_>) -> bool {
    let language = block.info.split_whitespace().next().unwrap_or_default();
    let json = language.to_ascii_lowercase().starts_with("json");
    let object = block.content.trim_start().strip_prefix('{');
    let in_front = object.is_some_and(|rest| rest.trim_start().starts_with("\"openapi\""));
    let unmarked = language.is_empty() && object.is_some();
    in_front || (json || unmarked) && block.content.contains("\"openapi\"")
}

fn broken_json(block: &Code<'_>, place: Place, error: &serde_json::Error) -> Error {
    let (line, column) = block.on_page(error.line(), error.column());
    Error::Json {
        file: place.file,
        line,
        column,
        number: place.number,
        reason: without_position(error),
    }
}

pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

/// A part of a page, from one heading to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's text; empty for the text above the first heading.
    pub heading: String,
    /// The text below it, without specs and rows of result codes, which are
    /// compared separately.
    pub text: String,
}

/// What a page holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its name in messages.
    pub file: String,
    /// Its specs; empty only if the page holds result codes instead.
    pub fences: Vec<Fence>,
    /// Its result codes.
    pub codes: Vec<codes::Row>,
    /// Its prose.
    pub sections: Vec<Section>,
}

impl Page {
    /// The text below each heading; sections of one name count as one.
    pub fn by_heading(&self) -> BTreeMap<&str, String> {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for section in &self.sections {
            let text = texts.entry(&section.heading).or_default();
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&section.text);
        }
        texts
    }
}

/// Reads all of a page.
///
/// # Errors
///
/// As [`fences`], except that a page without a spec is allowed if it has result codes
/// and `may_lack_spec` is true.
pub fn read(text: &str, file: &str, may_lack_spec: bool) -> Result<Page, Error> {
    let parts = markdown::split(text);
    let codes = codes::rows(&parts.prose, file);
    let fences = match fences_of(&parts, file) {
        Err(Error::NoSpec { .. }) if may_lack_spec && !codes.is_empty() => Vec::new(),
        other => other?,
    };
    let sections = sections(text, &parts, &fences, &codes);
    Ok(Page {
        file: file.to_owned(),
        fences,
        codes,
        sections,
    })
}

fn sections(text: &str, parts: &Parts<'_>, fences: &[Fence], codes: &[codes::Row]) -> Vec<Section> {
    let mut left_out: HashSet<usize> = codes.iter().map(|row| row.line).collect();
    for fence in fences {
        let block = &parts.code[fence.place.number - 1];
        left_out.extend(block.line..=block.last);
    }
    let mut headings = parts
        .prose
        .iter()
        .filter_map(|line| Some((line.number, markdown::heading(line)?)))
        .peekable();
    let mut sections = vec![Section {
        heading: String::new(),
        text: String::new(),
    }];
    for (index, line) in text.lines().enumerate() {
        if let Some((_, heading)) = headings.next_if(|(number, _)| *number == index + 1) {
            let text = String::new();
            sections.push(Section { heading, text });
        } else if !left_out.contains(&(index + 1))
            && let Some(section) = sections.last_mut()
        {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }
    for section in &mut sections {
        section.text = section.text.trim_matches('\n').to_owned();
    }
    sections
}

/// Reads a JSON document in which no object may have the same key twice.
///
/// # Errors
///
/// serde_json's error, with line and column.
pub fn json(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).map(|UniqueKeys(value)| value)
}

/// A JSON value in which no object has the same key twice. `serde_json` silently keeps
/// the last one, and a definition would be lost.
struct UniqueKeys(Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(Self)
    }
}

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(UniqueKeys(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "duplicate key `{}` in one object",
                    pointer::shown(&key)
                )));
            }
            let UniqueKeys(value) = members.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BODY: &str = "# 수납\n\n> &#x20;   첫 줄.\\\n> 둘째 줄.<br>\n\n---\n\n끝  \n";

    fn wrapped() -> String {
        format!(
            "\u{feff}> For the complete documentation index, see [llms.txt](…).\n\n\
             {BODY}\n\n---\n\n# Agent Instructions\nprose\n\n```\nGET /\n```\n"
        )
    }

    fn numbered(page: &str) -> Vec<(usize, usize)> {
        let fences = fences(page, "page.md").unwrap();
        fences
            .iter()
            .map(|fence| (fence.place.line, fence.place.number))
            .collect()
    }

    fn refusal(page: &str) -> String {
        fences(page, "page.md").unwrap_err().to_string()
    }

    #[test]
    fn banner_and_agent_section_are_removed_and_the_rest_is_kept() {
        assert_eq!(normalise(&wrapped()), BODY);
        assert_eq!(normalise(BODY), BODY);
    }

    #[test]
    fn crlf_and_byte_order_marks_are_removed() {
        assert_eq!(normalise(&wrapped().replace('\n', "\r\n")), BODY);
        assert_eq!(normalise("\u{feff}a\rb"), "a\nb\n");
    }

    #[test]
    fn a_page_ends_in_exactly_one_newline() {
        for page in ["a", "a\n", "a\n\n\n", "a\r\n\r\n"] {
            assert_eq!(normalise(page), "a\n");
        }
        assert_eq!(normalise(""), "\n");
    }

    #[test]
    fn normalising_again_changes_nothing() {
        for page in [
            wrapped().as_str(),
            "\r\r\n\u{feff}",
            "> For the complete documentation index\n> more\n\n> For the complete documentation index\n\u{feff}a",
            "a\n\n---\n---\n\n# Agent Instructions\n---\n# Agent Instructions\n",
            "---\n# Agent Instructions",
        ] {
            let once = normalise(page);
            assert_eq!(normalise(&once), once);
        }
    }

    #[test]
    fn a_heading_or_a_rule_alone_is_not_an_agent_section() {
        for page in [
            "a\n\n# Agent Instructions\n",
            "a\n\n---\n\nb\n\n# Agent Instructions\n",
            "a\n\n---\n\n# Agents\n",
        ] {
            assert_eq!(normalise(page), page);
        }
    }

    #[test]
    fn specs_are_found_in_every_kind_of_fence() {
        let spec = r#"{"openapi": "3.1.0"}"#;
        for (open, close) in [
            ("```json", "```"),
            ("```", "```"),
            ("`````JSON title=\"x.json\" overflow=\"wrap\"", "``````"),
            ("~~~ json", "~~~~"),
            ("   ```yaml", " ```  "),
        ] {
            let page = format!("prose `code`\n\n{open}\n{spec}\n{close}\n\nprose\n");
            assert_eq!(numbered(&page), [(3, 1)], "{open}");
        }
    }

    #[test]
    fn a_fence_has_its_number_among_all_fences() {
        let page = "```sh\nls\n```\n```json\n{\"openapi\": 1}\n```\n\n~~~\n{\"openapi\": 2}\n~~~\n";
        assert_eq!(numbered(page), [(4, 2), (8, 3)]);
        let fences = fences(page, "page.md").unwrap();
        assert_eq!(fences[1].place.to_string(), "page.md:8 (fence 3)");
        assert_eq!(fences[1].document, json!({"openapi": 2}));
    }

    #[test]
    fn a_fence_inside_a_longer_one_is_text() {
        let page = "````md\n```json\n{\"openapi\": 1}\n```\n````\n";
        assert!(refusal(page).contains("it has 1 code fence(s)"));
    }

    #[test]
    fn what_only_looks_like_a_fence_is_text() {
        for page in [
            "    ```json\n{\"openapi\": 1}\n```\n",
            "``json\n{\"openapi\": 1}\n``\n",
            "```json `a` ```\n{\"openapi\": 1}\n",
        ] {
            assert!(refusal(page).contains("no spec on this page"), "{page}");
        }
    }

    #[test]
    fn the_fence_indentation_is_not_part_of_the_spec() {
        let page = "  ```json\n  {\"openapi\":\n \"a\"}\n  ```\n";
        assert_eq!(
            fences(page, "").unwrap()[0].document,
            json!({"openapi": "a"})
        );
    }

    #[test]
    fn a_fence_that_is_never_closed_runs_to_the_end_of_the_page() {
        assert_eq!(numbered("```json\n{\"openapi\":\n1}\n"), [(1, 1)]);
    }

    #[test]
    fn json_without_the_key_openapi_is_not_a_spec() {
        for content in [
            r#"{"code": "0000"}"#,
            r#"[{"openapi": "3.1.0"}]"#,
            r#"{"nested": {"openapi": 1}}"#,
            r#""openapi""#,
        ] {
            assert!(refusal(&format!("```json\n{content}\n```\n")).contains("no spec"));
        }
    }

    #[test]
    fn a_page_without_a_spec_is_named_with_the_reason() {
        assert_eq!(
            refusal("# 수납\n"),
            "page.md: no spec on this page: it has 0 code fence(s), and none holds a JSON \
             object with the key `openapi`"
        );
    }

    #[test]
    fn a_broken_spec_is_named_with_fence_line_and_column() {
        let page = "```sh\n```\n\n ```json\n {\n  \"openapi\": oops\n }\n ```\n";
        assert_eq!(
            refusal(page),
            "page.md:6:14: fence 2 is marked as a spec but is not valid JSON: expected value"
        );
    }

    #[test]
    fn a_broken_spec_in_an_unmarked_fence_is_not_ignored() {
        let page = "```json\n{\"openapi\": 1}\n```\n```\n{\"openapi\": 1,}\n```\n";
        assert!(refusal(page).starts_with("page.md:5:15: fence 2"));
    }

    #[test]
    fn a_broken_example_is_ignored() {
        let page = "```json\n{\"code\": …}\n```\n```js\nlet a = {\"openapi\": b};\n```\n\
                    ```json\n{\"openapi\": 1}\n```\n";
        assert_eq!(numbered(page), [(7, 3)]);
    }

    #[test]
    fn a_duplicate_key_is_refused_with_its_line() {
        let page = "```json\n{\"openapi\": 1, \"paths\": {\n\"/a\": [],\n\"/a\": {}}}\n```\n";
        let message = refusal(page);
        assert!(message.starts_with("page.md:4:"), "{message}");
        assert!(
            message.ends_with("duplicate key `/a` in one object"),
            "{message}"
        );
        let page = page.replace("/a", "\\n::error::");
        assert!(!refusal(&page).contains('\n'), "{}", refusal(&page));
    }

    #[test]
    fn every_json_value_is_kept_verbatim() {
        let text = r#"{"openapi":null,"a":[true,-1,18446744073709551615,1.5,"글\n",{}]}"#;
        let page = format!("```\n{text}\n```\n");
        assert_eq!(fences(&page, "").unwrap()[0].document.to_string(), text);
    }

    #[test]
    fn a_page_that_is_not_text_is_named_with_the_byte() {
        let error = decode(b"ab\xff".to_vec(), "page.md").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("page.md: byte 2 is not UTF-8")
        );
    }
}
