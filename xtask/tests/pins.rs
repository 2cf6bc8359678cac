//! Prose that carries a contract is watched, and its change names the file that
//! keeps to it.

mod published;

use std::fs;
use std::path::Path;

use published::{changes, checked_in, diff_with, openapi, page, page_with, spec};
use xtask::{build, exit, pins};

const HASH: &str = r#"{bill_id} + \",\" + {price} 값으로 Hash 생성"#;

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn every_pin_holds_for_the_checked_in_pages_and_names_a_file_that_exists() {
    let pins = pins::read(&checked_in()).unwrap();
    assert!(pins.pins.len() >= 12);
    let snapshot = build::snapshot(&checked_in()).unwrap();
    pins.verify(&snapshot, workspace()).unwrap();
}

#[test]
fn pins_have_names_of_their_own_and_say_why() {
    let pins = pins::read(&checked_in()).unwrap().pins;
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
    assert_eq!(change["implemented_by"], "src/signature.rs");
    assert_eq!(change["operation"], "POST /bill/cancel");
    assert_eq!(
        change["message"],
        "the hash rule of POST /bill/cancel changed; implemented in src/signature.rs"
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
        ended.stdout.contains("src/signature.rs"),
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
        "the state letters of apprState vanished; implemented in src/bill/state.rs"
    );
}

#[test]
fn a_changed_text_below_a_pinned_heading_is_a_review_and_no_plain_change_of_words() {
    let changed = page_with(
        "> &#x20;   2\\. W(미결제) -> D(파기)",
        "> &#x20;   2\\. W -> D, F -> D",
    );
    let ended = diff_with(&changed, &["--format", "json"]);
    let found = changes(&ended);
    assert_eq!(found.len(), 1, "{}", ended.stdout);
    assert_eq!(found[0]["id"], "pinned-prose-changed");
    assert_eq!(found[0]["implemented_by"], "src/bill/state.rs");
}

#[test]
fn a_second_section_below_a_pinned_heading_is_a_review_and_no_plain_change_of_words() {
    let more = format!("{}\n## 청구서 단건 조회\n\n3. F -> D\n", page());
    let ended = diff_with(&more, &["--format", "json"]);
    let found = changes(&ended);
    assert_eq!(found.len(), 1, "{}", ended.stdout);
    assert_eq!(found[0]["id"], "pinned-prose-changed");
    assert_eq!(found[0]["implemented_by"], "src/bill/state.rs");
    assert!(found[0]["after"].as_str().unwrap().contains("3. F -> D"));
}

#[test]
fn build_check_refuses_a_pin_that_does_not_hold_and_says_what_to_do() {
    let openapi = openapi();
    let path = openapi.path().join("pins.toml");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find("sha256 = \"").unwrap() + "sha256 = \"".len();
    let mut wrong = text.clone();
    wrong.replace_range(at..at + 4, "beef");
    for (text, why) in [
        (wrong, "`the hash rule of POST /bill/cancel` does not hold"),
        (
            text.replace("src/signature.rs", "src/gone.rs"),
            "src/gone.rs, which does not exist",
        ),
        (
            text.replace("/hash/description", "/hush/description"),
            "/hush/description is not there",
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
        (pin.to_owned(), "`a` needs either a pointer or a heading"),
        (format!("{pin}pointer = \"\"\nheading = \"\"\n"), "either"),
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
