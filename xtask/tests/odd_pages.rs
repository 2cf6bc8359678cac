//! Hostile and odd pages end without a crash, and stay plain text wherever they are shown. How long they may take
//! and how much memory is in `benches/hostile.rs`.

mod published;

use std::fs;

use published::{Ended, Server, diff_with, list, ok, openapi, page, page_with, spec};
use xtask::page::{normalise, read, words};
use xtask::payssam::exit;

const HOSTILE: &str =
    "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200b}\u{2028}::error::forged ##[error]forged";

#[track_caller]
fn assert_plain(ended: &Ended, is_workflow_log: bool) {
    for text in [&ended.stdout, &ended.stderr] {
        for line in text.lines() {
            // The report for a workflow log has commands of its own, and none that a page forged.
            let own = ["::error file=", "::warning file=", "::notice file="];
            let is_own = is_workflow_log && own.iter().any(|own| line.starts_with(own));
            assert!(is_own || !line.trim_start().starts_with("::"), "{line:?}");
            assert!(!line.contains("##["), "{line:?}");
            let unseen = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
            };
            assert!(!line.contains(unseen), "{line:?}");
        }
    }
}

/// A page with the hostile text after a line end, in each of its parts.
fn hostile_pages() -> Vec<String> {
    let in_json = serde_json::to_string(&format!("\n{HOSTILE}")).unwrap();
    let in_json = in_json.trim_matches('"');
    let page = page();
    vec![
        page_with("결제 금액", in_json),
        page_with("/bill/cancel", &format!("/bill{in_json}")),
        page_with("BillCancelPortRequest", &format!("A{in_json}")),
        page_with("\"billId\":", &format!("\"{in_json}\":")),
        page.replace(
            "## 청구서 결제 취소",
            &format!("## {HOSTILE}\n\n청구서\n{HOSTILE}"),
        ),
        format!("{page}\n{HOSTILE}\n\n| 코드 | 메시지 |\n|---|---|\n| {HOSTILE} | {HOSTILE} |\n"),
        format!("{page}\n{{% openapi{HOSTILE} %}}\n"),
        format!("{page}\n```yaml\nopenapi: 3.1.0\n{in_json}: [\n```\n"),
        format!("{page}\n```yaml\nopenapi: 3.1.0\n\"{in_json}\": 1\n\"{in_json}\": 1\n```\n"),
        format!("{page}\n```json\n{{\"openapi\":\"3.1.0\",\"{in_json}\":1}}\n```\n"),
        page_with(
            "\"maxLength\":20",
            &format!("\"maxLength\":\"20\",\"{in_json}\":{{\"description\":null}}"),
        ),
        page_with(
            "\"type\":\"string\",\"description\":\"취소사유\"",
            &format!("\"type\":\"{in_json}\""),
        ),
    ]
}

#[test]
fn no_text_of_a_page_is_more_than_text_in_any_format_of_report_or_error() {
    let mut quoted = 0;
    for page in hostile_pages() {
        for format in ["text", "json", "markdown", "github"] {
            // A markdown report has a mark of its own after a mention, written as a reference.
            let ended = diff_with(&page, &["--format", format]);
            quoted += usize::from((ended.stdout.clone() + &ended.stderr).contains("forged"));
            assert_plain(&ended, format == "github");
        }
    }
    assert!(quoted > 20, "{quoted}");
}

#[test]
fn no_link_of_a_list_is_more_than_text() {
    for link in [
        format!("/api/api-v2/{HOSTILE}"),
        "/api/api-v2/a%1b%5b2J%0a::error::forged".to_owned(),
    ] {
        let list = list(&["acceptance"]) + &format!("- [a](<{link}>)\n");
        let server = Server::start(&[
            (published::PUBLISHED_AT, ok(&page())),
            ("/llms.txt", ok(&list)),
        ]);
        for format in ["text", "json", "markdown", "github"] {
            let arguments = ["diff", "--from", server.address(), "--format", format];
            assert_plain(&spec(openapi().path(), &arguments), format == "github");
        }
    }
}

