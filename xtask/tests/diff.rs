//! Findings and exit codes of `cargo xtask spec diff` and `spec compare`.

mod published;

use std::fs;

use published::{
    Ended, bytes, changes, diff_with, folder, ids, list, openapi, page, page_with, spec,
};
use xtask::payssam::exit;

const CODES: &str = "\n## 응답 코드\n\n| 코드 | 메시지 | 원인 |\n| --- | --- | --- |\n\
                     | 0000 | 성공하였습니다. | 성공 |\n| BILL\\_001 | 중복 | 중복 |\n";

/// The page without its second operation and everything after it.
fn page_without_read() -> String {
    let page = page();
    page[..page.find("## 청구서 단건 조회").unwrap()].to_owned()
}

#[test]
fn comparing_the_checked_in_spec_with_itself_is_0_in_every_format() {
    for format in ["text", "json", "markdown", "github"] {
        let ended = diff_with(&page(), &["--format", format, "--fail-on", "doc"]);
        assert_eq!(ended.code, exit::DONE, "{ended:?}");
        assert_eq!(ended.stderr, "");
    }
}

#[test]
fn a_diff_writes_nothing() {
    let openapi = openapi();
    let before = bytes(openapi.path());
    let published = folder(&page_without_read());
    spec(
        openapi.path(),
        &["diff", "--from", published.path().to_str().unwrap()],
    );
    assert_eq!(bytes(openapi.path()), before);
}

#[test]
fn a_page_with_one_operation_fewer_is_a_breaking_removal() {
    let ended = diff_with(&page_without_read(), &["--format", "json"]);
    assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
    let removed: Vec<_> = changes(&ended)
        .into_iter()
        .filter(|change| change["level"] == "breaking")
        .collect();
    assert!(!removed.is_empty(), "{}", ended.stdout);
    for change in removed {
        assert_eq!(change["operation"], "POST /bill/read");
    }
}

#[test]
fn a_narrower_limit_of_a_request_is_breaking_and_named_by_its_rule() {
    let narrower = page_with("\"maxLength\":20", "\"maxLength\":10");
    let ended = diff_with(&narrower, &["--format", "json"]);
    assert_eq!(ended.code, exit::CHANGED);
    let found = changes(&ended);
    let decreased = found
        .iter()
        .find(|change| change["id"] == "request-property-max-length-decreased")
        .unwrap_or_else(|| panic!("{}", ended.stdout));
    assert_eq!(decreased["level"], "breaking");
}

#[test]
fn a_new_code_a_gone_code_and_a_changed_code_are_changes_of_their_own() {
    let folder_of = |codes: &str| {
        let folder = tempfile::TempDir::new().unwrap();
        fs::write(folder.path().join("page.md"), format!("{}{codes}", page())).unwrap();
        folder
    };
    let rows = "| BILL\\_001 | 중복 | 중복 |\n";
    let old = folder_of(CODES);
    for (row, id, level, code, ends) in [
        ("", "result-code-removed", "warn", "BILL_001", exit::DONE),
        (
            "| BILL\\_001 | 중복 | 다른 원인 |\n",
            "result-code-changed",
            "review",
            "BILL_001",
            exit::CHANGED,
        ),
        (
            "| BILL\\_001 | 중복 | 중복 |\n| BILL\\_099 | 새 | 것 |\n",
            "result-code-added",
            "info",
            "BILL_099",
            exit::DONE,
        ),
    ] {
        let new = folder_of(&CODES.replace(rows, row));
        let files = [&old, &new].map(|folder| folder.path().join("page.md"));
        let [old, new] = files.each_ref().map(|file| file.to_str().unwrap());
        let ended = spec(openapi().path(), &["compare", old, new, "--format", "json"]);
        assert_eq!(ended.code, ends, "{ended:?}");
        let found = changes(&ended);
        assert_eq!(found.len(), 1, "{}", ended.stdout);
        assert_eq!(found[0]["id"], id);
        assert_eq!(found[0]["level"], level);
        assert_eq!(found[0]["path"], code);
        assert_eq!(found[0]["implemented_by"], "src/outcome/result_code.rs");
    }
}

#[test]
fn a_new_code_on_a_published_page_is_found_by_a_diff() {
    let ended = diff_with(&format!("{}{CODES}", page()), &["--format", "json"]);
    let added = ids(&ended);
    let codes = added.iter().filter(|id| *id == "result-code-added");
    assert_eq!(codes.count(), 2, "{added:?}");
}

#[test]
fn a_page_new_in_the_list_is_info_and_one_gone_from_it_is_review() {
    let published = folder(&page());
    for (pages, id, ends) in [
        (vec!["acceptance", "send"], "page-added", exit::DONE),
        (vec!["send"], "page-gone", exit::CHANGED),
    ] {
        fs::write(published.path().join("llms.txt"), list(&pages)).unwrap();
        let from = published.path().to_str().unwrap();
        let ended = spec(
            openapi().path(),
            &["diff", "--from", from, "--format", "json"],
        );
        assert_eq!(ended.code, ends, "{ended:?}");
        assert!(
            ids(&ended).iter().any(|found| found == id),
            "{}",
            ended.stdout
        );
    }
}

