//! Pages that read alike are alike: no change of markup alone is a change of the contract, whatever
//! the markup, and every change of a pinned word is one.

mod published;

use std::fs;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use xtask::page::{normalise, read, words};
use xtask::payssam::exit;
use xtask::payssam::pins::{self, Pinned, Pins};
use xtask::payssam::snapshot::Snapshot;

use published::{changes, diff_with, frozen, page, page_with, workspace};

/// Every line of the page that is in a quote, rewritten.
fn quotes(page: &str, rewrite: impl Fn(&str) -> String) -> String {
    let lines = page
        .split_inclusive('\n')
        .map(|line| match line.strip_prefix("> ") {
            Some(text) => rewrite(text),
            None => line.to_owned(),
        });
    lines.collect()
}

/// Every fence, with other lines around it.
fn fences(page: &str, before: &str, after: &str) -> String {
    let mut is_open = false;
    let mut text = String::new();
    for line in page.split_inclusive('\n') {
        let is_mark = line.starts_with("```");
        if is_mark && !is_open {
            text += before;
        }
        text += line;
        if is_mark && is_open {
            text += after;
        }
        is_open ^= is_mark;
    }
    text
}

/// The quotes as other blocks.
fn hints(page: &str, open: &str, close: &str) -> String {
    let mut text = String::new();
    let mut is_open = false;
    for line in page.split_inclusive('\n') {
        let inside = line.strip_prefix("> ");
        match (inside.is_some(), is_open) {
            (true, false) => text += open,
            (false, true) => text += close,
            _ => {}
        }
        is_open = inside.is_some();
        text += inside.unwrap_or(line);
    }
    text
}

type Rewrite = fn(&str) -> String;

