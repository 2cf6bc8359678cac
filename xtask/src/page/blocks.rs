//! A page as its blocks: headings, words, tables and code.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::markup::{self, Kind, Masked, Region};
use super::tag;
use super::words::{self, Lists, Words};

/// How often code that is only indented is read as prose again.
const DEEPEST: usize = 4;

/// How many marks of Markdown a text may have, however short it is, and one of how many bytes may be one. The
/// parser takes some hundred bytes for each.
const MARKS: usize = 300_000;
const BYTES_OF_A_MARK: usize = 4;

/// How far above a block of HTML the end of a list item is looked for, in bytes.
const LONGEST_GAP: usize = 4096;

/// Whether a text has more marks of Markdown than anybody writes.
pub(super) fn is_all_marks(markdown: &str) -> bool {
    let marks = markdown.bytes().filter(|byte| b"*_[]<`!&\\".contains(byte));
    marks.count() > MARKS + markdown.len() / BYTES_OF_A_MARK
}

/// A page, taken apart.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// The code blocks, from top to bottom.
    pub code: Vec<Code>,
    /// Where code is that is only indented, which is read as prose.
    pub indented: Vec<Range<usize>>,
    /// What nobody sees, as comments.
    pub hidden: Vec<Range<usize>>,
    /// GitBook's tags.
    pub tags: Vec<Range<usize>>,
    /// HTML tags that show a spec of elsewhere.
    pub embedded: Vec<Range<usize>>,
}

#[derive(Debug)]
pub(super) enum Block {
    /// The text of a heading of the page itself.
    Heading(String),
    Words(Words),
    Table(Table),
    /// Which of the code blocks.
    Code(usize),
}

/// A block of code: a fence, or `<pre>`.
#[derive(Debug)]
pub(super) struct Code {
    /// The whole block on the page.
    pub range: Range<usize>,
    /// Its first line, from 1.
    pub line: usize,
    /// Whether it is `<pre>`.
    pub is_html: bool,
    /// What follows the opening marks.
    pub info: String,
    /// Without the marks of quotes and list items around it.
    pub content: String,
    /// Where parts of the content begin, in it and on the page.
    parts: Vec<(usize, usize)>,
}

impl Code {
    /// Where on the page a byte of the content is.
    pub fn on_page(&self, at: usize) -> usize {
        let after = self.parts.partition_point(|(start, _)| *start <= at);
        match after.checked_sub(1).map(|index| self.parts[index]) {
            Some((start, on_page)) => on_page + (at - start),
            None => self.range.start,
        }
    }
}

/// A table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The words of the cells of its first row.
    pub header: Vec<String>,
    /// The other rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line on the page, from 1.
    pub line: usize,
    /// The words of its cells.
    pub cells: Vec<String>,
}

/// Counts lines on the way down a page.
struct Lines<'a> {
    page: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        let passed = &self.page.as_bytes()[self.at..at];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = at;
        self.line
    }
}

/// The line of a place on a page, from 1, and its column in bytes, from 1.
pub(super) fn line_and_column(page: &str, at: usize) -> (usize, usize) {
    // The place may be within a character: where JSON ends is the last byte of it.
    let before = &page.as_bytes()[..at.min(page.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n');
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    (line, before.len() - start.map_or(0, |end| end + 1) + 1)
}

/// Takes a page apart.
pub(super) fn read(page: &str) -> Blocks {
    read_within(page, 0)
}

/// The words of a piece of Markdown, whatever its structure; as it is written if it is [all marks](is_all_marks).
pub(super) fn words(markdown: &str) -> String {
    words_within(markdown, 0)
}

fn words_within(markdown: &str, depth: usize) -> String {
    let mut words = Words::default();
    if is_all_marks(markdown) {
        words.add(markdown);
        return words.finish();
    }
    let Blocks { blocks, code, .. } = read_within(markdown, depth);
    for block in blocks {
        match block {
            Block::Heading(text) => words.add(&text),
            Block::Words(more) => words.add(&more.finish()),
            Block::Table(table) => table.words(&mut words),
            Block::Code(index) => words.add(&code[index].content),
        }
    }
    words.finish()
}

impl Table {
    /// Adds the words of all cells, with what separates them.
    pub(super) fn words(&self, words: &mut Words) {
        let rows = self.rows.iter().map(|row| &row.cells);
        for cells in std::iter::once(&self.header).chain(rows) {
            words_of_row(cells, words);
        }
    }
}

/// Adds the words of the cells of a row.
pub(super) fn words_of_row(cells: &[String], words: &mut Words) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            words.add("|");
        }
        words.add(cell);
    }
    words.part();
}

