//! What reports look like. `UPDATE_GOLDEN=1 cargo test -p xtask --test one_process report` updates the golden
//! files.

use std::fs;
use std::path::Path;

use openapi_compare::finding::Direction::{self, Request, Response};
use openapi_compare::finding::{Finding, Level};
use openapi_compare::rules::RULES;
use serde_json::{Value, json};
use xtask::compare::beside;
use xtask::payssam::{facade, level};
use xtask::report::{self, Format, Regeneration, Release, Report};

const CANCEL: (&str, &str) = ("POST /bill/cancel", "billCancel");
const READ: (&str, &str) = ("POST /bill/read", "billRead");

fn change(id: &str, level: Level, pointer: &str, message: &str) -> Finding {
    let mut rules = RULES.iter().chain(&beside::RULES);
    let rule = rules.find(|rule| rule.id == id).unwrap();
    Finding {
        level,
        direction: None,
        pointer: pointer.to_owned(),
        message: message.to_owned(),
        ..rule.finding()
    }
}

/// Ids and levels are a contract, because reports, fingerprints and scripts use them.
#[test]
fn rules_beside_the_documents_keep_their_ids_and_levels() {
    let told: Vec<String> = beside::RULES
        .iter()
        .map(|rule| format!("{} {}", rule.id, rule.level))
        .collect();
    let expected = [
        "result-code-added info",
        "result-code-removed warn",
        "result-code-changed review",
        "page-added info",
        "page-gone review",
        "page-prose-added doc",
        "page-prose-removed doc",
        "page-prose-changed doc",
        "pinned-prose-changed review",
        "pinned-prose-gone review",
        "request-cannot-be-sent breaking",
    ];
    assert_eq!(told, expected);
    for rule in &beside::RULES {
        let finding = beside::finding(rule.kind);
        assert_eq!(
            (finding.id.as_str(), finding.level),
            (&*rule.id, rule.level)
        );
    }
}

fn of(place: (&str, &str), direction: Direction, path: &str, change: Finding) -> Finding {
    Finding {
        operation: Some(place.0.to_owned()),
        operation_id: Some(place.1.to_owned()),
        direction: Some(direction),
        path: Some(path.to_owned()),
        ..change
    }
}

fn values(before: Value, after: Value, change: Finding) -> Finding {
    Finding {
        before: Some(before),
        after: Some(after),
        ..change
    }
}