/// Markup that may come and go.
const REWRITES: &[(&str, Rewrite)] = &[
    ("tabs around fences", |page| {
        fences(
            page,
            "{% tabs %}\n{% tab title=\"JSON\" %}\n",
            "{% endtab %}\n{% endtabs %}\n",
        )
    }),
    ("code blocks around fences", |page| {
        fences(
            page,
            "{% code title=\"a.json\" overflow=\"wrap\" %}\n",
            "{% endcode %}\n",
        )
    }),
    ("details around fences", |page| {
        fences(page, "<details>\n", "</details>\n")
    }),
    ("GitBook's block around fences", |page| {
        fences(
            page,
            "{% openapi src=\"a.json\" path=\"/bill/read\" method=\"post\" %}\n",
            "{% endopenapi %}\n",
        )
    }),
    ("a hint in the quotes", |page| {
        let page = quotes(page, |text| format!("> {text}"));
        hints(&page, "> {% hint style=\"info\" %}\n", "> {% endhint %}\n")
            .split_inclusive('\n')
            .map(str::to_owned)
            .collect()
    }),
    ("hints for quotes", |page| {
        hints(page, "{% hint style=\"warning\" %}\n", "{% endhint %}\n")
    }),
    ("paragraphs for quotes", |page| hints(page, "", "")),
    ("HTML for quotes", |page| {
        hints(page, "<blockquote>\n\n", "\n</blockquote>\n")
    }),
    ("another br", |page| page.replace("<br>", "<br/>")),
    ("no br", |page| page.replace("<br>", "")),
    ("two spaces for a backslash", |page| {
        quotes(page, |text| match text.strip_suffix("\\\n") {
            Some(text) => format!("> {text}  \n"),
            None => format!("> {text}"),
        })
    }),
    ("br for a backslash", |page| {
        quotes(page, |text| match text.strip_suffix("\\\n") {
            Some(text) => format!("> {text}<br />\n"),
            None => format!("> {text}"),
        })
    }),
    ("other blanks at the beginning", |page| {
        page.replace("&#x20;   ", "&nbsp;  ")
    }),
    ("no blanks at the beginning", |page| {
        page.replace("&#x20;   ", "")
    }),
    ("blanks without an escape", |page| {
        page.replace("&#x20;   ", "    ")
    }),
    ("other escapes", |page| {
        quotes(page, |text| {
            format!(
                "> {}",
                text.replace("\\_", "_")
                    .replace("->", "-\\>")
                    .replace("1\\.", "1&#46;")
            )
        })
    }),
    ("decomposed letters", |page| page.nfd().collect()),
    ("blanks at the end of lines", |page| {
        let lines =
            page.lines().map(
                |line| match line.starts_with("```") || line.starts_with('{') {
                    true => format!("{line}\n"),
                    false => format!("{line} \t \n"),
                },
            );
        lines.collect()
    }),
    ("more blanks in a line", |page| {
        quotes(page, |text| {
            format!("> {}", text.replace(" 결제", "  결제"))
        })
    }),
    ("empty lines", |page| page.replace("\n\n", "\n\n\n\n")),
    ("bold words", |page| {
        quotes(page, |text| {
            format!(
                "> {}",
                text.replace("결제가", "**결제**가")
                    .replace("각 상태는", "_각_ <mark>상태</mark>는")
            )
        })
    }),
    ("other levels of headings", |page| {
        page.replace("\n## ", "\n### ")
    }),
    ("headings with anchors", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n## 청구서 단건 조회 <a href=\"#read\" id=\"read\"></a>\n",
        )
    }),
    ("headings in HTML", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n<h2 align=\"center\">청구서 단건 조회</h2>\n",
        )
    }),
    ("closed headings", |page| {
        page.replace("\n## 청구서 단건 조회\n", "\n## 청구서 단건 조회 ##\n")
    }),
    ("tildes", |page| {
        page.replace("```json", "~~~json")
            .replace("\n```\n", "\n~~~\n")
    }),
    ("another info string", |page| {
        page.replace("```json", "```` JSON lines")
            .replace("\n```\n", "\n````\n")
    }),
    ("fences in a list", |page| {
        let mut is_open = false;
        let lines = page.split_inclusive('\n').map(|line| {
            let is_mark = line.starts_with("```");
            let inside = is_open || is_mark;
            is_open ^= is_mark;
            match (inside, is_mark && is_open) {
                (true, true) => format!("- {line}"),
                (true, false) => format!("  {line}"),
                _ => line.to_owned(),
            }
        });
        lines.collect()
    }),
    ("pre for fences", |page| {
        let escaped = page
            .split_inclusive('\n')
            .map(|line| match line.starts_with('{') {
                true => line
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;"),
                false => line.to_owned(),
            });
        let page: String = escaped.collect();
        page.replace(
            "```json\n",
            "<pre class=\"language-json\"><code class=\"lang-json\">",
        )
        .replace("\n```\n", "\n</code></pre>\n")
    }),
    ("comments", |page| {
        page.replace("\n## ", "\n<!-- nobody\nsees this -->\n\n## ")
    }),
    ("spaces that take no room", |page| {
        let page = page.replace("## 청구서", "## 청\u{200b}구서");
        quotes(&page, |text| {
            format!("> {}", text.replace("결제", "결\u{200b}제"))
        })
    }),
    ("the footer", |page| {
        format!(
            "{page}\n---\n\n# Agent Instructions: Querying This Documentation\n\nIf you need more\n\n```\nGET /\n```\n"
        )
    }),
    ("the footer without a rule", |page| {
        format!("{page}\n# Agent Instructions\nThis documentation is published with GitBook.\n")
    }),
    ("a comment that holds a fence", |page| {
        page.replace(
            "\n## ",
            "\n<!--\n```json\n{\"a\": 1}\n```\n\n~~~\nb\n~~~\n-->\n\n## ",
        )
    }),
    ("a comment that holds the spec", |page| {
        // A comment in a comment would end it.
        let inside = page.replace("<!--", "").replace("-->", "");
        format!("{page}\n<!--\n{inside}\n-->\n")
    }),
    ("remarks", |page| {
        let page = page.replace("\n## ", "\n{# nobody\n```\nsees\n```\nthis\n#}\n\n## ");
        quotes(&page, |text| {
            format!("> {}", text.replace("결제가", "결{# a #}제가"))
        })
    }),
    ("headings in HTML over lines", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n<h2>\n    청구서 단건 조회\n</h2>\n",
        )
    }),
    ("headings in blocks", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n<div align=center>\n    <a id=\"a\"></a><h2 title=\"a>b\">청구서 단건 조회</h2></div>\n",
        )
    }),
    ("headings behind a tag", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n{% tabs %}{% tab title=\"a\" %}## 청구서 단건 조회\n{% endtab %}\n{% endtabs %}\n",
        )
    }),
    ("names of headings", |page| {
        page.replace(
            "\n## 청구서 단건 조회\n",
            "\n## 청구서 단건 조회 {#read .a}\n",
        )
    }),
    ("attributes that hold a >", |page| {
        hints(page, "<div title=\"a>b\" data-c='d>e'>\n\n", "\n</div>\n")
    }),
    ("elements within words", |page| {
        quotes(page, |text| {
            let text = text.replace("결제가", "<samp>결<tt class=\"a>b\">제</tt></samp>가");
            format!(
                "> {}",
                text.replace("각 상태", "<ruby>각</ruby> <nobr>상태</nobr>")
            )
        })
    }),
    ("lines that nobody sees anything of", |page| {
        page.replace("\n\n", "\n\u{200b}\u{200e}\n\n&zwnj;\n\u{a0}\n\n\u{feff}\n")
    }),
    ("characters that nobody sees", |page| {
        quotes(page, |text| {
            let text = text.replace("결제", "결\u{2063}\u{180e}제\u{200f}\u{2066}");
            format!("> \u{feff}{text}")
        })
    }),
    ("a byte order mark behind the marks of a fence", |page| {
        page.replace("```json\n", "```json\n\u{feff}")
    }),
    ("the tag and the fence on one line", |page| {
        page.replace("```json\n", "{% code title=\"a\" %}```json\n")
            .replace("\n```\n", "\n```{% endcode %}\n")
    }),
    ("the block and the fence on one line", |page| {
        page.replace("```json\n", "<details><summary></summary>```json\n")
            .replace("\n```\n", "\n```</details>\n")
    }),
    ("data for the editor", |page| {
        format!("---\n# a\ndescription: >-\n  글\ntags:\n- a\n---\n\n{page}")
    }),
    ("the banner behind an empty line", |page| {
        format!("\n \n> For the complete documentation index, see [a](b).\n\n{page}")
    }),
    ("the banner without a blank", |page| {
        format!(">**For the complete documentation index**\n>a\n\n{page}")
    }),
    ("the footer as another heading", |page| {
        format!("{page}\nAgent Instructions\n---\n\nAsk `\"openapi\": \"3.1.0\"`.\n")
    }),
    ("the banner", |page| {
        format!(
            "> For the complete documentation index, see [llms.txt](https://a/llms.txt).\n\n{page}"
        )
    }),
];

