//! The behaviour of `cargo xtask spec pull`.

mod published;

use std::fs;
use std::path::Path;

use published::{PAGE, bytes, folder, list, openapi, page, page_with, spec};
use tempfile::TempDir;
use xtask::payssam::exit;

fn pull(openapi: &Path, page: &str) -> published::Ended {
    let from = folder(page);
    spec(openapi, &["pull", "--from", from.path().to_str().unwrap()])
}

fn sources(openapi: &Path) -> String {
    fs::read_to_string(openapi.join("sources.toml")).unwrap()
}

#[test]
fn pulling_what_is_checked_in_changes_no_byte() {
    let openapi = openapi();
    let before = bytes(openapi.path());
    let ended = pull(openapi.path(), &page());
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(bytes(openapi.path()), before);
    assert!(
        ended
            .stderr
            .contains("unchanged openapi/pages/acceptance.md\n"),
        "{ended:?}"
    );
}

#[test]
fn a_changed_page_brings_every_file_up_to_date_and_the_build_agrees() {
    let openapi = openapi();
    let new = page_with("\"maxLength\":20", "\"maxLength\":30");
    let ended = pull(openapi.path(), &new);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(fs::read_to_string(openapi.path().join(PAGE)).unwrap(), new);
    for file in [
        "pages/acceptance.md",
        "sources.toml",
        "upstream.json",
        "client.json",
    ] {
        let wrote = format!("wrote openapi/{file}\n");
        assert!(ended.stderr.contains(&wrote), "{}", ended.stderr);
    }
    assert_eq!(spec(openapi.path(), &["build", "--check"]).code, exit::DONE);
    let again = spec(
        openapi.path(),
        &["diff", "--from", folder(&new).path().to_str().unwrap()],
    );
    assert_eq!(again.code, exit::DONE, "{again:?}");
}

#[test]
fn names_of_classes_and_operations_that_change_leave_the_lowered_document_as_it_is() {
    let openapi = openapi();
    let client = || fs::read(openapi.path().join("client.json")).unwrap();
    let before = client();
    let new = page()
        .replace("BillCancelPortRequest", "CancelRequest")
        .replace("BaseResponse", "Envelope")
        .replace("CancelBillInfo", "Info")
        .replace("ReadBillInfo", "Info")
        .replace("\"operationId\":\"billRead\",", "")
        .replace(
            "\"tags\":[\"청구서 ERP 연동 (취소/조회)\"]",
            "\"tags\":[\"수납\"]",
        );
    let from = folder(&new);
    let from = from.path().to_str().unwrap();
    let ended = spec(
        openapi.path(),
        &["pull", "--from", from, "--fail-on", "none"],
    );
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(fs::read_to_string(openapi.path().join(PAGE)).unwrap(), new);
    assert_eq!(client(), before);
}

#[test]
fn usual_additions_to_a_page_are_accepted() {
    let openapi = openapi();
    let new = page()
        .replace(
            "\"responses\":{\"200\":",
            "\"parameters\":[{\"name\":\"X-Signature\",\"in\":\"header\",\"required\":true}],\
             \"security\":[{\"key\":[]}],\"callbacks\":{},\"x-order\":1,\
             \"responses\":{\"400\":{\"description\":\"오류\"},\"default\":{\"description\":null},\"200\":",
        )
        .replace("\"tags\":[],\"servers\":[", "\"webhooks\":{},\"servers\":[{\"url\":\"https://a.kr\"},")
        .replace("{\"post\":", "{\"get\":{\"responses\":{}},\"post\":");
    let from = folder(&new);
    let from = from.path().to_str().unwrap();
    let ended = spec(
        openapi.path(),
        &["pull", "--from", from, "--fail-on", "none"],
    );
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    let client = fs::read_to_string(openapi.path().join("client.json")).unwrap();
    for grown in [
        "\"header X-Signature\"",
        "\"security scheme key (of unknown type)\"",
        "\"get_bill_read\"",
    ] {
        assert!(client.contains(grown), "{client}");
    }
}

#[test]
fn a_pull_with_a_change_to_review_has_the_exit_code_of_a_diff() {
    let new = page_with("{bill_id} + \\\",\\\" + {price} 값으로", "{price} 값으로");
    for (fail_on, code) in [(None, exit::CHANGED), (Some("none"), exit::DONE)] {
        let (openapi, from) = (openapi(), folder(&new));
        let mut arguments = vec!["pull", "--from", from.path().to_str().unwrap()];
        arguments.extend(fail_on.iter().flat_map(|level| ["--fail-on", level]));
        let ended = spec(openapi.path(), &arguments);
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(fs::read_to_string(openapi.path().join(PAGE)).unwrap(), new);
    }
}