fn read_within(page: &str, depth: usize) -> Blocks {
    let Masked {
        text: masked,
        tags,
        regions,
        embedded,
    } = markup::mask(page);
    let mut reader = Reader {
        page,
        masked: &masked,
        lines: Lines {
            page,
            at: 0,
            line: 1,
        },
        regions: regions.into_iter().peekable(),
        found: Blocks {
            tags,
            embedded,
            ..Blocks::default()
        },
        words: Words::default(),
        containers: 0,
        lists: Vec::new(),
        html_lists: Lists::default(),
        images: 0,
        heading: None,
        table: None,
        code: None,
        depth,
    };
    let options = Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(&masked, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.finish()
}

struct Reader<'a> {
    page: &'a str,
    masked: &'a str,
    lines: Lines<'a>,
    regions: std::iter::Peekable<std::vec::IntoIter<Region>>,
    found: Blocks,
    /// The words since the last heading, table or code.
    words: Words,
    /// How many quotes and items are open.
    containers: usize,
    /// The lists that are open; those without numbers are none.
    lists: Vec<Option<Numbered>>,
    html_lists: Lists,
    images: usize,
    /// The words before the heading that is open.
    heading: Option<Words>,
    table: Option<OpenTable>,
    code: Option<(Code, bool)>,
    depth: usize,
}

/// A list with numbers.
struct Numbered {
    first: u64,
    next: u64,
}

impl Numbered {
    /// The number of the next item. CommonMark counts whatever is written, but who writes neither the same number
    /// before all items nor counts means the number.
    fn number(&mut self, item: &str) -> u64 {
        let item = item.trim_start();
        let digits = item
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(item.len());
        let written = item[..digits].parse().unwrap_or(self.next);
        let counted = self.next;
        self.next += 1;
        match written == self.first {
            true => counted,
            false => written,
        }
    }
}

