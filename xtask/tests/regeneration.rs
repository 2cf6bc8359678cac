//! What a report predicts about regenerating alone. The cases of the rehearsal test the rest.

mod published;

use std::fs;

use published::{changes, diff_with, folder, openapi, page, page_with, spec};
use serde_json::{Value, json};
use xtask::payssam::exit;

fn report(page: &str) -> Value {
    let ended = diff_with(page, &["--format", "json"]);
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

#[test]
fn a_report_predicts_the_build_the_decisions_and_the_release() {
    let wider = page_with(
        "\"maxLength\":20,\"minLength\":1",
        "\"maxLength\":40,\"minLength\":1",
    );
    let expected = json!({
        "builds": true, "refusal": null, "decisions": ["decide_limits"], "release": "minor",
    });
    assert_eq!(report(&wider)["regeneration"], expected);
    let nothing = json!({"builds": true, "refusal": null, "decisions": [], "release": "none"});
    assert_eq!(report(&page())["regeneration"], nothing);
}

#[test]
fn a_document_that_cannot_be_lowered_does_not_build_and_the_report_says_why() {
    let fenced = page_with(
        "\"version\":\"v0\"",
        "\"version\":\"v0\\n```\\npanic!()\\n```\"",
    );
    let regeneration = report(&fenced)["regeneration"].clone();
    assert_eq!(regeneration["builds"], false);
    assert_eq!(regeneration["release"], "none");
    let refusal = regeneration["refusal"].as_str().unwrap();
    assert!(refusal.contains("version"), "{refusal}");
}

#[test]
fn a_string_that_goes_into_generated_code_is_shown_whole_and_is_review() {
    let version = "1".repeat(300);
    let moved = page_with("\"version\":\"v0\"", &format!("\"version\":\"{version}\""));
    let ended = diff_with(&moved, &["--format", "json"]);
    let change = changes(&ended).remove(0);
    assert_eq!(
        (&change["id"], &change["level"]),
        (&json!("api-version-changed"), &json!("review"))
    );
    for format in ["text", "markdown", "github"] {
        let shown = diff_with(&moved, &["--format", format]).stdout;
        assert!(shown.contains(&version), "{format}: {shown}");
    }
}

#[test]
fn an_unsupported_requirement_of_an_operation_is_breaking() {
    let header = r#""operationId":"billRead","parameters":[{"in":"header","name":"X-Signature","required":true,"schema":{"type":"string"}}]"#;
    let demanding = page_with("\"operationId\":\"billRead\"", header);
    let changes = changes(&diff_with(&demanding, &["--format", "json"]));
    let demand = changes
        .iter()
        .find(|change| change["id"] == "request-cannot-be-sent");
    let demand = demand.unwrap_or_else(|| panic!("{changes:?}"));
    assert_eq!(demand["level"], "breaking");
    assert!(
        demand["after"].as_str().unwrap().contains("X-Signature"),
        "{demand}"
    );
}

#[test]
fn a_report_is_written_beside_what_is_printed() {
    let (openapi, site, reports) = (openapi(), folder(&page()), tempfile::tempdir().unwrap());
    let (site, folder) = (
        site.path().to_str().unwrap(),
        reports.path().to_str().unwrap(),
    );
    let ended = spec(
        openapi.path(),
        &["pull", "--from", site, "--reports", folder],
    );
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    let read = |name: &str| fs::read_to_string(reports.path().join(name)).unwrap();
    let json: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(json["changes"], json!([]));
    assert_eq!(read("report.md"), "No changes.\n");
    let nowhere = ["diff", "--from", site, "--reports", "/nowhere/at/all"];
    assert_eq!(spec(openapi.path(), &nowhere).code, exit::OTHER);
}
