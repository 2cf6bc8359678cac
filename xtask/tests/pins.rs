//! Prose that carries a contract is pinned, and its change names the file that
//! implements it.

mod published;

use std::fs;

use published::{changes, diff_with, frozen, openapi, page, page_with, spec, workspace};
use serde_json::{Value, json};
use xtask::payssam::snapshot::Snapshot;
use xtask::payssam::{build, exit, pins};

const HASH: &str = r#"{bill_id} + \",\" + {price} 값으로 Hash 생성"#;

#[test]
fn the_frozen_pins_match_the_frozen_pages() {
    let pins = pins::read(&frozen()).unwrap();
    assert!(pins.pins.len() >= 12);
    let snapshot = build::snapshot(&frozen()).unwrap();
    pins.verify(&snapshot, &workspace()).unwrap();
}

#[test]
fn pins_have_names_of_their_own_and_say_why() {
    let pins = pins::read(&frozen()).unwrap().pins;
    let names: std::collections::BTreeSet<_> = pins.iter().map(|pin| &pin.name).collect();
    assert_eq!(names.len(), pins.len());
    assert!(pins.iter().all(|pin| !pin.why.is_empty()));
}

#[test]
fn a_changed_hash_rule_is_one_review_that_names_the_source_file() {
    let changed = page_with(HASH, r#"{price} + \",\" + {bill_id} 값으로 Hash 생성"#);
    let ended = diff_with(&changed, &["--format", "json"]);
    assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
    let found = changes(&ended);
    assert_eq!(
        found.len(),
        1,
        "no plain change of words beside it: {}",
        ended.stdout
    );
    let change = &found[0];
    assert_eq!(change["id"], "pinned-prose-changed");
    assert_eq!(change["level"], "review");
    assert_eq!(change["implemented_by"], "src/endpoint/signature.rs");
    assert_eq!(change["operation"], "POST /bill/cancel");
    assert_eq!(
        change["message"],
        "the hash rule of POST /bill/cancel changed; implemented in src/endpoint/signature.rs"
    );
    assert!(
        change["before"]
            .as_str()
            .unwrap()
            .contains("{bill_id} + \",\" + {price}")
    );
    assert!(
        change["after"]
            .as_str()
            .unwrap()
            .contains("{price} + \",\" + {bill_id}")
    );
}

#[test]
fn the_text_report_names_the_file_too() {
    let changed = page_with(HASH, "값 없음");
    let ended = diff_with(&changed, &[]);
    assert!(
        ended
            .stdout
            .contains("the hash rule of POST /bill/cancel changed"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("src/endpoint/signature.rs"),
        "{}",
        ended.stdout
    );
}

#[test]
fn pinned_prose_that_is_gone_is_a_review() {
    let gone = page_with(
        r#""description":"승인 상태 (F:승인, W:대기, C:취소, D:파기)""#,
        r#""x-y":1"#,
    );
    let ended = diff_with(&gone, &["--format", "json"]);
    let found = changes(&ended);
    let change = found
        .iter()
        .find(|change| change["id"] == "pinned-prose-gone")
        .unwrap_or_else(|| panic!("{}", ended.stdout));
    assert_eq!(change["level"], "review");
    assert_eq!(change["after"], serde_json::Value::Null);
    assert_eq!(
        change["message"],
        "the state letters of apprState was removed; implemented in src/value/bill_state.rs"
    );
}

#[test]
fn a_changed_text_below_a_pinned_heading_is_reported_as_review_only() {
    let changed = page_with(
        "> &#x20;   2\\. W(미결제) -> D(파기)",
        "> &#x20;   2\\. W -> D, F -> D",
    );
    let ended = diff_with(&changed, &["--format", "json"]);
    let found = changes(&ended);
    assert_eq!(found.len(), 1, "{}", ended.stdout);
    assert_eq!(found[0]["id"], "pinned-prose-changed");
    assert_eq!(found[0]["implemented_by"], "src/value/bill_state.rs");
}

#[test]
fn a_second_section_below_a_pinned_heading_is_reported_as_review_only() {
    let more = format!("{}\n## 청구서 단건 조회\n\n3. F -> D\n", page());
    let ended = diff_with(&more, &["--format", "json"]);
    let found = changes(&ended);
    assert_eq!(found.len(), 1, "{}", ended.stdout);
    assert_eq!(found[0]["id"], "pinned-prose-changed");
    assert_eq!(found[0]["implemented_by"], "src/value/bill_state.rs");
    assert!(found[0]["after"].as_str().unwrap().contains("3. F -> D"));
}

#[test]
fn build_check_refuses_a_pin_that_does_not_match_and_says_what_to_do() {
    let openapi = openapi();
    let path = openapi.path().join("pins.toml");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find("sha256 = \"").unwrap() + "sha256 = \"".len();
    let mut wrong = text.clone();
    wrong.replace_range(at..at + 4, "beef");
    for (text, why) in [
        (wrong, "`the hash rule of POST /bill/cancel` does not match"),
        (
            text.replace("src/endpoint/signature.rs", "src/gone.rs"),
            "src/gone.rs, which does not exist",
        ),
        (
            text.replace("request/bill/hash", "request/bill/hush"),
            "POST /bill/cancel request/bill/hush was not found",
        ),
    ] {
        fs::write(&path, text).unwrap();
        let ended = spec(openapi.path(), &["build", "--check"]);
        assert_eq!(ended.code, exit::OTHER, "{ended:?}");
        assert!(ended.stderr.contains(why), "{}", ended.stderr);
    }
}

#[test]
fn pins_that_cannot_be_read_are_102_and_named() {
    let pin =
        "[[pin]]\nname = \"a\"\npage = \"b\"\nsha256 = \"\"\nimplemented_by = \"\"\nwhy = \"\"\n";
    for (text, why) in [
        (
            pin.to_owned(),
            "`a` needs either a heading, or an operation",
        ),
        (format!("{pin}operation = \"POST /a\"\n"), "needs either"),
        (
            format!("{pin}operation = \"POST /a\"\nplace = \"body/a\"\n"),
            "needs either",
        ),
        (
            format!("{pin}operation = \"POST /a\"\nplace = \"request//a\"\n"),
            "needs either",
        ),
        (
            format!("{pin}operation = \"\"\nplace = \"summary\"\nheading = \"\"\n"),
            "needs either",
        ),
        (format!("{pin}pointre = \"\"\n"), "unknown field `pointre`"),
    ] {
        let openapi = openapi();
        fs::write(openapi.path().join("pins.toml"), text).unwrap();
        let ended = spec(openapi.path(), &["build", "--check"]);
        assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
        assert!(
            ended.stderr.contains("pins.toml") && ended.stderr.contains(why),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn a_renamed_class_breaks_no_pin() {
    let renamed = page()
        .replace("CancelBillInfo", "BillToCancel")
        .replace("BillReadPortResponse", "ReadBill")
        .replace("BillCancelPortResponse", "CancelledBill");
    assert_ne!(renamed, page());
    let ended = diff_with(&renamed, &["--format", "json"]);
    let found = changes(&ended);
    let is_pinned = |change: &Value| change["id"].as_str().unwrap().starts_with("pinned");
    assert!(!found.iter().any(is_pinned), "{}", ended.stdout);
}

#[test]
fn pinned_words_are_found_through_references_and_compositions() {
    let pins = pins::parse(
        "[[pin]]\nname = \"a\"\npage = \"b\"\noperation = \"POST /a\"\nplace = \"response/data/list/items/state\"\n\
         sha256 = \"\"\nimplemented_by = \"\"\nwhy = \"\"\n",
    )
    .unwrap();
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let snapshot = Snapshot::of_document(json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"responses": {"default": {"$ref": "#/components/responses/R"}}}}},
        "components": {
            "responses": {"R": {"content": {"application/json": {"schema": reference("Response")}}}},
            "schemas": {
                "Response": {"allOf": [reference("Response"), {"properties": {"data": {"oneOf": [{"type": "null"}, reference("Data")]}}}]},
                "Data": {"properties": {"list": {"items": reference("Entry")}}},
                "Entry": {"properties": {"state": reference("State")}},
                "State": {"description": "W or F"},
            },
        },
    }));
    let found = pins.pins[0].find(&snapshot).unwrap();
    assert_eq!(found.text, "W or F");
    assert_eq!(found.pointer, "/components/schemas/State/description");
}