/// Rewrites that leave the words of a rewritten page what they are, in any order and number.
fn any_rewrites() -> impl Strategy<Value = Vec<(&'static str, Rewrite)>> {
    // Each of these takes the fences away that others look for, or ends the page.
    let last = [
        "pre for fences",
        "tildes",
        "another info string",
        "fences in a list",
        "the footer",
        "the footer as another heading",
        "a comment that holds the spec",
        "a byte order mark behind the marks of a fence",
        "the tag and the fence on one line",
        "the block and the fence on one line",
    ];
    let first: Vec<_> = REWRITES
        .iter()
        .copied()
        .filter(|(name, _)| !last.contains(name))
        .collect();
    proptest::sample::subsequence(first, 0..6).prop_shuffle()
}

fn pinned() -> Pins {
    pins::read(&frozen()).unwrap()
}

fn snapshot(page: &str) -> Snapshot {
    let page = read(&normalise(page), published::PAGE, false).unwrap();
    Snapshot::of(vec![page]).unwrap()
}

#[test]
fn no_markup_alone_is_a_change() {
    let page = page();
    for (name, rewrite) in REWRITES {
        let rewritten = rewrite(&page);
        assert_ne!(rewritten, page, "{name}");
        let ended = diff_with(&rewritten, &["--format", "json"]);
        assert_eq!(ended.code, exit::DONE, "{name}: {ended:?}\n{rewritten}");
        assert_eq!(changes(&ended), Vec::<serde_json::Value>::new(), "{name}");
    }
}

/// The description of an operation, in the JSON.
const DESCRIBED: &str = "    결제가 완료된 청구서의 결제 상태를 승인 -> 승인취소 처리 합니다.\\n    결제가 완료되지 않은 청구서는 사용할 수 없습니다.\\n";