struct OpenTable {
    table: Table,
    before: Words,
    row: Row,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range.end),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => self.push(&text),
            Event::SoftBreak | Event::HardBreak | Event::Rule => {
                self.regions_before(range.start);
                self.words.part();
            }
            Event::InlineHtml(tag) => {
                self.html_lists.tag(&tag, &mut self.words);
            }
            Event::Html(html) => {
                if !html.trim_start().starts_with("<!--") {
                    self.words.add(&words::of_html(&html));
                }
            }
            other => {
                if let Event::InlineMath(text) | Event::DisplayMath(text) = other {
                    self.push(&text);
                }
            }
        }
    }

    fn push(&mut self, text: &str) {
        if self.images == 0 {
            self.words.push(text);
        }
    }

    fn text(&mut self, text: &CowStr<'a>, range: Range<usize>) {
        if let Some((code, is_indented)) = &mut self.code {
            // Code is taken from the page itself, and begins before what was overwritten.
            let (page, masked) = (self.page.as_bytes(), self.masked.as_bytes());
            let is_as_masked = self.masked.get(range.clone()) == Some(text);
            let mut start = range.start;
            while !*is_indented && start > 0 && page[start - 1] != masked[start - 1] {
                start -= 1;
            }
            let original = self.page.get(start..range.end);
            let original = original.filter(|_| is_as_masked && !*is_indented);
            code.parts.push((code.content.len(), start));
            code.content.push_str(original.unwrap_or(text));
            return;
        }
        let hidden = text.len() - text.trim_start_matches('\u{1}').len();
        self.regions_before(range.start + hidden);
        // An escaped character begins a text of its own.
        let is_escaped = range.start > 0 && self.masked.as_bytes()[range.start - 1] == b'\\';
        let escaped = usize::from(is_escaped && text.is_char_boundary(1));
        let (first, text) = text.split_at(escaped);
        self.push(first);
        let text = match text.trim_end().strip_suffix('\\') {
            Some(before) if self.ends_line(range.end) => before,
            _ => text,
        };
        // GitBook shows as bold what CommonMark does not, next to the letters of Korean.
        match text.contains("**") {
            true => self.push(&text.replace("**", "")),
            false => self.push(text),
        }
    }

    /// Whether only blanks follow in the line. CommonMark shows a backslash that has blanks behind it, or is
    /// in the last line of its block; it was meant to end the line nevertheless.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.masked[at..].trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with('\n')
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        if let Tag::CodeBlock(kind) = tag {
            return self.start_code(kind, range);
        }
        if is_inline(&tag) {
            self.images += usize::from(matches!(tag, Tag::Image { .. }));
            return;
        }
        self.regions_before(range.start);
        self.words.part();
        match tag {
            Tag::Heading { .. } if self.containers == 0 => {
                self.heading = Some(std::mem::take(&mut self.words));
            }
            Tag::BlockQuote(_) => self.containers += 1,
            Tag::List(first) => self
                .lists
                .push(first.map(|first| Numbered { first, next: first })),
            Tag::Item => {
                self.containers += 1;
                if let Some(Some(list)) = self.lists.last_mut() {
                    let number = list.number(&self.masked[range.start..]);
                    self.words.add(&format!("{number}."));
                }
            }
            Tag::Table(_) => {
                self.table = Some(OpenTable {
                    table: Table::default(),
                    before: std::mem::take(&mut self.words),
                    row: Row {
                        line: 0,
                        cells: Vec::new(),
                    },
                });
            }
            Tag::TableHead | Tag::TableRow => {
                let line = self.lines.of(range.start);
                if let Some(open) = &mut self.table {
                    open.row.line = line;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, at: usize) {
        match tag {
            TagEnd::BlockQuote(_) => self.regions_before(at),
            TagEnd::Item => self.regions_of_item(at),
            _ => {}
        }
        match tag {
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::Heading(_) => {
                if let Some(before) = self.heading.take() {
                    let heading = std::mem::replace(&mut self.words, before).finish();
                    self.add_heading(heading);
                }
                self.words.part();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.containers = self.containers.saturating_sub(1);
                self.words.part();
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.words).finish();
                if let Some(open) = &mut self.table {
                    open.row.cells.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(open) = &mut self.table {
                    open.table.header = std::mem::take(&mut open.row.cells);
                }
            }
            TagEnd::TableRow => {
                if let Some(open) = &mut self.table {
                    let cells = std::mem::take(&mut open.row.cells);
                    let line = open.row.line;
                    open.table.rows.push(Row { line, cells });
                }
            }
            TagEnd::Table => {
                if let Some(open) = self.table.take() {
                    self.words = open.before;
                    self.flush();
                    self.found.blocks.push(Block::Table(open.table));
                }
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.words.part(),
            _ => {}
        }
    }

    fn start_code(&mut self, kind: CodeBlockKind<'a>, range: Range<usize>) {
        self.regions_before(range.start);
        while self
            .regions
            .next_if(|it| it.all.start < range.end)
            .is_some()
        {}
        let is_indented = matches!(kind, CodeBlockKind::Indented);
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let line = self.lines.of(range.start);
        let code = Code {
            range,
            line,
            is_html: false,
            info,
            content: String::new(),
            parts: Vec::new(),
        };
        self.code = Some((code, is_indented));
    }

    fn end_code(&mut self) {
        let Some((code, is_indented)) = self.code.take() else {
            return;
        };
        if !is_indented {
            return self.add_code(code);
        }
        match self.depth < DEEPEST {
            true => self.words.add(&words_within(&code.content, self.depth + 1)),
            false => self.words.add(&code.content),
        }
        self.found.indented.push(code.range);
    }

    fn add_code(&mut self, code: Code) {
        self.flush();
        self.found.blocks.push(Block::Code(self.found.code.len()));
        self.found.code.push(code);
    }

    fn add_heading(&mut self, mut heading: String) {
        heading.truncate(without_anchor(&heading).len());
        self.flush();
        self.found.blocks.push(Block::Heading(heading));
    }

    /// Adds the blocks of HTML in a list item that ends here. What begins a line behind an empty one is not in the item,
    /// although the item seems to go on there, because what is taken out leaves only blanks.
    fn regions_of_item(&mut self, at: usize) {
        let begin = |region: &Region| region.all.start;
        while let Some(begin) = self.regions.peek().map(begin).filter(|begin| *begin < at) {
            if self.code.is_some() || self.is_behind_item(begin) {
                return;
            }
            self.regions_before(begin + 1);
        }
    }

    /// Whether something that is taken out begins a line behind an empty one, between what is seen and this place.
    fn is_behind_item(&self, at: usize) -> bool {
        let mut from = at.saturating_sub(LONGEST_GAP);
        while !self.page.is_char_boundary(from) || !self.masked.is_char_boundary(from) {
            from += 1;
        }
        let is_blank = |c: char| c.is_whitespace() || c == '\u{1}';
        let seen = self.masked[from..at].trim_end_matches(is_blank).len();
        let (mut start, mut is_empty) = (from + seen, false);
        for (index, line) in self.page[from + seen..].split_inclusive('\n').enumerate() {
            if start > at {
                break;
            }
            start += line.len();
            if index == 0 {
                continue;
            }
            let is_unseen = words::is_unseen(line);
            if is_empty && !is_unseen && !line.starts_with([' ', '\t']) {
                return true;
            }
            is_empty = is_unseen;
        }
        false
    }

    /// Adds the blocks of HTML that begin before this place.
    fn regions_before(&mut self, at: usize) {
        if self.code.is_some() {
            return;
        }
        while let Some(region) = self.regions.next_if(|it| it.all.start < at) {
            self.words.part();
            let inside = &self.page[region.inside.clone()];
            match region.kind {
                Kind::Hidden => self.found.hidden.push(region.all),
                Kind::Tag => self.html_lists.tag(inside, &mut self.words),
                Kind::Table if self.table.is_some() || self.heading.is_some() => {
                    self.words.add(&words::of_html(inside));
                }
                Kind::Heading => {
                    let heading = match self.depth < DEEPEST {
                        true => words_within(inside.trim(), self.depth + 1),
                        false => words::of_html(inside),
                    };
                    let is_inside =
                        self.containers > 0 || self.table.is_some() || self.heading.is_some();
                    match is_inside {
                        true => self.words.add(&heading),
                        false => self.add_heading(heading),
                    }
                }
                Kind::Table => {
                    if let Some(table) = self.html_table(&region.inside) {
                        self.flush();
                        self.found.blocks.push(Block::Table(table));
                    }
                }
                Kind::Preformatted => {
                    let line = self.lines.of(region.all.start);
                    self.add_code(Code {
                        range: region.all,
                        line,
                        is_html: true,
                        info: String::new(),
                        content: words::preformatted(inside),
                        parts: vec![(0, region.inside.start)],
                    });
                }
            }
        }
    }

    /// A table in HTML, which need not say where its cells and rows end. What is outside of its cells becomes words
    /// above it.
    fn html_table(&mut self, inside: &Range<usize>) -> Option<Table> {
        let html = &self.page[inside.clone()];
        let mut rows: Vec<Row> = Vec::new();
        let (mut from, mut is_cell, mut is_row) = (0, false, false);
        for (_, found) in tag::pieces(html) {
            let name = found.clone().map_or("/table".to_owned(), |found| {
                tag::name(&html[found]).unwrap_or_default()
            });
            let is_part = matches!(
                name.trim_start_matches('/'),
                "table" | "caption" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th"
            );
            if !is_part {
                continue;
            }
            let found = found.unwrap_or(html.len()..html.len());
            let text = words::of_html(&html[from..found.start]);
            match rows.last_mut().filter(|_| is_cell) {
                Some(row) => row.cells.push(text),
                None => self.words.add(&text),
            }
            (from, is_cell) = (found.end, matches!(name.as_str(), "td" | "th"));
            if name == "tr" || is_cell && !is_row {
                let line = self.lines.of(inside.start + found.start);
                let cells = Vec::new();
                rows.push(Row { line, cells });
            }
            is_row = name == "tr" || is_cell || is_row && matches!(name.as_str(), "/td" | "/th");
        }
        if rows.is_empty() {
            return None;
        }
        let header = rows.remove(0).cells;
        Some(Table { header, rows })
    }

    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if !words.is_empty() {
            self.found.blocks.push(Block::Words(words));
        }
    }

    fn finish(mut self) -> Blocks {
        self.regions_before(self.page.len() + 1);
        self.flush();
        self.found
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// A heading without the name `{#name}` that editors give it, with or without classes.
fn without_anchor(heading: &str) -> &str {
    let inside = heading
        .strip_suffix('}')
        .and_then(|rest| rest.rsplit_once('{'));
    let Some((before, name)) = inside else {
        return heading;
    };
    let mut parts = name.trim_start_matches(':').split_whitespace();
    let has_name = name.contains('#');
    match has_name && parts.all(is_anchor) {
        true => before.trim_end(),
        false => heading,
    }
}

/// Whether a part of what is in braces names something: `#name` or `.class`.
fn is_anchor(part: &str) -> bool {
    let name = part.strip_prefix(['#', '.']);
    name.is_some_and(|name| !name.is_empty() && !name.contains(['#', '"', '{']))
}
