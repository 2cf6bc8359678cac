//! A spec that can't be read is never a removed operation: it ends the run with 104, which names the block,
//! its line and what to do, also when the other spec of the page can be read. What can be read is.

mod published;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;
use xtask::payssam::exit;

use published::{Ended, changes, diff_with, openapi, page, page_with, spec};

/// The page with its second spec written in another way.
fn second(write: impl Fn(&str) -> String) -> String {
    let page = page();
    let start = page.rfind("```json\n").unwrap();
    let json = page[start..].strip_prefix("```json\n").unwrap();
    let (json, rest) = json.split_once("\n```").unwrap();
    format!("{}{}{rest}", &page[..start], write(json))
}

fn diff(page: &str) -> Ended {
    diff_with(page, &["--format", "json"])
}

fn yaml(json: &str) -> String {
    fn write(value: &Value, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (key, member) in members {
                    let is_word = key.chars().all(char::is_alphabetic);
                    let key = if is_word {
                        key.clone()
                    } else {
                        format!("'{key}'")
                    };
                    match member {
                        Value::Object(inner) if !inner.is_empty() => {
                            *text += &format!("{pad}{key}:\n");
                            write(member, indent + 2, text);
                        }
                        Value::Array(items) if !items.is_empty() => {
                            *text += &format!("{pad}{key}:\n");
                            for item in items {
                                *text += &format!("{pad}- {item}\n");
                            }
                        }
                        other => *text += &format!("{pad}{key}: {other}\n"),
                    }
                }
            }
            other => *text += &format!("{pad}{other}\n"),
        }
    }
    let mut text = String::new();
    write(&serde_json::from_str(json).unwrap(), 0, &mut text);
    text
}

