//! Reads a documentation page: GitBook Markdown with OpenAPI documents in
//! code blocks, as its readers see it.
//!
//! GitBook's and HTML's blocks are taken out (`markup`), CommonMark is read by a parser (`blocks`),
//! prose becomes the words that a reader sees (`words`), and blocks of code are read as specs
//! (`document`). Words, not markup, are what is compared and pinned.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::openapi::type_names;
use openapi_compare::spelling;

mod blocks;
pub mod codes;
mod document;
mod elements;
mod fencing;
mod frame;
mod gitbook;
mod json;
mod links;
mod markup;
mod room;
mod tag;
mod untold;
mod words;
pub mod yaml;

use blocks::{Block, Blocks, Code};
use document::Found;
pub use document::Problem;
pub(crate) use document::has_entries;
pub use json::json;
pub(crate) use json::without_position;
pub use links::links;
use room::Room;
use words::Words;

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
        "{file}:{line}:{column}: fence {number} is marked as a spec but is not valid JSON: {reason}; capture the page again, or report it to whoever publishes the page"
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
    /// A spec that is not JSON can't be read.
    #[error("{file}:{line}: {block} holds a spec that can't be read: {problem}")]
    Unread {
        /// The page.
        file: String,
        /// Line on the page, from 1.
        line: usize,
        /// Which block.
        block: String,
        /// Why, and what to do.
        problem: Problem,
    },
    /// The page is no text that anybody wrote.
    #[error(
        "{file}: more than a quarter of the page is marks of Markdown, so it is not read; capture the page again, or report it to whoever publishes the page"
    )]
    AllMarks {
        /// The page.
        file: String,
    },
    /// The page has no spec.
    #[error(
        "{file}: no spec on this page: it has {} code fence(s){}, and none holds an object with the key `openapi`; capture the page again, or look where its spec went",
        lines.len(), on_lines(lines)
    )]
    NoSpec {
        /// The page.
        file: String,
        /// The lines, from 1, on which its code fences of any kind begin.
        lines: Vec<usize>,
    },
}

fn on_lines(lines: &[usize]) -> String {
    const MOST: usize = 5;
    let mut shown: Vec<String> = lines.iter().take(MOST).map(ToString::to_string).collect();
    if lines.len() > MOST {
        shown.push("…".to_owned());
    }
    match shown.is_empty() {
        true => String::new(),
        false => format!(" (line {})", shown.join(", ")),
    }
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
    /// The document: an object with the key `openapi`. It may be large, and several snapshots have it.
    pub document: Arc<Value>,
}

impl Fence {
    /// Whether it is a [reconstruction](is_reconstruction), which describes one operation only.
    pub fn is_reconstruction(&self) -> bool {
        is_reconstruction(&self.place.file)
    }

    /// The operations that the document describes, each as `METHOD /path`.
    pub fn operations(&self) -> Vec<String> {
        untold::operations(&self.document)
    }
}

/// Whether a file is a reconstruction, an OpenAPI document of one operation, instead of a page.
pub fn is_reconstruction(file: &str) -> bool {
    file.ends_with(".json")
}

