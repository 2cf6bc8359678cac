//! How pages are read: everything that GitBook writes around a spec, and
//! arbitrary text.

use proptest::prelude::*;
use xtask::page::{fences, normalise, read};

const SPEC: &str = r#"{"openapi":"3.1.0","paths":{"/a":{"post":{"description":"글 `a`"}}}}"#;

fn found(page: &str) -> Vec<serde_json::Value> {
    let fences = fences(&normalise(page), "page.md").unwrap();
    fences
        .into_iter()
        .map(|fence| (*fence.document).clone())
        .collect()
}

#[test]
fn a_spec_is_found_in_everything_that_gitbook_writes_around_it() {
    let spec: serde_json::Value = serde_json::from_str(SPEC).unwrap();
    for page in [
        format!("```json\n{SPEC}\n```\n"),
        format!("{{% code title=\"a\" %}}\n```json\n{SPEC}\n```\n{{% endcode %}}\n"),
        format!("{{% openapi %}}\n\n~~~~~ Json lines\n{SPEC}\n~~~~~\n\n{{% endopenapi %}}\n"),
        format!("<details>\n<summary>a</summary>\n```\n{SPEC}\n```\n</details>\n"),
        format!("prose `json` with ``` in it\n\n```json\n{SPEC}\n```\n"),
        format!("> &#x20;   a\\\n> b<br>\n\n```json\n{SPEC}\n```\n"),
        format!("> ```json\n> {SPEC}\n> ```\n"),
        format!("1. first\n\n   ```json\n   {SPEC}\n   ```\n"),
        format!("* a\n  * b\n\n    ```json\n    {SPEC}\n    ```\n"),
        format!("> - a\n>\n>   ```json\n>   {SPEC}\n>   ```\n"),
        format!("````md\n```json\n{{\"openapi\":1}}\n```\n````\n\n```json\n{SPEC}\n```\n"),
        format!("```json\n{SPEC}"),
    ] {
        for page in [
            page.clone(),
            page.replace('\n', "\r\n"),
            format!("\u{feff}{page}"),
        ] {
            assert_eq!(found(&page), std::slice::from_ref(&spec), "{page}");
        }
    }
}

#[test]
fn a_page_with_crlf_and_a_byte_order_mark_equals_the_plain_one() {
    let plain = format!(
        "# 코드\n\n> a\\\n\n```json\n{SPEC}\n```\n\n| 코드 | 메시지 |\n|---|---|\n| A | b |\n"
    );
    let foreign = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let read = |page: &str| read(&normalise(page), "page.md", false).unwrap();
    assert_eq!(read(&foreign), read(&plain));
}

#[test]
fn a_broken_spec_in_a_list_is_named_with_its_line_and_column_on_the_page() {
    let page = "1. a\n\n   ```json\n   {\"openapi\": 1,\n    \"paths\": oops}\n   ```\n";
    let message = fences(page, "page.md").unwrap_err().to_string();
    assert!(message.starts_with("page.md:5:14: fence 1"), "{message}");
}

#[test]
fn a_page_of_result_codes_needs_no_spec_if_no_operation_is_expected() {
    let page =
        "# 에러 코드\n\n| 코드 | 메시지 | 원인 |\n|---|---|---|\n| BILL\\_003 | 없음 | x |\n";
    let codes = read(page, "page.md", true).unwrap().codes;
    assert_eq!(
        (&*codes[0].code, &*codes[0].message, &*codes[0].cause),
        ("BILL_003", "없음", "x")
    );
    assert!(read(page, "page.md", false).is_err());
    assert!(read("# 점검\n", "page.md", true).is_err());
}

#[test]
fn sections_hold_their_prose_without_specs_and_code_rows() {
    let page = format!(
        "top\n\n# A\n\nfirst\n\n```json\n{SPEC}\n```\n\nsecond\n\n## B\n\n```sh\n# no heading\n```\n\n\
         | 코드 | 메시지 |\n|---|---|\n| X | y |\n"
    );
    let page = read(&page, "page.md", false).unwrap();
    let texts: Vec<(&str, &str)> = page
        .sections
        .iter()
        .map(|section| (&*section.heading, &*section.text))
        .collect();
    assert_eq!(
        texts,
        [
            ("", "top"),
            ("A", "first second"),
            ("B", "# no heading 코드 | 메시지"),
        ]
    );
}

/// Text for which a reader that looks ahead or back for every line would take quadratic time.
const NASTY: [&str; 16] = [
    "```\n",
    "~~~json\n",
    "> ",
    "- ",
    "- - > 1. ",
    "<",
    "<table>",
    "<table><tr><td>",
    "<td",
    "&",
    "\\",
    "|",
    "| a |\n|---|\n",
    "# a\n",
    "```json\n{\"openapi\":[\n```\n",
    "---\n\n",
];

#[test]
fn deep_json_is_refused_without_a_crash() {
    let page = format!("```json\n{{\"openapi\":{}\n```\n", "[".repeat(200_000));
    assert!(
        fences(&page, "page.md")
            .unwrap_err()
            .to_string()
            .contains("recursion limit")
    );
}

fn part() -> impl Strategy<Value = String> {
    let nasty = NASTY.map(str::to_owned);
    prop_oneof![
        3 => proptest::sample::select(nasty.to_vec()),
        1 => Just(format!("{SPEC}\n")),
        1 => Just("\n".to_owned()),
        1 => Just("   ".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("</table>".to_owned()),
        1 => Just("| 코드 | 메시지 |\n".to_owned()),
        1 => ".{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_text_makes_the_reader_panic(parts in proptest::collection::vec(part(), 0..40)) {
        let text = parts.concat();
        let normal = normalise(&text);
        prop_assert_eq!(normalise(&normal), normal.clone());
        for text in [text, normal] {
            if let Ok(page) = read(&text, "page.md", true) {
                prop_assert!(!page.fences.is_empty() || !page.codes.is_empty());
                for fence in page.fences {
                    prop_assert!(fence.document.get("openapi").is_some());
                    let line = text.lines().nth(fence.place.line - 1).unwrap_or_default();
                    prop_assert!(line.contains("```") || line.contains("~~~"), "{}", line);
                }
            }
        }
    }
}
