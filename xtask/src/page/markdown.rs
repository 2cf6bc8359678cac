//! The block structure of a page: which lines are code and which are prose, in which section,
//! in which table.
//!
//! Follows CommonMark with one exception: a fence right after an HTML tag or a
//! `{% … %}` line is a fence, because GitBook shows it as one.

/// How deep quotes and list items may nest. Anything deeper is prose; the limit keeps
/// the cost of a line independent of the page.
const DEEPEST: usize = 32;

/// A page, taken apart.
#[derive(Debug, Default)]
pub struct Parts<'a> {
    /// The fenced code blocks, from top to bottom.
    pub code: Vec<Code<'a>>,
    /// All other lines.
    pub prose: Vec<Line<'a>>,
}

/// A fenced code block.
#[derive(Debug)]
pub struct Code<'a> {
    /// Line of the opening fence, from 1.
    pub line: usize,
    /// The block's last line, which is the closing fence if it has one.
    pub last: usize,
    /// What follows the opening marks.
    pub info: &'a str,
    /// The text between the fences, without their indentation.
    pub content: String,
    /// For each line of the content, how many bytes of the page's line were
    /// left out in front of it.
    margins: Vec<usize>,
}

impl Code<'_> {
    /// Where on the page a place of the content is; all from 1, columns in bytes.
    pub fn on_page(&self, line: usize, column: usize) -> (usize, usize) {
        let margin = line
            .checked_sub(1)
            .and_then(|index| self.margins.get(index))
            .copied()
            .unwrap_or_default();
        (self.line + line, margin + column.max(1))
    }
}

/// A line of prose.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number on the page, from 1.
    pub number: usize,
    /// Its text, without the marks of the quotes and lists around it.
    pub text: &'a str,
    /// Whether it is in a quote or a list.
    pub nested: bool,
}

#[derive(Clone, Copy)]
enum Container {
    Quote,
    /// A list item; its text is indented by so many columns.
    Item(usize),
}

/// Separates code from prose. A fence that is never closed extends to the end of the
/// quote or list item around it, or of the page.
pub fn split(page: &str) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut containers = Vec::new();
    let mut open: Option<(Opening<'_>, Code<'_>)> = None;
    for (index, line) in page.lines().enumerate() {
        let (depth, text) = enter(&containers, line);
        if depth < containers.len() {
            containers.truncate(depth);
            parts.code.extend(open.take().map(|(_, code)| code));
        }
        if let Some((opening, code)) = &mut open {
            code.last = index + 1;
            if opening.is_closed_by(text) {
                parts.code.extend(open.take().map(|(_, code)| code));
            } else {
                let text = &text[indent(text).min(opening.indent)..];
                code.margins.push(line.len() - text.len());
                code.content.push_str(text);
                code.content.push('\n');
            }
            continue;
        }
        let text = nest(&mut containers, text);
        match Opening::parse(text) {
            Some(opening) => {
                let code = Code {
                    line: index + 1,
                    last: index + 1,
                    info: opening.info,
                    content: String::new(),
                    margins: Vec::new(),
                };
                open = Some((opening, code));
            }
            None => parts.prose.push(Line {
                number: index + 1,
                text,
                nested: !containers.is_empty(),
            }),
        }
    }
    parts.code.extend(open.map(|(_, code)| code));
    parts
}

/// How many of the open containers the line continues, and its text in the
/// innermost of those.
fn enter<'a>(containers: &[Container], line: &'a str) -> (usize, &'a str) {
    let mut text = line;
    for (depth, container) in containers.iter().enumerate() {
        let inside = match container {
            Container::Quote => quoted(text),
            Container::Item(_) if text.trim().is_empty() => Some(text),
            Container::Item(width) => dedented(text, *width),
        };
        match inside {
            Some(inside) => text = inside,
            None => return (depth, text),
        }
    }
    (containers.len(), text)
}

