//! Text from outside never becomes an escape sequence of a terminal, a further line, or a command of a
//! GitHub workflow, whatever the command says and wherever the text comes from.

mod published;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use published::{
    Ended, PUBLISHED_AT, Server, folder, list, ok, openapi, page, page_with, redirect, spec,
};
use xtask::console;
use xtask::payssam::fetch::Listing;
use xtask::payssam::pins::Pins;
use xtask::payssam::snapshot::Snapshot;
use xtask::payssam::{diff, exit, facade, regeneration};
use xtask::report::{self, Format, Report};

/// What a hostile text would like to do.
const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\r\n::error::forged\n  ::add-mask::forged\n##[error]forged \u{202e}\u{200b}\u{2028}::forged";

/// The same within a JSON string.
fn in_json() -> String {
    let text = serde_json::to_string(HOSTILE).unwrap();
    text.trim_matches('"').to_owned()
}

/// Fails if a terminal or a workflow would take a part of the text for more than text.
///
/// A runner of GitHub ignores blanks before `::`, and takes `##[` anywhere in a line.
#[track_caller]
fn assert_harmless(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{text:?}");
        assert!(!line.contains("##["), "{text:?}");
        let unseen = |c: char| {
            c.is_control() || matches!(c, '\u{200b}' | '\u{202e}' | '\u{2028}' | '\u{feff}')
        };
        assert!(!line.contains(unseen), "{text:?}");
    }
}

/// The command failed or warned with the hostile text, which is harmless there.
#[track_caller]
fn assert_quoted_harmlessly(ended: &Ended, code: u8) {
    assert_eq!(ended.code, code, "{ended:?}");
    assert!(ended.stderr.contains("forged"), "not quoted: {ended:?}");
    assert_harmless(&ended.stderr);
    assert_harmless(&ended.stdout);
}

fn pull(page: &str) -> Ended {
    let from = folder(page);
    spec(
        openapi().path(),
        &["pull", "--from", from.path().to_str().unwrap()],
    )
}

fn edited(file: &str, edit: impl Fn(String) -> String) -> TempDir {
    let openapi = openapi();
    let path = openapi.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, edit(text)).unwrap();
    openapi
}

#[test]
fn a_hostile_key_path_or_value_of_a_page_is_escaped_in_the_error_that_quotes_it() {
    let hostile = in_json();
    for (from, to) in [
        ("\"maxLength\":20", format!("\"{hostile}\":20")),
        ("\"/bill/cancel\"", format!("\"/{hostile}\"")),
        ("\"version\":\"v0\"", format!("\"version\":\"{hostile}\"")),
        (
            "#/components/schemas/CancelBillInfo",
            format!("#/{hostile}"),
        ),
    ] {
        let ended = pull(&page_with(from, &to));
        assert_quoted_harmlessly(&ended, exit::PAGE_UNREADABLE);
    }
}

#[test]
fn a_hostile_text_in_a_report_is_escaped_on_stdout() {
    let hostile = in_json();
    for (from, to) in [
        ("# 수납 및 결제취소", HOSTILE.to_owned()),
        (
            "\"cancelReason\":{",
            format!("\"{hostile}\":{{}},\"cancelReason\":{{"),
        ),
    ] {
        let ended = pull(&page_with(from, &to));
        assert!(ended.stdout.contains("forged"), "{ended:?}");
        assert_harmless(&ended.stdout);
        assert_harmless(&ended.stderr);
    }
}

/// A document in which every name and text is hostile.
fn hostile_document(title: &str) -> Value {
    let text = |name: &str| format!("{HOSTILE}{title}{name}");
    json!({
        "openapi": "3.1.0",
        "info": {"title": text("title"), "version": text("version")},
        "servers": [{"url": text("url")}],
        "paths": {
            text("path"): {"post": {
                "operationId": text("id"),
                "summary": text("summary"),
                "tags": [text("tag")],
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object",
                    "properties": {text("name"): {
                        "type": "string", "description": text("words"), "enum": [text("value")],
                    }},
                }}}},
                "responses": {"200": {"description": text("response")}},
            }},
        },
        "security": [{text("scheme"): []}],
    })
}