#[test]
fn changed_prose_outside_of_the_specs_is_doc() {
    let more = page().replace("# 수납 및 결제취소", "# 수납 및 결제취소\n\n새 안내");
    let ended = diff_with(&more, &["--format", "json"]);
    assert_eq!(ended.code, exit::DONE);
    let found = changes(&ended);
    assert_eq!(found.len(), 1, "{}", ended.stdout);
    assert_eq!(found[0]["level"], "doc");
    assert_eq!(found[0]["pointer"], "pages/acceptance.md#수납 및 결제취소");
    assert_eq!(found[0]["after"], "새 안내");
}

#[test]
fn a_folder_that_does_not_match_its_sources_is_102() {
    let openapi = openapi();
    fs::write(openapi.path().join("pages/acceptance.md"), "# x\n").unwrap();
    let published = folder(&page());
    let from = published.path().to_str().unwrap();
    let ended = spec(openapi.path(), &["diff", "--from", from]);
    assert_eq!(ended.code, exit::SPEC_UNREADABLE, "{ended:?}");
    assert_eq!(ended.stdout, "");
}

#[test]
fn compare_reads_a_document_and_a_page_alike() {
    let folder = tempfile::TempDir::new().unwrap();
    let page_path = folder.path().join("page");
    let document_path = folder.path().join("document");
    fs::write(&page_path, page()).unwrap();
    let [first, second] = xtask::page::fences(&page(), "page")
        .unwrap()
        .try_into()
        .unwrap();
    let whole = xtask::generate::assemble::assemble(&[first, second]).unwrap();
    fs::write(&document_path, whole.to_string()).unwrap();
    let [page, document] = [&page_path, &document_path].map(|path| path.to_str().unwrap());
    let ended = spec(
        openapi().path(),
        &["compare", document, page, "--fail-on", "doc"],
    );
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
}

/// The output of `spec compare` for two documents of another API with a breaking change, and the
/// path of the newer one.
fn compare_of_another_api(more: &[&str]) -> (Ended, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let document = |limit: u32| {
        format!(
            r#"{{"openapi":"3.0.3","info":{{"title":"a","version":"1"}},"paths":{{"/pets":{{"post":{{
                "requestBody":{{"content":{{"application/json":{{"schema":{{"type":"object","properties":{{
                "name":{{"type":"string","maxLength":{limit}}}}}}}}}}}}},
                "responses":{{"200":{{"description":"ok"}}}}}}}}}}}}"#
        )
    };
    let (old, new) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    fs::write(&old, document(9)).unwrap();
    fs::write(&new, document(8)).unwrap();
    let new = new.to_str().unwrap();
    let mut arguments = vec!["compare", old.to_str().unwrap(), new];
    arguments.extend(more);
    (spec(openapi().path(), &arguments), new.to_owned())
}