/// Opens the containers that begin on this line, and returns the text in them.
fn nest<'a>(containers: &mut Vec<Container>, mut text: &'a str) -> &'a str {
    while containers.len() < DEEPEST {
        if let Some(inside) = quoted(text) {
            containers.push(Container::Quote);
            text = inside;
        } else if let Some(width) = item_width(text) {
            containers.push(Container::Item(width));
            text = text.get(width..).unwrap_or_default();
        } else {
            break;
        }
    }
    text
}

fn quoted(text: &str) -> Option<&str> {
    let inside = text[indent(text)..].strip_prefix('>')?;
    (indent(text) <= 3).then(|| inside.strip_prefix(' ').unwrap_or(inside))
}

fn dedented(text: &str, width: usize) -> Option<&str> {
    if let Some(inside) = text.strip_prefix('\t') {
        return (width <= 4).then_some(inside);
    }
    (indent(text) >= width).then(|| &text[width..])
}

/// The columns up to the text of the list item that begins here, if one does.
fn item_width(text: &str) -> Option<usize> {
    let indent = indent(text);
    let marked = &text[indent..];
    let digits = marked.bytes().take_while(u8::is_ascii_digit).count();
    let mark = *marked.as_bytes().get(digits)?;
    let is_marker = match digits {
        0 => matches!(mark, b'-' | b'+' | b'*'),
        1..=9 => matches!(mark, b'.' | b')'),
        _ => false,
    };
    if indent > 3 || !is_marker {
        return None;
    }
    let after = &marked[digits + 1..];
    let gap = self::indent(after);
    match gap {
        0 if !after.is_empty() && !after.starts_with('\t') => None,
        0 | 5.. => Some(indent + digits + 2),
        _ if gap == after.len() => Some(indent + digits + 2),
        _ => Some(indent + digits + 1 + gap),
    }
}

struct Opening<'a> {
    indent: usize,
    mark: char,
    length: usize,
    info: &'a str,
}