#[test]
fn no_markup_alone_of_a_description_is_a_change() {
    for other in [
        DESCRIBED.replace("    ", ""),
        DESCRIBED.replace("\\n", "  \\n"),
        DESCRIBED.replace("\\n", "<br>\\n"),
        DESCRIBED.replace("->", "-&gt;"),
        DESCRIBED.nfd().collect(),
        DESCRIBED.replace("결제가 완료된", "**결제가** 완료된"),
        format!("{DESCRIBED}\\n \\n"),
    ] {
        let ended = diff_with(&page_with(DESCRIBED, &other), &["--format", "json"]);
        assert_eq!(
            (ended.code, changes(&ended)),
            (exit::DONE, Vec::new()),
            "{other}"
        );
    }
}

#[test]
fn a_component_that_is_renamed_or_written_inline_is_no_change() {
    let renamed = page_with("ReadBillInfo", "BillToRead");
    let inline = page_with(
        "{\"$ref\":\"#/components/schemas/ReadBillInfo\"}",
        "{\"type\":\"object\",\"properties\":{\"billId\":{\"type\":\"string\",\"description\":\"청구서 ID\",\"maxLength\":20,\"minLength\":1}},\"required\":[\"billId\"]}",
    );
    for page in [renamed, inline] {
        let ended = diff_with(&page, &["--format", "json"]);
        assert_eq!((ended.code, changes(&ended)), (exit::DONE, Vec::new()));
    }
}