/// The page without what is put around it: data for the editor and the banner on top, the section for agents at
/// the end; without a byte order mark, CRLF line ends, decomposed characters (they are composed: NFC).
///
/// The result ends in exactly one newline. Normalising is idempotent.
pub fn normalise(page: &str) -> String {
    let page = words::composed(page);
    let page = page.replace("\r\n", "\n").replace('\r', "\n");
    format!("{}\n", frame::body(&page).trim_end_matches('\n'))
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
/// A block of code, a fence or `<pre>`, has specs if it is an object with the key `openapi`, in JSON or
/// YAML, or an array of such objects, whatever its info string says. Other blocks are ignored.
///
/// # Errors
///
/// [`Error::AllMarks`], and [`Error::Json`] and [`Error::Unread`] if something on the page looks like a spec and can't be read:
/// a broken spec must not look like a page with fewer operations. [`Error::NoSpec`] if there is no spec.
pub fn fences(page: &str, file: &str) -> Result<Vec<Fence>, Error> {
    Ok(Specs::read(page, &blocks_of(page, file)?, file)?.fences)
}

fn blocks_of(page: &str, file: &str) -> Result<Blocks, Error> {
    match blocks::is_all_marks(page) {
        true => Err(Error::AllMarks {
            file: file.to_owned(),
        }),
        false => Ok(blocks::read(page)),
    }
}

/// The words of a piece of Markdown as a reader sees them, one space between them: without its
/// structure, with composed characters.
pub fn words(markdown: &str) -> String {
    blocks::words(markdown)
}

/// Replaces references to path items by what they refer to, so that all operations are found
/// below `paths`.
fn with_path_items_in_place(mut document: Value) -> Value {
    let is_reference = |item: &Value| item.get("$ref").is_some_and(Value::is_string);
    let items = document.get("paths").and_then(Value::as_object);
    if !items.is_some_and(|items| items.values().any(is_reference)) {
        return document;
    }
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

/// The specs of a page, and which of its code blocks have them.
struct Specs {
    fences: Vec<Fence>,
    blocks: Vec<bool>,
    /// Where these blocks begin.
    starts: Vec<usize>,
    /// What was corrected in them.
    remarks: Vec<String>,
}

impl Specs {
    fn read(page: &str, blocks: &Blocks, file: &str) -> Result<Self, Error> {
        let mut specs = Specs {
            fences: Vec::new(),
            blocks: vec![false; blocks.code.len()],
            starts: Vec::new(),
            remarks: Vec::new(),
        };
        let room = Room::of(page);
        for (index, code) in blocks.code.iter().enumerate() {
            let place = Place {
                file: file.to_owned(),
                line: code.line,
                number: index + 1,
            };
            let documents = documents(page, code, &place, &room)?;
            if !documents.is_empty() {
                specs.blocks[index] = true;
                specs.starts.push(code.range.start);
            }
            specs
                .fences
                .extend(documents.into_iter().map(|mut document| {
                    if let Some(remark) = type_names::correct(&mut document) {
                        specs.remarks.push(format!("{place}: {remark}"));
                    }
                    let (place, document) =
                        (place.clone(), Arc::new(with_path_items_in_place(document)));
                    Fence { place, document }
                }));
        }
        specs.expect_nothing_else(page, blocks, file)?;
        if specs.fences.is_empty() {
            return Err(Error::NoSpec {
                file: file.to_owned(),
                lines: blocks.code.iter().map(|code| code.line).collect(),
            });
        }
        Ok(specs)
    }

    /// Fails if anything outside of the blocks of code looks like a spec.
    fn expect_nothing_else(&self, page: &str, blocks: &Blocks, file: &str) -> Result<(), Error> {
        let unread = |at: usize, block: String, problem| {
            let (line, _) = blocks::line_and_column(page, at);
            let file = file.to_owned();
            Err(Error::Unread {
                file,
                line,
                block,
                problem,
            })
        };
        let told: BTreeSet<String> = self.fences.iter().flat_map(Fence::operations).collect();
        let is_untold = |hidden: &Range<usize>| {
            let text = page[hidden.clone()].trim_matches(['<', '!', '-', '>', '{', '#', '}']);
            untold::last_untold(text, told.clone()).is_some()
        };
        let mut looked: HashMap<usize, bool> = HashMap::new();
        let mut is_told = |at: usize| {
            let after = blocks.hidden.partition_point(|hidden| hidden.start <= at);
            let index = after.checked_sub(1);
            let hidden = index.and_then(|index| blocks.hidden.get(index));
            hidden.filter(|it| it.contains(&at)).is_some_and(|hidden| {
                !*looked
                    .entry(hidden.start)
                    .or_insert_with(|| is_untold(hidden))
            })
        };
        let ends = ends(page, &blocks.tags);
        for (tag, end) in blocks.tags.iter().zip(ends) {
            let (name, shows) = gitbook::tag(&page[tag.clone()]);
            let is_unread =
                shows && blocks.code_at(tag.start).is_none() && !self.has_spec(tag.end..end);
            if is_unread && !is_told(tag.start) {
                let block = format!("the block {{% {name} %}}");
                return unread(tag.start, block, Problem::Elsewhere);
            }
        }
        for at in inline_tags(page) {
            let (name, shows) = gitbook::tag(&page[at..]);
            let before = blocks.tags.partition_point(|tag| tag.start <= at);
            let is_known = blocks.tags[..before]
                .last()
                .is_some_and(|tag| tag.contains(&at));
            if shows && !is_known && blocks.code_at(at).is_none() && !is_told(at) {
                let block = format!("the block {{% {name} %}}");
                return unread(at, block, Problem::Elsewhere);
            }
        }
        for tag in &blocks.embedded {
            if blocks.code_at(tag.start).is_none() && !is_told(tag.start) {
                let name = tag::name(&page[tag.clone()]).unwrap_or_default();
                return unread(
                    tag.start,
                    format!("the element <{name}>"),
                    Problem::Elsewhere,
                );
            }
        }
        for mark in document::marks(page) {
            let is_alone = || is_only_markup(&page[..mark.at]);
            let is_spec = blocks.code_at(mark.at).is_none() && (mark.is_quoted || is_alone());
            if is_spec && !is_told(mark.at) {
                return unread(mark.at, "the text".to_owned(), Problem::NotInCode);
            }
        }
        Ok(())
    }

    /// Whether a spec begins in this part of the page.
    fn has_spec(&self, part: Range<usize>) -> bool {
        let index = |at: usize| self.starts.partition_point(|start| *start < at);
        index(part.start) < index(part.end)
    }
}

/// Where what each of GitBook's tags opens ends: where the next tag closes that name, else with itself.
fn ends(page: &str, tags: &[Range<usize>]) -> Vec<usize> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    let mut ends: Vec<usize> = tags.iter().map(|tag| tag.end).collect();
    for (tag, end) in tags.iter().zip(&mut ends).rev() {
        let (name, _) = gitbook::tag(&page[tag.clone()]);
        match name.strip_prefix("end") {
            Some(opened) => drop(next.insert(opened, tag.start)),
            None => *end = next.get(name).copied().unwrap_or(*end),
        }
    }
    ends
}

/// Where GitBook's tags begin, but for those in code of a line.
fn inline_tags(page: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    page.split_inclusive('\n').flat_map(move |line| {
        let start = at;
        at += line.len();
        let (mut passed, mut is_code) = (0, false);
        let begins = line.match_indices("{%").filter_map(move |(begin, _)| {
            let marks = line[passed..begin].matches('`').count();
            is_code ^= marks % 2 == 1;
            passed = begin;
            (!is_code).then_some(start + begin)
        });
        begins.collect::<Vec<_>>()
    })
}

/// Whether a key that follows begins its line.
fn is_only_markup(before: &str) -> bool {
    let mut back = before.chars().rev().take(64).take_while(|c| *c != '\n');
    back.all(|c| " \t>-*\"'{".contains(c))
}

fn documents(page: &str, code: &Code, place: &Place, room: &Room) -> Result<Vec<Value>, Error> {
    let (file, number) = (place.file.clone(), place.number);
    let on_page = |line: usize, column: usize| {
        let lines = code
            .content
            .split_inclusive('\n')
            .take(line.saturating_sub(1));
        let start: usize = lines.map(str::len).sum();
        let at = (start + column.saturating_sub(1)).min(code.content.len());
        blocks::line_and_column(page, code.on_page(at))
    };
    match document::read(&code.info, &code.content, room) {
        Found::Documents(documents) => Ok(documents),
        Found::BrokenJson {
            line,
            column,
            reason,
        } => {
            let (line, column) = on_page(line, column);
            Err(Error::Json {
                file,
                line,
                column,
                number,
                reason,
            })
        }
        Found::Unread { line, problem } => Err(Error::Unread {
            file,
            line: line.map_or(code.line, |line| on_page(line, 1).0),
            block: match code.is_html {
                true => format!("the block <pre> (fence {number})"),
                false => format!("fence {number}"),
            },
            problem,
        }),
    }
}

/// A part of a page, from one heading to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's text; empty for the text above the first heading.
    pub heading: String,
    /// The words below it, without specs and rows of result codes, which are
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
    /// What is misspelled in its specs and understood nevertheless, with its place.
    pub remarks: Vec<String>,
}