#[test]
fn no_name_of_a_document_begins_a_line_of_a_text_report_or_ends_one() {
    let folder = TempDir::new().unwrap();
    let [old, new] = ["old", "new"].map(|name| {
        let path = folder.path().join(format!("{name}.json"));
        fs::write(&path, hostile_document(name).to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    });
    for format in ["text", "json"] {
        let ended = spec(
            Path::new("/nowhere"),
            &["compare", &old, &new, "--format", format],
        );
        assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
        assert!(ended.stdout.contains("forged"), "{ended:?}");
        assert_harmless(&ended.stdout);
        assert_harmless(&ended.stderr);
        if format == "json" {
            let report: Value = serde_json::from_str(&ended.stdout).unwrap();
            let is_whole = |change: &Value| change.to_string().contains(&in_json());
            assert!(report["changes"].as_array().unwrap().iter().any(is_whole));
        }
    }
}

#[test]
fn a_hostile_header_is_escaped_in_the_error_that_quotes_it() {
    let to = "http://elsewhere.example/\u{9b}31m\u{202e}##[error]forged";
    let server = Server::start(&[(PUBLISHED_AT, redirect(to))]);
    let ended = spec(openapi().path(), &["diff", "--from", server.address()]);
    assert_quoted_harmlessly(&ended, exit::UPSTREAM_UNREACHABLE);
}

#[test]
fn a_hostile_link_in_the_list_of_pages_is_escaped_wherever_it_is_named() {
    let linked = list(&["acceptance"])
        + "- [x](https://developers.payssam.kr/api/api-v2/forged\u{1b}[2J\u{202e}.md)\n";
    let without_read = &page()[..page().find("## 청구서 단건 조회").unwrap()];
    // What is missing may be described by the page that can't be read.
    let ends = [exit::DONE, exit::UPSTREAM_UNREACHABLE];
    for (page, code) in [page().as_str(), without_read].into_iter().zip(ends) {
        let server = Server::start(&[(PUBLISHED_AT, ok(page)), ("/llms.txt", ok(&linked))]);
        let ended = spec(openapi().path(), &["diff", "--from", server.address()]);
        assert_eq!(ended.code, code, "{ended:?}");
        let shown = format!("{}{}", ended.stdout, ended.stderr);
        assert!(shown.contains("forged"), "{ended:?}");
        assert_harmless(&ended.stdout);
        assert_harmless(&ended.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_hostile_file_name_or_address_is_escaped_in_the_error_that_quotes_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(HOSTILE.replace('/', ""));
    fs::write(&file, "{\"openapi\": \"9\"}").unwrap();
    let file = file.to_str().unwrap();
    let ended = spec(Path::new("/nowhere"), &["compare", file, file]);
    assert_quoted_harmlessly(&ended, exit::PAGE_UNREADABLE);

    let ended = spec(openapi().path(), &["diff", "--from", file]);
    assert_quoted_harmlessly(&ended, exit::UPSTREAM_UNREACHABLE);
}

#[test]
fn a_hostile_argument_is_escaped_in_the_error_that_quotes_it() {
    for arguments in [
        ["diff", "--format", HOSTILE],
        ["diff", "--from", &format!("http://[{HOSTILE}")],
        ["rehearse", "--slice", HOSTILE],
    ] {
        let ended = spec(Path::new("/nowhere"), &arguments);
        assert_quoted_harmlessly(&ended, exit::USAGE);
    }
}

#[test]
fn a_hostile_text_that_is_checked_in_is_escaped_in_the_error_or_warning_that_quotes_it() {
    let hostile = in_json();
    let from = folder(&page());
    let from = from.path().to_str().unwrap();

    let broken = edited("sources.toml", |text| format!("{text}\n::forged = 1\n"));
    let ended = spec(broken.path(), &["diff", "--from", from]);
    assert_quoted_harmlessly(&ended, exit::SPEC_UNREADABLE);

    let expired = edited("accepted.toml", |text| {
        format!(
            "{text}\n[[accept]]\nfingerprint = \"0000000000000000\"\nreason = \"{hostile}\"\nuntil = 2020-01-01\n"
        )
    });
    let ended = spec(expired.path(), &["diff", "--from", from]);
    assert_quoted_harmlessly(&ended, exit::DONE);

    let renamed = edited("sources.toml", |text| {
        text.replace(
            "\"pages/acceptance.md\"",
            &format!("\"pages/{hostile}.md\""),
        )
    });
    let ended = spec(renamed.path(), &["diff", "--from", from]);
    assert_quoted_harmlessly(&ended, exit::SPEC_UNREADABLE);
}

#[test]
fn a_file_with_a_hostile_name_is_escaped_where_a_pull_says_that_it_was_written() {
    let hostile = in_json();
    let renamed = edited("sources.toml", |text| {
        text.replace(
            "\"pages/acceptance.md\"",
            &format!("\"pages/{hostile}.md\""),
        )
    });
    let server = Server::start(&[
        (PUBLISHED_AT, ok(&page())),
        ("/llms.txt", ok(&list(&["acceptance"]))),
    ]);
    let ended = spec(renamed.path(), &["pull", "--from", server.address()]);
    assert!(ended.stderr.contains("wrote openapi/pages/"), "{ended:?}");
    assert_quoted_harmlessly(&ended, exit::DONE);
}

#[test]
fn an_error_of_several_lines_is_one_message_with_marked_lines() {
    let broken = edited("sources.toml", |text| format!("pages = 1\n{text}"));
    let ended = spec(broken.path(), &["build"]);
    let mut lines = ended.stderr.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("error: openapi/sources.toml")
    );
    assert!(lines.clone().count() > 1, "{ended:?}");
    assert!(lines.all(|line| line.starts_with("  | ")), "{ended:?}");
}

/// Panics as a bug would that cuts a page within a character.
#[test]
#[ignore = "run by the next test, in a process of its own"]
fn panics_with_a_page() {
    console::escape_panics();
    let page = format!("결제 {HOSTILE}");
    let _ = &page[1..];
}

#[test]
fn a_panic_that_quotes_a_page_is_escaped() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "panics_with_a_page", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{stderr}");
    assert!(stderr.contains("forged"), "{stderr}");
    assert_harmless(&stderr);
}

/// A document with a text wherever OpenAPI allows one that is compared.
fn talkative() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "t", "description": "d", "summary": "s", "termsOfService": "https://a.example",
            "version": "v0", "contact": {"name": "n", "url": "https://a.example"},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "https://{host}.example", "description": "d",
            "variables": {"host": {"default": "a", "enum": ["a"], "description": "d"}}}],
        "tags": [{"name": "t", "description": "d"}],
        "externalDocs": {"url": "https://a.example", "description": "d"},
        "security": [{"key": ["scope"]}],
        "paths": {"/bill/cancel": {
            "parameters": [{"name": "X-Trace", "in": "header", "description": "d", "schema": {"type": "string"}}],
            "post": {
                "operationId": "o", "summary": "s", "description": "d", "tags": ["t"],
                "externalDocs": {"url": "https://a.example"},
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "pattern": "a"}}],
                "requestBody": {"description": "d", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Request"}, "example": {"a": "b"},
                }}},
                "responses": {
                    "200": {"description": "d",
                        "headers": {"X-Id": {"description": "d", "schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Response"},
                            "examples": {"one": {"summary": "s", "value": "v"}}}}},
                    "default": {"description": "d"},
                },
            },
        }},
        "webhooks": {"paid": {"post": {"summary": "s", "responses": {"200": {"description": "d"}}}}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "d"}},
            "schemas": {
                "Request": {"type": "object", "title": "t", "required": ["a"], "properties": {
                    "a": {"type": "string", "description": "d", "enum": ["x"], "default": "x", "format": "f"},
                    "b": {"oneOf": [{"type": "string", "const": "c"}, {"$ref": "#/components/schemas/Part"}]},
                }},
                "Part": {"type": "object", "properties": {"p": {"type": "string", "x-own": "e"}}},
                "Response": {"type": "object", "additionalProperties": {"type": "string"}},
                "Model": {"type": "object", "properties": {"m": {"type": "string", "examples": ["e"]}}},
            },
        },
        "x-own": "e",
    })
}