#[test]
fn a_table_of_codes_that_is_aligned_anew_or_written_in_html_is_no_change() {
    let folder = tempfile::TempDir::new().unwrap();
    let tables = [
        "| 코드 | 메시지 | 원인 |\n|---|---|---|\n| BILL\\_003 | 없음 | `x` |\n| 0000 | 성공 | |\n",
        "|  코드      | 메시지 | 원인 |\n| :-------- | ----: | :--: |\n| `BILL_003` |   없음 |  x  |\n|    0000   | 성공   |     |\n",
        "코드 | 메시지 | 원인\n--|--|--\nBILL&#95;003 | **없음** | x\n0000 | 성공\n",
        "<table data-full-width=\"true\"><thead><tr><th width=\"90\">코드</th><th>메시지</th><th>원인</th></tr></thead><tbody><tr><td>BILL_003</td><td>없음</td><td><code>x</code></td></tr><tr><td>0000</td><td><p>성공</p></td><td></td></tr></tbody></table>\n",
        "> {% hint %}\n> | 코드 | 메시지 | 원인 |\n> |---|---|---|\n> | BILL\\_003 | 없음 | x |\n> | 0000 | 성공 | |\n> {% endhint %}\n",
    ];
    let files: Vec<String> = (0..tables.len())
        .map(|index| {
            let path = folder.path().join(format!("{index}.md"));
            fs::write(&path, format!("# 코드\n\n{}", tables[index])).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    for other in &files[1..] {
        let ended = published::spec(
            &frozen(),
            &["compare", &files[0], other, "--format", "json"],
        );
        assert_eq!(
            (ended.code, changes(&ended)),
            (exit::DONE, Vec::new()),
            "{other}"
        );
    }
}

#[test]
fn a_heading_in_html_is_one_of_any_level_and_takes_nothing_of_the_page() {
    for level in 1..=6 {
        let marks = "#".repeat(level);
        for heading in ["글", "a", ""] {
            let page = |heading: &str| format!("{}\n\n{heading}\n\n끝\n", page());
            let [one, other] = [
                page(&format!("{marks} {heading}")),
                page(&format!("<h{level}>{heading}</h{level}>")),
            ]
            .map(|page| read(&page, published::PAGE, false).unwrap());
            assert_eq!(one.sections, other.sections, "{level} {heading}");
            assert_eq!(one.fences.len(), other.fences.len());
        }
        let end = format!("{}\n<h{level}>\n", page());
        assert!(read(&end, published::PAGE, false).is_ok());
    }
}

/// Elements of HTML that show nothing of their own within a line: those that the standard calls phrasing and that
/// neither end a word nor change what one means, and those that browsers still know.
const WITHIN: &str = "a abbr acronym b bdi bdo big blink button canvas cite code data datalist dfn em font i ins kbd \
    label map mark meter nobr noscript object output progress q rb rp rt rtc ruby samp select slot small span strong \
    textarea time tt u var audio video center picture";

#[test]
fn no_element_within_a_line_is_seen_whatever_its_attributes() {
    let plain = words("결제가 완료된 청구서");
    for name in WITHIN.split_whitespace() {
        for attributes in ["", " class=\"a\"", " title=\"a > b\"", " title='\">'"] {
            let text =
                format!("<{name}{attributes}>결제</{name}>가 완<{name}>료</{name}>된 청구서");
            assert_eq!(words(&format!("> {text}")), plain, "{text}");
            let cell = format!("<table><tr><td>{text}</td></tr></table>");
            assert_eq!(words(&cell), plain, "{cell}");
        }
    }
}

#[test]
fn no_character_that_nobody_sees_is_a_word() {
    let unseen = ('\u{200b}'..='\u{200f}')
        .chain('\u{2060}'..='\u{2064}')
        .chain('\u{202a}'..='\u{202d}')
        .chain('\u{2066}'..='\u{2069}')
        .chain(['\u{feff}', '\u{ad}', '\u{180e}', '\u{61c}', '\u{34f}']);
    let plain = words("글\n\n| a | b |\n|---|---|\n| c | d |\n\n- 끝");
    for character in unseen {
        let text = format!(
            "{character}글{character}\n{character}\n\n| a | b{character} |\n|---|---|\n| {character}c | d |\n              {character} \n\n- {character}끝\n  {character}\n"
        );
        assert_eq!(words(&text), plain, "{text:?}");
    }
    assert_eq!(words("\u{202e}\n글\u{202e}"), "글");
    assert_ne!(words("\u{202e}글"), "글", "it is shown in reverse");
}

#[test]
fn a_list_or_a_table_in_html_reads_as_one_in_markdown() {
    for (markdown, html) in [
        ("1. 가\n2. 나", "<ol><li>가</li><li>나</li></ol>"),
        ("1. 가\n2. 나", "<ol>\n  <li>가\n    <li><p>나</p>\n</ol>"),
        (
            "3. 가\n4. 나",
            "<ol start=\"3\">\n<li>가</li>\n<li>나</li>\n</ol>",
        ),
        (
            "1. 가\n   - a\n   - b\n2. 나",
            "<div><ol>\n<li>가\n<ul>\n<li>a</li>\n<li>b</li>\n</ul></li>\n<li>나</li>\n</ol></div>",
        ),
        ("- 가\n- 나", "<ul><li>가<li>나</ul>"),
        ("~~가~~ 나 ~~다~~", "<del>가</del> 나 <s class=\"a\">다</s>"),
        (
            "| a | b |\n|---|---|\n| c | d |\n| e | |",
            "<table>\n<tr><th>a<th>b\n<tr><td>c<td title=\"a>b\">d\n<tr><td>e<td>\n</table>",
        ),
        (
            "| a | b |\n|---|---|\n| c | d |",
            "<table><thead><th>a<th>b<tbody><tr><td>c<td>d</table>",
        ),
    ] {
        assert_eq!(words(markdown), words(html), "{html}");
    }
    for (one, other) in [
        ("1. 가\n2. 나", "<ol><li>나</li><li>가</li></ol>"),
        ("1. 가\n2. 나", "<ul><li>가</li><li>나</li></ul>"),
        ("1. 가\n2. 나", "1. 가\n3. 나"),
        (
            "<table><caption>가</caption><tr><td>a</table>",
            "<table><caption>나</caption><tr><td>a</table>",
        ),
        ("<price>\n\n글", "<amount>\n\n글"),
    ] {
        assert_ne!(words(one), words(other), "{one}");
    }
}

#[test]
fn words_that_change_are_a_change_whatever_the_markup() {
    for (from, to) in [
        ("승인취소 처리", "승인 취소 처리"),
        ("W(미결제)", "~~W(미결제)~~"),
        ("사용할 수 없습니다.<br>", "사용할 수 있습니다.<br>"),
    ] {
        let ended = diff_with(&page_with(from, to), &["--format", "json"]);
        assert_eq!(ended.code, exit::CHANGED, "{from}: {ended:?}");
    }
}

#[test]
fn what_markup_would_swallow_of_a_rule_is_seen() {
    for (one, other) in [
        ("{bill_id} + \",\"", "<bill_id> + \",\""),
        ("<phone> 값", "<price> 값"),
        ("a 2", "a <sup>2</sup>"),
        ("가능", "<del>가능</del>"),
        ("1. 가", "2. 가"),
        (
            "| a | b c |\n|---|---|\n| d | e |",
            "| a b | c |\n|---|---|\n| d | e |",
        ),
    ] {
        assert_ne!(words(one), words(other));
    }
}

#[test]
fn a_heading_in_html_behind_a_list_ends_the_list() {
    for heading in ["<h2>b</h2>", "<h2>\n  b\n</h2>", "<div>\n<h2>b</h2></div>"] {
        let page = format!(
            "# a\n\n- item\n\n{heading}\n\n> words\n\n```json\n{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"t\",\"version\":\"1\"}},\"paths\":{{}}}}\n```\n"
        );
        let page = read(&page, "page.md", true).unwrap();
        let sections = page.sections.iter().map(|it| (&*it.heading, &*it.text));
        let sections: Vec<_> = sections.filter(|it| !it.0.is_empty()).collect();
        assert_eq!(sections, [("a", "item"), ("b", "words")], "{heading}");
    }
}

/// The name of each pin, and its string as it stands on the page.
fn pinned_texts(page: &str) -> Vec<(String, String)> {
    let snapshot = snapshot(page);
    let pins = pinned().pins.into_iter();
    let texts = pins.map(|pin| {
        let text = match &pin.pinned {
            Pinned::Spec { .. } => {
                let found = pin.find(&snapshot).unwrap();
                let json = serde_json::Value::from(&*found.text).to_string();
                json.trim_matches('"').to_owned()
            }
            Pinned::Heading(heading) => {
                let (_, below) = page.split_once(&format!("\n## {heading}\n")).unwrap();
                below[..below.find("\n```").unwrap()].to_owned()
            }
        };
        assert!(page.contains(&text), "{text}");
        (pin.name.clone(), text)
    });
    texts.collect()
}

/// Where a text has letters and digits of words: not of an escape, a character's name, a tag, or the number of an
/// item, which CommonMark counts itself.
fn places(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut is_markup = false;
    for (at, character) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at..]);
        is_markup = match character {
            '&' => after.find(';').is_some_and(|end| end < 8),
            '<' => after[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'),
            ';' | '>' => false,
            _ => is_markup,
        };
        let is_item = character.is_ascii_digit()
            && after[1..].starts_with(['.', ')'])
            && before.trim_end_matches([' ', '>']).ends_with("\\n");
        if character.is_alphanumeric() && !before.ends_with('\\') && !is_markup && !is_item {
            places.push(at);
        }
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_rewrites_of_markup_change_the_digest_of_a_pin(rewrites in any_rewrites(), last in 0..REWRITES.len()) {
        let mut page = page();
        for (_, rewrite) in &rewrites {
            page = rewrite(&page);
        }
        page = REWRITES[last].1(&page);
        let names: Vec<_> = rewrites.iter().map(|(name, _)| name).collect();
        let verified = pinned().verify(&snapshot(&page), &workspace());
        prop_assert!(verified.is_ok(), "{names:?}, {}: {verified:?}\n{page}", REWRITES[last].0);
    }

    #[test]
    fn every_edit_of_a_pinned_word_changes_the_digest_of_its_pin(
        pin in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        edit in 0..3_usize,
        letter in proptest::sample::select(vec!['가', 'Z', '7', '-', '.', ',', '(', '+', '한']),
        rewrites in any_rewrites(),
    ) {
        let page = page();
        let texts = pinned_texts(&page);
        let (name, text) = pin.get(&texts);
        let place = *at.get(&places(text));
        let before = text[place..].chars().next().unwrap();
        prop_assume!(before != letter);
        let mut other = text.clone();
        match edit {
            0 => other.replace_range(place..place + before.len_utf8(), &letter.to_string()),
            1 => other.insert(place, letter),
            _ => drop(other.remove(place)),
        }
        // The same words may stand in more than one place.
        let mut edited = page.replace(text, &other);
        for rewrite in std::iter::once(None).chain(rewrites.iter().map(Some)) {
            if let Some((_, rewrite)) = rewrite {
                edited = rewrite(&edited);
            }
            let snapshot = snapshot(&edited);
            let pins = pinned();
            let pin = pins.pins.iter().find(|pin| pin.name == *name).unwrap();
            let found = pin.find(&snapshot).map(|found| found.digest());
            prop_assert!(found.as_ref() != Some(&pin.sha256), "{name}: {other}");
        }
    }
}