impl Page {
    /// The words below each heading; sections of one name count as one.
    pub fn by_heading(&self) -> BTreeMap<&str, String> {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for section in &self.sections {
            let text = texts.entry(&section.heading).or_default();
            if !text.is_empty() && !section.text.is_empty() {
                text.push(' ');
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
    let blocks = blocks_of(text, file)?;
    let mut prose = Prose {
        file,
        codes: Vec::new(),
        sections: Vec::new(),
        heading: String::new(),
        words: Words::default(),
    };
    let specs = Specs::read(text, &blocks, file);
    let Blocks { blocks, code, .. } = blocks;
    for block in blocks {
        prose.add(block, &code, specs.as_ref().ok());
    }
    let (codes, sections) = prose.finish();
    let (fences, mut corrected) = match specs {
        Err(Error::NoSpec { .. }) if may_lack_spec && !codes.is_empty() => Default::default(),
        other => other.map(|specs| (specs.fences, specs.remarks))?,
    };
    corrected.extend(remarks(&fences));
    Ok(Page {
        file: file.to_owned(),
        remarks: corrected,
        fences,
        codes,
        sections,
    })
}

/// What is misspelled in specs, for whoever reads the result.
fn remarks(fences: &[Fence]) -> Vec<String> {
    let mut counted: HashMap<&str, usize> = HashMap::new();
    let mut remarks = Vec::new();
    for fence in fences {
        for found in spelling::misspellings(&fence.document) {
            let count = counted.entry(found.says).or_default();
            *count += 1;
            if *count == 1 {
                remarks.push(format!("{}: {}", fence.place, found));
            }
        }
    }
    remarks
}

/// The prose of a page, section by section.
struct Prose<'a> {
    file: &'a str,
    codes: Vec<codes::Row>,
    sections: Vec<Section>,
    heading: String,
    words: Words,
}

impl Prose<'_> {
    fn add(&mut self, block: Block, code: &[Code], specs: Option<&Specs>) {
        match block {
            Block::Heading(heading) => {
                self.end_section();
                self.heading = heading;
            }
            Block::Words(words) => self.words.add(&words.finish()),
            Block::Table(table) => match codes::rows(&table, self.file) {
                Some(rows) => {
                    blocks::words_of_row(&table.header, &mut self.words);
                    self.codes.extend(rows);
                }
                None => table.words(&mut self.words),
            },
            Block::Code(index) => {
                if !specs.is_some_and(|specs| specs.blocks[index]) {
                    self.words.add(&code[index].content);
                }
            }
        }
    }

    fn end_section(&mut self) {
        self.sections.push(Section {
            heading: std::mem::take(&mut self.heading),
            text: std::mem::take(&mut self.words).finish(),
        });
    }

    fn finish(mut self) -> (Vec<codes::Row>, Vec<Section>) {
        self.end_section();
        (self.codes, self.sections)
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
    fn a_rule_or_other_words_are_not_an_agent_section() {
        for page in [
            "a\n\nAgent Instructions\n",
            "a\n\n---\n\n# Agents\n",
            "a\n\n# Agent Instructionsx\n",
            "a\n\n```\n# Agent Instructions\n```\n",
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
        assert_eq!(*fences[1].document, json!({"openapi": 2}));
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
            *fences(page, "").unwrap()[0].document,
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
            "page.md: no spec on this page: it has 0 code fence(s), and none holds an object \
             with the key `openapi`; capture the page again, or look where its spec went"
        );
    }

    #[test]
    fn a_broken_spec_is_named_with_fence_line_and_column() {
        let page = "```sh\n```\n\n ```json\n {\n  \"openapi\": oops\n }\n ```\n";
        assert_eq!(
            refusal(page),
            "page.md:6:14: fence 2 is marked as a spec but is not valid JSON: expected value; capture \
             the page again, or report it to whoever publishes the page"
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
            message.contains("duplicate key `/a` in one object"),
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