/// The document with the hostile text in place of each of its texts and keys in turn.
fn poisoned(document: &Value) -> Vec<Value> {
    let hostile = Value::from(format!("/{HOSTILE}"));
    match document {
        Value::String(_) => vec![hostile],
        Value::Array(items) => {
            let places = items.iter().enumerate();
            let inside = places.flat_map(|(index, item)| {
                poisoned(item).into_iter().map(move |poisoned| {
                    let mut items = items.clone();
                    items[index] = poisoned;
                    Value::Array(items)
                })
            });
            inside.collect()
        }
        Value::Object(members) => {
            let mut all = Vec::new();
            for (key, member) in members {
                all.extend(poisoned(member).into_iter().map(|poisoned| {
                    let mut members = members.clone();
                    members[key] = poisoned;
                    Value::Object(members)
                }));
                let renamed = members.iter().map(|(name, member)| {
                    let name = match name == key {
                        true => hostile.as_str().unwrap(),
                        false => name,
                    };
                    (name.to_owned(), member.clone())
                });
                all.push(Value::Object(renamed.collect()));
            }
            all
        }
        _ => Vec::new(),
    }
}

fn page_of(document: &Value) -> String {
    format!("# a\n\n```json\n{document}\n```\n")
}

/// Pages whose prose holds the hostile text in each place that Markdown, HTML or GitBook has for one.
fn poisoned_prose() -> Vec<String> {
    let spec = page_of(&talkative());
    [
        "{}",
        "## {}\n\n{}",
        "| 코드 | 메시지 | 원인 |\n|---|---|---|\n| {} | {} | {} |",
        "| {} | b |\n|---|---|\n| {} | c |",
        "<table><tr><th>코드</th><th>메시지</th></tr><tr><td>{}</td><td>{}</td></tr></table>",
        "[{}](/{} \"{}\") ![{}](/{})",
        "> {}\n\n- {}\n\n1. {}",
        "```{}\n{}\n```",
        "    {}",
        "`{}` **{}** <b title=\"{}\">{}</b>",
        "<{}>\n<pre title=\"{}\">{}</pre>",
        "{% hint style=\"{}\" %}\n{}\n{% endhint %}",
        "{% openapi src=\"{}\" %}\n{}\n{% endopenapi %}",
        "<swagger-{}>",
        "```yaml\nopenapi: 3.1.0\n{}: [\n```",
        "```json\n{\"openapi\": {}}\n```",
        "```json\n{\"openapi\": \"3.1.0\", \"{}\": {}}\n```",
        "&#x1b;[2J&#x202e; &#10;::error::forged",
    ]
    .map(|place| {
        // Each line of the text alone, so that the place stays what it is, and all of it.
        let lines = HOSTILE
            .split(['\n', '\u{2028}'])
            .map(str::trim_end)
            .chain([HOSTILE]);
        let pages = lines.map(|text| format!("{spec}\n{}\n", place.replace("{}", text)));
        pages.collect::<Vec<_>>()
    })
    .concat()
}