#[test]
fn words_of_a_pin_that_are_on_another_page_have_moved_there() {
    let page = page();
    let (one, other) = page.split_at(page.find("## 청구서 단건 조회").unwrap());
    for (heading, other, how) in [
        ("청구서 단건 조회", other.to_owned(), "with the same words"),
        (
            "단건 조회",
            other.replace("## 청구서 단건 조회", "# 단건 조회"),
            "with the same words",
        ),
        (
            "청구서 단건 조회",
            other.replace("> &#x20;   각 상태는", "> &#x20;   각각의 상태는"),
            "with other words",
        ),
    ] {
        let folder = published::folder(one);
        fs::write(folder.path().join("read.md"), other).unwrap();
        let list = published::list(&["acceptance", "read"]);
        fs::write(folder.path().join("llms.txt"), list).unwrap();
        let from = folder.path().to_str().unwrap();
        let ended = spec(
            openapi().path(),
            &["diff", "--from", from, "--format", "json"],
        );
        assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
        let found = changes(&ended);
        let messages: Vec<&str> = found
            .iter()
            .map(|it| it["message"].as_str().unwrap())
            .collect();
        let says = format!(
            "what the page tells of the states and their moves moved to pages/read.md#{heading} {how}; \
             implemented in src/value/bill_state.rs"
        );
        assert_eq!(messages, [says]);
        assert_eq!(found[0]["id"], "pinned-prose-changed");
    }
}