/// Pages that would take a careless reader a long time, much memory or its stack, with hostile text in the parts
/// that are repeated.
fn odd_pages() -> Vec<(&'static str, String)> {
    let page = page();
    let in_json = serde_json::to_string(HOSTILE).unwrap();
    let in_json = in_json.trim_matches('"');
    let rows: String = (0..12_000)
        .map(|row| format!("| C_{row} | 메시지 {HOSTILE} |\n"))
        .collect();
    let tags: Vec<String> = (0..10_000)
        .map(|tag| format!("{{\"name\":\"t{tag}{in_json}\"}}"))
        .collect();
    let names: Vec<String> = (0..10_000)
        .map(|tag| format!("\"t{tag}{in_json}\""))
        .collect();
    let headings: String = (0..12_000)
        .map(|heading| format!("## h{heading} {HOSTILE}\n\na\n"))
        .collect();
    let links: String = (0..30_000)
        .map(|link| format!("[l{link} {HOSTILE}](/a/{link}.md) "))
        .collect();
    let indented: String = (0..1_000)
        .map(|depth| format!("{}- a\n", "  ".repeat(depth)))
        .collect();
    vec![
        (
            "rows",
            format!("{page}\n| 코드 | 메시지 |\n|---|---|\n{rows}"),
        ),
        (
            "tags",
            page.replace("\"tags\":[],", &format!("\"tags\":[{}],", tags.join(","))),
        ),
        (
            "tags of one operation",
            page.replacen(
                "\"tags\":[\"청구서 ERP 연동 (취소/조회)\"]",
                &format!("\"tags\":[{}]", names.join(",")),
                1,
            ),
        ),
        (
            "deep lists on one line",
            format!("{page}\n{}a\n", "- ".repeat(20_000)),
        ),
        ("deep lists on many lines", format!("{page}\n{indented}")),
        ("deep quotes", format!("{page}\n{}a\n", "> ".repeat(20_000))),
        (
            "deep indented code",
            format!("{page}\n\n{}a\n", "    ".repeat(20_000)),
        ),
        ("headings", format!("{page}\n{headings}")),
        ("links", format!("{page}\n{links}\n")),
        (
            "open elements",
            format!("{page}\n{}\n", "<pre><table><!-- ".repeat(20_000)),
        ),
        (
            "open elements on many lines",
            format!("{page}\n{}\n", "<pre\n<table\n<!--\n{% a\n".repeat(20_000)),
        ),
        (
            "emphasis",
            format!("{page}\n{}\n", "*a_ **b [c](".repeat(10_000)),
        ),
        (
            "tags of GitBook",
            format!("{page}\n{}\n", "{% a %}{% endb %}".repeat(20_000)),
        ),
    ]
}

#[test]
fn odd_pages_end_without_a_crash_and_stay_plain() {
    for (name, page) in odd_pages() {
        let ended = diff_with(&page, &["--format", "text"]);
        assert_plain(&ended, false);
        assert!(
            [exit::DONE, exit::CHANGED].contains(&ended.code),
            "{name}: {} {}",
            ended.code,
            ended.stderr
        );
    }
}

#[test]
fn a_page_with_more_small_values_or_marks_than_anybody_writes_is_104_and_never_looks_removed() {
    let tags: Vec<String> = (0..100_000)
        .map(|tag| format!("{{\"name\":\"{tag}\"}}"))
        .collect();
    let tags = page().replace("\"tags\":[],", &format!("\"tags\":[{}],", tags.join(",")));
    let yaml: String = (0..100_000)
        .map(|tag| format!("- {{n: {tag}}}\n"))
        .collect();
    let yaml = format!("{}\n```yaml\nopenapi: 3.1.0\nx-a:\n{yaml}```\n", page());
    let marks = format!("{}\n{}\n", page(), "*a_ **b` [c](< ".repeat(80_000));
    for (page, says) in [
        (tags, "more small values than a page may have"),
        (yaml, "more small values than a page may have"),
        (
            marks,
            "more than a quarter of the page is marks of Markdown",
        ),
    ] {
        let ended = diff_with(&page, &[]);
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{}", ended.stderr);
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn changes_beyond_ten_thousand_of_a_kind_are_counted() {
    let rows: String = (0..10_005)
        .map(|row| format!("| C_{row} | 메시지 |\n"))
        .collect();
    let page = format!("{}\n| 코드 | 메시지 |\n|---|---|\n{rows}", page());
    let ended = diff_with(&page, &["--format", "json"]);
    let added = published::changes(&ended);
    let added: Vec<_> = added
        .iter()
        .filter(|it| it["id"] == "result-code-added")
        .collect();
    assert_eq!(added.len(), 10_001);
    let counts =
        |it: &&&serde_json::Value| it["message"] == "5 more changes of this kind are not listed";
    assert_eq!(added.iter().filter(counts).count(), 1);
}

#[test]
fn yaml_that_nests_or_multiplies_is_104() {
    let nested = format!("openapi: 3.1.0\na: {}\n", "[".repeat(20_000));
    let mut bomb = "openapi: 3.1.0\na0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for level in 1..30 {
        let alias = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 8].join(", "));
    }
    for yaml in [nested, bomb] {
        let page = format!("{}\n```yaml\n{yaml}```\n", page());
        let ended = diff_with(&page, &[]);
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{}", ended.stderr);
    }
}

#[test]
fn the_corpus_of_the_fuzz_targets_is_read_without_a_crash() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut replayed = 0;
    for target in ["page", "index"] {
        for entry in fs::read_dir(corpus.join(target)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let normal = normalise(&text);
            assert_eq!(normalise(&normal), normal);
            for text in [&text, &normal] {
                let sections = read(text, "page.md", true).map(|page| page.sections);
                for section in sections.into_iter().flatten() {
                    assert!(!section.text.contains("  "), "{:?}", section.text);
                }
                let _ = words(text);
            }
            let root = reqwest::Url::parse("https://docs.example.com/llms.txt").unwrap();
            let index = xtask::payssam::fetch::Index::parse(&text, &root);
            let listing = index.compare(&[]).unwrap();
            assert!(listing.unknown.is_empty() && listing.gone.is_empty());
            replayed += 1;
        }
    }
    assert!(replayed > 20, "{replayed}");
}