#[test]
fn hostile_text_in_any_place_of_a_page_is_only_text_in_each_format_and_each_error() {
    let read = |page: &str| {
        let page = xtask::page::read(&xtask::page::normalise(page), "page.md", true);
        let page = page.map_err(|error| error.to_string())?;
        Snapshot::of(vec![page]).map_err(|error| error.to_string())
    };
    let whole = read(&page_of(&talkative())).unwrap();
    let documents = poisoned(&talkative());
    assert!(documents.len() > 190, "{}", documents.len());
    let pages = documents.iter().map(page_of).chain(poisoned_prose());
    let (mut shown, mut refused) = (0, 0);
    for page in pages {
        let new = match read(&page) {
            Ok(new) => new,
            Err(error) => {
                refused += usize::from(error.contains("forged"));
                assert_harmless(&console::message(&error));
                continue;
            }
        };
        for remark in new.remarks() {
            assert_harmless(&console::message(&remark));
        }
        for (old, new) in [(&whole, &new), (&new, &whole)] {
            let findings = diff::findings(old, new, &Listing::default(), &Pins::default(), None);
            let findings = match findings {
                Ok(findings) => findings,
                Err(error) => {
                    assert_harmless(&console::message(&error));
                    continue;
                }
            };
            let report = Report {
                regeneration: Some(regeneration::predict(old, new, &findings)),
                rust: facade::rust_side(&findings),
                findings,
                ..Report::default()
            };
            for format in [Format::Text, Format::Json, Format::Markdown, Format::Github] {
                let text = report::render(&report, format, false);
                shown += usize::from(text.contains("forged"));
                match format {
                    Format::Github => {
                        // One command for each cause and each notice: no page ends one or begins one.
                        let commands =
                            text.lines().count() - usize::from(report.findings.is_empty());
                        let causes = openapi_compare::causes::of(&report.findings).len();
                        let notices = commands.checked_sub(causes);
                        assert!(notices.is_some_and(|notices| notices <= 2), "{text:?}");
                        for line in text.lines().filter(|line| !line.starts_with("No changes")) {
                            assert!(line.starts_with("::"), "{text:?}");
                            assert_harmless(&line[2..]);
                        }
                    }
                    Format::Json => {
                        serde_json::from_str::<Value>(&text).unwrap();
                        assert_harmless(&text);
                    }
                    // A mark of the report's own keeps a mention from being one.
                    Format::Markdown => assert_harmless(&text.replace("&#8203;", "")),
                    Format::Text => assert_harmless(&text),
                }
            }
        }
    }
    assert!(
        shown > 500 && refused > 5,
        "{shown} shown, {refused} refused"
    );
}