#[test]
fn the_wrapping_of_a_page_line_ends_and_a_byte_order_mark_change_nothing() {
    let openapi = openapi();
    let before = bytes(openapi.path());
    let wrapped = format!(
        "\u{feff}> For the complete documentation index, see [llms.txt](x).\n\n{}\n\n---\n\n\
         # Agent Instructions\n\n```json\n{{\"openapi\": \"9\"}}\n```\n",
        page()
    );
    let ended = pull(openapi.path(), &wrapped.replace('\n', "\r\n"));
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn sources_keep_their_comments_and_their_order() {
    let openapi = openapi();
    let before = sources(openapi.path());
    pull(
        openapi.path(),
        &page_with("\"maxLength\":20", "\"maxLength\":30"),
    );
    let after = sources(openapi.path());
    assert_ne!(after, before);
    let kept = |line: &str| !line.starts_with("captured") && !line.starts_with("sha256");
    let (old, new): (Vec<_>, Vec<_>) = (
        before.lines().filter(|line| kept(line)).collect(),
        after.lines().filter(|line| kept(line)).collect(),
    );
    assert_eq!(new, old);
    let captured = after
        .lines()
        .find(|line| line.starts_with("captured"))
        .unwrap();
    assert!(captured.ends_with(" # the day the page was taken into this repository"));
}

#[test]
fn a_changed_page_gets_the_day_in_korea_and_an_unchanged_one_keeps_its_own() {
    let openapi = openapi();
    let old = sources(openapi.path()).replace("captured = 2026-11-23", "captured = 2020-01-02");
    fs::write(openapi.path().join("sources.toml"), old).unwrap();
    pull(openapi.path(), &page());
    assert!(sources(openapi.path()).contains("captured = 2020-01-02"));
    let before = xtask::payssam::pull::today();
    pull(
        openapi.path(),
        &page_with("\"maxLength\":20", "\"maxLength\":30"),
    );
    let days = [before, xtask::payssam::pull::today()].map(|day| format!("captured = {day}"));
    let after = sources(openapi.path());
    assert!(days.iter().any(|day| after.contains(day)), "{after}");
}

#[test]
fn a_new_operation_is_listed_in_sources() {
    let openapi = openapi();
    pull(
        openapi.path(),
        &page_with("\"/bill/cancel\"", "\"/bill/void\""),
    );
    let after = sources(openapi.path());
    assert!(
        after.contains(r#"operations = ["POST /bill/void", "POST /bill/read"]"#),
        "{after}"
    );
}

#[test]
fn a_reconstructed_page_becomes_published_when_it_is_reached() {
    let openapi = openapi();
    let old = sources(openapi.path()).replace("\"published\"", "\"reconstructed\"");
    fs::write(openapi.path().join("sources.toml"), old).unwrap();
    pull(openapi.path(), &page());
    assert!(sources(openapi.path()).contains("provenance = \"published\""));
}

#[test]
fn a_reconstructed_page_that_is_not_published_yet_stays_and_is_named() {
    let openapi = openapi();
    let old = sources(openapi.path()).replace("\"published\"", "\"reconstructed\"");
    fs::write(openapi.path().join("sources.toml"), old).unwrap();
    let before = bytes(openapi.path());
    let nothing = tempfile::TempDir::new().unwrap();
    let from = nothing.path().to_str().unwrap();
    let ended = spec(openapi.path(), &["pull", "--from", from]);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("pages/acceptance.md stays reconstructed")
    );
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn a_pull_that_fails_at_any_stage_changes_no_byte() {
    let unreachable = tempfile::TempDir::new().unwrap();
    let from = unreachable.path().to_str().unwrap().to_owned();
    let html = folder("<html></html>");
    let no_spec = folder("# 점검\n");
    let unknown = folder(&page_with("\"maxLength\":20", "\"patternProperty\":{}"));
    let path = |folder: &tempfile::TempDir| folder.path().to_str().unwrap().to_owned();
    for (from, code) in [
        (from, exit::UPSTREAM_UNREACHABLE),
        (path(&html), exit::PAGE_UNREADABLE),
        (path(&no_spec), exit::PAGE_UNREADABLE),
        (path(&unknown), exit::PAGE_UNREADABLE),
    ] {
        let openapi = openapi();
        let before = bytes(openapi.path());
        let ended = spec(openapi.path(), &["pull", "--from", &from]);
        assert_eq!(ended.code, code, "{ended:?}");
        assert_eq!(bytes(openapi.path()), before);
    }
}

#[test]
fn a_pull_that_fails_on_the_disk_restores_everything() {
    let new = page_with("\"maxLength\":20", "\"maxLength\":30");
    for blocked in ["client.json", "upstream.json", "pages/acceptance.md"] {
        for beside in ["", ".new"] {
            let openapi = openapi();
            let way = openapi.path().join(format!("{blocked}{beside}"));
            let _ = fs::remove_file(&way);
            fs::create_dir(&way).unwrap();
            fs::write(way.join("in the way"), "x").unwrap();
            let before = bytes(openapi.path());
            let ended = pull(openapi.path(), &new);
            assert_eq!(ended.code, exit::OTHER, "{blocked}{beside}: {ended:?}");
            let named = format!("{blocked} can't be written");
            assert!(ended.stderr.contains(&named), "{}", ended.stderr);
            assert_eq!(bytes(openapi.path()), before, "{blocked}{beside}");
        }
    }
}

#[test]
fn a_pull_repairs_a_page_that_was_edited_by_hand() {
    let openapi = openapi();
    let before = bytes(openapi.path());
    fs::write(openapi.path().join(PAGE), "# gone\n").unwrap();
    let ended = pull(openapi.path(), &page());
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert!(
        ended.stderr.contains("warning: the changes are unknown"),
        "{}",
        ended.stderr
    );
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn sources_that_cannot_be_read_are_102() {
    let openapi = openapi();
    fs::write(openapi.path().join("sources.toml"), "[[page]]\n").unwrap();
    assert_eq!(pull(openapi.path(), &page()).code, exit::SPEC_UNREADABLE);
}

/// The page as two, each with one operation: the cancellation and the read.
fn halves() -> (String, String) {
    let page = page();
    let at = page.find("## 청구서 단건 조회").unwrap();
    (page[..at].to_owned(), format!("# 조회\n\n{}", &page[at..]))
}

/// Publishes pages by their names.
fn publishing(pages: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in pages {
        fs::write(folder.path().join(format!("{name}.md")), text).unwrap();
    }
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    fs::write(folder.path().join("llms.txt"), list(&names)).unwrap();
    folder
}

fn pull_from(openapi: &Path, site: &TempDir) -> published::Ended {
    let from = site.path().to_str().unwrap();
    spec(openapi, &["pull", "--from", from, "--fail-on", "none"])
}

#[test]
fn an_operation_that_moves_to_a_page_of_its_own_is_followed() {
    let openapi = openapi();
    let client = fs::read(openapi.path().join("client.json")).unwrap();
    let (cancel, read) = halves();
    let site = publishing(&[("acceptance", &cancel), ("inquiry", &read)]);
    let ended = pull_from(openapi.path(), &site);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(
        fs::read(openapi.path().join("client.json")).unwrap(),
        client
    );
    let sources = sources(openapi.path());
    assert!(
        sources.contains("operations = [\"POST /bill/cancel\"]"),
        "{sources}"
    );
    let entry = sources.split("[[page]]").last().unwrap();
    for field in [
        "file = \"pages/inquiry.md\"",
        "address = \"https://developers.payssam.kr/api/api-v2/inquiry\"",
        "provenance = \"published\"",
        "operations = [\"POST /bill/read\"]",
    ] {
        assert!(entry.contains(field), "{field}: {entry}");
    }
    assert_eq!(
        spec(openapi.path(), &["build", "--check"]).code,
        exit::OTHER,
        "a pin is gone"
    );
    let again = pull_from(openapi.path(), &site);
    assert!(again.stdout.starts_with("No changes."), "{again:?}");
}

#[test]
fn a_page_that_moves_keeps_its_file_and_gets_its_new_address() {
    let openapi = openapi();
    let site = publishing(&[("payments", &page())]);
    let ended = pull_from(openapi.path(), &site);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert!(ended.stdout.starts_with("No changes."), "{ended:?}");
    let sources = sources(openapi.path());
    assert!(
        sources.contains("file = \"pages/acceptance.md\""),
        "{sources}"
    );
    assert!(sources.contains("/api/api-v2/payments\""), "{sources}");
    assert!(!sources.contains("/api/api-v2/acceptance\""), "{sources}");
    assert_eq!(spec(openapi.path(), &["build", "--check"]).code, exit::DONE);
}

#[test]
fn a_page_that_disappears_is_103_even_if_another_has_half_of_it() {
    let openapi = openapi();
    let before = bytes(openapi.path());
    let (_, read) = halves();
    let ended = pull_from(openapi.path(), &publishing(&[("inquiry", &read)]));
    assert_eq!(ended.code, exit::UPSTREAM_UNREACHABLE, "{ended:?}");
    assert_eq!(bytes(openapi.path()), before);
}