#[test]
fn compare_does_not_mention_payssam_for_other_documents() {
    let (ended, _) = compare_of_another_api(&[]);
    assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
    assert!(ended.stdout.contains("POST /pets"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("payssam"), "{}", ended.stdout);
}

#[test]
fn a_report_without_changes_of_a_level_does_not_say_that_there_are_none() {
    for format in ["text", "markdown", "github"] {
        let (ended, _) = compare_of_another_api(&["--only", "doc", "--format", format]);
        assert_eq!(ended.code, exit::CHANGED, "{ended:?}");
        assert_eq!(ended.stdout, "No changes of this level.\n", "{format}");
    }
}

#[test]
fn compare_names_the_newer_file_and_nothing_that_is_checked_in() {
    let (ended, new) = compare_of_another_api(&["--format", "github"]);
    let named = format!("::error file={new},");
    assert!(ended.stdout.starts_with(&named), "{}", ended.stdout);
    for format in ["text", "markdown", "github"] {
        let (ended, _) = compare_of_another_api(&["--format", format]);
        assert!(!ended.stdout.contains("openapi/"), "{}", ended.stdout);
    }
}

#[test]
fn a_file_without_a_spec_is_104_and_says_what_was_expected() {
    let folder = tempfile::TempDir::new().unwrap();
    let built = openapi();
    let good = built.path().join("upstream.json");
    let bad = folder.path().join("bad");
    for (text, why) in [
        (
            "{\"openapi\": \"3.1.0\",\n \"paths\": {oops}}",
            ":2:12: not valid JSON",
        ),
        ("{\"a\": 1, \"a\": 2}", "duplicate key `a`"),
        ("{\"swagger\": \"2.0\"}", "expected an OpenAPI document"),
        ("{\"openapi\": \"2.9\"}", "found `openapi`: \"2.9\""),
        ("[]", "no spec on this page"),
        ("", "no spec on this page"),
        ("{% hint %}\n# page\n", "no spec on this page"),
        ("| 코드 |\n|---|\n| A |\n", "result codes only"),
    ] {
        fs::write(&bad, text).unwrap();
        for files in [[&good, &bad], [&bad, &good]] {
            let [old, new] = files.map(|file| file.to_str().unwrap());
            let ended = spec(openapi().path(), &["compare", old, new]);
            assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{text}: {ended:?}");
            assert!(ended.stderr.contains(why), "{text}: {}", ended.stderr);
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn yaml_is_compared_as_the_json_that_it_stands_for() {
    let folder = tempfile::TempDir::new().unwrap();
    let yaml = |longest: &str| {
        format!(
            "# A document.\nopenapi: 3.1.0\npaths:\n  /pay:\n    post:\n      requestBody:\n        content:\n          \
             application/json:\n            schema: {{type: integer, maximum: {longest}}}\n"
        )
    };
    let json = |longest: &str| {
        format!(
            r#"{{"openapi": "3.1.0", "paths": {{"/pay": {{"post": {{"requestBody": {{"content":
            {{"application/json": {{"schema": {{"type": "integer", "maximum": {longest}}}}}}}}}}}}}}}}}"#
        )
    };
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (more, less) = ("18446744073709551618", "18446744073709551617");
    let old = [
        write("old.yaml", yaml(more)),
        write("old.YML", yaml(more)),
        write("old", yaml(more)),
        write("old.json", json(more)),
    ];
    let new = [write("new.yaml", yaml(less)), write("new.json", json(less))];
    for one in &old {
        let same = spec(openapi().path(), &["compare", one, &old[0]]);
        assert_eq!(same.code, exit::DONE, "{one}: {same:?}");
        for other in &new {
            let ended = spec(openapi().path(), &["compare", one, other]);
            assert_eq!(ended.code, exit::CHANGED, "{one} {other}: {ended:?}");
            assert!(
                ended.stdout.contains("request-body-max-decreased"),
                "{ended:?}"
            );
        }
    }
}

#[test]
fn yaml_that_cannot_be_read_is_refused_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let bad = folder.path().join("bad.yaml");
    for (text, why) in [
        (
            "openapi: 3.1.0\na: 1\na: 2\n",
            ":3: not valid YAML: duplicate key `a`",
        ),
        ("openapi: [\n", "not valid YAML"),
        (
            "",
            ":1: not valid YAML: one document was expected, found none",
        ),
        (
            "openapi: 3.1.0\n---\nopenapi: 3.1.0\n",
            ":1: not valid YAML: one document was expected, found several",
        ),
        ("swagger: '2.0'\n", "found no `openapi`"),
        ("openapi: 3.1.0\ninfo:\n  title: a\npaths:\n", "cut short"),
    ] {
        fs::write(&bad, text).unwrap();
        let file = bad.to_str().unwrap();
        let ended = spec(openapi().path(), &["compare", file, file]);
        assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{text}: {ended:?}");
        assert!(ended.stderr.contains(why), "{why}: {}", ended.stderr);
    }
}

#[test]
fn a_file_named_json_is_read_as_json_whatever_is_in_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let built = openapi();
    let good = built.path().join("upstream.json");
    for name in ["bad.json", "BAD.JSON"] {
        let bad = folder.path().join(name);
        for (text, place, why) in [
            ("", ":1:1: not valid JSON", "the file is empty"),
            ("\n \n", ":1:1: not valid JSON", "the file is empty"),
            (
                "[]",
                ": expected an OpenAPI document",
                "found another value",
            ),
            ("# page\n", ":1:1: not valid JSON", "expected value"),
            (
                "{\"openapi\": \"3.1.0\",\n",
                ":1:20: not valid JSON",
                "the file ends too early",
            ),
        ] {
            fs::write(&bad, text).unwrap();
            let [old, new] = [&good, &bad].map(|file| file.to_str().unwrap());
            let ended = spec(openapi().path(), &["compare", old, new]);
            assert_eq!(ended.code, exit::PAGE_UNREADABLE, "{text}: {ended:?}");
            for part in [
                format!("{new}{place}"),
                why.to_owned(),
                "expected".to_owned(),
            ] {
                assert!(ended.stderr.contains(&part), "{part}: {}", ended.stderr);
            }
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_100() {
    let built = openapi();
    let good = built.path().join("upstream.json");
    let arguments = ["compare", good.to_str().unwrap(), "/nowhere/at all"];
    let ended = spec(openapi().path(), &arguments);
    assert_eq!(ended.code, exit::OTHER, "{ended:?}");
    assert!(
        ended.stderr.contains("/nowhere/at all can't be read"),
        "{}",
        ended.stderr
    );
}