/// The text of a workflow command as GitHub's runner shows it.
fn decoded(line: &str) -> String {
    let decoded = line.replace("%0D", "\r").replace("%0A", "\n");
    let decoded = decoded.replace("%3A", ":").replace("%2C", ",");
    decoded.replace("%25", "%")
}

#[test]
fn no_line_of_a_page_begins_one_when_a_runner_has_decoded_a_command() {
    let hostile = in_json();
    let encoded = "%0A::error::forged %250A::error::forged";
    let mut quoted = 0;
    for text in [hostile.as_str(), encoded] {
        for (from, to) in [
            ("\"billId\":", format!("\"{text}\":")),
            ("취소사유", format!("취소{text}")),
            ("\"version\":\"v0\"", format!("\"version\":\"{text}\"")),
            (
                "\"type\":\"string\",\"description\":\"취소사유\"",
                format!("\"type\":\"{text}\""),
            ),
        ] {
            let from = folder(&page_with(from, &to));
            let from = from.path().to_str().unwrap();
            let ended = spec(
                openapi().path(),
                &["diff", "--from", from, "--format", "github"],
            );
            for line in ended.stdout.lines() {
                quoted += usize::from(line.contains("forged"));
                let decoded = decoded(line);
                let mut lines = decoded.split(['\r', '\n']);
                assert!(lines.next().unwrap().starts_with("::"), "{line}");
                assert!(
                    lines.all(|line| !line.trim_start().starts_with("::")),
                    "{line}"
                );
            }
        }
    }
    assert!(quoted > 5, "{quoted}");
}