impl<'a> Opening<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let indent = indent(line);
        let text = &line[indent..];
        let mark = text.chars().next().filter(|mark| "`~".contains(*mark))?;
        let info = text.trim_start_matches(mark);
        let length = text.len() - info.len();
        let inline_code = mark == '`' && info.contains('`');
        (indent <= 3 && length >= 3 && !inline_code).then_some(Self {
            indent,
            mark,
            length,
            info: info.trim(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let text = line[indent(line)..].trim_end();
        indent(line) <= 3
            && text.len() >= self.length
            && text.chars().all(|character| character == self.mark)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The text of a heading (`## Text`), plain.
pub fn heading(line: &Line<'_>) -> Option<String> {
    let marks = line.text.len() - line.text.trim_start_matches('#').len();
    let text = line.text[marks..].strip_prefix([' ', '\t'])?;
    let is_heading = (1..=6).contains(&marks) && !line.nested;
    is_heading.then(|| plain(text.trim_end().trim_end_matches('#')))
}

/// A table of the prose.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The cells of its first row, plain.
    pub header: Vec<String>,
    /// The other rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line on the page, from 1.
    pub line: usize,
    /// Its cells, plain.
    pub cells: Vec<String>,
}

/// The tables of the prose, from top to bottom: those with pipes, and the
/// `<table>` that GitBook writes when a cell needs more than pipes allow.
pub fn tables(prose: &[Line<'_>]) -> Vec<Table> {
    let mut tables = piped_tables(prose);
    tables.extend(html_tables(prose));
    tables.sort_by_key(|table| table.rows.first().map(|row| row.line));
    tables
}

fn piped_tables(prose: &[Line<'_>]) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut at = 0;
    while at + 1 < prose.len() {
        let follows = prose[at].number + 1 == prose[at + 1].number;
        if !(follows && prose[at].text.contains('|') && is_rule(prose[at + 1].text)) {
            at += 1;
            continue;
        }
        let body = &prose[at + 2..];
        let length = body
            .iter()
            .enumerate()
            .take_while(|(offset, line)| {
                line.number == prose[at].number + 2 + offset && line.text.contains('|')
            })
            .count();
        let rows = body[..length].iter().map(|line| Row {
            line: line.number,
            cells: piped_cells(line.text),
        });
        tables.push(Table {
            header: piped_cells(prose[at].text),
            rows: rows.collect(),
        });
        at += 2 + length;
    }
    tables
}

/// Whether a line is what separates a table's header from its body.
fn is_rule(line: &str) -> bool {
    let only_marks = line.chars().all(|mark| "|-: \t".contains(mark));
    only_marks && line.contains('-') && line.contains('|')
}

fn piped_cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        if character == '|' && !escaped {
            cells.push(plain(&line[start..at]));
            start = at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    if !line[start..].trim().is_empty() {
        cells.push(plain(&line[start..]));
    }
    cells
}

fn html_tables(prose: &[Line<'_>]) -> Vec<Table> {
    let mut text = String::new();
    let mut starts = Vec::new();
    for line in prose {
        starts.push((text.len(), line.number));
        text.push_str(line.text);
        text.push('\n');
    }
    let line_at = |offset: usize| {
        let after = starts.partition_point(|(start, _)| *start <= offset);
        starts[after.saturating_sub(1)].1
    };
    let mut tables = Vec::new();
    let mut table: Option<Vec<Row>> = None;
    let mut cell: Option<usize> = None;
    for (start, end) in tags(&text) {
        let name = tag_name(&text[start..end]);
        let bounds = matches!(
            name.as_str(),
            "table" | "/table" | "tr" | "/tr" | "td" | "/td" | "th" | "/th"
        );
        if !bounds {
            continue;
        }
        let row = table.as_mut().and_then(|rows| rows.last_mut());
        if let (Some(from), Some(row)) = (cell.take(), row) {
            row.cells.push(plain(&text[from..start]));
        }
        match (name.as_str(), &mut table) {
            ("table", _) => table = Some(Vec::new()),
            ("/table", _) => tables.extend(table.take().and_then(headed)),
            ("tr", Some(rows)) => rows.push(Row {
                line: line_at(start),
                cells: Vec::new(),
            }),
            ("td" | "th", Some(_)) => cell = Some(end),
            _ => {}
        }
    }
    tables
}

fn headed(mut rows: Vec<Row>) -> Option<Table> {
    if rows.is_empty() {
        return None;
    }
    let header = rows.remove(0).cells;
    Some(Table { header, rows })
}

/// Where the HTML tags of a text begin and end.
fn tags(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            at = start + 1;
            if opens_tag(&text[at..]) {
                // Without an end there is no tag here or later.
                at += text[at..].find('>')? + 1;
                return Some((start, at));
            }
        }
    })
}

fn opens_tag(after: &str) -> bool {
    after.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
}

/// The name of a tag in lower case, an end tag's with its slash.
fn tag_name(tag: &str) -> String {
    let inside = tag.trim_start_matches('<');
    let length = inside
        .char_indices()
        .find(|(at, character)| {
            !(character.is_ascii_alphanumeric() || (*at == 0 && *character == '/'))
        })
        .map_or(inside.len(), |(at, _)| at);
    inside[..length].to_ascii_lowercase()
}

/// Inline Markdown as the text that a reader sees: no tags, no escapes, no
/// entities, no emphasis, every run of white space one space.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut from = 0;
    for (start, end) in tags(markdown) {
        text.push_str(&markdown[from..start]);
        let name = tag_name(&markdown[start..end]);
        if matches!(name.trim_start_matches('/'), "br" | "p" | "div" | "li") {
            text.push(' ');
        }
        from = end;
    }
    text.push_str(&markdown[from..]);
    let text = unescaped(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '\\' => match rest.chars().next() {
                Some(next) if next.is_ascii_punctuation() => {
                    text.push(next);
                    rest = &rest[1..];
                }
                Some(next) if !next.is_whitespace() => text.push('\\'),
                _ => {}
            },
            '&' => match entity(rest) {
                Some((character, length)) => {
                    text.push(character);
                    rest = &rest[length..];
                }
                None => text.push('&'),
            },
            '`' | '*' => {}
            other => text.push(other),
        }
    }
    text
}