/// Every level, both operations and the whole document, an operation that the library does not
/// serve, Korean, long values, control characters, and text that tries to be markup.
fn report() -> Report {
    let mut findings = vec![
        of(
            READ,
            Response,
            "data/apprState",
            values(
                Value::Null,
                json!("R"),
                change(
                    "response-property-enum-value-added",
                    Level::Warn,
                    "/components/schemas/BillReadPortResponse/properties/apprState/enum/4",
                    "the response property `data/apprState` can have a new value",
                ),
            ),
        ),
        of(
            READ,
            Response,
            "data/apprOriginDt",
            Finding {
                before: Some(json!({"type": "string"})),
                ..change(
                    "response-optional-property-removed",
                    Level::Info,
                    "/components/schemas/BillReadPortResponse/properties/apprOriginDt",
                    "the optional response property `data/apprOriginDt` is gone",
                )
            },
        ),
        of(
            READ,
            Response,
            "data/apprDt",
            values(
                json!("승인 일시 (YYYYMMDDhhmmss)"),
                json!(
                    "승인 일시\n@payssam/all see #1 | <b>`ISO 8601`</b> ::error::%0A \u{1b}[31m\u{202e}빨강"
                ),
                change(
                    "response-property-description-changed",
                    Level::Doc,
                    "/components/schemas/BillReadPortResponse/properties/apprDt/description",
                    "the description of the response property `data/apprDt` changed",
                ),
            ),
        ),
        of(
            CANCEL,
            Request,
            "bill/cancelReason",
            values(
                json!(20),
                json!(10),
                change(
                    "request-property-max-length-decreased",
                    Level::Breaking,
                    "/components/schemas/CancelBillInfo/properties/cancelReason/maxLength",
                    "the maxLength of the request property `bill/cancelReason` was decreased",
                ),
            ),
        ),
        of(
            CANCEL,
            Request,
            "bill/hash",
            Finding {
                implemented_by: Some("src/endpoint/signature.rs".to_owned()),
                ..values(
                    json!(format!(
                        "{}{{bill_id}} + \",\" + {{price}}",
                        "통신 암호 키 ".repeat(20)
                    )),
                    json!(format!(
                        "{}{{price}} + \",\" + {{bill_id}}",
                        "통신 암호 키 ".repeat(20)
                    )),
                    change(
                        "pinned-prose-changed",
                        Level::Review,
                        "/components/schemas/CancelBillInfo/properties/hash/description",
                        "the hash rule of POST /bill/cancel changed; implemented in src/endpoint/signature.rs",
                    ),
                )
            },
        ),
        of(
            CANCEL,
            Request,
            "bill/a|b`c<i>@all",
            Finding {
                after: Some(json!({"type": "string", "maxLength": 5})),
                ..change(
                    "new-optional-request-property",
                    Level::Info,
                    "/components/schemas/CancelBillInfo/properties/a|b`c<i>@all",
                    "added the optional request property bill/a|b`c<i>@all *see* https://example.com/[x](y)\r\n::error::no",
                )
            },
        ),
        Finding {
            operation: Some("GET /상점/{id}".to_owned()),
            ..change(
                "endpoint-added",
                Level::Info,
                "/paths/~1상점~1{id}/get",
                "the endpoint is new",
            )
        },
        values(
            Value::Null,
            json!("https://api.example.com/v2,beta"),
            change(
                "api-server-set",
                Level::Warn,
                "/servers/0/url",
                "a server address appeared",
            ),
        ),
        Finding {
            direction: Some(Response),
            path: Some("BILL_009".to_owned()),
            after: Some(json!({"message": "이미 파기된 청구서입니다.", "cause": "100% 파기"})),
            ..change(
                "result-code-added",
                Level::Info,
                "pages/code.md:12",
                "the result code BILL_009 is new",
            )
        },
        values(
            json!("OpenAPI definition"),
            json!(format!("OpenAPI definition {}", "긴 제목 ".repeat(30))),
            change(
                "api-info-changed",
                Level::Doc,
                "/info/title",
                "the title changed",
            ),
        ),
    ];
    facade::name_files(&mut findings);
    level::raise(&mut findings, true);
    let findings: Vec<Finding> = findings
        .into_iter()
        .map(Finding::with_fingerprint)
        .collect();
    let rust = facade::rust_side(&findings);
    Report {
        findings,
        regeneration: Some(Regeneration {
            refusal: None,
            decisions: vec!["decide_getters", "decide_pins"],
            release: Some(Release::Patch),
        }),
        rust,
        ..Report::default()
    }
}

fn check(name: &str, found: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, found).unwrap();
    }
    let golden = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        golden == found,
        "{name} differs from its golden file; set UPDATE_GOLDEN=1 to update it.\n{found}"
    );
}

fn golden(name: &str, format: Format, colour: bool) {
    check(name, &report::render(&report(), format, colour));
}

fn empty(name: &str, format: Format) {
    check(name, &report::render(&Report::default(), format, true));
}

#[test]
fn text_is_as_its_golden_file() {
    golden("report.txt", Format::Text, false);
    empty("empty.txt", Format::Text);
}

#[test]
fn text_in_colour_is_as_its_golden_file() {
    golden("report.colour.txt", Format::Text, true);
}

#[test]
fn json_is_as_its_golden_file() {
    golden("report.json", Format::Json, false);
    empty("empty.json", Format::Json);
}

#[test]
fn markdown_is_as_its_golden_file() {
    golden("report.md", Format::Markdown, false);
    empty("empty.md", Format::Markdown);
}

#[test]
fn github_is_as_its_golden_file() {
    golden("report.github", Format::Github, false);
    empty("empty.github", Format::Github);
}