#[test]
fn a_spec_in_any_readable_form_is_no_change() {
    type Form = (&'static str, fn(&str) -> String);
    let forms: [Form; 9] = [
        ("yaml", |json| format!("```yaml\n{}```", yaml(json))),
        ("yaml without a mark", |json| {
            format!("```\n# openapi\n---\n{}```", yaml(json))
        }),
        ("JSON as YAML", |json| format!("```yaml\n{json}\n```")),
        ("pre", |json| {
            let escaped = json
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;");
            format!("<pre><code>{escaped}</code></pre>")
        }),
        ("an array", |json| format!("```json\n[{json}]\n```")),
        ("an array of two", |json| {
            let mut other: Value = serde_json::from_str(json).unwrap();
            other["paths"] = serde_json::json!({});
            format!("```json\n[{other}, {json}]\n```")
        }),
        ("over many lines", |json| {
            let value: Value = serde_json::from_str(json).unwrap();
            format!("```json\n{value:#}\n```")
        }),
        ("GitBook's block", |json| {
            format!("{{% swagger src=\"a.json\" %}}\n```json\n{json}\n```\n{{% endswagger %}}")
        }),
        ("a quote", |json| {
            format!("> {{% code %}}\n> ```\n> {json}\n> ```\n> {{% endcode %}}")
        }),
    ];
    for (name, write) in forms {
        let ended = diff(&second(write));
        assert_eq!(ended.code, exit::DONE, "{name}: {ended:?}");
        assert_eq!(changes(&ended), Vec::<Value>::new(), "{name}");
    }
}

/// The line on which the second spec begins.
fn line() -> usize {
    let page = page();
    page[..page.rfind("```json\n").unwrap()].lines().count() + 1
}

#[test]
fn a_spec_that_cannot_be_read_is_104_although_the_other_can() {
    type Form = (&'static str, fn(&str) -> String, &'static str, &'static str);
    let forms: &[Form] = &[
        (
            "openapi",
            |_| {
                "{% openapi src=\"https://a/b.json\" path=\"/bill/read\" method=\"post\" %}\n[b](https://a/b.json)\n{% endopenapi %}".into()
            },
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi-operation",
            |_| {
                "{% openapi-operation spec=\"payssam\" path=\"/bill/read\" method=\"post\" %}\n[x](y)\n{% endopenapi-operation %}".into()
            },
            "{% openapi-operation %}",
            "get the spec",
        ),
        (
            "openapi on many lines",
            |_| {
                "{% openapi\n  src=\"https://a/b.json\"\n  path=\"/bill/read\" %}\n{% endopenapi %}"
                    .into()
            },
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi in a quote",
            |_| "> {% openapi src=\"a.json\" %}\n> {% endopenapi %}".into(),
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi within a line",
            |_| "보기: {% openapi src=\"a.json\" path=\"/bill/read\" method=\"post\" %} 끝".into(),
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi in a row",
            |_| "| a |\n| --- |\n| {% openapi src=\"a.json\" %} |".into(),
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi in a cell",
            |_| "<table><tr><td>{% openapi src=\"a.json\" %}</td></tr></table>".into(),
            "{% openapi %}",
            "get the spec",
        ),
        (
            "openapi in capitals",
            |_| "{% OpenAPI src=\"a.json\" %}".into(),
            "{% OpenAPI %}",
            "get the spec",
        ),
        (
            "an element of Stoplight",
            |_| "<elements-api apiDescriptionUrl=\"openapi.yaml\"></elements-api>".into(),
            "<elements-api>",
            "get the spec",
        ),
        (
            "an iframe",
            |_| "<iframe src=\"https://a/swagger-ui/index.html\"></iframe>".into(),
            "<iframe>",
            "get the spec",
        ),
        (
            "no paths",
            |json| {
                let mut document: Value = serde_json::from_str(json).unwrap();
                document["paths"] = Value::Null;
                format!("```json\n{document}\n```")
            },
            "fence 2",
            "a whole OpenAPI document",
        ),
        (
            "YAML that was cut short before its paths",
            |json| {
                let yaml = yaml(json);
                let (before, _) = yaml.split_once("paths:").unwrap();
                format!("```yaml\n{before}```")
            },
            "fence 2",
            "capture the page again",
        ),
        (
            "YAML that was cut short at its paths",
            |_| "```yaml\nopenapi: 3.1.0\ninfo:\n  title: a\npaths:\n```".into(),
            "fence 2",
            "a whole OpenAPI document",
        ),
        (
            "YAML with no path",
            |_| "```yaml\nopenapi: 3.1.0\ninfo:\n  title: a\npaths: {}\n```".into(),
            "fence 2",
            "capture the page again",
        ),
        (
            "YAML of models that may have been cut short",
            |_| {
                "```yaml\nopenapi: 3.1.0\ncomponents:\n  schemas:\n    A: {type: string}\n```"
                    .into()
            },
            "fence 2",
            "capture the page again",
        ),
        (
            "one of two in YAML",
            |json| {
                format!(
                    "```yaml\n{}---\nopenapi: 3.1.0\ninfo:\n  title: a\n```",
                    yaml(json)
                )
            },
            "fence 2",
            "capture the page again",
        ),
        (
            "an interactive page of elsewhere",
            |_| "{% embed url=\"https://a.b/swagger-ui/index.html\" %}".into(),
            "{% embed %}",
            "get the spec",
        ),
        (
            "the first key alone",
            |_| "```json\n{\"openapi\n```".into(),
            "fence 2",
            "capture the page again",
        ),
        (
            "swagger",
            |_| {
                "{% swagger method=\"post\" path=\"/bill/read\" baseUrl=\"https://a\" summary=\"b\" %}\n{% swagger-description %}\nc\n{% endswagger-description %}\n{% endswagger %}".into()
            },
            "{% swagger %}",
            "get the spec",
        ),
        (
            "api-method",
            |_| {
                "{% api-method method=\"post\" host=\"https://a\" path=\"/bill/read\" %}\n{% endapi-method %}".into()
            },
            "{% api-method %}",
            "get the spec",
        ),
        (
            "a file",
            |_| "{% file src=\"openapi.yaml\" %}".into(),
            "{% file %}",
            "get the spec",
        ),
        (
            "an element",
            |_| "<openapi src=\"a.json\"></openapi>".into(),
            "<openapi>",
            "get the spec",
        ),
        (
            "Swagger 2.0",
            |json| {
                format!(
                    "```json\n{}\n```",
                    json.replace("\"openapi\":\"3.1.0\"", "\"swagger\":\"2.0\"")
                )
            },
            "fence 2",
            "ask whoever publishes",
        ),
        (
            "Swagger 2.0 in YAML",
            |json| {
                format!(
                    "```yaml\n{}```",
                    yaml(json).replace("openapi: \"3.1.0\"", "swagger: \"2.0\"")
                )
            },
            "fence 2",
            "ask whoever publishes",
        ),
        (
            "broken YAML",
            |json| format!("```yaml\n{}  bad\n: [\n```", yaml(json)),
            "fence 2",
            "capture the page again",
        ),
        (
            "smart quotes",
            |json| {
                format!(
                    "```json\n{}\n```",
                    json.replacen("\"openapi\":\"3.1.0\"", "“openapi”:“3.1.0”", 1)
                )
            },
            "fence 2",
            "typographic quotes",
        ),
        (
            "smart quotes in prose",
            |json| json.replace('"', "”").replacen('”', "“", 1),
            "the text",
            "block of code",
        ),
        (
            "no fence",
            |json| json.to_owned(),
            "the text",
            "block of code",
        ),
        (
            "inline code",
            |json| format!("`{json}`"),
            "the text",
            "block of code",
        ),
        (
            "indented code",
            |json| format!("    {json}"),
            "the text",
            "block of code",
        ),
        (
            "a comment",
            |json| format!("<!--\n{json}\n-->"),
            "the text",
            "block of code",
        ),
        (
            "a cell",
            |json| format!("<table><tr><td>{json}</td></tr></table>"),
            "the text",
            "block of code",
        ),
        (
            "a mixed array",
            |json| format!("```json\n[{json}, 1]\n```"),
            "fence 2",
            "one document",
        ),
        (
            "wrapped",
            |json| format!("```json\n{{\"spec\": {json}}}\n```"),
            "fence 2",
            "ask whoever publishes",
        ),
        (
            "in a string",
            |json| format!("```json\n{}\n```", Value::from(json)),
            "fence 2",
            "ask whoever publishes",
        ),
        (
            "without a version",
            |json| {
                format!(
                    "```json\n{}\n```",
                    json.replace("\"openapi\":\"3.1.0\",", "")
                )
            },
            "fence 2",
            "ask whoever publishes",
        ),
        (
            "broken JSON",
            |json| format!("```json\n{}\n```", &json[..json.len() - 1]),
            "fence 2",
            "capture the page again",
        ),
        (
            "a trailing comma",
            |json| format!("```\n{},}}\n```", &json[..json.len() - 1]),
            "fence 2",
            "capture the page again",
        ),
        (
            "broken pre",
            |json| {
                format!(
                    "<pre class=\"language-json\"><code>{}</code></pre>",
                    &json[..json.len() - 1]
                )
            },
            "fence 2",
            "capture the page again",
        ),
        (
            "JavaScript",
            |json| format!("```js\nconst spec = {json};\n```"),
            "fence 2",
            "capture the page again",
        ),
    ];
    for (name, write, block, advice) in forms {
        let ended = diff(&second(write));
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{name}: {ended:?}");
        assert_eq!(ended.stdout, "", "{name}");
        let stderr = &ended.stderr;
        assert!(stderr.contains(block), "{name}: {stderr}");
        assert!(stderr.contains(advice), "{name}: {stderr}");
        let named = stderr
            .split(".md:")
            .nth(1)
            .and_then(|rest| rest.split([':', ' ']).next());
        let named: usize = named
            .and_then(|line| line.parse().ok())
            .unwrap_or_else(|| panic!("{name}: {stderr}"));
        assert!((line()..line() + 400).contains(&named), "{name}: {stderr}");
    }
}

#[test]
fn examples_that_are_no_specs_are_no_specs() {
    let page = page()
        + "\n## 예\n\n```json\n{\"code\": \"0000\", \"paths\": 3}\n```\n\n```js\nlet a = {\"openapi\": b};\n```\n\n\
           OpenAPI 3.1 (openapi: 3.1.0) 문서입니다. `{% openapi %}`\n\n```yaml\na: [\n```\n";
    let ended = diff(&page);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
}

fn compare(old: &str, new: &str) -> Ended {
    let folder = TempDir::new().unwrap();
    let paths = [("old.md", old), ("new.md", new)].map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let arguments = ["compare", &paths[0], &paths[1], "--format", "json"];
    spec(openapi().path(), &arguments)
}

#[test]
fn a_page_of_models_alone_is_compared() {
    let models = |longest: u32| {
        format!(
            "# Models\n\n## The Bill object\n\n```json\n{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"a\",\"version\":\"1\"}},\
             \"components\":{{\"schemas\":{{\"Bill\":{{\"type\":\"object\",\"properties\":{{\"id\":{{\"type\":\"string\",\"maxLength\":{longest}}}}}}}}}}}}}\n```\n"
        )
    };
    let same = compare(&models(20), &models(20));
    assert_eq!((same.code, changes(&same)), (exit::DONE, Vec::new()));
    let other = compare(&models(20), &models(10));
    assert_eq!(other.code, exit::CHANGED, "{other:?}");
    let found = changes(&other);
    assert!(
        found
            .iter()
            .any(|it| it["path"].as_str().is_some_and(|path| path.contains("id"))),
        "{found:#?}"
    );
    let gone = compare(&models(20), &models(20).replace("\"Bill\"", "\"Receipt\""));
    let judged: Vec<(String, String)> = changes(&gone)
        .iter()
        .map(|it| {
            (
                it["id"].as_str().unwrap().into(),
                it["level"].as_str().unwrap().into(),
            )
        })
        .collect();
    let expected = [("model-removed", "breaking"), ("model-added", "info")];
    assert_eq!(
        judged,
        expected.map(|(id, level)| (id.to_owned(), level.to_owned()))
    );
    assert_eq!(gone.code, exit::CHANGED);
}

#[test]
fn two_specs_of_a_page_that_differ_in_what_is_about_all_of_it_are_compared_each_on_its_own() {
    let old = second(|json| {
        let json = json
            .replace("\"version\":\"v0\"", "\"version\":\"v7\"")
            .replace("\"3.1.0\"", "\"3.0.3\"");
        format!(
            "```json\n{}\n```",
            json.replace("\"url\":null", "\"url\":\"https://two.example\"")
        )
    });
    let same = compare(&old, &old);
    assert_eq!((same.code, changes(&same)), (exit::DONE, Vec::new()));
    let ids = |ended: &Ended| -> Vec<String> {
        changes(ended)
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let version = compare(&old, &old.replace("\"v7\"", "\"v8\""));
    assert_eq!(ids(&version), ["api-version-changed"], "{version:?}");
    let server = compare(&old, &old.replace("two.example", "three.example"));
    assert_eq!(server.code, exit::CHANGED, "{server:?}");
    assert!(!ids(&server).is_empty());
    let first = compare(&old, &old.replace("\"v0\"", "\"v1\""));
    assert_eq!(changes(&first).len(), 1, "{first:?}");
}

#[test]
fn common_misspellings_are_read_with_a_remark() {
    let cases = [
        (
            "\"description\":\"취소사유\"",
            "\"description\":null",
            Some("doc"),
        ),
        (
            "\"type\":\"string\",\"description\":\"취소사유\"",
            "\"type\":\"string\",\"required\":false,\"description\":\"취소사유\"",
            None,
        ),
        (
            "\"description\":\"취소사유\"",
            "\"examples\":{\"a\":{\"value\":\"b\"}},\"description\":\"취소사유\"",
            Some("doc"),
        ),
        (
            "\"description\":\"취소사유\"",
            "\"examples\":\"b\",\"description\":\"취소사유\"",
            Some("doc"),
        ),
        ("\"maxLength\":20", "\"maxLength\":\"20\"", None),
        (
            "\"summary\":\"청구서 결제 취소\"",
            "\"parameters\":null,\"summary\":\"청구서 결제 취소\"",
            None,
        ),
        (
            "\"required\":[\"billId\",\"hash\",\"price\"]",
            "\"required\":[\"billId\",\"hash\"]",
            Some("info"),
        ),
    ];
    for (from, to, level) in &cases[..6] {
        let ended = diff(&page_with(from, to));
        assert_eq!(ended.code, exit::DONE, "{to}: {ended:?}");
        assert!(
            ended.stderr.contains("warning:") && ended.stderr.contains(" at /"),
            "{to}: {ended:?}"
        );
        let levels: Vec<String> = changes(&ended)
            .iter()
            .map(|it| it["level"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            levels.iter().all(|found| Some(found.as_str()) == *level),
            "{to}: {levels:?}"
        );
        assert_eq!(levels.is_empty(), level.is_none(), "{to}");
    }
    // A property that says itself that it is required.
    let spelled = page_with(
        "\"required\":[\"billId\",\"hash\",\"price\"]",
        "\"required\":[\"billId\",\"hash\"]",
    )
    .replace(
        "\"description\":\"결제 금액\"",
        "\"required\":true,\"description\":\"결제 금액\"",
    );
    let ended = diff(&spelled);
    assert_eq!(
        (ended.code, changes(&ended)),
        (exit::DONE, Vec::new()),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("required"), "{ended:?}");
}

#[test]
fn json_that_ends_within_a_character_is_104_with_its_line() {
    for json in [
        "{\"openapi\":\"3.1.0\",\"info\":\"결제",
        "{\"openapi\":\"결",
    ] {
        let page = format!("# 수납\n\n```json\n{json}");
        let error = xtask::page::read(&page, "page.md", true).unwrap_err();
        assert!(error.to_string().starts_with("page.md:4:"), "{error}");
        let ended =
            published::diff_with(&format!("{}\n<pre>{json}</pre>\n", published::page()), &[]);
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{ended:?}");
    }
}

/// What a footer may say: a part of what looks like a spec, and none that has an operation of its own.
const OF_AGENTS: [&str; 9] = [
    "Ask.",
    "This documentation is published with GitBook.",
    "It has `\"openapi\": \"3.1.0\"` and \"paths\".",
    "\"openapi\": \"3.1.0\"",
    "openapi: 3.1.0",
    "```json\n{\"openapi\": \"3.1.0\", ...}\n```",
    "```yaml\nswagger: '2.0'\n```",
    "```json\n{\"openapi\":\"3.1.0\",\"paths\":{\"/bill/read\":{\"post\":{}}}}\n```",
    "```\nGET https://developers.payssam.kr/api/api-v2/acceptance.md?ask=<question>\n```",
];

#[test]
fn a_footer_is_no_part_of_a_page_however_it_begins_and_whatever_it_says() {
    for heading in [
        "# Agent Instructions",
        "## Agent Instructions ##",
        "Agent Instructions\n===",
        "Agent Instructions\n---",
        "# Agent Instructions: Querying This Documentation",
        "---\n\n### **Agent** Instructions {#agents}",
        "<hr>\n<h2>Agent Instructions</h2>",
        "<h2>\nAgent Instructions\n</h2>",
        "**Agent Instructions**",
        "# agent\u{200b}&nbsp;instructions",
    ] {
        for text in OF_AGENTS {
            let ended = diff(&format!("{}\n{heading}\n\n{text}\n", page()));
            assert_eq!(ended.code, exit::DONE, "{heading}, {text}: {ended:?}");
            assert_eq!(changes(&ended), Vec::<Value>::new(), "{heading}, {text}");
        }
    }
}

#[test]
fn no_footer_hides_an_operation() {
    let below = second(|json| format!("# Agent Instructions\n\n```json\n{json}\n```"));
    let again = format!("{below}\n# Agent Instructions\n\nAsk.\n");
    for page in [below, again] {
        let ended = diff(&page);
        assert_eq!(ended.code, exit::DONE, "{ended:?}");
        let ids: Vec<Value> = changes(&ended).iter().map(|it| it["id"].clone()).collect();
        assert_eq!(ids, ["page-prose-added"]);
    }
    type Form = fn(&str) -> String;
    let broken: [Form; 4] = [
        |json| format!("```json\n{}\n```", &json[..json.len() - 1]),
        |json| json.to_owned(),
        |_| "{% openapi src=\"a.json\" path=\"/bill/read\" %}\n{% endopenapi %}".to_owned(),
        |json| format!("```yaml\n{}  bad\n: [\n```", yaml(json)),
    ];
    for write in broken {
        let ended = diff(&second(|json| {
            format!("# Agent Instructions\n\n{}", write(json))
        }));
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{ended:?}");
    }
    let new =
        "```json\n{\"openapi\":\"3.1.0\",\"paths\":{\"/ask\":{\"get\":{\"responses\":{}}}}}\n```";
    let ended = diff(&format!("{}\n# Agent Instructions\n\n{new}\n", page()));
    assert!(ended.stdout.contains("endpoint-added"), "{ended:?}");
}

#[test]
fn every_refusal_names_the_block_its_line_and_what_to_do() {
    let schema = "\"description\":\"취소사유\"";
    let cases = [
        ("\"openapi\":\"3.1.0\"", "\"openapi\":3.1", ":8 (fence 1)"),
        ("\"openapi\":\"3.1.0\"", "\"openapi\":null", ":8 (fence 1)"),
        (
            "\"openapi\":\"3.1.0\"",
            "\"openapi\":\"2.0\"",
            ":8 (fence 1)",
        ),
        (
            "\"required\":[\"billId\",\"hash\",\"price\"]",
            "\"required\":\"billId\"",
            ":8 (fence 1)",
        ),
        (
            "\"operationId\":\"billCancel\"",
            "\"parameters\":{}",
            ":8 (fence 1)",
        ),
        (schema, "\"enum\":\"a\"", ":8 (fence 1)"),
        (schema, "\"items\":[]", ":8 (fence 1)"),
        (schema, "\"pattern\":1", ":8 (fence 1)"),
        ("\"tags\":[],", "\"tags\":{},", ":8 (fence 1)"),
        (schema, "“description”:“취소사유”", ":9: fence 1"),
        (schema, "\"description\":«취소사유»", ":9: fence 1"),
        (
            "\"/bill/cancel\":{",
            "\"/a\":null,\"/bill/cancel\":{",
            ":8: fence 1",
        ),
        (
            "\"post\":{\"tags\"",
            "\"get\":null,\"post\":{\"tags\"",
            ":8: fence 1",
        ),
    ];
    for (from, to, at) in cases {
        let ended = diff(&page_with(from, to));
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{to}: {ended:?}");
        assert_eq!(ended.stdout, "");
        let place = format!("pages/acceptance.md{at}");
        assert!(ended.stderr.contains(&place), "{to}: {ended:?}");
        assert!(
            ended.stderr.contains("; ask whoever publishes"),
            "{to}: {ended:?}"
        );
    }
    let ended = diff("# 수납\n\n```sh\nls\n```\n\n~~~\na\n~~~\n");
    assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{ended:?}");
    let says = "pages/acceptance.md: no spec on this page: it has 2 code fence(s) (line 3, 7)";
    assert!(ended.stderr.contains(says), "{ended:?}");
    assert!(ended.stderr.contains("capture the page again"), "{ended:?}");
}

#[test]
fn a_type_in_other_letters_is_read_with_a_remark() {
    for (from, to) in [
        (
            "\"type\":\"string\",\"description\":\"취소사유\"",
            "\"type\":\"String\",\"description\":\"취소사유\"",
        ),
        (
            "\"type\":\"string\",\"description\":\"취소사유\"",
            "\"type\":[\"STRING\"],\"description\":\"취소사유\"",
        ),
        (
            "\"CancelBillInfo\":{\"type\":\"object\"",
            "\"CancelBillInfo\":{\"type\":\"Object\"",
        ),
    ] {
        let ended = diff(&page_with(from, to));
        assert_eq!(
            (ended.code, changes(&ended)),
            (exit::DONE, Vec::new()),
            "{to}"
        );
        let says = "warning: pages/acceptance.md:8 (fence 1): the name of a type in other letters";
        assert!(ended.stderr.contains(says), "{ended:?}");
    }
}