/// The character of an entity (`rest` begins after its `&`), and
/// how long the rest of the entity is.
fn entity(rest: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &rest[..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(page: &str) -> Vec<String> {
        split(page)
            .code
            .into_iter()
            .map(|code| code.content)
            .collect()
    }

    #[test]
    fn a_fence_is_found_in_quotes_and_list_items_however_deep() {
        for page in [
            "> ```\n> a\n> ```\n",
            ">```\n>a\n>```\n",
            "- ```\n  a\n  ```\n",
            "10. step\n\n    ```\n    a\n    ```\n",
            "* one\n  * two\n\n    ```\n    a\n    ```\n",
            "> 1. step\n>\n>    ```\n>    a\n>    ```\n",
            "-\tstep\n\n\t```\n\ta\n\t```\n",
        ] {
            assert_eq!(contents(page), ["a\n"], "{page}");
        }
    }

    #[test]
    fn a_quote_or_item_that_ends_ends_its_fence() {
        assert_eq!(contents("> ```\n> a\nb\n"), ["a\n"]);
        assert_eq!(contents("- ```\n  a\n\nb\n```\nc\n```\n"), ["a\n\n", "c\n"]);
    }

    #[test]
    fn a_position_in_code_is_mapped_to_the_page() {
        let parts = split("x\n\n> -  ```\n>    a\n>      b\n>    ```\n");
        assert_eq!(parts.code[0].content, "a\n  b\n");
        assert_eq!(parts.code[0].on_page(1, 1), (4, 6));
        assert_eq!(parts.code[0].on_page(2, 3), (5, 8));
        assert_eq!(parts.code[0].last, 6);
    }

    #[test]
    fn headings_are_plain_and_only_those_of_the_page_itself_count() {
        let page =
            "# A `b`\n## **C**\\_d &#x20; ##\n> # quoted\n#no\n####### seven\n```\n# code\n```\n";
        let headings: Vec<_> = split(page).prose.iter().filter_map(heading).collect();
        assert_eq!(headings, ["A b", "C_d"]);
    }

    #[test]
    fn a_table_with_pipes_is_read_with_its_escapes() {
        let page = "| code | message |\n|:--|--:|\n| `A_1` | x \\| y<br>z |\n| A\\_2 |  |\n\n| no | table |\n";
        let tables = tables(&split(page).prose);
        assert_eq!(tables.len(), 1);
        assert_eq!(tables[0].header, ["code", "message"]);
        assert_eq!(tables[0].rows[0].cells, ["A_1", "x | y z"]);
        assert_eq!(tables[0].rows[1].cells, ["A_2", ""]);
        assert_eq!(tables[0].rows[1].line, 4);
    }

    #[test]
    fn an_html_table_is_read_on_one_line_or_many() {
        let one = "<table data-x><thead><tr><th width=\"9\">코드</th><th>메시지</th></tr></thead>\
                   <tbody><tr><td>A</td><td><p>x &#x26; <strong>y</strong></p></td></tr></tbody></table>\n";
        let many = one.replace("><t", ">\n<t");
        for page in [one, &many] {
            let tables = tables(&split(page).prose);
            assert_eq!(tables.len(), 1, "{page}");
            assert_eq!(tables[0].header, ["코드", "메시지"]);
            assert_eq!(tables[0].rows[0].cells, ["A", "x & y"]);
        }
    }

    #[test]
    fn plain_text_is_what_a_reader_sees() {
        for (markdown, text) in [
            ("&#x20;   a\\_b\\", "a_b"),
            ("a<br>b<br/>c", "a b c"),
            ("1 < 2 > 0", "1 < 2 > 0"),
            ("<a href=\"x\">link</a>", "link"),
            ("&amp;&bogus;&", "&&bogus;&"),
            ("C:\\dir", "C:\\dir"),
        ] {
            assert_eq!(plain(markdown), text);
        }
    }
}