#[test]
fn colour_changes_only_the_text_format() {
    for format in [Format::Json, Format::Markdown, Format::Github] {
        assert_eq!(
            report::render(&report(), format, true),
            report::render(&report(), format, false)
        );
    }
    let plain = report::render(&report(), Format::Text, false);
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn json_follows_the_published_schema() {
    let schema: Value = serde_json::from_str(report::SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for report in [report(), Report::default()] {
        let json: Value =
            serde_json::from_str(&report::render(&report, Format::Json, false)).unwrap();
        validator
            .validate(&json)
            .unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_schema_refuses_a_key_too_many_and_a_key_too_few() {
    let schema: Value = serde_json::from_str(report::SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let good: Value =
        serde_json::from_str(&report::render(&report(), Format::Json, false)).unwrap();
    let keys: Vec<String> = good["changes"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    for key in keys {
        let mut bad = good.clone();
        bad["changes"][0].as_object_mut().unwrap().remove(&key);
        assert!(!validator.is_valid(&bad), "without {key}");
    }
    for place in ["", "/summary", "/changes/0"] {
        let mut bad = good.clone();
        bad.pointer_mut(place).unwrap()["time"] = json!("now");
        assert!(!validator.is_valid(&bad), "more in {place}");
    }
}

#[test]
fn every_line_of_the_github_report_is_one_annotation() {
    let report = report();
    let text = report::render(&report, Format::Github, false);
    assert_eq!(text.lines().count(), report.findings.len() + 2);
    for line in text.lines() {
        let kind = line.split(' ').next().unwrap();
        assert!(
            ["::error", "::warning", "::notice"].contains(&kind),
            "{line}"
        );
    }
    assert!(!text.contains('\r'));
}

#[test]
fn a_change_takes_one_line_of_text() {
    let report = report();
    let text = report::render(&report, Format::Text, false);
    let changes = text
        .lines()
        .filter(|line| {
            Level::WORST_FIRST
                .iter()
                .any(|level| line.starts_with(&format!("  {level:<8}  ")))
        })
        .count();
    assert_eq!(changes, report.findings.len());
}

#[test]
fn page_text_makes_no_markup_in_markdown() {
    let text = report::render(&report(), Format::Markdown, false);
    for markup in [
        "@payssam", "@all", "#1 ", "<b>", "<i>", "*see*", "https://", "](", "|b",
    ] {
        assert!(!text.contains(markup), "{markup}");
    }
}

#[test]
fn a_report_that_hides_every_change_still_has_the_release() {
    let hidden = Report {
        findings: Vec::new(),
        ..report()
    };
    for format in [Format::Text, Format::Markdown, Format::Github] {
        let text = report::render(&hidden, format, false);
        assert!(text.starts_with("No changes of this level.\n"), "{text}");
        assert!(text.contains("major"), "{text}");
    }
}

#[test]
fn reports_end_in_a_newline_and_are_the_same_every_time() {
    for format in [Format::Text, Format::Json, Format::Markdown, Format::Github] {
        for report in [report(), Report::default()] {
            let text = report::render(&report, format, false);
            assert!(text.ends_with('\n'));
            assert_eq!(text, report::render(&report, format, false));
        }
    }
}

#[test]
fn a_change_with_one_cause_is_told_once_with_its_places_counted() {
    let at = |path: &str| {
        of(
            READ,
            Response,
            path,
            values(
                json!("a"),
                json!("b"),
                change(
                    "response-property-title-changed",
                    Level::Doc,
                    "/components/schemas/Shared/title",
                    "the title changed",
                ),
            ),
        )
    };
    let report = Report {
        findings: ["a", "b", "c"].map(at).into(),
        ..Report::default()
    };
    for format in [Format::Text, Format::Json, Format::Markdown, Format::Github] {
        let text = report::render(&report, format, false);
        let told = text.matches("the title changed").count();
        assert_eq!(told, 1, "{text}");
        assert!(text.contains("(and 2 more places)"), "{text}");
    }
    let json = report::render(&report, Format::Json, false);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["changes"][0]["places"], 3);
    assert_eq!(json["summary"]["doc"], 1);
}

#[test]
fn markdown_fits_into_a_pull_request_and_says_what_it_left_out() {
    let one = |index: usize| {
        let level = if index == 1_999 {
            Level::Breaking
        } else {
            Level::Warn
        };
        let path = format!("p{index}");
        let pointer = format!("/paths/{index}");
        let words = format!("@{path} changed: {}", "<결제>".repeat(20));
        let unknown = change("unhandled", level, &pointer, &words);
        let operation = format!("POST /{}", index % 700);
        of((&operation, "id"), Response, &path, unknown)
    };
    let report = Report {
        findings: (0..2_000).map(one).collect(),
        ..Report::default()
    };
    let text = report::render(&report, Format::Markdown, false);
    assert!(text.chars().count() < 60_000, "{}", text.chars().count());
    assert!(text.contains("p1999 changed"), "the worst is there");
    let shown = text.matches("- **").count();
    assert!(shown > 20, "{shown}");
    let left_out = format!("{} changes: {} warn", 2_000 - shown, 2_000 - shown);
    assert!(text.contains(&left_out), "{left_out}");
    assert!(text.contains("openapi/accepted.toml"), "the end is there");
}
